"""Feedback on the wire."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Generic, Self, TypeVar

from pydantic import AfterValidator, Field, model_validator

from chalicelib.kernel.texts import readable_line
from chalicelib.mentorships.feedback.anonymity import K
from chalicelib.mentorships.feedback.figures import Figures
from chalicelib.mentorships.feedback.model import (
    FOR_CONFIDENCE,
    FOR_PULSE,
    HIGHEST,
    LOWEST,
    MAX_CONFIDENCE,
    MAX_PULSE,
    About,
    Item,
    RoundKind,
    Scale,
    Standard,
)
from chalicelib.mentorships.feedback.questionnaires import SeenQuestionnaire, Wished
from chalicelib.mentorships.feedback.report import AnswersLine, ChangeLine, FeedbackReport
from chalicelib.mentorships.feedback.service import Feedback, SeenRound, Shared
from chalicelib.mentorships.feedback.wording import ends, question
from chalicelib.mentorships.wordings import Wording
from chalicelib.people.schemas import Locale
from chalicelib.platform.web import shapes
from chalicelib.platform.web.shapes import Answer, Body, Instant, instant
from chalicelib.programmes.model import Side

Words = Annotated[shapes.Text, Field(max_length=1000)]
ItemId = Annotated[str, Field(min_length=1, max_length=40, examples=["going"])]


class ValueBody(Body):
    item: ItemId
    value: Annotated[int, Field(ge=LOWEST, le=HIGHEST)]


class FeedbackBody(Body):
    """One number for each question of the round, and words if you like."""

    values: Annotated[tuple[ValueBody, ...], Field(min_length=1, max_length=MAX_CONFIDENCE + 2)]
    words: Words = ""
    is_shared: Annotated[
        bool, Field(description="Whether the other of you two reads the words; the numbers they never do")
    ] = False

    @model_validator(mode="after")
    def _one_each(self) -> Self:
        if len({one.item for one in self.values}) < len(self.values):
            raise ValueError("give one value for each question")
        return self

    def by_item(self) -> dict[str, int]:
        return {one.item: one.value for one in self.values}


class QuestionView(Answer):
    item: Annotated[str, Field(description="Stands for this very wording")]
    text: Annotated[str, Field(description="In the language of your account, where there is one")]
    lowest: Annotated[str, Field(description="What 1 means")]
    highest: Annotated[str, Field(description="What 5 means")]

    @classmethod
    def in_words(cls, item: Item, locale: str) -> Self:
        low, high = ends(item.scale, locale)
        return cls(item=item.id, text=question(item, locale), lowest=low, highest=high)


class ValueView(Answer):
    item: str
    value: int


class OwnAnswerView(Answer):
    """What you have answered. Nobody else reads it but what you share."""

    values: tuple[ValueView, ...]
    words: str
    is_shared: bool
    answered_at: Instant
    correct_until: Annotated[Instant | None, Field(description="null: it can no longer be corrected")]


class RoundView(Answer):
    round: Annotated[str, Field(description="start, pulse-1, pulse-2, …, middle, end")]
    kind: RoundKind
    questions: tuple[QuestionView, ...]
    open_until: Annotated[Instant | None, Field(description="null: you have answered, or it is over")]
    answer: OwnAnswerView | None
    version: Annotated[int, Field(description="Of your answer, as in the ETag; 0 for none")]

    @classmethod
    def of(cls, seen: SeenRound) -> Self:
        answer = seen.answer
        return cls(
            round=seen.round.name, kind=seen.round.kind,
            questions=tuple(QuestionView.in_words(one, seen.locale) for one in seen.items),
            open_until=instant(seen.open_until),
            answer=OwnAnswerView(
                values=tuple(ValueView(item=item, value=value) for item, value in answer.values.items()),
                words=answer.words, is_shared=answer.is_shared, answered_at=instant(answer.answered_at),
                correct_until=instant(seen.correct_until),
            ) if answer is not None else None,
            version=seen.version,
        )  # fmt: skip


class SharedView(Answer):
    """What the other of you two chose to share."""

    round: str
    words: str
    at: Instant

    @classmethod
    def of(cls, shared: Shared) -> Self:
        return cls(round=shared.round.name, words=shared.words, at=instant(shared.at))


class FeedbackView(Answer):
    """The rounds that you can answer or have answered, and what the other shared with you."""

    rounds: tuple[RoundView, ...]
    shared_with_you: tuple[SharedView, ...]

    @classmethod
    def of(cls, feedback: Feedback) -> Self:
        return cls(
            rounds=tuple(RoundView.of(one) for one in feedback.rounds),
            shared_with_you=tuple(SharedView.of(one) for one in feedback.shared),
        )


class WordingShape(Body):
    language: Locale
    text: Annotated[str, AfterValidator(readable_line), Field(min_length=1, max_length=160)]


C = TypeVar("C", bound=StrEnum)


class WordedBody(Body, Generic[C]):
    """One of the service's own questions, by its code, or one in your own words."""

    code: C | None = None
    texts: Annotated[tuple[WordingShape, ...], Field(max_length=10, description="One a language")] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.code is None) is not bool(self.texts):
            raise ValueError("give either a code or texts")
        if len({one.language for one in self.texts}) < len(self.texts):
            raise ValueError("give one text a language")
        return self

    def wordings(self) -> Iterator[Wording]:
        """Yield the own words."""
        return (Wording(one.language, one.text) for one in self.texts)


