"""Whole examples of requests and answers about sessions; `mentorships/examples.py` takes them up."""

from typing import Any

_SESSION = "01NBX4S3C0M6T9V2Y5A8D1G4JK"
_MENTEE, _MENTOR = "Africa/Nairobi", "America/Toronto"


def _clock(zone: str, starts: str, ends: str, **more: Any) -> dict[str, Any]:
    return {"time_zone": zone, "starts": starts, "ends": ends, **more}


_NOBODY: dict[str, Any] = {"outcome": None, "absent": None, "minutes": 0, "mentee": None, "mentor": None}
_RECORD: dict[str, Any] = {
    "covered": [],
    "notes": {"mine": None, "theirs": None, "private": None},
    "actions": [],
}
_ITEM: dict[str, Any] = {
    "id": "01NBX4S3C0AG3NDA7T0P1C5QRX",
    "text": "How to ask for protected time for the audit",
    "by": "mentee",
    "added_at": "2027-03-01T18:02:00.000000Z",
    "carried": 0,
}
_ACTION: dict[str, Any] = {
    "id": "01NBX4S3C0ACT10N5B7D9F1H3K",
    "text": "Send the template of the audit’s proposal",
    "owner": "mentor",
    "due_on": "2027-03-15",
    "done_at": None,
    "by": "mentee",
}
_BOOKED: dict[str, Any] = {
    "id": _SESSION,
    "status": "booked",
    "starts_at": "2027-03-08T14:00:00.000000Z",
    "ends_at": "2027-03-08T15:00:00.000000Z",
    "minutes": 60,
    "mentee": _clock(_MENTEE, "2027-03-08T17:00:00+03:00", "2027-03-08T18:00:00+03:00"),
    "mentor": _clock(_MENTOR, "2027-03-08T09:00:00-05:00", "2027-03-08T10:00:00-05:00"),
    "booked_by": "mentee",
    "place": {
        "channel": "video",
        "link": "https://meet.example.org/crossward-jbswy3dpehpk3pxpjbswy3dpei",
        "caller": None,
        "contact": None,
    },
    "proposed": None,
    "series": None,
    "cancelled": None,
    "attendance": _NOBODY,
    "record": _RECORD,
}
_LATER: dict[str, Any] = {
    "starts_at": "2027-03-15T17:00:00.000000Z",
    "ends_at": "2027-03-15T18:00:00.000000Z",
    "mentee": _clock(_MENTEE, "2027-03-15T20:00:00+03:00", "2027-03-15T21:00:00+03:00"),
    "mentor": _clock(_MENTOR, "2027-03-15T13:00:00-04:00", "2027-03-15T14:00:00-04:00"),
}
_SERIES: dict[str, Any] = {
    "id": "01NBX4S3C0R7W2Z5B8E1H4M7QT",
    "rule": "FREQ=WEEKLY;COUNT=2",
    "time_zone": _MENTOR,
    "original": "2027-03-08T09:00:00",
    "starts": "2027-03-08T09:00:00",
    "is_skipped": False,
    "rules_changed": False,
    "shifts": {"mentee": 0, "mentor": 0},
}
_FIRST: dict[str, Any] = {**_BOOKED, "booked_by": "mentor", "series": _SERIES}
# Toronto's clocks went forward on 14 March, Nairobi's did not.
_SECOND: dict[str, Any] = {
    **_FIRST,
    "id": "01NBX4S3C0T9Y4B7D0G3K6P9SV",
    "starts_at": "2027-03-15T13:00:00.000000Z",
    "ends_at": "2027-03-15T14:00:00.000000Z",
    "mentee": _clock(_MENTEE, "2027-03-15T16:00:00+03:00", "2027-03-15T17:00:00+03:00"),
    "mentor": _clock(_MENTOR, "2027-03-15T09:00:00-04:00", "2027-03-15T10:00:00-04:00"),
    "series": {
        **_SERIES,
        "original": "2027-03-15T09:00:00",
        "starts": "2027-03-15T09:00:00",
        "shifts": {"mentee": -60, "mentor": 0},
    },
}
_BY_PHONE: dict[str, Any] = {"channel": "phone", "link": None, "caller": "mentor", "contact": "+254712345678"}
_WAYS: dict[str, Any] = {"link": None, "phone": "+254712345678", "chat": "Signal, amina.42"}
_SAID: dict[str, Any] = {
    "outcome": "met",
    "absent": None,
    "minutes": 55,
    "mentee": {"said": "met", "minutes": 55, "at": "2027-03-08T15:10:00.000000Z"},
    "mentor": None,
}

