"""The packaged template: one role a function, nothing local in it, every function watched.

Built by `chalice package` itself, as for a deployment, and kept between runs.
"""

import json
import re
from functools import cache
from typing import Any

import pytest

from infra import package, template
from tests.infra.packaged import as_list, functions, statements

LOCAL_ONLY = "LOCAL_CLOCK"
# Actions that AWS offers no resource for: the only ones whose resource may be `*`.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html, read 2026-11-22.
NAMELESS = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
CONFIG: dict[str, Any] = json.loads(package.CONFIG.read_text())
DATA = template.load(template.DATA)


@cache
def prod() -> package.Package:
    return package.build("prod")


@pytest.fixture(scope="module")
def built() -> dict[str, Any]:
    return prod().template


@pytest.fixture(scope="module")
def local() -> dict[str, Any]:
    return package.build("local").template


def events(built: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {
        name: event["Properties"]
        for name, one in functions(built).items()
        for event in one.get("Events", {}).values()
        if event["Type"] == kind
    }


def test_the_overlay_names_only_what_there_is() -> None:
    assert prod().unknown == []


def test_every_function_has_its_own_role_and_policy_file(
    built: dict[str, Any], local: dict[str, Any]
) -> None:
    for one in (built, local):
        roles = [properties["Role"]["Fn::GetAtt"][0] for properties in functions(one).values()]
        assert len(roles) == len(set(roles))
    files = [entry["iam_policy_file"] for entry in CONFIG["lambda_functions"].values()]
    assert len(files) == len(set(files))
    on_disk = {path.name for path in package.CONFIG.parent.glob("policy-*.json")}
    assert on_disk == set(files)
    for stage in CONFIG["stages"].values():
        # A stage-wide setting would beat every single function's.
        assert not {"iam_policy_file", "lambda_timeout", "lambda_memory_size", "autogen_policy"} & set(stage)


def test_every_function_is_configured_and_no_other(built: dict[str, Any]) -> None:
    logical = {re.sub(r"[-_]", "", name).lower() for name in CONFIG["lambda_functions"]}
    assert {name.lower() for name in functions(built)} == logical
    for entry in CONFIG["lambda_functions"].values():
        assert {"iam_policy_file", "lambda_memory_size", "lambda_timeout"} <= set(entry)


def test_no_function_takes_more_memory_than_a_new_account_may_have(built: dict[str, Any]) -> None:
    # https://github.com/supabase-community/supabase-on-aws/issues/83, read 2026-11-23: the whole deployment fails.
    for name, properties in functions(built).items():
        size = properties["MemorySize"]
        if isinstance(size, dict):
            size = built["Parameters"][size["Ref"]]["Default"]
        assert size <= 3008, name


def test_no_policy_is_wider_than_it_must_be(built: dict[str, Any]) -> None:
    for name in functions(built):
        for statement in statements(built, name):
            assert statement["Effect"] == "Allow"
            actions = as_list(statement["Action"])
            assert not any("*" in action for action in actions), name
            resources = as_list(statement["Resource"])
            if "*" in resources:
                assert set(actions) <= NAMELESS, (name, statement["Sid"])
            for resource in resources:
                text = json.dumps(resource)
                if resource != "*":
                    assert "${Stage}" in text or ":ses:" in text, (name, text)


def test_policies_name_tables_queues_and_buckets_that_exist(built: dict[str, Any]) -> None:
    known = {
        one["Properties"][key]["Fn::Sub"]
        for one in DATA["Resources"].values()
        for key in ("TableName", "QueueName", "BucketName")
        if key in one["Properties"]
    }
    for name in functions(built):
        for statement in statements(built, name):
            for resource in as_list(statement["Resource"]):
                text = resource.get("Fn::Sub", "") if isinstance(resource, dict) else ""
                service, _, path = text.removeprefix("arn:${AWS::Partition}:").partition(":")
                if service in ("dynamodb", "sqs", "s3"):
                    own = "crossward-" + path.partition("crossward-")[2].partition("/")[0]
                    assert own in known, (name, text)


def test_only_the_functions_that_need_it_may_send_mail_or_manage_accounts(built: dict[str, Any]) -> None:
    allowed = {
        name: {action for one in statements(built, name) for action in as_list(one["Action"])}
        for name in functions(built)
    }
    assert {name for name, actions in allowed.items() if "ses:SendEmail" in actions} <= {"SendMail"}
    may_manage = {
        name for name, actions in allowed.items() if any(one.startswith("cognito-idp:") for one in actions)
    }
    assert may_manage <= {"APIHandler"}
    assert {one.partition(":")[0] for one in allowed["Authorizer"]} == {"logs", "xray"}


def test_one_function_reads_the_signing_key_and_it_sees_nobody(built: dict[str, Any]) -> None:
    told = {name: json.dumps(statements(built, name)) for name in functions(built)}
    assert [name for name, text in told.items() if "ssm:" in text or "parameter/" in text] == [
        "SignCertificates"
    ]
    assert not any("kms:" in text or "secretsmanager:" in text for text in told.values())
    tables = set(re.findall(r"table/crossward-\$\{Stage\}-(\w+)", told["SignCertificates"]))
    assert tables == {"certificates", "outbox", "platform"}


def test_few_functions_are_given_safety_concerns(built: dict[str, Any]) -> None:
    given = {name for name in functions(built) if "${Stage}-safety" in json.dumps(statements(built, name))}
    assert given == {"APIHandler", "FollowUp", "Reminders", "SendMail"}


def test_nothing_that_aws_gets_can_move_the_clock(built: dict[str, Any], local: dict[str, Any]) -> None:
    assert LOCAL_ONLY not in json.dumps(built)
    assert LOCAL_ONLY not in template.OVERLAY.read_text()
    assert LOCAL_ONLY not in template.DATA.read_text()
    settings = {stage: one.get("environment_variables", {}) for stage, one in CONFIG["stages"].items()}
    assert [stage for stage, one in settings.items() if LOCAL_ONLY in one] == ["local"]
    assert LOCAL_ONLY not in json.dumps({**CONFIG, "stages": {}})
    assert all(one["Environment"]["Variables"][LOCAL_ONLY] == "1" for one in functions(local).values())


def test_the_stage_with_the_clock_cannot_be_deployed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from infra import deploy

    arguments = ["deploy", "local", "--web-origin", "https://a.example", "--mail-from", "a@a.example"]
    monkeypatch.setattr("sys.argv", [*arguments, "--mail-identity", "a.example"])
    monkeypatch.setattr(deploy, "build", lambda *_: pytest.fail("it went on"))
    assert deploy.main() == 1
    assert "emulator only" in capsys.readouterr().err


def test_elsewhere_keys_come_from_cognito_whatever_the_emulators_address(built: dict[str, Any]) -> None:
    chosen = built["Globals"]["Function"]["Environment"]["Variables"]["JWKS_URL"]["Fn::If"]
    assert chosen[0] == "IsLocal"
    assert "${EmulatorAddress}" in json.dumps(chosen[1])
    assert json.dumps(chosen[2]).count("https://cognito-idp.") == 1
    assert "EmulatorAddress" not in json.dumps(chosen[2])


# When each schedule fires, in UTC.
SCHEDULES = {
    "NightlyMatch": "cron(0 2 * * ? *)",
    "Reminders": "rate(5 minutes)",
    "ExpireProposals": "rate(1 hour)",
    "LearnWeights": "cron(0 4 1 * ? *)",
    "OverdueReviews": "cron(0 6 * * ? *)",
    "ExpiryNotices": "cron(0 1 * * ? *)",
    "LookAtMentorships": "cron(0 5 * * ? *)",
    "TidyEvidence": "cron(30 1 * * ? *)",
}


def test_schedules_fire_when_they_should(built: dict[str, Any]) -> None:
    assert {name: one["Schedule"] for name, one in events(built, "Schedule").items()} == SCHEDULES


QUEUES = {
    "SendMail": "mail",
    "RunMatch": "match-runs",
    "ImportRoster": "roster-imports",
    "FollowUp": "follow-ups",
    "LoadRegister": "register-loads",
    "CheckRegister": "register-checks",
    "SignCertificates": "certificates",
}


def test_queues_are_bound_to_their_functions_and_failures_are_told_apart(built: dict[str, Any]) -> None:
    bound = events(built, "SQS")
    assert set(bound) == set(QUEUES)
    for name, event in bound.items():
        arn = f"arn:${{AWS::Partition}}:sqs:${{AWS::Region}}:${{AWS::AccountId}}:crossward-${{Stage}}-{QUEUES[name]}"
        assert event["Queue"] == {"Fn::Sub": arn}
        assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        # AWS: hide a message six times as long as the function may run, or it is worked on twice.
        queue = next(
            one["Properties"]
            for one in DATA["Resources"].values()
            if one["Properties"].get("QueueName") == {"Fn::Sub": f"crossward-${{Stage}}-{QUEUES[name]}"}
        )
        assert queue["VisibilityTimeout"] >= 6 * functions(built)[name]["Timeout"]
        # SQS hands over more than ten at a time only to who waits for them.
        assert event["BatchSize"] <= 10 or event["MaximumBatchingWindowInSeconds"] >= 1
        # More invocations than the function's reserve would be throttled and use the message's tries up.
        reserve = functions(built)[name].get("ReservedConcurrentExecutions")
        assert reserve is None or event["ScalingConfig"]["MaximumConcurrency"] <= reserve


@pytest.mark.parametrize("name", ["OutboxRelay", "Reminders"])
def test_who_hands_messages_on_may_send_to_every_queue(built: dict[str, Any], name: str) -> None:
    sent = [one["Resource"] for one in statements(built, name) if "sqs:SendMessage" in as_list(one["Action"])]
    text = json.dumps(sent)
    assert [queue for queue in QUEUES.values() if f'-{queue}"' not in text] == []


def test_the_relay_reads_the_outboxs_stream_from_new_rows_alone(built: dict[str, Any]) -> None:
    ((name, event),) = events(built, "DynamoDB").items()
    assert name == "OutboxRelay"
    assert event["Stream"] == {"Fn::ImportValue": {"Fn::Sub": "crossward-${Stage}-OutboxStreamArn"}}
    assert json.loads(event["FilterCriteria"]["Filters"][0]["Pattern"]) == {"eventName": ["INSERT"]}
    assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert "OnFailure" in event["DestinationConfig"]


def test_rules_listen_to_this_stage_alone(built: dict[str, Any]) -> None:
    patterns = {name: one["Pattern"] for name, one in events(built, "CloudWatchEvent").items()}
    ended = patterns.pop("MatchEnded")
    assert ended["source"] == ["aws.states"]
    (machine,) = ended["detail"]["stateMachineArn"]
    assert machine["Fn::Sub"].endswith(":stateMachine:crossward-${Stage}-match")
    assert set(patterns) == {"RosterUploaded", "RegisterUploaded", "InspectEvidence", "MailEvents"}
    quarantine = {"Fn::ImportValue": {"Fn::Sub": "crossward-${Stage}-QuarantineBucketName"}}
    bucket = {"Fn::ImportValue": {"Fn::Sub": "crossward-${Stage}-DocumentsBucketName"}}
    sender = {"Fn::ImportValue": {"Fn::Sub": "crossward-${Stage}-MailConfigurationSetName"}}
    uploads = {"RosterUploaded": "uploads/rosters/", "RegisterUploaded": "uploads/registers/"}
    for name, pattern in patterns.items():
        if name in uploads:
            assert pattern["source"] == ["aws.s3"]
            assert pattern["detail"]["bucket"]["name"] == [bucket]
            assert pattern["detail"]["object"]["key"] == [{"prefix": uploads[name]}]
        elif name == "InspectEvidence":
            assert pattern["source"] == ["aws.s3"]
            assert pattern["detail-type"] == ["Object Created", "Object Tags Added"]
            assert pattern["detail"] == {"bucket": {"name": [quarantine]}}
        else:
            assert pattern["source"] == ["aws.ses"]
            assert pattern["detail"]["mail"]["tags"]["ses:configuration-set"] == [sender]


def test_verdicts_on_evidence_are_the_scanners_alone(built: dict[str, Any]) -> None:
    """Else whoever could tag a file could pass it for clean."""
    resources = DATA["Resources"]
    scan = resources["QuarantineScan"]["Properties"]
    assert scan["ProtectedResource"] == {"S3Bucket": {"BucketName": {"Ref": "QuarantineBucket"}}}
    assert scan["Actions"] == {"Tagging": {"Status": "ENABLED"}}
    (only,) = [
        one
        for one in resources["QuarantineBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
        if one["Sid"] == "VerdictsByTheScannerAlone"
    ]
    assert only["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": {"Fn::GetAtt": ["ScannerRole", "Arn"]}}}
    for name in functions(built):
        allowed = {action for one in statements(built, name) for action in as_list(one["Action"])}
        assert not {action for action in allowed if "PutObject" in action and "Tagging" in action}, name
    # What has not been looked at is read by who looks at it, and by nobody else.
    reads = {
        name
        for name in functions(built)
        for one in statements(built, name)
        if "-quarantine-" in json.dumps(one["Resource"])
        and any(action.startswith("s3:Get") for action in as_list(one["Action"]))
    }
    assert reads == {"InspectEvidence", "TidyEvidence"}


def test_the_user_pool_asks_the_functions_that_it_names(
    built: dict[str, Any],
) -> None:
    triggers = DATA["Resources"]["UserPool"]["Properties"]["LambdaConfig"]
    assert set(triggers) == {"CustomMessage", "PreSignUp"}
    for name, arn in triggers.items():
        function = functions(built)[name]
        assert arn["Fn::Sub"].endswith(f":function:{function['FunctionName']['Fn::Sub']}")
        # Cognito waits no longer.
        assert function["Timeout"] <= 5
        permission = built["Resources"][f"{name}ByUserPool"]["Properties"]
        assert permission["FunctionName"] == {"Fn::GetAtt": [name, "Arn"]}
        assert permission["Principal"] == "cognito-idp.amazonaws.com"
        assert permission["SourceArn"] == {"Fn::ImportValue": {"Fn::Sub": "crossward-${Stage}-UserPoolArn"}}
    # One is told an address and asks for nothing; the other looks who has claimed it.
    for name, asks in (("CustomMessage", set()), ("PreSignUp", {"dynamodb:GetItem"})):
        allowed = {action for one in statements(built, name) for action in as_list(one["Action"])}
        assert {one for one in allowed if one.partition(":")[0] not in ("logs", "xray")} == asks


def test_what_nobody_waits_for_keeps_its_failures(built: dict[str, Any]) -> None:
    """A schedule or rule invokes asynchronously: after two retries the event is gone, unless it has a place to go."""
    for name in {*events(built, "Schedule"), *events(built, "CloudWatchEvent")}:
        assert functions(built)[name]["DeadLetterQueue"]["Type"] == "SQS", name
        sends = {action for one in statements(built, name) for action in as_list(one["Action"])}
        assert "sqs:SendMessage" in sends, name


def test_every_function_and_dead_letter_queue_has_its_alarms(built: dict[str, Any]) -> None:
    _, watched, alarms = built["Resources"]["Fn::ForEach::FunctionAlarms"]
    assert set(watched) == set(functions(built))
    assert {one["Properties"]["MetricName"] for one in alarms.values()} == {"Errors", "Throttles"}
    _, queues, _ = built["Resources"]["Fn::ForEach::DeadLetterAlarms"]
    wanted = {
        name
        for name, one in DATA["Resources"].items()
        if one["Type"] == "AWS::SQS::Queue" and not name.endswith("Queue")
    }
    assert set(queues) == wanted


def test_imports_are_exports_of_the_data_stack(built: dict[str, Any]) -> None:
    wanted = set(
        re.findall(r'"Fn::ImportValue": \{"Fn::Sub": "crossward-\$\{Stage\}-(\w+)"\}', json.dumps(built))
    )
    assert wanted
    assert wanted <= set(DATA["Outputs"])
    assert {f"{name}Name" for name in built["Resources"]["Fn::ForEach::DeadLetterAlarms"][1]} <= set(
        DATA["Outputs"]
    )


def test_gateway_answers_are_problems_that_a_browser_may_read(built: dict[str, Any]) -> None:
    responses = built["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
    assert {"UNAUTHORIZED", "ACCESS_DENIED", "DEFAULT_4XX", "DEFAULT_5XX", "THROTTLED"} <= set(responses)
    for kind, response in responses.items():
        headers = response["ResponseParameters"]["Headers"]
        assert headers["Content-Type"] == "'application/problem+json'"
        assert headers["Access-Control-Allow-Origin"] == "'*'"
        body = json.loads(response["ResponseTemplates"]["application/json"])
        assert body["type"].startswith("https://crossward.org/problems/"), kind
        assert body.get("status") == response.get("StatusCode"), kind
        assert {"title", "detail", "instance"} <= set(body)


def test_logs_are_kept_in_one_place_and_not_for_ever(built: dict[str, Any]) -> None:
    assert built["Globals"]["Function"]["LoggingConfig"] == {"LogGroup": {"Ref": "Logs"}}
    assert built["Resources"]["Logs"]["Properties"]["RetentionInDays"] == 90
    assert not any("LoggingConfig" in one for one in functions(built).values())


def test_the_api_leaves_gateways_time_for_an_answer(built: dict[str, Any]) -> None:
    """API Gateway waits 29 s: a function that runs on works for nobody."""
    assert functions(built)["APIHandler"]["Timeout"] <= 29
    assert functions(built)["Authorizer"]["Timeout"] <= 10


def test_a_missing_function_is_left_out_with_all_that_names_it() -> None:
    half = {
        "Resources": {
            "Here": {"Type": "AWS::Serverless::Function"},
            "Gone": {"Properties": {}},
            "Fn::ForEach::Alarms": ["F", ["Here", "Gone"], {}],
        }
    }
    assert package.unknown_functions(half) == ["Gone"]
    assert package.without(half, ["Gone"]) == {
        "Resources": {"Here": half["Resources"]["Here"], "Fn::ForEach::Alarms": ["F", ["Here"], {}]}
    }
