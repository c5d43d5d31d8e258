"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.organisations.examples import ORGANISATION
from chalicelib.simulations.case_examples import DOCUMENT
from chalicelib.simulations.chats import examples as chats
from chalicelib.simulations.ratings import examples as ratings
from chalicelib.simulations.results import examples as results
from chalicelib.simulations.sessions import examples as sessions
from chalicelib.simulations.sessions.examples import CASE

_SUMMARY: dict[str, Any] = {
    "id": CASE,
    "organisation_id": ORGANISATION,
    "title": DOCUMENT["title"],
    "condition": DOCUMENT["condition"],
    "language": "en",
    "published": 0,
}
_DRAFT: dict[str, Any] = {**_SUMMARY, "version": None, "document": DOCUMENT, "problems": [], "traces": []}

PARAMETERS: dict[str, Any] = {
    "organisation_id": ORGANISATION,
    "case_id": CASE,
    "version": 1,
    **sessions.PARAMETERS,
    **chats.PARAMETERS,
    **ratings.PARAMETERS,
    **results.PARAMETERS,
}
BODIES: dict[str, Any] = {
    "create_case": DOCUMENT,
    "change_case": DOCUMENT,
    "publish_case": {"is_anonymised": True},
    **sessions.BODIES,
    **chats.BODIES,
    **ratings.BODIES,
    **results.BODIES,
    "read_sheet": {"file": "d2hhdCxrZXksdGV4dApjYXNlLHRpdGxlLEEgeW91bmcgd29tYW4K"},
}
ANSWERS: dict[str, Any] = {
    **sessions.ANSWERS,
    **chats.ANSWERS,
    **ratings.ANSWERS,
    **results.ANSWERS,
    "create_case": _DRAFT,
    "list_cases": [_SUMMARY],
    "read_case": _DRAFT,
    "change_case": _DRAFT,
    "publish_case": {**_DRAFT, "published": 1, "version": 1},
    "read_sheet": {
        "document": None,
        "problems": [
            {"row": 7, "column": "what", "detail": "Write one of: case, setting, scene, learning point."}
        ],
        "notes": [],
    },
}
REFUSALS: dict[str, str] = {
    "case-unsound": "The draft cannot be played yet.",
    "simulated-case-identifies": "Take out what is pointed at, then publish it.",
    "sheet-unreadable": "This is a PDF. Send the table itself as .xlsx or CSV.",
    "simulation-moved": "Read it again, then decide.",
    "simulation-move-refused": "A case is being played. End it first, or wait until its time is over.",
    "moderators-missing": "2 of 12 participants have none. Add a moderator.",
    "place-taken": "Who plays neither moderates nor rates in the same simulation.",
    "case-not-begun": "Wait until it begins; poll to see when.",
    "replied-meanwhile": "Read it; send it again with `after` if the participant shall have it twice.",
    "case-time-over": "What comes after the time is not taken.",
    "case-ended": "Read how it ended; nothing more can be said.",
    "client-key-used": "Give each message a client_key of its own.",
    "case-not-over": "Rate once its time is over.",
    "rated-before": "A rating stays as it was given.",
    "rated-enough": "Two raters agree within one point on each domain.",
    "rating-crossed": "Send it again.",
    "answered-once": "What was answered stays, so that before and after can be compared.",
    "not-asked-now": "This is asked before the first case begins.",
    "before-missing": "After can be compared with before alone; there is nothing to compare it with.",
}
