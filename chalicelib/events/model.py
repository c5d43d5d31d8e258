"""Speed events: the plan and its hours, places, what is told of them live, and the clock."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple

from chalicelib.events.errors import EventNotSo
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.intervals import Interval
from chalicelib.matching.timetable import MAX_ROUNDS, Shortfall
from chalicelib.measures.disclosure import FEWEST
from chalicelib.people import codes
from chalicelib.programmes.model import PairKind, Side

DEFAULT_ROUNDS: Final = 5
DEFAULT_MINUTES: Final = 10
"""Five mentors for ten minutes each within an hour: the form that the American College of Surgeons ran at its Clinical
Congress of 2015 with 60 mentors and 49 mentees (*J Surg Educ* 2017;74(6):1007-1011, PMID 28549928; read 2026-11-23)."""
DEFAULT_PAUSE: Final = 2
"""Minutes between two rounds: what the hour of that form has left. Ours."""
MOST_SEATS: Final[Mapping[Side, int]] = {Side.MENTOR: 100, Side.MENTEE: 200}
"""Ours: a timetable of so many is made while somebody waits for it (benchmarks/README.md)."""
PLANNED_AHEAD: Final = timedelta(days=2 * 365)
SETTLES: Final = timedelta(seconds=30)
"""How long before it begins a round stays as it is: people are on their way to it. Ours."""
REMIND: Final = timedelta(days=1)
WISHES_OPEN: Final = timedelta(days=1)
"""For how long after its end people surely have time to say with whom they would like to go on: no event is closed
before. Ours."""
CLOSES_ITSELF: Final = timedelta(days=7)
"""How long after its end an event is closed that nobody closes. Ours."""
MOST_DELAY: Final = 60
"""Minutes of one delay."""
MOST_DELAYED: Final = 180
"""Minutes of all delays of an event: who has set an hour aside for it has not set half a day aside. Ours."""


class EventStatus(StrEnum):
    """PLANNED: places are taken. PUBLISHED: it has its timetable, and runs by the clock. CLOSED, its sums and credit
    final; or CANCELLED."""

    PLANNED = "planned"
    PUBLISHED = "published"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Break(NamedTuple):
    """A longer pause: after which round, counted from 1, and for how many minutes."""

    after: int
    minutes: int


@dataclass(frozen=True)
class Plan:
    """What a coordinator plans.

    Attributes
    ----------
    starts_at, time_zone
        The instant, and the IANA zone in which the event is at home.
    pause
        Minutes between two rounds, where there is no break.
    closes_at
        Until when places are taken; None until it begins.
    link
        Where people meet.
    """

    title: str
    starts_at: datetime
    time_zone: str
    mentor_seats: int
    mentee_seats: int
    rounds: int = DEFAULT_ROUNDS
    minutes: int = DEFAULT_MINUTES
    pause: int = DEFAULT_PAUSE
    breaks: tuple[Break, ...] = ()
    closes_at: datetime | None = None
    link: str | None = None

    def seats(self, side: Side) -> int:
        return self.mentor_seats if side is Side.MENTOR else self.mentee_seats


@dataclass(frozen=True)
class Event:
    """A speed event of a programme.

    Attributes
    ----------
    kind
        The programme's, which never changes.
    delays
        Before which round, counted from 0, everything was put off by how many minutes.
    timetable
        The version of its timetable, which rises each time it is made anew; 0 before it is published.
    reason
        Why it was cancelled, in the coordinator's words.
    """

    id: str
    programme_id: str
    organisation_id: str
    plan: Plan
    kind: PairKind = PairKind.ONE_TO_ONE
    status: EventStatus = EventStatus.PLANNED
    delays: tuple[tuple[int, int], ...] = ()
    timetable: int = 0
    reason: str = ""
    version: int | None = None

    @cached_property
    def hours(self) -> tuple[Interval, ...]:
        """When each round is held; asked for each of a timetable's meetings."""
        plan, at, found = self.plan, self.plan.starts_at, []
        breaks = dict(plan.breaks)
        for n in range(plan.rounds):
            at += timedelta(minutes=sum(minutes for first, minutes in self.delays if first == n))
            found.append(Interval(at, at + timedelta(minutes=plan.minutes)))
            at = found[-1].ends_at + timedelta(minutes=breaks.get(n + 1, plan.pause))
        return tuple(found)

    @property
    def held(self) -> Interval:
        """From the first round to the end of the last."""
        hours = self.hours
        return Interval(hours[0].starts_at, hours[-1].ends_at)

    @property
    def is_ahead(self) -> bool:
        """Tell whether it is still to be held, or is: neither cancelled nor closed."""
        return self.status in (EventStatus.PLANNED, EventStatus.PUBLISHED)

    @property
    def places_until(self) -> datetime:
        """Up to when places are taken."""
        return self.plan.closes_at or self.plan.starts_at

    def takes_places(self, now: datetime) -> bool:
        return self.is_ahead and now < self.places_until

    def running(self, now: datetime) -> int | None:
        """Return the round that runs, from 0."""
        return next((n for n, one in enumerate(self.hours) if one.starts_at <= now < one.ends_at), None)

    def begun(self, now: datetime) -> int:
        """Return how many rounds have begun."""
        return sum(one.starts_at <= now for one in self.hours)

    def ended(self, now: datetime) -> int:
        """Return how many rounds are over."""
        return sum(one.ends_at <= now for one in self.hours)

    def fixed(self, now: datetime) -> int:
        """Return how many rounds stay as they are, since they have begun or are about to."""
        return sum(one.starts_at <= now + SETTLES for one in self.hours)


