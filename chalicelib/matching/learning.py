"""A regularised model of "accepted and still going" on the criteria, and the weights that it proposes.

Logistic regression of the outcome on the criteria's values, centred and brought to one standard deviation, by
penalised maximum likelihood with Newton's method (le Cessie and van Houwelingen, Applied Statistics 41(1), 1992,
191-201). The penalty pulls towards the *direction* of the present weights, not towards zero: with K the projection
across that direction, lambda / 2 * beta' K beta lets the present score count for as much or as little as it does, and
charges for each departure from its proportions. So with little to go by the proposal is the present weights. A faint
pull towards zero besides (a standard deviation of 5 in log odds for one of the criterion) keeps everything finite
where the outcomes are perfectly separated, and changes nothing else.

lambda is chosen by five-fold cross-validated log loss; the quality of the proposed weights is measured by a second
cross-validation around that choice, since folds that chose it would flatter it. Folds follow the pair's digest.

Penalised estimates are biased on purpose, so no interval around them covers what it says. Intervals are therefore
those of the fit without the pull: a weight is a share, beta_j over the sum of the learnt ones, and Fieller's theorem
(Journal of the Royal Statistical Society B 16(2), 1954, 175-185) gives an interval for such a ratio. Where the sum
itself is not told from zero it is everything from nothing to the whole. It is widened to the proposed weight where
the pull has led out of it.

How well the two suit each other is an order and no number, and is known of some good pairs only. So the outcome is a
ladder: not good, then good with a rating, step by step; a good pair without a rating stands somewhere on the steps of
the good, and its share of the likelihood is the chance of just that. The model is the cumulative logit with one slope
for all steps (McCullagh, Journal of the Royal Statistical Society B 42(2), 1980, 109-142); without ratings it is the
logistic one, to the letter. Steps on which fewer than ten pairs stand are joined with the next: that costs precision
and no truth. Who keeps silent is taken to be like who speaks, among pairs with the same values; that they are not is
likely, so each line says what would be proposed if all the silent suited each other worst.

Nothing here is random, and the order of the examples does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.lessons import (
    FIXED,
    PER_CRITERION,
    CriterionLesson,
    Evidence,
    Example,
    Finding,
    Lesson,
    Quality,
    WeightProposalStatus,
)
from chalicelib.matching.settings import CRITERIA, MAX_WEIGHT, Criterion, Weights, share_out

Floats = NDArray[np.float64]

FOLDS = 5
PENALTIES = (10_000.0, 1_000.0, 300.0, 100.0, 30.0, 10.0, 3.0, 1.0, 0.3)
"""Strongest first: of two that do equally well the one closer to the present weights is taken."""

FAINT = 1 / 5**2
"""The pull towards zero, per squared log odds."""

CONFIDENCE = 1.959963984540054
"""The normal distribution's 97.5 % point: intervals are of 95 %."""

STEPS = 1_000
"""Proposed weights are whole thousandths of what there is to share out."""

STEP_PAIRS = 10
"""The fewest pairs on a step of the ladder of ratings."""

_KNOWN_SHARE = 0.5
_LEAST_SPREAD = 0.01
_SPREAD_FROM = 50
_ALL = slice(None)
_TINY = 1e-6
_NEVER = 1e-12
_MAX_ITERATIONS = 100


