"""Match settings, runs and pairs on the wire."""

from dataclasses import asdict
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from chalicelib.matching import documents
from chalicelib.matching.advice_views import ShortageView, SuggestionView, suggestion_views
from chalicelib.matching.model import (
    MAX_NAMED_PAIRS,
    MAX_ROUNDS,
    MAX_WEEKS,
    MAX_WEIGHT,
    MILLION,
    Comparison,
    Contribution,
    Criterion,
    LeftOutReason,
    LocalSpan,
    MatchReport,
    MatchSettings,
    Objective,
    Overlap,
    PairOfIds,
    ProposedPair,
    Protected,
    Reason,
    Rule,
    Weights,
)
from chalicelib.matching.review import NamedPair, PairReview
from chalicelib.matching.runs import (
    Failure,
    MatchRun,
    ProgrammeSettings,
    Reasons,
    RunDetail,
    RunStatus,
    RunStep,
    Trigger,
)
from chalicelib.matching.service import LeftOutPerson
from chalicelib.matching.weight_schemas import WeightProposalView as WeightProposalView
from chalicelib.matching.wording import Audience, Reader, sentences
from chalicelib.people.model import Person, Weekday, minutes_text
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Query, instant

Millionths = Annotated[int, Field(ge=0, le=MILLION, description="Millionths", examples=[731250])]
Weight = Annotated[float, Field(ge=0, le=MAX_WEIGHT, allow_inf_nan=False)]
_USUAL = Weights()


class WeightsShape(Body):
    """How much each criterion counts, as shares of their sum; what is left out keeps its usual weight."""

    topics: Weight = _USUAL.topics
    research: Weight = _USUAL.research
    goals: Weight = _USUAL.goals
    career: Weight = _USUAL.career
    languages: Weight = _USUAL.languages
    overlap: Weight = _USUAL.overlap
    values: Weight = _USUAL.values
    wishes: Weight = _USUAL.wishes
    cross_border: Weight = _USUAL.cross_border
    waiting: Weight = _USUAL.waiting


class PairShape(Body):
    mentee_id: Identifier
    mentor_id: Identifier


NamedPairs = Annotated[tuple[PairShape, ...], Field(max_length=MAX_NAMED_PAIRS)]


class SettingsShape(Body):
    """A programme's choices for its match; what is left out takes its usual value."""

    weights: WeightsShape = WeightsShape()
    mentor_say: Annotated[
        int,
        Field(
            ge=0, le=MILLION, description="How much the mentor's view counts beside the mentee's, millionths"
        ),
    ] = 300_000
    objective: Annotated[
        Objective,
        Field(
            description="total: the greatest sum of scores; stable: no two would both rather have each other; fair: a "
            "little of that sum given up to level the protected groups"
        ),
    ] = Objective.TOTAL
    protected: Annotated[Protected, Field(description="By what the protected groups are told apart")] = (
        Protected.INCOME_GROUP
    )
    max_loss: Annotated[
        int,
        Field(ge=0, le=MILLION, description="What fair may give up of the greatest sum, millionths of it"),
    ] = 20_000
    rounds: Annotated[
        int,
        Field(
            ge=1,
            le=MAX_ROUNDS,
            description="Up to how many pairs a run makes of one mentee, as far as the programme's `mentee_places` go",
        ),
    ] = 1
    rules_off: Annotated[
        tuple[Rule, ...],
        Field(max_length=len(Rule), description="Hard rules that the programme does without"),
    ] = ()
    locked: Annotated[
        NamedPairs,
        Field(
            description="Pairs that get their places first, if both are open and neither refuses the other"
        ),
    ] = ()
    forbidden: Annotated[NamedPairs, Field(description="Pairs that are never made")] = ()
    min_score: Annotated[int, Field(ge=1, le=MILLION, description="Millionths; no pair below it")] = 1
    min_overlap_minutes: Annotated[
        int, Field(ge=15, le=7 * 24 * 60, multiple_of=15, description="Common time in every week")
    ] = 60
    min_stretch_minutes: Annotated[
        int, Field(ge=15, le=24 * 60, multiple_of=15, description="An unbroken stretch of it")
    ] = 30
    weeks: Annotated[int, Field(ge=1, le=MAX_WEEKS, description="For how many weeks ahead that holds")] = 12
    language_floor: Annotated[
        Literal["A1", "A2", "B1", "B2", "C1", "C2"],
        Field(description="CEFR level of a shared language, both sides"),
    ] = "B2"
    waiting_days: Annotated[
        int, Field(ge=1, le=3650, description="Waiting time that earns the whole points")
    ] = 90

    def to_model(self) -> MatchSettings:
        given = dict(self) | {
            "weights": Weights(**dict(self.weights)),
            "rules_off": frozenset(self.rules_off),
            "locked": tuple(PairOfIds(one.mentee_id, one.mentor_id) for one in self.locked),
            "forbidden": tuple(PairOfIds(one.mentee_id, one.mentor_id) for one in self.forbidden),
        }
        return MatchSettings(**given)


