"""The table of moves in the documents."""

from tests.architecture.imports import ROOT
from tests.credentials import moves_table


def test_the_table_in_the_documents_is_up_to_date() -> None:
    written = (ROOT / "docs" / "credentials.md").read_text(encoding="utf-8")
    assert written == moves_table.with_table(written), (
        "run python -m tests.credentials.moves_table docs/credentials.md"
    )
    assert "| verify | in review | verified |" in written
