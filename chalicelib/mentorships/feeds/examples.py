"""Whole examples of requests and answers about calendar feeds; `mentorships/examples.py` takes them up."""

from typing import Any

NAME = "b3Kq9VvC0uYtTn1yB6iS2mXwLr8ZeHfJdGaPoNQcU4M.ics"
_PATH = f"/v1/calendar-feeds/{NAME}"
_MADE = "2027-03-01T18:02:00.000000Z"

ANSWERS: dict[str, Any] = {
    "my_calendar_feed": {"created_at": _MADE, "path": None, "url": None},
    "make_calendar_feed": {"created_at": _MADE, "path": _PATH, "url": f"https://mentors.example.org{_PATH}"},
}
