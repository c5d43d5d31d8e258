"""Scenes of credentials and their review."""

from typing import Any

from tests.architecture.scenes import Others, kept, scene, secret, somebody
from tests.credentials.answers import all_yes
from tests.support.world import World

CLAIM: dict[str, Any] = {
    "kind": "licence",
    "authority": secret("council"),
    "number": "CANARY-1",
    "name_on_document": secret("name"),
    "country": "KE",
    "issued_on": "2020-03-01",
    "expires_on": "2028-02-29",
}


@kept
def waiting(world: World) -> dict[str, str]:
    """Submit a credential to a new organisation; return the ids of all of them."""
    organisation, person = world.organisation(secret("organisation")), somebody(world)
    body = {**CLAIM, "organisation_id": organisation}
    answer = world.post("/v1/me/credentials", body, by=person)
    assert answer.status == 201, answer.text
    return {"organisation": organisation, "person": person, "credential_id": answer.json["id"]}


def reviewed(world: World) -> dict[str, Any]:
    """Submit a credential, and have a reviewer ready."""
    given = waiting(world)
    return {
        "organisation": given["organisation"],
        "by": world.reviewer(given["organisation"]),
        "ids": {"credential_id": given["credential_id"]},
    }


def queued(world: World) -> dict[str, Any]:
    """Submit a credential, and have a reviewer ask for the queue."""
    given = reviewed(world)
    given.pop("ids")
    return {**given, "query": {"organisation_id": given["organisation"]}}


def claimed(world: World) -> dict[str, Any]:
    """Submit a credential, and have a reviewer who has claimed it."""
    given = reviewed(world)
    path = f"/v1/admin/credentials/{given['ids']['credential_id']}/claim"

    def claim(world: World, by: str) -> None:
        answer = world.post(path, by=by)
        assert answer.status == 200, answer.text

    def hand_over(world: World, to: str) -> None:
        world.pass_time(minutes=30)
        claim(world, to)

    claim(world, given["by"])
    return {**given, "hand_over": hand_over}


def wanted(world: World) -> dict[str, str]:
    """Submit a credential of which a reviewer wants more; return the ids."""
    given = waiting(world)
    reviewer, path = world.reviewer(given["organisation"]), f"/v1/admin/credentials/{given['credential_id']}"
    assert world.post(f"{path}/claim", by=reviewer).status == 200
    asked = {"missing": ["dates"], "text": secret("wish")}
    assert world.post(f"{path}/want-more", asked, by=reviewer).status == 200
    return given


@scene("GET", "/v1/codes/authorities")
def list_authorities(world: World) -> dict[str, Any]:
    return {}


@scene("POST", "/v1/me/credentials")
def submit(world: World) -> dict[str, Any]:
    organisation = world.organisation(secret("organisation"))
    return {"by": somebody(world), "body": {**CLAIM, "organisation_id": organisation}}


@scene("GET", "/v1/me/credentials")
def list_mine(world: World) -> dict[str, Any]:
    return {"by": waiting(world)["person"]}


@scene("GET", "/v1/me/credentials/{credential_id}")
def read_mine(world: World) -> dict[str, Any]:
    given = waiting(world)
    return {"by": given["person"], "ids": given, "others": Others.HIDDEN}


@scene("GET", "/v1/people/{person_id}/fhir/Practitioner")
def practitioner(world: World) -> dict[str, Any]:
    person = waiting(world)["person"]
    return {"by": person, "ids": {"person_id": person}, "others": Others.HIDDEN}


@scene("DELETE", "/v1/me/credentials/{credential_id}")
def withdraw(world: World) -> dict[str, Any]:
    given = waiting(world)
    return {"by": given["person"], "ids": given, "others": Others.HIDDEN}


@scene("PUT", "/v1/me/credentials/{credential_id}")
def edit(world: World) -> dict[str, Any]:
    given = wanted(world)
    return {
        "by": given["person"],
        "ids": given,
        "body": {**CLAIM, "number": "CANARY-2"},
        "others": Others.HIDDEN,
    }


