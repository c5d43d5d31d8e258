"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.credentials.examples import BADGE
from chalicelib.matching.examples import EXPLANATION, TO_A_COORDINATOR, TO_AMINA
from chalicelib.mentorships.agreements import examples as agreements
from chalicelib.mentorships.assessments import examples as assessments
from chalicelib.mentorships.closing import examples as closing
from chalicelib.mentorships.feedback import examples as feedback
from chalicelib.mentorships.feeds import examples as feeds
from chalicelib.mentorships.giving import examples as giving
from chalicelib.mentorships.goals import examples as goals
from chalicelib.mentorships.health import examples as health
from chalicelib.mentorships.introductions import examples as introductions
from chalicelib.mentorships.reflections import examples as reflections
from chalicelib.mentorships.sessions import examples as sessions
from chalicelib.people.examples import AMINA, AMINA_WRITES, CLAIRE, CLAIRE_WRITES
from chalicelib.programmes.examples import PROGRAMME

_PROPOSAL = "01M7VAXF187SYF4PE33N8SXS1G"
_ASKED = "01M7YE62D0GKYJ5WRABPXC4Z5E"
_MENTORSHIP = agreements.MENTORSHIP
_SAME = ("profession", "career_stage", "specialties", "country", "employer", "languages", "time_zone")


def _card(person_id: str, name: str, profile: dict[str, Any], topics: str) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "name": name,
        **{field: profile[field] for field in _SAME},
        "intended_profession": None,
        "topics": profile[topics],
        "about": profile["goals"],
    }


