from datetime import UTC, datetime

import pytest

from chalicelib.people import codes
from chalicelib.people.model import Channel, LanguageSkill, Weekday, Window
from chalicelib.rosters import cells, names
from chalicelib.rosters.availability import availability, availability_text

MON, TUE, WED, THU, FRI, SAT, SUN = Weekday


def hours(day: Weekday, start: float, end: float) -> Window:
    return Window(day, int(start * 60), int(end * 60))


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("mon 17:00-19:00; sat 09:00-12:00", [hours(MON, 17, 19), hours(SAT, 9, 12)]),
        ("Monday 17:00 to 19:00", [hours(MON, 17, 19)]),
        ("tue-thu 18:00-20:00", [hours(day, 18, 20) for day in (TUE, WED, THU)]),
        ("sat-mon 7.30-8", [hours(day, 7.5, 8) for day in (SAT, SUN, MON)]),
        ("lundi et mercredi de 18h00 à 20h30", [hours(MON, 18, 20.5), hours(WED, 18, 20.5)]),
        (
            "du lundi au mardi 18h–20h, 21h-22h",
            [hours(d, a, b) for a, b in ((18, 20), (21, 22)) for d in (MON, TUE)],
        ),
        ("sam. 9h - 12h\ndim. 9h - midi", [hours(SAT, 9, 12), hours(SUN, 9, 12)]),
        ("weekend 6pm-8pm", [hours(SAT, 18, 20), hours(SUN, 18, 20)]),
        ("Fri 12am-12pm", [hours(FRI, 0, 12)]),
        ("fri 22:00-00:00 | fri 22h-minuit", [hours(FRI, 22, 24)]),
        ("tous les jours 20:15-20:45", [hours(day, 20.25, 20.75) for day in Weekday]),
    ],
)
def test_availability_as_people_write_it(text, windows):
    assert availability(text) == tuple(windows)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mon", "days and times"),
        ("17:00-19:00", "days and times"),
        ("mon 17:00", "days and times"),
        ("mon 17:00-19:00 tue", "days and times"),
        ("evenings", "days and times"),
        ("mon 19:00-17:00", "ends after it starts"),
        ("mon 17:00-17:00", "ends after it starts"),
        ("mon 17:07-18:00", "quarters"),
        ("mon 17:00-25:00", "between 00:00 and 24:00"),
        ("mon 17:00-18:75", "between 00:00 and 24:00"),
        ("mon 13pm-14pm", "am or pm"),
        ("; ".join(f"daily {h}:00-{h}:45" for h in range(7)), "at most 42"),
    ],
)
def test_availability_that_is_refused_says_what_to_write(text, told):
    with pytest.raises(ValueError, match=told):
        availability(text)


def test_a_hostile_availability_cell_takes_no_time_to_speak_of():
    with pytest.raises(ValueError, match=r"at most 42|days and times"):
        availability(
            "mon-sun " * 300 + "1-2 " * 400 + "mon-sun " + " ".join(f"{h}:00-{h}:15" for h in range(24))
        )


def test_what_is_written_of_windows_is_read_back():
    windows = (hours(MON, 0, 24), hours(SUN, 9.25, 9.5))
    assert availability(availability_text(windows)) == windows


@pytest.mark.parametrize(
    "text",
    [
        "en:C1; fr:B2",
        "English C1, French B2",
        "ENG=c1|fra=b2",
        "anglais (C1)\nfrançais (B2)",
        "en - C1; fr/B2",
    ],
)
def test_languages_with_levels(text):
    assert names.language_skills(text) == (LanguageSkill("en", "C1"), LanguageSkill("fr", "B2"))


def test_a_first_language_is_c2_and_a_regional_tag_stays_whole():
    assert names.language_skills("Kiswahili native; pt-BR-B1; wolof langue maternelle") == (
        LanguageSkill("sw", "C2"),
        LanguageSkill("pt-BR", "B1"),
        LanguageSkill("wo", "C2"),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [("en", "CEFR"), ("en:D1", "CEFR"), ("Klingonish C1", "BCP-47"), ("en:C1; English:B2", "twice"),
     (" " * 150 + ":" * 150, "CEFR")],
)  # fmt: skip
def test_languages_that_are_refused(text, told):
    with pytest.raises(ValueError, match=told):
        names.language_skills(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ke", "KE"), ("KEN", "KE"), ("Kenya", "KE"), ("Allemagne", "DE"),
        ("cote d'ivoire", "CI"), ("Ivory Coast", "CI"),
        ("RDC", "CD"), ("UK", "GB"), ("Royaume-Uni", "GB"), ("États-Unis", "US"), ("Turkey", "TR"), ("Viet Nam", "VN"),
    ],
)  # fmt: skip
def test_countries_by_code_or_name(text, code):
    assert names.country(text) == code


