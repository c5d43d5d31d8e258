"""A match in parts by the very state machine that AWS would run, with faults in one of its steps."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.kernel.call import Actor, Call, job_call
from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.ids import new_id
from chalicelib.matching import service as matching
from chalicelib.matching.service import MatchRun, RunStatus
from chalicelib.mentorships import store as mentorships_store
from chalicelib.organisations import store as organisations
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.programmes.model import Programme, Side
from tests.journeys.deployed import Deployed
from tests.journeys.rows import a_programme, enrolled, person, write
from tests.support.world import MENTEE_PROFILE, MENTOR_PROFILE

PAIRS = 3
FAULTY = '''
"""Fails as often as it is told to, then hands on to the function in whose place it stands."""
import json, os
import boto3

def handler(event, context):
    s3, place = boto3.client("s3"), {"Bucket": os.environ["BUCKET"], "Key": os.environ["KEY"]}
    left = json.loads(s3.get_object(**place)["Body"].read())
    if left and event["step"] == "block":
        s3.put_object(**place, Body=json.dumps(left - 1))
        raise MemoryError("told to fail")
    answer = boto3.client("lambda").invoke(FunctionName=os.environ["BEHIND"], Payload=json.dumps(event))
    found = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise RuntimeError(found["errorType"])
    return found
'''


@dataclass
class Faults:
    """The machine with a function before `match_part` that fails so many times more."""

    deployed: Deployed
    key: str

    def will_be(self, times: int) -> None:
        self.deployed.client("s3").put_object(**self._place(), Body=json.dumps(times))

    def left(self) -> int:
        found: int = json.loads(self.deployed.client("s3").get_object(**self._place())["Body"].read())
        return found

    def _place(self) -> dict[str, str]:
        return {"Bucket": self.deployed.place.data["DocumentsBucketName"], "Key": self.key}


def a_role(deployed: Deployed) -> str:
    """Return a role that may call functions, and read and write files."""
    iam = deployed.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    may = {"Effect": "Allow", "Action": ["lambda:InvokeFunction", "s3:*"], "Resource": "*"}
    name = f"faulty-{new_id(system_clock()).lower()}"
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy(may))
    arn: str = made["Role"]["Arn"]
    return arn


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def faults(deployed: Deployed) -> Iterator[Faults]:
    """Have every programme of ten matched in parts, by a machine whose blocks can be made to fail."""
    functions, states = deployed.client("lambda"), deployed.client("stepfunctions")
    worker, part = deployed.place.functions["RunMatch"], deployed.place.functions["MatchPart"]
    before = functions.get_function_configuration(FunctionName=worker)
    environment = before["Environment"]
    variables = {**environment["Variables"], "MATCH_PARTS_FROM": "4"}
    functions.update_function_configuration(FunctionName=worker, Environment={"Variables": variables})
    behind = functions.get_function_configuration(FunctionName=part)
    role = a_role(deployed)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("faulty.py", FAULTY)
    bucket = deployed.place.data["DocumentsBucketName"]
    made = Faults(deployed, f"match-parts/faults-{new_id(system_clock())}")
    faulty = functions.create_function(
        FunctionName=f"faulty-{new_id(system_clock()).lower()}", Runtime="python3.11", Role=role,
        Handler="faulty.handler", Code={"ZipFile": archive.getvalue()}, Timeout=900,
        Layers=[one["Arn"] for one in behind["Layers"]],
        Environment={"Variables": {"BUCKET": bucket, "KEY": made.key, "BEHIND": part}},
    )["FunctionArn"]  # fmt: skip
    machine = variables["MATCH_MACHINE_ARN"]
    definition = states.describe_state_machine(stateMachineArn=machine)["definition"]
    arn = behind["FunctionArn"]
    assert arn in definition
    states.update_state_machine(stateMachineArn=machine, definition=definition.replace(arn, faulty))
    made.will_be(0)
    yield made
    states.update_state_machine(stateMachineArn=machine, definition=definition)
    functions.update_function_configuration(FunctionName=worker, Environment=environment)
    functions.delete_function(FunctionName=faulty)


def peopled() -> tuple[Programme, str]:
    """Return a programme of three pairs that fit and one mentee more, and its coordinator."""
    programme = a_programme()
    for _ in range(PAIRS):
        enrolled(programme, person(MENTOR_PROFILE, verified=True), Side.MENTOR, 1)
        enrolled(programme, person(MENTEE_PROFILE), Side.MENTEE, 1)
    enrolled(programme, person(MENTEE_PROFILE), Side.MENTEE, 1)
    coordinator = person(MENTEE_PROFILE)
    rights = Rights(coordinator, roles={programme.organisation_id: frozenset({StaffRole.COORDINATOR})})
    write(organisations.put_rights(rights, system_clock()))
    return programme, coordinator


def begun(programme: Programme) -> str:
    now = system_clock()
    run_id = new_id(now)
    assert matching.start_scheduled(job_call("nightly_match", now), programme, run_id)
    return run_id


def ended(deployed: Deployed, programme: Programme, run_id: str) -> MatchRun:
    def look() -> MatchRun | None:
        run = matching.get_run(programme.id, run_id)
        return run if run is not None and run.is_over else None

    return deployed.wait_for(look)


def coordinating(person_id: str) -> Call:
    return Call(now=system_clock(), actor=Actor(person_id))


@pytest.mark.usefixtures("emulator")
def test_a_block_that_fails_twice_and_then_works(deployed: Deployed, faults: Faults) -> None:
    programme, coordinator = peopled()
    faults.will_be(2)
    run = ended(deployed, programme, run_id := begun(programme))
    assert (run.status, run.in_parts, run.attempt) == (RunStatus.DONE, True, 1)
    assert faults.left() == 0
    assert (run.pairs, run.published, run.skipped, run.left_out) == (PAIRS, PAIRS, 0, 1)
    assert (run.blocks, run.blocks_done, run.mentees_matched) == (1, 1, PAIRS)
    assert len(list(mentorships_store.pairs_in(programme.id))) == PAIRS
    detail = matching.read_run(coordinating(coordinator), programme.id, run_id)
    assert detail.report is not None
    assert detail.report.pairs == PAIRS


@pytest.mark.usefixtures("emulator")
def test_a_block_that_always_fails_fails_the_run_until_it_is_taken_up_again(
    deployed: Deployed, faults: Faults
) -> None:
    programme, coordinator = peopled()
    faults.will_be(100)
    run = ended(deployed, programme, run_id := begun(programme))
    assert (run.status, run.failure) == (RunStatus.FAILED, matching.Failure.GAVE_UP)
    assert (run.published, run.pairs) == (0, 0)
    assert list(mentorships_store.pairs_in(programme.id)) == []

    faults.will_be(0)
    matching.retry_run(coordinating(coordinator), programme.id, run_id)
    again = ended(deployed, programme, run_id)
    assert (again.status, again.attempt, again.published) == (RunStatus.DONE, 2, PAIRS)