class SettingsView(SettingsShape):
    @classmethod
    def of(cls, found: ProgrammeSettings) -> Self:
        settings = found.settings
        plain = documents.to_plain(settings, whole=True)
        return cls.model_validate({name: plain[name] for name in SettingsShape.model_fields})


class RunBody(Body):
    dry_run: Annotated[
        bool, Field(description="Report, pairs and left-out as ever, but nothing is proposed")
    ] = False
    settings: Annotated[
        SettingsShape | None,
        Field(
            description="What if: other settings for this dry run alone; its answer compares them with the present"
        ),
    ] = None


class RunView(Answer):
    id: str
    programme_id: str
    status: RunStatus
    step: Annotated[RunStep, Field(description="The last step that is done")]
    trigger: Trigger
    dry_run: bool
    mentees: Annotated[int, Field(description="Mentees that the run looked at")]
    pairs: int
    left_out: Annotated[int, Field(description="Mentees whom the match found no pair for")]
    pairs_published: Annotated[int, Field(description="Pairs that have become proposals")]
    pairs_skipped: Annotated[int, Field(description="Pairs that something came between after the match")]
    failure: Failure | None
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None

    @classmethod
    def of(cls, run: MatchRun) -> Self:
        return cls(**_run_fields(run))


class GroupView(Answer):
    group: str
    mentees: int
    matched: int


class CountView(Answer):
    code: Reason
    people: int


class LoadView(Answer):
    mentees: int
    mentors: int


class PoolView(Answer):
    mentees: int
    mentors: int
    open_mentees: int
    open_mentors: int
    places: int


class ContributionView(Answer):
    criterion: Criterion
    points: Millionths


class ObjectiveView(Answer):
    """What one objective would have reached with the same people, beside the run's own."""

    objective: Objective
    pairs: int
    total: int
    loss: Annotated[int, Field(description="What it gives up of the greatest sum, millionths of it")]
    groups: list[GroupView]


class RoundView(Answer):
    """What one round made of what those before it had left."""

    mentees: Annotated[int, Field(description="Open mentees who had a further place")]
    places: Annotated[int, Field(description="Mentors' places that were left")]
    pairs: int
    total: int
    upper_bound: int


class ReportView(Answer):
    """What the run did, decided by its snapshot alone. Scores and weights are millionths."""

    engine_version: str
    time_zone_data: str
    taken_at: Instant
    objective: Objective
    weights: list[ContributionView]
    pool: PoolView
    excluded_mentees: list[CountView]
    excluded_mentors: list[CountView]
    admissible_pairs: int
    candidate_pairs: int
    candidates_cut: bool
    pairs: int
    mean_score: int
    score_deciles: list[int]
    total: int
    upper_bound: Annotated[
        int,
        Field(
            description="No assignment of the candidates adds up to more, each round given those before it"
        ),
    ]
    gap: Annotated[int, Field(description="Between total and bound, millionths of the bound")]
    matched: GroupView
    income_groups: list[GroupView]
    languages: list[GroupView]
    loads: list[LoadView]
    left_out: list[CountView]
    protected: Protected
    objectives: Annotated[
        list[ObjectiveView],
        Field(description="What each objective would have reached with the same people, in the first round"),
    ]
    rounds: Annotated[list[RoundView], Field(description="None in reports from before there were rounds")]
    rules_off: list[Rule]
    locked_pairs: Annotated[int, Field(description="Pairs that coordinators had locked")]
    locked_made: Annotated[int, Field(description="Those of them that could be made")]
    shortage_by_language: Annotated[
        list[ShortageView], Field(description="Where most are left out, by language and zone")
    ]
    shortage_by_specialty: Annotated[
        list[ShortageView], Field(description="The same by specialty, too; who has two counts in both")
    ]

    @classmethod
    def of(cls, report: MatchReport) -> Self:
        fields = {name: value for name, value in asdict(report).items() if name in cls.model_fields}
        return cls.model_validate(fields | {"taken_at": instant(report.taken_at)})


