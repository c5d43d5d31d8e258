"""What capabilities that book people's time ask. None of these checks who asks: the capability that calls has done so.

The months that a change touches are read first, best together with what else is read. `Calendars.booked`, `moved` and
`freed` return them as they are after it, and `writes` the conditional writes of all that was changed, for the caller's
own transaction. Whoever loses against another booking gets `CalendarMoved`, reads again, and finds the time taken or
still free.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.calendars import feed_store, store
from chalicelib.calendars.model import Calendars, Feed, Span, digest_of, keys_of
from chalicelib.kernel.call import Call
from chalicelib.platform import tables
from chalicelib.platform.tables import Row, Write

Key = tuple[type[Row], str, str]


def keys(people: Sequence[str], spans: Iterable[Span]) -> list[Key]:
    """Return the keys of the months that stretches of some people touch, for `tables.get_many`."""
    return [store.month_key(*one) for one in keys_of(people, spans)]


def calendars_of(people: Sequence[str], spans: Iterable[Span], rows: Sequence[Any]) -> Calendars:
    """Read the rows that were asked for by `keys` of the same people and stretches."""
    months = (store.month_of(*key, row) for key, row in zip(keys_of(people, spans), rows, strict=True))
    return Calendars.of(months)


def read(people: Sequence[str], spans: Sequence[Span]) -> Calendars:
    """Read the months that stretches of some people touch: one round trip a hundred."""
    return calendars_of(people, spans, tables.get_many(keys(people, spans)))


def writes(calendars: Calendars, now: datetime) -> list[Write]:
    """Return the writes of all that was changed, each on condition that the month is as it was read."""
    return [store.put_month(month, now) for month in calendars.writes()]


def feed_of(person_id: str) -> Feed | None:
    """Return a person's feed, if they have one."""
    return feed_store.get_feed(person_id)


def new_feed(call: Call, token: str) -> list[Write]:
    """Return the writes that give the actor a feed which opens with a token, and that none of before opens any more."""
    before = feed_store.get_feed(call.actor_id)
    feed = Feed(call.actor_id, digest_of(token), call.now)
    trail = feed_store.audit(call.actor_id, call.new_id(), "make_calendar_feed", call.now)
    return [*feed_store.put_feed(feed, before, call.now), trail]


def end_feed(call: Call) -> list[Write]:
    """Return the writes that end the actor's feed; none where they have none."""
    feed = feed_store.get_feed(call.actor_id)
    if feed is None:
        return []
    trail = feed_store.audit(call.actor_id, call.new_id(), "end_calendar_feed", call.now)
    return [*feed_store.delete_feed(feed), trail]


def owner_of(token: str) -> str | None:
    """Return whose feed a token is of, or None; whether it opens it still, `opens` tells."""
    return feed_store.person_of(digest_of(token))


def feed_key(person_id: str) -> Key:
    """Return the key of a person's feed for `tables.get_many`."""
    return feed_store.feed_key(person_id)


def opens(row: Any, token: str) -> bool:
    """Tell whether a token opens the feed that was read: of several that were ever made, the last alone."""
    return row is not None and row.digest == digest_of(token)
