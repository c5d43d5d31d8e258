"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

import json
from typing import Any

from chalicelib.certificates.portfolios import examples as portfolios
from chalicelib.certificates.records import examples as records
from chalicelib.mentorships.examples import PARAMETERS as _OF_MENTORSHIPS
from chalicelib.organisations.examples import ORGANISATION_NAME
from chalicelib.people.examples import AMINA
from chalicelib.programmes.examples import PROGRAMME

_CERTIFICATE = "5ZW7Q2N8K0V6T4R1Y3M9J2H8B6"
_ISSUER = "https://mentors.example.org/v1/certificate-issuer"
_KEY_ID = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
_JWK: dict[str, Any] = {
    "kty": "OKP",
    "crv": "Ed25519",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "kid": _KEY_ID,
    "alg": "EdDSA",
    "use": "sig",
}
_RULE: dict[str, Any] = {"sessions": 6, "minutes": 0, "goals_reached": 0, "final_reflection": True}
_RECORD: dict[str, Any] = {
    "started_on": "2026-11-21",
    "last_on": "2027-06-12",
    "sessions": 8,
    "minutes": 450,
    "goals_reached": 3,
    "final_reflection": True,
}
_NOTHING: dict[str, Any] = {"name": False, "programme": False, "dates": False, "hours": False, "goals": False}
_CHOSEN: dict[str, Any] = {**_NOTHING, "name": True, "programme": True, "hours": True}
_ORDERED: dict[str, Any] = {
    "id": _CERTIFICATE,
    "mentorship_id": _OF_MENTORSHIPS["mentorship_id"],
    "programme_id": PROGRAMME,
    "activity": None,
    "role": "mentee",
    "title": "Mentorship completed as a mentee",
    "name": "Amina Otieno",
    "programme": "Infection care for children 2026/27",
    "organisation": ORGANISATION_NAME,
    "status": "ordered",
    "record": _RECORD,
    "shown": _NOTHING,
    "page_url": f"https://mentors.example.org/v1/certificates/{_CERTIFICATE}/page",
    "ordered_at": "2027-06-30T16:00:00.000000Z",
    "issued_at": None,
    "revoked_at": None,
}
_ISSUED: dict[str, Any] = {**_ORDERED, "status": "issued", "issued_at": "2027-06-30T16:00:02.000000Z"}
_OF_PROGRAMME: dict[str, Any] = {**_ISSUED, "holder_id": AMINA, "reason": None, "text": None}
OF_ACTIVITY: dict[str, Any] = {
    **_OF_PROGRAMME,
    "mentorship_id": None,
    "programme_id": None,
    "record": {
        "started_on": "2026-12-02",
        "last_on": "2027-05-19",
        "sessions": 21,
        "minutes": 1_290,
        "goals_reached": 0,
        "final_reflection": False,
    },
}
"""What is the same of certificates of activities; for the examples of who awards them."""
_REVOKE: dict[str, Any] = {"reason": "record_wrong", "text": "Two of the sessions were another pair's."}

PARAMETERS: dict[str, Any] = {
    "certificate_id": _CERTIFICATE,
    "mentorship_id": _OF_MENTORSHIPS["mentorship_id"],
    "programme_id": PROGRAMME,
    "key_id": _KEY_ID,
    "list_name": "2027",
    **portfolios.PARAMETERS,
}
BODIES: dict[str, Any] = {"show_certificate": _CHOSEN, "revoke_certificate": _REVOKE, **portfolios.BODIES}
ANSWERS: dict[str, Any] = {
    "certificate_standing": {
        "role": "mentee",
        "rule": _RULE,
        "record": {**_RECORD, "sessions": 4, "final_reflection": False},
        "missing": [
            {"need": "sessions", "has": 4, "needs": 6},
            {"need": "final_reflection", "has": 0, "needs": 1},
        ],
        "text": "Still missing: 2 sessions held; a final reflection.",
        "is_due": False,
        "certificate": None,
    },
    "order_certificate": _ORDERED,
    "my_certificates": [_ISSUED],
    "show_certificate": {**_ISSUED, "shown": _CHOSEN},
    "certificate_file": "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSIsImtpZCI6Imh0dHBzOi8v….eyJAY29udGV4dCI6Wy….Wn3…",
    "list_certificates": [_OF_PROGRAMME],
    "revoke_certificate": {
        **_OF_PROGRAMME,
        **_REVOKE,
        "status": "revoked",
        "revoked_at": "2027-07-02T09:12:00.000000Z",
    },
    "public_certificate": {
        "id": _CERTIFICATE,
        "status": "issued",
        "role": "mentee",
        "title": _ORDERED["title"],
        "organisation": _ORDERED["organisation"],
        "issuer": _ISSUER,
        "name": "Amina Otieno",
        "programme": _ORDERED["programme"],
        "started_on": None,
        "last_on": None,
        "issued_at": None,
        "sessions": 8,
        "hours": "7.5",
        "goals_reached": None,
    },
    "certificate_page": '<!doctype html>\n<html lang="en" dir="ltr">\n…',
    "certificate_issuer": json.dumps(
        {
            "@context": ["https://www.w3.org/ns/credentials/v2", "…"],
            "id": _ISSUER,
            "type": ["Profile"],
            "name": "Crossward (mentors.example.org)",
            "url": "https://mentors.example.org",
            "verificationMethod": [
                {
                    "id": f"{_ISSUER}/keys/{_KEY_ID}",
                    "type": "JsonWebKey",
                    "controller": _ISSUER,
                    "publicKeyJwk": _JWK,
                }
            ],
            "assertionMethod": [f"{_ISSUER}/keys/{_KEY_ID}"],
        },
        ensure_ascii=False,
    ),
    "certificate_key": json.dumps(_JWK),
    "certificate_status_list": "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSIsImtpZCI6Imh0dHBzOi8v….eyJAY29udGV4dCI6Wy….9Xk…",
    **portfolios.ANSWERS,
    **records.ANSWERS,
}
REFUSALS: dict[str, str] = {
    "certificate-not-due": "Still missing: 2 sessions held; a final reflection.",
    "no-certificates": "Ask the programme's coordinators.",
    "certificate-unsigned": "It is being signed, which takes some seconds. Ask again.",
    "certificate-revoked": "It was revoked before, and stays so.",
    "own-certificate": "Ask another coordinator of the organisation.",
    "certificate-moved": "Read it again, then send your change.",
    **portfolios.REFUSALS,
}
