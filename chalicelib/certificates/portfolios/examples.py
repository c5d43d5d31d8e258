"""Whole examples of requests and answers about portfolios; `certificates/examples.py` takes them up."""

from typing import Any

_PORTFOLIO = "01MST64N00WQ9X42FTCHV4EG1C"
_FILES = "https://documents.example.org/portfolios/…"
_ORDERED: dict[str, Any] = {
    "id": _PORTFOLIO,
    "status": "ordered",
    "bytes": 0,
    "ordered_at": "2027-07-01T08:00:00.000000Z",
    "issued_at": None,
    "kept_until": None,
    "links": None,
}
_READY: dict[str, Any] = {
    **_ORDERED,
    "status": "ready",
    "bytes": 18_204,
    "issued_at": "2027-07-01T08:00:04.000000Z",
    "kept_until": "2027-07-08T08:00:06.000000Z",
}

PARAMETERS: dict[str, Any] = {"portfolio_id": _PORTFOLIO}
BODIES: dict[str, Any] = {
    "order_portfolio": {
        "goals": True,
        "sessions": True,
        "introductions": True,
        "activities": True,
        "certificates": True,
        "reflections": "final",
        "mentorship_ids": None,
        "left_out": [],
    },
    "check_portfolio": {
        "file": '{"format":"crossward-portfolio/1","proof":"eyJhbGciOiJFZERTQSIs…","portfolio":{…}}',
        "issuer": '{"id":"https://mentors.example.org/v1/certificate-issuer","verificationMethod":[…]}',
    },
}
ANSWERS: dict[str, Any] = {
    "order_portfolio": _ORDERED,
    "my_portfolios": [_READY],
    "read_portfolio": {
        **_READY,
        "links": {"file": f"{_FILES}.json?…", "page": f"{_FILES}.html?…", "expires_in": 300},
    },
    "check_portfolio": {
        "genuine": True,
        "issuer": "https://mentors.example.org/v1/certificate-issuer",
        "issued_at": "2027-07-01T08:00:04.000000Z",
        "holder": "Amina Otieno",
        "findings": [
            {"check": one, "verdict": "good"}
            for one in ("form", "key", "signature", "claims", "time", "content")
        ],
    },
}
REFUSALS: dict[str, str] = {"too-many-portfolios": "10 a day are enough. Use the last, or wait."}
