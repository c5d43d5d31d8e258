"""Proposals, answers and mentorships over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.errors import (
    AlreadyMentored,
    AlreadyPaused,
    AlreadyProposed,
    MentorNotAvailable,
    MentorNotVerified,
    MentorshipNotUnderWay,
    MentorshipOver,
    NoCommonGround,
    NoEnd,
    NoExtensionAsked,
    NotMenteeLed,
    NotPaused,
    OwnMentorship,
    PartnerNotAvailable,
    ProposalClosed,
    ProposalExpired,
    StillUnderWay,
    TaskFollows,
    TaskIsDone,
)
from chalicelib.people.errors import ProfileIncomplete
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.programmes.errors import NoPlaceLeft, NotEnrolled, ProgrammeNotRunning

if TYPE_CHECKING:
    from chalicelib.mentorships import (
        access,
        answering,
        asking,
        coordinating,
        ending,
        renewing,
        service,
        tasking,
    )
    from chalicelib.mentorships.running import SeenMentorship
    from chalicelib.mentorships.schemas import (
        AskBody,
        CloseBody,
        DeclineBody,
        EndBody,
        ExtensionBody,
        PauseBody,
        ReassignBody,
        RematchBody,
        TasksQuery,
    )
    from chalicelib.mentorships.service import OwnProposal, ProgrammeProposal
    from chalicelib.mentorships.tasking import SeenTask
else:
    access = later("chalicelib.mentorships.access")
    answering = later("chalicelib.mentorships.answering")
    asking = later("chalicelib.mentorships.asking")
    coordinating = later("chalicelib.mentorships.coordinating")
    ending = later("chalicelib.mentorships.ending")
    renewing = later("chalicelib.mentorships.renewing")
    service = later("chalicelib.mentorships.service")
    tasking = later("chalicelib.mentorships.tasking")

routes = Routes(__name__, "Proposals and mentorships")


@routes.endpoint(
    "GET",
    "/v1/me/proposals",
    who=Who.PERSON,
    summary="List your proposals",
    answer="ProposalView",
    paged=True,
)
def my_proposals(call: Call, page: PageRequest) -> Page[OwnProposal]:
    """As mentor and as mentee, the newest first, each with its explanation. Points add up to the score; what speaks
    for it is told in the language of your account, as in your mails."""
    return service.my_proposals(call, page)


@routes.endpoint(
    "POST", "/v1/proposals", who=Who.PERSON, summary="Ask a mentor", body="AskBody", answer="ProposalView", status=201,
    idempotent=True,
    errors=(ProgrammeNotRunning, NotMenteeLed, NotEnrolled, ProfileIncomplete, NoPlaceLeft, AlreadyProposed,
            AlreadyMentored, NoCommonGround, MentorNotAvailable, MentorNotVerified),
)  # fmt: skip
def ask_mentor(call: Call, body: AskBody) -> OwnProposal:
    """In a mentee-led programme, or a peer in one of peers. You have accepted by asking; the other's yes makes the
    mentorship."""
    return asking.ask(call, body.programme_id, body.mentor_id, body.message)


@routes.endpoint(
    "POST", "/v1/proposals/{proposal_id}/accept", who=Who.PERSON, summary="Accept a proposal",
    answer="ProposalView", idempotent=True,
    errors=(ProposalExpired, ProposalClosed, ProgrammeNotRunning, NotEnrolled, PartnerNotAvailable),
)  # fmt: skip
def accept_proposal(call: Call, proposal_id: str) -> OwnProposal:
    """When both sides have, it becomes a mentorship. Again, it changes nothing."""
    return answering.accept(call, proposal_id)


@routes.endpoint(
    "POST", "/v1/proposals/{proposal_id}/decline", who=Who.PERSON, summary="Decline a proposal",
    body="DeclineBody", answer="ProposalView", idempotent=True, errors=(ProposalExpired, ProposalClosed),
)  # fmt: skip
def decline_proposal(call: Call, proposal_id: str, body: DeclineBody) -> OwnProposal:
    """The places are free at once, and the two are not proposed to each other again. The reason is for the
    programme's coordinators only."""
    return answering.decline(call, proposal_id, body.reason, body.text)


