"""Announcing files: what the form that S3 gets may say, how many there may be, and what is refused before anything is
sent."""

import pytest

from chalicelib.credentials.evidence import model, service
from chalicelib.credentials.evidence.findings import MAX_BYTES, EvidenceType
from chalicelib.credentials.evidence.model import LAPSE, MAX_FILES
from chalicelib.credentials.evidence.service import Wish
from tests.credentials.evidence.desk import Desk, desk, kept, quarantined
from tests.credentials.support import claim, verify, want_more
from tests.support.world import World


def code_of(reply: object) -> str:
    return str(getattr(reply, "json")["type"].rpartition("/")[2])  # noqa: B009 - a Reply


def test_the_form_is_held_to_one_key_type_size_and_encryption(office: Desk) -> None:
    sent = office.send()
    conditions = sent.policy["conditions"]
    assert ["content-length-range", 1, 10_000_000] in conditions
    for said in (
        {"Content-Type": "application/pdf"}, {"x-amz-server-side-encryption": "AES256"}, {"key": sent.key},
    ):  # fmt: skip
        assert said in conditions
    # Whatever else a form says is refused by S3: no condition lets a name or a tag of the client's through.
    assert not [one for one in conditions if isinstance(one, list) and one[0] == "starts-with"]
    assert sent.upload["expires_in"] == 900


def test_a_key_is_ours_and_not_to_be_guessed(office: Desk) -> None:
    first, second = office.send(name="licence.pdf"), office.send(name="licence.pdf")
    credential, file, token = first.key.split("/")
    assert (credential, file) == (office.credential, first.id)
    assert len(token) == 32
    assert token != second.key.split("/")[2]
    assert "licence" not in first.key


def test_a_told_size_is_the_only_one_that_is_taken(office: Desk) -> None:
    assert ["content-length-range", 1234, 1234] in office.send(size=1234).policy["conditions"]


def test_a_file_of_10_1_mb_is_refused(office: Desk) -> None:
    assert office.announce(size=10_000_000).status == 201
    answer = office.announce(size=10_100_000)
    assert answer.status == 422
    (error,) = answer.json["errors"]
    assert error == {
        "pointer": "/size", "detail": "A file may have 10,000,000 bytes (10 MB); this one has 10,100,000."
    }  # fmt: skip
    assert MAX_BYTES == 10_000_000
    assert office.announce(type="zip").json["errors"][0]["pointer"] == "/type"


def test_a_name_with_a_path_in_it_is_refused(office: Desk) -> None:
    for name in ("../../licence.pdf", "C:\\fakepath\\licence.pdf", "/etc/passwd", "a/b.pdf"):
        answer = office.announce(name=name)
        assert answer.status == 422
        (error,) = answer.json["errors"]
        assert (error["pointer"], "folders" in error["detail"]) == ("/name", True)
    for name, says in (("..", "example"), ("a" * 121, "120"), ("a\u202eb.pdf", "Take out")):
        answer = office.announce(name=name)
        assert answer.status == 422
        assert says in answer.json["errors"][0]["detail"]
    assert office.files() == []


def test_a_hundred_files_are_too_many(office: Desk) -> None:
    answers = [office.announce() for _ in range(100)]
    assert [one.status for one in answers] == [201] * MAX_FILES + [409] * (100 - MAX_FILES)
    assert {code_of(one) for one in answers[MAX_FILES:]} == {"too-much-evidence"}
    assert "at most 10 files" in answers[-1].json["detail"]
    assert len(office.files()) == MAX_FILES


def test_what_was_never_sent_makes_room_and_is_remembered_to_an_end(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "MAX_EVER", MAX_FILES + 1)
    assert [office.announce().status for _ in range(MAX_FILES)] == [201] * MAX_FILES
    office.world.pass_time(seconds=LAPSE.total_seconds())
    assert set(office.states()) == {"lapsed"}
    assert office.announce().status == 201
    last = office.announce()
    assert (last.status, code_of(last)) == (409, "too-much-evidence")
    assert "Submit it as another one" in last.json["detail"]


