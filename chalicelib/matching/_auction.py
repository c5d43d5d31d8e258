"""The largest total: a scaled auction from both sides, then shortest paths for the last few.

Each mentor has a price for a place. A mentee's payoff at a mentor is the score less that price, and
being left out pays nothing. Prices and an assignment are *nearly best within eps* when every
assigned mentee is paid no more than eps less than anything on their list (or than nothing), and no
mentor with an open place asks a price. By linear-programming duality the total is then below the
optimum by at most eps for each assigned mentee, and the prices prove it.

- Forward: mentees without a place bid for the mentor that pays them most, all at once; a mentor
  keeps the best bids for its places (Bertsekas, *The auction algorithm*, 1988).
- Reverse: mentors with an open place and a price above nothing lower it until somebody gains by
  moving (Bertsekas and Castañon, *A forward/reverse auction algorithm for asymmetric assignment
  problems*, 1992). It makes it safe to begin a round of bidding with yesterday's prices.
- Scaling: both with a large eps first, then smaller and smaller, so that no price war lasts.
- Finish: the few whom bidding would move one step at a time are placed along shortest augmenting
  paths in the prices' reduced costs (Jonker and Volgenant, 1987), which keeps eps where it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from chalicelib.matching._edges import Edges, Floats, Ints, spans
from chalicelib.matching._finish import Finish
from chalicelib.matching._places import Places, first_of_each

# Chosen by measurement on clustered pools of 2,000 to 100,000 mentees (benchmarks/README.md).
FIRST_EPS = 0.1
EPS_FACTOR = 7.0
# Below this, sums of scores near one round at the size of eps itself.
LEAST_EPS = 2.0**-44
# Ties are spread by a fixed noise of this share of eps, or all bid for the same mentor at once.
NOISE = 0.25
# Bidders left to the next, finer pass: a handful costs as many numpy calls as thousands.
LEFT_OVER = 20
MOST_ROUNDS = 5_000
ROUNDS_UNCHECKED = 50
# So few are placed by shortest paths alone, exactly.
FEW_ROWS = 64
# Largest distance from the proven bound that is good enough for anybody, as a share of the total.
GOAL = 1e-6


def _best_two(value: Floats, offset: Ints, length: Ints) -> tuple[Ints, Floats, Floats]:
    """Position and value of each run's best, and the value of its second best; spoils ``value``."""
    best = np.maximum.reduceat(value, offset)
    at = (value == np.repeat(best, length)).nonzero()[0]
    if at.size != offset.size:
        at = at[first_of_each(offset.searchsorted(at, "right"))]
    value[at] = -np.inf
    return at, best, np.maximum.reduceat(value, offset)


