"""From the bytes of a CSV file to rows of texts, in the encodings and separators that programs write, and back."""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain


class UnreadableError(ValueError):
    """The file as a whole cannot be read; the message is a sentence for who sent it."""


# What a spreadsheet would take for the start of a formula, https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Limits:
    """What a file may have; rows are counted without the headings."""

    rows: int
    columns: int


@dataclass(frozen=True)
class Row:
    """One row that is not blank: its number as a spreadsheet shows it, and its cells, trimmed."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Delimited:
    """What a file holds.

    Attributes
    ----------
    rows
        All rows that are not blank, the headings among them.
    encoding, separator
        How it was read.
    notes
        What was assumed, in sentences.
    """

    rows: tuple[Row, ...]
    encoding: str
    separator: str
    notes: tuple[str, ...] = ()


def read(content: bytes, *, is_heading: Callable[[str], bool], limits: Limits) -> Delimited:
    """Read a table of delimited text.

    Parameters
    ----------
    is_heading
        Whether a cell is a heading that we know: the separator is the one that brings the most of them to light.

    Raises
    ------
    UnreadableError
        If it is no text, damaged, or has more rows or columns than it may.
    """
    text, encoding, notes = _decoded(content)
    rest = text
    first, end, after = text.partition("\n")
    separator = None
    first = first.strip(" \r")
    if first.casefold() in ("sep=,", "sep=;", "sep=\\t", "sep=\t"):
        # A line for Excel alone, which takes it away before it counts rows.
        separator = {",": ",", ";": ";"}.get(first[-1], "\t")
        rest = after if end else ""
    separator = separator or _separator(rest, is_heading)
    rows = tuple(limited(_csv_rows(rest, separator), limits))
    return Delimited(rows, encoding, separator, notes)


def _decoded(content: bytes) -> tuple[str, str, tuple[str, ...]]:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if content.startswith(mark):
            try:
                text = content[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise UnreadableError(
                    f"The file says that it is {encoding.upper()}, but it is damaged. Save it anew as CSV UTF-8."
                ) from error
            return _text_only(text), encoding, ()
    try:
        return _text_only(content.decode("utf-8")), "utf-8", ()
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            "The file is neither a CSV text nor an .xlsx. Save it as CSV UTF-8 or .xlsx."
        ) from error
    note = "The file is not UTF-8 and was read as Windows-1252. If names look wrong, save it as CSV UTF-8."
    return _text_only(text), "cp1252", (note,)


def _text_only(text: str) -> str:
    if "\0" in text:
        raise UnreadableError("The file is not a CSV text. Save it as CSV UTF-8 or .xlsx.")
    return text


def _separator(text: str, is_heading: Callable[[str], bool]) -> str:
    def heads(separator: str) -> tuple[int, int]:
        best = (0, 0)
        seen = 0
        try:
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                cells = [cell.strip() for cell in row]
                best = max(best, (sum(map(is_heading, cells)), len(cells)))
                seen += any(cells)
                if seen == 10:
                    break
        except csv.Error:
            return (0, 0)
        return best

    # The first of equals: a file of one column reads alike with each.
    return max((",", ";", "\t"), key=heads)


def _csv_rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    # A last line of our own, which no text that was let in can hold: where it does not come back alone, a quotation
    # mark before it was never closed.
    end = "\0"
    lines: Iterable[str] = io.StringIO(text, newline="")
    if not text.endswith(("\n", "\r")):
        lines = chain(lines, ["\n"])
    reader = csv.reader(chain(lines, [end]), delimiter=separator)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if row == [end]:
                return
            if row and row[-1].endswith(end):
                raise UnreadableError(
                    f"A quotation mark in row {number} is never closed. Close it or take it out."
                )
            yield number, row
    except csv.Error as error:
        # The reader's own limit of 131,072 characters a cell; most often a quotation mark that swallowed the rest.
        raise UnreadableError(
            f"Row {number + 1} holds a cell of over 100,000 characters. Is a quotation mark never closed?"
        ) from error


def limited(raw: Iterable[tuple[int, list[str]]], limits: Limits) -> Iterator[Row]:
    """Trim cells, leave out blank rows, and refuse more than the limits let through."""
    kept = 0
    for number, cells in raw:
        trimmed = [_trimmed(cell) for cell in cells]
        while trimmed and not trimmed[-1]:
            trimmed.pop()
        if not trimmed:
            continue
        kept += 1
        if kept > limits.rows + 1:
            raise UnreadableError(f"The file has over {limits.rows:,} rows. Split it into several.")
        if len(trimmed) > limits.columns:
            raise UnreadableError(f"Row {number} has over {limits.columns} columns.")
        yield Row(number, tuple(trimmed))


def _trimmed(cell: str) -> str:
    text = (
        unicodedata.normalize("NFC", cell.replace("\r\n", "\n").replace("\r", "\n"))
        .strip()
        .strip("\ufeff\u200b")
    )
    # Spreadsheet programs put an apostrophe before a text that would else be a formula; so do we when we write.
    return (
        text[1:]
        if len(text) > 1 and text[0] == "'" and text.lstrip("'")[:1] in ("=", "+", "-", "@")
        else text
    )


def written(headings: Iterable[str], rows: Iterable[Iterable[str | int]]) -> str:
    """Write a table as CSV (RFC 4180), with cells that no spreadsheet runs."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(headings)
    table.writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def safe_cell(cell: str | int) -> str | int:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    Examples
    --------
    >>> safe_cell("=1+1")
    "'=1+1"
    """
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell
