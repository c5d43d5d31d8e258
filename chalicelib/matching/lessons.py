"""What the outcomes of pairs teach about a programme's weights: the examples, the lesson, and its way to a decision.

Standard library only: the HTTP function imports this. The model itself is in `learning.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.matching.errors import WeightsNotOpen
from chalicelib.matching.model import Criterion, Weights

PER_CRITERION = 10
"""Good outcomes, and others, that each criterion in the model takes before anything is said of it: the rule of ten
events per variable (Peduzzi et al., Journal of Clinical Epidemiology 49(12), 1996, 1373-1379), asked of both outcomes
since either may be the rarer. It is a floor and no promise of precision (van Smeden et al., BMC Medical Research
Methodology 16, 2016, 163); the intervals tell that."""

FIXED = frozenset({Criterion.WAITING})
"""Criteria whose weight is a programme's choice and no forecast: who has waited long comes first because that is fair,
whether or not such pairs last. They are in the model, so that they do not blur the others, and keep their weight."""


class WeightProposalStatus(StrEnum):
    """OPEN waits for a coordinator. TOO_LITTLE_DATA and NO_BETTER say so and propose nothing. SUPERSEDED was open when
    a later month's came."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    SUPERSEDED = "superseded"
    TOO_LITTLE_DATA = "too_little_data"
    NO_BETTER = "no_better"


class Finding(StrEnum):
    """What became of one criterion. LEARNT: its weight is proposed. TOO_LITTLE_DATA: there are too few pairs to learn
    it from. NOTHING_FOUND: there are enough, and no criterion goes with good outcomes. FIXED: in the model, and keeps
    its weight. CONSTANT: alike in all pairs. UNKNOWN: most pairs are of runs that did not look at it. UNUSED: it has
    no weight now. Only the first has a proposed weight of its own."""

    LEARNT = "learnt"
    TOO_LITTLE_DATA = "too_little_data"
    NOTHING_FOUND = "nothing_found"
    FIXED = "fixed"
    CONSTANT = "constant"
    UNKNOWN = "unknown"
    UNUSED = "unused"


@dataclass(frozen=True)
class Example:
    """One pair whose outcome is known.

    Attributes
    ----------
    pair
        A digest of the pair's identities, in hexadecimal: it tells repeated proposals of one pair together, and
        nothing else.
    values
        From 0 to 1 by criterion, as the run saw the pair; one that the run did not look at is missing.
    good
        Whether both accepted and the two were still going on 90 days later.
    rating
        How well the two of a good one said that they suit each other, from 1 to 5 by halves, of which the order alone
        counts; None where they have not said it, or not yet.
    """

    pair: str
    values: Mapping[Criterion, float]
    good: bool
    rating: float | None = None


@dataclass(frozen=True)
class Evidence:
    """How many pairs the lesson is drawn from.

    Attributes
    ----------
    good, others
        Pairs with either outcome that the model could use.
    needed
        Of each of the two, before weights are proposed.
    unusable
        Pairs whose outcome is known and whose values are not: asked for by the mentee, or of runs that did not look
        at a criterion that is in the model.
    young
        Pairs whose outcome cannot be told yet.
    rated
        Good pairs of which somebody said how well the two suit each other, where there are enough to learn from it.
    """

    good: int
    others: int
    needed: int
    unusable: int = 0
    young: int = 0
    rated: int = 0


@dataclass(frozen=True)
class Quality:
    """How well weights tell the outcomes of pairs that they were not learnt from.

    Attributes
    ----------
    auc
        The chance that of a good pair and another one the good one scores higher; 0.5 is a coin's.
    log_loss
        Mean of minus the logarithm of the chance given to what happened; less is better.
    calibration_slope
        1 where the chances are as far apart as the outcomes, below 1 where they are too far apart (Cox, Biometrika
        45, 1958, 562-565).
    """

    auc: float
    log_loss: float
    calibration_slope: float


@dataclass(frozen=True)
class CriterionLesson:
    """One criterion: its weight, the one proposed with its 95 % interval in the same unit, and by how much the log
    odds of a good outcome grow from the value 0 to the value 1. None where nothing was found out.

    `if_silent_low` is the weight that would be proposed if every good pair that has rated nothing suited each other as
    badly as the worst: how far the proposal may hang on who keeps silent. None where no ratings were learnt from.
    """

    criterion: Criterion
    finding: Finding
    present: float
    proposed: float | None = None
    low: float | None = None
    high: float | None = None
    effect: float | None = None
    if_silent_low: float | None = None


@dataclass(frozen=True)
class Lesson:
    """What a month's outcomes teach. `verdict` is OPEN where weights are proposed.

    `penalty` is the strength of the pull towards the present weights that cross-validation chose.
    """

    verdict: WeightProposalStatus
    evidence: Evidence
    criteria: tuple[CriterionLesson, ...]
    penalty: float | None = None
    present: Quality | None = None
    proposed: Quality | None = None

    def weights(self) -> Weights:
        """Return the proposed weights; a criterion without one of its own keeps the present."""
        return Weights(
            **{
                one.criterion.value: one.present if one.proposed is None else one.proposed
                for one in self.criteria
            }
        )

    def learnt_beside(self, weights: Weights) -> bool:
        """Tell whether these are the weights that the lesson was compared with."""
        return {one.criterion.value: one.present for one in self.criteria} == weights.as_dict()


@dataclass(frozen=True)
class WeightProposal:
    """A month's lesson for a programme, and what a coordinator made of it."""

    id: str
    programme_id: str
    lesson: Lesson
    status: WeightProposalStatus
    decided_at: datetime | None = None
    created_at: datetime | None = None
    version: int | None = None


class WeightMove(StrEnum):
    ACCEPT = "accept"
    DISMISS = "dismiss"
    SUPERSEDE = "supersede"


_S = WeightProposalStatus
MOVES: Mapping[tuple[WeightProposalStatus, WeightMove], WeightProposalStatus] = {
    (_S.OPEN, WeightMove.ACCEPT): _S.ACCEPTED,
    (_S.OPEN, WeightMove.DISMISS): _S.DISMISSED,
    (_S.OPEN, WeightMove.SUPERSEDE): _S.SUPERSEDED,
}
"""All moves there are; whatever is not here is refused."""


def decided(proposal: WeightProposal, move: WeightMove, now: datetime) -> WeightProposal:
    """Return the proposal after a move; raises `WeightsNotOpen`."""
    status = MOVES.get((proposal.status, move))
    if status is None:
        raise WeightsNotOpen(f"It is {proposal.status}. The next one comes with the first of the month.")
    return replace(proposal, status=status, decided_at=now)
