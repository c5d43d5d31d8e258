"""Closing conversations on the wire."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from chalicelib.mentorships.closing import model, wording
from chalicelib.mentorships.closing.listing import ListedRecord
from chalicelib.mentorships.closing.model import (
    MAX_ANSWERS,
    MAX_QUESTIONS,
    MAX_TEXT,
    Held,
    Part,
    Question,
    Standard,
    Theirs,
    Wanted,
)
from chalicelib.mentorships.closing.record import Attendance
from chalicelib.mentorships.closing.service import SeenClosing, SeenPart, SentWord
from chalicelib.mentorships.closing.templates import SeenTemplate
from chalicelib.mentorships.feedback.schemas import WordedBody, WordingShape
from chalicelib.platform.web import shapes
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Query, instant
from chalicelib.programmes.model import PairKind, Side
from chalicelib.words.formats import Formats, formats_of

Words = Annotated[shapes.Text, Field(max_length=MAX_TEXT)]
QuestionId = Annotated[str, Field(min_length=1, max_length=40, examples=["goals"])]


class ClosingAnswerBody(Body):
    question: QuestionId
    text: Annotated[Words, Field(description="Empty, it is no answer")]


class HeldBody(Body):
    """That you have talked."""

    on: Annotated[date, Field(description="On your calendar")]
    session_id: Annotated[Identifier | None, Field(description="The session in which you did")] = None

    def to_model(self) -> Held:
        return Held(self.on, self.session_id)


class ClosingBody(Body):
    """All of your part, as it is to be."""

    answers: Annotated[tuple[ClosingAnswerBody, ...], Field(max_length=MAX_ANSWERS)] = ()
    to_programme: Annotated[Words, Field(description="What you would tell the programme")] = ""
    shared: Annotated[bool, Field(description="Whether the other of you two reads the answers")] = False
    sent: Annotated[
        bool, Field(description="Whether the programme's coordinators read `to_programme`, with your name")
    ] = False
    held: Annotated[HeldBody | None, Field(description="null while you do not say that you have talked")] = (
        None
    )

    def to_model(self) -> Wanted:
        answers = tuple((one.question, one.text) for one in self.answers)
        held = self.held.to_model() if self.held is not None else None
        return Wanted(answers, self.to_programme, self.shared, self.sent, held)


class HeldView(Answer):
    on: date
    session_id: str | None

    @classmethod
    def of_held(cls, held: Held | None) -> Self | None:
        return cls(on=held.on, session_id=held.session_id) if held is not None else None


class ClosingAnswerView(Answer):
    question: str
    asked: Annotated[str, Field(description="The question's words, in the language of your account")]
    text: str

    @classmethod
    def in_words(cls, answer: model.Answer, formats: Formats) -> Self:
        asked = wording.question(answer.question, formats)
        return cls(question=answer.question.id, asked=asked, text=answer.text)


class OwnClosingView(Answer):
    """What you wrote. Nobody else reads it but what you share or send."""

    answers: tuple[ClosingAnswerView, ...]
    to_programme: str
    shared: bool
    sent: bool
    held: Annotated[HeldView | None, Field(description="What you say of it")]
    updated_at: Instant
    version: int

    @classmethod
    def of(cls, seen: SeenPart) -> Self:
        return cls.of_part(seen.part, seen.formats)

    @classmethod
    def of_part(cls, part: Part, formats: Formats) -> Self:
        return cls(
            answers=tuple(ClosingAnswerView.in_words(one, formats) for one in part.answers),
            to_programme=part.to_programme, shared=part.is_shared, sent=part.is_sent,
            held=HeldView.of_held(part.held), updated_at=instant(part.updated_at), version=part.version or 1,
        )  # fmt: skip


class TheirClosingView(Answer):
    """What the other shares with you."""

    by: Side
    answers: tuple[ClosingAnswerView, ...]
    at: Instant

    @classmethod
    def of_theirs(cls, theirs: Theirs, formats: Formats) -> Self:
        answers = tuple(ClosingAnswerView.in_words(one, formats) for one in theirs.answers)
        return cls(by=theirs.side, answers=answers, at=instant(theirs.at))


class ClosingQuestionView(Answer):
    question: str
    text: Annotated[str, Field(description="In the language of your account, where there is one")]
    suggestion: Annotated[
        str | None,
        Field(description="The beginning of an answer, from what is known: send it as it is, or not"),
    ]


class SentWordView(Answer):
    by: Side
    text: str
    at: Instant

    @classmethod
    def of_sent(cls, sent: SentWord) -> Self:
        return cls(by=sent.side, text=sent.words.text, at=instant(sent.words.at))


class ClosingView(Answer):
    """The closing conversation. To coordinators `questions`, `mine` and `theirs` are empty."""

    mentorship_id: str
    offered: Annotated[bool, Field(description="The mentorship is closing, and nobody says that it was held")]
    open: Annotated[bool, Field(description="Whether the two can write, and share what they wrote")]
    open_until: Annotated[
        Instant | None, Field(description="Up to when; null while it is not open, or has not been ended")
    ]
    held: Annotated[
        HeldView | None, Field(description="As soon as one of the two says so; of two days the earlier")
    ]
    questions: tuple[ClosingQuestionView, ...]
    about_programme: Annotated[str, Field(description="What `to_programme` answers")]
    mine: OwnClosingView | None
    theirs: Annotated[TheirClosingView | None, Field(description="null while they share nothing")]
    sent: Annotated[
        tuple[SentWordView, ...], Field(description="To coordinators: what the two would tell the programme")
    ]
    version: Annotated[int, Field(description="Of what you wrote, as in the ETag; 0 for nothing")]

    @classmethod
    def of(cls, seen: SeenClosing) -> Self:
        formats = seen.formats
        return cls(
            mentorship_id=seen.mentorship.id, offered=seen.is_offered, open=seen.is_open,
            open_until=instant(seen.open_until), held=HeldView.of_held(seen.held),
            questions=tuple(
                ClosingQuestionView(
                    question=one.question.id, text=wording.question(one.question, formats),
                    suggestion=one.suggestion,
                )
                for one in seen.asked
            ),
            about_programme=wording.to_programme(formats),
            mine=OwnClosingView.of_part(seen.mine, formats) if seen.mine is not None else None,
            theirs=TheirClosingView.of_theirs(seen.theirs, formats) if seen.theirs is not None else None,
            sent=tuple(SentWordView.of_sent(one) for one in seen.sent),
            version=seen.version,
        )  # fmt: skip


class ClosingQuestionBody(WordedBody[Standard]):
    """One of the service's own questions, by its code, or one in your own words."""

    def to_model(self) -> Question:
        if self.code is not None:
            return Question.standard(self.code)
        return Question.own(self.wordings())


