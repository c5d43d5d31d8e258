"""Scenes of evidence."""

from typing import Any

from chalicelib.credentials.evidence import jobs
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from tests.architecture.scenes import Others, scene, secret, somebody
from tests.architecture.scenes.credentials import CLAIM, reviewed
from tests.credentials.evidence.files import pdf
from tests.support.lambda_context import LambdaContext
from tests.support.world import World

MINE = "/v1/me/credentials/{credential_id}/evidence"
CASE = "/v1/admin/credentials/{credential_id}/evidence"
FILE: dict[str, Any] = {"name": secret("file"), "type": "pdf"}


def drafted(world: World) -> dict[str, Any]:
    """Have somebody with a draft."""
    organisation, person = world.organisation(secret("organisation")), somebody(world)
    body = {**CLAIM, "organisation_id": organisation, "draft": True}
    answer = world.post("/v1/me/credentials", body, by=person)
    assert answer.status == 201, answer.text
    ids = {"credential_id": answer.json["id"]}
    return {"by": person, "ids": ids, "organisation": organisation}


def announced(world: World) -> dict[str, Any]:
    """Announce a file for a draft; its key is among what is returned."""
    given = drafted(world)
    answer = world.post(MINE.format(**given["ids"]), FILE, by=given["by"])
    assert answer.status == 201, answer.text
    ids = {**given["ids"], "evidence_id": answer.json["file"]["id"]}
    return {**given, "ids": ids, "key": answer.json["upload"]["fields"]["key"]}


def quarantined(
    world: World, given: dict[str, Any], verdict: str | None = "NO_THREATS_FOUND"
) -> dict[str, Any]:
    """Store the file, with its scanner's verdict, and return what S3 tells of it by EventBridge."""
    bucket, key = settings().quarantine_bucket, given["key"]
    version = client("s3").put_object(Bucket=bucket, Key=key, Body=pdf())["VersionId"]
    if verdict is not None:
        tags = {"TagSet": [{"Key": "GuardDutyMalwareScanStatus", "Value": verdict}]}
        client("s3").put_object_tagging(Bucket=bucket, Key=key, VersionId=version, Tagging=tags)
    return {
        "version": "0", "id": "1", "account": "0", "time": "2026-11-22T09:00:00Z", "region": "eu-west-1",
        "resources": [], "source": "aws.s3", "detail-type": "Object Created",
        "detail": {"bucket": {"name": bucket}, "object": {"key": key, "version-id": version}},
    }  # fmt: skip


def inspected(event: dict[str, Any]) -> None:
    jobs.inspect_evidence(event, LambdaContext())


def kept(world: World) -> dict[str, Any]:
    """Have an accepted file of a draft."""
    given = announced(world)
    inspected(quarantined(world, given))
    (file,) = world.get(MINE.format(**given["ids"]), by=given["by"]).json["items"]
    assert file["state"] == "accepted", file
    return given


def handed_in(world: World) -> dict[str, Any]:
    """Have a credential that was submitted with a file, and a reviewer."""
    given = kept(world)
    path = f"/v1/me/credentials/{given['ids']['credential_id']}/submit"
    assert world.post(path, by=given["by"]).status == 200
    organisation = given["organisation"]
    return {"by": world.reviewer(organisation), "organisation": organisation, "ids": given["ids"]}


def own(given: dict[str, Any]) -> dict[str, Any]:
    return {"by": given["by"], "ids": given["ids"], "others": Others.HIDDEN}


@scene("POST", MINE)
def announce(world: World) -> dict[str, Any]:
    return {**own(drafted(world)), "body": FILE}


@scene("GET", MINE)
def list_mine(world: World) -> dict[str, Any]:
    return own(kept(world))


@scene("DELETE", MINE + "/{evidence_id}")
def remove(world: World) -> dict[str, Any]:
    return own(kept(world))


@scene("POST", CASE)
def announce_copy(world: World) -> dict[str, Any]:
    return {**reviewed(world), "body": FILE}


@scene("GET", CASE + "/{evidence_id}")
def open_file(world: World) -> dict[str, Any]:
    return handed_in(world)


@scene("GET", "/v1/organisations/{organisation_id}/overdue-evidence")
def list_overdue(world: World) -> dict[str, Any]:
    given = announced(world)
    inspected(quarantined(world, given, verdict=None))
    world.pass_time(hours=2)
    organisation = given["organisation"]
    return {
        "by": world.coordinator(organisation), "organisation": organisation, "ids": {"organisation_id": organisation}
    }  # fmt: skip