_MENTEE = _card(AMINA, "Amina Otieno", AMINA_WRITES, "topics_sought")
_MENTOR = _card(CLAIRE, "Claire Tremblay", CLAIRE_WRITES, "topics_offered")
_MADE: dict[str, Any] = {
    "id": _PROPOSAL,
    "programme_id": PROGRAMME,
    "kind": "one_to_one",
    "mentor": _MENTOR,
    "mentor_badges": [BADGE],
    "mentee": _MENTEE,
    "mentee_badges": [],
    "status": "open",
    "source": "run",
    "expires_at": "2026-11-27T02:00:09.000000Z",
    "created_at": "2026-11-20T02:00:09.000000Z",
    "closed_at": None,
    **EXPLANATION,
    "evidence": TO_AMINA,
    "message": "",
    "mentorship_id": None,
}
_NO_ANSWER: dict[str, Any] = {"my_role": "mentee", "my_answer": None, "their_answer": None}
_AGREED: dict[str, Any] = {
    **_MADE,
    "status": "agreed",
    "closed_at": "2026-11-21T17:12:40.000000Z",
    "mentorship_id": _MENTORSHIP,
}
_ASK: dict[str, Any] = {
    "programme_id": PROGRAMME,
    "mentor_id": CLAIRE,
    "message": "Your work on infection control is what our ward needs. May I learn from you?",
}
_OWN_ASK: dict[str, Any] = {
    **_MADE,
    "id": _ASKED,
    "source": "mentee",
    "created_at": "2026-11-21T06:55:00.000000Z",
    "expires_at": "2026-11-28T06:55:00.000000Z",
    "score": None,
    "contributions": [],
    "shared_languages": [],
    "overlap": None,
    "evidence": None,
    "message": _ASK["message"],
    "my_role": "mentee",
    "my_answer": "accepted",
    "their_answer": None,
}
_OWN_ASK_TOLD: dict[str, Any] = {
    name: value for name, value in _OWN_ASK.items() if name not in ("my_role", "my_answer", "their_answer")
}
_MENTORSHIP_VIEW: dict[str, Any] = {
    "id": _MENTORSHIP,
    "programme_id": PROGRAMME,
    "kind": "one_to_one",
    "proposal_id": _PROPOSAL,
    "mentor": _MENTOR,
    "mentee": _MENTEE,
    "status": "active",
    "started_at": "2026-11-21T17:12:40.000000Z",
    "ends_on": "2027-11-21",
    "verification": None,
    "pause": None,
    "extension": None,
    "ending": None,
}
_END: dict[str, Any] = {
    "reason": "goals_reached",
    "words": "The audit that we began with is done. It was a good year.",
    "conversation": True,
}
_UNTOLD: dict[str, Any] = {"reason": None, "by": None, "role": None, "words": []}
_CLOSING: dict[str, Any] = {
    **_MENTORSHIP_VIEW,
    "status": "closing",
    "ending": {
        "since": "2027-09-30T10:00:00.000000Z",
        "closes_at": "2027-10-14T10:00:00.000000Z",
        "closed_at": None,
        **_UNTOLD,
    },
}
_CLOSED: dict[str, Any] = {
    **_CLOSING,
    "status": "closed",
    "ending": {**_CLOSING["ending"], "closes_at": None, "closed_at": "2027-10-14T10:00:00.000000Z"},
}
_MORE: dict[str, Any] = {"ends_on": "2028-05-21"}
_ASKED_MORE: dict[str, Any] = {
    **_MENTORSHIP_VIEW,
    "extension": {**_MORE, "asked_by": "mentee", "asked_at": "2027-10-25T16:30:00.000000Z"},
}
_PAUSE: dict[str, Any] = {"reason": "away", "words": "Claire is on leave until March."}
_CLOSE: dict[str, Any] = {
    "reason": "not_verified",
    "words": "The licence was revoked, and we have told both of it by telephone.",
}
_COORDINATOR = "01M6QW2Z7B1J9T5V3XK8RD4PNC"
_PAUSED: dict[str, Any] = {
    **_MENTORSHIP_VIEW,
    "status": "paused",
    "pause": {
        "since": "2027-01-11T08:00:00.000000Z",
        "reason": "away",
        "words": {"text": _PAUSE["words"], "by": _COORDINATOR, "at": "2027-01-11T08:00:00.000000Z"},
    },
}
_CLOSED_BY_COORDINATOR: dict[str, Any] = {
    **_MENTORSHIP_VIEW,
    "status": "closed",
    "ending": {
        "since": "2027-07-02T09:00:00.000000Z",
        "closes_at": None,
        "closed_at": "2027-07-02T09:00:00.000000Z",
        "reason": "not_verified",
        "by": "coordinator",
        "role": None,
        "words": [{"text": _CLOSE["words"], "by": _COORDINATOR, "at": "2027-07-02T09:00:00.000000Z"}],
    },
}
_IN_GRACE: dict[str, Any] = {
    **_MENTORSHIP_VIEW,
    "verification": {"goes_on_until": "2027-07-28T21:00:00.000000Z", "loss": None, "may_resume": None},
}
_TASK: dict[str, Any] = {
    "id": "01NWHM4M00C5GBK1R7Q9ZE6T3A",
    "mentorship_id": _MENTORSHIP,
    "circle_id": None,
    "mentor": {"person_id": CLAIRE, "name": "Claire Tremblay"},
    "mentee": {"person_id": AMINA, "name": "Amina Otieno"},
    "reason": "verification_expired",
    "raised_at": "2027-06-30T21:00:00.000000Z",
    "due_at": "2027-07-28T21:00:00.000000Z",
    "status": "open",
    "ended": None,
    "done_at": None,
}
_DONE: dict[str, Any] = {
    **_TASK,
    "id": "01NYZ0M8QK6D3F7G2H5J9A1BCD",
    "reason": "ended",
    "raised_at": "2027-09-30T10:00:00.000000Z",
    "due_at": "2027-10-07T10:00:00.000000Z",
    "status": "done",
    "ended": "seen_to",
    "done_at": "2027-10-01T07:45:00.000000Z",
}
_DECLINE: dict[str, Any] = {
    "reason": "times_do_not_fit",
    "text": "I am on nights until March and free at weekends only.",
}
_DECLINED: dict[str, Any] = {**_MADE, "status": "declined", "closed_at": "2026-11-21T08:20:00.000000Z"}

