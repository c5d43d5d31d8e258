"""Worlds are made once and put back, and moto is made quicker: neither may be told from the outside."""

import copy
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.core.serialize import BaseJSONSerializer, JSONSerializer, XFormedAttributePicker
from moto.core.utils import get_service_model
from moto.dynamodb.models import dynamodb_backends

from chalicelib.platform.settings import settings as settings_of
from infra.local.resources import ACCOUNT
from tests.support import quick_moto
from tests.support.aws import SESSION, installation


def contents() -> dict[str, Any]:
    """Return what a world holds, as its services tell it."""
    client = SESSION.client
    tables = client("dynamodb").list_tables()["TableNames"]
    queues = client("sqs").list_queues()["QueueUrls"]
    buckets = [one["Name"] for one in client("s3").list_buckets()["Buckets"]]
    pools = [one["Id"] for one in client("cognito-idp").list_user_pools(MaxResults=9)["UserPools"]]
    attributes = [
        client("sqs").get_queue_attributes(QueueUrl=one, AttributeNames=["All"])["Attributes"]
        for one in queues
    ]
    return {
        "tables": [client("dynamodb").describe_table(TableName=one)["Table"] for one in tables],
        "rows": [client("dynamodb").scan(TableName=one)["Items"] for one in tables],
        "queues": attributes,
        "objects": {one: client("s3").list_objects_v2(Bucket=one)["KeyCount"] for one in buckets},
        "users": {one: client("cognito-idp").list_users(UserPoolId=one)["Users"] for one in pools},
        "senders": client("sesv2").list_email_identities()["EmailIdentities"],
    }


def test_what_one_world_does_the_next_does_not_see() -> None:
    client = SESSION.client
    with installation():
        before, found = contents(), settings_of()
        client("dynamodb").put_item(
            TableName=found.table("people"), Item={"pk": {"S": "p"}, "sk": {"S": "s"}}
        )
        client("dynamodb").create_table(
            TableName="further", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        )  # fmt: skip
        client("sqs").send_message(QueueUrl=found.mail_queue_url, MessageBody="{}")
        client("s3").put_object(Bucket=found.documents_bucket, Key="k", Body=b"b")
        client("cognito-idp").admin_create_user(UserPoolId=found.user_pool_id, Username="a@example.org")
        client("sesv2").create_email_identity(EmailIdentity="further.example")
        changed = contents()
    assert all(changed[name] != before[name] for name in before), "each kind of thing was changed"
    with installation():
        assert contents() == before


# --- moto's transactions, held against themselves with whole copies

names = st.sampled_from(["a", "b"])
keys = st.fixed_dictionaries({"pk": names.map(lambda n: {"S": n}), "sk": names.map(lambda n: {"S": n})})
new = {"ConditionExpression": "attribute_not_exists(pk)"}
there = {"ConditionExpression": "attribute_exists(pk)"}
conditions = st.sampled_from([{}, {}, new, there])
tables = st.sampled_from(["people", "outbox", "credentials"])


@st.composite
def writes(draw: st.DrawFn) -> tuple[str, str, dict[str, Any]]:
    kind = draw(st.sampled_from(["Put", "Update", "Update", "Delete", "ConditionCheck"]))
    key = draw(keys)
    number = draw(st.integers(0, 9))
    whole = {"n": {"N": str(number)}, "list": {"L": [{"S": "x"}]}, "map": {"M": {"k": {"S": "v"}}}}
    request: dict[str, Any] = {
        "Put": {"Item": key | whole},
        "Update": {
            "Key": key,
            "UpdateExpression": "SET #n = :n, #l = list_append(if_not_exists(#l, :none), :more)",
            "ExpressionAttributeNames": {"#n": "n", "#l": "list"},
            "ExpressionAttributeValues": {
                ":n": {"N": str(number)}, ":more": {"L": [{"N": str(number)}]}, ":none": {"L": []}
            },
        },
        "Delete": {"Key": key},
        "ConditionCheck": {"Key": key},
    }[kind]  # fmt: skip
    condition = draw(st.sampled_from([new, there]) if kind == "ConditionCheck" else conditions)
    return kind, draw(tables), request | condition


