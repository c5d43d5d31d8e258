"""Where the embedded environment is: its addresses and names, kept in a file for those who come later."""

import json
import os
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3

from infra.deploy import Target
from infra.package import BUILD

REGION = "eu-west-1"
STAGE = "local"
# The emulator's own root credentials; they open nothing else.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
HOME = BUILD / "local"


@dataclass
class Place:
    """One running environment.

    Attributes
    ----------
    state
        Its directory: logs, the emulator's files, this object as place.json.
    address
        Where people and browsers go, `http://127.0.0.1:8000`.
    emulator
        Where AWS's APIs are.
    api
        The deployed API's own address, without a slash at its end.
    data
        Outputs of the data stack.
    functions
        Physical names of the deployed functions by logical id.
    """

    state: str
    address: str
    emulator: str
    api: str = ""
    data: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)

    @property
    def session(self) -> Any:
        return boto3.Session(
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )

    @cached_property
    def target(self) -> Target:
        return Target(self.session, self.emulator)

    def environment(self) -> dict[str, str]:
        """Return what a process needs in its environment to use chalicelib against this place."""
        pool = self.data["UserPoolId"]
        return {
            **CREDENTIALS,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.emulator,
            "STAGE": STAGE,
            "LOCAL_CLOCK": "1",
            "TABLE_PREFIX": self.data["TablePrefix"],
            "DOCUMENTS_BUCKET": self.data["DocumentsBucketName"],
            "QUARANTINE_BUCKET": self.data["QuarantineBucketName"],
            "EVIDENCE_BUCKET": self.data["EvidenceBucketName"],
            "MAIL_QUEUE_URL": self.data["MailQueueUrl"],
            "MATCH_RUNS_QUEUE_URL": self.data["MatchRunsQueueUrl"],
            "ROSTER_IMPORTS_QUEUE_URL": self.data["RosterImportsQueueUrl"],
            "FOLLOW_UPS_QUEUE_URL": self.data["FollowUpsQueueUrl"],
            "REGISTER_LOADS_QUEUE_URL": self.data["RegisterLoadsQueueUrl"],
            "REGISTER_CHECKS_QUEUE_URL": self.data["RegisterChecksQueueUrl"],
            "CERTIFICATES_QUEUE_URL": self.data["CertificatesQueueUrl"],
            "USER_POOL_ID": pool,
            "USER_POOL_CLIENT_ID": self.data["UserPoolClientId"],
            "TOKEN_ISSUER": f"https://cognito-idp.{REGION}.amazonaws.com/{pool}",
            "JWKS_URL": f"{self.emulator}/{pool}/.well-known/jwks.json",
            "MAIL_FROM": self.data["MailFrom"],
            "MAIL_CONFIGURATION_SET": self.data["MailConfigurationSetName"],
            "WEB_ORIGIN": self.data["WebOrigin"],
            "API_ORIGIN": self.data["WebOrigin"],
            "POWERTOOLS_SERVICE_NAME": "crossward",
            "POWERTOOLS_METRICS_NAMESPACE": "Crossward",
            "POWERTOOLS_TRACE_DISABLED": "true",
            "LOG_LEVEL": "INFO",
        }

    @property
    def file(self) -> Path:
        return Path(self.state) / "place.json"

    def save(self) -> None:
        """Keep it for `make tick`, `make redeploy` and `make dev`."""
        self.file.write_text(json.dumps({**asdict(self), "pid": os.getpid()}, indent=1))

    @classmethod
    def load(cls, state: Path = HOME) -> "Place":
        """Read the place of a running environment.

        Raises
        ------
        NotRunning
            If none runs there.
        """
        try:
            kept = json.loads((state / "place.json").read_text())
            os.kill(kept.pop("pid"), 0)
        except (OSError, ValueError, KeyError) as error:
            raise NotRunning("The embedded environment is not running: start it with `make run`.") from error
        return cls(**kept)


class NotRunning(Exception):
    """There is no running environment."""


def bare_environment() -> dict[str, str]:
    """Return this process's environment without what could reach a real AWS account, or Python's own settings."""
    kept = ("HOME", "LANG", "LC_ALL", "PATH", "TERM", "SSL_CERT_FILE", "TMPDIR")
    return {key: value for key, value in os.environ.items() if key in kept}


def places_file(sign_ins: Path) -> Path:
    """Return the file beside that of the demo sign-ins which says where what they take part in is."""
    return sign_ins.with_name(f"{sign_ins.stem}-places.json")
