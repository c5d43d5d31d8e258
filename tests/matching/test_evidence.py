"""What speaks for a pair, as facts of its explanation."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from chalicelib.matching import documents
from chalicelib.matching.engine import explain_pair, run_match
from chalicelib.matching.evidence import CareerStages, Evidence, Meeting, MetWishes, Professions
from chalicelib.matching.model import MatchSettings, ProposedPair
from chalicelib.people.model import CareerStage, CrossBorder, NegativeWishes, Preferences, Unwanted
from tests.matching.pools import NOW, mentee, mentor, pools, profile, skills


def found(of_mentee, of_mentor, **how):
    return explain_pair(of_mentee, of_mentor, MatchSettings(**how), NOW).evidence


def test_topics_meet_in_whatever_spelling_and_stand_as_the_mentee_wrote_them():
    one = found(
        mentee(topics_sought=("Grant  writing", "sepsis", "SEPSIS", "burns")),
        mentor(topics_offered=("grant writing", "sepsis")),
    )
    assert one.topics == ("Grant  writing", "sepsis")
    assert one.near_topics == ()


def test_a_topic_is_near_where_half_of_its_words_are_in_one_that_is_offered():
    one = found(
        mentee(topics_sought=("grant writing", "quality of care in rural wards", "burns")),
        mentor(topics_offered=("writing", "applications for a grant", "rural health")),
    )
    assert one.topics == ()
    assert one.near_topics == (Meeting("grant writing", "writing"),)


def test_specialties_are_the_same_or_of_related_fields():
    one = found(
        mentee(specialties=("cardiology", "neonatology", "radiology")),
        mentor(specialties=("neonatology", "paediatric-cardiology")),
    )
    assert one.specialties == ("neonatology",)
    assert one.near_specialties == (Meeting("cardiology", "paediatric-cardiology"),)


def test_interests_strengths_and_goals():
    goals = "Learn to lead a ward through a sepsis outbreak"
    one = found(
        mentee(research_interests=("Burns",), wants_to_grow=("leadership",), strengths=("teaching",), goals=goals),
        mentor(research_interests=("burns", "sepsis"), strengths=("leadership",), wants_to_grow=("teaching",),
               goals=goals),
    )  # fmt: skip
    assert one.research == ("Burns",)
    assert one.growth == ("leadership",)
    assert one.goals_alike
    assert not found(mentee(goals=goals), mentor(goals="My garden in autumn")).goals_alike


@pytest.mark.parametrize(
    ("own", "theirs", "expected"),
    [
        ({"profession": "2221"}, {"profession": "2221"}, Professions("2221", "2221")),
        ({"profession": "2221"}, {"profession": "3221"}, Professions("2221", "3221")),
        ({"profession": "2221"}, {"profession": "2211"}, None),
        ({"profession": "student", "intended_profession": "2221"}, {}, Professions("2221", "2221", True)),
        ({"profession": "student"}, {}, None),
    ],
)
def test_professions_are_told_where_they_are_one_or_of_one_group(own, theirs, expected):
    assert found(mentee(**own), mentor(**theirs)).professions == expected


@pytest.mark.parametrize(
    ("own", "theirs", "ahead"),
    [
        (CareerStage.EARLY, CareerStage.SENIOR, True),
        (CareerStage.MID, CareerStage.MID, False),
        (CareerStage.SENIOR, CareerStage.EARLY, False),
        (CareerStage.SENIOR, CareerStage.RETIRED, False),
        (None, CareerStage.SENIOR, False),
    ],
)
def test_career_stages_are_told_where_the_mentor_is_ahead(own, theirs, ahead):
    stages = found(mentee(career_stage=own), mentor(career_stage=theirs)).career_stages
    assert stages == (CareerStages(own, theirs) if ahead else None)


def test_countries_of_practice_and_what_the_mentor_knows_of_the_mentees():
    one = found(mentee(country="KE"), mentor(country="CA", country_experience=("KE",)))
    assert (one.countries, one.known_country) == (Meeting("KE", "CA"), "KE")
    same = found(mentee(country="KE"), mentor(country="KE", country_experience=("KE",)))
    assert (same.countries, same.known_country) == (Meeting("KE", "KE"), None)


def test_waiting_is_told_once_it_earns_half_of_its_points():
    entry = mentee(entry={"waiting_since": NOW - timedelta(days=45)})
    assert found(entry, mentor()).waiting_since == entry.waiting_since
    assert found(replace(entry, waiting_since=NOW - timedelta(days=44)), mentor()).waiting_since is None


def test_each_sides_open_wishes_are_met_by_what_the_other_is():
    wishes = Preferences(
        cross_border=CrossBorder.PREFERRED, same_profession=True, countries=("CA", "FR"),
        career_stages=(CareerStage.SENIOR,), genders=("woman",),
    )  # fmt: skip
    one = found(
        mentee(country="KE", countries_of_interest=("CA", "FR", "US"), preferences=wishes),
        mentor(country="CA", country_experience=("US",), career_stage=CareerStage.SENIOR, gender="woman",
               sensitive_consent=True, preferences=Preferences(countries=("NP",), same_profession=True)),
    )  # fmt: skip
    assert one.mentee_wishes == MetWishes(
        ("CA", "US"), "CA", CareerStage.SENIOR, own_profession=True, abroad=True
    )
    assert one.mentor_wishes == MetWishes(own_profession=True)


def hidden(entry, **changes):
    """Return an entry with something changed that no explanation may tell."""
    return replace(entry, profile=replace(entry.profile, **changes))


@given(pools())
@settings(max_examples=25, deadline=None)
def test_evidence_is_the_same_whatever_is_private(snapshot):
    """Neither gender and background, nor values, nor whom somebody does not want, shows in what speaks for a pair."""
    private = {
        "gender": "other", "background": "something", "sensitive_consent": True, "access_needs": ("captions",),
        "negative_wishes": NegativeWishes(if_possible=Unwanted(countries=("NP",))), "values": (),
    }  # fmt: skip
    for one in snapshot.mentees:
        for other in snapshot.mentors:
            if one.closed_for() or other.closed_for(NOW):
                continue
            bare = found(replace(one, blocked=frozenset(), declined=frozenset()), hidden(other, **private))
            assert bare == found(hidden(one, **private), other)


@given(pools())
@settings(max_examples=25, deadline=None)
def test_evidence_goes_to_the_bucket_and_back(snapshot):
    for pair in run_match(snapshot).pairs:
        assert documents.from_bytes(ProposedPair, documents.to_bytes(pair)) == pair


def test_a_result_from_before_there_was_evidence_still_reads():
    pair = explain_pair(
        mentee(topics_sought=("sepsis",)), mentor(topics_offered=("sepsis",)), MatchSettings(), NOW
    )
    old = documents.to_plain(pair)
    del old["evidence"]
    assert documents.from_plain(ProposedPair, old) == replace(pair, evidence=Evidence())


def test_nothing_is_told_of_two_who_have_nothing_in_common():
    one = found(mentee(country="KE", profession="2211"), mentor(country="CA", languages=skills(("en", "C2"))))
    assert one == Evidence(countries=Meeting("KE", "CA"))
    assert {field.name for field in fields(profile("a"))} >= {"values", "background", "gender"}
