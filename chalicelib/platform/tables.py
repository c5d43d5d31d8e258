"""Rows, reads and the one transaction of an intent.

A capability's store declares its rows as PynamoDB models and hands out `Write` values; `commit` is the only caller
of TransactWriteItems. Reads go through `get`, `get_many` and `query`, each one round trip.
"""

import hashlib
import heapq
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal, Self, TypeVar, cast

from botocore.exceptions import HTTPClientError
from pynamodb.attributes import UnicodeAttribute, VersionAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException, TransactWriteError, VerboseClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.models import Model

from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import Conflict, DomainError, StaleVersion, Unavailable
from chalicelib.kernel.pages import Page, PageRequest, bad_cursor, cursor_of
from chalicelib.platform import together
from chalicelib.platform.settings import settings

MAX_WRITES = 100  # TransactWriteItems takes no more
MAX_READS = 100  # and neither does BatchGetItem
MOST_AT_ONCE = 32  # connections kept: a thread that finds none makes one and throws it away
_CONFLICT_TRIES = 6
_RETRIABLE = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}

R = TypeVar("R", bound="Row")
T = TypeVar("T")
Index = Literal["gsi1", "gsi2"]


class Row(Model):
    """One item: key, version for the optimistic lock, and when it was made and changed.

    A subclass names its table by `class Meta: capability = "people"`.
    """

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    version = VersionAttribute()
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()

    @classmethod
    def table_name(cls) -> str:
        meta: Any = cls.Meta
        return settings().table(meta.capability)

    @classmethod
    def _get_connection(cls) -> Any:
        # The name is known when the row is first used, not when its class is made: settings are not read at import.
        meta: Any = cls.Meta
        meta.table_name = cls.table_name()
        meta.region = settings().region
        return super()._get_connection()

    @classmethod
    def parse(cls, raw: dict[str, Any]) -> Self:
        """Read an item as DynamoDB returned it."""
        return cls.from_raw_data(raw)


class IndexedRow(Row):
    """A row that may stand in the sparse indexes; None keeps it out."""

    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    gsi2pk = UnicodeAttribute(null=True)
    gsi2sk = UnicodeAttribute(null=True)


@dataclass(frozen=True)
class Write:
    """One conditional change, to be committed with others.

    Attributes
    ----------
    conflict
        What to raise when this write's condition does not hold. The default, `StaleVersion`, fits a row whose
        version moved on since it was read.
    """

    kind: Literal["Put", "Update", "Delete", "ConditionCheck"]
    request: Callable[[], dict[str, Any]]
    conflict: DomainError = field(default_factory=StaleVersion)


def put(row: Row, *, condition: Condition | None = None, conflict: DomainError | None = None) -> Write:
    """Write a whole row: new if its `version` is None, else only over that version."""
    return Write(
        "Put",
        lambda: row.get_save_kwargs_from_instance(condition=condition),
        conflict or StaleVersion(),
    )


def update(
    row_class: type[Row],
    pk: str,
    sk: str,
    actions: Sequence[Action],
    *,
    condition: Condition,
    now: str,
    conflict: DomainError,
) -> Write:
    """Change some attributes of a row that was not read, under `condition`, and count its version up.

    PynamoDB's own update would set the version of an unread row back to 1.
    """

    def request() -> dict[str, Any]:
        table: Any = row_class._get_connection()
        kwargs = table.get_operation_kwargs(pk, range_key=sk, condition=condition, actions=[
            *actions, row_class.version.add(1), row_class.updated_at.set(now)
        ])  # fmt: skip
        return cast(dict[str, Any], kwargs)

    return Write("Update", request, conflict)


def delete(row: Row, *, condition: Condition | None = None, conflict: DomainError | None = None) -> Write:
    """Delete a row at the version that was read."""
    return Write(
        "Delete",
        lambda: row.get_delete_kwargs_from_instance(condition=condition),
        conflict or StaleVersion(),
    )


def put_entry(row: Row) -> Write:
    """Write a row that carries no state of its own (an index entry), whatever stood there."""
    return Write("Put", lambda: _unconditional(row))


def delete_entry(row_class: type[Row], pk: str, sk: str) -> Write:
    """Delete a row that carries no state of its own; one that is gone already is no error."""
    return Write("Delete", lambda: {"TableName": row_class.table_name(), "Key": _key(pk, sk)})


