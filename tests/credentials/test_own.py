"""A person's own credentials over HTTP."""

import pytest

from chalicelib.credentials import service
from tests.credentials.support import LICENCE, submit, submitted, verify
from tests.support.world import World


def test_a_credential_is_submitted_listed_and_read(world: World) -> None:
    organisation, person = world.organisation(), world.mentee()
    answer = submit(world, person)
    assert answer.status == 201, answer.text
    assert answer.etag == '"1"'
    assert answer.json == {
        **LICENCE, "id": answer.json["id"], "organisation_id": organisation, "status": "submitted", "revision": 1,
        "submitted_at": "2026-11-22T09:00:00.000000Z", "decided_at": None, "counts": None,
        "valid_until": None, "reason": None,
        "reason_text": None, "missing": [], "missing_text": None, "authority_id": None,
        "authority_hint": {"id": "ke-kmpdc", "name": LICENCE["authority"]},
    }  # fmt: skip
    assert world.get(f"/v1/me/credentials/{answer.json['id']}", by=person).json == answer.json
    assert world.get("/v1/me/credentials", by=person).json == {"items": [answer.json], "next": None}
    assert service.pending_for(person) == (answer.json["id"],)


def test_a_list_comes_in_pages_latest_first(world: World) -> None:
    world.organisation()
    person = world.person()
    ids = []
    for n in range(5):
        ids.append(submitted(world, person, number=str(n)))
        world.pass_time(minutes=1)
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = world.get("/v1/me/credentials", by=person, query=query).json
        assert len(page["items"]) <= 2
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ids[::-1]


@pytest.mark.parametrize("kind", ["licence", "registration", "degree", "board_certification", "fellowship",
                                  "good_standing"])  # fmt: skip
def test_each_kind_is_taken(world: World, kind: str) -> None:
    world.organisation()
    assert submit(world, world.person(), kind=kind).json["kind"] == kind


@pytest.mark.parametrize(
    ("fields", "pointer", "says"),
    [
        ({"issued_on": "2026-02-30"}, "/issued_on", "no such day"),
        ({"issued_on": "yesterday"}, "/issued_on", "YYYY-MM-DD"),
        ({"issued_on": 1600000000}, "/issued_on", "YYYY-MM-DD"),
        ({"issued_on": "2020-03-01T00:00:00Z"}, "/issued_on", "YYYY-MM-DD"),
        ({"issued_on": "２０２０-03-01"}, "/issued_on", "YYYY-MM-DD"),
        ({"issued_on": "2027-01-01"}, "/issued_on", "still to come"),
        ({"issued_on": "1066-10-14"}, "/issued_on", "80 years"),
        ({"expires_on": "2019-01-01"}, "/expires_on", "after the day of its issue"),
        ({"expires_on": "2026-11-21"}, "/expires_on", "has expired"),
        ({"expires_on": "9999-12-31"}, "/expires_on", "leave it out"),
        ({"country": "XX"}, "/country", "ISO 3166-1"),
        ({"number": None}, "/number", "number of the licence"),
        ({"number": "   "}, "/number", "at least one"),
        ({"kind": "diploma"}, "/kind", "licence"),
        ({"authority": "a\u0000b"}, "/authority", "control character"),
        ({"authority": "x" * 201}, "/authority", "at most 200"),
        ({"name_on_document": "two\nlines"}, "/name_on_document", "one line"),
        ({"status": "verified"}, "/status", "leave it out"),
        ({"organisation_id": "nonsense"}, "/organisation_id", "identifier"),
        ({"organisation_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "/organisation_id", "Name the organisation"),
    ],
)
def test_bad_fields_are_named_and_nothing_is_written(
    world: World, fields: dict, pointer: str, says: str
) -> None:
    world.organisation()
    person = world.person()
    answer = submit(world, person, **fields)
    assert answer.status == 422, answer.text
    found = {error["pointer"]: error["detail"] for error in answer.json["errors"]}
    assert says in found[pointer]
    assert world.get("/v1/me/credentials", by=person).json["items"] == []


def test_where_there_are_several_organisations_one_is_named(world: World) -> None:
    one, other = world.organisation("One"), world.organisation("Other")
    person = world.person()
    answer = submit(world, person)
    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/organisation_id"
    for organisation in (one, other):
        number = organisation
        assert submit(world, person, organisation_id=organisation, number=number).json["organisation_id"] == (
            organisation
        )


def test_where_there_is_no_organisation_nothing_can_be_submitted(world: World) -> None:
    assert submit(world, world.person()).status == 422


def test_a_repeat_with_the_same_key_gets_the_same_answer(world: World) -> None:
    world.organisation()
    person = world.person()
    first, second = (
        world.post("/v1/me/credentials", LICENCE, by=person, headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    )
    assert (first.status, first.text) == (second.status, second.text)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(world.get("/v1/me/credentials", by=person).json["items"]) == 1
    other = world.post(
        "/v1/me/credentials", {**LICENCE, "number": "2"}, by=person, headers={"Idempotency-Key": "k1"}
    )
    assert other.status == 422, "the key was used with another body"


def test_the_same_claim_twice_is_a_conflict(world: World) -> None:
    world.organisation()
    person = world.person()
    submitted(world, person)
    again = submit(world, person, number="a10423")
    assert again.status == 409
    assert again.json["type"].endswith("/credential-already-submitted")
    assert submit(world, world.person()).status == 201, "another person may hold the same number on file"


def test_an_undecided_credential_is_withdrawn_once(world: World) -> None:
    world.organisation()
    person = world.person()
    credential = submitted(world, person)
    path = f"/v1/me/credentials/{credential}"
    assert world.delete(path, by=person, headers={"If-Match": '"7"'}).status == 412
    answer = world.delete(path, by=person, headers={"If-Match": '"1"'})
    assert (answer.status, answer.text, answer.etag) == (204, "", '"2"')
    assert world.get(path, by=person).json["status"] == "withdrawn"
    assert world.delete(path, by=person).status == 409
    assert service.pending_for(person) == ()
    assert submit(world, person).status == 201, "it may be submitted again, mended"


def test_a_decided_credential_is_not_withdrawn(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    credential = submitted(world, person)
    assert verify(world, credential, world.reviewer(organisation)).status == 200
    assert world.delete(f"/v1/me/credentials/{credential}", by=person).status == 409


def test_another_persons_credential_looks_like_a_missing_one(world: World) -> None:
    world.organisation()
    credential = submitted(world, world.person())
    stranger = world.person()
    missing = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
    for method in ("GET", "DELETE"):
        theirs = world.request(method, f"/v1/me/credentials/{credential}", by=stranger)
        nobodys = world.request(method, f"/v1/me/credentials/{missing}", by=stranger)
        assert theirs.status == nobodys.status == 404
        assert theirs.json["detail"] == nobodys.json["detail"]
    assert world.get("/v1/me/credentials", by=stranger).json["items"] == []


def test_foreign_cursors_are_refused(world: World) -> None:
    person = world.person()
    for cursor in ("nonsense", "eyJzayI6IngifQ"):
        assert world.get("/v1/me/credentials", by=person, query={"cursor": cursor}).status == 422
