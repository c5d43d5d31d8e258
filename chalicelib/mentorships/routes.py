"""Proposals, answers and mentorships over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import RoleRefused
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.errors import (
    AlreadyMentored,
    AlreadyProposed,
    MentorNotAvailable,
    MentorNotVerified,
    NoCommonGround,
    NotMenteeLed,
    NotPaused,
    OwnMentorship,
    PartnerNotAvailable,
    ProposalClosed,
    ProposalExpired,
)
from chalicelib.people.errors import ProfileIncomplete
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.programmes.errors import NoPlaceLeft, NotEnrolled, ProgrammeNotRunning

if TYPE_CHECKING:
    from chalicelib.mentorships import asking, renewing, service, tasking
    from chalicelib.mentorships.running import SeenMentorship
    from chalicelib.mentorships.schemas import AskBody, DeclineBody, TasksQuery
    from chalicelib.mentorships.service import OwnProposal, ProgrammeProposal
    from chalicelib.mentorships.tasking import SeenTask
else:
    asking = later("chalicelib.mentorships.asking")
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
            AlreadyMentored, NoCommonGround, MentorNotAvailable),
)  # fmt: skip
def ask_mentor(call: Call, body: AskBody) -> OwnProposal:
    """In a mentee-led programme. You have accepted by asking; the mentor's yes makes the mentorship."""
    return asking.ask(call, body.programme_id, body.mentor_id, body.message)


@routes.endpoint(
    "POST", "/v1/proposals/{proposal_id}/accept", who=Who.PERSON, summary="Accept a proposal",
    answer="ProposalView", idempotent=True,
    errors=(ProposalExpired, ProposalClosed, ProgrammeNotRunning, NotEnrolled, PartnerNotAvailable),
)  # fmt: skip
def accept_proposal(call: Call, proposal_id: str) -> OwnProposal:
    """When both sides have, it becomes a mentorship. Again, it changes nothing."""
    return service.accept(call, proposal_id)


@routes.endpoint(
    "POST", "/v1/proposals/{proposal_id}/decline", who=Who.PERSON, summary="Decline a proposal",
    body="DeclineBody", answer="ProposalView", idempotent=True, errors=(ProposalExpired, ProposalClosed),
)  # fmt: skip
def decline_proposal(call: Call, proposal_id: str, body: DeclineBody) -> OwnProposal:
    """The places are free at once, and the two are not proposed to each other again. The reason is for the
    programme's coordinators only."""
    return service.decline(call, proposal_id, body.reason, body.text)


@routes.endpoint(
    "POST", "/v1/proposals/{proposal_id}/withdraw", who=Who.PERSON, summary="Take back what you asked",
    answer="ProposalView", idempotent=True, errors=(ProposalExpired, ProposalClosed),
)  # fmt: skip
def withdraw_proposal(call: Call, proposal_id: str) -> OwnProposal:
    """For the mentee who asked. The two may be proposed to each other again."""
    return service.withdraw(call, proposal_id)


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
    "GET",
    "/v1/mentorships/{mentorship_id}",
    who=Who.PERSON,
    summary="Read a mentorship",
    answer="MentorshipView",
    errors=(RoleRefused,),
)
def read_mentorship(call: Call, mentorship_id: str) -> SeenMentorship:
    """For its two people, and the programme's coordinators."""
    return service.read_mentorship(call, mentorship_id)


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/resume", who=Who.COORDINATOR, summary="Have a mentorship go on",
    answer="MentorshipView", idempotent=True, errors=(NotPaused, MentorNotVerified, OwnMentorship),
)  # fmt: skip
def resume_mentorship(call: Call, mentorship_id: str) -> SeenMentorship:
    """Of a paused one whose mentor is verified again. Where a reviewer had refused the mentor's credential it waits for
    this; else it goes on by itself."""
    return renewing.resume(call, mentorship_id)


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/tasks", who=Who.COORDINATOR, summary="List a programme's tasks",
    query="TasksQuery", answer="TaskView", paged=True,
)  # fmt: skip
def list_tasks(call: Call, programme_id: str, query: TasksQuery, page: PageRequest) -> Page[SeenTask]:
    """What a coordinator is to see to, longest open first; with `status=done`, what was, the latest first. Today:
    mentorships whose mentor is to be verified again, and agreements that are unsigned for two weeks."""
    return tasking.programme_tasks(call, programme_id, query.status, page)