def checked_plan(plan: Plan, now: datetime, before: Plan | None = None) -> Plan:
    """Return a plan that can be held, its breaks in order; raises `Invalid` with all that is wrong.

    Parameters
    ----------
    before
        The plan that is changed: until when places were taken may be over by now.
    """
    wrong: list[FieldError] = []
    if plan.starts_at <= now:
        wrong.append(FieldError("/starts_at", "Give an instant that is still to come."))
    elif plan.starts_at > now + PLANNED_AHEAD:
        wrong.append(FieldError("/starts_at", "Give an instant within the next two years."))
    if codes.canonical_zone(plan.time_zone) is None:
        wrong.append(FieldError("/time_zone", "Give an IANA time zone, for example Africa/Nairobi."))
    if not 1 <= plan.rounds <= MAX_ROUNDS:
        wrong.append(FieldError("/rounds", f"Give 1 to {MAX_ROUNDS} rounds."))
    after = [one.after for one in plan.breaks]
    for n, one in enumerate(plan.breaks):
        if not 1 <= one.after < plan.rounds or after.count(one.after) > 1:
            wrong.append(FieldError(f"/breaks/{n}/after", "Name a round that another follows, each once."))
    stays = before is not None and plan.closes_at == before.closes_at
    if plan.closes_at is not None and not (
        (stays or now < plan.closes_at) and plan.closes_at <= plan.starts_at
    ):
        wrong.append(
            FieldError("/closes_at", "Give an instant that is still to come, and not after the start.")
        )
    for side, most in MOST_SEATS.items():
        if not 1 <= plan.seats(side) <= most:
            wrong.append(FieldError(f"/{side}_seats", f"Give 1 to {most} seats."))
    if wrong:
        raise Invalid(f"{len(wrong)} of the plan cannot be so.", tuple(wrong))
    return replace(plan, breaks=tuple(sorted(plan.breaks)))


AFTER_PUBLICATION = frozenset({"title", "link"})
"""What of a plan may still change once people have their timetable."""


class PlaceStatus(StrEnum):
    """TAKEN has a seat; WAITING is on the list; LEFT has given it back."""

    TAKEN = "taken"
    WAITING = "waiting"
    LEFT = "left"


class Presence(StrEnum):
    """What was told last of somebody: nothing (EXPECTED), that they are PRESENT, come LATE, are GONE for good, or that
    their table waits for them (MISSING)."""

    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    GONE = "gone"
    MISSING = "missing"


@dataclass(frozen=True)
class Place:
    """Somebody's place at an event.

    Attributes
    ----------
    since
        When it was taken, or put on the list: by this the list is ordered.
    absent
        The rounds, from 0, in which they are not there. Who is in a round's timetable and absent did not meet.
    """

    event_id: str
    person_id: str
    side: Side
    status: PlaceStatus
    since: datetime
    presence: Presence = Presence.EXPECTED
    absent: frozenset[int] = frozenset()
    version: int | None = None

    @property
    def is_seated(self) -> bool:
        return self.status is PlaceStatus.TAKEN


@dataclass(frozen=True)
class Seats:
    """How many seats each side has, how many are taken, and how many wait. Somebody waits on a side only while all its
    seats are taken."""

    event_id: str
    seats: Mapping[Side, int]
    taken: Mapping[Side, int]
    waiting: Mapping[Side, int]
    version: int | None = None

    def free(self, side: Side) -> int:
        return 0 if self.waiting[side] else max(0, self.seats[side] - self.taken[side])


def queue(places: Iterable[Place], side: Side) -> list[Place]:
    """Return who waits on a side, the first first."""
    waiting = (one for one in places if one.side is side and one.status is PlaceStatus.WAITING)
    return sorted(waiting, key=lambda one: (one.since, one.person_id))


