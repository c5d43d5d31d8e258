"""The review of credentials over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.credentials import history, kept_store, policy_store, review, service, store
from chalicelib.credentials.decisions import Decision
from chalicelib.credentials.model import Status
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.ids import new_id
from chalicelib.organisations.model import StaffRole
from tests.credentials.answers import all_yes
from tests.credentials.support import (
    LICENCE,
    claim,
    reject,
    revoke,
    submit,
    submitted,
    trail_of,
    verified_until,
    verify,
    want_more,
)
from tests.support.world import World

QUEUE = "/v1/admin/credentials"


def test_verifying_changes_credential_standing_trail_and_outbox(world: World) -> None:
    organisation, person = world.organisation(), world.mentee()
    credential = submitted(world, person)
    reviewer = world.reviewer(organisation)
    world.pass_time(hours=30)
    answer = verify(world, credential, reviewer)
    assert answer.status == 200, answer.text
    assert answer.json["status"] == "verified"
    assert answer.json["valid_until"] == LICENCE["expires_on"]
    assert answer.json["decided_by"] == reviewer
    assert verified_until(world, person) == "2028-02-29T21:00:00.000000Z"
    assert trail_of(world, credential, person) == [
        ("submit", None, "submitted"),
        ("claim", "submitted", "in_review"),
        ("verify", "in_review", "verified"),
    ]
    (mail,) = world.messages("credential-verified")
    assert mail.payload == {"recipient": person, "credential_id": credential}
    assert service.pending_for(person) == ()


def test_rejecting_tells_the_person_why_and_leaves_the_standing(world: World) -> None:
    organisation, person = world.organisation(), world.mentor()
    before = verified_until(world, person)
    credential = submitted(world, person)
    world.pass_time(minutes=1)
    answer = reject(world, credential, world.reviewer(organisation))
    assert answer.status == 200, answer.text
    own = world.get(f"/v1/me/credentials/{credential}", by=person).json
    assert (own["status"], own["reason"]) == ("rejected", "not_in_register")
    assert own["reason_text"] == "The register does not know this number."
    assert verified_until(world, person) == before
    assert trail_of(world, credential, person)[-1] == ("reject", "in_review", "rejected")
    (mail,) = world.messages("credential-rejected")
    assert mail.payload == {"recipient": person, "credential_id": credential}


def test_a_document_without_an_end_counts_a_year_from_the_decision(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person, kind="degree", expires_on=None)
    world.pass_time(days=10)
    assert verify(world, credential, world.reviewer(organisation)).json["valid_until"] == "2027-12-02"
    assert verified_until(world, person) == "2027-12-02T21:00:00.000000Z"


def test_standing_is_the_latest_of_all_verified(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    reviewer = world.reviewer(organisation)
    long, short = submitted(world, person), submitted(world, person, number="B 2", expires_on="2027-01-31")
    assert verify(world, long, reviewer).status == 200
    assert verify(world, short, reviewer).status == 200
    assert verified_until(world, person) == "2028-02-29T21:00:00.000000Z"


def test_what_was_verified_expires_by_date_alone(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    reviewer = world.reviewer(organisation)
    verify(world, credential, reviewer, valid_until="2026-12-31")
    world.at = datetime(2026, 12, 31, 20, 59, tzinfo=UTC)  # 23:59 in Kenya
    assert world.get(f"/v1/me/credentials/{credential}", by=person).json["status"] == "verified"
    world.pass_time(minutes=1)
    assert world.get(f"/v1/me/credentials/{credential}", by=person).json["status"] == "expired"
    assert world.get(f"{QUEUE}/{credential}", by=reviewer).json["status"] == "expired"


@pytest.mark.parametrize("day", ["2026-11-21", "2028-03-01", "9999-12-31", "2027-02-30"])
def test_a_day_that_cannot_count_is_refused(world: World, day: str) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    answer = verify(world, credential, world.reviewer(organisation), valid_until=day)
    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/valid_until"
    assert verified_until(world, person) is None


def test_what_expired_while_it_waited_can_only_be_rejected(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person, expires_on="2026-12-01")
    reviewer = world.reviewer(organisation)
    world.pass_time(days=30)
    answer = verify(world, credential, reviewer)
    assert answer.status == 409
    assert answer.json["type"].endswith("/credential-expired")
    assert reject(world, credential, reviewer, reason="not_current").status == 200


def test_a_rejection_needs_a_reason_and_a_text(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    reviewer = world.reviewer(organisation)
    for body in ({"reason": "because"}, {"text": ""}, {"text": "x" * 1001}, {"text": "a\u0007b"}):
        assert reject(world, credential, reviewer, **body).status == 422
    assert world.get(f"{QUEUE}/{credential}", by=reviewer).json["status"] == "in_review"


@pytest.mark.parametrize("second", ["verify", "reject"])
@pytest.mark.parametrize("first", [verify, reject])
def test_deciding_twice_is_a_conflict(world: World, first, second) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    reviewer = world.reviewer(organisation)
    assert first(world, credential, reviewer).status == 200
    body = {} if second == "verify" else {"reason": "other", "text": "No."}
    answer = world.post(f"{QUEUE}/{credential}/{second}", body, by=reviewer)
    assert answer.status == 409
    assert answer.json["type"].endswith("/credential-already-decided")
    assert len(trail_of(world, credential, person)) == 3
    assert len([one for one in world.messages() if one.topic == "mail"]) == 1


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Let something happen after a decision has read its case, and before it writes."""
    plain = policy_store.policy_of

    def policy_of(organisation_id: str, row: Any):
        monkeypatch.setattr(policy_store, "policy_of", plain)
        act()
        return plain(organisation_id, row)

    monkeypatch.setattr(policy_store, "policy_of", policy_of)


