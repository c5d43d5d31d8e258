"""The due day of a goal: when it is over on its owner's calendar, and when to remind of it."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from chalicelib.credentials.days import named_zone
from chalicelib.mentorships.goals.model import Goal, Status
from chalicelib.mentorships.running import Mentorship

DUE_SOON = timedelta(days=7)


class Stage(StrEnum):
    """Which reminder of a due day it is time for."""

    SOON = "soon"
    OVER = "over"


def zone_of(goal: Goal, mentorship: Mentorship) -> str | None:
    """Return the IANA time zone of a goal's owner, as far as the mentorship knows it."""
    side = mentorship.side_of(goal.owner_id)
    return mentorship.card(side).time_zone if side is not None else None


def over_at(due_on: date, zone_name: str | None) -> datetime:
    """Return the instant (UTC) at which a day is over in a time zone; UTC where there is none."""
    midnight = datetime.combine(due_on + timedelta(days=1), time())
    return midnight.replace(tzinfo=named_zone(zone_name) if zone_name else UTC).astimezone(UTC)


def is_overdue(goal: Goal, zone_name: str | None, now: datetime) -> bool:
    return goal.status is Status.OPEN and goal.due_on is not None and over_at(goal.due_on, zone_name) <= now


def stage_at(goal: Goal, zone_name: str | None, now: datetime) -> Stage | None:
    """Return the reminder that it is time for, the later where both are; None if it is time for none."""
    if goal.status is not Status.OPEN or goal.due_on is None:
        return None
    over = over_at(goal.due_on, zone_name)
    if over <= now:
        return Stage.OVER
    return Stage.SOON if over - DUE_SOON <= now else None


def next_look(goal: Goal, zone_name: str | None, now: datetime) -> datetime | None:
    """Return when it is time for the next reminder after `now`; None for a goal without a day to come.

    Who sets a day that is near, or over, knows it at that moment, and is not reminded of what they have just written.
    """
    if goal.status is not Status.OPEN or goal.due_on is None:
        return None
    over = over_at(goal.due_on, zone_name)
    return next((at for at in (over - DUE_SOON, over) if at > now), None)
