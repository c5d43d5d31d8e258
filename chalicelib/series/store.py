"""The series table: series, the places of people in them, their sites; all of a series is one item collection."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.series.errors import GuestsFull, MembershipMoved, VisitsUsed
from chalicelib.series.model import Entry, Limits, Membership, Series, SeriesPlace, SeriesRole, Site

_PUBLIC = "PUBLIC-SERIES"


class SeriesRow(tables.IndexedRow):
    """A series; gsi1: those of a hub; gsi2: those that anybody may join."""

    class Meta:
        capability = "series"

    organisation_id = UnicodeAttribute()
    title = UnicodeAttribute()
    description = UnicodeAttribute()
    time_zone = UnicodeAttribute()
    entry = UnicodeAttribute()
    limits = JSONAttribute()


class MemberRow(tables.IndexedRow):
    """A person's place; gsi1: a person's own, of those that they have not left."""

    class Meta:
        capability = "series"

    role = UnicodeAttribute()
    place = UnicodeAttribute()
    site_id = UnicodeAttribute(null=True)
    visits = NumberAttribute(default=0)
    since = UnicodeAttribute()


class SiteRow(tables.Row):
    class Meta:
        capability = "series"

    name = UnicodeAttribute()
    country = UnicodeAttribute()
    is_closed = BooleanAttribute(null=True)


class GuestsRow(tables.Row):
    """How many guests have joined a session."""

    class Meta:
        capability = "series"

    guests = NumberAttribute()


class VisitRow(tables.Row):
    """That a guest has joined a session."""

    class Meta:
        capability = "series"


def series_pk(series_id: str) -> str:
    return f"SERIES#{series_id}"


def series_key(series_id: str) -> tuple[type[SeriesRow], str, str]:
    """Return the key of a series for `tables.get_many`."""
    return SeriesRow, series_pk(series_id), "SERIES"


def put_series(series: Series, now: datetime) -> Write:
    row_class, pk, sk = series_key(series.id)
    is_public = series.entry is Entry.PUBLIC
    row = row_class(
        pk, sk, organisation_id=series.organisation_id, title=series.title, description=series.description,
        time_zone=series.time_zone, entry=series.entry.value, limits=asdict(series.limits),
        gsi1pk=_hub(series.organisation_id), gsi1sk=series.id,
        gsi2pk=_PUBLIC if is_public else None, gsi2sk=series.id if is_public else None,
        **tables.stamps(to_text(now), to_text(series.created_at or now), series.version),
    )  # fmt: skip
    return tables.put(row)


def series_of(row: SeriesRow) -> Series:
    return Series(
        row.pk.removeprefix("SERIES#"), row.organisation_id, row.title, row.description, row.time_zone,
        Entry(row.entry), Limits(**row.limits), from_text(row.created_at), int(row.version),
    )  # fmt: skip


def get_many_series(series_ids: list[str]) -> dict[str, Series]:
    """Return the series that exist, a hundred a round trip."""
    rows = tables.get_many([series_key(one) for one in series_ids])
    return {one.id: one for one in (series_of(row) for row in rows if row is not None)}


def of_hub(organisation_id: str, page: PageRequest) -> Page[Series]:
    """Return a hub's series, the latest first."""
    return tables.page_of(SeriesRow, _hub(organisation_id), page, series_of, index="gsi1", descending=True)


def public_series(page: PageRequest) -> Page[Series]:
    """Return the series that anybody may join, the latest first."""
    return tables.page_of(SeriesRow, _PUBLIC, page, series_of, index="gsi2", descending=True)


def member_key(series_id: str, person_id: str) -> tuple[type[MemberRow], str, str]:
    """Return the key of a place for `tables.get_many`."""
    return MemberRow, series_pk(series_id), f"MEMBER#{person_id}"


def put_member(member: Membership, now: datetime) -> Write:
    row_class, pk, sk = member_key(member.series_id, member.person_id)
    is_listed = not member.is_gone
    row = row_class(
        pk, sk, role=member.role.value, place=member.place.value, site_id=member.site_id, visits=member.visits,
        since=to_text(member.since or now), gsi1pk=_person(member.person_id) if is_listed else None,
        gsi1sk=member.series_id if is_listed else None,
        **tables.stamps(to_text(now), to_text(member.since or now), member.version),
    )  # fmt: skip
    return tables.put(row, conflict=MembershipMoved())


