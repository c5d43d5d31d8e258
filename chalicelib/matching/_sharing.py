"""Who meets whom, without saying when: meetings shared out by paths along which one more is worth the most.

Mentees have room for some meetings, and each further one of a mentee is worth less than the one before; mentors have
seats. One meeting is added at a time: along the best way that gives one more to a mentee, who may take a mentor from
another, who takes a third one's, until a mentor has a seat left. What stands after each step is worth as much as that
many meetings can be (successive best paths of a flow with concave gains; Ahuja, Magnanti and Orlin, *Network Flows*,
1993, ch. 9 and 14). Ways are looked for over whole rows at once, in whole numbers.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Wide = NDArray[np.int64]
Mask = NDArray[np.bool_]

NEVER: Final = -(2**60)
"""Worth of what cannot be: two of them add up to what an int64 holds, and nothing that can be comes near."""


def share(worth: Wide, room: Wide, seats: Wide, gain: Wide) -> Mask:
    """Choose the meetings that are worth the most together.

    Parameters
    ----------
    worth
        int64[n, m]: what a meeting of two is worth, from 0 on; `NEVER` where they cannot meet.
    room, seats
        int64[n], int64[m]: how many meetings each mentee and each mentor can have.
    gain
        int64[n, k]: what each mentee's first, second, ... meeting is worth beside that, never more than the one before.

    Returns
    -------
    bool[n, m]: who meets whom. Of equally good choices it is always the same one.
    """
    n, m = worth.shape
    chosen = np.zeros((n, m), dtype=np.bool_)
    if not n or not m or not gain.shape[1]:
        return chosen
    # What it is worth to bring two together, and to part them.
    join, part = worth.copy(), np.full((n, m), NEVER)
    count, open_seats = np.zeros(n, dtype=np.int64), seats.astype(np.int64)
    room = np.minimum(room, gain.shape[1])
    everybody = np.arange(n)
    while True:
        has_room = count < room
        at_mentee = np.where(has_room, gain[everybody, np.where(has_room, count, 0)], NEVER)
        at_mentor, via_mentee, via_mentor = _ways(join, part, at_mentee)
        reached = np.where(open_seats > 0, at_mentor, NEVER)
        last = int(reached.argmax())
        if reached[last] <= 0:
            return chosen
        open_seats[last] -= 1
        while last >= 0:
            mentee = int(via_mentee[last])
            chosen[mentee, last] = True
            join[mentee, last], part[mentee, last] = NEVER, -worth[mentee, last]
            last = int(via_mentor[mentee])
            if last >= 0:
                chosen[mentee, last] = False
                join[mentee, last], part[mentee, last] = worth[mentee, last], NEVER
        count[mentee] += 1


def _ways(join: Wide, part: Wide, at_mentee: Wide) -> tuple[Wide, Wide, Wide]:
    """Return what the best way to each mentor is worth, by which mentee it comes, and by which mentor it comes to each
    mentee (-1: it begins there); `at_mentee` is what ways that begin with each are worth."""
    n, m = join.shape
    at_mentor = np.full(m, NEVER // 2)  # ways through what cannot be are worth less
    via_mentee, via_mentor = np.full(m, -1), np.full(n, -1)
    rows = np.flatnonzero(at_mentee > NEVER)
    while rows.size:
        ways = at_mentee[rows, None] + join[rows]
        by = ways.argmax(axis=0)
        best = ways[by, np.arange(m)]
        columns = np.flatnonzero(best > at_mentor)
        if not columns.size:
            break
        at_mentor[columns], via_mentee[columns] = best[columns], rows[by[columns]]
        back = at_mentor[columns] + part[:, columns]
        by = back.argmax(axis=1)
        best = back[np.arange(n), by]
        rows = np.flatnonzero((best > at_mentee) & (best > NEVER // 2))
        at_mentee[rows], via_mentor[rows] = best[rows], columns[by[rows]]
    return at_mentor, via_mentee, via_mentor
