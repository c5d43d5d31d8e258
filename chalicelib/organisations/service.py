"""Organisations, and who may act for them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import store
from chalicelib.organisations.errors import LastAdmin, LastCoordinator, StaffChanged
from chalicelib.organisations.model import Membership, Organisation, Rights, StaffRole
from chalicelib.people import codes
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Row, Write, audit

ADMIN_ADDED = "admin-added"
"""The mail to each admin that there is another: `recipient`, `person_id`, `by`."""
_MOST_MAILS = 40  # a transaction takes them with the rest


def rights(call: Call) -> Rights:
    """Return what the actor may do as staff, as it stands now."""
    return store.get_rights(call.actor_id)


def rights_key(call: Call) -> tuple[type[Row], str, str]:
    """Return the key of the actor's rights, for a read of several rows in one round trip."""
    return store.rights_key(call.actor_id)


def rights_of(call: Call, row: Any) -> Rights:
    """Read the actor's rights from the row at `rights_key`, or None."""
    return store.rights_of(call.actor_id, row)


def create_organisation(call: Call, name: str, country: str) -> Organisation:
    """Create an organisation (admin)."""
    rights(call).require_admin()
    found = codes.country(country)
    if found is None:
        raise Invalid.field(
            "/country", "Give an ISO 3166-1 code from GET /v1/codes/countries, for example KE."
        )
    organisation = Organisation(call.new_id(), name, found.alpha2)
    writes = [
        store.put_organisation(organisation, call.now),
        _audit(call, organisation.id, "create_organisation", after=organisation.id),
    ]
    return commit(call, writes, replace(organisation, version=1))


def rename_organisation(call: Call, organisation_id: str, name: str) -> Organisation:
    """Give an organisation another name (its coordinators)."""
    organisation, _ = coordinated(call, organisation_id)
    require_version(call, organisation.version)
    renamed = replace(organisation, name=name)
    writes = [
        store.put_organisation(renamed, call.now),
        _audit(call, organisation_id, "rename_organisation", before=organisation.name, after=name),
    ]
    return commit(call, writes, written(renamed))


def list_organisations(page: PageRequest) -> Page[Organisation]:
    """Return the installation's organisations; their names are public to those who sign in."""
    return store.list_organisations(page)


def get_organisation(organisation_id: str) -> Organisation | None:
    """Return an organisation; for other capabilities, to name it in mails."""
    return store.get_organisation(organisation_id)


def coordinated(
    call: Call, organisation_id: str, *more: tuple[type[Row], str, str]
) -> tuple[Organisation, list[Any]]:
    """Return an organisation to its coordinators, with further rows read beside: one round trip.

    Raises
    ------
    NotFound
        Also to whoever has nothing to do with it.
    RoleRefused
        To its other staff.
    """
    rights_row, row, *rows = tables.get_many(
        [store.rights_key(call.actor_id), store.organisation_key(organisation_id), *more]
    )
    if row is None:
        raise NotFound
    rights_of(call, rights_row).require(organisation_id, StaffRole.COORDINATOR)
    return store.organisation_of(row), rows


def organisation_key(organisation_id: str) -> tuple[type[Row], str, str]:
    """Return the key of an organisation, for a read of several rows in one round trip."""
    return store.organisation_key(organisation_id)


def organisation_of(row: Any) -> Organisation:
    """Read an organisation from the row at `organisation_key`."""
    return store.organisation_of(row)


def coordinators_of(organisation_id: str) -> list[str]:
    """Return an organisation's coordinators; for other capabilities, to write to them."""
    return store.coordinators_of(organisation_id)


def admins() -> list[str]:
    """Return the installation's admins; for other capabilities, to write to them."""
    return store.admins()


def admin_rights_key(person_id: str) -> tuple[type[Row], str, str]:
    """Return the key of anybody's rights, for what is sent to them as an admin."""
    return store.rights_key(person_id)


def is_admin(person_id: str, row: Any) -> bool:
    """Tell whether somebody is an admin, by the row at `admin_rights_key`, or None."""
    return store.rights_of(person_id, row).admin


def staff_among(organisation_id: str, person_ids: Sequence[str]) -> frozenset[str]:
    """Return who of some people has a role in an organisation, a hundred a round trip."""
    rows = tables.get_many([store.rights_key(one) for one in person_ids])
    found = (store.rights_of(one, row) for one, row in zip(person_ids, rows, strict=True))
    return frozenset(one.person_id for one in found if one.roles.get(organisation_id))


