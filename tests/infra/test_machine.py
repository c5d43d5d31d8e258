"""The state machine of a match in parts: what its definition promises."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from chalicelib.kernel.ids import new_id
from chalicelib.matching.service import MATCH_STEPS
from chalicelib.mentorships import jobs, machine
from infra import package, template
from tests.infra.packaged import as_list, statements, statements_of
from tests.support.world import World

MACHINE = template.load(template.MACHINE)
STATES: dict[str, Any] = MACHINE["States"]
FUNCTIONS = {"MatchRead", "MatchPart", "MatchWhole", "MatchExplain", "MatchPublish"}


@cache
def prod() -> dict[str, Any]:
    return package.build("prod").template


def built() -> dict[str, Any]:
    resources: dict[str, Any] = prod()["Resources"]
    return resources


@dataclass(frozen=True)
class Asked:
    """A state that asks a function, with what it asks: that of a map under the map's name."""

    name: str
    task: dict[str, Any]
    event: dict[str, Any]

    @property
    def function(self) -> str:
        name: str = self.task["Parameters"]["FunctionName"]
        return name


def tasks() -> Iterator[Asked]:
    for name, state in STATES.items():
        if state["Type"] == "Map":
            task = state["ItemProcessor"]["States"]["Do"]
            # An item is asked for as it was selected.
            assert task["Parameters"]["Payload.$"] == "$"
            yield Asked(name, task, state["ItemSelector"])
        elif state["Type"] == "Task" and "FunctionName" in state["Parameters"]:
            yield Asked(name, state, state["Parameters"]["Payload"])