def member_of(row: MemberRow) -> Membership:
    return Membership(
        row.pk.removeprefix("SERIES#"), row.sk.removeprefix("MEMBER#"), SeriesRole(row.role), SeriesPlace(row.place),
        row.site_id, int(row.visits), from_text(row.since), int(row.version),
    )  # fmt: skip


def members(series_id: str, page: PageRequest) -> Page[Membership]:
    """Return the places in a series, by the ids of their people."""
    return tables.page_of(MemberRow, series_pk(series_id), page, member_of, begins_with="MEMBER#")


def every_member(series_id: str) -> Iterator[Membership]:
    """Yield all places: a query a megabyte, some 3,000 of them."""
    for raw in tables.query_all(MemberRow, series_pk(series_id), begins_with="MEMBER#"):
        yield member_of(MemberRow.parse(raw))


def places_of(person_id: str, page: PageRequest) -> Page[Membership]:
    """Return the places of somebody in series that they have not left, the latest series first."""
    return tables.page_of(MemberRow, _person(person_id), page, member_of, index="gsi1", descending=True)


def site_key(series_id: str, site_id: str) -> tuple[type[SiteRow], str, str]:
    return SiteRow, series_pk(series_id), f"SITE#{site_id}"


def put_site(site: Site, now: datetime) -> Write:
    """Return the write of a site, new or over the version that was read."""
    row_class, pk, sk = site_key(site.series_id, site.id)
    row = row_class(
        pk, sk, name=site.name, country=site.country, is_closed=site.is_closed or None,
        **tables.stamps(to_text(now), version=site.version),
    )  # fmt: skip
    return tables.put(row)


def site_of(row: SiteRow) -> Site:
    return Site(
        row.sk.removeprefix("SITE#"), row.pk.removeprefix("SERIES#"), row.name, row.country, bool(row.is_closed),
        int(row.version),
    )  # fmt: skip


def is_open(row: Any) -> bool:
    """Tell whether the row of a site is there, and people are placed at it."""
    return row is not None and not row.is_closed


def sites(series_id: str, page: PageRequest) -> Page[Site]:
    """Return the sites of a series; a page may have fewer, or none, before the last."""
    found = tables.page_of(SiteRow, series_pk(series_id), page, site_of, begins_with="SITE#")
    return Page(tuple(one for one in found.items if not one.is_closed), found.next)


def every_site(series_id: str) -> dict[str, Site]:
    """Return all sites of a series by their ids, also those that were taken away."""
    raws = tables.query_all(SiteRow, series_pk(series_id), begins_with="SITE#")
    return {one.id: one for one in (site_of(SiteRow.parse(raw)) for raw in raws)}


# Guests: how many a session, how often each.


def visit_key(series_id: str, session_id: str, person_id: str) -> tuple[type[VisitRow], str, str]:
    return VisitRow, series_pk(series_id), f"VISIT#{session_id}#{person_id}"


def visit(series: Series, session_id: str, person_id: str, now: datetime) -> list[Write]:
    """Return the writes of a guest's first join of a session: neither the session's guests nor the guest's visits go
    beyond what the series allows, however many join at once."""
    row_class, pk, sk = visit_key(series.id, session_id, person_id)
    guests: Any = GuestsRow.guests
    free = GuestsRow.pk.does_not_exist() | (guests < series.limits.guests)
    visits: Any = MemberRow.visits
    member_class, member_pk, member_sk = member_key(series.id, person_id)
    return [
        tables.put(row_class(pk, sk, **tables.stamps(to_text(now))), conflict=MembershipMoved()),
        _count_guest(series.id, session_id, free, now),
        tables.update(
            member_class, member_pk, member_sk, [visits.set(visits + 1)],
            condition=visits < series.limits.visits, now=to_text(now), conflict=VisitsUsed(),
        ),
    ]  # fmt: skip


def _count_guest(series_id: str, session_id: str, free: Any, now: datetime) -> Write:
    guests: Any = GuestsRow.guests
    return tables.update(
        GuestsRow, series_pk(series_id), f"GUESTS#{session_id}",
        [guests.add(1), GuestsRow.created_at.set(to_text(now))],
        condition=free, now=to_text(now), conflict=GuestsFull(),
    )  # fmt: skip


def audit(series_id: str, **what: Any) -> Write:
    """Return the write of a row of a series' trail; see `tables.audit`."""
    return tables.audit("series", series_pk(series_id), **what)


def _hub(organisation_id: str) -> str:
    return f"HUB#{organisation_id}"


def _person(person_id: str) -> str:
    return f"PERSON#{person_id}"
