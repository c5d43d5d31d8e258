"""In the mentorships table: answers that wait to be counted among others, what they have come to, and how many were
asked and have answered."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.kernel.clock import from_text, text_of, to_text
from chalicelib.mentorships.feedback.anonymity import K, Record, Sums
from chalicelib.mentorships.feedback.errors import FeedbackMoved, FeedbackSettled
from chalicelib.mentorships.feedback.model import About, Answer, Item, RoundKind
from chalicelib.mentorships.feedback.store import items_data, items_of
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

_SEALED = "SEALED"
_WAITING = "FEEDBACK-WAITING#"
_SHOWN = "FEEDBACK#"
_SHARDS = 32


@dataclass(frozen=True)
class Pool:
    """Whose answers to what may make one group: a side's of a programme, to the same questions."""

    programme_id: str
    side: Side
    about: About
    items: tuple[Item, ...] = field(compare=False)
    asked: str = ""

    @classmethod
    def of(cls, programme_id: str, side: Side, about: About, items: tuple[Item, ...]) -> "Pool":
        told = "|".join(sorted(one.id for one in items))
        return cls(programme_id, side, about, items, hashlib.sha256(told.encode()).hexdigest()[:12])

    @property
    def name(self) -> str:
        return f"{self.side}#{self.about}#{self.asked}"


class WaitingRow(tables.IndexedRow):
    """One person's answers, until they are counted; gsi1 has all by when they can no longer be corrected."""

    class Meta:
        capability = "mentorships"

    items = JSONAttribute()
    values = JSONAttribute()


class SumRow(tables.Row):
    """What the groups of a pool have come to that were closed in a month."""

    class Meta:
        capability = "mentorships"

    n = NumberAttribute()
    items = JSONAttribute()
    sums = JSONAttribute()


class CountRow(tables.Row):
    """How many of a side were asked in a kind of round in a month, and have answered; in shards by person, so that
    many can answer at once, and that the number of shards is at most that of people."""

    class Meta:
        capability = "mentorships"

    asked = NumberAttribute(null=True)
    answered = NumberAttribute(null=True)


@dataclass(frozen=True)
class MonthSums:
    """What the groups have come to that were closed in a month (`2027-03`, UTC)."""

    pool: Pool
    month: str
    n: int = 0
    sums: Sums = field(default_factory=dict)
    created_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Count:
    """How often people of a side were asked in a kind of round, and have answered, up to the end of a month.

    Attributes
    ----------
    answered
        None where it is not certain that `K` people or more were asked: it would tell who answered.
    """

    side: Side
    kind: RoundKind
    asked: int
    answered: int | None


def put_waiting(pool: Pool, answer: Answer, values: dict[str, str], now: datetime) -> Write:
    """Return the write that has an answer wait to be counted, or has it wait as it was corrected; its conflict is
    `FeedbackSettled`, where it has been counted meanwhile."""
    sealed_at = answer.correct_until
    place = f"{to_text(sealed_at)}#{answer.person_id}#{answer.mentorship_id}#{answer.round.name}"
    sk = f"{_WAITING}{pool.name}#{place}"
    row = WaitingRow(
        f"PROGRAMME#{pool.programme_id}", sk, items=items_data(pool.items), values=values,
        gsi1pk=tables.due_shard(_SEALED, place), gsi1sk=tables.due_place(sealed_at, sk),
        **tables.stamps(to_text(now)),
    )  # fmt: skip
    is_there = WaitingRow.pk.exists() if answer.version else WaitingRow.pk.does_not_exist()
    return tables.put_where(row, condition=is_there, conflict=FeedbackSettled("It has been counted by now."))


def sealed_pools(now: datetime) -> list[Pool]:
    """Return the pools in which answers wait that can no longer be corrected, by key and never by scan; each once, in
    a fixed order."""
    found = {}
    for raw in tables.query_due(now, WaitingRow, _SEALED):
        pool = _pool_of(WaitingRow.parse(raw))
        found[pool.programme_id, pool.name] = pool
    return [found[one] for one in sorted(found)]


def sealed_in(pool: Pool, now: datetime) -> Iterator[Record]:
    """Yield what waits in a pool and can no longer be corrected."""
    begin = f"{_WAITING}{pool.name}#"
    upto = (begin, f"{begin}{to_text(now)}#\uffff")
    for raw in tables.query_all(WaitingRow, f"PROGRAMME#{pool.programme_id}", between=upto):
        row = WaitingRow.parse(raw)
        key = row.sk.removeprefix(begin)
        yield Record(key, key.split("#")[1], row.values)


