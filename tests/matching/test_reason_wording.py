"""Why somebody has no pair, in words: whole, with the numbers of the data, and of nobody else."""

import re
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching.changes import Change, ChangeKind, Stretch, Suggestion
from chalicelib.matching.engine import run_match
from chalicelib.matching.engine.advice import OTHER_HOURS, STRETCHES
from chalicelib.matching.model import HelpCount, LeftOut, LeftOutReason, Reason
from chalicelib.matching.reason_wording import Subject, help_name, left_out_told, reason_name, reasons_told
from chalicelib.people.model import Channel, Weekday
from chalicelib.words.catalogues import languages
from chalicelib.words.formats import Formats
from tests.matching.pools import random_pool

LANGUAGES = sorted(languages())
ENGLISH, FRENCH = Formats("en"), Formats("fr")
WORKDAYS = tuple(Weekday)[:5]

ACCEPT = Change(ChangeKind.ACCEPT_LANGUAGE, language="fr", level="B1")
EVENING = Change(
    ChangeKind.TIME,
    stretch=Stretch.WEEKDAY_EVENING,
    days=(Weekday.TUESDAY,),
    start=1110,
    end=1170,
    minutes=60,
)
LANGUAGE = LeftOutReason(Reason.NO_SHARED_LANGUAGE, considered=107, passing=4, would_open=30)
TIME = LeftOutReason(
    Reason.NOT_ENOUGH_COMMON_TIME, considered=107, passing=0, would_open=0, best_minutes=45, needed_minutes=60
)


def to_a_coordinator(*reasons, formats=ENGLISH, **more):
    return [one.text for one in left_out_told(LeftOut("a", reasons, **more), formats)]


def to_the_mentee(*reasons, suggestions=(), formats=ENGLISH):
    return [one.text for one in reasons_told(False, reasons, suggestions, formats)]


def plain(text):
    """Times of day are written with a narrow space that hides in a test."""
    return text.replace("\u202f", " ")


NO_PLACE = "No change that was tried would have brought in a mentor who still had a place."
NOBODY = "No change that was tried would open any mentor, with or without a place left."


def test_a_coordinator_reads_the_rule_and_its_numbers():
    assert to_a_coordinator(LANGUAGE, TIME) == [
        "Open mentors who share a language with the mentee at the level that is needed: 4 of 107. But for this, 30 "
        "more would fit.",
        "Open mentors who have 1 hour in common with the mentee each week: none of 107. With those who share a "
        "language and a way to meet, it is 45 minutes at most.",
        NOBODY,
    ]


def test_where_no_change_helps_it_is_said_what_none_of_them_would_do():
    assert to_the_mentee(LANGUAGE)[1:] == ["No change that was tried would open a mentor to you."]
    # Mentors would be opened, but all of them were taken.
    assert to_a_coordinator(LANGUAGE, suggestions=(Suggestion((ACCEPT,), 4),))[1] == NO_PLACE
    # Mentors fit, so there is nothing to open.
    taken = LeftOutReason(Reason.NO_MENTOR_LEFT, passing=2)
    assert to_a_coordinator(taken)[1:] == [NO_PLACE]
    assert len(to_the_mentee(taken)) == 1


def test_time_enough_in_pieces_too_short_is_told_as_such():
    (time, _) = to_a_coordinator(replace(TIME, best_minutes=75))
    assert time.endswith("it is up to 1 hour, 15 minutes, but in pieces that are too short.")


def test_the_mentee_reads_the_same_of_themselves():
    assert to_the_mentee(LANGUAGE)[0].startswith("Open mentors who share a language with you at the level")
    assert to_the_mentee(LeftOutReason(Reason.PROFILE_INCOMPLETE, fields=("country", "availability"))) == [
        "Your profile lacks what a match needs: country of practice and times when free."
    ]


def test_the_smallest_change_is_told_with_whom_it_would_open():
    both = Suggestion((ACCEPT, EVENING), 1)
    told = [
        plain(one)
        for one in to_a_coordinator(LANGUAGE, tonight=both, suggestions=(Suggestion((ACCEPT,), 4),))
    ]
    assert told[1:] == [
        "With French accepted by the programme at level B1 and 1 hour more each week on a weekday evening (Tuesday, "
        "6:30 pm to 7:30 pm on the mentee’s clock), 1 mentor who still had a place would have fitted.",
        "With French accepted by the programme at level B1, 4 mentors would fit.",
    ]
    own = plain(to_the_mentee(LANGUAGE, suggestions=(Suggestion((EVENING,), 2),))[1])
    assert (
        own
        == "With 1 hour more each week on a weekday evening (Tuesday, 6:30 pm to 7:30 pm), 2 mentors would fit."
    )


def test_the_same_in_french():
    told = to_a_coordinator(
        LANGUAGE, formats=FRENCH, tonight=Suggestion((EVENING,), 1), suggestions=(Suggestion((ACCEPT,), 4),)
    )
    assert told == [
        "Mentors disponibles qui ont une langue en commun avec la personne accompagnée, au niveau requis\u00a0: 4 sur "
        "107. Sans cela, 30 de plus conviendraient.",
        "Avec 1\u00a0heure de plus par semaine, un soir de semaine (mardi, de 18:30 à 19:30 à l’heure de la personne "
        "accompagnée), 1 mentor ayant encore une place aurait convenu.",
        "Avec le niveau B1 accepté par le programme en français, 4 mentors conviendraient.",
    ]


def test_what_would_have_helped_tonight_is_told_once():
    one = Suggestion((ACCEPT,), 4)
    told = left_out_told(LeftOut("a", (LANGUAGE,), (one,), one), ENGLISH)
    assert [each.about for each in told] == [Subject.REASON, Subject.TONIGHT]


