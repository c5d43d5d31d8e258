"""Reviewers open evidence by links that do not last, and each opening is a row of the trail."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.credentials import store as credentials_store
from chalicelib.credentials.audit import faults_of
from chalicelib.credentials.evidence import jobs, store, upkeep
from chalicelib.credentials.evidence.store import EvidenceRow
from chalicelib.platform import tables, vault
from tests.credentials.evidence.desk import INFECTED, Desk, desk, kept, quarantined
from tests.credentials.support import reject, revoke, trail_of, verify, want_more
from tests.support.lambda_context import LambdaContext
from tests.support.world import World

SCHEDULED: dict[str, Any] = {
    "version": "0", "id": "1", "account": "0", "time": "2026-11-22T01:30:00Z", "region": "eu-west-1",
    "resources": [], "source": "aws.events", "detail-type": "Scheduled Event", "detail": {},
}  # fmt: skip


def tidy() -> None:
    jobs.tidy_evidence(SCHEDULED, LambdaContext())


def code_of(reply: Any) -> str:
    return str(reply.json["type"].rpartition("/")[2])


def test_a_link_is_short_lived_an_attachment_and_of_our_type(office: Desk) -> None:
    sent = office.sent(name="passport of Amina.pdf")
    assert office.submit().status == 200
    answer = office.open(sent.id)
    assert answer.status == 200, answer.text
    link = answer.json
    query = parse_qs(urlsplit(link["url"]).query)
    assert query["X-Amz-Expires"] == ["120"] == [str(link["expires_in"])]
    assert query["response-content-disposition"] == [f'attachment; filename="evidence-{sent.id}.pdf"']
    assert query["response-content-type"] == ["application/pdf"] == [link["media_type"]]
    assert "passport" not in link["url"]
    (file,) = office.files()
    assert (link["size"], link["sha256"]) == (file["size"], file["sha256"])


def test_each_opening_is_a_row_of_the_trail(office: Desk) -> None:
    sent = office.sent()
    assert office.submit().status == 200
    for _ in range(2):
        assert office.open(sent.id).status == 200
    assert office.actions() == [
        "save",
        "add_evidence",
        "accept_evidence",
        "submit",
        "open_evidence",
        "open_evidence",
    ]
    found = office.world.get(f"{office.case}/trail", by=office.reviewer).json["items"][-1]
    assert (found["actor"], found["by"], found["detail"]["evidence"]) == (
        office.reviewer,
        "reviewer",
        sent.id,
    )
    assert found["detail"]["sha256"] == office.files()[0]["sha256"]
    assert ("open_evidence", "submitted", "submitted") in trail_of(
        office.world, office.credential, office.person
    )
    assert faults_of(office.credential) == []


def test_who_may_not_read_the_case_gets_no_link(office: Desk) -> None:
    sent = office.sent()
    assert office.open(sent.id).status == 404, "a draft is its owner's alone"
    assert office.submit().status == 200
    elsewhere = office.world.reviewer(office.world.organisation())
    assert office.open(sent.id, elsewhere).status == 404
    assert office.open(sent.id, office.world.coordinator(office.organisation)).status == 403
    assert office.open(sent.id, office.person).status in (403, 404)
    other = desk(office.world)
    stranger = other.sent()
    assert office.open(stranger.id).status == 404, "a file of another credential"


def test_only_what_is_accepted_is_opened(office: Desk) -> None:
    waiting, bad = office.sent(verdict=None), office.sent(verdict=INFECTED)
    assert office.submit().status == 200
    for file, state in ((waiting, "checking"), (bad, "rejected")):
        answer = office.open(file.id)
        assert (answer.status, code_of(answer)) == (409, "evidence-not-accepted")
        assert state in answer.json["detail"]
    assert "open_evidence" not in office.actions()


def test_the_case_shows_evidence_and_checks(office: Desk) -> None:
    sent = office.sent()
    assert office.submit().status == 200
    seen = {
        "address": "https://register.example.org/10423", "seen_at": "2026-11-22T08:55:00Z", "outcome": "found",
        "name": "Amina Otieno", "evidence_id": sent.id,
    }  # fmt: skip
    assert office.world.post(f"{office.case}/checks/manual", seen, by=office.reviewer).status == 201
    case = office.world.get(office.case, by=office.reviewer).json
    (file,), (check,) = case["evidence"], case["checks"]
    own = office.files()[0]
    assert {name: file[name] for name in own} == own
    assert (file["sent_by"], file["added_by"]) == ("owner", office.person)
    assert (check["outcome"], check["evidence_id"]) == ("found", sent.id)
    assert case["status"] == "submitted"


def test_a_check_names_an_accepted_file_of_its_credential(office: Desk) -> None:
    waiting, other = office.sent(verdict=None), desk(office.world).sent()
    assert office.submit().status == 200
    seen = {
        "address": "https://register.example.org/1",
        "seen_at": "2026-11-22T08:55:00Z",
        "outcome": "not_found",
    }
    for file in (waiting.id, other.id, office.credential):
        body = {**seen, "evidence_id": file}
        answer = office.world.post(f"{office.case}/checks/manual", body, by=office.reviewer)
        assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "/evidence_id")
    assert office.world.get(f"{office.case}/checks", by=office.reviewer).json["items"] == []


def test_ninety_days_after_the_decision_files_are_deleted(office: Desk) -> None:
    good, bad = office.sent(), office.sent(verdict=INFECTED)
    before = office.files()
    assert office.submit().status == 200
    assert reject(office.world, office.credential, office.reviewer).status == 200
    office.world.pass_time(days=89, hours=23)
    tidy()
    assert kept() == [good.key]
    office.world.pass_time(hours=1)
    tidy()
    assert kept() == quarantined() == []
    after = office.files()
    for was, is_ in zip(before, after, strict=True):
        for name in ("id", "type", "size", "sha256", "reason", "added_at", "settled_at"):
            assert is_[name] == was[name]
        assert (is_["state"], is_["name"]) == ("deleted", "")
    found = office.world.get(office.mine, by=office.person).json
    assert found["decided_at"] is not None
    answer = office.open(good.id)
    assert (answer.status, "deleted" in answer.json["detail"]) == (409, True)
    assert office.actions().count("delete_evidence") == len((good, bad))
    assert faults_of(office.credential) == []
    tidy()
    assert office.actions().count("delete_evidence") == 2, "a night that comes twice does nothing"


def test_a_later_revocation_counts_anew(office: Desk) -> None:
    sent = office.sent()
    assert office.submit().status == 200
    assert verify(office.world, office.credential, office.reviewer).status == 200
    office.world.pass_time(days=80)
    assert revoke(office.world, office.credential, office.reviewer).status == 200
    office.world.pass_time(days=89)
    tidy()
    assert kept() == [sent.key]
    office.world.pass_time(days=1)
    tidy()
    assert kept() == []


def test_the_organisation_says_for_how_long(office: Desk) -> None:
    path, coordinator = (
        f"/v1/organisations/{office.organisation}/review-policy",
        office.world.coordinator(office.organisation),
    )
    headers = {"If-Match": office.world.get(path, by=coordinator).etag}
    policy = {"two_persons": "never", "evidence_days": 10}
    assert office.world.put(path, policy, by=coordinator, headers=headers).status == 200
    office.sent()
    assert office.submit().status == 200
    assert verify(office.world, office.credential, office.reviewer).status == 200
    office.world.pass_time(days=10)
    tidy()
    assert kept() == []


def test_what_never_came_to_the_reviewers_is_deleted_the_night_after_it_is_withdrawn(office: Desk) -> None:
    office.sent()
    assert office.world.delete(office.mine, by=office.person).status == 204
    tidy()
    assert (kept(), office.states()) == ([], ["deleted"])


def test_withdrawing_makes_no_file_vanish_that_reviewers_had(office: Desk) -> None:
    world, sent = office.world, office.sent()
    coordinator = world.coordinator(office.organisation)
    path = f"/v1/organisations/{office.organisation}/review-policy"
    rules = {"two_persons": "never", "evidence_days": 10}
    assert world.put(path, rules, by=coordinator, headers={"If-Match": '"0"'}).status == 200
    assert office.submit().status == 200
    assert office.open(sent.id).status == 200
    assert world.delete(office.mine, by=office.person).status == 204
    world.pass_time(days=9, hours=23)
    tidy()
    assert (kept(), office.states()) == ([sent.key], ["accepted"])
    for reviewer in (office.reviewer, world.reviewer(office.organisation)):
        refused = office.open(sent.id, by=reviewer)
        assert (refused.status, code_of(refused)) == (403, "evidence-sealed")
    opened = office.actions().count("open_evidence")
    assert office.open(sent.id, by=world.admin()).status == 200, "for the audit"
    assert office.actions().count("open_evidence") == opened + 1
    by = [one.by for one in credentials_store.whole_trail(office.credential) if one.action == "open_evidence"]
    assert by == ["reviewer", "admin"], "each in the part that let them"
    path = f"{office.mine}/evidence/{sent.id}"
    assert world.delete(path, by=office.person).status == 409, "its owner deletes nothing of it"

    world.pass_time(hours=1)
    tidy()
    (file,) = office.files()
    assert (kept(), file["state"], len(file["sha256"])) == ([], "deleted", 64)
    assert code_of(office.open(sent.id, by=world.admin())) == "evidence-not-accepted"
    assert faults_of(office.credential) == []


def test_what_is_reviewed_again_keeps_its_files(office: Desk) -> None:
    sent = office.sent()
    assert office.submit().status == 200
    assert verify(office.world, office.credential, office.reviewer).status == 200
    _reviewed_again(office)
    assert office.world.get(office.mine, by=office.person).json["status"] == "submitted"
    office.world.pass_time(days=91)
    tidy()
    assert kept() == [sent.key]
    assert verify(office.world, office.credential, office.reviewer).status == 200
    office.world.pass_time(days=90)
    tidy()
    assert kept() == []


def test_what_is_reviewed_again_while_the_night_deletes_stays(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = office.sent()
    assert office.submit().status == 200
    assert verify(office.world, office.credential, office.reviewer).status == 200
    office.world.pass_time(days=90)
    plain, orders = upkeep.deleted, []

    def meanwhile(*given: Any) -> Any:
        if not orders:
            orders.append(_reviewed_again(office))
        return plain(*given)

    monkeypatch.setattr(upkeep, "deleted", meanwhile)
    tidy()
    assert (len(orders), kept(), office.states()) == (1, [sent.key], ["accepted"])


def _reviewed_again(office: Desk) -> None:
    coordinator = office.world.coordinator(office.organisation)
    order = {"reason": "A breach.", "person_id": office.person}
    path = f"/v1/organisations/{office.organisation}/review-batches"
    assert office.world.post(path, order, by=coordinator).status == 201
    office.world.follow_up()


def test_missed_nights_are_caught_up_and_others_are_left(office: Desk) -> None:
    office.sent()
    other = desk(office.world)
    stays = other.sent()
    assert office.submit().status == 200
    assert reject(office.world, office.credential, office.reviewer).status == 200
    office.world.pass_time(days=400)
    tidy()
    assert kept() == [stays.key]


def test_a_night_that_is_cut_off_is_ended_by_the_next(world: World, inspected_here: None) -> None:
    """At each of its steps: two files are marked, both are deleted, the credential leaves the list."""
    for cut in range(5):
        office, steps = desk(world), list[str]()
        office.sent()
        office.sent()
        assert office.submit().status == 200
        assert reject(world, office.credential, office.reviewer).status == 200
        world.pass_time(days=90)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(vault, "discard", _cut_after(vault.discard, cut, steps))
            patch.setattr(tables, "transact", _cut_after(tables.transact, cut, steps))
            tidy()
        assert len(steps) == cut + 1, "it was cut off"
        tidy()
        assert (kept(), office.states()) == ([], ["deleted", "deleted"])
        assert list(store.deletions_due(world.at + timedelta(days=900))) == []
        assert office.actions().count("delete_evidence") == 2
        assert faults_of(office.credential) == []


def _cut_after(plain: Any, cut: int, steps: list[str]) -> Any:
    def step(*given: Any, **how: Any) -> Any:
        steps.append(plain.__name__)
        if len(steps) == cut + 1:
            raise RuntimeError("cut off")
        return plain(*given, **how)

    return step


def test_the_check_of_the_trail_finds_a_file_that_was_tampered_with(office: Desk) -> None:
    office.sent(verdict=INFECTED)
    assert office.submit().status == 200
    assert faults_of(office.credential) == []
    credential = credentials_store.get_credential(office.credential)
    assert credential is not None
    row = EvidenceRow.get(*store.evidence_key(office.credential)[1:])
    row.files = [{**one, "state": "accepted"} for one in row.files]
    row.save()
    (fault,) = faults_of(office.credential)
    assert "was changed" in fault
    row.delete()
    (fault,) = faults_of(office.credential)
    assert "is missing" in fault


def test_the_person_reads_in_their_trail_that_files_came_and_went(office: Desk) -> None:
    sent = office.sent()
    assert office.world.delete(f"{office.mine}/evidence/{sent.id}", by=office.person).status == 204
    actions = [one[0] for one in trail_of(office.world, office.credential, office.person)]
    assert actions == ["save", "add_evidence", "accept_evidence", "remove_evidence"]
    assert faults_of(office.credential) == []


def test_more_wanted_and_sent_again(office: Desk, world: World) -> None:
    office.sent(b"PK\x03\x04")
    assert office.submit().status == 200
    body = {"missing": ["evidence"], "text": "Send the licence as a PDF."}
    assert want_more(world, office.credential, office.reviewer, **body).status == 200
    office.sent()
    assert office.submit().status == 200
    case = world.get(office.case, by=office.reviewer).json
    assert [one["state"] for one in case["evidence"]] == ["rejected", "accepted"]
