"""Taking over a register's file: what an upload is, and which of a register's two slots answers.

A register has two slots. One answers; a newer file is written into the other, and at its end a single write turns them
round. So a register is never half of one file and half of another, and a file that fails leaves the one before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.credentials.registries.register_files import KEEP, Columns, RowProblem, is_too_old
from chalicelib.kernel.errors import Conflict, Invalid

LEASE = timedelta(hours=1)
"""For how long one file has the register to itself; whoever takes longer asks for it again."""
FEWEST = 2
"""A file with less than one entry in so many of the last one's is refused, unless that was said to be right."""


class LoadStatus(StrEnum):
    """WAITING for its file, QUEUED, LOADING, then DONE or FAILED."""

    WAITING = "waiting"
    QUEUED = "queued"
    LOADING = "loading"
    DONE = "done"
    FAILED = "failed"


class Slot(StrEnum):
    A = "a"
    B = "b"

    @property
    def other(self) -> "Slot":
        return Slot.B if self is Slot.A else Slot.A


@dataclass(frozen=True)
class Order:
    """How a file is to be read.

    Attributes
    ----------
    as_of
        The day of which the file tells.
    accepts_fewer
        Whether far fewer entries than before are right.
    """

    authority_id: str
    columns: Columns
    as_of: date
    accepts_fewer: bool = False


@dataclass(frozen=True)
class Load:
    """One upload of a register's file for an organisation.

    Attributes
    ----------
    entries, bad_rows
        What the file has; None until it was read.
    next_entry
        How many of the entries are written.
    failure
        Why nothing of it was taken, in a sentence.
    """

    id: str
    organisation_id: str
    order: Order
    created_by: str
    created_at: datetime
    status: LoadStatus = LoadStatus.WAITING
    entries: int | None = None
    bad_rows: int | None = None
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = ()
    next_entry: int = 0
    content_digest: str | None = None
    failure: str | None = None
    finished_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Head:
    """Which slot of a register answers for an organisation, and which file is being written into the other.

    Attributes
    ----------
    slot, load_id, as_of, entries
        Of the file that answers; None until there is one.
    loading
        The upload that has the other slot, until `loading_until`.
    """

    organisation_id: str
    authority_id: str
    slot: Slot | None = None
    load_id: str | None = None
    as_of: date | None = None
    entries: int = 0
    loading: str | None = None
    loading_until: datetime | None = None
    created_at: datetime | None = None
    version: int | None = None

    @property
    def free_slot(self) -> Slot:
        """Where the next file goes."""
        return self.slot.other if self.slot is not None else Slot.A

    def is_taken(self, load_id: str, now: datetime) -> bool:
        """Tell whether another file has the register to itself."""
        return (
            self.loading not in (None, load_id)
            and self.loading_until is not None
            and now < self.loading_until
        )


class LoadNotWaiting(Conflict):
    """A file for this upload has arrived before."""

    code = "register-not-waiting"


class LoadMovedOn(Conflict):
    """Another worker has carried this upload on, or another file has taken the register."""

    code = "register-moved-on"


def checked_order(order: Order, today: date) -> Order:
    """Return an order whose day makes sense.

    Raises
    ------
    Invalid
        If the file tells of a day to come, or of one so long ago that it would answer nothing.
    """
    if order.as_of > today + timedelta(days=1):  # today has begun somewhere before it has in UTC
        raise Invalid.field("/as_of", "This day is still to come.")
    if is_too_old(order.as_of, today):
        raise Invalid.field(
            "/as_of", f"A register of over {KEEP.days} days ago answers nothing: upload the present one."
        )
    return order


def refusal(order: Order, entries: Mapping[str, object], head: Head) -> str | None:
    """Return why a file is not to replace the one that answers, as a sentence, or None."""
    if head.as_of is not None and order.as_of < head.as_of:
        return f"The file in use is newer: it tells of {head.as_of.isoformat()}."
    if len(entries) * FEWEST < head.entries and not order.accepts_fewer:
        return (
            f"The file has {len(entries):,} entries, the one in use {head.entries:,}. If that is right, upload it "
            "again and say so."
        )
    return None


@dataclass(frozen=True)
class Stored:
    """What is read of a register for one number, in one round trip: its head and the number's row in each slot."""

    head: Head | None
    rows: Mapping[Slot, "StoredEntry"] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredEntry:
    """An entry as a load wrote it."""

    load_id: str
    name: str
    status: str | None
    state: str
    valid_until: date | None
