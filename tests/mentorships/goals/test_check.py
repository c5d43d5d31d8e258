"""What the check says of a goal's form, in any language."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.mentorships.goals.check import Lack, check
from chalicelib.mentorships.goals.model import Domain, Goal, Horizon, Measure, Status
from chalicelib.mentorships.goals.sentences import sentence
from chalicelib.words.catalogues import languages

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
MEASURE = Measure("Rounds led", "a week", 0.0, 4.0)
WHOLE = Goal(
    "G", "M", "A", "A", "Lead the morning round alone", Horizon.SHORT, Domain.CONTEXTUAL, 3,
    "The consultant listens, and the team asks me first.", MEASURE, date(2027, 3, 15),
)  # fmt: skip
IN_SIX_LANGUAGES = {
    "en": ("Lead the ward round", "Nurses bring their questions to me first."),
    "fr": ("Mener la visite seule", "L’équipe me pose ses questions d’abord."),
    "es": ("Dirigir la visita", "El equipo me consulta primero a mí."),
    "ar": ("أقود جولة القسم", "يسألني الفريق أولًا عن كل مريض."),
    "pt": ("Conduzir a visita", "A equipe pergunta primeiro a mim."),
    "sw": ("Kuongoza raundi", "Wauguzi wananiuliza mimi kwanza."),
}
ONE_WORD = (
    "Ultrasound",
    "Échographie",
    "Ecografía",
    "الموجات",
    "Ultrassom",
    "Uongozi",
    "BLS",
    "¡¿?!",
    "🩺 🫀",
)


def lacks(goal: Goal = WHOLE, zone: str | None = "Africa/Nairobi", now: datetime = NOW) -> list[Lack]:
    return [one.lack for one in check(goal, zone, now)]


def test_nothing_is_missing_from_a_whole_one() -> None:
    assert lacks() == []


@pytest.mark.parametrize(("fields", "lack", "pointer"), [
    ({"title": "Ultrasound"}, Lack.TITLE_TOO_SHORT, "/title"),
    ({"change": ""}, Lack.NOTHING_TO_OBSERVE, "/change"),
    ({"change": "Better at it"}, Lack.NOTHING_TO_OBSERVE, "/change"),
    ({"change": "LEAD the morning round: alone!"}, Lack.NOTHING_TO_OBSERVE, "/change"),
    ({"measure": None}, Lack.NO_MEASURE, "/measure"),
    ({"measure": replace(MEASURE, unit="")}, Lack.NO_UNIT, "/measure/unit"),
    ({"measure": replace(MEASURE, baseline=None)}, Lack.NO_BASELINE, "/measure/baseline"),
    ({"measure": replace(MEASURE, target=None)}, Lack.NO_TARGET, "/measure/target"),
    ({"measure": replace(MEASURE, target=0.0)}, Lack.TARGET_IS_BASELINE, "/measure/target"),
    ({"due_on": None}, Lack.NO_DUE_DATE, "/due_on"),
    ({"due_on": date(2027, 2, 28)}, Lack.DUE_IN_THE_PAST, "/due_on"),
])  # fmt: skip
def test_each_part_is_missed(fields: dict[str, Any], lack: Lack, pointer: str) -> None:
    assert [(one.lack, one.pointer) for one in check(replace(WHOLE, **fields), "Africa/Nairobi", NOW)] == [
        (lack, pointer)
    ]


def test_a_bare_title_lacks_all_the_rest() -> None:
    bare = replace(WHOLE, title="Ultrasound", change="", measure=None, due_on=None)
    assert lacks(bare) == [Lack.TITLE_TOO_SHORT, Lack.NOTHING_TO_OBSERVE, Lack.NO_MEASURE, Lack.NO_DUE_DATE]


def test_neither_number_given_is_two_things_and_not_the_same_number() -> None:
    assert lacks(replace(WHOLE, measure=Measure("Rounds", "a week"))) == [Lack.NO_BASELINE, Lack.NO_TARGET]


@pytest.mark.parametrize("language", IN_SIX_LANGUAGES)
def test_a_sentence_says_enough_in_each_of_our_languages(language: str) -> None:
    title, change = IN_SIX_LANGUAGES[language]
    assert lacks(replace(WHOLE, title=title, change=change)) == []


@pytest.mark.parametrize("title", ONE_WORD)
def test_a_topic_does_not_in_any(title: str) -> None:
    assert lacks(replace(WHOLE, title=title)) == [Lack.TITLE_TOO_SHORT]


def test_the_day_ends_on_the_owner_s_calendar() -> None:
    last = datetime(2027, 3, 15, 21, tzinfo=UTC)  # midnight in Nairobi
    assert lacks(now=last - timedelta(microseconds=1)) == []
    assert lacks(now=last) == [Lack.DUE_IN_THE_PAST]
    assert lacks(zone="America/Toronto", now=last) == []
    assert lacks(zone=None, now=last) == []
    # The night in which Toronto's clocks go forward has 23 hours.
    spring = replace(WHOLE, due_on=date(2027, 3, 14))
    over = datetime(2027, 3, 15, 4, tzinfo=UTC)
    assert lacks(spring, "America/Toronto", over - timedelta(seconds=1)) == []
    assert lacks(spring, "America/Toronto", over) == [Lack.DUE_IN_THE_PAST]


@pytest.mark.parametrize("status", [Status.REACHED, Status.DROPPED])
def test_what_is_over_lacks_nothing(status: Status) -> None:
    assert lacks(replace(WHOLE, status=status, title="X", measure=None, due_on=date(2000, 1, 1))) == []


@pytest.mark.parametrize("lack", Lack)
def test_each_is_said_in_each_language(lack: Lack) -> None:
    told = {language: sentence(lack, language) for language in languages()}
    assert len(set(told.values())) == len(told)
    assert sentence(lack, "fr-CA") == told["fr"]
    assert sentence(lack, "de") == told["en"], "one without a catalogue"


NUMBERS = st.none() | st.floats(-1e9, 1e9)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    st.text(max_size=40), st.text(max_size=40), NUMBERS, NUMBERS, st.text(max_size=5),
    st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31)),
)  # fmt: skip
def test_whatever_is_written_each_field_is_found_wanting_once(
    title: str, change: str, baseline: float | None, target: float | None, unit: str, due_on: date | None
) -> None:
    measure = Measure("what", unit, baseline, target)
    found = check(replace(WHOLE, title=title, change=change, measure=measure, due_on=due_on), None, NOW)
    pointers = [one.pointer for one in found]
    assert len(set(pointers)) == len(pointers)
    assert ("/measure/baseline" in pointers) == (baseline is None)
    assert ("/measure/target" in pointers) == (target is None or target == baseline)
    assert ("/due_on" in pointers) == (due_on is None or due_on < NOW.date())
