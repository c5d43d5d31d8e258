"""What comes of a closed meeting for each person who was there: for how long, and as what it is credit."""

from collections.abc import Iterator

from chalicelib.attendance import service as attendance
from chalicelib.attendance.model import Presence
from chalicelib.circles import store
from chalicelib.circles.certificate_words import CIRCLE
from chalicelib.circles.meetings import store as meeting_store
from chalicelib.circles.meetings.model import Meeting, MeetingState, Result
from chalicelib.circles.model import Circle, CircleRole, Place
from chalicelib.credits import service as credits
from chalicelib.credits.model import Activity, Part, Source
from chalicelib.kernel.call import Call
from chalicelib.kernel.intervals import Interval
from chalicelib.kernel.zones import wall_at
from chalicelib.platform import tables
from chalicelib.platform.commit import commit

OF_MEETING = "circle-meeting"
"""What an activity is, and what feedback may be of."""


def settle(call: Call, circle_id: str, meeting_id: str) -> None:
    """Keep what came of a closed meeting for each person, and write it among what they took part in; begun again, it
    comes to the same. A circle has too few people for a second transaction."""
    found = list(_settled(circle_id, meeting_id))
    writes = [meeting_store.put_result(one, call.now) for one, _ in found]
    activities = [activity for _, activity in found]
    commit(call, [*writes, *credits.recorded(call, activities)], None)
    credits.ask_for_feedback(call, activities, {"circle_id": circle_id, "meeting_id": meeting_id})


def _settled(circle_id: str, meeting_id: str) -> Iterator[tuple[Result, Activity]]:
    circle_row, row = tables.get_many(
        [store.circle_key(circle_id), meeting_store.meeting_key(circle_id, meeting_id)]
    )
    meeting = meeting_store.meeting_of(row) if row is not None else None
    if circle_row is None or meeting is None or meeting.status is not MeetingState.CLOSED:
        return
    held = meeting.held(meeting.ended_at) if meeting.ended_at else None
    if held is None:
        return
    circle = store.circle_of(circle_row)
    places = {one.person_id: one for one in store.places_in(circle_id)}
    parts = meeting.educational(held.ends_at)
    for one in attendance.every_presence(meeting.gathering, held):
        place = places.get(one.person_id)
        if place is not None:
            result = Result(
                circle_id, meeting_id, one.person_id, one.seconds, one.seconds_within(parts), held.seconds
            )
            yield result, _activity(circle, meeting, held, one, place)


def _activity(circle: Circle, meeting: Meeting, held: Interval, found: Presence, place: Place) -> Activity:
    """Return a presence as what somebody took part in. Nobody teaches by the plan of a circle: its members bring what
    they learn from, in turn, and who leads is its facilitator."""
    there = found.within(meeting.educational(held.ends_at))
    part = Part.FACILITATOR if place.role is CircleRole.LEAD else Part.LEARNER
    return Activity(
        found.person_id, Source(OF_MEETING, meeting.id), circle.organisation_id, circle.topic, part, held.starts_at,
        wall_at(held.starts_at, meeting.time_zone).date(), meeting.time_zone, found.seconds, there, (),
        (Source(OF_MEETING, meeting.id), Source(CIRCLE, circle.id)),
    )  # fmt: skip
