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


def verify(world: World, credential: str, by: str, **body: Any) -> Reply:
    return world.post(f"/v1/admin/credentials/{credential}/verify", body, by=by)


def reject(world: World, credential: str, by: str, **body: Any) -> Reply:
    said = {"reason": "not_in_register", "text": "The register does not know this number.", **body}
    return world.post(f"/v1/admin/credentials/{credential}/reject", said, by=by)


def verified_until(world: World, person: str) -> str | None:
    until: str | None = world.get("/v1/me", by=person).json["standing"]["verified_until"]
    return until
