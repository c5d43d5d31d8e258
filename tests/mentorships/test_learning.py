"""The month's lesson: from what pairs answered, months ago, to weights that a coordinator puts in force."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.kernel.errors import StaleVersion
from chalicelib.kernel.ids import new_id
from chalicelib.matching import proposing
from chalicelib.matching.model import CRITERIA, Criterion
from chalicelib.mentorships import jobs, learning, outcome_store
from chalicelib.mentorships.model import Source
from chalicelib.mentorships.outcomes import Ending, Outcome
from chalicelib.platform.aws import client
from tests.matching.lessons_data import examples
from tests.mentorships.scene import Scene, fire, make_scene
from tests.mentorships.state import State, crash_points
from tests.support.lambda_context import LambdaContext
from tests.support.world import Reply, World

EFFECTS = {Criterion.TOPICS: 0.5, Criterion.GOALS: 6.0, Criterion.OVERLAP: 2.0}
USED = {"topics": 60, "goals": 20, "overlap": 20}
MORNING = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)


def learn(context: LambdaContext | None = None) -> None:
    """Fire the schedule as EventBridge does."""
    event = {
        "version": "0", "id": "e", "account": "1", "region": "eu-west-1", "time": "2026-12-01T04:00:00Z",
        "resources": [], "source": "aws.events", "detail-type": "Scheduled Event", "detail": {},
    }  # fmt: skip
    jobs.learn_weights(event, context or LambdaContext())


def proposals(scene: Scene) -> list[dict[str, Any]]:
    answer = scene.world.get(scene.path("weight-proposals"), by=scene.coordinator)
    assert answer.status == 200, answer.text
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def decide(scene: Scene, proposal_id: str, how: str, **more: Any) -> Reply:
    return scene.world.post(scene.path(f"weight-proposals/{proposal_id}/{how}"), by=scene.coordinator, **more)


def settings(scene: Scene) -> Reply:
    return scene.world.get(scene.path("match-settings"), by=scene.coordinator)


def set_weights(scene: Scene, weights: dict[str, float], **more: Any) -> None:
    whole = {one.value: weights.get(one.value, 0) for one in CRITERIA}
    answer = scene.world.put(
        scene.path("match-settings"), {"weights": whole, **more}, by=scene.coordinator,
        headers={"If-Match": settings(scene).etag},
    )  # fmt: skip
    assert answer.status == 200, answer.text


def known(scene: Scene, number: int = 300, seed: int = 1) -> None:
    """Keep outcomes that speak for weights other than the programme's."""
    at = scene.world.at - timedelta(days=120)
    outcomes = [
        Outcome(
            one.pair, one.pair, Source.RUN, Ending.GOING if one.good else Ending.DECLINED, at, at, at,
            run_id="r", values=one.values, mentee_accepted=one.good, mentor_accepted=one.good,
        )
        for one in examples(seed, number, EFFECTS)
    ]  # fmt: skip
    for one in outcomes:
        # One by one: moto copies every table for a transaction.
        client("dynamodb").put_item(**outcome_store.put_outcome(scene.programme, one, at).request())


@pytest.fixture
def taught(scene: Scene) -> Scene:
    """A programme of three criteria whose outcomes speak for other weights, on the first of a month."""
    scene.world.at = MORNING
    set_weights(scene, USED)
    known(scene)
    return scene


def answered(world: World) -> Scene:
    """A programme in which one pair agreed, one was declined, one was not answered, and one mentee left."""
    scene = make_scene(world)
    for _ in range(4):
        scene.mentor(capacity=1)
        scene.mentee()
    scene.match()
    yes, no, _, left = scene.mentees
    [agreed], [declined] = scene.proposals(yes), scene.proposals(no)
    mentor = agreed["mentor"]["person_id"]
    for person in (yes, mentor):
        assert world.post(f"/v1/proposals/{agreed['id']}/accept", by=person).status == 200
    body = {"reason": "other_field", "text": "Canary words"}
    assert world.post(f"/v1/proposals/{declined['id']}/decline", body, by=no).status == 200
    path = f"/v1/programmes/{scene.programme}/enrolments/{left}"
    assert world.delete(path, by=left, query={"role": "mentee"}).status == 204
    world.follow_up()
    world.pass_time(days=8)
    fire(jobs.expire_proposals)
    return scene


