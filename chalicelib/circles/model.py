"""Circles of a programme: how they are to be, who has a place in one, who waits, and what becomes of one whose mentor
leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.circles.errors import CircleNotSo, CircleRoleRefused, FormingNotSo
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.matching.formation import Countries, Help, Missing, Weekly
from chalicelib.mentorships.model import verified_sides
from chalicelib.people.model import SLOT_MINUTES
from chalicelib.programmes.model import PairKind, Programme, Side

FEWEST, MOST = 3, 8
"""Members of a circle, beside who leads it: the issue's."""
MOST_LEADS = 2
MOST_WAITING = 20
"""Of one circle, so that it closes in one transaction. Ours: two and a half circles' worth."""
DEFAULT_SHARE = 80
"""Of the time held, in percent, for a certificate: as series have it unless they say otherwise."""


@dataclass(frozen=True)
class CirclePlan:
    """How the circles of a programme are.

    Attributes
    ----------
    least, most
        Members of each, beside who leads.
    leads
        How many lead each: mentors, or in a reverse programme the juniors; none among peers, who chair in turn.
    topics
        On what; empty for whatever topics people seek.
    minutes, every_weeks, meetings
        How long a meeting is, in how many weeks there is one, and how many there are.
    opening, closing
        Minutes at the beginning and at the end of a meeting that are no education.
    share
        Of the time held, in percent, as much as a certificate takes.
    """

    programme_id: str
    least: int = 4
    most: int = 6
    leads: int = 1
    topics: tuple[str, ...] = ()
    minutes: int = 60
    every_weeks: int = 2
    meetings: int = 6
    countries: Countries = Countries.ANY
    opening: int = 5
    closing: int = 5
    share: int = DEFAULT_SHARE
    version: int | None = None


def checked_plan(plan: CirclePlan, programme: Programme) -> CirclePlan:
    """Return a plan that can be; raises `Invalid` with all that is wrong."""
    wrong = []
    if plan.least > plan.most:
        wrong.append(FieldError("/least", f"Give at most {plan.most}, as many as a circle may have."))
    if programme.kind is PairKind.PEER and plan.leads:
        wrong.append(
            FieldError("/leads", "In a programme of peers nobody leads: give 0. They chair in turn.")
        )
    if plan.minutes % SLOT_MINUTES:
        wrong.append(FieldError("/minutes", f"Give a multiple of {SLOT_MINUTES}."))
    if plan.opening + plan.closing >= plan.minutes:
        wrong.append(
            FieldError(
                "/opening", f"Leave time between opening and closing: it lasts {plan.minutes} minutes."
            )
        )
    if wrong:
        raise Invalid("The plan cannot be.", tuple(wrong))
    return plan


class CircleRole(StrEnum):
    """LEAD: a mentor; in a reverse programme, a junior, from whom the others learn. MEMBER: everybody else."""

    LEAD = "lead"
    MEMBER = "member"

    @property
    def side(self) -> Side:
        """On which side of a pair they would stand."""
        return Side.MENTOR if self is CircleRole.LEAD else Side.MENTEE


def place_side(kind: PairKind, role: CircleRole) -> Side:
    """Return where who has a role in a circle has their place in the programme."""
    return kind.place_of(role.side)


def is_verified_role(kind: PairKind, role: CircleRole) -> bool:
    """Tell whether who has a role is to be verified as the programme asks: as in its pairs."""
    return role.side in verified_sides(kind)


class CircleStatus(StrEnum):
    """RUNNING; HELD: no meeting begins until it goes on; CLOSED for good."""

    RUNNING = "running"
    HELD = "held"
    CLOSED = "closed"


class CircleHold(StrEnum):
    """NO_LEAD: who led it left, or is not verified any more. COORDINATOR: a coordinator holds it."""

    NO_LEAD = "no_lead"
    COORDINATOR = "coordinator"


class CircleMove(StrEnum):
    """HOLD, RESUME: no meeting begins in between. AS_PEERS: it goes on without anybody who leads, and chairs in turn.
    CLOSE: it is over."""

    HOLD = "hold"
    RESUME = "resume"
    AS_PEERS = "as_peers"
    CLOSE = "close"


