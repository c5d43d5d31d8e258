"""Self-assessments over HTTP: whose they are, who reads them, and what goals come of them."""

from datetime import timedelta
from typing import Any

from chalicelib.mentorships.reflections.model import FINAL_TIME
from chalicelib.people import service as people
from tests.mentorships.goals.pair import Pair, code
from tests.mentorships.reflections.test_reflections import end
from tests.support.world import Reply

TOPICS: list[dict[str, Any]] = [
    {"topic": "hand hygiene audits", "confidence": 2, "standing": "gap", "wants_to_grow": True},
    {"topic": "triage", "confidence": 4, "standing": "strength", "wants_to_grow": False},
]


def path(pair: Pair, moment: str = "") -> str:
    return f"/v1/mentorships/{pair.id}/self-assessments" + (f"/{moment}" if moment else "")


def assess(pair: Pair, moment: str = "start", by: str | None = None, **fields: Any) -> Reply:
    return pair.world.put(path(pair, moment), {"topics": TOPICS, **fields}, by=by or pair.mentee)


def read(pair: Pair, by: str) -> Any:
    reply = pair.world.get(path(pair), by=by)
    assert reply.status == 200, reply.text
    return reply.json


def level(confidence: int) -> list[dict[str, Any]]:
    return [{**TOPICS[0], "confidence": confidence}]


def test_it_is_the_writers_alone_until_it_is_shared(pair: Pair) -> None:
    assert assess(pair).status == 200
    assert len(read(pair, pair.mentee)["mine"]["moments"]) == 1
    assert read(pair, pair.mentor)["theirs"]["moments"] == []
    assert assess(pair, shared=True).status == 200
    seen = read(pair, pair.mentor)
    assert seen["theirs"]["growth"][0] == {
        "topic": "hand hygiene audits", "start": 2, "middle": None, "end": None, "change": None
    }  # fmt: skip
    assert (seen["mine"]["moments"], seen["drafts"]) == ([], []), "drafts are for whose gaps they are"
    for other in (pair.coordinator, pair.world.admin(), pair.world.mentee()):
        assert pair.world.get(path(pair), by=other).status == 404
    assert code(assess(pair, by=pair.mentor)) == "not-assessed"


def test_a_gap_is_made_a_goal_as_it_was_drafted(pair: Pair) -> None:
    assert pair.world.patch("/v1/me", {"locale": "fr"}, by=pair.mentee).status == 200
    assess(pair)
    (draft,) = read(pair, pair.mentee)["drafts"]
    assert draft["title"] == "Gagner en assurance\u00a0: hand hygiene audits"
    assert (draft["measure"]["baseline"], draft["measure"]["target"]) == (2.0, 4.0)
    made = pair.world.post(pair.path(), draft, by=pair.mentee)
    assert made.status == 201, made.text
    lacks = {one["code"] for one in made.json["words"]["findings"]}
    assert not lacks & {"title_too_short", "no_measure", "no_unit", "no_baseline", "no_target"}


def test_what_something_later_is_compared_with_stays(pair: Pair) -> None:
    assess(pair, "start", topics=level(1), shared=True)
    assert assess(pair, "start", topics=level(2), shared=True).status == 200, "until then it can be put right"
    assess(pair, "middle", topics=level(3))
    assert code(assess(pair, "start", topics=level(1))) == "assessment-settled"
    hidden = assess(pair, "start", topics=level(2))
    assert (hidden.status, hidden.json["shared"]) == (200, False), (
        "taken back from the mentor's eyes at any time"
    )
    assert read(pair, pair.mentor)["theirs"]["moments"] == []
    assert code(assess(pair, "start", topics=level(2), shared=True)) == "assessment-settled"
    assess(pair, "end", topics=level(5))
    (grown,) = read(pair, pair.mentee)["mine"]["growth"]
    assert [grown[name] for name in ("start", "middle", "end", "change")] == [2, 3, 5, 3]
    assert pair.world.delete(path(pair, "start"), by=pair.mentee).status == 204
    assert pair.world.delete(path(pair, "start"), by=pair.mentee).status == 404


def test_after_the_end_only_that_of_the_end_is_written_and_for_sixty_days(pair: Pair) -> None:
    end(pair, closed=True)
    assert code(assess(pair, "middle")) == "assessment-settled"
    pair.world.at += FINAL_TIME - timedelta(seconds=1)
    assert assess(pair, "end", shared=True).status == 200
    pair.world.at += timedelta(seconds=1)
    assert code(assess(pair, "end", topics=level(3))) == "assessment-settled"
    assert assess(pair, "end").json["shared"] is False


def test_who_has_blocked_the_other_sees_none_of_theirs(pair: Pair) -> None:
    people.block(pair.world.call(pair.mentor), pair.mentee)
    assert assess(pair, shared=True).json["shared"], "the other is not told"
    assert read(pair, pair.mentor)["theirs"]["moments"] == []
    people.unblock(pair.world.call(pair.mentor), pair.mentee)
    assert read(pair, pair.mentor)["theirs"]["moments"] != []


def test_bad_input_is_told_by_its_place(pair: Pair) -> None:
    def pointers(reply: Reply) -> list[str]:
        assert reply.status == 422, reply.text
        return [one["pointer"] for one in reply.json["errors"]]

    assert pointers(assess(pair, topics=level(6))) == ["/topics/0/confidence"]
    assert pointers(assess(pair, topics=[])) == ["/topics"]
    twice = [TOPICS[0], {**TOPICS[0], "topic": "Hand  Hygiene audits"}]
    assert pointers(assess(pair, topics=twice)) == ["/topics/1/topic"]
    assert assess(pair, "soon").status == 404
    stale = {"If-Match": '"7"'}
    assert (
        pair.world.put(path(pair, "start"), {"topics": TOPICS}, by=pair.mentee, headers=stale).status == 412
    )
