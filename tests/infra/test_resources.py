"""infra/data.yaml says what it must, and the tests' loader makes just that."""

import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.certificates.portfolios import model as portfolios_model
from chalicelib.certificates.portfolios import store as portfolios_store
from chalicelib.credentials import export_store
from chalicelib.credentials import exports as exports_model
from chalicelib.credentials.evidence.model import GIVE_UP
from infra import template
from infra.local.resources import _CREATORS, create_all, create_tables

DATA = template.load(template.DATA)
RESOURCES: dict[str, Any] = DATA["Resources"]

TABLES = {
    "organisations": 0, "people": 1, "credentials": 2, "programmes": 2, "matching": 1, "mentorships": 2,
    "rosters": 1, "notifications": 0, "outbox": 1, "platform": 0,
    "registers": 0, "calendars": 0, "certificates": 2, "safety": 2, "attendance": 0, "series": 2, "simulations": 1,
    "circles": 1,
    "events": 1,
    "credits": 1,
}  # fmt: skip
EXPIRING = {
    "circles",
    "matching",
    "mentorships",
    "notifications",
    "outbox",
    "platform",
    "registers",
    "safety",
}


def of_type(kind: str) -> dict[str, Any]:
    return {name: one["Properties"] for name, one in RESOURCES.items() if one["Type"] == kind}


def capability(properties: dict[str, Any]) -> str:
    name: str = properties["TableName"]["Fn::Sub"]
    assert name.startswith("crossward-${Stage}-")
    return name.removeprefix("crossward-${Stage}-")


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with mock_aws():
        yield boto3.Session(region_name="eu-west-1")


@pytest.fixture(scope="module")
def environment(session: Any) -> dict[str, str]:
    return create_all("probe", session)


def test_there_is_a_table_for_each_capability_with_its_indexes() -> None:
    found = {
        capability(one): len(one.get("GlobalSecondaryIndexes", []))
        for one in of_type("AWS::DynamoDB::Table").values()
    }
    assert found == TABLES


@pytest.mark.parametrize("name", sorted(of_type("AWS::DynamoDB::Table")))
def test_a_table_is_kept_safe(name: str) -> None:
    table = of_type("AWS::DynamoDB::Table")[name]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["SSESpecification"]["SSEEnabled"] is True
    assert table["DeletionProtectionEnabled"] == {"Fn::If": ["IsProtected", True, False]}
    assert RESOURCES[name]["UpdateReplacePolicy"] == "Retain"
    assert RESOURCES[name]["DeletionPolicy"] == "RetainExceptOnCreate"
    expiring = "TimeToLiveSpecification" in table
    assert expiring == (capability(table) in EXPIRING)
    if expiring:
        assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at_epoch", "Enabled": True}


def test_only_the_outbox_streams_and_only_what_is_new() -> None:
    streams = {
        capability(one): one["StreamSpecification"]
        for one in of_type("AWS::DynamoDB::Table").values()
        if "StreamSpecification" in one
    }
    assert streams == {"outbox": {"StreamViewType": "NEW_IMAGE"}}


def test_protection_holds_everywhere_but_locally() -> None:
    for stage, protected in (("local", False), ("dev", True), ("prod", True)):
        assert template.Evaluator(DATA, {"Stage": stage}).condition("IsProtected") is protected


