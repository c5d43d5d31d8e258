"""Ratings of pairs are learnt from beside endings: by their order, with the intervals that they are given, and not at
all where there are too few."""

from dataclasses import replace

import numpy as np
import pytest

from chalicelib.matching import learning
from chalicelib.matching.lessons import Example, WeightProposalStatus
from chalicelib.matching.model import Criterion, Weights
from tests.matching.lessons_data import examples
from tests.matching.test_learning import LEARNABLE, TRUE, USUAL

CUTS = (-0.8, -1.4, -2.2, -3.2)
"""Below the intercept of -0.5: of ten pairs of middling values four are good, and one of them stands on top."""
HAPPY = {"intercept": 2.0, "cuts": (1.2, 0.4, -0.4, -1.2), "rated": 0.8}
"""Most pairs go on, and differ in how well they suit each other."""


def without(pairs: list[Example]) -> list[Example]:
    return [replace(one, rating=None) for one in pairs]


def test_where_most_pairs_go_on_ratings_tell_what_endings_leave_open() -> None:
    open_with, open_without = 0, 0
    for seed in range(8):
        pairs = examples(seed, 1000, {Criterion.GOALS: 1.8}, **HAPPY)
        lesson, dropped = learning.learn(pairs, USUAL), learning.learn(without(pairs), USUAL)
        assert lesson.evidence.rated == sum(one.rating is not None for one in pairs) > 600
        assert dropped.evidence.rated == 0
        open_with += lesson.verdict is WeightProposalStatus.OPEN
        open_without += dropped.verdict is WeightProposalStatus.OPEN
    assert open_with >= 6 > 4 >= open_without


def test_on_one_ladder_ratings_bring_the_weights_closer() -> None:
    true = {one: 95 * effect / sum(TRUE.values()) for one, effect in TRUE.items()}
    off = []
    for seed in range(6):
        pairs = examples(seed, 1500, TRUE, cuts=CUTS, rated=1.0)
        found = []
        for some in (pairs, without(pairs)):
            _, design = learning._design(some, USUAL)
            plain = design.fitted(design.x, slice(None), design.penalty(0.0))
            shares = learning.shares(design, plain)
            assert shares is not None
            told = dict(zip(design.criteria, 95 * shares, strict=True))
            found.append(float(np.sqrt(np.mean([(told[one] - true[one]) ** 2 for one in LEARNABLE]))))
        off.append(found)
    with_ratings, alone = np.mean(off, axis=0)
    assert with_ratings < alone


def test_intervals_cover_as_often_as_they_say_when_most_rate_and_when_few_do() -> None:
    worlds, hits = 60, 0
    for seed in range(worlds):
        pairs = examples(seed, 700, TRUE, cuts=CUTS, rated=0.8 if seed % 2 else 0.3)
        _, design = learning._design(pairs, USUAL)
        assert design.steps > 1
        bounds = learning.intervals(design, design.fitted(design.x, slice(None), design.penalty(0.0)))
        for n, one in enumerate(design.criteria):
            if design.learnt[n]:
                hits += bool(bounds[n, 0] <= TRUE[one] / sum(TRUE.values()) <= bounds[n, 1])
    # Nine criteria in sixty worlds: three standard errors are four points where those of a world are alike.
    assert hits / (worlds * len(LEARNABLE)) == pytest.approx(0.95, abs=0.04)


def test_a_ladder_of_one_step_is_the_logistic_model() -> None:
    _, design = learning._design(examples(22, 500, TRUE), USUAL)
    assert design.steps == 1
    penalty = design.penalty(3.0)
    plain = learning.fitted(design.x, design.y, penalty)
    ladder = learning.fitted_steps(design.x, design.low, design.high, 1, penalty)
    assert ladder.coefficients == pytest.approx(plain.coefficients, abs=1e-6)
    assert ladder.covariance == pytest.approx(plain.covariance, abs=1e-7)


def test_newtons_method_ends_at_the_minimum_of_the_ladder() -> None:
    """Against differences of the loss, written down anew."""
    _, design = learning._design(examples(23, 400, TRUE, cuts=CUTS), USUAL)
    penalty = design.penalty(10.0)
    fit = design.fitted(design.x, slice(None), penalty)
    whole = np.concatenate([fit.cuts, fit.coefficients[1:]])

    def loss(point: np.ndarray) -> float:
        cuts, beta = point[: design.steps], point[design.steps :]
        total = beta @ penalty @ beta / 2
        for x, low, high in zip(design.x, design.low, design.high, strict=True):
            at_least = [1.0, *(1 / (1 + np.exp(-(cut + x @ beta))) for cut in cuts), 0.0]
            total -= np.log(at_least[low] - at_least[high + 1])
        return float(total)

    step = 1e-4 * np.eye(len(whole))
    gradient = np.array([(loss(whole + d) - loss(whole - d)) / 2e-4 for d in step])
    assert np.abs(gradient).max() < 1e-2
    curved = np.array(
        [(loss(whole + d) - 2 * loss(whole) + loss(whole - d)) / 1e-8 for d in step[design.steps :]]
    )
    assert (curved > 0).all()


def test_only_the_order_of_ratings_counts() -> None:
    pairs = examples(24, 900, TRUE, cuts=CUTS)
    stretched = [replace(one, rating=one.rating and one.rating**3) for one in pairs]
    assert learning.learn(stretched, USUAL) == learning.learn(pairs, USUAL)


def test_few_ratings_change_nothing_and_thin_steps_are_joined() -> None:
    pairs = examples(25, 900, TRUE, cuts=CUTS, rated=1.0)
    rated = [n for n, one in enumerate(pairs) if one.rating is not None]
    few = [one if n in rated[:15] else replace(one, rating=None) for n, one in enumerate(pairs)]
    assert learning.learn(few, USUAL) == learning.learn(without(pairs), USUAL)
    _, design = learning._design(pairs, USUAL)
    on_step = np.bincount(design.low[design.low > 0])[1:]
    assert on_step.min() >= learning.STEP_PAIRS
    assert len(on_step) == design.steps <= 5


def test_each_line_says_what_would_be_proposed_if_the_silent_suited_each_other_worst() -> None:
    # The unhappy keep silent, and goals tell who is unhappy: what is heard understates what goals do.
    pairs = examples(26, 1600, {Criterion.GOALS: 1.8, Criterion.TOPICS: 1.0}, **{**HAPPY, "rated": 1.0})
    heard = [replace(one, rating=None) if one.rating in (1.0, 2.0, 3.0) else one for one in pairs]
    lines = {one.criterion: one for one in learning.learn(heard, USUAL).criteria}
    goals = lines[Criterion.GOALS]
    assert goals.if_silent_low is not None
    assert goals.proposed is not None
    assert goals.if_silent_low > goals.proposed
    all_said = {one.criterion: one for one in learning.learn(pairs, USUAL).criteria}[Criterion.GOALS]
    assert all_said.if_silent_low == pytest.approx(all_said.proposed, abs=0.5)
    assert all(one.if_silent_low is None for one in learning.learn(without(pairs), Weights()).criteria)
