"""What tests of credentials start from."""

from typing import Any

from tests.support.world import Reply, World

LICENCE: dict[str, Any] = {
    "kind": "licence",
    "authority": "Kenya Medical Practitioners and Dentists Council",
    "number": "A 10423",
    "name_on_document": "Amina W. Otieno",
    "country": "KE",
    "issued_on": "2020-03-01",
    "expires_on": "2028-02-29",
}


def submit(world: World, person: str, **fields: Any) -> Reply:
    """Submit a licence with some fields changed; None leaves one out."""
    body = {name: value for name, value in {**LICENCE, **fields}.items() if value is not None}
    return world.post("/v1/me/credentials", body, by=person)


def submitted(world: World, person: str, **fields: Any) -> str:
    """Submit a licence and return its id."""
    answer = submit(world, person, **fields)
    assert answer.status == 201, answer.text
    return str(answer.json["id"])


def claim(world: World, credential: str, by: str) -> Reply:
    return world.post(f"/v1/admin/credentials/{credential}/claim", by=by)


def verify(world: World, credential: str, by: str, **body: Any) -> Reply:
    """Claim a case and verify it; return the first refusal."""
    return _after_claim(world, credential, by, "verify", body)


def reject(world: World, credential: str, by: str, **body: Any) -> Reply:
    """Claim a case and reject it; return the first refusal."""
    said = {"reason": "not_in_register", "text": "The register does not know this number.", **body}
    return _after_claim(world, credential, by, "reject", said)


def want_more(world: World, credential: str, by: str, **body: Any) -> Reply:
    """Claim a case and ask for more; return the first refusal."""
    said = {"missing": ["dates"], "text": "Which year?", **body}
    return _after_claim(world, credential, by, "want-more", said)


def revoke(world: World, credential: str, by: str, **body: Any) -> Reply:
    said = {"reason": "suspended", "text": "The authority has suspended it.", **body}
    return world.post(f"/v1/admin/credentials/{credential}/revoke", said, by=by)


def _after_claim(world: World, credential: str, by: str, word: str, body: dict[str, Any]) -> Reply:
    held = claim(world, credential, by)
    if held.status != 200:
        return held
    if word == "verify":
        body = {"checklist": {item["code"]: "yes" for item in held.json["checklist"]}, **body}
    return world.post(f"/v1/admin/credentials/{credential}/{word}", body, by=by)


def trail_of(world: World, credential: str, person: str) -> list[tuple[str, str | None, str | None]]:
    """Return action, state before and state after of each row of a person's own trail."""
    answer = world.get(f"/v1/me/credentials/{credential}/trail", by=person, query={"limit": 100})
    return [(one["action"], one["before"], one["after"]) for one in answer.json["items"]]


def verified_until(world: World, person: str) -> str | None:
    until: str | None = world.get("/v1/me", by=person).json["standing"]["verified_until"]
    return until
