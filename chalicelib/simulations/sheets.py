"""A case as a spreadsheet, for authors who would rather not write JSON: one sheet, one thing a row, in any order.

The column `what` says which thing a row is; the other columns mean the same in each row and are left blank where they
mean nothing. Several names or phrases in a cell are parted by semicolons. docs/simulations.md has the table.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.rosters.cells import fold
from chalicelib.rosters.table_files import RosterUnreadable, read_table
from chalicelib.simulations.cases import DEFAULT_MINUTES, CaseOutcome, TopicKind, Voice
from chalicelib.simulations.errors import SheetUnreadable

COLUMNS = (
    "what", "key", "text", "scenes", "settings", "by", "phrases", "leads to", "minutes", "expected", "available",
    "outcome", "picture", "picture text",
)  # fmt: skip
OF_CASE = ("title", "condition", "language", "minutes", "opening", "model answer")
"""What rows of `case` may tell, named in the column `key`."""
_YES = {"yes": True, "y": True, "true": True, "1": True, "x": True}
_TOPICS = frozenset(one.value for one in TopicKind)
_NO = {"no": False, "n": False, "false": False, "0": False, "": False}


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with a cell, by the row's number and the column's heading as the spreadsheet shows them."""

    row: int
    column: str
    detail: str


@dataclass(frozen=True)
class ReadSheet:
    """What a sheet holds.

    Attributes
    ----------
    raw
        The document as far as it could be read, to be checked for its shape.
    rows
        Of each place in it ("scenes/2") the row that it was read from.
    """

    raw: Mapping[str, Any]
    rows: Mapping[str, int]
    problems: tuple[CellProblem, ...]
    notes: tuple[str, ...]


class _Reader:
    def __init__(self) -> None:
        self.raw: dict[str, Any] = {
            "title": "", "condition": "", "language": "", "minutes": DEFAULT_MINUTES, "opening": "",
            "model_answer": "", "settings": [], "scenes": [], "topics": [], "learning_points": [],
        }  # fmt: skip
        self.rows: dict[str, int] = {}
        self.problems: list[CellProblem] = []
        self.later: list[tuple[int, dict[str, str]]] = []

    def wrong(self, row: int, column: str, detail: str) -> None:
        self.problems.append(CellProblem(row, column, detail))

    def add(self, row: int, where: str, value: Any) -> None:
        self.rows[f"{where}/{len(self.raw[where])}"] = row
        self.raw[where].append(value)

    def minutes(self, row: int, text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) < 5:
            return int(text)
        self.wrong(row, "minutes", "Give a whole number of minutes.")
        return 0

    def flag(self, row: int, column: str, text: str, *, blank: bool) -> bool:
        known = {**_YES, **_NO, "": blank}
        if fold(text) not in known:
            self.wrong(row, column, "Write yes or no.")
        return known.get(fold(text), blank)

    def choice(
        self, row: int, column: str, text: str, choices: Sequence[str], blank: str | None
    ) -> str | None:
        if not text:
            return blank
        if fold(text) in choices:
            return fold(text)
        self.wrong(row, column, f"Write one of: {', '.join(choices)}.")
        return blank


def read_sheet(content: bytes) -> ReadSheet:
    """Read a CSV or XLSX file.

    Raises
    ------
    SheetUnreadable
        If it is no table, or has no column `what`.
    """
    try:
        table = read_table(content, is_heading=lambda text: fold(text) in COLUMNS, sheet_names=("case",))
    except RosterUnreadable as error:
        raise SheetUnreadable(error.detail) from error
    if not table.rows:
        raise SheetUnreadable("The file is empty.")
    heads = [fold(one) for one in table.rows[0].cells]
    if "what" not in heads:
        raise SheetUnreadable(f"The first row names the columns, among them “what”: {', '.join(COLUMNS)}.")
    reader = _Reader()
    for name in heads:
        if name and (name not in COLUMNS or heads.count(name) > 1):
            reader.wrong(table.rows[0].number, name, "This column is not known, or there twice.")
    for row in table.rows[1:]:
        cells = dict.fromkeys(COLUMNS, "") | dict(zip(heads, row.cells, strict=False))
        _read(reader, row.number, cells)
    for number, cells in reader.later:
        _PARTS[fold(cells["what"])](reader, number, cells)
    return ReadSheet(reader.raw, reader.rows, tuple(reader.problems), table.notes)


def _read(reader: _Reader, row: int, cells: dict[str, str]) -> None:
    what = fold(cells["what"])
    if what in _PARTS:
        reader.later.append((row, cells))  # its scene or topic may stand further down
    elif what in _WHOLES:
        _WHOLES[what](reader, row, cells)
    elif what in _TOPICS:
        _topic(reader, row, cells, what)
    else:
        names = [*_WHOLES, *(one.value for one in TopicKind), *_PARTS]
        reader.wrong(row, "what", f"Write one of: {', '.join(names)}.")


