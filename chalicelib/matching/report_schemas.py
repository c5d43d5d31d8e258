"""A run's report on the wire."""

from dataclasses import asdict
from typing import Annotated, Self

from pydantic import Field

from chalicelib.matching.advice_views import ShortageView
from chalicelib.matching.changes import ChangeKind, Stretch
from chalicelib.matching.model import (
    Comparison,
    LockedMiss,
    MatchReport,
    Objective,
    Protected,
    Reason,
    Rule,
)
from chalicelib.matching.pair_schemas import ContributionView
from chalicelib.matching.report_wording import Topic, summary
from chalicelib.people.model import Channel
from chalicelib.platform.web.shapes import Answer, Instant, instant
from chalicelib.words.formats import Formats


class GroupView(Answer):
    group: str
    mentees: int
    matched: int


class CountView(Answer):
    code: Reason
    people: int


class LockedMissView(Answer):
    code: LockedMiss
    pairs: int


class LoadView(Answer):
    mentees: int
    mentors: int


class PoolView(Answer):
    mentees: int
    mentors: int
    open_mentees: int
    open_mentors: int
    places: int


class ObjectiveView(Answer):
    """What one objective would have reached with the same people, beside the run's own."""

    objective: Objective
    pairs: int
    total: int
    loss: Annotated[int, Field(description="What it gives up of the greatest sum, millionths of it")]
    groups: list[GroupView]


class RoundView(Answer):
    """What one round made of what those before it had left."""

    mentees: Annotated[int, Field(description="Open mentees who took part")]
    places: Annotated[int, Field(description="Mentors' places that were left")]
    pairs: int
    total: int
    upper_bound: int
    up_to: Annotated[
        int,
        Field(
            description="Who took part had fewer mentors, open proposals and pairs of this run than so many: in the "
            "round up to 2, second mentors are found. 0 in reports from before that counted"
        ),
    ]


class HelpView(Answer):
    """For how many mentees whom no mentor fits this single change is the smallest that would open one."""

    kind: ChangeKind
    channel: Channel | None
    language: Annotated[str | None, Field(examples=["fr"])]
    level: Annotated[str | None, Field(examples=["B1"])]
    stretch: Stretch | None
    people: int


class SectionView(Answer):
    about: Topic
    title: str
    sentences: Annotated[
        list[str],
        Field(description="Of a long table the rows that matter most, and how many others there are"),
    ]


class SummaryView(Answer):
    """A run in sentences for the coordinator who reads it, in the language of their own account (`locale` of
    `PATCH /v1/me`); a locale without a catalogue gets English."""

    language: Annotated[
        str, Field(description="BCP-47 tag, for the `lang` of what shows them", examples=["en"])
    ]
    sections: list[SectionView]

    @classmethod
    def of(cls, report: MatchReport, comparison: Comparison | None, formats: Formats) -> Self:
        return cls(
            language=formats.language,
            sections=[
                SectionView(about=one.about, title=one.title, sentences=list(one.sentences))
                for one in summary(report, comparison, formats)
            ],
        )


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
    matched: Annotated[
        GroupView,
        Field(description="Open mentees who had no mentor and no open proposal, and those with a pair"),
    ]
    further: Annotated[
        GroupView,
        Field(
            description="Open mentees who had one and a place for another, and those with a pair; they count in "
            "`rounds`, `pairs` and scores, and in no other share, reason or shortage"
        ),
    ]
    income_groups: list[GroupView]
    languages: Annotated[list[GroupView], Field(description="Those first where most mentees have no pair")]
    loads: list[LoadView]
    left_out: list[CountView]
    would_help: Annotated[
        list[HelpView],
        Field(description="What would help most of the mentees whom no mentor fits, the most first"),
    ]
    protected: Protected
    objectives: Annotated[
        list[ObjectiveView],
        Field(description="What each objective would have reached with the same people, in the first round"),
    ]
    rounds: Annotated[list[RoundView], Field(description="None in reports from before there were rounds")]
    rules_off: list[Rule]
    locked_pairs: Annotated[int, Field(description="Pairs that coordinators had locked")]
    locked_made: Annotated[int, Field(description="Those of them that could be made")]
    locked_missed: Annotated[
        list[LockedMissView],
        Field(
            description="Why the others could not, by the first cause of each. kept_apart: the two have each other "
            "already, or something stands between them that is not told"
        ),
    ]
    shortage_by_language: Annotated[
        list[ShortageView], Field(description="Where most are left out, by language and zone")
    ]
    shortage_by_specialty: Annotated[
        list[ShortageView], Field(description="The same by specialty, too; who has two counts in both")
    ]

    @classmethod
    def of(cls, report: MatchReport, formats: Formats) -> Self:
        fields = {name: value for name, value in asdict(report).items() if name in cls.model_fields}
        fields |= {
            name: [ShortageView.of(row, formats) for row in rows]
            for name, rows in (
                ("shortage_by_language", report.shortage_by_language),
                ("shortage_by_specialty", report.shortage_by_specialty),
            )
        }
        return cls.model_validate(fields | {"taken_at": instant(report.taken_at)})
