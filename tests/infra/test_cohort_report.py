"""The report of a run on the demo cohort reads well to a coordinator, in each language."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.matching.engine import run_match
from chalicelib.matching.model import MatchResult, MenteeEntry, MentorEntry, Snapshot
from chalicelib.matching.reason_wording import Subject, left_out_told, reasons_told
from chalicelib.matching.report_wording import Topic, summary
from chalicelib.words.catalogues import languages
from chalicelib.words.formats import Formats
from infra.local.cohort import generate, profile_of, verified_until

LANGUAGES = sorted(languages())
# A screen: nobody reads more of a run at once.
MOST_SENTENCES, MOST_SIGNS = 40, 600


@pytest.fixture(scope="module")
def result() -> MatchResult:
    cohort, now = generate(date(2026, 11, 22)), datetime(2026, 11, 22, 2, tzinfo=UTC)
    mentees = [
        MenteeEntry(one.email, profile_of(one), now - timedelta(days=one.days_here)) for one in cohort.mentees
    ]
    mentors = [
        MentorEntry(one.email, profile_of(one), one.enrolment.capacity, verified_until(one))
        for one in cohort.mentors
        if one.enrolment
    ]
    return run_match(Snapshot("main", "tonight", now, tuple(mentees), tuple(mentors)))


def digits(text: str) -> set[int]:
    """Return the numbers in a text, whatever stands between their thousands."""
    return {int(re.sub(r"\D", "", one)) for one in re.findall(r"\d[\d\u202f\u00a0.,]*", text)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_coordinator_reads_the_whole_run_on_one_screen(result: MatchResult, language: str) -> None:
    report = result.report
    sections = summary(report, None, Formats(language))
    assert [one.about for one in sections] == [one for one in Topic if one is not Topic.COMPARISON]
    sentences = [sentence for one in sections for sentence in one.sentences]
    assert len(sentences) <= MOST_SENTENCES
    for one in (*sentences, *(section.title for section in sections)):
        assert len(one) <= MOST_SIGNS, one
        assert one[0] == one[0].upper()
        assert not re.search(r"%\(|_|\bNone\b|  |\bdual\b|millionth", one), one
    told = {one.about: " ".join(one.sentences) for one in sections}
    whole = report.matched
    assert {whole.matched, whole.mentees, whole.mentees - whole.matched, report.pool.places} <= digits(
        told[Topic.RESULT]
    )
    assert {one.people for one in report.left_out} <= digits(told[Topic.LEFT_OUT])
    for topic, rows in (
        (Topic.SHORTAGES, report.shortage_by_language), (Topic.SPECIALTIES, report.shortage_by_specialty),
    ):  # fmt: skip
        worst = rows[0]
        assert worst.wanted is not None
        assert {worst.left_out, worst.would_fit} <= digits(told[topic])
    assert {one.pairs for one in report.objectives} <= digits(told[Topic.OBJECTIVES])


def test_each_language_says_it_in_its_own_words(result: MatchResult) -> None:
    told = [
        [sentence for one in summary(result.report, None, Formats(language)) for sentence in one.sentences]
        for language in LANGUAGES
    ]
    assert len({len(one) for one in told}) == 1
    assert not any(len(set(same)) < len(LANGUAGES) for same in zip(*told, strict=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_left_out_has_a_reason_and_most_a_way_out(result: MatchResult, language: str) -> None:
    formats = Formats(language)
    helped = 0
    for person in result.left_out:
        told = left_out_told(person, formats)
        abouts = [one.about for one in told]
        assert abouts.count(Subject.REASON) == len(person.reasons) > 0
        helped += bool(person.tonight or person.suggestions)
        for one in (*told, *reasons_told(False, person.reasons, person.suggestions, formats)):
            assert "@" not in one.text
            assert len(one.text) <= MOST_SIGNS
            assert not re.search(r"%\(|_|\bNone\b|  ", one.text), one
    assert helped > len(result.left_out) / 2
