"""Records of mentorships on the wire."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field

from chalicelib.certificates.badge import hours_text
from chalicelib.certificates.records.service import Issued, SeenRecord
from chalicelib.mentorships.closing.record import Attendance
from chalicelib.mentorships.goals.model import Domain, Goal, Status
from chalicelib.mentorships.model import Card
from chalicelib.mentorships.running import MentorshipStatus
from chalicelib.platform.web.shapes import Answer
from chalicelib.programmes.model import PairKind, Role, Side


class RecordPersonView(Answer):
    person_id: str
    name: str
    role: Role

    @classmethod
    def of_card(cls, card: Card, role: Role) -> Self:
        return cls(person_id=card.person_id, name=card.name, role=role)


class RecordSessionsView(Answer):
    """How the sessions went."""

    held: Annotated[int, Field(description="In how many the two met, as far as both agree")]
    minutes: Annotated[int, Field(description="For how long together")]
    hours: Annotated[str, Field(description="The same, with one digit at most: `7` or `7.5`")]
    missed_by_mentee: int
    missed_by_mentor: int
    contested: Annotated[int, Field(description="Of which the two say otherwise")]
    unsaid: Annotated[int, Field(description="Of which nobody said how they went")]
    cancelled: Annotated[int, Field(description="By one of the two; not what ended with the mentorship")]

    @classmethod
    def of_attendance(cls, one: Attendance) -> Self:
        return cls(
            held=one.held.sessions, minutes=one.held.minutes, hours=hours_text(one.held.minutes),
            missed_by_mentee=one.missed[Side.MENTEE], missed_by_mentor=one.missed[Side.MENTOR],
            contested=one.contested, unsaid=one.unsaid, cancelled=one.cancelled,
        )  # fmt: skip


class RecordGoalView(Answer):
    goal_id: str
    owner: Side | None
    title: str
    domain: Domain
    status: Status
    ended_on: Annotated[date | None, Field(description="When it was reached or dropped, in UTC")]
    note: Annotated[
        str | None, Field(description="Of the success, or why it was dropped; null to coordinators")
    ]

    @classmethod
    def of_goal(cls, goal: Goal, owner: Side | None, *, for_coordinator: bool) -> Self:
        ending = goal.ending
        return cls(
            goal_id=goal.id, owner=owner, title=goal.title, domain=goal.domain, status=goal.status,
            ended_on=ending.at.date() if ending is not None else None,
            note=ending.note if ending is not None and not for_coordinator else None,
        )  # fmt: skip


class RecordAgreementView(Answer):
    versions: int
    signed: Annotated[int, Field(description="Versions that both had signed")]


class RecordCertificateView(Answer):
    side: Side
    issued_on: date
    revoked: bool
    certificate_id: Annotated[
        str | None, Field(description="For its holder and for coordinators; the other has it from its holder")
    ]

    @classmethod
    def of_issued(cls, one: Issued) -> Self:
        return cls(side=one.side, issued_on=one.issued_on, revoked=one.is_revoked, certificate_id=one.id)


class MentorshipRecordView(Answer):
    """What a mentorship came to. Once it is closed, sessions, goals and agreement stay as they are here; an
    introduction may still be made, the conversation held, and a certificate issued or revoked."""

    mentorship_id: str
    programme_id: str
    programme: str
    organisation: str
    kind: PairKind
    status: MentorshipStatus
    mentee: RecordPersonView
    mentor: RecordPersonView
    started_on: date
    ended_on: Annotated[date | None, Field(description="In UTC; null while it is closing")]
    sessions: RecordSessionsView
    goals: Annotated[
        tuple[RecordGoalView, ...], Field(description="Those that ended, the first first; then open ones")
    ]
    agreement: RecordAgreementView
    introductions: Annotated[
        tuple[date, ...] | None, Field(description="On which days some were made; null to coordinators")
    ]
    conversation_held_on: date | None
    certificates: tuple[RecordCertificateView, ...]

    @classmethod
    def of(cls, seen: SeenRecord) -> Self:
        record, mentorship = seen.record, seen.record.mentorship
        told = seen.side is None

        def person(side: Side) -> RecordPersonView:
            return RecordPersonView.of_card(mentorship.card(side), mentorship.kind.role_of(side))

        return cls(
            mentorship_id=mentorship.id, programme_id=mentorship.programme_id, programme=seen.programme_name,
            organisation=seen.organisation_name, kind=mentorship.kind, status=seen.status,
            mentee=person(Side.MENTEE), mentor=person(Side.MENTOR), started_on=record.started_on,
            ended_on=record.ended_on, sessions=RecordSessionsView.of_attendance(record.attendance),
            goals=tuple(
                RecordGoalView.of_goal(one, mentorship.side_of(one.owner_id), for_coordinator=told)
                for one in record.goals
            ),
            agreement=RecordAgreementView(versions=record.versions, signed=record.signed),
            introductions=None if told else record.introductions,
            conversation_held_on=record.conversation.on if record.conversation is not None else None,
            certificates=tuple(RecordCertificateView.of_issued(one) for one in seen.certificates),
        )  # fmt: skip
