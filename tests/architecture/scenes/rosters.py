"""Scenes of roster imports."""

import json
from typing import Any

from chalicelib.platform import documents
from chalicelib.rosters import jobs, service
from chalicelib.rosters.uploads import UPLOADS
from tests.architecture.scenes import address, scene, secret, somebody
from tests.architecture.scenes.programmes import programme
from tests.support.lambda_context import LambdaContext
from tests.support.world import World

ONE = "/v1/programmes/{programme_id}/rosters/{import_id}"
HEADINGS = (
    "external_id,email,given_name,family_name,profession,country,languages,time_zone,availability,channels"
)


def sheet() -> bytes:
    """Return a roster with a row that goes in and two that do not."""
    rest = "canary,Canary Person,{},KE,en:C1,Africa/Nairobi,mon 17:00-19:00,video"
    rows = [
        f"canary-{n},{address()},{rest.format(code)}" for n, code in enumerate(("2212", "9999", "canary"))
    ]
    return "\n".join([HEADINGS, *rows]).encode()


def opened(world: World) -> dict[str, Any]:
    """Open an import, and name it among the ids."""
    given = programme(world)
    body = {"filename": secret("file.csv"), "role": "mentor"}
    answer = world.post(f"/v1/programmes/{given['ids']['programme_id']}/roster", body, by=given["by"])
    assert answer.status == 201, answer.text
    return {**given, "ids": {**given["ids"], "import_id": answer.json["id"]}}


def uploaded(given: dict[str, Any]) -> dict[str, Any]:
    """Store the import's file, and return what S3 tells of it by EventBridge."""
    key = f"{UPLOADS}{given['ids']['programme_id']}/{given['ids']['import_id']}"
    documents.write(key, sheet(), "text/csv")
    return {
        "version": "0", "id": "1", "account": "0", "time": "2026-11-22T09:00:00Z", "region": "eu-west-1",
        "resources": [], "source": "aws.s3", "detail-type": "Object Created",
        "detail": {"bucket": {"name": "documents"}, "object": {"key": key, "size": 3}},
    }  # fmt: skip


def arrive(given: dict[str, Any]) -> None:
    jobs.roster_uploaded(uploaded(given), LambdaContext())


def message_of(given: dict[str, Any]) -> str:
    """Return the id of the message by which a worker takes the import up."""
    return f"{service.KIND}:{given['ids']['import_id']}:0"


def deliver(given: dict[str, Any]) -> dict[str, Any]:
    """Hand the import's message to its worker as its queue does."""
    body = json.dumps({"message_id": message_of(given)})
    record = {"messageId": "1", "receiptHandle": "r", "body": body, "attributes": {}, "messageAttributes": {}}
    answer: dict[str, Any] = jobs.import_roster({"Records": [record]}, LambdaContext())
    return answer


def imported(world: World) -> dict[str, Any]:
    given = opened(world)
    arrive(given)
    assert deliver(given) == {"batchItemFailures": []}
    return given


@scene("POST", "/v1/programmes/{programme_id}/roster")
def start_import(world: World) -> dict[str, Any]:
    body = {"filename": secret("file.csv"), "role": "mentor", "column_map": {secret("heading"): "email"}}
    return {**programme(world), "body": body}


@scene("GET", "/v1/programmes/{programme_id}/rosters")
def list_imports(world: World) -> dict[str, Any]:
    return imported(world)


@scene("GET", ONE)
def read_import(world: World) -> dict[str, Any]:
    return imported(world)


@scene("GET", ONE + "/problems")
def list_problems(world: World) -> dict[str, Any]:
    given = imported(world)
    found = world.get((ONE + "/problems").format(**given["ids"]), by=given["by"]).json["items"]
    assert len(found) == 2, found
    return given


@scene("GET", "/v1/rosters/template")
def template(world: World) -> dict[str, Any]:
    person, query = somebody(world), {"role": "mentor", "format": "csv"}
    # The first of a process stores the file; the others only sign a link to it.
    assert world.get("/v1/rosters/template", by=person, query=query).status == 200
    return {"by": person, "query": query}
