"""A certificate as an Open Badges 3.0 credential, on the W3C's Verifiable Credentials Data Model 2.0.

What is signed is the credential itself with the registered claims of a JWT beside it (Open Badges 3.0, 8.2.3).
Open Badges: https://www.imsglobal.org/spec/ob/v3p0/ ; status lists: https://www.w3.org/TR/vc-bitstring-status-list/ .
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from chalicelib.certificates import bitstring
from chalicelib.certificates.addresses import Addresses
from chalicelib.certificates.issuer import CONTEXT, profile
from chalicelib.certificates.model import Certificate, OfMentorship, Signature

_SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"


@dataclass(frozen=True)
class Wording:
    """The words of a certificate in its holder's language, and the names of its results by what they count."""

    language: str
    name: str
    description: str
    criteria: str
    results: Mapping[str, str]


def hours_of(minutes: int) -> Decimal:
    """Return minutes as hours with one digit at most."""
    tenths = round(minutes / 6)
    return Decimal(tenths) / 10 if tenths % 10 else Decimal(tenths // 10)


def hours_text(minutes: int) -> str:
    """Write minutes as hours for machines, a point before the digit: `7`, `7.5`."""
    return str(hours_of(minutes))


def results_of(certificate: Certificate) -> dict[str, str]:
    """Return what a certificate counts, by name; what there is none of is not claimed."""
    record = certificate.record
    counted = {
        "sessions": (record.sessions, str(record.sessions)),
        "hours": (record.minutes, hours_text(record.minutes)),
        "goals": (record.goals_reached, str(record.goals_reached)),
    }
    return {name: text for name, (count, text) in counted.items() if count}


def credential(
    certificate: Certificate, signature: Signature, words: Wording, addresses: Addresses
) -> dict[str, Any]:
    """Return what is signed of a certificate."""
    own_url, achievement_url = (
        addresses.certificate(certificate.id),
        _achievement(certificate, addresses),
    )
    list_url, issued = addresses.status_list(signature.list_name), _instant(signature.at)
    results = results_of(certificate)
    achievement = {
        "id": achievement_url,
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "inLanguage": words.language,
        "name": words.name,
        "description": words.description,
        "criteria": {"narrative": words.criteria},
        "creator": {
            "id": addresses.organisation(certificate.organisation_id),
            "type": ["Profile"],
            "name": certificate.organisation_name,
        },
        "resultDescription": [
            {
                "id": f"{achievement_url}-{name}",
                "type": ["ResultDescription"],
                "name": words.results[name],
                "resultType": "Result",
            }
            for name in results
        ],
    }
    holder = f"{own_url}#holder"
    subject = {
        "id": holder,
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": certificate.holder_name,
                "identityType": "name",
            }
        ],
        "role": certificate.of.role,
        "activityStartDate": f"{certificate.record.started_on}T00:00:00Z",
        "activityEndDate": f"{certificate.record.last_on}T00:00:00Z",
        "achievement": _without_empty(achievement),
        "result": [
            {"type": ["Result"], "resultDescription": f"{achievement_url}-{name}", "value": text}
            for name, text in results.items()
        ],
    }
    return {
        "@context": CONTEXT[:2],
        "id": own_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": profile(addresses),
        "validFrom": issued,
        "awardedDate": issued,
        "name": words.name,
        "credentialSubject": _without_empty(subject),
        "credentialStatus": {
            "id": f"{list_url}#{signature.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(signature.index),
            "statusListCredential": list_url,
        },
        "credentialSchema": [{"id": _SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        **_claims(addresses, own_url, signature.at),
        "sub": holder,
    }


def _achievement(certificate: Certificate, addresses: Addresses) -> str:
    of = certificate.of
    if isinstance(of, OfMentorship):
        return addresses.achievement("programme", of.programme_id, of.role)
    return addresses.achievement(of.kind, of.id, of.role)


def status_list(name: str, revoked: Iterable[int], at: datetime, addresses: Addresses) -> dict[str, Any]:
    """Return what is signed of a status list."""
    url = addresses.status_list(name)
    return {
        "@context": CONTEXT[:1],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": addresses.issuer,
        "validFrom": _instant(at),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": bitstring.encoded(revoked),
        },
        **_claims(addresses, url, at),
    }


def _claims(addresses: Addresses, url: str, at: datetime) -> dict[str, Any]:
    return {"iss": addresses.issuer, "jti": url, "nbf": int(at.timestamp())}


def _instant(at: datetime) -> str:
    """Write an instant to the second, which is what `nbf` holds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    """Leave out lists with nothing in them, which the schema of Open Badges does not take."""
    return {name: value for name, value in fields.items() if value != []}
