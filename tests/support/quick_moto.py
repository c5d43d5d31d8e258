"""Two things of moto's DynamoDB that take most of a test's time, done in less; `tests/platform/test_worlds.py` holds
them against moto's own.

- A transaction backs up each of its tables by a deep copy, once for each of its writes. Items are replaced, and changed
  in place by an update alone: with a copy there, a backup may share them.
- An answer's attribute values are looked up name by name in ten members, each under several spellings. They have the
  spelling of the wire already.
"""

import copy
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb import models
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

_plain_update = DynamoDBBackend.update_item
_plain_structure = BaseJSONSerializer._serialize_type_structure


def quicken() -> None:
    """Put these in moto's place."""
    models.copy = SimpleNamespace(deepcopy=_copied)
    DynamoDBBackend.update_item = _update_item
    BaseJSONSerializer._serialize_type_structure = _structure


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
