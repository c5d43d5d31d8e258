"""The table of moves in docs/mentorships.md, printed from `moves.MOVES`.

python -m tests.mentorships.moves_table docs/mentorships.md
"""

import sys
from pathlib import Path

from chalicelib.mentorships.moves import MOVES, MentorshipMove, Rule
from chalicelib.mentorships.running import By, MentorshipStatus
from tests.credentials.moves_table import BEGIN, END

_HEAD = "| Move | From → to | Who | Needs | Writes | Mail |\n|---|---|---|---|---|---|\n"
_WHO = {By.SERVICE: "the service", By.PAIR: "one of the two", By.COORDINATOR: "a coordinator"}


def table() -> str:
    """Return the table as it is to stand between the marks."""
    return _HEAD + "".join(_line(move, rule) for move, rule in MOVES.items())


def _line(move: MentorshipMove, rule: Rule) -> str:
    order = list(MentorshipStatus)
    ways = sorted(rule.ways, key=lambda way: (order.index(way[1]), order.index(way[0])))
    stays = [before for before, after in ways if before is after]
    leads: dict[str, list[str]] = {}
    for before, after in ways:
        if before is not after:
            leads.setdefault(after, []).append(before)
    told = [f"{', '.join(befores)} → {after}" for after, befores in leads.items()]
    told += [f"{', '.join(stays)}, which stays"] if stays else []
    mail = f"`{rule.mail}`, to {rule.to}" if rule.mail else ""
    who = ", ".join(_WHO[one] for one in By if one in rule.by)
    cells = [move.replace("_", " "), "; ".join(told), who, rule.needs, rule.writes, mail]
    return f"| {' | '.join(cells)} |\n"


def with_table(document: str) -> str:
    """Return a document with the present table between its marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n{END}{after}"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(with_table(file.read_text(encoding="utf-8")), encoding="utf-8")
