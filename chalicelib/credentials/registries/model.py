"""What a register is asked, and what it may answer.

An answer is what a source says, beside the claim; it decides nothing. `unavailable` is never `not found`: a register
that is down says nothing of anybody.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

MAX_LINE = 200
MAX_LIST = 20
"""Of names or licences of one entry that are kept."""


class Outcome(StrEnum):
    FOUND = "found"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"


class State(StrEnum):
    """What a register's own word for an entry's status comes to."""

    CURRENT = "current"
    NOT_CURRENT = "not_current"
    UNKNOWN = "unknown"


class Means(StrEnum):
    """How a register was looked at."""

    ONLINE = "online"
    FILE = "file"
    MANUAL = "manual"


# Reasons of ours; those of a request that came to nothing are the platform's (`platform/outgoing/failures.py`).
NOT_UNDERSTOOD = "answer-not-understood"
QUESTION_REFUSED = "question-refused"
NUMBER_MALFORMED = "number-malformed"
NO_REGISTER = "no-register"
FILE_TOO_OLD = "register-file-too-old"


@dataclass(frozen=True)
class Asked:
    """What a claim says that a register can be asked about; `country` is ISO 3166-1 alpha-2."""

    number: str
    name: str
    country: str


@dataclass(frozen=True)
class Licence:
    """A licence that an entry names: what it is for, its number, and the state or body it is of."""

    what: str
    number: str | None = None
    of: str | None = None
    is_primary: bool = False


@dataclass(frozen=True)
class Entry:
    """What a register holds under a number.

    Attributes
    ----------
    names
        All that the register has, the present one first; empty where it shows none.
    is_person
        False for an organisation's entry.
    status
        In the register's own words, or None if it shows none.
    valid_until
        The last day on which the entry holds, where the register says so.
    as_of
        The day of what the register says: of its file, or of the entry's last change.
    """

    number: str
    names: tuple[str, ...]
    is_person: bool
    status: str | None
    state: State
    licences: tuple[Licence, ...] = ()
    valid_until: date | None = None
    as_of: date | None = None


class How(StrEnum):
    """Why two words were paired."""

    SAME = "same"
    SPELT_ALIKE = "spelt_alike"
    SAME_CONSONANTS = "same_consonants"
    INITIAL = "initial"
    CLOSE = "close"
    ALONE = "alone"


@dataclass(frozen=True)
class Pair:
    """Two words set against each other, in Latin letters; one of them is None where a word is alone."""

    ours: str | None
    theirs: str | None
    how: How


@dataclass(frozen=True)
class Comparison:
    """How two names compare.

    Attributes
    ----------
    score
        Whole hundredths from 0 to 100; 100 where the words are the same.
    ours, theirs
        The names as they were given: the claim's and the register's.
    """

    score: int
    ours: str
    theirs: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Answer:
    """What came of a lookup.

    Attributes
    ----------
    comparison
        Of the claim's name with the most alike of the entry's; None where the register shows no name.
    reason
        A stable code: always with `unavailable`, sometimes with `not_found`.
    as_of
        The day of a register's file that has no such entry.
    """

    outcome: Outcome
    entry: Entry | None = None
    comparison: Comparison | None = None
    reason: str | None = None
    as_of: date | None = None


class Registry(Protocol):
    """A register that can be looked at by number; the name is compared, never searched for."""

    def lookup(self, asked: Asked) -> Answer: ...


class RegisterUnavailable(Exception):
    """A register could not be asked; `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Fetch = Callable[[str], bytes]
"""Fetches the JSON document at an address of ours; raises `RegisterUnavailable`."""


def not_found(*, reason: str | None = None, as_of: date | None = None) -> Answer:
    return Answer(Outcome.NOT_FOUND, reason=reason, as_of=as_of)


def unavailable(reason: str) -> Answer:
    return Answer(Outcome.UNAVAILABLE, reason=reason)


def shown(value: object) -> str:
    """Return a text that a register gave as one line that can be shown: no control characters, not endless; empty for
    what is no text or only stands for nothing (`--`)."""
    if not isinstance(value, str):
        return ""
    seen = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in value)
    line = " ".join(seen.split())[:MAX_LINE].strip()
    return line if any(char.isalnum() for char in line) else ""
