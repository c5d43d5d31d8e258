"""Programmes, enrolments and the directory over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.programmes.errors import ByInvitation, CapacityInUse, NotEnrolled, ProgrammeNotRunning

if TYPE_CHECKING:
    from chalicelib.programmes import counting, directory, service
    from chalicelib.programmes.counting import CountingInForce
    from chalicelib.programmes.directory import MentorCard
    from chalicelib.programmes.model import Enrolment, Programme
    from chalicelib.programmes.schemas import (
        EnrolmentBody,
        MentorsQuery,
        ProgrammeBody,
        ProgrammeChange,
        ProgrammesQuery,
        RequiredSideQuery,
        SideQuery,
        WhatCountsBody,
    )
    from chalicelib.programmes.service import Enrolled
else:
    counting = later("chalicelib.programmes.counting")
    directory = later("chalicelib.programmes.directory")
    service = later("chalicelib.programmes.service")

routes = Routes(__name__, "Programmes")


@routes.endpoint(
    "GET", "/v1/programmes", who=Who.PERSON, summary="List programmes", query="ProgrammesQuery",
    answer="ProgrammeView", paged=True,
)  # fmt: skip
def list_programmes(call: Call, query: ProgrammesQuery, page: PageRequest) -> Page[Programme]:
    """The active ones; with `organisation_id`, drafts and ended ones too, for its staff."""
    return service.list_programmes(call, query.organisation_id, page)


@routes.endpoint(
    "POST", "/v1/programmes", who=Who.COORDINATOR, summary="Create a programme", body="ProgrammeBody",
    answer="ProgrammeView", status=201, idempotent=True, etag=True,
)  # fmt: skip
def create_programme(call: Call, body: ProgrammeBody) -> Programme:
    return service.create_programme(call, body.organisation_id, body.fields())


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}", who=Who.PERSON, summary="Read a programme", answer="ProgrammeView",
    etag=True,
)  # fmt: skip
def read_programme(call: Call, programme_id: str) -> Programme:
    return service.read_programme(call, programme_id)


@routes.endpoint(
    "PATCH", "/v1/programmes/{programme_id}", who=Who.COORDINATOR, summary="Change a programme",
    body="ProgrammeChange", answer="ProgrammeView", if_match="required", errors=(ProgrammeNotRunning,),
)  # fmt: skip
def change_programme(call: Call, programme_id: str, body: ProgrammeChange) -> Programme:
    """What you leave out stays. Mentors who are in keep the places that they offer; `mentee_places` holds for all
    mentees at once, and who has more keeps them."""
    return service.change_programme(call, programme_id, body.changes())


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/what-counts", who=Who.PERSON,
    summary="Read which credentials verify a programme's mentors", answer="WhatCountsView", etag=True,
)  # fmt: skip
def read_what_counts(call: Call, programme_id: str) -> CountingInForce:
    """With what it makes of you, where you are in the programme as a mentor."""
    return counting.read_what_counts(call, programme_id)


@routes.endpoint(
    "PUT", "/v1/programmes/{programme_id}/what-counts", who=Who.COORDINATOR,
    summary="Set which credentials verify a programme's mentors", body="WhatCountsBody", answer="WhatCountsView",
    if_match="required", errors=(ProgrammeNotRunning,),
)  # fmt: skip
def change_what_counts(call: Call, programme_id: str, body: WhatCountsBody) -> CountingInForce:
    """They hold at once. Open proposals of mentors whom nothing verifies any more are closed within moments, which
    `recount` tells of; mentorships whose mentor does not meet the new rules go on for the programme's grace."""
    return counting.change_what_counts(call, programme_id, body.to_model())


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/enrolments", who=Who.COORDINATOR, summary="List who is in a programme",
    query="SideQuery", answer="EnrolledView", paged=True,
)  # fmt: skip
def list_enrolments(call: Call, programme_id: str, query: SideQuery, page: PageRequest) -> Page[Enrolled]:
    return service.list_enrolments(call, programme_id, query.role, page)


@routes.endpoint(
    "PUT", "/v1/programmes/{programme_id}/enrolments/{person_id}", who=Who.PERSON,
    summary="Enrol yourself, or somebody", body="EnrolmentBody", answer="EnrolmentView",
    errors=(ByInvitation, ProgrammeNotRunning, CapacityInUse),
)  # fmt: skip
def enrol(call: Call, programme_id: str, person_id: str, body: EnrolmentBody) -> Enrolment:
    """People enrol themselves where joining is open; coordinators enrol anybody. Again, it changes the capacity."""
    return service.enrol(call, programme_id, person_id, body.role, body.capacity)


@routes.endpoint(
    "DELETE", "/v1/programmes/{programme_id}/enrolments/{person_id}", who=Who.PERSON,
    summary="Leave a programme, or take somebody out", query="RequiredSideQuery", status=204,
)  # fmt: skip
def withdraw(call: Call, programme_id: str, person_id: str, query: RequiredSideQuery) -> None:
    """Mentorships go on. Proposals that were open are closed: the other side is told, and has the place back."""
    service.withdraw(call, programme_id, person_id, query.role)


@routes.endpoint(
    "GET",
    "/v1/me/enrolments",
    who=Who.PERSON,
    summary="List your enrolments",
    answer="EnrolmentView",
    paged=True,
)
def my_enrolments(call: Call, page: PageRequest) -> Page[Enrolment]:
    return service.my_enrolments(call, page)


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/mentors", who=Who.PERSON, summary="Search a programme's mentors",
    query="MentorsQuery", answer="MentorCardView", paged=True, errors=(NotEnrolled, ProgrammeNotRunning),
)  # fmt: skip
def find_mentors(call: Call, programme_id: str, query: MentorsQuery, page: PageRequest) -> Page[MentorCard]:
    """For mentees of the programme and its staff: mentors who are verified, visible and have a place free. In a very
    large programme a page may be shorter than asked for while there is a `next`."""
    return directory.find_mentors(call, programme_id, query.to_model(), page)