def test_only_the_owner_sends_and_sees(office: Desk) -> None:
    other = office.world.person()
    path = f"{office.mine}/evidence"
    assert office.world.post(path, {"name": "a.pdf", "type": "pdf"}, by=other).status == 404
    assert office.world.get(path, by=other).status == 404


def test_files_come_to_a_draft_or_when_more_is_wanted(office: Desk) -> None:
    assert office.submit().status == 200
    refused = office.announce()
    assert (refused.status, code_of(refused)) == (409, "credential-state")
    assert want_more(office.world, office.credential, office.reviewer).status == 200
    assert office.announce().status == 201
    assert office.submit().status == 200
    assert verify(office.world, office.credential, office.reviewer).status == 200
    assert code_of(office.announce()) == "credential-already-decided"


def test_nothing_more_is_sent_for_what_was_withdrawn(office: Desk) -> None:
    assert office.world.delete(office.mine, by=office.person).status == 204
    assert code_of(office.announce()) == "credential-withdrawn"


def test_a_repeated_request_announces_one_file(office: Desk) -> None:
    headers = {"Idempotency-Key": "one"}
    body = {"name": "a.pdf", "type": "pdf"}
    first, again = (
        office.world.post(f"{office.mine}/evidence", body, by=office.person, headers=headers)
        for _ in range(2)
    )
    assert first.json == again.json
    assert len(office.files()) == 1


def test_a_file_taken_back_is_gone_at_once(office: Desk) -> None:
    sent = office.sent()
    assert kept() == [sent.key]
    path = f"{office.mine}/evidence/{sent.id}"
    assert office.world.delete(path, by=office.world.person()).status == 404
    assert office.world.delete(path, by=office.person).status == 204
    assert kept() == quarantined() == []
    (file,) = office.files()
    assert (file["state"], file["name"], len(file["sha256"])) == ("removed", "", 64)
    assert office.world.delete(path, by=office.person).status == 404
    assert office.announce().status == 201


def test_a_file_taken_back_before_it_is_settled_never_comes_to_be(office: Desk) -> None:
    sent = office.sent(verdict=None)
    assert office.states() == ["checking"]
    assert office.world.delete(f"{office.mine}/evidence/{sent.id}", by=office.person).status == 204
    late = sent.put(b"%PDF-late")
    sent.tell(version=late)
    assert office.states() == ["removed"]
    assert kept() == quarantined() == []


def test_what_the_reviewers_have_stays(office: Desk) -> None:
    handed_in = office.sent()
    assert office.submit().status == 200
    assert want_more(office.world, office.credential, office.reviewer).status == 200
    office.world.pass_time(minutes=1)
    newer = office.sent()
    refused = office.world.delete(f"{office.mine}/evidence/{handed_in.id}", by=office.person)
    assert (refused.status, code_of(refused)) == (409, "evidence-handed-in")
    assert office.world.delete(f"{office.mine}/evidence/{newer.id}", by=office.person).status == 204
    assert office.states() == ["accepted", "removed"]


def test_another_wording_keeps_the_files(office: Desk) -> None:
    office.sent()
    body = {"kind": "licence", "authority": "Council", "number": "B 2", "name_on_document": "Amina Otieno"}
    body |= {"country": "KE", "issued_on": "2020-03-01"}
    assert office.world.put(office.mine, body, by=office.person).status == 200
    office.sent()
    assert [(one["state"], one["revision"]) for one in office.files()] == [("accepted", 1), ("accepted", 2)]


