"""Proposals and mentorships on the wire."""

from dataclasses import asdict
from datetime import date
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
from chalicelib.mentorships.running import (
    UNDER_WAY,
    By,
    CloseReason,
    EndReason,
    Extension,
    HoldReason,
    MentorshipStatus,
    PairReason,
    SeenMentorship,
    Words,
)
from chalicelib.mentorships.service import OwnProposal, ProgrammeProposal
from chalicelib.mentorships.tasking import SeenTask
from chalicelib.mentorships.tasks import TaskEnd, TaskReason, TaskStatus
from chalicelib.people.model import Badge, CareerStage, Person
from chalicelib.people.schemas import LanguageShape
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Query, Text, instant
from chalicelib.programmes.model import PairKind, Side

KindField = Annotated[
    PairKind,
    Field(
        description="What the two are to each other. Of peers, `mentee` and `mentor` are places in an answer, and "
        "nothing else: both are both"
    ),
]
Wording = Annotated[Text, Field(max_length=MAX_MESSAGE)]


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
    topics: Annotated[
        list[str],
        Field(description="Offered by a mentor, sought by a mentee; of a peer both, the offered first"),
    ]
    about: str

    @classmethod
    def of(cls, card: Card) -> Self:
        return cls.model_validate(asdict(card))


class ProposalFields(Answer):
    """What both sides and coordinators see. Score, points, languages, common time and evidence are the match's; they
    are null or empty where the mentee asked or a coordinator proposed, until the service has worked them out."""

    id: str
    programme_id: str
    kind: KindField
    mentor: CardView
    mentor_badges: Annotated[
        list[BadgeView], Field(description="What verifies the mentor at this moment, the longest first")
    ]
    mentee: CardView
    mentee_badges: Annotated[
        list[BadgeView], Field(description="The same of the other of two peers; else none")
    ]
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
    message: Annotated[str, Field(description="The mentee's words where the mentee, or a peer, asked")]
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
            **_fields(proposal, reader, own.badges, own.mentee_badges), my_role=own.side,
            my_answer=_answer(proposal, own.side), their_answer=_answer(proposal, own.other),
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
            **_fields(
                proposal, Reader(Audience.COORDINATOR, found.locale), found.badges, found.mentee_badges
            ),
            mentee_answer=_answer(proposal, Side.MENTEE),
            mentor_answer=_answer(proposal, Side.MENTOR),
            refusal=RefusalView(role=refusal.side, reason=refusal.reason, text=refusal.text)
            if refusal
            else None,
        )


class AskBody(Body):
    programme_id: Identifier
    mentor_id: Annotated[
        Identifier, Field(description="Whom you ask: a mentor, or in a programme of peers a peer")
    ]
    message: Annotated[Wording, Field(description="Your words to them")] = ""


