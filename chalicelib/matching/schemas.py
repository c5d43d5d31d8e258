"""Match runs, and what they say of people, on the wire; with the shapes of settings, reports and pairs."""

from dataclasses import asdict
from typing import Annotated, Any, Self

from pydantic import Field

from chalicelib.kernel.errors import Invalid
from chalicelib.matching.advice_views import SuggestionView, suggestion_views
from chalicelib.matching.comparison_schemas import BasisView as BasisView
from chalicelib.matching.comparison_schemas import ComparisonView as ComparisonView
from chalicelib.matching.model import LeftOutReason, MatchSettings, PeopleOf, Reason
from chalicelib.matching.name_views import PersonName as PersonName
from chalicelib.matching.name_views import name_view as name_view
from chalicelib.matching.peer_words import of_peers
from chalicelib.matching.reason_wording import Subject, Told, left_out_told, reasons_told
from chalicelib.matching.report_schemas import ReportView as ReportView
from chalicelib.matching.report_schemas import SummaryView as SummaryView
from chalicelib.matching.review_schemas import PairChange as PairChange
from chalicelib.matching.review_schemas import PairQuery as PairQuery
from chalicelib.matching.review_schemas import PairReviewView as PairReviewView
from chalicelib.matching.review_schemas import PairView as PairView
from chalicelib.matching.runs import Failure, MatchRun, RunDetail, RunStatus, RunStep, Trigger
from chalicelib.matching.service import LeftOutPerson, MyReasons
from chalicelib.matching.settings_schemas import SettingsBody as SettingsBody
from chalicelib.matching.settings_schemas import SettingsShape as SettingsShape
from chalicelib.matching.settings_schemas import SettingsVersionView as SettingsVersionView
from chalicelib.matching.settings_schemas import SettingsView as SettingsView
from chalicelib.matching.settings_schemas import WarningView as WarningView
from chalicelib.matching.weight_schemas import WeightProposalView as WeightProposalView
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Query, instant
from chalicelib.programmes.model import PairKind
from chalicelib.words.formats import Formats, formats_of


class RunBody(Body):
    dry_run: Annotated[
        bool, Field(description="Report, pairs and left-out as ever, but nothing is proposed")
    ] = False
    settings: Annotated[
        SettingsBody | None,
        Field(
            description="What if: other settings for this dry run alone; its answer compares them with those before"
        ),
    ] = None
    people: Annotated[
        PeopleOf | None,
        Field(
            description="Whose people a dry run looks at. all, the default where `settings` are tried: everybody in "
            "the programme as if nobody had been matched yet, by today's profiles and with all their places, whoever "
            "has declined whom still kept apart; compared with the programme's present settings. run: as the run "
            "`run_id` found them, before its pairs took their places, compared with that run's settings. last_run: "
            "the same of the newest run that made pairs which stand. now, the default else: as they are, with the "
            "places that are left, compared with the present settings. Where that run's people are not kept it is "
            "all; the run's `basis` tells"
        ),
    ] = None
    run_id: Annotated[
        Identifier | None,
        Field(description="The run of this programme whose people a dry run looks at; `people` is run then"),
    ] = None

    def tried(self) -> MatchSettings | None:
        try:
            return self.settings.to_model() if self.settings else None
        except Invalid as wrong:
            raise wrong.under("/settings") from wrong


class ProgressView(Answer):
    """How far a run has come that is made in parts, since its programme is large."""

    blocks: Annotated[int, Field(description="Blocks that the pool is cut into; 0 until it is read")]
    blocks_done: Annotated[int, Field(description="Blocks whose pairs are scored")]
    mentees_matched: Annotated[int, Field(description="Mentees with a pair; 0 until all blocks are scored")]
    pairs_published: int
    pairs_skipped: int

    @classmethod
    def of(cls, run: MatchRun) -> Self:
        return cls(
            blocks=run.blocks, blocks_done=run.blocks_done, mentees_matched=run.mentees_matched,
            pairs_published=run.published, pairs_skipped=run.skipped,
        )  # fmt: skip


class RunView(Answer):
    id: str
    programme_id: str
    status: RunStatus
    step: Annotated[RunStep, Field(description="The last step that is done")]
    trigger: Trigger
    dry_run: bool
    basis: Annotated[BasisView, Field(description="The people that it looks at")]
    warnings: Annotated[
        tuple[WarningView, ...],
        Field(description="Settings that it tries and that have no effect by the programme's rules"),
    ]
    mentees: Annotated[int, Field(description="Mentees that the run looked at")]
    pairs: int
    left_out: Annotated[
        int,
        Field(
            description="Mentees whom the match found no pair for, those with `has_one` and who could not take part "
            "among them"
        ),
    ]
    pairs_published: Annotated[int, Field(description="Pairs that have become proposals")]
    pairs_skipped: Annotated[int, Field(description="Pairs that something came between after the match")]
    progress: Annotated[
        ProgressView | None,
        Field(description="Of a run of a large programme, which is made in parts; null for all others"),
    ]
    failure: Annotated[
        Failure | None,
        Field(
            description="gave_up: it failed as often as it was tried; taken_over: it went silent, and another run took "
            "its place; programme_not_running: the programme ended before the pairs were proposed; "
            "too_large_to_compare: the programme is too large for a dry run with other settings or of other people; "
            "engine_changed: the service was updated while it was matched, and would match the rest otherwise"
        ),
    ]
    settings_version: Annotated[
        int | None,
        Field(
            description="Of the programme's settings that it followed; null before its snapshot, and for settings that "
            "were tried"
        ),
    ]
    created_at: Instant
    started_at: Instant | None
    finished_at: Instant | None

    @classmethod
    def of(cls, run: MatchRun) -> Self:
        return cls(**_run_fields(run))


