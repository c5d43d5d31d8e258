"""Programmes, enrolments, and the directory of mentors."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import DomainError, NotFound, Unavailable
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.people import service as people
from chalicelib.people.model import MailStop, Person, PersonStatus, Profile
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Row, Write
from chalicelib.programmes import store
from chalicelib.programmes.counting import WHAT_COUNTS_CHANGED as WHAT_COUNTS_CHANGED
from chalicelib.programmes.counting import MentorPiece as MentorPiece
from chalicelib.programmes.counting import check_mentor as check_mentor
from chalicelib.programmes.counting import check_not_verified as check_not_verified
from chalicelib.programmes.counting import check_verified as check_verified
from chalicelib.programmes.counting import mentor_keys as mentor_keys
from chalicelib.programmes.counting import mentor_of as mentor_of
from chalicelib.programmes.counting import piece_recounted as piece_recounted
from chalicelib.programmes.counting import piece_to_recount as piece_to_recount
from chalicelib.programmes.directory import relist as relist
from chalicelib.programmes.errors import ByInvitation, ProgrammeNotRunning
from chalicelib.programmes.model import (
    USUAL_CAPACITY,
    Enrolment,
    EnrolmentStatus,
    Joining,
    PairKind,
    Programme,
    ProgrammeStatus,
    Role,
    Side,
    capacity_for,
    checked_programme,
    listing_of,
    place_in,
)

STAFF = (StaffRole.COORDINATOR, StaffRole.REVIEWER)

INVITATION = "enrolment-invitation"
"""The mail to people whom an organisation invites that is not theirs."""

ENROLMENT_WITHDRAWN = "enrolment-withdrawn"
"""The news of somebody who has left a programme: `programme_id`, `person_id`, `role`."""


@dataclass(frozen=True)
class Enrolled:
    """An enrolment with its person, for coordinators; of who is only invited they learn nothing.

    Whether an address that they named has an account shows nowhere: the two kinds of invited people look alike.
    """

    enrolment: Enrolment
    person: Person

    @property
    def is_invited(self) -> bool:
        return EnrolmentStatus.INVITED is self.enrolment.status or self.person.status is PersonStatus.INVITED

    @property
    def name(self) -> str | None:
        """The person's own, or as long as they are invited what the coordinators called them."""
        if self.enrolment.status is EnrolmentStatus.INVITED:
            return self.enrolment.listed_as
        return self.person.name

    @property
    def mail_stop(self) -> MailStop | None:
        """That mail to the person is stopped, for coordinators; None where it is not, or not for them to know."""
        return may_know(self.person.mail_stop, self.enrolment, is_invited=self.is_invited)

    @property
    def version(self) -> int | None:
        return self.enrolment.version


def may_know(stop: MailStop | None, enrolment: Enrolment, *, is_invited: bool) -> MailStop | None:
    """Return what coordinators may know of somebody's stopped mail: of who is only invited, what came after that.
    Anything earlier would tell that the address had an account."""
    at = enrolment.enrolled_at
    return None if stop is not None and is_invited and at is not None and stop.since < at else stop


def create_programme(call: Call, organisation_id: str, fields: dict[str, Any]) -> Programme:
    """Create a programme (the organisation's coordinators)."""
    organisations.rights(call).require(organisation_id, StaffRole.COORDINATOR)
    programme = checked_programme(Programme(call.new_id(), organisation_id, created_at=call.now, **fields))
    writes = [store.put_programme(programme, call.now), _audit(call, programme.id, "create_programme")]
    return commit(call, writes, replace(programme, version=1))


def change_programme(call: Call, programme_id: str, changes: dict[str, Any]) -> Programme:
    """Change a programme's rules (its coordinators). Mentors who are in keep the places that they have; mentees have
    those of `mentee_places` at once."""
    before = require_coordinator(call, programme_id)
    require_version(call, before.version)
    if before.status is ProgrammeStatus.ENDED:
        raise ProgrammeNotRunning("A programme that has ended stays as it was. Create a new one.")
    changed = checked_programme(replace(before, **changes))
    writes = [
        store.put_programme(changed, call.now),
        _audit(call, programme_id, "change_programme", after=",".join(sorted(changes))),
    ]
    return commit(call, writes, written(changed))


def read_programme(call: Call, programme_id: str) -> Programme:
    """Return a programme: to its staff always, to others unless it is a draft."""
    programme, _ = shown(call, programme_id)
    return programme


def shown(call: Call, programme_id: str, *keys: tuple[type[Row], str, str]) -> tuple[Programme, list[Any]]:
    """Return a programme to whom `read_programme` does, with the rows at `keys`, in one round trip."""
    rights_row, row, *rows = tables.get_many(
        [organisations.rights_key(call), store.programme_key(programme_id), *keys]
    )
    if row is None:
        raise NotFound
    programme = store.programme_of(row)
    if programme.status is ProgrammeStatus.DRAFT:
        organisations.rights_of(call, rights_row).require(programme.organisation_id, *STAFF)
    return programme, rows


def list_programmes(call: Call, organisation_id: str | None, page: PageRequest) -> Page[Programme]:
    """Return the active programmes; for one organisation, to its staff, all of them."""
    if organisation_id is None:
        return store.active_programmes(page)
    organisations.rights(call).require(organisation_id, *STAFF)
    return store.programmes_of(organisation_id, page)


def enrol(call: Call, programme_id: str, person_id: str, role: Role, capacity: int | None) -> Enrolment:
    """Enrol a person, or change their capacity or come back: themselves where joining is open, else coordinators.

    A coordinator enrols people whom no other organisation knows, and invites the others, who then enrol themselves.

    Raises
    ------
    ByInvitation, ProgrammeNotRunning, CapacityInUse
    """
    found = _standing_of(call, programme_id, person_id, role.place)
    mine = person_id == call.actor_id
    is_staff = found.rights.has(found.programme.organisation_id, StaffRole.COORDINATOR)
    if not is_staff:
        _require_own(found, mine=mine)
    side = place_in(found.programme, role)
    if not found.programme.is_running(call.now):
        raise ProgrammeNotRunning("People can enrol only while the programme runs.")
    as_invited = not mine and _only_invites(found, person_id)
    for tells in (True, False):
        writes, enrolment = enrolment_writes(
            found.programme, found.profile, side, capacity, found.enrolment, call.now, as_invited=as_invited,
            tells=tells,
        )  # fmt: skip
        writes.append(
            _audit(call, programme_id, "enrol", before=_shown(found.enrolment), after=_shown(enrolment))
        )
        try:
            return commit(call, writes, enrolment.under(found.programme))
        except outbox.WrittenBefore:
            continue
    raise Unavailable("Others are changing the same thing. Send the request again.")


def enrolment_writes(
    programme: Programme,
    profile: Profile,
    side: Side,
    capacity: int | None,
    before: Enrolment | None,
    now: datetime,
    *,
    as_invited: bool = False,
    listed_as: str | None = None,
    tells: bool = True,
) -> tuple[list[Write], Enrolment]:
    """Return the writes that enrol or invite a person, or change their enrolment, and what it will be.

    Who may do so is for the caller to have checked.

    Parameters
    ----------
    as_invited
        Whether the person has yet to say whether they come; they are mailed, at most once a month.
    listed_as
        What the coordinators call somebody whom they invite.
    tells
        False leaves the mail out: this month's was written before.
    """
    # What an invited person's profile says is not the coordinators' to learn.
    usual = (
        before.capacity
        if before and side is Side.MENTOR
        else USUAL_CAPACITY
        if as_invited
        else profile.capacity
    )
    places = capacity_for(programme, side, capacity, usual)
    if before is not None and side is Side.MENTEE:
        places = before.capacity  # their free places are counted from it
    status = EnrolmentStatus.INVITED if as_invited else EnrolmentStatus.ACTIVE
    listing = listing_of(profile) if side is Side.MENTOR else None
    if before is None:
        after = Enrolment(
            programme.id,
            profile.person_id,
            side,
            places,
            places,
            status,
            listed_as,
            enrolled_at=now,
            version=1,
        )
        writes = [store.put_enrolment(after, now, listing)]
    else:
        after = replace(
            before, capacity=places, free=before.free + places - before.capacity, status=status,
            version=(before.version or 0) + 1,
        )  # fmt: skip
        writes = [store.change_enrolment(before, places, status, now, listing)]
    if as_invited and tells and (before is None or before.status is not EnrolmentStatus.INVITED):
        writes.append(_invitation(after, now))
    if not as_invited:
        writes.append(store.put_belonging(profile.person_id, programme.organisation_id, now))
        if side is Side.MENTOR:
            writes += people.mark_as_mentor(profile, now)
    return writes, after


