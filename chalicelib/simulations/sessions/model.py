"""Simulations: a session of some cases, one after another, played by participants with moderators; its states and
times, and who moderates whom."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.clock import to_text
from chalicelib.kernel.intervals import Interval
from chalicelib.people.codes import IncomeGroup
from chalicelib.simulations.errors import ModeratorsMissing, MoveRefused, PlaceTaken

DEFAULT_PER_MODERATOR = 5
BEGINS = timedelta(hours=3)
"""How long before its time a simulation can begin, at most: the hour may move on the day, the day may not. Ours."""


class SimulationStatus(StrEnum):
    """PLANNED until its first case begins; RUNNING; in DEBRIEF, when all read the cases; CLOSED; or CANCELLED before it
    began."""

    PLANNED = "planned"
    RUNNING = "running"
    DEBRIEF = "debrief"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class SimulationRole(StrEnum):
    """A participant plays; a moderator plays the others; a rater rates afterwards. A moderator may rate as well."""

    PARTICIPANT = "participant"
    MODERATOR = "moderator"
    RATER = "rater"


class SimulationMove(StrEnum):
    """BEGIN_CASE: the next one begins, for all at once. END_CASE: the one that runs is over before its time.
    REOPEN_CASE: that was a mistake; it goes on for what is left of its time. DEBRIEF: all cases are over, and are
    shown. CLOSE: the session is over. CANCEL: it does not take place. HAND_OVER: another moderator takes a participant.
    LEAVE, TAKE_OUT: somebody takes no part, of their own will or a coordinator's."""

    BEGIN_CASE = "begin_case"
    END_CASE = "end_case"
    REOPEN_CASE = "reopen_case"
    DEBRIEF = "debrief"
    CLOSE = "close"
    CANCEL = "cancel"
    HAND_OVER = "hand_over"
    LEAVE = "leave"
    TAKE_OUT = "take_out"


@dataclass(frozen=True)
class Round:
    """A case in its place in a simulation: which version, in which setting, and when it is played."""

    number: int
    case_id: str
    case_version: int
    setting: str
    title: str
    condition: str
    minutes: int
    begun_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def due_at(self) -> datetime | None:
        """When its time is over, None before it has begun."""
        return self.begun_at + timedelta(minutes=self.minutes) if self.begun_at is not None else None

    @property
    def ends_at(self) -> datetime | None:
        """When it is over, None before it has begun."""
        return self.ended_at or self.due_at

    @property
    def held(self) -> Interval | None:
        """When it is played, None before it has begun."""
        begun, ends = self.begun_at, self.ends_at
        return Interval(begun, ends) if begun is not None and ends is not None else None

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and now >= self.ends_at


def held_of(rounds: Iterable[Round]) -> tuple[Interval, ...]:
    """Return when cases were played, of those that were."""
    return tuple(held for one in rounds if (held := one.held) is not None)


@dataclass(frozen=True)
class Question:
    """A multiple-choice question, asked before and after; `correct` is the place of the right option, from 0."""

    text: str
    options: tuple[str, ...]
    correct: int


@dataclass(frozen=True)
class Simulation:
    """A session.

    Attributes
    ----------
    per_moderator
        How many participants a moderator takes at most.
    controls
        Conditions that are not simulated, on which confidence is asked for as well: what rises there rose by itself.
    engine_answers
        Whether the transcript answers routine requests itself, unless a moderator switches that off in a chat.
    since
        Since when it has been in its status; of a closed one, when it was closed.
    """

    id: str
    organisation_id: str
    title: str
    starts_at: datetime
    rounds: tuple[Round, ...]
    per_moderator: int = DEFAULT_PER_MODERATOR
    engine_answers: bool = True
    controls: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    status: SimulationStatus = SimulationStatus.PLANNED
    since: datetime | None = None
    version: int | None = None

    def round(self, number: int) -> Round | None:
        return self.rounds[number - 1] if 1 <= number <= len(self.rounds) else None

    @property
    def simulated(self) -> tuple[str, ...]:
        """What its cases are about, each once."""
        return tuple(dict.fromkeys(one.condition for one in self.rounds))

    @property
    def conditions(self) -> tuple[str, ...]:
        """On what confidence is asked for, in an order that does not tell which are simulated."""
        return tuple(sorted({*self.simulated, *self.controls}))

    def running(self, now: datetime) -> Round | None:
        """Return the case that is played now."""
        return next((one for one in self.rounds if one.begun_at and not one.is_over(now)), None)

    def may_reopen(self, one: Round, now: datetime) -> bool:
        """Tell whether a case that was ended before its time can go on: while that lasts, and nothing has followed."""
        is_latest = all(other.begun_at is None for other in self.rounds[one.number :])
        return (
            self.status is SimulationStatus.RUNNING
            and one.ended_at is not None
            and one.due_at is not None
            and now < one.due_at
            and is_latest
        )

    def is_final(self, one: Round, now: datetime) -> bool:
        """Tell whether a case is over for good: what builds on how it was played waits for that."""
        return one.is_over(now) and not self.may_reopen(one, now)

    @property
    def is_ahead(self) -> bool:
        """Whether it is planned and has not begun."""
        return self.status is SimulationStatus.PLANNED

    @property
    def minutes(self) -> int:
        """How long its cases are together."""
        return sum(one.minutes for one in self.rounds)

    @property
    def is_shown(self) -> bool:
        """Whether participants may read the cases."""
        return self.status in (SimulationStatus.DEBRIEF, SimulationStatus.CLOSED)


