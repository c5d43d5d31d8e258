"""`make run`: the embedded environment, from nothing to a page in the browser.

    python -m infra.local.up [--port 8000] [--no-demo] [--stop-with-parent]

What runs is the package that AWS would get, on a local AWS emulator; docs/adr/0003-embedded-environment.md.
"""

import argparse
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from botocore.exceptions import BotoCoreError, ClientError

from infra import certificate_keys
from infra.deploy import DeployFailed, app_stack, deploy_app, deploy_data
from infra.local import front, processes, tick
from infra.local.place import CREDENTIALS, HOME, REGION, STAGE, Place, bare_environment, places_file
from infra.package import ROOT, Package, PackagingFailed, build

EMULATOR_PYTHON = ROOT / ".venv-emulator" / "bin" / "python"
UNPACKED = HOME / "unpacked"
DEMO_FILE = ROOT / "build" / "demo.json"
MAIL_IDENTITY = "crossward.example"
MAIL_FROM = f"mentoring@{MAIL_IDENTITY}"
START_SECONDS = 60

Say = Callable[[str], None]


class StartFailed(Exception):
    """The environment could not start; the message says what to do."""


class Environment:
    """A running environment: emulator, deployed package, front. Use as a context manager.

    Parameters
    ----------
    state
        Directory for its logs and files; one running environment each.
    port
        Where the front listens on 127.0.0.1; 0 takes a free one.
    say
        Is told each step.
    with_package
        False leaves our functions out: AWS's APIs with the resources of infra/data.yaml, and nothing that acts on them.
    """

    def __init__(
        self, state: Path = HOME, port: int = 0, say: Say = lambda _: None, *, with_package: bool = True
    ) -> None:
        self.state = state
        self.say = say
        self._with_package = with_package
        self._port = port
        self._emulator: processes.Child | None = None
        self._front: front.Front | None = None
        self._listening: socket.socket | None = None
        self._lock: IO[str] | None = None
        self._background = ThreadPoolExecutor(1)
        self._warming: Future[None] | None = None
        self.place: Place

    def __enter__(self) -> "Environment":
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self) -> None:
        self.state.mkdir(parents=True, exist_ok=True)
        self._lock = _alone_in(self.state)
        listening = self._listening = listen(self._port)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        if not self._with_package:
            self.place = Place(str(self.state), address, self._start_emulator())
            self._create_data()
            return
        # Packaging may take half a minute the first time; the emulator starts meanwhile.
        with ThreadPoolExecutor(1) as pool:
            building = pool.submit(build, STAGE, self.say)
            self.place = Place(str(self.state), address, self._start_emulator())
            self._create_data()
            package = building.result()
        deploy_package(self.place, package, self.say)
        self._warming = self._background.submit(warm_up, self.place, self.say)
        self._front = front.Front(listening, self.place)
        self._front.start()
        self.place.save()

    def _start_emulator(self) -> str:
        if not EMULATOR_PYTHON.exists():
            raise StartFailed("The emulator is not installed: run `make .venv-emulator/ready`.")
        port = _free_port()
        scratch = self.state / "tmp"
        scratch.mkdir(exist_ok=True)
        environment = {
            **bare_environment(),
            **CREDENTIALS,
            "AUTH": "true",  # roles and policies hold, mailed codes are checked, signatures too
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "MINISTACK_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "STATE_DIR": str(self.state / "emulator"),
            "S3_DATA_DIR": str(self.state / "emulator" / "s3"),
            "TMPDIR": str(scratch),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "SFN_WAIT_SCALE": "0.02",  # nobody waits on a laptop for a step to be tried again
            "DOCKER_HOST": "unix:///dev/null",  # nothing here needs containers
            "CROSSWARD_EMULATOR_STATE": str(self.state),
            "CROSSWARD_EMULATOR_UNPACKED": str(UNPACKED),
        }
        self.say(f"emulator: starting on 127.0.0.1:{port}")
        command = [str(EMULATOR_PYTHON), str(Path(__file__).with_name("emulator.py"))]
        log = self.state / "emulator.log"
        log.unlink(missing_ok=True)
        self._emulator = processes.Child(command, environment, log)
        emulator = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_SECONDS
        while not _answers(f"{emulator}/_ministack/health"):
            if not self._emulator.running or time.monotonic() > deadline:
                raise StartFailed(
                    f"The emulator did not start; {log} ends with:\n{self._emulator.last_words()}"
                )
            time.sleep(0.05)
        return emulator

    def _create_data(self) -> None:
        target = self.place.target
        self.say("resources: creating those of infra/data.yaml")
        target.client("sesv2").create_email_identity(EmailIdentity=MAIL_IDENTITY)
        parameters = {"WebOrigin": self.place.address, "MailFrom": MAIL_FROM, "MailIdentity": MAIL_IDENTITY}
        self.place.data = deploy_data(target, STAGE, parameters)
        certificate_keys.ensure(target.client("ssm"), STAGE)
        _switch_ttl_on(self.place)

    def warm(self) -> None:
        """Wait until the functions that a request needs have been started; that goes on beside other work."""
        if self._warming is not None:
            self._warming.result()

    @property
    def running(self) -> bool:
        """Whether the emulator still runs."""
        return self._emulator is not None and self._emulator.running

    def stop(self) -> None:
        """Stop everything that was started, children included."""
        self._background.shutdown(wait=False, cancel_futures=True)
        if self._front:
            self._front.stop()
            self._front = None
        if self._listening:
            self._listening.close()
        if self._emulator:
            self._emulator.stop()
            self._emulator = None
        if hasattr(self, "place"):
            self.place.file.unlink(missing_ok=True)
        if self._lock:
            self._lock.close()
            self._lock = None