@routes.endpoint(
    "POST", "/v1/proposals/{proposal_id}/withdraw", who=Who.PERSON, summary="Take back what you asked",
    answer="ProposalView", idempotent=True, errors=(ProposalExpired, ProposalClosed),
)  # fmt: skip
def withdraw_proposal(call: Call, proposal_id: str) -> OwnProposal:
    """For the mentee who asked. The two may be proposed to each other again."""
    return answering.withdraw(call, proposal_id)


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/proposals", who=Who.COORDINATOR, summary="List a programme's proposals",
    answer="ProgrammeProposalView", paged=True,
)  # fmt: skip
def list_proposals(call: Call, programme_id: str, page: PageRequest) -> Page[ProgrammeProposal]:
    """The newest first, with why some were declined."""
    return service.programme_proposals(call, programme_id, page)


@routes.endpoint(
    "GET", "/v1/me/mentorships", who=Who.PERSON, summary="List your mentorships", answer="MentorshipView",
    paged=True,
)  # fmt: skip
def my_mentorships(call: Call, page: PageRequest) -> Page[SeenMentorship]:
    """The newest first. Where one has a `verification`, show a banner: the mentor's verification is being renewed."""
    return service.my_mentorships(call, page)


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/resume", who=Who.COORDINATOR, summary="Have a mentorship go on",
    answer="MentorshipView", idempotent=True, errors=(NotPaused, MentorNotVerified, PartnerNotAvailable, OwnMentorship),
)  # fmt: skip
def resume_mentorship(call: Call, mentorship_id: str) -> SeenMentorship:
    """Of one that a coordinator has paused, or whose mentor is verified again. Where a reviewer had refused the
    mentor's credential it waits for this; else it goes on by itself."""
    return renewing.resume(call, mentorship_id)


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/end", who=Who.PERSON, summary="End your mentorship", body="EndBody",
    answer="MentorshipView", idempotent=True, errors=(MentorshipOver,),
)  # fmt: skip
def end_mentorship(call: Call, mentorship_id: str, body: EndBody) -> SeenMentorship:
    """Nobody is to blame: the other side is told that it ends, and neither who ended it nor why. An active one stays
    open for two weeks, for a closing conversation, unless you want none; then, or at once, the places of both are
    free, no match pairs the two again, and each is matched anew unless they say no."""
    return ending.end(call, mentorship_id, body.reason, body.words, conversation=body.conversation)


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/extension", who=Who.PERSON, summary="Ask for more time",
    body="ExtensionBody", answer="MentorshipView", idempotent=True,
    errors=(MentorshipOver, NoEnd, MentorshipNotUnderWay),
)  # fmt: skip
def ask_for_more_time(call: Call, mentorship_id: str, body: ExtensionBody) -> SeenMentorship:
    """Ask for a later last day; to agree to what the other has asked for, send the same day."""
    return ending.ask_longer(call, mentorship_id, body.ends_on)


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/extension/decline", who=Who.PERSON, summary="Say no to more time",
    answer="MentorshipView", idempotent=True, errors=(MentorshipOver, NoExtensionAsked),
)  # fmt: skip
def decline_more_time(call: Call, mentorship_id: str) -> SeenMentorship:
    """Or take back that you have asked for it. The last day stays."""
    return ending.decline_longer(call, mentorship_id)


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/rematch", who=Who.PERSON, summary="Say whether you want another match",
    body="RematchBody", answer="MentorshipView", idempotent=True, errors=(StillUnderWay, NotEnrolled),
)  # fmt: skip
def want_rematch(call: Call, mentorship_id: str, body: RematchBody) -> SeenMentorship:
    """Once a mentorship is closing or over. Unless you say no, the next match of the programme takes you into
    account; no means no proposals until you say yes, here or by enrolling again. Where a match is made only when a
    coordinator starts one, your yes gives them a task."""
    return ending.want_rematch(call, mentorship_id, wanted=body.wanted)


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/pause", who=Who.COORDINATOR, summary="Pause a mentorship",
    body="PauseBody", answer="MentorshipView", idempotent=True, errors=(MentorshipOver, AlreadyPaused, OwnMentorship),
)  # fmt: skip
def pause_mentorship(call: Call, mentorship_id: str, body: PauseBody) -> SeenMentorship:
    """Until a coordinator has it go on. Both are told that, and not why; both places are kept."""
    return coordinating.pause(call, mentorship_id, body.reason, body.words)


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/extend", who=Who.COORDINATOR, summary="Let a mentorship last longer",
    body="ExtensionBody", answer="MentorshipView", idempotent=True, errors=(MentorshipOver, NoEnd, OwnMentorship),
)  # fmt: skip
def extend_mentorship(call: Call, mentorship_id: str, body: ExtensionBody) -> SeenMentorship:
    """Up to a later last day; both are told. The two can agree on that between themselves."""
    return coordinating.extend(call, mentorship_id, body.ends_on)


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/close", who=Who.COORDINATOR, summary="Close a mentorship",
    body="CloseBody", answer="MentorshipView", idempotent=True, errors=(MentorshipOver, OwnMentorship),
)  # fmt: skip
def close_mentorship(call: Call, mentorship_id: str, body: CloseBody) -> SeenMentorship:
    """At once, and for good. Both are told that, and not why; the places of both are free. A task about it is done."""
    return coordinating.close(call, mentorship_id, body.reason, body.words)


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/reassign", who=Who.COORDINATOR, summary="Find another mentor",
    body="ReassignBody", answer="ProgrammeProposalView", status=201, idempotent=True,
    errors=(MentorshipOver, OwnMentorship, ProgrammeNotRunning, NotEnrolled, ProfileIncomplete, AlreadyProposed,
            AlreadyMentored, NoCommonGround, MentorNotAvailable),
)  # fmt: skip
def reassign_mentorship(call: Call, mentorship_id: str, body: ReassignBody) -> ProgrammeProposal:
    """Close it, and propose another mentor of the programme to the mentee, who keeps their place. Both say yes or no,
    as to any proposal."""
    return coordinating.reassign(call, mentorship_id, body.mentor_id, body.words)


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/tasks", who=Who.COORDINATOR, summary="List a programme's tasks",
    query="TasksQuery", answer="TaskView", paged=True,
)  # fmt: skip
def list_tasks(call: Call, programme_id: str, query: TasksQuery, page: PageRequest) -> Page[SeenTask]:
    """What a coordinator is to see to, longest open first; with `status=done`, what was, the latest first: mentorships
    whose mentor is to be verified again, agreements that are unsigned for two weeks, mentorships that were ended with a
    word to you, people to be matched anew, what has long been amiss with a mentorship, people to whom mail is
    stopped. Those about your own mentorships, or yourself, are for the other coordinators."""
    return tasking.programme_tasks(call, programme_id, query.status, page)


@routes.endpoint(
    "POST", "/v1/programmes/{programme_id}/tasks/{task_id}/done", who=Who.COORDINATOR, summary="Mark a task as done",
    answer="TaskView", idempotent=True, errors=(TaskIsDone, TaskFollows),
)  # fmt: skip
def finish_task(call: Call, programme_id: str, task_id: str) -> SeenTask:
    """Of an ended mentorship, a match that is wanted, or somebody to whom mail is stopped. A task about a mentor's
    verification is done by what becomes of the mentorship."""
    return tasking.finish(call, programme_id, task_id)
