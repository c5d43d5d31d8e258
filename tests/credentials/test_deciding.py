"""What a decision needs: an answered checklist, somebody who may decide, and a second person where it is asked for."""

import pytest

from chalicelib.credentials import kept_store, store
from chalicelib.credentials.checklists import Answer, items_for
from chalicelib.credentials.kinds import Kind
from chalicelib.people import store as people_store
from chalicelib.platform.outbox import Topic
from tests.credentials.answers import all_yes
from tests.credentials.support import claim, reject, submitted, trail_of, verified_until, verify, want_more
from tests.support.world import World

QUEUE = "/v1/admin/credentials"


def code(reply) -> str:
    return reply.json["type"].rpartition("/")[2]


def ruled(world: World, organisation: str, **rules: object) -> None:
    path = f"/v1/organisations/{organisation}/review-policy"
    by = world.coordinator(organisation)
    etag = world.get(path, by=by).etag
    reply = world.put(path, {"two_persons": "never", **rules}, by=by, headers={"If-Match": etag})
    assert reply.status == 200, reply.text


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_asks_and_all_yes_verifies(world: World, kind: Kind) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person, kind=kind)
    reviewer = world.reviewer(organisation)
    asked = claim(world, credential, reviewer).json["checklist"]
    assert len({item["code"] for item in asked}) == len(asked) >= 5
    assert verify(world, credential, reviewer).status == 200
    (said,) = kept_store.records_in(kept_store.kept_of(credential)).values()
    assert said["checklist"] == {item["code"]: "yes" for item in asked}, "kept with the decision"


def test_what_a_country_adds_is_asked(world: World) -> None:
    world.organisation()
    person = world.person()
    kenya, canada = submitted(world, person), submitted(world, person, country="CA", number="2")
    codes = [
        {item.code for item in items_for(one.claim)}
        for one in map(store.get_credential, (kenya, canada))
        if one is not None
    ]
    assert codes[0] - codes[1] == {"annual_licence"}


@pytest.mark.parametrize(
    ("answers", "pointers"),
    [
        ({}, {"/checklist/name_matches", "/checklist/in_register"}),
        ({"name_matches": "no"}, {"/checklist/name_matches"}),
        ({"name_matches": "not_applicable"}, {"/checklist/name_matches"}),
        ({"star_sign": "yes"}, {"/checklist/star_sign"}),
        ({"name_matches": "perhaps"}, {"/checklist/name_matches"}),
    ],
)
def test_nothing_is_verified_on_an_unanswered_checklist(
    world: World, answers: dict, pointers: set[str]
) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    reviewer = world.reviewer(organisation)
    claim(world, credential, reviewer)
    body = {"checklist": {**(all_yes(credential) if answers else {}), **answers}}
    refused = world.post(f"{QUEUE}/{credential}/verify", body, by=reviewer)
    assert refused.status == 422, refused.text
    assert pointers <= {error["pointer"] for error in refused.json["errors"]}
    assert verified_until(world, person) is None
    assert reject(world, credential, reviewer).status == 200, "a rejection asks for no checklist"


def test_an_answer_may_not_apply_where_the_question_says_so(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person, kind="degree")
    answers = {**all_yes(credential), "degree_confirmed": Answer.NOT_APPLICABLE}
    assert verify(world, credential, world.reviewer(organisation), checklist=answers).status == 200