def take(pool: Pool, record: Record) -> Write:
    """Return the write that ends the wait of an answer which is being counted."""
    there = WaitingRow.pk.exists()
    pk, sk = f"PROGRAMME#{pool.programme_id}", f"{_WAITING}{pool.name}#{record.key}"
    return Write(
        "Delete",
        lambda: WaitingRow.get_operation_kwargs_from_class(pk, sk, condition=there),
        FeedbackMoved("Another group has it."),
    )


def get_sums(pool: Pool, month: str) -> MonthSums:
    row = tables.get(SumRow, f"PROGRAMME#{pool.programme_id}", _sum_sk(pool, month))
    return MonthSums(pool, month) if row is None else _sums_of(row)


def put_sums(sums: MonthSums, now: datetime) -> Write:
    """Write a month's sums over the version that was read."""
    row = SumRow(
        f"PROGRAMME#{sums.pool.programme_id}", _sum_sk(sums.pool, sums.month), n=sums.n,
        items=items_data(sums.pool.items), sums=sums.sums,
        **tables.stamps(to_text(now), text_of(sums.created_at), sums.version),
    )  # fmt: skip
    return tables.put(row, conflict=FeedbackMoved("Look at it again."))


def count(
    programme_id: str,
    side: Side,
    kind: RoundKind,
    person_id: str,
    now: datetime,
    *,
    asked: int = 0,
    answered: int = 0,
) -> Write:
    """Return the write that counts that somebody on a side was asked, or has answered."""
    shard = hashlib.sha256(person_id.encode()).digest()[0] % _SHARDS
    sk = f"{_SHOWN}COUNT#{side}#{kind}#{shard}#{to_text(now)[:7]}"
    counts = {name: n for name, n in (("asked", asked), ("answered", answered)) if n}
    return tables.add(CountRow, f"PROGRAMME#{programme_id}", sk, counts, to_text(now))


def shown_of(programme_id: str, now: datetime) -> tuple[list[MonthSums], list[Count]]:
    """Return all that is shown of a programme's feedback, in one query: sums, and who takes part up to the end of the
    month before. From one day to the next it would tell who has just answered."""
    sums: list[MonthSums] = []
    counted: dict[tuple[Side, RoundKind], list[tuple[str, CountRow]]] = {}
    for raw in tables.query_all(SumRow, f"PROGRAMME#{programme_id}", begins_with=_SHOWN):
        if raw["sk"]["S"].startswith(f"{_SHOWN}SUM#"):
            sums.append(_sums_of(SumRow.parse(raw)))
            continue
        row = CountRow.parse(raw)
        _, _, side, kind, shard, month = row.sk.split("#")
        if month < to_text(now)[:7]:
            counted.setdefault((Side(side), RoundKind(kind)), []).append((shard, row))
    return sums, [_count_of(*key, counted[key]) for key in sorted(counted)]


def _count_of(side: Side, kind: RoundKind, rows: Sequence[tuple[str, CountRow]]) -> Count:
    is_told = len({shard for shard, row in rows if row.asked}) >= K
    answered = sum(int(row.answered or 0) for _, row in rows)
    return Count(side, kind, sum(int(row.asked or 0) for _, row in rows), answered if is_told else None)


def _sum_sk(pool: Pool, month: str) -> str:
    return f"{_SHOWN}SUM#{pool.name}#{month}"


def _sums_of(row: SumRow) -> MonthSums:
    _, _, side, about, asked, month = row.sk.split("#")
    programme_id = row.pk.removeprefix("PROGRAMME#")
    pool = Pool(programme_id, Side(side), About(about), items_of(row.items), asked)
    sums = {item: {value: int(n) for value, n in counts.items()} for item, counts in row.sums.items()}
    return MonthSums(pool, month, int(row.n), sums, from_text(row.created_at), int(row.version))


def _pool_of(row: WaitingRow) -> Pool:
    _, side, about, asked, *_ = row.sk.split("#")
    programme_id = row.pk.removeprefix("PROGRAMME#")
    return Pool(programme_id, Side(side), About(about), items_of(row.items), asked)
