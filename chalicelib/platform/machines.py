"""Executions of the installation's state machine: begun and stopped by name, each name once."""

import json
from contextlib import suppress
from typing import Any

from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings


def start(name: str, what: dict[str, Any]) -> None:
    """Begin an execution; one of this name that is there already, at work or over, is no error."""
    states = client("stepfunctions")
    with suppress(states.exceptions.ExecutionAlreadyExists):
        states.start_execution(
            stateMachineArn=settings().match_machine_arn,
            name=name,
            input=json.dumps(what, separators=(",", ":"), sort_keys=True),
        )


def stop(name: str, cause: str) -> None:
    """End an execution; one that is not there, or over, is no error."""
    states = client("stepfunctions")
    with suppress(states.exceptions.ExecutionDoesNotExist):
        states.stop_execution(executionArn=_execution_arn(name), cause=cause)


def _execution_arn(name: str) -> str:
    machine = settings().match_machine_arn
    return f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
