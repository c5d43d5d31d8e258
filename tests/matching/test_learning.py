"""The model finds weights that are known, covers them as often as it says, and says when it cannot tell."""

import random
from dataclasses import replace

import numpy as np
import pytest

from chalicelib.matching import learning
from chalicelib.matching.lessons import Example, Finding, Lesson, WeightProposalStatus
from chalicelib.matching.model import CRITERIA, MAX_WEIGHT, Criterion, Weights
from tests.matching.lessons_data import examples

USUAL = Weights()
LEARNABLE = [one for one in CRITERIA if one is not Criterion.WAITING]
TRUE = dict(zip(LEARNABLE, (0.8, 0.0, 2.4, 0.4, 1.6, 1.0, 0.4, 0.6, 0.8), strict=True))
"""Log odds by criterion, far from the usual weights; `research` counts nothing."""


def line(lesson: Lesson, criterion: Criterion) -> tuple[Finding, float | None, float | None, float | None]:
    (one,) = (one for one in lesson.criteria if one.criterion is criterion)
    return one.finding, one.proposed, one.low, one.high


def as_weights(effects: dict[Criterion, float]) -> dict[Criterion, float]:
    """Return the weights that the effects stand for, sharing out what the learnable usual ones add up to."""
    whole = sum(USUAL.as_dict()[one] for one in LEARNABLE)
    return {one: whole * effect / sum(effects.values()) for one, effect in effects.items()}


def test_weights_that_are_known_are_found() -> None:
    lesson = learning.learn(examples(1, 8000, TRUE), USUAL)
    assert lesson.verdict is WeightProposalStatus.OPEN
    weights, true = lesson.weights().as_dict(), as_weights(TRUE)
    assert max(abs(weights[one] - true[one]) for one in LEARNABLE) < 4
    usual = USUAL.as_dict()
    assert max(abs(usual[one] - true[one]) for one in LEARNABLE) > 10, "the usual ones were far off"
    assert lesson.present is not None
    assert lesson.proposed is not None
    assert lesson.proposed.auc > lesson.present.auc
    assert lesson.proposed.calibration_slope == pytest.approx(1, abs=0.1)


def test_the_proposal_adds_up_to_what_the_present_weights_do_and_leaves_waiting() -> None:
    lesson = learning.learn(examples(2, 2000, TRUE), USUAL)
    assert sum(lesson.weights().as_dict().values()) == pytest.approx(100)
    assert line(lesson, Criterion.WAITING) == (Finding.FIXED, None, None, None)
    assert lesson.weights().waiting == USUAL.waiting
    for one in lesson.criteria:
        if one.finding is Finding.LEARNT:
            assert one.low is not None and one.proposed is not None and one.high is not None  # noqa: PT018
            assert 0 <= one.low <= one.proposed <= one.high <= 95


def test_intervals_cover_the_true_weight_about_as_often_as_they_say() -> None:
    worlds, hits = 250, dict.fromkeys(LEARNABLE, 0)
    for seed in range(worlds):
        _, design = learning._design(examples(seed, 900, TRUE), USUAL)
        plain = learning.fitted(design.x, design.y, design.penalty(0.0))
        bounds = learning.intervals(design, plain)
        for n, one in enumerate(design.criteria):
            if design.learnt[n]:
                hits[one] += bool(bounds[n, 0] <= TRUE[one] / sum(TRUE.values()) <= bounds[n, 1])
    # 250 worlds tell a coverage to within 3 standard errors of 1.4 points; all nine together to half a point or so.
    assert min(hits.values()) / worlds > 0.90
    assert sum(hits.values()) / (worlds * len(hits)) == pytest.approx(0.95, abs=0.015)


def test_where_the_present_weights_are_right_nothing_is_proposed() -> None:
    usual = {one: 8 * weight / 100 for one, weight in zip(CRITERIA, USUAL.as_dict().values(), strict=True)}
    verdicts = [learning.learn(examples(seed, 1000, usual), USUAL).verdict for seed in range(10)]
    assert verdicts.count(WeightProposalStatus.NO_BETTER) >= 8


def test_where_nothing_tells_the_outcome_no_share_is_told_either() -> None:
    lessons = [learning.learn(examples(seed, 1000, {}), USUAL) for seed in range(10)]
    assert [one.verdict for one in lessons].count(WeightProposalStatus.NO_BETTER) >= 8
    areas = [one.present.auc for one in lessons if one.present is not None]
    assert np.mean(areas) == pytest.approx(0.5, abs=0.03)
    widths = [
        one.high - one.low
        for lesson in lessons
        for one in lesson.criteria
        if one.high is not None and one.low is not None
    ]
    assert np.median(widths) > 90


