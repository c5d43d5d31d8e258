"""Feeds in the calendars table: one a person, found by the digest of its token. The token itself is kept nowhere."""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.calendars.model import Feed
from chalicelib.kernel.clock import from_text, to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write


class FeedRow(tables.Row):
    """A person's feed, in their partition."""

    class Meta:
        capability = "calendars"

    digest = UnicodeAttribute()


class FeedTokenRow(tables.Row):
    """Whose feed a token opens."""

    class Meta:
        capability = "calendars"

    person_id = UnicodeAttribute()


def feed_key(person_id: str) -> tuple[type[FeedRow], str, str]:
    """Return the key of a person's feed for `tables.get_many`."""
    return FeedRow, _person_pk(person_id), "FEED"


def get_feed(person_id: str) -> Feed | None:
    row = tables.get(*feed_key(person_id))
    return Feed(person_id, row.digest, from_text(row.created_at), int(row.version)) if row else None


def person_of(digest: str) -> str | None:
    """Return whose feed a token of this digest opens, if their own row says so as well; None for one that was revoked,
    or never was."""
    row = tables.get(FeedTokenRow, _token_pk(digest), "FEED")
    return row.person_id if row else None


def put_feed(feed: Feed, before: Feed | None, now: datetime) -> list[Write]:
    """Return the writes of a person's feed, new or in the place of one, whose token opens nothing from then on."""
    row = FeedRow(
        _person_pk(feed.person_id), "FEED", digest=feed.digest,
        **tables.stamps(to_text(now), to_text(now), before.version if before else None),
    )  # fmt: skip
    token = FeedTokenRow(
        _token_pk(feed.digest), "FEED", person_id=feed.person_id, **tables.stamps(to_text(now))
    )
    gone = [tables.delete_entry(FeedTokenRow, _token_pk(before.digest), "FEED")] if before else []
    return [tables.put(row), tables.put_entry(token), *gone]


def delete_feed(feed: Feed) -> list[Write]:
    row = FeedRow(_person_pk(feed.person_id), "FEED", digest=feed.digest, version=feed.version)
    return [tables.delete(row), tables.delete_entry(FeedTokenRow, _token_pk(feed.digest), "FEED")]


def audit(person_id: str, row_id: str, action: str, now: datetime) -> Write:
    return tables.audit(
        "calendars", _person_pk(person_id), row_id=row_id, at=now, actor=person_id, action=action
    )


def _person_pk(person_id: str) -> str:
    return f"PERSON#{person_id}"


def _token_pk(digest: str) -> str:
    return f"FEED#{digest}"
