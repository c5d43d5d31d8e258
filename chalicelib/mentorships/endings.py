"""How a mentorship comes to be signed, to last longer, and to its end."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from chalicelib.kernel.errors import Invalid
from chalicelib.mentorships.errors import AlreadyPaused, MentorshipNotUnderWay, NoEnd, NoExtensionAsked
from chalicelib.mentorships.moves import MentorshipMove, Moved, moved
from chalicelib.mentorships.running import (
    CLOSING_TIME,
    NOT_ENDED,
    By,
    Ending,
    EndReason,
    Extension,
    Hold,
    HoldReason,
    Mentorship,
    MentorshipStatus,
    last_day,
)
from chalicelib.programmes.model import Side

ENDS_SOON = timedelta(days=28)
"""How long before its last day is over both are reminded: time to ask for more, to meet once more and to say
good-bye."""

MOST_MONTHS_MORE = 24
"""A last day lies at most so many months ahead: who is asked for more time is to know what they say yes to."""


def formed(mentorship: Mentorship, now: datetime) -> Moved:
    """Return a mentorship whose two people have signed their agreement; a paused one stays paused.

    Raises
    ------
    MentorshipOver
    """
    return moved(mentorship, MentorshipMove.FORM, By.PAIR, now, is_formed=True)


def held(mentorship: Mentorship, reason: HoldReason, now: datetime, *, by: By = By.COORDINATOR) -> Moved:
    """Return a mentorship that a coordinator has paused, or the service as one of the two has blocked the other; also
    one whose mentor is not verified.

    Raises
    ------
    MentorshipOver, AlreadyPaused
    """
    if mentorship.hold is not None:
        raise AlreadyPaused("It stays so until a coordinator has it go on.")
    return moved(mentorship, MentorshipMove.HOLD, by, now, hold=Hold(reason, now))


def ended(
    mentorship: Mentorship,
    reason: EndReason,
    now: datetime,
    *,
    side: Side | None = None,
    conversation: bool = True,
) -> Moved:
    """Return a mentorship that one of the two has ended, or whose last day is over where it is neither.

    An active one is closing for a while, if there is to be a closing conversation. One that is unsigned or paused is
    closed at once; so is one that is closing, where somebody wants no conversation.

    Raises
    ------
    MentorshipOver
    """
    by = By.SERVICE if side is None else By.PAIR
    if conversation and mentorship.status in (MentorshipStatus.ACTIVE, MentorshipStatus.CLOSING):
        ending = Ending(reason, by, now, now + CLOSING_TIME, side)
        return moved(mentorship, MentorshipMove.END, by, now, ending=ending, extension=None)
    return closed(mentorship, by, now, reason, side=side)


_TELL_LITTLE = frozenset({EndReason.AT_REQUEST, EndReason.OTHER})


def closed(
    mentorship: Mentorship,
    by: By,
    now: datetime,
    reason: EndReason | None = None,
    *,
    side: Side | None = None,
    move: MentorshipMove = MentorshipMove.CLOSE,
) -> Moved:
    """Return a mentorship that is over. One that is closing stays so for its first reason, unless a later one tells
    more: that somebody asked for it, or closed it for a reason of their own, does not.

    Raises
    ------
    MentorshipOver
    """
    ending = mentorship.ending
    if reason is not None and (ending is None or reason not in _TELL_LITTLE):
        ending = Ending(reason, by, ending.since if ending else now, now, side)
    if ending is None:
        raise ValueError("a mentorship is closed for a reason")
    if ending.closed_at is None:
        ending = replace(ending, until=min(ending.until, now), closed_at=now)
    return moved(
        mentorship, move, by, now, ending=ending, renewal=None, hold=None, extension=None,
    )  # fmt: skip


def after_time(mentorship: Mentorship, now: datetime) -> Moved | None:
    """Return the end of a mentorship whose last day, or time for closing, is over; None for any other."""
    if mentorship.status is MentorshipStatus.CLOSING:
        is_over = mentorship.ending is not None and mentorship.ending.until <= now
        return closed(mentorship, By.SERVICE, now) if is_over else None
    if mentorship.ends_at is None or mentorship.ends_at > now or mentorship.status not in NOT_ENDED:
        return None
    conversation = mentorship.status_at(now) is MentorshipStatus.ACTIVE
    return ended(mentorship, EndReason.TERM_OVER, now, conversation=conversation)


def longer(mentorship: Mentorship, side: Side | None, ends_on: date, now: datetime) -> Moved | None:
    """Return a mentorship for which a later last day was asked: agreed, if the other has asked for the same day, or a
    coordinator says so. None if the same was asked before.

    Parameters
    ----------
    side
        Who of the two asks; None for a coordinator.

    Raises
    ------
    MentorshipOver, NoEnd
    MentorshipNotUnderWay
        If one of the two asks while it is paused.
    Invalid
        If the day is not later than the last one so far, or too far away.
    """
    if mentorship.status not in NOT_ENDED:
        move = MentorshipMove.EXTEND  # which the table refuses, with the state that it has
        return moved(mentorship, move, By.COORDINATOR if side is None else By.PAIR, now)
    _require_later(mentorship, ends_on, now)
    if side is None:
        return _extended(mentorship, By.COORDINATOR, ends_on, now)
    if mentorship.status is MentorshipStatus.PAUSED:
        raise MentorshipNotUnderWay(
            "It is paused. Ask once it goes on; a coordinator can give it more time before."
        )
    asked = mentorship.extension
    if asked is not None and asked.ends_on == ends_on:
        return None if asked.side is side else _extended(mentorship, By.PAIR, ends_on, now)
    return moved(mentorship, MentorshipMove.ASK, By.PAIR, now, extension=Extension(ends_on, side, now))


def not_longer(mentorship: Mentorship, now: datetime) -> Moved:
    """Return a mentorship whose last day stays: the other says no, or who asked takes it back.

    Raises
    ------
    NoExtensionAsked, MentorshipOver
    """
    if mentorship.extension is None:
        raise NoExtensionAsked("Its last day stays as it is.")
    return moved(mentorship, MentorshipMove.DECLINE, By.PAIR, now, extension=None)


def _extended(mentorship: Mentorship, by: By, ends_on: date, now: datetime) -> Moved:
    return moved(mentorship, MentorshipMove.EXTEND, by, now, ends_on=ends_on, extension=None)


def _require_later(mentorship: Mentorship, ends_on: date, now: datetime) -> None:
    if mentorship.ends_on is None:
        raise NoEnd("It goes on until somebody ends it.")
    if ends_on <= mentorship.ends_on:
        raise Invalid.field("/ends_on", f"Its last day so far is {mentorship.ends_on}: choose a later one.")
    latest = last_day(now, MOST_MONTHS_MORE)
    if ends_on > latest:
        raise Invalid.field("/ends_on", f"Choose a day up to {latest}, {MOST_MONTHS_MORE} months from today.")
