"""Access tokens of the user pool: verified here and nowhere else."""

import json
import time
import urllib.request
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from chalicelib.platform.settings import settings

_LEEWAY_SECONDS = 5
_FETCH_TIMEOUT_SECONDS = 3
_FETCH_AGAIN_SECONDS = 60


class InvalidToken(Exception):
    """The token is not an access token that this installation's user pool issued and that still holds."""


@dataclass(frozen=True)
class AccessToken:
    """What we take from an access token: the person's id is the pool's user name."""

    person_id: str


def verify_access_token(token: str) -> AccessToken:
    """Verify signature (RS256 by the pool's keys), issuer, audience, use and expiry.

    Raises
    ------
    InvalidToken
        If any of them does not hold.
    """
    import jwt

    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") != "RS256" or not isinstance(header.get("kid"), str):
            raise InvalidToken("not signed with RS256 and a key id")
        claims = jwt.decode(
            token,
            _key(header["kid"]),
            algorithms=["RS256"],
            issuer=settings().token_issuer,
            leeway=_LEEWAY_SECONDS,
            # A Cognito access token names its client in client_id and has no aud.
            options={"require": ["exp", "iat", "iss", "sub", "token_use", "client_id"], "verify_aud": False},
        )
    except jwt.PyJWTError as error:
        raise InvalidToken(type(error).__name__) from error
    if claims["token_use"] != "access":  # noqa: S105
        raise InvalidToken("not an access token")
    if claims["client_id"] != settings().user_pool_client_id:
        raise InvalidToken("issued to another client")
    person_id = claims.get("username")
    if not isinstance(person_id, str) or not person_id:
        raise InvalidToken("without a user name")
    return AccessToken(person_id)


def _key(key_id: str) -> Any:
    import jwt

    keys = _keys(settings().jwks_url)
    if key_id not in keys and _may_fetch_again(time.monotonic()):
        _keys.cache_clear()
        keys = _keys(settings().jwks_url)
    if key_id not in keys:
        raise InvalidToken("signed with a key that is not the pool's")
    return jwt.PyJWK.from_dict(keys[key_id]).key


_last_fetch: list[float] = []


def _may_fetch_again(now: float) -> bool:
    """Tell whether the pool's keys may be read again: it may have rotated them since, but forged key ids must not
    buy a fetch each."""
    if _last_fetch and now - _last_fetch[-1] < _FETCH_AGAIN_SECONDS:
        return False
    _last_fetch[:] = [now]
    return True


def is_safe(url: str) -> bool:
    """Tell whether keys may be fetched from `url`: over TLS, or from this very machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    )


@cache
def _keys(url: str) -> dict[str, dict[str, Any]]:
    return {key["kid"]: key for key in _fetch(url)["keys"] if key.get("kty") == "RSA"}


def _fetch(url: str) -> dict[str, Any]:
    if not is_safe(url):
        raise InvalidToken("the pool's keys are not at a safe address")
    with urllib.request.urlopen(url, timeout=_FETCH_TIMEOUT_SECONDS) as answer:  # noqa: S310 - scheme checked
        document: dict[str, Any] = json.loads(answer.read())
    return document
