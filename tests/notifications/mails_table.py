"""The table of mails in docs/mails.md, made from the catalogue.

python -m tests.notifications.mails_table    # writes it
"""

from pathlib import Path

from chalicelib.notifications import catalogue_words as words
from chalicelib.notifications.catalogue import CATALOGUE
from chalicelib.notifications.model import Kind
from chalicelib.notifications.preferences import choices

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mails.md"
BEGIN, END = "<!-- mails: generated -->", "<!-- end of mails -->"


def table() -> str:
    """Return a line for each kind, as the catalogue has it."""
    lines = [
        "| Kind | What it tells | To whom | When | `frequency` | Quiet hours |",
        "|---|---|---|---|---|---|",
    ]
    for kind in Kind:
        told = (words.what_sentence, words.whom_sentence, words.when_sentence)
        cells = [
            f"`{kind}`",
            *(tell(kind, "en") for tell in told),
            ", ".join(f"`{one}`" for one in choices(kind)),
        ]
        entry = CATALOGUE[kind]
        quiet = "no" if entry.urgent else "unless it is near" if entry.urgent_if_near else "yes"
        lines.append("| " + " | ".join([*cells, quiet]) + " |")
    return "\n".join(lines)


def written(page: str) -> str:
    """Return a page with the table in its place."""
    head, _, rest = page.partition(BEGIN)
    return f"{head}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
