"""Whole examples of requests and answers about reflections; `mentorships/examples.py` takes them up."""

from typing import Any

_REFLECTION = "01MC8B10D03KJXVD6MCHPW9EY9"
_GOAL = "01M874W78G00S4S6ENZEVJ3833"
_WRITTEN: dict[str, Any] = {
    "happened": "We counted hand hygiene on two nights. At three beds there was no soap at all.",
    "learned": "I had blamed people for what was a matter of supply.",
    "will_change": "The night shift checks the dispensers before it counts.",
    "adapted": "Claire’s ward has alcohol rub at each bed; ours has one bottle for four, so it goes on the trolley.",
    "goal_ids": [_GOAL],
    "session_id": None,
    "shared": False,
}
_KEPT: dict[str, Any] = {
    "id": _REFLECTION,
    "mentorship_id": "01M7ZHH1T0VB6G8N9PD6CJBHXE",
    "by": "mentee",
    **_WRITTEN,
    "final": False,
    "created_at": "2027-01-13T20:15:00.000000Z",
    "updated_at": "2027-01-13T20:15:00.000000Z",
}
_SHARED: dict[str, Any] = {**_KEPT, "shared": True, "updated_at": "2027-01-15T06:40:00.000000Z"}

PARAMETERS: dict[str, Any] = {"reflection_id": _REFLECTION, "whose": "mine"}
BODIES: dict[str, Any] = {
    "write_reflection": {**_WRITTEN, "final": False},
    "change_reflection": {**_WRITTEN, "shared": True},
}
ANSWERS: dict[str, Any] = {
    "write_reflection": _KEPT,
    "list_reflections": [_KEPT],
    "read_reflection": _KEPT,
    "change_reflection": _SHARED,
}
REFUSALS: dict[str, str] = {
    "final-reflection-written": "There is one of each person. Change it, or delete it and write another one.",
    "not-time-to-reflect": "A final reflection is written once the mentorship is closing or closed.",
    "too-many-reflections": "200 of a mentorship are kept. Delete one that you no longer need.",
    "reflection-moved": "Read it again, then send your change.",
}
