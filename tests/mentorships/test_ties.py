"""Whoever agrees on a mentorship is tied: from then on neither judges the other's credentials."""

import pytest

from chalicelib.organisations import store as organisations
from chalicelib.organisations.model import Membership, Rights, StaffRole
from chalicelib.platform.tables import Write
from tests.credentials.support import claim, reject, submitted, verify, want_more
from tests.mentorships.scene import Scene
from tests.mentorships.test_routes import answer
from tests.support.world import World

QUEUE = "/v1/admin/credentials"


def code(reply) -> str:
    return reply.json["type"].rpartition("/")[2]


def reviewing(world: World, organisation: str, person: str) -> list[Write]:
    roles = frozenset({StaffRole.REVIEWER})
    return [
        organisations.put_rights(Rights(person, roles={organisation: roles}), world.at),
        organisations.put_member(Membership(organisation, person, roles), world.at),
    ]


@pytest.mark.parametrize("word", [claim, verify, reject, want_more])
def test_nobody_decides_for_somebody_they_share_a_mentorship_with(scene: Scene, word) -> None:
    """The tie is written by the transaction in which the two agree."""
    world, mentor, mentee = scene.world, scene.mentor(), scene.mentee()
    world.write(*reviewing(world, scene.organisation, mentee))
    credential = submitted(world, mentor, organisation_id=scene.organisation)
    scene.match()
    for person in (mentee, mentor):
        answer(scene, "accept", person)
    assert code(word(world, credential, mentee)) == "shares-mentorship"
    nothing = world.post(f"{QUEUE}/claims", {"organisation_id": scene.organisation}, by=mentee)
    assert code(nothing) == "nothing-to-claim"
    assert word(world, credential, world.reviewer(scene.organisation)).status == 200
