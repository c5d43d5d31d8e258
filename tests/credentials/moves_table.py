"""The table of moves in docs/credentials.md, printed from `model.MOVES`.

python -m tests.credentials.moves_table docs/credentials.md [--check]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from chalicelib.credentials.model import MOVES, Move, MoveRule, Status, said

BEGIN, END = "<!-- moves: generated -->", "<!-- end of moves -->"
_HEAD = "| Move | From | To | Who | Needs | Writes | Mail |\n|---|---|---|---|---|---|---|\n"


def table() -> str:
    """Return the table as it is to stand between the marks."""
    return _HEAD + "".join(_line(move, rule) for move, rule in MOVES.items())


def _line(move: Move, rule: MoveRule) -> str:
    order = [None, *Status]
    sources = ", ".join(said(one) if one else "nothing" for one in sorted(rule.sources, key=order.index))
    cells = [
        said(move), sources, said(rule.target) if rule.target else "stays", rule.by.value, "; ".join(rule.needs),
        rule.writes, f"`{rule.mail}`" if rule.mail else "",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


def with_table(document: str) -> str:
    """Return a document with the present table between its marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n{END}{after}"


def main(argv: Sequence[str] | None = None) -> int:
    """Bring the document up to date, or with `--check` fail if it is not."""
    parser = argparse.ArgumentParser(prog="python -m tests.credentials.moves_table")
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(argv)
    found = options.file.read_text(encoding="utf-8")
    if not options.check:
        options.file.write_text(with_table(found), encoding="utf-8")
    return 0 if with_table(found) == found or not options.check else 1


if __name__ == "__main__":
    sys.exit(main())
