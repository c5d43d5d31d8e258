"""What coordinators write for agreements: the template, and briefings on countries in the programme's own words."""

from typing import Any

from tests.mentorships.agreements.two import TERMS
from tests.mentorships.pairs import code
from tests.mentorships.scene import Scene
from tests.mentorships.state import State
from tests.support.world import Reply

RULES = {name: value for name, value in TERMS.items() if name not in ("channels", "fallback", "languages")}
TOLD: dict[str, Any] = {
    "texts": [
        {"language": "en", "health_system": "What the programme tells.", "customs": "Of customs."},
        {"language": "fr", "health_system": "Ce que dit le programme.", "customs": ""},
    ],
    "sources": ["The ministry of health"],
}


def put_template(scene: Scene, version: int, **changes: Any) -> Reply:
    return scene.world.put(
        scene.path("agreement-template"), {**RULES, **changes}, by=scene.coordinator,
        headers={"If-Match": f'"{version}"'},
    )  # fmt: skip


def put(scene: Scene, country: str, version: int | None = None, **changes: Any) -> Reply:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    path = scene.path(f"briefings/{country}")
    return scene.world.put(path, {**TOLD, **changes}, by=scene.coordinator, headers=headers)


def test_a_template_is_changed_over_the_version_that_was_read(scene: Scene) -> None:
    usual = scene.world.get(scene.path("agreement-template"), by=scene.coordinator)
    assert (usual.etag, usual.json["meeting_minutes"]) == ('"0"', 45)
    first = put_template(scene, 0, out_of_scope=["crisis"])
    assert (first.status, first.etag) == (200, '"1"')
    assert first.json["out_of_scope"] == ["patient_data", "crisis"]
    assert put_template(scene, 0).status == 412
    before = State().told()
    assert put_template(scene, 1, out_of_scope=["crisis"]).etag == '"1"', "the same again make no version"
    assert State().told() == before
    assert put_template(scene, 1, meeting_minutes=60).etag == '"2"'
    shown = scene.world.get(scene.path("agreement-template"), by=scene.coordinator)
    assert (shown.etag, shown.json["meeting_minutes"]) == ('"2"', 60)


def test_the_usual_template_set_as_it_is_has_a_version(scene: Scene) -> None:
    """What a coordinator chose stays when the service's own template changes."""
    usual = scene.world.get(scene.path("agreement-template"), by=scene.coordinator).json
    assert put_template(scene, 0, **usual).etag == '"1"'


def test_the_service_itself_tells_nothing_of_a_country(scene: Scene) -> None:
    mentee = scene.mentee()
    assert scene.world.get(scene.path("briefings"), by=mentee).json["items"] == []
    assert scene.world.get(scene.path("briefings/KE"), by=mentee).status == 404


def test_a_briefing_is_the_programme_s_and_read_by_its_people(scene: Scene) -> None:
    mentee = scene.mentee()
    made = put(scene, "ken")
    assert (made.status, made.etag, made.json["country"]) == (200, '"1"', "KE")
    shown = scene.world.get(scene.path("briefings/KE"), by=mentee)
    assert (shown.json["texts"], shown.json["sources"], shown.etag) == (TOLD["texts"], TOLD["sources"], '"1"')
    assert put(scene, "CA").status == 200
    listed = scene.world.get(scene.path("briefings"), by=mentee).json["items"]
    assert [(one["country"], one["languages"]) for one in listed] == [
        ("CA", ["en", "fr"]), ("KE", ["en", "fr"]),
    ]  # fmt: skip


def test_a_briefing_is_written_over_the_version_that_was_read(scene: Scene) -> None:
    assert put(scene, "KE", 1).status == 412, "there is none yet"
    assert put(scene, "KE").status == 200
    assert put(scene, "KE").status == 428
    changed = put(scene, "KE", 1, sources=["A", "B", "A"])
    assert (changed.status, changed.etag, changed.json["sources"]) == (200, '"2"', ["A", "B"])
    assert put(scene, "KE", 1).status == 412
    path = scene.path("briefings/KE")
    delete = {"by": scene.coordinator, "headers": {"If-Match": '"1"'}}
    assert scene.world.delete(path, **delete).status == 412
    delete["headers"] = {"If-Match": '"2"'}
    assert scene.world.delete(path, **delete).status == 204
    assert scene.world.delete(path, **delete).status == 404
    assert put(scene, "KE").etag == '"1"'


def test_a_country_that_there_is_not_and_a_language_twice_are_refused(scene: Scene) -> None:
    refused = put(scene, "XX")
    assert (refused.status, "ISO 3166-1" in refused.json["detail"]) == (404, True)
    twice = put(scene, "KE", texts=[TOLD["texts"][0], TOLD["texts"][0]])
    assert (twice.status, twice.json["errors"][0]["pointer"]) == (422, "/texts/1/language")
    assert code(twice) == "invalid"


def test_a_draft_programme_s_briefings_are_for_its_staff(scene: Scene) -> None:
    mentee = scene.mentee()
    assert put(scene, "KE").status == 200
    scene.change_programme(status="draft")
    for path in ("briefings", "briefings/KE"):
        assert scene.world.get(scene.path(path), by=mentee).status == 404
        assert scene.world.get(scene.path(path), by=scene.coordinator).status == 200