def test_what_people_answered_becomes_rows_ninety_days_later(world: World) -> None:
    scene = answered(world)
    learn()
    assert list(outcome_store.outcomes_of(scene.programme)) == []
    (first,) = proposals(scene)
    assert first["status"] == "too_little_data"
    assert first["evidence"]["young"] == 4

    world.pass_time(days=89)
    learn()
    found = {one.ending: one for one in outcome_store.outcomes_of(scene.programme)}
    assert set(found) == {Ending.GOING, Ending.DECLINED, Ending.EXPIRED, Ending.LEFT}
    newest = proposals(scene)[0]
    assert newest["evidence"] == {
        "good": 1, "others": 2, "needed": 100, "missing_good": 99, "missing_others": 98, "unusable": 1, "young": 0,
        "rated": 0,
    }  # fmt: skip
    assert newest["status"] == "too_little_data"
    assert all(one["proposed"] is None for one in newest["criteria"])
    # The values are those that earned the points.
    [proposal] = scene.proposals(scene.mentees[0])
    for one in proposal["contributions"]:
        weight = {c["criterion"]: c["present"] for c in newest["criteria"]}[one["criterion"]] * 10_000
        assert found[Ending.GOING].values[Criterion(one["criterion"])] * weight == pytest.approx(
            one["points"], abs=1
        )


def test_kept_rows_hold_nobodys_name_words_or_id(world: World) -> None:
    scene = answered(world)
    world.pass_time(days=98)
    learn()
    items = [row for name, rows in State().told().items() if name != "files" for row in rows]
    told = [item for item in items if "OUTCOME#" in item or "WEIGHTS#" in item or "LABELLED" in item]
    assert len(told) == 4 + 1 + 1
    for hidden in (*scene.mentees, *scene.mentors, "Otieno", "Tremblay", "Canary"):
        assert not [one for one in told if hidden in one]


def test_a_pair_is_not_labelled_a_moment_too_early(world: World) -> None:
    scene = answered(world)
    world.pass_time(days=89, minutes=-1)
    learn()
    assert len(list(outcome_store.outcomes_of(scene.programme))) == 0
    assert proposals(scene)[0]["evidence"]["young"] == 4


def test_a_coordinator_accepts_and_the_next_run_follows(taught: Scene) -> None:
    before = settings(taught)
    learn()
    (found,) = proposals(taught)
    assert found["status"] == "open"
    assert settings(taught).text == before.text, "nothing changes by itself"
    assert settings(taught).etag == before.etag
    goals = next(one for one in found["criteria"] if one["criterion"] == "goals")
    assert goals["low"] > goals["present"] == 20
    assert found["proposed_quality"]["auc"] > found["present_quality"]["auc"]

    answer = decide(taught, found["id"], "accept")
    assert answer.status == 200, answer.text
    assert answer.json["status"] == "accepted"
    proposed = {
        one["criterion"]: one["present"] if one["proposed"] is None else one["proposed"]
        for one in found["criteria"]
    }
    assert settings(taught).json["weights"] == proposed
    path = taught.path("match-settings/history")
    newest = taught.world.get(path, by=taught.coordinator).json["items"][0]
    assert newest["settings"]["weights"] == proposed
    assert newest["weight_proposal_id"] is not None
    assert newest["changed_by"]["person_id"] == taught.coordinator
    assert all(one.startswith("/weights/") for one in newest["changed"])
    assert sum(proposed.values()) == pytest.approx(100)
    taught.mentor()
    taught.mentee()
    report = taught.run(taught.match())["report"]
    weights = {one["criterion"]: one["points"] for one in report["weights"]}
    assert weights["goals"] == pytest.approx(proposed["goals"] * 10_000, abs=1)


def test_accepting_again_does_nothing_and_nothing_else_is_changed(taught: Scene) -> None:
    set_weights(taught, USED, min_overlap_minutes=90)
    learn()
    (found,) = proposals(taught)
    assert decide(taught, found["id"], "accept").status == 200
    after = State().told()
    assert decide(taught, found["id"], "accept").json["status"] == "accepted"
    assert State().told() == after
    assert settings(taught).json["min_overlap_minutes"] == 90
    assert decide(taught, found["id"], "dismiss").json["type"].endswith("weights-not-open")


