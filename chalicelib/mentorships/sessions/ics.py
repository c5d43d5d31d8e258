"""Calendar files as RFC 5545, 5546 and 7986 have them, written by the `icalendar` package.

It takes 0.12 s to import, so this module is loaded by what writes a calendar and by nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vDDDLists,
    vRecur,
    vText,
    vUri,
)

from chalicelib.kernel.zones import changes, instant_at, time_zone, wall_at
from chalicelib.mentorships.sessions.invitations import Entry, Invitation, Told
from chalicelib.mentorships.sessions.place import ON_LINK, Place
from chalicelib.people.model import Channel

PRODUCT = "-//Crossward//Sessions//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8"
_FEATURES = {Channel.VIDEO: ["AUDIO", "VIDEO"], Channel.VOICE: ["AUDIO"], Channel.PHONE: ["PHONE"]}


@dataclass(frozen=True)
class Party:
    """Somebody named in a file: how they are called, and their address."""

    name: str
    address: str


@dataclass(frozen=True)
class Shown:
    """An entry of a feed: with its sequence, when it was changed last, and what is told of it; `books` is whether it
    takes its reader's time."""

    entry: Entry
    sequence: int
    changed_at: datetime
    told: Told
    books: bool = True


Teller = Callable[[Place | None], Told]


def message(invitation: Invitation, organiser: Party, attendee: Party, tell: Teller, now: datetime) -> str:
    """Return the file of an invitation to one of the two, with line ends of CRLF.

    The other is named by the teller alone: an attendee has an address, and theirs is not the reader's to know.
    """
    calendar = _calendar()
    calendar.add("method", invitation.method.value)
    for zone in sorted({one.zone for one in invitation.entries if one.zone != "UTC"}):
        calendar.add_component(_zone(zone, invitation.entries))
    for entry in invitation.entries:
        event = _event(entry, tell(entry.place))
        event.add("dtstamp", now.astimezone(UTC))
        event.add("sequence", invitation.sequence)
        event.add("organizer", _party(organiser), encode=False)
        event.add("attendee", _attendee(attendee), encode=False)
        calendar.add_component(event)
    return _text(calendar)


def feed(entries: Sequence[Shown], name: str, refresh: timedelta) -> str:
    """Return the file of a feed.

    It has no method, so DTSTAMP says when an entry was changed (RFC 5545, 3.8.7.2), and the same sessions are the
    same bytes.
    """
    calendar = _calendar()
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _duration(refresh))
    for one in entries:
        event = _event(one.entry, one.told, books=one.books)
        event.add("dtstamp", one.changed_at.astimezone(UTC))
        event.add("last-modified", one.changed_at.astimezone(UTC))
        event.add("sequence", one.sequence)
        calendar.add_component(event)
    return _text(calendar)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(entry: Entry, told: Told, *, books: bool = True) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@crossward")
    if entry.original is not None:
        event.add("recurrence-id", entry.original.replace(tzinfo=time_zone(entry.zone)))
    event.add("dtstart", _at(entry.span.starts_at, entry))
    event.add("dtend", _at(entry.span.ends_at, entry))
    if entry.rule is not None:
        event.add("rrule", vRecur.from_ical(entry.rule))
    if entry.left_out:
        event.add("exdate", [one.replace(tzinfo=time_zone(entry.zone)) for one in entry.left_out])
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("summary", told.summary)
    if told.description:
        event.add("description", told.description)
    # What somebody talks about with a mentor is not for all who may look at their calendar.
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE" if books and not entry.is_cancelled else "TRANSPARENT")
    if told.location:
        event.add("location", told.location)
    if told.url is not None:
        event.add("url", told.url)
    if not entry.is_cancelled and (conference := _conference(entry.place, told)) is not None:
        event.add("conference", conference, encode=False)
    return event


