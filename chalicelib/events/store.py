"""The events table: events, seats, places, timetables, questions, and what is kept of meetings."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.events.errors import EventMoved, MeetingMoved, SeatsMoved, TimetableMoved
from chalicelib.events.model import (
    Break,
    Event,
    EventStatus,
    EventTimetable,
    LeftOutReason,
    Place,
    PlaceStatus,
    Plan,
    Presence,
    Rest,
    Seats,
    Sitting,
    Sums,
)
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.matching.timetable import Shortfall
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import PairKind, Side

CAPABILITY = "events"
_PLACE, _MEETING = "PERSON#", "MEETING#"


class EventRow(tables.IndexedRow):
    """An event; gsi1: a programme's, by when they begin."""

    class Meta:
        capability = CAPABILITY

    programme_id = UnicodeAttribute()
    organisation_id = UnicodeAttribute()
    plan = JSONAttribute()
    kind = UnicodeAttribute()
    status = UnicodeAttribute()
    closes_at = UnicodeAttribute()
    held = UnicodeAttribute()
    delays = JSONAttribute()
    timetable = NumberAttribute()
    reason = UnicodeAttribute(null=True)


class SeatsRow(tables.Row):
    """The seats of an event, counted beside its places: who takes the last is decided here."""

    class Meta:
        capability = CAPABILITY

    mentor_seats = NumberAttribute()
    mentor_taken = NumberAttribute()
    mentor_waiting = NumberAttribute()
    mentee_seats = NumberAttribute()
    mentee_taken = NumberAttribute()
    mentee_waiting = NumberAttribute()


class PlaceRow(tables.IndexedRow):
    """Somebody's place; gsi1: a person's own."""

    class Meta:
        capability = CAPABILITY

    side = UnicodeAttribute()
    status = UnicodeAttribute()
    since = UnicodeAttribute()
    presence = UnicodeAttribute()
    absent = JSONAttribute()


class AheadRow(tables.Row):
    """The events at which somebody has a place, or waits for one, in the partition of the person: what no two
    transactions can add to at once. Those that are over stay until the next is added."""

    class Meta:
        capability = CAPABILITY

    events = JSONAttribute()


class TimetableRow(tables.Row):
    """The timetable as one text, in which people stand once and are named by their place: 2400 meetings of 300 people
    take 40 KB."""

    class Meta:
        capability = CAPABILITY

    content = UnicodeAttribute()


class QuestionsRow(tables.Row):
    """What a mentee asks ahead."""

    class Meta:
        capability = CAPABILITY

    questions = JSONAttribute()


class MeetingRow(tables.Row):
    """What somebody keeps of a meeting. The other's is another row, so that nothing of one shows in the other's."""

    class Meta:
        capability = CAPABILITY

    note = UnicodeAttribute(null=True)
    go_on = BooleanAttribute()


class MutualRow(tables.Row):
    """Two who would both like to go on, and what came of it."""

    class Meta:
        capability = CAPABILITY

    proposal_id = UnicodeAttribute(null=True)
    obstacle = UnicodeAttribute(null=True)


class SumsRow(tables.Row):
    class Meta:
        capability = CAPABILITY

    sums = JSONAttribute()


@dataclass(frozen=True)
class Ahead:
    """Where somebody has a place, or waits for one, by the events' ids."""

    person_id: str
    events: tuple[str, ...] = ()
    version: int | None = None


@dataclass(frozen=True)
class Kept:
    """What somebody keeps of a meeting: a note for themselves, and whether they would like to go on."""

    event_id: str
    person_id: str
    other_id: str
    note: str = ""
    go_on: bool = False
    version: int | None = None


@dataclass(frozen=True)
class Mutual:
    """Two who would both like to go on: the proposal that came of it, or what stands against one."""

    event_id: str
    mentee_id: str
    mentor_id: str
    proposal_id: str | None = None
    obstacle: str | None = None
    version: int | None = None


