"""One installation in memory: moto's AWS with the resources of infra/data.yaml, the app, a clock and its people."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from chalice.test import Client
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.kernel.call import Actor, Call
from chalicelib.kernel.ids import new_id
from chalicelib.organisations import store as organisations_store
from chalicelib.organisations.model import Membership, Organisation, Rights, StaffRole
from chalicelib.people import store as people_store
from chalicelib.people.checks import checked_profile
from chalicelib.people.model import Person, PersonStatus, Profile, Standing
from chalicelib.people.schemas import ProfileChange
from chalicelib.people.service import ClaimState
from chalicelib.platform import tables
from chalicelib.platform.settings import settings
from chalicelib.platform.web import problems, refusals
from chalicelib.platform.web.endpoint import ENDPOINTS
from tests.support.aws import put_back
from tests.support.pool import CodeMail, make_strict

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY_ID = "test-key"

MENTOR_PROFILE: dict[str, Any] = {
    "profession": "2212",
    "specialties": ["cardiology"],
    "career_stage": "senior",
    "country": "CA",
    "languages": [{"language": "en", "level": "C2"}, {"language": "fr", "level": "B2"}],
    "time_zone": "America/Toronto",
    "availability": [{"weekday": day, "start": "07:00", "end": "12:00"} for day in ("mon", "wed", "sat")],
    "channels": ["video", "chat"],
    "connection": "good",
    "topics_offered": ["heart failure", "research methods"],
}
MENTEE_PROFILE: dict[str, Any] = {
    "profession": "2211",
    "specialties": ["cardiology"],
    "career_stage": "early",
    "country": "KE",
    "languages": [{"language": "en", "level": "C1"}, {"language": "sw", "level": "C2"}],
    "time_zone": "Africa/Nairobi",
    "availability": [{"weekday": day, "start": "14:00", "end": "20:00"} for day in ("mon", "wed", "sat")],
    "channels": ["chat", "video"],
    "connection": "fair",
    "topics_sought": ["heart failure"],
}


@cache
def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def access_token(person_id: str, **claims: Any) -> str:
    """Return a token as the pool would issue it, with some claims changed."""
    now = int(time.time())
    whole = {
        "sub": person_id, "username": person_id, "iss": settings().token_issuer, "token_use": "access",
        "client_id": settings().user_pool_client_id, "iat": now, "exp": now + 3600, "jti": person_id,
    } | claims  # fmt: skip
    return jwt.encode(whole, signing_key(), algorithm="RS256", headers={"kid": KEY_ID})


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def etag(self) -> str:
        return self.headers["ETag"]


def require_described(method: str, path: str, reply: Reply) -> None:
    """See that a refusal is one of those that the route's description names."""
    if reply.headers.get("Content-Type") != "application/problem+json" or reply.status == 500:
        return
    parts = path.split("/")
    for (verb, known), endpoint in ENDPOINTS.items():
        pattern = known.split("/")
        if (
            verb == method
            and len(pattern) == len(parts)
            and all(
                told == wanted or wanted.startswith("{") for told, wanted in zip(parts, pattern, strict=True)
            )
        ):
            named = {reason.code for reason in refusals.reasons(endpoint)}
            code = reply.json["type"].removeprefix(problems.TYPE_PREFIX)
            assert code in named, f"{method} {known} refuses for {code}: declare it in `errors` of the route"
            return