def test_notes_are_for_reviewers_alone(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    one, other = world.reviewer(organisation), world.reviewer(organisation)
    credential = submitted(world, person)
    path = f"{QUEUE}/{credential}"
    assert world.post(f"{path}/notes", {"text": "The council calls back."}, by=one).status == 201
    (note,) = world.get(f"{path}/records", by=other).json["items"]
    assert (note["kind"], note["by"], note["text"]) == ("note", one, "The council calls back.")
    own = [world.get(f"/v1/me/credentials/{credential}{rest}", by=person).text for rest in ("", "/trail")]
    assert "calls back" not in "".join(own)
    assert ("note", "submitted", "submitted") in trail_of(world, credential, person)
    assert world.get(f"{path}/records", by=person).status == 404
    assert world.post(f"{path}/notes", {"text": ""}, by=one).status == 422


def test_a_mentorship_that_begins_while_a_case_is_held_keeps_its_holder_from_deciding(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    reviewer, credential = world.reviewer(organisation), submitted(world, person)
    claim(world, credential, reviewer)
    world.write(people_store.put_tie(person, reviewer, world.at))
    body = {"checklist": all_yes(credential)}
    assert code(world.post(f"{QUEUE}/{credential}/verify", body, by=reviewer)) == "shares-mentorship"
    assert verified_until(world, person) is None


@pytest.mark.parametrize("decide", [verify, reject])
def test_where_two_decide_the_first_word_changes_nothing_yet(world: World, decide) -> None:
    organisation, person = world.organisation(), world.person()
    ruled(world, organisation, two_persons="always")
    first, second = world.reviewer(organisation), world.reviewer(organisation)
    credential = submitted(world, person)
    opinion = decide(world, credential, first)
    assert (opinion.status, opinion.json["status"], opinion.json["stage"]) == (200, "submitted", "second")
    assert verified_until(world, person) is None
    assert world.messages() == []
    own = world.get(f"/v1/me/credentials/{credential}", by=person).json
    assert (own["status"], own["reason"], own["valid_until"]) == ("submitted", None, None)
    for word in (claim, verify, reject):
        assert code(word(world, credential, first)) == "second-person-needed"
    assert code(world.post(f"{QUEUE}/claims", {}, by=first)) == "nothing-to-claim"
    assert world.get(f"{QUEUE}/{credential}/records", by=second).json["items"] == [], (
        "their word is their own"
    )
    last = decide(world, credential, second)
    assert last.json["status"] in ("verified", "rejected")
    mails = [one for one in world.messages() if one.topic is Topic.MAIL]
    assert len(mails) == 1, "for both words there is one mail"
    said = world.get(f"{QUEUE}/{credential}/records", by=first).json["items"]
    assert [(one["kind"], one["by"]) for one in said] == [("opinion", first), ("decision", second)]
    assert [row[0] for row in trail_of(world, credential, person)][:3] == ["submit", "claim", "opine"]


def test_where_two_differ_an_admin_settles(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    ruled(world, organisation, two_persons="by_country", countries=["ke"])
    first, second, third = (world.reviewer(organisation) for _ in range(3))
    credential = submitted(world, person)
    assert verify(world, credential, first).json["stage"] == "second"
    assert reject(world, credential, second).json["stage"] == "settle"
    assert code(claim(world, credential, third)) == "admin-settles"
    assert code(world.post(f"{QUEUE}/claims", {}, by=third)) == "nothing-to-claim"
    admin = world.admin()
    claim(world, credential, admin)
    said = world.get(f"{QUEUE}/{credential}/records", by=admin).json["items"]
    assert [one["verdict"] for one in said] == ["verify", "reject"]
    assert verify(world, credential, admin).json["status"] == "verified"
    assert verified_until(world, person) is not None


def test_another_country_needs_one_person(world: World) -> None:
    organisation = world.organisation()
    ruled(world, organisation, two_persons="by_country", countries=["CA"])
    credential = submitted(world, world.person())
    assert verify(world, credential, world.reviewer(organisation)).json["status"] == "verified"


def test_another_wording_is_judged_anew(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    ruled(world, organisation, two_persons="always")
    first, second = world.reviewer(organisation), world.reviewer(organisation)
    credential = submitted(world, person)
    verify(world, credential, first)
    assert want_more(world, credential, second).status == 200
    assert world.post(f"/v1/me/credentials/{credential}/submit", by=person).status == 200
    assert verify(world, credential, first).json["stage"] == "second"


def test_rules_are_a_coordinator_s_and_checked(world: World) -> None:
    organisation = world.organisation()
    path = f"/v1/organisations/{organisation}/review-policy"
    by = world.coordinator(organisation)
    assert world.get(path, by=by).json == {
        "two_persons": "never", "countries": [], "target_days": 14, "target_days_by_country": {},
        "recheck_months": {}, "needs_evidence": [], "evidence_days": 90,
    }  # fmt: skip
    for wrong in (
        {"countries": ["XX"]}, {"target_days": 0}, {"target_days_by_country": {"KE": 400}},
        {"recheck_months": {"licence": 0}}, {"recheck_months": {"diploma": 12}},
        {"needs_evidence": ["diploma"]}, {"evidence_days": 4000},
    ):  # fmt: skip
        body = {"two_persons": "by_country", **wrong}
        assert world.put(path, body, by=by, headers={"If-Match": '"0"'}).status == 422
    body = {"two_persons": "by_country", "countries": ["ken"], "target_days_by_country": {"ke": 5}}
    changed = world.put(path, body, by=by, headers={"If-Match": '"0"'})
    assert (changed.json["countries"], changed.json["target_days_by_country"]) == (["KE"], {"KE": 5})
    assert world.put(path, body, by=by, headers={"If-Match": '"0"'}).status == 412
    assert world.put(path, body, by=by).status == 428


def test_a_kind_is_looked_at_again_after_the_organisation_s_months(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    before = submitted(world, person, number="B 2")
    ruled(world, organisation, recheck_months={"licence": 6})
    licence, other = submitted(world, person), submitted(world, person, kind="registration")
    reviewer = world.reviewer(organisation)
    held = claim(world, licence, reviewer).json
    assert held["recheck_months"] == 6, "the reviewer sees it before deciding"
    assert verify(world, licence, reviewer, valid_until="2027-05-23").status == 422
    assert verify(world, licence, reviewer).json["valid_until"] == "2027-05-22"
    assert verified_until(world, person) == "2027-05-22T21:00:00.000000Z"
    for one in (other, before):
        answer = verify(world, one, reviewer).json
        assert (answer["recheck_months"], answer["valid_until"]) == (None, "2028-02-29")


def test_what_waits_past_its_target_is_listed(world: World) -> None:
    organisation = world.organisation()
    ruled(world, organisation, target_days=10, target_days_by_country={"CA": 2})
    coordinator, person = world.coordinator(organisation), world.person()
    kenya, canada = submitted(world, person), submitted(world, person, country="CA", number="2")
    path = f"/v1/organisations/{organisation}/overdue-reviews"

    def overdue() -> list[str]:
        return [one["id"] for one in world.get(path, by=coordinator).json["items"]]

    assert overdue() == []
    world.pass_time(days=2, seconds=1)
    assert overdue() == [canada]
    world.pass_time(days=8)
    assert overdue() == [canada, kenya]
    reviewer = world.reviewer(organisation)
    verify(world, canada, reviewer)
    want_more(world, kenya, reviewer)
    assert overdue() == []
