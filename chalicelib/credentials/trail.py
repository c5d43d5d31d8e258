"""The trail of a credential: what was done with it, row after row, each holding the hash of the one before.

A row that was taken out, changed or put in breaks the chain, and the head says where it ends: one cut off at its end
is found as well. Rows hold codes, identifiers and digests, never what is claimed or written: the digests let the
wordings, decisions and notes beside them be checked, too.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.kernel.clock import to_text

START = "0" * 64
"""What the first row holds in the place of a hash before it."""


@dataclass(frozen=True)
class Head:
    """Where a trail ends: how many rows it has, and the hash of the last."""

    seq: int = 0
    hash: str = START
    created_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Entry:
    """One row: who did what, when, from which state to which.

    Attributes
    ----------
    seq
        Counts the rows of a credential, from 1.
    by
        In which part the actor acted: `owner`, `reviewer`, `coordinator`, `job`. The person sees this, not who it was.
    detail
        Codes, identifiers and digests.
    """

    credential_id: str
    seq: int
    at: datetime
    actor: str
    by: str
    action: str
    before: str | None
    after: str | None
    previous: str
    detail: Mapping[str, str] = field(default_factory=dict)
    hash: str = ""

    @property
    def own_hash(self) -> str:
        """The hash over all that the row says, and over the hash before it."""
        return digest_of(
            {
                "credential": self.credential_id, "seq": self.seq, "at": to_text(self.at), "actor": self.actor,
                "by": self.by, "action": self.action, "before": self.before, "after": self.after,
                "detail": dict(self.detail), "previous": self.previous,
            }
        )  # fmt: skip


@dataclass(frozen=True)
class Record:
    """What somebody wrote on the occasion of row `seq`: `said` has its `kind` and the words and codes."""

    seq: int
    said: Mapping[str, Any]


def digest_of(said: Any) -> str:
    """Return the SHA-256 of some JSON in its one canonical form."""
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def broken(
    entries: Sequence[Entry], head: Head, *, from_start: bool = True, to_end: bool = True
) -> list[str]:
    """Return what is wrong with a chain, in its order; nothing if it is whole.

    Parameters
    ----------
    entries
        All rows, as they stand in the order of their keys.
    from_start, to_end
        False for a part of a trail that need not begin with the first row, or end with the last.
    """
    found = []
    previous, seq = START, 0
    if entries and not from_start and entries[0].seq > 1:
        previous, seq = entries[0].previous, entries[0].seq - 1
    for entry in entries:
        seq += 1
        if entry.seq != seq:
            found.append(f"row {seq} is missing: {entry.seq} stands in its place")
            seq = entry.seq
        if entry.previous != previous:
            found.append(f"row {entry.seq} does not follow the row before it")
        if entry.hash != entry.own_hash:
            found.append(f"row {entry.seq} was changed after it was written")
        previous = entry.hash
    if not to_end and seq < head.seq:
        return found
    if (head.seq, head.hash) != (seq, previous):
        found.append(f"the trail ends with row {seq}, its head says {head.seq}")
    return found
