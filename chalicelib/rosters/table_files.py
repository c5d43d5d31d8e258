"""From the bytes of a spreadsheet file to rows of texts: CSV in the encodings and separators that programmes keep,
and XLSX. What a file is, its bytes decide; its name and declared type are claims.
"""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Any
from xml.etree.ElementTree import ParseError  # for its name: nothing here parses with it
from xml.parsers import expat

from chalicelib.kernel import delimited
from chalicelib.kernel.delimited import Row
from chalicelib.kernel.errors import Invalid
from chalicelib.rosters.cells import fold

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELL_CHARS = 5_000
MAX_UNPACKED_BYTES = 64 * 1024 * 1024  # of an XLSX, whose parts are zipped
MAX_PARTS = 1_000
MAX_SHEET_ROWS = 1_048_576  # ECMA-376 sheets of spreadsheet programs end here
_LIMITS = delimited.Limits(MAX_ROWS, MAX_COLUMNS)


class RosterUnreadable(Invalid):
    """The file as a whole cannot be read as a table; nothing of it was taken."""

    code = "roster-unreadable"
    title = "The roster file cannot be read"


@dataclass(frozen=True)
class Table:
    """What a file holds.

    Attributes
    ----------
    rows
        All rows that are not blank, the headings among them.
    format
        `csv` or `xlsx`.
    encoding, separator
        How a CSV was read; None for XLSX.
    sheet
        Which sheet of an XLSX was read.
    notes
        What was assumed, in sentences.
    """

    rows: tuple[Row, ...]
    format: str
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    notes: tuple[str, ...] = ()


def read_table(
    content: bytes, *, is_heading: Callable[[str], bool], sheet_names: Sequence[str] = ()
) -> Table:
    """Read a CSV or XLSX file.

    Parameters
    ----------
    is_heading
        Whether a cell is a heading that we know: a CSV's separator is the one that brings the most of them to light.
    sheet_names
        Folded names of which the first sheet found is read, else the first visible one.

    Raises
    ------
    RosterUnreadable
        If it is neither, too large, damaged, or not meant to be read.
    """
    if not content.strip():
        raise RosterUnreadable("The file is empty.")
    if len(content) > MAX_BYTES:
        raise RosterUnreadable(f"The file has over {MAX_BYTES // 1024 // 1024} MB. Split it into several.")
    if content.startswith(b"PK\x03\x04"):
        return _read_xlsx(content, sheet_names)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise RosterUnreadable(
            "This is an old or password-protected Excel file. Save it as .xlsx or CSV, unprotected."
        )
    if content.startswith(b"%PDF"):
        raise RosterUnreadable("This is a PDF. Send the table itself as .xlsx or CSV.")
    return _read_csv(content, is_heading)


# --- CSV ------------------------------------------------------------------------------------------


def _read_csv(content: bytes, is_heading: Callable[[str], bool]) -> Table:
    try:
        read = delimited.read(content, is_heading=is_heading, limits=_LIMITS)
    except delimited.UnreadableError as error:
        raise RosterUnreadable(str(error)) from error
    return Table(read.rows, "csv", encoding=read.encoding, separator=read.separator, notes=read.notes)


# --- XLSX -----------------------------------------------------------------------------------------

# What openpyxl, zipfile and their XML parser raise on a damaged or forged file. Each stands for "cannot be read";
# MemoryError and the like are not ours to hide.
_DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, OSError,
    ParseError, expat.ExpatError, RuntimeError, TypeError, ValueError, struct.error,
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error,
)  # fmt: skip


def _read_xlsx(content: bytes, sheet_names: Sequence[str]) -> Table:
    try:
        _refuse_bombs(content)
        with warnings.catch_warnings():
            # Of styles and extensions that we do not read anyway.
            warnings.simplefilter("ignore")
            return _sheet_of(content, sheet_names)
    except _DAMAGE as error:
        raise RosterUnreadable(
            "This is not an .xlsx file, or it is damaged. Save it anew as .xlsx or CSV."
        ) from error


def _refuse_bombs(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        infos = parts.infolist()
        # zipfile reads no part beyond the size that it declares, so that the sum cannot lie.
        if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
            raise RosterUnreadable(
                f"The file unpacks to over {MAX_UNPACKED_BYTES // 1024 // 1024} MB. Send the table alone, as CSV."
            )
        for info in infos:
            # A table packs to a tenth or so of its size; Apache POI, too, takes 1 % for a bomb.
            if info.file_size > 100_000 and info.compress_size < info.file_size / 100:
                raise RosterUnreadable(
                    "The file is packed like no spreadsheet is. Send the table alone, as CSV."
                )
            if info.filename.endswith((".xml", ".rels")):
                with parts.open(info) as part:
                    _refuse_entities(part)


class _RootReachedError(Exception):
    pass


def _refuse_entities(part: IO[bytes]) -> None:
    """Refuse a document type, which stands before the root element: it alone can declare entities, the other kind of
    bomb, and no spreadsheet program writes one."""

    def doctype(*_: object) -> None:
        raise RosterUnreadable(
            "The file declares XML entities, which no roster needs. Save it anew as .xlsx or CSV."
        )

    def root(*_: object) -> None:
        raise _RootReachedError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = root
    try:
        while chunk := part.read(4096):
            parser.Parse(chunk)
    except _RootReachedError:
        return


def _sheet_of(content: bytes, sheet_names: Sequence[str]) -> Table:
    from openpyxl import load_workbook  # on first use: the API function never needs it

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        if not sheets:
            raise RosterUnreadable("The file has no sheet.")
        named = (sheet for name in sheet_names for sheet in sheets if fold(sheet.title) == name)
        sheet = next(named, sheets[0])
        sheet.reset_dimensions()  # the declared size is a claim, and often wrong
        notes = () if len(sheets) == 1 else (f"The file has {len(sheets)} sheets; “{sheet.title}” was read.",)
        raw = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
        try:
            rows = tuple(delimited.limited(_xlsx_rows(raw), _LIMITS))
        except delimited.UnreadableError as error:
            raise RosterUnreadable(str(error)) from error
        return Table(rows, "xlsx", sheet=sheet.title, notes=notes)
    finally:
        book.close()


def _xlsx_rows(raw: Iterable[Sequence[Any]]) -> Iterator[tuple[int, list[str]]]:
    for number, values in enumerate(raw, start=1):
        if number > MAX_SHEET_ROWS:
            return
        # A sheet may be formatted to its last row: a million blank ones must cost nothing.
        if values.count(None) < len(values):
            yield number, [_text(value) for value in values]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return (
            value.date().isoformat()
            if value.time() == time()
            else value.isoformat(sep=" ", timespec="minutes")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return str(value)
