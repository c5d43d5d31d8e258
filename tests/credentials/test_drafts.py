"""Drafts, other wordings, and what happens when a reviewer wants more, over HTTP."""

from chalicelib.credentials import kept_store
from tests.credentials.support import LICENCE, reject, submit, submitted, trail_of, verify, want_more
from tests.support.world import World

QUEUE = "/v1/admin/credentials"
CLAIM = {name: value for name, value in LICENCE.items() if name != "organisation_id"}


def mine(credential: str) -> str:
    return f"/v1/me/credentials/{credential}"


def test_a_draft_is_its_owner_s_alone_until_it_is_submitted(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    reviewer = world.reviewer(organisation)
    answer = submit(world, person, draft=True)
    assert (answer.json["status"], answer.json["submitted_at"]) == ("draft", None)
    draft = answer.json["id"]
    assert world.get(QUEUE, by=reviewer).json["items"] == []
    assert world.get(f"{QUEUE}/{draft}", by=reviewer).status == 404
    assert world.post(f"{QUEUE}/{draft}/claim", by=reviewer).status == 404
    assert submit(world, person).json["type"].endswith("/credential-already-submitted")
    world.pass_time(days=2)
    sent = world.post(f"{mine(draft)}/submit", by=person)
    assert (sent.json["status"], sent.json["submitted_at"]) == ("submitted", "2026-11-24T09:00:00.000000Z")
    assert [one["id"] for one in world.get(QUEUE, by=reviewer).json["items"]] == [draft]
    assert trail_of(world, draft, person) == [("save", None, "draft"), ("submit", "draft", "submitted")]


def test_a_withdrawn_draft_was_never_anybody_else_s(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    draft = submit(world, person, draft=True).json["id"]
    assert world.delete(mine(draft), by=person).status == 204
    assert world.get(f"{QUEUE}/{draft}", by=world.reviewer(organisation)).status == 404
    assert world.post(f"{mine(draft)}/submit", by=person).json["type"].endswith("/credential-withdrawn")


def test_another_wording_keeps_the_one_before(world: World) -> None:
    world.organisation()
    person = world.person()
    draft = submit(world, person, draft=True).json["id"]
    for n in (2, 3):
        answer = world.put(mine(draft), {**CLAIM, "number": f"B {n}"}, by=person)
        assert (answer.status, answer.json["revision"], answer.json["number"]) == (200, n, f"B {n}")
    kept = kept_store.revisions_in(kept_store.kept_of(draft))
    assert {n: one["number"] for n, one in kept.items()} == {1: "A 10423", 2: "B 2"}


def test_two_wordings_may_not_come_to_the_same(world: World) -> None:
    world.organisation()
    person = world.person()
    submitted(world, person)
    draft = submit(world, person, number="B 2", draft=True).json["id"]
    answer = world.put(mine(draft), CLAIM, by=person)
    assert answer.json["type"].endswith("/credential-already-submitted")
    assert world.put(mine(draft), {**CLAIM, "issued_on": "2027-01-01"}, by=person).status == 422
    assert world.get(mine(draft), by=person).json["revision"] == 1


def test_more_is_wanted_given_and_verified(world: World) -> None:
    organisation, person = world.organisation(), world.mentee()
    reviewer, other = world.reviewer(organisation), world.reviewer(organisation)
    credential = submitted(world, person)
    asked = want_more(world, credential, reviewer, missing=["dates", "evidence"], text="Which year?")
    assert (asked.status, asked.json["status"], asked.json["claim"]) == (200, "more_wanted", None)
    (mail,) = world.messages("credential-more-wanted")
    assert mail.payload == {"recipient": person, "credential_id": credential}
    own = world.get(mine(credential), by=person).json
    assert (own["missing"], own["missing_text"]) == (["dates", "evidence"], "Which year?")
    assert world.post(f"{QUEUE}/{credential}/claim", by=other).json["type"].endswith("/credential-state")
    assert world.get(QUEUE, by=other).json["items"] == []
    listed = world.get(QUEUE, by=other, query={"status": "more_wanted"}).json["items"]
    assert [one["id"] for one in listed] == [credential]

    world.pass_time(days=3)
    assert world.put(mine(credential), {**CLAIM, "issued_on": "2019-03-01"}, by=person).status == 200
    assert world.get(mine(credential), by=person).json["status"] == "more_wanted"
    again = world.post(f"{mine(credential)}/submit", by=person)
    assert (again.status, again.json["status"], again.json["revision"]) == (200, "submitted", 2)
    assert world.get(QUEUE, by=other).json["items"][0]["waiting_seconds"] == 0, "its place is at the end"
    assert verify(world, credential, other).json["issued_on"] == "2019-03-01"
    assert [row[0] for row in trail_of(world, credential, person)] == [
        "submit", "claim", "want_more", "edit", "submit", "claim", "verify",
    ]  # fmt: skip


def test_what_is_asked_twice_is_mailed_twice(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    reviewer = world.reviewer(organisation)
    credential = submitted(world, person)
    for _ in range(2):
        assert want_more(world, credential, reviewer).status == 200
        assert world.post(f"{mine(credential)}/submit", by=person).status == 200
    assert len(world.messages("credential-more-wanted")) == 2


def test_what_is_submitted_is_not_submitted_again_and_what_is_over_has_its_wording(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    assert world.post(f"{mine(credential)}/submit", by=person).status == 409
    assert reject(world, credential, world.reviewer(organisation)).status == 200
    refused = world.put(mine(credential), {**CLAIM, "number": "B 2"}, by=person)
    assert refused.json["type"].endswith("/credential-already-decided")


def test_what_expired_while_more_was_wanted_is_not_submitted_again(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person, expires_on="2026-12-01")
    assert want_more(world, credential, world.reviewer(organisation)).status == 200
    world.pass_time(days=30)
    refused = world.post(f"{mine(credential)}/submit", by=person)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/expires_on")


def test_a_wish_says_what_is_missing(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    reviewer, credential = world.reviewer(organisation), submitted(world, person)
    for wrong in ({"missing": []}, {"missing": ["luck"]}, {"text": ""}):
        assert want_more(world, credential, reviewer, **wrong).status == 422
