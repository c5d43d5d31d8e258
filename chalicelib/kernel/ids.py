"""Identifiers that sort by time."""

import re
import secrets
from datetime import UTC, datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def new_id(now: datetime) -> str:
    """Return a ULID: 48 bits of milliseconds, then 80 random bits, in Crockford's base 32.

    Parameters
    ----------
    now
        The aware instant that the identifier sorts by.
    """
    value = (int(now.timestamp() * 1000) << 80) | secrets.randbits(80)
    return _encode(value)


def derived_id(now: datetime, seed: bytes) -> str:
    """Return a ULID whose random part is taken from `seed`, so that a repeated step names the same row.

    Parameters
    ----------
    seed
        At least 10 bytes, normally a digest of what the row is about.
    """
    if len(seed) < 10:
        raise ValueError("a derived id takes at least 10 bytes of seed")
    return _encode((int(now.timestamp() * 1000) << 80) | int.from_bytes(seed[:10], "big"))


def unguessable_id() -> str:
    """Return an identifier in the same form that is random as a whole (128 bits): knowing it is all it takes to read
    what stands behind it, and it tells nobody when it was made."""
    return _encode(secrets.randbits(128))


def is_id(text: str) -> bool:
    """Tell whether `text` has the form of an identifier of ours."""
    return _ULID.fullmatch(text) is not None


def moment_of(identifier: str) -> datetime:
    """Return the instant that an identifier sorts by."""
    value = 0
    for char in identifier[:10]:
        value = value << 5 | _ALPHABET.index(char)
    return datetime.fromtimestamp(value / 1000, UTC)


def _encode(value: int) -> str:
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))