def event_key(event_id: str) -> tuple[type[EventRow], str, str]:
    """Return the key of an event for `tables.get_many`."""
    return EventRow, _pk(event_id), "EVENT"


def seats_key(event_id: str) -> tuple[type[SeatsRow], str, str]:
    return SeatsRow, _pk(event_id), "SEATS"


def place_key(event_id: str, person_id: str) -> tuple[type[PlaceRow], str, str]:
    return PlaceRow, _pk(event_id), f"{_PLACE}{person_id}"


def ahead_key(person_id: str) -> tuple[type[AheadRow], str, str]:
    return AheadRow, _person(person_id), "AHEAD"


def timetable_key(event_id: str) -> tuple[type[TimetableRow], str, str]:
    return TimetableRow, _pk(event_id), "TIMETABLE"


def questions_key(event_id: str, person_id: str) -> tuple[type[QuestionsRow], str, str]:
    return QuestionsRow, _pk(event_id), f"QUESTIONS#{person_id}"


def kept_key(event_id: str, person_id: str, other_id: str) -> tuple[type[MeetingRow], str, str]:
    """Return the key of what `person_id` keeps of meeting `other_id`."""
    return MeetingRow, _pk(event_id), f"{_MEETING}{person_id}#{other_id}"


def mutual_key(event_id: str, mentee_id: str, mentor_id: str) -> tuple[type[MutualRow], str, str]:
    return MutualRow, _pk(event_id), f"MUTUAL#{mentee_id}#{mentor_id}"


def sums_key(event_id: str) -> tuple[type[SumsRow], str, str]:
    return SumsRow, _pk(event_id), "SUMS"


def put_event(event: Event, now: datetime) -> Write:
    """Return the write of an event, new or over the version that was read."""
    plan = event.plan
    row_class, pk, sk = event_key(event.id)
    row = row_class(
        pk, sk, programme_id=event.programme_id, organisation_id=event.organisation_id,
        plan={
            "title": plan.title, "starts_at": to_text(plan.starts_at), "time_zone": plan.time_zone,
            "mentor_seats": plan.mentor_seats, "mentee_seats": plan.mentee_seats, "rounds": plan.rounds,
            "minutes": plan.minutes, "pause": plan.pause, "breaks": [list(one) for one in plan.breaks],
            "closes_at": text_of(plan.closes_at), "link": plan.link,
        },
        kind=event.kind.value, status=event.status.value, closes_at=to_text(event.places_until),
        held=_held(event),
        delays=[list(one) for one in event.delays], timetable=event.timetable, reason=event.reason or None,
        gsi1pk=f"PROGRAMME#{event.programme_id}#EVENTS", gsi1sk=f"{to_text(plan.starts_at)}#{event.id}",
        **tables.stamps(to_text(now), version=event.version),
    )  # fmt: skip
    return tables.put(row, conflict=EventMoved())


def event_of(row: EventRow) -> Event:
    raw = row.plan
    plan = Plan(**{
        **raw, "starts_at": from_text(raw["starts_at"]), "closes_at": instant_of(raw["closes_at"]),
        "breaks": tuple(Break(*one) for one in raw["breaks"]),
    })  # fmt: skip
    return Event(
        row.pk.removeprefix("EVENT#"), row.programme_id, row.organisation_id, plan, PairKind(row.kind),
        EventStatus(row.status), tuple((int(first), int(minutes)) for first, minutes in row.delays),
        int(row.timetable), row.reason or "", int(row.version),
    )  # fmt: skip


def events_of(programme_id: str, page: PageRequest) -> Page[Event]:
    """Return a programme's events, the latest first."""
    return tables.page_of(
        EventRow, f"PROGRAMME#{programme_id}#EVENTS", page, event_of, index="gsi1", descending=True
    )