@dataclass(frozen=True)
class Circle:
    """A group of members, and who leads it.

    Attributes
    ----------
    seats, taken
        For members, and how many of them somebody has or is asked to take.
    lead_seats, led
        The same of who leads; no seats among peers.
    waiting
        How many wait for a seat.
    opening, closing, minutes, every_weeks, meetings, share
        As the plan had them when it was formed.
    held_since
        Since when it is held.
    language, meets
        What all could talk in, and an hour of the week that all had, when it was formed.
    """

    id: str
    programme_id: str
    organisation_id: str
    topic: str
    kind: PairKind
    seats: int
    lead_seats: int
    taken: int = 0
    led: int = 0
    waiting: int = 0
    status: CircleStatus = CircleStatus.RUNNING
    hold: CircleHold | None = None
    held_since: datetime | None = None
    language: str | None = None
    meets: Weekly | None = None
    minutes: int = 60
    every_weeks: int = 2
    meetings: int = 6
    opening: int = 5
    closing: int = 5
    share: int = DEFAULT_SHARE
    closed_at: datetime | None = None
    created_at: datetime | None = None
    version: int | None = None

    @property
    def is_closed(self) -> bool:
        return self.status is CircleStatus.CLOSED

    @property
    def is_of_peers(self) -> bool:
        return self.lead_seats == 0

    @property
    def free(self) -> int:
        return max(0, self.seats - self.taken)

    @property
    def told_free(self) -> int:
        """Return how many seats are told to be free: those that nobody waits for. Else who waits before a free seat, as
        somebody there has blocked them, could tell so."""
        return max(0, self.free - self.waiting)


class PlaceState(StrEnum):
    """OFFERED until it is answered; ACTIVE; WAITING for a seat; or over: DECLINED, EXPIRED unanswered, LEFT, or REMOVED
    by a coordinator."""

    OFFERED = "offered"
    ACTIVE = "active"
    WAITING = "waiting"
    DECLINED = "declined"
    EXPIRED = "expired"
    LEFT = "left"
    REMOVED = "removed"


SEATED = frozenset({PlaceState.OFFERED, PlaceState.ACTIVE})
"""Who has a seat: it counts, and so does their place in the programme."""
LISTED = SEATED | {PlaceState.WAITING}


@dataclass(frozen=True)
class Place:
    """Somebody's place in a circle.

    Attributes
    ----------
    since
        When it came to be as it is; of who waits, since when they do.
    offer_ends_at
        Up to when an offer can be taken.
    joined_at
        When it first was theirs.
    """

    circle_id: str
    person_id: str
    role: CircleRole
    state: PlaceState
    since: datetime
    offer_ends_at: datetime | None = None
    joined_at: datetime | None = None
    version: int | None = None

    @property
    def is_seated(self) -> bool:
        return self.state in SEATED

    @property
    def is_active(self) -> bool:
        return self.state is PlaceState.ACTIVE


