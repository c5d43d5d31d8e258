"""Gathers what the whole of a mentorship came to, from the rows that it left: two queries."""

from dataclasses import dataclass

from chalicelib.kernel.call import Call
from chalicelib.kernel.pages import every
from chalicelib.mentorships import beside
from chalicelib.mentorships.agreements import store as agreements
from chalicelib.mentorships.closing import store
from chalicelib.mentorships.closing.model import held_of
from chalicelib.mentorships.closing.record import PairRecord, record_of
from chalicelib.mentorships.errors import StillUnderWay
from chalicelib.mentorships.goals import store as goals
from chalicelib.mentorships.introductions import store as introductions
from chalicelib.mentorships.running import NOT_ENDED, MentorshipStatus
from chalicelib.mentorships.sessions import store as sessions
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.platform import tables
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
    present = found.one(agreements.agreement_key(mentorship_id))
    versions = list(every(lambda page: agreements.older_versions(mentorship_id, page)))
    if present is not None:
        versions.append(agreements.agreement_of(present).wording)
    record = record_of(
        mentorship,
        [sessions.parse(raw) for raw in found.all(sessions.PREFIX)],
        [goals.parse(raw) for raw in found.all(goals.PREFIX)],
        versions,
        [introductions.parse_success(raw) for raw in found.all(introductions.SUCCESS_PREFIX)],
        held_of([store.parse(raw) for raw in found.all(store.PREFIX)]),
        call.now,
    )
    return ReadRecord(record, status, side)