class OutcomeView(Answer):
    """What one match came to. Scores by the programme's present settings, so that they can be compared."""

    pairs: int
    total: int
    mean_score: int
    income_groups: list[GroupView]


class LastRunView(OutcomeView):
    run_id: str


class ComparisonView(Answer):
    """The same people under the settings that were tried and under the present ones, and the last run beside them."""

    tried: OutcomeView
    present: OutcomeView
    last_run: Annotated[
        LastRunView | None, Field(description="As its report had it, with the people and settings of its day")
    ]
    same_mentor: Annotated[int, Field(description="Mentees who have the same mentor under both")]
    other_mentor: int
    gained: Annotated[int, Field(description="Mentees who have a mentor under the tried settings alone")]
    lost: int

    @classmethod
    def of(cls, comparison: Comparison) -> Self:
        fields = asdict(comparison)
        for name in ("tried", "present"):
            del fields[name]["run_id"]
        return cls.model_validate(fields)


class RunDetailView(RunView):
    report: ReportView | None
    comparison: Annotated[ComparisonView | None, Field(description="Of a dry run with settings of its own")]

    @classmethod
    def of(cls, detail: RunDetail) -> Self:  # type: ignore[override]
        report = ReportView.of(detail.report) if detail.report else None
        comparison = ComparisonView.of(detail.comparison) if detail.comparison else None
        return cls(**_run_fields(detail.run), report=report, comparison=comparison)


class PersonName(Answer):
    person_id: str
    name: Annotated[str | None, Field(description="null where the person is gone by now")]


class ReasonView(Answer):
    """One reason, with the numbers that advice needs where it has any."""

    code: Reason
    fields: Annotated[list[str], Field(description="Profile fields that are missing")]
    considered: Annotated[int | None, Field(description="Open mentors that the mentee was compared with")]
    passing: Annotated[int | None, Field(description="How many of them pass this rule")]
    would_open: Annotated[int | None, Field(description="How many fail this rule alone")]
    best_minutes: Annotated[
        int | None, Field(description="Most common time in the poorest week with any of them")
    ]
    needed_minutes: int | None

    @classmethod
    def of(cls, reason: LeftOutReason) -> Self:
        return cls.model_validate(asdict(reason))


class LeftOutView(Answer):
    person: PersonName
    reasons: list[ReasonView]
    suggestions: Annotated[
        list[SuggestionView],
        Field(description="What would open mentors where none fits, the smallest change first"),
    ]
    tonight: Annotated[
        SuggestionView | None,
        Field(
            description="The smallest change that would open a mentor who had a place left; `opens` counts those"
        ),
    ]

    @classmethod
    def of(cls, one: LeftOutPerson) -> Self:
        return cls(
            person=name_view(one.left_out.person_id, one.person),
            reasons=[ReasonView.of(reason) for reason in one.left_out.reasons],
            suggestions=suggestion_views(one.left_out.suggestions),
            tonight=SuggestionView.of(one.left_out.tonight) if one.left_out.tonight else None,
        )


class SharedLanguageView(Answer):
    language: Annotated[str, Field(examples=["fr"])]
    mentee_level: str
    mentor_level: str


class LocalSpanView(Answer):
    """A stretch of the week on one person's own clock."""

    weekday: Weekday
    start: Annotated[str, Field(examples=["17:30"])]
    end_weekday: Weekday
    end: Annotated[str, Field(examples=["19:00"])]

    @classmethod
    def of(cls, span: LocalSpan) -> Self:
        return cls(
            weekday=span.weekday, start=minutes_text(span.start), end_weekday=span.end_weekday,
            end=minutes_text(span.end),
        )  # fmt: skip


class WindowView(Answer):
    starts_at: Instant
    minutes: int
    mentee: LocalSpanView
    mentor: LocalSpanView


class OverlapView(Answer):
    minutes_per_week: Annotated[int, Field(description="Common time of the poorest week looked at")]
    windows: Annotated[list[WindowView], Field(description="Of the first week looked at")]

    @classmethod
    def of(cls, overlap: Overlap) -> Self:
        windows = [
            WindowView(
                starts_at=instant(one.starts_at), minutes=one.minutes, mentee=LocalSpanView.of(one.mentee),
                mentor=LocalSpanView.of(one.mentor),
            )
            for one in overlap.windows
        ]  # fmt: skip
        return cls(minutes_per_week=overlap.minutes_per_week, windows=windows)