def test_every_working_queue_has_dead_letters_and_six_times_its_functions_time() -> None:
    queues = of_type("AWS::SQS::Queue")
    working = {name: one for name, one in queues.items() if name.endswith("Queue")}
    assert sorted(working) == [
        "CertificatesQueue", "FollowUpsQueue", "MailQueue", "MatchRunsQueue", "RegisterChecksQueue",
        "RegisterLoadsQueue", "RosterImportsQueue",
    ]  # fmt: skip
    for one in working.values():
        target = one["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        assert target in queues
        assert one["RedrivePolicy"]["maxReceiveCount"] >= 3
    for one in queues.values():
        assert one["SqsManagedSseEnabled"] is True
        assert one["MessageRetentionPeriod"] == 14 * 86_400


def test_buckets_are_closed_encrypted_and_reached_over_tls_alone() -> None:
    for name, bucket in of_type("AWS::S3::Bucket").items():
        closed = bucket["PublicAccessBlockConfiguration"]
        assert (len(closed), set(closed.values())) == (4, {True}), name
        assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        policy = of_type("AWS::S3::BucketPolicy")[f"{name}Policy"]
        assert policy["Bucket"] == {"Ref": name}
        (tls,) = [one for one in policy["PolicyDocument"]["Statement"] if one["Sid"] == "TlsOnly"]
        assert (tls["Effect"], tls["Action"]) == ("Deny", "s3:*")
        assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_buckets_that_take_uploads_tell_of_them_and_forget_them() -> None:
    buckets = of_type("AWS::S3::Bucket")
    for name in ("DocumentsBucket", "QuarantineBucket"):
        told = buckets[name]["NotificationConfiguration"]["EventBridgeConfiguration"]
        assert told["EventBridgeEnabled"] is True
        (cors,) = buckets[name]["CorsConfiguration"]["CorsRules"]
        assert (cors["AllowedMethods"], cors["AllowedOrigins"]) == (["POST"], [{"Ref": "WebOrigin"}])
    rules = {rule["Id"]: rule for rule in buckets["DocumentsBucket"]["LifecycleConfiguration"]["Rules"]}
    assert (rules["uploads-leave"]["Prefix"], rules["uploads-leave"]["ExpirationInDays"]) == ("uploads/", 7)
    exports = rules["trail-exports-leave"]
    assert (exports["Prefix"], exports["ExpirationInDays"]) == (export_store.PREFIX, exports_model.KEEP.days)
    taken = rules["portfolios-leave"]
    assert (taken["Prefix"], taken["ExpirationInDays"]) == (
        portfolios_store.PREFIX,
        portfolios_model.KEEP.days,
    )
    rules = {rule["Id"]: rule for rule in buckets["QuarantineBucket"]["LifecycleConfiguration"]["Rules"]}
    assert rules["files-leave"]["ExpirationInDays"] > GIVE_UP.days, "it is there as long as it is waited for"
    assert rules["files-leave"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert buckets["QuarantineBucket"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert "VersioningConfiguration" not in buckets["EvidenceBucket"], "deleted is deleted"


def test_the_pool_tells_nobody_who_is_in_it_and_takes_no_address_as_name() -> None:
    (pool,) = of_type("AWS::Cognito::UserPool").values()
    assert "AliasAttributes" not in pool
    assert "UsernameAttributes" not in pool
    assert pool["AutoVerifiedAttributes"] == ["email"]
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 10
    (client,) = of_type("AWS::Cognito::UserPoolClient").values()
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["GenerateSecret"] is False
    assert client["EnableTokenRevocation"] is True
    assert (client["AccessTokenValidity"], client["TokenValidityUnits"]["AccessToken"]) == (1, "hours")
    assert set(client["ExplicitAuthFlows"]) == {"ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    groups = {one["GroupName"] for one in of_type("AWS::Cognito::UserPoolGroup").values()}
    assert groups == {"admin", "staff", "participant"}


def test_what_becomes_of_a_mail_is_told() -> None:
    (destination,) = of_type("AWS::SES::ConfigurationSetEventDestination").values()
    wanted = {"SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE"}
    assert set(destination["EventDestination"]["MatchingEventTypes"]) == wanted
    assert "EventBridgeDestination" in destination["EventDestination"]


def test_every_name_carries_the_stage() -> None:
    names = ("TableName", "QueueName", "BucketName", "UserPoolName", "ClientName")
    for resource in RESOURCES.values():
        for name in names:
            if name in resource["Properties"]:
                assert resource["Properties"][name]["Fn::Sub"].startswith("crossward-${Stage}-")


def test_every_output_is_exported_under_its_own_name() -> None:
    for name, output in DATA["Outputs"].items():
        assert output["Export"]["Name"] == {"Fn::Sub": f"crossward-${{Stage}}-{name}"}


def test_the_loader_knows_every_type_in_the_file() -> None:
    assert {one["Type"] for one in RESOURCES.values()} <= set(_CREATORS)


def test_tables_come_as_the_file_says(session: Any, environment: dict[str, str]) -> None:
    dynamodb = session.client("dynamodb")
    for name, indexes in TABLES.items():
        table = dynamodb.describe_table(TableName=f"{environment['TABLE_PREFIX']}{name}")["Table"]
        keys = [("pk", "HASH"), ("sk", "RANGE")]
        assert [(one["AttributeName"], one["KeyType"]) for one in table["KeySchema"]] == keys
        found = {
            one["IndexName"]: (
                [key["AttributeName"] for key in one["KeySchema"]],
                one["Projection"]["ProjectionType"],
            )
            for one in table.get("GlobalSecondaryIndexes", [])
        }
        assert found == {f"gsi{n}": ([f"gsi{n}pk", f"gsi{n}sk"], "ALL") for n in range(1, indexes + 1)}
        ttl = dynamodb.describe_time_to_live(TableName=f"{environment['TABLE_PREFIX']}{name}")[
            "TimeToLiveDescription"
        ]
        assert (ttl["TimeToLiveStatus"] == "ENABLED") == (name in EXPIRING)
    assert dynamodb.describe_table(TableName="crossward-probe-outbox")["Table"]["LatestStreamArn"]


def test_the_environment_names_what_there_is(session: Any, environment: dict[str, str]) -> None:
    session.client("s3").head_bucket(Bucket=environment["DOCUMENTS_BUCKET"])
    for name in (
        "MAIL_QUEUE_URL",
        "MATCH_RUNS_QUEUE_URL",
        "ROSTER_IMPORTS_QUEUE_URL",
        "FOLLOW_UPS_QUEUE_URL",
        "REGISTER_LOADS_QUEUE_URL",
        "REGISTER_CHECKS_QUEUE_URL",
    ):
        session.client("sqs").get_queue_attributes(QueueUrl=environment[name])
    client = session.client("cognito-idp").describe_user_pool_client(
        UserPoolId=environment["USER_POOL_ID"], ClientId=environment["USER_POOL_CLIENT_ID"]
    )["UserPoolClient"]
    assert "ClientSecret" not in client
    assert environment["TOKEN_ISSUER"].endswith(environment["USER_POOL_ID"])
    assert environment["JWKS_URL"] == f"{environment['TOKEN_ISSUER']}/.well-known/jwks.json"


def test_the_loaders_environment_is_the_functions_environment(environment: dict[str, str]) -> None:
    """A setting that only tests or only AWS had would be found by users."""
    overlay = template.load(template.OVERLAY)
    every = set(overlay["Globals"]["Function"]["Environment"]["Variables"])
    some = {
        name
        for one in overlay["Resources"].values()
        if isinstance(one, dict)
        for name in one.get("Properties", {}).get("Environment", {}).get("Variables", ())
    }
    # Lambda sets the region by itself.
    assert every <= set(environment) - {"AWS_DEFAULT_REGION"} <= every | some


def test_store_tests_may_have_the_tables_alone_and_quickly() -> None:
    with mock_aws():
        session = boto3.Session(region_name="eu-west-1")
        session.client("dynamodb")  # loading botocore's model is not ours to count
        begun = time.process_time()
        environment = create_tables("tables", session)
        assert time.process_time() - begun < 0.5
        assert "USER_POOL_ID" not in environment
        made = {name for name in session.client("dynamodb").list_tables()["TableNames"] if "-tables-" in name}
        assert made == {f"crossward-tables-{name}" for name in TABLES}


def test_an_unknown_function_is_refused_not_guessed() -> None:
    with pytest.raises(ValueError, match=r"does not know Fn::Join"):
        template.Evaluator({}, {}).value({"Fn::Join": ["", []]})
    with pytest.raises(KeyError):
        template.Evaluator({}, {}).value({"Ref": "Nobody"})
