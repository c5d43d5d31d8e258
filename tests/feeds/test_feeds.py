"""Sessions of series and simulations in a person's calendar feed."""

from datetime import timedelta
from typing import Any

from icalendar import Calendar

from chalicelib.series import store
from chalicelib.series.model import Membership, SeriesPlace, SeriesRole
from tests.series.hub import make_hub
from tests.simulations.sessions import planned
from tests.support.world import World


def entries(world: World, path: str) -> dict[str, Any]:
    """Return the entries of a feed by what they are called."""
    reply = world.get(path)
    assert reply.status == 200, reply.text
    found = Calendar.from_ical(reply.text)
    assert isinstance(found, Calendar)
    return {str(one["SUMMARY"]): one for one in found.events}


def feed(world: World, person: str) -> str:
    return str(world.put("/v1/me/calendar-feed", by=person).json["path"])


def test_invitations_take_no_room_in_it(world: World) -> None:
    """The series that run come first, however many somebody was only asked to since."""
    hub = make_hub(world)
    person = hub.has(SeriesRole.MEMBER)
    hub.plan()
    for n in range(25):
        asked = SeriesPlace.INVITED
        later = Membership(f"{hub.id[:-4]}Z{n:03}", person, SeriesRole.MEMBER, asked, since=world.at)
        world.write(store.put_member(later, world.at))
    assert set(entries(world, feed(world, person))) == {"Heart failure ECHO: Breathless after delivery"}


def test_sessions_of_series_and_simulations_are_in_it_as_free_time_and_as_they_are(world: World) -> None:
    hub = make_hub(world)
    person, invited = hub.has(SeriesRole.MEMBER), hub.has(place=SeriesPlace.INVITED)
    moved, off = hub.plan(), hub.plan(title="Shock", on="2026-12-09")
    simulation = planned(world, at=world.at)
    simulation.enrolled(person)
    added = world.post(f"{simulation.path}/people", {"participants": [person]}, by=simulation.coordinator)
    assert added.status == 200, added.text
    path = feed(world, person)
    first = entries(world, path)
    assert set(first) == {
        "Heart failure ECHO: Breathless after delivery", "Heart failure ECHO: Shock", "Emergencies at night",
    }  # fmt: skip
    for one in first.values():
        assert (one["TRANSP"], one["STATUS"], one["CLASS"]) == ("TRANSPARENT", "CONFIRMED", "PRIVATE")
    assert entries(world, feed(world, invited)) == {}

    before = first["Heart failure ECHO: Breathless after delivery"]
    etag = world.get(moved, by=hub.owner).etag
    changed = world.patch(
        moved, {"on": "2026-12-03", "at": "15:00"}, by=hub.owner, headers={"If-Match": etag}
    )
    assert changed.status == 200, changed.text
    assert hub.move(off, "cancel").status == 200
    simulation.moved("cancel")
    after = entries(world, path)
    same = after["Heart failure ECHO: Breathless after delivery"]
    assert same["UID"] == before["UID"]
    assert same.decoded("DTSTART") - before.decoded("DTSTART") == timedelta(days=1)
    assert same["SEQUENCE"] > before["SEQUENCE"]
    for gone in ("Heart failure ECHO: Shock", "Emergencies at night"):
        assert after[gone]["STATUS"] == "CANCELLED"
    assert world.delete(f"/v1/me/series/{hub.id}", by=person).status == 204
    assert set(entries(world, path)) == {"Emergencies at night"}
