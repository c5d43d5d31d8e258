"""Introductions on the wire."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from chalicelib.mentorships.introductions.model import MAX_TEXT, Face, Part, Reply, Status
from chalicelib.mentorships.introductions.service import SeenIntroduction, Whom
from chalicelib.mentorships.story import Success, SuccessKind
from chalicelib.people.schemas import Email
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Text, instant


class IntroductionBody(Body):
    """Somebody of the programme's directory by `person_id`, or somebody of the programme whom you know, by `email`."""

    person_id: Identifier | None = None
    email: Email | None = None
    text: Annotated[Text, Field(max_length=MAX_TEXT, description="To both: why they should meet")] = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.person_id is None) == (self.email is None):
            raise ValueError("give either person_id or email")
        return self

    def to_model(self) -> Whom:
        return Whom(self.person_id, self.email)


class IntroductionReplyBody(Body):
    reply: Annotated[Reply, Field(description="Of the mentor, `no` takes it back")]


class FaceView(Answer):
    name: str
    profession: Annotated[str | None, Field(description="ISCO-08")]
    country: str | None

    @classmethod
    def of_face(cls, face: Face | None) -> Self | None:
        if face is None:
            return None
        return cls(name=face.name, profession=face.profession, country=face.country)


class ContactView(Answer):
    name: str
    email: str


class IntroductionView(Answer):
    """An introduction as you see it."""

    id: str
    mentorship_id: Annotated[str | None, Field(description="null to the third")]
    role: Annotated[Part, Field(description="Yours")]
    status: Annotated[
        Status,
        Field(description="`ended`: its time is over, or it was taken back. A no looks like no answer"),
    ]
    waits_for: Part | None
    mentor: FaceView
    mentee: FaceView
    third: Annotated[
        FaceView | None,
        Field(description="null while the mentor knows them by an address, and they have not said yes"),
    ]
    text: str
    my_reply: Reply | None
    answer_until: Instant
    made_at: Instant | None
    contact: Annotated[
        ContactView | None, Field(description="The other's address, for the two of them once it is made")
    ]
    created_at: Instant

    @classmethod
    def of(cls, seen: SeenIntroduction) -> Self:
        one, contact = seen.introduction, seen.contact
        mentor, mentee = FaceView.of_face(one.mentor), FaceView.of_face(one.mentee)
        third = one.third if seen.role is Part.THIRD else one.other_of(seen.role)
        return cls.model_validate(
            {
                "id": one.id,
                "mentorship_id": None if seen.role is Part.THIRD else one.mentorship_id,
                "role": seen.role,
                "status": seen.status,
                "waits_for": seen.waits_for,
                "mentor": mentor,
                "mentee": mentee,
                "third": FaceView.of_face(third),
                "text": one.text,
                "my_reply": one.reply_of(seen.role),
                "answer_until": instant(one.asked_until),
                "made_at": instant(one.made_at),
                "contact": {"name": contact.name, "email": contact.email} if contact else None,
                "created_at": instant(one.created_at),
            }
        )


class SuccessView(Answer):
    kind: SuccessKind
    at: Instant
    title: Annotated[str, Field(description="Of a goal")]
    note: Annotated[str, Field(description="Of a goal, as it was written when it was reached")]

    @classmethod
    def of_success(cls, success: Success) -> Self:
        return cls(kind=success.kind, at=instant(success.at), title=success.title, note=success.note)


class SuccessesView(Answer):
    """The latest first."""

    items: tuple[SuccessView, ...]

    @classmethod
    def of(cls, found: tuple[Success, ...]) -> Self:
        return cls(items=tuple(SuccessView.of_success(one) for one in found))
