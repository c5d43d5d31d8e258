"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.certificates.examples import OF_ACTIVITY
from chalicelib.organisations.examples import ORGANISATION
from chalicelib.people.examples import AMINA, AMINA_PERSON
from chalicelib.series.cases import examples as cases
from chalicelib.series.evaluation import examples as evaluation
from chalicelib.series.sessions import examples as sessions
from chalicelib.series.sessions.examples import SERIES

SITE = "01M5V0QZB0N5WQ1R7D3H2K9XS2"

_LIMITS: dict[str, Any] = {"guests": 25, "visits": 3, "share": 80, "recommendation_days": 3}
_SERIES: dict[str, Any] = {
    "id": SERIES,
    "organisation_id": ORGANISATION,
    "title": "Heart failure ECHO",
    "description": "Every Wednesday: a short talk, two cases from the spokes, and what the hub and you recommend.",
    "time_zone": "Africa/Nairobi",
    "entry": "public",
    "limits": _LIMITS,
    "your_role": "owner",
    "your_place": "active",
}
_SITE: dict[str, Any] = {
    "id": SITE, "name": "Kilifi County Hospital", "country": "KE", "income_group": "lower_middle",
}  # fmt: skip
_MEMBER: dict[str, Any] = {
    "person_id": AMINA,
    "name": "Amina Otieno",
    "role": "member",
    "place": "active",
    "site_id": SITE,
    "visits": 0,
    "since": "2026-11-22T09:30:00.000000Z",
}
_OWN: dict[str, Any] = {
    "series_id": SERIES,
    "title": _SERIES["title"],
    "role": "member",
    "place": "active",
    "site_id": SITE,
    "visits": 0,
    "share": None,
}

PARAMETERS: dict[str, Any] = {
    **sessions.PARAMETERS,
    **cases.PARAMETERS,
    "organisation_id": ORGANISATION,
    "site_id": SITE,
}
BODIES: dict[str, Any] = {
    **sessions.BODIES,
    **cases.BODIES,
    **evaluation.BODIES,
    "create_series": {
        "title": _SERIES["title"], "description": _SERIES["description"], "time_zone": "Africa/Nairobi",
        "entry": "public", "limits": _LIMITS,
    },
    "change_series": {"limits": {**_LIMITS, "visits": 5}},
    "invite_to_series": {
        "invitations": [
            {
                "email": AMINA_PERSON["email"], "given_name": "Amina", "family_name": "Otieno", "role": "member",
                "site_id": SITE, "locale": "en",
            },
            {"email": "Amina@example.org", "given_name": "Amina"},
        ]
    },
    "change_series_member": {"role": "facilitator"},
    "join_series": {"role": "member", "site_id": SITE},
    "add_site": {"name": _SITE["name"], "country": "KE"},
    "change_site": {"country": "KE"},
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    **sessions.ANSWERS,
    **cases.ANSWERS,
    **evaluation.ANSWERS,
    "create_series": _SERIES,
    "list_series_of_hub": [{**_SERIES, "your_place": None}],
    "list_public_series": [{**_SERIES, "your_role": None, "your_place": None}],
    "read_series": _SERIES,
    "change_series": {**_SERIES, "limits": {**_LIMITS, "visits": 5}},
    "list_series_members": [_MEMBER],
    "invite_to_series": {
        "invited": 1,
        "failed": 1,
        "items": [
            {"email": AMINA_PERSON["email"], "outcome": "invited"},
            {"email": "Amina@example.org", "outcome": "repeated"},
        ],
    },
    "change_series_member": {**_MEMBER, "role": "facilitator"},
    "my_series": [_OWN],
    "my_place_in_series": {
        **_OWN,
        "share": {
            "attended_seconds": 15_120, "held_seconds": 16_200, "sessions": 3, "percent": 93, "is_enough": True,
        },
    },
    "join_series": _OWN,
    "award_series": {"sessions": 24, "share": 80},
    "list_series_certificates": [
        {
            **OF_ACTIVITY, "activity": {"kind": "series", "id": SERIES}, "role": "member",
            "title": "Tele-mentoring series attended", "programme": _SERIES["title"],
        }
    ],
    "list_sites": [_SITE],
    "add_site": _SITE,
    "change_site": _SITE,
}  # fmt: skip
