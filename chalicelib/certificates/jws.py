"""Signed texts: compact JWS (RFC 7515) with EdDSA over Ed25519 (RFC 8037), and the keys they are signed with.

Reading is stricter than the library's: a text has one spelling alone, so that whatever was changed in it is refused.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt import PyJWS
from jwt.exceptions import PyJWTError

ALGORITHM = "EdDSA"
MAX_LETTERS = 256 * 1024
"""The longest text that is read: a status list of 131,072 bits without any order in them is about a tenth of it."""
_HEADER = frozenset({"alg", "kid", "typ"})


class Unreadable(ValueError):
    """A text is not what it should be; the message says what is wrong, in plain words."""


@dataclass(frozen=True)
class SigningKey:
    """A private key with its id: the thumbprint of its public part (RFC 7638), so that no two keys share one."""

    id: str
    private: Ed25519PrivateKey

    @property
    def public_jwk(self) -> dict[str, str]:
        """The public part, as RFC 8037 writes it; there is no `d` in it."""
        return {**_required(self.private.public_key()), "kid": self.id, "alg": ALGORITHM, "use": "sig"}

    def to_secret(self) -> str:
        """Write the key, private part and all, for the store of secrets and nothing else."""
        return json.dumps({**self.public_jwk, "d": _text(self.private.private_bytes_raw())})


@dataclass(frozen=True)
class Signed:
    """A signed text taken apart; nothing in it is to be believed before its signature is verified."""

    text: str
    key_url: str
    payload: Mapping[str, Any]


def new_key() -> SigningKey:
    """Return a fresh key."""
    private = Ed25519PrivateKey.generate()
    return SigningKey(thumbprint(_required(private.public_key())), private)


def key_of(secret: str) -> SigningKey:
    """Read what `to_secret` wrote."""
    raw = _bytes(json.loads(secret)["d"])
    private = Ed25519PrivateKey.from_private_bytes(raw)
    return SigningKey(thumbprint(_required(private.public_key())), private)


def thumbprint(jwk: Mapping[str, str]) -> str:
    """Return a public key's RFC 7638 thumbprint in base64url."""
    required = {name: jwk[name] for name in ("crv", "kty", "x")}
    return _text(
        hashlib.sha256(json.dumps(required, separators=(",", ":"), sort_keys=True).encode()).digest()
    )


def sign(payload: Mapping[str, Any], key: SigningKey, key_url: str) -> str:
    """Sign a JSON object.

    Parameters
    ----------
    key_url
        Where the public key can be read: Open Badges 3.0 asks for a URL in `kid`.
    """
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"kid": key_url, "typ": "JWT"}
    return PyJWS([ALGORITHM]).encode(body, key.private, algorithm=ALGORITHM, headers=headers)


def read(text: str) -> Signed:
    """Take a signed text apart.

    Raises
    ------
    Unreadable
        If it is no compact JWS with EdDSA, or is spelled in a way that signing does not spell.
    """
    if len(text) > MAX_LETTERS:
        raise Unreadable(f"It is longer than {MAX_LETTERS} letters.")
    parts = text.split(".")
    if len(parts) != 3 or not text.isascii():
        raise Unreadable("It is not three parts with dots between them, as a signed credential is.")
    header, payload, signature = (_bytes(part) for part in parts)
    fields = _object(header, "header")
    if set(fields) != _HEADER or fields["typ"] != "JWT":
        raise Unreadable("Its header has other fields than alg, kid and typ.")
    if fields["alg"] != ALGORITHM:
        raise Unreadable("It is not signed with EdDSA.")
    if not isinstance(fields["kid"], str) or len(signature) != 64:
        raise Unreadable("Its header names no key, or its signature is not as long as one.")
    return Signed(text, fields["kid"], _object(payload, "content"))


def is_signed_by(signed: Signed, jwk: Mapping[str, Any]) -> bool:
    """Tell whether a text was signed with the private part of a public key."""
    try:
        PyJWS([ALGORITHM]).decode(signed.text, public_key(jwk), algorithms=[ALGORITHM])
    except PyJWTError:
        return False
    return True


def public_key(jwk: Mapping[str, Any]) -> Ed25519PublicKey:
    """Read a public key.

    Raises
    ------
    Unreadable
        If it is no public Ed25519 key.
    """
    if "d" in jwk:
        raise Unreadable("A key in it is a private one: it must never leave the one who signs.")
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or not isinstance(jwk.get("x"), str):
        raise Unreadable("A key in it is not an Ed25519 key.")
    raw = _bytes(jwk["x"])
    if len(raw) != 32:
        raise Unreadable("A key in it is not as long as an Ed25519 key.")
    return Ed25519PublicKey.from_public_bytes(raw)


def parse_object(text: str | bytes, what: str) -> dict[str, Any]:
    """Read a JSON object in which no name stands twice.

    Raises
    ------
    Unreadable
        If it is none; `what` names it in the message.
    """
    return _object(text, what)


def _object(text: str | bytes, what: str) -> dict[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"Its {what} is not JSON.") from error
    if not isinstance(found, dict):
        raise Unreadable(f"Its {what} is not a JSON object.")
    return found


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def _required(key: Ed25519PublicKey) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": _text(key.public_bytes_raw())}


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("A part of it is not base64url.") from error
    # Bits beyond the last byte may be anything to a lenient reader: then several texts would be one.
    if _text(raw) != text:
        raise Unreadable("A part of it is not spelled as base64url is.")
    return raw
