"""What a move of a mentorship writes: the mentorship itself, the next look, places, tasks, mails, and a trail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from chalicelib.credentials.kinds import Loss
from chalicelib.kernel.call import Call
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.tries import again
from chalicelib.mentorships import endings, mails, running_store, store, task_store
from chalicelib.mentorships.errors import MentorshipMoved, StandingMoved
from chalicelib.mentorships.feedback import due_store as feedback_due
from chalicelib.mentorships.model import Pair, PairStanding, in_order
from chalicelib.mentorships.moves import MOVES, MentorshipMove, Moved, To
from chalicelib.mentorships.running import By, Mentorship, MentorshipStatus, Words
from chalicelib.mentorships.running_store import About
from chalicelib.mentorships.task_store import Mark, Untold
from chalicelib.mentorships.tasks import Task, TaskEnd, TaskStatus, task_of, task_of_ending
from chalicelib.platform import outbox
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Side

T = TypeVar("T")

MENTORSHIP_WENT_ON = "mentorship-went-on"
"""The news of a mentorship that was paused and goes on: `mentorship_id`, `by`, `at` (the instant)."""
MENTORSHIP_CLOSED = "mentorship-over"
"""The news of a mentorship that is over, whatever ended it: `mentorship_id`."""
MENTORSHIP_HELD = "mentorship-put-off"
"""The news of a mentorship that somebody has paused: `mentorship_id`."""


def repeated(attempt: Callable[[], T]) -> T:
    """Return what an attempt comes to, made anew where a decision and the daily look have crossed each other.

    Raises
    ------
    Unavailable
        If others keep changing the same.
    """
    busy = "The mentorship, or its mentor's standing, is being changed at this moment."
    return again(attempt, MentorshipMoved, StandingMoved, busy=busy)


def begun(mentorship: Mentorship, now: datetime) -> list[Write]:
    """Return the writes of a new mentorship. The next night finds out up to when its mentor is verified, and asks both
    the survey of the start."""
    return [
        *running_store.put_mentorship(mentorship, now, now),
        *_ends_soon(mentorship, now),
        feedback_due.put_ask(mentorship.id, mentorship.programme_id, now, now),
    ]


def agreed(call: Call, mentorship: Mentorship) -> list[Write]:
    """Return the writes of a mentorship whose two people have both signed their agreement; none where they had before.

    They hold only while the mentorship is as it was read; so no other write of the transaction may name its row.

    Raises
    ------
    MentorshipOver
        If it is closing or closed.
    """
    if mentorship.is_formed:
        return []
    return writes_of(call, mentorship, endings.formed(mentorship, call.now))


def writes_of(
    call: Call,
    before: Mentorship,
    found: Moved,
    *,
    verified_until: datetime | None = None,
    words: str = "",
) -> list[Write]:
    """Return the writes of a move; they fail with `MentorshipMoved` unless the mentorship is as it was read.

    Parameters
    ----------
    verified_until
        Up to when the programme takes the mentor, where that was worked out; else the next daily look does.
    words
        What who moves it wrote to coordinators.
    """
    move, after = found
    now = call.now
    writes = [
        *running_store.put_mentorship(after, next_look(after, verified_until or now), now),
        running_store.audit(
            after.id, row_id=call.new_id(), at=now, actor=call.actor_id, action=f"{move}_mentorship",
            before=before.status, after=after.status, why=_why(move, before, after),
        ),
        *_mails(call, move, before, after),
        *(task_store.put_task(one, now) for one in _tasks(call, before, after, has_words=bool(words))),
        *_marks(move, after, now),
    ]  # fmt: skip
    if words:
        is_pause = move is MentorshipMove.HOLD
        about = About.PAUSE if is_pause else running_store.ENDS[after.side_of(call.actor_id)]
        writes.append(running_store.put_words(after.id, about, Words(words, call.actor_id, now)))
    if move is MentorshipMove.EXTEND:
        writes += _ends_soon(after, now)
    if after.ending is not None and before.ending is None:
        writes.append(feedback_due.put_ask(after.id, after.programme_id, now, now))  # the last survey
    if after.is_closed:
        writes += _given_back(move, after, now)
        writes.append(news(MENTORSHIP_CLOSED, after.id, now))
    elif move is MentorshipMove.HOLD:
        # As much for a coordinator's pause as for a block's: nobody tells one from the other by what is called off.
        writes.append(news(MENTORSHIP_HELD, after.id, now))
    elif move is MentorshipMove.RESUME:
        told = {"mentorship_id": after.id, "by": call.actor_id, "at": to_text(now)}
        message_id = f"{MENTORSHIP_WENT_ON}:{after.id}:{before.version}"
        writes.append(outbox.message(message_id, outbox.Topic.FOLLOW_UP, MENTORSHIP_WENT_ON, told, now=now))
    return writes


def next_look(mentorship: Mentorship, verified_until: datetime | None) -> datetime | None:
    """Return when the daily look is to see a mentorship next: as its last day, the time for closing, a grace or the
    programme's verdict on the mentor ends. A paused one goes on by news or somebody's word, but comes to its last
    day."""
    ending, renewal = mentorship.ending, mentorship.renewal
    if mentorship.is_closed:
        return None
    times = [ending.until if ending is not None else mentorship.ends_at]
    if mentorship.status is not MentorshipStatus.PAUSED:
        times.append(renewal.until if renewal is not None else verified_until)
    return min((one for one in times if one is not None), default=None)


def news(kind: str, mentorship_id: str, now: datetime) -> Write:
    """Return the write that has done for a mentorship what follows from its end, or its pause: up to a hundred sessions
    may lie ahead, too many for the transaction that stops it."""
    payload = {"mentorship_id": mentorship_id}
    message_id = f"{kind}:{mentorship_id}:{to_text(now)}"
    return outbox.message(message_id, outbox.Topic.FOLLOW_UP, kind, payload, now=now)


def _given_back(move: MentorshipMove, after: Mentorship, now: datetime) -> list[Write]:
    """Return the writes that give both places back, and keep runs from pairing the two again. Who has another mentor
    proposed keeps theirs for that one."""
    sides = (Side.MENTOR,) if move is MentorshipMove.REASSIGN else mails.BOTH
    both = in_order(after.kind, after.mentee.person_id, after.mentor.person_id)
    pair = Pair(after.programme_id, *both, PairStanding.ENDED, after.proposal_id)
    return [
        store.settle_pair(pair, now),
        *(
            programmes.release_place(
                after.programme_id, after.kind.place_of(side), after.card(side).person_id, now
            )
            for side in sides
        ),
    ]


def _why(move: MentorshipMove, before: Mentorship, after: Mentorship) -> str | None:
    if after.ending is not None and after.ending != before.ending:
        return after.ending.reason
    if move is MentorshipMove.HOLD and after.hold is not None:
        return after.hold.reason
    if after.renewal != before.renewal:
        renewal = after.renewal or before.renewal
        return renewal.loss if renewal else None
    return None


def _mails(call: Call, move: MentorshipMove, before: Mentorship, after: Mentorship) -> list[Write]:
    rule = MOVES[move]
    if rule.mail is None:
        return []
    side = after.side_of(call.actor_id)
    sides = mails.BOTH if rule.to is To.BOTH or side is None else (side.other,)
    was_held = move is MentorshipMove.RESUME and before.hold is not None
    since = _since(move, before, after, call.now)
    return mails.of_mentorship(rule.mail, after, since, call.now, sides=sides, was_held=was_held)


def _since(move: MentorshipMove, before: Mentorship, after: Mentorship, now: datetime) -> datetime:
    """Return the instant of what a move's mail tells of, by which it is known."""
    if after.ending is not None:
        return after.ending.since
    hold = after.hold if move is MentorshipMove.HOLD else before.hold
    if move in (MentorshipMove.HOLD, MentorshipMove.RESUME) and hold is not None:
        return hold.since
    renewal = after.renewal or before.renewal
    if move in (MentorshipMove.LAPSE, MentorshipMove.PAUSE, MentorshipMove.RESUME) and renewal is not None:
        return renewal.since
    return now


