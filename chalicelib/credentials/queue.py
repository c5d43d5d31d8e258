"""The reviewers' queue."""

from chalicelib.credentials import store
from chalicelib.credentials.model import Seen, Status
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid, RoleRefused
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import Rights, StaffRole


def page(call: Call, organisation_id: str | None, status: Status, page: PageRequest) -> Page[Seen]:
    """Return an organisation's credentials in one state, longest submitted first (its reviewers).

    Parameters
    ----------
    organisation_id
        May be None for who reviews for one organisation only.

    Raises
    ------
    Invalid
        If it has to be named; the refusal lists those that the actor reviews for.
    """
    chosen = _reviewed(organisations.rights(call), organisation_id)
    found = store.list_queue(chosen, status, page)
    return Page(tuple(Seen.at(one, call.now) for one in found.items), found.next)


def _reviewed(rights: Rights, organisation_id: str | None) -> str:
    """Return the organisation whose queue is meant: the one named, or the only one the actor reviews for."""
    if organisation_id is not None:
        rights.require(organisation_id, StaffRole.REVIEWER)
        return organisation_id
    reviewed = sorted(one for one, roles in rights.roles.items() if StaffRole.REVIEWER in roles)
    if rights.admin:
        raise Invalid.field(
            "/organisation_id", "An admin names the organisation, from GET /v1/organisations."
        )
    if not reviewed:
        raise RoleRefused("This takes the role reviewer in an organisation.")
    if len(reviewed) > 1:
        raise Invalid.field("/organisation_id", f"You review for several: name one of {', '.join(reviewed)}.")
    return reviewed[0]
