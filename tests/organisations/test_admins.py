"""Nobody becomes an admin unseen."""

from chalicelib.notifications import service as notifications
from chalicelib.organisations import service as organisations
from tests.support.world import World


def make(world: World, person: str, by: str, *, admin: bool = True) -> None:
    reply = world.put(f"/v1/admin/people/{person}/admin", {"admin": admin}, by=by)
    assert reply.status == 200, reply.text


def test_all_admins_are_told_that_there_is_another(world: World) -> None:
    first, second, person = world.admin(), world.admin(), world.mentor()
    make(world, person, by=first)
    make(world, person, by=first)
    told = world.messages(organisations.ADMIN_ADDED)
    assert sorted(one.payload["recipient"] for one in told) == sorted([first, second]), (
        "once, and not the new one"
    )
    assert {(one.payload["person_id"], one.payload["by"]) for one in told} == {(person, first)}
    assert notifications.deliver(told[0].id, world.at) == "sent"
    world.pass_time(minutes=1)
    make(world, person, by=second, admin=False)
    assert notifications.deliver(told[1].id, world.at) == "moot", "it has been taken back"