@dataclass
class World:
    """The installation under test.

    Attributes
    ----------
    calls
        The DynamoDB operations made inside `counted`.
    code_mails
        What the user pool mailed.
    is_untouched
        Whether no row has been asked for since it began.
    """

    client: Client
    at: datetime = START
    calls: list[str] = field(default_factory=list)
    code_mails: list[CodeMail] = field(default_factory=list)
    is_untouched: bool = True

    def begin_anew(self) -> None:
        """Forget everything that was done."""
        put_back()
        self.at, self.is_untouched = START, True
        self.calls.clear()
        self.code_mails.clear()

    def pass_time(self, **how: float) -> None:
        self.at += timedelta(**how)

    def call(self, person_id: str, **how: Any) -> Call:
        return Call(now=self.at, actor=Actor(person_id), **how)

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: str | None = None,
        headers: dict[str, str] | None = None,
        query: dict[str, Any] | None = None,
        raw: bytes | None = None,
    ) -> Reply:
        sent = {"Content-Type": "application/json", **(headers or {})}
        if by is not None:
            sent.setdefault("Authorization", f"Bearer {access_token(by)}")
        content = raw if raw is not None else (json.dumps(body).encode() if body is not None else b"")
        target = path + (f"?{urlencode(query, doseq=True)}" if query else "")
        answer = self.client.http.request(method, target, headers=sent, body=content)
        reply = Reply(answer.status_code, dict(answer.headers), answer.body.decode())
        require_described(method, path, reply)
        return reply

    def get(self, path: str, **how: Any) -> Reply:
        return self.request("GET", path, **how)

    def post(self, path: str, body: Any = None, **how: Any) -> Reply:
        return self.request("POST", path, body, **how)

    def put(self, path: str, body: Any = None, **how: Any) -> Reply:
        return self.request("PUT", path, body, **how)

    def patch(self, path: str, body: Any = None, **how: Any) -> Reply:
        return self.request("PATCH", path, body, **how)

    def delete(self, path: str, **how: Any) -> Reply:
        return self.request("DELETE", path, **how)

    def write(self, *writes: tables.Write) -> None:
        """Commit writes of a store, to set a scene."""
        tables.transact(list(writes), new_id(self.at) + "-scene")

    def person(
        self,
        profile: dict[str, Any] | None = None,
        *,
        email: str | None = None,
        name: str = "Amina Otieno",
        locale: str = "en",
        verified_until: datetime | None = None,
        status: PersonStatus = PersonStatus.ACTIVE,
    ) -> str:
        """Add a person with a profile, and return their id."""
        person_id = new_id(self.at)
        given, _, family = name.partition(" ")
        address = email or f"{person_id.lower()}@example.org"
        person = Person(
            person_id, address, given, family, locale, status, Standing(verified_until), self.at, self.at
        )
        changes = ProfileChange.model_validate(profile or {}).changes()
        whole = checked_profile(replace(Profile(person_id), **changes))
        claim = ClaimState.CONFIRMED if status is PersonStatus.ACTIVE else ClaimState.INVITED
        self.write(
            people_store.put_person(person, self.at),
            people_store.put_email(address, person_id, claim, None, None, self.at),
            people_store.put_profile(whole, self.at),
        )
        return person_id

    def mentor(self, **profile: Any) -> str:
        """Add a verified mentor."""
        return self.person(
            {**MENTOR_PROFILE, **profile},
            name="Claire Tremblay",
            verified_until=self.at + timedelta(days=365),
        )

    def mentee(self, **profile: Any) -> str:
        """Add a mentee whom the mentor of `mentor()` suits."""
        return self.person({**MENTEE_PROFILE, **profile})

    def organisation(self, name: str = "Heart Alliance") -> str:
        """Add an organisation, and return its id."""
        organisation = Organisation(new_id(self.at), name, "KE")
        self.write(organisations_store.put_organisation(organisation, self.at))
        return organisation.id

    def staff(self, organisation_id: str, *roles: StaffRole, admin: bool = False) -> str:
        """Add a person with staff roles in an organisation."""
        person_id = self.person(name="Sam Staff")
        rights = Rights(person_id, admin, {organisation_id: frozenset(roles)} if roles else {})
        membership = Membership(organisation_id, person_id, frozenset(roles))
        self.write(
            organisations_store.put_rights(rights, self.at),
            organisations_store.put_member(membership, self.at),
            organisations_store.list_admin(person_id, self.at, admin=admin),
        )
        return person_id

    def coordinator(self, organisation_id: str) -> str:
        return self.staff(organisation_id, StaffRole.COORDINATOR)

    def reviewer(self, organisation_id: str) -> str:
        return self.staff(organisation_id, StaffRole.REVIEWER)

    def admin(self) -> str:
        return self.staff("", admin=True)

    def messages(self, kind: str | None = None) -> list[Any]:
        """Return the outbox messages that are due within the next month, done or not, oldest first."""
        from chalicelib.platform import outbox

        found = [one for one in outbox.due(self.at + timedelta(days=31)) if kind in (None, one.kind)]
        return sorted(found, key=lambda one: (one.due_at, one.id))

    def follow_up(self) -> list[str]:
        """Do what follows from all news so far, as its worker does; return the kinds, in the order done."""
        from chalicelib.follow_ups import service
        from chalicelib.platform import outbox

        found = [one.id for one in self.messages() if one.topic is outbox.Topic.FOLLOW_UP]
        kinds = [service.follow_up(one, lambda: self.at) for one in found]
        return [kind for kind in kinds if kind is not None]

    @contextmanager
    def counted(self) -> Iterator[list[str]]:
        """Collect the names of the DynamoDB operations made inside the block."""
        self.calls.clear()
        yield self.calls


def make_world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Build a world inside a running mock."""
    import app
    from chalicelib.platform import clock, tokens

    world = World(Client(app.app, stage_name="test"), code_mails=make_strict(monkeypatch))
    monkeypatch.setattr(clock, "now", lambda: world.at)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(signing_key().public_key()))
    monkeypatch.setattr(tokens, "_fetch", lambda _url: {"keys": [{**public, "kid": KEY_ID, "kty": "RSA"}]})
    plain = tables._dispatch

    def counting(operation: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        world.is_untouched = False
        world.calls.append(operation)
        return plain(operation, kwargs)

    monkeypatch.setattr(tables, "_dispatch", counting)
    return world
