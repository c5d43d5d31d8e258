"""A certificate and its issuer, without any storage."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.certificates import badge, issuer, jws
from chalicelib.certificates.addresses import Addresses
from chalicelib.certificates.issuer import Issuer
from chalicelib.certificates.jws import SigningKey
from chalicelib.certificates.model import Certificate, OfMentorship, Signature, Status
from chalicelib.certificates.wording import words_of
from chalicelib.mentorships.record import Record
from chalicelib.programmes.model import CertificateRule, Side

NOW = datetime(2027, 6, 30, 16, 0, tzinfo=UTC)
WHERE = Addresses("https://mentors.example.org")
KEY = jws.new_key()
RECORD = Record(date(2026, 11, 21), date(2027, 6, 12), 8, 450, 3, final_reflection=True)
CERTIFICATE = Certificate(
    "5ZW7Q2N8K0V6T4R1Y3M9J2H8B6",
    OfMentorship("01M7ZHH1T0VB6G8N9PD6CJBHXE", "01M45H7NQ0WACY5N36ZNNWNY9C", Side.MENTEE, CertificateRule()),
    "01M1E0K86GYM2WX0DR7DZKQDSW", "01M4Y7F3YR0BPP06Q1E3AB19V8", "Amina Otieno", "Hearts across borders",
    "Heart Alliance", "en", RECORD, NOW,
)  # fmt: skip
SIGNATURE = Signature(KEY.id, NOW, "2027", 94_567)


def payload(**changes: Any) -> dict[str, Any]:
    """Return what is signed of a certificate, with fields of it changed."""
    one = replace(CERTIFICATE, status=Status.ISSUED, signature=SIGNATURE, **changes)
    return badge.credential(one, SIGNATURE, words_of(one), WHERE)


def signed(content: dict[str, Any] | None = None, key: SigningKey = KEY) -> str:
    return jws.sign(content or payload(), key, WHERE.key(key.id))


def revocations(*indexes: int, key: SigningKey = KEY, **changes: Any) -> str:
    """Return a signed status list, with fields of it changed."""
    whole = badge.status_list("2027", indexes, NOW, WHERE) | changes
    return jws.sign(whole, key, WHERE.key(key.id))


def document(*keys: SigningKey) -> str:
    return json.dumps(issuer.document(WHERE, [one.public_jwk for one in keys or (KEY,)]))


def known(*keys: SigningKey) -> Issuer:
    return issuer.read(document(*keys))
