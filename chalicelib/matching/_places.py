"""Mentors' places, and who has the best claim to each."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching._edges import Edges, Ints, spans


def first_of_each(groups: Ints) -> NDArray[np.bool_]:
    """Mask of the first of each run of equal values."""
    first = np.ones(groups.size, np.bool_)
    np.not_equal(groups[1:], groups[:-1], out=first[1:])
    return first


class Places:
    """All places of all mentors, side by side, each with its holder's edge and claim.

    Parameters
    ----------
    edges
        The instance.
    claim
        The dtype of claims: float64 (bids of at most 1 and a little) or int64. Larger is better,
        and -1 stands for an open place.
    """

    def __init__(self, edges: Edges, claim: type[np.float64] | type[np.int64]) -> None:
        self._count = edges.places
        self._start: Ints = np.cumsum(edges.places) - edges.places
        self._row = edges.row
        total = int(edges.places.sum())
        self.claim: NDArray[Any] = np.full(total, -1, claim)
        self.edge: Ints = np.full(total, -1, np.intp)

    def sit(self, mentor: Ints, edge: Ints, claim: NDArray[Any]) -> None:
        """Give places to ``edge`` of ``mentor``, all places being open and enough."""
        order = mentor.argsort(kind="stable")
        mentor = mentor[order]
        count = np.bincount(mentor, minlength=self._count.size)
        place = self._start[mentor] + np.arange(mentor.size) - (np.cumsum(count) - count)[mentor]
        self.edge[place] = edge[order]
        self.claim[place] = claim[order]

    def contest(self, mentor: Ints, edge: Ints, claim: NDArray[Any]) -> tuple[Ints, NDArray[Any], Ints]:
        """Let ``edge`` contest the places of ``mentor``; each mentor keeps the best claims.

        Returns
        -------
        (mentors, least, losers)
            The mentors contested, the least claim each now holds (-1 while a place is open), and
            the edges that have no place, those put out of one included.
        """
        order = mentor.argsort(kind="stable")
        mentor = mentor.take(order)
        is_first = first_of_each(mentor)
        contested = mentor[is_first]
        group = np.cumsum(is_first) - 1
        count = self._count.take(contested)
        place, offset = spans(self._start.take(contested), count)
        all_claim = np.concatenate((self.claim.take(place), claim.take(order)))
        all_edge = np.concatenate((self.edge.take(place), edge.take(order)))
        all_group = np.concatenate((np.repeat(np.arange(contested.size), count), group))
        if all_claim.dtype == np.float64:
            # One key sorts three times faster than two; bids closer than its rounding may swap. Claims
            # span a little over 2, from an open place's -1 to a bid for the best score with its noise.
            order = (4.0 * all_group - all_claim).argsort(kind="stable")
        else:
            order = np.lexsort((-all_claim, all_group))
        all_claim, all_edge = all_claim.take(order), all_edge.take(order)
        size = count + np.bincount(group)
        rank = np.arange(all_claim.size) - np.repeat(np.cumsum(size) - size, size)
        stays = rank < np.repeat(count, size)
        kept = all_claim[stays]
        self.claim[place], self.edge[place] = kept, all_edge[stays]
        losers = all_edge[~stays]
        return contested, kept.take(offset + (count - 1)), losers[losers >= 0]

    def taken(self) -> Ints:
        """Edges that have a place."""
        return self.edge[self.edge >= 0]
