"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.certificates.examples import OF_ACTIVITY
from chalicelib.circles.meetings import examples as meetings
from chalicelib.circles.meetings.examples import CIRCLE
from chalicelib.kernel.pages import cursor_of
from chalicelib.people.examples import AMINA, CLAIRE, SAMUEL
from chalicelib.programmes.examples import PROGRAMME

_PLAN: dict[str, Any] = {
    "least": 4,
    "most": 6,
    "leads": 1,
    "topics": ["heart failure"],
    "minutes": 60,
    "every_weeks": 2,
    "meetings": 6,
    "countries": "mixed",
    "opening": 5,
    "closing": 5,
    "share": 80,
}
_HOUR: dict[str, Any] = {"time_zone": "Africa/Nairobi", "weekday": "wed", "start": "15:00", "minutes": 60}
_FORMING: dict[str, Any] = {
    "id": "01M69Z5N8C2X6V0H4T7K1R3QGB",
    "status": "ready",
    "failure": None,
    "circles": 1,
    "placed": 2,
    "placed_bound": 2,
    "left_out": 1,
    "points": 1720000,
    "points_bound": 1720000,
    "shortages": [{"topic": "stroke", "people": 1, "leads": 0}],
    "published": 0,
    "skipped": 0,
    "formed": [
        {
            "circle_id": None,
            "topic": "heart failure",
            "language": "en",
            "meets": _HOUR,
            "leads": [{"person_id": CLAIRE, "name": "Claire Tremblay"}],
            "members": [
                {"person_id": AMINA, "name": "Amina Otieno"},
                {"person_id": SAMUEL, "name": "Samuel Mensah"},
            ],
            "joining": [AMINA, SAMUEL],
            "points": 1720000,
        }
    ],
    "people_left_out": [
        {
            "person": {"person_id": "01M4Z9D2Q7B5F0H3J6K8M1N4PR", "name": "Rosa Lima"},
            "role": "member",
            "reason": "topic",
            "helps": [
                {"kind": "topic", "seats": 1, "topics": ["hypertension"], "languages": [], "hours": []},
            ],
        }
    ],
    "next": None,
}
_PLACE: dict[str, Any] = {
    "circle_id": CIRCLE,
    "person_id": AMINA,
    "name": "",
    "role": "member",
    "state": "active",
    "since": "2026-11-25T08:00:00.000000Z",
    "offer_ends_at": None,
    "position": None,
    "attended": {"meetings": 1, "minutes": 58, "percent": 96, "is_enough": True},
}
_LEAD: dict[str, Any] = {
    **_PLACE,
    "person_id": CLAIRE,
    "name": "Claire Tremblay",
    "role": "lead",
    "attended": None,
}
_CARD: dict[str, Any] = {
    "id": CIRCLE,
    "programme_id": PROGRAMME,
    "topic": "heart failure",
    "kind": "one_to_one",
    "status": "running",
    "hold": None,
    "is_of_peers": False,
    "seats": 6,
    "free": 2,
    "waiting": 0,
    "language": "en",
    "meets": _HOUR,
    "minutes": 60,
    "every_weeks": 2,
    "meetings": 6,
    "closed_at": None,
    "place": None,
    "people": [],
}
_WHOLE: dict[str, Any] = {
    **_CARD,
    "place": _PLACE,
    "people": [_LEAD, {**_PLACE, "name": "Amina Otieno", "attended": None}],
}

PARAMETERS: dict[str, Any] = {
    "programme_id": PROGRAMME,
    "circle_id": CIRCLE,
    "limit": 25,
    "cursor": cursor_of(sk="CIRCLE#0004"),
    **meetings.PARAMETERS,
}
BODIES: dict[str, Any] = {
    "set_circle_plan": _PLAN,
    "move_circle_forming": {"move": "form"},
    "move_circle": {"move": "as_peers", "reason": "Its mentor moved abroad, and the members wish to go on"},
    "give_circle_place": {
        "move": "add",
        "person_id": CLAIRE,
        "role": "lead",
        "reason": "Leads it from now on",
    },
    **meetings.BODIES,
}
ANSWERS: dict[str, Any] = {
    "read_circle_plan": {"programme_id": PROGRAMME, **_PLAN},
    "set_circle_plan": {"programme_id": PROGRAMME, **_PLAN},
    "read_circle_forming": _FORMING,
    "move_circle_forming": {
        **_FORMING, "status": "asked", "circles": 0, "placed": 0, "placed_bound": 0, "left_out": 0, "points": 0,
        "points_bound": 0, "shortages": [], "formed": [], "people_left_out": [],
    },
    "list_circles": [_CARD],
    "my_circles": [{**_CARD, "place": {**_PLACE, "attended": None}}],
    "read_circle": _WHOLE,
    "move_circle": {**_CARD, "is_of_peers": True},
    "take_circle_place": {**_PLACE, "attended": None},
    "give_circle_place": {
        **_LEAD, "state": "offered", "offer_ends_at": "2026-12-02T08:00:00.000000Z",
    },
    "list_circle_certificates": [
        {
            **OF_ACTIVITY, "activity": {"kind": "circle", "id": CIRCLE}, "role": "member",
            "title": "Mentoring circle completed", "programme": "heart failure",
        }
    ],
    **meetings.ANSWERS,
}  # fmt: skip
REFUSALS: dict[str, str] = {
    "circle-role-refused": "Who leads the circle may do this, and the programme's coordinators.",
    "circle-plan-missing": "Set the plan first: PUT /v1/programmes/{programme_id}/circle-plan.",
    "circle-forming-state": "It is asked.",
    "circle-forming-moved": "Read it again, then decide.",
    "circle-formed-before": "Nothing is left to do.",
    "circle-state": "2 of its meetings are not closed. Hold and close them, or cancel them.",
    "circle-moved": "Read it again, then decide.",
    "circle-full": "Wait for one, or free one first.",
    "circle-place-state": "The offer is over. Ask for a seat anew.",
    "circle-place-moved": "Read it again, then send your change if it still holds.",
    "circle-not-eligible": "They need a free place in the programme.",
    "circle-meeting-moved": "Read it again, then decide.",
    "circle-meeting-state": "It is planned.",
    "circle-meeting-not-open": "It opens half an hour before it begins, and closes when it ends.",
    "circle-agenda-full": "It has 20 points. Take one off first.",
}
