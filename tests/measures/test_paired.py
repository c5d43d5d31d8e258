"""Paired tests against SciPy's, and against every fall of the signs counted out."""

import math
import random
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chalicelib.measures.paired import EXACT_UP_TO, discordance, signed_rank
from chalicelib.measures.proportions import binomial_interval, binomial_tail, wilson

steps = st.lists(st.integers(-4, 4), min_size=1, max_size=11)


def _every_sign(differences: list[int]) -> float:
    """Return the two-sided p by all falls of the signs over the mid-ranks of those that moved."""
    moved = [one for one in differences if one]
    ranks = stats.rankdata([abs(one) for one in moved])
    up = sum(rank for rank, one in zip(ranks, moved, strict=True) if one > 0)
    middle = sum(ranks) / 2
    sums = [
        sum(rank for rank, sign in zip(ranks, signs, strict=True) if sign)
        for signs in product((0, 1), repeat=len(moved))
    ]
    return sum(abs(total - middle) >= abs(up - middle) - 1e-9 for total in sums) / len(sums)


@given(steps)
@settings(max_examples=40)
def test_p_is_the_share_of_all_falls_of_the_signs_that_are_as_far_out(differences: list[int]) -> None:
    assert signed_rank(differences).p == pytest.approx(_every_sign(differences))


@given(st.lists(st.floats(-10, 10).filter(bool), min_size=1, max_size=50, unique_by=abs))
@settings(max_examples=40)
def test_p_and_sums_are_scipys_where_nothing_is_tied(differences: list[float]) -> None:
    ours, theirs = signed_rank(differences), stats.wilcoxon(differences, method="exact")
    assert ours.p == pytest.approx(theirs.pvalue)
    assert min(ours.rank_sum_up, ours.rank_sum_down) == theirs.statistic
    assert ours.is_exact


def test_p_of_ties_and_of_those_who_stay_is_scipys_by_permutation() -> None:
    differences = [0, 1, 1, 2, -1, 3, 0, 1, 2, 2, -1, 1]
    theirs = stats.wilcoxon(
        differences, zero_method="wilcox", method=stats.PermutationMethod(n_resamples=2**12)
    )
    assert signed_rank(differences).p == pytest.approx(theirs.pvalue)


def test_p_of_many_is_scipys_by_the_normal_distribution() -> None:
    chance = random.Random(3)  # noqa: S311
    differences = [chance.choice((-2, -1, 0, 0, 1, 1, 2, 3)) for _ in range(300)]
    ours = signed_rank(differences)
    assert not ours.is_exact
    assert ours.p == pytest.approx(stats.wilcoxon(differences, method="asymptotic").pvalue)


def test_counting_and_approximating_meet_where_one_takes_over() -> None:
    chance = random.Random(5)  # noqa: S311
    differences = [chance.choice((-2, -1, 1, 1, 2, 3)) for _ in range(EXACT_UP_TO)]
    counted = signed_rank(differences)
    assert counted.is_exact
    assert counted.p == pytest.approx(stats.wilcoxon(differences, method="asymptotic").pvalue, rel=0.1)


@given(steps)
@settings(max_examples=40)
def test_turning_before_and_after_turns_the_effect_and_nothing_else(differences: list[int]) -> None:
    there, back = signed_rank(differences), signed_rank([-one for one in differences])
    assert there.p == back.p
    assert there.rank_biserial == -back.rank_biserial
    assert there.shift == -back.shift
    assert (there.low, there.high) == (None, None) or (there.low, there.high) == (-back.high, -back.low)  # type: ignore[operator]
    assert (there.rose, there.fell, there.same) == (back.fell, back.rose, back.same)
    assert there.rose + there.fell + there.same == there.n


def test_nobody_who_moved_is_no_evidence() -> None:
    still = signed_rank([0, 0, 0])
    assert (still.p, still.rank_biserial, still.shift, still.same) == (1.0, 0.0, 0.0, 3)
    assert signed_rank([1, 2, 3]).rank_biserial == 1
    with pytest.raises(ValueError, match="no pair"):
        signed_rank([])


