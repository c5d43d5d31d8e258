"""What takes most of a test's time in moto's DynamoDB, done in less; `tests/platform/test_worlds.py` holds it against
moto's own.

- A transaction backs up each of its tables by a deep copy, once for each of its writes. Items are replaced, and changed
  in place by an update alone: with a copy there, a backup may share them.
- An answer's attribute values are looked up name by name in ten members, each under several spellings. They have the
  spelling of the wire already.
- A request is signed, written as JSON, wrapped as HTTP, found among the addresses of all services, unwrapped and read
  by its shape, and so is the answer. What is asked of rows goes to moto's handler as the copy of it that JSON is, and
  comes back by its shape. What moto refuses, and what is not plain, goes the long way.
- Each start writes down the addresses of all services in all methods, for a client that nothing here uses (`requests`).
- The size of an item is summed up again for each of its attributes.
- What an attribute is worth is asked by seven kinds before it is the text that most are.
- Conditions are taken apart by a dozen patterns a sign, and three times for each write of a transaction.
- Eleven walks over an update's expression each ask anew at every node which nodes they are for, of abstract classes.
"""

import copy
import json
import threading
from collections import defaultdict, deque
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

from botocore.awsrequest import HeadersDict
from botocore.client import BaseClient
from botocore.endpoint import Endpoint
from botocore.exceptions import ParamValidationError
from botocore.model import Shape
from botocore.parsers import create_parser
from botocore.useragent import UserAgentString
from botocore.validate import ParamValidationDecorator
from moto.core import models as mocking
from moto.core import responses
from moto.core.models import botocore_stubber
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb import comparisons, models
from moto.dynamodb.models import DynamoDBBackend, dynamo_type
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing.ast_nodes import DepthFirstTraverser, Expression, Node, UpdateExpressionFunction
from moto.dynamodb.responses import DynamoHandler

_plain_update = DynamoDBBackend.update_item
_plain_structure = BaseJSONSerializer._serialize_type_structure
_plain_call = BaseClient._make_api_call
_plain_send = Endpoint._send_request
_plain_item = Item.__init__
_plain_worth = DynamoType.cast_value
_plain_lex = comparisons.ConditionExpressionParser._lex_condition_expression
_plain_names = responses.method_names_from_class
_plain_walk = DepthFirstTraverser.traverse_node_recursively


def quicken() -> None:
    """Put these in moto's place."""
    for owner, name, _, ours in CURES:
        setattr(owner, name, ours)


def _copied(one: Any) -> Any:
    """Copy a table but for its items, everything else as a whole."""
    if not isinstance(one, Table):
        return copy.deepcopy(one)
    twin = copy.copy(one)
    rows = one.items.items()
    twin.items = defaultdict(dict, {key: dict(row) if isinstance(row, dict) else row for key, row in rows})
    if one.stream_shard:
        twin.stream_shard = copy.copy(one.stream_shard)
        twin.stream_shard.table, twin.stream_shard.items = twin, list(one.stream_shard.items)
    return twin


def _update_item(self: DynamoDBBackend, table_name: str, key: dict[str, Any], *more: Any, **how: Any) -> Any:
    table = self.get_table(table_name)
    if table.hash_key_attr in key and table.range_key_attr in key:
        rows = table.items.get(DynamoType(key[table.hash_key_attr]), {})
        at = DynamoType(key[table.range_key_attr])
        if at in rows:
            rows[at] = copy.deepcopy(rows[at])
    return _plain_update(self, table_name, key, *more, **how)


def _call(self: BaseClient, operation_name: str, api_params: dict[str, Any]) -> Any:
    """Ask moto's handler for rows as a client asks DynamoDB.

    One request at a time: moto is not made for threads, and a transaction of it would not be one.
    """
    service = self._service_model
    if operation_name not in OF_ROWS or service.service_name != "dynamodb" or not botocore_stubber.enabled:
        return _plain_call(self, operation_name, api_params)
    operation = service.operation_model(operation_name)
    if isinstance(self._serializer, ParamValidationDecorator):  # PynamoDB's client has none
        report = self._serializer._param_validator.validate(api_params, operation.input_shape)
        if report.has_errors():
            raise ParamValidationError(report=report.generate_report())
    with _ONE_AT_A_TIME:
        try:
            handler = _handler(self, operation_name, json.dumps(api_params))
            result = getattr(handler, OF_ROWS[operation_name])()
        except Exception:  # noqa: BLE001 - whatever it is, nothing was done: it comes again, as the wire tells it
            return _plain_call(self, operation_name, api_params)
        try:
            told = _by_shape(result.result, operation.output_shape)
        except TypeError:
            body = handler.serialized(result)[2]
            told = create_parser("json").parse(
                {"status_code": 200, "headers": HeadersDict(), "body": body.encode()}, operation.output_shape
            )
    headers = {"x-amzn-requestid": "TESTS", "content-type": "application/x-amz-json-1.0"}
    told["ResponseMetadata"] = {
        "RequestId": "TESTS", "HTTPStatusCode": 200, "HTTPHeaders": headers, "RetryAttempts": 0
    }  # fmt: skip
    return told