class QuestionBody(WordedBody[Standard]):
    """One of the service's own questions, by its code, or one in your own words."""

    def to_model(self, scale: Scale) -> Item:
        if self.code is not None:
            return Item.standard(self.code)
        return Item.own(scale, self.wordings())


class QuestionnaireBody(Body):
    """What a programme asks. A question in other words is another question: answers are compared where the words were
    the same."""

    pulse_weeks: Annotated[
        int | None, Field(ge=1, le=26, description="Weeks from one pulse to the next; null for none")
    ]
    pulse: Annotated[
        tuple[QuestionBody, ...],
        Field(
            max_length=MAX_PULSE, description="Asked in each pulse, beside how it is going, which always is"
        ),
    ]
    mentee: Annotated[
        tuple[QuestionBody, ...],
        Field(min_length=1, max_length=MAX_CONFIDENCE, description="On the mentee's confidence"),
    ]
    mentor: Annotated[
        tuple[QuestionBody, ...],
        Field(min_length=1, max_length=MAX_CONFIDENCE, description="On the mentor's confidence"),
    ]

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if any(one.code not in FOR_PULSE for one in self.pulse if one.code):
            raise ValueError(f"a pulse takes the codes {', '.join(sorted(FOR_PULSE))}")
        if any(one.code not in FOR_CONFIDENCE for one in (*self.mentee, *self.mentor) if one.code):
            raise ValueError(f"confidence takes the codes {', '.join(sorted(FOR_CONFIDENCE))}")
        wished = self.to_model()
        if any(len(set(items)) < len(items) for items in (wished.pulse, wished.mentee, wished.mentor)):
            raise ValueError("ask each question once")
        return self

    def to_model(self) -> Wished:
        return Wished(
            self.pulse_weeks,
            tuple(one.to_model(Scale.AGREE) for one in self.pulse),
            tuple(one.to_model(Scale.CONFIDENT) for one in self.mentee),
            tuple(one.to_model(Scale.CONFIDENT) for one in self.mentor),
        )


class AskedView(Answer):
    """A question of a programme; with `texts`, in its own words."""

    item: str
    text: str
    texts: tuple[WordingShape, ...]

    @classmethod
    def in_words(cls, item: Item, locale: str) -> Self:
        texts = tuple(WordingShape(language=one.language, text=one.text) for one in item.texts)
        return cls(item=item.id, text=question(item, locale), texts=texts)


