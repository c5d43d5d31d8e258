"""Whole examples of a calendar feed; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.mentorships.feeds.examples import NAME

PARAMETERS: dict[str, Any] = {"feed": NAME}
BODIES: dict[str, Any] = {}
ANSWERS: dict[str, Any] = {
    "calendar_feed": (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Crossward//Sessions//EN\r\nCALSCALE:GREGORIAN\r\n"
        "BEGIN:VEVENT\r\nUID:01NBX4S3C0M6T9V2Y5A8D1G4JK@crossward\r\nDTSTART:20270308T140000Z\r\n"
        "DTEND:20270308T150000Z\r\nSUMMARY:Mentoring session with Claire Tremblay\r\n"
        "DTSTAMP:20270301T180200Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ),
}
REFUSALS: dict[str, str] = {}