def wanting(world: World) -> Desk:
    """Have an organisation that wants evidence of licences."""
    office = desk(world)
    path, coordinator = (
        f"/v1/organisations/{office.organisation}/review-policy",
        world.coordinator(office.organisation),
    )
    policy = {"two_persons": "never", "needs_evidence": ["licence"], "evidence_days": 30}
    etag = world.get(path, by=coordinator).etag
    answer = world.put(path, policy, by=coordinator, headers={"If-Match": etag})
    assert (answer.json["needs_evidence"], answer.json["evidence_days"]) == (["licence"], 30)
    return office


def test_where_evidence_is_wanted_nothing_is_submitted_without(world: World, inspected_here: None) -> None:
    office = wanting(world)
    missing = office.submit()
    assert (missing.status, code_of(missing)) == (409, "evidence-needed")
    assert "add one" in missing.json["detail"]
    sent = office.sent(verdict=None)
    checking = office.submit()
    assert (checking.status, "still being checked" in checking.json["detail"]) == (409, True)
    sent.scan()
    sent.tell("Object Tags Added")
    assert office.submit().status == 200


def test_a_rejected_file_is_none(world: World, inspected_here: None) -> None:
    office = wanting(world)
    office.sent(b"PK\x03\x04 a zip")
    assert office.states() == ["rejected"]
    assert code_of(office.submit()) == "evidence-needed"


def test_where_evidence_is_wanted_it_begins_as_a_draft(world: World) -> None:
    office = wanting(world)
    body = {"kind": "licence", "authority": "Council", "number": "B 2", "name_on_document": "Amina Otieno"}
    body |= {"country": "KE", "issued_on": "2020-03-01", "organisation_id": office.organisation}
    refused = world.post("/v1/me/credentials", body, by=office.person)
    assert (refused.status, code_of(refused), "draft" in refused.json["detail"]) == (
        409,
        "evidence-needed",
        True,
    )
    assert world.post("/v1/me/credentials", {**body, "kind": "degree"}, by=office.person).status == 201


def test_reviewers_send_copies_that_the_owner_does_not_see(office: Desk) -> None:
    path, body = f"{office.case}/evidence", {"name": "register.png", "type": "png"}
    assert office.world.post(path, body, by=office.reviewer).status == 404, "a draft is its owner's alone"
    assert office.submit().status == 200
    assert claim(office.world, office.credential, office.reviewer).status == 200
    assert office.world.post(path, body, by=office.reviewer).status == 201
    assert office.files() == []
    (file,) = office.world.get(office.case, by=office.reviewer).json["evidence"]
    assert (file["name"], file["sent_by"], file["added_by"]) == ("register.png", "reviewer", office.reviewer)
    assert office.world.delete(f"{office.mine}/evidence/{file['id']}", by=office.person).status in (404, 409)


def test_nobody_sends_a_reviewers_copy_for_their_own(world: World) -> None:
    organisation = world.organisation()
    reviewer = world.reviewer(organisation)
    body = {"kind": "licence", "authority": "Council", "number": "B 2", "name_on_document": "Sam Staff"}
    body |= {"country": "KE", "issued_on": "2020-03-01", "organisation_id": organisation}
    own = world.post("/v1/me/credentials", body, by=reviewer).json["id"]
    answer = world.post(
        f"/v1/admin/credentials/{own}/evidence", {"name": "a.png", "type": "png"}, by=reviewer
    )
    assert (answer.status, code_of(answer)) == (403, "own-credential")


def test_two_that_send_the_last_one_at_once(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds the row moved on, reads anew, and is refused."""
    for _ in range(MAX_FILES - 1):
        office.send()
    plain, raced = service.added, []

    def meanwhile(*given: object) -> object:
        after = plain(*given)  # type: ignore[arg-type]
        if not raced:
            raced.append(True)
            service.announce(
                office.world.call(office.person), office.credential, Wish("b.pdf", EvidenceType.PDF)
            )
        return after

    monkeypatch.setattr(service, "added", meanwhile)
    answer = office.announce()
    assert (answer.status, code_of(answer)) == (409, "too-much-evidence")
    assert len(office.files()) == MAX_FILES