def check_takes_places(event: Event) -> Write:
    """Let a transaction through only while an event that takes places is held when it was read to be."""
    ahead: Any = EventRow.status.is_in(EventStatus.PLANNED.value, EventStatus.PUBLISHED.value)
    same: Any = (EventRow.held == _held(event)) & (EventRow.closes_at == to_text(event.places_until))
    return tables.check(*event_key(event.id), condition=ahead & same, conflict=EventMoved())


def _held(event: Event) -> str:
    return f"{to_text(event.held.starts_at)}/{to_text(event.held.ends_at)}"


def check_status(event_id: str, *statuses: EventStatus) -> Write:
    """Let a transaction through only while an event is in one of some states."""
    same: Any = EventRow.status.is_in(*(one.value for one in statuses))
    return tables.check(*event_key(event_id), condition=same, conflict=EventMoved())


def count_timetable(event: Event, now: datetime) -> Write:
    """Return the write which tells that a published event's timetable was made anew."""
    row = EventRow
    same: Any = (row.status == EventStatus.PUBLISHED.value) & (row.timetable == event.timetable)
    return tables.update(
        *event_key(event.id), [row.timetable.add(1)], condition=same, now=to_text(now), conflict=TimetableMoved()
    )  # fmt: skip


# Seats and places.


def put_seats(seats: Seats, now: datetime) -> Write:
    """Return the write of all counts, new or over the version that was read."""
    row_class, pk, sk = seats_key(seats.event_id)
    counts: dict[str, Any] = {
        f"{side}_{what}": of_side[side]
        for what, of_side in (("seats", seats.seats), ("taken", seats.taken), ("waiting", seats.waiting))
        for side in Side
    }
    row = row_class(pk, sk, **counts, **tables.stamps(to_text(now), version=seats.version))
    return tables.put(row, conflict=SeatsMoved())


def seats_of(row: SeatsRow) -> Seats:
    def counts(what: str) -> dict[Side, int]:
        return {side: int(getattr(row, f"{side}_{what}")) for side in Side}

    return Seats(
        row.pk.removeprefix("EVENT#"), counts("seats"), counts("taken"), counts("waiting"), int(row.version)
    )


def take_seat(event_id: str, side: Side, now: datetime) -> Write:
    """Take one seat of a side, where one is free and nobody waits for it."""
    row: Any = SeatsRow
    taken, seats = getattr(row, f"{side}_taken"), getattr(row, f"{side}_seats")
    free = (taken < seats) & (getattr(row, f"{side}_waiting") == 0)
    return tables.update(
        *seats_key(event_id), [taken.add(1)], condition=free, now=to_text(now), conflict=SeatsMoved()
    )


def wait_for_seat(event_id: str, side: Side, now: datetime) -> Write:
    """Put one more on a side's list, where all its seats are taken."""
    row: Any = SeatsRow
    taken, seats = getattr(row, f"{side}_taken"), getattr(row, f"{side}_seats")
    waiting = getattr(row, f"{side}_waiting")
    return tables.update(
        *seats_key(event_id),
        [waiting.add(1)],
        condition=taken >= seats,
        now=to_text(now),
        conflict=SeatsMoved(),
    )


def leave_seat(event_id: str, side: Side, now: datetime) -> Write:
    """Give a seat of a side back for which nobody waits."""
    row: Any = SeatsRow
    taken = getattr(row, f"{side}_taken")
    free = (getattr(row, f"{side}_waiting") == 0) & (taken > 0)
    return tables.update(
        *seats_key(event_id), [taken.add(-1)], condition=free, now=to_text(now), conflict=SeatsMoved()
    )


def leave_list(event_id: str, side: Side, now: datetime) -> Write:
    """Take one off a side's list: they left it, or have a seat that somebody else gave back."""
    waiting: Any = getattr(SeatsRow, f"{side}_waiting")
    return tables.update(
        *seats_key(event_id),
        [waiting.add(-1)],
        condition=waiting > 0,
        now=to_text(now),
        conflict=SeatsMoved(),
    )


