"""Proposals and mentorships on the wire."""

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field

from chalicelib.matching.schemas import (
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
    Mentorship,
    MentorshipStatus,
    Proposal,
    ProposalStatus,
    Source,
)
from chalicelib.mentorships.service import OwnProposal, ProgrammeProposal
from chalicelib.people.model import CareerStage
from chalicelib.people.schemas import LanguageShape
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Text, instant
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
            **_fields(proposal, reader), my_role=own.side, my_answer=_answer(proposal, own.side),
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
            **_fields(proposal, Reader(Audience.COORDINATOR, found.locale)),
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


class MentorshipView(Answer):
    id: str
    programme_id: str
    proposal_id: str
    mentor: CardView
    mentee: CardView
    status: MentorshipStatus
    started_at: Instant

    @classmethod
    def of(cls, mentorship: Mentorship) -> Self:
        return cls(
            id=mentorship.id, programme_id=mentorship.programme_id, proposal_id=mentorship.proposal_id,
            mentor=CardView.of(mentorship.mentor), mentee=CardView.of(mentorship.mentee),
            status=mentorship.status, started_at=instant(mentorship.started_at),
        )  # fmt: skip


def _answer(proposal: Proposal, side: Side) -> GivenAnswer | None:
    if proposal.refusal is not None and proposal.refusal.side is side:
        return GivenAnswer.DECLINED
    return GivenAnswer.ACCEPTED if proposal.accepted_at(side) else None


def _fields(proposal: Proposal, reader: Reader) -> dict[str, Any]:
    why = told_to(reader.audience, proposal.explanation) if proposal.explanation else None
    return {
        "id": proposal.id, "programme_id": proposal.programme_id, "mentor": CardView.of(proposal.mentor),
        "mentee": CardView.of(proposal.mentee), "status": proposal.status, "source": proposal.source,
        "expires_at": instant(proposal.expires_at), "created_at": instant(proposal.created_at),
        "closed_at": instant(proposal.closed_at), "score": why.score if why else None,
        "contributions": contribution_views(why.contributions) if why else [],
        "shared_languages": language_views(why) if why else [],
        "overlap": OverlapView.of(why.overlap) if why else None,
        "evidence": EvidenceInWordsView.of(why, reader) if why else None, "message": proposal.message,
        "mentorship_id": proposal.mentorship_id,
    }  # fmt: skip
