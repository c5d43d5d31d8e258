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

_KNOWN_SHARE = 0.5
_LEAST_SPREAD = 0.01
_SPREAD_FROM = 50
_TINY = 1e-6
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
    fold: NDArray[np.int64]
    present: Floats
    learnt: NDArray[np.bool_]

    def penalty(self, strength: float) -> Floats:
        """Return float64[p, p]: the penalty's matrix for coefficients of `x`."""
        target = self.present * self.spread
        length = float(target @ target)
        across = np.eye(len(target)) - (np.outer(target, target) / length if length else 0.0)
        return strength * across + FAINT * np.eye(len(target))


@dataclass(frozen=True)
class Fit:
    """A fitted model: float64[p + 1] with the intercept first, and the inverse of its Hessian."""

    coefficients: Floats
    covariance: Floats


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
    evidence = Evidence(good, others, needed, unusable + len(examples) - len(design.y), young)
    if min(good, others) < needed:
        lines = _unlearnt(findings, present, Finding.TOO_LITTLE_DATA)
        return Lesson(WeightProposalStatus.TOO_LITTLE_DATA, evidence, lines)
    strength = choose_penalty(design)
    fit = fitted(design.x, design.y, design.penalty(strength))
    plain = fitted(design.x, design.y, design.penalty(0.0))
    lines = _lines(findings, present, design, fit, plain)
    now, then, is_better = _compared(design)
    proposes = any(one.proposed not in (None, one.present) for one in lines)
    better = proposes and is_better
    verdict = WeightProposalStatus.OPEN if better else WeightProposalStatus.NO_BETTER
    return Lesson(verdict, evidence, lines, strength, now, then)


def _design(examples: Sequence[Example], present: Weights) -> tuple[dict[Criterion, Finding], Design]:
    """Decide which criteria can be in the model, and lay the examples out that have values for all of them."""
    weights = present.as_dict()
    findings = {one: Finding.FIXED if one in FIXED else Finding.LEARNT for one in CRITERIA}
    ordered = sorted(examples, key=lambda one: (one.pair, sorted(one.values.items()), one.good))
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
    design = Design(
        kept, raw, (raw - centre) / spread, spread,
        np.array([example.good for example in usable], dtype=np.float64),
        np.array([int(example.pair[:8], 16) % FOLDS for example in usable], dtype=np.int64),
        np.array([weights[one] for one in kept], dtype=np.float64),
        np.array([findings[one] is Finding.LEARNT for one in kept], dtype=np.bool_),
    )  # fmt: skip
    return findings, design


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
    return Fit(theta, covariance)


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
        theta = None
        for n, strength in enumerate(PENALTIES):
            theta = fitted(design.x[train], design.y[train], design.penalty(strength), theta).coefficients
            losses[n] += _log_losses(theta[0] + design.x[test] @ theta[1:], design.y[test]).sum()
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
    findings: dict[Criterion, Finding], present: Weights, design: Design, fit: Fit, plain: Fit
) -> tuple[CriterionLesson, ...]:
    """Return the lesson of each criterion, with the weights that the fit proposes."""
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
            one, findings[one], given[one], round(unit * share, 6), round(low, 6), round(high, 6), effect
        )
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
        fit = fitted(design.x[train], design.y[train], design.penalty(choose_penalty(design, without=fold)))
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
    odds = np.zeros(len(design.y))
    areas, counts = [], []
    for fold in range(FOLDS):
        test = design.fold == fold
        score = design.raw @ weights[fold]
        score = (score - score[~test].mean()) / max(float(score[~test].std()), _TINY)
        curve = fitted(score[~test, None], design.y[~test], np.array([[FAINT]])).coefficients
        odds[test] = curve[0] + curve[1] * score[test]
        area = _auc(score[test], design.y[test])
        if area is not None:
            areas.append(area)
            counts.append(int(test.sum()))
    slope = fitted(odds[:, None], design.y, np.array([[_TINY]])).coefficients[1]
    losses = _log_losses(odds, design.y)
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