def deploy_package(place: Place, package: Package, say: Say) -> None:
    """Deploy a package onto a running emulator."""
    say("deploy: the packaged stack")
    parts_from = os.environ.get("MATCH_PARTS_FROM")
    parameters = {"EmulatorAddress": place.emulator, "MailRate": MAIL_RATE}
    parameters |= {"MatchPartsFrom": parts_from} if parts_from else {}
    outputs = deploy_app(place.target, package, parameters)
    stage = package.template["Resources"]["RestAPI"]["Properties"]["StageName"]
    api = outputs["RestAPIId"]
    place.api = f"{place.emulator}/_aws/execute-api/{api}/{stage}"
    place.functions = {
        one["LogicalResourceId"]: one["PhysicalResourceId"]
        for page in place.target.client("cloudformation")
        .get_paginator("list_stack_resources")
        .paginate(StackName=app_stack(STAGE))
        for one in page["StackResourceSummaries"]
        if one["ResourceType"] == "AWS::Lambda::Function"
    }
    _shape_gateway_answers(place, package, api, stage)


MAIL_RATE = "4"
"""Mails a second. Each brings two events, each of which a function hears: the emulator, one process, follows ten or so
a second, and is lost on a laptop that is given more."""
_NO_RECORDS = b'{"Records": []}'
_NO_EVENT = json.dumps(
    {
        "version": "0", "id": "0", "account": "0", "time": "1970-01-01T00:00:00Z", "region": REGION, "resources": [],
        "source": "aws.ses", "detail-type": "none", "detail": {"eventType": "none"},
    }
).encode()  # fmt: skip
# Functions that the first match needs, and that an empty batch starts: the relay, a worker for each programme, and for
# its mails those that hear of each mail. Were these to start with the first mails, tens would at once: they come by the
# second, and the emulator starts a process for each event that finds none free.
_NEEDED_SOON = (
    ("RunMatch", _NO_RECORDS), ("RunMatch", _NO_RECORDS), ("OutboxRelay", _NO_RECORDS), ("MailEvents", _NO_EVENT),
    ("MailEvents", _NO_EVENT),
)  # fmt: skip


def warm_up(place: Place, say: Say) -> None:
    """Start the two functions that a request needs, and those that the first match does, so that nobody waits for them.

    They start beside other work: each loads its code in a process of its own.
    """
    say("warm-up: first calls of the functions that are needed soon")
    functions = place.target.client("lambda")

    def start(name: str, payload: bytes) -> None:
        functions.invoke(FunctionName=place.functions[name], Payload=payload)

    with ThreadPoolExecutor(len(_NEEDED_SOON) + 2) as pool:
        calls: list[Future[object]] = [
            *(pool.submit(_call, f"{place.api}{path}") for path in ("/health", "/v1/me")),
            *(pool.submit(start, *one) for one in _NEEDED_SOON if one[0] in place.functions),
        ]
        for call in calls:
            try:
                call.result()
            except (OSError, BotoCoreError, ClientError) as error:
                # Warming only saves a wait: a machine too busy for it is worth no start.
                say(
                    f"warm-up: a call did not come back ({type(error).__name__}); it is made when it is needed"
                )


def _switch_ttl_on(place: Place) -> None:
    """The emulator's CloudFormation ignores TimeToLiveSpecification."""
    from infra import template

    dynamodb = place.target.client("dynamodb")
    for resource in template.load(template.DATA)["Resources"].values():
        ttl = resource["Properties"].get("TimeToLiveSpecification")
        if ttl:
            name = resource["Properties"]["TableName"]["Fn::Sub"].replace("${Stage}", STAGE)
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)


def _shape_gateway_answers(place: Place, package: Package, api: str, stage: str) -> None:
    """The emulator does not read gateway responses from an API's definition: give it each by the API's own call."""
    gateway = place.target.client("apigateway")
    wanted = package.template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]
    for kind, response in wanted.items():
        request: dict[str, Any] = {"restApiId": api, "responseType": kind}
        if "StatusCode" in response:
            request["statusCode"] = str(response["StatusCode"])
        headers = response["ResponseParameters"]["Headers"]
        request["responseParameters"] = {
            f"gatewayresponse.header.{name}": value for name, value in headers.items()
        }
        request["responseTemplates"] = response["ResponseTemplates"]
        gateway.put_gateway_response(**request)
    gateway.create_deployment(restApiId=api, stageName=stage)


