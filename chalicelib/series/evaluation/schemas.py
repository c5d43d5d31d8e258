"""What a series asks before and after on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.measures.disclosure import FEWEST
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Line
from chalicelib.series.evaluation.model import PUBLISHED, SCALE, TARGET, WHOLE, Phase, Sums
from chalicelib.series.evaluation.service import SeenEvaluation


class EvaluationBody(Body):
    items: Annotated[
        tuple[Line, ...],
        Field(min_length=1, max_length=30, description="What one is to be confident in, a sentence each"),
    ]


class ScoresBody(Body):
    phase: Annotated[
        Phase, Field(description="`pre`: before; `post`: after, which takes an answer from before")
    ]
    session_id: Annotated[Identifier | None, Field(description="Null about the whole series")] = None
    scores: Annotated[
        tuple[Annotated[int, Field(ge=SCALE[0], le=SCALE[1])], ...],
        Field(min_length=1, max_length=30, description="A step of the scale for each item, in their order"),
    ]


class ScoresView(Answer):
    session_id: str | None
    phase: Phase
    scores: tuple[int, ...]


class SumsView(Answer):
    """What the answers of at least five people come to."""

    people: int
    before: Annotated[float, Field(description="The mean of all items and people")]
    after: float
    gain: float
    improved_percent: Annotated[int, Field(description="Of those who gained at all")]
    met_target_percent: Annotated[int, Field(description="Of those who gained as much as the target")]
    p: Annotated[float, Field(description="Wilcoxon's signed-rank test, two-sided; exact up to 100 people")]
    is_exact: bool
    rank_biserial: Annotated[float, Field(description="The effect size, from -1 to 1")]
    shift: Annotated[float, Field(description="The Hodges-Lehmann estimate of the gain")]
    shift_low: Annotated[float | None, Field(description="Its interval of 95 %; null of too few")]
    shift_high: float | None

    @classmethod
    def of_sums(cls, sums: Sums) -> Self:
        test = sums.test
        return cls(
            people=sums.people, before=sums.before, after=sums.after, gain=sums.gain,
            improved_percent=sums.improved, met_target_percent=sums.met_target, p=test.p, is_exact=test.is_exact,
            rank_biserial=test.rank_biserial, shift=test.shift, shift_low=test.low, shift_high=test.high,
        )  # fmt: skip


_GROUPS = (
    f"Groups of fewer than {FEWEST} are in `other`, and the smallest of the rest, too, while that has fewer"
)


class ResultsView(Answer):
    whole: Annotated[SumsView | None, Field(description=f"Null of fewer than {FEWEST} people")]
    by_session: Annotated[dict[str, SumsView], Field(description="By its id: what was answered about it")]
    by_site: Annotated[dict[str, SumsView], Field(description=f"By its id. {_GROUPS}")]
    by_income: Annotated[dict[str, SumsView], Field(description=f"`low_and_middle`, `high`. {_GROUPS}")]


class PublishedView(Answer):
    """What ECHO-Chicago reached."""

    people: int
    improved_percent: int
    met_target_percent: int


class EvaluationView(Answer):
    items: tuple[str, ...]
    scale: Annotated[tuple[int, int], Field(description="From not at all confident to: I could teach it")]
    target: Annotated[float, Field(description="The gain that is aimed at, ECHO-Chicago's")]
    published: PublishedView
    yours: tuple[ScoresView, ...]
    results: Annotated[ResultsView | None, Field(description="For who runs the series")]

    @classmethod
    def of(cls, seen: SeenEvaluation) -> Self:
        found = seen.results
        return cls(
            items=seen.evaluation.items, scale=SCALE, target=TARGET, published=PublishedView(**PUBLISHED),
            yours=tuple(
                ScoresView(
                    session_id=None if one.scope == WHOLE else one.scope, phase=one.phase, scores=one.scores
                )
                for one in seen.mine
            ),
            results=ResultsView(
                whole=SumsView.of_sums(found.whole) if found.whole else None,
                by_session={name: SumsView.of_sums(one) for name, one in found.by_session.items()},
                by_site={name: SumsView.of_sums(one) for name, one in found.by_site.items()},
                by_income={name: SumsView.of_sums(one) for name, one in found.by_income.items()},
            ) if found else None,
        )  # fmt: skip
