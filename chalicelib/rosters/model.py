"""Rosters: from the bytes of a spreadsheet to people, and to what is wrong with which row.

`parse_roster` reads no clock, no store and no network; the import and the command line of matching share it.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.kernel.delimited import Row
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.texts import readable
from chalicelib.people import codes
from chalicelib.people.checks import checked_profile
from chalicelib.people.model import Profile, normalised_email
from chalicelib.rosters.cells import NO_EXPIRY, Role, fold
from chalicelib.rosters.columns import (
    BY_NAME,
    COLUMNS,
    Column,
    Need,
    column_of,
    nearest_column,
    placed,
    refused,
)
from chalicelib.rosters.table_files import MAX_CELL_CHARS, RosterUnreadable, Table, read_table

__all__ = [
    "COLUMNS",
    "EXAMPLE_ID",
    "IGNORE",
    "Column",
    "HeadingProblem",
    "Need",
    "Role",
    "RosterParse",
    "RosterRow",
    "RosterUnreadable",
    "RowProblem",
    "checked_column_map",
    "parse_roster",
]

IGNORE = "ignore"
"""What a column map says of a heading that means nothing to us."""

EXAMPLE_ID = "EXAMPLE"
"""The external id of the templates' example row, which no import takes."""

HEADING_SEARCH = 10
"""Headings stand within this many rows that are not blank; a title may come before them."""

_SHEETS = {
    Role.MENTOR: ("mentors", "mentor"),
    Role.MENTEE: ("mentees", "mentee", "mentores", "mentore"),
}
_ERROR_CELLS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!")
_TOO_MANY_CELLS = (
    "This row has more cells than headings. Put quotation marks around a cell that holds a separator."
)
_EXCERPT_CHARS = 40


@dataclass(frozen=True)
class RosterRow:
    """One person of a roster, every value in its canonical spelling.

    Attributes
    ----------
    row_number
        As a spreadsheet shows it.
    capacity
        None where the row leaves it to the programme.
    verified_until
        What the file says of verification, for the command line alone: an import never verifies anybody.
    profile
        Checked; its `person_id` is the external id, else the address.
    given
        The columns that had a value, so that an empty cell can be told from one that says what is usual.
    """

    row_number: int
    external_id: str | None
    email: str
    given_name: str
    family_name: str
    locale: str
    role: Role
    capacity: int | None
    verified_until: datetime | None
    profile: Profile
    given: frozenset[str] = dataclasses.field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class RowProblem:
    """Why a row was not taken: one thing wrong with one cell, or with the row where `column` is None."""

    row: int
    column: str | None
    reason: str
    value_excerpt: str | None = None


@dataclass(frozen=True)
class HeadingProblem:
    """One thing wrong with the headings; a `fatal` one leaves nothing to read.

    `nearest` is the column that an unknown heading looks like.
    """

    heading: str
    reason: str
    nearest: str | None = None
    fatal: bool = False


@dataclass(frozen=True)
class RosterParse:
    """What a file holds.

    Attributes
    ----------
    rows
        The good ones, in the file's order.
    problems
        All that is wrong with the others, in the file's order.
    headings
        What is wrong with the headings.
    notes
        What was assumed in reading the file, in sentences.
    encoding, separator
        How a CSV was read; None for XLSX.
    """

    rows: tuple[RosterRow, ...]
    problems: tuple[RowProblem, ...] = ()
    headings: tuple[HeadingProblem, ...] = ()
    notes: tuple[str, ...] = ()
    format: str = "csv"
    encoding: str | None = None
    separator: str | None = None

    @property
    def bad_rows(self) -> tuple[int, ...]:
        """Numbers of the rows that were not taken."""
        return tuple(dict.fromkeys(problem.row for problem in self.problems))