def test_intervals_are_as_wide_as_the_distribution_of_ranks_says() -> None:
    # Of five differences no interval has 95 %: the widest has 1 - 2/32. Of six the widest has 1 - 2/64.
    assert signed_rank([1, 2, 3, 4, 5]).low is None
    six = signed_rank([1, 2, 3, 4, 5, 6])
    assert (six.low, six.high, six.shift) == (1, 6, 3.5)
    # Of ten, 8 is the greatest sum that 2.5 % do not exceed (tables of the signed-rank distribution): the ninth
    # smallest and the ninth largest of the 55 means.
    ten = [1.1, 2.3, -0.4, 3.2, 0.9, 1.7, 2.6, -1.5, 0.3, 4.8]
    means = sorted((one + other) / 2 for i, one in enumerate(ten) for other in ten[i:])
    found = signed_rank(ten)
    assert (found.low, found.high) == (means[8], means[-9])


def test_intervals_hold_the_shift_at_least_as_often_as_they_say() -> None:
    chance = random.Random(11)  # noqa: S311
    held = 0
    for _ in range(600):
        found = signed_rank([0.7 + chance.gauss(0, 1) for _ in range(12)])
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.7 <= found.high
    assert held / 600 >= 0.93


@given(st.integers(0, 40), st.integers(0, 25), st.integers(0, 25), st.integers(0, 40))
@settings(max_examples=60)
def test_a_table_of_pairs_is_tested_as_scipy_tests_its_changes(
    both: int, lost: int, gained: int, neither: int
) -> None:
    if not both + lost + gained + neither:
        with pytest.raises(ValueError, match="no pair"):
            discordance(both, lost, gained, neither)
        return
    ours = discordance(both, lost, gained, neither)
    assert -1 <= ours.low <= ours.difference + 1e-12
    assert ours.difference - 1e-12 <= ours.high <= 1
    turned = discordance(both, gained, lost, neither)
    assert (turned.low, turned.high) == pytest.approx((-ours.high, -ours.low))
    if not lost + gained:
        assert (ours.p, ours.odds_ratio) == (1.0, None)
        return
    theirs = stats.binomtest(gained, gained + lost)
    assert ours.p == pytest.approx(theirs.pvalue)
    low, high = theirs.proportion_ci(method="exact")
    assert ours.ratio_low == pytest.approx(low / (1 - low))
    assert ours.ratio_high == (pytest.approx(high / (1 - high)) if high < 1 else None)


def test_the_interval_of_a_paired_difference_holds_it_about_as_often_as_it_says() -> None:
    chance = random.Random(2)  # noqa: S311
    shares = (0.45, 0.05, 0.25, 0.25)
    held = 0
    for _ in range(2000):
        falls = chance.choices("blgn", shares, k=30)
        found = discordance(*(falls.count(one) for one in "blgn"))
        held += found.low <= shares[2] - shares[1] <= found.high
    assert held / 2000 == pytest.approx(0.95, abs=0.02)


@given(st.integers(1, 200), st.data())
@settings(max_examples=40)
def test_intervals_of_a_share_are_scipys(n: int, data: st.DataObject) -> None:
    yes = data.draw(st.integers(0, n))
    theirs = stats.binomtest(yes, n)
    assert wilson(yes, n) == pytest.approx(tuple(theirs.proportion_ci(method="wilson")), abs=1e-9)
    assert binomial_interval(yes, n) == pytest.approx(tuple(theirs.proportion_ci(method="exact")), abs=1e-9)
    share = data.draw(st.floats(0, 1))
    assert binomial_tail(yes, n, share) == pytest.approx(float(stats.binom.cdf(yes, n, share)), abs=1e-9)


@pytest.mark.parametrize(("yes", "n"), [(0, 0), (3, 2), (-1, 4)])
def test_no_share_of_nothing(yes: int, n: int) -> None:
    with pytest.raises(ValueError, match="no count"):
        wilson(yes, n)
    with pytest.raises(ValueError, match="no count"):
        binomial_interval(yes, n)
    assert math.isfinite(binomial_tail(1, 2, 0.5))
