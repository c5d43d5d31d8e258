"""What the kind of a programme changes in the match of mentees and mentors."""

from dataclasses import replace

import pytest

from chalicelib.matching.engine import explain_pair, run_match
from chalicelib.matching.engine.criteria import STAGE, STAGES_FIT
from chalicelib.matching.evidence import CareerStages, Professions
from chalicelib.matching.model import Criterion, MatchSettings, Weights
from chalicelib.matching.snapshot import snapshot_bytes, snapshot_from_bytes
from chalicelib.matching.wording import Audience, Reader, sentences
from chalicelib.people.model import CareerStage
from chalicelib.programmes.model import PairKind
from tests.matching.pools import NOW, mentee, mentor, snapshot

ONE_TO_ONE, REVERSE, PEER = PairKind
EARLY, MID, SENIOR, STUDENT = CareerStage.EARLY, CareerStage.MID, CareerStage.SENIOR, CareerStage.STUDENT
CAREER = MatchSettings(weights=Weights(**dict.fromkeys(Weights().as_dict(), 0.0) | {"career": 1.0}))


def career(own, theirs, kind):
    pair = explain_pair(mentee(career_stage=own), mentor(career_stage=theirs), CAREER, NOW, kind)
    return next(one.points for one in pair.contributions if one.criterion is Criterion.CAREER)


@pytest.mark.parametrize(
    ("kind", "best", "worst"),
    [
        (ONE_TO_ONE, (EARLY, SENIOR), (SENIOR, EARLY)),
        (REVERSE, (SENIOR, EARLY), (EARLY, SENIOR)),
        (REVERSE, (SENIOR, STUDENT), (STUDENT, SENIOR)),
        (PEER, (MID, MID), (STUDENT, SENIOR)),
    ],
)
def test_who_is_ahead_earns_what_the_kind_is_for(kind, best, worst):
    assert career(*best, kind) == 1_000_000, "the same profession, and stages as they are to be"
    assert career(*worst, kind) == 500_000, "the same profession alone"


def test_stages_of_peers_count_the_same_whoever_is_named_first():
    assert {career(a, b, PEER) - career(b, a, PEER) for a in CareerStage for b in CareerStage} == {0}


@pytest.mark.parametrize("kind", PairKind)
def test_every_distance_of_two_stages_has_its_worth(kind):
    assert set(STAGES_FIT[kind]) == {a - b for a in STAGE.values() for b in STAGE.values()}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (ONE_TO_ONE, (EARLY, SENIOR)),
        (REVERSE, (SENIOR, EARLY)),
        (PEER, (MID, MID)),
    ],
)
def test_stages_are_told_where_they_are_what_the_pair_is_for(kind, told):
    for own, theirs in ((EARLY, SENIOR), (SENIOR, EARLY), (MID, MID)):
        pair = explain_pair(mentee(career_stage=own), mentor(career_stage=theirs), MatchSettings(), NOW, kind)
        assert pair.evidence.career_stages == (CareerStages(own, theirs) if (own, theirs) == told else None)


def test_a_reverse_run_gives_the_senior_the_junior():
    people = (
        [mentee("a", career_stage=SENIOR)],
        [
            mentor("m", career_stage=SENIOR),
            mentor("n", career_stage=EARLY),
        ],
    )
    usual = snapshot(*people)
    [pair] = run_match(replace(usual, kind=REVERSE)).pairs
    assert pair.mentor_id == "n"
    [pair] = run_match(usual).pairs
    assert pair.mentor_id == "m"


def test_a_snapshot_keeps_its_kind_and_one_without_is_one_to_one():
    kept = replace(snapshot([mentee()], [mentor()]), kind=REVERSE)
    assert snapshot_from_bytes(snapshot_bytes(kept)).kind is REVERSE
    usual = snapshot_bytes(snapshot([mentee()], [mentor()]))
    assert b"kind" not in usual, "as it was before there were kinds"
    assert snapshot_from_bytes(usual).kind is ONE_TO_ONE


def said(pair, audience, locale="en"):
    reader = Reader(audience, locale, "Claire")
    return [
        one.text for one in sentences(pair, reader, reader.formats()) if one.criterion is Criterion.CAREER
    ]


@pytest.mark.parametrize(
    ("mentees", "mentors", "to_mentee", "to_mentor", "to_coordinator"),
    [
        (False, True, "Claire studies for your profession: Nursing professionals.",
         "Claire works in the profession that you study for: Nursing professionals.",
         "The mentor studies for the mentee’s profession: Nursing professionals."),
        (True, True, "You study for the same profession: Nursing professionals.",
         "You study for the same profession: Nursing professionals.",
         "They study for the same profession: Nursing professionals."),
    ],
)  # fmt: skip
def test_a_mentor_who_studies_is_not_said_to_practise(mentees, mentors, to_mentee, to_mentor, to_coordinator):
    student = {"profession": "student", "intended_profession": "2221"}
    pair = explain_pair(
        mentee(**student if mentees else {}),
        mentor(**student if mentors else {}),
        MatchSettings(),
        NOW,
        REVERSE,
    )
    assert pair.evidence.professions == Professions("2221", "2221", mentees, mentors)
    assert said(pair, Audience.MENTEE)[0] == to_mentee
    assert said(pair, Audience.MENTOR)[0] == to_mentor
    assert said(pair, Audience.COORDINATOR)[0] == to_coordinator
    assert all(said(pair, one, "fr")[0] != said(pair, one)[0] for one in Audience)
