"""Whole examples of requests and answers about evidence; `credentials/examples.py` takes them up."""

from typing import Any

from chalicelib.people.examples import CLAIRE

_CREDENTIAL = "01M4ZTNJM01QX40DC05VFRS2A1"
_FILE = "01M4ZTNJM0V7C1K4P6R9T2W5XA"
_COPY = "01M4ZTNJM0V7C1K4P6R9T2W5XB"
_HASH = "9f2c5b7e1a4d8c03f6b1e9a27d5c4083be61fa90d2c7354e8ab6f01d93c5e742"
_AWAITED: dict[str, Any] = {
    "id": _FILE,
    "name": "permis-2026.pdf",
    "type": "pdf",
    "state": "awaited",
    "reason": None,
    "reason_text": None,
    "size": None,
    "sha256": None,
    "pages": None,
    "width": None,
    "height": None,
    "revision": 1,
    "added_at": "2026-10-15T13:02:10.000000Z",
    "arrived_at": None,
    "settled_at": None,
    "gone_at": None,
}
_ACCEPTED: dict[str, Any] = {
    **_AWAITED,
    "state": "accepted",
    "size": 482_113,
    "sha256": _HASH,
    "pages": 2,
    "arrived_at": "2026-10-15T13:02:41.000000Z",
    "settled_at": "2026-10-15T13:02:58.000000Z",
}
_REJECTED: dict[str, Any] = {
    **_AWAITED,
    "id": "01M4ZTNJM0V7C1K4P6R9T2W5XC",
    "name": "permis.jpg",
    "type": "jpeg",
    "state": "rejected",
    "reason": "other_type",
    "reason_text": "The file says it is a JPEG image but is a HEIC photo. Save or export it as a PDF, JPEG or PNG and "
    "send it again.",
    "size": 2_104_882,
    "sha256": "1d4a0c9be5f27836c1b0e94d7a3f6852bc0e17d9a84f6352e0d7b91c58a3f64e",
    "arrived_at": "2026-10-15T13:00:03.000000Z",
    "settled_at": "2026-10-15T13:00:03.000000Z",
}


def _upload(file: str, media_type: str) -> dict[str, Any]:
    return {
        "url": "https://crossward-prod-quarantine-123456789012.s3.amazonaws.com/",
        "fields": {
            "key": f"{_CREDENTIAL}/{file}/Zc0v8kq1m3T9xYb2Lr5sWd7uHf4gJn6p",
            "Content-Type": media_type,
            "x-amz-server-side-encryption": "AES256",
            "policy": "eyJleHBpcmF0aW9uIjog…",
        },
        "max_bytes": 10_000_000,
        "expires_in": 900,
    }


CASE_FILES: list[dict[str, Any]] = [{**_ACCEPTED, "sent_by": "owner", "added_by": CLAIRE}]
PARAMETERS: dict[str, Any] = {"evidence_id": _FILE}
BODIES: dict[str, Any] = {
    "announce_evidence": {"name": "permis-2026.pdf", "type": "pdf"},
    "announce_copy": {"name": "register-19284.png", "type": "png", "size": 182_204},
}
ANSWERS: dict[str, Any] = {
    "announce_evidence": {"file": _AWAITED, "upload": _upload(_FILE, "application/pdf")},
    "announce_copy": {
        "file": {**_AWAITED, "id": _COPY, "name": "register-19284.png", "type": "png"},
        "upload": {**_upload(_COPY, "image/png"), "max_bytes": 182_204},
    },
    "list_my_evidence": {"items": [_REJECTED, _ACCEPTED]},
    "open_evidence": {
        "url": f"https://crossward-prod-evidence-123456789012.s3.amazonaws.com/{_CREDENTIAL}/{_FILE}/Zc0v8kq1m3T9…"
        "?X-Amz-Expires=120&…",
        "expires_in": 120,
        "file_name": f"evidence-{_FILE}.pdf",
        "media_type": "application/pdf",
        "size": 482_113,
        "sha256": _HASH,
    },
    "list_overdue_evidence": [
        {"credential_id": _CREDENTIAL, "files": 1, "since": "2026-10-15T13:02:41.000000Z"},
    ],
}
REFUSALS: dict[str, str] = {
    "too-much-evidence": (
        "A credential has at most 10 files; one that was announced and never sent counts for an hour. Put several "
        "pages into one PDF, or delete a file."
    ),
    "evidence-needed": "No file of it is accepted: add one with POST …/evidence, then submit it.",
    "evidence-handed-in": (
        "It came to them with the credential and stays. Withdraw the credential to delete all its files."
    ),
    "evidence-not-accepted": "Only an accepted file can be opened; this one is checking.",
}
