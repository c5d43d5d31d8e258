"""Meetings of a circle: when they are on its clock, whose turn it is to present and to host, and the moves of one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.attendance.model import OPENS, OVERDUE
from chalicelib.circles.errors import MeetingNotSo
from chalicelib.circles.model import CircleRole, Place
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.intervals import Interval, cut
from chalicelib.kernel.zones import instant_at, is_skipped

MOST_MEETINGS = 40
"""Of a circle: a row and a message each when they are planned, within one transaction; as series have it."""
MOST_ITEMS = 20
"""On the agenda of one meeting. Ours: three minutes each of an hour."""
PLANNED_AHEAD = timedelta(days=2 * 365)
REMIND = timedelta(days=1)


class MeetingState(StrEnum):
    """PLANNED until it begins; RUNNING; ENDED, its attendance open to correction; CLOSED, its minutes final; or
    CANCELLED."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class MeetingMove(StrEnum):
    """BEGIN: attendance counts. END: nothing counts any more. CLOSE: its minutes are final. CANCEL: it is not held.
    ASSIGN: somebody else presents or hosts it. ADD_ITEM, DROP_ITEM: of its agenda."""

    BEGIN = "begin"
    END = "end"
    CLOSE = "close"
    CANCEL = "cancel"
    ASSIGN = "assign"
    ADD_ITEM = "add_item"
    DROP_ITEM = "drop_item"


class Duty(StrEnum):
    """PRESENTER: brings what is talked about. HOST: opens the meeting and leads through it; among peers, its chair."""

    PRESENTER = "presenter"
    HOST = "host"


class MeetingScope(StrEnum):
    """Of a change of time: this meeting, or this and those after it."""

    ONE = "one"
    FOLLOWING = "following"


MOVES: Mapping[tuple[MeetingState, MeetingMove], MeetingState] = {
    (MeetingState.PLANNED, MeetingMove.BEGIN): MeetingState.RUNNING,
    (MeetingState.RUNNING, MeetingMove.END): MeetingState.ENDED,
    # Nobody pressed the button: it was held as it was planned.
    (MeetingState.PLANNED, MeetingMove.END): MeetingState.ENDED,
    (MeetingState.ENDED, MeetingMove.CLOSE): MeetingState.CLOSED,
    (MeetingState.PLANNED, MeetingMove.CANCEL): MeetingState.CANCELLED,
}
"""All moves of its state; whatever is not here is refused."""
OVER = frozenset({MeetingState.CLOSED, MeetingState.CANCELLED})


