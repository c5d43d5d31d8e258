"""The programmes table: programmes, and the enrolments with their counted places."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.expressions.update import Action

from chalicelib.kernel.clock import from_text, to_text
from chalicelib.kernel.errors import Conflict, DomainError, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.counting_store import what_counts_of, what_counts_text
from chalicelib.programmes.errors import CapacityInUse, ListedBefore, NoPlaceLeft
from chalicelib.programmes.model import (
    DEFAULT_GOAL_REVIEW_SESSIONS,
    DEFAULT_GRACE_DAYS,
    DEFAULT_MENTORSHIP_MONTHS,
    MAX_MENTEE_PLACES,
    Cadence,
    CertificateRule,
    Enrolment,
    EnrolmentStatus,
    Format,
    HealthRule,
    Joining,
    Listing,
    PairKind,
    Programme,
    ProgrammeStatus,
    Publish,
    Side,
    VideoProvider,
    VideoRooms,
)

ACTIVE = "ACTIVE"


class ProgrammeRow(tables.IndexedRow):
    """gsi1: an organisation's programmes; gsi2: the active ones."""

    class Meta:
        capability = "programmes"

    organisation_id = UnicodeAttribute()
    name = UnicodeAttribute()
    description = UnicodeAttribute()
    format = UnicodeAttribute()
    status = UnicodeAttribute()
    starts_on = UnicodeAttribute(null=True)
    ends_on = UnicodeAttribute(null=True)
    publish = UnicodeAttribute()
    joining = UnicodeAttribute()
    cadence = UnicodeAttribute()
    mentee_led = BooleanAttribute()
    proposal_days = NumberAttribute()
    mentee_places = NumberAttribute()
    max_capacity = NumberAttribute()
    grace_days = NumberAttribute(null=True)
    goal_review_sessions = NumberAttribute(null=True)
    mentorship_months = NumberAttribute(null=True)
    certificate = JSONAttribute(null=True)
    health = JSONAttribute(null=True)
    video = JSONAttribute(null=True)
    what_counts = UnicodeAttribute(null=True)
    kind = UnicodeAttribute(null=True)


class EnrolmentRow(tables.IndexedRow):
    """gsi1: a person's enrolments. A mentor's carries what the directory finds them by, as of a profile's version."""

    class Meta:
        capability = "programmes"

    person_id = UnicodeAttribute()
    side = UnicodeAttribute()
    status = UnicodeAttribute()
    capacity = NumberAttribute()
    free = NumberAttribute()
    facets = UnicodeSetAttribute(null=True)
    profile_version = NumberAttribute(null=True)
    listed_as = UnicodeAttribute(null=True)


class BelongingRow(tables.Row):
    """A person is, or was, in a programme of an organisation: its coordinators know them."""

    class Meta:
        capability = "programmes"


def put_belonging(person_id: str, organisation_id: str, now: datetime) -> Write:
    row = BelongingRow(_person(person_id), f"ORGANISATION#{organisation_id}", **tables.stamps(to_text(now)))
    return tables.put_entry(row)


def organisations_of(person_id: str) -> frozenset[str]:
    """Return the organisations whose coordinators know a person."""
    raws = tables.query_all(BelongingRow, _person(person_id), begins_with="ORGANISATION#")
    return frozenset(raw["sk"]["S"].removeprefix("ORGANISATION#") for raw in raws)


def programme_pk(programme_id: str) -> str:
    return f"PROGRAMME#{programme_id}"


def programme_key(programme_id: str) -> tuple[type[ProgrammeRow], str, str]:
    """Return the key of a programme for `tables.get_many`."""
    return ProgrammeRow, programme_pk(programme_id), "PROGRAMME"


def enrolment_key(programme_id: str, side: Side, person_id: str) -> tuple[type[EnrolmentRow], str, str]:
    """Return the key of an enrolment for `tables.get_many`."""
    return EnrolmentRow, programme_pk(programme_id), f"ENROLMENT#{side}#{person_id}"


