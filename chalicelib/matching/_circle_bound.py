"""What no circles of some people can be better than: a bound that is proven, whatever way circles are sought.

That nobody has two seats is given up and has a price instead, u of each person; with two mentors a circle, so is that a
mentor leads no more circles than they may, v of each. What is left falls apart into one question a team: which of its
cells is worth the most, with from the least to the most members, each worth what their seat is worth less their price.
For any prices from 0 on, Σ u + Σ v · (circles they may lead) + Σ over teams of copies · max(0, best cell) is a bound
(Lagrange; A. M. Geoffrion, *Mathematical Programming Study* 2, 1974, 82-114). Good prices are found by steps along how
often each person is asked for (a subgradient; M. Held, P. Wolfe and H. P. Crowder, *Mathematical Programming* 6, 1974,
62-88). Prices and bound are whole numbers, so the bound is exact, and the same on any machine.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine.circling import Pool
from chalicelib.matching.engine.weekly import bits

Ints = NDArray[np.int64]

_NEVER: Final = -(2**60)
_WIDTHS: Final = (8, 16, 32, 64, 128, 256, 512, 1024)


class Bound:
    """Bounds of one pool's circles.

    Parameters
    ----------
    pool
        The people.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        least, most = pool.settings.least, pool.settings.most
        cells, teams = pool.cells, pool.teams
        self._people = len(pool.seeking)
        self._team = np.asarray([cell.team for cell in cells], dtype=np.intp)
        standing = [teams[cell.team].standing for cell in cells]
        self._is_old = np.asarray([one is not None for one in standing], dtype=np.bool_)
        self._low = np.where(self._is_old, 0, least)
        self._high = np.asarray(
            [most - (len(pool.standing[one].members) if one is not None else 0) for one in standing],
            dtype=np.int64,
        )
        self._most = most
        # Circles of peers may be as many as there are people for them, of each cell.
        self._by_cell = pool.settings.mentors == 0
        self._copies = np.asarray(
            [
                1
                if teams[cell.team].standing is not None
                else (cell.fits.bit_count() // least if self._by_cell else teams[cell.team].copies)
                for cell in cells
            ],
            dtype=np.int64,
        )
        self._two = pool.settings.mentors > 1
        mentors = len(pool.leading)
        self._may_lead = np.asarray([one.circles for one in pool.leading], dtype=np.int64)
        # Where a team has one mentor, or none, the last column is that of nobody.
        self._mentors = np.full((len(teams), 2), mentors, dtype=np.intp)
        if self._two:
            for n, team in enumerate(teams):
                if team.standing is None:
                    self._mentors[n] = team.mentors
        self._groups: list[tuple[NDArray[np.intp], NDArray[np.intp], Ints]] = []
        fits = [bits(cell.fits) for cell in cells]
        size = np.asarray([len(one) for one in fits], dtype=np.int64)
        self.most_worth = 0
        below = 0
        for width in _WIDTHS:
            some = np.flatnonzero((size > below) & (size <= width))
            below = width
            if not some.size:
                continue
            who = np.full((len(some), width), self._people, dtype=np.intp)
            worth = np.full((len(some), width), _NEVER, dtype=np.int64)
            for n, cell in enumerate(some.tolist()):
                who[n, : size[cell]] = fits[cell]
                worth[n, : size[cell]] = pool.most_worth(teams[cells[cell].team], fits[cell])
            self.most_worth = max(self.most_worth, int(worth.max()))
            self._groups.append((some, who, worth))

    def least(
        self, seat: int, old: int, points: int, reached: int, steps: int, prices: Ints | None = None
    ) -> tuple[int, Ints]:
        """Return the least bound that is found of: seats, seats of circles that there were, and points, each worth so
        much; and the prices of it.

        Parameters
        ----------
        seat, old, points
            What a seat counts, what one of a circle that there was counts more, and each point.
        reached
            What circles that were found count: no bound is less.
        steps
            How often prices are changed.
        prices
            To begin with; by default nobody has one.
        """
        n_prices = self._people + len(self._may_lead) + 1
        price = np.zeros(n_prices, dtype=np.int64) if prices is None else prices.copy()
        right = np.concatenate((np.ones(self._people, np.int64), self._may_lead, [0]))
        best, best_price = None, price
        pace, since = 1.0, 0
        direction = np.zeros(n_prices)
        for _ in range(steps):
            value, asked = self._asked(seat, old, points, price)
            bound = value + int((price * right).sum())
            if best is None or bound < best:
                best, best_price, since = bound, price, 0
            else:
                since += 1
                if since >= 8:
                    pace, since, price = pace / 2, 0, best_price
                    direction[:] = 0
                    continue
            if best <= reached or pace < 1e-3:
                break
            gradient = (asked - right).astype(np.float64)
            gradient[-1] = 0
            # Where nobody is asked for and the price is nothing it stays so.
            gradient[(price == 0) & (gradient < 0)] = 0
            if not gradient.any():
                break
            direction = gradient + 0.6 * direction
            length = pace * (bound - reached) / float((direction * direction).sum())
            price = np.maximum(0, price + np.rint(length * direction).astype(np.int64))
            price[-1] = 0
        return best or 0, best_price

    def gaps(self, seat: int, price: Ints) -> list[int]:
        """Return of each cell how much less it is worth at prices than the best of its team, or than none at all."""
        value, _ = self._values(seat, 0, 0, price)
        if self._by_cell:
            below: list[int] = np.maximum(0, -value).tolist()
            return below
        best = np.zeros(len(self._pool.teams), dtype=np.int64)
        np.maximum.at(best, self._team, value)
        gaps: list[int] = (best[self._team] - value).tolist()
        return gaps

    def _values(
        self, seat: int, old: int, points: int, price: Ints
    ) -> tuple[Ints, list[tuple[NDArray[np.intp], NDArray[np.intp], Ints]]]:
        """Return what each cell is worth at prices, and who is asked for by it."""
        value = np.zeros(len(self._team), dtype=np.int64)
        of_person = np.append(price[: self._people], 0)
        taken: list[tuple[NDArray[np.intp], NDArray[np.intp], Ints]] = []
        for some, who, worth in self._groups:
            count = np.where(self._is_old[some], seat + old, seat)
            net = np.where(worth > _NEVER, worth * points + count[:, None] - of_person[who], _NEVER)
            wide = min(self._most, who.shape[1])
            order = np.argsort(-net, axis=1, kind="stable")[:, :wide]
            best = np.take_along_axis(net, order, axis=1)
            place = np.arange(wide)
            # Up to the least members count whatever they are worth, beyond that only who adds something.
            counts = (best > 0) | (place < self._low[some, None])
            counts &= (place < self._high[some, None]) & (best > _NEVER)
            value[some] = np.where(counts, best, 0).sum(axis=1)
            taken.append((some, np.take_along_axis(who, order, axis=1), counts.astype(np.int64)))
        return value - self._price_of_mentors(price), taken

    def _asked(self, seat: int, old: int, points: int, price: Ints) -> tuple[int, Ints]:
        """Return what the teams' best cells are worth at prices, and how often each person and mentor is asked for."""
        n = len(self._team)
        asked = np.zeros(len(price), dtype=np.int64)
        value, taken = self._values(seat, old, points, price)
        value = np.maximum(0, value)
        if self._by_cell:
            chosen = value > 0
        else:
            chosen = np.zeros(n, dtype=np.bool_)
            order = np.lexsort((np.arange(n), -value, self._team))
            begins = np.ones(n, dtype=np.bool_)
            begins[1:] = self._team[order][1:] != self._team[order][:-1]
            chosen[order[begins]] = True
            chosen &= value > 0
        for some, who, members in taken:
            copies = np.where(chosen[some], self._copies[some], 0)
            np.add.at(asked, who.ravel(), (members * copies[:, None]).ravel())
        asked[self._people :] = 0
        if self._two:
            led = np.flatnonzero(chosen)
            for side in (0, 1):
                np.add.at(asked, self._people + self._mentors[self._team[led], side], self._copies[led])
        return int((value * self._copies)[chosen].sum()), asked

    def _price_of_mentors(self, price: Ints) -> Ints:
        found: Ints = price[self._people + self._mentors[self._team]].sum(axis=1)
        return found