class SentenceView(Answer):
    criterion: Annotated[Criterion, Field(description="The criterion that it is about")]
    text: str


class EvidenceView(Answer):
    """What speaks for a pair, in sentences for the one who reads it.

    In the language of the reader's own account (`locale` of `PATCH /v1/me`), as their mails are, whatever
    `Accept-Language` says; a locale without a catalogue gets English. A name or a tag that runs against the direction
    of the sentence stands between U+2068 and U+2069.
    """

    language: Annotated[
        str, Field(description="BCP-47 tag, for the `lang` of what shows them", examples=["en"])
    ]
    sentences: Annotated[list[SentenceView], Field(description="In the order of the criteria")]

    @classmethod
    def of(cls, pair: ProposedPair, reader: Reader) -> Self:
        formats = reader.formats()
        told = sentences(pair, reader, formats)
        return cls(
            language=formats.language,
            sentences=[SentenceView(criterion=one.criterion, text=one.text) for one in told],
        )


class PairView(Answer):
    """A pair with its explanation; the points add up to the score."""

    mentee: PersonName
    mentor: PersonName
    score: Millionths
    contributions: list[ContributionView]
    shared_languages: list[SharedLanguageView]
    overlap: OverlapView
    evidence: EvidenceView
    round: Annotated[int, Field(description="Which round of the run it comes from")]
    changed: Annotated[bool, Field(description="Whether a coordinator changed this mentee's pair")]

    @classmethod
    def of(cls, named: NamedPair) -> Self:
        pair = named.pair
        return cls(
            mentee=name_view(pair.mentee_id, named.mentee),
            mentor=name_view(pair.mentor_id, named.mentor),
            score=pair.score,
            contributions=contribution_views(pair.contributions),
            shared_languages=language_views(pair),
            overlap=OverlapView.of(pair.overlap),
            evidence=EvidenceView.of(pair, Reader(Audience.COORDINATOR, named.locale)),
            round=pair.round,
            changed=named.changed,
        )


class PairQuery(Query):
    round: Annotated[
        int,
        Field(
            ge=1, le=MAX_ROUNDS, description="Which of the mentee's pairs, where the settings make several"
        ),
    ] = 1


class PairReviewView(Answer):
    mentee_id: str
    round: int
    mentor_id: Annotated[str | None, Field(description="As the pairs stand; null for no pair")]
    options: Annotated[
        list[PairView], Field(description="Whom the mentee can have in this round, the best first")
    ]

    @classmethod
    def of(cls, review: PairReview) -> Self:
        return cls(
            mentee_id=review.slot.mentee_id, round=review.slot.round, mentor_id=review.mentor_id,
            options=[PairView.of(one) for one in review.options],
        )  # fmt: skip


class PairChange(Body):
    mentor_id: Identifier


class MyReasonsQuery(Query):
    programme_id: Identifier


class MyReasonsView(Answer):
    """What the last match came to for you. No reason tells of anybody's block, decline or wish."""

    programme_id: str
    run_id: str
    at: Instant
    proposed: bool
    reasons: list[ReasonView]
    suggestions: Annotated[
        list[SuggestionView], Field(description="What would open mentors to you, the smallest change first")
    ]

    @classmethod
    def of(cls, found: Reasons) -> Self:
        return cls(
            programme_id=found.programme_id, run_id=found.run_id, at=instant(found.at), proposed=found.proposed,
            reasons=[ReasonView.of(one) for one in found.reasons],
            suggestions=suggestion_views(found.suggestions),
        )  # fmt: skip


def name_view(person_id: str, person: Person | None) -> PersonName:
    return PersonName(person_id=person_id, name=person.name if person else None)


def contribution_views(contributions: tuple[Contribution, ...]) -> list[ContributionView]:
    return [ContributionView(criterion=one.criterion, points=one.points) for one in contributions]


def language_views(pair: ProposedPair) -> list[SharedLanguageView]:
    return [SharedLanguageView.model_validate(asdict(one)) for one in pair.shared_languages]


def _run_fields(run: MatchRun) -> dict[str, Any]:
    return {
        "id": run.id, "programme_id": run.programme_id, "status": run.status, "step": run.step,
        "trigger": run.trigger, "dry_run": run.dry_run, "mentees": run.mentees, "pairs": run.pairs,
        "left_out": run.left_out, "pairs_published": run.published, "pairs_skipped": run.skipped,
        "failure": run.failure, "created_at": instant(run.created_at), "started_at": instant(run.started_at),
        "finished_at": instant(run.finished_at),
    }  # fmt: skip
