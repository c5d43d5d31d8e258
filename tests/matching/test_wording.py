"""What speaks for a pair, in words: to each reader theirs, in their language, and nothing that the facts do not say."""

import re
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from chalicelib.matching.evidence import CareerStages, Evidence, Meeting, MetWishes, Professions
from chalicelib.matching.model import (
    CommonWindow,
    Contribution,
    Criterion,
    LocalSpan,
    Overlap,
    ProposedPair,
    SharedLanguage,
)
from chalicelib.matching.wording import Audience, Reader, sentences
from chalicelib.people.model import CareerStage, Weekday
from chalicelib.words.catalogues import languages

MONDAY = LocalSpan(Weekday.MONDAY, 17 * 60, Weekday.MONDAY, 20 * 60)
MORNING = LocalSpan(Weekday.MONDAY, 9 * 60, Weekday.MONDAY, 12 * 60)
WHOLE = Evidence(
    topics=("infection control", "audit"),
    near_topics=(Meeting("grant writing", "grant applications"),),
    specialties=("cardiology",),
    near_specialties=(Meeting("neonatology", "paediatrics"),),
    growth=("leadership",),
    research=("sepsis",),
    goals_alike=True,
    professions=Professions("2221", "3221"),
    career_stages=CareerStages(CareerStage.EARLY, CareerStage.SENIOR),
    countries=Meeting("KE", "CA"),
    known_country="KE",
    waiting_since=datetime(2026, 8, 31, 22, tzinfo=UTC),
    mentee_wishes=MetWishes(("CA",), "CA", CareerStage.SENIOR, own_profession=True, abroad=True),
    mentor_wishes=MetWishes(("KE",), "KE", CareerStage.EARLY, own_profession=True, abroad=True),
)
PAIR = ProposedPair(
    "amina",
    "claire",
    500_000,
    tuple(Contribution(criterion, 50_000) for criterion in Criterion),
    (SharedLanguage("en", "C1", "C2"), SharedLanguage("fr", "B2", "C2")),
    Overlap(150, (CommonWindow(datetime(2026, 11, 23, 14, tzinfo=UTC), 180, MONDAY, MORNING),)),
    WHOLE,
)
MENTEE = Reader(Audience.MENTEE, "en", "Claire Tremblay", "KE", "Africa/Nairobi")
MENTOR = Reader(Audience.MENTOR, "en", "Amina Otieno", "CA", "America/Toronto")
COORDINATOR = Reader(Audience.COORDINATOR, "en")
READERS = (MENTEE, MENTOR, COORDINATOR)
EACH = [replace(reader, locale=one) for reader in READERS for one in sorted(languages())]


def told(reader, pair=PAIR):
    return [one.text for one in sentences(pair, reader, reader.formats())]


def test_the_mentee_reads_what_is_theirs():
    assert told(MENTEE) == [
        "Topics that you seek and Claire Tremblay offers: infection control; audit.",
        "Topics that you seek, and in brackets a close one that Claire Tremblay offers: grant writing (grant "
        "applications).",
        "What you want to grow in and is a strength of Claire Tremblay: leadership.",
        "Specialties that you both have: Cardiology.",
        "Related specialties, yours first: Neonatology (Paediatrics).",
        "Research interests that you share: sepsis.",
        "What you both wrote about your goals is much alike.",
        "Your professions are related, yours first: Nursing professionals; Nursing associate professionals.",
        "Career stages: early career (you) and senior (Claire Tremblay).",
        "Languages that you share, your level first: English (C1, C2); French (B2, C2).",
        "Time that suits you both: at least 2 hours, 30 minutes each week.",
        "On your clock (Nairobi time), in the week of 23 November 2026: Monday, 17:00 to 20:00.",
        "Claire Tremblay has worked in your country: Kenya.",
        "Countries that interest you and that Claire Tremblay knows from practice: Canada.",
        "As you wished, Claire Tremblay practises in this country: Canada.",
        "As you wished, this is the career stage of Claire Tremblay: senior.",
        "As you wished, Claire Tremblay has your profession.",
        "You practise in different countries: Kenya and Canada.",
        "As you wished, Claire Tremblay practises in another country than you.",
        "You have waited for a mentor since 1 September 2026.",
    ]


