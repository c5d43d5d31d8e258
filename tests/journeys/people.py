"""Participants and staff of a journey: real requests against the deployed package."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from tests.journeys.deployed import Deployed

PASSWORD = "a sentence that nobody guesses"
_CODE = re.compile(r"\b(\d{6})\b")


@dataclass
class Participant:
    """One person with their own session."""

    deployed: Deployed
    email: str
    id: str
    http: httpx.Client

    def get(self, path: str, **params: Any) -> Any:
        return answered(self.http.get(path, params=params))

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return answered(self.http.post(path, json=body if body is not None else {}, headers=headers))

    def put(self, path: str, body: Any, etag: str | None = None) -> Any:
        return answered(self.http.put(path, json=body, headers={"If-Match": etag} if etag else {}))

    def patch(self, path: str, body: Any) -> Any:
        return answered(self.http.patch(path, json=body))

    def change(self, method: str, path: str, body: Any, of: str | None = None) -> Any:
        """Read what is there (at `of`, where it is another path), and change that version of it and no other."""
        etag = self.http.get(of or path).headers["ETag"]
        return answered(self.http.request(method, path, json=body, headers={"If-Match": etag}))

    def all(self, path: str, **params: Any) -> list[Any]:
        """Return a list to its end, page by page."""
        items: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, **params, **cursor)
            items += page["items"]
            if page["next"] is None:
                return items
            cursor = {"cursor": page["next"]}


def answered(answer: httpx.Response) -> Any:
    """Return a good answer's JSON; fail with the problem of a bad one."""
    assert answer.is_success, (
        f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    )
    return answer.json() if answer.content else None


def anonymous(deployed: Deployed) -> httpx.Client:
    # No connection outlives its answer: nobody has to close a person.
    return httpx.Client(base_url=deployed.url, timeout=60, limits=httpx.Limits(max_keepalive_connections=0))


def fresh_address(name: str) -> str:
    return f"{name}-{uuid.uuid4().hex[:10]}@example.org"


def sign_up(deployed: Deployed, name: str, *, email: str | None = None, locale: str = "en") -> Participant:
    """Create an account as a person would: sign up, read the code in the mail, confirm, sign in."""
    email = email or fresh_address(name.split()[0].lower())
    given, _, family = name.partition(" ")
    with anonymous(deployed) as http:
        body = {
            "email": email,
            "password": PASSWORD,
            "given_name": given,
            "family_name": family,
            "locale": locale,
        }
        answered(http.post("/v1/auth/sign-up", json=body))
        mail = deployed.wait_for_mail(email, lambda one: code_in(one) is not None)
        answered(http.post("/v1/auth/confirm", json={"email": email, "code": code_in(mail)}))
    return sign_in(deployed, email, PASSWORD)


def sign_in(deployed: Deployed, email: str, password: str) -> Participant:
    """Return a person with a session."""
    http = anonymous(deployed)
    tokens = answered(http.post("/v1/auth/sign-in", json={"email": email, "password": password}))
    http.headers["Authorization"] = f"Bearer {tokens['access_token']}"
    return Participant(deployed, email, answered(http.get("/v1/me"))["id"], http)


def code_in(mail: dict[str, Any]) -> str | None:
    found = _CODE.search(f"{mail['subject']} {mail.get('text') or ''} {mail.get('html') or ''}")
    return found.group(1) if found else None


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    """Return status and reason of a refusal."""
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


def windows(*days: str, start: str, end: str) -> list[dict[str, str]]:
    return [{"weekday": day, "start": start, "end": end} for day in days]


def names() -> Iterator[str]:
    """Yield names that differ, for crowds."""
    n = 0
    while True:
        n += 1
        yield f"Person{n} Crowd"


def enrol(person: Participant, programme: str, role: str, **body: int) -> dict[str, Any]:
    """Have a person enrol themselves."""
    enrolled: dict[str, Any] = person.put(
        f"/v1/programmes/{programme}/enrolments/{person.id}", {"role": role, **body}
    )
    return enrolled


MENTEE = {
    "profession": "2211", "specialties": ["cardiology"], "career_stage": "early", "country": "KE",
    "languages": [{"language": "en", "level": "C1"}, {"language": "sw", "level": "C2"}],
    "time_zone": "Africa/Nairobi", "availability": windows("mon", "wed", "sat", start="15:00", end="21:00"),
    "channels": ["chat", "video"], "connection": "fair", "topics_sought": ["heart failure"],
    "goals": "I want to start a heart failure clinic in my hospital.",
}  # fmt: skip


def mentee_of(deployed: Deployed, programme: str, name: str) -> Participant:
    """Have somebody new sign up and enrol as a mentee."""
    mentee = sign_up(deployed, name)
    mentee.patch("/v1/me/profile", MENTEE)
    enrol(mentee, programme, "mentee")
    return mentee


def run_once(deployed: Deployed, coordinator: Participant, programme: str) -> dict[str, Any]:
    """Carry out the night's match of this programme alone, and return its report."""
    path = f"/v1/programmes/{programme}/match-runs"
    run = coordinator.post(path, {})["id"]
    deployed.settle()
    done: dict[str, Any] = coordinator.get(f"{path}/{run}")
    assert done["status"] == "done"
    return done


@dataclass
class Cast:
    """An organisation with its staff and a programme."""

    deployed: Deployed
    coordinator: Participant
    reviewer: Participant
    organisation: str
    programme: str
