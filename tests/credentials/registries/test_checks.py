"""Checks of a credential at its source, from the reviewer's request to the answer in the list."""

import json
from typing import Any

import pytest

from chalicelib.credentials import audit, store
from chalicelib.credentials.registries import check_store, checking, lookups
from chalicelib.credentials.registries import jobs as registers_jobs
from chalicelib.credentials.registries.checks import Check
from chalicelib.credentials.registries.errors import AnsweredBefore
from chalicelib.credentials.registries.model import NO_REGISTER, Outcome
from chalicelib.credentials.registries.reasons import SENTENCES
from chalicelib.platform import outbox, tables
from chalicelib.platform.outgoing.client import Client
from chalicelib.platform.outgoing.failures import OutgoingFailed, Reason
from tests.credentials.registries.test_npi import NUMBER, PERSON, deactivated, results
from tests.credentials.support import want_more
from tests.platform.outgoing.server import HOST, Behaviour, Server, Visit, client_of, reach_of
from tests.support.lambda_context import LambdaContext
from tests.support.world import World

CLAIM: dict[str, Any] = {
    "kind": "registration", "authority_id": "us-nppes", "number": NUMBER, "name_on_document": "Otieno Amina",
    "issued_on": "2020-03-01",
}  # fmt: skip
NPI_HOST = "npiregistry.cms.hhs.gov"


