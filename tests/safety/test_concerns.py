"""A safety concern: who reads it, who does not, what is done about it, and that nothing else tells of it."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.mentorships import running_store
from chalicelib.mentorships.running import EndReason, HoldReason
from chalicelib.notifications import service as notifications
from chalicelib.notifications.catalogue import CATALOGUE
from chalicelib.notifications.catalogue import Kind as MailKind
from chalicelib.notifications.store import get_result
from chalicelib.organisations.model import StaffRole
from chalicelib.people import store as people_store
from chalicelib.platform import outbox
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from chalicelib.safety import looking, mails, model, service, store
from chalicelib.safety.errors import ConcernNotOpen
from chalicelib.safety.model import MOVES, Concern, ConcernKind, ConcernOutcome, ConcernStatus, Move, Wish
from tests.mentorships.pairs import Pair, between, code, paired
from tests.mentorships.scene import make_scene
from tests.support.world import Reply, World

OWN, ALL = "/v1/me/concerns", "/v1/admin/concerns"
WORDS = "She writes to my private number at night."
DOCS = Path(__file__).resolve().parents[2] / "docs" / "safety.md"


@dataclass
class Case:
    """A mentee who has raised a concern about their mentor, and an admin who knows neither."""

    pair: Pair
    admin: str
    id: str

    @property
    def world(self) -> World:
        return self.pair.world

    @property
    def path(self) -> str:
        return f"{ALL}/{self.id}"

    def do(self, what: str, body: Any = None, *, by: str | None = None) -> Reply:
        self.world.pass_time(seconds=1)
        return self.world.post(f"{self.path}/{what}", body, by=by or self.admin)

    def listed(self, status: str = "open", *, by: str | None = None) -> list[Any]:
        reply = self.world.get(ALL, by=by or self.admin, query={"status": status})
        assert reply.status == 200, reply.text
        items: list[Any] = reply.json["items"]
        return items

    def opened(self) -> Any:
        reply = self.world.get(self.path, by=self.admin)
        assert reply.status == 200, reply.text
        return reply.json

    def own(self) -> Any:
        (one,) = self.world.get(OWN, by=self.pair.mentee).json["items"]
        return one


def body_about(person: str, **more: Any) -> dict[str, Any]:
    return {
        "person_id": person,
        "kind": "boundaries",
        "words": WORDS,
        "wish": "pause",
        "may_contact": True,
        **more,
    }


def told(world: World, kind: str) -> list[str]:
    return [one.payload["recipient"] for one in world.messages(kind)]


@pytest.fixture
def pair(world: World) -> Pair:
    return paired(make_scene(world))


@pytest.fixture
def case(pair: Pair) -> Case:
    admin = pair.world.admin()
    reply = pair.world.post(OWN, body_about(pair.mentor), by=pair.mentee)
    assert reply.status == 201, reply.text
    return Case(pair, admin, reply.json["id"])


def everything() -> dict[str, list[dict[str, Any]]]:
    db = client("dynamodb")
    return {name: db.scan(TableName=name)["Items"] for name in db.list_tables()["TableNames"]}


# Raising one.


def test_a_concern_is_mailed_to_the_admins_at_once_and_to_nobody_else(case: Case) -> None:
    world = case.world
    (message,) = world.messages(mails.CONCERN_RAISED)
    assert (message.payload["recipient"], message.due_at) == (case.admin, world.at)
    assert case.pair.mentee not in message.id
    assert set(message.payload) == {"recipient", "concern_id"}
    assert notifications.deliver(message.id, world.at) == "sent"
    entry = CATALOGUE[MailKind.CONCERN_RAISED]
    assert (entry.urgent, entry.switchable, entry.important, entry.confidential) == (True, False, True, True)


def test_the_reporter_reads_where_it_goes_and_how_far_it_is_in_neutral_words(case: Case) -> None:
    own = case.own()
    assert (own["status"], own["answer"], own["closed_at"]) == ("open", None, None)
    assert WORDS not in str(own)
    assert case.pair.mentor not in str(own)
    case.do("claim")
    assert case.own()["text"] == "Somebody is seeing to it."


def test_a_raised_concern_changes_nothing_that_anybody_else_can_read(pair: Pair) -> None:
    world = pair.world
    admin = world.admin()
    paths = {
        pair.mentor: ("/v1/me/mentorships", f"/v1/mentorships/{pair.id}", "/v1/me/proposals", OWN, "/v1/me/blocks"),
        pair.scene.coordinator: (
            f"/v1/mentorships/{pair.id}", pair.scene.path("tasks"), pair.scene.path("proposals"), OWN,
        ),
    }  # fmt: skip

    def read() -> list[tuple[str, dict[str, str]]]:
        replies = [world.get(path, by=by) for by, some in paths.items() for path in some]
        return [
            (one.text, {name: one.headers[name] for name in ("ETag",) if name in one.headers})
            for one in replies
        ]

    before, rows = read(), everything()
    world.pass_time(minutes=5)
    assert (
        world.post(OWN, body_about(pair.mentor), by=pair.mentee, headers={"Idempotency-Key": "k"}).status
        == 201
    )
    after = everything()
    assert read() == before
    named = {settings().table(one) for one in ("safety", "outbox", "platform")}
    assert {table for table in after if after[table] != rows[table]} == named
    # Of the two tables that others use, what came in says neither who nor about whom.
    for table in named - {settings().table("safety")}:
        fresh = str([one for one in after[table] if one not in rows[table]])
        assert pair.mentor not in fresh
        assert pair.mentee not in fresh
        assert WORDS not in fresh
        assert admin in fresh or table.endswith("platform")


def test_about_a_coordinator_and_about_nobody(pair: Pair) -> None:
    world = pair.world
    assert world.post(OWN, body_about(pair.scene.coordinator), by=pair.mentee).status == 201
    nobody = world.post(OWN, body_about("01ARZ3NDEKTSV4RRFFQ69G5FAV"), by=pair.mentee)
    myself = world.post(OWN, body_about(pair.mentee), by=pair.mentee)
    for refused in (nobody, myself):
        assert refused.status == 422
        assert refused.json["errors"][0]["pointer"] == "/person_id"


def test_the_same_request_again_raises_one(case: Case) -> None:
    how: dict[str, Any] = {"by": case.pair.mentor, "headers": {"Idempotency-Key": "once"}}
    first, second = (case.world.post(OWN, body_about(case.pair.mentee), **how) for _ in range(2))
    assert first.json == second.json
    assert len(case.listed()) == 2


def test_as_many_open_ones_as_there_may_be(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "MOST_OPEN", 1)
    refused = case.world.post(OWN, body_about(case.pair.mentor), by=case.pair.mentee)
    assert code(refused) == "too-many-concerns"
    case.do("claim")
    case.do("close", {"outcome": "no_action"})
    assert case.world.post(OWN, body_about(case.pair.mentor), by=case.pair.mentee).status == 201


# Who reads it.


def test_no_name_and_no_word_before_an_admin_opens_it_and_the_opening_is_kept(case: Case) -> None:
    (listed,) = case.listed()
    for secret in (case.pair.mentee, case.pair.mentor, WORDS, "Claire", "Amina"):
        assert secret not in str(listed)
    case.world.pass_time(seconds=1)
    first = case.opened()
    assert (first["reporter"]["person_id"], first["person"]["person_id"]) == (
        case.pair.mentee,
        case.pair.mentor,
    )
    assert (first["words"], first["reporter"]["email"] is None, first["person"]["email"]) == (
        WORDS,
        False,
        None,
    )
    assert first["mentorships"] == [
        {
            "id": case.pair.id,
            "programme_id": case.pair.scene.programme,
            "status": "active",
            "with_reporter": True,
        }
    ]
    assert [(one["by"], one["what"]) for one in case.opened()["trail"]] == [
        ("reporter", "raise"), (case.admin, "open"),
    ]  # fmt: skip


def test_who_does_not_want_to_be_written_to_has_no_address(pair: Pair) -> None:
    admin = pair.world.admin()
    raised = pair.world.post(OWN, body_about(pair.mentor, may_contact=False), by=pair.mentee)
    assert Case(pair, admin, raised.json["id"]).opened()["reporter"]["email"] is None


def kept_out(case: Case, who: str) -> str:
    """Return an admin who is, or is tied to, one of the two."""
    world, pair = case.world, case.pair
    if who == "the accused":
        made, admin = pair.mentor, pair.mentor
    elif who == "the reporter":
        made, admin = pair.mentee, pair.mentee
    else:
        made = admin = world.admin()
        other = pair.mentee if who == "a mentor of the reporter" else pair.mentor
        world.write(people_store.put_tie(admin, other, world.at))
    if who.startswith("the"):
        assert world.put(f"/v1/admin/people/{made}/admin", {"admin": True}, by=case.admin).status == 200
    return admin


@pytest.mark.parametrize(
    "who", ["the accused", "the reporter", "a mentor of the reporter", "a mentee of the accused"]
)
def test_an_admin_who_is_concerned_finds_nothing_and_is_told_nothing(case: Case, who: str) -> None:
    admin = kept_out(case, who)
    world = case.world
    missing = f"{ALL}/01ARZ3NDEKTSV4RRFFQ69G5FAV"
    for path in (missing, case.path):
        reads = world.get(path, by=admin)
        moves = [world.post(f"{path}/{one}", by=admin) for one in ("claim", "release")]
        moves += [
            world.post(f"{path}/act", {"mentorship_id": case.pair.id, "deed": "pause"}, by=admin),
            world.post(f"{path}/close", {"outcome": "no_action"}, by=admin),
        ]
        for one in (reads, *moves):
            assert (one.status, one.json["detail"], "ETag" in one.headers) == (
                404, world.get(missing, by=admin).json["detail"], False,
            )  # fmt: skip
    for status in ConcernStatus:
        empty = world.get(ALL, by=admin, query={"status": status.value}).json
        assert empty == {"items": [], "next": None}
    assert admin not in service.able_admins(concern_of(case))
    world.pass_time(hours=5)
    looking.look_at_due(world.at)
    assert told(world, mails.CONCERN_WAITING) == [case.admin]


def concern_of(case: Case) -> Concern:
    found = store.get_concern(case.id)
    assert found is not None
    return found


def test_pages_leave_no_gap_where_a_concern_is_kept_from_an_admin(case: Case) -> None:
    world = case.world
    hidden = kept_out(case, "a mentee of the accused")
    others = []
    for _ in range(3):
        world.pass_time(minutes=1)
        about = world.person()
        others.append(world.post(OWN, body_about(about), by=case.pair.mentee).json["id"])
        world.post(OWN, body_about(case.pair.mentor), by=world.person())
    assert len(case.listed()) == 7
    first = world.get(ALL, by=hidden, query={"limit": 2}).json
    second = world.get(ALL, by=hidden, query={"limit": 2, "cursor": first["next"]}).json
    assert [one["id"] for one in first["items"] + second["items"]] == others
    assert second["next"] is None
    whole = world.get(ALL, by=hidden, query={"limit": 3}).json
    assert whole["next"] is None, "that there is more is not told where there is not"


def test_a_mail_in_doubt_is_not_there_for_an_admin_who_may_not_know(case: Case) -> None:
    world, path = case.world, "/v1/admin/mails-in-doubt"
    hidden = kept_out(case, "a mentor of the reporter")
    (message,) = world.messages(mails.CONCERN_RAISED)
    outbox.claim(message, now=world.at)
    world.pass_time(hours=2)
    assert notifications.deliver(message.id, world.at) is None
    assert world.get(path, by=hidden).json["items"] == []
    (seen,) = world.get(path, by=case.admin).json["items"]
    assert (seen["kind"], seen["recipient"]) == ("concern-raised", None)
    assert world.post(f"{path}/{seen['mail']}/give-up", by=hidden).status == 404
    assert world.post(f"{path}/{seen['mail']}/send-again", by=case.admin).status == 204


@pytest.mark.parametrize("tie_with", ["mentee", "mentor"])
def test_a_mentorship_that_begins_as_an_admin_opens_a_concern_keeps_them_out(
    case: Case, monkeypatch: pytest.MonkeyPatch, tie_with: str
) -> None:
    other = getattr(case.pair, tie_with)
    tie = people_store.put_tie(case.admin, other, case.world.at)
    between(monkeypatch, lambda: case.world.write(tie), service)
    assert case.world.get(case.path, by=case.admin).status == 404


# What is done about it.


def test_a_concern_is_claimed_acted_on_and_closed_and_the_reporter_is_told(case: Case) -> None:
    world, pair = case.world, case.pair
    assert case.do("claim").json["is_yours"] is True
    deed = {"mentorship_id": pair.id, "deed": "pause"}
    assert case.do("act", deed).json["status"] == "being_handled"
    held = running_store.get_mentorship(pair.mentee, pair.id)
    assert held is not None
    assert held.hold is not None
    assert held.hold.reason is HoldReason.OTHER
    assert set(pair.mails("mentorship-held")) == pair.both("mentorship-held")
    seen = world.get(f"/v1/mentorships/{pair.id}", by=pair.scene.coordinator).json
    assert (seen["pause"]["reason"], seen["pause"]["words"]) == ("other", None)
    assert code(case.do("act", deed)) == "already-paused"
    assert case.do("act", {**deed, "deed": "end"}).status == 200
    ended = running_store.get_mentorship(pair.mentee, pair.id)
    assert ended is not None
    assert ended.ending is not None
    assert ended.ending.reason is EndReason.OTHER

    closed = case.do(
        "close", {"outcome": "mentorship_ended", "note": "Spoke to both.", "answer": "It is over."}
    )
    assert (closed.json["status"], closed.json["outcome"]) == ("closed", "mentorship_ended")
    (message,) = world.messages(mails.CONCERN_CLOSED)
    assert message.payload["recipient"] == pair.mentee
    assert pair.mentee not in message.id
    assert notifications.deliver(message.id, world.at) == "sent"
    own = case.own()
    assert (own["status"], own["text"], own["answer"]) == ("closed", "Concluded.", "It is over.")
    assert "Spoke" not in str(own)
    assert "outcome" not in own
    (done,) = case.listed("closed")
    assert done["id"] == case.id
    trail = [(one["what"], one["why"]) for one in case.opened()["trail"]]
    assert trail == [
        ("raise", None), ("claim", None), ("act", f"pause {pair.id}"), ("act", f"end {pair.id}"),
        ("close", "mentorship_ended"),
    ]  # fmt: skip
    (row,) = client("dynamodb").scan(
        TableName=settings().table("safety"), FilterExpression="sk = :c",
        ExpressionAttributeValues={":c": {"S": "CONCERN"}},
    )["Items"]  # fmt: skip
    assert int(row["expires_at_epoch"]["N"]) == int((world.at + model.KEEP_CLOSED).timestamp())


def test_only_who_handles_it_acts_and_any_other_can_take_it_over(case: Case) -> None:
    second = case.world.admin()
    case.do("claim")
    assert code(case.do("claim", by=second)) == "concern-not-open"
    assert code(case.do("close", {"outcome": "no_action"}, by=second)) == "concern-not-yours"
    deed = {"mentorship_id": case.pair.id, "deed": "pause"}
    assert code(case.do("act", deed, by=second)) == "concern-not-yours"
    case.world.pass_time(minutes=1)
    assert case.do("release", by=second).json["status"] == "open"
    assert told(case.world, mails.CONCERN_RAISED).count(case.admin) == 2, (
        "the others hear that it waits again"
    )
    assert case.do("claim", by=second).json["is_yours"] is True


def test_an_admin_acts_on_no_mentorship_but_those_of_the_person(case: Case) -> None:
    other = paired(case.pair.scene, name="Noor Haddad")
    case.do("claim")
    assert case.do("act", {"mentorship_id": other.id, "deed": "end"}).status == 404
    assert other.read(other.mentee)["status"] == "active"


def test_an_old_version_is_refused(case: Case) -> None:
    etag = case.world.get(case.path, by=case.admin).etag
    case.do("claim")
    refused = case.world.post(f"{case.path}/release", by=case.admin, headers={"If-Match": etag})
    assert refused.status == 412


def test_two_admins_claim_at_once_and_one_has_it(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    second = case.world.admin()
    between(monkeypatch, lambda: service.claim(case.world.call(second), case.id) and None, service)
    assert code(case.do("claim")) == "concern-moved"
    assert concern_of(case).handler_id == second


def test_nothing_moves_but_by_the_table() -> None:
    at = World.at
    for status in ConcernStatus:
        concern = Concern(
            "C",
            "R",
            "P",
            ConcernKind.OTHER,
            at,
            at,
            status=status,
            handler_id="A" if status is ConcernStatus.HANDLED else None,
        )
        tries = {
            Move.CLAIM: lambda one: model.claimed(one, "A", at),
            Move.RELEASE: lambda one: model.released(one, "B", at),
            Move.ACT: lambda one: model.acted(one, "A", at),
            Move.CLOSE: lambda one: model.closed(one, "A", ConcernOutcome.NO_ACTION, "", "", at),
        }
        for move, made in tries.items():
            if (status, move) in MOVES:
                assert made(concern).status is MOVES[status, move]
            else:
                with pytest.raises(ConcernNotOpen):
                    made(concern)


# The clock.


def test_admins_are_reminded_every_four_hours_and_who_runs_it_is_alarmed_after_twelve(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[str] = []
    monkeypatch.setattr(looking, "count", counted.append)
    world = case.world
    looking.look_at_due(world.at + timedelta(hours=3, minutes=59))
    assert told(world, mails.CONCERN_WAITING) == []
    for hours in (4, 4, 4):
        world.pass_time(hours=hours)
        looking.look_at_due(world.at)
        looking.look_at_due(world.at)  # twice, by another worker
    assert told(world, mails.CONCERN_WAITING) == [case.admin] * 3
    assert counted == ["ConcernUnattended"]
    case.do("claim")
    world.pass_time(days=6)
    looking.look_at_due(world.at)
    assert len(told(world, mails.CONCERN_WAITING)) == 3
    world.pass_time(days=1)
    looking.look_at_due(world.at)
    assert len(told(world, mails.CONCERN_WAITING)) == 4, "one that is being handled for a week"
    case.do("close", {"outcome": "no_action"})
    late = world.messages(mails.CONCERN_WAITING)[-1]
    assert notifications.deliver(late.id, world.at) == "moot"
    world.pass_time(days=8)
    assert list(store.due_looks(world.at)) == []


def test_a_worker_that_has_read_what_is_due_before_another_saw_to_it_reminds_nobody(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = case.world
    world.pass_time(hours=4)
    read = list(store.due_looks(world.at))
    looking.look_at_due(world.at)
    world.pass_time(seconds=1)
    monkeypatch.setattr(store, "due_looks", lambda _now: iter(read))
    assert looking.look_at_due(world.at) == 0
    assert told(world, mails.CONCERN_WAITING) == [case.admin]


def test_where_there_is_no_admin_for_it_the_reporter_reads_so_and_who_runs_it_is_alarmed(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = pair.world
    raised = world.post(OWN, body_about(pair.mentor), by=pair.mentee)
    assert raised.status == 201
    assert "those who run it are alerted" in raised.json["text"]
    counted: list[str] = []
    monkeypatch.setattr(looking, "count", counted.append)
    looking.look_at_due(world.at)
    assert counted == ["ConcernUnattended"]
    admin = world.admin()  # whom the alarm has had named
    world.pass_time(minutes=5)
    looking.look_at_due(world.at)
    assert told(world, mails.CONCERN_WAITING) == [admin]
    assert counted == ["ConcernUnattended"]


def test_a_mail_goes_only_to_who_is_an_admin_still(case: Case) -> None:
    world = case.world
    second = world.admin()
    assert world.put(f"/v1/admin/people/{case.admin}/admin", {"admin": False}, by=second).status == 200
    (message,) = world.messages(mails.CONCERN_RAISED)
    assert notifications.deliver(message.id, world.at) == "moot"
    result = get_result(message.id)
    assert result is not None
    world.pass_time(hours=4)
    looking.look_at_due(world.at)
    assert told(world, mails.CONCERN_WAITING) == [second], "who is no admin any more is off the list"


def test_the_page_for_coordinators_and_admins_explains_every_code() -> None:
    page = DOCS.read_text(encoding="utf-8")
    for one in (*ConcernKind, *Wish, *ConcernStatus, *Move, *ConcernOutcome):
        assert f"`{one.value}`" in page, one
    for hours in (model.REMIND_AFTER, model.ALARM_AFTER):
        assert f"{hours // timedelta(hours=1)} hours" in page


# Generated: every route of concerns by everybody who is not to read one.

ROLES = ("coordinator", "reviewer", "both", "accused", "reporter", "stranger")


@pytest.mark.parametrize("role", ROLES)
def test_no_role_but_admins_reads_or_moves_a_concern(case: Case, role: str) -> None:
    from chalicelib.platform.web.endpoint import ENDPOINTS, Who

    world, pair = case.world, case.pair
    who = {
        "coordinator": pair.scene.coordinator,
        "reviewer": pair.reviewer,
        "both": world.staff(pair.scene.organisation, StaffRole.COORDINATOR, StaffRole.REVIEWER),
        "accused": pair.mentor,
        "reporter": pair.mentee,
        "stranger": world.person(),
    }[role]
    routes = [key for key in ENDPOINTS if key[1].startswith(ALL)]
    assert len(routes) == 6
    bodies = {"act": {"mentorship_id": pair.id, "deed": "pause"}, "close": {"outcome": "no_action"}}
    before = everything()
    for method, path in routes:
        assert ENDPOINTS[method, path].who is Who.ADMIN
        body = bodies.get(path.rpartition("/")[2])
        replies = [
            world.request(method, path.format(concern_id=one), body, by=who)
            for one in (case.id, "01ARZ3NDEKTSV4RRFFQ69G5FAV")
        ]
        assert [one.status for one in replies] == [403, 403], "there and not there look the same"
        assert replies[0].json["detail"] == replies[1].json["detail"]
        assert WORDS not in replies[0].text
    assert everything() == before
    assert world.get(OWN, by=who).json["items"] == ([case.own()] if role == "reporter" else [])


def test_who_has_seen_to_a_concern_learns_that_a_coordinator_has_the_mentorship_go_on(case: Case) -> None:
    world, pair = case.world, case.pair
    other = world.admin()
    assert case.do("claim").status == 200
    assert case.do("act", {"mentorship_id": pair.id, "deed": "pause"}).status == 200
    closed = {"outcome": "mentorship_paused", "note": "", "answer": "It is paused."}
    assert case.do("close", closed).status == 200
    world.follow_up()
    assert told(world, mails.CONCERN_UNDONE) == []
    world.pass_time(days=1)
    resumed = pair.resume()
    assert resumed.status == 200
    for _ in range(2):
        world.follow_up()
    (message,) = world.messages(mails.CONCERN_UNDONE)
    assert (message.payload, other in message.id) == ({"recipient": case.admin, "concern_id": case.id}, False)
    assert notifications.deliver(message.id, world.at) == "sent"
    last = case.opened()["trail"][-1]
    assert (last["what"], last["by"], last["why"]) == ("undone", pair.scene.coordinator, f"resume {pair.id}")
    assert case.id not in resumed.text, "who had it go on is told nothing"
    # A coordinator's own pause is none of a concern's.
    assert (
        world.post(f"/v1/mentorships/{pair.id}/pause", {"reason": "away"}, by=pair.scene.coordinator).status
        == 200
    )
    assert pair.resume().status == 200
    world.follow_up()
    assert told(world, mails.CONCERN_UNDONE) == [], "none but the one that was sent"


def test_where_nobody_handles_a_concern_all_who_may_learn_that_the_mentorship_goes_on(case: Case) -> None:
    world, pair = case.world, case.pair
    other = world.admin()
    assert case.do("claim").status == 200
    assert case.do("act", {"mentorship_id": pair.id, "deed": "pause"}).status == 200
    assert case.do("release").status == 200
    assert pair.resume().status == 200
    world.follow_up()
    assert sorted(told(world, mails.CONCERN_UNDONE)) == sorted([case.admin, other])