@scene("POST", "/v1/me/credentials/{credential_id}/submit")
def submit_again(world: World) -> dict[str, Any]:
    given = wanted(world)
    return {"by": given["person"], "ids": given, "others": Others.HIDDEN}


@scene("GET", "/v1/me/credentials/{credential_id}/trail")
def my_trail(world: World) -> dict[str, Any]:
    given = waiting(world)
    return {"by": given["person"], "ids": given, "others": Others.HIDDEN}


@scene("GET", "/v1/admin/credentials")
def list_queue(world: World) -> dict[str, Any]:
    return queued(world)


@scene("GET", "/v1/admin/credentials/counts")
def count_queue(world: World) -> dict[str, Any]:
    return queued(world)


@scene("GET", "/v1/admin/credentials/claims")
def list_claims(world: World) -> dict[str, Any]:
    given = claimed(world)
    given.pop("ids")
    return {**given, "query": {"organisation_id": given["organisation"]}}


@scene("POST", "/v1/admin/credentials/claims")
def claim_next(world: World) -> dict[str, Any]:
    """Of a number that somebody else claims, too."""
    waiting(world)
    given = reviewed(world)
    given.pop("ids")
    return {**given, "body": {"organisation_id": given["organisation"]}}


@scene("GET", "/v1/admin/credentials/{credential_id}")
def review(world: World) -> dict[str, Any]:
    """Of a number that somebody else claims, too."""
    waiting(world)
    return reviewed(world)


@scene("GET", "/v1/admin/credentials/{credential_id}/trail")
def trail(world: World) -> dict[str, Any]:
    return reviewed(world)


@scene("POST", "/v1/admin/credentials/{credential_id}/claim")
def claim(world: World) -> dict[str, Any]:
    """Of a number that somebody else claims, too."""
    waiting(world)
    return reviewed(world)


@scene("DELETE", "/v1/admin/credentials/{credential_id}/claim")
def release(world: World) -> dict[str, Any]:
    return claimed(world)


@scene("POST", "/v1/admin/credentials/{credential_id}/verify")
def verify(world: World) -> dict[str, Any]:
    given = claimed(world)
    return {**given, "body": {"checklist": all_yes(given["ids"]["credential_id"])}}


@scene("POST", "/v1/admin/credentials/{credential_id}/reject")
def reject(world: World) -> dict[str, Any]:
    return {**claimed(world), "body": {"reason": "other", "text": secret("reason")}}


@scene("POST", "/v1/admin/credentials/{credential_id}/want-more")
def want_more(world: World) -> dict[str, Any]:
    return {**claimed(world), "body": {"missing": ["dates"], "text": secret("wish")}}


@scene("POST", "/v1/admin/credentials/{credential_id}/revoke")
def revoke(world: World) -> dict[str, Any]:
    given = claimed(world)
    credential = given["ids"]["credential_id"]
    body = {"checklist": all_yes(credential)}
    answer = world.post(f"/v1/admin/credentials/{credential}/verify", body, by=given["by"])
    assert answer.status == 200, answer.text
    return {**given, "hand_over": None, "body": {"reason": "suspended", "text": secret("reason")}}


@scene("POST", "/v1/admin/credentials/{credential_id}/notes")
def note(world: World) -> dict[str, Any]:
    return {**reviewed(world), "body": {"text": secret("note")}}


@scene("GET", "/v1/admin/credentials/{credential_id}/records")
def records(world: World) -> dict[str, Any]:
    given = reviewed(world)
    path = f"/v1/admin/credentials/{given['ids']['credential_id']}/notes"
    assert world.post(path, {"text": secret("note")}, by=given["by"]).status == 201
    return given