def letters() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each state that leaves a letter, with the states beside it."""
    for states in (STATES, *(one["ItemProcessor"]["States"] for one in maps().values())):
        yield states["LeaveLetter"], states


def maps() -> dict[str, dict[str, Any]]:
    return {name: state for name, state in STATES.items() if state["Type"] == "Map"}


def following(state: dict[str, Any]) -> set[str]:
    found = {state[key] for key in ("Next", "Default") if key in state}
    found |= {one["Next"] for one in state.get("Choices", ())}
    return found | {one["Next"] for one in state.get("Catch", ())}


def test_every_state_is_reached_and_none_is_missing() -> None:
    seen: set[str] = set()
    ahead = {MACHINE["StartAt"]}
    while ahead:
        name = ahead.pop()
        seen.add(name)
        ahead |= following(STATES[name]) - seen
    assert seen == set(STATES)
    for name, state in STATES.items():
        assert following(state) or state["Type"] in ("Succeed", "Fail"), name


def test_every_step_is_one_that_is_done() -> None:
    assert {one.event["step"] for one in tasks()} == {
        *MATCH_STEPS,
        "report",
        "line_up",
        "publish",
        "tell",
        "finish",
        "fail",
    }


@pytest.mark.parametrize("asked", list(tasks()), ids=lambda one: one.name)
def test_a_task_waits_tries_again_and_ends_well(asked: Asked) -> None:
    task = asked.task
    assert task["TimeoutSeconds"] == 910
    first, throttled, service, every = task["Retry"]
    assert first["ErrorEquals"] == ["RunOver"]
    assert first["MaxAttempts"] == 0
    assert throttled["ErrorEquals"] == ["Lambda.TooManyRequestsException"]
    assert "Lambda.ServiceException" in service["ErrorEquals"]
    assert every["ErrorEquals"] == ["States.ALL"]
    # With full jitter half of it is waited on average: other programmes' runs, of minutes, are over by then.
    assert throttled["MaxAttempts"] * throttled["MaxDelaySeconds"] / 2 >= 3_600
    for one in (throttled, service, every):
        assert one["BackoffRate"] > 1
        assert one["JitterStrategy"] == "FULL"
        assert one["MaxAttempts"] >= 3
    assert {"programme_id.$", "run_id.$", "execution.$"} <= set(asked.event)
    if asked.name != "Fail":
        over = task["Catch"][0]
        assert over["ErrorEquals"] == ["RunOver"]
        assert over["Next"] in ("Over", "Left")


@pytest.mark.parametrize(
    "name", ["match_read", "match_part", "match_whole", "match_explain", "match_publish"]
)
def test_a_step_of_a_run_that_is_gone_fails_by_the_name_that_is_caught(world: World, name: str) -> None:
    """Lambda tells an error by its class."""
    steps = {one.function: one.event["step"] for one in tasks() if one.event["step"] != "fail"}
    function = f"${{{''.join(part.title() for part in name.split('_'))}}}"
    event = {"step": steps[function], "programme_id": new_id(world.at), "run_id": new_id(world.at)}
    with pytest.raises(machine.RunOver) as raised:
        getattr(jobs, name)(event, None)
    (task, *_) = [one.task for one in tasks() if one.function == function]
    assert task["Catch"][0]["ErrorEquals"] == [type(raised.value).__name__]
    assert task["Retry"][0]["ErrorEquals"] == [type(raised.value).__name__]


def test_a_failure_before_the_end_fails_the_run() -> None:
    for name, state in STATES.items():
        if state["Type"] in ("Task", "Map") and name not in ("Fail", "LeaveLetter"):
            assert state["Catch"][-1] == {
                "ErrorEquals": ["States.ALL"],
                "ResultPath": "$.error",
                "Next": "LeaveLetter",
            }
    assert STATES["Fail"]["Next"] == "Failed"
    assert STATES["Failed"]["Type"] == "Fail"


def test_what_fails_is_left_in_the_dead_letter_queue_as_it_was_asked_for() -> None:
    for letter, states in letters():
        assert letter["Resource"].endswith(":sqs:sendMessage")
        assert letter["Parameters"] == {"QueueUrl": "${DeadLetters}", "MessageBody.$": "$"}
        # Where no letter can be left, it fails all the same.
        assert {one["Next"] for one in letter["Catch"]} == {letter["Next"]}
        assert states[letter["Next"]]["Type"] == "Fail" or letter["Next"] == "Fail"
    for one in maps().values():
        states = one["ItemProcessor"]["States"]
        assert states["Do"]["Catch"][-1] == {
            "ErrorEquals": ["States.ALL"],
            "ResultPath": "$.error",
            "Next": "LeaveLetter",
        }
        assert states["Do"]["Catch"][0]["Next"] == "Left"


def test_nothing_is_published_before_all_is_reported() -> None:
    """From the beginning, without the report, nobody comes to a step that proposes."""
    seen: set[str] = set()
    ahead = {"Enrol"}
    while ahead:
        name = ahead.pop()
        seen.add(name)
        ahead |= (following(STATES[name]) if name != "Report" else set()) - seen
    assert not seen & {"LineUp", "Publish", "Tell", "Finish"}


@pytest.mark.parametrize("name", list(maps()))
def test_a_map_goes_over_a_file_so_many_at_a_time(name: str) -> None:
    state = maps()[name]
    assert state["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    # Those that spare the tables say how many themselves; of the others the execution is told.
    assert ("MaxConcurrency" in state) == (name in {"Segments", "Publish", "Tell"})
    if "MaxConcurrency" in state:
        assert 1 <= state["MaxConcurrency"] <= 20
    else:
        assert state["MaxConcurrencyPath"] == "$.at_once"
    assert state["ItemReader"]["Resource"].endswith(":s3:getObject")
    assert state["ToleratedFailureCount"] == 0
    # Answers of thousands of items would be more than a state may hand on.
    assert state["ResultPath"] is None
    task = state["ItemProcessor"]["States"]["Do"]
    assert task["ResultSelector"] == {}


def test_the_package_has_the_machine_with_its_functions_and_no_more_rights() -> None:
    machine = built()["MatchMachine"]["Properties"]
    assert machine["Definition"] == MACHINE
    assert set(machine["DefinitionSubstitutions"]) == {*FUNCTIONS, "DeadLetters"}
    assert {one.function for one in tasks()} == {f"${{{name}}}" for name in FUNCTIONS}
    for name in FUNCTIONS:
        assert built()[name]["Properties"]["Timeout"] == 900
    rights = {one["Sid"]: one for one in statements_of(prod(), "MatchMachineRole")}
    for name, statement in rights.items():
        assert statement["Effect"] == "Allow"
        assert "*" not in "".join(as_list(statement["Action"])), name
        assert statement["Resource"] != "*" or name in ("Trace", "DeliverLogs")
    assert {one["Fn::GetAtt"][0] for one in rights["DoSteps"]["Resource"]} == FUNCTIONS
    reads = rights["ReadItems"]
    assert as_list(reads["Action"]) == ["s3:GetObject"]
    assert reads["Resource"]["Fn::Sub"].endswith("/match-parts/*/items/*")


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_may_fail_a_run_whose_engine_has_changed(name: str) -> None:
    matching = "table/crossward-${Stage}-matching"
    allowed = {
        action
        for statement in statements(prod(), name)
        for resource in as_list(statement["Resource"])
        if isinstance(resource, dict) and resource["Fn::Sub"].endswith(matching)
        for action in statement["Action"]
    }
    assert {"dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem"} <= allowed


def test_the_machine_may_begin_and_follow_its_own_items_alone() -> None:
    """What AWS asks for of a distributed map; the emulator looks at no role."""
    own = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:"
    allowed = {
        (action, statement["Resource"]["Fn::Sub"].removeprefix(own))
        for statement in statements_of(prod(), "MatchMachineRole")
        for action in as_list(statement["Action"])
        if action.startswith("states:")
    }
    assert allowed == {
        ("states:StartExecution", "stateMachine:crossward-${Stage}-match"),
        ("states:DescribeExecution", "execution:crossward-${Stage}-match:*"),
        ("states:DescribeExecution", "execution:crossward-${Stage}-match/*"),
        ("states:StopExecution", "execution:crossward-${Stage}-match/*"),
    }


def test_the_machine_logs_what_fails_and_nothing_of_anybody() -> None:
    logging = built()["MatchMachine"]["Properties"]["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    (destination,) = logging["Destinations"]
    assert destination["CloudWatchLogsLogGroup"]["LogGroupArn"] == {"Fn::GetAtt": ["Logs", "Arn"]}


def test_one_who_runs_it_hears_of_failures_and_of_lost_time_but_not_of_stops() -> None:
    variable, endings, alarms = built()["Fn::ForEach::MatchMachineAlarms"]
    (alarm,) = alarms.values()
    properties = alarm["Properties"]
    metric = properties["MetricName"]["Fn::Sub"]
    watched = {metric.replace(f"${{{variable}}}", ending) for ending in endings}
    assert watched == {"ExecutionsFailed", "ExecutionsTimedOut"}
    assert properties["Namespace"] == "AWS/States"
    assert properties["Dimensions"] == [{"Name": "StateMachineArn", "Value": {"Ref": "MatchMachine"}}]


def test_only_the_worker_of_runs_begins_and_stops_executions() -> None:
    may = {}
    for name, one in built().items():
        for policy in one.get("Properties", {}).get("Policies", ()) if isinstance(one, dict) else ():
            for statement in policy["PolicyDocument"]["Statement"]:
                for action in as_list(statement["Action"]):
                    if action.startswith("states:") and name != "MatchMachineRole":
                        may[action] = [*may.get(action, []), (name, as_list(statement["Resource"]))]
    assert set(may) == {"states:StartExecution", "states:StopExecution"}
    for who in may.values():
        ((role, resources),) = who
        assert role == built()["RunMatch"]["Properties"]["Role"]["Fn::GetAtt"][0]
        (resource,) = resources
        assert ":crossward-${Stage}-match" in resource["Fn::Sub"]


def test_who_hears_of_lost_executions_leaves_what_it_cannot_do_in_a_queue() -> None:
    assert built()["MatchEnded"]["Properties"]["DeadLetterQueue"]["Type"] == "SQS"
