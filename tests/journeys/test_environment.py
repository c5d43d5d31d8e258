"""What the embedded environment promises, whatever the application does."""

import http.client
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from infra import template
from infra.local.processes import Child
from infra.local.up import StartFailed, listen
from infra.package import ROOT
from tests.journeys.deployed import Deployed

# These look into /proc.
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, which only Linux has")


def get(url: str, **headers: str) -> tuple[int, dict[str, str], Any]:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own front
    try:
        answer = urllib.request.urlopen(request, timeout=30)  # noqa: S310 - our own front
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return (
            answer.status,
            {name.lower(): value for name, value in answer.headers.items()},
            json.load(answer),
        )


def test_the_package_answers_under_the_one_address(deployed: Deployed) -> None:
    status, _, body = get(f"{deployed.url}/health")
    assert (status, body["status"]) == (200, "ok")


@pytest.mark.parametrize("authorization", ["", "Bearer not.a.token", "Basic YTpi"])
def test_the_gateway_refuses_as_the_api_does(deployed: Deployed, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    status, answered, problem = get(f"{deployed.url}/v1/me", **headers)
    assert status == problem["status"] == 401
    assert answered["content-type"] == "application/problem+json"
    assert answered["access-control-allow-origin"] == "*"
    assert answered["www-authenticate"].startswith("Bearer")
    assert problem["type"] == "https://crossward.org/problems/unauthenticated"
    assert problem["instance"] == f"urn:crossward:request:{answered['x-amzn-requestid']}"


def test_an_unknown_route_is_a_404(deployed: Deployed) -> None:
    status, answered, problem = get(f"{deployed.url}/v1/there-is-no-such-thing")
    assert (status, answered["content-type"], problem["status"]) == (404, "application/problem+json", 404)


@pytest.mark.parametrize("method", ["DELETE", "PUT", "HEAD"])
def test_a_method_that_a_path_does_not_have_is_a_405(deployed: Deployed, method: str) -> None:
    request = urllib.request.Request(f"{deployed.url}/v1/organisations", method=method)  # noqa: S310 - our own front
    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(request, timeout=30):  # noqa: S310
        pass
    with refused.value as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == "GET, POST, OPTIONS"
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_bytes_that_are_no_utf_8_are_refused(deployed: Deployed) -> None:
    """The gateway hands on U+FFFD in their place, and that is not taken for what was meant."""
    body = b'{"email": "am\xe9lie@example.org"}'
    request = urllib.request.Request(  # noqa: S310 - our own front
        f"{deployed.url}/v1/auth/forgot-password", body, {"Content-Type": "application/json"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(request, timeout=30):  # noqa: S310
        pass
    with refused.value as answer:
        problem = json.load(answer)
    assert (answer.status, problem["type"]) == (422, "https://crossward.org/problems/invalid")
    assert "UTF-8" in problem["detail"]


def test_functions_run_under_their_own_roles(deployed: Deployed) -> None:
    """The authorizer's role allows nothing but logs and traces, and the emulator keeps to that."""
    sts = deployed.client("sts")
    role = deployed.client("lambda").get_function_configuration(
        FunctionName=deployed.place.functions["Authorizer"]
    )
    lent = sts.assume_role(RoleArn=role["Role"], RoleSessionName="test")["Credentials"]
    keys = {
        "aws_access_key_id": lent["AccessKeyId"],
        "aws_secret_access_key": lent["SecretAccessKey"],
        "aws_session_token": lent["SessionToken"],
    }
    import boto3

    dynamodb = boto3.client("dynamodb", region_name="eu-west-1", endpoint_url=deployed.place.emulator, **keys)
    with pytest.raises(dynamodb.exceptions.ClientError, match="not authorized"):
        dynamodb.get_item(TableName="crossward-local-people", Key={"pk": {"S": "x"}, "sk": {"S": "x"}})
    told = Path(deployed.place.state, "emulator.log").read_text()
    assert re.search(
        r"^DENIED dynamodb:GetItem on \S+/crossward-local-people to \S+/test$", told, re.MULTILINE
    )


def test_workers_see_the_artefact_alone(deployed: Deployed) -> None:
    """The emulator's own packages (hypercorn, ministack) are not on a worker's path, as they are not on AWS."""
    shim = (Path(deployed.place.state) / "lambda-python").read_text()
    assert "-I -S" in shim
    tried = subprocess.run(  # noqa: S603 - ours
        [str(Path(deployed.place.state) / "lambda-python"), "-c", "import hypercorn"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "ModuleNotFoundError" in tried.stderr


def test_ttl_is_on_where_the_template_says_so(deployed: Deployed) -> None:
    dynamodb = deployed.client("dynamodb")
    wanted = {
        table["TableName"]["Fn::Sub"].replace("${Stage}", "local"): "TimeToLiveSpecification" in table
        for table in (one["Properties"] for one in template.load(template.DATA)["Resources"].values())
        if "TableName" in table
    }
    found = {
        name: dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"]
        == "ENABLED"
        for name in wanted
    }
    assert found == wanted
    assert any(wanted.values())


def test_mail_keeps_headers_and_tags_and_is_shown_safely(deployed: Deployed) -> None:
    deployed.client("sesv2").send_email(
        FromEmailAddress=deployed.place.data["MailFrom"],
        Destination={"ToAddresses": ["reader@example.org"]},
        ConfigurationSetName=deployed.place.data["MailConfigurationSetName"],
        EmailTags=[{"Name": "message", "Value": "m1"}],
        Content={
            "Simple": {
                "Subject": {"Data": "Hé <b>"},
                "Body": {"Text": {"Data": "plain"}, "Html": {"Data": '<p>rich</p><script>"x"</script>'}},
                "Headers": [{"Name": "List-Unsubscribe", "Value": "<https://example.org/u>"}],
            }
        },
    )
    mail = deployed.wait_for_mail("reader@example.org")
    assert (mail["subject"], mail["text"], mail["tags"]) == ("Hé <b>", "plain", {"message": "m1"})
    assert mail["headers"] == {"List-Unsubscribe": "<https://example.org/u>"}
    filtered = json.loads(deployed.open("/dev/mailbox.json?to=reader@example.org"))["items"]
    assert [one["id"] for one in filtered] == [mail["id"]]
    assert json.loads(deployed.open("/dev/mailbox.json?to=nobody@example.org"))["items"] == []
    page = deployed.open(f"/dev/mailbox/{mail['id']}").decode()
    assert 'sandbox=""' in page
    assert "<script>" not in page
    assert "Hé &lt;b&gt;" in deployed.open("/dev/mailbox").decode()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("someone@example.org", ["Email Sent", "Email Delivered"]),
        ("bounce+1@simulator.amazonses.com", ["Email Sent", "Email Bounced"]),
        ("complaint@simulator.amazonses.com", ["Email Sent", "Email Complaint Received"]),
    ],
)
def test_what_became_of_a_mail_is_told_with_its_tags(
    deployed: Deployed, address: str, told: list[str]
) -> None:
    events, sqs = deployed.client("events"), deployed.client("sqs")
    name = "told-" + re.sub(r"\W", "-", address)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["aws.ses"], "detail": {"mail": {"tags": {"key": [name]}}}}
    rule = events.put_rule(Name=name, EventPattern=json.dumps(pattern))["RuleArn"]
    allow = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage",
             "Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": rule}}}
        ],
    }  # fmt: skip
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(allow)})
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
    sent = deployed.client("sesv2").send_email(
        FromEmailAddress=deployed.place.data["MailFrom"],
        Destination={"ToAddresses": [address]},
        ConfigurationSetName=deployed.place.data["MailConfigurationSetName"],
        EmailTags=[{"Name": "key", "Value": name}],
        Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
    )
    heard: list[dict[str, Any]] = []

    def collect() -> list[dict[str, Any]] | None:
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            heard.append(json.loads(message["Body"]))
        return heard if len(heard) >= len(told) else None

    deployed.wait_for(collect)
    assert sorted(one["detail-type"] for one in heard) == sorted(told)
    assert {one["detail"]["mail"]["messageId"] for one in heard} == {sent["MessageId"]}


