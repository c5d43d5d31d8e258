"""Shortest augmenting paths over a nearly best assignment, for the few whom bidding left over."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np

from chalicelib.matching._edges import Edges, Floats, Ints, spans


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
        self._holders: dict[int, list[int]] = {}

    def run(self) -> None:
        """Fill each open place that asks a price, then place each row that would be paid."""
        for mentor in ((self._open > 0) & (self.price > 0)).nonzero()[0].tolist():
            while self._open[mentor] > 0 and self.price[mentor] > 0:
                self._fill(mentor)
        # Placing only raises prices, so whom nobody would pay now, nobody will.
        payoff = self.score - self.price.take(self.edges.mentor)
        best = np.maximum.reduceat(payoff, self.edges.start)
        for row in ((self.held < 0) & (best > 0)).nonzero()[0].tolist():
            self._place(row)

    def _holders_of(self, mentor: int) -> list[int]:
        holders = self._holders.get(mentor)
        if holders is None:
            end = int(self._sitting_end[mentor])
            begin = int(self._sitting_end[mentor - 1]) if mentor else 0
            holders = self._holders[mentor] = self._sitting[begin:end].tolist()
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
            self._holders_of(target).append(row)
            self._open[target] -= 1
        self._at[row] = target
        self._held_score[row] = self.score[edge] if edge >= 0 else 0.0
        self.held[row] = edge
        return left

    def _place(self, start: int) -> None:
        """Place the row ``start``, move others for it, or leave out whom that costs the least."""
        edges, price, mentor = self.edges, self.price, self.edges.mentor
        search = _Search(edges.n_mentors)

        def step(rows: Ints, payoff: Floats, so_far: float, limit: float) -> None:
            degree = edges.degree.take(rows)
            edge, _ = spans(edges.start.take(rows), degree)
            target = mentor.take(edge)
            length = price.take(target)
            length -= self.score.take(edge)
            length += np.repeat(payoff, degree)
            np.maximum(length, 0.0, out=length)
            length += so_far
            search.reach(target, length, edge, limit)

        begin, end = int(edges.start[start]), int(edges.start[start] + edges.degree[start])
        shortest = float((self.score[begin:end] - price.take(mentor[begin:end])).max())
        if shortest <= 0:
            return
        left_out, free = start, -1
        step(np.array([start]), np.array([shortest]), 0.0, shortest)
        while (nearest := search.settle(shortest)) is not None:
            length, here = nearest
            if self._open[here] > 0:
                shortest, free = length, here
                break
            rows = np.array(self._holders_of(here))
            payoff = self._held_score.take(rows)
            payoff -= price[here]
            np.maximum(payoff, 0.0, out=payoff)
            least = int(payoff.argmin())
            if length + payoff[least] < shortest:
                shortest, left_out = length + float(payoff[least]), int(rows[least])
            step(rows, payoff, length, shortest)
        for here in search.settled:
            price[here] += max(shortest - float(search.distance[here]), 0.0)

        target = free
        if free < 0:
            if left_out == start:
                return
            target = self._move(left_out, -1)
        while True:
            edge = int(search.via[target])
            row = int(edges.row[edge])
            target = self._move(row, edge)
            if row == start:
                return

    def _fill(self, start: int) -> None:
        """Fill one open place of ``start``, or pass it on to a mentor who can leave it empty."""
        edges, price, n_mentors = self.edges, self.price, self.edges.n_mentors
        search = _Search(n_mentors + 1)
        padded = np.append(price, 0.0)
        shortest, last, joining = float(price[start]), start, -1
        search.reach(np.array([start]), np.zeros(1), np.array([-1]), np.inf)
        while (nearest := search.settle(shortest)) is not None:
            length, here = nearest
            begin = int(edges.mentor_start[here])
            edge = edges.by_mentor[begin : begin + int(edges.mentor_degree[here])]
            row = edges.row.take(edge)
            now = self._at.take(row)
            step = self._held_score.take(row)
            step -= padded.take(now)
            np.maximum(step, 0.0, out=step)
            step += price[here]
            step -= self.score.take(edge)
            np.maximum(step, 0.0, out=step)
            step += length
            step[now == here] = np.inf
            # The path may end with a mentee who has no place, or at a mentor by forgoing its price.
            limit, whole = shortest, step + padded.take(now)
            least = int(whole.argmin())
            if whole[least] < shortest:
                shortest, last = float(whole[least]), int(now[least])
                joining = int(edge[least]) if last == n_mentors else -1
            step[now == n_mentors] = np.inf
            search.reach(now, step, edge, limit)
        for here in search.settled:
            price[here] = max(float(price[here]) - max(shortest - float(search.distance[here]), 0.0), 0.0)

        here = last
        if joining >= 0:
            self._move(int(edges.row[joining]), joining)
            here = int(edges.mentor[joining])
        while here != start:
            edge_out = int(search.via[here])
            self._move(int(edges.row[edge_out]), edge_out)
            here = int(edges.mentor[edge_out])


class _Search:
    """Dijkstra's labels over mentors: shortest length so far, and the edge that it came by."""

    def __init__(self, n_mentors: int) -> None:
        self.distance: Floats = np.full(n_mentors, np.inf)
        self.via: Ints = np.full(n_mentors, -1, np.intp)
        self.settled: set[int] = set()
        self._heap: list[tuple[float, int]] = []

    def reach(self, mentor: Ints, length: Floats, edge: Ints, limit: float) -> None:
        """Take the steps to ``mentor`` that are shorter than ``limit`` and than any before."""
        shorter = (length < np.minimum(self.distance.take(mentor), limit)).nonzero()[0]
        if shorter.size > 1:
            # Of several steps to one mentor the last is written: the shortest, of equal ones the first.
            shorter = shorter[length.take(shorter).argsort(kind="stable")[::-1]]
            self.via[mentor.take(shorter)] = shorter
            shorter = shorter[self.via.take(mentor.take(shorter)) == shorter]
        target, found = mentor.take(shorter), length.take(shorter)
        self.distance[target] = found
        self.via[target] = edge.take(shorter)
        for step in zip(found.tolist(), target.tolist(), strict=True):
            heappush(self._heap, step)

    def settle(self, limit: float) -> tuple[float, int] | None:
        """The nearest mentor not yet settled, if nearer than ``limit``."""
        while self._heap:
            length, mentor = heappop(self._heap)
            if length >= limit:
                return None
            if mentor not in self.settled:
                self.settled.add(mentor)
                return length, mentor
        return None