@pytest.mark.parametrize("text", ["Congo", "Korea", "XX", "Atlantis", "?", "ß"])
def test_a_country_that_is_unknown_or_means_two_is_refused(text):
    with pytest.raises(ValueError, match="ISO 3166-1"):
        names.country(text)


def test_every_country_is_found_by_each_of_its_names():
    for one in codes.countries():
        assert {names.country(one.name), names.country(one.name_fr), names.country(one.alpha3)} == {
            one.alpha2
        }


def test_every_everyday_word_leads_to_its_own_code():
    read = {"country": names.country, "profession": names.profession, "specialty": names.specialty}
    for list_, reader in read.items():
        words = names._words(list_)
        assert len(words) > 20
        for word, code in words:
            assert reader(word) == code, word


def test_every_specialty_has_a_french_name():
    assert {slug for _, slug in names._words("specialty")} == {one.slug for one in codes.specialties()}
    assert names.specialty("pediatrie") == "paediatrics"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2221", "2221"), ("2221 Nursing", "2221"), ("2221 - nurse", "2221"), ("Nursing professionals", "2221"),
        ("Infirmière", "2221"), ("Médecin généraliste", "2211"), ("student", "student"), ("Étudiante", "student"),
    ],
)  # fmt: skip
def test_professions(text, code):
    assert names.profession(text) == code


@pytest.mark.parametrize("text", ["doctor", "9999", "22210", "0110"])
def test_a_profession_that_is_no_health_occupation_or_means_two_is_refused(text):
    with pytest.raises(ValueError, match="ISCO-08"):
        names.profession(text)


def test_specialties_by_slug_and_name_in_both_spellings():
    british_and_american = (
        "paediatrics",
        "Pediatrics",
        "Haematology",
        "Hematology",
        "Gynecology and Obstetrics",
    )
    assert [names.specialty(text) for text in british_and_american] == [
        "paediatrics", "paediatrics", "haematology", "haematology", "gynaecology-and-obstetrics",
    ]  # fmt: skip
    for one in codes.specialties():
        assert names.specialty(one.name) == names.specialty(one.slug) == one.slug


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("2027-06-30", datetime(2027, 7, 1, tzinfo=UTC)),
        ("30/06/2027", datetime(2027, 7, 1, tzinfo=UTC)),
        ("30.06.2027", datetime(2027, 7, 1, tzinfo=UTC)),
        ("04/04/2027", datetime(2027, 4, 5, tzinfo=UTC)),
        ("2027-06-30T12:00:00+02:00", datetime(2027, 6, 30, 10, tzinfo=UTC)),
    ],
)
def test_a_day_counts_to_its_end(text, ends):
    assert cells.end_of_day(text) == ends


@pytest.mark.parametrize(
    "text", ["03/04/2027", "2027-02-30", "06/30/2027", "soon", "2027", "0001-01-01", "9999-12-31"]
)
def test_a_day_that_is_no_day_or_means_two_is_refused(text):
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        cells.end_of_day(text)


def test_yes_no_and_a_date_of_verification():
    assert [cells.yes_no(t) for t in ("Yes", "oui", "X", "1", "✓", "no", "Non", "FALSE", "0")] == [
        True
    ] * 5 + [False] * 4
    assert cells.verified("oui") is True
    assert cells.verified("2027-06-30") == datetime(2027, 7, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="yes or no"):
        cells.yes_no("maybe")


def test_lists_are_split_at_commas_only_without_stronger_marks():
    assert cells.split("a, b,c") == ("a", "b", "c")
    assert cells.split("a, b; c | d\ne") == ("a, b", "c", "d", "e")
    assert cells.split("a, b;") == ("a, b",)
    assert cells.split("KE, UG; TZ", commas_too=True) == ("KE", "UG", "TZ")


def test_enums_in_both_languages():
    assert cells.channel("Téléphone") is Channel.PHONE
    with pytest.raises(ValueError, match="video, voice, phone, chat, email"):
        cells.channel("pigeon")


@pytest.mark.parametrize("text", ["amina@hospital.example", "a.b+c@x-y.co.ke"])
def test_addresses(text):
    assert cells.email(f"mailto:{text}") == cells.email(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "amina",
        "a@b",
        "a b@c.org",
        "a@@c.org",
        "a@c..org",
        "a@.org",
        "a@c.org, b@c.org",
        "A <a@c.org>",
        "a" * 65 + "@c.org",
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match="one e-mail address"):
        cells.email(text)
