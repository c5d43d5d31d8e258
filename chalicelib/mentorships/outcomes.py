"""What became of a proposed pair, as a row that names nobody: what the monthly lesson is drawn from."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.matching.lessons import Example
from chalicelib.matching.model import MILLION, Contribution, Criterion
from chalicelib.mentorships.model import (
    DeclineReason,
    Proposal,
    ProposalStatus,
    Source,
    in_order,
)
from chalicelib.mentorships.running import EndReason, Mentorship
from chalicelib.programmes.model import Side

GOING_AFTER = timedelta(days=90)
"""How long after its start a pair must still be going to count as a good one."""

LEAST_WEIGHT = 1_000
"""Below this weight, in millionths, points are too coarse for a value to be read from them: whole points tell it to
within 1 / weight, here to a thousandth."""


class Ending(StrEnum):
    """What became of a pair. GOING: both accepted, and 90 days after the start it went on, or had reached its goals
    or its last day. ENDED: both accepted, and it was ended sooner. LEFT: closed without an answer to the pair itself,
    since somebody left or took a request back. UNKNOWN: accepted, and its mentorship is not there to ask, or it was
    ended since nobody would verify the mentor."""

    GOING = "going"
    ENDED = "ended"
    DECLINED = "declined"
    EXPIRED = "expired"
    LEFT = "left"
    UNKNOWN = "unknown"


_ENDINGS: Mapping[ProposalStatus, Ending] = {
    ProposalStatus.DECLINED: Ending.DECLINED,
    ProposalStatus.EXPIRED: Ending.EXPIRED,
    ProposalStatus.WITHDRAWN: Ending.LEFT,
}


@dataclass(frozen=True)
class Rating:
    """How well one of the two says that they suit each other, from 1 (badly) to 5 (very well): in the middle, or at
    the end."""

    side: Side
    value: int
    at_end: bool


_WELL = frozenset({EndReason.GOALS_REACHED, EndReason.TERM_OVER})
"""Ends that speak for a pair, however soon they come: what it was for is done, or the time that it was given over."""

_NOTHING_OF_THE_PAIR = frozenset({EndReason.NOT_VERIFIED})


@dataclass(frozen=True)
class Outcome:
    """A proposal whose outcome is known for good; what the two say later of how they suit each other joins it then.

    Attributes
    ----------
    key, pair
        Digests of the proposal's id and of the pair's identities: the same pair may be proposed again.
    values
        From 0 to 1 by criterion, as the run saw the pair; empty for a pair that no run made.
    mentee_accepted, mentor_accepted
        Who said yes, also where it came to nothing.
    declined_by, reason
        Who said no, and the reason's code; never the person's words.
    labelled_at
        The instant from which on the outcome was known, not that of the job that wrote it.
    ratings
        Kept as rows of their own: they come months after the outcome is known.
    """

    key: str
    pair: str
    source: Source
    ending: Ending
    proposed_at: datetime
    labelled_at: datetime
    closed_at: datetime | None
    run_id: str | None = None
    values: Mapping[Criterion, float] = field(default_factory=dict)
    mentee_accepted: bool = False
    mentor_accepted: bool = False
    declined_by: Side | None = None
    reason: DeclineReason | None = None
    ratings: tuple[Rating, ...] = ()

    def example(self) -> Example | None:
        """Return what the model learns from; None for a pair that tells nothing of what a run saw in it.

        A mentee who asks has said yes already, so requests are another kind of answer, and no examples.
        """
        if self.source is not Source.RUN or not self.values or self.ending in (Ending.LEFT, Ending.UNKNOWN):
            return None
        is_good = self.ending is Ending.GOING
        return Example(self.pair, self.values, is_good, self.rating if is_good else None)

    @property
    def rating(self) -> float | None:
        """How well the two suit each other: the mean of what they said at the end, or if neither did in the middle.

        Half a point is no more than "between the two": what learns from it takes the order alone.
        """
        for at_end in (True, False):
            said = [one.value for one in self.ratings if one.at_end is at_end]
            if said:
                return sum(said) / len(said)
        return None


def known_at(proposal: Proposal) -> datetime:
    """Return the instant from which on a proposal's outcome is known: 90 days after its last day for answers.

    It is the same for every ending. If a no were taken at once and a yes only after 90 days, the newest pairs would
    all be bad ones.
    """
    return proposal.expires_at + GOING_AFTER


def outcome_of(
    proposal: Proposal, mentorship: Mentorship | None, weights: Mapping[Criterion, int] | None
) -> Outcome:
    """Return what became of a proposal, at or after `known_at`.

    Parameters
    ----------
    mentorship
        The one that it became, if it did.
    weights
        Millionths by criterion that its run followed; None where that is not known.

    Raises
    ------
    ValueError
        If it is open.
    """
    if proposal.status is ProposalStatus.OPEN:
        raise ValueError("a proposal that is open has no outcome")
    mentee_id, mentor_id = proposal.mentee.person_id, proposal.mentor.person_id
    refusal, explanation = proposal.refusal, proposal.explanation
    return Outcome(
        key=key_of(proposal.id),
        pair=_digest("pair", proposal.programme_id, *in_order(proposal.kind, mentee_id, mentor_id)),
        source=proposal.source,
        ending=_ENDINGS.get(proposal.status) or _ending_of(mentorship),
        proposed_at=proposal.created_at or proposal.expires_at,
        labelled_at=known_at(proposal),
        closed_at=proposal.closed_at,
        run_id=proposal.run_id,
        values=values_of(explanation.contributions, weights) if explanation and weights else {},
        mentee_accepted=proposal.mentee_accepted_at is not None,
        mentor_accepted=proposal.mentor_accepted_at is not None,
        declined_by=refusal.side if refusal else None,
        reason=refusal.reason if refusal else None,
    )


def key_of(proposal_id: str) -> str:
    """Return the digest under which what became of a proposal is kept."""
    return _digest("proposal", proposal_id)


def _ending_of(mentorship: Mentorship | None) -> Ending:
    """Tell whether a mentorship went on for 90 days, or was ended by then. A pause says nothing of the pair."""
    if mentorship is None:
        return Ending.UNKNOWN
    end = mentorship.ending
    if end is None or end.since >= mentorship.started_at + GOING_AFTER or end.reason in _WELL:
        return Ending.GOING
    return Ending.UNKNOWN if end.reason in _NOTHING_OF_THE_PAIR else Ending.ENDED


def values_of(
    contributions: tuple[Contribution, ...], weights: Mapping[Criterion, int]
) -> dict[Criterion, float]:
    """Return the values from 0 to 1 that earned the points; one that had no weight to speak of is missing."""
    return {
        one.criterion: round(min(1.0, one.points / weights[one.criterion]), 6)
        for one in contributions
        if MILLION >= weights.get(one.criterion, 0) >= LEAST_WEIGHT
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(("outcome", *parts)).encode()).hexdigest()
