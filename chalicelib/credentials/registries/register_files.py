"""The register that an authority publishes as a file: from its bytes to one entry a number.

Authorities name and fill their columns as they like, so whoever uploads a file says which column means what, and which
of the register's words for a status mean that somebody may practise. Nothing is guessed: a status that nobody mapped is
`unknown`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from chalicelib.credentials import numbers
from chalicelib.credentials.registries.model import Entry, State, shown
from chalicelib.kernel import delimited
from chalicelib.kernel.errors import FieldError, Invalid

MAX_BYTES = 32 * 1024 * 1024
LIMITS = delimited.Limits(rows=250_000, columns=200)
MAX_NUMBER = 40
HEADING_SEARCH = 10
"""Headings stand within this many rows that are not blank; a title may come before them."""
MAX_PROBLEMS = 200
"""Problems that are kept; all are counted."""
BAD_SHARE = 10
"""A file of which over one row in so many cannot be read is refused: most likely a column is mapped wrongly."""
KEEP = timedelta(days=396)
"""For how long after its date a file answers: thirteen months, for registers that are published once a year."""


class DayOrder(StrEnum):
    """How a file writes days: 2027-06-30, 30/06/2027 or 06/30/2027."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


@dataclass(frozen=True)
class Columns:
    """Which heading of a file means what, and how its cells are to be read.

    Attributes
    ----------
    number
        The heading of the number.
    names
        The headings whose cells make up the name, in the order in which they are joined: at least one.
    status
        The heading of the status; None if the file has none, as one that lists only who may practise.
    valid_until
        The heading of the last day on which an entry holds.
    current, not_current
        The words of the status column, in any case, that mean so.
    listed_is_current
        Whether being in a file without a status column means being current.
    digits
        Numbers of fewer digits are filled up with noughts, which spreadsheet programs take away.
    """

    number: str
    names: tuple[str, ...]
    status: str | None = None
    valid_until: str | None = None
    current: tuple[str, ...] = ()
    not_current: tuple[str, ...] = ()
    listed_is_current: bool = False
    day_order: DayOrder = DayOrder.YMD
    digits: int | None = None

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.number, *self.names, self.status, self.valid_until)))


@dataclass(frozen=True)
class RowProblem:
    """Why a row was left out."""

    row: int
    column: str | None
    reason: str


@dataclass(frozen=True)
class RegisterParse:
    """What a file holds.

    Attributes
    ----------
    entries
        The good ones by normalised number, in the file's order.
    bad_rows
        How many rows were left out, each with one problem; `problems` has the first `MAX_PROBLEMS` of them.
    notes
        What was assumed, in sentences.
    """

    entries: Mapping[str, Entry]
    bad_rows: int = 0
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[str, ...] = field(default=())


class RegisterUnreadable(Invalid):
    """The file as a whole cannot be read; the one before it stays."""

    code = "register-unreadable"
    title = "The register's file cannot be read"


def checked_columns(columns: Columns) -> Columns:
    """Return a column map if it makes sense.

    Raises
    ------
    Invalid
        If no column makes up the name, two mean the same, or words contradict each other.
    """
    errors = []
    folded = [_folded(one) for one in columns.headings]
    if not columns.names:
        errors.append(FieldError("/columns/names", "Name at least one column that holds the name."))
    if len(set(folded)) < len(folded):
        errors.append(FieldError("/columns", "Each column can mean one thing only."))
    both = {_folded(one) for one in columns.current} & {_folded(one) for one in columns.not_current}
    if both:
        errors.append(
            FieldError("/columns/not_current", "A word cannot mean both: " + ", ".join(sorted(both)))
        )
    if columns.status is None and (columns.current or columns.not_current):
        errors.append(FieldError("/columns/status", "Name the column that these words stand in."))
    if columns.status is not None and columns.listed_is_current:
        errors.append(
            FieldError("/columns/listed_is_current", "A file with a status says by it who is current.")
        )
    if errors:
        raise Invalid("The columns need mending.", tuple(errors))
    return columns


def parse(content: bytes, columns: Columns, as_of: date) -> RegisterParse:
    """Read a register's file.

    Parameters
    ----------
    as_of
        The day of which the file tells; each entry carries it.

    Raises
    ------
    RegisterUnreadable
        If it is no delimited text, lacks a column of the map, holds no entry, or too many rows are bad.
    """
    if len(content) > MAX_BYTES:
        raise RegisterUnreadable(f"The file has over {MAX_BYTES // 1024 // 1024} MB.")
    if not content.strip():
        raise RegisterUnreadable("The file is empty.")
    wanted = {_folded(one) for one in columns.headings}
    try:
        read = delimited.read(content, is_heading=lambda cell: _folded(cell) in wanted, limits=LIMITS)
    except delimited.UnreadableError as error:
        raise RegisterUnreadable(str(error)) from error
    places, rows = _places(read.rows, columns)
    entries: dict[str, Entry] = {}
    seen: dict[str, int] = {}
    problems = []
    for row in rows:
        try:
            entry = _entry(_Cells(places, row.cells), columns, as_of)
            number = numbers.normalised(entry.number)
            if number in entries and entries[number] != entry:
                raise _BadRowError(
                    columns.number, f"this number stands in row {seen[number]} for another entry"
                )
        except _BadRowError as bad:
            problems.append(RowProblem(row.number, bad.column, bad.reason))
            continue
        entries.setdefault(number, entry)
        seen.setdefault(number, row.number)
    _require_enough(len(rows), len(problems), entries, problems)
    return RegisterParse(entries, len(problems), tuple(problems[:MAX_PROBLEMS]), read.notes)