@dataclass(frozen=True)
class Meeting:
    """One meeting of a circle.

    Attributes
    ----------
    wall, time_zone
        When it is on a wall clock, as it was promised; `starts_at` is the instant of that.
    opening, closing
        Minutes at its beginning and its end that are no education.
    presenter_id, host_id
        Who was asked for by name, or did it; None leaves it to the turn.
    """

    id: str
    circle_id: str
    wall: datetime
    time_zone: str
    starts_at: datetime
    minutes: int
    opening: int = 0
    closing: int = 0
    link: str | None = None
    status: MeetingState = MeetingState.PLANNED
    presenter_id: str | None = None
    host_id: str | None = None
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    version: int | None = None

    @property
    def planned_end(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def hours(self) -> Interval:
        """Return when it is, as it was planned."""
        return Interval(self.starts_at, self.planned_end)

    @property
    def gathering(self) -> str:
        """Its name among gatherings."""
        return f"circle-meeting#{self.id}"

    def held(self, now: datetime) -> Interval | None:
        """Return when it was held, up to now; None before it has begun and where it was cancelled."""
        if self.begun_at is None:
            return None
        return Interval(self.begun_at, max(self.begun_at, self.ended_at or now))

    def educational(self, now: datetime) -> tuple[Interval, ...]:
        """Return the stretch of it that counts as education: what lies between its opening and its closing minutes."""
        whole = self.held(now)
        if whole is None:
            return ()
        starts_at = whole.starts_at + timedelta(minutes=self.opening)
        ends_at = whole.ends_at - timedelta(minutes=self.closing)
        return (Interval(starts_at, ends_at),) if starts_at < ends_at else ()

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can be joined: from half an hour before its time until it ends."""
        if self.status is MeetingState.RUNNING:
            return True
        return self.status is MeetingState.PLANNED and self.starts_at - OPENS <= now < self.planned_end

    def on_duty(self, duty: Duty) -> str | None:
        return self.presenter_id if duty is Duty.PRESENTER else self.host_id


def walls(first: datetime, every_weeks: int, count: int) -> tuple[datetime, ...]:
    """Return when some meetings are on the same wall clock, so many weeks apart, whatever the clocks do in between."""
    return tuple(first + n * timedelta(weeks=every_weeks) for n in range(count))


def instant_of_wall(wall: datetime, zone: str, now: datetime) -> datetime:
    """Return the instant of a time that is promised on a clock; raises `Invalid` for one that the clock never shows, is
    over, or too far."""
    if wall.date() > date.max - PLANNED_AHEAD or wall.date() > (now + PLANNED_AHEAD).date():
        raise Invalid.field("/on", "Give a day within the next two years.")
    if is_skipped(wall, zone):
        raise Invalid.field(
            "/at",
            f"On {wall.date()} the clock of {zone} jumps over {wall:%H:%M} in spring. Choose another time.",
        )
    starts_at = instant_at(wall, zone)
    if starts_at <= now:
        raise Invalid.field("/on", "Give a time that is to come.")
    return starts_at


def require_apart(meant: Iterable[Meeting], others: Iterable[Meeting]) -> None:
    """Let pass meetings that are at hours of their own: nobody is at two at once, and no minute counts twice; raises
    `Invalid`. `others` are all of the circle, as they were."""
    changed = {one.id: one for one in meant}
    whole = [one for one in others if one.id not in changed and one.status is not MeetingState.CANCELLED]
    for one in changed.values():
        for other in whole:
            if cut([one.hours], other.hours):
                raise Invalid.field(
                    "/at",
                    f"At {one.wall:%Y-%m-%d %H:%M} there would be two at once: another begins at "
                    f"{to_text(other.starts_at)}. Choose another time, or cancel that one.",
                )
        whole.append(one)


def moved(
    meeting: Meeting,
    move: MeetingMove,
    now: datetime,
    ended_at: datetime | None = None,
    *,
    others: Iterable[Meeting] = (),
) -> Meeting:
    """Return a meeting after a move of its state; raises `MeetingNotSo`, `Invalid`.

    Parameters
    ----------
    ended_at
        When it really ended, if whoever says so comes late.
    others
        The circle's other meetings: one is held at a time, so that no minute counts twice.
    """
    after = MOVES.get((meeting.status, move))
    if after is None and move is MeetingMove.CANCEL and meeting.status is not MeetingState.CANCELLED:
        raise MeetingNotSo("It has begun, so it is not cancelled any more. End it, and close it.")
    if after is None:
        raise MeetingNotSo(f"It is {meeting.status}.")
    changed = replace(meeting, status=after)
    if move is MeetingMove.BEGIN:
        if now < meeting.starts_at - OPENS:
            raise MeetingNotSo("It can begin half an hour before its time. Move it to hold it earlier.")
        if now >= meeting.planned_end + OVERDUE:
            raise MeetingNotSo("Its time is long over. End it, and it was held as it was planned.")
        if any(one.status is MeetingState.RUNNING for one in others):
            raise MeetingNotSo("Another meeting of the circle runs. End that one first.")
        return replace(changed, begun_at=now)
    if move is not MeetingMove.END:
        return changed
    if meeting.begun_at is None:
        if now < meeting.planned_end:
            raise MeetingNotSo("It has not begun, and its time is not over. Begin it, or cancel it.")
        held = (other for one in others if (other := one.held(now)) is not None)
        if cut(held, meeting.hours):
            raise MeetingNotSo("Another meeting of the circle was held at its time. Cancel this one.")
        return replace(changed, begun_at=meeting.starts_at, ended_at=meeting.planned_end)
    due = meeting.begun_at + timedelta(minutes=meeting.minutes)
    if ended_at is None and now > due + OVERDUE:
        raise MeetingNotSo(f"By its plan it ended at {to_text(due)}. Say when it did, as ended_at.")
    if ended_at is not None and not meeting.begun_at <= ended_at <= now:
        raise Invalid.field("/ended_at", "Give an instant after it began, and not after now.")
    if ended_at is not None and ended_at > due + OVERDUE:
        # As when it is ended at once: hours that nobody planned are no hours held.
        raise Invalid.field(
            "/ended_at", f"By its plan it ended at {to_text(due)}. Give two hours after it at most."
        )
    return replace(changed, ended_at=ended_at or now)


# Turns.


@dataclass(frozen=True)
class Turns:
    """Who presents and who hosts a meeting; None where there is nobody."""

    presenter_id: str | None
    host_id: str | None

    def of(self, duty: Duty) -> str | None:
        return self.presenter_id if duty is Duty.PRESENTER else self.host_id


def turns(
    meetings: Iterable[Meeting], places: Sequence[Place], there: Mapping[str, frozenset[str]] | None = None
) -> dict[str, Turns]:
    """Return who presents and hosts each meeting that is not cancelled, by its id.

    The turn is that of the member who had it longest ago; who has not had one yet counts from when they joined, so a
    newcomer comes after those who wait, and nobody presents twice before everybody has once. Who left is passed over
    from then on. Who was to and did not come has not had their turn: it is theirs again, the next time. Who presents
    does not host, where there is somebody else. Who was asked for by name stays, as long as they take part.

    Parameters
    ----------
    places
        Of the circle.
    there
        By the id of a closed meeting, who was there.
    """
    known = there or {}
    active = {one.person_id: one for one in places if one.is_active and one.role is CircleRole.MEMBER}
    allowed = {one.person_id for one in places if one.is_active}
    last = {duty: {one.person_id: one.joined_at or one.since for one in active.values()} for duty in Duty}
    found = {}
    for meeting in sorted(meetings, key=lambda one: (one.starts_at, one.id)):
        if meeting.status is MeetingState.CANCELLED:
            continue
        if meeting.status is MeetingState.PLANNED:
            pinned = {
                duty: who for duty in Duty if (who := meeting.on_duty(duty)) in allowed and who is not None
            }
            given: dict[Duty, str | None] = {**pinned}
            for duty in Duty:
                if duty not in given:
                    given[duty] = _next(last[duty], set(given.values()))
        else:
            given = {duty: who for duty in Duty if (who := meeting.on_duty(duty)) is not None}
        found[meeting.id] = Turns(given.get(Duty.PRESENTER), given.get(Duty.HOST))
        for duty, who in given.items():
            was_there = meeting.status is not MeetingState.CLOSED or who in known.get(meeting.id, frozenset())
            if who in last[duty] and was_there:
                last[duty][who] = max(last[duty][who], meeting.starts_at)
    return found


def _next(last: Mapping[str, datetime], taken: set[str | None]) -> str | None:
    free = [one for one in last if one not in taken] or list(last)
    return min(free, key=lambda one: (last[one], one), default=None)


# Agendas.


@dataclass(frozen=True)
class Item:
    """Something on the agenda of a meeting.

    Attributes
    ----------
    note
        For the circle alone: coordinators do not read it.
    """

    id: str
    meeting_id: str
    title: str
    minutes: int | None
    note: str
    by: str
    added_at: datetime


@dataclass(frozen=True)
class Result:
    """What came of a closed meeting for one person: for how many seconds they were there, how many of these of
    education, and for how many it was held."""

    circle_id: str
    meeting_id: str
    person_id: str
    seconds: int
    educational: int
    held: int


@dataclass(frozen=True)
class Share:
    """How much of the time held somebody was there, in the meetings that are closed; in seconds; `percent` is None
    where nothing was held."""

    meetings: int
    attended: int
    held: int
    percent: int | None
    is_enough: bool


def share_of(person_id: str, asked: int, meetings: Iterable[Meeting], results: Iterable[Result]) -> Share:
    """Return how much of the time of the closed meetings somebody was there, and whether that is as much as is
    asked."""
    whole = [one.held(one.ended_at) for one in meetings if one.status is MeetingState.CLOSED and one.ended_at]
    held = sum(one.seconds for one in whole if one is not None)
    mine = [one for one in results if one.person_id == person_id and one.seconds]
    attended = sum(one.seconds for one in mine)
    percent = attended * 100 // held if held else None
    return Share(
        len(mine), attended, held, percent, held > 0 and attended > 0 and attended * 100 >= asked * held
    )
