"""The safety table: concerns, when the clock looks at each next, and the trail of who opened and moved them.

A table of its own, so that the functions that match, import and publish cannot read it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.safety.errors import ConcernMoved
from chalicelib.safety.model import KEEP_CLOSED, Concern, ConcernKind, ConcernOutcome, ConcernStatus, Wish

PLACE = ("pk", "sk", "gsi1sk")
"""What names a place in the list of admins."""
_LOOK = "LOOK"
_TRAIL = "AUDIT#"


class ConcernRow(tables.IndexedRow):
    """A concern; gsi1: those of a state; gsi2: a reporter's own."""

    class Meta:
        capability = "safety"

    reporter_id = UnicodeAttribute()
    person_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    words = UnicodeAttribute(null=True)
    wish = UnicodeAttribute()
    may_contact = BooleanAttribute()
    status = UnicodeAttribute()
    raised_at = UnicodeAttribute()
    since = UnicodeAttribute()
    handler_id = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    answer = UnicodeAttribute(null=True)
    expires_at_epoch = NumberAttribute(null=True)


class LookRow(tables.IndexedRow):
    """When the clock is to look at a concern that is not closed: gsi1 has all by that instant."""

    class Meta:
        capability = "safety"


class StoppedRow(tables.Row):
    """That an admin has paused a mentorship for a concern, until it goes on. It leaves by TTL, long after a mentorship
    that was paused then is over."""

    class Meta:
        capability = "safety"

    expires_at_epoch = NumberAttribute()


@dataclass(frozen=True)
class Look:
    """A concern that is to be looked at, and its place in the list of what is due."""

    concern_id: str
    place: str


@dataclass(frozen=True)
class Step:
    """One row of a concern's trail: an opening, or a move. `by` is "reporter" for the reporter, who is named nowhere
    but on the concern."""

    at: datetime
    by: str
    what: str
    why: str | None


def concern_key(concern_id: str) -> tuple[type[ConcernRow], str, str]:
    """Return the key of a concern for `tables.get_many`."""
    return ConcernRow, _pk(concern_id), "CONCERN"


def get_concern(concern_id: str) -> Concern | None:
    row = tables.get(*concern_key(concern_id))
    return concern_of(row) if row else None


def put_concern(concern: Concern, look_at: datetime | None, now: datetime) -> list[Write]:
    """Return the writes of a concern, new or over the version that was read, and of when the clock looks at it."""
    row_class, pk, sk = concern_key(concern.id)
    closed_at = concern.closed_at
    row = row_class(
        pk, sk, reporter_id=concern.reporter_id, person_id=concern.person_id, kind=concern.kind.value,
        words=concern.words or None, wish=concern.wish.value, may_contact=concern.may_contact,
        status=concern.status.value, raised_at=to_text(concern.raised_at), since=to_text(concern.since),
        handler_id=concern.handler_id, outcome=concern.outcome.value if concern.outcome else None,
        note=concern.note or None, answer=concern.answer or None,
        expires_at_epoch=int((closed_at + KEEP_CLOSED).timestamp()) if closed_at else None,
        gsi1pk=_listed(concern.status), gsi1sk=_place(concern), gsi2pk=f"REPORTER#{concern.reporter_id}",
        gsi2sk=concern.id, **tables.stamps(to_text(now), to_text(concern.raised_at), concern.version),
    )  # fmt: skip
    return [tables.put(row, conflict=ConcernMoved()), put_look(concern.id, look_at, now)]


def put_look(concern_id: str, look_at: datetime | None, now: datetime) -> Write:
    """Return the write of when the clock looks at a concern; what else is in the transaction has the condition."""
    if look_at is None:
        return tables.delete_entry(LookRow, _pk(concern_id), "LOOK")
    return tables.put_entry(_look_row(concern_id, look_at, now))


def next_look(look: Look, look_at: datetime, now: datetime) -> Write:
    """Return the write of the look after one; it fails with `ConcernMoved` where another worker has made that one."""
    still: Any = LookRow.gsi1sk == look.place
    return tables.put_where(
        _look_row(look.concern_id, look_at, now), condition=still, conflict=ConcernMoved()
    )


def _look_row(concern_id: str, look_at: datetime, now: datetime) -> LookRow:
    return LookRow(
        _pk(concern_id), "LOOK", gsi1pk=tables.due_shard(_LOOK, concern_id),
        gsi1sk=tables.due_place(look_at, concern_id), **tables.stamps(to_text(now)),
    )  # fmt: skip


