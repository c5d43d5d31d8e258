"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.credentials.examples import BADGE
from chalicelib.matching.examples import EXPLANATION, TO_A_COORDINATOR, TO_AMINA
from chalicelib.mentorships.agreements import examples as agreements
from chalicelib.mentorships.goals import examples as goals
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
    "mentor": _MENTOR,
    "mentor_badges": [BADGE],
    "mentee": _MENTEE,
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
_MENTORSHIP_VIEW: dict[str, Any] = {
    "id": _MENTORSHIP,
    "programme_id": PROGRAMME,
    "proposal_id": _PROPOSAL,
    "mentor": _MENTOR,
    "mentee": _MENTEE,
    "status": "active",
    "started_at": "2026-11-21T17:12:40.000000Z",
    "verification": None,
}
_IN_GRACE: dict[str, Any] = {
    **_MENTORSHIP_VIEW,
    "verification": {"goes_on_until": "2027-07-28T21:00:00.000000Z", "loss": None, "may_resume": None},
}
_TASK: dict[str, Any] = {
    "id": "01NWHM4M00C5GBK1R7Q9ZE6T3A",
    "mentorship_id": _MENTORSHIP,
    "mentor": {"person_id": CLAIRE, "name": "Claire Tremblay"},
    "mentee": {"person_id": AMINA, "name": "Amina Otieno"},
    "reason": "verification_expired",
    "raised_at": "2027-06-30T21:00:00.000000Z",
    "due_at": "2027-07-28T21:00:00.000000Z",
    "status": "open",
    "ended": None,
    "done_at": None,
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
    **agreements.PARAMETERS,
    **goals.PARAMETERS,
}
BODIES: dict[str, Any] = {
    "ask_mentor": _ASK,
    "decline_proposal": _DECLINE,
    **agreements.BODIES,
    **goals.BODIES,
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
    "read_mentorship": _MENTORSHIP_VIEW,
    "resume_mentorship": _MENTORSHIP_VIEW,
    "list_tasks": [_TASK],
    **agreements.ANSWERS,
    **goals.ANSWERS,
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
    "not-mentee-led": "Its matches are proposed to you; you need not ask.",
    **agreements.REFUSALS,
    **goals.REFUSALS,
}
