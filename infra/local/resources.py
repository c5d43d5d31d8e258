"""Creates the resources of infra/data.yaml by plain API calls: in moto for tests, where CloudFormation has no
user pools and forgets TTL.

`make run` and `make deploy` hand the same file to CloudFormation instead.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from infra import template

ACCOUNT = "123456789012"  # moto's
PARAMETERS = {
    "WebOrigin": "http://127.0.0.1:8000",
    "MailFrom": "no-reply@crossward.example",
    "MailIdentity": "crossward.example",
}


@cache
def _data() -> dict[str, Any]:
    return template.load(template.DATA)


def create_all(stage: str, session: Any) -> dict[str, str]:
    """Create every resource and return the environment that the functions would get.

    Parameters
    ----------
    stage
        The stage's name, `test` for example.
    session
        A boto3 session with a region, whose calls moto answers.

    Returns
    -------
    dict
        Environment variables (`TABLE_PREFIX`, `DOCUMENTS_BUCKET`, `USER_POOL_ID`, …), as infra/overlay.yaml
        sets them on the deployed functions.
    """
    return _create(stage, session, lambda _: True)


def create_tables(stage: str, session: Any) -> dict[str, str]:
    """Create the tables alone; the environment returned has what depends on them."""
    return _create(stage, session, lambda kind: kind == "AWS::DynamoDB::Table")


def _create(stage: str, session: Any, wanted: Callable[[str], bool]) -> dict[str, str]:
    region = session.region_name
    evaluator = template.Evaluator(
        _data(),
        {
            "Stage": stage,
            **PARAMETERS,
            "AWS::Region": region,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
        },
    )
    clients: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in clients:
            clients[service] = session.client(service)
        return clients[service]

    for logical_id, resource in _in_order(_data()["Resources"]):
        kind = resource["Type"]
        if wanted(kind) and evaluator.wanted(logical_id):
            made = _CREATORS[kind](client, logical_id, resource["Properties"], evaluator)
            evaluator.attributes[logical_id] = made
    return _environment(stage, region, evaluator.attributes)


def _in_order(resources: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Dead-letter queues stand behind the queues that name them; everything else is written in order."""
    queues_last = [item for item in resources.items() if "RedrivePolicy" in item[1].get("Properties", {})]
    later = {name for name, _ in queues_last}
    yield from (item for item in resources.items() if item[0] not in later)
    yield from queues_last


def _environment(stage: str, region: str, made: dict[str, dict[str, str]]) -> dict[str, str]:
    environment = {
        "STAGE": stage,
        "AWS_DEFAULT_REGION": region,
        "TABLE_PREFIX": f"crossward-{stage}-",
        "MAIL_FROM": PARAMETERS["MailFrom"],
        "WEB_ORIGIN": PARAMETERS["WebOrigin"],
        "API_ORIGIN": "https://api.crossward.example",
        "POWERTOOLS_SERVICE_NAME": "crossward",
        "POWERTOOLS_METRICS_NAMESPACE": "Crossward",
        "LOG_LEVEL": "INFO",
        "PYTHONTZPATH": "",
    }
    for variable, logical_id in _FROM_RESOURCES.items():
        if logical_id in made:
            environment[variable] = made[logical_id]["Ref"]
    if "USER_POOL_ID" in environment:
        issuer = f"https://cognito-idp.{region}.amazonaws.com/{environment['USER_POOL_ID']}"
        environment |= {"TOKEN_ISSUER": issuer, "JWKS_URL": f"{issuer}/.well-known/jwks.json"}
    return environment


_FROM_RESOURCES = {
    "DOCUMENTS_BUCKET": "DocumentsBucket",
    "QUARANTINE_BUCKET": "QuarantineBucket",
    "EVIDENCE_BUCKET": "EvidenceBucket",
    "MAIL_QUEUE_URL": "MailQueue",
    "MATCH_RUNS_QUEUE_URL": "MatchRunsQueue",
    "ROSTER_IMPORTS_QUEUE_URL": "RosterImportsQueue",
    "FOLLOW_UPS_QUEUE_URL": "FollowUpsQueue",
    "REGISTER_LOADS_QUEUE_URL": "RegisterLoadsQueue",
    "REGISTER_CHECKS_QUEUE_URL": "RegisterChecksQueue",
    "CERTIFICATES_QUEUE_URL": "CertificatesQueue",
    "USER_POOL_ID": "UserPool",
    "USER_POOL_CLIENT_ID": "UserPoolClient",
    "MAIL_CONFIGURATION_SET": "MailConfigurationSet",
}

Client = Callable[[str], Any]
Made = dict[str, str]