@dataclass(frozen=True)
class Design:
    """The usable examples as arrays, in the order of their digests.

    Attributes
    ----------
    criteria
        Those in the model.
    raw, x
        float64[n, p]: values from 0 to 1, and the same centred with standard deviation 1.
    spread
        float64[p]: the standard deviations.
    y
        float64[n]: 1 for a good outcome.
    low, high
        int64[n]: between which steps a pair stands, from 0 for one that is not good to `steps`.
    steps
        How many steps there are above 0: 1 where no ratings are learnt from.
    rated
        How many pairs have a rating that is learnt from.
    fold
        int64[n], from 0 to 4.
    present
        float64[p]: the present weights, as they are.
    learnt
        bool[p]: whose weight is to be proposed.
    """

    criteria: tuple[Criterion, ...]
    raw: Floats
    x: Floats
    spread: Floats
    y: Floats
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    steps: int
    rated: int
    fold: NDArray[np.int64]
    present: Floats
    learnt: NDArray[np.bool_]

    def penalty(self, strength: float) -> Floats:
        """Return float64[p, p]: the penalty's matrix for coefficients of `x`."""
        target = self.present * self.spread
        length = float(target @ target)
        across = np.eye(len(target)) - (np.outer(target, target) / length if length else 0.0)
        return strength * across + FAINT * np.eye(len(target))

    def fitted(
        self, x: Floats, rows: NDArray[np.bool_] | slice, penalty: Floats, start: Fit | None = None
    ) -> Fit:
        """Return the model of the pairs in some rows, on other columns than the criteria if need be."""
        if self.steps == 1:
            return fitted(x[rows], self.y[rows], penalty, start.coefficients if start is not None else None)
        return fitted_steps(x[rows], self.low[rows], self.high[rows], self.steps, penalty, start)

    def losses(self, fit: Fit, x: Floats, rows: NDArray[np.bool_]) -> Floats:
        """Return minus the logarithm of the chance that a fit gives to what happened, pair by pair."""
        along = x[rows] @ fit.coefficients[1:]
        if self.steps == 1:
            return _log_losses(fit.coefficients[0] + along, self.y[rows])
        upper, lower = _edges(fit.cuts, along, self.low[rows], self.high[rows])
        told: Floats = -np.log(np.maximum(_chances(upper) - _chances(lower), _NEVER))
        return told


@dataclass(frozen=True)
class Fit:
    """A fitted model: float64[p + 1] with the intercept of a good outcome first, and the covariance of these.

    `cuts`, float64[steps], are the intercepts of all steps, the first of them that of a good outcome.
    """

    coefficients: Floats
    covariance: Floats
    cuts: Floats


def learn(examples: Sequence[Example], present: Weights, *, young: int = 0, unusable: int = 0) -> Lesson:
    """Return what examples teach about a programme's weights.

    Parameters
    ----------
    present
        The weights that the programme has.
    young, unusable
        Pairs that are no examples yet, or never; reported, and no more.
    """
    findings, design = _design(examples, present)
    good = int(design.y.sum())
    others = len(design.y) - good
    needed = PER_CRITERION * max(1, len(design.criteria))
    evidence = Evidence(good, others, needed, unusable + len(examples) - len(design.y), young, design.rated)
    if min(good, others) < needed:
        lines = _unlearnt(findings, present, Finding.TOO_LITTLE_DATA)
        return Lesson(WeightProposalStatus.TOO_LITTLE_DATA, evidence, lines)
    strength = choose_penalty(design)
    fit = design.fitted(design.x, _ALL, design.penalty(strength))
    plain = design.fitted(design.x, _ALL, design.penalty(0.0))
    lines = _lines(findings, present, design, fit, plain, _if_silent_low(design, strength))
    now, then, is_better = _compared(design)
    proposes = any(one.proposed not in (None, one.present) for one in lines)
    better = proposes and is_better
    verdict = WeightProposalStatus.OPEN if better else WeightProposalStatus.NO_BETTER
    return Lesson(verdict, evidence, lines, strength, now, then)


