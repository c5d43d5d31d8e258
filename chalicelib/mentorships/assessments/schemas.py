"""Self-assessments on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.mentorships.assessments import model
from chalicelib.mentorships.assessments.model import (
    LEAST,
    MAX_TOPICS,
    MOST,
    Assessment,
    Growth,
    Moment,
    Standing,
    Topic,
    Wanted,
)
from chalicelib.mentorships.assessments.sentences import measured, title
from chalicelib.mentorships.assessments.service import Picture, SeenAssessments
from chalicelib.mentorships.goals.model import Domain, Horizon
from chalicelib.mentorships.goals.schemas import MeasureShape
from chalicelib.platform.web.shapes import Answer, Body, Instant, Tag, Text, instant

_SCALE = (
    "1, I watch others do it; 2, I do it with somebody beside me; 3, I do it with somebody at hand; 4, I do it alone; "
    "5, I teach it"
)
Confidence = Annotated[int, Field(ge=LEAST, le=MOST, description=_SCALE)]


class TopicShape(Body):
    topic: Annotated[Tag, Field(examples=["hand hygiene audits"])]
    confidence: Confidence
    standing: Annotated[Standing | None, Field(description="null for what is neither")] = None
    wants_to_grow: bool = False

    def to_model(self) -> Topic:
        return Topic(self.topic, self.confidence, self.standing, self.wants_to_grow)


class AssessmentBody(Body):
    """The whole of a self-assessment as it is to be."""

    topics: Annotated[tuple[TopicShape, ...], Field(max_length=MAX_TOPICS, description="One at least")]
    note: Annotated[Text, Field(max_length=2000)] = ""
    shared: Annotated[
        bool, Field(description="Whether the other of you may read it; you can take that back")
    ] = False

    def to_model(self) -> Wanted:
        return Wanted(tuple(one.to_model() for one in self.topics), self.note, self.shared)


class TopicView(Answer):
    topic: str
    confidence: int
    standing: Standing | None
    wants_to_grow: bool


class AssessmentView(Answer):
    """What somebody said of themselves at a moment of the mentorship."""

    moment: Moment
    topics: tuple[TopicView, ...]
    note: str
    shared: bool
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, one: Assessment) -> Self:
        topics = tuple(
            TopicView(
                topic=topic.name, confidence=topic.confidence, standing=topic.standing,
                wants_to_grow=topic.wants_to_grow,
            )
            for topic in one.topics
        )  # fmt: skip
        return cls(
            moment=one.moment, topics=topics, note=one.note, shared=one.is_shared,
            created_at=instant(one.created_at), updated_at=instant(one.updated_at),
        )  # fmt: skip


class GrowthView(Answer):
    """A topic at each moment; null where it was not named."""

    topic: str
    start: int | None
    middle: int | None
    end: int | None
    change: Annotated[int | None, Field(description="From the first time it was named to the last")]

    @classmethod
    def of_growth(cls, growth: Growth) -> Self:
        levels = {moment.value: growth.confidence.get(moment) for moment in Moment}
        return cls.model_validate({"topic": growth.topic, **levels, "change": growth.change})


class PictureView(Answer):
    moments: tuple[AssessmentView, ...]
    growth: tuple[GrowthView, ...]

    @classmethod
    def of_picture(cls, picture: Picture) -> Self:
        return cls(
            moments=tuple(AssessmentView.of(one) for one in picture.moments),
            growth=tuple(GrowthView.of_growth(one) for one in picture.growth),
        )


class GoalDraftView(Answer):
    """What POST …/goals takes, as it is or changed."""

    title: str
    horizon: Horizon
    domain: Domain
    measure: MeasureShape

    @classmethod
    def of_topic(cls, topic: Topic, locale: str) -> Self:
        measure = model.measure_of(topic, *measured(topic, locale))
        return cls(
            title=title(topic, locale), horizon=Horizon.SHORT, domain=Domain.CANONICAL,
            measure=MeasureShape.of(measure),
        )  # fmt: skip


class AssessmentsView(Answer):
    mine: PictureView
    theirs: Annotated[PictureView, Field(description="What the other of you shares")]
    drafts: Annotated[
        tuple[GoalDraftView, ...],
        Field(description="A goal for each gap of your latest, and for what you want to grow in"),
    ]

    @classmethod
    def of(cls, seen: SeenAssessments) -> Self:
        return cls(
            mine=PictureView.of_picture(seen.mine),
            theirs=PictureView.of_picture(seen.theirs),
            drafts=tuple(GoalDraftView.of_topic(one, seen.locale) for one in seen.gaps),
        )
