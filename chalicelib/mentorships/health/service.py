"""What the two of a mentorship and its coordinators read of its health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.call import Call
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships import access, running_store
from chalicelib.mentorships.goals.model import Goal
from chalicelib.mentorships.health import store
from chalicelib.mentorships.health.model import (
    Facts,
    Finding,
    HealthState,
    assess,
    seen_by,
    state_of,
    to_review,
)
from chalicelib.mentorships.health.pulses import pulses_of
from chalicelib.mentorships.health.spells import Record
from chalicelib.mentorships.running import Mentorship, MentorshipStatus, is_under_way
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import HealthRule, Side


@dataclass(frozen=True)
class SeenHealth:
    """A mentorship's health as one reader may know it at an instant, in the language of their `locale`.

    Attributes
    ----------
    side
        Which of the two reads; None for a coordinator.
    state
        As far as the reader may know what is amiss; None for a mentorship that is not under way.
    """

    mentorship_id: str
    status: MentorshipStatus
    side: Side | None
    locale: str
    state: HealthState | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class ListedHealth:
    """A mentorship with its health as of the last look."""

    mentorship: Mentorship
    status: MentorshipStatus
    record: Record


@dataclass(frozen=True)
class OwnHealth:
    """What is amiss with a mentorship as one of the two may know it, and which goals are to be reviewed."""

    mentorship: Mentorship
    side: Side
    findings: tuple[Finding, ...]
    reviews: tuple[Goal, ...]


def read_health(call: Call, mentorship_id: str) -> SeenHealth:
    """Return a mentorship's health, worked out now, to its two people and its programme's coordinators."""
    rights_row, row, health_row, reader_row = tables.get_many(
        [
            organisations.rights_key(call),
            running_store.mentorship_key(mentorship_id),
            store.health_key(mentorship_id),
            people.person_key(call.actor_id),
        ]
    )
    mentorship, side = access.readable_of(call, row, rights_row)
    locale, status = people.locale_of(reader_row), mentorship.status_at(call.now)
    if not is_under_way(mentorship, call.now):
        return SeenHealth(mentorship_id, status, side, locale, None)
    _, found = _assessed(mentorship, store.record_of(mentorship, health_row), call.now)
    shown = seen_by(side, found)
    return SeenHealth(mentorship_id, status, side, locale, state_of(shown), shown)


def programme_health(
    call: Call, programme_id: str, state: HealthState | None, page: PageRequest
) -> Page[ListedHealth]:
    """Return a programme's mentorships that are under way by their health as of the last look, the worst first, then
    the longest so (its coordinators). One that the actor is in, or that has ended since, is left out."""
    programmes.require_coordinator(call, programme_id)
    found = store.health_in(programme_id, state, page, call.actor_id)
    return Page(tuple(_listed(call, found.items)), found.next)


def count_health(call: Call, programme_id: str) -> dict[HealthState, int]:
    """Return how many of a programme's mentorships that are under way are in each state (its coordinators)."""
    _, (row,) = programmes.coordinated(call, programme_id, store.counts_key(programme_id))
    return store.counts_of(row)


def health_for(person_id: str, mentorship_id: str, now: datetime) -> OwnHealth | None:
    """Return what is amiss with a mentorship that is under way as one of its two may know it; None to others."""
    row, health_row = tables.get_many(
        [running_store.mentorship_key(mentorship_id), store.health_key(mentorship_id)]
    )
    mentorship = running_store.mentorship_of(row) if row is not None else None
    side = mentorship.side_of(person_id) if mentorship is not None else None
    if mentorship is None or side is None or not is_under_way(mentorship, now):
        return None
    facts, found = _assessed(mentorship, store.record_of(mentorship, health_row), now)
    return OwnHealth(mentorship, side, seen_by(side, found), tuple(to_review(facts)))


def _assessed(mentorship: Mentorship, record: Record, now: datetime) -> tuple[Facts, tuple[Finding, ...]]:
    programme = programmes.get_programme(mentorship.programme_id)
    rule = programme.health if programme is not None else HealthRule()
    facts = store.facts_of(mentorship, record.counts_from, pulses_of(mentorship))
    return facts, assess(facts, rule, now)


def _listed(call: Call, records: Sequence[Record]) -> list[ListedHealth]:
    rows = (
        tables.get_many([running_store.mentorship_key(one.mentorship_id) for one in records])
        if records
        else []
    )
    found = [
        (running_store.mentorship_of(row), record)
        for row, record in zip(rows, records, strict=True)
        if row is not None
    ]
    return [
        ListedHealth(mentorship, mentorship.status_at(call.now), record)
        for mentorship, record in found
        if is_under_way(mentorship, call.now)
    ]
