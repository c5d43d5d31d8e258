"""Rows, transactions and pages against moto."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import PynamoDBException, TransactWriteError, VerboseClientError

from chalicelib.kernel.errors import Conflict, Invalid, NotFound, StaleVersion, Unavailable
from chalicelib.kernel.pages import PageRequest, cursor_of
from chalicelib.platform import tables

NOW = "2026-11-22T09:00:00.000000Z"

pytestmark = pytest.mark.usefixtures("aws_world")


class ThingRow(tables.IndexedRow):
    class Meta:
        capability = "programmes"

    number = NumberAttribute(default=0)


def thing(sk: str = "THING", **values: Any) -> ThingRow:
    return ThingRow("THINGS", sk, **values, **tables.stamps(NOW))


class Taken(Conflict):
    code = "taken"


def test_a_row_is_written_once_and_changed_by_its_version() -> None:
    tables.transact([tables.put(thing(number=1))], "a")
    with pytest.raises(StaleVersion):
        tables.transact([tables.put(thing(number=2))], "b")
    row = tables.get(ThingRow, "THINGS", "THING")
    assert row is not None
    assert (row.number, row.version) == (1, 1)
    stale = tables.get(ThingRow, "THINGS", "THING")
    row.number = 3
    tables.transact([tables.put(row)], "c")
    assert stale is not None
    with pytest.raises(StaleVersion):
        tables.transact([tables.put(stale)], "d")


def test_an_update_of_an_unread_row_counts_its_version_up() -> None:
    tables.transact([tables.put(thing(number=5))], "a")

    def add(token: str) -> None:
        write = tables.update(
            ThingRow, "THINGS", "THING", [ThingRow.number.add(1)],
            condition=ThingRow.number < 7, now=NOW, conflict=Taken("full"),
        )  # fmt: skip
        tables.transact([write], token)

    add("b")
    add("c")
    row = tables.get(ThingRow, "THINGS", "THING")
    assert row is not None
    assert (row.number, row.version) == (7, 3)
    with pytest.raises(Taken):
        add("d")


def test_a_refused_transaction_writes_nothing_and_names_the_first_reason_in_the_order_given() -> None:
    tables.transact([tables.put(thing("A")), tables.put(thing("C"))], "a")
    writes = [
        tables.put(thing("B")),
        tables.check(ThingRow, "THINGS", "A", condition=ThingRow.number > 9, conflict=Taken("checked")),
        tables.put(thing("C"), conflict=NotFound("put")),
    ]
    with pytest.raises(Taken):
        tables.transact(writes, "b")
    with pytest.raises(NotFound):
        tables.transact([writes[2], writes[0], writes[1]], "c")
    assert tables.get(ThingRow, "THINGS", "B") is None


def test_entries_are_written_and_deleted_whatever_stood_there() -> None:
    for token in ("a", "b"):
        tables.transact([tables.put_entry(thing("E"))], token)
    for token in ("c", "d"):
        tables.transact([tables.delete_entry(ThingRow, "THINGS", "E")], token)
    assert tables.get(ThingRow, "THINGS", "E") is None


def test_a_read_row_is_deleted_at_its_version() -> None:
    tables.transact([tables.put(thing("A"))], "a")
    row, stale = tables.get(ThingRow, "THINGS", "A"), tables.get(ThingRow, "THINGS", "A")
    assert row is not None
    assert stale is not None
    tables.transact([tables.put(row)], "b")
    with pytest.raises(StaleVersion):
        tables.transact([tables.delete(stale)], "c")


def test_too_many_writes_are_a_programming_error() -> None:
    with pytest.raises(ValueError, match="at most 100"):
        tables.transact([tables.put(thing(str(n))) for n in range(101)], "a")
    tables.transact([], "nothing to do")


def test_rows_come_back_in_the_order_asked() -> None:
    tables.transact([tables.put(thing(str(n), number=n)) for n in range(5)], "a")
    keys = [(ThingRow, "THINGS", sk) for sk in ("3", "9", "0", "3")]
    found = tables.get_many(keys)
    assert [row.number if row else None for row in found] == [3, None, 0, 3]
    assert tables.get_many([]) == []


def test_more_rows_than_a_batch_takes_are_read_a_hundred_a_round_trip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for begin in range(0, 230, 100):
        things = [thing(str(n), number=n) for n in range(begin, min(begin + 100, 230))]
        tables.transact([tables.put(one) for one in things], f"from {begin}")
    plain, asked = tables._dispatch, []

    def counted(operation: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        asked.append(len(kwargs["RequestItems"][ThingRow.table_name()]["Keys"]))
        return plain(operation, kwargs)

    monkeypatch.setattr(tables, "_dispatch", counted)
    found = tables.get_many([(ThingRow, "THINGS", str(n)) for n in reversed(range(230))])
    assert [row.number for row in found] == [*reversed(range(230))]
    assert asked == [100, 100, 30]


def test_keys_left_unprocessed_are_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tables.transact([tables.put(thing(str(n), number=n)) for n in range(3)], "a")
    plain, asked = tables._dispatch, []

    def sparing(operation: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        name = ThingRow.table_name()
        keys = kwargs["RequestItems"][name]["Keys"]
        asked.append(len(keys))
        first = {name: {"Keys": keys[:1], "ConsistentRead": True}}
        answer = plain(operation, {"RequestItems": first})
        rest = {name: {"Keys": keys[1:], "ConsistentRead": True}} if keys[1:] else {}
        return {**answer, "UnprocessedKeys": rest}

    monkeypatch.setattr(tables, "_dispatch", sparing)
    monkeypatch.setattr(tables.time, "sleep", lambda _seconds: None)
    found = tables.get_many([(ThingRow, "THINGS", str(n)) for n in range(3)])
    assert [row.number for row in found] == [0, 1, 2]
    assert asked == [3, 2, 1]


@pytest.mark.parametrize(
    "fault",
    [
        VerboseClientError(
            {"Error": {"Code": "InternalServerError"}, "ResponseMetadata": {"HTTPStatusCode": 500}},
            "Query",
            {},
        ),
        VerboseClientError({"Error": {"Code": "ThrottlingException"}}, "Query", {}),
        ReadTimeoutError(endpoint_url="https://dynamodb.example.org"),
    ],
    ids=["fault", "throttled", "silent"],
)
def test_a_store_that_does_not_answer_is_no_fault_of_the_request(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def silent(*_: Any) -> None:
        raise fault

    monkeypatch.setattr(tables.connection(), "dispatch", silent)
    reads: list[Callable[[], object]] = [
        lambda: tables.get(ThingRow, "THINGS", "0"),
        lambda: tables.get_many([(ThingRow, "THINGS", str(n)) for n in range(2)]),
        lambda: tables.query(ThingRow, "THINGS"),
    ]
    for read in reads:
        with pytest.raises(Unavailable):
            read()
    # Of a write nobody knows whether it was done.
    with pytest.raises((TransactWriteError, ReadTimeoutError)):
        tables.transact([tables.put(thing("A"))], "a")


def test_pages_follow_the_last_key_and_never_leave_the_partition() -> None:
    tables.transact([tables.put(thing(f"T{n}", number=n)) for n in range(7)], "a")
    page = tables.query(ThingRow, "THINGS", begins_with="T", limit=3)
    assert [raw["sk"]["S"] for raw in page.items] == ["T0", "T1", "T2"]
    rest = list(tables.query_all(ThingRow, "THINGS", begins_with="T", limit=2))
    assert len(rest) == 7
    forged = dict(page.last_key or {}, pk="SOMEBODY ELSE'S")
    after = tables.query(ThingRow, "THINGS", begins_with="T", after=forged)
    assert [raw["sk"]["S"] for raw in after.items] == ["T3", "T4", "T5", "T6"]
    between = tables.query(ThingRow, "THINGS", between=("T2", "T4"), descending=True)
    assert [raw["sk"]["S"] for raw in between.items] == ["T4", "T3", "T2"]


def test_a_sparse_index_lists_only_what_stands_in_it() -> None:
    rows = [thing(f"T{n}", gsi1pk="Q", gsi1sk=str(9 - n)) if n % 2 else thing(f"T{n}") for n in range(4)]
    tables.transact([tables.put(row) for row in rows], "a")
    page = tables.query(ThingRow, "Q", index="gsi1")
    assert [raw["sk"]["S"] for raw in page.items] == ["T3", "T1"]


def test_a_transaction_in_others_way_is_tried_again_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from pynamodb.exceptions import CancellationReason

    tries: list[int] = []

    class Busy(TransactWriteError):
        @property
        def cause_response_code(self) -> str:
            return "TransactionCanceledException"

        @property
        def cancellation_reasons(self) -> list[CancellationReason | None]:
            return [None, CancellationReason(code="TransactionConflict")]

    def busy(_operation: str, _kwargs: dict[str, Any]) -> dict[str, Any]:
        tries.append(1)
        if len(tries) < until:
            raise Busy("busy")
        return {}

    monkeypatch.setattr(tables, "_dispatch", busy)
    slept: list[float] = []
    until = 3
    tables.transact([tables.put(thing("A")), tables.put(thing("B"))], "a", sleep=slept.append)
    assert (len(tries), len(slept)) == (3, 2)
    tries.clear()
    until = 1000
    with pytest.raises(Unavailable):
        tables.transact([tables.put(thing("A")), tables.put(thing("B"))], "a", sleep=slept.append)
    assert len(tries) == 6


def test_a_position_of_another_list_is_refused_and_breaks_nothing() -> None:
    tables.transact([tables.put(thing(f"{kind}{n}")) for kind in "TU" for n in range(3)], "a")
    page = tables.query(ThingRow, "THINGS", begins_with="T", limit=2)
    for how in ({"begins_with": "U"}, {"between": ("U0", "U9")}):
        with pytest.raises(Invalid) as refusal:
            tables.query(ThingRow, "THINGS", after=page.last_key, **how)
        assert refusal.value.errors[0].pointer == "/cursor"


def test_a_position_that_the_store_refuses_is_the_clients_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """DynamoDB refuses a start key that does not fit its index; the store in memory takes it."""

    def refusing(operation: str, _kwargs: dict[str, Any]) -> dict[str, Any]:
        cause = ClientError({"Error": {"Code": "ValidationException", "Message": "start key"}}, operation)
        raise PynamoDBException("refused", cause)

    monkeypatch.setattr(tables, "_dispatch", refusing)
    with pytest.raises(Invalid):
        tables.query(ThingRow, "Q", index="gsi1", after={"gsi1sk": "x", "nonsense": "y"})
    with pytest.raises(PynamoDBException):
        tables.query(ThingRow, "Q", index="gsi1")


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("index", [None, "gsi1"])
def test_pages_follow_each_other_and_end(index: tables.Index | None, descending: bool) -> None:
    for n in range(5):
        row = ThingRow("THINGS", f"T{n}", number=n, gsi1pk="THINGS", gsi1sk=f"G{n}", **tables.stamps(NOW))
        tables.transact([tables.put(row)], f"t{n}")
    tables.transact([tables.put(thing("OTHER"))], "other")
    how: dict[str, Any] = {"index": index, "descending": descending}
    if index is None:
        how["begins_with"] = "T"
    seen: list[list[int]] = []
    cursor: str | None = None
    while True:
        page = tables.page_of(ThingRow, "THINGS", PageRequest(2, cursor), lambda row: int(row.number), **how)
        seen.append(list(page.items))
        cursor = page.next
        if cursor is None:
            break
    numbers = [4, 3, 2, 1, 0] if descending else [0, 1, 2, 3, 4]
    assert [number for some in seen for number in some] == numbers
    assert all(len(some) <= 2 for some in seen)


def test_a_cursor_of_a_list_by_index_is_none_of_the_table() -> None:
    with pytest.raises(Invalid) as refusal:
        tables.page_of(
            ThingRow, "THINGS", PageRequest(2, cursor_of(pk="a", sk="b", gsi1sk="c")), lambda row: row.sk
        )
    assert refusal.value.errors[0].pointer == "/cursor"
