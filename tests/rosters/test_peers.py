"""A list of people for a programme of peers."""

from chalicelib.programmes.model import PairKind, Side
from tests.rosters.conftest import make_rosters, person
from tests.support.world import World


def test_whomever_a_list_calls_what_they_are_peers_in_one_place(world: World) -> None:
    rosters = make_rosters(world, kind=PairKind.PEER)
    rows = (person(1, role="mentor", capacity="3"), person(2, role="mentee"))
    done = rosters.run(*rows, role=None)
    assert rosters.problems(done) == []
    assert len(rosters.enrolments(Side.MENTOR)) == 2
    assert rosters.enrolments(Side.MENTEE) == {}
    listed = world.get(f"/v1/programmes/{rosters.programme}/enrolments", by=rosters.coordinator).json["items"]
    assert [one["role"] for one in listed] == ["peer", "peer"]