def test_a_line_shows_the_interval_of_the_fit_without_the_pull_and_the_proposed_weight_in_it() -> None:
    pairs = examples(15, 400, TRUE)
    lesson = learning.learn(pairs, USUAL)
    _, design = learning._design(pairs, USUAL)
    bounds = learning.intervals(design, learning.fitted(design.x, design.y, design.penalty(0.0)))
    assert lesson.penalty is not None
    assert lesson.penalty > 0
    widened = 0
    for n, one in enumerate(design.criteria):
        (shown,) = (line for line in lesson.criteria if line.criterion is one)
        if shown.low is None or shown.high is None or shown.proposed is None:
            continue
        low, high = (float(95 * bound) for bound in bounds[n])
        widened += not low <= shown.proposed <= high
        assert shown.low == pytest.approx(min(low, shown.proposed), abs=1e-5)
        assert shown.high == pytest.approx(max(high, shown.proposed), abs=1e-5)
    assert widened <= 2


def test_a_criterion_that_does_harm_gets_nothing_and_not_less() -> None:
    lesson = learning.learn(examples(4, 4000, {**TRUE, Criterion.RESEARCH: -3.0}), USUAL)
    assert lesson.verdict is WeightProposalStatus.OPEN
    assert line(lesson, Criterion.RESEARCH) == (Finding.LEARNT, 0, 0, 0)
    (one,) = (one for one in lesson.criteria if one.criterion is Criterion.RESEARCH)
    assert one.effect is not None
    assert one.effect < -2


@pytest.mark.parametrize(("good", "others", "enough"), [(90, 90, True), (89, 300, False), (300, 89, False)])
def test_too_little_data_is_said_with_what_is_missing(good: int, others: int, enough: bool) -> None:
    many = examples(5, 4000, TRUE)
    some = [one for one in many if one.good][:good] + [one for one in many if not one.good][:others]
    # Nine criteria: the tenth has no weight.
    lesson = learning.learn(some, replace(USUAL, values=0.0), young=7, unusable=2)
    evidence = lesson.evidence
    assert (evidence.good, evidence.others, evidence.needed) == (good, others, 90)
    assert (evidence.young, evidence.unusable) == (7, 2)
    assert (lesson.verdict is not WeightProposalStatus.TOO_LITTLE_DATA) == enough
    if not enough:
        assert lesson.weights() == replace(USUAL, values=0.0)
        assert all(one.proposed is None for one in lesson.criteria)
        assert {one.finding for one in lesson.criteria} == {
            Finding.TOO_LITTLE_DATA, Finding.UNUSED, Finding.FIXED
        }  # fmt: skip
        assert lesson.proposed is None


def test_no_pair_at_all_is_too_little_data_for_every_criterion_in_use() -> None:
    lesson = learning.learn([], USUAL)
    assert lesson.verdict is WeightProposalStatus.TOO_LITTLE_DATA
    assert (lesson.evidence.good, lesson.evidence.others, lesson.evidence.needed) == (0, 0, 100)
    told = {one.criterion: one.finding for one in lesson.criteria}
    assert told == dict.fromkeys(CRITERIA, Finding.TOO_LITTLE_DATA) | {Criterion.WAITING: Finding.FIXED}


def test_where_good_outcomes_go_with_less_of_everything_no_criterion_is_said_to_be_learnt() -> None:
    lesson = learning.learn(examples(6, 1200, dict.fromkeys(CRITERIA, -3.0)), USUAL)
    assert lesson.verdict is WeightProposalStatus.NO_BETTER
    assert all(one.proposed is None for one in lesson.criteria)
    assert Finding.LEARNT not in {one.finding for one in lesson.criteria}
    assert Finding.NOTHING_FOUND in {one.finding for one in lesson.criteria}


def test_outcomes_that_one_criterion_separates_perfectly_stay_finite() -> None:
    separated = [replace(one, good=one.values[Criterion.TOPICS] > 0.5) for one in examples(6, 1200, TRUE)]
    lesson = learning.learn(separated, USUAL)
    assert lesson.verdict is WeightProposalStatus.OPEN
    weights = lesson.weights().as_dict()
    assert weights[Criterion.TOPICS] == max(weights.values())
    assert weights[Criterion.TOPICS] > 40
    effects = [one.effect for one in lesson.criteria if one.effect is not None]
    assert np.isfinite(effects).all()
    assert max(map(abs, effects)) < 100
    assert lesson.proposed is not None
    assert lesson.proposed.auc > 0.98


def test_outcomes_that_all_weights_together_separate_stay_finite() -> None:
    """The direction of the present weights has no pull but the faint one."""
    usual = USUAL.as_dict()
    score = {one.pair: sum(usual[c] * one.values[c] for c in CRITERIA) for one in examples(7, 1000, {})}
    middle = float(np.median(list(score.values())))
    separated = [replace(one, good=score[one.pair] > middle) for one in examples(7, 1000, {})]
    lesson = learning.learn(separated, USUAL)
    effects = [one.effect for one in lesson.criteria if one.effect is not None]
    assert np.isfinite(effects).all()
    assert lesson.present is not None
    assert lesson.present.auc == pytest.approx(1)