def told(place: Place, presence: Presence, event: Event, now: datetime, until: int | None = None) -> Place:
    """Return a place after what was told of somebody at an instant.

    What is over stays. PRESENT counts for the round that runs, too; LATE and MISSING are not in it; who is GONE was in
    it, unless their table says otherwise. A table that misses somebody who has said from which round on they come tells
    nothing new.

    Parameters
    ----------
    until
        Of LATE: the first round, from 0, in which they are there again; None where they do not know.

    Raises
    ------
    EventNotSo
        If the event is over, or was not published.
    """
    if event.status is not EventStatus.PUBLISHED or now >= event.held.ends_at:
        raise EventNotSo(
            "Who is there is told while an event has its timetable, until its last round is over."
        )
    rounds, current, begun = event.plan.rounds, event.ended(now), event.begun(now)
    if presence is Presence.MISSING and place.presence is Presence.LATE and current in place.absent:
        return place
    over = frozenset(one for one in place.absent if one < current)
    last = rounds if until is None else min(until, rounds)
    ahead = {
        Presence.EXPECTED: frozenset[int](),
        Presence.PRESENT: frozenset[int](),
        Presence.LATE: frozenset(range(current, last)),
        Presence.MISSING: frozenset(range(current, rounds)),
        Presence.GONE: frozenset(range(begun, rounds)) | {one for one in place.absent if one < begun},
    }[presence]
    return replace(place, presence=presence, absent=over | ahead)


class LeftOutReason(StrEnum):
    """Why somebody with a seat is not in the timetable: they are not enrolled on that side any more, or nothing
    verifies them as the programme asks, or their account is gone."""

    NOT_ENROLLED = "not_enrolled"
    NOT_VERIFIED = "not_verified"
    NO_ACCOUNT = "no_account"


class Sitting(NamedTuple):
    """Two people in a round, which is counted from 0."""

    round: int
    mentee_id: str
    mentor_id: str

    def other(self, person_id: str) -> str:
        return self.mentor_id if person_id == self.mentee_id else self.mentee_id


@dataclass(frozen=True)
class Rest:
    """A mentee who rests in a round in which they are there: how many meetings they have, and why no more."""

    mentee_id: str
    meetings: int
    reason: Shortfall


@dataclass(frozen=True)
class EventTimetable:
    """Who meets whom.

    Attributes
    ----------
    sittings
        By round; those that were planned and not held, since somebody was absent, are among them.
    value, bound
        Its points, and what no timetable as fair has more of.
    left_out
        Who has a seat and is not in it, and why.
    made_of
        The `fingerprint` of the places that it was made of last.
    number
        The event's `timetable` with which it was told: of the two rows, read beside each other, one may be older.
    """

    event_id: str
    sittings: tuple[Sitting, ...]
    value: int = 0
    bound: int = 0
    rests: tuple[Rest, ...] = ()
    left_out: tuple[tuple[str, LeftOutReason], ...] = ()
    made_at: datetime | None = None
    made_of: str = ""
    number: int = 0
    version: int | None = None

    def of(self, person_id: str) -> tuple[Sitting, ...]:
        return tuple(one for one in self.sittings if person_id in (one.mentee_id, one.mentor_id))


class SittingState(StrEnum):
    """PLANNED until its round begins; RUNNING; HELD; or MISSED, since one of the two was not there, or the event is
    cancelled."""

    PLANNED = "planned"
    RUNNING = "running"
    HELD = "held"
    MISSED = "missed"


Absences = Mapping[str, Collection[int]]
"""Of people the rounds in which they are not there."""


def absences_of(places: Iterable[Place]) -> dict[str, frozenset[int]]:
    return {one.person_id: one.absent for one in places}


def fingerprint(places: Iterable[Place]) -> str:
    """Return a text that differs where other people have a seat, or are absent in other rounds."""
    told = sorted((one.person_id, one.side.value, one.is_seated, sorted(one.absent)) for one in places)
    return hashlib.blake2b(json.dumps(told).encode(), digest_size=16).hexdigest()


def took_place(sitting: Sitting, absences: Absences) -> bool:
    """Tell whether both were there."""
    both = (sitting.mentee_id, sitting.mentor_id)
    return all(sitting.round not in absences.get(one, ()) for one in both)


def state_of(sitting: Sitting, absences: Absences, event: Event, now: datetime) -> SittingState:
    if event.status is EventStatus.CANCELLED or not took_place(sitting, absences):
        return SittingState.MISSED
    hours = event.hours[sitting.round]
    if now < hours.starts_at:
        return SittingState.PLANNED
    return SittingState.RUNNING if now < hours.ends_at else SittingState.HELD


