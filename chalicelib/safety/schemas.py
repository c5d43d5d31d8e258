"""Safety concerns on the wire."""

from typing import Annotated, Literal, Self

from pydantic import Field

from chalicelib.mentorships.running import Mentorship, MentorshipStatus
from chalicelib.people.model import Person
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Query, Text, instant
from chalicelib.safety import wording
from chalicelib.safety.model import Concern, ConcernKind, ConcernOutcome, ConcernStatus, Deed, Wish
from chalicelib.safety.service import OpenedConcern, OwnConcern, Report, SeenConcern

_KINDS = (
    "`harassment`: unwanted, hurtful or sexual words, pictures or advances, or threats; `discrimination`: being "
    "treated worse for who one is; `exploitation`: being asked for money, gifts, unpaid work or favours, or abuse "
    "of power; `boundaries`: contact after a no or outside of what was agreed, or confidences passed on; "
    "`patient_safety`: advice or conduct that endangers patients, or shared patients' data; `false_identity`: not "
    "who, or what, they say; `danger`: somebody may come to harm, by others or themselves; `other`: anything else "
    "that does not feel safe"
)
_WISHES = (
    "`be_known`: only that it is known; `advice`: to be advised; `pause`: that contact is paused now; `end`: that the "
    "mentorship ends. To stop contact at this moment by yourself, block the person"
)


class ConcernBody(Body):
    person_id: Annotated[Identifier, Field(description="Whom it is about")]
    kind: Annotated[ConcernKind, Field(description=_KINDS)]
    words: Annotated[Text, Field(description="What happened, as much as you want to say")] = ""
    wish: Annotated[Wish, Field(description=_WISHES)] = Wish.BE_KNOWN
    may_contact: Annotated[bool, Field(description="Whether an admin may write to your address about it")] = (
        False
    )

    def to_model(self) -> Report:
        return Report(self.person_id, self.kind, self.words, self.wish, self.may_contact)


class OwnConcernView(Answer):
    """How far a concern of yours is. Of whom it is and what you wrote is not shown again."""

    id: str
    kind: ConcernKind
    status: ConcernStatus
    text: Annotated[str, Field(description="The same in your language")]
    answer: Annotated[str | None, Field(description="What you are told, once it is closed")]
    raised_at: Instant
    closed_at: Instant | None

    @classmethod
    def of(cls, own: OwnConcern) -> Self:
        concern = own.concern
        return cls(
            id=concern.id,
            kind=concern.kind,
            status=concern.status,
            text=wording.standing(concern.status, own.locale)
            if own.is_seen is None
            else wording.received(own.locale, is_seen=own.is_seen),
            answer=concern.answer or None,
            raised_at=instant(concern.raised_at),
            closed_at=instant(concern.closed_at),
        )


class ConcernsQuery(Query):
    status: ConcernStatus = ConcernStatus.OPEN


class ConcernView(Answer):
    """A concern without a name or a word."""

    id: str
    kind: ConcernKind
    wish: Wish
    status: ConcernStatus
    handler_id: Annotated[str | None, Field(description="The admin who is seeing to it")]
    is_yours: bool
    outcome: ConcernOutcome | None
    raised_at: Instant
    since: Annotated[Instant, Field(description="Since when it has been in its state")]

    @classmethod
    def of(cls, seen: SeenConcern) -> Self:
        return cls(**_fields(seen.concern, seen.reader_id))


def _fields(concern: Concern, reader_id: str) -> dict[str, object]:
    return {
        "id": concern.id,
        "kind": concern.kind,
        "wish": concern.wish,
        "status": concern.status,
        "handler_id": concern.handler_id,
        "is_yours": concern.handler_id == reader_id,
        "outcome": concern.outcome,
        "raised_at": instant(concern.raised_at),
        "since": instant(concern.since),
    }


class ConcernPersonView(Answer):
    person_id: str
    name: str
    email: Annotated[
        str | None, Field(description="Of a reporter who may be written to; null of anybody else")
    ]


class ConcernMentorshipView(Answer):
    """A mentorship of the person that is not over."""

    id: str
    programme_id: str
    status: MentorshipStatus
    with_reporter: bool


class ConcernStepView(Answer):
    at: Instant
    by: Annotated[str, Field(description="An admin's id; `reporter` of who raised it")]
    what: Literal["raise", "open", "claim", "release", "act", "undone", "close"]
    why: str | None


class OpenedConcernView(ConcernView):
    """All of a concern. That you read this is kept in its trail."""

    reporter: ConcernPersonView
    person: ConcernPersonView
    words: str
    may_contact: bool
    note: str | None
    answer: str | None
    mentorships: tuple[ConcernMentorshipView, ...]
    trail: tuple[ConcernStepView, ...]

    @classmethod
    def of(cls, opened: OpenedConcern) -> Self:  # type: ignore[override]
        concern = opened.concern
        reporter = _person(concern.reporter_id, opened.reporter, may_contact=concern.may_contact)
        return cls(
            **_fields(concern, opened.reader_id),
            reporter=reporter,
            person=_person(concern.person_id, opened.person, may_contact=False),
            words=concern.words,
            may_contact=concern.may_contact,
            note=concern.note or None,
            answer=concern.answer or None,
            mentorships=tuple(_mentorship(one, concern.reporter_id) for one in opened.mentorships),
            trail=tuple(
                ConcernStepView(at=instant(one.at), by=one.by, what=one.what, why=one.why)
                for one in opened.trail
            ),
        )


def _person(person_id: str, person: Person | None, *, may_contact: bool) -> ConcernPersonView:
    return ConcernPersonView(
        person_id=person_id,
        name=person.name if person else "",
        email=person.email if person and may_contact else None,
    )


def _mentorship(mentorship: Mentorship, reporter_id: str) -> ConcernMentorshipView:
    return ConcernMentorshipView(
        id=mentorship.id,
        programme_id=mentorship.programme_id,
        status=mentorship.status,
        with_reporter=mentorship.side_of(reporter_id) is not None,
    )


class DeedBody(Body):
    mentorship_id: Annotated[
        Identifier, Field(description="One of the person's, as reading the concern shows them")
    ]
    deed: Annotated[
        Deed,
        Field(
            description="Both of the two are told that it is paused or has ended, and coordinators the reason `other`"
        ),
    ]


class ConcernClosedBody(Body):
    outcome: Annotated[
        ConcernOutcome,
        Field(
            description="What was done, for admins. `person_suspended` and `passed_on` are done elsewhere and kept here"
        ),
    ]
    note: Annotated[Text, Field(description="For admins")] = ""
    answer: Annotated[Text, Field(description="For the reporter, who reads it after signing in")] = ""
