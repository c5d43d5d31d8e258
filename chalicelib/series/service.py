"""Series, who takes part in them, and from where."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.certificates.model import Certificate
from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import codes
from chalicelib.people import service as people
from chalicelib.people.checks import checked_zone
from chalicelib.people.model import Person
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.series import access, awarding, inviting, reminding, store, telling
from chalicelib.series.awarding import SERIES_AWARDED as SERIES_AWARDED
from chalicelib.series.awarding import Awarding
from chalicelib.series.cases import service as cases
from chalicelib.series.cases.service import RECOMMENDATIONS_NEAR as RECOMMENDATIONS_NEAR
from chalicelib.series.errors import NotJoinable, SeriesRoleRefused, SiteAnswered, SiteInUse, SiteUnknown
from chalicelib.series.evaluation import store as evaluation_store
from chalicelib.series.inviting import Invitation, Invited
from chalicelib.series.model import (
    JOINABLE,
    Deed,
    Entry,
    Limits,
    Membership,
    Reader,
    Series,
    SeriesPlace,
    SeriesRole,
    Site,
)
from chalicelib.series.sessions import service as sessions
from chalicelib.series.sessions.service import MINUTES_FINAL as MINUTES_FINAL
from chalicelib.series.sessions.service import SESSION_NEAR as SESSION_NEAR
from chalicelib.series.sessions.service import SESSION_OFF as SESSION_OFF
from chalicelib.series.sessions.service import Share


@dataclass(frozen=True)
class Draft:
    """What a coordinator gives of a series."""

    title: str
    description: str
    time_zone: str
    entry: Entry
    limits: Limits


@dataclass(frozen=True)
class SeenSeries:
    """A series as somebody sees it; `role` is theirs in it, None for who only looks."""

    series: Series
    role: SeriesRole | None
    place: SeriesPlace | None

    @property
    def version(self) -> int | None:
        return self.series.version


@dataclass(frozen=True)
class SeenMember:
    """A place with whose it is."""

    member: Membership
    person: Person | None

    @property
    def version(self) -> int | None:
        return self.member.version


@dataclass(frozen=True)
class OwnPlace:
    """Somebody's own place in a series; `share` of the time held, where it was asked for."""

    series: Series
    member: Membership
    share: Share | None = None


def create_series(call: Call, organisation_id: str, draft: Draft) -> SeenSeries:
    """Begin a series of a hub; who does so is its owner (coordinators of the hub)."""
    organisations.coordinated(call, organisation_id)
    series = Series(
        call.new_id(), organisation_id, draft.title, draft.description, checked_zone(draft.time_zone), draft.entry,
        draft.limits, call.now,
    )  # fmt: skip
    owner = Membership(series.id, call.actor_id, SeriesRole.OWNER, SeriesPlace.ACTIVE, since=call.now)
    writes = [
        store.put_series(series, call.now),
        store.put_member(owner, call.now),
        access.step(call, series.id, "create", after=series.id),
    ]
    return commit(call, writes, SeenSeries(written(series), SeriesRole.OWNER, SeriesPlace.ACTIVE))


def series_of_hub(call: Call, organisation_id: str, page: PageRequest) -> Page[SeenSeries]:
    """Return a hub's series (its coordinators)."""
    organisations.rights(call).require(organisation_id, StaffRole.COORDINATOR)
    found = store.of_hub(organisation_id, page)
    return Page(tuple(SeenSeries(one, SeriesRole.OWNER, None) for one in found.items), found.next)


def public_series(page: PageRequest) -> Page[SeenSeries]:
    """Return the series that anybody may join."""
    found = store.public_series(page)
    return Page(tuple(SeenSeries(one, None, None) for one in found.items), found.next)


def read_series(call: Call, series_id: str) -> SeenSeries:
    """Return a series to whoever may know of it."""
    reader, _ = access.looker_at(call, series_id)
    return _seen(reader, reader.series)


def change_series(call: Call, series_id: str, changes: dict[str, Any]) -> SeenSeries:
    """Change a series (its owner); of its limits, those that `changes` has."""
    reader, _ = access.reader_of(call, series_id, Deed.OWN)
    require_version(call, reader.series.version)
    if "time_zone" in changes:
        changes = {**changes, "time_zone": checked_zone(str(changes["time_zone"]))}
    if "limits" in changes:
        changes = {**changes, "limits": replace(reader.series.limits, **changes["limits"])}
    changed = replace(reader.series, **changes)
    writes = [
        store.put_series(changed, call.now),
        access.step(call, series_id, "change", after=", ".join(sorted(changes))),
    ]
    return commit(call, writes, _seen(reader, written(changed)))


# People.


def members(call: Call, series_id: str, page: PageRequest) -> Page[SeenMember]:
    """Return who has a place in a series (those who run it)."""
    access.reader_of(call, series_id, Deed.PEOPLE)
    found = store.members(series_id, page)
    known = people.get_people([one.person_id for one in found.items])
    return Page(tuple(SeenMember(one, known.get(one.person_id)) for one in found.items), found.next)


