"""Which characters a text may hold."""

import pytest

from chalicelib.kernel.texts import readable, readable_line

KEPT = {
    "Persian with a joiner": "می‌خواهم",
    "Malayalam with a joiner": "നൻ‍മ",
    "Hebrew with a mark": "שלום\u200f!",
    "Arabic with a letter mark": "السلام\u061c 5",
    "Arabic with a number sign": "\u0600١٢",
    "Khmer with word breaks": "ភាសា\u200bខ្មែរ",
    "an emoji of several": "👩🏽\u200d⚕️",
    "an emoji younger than our tables": "\U0001fae8",
    "Vietnamese": "Nguyễn",
    "an apostrophe": "O’Brien-D'Souza",
}


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_what_writing_needs_is_kept(text: str) -> None:
    assert readable(text) == readable_line(text) == text


@pytest.mark.parametrize(
    "code",
    [
        0x00, 0x07, 0x1B, 0x7F, 0x85, 0xAD, 0x180E, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xD800, 0xE000,
        0xFDD0, 0xFEFF, 0xFFF9, 0xFFFE, 0xE0001, 0xE0041, 0xE007F, 0x10FFFF,
    ],
    ids=hex,
)  # fmt: skip
def test_what_commands_or_hides_is_refused(code: int) -> None:
    for read in (readable, readable_line):
        with pytest.raises(ValueError, match=rf"take out character 4, U\+{code:04X} "):
            read(f"Ami{chr(code)}na")


def test_a_character_that_was_lost_is_refused() -> None:
    with pytest.raises(ValueError, match="character 3 was lost"):
        readable("Am\ufffdna")


@pytest.mark.parametrize("sign", ["\n", "\t", "\u2028", "\u2029"])
def test_a_line_has_one_line(sign: str) -> None:
    with pytest.raises(ValueError, match="on one line"):
        readable_line(f"two{sign}lines")


def test_a_text_may_have_several_lines() -> None:
    assert readable("two\nlines\tand more") == "two\nlines\tand more"


@pytest.mark.parametrize("blank", ["\u200b", "\u200d\u200e", "\u3164", "\u2800 \u2800", "\u00a0\u034f"])
def test_a_line_shows_something(blank: str) -> None:
    with pytest.raises(ValueError, match="can be seen"):
        readable_line(blank)


def test_texts_are_composed() -> None:
    assert readable("Ame\u0301lie") == readable_line("Ame\u0301lie") == "Amélie"