def test_a_proposal_is_said_to_be_one():
    (told,) = reasons_told(True, (), (), ENGLISH)
    assert (told.about, told.text) == (Subject.PROPOSED, "This match proposed a mentor to you.")


@pytest.mark.parametrize("formats", [ENGLISH, FRENCH], ids=["en", "fr"])
def test_a_mentee_reads_no_number_of_mentors_whose_places_went_elsewhere(formats):
    """Numbers that are there for some and not for others would tell whose pair was taken away."""
    told = [
        to_the_mentee(LeftOutReason(Reason.NO_MENTOR_LEFT, passing=n), formats=formats) for n in (None, 1, 9)
    ]
    assert told[0] == told[1] == told[2]
    assert not re.search(r"\d", told[0][0])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", Reason)
def test_each_reason_has_its_sentence_for_each_reader_and_number(code, language):
    formats = Formats(language)
    seen = set()
    for passing in (None, 0, 1, 2):
        reason = LeftOutReason(
            code,
            ("country",),
            considered=3,
            passing=passing,
            would_open=1,
            best_minutes=15,
            needed_minutes=60,
        )
        for text in (to_a_coordinator(reason, formats=formats)[0], to_the_mentee(reason, formats=formats)[0]):
            assert text.endswith(".")
            assert not re.search(r"%\(|_|\bNone\b", text)
            seen.add(text)
    assert len(seen) >= 1 if code is Reason.NO_OPEN_MENTOR else 2
    assert reason_name(code, formats)


def any_change():
    yield from (Change(ChangeKind.CHANNEL, channel=one) for one in Channel)
    yield ACCEPT
    yield Change(ChangeKind.IMPROVE_LANGUAGE, language="sw", level="B2", steps=1)
    for stretch, (days, start, end) in {**STRETCHES, **OTHER_HOURS}.items():
        for some in {days, days[:1]}:
            yield Change(
                ChangeKind.TIME,
                stretch=stretch,
                days=some,
                start=start,
                end=end,
                minutes=len(some) * (end - start),
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_change_has_words_of_its_own(language):
    formats = Formats(language)
    told = [
        to_the_mentee(LANGUAGE, suggestions=(Suggestion((one,), 3),), formats=formats)[1]
        for one in any_change()
    ]
    assert len(told) == len(set(told)) > 20
    for text in told:
        assert not re.search(r"%\(|_|\bNone\b|  ", text)
        assert text.endswith(".")
    names = {
        help_name(HelpCount(one.kind, 1, one.channel, one.language, one.level, one.stretch), formats)
        for one in any_change()
    }
    assert len(names) == len(Channel) + 2 + len(STRETCHES) + 1  # any other hours are one


def test_one_and_several_are_told_apart():
    for n, noun in ((1, "1 mentor would"), (2, "2 mentors would"), (1234, "1,234 mentors would")):
        assert noun in to_the_mentee(LANGUAGE, suggestions=(Suggestion((ACCEPT,), n),))[1]
    # French counts none as one.
    for n, noun in (
        (0, "0 de plus conviendrait."),
        (1, "1 de plus conviendrait."),
        (2, "2 de plus conviendraient."),
    ):
        text = FRENCH.ngettext(
            "But for this, %(count)s more would fit.", "But for this, %(count)s more would fit.", n
        )
        assert noun in text % {"count": n}


@cache
def stretches_of_time(language):
    """Return a pattern of each way in which a language tells hours and minutes."""
    formats = Formats(language)
    told = {formats.duration(n * unit) for n in (1, 2, 3, 11, 45) for unit in (60, 1)}
    patterns = {re.sub(r"\d+", r"\\d+", re.escape(one)) for one in told}
    return "|".join(sorted(patterns, key=len, reverse=True))


def numbers(text, language):
    """Return the whole numbers in a text but those of times, CEFR levels and stretches of time."""
    without = re.sub(rf"\([^)]*\)|\b[ABC][12]\b|{stretches_of_time(language)}", "", text)
    return [int(re.sub(r"\D", "", one)) for one in re.findall(r"\d[\d\u202f\u00a0.,]*", without)]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(LANGUAGES))
def test_whoever_is_left_out_has_a_sentence_and_its_numbers_are_those_of_the_data(seed, language):
    pool = random_pool(seed, 7, weeks=1)
    formats = Formats(language)
    ids = {one.person_id for one in (*pool.mentees, *pool.mentors)}
    result = run_match(pool)
    for person in (*result.left_out, *result.closed_mentors):
        told = left_out_told(person, formats)
        reasons = [one for one in told if one.about is Subject.REASON]
        for reason, one in zip(person.reasons, reasons, strict=True):
            data = {reason.passing, reason.considered, reason.would_open} - {None, 0}
            assert set(numbers(one.text, language)) <= data
            if reason.passing and reason.would_open:
                assert set(numbers(one.text, language)) == data
        advice = [one for one in told if one.about is not Subject.REASON]
        found = [
            *filter(None, [person.tonight]),
            *(one for one in person.suggestions if one != person.tonight),
        ]
        assert [n for one in advice for n in numbers(one.text, language)] == [one.opens for one in found]
        own = reasons_told(False, person.reasons, person.suggestions, formats)
        rules = {Reason.NO_SHARED_LANGUAGE, Reason.NOT_ENOUGH_COMMON_TIME, Reason.NO_SHARED_CHANNEL}
        no_way = not person.suggestions and not rules.isdisjoint(one.code for one in person.reasons)
        assert len(own) == len(person.reasons) + len(person.suggestions) + no_way > 0
        assert not ids & set(re.findall(r"\w+", " ".join(one.text for one in (*told, *own))))
