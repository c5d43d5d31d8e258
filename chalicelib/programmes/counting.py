"""What counts in a programme: which credentials verify its mentors, set by its coordinators.

Nothing is worked out ahead: whoever reads a mentor's standing applies the programme's rules to what stands on the
person's row at that moment, and whoever writes on the strength of it does so on condition that neither has changed. So
other rules hold from the moment at which they are set. What was begun under the old ones is looked at by news.
"""

from dataclasses import dataclass, replace
from typing import Any

from chalicelib.credentials.counting import Verdict, WhatCounts
from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import DomainError, NotFound
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import service as people
from chalicelib.people.model import Person, Profile
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import counting_store, store
from chalicelib.programmes.errors import ProgrammeNotRunning
from chalicelib.programmes.model import Programme, ProgrammeStatus, Recount, Side, checked_what_counts

WHAT_COUNTS_CHANGED = "what-counts-changed"
"""The news that other credentials count in a programme: `programme_id`, `programme_version`."""

PIECE = 50  # mentors of one message: two round trips to read, and a few for each with proposals or mentorships here


@dataclass(frozen=True)
class CountingInForce:
    """What counts in a programme, and what follows from it for the one who asks.

    Attributes
    ----------
    mine
        The verdict on who asks, where they are in the programme as a mentor.
    recount
        How far the mentors were looked at since the rules were changed; for the programme's staff.
    """

    programme: Programme
    mine: Verdict | None = None
    recount: Recount | None = None

    @property
    def version(self) -> int | None:
        return self.programme.version


def read_what_counts(call: Call, programme_id: str) -> CountingInForce:
    """Return what counts in a programme: to its staff, and unless it is a draft to everybody."""
    rights_row, row, person_row, profile_row, enrolment_row, recount_row = tables.get_many([
        organisations.rights_key(call), store.programme_key(programme_id), people.person_key(call.actor_id),
        people.profile_key(call.actor_id), store.enrolment_key(programme_id, Side.MENTOR, call.actor_id),
        counting_store.recount_key(programme_id),
    ])  # fmt: skip
    if row is None:
        raise NotFound
    programme = store.programme_of(row)
    staff = (StaffRole.COORDINATOR, StaffRole.REVIEWER)
    rights = organisations.rights_of(call, rights_row)
    if programme.status is ProgrammeStatus.DRAFT:
        rights.require(programme.organisation_id, *staff)
    is_in = enrolment_row is not None and store.enrolment_of(enrolment_row).takes_part
    mine = None
    if is_in and person_row is not None and profile_row is not None:
        mine = programme.verdict(people.person_of(person_row), people.profile_of(profile_row), call.now)
    seen = rights.has(programme.organisation_id, *staff) and recount_row is not None
    return CountingInForce(programme, mine, counting_store.recount_of(recount_row) if seen else None)


def change_what_counts(call: Call, programme_id: str, rules: WhatCounts | None) -> CountingInForce:
    """Set what verifies a programme's mentors (its coordinators); None takes any credential that was verified.

    It holds at once. Proposals that are open with mentors whom nothing verifies any more are closed by who hears the
    news; mentorships that were agreed under the old ones go on for the programme's grace.

    Raises
    ------
    ProgrammeNotRunning
        If the programme has ended.
    """
    rights_row, row, recount_row = tables.get_many([
        organisations.rights_key(call), store.programme_key(programme_id),
        counting_store.recount_key(programme_id),
    ])  # fmt: skip
    if row is None:
        raise NotFound
    before = store.programme_of(row)
    organisations.rights_of(call, rights_row).require(before.organisation_id, StaffRole.COORDINATOR)
    require_version(call, before.version)
    if before.status is ProgrammeStatus.ENDED:
        raise ProgrammeNotRunning("A programme that has ended stays as it was. Create a new one.")
    changed = replace(before, what_counts=checked_what_counts(before, rules))
    if changed == before:
        known = counting_store.recount_of(recount_row) if recount_row else None
        return commit(call, [], CountingInForce(before, recount=known))
    after = written(changed)
    recount = Recount(programme_id, after.version or 0, call.actor_id, call.now)
    writes = [
        store.put_programme(changed, call.now),
        counting_store.begin_recount(recount, call.now),
        _piece(recount, call),
        tables.audit(
            "programmes", store.programme_pk(programme_id), row_id=call.new_id(), at=call.now, actor=call.actor_id,
            action="change_what_counts", before=counting_store.what_counts_text(before.what_counts),
            after=counting_store.what_counts_text(changed.what_counts),
        ),
    ]  # fmt: skip
    return commit(call, writes, CountingInForce(after, recount=recount))


