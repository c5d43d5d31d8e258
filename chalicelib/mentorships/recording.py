"""Gathers what a mentorship has come to. Whatever else is counted one day is counted here, and nowhere else."""

from datetime import UTC

from chalicelib.mentorships.goals import store as goals
from chalicelib.mentorships.goals.model import Status
from chalicelib.mentorships.goals.service import sessions_held
from chalicelib.mentorships.record import Record
from chalicelib.mentorships.running import Mentorship
from chalicelib.programmes.model import Side


def record_of(mentorship: Mentorship, side: Side) -> Record:
    """Return what a mentorship has come to so far, for the person on a side."""
    started_on = mentorship.started_at.astimezone(UTC).date()
    endings = [
        one.ending.at.astimezone(UTC).date()
        for one in goals.goals_of(mentorship.id)
        if one.status is Status.REACHED and one.ending is not None
    ]
    return Record(
        started_on=started_on,
        last_on=max([started_on, *endings]),
        sessions=sessions_held(mentorship),
        minutes=minutes_held(mentorship),
        goals_reached=len(endings),
        final_reflection=has_final_reflection(mentorship, side),
    )


def minutes_held(mentorship: Mentorship) -> int:
    """Return how long the sessions of a mentorship were together: no time, while there are no sessions to hold.

    The one place that is to count it.
    """
    del mentorship
    return 0


def has_final_reflection(mentorship: Mentorship, side: Side) -> bool:
    """Tell whether the person on a side has written their final reflection: nobody, while there is none to write.

    The one place that is to look.
    """
    del mentorship, side
    return False
