"""The provider's events, our own list of addresses that get no more, and what the jobs let be seen of people."""

import io
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.notifications import jobs, service, store
from chalicelib.notifications.model import Outcome, tag_of
from chalicelib.notifications.provider_events import ProviderEvent
from chalicelib.people.model import MailStopReason
from chalicelib.platform import tables
from chalicelib.platform.observability import logger
from chalicelib.platform.settings import settings
from tests.notifications.post import PostOffice, eventbridge

ROOT = Path(__file__).resolve().parents[2]


def bounce(address: str, kind: str = "Permanent") -> dict:
    return {"bounce": {"bounceType": kind, "bouncedRecipients": [{"emailAddress": address}]}}


def complaint(address: str) -> dict:
    return {"complaint": {"complainedRecipients": [{"emailAddress": address}]}}


def outcome(message_id: str) -> str | None:
    result = store.get_result(message_id)
    return result.outcome if result else None


@pytest.mark.parametrize(
    ("name", "told"),
    [("Bounce", bounce("Dead.Box@Example.org")), ("Complaint", complaint("dead.box@example.org"))],
)
def test_an_address_that_bounced_or_complained_gets_no_more(
    office: PostOffice, name: str, told: dict
) -> None:
    person = office.world.person(email="dead.box@example.org")
    first = office.account_mail(person)
    office.live(minutes=5)
    jobs.mail_events(office.event(office.sent[0], name, **told), None)
    second = office.put("account-exists:again", "account-exists", {"recipient": person})
    other = office.account_mail()
    office.live(minutes=5)
    assert (outcome(first), outcome(second), outcome(other)) == ("sent", "suppressed", "sent")
    assert office.is_done(second)
    assert len(office.sent) == 2


def test_a_full_mailbox_gets_the_next_mail(office: PostOffice) -> None:
    person = office.world.person(email="full@example.org")
    office.account_mail(person)
    office.live(minutes=5)
    jobs.mail_events(office.event(office.sent[0], "Bounce", **bounce("full@example.org", "Transient")), None)
    office.put("account-exists:again", "account-exists", {"recipient": person})
    office.live(minutes=5)
    assert len(office.sent) == 2


def test_a_person_with_a_new_address_gets_mail_again(office: PostOffice) -> None:
    service.record(
        ProviderEvent("Bounce", None, (("old@example.org", MailStopReason.BOUNCE),)), office.world.at
    )
    moved = office.account_mail(office.world.person(email="new@example.org"))
    office.live(minutes=5)
    assert outcome(moved) == "sent"


def test_an_address_is_known_by_any_spelling_of_its_domain(office: PostOffice) -> None:
    """The provider hands back the ASCII form of what it was given."""
    jobs.mail_events(eventbridge("aws.ses", "Email Bounced", {
        "eventType": "Bounce", "mail": {}, **bounce("AMINA@xn--sant-epa.example")}), None)  # fmt: skip
    message = office.account_mail(office.world.person(email="amina@santé.example"))
    office.live(minutes=5)
    assert outcome(message) == "suppressed"


def test_several_addresses_in_one_event_and_the_same_twice(office: PostOffice) -> None:
    addresses = ("a@example.org", "A@example.org", "b@example.org")
    event = ProviderEvent("Bounce", "T", tuple((one, MailStopReason.BOUNCE) for one in addresses))
    service.record(event, office.world.at)
    service.record(event, office.world.at)
    for address in ("a@example.org", "b@example.org"):
        assert store.before_sending("x", address, "someone").is_suppressed
    assert not store.before_sending("x", "c@example.org", "someone").is_suppressed


@pytest.mark.parametrize(
    "detail", [{}, {"eventType": "Rendering Failure"}, {"eventType": "Send", "mail": {}}]
)
def test_an_event_of_another_mail_changes_nothing(office: PostOffice, detail: dict) -> None:
    with office.world.counted() as calls:
        jobs.mail_events(eventbridge("aws.ses", "Email Sent", detail), None)
    assert calls == []


def test_no_address_stands_in_the_table(office: PostOffice) -> None:
    person = office.world.person(email="canary.box@example.org", name="Canary Bird")
    office.account_mail(person)
    office.live(minutes=5)
    jobs.mail_events(office.event(office.sent[0], "Bounce", **bounce("canary.box@example.org")), None)
    for capability in ("notifications", "outbox"):
        found = tables.connection().dispatch("Scan", {"TableName": settings().table(capability)})
        assert found["Items"]
        assert "anary" not in json.dumps(found["Items"])


