"""Whole examples of requests and answers about registers and checks; `credentials/examples.py` takes them up."""

from typing import Any

from chalicelib.organisations.examples import ORGANISATION
from chalicelib.people.examples import NADIA

_CREDENTIAL = "01M4ZTNJM01QX40DC05VFRS2A1"
_LOAD = "01M4ZTNJM0R4VDQ8Z2X9K7C3E5"
_CHECK = "01M4ZTNJM0T6BH2N5Y8W1J4G7K"
_COLUMNS: dict[str, Any] = {
    "number": "Reg No",
    "names": ["Given names", "Surname"],
    "status": "Status",
    "valid_until": "Valid to",
    "current": ["Active"],
    "not_current": ["Suspended", "Lapsed"],
    "listed_is_current": False,
    "day_order": "dmy",
    "digits": None,
}
_WAITING: dict[str, Any] = {
    "id": _LOAD,
    "organisation_id": ORGANISATION,
    "authority_id": "ke-kmpdc",
    "as_of": "2026-10-01",
    "status": "waiting",
    "created_by": NADIA,
    "created_at": "2026-10-15T13:05:20.000000Z",
    "finished_at": None,
    "entries": None,
    "entries_done": 0,
    "bad_rows": None,
    "notes": [],
    "failure": None,
}
_DONE: dict[str, Any] = {
    **_WAITING,
    "status": "done",
    "finished_at": "2026-10-15T13:06:40.000000Z",
    "entries": 497,
    "entries_done": 497,
    "bad_rows": 3,
}
_UPLOAD: dict[str, Any] = {
    "url": "https://crossward-prod-documents-123456789012.s3.amazonaws.com/",
    "fields": {"key": f"uploads/registers/{ORGANISATION}/{_LOAD}", "policy": "eyJleHBpcmF0aW9uIjog…"},
    "max_bytes": 33_554_432,
    "expires_in": 900,
}
_PROBLEMS: list[dict[str, Any]] = [
    {"row": 19, "column": "Reg No", "reason": "there is no number"},
    {"row": 232, "column": "Valid to", "reason": "this is no day written as 30/06/2027"},
    {"row": 501, "column": "Reg No", "reason": "this number stands in row 5 for another entry"},
]
_ASKED: dict[str, Any] = {
    "id": _CHECK,
    "credential_id": _CREDENTIAL,
    "revision": 1,
    "is_current": True,
    "means": "file",
    "authority_id": "ke-kmpdc",
    "address": None,
    "seen_at": None,
    "evidence_id": None,
    "asked_by": NADIA,
    "asked_at": "2026-10-16T08:00:00.000000Z",
    "answered_at": None,
    "outcome": None,
    "reason": None,
    "reason_text": None,
    "as_of": None,
    "entry": None,
    "comparison": None,
}
_ENTRY: dict[str, Any] = {
    "number": "A104233",
    "names": ["OTIENO AMINA W."],
    "is_person": True,
    "status": "Active",
    "state": "current",
    "licences": [],
    "valid_until": "2027-06-30",
}
_COMPARISON: dict[str, Any] = {
    "score": 94,
    "ours": "Amina Otieno",
    "theirs": "OTIENO AMINA W.",
    "pairs": [
        {"ours": "amina", "theirs": "amina", "how": "same"},
        {"ours": "otieno", "theirs": "otieno", "how": "same"},
        {"ours": None, "theirs": "w", "how": "alone"},
    ],
}
_ANSWERED: dict[str, Any] = {
    **_ASKED,
    "answered_at": "2026-10-16T08:00:02.000000Z",
    "outcome": "found",
    "as_of": "2026-10-01",
    "entry": _ENTRY,
    "comparison": _COMPARISON,
}
_DOWN: dict[str, Any] = {
    **_ASKED,
    "id": "01M4ZTNJM0T6BH2N5Y8W1J4G7M",
    "means": "online",
    "authority_id": "us-nppes",
    "answered_at": "2026-10-16T08:01:30.000000Z",
    "outcome": "unavailable",
    "reason": "answer-too-slow",
    "reason_text": "The register took too long to answer.",
}
_SEEN: dict[str, Any] = {
    "address": "https://register.example.org/entry?no=104233",
    "seen_at": "2026-10-16T07:55:00.000000Z",
    "outcome": "found",
    "name": "OTIENO AMINA W.",
    "status": "Retained",
    "state": "current",
    "evidence_id": None,
    "revision": 1,
}
_RECORDED: dict[str, Any] = {
    **_ANSWERED,
    "means": "manual",
    "authority_id": None,
    "address": _SEEN["address"],
    "seen_at": _SEEN["seen_at"],
    "answered_at": _ASKED["asked_at"],
    "as_of": "2026-10-16",
    "entry": {**_ENTRY, "status": "Retained", "valid_until": None},
}

PARAMETERS: dict[str, Any] = {"load_id": _LOAD}
BODIES: dict[str, Any] = {
    "open_register": {
        "authority_id": "ke-kmpdc",
        "as_of": "2026-10-01",
        "columns": _COLUMNS,
        "accepts_fewer": False,
    },
    "ask_register": {"authority_id": "ke-kmpdc"},
    "record_register": _SEEN,
}
ANSWERS: dict[str, Any] = {
    "open_register": {**_WAITING, "problems": [], "upload": _UPLOAD},
    "list_registers": [_DONE],
    "read_register": {**_DONE, "problems": _PROBLEMS, "upload": None},
    "ask_register": _ASKED,
    "record_register": _RECORDED,
    "list_checks": {"items": [_ANSWERED, _DOWN]},
}
REFUSALS: dict[str, str] = {
    "credential-without-number": (
        "The claim carries no number. Look at the register yourself and record what you saw."
    ),
}
