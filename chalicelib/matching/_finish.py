"""Shortest augmenting paths over a nearly best assignment, for the few whom bidding left over."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from chalicelib.matching._edges import Edges, Floats, Ints


class Finish:
    """Completes prices and an assignment, both changed in place, without spoiling their eps.

    Dijkstra's algorithm over mentors (Jonker and Volgenant, 1987). A path steps from a mentor to
    another through a mentee who moves; its length is what the moves cost at the prices. Slack that
    the auction left (an edge better than the one held, by eps at most) counts as nothing, so no
    step makes it larger.

    Parameters
    ----------
    edges
        The instance.
    score
        float64[E], its scores in the unit of the prices.
    price
        float64[M], not negative.
    held
        intp[R], the edge by which each row is assigned, or -1.
    best_payoff
        float64[R], what each row could be paid at these prices, nothing at least.
    """

    def __init__(self, edges: Edges, score: Floats, price: Floats, held: Ints, best_payoff: Floats) -> None:
        self.edges, self.score, self.price, self.held = edges, score, price, held
        on = held >= 0
        # Mentor n_mentors stands for having no place, at no price.
        self._at = np.where(on, edges.mentor[held], edges.n_mentors)
        self._held_score = np.where(on, score[held], best_payoff)
        count = np.bincount(self._at, minlength=edges.n_mentors + 1)[: edges.n_mentors]
        self._open = edges.places - count
        sitting = on.nonzero()[0]
        self._sitting = sitting[self._at[sitting].argsort(kind="stable")]
        self._sitting_end = np.cumsum(count)
        self._holders: dict[int, set[int]] = {}

    def run(self) -> None:
        """Fill each open place that asks a price, then place each row that would be paid."""
        for mentor in ((self._open > 0) & (self.price > 0)).nonzero()[0].tolist():
            while self._open[mentor] > 0 and self.price[mentor] > 0:
                self._fill(mentor)
        for row in (self.held < 0).nonzero()[0].tolist():
            self._place(row)

    def _holders_of(self, mentor: int) -> set[int]:
        holders = self._holders.get(mentor)
        if holders is None:
            end = int(self._sitting_end[mentor])
            begin = int(self._sitting_end[mentor - 1]) if mentor else 0
            holders = self._holders[mentor] = set(self._sitting[begin:end].tolist())
        return holders

    def _move(self, row: int, edge: int) -> int:
        """Assign ``row`` by ``edge`` (-1: leave it out) and return the mentor left behind."""
        n_mentors = self.edges.n_mentors
        left = int(self._at[row])
        target = int(self.edges.mentor[edge]) if edge >= 0 else n_mentors
        if left < n_mentors:
            self._holders_of(left).remove(row)
            self._open[left] += 1
        if target < n_mentors:
            self._holders_of(target).add(row)
            self._open[target] -= 1
        self._at[row] = target
        self._held_score[row] = self.score[edge] if edge >= 0 else 0.0
        self.held[row] = edge
        return left

    def _place(self, start: int) -> None:
        """Place the row ``start``, move others for it, or leave out whom that costs the least."""
        edges, price, score, mentor = self.edges, self.price, self.score, self.edges.mentor
        distance: dict[int, float] = {}
        via: dict[int, int] = {}
        heap: list[tuple[float, int]] = []
        done: set[int] = set()

        def relax(row: int, so_far: float, payoff: float, limit: float) -> None:
            begin = int(edges.start[row])
            span = slice(begin, begin + int(edges.degree[row]))
            reached = price.take(mentor[span])
            reached -= score[span]
            reached += payoff
            np.maximum(reached, 0.0, out=reached)
            reached += so_far
            for k in (reached < limit).nonzero()[0].tolist():
                target, length = int(mentor[begin + k]), float(reached[k])
                if length < distance.get(target, limit):
                    distance[target] = length
                    via[target] = begin + k
                    heappush(heap, (length, target))

        begin = int(edges.start[start])
        span = slice(begin, begin + int(edges.degree[start]))
        shortest = float((score[span] - price.take(mentor[span])).max())
        if shortest <= 0:
            return
        left_out, free = start, -1
        relax(start, 0.0, shortest, shortest)
        while heap:
            length, here = heappop(heap)
            if length >= shortest:
                break
            if here in done:
                continue
            done.add(here)
            if self._open[here] > 0:
                shortest, free = length, here
                break
            for row in sorted(self._holders_of(here)):
                payoff = max(float(self._held_score[row]) - float(price[here]), 0.0)
                if length + payoff < shortest:
                    shortest, left_out = length + payoff, row
                relax(row, length, payoff, shortest)
        for here, length in distance.items():
            if length < shortest:
                price[here] += shortest - length

        target = free
        if free < 0:
            if left_out == start:
                return
            target = self._move(left_out, -1)
        while True:
            row = int(edges.row[via[target]])
            left = self._move(row, via[target])
            if row == start:
                return
            target = left

    def _fill(self, start: int) -> None:
        """Fill one open place of ``start``, or pass it on to a mentor who can leave it empty."""
        edges, price, n_mentors = self.edges, self.price, self.edges.n_mentors
        distance = {start: 0.0}
        via: dict[int, int] = {}
        heap = [(0.0, start)]
        done: set[int] = set()
        shortest, last, joining = float(price[start]), start, -1
        padded = np.append(price, 0.0)
        while heap:
            length, here = heappop(heap)
            if length >= shortest:
                break
            if here in done:
                continue
            done.add(here)
            begin = int(edges.mentor_start[here])
            column = edges.by_mentor[begin : begin + int(edges.mentor_degree[here])]
            rows = edges.row.take(column)
            now = self._at.take(rows)
            reached = self._held_score.take(rows)
            reached -= padded.take(now)
            np.maximum(reached, 0.0, out=reached)
            reached += price[here]
            reached -= self.score.take(column)
            np.maximum(reached, 0.0, out=reached)
            reached += length
            reached[now == here] = np.inf
            for k in (reached < shortest).nonzero()[0].tolist():
                other, length_k, edge = int(now[k]), float(reached[k]), int(column[k])
                if other == n_mentors:
                    if length_k < shortest:
                        shortest, joining, last = length_k, edge, -1
                elif length_k < distance.get(other, shortest):
                    distance[other] = length_k
                    via[other] = edge
                    heappush(heap, (length_k, other))
                    if length_k + float(price[other]) < shortest:
                        shortest, last, joining = length_k + float(price[other]), other, -1
        for here, length in distance.items():
            if length < shortest:
                price[here] = max(float(price[here]) - (shortest - length), 0.0)

        here = last
        if joining >= 0:
            self._move(int(edges.row[joining]), joining)
            here = int(edges.mentor[joining])
        while here != start:
            edge = via[here]
            self._move(int(edges.row[edge]), edge)
            here = int(edges.mentor[edge])
