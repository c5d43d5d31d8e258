"""Circles sought for as many people as possible: opened one after the other, and exchanged for better ones.

Which circles are open is the hard part; who sits in them is nearly a flow: a seat is filled along the shortest chain of
people who move on, each to a circle that they fit too, until one comes in who had none. A step opens a circle that
somebody without one fits, closes those that its mentors led instead, and fills all seats along such chains; it stands
if the whole is no worse, or a little worse for a while. What is done is counted, not timed, and chance is drawn from a
fixed seed: the same people give the same circles on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from chalicelib.matching.engine.circling import Cell, Hour, Pool, Team
from chalicelib.matching.engine.weekly import bits
from chalicelib.matching.model import MILLION

NOBODY: Final = -1
_FEWEST: Final = 600
_STEPS: Final = 6_000
"""Steps without a better whole until no better one is sought: for a cell some, from the fewest to the most. Ours."""
_TRIED: Final = 6
_EASE: Final = 0.5
"""Cells of which a step takes the best; how much worse a whole may be for a while. Ours, tried out on the people of the
benchmark."""
_RUIN: Final = 0.5
_NEAR: Final = 2
"""How often, and how many, circles of people who fit a new one are closed too. Ours."""
_WORK: Final = 90_000_000
"""Looks at a circle, while seats are filled, until no more steps are made: some seven seconds. Ours."""


class Standing(NamedTuple):
    """How good circles are: people with a seat, those of them in circles that there were, points."""

    placed: int
    filled: int
    points: int


class Open(NamedTuple):
    """A circle that is open: its cell, who has a seat, and which of the cell's hours it has."""

    cell: int
    members: int
    hour: int


@dataclass(frozen=True)
class Found:
    """Circles that were found, and how good they are."""

    circles: tuple[Open, ...]
    standing: Standing


_State = tuple[dict[int, Open], int, dict[int, list[int]]]