def test_weights_that_were_changed_meanwhile_are_not_overwritten(taught: Scene) -> None:
    learn()
    (found,) = proposals(taught)
    set_weights(taught, {**USED, "topics": 50})
    before = State().told()
    refused = decide(taught, found["id"], "accept")
    assert refused.status == 409
    assert refused.json["type"].endswith("weights-changed")
    assert State().told() == before
    assert decide(taught, found["id"], "dismiss").json["status"] == "dismissed"


def test_settings_that_change_at_the_same_moment_win(taught: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    learn()
    (found,) = proposals(taught)
    real = proposing._read

    def slow(*args: Any) -> Any:
        read = real(*args)
        set_weights(taught, {**USED, "topics": 50})
        return read

    with monkeypatch.context() as patch:
        patch.setattr(proposing, "_read", slow)
        with pytest.raises(StaleVersion):
            proposing.accept_weights(taught.world.call(taught.coordinator), taught.programme, found["id"])
    assert settings(taught).json["weights"]["topics"] == 50
    assert proposals(taught)[0]["status"] == "open"


def test_other_settings_may_have_changed_meanwhile(taught: Scene) -> None:
    learn()
    (found,) = proposals(taught)
    set_weights(taught, USED, weeks=8)
    assert decide(taught, found["id"], "accept").status == 200
    assert settings(taught).json["weeks"] == 8


def test_what_proposes_nothing_cannot_be_accepted(scene: Scene) -> None:
    learn()
    (found,) = proposals(scene)
    assert found["status"] == "too_little_data"
    for how in ("accept", "dismiss"):
        refused = decide(scene, found["id"], how)
        assert refused.status == 409
        assert refused.json["type"].endswith("weights-not-open")
    assert decide(scene, new_id(scene.world.at), "accept").status == 404


def test_a_month_has_one_lesson_and_the_next_takes_its_place(taught: Scene) -> None:
    learn()
    once = State().told()
    taught.world.pass_time(days=20)
    learn()
    assert State().told() == once
    taught.world.pass_time(days=11)
    learn()
    newer, older = proposals(taught)
    assert (newer["status"], older["status"]) == ("open", "superseded")
    assert newer["id"] > older["id"]
    assert decide(taught, older["id"], "accept").status == 409
    page = taught.world.get(taught.path("weight-proposals"), by=taught.coordinator, query={"limit": 1}).json
    assert [one["id"] for one in page["items"]] == [newer["id"]]
    rest = taught.world.get(
        taught.path("weight-proposals"), by=taught.coordinator, query={"limit": 1, "cursor": page["next"]}
    ).json
    assert [one["id"] for one in rest["items"]] == [older["id"]]


def test_the_month_killed_at_any_write_and_done_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = answered(world)
    second = make_scene(world)
    world.pass_time(days=98)
    monkeypatch.setattr(learning, "_PART", 3)
    start = State()
    learn()
    whole = State().told()
    assert len(list(outcome_store.outcomes_of(scene.programme))) == 4
    assert len(proposals(scene)) == len(proposals(second)) == 1
    points = 0
    for point in crash_points(monkeypatch, learn, start):
        learn()
        assert State().told() == whole, point
        points += 1
    assert points == 2 + 2 + 1


def test_one_programmes_failure_leaves_the_others_theirs_and_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenes = [make_scene(world) for _ in range(3)]
    real = learning.learn_programme

    def failing(call: Any, programme_id: str) -> None:
        if programme_id == scenes[1].programme:
            raise StaleVersion
        real(call, programme_id)

    with monkeypatch.context() as patch:
        patch.setattr(learning, "learn_programme", failing)
        with pytest.raises(Exception, match="SomeFailed"):
            learn()
    assert [len(proposals(one)) for one in scenes] == [1, 0, 1]
    learn()
    assert [len(proposals(one)) for one in scenes] == [1, 1, 1]


def test_without_time_no_programme_is_begun_and_the_event_comes_again(world: World) -> None:
    scene = make_scene(world)
    with pytest.raises(Exception, match="SomeFailed"):
        learn(LambdaContext(milliseconds_left=60_000))
    assert proposals(scene) == []
    learn()
    assert len(proposals(scene)) == 1


def test_the_newest_outcomes_are_learnt_from(taught: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MAX_OUTCOMES", 50)
    learn()
    evidence = proposals(taught)[0]["evidence"]
    assert evidence["good"] + evidence["others"] == 50
