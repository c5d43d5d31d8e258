"""The nightly match, from people who enrol to a mentorship."""

from chalicelib.mentorships import jobs
from chalicelib.programmes.model import Side
from tests.mentorships.scene import fire, make_scene
from tests.support.world import World


def test_six_mentees_and_three_mentors_meet_overnight(world: World) -> None:
    scene = make_scene(world)
    for _ in range(3):
        scene.mentor(capacity=2)
    for n in range(6):
        scene.mentee(topics_sought=["heart failure"] if n % 2 else ["research methods"])
    fire(jobs.nightly_match)
    [message] = world.messages("match-run")
    assert scene.deliver(message.id) == {"batchItemFailures": []}

    run = scene.run(message.payload["run_id"])
    assert (run["status"], run["step"], run["trigger"]) == ("done", "published", "schedule")
    assert (run["mentees"], run["pairs"], run["pairs_published"], run["pairs_skipped"]) == (6, 6, 6, 0)
    assert run["report"]["pairs"] == 6
    assert set(scene.free().values()) == {0}

    mentee = scene.mentees[0]
    [proposal] = scene.proposals(mentee)
    assert proposal["status"] == "open"
    assert proposal["score"] == sum(one["points"] for one in proposal["contributions"]) > 0
    assert proposal["overlap"]["minutes_per_week"] >= 60
    assert {one["language"] for one in proposal["shared_languages"]} == {"en"}
    assert "@" not in str(proposal)
    mentor = proposal["mentor"]["person_id"]

    path = f"/v1/proposals/{proposal['id']}/accept"
    assert world.post(path, by=mentee).json["my_answer"] == "accepted"
    assert [one.payload["recipient"] for one in world.messages("proposal-accepted")] == [mentor]
    agreed = world.post(path, by=mentor)
    assert (agreed.status, agreed.json["status"]) == (200, "agreed")
    assert {one.payload["recipient"] for one in world.messages("proposal-agreed")} == {mentee, mentor}
    [mine] = world.get("/v1/me/mentorships", by=mentee).json["items"]
    [theirs] = world.get("/v1/me/mentorships", by=mentor).json["items"]
    assert mine == theirs
    assert mine["id"] == agreed.json["mentorship_id"]
    assert scene.enrolment(mentee, Side.MENTEE).free == 0

    # The others let the time pass; the next night sees what was released, and keeps the mentorship.
    world.pass_time(days=7)
    fire(jobs.expire_proposals)
    assert sum(scene.free().values()) == 10
    fire(jobs.nightly_match)
    *_, later = world.messages("match-run")
    scene.deliver(later.id)
    assert scene.run(later.payload["run_id"])["pairs_published"] == 5
    assert scene.enrolment(mentee, Side.MENTEE).free == 0
