"""Activities, claims, schemes and statements on the wire."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from chalicelib.credits import assessing, wording
from chalicelib.credits.assessing import CreditReason, Entry
from chalicelib.credits.model import Part, Rounding, Scheme, Source
from chalicelib.credits.service import RuleDraft, SeenStatement
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Line, Query, instant

_STEPS = Literal[1, 2, 4, 5, 10, 20]
_MINUTES = "Minutes of education for one credit"
_STEP = "Into how many steps a credit is divided: 4 is quarters"
_ROUNDING = "`nearest`: to the nearest step, half a step up; `down`: whole steps alone"
_DAILY = "Credits a day at most; null for no limit"
_FACULTY = "What a presented hour gives, as a percentage of one attended; null where teaching gives nothing"
_EXCLUDES = "Whether who teaches in an activity has nothing for what they attend of it"
_ONCE = "Whether teaching the same again gives nothing"
_SCHEME = "`ama_pra`, `eaccme`, or the id of a scheme of the organisation that held it"


class CreditSourceView(Answer):
    kind: Annotated[str, Field(description="What it was: `series-session`, `simulation`")]
    id: str


class ActivityView(Answer):
    """What you took part in or taught."""

    source: CreditSourceView
    organisation_id: str
    title: str
    part: Part
    starts_at: Instant
    day: Annotated[date, Field(description="In `time_zone`")]
    time_zone: str
    educational_seconds: Annotated[int, Field(description="Of education that you attended")]
    presented_seconds: Annotated[int, Field(description="That you taught")]
    non_educational_seconds: Annotated[int, Field(description="Of welcomes, breaks, forms and goodbyes")]
    has_feedback: bool
    scheme: Annotated[str | None, Field(description="Under which you have claimed it")]
    claimed_at: Instant | None

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(**_activity(entry))


def _activity(entry: Entry) -> dict[str, Any]:
    one, claim = entry.activity, entry.activity.claim
    return {
        "source": CreditSourceView(kind=one.source.kind, id=one.source.id),
        "organisation_id": one.organisation_id, "title": one.title, "part": one.part,
        "starts_at": instant(one.starts_at), "day": one.day, "time_zone": one.time_zone,
        "educational_seconds": one.educational_seconds, "presented_seconds": one.presented_seconds,
        "non_educational_seconds": one.non_educational_seconds, "has_feedback": entry.has_feedback,
        "scheme": claim.scheme_id if claim else None, "claimed_at": instant(claim.at) if claim else None,
    }  # fmt: skip


class CreditClaimBody(Body):
    source: Annotated[str, Field(min_length=1, max_length=40, examples=["series-session"])]
    source_id: Identifier
    scheme: Annotated[str, Field(min_length=1, max_length=26, description=_SCHEME)]

    def to_model(self) -> Source:
        return Source(self.source, self.source_id)


class CreditRuleView(Answer):
    valid_from: date
    valid_to: Annotated[date | None, Field(description="The last day; null until the next rule begins")]
    minutes_per_credit: Annotated[int, Field(description=_MINUTES)]
    steps_per_credit: Annotated[int, Field(description=_STEP)]
    rounding: Annotated[Rounding, Field(description=_ROUNDING)]
    daily_maximum: Annotated[int | None, Field(description=_DAILY)]
    needs_feedback: bool
    faculty_percent: Annotated[int | None, Field(description=_FACULTY)]
    teaching_excludes_learning: Annotated[bool, Field(description=_EXCLUDES)]
    teaching_once: Annotated[bool, Field(description=_ONCE)]
    source: Annotated[str, Field(description="Where it was read; empty where an organisation wrote it")]
    read_on: date | None


class CreditSchemeView(Answer):
    """A scheme with its rules, the oldest first. What was on a day is judged by the rule of that day."""

    scheme: Annotated[str, Field(description="What a claim names it by")]
    name: str
    organisation_id: Annotated[str | None, Field(description="Null for what the installation knows itself")]
    rules: tuple[CreditRuleView, ...]

    @classmethod
    def of(cls, scheme: Scheme) -> Self:
        return cls(
            scheme=scheme.id, name=scheme.name, organisation_id=scheme.organisation_id,
            rules=tuple(CreditRuleView.model_validate(one) for one in scheme.rules),
        )  # fmt: skip


class CreditSchemesView(Answer):
    items: tuple[CreditSchemeView, ...]

    @classmethod
    def of(cls, schemes: tuple[Scheme, ...]) -> Self:
        return cls(items=tuple(CreditSchemeView.of(one) for one in schemes))


class CreditRuleBody(Body):
    """A rule of a scheme of the organisation: a new scheme with a name, or a further rule of one."""

    scheme: Annotated[Identifier | None, Field(description="Of a scheme that gets a further rule")] = None
    name: Annotated[Line | None, Field(description="Of a new scheme")] = None
    like: Annotated[
        Literal["ama_pra", "eaccme"] | None,
        Field(description="What you leave out is as the rule of that scheme has it on the first day"),
    ] = None
    valid_from: Annotated[
        date,
        Field(
            description="The first rule may begin on any day, a further one on a day that has begun nowhere"
        ),
    ]
    valid_to: Annotated[date | None, Field(description="The last day; null until the next rule begins")] = (
        None
    )
    minutes_per_credit: Annotated[int, Field(ge=1, le=600, description=_MINUTES)] = 60
    steps_per_credit: Annotated[_STEPS, Field(description=_STEP)] = 4
    rounding: Annotated[Rounding, Field(description=_ROUNDING)] = Rounding.DOWN
    daily_maximum: Annotated[int | None, Field(ge=1, le=24, description=_DAILY)] = None
    needs_feedback: bool = False
    faculty_percent: Annotated[int | None, Field(ge=0, le=1000, description=_FACULTY)] = None
    teaching_excludes_learning: Annotated[bool, Field(description=_EXCLUDES)] = True
    teaching_once: Annotated[bool, Field(description=_ONCE)] = True

    @model_validator(mode="after")
    def _one_scheme(self) -> Self:
        if (self.scheme is None) is (self.name is None):
            raise ValueError("give the name of a new scheme, or the id of one")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("the last day is the first or a later one")
        return self

    def to_model(self) -> RuleDraft:
        given = self.model_fields_set - {"scheme", "name", "like", "valid_from"}
        fields = {name: getattr(self, name) for name in sorted(given)}
        return RuleDraft(self.scheme, self.name, self.like, self.valid_from, fields)


class CreditStatementQuery(Query):
    scheme: Annotated[
        str | None,
        Field(min_length=1, max_length=26, description="One scheme alone; else all of yours"),
    ] = None


class CreditReasonView(Answer):
    """Why something counts for less than the time spent, or for nothing."""

    code: CreditReason
    text: Annotated[str, Field(description="In your language")]


class CreditLineView(ActivityView):
    """What an activity comes to."""

    counted_learning_seconds: Annotated[int, Field(description="Of what you attended, what counts here")]
    counted_teaching_seconds: Annotated[int, Field(description="Of what you taught, what counts here")]
    credits: Annotated[float, Field(description="With two digits at most")]
    rule_from: Annotated[date | None, Field(description="From which day the rule held that it is judged by")]
    reasons: tuple[CreditReasonView, ...]

    @classmethod
    def of_line(cls, line: assessing.Line, locale: str) -> Self:
        return cls(
            **_activity(line.entry), counted_learning_seconds=line.learned_seconds,
            counted_teaching_seconds=line.presented_seconds, credits=line.hundredths / 100,
            rule_from=line.rule.valid_from if line.rule else None,
            reasons=tuple(
                CreditReasonView(code=one, text=wording.reason(one, locale)) for one in line.reasons
            ),
        )  # fmt: skip


class CreditSumView(Answer):
    scheme: str
    name: str
    credits: float


class CreditStatementView(Answer):
    """What your activities of a year come to. It is a record: an accredited provider awards credit."""

    year: int
    scheme: Annotated[str | None, Field(description="Where you asked for one alone")]
    notice: Annotated[str, Field(description="What a statement is and is not, in your language")]
    sums: tuple[CreditSumView, ...]
    lines: Annotated[tuple[CreditLineView, ...], Field(description="In the order in which they began")]

    @classmethod
    def of(cls, seen: SeenStatement) -> Self:
        told = seen.statement
        return cls(
            year=told.year, scheme=told.scheme_id, notice=wording.notice(seen.locale),
            sums=tuple(
                CreditSumView(
                    scheme=one.scheme_id, name=seen.names.get(one.scheme_id, one.scheme_id),
                    credits=one.hundredths / 100,
                )
                for one in told.sums
            ),
            lines=tuple(CreditLineView.of_line(one, seen.locale) for one in told.lines),
        )  # fmt: skip
