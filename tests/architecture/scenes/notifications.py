"""Scenes of a person's mails and of mails in doubt."""

from datetime import timedelta
from typing import Any

from chalicelib.notifications import choosing, service, stops
from chalicelib.notifications.model import Kind, tag_of
from chalicelib.people import service as people
from chalicelib.people.model import MailStopReason
from chalicelib.platform import outbox
from chalicelib.platform.outbox import Topic
from tests.architecture.scenes import Others, scene, somebody
from tests.support.world import World

PREFERENCES = "/v1/me/mail-preferences"
LINK = "/v1/unsubscribe/{token}"
DOUBT = "/v1/admin/mails-in-doubt/{mail}"
CHOSEN: dict[str, Any] = {
    "kinds": [{"kind": "goal-due", "frequency": "off"}],
    "quiet_hours": {"start": "22:00", "end": "06:30"},
}


@scene("GET", PREFERENCES)
def read(world: World) -> dict[str, Any]:
    return {"by": somebody(world)}


@scene("PUT", PREFERENCES)
def choose(world: World) -> dict[str, Any]:
    return {"by": somebody(world), "body": CHOSEN, "headers": {"If-Match": '"0"'}}


@scene("POST", PREFERENCES + "/resume")
def resume(world: World) -> dict[str, Any]:
    person = somebody(world)
    unwanted(world, person)
    return {"by": person, "body": {"wanted": True}, "hand_over": unwanted}


def unwanted(world: World, person_id: str) -> None:
    """Have somebody's provider tell that our mails are unwanted."""
    person = people.get_person(person_id)
    assert person is not None
    stops.stop_all([(person.email, MailStopReason.COMPLAINT)], world.at)


def linked(world: World) -> dict[str, Any]:
    link = choosing.unsubscribe_link(somebody(world), Kind.GOAL_DUE, world.at)
    assert link is not None
    return {"ids": {"token": link.rpartition("/")[2]}, "others": Others.OPEN}


@scene("GET", LINK)
def see(world: World) -> dict[str, Any]:
    return linked(world)


@scene("POST", LINK)
def unsubscribe(world: World) -> dict[str, Any]:
    return linked(world)


def doubtful(world: World) -> dict[str, Any]:
    """Have a worker die with a mail in its hands, and an hour pass."""
    person = somebody(world)
    message_id = f"account-exists:{person}:{world.at:%Y-%m-%d}"
    world.write(outbox.message(message_id, Topic.MAIL, "account-exists", {"recipient": person}, now=world.at))
    message = outbox.read(message_id)
    assert message is not None
    outbox.claim(message, now=world.at)
    assert service.deliver(message_id, world.at + timedelta(hours=1)) is None
    return {"by": world.admin(), "ids": {"mail": tag_of(message_id)}}


@scene("GET", "/v1/admin/mails-in-doubt")
def list_doubts(world: World) -> dict[str, Any]:
    return {"by": doubtful(world)["by"]}


@scene("POST", DOUBT + "/send-again")
def send_again(world: World) -> dict[str, Any]:
    return doubtful(world)


@scene("POST", DOUBT + "/give-up")
def give_up(world: World) -> dict[str, Any]:
    return doubtful(world)
