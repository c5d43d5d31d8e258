"""Runs ministack, with ten things mended. Executed by .venv-emulator's Python, never imported.

What is mended and why stands in docs/adr/0003-embedded-environment.md. The version is pinned in
requirements-emulator.txt; a changed inner name stops the start with a message instead of being ignored.

1. It ends with its starter: standard input is a pipe that the starter holds, so even SIGKILL of the
   starter closes it, and then the whole process group goes, Lambda workers included.
2. Lambda workers run on an isolated interpreter (-I -S): they see the standard library, the layer and the
   code, as on AWS, and not the packages that the emulator itself needs.
3. A package is unpacked once, not once a worker: a cold worker starts in well under a second.
4. Mails keep their headers and tags, readable at /_crossward/mails, and a configuration set's event
   destination gets what SES would send it: `Email Sent`, then `Email Delivered`, or `Email Bounced` and
   `Email Complaint Received` for the addresses of the SES mailbox simulator.
5. Permissions are asked for as AWS asks: sending a mail on the sender's identity, not on `*`; a batch call
   of SQS by the permission of the single call. So the same policy file holds here and there. What a policy
   refuses is logged as `DENIED`.
6. A user pool's CustomMessage function writes the mails with codes, as it does on AWS; the emulator by itself
   asks it for invitations alone.
7. A scanner stands in for GuardDuty Malware Protection: it tags what arrives in a quarantine bucket with its verdict,
   and finds malware in whatever holds the EICAR test file. S3's `Object Tags Added` is told as AWS tells it.
8. An API's body may declare a path's other methods as one (`x-amazon-apigateway-any-method`): the emulator serves and
   exports such a method, and overlooks it when it reads a body.
9. A state machine's map takes as many items at a time as the machine has processors, at most as its definition says:
   each item is a process of its own, and five hundred of them are for AWS.
10. A Python function's error is told by the name of its class, as on AWS, where a state machine catches it by that.
"""

import asyncio
import base64
import contextlib
import gc
import hashlib
import json
import os
import re
import shutil
import signal
import sys
import threading
import time
import zipfile
from contextvars import ContextVar, copy_context
from email import message_from_bytes
from email.policy import default as default_policy
from email.utils import parseaddr
from pathlib import Path
from types import SimpleNamespace
from typing import Any

STATE = Path(os.environ["CROSSWARD_EMULATOR_STATE"])
PINNED = "1.5.33"
UNUSED_SECONDS = 86_400  # another emulator may be using a younger one


def end_with_starter() -> None:
    """Kill the process group once the starter's end of our standard input is gone."""

    def watch() -> None:
        # The starter ends us by SIGTERM; if instead it is simply gone, nobody needs an orderly end.
        sys.stdin.buffer.read()
        os.killpg(os.getpgrp(), signal.SIGKILL)

    if os.getpgrp() != os.getpid():
        os.setpgrp()
    threading.Thread(target=watch, daemon=True, name="starter-watch").start()


def isolate_workers(runtime: Any) -> None:
    """Give Lambda workers an interpreter without site-packages."""
    shim = STATE / "lambda-python"
    base = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    shim.write_text(f'#!/bin/sh\nexec "{base}" -I -S "$@"\n')
    shim.chmod(0o755)
    detect = runtime._detect_runtime_binary

    def isolated(name: str) -> tuple[str, str]:
        binary, script = detect(name)
        return (str(shim), script) if name.startswith("python") else (binary, script)

    runtime._detect_runtime_binary = isolated


