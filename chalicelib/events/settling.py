"""What comes of a closed event: its sums, and what each who met somebody took part in."""

from collections.abc import Iterator

from chalicelib.credits import service as credits
from chalicelib.credits.model import Activity, Part, Source
from chalicelib.events import store
from chalicelib.events.model import Event, EventStatus, Sitting, absences_of, held_sittings, sums_of
from chalicelib.kernel.call import Call
from chalicelib.kernel.intervals import seconds_of, united
from chalicelib.kernel.zones import wall_at
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

EVENT_CLOSED = "event-closed"
"""The news that an event is over for good: `event_id`."""
OF_EVENT = "speed-event"
"""What an activity is, and what feedback is given on."""
_A_BATCH = 90
"""Rows in one transaction of the follower."""


def news(call: Call, event_id: str) -> Write:
    """Return the news that an event is closed."""
    return outbox.message(
        f"{EVENT_CLOSED}:{event_id}",
        outbox.Topic.FOLLOW_UP,
        EVENT_CLOSED,
        {"event_id": event_id},
        now=call.now,
    )


def settle(call: Call, event_id: str) -> None:
    """Keep the sums of a closed event, and write it among what people took part in; begun again, it comes to the same.

    Wishes are not taken any more, so the sums never change.
    """
    row, timetable_row = tables.get_many([store.event_key(event_id), store.timetable_key(event_id)])
    event = store.event_of(row) if row is not None else None
    if event is None or event.status is not EventStatus.CLOSED or timetable_row is None:
        return
    absences = absences_of(store.places_of(event_id))
    held = held_sittings(store.timetable_of(timetable_row), absences, event, call.now)
    wishes = frozenset(store.wishes_of(event_id))
    # Where no proposal could be made, one of the two may have taken their wish back.
    mutual = [one for one in store.mutual_pairs(event_id) if {one, one[::-1]} <= wishes]
    sums = sums_of(held, wishes, mutual)
    commit(call, [store.put_sums(event_id, sums, call.now)], None)
    found = list(_activities(event, held))
    for start in range(0, len(found), _A_BATCH):
        commit(call, credits.recorded(call, found[start : start + _A_BATCH]), None)
    credits.ask_for_feedback(call, found, {"event_id": event_id})


def _activities(event: Event, held: tuple[Sitting, ...]) -> Iterator[Activity]:
    """Yield what each who met somebody was there for: mentees learn while they sit with a mentor, mentors are there and
    neither learn nor teach what they had prepared (ADR 50)."""
    hours = event.hours
    rounds: dict[tuple[str, Side], set[int]] = {}
    for one in held:
        rounds.setdefault((one.mentee_id, Side.MENTEE), set()).add(one.round)
        rounds.setdefault((one.mentor_id, Side.MENTOR), set()).add(one.round)
    starts_at, zone, source = event.held.starts_at, event.plan.time_zone, Source(OF_EVENT, event.id)
    for (person_id, side), numbers in sorted(rounds.items()):
        there = united(hours[n] for n in numbers)
        learned = there if side is Side.MENTEE else ()
        yield Activity(
            person_id, source, event.organisation_id, event.plan.title,
            Part.LEARNER if side is Side.MENTEE else Part.EXPERT, starts_at, wall_at(starts_at, zone).date(), zone,
            seconds_of(there), learned, (), (source,),
        )  # fmt: skip