PARAMETERS: dict[str, Any] = {"session_id": _SESSION, "weeks": 6, "minutes": 60}
BODIES: dict[str, Any] = {
    "book_session": {"starts_at": "2027-03-08T14:00:00Z", "minutes": 60, "channel": "video"},
    "book_series": {
        "starts": "2027-03-08T09:00",
        "time_zone": _MENTOR,
        "rule": "FREQ=WEEKLY;COUNT=2",
        "minutes": 60,
    },
    "reschedule_session": {
        "starts_at": "2027-03-15T17:00:00Z",
        "minutes": 60,
        "scope": "one",
        "outside_availability": True,
    },
    "cancel_session": {
        "scope": "one",
        "text": "I have to stand in on the ward that afternoon. Can we say Wednesday?",
    },
    "accept_session": {"scope": "one"},
    "decline_session": {"scope": "one", "text": "Evenings are hard for me this month."},
    "change_place": {"channel": "phone", "caller": "mentor", "scope": "one"},
    "write_meeting_ways": _WAYS,
    "say_attendance": {"said": "met", "minutes": 55, "reached": [_ITEM["id"]]},
    "write_agenda": {
        "items": [{"id": _ITEM["id"], "text": _ITEM["text"]}, {"text": "A conference that would suit me"}],
    },
    "write_note": {"text": "Ask the matron first, then the head of the department.", "shared": True},
    "write_actions": {
        "items": [
            {"text": _ACTION["text"], "owner": "mentor", "due_on": "2027-03-15"},
        ],
    },
}
ANSWERS: dict[str, Any] = {
    "find_times": {
        "items": [
            {
                "starts_at": "2027-03-08T14:00:00.000000Z",
                "ends_at": "2027-03-08T15:00:00.000000Z",
                "week": 1,
                "comfort": 100,
                "mentee": {**_BOOKED["mentee"], "comfort": 100},
                "mentor": {**_BOOKED["mentor"], "comfort": 100},
            }
        ],
        "unknown": [],
    },
    "list_sessions": {"items": [_FIRST, _SECOND]},
    "book_session": _BOOKED,
    "book_series": {"items": [_FIRST, _SECOND]},
    "read_session": _BOOKED,
    "reschedule_session": {**_BOOKED, "proposed": {"by": "mentee", **_LATER}},
    "cancel_session": {
        **_BOOKED,
        "status": "cancelled",
        "cancelled": {
            "by": "mentee",
            "at": "2027-03-07T18:30:00.000000Z",
            "late": True,
            "text": "I have to stand in on the ward that afternoon. Can we say Wednesday?",
        },
    },
    "accept_session": {**_BOOKED, **_LATER},
    "decline_session": _BOOKED,
    "change_place": {**_BOOKED, "place": _BY_PHONE},
    "my_meeting_ways": _WAYS,
    "write_meeting_ways": _WAYS,
    "say_attendance": {**_BOOKED, "attendance": _SAID, "record": {**_RECORD, "covered": [_ITEM]}},
    "read_agenda": {"items": [_ITEM]},
    "write_agenda": {
        "items": [
            _ITEM,
            {**_ITEM, "id": "01NBX4S3C0AG3NDA7T0P1C5QRY", "text": "A conference that would suit me"},
        ],
    },
    "write_note": {
        **_BOOKED,
        "record": {
            **_RECORD,
            "notes": {
                "mine": "Ask the matron first, then the head of the department.",
                "theirs": None,
                "private": None,
            },
        },
    },
    "write_actions": {**_BOOKED, "record": {**_RECORD, "actions": [_ACTION]}},
}
REFUSALS: dict[str, str] = {
    "session-moved": "Read it again, then decide.",
    "mentorship-not-under-way": "It is paused; sessions are booked again when it goes on.",
    "outside-availability": (
        "The other's week has no room for this time. Choose one of GET …/times, or send `outside_availability` to "
        "propose it to the other."
    ),
    "past-last-day": (
        "It ends at 2027-11-23T00:00:00.000000Z. Choose an earlier time, or ask for more time with POST …/extension."
    ),
    "session-not-begun": "Wait 10 minutes before you say that nobody came.",
    "nothing-proposed": "You proposed this time yourself; the other is to say yes.",
    "too-many-sessions": "104 of a mentorship may lie ahead. Cancel some first.",
    "accounts-closed": "That could be said for 30 days after it.",
}
