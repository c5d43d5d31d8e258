"""A reviewer's claim on a case: thirty minutes, renewed, given back, lapsed."""

import pytest

from chalicelib.credentials import claiming, store
from tests.credentials.answers import all_yes
from tests.credentials.support import claim, submitted, trail_of, verify
from tests.support.world import World

QUEUE = "/v1/admin/credentials"


def code(reply) -> str:
    return reply.json["type"].rpartition("/")[2]


def decide(world: World, credential: str, by: str, word: str = "verify"):
    body = {
        "verify": {"checklist": all_yes(credential)},
        "reject": {"reason": "other", "text": "No."},
        "want-more": {"missing": ["dates"], "text": "Which year?"},
    }[word]
    return world.post(f"{QUEUE}/{credential}/{word}", body, by=by)


def test_a_case_is_one_reviewer_s_for_thirty_minutes(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    one, other = world.reviewer(organisation), world.reviewer(organisation)
    credential = submitted(world, person)
    held = claim(world, credential, one)
    assert held.json["claim"] == {"by": one, "until": "2026-11-22T09:30:00.000000Z"}
    assert held.json["status"] == "in_review"
    assert world.get(f"/v1/me/credentials/{credential}", by=person).json["status"] == "in_review"
    assert code(claim(world, credential, other)) == "claimed-by-another"
    assert code(decide(world, credential, other)) == "claimed-by-another"
    (listed,) = world.get(QUEUE, by=other).json["items"]
    assert (listed["status"], listed["claim"]["by"]) == ("in_review", one)

    world.pass_time(minutes=20)
    assert claim(world, credential, one).json["claim"]["until"] == "2026-11-22T09:50:00.000000Z"
    world.pass_time(minutes=30)
    (listed,) = world.get(QUEUE, by=other).json["items"]
    assert (listed["status"], listed["claim"]) == ("submitted", None)
    assert claim(world, credential, other).json["claim"]["by"] == other
    assert [row[0] for row in trail_of(world, credential, person)] == ["submit", "claim", "renew", "claim"]


@pytest.mark.parametrize("word", ["verify", "reject", "want-more"])
def test_nothing_is_decided_without_a_live_claim(world: World, word: str) -> None:
    organisation, person = world.organisation(), world.person()
    one, other = world.reviewer(organisation), world.reviewer(organisation)
    credential = submitted(world, person)
    assert code(decide(world, credential, one, word)) == "claim-needed"
    claim(world, credential, one)
    world.pass_time(minutes=30)
    assert code(decide(world, credential, one, word)) == "claim-lapsed"
    claim(world, credential, other)
    assert code(decide(world, credential, one, word)) == "claimed-by-another"
    assert world.messages() == []
    assert decide(world, credential, other, word).status == 200


def test_a_claim_given_back_frees_the_case_in_its_place(world: World) -> None:
    organisation = world.organisation()
    one, other = world.reviewer(organisation), world.reviewer(organisation)
    first = submitted(world, world.person())
    world.pass_time(hours=1)
    second = submitted(world, world.person())
    claim(world, first, one)
    assert code(world.delete(f"{QUEUE}/{first}/claim", by=other)) == "claimed-by-another"
    assert world.delete(f"{QUEUE}/{first}/claim", by=one).status == 204
    assert code(world.delete(f"{QUEUE}/{first}/claim", by=one)) == "claim-needed"
    assert [one["id"] for one in world.get(QUEUE, by=other).json["items"]] == [first, second]
    assert claim(world, first, other).status == 200


def test_two_claims_at_the_same_moment_let_one_through(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first reviewer claims after the second has read the case and before they write."""
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    one, other = world.reviewer(organisation), world.reviewer(organisation)
    plain = store.put_credential

    def meanwhile(*how):
        monkeypatch.setattr(store, "put_credential", plain)
        claiming.claim(world.call(one), credential)
        return plain(*how)

    monkeypatch.setattr(store, "put_credential", meanwhile)
    assert code(claim(world, credential, other)) == "claimed-by-another"
    assert world.get(f"{QUEUE}/{credential}", by=other).json["claim"]["by"] == one
    assert [row[0] for row in trail_of(world, credential, person)] == ["submit", "claim", "view"]


def test_a_withdrawal_ends_the_claim(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    reviewer = world.reviewer(organisation)
    credential = submitted(world, person)
    claim(world, credential, reviewer)
    assert world.delete(f"/v1/me/credentials/{credential}", by=person).status == 204
    assert code(decide(world, credential, reviewer)) == "credential-withdrawn"
    assert code(world.delete(f"{QUEUE}/{credential}/claim", by=reviewer)) == "credential-withdrawn"
    assert world.get(f"{QUEUE}/{credential}", by=reviewer).json["claim"] is None


def test_what_is_decided_is_not_claimed(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    reviewer = world.reviewer(organisation)
    credential = submitted(world, person)
    assert verify(world, credential, reviewer).status == 200
    assert code(claim(world, credential, reviewer)) == "credential-already-decided"