def _case(reader: _Reader, row: int, cells: dict[str, str]) -> None:
    name = fold(cells["key"])
    if name not in OF_CASE:
        reader.wrong(row, "key", f"Of the case, write one of: {', '.join(OF_CASE)}.")
    elif name == "minutes":
        reader.raw["minutes"] = reader.minutes(row, cells["text"] or cells["minutes"])
    else:
        reader.raw[name.replace(" ", "_")] = cells["text"]
        reader.rows[name.replace(" ", "_")] = row


def _setting(reader: _Reader, row: int, cells: dict[str, str]) -> None:
    reader.add(row, "settings", {"key": cells["key"], "name": cells["text"]})


def _learning_point(reader: _Reader, row: int, cells: dict[str, str]) -> None:
    reader.add(row, "learning_points", cells["text"])


def _scene(reader: _Reader, row: int, cells: dict[str, str]) -> None:
    scene: dict[str, Any] = {
        "key": cells["key"], "text": cells["text"],
        "by": reader.choice(row, "by", cells["by"], list(Voice), "narrator"),
        "outcome": reader.choice(row, "outcome", cells["outcome"], list(CaseOutcome), None),
        "hints": [], "ways": [], "time_out": None,
    }  # fmt: skip
    reader.add(row, "scenes", scene)


def _topic(reader: _Reader, row: int, cells: dict[str, str], kind: str) -> None:
    topic = {
        "key": cells["key"], "kind": kind, "name": cells["text"], "phrases": _several(cells["phrases"]), "replies": [],
        "is_expected": reader.flag(row, "expected", cells["expected"], blank=False),
    }  # fmt: skip
    reader.add(row, "topics", topic)


def _reply(reader: _Reader, row: int, cells: dict[str, str]) -> None:
    picture = {"url": cells["picture"], "text": cells["picture text"]} if cells["picture"] else None
    reply = {
        "text": cells["text"], "by": reader.choice(row, "by", cells["by"], list(Voice), "patient"),
        "scenes": _several(cells["scenes"]), "settings": _several(cells["settings"]),
        "is_available": reader.flag(row, "available", cells["available"], blank=True), "picture": picture,
    }  # fmt: skip
    for at, topic in _named(reader, row, "topics", "key", [cells["key"]]):
        reader.rows[f"{at}/replies/{len(topic['replies'])}"] = row
        topic["replies"].append(reply)


def _hint(reader: _Reader, row: int, cells: dict[str, str]) -> None:
    hint = {"after_minutes": reader.minutes(row, cells["minutes"]), "text": cells["text"]}
    for at, scene in _named(reader, row, "scenes", "scenes", _several(cells["scenes"])):
        reader.rows[f"{at}/hints/{len(scene['hints'])}"] = row
        scene["hints"].append(hint)


def _time_out(reader: _Reader, row: int, cells: dict[str, str]) -> None:
    time_out = {"after_minutes": reader.minutes(row, cells["minutes"]), "leads_to": cells["leads to"]}
    for at, scene in _named(reader, row, "scenes", "scenes", _several(cells["scenes"])):
        if scene["time_out"] is not None:
            reader.wrong(row, "scenes", "This scene has a time-out already.")
        reader.rows[f"{at}/time_out"] = row
        scene["time_out"] = time_out


def _way(reader: _Reader, row: int, cells: dict[str, str]) -> None:
    way = {"topic": cells["key"], "leads_to": cells["leads to"]}
    for at, scene in _named(reader, row, "scenes", "scenes", _several(cells["scenes"])):
        reader.rows[f"{at}/ways/{len(scene['ways'])}"] = row
        scene["ways"].append(way)


def _named(
    reader: _Reader, row: int, where: str, column: str, names: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the scenes or topics that a row is of, each with its place."""
    if not names or not names[0]:
        reader.wrong(row, column, f"Name the {where[:-1]} that this is of.")
        return
    known = {one["key"]: (f"{where}/{n}", one) for n, one in enumerate(reader.raw[where])}
    for name in names:
        if name in known:
            yield known[name]
        else:
            reader.wrong(row, column, f"There is no {where[:-1]} “{name[:60]}”.")


def _several(cell: str) -> list[str]:
    return [one.strip() for one in cell.split(";") if one.strip()]


_Read = Callable[[_Reader, int, dict[str, str]], None]
_WHOLES: Mapping[str, _Read] = {
    "case": _case, "setting": _setting, "scene": _scene, "learning point": _learning_point,
}  # fmt: skip
_PARTS: Mapping[str, _Read] = {"reply": _reply, "hint": _hint, "time out": _time_out, "way": _way}