def _piece(recount: Recount, call: Call) -> Write:
    payload = {"programme_id": recount.programme_id, "programme_version": recount.programme_version}
    message_id = ":".join(
        (
            WHAT_COUNTS_CHANGED,
            recount.programme_id,
            str(recount.programme_version),
            recount.position or "first",
        )
    )
    return outbox.message(message_id, outbox.Topic.FOLLOW_UP, WHAT_COUNTS_CHANGED, payload, now=call.now)


# What other capabilities ask. None of these checks who asks.


@dataclass(frozen=True)
class MentorPiece:
    """Some mentors of a programme, to be looked at under what counts: those who are verified, and those who are not."""

    recount: Recount
    programme: Programme
    verified: tuple[str, ...]
    unverified: tuple[str, ...]
    last: str | None


def piece_to_recount(call: Call, programme_id: str, programme_version: int) -> MentorPiece | None:
    """Return the mentors to look at next; None once all were, or if the rules were changed again."""
    recount_row, row = tables.get_many(
        [counting_store.recount_key(programme_id), store.programme_key(programme_id)]
    )
    recount = counting_store.recount_of(recount_row) if recount_row else None
    if (
        recount is None
        or row is None
        or recount.finished_at
        or recount.programme_version != programme_version
    ):
        return None
    programme = store.programme_of(row)
    found, last = store.some_mentors(programme_id, recount.position, PIECE)
    in_it = [one.person_id for one in found if one.takes_part]
    known = people.snapshot_of(in_it)
    verified = tuple(
        one for one in in_it if one in known and programme.takes_as_mentor(*known[one][:2], call.now)
    )
    unverified = tuple(one for one in in_it if one not in verified)
    return MentorPiece(recount, programme, verified, unverified, last)


def piece_recounted(call: Call, piece: MentorPiece) -> None:
    """Say that the mentors of a piece were looked at, and have another message bring the next.

    Raises
    ------
    RecountMoved
        If another worker has said so, or the rules were changed.
    """
    looked_at = len(piece.verified) + len(piece.unverified)
    after = piece.recount.after(looked_at, len(piece.verified), piece.last, call.now)
    writes = [counting_store.put_recount(after, call.now)]
    commit(call, writes if piece.last is None else [*writes, _piece(after, call)], None)


def check_mentor(
    programme: Programme, person: Person, profile: Profile, call: Call, conflict: DomainError
) -> list[Write]:
    """Return the writes that fail with `conflict` unless what `Programme.takes_as_mentor` was told still holds."""
    if programme.what_counts is None:
        return [people.check_can_mentor(person.id, call.now, conflict)]
    return [people.check_standing(person, conflict), people.check_profile(profile, conflict)]


def check_verified(
    programme: Programme, person: Person, profile: Profile, call: Call, conflict: DomainError
) -> list[Write]:
    """Return the writes that fail with `conflict` unless a mentor is still verified by the rules that were read,
    whether the programme runs or not."""
    return [
        store.check_rules(programme, conflict),
        *check_mentor(programme, person, profile, call, conflict),
    ]


def check_not_verified(
    programme: Programme,
    mentor_id: str,
    person: Person | None,
    profile: Profile | None,
    call: Call,
    conflict: DomainError,
) -> list[Write]:
    """Return the writes that fail with `conflict` unless what told that a mentor is not verified still holds: the
    opposite of the above.

    Parameters
    ----------
    person, profile
        As they were read; None where there is none.
    """
    rules = store.check_rules(programme, conflict)
    if programme.what_counts is None or person is None or profile is None:
        return [rules, people.check_cannot_mentor(mentor_id, call.now, conflict)]
    return [rules, people.check_standing(person, conflict), people.check_profile(profile, conflict)]


def mentor_keys(programme_id: str, mentor_id: str) -> list[Any]:
    """Return the keys of what tells whether a mentor is verified in a programme, for `mentor_of`."""
    return [store.programme_key(programme_id), people.person_key(mentor_id), people.profile_key(mentor_id)]


def mentor_of(programme_row: Any, person_row: Any, profile_row: Any) -> tuple[Programme, Person, Profile]:
    """Read the rows at `mentor_keys`; raises `NotFound` where one is missing."""
    if programme_row is None or person_row is None or profile_row is None:
        raise NotFound
    return store.programme_of(programme_row), people.person_of(person_row), people.profile_of(profile_row)
