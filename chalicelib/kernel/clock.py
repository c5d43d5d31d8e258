"""Instants: made, written and read in one way."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def to_text(instant: datetime) -> str:
    """Write an aware instant as RFC 3339 in UTC with microseconds, so that texts sort as instants do."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """Read what `to_text` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def text_of(instant: datetime | None) -> str | None:
    """Write an instant as `to_text` does, or None where there is none."""
    return to_text(instant) if instant is not None else None


def instant_of(text: str | None) -> datetime | None:
    """Read what `text_of` wrote."""
    return from_text(text) if text is not None else None
