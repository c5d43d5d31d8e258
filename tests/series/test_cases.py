"""A case: written without its patient, reviewed by somebody else, talked about in its order, answered in writing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.notifications import service as notifications
from chalicelib.people import codes
from chalicelib.platform import outbox
from chalicelib.series.cases import service
from chalicelib.series.cases.model import (
    GENERAL,
    MOVES,
    OF_SPECIALTY,
    Case,
    CaseMove,
    CaseState,
    Form,
    moved,
)
from chalicelib.series.errors import CaseNotSo
from chalicelib.series.model import SeriesRole
from tests.series.hub import BEGINS, Hub, code
from tests.support.world import Reply

WHOLE: dict[str, Any] = {
    "title": "Breathless after delivery",
    "age_band": "25_to_44",
    "sections": {"question": "Which drug first?", "summary": "Swollen legs, no fever."},
}


class Talk:
    """A case with its presenter, a reviewer, and what is done to it."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.world = hub, hub.world
        self.presenter = hub.has()
        self.facilitator = hub.has(SeriesRole.FACILITATOR)
        self.expert = hub.has(SeriesRole.EXPERT)
        self.member = hub.has()
        body = {"title": "Breathless after delivery", "specialty": "cardiology"}
        made = self.world.post(f"{hub.path}/cases", body, by=self.presenter)
        assert made.status == 201, made.text
        self.path = f"{hub.path}/cases/{made.json['id']}"

    def write(self, **more: Any) -> Reply:
        etag = {"If-Match": self.world.get(self.path, by=self.presenter).etag}
        return self.world.put(self.path, {**WHOLE, **more}, by=self.presenter, headers=etag)

    def move(self, move: str, by: str, **more: Any) -> Reply:
        self.world.pass_time(seconds=1)
        return self.world.post(f"{self.path}/moves", {"move": move, **more}, by=by)

    def done(self, move: str, by: str, **more: Any) -> Any:
        reply = self.move(move, by, **more)
        assert reply.status == 200, reply.text
        return reply.json

    def approved(self) -> None:
        assert self.write().status == 200
        self.done("submit", self.presenter)
        self.done("approve", self.expert)

    def discussed(self) -> None:
        """Talk about it to its end."""
        self.approved()
        session = self.hub.plan().rpartition("/")[2]
        self.done("schedule", self.facilitator, session_id=session)
        self.world.at = BEGINS
        for _ in range(6):
            told = self.done("step", self.facilitator)
        assert told["state"] == "discussed"


@pytest.fixture
def talk(hub: Hub) -> Talk:
    return Talk(hub)


def test_the_forms_are_of_specialties_that_there_are() -> None:
    assert all(codes.specialty(slug) for slug in OF_SPECIALTY)
    assert not {one for some in OF_SPECIALTY.values() for one in some} & set(GENERAL)


def test_a_case_from_the_form_to_what_came_of_it(talk: Talk) -> None:
    world = talk.world
    talk.discussed()
    told = world.get(talk.path, by=talk.facilitator).json
    due = world.at + timedelta(days=3)
    assert told["due_at"] == due.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    (news,) = world.messages(service.RECOMMENDATIONS_NEAR)
    assert news.due_at == due - timedelta(days=1)
    world.at = news.due_at
    world.follow_up()
    reminders = world.messages(service.RECOMMENDATIONS_DUE)
    told_of_it = {one.payload["recipient"] for one in reminders}
    assert told_of_it == {talk.hub.owner, talk.facilitator, talk.expert}
    assert talk.move("sign", talk.expert, text="x", follow_up_on="2027-01-06").status == 403
    signed = talk.done("sign", talk.facilitator, text="Start furosemide.", follow_up_on="2027-01-06")
    assert (signed["signed_by"], signed["recommendations"]) == (talk.facilitator, "Start furosemide.")
    assert notifications.deliver(reminders[0].id, world.at) == "moot", "it is signed"
    news = world.messages(service.CASE_NEWS)
    (asked,) = [one for one in outbox.due(world.at + timedelta(days=60)) if one.payload.get("asks_outcome")]
    # Eight in the morning on Nairobi's clock.
    assert asked.due_at == datetime(2027, 1, 6, 5, tzinfo=UTC)
    assert asked not in news, "it is weeks away"
    ended = talk.done("follow_up", talk.presenter, outcome="better", text="She walks again.")
    assert notifications.deliver(asked.id, asked.due_at) == "moot", "it is said"
    assert (ended["state"], ended["outcome"]) == ("followed_up", "better")


def test_its_presenter_is_written_to_of_each_state_that_concerns_them(talk: Talk) -> None:
    talk.discussed()
    talk.done("sign", talk.facilitator, text="x", follow_up_on="2027-01-06")
    mails = talk.world.messages(service.CASE_NEWS)
    assert [one.payload["state"] for one in mails] == ["approved", "scheduled", "answered"]
    assert {one.payload["recipient"] for one in mails} == {talk.presenter}
    assert [notifications.deliver(one.id, talk.world.at) for one in mails] == ["moot", "moot", "sent"]