class RunDetailView(RunView):
    summary: Annotated[SummaryView | None, Field(description="The report in words, with the comparison")]
    report: ReportView | None
    comparison: Annotated[ComparisonView | None, Field(description="Of a dry run that tries other settings")]

    @classmethod
    def of(cls, detail: RunDetail) -> Self:  # type: ignore[override]
        formats, found = formats_of(detail.locale), detail.comparison
        summary = SummaryView.of(detail.report, found, formats) if detail.report else None
        report = ReportView.of(detail.report, formats) if detail.report else None
        comparison = ComparisonView.of(found, detail.persons) if found else None
        return cls(**_run_fields(detail.run), summary=summary, report=report, comparison=comparison)


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


class ToldView(Answer):
    about: Annotated[Subject, Field(description="tonight: what would have opened a mentor with a place left")]
    text: str


class InWordsView(Answer):
    """The codes beside it in sentences for the one who reads them, in the language of their own account."""

    language: Annotated[
        str, Field(description="BCP-47 tag, for the `lang` of what shows them", examples=["en"])
    ]
    sentences: list[ToldView]

    @classmethod
    def of(cls, told: tuple[Told, ...], formats: Formats) -> Self:
        return cls(
            language=formats.language, sentences=[ToldView(about=one.about, text=one.text) for one in told]
        )


HasOne = Annotated[
    bool,
    Field(description="Whether there was a mentor or an open proposal before the match, whatever it found"),
]


class LeftOutView(Answer):
    person: PersonName
    has_one: HasOne
    summary: InWordsView
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
        formats = formats_of(one.locale)
        if one.kind is PairKind.PEER:
            formats = of_peers(formats)
        return cls(
            person=name_view(one.left_out.person_id, one.person),
            has_one=one.left_out.has_one,
            summary=InWordsView.of(left_out_told(one.left_out, formats), formats),
            reasons=[ReasonView.of(reason) for reason in one.left_out.reasons],
            suggestions=suggestion_views(one.left_out.suggestions),
            tonight=SuggestionView.of(one.left_out.tonight) if one.left_out.tonight else None,
        )


class MyReasonsQuery(Query):
    programme_id: Identifier


class MyReasonsView(Answer):
    """What the last match came to for you. No reason tells of anybody's block, decline or wish."""

    programme_id: str
    run_id: str
    at: Instant
    proposed: Annotated[bool, Field(description="Whether this match made a proposal to you")]
    has_one: HasOne
    summary: InWordsView
    reasons: list[ReasonView]
    suggestions: Annotated[
        list[SuggestionView], Field(description="What would open mentors to you, the smallest change first")
    ]

    @classmethod
    def of(cls, mine: MyReasons) -> Self:
        found, formats = mine.reasons, formats_of(mine.locale, mine.country)
        if mine.kind is PairKind.PEER:
            formats = of_peers(formats)
        told = reasons_told(found.proposed, found.reasons, found.suggestions, formats, has_one=found.has_one)
        return cls(
            programme_id=found.programme_id, run_id=found.run_id, at=instant(found.at), proposed=found.proposed,
            has_one=found.has_one,
            summary=InWordsView.of(told, formats),
            reasons=[ReasonView.of(one) for one in found.reasons],
            suggestions=suggestion_views(found.suggestions),
        )  # fmt: skip


def _run_fields(run: MatchRun) -> dict[str, Any]:
    return {
        "id": run.id, "programme_id": run.programme_id, "status": run.status, "step": run.step,
        "trigger": run.trigger, "dry_run": run.dry_run, "basis": BasisView.of(run.basis),
        "warnings": WarningView.all_of(run.warnings, under="/settings"),
        "mentees": run.mentees, "pairs": run.pairs, "left_out": run.left_out,
        "pairs_published": run.published, "pairs_skipped": run.skipped, "failure": run.failure,
        "progress": ProgressView.of(run) if run.in_parts else None,
        "settings_version": run.settings_version, "created_at": instant(run.created_at),
        "started_at": instant(run.started_at), "finished_at": instant(run.finished_at),
    }  # fmt: skip
