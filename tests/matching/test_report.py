import doctest
from datetime import timedelta

import numpy as np
import tzdata
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching import documents
from chalicelib.matching.engine import report, run_match
from chalicelib.matching.engine.report import Tally
from chalicelib.matching.model import (
    CRITERIA,
    ENGINE_VERSION,
    MILLION,
    GroupShare,
    Load,
    PoolSize,
    Reason,
    ReasonCount,
)
from tests.matching.pools import NOW, mentee, mentor, random_pool, skills, snapshot


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(report).failed == 0


def waiting(days):
    return {"waiting_since": NOW - timedelta(days=days)}


def example():
    mentees = [
        mentee("a", entry=waiting(80), country="KE", languages=skills(("en", "C1"), ("sw", "C2"))),
        mentee("b", entry=waiting(70), country="UG"),
        mentee("c", country="UG", languages=skills(("en", "C1"), ("fr", "B2"))),
        mentee("d", country="FR", languages=skills(("de", "C2"), ("en", "B1"))),
        mentee("e", country=None),
        mentee("f", entry={"places_left": 0, "active": False}),
    ]
    mentors = [
        mentor("m", entry={"capacity_left": 2}),
        mentor("n", languages=skills(("it", "C2"))),
        mentor("o", entry={"verified_until": None}),
    ]
    return snapshot(mentees, mentors)


def test_a_report_counts_what_happened():
    result = run_match(example())
    found = result.report
    assert {pair.mentee_id for pair in result.pairs} == {"a", "b"}
    assert found.pool == PoolSize(mentees=6, mentors=3, open_mentees=4, open_mentors=2, places=3)
    assert found.excluded_mentees == (
        ReasonCount(Reason.NOT_ACTIVE, 1),
        ReasonCount(Reason.PROFILE_INCOMPLETE, 1),
        ReasonCount(Reason.NO_PLACE_LEFT, 1),
    )
    assert found.excluded_mentors == (ReasonCount(Reason.NOT_VERIFIED, 1),)
    assert found.matched == GroupShare("all", 4, 2)
    assert found.income_groups == (
        GroupShare("low", 2, 1),
        GroupShare("lower_middle", 1, 1),
        GroupShare("high", 1, 0),
    )
    assert found.languages == (
        GroupShare("en", 3, 2),
        GroupShare("de", 1, 0),
        GroupShare("fr", 1, 0),
        GroupShare("sw", 1, 1),
    )
    assert found.loads == (Load(mentees=0, mentors=1), Load(mentees=2, mentors=1))
    assert found.left_out == (
        ReasonCount(Reason.NO_SHARED_LANGUAGE, 1),
        ReasonCount(Reason.NO_MENTOR_LEFT, 1),
    )
    scores = sorted(pair.score for pair in result.pairs)
    assert found.total == sum(scores)
    assert found.mean_score == sum(scores) // 2
    assert (found.score_deciles[0], found.score_deciles[-1], len(found.score_deciles)) == (*scores, 11)
    assert found.total <= found.upper_bound < found.total * 1.0001 + 2
    assert sum(share.points for share in found.weights) == MILLION
    assert [share.criterion for share in found.weights] == list(CRITERIA)
    assert (found.engine_version, found.time_zone_data) == (ENGINE_VERSION, tzdata.IANA_VERSION)
    assert (found.programme_id, found.run_id, found.taken_at) == ("p1", "r1", NOW)
    assert (found.pairs, found.admissible_pairs, found.candidate_pairs, found.candidates_cut) == (
        2,
        3,
        3,
        False,
    )


def test_a_country_without_a_group_is_said_to_have_none():
    found = run_match(snapshot([mentee(country="VE")], [mentor()])).report
    assert found.income_groups == (GroupShare("not_classified", 1, 1),)


@given(st.lists(st.integers(1, MILLION), min_size=1, max_size=60))
def test_deciles_are_scores_in_order(scores):
    ordered = sorted(scores)
    found = report.deciles(ordered)
    assert list(found) == sorted(found)
    assert set(found) <= set(scores)
    assert (found[0], found[-1]) == (ordered[0], ordered[-1])
    for n in range(1, 11):
        assert sum(score <= found[n] for score in scores) * 10 >= n * len(scores)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 6))
def test_what_people_add_to_a_report_adds_up_in_any_lots(seed, many):
    """Further pairs of a mentee are in whatever lot they fall in; lots are read back from their bytes."""
    pool = random_pool(seed, 12, weeks=1, rounds=3)
    result = run_match(pool)
    entries = {one.person_id: one for one in pool.mentees}
    left_out = [one for one in result.left_out if not entries[one.person_id].closed_for()]
    whole = Tally.of(result.pairs, left_out, entries, pool.settings)
    rng = np.random.default_rng(seed)
    pair_in, person_in = rng.integers(many, size=len(result.pairs)), rng.integers(many, size=len(left_out))
    lots = []
    for lot in range(many):
        pairs = [pair for pair, n in zip(result.pairs, pair_in, strict=True) if n == lot]
        people = [one for one, n in zip(left_out, person_in, strict=True) if n == lot]
        theirs = {
            name: entries[name] for name in [*(p.mentee_id for p in pairs), *(p.person_id for p in people)]
        }
        tally = Tally.of(pairs, people, theirs, pool.settings)
        lots.append(documents.from_bytes(Tally, documents.to_bytes(tally)))
    assert Tally.together(lots) == whole
    assert sum(lots[::-1], Tally.none()) == whole
    found = result.report
    assert whole.matched.mentees + whole.further.mentees == found.pool.open_mentees
    assert (whole.matched, whole.further, whole.left_out) == (found.matched, found.further, found.left_out)
    assert whole.matched.matched == len(
        {p.mentee_id for p in result.pairs if not entries[p.mentee_id].has_one}
    )


def test_reasons_add_up_in_their_order():
    closed = (
        (ReasonCount(Reason.NOT_ACTIVE, 2),),
        (),
        (ReasonCount(Reason.NOT_ACTIVE, 3), ReasonCount(Reason.NOT_ENROLLED, 1)),
    )
    assert report.reasons_together(closed) == (
        ReasonCount(Reason.NOT_ENROLLED, 1),
        ReasonCount(Reason.NOT_ACTIVE, 5),
    )
