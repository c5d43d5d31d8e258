"""Cases of a series: the form by specialty, the states, and the order in which a case is talked about."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.identifying import Traces, to_take_out, traces_of
from chalicelib.kernel.texts import without_accents
from chalicelib.people import codes
from chalicelib.series.errors import CaseIdentifies, CaseNotSo, CaseNotYours
from chalicelib.series.model import SeriesRole

MOST_SAID = 300
"""Questions and recommendations that are shown of one case."""


class CaseSection(StrEnum):
    """A part of the form. QUESTION: what the presenter asks. SUMMARY: the case in a few sentences. SETTING: what there
    is where the patient is."""

    QUESTION = "question"
    SUMMARY = "summary"
    HISTORY = "history"
    EXAMINATION = "examination"
    INVESTIGATIONS = "investigations"
    TREATMENT = "treatment"
    SETTING = "setting"
    HEART = "heart"
    PREGNANCY = "pregnancy"
    GROWTH = "growth"
    MENTAL_STATE = "mental_state"
    EXPOSURES = "exposures"


GENERAL = (
    CaseSection.QUESTION, CaseSection.SUMMARY, CaseSection.HISTORY, CaseSection.EXAMINATION, CaseSection.INVESTIGATIONS,
    CaseSection.TREATMENT, CaseSection.SETTING,
)  # fmt: skip
OF_SPECIALTY: Mapping[str, tuple[CaseSection, ...]] = {
    "cardiology": (CaseSection.HEART,),
    "paediatric-cardiology": (CaseSection.HEART, CaseSection.GROWTH),
    "gynaecology-and-obstetrics": (CaseSection.PREGNANCY,),
    "paediatrics": (CaseSection.GROWTH,),
    "neonatology": (CaseSection.PREGNANCY, CaseSection.GROWTH),
    "psychiatry": (CaseSection.MENTAL_STATE,),
    "child-and-adolescent-psychiatry": (CaseSection.MENTAL_STATE, CaseSection.GROWTH),
    "infectious-diseases": (CaseSection.EXPOSURES,),
}
"""What the forms of some specialties have beside the general sections."""
NEEDED = (CaseSection.QUESTION, CaseSection.SUMMARY)


class AgeBand(StrEnum):
    """How old a patient is, as near as a case tells."""

    UNDER_1 = "under_1"
    FROM_1 = "1_to_4"
    FROM_5 = "5_to_14"
    FROM_15 = "15_to_24"
    FROM_25 = "25_to_44"
    FROM_45 = "45_to_64"
    FROM_65 = "65_to_89"
    OVER_89 = "over_89"


class CaseState(StrEnum):
    """ASSIGNED: its presenter writes it. SUBMITTED: it waits for a review. RETURNED: to its presenter, with reasons.
    APPROVED: it may be presented. SCHEDULED: for a session. PRESENTING: it is talked about. DISCUSSED: written
    recommendations are due. ANSWERED: they are signed and sent. FOLLOWED_UP: it is known what came of it. WITHDRAWN."""

    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PRESENTING = "presenting"
    DISCUSSED = "discussed"
    ANSWERED = "answered"
    FOLLOWED_UP = "followed_up"
    WITHDRAWN = "withdrawn"


IN_BANK = frozenset(
    {
        CaseState.APPROVED, CaseState.SCHEDULED, CaseState.PRESENTING, CaseState.DISCUSSED, CaseState.ANSWERED,
        CaseState.FOLLOWED_UP,
    }
)  # fmt: skip
"""What all but guests may read."""


class CaseMove(StrEnum):
    """SUBMIT, WITHDRAW: by its presenter. APPROVE, RETURN: by somebody else who reviews. SCHEDULE: for a session. STEP:
    the next of the order. SAY: a question or a recommendation. SIGN: the written recommendations. FOLLOW_UP: what came
    of it, by its presenter."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    RETURN = "return"
    SCHEDULE = "schedule"
    STEP = "step"
    SAY = "say"
    SIGN = "sign"
    FOLLOW_UP = "follow_up"


_S, _M = CaseState, CaseMove
_WITHDRAWN_FROM = (_S.ASSIGNED, _S.SUBMITTED, _S.RETURNED, _S.APPROVED, _S.SCHEDULED)
MOVES: Mapping[tuple[CaseState, CaseMove], CaseState] = {
    (_S.ASSIGNED, _M.SUBMIT): _S.SUBMITTED,
    (_S.RETURNED, _M.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _M.APPROVE): _S.APPROVED,
    (_S.SUBMITTED, _M.RETURN): _S.RETURNED,
    # What was overlooked comes to light later, too.
    (_S.APPROVED, _M.RETURN): _S.RETURNED,
    (_S.SCHEDULED, _M.RETURN): _S.RETURNED,
    (_S.APPROVED, _M.SCHEDULE): _S.SCHEDULED,
    (_S.SCHEDULED, _M.SCHEDULE): _S.SCHEDULED,
    (_S.SCHEDULED, _M.STEP): _S.PRESENTING,
    (_S.PRESENTING, _M.STEP): _S.PRESENTING,
    (_S.PRESENTING, _M.SAY): _S.PRESENTING,
    (_S.DISCUSSED, _M.SIGN): _S.ANSWERED,
    (_S.ANSWERED, _M.FOLLOW_UP): _S.FOLLOWED_UP,
    **{(one, _M.WITHDRAW): _S.WITHDRAWN for one in _WITHDRAWN_FROM},
}
"""All moves there are; whatever is not here is refused."""


class CaseStep(StrEnum):
    """The order in which a case is talked about. CLARIFY: questions alone, no advice yet. MEMBERS recommend before
    EXPERTS do."""

    PRESENT = "present"
    SUMMARISE = "summarise"
    CLARIFY = "clarify"
    MEMBERS = "members"
    EXPERTS = "experts"


