"""Gathers what one of its two people takes from a mentorship."""

from collections.abc import Iterator

from chalicelib.mentorships import running_store
from chalicelib.mentorships.goals import store as goals
from chalicelib.mentorships.reflections import store as reflections
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions import store as sessions
from chalicelib.mentorships.sessions.model import SessionOutcome
from chalicelib.mentorships.story import Held, Story
from chalicelib.mentorships.successes import successes_of
from chalicelib.programmes.model import Side


def stories_of(person_id: str, most: int) -> Iterator[Story]:
    """Yield a person's mentorships, the latest first, up to `most`: four queries each."""
    for number, one in enumerate(running_store.all_mentorships_of(person_id)):
        side = one.side_of(person_id)
        if number == most:
            return
        if side is not None:
            yield _story(person_id, one, side)


def _story(person_id: str, one: Mentorship, side: Side) -> Story:
    held = (session for session in sessions.sessions_of(one.id) if session.outcome is SessionOutcome.MET)
    closed_at = one.ending.closed_at if one.ending is not None else None
    return Story(
        one,
        side,
        closed_at.date() if closed_at is not None else None,
        tuple(goals.goals_of(one.id)),
        tuple(Held(session.span.starts_at, session.minutes_met) for session in held),
        successes_of(one.id),
        tuple(reflections.all_own_reflections(person_id, one.id)),
    )
