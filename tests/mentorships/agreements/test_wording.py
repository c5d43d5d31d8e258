"""Every code that an agreement can hold has its sentence, in each language."""

import pytest

from chalicelib.mentorships.agreements import wording
from chalicelib.mentorships.agreements.model import (
    Boundary,
    Confidence,
    DocumentPlace,
    OutOfScope,
    Rhythm,
    Terms,
    differing,
)
from chalicelib.people.model import Channel
from chalicelib.words.catalogues import languages
from chalicelib.words.formats import Formats

LANGUAGES = sorted(languages())


def said(terms: Terms, language: str) -> dict[str, tuple[str, ...]]:
    return {one.about: one.sentences for one in wording.sections(terms, Formats(language))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence_of_its_own(language: str) -> None:
    whole = Terms(
        boundaries=tuple(Boundary), confidentiality=tuple(Confidence), out_of_scope=tuple(OutOfScope),
        channels=tuple(Channel), fallback=Channel.CHAT, languages=("en", "fr"),
    )  # fmt: skip
    told = said(whole, language)
    assert len(set(told["boundaries"])) == len(Boundary)
    assert len(set(told["confidentiality"])) == len(Confidence)
    assert len(set(told["out_of_scope"])) == len(OutOfScope)
    assert len({said(Terms(rhythm=one), language)["rhythm"] for one in Rhythm}) == len(Rhythm)
    assert len({said(Terms(documents=one), language)["documents"] for one in DocumentPlace}) == len(
        DocumentPlace
    )
    assert all(sentence.endswith(".") for sentences in told.values() for sentence in sentences)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_can_be_chosen_by_words_of_its_own(language: str) -> None:
    told = wording.choices(Formats(language))
    kinds = {
        "channels": Channel, "rhythm": Rhythm, "boundaries": Boundary, "confidentiality": Confidence,
        "documents": DocumentPlace, "out_of_scope": OutOfScope,
    }  # fmt: skip
    assert {name: set(said) for name, said in told.items()} == {
        name: set(kind) for name, kind in kinds.items()
    }
    for said in told.values():
        assert len(set(said.values())) == len(said)
        # Arabic has one case.
        assert not any(words[:1].islower() for words in said.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_stand_as_they_were_written_and_what_is_open_is_left_out(language: str) -> None:
    told = said(Terms(boundaries=(), boundaries_note="Not on Fridays", documents_note="Folder A"), language)
    assert told["boundaries"] == ("Not on Fridays",)
    assert told["documents"][1:] == ("Folder A",)
    assert not {"channels", "languages"} & set(told)


def test_one_day_and_several_hours() -> None:
    assert said(Terms(response_days=1), "en")["response_days"] == ("We answer each other within a day.",)
    assert said(Terms(response_days=2), "fr")["response_days"] == ("Nous nous répondons sous 2 jours.",)
    assert said(Terms(meeting_minutes=90), "en")["rhythm"] == (
        "We meet every two weeks for 1 hour, 30 minutes.",
    )
    assert said(Terms(meeting_minutes=60), "fr")["rhythm"] == (
        "Nous nous rencontrons toutes les deux semaines pendant 1\u00a0heure.",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_may_differ_has_a_heading(language: str) -> None:
    before, after = Terms(), Terms(
        channels=(Channel.CHAT,), fallback=Channel.CHAT, rhythm=Rhythm.WEEKLY, meeting_minutes=10,
        response_days=1, languages=("en",), boundaries=(), confidentiality=(), documents=DocumentPlace.CHAT,
        out_of_scope=(OutOfScope.PATIENT_DATA,),
    )  # fmt: skip
    differs = differing(before, after)
    assert set(differs) == {name for name in vars(before) if not name.endswith("_note")}
    assert set(differs) == set(wording.headings(Formats(language)))