ORDER = tuple(CaseStep)
SAY_AT: Mapping[CaseStep, frozenset[SeriesRole]] = {
    CaseStep.CLARIFY: frozenset(SeriesRole) - {SeriesRole.GUEST},
    CaseStep.MEMBERS: frozenset({SeriesRole.MEMBER}),
    CaseStep.EXPERTS: frozenset({SeriesRole.EXPERT, SeriesRole.FACILITATOR, SeriesRole.OWNER}),
}
"""Who says something at which step; at the others nobody but the presenter speaks."""


class CaseOutcome(StrEnum):
    """What came of a case, by its presenter."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    DIED = "died"
    REFERRED = "referred"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Form:
    """What a case says."""

    title: str
    age_band: AgeBand | None = None
    sections: Mapping[CaseSection, str] = field(default_factory=dict)

    def words(self) -> str:
        """Return its words as they are searched for."""
        return without_accents(" ".join([self.title, *self.sections.values()]).casefold())


@dataclass(frozen=True)
class Case:
    """A case of a series.

    Attributes
    ----------
    reasons
        Why it was returned last.
    due_at
        By when the written recommendations are due.
    signed_by, recommendations
        The facilitator who signed, and what they sent.
    follow_up_on
        When its presenter is to say what came of it.
    """

    id: str
    series_id: str
    presenter_id: str
    specialty: str
    form: Form = field(repr=False)
    state: CaseState = CaseState.ASSIGNED
    reasons: str = field(default="", repr=False)
    session_id: str | None = None
    step: CaseStep | None = None
    due_at: datetime | None = None
    signed_by: str | None = None
    recommendations: str = field(default="", repr=False)
    follow_up_on: date | None = None
    outcome: CaseOutcome | None = None
    outcome_text: str = field(default="", repr=False)
    version: int | None = None


@dataclass(frozen=True)
class Said:
    """A question or a recommendation, at the step at which it was given."""

    id: str
    by: str
    role: SeriesRole
    step: CaseStep
    text: str = field(repr=False)


def sections_of(specialty: str) -> tuple[CaseSection, ...]:
    """Return the sections of a specialty's form."""
    return (*GENERAL, *OF_SPECIALTY.get(specialty, ()))


def checked_specialty(slug: str) -> str:
    """Return a specialty's slug; raises `Invalid`."""
    if codes.specialty(slug) is None:
        raise Invalid.field("/specialty", "Give a specialty from GET /v1/codes/specialties.")
    return slug


def written_form(case: Case, form: Form) -> Case:
    """Return a case with another form, by its presenter.

    Raises
    ------
    CaseNotSo
    Invalid
        For a section that its specialty has not.
    """
    if case.state not in (CaseState.ASSIGNED, CaseState.RETURNED):
        raise CaseNotSo(f"It is {case.state}. A form is written until it is handed in.")
    unknown = set(form.sections) - set(sections_of(case.specialty))
    if unknown:
        raise Invalid.field(f"/sections/{min(unknown)}", "The form of this specialty has no such section.")
    return replace(case, form=form)


def traces(form: Form) -> Traces:
    """Return what in a form may identify its patient, by the field's pointer."""
    sections = ((f"/sections/{name}", text) for name, text in form.sections.items())
    return traces_of([("/title", form.title), *sections])


def require_ready(form: Form) -> None:
    """Let a form pass that is whole and has nothing in it that surely identifies somebody.

    Raises
    ------
    Invalid, CaseIdentifies
    """
    missing = [one for one in NEEDED if not form.sections.get(one)]
    if missing or form.age_band is None:
        pointers = [f"/sections/{one}" for one in missing] + ([] if form.age_band else ["/age_band"])
        raise Invalid(
            "The form is not whole.",
            tuple(FieldError(one, "This is needed before it is handed in.") for one in pointers),
        )
    errors = to_take_out(traces(form))
    if errors:
        raise CaseIdentifies(errors=errors)


def moved(case: Case, move: CaseMove) -> Case:
    """Return a case after a move; raises `CaseNotSo`."""
    after = MOVES.get((case.state, move))
    if after is None:
        raise CaseNotSo(f"It is {case.state.replace('_', ' ')}.")
    return replace(case, state=after)


def require_clean(text: str) -> None:
    """Let a text pass that is said or written about a case; raises `CaseIdentifies`."""
    errors = to_take_out(traces_of([("/text", text)]))
    if errors:
        raise CaseIdentifies("Take out what is pointed at, and name people by what they do.", errors)


def stepped(case: Case, now: datetime, days: int) -> Case:
    """Return a case one step further in its order; after the last one its written recommendations are due."""
    changed = moved(case, CaseMove.STEP)
    if case.step is None:
        return replace(changed, step=ORDER[0])
    place = ORDER.index(case.step) + 1
    if place < len(ORDER):
        return replace(changed, step=ORDER[place])
    return replace(changed, state=CaseState.DISCUSSED, step=None, due_at=now + timedelta(days=days))


def require_turn(case: Case, role: SeriesRole) -> CaseStep:
    """Return the step at which somebody in a role may say something now.

    Raises
    ------
    CaseNotSo
        At a step at which only its presenter speaks.
    CaseNotYours
        At the turn of others: members recommend before experts do.
    """
    moved(case, CaseMove.SAY)
    step = case.step
    if step is None or step not in SAY_AT:
        raise CaseNotSo("It is being presented. Questions come after that, and recommendations after these.")
    if role not in SAY_AT[step]:
        raise CaseNotYours(
            "Members recommend before experts do."
            if step is CaseStep.MEMBERS
            else "Experts and facilitators recommend now."
        )
    return step