def add(row_class: type[Row], pk: str, sk: str, counts: Mapping[str, int], now: str) -> Write:
    """Count some attributes of a row up or down, whatever they stand at; the first count makes the row."""

    def request() -> dict[str, Any]:
        names = {f"#{n}": name for n, name in enumerate(counts)}
        values: dict[str, Any] = {f":{n}": {"N": str(by)} for n, by in enumerate(counts.values())}
        sums = ", ".join(f"#{n} :{n}" for n in range(len(counts)))
        return {
            "TableName": row_class.table_name(),
            "Key": _key(pk, sk),
            "UpdateExpression": (
                "SET updated_at = :now, created_at = if_not_exists(created_at, :now) "
                f"ADD version :one, {sums}"
            ),
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": {**values, ":now": {"S": now}, ":one": {"N": "1"}},
        }

    return Write("Update", request)


def advance(row_class: type[Row], pk: str, sk: str, *, by: int, at_least: int, at_most: int) -> int | None:
    """Move the place of a row on by `by`, and return where it stood: at `at_least`, where it was behind or is new.

    One round trip where it stands between the two, two where it is behind. It is no change that anybody commits: what
    is taken is used up, whatever becomes of the one who took it.

    Returns
    -------
    int or None
        None, and nothing is moved, where it stands beyond `at_most`.
    """
    request = {
        "TableName": row_class.table_name(),
        "Key": _key(pk, sk),
        "UpdateExpression": "SET #p = #p + :by",
        "ConditionExpression": "#p BETWEEN :low AND :high",
        "ExpressionAttributeNames": {"#p": "place"},
        "ReturnValues": "UPDATED_NEW",
    }
    numbers = {":by": by, ":low": at_least, ":high": at_most}
    from_behind = {
        **request,
        "UpdateExpression": "SET #p = :next",
        "ConditionExpression": "attribute_not_exists(#p) OR #p < :low",
    }
    behind = {":next": at_least + by, ":low": at_least}
    # Somebody may lift it between the two; then it stands where the first finds it, or beyond.
    for asked, values in ((request, numbers), (from_behind, behind), (request, numbers)):
        sent = {**asked, "ExpressionAttributeValues": {name: {"N": str(n)} for name, n in values.items()}}
        try:
            answer = _dispatch("UpdateItem", sent)
        except PynamoDBException as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
        else:
            return int(answer["Attributes"]["place"]["N"]) - by
    return None


def put_where(row: Row, *, condition: Condition, conflict: DomainError) -> Write:
    """Write a whole row that was not read, whatever its version there, if `condition` holds for what stands there."""

    def request() -> dict[str, Any]:
        table: Any = row._get_connection()
        kwargs: dict[str, Any] = table.get_operation_kwargs(row.pk, range_key=row.sk, condition=condition)
        kwargs.pop("Key", None)
        row.version = 1
        kwargs["Item"] = row.serialize()
        return kwargs

    return Write("Put", request, conflict)


def _unconditional(row: Row) -> dict[str, Any]:
    row.version = 1
    return {"TableName": row.table_name(), "Item": row.serialize()}


def check(row_class: type[Row], pk: str, sk: str, *, condition: Condition, conflict: DomainError) -> Write:
    """Let the transaction through only while `condition` holds for a row that it does not change."""
    return Write(
        "ConditionCheck",
        lambda: row_class.get_operation_kwargs_from_class(pk, sk, condition=condition),
        conflict,
    )


def transact(writes: Sequence[Write], token: str, *, sleep: Callable[[float], None] = time.sleep) -> None:
    """Send the writes as one transaction under a client request token; the same token twice has one effect.

    Raises
    ------
    DomainError
        The `conflict` of the first write, in the order given, whose condition does not hold.
    Unavailable
        If other transactions kept touching the same rows.
    """
    if not writes:
        return
    if len(writes) > MAX_WRITES:
        raise ValueError(f"a transaction takes at most {MAX_WRITES} writes, not {len(writes)}")
    items = [{write.kind: write.request()} for write in writes]
    kwargs = {"TransactItems": items, "ClientRequestToken": token[:36]}
    for attempt in range(_CONFLICT_TRIES):
        try:
            _dispatch("TransactWriteItems", kwargs)
            return
        except TransactWriteError as error:
            if not _is_retriable(error, writes):
                raise
        sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
    raise Unavailable("Others are changing the same thing. Send the request again.")