class Auction:
    """Prices and an assignment over one set of edges, improved in place.

    Scores are divided by the power of two above the largest, which is exact, so that eps means the
    same for scores of any size. ``held[r]`` is the edge that row ``r`` is assigned by, or -1.

    Parameters
    ----------
    edges
        The instance, with an edge at least.
    goal
        Largest distance from the proven bound, as a share of the total, that is good enough.
    """

    def __init__(self, edges: Edges, goal: float = GOAL) -> None:
        self.edges = edges
        self.goal = goal
        self.exponent = math.frexp(float(edges.score.max()))[1]
        self.score: Floats = np.ldexp(edges.score, -self.exponent)
        self.price: Floats = np.zeros(edges.n_mentors)
        self.held: Ints = np.full(edges.n_rows, -1, np.intp)
        # From a hash of both ends: the same pair has the same noise in each run.
        self._noise = np.empty(edges.size, np.float32)
        for part, hashed in edges.pair_hashes():
            self._noise[part] = (hashed >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)

    # What the state is worth

    def best_payoff(self) -> Floats:
        """float64[R]: what each row could be paid at the prices, nothing at least."""
        payoff = self.price.take(self.edges.mentor)
        np.subtract(self.score, payoff, out=payoff)
        best: Floats = np.maximum.reduceat(payoff, self.edges.start)
        np.maximum(best, 0.0, out=best)
        return best

    def total(self) -> float:
        return float(self.score[self.held[self.held >= 0]].sum())

    def bound(self) -> float:
        """Value of the dual, up to rounding: no assignment has a larger total."""
        return float(self.best_payoff().sum() + (self.price * self.edges.places).sum())

    def proven_bound(self) -> float:
        """The bound in the scores' own unit, raised by more than rounding can have lowered it."""
        bound = self.bound()
        # A payoff is one subtraction of numbers up to 1: 2**-53 each. Products and numpy's pairwise
        # sums lose less than 64 roundings of what they add up, all of it positive.
        bound += self.edges.n_rows * 2.0**-53 + bound * 64 * 2.0**-53
        return math.ldexp(bound, self.exponent)

    def solve(
        self,
        first_eps: float = FIRST_EPS,
        enough: Callable[[], bool] | None = None,
        hopeless: Callable[[], bool] | None = None,
    ) -> None:
        """Improve the state until the prices prove it good enough.

        Ends with ``bound() - total()`` at most ``goal`` of the total (a quarter more for the noise), or
        with eps at the rounding of the scores' sums, or as soon as ``enough`` says so after a pass.

        Parameters
        ----------
        first_eps
            Where eps starts: the nearer the prices are to right, the smaller.
        enough
            Asked after each pass, which is then finished; true ends the search.
        hopeless
            Asked after each `ROUNDS_UNCHECKED` rounds of bidding, and after it, while only prices
            count; true ends the search.
        """
        eps = first_eps if self.edges.n_rows > FEW_ROWS else LEAST_EPS
        while eps > LEAST_EPS:
            is_last = eps <= self._fine_eps()
            # A pass that is finished must leave little to its paths; another leaves more to the next pass.
            few = LEFT_OVER if is_last or enough else max(LEFT_OVER, self.edges.n_rows // 500)
            self._forward(eps, few, hopeless)
            if hopeless and hopeless():
                return
            self._reverse(eps, few)
            if is_last or enough:
                self._finish()
            if enough and enough():
                return
            if is_last and self.bound() - self.total() <= 1.25 * self.goal * self.total():
                return
            # Prices that this pass drove too high come down, or places would stay open in the next.
            np.maximum(self.price - eps, 0.0, out=self.price)
            eps = eps / EPS_FACTOR if is_last else max(eps / EPS_FACTOR, self._fine_eps())
        self._finish()

    def _fine_eps(self) -> float:
        """The eps that keeps the total within the goal, judged by what is assigned so far."""
        assigned = int((self.held >= 0).sum())
        return max(self.goal * self.total() / max(assigned, 1), 2 * LEAST_EPS)

    def _finish(self) -> None:
        Finish(self.edges, self.score, self.price, self.held, self.best_payoff()).run()

    # The passes

    def _forward(self, eps: float, left_over: int, hopeless: Callable[[], bool] | None = None) -> None:
        """Bidding: afterwards those assigned are nearly best paid, and few others would bid."""
        edges, price, held, mentor = self.edges, self.price, self.held, self.edges.mentor
        best = self.best_payoff()
        payoff = self.score[held] - price[mentor[held]]
        held[(held >= 0) & (payoff < best - eps)] = -1
        score = self.score + np.float64(eps * NOISE) * self._noise

        places = Places(edges, np.float64)
        sitting = held[held >= 0]
        places.sit(mentor[sitting], sitting, price[mentor[sitting]])

        bidders = ((held < 0) & (best > 0)).nonzero()[0]
        rounds = 0
        while bidders.size > left_over and rounds < MOST_ROUNDS:
            rounds += 1
            degree = edges.degree.take(bidders)
            index, offset = spans(edges.start.take(bidders), degree)
            value = score.take(index)
            value -= price.take(mentor.take(index))
            where, first, second = _best_two(value, offset, degree)
            chosen = index.take(where)
            willing = first > 0
            if not willing.all():
                chosen, first, second = chosen[willing], first[willing], second[willing]
                if not chosen.size:
                    break
            np.maximum(second, 0.0, out=second)
            wanted = mentor.take(chosen)
            # Nobody bids more than the score: being left out would pay better.
            bid = np.minimum(price.take(wanted) + (first - second + eps), score.take(chosen))

            asked, least, outbid = places.contest(wanted, chosen, bid)
            # The least bid kept is the price; with an open place (-1) the price stays as it was.
            price[asked] = np.maximum(price.take(asked), least)
            bidders = edges.row.take(outbid)
            if hopeless and rounds % ROUNDS_UNCHECKED == 0 and hopeless():
                break

        held[:] = -1
        taken = places.taken()
        held[edges.row[taken]] = taken

    def _reverse(self, eps: float, left_over: int) -> None:
        """Offering: afterwards few mentors with an open place ask a price, and nobody is worse paid."""
        edges, score, held, n_mentors = self.edges, self.score, self.held, self.edges.n_mentors
        on = held >= 0
        # Mentor n_mentors stands for having no place. Who still bids for one has a price to be won at
        # all the same: what the best on their list would pay them.
        at = np.where(on, edges.mentor[held], n_mentors)
        held_score = np.where(on, score[held], self.best_payoff())
        price = np.append(self.price, 0.0)
        open_places = edges.places - np.bincount(at, minlength=n_mentors + 1)[:n_mentors]
        last_offer = np.empty(edges.n_rows, np.intp)
        rounds = 0
        while rounds < MOST_ROUNDS:
            offering = ((open_places > 0) & (price[:n_mentors] > 0)).nonzero()[0]
            if offering.size <= left_over:
                break
            rounds += 1
            degree = edges.mentor_degree.take(offering)
            index, offset = spans(edges.mentor_start.take(offering), degree)
            edge = edges.by_mentor.take(index)
            row = edges.row.take(edge)
            now = at.take(row)
            value = score.take(edge) - (held_score.take(row) - price.take(now))
            value[now == np.repeat(offering, degree)] = -np.inf
            where, first, second = _best_two(value, offset, degree)
            # At this price the best mentee gains at least eps, and nobody else on the list more.
            worth = first > eps
            lowered = np.minimum(price.take(offering), np.maximum(second - eps, 0.0))
            price[offering] = np.where(worth, lowered, 0.0)
            edge, row, target = edge[where[worth]], row[where[worth]], offering[worth]
            gain = (score[edge] - price[target]) - (held_score[row] - price[at[row]])
            order = gain.argsort(kind="stable")
            order = order[gain[order] > 0]
            last_offer[row[order]] = order  # of equal indices the last, best one is written
            order = order[last_offer[row[order]] == order]
            edge, row, target = edge[order], row[order], target[order]
            left = at[row]
            open_places[target] -= 1
            np.add.at(open_places, left[left < n_mentors], 1)
            at[row], held_score[row], held[row] = target, score[edge], edge
        self.price[:] = price[:n_mentors]
