"""A matching of greatest weight in one pool, exactly: Edmonds' algorithm with dual prices.

People have prices, and so have blossoms: odd sets of people of whom one at least stays without a partner inside. For
each two people their prices, and those of the blossoms that hold both, are never less together than what the two are
worth; so all prices together, a blossom's counted once for each pair that it can hold, are more than any matching is
worth. The search keeps that so and moves prices until the pairs that it has are worth as much (J. Edmonds, *J. Res.
Nat. Bur. Standards* 69B, 1965, 125-130; Z. Galil, *ACM Computing Surveys* 18(1), 1986, 23-38). It takes time in the
third power of the number of people, in steps over whole rows.

Prices are twice what they stand for, so that halves are whole numbers. Node 0 is nobody; people are nodes 1 to n, and
blossoms the nodes behind them.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

Wide = NDArray[np.int64]

_FREE: Final = -1
_OUTER: Final = 0
_INNER: Final = 1
_MOST: Final = np.iinfo(np.int64).max // 4


class Blossoms:
    """One search.

    Parameters
    ----------
    weight
        int64[n, n], symmetric: what each two are worth, from 1 on; 0 for two who cannot be a pair.
    """

    def __init__(self, weight: Wide) -> None:
        n = len(weight)
        size = n + n // 2 + 2
        self._n, self._last = n, n
        self._weight = np.zeros((size, size), dtype=np.int64)
        self._weight[1 : n + 1, 1 : n + 1] = weight
        # Between which two people the edge of two nodes is.
        at = np.arange(size, dtype=np.int32)
        self._from, self._to = np.repeat(at[:, None], size, axis=1), np.repeat(at[None, :], size, axis=0)
        self._price = np.zeros(size, dtype=np.int64)
        self._price[1 : n + 1] = weight.max(initial=0)
        self._partner = np.zeros(size, dtype=np.int32)
        self._outermost = np.zeros(size, dtype=np.int32)
        self._outermost[: n + 1] = at[: n + 1]
        # By whom an outer node's tree reaches a node most cheaply; and by whom it was reached.
        self._nearest = np.zeros(size, dtype=np.int32)
        self._reached_by = np.zeros(size, dtype=np.int32)
        self._label = np.full(size, _FREE, dtype=np.int8)
        self._members: list[list[int]] = [[] for _ in range(size)]
        # Which member of a blossom holds a person.
        self._holds = np.zeros((size, n + 1), dtype=np.int32)
        self._holds[at[1 : n + 1], at[1 : n + 1]] = at[1 : n + 1]
        self._queue: deque[int] = deque()
        self._seen = np.zeros(size, dtype=np.int64)
        self._look = 0

    def solve(self) -> NDArray[np.int32]:
        """Return int32[n]: each one's partner, or -1."""
        if self._price.any():
            while self._phase():
                pass
        return (self._partner[1 : self._n + 1] - 1).astype(np.int32)

    def bound(self) -> int:
        """Return what no matching is worth more than, from the prices alone: whatever the search did, it holds."""
        n = self._n
        covered = self._price[1 : n + 1, None] + self._price[None, 1 : n + 1]
        twice = int(self._price[1 : n + 1].sum())
        for node in range(n + 1, self._last + 1):
            if self._outermost[node] and self._price[node]:
                people = np.asarray(self._people(node)) - 1
                covered[np.ix_(people, people)] += self._price[node]
                twice += int(self._price[node]) * (len(people) // 2)
        weight = self._weight[1 : n + 1, 1 : n + 1]
        short = int(np.max(2 * weight - covered, initial=0, where=weight > 0))
        return (twice + short * n) // 2

    def _slack(self, one: NDArray[np.int32] | int, other: NDArray[np.int32] | int) -> Wide:
        """Return how much the prices of the edges between nodes are above what they need."""
        a, b = self._from[one, other], self._to[one, other]
        slack: Wide = self._price[a] + self._price[b] - 2 * self._weight[a, b]
        return slack

    def _phase(self) -> bool:
        """Find one pair more; False where prices prove that none helps."""
        self._label[: self._last + 1] = _FREE
        self._nearest[: self._last + 1] = 0
        self._queue.clear()
        for node in self._nodes():
            if not self._partner[node]:
                self._reached_by[node] = 0
                self._label[node] = _OUTER
                self._push(node)
        if not self._queue:
            return False
        while True:
            while self._queue:
                if self._scan(self._queue.popleft()):
                    return True
            if not self._move_prices():
                return False
            nodes = np.asarray(self._nodes())
            near = self._nearest[nodes]
            tight = (near > 0) & (self._outermost[near] != nodes) & (self._slack(near, nodes) == 0)
            for node in nodes[tight].tolist():
                by = int(self._nearest[node])
                if not by or node != self._outermost[node] or node == self._outermost[by]:
                    continue  # what came before it has reached the node, or closed a blossom around it
                if self._found(int(self._from[by, node]), int(self._to[by, node])):
                    return True
            for node in range(self._n + 1, self._last + 1):
                is_spent = self._label[node] == _INNER and self._price[node] == 0
                if self._outermost[node] == node and is_spent:
                    self._expand(node)

    def _nodes(self) -> list[int]:
        at = np.arange(1, self._last + 1)
        return at[self._outermost[1 : self._last + 1] == at].tolist()  # type: ignore[no-any-return]

    def _scan(self, person: int) -> bool:
        """Look at everybody from an outer person."""
        n = self._n
        own = self._outermost[person]
        if self._label[own] == _INNER:
            return False
        weight = self._weight[person, 1 : n + 1]
        theirs = self._outermost[1 : n + 1]
        slack = self._price[person] + self._price[1 : n + 1] - 2 * weight
        known = (weight > 0) & (theirs != own)
        nodes = np.unique(theirs[known & (slack > 0)])
        if nodes.size:
            near = self._nearest[nodes]
            before = np.where(near > 0, self._slack(near, nodes), _MOST)
            nearer = nodes[self._slack(person, nodes) < before]
            self._nearest[nearer] = person
        for other in (np.flatnonzero(known & (slack == 0)) + 1).tolist():
            if self._outermost[other] != self._outermost[person] and self._found(person, other):
                return True
        return False

    def _move_prices(self) -> bool:
        """Move prices until another edge is tight; False once an outer person has none left to give."""
        n = self._n
        nodes = np.asarray(self._nodes())
        label, near = self._label[nodes], self._nearest[nodes]
        step = _MOST
        inner = nodes[(nodes > n) & (label == _INNER)]
        if inner.size:
            step = min(step, int(self._price[inner].min()) // 2)
        for wanted, share in ((_FREE, 1), (_OUTER, 2)):
            some = (near > 0) & (label == wanted)
            if some.any():
                step = min(step, int(self._slack(near[some], nodes[some]).min()) // share)
        own = self._label[self._outermost[1 : n + 1]]
        people = self._price[1 : n + 1]
        least = int(people[own == _OUTER].min())
        is_over = least <= step
        step = min(step, least)
        people[own == _OUTER] -= step
        people[own == _INNER] += step
        blossoms = nodes[nodes > n]
        self._price[blossoms[self._label[blossoms] == _OUTER]] += 2 * step
        self._price[blossoms[self._label[blossoms] == _INNER]] -= 2 * step
        return not is_over

    def _found(self, one: int, other: int) -> bool:
        """Take a tight edge from an outer person: it grows the tree, closes a blossom, or ends the phase."""
        near, far = int(self._outermost[one]), int(self._outermost[other])
        if self._label[far] == _FREE:
            self._reached_by[far] = one
            self._label[far] = _INNER
            after = int(self._outermost[self._partner[far]])
            self._nearest[far] = self._nearest[after] = 0
            self._label[after] = _OUTER
            self._push(after)
        elif self._label[far] == _OUTER:
            common = self._common(near, far)
            if not common:
                self._augment(near, far)
                self._augment(far, near)
                return True
            self._close(near, common, far)
        return False

    def _push(self, node: int) -> None:
        self._queue.extend(self._people(node))

    def _people(self, node: int) -> list[int]:
        if node <= self._n:
            return [node]
        return [person for member in self._members[node] for person in self._people(member)]

    def _common(self, one: int, other: int) -> int:
        """Return where the ways from two outer nodes to their roots meet; 0 for two trees."""
        self._look += 1
        while one or other:
            if one:
                if self._seen[one] == self._look:
                    return one
                self._seen[one] = self._look
                one = int(self._outermost[self._partner[one]])
                if one:
                    one = int(self._outermost[self._reached_by[one]])
            one, other = other, one
        return 0

    def _augment(self, one: int, other: int) -> None:
        """Change over the pairs on the way from a node to its root."""
        while True:
            before = int(self._outermost[self._partner[one]])
            self._pair(one, other)
            if not before:
                return
            after = int(self._outermost[self._reached_by[before]])
            self._pair(before, after)
            one, other = after, before

    def _pair(self, node: int, other: int) -> None:
        """Make the edge between two nodes one of the pairs, and turn a blossom so that it is met there."""
        self._partner[node] = self._to[node, other]
        if node <= self._n:
            return
        member = int(self._holds[node, self._from[node, other]])
        at = self._place(node, member)
        members = self._members[node]
        for n in range(at):
            self._pair(members[n], members[n ^ 1])
        self._pair(member, other)
        self._members[node] = members[at:] + members[:at]

    def _place(self, node: int, member: int) -> int:
        """Return at which even place of a blossom a member stands, which is turned about for that if need be."""
        members = self._members[node]
        at = members.index(member)
        if at % 2 == 0:
            return at
        members[1:] = members[:0:-1]
        return len(members) - at

    def _close(self, one: int, common: int, other: int) -> None:
        """Make a blossom of the ways from two outer nodes to where they meet."""
        n = self._n
        node = next((at for at in range(n + 1, self._last + 1) if not self._outermost[at]), self._last + 1)
        self._last = max(self._last, node)
        self._price[node], self._label[node] = 0, _OUTER
        self._partner[node] = self._partner[common]
        members = [common]
        for start in (one, other):
            at = start
            while at != common:
                inner = int(self._outermost[self._partner[at]])
                members += [at, inner]
                self._push(inner)
                at = int(self._outermost[self._reached_by[inner]])
            if start == one:
                members[1:] = members[:0:-1]
        self._members[node] = members
        self._set_outermost(node, node)
        reach = slice(1, self._last + 1)
        self._weight[node, :] = self._weight[:, node] = 0
        self._holds[node, :] = 0
        for member in members:
            known = self._weight[member, reach] > 0
            others = np.flatnonzero(known).astype(np.int32) + 1
            worse = (self._weight[node, others] == 0) | (
                self._slack(member, others) < self._slack(node, others)
            )
            better = others[worse]
            self._weight[node, better] = self._weight[better, node] = self._weight[member, better]
            self._from[node, better] = self._to[better, node] = self._from[member, better]
            self._to[node, better] = self._from[better, node] = self._to[member, better]
            self._holds[node, self._holds[member] > 0] = member
        self._find_nearest(node)

    def _set_outermost(self, node: int, outermost: int) -> None:
        self._outermost[node] = outermost
        if node > self._n:
            for member in self._members[node]:
                self._set_outermost(member, outermost)

    def _find_nearest(self, node: int) -> None:
        n = self._n
        people = np.arange(1, n + 1, dtype=np.int32)
        own = self._outermost[1 : n + 1]
        some = people[(self._weight[1 : n + 1, node] > 0) & (own != node) & (self._label[own] == _OUTER)]
        self._nearest[node] = some[int(np.argmin(self._slack(some, node)))] if some.size else 0

    def _expand(self, node: int) -> None:
        """Open an inner blossom that has no price left."""
        members = self._members[node]
        for member in members:
            self._set_outermost(member, member)
        entered = int(self._holds[node, self._from[node, self._reached_by[node]]])
        at = self._place(node, entered)
        members = self._members[node]
        for n in range(0, at, 2):
            inner, outer = members[n], members[n + 1]
            self._reached_by[inner] = self._from[outer, inner]
            self._label[inner], self._label[outer] = _INNER, _OUTER
            self._nearest[inner] = 0
            self._find_nearest(outer)
            self._push(outer)
        self._label[entered] = _INNER
        self._reached_by[entered] = self._reached_by[node]
        for member in members[at + 1 :]:
            self._label[member] = _FREE
            self._find_nearest(member)
        self._outermost[node] = 0