def test_the_mentor_reads_the_other_half_on_their_own_clock():
    mentors = told(MENTOR)
    for words in (
        "Topics that you offer and Amina Otieno seeks: infection control; audit.",
        "grant applications (grant writing)",
        "Related specialties, yours first: Paediatrics (Neonatology).",
        "Career stages: senior (you) and early career (Amina Otieno).",
        "English (C2, C1); French (C2, B2)",
        "On your clock (Toronto time), in the week of November 23, 2026: Monday, 9:00",
        "You have worked in the country where Amina Otieno practises: Kenya.",
        "As you wished, Amina Otieno practises in this country: Kenya.",
        "You practise in different countries: Canada and Kenya.",
    ):
        assert any(words in one for one in mentors), words


def test_nobody_but_the_mentee_reads_of_waiting_and_of_where_they_want_to_grow():
    for reader in (MENTOR, COORDINATOR):
        assert not any("waited" in one or "leadership" in one for one in told(reader))


def test_a_wish_is_told_to_its_owner_alone():
    without = replace(PAIR, evidence=replace(WHOLE, mentor_wishes=MetWishes()))
    assert told(MENTEE, without) == told(MENTEE)
    assert len(told(MENTOR, without)) == len(told(MENTOR)) - 5
    nobodys = replace(without, evidence=replace(without.evidence, mentee_wishes=MetWishes()))
    assert told(COORDINATOR, nobodys) == told(COORDINATOR)
    assert not any("wish" in one or "interest you" in one for one in told(COORDINATOR))


def test_a_coordinator_reads_of_both_without_names():
    assert (
        told(COORDINATOR)[0]
        == "Topics that the mentee seeks and the mentor offers: infection control; audit."
    )
    assert not any("you" in re.findall(r"\w+", one.lower()) for one in told(COORDINATOR))


def test_french_is_french_throughout():
    french = told(replace(MENTEE, locale="fr", country="CM"))
    assert len(french) == len(told(MENTEE))
    for words in (
        "Sujets que vous cherchez et que propose Claire Tremblay\u00a0: infection control\u00a0; audit.",
        "Spécialités que vous avez en commun\u00a0: Cardiologie.",
        "anglais (C1, C2)\u00a0; français (B2, C2)",
        "au moins 2\u00a0heures et 30 minutes chaque semaine",
        "À votre heure (heure locale\u00a0: Nairobi), dans la semaine du 23 novembre 2026\u00a0: lundi, de 17:00",
        "Vous attendez un mentor depuis cette date\u00a0: 1 septembre 2026.",
    ):
        assert any(words in one for one in french), (words, french)
    assert not set(french) & set(told(MENTEE))


@pytest.mark.parametrize("reader", EACH)
def test_no_sentence_differs_by_anybodys_name_but_in_the_name(reader):
    """Nothing is inflected: names of whatever length or script fit, and no pronoun guesses at anybody."""
    named = told(replace(reader, partner="X"))
    assert [one.replace("Zoë", "X") for one in told(replace(reader, partner="Zoë"))] == named
    assert not any(re.search(r"\b(he|she|his|her|il|elle)\b", one) for one in named)


@pytest.mark.parametrize("reader", EACH)
@pytest.mark.parametrize("name", ["عائشة محمد", "דנה (Dana)", "Ali \u200fעלי", "\u202eevil", "a\nb"])
def test_names_and_tags_of_the_other_direction_are_isolated(reader, name):
    tags = replace(PAIR, evidence=replace(WHOLE, topics=(name, "audit")))
    against = "\u0590-\u06ff" if reader.formats().direction == "ltr" else "a-z"
    for one in told(replace(reader, partner=name), tags):
        outside = re.sub("\u2068[^\u2068\u2069]*\u2069", "", one)
        assert not re.search(f"[{against}\u200e\u200f\u202a-\u202e\u2066-\u2069\n]", outside)


