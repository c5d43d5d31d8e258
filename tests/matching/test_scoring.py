import doctest
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching import engine
from chalicelib.matching.engine import criteria, text
from chalicelib.matching.engine.coverage import Coverage, Side, points_of
from chalicelib.matching.engine.criteria import sought_tags
from chalicelib.matching.engine.scoring import GoalVectors
from chalicelib.matching.model import CRITERIA, MILLION, Criterion, Weights
from chalicelib.people.model import CareerStage, CrossBorder, NegativeWishes, Preferences, Unwanted
from chalicelib.programmes.model import PairKind
from tests.matching import oracle, oracle_scores
from tests.matching.pools import NOW, mentee, mentor, random_pool, skills, snapshot


def explained(found):
    """Return what the engine says of every admissible pair of a snapshot: score, and points by criterion."""
    plan = engine.plan(found)
    candidates = engine.score(plan)
    pairs = {}
    for i, j, score in zip(candidates.mentee, candidates.mentor, candidates.score, strict=True):
        (pair,) = plan.explainer.pairs(np.array([i]), np.array([j]))
        points = {contribution.criterion: contribution.points for contribution in pair.contributions}
        pairs[pair.mentee_id, pair.mentor_id] = int(score), pair.score, points
    return pairs


def value(criterion, one, other, **changes):
    """Return a pair's value of one criterion in millionths, as the mentee sees it: its points at all the weight."""
    weights = Weights(**{c.value: float(c is criterion) for c in CRITERIA})
    changes = {"mentor_say": 0} | changes
    ((score, _, points),) = explained(snapshot([one], [other], weights=weights, **changes)).values()
    assert score == max(1, points[criterion])
    return points[criterion] if score > 1 else 0


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(criteria).failed == 0


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, 2**32),
    st.lists(st.integers(0, 5), min_size=10, max_size=10).filter(any),
    st.sampled_from([0, 1, 300_000, 999_999, MILLION]),
)
def test_points_add_up_to_the_score_and_follow_the_formulas(seed, weights, say):
    pool = random_pool(
        seed,
        9,
        min_overlap_minutes=15,
        min_stretch_minutes=15,
        weeks=2,
        weights=Weights(*weights),
        mentor_say=say,
    )
    mentees = {entry.person_id: entry for entry in pool.mentees}
    mentors = {entry.person_id: entry for entry in pool.mentors}
    shares = pool.settings.weights.millionths()
    found = explained(pool)
    assert set(found) == oracle.admissible(pool)
    for (one, other), (score, said, points) in found.items():
        assert score == said == sum(points.values())
        assert 1 <= score <= MILLION
        assert list(points) == list(CRITERIA)
        expected = oracle_scores.values(mentees[one], mentors[other], pool)
        for name, share in expected.items():
            # Each share of a whole is cut to millionths once a tag, and once more for points.
            assert abs(points[Criterion(name)] - share * shares[Criterion(name)]) <= 8


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0, 300_000, MILLION]))
def test_a_pair_scores_the_same_in_a_block_alone_and_among_some(seed, say):
    pool = random_pool(seed, 9, min_overlap_minutes=15, min_stretch_minutes=15, weeks=2, mentor_say=say)
    plan = engine.plan(pool)
    if not plan.mentees or not plan.mentors:
        return
    rows, everybody = np.arange(len(plan.mentees)), np.arange(len(plan.mentors))
    least, _ = plan.rules.time.least_of_block(rows)
    whole = plan.scores.of_block(rows, least)
    some = everybody[::-2]
    assert (plan.scores.of_block(rows[1:], least[1:][:, some], some) == whole[1:][:, some]).all()
    mentee, mentor = (side.reshape(-1) for side in np.meshgrid(rows[::-1], everybody, indexing="ij"))
    each = least[mentee, mentor]
    assert (plan.scores.of_pairs(mentee, mentor, each) == whole[mentee, mentor]).all()
    assert (plan.scores.points(mentee, mentor, each).sum(axis=1) == whole[mentee, mentor]).all()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32),
    st.sampled_from([0, 300_000]),
    st.sampled_from([PairKind.ONE_TO_ONE, PairKind.REVERSE]),
)
def test_some_of_a_pool_are_judged_and_scored_as_in_the_whole_of_it(seed, say, kind):
    """Also whoever is told apart by what others have said: rare words, zones whose clocks change, wishes."""
    pool = replace(random_pool(seed, 9, weeks=3, mentor_say=say), kind=kind)
    plan = engine.plan(pool)
    rng = np.random.default_rng(seed)
    rows, columns = (np.flatnonzero(rng.random(len(side)) < 0.6) for side in (plan.mentees, plan.mentors))
    if not len(rows) or not len(columns):
        return
    encoder = text.packaged()
    sides = [[entry.profile.goals for entry in side] for side in (plan.mentees, plan.mentors)]
    known = encoder.frequencies(sides[0]) + encoder.frequencies(sides[1])
    people = [plan.mentees[i] for i in rows], [plan.mentors[j] for j in columns]
    some = engine.part(
        *people, plan.settings, pool.taken_at, kind, plan.rules.calendar,
        GoalVectors(*(encoder.encode([one.profile.goals for one in side], known) for side in people)),
    )  # fmt: skip
    found = engine.scored_block(some, np.arange(len(rows)))
    whole = {
        (i, j): score
        for i, j, score in zip(*map(list, engine.scored_block(plan, rows, columns)), strict=True)
    }
    assert {(rows[i], columns[j]): score for i, j, score in zip(*map(list, found), strict=True)} == whole
    least = some.rules.time.least_of_block(np.arange(len(rows)))[0]
    assert (least == plan.rules.time.least_of_block(rows, columns)[0]).all()


