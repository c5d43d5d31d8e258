"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.people.examples import AMINA, SAMUEL

SERIES = "01M5V0QZB0N5WQ1R7D3H2K9XS1"
SESSION = "01M5V0QZB0N5WQ1R7D3H2K9XS3"

_LINK = "https://meet.example.org/heart-failure"
_BLOCKS: list[dict[str, Any]] = [
    {"kind": "welcome", "minutes": 7, "title": "", "presenter_id": None},
    {"kind": "didactic", "minutes": 23, "title": "", "presenter_id": None},
    {"kind": "case", "minutes": 25, "title": "", "presenter_id": None},
    {"kind": "case", "minutes": 25, "title": "", "presenter_id": None},
    {"kind": "wrap", "minutes": 5, "title": "", "presenter_id": None},
    {"kind": "evaluation", "minutes": 5, "title": "", "presenter_id": None},
]
_SESSION: dict[str, Any] = {
    "id": SESSION,
    "series_id": SERIES,
    "title": "Breathless after delivery",
    "starts_at": "2026-12-02T12:00:00.000000Z",
    "minutes": 90,
    "status": "planned",
    "blocks": _BLOCKS,
    "source": "ECHO Ontario: weekly sessions of 90 minutes in a cycle of 24 weeks",
    "link": _LINK,
}
_CLOCK: dict[str, Any] = {
    "session_id": SESSION,
    "status": "running",
    "now": "2026-12-02T12:35:00.000000Z",
    "running": 1,
    "left_seconds": 0,
    "behind_seconds": 300,
    "ends_at": "2026-12-02T13:35:00.000000Z",
    "blocks": [
        {**_BLOCKS[0], "state": "done", "spent_seconds": 480, "over_seconds": 60},
        {**_BLOCKS[1], "state": "running", "spent_seconds": 1620, "over_seconds": 240},
        *({**one, "state": "to_come", "spent_seconds": 0, "over_seconds": 0} for one in _BLOCKS[2:]),
    ],
}
_ATTENDED: dict[str, Any] = {
    "person_id": AMINA,
    "name": "Amina Otieno",
    "seconds": 4980,
    "minutes": 83,
    "measured_seconds": 4980,
    "oddities": [],
    "is_corrected": False,
}
_IN_FULL: dict[str, Any] = {
    **_ATTENDED,
    "intervals": [
        {"starts_at": "2026-12-02T12:07:00.000000Z", "ends_at": "2026-12-02T13:30:00.000000Z"},
    ],
    "corrections": [],
}

PARAMETERS: dict[str, Any] = {"series_id": SERIES, "session_id": SESSION, "person_id": AMINA}
BODIES: dict[str, Any] = {
    "plan_series_sessions": {
        "title": _SESSION["title"], "on": "2026-12-02", "at": "15:00", "template": "echo_ontario", "weeks": 1,
        "link": _LINK, "meeting": "93283599276",
    },
    "change_series_session": {"on": "2026-12-03", "at": "15:00"},
    "move_series_session": {"move": "next"},
    "mark_attendance": {"kind": "join", "device": "browser-1"},
    "correct_attendance": {"minutes": 90, "reason": "Sat beside a colleague at one screen"},
    "set_meeting_secret": {"secret": "mZ3VbFqk1x0T5WJ2uHd8Rg"},
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "plan_series_sessions": {"items": [_SESSION]},
    "list_series_sessions": [_SESSION],
    "read_series_session": _SESSION,
    "change_series_session": {**_SESSION, "starts_at": "2026-12-03T12:00:00.000000Z"},
    "read_clock": _CLOCK,
    "move_series_session": _CLOCK,
    "mark_attendance": {"kind": "join", "at": "2026-12-02T12:07:00.000000Z", "link": _LINK},
    "list_attendance": [_ATTENDED],
    "attendance_csv": "person_id,name,role,site,country,income_group,minutes,…\r\n",
    "read_attendance": _IN_FULL,
    "correct_attendance": {
        **_IN_FULL,
        "seconds": 5400,
        "minutes": 90,
        "is_corrected": True,
        "corrections": [
            {
                "by": SAMUEL, "at": "2026-12-02T14:10:00.000000Z", "before_seconds": 4980, "after_seconds": 5400,
                "reason": "Sat beside a colleague at one screen",
            }
        ],
    },
    "hear_meeting_event": {
        "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
        "encryptedToken": "23a89b634c017e5364a1c8d9c8ea909b60dd5599e2bb04bb1558d9c3a121faa5",
    },
}  # fmt: skip
