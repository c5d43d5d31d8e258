"""Proposals: states, moves, and what each side is shown of the other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.matching.model import ProposedPair
from chalicelib.mentorships.errors import (
    MentorNotAvailable,
    PartnerNotAvailable,
    ProposalClosed,
    ProposalExpired,
)
from chalicelib.people.model import CareerStage, LanguageSkill, Person, Profile
from chalicelib.programmes.model import PairKind, Side

EXPIRING_BEFORE = timedelta(days=2)
"""How long before its end a proposal is reminded of, where it is open for longer than that."""

APART_AFTER_EXPIRY = timedelta(days=28)
"""How long runs leave two people alone whose proposal was not answered in time. Proposed again at once, and night
after night, it would hold a place on both sides each time, and write to both each time. Four weeks are our
judgement: longer than most leaves and rotations, and few of the weeks of a programme. They may ask each other
meanwhile."""

MAX_MESSAGE = 1000


class Source(StrEnum):
    """RUN: a match run proposed the pair; MENTEE: the mentee asked the mentor, and so has accepted; COORDINATOR: a
    coordinator proposed it, in place of a mentorship that they closed; EVENT: the two met at an event, and both would
    like to go on."""

    RUN = "run"
    MENTEE = "mentee"
    COORDINATOR = "coordinator"
    EVENT = "event"


class ProposalStatus(StrEnum):
    """OPEN holds one place on each side; AGREED has become a mentorship; the others have given the places back."""

    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can be done with a proposal."""

    ACCEPT = "accept"
    AGREE = "agree"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    LEAVE = "leave"
    EXPIRE = "expire"


MOVES: Mapping[tuple[ProposalStatus, Move], ProposalStatus] = {
    (ProposalStatus.OPEN, Move.ACCEPT): ProposalStatus.OPEN,
    (ProposalStatus.OPEN, Move.AGREE): ProposalStatus.AGREED,
    (ProposalStatus.OPEN, Move.DECLINE): ProposalStatus.DECLINED,
    (ProposalStatus.OPEN, Move.WITHDRAW): ProposalStatus.WITHDRAWN,
    (ProposalStatus.OPEN, Move.LEAVE): ProposalStatus.WITHDRAWN,
    (ProposalStatus.OPEN, Move.EXPIRE): ProposalStatus.EXPIRED,
}
"""All moves there are; whatever is not here is refused."""


class DeclineReason(StrEnum):
    """Why somebody said no; with their own words, for the programme's coordinators only."""

    NO_TIME = "no_time"
    OTHER_FIELD = "other_field"
    OTHER_GOALS = "other_goals"
    TIMES_DO_NOT_FIT = "times_do_not_fit"
    KNOW_EACH_OTHER = "know_each_other"
    HAVE_SOMEBODY = "have_somebody"
    OTHER = "other"


class PairStanding(StrEnum):
    """How a mentee and a mentor stand to each other in a programme; while they have one, no run pairs them. EXPIRED
    holds for a time, and for runs alone: it is nobody's no. ENDED: they had a mentorship, whatever ended it."""

    OPEN = "open"
    MENTORED = "mentored"
    DECLINED = "declined"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True)
class Card:
    """A person as the other side of a proposal sees them, as they were when it was made: never an address. Their name
    is the present one until the mentorship is over.

    `topics` are those that a mentor offers or a mentee seeks.
    """

    person_id: str
    name: str
    profession: str | None = None
    intended_profession: str | None = None
    career_stage: CareerStage | None = None
    specialties: tuple[str, ...] = ()
    country: str | None = None
    employer: str | None = None
    languages: tuple[LanguageSkill, ...] = ()
    time_zone: str | None = None
    topics: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Refusal:
    """Who said no, and why."""

    side: Side
    reason: DeclineReason
    text: str = ""


@dataclass(frozen=True)
class Proposal:
    """One suggested pair, awaiting both answers.

    Attributes
    ----------
    explanation
        Score, points, languages and common time as the run had them; worked out later where there was no run.
    message
        The mentee's words to the mentor where the mentee asked.
    kind
        What the two are to each other, as their programme has it.
    """

    id: str
    programme_id: str
    organisation_id: str
    mentee: Card
    mentor: Card
    source: Source
    expires_at: datetime
    kind: PairKind = PairKind.ONE_TO_ONE
    status: ProposalStatus = ProposalStatus.OPEN
    mentee_accepted_at: datetime | None = None
    mentor_accepted_at: datetime | None = None
    explanation: ProposedPair | None = None
    message: str = ""
    run_id: str | None = None
    refusal: Refusal | None = None
    mentorship_id: str | None = None
    closed_at: datetime | None = None
    created_at: datetime | None = None
    version: int | None = None

    def side_of(self, person_id: str) -> Side | None:
        """Return on which side a person stands, or None for a stranger."""
        if person_id == self.mentee.person_id:
            return Side.MENTEE
        return Side.MENTOR if person_id == self.mentor.person_id else None

    def card(self, side: Side) -> Card:
        return self.mentee if side is Side.MENTEE else self.mentor

    def accepted_at(self, side: Side) -> datetime | None:
        return self.mentee_accepted_at if side is Side.MENTEE else self.mentor_accepted_at

    def is_due(self, now: datetime) -> bool:
        """Tell whether the time for answers is over."""
        return now >= self.expires_at


