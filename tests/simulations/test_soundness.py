"""What keeps a case from being played, each told at its place."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.simulations.cases import document_of, raw_of
from chalicelib.simulations.schemas import CaseDocumentShape
from chalicelib.simulations.soundness import problems_of
from tests.simulations.documents import document, raw


def problems(change: Callable[[Any], None]) -> list[tuple[str, str]]:
    whole = raw()
    change(whole)
    shape = CaseDocumentShape.model_validate(whole)
    return [(one.pointer, one.detail) for one in problems_of(shape.to_model())]


def scene(whole: Any, name: str) -> Any:
    return next(one for one in whole["scenes"] if one["key"] == name)


def topic(whole: Any, name: str) -> Any:
    return next(one for one in whole["topics"] if one["key"] == name)


def test_a_whole_case_is_sound_and_comes_back_as_it_was() -> None:
    assert problems(lambda _: None) == []
    assert document_of(raw_of(document())) == document()


def dead_end(whole: Any) -> None:
    del scene(whole, "better")["outcome"]


def unreachable(whole: Any) -> None:
    whole["scenes"].append({"key": "ward", "text": "A bed on the ward.", "outcome": "good"})


def loop(whole: Any) -> None:
    """Each has a way on, and neither comes to an end."""
    del scene(whole, "better")["outcome"]
    scene(whole, "better")["ways"] = [{"topic": "insulin", "leads_to": "round"}]
    whole["scenes"].append(
        {"key": "round", "text": "Again.", "ways": [{"topic": "insulin", "leads_to": "better"}]}
    )
    topic(whole, "insulin")["replies"][0]["scenes"] += ["better", "round"]


def time_outs_alone(whole: Any) -> None:
    scene(whole, "filling")["time_out"]["leads_to"] = "arrival"
    scene(whole, "arrival")["time_out"]["leads_to"] = "filling"


def no_result(whole: Any) -> None:
    del topic(whole, "gas")["replies"][1]


def not_takeable(whole: Any) -> None:
    topic(whole, "discharge")["replies"][0]["is_available"] = False


def alike(whole: Any) -> None:
    whole["topics"][6]["replies"].append({"text": "Pulse 90.", "scenes": ["worse"]})


def same_words(whole: Any) -> None:
    topic(whole, "count")["phrases"].append("the blood GLUCOSE, please")


def only_silent_words(whole: Any) -> None:
    topic(whole, "count")["phrases"].append("could I have the")


def end_with_ways(whole: Any) -> None:
    scene(whole, "better")["ways"] = [{"topic": "insulin", "leads_to": "arrest"}]


def never_told(whole: Any) -> None:
    topic(whole, "ecg")["replies"].append({"text": "Flat.", "scenes": ["arrest"]})


def late_hint(whole: Any) -> None:
    scene(whole, "arrival")["hints"][0]["after_minutes"] = 15


def no_scene(whole: Any) -> None:
    scene(whole, "arrival")["ways"][0]["leads_to"] = "ward"


def no_topic(whole: Any) -> None:
    scene(whole, "arrival")["ways"][0]["topic"] = "dance"


def twice(whole: Any) -> None:
    whole["topics"][1]["key"] = "onset"


def no_opening(whole: Any) -> None:
    whole["opening"] = "start"


def no_language(whole: Any) -> None:
    whole["language"] = "xx-none"


WRONG = {
    dead_end: ("/scenes/4", "dead end"),
    unreachable: ("/scenes/8", "Nothing that can be asked leads to this scene."),
    loop: ("/scenes/4", "goes round in a loop that no end can be come to from (round)"),
    time_outs_alone: ("/scenes/0/time_out", "Time-outs alone lead back"),
    no_result: ("/topics/13/replies", "no result in the scene “arrival” in the setting “district”"),
    not_takeable: ("/scenes/0/ways/1", "Nobody can take this"),
    alike: ("/topics/6/replies/2", "two replies hold alike"),
    same_words: ("/topics/15/phrases/5", "The topic “glucose” is asked for in the same words."),
    only_silent_words: ("/topics/15/phrases/5", "say nothing by themselves"),
    end_with_ways: ("/scenes/4/outcome", "This is an end"),
    never_told: ("/topics/16/replies/1", "never told"),
    late_hint: ("/scenes/0/hints/0/after_minutes", "over after 15 minutes"),
    no_scene: ("/scenes/0/ways/0/leads_to", "There is no scene “ward”."),
    no_topic: ("/scenes/0/ways/0/topic", "There is no topic “dance”."),
    twice: ("/topics/1/key", "“onset” is there already"),
    no_opening: ("/opening", "There is no scene “start”."),
    no_language: ("/language", "language tag"),
}


@pytest.mark.parametrize("change", WRONG, ids=lambda one: one.__name__)
def test_what_is_wrong_is_told_at_its_place(change: Callable[[Any], None]) -> None:
    pointer, words = WRONG[change]
    found = problems(change)
    assert [at for at, detail in found if words in detail][:1] == [pointer], found


def test_what_there_is_not_in_a_setting_leads_nowhere_there() -> None:
    """Fluids run out in the district: there the case can be lost alone, and where it is lost is an end."""

    def change(whole: Any) -> None:
        topic(whole, "fluids")["replies"] = [
            {"text": "There is no fluid left.", "settings": ["district"], "is_available": False},
            {"text": "The first litre is up.", "settings": ["teaching"]},
        ]

    assert problems(change) == []