OF_ROWS = {
    "GetItem": "get_item", "PutItem": "put_item", "UpdateItem": "update_item", "DeleteItem": "delete_item",
    "Query": "query", "BatchGetItem": "batch_get_item", "BatchWriteItem": "batch_write_item",
    "TransactGetItems": "transact_get_items", "TransactWriteItems": "transact_write_items",
}  # fmt: skip


def _handler(client: BaseClient, operation_name: str, body: str) -> DynamoHandler:
    target = {
        "X-Amz-Target": f"DynamoDB_20120810.{operation_name}", "Content-Type": "application/x-amz-json-1.0"
    }  # fmt: skip
    handler = _begun(client.meta.region_name, HeadersDict(target))
    handler.params = handler.body = json.loads(body)
    return handler


def _begun(region: str, headers: HeadersDict) -> DynamoHandler:
    """Return a handler that knows who asks, and where, and not yet what."""
    handler = DynamoHandler()
    handler.region, handler.partition = region, responses.get_partition(region)
    handler.headers, handler.uri_match = headers, {}
    handler.querystring = handler.data = handler.form_data = {}
    handler.access_key, handler.current_account = handler.get_access_key(), handler.get_current_account()
    handler.response_headers = {"server": "amazon.com"}
    return handler


def _by_shape(value: Any, shape: Shape) -> Any:
    """Return what a shape has of a value, with nothing in it that is moto's own; raise for what is not plain."""
    if shape.name == "AttributeValue":
        known = _on_the_wire(value)
        if known is None:
            raise TypeError(value)
        return known
    if shape.type_name == "structure":
        members = ((name, one, value.get(name)) for name, one in shape.members.items())
        return {name: _by_shape(held, one) for name, one, held in members if held is not None}
    if shape.type_name == "list":
        return [_by_shape(one, shape.member) for one in value]
    if shape.type_name == "map":
        return {name: _by_shape(one, shape.value) for name, one in value.items()}
    if not isinstance(value, str | int | float | bool):
        raise TypeError(value)
    return value


def _send(self: Endpoint, request: dict[str, Any], operation: Any) -> tuple[Any, dict[str, Any]]:
    """Hand a request to moto's handler and read its answer, as the endpoint does at the ends of a wire."""
    with _ONE_AT_A_TIME:
        return _answer(self, request, operation)


_ONE_AT_A_TIME = threading.RLock()


def _answer(self: Endpoint, request: dict[str, Any], operation: Any) -> tuple[Any, dict[str, Any]]:
    if operation.service_model.service_name != "dynamodb" or not botocore_stubber.enabled:
        answer: tuple[Any, dict[str, Any]] = _plain_send(self, request, operation)
        return answer
    status, headers, body = _handled(request["url"], HeadersDict(request["headers"]), request["body"])
    told = {
        "status_code": int(status), "headers": HeadersDict(headers), "body": body.encode(),
        "context": {"operation_name": operation.name},
    }  # fmt: skip
    parser = self._response_parser_factory.create_parser(operation.service_model.resolved_protocol)
    parsed = parser.parse(told, operation.output_shape)
    if told["status_code"] >= 300:
        self._add_modeled_error_fields(told, parsed, operation, parser)
    parsed["ResponseMetadata"]["RetryAttempts"] = 0
    return SimpleNamespace(status_code=told["status_code"], headers=told["headers"]), parsed


def _handled(url: str, headers: HeadersDict, body: bytes) -> tuple[Any, dict[str, Any], str]:
    request = SimpleNamespace(
        content_type=headers["Content-Type"], headers=headers, values={}, data=body, path="/", method="POST"
    )
    handler = _begun(DynamoHandler().get_region_from_url(request, url), headers)
    handler.normalized_request, handler.body = request, body.decode()
    handler.uri, handler.path, handler.method = url, "/", "POST"
    handler.parse_parameters(request)
    answer: tuple[Any, dict[str, Any], str] = handler.call_action()
    return answer