def test_no_log_line_or_metric_names_a_person(
    office: PostOffice, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = office.world.person(email="canary.box@example.org", name="Canary Bird")
    log = io.StringIO()
    monkeypatch.setattr(logger.registered_handler, "stream", log)
    office.account_mail(person)
    office.put("account-exists:again", "account-exists", {"recipient": person})
    office.put("no-such-kind:1", "no-such-kind", {"recipient": person})
    office.fail_with = [ValueError("canary.box@example.org")]
    office.live(minutes=5)
    office.live(timedelta(minutes=62), hours=2)
    jobs.mail_events(office.event(office.sent[0], "Complaint", **complaint("canary.box@example.org")), None)
    printed = capsys.readouterr()
    seen = log.getvalue() + printed.out + printed.err
    lines = [json.loads(line) for line in seen.splitlines() if line.startswith("{")]
    assert {line["error"] for line in lines if line.get("message") == "mail failed"} == {"ValueError"}
    assert any("AddressSuppressed" in line for line in lines)
    assert "anary" not in seen


def test_a_delivery_costs_the_listed_round_trips(office: PostOffice) -> None:
    message = office.account_mail()
    with office.world.counted() as calls:
        assert service.deliver(message, office.world.at) is Outcome.SENT
    # The message; the person with the profile; mark, suppression and choices; the claim; the end.
    assert calls == [
        "BatchGetItem", "BatchGetItem", "BatchGetItem", "TransactWriteItems", "TransactWriteItems",
    ]  # fmt: skip


def test_many_mails_cost_two_requests_each_and_a_few_for_all(office: PostOffice) -> None:
    messages = [office.account_mail(office.world.person()) for _ in range(service.LOT)]
    with office.world.counted() as calls:
        found = service.deliver_all(messages, office.world.at)
    assert set(found.values()) == {Outcome.SENT}
    # The messages; two rows of each person; three of what decides on each, at 100 a request. Each is claimed by itself,
    # and ended with others.
    assert Counter(calls) == {
        "BatchGetItem": 1 + 1 + 1,
        "TransactWriteItems": service.LOT + service.LOT // service.ENDS,
    }


def test_a_mail_for_which_there_is_no_turn_comes_back_with_the_sweep(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "settings", lambda: replace(settings(), mail_rate=5))
    turns: list[tuple[float, ...]] = [(), (), (0.0,)]
    monkeypatch.setattr(service.pace, "take_turns", lambda _name, _rate, _wanted: turns.pop(0))
    message = office.account_mail()
    office.live(minutes=5)
    assert (office.times_sent(message), office.state(message).tries) == (0, 0)
    office.live(minutes=10)
    assert (office.times_sent(message), turns) == (1, [])
    assert office.is_done(message)


def test_the_provider_was_given_our_tag(office: PostOffice) -> None:
    message = office.account_mail()
    office.live(minutes=5)
    assert office.sent[0]["EmailTags"] == [{"Name": "message_id", "Value": tag_of(message)}]


@pytest.mark.parametrize(
    ("handler", "event"),
    [
        ("send_mail", {"Records": []}),
        ("mail_events", eventbridge("aws.ses", "Email Sent", {"eventType": "Subscription"})),
    ],
)
def test_a_handler_works_by_its_deployed_name_in_a_fresh_process(handler: str, event: dict) -> None:
    """As Lambda loads it: without app.py, and so without what Chalice sets up there."""
    code = (
        "import json, sys; from chalicelib.notifications import jobs; "
        f"print(json.dumps(jobs.{handler}(json.loads(sys.argv[1]), None)))"
    )
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, json.dumps(event)], cwd=ROOT, capture_output=True, text=True, check=True,
        env={**os.environ, "AWS_DEFAULT_REGION": "eu-west-1"}, timeout=60,
    )  # fmt: skip
    assert run.stdout.splitlines()[-1] in ('{"batchItemFailures": []}', "null")


def test_the_templates_engine_and_the_languages_are_not_loaded_with_the_app() -> None:
    code = "import sys, app; print(sorted({'jinja2', 'babel'} & set(sys.modules)))"
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() == "[]"


def test_the_jobs_are_registered_where_the_overlay_looks_for_them() -> None:
    import app

    by_name = {one.name: one for one in app.app.pure_lambda_functions}
    assert not set(by_name) & {"send_mail", "mail_events", "reminders"}
    events = {one.name: one for one in app.app.event_sources}
    assert events["send_mail"].queue == jobs.MAIL_QUEUE
    assert events["mail_events"].event_pattern == {"source": ["aws.ses"]}
    assert str(events["reminders"].schedule_expression.to_string()) == "rate(5 minutes)"