def _alone_in(state: Path) -> IO[str]:
    """Lock a state directory for as long as the file returned is open."""
    lock = open(state / "lock", "w")  # noqa: SIM115 - held until the environment stops
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise StartFailed(
            "The embedded environment runs already: stop the other `make run` first."
        ) from error
    return lock


def listen(port: int) -> socket.socket:
    """Return a socket that listens on 127.0.0.1; port 0 takes a free one.

    Raises
    ------
    StartFailed
        If the port is taken; the message says what to do.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise StartFailed(
            f"Port {port} is in use. Stop what listens there (a running `make run`?), "
            f"or take another: `make run PORT={port + 1}`."
        ) from error
    listening.listen(128)
    return listening


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - ours
            return True
    except (OSError, urllib.error.URLError):
        return False


def _call(url: str) -> int:
    request = urllib.request.Request(url, headers={"Authorization": "Bearer warm.up.call"})  # noqa: S310 - ours
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - ours
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def seed(place: Place, say: Say) -> None:
    """Fill the place with the demo cohort and write its sign-ins to build/demo.json."""
    say("seed: the demo cohort")
    command = [sys.executable, "-m", "infra.local.seed", "--out", str(DEMO_FILE)]
    environment = {**bare_environment(), **place.environment(), "CROSSWARD_ADDRESS": place.address}
    DEMO_FILE.unlink(missing_ok=True)
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as seeding:
        assert seeding.stdout is not None  # noqa: S101 - it is a pipe
        for line in seeding.stdout:
            say(f"seed: {line.rstrip()}")
    if seeding.returncode != 0:
        raise StartFailed(f"Seeding failed with status {seeding.returncode}; its message stands above.")


def match_once(place: Place, say: Say) -> None:
    """Run one match by the schedule's own target, and wait until its pairs are out; their mails follow."""
    if tick.function_of("nightly-match") not in place.functions:
        say("match: this checkout has no nightly_match function")
        return
    say("match: the nightly schedule's target")
    with _mails_held(place):
        tick.fire(place, "nightly-match")
        tick.settle(place, topic="match-run")
    say("match: pairs are proposed; their mails go out in the background")


@contextmanager
def _mails_held(place: Place) -> Iterator[None]:
    """Keep mails in their queue for a while: hundreds at once would slow down what somebody waits for."""
    functions = place.target.client("lambda")
    mapped = functions.list_event_source_mappings(FunctionName=place.functions["SendMail"])[
        "EventSourceMappings"
    ]
    for one in mapped:
        functions.update_event_source_mapping(UUID=one["UUID"], Enabled=False)
    try:
        yield
    finally:
        for one in mapped:
            functions.update_event_source_mapping(UUID=one["UUID"], Enabled=True)


# What `make run` does once the package serves: each step is called with the place and a way to say what it does.
DEMO_STEPS: tuple[Callable[[Place, Say], None], ...] = (seed, match_once)


def announce(place: Place) -> str:
    """Return the lines that tell what is where."""
    lines = [
        "",
        f"  Crossward        {place.address}",
        f"  API and docs     {place.address}/docs",
        f"  Mailbox          {place.address}/dev/mailbox",
    ]
    if DEMO_FILE.exists():
        lines += ["", f"  Demo sign-ins    (also in {DEMO_FILE.relative_to(ROOT)})"]
        for role, one in json.loads(DEMO_FILE.read_text()).items():
            lines.append(f"    {role:<14} {one['email']}  {one['password']}")
        lines += ["", "  Where they take part"]
        for name, path in json.loads(places_file(DEMO_FILE).read_text()).items():
            lines.append(f"    {name:<14} {path}")
    lines += ["", "  Ctrl-C stops everything. `make tick JOB=nightly-match` fires a schedule, `make redeploy` takes",
              "  an edit over, logs are in build/local/.", ""]  # fmt: skip
    return "\n".join(lines)


def port_number(text: str) -> int:
    """Read a port from the command line."""
    if not (text.isascii() and text.isdigit() and 0 <= int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: take a number from 1024 to 65535")
    return int(text)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=port_number, default=8000)
    parser.add_argument("--no-demo", action="store_true", help="leave the demo cohort and its match run out")
    parser.add_argument("--stop-with-parent", action="store_true")
    given = parser.parse_args()
    begun = time.monotonic()
    ended = threading.Event()

    def say(line: str) -> None:
        print(f"{time.monotonic() - begun:6.1f} s  {line}", flush=True)

    def end(*_: object) -> None:
        if ended.is_set():  # asked twice: no more patience
            os._exit(1)
        ended.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if given.stop_with_parent:
        processes.end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    try:
        with Environment(port=given.port, say=say) as environment:
            if not given.no_demo:
                for step in DEMO_STEPS:
                    step(environment.place, say)
            environment.warm()
            say("ready")
            print(announce(environment.place), flush=True)
            while environment.running and not ended.wait(1):
                pass
            if not environment.running:
                raise StartFailed(f"The emulator ended by itself; see {environment.state / 'emulator.log'}.")
    except KeyboardInterrupt:
        say("stopped")
        return 0
    except (StartFailed, PackagingFailed, DeployFailed, tick.TickFailed) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