def _require_enough(
    rows: int, bad: int, entries: Mapping[str, Entry], problems: Sequence[RowProblem]
) -> None:
    if entries and bad * BAD_SHARE <= rows:
        return
    if not rows:
        raise RegisterUnreadable("The file has headings and no rows.")
    first = problems[0]
    where = f"row {first.row}" + (f", {first.column}" if first.column else "")
    raise RegisterUnreadable(
        f"{bad:,} of {rows:,} rows cannot be read, so a column is probably mapped wrongly. First: {where}: "
        f"{first.reason}."
    )


class _BadRowError(Exception):
    def __init__(self, column: str | None, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True)
class _Cells:
    places: Mapping[str, int]
    cells: Sequence[str]

    def __getitem__(self, heading: str) -> str:
        place = self.places[_folded(heading)]
        return self.cells[place] if place < len(self.cells) else ""


def _places(
    rows: Sequence[delimited.Row], columns: Columns
) -> tuple[Mapping[str, int], Sequence[delimited.Row]]:
    """Return where each mapped heading stands, and the rows below."""
    wanted = {_folded(one): one for one in columns.headings}
    missing: list[str] = list(wanted.values())
    for at, row in enumerate(rows[:HEADING_SEARCH]):
        folded = [_folded(cell) for cell in row.cells]
        lacking = [heading for key, heading in wanted.items() if key not in folded]
        if not lacking:
            twice = [heading for key, heading in wanted.items() if folded.count(key) > 1]
            if twice:
                raise RegisterUnreadable(f"Two columns are called “{twice[0]}”. Rename one.")
            return {key: folded.index(key) for key in wanted}, rows[at + 1 :]
        if len(lacking) < len(missing) or at == 0:
            missing = lacking
    raise RegisterUnreadable(
        "The file has no column called " + ", ".join(f"“{one}”" for one in missing) + "."
    )


def _entry(cells: _Cells, columns: Columns, as_of: date) -> Entry:
    written = shown(cells[columns.number])
    number = numbers.normalised(written)
    if not number:
        raise _BadRowError(columns.number, "there is no number")
    if len(number) > MAX_NUMBER:
        raise _BadRowError(columns.number, f"a number has at most {MAX_NUMBER} characters")
    if _SCIENTIFIC.fullmatch(written):
        raise _BadRowError(
            columns.number, "a spreadsheet program has rounded this number; export the column as text"
        )
    if columns.digits is not None and number.isdigit():
        number = number.zfill(columns.digits)
    name = " ".join(filter(None, (shown(cells[heading]) for heading in columns.names)))
    if not name:
        raise _BadRowError(columns.names[0], "there is no name")
    status = shown(cells[columns.status]) if columns.status is not None else ""
    return Entry(
        number=number,
        names=(name,),
        is_person=True,
        status=status or None,
        state=_state(status, columns),
        valid_until=_day(cells, columns),
        as_of=as_of,
    )


_SCIENTIFIC = re.compile(r"\d([.,]\d+)?[eE]\+\d+", re.ASCII)


def _state(status: str, columns: Columns) -> State:
    if columns.status is None:
        return State.CURRENT if columns.listed_is_current else State.UNKNOWN
    word = _folded(status)
    if word in map(_folded, columns.current):
        return State.CURRENT
    return State.NOT_CURRENT if word in map(_folded, columns.not_current) else State.UNKNOWN


_DAYS = {
    DayOrder.YMD: re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:[T ].*)?", re.ASCII),
    DayOrder.DMY: re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})(?: .*)?", re.ASCII),
    DayOrder.MDY: re.compile(r"(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4})(?: .*)?", re.ASCII),
}  # fmt: skip


def _day(cells: _Cells, columns: Columns) -> date | None:
    text = shown(cells[columns.valid_until]) if columns.valid_until is not None else ""
    if not text:
        return None
    match = _DAYS[columns.day_order].fullmatch(text)
    try:
        if match is None:
            raise ValueError("not of this order")
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise _BadRowError(
            columns.valid_until, f"this is no day written as {_EXAMPLES[columns.day_order]}"
        ) from None


_EXAMPLES = {DayOrder.YMD: "2027-06-30", DayOrder.DMY: "30/06/2027", DayOrder.MDY: "06/30/2027"}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def is_too_old(as_of: date, today: date) -> bool:
    """Tell whether a file of that day has stopped to answer."""
    return today - as_of > KEEP
