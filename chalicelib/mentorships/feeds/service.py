"""Private calendar feeds: who has one, and what it shows at this moment."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.calendars import service as calendars
from chalicelib.calendars.model import Busy, Gathering, Span
from chalicelib.kernel.call import Call
from chalicelib.kernel.clock import from_text
from chalicelib.kernel.errors import NotFound, StaleVersion
from chalicelib.kernel.tries import again
from chalicelib.mentorships import running_store
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions import ics, store, wording
from chalicelib.mentorships.sessions.invitations import Entry, Told, feed_entries
from chalicelib.mentorships.sessions.model import AHEAD, REFERENCE, Session, SessionStatus
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.settings import settings
from chalicelib.words.formats import Formats, formats_of

GatheringsOf = Callable[[str, Span], Iterable[Gathering]]

TOKEN_BYTES = 32
BACK = timedelta(days=31)
"""How far back a feed looks."""
MOST = 300
"""Sessions in a feed, the next first: three batches at most. One a day for ten months."""
REFRESH = timedelta(hours=1)
"""How often a calendar is asked to look; most look more rarely, whatever they are asked."""
SUFFIX = ".ics"
_BUSY = "Your feed is being changed at this moment. Send the request again."


@dataclass(frozen=True)
class FeedState:
    """Whether somebody has a feed. Its address is known at the moment of making it alone.

    Attributes
    ----------
    path
        On this API, with the token.
    url
        The same from anywhere; None where the installation has no address of its own.
    """

    created_at: datetime | None
    path: str | None = None
    url: str | None = None


def my_feed(call: Call) -> FeedState:
    """Return whether the actor has a feed."""
    feed = calendars.feed_of(call.actor_id)
    return FeedState(feed.created_at if feed else None)


def make_feed(call: Call) -> FeedState:
    """Make the actor's feed; the one that they had opens nothing any more."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    path = f"/v1/calendar-feeds/{token}{SUFFIX}"
    origin = settings().web_origin.rstrip("/")
    url = origin + path if origin.startswith(("https://", "http://")) else None
    made = FeedState(call.now, path, url)
    return again(lambda: commit(call, calendars.new_feed(call, token), made), StaleVersion, busy=_BUSY)


def end_feed(call: Call) -> None:
    """End the actor's feed; without one it does nothing."""

    def end() -> None:
        if writes := calendars.end_feed(call):
            commit(call, writes, None)

    again(end, StaleVersion, busy=_BUSY)


def read_feed(call: Call, name: str, gatherings_of: GatheringsOf) -> str:
    """Return the calendar that a token opens: what is booked from a month ago on, of names the other's alone.

    Parameters
    ----------
    gatherings_of
        Tells what else somebody takes part in within a stretch of time: capabilities above know of it.

    Raises
    ------
    NotFound
        For a token that opens nothing.
    """
    token = name.removesuffix(SUFFIX)
    person_id = calendars.owner_of(token)
    if person_id is None:
        raise NotFound
    span = Span(call.now - BACK, call.now + AHEAD)
    feed_row, person_row, profile_row, *month_rows = tables.get_many(
        [
            calendars.feed_key(person_id), people.person_key(person_id), people.profile_key(person_id),
            *calendars.keys([person_id], [span]),
        ]
    )  # fmt: skip
    if person_row is None or not calendars.opens(feed_row, token):
        raise NotFound
    months = calendars.calendars_of([person_id], [span], month_rows)
    booked = [one for one in months.booked_for(person_id) if one.span.overlaps(span)]
    sessions = _sessions(booked, call.now)
    mentorships = _mentorships(one.mentorship_id for one, _ in sessions)
    person, profile = people.person_of(person_row), people.profile_of(profile_row) if profile_row else None
    formats = formats_of(person.locale, profile.country if profile else None)
    shown = _shown(person_id, sessions, mentorships, formats)
    shown += [_beside(one) for one in gatherings_of(person_id, span)]
    return ics.feed(shown, wording.feed_name(formats), REFRESH)


def _beside(one: Gathering) -> ics.Shown:
    entry = Entry(one.uid, one.span, "UTC", None, is_cancelled=one.is_cancelled)
    told = Told(one.summary, "", url=settings().web_origin.rstrip("/") + one.url)
    return ics.Shown(entry, one.sequence, one.changed_at, told, books=False)


def _sessions(booked: Sequence[Busy], now: datetime) -> list[tuple[Session, datetime]]:
    """Read the sessions that time is booked for, each with when it was changed last."""
    mine = [one for one in booked if one.reference.startswith(REFERENCE)]
    ahead = [one for one in mine if one.span.ends_at > now]
    past = [one for one in reversed(mine) if one.span.ends_at <= now]
    keys = [
        store.session_key(*one.reference.removeprefix(REFERENCE).split("#")) for one in (*ahead, *past)[:MOST]
    ]
    rows = tables.get_many(keys)
    found = [(store.session_of(row), from_text(row.updated_at)) for row in rows if row is not None]
    # A session that is moved at this moment is read as it was before, or after; one cancelled is gone.
    return [(one, at) for one, at in found if one.status is SessionStatus.BOOKED]


def _mentorships(ids: Iterable[str]) -> dict[str, Mentorship]:
    rows = tables.get_many([running_store.mentorship_key(one) for one in sorted(set(ids))])
    found = [running_store.mentorship_of(row) for row in rows if row is not None]
    return {one.id: one for one in found}


def _shown(
    person_id: str,
    sessions: Sequence[tuple[Session, datetime]],
    mentorships: Mapping[str, Mentorship],
    formats: Formats,
) -> list[ics.Shown]:
    """Return what a feed shows of sessions: of the other the name, and where the two meet."""
    shown, known = [], {one.id: (one, at) for one, at in sessions}
    for entry in feed_entries(one for one, _ in sessions):
        session, changed_at = known[entry.uid]
        mentorship, side = mentorships.get(session.mentorship_id), session.side_of(person_id)
        if mentorship is None or side is None:
            continue
        told = wording.told(entry.place, side, mentorship.card(side.other).name, "", formats)
        shown.append(ics.Shown(entry, session.sequence, changed_at, told))
    return shown
