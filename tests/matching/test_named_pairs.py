"""Pairs that coordinators name: seen to be of people of the programme when they are named."""

from typing import Any

import pytest

from chalicelib.kernel.ids import new_id
from tests.mentorships.scene import Scene, make_scene
from tests.support.world import Reply, World


@pytest.fixture
def scene(world: World) -> Scene:
    made = make_scene(world)
    made.mentor(), made.mentee()
    return made


def put(scene: Scene, etag: str = '"0"', **body: Any) -> Reply:
    path = scene.path("match-settings")
    return scene.world.put(path, body, by=scene.coordinator, headers={"If-Match": etag})


def named(mentee_id: str, mentor_id: str) -> dict[str, str]:
    return {"mentee_id": mentee_id, "mentor_id": mentor_id}


def wrong(answer: Reply) -> dict[str, str]:
    assert answer.status == 422, answer.text
    return {one["pointer"]: one["detail"] for one in answer.json["errors"]}


def test_every_wrong_pair_is_named_at_once_and_why(scene: Scene) -> None:
    (mentor,), (mentee,) = scene.mentors, scene.mentees
    outsider, nobody = scene.world.mentee(), new_id(scene.world.at)
    left = scene.mentee()
    path = scene.path(f"enrolments/{left}")
    assert scene.world.delete(path, by=left, query={"role": "mentee"}).status == 204
    found = wrong(
        put(
            scene,
            locked=[
                named(mentee, mentor),
                named(mentor, mentor),
                named(outsider, mentor),
                named(left, mentor),
            ],
            forbidden=[named(mentor, mentee), named(nobody, mentor), named(nobody, nobody)],
        )
    )
    assert found == {
        "/locked/1": "Nobody is their own mentor: name two people.",
        "/locked/2/mentee_id": f"{outsider} is no mentee of this programme.",
        "/locked/3/mentee_id": f"{left} is no mentee of this programme.",
        "/forbidden/0/mentee_id": f"{mentor} is a mentor here, and no mentee.",
        "/forbidden/0/mentor_id": f"{mentee} is a mentee here, and no mentor.",
        # Whether there is such a person is nobody's to learn.
        "/forbidden/1/mentee_id": f"{nobody} is no mentee of this programme.",
        "/forbidden/2": "Nobody is their own mentor: name two people.",
    }
    tried = {"locked": [named(mentee, mentee)]}
    refused = scene.world.post(
        scene.path("match-runs"), {"dry_run": True, "settings": tried}, by=scene.coordinator
    )
    assert set(wrong(refused)) == {"/settings/locked/0"}
    few = {"weights": {"topics": 2000}}
    refused = scene.world.post(
        scene.path("match-runs"), {"dry_run": True, "settings": few}, by=scene.coordinator
    )
    assert set(wrong(refused)) == {"/settings/weights/topics"}
    assert put(scene, locked=[named(mentee, mentor)]).status == 200


def test_somebody_on_both_sides_may_be_named_on_either(scene: Scene) -> None:
    (mentor,), (mentee,) = scene.mentors, scene.mentees
    scene.enrol(mentor, "mentee")
    second = scene.mentor()
    assert put(scene, locked=[named(mentor, second)], forbidden=[named(mentee, mentor)]).status == 200


def test_a_pair_stays_when_somebody_leaves_and_other_settings_can_be_changed(scene: Scene) -> None:
    (mentor,), (mentee,) = scene.mentors, scene.mentees
    kept = put(scene, locked=[named(mentee, mentor)])
    path = scene.path(f"enrolments/{mentee}")
    assert scene.world.delete(path, by=mentee, query={"role": "mentee"}).status == 204
    assert put(scene, kept.etag, locked=[named(mentee, mentor)], rounds=2).status == 200
    assert set(wrong(put(scene, '"2"', forbidden=[named(mentee, mentor)]))) == {"/forbidden/0/mentee_id"}


def test_as_many_pairs_as_may_be_named_are_looked_up_in_few_reads(scene: Scene) -> None:
    everyone = [named(new_id(scene.world.at), new_id(scene.world.at)) for _ in range(120)]
    with scene.world.counted() as calls:
        found = wrong(put(scene, forbidden=everyone))
        assert calls == ["BatchGetItem"] * 6  # the settings; 240 people, fifty a read
    assert len(found) == 240