class Search:
    """One search for circles.

    Parameters
    ----------
    pool
        The people.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.cells: list[Cell] = pool.cells
        self.teams: list[Team] = pool.teams
        self._least, self._most = pool.settings.least, pool.settings.most
        self._fits = [cell.fits for cell in self.cells]
        self._team = [cell.team for cell in self.cells]
        seats = [
            self._most - (len(pool.standing[team.standing].members) if team.standing is not None else 0)
            for team in self.teams
        ]
        self._low = [0 if self.teams[t].standing is not None else self._least for t in self._team]
        self._high = [seats[t] for t in self._team]
        self._is_new = [self.teams[t].standing is None for t in self._team]
        self._worth: dict[int, list[int]] = {}
        self._points: dict[tuple[int, int], int] = {}
        self._taken: dict[tuple[int, int], int] = {}
        self.everybody = 0
        for fits in self._fits:
            self.everybody |= fits
        self._cells_of: list[list[int]] = [[] for _ in pool.seeking]
        for n, fits in enumerate(self._fits):
            if self._is_new[n]:
                for one in bits(fits):
                    self._cells_of[one].append(n)
        self._apart = pool.apart
        self._gap: Sequence[int] = [0] * len(self.cells)
        self._open: dict[int, Open] = {}
        self._left = self.everybody
        self._leads: dict[int, list[int]] = {}
        self._next = 0
        self._work = 0
        self._chance = Random(1)  # noqa: S311  it settles what is tried first, and hides nothing

    # -- the whole ----------------------------------------------------------------------------------------------------

    def begin(self) -> Standing:
        """Open one circle after the other, each time one that gives most people a seat; return how good that is."""
        for n in range(len(self.cells)):
            if not self._is_new[n]:
                self._put(n, 0, self._number())
        self._fill()
        self._open_more(range(len(self.cells)))
        return self._standing()

    def improved(self, gaps: Sequence[int], most: int) -> Found:
        """Return the best circles that are found from there.

        Parameters
        ----------
        gaps
            Of each cell how much less it is worth than another of its mentors, in millionths of a person, at the prices
            of a bound: those that the best circles are made of are hardly any worse.
        most
            How many can have a seat at most.
        """
        self._gap = gaps
        self._improve(most)
        self._exchange()
        return Found(tuple(self._open[key] for key in sorted(self._open)), self._standing())

    def _open_more(self, cells: Sequence[int]) -> None:
        """Open circles of some cells, each time one that gives most people a seat, until there is none."""
        fits, least = self._fits, self._least
        while True:
            left = self._left
            gain = [(count, n) for n in cells if (count := (fits[n] & left).bit_count()) >= least]
            gain.sort(key=lambda one: (self._gap[one[1]] - MILLION * min(one[0], self._high[one[1]]), one[1]))
            self._work += len(cells) // 4
            for _, n in gain:
                if self._is_new[n] and self._hour(n) is not None:
                    before = self._state()
                    if self._open_one(n):
                        break
                    self._back_to(before)
            else:
                return
            self._fill()

    def _improve(self, most: int) -> None:
        """Make steps until nothing better is found for long, or the work is done."""
        best = now = self._standing()
        best_state = self._state()
        since = 0
        steps = min(_STEPS, _FEWEST + 20 * len(self.cells)) if any(self._is_new) else 0
        while since < steps and self._work < _WORK:
            since += 1
            before = self._state()
            if not self._step(best.placed < most):
                self._back_to(before)
                continue
            found = self._standing()
            # Less is let pass for a while, ever more seldom.
            luck = self._chance.random() * _WORK
            ease = (_WORK - self._work) * _EASE
            worse = now.placed - found.placed
            if found >= now or (luck < ease and worse <= 1) or (luck * 8 < ease and worse <= 2):
                now = found
                if now > best:
                    best, best_state, since = now, self._state(), 0
            else:
                self._back_to(before)
        self._back_to(best_state)

    def _state(self) -> _State:
        return dict(self._open), self._left, {mentor: list(those) for mentor, those in self._leads.items()}

    def _back_to(self, before: _State) -> None:
        self._open, self._left, self._leads = before

    def _step(self, anybody_left: bool) -> bool:
        """Open a circle in place of those that its mentors lead, and at times of others; tell whether there is one."""
        left = self._left
        chance = self._chance.random
        some: Sequence[int]
        if anybody_left and left:
            those = bits(left)
            some = self._cells_of[those[int(chance() * len(those))]]
        else:
            some = range(len(self.cells))
        if not some:  # somebody who fits none but circles that there are
            return False
        tried = [some[int(chance() * len(some))] for _ in range(_TRIED)]
        n = max(tried, key=lambda n: ((self._fits[n] & left).bit_count() * MILLION - self._gap[n], -n))
        if not self._is_new[n]:
            return False
        closing = self._instead(n)
        if chance() < _RUIN:
            fits = self._fits[n]
            near = [
                key
                for key, one in self._open.items()
                if one.members & fits and self._is_new[one.cell] and key not in closing
            ]
            for _ in range(min(len(near), 1 + int(chance() * _NEAR))):
                closing.append(near.pop(int(chance() * len(near))))
        freed = 0
        for key in closing:
            freed |= self._open[key].members
            self._close(key)
        self._work += len(self._open)
        if self._hour(n) is None or not self._open_one(n):
            return False
        self._fill()
        freed &= self._left
        if freed:
            cells = {cell for one in bits(freed) for cell in self._cells_of[one]}
            self._open_more(sorted(cells))
        return True

    def _instead(self, n: int) -> list[int]:
        """Return the circles that are closed so that the mentors of a cell can lead it: of a mentor who leads as many
        as they may one, by chance."""
        closing: list[int] = []
        team = self.teams[self._team[n]]
        if not team.mentors and len(self._open) >= team.copies:
            return []
        for mentor in team.mentors:
            those = [key for key in self._leads.get(mentor, ()) if key not in closing]
            if len(those) >= self._pool.leading[mentor].circles:
                closing.append(those[self._chance.randrange(len(those))])
        return closing

    # -- circles ------------------------------------------------------------------------------------------------------

    def _number(self) -> int:
        self._next += 1
        return self._next

    def _put(self, n: int, members: int, key: int) -> None:
        hour = self._hour(n)
        self._open[key] = Open(n, members, hour or 0)
        if self._is_new[n]:
            for mentor in self.teams[self._team[n]].mentors:
                self._leads.setdefault(mentor, []).append(key)

    def _close(self, key: int) -> None:
        gone = self._open.pop(key)
        self._left |= gone.members
        for mentor in self.teams[self._team[gone.cell]].mentors:
            self._leads[mentor].remove(key)

    def _hour(self, n: int) -> int | None:
        """Return which hour of a cell its mentors have beside the other circles that they lead; None if there is none,
        or they lead as many as they may."""
        team = self.teams[self._team[n]]
        if team.standing is not None:
            return 0
        others: list[Hour] = []
        for mentor in team.mentors:
            those = self._leads.get(mentor, ())
            if len(those) >= self._pool.leading[mentor].circles:
                return None
            others += [self.cells[self._open[key].cell].hours[self._open[key].hour] for key in those]
        for number, hour in enumerate(self.cells[n].hours):
            if all(not self._at_once(hour, other) for other in others):
                return number
        return None

    def _at_once(self, one: Hour, other: Hour) -> bool:
        return bool(self._takes(one.clock, one.slot) & self._takes(other.clock, other.slot))

    def _takes(self, clock: int, slot: int) -> int:
        if (clock, slot) not in self._taken:
            self._taken[clock, slot] = self._pool.takes(clock, slot)
        return self._taken[clock, slot]

    def _open_one(self, n: int) -> bool:
        """Open a circle and give it its least members, of whom some may leave a circle that has more than that."""
        key = self._number()
        self._put(n, 0, key)
        return all(
            self._seat([key], surplus=False) or self._seat([key], surplus=True) for _ in range(self._low[n])
        )

    def _fill(self) -> None:
        """Fill seats as long as there is a chain that gives somebody one."""
        while True:
            free = [key for key, one in self._open.items() if one.members.bit_count() < self._high[one.cell]]
            if not free or not self._left or not self._seat(free, surplus=False):
                return

    def _seat(self, wanting: Sequence[int], *, surplus: bool) -> bool:
        """Give one of some circles one member more, by the shortest chain of people who move on.

        Parameters
        ----------
        surplus
            Whether the chain may end with a circle that gives one up, rather than with somebody who has no seat.
        """
        came: dict[int, tuple[int, int]] = {}
        queue = list(wanting)
        seen = set(queue)
        state, fits = self._open, self._fits
        at = 0
        while at < len(queue):
            key = queue[at]
            at += 1
            cell, members, _ = state[key]
            if key in came:
                members &= ~(1 << came[key][1])
            fit = fits[cell]
            if not surplus:
                one = self._who(fit & self._left, members)
                if one != NOBODY:
                    self._move(key, one, came)
                    return True
            self._work += len(state)
            for other, (there, sitting, _) in state.items():
                if other in seen:
                    continue
                both = sitting & fit
                if not both:
                    continue
                one = self._who(both, members)
                if one == NOBODY:
                    continue
                came[other] = key, one
                seen.add(other)
                if surplus and sitting.bit_count() > self._low[there]:
                    self._move_on(other, came)
                    return True
                queue.append(other)
        return False

    def _who(self, some: int, members: int) -> int:
        """Return one of some who may be with all members, by chance."""
        if not some:
            return NOBODY
        at = int(self._chance.random() * some.bit_length())
        # From a place by chance upwards first, then from the lowest on.
        for those in (some >> at << at, some & ((1 << at) - 1)):
            while those:
                low = those & -those
                one = low.bit_length() - 1
                if not self._apart[one] & members:
                    return one
                those ^= low
        return NOBODY

    def _move(self, key: int, one: int, came: dict[int, tuple[int, int]]) -> None:
        """Seat somebody who has none, and have those of the chain move on."""
        self._left &= ~(1 << one)
        now = self._open[key]
        self._open[key] = now._replace(members=now.members | 1 << one)
        self._move_on(key, came)

    def _move_on(self, key: int, came: dict[int, tuple[int, int]]) -> None:
        while key in came:
            to, one = came[key]
            here, there = self._open[key], self._open[to]
            self._open[key] = here._replace(members=here.members & ~(1 << one))
            self._open[to] = there._replace(members=there.members | 1 << one)
            key = to

    def _exchange(self) -> None:
        """Let people change seats as long as that is worth points: with somebody of another circle or with somebody who
        has none, or to a free seat."""
        again = True
        while again and self._work < 2 * _WORK:
            again = False
            for key in sorted(self._open):
                for one in bits(self._open[key].members):
                    again |= self._open[key].members >> one & 1 == 1 and self._changed(key, one)

    def _changed(self, key: int, one: int) -> bool:
        """Make the change of somebody's seat that is worth most; tell whether there is one."""
        here, bit = self._open[key], 1 << one
        rest = here.members & ~bit
        worth = self.points(here.cell, here.members)
        best = 0
        found: tuple[int, int, int] | None = None

        def look(there: int, sitting: int, cell: int, before: int, other: int) -> None:
            nonlocal best, found
            less = sitting & ~(1 << other) if other != NOBODY else sitting
            if self._apart[one] & less or (other != NOBODY and self._apart[other] & rest):
                return
            self._work += 1
            gain = self.points(here.cell, rest | 1 << other if other != NOBODY else rest) - worth
            gain += self.points(cell, less | bit) - before if there != NOBODY else 0
            if gain > best:
                best, found = gain, (there, cell, other)

        for other in bits(self._fits[here.cell] & self._left):
            look(NOBODY, 0, here.cell, 0, other)
        for there, (cell, sitting, _) in self._open.items():
            if there == key or not self._fits[cell] & bit or self._is_new[cell] != self._is_new[here.cell]:
                continue
            before = self.points(cell, sitting)
            for other in bits(sitting & self._fits[here.cell]):
                look(there, sitting, cell, before, other)
            if sitting.bit_count() < self._high[cell] and here.members.bit_count() > self._low[here.cell]:
                look(there, sitting, cell, before, NOBODY)
        if found is None:
            return False
        there, cell, other = found
        came = 1 << other if other != NOBODY else 0
        self._open[key] = here._replace(members=rest | came)
        if there == NOBODY:
            self._left = self._left & ~came | bit
        else:
            now = self._open[there]
            self._open[there] = now._replace(members=now.members & ~came | bit)
        return True

    # -- how good it is -----------------------------------------------------------------------------------------------

    def _standing(self) -> Standing:
        placed = filled = points = 0
        for cell, members, _ in self._open.values():
            count = members.bit_count()
            placed += count
            if not self._is_new[cell]:
                filled += count
            points += self.points(cell, members)
        return Standing(placed, filled, points)

    def points(self, cell: int, members: int) -> int:
        """Return what the seats of a circle are worth."""
        team = self._team[cell]
        found = self._points.get((team, members))
        if found is None:
            if team not in self._worth:
                self._worth[team] = self._pool.worth(self.teams[team]).tolist()
            found = self._pool.points(self.teams[team], self._worth[team], bits(members))
            self._points[team, members] = found
        return found