PARAMETERS: dict[str, Any] = {
    "programme_id": PROGRAMME,
    "proposal_id": _PROPOSAL,
    "mentorship_id": _MENTORSHIP,
    "status": "open",
    "task_id": _DONE["id"],
    **agreements.PARAMETERS,
    **assessments.PARAMETERS,
    **feedback.PARAMETERS,
    **goals.PARAMETERS,
    **introductions.PARAMETERS,
    **closing.PARAMETERS,
    **reflections.PARAMETERS,
    **giving.PARAMETERS,
    **health.PARAMETERS,
    **sessions.PARAMETERS,
}
BODIES: dict[str, Any] = {
    "ask_mentor": _ASK,
    "decline_proposal": _DECLINE,
    "end_mentorship": _END,
    "ask_for_more_time": _MORE,
    "extend_mentorship": _MORE,
    "want_rematch": {"wanted": False},
    "pause_mentorship": _PAUSE,
    "close_mentorship": _CLOSE,
    "reassign_mentorship": {"mentor_id": CLAIRE, "words": "Both said that the field does not fit."},
    **agreements.BODIES,
    **assessments.BODIES,
    **closing.BODIES,
    **giving.BODIES,
    **feedback.BODIES,
    **goals.BODIES,
    **introductions.BODIES,
    **reflections.BODIES,
    **sessions.BODIES,
}
ANSWERS: dict[str, Any] = {
    "my_proposals": [{**_MADE, **_NO_ANSWER}],
    "ask_mentor": _OWN_ASK,
    "accept_proposal": {
        **_AGREED,
        "my_role": "mentee",
        "my_answer": "accepted",
        "their_answer": "accepted",
    },
    "decline_proposal": {**_DECLINED, **_NO_ANSWER, "my_answer": "declined"},
    "withdraw_proposal": {**_OWN_ASK, "status": "withdrawn", "closed_at": "2026-11-21T07:10:00.000000Z"},
    "list_proposals": [
        {
            **_DECLINED,
            "evidence": TO_A_COORDINATOR,
            "mentee_answer": "declined",
            "mentor_answer": None,
            "refusal": {"role": "mentee", **_DECLINE},
        }
    ],
    "my_mentorships": [_IN_GRACE],
    "read_mentorship": {
        **_MENTORSHIP_VIEW,
        "agreement": agreements.ANSWERS["read_agreement"],
        "goals": goals.ANSWERS["list_goals"]["items"],
        "sessions": {"held": 0, "minutes": 0, "ahead": [sessions.ANSWERS["book_session"]], "past": []},
        "agenda": sessions.ANSWERS["read_agenda"],
        "closing": {"offered": False, "held": None, "shared_by": []},
        "mail_stopped": {},
    },
    "resume_mentorship": _MENTORSHIP_VIEW,
    "end_mentorship": _CLOSING,
    "ask_for_more_time": _ASKED_MORE,
    "decline_more_time": _MENTORSHIP_VIEW,
    "want_rematch": _CLOSED,
    "pause_mentorship": _PAUSED,
    "extend_mentorship": {**_MENTORSHIP_VIEW, **_MORE},
    "close_mentorship": _CLOSED_BY_COORDINATOR,
    "reassign_mentorship": {
        **_OWN_ASK_TOLD,
        "source": "coordinator",
        "message": "",
        "mentee_answer": None,
        "mentor_answer": None,
        "refusal": None,
    },
    "list_tasks": [_TASK],
    "finish_task": _DONE,
    **agreements.ANSWERS,
    **assessments.ANSWERS,
    **closing.ANSWERS,
    **feedback.ANSWERS,
    **goals.ANSWERS,
    **introductions.ANSWERS,
    **reflections.ANSWERS,
    **giving.ANSWERS,
    **health.ANSWERS,
    **sessions.ANSWERS,
    **feeds.ANSWERS,
}
REFUSALS: dict[str, str] = {
    "proposal-expired": "Its places go back to both, and a later match may propose the pair anew.",
    "proposal-closed": "It is declined; nothing more can be answered.",
    "already-proposed": "Answer or await the one that is open.",
    "already-mentored": "You have this mentor already.",
    "mentor-not-available": "Look for another one in the programme's directory.",
    "no-common-ground": "Between you and this mentor there is no shared language.",
    "partner-not-available": "The other side cannot be paired any more. The proposal will expire by itself.",
    "not-paused": "It goes on as it is.",
    "mentor-not-verified": "It can go on once a reviewer has verified a credential of the mentor's.",
    "own-mentorship": "Ask another coordinator of the organisation.",
    "mentorship-over": "It is closed; this cannot be done any more.",
    "still-under-way": "It goes on. End it first, if that is what you want.",
    "already-paused": "It stays so until a coordinator has it go on.",
    "no-extension-asked": "Its last day stays as it is.",
    "no-end": "It goes on until somebody ends it.",
    "task-is-done": "Somebody has seen to it.",
    "task-follows": "Verify the mentor, have the mentorship go on, or close it.",
    "not-mentee-led": "Its matches are proposed to you; you need not ask.",
    **agreements.REFUSALS,
    **assessments.REFUSALS,
    **closing.REFUSALS,
    **feedback.REFUSALS,
    **goals.REFUSALS,
    **introductions.REFUSALS,
    **reflections.REFUSALS,
    **sessions.REFUSALS,
}
