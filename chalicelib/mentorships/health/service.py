"""What the two of a mentorship and its coordinators read of its health."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.kernel.call import Call
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships import access, running_store
from chalicelib.mentorships.goals.model import Goal
from chalicelib.mentorships.health import store
from chalicelib.mentorships.health.model import (
    Finding,
    HealthState,
    assess,
    seen_by,
    state_of,
    to_review,
)
from chalicelib.mentorships.health.pulses import pulses_of
from chalicelib.mentorships.health.spells import Record, to_coordinators
from chalicelib.mentorships.running import Mentorship, MentorshipStatus, is_under_way
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import HealthRule, Side

_MOST_OWN = 100
"""The newest of a coordinator's own mentorships, in one read: those under way are among them."""


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
    """Return a mentorship's health, worked out now, to its two people and its programme's coordinators; to these,
    what pulses say as the last look found it."""
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
    record = store.record_of(mentorship, health_row)
    rule = _rule_of(mentorship)
    if side is None:
        found = assess(store.facts_of(mentorship, record.counts_from, ()), rule, call.now)
        shown = to_coordinators(found, record.spells, rule, call.now)
    else:
        facts = store.facts_of(mentorship, record.counts_from, pulses_of(mentorship))
        shown = seen_by(side, assess(facts, rule, call.now))
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
    """Return how many of a programme's mentorships that are under way are in each state (its coordinators), but for
    the actor's own: these would tell them what the other has said in confidence."""
    _, (row,) = programmes.coordinated(call, programme_id, store.counts_key(programme_id))
    return counts_for(call.actor_id, programme_id, row)


def counts_for(reader_id: str, programme_id: str, row: Any) -> dict[HealthState, int]:
    """Return the counts of a row of `store.counts_key` without the mentorships of one who reads them; whether they may,
    has been checked."""
    counts = store.counts_of(row)
    theirs = running_store.all_mentorships_of(reader_id)
    own = [store.health_key(one.id) for one in theirs if one.programme_id == programme_id][:_MOST_OWN]
    for kept in tables.get_many(own):
        if kept is not None and kept.state:
            state = HealthState(kept.state)
            # The counts may be from before the last look at it.
            counts[state] = max(0, counts[state] - 1)
    return counts


def health_for(person_id: str, mentorship_id: str, now: datetime) -> OwnHealth | None:
    """Return what is amiss with a mentorship that is under way as one of its two may know it; None to others."""
    row, health_row = tables.get_many(
        [running_store.mentorship_key(mentorship_id), store.health_key(mentorship_id)]
    )
    mentorship = running_store.mentorship_of(row) if row is not None else None
    side = mentorship.side_of(person_id) if mentorship is not None else None
    if mentorship is None or side is None or not is_under_way(mentorship, now):
        return None
    counts_from = store.record_of(mentorship, health_row).counts_from
    facts = store.facts_of(mentorship, counts_from, pulses_of(mentorship))
    found = seen_by(side, assess(facts, _rule_of(mentorship), now))
    return OwnHealth(mentorship, side, found, tuple(to_review(facts)))


def _rule_of(mentorship: Mentorship) -> HealthRule:
    programme = programmes.get_programme(mentorship.programme_id)
    return programme.health if programme is not None else HealthRule()


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