def put_place(place: Place, now: datetime) -> Write:
    """Return the write of a place, new or over the version that was read."""
    row_class, pk, sk = place_key(place.event_id, place.person_id)
    is_theirs = place.status is not PlaceStatus.LEFT
    row = row_class(
        pk, sk, side=place.side.value, status=place.status.value, since=to_text(place.since),
        presence=place.presence.value, absent=sorted(place.absent),
        gsi1pk=_person(place.person_id) if is_theirs else None, gsi1sk=place.event_id if is_theirs else None,
        **tables.stamps(to_text(now), version=place.version),
    )  # fmt: skip
    return tables.put(row, conflict=SeatsMoved())


def place_of(row: PlaceRow) -> Place:
    return Place(
        row.pk.removeprefix("EVENT#"), row.sk.removeprefix(_PLACE), Side(row.side), PlaceStatus(row.status),
        from_text(row.since), Presence(row.presence), frozenset(int(one) for one in row.absent), int(row.version),
    )  # fmt: skip


def places_of(event_id: str) -> tuple[Place, ...]:
    """Return who has or had a place at an event, or waits for one."""
    raws = tables.query_all(PlaceRow, _pk(event_id), begins_with=_PLACE)
    return tuple(place_of(PlaceRow.parse(raw)) for raw in raws)


def places_of_person(person_id: str, page: PageRequest) -> Page[Place]:
    """Return somebody's places, and where they wait for one: of the latest planned event first."""
    return tables.page_of(PlaceRow, _person(person_id), page, place_of, index="gsi1", descending=True)


def put_ahead(ahead: Ahead, now: datetime) -> Write:
    """Return the write of where somebody has a place, new or over the version that was read."""
    row_class, pk, sk = ahead_key(ahead.person_id)
    row = row_class(pk, sk, events=list(ahead.events), **tables.stamps(to_text(now), version=ahead.version))
    return tables.put(row, conflict=SeatsMoved())


def ahead_of(person_id: str, row: AheadRow | None) -> Ahead:
    return Ahead(person_id, tuple(row.events), int(row.version)) if row is not None else Ahead(person_id)


# The timetable.


def put_timetable(timetable: EventTimetable, now: datetime) -> Write:
    """Return the write of a timetable, new or over the version that was read."""
    row_class, pk, sk = timetable_key(timetable.event_id)
    names = sorted({name for one in timetable.sittings for name in (one.mentee_id, one.mentor_id)})
    at = {name: n for n, name in enumerate(names)}
    content = {
        "people": names, "sittings": [[one.round, at[one.mentee_id], at[one.mentor_id]] for one in timetable.sittings],
        "value": timetable.value, "bound": timetable.bound,
        "rests": [[one.mentee_id, one.meetings, one.reason.value] for one in timetable.rests],
        "left_out": [[name, why.value] for name, why in timetable.left_out], "made_at": text_of(timetable.made_at),
        "made_of": timetable.made_of, "number": timetable.number,
    }  # fmt: skip
    row = row_class(
        pk, sk, content=json.dumps(content, separators=(",", ":")),
        **tables.stamps(to_text(now), version=timetable.version),
    )  # fmt: skip
    return tables.put(row, conflict=TimetableMoved())


def timetable_of(row: TimetableRow) -> EventTimetable:
    raw: dict[str, Any] = json.loads(row.content)
    names: Sequence[str] = raw["people"]
    return EventTimetable(
        row.pk.removeprefix("EVENT#"),
        tuple(Sitting(number, names[mentee], names[mentor]) for number, mentee, mentor in raw["sittings"]),
        raw["value"], raw["bound"], tuple(Rest(name, count, Shortfall(why)) for name, count, why in raw["rests"]),
        tuple((name, LeftOutReason(why)) for name, why in raw["left_out"]), instant_of(raw["made_at"]),
        raw["made_of"], raw["number"], int(row.version),
    )  # fmt: skip


