"""How well the transcript finds what is asked for: on phrasings that the case does not have.

`asked_dev.json` was looked at while the rules were made, `asked_held_out.json` was not. Both are ours, as is the case;
neither is from a real session.
"""

import json
from typing import Any

import pytest

from chalicelib.simulations.asking import heard, words_of
from tests.simulations.documents import DATA, document


def rows(name: str) -> Any:
    return json.loads((DATA / f"asked_{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "least"), [("dev", 0.95), ("held_out", 0.85)])
def test_what_is_answered_is_what_was_asked(name: str, least: float) -> None:
    """Precision is 1 on both sets; recall is 39 of 41 and 47 of 54."""
    case = document()
    asked = rows(name)
    assert len({one["text"] for one in asked}) == len(asked)
    answers = [(set(heard(case, one["text"]).topics), set(one["topics"]), one["text"]) for one in asked]
    assert [one for one in answers if one[0] and one[0] != one[1]] == []
    askable = [one for one in answers if one[1]]
    assert sum(got == wanted for got, wanted, _ in askable) / len(askable) >= least


def test_no_message_has_words_of_the_other_set() -> None:
    assert {one["text"] for one in rows("dev")} & {one["text"] for one in rows("held_out")} == set()


@pytest.mark.parametrize(
    "text",
    ["Do not give insulin", "ne pas donner insulin infusion", "Should I start insulin?", "if she is low start insulin",
     "start insulin infusion in the ward upstairs", "", "👍", "?" * 400],
)  # fmt: skip
def test_what_is_denied_asked_about_or_not_explained_is_the_moderators(text: str) -> None:
    assert heard(document(), text).topics == ()


def test_what_comes_close_is_suggested() -> None:
    assert heard(document(), "12 lead ECG").suggested == ("ecg",)


def test_spelling_that_means_the_same_is_the_same() -> None:
    assert words_of("Chest X-Ray") == words_of("chest Xray") == ("chest", "xray")
    assert words_of("الهيموغلوبين") == ("هيموغلوبين",)
    assert words_of("Glycémie, s'il vous plaît") == ("glycemie",)