@scene("GET", "/v1/admin/credentials/{credential_id}/revisions")
def revisions(world: World) -> dict[str, Any]:
    given = waiting(world)
    path = f"/v1/me/credentials/{given['credential_id']}"
    assert world.put(path, {**CLAIM, "number": "CANARY-2"}, by=given["person"]).status == 200
    by = world.reviewer(given["organisation"])
    return {"organisation": given["organisation"], "by": by, "ids": {"credential_id": given["credential_id"]}}


def ruled(world: World) -> dict[str, Any]:
    """Have an organisation's coordinator look at its rules of review."""
    organisation = world.organisation(secret("organisation"))
    by = world.coordinator(organisation)
    return {"organisation": organisation, "by": by, "ids": {"organisation_id": organisation}}


@scene("GET", "/v1/organisations/{organisation_id}/review-policy")
def read_policy(world: World) -> dict[str, Any]:
    return ruled(world)


@scene("PUT", "/v1/organisations/{organisation_id}/review-policy")
def change_policy(world: World) -> dict[str, Any]:
    body = {"two_persons": "by_country", "countries": ["KE"], "target_days": 10}
    return {**ruled(world), "body": body, "headers": {"If-Match": '"0"'}}


@scene("GET", "/v1/organisations/{organisation_id}/overdue-reviews")
def overdue(world: World) -> dict[str, Any]:
    given = waiting(world)
    world.pass_time(days=30)
    organisation = given["organisation"]
    by = world.coordinator(organisation)
    return {"organisation": organisation, "by": by, "ids": {"organisation_id": organisation}}


@scene("POST", "/v1/organisations/{organisation_id}/review-batches")
def review_again(world: World) -> dict[str, Any]:
    return {**ruled(world), "body": {"reason": secret("reason"), "country": "KE"}}


@scene("POST", "/v1/organisations/{organisation_id}/review-reassignments")
def reassign(world: World) -> dict[str, Any]:
    given = ruled(world)
    reviewer = world.reviewer(given["organisation"])
    return {**given, "body": {"reason": secret("reason"), "from_person": reviewer}}


@scene("GET", "/v1/organisations/{organisation_id}/review-batches/{batch_id}")
def read_batch(world: World) -> dict[str, Any]:
    given = ruled(world)
    path = f"/v1/organisations/{given['organisation']}/review-batches"
    answer = world.post(path, {"reason": secret("reason")}, by=given["by"])
    assert answer.status == 201, answer.text
    return {**given, "ids": {**given["ids"], "batch_id": answer.json["id"]}}


def audited(world: World) -> dict[str, Any]:
    """Submit a credential, and have an admin who asks for trails."""
    given = waiting(world)
    return {"by": world.admin(), "ids": {"credential_id": given["credential_id"]}}


def exported(world: World) -> dict[str, Any]:
    """Have an admin's export of all trails written."""
    given = audited(world)
    ordered = world.post("/v1/admin/trail-exports", {}, by=given["by"])
    assert ordered.status == 201, ordered.text
    while "trail-export" in world.follow_up():
        pass
    return {**given, "ids": {"export_id": ordered.json["id"]}}


@scene("GET", "/v1/admin/credentials/{credential_id}/trail.jsonl")
def export_trail(world: World) -> dict[str, Any]:
    return audited(world)


@scene("GET", "/v1/admin/credentials/{credential_id}/trail.csv")
def export_trail_table(world: World) -> dict[str, Any]:
    return audited(world)


@scene("POST", "/v1/admin/trail-exports")
def order_export(world: World) -> dict[str, Any]:
    return {"by": world.admin(), "body": {"organisation_id": waiting(world)["organisation"]}}


@scene("GET", "/v1/admin/trail-exports")
def list_exports(world: World) -> dict[str, Any]:
    return {"by": exported(world)["by"]}


@scene("GET", "/v1/admin/trail-exports/{export_id}")
def read_export(world: World) -> dict[str, Any]:
    return exported(world)


@scene("GET", "/v1/admin/trail-exports/{export_id}/file")
def export_file(world: World) -> dict[str, Any]:
    return exported(world)
