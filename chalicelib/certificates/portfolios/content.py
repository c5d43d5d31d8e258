"""What is in a portfolio: plain texts, whole numbers and days, made of what its holder chose.

The other of a pair is in it by role, profession and country, never by name: their name is not the holder's to hand on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.certificates.portfolios.model import Choice, Reflections
from chalicelib.mentorships.goals.model import Goal, Measure
from chalicelib.mentorships.story import Story, SuccessKind


@dataclass(frozen=True)
class Place:
    """In which programme of which organisation a mentorship was, by their names."""

    programme: str
    organisation: str


@dataclass(frozen=True)
class Held:
    """A part of an activity at which the holder was, and for how long."""

    on: date
    minutes: int


@dataclass(frozen=True)
class Activity:
    """What the holder took part in beyond mentorships, as whoever knows of it tells it.

    Attributes
    ----------
    kind, id
        As certificates of it name it.
    role
        The holder's in it, by the code that they have there.
    """

    kind: str
    id: str
    title: str
    organisation: str
    role: str
    sessions: tuple[Held, ...] = ()


@dataclass(frozen=True)
class Earned:
    """A certificate with its signed file, which is verified by itself.

    Attributes
    ----------
    of
        The mentorship's id, or kind and id of the activity.
    """

    of: str | tuple[str, str]
    title: str
    issued_on: str
    page: str
    file: str


def content_of(
    head: Mapping[str, Any],
    choice: Choice,
    stories: Sequence[Story],
    places: Mapping[str, Place],
    earned: Sequence[Earned],
    activities: Sequence[Activity] = (),
) -> dict[str, Any]:
    """Return the content of a portfolio.

    Parameters
    ----------
    head
        Id, issuer, language and holder.
    places
        By the programmes' ids.
    """
    wanted = choice.mentorship_ids
    told = [
        _mentorship(one, choice, places.get(one.mentorship.programme_id), earned)
        for one in stories
        if wanted is None or one.mentorship.id in wanted
    ]
    content = {**head, "mentorships": told}
    if choice.activities:
        content["activities"] = [_activity(one, choice, earned) for one in activities]
    return content


def _activity(one: Activity, choice: Choice, earned: Sequence[Earned]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": one.kind, "title": one.title, "organisation": one.organisation, "role": one.role,
    }  # fmt: skip
    if choice.sessions:
        found["sessions"] = [{"on": held.on.isoformat(), "minutes": held.minutes} for held in one.sessions]
    if choice.certificates:
        found["certificates"] = _certificates(earned, (one.kind, one.id))
    return found


def _mentorship(
    story: Story, choice: Choice, place: Place | None, earned: Sequence[Earned]
) -> dict[str, Any]:
    one = story.mentorship
    other = one.card(story.side.other)
    found: dict[str, Any] = {
        "role": one.kind.role_of(story.side).value,
        "with": {
            "role": one.kind.role_of(story.side.other).value,
            "profession": other.profession,
            "country": other.country,
        },
        "programme": place.programme if place else None,
        "organisation": place.organisation if place else None,
        "started_on": one.started_at.date().isoformat(),
        "ended_on": story.ended_on.isoformat() if story.ended_on else None,
    }
    if choice.sessions:
        found["sessions"] = [
            {"on": held.at.date().isoformat(), "minutes": held.minutes} for held in story.sessions
        ]
    if choice.goals:
        found["goals"] = [_goal(goal) for goal in story.goals if goal.id not in choice.left_out]
    if choice.successes:
        found["introductions"] = [
            success.at.date().isoformat()
            for success in story.successes
            if success.kind is SuccessKind.INTRODUCTION
        ]
    if choice.reflections is not Reflections.NONE:
        found["reflections"] = [
            {
                "on": written.created_at.date().isoformat() if written.created_at else None,
                "final": written.is_final,
                **vars(written.parts),
            }
            for written in story.reflections
            if written.id not in choice.left_out
            and (written.is_final or choice.reflections is Reflections.ALL)
        ]
    if choice.certificates:
        found["certificates"] = _certificates(earned, one.id)
    return found


def _certificates(earned: Sequence[Earned], of: str | tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"title": held.title, "issued_on": held.issued_on, "page": held.page, "file": held.file}
        for held in earned
        if held.of == of
    ]


def _goal(goal: Goal) -> dict[str, Any]:
    ending = goal.ending
    return {
        "title": goal.title,
        "change": goal.change,
        "domain": goal.domain.value,
        "horizon": goal.horizon.value,
        "status": goal.status.value,
        "due_on": goal.due_on.isoformat() if goal.due_on else None,
        "measure": _measure(goal.measure) if goal.measure else None,
        "ended_on": ending.at.date().isoformat() if ending else None,
        "note": ending.note if ending else "",
    }


def _measure(measure: Measure) -> dict[str, Any]:
    return {
        "what": measure.what, "unit": measure.unit, "baseline": _number(measure.baseline),
        "target": _number(measure.target),
    }  # fmt: skip


def _number(value: float | None) -> str | None:
    """Write a number as a text: how floats are spelled differs from program to program."""
    return None if value is None else f"{value:.12g}"
