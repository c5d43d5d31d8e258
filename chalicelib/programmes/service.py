"""Programmes, enrolments, and the directory of mentors."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.call import Call, require_version
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.people import codes
from chalicelib.people import service as people
from chalicelib.people.model import Person, Profile, facets, normalised_tag
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Row, Write
from chalicelib.programmes import store
from chalicelib.programmes.model import (
    ByInvitation,
    Enrolment,
    EnrolmentStatus,
    Joining,
    NotEnrolled,
    Programme,
    ProgrammeNotRunning,
    ProgrammeStatus,
    Side,
    capacity_for,
    checked_programme,
)

STAFF = (StaffRole.COORDINATOR, StaffRole.REVIEWER)


@dataclass(frozen=True)
class Enrolled:
    """An enrolment with its person, for coordinators; of who is only invited they learn nothing."""

    enrolment: Enrolment
    person: Person

    @property
    def name(self) -> str | None:
        return None if self.enrolment.status is EnrolmentStatus.INVITED else self.person.name

    @property
    def version(self) -> int | None:
        return self.enrolment.version


@dataclass(frozen=True)
class MentorCard:
    """A mentor as mentees may see them: never an address."""

    person: Person
    profile: Profile
    enrolment: Enrolment


@dataclass(frozen=True)
class MentorSearch:
    """What a mentee looks for; None asks for nothing."""

    specialty: str | None = None
    language: str | None = None
    country: str | None = None
    topic: str | None = None


def create_programme(call: Call, organisation_id: str, fields: dict[str, Any]) -> Programme:
    """Create a programme (the organisation's coordinators)."""
    organisations.rights(call).require(organisation_id, StaffRole.COORDINATOR)
    programme = checked_programme(Programme(call.new_id(), organisation_id, created_at=call.now, **fields))
    writes = [store.put_programme(programme, call.now), _audit(call, programme.id, "create_programme")]
    return commit(call, writes, replace(programme, version=1))


def change_programme(call: Call, programme_id: str, changes: dict[str, Any]) -> Programme:
    """Change a programme's rules (its coordinators). People who are in keep the places that they have."""
    before = require_coordinator(call, programme_id)
    require_version(call, before.version)
    if before.status is ProgrammeStatus.ENDED:
        raise ProgrammeNotRunning("A programme that has ended stays as it was. Create a new one.")
    changed = checked_programme(replace(before, **changes))
    writes = [
        store.put_programme(changed, call.now),
        _audit(call, programme_id, "change_programme", after=",".join(sorted(changes))),
    ]
    return commit(call, writes, replace(changed, version=(before.version or 0) + 1))


def read_programme(call: Call, programme_id: str) -> Programme:
    """Return a programme: to its staff always, to others unless it is a draft."""
    rights_row, row = tables.get_many([organisations.rights_key(call), store.programme_key(programme_id)])
    if row is None:
        raise NotFound
    programme = store.programme_of(row)
    if programme.status is ProgrammeStatus.DRAFT:
        organisations.rights_of(call, rights_row).require(programme.organisation_id, *STAFF)
    return programme


def list_programmes(call: Call, organisation_id: str | None, page: PageRequest) -> Page[Programme]:
    """Return the active programmes; for one organisation, to its staff, all of them."""
    if organisation_id is None:
        return store.active_programmes(page)
    organisations.rights(call).require(organisation_id, *STAFF)
    return store.programmes_of(organisation_id, page)


def enrol(call: Call, programme_id: str, person_id: str, side: Side, capacity: int | None) -> Enrolment:
    """Enrol a person, or change their capacity or come back: themselves where joining is open, else coordinators.

    A coordinator enrols people whom no other organisation knows, and invites the others, who then enrol themselves.

    Raises
    ------
    ByInvitation, ProgrammeNotRunning, CapacityInUse
    """
    found = _standing_of(call, programme_id, person_id, side)
    mine = person_id == call.actor_id
    is_staff = found.rights.has(found.programme.organisation_id, StaffRole.COORDINATOR)
    if not is_staff:
        _require_own(found, mine=mine)
    if not found.programme.is_running(call.now):
        raise ProgrammeNotRunning("People can enrol only while the programme runs.")
    as_invited = not mine and _only_invites(found, person_id)
    writes, enrolment = enrolment_writes(
        found.programme, found.profile, side, capacity, found.enrolment, call.now, as_invited=as_invited
    )
    writes.append(
        _audit(call, programme_id, "enrol", before=_shown(found.enrolment), after=_shown(enrolment))
    )
    return commit(call, writes, enrolment)


def enrolment_writes(
    programme: Programme,
    profile: Profile,
    side: Side,
    capacity: int | None,
    before: Enrolment | None,
    now: datetime,
    *,
    as_invited: bool = False,
) -> tuple[list[Write], Enrolment]:
    """Return the writes that enrol or invite a person, or change their enrolment, and what it will be.

    Who may do so is for the caller to have checked.
    """
    usual = before.capacity if before and side is Side.MENTOR else profile.capacity
    places = capacity_for(programme, side, capacity, usual)
    status = EnrolmentStatus.INVITED if as_invited else EnrolmentStatus.ACTIVE
    if before is None:
        after = Enrolment(
            programme.id, profile.person_id, side, places, places, status, enrolled_at=now, version=1
        )
        writes = [store.put_enrolment(after, now)]
    else:
        after = replace(
            before, capacity=places, free=before.free + places - before.capacity, status=status,
            version=(before.version or 0) + 1,
        )  # fmt: skip
        writes = [store.change_enrolment(before, places, status, now)]
    if not as_invited:
        writes.append(store.put_belonging(profile.person_id, programme.organisation_id, now))
        if side is Side.MENTOR:
            writes += people.list_as_mentor(profile, now)
    return writes, after


def _only_invites(found: "_Standing", person_id: str) -> bool:
    """Tell whether a coordinator can no more than invite: people of other organisations, and people who left."""
    if found.enrolment is not None:
        return found.enrolment.status in (EnrolmentStatus.INVITED, EnrolmentStatus.WITHDRAWN)
    return is_anothers(person_id, found.programme.organisation_id)


def withdraw(call: Call, programme_id: str, person_id: str, side: Side) -> None:
    """Take a person out of a programme: themselves, or its coordinators. What is under way goes on."""
    found = _standing_of(call, programme_id, person_id, side)
    mine = person_id == call.actor_id
    if not mine and not found.rights.has(found.programme.organisation_id, StaffRole.COORDINATOR):
        raise NotFound
    if found.enrolment is None:
        raise NotFound
    writes = [
        store.withdraw(programme_id, side, person_id, call.now),
        _audit(call, programme_id, "withdraw", before=_shown(found.enrolment)),
    ]
    commit(call, writes, None)


def my_enrolments(call: Call, page: PageRequest) -> Page[Enrolment]:
    """Return the actor's own enrolments."""
    return store.enrolments_of(call.actor_id, page)


def list_enrolments(call: Call, programme_id: str, side: Side | None, page: PageRequest) -> Page[Enrolled]:
    """Return who is in a programme (its coordinators)."""
    require_coordinator(call, programme_id)
    found = store.enrolments_in(programme_id, side, page)
    persons = people.get_people([one.person_id for one in found.items])
    items = tuple(Enrolled(one, persons[one.person_id]) for one in found.items if one.person_id in persons)
    return Page(items, found.next)


_SCAN_ROUNDS = 4  # a page may come back short where few of a facet's mentors are in this programme


def find_mentors(call: Call, programme_id: str, search: MentorSearch, page: PageRequest) -> Page[MentorCard]:
    """Return mentors of a programme whom a mentee may ask: verified, visible, and with a free place.

    For mentees enrolled in a programme that is mentee-led, and its staff. Whoever blocked the other is left out
    without a word.
    """
    wanted = _wanted_facets(search)
    kind, value = wanted[0]
    cards: list[MentorCard] = []
    cursor = page.cursor
    limit = min(page.limit, 23)  # four rows a mentor and four more fit one read of a hundred
    for _ in range(_SCAN_ROUNDS):
        listed = people.mentors_by_facet(kind, value, PageRequest(limit, cursor), limit - len(cards))
        cards += _cards(call, programme_id, listed.items, frozenset(wanted))
        cursor = listed.next
        if cursor is None or len(cards) >= limit:
            break
    return Page(tuple(cards), cursor)


def _cards(
    call: Call, programme_id: str, ids: tuple[str, ...], wanted: frozenset[tuple[str, str]]
) -> list[MentorCard]:
    head = [
        organisations.rights_key(call),
        store.programme_key(programme_id),
        store.enrolment_key(programme_id, Side.MENTEE, call.actor_id),
        people.blocks_key(call.actor_id),
    ]
    keys = [
        key
        for one in ids
        for key in (
            people.person_key(one),
            people.profile_key(one),
            store.enrolment_key(programme_id, Side.MENTOR, one),
            people.blocks_key(one),
        )
    ]
    rows = tables.get_many([*head, *keys])
    rights_row, programme_row, enrolment_row, my_blocks = rows[:4]
    _require_searcher(call, rights_row, programme_row, enrolment_row)
    blocked = people.blocks_of(my_blocks)
    cards = []
    for n, one in enumerate(ids):
        person_row, profile_row, mentor_row, blocks = rows[4 + 4 * n : 8 + 4 * n]
        if person_row is None or profile_row is None or mentor_row is None:
            continue
        card = MentorCard(
            people.person_of(person_row), people.profile_of(profile_row), store.enrolment_of(mentor_row)
        )
        if (
            card.person.can_mentor(call.now)
            and card.enrolment.is_open
            and wanted <= facets(card.profile)
            and one != call.actor_id
            and one not in blocked
            and call.actor_id not in people.blocks_of(blocks)
        ):
            cards.append(card)
    return cards


def _require_searcher(call: Call, rights_row: Any, programme_row: Any, enrolment_row: Any) -> None:
    if programme_row is None:
        raise NotFound
    programme = store.programme_of(programme_row)
    if organisations.rights_of(call, rights_row).has(programme.organisation_id, *STAFF):
        return
    if programme.status is ProgrammeStatus.DRAFT or not programme.mentee_led:
        raise NotFound
    is_in = (EnrolmentStatus.ACTIVE, EnrolmentStatus.PAUSED)
    if enrolment_row is None or store.enrolment_of(enrolment_row).status not in is_in:
        raise NotEnrolled("Enrol in the programme as a mentee to see its mentors.")


def _wanted_facets(search: MentorSearch) -> list[tuple[str, str]]:
    """Return the facets asked for, the one that fewest mentors have first, as a rule."""
    found: list[tuple[str, str]] = []
    if search.topic is not None:
        found.append(("topic", normalised_tag(search.topic)))
    if search.specialty is not None:
        if codes.specialty(search.specialty) is None:
            raise Invalid.field("/specialty", "Give a slug from GET /v1/codes/specialties.")
        found.append(("specialty", search.specialty))
    if search.country is not None:
        country = codes.country(search.country)
        if country is None:
            raise Invalid.field("/country", "Give an ISO 3166-1 code, for example KE.")
        found.append(("country", country.alpha2))
    if search.language is not None:
        tag = codes.canonical_language(search.language)
        if tag is None:
            raise Invalid.field("/language", "Give a BCP-47 language tag, for example fr.")
        found.append(("language", tag.partition("-")[0]))
    return found or [("all", "")]


# What other capabilities ask. Who may ask is for them to have checked, unless it says so.


def require_coordinator(call: Call, programme_id: str) -> Programme:
    """Return a programme to a coordinator of its organisation, in one round trip.

    Raises
    ------
    NotFound
        Also to people of other organisations.
    RoleRefused
        To other staff of the organisation.
    """
    rights_row, row = tables.get_many([organisations.rights_key(call), store.programme_key(programme_id)])
    if row is None:
        raise NotFound
    programme = store.programme_of(row)
    organisations.rights_of(call, rights_row).require(programme.organisation_id, StaffRole.COORDINATOR)
    return programme


def is_anothers(person_id: str, organisation_id: str) -> bool:
    """Tell whether a person is known to other organisations and not to this one."""
    known_to = store.organisations_of(person_id)
    return bool(known_to) and organisation_id not in known_to


def get_programme(programme_id: str) -> Programme | None:
    return store.get_programme(programme_id)


def programme_key(programme_id: str) -> tuple[type[Row], str, str]:
    """Return the key of a programme, for a read of several rows in one round trip."""
    return store.programme_key(programme_id)


def programme_of(row: Any) -> Programme:
    """Read a programme from the row at `programme_key`."""
    return store.programme_of(row)


def enrolment_key(programme_id: str, side: Side, person_id: str) -> tuple[type[Row], str, str]:
    """Return the key of an enrolment, for a read of several rows in one round trip."""
    return store.enrolment_key(programme_id, side, person_id)


def enrolment_of(row: Any) -> Enrolment:
    """Read an enrolment from the row at `enrolment_key`."""
    return store.enrolment_of(row)


def active_programmes() -> Iterator[Programme]:
    """Return every active programme, for the schedules."""
    return store.all_active_programmes()


def all_enrolments(programme_id: str) -> Iterator[Enrolment]:
    """Return every enrolment in a programme, for the snapshot."""
    return store.all_enrolments_in(programme_id)


def hold_place(programme_id: str, side: Side, person_id: str, now: datetime) -> Write:
    """Return the write that takes a free place; its conflict is `NoPlaceLeft`."""
    return store.hold_place(programme_id, side, person_id, now)


def release_place(programme_id: str, side: Side, person_id: str, now: datetime) -> Write:
    """Return the write that gives a place back."""
    return store.release_place(programme_id, side, person_id, now)


@dataclass(frozen=True)
class _Standing:
    rights: Rights
    programme: Programme
    profile: Profile
    enrolment: Enrolment | None


def _standing_of(call: Call, programme_id: str, person_id: str, side: Side) -> _Standing:
    rights_row, programme_row, profile_row, enrolment_row = tables.get_many(
        [
            organisations.rights_key(call), store.programme_key(programme_id), people.profile_key(person_id),
            store.enrolment_key(programme_id, side, person_id),
        ]
    )  # fmt: skip
    if programme_row is None or profile_row is None:
        raise NotFound
    return _Standing(
        organisations.rights_of(call, rights_row),
        store.programme_of(programme_row),
        people.profile_of(profile_row),
        store.enrolment_of(enrolment_row) if enrolment_row else None,
    )


def _require_own(found: _Standing, *, mine: bool) -> None:
    if not mine or found.programme.status is ProgrammeStatus.DRAFT:
        raise NotFound
    has_left = found.enrolment is None or found.enrolment.status is EnrolmentStatus.WITHDRAWN
    if found.programme.joining is Joining.INVITATION and has_left:
        raise ByInvitation("Ask the programme's coordinators to enrol you.")


def _shown(enrolment: Enrolment | None) -> str | None:
    if enrolment is None:
        return None
    return f"{enrolment.person_id}:{enrolment.side}:{enrolment.status}:{enrolment.capacity}"


def _audit(
    call: Call, programme_id: str, action: str, *, before: str | None = None, after: str | None = None
) -> Write:
    return tables.audit(
        "programmes", store.programme_pk(programme_id), row_id=call.new_id(), at=call.now,
        actor=call.actor_id, action=action, before=before, after=after,
    )  # fmt: skip