# Questions, and what is kept of meetings.


def put_questions(event_id: str, person_id: str, questions: Sequence[str], now: datetime) -> Write:
    row_class, pk, sk = questions_key(event_id, person_id)
    return tables.put_entry(row_class(pk, sk, questions=list(questions), **tables.stamps(to_text(now))))


def questions_of(row: QuestionsRow | None) -> tuple[str, ...]:
    return tuple(row.questions) if row is not None else ()


def put_kept(kept: Kept, now: datetime) -> Write:
    row_class, pk, sk = kept_key(kept.event_id, kept.person_id, kept.other_id)
    row = row_class(
        pk, sk, note=kept.note or None, go_on=kept.go_on, **tables.stamps(to_text(now), version=kept.version)
    )
    return tables.put(row, conflict=MeetingMoved())


def kept_of(row: MeetingRow) -> Kept:
    person_id, _, other_id = row.sk.removeprefix(_MEETING).partition("#")
    return Kept(
        row.pk.removeprefix("EVENT#"), person_id, other_id, row.note or "", bool(row.go_on), int(row.version)
    )


def check_kept(kept: Kept) -> Write:
    """Let a transaction through only while what somebody keeps is as it was read."""
    row: Any = MeetingRow
    same = row.pk.does_not_exist() if kept.version is None else row.version == kept.version
    return tables.check(
        *kept_key(kept.event_id, kept.person_id, kept.other_id), condition=same, conflict=MeetingMoved()
    )


def wishes_of(event_id: str) -> tuple[tuple[str, str], ...]:
    """Return who would like to go on with whom."""
    raws = tables.query_all(MeetingRow, _pk(event_id), begins_with=_MEETING)
    found = (kept_of(MeetingRow.parse(raw)) for raw in raws)
    return tuple((one.person_id, one.other_id) for one in found if one.go_on)


def put_mutual(mutual: Mutual, now: datetime) -> Write:
    row_class, pk, sk = mutual_key(mutual.event_id, mutual.mentee_id, mutual.mentor_id)
    row = row_class(
        pk, sk, proposal_id=mutual.proposal_id, obstacle=mutual.obstacle,
        **tables.stamps(to_text(now), version=mutual.version),
    )  # fmt: skip
    return tables.put(row, conflict=MeetingMoved())


def mutual_of(row: MutualRow) -> Mutual:
    mentee_id, _, mentor_id = row.sk.removeprefix("MUTUAL#").partition("#")
    return Mutual(
        row.pk.removeprefix("EVENT#"), mentee_id, mentor_id, row.proposal_id, row.obstacle, int(row.version)
    )


def mutual_pairs(event_id: str) -> tuple[tuple[str, str], ...]:
    raws = tables.query_all(MutualRow, _pk(event_id), begins_with="MUTUAL#")
    found = (mutual_of(MutualRow.parse(raw)) for raw in raws)
    return tuple((one.mentee_id, one.mentor_id) for one in found)


def put_sums(event_id: str, sums: Sums, now: datetime) -> Write:
    """Return the write of a closed event's sums; again, it is the same."""
    row_class, pk, sk = sums_key(event_id)
    raw = [sums.meetings, sums.mentors, sums.mentees, sums.wishing, sums.mutual]
    return tables.put_entry(row_class(pk, sk, sums=raw, **tables.stamps(to_text(now))))


def sums_of(row: SumsRow | None) -> Sums | None:
    return Sums(*cast(Any, row.sums)) if row is not None else None


def audit(event_id: str, **what: Any) -> Write:
    """Return the write of a row of an event's trail; see `tables.audit`."""
    return tables.audit(CAPABILITY, _pk(event_id), **what)


def _person(person_id: str) -> str:
    return f"PERSON#{person_id}"


def _pk(event_id: str) -> str:
    return f"EVENT#{event_id}"