def parse_roster(
    content: bytes, *, filename: str, role: Role | None = None, column_map: Mapping[str, str] | None = None
) -> RosterParse:
    """Read a roster.

    Parameters
    ----------
    content
        The file, at most 10 MB: CSV (UTF-8, UTF-16 with its mark, or Windows-1252; comma, semicolon or tab) or XLSX.
    filename
        For messages alone: what the file is, its bytes decide.
    role
        What the whole file is of; None where each row says it in its `role` cell.
    column_map
        From headings of the file to names of `COLUMNS`, or `IGNORE`.

    Raises
    ------
    RosterUnreadable
        If the file as a whole cannot be read.
    Invalid
        If the column map names a column that does not exist.

    Examples
    --------
    >>> content = b"Courriel;Pr\\xc3\\xa9nom\\namina@hospital.example;Amina"
    >>> parse = parse_roster(content, filename="a.csv", role=Role.MENTOR)
    >>> [(row.row_number, row.email, row.given_name) for row in parse.rows]
    [(2, 'amina@hospital.example', 'Amina')]
    """
    mapped = checked_column_map(column_map or {})

    def meaning(heading: str) -> str | None:
        return mapped.get(fold(heading)) or column_of(heading)

    table = read_table(
        content,
        is_heading=lambda cell: meaning(cell) is not None,
        sheet_names=_SHEETS[role] if role else (),
    )
    heading_row, rows = _heading_row(table, meaning)
    notes = list(table.notes)
    if table.format == "csv" and filename.casefold().endswith((".xls", ".xlsx", ".ods")):
        notes.append("The file is named as a workbook, but it is a CSV text and was read as one.")
    columns, headings = _columns(heading_row, meaning, set(mapped), needs_role=role is None)
    parse = _Parse(columns, role)
    if not any(problem.fatal for problem in headings):
        for row in rows:
            parse.take(row)
    return RosterParse(
        tuple(parse.rows), tuple(parse.problems), tuple(headings), (*notes, *parse.notes),
        table.format, table.encoding, table.separator,
    )  # fmt: skip


def checked_column_map(column_map: Mapping[str, str]) -> dict[str, str]:
    """Return a column map with its headings folded; raises `Invalid` where it names a column that does not exist."""
    errors = tuple(
        FieldError(
            f"/column_map/{heading[:100].replace('~', '~0').replace('/', '~1')}",
            f'"{target[:60]}" is no column. Give one of the columns of docs/rosters.md, or "{IGNORE}".',
        )
        for heading, target in column_map.items()
        if target != IGNORE and target not in BY_NAME
    )
    if errors:
        raise Invalid("The column map names columns that do not exist.", errors)
    return {fold(heading): target for heading, target in column_map.items()}


def _heading_row(table: Table, meaning: Any) -> tuple[Row, tuple[Row, ...]]:
    """Find the headings: the first row with the most headings that we know, among the first few."""
    known = [sum(meaning(cell) is not None for cell in row.cells) for row in table.rows[:HEADING_SEARCH]]
    if not known:
        raise RosterUnreadable("The file has no rows.")
    at = known.index(max(known)) if max(known) > 1 else 0
    return table.rows[at], table.rows[at + 1 :]


def _columns(
    row: Row, meaning: Any, mapped: set[str], *, needs_role: bool
) -> tuple[list[Column | None], list[HeadingProblem]]:
    """Return the column at each place of a row, None where nothing is to be read, and what is wrong."""
    columns: list[Column | None] = []
    problems: list[HeadingProblem] = []
    seen: dict[str, str] = {}
    for heading in row.cells:
        name = meaning(heading) if heading else None
        column = None
        short = heading[:100]
        if name is None and heading:
            nearest = nearest_column(heading)
            hint = f'; did you mean "{nearest}"?' if nearest else ""
            problems.append(
                HeadingProblem(short, f"not a column that we know, so it was left out{hint}", nearest)
            )
        elif name in seen:
            problems.append(
                HeadingProblem(
                    short,
                    f'Both this and "{seen[name]}" mean "{name}". Map one of them to another column, or to "{IGNORE}".',
                    name,
                    fatal=True,
                )
            )
        elif name is not None and name != IGNORE:
            seen[name] = short
            column = BY_NAME[name]
        columns.append(column)
    required = [c.name for c in COLUMNS if Need.REQUIRED in (c.mentor, c.mentee)] + ["role"] * needs_role
    for name in required:
        if name not in seen:
            problems.append(
                HeadingProblem(name, "This column is missing, and no row can be read without it.", fatal=True)
            )
    for heading in sorted(mapped - {fold(cell) for cell in row.cells}):
        problems.append(
            HeadingProblem(heading[:100], "The column map names this heading, but the file does not have it.")
        )
    return columns, problems


