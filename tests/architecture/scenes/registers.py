"""Scenes of registers' files and of checks at the source."""

import json
from typing import Any

from chalicelib.credentials.registries import checking, jobs, loading
from chalicelib.credentials.registries.uploads import UPLOADS
from chalicelib.platform import documents
from tests.architecture.scenes import scene, secret
from tests.architecture.scenes.credentials import reviewed
from tests.support.lambda_context import LambdaContext
from tests.support.world import World

LOADS = "/v1/organisations/{organisation_id}/registers"
CHECKS = "/v1/admin/credentials/{credential_id}/checks"
AUTHORITY = "ke-kmpdc"
REGISTER: dict[str, Any] = {
    "authority_id": AUTHORITY,
    "as_of": "2026-11-01",
    "columns": {
        "number": secret("number"),
        "names": [secret("given"), secret("surname")],
        "status": secret("status"),
        "current": [secret("active")],
    },
}


def register() -> bytes:
    """Return a register with an entry for the number of every scene's claim, and a row that is bad."""
    columns = REGISTER["columns"]
    headings = [columns["number"], *columns["names"], columns["status"]]
    good = [["CANARY-1", "Canary", "Person", secret("active")]]
    good += [[f"CANARY-{n}", "Canary", f"Stranger{n}", "lapsed"] for n in range(2, 20)]
    return "\n".join(",".join(row) for row in [headings, *good, ["", "Canary", "Nobody", ""]]).encode()


def desk(world: World) -> dict[str, Any]:
    organisation = world.organisation(secret("organisation"))
    return {
        "organisation": organisation,
        "by": world.coordinator(organisation),
        "ids": {"organisation_id": organisation},
    }


def opened(world: World, organisation: str | None = None) -> dict[str, Any]:
    """Open an upload, and name it among the ids."""
    given = desk(world)
    if organisation is not None:
        given = {
            "organisation": organisation,
            "by": world.coordinator(organisation),
            "ids": {"organisation_id": organisation},
        }
    answer = world.post(LOADS.format(**given["ids"]), REGISTER, by=given["by"])
    assert answer.status == 201, answer.text
    return {**given, "ids": {**given["ids"], "load_id": answer.json["id"]}}


def uploaded(given: dict[str, Any]) -> dict[str, Any]:
    """Store the upload's file, and return what S3 tells of it by EventBridge."""
    key = f"{UPLOADS}{given['ids']['organisation_id']}/{given['ids']['load_id']}"
    documents.write(key, register(), "text/csv")
    return {
        "version": "0", "id": "1", "account": "0", "time": "2026-11-22T09:00:00Z", "region": "eu-west-1",
        "resources": [], "source": "aws.s3", "detail-type": "Object Created",
        "detail": {"bucket": {"name": "documents"}, "object": {"key": key, "size": 3}},
    }  # fmt: skip


def arrive(given: dict[str, Any]) -> None:
    jobs.register_uploaded(uploaded(given), LambdaContext())


def load_message(given: dict[str, Any]) -> str:
    """Return the id of the message by which a worker takes the upload up."""
    return f"{loading.KIND}:{given['ids']['load_id']}:0"


def loaded(world: World, organisation: str | None = None) -> dict[str, Any]:
    given = opened(world, organisation)
    arrive(given)
    answer = jobs.load_register(_event(load_message(given)), LambdaContext())
    assert answer == {"batchItemFailures": []}
    return given


def asked(world: World) -> dict[str, Any]:
    """Have the organisation's register, and ask it about a credential."""
    given = reviewed(world)
    loaded(world, given["organisation"])
    path, body = CHECKS.format(**given["ids"]), {"authority_id": AUTHORITY}
    answer = world.post(path, body, by=given["by"])
    assert answer.status == 201, answer.text
    return {**given, "check_id": answer.json["id"]}


def check_message(given: dict[str, Any]) -> str:
    """Return the id of the message by which a worker asks."""
    return f"{checking.KIND}:{given['check_id']}"


def answered(world: World) -> dict[str, Any]:
    given = asked(world)
    assert jobs.check_register(_event(check_message(given)), LambdaContext()) == {"batchItemFailures": []}
    return given


def _event(message_id: str) -> dict[str, Any]:
    body = json.dumps({"message_id": message_id})
    record = {"messageId": "1", "receiptHandle": "r", "body": body, "attributes": {}, "messageAttributes": {}}
    return {"Records": [record]}


@scene("POST", LOADS)
def open_register(world: World) -> dict[str, Any]:
    return {**desk(world), "body": REGISTER}


@scene("GET", LOADS)
def list_registers(world: World) -> dict[str, Any]:
    given = loaded(world)
    given["ids"].pop("load_id")
    return given


@scene("GET", LOADS + "/{load_id}")
def read_register(world: World) -> dict[str, Any]:
    given = loaded(world)
    found = world.get((LOADS + "/{load_id}").format(**given["ids"]), by=given["by"]).json
    assert (found["status"], found["entries"], found["bad_rows"]) == ("done", 19, 1), found
    return given


@scene("POST", CHECKS)
def ask_register(world: World) -> dict[str, Any]:
    return {**reviewed(world), "body": {"authority_id": AUTHORITY}}


@scene("POST", CHECKS + "/manual")
def record_register(world: World) -> dict[str, Any]:
    body = {
        "address": "https://register.example.org/canary-entry", "seen_at": "2026-11-22T08:55:00Z",
        "outcome": "found", "name": secret("name"), "status": secret("status"), "state": "current",
    }  # fmt: skip
    return {**reviewed(world), "body": body}


@scene("GET", CHECKS)
def list_checks(world: World) -> dict[str, Any]:
    given = answered(world)
    given.pop("check_id")
    found = world.get(CHECKS.format(**given["ids"]), by=given["by"]).json["items"]
    assert [one["outcome"] for one in found] == ["found"], found
    return given
