"""Texts that only this installation can read or make: AES-SIV, so that the same text gives the same token."""

import base64
import binascii
import secrets

KEY_BYTES = 64


def new_key() -> bytes:
    """Return a fresh key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, purpose: str, text: str) -> str:
    """Return a text as a token for URLs: nothing of it can be read, and a changed token opens to nothing.

    Parameters
    ----------
    purpose
        A token sealed for one purpose does not open for another.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    sealed = AESSIV(key).encrypt(text.encode(), [purpose.encode()])
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def unseal(key: bytes, purpose: str, token: str) -> str | None:
    """Return what was sealed in a token; None where it is none of ours for this purpose."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        text = AESSIV(key).decrypt(sealed, [purpose.encode()]).decode()
    except (InvalidTag, UnicodeError, ValueError, binascii.Error):
        return None
    # Base 64 has spare bits at its end: one token is one spelling.
    return text if seal(key, purpose, text) == token else None