@dataclass(frozen=True)
class Pair:
    """The standing of a mentee and a mentor in a programme; `apart_until` is an expired one's end. Two peers have one,
    whichever of them asks: the lesser id stands first."""

    programme_id: str
    mentee_id: str
    mentor_id: str
    standing: PairStanding
    proposal_id: str | None = None
    apart_until: datetime | None = None

    @classmethod
    def of(cls, proposal: Proposal, standing: PairStanding) -> "Pair":
        """Return the standing of a proposal's pair."""
        both = in_order(proposal.kind, proposal.mentee.person_id, proposal.mentor.person_id)
        return cls(proposal.programme_id, *both, standing, proposal.id)

    def is_apart(self, now: datetime) -> bool:
        """Tell whether runs leave the two alone at `now`."""
        return self.apart_until is None or now < self.apart_until


def in_order(kind: PairKind, mentee_id: str, mentor_id: str) -> tuple[str, str]:
    """Return two people as their standing names them."""
    if kind is PairKind.PEER and mentor_id < mentee_id:
        return mentor_id, mentee_id
    return mentee_id, mentor_id


def verified_sides(kind: PairKind) -> tuple[Side, ...]:
    """Return who of a pair is to be verified as the programme asks: the mentor; of peers both, as both are mentors."""
    return (Side.MENTEE, Side.MENTOR) if kind is PairKind.PEER else (Side.MENTOR,)


def not_available() -> MentorNotAvailable:
    return MentorNotAvailable("Look for another one in the programme's directory.")


def no_longer() -> PartnerNotAvailable:
    return PartnerNotAvailable(
        "The other side cannot be paired any more. The proposal will expire by itself."
    )


def card_of(person: Person, profile: Profile, side: Side, kind: PairKind = PairKind.ONE_TO_ONE) -> Card:
    """Return what the other side is shown of a person; of a peer, what they offer and what they seek."""
    is_mentor = side is Side.MENTOR
    offered, sought = profile.topics_offered, profile.topics_sought
    is_peer = kind is PairKind.PEER
    return Card(
        person_id=person.id,
        name=person.name,
        profession=profile.profession,
        intended_profession=profile.intended_profession,
        career_stage=profile.career_stage,
        specialties=profile.specialties,
        country=profile.country,
        employer=profile.employer if is_mentor and not is_peer else None,
        languages=profile.languages,
        time_zone=profile.time_zone,
        topics=tuple(dict.fromkeys((*offered, *sought))) if is_peer else offered if is_mentor else sought,
        about=profile.goals,
    )


def accept(proposal: Proposal, side: Side, now: datetime, mentorship_id: str) -> Proposal:
    """Say yes for one side; with the other's yes the pair is agreed, under `mentorship_id`.

    Raises
    ------
    ProposalExpired, ProposalClosed
    """
    other = proposal.mentor_accepted_at if side is Side.MENTEE else proposal.mentee_accepted_at
    moved = _moved(proposal, Move.AGREE if other else Move.ACCEPT, now)
    if side is Side.MENTEE:
        moved = replace(moved, mentee_accepted_at=proposal.mentee_accepted_at or now)
    else:
        moved = replace(moved, mentor_accepted_at=proposal.mentor_accepted_at or now)
    return replace(moved, mentorship_id=mentorship_id) if other else moved


def decline(proposal: Proposal, refusal: Refusal, now: datetime) -> Proposal:
    """Say no for one side, also after its own yes while the other has not answered; raises as `accept`."""
    return replace(_moved(proposal, Move.DECLINE, now), refusal=refusal)


def withdraw(proposal: Proposal, now: datetime) -> Proposal:
    """Take back what the mentee asked; raises as `accept`."""
    return _moved(proposal, Move.WITHDRAW, now)


def leave(proposal: Proposal, now: datetime) -> Proposal:
    """Close a proposal of which one side has left the programme, also past its time; raises `ProposalClosed`."""
    return _moved(proposal, Move.LEAVE, now)


def expire(proposal: Proposal, now: datetime) -> Proposal:
    """Close a proposal whose time is over.

    Raises
    ------
    ProposalClosed
        If it has its final answer.
    ValueError
        If its time is not over.
    """
    if not proposal.is_due(now):
        raise ValueError("a proposal expires at its time, not before")
    return _moved(proposal, Move.EXPIRE, now)


def _moved(proposal: Proposal, move: Move, now: datetime) -> Proposal:
    status = MOVES.get((proposal.status, move))
    if status is None:
        if proposal.status is ProposalStatus.EXPIRED:
            raise _too_late()
        raise ProposalClosed(f"It is {proposal.status}; nothing more can be answered.")
    # The job that expires proposals may be late; the instant is not.
    if move not in (Move.EXPIRE, Move.LEAVE) and proposal.is_due(now):
        raise _too_late()
    return replace(proposal, status=status, closed_at=None if status is ProposalStatus.OPEN else now)


def _too_late() -> ProposalExpired:
    return ProposalExpired("Its places go back to both, and a later match may propose the pair anew.")
