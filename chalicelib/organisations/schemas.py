"""Organisations on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.organisations.model import Membership, Organisation, Rights, StaffRole
from chalicelib.people.schemas import CountryCode, Email
from chalicelib.platform.web.shapes import Answer, Body, Line


class OrganisationBody(Body):
    name: Line
    country: CountryCode


class OrganisationChange(Body):
    name: Line


class OrganisationView(Answer):
    id: str
    name: str
    country: str

    @classmethod
    def of(cls, organisation: Organisation) -> Self:
        return cls(id=organisation.id, name=organisation.name, country=organisation.country)


class MemberBody(Body):
    roles: Annotated[frozenset[StaffRole], Field(min_length=1, max_length=2)]


class MembershipView(Answer):
    organisation_id: str
    person_id: str
    roles: list[StaffRole]

    @classmethod
    def of(cls, membership: Membership) -> Self:
        return cls(
            organisation_id=membership.organisation_id,
            person_id=membership.person_id,
            roles=sorted(membership.roles),
        )


class RightsView(Answer):
    admin: bool
    memberships: list[MembershipView]

    @classmethod
    def of(cls, rights: Rights) -> Self:
        memberships = [
            Membership(org, rights.person_id, roles) for org, roles in sorted(rights.roles.items()) if roles
        ]
        return cls(admin=rights.admin, memberships=[MembershipView.of(one) for one in memberships])


class AdminBody(Body):
    admin: bool


class EmailBody(Body):
    email: Email
