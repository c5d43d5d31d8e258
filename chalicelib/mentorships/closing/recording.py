"""Gathers what the whole of a mentorship came to, from the rows that it left: two queries."""

from dataclasses import dataclass

from chalicelib.kernel.call import Call
from chalicelib.kernel.pages import every
from chalicelib.mentorships import beside
from chalicelib.mentorships.agreements import store as agreements
from chalicelib.mentorships.beside import Beside
from chalicelib.mentorships.closing import listing_store, store
from chalicelib.mentorships.closing.model import held_of
from chalicelib.mentorships.closing.record import PairRecord, record_of, sums_of
from chalicelib.mentorships.errors import StillUnderWay
from chalicelib.mentorships.goals import store as goals
from chalicelib.mentorships.introductions import store as introductions
from chalicelib.mentorships.running import NOT_ENDED, MentorshipStatus
from chalicelib.mentorships.sessions import store as sessions
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.programmes.model import Side


@dataclass(frozen=True)
class ReadRecord:
    """A record with who reads it; `side` is None for a coordinator."""

    record: PairRecord
    status: MentorshipStatus
    side: Side | None


def read(call: Call, mentorship_id: str) -> ReadRecord:
    """Return what a mentorship came to, to its two people and its programme's coordinators.

    Raises
    ------
    NotFound
        Also to people of other organisations.
    RoleRefused
        To other staff of the organisation.
    StillUnderWay
    """
    found = beside.read(mentorship_id)
    mentorship = found.mentorship
    side = mentorship.side_of(call.actor_id)
    if side is None:
        rights = organisations.rights_of(call, tables.get(*organisations.rights_key(call)))
        rights.require(mentorship.organisation_id, StaffRole.COORDINATOR)
    status = mentorship.status_at(call.now)
    if status in NOT_ENDED:
        raise StillUnderWay("Its page has what there is so far.")
    return ReadRecord(_gathered(found, call), status, side)


def keep_sums(call: Call, mentorship_id: str) -> None:
    """List a mentorship that is closed among its programme's records; again, it is the same."""
    found = beside.read(mentorship_id)
    if found.mentorship.is_closed:
        sums = sums_of(_gathered(found, call))
        commit(call, [listing_store.put_sums(found.mentorship.programme_id, sums)], None)


def _gathered(found: Beside, call: Call) -> PairRecord:
    mentorship = found.mentorship
    present = found.one(agreements.agreement_key(mentorship.id))
    versions = list(every(lambda page: agreements.older_versions(mentorship.id, page)))
    if present is not None:
        versions.append(agreements.agreement_of(present).wording)
    return record_of(
        mentorship,
        [sessions.parse(raw) for raw in found.all(sessions.PREFIX)],
        [goals.parse(raw) for raw in found.all(goals.PREFIX)],
        versions,
        [introductions.parse_success(raw) for raw in found.all(introductions.SUCCESS_PREFIX)],
        held_of([store.parse(raw) for raw in found.all(store.PREFIX)]),
        call.now,
    )
