"""Deploys a stage: the data stack, then the packaged application. AWS and the emulator take this one path.

    python -m infra.deploy STAGE --web-origin https://… --mail-from … --mail-identity … [--alarm-topic ARN]
        [--mail-rate A_SECOND]

docs/deploy.md tells the steps around it.
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from infra import certificate_keys, template
from infra.package import Package, PackagingFailed, build, written

Say = Callable[[str], None]


class DeployFailed(Exception):
    """A stack did not come up; the message has the reasons that CloudFormation gave."""


@dataclass(frozen=True)
class Target:
    """Where to deploy: a boto3 session and, for the emulator alone, its address."""

    session: Any
    emulator: str = ""
    _clients: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def client(self, service: str) -> Any:
        """Return the client of a service there; making one costs more than many requests."""
        if service not in self._clients:
            s3 = {"addressing_style": "path"} if self.emulator else None
            config = Config(s3=s3, signature_version="s3v4" if service == "s3" else None)
            made = self.session.client(service, endpoint_url=self.emulator or None, config=config)
            self._clients[service] = made
        return self._clients[service]


def data_stack(stage: str) -> str:
    """Return the name of a stage's data stack."""
    return f"crossward-{stage}-data"


def app_stack(stage: str) -> str:
    """Return the name of a stage's application stack."""
    return f"crossward-{stage}-app"


def deploy_data(target: Target, stage: str, parameters: dict[str, str]) -> dict[str, str]:
    """Create or update the tables, buckets, queues and user pool; return the stack's outputs."""
    body = template.DATA.read_text(encoding="utf-8")
    return _bring_up(target, data_stack(stage), {"TemplateBody": body}, {"Stage": stage, **parameters})


def deploy_app(target: Target, package: Package, parameters: dict[str, str]) -> dict[str, str]:
    """Upload the package and create or update the application's stack; return its outputs."""
    bucket = _artefacts(target, package.stage)
    built = package.template
    code = _upload(target, bucket, "code", package.code)
    layer = _upload(target, bucket, "layer", package.layer)
    for resource in built["Resources"].values():
        if isinstance(resource, dict) and resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://{bucket}/{code}"
        elif isinstance(resource, dict) and resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = f"s3://{bucket}/{layer}"
    body = written(built).encode()
    key = f"template/{hashlib.sha256(body).hexdigest()[:32]}.json"
    target.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    # With all its routes the template is larger than the 51,200 bytes that a request may carry.
    region = target.session.region_name
    host = f"{target.emulator}/{bucket}" if target.emulator else f"https://{bucket}.s3.{region}.amazonaws.com"
    given = {"Stage": package.stage, **parameters}
    return _bring_up(target, app_stack(package.stage), {"TemplateURL": f"{host}/{key}"}, given)


def _artefacts(target: Target, stage: str) -> str:
    account = target.client("sts").get_caller_identity()["Account"]
    bucket = f"crossward-{stage}-artefacts-{account}"
    s3 = target.client("s3")
    region = target.session.region_name
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError:
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=bucket, **place)
        closed = dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)
    return bucket


def _upload(target: Target, bucket: str, kind: str, file: Path) -> str:
    """Upload a file under its content's hash, if it is not there yet."""
    content = file.read_bytes()
    key = f"{kind}/{hashlib.sha256(content).hexdigest()[:32]}.zip"
    s3 = target.client("s3")
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError:
        s3.put_object(Bucket=bucket, Key=key, Body=content)
    return key


def _bring_up(
    target: Target, name: str, source: dict[str, str], parameters: dict[str, str]
) -> dict[str, str]:
    cloudformation = target.client("cloudformation")
    request = {
        "StackName": name,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        **source,
    }
    known = _status(cloudformation, name)
    try:
        if known is None:
            cloudformation.create_stack(**request)
        elif known == "ROLLBACK_COMPLETE":
            # A first creation that failed leaves a husk that can only be deleted; its data was never there.
            cloudformation.delete_stack(StackName=name)
            _settled(target, name)
            cloudformation.create_stack(**request)
        else:
            cloudformation.update_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise DeployFailed(f"{name}: {error}") from error
    status = _settled(target, name)
    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise DeployFailed(f"{name} is {status}\n" + "\n".join(_reasons(cloudformation, name)))
    stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}


def _status(cloudformation: Any, name: str) -> str | None:
    try:
        status: str = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return None if status == "DELETE_COMPLETE" else status


def _settled(target: Target, name: str) -> str | None:
    cloudformation = target.client("cloudformation")
    while True:
        status = _status(cloudformation, name)
        if status is None or not status.endswith("_IN_PROGRESS"):
            return status
        time.sleep(0.1 if target.emulator else 4)


def _reasons(cloudformation: Any, name: str) -> list[str]:
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    return [
        f"  {one['LogicalResourceId']}: {one.get('ResourceStatusReason', '')}"
        for one in events
        if one["ResourceStatus"].endswith("_FAILED")
    ]


def main() -> int:
    """Run the command line, against AWS alone."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("stage")
    parser.add_argument("--web-origin", required=True)
    parser.add_argument("--mail-from", required=True)
    parser.add_argument("--mail-identity", required=True)
    parser.add_argument("--alarm-topic", default="")
    parser.add_argument("--mail-rate", default="14", help="SES's maximum send rate, mails a second")
    parser.add_argument(
        "--match-at-once", default="100", help="functions of a large programme's run at a time"
    )
    parser.add_argument(
        "--match-whole-memory", default="3008", help="MB; more for programmes of 250,000 mentees"
    )
    parser.add_argument(
        "--match-explain-memory", default="3008", help="MB; more for programmes of 250,000 mentees"
    )
    given = parser.parse_args()
    if given.stage == "local":
        print(
            "The stage `local` has a clock that can be moved: it runs on the emulator only.", file=sys.stderr
        )
        return 1
    target = Target(boto3.Session())
    if not target.session.region_name:
        print("Set AWS_REGION (or a profile with a region): where is this to be deployed?", file=sys.stderr)
        return 1
    try:
        package = build(given.stage, print)
        from infra import check

        if check.report(package) != 0:
            return 1
        print("data stack …")
        parameters = {
            "WebOrigin": given.web_origin,
            "MailFrom": given.mail_from,
            "MailIdentity": given.mail_identity,
        }
        deploy_data(target, given.stage, parameters)
        if certificate_keys.ensure(target.client("ssm"), given.stage):
            print("made the key that certificates are signed with")
        print("application stack …")
        outputs = deploy_app(
            target,
            package,
            {
                "AlarmTopicArn": given.alarm_topic,
                "MailRate": given.mail_rate,
                "MatchAtOnce": given.match_at_once,
                "MatchWholeMemory": given.match_whole_memory,
                "MatchExplainMemory": given.match_explain_memory,
            },
        )
    except (PackagingFailed, DeployFailed) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"deployed: {outputs['EndpointURL']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