class ClosingTemplateBody(Body):
    questions: Annotated[tuple[ClosingQuestionBody, ...], Field(min_length=1, max_length=MAX_QUESTIONS)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.to_model())) < len(self.questions):
            raise ValueError("ask each question once")
        return self

    def to_model(self) -> tuple[Question, ...]:
        return tuple(one.to_model() for one in self.questions)


class AskedAtClosingView(Answer):
    """A question of a programme; with `texts`, in its own words."""

    question: str
    text: str
    texts: tuple[WordingShape, ...]


class ClosingTemplateView(Answer):
    programme_id: str
    version: int
    questions: tuple[AskedAtClosingView, ...]

    @classmethod
    def of(cls, seen: SeenTemplate) -> Self:
        formats = formats_of(seen.locale)
        return cls(
            programme_id=seen.template.programme_id, version=seen.version,
            questions=tuple(
                AskedAtClosingView(
                    question=one.id, text=wording.question(one, formats),
                    texts=tuple(WordingShape(language=told.language, text=told.text) for told in one.texts),
                )
                for one in seen.template.questions
            ),
        )  # fmt: skip


class RecordsQuery(Query):
    year: Annotated[int, Field(ge=2020, le=2200, description="In which they were closed, in UTC")]


class ListedSessionsView(Answer):
    """How the sessions went."""

    held: int
    minutes: int
    missed_by_mentee: int
    missed_by_mentor: int
    contested: int
    unsaid: Annotated[int, Field(description="Of which nobody said how they went")]
    cancelled: Annotated[int, Field(description="By one of the two; not what ended with the mentorship")]

    @classmethod
    def of_attendance(cls, one: Attendance) -> Self:
        return cls(
            held=one.held.sessions, minutes=one.held.minutes, missed_by_mentee=one.missed[Side.MENTEE],
            missed_by_mentor=one.missed[Side.MENTOR], contested=one.contested, unsaid=one.unsaid,
            cancelled=one.cancelled,
        )  # fmt: skip


class ListedRecordView(Answer):
    """A closed mentorship in figures."""

    mentorship_id: str
    kind: PairKind
    started_on: date
    ended_on: Annotated[date, Field(description="In UTC")]
    sessions: ListedSessionsView
    goals_reached: int
    goals_dropped: int
    goals_open: int
    agreements_signed: Annotated[int, Field(description="Versions that both had signed")]
    conversation_held_on: date | None
    sent: Annotated[tuple[SentWordView, ...], Field(description="What the two would tell the programme")]

    @classmethod
    def of(cls, one: ListedRecord) -> Self:
        sums = one.sums
        return cls(
            mentorship_id=sums.mentorship_id, kind=sums.kind, started_on=sums.started_on,
            ended_on=sums.closed_at.date(), sessions=ListedSessionsView.of_attendance(sums.attendance),
            goals_reached=sums.reached, goals_dropped=sums.dropped, goals_open=sums.left_open,
            agreements_signed=sums.signed, conversation_held_on=one.held.on if one.held is not None else None,
            sent=tuple(SentWordView.of_sent(told) for told in one.sent),
        )  # fmt: skip
