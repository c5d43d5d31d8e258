"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.credits.feedback import examples as feedback
from chalicelib.people.examples import AMINA, CLAIRE
from chalicelib.programmes.examples import PROGRAMME

EVENT = "01M5V0QZB0N5WQ1R7D3H2K9XE1"

_PLAN: dict[str, Any] = {
    "title": "Five mentors in an hour",
    "starts_at": "2026-12-09T15:00:00Z",
    "time_zone": "Africa/Nairobi",
    "mentor_seats": 10,
    "mentee_seats": 20,
    "rounds": 2,
    "minutes": 10,
    "pause": 2,
    "breaks": [],
    "closes_at": "2026-12-08T15:00:00Z",
    "link": "https://meet.example.org/speed",
}
_ROUNDS = [
    {"number": 1, "starts_at": "2026-12-09T15:00:00.000000Z", "ends_at": "2026-12-09T15:10:00.000000Z"},
    {"number": 2, "starts_at": "2026-12-09T15:12:00.000000Z", "ends_at": "2026-12-09T15:22:00.000000Z"},
]
_EVENT: dict[str, Any] = {
    "id": EVENT,
    "programme_id": PROGRAMME,
    "title": _PLAN["title"],
    "status": "planned",
    "starts_at": "2026-12-09T15:00:00.000000Z",
    "time_zone": "Africa/Nairobi",
    "ends_at": "2026-12-09T15:22:00.000000Z",
    "minutes": 10,
    "pause": 2,
    "breaks": [],
    "rounds": _ROUNDS,
    "closes_at": "2026-12-08T15:00:00.000000Z",
    "link": _PLAN["link"],
    "reason": None,
    "mentors": {"seats": 10, "taken": 1, "waiting": 0},
    "mentees": {"seats": 20, "taken": 1, "waiting": 0},
    "timetable": 0,
    "your_place": None,
    "sums": None,
}
_MINE: dict[str, Any] = {
    **_EVENT,
    "your_place": {
        "side": "mentee",
        "status": "taken",
        "position": None,
        "presence": "expected",
        "clashes_with": [],
    },
}
_PLACE: dict[str, Any] = {
    "person_id": AMINA, "name": "Amina Otieno", "side": "mentee", "status": "taken", "position": None,
    "presence": "expected", "absent": [],
}  # fmt: skip
_QUESTIONS = ["How did you find your first research group?"]
_MEETING: dict[str, Any] = {
    "person_id": CLAIRE,
    "name": "Claire Tremblay",
    "note": "Send her the reading list.",
    "go_on": True,
    "mutual": {"proposal_id": "01M5V0QZB0N5WQ1R7D3H2K9XE2", "obstacle": None},
}

PARAMETERS: dict[str, Any] = {"programme_id": PROGRAMME, "event_id": EVENT, "person_id": CLAIRE}
BODIES: dict[str, Any] = {
    "give_event_feedback": feedback.BODY,
    "plan_event": _PLAN,
    "change_event": {"minutes": 12, "breaks": [{"after": 1, "minutes": 5}]},
    "move_event": {"move": "publish"},
    "take_place": {"side": "mentee", "waits": True},
    "move_place": {"move": "late", "from_round": 2},
    "ask_ahead": {"questions": _QUESTIONS},
    "keep_meeting": {"note": _MEETING["note"], "go_on": True},
}
ANSWERS: dict[str, Any] = {
    "plan_event": _EVENT,
    "list_events": [_EVENT],
    "my_events": [_MINE],
    "read_event": _MINE,
    "change_event": {
        **_EVENT,
        "minutes": 12,
        "breaks": [{"after": 1, "minutes": 5}],
        "ends_at": "2026-12-09T15:29:00.000000Z",
        "rounds": [
            {**_ROUNDS[0], "ends_at": "2026-12-09T15:12:00.000000Z"},
            {"number": 2, "starts_at": "2026-12-09T15:17:00.000000Z", "ends_at": "2026-12-09T15:29:00.000000Z"},
        ],
    },
    "move_event": {**_EVENT, "status": "published", "timetable": 1},
    "take_place": {"items": [_PLACE]},
    "list_places": {"items": [_PLACE]},
    "move_place": {**_PLACE, "presence": "late", "absent": [1]},
    "read_timetable": {
        "version": 1,
        "made_at": "2026-12-08T16:00:00.000000Z",
        "is_whole": False,
        "sittings": [
            {
                "round": 1, "starts_at": _ROUNDS[0]["starts_at"], "ends_at": _ROUNDS[0]["ends_at"],
                "mentee_id": AMINA, "mentor_id": CLAIRE, "state": "planned",
            }
        ],
        "people": [
            {"person_id": AMINA, "name": "Amina Otieno", "side": "mentee"},
            {"person_id": CLAIRE, "name": "Claire Tremblay", "side": "mentor"},
        ],
        "rests": [],
        "left_out": [],
        "points": None,
        "bound": None,
    },
    "read_event_clock": {
        "event_id": EVENT,
        "status": "published",
        "now": "2026-12-09T15:04:00.000000Z",
        "state": "round",
        "running": 1,
        "following": 2,
        "following_at": "2026-12-09T15:12:00.000000Z",
        "left_seconds": 360,
        "ends_at": "2026-12-09T15:22:00.000000Z",
        "timetable": 1,
        "presence": "present",
        "clashes_with": [],
    },
    "read_questions": {"items": [{"person_id": AMINA, "name": None, "questions": _QUESTIONS}]},
    "ask_ahead": {"items": [{"person_id": AMINA, "name": None, "questions": _QUESTIONS}]},
    "read_meeting": _MEETING,
    "keep_meeting": _MEETING,
    "give_event_feedback": feedback.GIVEN,
    "read_event_feedback": feedback.SUMMED,
}  # fmt: skip
REFUSALS: dict[str, str] = {
    "event-not-so": "An event is published once, before it begins.",
    "event-places-closed": "Its time for places is over.",
    "event-full": "All 20 seats of the mentees are taken. Send waits to go on the list.",
    "event-place-otherwise": "You have a place as a mentee. Give that back first.",
    "event-not-enrolled": "Only who is active in the programme as a mentor takes a place as a mentor.",
    "event-mentor-not-verified": "Have a credential verified that counts in the programme, then take the place.",
    "events-overlap": "You have a place at “Five mentors in an hour” at the same time.",
    "event-nobody-meets": "Read the timetable as it would be: it says who is left out, and why.",
    "event-questions-identify": "Take out what is pointed at, then send them.",
    "event-wish-stands": "Answer the proposal instead: you may decline it.",
}