class Room:
    """A credential that waits, and a reviewer before it."""

    def __init__(self, world: World, **claim: Any) -> None:
        self.world = world
        self.organisation = world.organisation()
        self.owner = world.person()
        body = {**CLAIM, **claim, "organisation_id": self.organisation}
        answer = world.post("/v1/me/credentials", body, by=self.owner)
        assert answer.status == 201, answer.text
        self.credential = answer.json["id"]
        self.reviewer = world.reviewer(self.organisation)
        self.path = f"/v1/admin/credentials/{self.credential}/checks"

    def ask(self, **body: str) -> Any:
        answer = self.world.post(self.path, body, by=self.reviewer)
        assert answer.status == 201, answer.text
        return answer.json

    def shown(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.world.get(self.path, by=self.reviewer).json["items"]
        return items

    def work(self, check_id: str, outgoing: Client | None = None) -> Check | None:
        call = self.world.call("job:check_register")
        return checking.work(call, f"{checking.KIND}:{check_id}", outgoing)


@pytest.fixture
def room(world: World) -> Room:
    return Room(world)


@pytest.fixture
def kenyan(world: World) -> Room:
    """Of an authority that nobody can ask online."""
    return Room(world, authority_id="ke-kmpdc", number="A104233")


def reworded(room: Room, **fields: Any) -> None:
    """Have the owner give the claim another wording, as a reviewer wanted, and submit it."""
    assert want_more(room.world, room.credential, room.reviewer).status == 200
    body = {**CLAIM, **fields}
    answer = room.world.put(f"/v1/me/credentials/{room.credential}", body, by=room.owner)
    assert answer.status == 200, answer.text
    assert room.world.post(f"/v1/me/credentials/{room.credential}/submit", by=room.owner).status == 200


def remarks(room: Room) -> list[str]:
    read = room.world.get(f"/v1/admin/credentials/{room.credential}", by=room.reviewer).json
    return [one["code"] for one in read["assessment"]["remarks"]]


def asking(behaviour: Behaviour, room: Room) -> dict[str, Any]:
    """Have the online register asked, on the loopback server that behaves so; return what reviewers are shown."""
    server = Server([behaviour], name=NPI_HOST)
    reach = reach_of(server, hosts=frozenset({NPI_HOST}))
    asked = room.ask()
    try:
        check = room.work(asked["id"], client_of(server, reach=reach))
    finally:
        server.close()
    assert check is not None
    (shown,) = room.shown()
    assert shown["id"] == asked["id"]
    return shown


def answering(document: Any) -> Behaviour:
    return lambda visit: visit.answer(json.dumps(document).encode())


def test_a_register_that_has_the_number(room: Room) -> None:
    shown = asking(answering(results(PERSON)), room)
    assert (shown["outcome"], shown["means"], shown["reason"]) == ("found", "online", None)
    assert (shown["entry"]["state"], shown["entry"]["status"], shown["entry"]["is_person"]) == (
        "current",
        "A",
        True,
    )
    assert shown["comparison"]["theirs"] == "AMINA W. OTIENO"
    assert 90 <= shown["comparison"]["score"] < 100
    assert shown["entry"]["licences"][0]["of"] == "NY"
    assert shown["as_of"] == "2024-02-11"


def test_a_number_out_of_service(room: Room) -> None:
    shown = asking(answering(deactivated(NUMBER)), room)
    assert (shown["outcome"], shown["entry"]["state"], shown["comparison"]) == ("found", "not_current", None)


def test_a_number_that_nobody_has(room: Room) -> None:
    assert asking(answering(results()), room)["outcome"] == "not_found"


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (Visit.wait, "answer-too-slow"),
        (lambda visit: visit.answer(b"{}", "500 Oops"), "server-error"),
        (lambda visit: visit.answer(b"{}", "429 Slow down", "Retry-After: 9999"), "rate-limited"),
        (lambda visit: visit.send(b"garbage\r\n\r\n"), "answer-broken"),
        (lambda visit: visit.answer(b'{"result_count": 1, "resu'), "answer-not-understood"),
        (lambda visit: visit.answer(b"<html>", media_type="text/html"), "answer-of-another-type"),
        (lambda visit: visit.answer(b"", "302 Found", "Location: https://elsewhere.test/"), "redirected-elsewhere"),
        (lambda visit: visit.answer(b"", "302 Found", "Location: /api/"), "redirected-too-often"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_a_register_that_misbehaves_says_nothing_of_anybody(
    room: Room, behaviour: Behaviour, reason: str
) -> None:
    shown = asking(behaviour, room)
    assert (shown["outcome"], shown["reason"], shown["entry"]) == ("unavailable", reason, None)
    assert shown["reason_text"] == SENTENCES[reason]


def test_a_register_under_a_wrong_certificate(room: Room) -> None:
    server = Server([answering(results(PERSON))], name=HOST)
    asked = room.ask()
    try:
        room.work(asked["id"], client_of(server, reach=reach_of(server, hosts=frozenset({NPI_HOST}))))
    finally:
        server.close()
    assert room.shown()[0]["reason"] == "certificate-of-another-host"
    assert server.heads == []


def test_until_the_answer_comes_the_check_is_shown_without_one(room: Room) -> None:
    asked = room.ask()
    assert room.shown() == [asked]
    assert (asked["outcome"], asked["answered_at"], asked["asked_by"]) == (None, None, room.reviewer)


def test_the_reviewer_waits_for_no_register(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking only writes; the network is the worker's."""

    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("the API asked a register")

    monkeypatch.setattr(Client, "get", never)
    with room.world.counted() as calls:
        room.ask()
    assert calls == ["GetItem", "BatchGetItem", "TransactWriteItems"] or calls == [
        "BatchGetItem",
        "TransactWriteItems",
    ]


def test_the_same_message_twice_asks_once(room: Room) -> None:
    server = Server([answering(results(PERSON))], name=NPI_HOST)
    asking_client = client_of(server, reach=reach_of(server, hosts=frozenset({NPI_HOST})))
    asked = room.ask()
    try:
        assert room.work(asked["id"], asking_client) is not None
        assert room.work(asked["id"], asking_client) is None
    finally:
        server.close()
    assert len(server.heads) == 1


def test_an_answer_is_written_once(room: Room) -> None:
    """Of two workers on one message, whose claim lapsed, the second finds the answer there and changes nothing."""
    asked = room.ask()
    server = Server([answering(results(PERSON)), answering(results())], name=NPI_HOST)
    asking_client = client_of(server, reach=reach_of(server, hosts=frozenset({NPI_HOST})))
    try:
        first = room.work(asked["id"], asking_client)
    finally:
        server.close()
    assert first is not None
    with pytest.raises(AnsweredBefore):
        room.world.write(check_store.put_answered(first))
    assert len(room.shown()) == 1


def test_a_worker_that_fails_gives_its_message_back(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = room.ask()

    def broken(*_: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(lookups, "registry", broken)
    with pytest.raises(RuntimeError):
        room.work(asked["id"])
    message = outbox.read(f"{checking.KIND}:{asked['id']}")
    assert message is not None
    assert message.status is outbox.Status.WAITING


def test_a_register_without_a_file_is_unavailable_and_not_empty(kenyan: Room) -> None:
    asked = kenyan.ask()
    event = {"Records": [{
        "messageId": "1", "receiptHandle": "r", "attributes": {}, "messageAttributes": {},
        "body": json.dumps({"message_id": f"{checking.KIND}:{asked['id']}"}),
    }]}  # fmt: skip
    assert registers_jobs.check_register(event, LambdaContext()) == {"batchItemFailures": []}
    (shown,) = kenyan.shown()
    assert (shown["outcome"], shown["reason"], shown["means"]) == ("unavailable", NO_REGISTER, "file")


def test_what_a_person_saw_stands_beside_what_registers_said(kenyan: Room) -> None:
    kenyan.ask()
    kenyan.world.pass_time(minutes=1)
    body = {
        "address": "https://register.example.org/?session=" + "x" * 300, "seen_at": "2026-11-22T08:55:00+02:00",
        "outcome": "found", "name": "OTIENO AMINA", "status": "Retained", "state": "current",
    }  # fmt: skip
    answer = kenyan.world.post(f"{kenyan.path}/manual", body, by=kenyan.reviewer)
    assert answer.status == 201, answer.text
    shown = kenyan.shown()
    assert [one["means"] for one in shown] == ["manual", "file"]
    assert shown[0] == answer.json
    assert (shown[0]["address"], shown[0]["seen_at"]) == (body["address"], "2026-11-22T06:55:00.000000Z")
    assert shown[0]["comparison"]["score"] == 100


@pytest.mark.parametrize("seen_at", ["2026-11-22", "2026-11-22T09:00:00", "yesterday", "", 7])
def test_a_moment_has_its_offset(room: Room, seen_at: Any) -> None:
    body = {"address": "https://r.example.org/", "seen_at": seen_at, "outcome": "not_found"}
    answer = room.world.post(f"{room.path}/manual", body, by=room.reviewer)
    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/seen_at"


@pytest.mark.parametrize(
    "authority_id", ["NPPES", "https://evil.example/", "us-", "ke-kmpdc", "../us-x", "u" * 61, ""]
)
def test_a_register_is_named_by_its_authority_and_never_by_an_address(room: Room, authority_id: str) -> None:
    """And by the one that the claim names: a number is one of its own register."""
    answer = room.world.post(room.path, {"authority_id": authority_id}, by=room.reviewer)
    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/authority_id"


def test_where_the_claim_names_no_listed_authority_the_reviewer_does(world: World) -> None:
    room = Room(world, authority_id=None, authority="A council of doctors", country="KE", number="A104233")
    assert world.post(room.path, {}, by=room.reviewer).status == 422
    assert room.ask(authority_id="ke-kmpdc")["authority_id"] == "ke-kmpdc"


def test_a_claim_without_a_number_cannot_be_looked_up(world: World) -> None:
    room = Room(world, kind="degree", authority_id=None, authority="A university", country="US", number=None)
    answer = world.post(room.path, {"authority_id": "us-nppes"}, by=room.reviewer)
    assert answer.status == 409
    assert answer.json["type"].endswith("/credential-without-number")


def test_checks_are_the_reviewers_alone(room: Room) -> None:
    room.ask()
    world = room.world
    for person in (
        room.owner,
        world.reviewer(world.organisation("Other")),
        world.coordinator(room.organisation),
    ):
        assert world.get(room.path, by=person).status in (403, 404)
        assert world.post(room.path, {"authority_id": "us-nppes"}, by=person).status in (403, 404)


def test_the_latest_fifty_are_shown_latest_first(kenyan: Room) -> None:
    body = {"address": "https://r.example.org/", "seen_at": "2026-11-22T08:55:00Z", "outcome": "not_found"}
    made = []
    for _ in range(3):
        kenyan.world.pass_time(minutes=1)
        made.append(kenyan.ask()["id"])
        kenyan.work(made[-1])
        kenyan.world.pass_time(minutes=1)
        made.append(kenyan.world.post(f"{kenyan.path}/manual", body, by=kenyan.reviewer).json["id"])
    assert [one["id"] for one in kenyan.shown()] == made[::-1]
    assert all(one["outcome"] for one in kenyan.shown())


def test_who_asked_and_what_came_is_in_the_trail(kenyan: Room) -> None:
    asked = kenyan.ask()
    kenyan.work(asked["id"])
    told = [one for one in store.whole_trail(kenyan.credential) if "check" in one.detail]
    assert [(one.actor, one.by, one.action) for one in told] == [
        (kenyan.reviewer, "reviewer", "ask_register"),
        ("job:check_register", "job", "answer_register"),
    ]
    assert {one.detail["authority"] for one in told} == {"ke-kmpdc"}
    assert told[1].detail["outcome"] == Outcome.UNAVAILABLE
    assert audit.faults_of(kenyan.credential) == []


def test_an_answer_that_was_changed_afterwards_is_found(kenyan: Room) -> None:
    asked = kenyan.ask()
    check = kenyan.work(asked["id"])
    assert check is not None
    row = tables.get(*check_store.answered_key(kenyan.credential, check.id))
    assert isinstance(row, check_store.CheckRow)
    row.answer = {**row.answer, "outcome": "found"}
    row.save()
    assert audit.faults_of(kenyan.credential) == [
        f"what a register said to check {check.id} is missing, was changed or put in"
    ]


def test_a_check_that_was_put_to_another_wording_afterwards_is_found(kenyan: Room) -> None:
    check = kenyan.work(kenyan.ask()["id"])
    assert check is not None
    for key in (check_store.asked_key, check_store.answered_key):
        row = tables.get(*key(kenyan.credential, check.id))
        assert isinstance(row, check_store.CheckRow)
        row.revision = 7
        row.save()
    assert audit.faults_of(kenyan.credential) == [
        f"check {check.id} is of another wording than its row of the trail says"
    ]


def test_a_trail_that_moves_on_meanwhile_asks_the_register_once(room: Room) -> None:
    server = Server([answering(results(PERSON))], name=NPI_HOST)
    asking_client = client_of(server, reach=reach_of(server, hosts=frozenset({NPI_HOST})))
    asked = room.ask()

    class Watched:
        """A client beside which a reviewer looks at the case, between the question and the answer's write."""

        def get(self, url: str, *, accept: str) -> Any:
            answer = asking_client.get(url, accept=accept)
            assert room.world.get(f"/v1/admin/credentials/{room.credential}", by=room.reviewer).status == 200
            return answer

    try:
        assert room.work(asked["id"], Watched()) is not None  # type: ignore[arg-type]
    finally:
        server.close()
    assert len(server.heads) == 1
    assert audit.faults_of(room.credential) == []


def test_every_reason_has_its_sentence() -> None:
    assert {one.value for one in Reason} <= set(SENTENCES)
    for sentence in SENTENCES.values():
        assert sentence.endswith(".")


def test_a_failed_request_keeps_its_reason() -> None:
    class Failing:
        def get(self, url: str, *, accept: str) -> Any:
            raise OutgoingFailed(Reason.CIRCUIT_OPEN)

    from chalicelib.credentials.registries.model import RegisterUnavailable

    with pytest.raises(RegisterUnavailable) as caught:
        lookups.fetch_by(Failing(), "https://npiregistry.cms.hhs.gov/")  # type: ignore[arg-type]
    assert caught.value.reason == "circuit-open"


OTHER_NUMBER = "1679576722"
SEEN: dict[str, Any] = {
    "address": "https://register.example.org/", "seen_at": "2026-11-22T08:55:00Z", "outcome": "found",
    "name": "Amina Otieno", "state": "current",
}  # fmt: skip


def test_what_was_asked_before_an_edit_is_of_the_wording_before(room: Room) -> None:
    """The register is asked for the number that the reviewer asked about, and its answer is none of the new one."""
    server = Server([answering(results(PERSON))], name=NPI_HOST)
    asked = room.ask()
    assert (asked["revision"], asked["is_current"]) == (1, True)
    reworded(room, number=OTHER_NUMBER, name_on_document="Baraka Were")
    try:
        room.work(asked["id"], client_of(server, reach=reach_of(server, hosts=frozenset({NPI_HOST}))))
    finally:
        server.close()
    (shown,) = room.shown()
    assert (shown["outcome"], shown["revision"], shown["is_current"]) == ("found", 1, False)
    assert (shown["entry"]["number"], shown["comparison"]["ours"]) == (NUMBER, "Otieno Amina")
    assert f"number={NUMBER}" in server.heads[0]
    (told,) = (one for one in store.whole_trail(room.credential) if one.action == "answer_register")
    assert told.detail["revision"] == "1"
    assert audit.faults_of(room.credential) == []


def test_a_check_of_an_earlier_wording_is_none_of_this(kenyan: Room) -> None:
    claim = {"authority_id": "ke-kmpdc", "number": "A104233"}
    path = f"{kenyan.path}/manual"
    assert kenyan.world.post(path, SEEN, by=kenyan.reviewer).json["is_current"]
    assert "checks_outdated" not in remarks(kenyan)
    kenyan.world.pass_time(minutes=1)
    reworded(kenyan, **claim, issued_on="2021-03-01")
    assert [one["is_current"] for one in kenyan.shown()] == [False]
    assert "checks_outdated" in remarks(kenyan)
    # A register without a file says nothing, and so makes nothing of the earlier check good.
    kenyan.work(kenyan.ask()["id"])
    assert "checks_outdated" in remarks(kenyan)
    again = {**SEEN, "seen_at": "2026-11-22T09:01:00Z"}
    assert kenyan.world.post(path, again, by=kenyan.reviewer).json["is_current"]
    assert "checks_outdated" not in remarks(kenyan)


def test_what_a_person_saw_is_of_the_wording_that_they_had_before_them(kenyan: Room) -> None:
    kenyan.world.pass_time(minutes=10)
    reworded(kenyan, authority_id="ke-kmpdc", number="A7", name_on_document="Baraka Were")

    def recorded(**fields: Any) -> Any:
        return kenyan.world.post(f"{kenyan.path}/manual", {**SEEN, **fields}, by=kenyan.reviewer)

    before, after = SEEN["seen_at"], "2026-11-22T09:10:00Z"
    for fields, revision, number, ours in (
        ({"seen_at": before}, 1, "A104233", "Otieno Amina"),
        ({"seen_at": after}, 2, "A7", "Baraka Were"),
        ({"seen_at": after, "revision": 1}, 1, "A104233", "Otieno Amina"),
    ):
        answer = recorded(**fields)
        assert answer.status == 201, answer.text
        told = (answer.json["revision"], answer.json["entry"]["number"], answer.json["comparison"]["ours"])
        assert told == (revision, number, ours)
        assert answer.json["is_current"] is (revision == 2)
    for revision in (3, 0):
        refused = recorded(seen_at=after, revision=revision)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/revision")