def invite(call: Call, series_id: str, invitations: Sequence[Invitation]) -> tuple[Invited, ...]:
    """Invite people; see `inviting.invite`."""
    return inviting.invite(call, series_id, invitations)


def change_member(
    call: Call, series_id: str, person_id: str, role: SeriesRole | None, site_id: str | None
) -> SeenMember:
    """Give somebody another role, or another site (the owner; whoever runs it may change sites).

    Raises
    ------
    NotFound, SiteUnknown, MembershipMoved
    """
    keys = [store.member_key(series_id, person_id), people.person_key(person_id)]
    keys += [store.site_key(series_id, site_id)] if site_id else []
    deed = Deed.PEOPLE if role is None else Deed.OWN
    _, (member_row, person_row, *site_rows) = access.reader_of(call, series_id, deed, *keys)
    member = _still_there(member_row)
    if not all(map(store.is_open, site_rows)):
        raise SiteUnknown
    changed = replace(member, role=role or member.role, site_id=site_id or member.site_id)
    writes = [
        store.put_member(changed, call.now),
        access.step(
            call,
            series_id,
            "change_member",
            before=f"{person_id}:{member.role}",
            after=f"{person_id}:{changed.role}",
        ),
    ]
    person = people.person_of(person_row) if person_row else None
    return commit(call, writes, SeenMember(written(changed), person))


def remove_member(call: Call, series_id: str, person_id: str) -> None:
    """Take somebody's place, or an invitation back (the owner; whoever runs it, of members and guests)."""
    reader, (member_row,) = access.reader_of(
        call, series_id, Deed.PEOPLE, store.member_key(series_id, person_id)
    )
    member = _still_there(member_row)
    if member.role not in JOINABLE and not reader.may(Deed.OWN):
        raise SeriesRoleRefused
    _leave(call, member, SeriesPlace.REMOVED)


def my_series(call: Call, page: PageRequest) -> Page[OwnPlace]:
    """Return the series in which the actor has a place, or an invitation to one."""
    found = store.places_of(call.actor_id, page)
    known = store.get_many_series([one.series_id for one in found.items])
    shown = (OwnPlace(known[one.series_id], one) for one in found.items if one.series_id in known)
    return Page(tuple(shown), found.next)


def my_place(call: Call, series_id: str) -> OwnPlace:
    """Return the actor's own place, with their share of the time held; raises `NotFound`.

    What somebody attended stays theirs after they left.
    """
    series_row, member_row = tables.get_many(
        [store.series_key(series_id), store.member_key(series_id, call.actor_id)]
    )
    if series_row is None or member_row is None:
        raise NotFound
    member, series = store.member_of(member_row), store.series_of(series_row)
    share = sessions.share_of(series, call.actor_id)
    if member.is_gone and not share.attended:
        raise NotFound
    return OwnPlace(series, member, share)


def join(call: Call, series_id: str, role: SeriesRole, site_id: str | None) -> OwnPlace:
    """Take the place to which the actor was invited, or one in a public series; again, it changes the site.

    Parameters
    ----------
    role
        Counts where nobody has invited them: member or guest.

    Raises
    ------
    NotFound, NotJoinable, SiteUnknown
    """
    keys = [store.site_key(series_id, site_id)] if site_id else []
    reader, site_rows = access.looker_at(call, series_id, *keys)
    if not all(map(store.is_open, site_rows)):
        raise SiteUnknown
    before = reader.membership
    if before is not None and not before.is_gone:
        # Who was a guest becomes a member of a public series by joining it as one.
        grows = (
            reader.series.entry is Entry.PUBLIC
            and before.role is SeriesRole.GUEST
            and role is SeriesRole.MEMBER
        )
        kept = SeriesRole.MEMBER if grows else before.role
        joined = replace(before, role=kept, place=SeriesPlace.ACTIVE, site_id=site_id or before.site_id)
    elif before is not None and before.place is SeriesPlace.REMOVED:
        raise NotJoinable("Your place was taken; only an invitation of the hub gives it back.")
    else:
        if role not in JOINABLE or reader.series.entry is not Entry.PUBLIC:
            raise NotJoinable
        fresh = Membership(series_id, call.actor_id, role, SeriesPlace.ACTIVE, site_id, since=call.now)
        # A guest's visits are not forgotten by leaving.
        joined = replace(fresh, visits=before.visits, version=before.version) if before else fresh
    writes = [store.put_member(joined, call.now), access.step(call, series_id, "join", after=joined.role)]
    return commit(call, writes, OwnPlace(reader.series, written(joined)))


def leave(call: Call, series_id: str) -> None:
    """Give the actor's own place up, or decline an invitation; raises `NotFound`."""
    row = tables.get(*store.member_key(series_id, call.actor_id))
    _leave(call, _still_there(row), SeriesPlace.LEFT)