@dataclass(frozen=True)
class Place:
    """What somebody is in a simulation; of a participant, who moderates them and the income group of their country as
    it was when they were added."""

    simulation_id: str
    person_id: str
    roles: frozenset[SimulationRole]
    moderator_id: str | None = None
    income_group: IncomeGroup | None = None
    version: int | None = None

    @property
    def is_participant(self) -> bool:
        return SimulationRole.PARTICIPANT in self.roles

    @property
    def first_role(self) -> SimulationRole:
        """What they are in the first place: who moderates and rates is told as a moderator."""
        return next(one for one in SimulationRole if one in self.roles)

    @property
    def is_moderator(self) -> bool:
        return SimulationRole.MODERATOR in self.roles


def begun(simulation: Simulation, now: datetime) -> Simulation:
    """Begin the next case; the first of them on its day (`BEGINS`). Raises `MoveRefused`."""
    _require(simulation, SimulationStatus.PLANNED, SimulationStatus.RUNNING)
    opens_at = simulation.starts_at - BEGINS
    if simulation.is_ahead and now < opens_at:
        raise MoveRefused(
            f"It can begin from {to_text(opens_at)} on, three hours before its time. If it is to be on another day, "
            "cancel it and plan it for that."
        )
    if simulation.running(now):
        raise MoveRefused("A case is being played. End it first, or wait until its time is over.")
    following = next((one for one in simulation.rounds if one.begun_at is None), None)
    if following is None:
        raise MoveRefused("All cases have been played; begin the debrief.")
    return _in(_with(simulation, replace(following, begun_at=now)), SimulationStatus.RUNNING, now)


def case_ended(simulation: Simulation, now: datetime) -> Simulation:
    """End the case that is played before its time; raises `MoveRefused`."""
    running = simulation.running(now)
    if running is None:
        raise MoveRefused("No case is being played.")
    return _with(simulation, replace(running, ended_at=now))


def case_reopened(simulation: Simulation, now: datetime) -> Simulation:
    """Let the case go on that was ended before its time, for what is left of that; raises `MoveRefused`."""
    found = next((one for one in simulation.rounds if simulation.may_reopen(one, now)), None)
    if found is None:
        raise MoveRefused(
            "A case goes on that was ended early, while its time lasts, and before the next or the debrief begins."
        )
    return _with(simulation, replace(found, ended_at=None))


def debriefed(simulation: Simulation, now: datetime) -> Simulation:
    """Show the cases to all; raises `MoveRefused`."""
    _require(simulation, SimulationStatus.RUNNING)
    if not all(one.is_over(now) for one in simulation.rounds):
        raise MoveRefused("Not all cases are over.")
    return _in(simulation, SimulationStatus.DEBRIEF, now)


def closed(simulation: Simulation, now: datetime) -> Simulation:
    """Close it after the debrief; raises `MoveRefused`."""
    _require(simulation, SimulationStatus.DEBRIEF)
    return _in(simulation, SimulationStatus.CLOSED, now)


def cancelled(simulation: Simulation, now: datetime) -> Simulation:
    """Call it off before it has begun; raises `MoveRefused`."""
    _require(simulation, SimulationStatus.PLANNED)
    return _in(simulation, SimulationStatus.CANCELLED, now)