def check_unmoved(concern: Concern) -> Write:
    """Let a transaction through only while a concern is as it was read."""
    same: Any = ConcernRow.version == concern.version
    return tables.check(*concern_key(concern.id), condition=same, conflict=ConcernMoved())


def listed(
    status: ConcernStatus, after: dict[str, str] | None, limit: int
) -> tuple[list[Concern], dict[str, str] | None]:
    """Return some concerns of a state, and where to go on: the longest waiting first, of closed ones the latest."""
    found = tables.query(
        ConcernRow,
        _listed(status),
        index="gsi1",
        limit=limit,
        after=after,
        descending=status is ConcernStatus.CLOSED,
    )
    last = found.last_key
    place = {name: last[name] for name in PLACE} if last else None
    return [concern_of(ConcernRow.parse(raw)) for raw in found.items], place


def place_of(concern: Concern) -> dict[str, str]:
    """Return where a concern stands in the list of its state."""
    return dict(zip(PLACE, (_pk(concern.id), "CONCERN", _place(concern)), strict=True))


def concerns_by(reporter_id: str, page: PageRequest) -> Page[Concern]:
    """Return the concerns that somebody has raised, the latest first."""
    return tables.page_of(
        ConcernRow, f"REPORTER#{reporter_id}", page, concern_of, index="gsi2", descending=True
    )


def put_stopped(mentorship_id: str, concern_id: str, now: datetime) -> Write:
    """Return the write that keeps for which concern a mentorship was paused; the pause has the condition."""
    leaves = int((now + KEEP_CLOSED).timestamp())
    pk, sk = _stopped(mentorship_id), _pk(concern_id)
    return tables.put_entry(StoppedRow(pk, sk, expires_at_epoch=leaves, **tables.stamps(to_text(now))))


def stopped_for(mentorship_id: str) -> Iterator[str]:
    """Yield the concerns for which a mentorship was paused that has not gone on since."""
    for raw in tables.query_all(StoppedRow, _stopped(mentorship_id), begins_with=_pk("")):
        yield raw["sk"]["S"].removeprefix(_pk(""))


def take_stopped(mentorship_id: str, concern_id: str) -> Write:
    """Return the write that ends this; it fails with `ConcernMoved` where another worker has done so."""
    there = StoppedRow.pk.exists()
    pk, sk = _stopped(mentorship_id), _pk(concern_id)
    return Write(
        "Delete",
        lambda: StoppedRow.get_operation_kwargs_from_class(pk, sk, condition=there),
        ConcernMoved(),
    )


def due_looks(now: datetime) -> Iterator[Look]:
    """Yield the looks that are due: by key, never by scan. The index may lag behind; the write of the next decides."""
    for raw in tables.query_due(now, LookRow, _LOOK):
        yield Look(raw["pk"]["S"].removeprefix("CONCERN#"), raw["gsi1sk"]["S"])


def trail_of(concern_id: str) -> tuple[Step, ...]:
    """Return who opened and moved a concern, oldest first."""
    rows: Any = tables.audit_class("safety")
    found = (rows.parse(raw) for raw in tables.query_all(ConcernRow, _pk(concern_id), begins_with=_TRAIL))
    return tuple(Step(from_text(row.created_at), row.actor, row.action, row.why) for row in found)


def audit(concern_id: str, **what: Any) -> Write:
    """Return the write of a row of a concern's trail; see `tables.audit`."""
    return tables.audit("safety", _pk(concern_id), **what)


def concern_of(row: ConcernRow) -> Concern:
    return Concern(
        id=row.pk.removeprefix("CONCERN#"),
        reporter_id=row.reporter_id,
        person_id=row.person_id,
        kind=ConcernKind(row.kind),
        raised_at=from_text(row.raised_at),
        since=from_text(row.since),
        words=row.words or "",
        wish=Wish(row.wish),
        may_contact=bool(row.may_contact),
        status=ConcernStatus(row.status),
        handler_id=row.handler_id,
        outcome=ConcernOutcome(row.outcome) if row.outcome else None,
        note=row.note or "",
        answer=row.answer or "",
        version=int(row.version),
    )


def _pk(concern_id: str) -> str:
    return f"CONCERN#{concern_id}"


def _stopped(mentorship_id: str) -> str:
    return f"MENTORSHIP#{mentorship_id}"


def _listed(status: ConcernStatus) -> str:
    return f"CONCERNS#{status.value}"


def _place(concern: Concern) -> str:
    at = concern.since if concern.status is ConcernStatus.CLOSED else concern.raised_at
    return f"{to_text(at)}#{concern.id}"
