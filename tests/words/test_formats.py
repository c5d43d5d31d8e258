"""Numbers, shares and times as each reader writes them."""

import ast
import subprocess
import sys
from datetime import UTC, datetime, time
from decimal import Decimal

import pytest

from chalicelib.words import formats as formats_room
from chalicelib.words.catalogues import catalogue
from chalicelib.words.formats import Formats, country_name, formats_of


@pytest.mark.parametrize(
    ("locale", "country", "shown"),
    [
        ("en", None, "6:30\u202fpm"),
        ("en-GB", None, "18:30"),
        ("en-US", None, "6:30\u202fPM"),
        ("en-US", "KE", "18:30"),
        ("fr", None, "18:30"),
        ("fr-CA", None, "18 h 30"),
        ("en-Latn", None, "6:30\u202fpm"),
        ("de-ZZ", None, "6:30\u202fpm"),
    ],
)
def test_times_are_written_as_in_the_country_or_the_region_of_the_locale(
    locale: str, country: str | None, shown: str
) -> None:
    assert formats_of(locale, country).clock(time(18, 30)) == shown


@pytest.mark.parametrize(
    ("parts", "whole", "digits", "english", "french"),
    [
        (219, 399, 0, "55%", "55\u00a0%"),
        (0, 7, 0, "0%", "0\u00a0%"),
        (7, 7, 0, "100%", "100\u00a0%"),
        (35_072, 1_000_000, 1, "3.5%", "3,5\u00a0%"),
        (2_349, 1_000_000, 1, "0.2%", "0,2\u00a0%"),
        (3_210, 1_000_000, 0, "0.3%", "0,3\u00a0%"),
        (1, 1_000_000, 0, "0.0001%", "0,0001\u00a0%"),
        (1, 10**9, 0, "0.00000%", "0,00000\u00a0%"),
    ],
)
def test_a_share_too_small_for_its_digits_gets_more(
    parts: int, whole: int, digits: int, english: str, french: str
) -> None:
    shown = [Formats(one).percent(parts, whole, digits) for one in ("en", "fr")]
    assert [one.replace("\u202f", "\u00a0") for one in shown] == [english, french]


def test_an_hour_that_autumn_repeats_says_which_of_the_two_it_is() -> None:
    def shown(zone: str, *at: int) -> str:
        return formats_of("en", "GB", zone).at(datetime(*at, tzinfo=UTC))  # type: ignore[arg-type, misc]

    twice = [shown("Europe/Paris", 2027, 10, 31, hour, 30) for hour in (0, 1)]
    assert twice == [f"Sunday, 31 October 2027, 02:30 (Paris time, UTC+{offset})" for offset in (2, 1)]
    assert "UTC+10:30" in shown("Australia/Lord_Howe", 2027, 4, 3, 15, 15), "half an hour is repeated there"
    assert "UTC" not in shown("Europe/Paris", 2027, 10, 31, 3, 30)


def test_numbers_and_offsets() -> None:
    assert Formats("fr").number(Decimal("7.5")) == "7,5"
    assert Formats("en").number(1_234_567) == "1,234,567"
    assert [Formats("en").utc(one) for one in (-6, 0, 3)] == ["UTC\u22126", "UTC", "UTC+3"]
    assert [Formats("en").clock_of(one) for one in ("Etc/UTC", "Africa/Abidjan")] == ["UTC", "Abidjan time"]
    assert Formats("fr").sentence("à midi") == "À midi"


@pytest.mark.parametrize(
    ("code", "english", "french"),
    [
        ("KE", "Kenya", "Kenya"),
        ("LC", "St. Lucia", "Sainte-Lucie"),
        ("XK", "Kosovo", "Kosovo"),
        ("ZZZ", "ZZZ", "ZZZ"),
    ],
)
def test_a_country_has_one_name_in_badges_mails_and_code_lists(code: str, english: str, french: str) -> None:
    assert [country_name(code, one) for one in ("en", "fr")] == [english, french]
    assert [Formats(one, "GB").country(code) for one in ("en", "fr")] == [english, french]


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["1 hour", "1 hour, 30 minutes"]),
        ("es", ["1 hora", "1 hora y 30 minutos"]),
        ("pt", ["1 hora", "1 hora e 30 minutos"]),
        # CLDR has these units of Swahili in their short form alone, which is the long one, too.
        ("sw", ["saa 1", "saa 1 na dakika 30"]),
        ("ar", ["ساعة", "ساعة و30 دقيقة"]),
    ],
)
def test_a_stretch_of_time_is_told_in_each_language(
    language: str, shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats_room, "catalogue", lambda _: catalogue("en"))
    assert [Formats(language).duration(one) for one in (60, 90)] == shown


def test_digits_are_those_that_cldr_has_for_arabic_of_the_world() -> None:
    """Western ones, in dates, times and numbers alike: codes, numbers of licences and links have no others."""
    from babel import Locale

    assert Locale("ar").default_numbering_system == "latn"


_DAYS_OF_SEVERAL = """
from chalicelib.words.formats import Formats, WeeklySlot
for reader in ("sw", "KE"), ("ar", "EG"), ("es", "PE"), ("fr", "CM"), ("pt", "MZ"):
    print(ascii(Formats(*reader).slots((WeeklySlot(0, 540, 600),))[0]))
"""


def test_a_language_does_not_leave_its_days_to_the_next_one() -> None:
    """Babel keeps Swahili's names of days by themselves where languages that are loaded later find them."""
    told = subprocess.run(  # noqa: S603
        [sys.executable, "-c", _DAYS_OF_SEVERAL], check=True, capture_output=True, text=True
    ).stdout
    first_words = [ast.literal_eval(line).split()[0].strip(",،") for line in told.splitlines()]
    assert first_words == ["Jumatatu", "الاثنين", "lunes", "lundi", "segunda-feira"]