def in_turn(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return who waits, who asked first first; of two at one microsecond, by their ids."""
    waiting = (one for one in places if one.state is PlaceState.WAITING)
    return tuple(sorted(waiting, key=lambda one: (one.since, one.person_id)))


def seated(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(one for one in places if one.is_seated)


_MOVES: Mapping[CircleMove, frozenset[CircleStatus]] = {
    CircleMove.HOLD: frozenset({CircleStatus.RUNNING}),
    CircleMove.RESUME: frozenset({CircleStatus.HELD}),
    CircleMove.AS_PEERS: frozenset({CircleStatus.RUNNING, CircleStatus.HELD}),
    CircleMove.CLOSE: frozenset({CircleStatus.RUNNING, CircleStatus.HELD}),
}


def moved(circle: Circle, move: CircleMove, now: datetime) -> Circle:
    """Return a circle after a coordinator's move; raises `CircleNotSo`."""
    if circle.status not in _MOVES[move]:
        raise CircleNotSo(f"It is {circle.status}.")
    if move is CircleMove.HOLD:
        return held(circle, CircleHold.COORDINATOR, now)
    if move is CircleMove.CLOSE:
        return replace(
            circle, status=CircleStatus.CLOSED, hold=None, closed_at=now, taken=0, led=0, waiting=0
        )
    if move is CircleMove.AS_PEERS:
        if circle.led:
            raise CircleNotSo("Somebody leads it. Remove them first, if it is to go on as peers.")
        return replace(gone_on(circle), lead_seats=0)
    if not circle.is_of_peers and not circle.led:
        raise CircleNotSo("Nobody leads it. Add somebody who does, have it go on as peers, or close it.")
    return gone_on(circle)


def held(circle: Circle, why: CircleHold, now: datetime) -> Circle:
    return replace(circle, status=CircleStatus.HELD, hold=why, held_since=now)


def gone_on(circle: Circle) -> Circle:
    return replace(circle, status=CircleStatus.RUNNING, hold=None, held_since=None)


class Deed(StrEnum):
    """READ: what all who take part may. RUN: plan meetings and lead through them, keep their attendance. COORDINATE:
    give and take places, hold and close the circle."""

    READ = "read"
    RUN = "run"
    COORDINATE = "coordinate"


@dataclass(frozen=True)
class Reader:
    """Who asks, as they stand to a circle: by their place in it, or as a coordinator of its programme."""

    person_id: str
    circle: Circle
    place: Place | None
    is_staff: bool

    @property
    def takes_part(self) -> bool:
        return self.place is not None and self.place.is_active

    def may(self, deed: Deed) -> bool:
        """Tell whether they may do something. Among peers everybody runs meetings, since they chair in turn."""
        if self.is_staff:
            return True
        if deed is Deed.COORDINATE or self.place is None or not self.takes_part:
            return False
        return deed is Deed.READ or self.circle.is_of_peers or self.place.role is CircleRole.LEAD

    def require(self, deed: Deed) -> None:
        """Let pass who may do something; raises `CircleRoleRefused`."""
        if not self.may(deed):
            if deed is Deed.COORDINATE:
                raise CircleRoleRefused("The programme's coordinators may do this.")
            raise CircleRoleRefused


# Forming.


class FormingStatus(StrEnum):
    """ASKED until it is worked out; READY to be looked at and published; PUBLISHING; PUBLISHED; or FAILED: it could not
    be worked out."""

    ASKED = "asked"
    READY = "ready"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"


class FormingMove(StrEnum):
    """FORM: work out anew who of those without a place would be with whom. PUBLISH: have what was looked at come to
    be."""

    FORM = "form"
    PUBLISH = "publish"


@dataclass(frozen=True)
class Report:
    """What a forming came to.

    Attributes
    ----------
    circles, placed, filled, left_out
        Circles, people who would have a seat, of them those in circles that there are, and people without one.
    placed_bound
        How many could have a seat at most, whatever circles were formed.
    value, bound
        Points of all circles; none that place as many have more than `bound`.
    shortages
        Topics with how many are without a circle who wish it, and how many offer to lead one; the most wished first.
    """

    circles: int = 0
    placed: int = 0
    filled: int = 0
    left_out: int = 0
    placed_bound: int = 0
    value: int = 0
    bound: int = 0
    shortages: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class Forming:
    """One working-out of who would be with whom; of a programme there is one at a time.

    Attributes
    ----------
    draft
        Names what was worked out last: a worker that begins again writes beside, and not over.
    published, skipped
        How many of its circles there are now, and how many came to nothing, as too few of their people still could.
    failure
        Why it could not be worked out or published.
    """

    id: str
    programme_id: str
    status: FormingStatus
    asked_by: str
    plan: CirclePlan
    draft: str = ""
    report: Report = field(default_factory=Report)
    published: int = 0
    skipped: int = 0
    failure: str | None = None
    created_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Formed:
    """A circle as it would be.

    Attributes
    ----------
    circle_id
        Of one that there is; None of a new one.
    members, leads
        Their ids.
    joining
        Of its members those who would be given a seat now.
    points
        How well those suit it; see `chalicelib.matching.formation.Circle`.
    """

    number: int
    circle_id: str | None
    topic: str
    language: str
    members: tuple[str, ...]
    leads: tuple[str, ...]
    joining: tuple[str, ...]
    meets: Weekly
    points: int

    @property
    def people(self) -> tuple[str, ...]:
        return (*self.leads, *self.members)


@dataclass(frozen=True)
class LeftOut:
    """Somebody for whom there would be no circle (of who leads: no further one), why, and what would have helped."""

    person_id: str
    role: CircleRole
    reason: Missing
    helps: tuple[Help, ...] = ()


KEPT: Final = timedelta(days=90)
"""How long a forming is kept to be looked at and published, as the outbox keeps what tells of it."""


def is_kept(forming: Forming, now: datetime) -> bool:
    """Tell whether what was worked out is there to be looked at."""
    return forming.created_at is None or now < forming.created_at + KEPT


def asked_again(before: Forming | None, now: datetime) -> None:
    """Refuse to form circles while some are being made; raises `FormingNotSo`."""
    if before is not None and before.status is FormingStatus.PUBLISHING and is_kept(before, now):
        raise FormingNotSo("Circles are being published. Form again once they are.")


_NOT_PUBLISHED: Mapping[FormingStatus, str] = {
    FormingStatus.ASKED: "It is being worked out. Read it in a minute, then publish it.",
    FormingStatus.PUBLISHED: "It is published. Form anew for those who are without a circle.",
    FormingStatus.FAILED: "It could not be worked out. Read why, and form anew.",
}


def publishing(forming: Forming, now: datetime) -> Forming:
    """Return a forming that is to come to be, or is to go on doing so; raises `FormingNotSo`."""
    if not is_kept(forming, now):
        raise FormingNotSo(f"It was worked out {KEPT.days} days ago, and is not kept any more. Form anew.")
    if forming.status in _NOT_PUBLISHED:
        raise FormingNotSo(_NOT_PUBLISHED[forming.status])
    return replace(forming, status=FormingStatus.PUBLISHING)