def _design(examples: Sequence[Example], present: Weights) -> tuple[dict[Criterion, Finding], Design]:
    """Decide which criteria can be in the model, and lay the examples out that have values for all of them."""
    weights = present.as_dict()
    findings = {one: Finding.FIXED if one in FIXED else Finding.LEARNT for one in CRITERIA}
    ordered = sorted(
        examples, key=lambda one: (one.pair, sorted(one.values.items()), one.good, one.rating or 0.0)
    )
    for one in CRITERIA:
        known = sum(one in example.values for example in ordered)
        if not weights[one]:
            findings[one] = Finding.UNUSED
        elif known < _KNOWN_SHARE * len(ordered):
            findings[one] = Finding.UNKNOWN
    wanted = [one for one in CRITERIA if findings[one] in (Finding.LEARNT, Finding.FIXED)]
    usable = [example for example in ordered if all(one in example.values for one in wanted)]
    raw = np.array([[example.values[one] for one in wanted] for example in usable], dtype=np.float64)
    raw = raw.reshape(len(usable), len(wanted))
    # In a handful of pairs anything may happen to be alike.
    spread = raw.std(axis=0) if len(usable) >= _SPREAD_FROM else np.ones(len(wanted))
    varies = spread >= _LEAST_SPREAD
    for one, moves in zip(wanted, varies, strict=True):
        if not moves:
            findings[one] = Finding.CONSTANT
    kept = tuple(one for one, moves in zip(wanted, varies, strict=True) if moves)
    raw, spread = raw[:, varies], spread[varies]
    centre = raw.mean(axis=0) if len(usable) else np.zeros(len(kept))
    low, high, steps, rated = _ladder(usable)
    design = Design(
        kept, raw, (raw - centre) / spread, spread,
        np.array([example.good for example in usable], dtype=np.float64), low, high, steps, rated,
        np.array([int(example.pair[:8], 16) % FOLDS for example in usable], dtype=np.int64),
        np.array([weights[one] for one in kept], dtype=np.float64),
        np.array([findings[one] is Finding.LEARNT for one in kept], dtype=np.bool_),
    )  # fmt: skip
    return findings, design


def _ladder(usable: Sequence[Example]) -> tuple[NDArray[np.int64], NDArray[np.int64], int, int]:
    """Return between which steps each pair stands, how many steps there are, and how many pairs have a rating that is
    learnt from."""
    ratings = sorted(one.rating for one in usable if one.good and one.rating is not None)
    step_of: dict[float, int] = {}
    steps = on_step = 0
    for n, rating in enumerate(ratings):
        is_another = rating not in step_of
        if is_another and (steps == 0 or (on_step >= STEP_PAIRS and len(ratings) - n >= STEP_PAIRS)):
            steps, on_step = steps + 1, 0
        step_of[rating] = steps
        on_step += 1
    if steps < 2:
        steps, step_of = 1, {}
    low = np.array([int(one.good) and step_of.get(one.rating or 0.0, 1) for one in usable], dtype=np.int64)
    high = np.array(
        [int(one.good) and step_of.get(one.rating or 0.0, steps) for one in usable], dtype=np.int64
    )
    return low, high, steps, len(ratings) if steps > 1 else 0


def _if_silent_low(design: Design, strength: float) -> Floats | None:
    """Return the shares if every good pair without a rating stood on the lowest step of the good; None where no ratings
    are learnt from."""
    if design.steps == 1:
        return None
    silent = (design.low == 1) & (design.high == design.steps)
    high = np.where(silent, 1, design.high)
    fit = fitted_steps(design.x, design.low, high, design.steps, design.penalty(strength))
    return shares(design, fit)


def fitted(x: Floats, y: Floats, penalty: Floats, start: Floats | None = None) -> Fit:
    """Minimise the penalised negative log likelihood by Newton's method with halved steps.

    Parameters
    ----------
    x, y
        float64[n, p] and float64[n].
    penalty
        float64[p, p], positive definite, so that there is one minimum, and it is finite.
    """
    whole = np.column_stack([np.ones(len(y)), x])
    pull = np.zeros((whole.shape[1],) * 2)
    pull[1:, 1:] = penalty
    pull[0, 0] = _TINY
    theta = np.zeros(whole.shape[1]) if start is None else start
    loss = _loss(whole, y, pull, theta)
    for _ in range(_MAX_ITERATIONS):
        chance = _chances(whole @ theta)
        gradient = whole.T @ (chance - y) + pull @ theta
        hessian = _hessian(whole, chance, pull)
        step = np.linalg.solve(hessian, gradient)
        gain = float(gradient @ step)
        if gain <= 1e-10:
            break
        length = 1.0
        while (ahead := _loss(whole, y, pull, theta - length * step)) > loss and length > _TINY:
            length /= 2
        if ahead > loss:
            break
        theta, loss = theta - length * step, ahead
    covariance: Floats = np.linalg.inv(_hessian(whole, _chances(whole @ theta), pull)).astype(np.float64)
    return Fit(theta, covariance, theta[:1])


