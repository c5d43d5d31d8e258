"""Whole examples of requests and answers about calendar feeds; `mentorships/examples.py` takes them up."""

from typing import Any

_NAME = "b3Kq9VvC0uYtTn1yB6iS2mXwLr8ZeHfJdGaPoNQcU4M.ics"
_PATH = f"/v1/calendar-feeds/{_NAME}"
_MADE = "2027-03-01T18:02:00.000000Z"

PARAMETERS: dict[str, Any] = {"feed": _NAME}
ANSWERS: dict[str, Any] = {
    "my_calendar_feed": {"created_at": _MADE, "path": None, "url": None},
    "make_calendar_feed": {"created_at": _MADE, "path": _PATH, "url": f"https://mentors.example.org{_PATH}"},
    "calendar_feed": (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Crossward//Sessions//EN\r\nCALSCALE:GREGORIAN\r\n"
        "BEGIN:VEVENT\r\nUID:01NBX4S3C0M6T9V2Y5A8D1G4JK@crossward\r\nDTSTART:20270308T140000Z\r\n"
        "DTEND:20270308T150000Z\r\nSUMMARY:Mentoring session with Claire Tremblay\r\n"
        "DTSTAMP:20270301T180200Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ),
}
