"""Goals on the wire."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field

from chalicelib.kernel.texts import readable_line
from chalicelib.mentorships.goals.check import Finding, Lack
from chalicelib.mentorships.goals.model import (
    MAX_STEPS,
    Decision,
    Domain,
    Ending,
    Entry,
    EntryKind,
    Goal,
    Horizon,
    Measure,
    Reading,
    Review,
    Status,
    Step,
    WishedStep,
)
from chalicelib.mentorships.goals.moves import Verdict
from chalicelib.mentorships.goals.sentences import sentence
from chalicelib.mentorships.goals.service import SeenGoal, Wording
from chalicelib.platform.web.shapes import Answer, Body, Instant, Line, Text, instant
from chalicelib.programmes.model import Side

_MOST = 1e9

Title = Annotated[
    Line,
    Field(
        description="What you want to be able to do; coordinators read it, and nothing else of what is written",
        examples=["Lead the morning round alone"],
    ),
]
Change = Annotated[
    Text,
    Field(max_length=1000, description="What will be different when it is reached, so that it can be seen"),
]
Due = Annotated[
    date,
    Field(
        ge=date(2000, 1, 1), le=date(2100, 12, 31), description="The last day, on the owner's calendar",
        examples=["2027-03-15"],
    ),
]  # fmt: skip
Value = Annotated[float, Field(ge=-_MOST, le=_MOST)]
Note = Annotated[Text, Field(max_length=2000)]
Why = Annotated[Text, Field(min_length=1, max_length=1000)]
OwnHorizon = Annotated[Horizon, Field(description="A goal of the next months, or one beyond")]
OwnDomain = Annotated[
    Domain,
    Field(
        description="The layer of competence (AMEE Guide No. 167): `canonical`, what anybody of the profession knows "
        "and can do; `contextual`, to use it in one's own place, team and health system; `personal`, one's own "
        "interests, habits, values and satisfaction"
    ),
]


class MeasureShape(Body):
    """By what one sees that the goal comes nearer. A target below the baseline is one to come down to."""

    what: Annotated[Line, Field(examples=["Rounds led without being interrupted"])]
    unit: Annotated[str, AfterValidator(readable_line), Field(max_length=40, examples=["rounds a week"])] = ""
    baseline: Annotated[Value | None, Field(description="Today's value")] = None
    target: Value | None = None

    def to_model(self) -> Measure:
        return Measure(self.what, self.unit, self.baseline, self.target)

    @classmethod
    def of(cls, measure: Measure) -> Self:
        return cls(what=measure.what, unit=measure.unit, baseline=measure.baseline, target=measure.target)


class StepShape(Body):
    """One step; with its `number` one that is there already. They stand in the order in which they are to be taken."""

    text: Annotated[Line, Field(max_length=120)]
    is_done: bool = False
    number: Annotated[int | None, Field(ge=1, le=100_000)] = None


Steps = Annotated[tuple[StepShape, ...], Field(max_length=MAX_STEPS)]


class GoalBody(Body):
    """A goal may be written with its title alone; `findings` of the answer say what it lacks."""

    title: Title
    horizon: OwnHorizon
    domain: OwnDomain
    change: Change = ""
    measure: MeasureShape | None = None
    due_on: Due | None = None
    steps: Steps = ()

    def to_model(self) -> Wording:
        return Wording(
            self.title, self.horizon, self.domain, self.change,
            self.measure.to_model() if self.measure is not None else None, self.due_on, _wished(self.steps),
        )  # fmt: skip


class GoalChange(Body):
    """Fields that are left out stay as they are; `steps` are sent all at once."""

    title: Title = "unchanged"
    horizon: OwnHorizon = Horizon.SHORT
    domain: OwnDomain = Domain.CANONICAL
    change: Change = ""
    measure: MeasureShape | None = None
    due_on: Due | None = None
    steps: Steps = ()

    def changes(self) -> dict[str, Any]:
        """Return the fields that were sent, as the model has them."""
        found = {name: getattr(self, name) for name in self.model_fields_set}
        if isinstance(measure := found.get("measure"), MeasureShape):
            found["measure"] = measure.to_model()
        if "steps" in found:
            found["steps"] = _wished(self.steps)
        return found


class ProgressBody(Body):
    """A value, a note, or both."""

    value: Annotated[Value | None, Field(description="In the unit of the goal's measure")] = None
    note: Note = ""


class GoalReviewBody(Body):
    decision: Decision
    why: Why
    changes: Annotated[GoalChange | None, Field(description="With `adjust`: what is to be other")] = None

    def to_model(self) -> Verdict:
        return Verdict(self.decision, self.why, self.changes.changes() if self.changes is not None else {})


class GoalReachedBody(Body):
    note: Annotated[Why, Field(description="Of the success: what is different now")]


class GoalDroppedBody(Body):
    why: Why


class GoalReopenedBody(Body):
    why: Annotated[Text, Field(max_length=1000)] = ""


class StepView(Answer):
    number: int
    text: str
    done_at: Instant | None

    @classmethod
    def of(cls, step: Step) -> Self:
        return cls(number=step.number, text=step.text, done_at=instant(step.done_at))


class FindingView(Answer):
    """One thing that would make the goal more specific, or easier to measure. Nothing is refused for it."""

    code: Lack
    pointer: Annotated[str, Field(description="RFC 6901, into the body of a goal")]
    text: Annotated[str, Field(description="In the language of your account")]

    @classmethod
    def in_words(cls, finding: Finding, locale: str) -> Self:
        return cls(code=finding.lack, pointer=finding.pointer, text=sentence(finding.lack, locale))


class ReadingView(Answer):
    value: float
    by: str
    at: Instant

    @classmethod
    def of(cls, reading: Reading) -> Self:
        return cls(value=reading.value, by=reading.by, at=instant(reading.at))


class GoalProgressView(Answer):
    entries: Annotated[int, Field(description="How many entries there are")]
    last: Annotated[ReadingView | None, Field(description="The last value noted by this measure")]
    percent: Annotated[
        int | None, Field(description="Of the way from baseline to target; null where that cannot be said")
    ]


class LastGoalReviewView(Answer):
    decision: Decision
    by: str
    at: Instant

    @classmethod
    def of(cls, review: Review) -> Self:
        return cls(decision=review.decision, by=review.by, at=instant(review.at))


class GoalReviewView(Answer):
    every: Annotated[int, Field(description="Sessions between two reviews")]
    sessions_since: int
    is_due: bool
    last: LastGoalReviewView | None


class EndingView(Answer):
    note: str
    by: str
    at: Instant

    @classmethod
    def of(cls, ending: Ending) -> Self:
        return cls(note=ending.note, by=ending.by, at=instant(ending.at))


class GoalWordsView(Answer):
    """What the two have written and noted."""

    change: str
    measure: MeasureShape | None
    steps: tuple[StepView, ...]
    progress: GoalProgressView
    ending: Annotated[EndingView | None, Field(description="How it was reached, or why it was dropped")]
    findings: tuple[FindingView, ...]

    @classmethod
    def of(cls, seen: SeenGoal) -> Self:
        goal = seen.goal
        return cls(
            change=goal.change,
            measure=MeasureShape.of(goal.measure) if goal.measure is not None else None,
            steps=tuple(StepView.of(one) for one in goal.steps),
            progress=GoalProgressView(
                entries=goal.entries,
                last=ReadingView.of(goal.reading) if goal.reading is not None else None,
                percent=goal.percent,
            ),
            ending=EndingView.of(goal.ending) if goal.ending is not None else None,
            findings=tuple(FindingView.in_words(one, seen.locale) for one in seen.findings),
        )


class GoalView(Answer):
    id: str
    mentorship_id: str
    owner: Annotated[Side | None, Field(description="Whose it is; null where they have left the mentorship")]
    written_by: str
    title: str
    horizon: Horizon
    domain: Domain
    due_on: date | None
    is_overdue: bool
    status: Status
    review: GoalReviewView
    words: Annotated[GoalWordsView | None, Field(description="For the two alone; null to coordinators")]
    created_at: Instant
    updated_at: Instant
    version: Annotated[int, Field(description="As in the ETag: what `If-Match` takes")]

    @classmethod
    def of(cls, seen: SeenGoal) -> Self:
        goal = seen.goal
        return cls(
            id=goal.id, mentorship_id=goal.mentorship_id, owner=seen.owner, written_by=goal.written_by,
            title=goal.title, horizon=goal.horizon, domain=goal.domain, due_on=goal.due_on,
            is_overdue=seen.is_overdue, status=goal.status, review=_review(goal, seen),
            words=None if seen.for_coordinator else GoalWordsView.of(seen),
            created_at=instant(goal.created_at), updated_at=instant(goal.updated_at), version=goal.version or 1,
        )  # fmt: skip


class GoalsView(Answer):
    items: tuple[GoalView, ...]

    @classmethod
    def of(cls, goals: tuple[SeenGoal, ...]) -> Self:
        return cls(items=tuple(GoalView.of(one) for one in goals))


class GoalEntryView(Answer):
    """What was noted of a goal."""

    number: Annotated[int, Field(description="Counts the goal's entries from 1")]
    kind: EntryKind
    by: str
    at: Instant
    note: Annotated[str, Field(description="Of a review and of a drop, why; of a goal reached, the success")]
    value: float | None
    decision: Annotated[Decision | None, Field(description="Of a review")]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls(
            number=entry.number, kind=entry.kind, by=entry.by, at=instant(entry.at), note=entry.note,
            value=entry.value, decision=entry.decision,
        )  # fmt: skip


def _review(goal: Goal, seen: SeenGoal) -> GoalReviewView:
    last = LastGoalReviewView.of(goal.last_review) if goal.last_review is not None else None
    return GoalReviewView(
        every=goal.review_every, sessions_since=seen.since_review, is_due=seen.is_review_due, last=last
    )


def _wished(steps: tuple[StepShape, ...]) -> tuple[WishedStep, ...]:
    return tuple(WishedStep(one.text, one.is_done, one.number) for one in steps)