def test_a_case_is_asked_of_somebody_who_is_written_to(hub: Hub) -> None:
    amina, guest = hub.has(), hub.has(SeriesRole.GUEST)
    body = {"title": "x", "specialty": "cardiology", "presenter_id": amina}
    assert hub.world.post(f"{hub.path}/cases", body, by=hub.has()).status == 403
    assert hub.world.post(f"{hub.path}/cases", {**body, "presenter_id": guest}, by=hub.owner).status == 422
    assert hub.world.post(f"{hub.path}/cases", {**body, "specialty": "none"}, by=hub.owner).status == 422
    made = hub.world.post(f"{hub.path}/cases", body, by=hub.owner)
    assert (made.status, made.json["state"], made.json["form"][-1]) == (201, "assigned", "heart")
    (mail,) = hub.world.messages(service.CASE_NEWS)
    assert notifications.deliver(mail.id, hub.world.at) == "sent"


# What identifies.


def test_a_case_with_a_patient_s_name_is_not_handed_in_and_the_answer_does_not_repeat_it(talk: Talk) -> None:
    sections = {**WHOLE["sections"], "history": "Mrs Achieng was seen on 3 March."}
    written = talk.write(sections=sections).json
    assert [(one["field"], one["trace"], one["is_certain"]) for one in written["traces"]] == [
        ("/sections/history", "name", True), ("/sections/history", "date", True),
    ]  # fmt: skip
    refused = talk.move("submit", talk.presenter)
    assert (refused.status, code(refused)) == (422, "case-identifies")
    assert [one["pointer"] for one in refused.json["errors"]] == ["/sections/history"] * 2
    assert "Achieng" not in refused.text
    talk.write()
    talk.done("submit", talk.presenter)


def test_what_may_identify_is_shown_to_who_reviews_and_to_nobody_else(talk: Talk) -> None:
    sections = {**WHOLE["sections"], "investigations": "Platelets 150000"}
    talk.write(sections=sections)
    talk.done("submit", talk.presenter)
    (seen,) = talk.world.get(talk.path, by=talk.expert).json["traces"]
    assert (seen["trace"], seen["is_certain"]) == ("number", False)
    talk.done("approve", talk.expert)
    assert talk.world.get(talk.path, by=talk.member).json["traces"] is None


def test_a_form_that_is_not_whole_is_not_handed_in(talk: Talk) -> None:
    talk.write(age_band=None, sections={"summary": "Swollen legs."})
    refused = talk.move("submit", talk.presenter)
    assert {one["pointer"] for one in refused.json["errors"]} == {"/sections/question", "/age_band"}
    assert talk.write(sections={"growth": "x"}).status == 422, "a section of another specialty"


# Review.


def test_a_case_is_reviewed_by_somebody_else_and_returned_with_reasons(hub: Hub) -> None:
    expert = hub.has(SeriesRole.EXPERT)
    talk = Talk(hub)
    made = hub.world.post(f"{hub.path}/cases", {"title": "x", "specialty": "cardiology"}, by=expert).json
    own = f"{hub.path}/cases/{made['id']}"
    hub.world.put(own, WHOLE, by=expert, headers={"If-Match": '"1"'})
    hub.world.post(f"{own}/moves", {"move": "submit"}, by=expert)
    assert code(hub.world.post(f"{own}/moves", {"move": "approve"}, by=expert)) == "case-not-yours"
    talk.write()
    assert code(talk.move("submit", talk.expert)) == "case-not-yours"
    talk.done("submit", talk.presenter)
    assert talk.move("approve", talk.member).status == 404, "nobody reads it before it is reviewed"
    assert talk.move("return", talk.expert).status == 422, "without a reason"
    back = talk.done("return", talk.expert, reasons="Leave out the village.")
    assert (back["state"], back["reasons"]) == ("returned", "Leave out the village.")
    assert talk.write().status == 200
    again = talk.done("submit", talk.presenter)
    assert again["reasons"] is None
    assert code(talk.move("return", talk.presenter, reasons="x")) in ("case-not-yours", "series-role-refused")


def test_two_reviewers_at_once_decide_once(talk: Talk) -> None:
    talk.write()
    talk.done("submit", talk.presenter)
    etag = {"If-Match": talk.world.get(talk.path, by=talk.expert).etag}
    moves = f"{talk.path}/moves"
    assert talk.world.post(moves, {"move": "approve"}, by=talk.expert, headers=etag).status == 200
    late = talk.world.post(moves, {"move": "return", "reasons": "x"}, by=talk.facilitator, headers=etag)
    assert late.status == 412


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("move", [one for one in CaseMove if one is not CaseMove.STEP])
def test_a_move_that_is_not_in_the_table_is_refused(state: CaseState, move: CaseMove) -> None:
    case = Case("c", "s", "p", "cardiology", Form("t"), state)
    if (state, move) in MOVES:
        assert moved(case, move).state is MOVES[state, move]
    else:
        with pytest.raises(CaseNotSo):
            moved(case, move)


# In session.