def test_an_upload_is_limited_and_private(deployed: Deployed) -> None:
    import httpx

    s3, bucket = deployed.client("s3"), deployed.place.data["DocumentsBucketName"]
    post = s3.generate_presigned_post(
        bucket, "uploads/tests/a.csv", Conditions=[["content-length-range", 1, 100]], ExpiresIn=60
    )
    assert urlsplit(post["url"]).hostname == "127.0.0.1"
    with httpx.Client() as client:
        assert client.post(post["url"], data=post["fields"], files={"file": b"a,b\n"}).status_code == 204
        assert client.post(post["url"], data=post["fields"], files={"file": b"a" * 200}).status_code == 400
        forged = {**post["fields"], "x-amz-signature": "0" * 64}
        assert client.post(post["url"], data=forged, files={"file": b"a,b\n"}).status_code == 403
        assert client.get(f"{post['url']}/uploads/tests/a.csv").status_code == 403
    assert s3.get_object(Bucket=bucket, Key="uploads/tests/a.csv")["Body"].read() == b"a,b\n"


def test_schedules_are_those_of_the_template_and_unknown_ones_are_named(deployed: Deployed) -> None:
    from infra.local import tick

    known = tick.schedules(deployed.place)
    for job, one in known.items():
        assert one["targets"][0]["Arn"].endswith(deployed.place.functions[tick.function_of(job)])
    with pytest.raises(tick.TickFailed, match="There is no schedule 'tea-time'"):
        tick.fire(deployed.place, "tea-time")