class QuestionnaireView(Answer):
    programme_id: str
    version: int
    pulse_weeks: int | None
    pulse: tuple[AskedView, ...]
    mentee: tuple[AskedView, ...]
    mentor: tuple[AskedView, ...]

    @classmethod
    def of(cls, seen: SeenQuestionnaire) -> Self:
        asked = seen.asked

        def told(items: tuple[Item, ...]) -> tuple[AskedView, ...]:
            return tuple(AskedView.in_words(one, seen.locale) for one in items)

        return cls(
            programme_id=asked.programme_id, version=seen.version, pulse_weeks=asked.pulse_weeks,
            pulse=told(asked.pulse), mentee=told(asked.mentee), mentor=told(asked.mentor),
        )  # fmt: skip


class TakingPartView(Answer):
    """How often people of a side were asked in a kind of round, and have answered, up to the end of last month."""

    round: RoundKind
    role: Side
    asked: int
    answered: Annotated[
        int | None,
        Field(description="Null where fewer than `least_group` people were asked, or may have been"),
    ]


class AnswersView(Answer):
    """What groups of people have answered to one question."""

    round: About
    role: Side
    item: str
    text: str
    month: Annotated[
        str | None,
        Field(description="In which the groups were closed (UTC); null for all", examples=["2027-03"]),
    ]
    n: int
    mean: float
    sd: float | None
    low: Annotated[float | None, Field(description="The mean's 95 % interval")]
    high: float | None
    ones: int
    twos: int
    threes: int
    fours: int
    fives: int
    withheld: Annotated[
        int, Field(description="Answers of groups in which nearly all said the same; not in n")
    ]

    @classmethod
    def in_words(cls, line: AnswersLine, locale: str) -> Self:
        return cls(
            round=line.about, role=line.side, item=line.item.id, text=question(line.item, locale),
            month=line.month, **vars(line.figures),
            **dict(zip(("ones", "twos", "threes", "fours", "fives"), line.counts, strict=True)),
            withheld=line.withheld,
        )  # fmt: skip


class ConfidenceChangeView(Answer):
    """How confidence in one thing has changed, of people who said both at the start and at the end."""

    role: Side
    item: str
    text: str
    n: int
    mean_before: float
    mean_after: float
    mean_change: float
    sd_change: float | None
    low: Annotated[float | None, Field(description="The mean change's 95 % interval")]
    high: float | None
    withheld: Annotated[
        int, Field(description="People of groups in which nearly all said the same; not in n")
    ]

    @classmethod
    def in_words(cls, line: ChangeLine, locale: str) -> Self:
        change: Figures = line.change
        return cls(
            role=line.side, item=line.item.id, text=question(line.item, locale), n=change.n,
            mean_before=line.before.mean, mean_after=line.after.mean, mean_change=change.mean, sd_change=change.sd,
            low=change.low, high=change.high, withheld=line.withheld,
        )  # fmt: skip


class FeedbackReportView(Answer):
    """A programme's feedback as tables, a row each: every one can be written as CSV as it is.

    Each answer is counted once, in a group of at least `least_group` people, as a month is over in which it could
    still be corrected, and groups never change. Who answered, and when, nobody is told: not from who takes part either.
    """

    programme_id: str
    least_group: int
    taking_part: tuple[TakingPartView, ...]
    answers: tuple[AnswersView, ...]
    changes: tuple[ConfidenceChangeView, ...]

    @classmethod
    def of(cls, report: FeedbackReport) -> Self:
        return cls(
            programme_id=report.programme_id,
            least_group=K,
            taking_part=tuple(
                TakingPartView(round=one.kind, role=one.side, asked=one.asked, answered=one.answered)
                for one in report.counts
            ),
            answers=tuple(AnswersView.in_words(one, report.locale) for one in report.answers),
            changes=tuple(ConfidenceChangeView.in_words(one, report.locale) for one in report.changes),
        )