def unpack_once(runtime: Any) -> None:
    """Let workers of one package share one unpacked copy, kept between starts and bytecode with it."""
    cache = Path(os.environ.get("CROSSWARD_EMULATOR_UNPACKED", str(STATE / "unpacked")))
    cache.mkdir(parents=True, exist_ok=True)
    lock = threading.Lock()

    class SharedZip(zipfile.ZipFile):
        def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
            if members is not None or path is None or os.listdir(path):
                super().extractall(path, members, pwd)
                return
            # Names with their checksums and sizes identify the content; timestamps are left out.
            key = repr(sorted((i.filename, i.CRC, i.file_size) for i in self.infolist()))
            home = cache / hashlib.sha256(key.encode()).hexdigest()[:24]
            with lock:
                if not home.exists():
                    half = cache / f"{home.name}.half.{os.getpid()}"
                    shutil.rmtree(half, ignore_errors=True)
                    super().extractall(half)
                    try:
                        half.rename(home)
                    except OSError:  # another emulator was quicker
                        shutil.rmtree(half, ignore_errors=True)
                os.utime(home)
            os.rmdir(path)
            os.symlink(home, path)
            if isinstance(self.filename, str):
                with contextlib.suppress(OSError):
                    os.unlink(self.filename)

    runtime.zipfile = SimpleNamespace(
        ZipFile=SharedZip,
        BadZipFile=zipfile.BadZipFile,
        LargeZipFile=zipfile.LargeZipFile,
        LargeFileError=zipfile.LargeZipFile,
    )
    for old in sorted(cache.iterdir(), key=lambda path: path.stat().st_mtime)[:-6]:
        if time.time() - old.stat().st_mtime > UNUSED_SECONDS:
            shutil.rmtree(old, ignore_errors=True)


# What the addresses of the SES mailbox simulator do:
# https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html, read 2026-11-22.
SIMULATOR = "simulator.amazonses.com"
SIMULATED = {"bounce": "BOUNCE", "suppressionlist": "BOUNCE", "complaint": "COMPLAINT"}


def ses_events(sent: dict[str, Any], account: str) -> list[tuple[str, str, dict[str, Any]]]:
    """What SES tells about one mail: (event type, detail-type, detail), in the order of happening.

    Shapes: https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html, read 2026-11-22.
    """
    instant = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(sent["Timestamp"]))
    addresses = [parseaddr(one)[1] for one in (*sent["To"], *sent["CC"], *sent["BCC"])]
    mail = {
        "timestamp": instant,
        "source": sent["Source"],
        "sendingAccountId": account,
        "messageId": sent["MessageId"],
        "destination": addresses,
        "headersTruncated": False,
        "headers": [{"name": h["Name"], "value": h["Value"]} for h in sent["Headers"]],
        "commonHeaders": {"from": [sent["Source"]], "to": sent["To"], "subject": sent["Subject"]},
        "tags": {
            "ses:configuration-set": [sent["ConfigurationSetName"]],
            **{tag["Name"]: [tag["Value"]] for tag in sent["Tags"]},
        },
    }
    events = [("SEND", "Email Sent", {"eventType": "Send", "mail": mail, "send": {}})]
    for address in addresses:
        name, _, domain = address.partition("@")
        outcome = SIMULATED.get(name.partition("+")[0].lower()) if domain == SIMULATOR else None
        told: dict[str, Any] = {"timestamp": instant}
        if outcome == "BOUNCE":
            told |= {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "feedbackId": sent["MessageId"],
                "bouncedRecipients": [{"emailAddress": address}],
            }
            events.append(("BOUNCE", "Email Bounced", {"eventType": "Bounce", "mail": mail, "bounce": told}))
        elif outcome == "COMPLAINT":
            told |= {
                "complainedRecipients": [{"emailAddress": address}],
                "feedbackId": sent["MessageId"],
                "complaintFeedbackType": "abuse",
            }
            events.append(
                (
                    "COMPLAINT",
                    "Email Complaint Received",
                    {"eventType": "Complaint", "mail": mail, "complaint": told},
                )
            )
        else:
            told |= {"recipients": [address], "processingTimeMillis": 1, "smtpResponse": "250 OK"}
            events.append(
                ("DELIVERY", "Email Delivered", {"eventType": "Delivery", "mail": mail, "delivery": told})
            )
    return events