def programme_of(row: ProgrammeRow) -> Programme:
    return Programme(
        id=row.pk.removeprefix("PROGRAMME#"),
        organisation_id=row.organisation_id,
        name=row.name,
        description=row.description,
        format=Format(row.format),
        kind=PairKind(row.kind or PairKind.ONE_TO_ONE),
        status=ProgrammeStatus(row.status),
        starts_on=date.fromisoformat(row.starts_on) if row.starts_on else None,
        ends_on=date.fromisoformat(row.ends_on) if row.ends_on else None,
        publish=Publish(row.publish),
        joining=Joining(row.joining),
        cadence=Cadence(row.cadence),
        mentee_led=bool(row.mentee_led),
        proposal_days=int(row.proposal_days),
        mentee_places=int(row.mentee_places),
        max_capacity=int(row.max_capacity),
        grace_days=DEFAULT_GRACE_DAYS if row.grace_days is None else int(row.grace_days),
        goal_review_sessions=int(row.goal_review_sessions or DEFAULT_GOAL_REVIEW_SESSIONS),
        mentorship_months=int(row.mentorship_months or DEFAULT_MENTORSHIP_MONTHS),
        certificate=_certificate_of(row.certificate),
        health=_health_of(row.health or {}),
        video=_video_of(row.video),
        what_counts=what_counts_of(row.what_counts) if row.what_counts else None,
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def enrolment_of(row: EnrolmentRow) -> Enrolment:
    return Enrolment(
        programme_id=row.pk.removeprefix("PROGRAMME#"),
        person_id=row.person_id,
        side=Side(row.side),
        capacity=int(row.capacity),
        free=int(row.free),
        status=EnrolmentStatus(row.status),
        listed_as=row.listed_as,
        enrolled_at=from_text(row.created_at),
        version=int(row.version),
    )


def _certificate_of(data: dict[str, Any] | None) -> CertificateRule | None:
    """Read the rule; rows from before there was one have none, and no rule is an empty one."""
    if data is None:
        return CertificateRule()
    return CertificateRule(**data) if data else None


def _video_of(data: dict[str, Any] | None) -> VideoRooms:
    """Read where people meet by video; rows from before it could be set leave it to the mentors."""
    return VideoRooms(VideoProvider(data["provider"]), data["address"]) if data else VideoRooms()


def get_programme(programme_id: str) -> Programme | None:
    row = tables.get(*programme_key(programme_id))
    return programme_of(row) if row else None


def put_programme(programme: Programme, now: datetime) -> Write:
    active = programme.status is ProgrammeStatus.ACTIVE
    row = ProgrammeRow(
        programme_pk(programme.id), "PROGRAMME", organisation_id=programme.organisation_id,
        name=programme.name, description=programme.description, format=programme.format.value,
        status=programme.status.value, starts_on=_day(programme.starts_on), ends_on=_day(programme.ends_on),
        publish=programme.publish.value, joining=programme.joining.value, cadence=programme.cadence.value,
        mentee_led=programme.mentee_led, proposal_days=programme.proposal_days,
        mentee_places=programme.mentee_places, max_capacity=programme.max_capacity,
        grace_days=programme.grace_days, goal_review_sessions=programme.goal_review_sessions,
        mentorship_months=programme.mentorship_months,
        certificate=asdict(programme.certificate) if programme.certificate else {}, health=asdict(programme.health),
        video={"provider": programme.video.provider.value, "address": programme.video.address},
        what_counts=what_counts_text(programme.what_counts), kind=programme.kind.value,
        gsi1pk=f"ORGANISATION#{programme.organisation_id}", gsi1sk=programme.id,
        gsi2pk=ACTIVE if active else None, gsi2sk=programme.id if active else None,
        **tables.stamps(to_text(now), to_text(programme.created_at or now), programme.version),
    )  # fmt: skip
    return tables.put(row)


def active_programmes(page: PageRequest) -> Page[Programme]:
    return tables.page_of(ProgrammeRow, ACTIVE, page, programme_of, index="gsi2")


def programmes_of(organisation_id: str, page: PageRequest) -> Page[Programme]:
    return tables.page_of(ProgrammeRow, f"ORGANISATION#{organisation_id}", page, programme_of, index="gsi1")


def all_active_programmes() -> Iterator[Programme]:
    for raw in tables.query_all(ProgrammeRow, ACTIVE, index="gsi2"):
        yield programme_of(ProgrammeRow.parse(raw))


def put_enrolment(enrolment: Enrolment, now: datetime, listing: Listing | None = None) -> Write:
    """Write an enrolment that was not there; a mentor's with what the directory finds them by."""
    row_class, pk, sk = enrolment_key(enrolment.programme_id, enrolment.side, enrolment.person_id)
    row = row_class(
        pk, sk, person_id=enrolment.person_id, side=enrolment.side.value, status=enrolment.status.value,
        capacity=enrolment.capacity, free=enrolment.free, gsi1pk=_person(enrolment.person_id),
        gsi1sk=f"{enrolment.programme_id}#{enrolment.side}",
        facets=set(listing.facets) or None if listing else None,
        profile_version=listing.profile_version if listing else None, listed_as=enrolment.listed_as,
        **tables.stamps(to_text(now), to_text(enrolment.enrolled_at or now)),
    )  # fmt: skip
    return tables.put(row, conflict=Conflict("Another request enrolled this person just now. Read it again."))


def change_enrolment(
    before: Enrolment, capacity: int, status: EnrolmentStatus, now: datetime, listing: Listing | None = None
) -> Write:
    """Set capacity, status and listing; the places in use must fit."""
    more = capacity - before.capacity
    row = EnrolmentRow
    # The capacity that `more` was reckoned from must still stand, and what is taken must fit in.
    fits: Any = row.capacity == before.capacity
    if more:
        fits &= row.free >= -more
    return tables.update(
        *enrolment_key(before.programme_id, before.side, before.person_id),
        [row.capacity.set(capacity), row.free.add(more), row.status.set(status.value), *_listed(listing)],
        condition=fits, now=to_text(now),
        conflict=CapacityInUse("Open proposals and mentorships need the places. Wait, or end some first."),
    )  # fmt: skip


def relist(enrolment: Enrolment, listing: Listing, now: datetime) -> Write:
    """Set what the directory finds a mentor by, unless that of a later profile stands there."""
    row = EnrolmentRow
    earlier: Any = row.profile_version.does_not_exist() | (row.profile_version < listing.profile_version)
    return tables.update(
        *enrolment_key(enrolment.programme_id, enrolment.side, enrolment.person_id), _listed(listing),
        condition=row.pk.exists() & earlier, now=to_text(now),
        conflict=ListedBefore("A later profile is listed."),
    )  # fmt: skip


def _listed(listing: Listing | None) -> list[Action]:
    if listing is None:
        return []
    facets = EnrolmentRow.facets
    return [
        facets.set(set(listing.facets)) if listing.facets else facets.remove(),
        EnrolmentRow.profile_version.set(listing.profile_version),
    ]


def open_mentors(
    programme_id: str, facets: Iterable[str], after: str | None, limit: int
) -> tuple[list[str], str | None]:
    """Read the ids of mentors with a free place who are listed under all of some facets, in the order of their ids.

    Parameters
    ----------
    after
        The last id that was looked at, or None at the start.
    limit
        How many enrolments are looked at.

    Returns
    -------
    list, str or None
        Those who fit, and the last that was looked at where there are more.
    """
    row = EnrolmentRow
    prefix = f"ENROLMENT#{Side.MENTOR}#"
    fits: Any = (row.status == EnrolmentStatus.ACTIVE.value) & (row.free > 0)
    for facet in facets:
        fits &= row.facets.contains(facet)
    found = tables.query(
        row, programme_pk(programme_id), begins_with=prefix, limit=limit, where=fits,
        after={"sk": prefix + after} if after else None,
    )  # fmt: skip
    last = found.last_key["sk"].removeprefix(prefix) if found.last_key else None
    return [raw["person_id"]["S"] for raw in found.items], last


def withdraw(programme_id: str, side: Side, person_id: str, now: datetime) -> Write:
    row = EnrolmentRow
    return tables.update(
        *enrolment_key(programme_id, side, person_id), [row.status.set(EnrolmentStatus.WITHDRAWN.value)],
        condition=row.pk.exists() & (row.status != EnrolmentStatus.WITHDRAWN.value), now=to_text(now),
        conflict=NotFound(),
    )  # fmt: skip


def set_taking(
    programme_id: str, side: Side, person_id: str, now: datetime, *, takes: bool, conflict: DomainError
) -> Write:
    """Have somebody who is in a programme take something new, or nothing for now."""
    row = EnrolmentRow
    status = EnrolmentStatus.ACTIVE if takes else EnrolmentStatus.PAUSED
    within: Any = row.status.is_in(EnrolmentStatus.ACTIVE.value, EnrolmentStatus.PAUSED.value)
    return tables.update(
        *enrolment_key(programme_id, side, person_id), [row.status.set(status.value)],
        condition=within, now=to_text(now), conflict=conflict,
    )  # fmt: skip


def check_running(programme_id: str, now: datetime, conflict: DomainError) -> Write:
    """Let a transaction through only while a programme runs, as `Programme.is_running` has it."""
    return tables.check(*programme_key(programme_id), condition=_running(now), conflict=conflict)


def _running(now: datetime) -> Any:
    row: Any = ProgrammeRow
    today = now.date().isoformat()
    return (
        (row.status == ProgrammeStatus.ACTIVE.value)
        & (row.starts_on.does_not_exist() | (row.starts_on <= today))
        & (row.ends_on.does_not_exist() | (row.ends_on >= today))
    )


def check_what_counts(programme: Programme, now: datetime, conflict: DomainError) -> Write:
    """Let a transaction through only while a programme runs and the rules on what counts are those that were read."""
    condition = _running(now) & _same_rules(programme)
    return tables.check(*programme_key(programme.id), condition=condition, conflict=conflict)


def check_rules(programme: Programme, conflict: DomainError) -> Write:
    """Let a transaction through only while the rules on what counts are those that were read, running or not."""
    return tables.check(*programme_key(programme.id), condition=_same_rules(programme), conflict=conflict)


def _same_rules(programme: Programme) -> Any:
    text = what_counts_text(programme.what_counts)
    row: Any = ProgrammeRow
    return row.what_counts.does_not_exist() if text is None else row.what_counts == text


def check_active(programme_id: str, side: Side, person_id: str, conflict: DomainError) -> Write:
    """Let a transaction through only while a person is active in a programme."""
    active: Any = EnrolmentRow.status == EnrolmentStatus.ACTIVE.value
    return tables.check(*enrolment_key(programme_id, side, person_id), condition=active, conflict=conflict)


def hold_place(programme: Programme, side: Side, person_id: str, now: datetime) -> Write:
    """Take one free place of an active enrolment, for who stands on a side of a pair."""
    row = EnrolmentRow
    place = programme.kind.place_of(side)
    has_one: Any = row.free > 0 if place is Side.MENTOR else _mentee_has_one(programme.mentee_places)
    return tables.update(
        *enrolment_key(programme.id, place, person_id), [row.free.add(-1)],
        condition=(row.status == EnrolmentStatus.ACTIVE.value) & has_one, now=to_text(now),
        conflict=NoPlaceLeft(f"The {programme.kind.role_of(side)} has no free place in this programme now."),
    )  # fmt: skip


def _mentee_has_one(places: int) -> Any:
    """Return the condition that a mentee has taken fewer than so many places.

    `free` is counted from `capacity`, the places that there were when they enrolled, and a condition cannot subtract:
    so it says for each number that there may have been how much must be free.
    """
    row: Any = EnrolmentRow
    each = ((row.capacity == had) & (row.free > had - places) for had in range(1, MAX_MENTEE_PLACES + 1))
    return reduce(or_, each)


def release_place(programme_id: str, side: Side, person_id: str, now: datetime) -> Write:
    """Give a held or taken place back."""
    row = EnrolmentRow
    return tables.update(
        *enrolment_key(programme_id, side, person_id), [row.free.add(1)],
        condition=row.pk.exists() & (row.free < row.capacity), now=to_text(now),
        conflict=Conflict("All places of this enrolment are free already."),
    )  # fmt: skip


def some_mentors(programme_id: str, after: str | None, limit: int) -> tuple[list[Enrolment], str | None]:
    """Read some enrolments as mentor in the order of their persons' ids; the second is the last read where there are
    more."""
    prefix = f"ENROLMENT#{Side.MENTOR}#"
    found = tables.query(
        EnrolmentRow, programme_pk(programme_id), begins_with=prefix, limit=limit,
        after={"sk": prefix + after} if after else None,
    )  # fmt: skip
    last = found.last_key["sk"].removeprefix(prefix) if found.last_key else None
    return [enrolment_of(EnrolmentRow.parse(raw)) for raw in found.items], last


def enrolments_in(programme_id: str, side: Side | None, page: PageRequest) -> Page[Enrolment]:
    prefix = f"ENROLMENT#{side}#" if side else "ENROLMENT#"
    return tables.page_of(
        EnrolmentRow, programme_pk(programme_id), page, enrolment_of, begins_with=prefix
    )  # fmt: skip


def all_enrolments_in(programme_id: str) -> Iterator[Enrolment]:
    for raw in tables.query_all(EnrolmentRow, programme_pk(programme_id), begins_with="ENROLMENT#"):
        yield enrolment_of(EnrolmentRow.parse(raw))


def has_enrolled(programme_id: str, number: int) -> bool:
    """Tell whether so many enrolments are active or paused, reading no more of them than it takes to know."""
    row: Any = EnrolmentRow
    takes_part = row.status.is_in(EnrolmentStatus.ACTIVE.value, EnrolmentStatus.PAUSED.value)
    return tables.has_at_least(
        EnrolmentRow, programme_pk(programme_id), number, begins_with="ENROLMENT#", where=takes_part
    )


def enrolments_of(person_id: str, page: PageRequest) -> Page[Enrolment]:
    return tables.page_of(EnrolmentRow, _person(person_id), page, enrolment_of, index="gsi1")


def places_of(person_id: str) -> Iterator[Enrolment]:
    """Yield all of a person's enrolments, from the index: one made just now may be missing."""
    for raw in tables.query_all(EnrolmentRow, _person(person_id), index="gsi1"):
        yield enrolment_of(EnrolmentRow.parse(raw))


def places_of_mentor(person_id: str) -> Iterator[Enrolment]:
    """Yield a person's enrolments as mentor, as `places_of` does."""
    return (one for one in places_of(person_id) if one.side is Side.MENTOR)


def _person(person_id: str) -> str:
    return f"PERSON#{person_id}"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _health_of(data: dict[str, int]) -> HealthRule:
    # How far pulses fall was a setting once; it told coordinators too much (ADR 37).
    return HealthRule(**{name: value for name, value in data.items() if name != "pulse_fall"})
