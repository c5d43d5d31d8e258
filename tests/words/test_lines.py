"""What others wrote stands on one line, and turns nothing around it about."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.words.lines import inset, one_line


@given(st.text())
@settings(deadline=None)
def test_one_line_is_one_line_and_stays_so(text: str) -> None:
    line = one_line(text)
    assert line.splitlines() in ([], [line])
    assert one_line(line) == line
    assert line.isprintable() or all(not char.isspace() for char in line if not char.isprintable())


def test_letters_that_scripts_join_stay_joined() -> None:
    assert one_line("می\u200cخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@given(text=st.text())
def test_an_inset_text_is_itself_or_isolated(direction: str, text: str) -> None:
    assert inset(text, direction) in (one_line(text), f"\u2068{one_line(text)}\u2069")


@given(st.text())
def test_what_would_turn_its_neighbours_is_isolated(text: str) -> None:
    turns = any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in one_line(text))
    assert inset(text, "ltr").startswith("\u2068") == turns


def test_each_direction_isolates_the_other() -> None:
    assert inset("Claire", "ltr") == "Claire"
    assert inset("Claire", "rtl") == "\u2068Claire\u2069"
    assert inset("\u0639\u0627\u0626\u0634\u0629", "ltr") == "\u2068\u0639\u0627\u0626\u0634\u0629\u2069"
    assert inset("\u0639\u0627\u0626\u0634\u0629", "rtl") == "\u0639\u0627\u0626\u0634\u0629"
    # An isolate of somebody's own cannot close ours.
    assert inset("\u2069\u0639 a", "ltr") == "\u2068\u0639 a\u2069"