def _is_retriable(error: TransactWriteError, writes: Sequence[Write]) -> bool:
    if error.cause_response_code == "TransactionInProgressException":
        return True
    reasons = error.cancellation_reasons
    for write, reason in zip(writes, reasons, strict=False):
        if reason is not None and reason.code == "ConditionalCheckFailed":
            raise write.conflict from error
    return any(reason is not None and reason.code in _RETRIABLE for reason in reasons)


@dataclass(frozen=True)
class RawPage:
    """Raw items of one query, the key of the last one where there is more, and how many there are."""

    items: tuple[dict[str, Any], ...]
    last_key: dict[str, str] | None
    count: int


def get(row_class: type[R], pk: str, sk: str) -> R | None:
    """Read one row, strongly consistent."""
    key = (row_class.table_name(), pk, sk)
    raw = together.read(_get, [key]).get(key)
    return row_class.parse(raw) if raw else None


def get_many(keys: Sequence[tuple[type[Row], str, str]]) -> list[Any]:
    """Read rows of any tables, a hundred a round trip, strongly consistent, in the order asked; None where there is
    none. Keys that DynamoDB left unprocessed are asked again."""
    names = [(row_class.table_name(), pk, sk) for row_class, pk, sk in keys]
    found = together.read(_batch_get, names)
    raws = (found.get(name) for name in names)
    return [row_class.parse(raw) if raw else None for (row_class, _, _), raw in zip(keys, raws, strict=True)]


def _get(keys: Sequence[together.Key]) -> together.Rows:
    if len(keys) != 1:
        return _batch_get(keys)
    [(table, pk, sk)] = keys
    answer = _dispatch("GetItem", {"TableName": table, "Key": _key(pk, sk), "ConsistentRead": True})
    return {keys[0]: answer["Item"]} if answer.get("Item") else {}


def _batch_get(keys: Sequence[together.Key]) -> together.Rows:
    """Read rows by as few requests as that many take."""
    distinct, found = list(dict.fromkeys(keys)), together.Rows()
    for start in range(0, len(distinct), MAX_READS):
        found |= _one_batch(distinct[start : start + MAX_READS])
    return found


def _one_batch(keys: Sequence[together.Key]) -> together.Rows:
    found: together.Rows = {}
    wanted: dict[str, Any] = {}
    for table, pk, sk in keys:
        wanted.setdefault(table, {"Keys": [], "ConsistentRead": True})["Keys"].append(_key(pk, sk))
    tries = 0
    while wanted:
        answer = _dispatch("BatchGetItem", {"RequestItems": wanted})
        for table, raws in answer["Responses"].items():
            for raw in raws:
                found[table, raw["pk"]["S"], raw["sk"]["S"]] = raw
        wanted = answer.get("UnprocessedKeys") or {}
        if wanted:
            tries += 1
            if tries > 5:
                raise _busy()
            time.sleep(random.uniform(0, 0.05 * 2**tries))  # noqa: S311
    return found


def query(
    row_class: type[Row],
    pk: str,
    *,
    index: Index | None = None,
    begins_with: str | None = None,
    between: tuple[str, str] | None = None,
    limit: int | None = None,
    after: dict[str, str] | None = None,
    descending: bool = False,
    where: Condition | None = None,
    counted: bool = False,
) -> RawPage:
    """Read one page of an item collection, in key order: one round trip.

    Parameters
    ----------
    index
        None reads the table itself, strongly consistent.
    begins_with, between
        A condition on the sort key.
    after
        The `last_key` of the page before. Its partition is always `pk`, whatever a client sent.
    where
        A condition on other attributes, looked at after the read: it thins out the page and saves nothing.
    counted
        Whether to be told how many items there are, and none of them.
    """
    pk_name, sk_name = ("pk", "sk") if index is None else (f"{index}pk", f"{index}sk")
    names = {"#p": pk_name}
    values: dict[str, Any] = {":p": {"S": pk}}
    expression = "#p = :p"
    if begins_with is not None:
        names["#s"], values[":s"] = sk_name, {"S": begins_with}
        expression += " AND begins_with(#s, :s)"
    elif between is not None:
        names["#s"], values[":a"], values[":b"] = sk_name, {"S": between[0]}, {"S": between[1]}
        expression += " AND #s BETWEEN :a AND :b"
    kwargs: dict[str, Any] = {
        "TableName": row_class.table_name(),
        "KeyConditionExpression": expression,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        "ScanIndexForward": not descending,
    }
    if index is None:
        kwargs["ConsistentRead"] = True
    else:
        kwargs["IndexName"] = index
    if limit is not None:
        kwargs["Limit"] = limit
    if counted:
        kwargs["Select"] = "COUNT"
    if where is not None:
        row_class._get_connection()
        placeholders: dict[str, str] = {}
        kwargs["FilterExpression"] = where.serialize(placeholders, values)
        names |= {placeholder: name for name, placeholder in placeholders.items()}
    if after is not None:
        start = after.get(sk_name, "")
        if begins_with is not None and not start.startswith(begins_with):
            raise bad_cursor()
        if between is not None and not between[0] <= start <= between[1]:
            raise bad_cursor()
        kwargs["ExclusiveStartKey"] = {name: {"S": text} for name, text in (after | {pk_name: pk}).items()}
    try:
        answer = _dispatch("Query", kwargs)
    except PynamoDBException as error:
        if after is not None and error.cause_response_code == "ValidationException":
            # Of the whole request, the position alone comes from a client.
            raise bad_cursor() from error
        raise
    last = answer.get("LastEvaluatedKey")
    last_key = {name: value["S"] for name, value in last.items()} if last else None
    return RawPage(tuple(answer.get("Items", ())), last_key, int(answer["Count"]))