def _conference(place: Place | None, told: Told) -> vUri | None:
    """Return where to call, as RFC 7986, section 5.11, has it."""
    if place is None:
        return None
    address = place.link if place.channel in ON_LINK else None
    if place.channel is Channel.PHONE and told.calls:
        address = f"tel:{told.calls}"
    if address is None:
        return None
    uri = vUri(address)
    uri.params["VALUE"] = "URI"
    uri.params["FEATURE"] = _FEATURES[place.channel]
    return uri


def _at(instant: datetime, entry: Entry) -> datetime:
    """Return an instant on the clock of an entry; in UTC where that clock does not tell it, since it is the second of
    an hour that autumn repeats."""
    if entry.zone == "UTC":
        return instant.astimezone(UTC)
    wall = wall_at(instant, entry.zone)
    if instant_at(wall, entry.zone) != instant:
        return instant.astimezone(UTC)
    return wall.replace(tzinfo=time_zone(entry.zone))


def _party(party: Party) -> vCalAddress:
    found = vCalAddress(f"mailto:{_mailbox(party.address)}")
    found.params["CN"] = vText(_parameter(party.name))
    return found


def _attendee(party: Party) -> vCalAddress:
    """Return who the file is for. A session stands with being booked, and answers to the mail are not read: so its
    reader has accepted, and is asked nothing."""
    found = _party(party)
    found.params["CUTYPE"] = vText("INDIVIDUAL")
    found.params["ROLE"] = vText("REQ-PARTICIPANT")
    found.params["PARTSTAT"] = vText("ACCEPTED")
    found.params["RSVP"] = vText("FALSE")
    return found


def _mailbox(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{quote(local, safe='!$&*+-=_.~')}@{domain.encode('idna').decode('ascii')}"


def _parameter(text: str) -> str:
    """Return a text as a parameter can say it: it has no way to write a double quote (RFC 5545, 3.2)."""
    return text.replace('"', "'")


def _zone(name: str, entries: Sequence[Entry]) -> Timezone:
    """Return what a zone's clock does around some entries, change by change, as the packaged `tzdata` has it.

    The package's own writer gives the onset in spring by the clock after the change, where RFC 5545, section 3.6.5,
    asks for the clock before it.
    """
    zone, year = time_zone(name), timedelta(days=366)
    instants = [at for one in entries for at in (one.span.starts_at, one.span.ends_at, _first(one))]
    # A series ends a year after its first at the latest, and nothing of it is named here that is as its rule has it. A
    # year before as well: programs that know a clock by its name take the last file's for the whole series.
    start, end = min(instants) - year, max(instants) + year
    found = Timezone()
    found.add("tzid", name)
    first = start.astimezone(zone)
    seen: dict[tuple[timedelta, timedelta, str, bool], list[datetime]] = {}
    ahead = first.utcoffset() or timedelta()
    seen[ahead, ahead, first.tzname() or name, bool(first.dst())] = [
        first.replace(tzinfo=None, microsecond=0)
    ]
    for change in changes(name, start, end):
        after = change.astimezone(zone)
        offset = after.utcoffset() or timedelta()
        onset = (change + ahead).replace(tzinfo=None)
        seen.setdefault((ahead, offset, after.tzname() or name, offset > ahead), []).append(onset)
        ahead = offset
    for (before, offset, called, is_daylight), onsets in seen.items():
        part = TimezoneDaylight() if is_daylight else TimezoneStandard()
        part.add("dtstart", onsets[0])
        if onsets[1:]:
            part.add("rdate", vDDDLists(onsets[1:]))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", offset)
        part.add("tzname", called)
        found.add_component(part)
    return found


def _first(entry: Entry) -> datetime:
    return instant_at(entry.original, entry.zone) if entry.original is not None else entry.span.starts_at


def _duration(length: timedelta) -> str:
    return f"PT{int(length.total_seconds()) // 3600}H"


def _text(calendar: Calendar) -> str:
    written: bytes = calendar.to_ical()
    return written.decode("utf-8")
