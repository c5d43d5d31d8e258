"""What outcomes teach about a programme's weights, on the wire."""

from dataclasses import asdict
from typing import Annotated, Self

from pydantic import Field

from chalicelib.matching.lessons import Finding, WeightProposal, WeightProposalStatus
from chalicelib.matching.model import Criterion
from chalicelib.platform.web.shapes import Answer, Instant, instant


class EvidenceView(Answer):
    """Pairs proposed by runs, with the outcome known: `good` is accepted by both and still going on after 90 days."""

    good: int
    others: int
    needed: Annotated[int, Field(description="Of each of the two, before weights are proposed")]
    missing_good: Annotated[int, Field(description="How many more it takes")]
    missing_others: int
    unusable: Annotated[
        int, Field(description="Outcome known; not made by a run, or by one that left a criterion out")
    ]
    young: Annotated[int, Field(description="Too young to tell")]
    rated: Annotated[
        int,
        Field(
            description="Good ones of which somebody said how well the two suit each other, where there are enough to "
            "learn from the order of their ratings"
        ),
    ]


class QualityView(Answer):
    """How well weights tell the outcomes of pairs that they were not learnt from (cross-validation)."""

    auc: Annotated[float, Field(description="0.5 is a coin's, 1 the best")]
    log_loss: Annotated[float, Field(description="Less is better")]
    calibration_slope: Annotated[float, Field(description="1 is best; below it, chances are too far apart")]


class CriterionLessonView(Answer):
    criterion: Criterion
    finding: Annotated[
        Finding,
        Field(
            description="learnt: its weight is proposed; too_little_data: too few pairs to learn it from; "
            "nothing_found: no criterion goes with good outcomes; fixed: it keeps its weight by choice; constant: "
            "alike in all pairs; unknown: most runs did not look at it; unused: it has no weight now"
        ),
    ]
    present: float
    proposed: Annotated[float | None, Field(description="null: it keeps its weight, or nothing was found")]
    low: Annotated[float | None, Field(description="The weight's 95 % interval")]
    high: float | None
    effect: Annotated[float | None, Field(description="Log odds of a good outcome, from value 0 to value 1")]
    if_silent_low: Annotated[
        float | None,
        Field(
            description="What would be proposed if all good pairs that rated nothing suited each other worst: who is "
            "unhappy rates less often; null where no ratings were learnt from"
        ),
    ]


class WeightProposalView(Answer):
    """What a month's outcomes teach about the weights. It says what goes with good outcomes among the pairs that were
    proposed, not what causes them."""

    id: str
    programme_id: str
    status: WeightProposalStatus
    evidence: EvidenceView
    criteria: list[CriterionLessonView]
    penalty: Annotated[float | None, Field(description="The strength of the pull to the present weights")]
    present_quality: QualityView | None
    proposed_quality: QualityView | None
    learnt_at: Instant
    decided_at: Instant | None

    @classmethod
    def of(cls, one: WeightProposal) -> Self:
        lesson, seen = one.lesson, one.lesson.evidence
        missing = {
            "missing_good": max(0, seen.needed - seen.good),
            "missing_others": max(0, seen.needed - seen.others),
        }
        return cls(
            id=one.id, programme_id=one.programme_id, status=one.status,
            evidence=EvidenceView.model_validate(asdict(seen) | missing),
            criteria=[CriterionLessonView.model_validate(asdict(line)) for line in lesson.criteria],
            penalty=lesson.penalty,
            present_quality=QualityView.model_validate(asdict(lesson.present)) if lesson.present else None,
            proposed_quality=QualityView.model_validate(asdict(lesson.proposed)) if lesson.proposed else None,
            learnt_at=instant(one.created_at), decided_at=instant(one.decided_at),
        )  # fmt: skip