# Certificates.


def award_certificates(call: Call, series_id: str) -> Awarding:
    """Award the certificates of a series; see `awarding.order`."""
    return awarding.order(call, series_id)


def certificates_of(call: Call, series_id: str, page: PageRequest) -> Page[Certificate]:
    """Return the certificates of a series; see `awarding.awarded`."""
    return awarding.awarded(call, series_id, page)


# Sites.


def list_sites(call: Call, series_id: str, page: PageRequest) -> Page[Site]:
    """Return the sites of a series, to whoever may know of it."""
    access.looker_at(call, series_id)
    return store.sites(series_id, page)


def add_site(call: Call, series_id: str, name: str, country: str) -> Site:
    """Add a site (those who run the series)."""
    access.reader_of(call, series_id, Deed.PEOPLE)
    site = Site(call.new_id(), series_id, name, _country(country))
    writes = [store.put_site(site, call.now), access.step(call, series_id, "add_site", after=site.id)]
    return commit(call, writes, written(site))


def change_site(call: Call, series_id: str, site_id: str, name: str | None, country: str | None) -> Site:
    """Mend a site's name or country (those who run the series). Members stay at it.

    Raises
    ------
    NotFound
    SiteAnswered
        If it would count for countries of another income, and answers were given from it: who reads the figures before
        and after would read what those few have answered.
    """
    _, (row,) = access.reader_of(call, series_id, Deed.PEOPLE, store.site_key(series_id, site_id))
    if not store.is_open(row):
        raise NotFound
    before = store.site_of(row)
    require_version(call, before.version)
    after = replace(
        before, name=name or before.name, country=_country(country) if country else before.country
    )
    if after.income != before.income and any(
        one.site_id == site_id for one in evaluation_store.answers(series_id)
    ):
        raise SiteAnswered
    step = access.step(
        call, series_id, "change_site", before=before.country, after=f"{site_id}:{after.country}"
    )
    return commit(call, [store.put_site(after, call.now), step], written(after))


def remove_site(call: Call, series_id: str, site_id: str) -> None:
    """Take a site away at which nobody is, or is invited to, and from which nobody answered (those who run the series).

    Its row stays, so that somebody who is placed at it in the same moment, or was once, has a site that can be named.

    Raises
    ------
    NotFound, SiteInUse
    """
    _, (row,) = access.reader_of(call, series_id, Deed.PEOPLE, store.site_key(series_id, site_id))
    if not store.is_open(row):
        raise NotFound
    site = store.site_of(row)
    count = sum(one.site_id == site_id and not one.is_gone for one in store.every_member(series_id))
    if count:
        raise SiteInUse(f"Give its {count} people another site first; who is only invited counts, too.")
    if any(one.site_id == site_id for one in evaluation_store.answers(series_id)):
        raise SiteInUse(
            "Answers were given from it, and the figures by site name it. Rename it, if it has another name."
        )
    step = access.step(call, series_id, "remove_site", before=site_id)
    commit(call, [store.put_site(replace(site, is_closed=True), call.now), step], None)


def _country(code: str) -> str:
    known = codes.country(code)
    if known is None:
        raise Invalid.field(
            "/country", "Give an ISO 3166-1 code from GET /v1/codes/countries, for example KE."
        )
    return known.alpha2


# What other capabilities ask. None of these checks who asks: the capability that calls has done so.


def place_for(person_id: str, series_id: str) -> tuple[Series, Membership] | None:
    """Return a series with somebody's place in it, if they have one."""
    series_row, row = tables.get_many([store.series_key(series_id), store.member_key(series_id, person_id)])
    if series_row is None or row is None:
        return None
    member = store.member_of(row)
    return None if member.is_gone else (store.series_of(series_row), member)


case_for = cases.case_for
session_near = sessions.session_near
remind = reminding.session_is_near
call_off = sessions.call_off
settle = reminding.session_is_closed
recommendations_near = reminding.recommendations_near
asked_of = reminding.asked_of
activities_of = telling.activities_of
gatherings_of = telling.gatherings_of
award = awarding.award


def _leave(call: Call, member: Membership, place: SeriesPlace) -> None:
    left = replace(member, place=place)
    writes = [
        store.put_member(left, call.now),
        access.step(
            call,
            member.series_id,
            "leave" if place is SeriesPlace.LEFT else "remove_member",
            before=f"{member.person_id}:{member.role}",
        ),
    ]
    commit(call, writes, None)


def _still_there(row: store.MemberRow | None) -> Membership:
    member = store.member_of(row) if row is not None else None
    if member is None or member.is_gone:
        raise NotFound
    return member


def _seen(reader: Reader, series: Series) -> SeenSeries:
    return SeenSeries(series, reader.role, reader.membership.place if reader.membership else None)
