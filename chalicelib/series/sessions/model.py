"""Sessions of a series: the plan in blocks, the moves through it, and the clock that tells how it runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.attendance.model import OPENS, OVERDUE
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.intervals import Interval
from chalicelib.kernel.zones import wall_at
from chalicelib.series.errors import SessionNotSo

MOST_WEEKS = 40
"""Sessions made in one request: a row and a message each, within one transaction."""
WEEK = timedelta(weeks=1)
PLANNED_AHEAD = timedelta(days=3 * 365)
"""How far ahead a session is planned, at most: beyond it a year is more often mistyped than meant."""
REMIND = timedelta(days=1)
"""How long before a session those who take part are written to."""


class BlockKind(StrEnum):
    """What a block of a session is for."""

    WELCOME = "welcome"
    DIDACTIC = "didactic"
    QUESTIONS = "questions"
    CASE = "case"
    RECOMMENDATIONS = "recommendations"
    DISCUSSION = "discussion"
    BREAK = "break"
    EVALUATION = "evaluation"
    WRAP = "wrap"


EDUCATIONAL = frozenset(
    {
        BlockKind.DIDACTIC,
        BlockKind.QUESTIONS,
        BlockKind.CASE,
        BlockKind.RECOMMENDATIONS,
        BlockKind.DISCUSSION,
    }
)
"""What counts as education: not greetings, breaks, forms and goodbyes."""


@dataclass(frozen=True)
class Block:
    """A part of a session, in minutes; `presenter_id` is who gives it, where the plan names somebody."""

    kind: BlockKind
    minutes: int
    title: str = ""
    presenter_id: str | None = None


class Template(StrEnum):
    """Plans that have been published. ECHO_ONTARIO: 90 minutes, weekly, of a 24-week cycle. CARDI_OH: 60 minutes.
    LOW_RESOURCE: 60 to 90 minutes for slow lines, as ECHO Sudan has them: under 20 of a talk, under 20 of a case, the
    rest discussion."""

    ECHO_ONTARIO = "echo_ontario"
    CARDI_OH = "cardi_oh"
    LOW_RESOURCE = "low_resource"


@dataclass(frozen=True)
class Plan:
    """A template's blocks and its source."""

    blocks: tuple[Block, ...]
    source: str


_K = BlockKind
TEMPLATES: Mapping[Template, Plan] = {
    Template.ECHO_ONTARIO: Plan(
        (
            Block(_K.WELCOME, 7), Block(_K.DIDACTIC, 23), Block(_K.CASE, 25), Block(_K.CASE, 25), Block(_K.WRAP, 5),
            Block(_K.EVALUATION, 5),
        ),
        "ECHO Ontario: weekly sessions of 90 minutes in a cycle of 24 weeks",
    ),
    Template.CARDI_OH: Plan(
        (
            Block(_K.WELCOME, 5), Block(_K.DIDACTIC, 10), Block(_K.CASE, 20), Block(_K.CASE, 20),
            Block(_K.EVALUATION, 5),
        ),
        "Cardi-OH tele-ECHO clinics: sessions of 60 minutes, the talk with its questions",
    ),
    Template.LOW_RESOURCE: Plan(
        (
            Block(_K.WELCOME, 5), Block(_K.DIDACTIC, 15), Block(_K.CASE, 15), Block(_K.DISCUSSION, 20),
            Block(_K.WRAP, 5),
        ),
        "ECHO Sudan: 60 to 90 minutes, under 20 of a talk, under 20 of a case, the rest discussion",
    ),
}  # fmt: skip
"""The published shapes; where a source leaves minutes open (LOW_RESOURCE), they are ours within its bounds."""
LENGTHS: Mapping[Template, tuple[int, int]] = {Template.LOW_RESOURCE: (60, 90)}
"""How long a template's session is at least and at most, where its source (the plan's) leaves that open."""


def plan_of(template: Template, minutes: int | None) -> Plan:
    """Return a template's plan, of so many minutes where its source leaves that open: discussion takes what is more.

    Raises
    ------
    Invalid
        For minutes that the source does not have.
    """
    plan = TEMPLATES[template]
    whole = sum(one.minutes for one in plan.blocks)
    least, most = LENGTHS.get(template, (whole, whole))
    if minutes is None or minutes == whole:
        return plan
    if not least <= minutes <= most:
        lengths = f"{least}" if least == most else f"{least} to {most}"
        raise Invalid.field(
            "/minutes", f"{template} takes {lengths} minutes. For other lengths give blocks of your own."
        )
    blocks = tuple(
        replace(one, minutes=one.minutes + minutes - whole) if one.kind is BlockKind.DISCUSSION else one
        for one in plan.blocks
    )
    return replace(plan, blocks=blocks)


