"""Proposals and mentorships over HTTP: what each side sees and may do, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.mentorships import store
from chalicelib.people import service as people
from chalicelib.people.model import Standing
from chalicelib.platform import tables
from chalicelib.programmes.model import Side
from tests.mentorships.scene import Scene, make_scene
from tests.support.world import World


def code(answer: Any) -> tuple[int, str]:
    return answer.status, answer.json["type"].rpartition("/")[2]


def only(scene: Scene) -> str:
    [proposal] = scene.proposals(scene.mentees[0])
    return proposal["id"]


def answer(scene: Scene, what: str, by: str, body: Any = None, proposal: str | None = None):
    return scene.world.post(f"/v1/proposals/{proposal or only(scene)}/{what}", body, by=by)


NO = {"reason": "no_time", "text": "I am on leave until May."}


def test_both_sides_read_the_same_proposal_each_with_their_own_answer(proposed: Scene) -> None:
    mentee, mentor = proposed.mentees[0], proposed.mentors[0]
    [mine], [theirs] = proposed.proposals(mentee), proposed.proposals(mentor)
    assert (mine.pop("my_role"), theirs.pop("my_role")) == ("mentee", "mentor")
    told, others = (one.pop("evidence")["sentences"] for one in (mine, theirs))
    for one in (mine, theirs):
        assert sum(part["points"] for part in one["contributions"]) == one["score"]
    assert [one for one in mine["contributions"] if one["criterion"] != "waiting"] == theirs["contributions"]
    points = ("score", "contributions")
    assert {name: one for name, one in mine.items() if name not in points} == {
        name: one for name, one in theirs.items() if name not in points
    }
    assert told[0] == {
        "criterion": "topics",
        "text": "Topics that you seek and Claire Tremblay offers: heart failure.",
    }
    assert others[0]["text"] == "Topics that you offer and Amina Otieno seeks: heart failure."
    assert mine["programme_id"] == proposed.programme
    assert (mine["mentee"]["person_id"], mine["mentor"]["person_id"]) == (mentee, mentor)
    assert mine["mentor"]["topics"] == ["heart failure", "research methods"]
    assert mine["mentee"]["topics"] == ["heart failure"]
    assert mine["expires_at"] == "2026-11-29T09:00:00.000000Z"
    assert all(isinstance(one["points"], int) for one in mine["contributions"])
    [window, *_] = mine["overlap"]["windows"]
    assert window["mentee"]["start"] != window["mentor"]["start"]
    assert "@" not in str(mine)


def test_how_long_a_mentee_has_waited_changes_nothing_that_the_mentor_reads(world: World) -> None:
    shown = []
    for days in (0, 60):
        scene = make_scene(world)
        mentee, mentor = scene.mentee(), scene.mentor()
        world.pass_time(days=days)
        scene.match()
        [theirs], [mine] = scene.proposals(mentor), scene.proposals(mentee)
        waited = [one["points"] for one in mine["contributions"] if one["criterion"] == "waiting"]
        assert waited == [round(50_000 * days / 90)]
        assert mine["score"] == theirs["score"] + waited[0]
        shown.append((theirs["score"], theirs["contributions"]))
    assert shown[0] == shown[1]


def test_evidence_is_in_the_language_of_the_readers_account(proposed: Scene) -> None:
    world, mentee, mentor = proposed.world, proposed.mentees[0], proposed.mentors[0]

    def speak_french(person: str) -> None:
        change = world.patch("/v1/me", {"locale": "fr"}, by=person)
        assert change.status == 200, change.text

    def evidence(person: str) -> Any:
        return proposed.proposals(person)[0]["evidence"]

    speak_french(mentee)
    assert evidence(mentee)["language"] == "fr"
    assert evidence(mentee)["sentences"][0]["text"].startswith(
        "Sujets que vous cherchez et que propose Claire"
    )
    assert evidence(mentor)["language"] == "en"
    speak_french(mentor)
    accepted = answer(proposed, "accept", mentor).json
    assert accepted["evidence"] == evidence(mentor)
    assert accepted["evidence"]["language"] == "fr"
    path = proposed.path("proposals")
    assert world.get(path, by=proposed.coordinator).json["items"][0]["evidence"]["language"] == "en"
    speak_french(proposed.coordinator)
    [seen] = world.get(path, by=proposed.coordinator).json["items"]
    assert seen["evidence"]["sentences"][0]["text"].startswith("Sujets que cherche la personne accompagnée")


def test_a_proposal_from_before_there_was_evidence_tells_languages_and_time(proposed: Scene) -> None:
    mentee = proposed.mentees[0]
    row = tables.get(*store.proposal_key(mentee, only(proposed)))
    assert row is not None
    old = {name: value for name, value in row.explanation.items() if name not in ("evidence", "round")}
    row.explanation = old
    proposed.world.write(tables.put(row))
    told = proposed.proposals(mentee)[0]["evidence"]["sentences"]
    assert [one["criterion"] for one in told] == ["languages", "overlap", "overlap"]


def test_evidence_comes_with_the_score_where_the_mentee_asked(proposed: Scene) -> None:
    asked, other = proposed.mentee(), proposed.mentor()
    body = {"programme_id": proposed.programme, "mentor_id": other}
    assert proposed.world.post("/v1/proposals", body, by=asked).json["evidence"] is None


def test_what_the_calls_cost(proposed: Scene) -> None:
    world, mentee, mentor = proposed.world, proposed.mentees[0], proposed.mentors[0]
    proposal = only(proposed)

    def cost(method: str, path: str, by: str, body: Any = None) -> list[str]:
        with world.counted() as calls:
            assert world.request(method, path, body, by=by).status in (200, 201)
            return list(calls)

    # The proposal names the mentor whose standing is decided on and whose badges are shown.
    one_change = ["BatchGetItem", "BatchGetItem", "TransactWriteItems"]
    assert cost("GET", "/v1/me/proposals", mentee) == ["Query", "BatchGetItem"]
    assert cost("POST", f"/v1/proposals/{proposal}/accept", mentee) == one_change
    assert cost("POST", f"/v1/proposals/{proposal}/accept", mentee) == ["BatchGetItem", "BatchGetItem"]
    assert cost("POST", f"/v1/proposals/{proposal}/accept", mentor) == one_change
    assert cost("GET", "/v1/me/mentorships", mentee) == ["Query"]
    mentorship = world.get("/v1/me/mentorships", by=mentee).json["items"][0]["id"]
    assert cost("GET", f"/v1/mentorships/{mentorship}", mentor) == ["Query", "BatchGetItem"]
    assert cost("GET", proposed.path("proposals"), proposed.coordinator) == [
        "BatchGetItem",
        "Query",
        "BatchGetItem",
    ]
    asked = proposed.mentee()
    other = proposed.mentor()
    body = {"programme_id": proposed.programme, "mentor_id": other}
    assert cost("POST", "/v1/proposals", asked, body) == ["BatchGetItem", "TransactWriteItems"]
    mine = proposed.proposals(asked)[0]["id"]
    assert cost("POST", f"/v1/proposals/{mine}/withdraw", asked) == one_change
    world.pass_time(minutes=1)  # ids of one millisecond have no order
    assert cost("POST", "/v1/proposals", asked, body) == ["BatchGetItem", "TransactWriteItems"]
    mine = proposed.proposals(asked)[0]["id"]
    assert cost("POST", f"/v1/proposals/{mine}/decline", other, NO) == one_change


def test_nobody_else_knows_of_a_proposal_or_a_mentorship(proposed: Scene) -> None:
    world, mentee, mentor = proposed.world, proposed.mentees[0], proposed.mentors[0]
    foreign = world.coordinator(world.organisation("Another"))
    for stranger in (world.person(), foreign, proposed.coordinator):
        for what, body in (("accept", None), ("decline", NO), ("withdraw", None)):
            assert answer(proposed, what, stranger, body).status == 404
        assert proposed.proposals(stranger) == []
    missing = world.post("/v1/proposals/01JCZ0M3V5R8W1T2Y4X6Z8B0D2/accept", by=mentee)
    assert missing.status == 404
    answer(proposed, "accept", mentee)
    answer(proposed, "accept", mentor)
    path = f"/v1/mentorships/{world.get('/v1/me/mentorships', by=mentor).json['items'][0]['id']}"
    for reader in (mentee, mentor, proposed.coordinator):
        assert world.get(path, by=reader).status == 200
    for stranger in (world.person(), foreign):
        assert world.get(path, by=stranger).status == 404
    assert world.get(path, by=world.reviewer(proposed.organisation)).status == 403
    for stranger in (mentee, foreign):
        assert world.get(proposed.path("proposals"), by=stranger).status == 404


def test_one_yes_tells_the_other_side_and_two_make_a_mentorship(proposed: Scene) -> None:
    world, mentee, mentor = proposed.world, proposed.mentees[0], proposed.mentors[0]
    once = answer(proposed, "accept", mentor).json
    assert (once["status"], once["my_answer"], once["their_answer"]) == ("open", "accepted", None)
    assert [one.payload["recipient"] for one in world.messages("proposal-accepted")] == [mentee]
    assert proposed.proposals(mentee)[0]["their_answer"] == "accepted"
    assert answer(proposed, "accept", mentor).json == once
    assert len(world.messages("proposal-accepted")) == 1
    done = answer(proposed, "accept", mentee).json
    assert (done["status"], done["their_answer"]) == ("agreed", "accepted")
    assert answer(proposed, "accept", mentor).json["status"] == "agreed"
    assert len(world.messages("proposal-agreed")) == 2
    assert proposed.free() == {mentor: 1, mentee: 0}
    assert code(answer(proposed, "decline", mentor, NO)) == (409, "proposal-closed")


def test_a_no_frees_both_and_only_coordinators_read_why(proposed: Scene) -> None:
    world, mentee, mentor = proposed.world, proposed.mentees[0], proposed.mentors[0]
    answer(proposed, "accept", mentee)
    done = answer(proposed, "decline", mentor, NO)
    assert (done.json["status"], done.json["my_answer"]) == ("declined", "declined")
    assert proposed.free() == {mentor: 2, mentee: 1}
    [mail] = world.messages("proposal-declined")
    assert mail.payload["recipient"] == mentee
    assert set(mail.payload) == {"recipient", "proposal_id", "programme_id", "mentorship_id"}
    for person in (mentee, mentor):
        assert "leave until May" not in str(proposed.proposals(person))
        assert "no_time" not in str(proposed.proposals(person))
    [seen] = world.get(proposed.path("proposals"), by=proposed.coordinator).json["items"]
    assert seen["refusal"] == {"role": "mentor", **NO}
    assert seen["mentee_answer"] == "accepted"
    # Again it changes nothing, and the other side's answer comes too late.
    assert answer(proposed, "decline", mentor, {"reason": "other"}).json == done.json
    assert code(answer(proposed, "accept", mentee)) == (409, "proposal-closed")
    assert code(answer(proposed, "decline", mentee, NO)) == (409, "proposal-closed")
    assert proposed.free() == {mentor: 2, mentee: 1}


def test_a_pair_that_said_no_is_not_proposed_again_and_the_reasons_do_not_tell(proposed: Scene) -> None:
    world, mentee, mentor = proposed.world, proposed.mentees[0], proposed.mentors[0]
    answer(proposed, "decline", mentor, NO)
    run = proposed.match()
    assert proposed.run(run)["pairs"] == 0
    told = world.get("/v1/me/match-reasons", by=mentee, query={"programme_id": proposed.programme}).json
    assert told["proposed"] is False
    assert [one["code"] for one in told["reasons"]] == ["no_mentor_left"]
    assert mentor not in str(told)


def test_a_decline_needs_a_known_reason(proposed: Scene) -> None:
    mentor = proposed.mentors[0]
    for body in (
        None,
        {},
        {"reason": "because"},
        {"reason": "other", "text": "x" * 1001},
        {"reason": "other", "x": 1},
    ):
        assert answer(proposed, "decline", mentor, body).status == 422, body
    assert proposed.proposals(mentor)[0]["status"] == "open"


def test_time_is_over_at_the_instant_even_before_the_job_ran(proposed: Scene) -> None:
    world, mentee, mentor = proposed.world, proposed.mentees[0], proposed.mentors[0]
    answer(proposed, "accept", mentee)
    world.pass_time(days=7)
    assert code(answer(proposed, "accept", mentor)) == (409, "proposal-expired")
    assert code(answer(proposed, "decline", mentor, NO)) == (409, "proposal-expired")
    assert proposed.free() == {mentor: 1, mentee: 0}


def test_the_reminder_is_due_two_days_before_the_end_and_not_in_a_short_programme(world: World) -> None:
    for days, reminders in ((7, 2), (3, 2), (2, 0)):
        scene = make_scene(world, proposal_days=days)
        mentor, mentee = scene.mentor(), scene.mentee()
        scene.match()
        [proposal] = scene.proposals(mentee)
        found = [
            one for one in world.messages("proposal-expiring") if one.payload["proposal_id"] == proposal["id"]
        ]
        assert len(found) == reminders
        assert {one.due_at for one in found} <= {world.at + timedelta(days=days - 2)}
        assert {one.payload["recipient"] for one in found} == ({mentor, mentee} if reminders else set())


@pytest.mark.parametrize("happened", ["unverified", "blocked", "withdrawn", "paused"])
def test_whatever_befell_the_other_side_is_told_in_one_way(proposed: Scene, happened: str) -> None:
    world, mentee, mentor = proposed.world, proposed.mentees[0], proposed.mentors[0]
    answer(proposed, "accept", mentor)
    if happened == "unverified":
        world.write(people.set_standing(mentor, Standing(world.at), world.at))
    elif happened == "blocked":
        assert world.put(f"/v1/me/blocks/{mentee}", by=mentor).status == 204
    else:
        withdraw(proposed, mentor, "mentor")
    refused = answer(proposed, "accept", mentee)
    assert code(refused) == (409, "partner-not-available")
    assert "block" not in refused.text
    assert world.get("/v1/me/mentorships", by=mentee).json["items"] == []
    assert proposed.enrolment(mentor, Side.MENTOR).free == 1


def withdraw(scene: Scene, person: str, role: str) -> None:
    path = f"/v1/programmes/{scene.programme}/enrolments/{person}"
    assert scene.world.delete(path, by=person, query={"role": role}).status == 204


def test_who_has_left_cannot_accept_but_can_decline(proposed: Scene) -> None:
    mentee = proposed.mentees[0]
    withdraw(proposed, mentee, "mentee")
    assert code(answer(proposed, "accept", mentee)) == (409, "not-enrolled")
    assert answer(proposed, "decline", mentee, NO).status == 200


def test_a_programme_that_has_ended_takes_no_yes(proposed: Scene) -> None:
    mentee, mentor = proposed.mentees[0], proposed.mentors[0]
    answer(proposed, "accept", mentee)
    proposed.change_programme(status="ended")
    assert code(answer(proposed, "accept", mentor)) == (409, "programme-not-running")
    assert answer(proposed, "decline", mentor, NO).status == 200
    assert proposed.free() == {mentor: 2, mentee: 1}


def test_the_last_day_of_a_programme_still_counts(proposed: Scene) -> None:
    mentee, mentor = proposed.mentees[0], proposed.mentors[0]
    proposed.change_programme(ends_on=proposed.world.at.date().isoformat())
    assert answer(proposed, "accept", mentee).status == 200
    proposed.world.pass_time(days=1)
    assert code(answer(proposed, "accept", mentor)) == (409, "programme-not-running")


def test_lists_come_in_pages_newest_first(proposed: Scene) -> None:
    world, mentor = proposed.world, proposed.mentors[0]
    for _ in range(3):
        answer(proposed, "decline", mentor, NO, proposed.proposals(mentor)[0]["id"])
        world.pass_time(minutes=1)
        proposed.mentee()
        proposed.match()
    whole = [one["id"] for one in proposed.proposals(mentor)]
    assert whole == sorted(whole, reverse=True)
    for path, by in (("/v1/me/proposals", mentor), (proposed.path("proposals"), proposed.coordinator)):
        seen, cursor = [], {}
        while True:
            page = world.get(path, by=by, query={"limit": 2, **cursor}).json
            assert len(page["items"]) <= 2
            seen += [one["id"] for one in page["items"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert seen == whole
    assert world.get("/v1/me/proposals", by=mentor, query={"cursor": "nonsense"}).status == 422