def fitted_steps(
    x: Floats,
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    steps: int,
    penalty: Floats,
    start: Fit | None = None,
) -> Fit:
    """Minimise the penalised negative log likelihood of the cumulative logit model, in which the chance to stand on
    step j or above is that of the log odds cut_j + x beta, and of each pair it is known between which steps it stands.

    It is concave (Pratt, Journal of the American Statistical Association 76, 1981, 103-106), so Newton's method with
    halved steps finds its one maximum. Cuts that cross make a chance negative, which the halving keeps out.

    Parameters
    ----------
    low, high
        int64[n], from 0 to `steps`.
    penalty
        float64[p, p], as for `fitted`.
    """
    on_upper = (low[:, None] == np.arange(1, steps + 1)).astype(np.float64)
    on_lower = (high[:, None] + 1 == np.arange(1, steps + 1)).astype(np.float64)
    pull = np.zeros((steps + x.shape[1],) * 2)
    pull[steps:, steps:] = penalty
    pull[0, 0] = _TINY
    if start is not None:
        theta = np.concatenate([start.cuts, start.coefficients[1:]])
    else:
        good = min(max(float((low > 0).mean()), 0.01), 0.99)
        cuts = np.log(good / (1 - good)) - np.arange(steps, dtype=np.float64)
        theta = np.concatenate([cuts, np.zeros(x.shape[1])])

    def loss_at(point: Floats) -> float:
        upper, lower = _edges(point[:steps], x @ point[steps:], low, high)
        chance = _chances(upper) - _chances(lower)
        if chance.min() <= 0:
            return float("inf")
        return float(-np.log(chance).sum() + point @ pull @ point / 2)

    def bent(point: Floats) -> tuple[Floats, Floats]:
        """Return gradient and Hessian."""
        upper, lower = _edges(point[:steps], x @ point[steps:], low, high)
        up, down = _chances(upper), _chances(lower)
        chance = up - down
        rise, fall = up * (1 - up) / chance, down * (1 - down) / chance
        to_cuts = on_lower * fall[:, None] - on_upper * rise[:, None]
        gradient = np.concatenate([to_cuts.sum(axis=0), x.T @ (fall - rise)]) + pull @ point
        at_upper = rise**2 - rise * (1 - 2 * up)
        at_lower = fall**2 + fall * (1 - 2 * down)
        between = -rise * fall
        cuts = (on_upper * at_upper[:, None]).T @ on_upper + (on_lower * at_lower[:, None]).T @ on_lower
        crossed = (on_upper * between[:, None]).T @ on_lower
        mixed = on_upper * (at_upper + between)[:, None] + on_lower * (at_lower + between)[:, None]
        slopes = (x * (at_upper + at_lower + 2 * between)[:, None]).T @ x
        hessian = np.block([[cuts + crossed + crossed.T, mixed.T @ x], [x.T @ mixed, slopes]]) + pull
        return gradient, hessian

    loss = loss_at(theta)
    for _ in range(_MAX_ITERATIONS):
        gradient, hessian = bent(theta)
        step = np.linalg.solve(hessian, gradient)
        if float(gradient @ step) <= 1e-10:
            break
        length = 1.0
        while (ahead := loss_at(theta - length * step)) > loss and length > _TINY:
            length /= 2
        if ahead > loss:
            break
        theta, loss = theta - length * step, ahead
    kept = np.r_[0, steps : len(theta)]
    covariance: Floats = np.linalg.inv(bent(theta)[1])[np.ix_(kept, kept)].astype(np.float64)
    return Fit(theta[kept], covariance, theta[:steps])