def _table(client: Client, _: str, properties: dict[str, Any], evaluator: template.Evaluator) -> Made:
    given = evaluator.value(properties)
    stream = given.get("StreamSpecification")
    request = {
        name: given[name]
        for name in (
            "TableName",
            "BillingMode",
            "AttributeDefinitions",
            "KeySchema",
            "GlobalSecondaryIndexes",
        )
        if name in given
    }
    if stream:
        request["StreamSpecification"] = {"StreamEnabled": True, **stream}
    made = client("dynamodb").create_table(**request)["TableDescription"]
    ttl = given.get("TimeToLiveSpecification")
    if ttl:
        client("dynamodb").update_time_to_live(TableName=given["TableName"], TimeToLiveSpecification=ttl)
    return {"Ref": given["TableName"], "Arn": made["TableArn"], "StreamArn": made.get("LatestStreamArn", "")}


def _bucket(client: Client, _: str, properties: dict[str, Any], evaluator: template.Evaluator) -> Made:
    given = evaluator.value(properties)
    name, region = given["BucketName"], evaluator.parameters["AWS::Region"]
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    client("s3").create_bucket(Bucket=name, **place)
    if "VersioningConfiguration" in given:
        client("s3").put_bucket_versioning(
            Bucket=name, VersioningConfiguration=given["VersioningConfiguration"]
        )
    return {"Ref": name, "Arn": f"arn:aws:s3:::{name}"}


def _bucket_policy(__: Client, _: str, properties: dict[str, Any], evaluator: template.Evaluator) -> Made:
    return {"Ref": evaluator.value(properties["Bucket"])}  # moto enforces none


def _scanner(__: Client, logical_id: str, _: dict[str, Any], ___: template.Evaluator) -> Made:
    return {"Ref": logical_id, "Arn": logical_id}  # moto scans nothing: tests tag what they mean to be clean


def _queue(client: Client, _: str, properties: dict[str, Any], evaluator: template.Evaluator) -> Made:
    given = evaluator.value(properties)
    name = given["QueueName"]
    attributes = (
        {"VisibilityTimeout": str(given["VisibilityTimeout"])} if "VisibilityTimeout" in given else {}
    )
    url = client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    region = evaluator.parameters["AWS::Region"]
    return {"Ref": url, "Arn": f"arn:aws:sqs:{region}:{ACCOUNT}:{name}", "QueueName": name}


def _pool(client: Client, _: str, properties: dict[str, Any], evaluator: template.Evaluator) -> Made:
    given = evaluator.value(properties)
    request = {
        name: given[name]
        for name in (
            "Schema",
            "AutoVerifiedAttributes",
            "UsernameConfiguration",
            "Policies",
            "AccountRecoverySetting",
        )
    }
    made = client("cognito-idp").create_user_pool(PoolName=given["UserPoolName"], **request)["UserPool"]
    return {"Ref": made["Id"], "Arn": made["Arn"]}


def _pool_client(client: Client, _: str, properties: dict[str, Any], evaluator: template.Evaluator) -> Made:
    made = client("cognito-idp").create_user_pool_client(**evaluator.value(properties))["UserPoolClient"]
    return {"Ref": made["ClientId"]}


def _pool_group(client: Client, _: str, properties: dict[str, Any], evaluator: template.Evaluator) -> Made:
    given = evaluator.value(properties)
    client("cognito-idp").create_group(**given)
    return {"Ref": given["GroupName"]}


def _configuration_set(
    client: Client, _: str, properties: dict[str, Any], evaluator: template.Evaluator
) -> Made:
    name = evaluator.value(properties["Name"])
    client("sesv2").create_configuration_set(ConfigurationSetName=name)
    client("sesv2").create_email_identity(EmailIdentity=evaluator.parameters["MailFrom"])
    return {"Ref": name}


def _mail_events(__: Client, _: str, properties: dict[str, Any], evaluator: template.Evaluator) -> Made:
    return {"Ref": evaluator.value(properties["ConfigurationSetName"])}  # moto emits none


_CREATORS: dict[str, Callable[[Client, str, dict[str, Any], template.Evaluator], Made]] = {
    "AWS::DynamoDB::Table": _table,
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::IAM::Role": _scanner,
    "AWS::GuardDuty::MalwareProtectionPlan": _scanner,
    "AWS::SQS::Queue": _queue,
    "AWS::Cognito::UserPool": _pool,
    "AWS::Cognito::UserPoolClient": _pool_client,
    "AWS::Cognito::UserPoolGroup": _pool_group,
    "AWS::SES::ConfigurationSet": _configuration_set,
    "AWS::SES::ConfigurationSetEventDestination": _mail_events,
}