class SessionState(StrEnum):
    """PLANNED until it begins; RUNNING on its clock; ENDED, its attendance open to correction; CLOSED, its minutes
    final; or CANCELLED."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Move(StrEnum):
    """BEGIN: the first block runs. NEXT, BACK: another block runs. END: nothing runs any more. CLOSE: its minutes are
    final. CANCEL: it is not held."""

    BEGIN = "begin"
    NEXT = "next"
    BACK = "back"
    END = "end"
    CLOSE = "close"
    CANCEL = "cancel"


MOVES: Mapping[tuple[SessionState, Move], SessionState] = {
    (SessionState.PLANNED, Move.BEGIN): SessionState.RUNNING,
    (SessionState.RUNNING, Move.NEXT): SessionState.RUNNING,
    (SessionState.RUNNING, Move.BACK): SessionState.RUNNING,
    (SessionState.RUNNING, Move.END): SessionState.ENDED,
    # Nobody pressed the button: it was held as it was planned.
    (SessionState.PLANNED, Move.END): SessionState.ENDED,
    (SessionState.ENDED, Move.CLOSE): SessionState.CLOSED,
    (SessionState.PLANNED, Move.CANCEL): SessionState.CANCELLED,
}
"""All moves there are; whatever is not here is refused."""


@dataclass(frozen=True)
class Session:
    """One session of a series.

    Attributes
    ----------
    meeting
        The number of the room at the provider of the calls, by which its events are known.
    entered
        Which block was entered when, in order, by its place in the plan from 0.
    """

    id: str
    series_id: str
    title: str
    starts_at: datetime
    blocks: tuple[Block, ...]
    source: str = ""
    link: str | None = None
    meeting: str | None = None
    status: SessionState = SessionState.PLANNED
    entered: tuple[tuple[int, datetime], ...] = ()
    ended_at: datetime | None = None
    version: int | None = None

    @property
    def minutes(self) -> int:
        return sum(one.minutes for one in self.blocks)

    @property
    def planned_end(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def gathering(self) -> str:
        """Its name among gatherings."""
        return f"series-session#{self.id}"

    @property
    def running(self) -> int | None:
        """The place of the block that runs."""
        return self.entered[-1][0] if self.status is SessionState.RUNNING else None

    def held(self, now: datetime) -> Interval | None:
        """Return when it was held, up to now; None before it has begun and where it was cancelled."""
        if not self.entered:
            return None
        starts_at = self.entered[0][1]
        return Interval(starts_at, max(starts_at, self.ended_at or now))

    def day(self, time_zone: str) -> date | None:
        """Return the day on which it began by its series' clock; None before it has begun."""
        return wall_at(self.entered[0][1], time_zone).date() if self.entered else None

    def spent(self, now: datetime) -> tuple[tuple[int, Interval], ...]:
        """Return which block ran when, in order."""
        ends = [at for _, at in self.entered[1:]] + [self.ended_at or now]
        return tuple(
            (place, Interval(since, max(since, until)))
            for (place, since), until in zip(self.entered, ends, strict=True)
        )

    def educational(self, now: datetime) -> tuple[Interval, ...]:
        """Return the stretches of it that count as education."""
        return tuple(one for place, one in self.spent(now) if self.blocks[place].kind in EDUCATIONAL)

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can be joined: from half an hour before its time until it ends."""
        if self.status is SessionState.RUNNING:
            return True
        return self.status is SessionState.PLANNED and self.starts_at - OPENS <= now < self.planned_end


def moved(session: Session, move: Move, now: datetime, ended_at: datetime | None = None) -> Session:
    """Return a session after a move; raises `SessionNotSo`, `Invalid`.

    Parameters
    ----------
    ended_at
        When it really ended, if whoever says so comes late.
    """
    after = MOVES.get((session.status, move))
    if after is None:
        raise SessionNotSo(f"It is {session.status}.")
    changed = replace(session, status=after)
    if move is Move.BEGIN:
        if now < session.starts_at - OPENS:
            raise SessionNotSo(
                "It can begin half an hour before its time. Change its time to hold it earlier."
            )
        if now >= session.planned_end + OVERDUE:
            raise SessionNotSo("Its time is long over. End it, and it was held as it was planned.")
        return replace(changed, entered=((0, now),))
    if move in (Move.NEXT, Move.BACK):
        return replace(changed, entered=(*session.entered, (_beside(session, move), now)))
    if move is Move.END:
        return _ended(changed, now, ended_at) if session.entered else _as_planned(changed, now)
    return changed


def _ended(session: Session, now: datetime, ended_at: datetime | None) -> Session:
    begun, due = session.entered[0][1], session.entered[0][1] + timedelta(minutes=session.minutes)
    if ended_at is None and now > due + OVERDUE:
        # Whoever was there all through would have been there for a small part of a day.
        raise SessionNotSo(f"By its plan it ended at {to_text(due)}. Say when it did, as ended_at.")
    if ended_at is not None and not session.entered[-1][1] <= ended_at <= now:
        raise Invalid.field("/ended_at", "Give an instant after its last block began, and not after now.")
    ended = replace(session, ended_at=ended_at or now)
    if len(session.entered) > 1:
        return ended
    # Nobody moved the clock on: its blocks ran as planned, the last of them to the end.
    laid = [(place, at) for place, at in _laid(session, begun) if place == 0 or at < (ended_at or now)]
    return replace(ended, entered=tuple(laid))


def _laid(session: Session, at: datetime) -> Iterator[tuple[int, datetime]]:
    """Yield when each block begins, by the plan, of a session that begins at an instant."""
    for place, block in enumerate(session.blocks):
        yield place, at
        at += timedelta(minutes=block.minutes)


def _beside(session: Session, move: Move) -> int:
    place = (session.running or 0) + (1 if move is Move.NEXT else -1)
    if not 0 <= place < len(session.blocks):
        raise SessionNotSo("There is no block there. End the session when it is over.")
    return place


def _as_planned(session: Session, now: datetime) -> Session:
    if now < session.planned_end:
        raise SessionNotSo("It has not begun, and its time is not over. Begin it, or cancel it.")
    return replace(session, entered=tuple(_laid(session, session.starts_at)), ended_at=session.planned_end)


class BlockState(StrEnum):
    DONE = "done"
    RUNNING = "running"
    TO_COME = "to_come"


@dataclass(frozen=True)
class BlockOnClock:
    """How a block stands; times in seconds.

    Attributes
    ----------
    spent
        How long it has run, each time it did.
    over
        How much longer than planned.
    """

    block: Block
    state: BlockState
    spent: int
    over: int


@dataclass(frozen=True)
class Clock:
    """How a session runs at an instant; times in seconds.

    Attributes
    ----------
    left
        Of the running block; 0 where it is over its time.
    behind
        How much later than the plan it would end, if the running block ended in its time and all others, too; less than
        0 where it is ahead.
    ends_at
        When it would end so.
    """

    session: Session
    now: datetime
    blocks: tuple[BlockOnClock, ...]
    running: int | None
    left: int
    behind: int
    ends_at: datetime

    @property
    def version(self) -> int | None:
        return self.session.version


def clock(session: Session, now: datetime) -> Clock:
    """Return how a session runs."""
    spent = [0] * len(session.blocks)
    for place, stretch in session.spent(now) if session.entered else ():
        spent[place] += stretch.seconds
    running = session.running
    reached = max((place for place, _ in session.entered), default=-1)
    is_over = session.status in (SessionState.ENDED, SessionState.CLOSED)
    shown = []
    for place, block in enumerate(session.blocks):
        if place == running:
            state = BlockState.RUNNING
        else:
            behind_us = place < running if running is not None else is_over and place <= reached
            state = BlockState.DONE if behind_us else BlockState.TO_COME
        shown.append(BlockOnClock(block, state, spent[place], max(0, spent[place] - block.minutes * 60)))
    left = max(0, session.blocks[running].minutes * 60 - spent[running]) if running is not None else 0
    ends_at = _ends_at(session, now, left)
    behind = int((ends_at - session.planned_end).total_seconds())
    return Clock(session, now, tuple(shown), running, left, behind, ends_at)


def _ends_at(session: Session, now: datetime, left: int) -> datetime:
    if session.ended_at is not None:
        return session.ended_at
    if session.running is None:
        return session.planned_end
    to_come = sum(one.minutes for one in session.blocks[session.running + 1 :])
    return now + timedelta(seconds=left, minutes=to_come)