class DeclineBody(Body):
    reason: DeclineReason
    text: Annotated[
        Wording, Field(description="For the programme's coordinators; the other side does not see it")
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
        goes_on = seen.status in UNDER_WAY
        return cls(
            goes_on_until=instant(renewal.until) if goes_on else None,
            loss=renewal.loss if seen.for_coordinator else None,
            may_resume=renewal.ready_at is not None if seen.for_coordinator else None,
        )  # fmt: skip


class WordsView(Answer):
    """What somebody wrote to coordinators."""

    text: str
    by: Annotated[str, Field(description="The person's id")]
    at: Instant

    @classmethod
    def of(cls, words: Words) -> Self:
        return cls(text=words.text, by=words.by, at=instant(words.at))


class PauseView(Answer):
    """A coordinator has paused it."""

    since: Instant
    reason: Annotated[HoldReason | None, Field(description="Null to the two")]
    words: Annotated[WordsView | None, Field(description="Null to the two")]

    @classmethod
    def of(cls, seen: SeenMentorship) -> Self | None:
        hold = seen.mentorship.hold
        if hold is None:
            return None
        reason = hold.reason if seen.for_coordinator else None
        # What was written beside an earlier pause is none of this one's.
        told = seen.on_pause if seen.on_pause is not None and seen.on_pause.at == hold.since else None
        words = WordsView.of(told) if told is not None else None
        return cls(since=instant(hold.since), reason=reason, words=words)


class ExtensionView(Answer):
    """One of the two would like it to last longer; it does once the other has asked for the same day."""

    ends_on: date
    asked_by: Side
    asked_at: Instant

    @classmethod
    def of(cls, asked: Extension | None) -> Self | None:
        if asked is None:
            return None
        return cls(ends_on=asked.ends_on, asked_by=asked.side, asked_at=instant(asked.asked_at))


class EndingView(Answer):
    """It is closing, or over. To the two it is not told who ended it, or why."""

    since: Instant
    closes_at: Annotated[
        Instant | None, Field(description="While it is closing: there is time for the closing conversation")
    ]
    closed_at: Annotated[Instant | None, Field(description="When both places were given back")]
    reason: Annotated[EndReason | None, Field(description="Null to the two")]
    by: Annotated[By | None, Field(description="Null to the two")]
    role: Annotated[Side | None, Field(description="Which of the two ended it; null to them")]
    words: Annotated[
        list[WordsView],
        Field(description="What was written to coordinators, the oldest first; none to the two"),
    ]

    @classmethod
    def of(cls, seen: SeenMentorship) -> Self | None:
        ending = seen.mentorship.ending
        if ending is None:
            return None
        is_open, tells = ending.closed_at is None, seen.for_coordinator
        return cls(
            since=instant(ending.since), closes_at=instant(ending.until) if is_open else None,
            closed_at=instant(ending.closed_at), reason=ending.reason if tells else None,
            by=ending.by if tells else None, role=ending.side if tells else None,
            words=[WordsView.of(one) for one in seen.on_end],
        )  # fmt: skip


class MentorshipFields(Answer):
    """What is told of a mentorship wherever it is read."""

    id: str
    programme_id: str
    kind: KindField
    proposal_id: str
    mentor: CardView
    mentee: CardView
    status: MentorshipStatus
    started_at: Instant
    ends_on: Annotated[
        date | None, Field(description="Its last day, in UTC; null for one from before there were last days")
    ]
    verification: Annotated[
        VerificationView | None,
        Field(description="Set while the mentor's verification is being renewed: show a banner"),
    ]
    pause: PauseView | None
    extension: ExtensionView | None
    ending: EndingView | None


class MentorshipView(MentorshipFields):
    @classmethod
    def of(cls, seen: SeenMentorship) -> Self:
        return cls(**mentorship_fields(seen))


ForCoordinators = Annotated[
    Wording, Field(description="For the programme's coordinators; the two do not see it")
]
LastDay = Annotated[
    date,
    Field(description="The last day, in UTC, at most 24 months from today", examples=["2028-05-21"]),
]


class EndBody(Body):
    reason: Annotated[PairReason, Field(description="For coordinators; the other side does not see it")]
    words: ForCoordinators = ""
    conversation: Annotated[
        bool,
        Field(
            description="Whether an active one stays open for two weeks, for a closing conversation; else it is "
            "over at once. You choose it whatever the reason, so that it does not tell the reason"
        ),
    ] = True


class PauseBody(Body):
    reason: HoldReason
    words: ForCoordinators = ""


class CloseBody(Body):
    reason: CloseReason
    words: ForCoordinators = ""


class ReassignBody(Body):
    mentor_id: Annotated[
        Identifier,
        Field(description="Who is proposed to the mentee; of peers, to the one who stands as mentee"),
    ]
    words: ForCoordinators = ""


class ExtensionBody(Body):
    ends_on: LastDay


class RematchBody(Body):
    wanted: Annotated[
        bool, Field(description="False: no proposals for now. True: proposals again, from the next match on")
    ]


class TasksQuery(Query):
    status: TaskStatus = TaskStatus.OPEN


class TaskPersonView(Answer):
    person_id: str
    name: Annotated[str | None, Field(description="Null for somebody who is no longer here")]

    @classmethod
    def of_person(cls, person_id: str | None, person: Person | None) -> Self | None:
        if person_id is None:
            return None
        return cls(person_id=person_id, name=person.name if person else None)


class TaskView(Answer):
    """One thing for a programme's coordinators to see to: about one mentorship, or about a person to whom mail is
    stopped (`mail_bounced`, `mail_unwanted`), who is then named on each side on which they are in the programme;
    or about a circle that nobody leads (`circle_without_lead`)."""

    id: str
    mentorship_id: Annotated[str | None, Field(description="Null of what is about a person or a circle")]
    circle_id: Annotated[str | None, Field(description="Of what is about a circle")]
    mentor: TaskPersonView | None
    mentee: TaskPersonView | None
    reason: TaskReason
    raised_at: Instant
    due_at: Annotated[
        Instant,
        Field(description="By when; a mentorship whose mentor is not verified is paused from then on"),
    ]
    status: TaskStatus
    ended: Annotated[TaskEnd | None, Field(description="How it was done")]
    done_at: Instant | None

    @classmethod
    def of(cls, seen: SeenTask) -> Self:
        task = seen.task
        return cls(
            id=task.id, mentorship_id=task.mentorship_id, circle_id=task.circle_id,
            mentor=TaskPersonView.of_person(task.mentor_id, seen.mentor),
            mentee=TaskPersonView.of_person(task.mentee_id, seen.mentee),
            reason=task.reason, raised_at=instant(task.raised_at),
            due_at=instant(task.due_at), status=task.status, ended=task.end, done_at=instant(task.done_at),
        )  # fmt: skip


def _answer(proposal: Proposal, side: Side) -> GivenAnswer | None:
    if proposal.refusal is not None and proposal.refusal.side is side:
        return GivenAnswer.DECLINED
    return GivenAnswer.ACCEPTED if proposal.accepted_at(side) else None


def _fields(
    proposal: Proposal, reader: Reader, badges: tuple[Badge, ...], mentee_badges: tuple[Badge, ...]
) -> dict[str, Any]:
    why = told_to(reader.audience, proposal.explanation) if proposal.explanation else None
    return {
        "id": proposal.id, "programme_id": proposal.programme_id, "kind": proposal.kind,
        "mentor": CardView.of(proposal.mentor),
        "mentor_badges": [BadgeView.of(one, reader.locale, reader.country) for one in badges],
        "mentee": CardView.of(proposal.mentee),
        "mentee_badges": [BadgeView.of(one, reader.locale, reader.country) for one in mentee_badges],
        "status": proposal.status, "source": proposal.source,
        "expires_at": instant(proposal.expires_at), "created_at": instant(proposal.created_at),
        "closed_at": instant(proposal.closed_at), "score": why.score if why else None,
        "contributions": contribution_views(why.contributions) if why else [],
        "shared_languages": language_views(why) if why else [],
        "overlap": OverlapView.of(why.overlap) if why else None,
        "evidence": EvidenceInWordsView.of(why, reader) if why else None, "message": proposal.message,
        "mentorship_id": proposal.mentorship_id,
    }  # fmt: skip


def mentorship_fields(seen: SeenMentorship) -> dict[str, Any]:
    """Return the values of `MentorshipFields`."""
    mentorship = seen.mentorship
    return {
        "id": mentorship.id, "programme_id": mentorship.programme_id, "kind": mentorship.kind,
        "proposal_id": mentorship.proposal_id, "mentor": CardView.of(mentorship.mentor),
        "mentee": CardView.of(mentorship.mentee), "status": seen.status,
        "started_at": instant(mentorship.started_at), "ends_on": mentorship.ends_on,
        "verification": VerificationView.of(seen), "pause": PauseView.of(seen),
        "extension": ExtensionView.of(mentorship.extension), "ending": EndingView.of(seen),
    }  # fmt: skip
