"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.mentorships.examples import PARAMETERS as MENTORSHIPS
from chalicelib.people.examples import AMINA, AMINA_PERSON, CLAIRE, NADIA

CONCERN = "01M5V0QZB0N5WQ1R7D3H2K9XTA"

_OWN: dict[str, Any] = {
    "id": CONCERN,
    "kind": "boundaries",
    "status": "closed",
    "text": "Concluded.",
    "answer": "Thank you for telling us. Your mentorship is paused, and nobody was told why.",
    "raised_at": "2026-11-20T18:04:00.000000Z",
    "closed_at": "2026-11-21T09:30:00.000000Z",
}
_OPEN: dict[str, Any] = {
    "id": CONCERN,
    "kind": "boundaries",
    "wish": "pause",
    "status": "open",
    "handler_id": None,
    "is_yours": False,
    "outcome": None,
    "raised_at": "2026-11-20T18:04:00.000000Z",
    "since": "2026-11-20T18:04:00.000000Z",
}
_HANDLED: dict[str, Any] = {
    **_OPEN, "status": "being_handled", "handler_id": NADIA, "is_yours": True, "since": "2026-11-20T18:40:00.000000Z",
}  # fmt: skip
_BODY: dict[str, Any] = {
    "person_id": CLAIRE,
    "kind": "boundaries",
    "words": "She goes on writing to my private number at night, after I asked her not to.",
    "wish": "pause",
    "may_contact": True,
}

PARAMETERS: dict[str, Any] = {"concern_id": CONCERN, "status": "open"}
BODIES: dict[str, Any] = {
    "raise_concern": _BODY,
    "act_on_concern": {"mentorship_id": MENTORSHIPS["mentorship_id"], "deed": "pause"},
    "close_concern": {
        "outcome": "mentorship_paused",
        "note": "Spoke to both; the coordinator looks for another mentor.",
        "answer": _OWN["answer"],
    },
}
ANSWERS: dict[str, Any] = {
    "raise_concern": {
        **_OWN,
        "status": "open",
        "text": "Received. It goes to the admins of this service alone, and to none who knows one of you two as a "
        "mentor or a mentee. If you are in danger now, call the emergency number of where you are.",
        "answer": None,
        "closed_at": None,
    },
    "my_concerns": [_OWN],
    "list_concerns": [_OPEN],
    "open_concern": {
        **_HANDLED,
        "reporter": {"person_id": AMINA, "name": "Amina Otieno", "email": AMINA_PERSON["email"]},
        "person": {"person_id": CLAIRE, "name": "Claire Tremblay", "email": None},
        "words": _BODY["words"],
        "may_contact": True,
        "note": None,
        "answer": None,
        "mentorships": [
            {
                "id": MENTORSHIPS["mentorship_id"], "programme_id": MENTORSHIPS["programme_id"], "status": "active",
                "with_reporter": True,
            }
        ],
        "trail": [
            {"at": "2026-11-20T18:04:00.000000Z", "by": "reporter", "what": "raise", "why": None},
            {"at": "2026-11-20T18:40:00.000000Z", "by": NADIA, "what": "claim", "why": None},
        ],
    },
    "claim_concern": _HANDLED,
    "release_concern": _OPEN,
    "act_on_concern": _HANDLED,
    "close_concern": {
        **_HANDLED, "status": "closed", "outcome": "mentorship_paused", "since": _OWN["closed_at"],
    },
}  # fmt: skip
REFUSALS: dict[str, str] = {
    "concern-moved": "Read it again, then decide.",
    "concern-not-yours": "Another admin is seeing to it. They release it, or you do, before you claim it.",
    "concern-not-open": "It is closed.",
    "too-many-concerns": "Wait until one of yours is closed. Who handles one can ask you for more, if you allowed it.",
}