def test_questions_come_before_advice_and_members_before_experts(talk: Talk) -> None:
    talk.approved()
    session = talk.hub.plan().rpartition("/")[2]
    assert code(talk.move("step", talk.facilitator)) == "case-state", "it has no session"
    talk.done("schedule", talk.facilitator, session_id=session)
    assert code(talk.move("step", talk.facilitator)) == "case-state", "its session is to come"
    talk.world.at = BEGINS
    said: list[str] = []
    for step, who in (
        ("present", []), ("summarise", []), ("clarify", [talk.member, talk.expert]), ("members", [talk.member]),
        ("experts", [talk.expert, talk.facilitator]),
    ):  # fmt: skip
        assert talk.done("step", talk.facilitator)["step"] == step
        for one in (talk.member, talk.expert, talk.facilitator):
            if step == "clarify" and one == talk.facilitator:
                continue
            reply = talk.move("say", one, text=f"{step} {one}")
            assert (reply.status == 200) is (one in who), (step, reply.text)
            said += [f"{step} {one}"] if reply.status == 200 else []
    assert talk.done("step", talk.facilitator)["state"] == "discussed"
    assert [one["text"] for one in talk.world.get(talk.path, by=talk.presenter).json["said"]] == said
    assert code(talk.move("say", talk.expert, text="late")) == "case-state"


def test_a_case_is_scheduled_for_a_session_that_is_to_come(talk: Talk) -> None:
    talk.approved()
    session = talk.hub.plan()
    assert talk.move("schedule", talk.facilitator).status == 422
    assert talk.move("schedule", talk.facilitator, session_id=talk.hub.id).status == 422
    talk.hub.move(session, "cancel")
    refused = talk.move("schedule", talk.facilitator, session_id=session.rpartition("/")[2])
    assert refused.status == 422
    assert talk.move("schedule", talk.member, session_id=session.rpartition("/")[2]).status == 403


def test_a_case_whose_session_is_cancelled_is_not_talked_about_and_can_be_moved_or_withdrawn(
    talk: Talk,
) -> None:
    talk.approved()
    first, second = (talk.hub.plan() for _ in range(2))
    talk.done("schedule", talk.facilitator, session_id=first.rpartition("/")[2])
    talk.hub.move(first, "cancel")
    talk.world.at = BEGINS
    assert code(talk.move("step", talk.facilitator)) == "case-state"
    talk.done("schedule", talk.facilitator, session_id=second.rpartition("/")[2])
    assert talk.done("withdraw", talk.presenter)["state"] == "withdrawn"


def test_what_is_said_written_and_told_afterwards_names_no_patient_either(talk: Talk) -> None:
    talk.discussed()
    text = "Mrs Achieng, MRN 12345: furosemide"
    refused = talk.move("sign", talk.facilitator, text=text, follow_up_on="2027-01-06")
    assert (refused.status, code(refused)) == (422, "case-identifies")
    assert [one["pointer"] for one in refused.json["errors"]] == ["/text", "/text"]
    assert talk.move("sign", talk.facilitator, text="Start it.", follow_up_on="9999-12-31").status == 422
    talk.done("sign", talk.facilitator, text="Start it.", follow_up_on="2027-01-06")
    told = talk.move("follow_up", talk.presenter, outcome="better", text="Call +254 712 345 678")
    assert code(told) == "case-identifies"


def test_recommendations_are_signed_with_a_day_to_come(talk: Talk) -> None:
    talk.discussed()
    for body in ({"text": "x"}, {"text": "x", "follow_up_on": "2026-12-02"}, {"follow_up_on": "2027-01-06"}):
        assert talk.move("sign", talk.facilitator, **body).status == 422
    talk.world.at = BEGINS
    assert talk.move("follow_up", talk.presenter, outcome="better").status == 409


# The bank.


def found(hub: Hub, by: str, **query: Any) -> list[str]:
    reply = hub.world.get(f"{hub.path}/cases", by=by, query=query)
    assert reply.status == 200, reply.text
    return [one["title"] for one in reply.json["items"]]


def test_the_bank_is_searched_by_state_specialty_and_words_by_those_entitled(talk: Talk) -> None:
    hub, title = talk.hub, WHOLE["title"]
    assert found(hub, talk.member) == [], "what was not approved is not there"
    assert found(hub, talk.presenter) == found(hub, talk.expert) == [title]
    talk.write(sections={**WHOLE["sections"], "summary": "Œdème des jambes, dyspnée."})
    talk.done("submit", talk.presenter)
    talk.done("approve", talk.expert)
    assert found(hub, talk.member, words="DYSPNEE jambes") == [title]
    assert found(hub, talk.member, words="dyspnée bras") == []
    assert found(hub, talk.member, state="approved", specialty="cardiology") == [title]
    assert found(hub, talk.member, specialty="paediatrics") == []
    guest = hub.has(SeriesRole.GUEST)
    assert hub.world.get(f"{hub.path}/cases", by=guest).status == 403
    assert hub.world.get(talk.path, by=guest).status == 403