def has_at_least(
    row_class: type[Row], pk: str, number: int, *, begins_with: str, where: Condition | None = None
) -> bool:
    """Tell whether an item collection has so many rows: a round trip per megabyte, none of whose rows are sent, until
    it is known.

    Parameters
    ----------
    where
        A condition on the rows that count.
    """
    found, after = 0, None
    while found < number:
        # Never less a page: where few count, the last one would be read row by row.
        page = query(
            row_class, pk, begins_with=begins_with, limit=number, after=after, where=where, counted=True
        )
        found += page.count
        after = page.last_key
        if after is None:
            break
    return found >= number


def query_all(row_class: type[Row], pk: str, **how: Any) -> Iterable[dict[str, Any]]:
    """Read an item collection to its end, a round trip per megabyte."""
    after: dict[str, str] | None = None
    while True:
        page = query(row_class, pk, after=after, **how)
        yield from page.items
        if page.last_key is None:
            return
        after = page.last_key


DUE_SHARDS = 4
"""Over so many partitions of an index a list of what is due is spread, so that none takes every write."""


def due_shard(name: str, id_: str) -> str:
    """Return the partition of a list of what is due in which an id stands."""
    return f"{name}#{hashlib.sha256(id_.encode()).digest()[0] % DUE_SHARDS}"


def due_place(at: datetime, id_: str) -> str:
    """Return the sort key of what is due at an instant."""
    return f"{to_text(at)}#{id_}"


def put_due(
    key: tuple[type[IndexedRow], str, str],
    name: str,
    id_: str,
    due_at: datetime | None,
    now: datetime,
    /,
    **more: Any,
) -> Write:
    """Return the write of when something of a list is due next, None for never: a row that carries no state of its own,
    so that what else is in the transaction has the condition.

    Parameters
    ----------
    key
        The row's class and key, one for each that can be due.
    name, id_
        The list, and by what the entry is known in it.
    more
        Further attributes of the row.
    """
    row_class, pk, sk = key
    if due_at is None:
        return delete_entry(row_class, pk, sk)
    return put_entry(
        row_class(
            pk, sk, gsi1pk=due_shard(name, id_), gsi1sk=due_place(due_at, id_), **more, **stamps(to_text(now))
        )
    )


def due_until(now: datetime) -> tuple[str, str]:
    """Return between which sort keys all stands that is due by now, what falls due this very instant included."""
    return "0", due_place(now, "\uffff")


def query_due(
    now: datetime, row_class: type[Row], name: str, index: Index = "gsi1"
) -> Iterator[dict[str, Any]]:
    """Read what of a list is due by now, longest due first: by key, never by scan. Who stops early has read little
    more than was taken."""
    shards = (
        query_all(row_class, f"{name}#{n}", index=index, between=due_until(now)) for n in range(DUE_SHARDS)
    )
    return heapq.merge(*shards, key=lambda raw: raw[f"{index}sk"]["S"])


def query_shards(
    row_class: type[Row], name: str, index: Index = "gsi1", **how: Any
) -> Iterator[dict[str, Any]]:
    """Read a list of what is due, one shard after another. `how` goes to `query`."""
    for n in range(DUE_SHARDS):
        yield from query_all(row_class, f"{name}#{n}", index=index, **how)


