"""Coordinators are told when cases pass their target, and weekly of what still waits."""

from itertools import pairwise

from chalicelib.credentials.overdue import tell_overdue
from tests.credentials.support import submitted, verify
from tests.support.world import World


def told(world: World) -> list[tuple[str, int]]:
    return [(one.payload["recipient"], one.payload["fresh"]) for one in world.messages("reviews-overdue")]


def test_what_still_waits_is_told_again_each_week(world: World) -> None:
    organisation = world.organisation()
    world.coordinator(organisation)
    cases = [submitted(world, world.person()) for _ in range(2)]
    world.pass_time(days=14, seconds=1)
    mails = []
    for _ in range(30):
        if tell_overdue(world.at):
            mails.append(world.at)
        world.pass_time(days=1)
    assert [(after - before).days for before, after in pairwise(mails)] == [7, 7, 7, 7]
    assert [one.payload["fresh"] for one in world.messages("reviews-overdue")] == [2, 0, 0, 0, 0]
    assert {one.payload["waiting"] for one in world.messages("reviews-overdue")} == {2}
    for case in cases:
        assert verify(world, case, world.reviewer(organisation)).status == 200
    world.pass_time(days=30)
    assert tell_overdue(world.at) == 0, "nothing waits"


def test_each_breach_is_told_once_to_every_coordinator(world: World) -> None:
    organisation = world.organisation()
    both = {world.coordinator(organisation), world.coordinator(organisation)}
    world.reviewer(organisation)
    submitted(world, world.person())
    assert tell_overdue(world.at) == 0
    world.pass_time(days=13)
    submitted(world, world.person())
    world.pass_time(days=1, seconds=1)
    assert tell_overdue(world.at) == 1
    assert sorted(told(world)) == sorted((one, 1) for one in both)
    world.pass_time(days=1)
    assert tell_overdue(world.at) == 0, "nothing has come since"
    assert len(told(world)) == 2


def test_a_missed_turn_is_caught_up_and_what_was_decided_is_not_told(world: World) -> None:
    organisation = world.organisation()
    coordinator, reviewer = world.coordinator(organisation), world.reviewer(organisation)
    submitted(world, world.person())
    world.pass_time(days=15)
    assert tell_overdue(world.at) == 1
    cases = [submitted(world, world.person()) for _ in range(3)]
    world.pass_time(days=40)
    assert verify(world, cases[0], reviewer).status == 200
    assert tell_overdue(world.at) == 1
    assert sorted(told(world)) == [(coordinator, 1), (coordinator, 2)]


def test_a_turn_that_comes_twice_writes_once(world: World) -> None:
    organisation = world.organisation()
    world.coordinator(organisation)
    submitted(world, world.person())
    world.pass_time(days=15)
    assert [tell_overdue(world.at) for _ in range(2)] == [1, 0]
    assert len(told(world)) == 1


def test_an_organisation_without_coordinators_is_told_nothing(world: World) -> None:
    world.organisation()
    submitted(world, world.person())
    world.pass_time(days=15)
    assert tell_overdue(world.at) == 1
    assert told(world) == []