def joined(
    simulation: Simulation, places: Iterable[Place], wanted: Mapping[str, frozenset[SimulationRole]],
    groups: Mapping[str, IncomeGroup | None],
) -> tuple[Place, ...]:  # fmt: skip
    """Return the places that change when people are added, each participant with the moderator who has the fewest.

    Raises
    ------
    PlaceTaken
        If a participant would moderate or rate, too.
    """
    _require(simulation, SimulationStatus.PLANNED, SimulationStatus.RUNNING)
    before = {one.person_id: one for one in places}
    after = dict(before)
    for person_id, roles in wanted.items():
        known = before.get(person_id)
        whole = roles | (known.roles if known else frozenset())
        if SimulationRole.PARTICIPANT in whole and len(whole) > 1:
            raise PlaceTaken("Who plays neither moderates nor rates in the same simulation.")
        after[person_id] = (
            replace(known, roles=whole)
            if known
            else Place(simulation.id, person_id, whole, income_group=groups.get(person_id))
        )
    loads = Counter(one.moderator_id for one in after.values() if one.moderator_id)
    moderators = sorted(one.person_id for one in after.values() if one.is_moderator)
    for one in sorted(after.values(), key=lambda place: place.person_id):
        if one.is_participant and one.moderator_id is None:
            free = [name for name in moderators if loads[name] < simulation.per_moderator]
            if free:
                moderator = min(free, key=lambda name: loads[name])
                loads[moderator] += 1
                after[one.person_id] = replace(one, moderator_id=moderator)
    return tuple(one for one in after.values() if one != before.get(one.person_id))


def left(simulation: Simulation, places: Iterable[Place], person_id: str) -> tuple[Place, tuple[Place, ...]]:
    """Let somebody go before the first case; returns their place, and the others' that change: a moderator's
    participants are given to those who have the fewest.

    Raises
    ------
    MoveRefused
        If it has begun, or they have no place.
    """
    if simulation.status is not SimulationStatus.PLANNED:
        raise MoveRefused(
            "It has begun. Who goes away now says nothing more; a moderator hands participants over."
        )
    known = {one.person_id: one for one in places}
    gone = known.pop(person_id, None)
    if gone is None:
        raise MoveRefused("This person does not take part.")
    alone = {
        name: replace(one, moderator_id=None) if one.moderator_id == person_id else one
        for name, one in known.items()
    }
    after = {**alone, **{one.person_id: one for one in joined(simulation, alone.values(), {}, {})}}
    return gone, tuple(one for name, one in after.items() if one != known[name])


def handed_over(
    simulation: Simulation, places: Iterable[Place], participant_id: str, moderator_id: str
) -> Place:
    """Give a participant to another moderator; raises `MoveRefused`."""
    known = {one.person_id: one for one in places}
    participant, moderator = known.get(participant_id), known.get(moderator_id)
    if participant is None or not participant.is_participant:
        raise MoveRefused("This person does not take part as a participant.")
    if moderator is None or not moderator.is_moderator:
        raise MoveRefused("This person does not moderate this simulation.")
    load = sum(one.moderator_id == moderator_id for one in known.values() if one.person_id != participant_id)
    if load >= simulation.per_moderator:
        raise MoveRefused(f"This moderator has {load} participants, which is as many as they take.")
    return replace(participant, moderator_id=moderator_id)


def require_moderated(places: Iterable[Place]) -> None:
    """Refuse to begin while a participant has no moderator; raises `ModeratorsMissing`, `MoveRefused`."""
    participants = [one for one in places if one.is_participant]
    if not participants:
        raise MoveRefused("Nobody takes part yet.")
    alone = sum(one.moderator_id is None for one in participants)
    if alone:
        raise ModeratorsMissing(f"{alone} of {len(participants)} participants have none. Add a moderator.")


def _require(simulation: Simulation, *statuses: SimulationStatus) -> None:
    if simulation.status not in statuses:
        raise MoveRefused(f"It is {simulation.status}.")


def _with(simulation: Simulation, changed: Round) -> Simulation:
    rounds = tuple(changed if one.number == changed.number else one for one in simulation.rounds)
    return replace(simulation, rounds=rounds)


def _in(simulation: Simulation, status: SimulationStatus, now: datetime) -> Simulation:
    return simulation if simulation.status is status else replace(simulation, status=status, since=now)
