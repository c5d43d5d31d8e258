"""Portfolios: what their holder chose, and how far each is."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

KEEP = timedelta(days=7)
"""For how long the files are kept: the bucket's own rule (infra/data.yaml) deletes them. Whoever needs one later has it
made anew."""
LINK_SECONDS = 300
MAX_MENTORSHIPS = 50
"""The latest so many are in a portfolio: two at a time, of a year each, for most of a working life."""
MAX_ACTIVITIES = 50
"""Of each kind, the latest so many."""
MAX_BYTES = 10_000_000
"""Of what is in one: some five hundred long reflections. Whoever has written more takes a part along at a time."""
MAX_A_DAY = 10
MAX_LEFT_OUT = 200
FORMAT = "crossward-portfolio/1"
STATEMENT = "CrosswardPortfolio"


class Status(StrEnum):
    """ORDERED: it is being written. COMPOSED: what is in it stands, and waits for its signature. SIGNED: the files are
    being written. READY: they are there. TOO_LARGE: more was chosen than goes into one; choose less."""

    ORDERED = "ordered"
    COMPOSED = "composed"
    SIGNED = "signed"
    READY = "ready"
    TOO_LARGE = "too_large"


class Reflections(StrEnum):
    """Which of the holder's own reflections go in."""

    NONE = "none"
    FINAL = "final"
    ALL = "all"


@dataclass(frozen=True)
class Choice:
    """What the holder puts in.

    Attributes
    ----------
    mentorship_ids
        None is all.
    activities
        What they took part in beyond mentorships: series, simulations and circles.
    left_out
        Goals and reflections that are left out, by their ids.
    """

    goals: bool = True
    sessions: bool = True
    successes: bool = True
    certificates: bool = True
    reflections: Reflections = Reflections.NONE
    mentorship_ids: tuple[str, ...] | None = None
    left_out: tuple[str, ...] = ()
    activities: bool = True


@dataclass(frozen=True)
class Portfolio:
    """One portfolio.

    Attributes
    ----------
    holder_name
        As it was when it was written.
    digest, size
        Of its content as `canonical` spells it: SHA-256 in hexadecimal, and bytes.
    proof
        The statement of the issuer over these, a compact JWS.
    ready_at
        When its files were written.
    """

    id: str
    holder_id: str
    choice: Choice
    status: Status
    ordered_at: datetime
    holder_name: str = ""
    locale: str = ""
    digest: str = ""
    size: int = 0
    proof: str | None = None
    signed_at: datetime | None = None
    ready_at: datetime | None = None
    version: int | None = None

    def has_files(self, now: datetime) -> bool:
        return self.ready_at is not None and now < self.ready_at + KEEP


def canonical(content: Mapping[str, Any]) -> bytes:
    """Spell a content in the one way that is signed: RFC 8785, whose order and spelling these are for names in ASCII,
    texts, whole numbers, true, false and null. There is nothing else in a portfolio."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()