def _invitation(enrolment: Enrolment, now: datetime) -> Write:
    """Return the mail of an invitation; in one month there is one, however often it is taken back and made again."""
    message_id = f"{INVITATION}:{enrolment.programme_id}:{enrolment.side}:{enrolment.person_id}:{now:%Y-%m}"
    payload = {"recipient": enrolment.person_id, "programme_id": enrolment.programme_id}
    return outbox.message(message_id, outbox.Topic.MAIL, INVITATION, payload, now=now)


def _only_invites(found: "_Standing", person_id: str) -> bool:
    """Tell whether a coordinator can no more than invite: people of other organisations, and people who left."""
    if found.enrolment is not None:
        return found.enrolment.status in (EnrolmentStatus.INVITED, EnrolmentStatus.WITHDRAWN)
    known_to = store.organisations_of(person_id)
    return bool(known_to) and found.programme.organisation_id not in known_to


def withdraw(call: Call, programme_id: str, person_id: str, role: Role) -> None:
    """Take a person out of a programme: themselves, or its coordinators.

    Mentorships go on; proposals that are open are closed by who hears the news.
    """
    side = role.place
    found = _standing_of(call, programme_id, person_id, side)
    mine = person_id == call.actor_id
    if not mine and not found.rights.has(found.programme.organisation_id, StaffRole.COORDINATOR):
        raise NotFound
    if found.enrolment is None:
        raise NotFound
    place_in(found.programme, role)
    writes = [
        store.withdraw(programme_id, side, person_id, call.now),
        _left(call, found.enrolment),
        _audit(call, programme_id, "withdraw", before=_shown(found.enrolment)),
    ]
    commit(call, writes, None)


def _left(call: Call, enrolment: Enrolment) -> Write:
    news = {
        "programme_id": enrolment.programme_id, "person_id": enrolment.person_id, "role": enrolment.side.value
    }  # fmt: skip
    message_id = f"{ENROLMENT_WITHDRAWN}:{call.new_id()}"
    return outbox.message(message_id, outbox.Topic.FOLLOW_UP, ENROLMENT_WITHDRAWN, news, now=call.now)


def my_enrolments(call: Call, page: PageRequest) -> Page[Enrolment]:
    """Return the actor's own enrolments."""
    found = store.enrolments_of(call.actor_id, page)
    rows = (
        tables.get_many([store.programme_key(one.programme_id) for one in found.items]) if found.items else []
    )
    items = tuple(
        one.under(store.programme_of(row)) if row else one for one, row in zip(found.items, rows, strict=True)
    )
    return replace(found, items=items)


def list_enrolments(call: Call, programme_id: str, role: Role | None, page: PageRequest) -> Page[Enrolled]:
    """Return who is in a programme (its coordinators)."""
    programme = require_coordinator(call, programme_id)
    side = place_in(programme, role) if role is not None else None
    found = store.enrolments_in(programme_id, side, page)
    persons = people.get_people([one.person_id for one in found.items])
    items = tuple(
        Enrolled(one.under(programme), persons[one.person_id])
        for one in found.items
        if one.person_id in persons
    )
    return Page(items, found.next)


# What other capabilities ask. Who may ask is for them to have checked, unless it says so.


def require_coordinator(call: Call, programme_id: str) -> Programme:
    """Return a programme to a coordinator of its organisation; raises as `coordinated`."""
    programme, _ = coordinated(call, programme_id)
    return programme


def coordinated(
    call: Call, programme_id: str, *keys: tuple[type[Row], str, str]
) -> tuple[Programme, list[Any]]:
    """Return a programme to its coordinators with the rows at `keys`, in one round trip.

    Raises
    ------
    NotFound
        Also to people of other organisations.
    RoleRefused
        To other staff of the organisation.
    """
    rights_row, programme_row, *rows = tables.get_many(
        [organisations.rights_key(call), store.programme_key(programme_id), *keys]
    )
    if programme_row is None:
        raise NotFound
    programme = store.programme_of(programme_row)
    organisations.rights_of(call, rights_row).require(programme.organisation_id, StaffRole.COORDINATOR)
    return programme, rows