def test_a_pair_with_nothing_to_score_for_still_has_one_millionth():
    weights = Weights(**{criterion.value: float(criterion is Criterion.GOALS) for criterion in CRITERIA})
    ((score, said, points),) = explained(snapshot([mentee()], [mentor()], weights=weights)).values()
    assert (score, said, points[Criterion.GOALS]) == (1, 1, 1)


def test_a_pair_that_has_everything_scores_one():
    common = {
        "specialties": ("cardiology",), "research_interests": ("sepsis",), "values": ("equity",),
        "goals": "Run a registry of sepsis", "languages": skills(("en", "C2"), ("fr", "C2"), ("sw", "C2")),
        "country_experience": ("KE",), "career_stage": CareerStage.EARLY, "topics_sought": ("triage",),
    }  # fmt: skip
    one = mentee(entry={"waiting_since": NOW - timedelta(days=90)}, **common, countries_of_interest=("FR",))
    theirs = {
        "career_stage": CareerStage.MID,
        "countries_of_interest": ("KE",),
        "topics_offered": ("triage",),
    }
    other = mentor(**common | theirs, country="FR")
    ((score, _, points),) = explained(snapshot([one], [other])).values()
    assert score == MILLION
    assert all(points.values())


@pytest.mark.parametrize(
    ("sought", "offered", "expected"),
    [
        (("sepsis",), ("sepsis",), 1_000_000),
        (("sepsis", "triage"), ("sepsis",), 500_000),
        (("grant writing",), ("grant applications",), 250_000),
        (("grant writing",), ("writing", "grant"), 500_000),
        (("ia",), ("ia",), 1_000_000),  # too short to have words
        (("sepsis",), (), 0),
        ((), ("sepsis",), 0),
    ],
)
def test_topics_sought_and_offered(sought, offered, expected):
    assert value(Criterion.TOPICS, mentee(topics_sought=sought), mentor(topics_offered=offered)) == expected


