"""Goals in the mentorships table: each beside its mentorship, its entries, how many there are, and when it is due.

What the page of a pair shows of a goal stands in its own row, whose sort key begins with `MENTORSHIP#`; entries do not,
so that the page stays one query however much is noted.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.goals.errors import GoalMoved, TooManyGoals
from chalicelib.mentorships.goals.model import (
    MAX_EVER,
    MAX_OPEN,
    Decision,
    Domain,
    Ending,
    Entry,
    EntryKind,
    Goal,
    Horizon,
    Measure,
    Reading,
    Review,
    Status,
    Step,
    Tally,
)
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_LOOKS = "GOAL"
PREFIX = "MENTORSHIP#GOAL#"


class GoalRow(tables.Row):
    """A goal as it stands."""

    class Meta:
        capability = "mentorships"

    owner_id = UnicodeAttribute()
    written_by = UnicodeAttribute()
    title = UnicodeAttribute()
    change = UnicodeAttribute(null=True)
    horizon = UnicodeAttribute()
    domain = UnicodeAttribute()
    measure = JSONAttribute(null=True)
    due_on = UnicodeAttribute(null=True)
    steps = JSONAttribute()
    steps_made = NumberAttribute()
    status = UnicodeAttribute()
    review_every = NumberAttribute()
    counted_from = NumberAttribute()
    last_review = JSONAttribute(null=True)
    reading = JSONAttribute(null=True)
    ending = JSONAttribute(null=True)
    entries = NumberAttribute()
    last_entry_at = UnicodeAttribute(null=True)


class EntryRow(tables.Row):
    """One entry of a goal; it is never changed."""

    class Meta:
        capability = "mentorships"

    kind = UnicodeAttribute()
    by = UnicodeAttribute()
    at = UnicodeAttribute()
    note = UnicodeAttribute(null=True)
    value = JSONAttribute(null=True)
    decision = UnicodeAttribute(null=True)


class TallyRow(tables.Row):
    """How many goals a mentorship has."""

    class Meta:
        capability = "mentorships"

    open = NumberAttribute()
    ever = NumberAttribute()


class GoalLookRow(tables.IndexedRow):
    """When it is time for a goal's next reminder; gsi1 has all by that instant."""

    class Meta:
        capability = "mentorships"


@dataclass(frozen=True)
class GoalLook:
    """A goal of which it is time to remind somebody."""

    mentorship_id: str
    goal_id: str


def goal_key(mentorship_id: str, goal_id: str) -> tuple[type[GoalRow], str, str]:
    """Return the key of a goal for `tables.get_many`."""
    return GoalRow, _pk(mentorship_id), f"{PREFIX}{goal_id}"


def tally_key(mentorship_id: str) -> tuple[type[TallyRow], str, str]:
    """Return the key of how many goals a mentorship has."""
    return TallyRow, _pk(mentorship_id), "GOALS"


def look_key(mentorship_id: str, goal_id: str) -> tuple[type[GoalLookRow], str, str]:
    """Return the key of when a goal's next reminder is due."""
    return GoalLookRow, _pk(mentorship_id), f"GOAL#{goal_id}#LOOK"


def goals_of(mentorship_id: str) -> Iterator[Goal]:
    """Yield a mentorship's goals in the order in which they were written."""
    for raw in tables.query_all(GoalRow, _pk(mentorship_id), begins_with=PREFIX):
        yield parse(raw)


def parse(raw: dict[str, Any]) -> Goal:
    """Read a goal from an item as DynamoDB returned it."""
    return goal_of(GoalRow.parse(raw))


def goal_of(row: GoalRow) -> Goal:
    return Goal(
        id=row.sk.removeprefix(PREFIX),
        mentorship_id=row.pk.removeprefix("MENTORSHIP#"),
        owner_id=row.owner_id,
        written_by=row.written_by,
        title=row.title,
        change=row.change or "",
        horizon=Horizon(row.horizon),
        domain=Domain(row.domain),
        measure=Measure(**row.measure) if row.measure is not None else None,
        due_on=date.fromisoformat(row.due_on) if row.due_on else None,
        steps=tuple(Step(one["number"], one["text"], instant_of(one["done_at"])) for one in row.steps),
        steps_made=int(row.steps_made),
        status=Status(row.status),
        review_every=int(row.review_every),
        counted_from=int(row.counted_from),
        last_review=_review_of(row.last_review),
        reading=_reading_of(row.reading),
        ending=_ending_of(row.ending),
        entries=int(row.entries),
        last_entry_at=instant_of(row.last_entry_at),
        created_at=from_text(row.created_at),
        updated_at=from_text(row.updated_at),
        version=int(row.version),
    )


def put_goal(goal: Goal, now: datetime) -> Write:
    """Return the write of a goal: new, or over the version read; its conflict is `GoalMoved`."""
    row_class, pk, sk = goal_key(goal.mentorship_id, goal.id)
    row = row_class(
        pk, sk, owner_id=goal.owner_id, written_by=goal.written_by, title=goal.title, change=goal.change or None,
        horizon=goal.horizon.value, domain=goal.domain.value, measure=_data(goal.measure),
        due_on=goal.due_on.isoformat() if goal.due_on else None, steps=[_data(one) for one in goal.steps],
        steps_made=goal.steps_made, status=goal.status.value, review_every=goal.review_every,
        counted_from=goal.counted_from, last_review=_data(goal.last_review), reading=_data(goal.reading),
        ending=_data(goal.ending), entries=goal.entries, last_entry_at=text_of(goal.last_entry_at),
        **tables.stamps(to_text(now), text_of(goal.created_at), goal.version),
    )  # fmt: skip
    return tables.put(row, conflict=GoalMoved("Read it again, then send your change."))


