"""What somebody's calendar program makes of the files that are mailed to them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar, Event, Timezone

from tests.journeys.deployed import Mail

Stretch = tuple[datetime, datetime]


@dataclass
class CalendarProgram:
    """What takes up the calendar files of its owner's mails, as RFC 5546 asks a program to. It knows of clocks what
    each file itself says, and nothing else.

    Attributes
    ----------
    entries
        By their UID, when each entry is, or would be again and again.
    others
        By UID and RECURRENCE-ID, when one of a series is instead; None for one that is off.
    """

    owner: str
    organiser: str
    entries: dict[str, list[Stretch]] = field(default_factory=dict)
    others: dict[tuple[str, datetime], Stretch | None] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)

    def take_up(self, mail: Mail) -> list[Event]:
        """Bring the calendar up to date with a mail; return the file's entries."""
        method, text = mail["calendar"]["method"], mail["calendar"]["text"]
        calendar = Calendar.from_ical(text)
        assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", method), "the MIME part says the same"
        zones = [one for one in calendar.walk("VTIMEZONE") if isinstance(one, Timezone)]
        clocks = {one.tz_name: one.to_tz(lookup_tzid=False) for one in zones}
        events = [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]
        assert events
        for event in events:
            self._require_whole(event)
            self._put(event, clocks, is_off=method == "CANCEL")
        return events

    def _require_whole(self, event: Event) -> None:
        """See that an entry has what RFC 5546, sections 3.2.2 and 3.2.5, wants of one."""
        assert event["ORGANIZER"] == f"mailto:{self.organiser}"
        assert event["ATTENDEE"] == f"mailto:{self.owner}"
        assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
        assert event.decoded("DTSTAMP").utcoffset() == timedelta()
        assert event["SEQUENCE"] >= self.sequences.get(event["UID"], 0), "it is older than what is known"
        self.sequences[event["UID"]] = event["SEQUENCE"]

    def _put(self, event: Event, clocks: dict[str, tzinfo], *, is_off: bool) -> None:
        uid, stretch = event["UID"], (_instant(event, "DTSTART", clocks), _instant(event, "DTEND", clocks))
        assert event["STATUS"] == ("CANCELLED" if is_off else "CONFIRMED")
        if "RECURRENCE-ID" in event:
            self.others[uid, _instant(event, "RECURRENCE-ID", clocks)] = None if is_off else stretch
        elif is_off:
            del self.entries[uid]
        else:
            self.entries[uid] = _repeated(event, clocks) if "RRULE" in event else [stretch]

    def shown(self) -> list[Stretch]:
        """Return from when to when there is something, in time's order."""
        told = ((uid, one) for uid, stretches in self.entries.items() for one in stretches)
        found = [self.others.get((uid, one[0]), one) for uid, one in told]
        return sorted(one for one in found if one is not None)


def _instant(event: Event, name: str, clocks: dict[str, tzinfo]) -> datetime:
    """Read a time by the clock that its own file describes."""
    at, zone = event.decoded(name), event[name].params.get("TZID")
    assert isinstance(at, datetime)
    return (at.replace(tzinfo=clocks[zone]) if zone else at).astimezone(UTC)


def _repeated(event: Event, clocks: dict[str, tzinfo]) -> list[Stretch]:
    clock, first = clocks[event["DTSTART"].params["TZID"]], event.decoded("DTSTART").replace(tzinfo=None)
    starts = rrulestr(event["RRULE"].to_ical().decode(), dtstart=first)
    instants = [one.replace(tzinfo=clock).astimezone(UTC) for one in starts]
    return [(one, one + event.duration) for one in instants]


def spans(sessions: Iterable[dict[str, Any]]) -> list[Stretch]:
    """Return from when to when sessions are booked, in time's order."""
    return sorted(
        (datetime.fromisoformat(one["starts_at"]), datetime.fromisoformat(one["ends_at"]))
        for one in sessions
        if one["status"] == "booked"
    )
