import doctest
import math
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import Invalid
from chalicelib.matching import model
from chalicelib.matching.model import (
    CRITERIA,
    MILLION,
    MIN_WEIGHT,
    Criterion,
    MatchSettings,
    Reason,
    Snapshot,
    Weights,
    share_out,
)
from tests.matching.pools import NOW, mentee, mentor

numbers = st.one_of(st.integers(0, 1000), st.floats(MIN_WEIGHT, 1000))


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(model).failed == 0


def test_importing_the_model_brings_no_numpy_and_nothing_of_aws():
    program = (
        "import sys\nimport chalicelib.matching.model\n"
        "heavy = {'numpy', 'chalice', 'boto3', 'pynamodb', 'pydantic'}\n"
        "assert not heavy & {name.partition('.')[0] for name in sys.modules}\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)  # noqa: S603


def test_each_criterion_has_one_weight_of_its_name():
    assert list(Weights().as_dict()) == [criterion.value for criterion in CRITERIA]
    assert Weights().millionths()[Criterion.TOPICS] == 250_000
    assert sum(Weights().as_dict().values()) == 100


def test_named_weights_replace_the_default_ones():
    assert Weights.of({"topics": 3, "waiting": 0}) == Weights(topics=3, waiting=0)


@pytest.mark.parametrize(
    ("named", "pointers"),
    [
        ({"topic": 1}, ["/weights/topic"]),
        ({"topics": -1}, ["/weights/topics"]),
        ({"topics": 1e-320, "goals": 9.9e-7}, ["/weights/topics", "/weights/goals"]),
        ({"topics": math.nan, "goals": math.inf}, ["/weights/topics", "/weights/goals"]),
        ({"topics": "5"}, ["/weights/topics"]),
        ({"topics": True}, ["/weights/topics"]),
        ({"topics": None, "values": 1001}, ["/weights/topics", "/weights/values"]),
        ({criterion.value: 0 for criterion in CRITERIA}, ["/weights"]),
    ],
)
def test_weights_that_mean_nothing_are_refused_by_name(named, pointers):
    with pytest.raises(Invalid) as refusal:
        Weights.of(named)
    assert [error.pointer for error in refusal.value.errors] == pointers


@given(st.lists(numbers, min_size=len(CRITERIA), max_size=len(CRITERIA)).filter(any))
def test_weights_become_millionths_that_add_up(given_weights):
    weights = Weights(*given_weights)
    shares = weights.millionths()
    assert sum(shares.values()) == MILLION
    whole = math.fsum(given_weights)
    for criterion, weight in zip(CRITERIA, given_weights, strict=True):
        assert abs(shares[criterion] - weight / whole * MILLION) < 1.001
        assert weight or not shares[criterion]


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_sharing_out_keeps_the_whole_and_each_quota(whole, parts):
    shares = share_out(whole, parts)
    assert sum(shares) == whole
    for share, part in zip(shares, parts, strict=True):
        assert whole * part // sum(parts) <= share <= -(-whole * part // sum(parts))


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"min_overlap_minutes": 50}, "/min_overlap_minutes"),
        ({"min_overlap_minutes": 0}, "/min_overlap_minutes"),
        ({"min_stretch_minutes": 20}, "/min_stretch_minutes"),
        ({"min_stretch_minutes": 75}, "/min_stretch_minutes"),
        ({"min_overlap_minutes": 15}, "/min_stretch_minutes"),
        ({"weeks": 0}, "/weeks"),
        ({"weeks": 12.0}, "/weeks"),
        ({"language_floor": "B3"}, "/language_floor"),
        ({"min_score": 0}, "/min_score"),
        ({"candidates_per_mentor": True}, "/candidates_per_mentor"),
    ],
)
def test_settings_out_of_range_are_refused(changes, pointer):
    with pytest.raises(Invalid) as refusal:
        MatchSettings(**changes)
    assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_a_snapshot_has_each_person_once_a_side_and_an_instant_with_a_zone():
    with pytest.raises(ValueError, match="twice among the mentees"):
        Snapshot("p", "r", NOW, (mentee(), mentee()), ())
    with pytest.raises(ValueError, match="twice among the mentors"):
        Snapshot("p", "r", NOW, (), (mentor(), mentor()))
    with pytest.raises(ValueError, match="time zone"):
        Snapshot("p", "r", NOW.replace(tzinfo=None), (), ())
    assert Snapshot("p", "r", NOW, (mentee("x"),), (mentor("x"),)).mentors


@pytest.mark.parametrize(
    ("entry", "changes", "reasons"),
    [
        ({}, {}, ()),
        ({"enrolled": False}, {}, (Reason.NOT_ENROLLED,)),
        ({"active": False}, {}, (Reason.NOT_ACTIVE,)),
        ({"places_left": 0}, {}, (Reason.NO_PLACE_LEFT,)),
        ({}, {"channels": ()}, (Reason.PROFILE_INCOMPLETE,)),
        ({"active": False}, {"country": None}, (Reason.NOT_ACTIVE, Reason.PROFILE_INCOMPLETE)),
    ],
)
def test_why_a_mentee_is_not_open(entry, changes, reasons):
    assert mentee(entry=entry, **changes).closed_for() == reasons


@pytest.mark.parametrize(
    ("entry", "reasons"),
    [
        ({}, ()),
        ({"enrolled": False, "active": False}, (Reason.NOT_ENROLLED, Reason.NOT_ACTIVE)),
        ({"verified_until": None}, (Reason.NOT_VERIFIED,)),
        ({"verified_until": NOW}, (Reason.NOT_VERIFIED,)),
        ({"verified_until": NOW + timedelta(microseconds=1)}, ()),
        ({"capacity_left": 0}, (Reason.NO_PLACE_LEFT,)),
    ],
)
def test_why_a_mentor_is_not_open(entry, reasons):
    assert mentor(entry=entry).closed_for(NOW) == reasons