def check_goal(goal: Goal) -> Write:
    """Let a transaction through only while a goal is as it was read."""
    same: Any = GoalRow.version == goal.version
    return tables.check(
        *goal_key(goal.mentorship_id, goal.id), condition=same, conflict=GoalMoved("Look at it again.")
    )


def put_entry(goal: Goal, entry: Entry, now: datetime) -> Write:
    """Return the write of a goal's new entry, beside which the goal counts it."""
    row = EntryRow(
        _pk(goal.mentorship_id), _entry_sk(goal.id, entry.number), kind=entry.kind.value, by=entry.by,
        at=to_text(entry.at), note=entry.note or None, value=entry.value,
        decision=entry.decision.value if entry.decision is not None else None, **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row, conflict=GoalMoved("Read it again, then send your entry."))


def entries_of(goal: Goal, page: PageRequest) -> Page[Entry]:
    """Return a goal's entries, the latest first."""
    return tables.page_of(
        EntryRow, _pk(goal.mentorship_id), page, _entry_of, begins_with=f"GOAL#{goal.id}#ENTRY#", descending=True
    )  # fmt: skip


def tally_of(row: TallyRow | None) -> Tally:
    return Tally(int(row.open), int(row.ever)) if row is not None else Tally()


def count_new(mentorship_id: str, now: datetime) -> Write:
    """Count one goal more, if there is room for it; its conflict is `TooManyGoals`."""
    row = TallyRow
    room: Any = row.pk.does_not_exist() | ((row.open < MAX_OPEN) & (row.ever < MAX_EVER))
    first = row.created_at.set(row.created_at | to_text(now))
    return tables.update(
        *tally_key(mentorship_id), [first, row.open.add(1), row.ever.add(1)], condition=room, now=to_text(now),
        conflict=_full(),
    )  # fmt: skip


def count_reopened(mentorship_id: str, now: datetime) -> Write:
    """Count one open goal more, if there is room for it; its conflict is `TooManyGoals`."""
    room: Any = TallyRow.open < MAX_OPEN
    return tables.update(
        *tally_key(mentorship_id), [TallyRow.open.add(1)], condition=room, now=to_text(now), conflict=_full()
    )


def count_ended(mentorship_id: str, now: datetime) -> Write:
    """Count one open goal less; the goal's own version lets it happen once."""
    return tables.add(*tally_key(mentorship_id), {"open": -1}, to_text(now))


def put_look(goal: Goal, due_at: datetime | None, now: datetime) -> Write:
    """Return the write of when a goal's next reminder is due; what else is in the transaction has the condition."""
    return tables.put_due(look_key(goal.mentorship_id, goal.id), _LOOKS, goal.id, due_at, now)


def due_looks(now: datetime) -> Iterator[GoalLook]:
    """Yield the goals of which it is time to remind somebody: by key, never by scan.

    The index may lag behind; the goal as it is read decides.
    """
    for raw in tables.query_due(now, GoalLookRow, _LOOKS):
        row = GoalLookRow.parse(raw)
        goal_id = row.sk.removeprefix("GOAL#").removesuffix("#LOOK")
        yield GoalLook(row.pk.removeprefix("MENTORSHIP#"), goal_id)


def audit(goal: Goal, **what: Any) -> Write:
    """Return the write of an audit row of a goal; see `tables.audit`."""
    return tables.audit("mentorships", f"GOAL#{goal.id}", **what)


def _full() -> TooManyGoals:
    return TooManyGoals("Another goal has just taken the last place. Reach or drop one first.")


def _pk(mentorship_id: str) -> str:
    return f"MENTORSHIP#{mentorship_id}"


def _entry_sk(goal_id: str, number: int) -> str:
    return f"GOAL#{goal_id}#ENTRY#{number:06d}"


def _entry_of(row: EntryRow) -> Entry:
    return Entry(
        number=int(row.sk.rpartition("#")[2]),
        kind=EntryKind(row.kind),
        by=row.by,
        at=from_text(row.at),
        note=row.note or "",
        value=row.value,
        decision=Decision(row.decision) if row.decision is not None else None,
    )


def _data(value: Any) -> dict[str, Any] | None:
    """Return a part of a goal as JSON takes it."""
    if value is None:
        return None
    fields = asdict(value)
    return {name: to_text(one) if isinstance(one, datetime) else one for name, one in fields.items()}


def _review_of(data: dict[str, Any] | None) -> Review | None:
    if data is None:
        return None
    return Review(Decision(data["decision"]), data["by"], from_text(data["at"]), int(data["sessions"]))


def _reading_of(data: dict[str, Any] | None) -> Reading | None:
    return Reading(data["value"], data["by"], from_text(data["at"])) if data is not None else None


def _ending_of(data: dict[str, Any] | None) -> Ending | None:
    return Ending(data["note"], data["by"], from_text(data["at"])) if data is not None else None
