"""Roster files that we write: templates to fill in, and rows as `parse_roster` reads them."""

import csv
import hashlib
import io
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from chalicelib.kernel.clock import to_text
from chalicelib.people.model import LanguageSkill, Window
from chalicelib.rosters.availability import availability_text
from chalicelib.rosters.cells import NO_EXPIRY, Role
from chalicelib.rosters.columns import COLUMNS, Column, Need
from chalicelib.rosters.model import EXAMPLE_ID, RosterRow

CSV_MEDIA_TYPE = "text/csv; charset=utf-8"
XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template_csv(role: Role) -> bytes:
    """Return a CSV with the headings of a role and one example row, which no import takes.

    UTF-8 with a byte order mark, without which spreadsheet programs take it for something else.
    """
    columns = _columns_of(role)
    return _csv([[c.name for c in columns], [_example(c, role) for c in columns]])


def template_xlsx(role: Role) -> bytes:
    """Return the same as a workbook, with a second sheet that explains the columns."""
    from openpyxl import Workbook  # heavy, and only here
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    columns = _columns_of(role)
    book = Workbook()
    table, meanings = book.active, book.create_sheet("columns")
    table.title = f"{role}s"
    table.append([c.name for c in columns])
    table.append([_example(c, role) for c in columns])
    meanings.append(["column", "needed", "meaning", "example"])
    for c in columns:
        meanings.append([c.name, _need(c, role).value, c.meaning.replace("`", ""), c.example])
    for sheet, widths in ((table, [24] * len(columns)), (meanings, [26, 14, 90, 40])):
        sheet.freeze_panes = "A2"
        for n, width in enumerate(widths, start=1):
            letter = get_column_letter(n)
            sheet.column_dimensions[letter].width = width
            sheet[f"{letter}1"].font = Font(bold=True)
    for n in range(1, len(columns) + 1):
        # Text: a spreadsheet program must not make dates and numbers of what is typed.
        table.column_dimensions[get_column_letter(n)].number_format = "@"
        table.cell(2, n).number_format = "@"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def write_rows(rows: Iterable[RosterRow]) -> bytes:
    """Write rows as a CSV that `parse_roster` reads back to the same rows, but for their row numbers.

    Raises
    ------
    ValueError
        If an entry of a list holds a character that separates lists.
    """
    return _csv([[c.name for c in COLUMNS], *([_text(_value(row, c)) for c in COLUMNS] for row in rows)])


def columns_table() -> str:
    """Return the columns as a table in Markdown, for docs/rosters.md."""
    lines = ["| column | mentor | mentee | meaning | example | other headings |", "|---|---|---|---|---|---|"]
    for c in COLUMNS:
        example = f"`{c.example}`" if c.example else ""
        lines.append(
            f"| `{c.name}` | {c.mentor} | {c.mentee} | {c.meaning} | {example} | {', '.join(c.aliases)} |"
        )
    return "\n".join(lines) + "\n"


def version() -> str:
    """Return a word that changes whenever the templates do."""
    return hashlib.sha256(columns_table().encode()).hexdigest()[:16]


def _need(column: Column, role: Role) -> Need:
    return column.mentor if role is Role.MENTOR else column.mentee


def _columns_of(role: Role) -> list[Column]:
    return [c for c in COLUMNS if _need(c, role) is not Need.UNUSED]


def _example(column: Column, role: Role) -> str:
    return {"external_id": EXAMPLE_ID, "role": role.value}.get(column.name, column.example)


def _csv(table: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for cells in table:
        writer.writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    # A text that begins so would be run as a formula where the file is opened (OWASP, "CSV Injection").
    return f"'{text}" if text.lstrip("'")[:1] in ("=", "+", "-", "@") and text else text


def _value(row: RosterRow, column: Column) -> Any:
    if column.name == "verified":
        return _verified(row)
    if column.name == "verified_until":
        return ""
    return column.value_of(row.profile) if column.path else getattr(row, column.name)


def _verified(row: RosterRow) -> str:
    until = row.verified_until
    if until is None:
        return "no" if row.role is Role.MENTOR else ""
    if until == NO_EXPIRY:
        return "yes"
    if until.time() == time():
        return (until - timedelta(days=1)).date().isoformat()
    return to_text(until)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return to_text(value)
    if not isinstance(value, tuple):
        return str(value)
    if value and isinstance(value[0], Window):
        return availability_text(value)
    if value and isinstance(value[0], LanguageSkill):
        return "; ".join(f"{skill.language}:{skill.level}" for skill in value)
    entries = [str(entry) for entry in value]
    if any(mark in entry for entry in entries for mark in ";|\n"):
        raise ValueError("an entry of a list holds a separator")
    # The last mark keeps the comma of a single entry from being read as one.
    return "; ".join(entries) + (";" if len(entries) == 1 and "," in entries[0] else "")
