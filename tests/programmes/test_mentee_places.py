"""A mentee's places are the programme's, whenever they enrolled."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.errors import Conflict
from chalicelib.programmes import service, store
from chalicelib.programmes.errors import NoPlaceLeft
from chalicelib.programmes.model import Enrolment, Programme, Side
from tests.programmes.conftest import Scene


@pytest.fixture
def mentee(scene: Scene) -> str:
    person = scene.world.mentee()
    assert scene.enrol(person, "mentee").json["capacity"] == 1
    return person


def set_places(scene: Scene, places: int) -> None:
    world, path = scene.world, f"/v1/programmes/{scene.programme}"
    etag = world.get(path, by=scene.coordinator).etag
    changed = world.patch(path, {"mentee_places": places}, by=scene.coordinator, headers={"If-Match": etag})
    assert changed.status == 200, changed.text


def hold(scene: Scene, person: str) -> None:
    scene.world.write(service.hold_place(scene.rules(), Side.MENTEE, person, scene.world.at))


def release(scene: Scene, person: str) -> None:
    scene.world.write(service.release_place(scene.programme, Side.MENTEE, person, scene.world.at))


def shown(scene: Scene, person: str) -> tuple[int, int]:
    """Return capacity and free places as the mentee, the coordinator and a run see them."""
    (own,) = scene.world.get("/v1/me/enrolments", by=person).json["items"]
    path = f"/v1/programmes/{scene.programme}/enrolments"
    (listed,) = scene.world.get(path, by=scene.coordinator).json["items"]
    (taken,) = service.all_enrolments(scene.rules())
    found = {(one["capacity"], one["free"]) for one in (own, listed)} | {(taken.capacity, taken.free)}
    assert len(found) == 1
    return found.pop()


def test_more_places_are_for_those_who_are_in(scene: Scene, mentee: str) -> None:
    hold(scene, mentee)
    with pytest.raises(NoPlaceLeft):
        hold(scene, mentee)
    set_places(scene, 3)
    assert shown(scene, mentee) == (3, 2)
    hold(scene, mentee), hold(scene, mentee)
    assert shown(scene, mentee) == (3, 0)
    with pytest.raises(NoPlaceLeft):
        hold(scene, mentee)
    for _ in range(3):
        release(scene, mentee)
    assert shown(scene, mentee) == (3, 3)
    with pytest.raises(Conflict):
        release(scene, mentee)


def test_who_has_more_than_there_are_now_keeps_them_and_gets_no_more(scene: Scene, mentee: str) -> None:
    set_places(scene, 2)
    hold(scene, mentee), hold(scene, mentee)
    set_places(scene, 1)
    assert shown(scene, mentee) == (1, 0)
    release(scene, mentee)
    with pytest.raises(NoPlaceLeft):
        hold(scene, mentee)
    release(scene, mentee)
    hold(scene, mentee)


def test_coming_back_changes_no_place(scene: Scene, mentee: str) -> None:
    set_places(scene, 3)
    hold(scene, mentee), hold(scene, mentee)
    path = f"/v1/programmes/{scene.programme}/enrolments/{mentee}"
    assert scene.world.delete(path, by=mentee, query={"role": "mentee"}).status == 204
    with pytest.raises(NoPlaceLeft):
        hold(scene, mentee)
    back = scene.enrol(mentee, "mentee")
    assert (back.status, back.json["capacity"], back.json["free"]) == (200, 3, 1)
    set_places(scene, 1)
    again = scene.enrol(mentee, "mentee", capacity=1)
    assert (again.status, again.json["capacity"], again.json["free"]) == (200, 1, 0)
    assert scene.enrol(mentee, "mentee", capacity=2).status == 422


def test_what_the_list_of_one_s_enrolments_costs(scene: Scene, mentee: str) -> None:
    with scene.world.counted() as calls:
        assert scene.world.get("/v1/me/enrolments", by=mentee).status == 200
        assert calls == ["Query", "BatchGetItem"]
    with scene.world.counted() as calls:
        assert scene.world.get("/v1/me/enrolments", by=scene.coordinator).json["items"] == []
        assert calls == ["Query"]


@settings(max_examples=300)
@given(had=st.integers(1, 5), places=st.integers(1, 5), taken=st.integers(0, 5))
def test_a_place_is_free_exactly_where_the_programme_gives_more_than_are_taken(
    had: int, places: int, taken: int
) -> None:
    """The condition of the write, read as DynamoDB does, and what is shown, for every number that there may be."""
    enrolment = Enrolment("p", "e", Side.MENTEE, had, had - taken)
    programme = Programme("p", "o", "Programme", mentee_places=places)
    assert enrolment.under(programme).free == max(0, places - taken)
    assert holds(store._mentee_has_one(places), capacity=had, free=had - taken) == (taken < places)


def holds(condition: object, **row: int) -> bool:
    """Evaluate a condition of ANDs, ORs and comparisons of numbers."""
    operator, values = condition.operator, condition.values  # type: ignore[attr-defined]
    if operator in ("AND", "OR"):
        return (all if operator == "AND" else any)(holds(one, **row) for one in values)
    path, value = values
    number = int(value.value["N"])
    return {"=": row[str(path)] == number, ">": row[str(path)] > number}[operator]
