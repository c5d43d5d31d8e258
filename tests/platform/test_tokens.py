"""Which access tokens are taken."""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.platform import tokens
from chalicelib.platform.tokens import InvalidToken, verify_access_token
from tests.support.world import KEY_ID, World, access_token, signing_key

PERSON = "01JCZ0M3V5R8W1T2Y4X6Z8B0D2"
pytestmark = pytest.mark.usefixtures("world")


def test_a_token_of_the_pool_is_taken() -> None:
    assert verify_access_token(access_token(PERSON)).person_id == PERSON


@pytest.mark.parametrize(
    "claims",
    [
        {"token_use": "id"},
        {"iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_foreign"},
        {"client_id": "another-client"},
        {"exp": int(time.time()) - 60},
        {"username": ""},
        {"username": 7},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_a_token_for_something_else_is_refused(claims: dict) -> None:
    with pytest.raises(InvalidToken):
        verify_access_token(access_token(PERSON, **claims))


def claims_of(token: str) -> dict:
    return jwt.decode(token, options={"verify_signature": False})


def test_a_token_signed_with_another_key_is_refused() -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forged = jwt.encode(claims_of(access_token(PERSON)), other, algorithm="RS256", headers={"kid": KEY_ID})
    with pytest.raises(InvalidToken):
        verify_access_token(forged)
    unknown = jwt.encode(
        claims_of(access_token(PERSON)), other, algorithm="RS256", headers={"kid": "unknown"}
    )
    with pytest.raises(InvalidToken, match="not the pool's"):
        verify_access_token(unknown)


def test_an_unsigned_token_and_one_signed_with_the_public_key_as_secret_are_refused() -> None:
    claims = claims_of(access_token(PERSON))
    with pytest.raises(InvalidToken):
        verify_access_token(jwt.encode(claims, None, algorithm="none", headers={"kid": KEY_ID}))
    # By hand: the library refuses to make this one.
    numbers = signing_key().public_key().public_numbers()
    secret = numbers.n.to_bytes(256, "big")
    with pytest.raises(InvalidToken):
        verify_access_token(jwt.encode(claims, secret, algorithm="HS256", headers={"kid": KEY_ID}))


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "e30.e30.e30", "🙂"])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidToken):
        verify_access_token(text)


def test_a_rotated_key_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(signing_key().public_key()))
    answers = [{"keys": []}, {"keys": [{**public, "kid": KEY_ID, "kty": "RSA"}]}]
    monkeypatch.setattr(tokens, "_fetch", lambda _url: answers.pop(0))
    tokens._keys.cache_clear()
    tokens._last_fetch.clear()
    assert verify_access_token(access_token(PERSON)).person_id == PERSON
    assert answers == []


def test_forged_key_ids_do_not_buy_a_fetch_each(monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[str] = []
    monkeypatch.setattr(tokens, "_fetch", lambda url: fetched.append(url) or {"keys": []})
    tokens._keys.cache_clear()
    tokens._last_fetch.clear()
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for n in range(20):
        forged = jwt.encode({"exp": 1}, other, algorithm="RS256", headers={"kid": f"forged-{n}"})
        with pytest.raises(InvalidToken):
            verify_access_token(forged)
    assert len(fetched) == 2


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://cognito-idp.eu-west-1.amazonaws.com/pool/.well-known/jwks.json", True),
        ("http://127.0.0.1:4566/pool/.well-known/jwks.json", True),
        ("http://evil.example/jwks.json", False),
        ("http://127.0.0.1.evil.example/jwks.json", False),
        ("file:///etc/passwd", False),
    ],
)
def test_keys_come_from_a_safe_address_alone(url: str, safe: bool) -> None:
    assert tokens.is_safe(url) is safe


def test_every_protected_route_refuses_a_bad_token(world: World) -> None:
    for header in (
        "Bearer nonsense",
        "Basic eDp5",
        access_token(PERSON),
        f"Bearer {access_token(PERSON, token_use='id')}",
    ):
        assert world.get("/v1/me", headers={"Authorization": header}).status in (401, 403)
