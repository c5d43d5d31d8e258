"""Exports of trails: how a file of them is written, and how it is checked by itself.

A file of JSON lines has a line that says what it is, then for each trail its rows with their hashes and a line that
says where the trail ends, and at last a line with a digest over all lines before it. A CSV has one whole trail, and
where it ends in each row.

Rows hold codes, identifiers and digests: so does an export.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from chalicelib.credentials.model import MOVES, Move
from chalicelib.credentials.trail import START, Entry, Head, broken, digest_of
from chalicelib.kernel.clock import from_text, to_text

FORMAT = 1
JSON_LINES, CSV = "application/jsonl", "text/csv"
_COLUMNS = (
    "credential", "seq", "at", "actor", "by", "action", "before", "after", "detail", "previous", "hash", "head_seq",
    "head_hash",
)  # fmt: skip
_NOTHING = "it says nothing that an export would"
_NO_MOVES = frozenset({
    "view", "note", "set_down", "ask_register", "answer_register", "record_register", "add_evidence",
    "accept_evidence", "reject_evidence", "remove_evidence", "delete_evidence", "open_evidence", "export_trail",
})  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """What an export is of.

    Attributes
    ----------
    organisation_id
        Whose credentials; None for the whole installation's.
    first_day, last_day
        Rows of these days alone, UTC, both included; None for no such limit.
    """

    organisation_id: str | None = None
    first_day: date | None = None
    last_day: date | None = None

    @property
    def is_whole(self) -> bool:
        """Whether each trail is in it from its first row to its last."""
        return self.first_day is None and self.last_day is None

    def of(self, entries: list[Entry]) -> list[Entry]:
        """Return the part of a trail that is of these days: one piece, so that its rows follow one another."""
        fits = [n for n, entry in enumerate(entries) if self._has(entry.at.date())]
        return entries[fits[0] : fits[-1] + 1] if fits else []

    def _has(self, day: date) -> bool:
        return (self.first_day or day) <= day <= (self.last_day or day)


@dataclass(frozen=True)
class Trail:
    """A trail, or a part of one, as a file has it; `head` is where the whole ends, None if nothing says so."""

    credential_id: str
    organisation_id: str
    entries: list[Entry]
    head: Head | None


@dataclass(frozen=True)
class Found:
    """What a file comes to.

    Attributes
    ----------
    heads
        Where each trail ends, as `<credential> <hash>`.
    is_whole
        Whether it has each trail from its first row to its last.
    digest
        Over all lines but the last, and how many trails were left out: what the export's own page shows. None for a
        CSV.
    left_out
        How many trails are not in it, since whoever had it made may not read them.
    """

    heads: tuple[str, ...]
    rows: int
    is_whole: bool
    digest: str | None
    faults: tuple[str, ...]
    left_out: int = 0


def illegal(entries: Iterable[Entry]) -> list[str]:
    """Return which rows tell of what the table of moves does not know."""
    found = []
    for entry in entries:
        if entry.action in _NO_MOVES:
            continue
        legal = entry.action in set(Move) and entry.before in {
            source.value if source else None for source in MOVES[Move(entry.action)].sources
        }
        if not legal:
            found.append(f"row {entry.seq} is no move of the table: {entry.action} from {entry.before}")
    return found


# --- writing --------------------------------------------------------------------------------------


@dataclass
class Lines:
    """The lines of a file as they are made, with the digest that goes on from line to line.

    Attributes
    ----------
    digest
        Of the lines before; what was kept of it lets another process go on.
    """

    digest: str = START
    made: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, said: Mapping[str, Any]) -> None:
        line = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        self.digest = _rolled(self.digest, line)
        self.made.append(f"{line}\n".encode())
        self.size += len(self.made[-1])

    def begin(self, scope: Scope, at: datetime, export_id: str | None = None) -> None:
        self.add(
            {
                "crossward_trails": FORMAT, "export": export_id, "at": to_text(at),
                "organisation": scope.organisation_id,
                "first_day": scope.first_day.isoformat() if scope.first_day else None,
                "last_day": scope.last_day.isoformat() if scope.last_day else None,
            }
        )  # fmt: skip

    def add_trail(self, trail: Trail) -> None:
        for entry in trail.entries:
            self.add(_said(entry))
        head = {"seq": trail.head.seq, "hash": trail.head.hash} if trail.head else None
        self.add({"trail": trail.credential_id, "organisation": trail.organisation_id, "head": head})

    def end(self, trails: int, rows: int, left_out: int = 0) -> str:
        """Write the last line; return the digest that it holds."""
        digest = _closed(self.digest, left_out)
        self.add({"end": {"trails": trails, "rows": rows, "left_out": left_out, "digest": digest}})
        return digest

    @property
    def content(self) -> bytes:
        return b"".join(self.made)


def json_lines(trail: Trail, at: datetime) -> str:
    """Return the file of one whole trail."""
    lines = Lines()
    lines.begin(Scope(trail.organisation_id), at)
    lines.add_trail(trail)
    lines.end(1, len(trail.entries))
    return lines.content.decode()


def as_csv(trail: Trail) -> str:
    """Return the table of one whole trail."""
    written = io.StringIO()
    writer = csv.DictWriter(written, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    head = trail.head or Head()
    for entry in trail.entries:
        said = _said(entry)
        detail = json.dumps(said["detail"], sort_keys=True, ensure_ascii=False)
        writer.writerow({**said, "detail": detail, "head_seq": head.seq, "head_hash": head.hash})
    return written.getvalue()


def _said(entry: Entry) -> dict[str, Any]:
    return {
        "credential": entry.credential_id, "seq": entry.seq, "at": to_text(entry.at), "actor": entry.actor,
        "by": entry.by, "action": entry.action, "before": entry.before, "after": entry.after,
        "detail": dict(entry.detail), "previous": entry.previous, "hash": entry.hash,
    }  # fmt: skip


def _rolled(digest: str, line: str) -> str:
    return digest_of([digest, line])


def _closed(digest: str, left_out: int) -> str:
    """Return the digest of a whole file: how many trails it is without stands in no line before the last."""
    return _rolled(digest, f"left out: {left_out}") if left_out else digest


# --- reading --------------------------------------------------------------------------------------


def read_file(lines: Iterable[str]) -> Found:
    """Check a file by itself: whether its rows are what their hashes were made of and follow one another, whether each
    trail is in it up to its end, and whether a line was changed, taken out or put in since it was written.

    Parameters
    ----------
    lines
        With their ends, as they stand.
    """
    given = iter(lines)
    # A spreadsheet may put a byte order mark in front; it is no part of what was exported.
    first = next(given, "").removeprefix("\ufeff")
    reader = _Reader()
    if first.startswith("{"):
        reader.read_json_lines(first, given)
    elif first.rstrip("\r\n") == ",".join(_COLUMNS):
        reader.read_csv(given)
    else:
        reader.faults.append("line 1: this is no export of trails")
    return reader.found()


class _Reader:
    def __init__(self) -> None:
        self.scope = Scope()
        self.digest: str | None = None
        self.faults: list[str] = []
        self._heads: dict[str, str] = {}
        self._entries: list[Entry] = []
        self._rows = 0
        self._left_out = 0
        self._ended = False

    def found(self) -> Found:
        heads = tuple(f"{one} {head}" for one, head in self._heads.items())
        faults = tuple(self.faults)
        return Found(heads, self._rows, self.scope.is_whole, self.digest, faults, self._left_out)

    def read_json_lines(self, first: str, lines: Iterator[str]) -> None:
        try:
            self.scope = _scope_of(json.loads(first))
        except (AttributeError, KeyError, TypeError, ValueError):
            self.faults.append("line 1: this is no export of trails")
            return
        self.digest = digest = _rolled(START, first.rstrip("\r\n"))
        for n, line in enumerate(lines, 2):
            text = line.rstrip("\r\n")
            try:
                self._read(json.loads(text))
            except (AttributeError, KeyError, TypeError, ValueError):
                self.faults.append(f"line {n}: {_NOTHING}")
            if not self._ended:
                self.digest = digest = _rolled(digest, text)
        if not self._ended:
            self.faults.append("the end of the file is missing")

    def read_csv(self, lines: Iterator[str]) -> None:
        head = None
        for n, line in enumerate(lines, 2):
            try:
                (row,) = csv.reader([line], strict=True)
                said: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
                before, head = head, Head(int(said["head_seq"]), said["head_hash"])
                if before not in (None, head):
                    self.faults.append(f"line {n}: it says another head than the line before")
                texts = {name: said[name] or None for name in ("before", "after")}
                whole = {"seq": int(said["seq"]), "detail": json.loads(said["detail"])}
                self._add(_entry_of({**said, **texts, **whole}))
            except (AttributeError, KeyError, TypeError, ValueError, csv.Error):
                self.faults.append(f"line {n}: {_NOTHING}")
        if head is None:
            self.faults.append("there is no row in it")
        elif self._entries:
            self._close(self._entries[0].credential_id, head)

    def _read(self, said: dict[str, Any]) -> None:
        if self._ended:
            self.faults.append("there are lines after the end")
        elif "seq" in said:
            self._add(_entry_of(said))
        elif "trail" in said:
            head = said["head"]
            self._close(str(said["trail"]), Head(head["seq"], head["hash"]) if head else None)
        else:
            self._end(said["end"])

    def _add(self, entry: Entry) -> None:
        if self._entries and self._entries[0].credential_id != entry.credential_id:
            self._close(self._entries[0].credential_id, None)
        self._entries.append(entry)
        self._rows += 1

    def _close(self, credential_id: str, head: Head | None) -> None:
        """Check a trail of which all rows are read."""
        entries, self._entries = self._entries, []
        found = illegal(entries)
        if any(one.credential_id != credential_id for one in entries):
            found.append("rows of another credential stand before its end")
        if credential_id in self._heads:
            found.append("it is there twice")
        if head is None:
            found.append("the head is missing")
        else:
            first, last = self.scope.first_day, self.scope.last_day
            found += broken(entries, head, from_start=first is None, to_end=last is None)
        self._heads[credential_id] = head.hash if head else ""
        self.faults += [f"{credential_id}: {fault}" for fault in found]

    def _end(self, said: dict[str, Any]) -> None:
        self._ended = True
        if self._entries:
            self._close(self._entries[0].credential_id, None)
        if (said["trails"], said["rows"]) != (len(self._heads), self._rows):
            self.faults.append(
                f"it had {said['trails']} trails with {said['rows']} rows, "
                f"and has {len(self._heads)} with {self._rows}"
            )
        # A file from before trails were left out says nothing of any.
        self._left_out = said.get("left_out", 0)
        if type(self._left_out) is not int:
            raise TypeError("how many are left out is a number")
        if self.digest is not None:
            self.digest = _closed(self.digest, self._left_out)
        if said["digest"] != self.digest:
            self.faults.append("lines were changed, taken out or put in since it was written")


def _scope_of(said: dict[str, Any]) -> Scope:
    if said["crossward_trails"] != FORMAT:
        raise ValueError("another format")
    days = {
        name: date.fromisoformat(said[name]) if said[name] else None for name in ("first_day", "last_day")
    }
    return Scope(said["organisation"], **days)


def _entry_of(said: dict[str, Any]) -> Entry:
    texts = [said[name] for name in ("credential", "at", "actor", "by", "action", "previous", "hash")]
    if type(said["seq"]) is not int or not all(isinstance(one, str) for one in texts):
        raise TypeError("a row has a number and words")
    entry = Entry(
        said["credential"], said["seq"], from_text(said["at"]), said["actor"], said["by"], said["action"],
        said["before"], said["after"], said["previous"], dict(said["detail"]),
    )  # fmt: skip
    return replace(entry, hash=said["hash"])
