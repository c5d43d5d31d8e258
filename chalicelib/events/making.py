"""Timetables: made from who has a place now, and made anew when that changes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.events import store
from chalicelib.events.errors import EventMoved, TimetableMoved
from chalicelib.events.model import (
    Event,
    EventStatus,
    EventTimetable,
    LeftOutReason,
    Place,
    Rest,
    Sitting,
    absences_of,
    fingerprint,
    took_place,
)
from chalicelib.kernel.call import Call
from chalicelib.kernel.tries import again
from chalicelib.matching import service as matching
from chalicelib.matching.timetable import Attending, suit, timetable
from chalicelib.mentorships.model import verified_sides
from chalicelib.people import service as people
from chalicelib.people.model import Person, Profile
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Enrolment, Programme, Side

EVENT_REPLAN = "event-replan"
"""The news that a published event's timetable is to be looked at anew: `event_id`, and `places`: that nothing but its
places has changed."""

Known = dict[str, tuple[Person, Profile, frozenset[str]]]


def wanted(call: Call, event_id: str) -> Write:
    """Return the news that a timetable is to be looked at anew, since a place has changed."""
    return _news(call, {"event_id": event_id, "places": True}, call.now)


def look_again(call: Call, event_id: str, after: timedelta) -> Write:
    """Return the news that a timetable is to be looked at anew after a while."""
    return _news(call, {"event_id": event_id}, call.now + after)


def _news(call: Call, told: dict[str, Any], due_at: datetime) -> Write:
    message_id = f"{EVENT_REPLAN}:{told['event_id']}:{call.new_id()}"
    return outbox.message(message_id, outbox.Topic.FOLLOW_UP, EVENT_REPLAN, told, now=call.now, due_at=due_at)


def replan(call: Call, event_id: str, *, places: bool = False) -> None:
    """Make the rest of a published event's timetable anew, if who is there, or may be, has changed; again, it changes
    nothing. Rounds that have begun, or are about to, stay.

    Parameters
    ----------
    places
        Whether nothing but places has changed: then it is left as it is where it was made of these very places. Of many
        who tell something at once the first has it made for all, and nobody's profile is read for the others.
    """
    again(
        lambda: _replan(call, event_id, only_places=places), TimetableMoved, EventMoved,
        busy="The timetable is being made anew by others.", tries=5,
    )  # fmt: skip


def _replan(call: Call, event_id: str, *, only_places: bool) -> None:
    row, timetable_row = tables.get_many([store.event_key(event_id), store.timetable_key(event_id)])
    if row is None or timetable_row is None:
        return
    event, before = store.event_of(row), store.timetable_of(timetable_row)
    if event.status is not EventStatus.PUBLISHED or call.now >= event.held.ends_at:
        return
    places = store.places_of(event_id)
    if only_places and before.made_of == fingerprint(places):
        return
    after = made(call, event, places, before)
    if _what_it_says(after) == _what_it_says(before):
        if after.made_of != before.made_of:
            commit(call, [store.put_timetable(replace(before, made_of=after.made_of), call.now)], None)
        return
    after = replace(after, number=event.timetable + 1)
    commit(call, [store.put_timetable(after, call.now), store.count_timetable(event, call.now)], None)


def _what_it_says(one: EventTimetable) -> tuple[object, ...]:
    return frozenset(one.sittings), frozenset(one.rests), frozenset(one.left_out)


def made(
    call: Call, event: Event, places: Sequence[Place], before: EventTimetable | None = None
) -> EventTimetable:
    """Return the best timetable of those who have a seat: whom rules, blocks and their own wishes keep apart do not
    meet, nor does who is not enrolled or verified any more.

    Parameters
    ----------
    before
        The timetable that people have. Its rounds that stay are kept, the rest as far as nothing is lost by that.
    """
    seated = [one for one in places if one.is_seated]
    fixed = event.fixed(call.now) if before else 0
    absences = absences_of(places)
    met, missed = _stays(before, fixed, absences)
    everybody = {one.person_id: one.side for one in seated}
    for one in met:
        everybody |= {one.mentee_id: Side.MENTEE, one.mentor_id: Side.MENTOR}
    known = people.snapshot_of(sorted(everybody))
    left_out = _left_out(call, event, seated, known)
    sides = {
        side: [name for name in sorted(everybody) if everybody[name] is side and name in known]
        for side in (Side.MENTEE, Side.MENTOR)
    }
    gone = [one for one in met if one.mentee_id not in known or one.mentor_id not in known]
    met = [one for one in met if one not in gone]
    attending = {
        side: [Attending(name, known[name][1], known[name][2]) for name in names]
        for side, names in sides.items()
    }
    there = {one.person_id for one in seated} - set(left_out)
    present = {
        side: [_rounds(event, name, there, absences) for name in names] for side, names in sides.items()
    }
    settings = matching.settings_of(
        event.programme_id, tables.get(*matching.settings_key(event.programme_id))
    )
    mentees, mentors = sides[Side.MENTEE], sides[Side.MENTOR]
    at = {name: n for names in (mentees, mentors) for n, name in enumerate(names)}
    later = [one for one in before.sittings if one.round >= fixed] if before else []
    found = timetable(
        suit(attending[Side.MENTEE], attending[Side.MENTOR], settings), event.plan.rounds, present[Side.MENTEE],
        present[Side.MENTOR], held=[(one.round, at[one.mentee_id], at[one.mentor_id]) for one in met], now_round=fixed,
        keep=[
            (one.round, at[one.mentee_id], at[one.mentor_id])
            for one in later
            if one.mentee_id in at and one.mentor_id in at
        ],
        keys=(mentees, mentors),
    )  # fmt: skip
    sittings = {Sitting(one.round, mentees[one.mentee], mentors[one.mentor]) for one in found.meetings}
    return EventTimetable(
        event.id, tuple(sorted(sittings | {*missed, *gone})), found.value, found.bound,
        tuple(
            Rest(mentees[one.mentee], one.meetings, one.reason)
            for one in found.unmet
            if mentees[one.mentee] in there
        ),
        tuple(sorted(left_out.items())), call.now, fingerprint(places),
        version=before.version if before else None,
    )  # fmt: skip


def _stays(
    before: EventTimetable | None, fixed: int, absences: dict[str, frozenset[int]]
) -> tuple[list[Sitting], list[Sitting]]:
    """Return the meetings of rounds that stay: those that both came to, and those that one of the two missed. Two who
    were to meet again, and then had met after all, do not: the second is dropped."""
    met: dict[tuple[str, str], Sitting] = {}
    missed = []
    for one in before.sittings if before else ():
        if one.round >= fixed:
            continue
        if not took_place(one, absences):
            missed.append(one)
        else:
            met.setdefault((one.mentee_id, one.mentor_id), one)
    return list(met.values()), missed


def _rounds(
    event: Event, person_id: str, there: set[str], absences: dict[str, frozenset[int]]
) -> frozenset[int]:
    if person_id not in there:
        return frozenset()
    return frozenset(range(event.plan.rounds)) - absences[person_id]


def _left_out(call: Call, event: Event, seated: Sequence[Place], known: Known) -> dict[str, LeftOutReason]:
    """Return who has a seat and cannot be in the timetable at this instant, and why."""
    programme_row, *rows = tables.get_many(
        [
            programmes.programme_key(event.programme_id),
            *(
                programmes.enrolment_key(event.programme_id, event.kind.place_of(one.side), one.person_id)
                for one in seated
            ),
        ]
    )
    programme = programmes.programme_of(programme_row)
    found = {}
    for place, row in zip(seated, rows, strict=True):
        why = _why_not(call, programme, place, known, programmes.enrolment_of(row) if row else None)
        if why is not None:
            found[place.person_id] = why
    return found


def _why_not(
    call: Call, programme: Programme, place: Place, known: Known, enrolment: Enrolment | None
) -> LeftOutReason | None:
    if place.person_id not in known:
        return LeftOutReason.NO_ACCOUNT
    if enrolment is None or not enrolment.takes_part:
        return LeftOutReason.NOT_ENROLLED
    person, profile, _ = known[place.person_id]
    is_asked = place.side in verified_sides(programme.kind)
    if is_asked and not programme.takes_as_mentor(person, profile, call.now):
        return LeftOutReason.NOT_VERIFIED
    return None
