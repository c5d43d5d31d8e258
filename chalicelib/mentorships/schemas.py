"""Proposals and mentorships on the wire."""

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field

from chalicelib.credentials.badge_views import BadgeView
from chalicelib.credentials.kinds import Loss
from chalicelib.matching.pair_schemas import (
    ContributionView,
    EvidenceInWordsView,
    Millionths,
    OverlapView,
    SharedLanguageView,
    contribution_views,
    language_views,
    told_to,
)
from chalicelib.matching.wording import Audience, Reader
from chalicelib.mentorships.model import (
    MAX_MESSAGE,
    Card,
    DeclineReason,
    Proposal,
    ProposalStatus,
    Source,
)
from chalicelib.mentorships.running import MentorshipStatus, SeenMentorship
from chalicelib.mentorships.service import OwnProposal, ProgrammeProposal
from chalicelib.mentorships.tasking import SeenTask
from chalicelib.mentorships.tasks import TaskEnd, TaskReason, TaskStatus
from chalicelib.people.model import Badge, CareerStage, Person
from chalicelib.people.schemas import LanguageShape
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Query, Text, instant
from chalicelib.programmes.model import Side

Words = Annotated[Text, Field(max_length=MAX_MESSAGE)]


class CardView(Answer):
    """A person as the other side sees them, as they were when the proposal was made; there is no address in it."""

    person_id: str
    name: str
    profession: str | None
    intended_profession: str | None
    career_stage: CareerStage | None
    specialties: list[str]
    country: str | None
    employer: str | None
    languages: list[LanguageShape]
    time_zone: str | None
    topics: Annotated[list[str], Field(description="Offered by a mentor, sought by a mentee")]
    about: str

    @classmethod
    def of(cls, card: Card) -> Self:
        return cls.model_validate(asdict(card))


class ProposalFields(Answer):
    """What both sides and coordinators see. Score, points, languages, common time and evidence are the match's; they
    are null or empty where the mentee asked, until the service has worked them out."""

    id: str
    programme_id: str
    mentor: CardView
    mentor_badges: Annotated[
        list[BadgeView], Field(description="What verifies the mentor at this moment, the longest first")
    ]
    mentee: CardView
    status: ProposalStatus
    source: Source
    expires_at: Instant
    created_at: Instant
    closed_at: Instant | None
    score: Annotated[
        Millionths | None,
        Field(
            description="Millionths; the points add up to it. A mentor's is without those for the mentee's waiting"
        ),
    ]
    contributions: list[ContributionView]
    shared_languages: list[SharedLanguageView]
    overlap: OverlapView | None
    evidence: Annotated[
        EvidenceInWordsView | None,
        Field(description="What speaks for it, in words; null while there is no score"),
    ]
    message: Annotated[str, Field(description="The mentee's words where the mentee asked")]
    mentorship_id: str | None


