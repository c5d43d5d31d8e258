"""Other wordings of what was handed in: what waits, is looked at, or was verified, over HTTP."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from chalicelib.credentials import audit, claiming, policy_store, rewording, service, store
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.kinds import Kind
from chalicelib.people import store as people_store
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
from tests.credentials.test_deciding import code, ruled
from tests.support.world import Reply, World

QUEUE = "/v1/admin/credentials"
UNTIL = "2028-02-29T21:00:00.000000Z"


def reword(world: World, credential: str, by: str, **fields: Any) -> Reply:
    return world.put(f"/v1/me/credentials/{credential}", {**LICENCE, "number": "B 2", **fields}, by=by)


def listed(world: World, by: str, **query: Any) -> list[str]:
    return [one["id"] for one in world.get(QUEUE, by=by, query=query).json["items"]]


def test_what_waits_keeps_its_place_in_another_wording(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    ruled(world, organisation, target_days=10, target_days_by_country={"CA": 5})
    reviewer = world.reviewer(organisation)
    first = submitted(world, person)
    world.pass_time(minutes=1)
    second = submitted(world, world.person())
    before = world.get(f"{QUEUE}/counts", by=reviewer).json
    world.pass_time(hours=3)
    answer = reword(world, first, person, country="CA")
    assert (answer.status, answer.json["status"], answer.json["revision"]) == (200, "submitted", 2)
    assert listed(world, reviewer) == [first, second]
    assert (listed(world, reviewer, country="KE"), listed(world, reviewer, country="CA")) == (
        [second],
        [first],
    )
    case = world.get(f"{QUEUE}/{first}", by=reviewer).json
    assert (case["waiting_seconds"], case["due_at"]) == (3 * 3600 + 60, "2026-11-27T09:00:00.000000Z")
    after = world.get(f"{QUEUE}/counts", by=reviewer).json
    assert after == {**before, "longest_waiting_seconds": 3 * 3600 + 60}
    assert trail_of(world, first, person)[:2] == [
        ("submit", None, "submitted"),
        ("edit", "submitted", "submitted"),
    ]
    assert audit.faults_of(first) == []


def test_the_same_wording_changes_nothing(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    assert verify(world, credential, world.reviewer(organisation)).status == 200
    before, trail = (
        world.get(f"/v1/me/credentials/{credential}", by=person),
        trail_of(world, credential, person),
    )
    again = world.put(f"/v1/me/credentials/{credential}", LICENCE, by=person)
    assert (again.status, again.json, again.etag) == (200, before.json, before.etag)
    assert trail_of(world, credential, person) == trail


def test_nothing_changes_while_a_reviewer_looks_at_it(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential, reviewer = submitted(world, person), world.reviewer(organisation)
    assert claim(world, credential, reviewer).status == 200
    refused = reword(world, credential, person)
    assert (refused.status, code(refused)) == (409, "credential-under-review")
    assert "2026-11-22T09:30:00" in refused.json["detail"]
    world.pass_time(minutes=30)
    assert reword(world, credential, person).json["status"] == "submitted"
    assert world.get(f"{QUEUE}/claims", by=reviewer).json["items"] == []
    late = world.post(f"{QUEUE}/{credential}/verify", {"checklist": all_yes(credential)}, by=reviewer)
    assert code(late) == "claim-needed"
    assert verified_until(world, person) is None
    assert audit.faults_of(credential) == []


@pytest.mark.parametrize(
    ("word", "body"),
    [
        ("verify", {}),
        ("reject", {"reason": "other", "text": "No."}),
        ("want-more", {"missing": ["dates"], "text": "Which?"}),
    ],
)
def test_a_decision_is_on_the_wording_that_was_looked_at(
    world: World, word: str, body: dict[str, Any]
) -> None:
    organisation, person = world.organisation(), world.person()
    credential, reviewer = submitted(world, person), world.reviewer(organisation)
    world.get(f"{QUEUE}/{credential}", by=reviewer)
    assert reword(world, credential, person).status == 200
    assert claim(world, credential, reviewer).json["revision"] == 2
    if word == "verify":
        body = {"checklist": all_yes(credential)}
    path, before = f"{QUEUE}/{credential}/{word}", trail_of(world, credential, person)
    refused = world.post(path, {**body, "revision": 1}, by=reviewer)
    assert (refused.status, code(refused)) == (409, "revision-not-seen")
    assert trail_of(world, credential, person) == before
    assert world.post(path, {**body, "revision": 2}, by=reviewer).status == 200
    (record,) = world.get(f"{QUEUE}/{credential}/records", by=reviewer).json["items"]
    assert record["revision"] == 2


def meanwhile(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, act: Callable[[], object]) -> None:
    """Let something happen once, when a function is called."""
    plain = getattr(where, name)

    def first(*how: Any, **more: Any) -> Any:
        monkeypatch.setattr(where, name, plain)
        act()
        return plain(*how, **more)

    monkeypatch.setattr(where, name, first)


def of(number: str) -> Claim:
    found = {name: value for name, value in LICENCE.items() if name != "kind"}
    days = {name: date.fromisoformat(found[name]) for name in ("issued_on", "expires_on")}
    return Claim(Kind.LICENCE, **{**found, **days, "number": number})


def test_who_claims_while_it_is_reworded_is_shown_what_stands(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, person = world.organisation(), world.person()
    credential, reviewer = submitted(world, person), world.reviewer(organisation)
    meanwhile(
        monkeypatch, claiming, "check_apart", lambda: service.edit(world.call(person), credential, of("B 2"))
    )
    held = claim(world, credential, reviewer)
    assert (held.status, held.json["revision"], held.json["number"]) == (200, 2, "B 2")
    body = {"checklist": all_yes(credential)}
    assert world.post(f"{QUEUE}/{credential}/verify", body, by=reviewer).status == 200


def test_who_rewords_while_it_is_claimed_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, person = world.organisation(), world.person()
    credential, reviewer = submitted(world, person), world.reviewer(organisation)
    meanwhile(
        monkeypatch, policy_store, "get_policy", lambda: claiming.claim(world.call(reviewer), credential)
    )
    assert code(reword(world, credential, person)) == "credential-under-review"
    assert world.get(f"{QUEUE}/{credential}", by=reviewer).json["revision"] == 1


def test_an_opinion_on_an_earlier_wording_does_not_count(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    ruled(world, organisation, two_persons="always")
    first, second = world.reviewer(organisation), world.reviewer(organisation)
    credential = submitted(world, person)
    assert verify(world, credential, first).json["stage"] == "second"
    assert reword(world, credential, person).status == 200
    assert world.get(f"{QUEUE}/{credential}", by=second).json["stage"] == "first"
    assert world.get(f"{QUEUE}/{credential}/records", by=second).json["items"] == [], (
        "theirs is to be their own"
    )
    assert verify(world, credential, second).json["stage"] == "second", "the first word on this wording"
    assert verified_until(world, person) is None
    assert verify(world, credential, first).json["status"] == "verified"
    said = world.get(f"{QUEUE}/{credential}/records", by=first).json["items"]
    assert [(one["kind"], one["by"], one["revision"]) for one in said] == [
        ("opinion", first, 1), ("opinion", second, 2), ("decision", first, 2),
    ]  # fmt: skip


def amended(world: World) -> tuple[str, str, str]:
    """Return a credential that was verified and has another wording since, its person and a reviewer."""
    organisation, person = world.organisation(), world.person()
    credential, reviewer = submitted(world, person), world.reviewer(organisation)
    assert verify(world, credential, reviewer).status == 200
    world.pass_time(days=1)
    assert reword(world, credential, person, expires_on="2027-12-31").json["status"] == "submitted"
    return credential, person, reviewer


def test_what_is_verified_counts_until_its_other_wording_is_decided(world: World) -> None:
    credential, person, reviewer = amended(world)
    assert verified_until(world, person) == UNTIL
    badges = store.get_file(person).badges
    assert listed(world, reviewer) == [credential]
    assert want_more(world, credential, reviewer).status == 200
    assert (verified_until(world, person), store.get_file(person).badges) == (UNTIL, badges)
    assert reword(world, credential, person, number="B 3", expires_on="2027-12-31").status == 200
    assert world.post(f"/v1/me/credentials/{credential}/submit", by=person).status == 200
    assert verify(world, credential, reviewer).status == 200
    assert verified_until(world, person) == "2027-12-31T21:00:00.000000Z"
    assert [row[0] for row in trail_of(world, credential, person)] == [
        "submit", "claim", "verify", "amend", "claim", "want_more", "edit", "submit", "claim", "verify",
    ]  # fmt: skip
    assert audit.faults_of(credential) == []


def test_the_owner_is_told_which_wording_counts_and_until_when(world: World) -> None:
    credential, person, reviewer = amended(world)
    shows, asks = f"/v1/me/credentials/{credential}", f"{QUEUE}/{credential}"
    waits = world.get(shows, by=person).json
    assert (waits["status"], waits["revision"], waits["counts"]) == (
        "submitted",
        2,
        {"revision": 1, "until": UNTIL},
    )
    assert world.get(asks, by=reviewer).json["counts"] == waits["counts"]
    seen = verify(world, credential, reviewer).json
    assert (seen["counts"], seen["stage"]) == (
        {"revision": 2, "until": "2027-12-31T21:00:00.000000Z"}, None,
    )  # fmt: skip
    assert reword(world, credential, person, number="B 4", expires_on="2027-12-31").status == 200
    world.pass_time(days=500)
    late = world.get(shows, by=person).json
    assert (late["status"], late["counts"]) == ("submitted", None), "its end has passed"


def test_nothing_counts_of_what_was_never_verified_or_is_no_more(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    reviewer = world.reviewer(organisation)
    credential = submitted(world, person)
    shows = f"/v1/me/credentials/{credential}"
    assert world.get(shows, by=person).json["counts"] is None
    assert verify(world, credential, reviewer).json["counts"] == {"revision": 1, "until": UNTIL}
    assert revoke(world, credential, reviewer).json["counts"] is None
    assert world.get(f"{QUEUE}/{credential}", by=reviewer).json["stage"] is None


def test_what_is_rejected_or_withdrawn_in_its_other_wording_counts_no_more(world: World) -> None:
    credential, person, reviewer = amended(world)
    assert reject(world, credential, reviewer).json["status"] == "rejected"
    assert verified_until(world, person) is None
    assert [one.kind for one in world.messages("standing-lost")] == ["standing-lost"]


def test_its_owner_gives_up_with_it_what_was_verified(world: World) -> None:
    credential, person, _ = amended(world)
    assert world.delete(f"/v1/me/credentials/{credential}", by=person).status == 204
    assert verified_until(world, person) is None


@pytest.mark.parametrize("worded_anew", [False, True])
def test_what_its_owner_withdrew_is_revoked_as_it_was_verified(world: World, worded_anew: bool) -> None:
    organisation, person = world.organisation(), world.person()
    reviewer, other = world.reviewer(organisation), world.reviewer(organisation)
    credential = submitted(world, person)
    assert verify(world, credential, reviewer).status == 200
    if worded_anew:
        assert reword(world, credential, person, kind="degree", number="B 2").status == 200
    else:
        order = {"reason": "A breach.", "person_id": person}
        path = f"/v1/organisations/{organisation}/review-batches"
        assert world.post(path, order, by=world.coordinator(organisation)).status == 201
        world.follow_up()
    assert world.delete(f"/v1/me/credentials/{credential}", by=person).status == 204
    world.follow_up()
    assert revoke(world, credential, other).json["status"] == "revoked"
    news = world.messages("standing-lost")[-1]
    assert (news.payload["by"], news.payload["kind"]) == ("refused", "licence"), "as what it counted"
    assert [one.payload["recipient"] for one in world.messages("credential-revoked")] == [person]
    assert trail_of(world, credential, person)[-1] == ("revoke", "withdrawn", "revoked")
    assert audit.faults_of(credential) == []
    assert code(revoke(world, credential, reviewer)) == "credential-already-decided"
    (shown,) = world.get(f"/v1/people/{person}/fhir/Practitioner", by=person).json["qualification"]
    assert (shown["extension"][0]["valueCode"], shown["identifier"][0]["value"]) == (
        "revoked",
        LICENCE["number"],
    )
    assert shown["code"]["coding"][0]["code"] == "licence", "the wording that was verified"


def test_what_was_withdrawn_before_anybody_verified_it_is_not_revoked(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    assert world.delete(f"/v1/me/credentials/{credential}", by=person).status == 204
    assert code(revoke(world, credential, world.reviewer(organisation))) == "credential-withdrawn"


@pytest.mark.parametrize("state", ["submitted", "in_review", "more_wanted"])
def test_another_wording_keeps_nobody_from_revoking(world: World, state: str) -> None:
    credential, person, reviewer = amended(world)
    organisation = store.get_credential(credential)
    assert organisation is not None
    ruled(world, organisation.organisation_id, two_persons="always")
    if state == "in_review":
        assert claim(world, credential, world.reviewer(organisation.organisation_id)).status == 200
    if state == "more_wanted":
        assert want_more(world, credential, reviewer).status == 200
    assert world.get(f"{QUEUE}/{credential}", by=reviewer).json["status"] == state
    assert revoke(world, credential, reviewer).json["status"] == "revoked"
    assert verified_until(world, person) is None
    shown = world.get(f"/v1/people/{person}/fhir/Practitioner", by=person)
    (found,) = shown.json["qualification"]
    assert found["identifier"][0]["value"] == LICENCE["number"], "the wording that was verified, and no other"
    assert audit.faults_of(credential) == []


def test_where_evidence_is_wanted_another_wording_needs_it_too(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    waits, counts = submitted(world, person, kind="degree"), submitted(world, person)
    assert verify(world, counts, world.reviewer(organisation)).status == 200
    ruled(world, organisation, needs_evidence=["licence"])
    for credential in (waits, counts):
        refused = reword(world, credential, person)
        assert (refused.status, code(refused)) == (409, "evidence-needed")
        assert "another credential" in refused.json["detail"]
    assert reword(world, waits, person, kind="degree").status == 200
    assert verified_until(world, person) == UNTIL


def test_wordings_have_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.organisation()
    person = world.person()
    credential = submitted(world, person)
    monkeypatch.setattr(rewording, "MAX_REVISIONS", 2)
    assert reword(world, credential, person).status == 200
    assert code(reword(world, credential, person, number="B 3")) == "too-many-revisions"


def test_reviewers_read_what_differs_between_wordings(world: World) -> None:
    organisation, person = world.organisation(), world.mentee()
    reviewer = world.reviewer(organisation)
    draft = submit(world, person, number="never seen", draft=True).json["id"]
    assert reword(world, draft, person, number="A 1").status == 200
    assert world.post(f"/v1/me/credentials/{draft}/submit", by=person).status == 200
    world.pass_time(hours=1)
    assert reword(world, draft, person, number="A 2", expires_on=None).status == 200
    assert reword(world, draft, person, number="A 2", issued_on="2019-03-01").status == 200
    answer = world.get(f"{QUEUE}/{draft}/revisions", by=reviewer)
    look = store.whole_trail(draft)[-1]
    assert (look.actor, look.action, look.detail["form"]) == (reviewer, "view", "revisions")
    assert "never seen" not in answer.text, "a draft is its owner's alone"
    items = answer.json["items"]
    assert [(one["revision"], one["number"]) for one in items] == [(2, "A 1"), (3, "A 2"), (4, "A 2")]
    assert [one["replaced_at"] for one in items] == ["2026-11-22T10:00:00.000000Z"] * 2 + [None]
    assert [one["differences"] for one in items] == [
        [],
        [
            {"field": "number", "before": "A 1", "after": "A 2"},
            {"field": "expires_on", "before": "2028-02-29", "after": None},
        ],
        [
            {"field": "issued_on", "before": "2020-03-01", "after": "2019-03-01"},
            {"field": "expires_on", "before": None, "after": "2028-02-29"},
        ],
    ]


# Who shares a mentorship with the person.


def test_who_shares_a_mentorship_reads_nothing_of_the_case(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    near, other = world.reviewer(organisation), world.reviewer(organisation)
    credential = submitted(world, person, name_on_document="Private Name")
    world.write(people_store.put_tie(person, near, world.at))
    path, before = f"{QUEUE}/{credential}", trail_of(world, credential, person)
    seen = {"address": "https://example.org/r", "seen_at": "2026-11-22T08:00:00Z", "outcome": "not_found"}
    asked = [
        *(
            world.get(f"{path}{part}", by=near)
            for part in ("", "/records", "/trail", "/checks", "/revisions")
        ),
        world.post(f"{path}/notes", {"text": "All is well."}, by=near),
        world.post(f"{path}/checks", {"authority_id": "ke-kmpdc"}, by=near),
        world.post(f"{path}/checks/manual", seen, by=near),
        world.post(f"{path}/evidence", {"name": "a.pdf", "type": "pdf"}, by=near),
        claim(world, credential, near),
        revoke(world, credential, near),
        world.get(f"/v1/people/{person}/fhir/Practitioner", by=near),
    ]
    assert [(one.status, code(one)) for one in asked] == [(403, "shares-mentorship")] * len(asked)
    assert "Private" not in "".join(one.text for one in asked)
    assert trail_of(world, credential, person) == before
    assert world.get(path, by=other).status == 200


def test_who_shares_a_mentorship_learns_nothing_from_what_else_would_be_refused(world: World) -> None:
    """Neither that the case is decided, nor what its claim lacks; and nobody else reads a tie more for it."""
    organisation, person = world.organisation(), world.person()
    near, other = world.reviewer(organisation), world.reviewer(organisation)
    path, unlisted = QUEUE, submitted(world, person, authority="A board", number="Z 1")
    decided = submitted(world, person)
    assert verify(world, decided, other).status == 200
    world.write(people_store.put_tie(person, near, world.at))
    rejection = {"reason": "other", "text": "No."}
    wish = {"missing": ["dates"], "text": "Which?"}
    seen = {"address": "https://example.org/r", "seen_at": "2026-11-22T08:00:00Z", "outcome": "not_found"}
    asked = [
        world.post(f"{path}/{unlisted}/checks", {}, by=near),
        world.post(f"{path}/{unlisted}/checks/manual", {**seen, "revision": 9}, by=near),
        world.post(f"{path}/{decided}/claim", by=near),
        world.post(f"{path}/{decided}/verify", {"checklist": {}}, by=near),
        world.post(f"{path}/{decided}/reject", rejection, by=near),
        world.post(f"{path}/{decided}/want-more", wish, by=near),
        world.post(f"{path}/{decided}/evidence", {"name": "a.pdf", "type": "pdf"}, by=near),
        world.get(f"{path}/{decided}/evidence/{decided}", by=near),
        world.delete(f"{path}/{decided}/claim", by=near),
        world.post(f"{path}/{unlisted}/verify", {"checklist": {}}, by=near),
    ]
    assert [(one.status, code(one)) for one in asked] == [(403, "shares-mentorship")] * len(asked)
    refused = world.post(f"{path}/{decided}/claim", by=other)
    assert code(refused) == "credential-already-decided", "others are told how it stands"


def test_what_is_not_submitted_again_is_its_persons_alone(world: World) -> None:
    """While more is wanted, reviewers have the wording that came to them last; also of what is withdrawn then."""
    organisation, person = world.organisation(), world.person()
    credential, reviewer = submitted(world, person), world.reviewer(organisation)
    assert want_more(world, credential, reviewer).status == 200
    for country, number in (("CA", "B 2"), ("UG", "B 3")):
        assert reword(world, credential, person, country=country, number=number).status == 200
    assert world.get(f"/v1/me/credentials/{credential}", by=person).json["number"] == "B 3"
    path = f"{QUEUE}/{credential}"

    def shown() -> tuple[int, str, list[tuple[int, str]]]:
        case, told = (world.get(path + part, by=reviewer).json for part in ("", "/revisions"))
        assert case["assessment"]["register_number"] == case["number"].replace(" ", "")
        assert told["items"][-1]["replaced_at"] is None
        return case["revision"], case["number"], [(one["revision"], one["number"]) for one in told["items"]]

    def found(country: str) -> list[str]:
        query = {"status": "more_wanted", "country": country}
        return [one["country"] for one in world.get(QUEUE, by=reviewer, query=query).json["items"]]

    assert shown() == (1, "A 10423", [(1, "A 10423")])
    assert (found("KE"), found("CA"), found("UG")) == (["KE"], [], [])
    seen = {"address": "https://example.org/r", "seen_at": "2026-11-22T08:59:00Z", "outcome": "not_found"}
    looked = world.post(f"{path}/checks/manual", seen, by=reviewer)
    assert (looked.json["revision"], looked.json["is_current"]) == (1, True)
    asked = world.post(f"{path}/checks", {"authority_id": "ke-kmpdc"}, by=reviewer)
    assert asked.json["revision"] == 1
    for revision in (2, 3, 9):
        refused = world.post(f"{path}/checks/manual", {**seen, "revision": revision}, by=reviewer)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/revision")
    assert audit.faults_of(credential) == []
    assert world.post(f"/v1/me/credentials/{credential}/submit", by=person).status == 200
    assert shown() == (3, "B 3", [(1, "A 10423"), (3, "B 3")])
    assert want_more(world, credential, reviewer).status == 200
    assert reword(world, credential, person, number="B 4").status == 200
    assert world.delete(f"/v1/me/credentials/{credential}", by=person).status == 204
    assert shown() == (3, "B 3", [(1, "A 10423"), (3, "B 3")])
    assert audit.faults_of(credential) == []


def test_a_check_is_of_no_wording_that_was_a_drafts(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    draft = submit(world, person, number="never seen", draft=True).json["id"]
    world.pass_time(minutes=5)
    assert reword(world, draft, person, number="A 1").status == 200
    assert world.post(f"/v1/me/credentials/{draft}/submit", by=person).status == 200
    reviewer, path = world.reviewer(organisation), f"{QUEUE}/{draft}/checks/manual"
    seen = {"address": "https://example.org/r", "seen_at": "2026-11-22T09:01:00Z", "outcome": "not_found"}
    drafts, unknown = (world.post(path, {**seen, "revision": n}, by=reviewer) for n in (1, 7))
    assert (drafts.status, drafts.json["errors"]) == (422, unknown.json["errors"])
    assert "There is no such wording" in drafts.text
    assert world.post(path, seen, by=reviewer).json["revision"] == 2, "whenever they say that they looked"


def test_who_shares_a_mentorship_does_not_find_the_case_in_a_list(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    near = world.reviewer(organisation)
    theirs, held, free = (
        submitted(world, person),
        submitted(world, person, number="2"),
        submitted(world, near),
    )
    waits = submitted(world, world.person())
    assert claim(world, held, near).status == 200
    world.write(people_store.put_tie(person, near, world.at))
    with world.counted() as calls:
        assert listed(world, near) == [waits], "neither theirs, nor the reviewer's own"
    assert calls == ["GetItem", "Query", "BatchGetItem", "BatchGetItem"]
    assert world.get(f"{QUEUE}/claims", by=near).json["items"] == []
    world.pass_time(days=30)
    overdue = world.get(f"/v1/organisations/{organisation}/overdue-reviews", by=near).json["items"]
    assert [one["id"] for one in overdue] == [waits]
    other = world.reviewer(organisation)
    assert set(listed(world, other)) == {theirs, held, free, waits}
