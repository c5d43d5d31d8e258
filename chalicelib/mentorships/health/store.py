"""Health in the mentorships table: what is kept of each mentorship's, a programme's by state, and how many of each."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.agreements import store as agreements
from chalicelib.mentorships.goals import store as goals
from chalicelib.mentorships.health.model import Facts, HealthReason, HealthState, PulsePoint
from chalicelib.mentorships.health.spells import Record, Spell
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.running_store import mentorship_key
from chalicelib.mentorships.sessions import store as sessions
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_RANKS = {HealthState.RED: "1", HealthState.AMBER: "2", HealthState.GREEN: "3"}


class HealthRow(tables.IndexedRow):
    """What is kept of a mentorship's health. gsi1 has a programme's, the worst first, then the longest so; those that
    rest stand in none."""

    class Meta:
        capability = "mentorships"

    programme_id = UnicodeAttribute()
    mentee_id = UnicodeAttribute()
    mentor_id = UnicodeAttribute()
    counts_from = UnicodeAttribute()
    state = UnicodeAttribute(null=True)
    since = UnicodeAttribute(null=True)
    looked_at = UnicodeAttribute(null=True)
    reasons = JSONAttribute()
    spells = JSONAttribute()
    asked = JSONAttribute()


class CountsRow(tables.Row):
    """How many mentorships of a programme are in each state."""

    class Meta:
        capability = "mentorships"

    red = NumberAttribute(default=0)
    amber = NumberAttribute(default=0)
    green = NumberAttribute(default=0)


def health_key(mentorship_id: str) -> tuple[type[HealthRow], str, str]:
    """Return the key of what is kept of a mentorship's health."""
    return HealthRow, f"MENTORSHIP#{mentorship_id}", "HEALTH"


def counts_key(programme_id: str) -> tuple[type[CountsRow], str, str]:
    """Return the key of how many mentorships of a programme are in each state."""
    return CountsRow, _listed(programme_id), "COUNTS"


def counts_of(row: CountsRow | None) -> dict[HealthState, int]:
    return {state: int(getattr(row, state.value) or 0) if row is not None else 0 for state in HealthState}


def record_of(mentorship: Mentorship, row: HealthRow | None) -> Record:
    """Read what is kept; without a row nothing was looked at yet."""
    if row is None:
        return Record(
            mentorship.id, mentorship.programme_id, mentorship.mentee.person_id, mentorship.mentor.person_id,
            mentorship.started_at,
        )  # fmt: skip
    return _record_of(row)


def facts_of(mentorship: Mentorship, counts_from: datetime, pulses: tuple[PulsePoint, ...]) -> Facts:
    """Read what stands beside a mentorship: one query, a round trip a megabyte."""
    _, pk, sk = mentorship_key(mentorship.id)
    agreement_sk = agreements.agreement_key(mentorship.id)[2]
    unsigned_since = None if mentorship.is_formed else mentorship.started_at
    held, aimed = [], []
    for raw in tables.query_all(HealthRow, pk, begins_with=sk):
        place = raw["sk"]["S"]
        if place == agreement_sk:
            unsigned_since = agreements.parse(raw).unsigned_since
        elif place.startswith(sessions.PREFIX):
            held.append(sessions.parse(raw))
        elif place.startswith(goals.PREFIX):
            aimed.append(goals.parse(raw))
    return Facts(mentorship, counts_from, unsigned_since, held, aimed, pulses)


def put_health(before: Record, after: Record, now: datetime) -> list[Write]:
    """Return the writes of a look: over the version read, or new, with how many there are in each state."""
    row_class, pk, sk = health_key(after.mentorship_id)
    since = after.since or now
    row = row_class(
        pk, sk, programme_id=after.programme_id, mentee_id=after.mentee_id, mentor_id=after.mentor_id,
        counts_from=to_text(after.counts_from), state=after.state.value if after.state else None,
        since=text_of(after.since), looked_at=text_of(after.looked_at),
        reasons=[one.value for one in after.reasons],
        spells={reason.value: _spell_data(one) for reason, one in after.spells.items()},
        asked=sorted(after.asked),
        gsi1pk=_listed(after.programme_id) if after.state else None,
        gsi1sk=f"{_RANKS[after.state]}#{to_text(since)}#{after.mentorship_id}" if after.state else None,
        **tables.stamps(to_text(now), text_of(after.created_at), after.version),
    )  # fmt: skip
    writes = [tables.put(row)]
    if before.state is not after.state:
        counts = {one.value: by for one, by in ((before.state, -1), (after.state, 1)) if one is not None}
        writes.append(tables.add(*counts_key(after.programme_id), counts, to_text(now)))
    return writes


def health_in(
    programme_id: str, state: HealthState | None, page: PageRequest, reader_id: str
) -> Page[Record]:
    """Return a programme's mentorships that are under way, but for the reader's own: the worst first, then the longest
    so; or those of one state."""
    only = f"{_RANKS[state]}#" if state is not None else None
    return tables.page_of(
        HealthRow, _listed(programme_id), page, _record_of, index="gsi1", begins_with=only,
        shows=lambda row: reader_id not in (row.mentor_id, row.mentee_id),
    )  # fmt: skip


def _record_of(row: HealthRow) -> Record:
    return Record(
        mentorship_id=row.pk.removeprefix("MENTORSHIP#"),
        programme_id=row.programme_id,
        mentee_id=row.mentee_id,
        mentor_id=row.mentor_id,
        counts_from=from_text(row.counts_from),
        state=HealthState(row.state) if row.state else None,
        since=instant_of(row.since),
        looked_at=instant_of(row.looked_at),
        reasons=tuple(HealthReason(one) for one in row.reasons),
        spells={HealthReason(name): _spell_of(one) for name, one in row.spells.items()},
        asked=frozenset(row.asked),
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def _spell_data(spell: Spell) -> dict[str, Any]:
    return {"began_at": to_text(spell.began_at), "raised_at": text_of(spell.raised_at)}


def _spell_of(data: dict[str, Any]) -> Spell:
    return Spell(from_text(data["began_at"]), instant_of(data["raised_at"]))


def _listed(programme_id: str) -> str:
    return f"HEALTH#{programme_id}"