@cache
def _dynamodb() -> list[str]:
    return _plain_names(DynamoHandler)


def _names(handler: type) -> list[str]:
    # Those of other services are mended while tests run (tests/support/pool.py).
    return _dynamodb() if handler is DynamoHandler else _plain_names(handler)


def _item(self: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
    values = {key: DynamoType(value) for key, value in attrs.items()}
    if sum(dynamo_type.bytesize(key) + value.size() for key, value in values.items()) > 405_000:
        _plain_item(self, hash_key, range_key, attrs)  # which refuses it
    self.hash_key, self.range_key, self.attrs = hash_key, range_key, LimitedSizeDict(values)


def _worth(self: DynamoType) -> Any:
    return self.value if self.type == "S" else _plain_worth.fget(self)


@lru_cache(2_000)
def _signs(condition: str) -> tuple[Any, ...]:
    return tuple(_plain_lex(comparisons.ConditionExpressionParser(condition, None, None)))


def _lex(self: Any) -> deque[Any]:
    # Signs are never changed: what is made of several is a new one.
    return deque(_signs(self.condition_expression))


def _walk(self: DepthFirstTraverser, node: Any, child: int = -1) -> Any:
    return _walked(self, node, child, self.nodes_to_be_processed())


@cache
def _is(kind: type, kinds: tuple[type, ...]) -> bool:
    # These are abstract base classes, whose isinstance() is slow.
    return issubclass(kind, kinds)


def _clauses(self: Node, kinds: Any) -> list[Any]:
    found = []
    for child in self.children or ():
        if type(child) in kinds:
            found.append(child)
        elif _is(type(child), (Expression, UpdateExpressionFunction)):
            found += child.find_clauses(kinds)
    return found


def _walked(self: DepthFirstTraverser, node: Any, child: int, kinds: tuple[type, ...]) -> Any:
    if not _is(type(node), (Node,)):
        return node
    parent = node.parent
    for number, one in enumerate(node.children or ()):
        self.pre_processing_of_child(node, number)
        _walked(self, one, number, kinds)
    if _is(type(node), kinds):
        node = self.process(node)
        node.parent = parent
        if parent:
            parent.children[child] = node
    return node


def _structure(self: BaseJSONSerializer, serialized: Any, value: Any, shape: Any, key: str) -> None:
    known = _on_the_wire(value) if shape.name == "AttributeValue" and key else None
    if known is None:
        _plain_structure(self, serialized, value, shape, key)
    else:
        self._default_serialize(serialized, known, shape, key)


def _on_the_wire(value: Any) -> dict[str, Any] | None:
    """Return an attribute value as it is sent, None for what moto has to see to (bytes, and what is none)."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((kind, held),) = value.items()
    if kind in ("BOOL", "NULL"):
        return {kind: held}
    if kind in ("S", "N"):
        return {kind: held} if isinstance(held, str) else None
    if kind in ("SS", "NS"):
        return {kind: list(held)} if all(isinstance(one, str) for one in held) else None
    if kind == "L":
        items = [_on_the_wire(one) for one in held]
        return None if None in items else {kind: items}
    if kind == "M":
        entries = {name: _on_the_wire(one) for name, one in held.items()}
        return None if None in entries.values() else {kind: entries}
    return None


# (owner, name, moto's own, ours)
CURES: list[tuple[Any, str, Any, Any]] = [
    (models, "copy", copy, SimpleNamespace(deepcopy=_copied)),
    (DynamoDBBackend, "update_item", _plain_update, _update_item),
    (BaseJSONSerializer, "_serialize_type_structure", _plain_structure, _structure),
    (BaseClient, "_make_api_call", _plain_call, _call),
    (Endpoint, "_send_request", _plain_send, _send),
    (Item, "__init__", _plain_item, _item),
    (UserAgentString, "to_string", UserAgentString.to_string, lambda _: "tests"),
    (DynamoType, "cast_value", _plain_worth, property(_worth)),
    (Node, "find_clauses", Node.find_clauses, _clauses),
    (DepthFirstTraverser, "traverse_node_recursively", _plain_walk, _walk),
    (comparisons.ConditionExpressionParser, "_lex_condition_expression", _plain_lex, _lex),
    (responses, "method_names_from_class", _plain_names, _names),
    (mocking, "RESPONSES_METHODS", mocking.RESPONSES_METHODS, []),
]