def outcome(transactions: list[list[tuple[str, str, dict[str, Any]]]]) -> list[Any]:
    """Return what becomes of transactions, one after another: how each ends, and all rows after it."""
    told: list[Any] = []
    with installation():
        backend = dynamodb_backends[ACCOUNT]["eu-west-1"]
        for one in transactions:
            items = [
                {kind: {**copy.deepcopy(how), "TableName": settings_of().table(table)}}
                for kind, table, how in one
            ]
            try:
                backend.transact_write_items(items)
                told.append("written")
            except Exception as refusal:  # noqa: BLE001 - moto's own are compared, whichever
                told.append((type(refusal).__name__, str(refusal)))
            for name, table in sorted(backend.tables.items()):
                shard = table.stream_shard
                told.append((name, [item.to_json() for item in table.all_items()]))
                told.append([record.record["eventName"] for record in shard.items] if shard else None)
    return told


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(writes(), min_size=1, max_size=4), min_size=1, max_size=5))
def test_transactions_end_as_they_do_with_whole_copies(
    transactions: list[list[tuple[str, str, dict[str, Any]]]],
) -> None:
    quick = outcome(transactions)
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, plain, _ in quick_moto.CURES:
            patch.setattr(owner, name, plain)
        assert outcome(transactions) == quick


# --- requests, held against those that go the whole way

KEY = {"pk": {"S": "p"}, "sk": {"S": "s"}}
NAMES = {"#n": "name", "#m": "map"}
WHOLE = {
    **KEY, "name": {"S": "Amélie"}, "n": {"N": "7"}, "map": {"M": {"k": {"L": [{"NULL": True}, {"BOOL": False}]}}},
    "raw": {"B": b"\x00\xff"}, "set": {"SS": ["a", "b"]},
}  # fmt: skip
SET = {
    "UpdateExpression": "SET #n = :n, #m.k = :l, n = n + :one REMOVE #set",
    "ExpressionAttributeNames": {**NAMES, "#set": "set"},
    "ExpressionAttributeValues": {":n": {"S": "B"}, ":l": {"L": []}, ":one": {"N": "1"}},
}
ONLY = {
    "ConditionExpression": "attribute_exists(pk) AND (#n = :n OR NOT n BETWEEN :one AND :two) AND size(#n) < :two",
    "ExpressionAttributeNames": {"#n": "name"},
    "ExpressionAttributeValues": {":n": {"S": "B"}, ":one": {"N": "1"}, ":two": {"N": "2"}},
}
REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("PutItem", {"Item": WHOLE, **new}),
    ("PutItem", {"Item": WHOLE, **new, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}),
    ("PutItem", {"Item": {**KEY, "name": {"S": "x" * 405_000}}}),
    ("PutItem", {"Item": {"pk": {"S": "p"}}}),
    ("PutItem", {"Item": {**KEY, "n": {"N": "no number"}}}),
    ("GetItem", {"Key": KEY, "ConsistentRead": True, "ReturnConsumedCapacity": "TOTAL"}),
    ("GetItem", {"Key": {"pk": {"S": "p"}, "sk": {"S": "nobody"}}}),
    ("UpdateItem", {"Key": KEY, **SET, "ReturnValues": "ALL_NEW"}),
    ("UpdateItem", {"Key": KEY, **SET, "ReturnValues": "UPDATED_OLD"}),
    ("UpdateItem", {
        "Key": KEY, "UpdateExpression": "SET missing.part = :n", "ExpressionAttributeValues": {":n": {"N": "1"}},
    }),
    ("DeleteItem", {"Key": KEY, **ONLY}),
    ("Query", {
        "KeyConditionExpression": "pk = :p AND begins_with(sk, :s)", "Limit": 2, "FilterExpression": "n > :zero",
        "ExpressionAttributeValues": {":p": {"S": "p"}, ":s": {"S": "s"}, ":zero": {"N": "0"}},
    }),
    ("Query", {
        "KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "p"}},
        "ExclusiveStartKey": {"pk": {"S": "p"}}, "ScanIndexForward": False,
    }),
    ("Scan", {"ProjectionExpression": "#n", "ExpressionAttributeNames": {"#n": "name"}}),
    ("GetItem", {"TableName": "nowhere", "Key": KEY}),
    ("TransactWriteItems", {"TransactItems": [
        {"Update": {"Key": KEY, **SET}}, {"Put": {"Item": {**WHOLE, "sk": {"S": "t"}}, **new}},
    ]}),
    ("TransactWriteItems", {"TransactItems": [
        {"ConditionCheck": {"Key": KEY, **ONLY}}, {"Delete": {"Key": {"pk": {"S": "p"}, "sk": {"S": "t"}}, **new}},
    ]}),
    ("TransactWriteItems", {"TransactItems": [{"Put": {"Item": WHOLE}}, {"Delete": {"Key": KEY}}]}),
    ("BatchGetItem", {"RequestItems": {"people": {"Keys": [KEY, {"pk": {"S": "p"}, "sk": {"S": "t"}}]}}}),
]  # fmt: skip


