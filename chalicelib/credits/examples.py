"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.credits.feedback import examples as feedback
from chalicelib.organisations.examples import ORGANISATION

_SESSION = "01M5V0QZB0N5WQ1R7D3H2K9XS3"
_POINTS = "01M4YD3S5R9N2QWVYB7F8G1H0J"
_OPEN: dict[str, Any] = {
    "source": {"kind": "series-session", "id": _SESSION},
    "organisation_id": ORGANISATION,
    "title": "Heart failure ECHO: Breathless after delivery",
    "part": "learner",
    "starts_at": "2026-12-02T12:00:00.000000Z",
    "day": "2026-12-02",
    "time_zone": "Africa/Nairobi",
    "educational_seconds": 4140,
    "presented_seconds": 0,
    "non_educational_seconds": 840,
    "has_feedback": True,
    "scheme": None,
    "claimed_at": None,
}
_CLAIMED: dict[str, Any] = {**_OPEN, "scheme": "eaccme", "claimed_at": "2026-12-03T08:15:00.000000Z"}
_RULE: dict[str, Any] = {
    "valid_from": "2023-06-01",
    "valid_to": None,
    "minutes_per_credit": 60,
    "steps_per_credit": 2,
    "rounding": "down",
    "daily_maximum": 8,
    "needs_feedback": True,
    "faculty_percent": None,
    "teaching_excludes_learning": True,
    "teaching_once": True,
    "source": "UEMS 2023.07, criterion 22, as quoted at https://www.eapm.eu.com/eapm24-eaccme-credits/",
    "read_on": "2026-11-23",
}
_OWN: dict[str, Any] = {
    "scheme": _POINTS,
    "name": "Points of the Heart Alliance",
    "organisation_id": ORGANISATION,
    "rules": [
        {**_RULE, "valid_from": "2026-11-01", "daily_maximum": 6, "source": "", "read_on": None},
    ],
}

PARAMETERS: dict[str, Any] = {"organisation_id": ORGANISATION, "year": "2026", "scheme": "eaccme"}
BODIES: dict[str, Any] = {
    "claim_credit": {"source": "series-session", "source_id": _SESSION, "scheme": "eaccme"},
    "add_credit_rule": {
        "name": "Points of the Heart Alliance", "like": "eaccme", "valid_from": "2026-11-01", "daily_maximum": 6,
    },
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "my_activities": [_OPEN],
    "claim_credit": _CLAIMED,
    "my_credit_statements": "day,time_zone,title,part,source,source_id,educational_seconds,…\r\n",
    "my_credit_statement": {
        "year": 2026,
        "scheme": None,
        "notice": (
            "This statement is a record of what you took part in. Credit is awarded by an accredited provider, and not "
            "by Crossward."
        ),
        "sums": [{"scheme": "eaccme", "name": "EACCME (ECMEC)", "credits": 1.0}],
        "lines": [
            {
                **_CLAIMED,
                "counted_learning_seconds": 4140,
                "counted_teaching_seconds": 0,
                "credits": 1.0,
                "rule_from": "2023-06-01",
                "reasons": [
                    {"code": "not_educational", "text": "Welcomes, breaks, forms and goodbyes do not count."},
                    {"code": "rounded", "text": "It is rounded to the steps of the scheme."},
                ],
            }
        ],
    },
    "known_credit_schemes": {
        "items": [{"scheme": "eaccme", "name": "EACCME (ECMEC)", "organisation_id": None, "rules": [_RULE]}]
    },
    "list_credit_schemes": [_OWN],
    "add_credit_rule": _OWN,
}
REFUSALS: dict[str, str] = feedback.REFUSALS