SHOWN_HEADERS = {"content-language", "auto-submitted", "list-unsubscribe", "list-unsubscribe-post"}


def raw_mail(data: str) -> dict[str, Any]:
    """What a mail sent as MIME says: its own headers as SES keeps them, and the calendar file that it brings."""
    message = message_from_bytes(base64.b64decode(data), policy=default_policy)
    parts = {part.get_content_type(): part for part in message.walk() if not part.is_multipart()}
    file = parts.get("text/calendar")
    calendar = {"method": file.get_param("method"), "text": file.get_content()} if file is not None else None
    bodies = {"BodyText": parts["text/plain"], "BodyHtml": parts["text/html"]}
    headers = [
        {"Name": name, "Value": str(value)}
        for name, value in message.items()
        if name.lower() in SHOWN_HEADERS
    ]
    written = {name: part.get_content().replace("\r\n", "\n") for name, part in bodies.items()}
    return {"Headers": headers, "Calendar": calendar, **written}


def remember_mails(ses_v2: Any, ses: Any, eventbridge: Any, responses: Any) -> None:
    """Keep what SendEmail was given besides the text, and emit the configuration set's events."""
    original = ses_v2.handle_request

    async def handle_request(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        sending = method == "POST" and path.rstrip("/").endswith("/outbound-emails")
        before = len(ses._sent_emails_list()) if sending else 0
        answer = await original(method, path, headers, body, query)
        if sending and answer[0] == 200:
            request = json.loads(body)
            message = json.loads(answer[2])["MessageId"]
            record = next(r for r in ses._sent_emails_list()[before:] if r["MessageId"] == message)
            content = request.get("Content", {})
            if "Raw" in content:
                record.update(raw_mail(content["Raw"]["Data"]))
            else:
                record["Headers"] = content.get("Simple", {}).get("Headers", [])
            record["Tags"] = request.get("EmailTags", [])
            record["ReplyTo"] = request.get("ReplyToAddresses", [])
            record["ConfigurationSetName"] = request.get("ConfigurationSetName", "")
            emit(record)
        return answer

    def emit(record: dict[str, Any]) -> None:
        known = ses_v2._config_sets.get(record["ConfigurationSetName"]) or {}
        wanted = {
            kind
            for destination in (known.get("EventDestinations") or {}).values()
            if destination.get("Enabled") and destination.get("EventBridgeDestination")
            for kind in destination["MatchingEventTypes"]
        }
        entries = [
            {"Source": "aws.ses", "DetailType": name, "Detail": json.dumps(detail)}
            for kind, name, detail in ses_events(record, responses.get_account_id())
            if kind in wanted
        ]
        if entries:
            # Delivering invokes functions, which may send again: never inside the request that sent.
            region, account = responses.get_region(), responses.get_account_id()

            def deliver() -> None:
                responses.set_request_region(region)
                responses.set_request_account_id(account)
                for start in range(0, len(entries), 10):
                    eventbridge._put_events({"Entries": entries[start : start + 10]}, allow_aws_source=True)

            threading.Thread(target=deliver, daemon=True, name="ses-events").start()

    ses_v2.handle_request = handle_request


def name_the_sender(iam_actions: Any, ses: Any) -> None:
    """Authorise SendEmail on the verified identity that the From address belongs to."""
    original = iam_actions._ses_v2_resource_arn

    def resource_arn(method: str, path: str, body: bytes, region: str, account: str) -> str:
        if method == "POST" and path.rstrip("/").endswith("/outbound-emails"):
            sender = parseaddr(json.loads(body).get("FromEmailAddress", ""))[1]
            identity = sender if sender in ses._identities else sender.rpartition("@")[2]
            return f"arn:aws:ses:{region}:{account}:identity/{identity}"
        return str(original(method, path, body, region, account))

    iam_actions._ses_v2_resource_arn = resource_arn


def name_batches(iam_actions: Any) -> None:
    """Authorise SQS's batch calls by the single call's permission; there is no other on AWS.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html, read 2026-11-22.
    """
    original = iam_actions.extract_iam_action

    def extract(service: str, *rest: Any, **named: Any) -> str | None:
        action: str | None = original(service, *rest, **named)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = extract


def tell_denials(iam_evaluator: Any) -> None:
    """Log each refusal by a policy: a function sees an exception's class alone, and its policy needs the rest."""
    original = iam_evaluator.enforce

    def enforce(
        key: str, action: str, service: str, region: str, resource_arn: str = "*", *rest: Any, **named: Any
    ) -> Any:
        verdict = original(key, action, service, region, resource_arn, *rest, **named)
        if isinstance(verdict, iam_evaluator.EvalResult):
            print(f"DENIED {action} on {resource_arn} to {verdict.principal_arn}", flush=True)
        return verdict

    iam_evaluator.enforce = enforce


# Why Cognito asks the function, by the call that has a code mailed:
# https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html, read 2026-11-22.
CODES_MAILED = {
    "_sign_up": "CustomMessage_SignUp",
    "_resend_confirmation_code": "CustomMessage_ResendCode",
    "_forgot_password": "CustomMessage_ForgotPassword",
    "_admin_reset_user_password": "CustomMessage_ForgotPassword",
}


def ask_for_code_mails(cognito: Any) -> None:
    """Have the pool's CustomMessage function write what is mailed with a code; what it leaves out stays the pool's."""
    # Calls run in threads of their own.
    asked: ContextVar[tuple[str, Any]] = ContextVar("asked")
    written: ContextVar[dict[str, str]] = ContextVar("written")
    send, template = cognito._send_verification_email, cognito._resolve_verification_template

    def worded(*pool: Any, **how: Any) -> tuple[str, str]:
        subject, body = template(*pool, **how)
        return written.get().get("emailSubject") or subject, written.get().get("emailMessage") or body

    def sending(pool: Any, username: str, attributes: Any, *code: Any, **how: Any) -> Any:
        trigger, metadata = asked.get()
        written.set(cognito._apply_custom_message_trigger(pool, trigger, username, attributes, metadata))
        return send(pool, username, attributes, *code, **how)

    def asking(call: Any, trigger: str) -> Any:
        def handle(data: Any) -> Any:
            asked.set((trigger, data.get("ClientMetadata")))
            try:
                return call(data)
            except cognito._CustomMessageRejected as error:
                return cognito._custom_message_error(error)

        return handle

    cognito._resolve_verification_template, cognito._send_verification_email = worded, sending
    for name, trigger in CODES_MAILED.items():
        setattr(cognito, name, asking(getattr(cognito, name), trigger))


# https://www.eicar.org/download-anti-malware-testfile/, read 2026-11-22: harmless, and agreed on as malware. In two
# parts, or scanners would find it here.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TAG = "GuardDutyMalwareScanStatus"
SCAN_SECONDS = 0.3


def scan_quarantine(s3: Any) -> None:
    """Tag each version that arrives in a quarantine bucket with what GuardDuty would say of it."""
    s3._S3_EVENTBRIDGE_DETAIL_TYPE["ObjectTagging"] = "Object Tags Added"
    fire, tag = s3._fire_s3_event_async, s3._put_object_tagging

    def telling(bucket: str, key: str, body: bytes, query: Any = None) -> Any:
        answer = tag(bucket, key, body, query)
        if answer[0] == 200:
            fire(bucket, key, "s3:ObjectTagging:Put", version_id=answer[1].get("x-amz-version-id"))
        return answer

    def scanning(bucket: str, key: str, event: str, *rest: Any, **named: Any) -> None:
        fire(bucket, key, event, *rest, **named)
        if "-quarantine-" not in bucket or not event.startswith("s3:ObjectCreated:"):
            return
        stored = s3._buckets[bucket]["objects"][key]
        found = "THREATS_FOUND" if EICAR in s3._read_body(bucket, key, stored) else "NO_THREATS_FOUND"
        body = (
            f"<Tagging><TagSet><Tag><Key>{TAG}</Key><Value>{found}</Value></Tag></TagSet></Tagging>".encode()
        )
        query = {"versionId": named["version_id"]} if named.get("version_id") else None
        context = copy_context()
        # A scan takes its time: the upload has been answered long before.
        threading.Timer(SCAN_SECONDS, context.run, (telling, bucket, key, body, query)).start()

    s3._fire_s3_event_async, s3._put_object_tagging = scanning, telling


def read_any_method(apigateway: Any) -> None:
    """Read the method of a body's path that catches what the path does not declare."""
    read = apigateway._import_path_item

    def read_all(api: str, path: str, item: Any, *security: Any) -> None:
        read(api, path, item, *security)
        operation = item.get("x-amazon-apigateway-any-method")
        if operation is not None:
            # The path's own methods have made its resource.
            made = apigateway._resources[api].values()
            resource = next(one["id"] for one in made if one["path"] == path)
            apigateway._import_operation(api, resource, "ANY", operation, *security)

    apigateway._import_path_item = read_all


def map_by_processors(stepfunctions: Any) -> None:
    """Let a map's items wait for one of as many threads as there are processors."""
    pool, most = stepfunctions.ThreadPoolExecutor, max(2, len(os.sched_getaffinity(0)))
    stepfunctions.ThreadPoolExecutor = lambda max_workers: pool(max_workers=min(max_workers, most))


ERROR_LINE = re.compile(r"^([A-Za-z_][\w.]*)(?:: .*)?$", re.MULTILINE)


def name_errors(lambda_svc: Any) -> None:
    """Name a function's error as the last line of its traceback does; the emulator names all alike."""
    execute = lambda_svc._execute_function_warm

    def executed(*call: Any) -> Any:
        answer = execute(*call)
        body = answer["body"]
        if answer.get("error") and body["errorType"] == "Runtime.HandlerError":
            names = ERROR_LINE.findall(answer["log"].rpartition("\n  File ")[2])
            if names:
                body["errorType"] = names[-1].rpartition(".")[2]
        return answer

    lambda_svc._execute_function_warm = executed


def serve_mails(application: Any, ses: Any) -> Any:
    """The emulator's own application, with GET /_crossward/mails beside it."""

    async def served(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != "/_crossward/mails":
            await application(scope, receive, send)
            return
        mails = [
            r for key, value in ses._sent_emails.to_dict().items() if key[-1] == "entries" for r in value
        ]
        body = json.dumps(sorted(mails, key=lambda m: m["Timestamp"])).encode()
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": body})

    return served


def main() -> None:
    end_with_starter()
    # A full round of the collector over the rows of a hundred thousand people lets nobody in for seconds.
    gc.set_threshold(50_000, 20, 1_000)
    STATE.mkdir(parents=True, exist_ok=True)
    from importlib.metadata import version

    if version("ministack") != PINNED:
        sys.exit(
            f"infra/local/emulator.py fits ministack {PINNED}, not {version('ministack')}: "
            "run `make clean-emulator`, or mend it for the new version"
        )
    from ministack import app
    from ministack.core import iam_actions, iam_evaluator, lambda_runtime, responses
    from ministack.services import (
        apigateway_v1,
        cognito,
        eventbridge,
        lambda_svc,
        s3,
        ses,
        ses_v2,
        stepfunctions,
    )

    isolate_workers(lambda_runtime)
    unpack_once(lambda_runtime)
    remember_mails(ses_v2, ses, eventbridge, responses)
    name_the_sender(iam_actions, ses)
    name_batches(iam_actions)
    tell_denials(iam_evaluator)
    ask_for_code_mails(cognito)
    scan_quarantine(s3)
    read_any_method(apigateway_v1)
    map_by_processors(stepfunctions)
    name_errors(lambda_svc)
    app.app = serve_mails(app.app, ses)
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        app.main()


main()
