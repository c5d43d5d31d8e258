"""Questionnaires, statistics and debriefs on the wire."""

from typing import Annotated, Any, Self

from pydantic import Field

from chalicelib.measures.agreement import Agreement
from chalicelib.measures.paired import Discordance, SignedRank
from chalicelib.people.codes import IncomeGroup
from chalicelib.platform.web.shapes import Answer, Body
from chalicelib.simulations.cases import CaseOutcome
from chalicelib.simulations.ratings.model import RatingDomain
from chalicelib.simulations.results.model import PUBLISHED, Compared, Played, Share, SimulationMoment
from chalicelib.simulations.results.service import Given, Questionnaire, SeenDebrief, SeenStatistics
from chalicelib.simulations.schemas import CaseDocumentShape

Step = Annotated[int, Field(ge=1, le=5)]


class SimulationAnswersBody(Body):
    moment: SimulationMoment
    confidence: Annotated[
        tuple[Step, ...],
        Field(
            min_length=1,
            max_length=12,
            description="How sure you are of each of `conditions`, in their order",
        ),
    ]
    choices: Annotated[
        tuple[Annotated[int, Field(ge=0, le=5)], ...],
        Field(max_length=20, description="Of each of `questions` the option, from 0; before and after"),
    ] = ()
    intent: Annotated[Step | None, Field(description="After: how sure you are to change what you do")] = None
    has_changed: Annotated[bool | None, Field(description="At follow-up: whether you have")] = None

    def to_model(self) -> Given:
        return Given(self.moment, self.confidence, self.choices, self.intent, self.has_changed)


class AskedQuestionView(Answer):
    text: str
    options: tuple[str, ...]


class SimulationQuestionnaireView(Answer):
    """What you are asked before, after, and six to twelve weeks later."""

    conditions: tuple[str, ...]
    questions: tuple[AskedQuestionView, ...]
    answered: tuple[SimulationMoment, ...]

    @classmethod
    def of(cls, asked: Questionnaire) -> Self:
        simulation = asked.simulation
        return cls(
            conditions=simulation.conditions,
            questions=tuple(
                AskedQuestionView(text=one.text, options=one.options) for one in simulation.questions
            ),
            answered=asked.answered,
        )


class SignedRankView(Answer):
    """Wilcoxon's signed-rank test of pairs, in steps of the scale; docs/simulations.md says how it is counted."""

    n: int
    rose: int
    fell: int
    same: int
    p: Annotated[float, Field(description="Two-sided")]
    is_exact: bool
    rank_biserial: Annotated[float, Field(description="The effect size, from -1 to 1")]
    shift: Annotated[float, Field(description="The Hodges-Lehmann estimate of the change")]
    low: Annotated[float | None, Field(description="Of its 95 % interval; null where there are too few")]
    high: float | None


class ComparedView(Answer):
    n: Annotated[int, Field(description="Those who answered both times")]
    before: float
    after: float
    rose_share: Annotated[float, Field(description="The share of those whose answer rose")]
    rose_low: float
    rose_high: float
    test: SignedRankView


class DiscordanceView(Answer):
    """McNemar's exact test of right and wrong, before and after."""

    n: int
    gained: int
    lost: int
    p: float
    odds_ratio: Annotated[float | None, Field(description="Null for infinity, and where nobody changed")]
    ratio_low: float | None
    ratio_high: float | None
    difference: float
    low: float
    high: float


class PeopleShareView(Answer):
    n: int
    yes: int
    share: float
    low: float
    high: float


class ConditionView(Answer):
    condition: str
    is_simulated: bool
    compared: ComparedView


class QuestionResultView(Answer):
    text: str
    test: DiscordanceView | None


class RaterAgreementView(Answer):
    """Quadratically weighted kappa of the first two raters."""

    domain: RatingDomain
    n: int
    same: float
    kappa: Annotated[float | None, Field(description="Null where both gave the same throughout")]
    low: float | None
    high: float | None


class PublishedView(Answer):
    what: str
    n: int
    improved: Annotated[float, Field(description="The share that improved")]
    source: str


