"""The one table of the moves of a mentorship: who may make each, from which state it leads to which, and what is
mailed.

What a move needs beside its state is with the function that makes it (`renewals.py`, `endings.py`); what each writes
beside the mentorship, in `moving.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.mentorships.errors import MentorshipOver
from chalicelib.mentorships.running import By, Mentorship, MentorshipStatus

FORMING, ACTIVE, PAUSED, CLOSING, CLOSED = MentorshipStatus

MENTORSHIP_IN_GRACE = "mentorship-in-grace"
MENTORSHIP_PAUSED = "mentorship-paused"
MENTORSHIP_RESUMED = "mentorship-resumed"
MENTORSHIP_HELD = "mentorship-held"
MENTORSHIP_ENDING = "mentorship-ending"
MENTORSHIP_CLOSED = "mentorship-closed"
EXTENSION_ASKED = "extension-asked"
MENTORSHIP_EXTENDED = "mentorship-extended"


class MentorshipMove(StrEnum):
    """FORM: both have signed. LAPSE: the mentor is verified no longer, and a time of grace begins. RENEW: they are
    verified again in it. PAUSE: the grace is over, or there was none. RELAPSE: what weighs more has come to light of
    one that is paused. READY: the mentor is verified again, and a coordinator is to say whether it goes on. HOLD: a
    coordinator pauses it, or a block does. RESUME: it goes on. ASK, DECLINE: one asks for more time, or either says
    no to that. EXTEND: it has a later last day. END: it is closing. CLOSE: it is over. REASSIGN: it is over, and the
    mentee has another mentor proposed."""

    FORM = "form"
    LAPSE = "lapse"
    RENEW = "renew"
    PAUSE = "pause"
    RELAPSE = "relapse"
    READY = "ready"
    HOLD = "hold"
    RESUME = "resume"
    ASK = "ask_to_extend"
    DECLINE = "decline_to_extend"
    EXTEND = "extend"
    END = "end"
    CLOSE = "close"
    REASSIGN = "reassign"


class To(StrEnum):
    """Who gets the mail of a move: both, or the one who has not made it."""

    BOTH = "both"
    OTHER = "the other"


@dataclass(frozen=True)
class Rule:
    """One move.

    Attributes
    ----------
    by
        Who makes it.
    ways
        Each state that it leads from, with the one that it leads to.
    needs
        What it is refused without, or made by the service upon.
    writes
        What it leaves beside the new state, the next look and the row of the trail.
    mail, to
        The kind that it sends, and to whom.
    """

    by: frozenset[By]
    ways: frozenset[tuple[MentorshipStatus, MentorshipStatus]]
    needs: str = ""
    writes: str = ""
    mail: str | None = None
    to: To = To.BOTH


def _same(*statuses: MentorshipStatus) -> frozenset[tuple[MentorshipStatus, MentorshipStatus]]:
    return frozenset((one, one) for one in statuses)


def _from(
    *statuses: MentorshipStatus, to: MentorshipStatus
) -> frozenset[tuple[MentorshipStatus, MentorshipStatus]]:
    return frozenset((one, to) for one in statuses)


_SERVICE, _PAIR, _COORDINATOR = frozenset({By.SERVICE}), frozenset({By.PAIR}), frozenset({By.COORDINATOR})
_NOT_OVER = (FORMING, ACTIVE, PAUSED, CLOSING)
_CLOSED = _from(*_NOT_OVER, to=CLOSED)

MOVES: Mapping[MentorshipMove, Rule] = {
    MentorshipMove.FORM: Rule(
        _PAIR, frozenset({(FORMING, ACTIVE), (PAUSED, PAUSED)}), "the agreement, signed by both"
    ),
    MentorshipMove.LAPSE: Rule(
        _SERVICE, _same(*_NOT_OVER), "the mentor not verified as the programme asks, and a grace",
        "until when it goes on; a task", MENTORSHIP_IN_GRACE,
    ),
    MentorshipMove.RENEW: Rule(
        _SERVICE | _COORDINATOR, _same(*_NOT_OVER), "the mentor verified again", "the task, as done"
    ),
    MentorshipMove.PAUSE: Rule(
        _SERVICE, _from(FORMING, ACTIVE, to=PAUSED), "a grace that is over, or none",
        "a task; that coordinators are to be told", MENTORSHIP_PAUSED,
    ),
    MentorshipMove.RELAPSE: Rule(_SERVICE, _same(PAUSED), "a loss that weighs more, or comes anew", "a task"),
    MentorshipMove.READY: Rule(
        _SERVICE, _same(PAUSED), "the mentor verified again, whom a reviewer had refused",
        "the task, with another reason; that coordinators are to be told",
    ),
    MentorshipMove.HOLD: Rule(
        _SERVICE | _COORDINATOR, _from(FORMING, ACTIVE, PAUSED, to=PAUSED),
        "a reason's code, or a block between the two; not one's own; not held already",
        "the reason; words for coordinators; what lies ahead is called off", MENTORSHIP_HELD,
    ),
    MentorshipMove.RESUME: Rule(
        _SERVICE | _COORDINATOR, frozenset({(PAUSED, FORMING), (PAUSED, ACTIVE)}),
        "the mentor verified, or a coordinator's pause and a grace; not one's own", "the task, as done",
        MENTORSHIP_RESUMED,
    ),
    MentorshipMove.ASK: Rule(
        _PAIR, _same(FORMING, ACTIVE), "a later last day, within 24 months", "the day, and who asks",
        EXTENSION_ASKED, To.OTHER,
    ),
    MentorshipMove.DECLINE: Rule(_PAIR, _same(FORMING, ACTIVE, PAUSED), "somebody who has asked"),
    MentorshipMove.EXTEND: Rule(
        _PAIR | _COORDINATOR, _same(FORMING, ACTIVE, PAUSED),
        "the other's wish for the same day, or a coordinator's word; not one's own", "the last day; its reminders",
        MENTORSHIP_EXTENDED,
    ),
    MentorshipMove.END: Rule(
        _PAIR | _SERVICE, _from(ACTIVE, to=CLOSING), "a reason's code, or a last day that is over",
        "reason, who, and until when it is closing; words for coordinators; a task, where it was not the right fit or "
        "there are words", MENTORSHIP_ENDING,
    ),
    MentorshipMove.CLOSE: Rule(
        frozenset(By), _CLOSED,
        "a reason's code; or a last day, the time for closing, or the mentor's verification in it, that is over; not a "
        "coordinator's own",
        "reason and who, where somebody says so; both places, given back; the pair, as ended; a task about its mentor, "
        "as done; else as `end`", MENTORSHIP_CLOSED,
    ),
    MentorshipMove.REASSIGN: Rule(
        _COORDINATOR, _CLOSED, "another mentor of the programme who may be proposed; not one's own",
        "as `close`, but the mentee keeps the place; the proposal", MENTORSHIP_CLOSED,
    ),
}  # fmt: skip
"""All moves there are; whatever is not here is refused. docs/mentorships.md is printed from it."""

Moved = tuple[MentorshipMove, Mentorship]


def moved(before: Mentorship, move: MentorshipMove, by: By, now: datetime, **changes: Any) -> Moved:
    """Return a mentorship after a move, in the state that follows from what is known of it.

    Raises
    ------
    MentorshipOver
        If the table does not have the move from its state.
    ValueError
        If somebody makes it whose move it is not.
    """
    rule = MOVES[move]
    if by not in rule.by:
        raise ValueError(f"{move} is no move of the {by}'s")
    changed = replace(before, **changes)
    after = replace(changed, status=_status_of(changed, now))
    if (before.status, after.status) not in rule.ways:
        raise MentorshipOver(f"It is {before.status}; this cannot be done any more.")
    return move, after


def _status_of(mentorship: Mentorship, now: datetime) -> MentorshipStatus:
    """Return the state that follows from what is known at an instant."""
    ending, renewal = mentorship.ending, mentorship.renewal
    if ending is not None:
        return CLOSED if ending.closed_at is not None else CLOSING
    if mentorship.hold is not None or (renewal is not None and renewal.until <= now):
        return PAUSED
    return ACTIVE if mentorship.is_formed else FORMING
