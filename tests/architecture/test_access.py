"""Who may do what: every route by every kind of caller, generated from the declarations and the scenes."""

import base64
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from moto.dynamodb.models import dynamodb_backends

import app
from chalicelib.credentials import store as credentials
from chalicelib.kernel.errors import NotFound
from chalicelib.organisations.model import StaffRole
from chalicelib.people import store as people_store
from chalicelib.platform.settings import settings
from chalicelib.platform.web.endpoint import ENDPOINTS, Endpoint, Who
from infra.local.resources import ACCOUNT
from tests.architecture import access_table
from tests.architecture.imports import ROOT
from tests.architecture.scenes import Key, Others, Scene, load
from tests.support.world import KEY_ID, World, access_token, signing_key

SCENES = load()
KEYS = sorted(ENDPOINTS, key=lambda key: (key[1], key[0]))
PROTECTED = [key for key in KEYS if ENDPOINTS[key].who is not Who.ANYONE]
STAFF = {
    Who.COORDINATOR: StaffRole.COORDINATOR,
    Who.REVIEWER: StaffRole.REVIEWER,
}
_CASE = "/v1/admin/credentials/{credential_id}"
# All that a reviewer does with one case, but give it back.
CASES = [key for key in KEYS if key[1].startswith(_CASE) and key != ("DELETE", f"{_CASE}/claim")]
SOME_ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


def name(key: Key) -> str:
    return " ".join(key)


def test_every_route_is_declared_and_has_a_scene() -> None:
    routed = {
        (method, path): route.view_name
        for path, by_method in app.app.routes.items()
        for method, route in by_method.items()
    }
    others = {key for key, view in routed.items() if view == "method_not_allowed"}
    assert set(routed) - others == set(ENDPOINTS), "a route that the decorator does not know has no rules"
    assert not others & set(ENDPOINTS)
    assert set(SCENES) == set(ENDPOINTS), "each route has one scene in tests/architecture/scenes"


def test_every_route_but_the_open_ones_has_the_authorizer() -> None:
    for method, path in KEYS:
        route = app.app.routes[path][method]
        guarded = route.authorizer is not None
        assert guarded == ((method, path) in PROTECTED), f"{method} {path}"


def test_the_table_in_the_documents_is_up_to_date() -> None:
    written = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    assert written == access_table.text(), "run python -m tests.architecture.access_table docs/access.md"