def test_the_front_keeps_what_is_not_its_own_away(deployed: Deployed) -> None:
    host = urlsplit(deployed.url).netloc
    for method, path, expected in [
        ("GET", "/_ministack/health", 404),
        ("GET", "//127.0.0.1/health", 404),
        ("GET", "/v1x", 404),
        ("POST", "/dev/mailbox", 405),
        ("GET", "/", 200),
    ]:
        connection = http.client.HTTPConnection(host, timeout=30)
        connection.request(method, path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        assert answer.status == expected, path


def test_many_clients_are_served_at_once(deployed: Deployed) -> None:
    """A function has as many workers as requests run at once: the width that concurrency tests rely on."""
    width = 6
    deployed.warm(width)
    with ThreadPoolExecutor(width) as pool:
        statuses = list(pool.map(lambda _: get(f"{deployed.url}/health")[0], range(width * 5)))
    assert statuses == [200] * width * 5
    lines = Path(deployed.place.state, "emulator.log").read_text().splitlines()
    workers = [line for line in lines if "worker spawned" in line and "APIHandler" in line]
    assert len(workers) >= width // 2


@on_linux
def test_it_listens_on_loopback_alone(deployed: Deployed) -> None:
    ports = {urlsplit(one).port for one in (deployed.url, deployed.place.emulator)}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [local.split(":") for _, local, _, state, *_ in rows if state == "0A"]
    found = {(int(port, 16), address) for address, port in listening if int(port, 16) in ports}
    assert found == {(port, "0100007F") for port in ports}


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartFailed, match=f"Port {port} is in use.*make run PORT={port + 1}"):
            listen(port)


@on_linux
def test_children_end_when_their_starter_is_killed(tmp_path: Path) -> None:
    """The starter gets SIGKILL, so it can do nothing itself: the emulator notices the closed pipe."""
    log = tmp_path / "emulator.log"
    starter = subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-c", _STARTER, str(tmp_path), str(log)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    child = int(starter.stdout.readline())
    starter.kill()
    starter.wait()
    starter.stdout.close()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{child}/cmdline").exists() and Path(f"/proc/{child}/cmdline").read_bytes():
        assert time.monotonic() < deadline, "the emulator outlived its starter"
        time.sleep(0.05)


_STARTER = """
import sys, time
from pathlib import Path
from infra.local import processes, up
environment = up.Environment(Path(sys.argv[1]))
environment._start_emulator()
print(environment._emulator.process.pid, flush=True)
time.sleep(600)
"""


@on_linux
def test_a_child_that_does_not_listen_is_ended_with_what_it_started(tmp_path: Path) -> None:
    script = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); print(p.pid, flush=True);"
        "time.sleep(600)"
    )
    child = Child([sys.executable, "-c", script], {"PATH": "/usr/bin:/bin"}, tmp_path / "log")
    deadline = time.monotonic() + 10
    while not child.log.read_text().strip():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    grandchild = int(child.log.read_text().split()[0])
    from infra.local import processes

    processes.GRACE_SECONDS, before = 0, processes.GRACE_SECONDS
    try:
        child.stop()
    finally:
        processes.GRACE_SECONDS = before
    assert not child.running
    while Path(f"/proc/{grandchild}/cmdline").exists() and Path(f"/proc/{grandchild}/cmdline").read_bytes():
        assert time.monotonic() < deadline, "the grandchild lives"
        time.sleep(0.05)
