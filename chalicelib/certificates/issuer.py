"""The issuer's public document: an Open Badges profile, and the keys of a W3C Controlled Identifier (v1.0).

It is all that a verifier needs to have: who signs, and with which keys. Keys are never taken out of it, so what an
earlier key signed stays verifiable.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.certificates.addresses import Addresses
from chalicelib.certificates.jws import Unreadable, parse_object, public_key, thumbprint

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://www.w3.org/ns/cid/v1",
]


@dataclass(frozen=True)
class Issuer:
    """An issuer with its public keys (JWK) by the URLs that signatures name them by."""

    id: str
    keys: Mapping[str, Mapping[str, Any]]


def profile(addresses: Addresses) -> dict[str, Any]:
    """Return who issues, as a credential has it."""
    return {
        "id": addresses.issuer,
        "type": ["Profile"],
        "name": f"Crossward ({addresses.host})",
        "url": addresses.origin,
    }


def document(addresses: Addresses, keys: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the issuer's document, with its public keys in the order given."""
    methods = [
        {
            "id": addresses.key(one["kid"]),
            "type": "JsonWebKey",
            "controller": addresses.issuer,
            "publicKeyJwk": dict(one),
        }
        for one in keys
    ]
    return {
        "@context": CONTEXT,
        **profile(addresses),
        "verificationMethod": methods,
        "assertionMethod": [one["id"] for one in methods],
    }


def read(text: str) -> Issuer:
    """Read an issuer's document.

    Raises
    ------
    Unreadable
        If it is none, or one of its keys is not what it says.
    """
    found = parse_object(text, "issuer document")
    methods, issuer_id = found.get("verificationMethod"), found.get("id")
    if not isinstance(issuer_id, str) or not isinstance(methods, list):
        raise Unreadable("The issuer document names no id and keys (verificationMethod).")
    for_credentials = found.get("assertionMethod")
    keys: dict[str, Mapping[str, Any]] = {}
    for one in methods:
        if not isinstance(one, dict) or not isinstance(one.get("publicKeyJwk"), dict):
            raise Unreadable("A key of the issuer document is not a JsonWebKey.")
        jwk, url = one["publicKeyJwk"], one.get("id")
        public_key(jwk)
        if not isinstance(url, str) or one.get("controller") != issuer_id:
            raise Unreadable("A key of the issuer document has no id, or is another's.")
        if jwk.get("kid") != thumbprint(jwk):
            raise Unreadable("A key of the issuer document does not have the id of its own content.")
        if isinstance(for_credentials, list) and url in for_credentials:
            keys[url] = jwk
    return Issuer(issuer_id, keys)