def _tasks(call: Call, before: Mentorship, after: Mentorship, *, has_words: bool) -> list[Task]:
    found = []
    if after.renewal is not None and after.renewal != before.renewal:
        found.append(task_of(after))
    elif before.renewal is not None and after.renewal is None:
        by_itself = call.actor is not None and call.actor.is_job
        end = TaskEnd.CLOSED if after.is_closed else TaskEnd.RENEWED if by_itself else TaskEnd.RESUMED
        found.append(replace(task_of(before), status=TaskStatus.DONE, end=end, done_at=call.now))
    ending = after.ending
    if ending is not None and ending != before.ending and ending.by is By.PAIR:
        told = task_of_ending(after, has_words=has_words)
        found += [told] if told is not None else []
    return found


def _marks(move: MentorshipMove, after: Mentorship, now: datetime) -> list[Write]:
    """Return what coordinators are to be told; of a refusal they hear at once."""
    renewal = after.renewal
    if renewal is None:
        return []
    marks = []
    if move is MentorshipMove.PAUSE and renewal.loss is not Loss.REFUSED:
        marks.append(Untold.PAUSED)
    if move is MentorshipMove.READY:
        marks.append(Untold.READY)
    return [task_store.mark(Mark(after.programme_id, what, after.id, renewal.since), now) for what in marks]


def _ends_soon(mentorship: Mentorship, now: datetime) -> list[Write]:
    """Return the mails that remind both of the last day; one that has been moved by then is not told of."""
    ends_at = mentorship.ends_at
    if ends_at is None:
        return []
    due = max(ends_at - endings.ENDS_SOON, now)
    return mails.of_mentorship(mails.MENTORSHIP_ENDS_SOON, mentorship, ends_at, now, due_at=due)