@pytest.mark.parametrize("reader", EACH)
@pytest.mark.parametrize("name", [field.name for field in fields(Evidence)])
def test_without_a_fact_its_sentences_are_gone_and_all_others_stay(reader, name):
    bare = {field.name: getattr(Evidence(), field.name) for field in fields(Evidence)}
    without = told(reader, replace(PAIR, evidence=replace(WHOLE, **{name: bare[name]})))
    assert set(without) <= set(told(reader))
    alone = replace(
        PAIR, shared_languages=(), overlap=Overlap(0, ()), evidence=Evidence(**{name: getattr(WHOLE, name)})
    )
    assert set(told(reader, alone)) == set(told(reader)) - set(without)


@pytest.mark.parametrize("criterion", [one for one in Criterion if one not in ("languages", "overlap")])
def test_what_earns_no_points_is_not_told(criterion):
    """A weight of 0 means that it had no part in the match."""
    contributions = tuple(
        replace(one, points=0) if one.criterion is criterion else one for one in PAIR.contributions
    )
    found = sentences(replace(PAIR, contributions=contributions), MENTEE, MENTEE.formats())
    assert {one.criterion for one in found} == set(Criterion) - {criterion, Criterion.VALUES}


def test_sentences_stand_in_the_order_of_the_criteria():
    order = [list(Criterion).index(one.criterion) for one in sentences(PAIR, MENTEE, MENTEE.formats())]
    assert order == sorted(order)


def test_an_explanation_from_before_there_was_evidence_tells_languages_and_time():
    old = told(MENTEE, replace(PAIR, evidence=Evidence()))
    assert [one.partition(":")[0] for one in old] == [
        "Languages that you share, your level first",
        "Time that suits you both",
        "On your clock (Nairobi time), in the week of 23 November 2026",
    ]


def test_students_and_people_of_one_country_and_profession():
    student = replace(PAIR, evidence=Evidence(professions=Professions("2221", "2221", True)))
    assert "Claire Tremblay works in the profession that you study for: Nursing professionals." in told(
        MENTEE, student
    )
    assert "Amina Otieno studies for your profession: Nursing professionals." in told(MENTOR, student)
    related = replace(PAIR, evidence=Evidence(professions=Professions("2221", "3221", True)))
    assert not any("profession" in one for one in told(MENTEE, related))
    alike = replace(
        PAIR, evidence=Evidence(professions=Professions("2221", "2221"), countries=Meeting("KE", "KE"))
    )
    assert "You have the same profession: Nursing professionals." in told(MENTOR, alike)
    assert "They practise in the same country: Kenya." in told(COORDINATOR, alike)


def test_a_locale_without_a_catalogue_reads_english():
    reader = replace(MENTEE, locale="de-KE")
    assert reader.formats().language == "en"
    assert told(reader) == told(MENTEE)


def test_languages_that_are_only_close_are_called_so():
    close = replace(PAIR, shared_languages=(SharedLanguage("da", "C2", "B2", mentor_by="nb"),))
    assert "Your languages are close: you speak Danish, Claire Tremblay speaks Norwegian Bokmål." in told(
        MENTEE, close
    )
    assert "Your languages are close: you speak Norwegian Bokmål, Amina Otieno speaks Danish." in told(
        MENTOR, close
    )
    south = replace(PAIR, shared_languages=(SharedLanguage("hr", "C1", "C2", mentee_by="sr"),))
    assert "Your languages are close: you speak Serbian, Claire Tremblay speaks Croatian." in told(
        MENTEE, south
    )
    assert "Your languages are close: you speak Croatian, Amina Otieno speaks Serbian." in told(MENTOR, south)
    assert close.spoken_by_both == ()
    assert PAIR.spoken_by_both
