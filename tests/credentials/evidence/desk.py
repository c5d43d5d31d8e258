"""What tests of evidence start from: a credential of somebody's, files sent for it, and their scanner."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from chalicelib.credentials.evidence import jobs
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from tests.credentials.evidence.files import pdf
from tests.credentials.support import LICENCE
from tests.support.lambda_context import LambdaContext
from tests.support.world import Reply, World

CLEAN, INFECTED = "NO_THREATS_FOUND", "THREATS_FOUND"
TAG = "GuardDutyMalwareScanStatus"
PDF = {"name": "licence.pdf", "type": "pdf"}


@dataclass
class Sent:
    """A file that was announced, and what S3 holds of it."""

    world: World
    id: str
    upload: dict[str, Any]
    version: str = ""

    @property
    def key(self) -> str:
        return str(self.upload["fields"]["key"])

    @property
    def policy(self) -> dict[str, Any]:
        """The signed policy that S3 holds the form to."""
        read: dict[str, Any] = json.loads(base64.b64decode(self.upload["fields"]["policy"]))
        return read

    def put(self, content: bytes) -> str:
        """Store a file as its upload would, and return its version."""
        stored = client("s3").put_object(
            Bucket=settings().quarantine_bucket,
            Key=self.key,
            Body=content,
            ContentType=self.upload["fields"]["Content-Type"],
        )
        self.version = stored["VersionId"]
        return self.version

    def scan(self, verdict: str = CLEAN, version: str | None = None) -> None:
        """Give a verdict as the scanner does."""
        client("s3").put_object_tagging(
            Bucket=settings().quarantine_bucket,
            Key=self.key,
            VersionId=version or self.version,
            Tagging={"TagSet": [{"Key": TAG, "Value": verdict}]},
        )

    def tell(self, kind: str = "Object Created", version: str | None = None) -> None:
        """Hand over what S3 tells by EventBridge."""
        jobs.inspect_evidence(event(self.key, version or self.version, kind), LambdaContext())

    def arrive(self, content: bytes | None = None, verdict: str | None = CLEAN) -> None:
        """Send a file, have it scanned, and have it looked at."""
        self.put(pdf() if content is None else content)
        if verdict is not None:
            self.scan(verdict)
        self.tell()


def event(key: str, version: str, kind: str = "Object Created") -> dict[str, Any]:
    return {
        "version": "0", "id": "1", "account": "0", "time": "2026-11-22T09:00:00Z", "region": "eu-west-1",
        "resources": [], "source": "aws.s3", "detail-type": kind,
        "detail": {"bucket": {"name": "quarantine"}, "object": {"key": key, "version-id": version}},
    }  # fmt: skip


@dataclass
class Desk:
    """Somebody with a credential, and a reviewer of the organisation that it is for."""

    world: World
    organisation: str
    person: str
    reviewer: str
    credential: str

    @property
    def mine(self) -> str:
        return f"/v1/me/credentials/{self.credential}"

    @property
    def case(self) -> str:
        return f"/v1/admin/credentials/{self.credential}"

    def announce(self, **fields: Any) -> Reply:
        return self.world.post(f"{self.mine}/evidence", {**PDF, **fields}, by=self.person)

    def send(self, **fields: Any) -> Sent:
        answer = self.announce(**fields)
        assert answer.status == 201, answer.text
        return Sent(self.world, answer.json["file"]["id"], answer.json["upload"])

    def sent(self, content: bytes | None = None, verdict: str | None = CLEAN, **fields: Any) -> Sent:
        """Send a file and have it looked at."""
        file = self.send(**fields)
        file.arrive(content, verdict)
        return file

    def files(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.world.get(f"{self.mine}/evidence", by=self.person).json["items"]
        return found

    def states(self) -> list[str]:
        return [one["state"] for one in self.files()]

    def submit(self) -> Reply:
        return self.world.post(f"{self.mine}/submit", by=self.person)

    def open(self, file: str, by: str | None = None) -> Reply:
        return self.world.get(f"{self.case}/evidence/{file}", by=by or self.reviewer)

    def actions(self) -> list[str]:
        query = {"limit": 100}
        found = self.world.get(f"{self.case}/trail", by=self.reviewer, query=query).json["items"]
        return [one["action"] for one in found]


def desk(world: World, by: str | None = None) -> Desk:
    """Have somebody with a draft of a licence."""
    organisation, person = world.organisation(), by or world.person()
    body = {**LICENCE, "organisation_id": organisation, "draft": True}
    answer = world.post("/v1/me/credentials", body, by=person)
    assert answer.status == 201, answer.text
    return Desk(world, organisation, person, world.reviewer(organisation), answer.json["id"])


def stored(bucket: str) -> list[str]:
    """Return the keys of all versions that a bucket holds."""
    found = client("s3").list_object_versions(Bucket=bucket)
    return [one["Key"] for one in found.get("Versions", [])]


def quarantined() -> list[str]:
    return stored(settings().quarantine_bucket)


def kept() -> list[str]:
    return stored(settings().evidence_bucket)
