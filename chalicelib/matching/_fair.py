"""The fair assignment: the smallest match rate of any group as high as a bounded loss allows.

The rates are raised as in max-min fairness: all together until some group can rise no more, which
then keeps what it has while the others rise on (Bertsekas and Gallager, *Data Networks*, 2nd ed.,
1992, section 6.5.2). What decides whether a level can be reached is the largest total at which each
group has at least so many matches, its *quota*. That is an assignment problem like the plain one:
being left out becomes a place as well, at a mentor of the group's own that has as many places as the
quota lets go, and everybody must have a place of one kind or the other. So the auction solves it, and
the price of being left out is the bonus by which a group's matches are bought.

- The largest total is a concave function of the quotas, and the prices of one solution bound it for
  all other quotas at once. These bounds narrow the search for the level as Newton's method would.
- To have a place is worth `_Quotas.worth` to everybody, so that none is refused for its price. A
  quota that is short by one must cost more than the loss that is allowed; then an assignment which
  breaks a quota proves that none keeps it within the loss.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np

from chalicelib.matching._auction import GOAL, Auction
from chalicelib.matching._edges import Edges, Floats, Ints

# Where groups reach the same rate and not all of them can go on, it is tried which, while no more
# edges than this have been gone through; afterwards those go on that cost the least.
MOST_EDGES_TRIED = 40_000_000
FEWEST_TRIALS = 40
# With hundreds of groups there is no end of levels: after so many solutions nothing more is raised.
MOST_EDGES_SOLVED = 100_000_000
FEWEST_SOLUTIONS, MOST_SOLUTIONS = 200, 10_000
# More groups than this with one and the same rate are not tried in all combinations.
MOST_TIED = 6
# Levels are bounded from above by steps of this size.
LEVEL_STEPS = 1 << 40
# The prices are near to right from the start.
FIRST_EPS = 0.02
# Where nothing may be lost, a total that is nearly the largest will not do.
FINEST_GOAL = 1e-10
# A price from which on a match is bought that can hardly be had: twice the best score.
LEAST_DEAR = 2.0
# Totals are sums of a million numbers at most: less than this share of them is rounding.
ROUNDING = 1e-12


@dataclass(frozen=True)
class _Limit:
    """No quotas above it are within reach: ``slope @ quota`` is ``most`` at most."""

    most: float
    slope: Floats


def _is_out(quota: Ints, limits: list[_Limit]) -> bool:
    """Whether it is proven that no assignment keeps the quotas and the floor."""
    return any(float(limit.slope @ quota) > limit.most for limit in limits)


class _Quotas:
    """The largest total under quotas: the plain instance, with places for those who are left out.

    Each solution starts from the last one saved: prices that quotas beyond reach drove up would be
    long in coming down.

    Parameters
    ----------
    solved
        The plain problem, solved: its prices are where the first solution starts.
    group
        intp[R], the group of each row.
    n_groups
        How many groups there are.
    loss
        How far below the largest total an assignment may be, in the unit of ``solved``.
    """

    def __init__(self, solved: Auction, group: Ints, n_groups: int, loss: float) -> None:
        self._plain = plain = solved.edges
        self._group = group
        self._rows_of = np.bincount(group, minlength=n_groups)
        # Scores are below 1 here. A power of two, so that adding it rounds them alike.
        self.worth = 2.0 ** math.ceil(math.log2(loss + 2.0))
        self._n_mentors = plain.n_mentors
        real = np.arange(plain.size) + plain.row
        out = plain.start + plain.degree + np.arange(plain.n_rows)
        self._plain_edge = np.full(plain.size + plain.n_rows, -1, np.intp)
        self._plain_edge[real] = np.arange(plain.size)
        row, mentor = np.empty_like(self._plain_edge), np.empty_like(self._plain_edge)
        row[real], row[out] = plain.row, np.arange(plain.n_rows)
        mentor[real], mentor[out] = plain.mentor, plain.n_mentors + group
        score = np.full(self._plain_edge.size, self.worth)
        score[real] += solved.score
        edges = Edges(
            plain.people,
            np.append(plain.mentors, np.full(n_groups, -1)),
            plain.people_key,
            np.append(plain.mentor_key, np.arange(n_groups, dtype=np.uint64)),
            plain.start + np.arange(plain.n_rows),
            plain.degree + 1,
            row,
            mentor,
            score,
            self._plain_edge,
            np.append(plain.places, self._rows_of),
        )
        # A share of the plain total, not of what everybody's place adds to it.
        goal = (
            (GOAL if loss > 0 else FINEST_GOAL)
            * solved.total()
            / (solved.total() + self.worth * plain.n_rows)
        )
        self._auction = Auction(edges, goal)
        self._unit = 2.0**self._auction.exponent
        self._auction.price[: plain.n_mentors] = solved.price / self._unit
        self._auction.held[:] = np.where(solved.held >= 0, real[solved.held], out)
        self.save()

    def limit_of_total(self, floor: float) -> _Limit:
        """What the prices prove for any quotas under which a total of ``floor`` is to be reached."""
        auction = self._auction
        slope = auction.price[self._n_mentors :] * self._unit
        places = auction.edges.places[self._n_mentors :]
        bound = auction.proven_bound() - self.worth * auction.edges.n_rows
        return _Limit(bound + float(slope @ (self._rows_of - places)) - floor, slope)

    def limit_of_places(self) -> _Limit | None:
        """What the dearest mentors prove: groups that know nobody else share those mentors' places.

        Where places are too few at any price, the prices of those who contend for them part from
        the others'. Any set of groups and mentors gives a true limit; the prices only choose it.
        """
        price = self._auction.price * self._unit
        dear = price > price[self._n_mentors :].max() / 2.0
        groups, mentors = dear[self._n_mentors :], dear[: self._n_mentors]
        if price.max() < LEAST_DEAR or groups.size == 0:
            return None
        others = np.logical_or.reduceat(~mentors.take(self._plain.mentor), self._plain.start)
        most = int(self._plain.places[mentors].sum()) + int((others & groups[self._group]).sum())
        return _Limit(float(most), groups.astype(np.float64))

    def held(self) -> Ints:
        """The edge of the plain instance by which each row is assigned, or -1."""
        held = self._auction.held
        return np.where(held >= 0, self._plain_edge[held], -1)

    def set(self, quota: Ints) -> None:
        """Ask for the quotas; who is left out beyond them is without a place until `solve`."""
        auction, out = self._auction, self._n_mentors
        auction.price[:], auction.held[:] = self._saved
        places = auction.edges.places[out:]
        places[:] = self._rows_of - quota
        # A mentor without a place is out of reach at a price at which having no place is better.
        price = auction.price[out:]
        price[places == 0] = 2.0 * self.worth / self._unit
        at = np.where(auction.held >= 0, auction.edges.mentor[auction.held], -1)
        left_out = (at >= out).nonzero()[0]
        left_out = left_out[self._group[left_out].argsort(kind="stable")]
        count = np.bincount(self._group[left_out], minlength=self._rows_of.size)
        rank = np.arange(left_out.size) - (np.cumsum(count) - count)[self._group[left_out]]
        auction.held[left_out[rank >= places[self._group[left_out]]]] = -1

    def solve(self, enough: Callable[[], bool], hopeless: Callable[[], bool]) -> None:
        """Bring prices and assignment to the quotas, or until ``enough`` or ``hopeless``."""
        self._auction.solve(FIRST_EPS / self._unit, enough, hopeless)

    def save(self) -> None:
        """Make the prices and the assignment those that `set` starts from."""
        self._saved = self._auction.price.copy(), self._auction.held.copy()


class Fair:
    """The search for the fair assignment.

    Parameters
    ----------
    solved
        The plain problem, solved.
    group
        intp[R], the group of each row.
    members
        intp[G], how many mentees each group has, those without an edge included.
    max_loss
        Share of the largest total that may be given up.
    """

    def __init__(self, solved: Auction, group: Ints, members: Ints, max_loss: float) -> None:
        self._edges, self._group, self._members = solved.edges, group, members
        self._n_groups = int(members.size)
        largest = self._total(solved.held)
        self._floor = largest * (1.0 - max_loss) * (1.0 - ROUNDING) if max_loss > 0 else largest
        self._unit = 2.0**solved.exponent
        self._most = self._most_matches()
        self._quotas = _Quotas(solved, group, self._n_groups, (largest - self._floor) / self._unit)
        everybody = min(int(solved.edges.places.sum()), solved.edges.n_rows)
        self._limits = [_Limit(float(everybody), np.ones(self._n_groups))]
        self._learn()
        self._trials_left = max(FEWEST_TRIALS, MOST_EDGES_TRIED // solved.edges.size)
        self._solutions_left = min(
            max(FEWEST_SOLUTIONS, MOST_EDGES_SOLVED // solved.edges.size), MOST_SOLUTIONS
        )
        self.held = solved.held.copy()
        self._rank = self._rank_of(self.held)

    def solve(self) -> None:
        """Find the assignment; it is ``held``."""
        self._raise({}, self._level_of(self.held, {}) or Fraction(0))

    # What an assignment is worth

    def _total(self, held: Ints) -> float:
        return math.fsum(self._edges.score[held[held >= 0]].tolist())

    def _counts(self, held: Ints) -> Ints:
        return np.bincount(self._group[held >= 0], minlength=self._n_groups)

    def _rank_of(self, held: Ints) -> tuple[list[float], float]:
        """What is compared: the rates from the smallest on, then the total."""
        some = self._members > 0
        return sorted((self._counts(held)[some] / self._members[some]).tolist()), self._total(held)

    def _most_matches(self) -> Ints:
        """A bound on the matches of each group: its rows, and the places of all whom it knows."""
        most = np.bincount(self._group, minlength=self._n_groups)
        for group in most.nonzero()[0].tolist():
            known = np.zeros(self._edges.n_mentors, np.bool_)
            known[self._edges.mentor[self._group[self._edges.row] == group]] = True
            most[group] = min(most[group], int(self._edges.places[known].sum()))
        return most

    # Quotas and levels

    def _quota(self, level: Fraction, kept: dict[int, int]) -> Ints:
        """The matches at which each group is at the level; those that can rise no more keep theirs."""
        members = self._members.tolist()
        quota = [
            kept[g] if g in kept else min(-(-level.numerator * n // level.denominator), most)
            for g, (n, most) in enumerate(zip(members, self._most.tolist(), strict=True))
        ]
        return np.array(quota, np.intp)

    def _next_level(self, level: Fraction, kept: dict[int, int]) -> Fraction | None:
        """The least level above at which some group needs another match; None if all have all they can."""
        quota = self._quota(level, kept)
        while True:
            levels = [
                Fraction(level.numerator * n // level.denominator + 1, n)
                for g, n in enumerate(self._members.tolist())
                if g not in kept and quota[g] < self._most[g]
            ]
            if not levels:
                return None
            # Between two of its counts a group is asked for the higher one already.
            level = min(levels)
            if (self._quota(level, kept) > quota).any():
                return level

    def _level_of(self, held: Ints, kept: dict[int, int]) -> Fraction | None:
        """The level that an assignment is at; None if it breaks what is kept, or the floor."""
        counts = self._counts(held).tolist()
        if self._total(held) < self._floor or any(counts[g] < n for g, n in kept.items()):
            return None
        levels = [
            Fraction(counts[g], n)
            for g, n in enumerate(self._members.tolist())
            if g not in kept and counts[g] < self._most[g]
        ]
        return min(levels, default=Fraction(1))

    # The search

    def _can(self, quota: Ints, *, best: bool = False) -> bool:
        """Whether an assignment that keeps the quotas and the floor is found; with ``best``, the largest."""
        if _is_out(quota, self._limits):
            return False
        if self._solutions_left <= 0 and not best:
            return False
        self._trials_left -= 1
        self._solutions_left -= 1
        quotas = self._quotas
        found: list[bool] = []

        def hopeless() -> bool:
            return _is_out(quota, self._learn())

        def decided() -> bool:
            if hopeless():
                found.append(False)
            elif self._keep(quotas.held(), quota) and not best:
                found.append(True)
            return bool(found)

        quotas.set(quota)
        quotas.solve(decided, hopeless)
        if not found:
            self._learn()
            found.append(self._keep(quotas.held(), quota))
        if found[0]:
            quotas.save()
        return found[0]

    def _learn(self) -> list[_Limit]:
        """Note what the prices prove."""
        limits = [self._quotas.limit_of_total(self._floor / self._unit * (1.0 - ROUNDING))]
        if places := self._quotas.limit_of_places():
            limits.append(places)
        self._limits += limits
        return limits

    def _keep(self, held: Ints, quota: Ints) -> bool:
        """Note an assignment if it is the best so far; whether it keeps the quotas and the floor."""
        if self._total(held) < self._floor:
            return False
        rank = self._rank_of(held)
        if rank > self._rank:
            self.held, self._rank = held, rank
        return bool((self._counts(held) >= quota).all())

    def _raise(self, kept: dict[int, int], level: Fraction) -> None:
        """Raise all groups but those ``kept`` as high as can be, then part with those that cannot rise.

        ``level`` is known to be within reach.
        """
        while True:
            level = self._highest(kept, level)
            above = self._next_level(level, kept)
            quota = self._quota(level, kept)
            if above is None:
                self._can(quota, best=True)
                return
            wanted = self._quota(above, kept)
            choices = self._choices((wanted > quota).nonzero()[0].tolist(), quota, wanted)
            for staying in choices[1:]:
                if self._trials_left > 0:
                    self._raise(kept | {g: int(quota[g]) for g in staying}, level)
            kept = kept | {g: int(quota[g]) for g in choices[0]}

    def _highest(self, kept: dict[int, int], low: Fraction) -> Fraction:
        """The highest level within reach, ``low`` being so."""
        high, sharp, missed = self._cut(low, Fraction(2), kept), False, 0
        while True:
            cut = self._cut(low, high, kept)
            sharp = sharp or cut < high
            above = self._next_level(low, kept)
            if above is None or above >= cut:
                return low
            last = max(
                Fraction(math.ceil(cut * n) - 1, n)
                for g, n in enumerate(self._members.tolist())
                if g not in kept and n
            )
            # The highest level that the limits leave open, once a solution has brought some; else the
            # middle, and now and then in between, lest the limits creep.
            level = min(last if sharp and missed % 3 < 2 else (low + cut) / 2, last, Fraction(1))
            high, level = cut, max(above, level)
            if self._can(self._quota(level, kept)):
                low, missed = max(level, self._level_of(self._quotas.held(), kept) or level), 0
            else:
                high, sharp, missed = level, False, missed + 1

    def _cut(self, low: Fraction, high: Fraction, kept: dict[int, int]) -> Fraction:
        """A level from which on the limits prove that the floor is out of reach; ``high`` if they do not."""

        slope = np.array([limit.slope for limit in self._limits])
        allowed = np.array([limit.most for limit in self._limits])

        def is_out(step: int) -> bool:
            return bool((slope @ self._quota(Fraction(step, LEVEL_STEPS), kept) > allowed).any())

        least, most = math.floor(low * LEVEL_STEPS), math.ceil(min(high, Fraction(1)) * LEVEL_STEPS)
        if not is_out(most):
            return high
        while most - least > 1:
            middle = (least + most) // 2
            least, most = (least, middle) if is_out(middle) else (middle, most)
        return Fraction(most, LEVEL_STEPS)

    def _choices(self, rising: list[int], quota: Ints, wanted: Ints) -> list[list[int]]:
        """Which of the groups ``rising`` may stay so that the rest can rise; as few stay as can be."""
        if len(rising) == 1:
            return [rising]
        if len(rising) <= MOST_TIED and self._trials_left > 0:
            for size in range(1, len(rising)):
                found = []
                for staying in combinations(rising, size):
                    trial = wanted.copy()
                    trial[list(staying)] = quota[list(staying)]
                    if self._can(trial):
                        found.append(list(staying))
                if found:
                    return found
            return [rising]
        trial, stay = quota.copy(), list[int]()
        slope = self._limits[-1].slope
        for group in sorted(rising, key=lambda g: (slope[g], g)):
            trial[group] = wanted[group]
            if not self._can(trial):
                trial[group] = quota[group]
                stay.append(group)
        return [stay]
