"""Meetings put into rounds, so that nobody is in two places.

Where everybody is there in every round, meetings of which nobody has more than there are rounds always fit: rounds are
the colours of the edges of a graph of two sides (D. Kőnig, *Math. Annalen* 77, 1916, 453-465). Who has no free round in
common with a partner gets one by exchanging two rounds along a chain of meetings. Where people are absent, a chain may
end with somebody who is not there; then another is tried, and a meeting for which there is none is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from chalicelib.matching.timetable import Meeting

FREE = -1
_SIDES = 2


class Rounds:
    """Meetings by round.

    Parameters
    ----------
    present
        Of each mentee, and of each mentor, the rounds in which they may be given a meeting.
    rounds
        How many there are.
    """

    def __init__(self, present: tuple[list[frozenset[int]], list[frozenset[int]]], rounds: int) -> None:
        self.present = present
        self._partner = tuple([[FREE] * rounds for _ in side] for side in present)

    def copy(self) -> Rounds:
        """Return the same meetings once more, to be changed apart."""
        other = Rounds.__new__(Rounds)
        other.present = self.present
        other._partner = tuple([list(row) for row in side] for side in self._partner)
        return other

    def meetings(self, rounds: Collection[int] | None = None) -> list[Meeting]:
        """Return the meetings of some rounds (by default all)."""
        return [
            Meeting(number, mentee, mentor)
            for mentee, row in enumerate(self._partner[0])
            for number, mentor in enumerate(row)
            if mentor != FREE and (rounds is None or number in rounds)
        ]

    def is_free(self, side: int, one: int, number: int) -> bool:
        """Tell whether a mentee (side 0) or mentor (1) is there in a round, and meets nobody."""
        return number in self.present[side][one] and self._partner[side][one][number] == FREE

    def clear(self, meetings: Iterable[Meeting]) -> None:
        """Take meetings out."""
        for number, mentee, mentor in meetings:
            self._partner[0][mentee][number] = self._partner[1][mentor][number] = FREE

    def set(self, meetings: Iterable[Meeting]) -> None:
        """Put meetings in, whose people are free."""
        for number, mentee, mentor in meetings:
            self._partner[0][mentee][number], self._partner[1][mentor][number] = mentor, mentee

    def place(self, mentee: int, mentor: int, among: Collection[int], kept: Collection[Meeting] = ()) -> bool:
        """Put a meeting into one of some rounds, if there is a way; as few kept ones as possible change their round."""
        pair = (mentee, mentor)
        free = [
            [
                number
                for number in sorted(self.present[side][one])
                if number in among and self.is_free(side, one, number)
            ]
            for side, one in enumerate(pair)
        ]
        common = [number for number in free[0] if number in free[1]]
        if common:
            self.set([Meeting(common[0], mentee, mentor)])
            return True
        best: tuple[tuple[int, int], int, list[Meeting], list[Meeting]] | None = None
        for side in range(_SIDES):
            # Of this one the round is made free: they are there, and meet somebody who moves.
            for number in free[1 - side]:
                if number not in self.present[side][pair[side]]:
                    continue
                for other in free[side]:
                    moved = self._chain(side, pair[side], number, other)
                    if moved is None:
                        continue
                    old, new = moved
                    cost = sum(one in kept for one in old), len(old)
                    if best is None or cost < best[0]:
                        best = cost, number, old, new
        if best is None:
            return False
        _, number, old, new = best
        self.clear(old)
        self.set([*new, Meeting(number, mentee, mentor)])
        return True

    def _chain(
        self, side: int, one: int, number: int, other: int
    ) -> tuple[list[Meeting], list[Meeting]] | None:
        """Return the meetings that change places between two rounds so that somebody, free in `other`, is free in
        `number`; None if somebody at the end is absent."""
        old: list[Meeting] = []
        new: list[Meeting] = []
        while (partner := self._partner[side][one][number]) != FREE:
            if other not in self.present[side][one] or other not in self.present[1 - side][partner]:
                return None
            mentee, mentor = (one, partner) if side == 0 else (partner, one)
            old.append(Meeting(number, mentee, mentor))
            new.append(Meeting(other, mentee, mentor))
            side, one, number, other = 1 - side, partner, other, number
        return old, new