def test_a_mentor_looks_at_what_they_offer_and_the_mentee_seeks():
    one, other = mentee(topics_sought=("sepsis",)), mentor(topics_offered=("sepsis", "triage", "ethics"))
    assert value(Criterion.TOPICS, one, other) == MILLION
    assert value(Criterion.TOPICS, one, other, mentor_say=MILLION) == 333_334
    assert value(Criterion.TOPICS, one, other, mentor_say=300_000) == 700_000 + 100_000
    shared = mentee(research_interests=("sepsis", "malaria")), mentor(research_interests=("sepsis",))
    for say, worth in ((0, 500_000), (MILLION, MILLION), (300_000, 650_000)):
        assert value(Criterion.RESEARCH, *shared, mentor_say=say) == worth


def test_a_related_specialty_earns_half():
    one = mentee(specialties=("cardiology",))
    assert value(Criterion.TOPICS, one, mentor(specialties=("cardiology",))) == MILLION
    assert value(Criterion.TOPICS, one, mentor(specialties=("paediatric-cardiology",))) == MILLION // 2
    assert value(Criterion.TOPICS, one, mentor(specialties=("neonatology",))) == 0


def test_goals_in_the_same_words_earn_all_and_no_goals_nothing():
    goals = "Start a registry of sepsis in our district hospital"
    assert value(Criterion.GOALS, mentee(goals=goals), mentor(goals=goals)) == MILLION
    assert value(Criterion.GOALS, mentee(goals=""), mentor(goals=goals)) == 0
    part = value(Criterion.GOALS, mentee(goals=goals), mentor(goals="Soins infirmiers, sepsis, réanimation"))
    assert 0 < part < MILLION


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("2221", CareerStage.EARLY), ("2221", CareerStage.SENIOR), 1_000_000),
        (("2221", CareerStage.SENIOR), ("2221", CareerStage.EARLY), 500_000),
        (("2221", CareerStage.MID), ("2221", CareerStage.MID), 700_000),
        (("student", None), ("2221", CareerStage.RETIRED), 500_000),  # far ahead, and nobody knows in what
        (("2211", CareerStage.MID), ("2212", CareerStage.SENIOR), 800_000),
        (("2211", None), ("2221", CareerStage.SENIOR), 350_000),
    ],
)
def test_career(one, other, expected):
    people = (
        mentee(profession=one[0], career_stage=one[1]),
        mentor(profession=other[0], career_stage=other[1]),
    )
    assert value(Criterion.CAREER, *people) == expected


def test_a_student_counts_by_the_profession_they_study_for():
    one = mentee(profession="student", intended_profession="2211")
    assert value(Criterion.CAREER, one, mentor(profession="2211", career_stage=CareerStage.MID)) == MILLION


@pytest.mark.parametrize(
    ("one", "other", "floor", "expected"),
    [
        ([("en", "B2")], [("en", "C2")], "B2", 0),
        ([("en", "C1")], [("en", "C2")], "B2", 300_000),
        ([("en", "C2")], [("en", "C2")], "B2", 600_000),
        ([("en", "C2"), ("fr", "B2")], [("en", "C2"), ("fr", "B2")], "B2", 800_000),
        ([("en", "C2"), ("fr", "B1")], [("en", "C2"), ("fr", "C2")], "B2", 600_000),
        ([("en", "C2")], [("en", "C2")], "C2", 600_000),
        (
            [("da", "C2")],
            [("nb", "C2")],
            "B1",
            200_000,
        ),  # as B2, and no further language, though each has both
        ([("bs", "C2"), ("en", "B2")], [("hr", "C2"), ("en", "C1")], "B2", 300_000),  # as C1; they share one
    ],
)
def test_languages(one, other, floor, expected):
    people = mentee(languages=skills(*one)), mentor(languages=skills(*other))
    assert value(Criterion.LANGUAGES, *people, language_floor=floor) == expected


