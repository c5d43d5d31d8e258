"""An organisation keeps a coordinator, whoever goes and whenever."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.organisations import store
from chalicelib.organisations.model import Membership, Rights, StaffRole
from chalicelib.platform import tables
from tests.support.world import Reply, World


def path(organisation: str, person: str) -> str:
    return f"/v1/organisations/{organisation}/members/{person}"


def coordinators(world: World, organisation: str) -> set[str]:
    members = world.get(f"/v1/organisations/{organisation}/members", by=world.admin()).json["items"]
    listed = {one["person_id"] for one in members if "coordinator" in one["roles"]}
    for person in listed:
        assert store.get_rights(person).has(organisation, StaffRole.COORDINATOR)
    return listed


WAYS: dict[str, Callable[[World, str, str, str], Reply]] = {
    "taken away": lambda world, organisation, person, by: world.delete(path(organisation, person), by=by),
    "made a reviewer": lambda world, organisation, person, by: world.put(
        path(organisation, person), {"roles": ["reviewer"]}, by=by
    ),
}


@pytest.fixture(params=WAYS)
def leave(request: pytest.FixtureRequest, world: World) -> Callable[[str, str, str], Reply]:
    """Take a person's coordinator role in an organisation, by somebody."""
    return lambda organisation, person, by: WAYS[request.param](world, organisation, person, by)


def test_the_last_one_cannot_go(world: World, leave: Any) -> None:
    organisation = world.organisation()
    last = world.coordinator(organisation)
    world.reviewer(organisation)
    world.coordinator(world.organisation("Another"))
    refused = leave(organisation, last, last)
    assert refused.status == 409
    assert refused.json["type"].endswith("/last-coordinator")
    assert "coordinator first" in refused.json["detail"]
    assert coordinators(world, organisation) == {last}


def test_one_of_two_can(world: World, leave: Any) -> None:
    organisation = world.organisation()
    first, second = world.coordinator(organisation), world.coordinator(organisation)
    assert leave(organisation, first, first).status in (200, 204)
    assert coordinators(world, organisation) == {second}
    assert leave(organisation, second, second).status == 409


def test_the_last_one_can_become_both(world: World) -> None:
    organisation = world.organisation()
    last = world.coordinator(organisation)
    reply = world.put(path(organisation, last), {"roles": ["coordinator", "reviewer"]}, by=last)
    assert reply.json["roles"] == ["coordinator", "reviewer"]


def test_an_admin_may_leave_an_organisation_without(world: World, leave: Any) -> None:
    organisation = world.organisation()
    last = world.coordinator(organisation)
    assert leave(organisation, last, world.admin()).status in (200, 204)
    assert coordinators(world, organisation) == set()


def test_an_admin_who_is_the_last_one_may_go(world: World, leave: Any) -> None:
    organisation = world.organisation()
    admin = world.admin()
    roles = frozenset({StaffRole.COORDINATOR})
    world.write(
        store.put_rights(Rights(admin, True, {organisation: roles}, world.at, 1), world.at),
        store.put_member(Membership(organisation, admin, roles), world.at),
    )
    assert leave(organisation, admin, admin).status in (200, 204)


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Act once between the next request's reads and its transaction."""
    plain = tables.transact
    waiting = [act]

    def transact(*args: Any, **how: Any) -> None:
        if waiting:
            waiting.pop()()
        plain(*args, **how)

    monkeypatch.setattr(tables, "transact", transact)


RACES = {
    "each takes the other's": lambda a, b: ((b, a), (a, b)),
    "each takes their own": lambda a, b: ((a, a), (b, b)),
    "one takes both": lambda a, b: ((a, a), (b, a)),
    "one goes and is taken": lambda a, b: ((a, a), (a, b)),
}


@pytest.mark.parametrize("race", RACES)
def test_two_who_go_at_the_same_moment_leave_one(
    world: World, leave: Any, monkeypatch: pytest.MonkeyPatch, race: str
) -> None:
    organisation = world.organisation()
    a, b = world.coordinator(organisation), world.coordinator(organisation)
    (late, late_by), (early, early_by) = RACES[race](a, b)
    replies: list[Reply] = []
    meanwhile(monkeypatch, lambda: replies.append(leave(organisation, early, early_by)))
    replies.append(leave(organisation, late, late_by))
    assert sorted(reply.status < 300 for reply in replies) == [False, True]
    refused = next(reply for reply in replies if reply.status >= 300)
    assert refused.status in (409, 412)
    assert len(coordinators(world, organisation)) == 1


def test_a_ring_of_coordinators_keeps_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each goes relying on the one before, who is going too."""
    organisation = world.organisation()
    ring = [world.coordinator(organisation) for _ in range(4)]
    others = dict(pairwise([*ring, ring[0]]))
    monkeypatch.setattr(store, "another_coordinator", lambda _organisation, than: others[than])
    statuses = [world.delete(path(organisation, one), by=one).status for one in ring]
    assert statuses == [204, 204, 204, 409]
    assert coordinators(world, organisation) == {ring[-1]}