class SimulationStatisticsView(Answer):
    """Who answered both times counts. Null: nobody did."""

    before: Annotated[int, Field(description="How many answered before")]
    after: int
    follow_up: int
    simulated: Annotated[
        ComparedView | None, Field(description="Confidence in what was simulated, the mean of each")
    ]
    control: Annotated[ComparedView | None, Field(description="Confidence in what was not")]
    beyond_control: Annotated[
        SignedRankView | None,
        Field(description="Whether it rose more where it was simulated, person by person"),
    ]
    conditions: tuple[ConditionView, ...]
    at_follow_up: Annotated[
        ComparedView | None, Field(description="What was simulated, before and at follow-up")
    ]
    score: Annotated[ComparedView | None, Field(description="Questions answered right")]
    questions: tuple[QuestionResultView, ...]
    intent: Annotated[PeopleShareView | None, Field(description="Who gave 4 or 5 of 5")]
    has_changed: PeopleShareView | None
    agreements: tuple[RaterAgreementView, ...]
    rated: Annotated[int, Field(description="Chats with a rating")]
    disputed: Annotated[
        int | None,
        Field(
            description="Those that called for a third rater; null, as agreements are none, to who still rates"
        ),
    ]
    published: Annotated[tuple[PublishedView, ...], Field(description="Figures of others, to compare with")]

    @classmethod
    def of(cls, seen: SeenStatistics) -> Self:
        simulation, found = seen.simulation, seen.statistics
        return cls(
            before=found.answered[SimulationMoment.BEFORE], after=found.answered[SimulationMoment.AFTER],
            follow_up=found.answered[SimulationMoment.FOLLOW_UP],
            simulated=_compared(found.simulated), control=_compared(found.control),
            beyond_control=_signed_rank(found.beyond_control) if found.beyond_control else None,
            conditions=tuple(
                ConditionView(condition=name, is_simulated=name in simulation.simulated, compared=_of(one))
                for name, one in found.conditions.items()
            ),
            at_follow_up=_compared(found.follow_up), score=_compared(found.score),
            questions=tuple(
                QuestionResultView(text=one.text, test=_discordance(test) if test else None)
                for one, test in zip(simulation.questions, found.questions, strict=True)
            ),
            intent=_share(found.intent), has_changed=_share(found.has_changed),
            agreements=tuple(_agreement(domain, one) for domain, one in seen.agreements.items()),
            rated=seen.rated, disputed=seen.disputed,
            published=tuple(PublishedView.model_validate(one) for one in PUBLISHED),
        )  # fmt: skip


def _compared(one: Compared | None) -> ComparedView | None:
    return _of(one) if one else None


def _of(one: Compared) -> ComparedView:
    return ComparedView(
        n=one.n, before=one.before, after=one.after, rose_share=one.rose_share, rose_low=one.rose_low,
        rose_high=one.rose_high, test=_signed_rank(one.test),
    )  # fmt: skip


def _signed_rank(one: SignedRank) -> SignedRankView:
    return SignedRankView(
        n=one.n, rose=one.rose, fell=one.fell, same=one.same, p=one.p, is_exact=one.is_exact,
        rank_biserial=one.rank_biserial, shift=one.shift, low=one.low, high=one.high,
    )  # fmt: skip


def _discordance(one: Discordance) -> DiscordanceView:
    return DiscordanceView.model_validate(one)


def _share(one: Share | None) -> PeopleShareView | None:
    return PeopleShareView.model_validate(one) if one else None


def _agreement(domain: RatingDomain, one: Agreement) -> RaterAgreementView:
    return RaterAgreementView(
        domain=domain, n=one.n, same=one.same, kappa=one.kappa, low=one.low, high=one.high
    )


class PathCountView(Answer):
    scenes: tuple[str, ...]
    count: int


class ExploredView(Answer):
    topic: str
    name: str
    explored: int
    missed_share: float
    median_seconds: float | None


class OutcomeCountView(Answer):
    outcome: CaseOutcome
    count: int


class PlayedView(Answer):
    n: int
    outcomes: tuple[OutcomeCountView, ...]
    median_seconds: Annotated[float | None, Field(description="Until an end, of those who came to one")]
    paths: Annotated[
        tuple[PathCountView, ...], Field(description="Through which scenes, the most gone first")
    ]
    explored: Annotated[
        tuple[ExploredView, ...], Field(description="What was to be explored, the most missed first")
    ]


class IncomeGroupPlayedView(Answer):
    income_group: IncomeGroup
    played: PlayedView


class SimulationDebriefView(Answer):
    """A case with its model answer and learning points, and how it was played."""

    case: int
    setting: str
    document: CaseDocumentShape
    played: Annotated[PlayedView | None, Field(description="Null before it is over")]
    income_groups: Annotated[
        tuple[IncomeGroupPlayedView, ...],
        Field(
            description="By World Bank group of the participants' countries; of three participants and more"
        ),
    ]

    @classmethod
    def of(cls, seen: SeenDebrief) -> Self:
        return cls(
            case=seen.round.number,
            setting=seen.round.setting,
            document=CaseDocumentShape.of(seen.document),
            played=_played(seen.played) if seen.played else None,
            income_groups=tuple(
                IncomeGroupPlayedView(income_group=group, played=_played(one))
                for group, one in sorted(seen.groups.items())
            ),
        )


def _played(one: Played) -> PlayedView:
    whole: dict[str, Any] = {
        "n": one.n,
        "outcomes": tuple(
            OutcomeCountView(outcome=name, count=n) for name, n in sorted(one.outcomes.items())
        ),
        "median_seconds": one.median_seconds,
        "paths": tuple(PathCountView.model_validate(path) for path in one.paths),
        "explored": tuple(ExploredView.model_validate(topic) for topic in one.explored),
    }
    return PlayedView(**whole)