def answers() -> list[Any]:
    """Return what becomes of the requests, one after another."""
    told: list[Any] = []
    with installation():
        table = settings_of().table("people")
        for operation, request in copy.deepcopy(REQUESTS):
            if operation == "TransactWriteItems":
                for one in request["TransactItems"]:
                    next(iter(one.values()))["TableName"] = table
            elif operation == "BatchGetItem":
                request["RequestItems"] = {table: request["RequestItems"]["people"]}
            else:
                request.setdefault("TableName", table)
            try:
                answer = SESSION.client("dynamodb")._make_api_call(operation, request)
            except ClientError as refusal:
                answer = {"refused": type(refusal).__name__, "said": str(refusal), **refusal.response}
            # The number of a request, and the length and sum of its answer's bytes.
            answer["ResponseMetadata"] = {
                name: answer["ResponseMetadata"][name] for name in ("HTTPStatusCode", "RetryAttempts")
            }
            told.append(answer)
    return told


def test_requests_are_answered_as_over_the_whole_way() -> None:
    quick = answers()
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, plain, _ in quick_moto.CURES:
            patch.setattr(owner, name, plain)
        assert answers() == quick
    assert sum("refused" in one for one in quick) == 9


def test_what_is_asked_of_rows_goes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else tests would be right and slow, and nobody would know."""
    sent = []
    plain = quick_moto._plain_call
    monkeypatch.setattr(
        quick_moto,
        "_plain_call",
        lambda client, name, params: (sent.append(name), plain(client, name, params))[1],
    )
    told = answers()
    # Bytes are not plain, what is refused is told as the wire tells it, and nothing here scans.
    refused = [name for (name, _), one in zip(REQUESTS, told, strict=True) if "refused" in one]
    asked = [name for name in sent if name in {name for name, _ in REQUESTS}]
    assert sorted(asked) == sorted([*refused, "Scan", "PutItem"])


texts = st.text(max_size=5)
values = st.recursive(
    st.one_of(
        texts.map(lambda text: {"S": text}),
        st.integers().map(lambda number: {"N": str(number)}),
        st.booleans().map(lambda flag: {"BOOL": flag}),
        st.just({"NULL": True}),
        st.lists(texts, max_size=3, min_size=1).map(lambda held: {"SS": held}),
        st.just({"B": "YQ=="}),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda held: {"L": held}),
        st.dictionaries(texts.filter(bool), inner, max_size=3).map(lambda held: {"M": held}),
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(texts.filter(bool), values, max_size=4))
def test_values_are_sent_as_moto_sends_them(item: dict[str, Any]) -> None:
    operation = get_service_model("dynamodb").operation_model("GetItem")

    def sent() -> Any:
        serializer = JSONSerializer(operation, value_picker=XFormedAttributePicker())
        return serializer.serialize({"Item": copy.deepcopy(item)})["body"]

    quick = sent()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseJSONSerializer, "_serialize_type_structure", quick_moto._plain_structure)
        assert sent() == quick