def list_members(call: Call, organisation_id: str, page: PageRequest) -> Page[Membership]:
    """Return an organisation's staff (to its staff)."""
    rights(call).require(organisation_id, StaffRole.COORDINATOR, StaffRole.REVIEWER)
    return store.list_members(organisation_id, page)


def set_member(call: Call, organisation_id: str, person_id: str, roles: frozenset[StaffRole]) -> Membership:
    """Give a person their staff roles in an organisation, or take all (coordinators of it, admins).

    It counts at the person's next request. Coordinators cannot leave the organisation without one; an admin can, who
    can also give it another.

    Raises
    ------
    LastCoordinator, StaffChanged
    """
    mine, theirs, person, organisation = tables.get_many(
        [
            store.rights_key(call.actor_id), store.rights_key(person_id), people.person_key(person_id),
            store.organisation_key(organisation_id),
        ]
    )  # fmt: skip
    if organisation is None:
        raise NotFound
    actor = store.rights_of(call.actor_id, mine)
    actor.require(organisation_id, StaffRole.COORDINATOR)
    if person is None:
        raise NotFound
    before = store.rights_of(person_id, theirs)
    changed = replace(before, roles={**before.roles, organisation_id: roles})
    membership = Membership(organisation_id, person_id, roles)
    writes = [
        store.put_rights(changed, call.now),
        store.put_member(membership, call.now) if roles else store.delete_member(organisation_id, person_id),
        _audit(
            call, organisation_id, "set_member",
            before=f"{person_id}:{','.join(sorted(before.roles.get(organisation_id, ())))}",
            after=f"{person_id}:{','.join(sorted(roles))}",
        ),
    ]  # fmt: skip
    was_coordinator = StaffRole.COORDINATOR in before.roles.get(organisation_id, ())
    if was_coordinator and StaffRole.COORDINATOR not in roles and not actor.admin:
        writes.append(_a_coordinator_stays(call, organisation_id, person_id))
    return commit(call, writes, membership)


def _a_coordinator_stays(call: Call, organisation_id: str, leaving: str) -> tables.Write:
    """Return the write that holds a transaction back once no other coordinator is known to stay."""
    mine = leaving == call.actor_id
    stays = store.another_coordinator(organisation_id, leaving) if mine else call.actor_id
    if stays is None:
        raise LastCoordinator("Make somebody else a coordinator first, or ask an admin of the installation.")
    changed = StaffChanged("Read the list of the staff again, then send the request again if it still holds.")
    return store.check_coordinator(organisation_id, stays, changed)


def set_admin(call: Call, person_id: str, admin: bool) -> Rights:
    """Make a person an admin of the installation, or no longer (admins, and never themselves).

    All admins, who made them one too, are mailed that there is another: what each can read and decide is more than one
    account should hand on unseen.
    """
    mine, theirs, person = tables.get_many(
        [store.rights_key(call.actor_id), store.rights_key(person_id), people.person_key(person_id)]
    )
    store.rights_of(call.actor_id, mine).require_admin()
    if person is None:
        raise NotFound
    if person_id == call.actor_id and not admin:
        raise LastAdmin("Another admin has to take this from you.")
    before = store.rights_of(person_id, theirs)
    changed = replace(before, admin=admin)
    writes = [
        store.put_rights(changed, call.now),
        store.list_admin(person_id, call.now, admin=admin),
        _audit(call, "installation", "set_admin", after=f"{person_id}:{admin}"),
    ]
    if admin and not before.admin:
        told = dict.fromkeys([call.actor_id, *store.admins()])
        writes += [_admin_added(call, one, person_id) for one in list(told)[:_MOST_MAILS] if one != person_id]
    return commit(call, writes, changed)


def _admin_added(call: Call, recipient: str, person_id: str) -> Write:
    message_id = f"{ADMIN_ADDED}:{person_id}:{to_text(call.now)}:{recipient}"
    payload = {"recipient": recipient, "person_id": person_id, "by": call.actor_id}
    return outbox.message(message_id, outbox.Topic.MAIL, ADMIN_ADDED, payload, now=call.now)


def find_person(call: Call, email: str) -> Person:
    """Find a person by address (admins, who give out memberships)."""
    rights(call).require_admin()
    found = people.find_by_email(email)
    person = people.get_person(found[0]) if found else None
    if person is None:
        raise NotFound("Nobody with this address has confirmed it or was invited.")
    return person


def _audit(
    call: Call, organisation_id: str, action: str, *, before: str | None = None, after: str | None = None
) -> tables.Write:
    return audit(
        "organisations", f"ORGANISATION#{organisation_id}#AUDIT", row_id=call.new_id(), at=call.now,
        actor=call.actor_id, action=action, before=before, after=after,
    )  # fmt: skip