def held_sittings(
    timetable: EventTimetable, absences: Absences, event: Event, now: datetime
) -> tuple[Sitting, ...]:
    """Return the meetings that are over, and at which both were."""
    return tuple(
        one for one in timetable.sittings if state_of(one, absences, event, now) is SittingState.HELD
    )


class ClockState(StrEnum):
    """BEFORE the first round; in a ROUND; in a PAUSE between two; or OVER."""

    BEFORE = "before"
    ROUND = "round"
    PAUSE = "pause"
    OVER = "over"


@dataclass(frozen=True)
class Clock:
    """How an event runs at an instant.

    Attributes
    ----------
    running, following
        The round that runs, and the next, from 0.
    left
        Whole seconds until what is now ends: the round, or the time before the next; 0 when it is over.
    clashes
        Of who asks: other events at the same time, since rounds were put off.
    """

    event: Event
    now: datetime
    state: ClockState
    running: int | None
    following: int | None
    left: int
    place: Place | None = None
    clashes: tuple[str, ...] = ()


def clock(event: Event, now: datetime, place: Place | None = None) -> Clock:
    """Return how an event runs."""
    hours, running, begun = event.hours, event.running(now), event.begun(now)
    if event.status is EventStatus.CANCELLED or (begun and not event.timetable):
        running, begun = None, len(hours)  # nobody meets anybody
    following = begun if begun < len(hours) else None
    if running is not None:
        state, until = ClockState.ROUND, hours[running].ends_at
    elif following is not None:
        state = ClockState.PAUSE if begun else ClockState.BEFORE
        until = hours[following].starts_at
    else:
        state, until = ClockState.OVER, now
    left = -int((now - until).total_seconds() // 1)
    return Clock(event, now, state, running, following, max(0, left), place)


def delayed(event: Event, minutes: int, now: datetime) -> Event:
    """Return an event whose rounds that have not begun are put off; raises `EventNotSo`."""
    if event.status is not EventStatus.PUBLISHED:
        raise EventNotSo("Change the plan of an event that has no timetable yet.")
    first = event.begun(now)
    if first >= event.plan.rounds:
        raise EventNotSo("No round is still to begin.")
    so_far = sum(each for _, each in event.delays)
    if so_far + minutes > MOST_DELAYED:
        raise EventNotSo(
            f"Its rounds were put off by {so_far} minutes already, of at most {MOST_DELAYED} in all. "
            "Close it when it is over, and plan another."
        )
    return replace(event, delays=(*event.delays, (first, minutes)))


def cancelled(event: Event, reason: str, now: datetime) -> Event:
    """Return a cancelled event; raises `EventNotSo` once its first round has begun."""
    if not event.is_ahead or event.begun(now):
        raise EventNotSo("An event is cancelled before it begins.")
    return replace(event, status=EventStatus.CANCELLED, reason=reason)


def closed(event: Event, now: datetime, after: timedelta) -> Event:
    """Return a closed event; raises `EventNotSo` before so long after its end."""
    if not event.is_ahead:
        raise EventNotSo(f"It is {event.status}.")
    if now < event.held.ends_at + after:
        raise EventNotSo(
            "Close it a day after its end, so that people can say with whom they would like to go on."
        )
    return replace(event, status=EventStatus.CLOSED)


@dataclass(frozen=True)
class Sums:
    """What a closed event came to; None where a sum would be of fewer than five people, or of all but fewer than
    five.

    Attributes
    ----------
    mentors, mentees
        How many met somebody.
    wishing
        How many would like to go on with somebody.
    mutual
        Pairs of whom both would.
    """

    meetings: int
    mentors: int
    mentees: int
    wishing: int | None
    mutual: int | None


def sums_of(
    held: Collection[Sitting], wishes: Collection[tuple[str, str]], mutual: Collection[tuple[str, str]]
) -> Sums:
    """Return the sums of meetings that were held, of wishes (who, for whom), and of pairs."""
    wishing = {who for who, _ in wishes}
    concerned = {one for pair in mutual for one in pair}
    mentors, mentees = {one.mentor_id for one in held}, {one.mentee_id for one in held}
    # All but a few, and whoever knows those few knows who wishes what.
    is_told = len(wishing) >= FEWEST and len((mentors | mentees) - wishing) >= FEWEST
    return Sums(
        len(held), len(mentors), len(mentees), len(wishing) if is_told else None,
        len(mutual) if len(concerned) >= FEWEST else None,
    )  # fmt: skip
