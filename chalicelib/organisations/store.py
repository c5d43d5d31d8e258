"""The organisations table: organisations, their members, and each person's rights in one row."""

from datetime import datetime

from pynamodb.attributes import BooleanAttribute, JSONAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, to_text
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations.model import Membership, Organisation, Rights, StaffRole
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

ALL = "ORGANISATIONS"
_ADMINS = "INSTALLATION#ADMINS"


class OrganisationRow(tables.Row):
    class Meta:
        capability = "organisations"

    name = UnicodeAttribute()
    country = UnicodeAttribute()


class MemberRow(tables.Row):
    """Lists a member under the organisation; the rights themselves stand on the person's own row."""

    class Meta:
        capability = "organisations"

    roles = JSONAttribute()


class AdminRow(tables.Row):
    """Lists an admin of the installation; the right itself stands on the person's own row."""

    class Meta:
        capability = "organisations"


class RightsRow(tables.Row):
    class Meta:
        capability = "organisations"

    admin = BooleanAttribute(default=False)
    roles = JSONAttribute()


def rights_key(person_id: str) -> tuple[type[RightsRow], str, str]:
    """Return the key of a person's rights for `tables.get_many`."""
    return RightsRow, f"PERSON#{person_id}", "RIGHTS"


def rights_of(person_id: str, row: RightsRow | None) -> Rights:
    if row is None:
        return Rights(person_id)
    roles = {org: frozenset(StaffRole(one) for one in names) for org, names in row.roles.items()}
    return Rights(person_id, bool(row.admin), roles, from_text(row.created_at), int(row.version))


def get_rights(person_id: str) -> Rights:
    return rights_of(person_id, tables.get(*rights_key(person_id)))


def put_rights(rights: Rights, now: datetime) -> Write:
    row = RightsRow(
        f"PERSON#{rights.person_id}", "RIGHTS", admin=rights.admin,
        roles={org: sorted(roles) for org, roles in rights.roles.items() if roles},
        **tables.stamps(to_text(now), to_text(rights.created_at or now), version=rights.version),
    )  # fmt: skip
    return tables.put(row)


def list_admin(person_id: str, now: datetime, *, admin: bool) -> Write:
    """Return the write that puts somebody on the list of admins, or takes them off; their rights' has the condition."""
    if not admin:
        return tables.delete_entry(AdminRow, _ADMINS, person_id)
    return tables.put_entry(AdminRow(_ADMINS, person_id, **tables.stamps(to_text(now))))


def admins() -> list[str]:
    """Return the installation's admins."""
    return [raw["sk"]["S"] for raw in tables.query_all(AdminRow, _ADMINS)]


def organisation_key(organisation_id: str) -> tuple[type[OrganisationRow], str, str]:
    """Return the key of an organisation for `tables.get_many`."""
    return OrganisationRow, ALL, f"ORGANISATION#{organisation_id}"


def organisation_of(row: OrganisationRow) -> Organisation:
    return Organisation(
        row.sk.removeprefix("ORGANISATION#"),
        row.name,
        row.country,
        from_text(row.created_at),
        int(row.version),
    )


def get_organisation(organisation_id: str) -> Organisation | None:
    row = tables.get(*organisation_key(organisation_id))
    return organisation_of(row) if row else None


def put_organisation(organisation: Organisation, now: datetime) -> Write:
    row = OrganisationRow(
        ALL, f"ORGANISATION#{organisation.id}", name=organisation.name, country=organisation.country,
        **tables.stamps(to_text(now), to_text(organisation.created_at or now), version=organisation.version),
    )  # fmt: skip
    return tables.put(row)


def list_organisations(page: PageRequest) -> Page[Organisation]:
    return tables.page_of(OrganisationRow, ALL, page, organisation_of)


def list_members(organisation_id: str, page: PageRequest) -> Page[Membership]:
    def membership(row: MemberRow) -> Membership:
        return Membership(organisation_id, row.sk, frozenset(StaffRole(one) for one in row.roles))

    return tables.page_of(MemberRow, _members(organisation_id), page, membership)


def coordinators_of(organisation_id: str) -> list[str]:
    """Return an organisation's coordinators."""
    rows = (MemberRow.parse(raw) for raw in tables.query_all(MemberRow, _members(organisation_id)))
    return [str(row.sk) for row in rows if StaffRole.COORDINATOR in row.roles]


def another_coordinator(organisation_id: str, than: str) -> str | None:
    """Return a coordinator of an organisation other than the person named, or None."""
    for raw in tables.query_all(MemberRow, _members(organisation_id)):
        row = MemberRow.parse(raw)
        if row.sk != than and StaffRole.COORDINATOR in row.roles:
            return str(row.sk)
    return None


def check_coordinator(organisation_id: str, person_id: str, conflict: DomainError) -> Write:
    """Let the transaction through only while the person is a coordinator of the organisation."""
    # The roles are kept as JSON text, in which each stands in its quotation marks.
    is_one = MemberRow.roles.contains(StaffRole.COORDINATOR.value)
    return tables.check(MemberRow, _members(organisation_id), person_id, condition=is_one, conflict=conflict)


def put_member(membership: Membership, now: datetime) -> Write:
    row = MemberRow(
        _members(membership.organisation_id), membership.person_id, roles=sorted(membership.roles),
        **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put_entry(row)


def delete_member(organisation_id: str, person_id: str) -> Write:
    return tables.delete_entry(MemberRow, _members(organisation_id), person_id)


def _members(organisation_id: str) -> str:
    return f"ORGANISATION#{organisation_id}#MEMBERS"