def page_of(
    row_class: type[R],
    pk: str,
    page: PageRequest,
    read: Callable[[R], T],
    *,
    index: Index | None = None,
    shows: Callable[[R], bool] | None = None,
    **how: Any,
) -> Page[T]:
    """Read the page of a list that a client asks for, each row by `read`: one round trip.

    A cursor is the key of the last row shown, less the partition, which is always `pk`. `how` goes to `query`.

    Parameters
    ----------
    shows
        Leaves out the rows of which it is false, so that nothing tells of them: the page is full, the cursor is that of
        a row which is shown, and there is none where nothing more would be. A round trip more for each page's worth
        of rows left out.
    """
    names = ("sk",) if index is None else ("pk", "sk", f"{index}sk")
    after = page.position(*names)
    if shows is not None:
        return _filled(row_class, pk, page, read, shows, names, after, index=index, **how)
    found = query(row_class, pk, index=index, limit=page.limit, after=after, **how)
    items = tuple(read(row_class.parse(raw)) for raw in found.items)
    last = found.last_key
    return Page(items, cursor_of(**{name: last[name] for name in names}) if last else None)


def _filled(
    row_class: type[R],
    pk: str,
    page: PageRequest,
    read: Callable[[R], T],
    shows: Callable[[R], bool],
    names: Sequence[str],
    after: dict[str, str] | None,
    **how: Any,
) -> Page[T]:
    found: list[tuple[dict[str, Any], R]] = []
    while len(found) <= page.limit:
        part = query(row_class, pk, limit=page.limit + 1, after=after, **how)
        rows = ((raw, row_class.parse(raw)) for raw in part.items)
        found += [(raw, row) for raw, row in rows if shows(row)]
        after = part.last_key
        if after is None:
            break
    on_page = found[: page.limit]
    following = None
    if len(found) > page.limit:
        last = on_page[-1][0]
        following = cursor_of(**{name: last[name]["S"] for name in names})
    return Page(tuple(read(row) for _, row in on_page), following)


def stamps(now: str, created_at: str | None = None, version: int | None = None) -> dict[str, Any]:
    """Return what every row has: its two times, and the version it was read at, if it was."""
    found: dict[str, Any] = {"created_at": created_at or now, "updated_at": now}
    if version is not None:
        found["version"] = version
    return found


@cache
def audit_class(capability: str) -> type[Row]:
    """Return the row class of a capability's audit rows."""

    class AuditRow(Row):
        class Meta:
            pass

        actor = UnicodeAttribute()
        action = UnicodeAttribute()
        before = UnicodeAttribute(null=True)
        after = UnicodeAttribute(null=True)
        why = UnicodeAttribute(null=True)

    AuditRow.Meta.capability = capability  # type: ignore[attr-defined]
    return AuditRow


def audit(
    capability: str,
    pk: str,
    *,
    row_id: str,
    at: Any,
    actor: str,
    action: str,
    before: str | None = None,
    after: str | None = None,
    why: str | None = None,
) -> Write:
    """Return the write of one audit row beside the row at `pk`: who did what, when, from, to, why."""
    row = audit_class(capability)(
        pk, f"AUDIT#{row_id}", actor=actor, action=action, before=before, after=after, why=why,
        **stamps(to_text(at)),
    )  # fmt: skip
    return put(row, conflict=Conflict("This was already recorded."))


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


@cache
def connection() -> Connection:
    """Return the process's PynamoDB connection."""
    return Connection(region=settings().region, max_pool_connections=MOST_AT_ONCE)


_READS = {"GetItem", "BatchGetItem", "Query"}
_THROTTLED = {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"}


def _is_busy(error: VerboseClientError) -> bool:
    """Tell whether DynamoDB could not answer just now, however often it was asked: nothing was wrong with what was
    asked."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or error.response.get("Error", {}).get("Code") in _THROTTLED


def _busy() -> Unavailable:
    return Unavailable("The store is busy. Send the request again.")


def _dispatch(operation: str, kwargs: dict[str, Any]) -> dict[str, Any]:
    try:
        return cast(dict[str, Any], connection().dispatch(operation, kwargs))
    except VerboseClientError as error:
        if operation == "TransactWriteItems":
            raise TransactWriteError("transaction refused", error) from error
        if operation in _READS and _is_busy(error):
            raise _busy() from error
        raise PynamoDBException(f"{operation} failed", error) from error
    except HTTPClientError as error:
        # No connection, or no answer in time. Of a write nobody knows whether it was done.
        if operation not in _READS:
            raise
        raise _busy() from error
