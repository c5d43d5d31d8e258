"""Organisations and staff rights over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations.errors import LastAdmin, LastCoordinator, StaffChanged
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.organisations import service
    from chalicelib.organisations.model import Membership, Organisation, Rights
    from chalicelib.organisations.schemas import (
        AdminBody,
        EmailBody,
        MemberBody,
        OrganisationBody,
        OrganisationChange,
    )
    from chalicelib.people.model import Person
else:
    service = later("chalicelib.organisations.service")

routes = Routes(__name__, "Organisations")


@routes.endpoint(
    "GET", "/v1/me/rights", who=Who.PERSON, summary="Read your staff rights", answer="RightsView"
)
def read_rights(call: Call) -> Rights:
    return service.rights(call)


@routes.endpoint(
    "GET",
    "/v1/organisations",
    who=Who.PERSON,
    summary="List organisations",
    answer="OrganisationView",
    paged=True,
)
def list_organisations(_call: Call, page: PageRequest) -> Page[Organisation]:
    return service.list_organisations(page)


@routes.endpoint(
    "POST", "/v1/organisations", who=Who.ADMIN, summary="Create an organisation", body="OrganisationBody",
    answer="OrganisationView", status=201, idempotent=True, etag=True,
)  # fmt: skip
def create_organisation(call: Call, body: OrganisationBody) -> Organisation:
    return service.create_organisation(call, body.name, body.country)


@routes.endpoint(
    "PATCH", "/v1/organisations/{organisation_id}", who=Who.COORDINATOR, summary="Rename an organisation",
    body="OrganisationChange", answer="OrganisationView", if_match="required",
)  # fmt: skip
def rename_organisation(call: Call, organisation_id: str, body: OrganisationChange) -> Organisation:
    return service.rename_organisation(call, organisation_id, body.name)


@routes.endpoint(
    "GET", "/v1/organisations/{organisation_id}/members", who=Who.STAFF, summary="List an organisation's staff",
    answer="MembershipView", paged=True,
)  # fmt: skip
def list_members(call: Call, organisation_id: str, page: PageRequest) -> Page[Membership]:
    return service.list_members(call, organisation_id, page)


@routes.endpoint(
    "PUT", "/v1/organisations/{organisation_id}/members/{person_id}", who=Who.COORDINATOR,
    summary="Set a person's staff roles", body="MemberBody", answer="MembershipView",
    errors=(LastCoordinator, StaffChanged),
)  # fmt: skip
def set_member(call: Call, organisation_id: str, person_id: str, body: MemberBody) -> Membership:
    """The roles replace those that the person has in this organisation, and count at their next request. Its
    coordinators cannot leave it without one."""
    return service.set_member(call, organisation_id, person_id, body.roles)


@routes.endpoint(
    "DELETE", "/v1/organisations/{organisation_id}/members/{person_id}", who=Who.COORDINATOR,
    summary="Take a person's staff roles", status=204, errors=(LastCoordinator, StaffChanged),
)  # fmt: skip
def remove_member(call: Call, organisation_id: str, person_id: str) -> None:
    """Your own too, as long as another coordinator stays; an admin may take those of the last one."""
    service.set_member(call, organisation_id, person_id, frozenset())


@routes.endpoint(
    "POST", "/v1/admin/people/search", who=Who.ADMIN, summary="Find a person by address", body="EmailBody",
    answer="people.PersonView",
)  # fmt: skip
def find_person(call: Call, body: EmailBody) -> Person:
    """A POST, since addresses in URLs stay in logs and histories."""
    return service.find_person(call, body.email)


@routes.endpoint(
    "PUT", "/v1/admin/people/{person_id}/admin", who=Who.ADMIN, summary="Make a person an admin, or no longer",
    body="AdminBody", answer="RightsView", errors=(LastAdmin,),
)  # fmt: skip
def set_admin(call: Call, person_id: str, body: AdminBody) -> Rights:
    return service.set_admin(call, person_id, body.admin)