class _Parse:
    """Rows and problems so far, and whom they name, so that a later row may be told as a repeat."""

    def __init__(self, columns: list[Column | None], role: Role | None) -> None:
        self.columns = columns
        self.role = role
        self.rows: list[RosterRow] = []
        self.problems: list[RowProblem] = []
        self.notes: list[str] = []
        self._first_row: dict[tuple[str, str], int] = {}

    def take(self, row: Row) -> None:
        before = len(self.problems)
        values = dict(self._values(row))
        if values.get("external_id") == EXAMPLE_ID:
            del self.problems[before:]
            self.notes.append(f"Row {row.number} is the template's example and was left out.")
            return
        self._know(row.number, values)
        for name in ("email", "given_name"):
            if name not in values and not self._is_refused(row.number, name):
                self._say(row.number, name, "Fill this in.")
        role = self._role(row.number, values)
        profile = self._profile(row.number, values)
        if len(self.problems) > before or role is None or profile is None:
            return
        self.rows.append(
            RosterRow(
                row_number=row.number,
                external_id=values.get("external_id"),
                email=values["email"],
                given_name=values["given_name"],
                family_name=values.get("family_name", ""),
                locale=values.get("locale", "en"),
                role=role,
                capacity=values.get("capacity"),
                verified_until=_verified_until(values),
                profile=profile,
                given=frozenset(values) | ({"time_zone"} if profile.time_zone else set()),
            )
        )

    def _values(self, row: Row) -> Iterator[tuple[str, Any]]:
        for n, text in enumerate(row.cells):
            if n >= len(self.columns):
                if text:
                    self._say(row.number, None, _TOO_MANY_CELLS)
                    return
                continue
            column = self.columns[n]
            if column is None or not text:
                continue
            try:
                _refuse_unreadable(text)
                yield column.name, column.read(text)
            except ValueError as error:
                self._say(row.number, column.name, str(error), text if column.quotable else None)

    def _know(self, number: int, values: Mapping[str, Any]) -> None:
        keys = {"external_id": values.get("external_id"), "email": normalised_email(values.get("email", ""))}
        for column, key in keys.items():
            if not key:
                continue
            first = self._first_row.setdefault((column, key), number)
            if first != number:
                self._say(number, column, f"Row {first} has the same: keep one of the two.")

    def _role(self, number: int, values: Mapping[str, Any]) -> Role | None:
        said: Role | None = values.get("role")
        if self.role is not None and said not in (None, self.role):
            self._say(
                number, "role", f"This file is read as {self.role}s: take the row out, or correct its role."
            )
        elif self.role is None and said is None and not self._is_refused(number, "role"):
            self._say(number, "role", "Write mentor or mentee.")
        return self.role or said

    def _profile(self, number: int, values: Mapping[str, Any]) -> Profile | None:
        given = dict(values)
        zones = codes.zones_of(given.get("country", ""))
        if "availability" in given and "time_zone" not in given and len(zones) == 1:
            given["time_zone"] = zones[0]
        profile = _profile_of(given)
        try:
            return checked_profile(profile)
        except Invalid as refusal:
            for error in refusal.errors:
                name, reason = refused(error)
                if not self._is_refused(number, name):
                    self._say(number, name, reason)
            return None

    def _is_refused(self, number: int, column: str | None) -> bool:
        return any(
            problem.row == number and problem.column == column for problem in reversed(self.problems[-60:])
        )

    def _say(self, number: int, column: str | None, reason: str, value: str | None = None) -> None:
        excerpt = None if value is None else _excerpt(value)
        sentence = reason[:1].upper() + reason[1:] + ("" if reason.endswith((".", "?")) else ".")
        self.problems.append(RowProblem(number, column, sentence, excerpt))


def _excerpt(text: str) -> str:
    """Return what a report quotes of a cell, with what is not seen written out."""
    seen = "".join(char if char.isprintable() or char == "\n" else f"\\u{ord(char):04x}" for char in text)
    return seen if len(seen) <= _EXCERPT_CHARS else seen[: _EXCERPT_CHARS - 1] + "…"


def _refuse_unreadable(text: str) -> None:
    if len(text) > MAX_CELL_CHARS:
        raise ValueError(f"at most {MAX_CELL_CHARS} characters in one cell")
    if text in _ERROR_CELLS:
        raise ValueError("the spreadsheet shows an error in this cell")
    readable(text)


def _profile_of(values: Mapping[str, Any]) -> Profile:
    """Build the profile that the row's values make, before it is checked."""
    person = values.get("external_id") or values.get("email") or ""
    profile = placed(Profile(person), values)
    return dataclasses.replace(profile, capacity=values["capacity"]) if values.get("capacity") else profile


def _verified_until(values: Mapping[str, Any]) -> datetime | None:
    said = values.get("verified")
    until: datetime | None = values.get("verified_until")
    if said is False:
        return None
    if isinstance(said, datetime):
        return min(said, until) if until else said
    return until or (NO_EXPIRY if said else None)