def knows(organisation_id: str, person_id: str) -> bool:
    """Tell whether a person is, or was, in a programme of an organisation, so that its coordinators know them."""
    return organisation_id in store.organisations_of(person_id)


def enrolled_with(organisation_id: str, person_ids: Iterable[str]) -> frozenset[str]:
    """Return who of some people takes part in a programme of an organisation: a query each, and one read of the
    programmes. Somebody who enrolled just now may be missing."""
    places = [one for person_id in person_ids for one in store.places_of(person_id) if one.takes_part]
    known = get_programmes({one.programme_id for one in places})
    return frozenset(
        one.person_id
        for one in places
        if one.programme_id in known and known[one.programme_id].organisation_id == organisation_id
    )


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


def all_enrolments(programme: Programme) -> Iterator[Enrolment]:
    """Yield every enrolment in a programme, with its places as they are by its rules, for the snapshot."""
    for one in store.all_enrolments_in(programme.id):
        yield one.under(programme)


def has_enrolled(programme_id: str, number: int) -> bool:
    """Tell whether a programme has so many enrolments that take part, on both sides together."""
    return store.has_enrolled(programme_id, number)


def sides_of(programme_id: str, person_ids: Sequence[str]) -> dict[str, frozenset[Side]]:
    """Return on which sides of a programme some people are, invited ones too; a peer is on both. Some fifty a round
    trip."""
    found: dict[str, frozenset[Side]] = {}
    if not person_ids:
        return found
    keys = {(one, side): store.enrolment_key(programme_id, side, one) for one in person_ids for side in Side}
    programme_row, *rows = tables.get_many([store.programme_key(programme_id), *keys.values()])
    is_of_peers = programme_row is not None and store.programme_of(programme_row).kind is PairKind.PEER
    for (one, side), row in zip(keys, rows, strict=True):
        if row is not None and store.enrolment_of(row).status is not EnrolmentStatus.WITHDRAWN:
            found[one] = found.get(one, frozenset()) | (frozenset(Side) if is_of_peers else {side})
    return found


def places_of(person_id: str) -> Iterator[Enrolment]:
    """Yield a person's enrolments, from the index: one made just now may be missing."""
    return store.places_of(person_id)


def get_programmes(programme_ids: Collection[str]) -> dict[str, Programme]:
    """Return the programmes that exist, a hundred a round trip."""
    rows = tables.get_many([store.programme_key(one) for one in sorted(programme_ids)])
    programmes = (store.programme_of(row) for row in rows if row is not None)
    return {one.id: one for one in programmes}


def places_of_mentor(person_id: str) -> Iterator[Enrolment]:
    """Return a person's enrolments as mentor; one made just now may be missing."""
    return store.places_of_mentor(person_id)


def check_running(programme_id: str, now: datetime) -> Write:
    """Return the write that fails with `ProgrammeNotRunning` unless a programme runs at `now`."""
    refused = ProgrammeNotRunning("Proposals are made and answered only while the programme runs.")
    return store.check_running(programme_id, now, refused)


def check_what_counts(programme: Programme, now: datetime, conflict: DomainError) -> Write:
    """Return the write that fails with `conflict` unless a programme runs at `now`, by the rules that were read."""
    return store.check_what_counts(programme, now, conflict)


def check_active(programme_id: str, side: Side, person_id: str, conflict: DomainError) -> Write:
    """Return the write that fails with `conflict` unless a person is active in a programme."""
    return store.check_active(programme_id, side, person_id, conflict)


def set_taking(
    programme_id: str, side: Side, person_id: str, now: datetime, *, takes: bool, conflict: DomainError
) -> Write:
    """Return the write after which somebody takes proposals in a programme again, or for now none; it fails with
    `conflict` for who has left it."""
    return store.set_taking(programme_id, side, person_id, now, takes=takes, conflict=conflict)


def hold_place(programme: Programme, side: Side, person_id: str, now: datetime) -> Write:
    """Return the write that takes a free place for who stands on a side of a pair, of a mentee one of those that the
    programme gives as it was read; its conflict is `NoPlaceLeft`."""
    return store.hold_place(programme, side, person_id, now)


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