def test_withdrawing_while_a_reviewer_decides_lets_one_through(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    meanwhile(monkeypatch, lambda: service.withdraw(world.call(person), credential))
    answer = verify(world, credential, world.reviewer(organisation))
    assert answer.status == 409
    assert answer.json["type"].endswith("/credential-withdrawn")
    assert world.get(f"/v1/me/credentials/{credential}", by=person).json["status"] == "withdrawn"
    assert world.messages() == []
    assert [row[0] for row in trail_of(world, credential, person)] == ["submit", "claim", "withdraw"]


def test_a_look_at_the_case_meanwhile_keeps_nobody_from_deciding(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    other = world.reviewer(organisation)
    meanwhile(monkeypatch, lambda: review.look(world.call(other), credential))
    assert verify(world, credential, world.reviewer(organisation)).status == 200
    assert [row[0] for row in trail_of(world, credential, person)] == ["submit", "claim", "view", "verify"]


def test_two_credentials_of_one_person_cannot_be_decided_past_each_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the shorter one's standing could overwrite the longer one's."""
    organisation, person = world.organisation(), world.person()
    long, short = submitted(world, person), submitted(world, person, number="B 2", expires_on="2027-01-31")
    first = world.reviewer(organisation)
    claim(world, long, first)
    meanwhile(monkeypatch, lambda: review.verify(world.call(first), long, None, all_yes(long)))
    assert verify(world, short, world.reviewer(organisation)).status == 200
    assert verified_until(world, person) == "2028-02-29T21:00:00.000000Z"


def test_an_old_etag_is_refused_and_the_present_one_taken(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    reviewer = world.reviewer(organisation)
    path = f"{QUEUE}/{credential}"
    claim(world, credential, reviewer)
    etag = world.get(path, by=reviewer).etag
    assert world.get(path, by=world.reviewer(organisation)).etag == etag, "a look changes no version"
    assert (
        world.post(
            f"{path}/verify", {"checklist": all_yes(credential)}, by=reviewer, headers={"If-Match": '"9"'}
        ).status
        == 412
    )
    assert (
        world.post(
            f"{path}/verify", {"checklist": all_yes(credential)}, by=reviewer, headers={"If-Match": etag}
        ).etag
        == '"3"'
    )


def test_a_lost_answer_of_a_decision_is_given_again(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    reviewer = world.reviewer(organisation)
    claim(world, credential, reviewer)
    body, headers = {"checklist": all_yes(credential)}, {"Idempotency-Key": "decide", "If-Match": '"2"'}
    first, second = (
        world.post(f"{QUEUE}/{credential}/verify", body, by=reviewer, headers=headers) for _ in range(2)
    )
    assert first.status == 200, first.text
    assert (second.status, second.text) == (first.status, first.text)
    assert len(trail_of(world, credential, person)) == 3


@pytest.mark.parametrize("decide", [verify, reject])
def test_nobody_decides_their_own(world: World, decide) -> None:
    organisation = world.organisation()
    reviewer = world.reviewer(organisation)
    credential = submitted(world, reviewer)
    answer = decide(world, credential, reviewer)
    assert answer.status == 403
    assert answer.json["type"].endswith("/own-credential")
    assert decide(world, credential, world.reviewer(organisation)).status == 200


def test_nobody_reads_as_a_reviewer_what_is_said_of_their_own(world: World) -> None:
    organisation = world.organisation()
    owner, other = world.reviewer(organisation), world.reviewer(organisation)
    credential = submitted(world, owner)
    path = f"{QUEUE}/{credential}"
    assert world.post(f"{path}/notes", {"text": "Asked the council by telephone."}, by=other).status == 201
    before = trail_of(world, credential, owner)
    asked = [
        *(world.get(f"{path}{part}", by=owner) for part in ("", "/records", "/trail", "/checks")),
        world.post(f"{path}/notes", {"text": "All is well."}, by=owner),
        world.post(f"{path}/checks", {}, by=owner),
        world.get(f"{path}/evidence/{new_id(world.at)}", by=owner),
    ]
    assert [one.status for one in asked] == [403] * len(asked)
    assert {one.json["type"].rpartition("/")[2] for one in asked} == {"own-credential"}
    assert "council" not in "".join(one.text for one in asked)
    assert trail_of(world, credential, owner) == before


def test_not_even_an_admin_decides_their_own(world: World) -> None:
    world.organisation()
    admin = world.admin()
    credential = submitted(world, admin)
    assert verify(world, credential, admin).status == 403


def test_a_reviewer_of_another_organisation_neither_sees_nor_decides(world: World) -> None:
    ours, theirs = world.organisation("Ours"), world.organisation("Theirs")
    credential = submitted(world, world.person(), organisation_id=ours)
    stranger = world.reviewer(theirs)
    missing = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    for one in (credential, missing):
        answers = [
            world.get(f"{QUEUE}/{one}", by=stranger),
            verify(world, one, stranger),
            reject(world, one, stranger),
        ]
        assert {answer.status for answer in answers} == {404}
        assert len({answer.json["detail"] for answer in answers}) == 1
    assert world.get(QUEUE, by=stranger).json["items"] == []
    assert world.get(QUEUE, by=stranger, query={"organisation_id": ours}).status == 404
    assert world.get(f"{QUEUE}/{credential}", by=world.reviewer(ours)).json["status"] == "submitted"


def test_who_is_no_reviewer_is_refused(world: World) -> None:
    organisation = world.organisation()
    credential = submitted(world, world.person())
    coordinator, person = world.coordinator(organisation), world.person()
    for by, status in ((coordinator, 403), (person, 404)):
        assert world.get(f"{QUEUE}/{credential}", by=by).status == status
        assert verify(world, credential, by).status == status
        assert reject(world, credential, by).status == status
    assert world.get(QUEUE, by=coordinator).status == world.get(QUEUE, by=person).status == 403


def test_a_removed_reviewer_is_refused_at_the_next_request(world: World) -> None:
    organisation = world.organisation()
    credential = submitted(world, world.person())
    reviewer = world.reviewer(organisation)
    assert world.get(f"{QUEUE}/{credential}", by=reviewer).status == 200
    by = world.coordinator(organisation)
    assert world.delete(f"/v1/organisations/{organisation}/members/{reviewer}", by=by).status == 204
    assert world.get(f"{QUEUE}/{credential}", by=reviewer).status == 404
    assert verify(world, credential, reviewer).status == 404


def test_the_queue_is_oldest_first_in_pages_with_waiting_times(world: World) -> None:
    organisation = world.organisation()
    reviewer = world.reviewer(organisation)
    ids = []
    for n in range(5):
        person = world.mentee()
        ids.append(submitted(world, person, number=str(n)))
        world.pass_time(hours=1)
    seen, waiting, cursor = [], [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        with world.counted() as calls:
            page = world.get(QUEUE, by=reviewer, query=query).json
        assert calls == ["GetItem", "Query", "BatchGetItem", "BatchGetItem"]
        seen += [one["id"] for one in page["items"]]
        waiting += [one["waiting_seconds"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ids
    assert waiting == [5 * 3600, 4 * 3600, 3 * 3600, 2 * 3600, 3600]


def test_the_queue_names_the_person_and_no_address(world: World) -> None:
    organisation = world.organisation()
    person = world.person({"profession": "2212"}, email="amina.secret@example.org", name="Amina Otieno")
    submitted(world, person)
    answer = world.get(QUEUE, by=world.reviewer(organisation))
    (one,) = answer.json["items"]
    assert (one["person_name"], one["profession"], one["person_id"]) == ("Amina Otieno", "2212", person)
    assert "amina.secret" not in answer.text


def test_the_queue_by_state(world: World) -> None:
    organisation, reviewer = world.organisation(), None
    reviewer = world.reviewer(organisation)
    person = world.person()
    by_status = {
        status: submitted(world, person, number=status)
        for status in ("submitted", "verified", "rejected", "withdrawn")
    }
    verify(world, by_status["verified"], reviewer)
    reject(world, by_status["rejected"], reviewer)
    world.delete(f"/v1/me/credentials/{by_status['withdrawn']}", by=person)
    for status, credential in by_status.items():
        items = world.get(QUEUE, by=reviewer, query={"status": status}).json["items"]
        assert [one["id"] for one in items] == [credential]
    assert world.get(QUEUE, by=reviewer, query={"status": "lost"}).status == 422
    assert world.get(QUEUE, by=reviewer, query={"colour": "red"}).status == 422


def test_who_reviews_for_several_names_one(world: World) -> None:
    one, other = world.organisation("One"), world.organisation("Other")
    reviewer = world.reviewer(one)
    admin = world.admin()
    path = f"/v1/organisations/{other}/members/{reviewer}"
    assert world.put(path, {"roles": [StaffRole.REVIEWER]}, by=admin).status == 200
    answer = world.get(QUEUE, by=reviewer)
    assert answer.status == 422
    detail = answer.json["errors"][0]["detail"]
    assert one in detail
    assert other in detail
    assert world.get(QUEUE, by=reviewer, query={"organisation_id": other}).status == 200
    assert world.get(QUEUE, by=admin).status == 422
    assert world.get(QUEUE, by=admin, query={"organisation_id": one}).status == 200


def test_decided_credentials_can_be_set_down_for_a_cohort(world: World) -> None:
    """What `history.put_history` writes reads like what the service wrote."""
    organisation, person = world.organisation(), world.mentor()
    done = service.get_credential(submitted(world, person, organisation_id=organisation))
    assert done is not None
    other = world.mentor()
    waiting = replace(done, id=world.call(other).new_id(), person_id=other, created_at=None, version=None)
    decision = Decision("R", world.at, valid_until=world.at.date() + timedelta(days=40))
    verified = replace(
        waiting, id=world.call(other).new_id(), status=Status.VERIFIED, decision=decision
    )  # fmt: skip
    file = history.history_file(other, [waiting, verified], "Heart Alliance")
    world.write(*history.put_history(file, [waiting, verified], world.at))
    items = world.get("/v1/me/credentials", by=other).json["items"]
    assert sorted(one["status"] for one in items) == ["submitted", "verified"]
    assert service.pending_for(other) == (waiting.id,)
    assert submit(world, other).status == 409
    assert store.get_file(other).verified_until == verified.verified_until
    assert list(store.get_file(other).badges) == [verified.id]


def test_revoking_takes_the_standing_at_once_and_tells_the_person(world: World) -> None:
    organisation, person = world.organisation(), world.mentee()
    reviewer, credential = world.reviewer(organisation), submitted(world, person)
    assert revoke(world, credential, reviewer).json["type"].endswith("/credential-state")
    assert verify(world, credential, reviewer).status == 200
    answer = revoke(world, credential, world.reviewer(organisation))
    assert (answer.status, answer.json["status"], answer.json["reason"]) == (200, "revoked", "suspended")
    assert verified_until(world, person) is None
    (mail,) = world.messages("credential-revoked")
    assert mail.payload == {"recipient": person, "credential_id": credential}
    (news,) = world.messages("standing-lost")
    assert news.payload == {"person_id": person, "by": "refused", "at": to_text(world.at), "kind": "licence"}
    assert revoke(world, credential, reviewer).json["type"].endswith("/credential-already-decided")
    said = kept_store.records_in(kept_store.kept_of(credential))
    assert [one["reason"] for one in said.values()] == [None, "suspended"], "the decision before is kept"


def test_who_is_verified_by_another_credential_keeps_their_standing(world: World) -> None:
    organisation, person = world.organisation(), world.mentee()
    reviewer = world.reviewer(organisation)
    long, short = submitted(world, person), submitted(world, person, number="B 2", expires_on="2027-01-31")
    for one in (long, short):
        assert verify(world, one, reviewer).status == 200
    assert revoke(world, long, reviewer).status == 200
    assert verified_until(world, person) == "2027-01-31T21:00:00.000000Z"
    assert world.messages("standing-lost") == []


def test_nobody_revokes_their_own(world: World) -> None:
    organisation = world.organisation()
    reviewer = world.reviewer(organisation)
    credential = submitted(world, reviewer)
    assert verify(world, credential, world.reviewer(organisation)).status == 200
    assert revoke(world, credential, reviewer).json["type"].endswith("/own-credential")


def test_a_look_is_kept_in_the_trail_and_the_owner_reads_in_which_part_somebody_acted(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    reviewer, credential = world.reviewer(organisation), submitted(world, person)
    assert world.get(f"{QUEUE}/{credential}", by=reviewer).status == 200
    path = f"/v1/me/credentials/{credential}/trail"
    answer = world.get(path, by=person)
    assert [(one["by"], one["action"]) for one in answer.json["items"]] == [
        ("owner", "submit"), ("reviewer", "view"),
    ]  # fmt: skip
    assert reviewer not in answer.text, "who it was is the organisation's own affair"
    first, second = world.get(f"{QUEUE}/{credential}/trail", by=reviewer).json["items"]
    assert (first["actor"], second["actor"]) == (person, reviewer)
    assert second["previous"] == first["hash"]
    assert world.get(path, by=world.person()).status == 404


def test_reading_the_queue_shows_neither_number_nor_document(world: World) -> None:
    organisation = world.organisation()
    submitted(world, world.person())
    answer = world.get(QUEUE, by=world.reviewer(organisation))
    assert "10423" not in answer.text
    assert "Amina W." not in answer.text


def test_more_is_wanted_of_what_is_held(world: World) -> None:
    organisation = world.organisation()
    reviewer = world.reviewer(organisation)
    credential = submitted(world, reviewer)
    assert want_more(world, credential, reviewer).json["type"].endswith("/own-credential")
