"""Gathers what a mentorship has come to. Whatever else is counted one day is counted here, and nowhere else."""

from datetime import UTC

from chalicelib.mentorships.goals import store as goals
from chalicelib.mentorships.goals.model import Status
from chalicelib.mentorships.record import Record
from chalicelib.mentorships.reflections import store as reflections
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions import store as sessions
from chalicelib.mentorships.sessions.model import SessionOutcome, held
from chalicelib.programmes.model import PairKind, Side


def record_of(mentorship: Mentorship, side: Side) -> Record:
    """Return what a mentorship has come to so far, for the person on a side."""
    person_id = mentorship.card(side).person_id
    reached = [
        one.ending.at
        for one in goals.goals_of(mentorship.id)
        if one.status is Status.REACHED
        and one.ending is not None
        # Between peers each has goals of their own; else they are the mentee's, and both have worked for them.
        and (mentorship.kind is not PairKind.PEER or one.owner_id == person_id)
    ]
    met = [one for one in sessions.sessions_of(mentorship.id) if one.outcome is SessionOutcome.MET]
    tally = held(met)
    last_at = max([mentorship.started_at, *reached, *(one.span.ends_at for one in met)])
    return Record(
        started_on=mentorship.started_at.astimezone(UTC).date(),
        last_on=last_at.astimezone(UTC).date(),
        sessions=tally.sessions,
        minutes=tally.minutes,
        goals_reached=len(reached),
        final_reflection=has_final_reflection(mentorship, side),
    )


def has_final_reflection(mentorship: Mentorship, side: Side) -> bool:
    """Tell whether the person on a side has written their final reflection, shared or not."""
    return reflections.has_final(mentorship.id, side)
