"""Feedback on activities on the wire: the same of speed events and of circle meetings."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field

from chalicelib.credits.feedback import wording
from chalicelib.credits.feedback.model import HIGHEST, LONGEST_COMMENT, LOWEST, Draft, FeedbackTopic, Given
from chalicelib.credits.feedback.service import SeenFeedback
from chalicelib.kernel.texts import readable
from chalicelib.platform.web.shapes import Answer, Body, Instant, instant

Step = Annotated[int, Field(ge=LOWEST, le=HIGHEST)]


class ActivityFeedbackBody(Body):
    """From 1, not at all, to 5, completely."""

    satisfaction: Annotated[Step, Field(description="Whether it was worth the time")]
    learning: Annotated[Step, Field(description="Whether one learnt something that one can use")]
    practice: Annotated[
        Step, Field(description="Whether one knows better what to keep or to change in one's practice")
    ]
    balance: Annotated[Step, Field(description="Whether it was balanced and served no commercial interest")]
    comment: Annotated[
        str,
        AfterValidator(readable),
        Field(
            max_length=LONGEST_COMMENT,
            description="Coordinators read it without a name, among those of five people or more",
        ),
    ] = ""

    def to_model(self) -> Draft:
        return Draft({topic: getattr(self, topic.value) for topic in FeedbackTopic}, self.comment)


class AskedTopicView(Answer):
    topic: FeedbackTopic
    text: Annotated[str, Field(description="The question, in your language")]


class OwnFeedbackView(Answer):
    satisfaction: int
    learning: int
    practice: int
    balance: int
    comment: str
    given_at: Instant
    correct_until: Annotated[Instant, Field(description="Until then you may send it again")]

    @classmethod
    def of_given(cls, given: Given) -> Self:
        return cls(
            **{topic.value: step for topic, step in given.answers.items()}, comment=given.comment,
            given_at=instant(given.given_at), correct_until=instant(given.correct_until),
        )  # fmt: skip


class TopicSumView(Answer):
    topic: FeedbackTopic
    mean: float
    steps: Annotated[tuple[int, ...], Field(description="How many gave 1, 2, 3, 4 and 5")]


class ActivityFeedbackSumsView(Answer):
    """Of five people or more whose feedback can no longer be corrected; it grows by whole fives."""

    people: int
    topics: tuple[TopicSumView, ...]
    comments: Annotated[tuple[str, ...], Field(description="By the alphabet, without names")]


class ActivityFeedbackView(Answer):
    questions: tuple[AskedTopicView, ...]
    lowest: Annotated[str, Field(description="What 1 means, in your language")]
    highest: Annotated[str, Field(description="What 5 means")]
    notice: Annotated[str, Field(description="Who reads it, in your language")]
    is_open: Annotated[bool, Field(description="Whether feedback is taken from you now")]
    until: Annotated[Instant | None, Field(description="When no more is taken; null before that is known")]
    yours: OwnFeedbackView | None
    sums: Annotated[
        ActivityFeedbackSumsView | None, Field(description="For coordinators; null of fewer than five people")
    ]

    @classmethod
    def of(cls, seen: SeenFeedback) -> Self:
        lowest, highest = wording.ends(seen.locale)
        return cls(
            questions=tuple(
                AskedTopicView(topic=topic, text=text) for topic, text in wording.questions(seen.locale).items()
            ),
            lowest=lowest, highest=highest, notice=wording.who_reads(seen.locale),
            is_open=seen.is_open, until=instant(seen.asked.until),
            yours=OwnFeedbackView.of_given(seen.mine) if seen.mine else None,
            sums=ActivityFeedbackSumsView(
                people=seen.sums.people,
                topics=tuple(
                    TopicSumView(topic=topic, mean=one.mean, steps=one.steps)
                    for topic, one in seen.sums.topics.items()
                ),
                comments=seen.sums.comments,
            ) if seen.sums else None,
        )  # fmt: skip
