"""What the two people of a mentorship are asked, answer, and read of each other's answers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.tries import again
from chalicelib.mentorships import access, outcome_store, running_store
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.mentorships.feedback import group_store, store
from chalicelib.mentorships.feedback.errors import FeedbackMoved, FeedbackSettled, RoundNotOpen
from chalicelib.mentorships.feedback.group_store import Pool
from chalicelib.mentorships.feedback.model import (
    END,
    GOING,
    MATCH,
    MIDDLE,
    MOST_PULSES,
    RATED,
    START,
    About,
    Answer,
    Item,
    Open,
    Plan,
    Pulse,
    Round,
    RoundKind,
    checked_values,
    open_rounds,
)
from chalicelib.mentorships.outcomes import Rating, key_of
from chalicelib.mentorships.running import Mentorship, MentorshipStatus
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

T = TypeVar("T")

_ABOUT = {RoundKind.PULSE: About.PULSE, RoundKind.MIDDLE: About.MIDDLE, RoundKind.END: About.END}


@dataclass(frozen=True)
class SeenRound:
    """A round as one of the two sees it, in the language of their `locale`.

    Attributes
    ----------
    open_until
        Until when it can be answered; None where it cannot.
    correct_until
        Until when their answer can be corrected; None where it cannot.
    """

    round: Round
    items: tuple[Item, ...]
    locale: str
    open_until: datetime | None = None
    answer: Answer | None = None
    correct_until: datetime | None = None

    @property
    def version(self) -> int:
        """Return that of the answer, 0 for none."""
        return (self.answer.version if self.answer is not None else None) or 0


@dataclass(frozen=True)
class Shared:
    """What the other side chose to share of what it wrote in a round."""

    round: Round
    words: str
    at: datetime


@dataclass(frozen=True)
class Feedback:
    """All rounds that concern one of the two, and what the other shared with them, each in order of time."""

    rounds: tuple[SeenRound, ...]
    shared: tuple[Shared, ...]


def read_feedback(call: Call, mentorship_id: str) -> Feedback:
    """Return what one of the two is asked and has answered, and what the other chose to share with them.

    Coordinators get `NotFound`, as strangers do: what they are shown is in `report.py`.
    """
    row, plan_row, person_row = _rows(call, mentorship_id)
    mentorship, side = access.own_of(call, row)
    plan = store.plan_of(mentorship_id, plan_row)
    rounds = _rounds(plan)
    mine, theirs = (
        [store.answer_key(mentorship.card(one).person_id, mentorship_id, each) for each in rounds]
        for one in (side, side.other)
    )
    asked_row, blocks_row, *rows = tables.get_many(
        [
            store.questionnaire_key(mentorship.programme_id), people.blocks_key(call.actor_id),
            *mine, *theirs,
        ]
    )  # fmt: skip
    answers = [store.answer_of(one) if one is not None else None for one in rows]
    own = dict(zip(rounds, answers, strict=False))
    asked = store.questionnaire_of(mentorship.programme_id, asked_row)
    at_start = own[START].items if own[START] is not None else ()  # type: ignore[union-attr]
    until = {one.round: one for one in open_rounds(plan, mentorship, call.now)}
    locale = people.locale_of(person_row)
    found = []
    for one in rounds:
        answer = own[one]
        if answer is None and one not in until:
            continue
        items = (
            answer.items
            if answer is not None
            else asked.items(one.kind, mentorship.kind.role_of(side), at_start)
        )
        found.append(_seen(one, items, locale, until.get(one), answer, own[END], call.now))
    shared = [one for one in answers[len(rounds) :] if one is not None and one.is_shared and one.words]
    if access.silenced(call, mentorship, blocks_row) is not None:
        shared = []
    told = tuple(Shared(one.round, one.words, one.answered_at) for one in shared if one.answered_at)
    return Feedback(tuple(found), tuple(sorted(told, key=lambda one: one.at)))


def give_feedback(
    call: Call, mentorship_id: str, name: str, values: dict[str, int], words: str, *, is_shared: bool
) -> SeenRound:
    """Answer in a round; a second answer takes the first one's place while that can be corrected.

    Raises
    ------
    NotFound
        If there is no round of this name.
    RoundNotOpen, MentorshipNotUnderWay, FeedbackSettled, StaleVersion, Invalid
    """
    round_ = Round.named(name)
    if round_ is None:
        raise NotFound
    return repeated(lambda: _give(call, mentorship_id, round_, values, words, is_shared=is_shared))


def _give(
    call: Call, mentorship_id: str, round_: Round, values: dict[str, int], words: str, *, is_shared: bool
) -> SeenRound:
    row, plan_row, person_row = _rows(call, mentorship_id)
    mentorship, side = access.own_of(call, row)
    plan = store.plan_of(mentorship_id, plan_row)
    asked_row, *rows = tables.get_many(
        [
            store.questionnaire_key(mentorship.programme_id),
            *(store.answer_key(call.actor_id, mentorship_id, one) for one in (START, round_, END)),
        ]
    )
    start, before, end = (store.answer_of(one) if one is not None else None for one in rows)
    require_version(call, before.version if before is not None else 0)
    is_open = {one.round: one for one in open_rounds(plan, mentorship, call.now)}.get(round_)
    if before is None:
        _require_open(mentorship, is_open, call.now)
        asked = store.questionnaire_of(mentorship.programme_id, asked_row)
        role = mentorship.kind.role_of(side)
        items = asked.items(round_.kind, role, start.items if start is not None else ())
        blank = Answer(mentorship_id, call.actor_id, side, round_, items, {}, answered_at=call.now)
    else:
        _require_correctable(before, end, call.now)
        blank = before
    given = checked_values(blank.items, values)
    after = replace(blank, values=given, words=words, is_shared=is_shared and bool(words))
    locale = people.locale_of(person_row)
    if after == before:
        return commit(call, [], _seen(round_, after.items, locale, is_open, before, end, call.now))
    writes = [
        store.put_answer(after, call.now),
        *_counted(mentorship, after, start, call.now),
        tables.audit(
            "mentorships", f"PERSON#{call.actor_id}", row_id=call.new_id(), at=call.now, actor=call.actor_id,
            action="give_feedback", after=f"{mentorship_id}:{round_.name}",
        ),
    ]  # fmt: skip
    if before is None:
        writes.append(
            group_store.count(mentorship.programme_id, side, round_.kind, call.actor_id, call.now, answered=1)
        )
        if round_ != END:
            writes.append(running_store.check_under_way(mentorship_id))
    elif round_ == START:
        writes.append(store.check_unanswered(call.actor_id, mentorship_id, END))
    last = after if round_ == END else end
    return commit(call, writes, _seen(round_, after.items, locale, is_open, written(after), last, call.now))


def _counted(mentorship: Mentorship, answer: Answer, start: Answer | None, now: datetime) -> list[Write]:
    """Return the writes by which an answer comes to be counted among others, and to be learnt from."""
    kind, programme_id, side = answer.round.kind, mentorship.programme_id, answer.side
    writes = []
    about = _ABOUT.get(kind)
    if about is not None:
        items = answer.items if kind is RoundKind.PULSE else (MATCH,)
        told = {one.id: str(answer.values[one.id]) for one in items}
        writes.append(group_store.put_waiting(Pool.of(programme_id, side, about, items), answer, told, now))
    if kind in RATED:
        rating = Rating(side, answer.values[MATCH.id], at_end=kind is RoundKind.END)
        writes.append(outcome_store.put_rating(programme_id, key_of(mentorship.proposal_id), rating, now))
    if kind is RoundKind.END and start is not None:
        compared = tuple(one for one in start.items if one.id in answer.values)
        both = {one.id: f"{start.values[one.id]}{answer.values[one.id]}" for one in compared}
        pool = Pool.of(programme_id, side, About.CHANGE, compared)
        writes += [group_store.put_waiting(pool, answer, both, now), store.check_answer(start)]
    return writes


def _require_open(mentorship: Mentorship, is_open: Open | None, now: datetime) -> None:
    if is_open is not None:
        return
    if mentorship.status_at(now) is MentorshipStatus.PAUSED:
        raise MentorshipNotUnderWay("It is paused. Pulses and surveys come again when it goes on.")
    raise RoundNotOpen("Its time is over, or has not come. GET …/feedback lists what you can answer.")


def _require_correctable(answer: Answer, end: Answer | None, now: datetime) -> None:
    if now >= answer.correct_until:
        raise FeedbackSettled("An answer can be corrected for seven days.")
    if answer.round == START and end is not None:
        raise FeedbackSettled("Your last survey has been compared with it.")


def _seen(
    round_: Round,
    items: tuple[Item, ...],
    locale: str,
    is_open: Open | None,
    answer: Answer | None,
    end: Answer | None,
    now: datetime,
) -> SeenRound:
    correct_until = None
    if answer is not None and now < answer.correct_until and not (round_ == START and end is not None):
        correct_until = answer.correct_until
    open_until = is_open.until if is_open is not None and answer is None else None
    return SeenRound(round_, items, locale, open_until, answer, correct_until)


def _rows(call: Call, mentorship_id: str) -> list[Any]:
    return tables.get_many(
        [
            running_store.mentorship_key(mentorship_id),
            store.plan_key(mentorship_id),
            people.person_key(call.actor_id),
        ]
    )


def _rounds(plan: Plan) -> list[Round]:
    return [START, *_pulses(plan), MIDDLE, END]


def _pulses(plan: Plan) -> list[Round]:
    return [Round(RoundKind.PULSE, n) for n in range(max(1, plan.pulses - MOST_PULSES + 1), plan.pulses + 1)]


def repeated(attempt: Callable[[], T]) -> T:
    """Return what an attempt comes to, made anew where something else was changed in between."""
    return again(attempt, FeedbackMoved, busy="What you answer is being changed at this moment.")


# What other rooms, the job and the mails ask. None of these checks who asks.


def pulses_of(mentorship_id: str) -> tuple[Pulse, ...]:
    """Return how the two have said that it is going: the latest 26 pulses, the oldest first; those that nobody
    answered are left out. Two reads."""
    row, plan_row = tables.get_many(
        [running_store.mentorship_key(mentorship_id), store.plan_key(mentorship_id)]
    )
    pulses = _pulses(store.plan_of(mentorship_id, plan_row)) if row is not None else []
    if not pulses:
        return ()
    mentorship = running_store.mentorship_of(row)
    sides = (mentorship.mentee.person_id, mentorship.mentor.person_id)
    rows = tables.get_many(
        [store.answer_key(person, mentorship_id, one) for one in pulses for person in sides]
    )
    found = []
    for n, one in enumerate(pulses):
        both = [store.answer_of(row) if row is not None else None for row in rows[2 * n : 2 * n + 2]]
        times = [answer.answered_at for answer in both if answer is not None and answer.answered_at]
        if times:
            mentee, mentor = (answer.values[GOING.id] if answer is not None else None for answer in both)
            found.append(Pulse(one.number, min(times), mentee, mentor))
    return tuple(found)


@dataclass(frozen=True)
class Asked:
    """A round that waits for a person's answer."""

    mentorship: Mentorship
    side: Side
    round: Round
    until: datetime


def asked_of(person_id: str, mentorship_id: str, name: str, now: datetime) -> Asked | None:
    """Return a round if it is open and the person has not answered in it."""
    round_ = Round.named(name)
    if round_ is None:
        return None
    row, plan_row, answer_row = tables.get_many(
        [
            running_store.mentorship_key(mentorship_id),
            store.plan_key(mentorship_id),
            store.answer_key(person_id, mentorship_id, round_),
        ]
    )
    mentorship = running_store.mentorship_of(row) if row is not None else None
    side = mentorship.side_of(person_id) if mentorship is not None else None
    if mentorship is None or side is None or answer_row is not None:
        return None
    rounds = open_rounds(store.plan_of(mentorship_id, plan_row), mentorship, now)
    return next((Asked(mentorship, side, round_, one.until) for one in rounds if one.round == round_), None)
