"""Executions by name, against moto's Step Functions."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.platform import machines
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from tests.support.world import World

DEFINITION = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
ROLE = "arn:aws:iam::123456789012:role/crossward-test-match"


@pytest.fixture
def machine(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the ARN of the installation's machine, which waits."""
    made = client("stepfunctions").create_state_machine(
        name="crossward-test-match", definition=json.dumps(DEFINITION), roleArn=ROLE
    )
    arn: str = made["stateMachineArn"]
    known = replace(settings(), match_machine_arn=arn)
    monkeypatch.setattr(machines, "settings", lambda: known)
    return arn


def executions(machine: str) -> dict[str, dict[str, Any]]:
    """Return what there is, by name."""
    states = client("stepfunctions")
    listed = states.list_executions(stateMachineArn=machine)["executions"]
    return {one["name"]: states.describe_execution(executionArn=one["executionArn"]) for one in listed}


def test_an_execution_begins_with_what_it_is_given(machine: str) -> None:
    machines.start("run-1", {"run_id": "run", "begin": "match"})
    begun = executions(machine)["run-1"]
    assert begun["status"] == "RUNNING"
    assert json.loads(begun["input"]) == {"run_id": "run", "begin": "match"}


def test_a_name_begins_once_whoever_asks_again(machine: str) -> None:
    machines.start("run-1", {"begin": "match"})
    machines.start("run-1", {"begin": "match"})
    machines.start("run-1", {"begin": "publish"})
    assert [(name, json.loads(one["input"])) for name, one in executions(machine).items()] == [
        ("run-1", {"begin": "match"})
    ]


def test_a_stop_ends_the_named_execution_alone_and_says_why(machine: str) -> None:
    machines.start("run-1", {})
    machines.start("run-2", {})
    asked: list[dict[str, Any]] = []
    hooks = client("stepfunctions").meta.events
    name = "before-parameter-build.sfn.StopExecution"
    hooks.register(name, hook := lambda params, **_: asked.append(dict(params)))  # moto keeps no cause
    machines.stop("run-1", "The run was stopped.")
    hooks.unregister(name, hook)
    found = {name: one["status"] for name, one in executions(machine).items()}
    assert found == {"run-1": "ABORTED", "run-2": "RUNNING"}
    assert [one["cause"] for one in asked] == ["The run was stopped."]


def test_what_was_stopped_does_not_begin_again_by_its_name(machine: str) -> None:
    machines.start("run-1", {})
    machines.stop("run-1", "The run was stopped.")
    machines.start("run-1", {})
    assert [one["status"] for one in executions(machine).values()] == ["ABORTED"]


def test_a_stop_of_what_never_began_is_no_error(machine: str) -> None:
    machines.stop("run-1", "The run was stopped.")
    assert executions(machine) == {}


def test_another_failure_is_told(machine: str) -> None:
    states = client("stepfunctions")
    states.delete_state_machine(stateMachineArn=machine)
    with pytest.raises(states.exceptions.StateMachineDoesNotExist):
        machines.start("run-1", {})
