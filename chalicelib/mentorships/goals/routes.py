"""Goals over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import RoleRefused
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.mentorships.goals.errors import (
    GoalNotOpen,
    GoalOpen,
    NotYourGoal,
    TooManyEntries,
    TooManyGoals,
)
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.mentorships.goals import service
    from chalicelib.mentorships.goals.model import Entry
    from chalicelib.mentorships.goals.schemas import (
        GoalBody,
        GoalChange,
        GoalDroppedBody,
        GoalReachedBody,
        GoalReopenedBody,
        GoalReviewBody,
        ProgressBody,
    )
    from chalicelib.mentorships.goals.service import SeenGoal
else:
    service = later("chalicelib.mentorships.goals.service")

routes = Routes(__name__, "Goals")

_GOALS = "/v1/mentorships/{mentorship_id}/goals"
_GOAL = "/v1/mentorships/{mentorship_id}/goals/{goal_id}"


@routes.endpoint(
    "POST", _GOALS, who=Who.PERSON, summary="Write a goal", body="GoalBody", answer="GoalView", status=201,
    idempotent=True, etag=True, errors=(MentorshipNotUnderWay, TooManyGoals),
)  # fmt: skip
def write_goal(call: Call, mentorship_id: str, body: GoalBody) -> SeenGoal:
    """For either of the two; the goal is the mentee's, and of peers the writer's own. `findings` say what would make it
    more specific, or easier to measure; it is taken as it is. At most 10 are open at a time, and 40 kept."""
    return service.write_goal(call, mentorship_id, body.to_model())


@routes.endpoint(
    "GET", _GOALS, who=Who.PERSON, summary="List a mentorship's goals", answer="GoalsView", errors=(RoleRefused,)
)  # fmt: skip
def list_goals(call: Call, mentorship_id: str) -> tuple[SeenGoal, ...]:
    """For its two people, and the programme's coordinators, who see titles, days and states. Open ones first, the
    soonest due first; then the others, the last ended first."""
    return service.list_goals(call, mentorship_id)


@routes.endpoint(
    "GET", _GOAL, who=Who.PERSON, summary="Read a goal", answer="GoalView", etag=True, errors=(RoleRefused,)
)
def read_goal(call: Call, mentorship_id: str, goal_id: str) -> SeenGoal:
    """For the two, and the programme's coordinators, who see its title, days and state."""
    return service.read_goal(call, mentorship_id, goal_id)


@routes.endpoint(
    "PATCH", _GOAL, who=Who.PERSON, summary="Change a goal", body="GoalChange", answer="GoalView", if_match="required",
    errors=(MentorshipNotUnderWay, GoalNotOpen),
)  # fmt: skip
def change_goal(call: Call, mentorship_id: str, goal_id: str, body: GoalChange) -> SeenGoal:
    """For either of the two. `steps` are sent all at once, in their order, those that are there with their `number`;
    one that is done keeps its instant. A null takes the measure, or the day, away."""
    return service.change_goal(call, mentorship_id, goal_id, body.changes())


@routes.endpoint(
    "POST", _GOAL + "/progress", who=Who.PERSON, summary="Note progress", body="ProgressBody", answer="GoalView",
    status=201, idempotent=True, etag=True, errors=(MentorshipNotUnderWay, GoalNotOpen, TooManyEntries),
)  # fmt: skip
def note_progress(call: Call, mentorship_id: str, goal_id: str, body: ProgressBody) -> SeenGoal:
    """For either of the two, also both at once. At most 300 entries a goal."""
    return service.note_progress(call, mentorship_id, goal_id, body.value, body.note)


@routes.endpoint(
    "GET", _GOAL + "/entries", who=Who.PERSON, summary="List what was noted of a goal", answer="GoalEntryView",
    paged=True,
)  # fmt: skip
def list_goal_entries(call: Call, mentorship_id: str, goal_id: str, page: PageRequest) -> Page[Entry]:
    """Progress, reviews, and how it was reached, dropped or reopened, the latest first. For the two alone."""
    return service.list_entries(call, mentorship_id, goal_id, page)


@routes.endpoint(
    "POST", _GOAL + "/review", who=Who.PERSON, summary="Review a goal", body="GoalReviewBody", answer="GoalView",
    idempotent=True, if_match="required",
    errors=(MentorshipNotUnderWay, GoalNotOpen, NotYourGoal, TooManyEntries),
)  # fmt: skip
def review_goal(call: Call, mentorship_id: str, goal_id: str, body: GoalReviewBody) -> SeenGoal:
    """Keep, adjust or drop it, and say why. It is due after as many sessions as the programme says
    (`goal_review_sessions`), and can be made at any time, by either of the two; only whose goal it is drops it."""
    return service.review_goal(call, mentorship_id, goal_id, body.to_model())


@routes.endpoint(
    "POST", _GOAL + "/reach", who=Who.PERSON, summary="Say that your goal is reached", body="GoalReachedBody",
    answer="GoalView", idempotent=True, if_match="required", errors=(MentorshipNotUnderWay, GoalNotOpen, NotYourGoal),
)  # fmt: skip
def reach_goal(call: Call, mentorship_id: str, goal_id: str, body: GoalReachedBody) -> SeenGoal:
    """For whose goal it is, with a note of the success."""
    from chalicelib.mentorships.goals import model, service

    return service.end_goal(call, mentorship_id, goal_id, model.Move.REACH, body.note)


@routes.endpoint(
    "POST", _GOAL + "/drop", who=Who.PERSON, summary="Drop your goal", body="GoalDroppedBody", answer="GoalView",
    idempotent=True, if_match="required", errors=(MentorshipNotUnderWay, GoalNotOpen, NotYourGoal),
)  # fmt: skip
def drop_goal(call: Call, mentorship_id: str, goal_id: str, body: GoalDroppedBody) -> SeenGoal:
    """For whose goal it is."""
    from chalicelib.mentorships.goals import model, service

    return service.end_goal(call, mentorship_id, goal_id, model.Move.DROP, body.why)


@routes.endpoint(
    "POST", _GOAL + "/reopen", who=Who.PERSON, summary="Take up your goal again", body="GoalReopenedBody",
    answer="GoalView", idempotent=True, if_match="required",
    errors=(MentorshipNotUnderWay, GoalOpen, NotYourGoal, TooManyGoals, TooManyEntries),
)  # fmt: skip
def reopen_goal(call: Call, mentorship_id: str, goal_id: str, body: GoalReopenedBody) -> SeenGoal:
    """For whose goal it is, of one that was reached or dropped. Sessions until its next review count from now."""
    return service.reopen_goal(call, mentorship_id, goal_id, body.why)
