"""What becomes of a file that arrives: content and scan are both needed, whichever comes first, and only once."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.credentials.audit import faults_of
from chalicelib.credentials.evidence import intake, jobs
from chalicelib.credentials.evidence.intake import EVIDENCE_REJECTED
from chalicelib.credentials.evidence.model import GIVE_UP, VERDICT_WITHIN, State
from chalicelib.platform import commit as commits
from chalicelib.platform import vault
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from tests.credentials.evidence.desk import CLEAN, INFECTED, Desk, Sent, desk, event, kept, quarantined
from tests.credentials.evidence.files import jpeg, pdf, png
from tests.credentials.support import reject
from tests.support.lambda_context import LambdaContext
from tests.support.world import World

SCHEDULED: dict[str, Any] = {
    "version": "0", "id": "1", "account": "0", "time": "2026-11-22T01:30:00Z", "region": "eu-west-1",
    "resources": [], "source": "aws.events", "detail-type": "Scheduled Event", "detail": {},
}  # fmt: skip


def rejected_mails(office: Desk) -> int:
    return len(office.world.messages(EVIDENCE_REJECTED))


def tidy() -> None:
    jobs.tidy_evidence(SCHEDULED, LambdaContext())


GOOD = [
    ("pdf", pdf(3), {"pages": 3, "width": None, "height": None}),
    ("jpeg", jpeg(), {"pages": None, "width": 64, "height": 48}),
    ("png", png(), {"pages": None, "width": 60, "height": 40}),
]


def test_a_good_clean_file_is_accepted_as_it_is(office: Desk) -> None:
    for kind, content, facts in GOOD:
        sent = office.sent(content, type=kind)
        file = office.files()[-1]
        assert (file["id"], file["state"]) == (sent.id, "accepted")
        assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        assert {name: file[name] for name in facts} == facts
        found = client("s3").get_object(Bucket=settings().evidence_bucket, Key=sent.key)
        assert found["Body"].read() == content, "nothing is stripped"
        assert found["ServerSideEncryption"] == "AES256"
    assert quarantined() == []
    assert rejected_mails(office) == 0


def test_the_scan_may_come_last(office: Desk) -> None:
    sent = office.sent(verdict=None)
    assert (office.states(), kept()) == (["checking"], [])
    sent.tell("Object Tags Added")  # of another tag
    assert office.states() == ["checking"]
    sent.scan(CLEAN)
    sent.tell("Object Tags Added")
    assert (office.states(), kept()) == (["accepted"], [sent.key])


def test_the_scan_may_come_first(office: Desk) -> None:
    sent = office.send()
    sent.put(pdf())
    sent.scan(CLEAN)
    sent.tell("Object Tags Added")
    assert office.states() == ["accepted"]
    sent.tell("Object Created")
    assert (office.states(), kept()) == (["accepted"], [sent.key])


@pytest.mark.parametrize("is_late", [True, False])
def test_malware_is_rejected_whenever_it_is_found(office: Desk, is_late: bool) -> None:
    sent = office.sent(verdict=None if is_late else INFECTED)
    if is_late:
        sent.scan(INFECTED)
        sent.tell("Object Tags Added")
    (file,) = office.files()
    assert (file["state"], file["reason"]) == ("rejected", "malware")
    assert "malware" in file["reason_text"]
    assert kept() == quarantined() == []
    assert rejected_mails(office) == 1


def test_malware_counts_before_what_the_content_has_against_it(office: Desk) -> None:
    office.sent(b"not a PDF at all", INFECTED)
    (file,) = office.files()
    assert file["reason"] == "malware"


BAD = [
    (b"PK\x03\x04 and so on", "other_type", "ZIP"),
    (png(), "other_type", "PNG"),
    (pdf()[:200], "truncated", "too early"),
    (b"%PDF-1.7" + bytes(10_000_100), "too_large", "10 MB"),
]


def test_bad_content_is_rejected_without_a_scan(office: Desk) -> None:
    for number, (content, reason, says) in enumerate(BAD, start=1):
        office.sent(content, verdict=None)
        file = office.files()[-1]
        assert (file["state"], file["reason"]) == ("rejected", reason)
        assert says in file["reason_text"]
        assert rejected_mails(office) == number
    assert kept() == quarantined() == []


def test_what_the_scanner_cannot_read_is_rejected(office: Desk) -> None:
    office.sent(verdict="UNSUPPORTED")
    (file,) = office.files()
    assert (file["state"], file["reason"]) == ("rejected", "not_scanned")


def test_without_a_verdict_a_file_waits_and_is_never_accepted(office: Desk) -> None:
    files = [office.sent(verdict=verdict) for verdict in ("FAILED", "ACCESS_DENIED", "whatever", None)]
    coordinator = office.world.coordinator(office.organisation)
    path = f"/v1/organisations/{office.organisation}/overdue-evidence"
    assert office.states() == ["checking"] * 4
    assert office.world.get(path, by=coordinator).json["items"] == []
    office.world.pass_time(seconds=VERDICT_WITHIN.total_seconds())
    assert office.states() == ["overdue"] * 4
    (told,) = office.world.get(path, by=coordinator).json["items"]
    assert (told["credential_id"], told["files"]) == (office.credential, 4)
    tidy()
    assert (office.states(), kept()) == (["overdue"] * 4, [])
    for one in files:
        one.scan(CLEAN)  # of which no event came
    tidy()
    assert (office.states(), len(kept())) == (["accepted"] * 4, 4)
    assert office.world.get(path, by=coordinator).json["items"] == []


def test_after_three_days_without_a_verdict_a_file_is_rejected(office: Desk) -> None:
    office.sent(verdict=None)
    office.world.pass_time(seconds=(GIVE_UP - timedelta(minutes=1)).total_seconds())
    tidy()
    assert office.states() == ["overdue"]
    office.world.pass_time(minutes=1)
    tidy()
    (file,) = office.files()
    assert (file["state"], file["reason"]) == ("rejected", "not_scanned")
    assert kept() == quarantined() == []
    assert rejected_mails(office) == 1


def test_the_first_file_under_a_key_counts_and_no_other(office: Desk) -> None:
    """A form may be posted again while it holds: a clean file first, another one after the scan."""
    sent = office.send()
    first = sent.put(pdf(1))
    sent.scan(CLEAN)
    second = sent.put(pdf(2))
    sent.tell(version=first)
    sent.tell(version=second)
    (file,) = office.files()
    assert (file["state"], file["pages"]) == ("accepted", 1)
    found = client("s3").get_object(Bucket=settings().evidence_bucket, Key=sent.key)
    assert found["Body"].read() == pdf(1)
    assert quarantined() == []


def test_a_verdict_is_of_the_version_that_it_was_given_to(office: Desk) -> None:
    sent = office.send()
    clean = sent.put(pdf(1))
    sent.scan(CLEAN, clean)
    other = sent.put(pdf(2))
    sent.tell(version=other)
    assert (office.states(), kept()) == (["checking"], [])
    sent.tell(version=clean)
    assert office.states() == ["checking"]
    sent.scan(INFECTED, other)
    sent.tell("Object Tags Added", version=other)
    assert office.states() == ["rejected"]


def test_two_deliveries_of_one_event_accept_once(office: Desk) -> None:
    sent = office.sent()
    sent.tell()
    sent.tell("Object Tags Added")
    assert office.states() == ["accepted"]
    assert office.submit().status == 200
    assert office.actions().count("accept_evidence") == 1
    assert kept() == [sent.key]


@pytest.mark.parametrize(
    "key", ["a/b", "/etc/passwd", "x" * 300, "malware-protection-resource-validation-object"]
)
def test_what_nobody_waits_for_is_left_alone(office: Desk, key: str) -> None:
    jobs.inspect_evidence(event(key, "v"), LambdaContext())
    assert office.files() == []


def test_a_key_with_another_token_is_nobodys(office: Desk) -> None:
    sent = office.send()
    version = sent.put(pdf())
    jobs.inspect_evidence(event(f"{office.credential}/{sent.id}/guessed", version), LambdaContext())
    assert office.states() == ["awaited"]


def test_an_event_without_its_file_changes_nothing(office: Desk) -> None:
    sent = office.send()
    sent.version = "gone"
    sent.tell()
    assert office.states() == ["awaited"]


def test_what_arrives_after_the_decision_is_rejected(office: Desk) -> None:
    late = office.send()
    assert office.submit().status == 200
    assert reject(office.world, office.credential, office.reviewer).status == 200
    late.arrive()
    (file,) = office.files()
    assert (file["state"], file["reason"]) == ("rejected", "too_late")
    assert kept() == quarantined() == []


@pytest.mark.parametrize("is_before", [True, False])
def test_a_crash_at_any_step_leaves_what_the_next_turn_ends(
    office: Desk, monkeypatch: pytest.MonkeyPatch, is_before: bool
) -> None:
    places: tuple[tuple[Any, str], ...] = (
        (vault, "take_over"),
        (commits.tables, "transact"),
        (vault, "drop"),
    )
    keys = []
    for place, cut in places:
        sent = office.send()
        sent.put(pdf())
        sent.scan(CLEAN)
        keys.append(sent.key)
        with monkeypatch.context() as patch:
            patch.setattr(place, cut, _cut_off(getattr(place, cut), is_before))
            with pytest.raises(Exception, match="RuntimeError"):
                sent.tell()
        sent.tell()
        assert (set(office.states()), sorted(kept()), quarantined()) == ({"accepted"}, sorted(keys), [])
    assert faults_of(office.credential) == []
    assert office.submit().status == 200
    assert office.actions().count("accept_evidence") == len(places)


def _cut_off(plain: Any, is_before: bool) -> Any:
    def crash(*given: Any, **how: Any) -> None:
        if not is_before:
            plain(*given, **how)
        raise RuntimeError("cut off")

    return crash


def test_a_file_taken_back_while_it_is_settled_is_not_kept(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = office.send()
    sent.put(pdf())
    sent.scan(CLEAN)
    plain = vault.take_over

    def meanwhile(*given: Any) -> None:
        plain(*given)
        monkeypatch.setattr(vault, "take_over", plain)
        path = f"{office.mine}/evidence/{sent.id}"
        assert office.world.delete(path, by=office.person).status == 204
        plain(*given)  # the copy ends after the deletion

    monkeypatch.setattr(vault, "take_over", meanwhile)
    sent.tell()
    assert (office.states(), kept(), quarantined()) == (["removed"], [], [])


def test_a_copy_that_is_rejected_mails_nobody(office: Desk) -> None:
    assert office.submit().status == 200
    path, body = f"{office.case}/evidence", {"name": "register.png", "type": "png"}
    answer = office.world.post(path, body, by=office.reviewer).json
    Sent(office.world, answer["file"]["id"], answer["upload"]).arrive(b"no image")
    (file,) = office.world.get(office.case, by=office.reviewer).json["evidence"]
    assert file["state"] == "rejected"
    assert rejected_mails(office) == 0


def test_the_file_is_looked_at_in_a_process_of_its_own(world: World) -> None:
    office = desk(world)
    office.sent()
    office.sent(b"\x89PNG\r\n\x1a\n", type="png")
    assert office.states() == ["accepted", "rejected"]


def test_one_credential_that_fails_keeps_no_other_waiting(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = desk(office.world)
    first, second = office.sent(verdict=None), other.sent(verdict=None)
    office.world.pass_time(hours=2)
    for one in (first, second):
        one.scan(CLEAN)
    plain = intake.look_again

    def failing(call: Any, credential_id: str, inspect: Any) -> int:
        if credential_id == office.credential:
            raise RuntimeError("broken")
        return plain(call, credential_id, inspect)

    monkeypatch.setattr(intake, "look_again", failing)
    tidy()
    assert (office.states(), other.states()) == ([State.OVERDUE], [State.ACCEPTED])


def test_why_is_said_in_the_readers_language(world: World, inspected_here: None) -> None:
    office = desk(world, by=world.person(locale="fr"))
    office.sent(verdict=INFECTED)
    (file,) = office.files()
    assert file["reason_text"].startswith("Un logiciel malveillant")
    assert office.submit().status == 200
    (seen,) = world.get(office.case, by=office.reviewer).json["evidence"]
    assert seen["reason_text"].startswith("A scanner found malware")
