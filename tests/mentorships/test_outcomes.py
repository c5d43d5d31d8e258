"""What a proposal comes to, as a row that names nobody."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from chalicelib.matching.model import CRITERIA, Contribution, Criterion, Overlap, ProposedPair
from chalicelib.mentorships.model import (
    Card,
    DeclineReason,
    Proposal,
    ProposalStatus,
    Refusal,
    Source,
)
from chalicelib.mentorships.outcomes import Ending, Outcome, known_at, outcome_of, values_of
from chalicelib.mentorships.running import By, EndReason, Mentorship, MentorshipStatus
from chalicelib.mentorships.running import Ending as MentorshipEnding
from chalicelib.programmes.model import Side
from tests.support.world import START

POINTS = tuple(Contribution(one, 50_000) for one in CRITERIA)
WEIGHTS = dict.fromkeys(CRITERIA, 100_000)
PAIR = ProposedPair("mentee-id", "mentor-id", 500_000, POINTS, (), Overlap(60, ()))
OPEN = Proposal(
    "proposal-id", "programme-id", "organisation-id", Card("mentee-id", "Canary Mentee", about="Canary goals"),
    Card("mentor-id", "Canary Mentor"), Source.RUN, expires_at=START + timedelta(days=7), explanation=PAIR,
    run_id="run-id", created_at=START,
)  # fmt: skip
AGREED = replace(
    OPEN, status=ProposalStatus.AGREED, mentee_accepted_at=START, mentor_accepted_at=START, mentorship_id="m"
)
MENTORSHIP = Mentorship(
    "m", "programme-id", "organisation-id", "proposal-id", OPEN.mentee, OPEN.mentor, started_at=START
)


def over(reason: EndReason, *, days: int) -> Mentorship:
    """Return the mentorship, ended for a reason some days after its start."""
    at = START + timedelta(days=days)
    ending = MentorshipEnding(reason, By.PAIR, at, at, Side.MENTEE, at)
    return replace(MENTORSHIP, status=MentorshipStatus.CLOSED, ending=ending)


@pytest.mark.parametrize(
    ("proposal", "mentorship", "ending", "good"),
    [
        (AGREED, MENTORSHIP, Ending.GOING, True),
        (AGREED, replace(MENTORSHIP, status=MentorshipStatus.PAUSED), Ending.GOING, True),
        (AGREED, over(EndReason.NO_TIME, days=90), Ending.GOING, True),
        (AGREED, over(EndReason.NO_TIME, days=89), Ending.ENDED, False),
        (AGREED, over(EndReason.NOT_THE_RIGHT_FIT, days=3), Ending.ENDED, False),
        (AGREED, over(EndReason.REASSIGNED, days=3), Ending.ENDED, False),
        (AGREED, over(EndReason.GOALS_REACHED, days=60), Ending.GOING, True),
        (AGREED, over(EndReason.TERM_OVER, days=60), Ending.GOING, True),
        (AGREED, over(EndReason.NOT_VERIFIED, days=60), Ending.UNKNOWN, None),
        (replace(OPEN, status=ProposalStatus.DECLINED), None, Ending.DECLINED, False),
        (replace(OPEN, status=ProposalStatus.EXPIRED), None, Ending.EXPIRED, False),
        (replace(OPEN, status=ProposalStatus.WITHDRAWN), None, Ending.LEFT, None),
        (AGREED, None, Ending.UNKNOWN, None),
        (replace(AGREED, source=Source.MENTEE), MENTORSHIP, Ending.GOING, None),
        (replace(AGREED, explanation=None), MENTORSHIP, Ending.GOING, None),
    ],
)
def test_every_ending_and_whether_it_is_learnt_from(
    proposal: Proposal, mentorship: Mentorship | None, ending: Ending, good: bool | None
) -> None:
    outcome = outcome_of(proposal, mentorship, WEIGHTS)
    assert outcome.ending is ending
    example = outcome.example()
    assert (example.good if example else None) is good


def test_an_open_proposal_has_no_outcome() -> None:
    with pytest.raises(ValueError, match="open"):
        outcome_of(OPEN, None, WEIGHTS)


def test_a_no_is_known_no_sooner_than_a_yes() -> None:
    refused = replace(OPEN, status=ProposalStatus.DECLINED, closed_at=START + timedelta(hours=1))
    assert known_at(refused) == known_at(AGREED) == START + timedelta(days=97)


def test_who_said_what_is_kept_without_the_words() -> None:
    refusal = Refusal(Side.MENTOR, DeclineReason.OTHER_FIELD, "Canary words")
    refused = replace(
        OPEN, status=ProposalStatus.DECLINED, mentee_accepted_at=START, refusal=refusal, closed_at=START
    )
    outcome = outcome_of(refused, None, WEIGHTS)
    assert (outcome.mentee_accepted, outcome.mentor_accepted) == (True, False)
    assert (outcome.declined_by, outcome.reason) == (Side.MENTOR, DeclineReason.OTHER_FIELD)
    assert_names_nobody(outcome)


def test_an_outcome_names_nobody() -> None:
    outcome = outcome_of(AGREED, MENTORSHIP, WEIGHTS)
    assert_names_nobody(outcome)
    again = outcome_of(replace(AGREED, id="another"), MENTORSHIP, WEIGHTS)
    assert again.pair == outcome.pair
    assert again.key != outcome.key


def assert_names_nobody(outcome: Outcome) -> None:
    told = repr([getattr(outcome, one.name) for one in fields(outcome)])
    for hidden in ("Canary", "mentee-id", "mentor-id", "proposal-id", "organisation-id"):
        assert hidden not in told


def test_values_are_points_over_weight_and_missing_without_one() -> None:
    weights = {**WEIGHTS, Criterion.GOALS: 0, Criterion.VALUES: 999, Criterion.TOPICS: 49_999}
    values = values_of(POINTS, weights)
    assert set(values) == set(CRITERIA) - {Criterion.GOALS, Criterion.VALUES}
    assert values[Criterion.RESEARCH] == 0.5
    assert values[Criterion.TOPICS] == 1.0, "a point that rounding gave makes no value above one"