def test_a_criterion_that_is_alike_in_all_pairs_keeps_its_weight() -> None:
    alike = [
        replace(one, values={**one.values, Criterion.CROSS_BORDER: 1.0}) for one in examples(8, 1000, TRUE)
    ]
    lesson = learning.learn(alike, USUAL)
    assert line(lesson, Criterion.CROSS_BORDER) == (Finding.CONSTANT, None, None, None)
    assert lesson.weights().cross_border == USUAL.cross_border
    assert sum(lesson.weights().as_dict().values()) == pytest.approx(100)
    assert lesson.evidence.needed == 90


def test_a_criterion_that_runs_did_not_look_at_keeps_its_weight_or_costs_the_pairs() -> None:
    def without(one: Example) -> Example:
        return replace(one, values={c: v for c, v in one.values.items() if c is not Criterion.GOALS})

    many = examples(9, 1200, TRUE)
    mostly = [without(one) if n % 3 else one for n, one in enumerate(many)]
    lesson = learning.learn(mostly, USUAL)
    assert line(lesson, Criterion.GOALS) == (Finding.UNKNOWN, None, None, None)
    assert lesson.evidence.unusable == 0
    rarely = [without(one) if n % 4 == 0 else one for n, one in enumerate(many)]
    lesson = learning.learn(rarely, USUAL)
    assert line(lesson, Criterion.GOALS)[0] is Finding.LEARNT
    assert lesson.evidence.unusable == 300


def test_a_criterion_without_a_weight_is_given_none() -> None:
    lesson = learning.learn(examples(10, 1000, TRUE), replace(USUAL, goals=0.0))
    assert line(lesson, Criterion.GOALS) == (Finding.UNUSED, None, None, None)
    assert lesson.weights().goals == 0


def test_the_order_of_the_pairs_changes_nothing() -> None:
    ordered = examples(11, 700, TRUE)
    mixed = list(ordered)
    random.Random(1).shuffle(mixed)  # noqa: S311
    assert mixed != ordered
    assert learning.learn(mixed, USUAL) == learning.learn(ordered, USUAL)


def test_weights_in_another_unit_give_the_same_lesson_in_that_unit() -> None:
    """And no weight passes the greatest that there may be."""
    small = Weights(**{name: weight / 100 for name, weight in USUAL.as_dict().items()})
    large = Weights(**{name: weight * 40 for name, weight in USUAL.as_dict().items()})
    # One criterion tells all, so its share of 4,000 would be above 1,000.
    pairs = examples(12, 2000, {Criterion.TOPICS: 8.0})
    found = [learning.learn(pairs, weights).weights() for weights in (USUAL, small, large)]
    assert found[0].millionths() == pytest.approx(found[1].millionths(), abs=200)
    assert found[0].millionths() == pytest.approx(found[2].millionths(), abs=200)
    assert max(found[2].as_dict().values()) == MAX_WEIGHT


def test_newtons_method_ends_at_the_minimum() -> None:
    """Against plain gradient steps from elsewhere, and the Hessian against differences of the gradient."""
    _, design = learning._design(examples(13, 400, TRUE), USUAL)
    penalty = design.penalty(10.0)
    fit = learning.fitted(design.x, design.y, penalty)
    whole = np.column_stack([np.ones(len(design.y)), design.x])
    pull = np.zeros((whole.shape[1],) * 2)
    pull[1:, 1:] = penalty

    def gradient(theta: np.ndarray) -> np.ndarray:
        return whole.T @ (1 / (1 + np.exp(-whole @ theta)) - design.y) + pull @ theta

    assert np.abs(gradient(fit.coefficients)).max() < 1e-3
    step = 1e-5 * np.eye(whole.shape[1])
    hessian = np.array(
        [(gradient(fit.coefficients + d) - gradient(fit.coefficients - d)) / 2e-5 for d in step]
    )
    assert np.allclose(hessian @ fit.covariance, np.eye(len(hessian)), atol=1e-4)


def test_a_strong_pull_leads_to_the_present_weights_and_none_leaves_them() -> None:
    _, design = learning._design(examples(14, 1500, TRUE), USUAL)
    present = np.where(design.learnt, design.present, 0.0)
    far = learning.shares(design, learning.fitted(design.x, design.y, design.penalty(1e9)))
    near = learning.shares(design, learning.fitted(design.x, design.y, design.penalty(0.0)))
    assert far is not None
    assert near is not None
    assert np.abs(far - present / present.sum()).max() < 1e-3
    assert np.abs(near - present / present.sum()).max() > 0.05


def test_the_area_counts_ties_half() -> None:
    score = np.array([0.1, 0.4, 0.4, 0.9])
    assert learning._auc(score, np.array([0.0, 0.0, 1.0, 1.0])) == pytest.approx(3.5 / 4)
    assert learning._auc(score, np.ones(4)) is None
