"""The reviewers' queue: what waits, for how long, and who works on it."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.credentials import authorities, queue_store, store
from chalicelib.credentials.model import Seen
from chalicelib.credentials.queue_model import Counts, Filter, Listed, list_of, median_days
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid, RoleRefused
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.people import codes
from chalicelib.people import service as people
from chalicelib.platform import tables


def page(
    call: Call, organisation_id: str | None, listed: Listed, wanted: Filter, request: PageRequest
) -> Page[Seen]:
    """Return an organisation's cases of one list, longest submitted first (its reviewers).

    Those that the reader may not read are left out: a page may have fewer than were asked for.

    Parameters
    ----------
    organisation_id
        May be None for who reviews for one organisation only.

    Raises
    ------
    Invalid
        If it has to be named; the refusal lists those that the actor reviews for. If a filter names no country.
    """
    chosen = reviewed(organisations.rights(call), organisation_id)
    found = queue_store.page(chosen, listed, checked(wanted), request, call.now)
    # A case that was moved between the two reads stands in another list by now.
    cases = [one for one in _seen(call, found.items) if list_of(one.credential) is listed]
    return Page(readable(call, cases), found.next)


def counts(call: Call, organisation_id: str | None) -> Counts:
    """Return how many cases each of an organisation's lists has and how long they wait, without reading the lists."""
    chosen = reviewed(organisations.rights(call), organisation_id)
    by_list, by_day = queue_store.counts(chosen)
    since = queue_store.waiting_since(chosen)
    longest = call.now - since if since is not None else None
    return Counts({one: by_list.get(one, 0) for one in Listed}, longest, median_days(by_day, call.now))


def held(call: Call, organisation_id: str | None, request: PageRequest) -> Page[Seen]:
    """Return the cases of an organisation on which the actor has a live claim."""
    chosen = reviewed(organisations.rights(call), organisation_id)
    found = queue_store.held_by(chosen, call.actor_id, request)
    mine = [one for one in _seen(call, found.items) if one.lease and one.lease.by == call.actor_id]
    return Page(readable(call, mine), found.next)


def readable(call: Call, cases: Iterable[Seen]) -> tuple[Seen, ...]:
    """Return those of some cases that are not the reader's own, nor of somebody they have or had a mentorship with."""
    others = [one for one in cases if one.credential.person_id != call.actor_id]
    near = people.tied_to(call.actor_id, (one.credential.person_id for one in others))
    return tuple(one for one in others if one.credential.person_id not in near)


def checked(wanted: Filter) -> Filter:
    """Return a filter with its country in the canonical spelling, and the name of an authority given by its id."""
    country = codes.country(wanted.country) if wanted.country is not None else None
    if wanted.country is not None and country is None:
        raise Invalid.field("/country", "Give an ISO 3166-1 code, for example KE.")
    listed = authorities.authority(wanted.authority) if wanted.authority is not None else None
    return replace(
        wanted,
        country=country.alpha2 if country else None,
        authority=listed.name if listed else wanted.authority,
    )


def reviewed(rights: Rights, organisation_id: str | None) -> str:
    """Return the organisation whose queue is meant: the one named, or the only one the actor reviews for."""
    if organisation_id is not None:
        rights.require(organisation_id, StaffRole.REVIEWER)
        return organisation_id
    mine = sorted(one for one, roles in rights.roles.items() if StaffRole.REVIEWER in roles)
    if rights.admin:
        raise Invalid.field(
            "/organisation_id", "An admin names the organisation, from GET /v1/organisations."
        )
    if not mine:
        raise RoleRefused("This takes the role reviewer in an organisation.")
    if len(mine) > 1:
        raise Invalid.field("/organisation_id", f"You review for several: name one of {', '.join(mine)}.")
    return mine[0]


def _seen(call: Call, ids: tuple[str, ...]) -> list[Seen]:
    rows = tables.get_many([store.credential_key(one) for one in ids]) if ids else []
    return [Seen.at(store.credential_of(row), call.now) for row in rows if row is not None]
