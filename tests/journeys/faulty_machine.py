"""The deployed state machine with a stand-in before its functions, which can be told what is to go wrong."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.ids import new_id
from infra.template import functions_of_steps
from tests.journeys.deployed import Deployed

STAND_IN = '''
"""Does to a step what it is told, then hands on to the step's own function."""
import json, os, time
import boto3

S3, FUNCTIONS, BUCKET, PREFIX = boto3.client("s3"), boto3.client("lambda"), os.environ["BUCKET"], os.environ["PREFIX"]
BEHIND = json.loads(os.environ["BEHIND"])

def told():
    return json.loads(S3.get_object(Bucket=BUCKET, Key=PREFIX + "told")["Body"].read())

def tell(what, value):
    S3.put_object(Bucket=BUCKET, Key=PREFIX + what, Body=json.dumps(value))

def asked(event):
    answer = FUNCTIONS.invoke(FunctionName=BEHIND[event["step"]], Payload=json.dumps(event))
    found = json.loads(answer["Payload"].read())
    return found, "FunctionError" in answer

def handler(event, context):
    step, number, request = event["step"], (event.get("item") or {}).get("number"), context.aws_request_id
    faults = told()
    if step == "block" and str(number) in faults["fails"]:
        left = faults["fails"][str(number)]
        tell("told", {**faults, "fails": {str(number): left - 1} if left > 1 else {}})
        tell(f"calls/{step}-{number}-{request}", {"ended": "failed"})
        raise MemoryError("told to fail")
    while step == "block" and number == told()["waits"]:
        time.sleep(0.05)
    found, failed = asked(event)
    again = asked(event) if faults["twice"] and not failed else None
    tell(f"calls/{step}-{number}-{request}", {"ended": "failed" if failed else "done", "first": found, "again": again})
    if failed:
        raise type(found["errorType"], (Exception,), {})(found["errorMessage"])
    return found
'''


@dataclass(frozen=True)
class Taken:
    """A step that the machine has taken.

    Attributes
    ----------
    ended
        "done", or "failed".
    again
        What it answered when it was done once more, and whether that failed; None where it was done once.
    """

    step: str
    number: str
    ended: str
    first: Any
    again: tuple[Any, bool] | None


@dataclass
class FaultyMachine:
    """What is to go wrong, and what was asked of the functions."""

    deployed: Deployed
    prefix: str
    arn: str
    _told: dict[str, Any] = field(default_factory=dict)

    def is_told(
        self, *, fails: dict[int, int] | None = None, waits: int | None = None, twice: bool = False
    ) -> None:
        """Have blocks fail so many times more, have one wait until this is called again, have each step done twice."""
        self._told = {"fails": fails or {}, "waits": waits, "twice": twice}
        self._s3.put_object(**self._at("told"), Body=json.dumps(self._told))

    def still_fails(self) -> dict[str, int]:
        """Return how many more times blocks are to fail."""
        found: dict[str, int] = json.loads(self._s3.get_object(**self._at("told"))["Body"].read())["fails"]
        return found

    def taken(self) -> list[Taken]:
        """Return all steps that were taken since this was last asked, in no order."""
        found = []
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{self.prefix}calls/"
        )
        for one in (one for page in pages for one in page.get("Contents", ())):
            told = json.loads(self._s3.get_object(Bucket=self._bucket, Key=one["Key"])["Body"].read())
            step, number, _ = one["Key"].rpartition("/")[2].split("-", 2)
            again = tuple(told["again"]) if told.get("again") else None
            found.append(Taken(step, number, told["ended"], told.get("first"), again))
            self._s3.delete_object(Bucket=self._bucket, Key=one["Key"])
        return found

    def wait_for(self, execution: str, status: str) -> None:
        """Wait until an execution has come to this end: its run is over a moment before."""
        arn = f"{self.arn.replace(':stateMachine:', ':execution:')}:{execution}"
        states = self.deployed.client("stepfunctions")

        def look() -> bool | None:
            return states.describe_execution(executionArn=arn)["status"] == status or None

        self.deployed.wait_for(look)

    def letters(self) -> list[dict[str, Any]]:
        """Return what was left in the dead-letter queue since this was last asked."""
        sqs, found = self.deployed.client("sqs"), []
        queue = {"QueueUrl": self.deployed.place.data["MatchPartsDeadLettersUrl"]}
        while some := sqs.receive_message(**queue, MaxNumberOfMessages=10).get("Messages"):
            for one in some:
                found.append(json.loads(one["Body"]))
                sqs.delete_message(**queue, ReceiptHandle=one["ReceiptHandle"])
        return found

    @property
    def _s3(self) -> Any:
        return self.deployed.client("s3")

    @property
    def _bucket(self) -> str:
        return self.deployed.place.data["DocumentsBucketName"]

    def _at(self, name: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": f"{self.prefix}{name}"}


def counted(taken: list[Taken], ended: str = "done") -> Counter[str]:
    """Return how many of each step ended so."""
    return Counter(one.step for one in taken if one.ended == ended)


@contextmanager
def faulty_machine(deployed: Deployed, parts_from: int) -> Iterator[FaultyMachine]:
    """Match programmes from so many enrolments on by a machine whose steps can be made to go wrong."""
    functions, states = deployed.client("lambda"), deployed.client("stepfunctions")
    worker = deployed.place.functions["RunMatch"]
    environment = functions.get_function_configuration(FunctionName=worker)["Environment"]
    variables = {**environment["Variables"], "MATCH_PARTS_FROM": str(parts_from)}
    functions.update_function_configuration(FunctionName=worker, Environment={"Variables": variables})
    machine = variables["MATCH_MACHINE_ARN"]
    definition = states.describe_state_machine(stateMachineArn=machine)["definition"]
    behind = functions_of_steps(json.loads(definition))
    made = FaultyMachine(deployed, f"match-parts/faults-{new_id(system_clock())}/", machine)
    layers = functions.get_function_configuration(FunctionName=worker)["Layers"]
    places = {
        "BUCKET": deployed.place.data["DocumentsBucketName"],
        "PREFIX": made.prefix,
        "BEHIND": json.dumps(behind),
    }
    stand_in = functions.create_function(
        FunctionName=f"faulty-{new_id(system_clock()).lower()}", Runtime="python3.11", Role=_role(deployed),
        Handler="stand_in.handler", Code={"ZipFile": _archive()}, Timeout=900, Layers=[one["Arn"] for one in layers],
        Environment={"Variables": places},
    )["FunctionArn"]  # fmt: skip
    faulty = definition
    for one in set(behind.values()):
        faulty = faulty.replace(one, stand_in)
    states.update_state_machine(stateMachineArn=machine, definition=faulty)
    made.is_told()
    try:
        yield made
    finally:
        made.is_told()
        # A worker whose settings change starts anew, and what it had in hand would stay hidden for an hour and a half.
        deployed.settle()
        states.update_state_machine(stateMachineArn=machine, definition=definition)
        functions.update_function_configuration(FunctionName=worker, Environment=environment)
        functions.delete_function(FunctionName=stand_in)


def _archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("stand_in.py", STAND_IN)
    return content.getvalue()


def _role(deployed: Deployed) -> str:
    """Return a role that may call functions, and read and write files."""
    iam = deployed.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    may = {"Effect": "Allow", "Action": ["lambda:InvokeFunction", "s3:*"], "Resource": "*"}
    name = f"faulty-{new_id(system_clock()).lower()}"
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(trust))
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=_policy(may))
    arn: str = made["Role"]["Arn"]
    return arn


def _policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