def test_wishes_count_on_both_sides_and_gender_only_with_consent():
    wish = Preferences(genders=("woman",))
    one, other = mentee(preferences=wish), mentor(gender="Woman", country="FR")
    assert value(Criterion.WISHES, one, other) == 0
    told = replace(other, profile=replace(other.profile, sensitive_consent=True))
    assert value(Criterion.WISHES, one, told) == 600_000
    assert value(Criterion.WISHES, mentee(), mentor(country="FR")) == 300_000
    lived = mentor(country="FR", country_experience=("KE",), preferences=Preferences(countries=("US",)))
    assert value(Criterion.WISHES, mentee(), lived) == 700_000
    wants = mentee(countries_of_interest=("FR",), preferences=Preferences(same_profession=True))
    # Of the mentee's two wishes both are met, of the mentor's one none.
    for say, met in ((0, 600_000), (MILLION, 0), (300_000, 420_000)):
        assert value(Criterion.WISHES, wants, lived, mentor_say=say) == 400_000 + met


def test_only_what_is_wished_for_counts_and_a_rule_does_not():
    one = mentee(
        negative_wishes=NegativeWishes(
            countries=("US",), if_possible=Unwanted(countries=("FR",), employers=("lakeside clinic",))
        )
    )
    assert value(Criterion.WISHES, one, mentor(country="NP")) == 600_000
    for unwanted in ({"country": "FR"}, {"country": "NP", "employer": "Lakeside Clinic"}):
        assert value(Criterion.WISHES, one, mentor(**unwanted)) == 0
    ruled = mentee(negative_wishes=NegativeWishes(countries=("US",)))
    assert value(Criterion.WISHES, ruled, mentor(country="NP")) == 300_000  # as who wishes nothing


def test_a_country_in_which_nobody_practises_is_met_by_experience():
    wants = mentee(countries_of_interest=("NP",))
    assert value(Criterion.WISHES, wants, mentor(country="FR", country_experience=("NP",))) == 600_000
    assert value(Criterion.WISHES, wants, mentor(country="FR")) == 0


def test_a_partner_abroad():
    prefers = Preferences(cross_border=CrossBorder.PREFERRED)
    assert value(Criterion.CROSS_BORDER, mentee(), mentor(country="FR")) == MILLION
    assert value(Criterion.CROSS_BORDER, mentee(), mentor()) == MILLION // 2
    for say, worth in ((0, 500_000), (MILLION, 0), (300_000, 350_000)):
        assert value(Criterion.CROSS_BORDER, mentee(), mentor(preferences=prefers), mentor_say=say) == worth


@pytest.mark.parametrize(
    ("days", "expected"), [(-3, 0), (0, 0), (9, 100_000), (90, 1_000_000), (900, 1_000_000)]
)
def test_waiting(days, expected):
    one = mentee(entry={"waiting_since": NOW - timedelta(days=days)})
    assert value(Criterion.WAITING, one, mentor()) == expected


def test_more_features_than_fit_in_one_product():
    tags = [f"tag{n:05}" for n in range(3000)]
    sought = [sought_tags(tags[n::3], MILLION) for n in range(3)]
    offered = [{f"tag:{tag}" for tag in tags}, {f"tag:{tag}" for tag in tags[::3]}, set()]
    cover = Coverage(Side(sought, [()] * 3), Side.without_view(offered))
    found = cover.block(np.arange(3)).astype(int)
    assert found.shape == (3, 3)
    assert (
        found[:, 0] == [sum(w for name, w in one.items() if name.startswith("tag:")) for one in sought]
    ).all()
    assert found[0, 1] == found[0, 0]
    assert found[1, 1] == found[1, 2] == 0
    assert (cover.block(np.arange(3), np.array([2, 0])) == found[:, [2, 0]]).all()
    small = Coverage(
        Side([{"": 7}, {}, {"x": 5, "y": -2}], [()] * 3), Side.without_view([("x", "y"), (), ("y",)])
    )
    together = found + np.array([[7, 7, 7], [0, 0, 0], [3, 0, -2]])
    for parts in ([cover, small], [small, cover], [small, cover, small]):
        more = small.block(np.arange(3)) * (len(parts) - 2)
        assert (points_of(parts, np.arange(3)) == together + more).all()