def _edges(
    cuts: Floats, along: Floats, low: NDArray[np.int64], high: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Return the log odds of standing on a pair's lowest step or above, and beyond its highest."""
    whole = np.concatenate([[np.inf], cuts, [-np.inf]])
    return whole[low] + along, whole[high + 1] + along


def _loss(whole: Floats, y: Floats, pull: Floats, theta: Floats) -> float:
    odds = whole @ theta
    return float((np.logaddexp(0.0, odds) - y * odds).sum() + theta @ pull @ theta / 2)


def _hessian(whole: Floats, chance: Floats, pull: Floats) -> Floats:
    return (whole * (chance * (1 - chance))[:, None]).T @ whole + pull


def _chances(odds: Floats) -> Floats:
    chances: Floats = np.exp(-np.logaddexp(0.0, -odds))
    return chances


def _log_losses(odds: Floats, y: Floats) -> Floats:
    losses: Floats = np.logaddexp(0.0, odds) - y * odds
    return losses


def choose_penalty(design: Design, without: int | None = None) -> float:
    """Return the strength with the least cross-validated log loss; `without` leaves a fold out altogether."""
    losses = np.zeros(len(PENALTIES))
    for fold in range(FOLDS):
        if fold == without:
            continue
        test = design.fold == fold
        train = ~test if without is None else ~test & (design.fold != without)
        fit = None
        for n, strength in enumerate(PENALTIES):
            fit = design.fitted(design.x, train, design.penalty(strength), fit)
            losses[n] += design.losses(fit, design.x, test).sum()
    return PENALTIES[int(np.argmin(losses))]


def shares(design: Design, fit: Fit) -> Floats | None:
    """Return float64[p]: what each learnt criterion gets of what there is to share out, 0 for the others.

    A coefficient below zero counts as zero: a weight rewards. None if no learnt criterion has one above.
    """
    rewards = np.where(design.learnt, np.maximum(0.0, fit.coefficients[1:] / design.spread), 0.0)
    whole = rewards.sum()
    return rewards / whole if whole > 0 else None


def intervals(design: Design, plain: Fit) -> Floats:
    """Return float64[p, 2]: for each learnt criterion the 95 % interval of its share, from 0 to 1; NaN for the others.

    Fieller's: all shares t for which beta_j - t * (sum of the learnt beta) lies within 1.96 of its own standard errors
    of zero.

    Parameters
    ----------
    plain
        The fit without the pull towards the present weights.
    """
    beta = plain.coefficients[1:] / design.spread
    spread = np.outer(design.spread, design.spread)
    covariance = plain.covariance[1:, 1:] / spread
    ones = design.learnt.astype(np.float64)
    whole, of_whole = float(ones @ beta), float(ones @ covariance @ ones)
    square = CONFIDENCE**2
    found = np.full((len(beta), 2), np.nan)
    a = whole**2 - square * of_whole
    for j in np.flatnonzero(design.learnt):
        if a <= 0 or whole <= 0:
            found[j] = 0.0, 1.0
            continue
        b = beta[j] * whole - square * float(covariance[j] @ ones)
        c = beta[j] ** 2 - square * covariance[j, j]
        root = np.sqrt(max(0.0, b * b - a * c))
        found[j] = np.clip(((b - root) / a, (b + root) / a), 0.0, 1.0)
    return found


def _unlearnt(
    findings: dict[Criterion, Finding], present: Weights, why: Finding
) -> tuple[CriterionLesson, ...]:
    """Return the lesson of each criterion where no weight is proposed: those to be learnt say why they are not."""
    given = present.as_dict()
    told = {one: why if finding is Finding.LEARNT else finding for one, finding in findings.items()}
    return tuple(CriterionLesson(one, told[one], given[one]) for one in CRITERIA)


def _lines(
    findings: dict[Criterion, Finding],
    present: Weights,
    design: Design,
    fit: Fit,
    plain: Fit,
    silent: Floats | None,
) -> tuple[CriterionLesson, ...]:
    """Return the lesson of each criterion, with the weights that the fit proposes; `silent` has the shares if all
    without a rating stood lowest."""
    found = shares(design, fit)
    if found is None:
        return _unlearnt(findings, present, Finding.NOTHING_FOUND)
    given = present.as_dict()
    lines = {one: CriterionLesson(one, findings[one], given[one]) for one in CRITERIA}
    whole = sum(given[one] for one in design.criteria if findings[one] is Finding.LEARNT)
    parts = share_out(STEPS, [float(share) for share in found])
    bounds = intervals(design, plain)
    # A weight has a greatest; what counts are shares, so all may shrink alike.
    shrink = min(1.0, MAX_WEIGHT / (whole * max(parts) / STEPS))
    for n, one in enumerate(design.criteria):
        effect = round(float(fit.coefficients[1 + n] / design.spread[n]), 6)
        if not design.learnt[n]:
            lines[one] = CriterionLesson(one, findings[one], given[one], effect=effect)
            continue
        share = parts[n] / STEPS
        unit = whole * shrink
        low, high = (unit * float(bound) for bound in (min(bounds[n, 0], share), max(bounds[n, 1], share)))
        lines[one] = CriterionLesson(
            one, findings[one], given[one], round(unit * share, 6), round(low, 6), round(high, 6), effect,
            round(unit * float(silent[n]), 6) if silent is not None else None,
        )  # fmt: skip
    if shrink < 1:
        lines = {one: _shrunk(line, shrink) for one, line in lines.items()}
    return tuple(lines.values())


def _shrunk(line: CriterionLesson, shrink: float) -> CriterionLesson:
    """Let a criterion that keeps its share keep it beside weights that had to be made smaller."""
    if line.proposed is not None or not line.present:
        return line
    return CriterionLesson(
        line.criterion, line.finding, line.present, round(line.present * shrink, 6), effect=line.effect
    )


def _compared(design: Design) -> tuple[Quality, Quality, bool]:
    """Return how well the present weights, and those that would be proposed, tell pairs that they have not seen, and
    whether the latter do it better: by more than one standard error of the pairs' mean gain, or chance would pass for
    a gain too often."""
    present = np.zeros((FOLDS, len(design.criteria)))
    learnt = np.zeros_like(present)
    whole = design.present[design.learnt].sum()
    for fold in range(FOLDS):
        train = design.fold != fold
        fit = design.fitted(design.x, train, design.penalty(choose_penalty(design, without=fold)))
        found = shares(design, fit)
        present[fold] = design.present
        learnt[fold] = design.present
        if found is not None:
            learnt[fold, design.learnt] = whole * found[design.learnt]
    (now, loss_now), (then, loss_then) = _quality(design, present), _quality(design, learnt)
    gain = loss_now - loss_then
    return now, then, bool(gain.mean() > gain.std() / np.sqrt(len(gain)))


def _quality(design: Design, weights: Floats) -> tuple[Quality, Floats]:
    """Judge scores on each fold by a curve fitted to the others: intercept and slope, and nothing else; return also
    float64[n], the loss of each pair."""
    odds, losses = np.zeros(len(design.y)), np.zeros(len(design.y))
    areas, counts = [], []
    for fold in range(FOLDS):
        test = design.fold == fold
        score = design.raw @ weights[fold]
        score = (score - score[~test].mean()) / max(float(score[~test].std()), _TINY)
        curve = design.fitted(score[:, None], ~test, np.array([[FAINT]]))
        odds[test] = curve.coefficients[0] + curve.coefficients[1] * score[test]
        losses[test] = design.losses(curve, score[:, None], test)
        area = _auc(score[test], design.y[test])
        if area is not None:
            areas.append(area)
            counts.append(int(test.sum()))
    slope = fitted(odds[:, None], design.y, np.array([[_TINY]])).coefficients[1]
    quality = Quality(
        round(float(np.average(areas, weights=counts)), 6) if areas else 0.5,
        round(float(losses.mean()), 6),
        round(float(slope), 6),
    )
    return quality, losses


def _auc(score: Floats, y: Floats) -> float | None:
    """Return the area under the curve, ties counted half; None where one outcome is missing."""
    good = int(y.sum())
    others = len(y) - good
    if not good or not others:
        return None
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[y == 1].sum() - good * (good + 1) / 2) / (good * others))
