"""Scenes of sign-up to sign-out."""

from typing import Any

from chalicelib.people import service as people
from tests.architecture.scenes import address, scene, secret
from tests.support.pool import RESET_CODE, SIGN_UP_CODE
from tests.support.world import World

PASSWORD = "canary is a long password"


def sign_up_body(email: str) -> dict[str, Any]:
    return {
        "email": email,
        "password": PASSWORD,
        "given_name": secret("given name"),
        "family_name": secret("family name"),
        "locale": "en",
    }


def signed_up(world: World) -> str:
    """Sign somebody up and return their address."""
    email = address()
    assert world.post("/v1/auth/sign-up", sign_up_body(email)).status == 202
    return email


def confirmed(world: World) -> str:
    """Sign somebody up, confirm the address and return it."""
    email = signed_up(world)
    assert world.post("/v1/auth/confirm", {"email": email, "code": SIGN_UP_CODE}).status == 200
    return email


def id_of(email: str) -> str:
    found = people.find_by_email(email)
    assert found is not None
    return found[0]


@scene("POST", "/v1/auth/sign-up")
def sign_up(world: World) -> dict[str, Any]:
    return {"body": sign_up_body(address())}


@scene("POST", "/v1/auth/confirm")
def confirm(world: World) -> dict[str, Any]:
    return {"body": {"email": signed_up(world), "code": SIGN_UP_CODE}}


@scene("POST", "/v1/auth/sign-in")
def sign_in(world: World) -> dict[str, Any]:
    return {"body": {"email": confirmed(world), "password": PASSWORD}}


@scene("POST", "/v1/auth/refresh")
def refresh(world: World) -> dict[str, Any]:
    tokens = world.post("/v1/auth/sign-in", {"email": confirmed(world), "password": PASSWORD}).json
    return {"body": {"refresh_token": tokens["refresh_token"]}}


@scene("POST", "/v1/auth/sign-out")
def sign_out(world: World) -> dict[str, Any]:
    return {"by": id_of(confirmed(world)), "another": id_of(confirmed(world))}


@scene("POST", "/v1/auth/forgot-password")
def forgot_password(world: World) -> dict[str, Any]:
    return {"body": {"email": confirmed(world)}}


@scene("POST", "/v1/auth/reset-password")
def reset_password(world: World) -> dict[str, Any]:
    email = confirmed(world)
    assert world.post("/v1/auth/forgot-password", {"email": email}).status == 202
    return {"body": {"email": email, "code": RESET_CODE, "new_password": PASSWORD + "2"}}