# What is no access token of ours.


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _part(value: dict[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _unsigned(person: str) -> str:
    claims = jwt.decode(access_token(person), options={"verify_signature": False})
    return f"{_part({'alg': 'none', 'kid': KEY_ID})}.{_part(claims)}."


def _signed_with_the_public_key(person: str) -> str:
    """An HMAC over the public key, which passes where the verifier lets the token choose the algorithm."""
    public = signing_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    claims = jwt.decode(access_token(person), options={"verify_signature": False})
    signed = f"{_part({'alg': 'HS256', 'kid': KEY_ID})}.{_part(claims)}"
    # The library refuses to sign so; an attacker does it by hand.
    return f"{signed}.{_text(hmac.digest(public, signed.encode(), 'sha256'))}"


def _forged(person: str, key_id: str) -> str:
    claims = jwt.decode(access_token(person), options={"verify_signature": False})
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, other, algorithm="RS256", headers={"kid": key_id})


def _without(person: str, claim: str) -> str:
    claims = jwt.decode(access_token(person), options={"verify_signature": False})
    del claims[claim]
    return jwt.encode(claims, signing_key(), algorithm="RS256", headers={"kid": KEY_ID})


def _altered(person: str) -> str:
    head, body, signature = access_token(person).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["username"] = SOME_ID
    return f"{head}.{_part(claims)}.{signature}"


BAD_TOKENS = {
    "no token": lambda _: None,
    "an empty token": lambda _: "Bearer ",
    "another scheme": lambda person: f"Basic {access_token(person)}",
    "garbage": lambda _: "Bearer garbage",
    "forged with the pool's key id": lambda person: f"Bearer {_forged(person, KEY_ID)}",
    "forged with another key id": lambda person: f"Bearer {_forged(person, 'other')}",
    "altered after signing": lambda person: f"Bearer {_altered(person)}",
    "expired": lambda person: f"Bearer {access_token(person, exp=int(time.time()) - 60)}",
    "another issuer": lambda person: f"Bearer {access_token(person, iss='https://elsewhere.example/pool')}",
    "another client": lambda person: f"Bearer {access_token(person, client_id='another')}",
    "an ID token": lambda person: f"Bearer {access_token(person, token_use='id')}",
    "without a use": lambda person: f"Bearer {_without(person, 'token_use')}",
    "without an expiry": lambda person: f"Bearer {_without(person, 'exp')}",
    "alg none": lambda person: f"Bearer {_unsigned(person)}",
    "signed with the public key": lambda person: f"Bearer {_signed_with_the_public_key(person)}",
}


@pytest.mark.parametrize("kind", BAD_TOKENS)
def test_a_bad_token_opens_no_protected_route(world: World, kind: str) -> None:
    admin = world.admin()  # whom every route would let through
    header = BAD_TOKENS[kind](admin)
    headers = {} if header is None else {"Authorization": header}
    assert world.get("/v1/me", by=admin).status == 200, "the same person's good token is taken"
    let_through = {}
    for key in PROTECTED:
        names = dict.fromkeys(ENDPOINTS[key].path_names, SOME_ID)
        with world.counted() as calls:
            reply = world.request(key[0], key[1].format(**names), headers=headers)
        if reply.status not in (401, 403) or calls:
            let_through[name(key)] = (reply.status, list(calls))
    assert let_through == {}


# Who has a good token and may not.


def refused(world: World, scene: Scene, by: str, status: int) -> None:
    """Send a scene's request by somebody who may not, and see that nothing is written and nothing told."""
    before = everything_stored()
    reply = scene.play(world, by=by)
    assert reply.status == status, reply.text
    assert reply.headers["Content-Type"] == "application/problem+json"
    if status == 404:
        assert reply.json["detail"] == NotFound().detail, "it looks like a missing row"
    assert everything_stored() == before


def everything_stored() -> dict[str, list[str]]:
    """Return every row of every table, from moto's memory: twenty scans a look would take most of a test's time."""
    tables = dynamodb_backends[ACCOUNT][settings().region].tables
    return {name: [repr(item.to_json()) for item in table.all_items()] for name, table in tables.items()}


def taken(world: World, endpoint: Endpoint, scene: Scene, by: str | None = None) -> str:
    if by is not None and scene.hand_over is not None:
        scene.hand_over(world, by)
    reply = scene.play(world, by=by)
    assert reply.status == endpoint.status, reply.text
    return reply.text


def staff_of_another(world: World) -> str:
    return world.staff(world.organisation("Another"), StaffRole.COORDINATOR, StaffRole.REVIEWER)


@pytest.mark.parametrize("key", [key for key in KEYS if key not in PROTECTED], ids=name)
def test_anyone_may(world: World, key: Key) -> None:
    taken(world, ENDPOINTS[key], SCENES[key](world))


@pytest.mark.parametrize("key", [key for key in KEYS if ENDPOINTS[key].who is Who.PERSON], ids=name)
def test_a_person_for_themselves(world: World, key: Key) -> None:
    endpoint, scene = ENDPOINTS[key], SCENES[key](world)
    assert scene.by is not None
    strangers = [scene.another] if scene.another else [world.person(), staff_of_another(world)]
    if scene.others is Others.HIDDEN:
        for stranger in strangers:
            refused(world, scene, stranger, 404)
    mine = taken(world, endpoint, scene)
    if scene.others is Others.HIDDEN:
        return
    for stranger in strangers:
        theirs = taken(world, endpoint, scene, stranger)
        if scene.others is Others.OPEN:
            assert theirs == mine
        else:
            assert scene.by not in theirs


@pytest.mark.parametrize(
    "key", [key for key in KEYS if ENDPOINTS[key].who in (*STAFF, Who.STAFF)], ids=name
)  # fmt: skip
def test_staff_of_the_organisation_and_no_other(world: World, key: Key) -> None:
    endpoint, scene = ENDPOINTS[key], SCENES[key](world)
    assert scene.organisation is not None
    refused(world, scene, staff_of_another(world), 404)
    refused(world, scene, world.person(), 404)
    if endpoint.who in STAFF:
        (unfit,) = set(StaffRole) - {STAFF[endpoint.who]}
        refused(world, scene, world.staff(scene.organisation, unfit), 403)
    taken(world, endpoint, scene)
    world.begin_anew()
    again = SCENES[key](world)
    taken(world, endpoint, again, world.admin())
    if endpoint.who is Who.STAFF:
        for role in StaffRole:
            world.begin_anew()
            once_more = SCENES[key](world)
            assert once_more.organisation is not None
            taken(world, endpoint, once_more, world.staff(once_more.organisation, role))


@pytest.mark.parametrize("key", CASES, ids=name)
def test_who_shares_a_mentorship_with_its_person_does_nothing_with_a_case(world: World, key: Key) -> None:
    scene = SCENES[key](world)
    credential = credentials.get_credential(scene.path.split("/")[4])
    assert credential is not None
    assert scene.by is not None
    world.write(people_store.put_tie(scene.by, credential.person_id, world.at))
    refused(world, scene, scene.by, 403)
    assert scene.play(world).json["type"].endswith("/shares-mentorship")


@pytest.mark.parametrize("key", [key for key in KEYS if ENDPOINTS[key].who is Who.ADMIN], ids=name)
def test_admins_alone(world: World, key: Key) -> None:
    endpoint, scene = ENDPOINTS[key], SCENES[key](world)
    refused(world, scene, staff_of_another(world), 403)
    refused(world, scene, world.person(), 403)
    taken(world, endpoint, scene)
