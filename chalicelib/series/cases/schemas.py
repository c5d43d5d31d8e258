"""Cases of a series on the wire."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from chalicelib.kernel.identifying import Finding, Trace
from chalicelib.kernel.texts import readable_line
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Line, Query, Text, instant
from chalicelib.series.cases.model import (
    AgeBand,
    Case,
    CaseMove,
    CaseOutcome,
    CaseSection,
    CaseState,
    CaseStep,
    Form,
    sections_of,
)
from chalicelib.series.cases.service import Order, SeenCase
from chalicelib.series.model import SeriesRole

Specialty = Annotated[
    str, AfterValidator(readable_line), Field(min_length=2, max_length=80, examples=["cardiology"])
]
_STEPS = (
    "The order in which it is talked about: present, summarise, clarifying questions, members, then experts"
)


class CaseBody(Body):
    title: Line
    specialty: Annotated[
        Specialty, Field(description="From GET /v1/codes/specialties; the form has its sections")
    ]
    presenter_id: Annotated[
        Identifier | None, Field(description="Whom it is assigned to, by who runs the series; yourself if left out")
    ] = None  # fmt: skip


class FormBody(Body):
    """No names, no dates, no numbers of records."""

    title: Line
    age_band: Annotated[AgeBand | None, Field(description="In the place of a date of birth")] = None
    sections: Annotated[dict[CaseSection, Text], Field(max_length=12, default_factory=dict)]

    def to_model(self) -> Form:
        return Form(self.title, self.age_band, {name: text for name, text in self.sections.items() if text})


class CasesQuery(Query):
    state: CaseState | None = None
    specialty: Specialty | None = None
    words: Annotated[
        str,
        Field(max_length=100, description="All of which the case has, whatever their capitals and accents"),
    ] = ""


class CaseMoveBody(Body):
    move: Annotated[
        CaseMove,
        Field(
            description="`submit`, `withdraw`, `follow_up` (with `outcome`): by its presenter; `approve`, `return` "
            "(with `reasons`): by somebody else who reviews; `schedule` (with `session_id`), `step`: by who runs it; "
            "`say` (with `text`): a question or recommendation, when it is your turn; `sign` (with `text`, "
            "`follow_up_on`): the written recommendations, by a facilitator"
        ),
    ]
    reasons: Text = ""
    session_id: Identifier | None = None
    text: Text = ""
    follow_up_on: date | None = None
    outcome: CaseOutcome | None = None

    def to_model(self) -> Order:
        return Order(self.reasons, self.session_id, self.text, self.follow_up_on, self.outcome)


class TraceView(Answer):
    """What may identify a patient, and where: characters from 0, the end not in it."""

    field: Annotated[str, Field(description="RFC 6901 pointer into the form or the document")]
    trace: Trace
    start: int
    end: int
    is_certain: Annotated[
        bool, Field(description="Whether it must be taken out before the case is handed in, or published")
    ]

    @classmethod
    def of_finding(cls, place: str, one: Finding) -> Self:
        return cls(field=place, trace=one.trace, start=one.start, end=one.end, is_certain=one.is_certain)


class SaidView(Answer):
    by: str
    role: SeriesRole
    step: CaseStep
    text: str


class CaseListedView(Answer):
    id: str
    presenter_id: str
    specialty: str
    title: str
    age_band: AgeBand | None
    state: CaseState
    session_id: str | None

    @classmethod
    def of(cls, seen: SeenCase) -> Self:
        return cls(**_listed(seen.case))


class SeriesCaseView(CaseListedView):
    form: Annotated[
        tuple[CaseSection, ...], Field(description="The sections that the form of its specialty has")
    ]
    sections: dict[CaseSection, str]
    reasons: Annotated[
        str | None, Field(description="Why it was returned last; for its presenter and who reviews")
    ]
    traces: Annotated[
        tuple[TraceView, ...] | None, Field(description="For its presenter and who reviews; null for others")
    ]
    step: Annotated[CaseStep | None, Field(description=_STEPS)]
    said: Annotated[
        tuple[SaidView, ...], Field(description="In its order; after a change what you said alone")
    ]
    due_at: Annotated[Instant | None, Field(description="By when written recommendations are due")]
    signed_by: str | None
    recommendations: str | None
    follow_up_on: date | None
    outcome: CaseOutcome | None
    outcome_text: str | None

    @classmethod
    def of(cls, seen: SeenCase) -> Self:
        case = seen.case
        return cls(
            **_listed(case), form=sections_of(case.specialty), sections=dict(case.form.sections),
            reasons=case.reasons or None if seen.traces is not None else None,
            traces=None if seen.traces is None else tuple(
                TraceView.of_finding(pointer, one)
                for pointer, some in seen.traces.items()
                for one in some
            ),
            step=case.step,
            said=tuple(SaidView(by=one.by, role=one.role, step=one.step, text=one.text) for one in seen.said),
            due_at=instant(case.due_at), signed_by=case.signed_by, recommendations=case.recommendations or None,
            follow_up_on=case.follow_up_on, outcome=case.outcome, outcome_text=case.outcome_text or None,
        )  # fmt: skip


def _listed(case: Case) -> dict[str, object]:
    return {
        "id": case.id,
        "presenter_id": case.presenter_id,
        "specialty": case.specialty,
        "title": case.form.title,
        "age_band": case.form.age_band,
        "state": case.state,
        "session_id": case.session_id,
    }