class GivenAnswer(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ProposalView(ProposalFields):
    my_role: Side
    my_answer: GivenAnswer | None
    their_answer: GivenAnswer | None

    @classmethod
    def of(cls, own: OwnProposal) -> Self:
        proposal, card = own.proposal, own.proposal.card(own.side)
        reader = Reader(
            Audience(own.side), own.locale, proposal.card(own.other).name, card.country, card.time_zone
        )
        return cls(
            **_fields(proposal, reader, own.badges), my_role=own.side, my_answer=_answer(proposal, own.side),
            their_answer=_answer(proposal, own.other),
        )  # fmt: skip


class RefusalView(Answer):
    role: Side
    reason: DeclineReason
    text: str


class ProgrammeProposalView(ProposalFields):
    mentee_answer: GivenAnswer | None
    mentor_answer: GivenAnswer | None
    refusal: Annotated[RefusalView | None, Field(description="Why it was declined; for coordinators only")]

    @classmethod
    def of(cls, found: ProgrammeProposal) -> Self:
        proposal, refusal = found.proposal, found.proposal.refusal
        return cls(
            **_fields(proposal, Reader(Audience.COORDINATOR, found.locale), found.badges),
            mentee_answer=_answer(proposal, Side.MENTEE),
            mentor_answer=_answer(proposal, Side.MENTOR),
            refusal=RefusalView(role=refusal.side, reason=refusal.reason, text=refusal.text)
            if refusal
            else None,
        )


class AskBody(Body):
    programme_id: Identifier
    mentor_id: Identifier
    message: Annotated[Words, Field(description="Your words to the mentor")] = ""


class DeclineBody(Body):
    reason: DeclineReason
    text: Annotated[
        Words, Field(description="For the programme's coordinators; the other side does not see it")
    ] = ""


class VerificationView(Answer):
    """The mentor's verification is being renewed. How it ended is for coordinators."""

    goes_on_until: Annotated[
        Instant | None, Field(description="While it is active: it pauses then, unless the mentor is verified")
    ]
    loss: Annotated[Loss | None, Field(description="How it ended; null to the two")]
    may_resume: Annotated[
        bool | None,
        Field(
            description="Whether the mentor is verified again and a coordinator is to say; null to the two"
        ),
    ]

    @classmethod
    def of(cls, seen: SeenMentorship) -> Self | None:
        renewal = seen.mentorship.renewal
        if renewal is None:
            return None
        goes_on = seen.status is MentorshipStatus.ACTIVE
        return cls(
            goes_on_until=instant(renewal.until) if goes_on else None,
            loss=renewal.loss if seen.for_coordinator else None,
            may_resume=renewal.ready_at is not None if seen.for_coordinator else None,
        )  # fmt: skip


class MentorshipView(Answer):
    id: str
    programme_id: str
    proposal_id: str
    mentor: CardView
    mentee: CardView
    status: MentorshipStatus
    started_at: Instant
    verification: Annotated[
        VerificationView | None,
        Field(description="Set while the mentor's verification is being renewed: show a banner"),
    ]

    @classmethod
    def of(cls, seen: SeenMentorship) -> Self:
        mentorship = seen.mentorship
        return cls(
            id=mentorship.id, programme_id=mentorship.programme_id, proposal_id=mentorship.proposal_id,
            mentor=CardView.of(mentorship.mentor), mentee=CardView.of(mentorship.mentee),
            status=seen.status, started_at=instant(mentorship.started_at),
            verification=VerificationView.of(seen),
        )  # fmt: skip


class TasksQuery(Query):
    status: TaskStatus = TaskStatus.OPEN


class TaskPersonView(Answer):
    person_id: str
    name: Annotated[str | None, Field(description="Null for somebody who is no longer here")]

    @classmethod
    def of_person(cls, person_id: str, person: Person | None) -> Self:
        return cls(person_id=person_id, name=person.name if person else None)


class TaskView(Answer):
    """One thing for a programme's coordinators to see to, about one mentorship."""

    id: str
    mentorship_id: str
    mentor: TaskPersonView
    mentee: TaskPersonView
    reason: Annotated[TaskReason | None, Field(description="Null to a coordinator who is one of the two")]
    raised_at: Instant
    due_at: Annotated[Instant, Field(description="Of a verification: the mentorship is paused from then on")]
    status: TaskStatus
    ended: Annotated[TaskEnd | None, Field(description="How it was done")]
    done_at: Instant | None

    @classmethod
    def of(cls, seen: SeenTask) -> Self:
        task = seen.task
        return cls(
            id=task.id, mentorship_id=task.mentorship_id,
            mentor=TaskPersonView.of_person(task.mentor_id, seen.mentor),
            mentee=TaskPersonView.of_person(task.mentee_id, seen.mentee),
            reason=None if seen.is_own else task.reason, raised_at=instant(task.raised_at),
            due_at=instant(task.due_at), status=task.status, ended=task.end, done_at=instant(task.done_at),
        )  # fmt: skip


def _answer(proposal: Proposal, side: Side) -> GivenAnswer | None:
    if proposal.refusal is not None and proposal.refusal.side is side:
        return GivenAnswer.DECLINED
    return GivenAnswer.ACCEPTED if proposal.accepted_at(side) else None


def _fields(proposal: Proposal, reader: Reader, badges: tuple[Badge, ...]) -> dict[str, Any]:
    why = told_to(reader.audience, proposal.explanation) if proposal.explanation else None
    return {
        "id": proposal.id, "programme_id": proposal.programme_id, "mentor": CardView.of(proposal.mentor),
        "mentor_badges": [BadgeView.of(one, reader.locale, reader.country) for one in badges],
        "mentee": CardView.of(proposal.mentee), "status": proposal.status, "source": proposal.source,
        "expires_at": instant(proposal.expires_at), "created_at": instant(proposal.created_at),
        "closed_at": instant(proposal.closed_at), "score": why.score if why else None,
        "contributions": contribution_views(why.contributions) if why else [],
        "shared_languages": language_views(why) if why else [],
        "overlap": OverlapView.of(why.overlap) if why else None,
        "evidence": EvidenceInWordsView.of(why, reader) if why else None, "message": proposal.message,
        "mentorship_id": proposal.mentorship_id,
    }  # fmt: skip
