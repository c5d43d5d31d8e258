"""A person's own data over HTTP."""

import pytest

from tests.support.world import MENTEE_PROFILE, World


def test_a_new_person_reads_their_account(world: World) -> None:
    person = world.person(email="amina@example.org")
    answer = world.get("/v1/me", by=person)
    assert answer.status == 200
    assert answer.json["email"] == "amina@example.org"
    assert answer.json["standing"] == {"verified_until": None}
    assert answer.etag == '"1"'


def test_no_token_is_refused(world: World) -> None:
    assert world.get("/v1/me").status == 401


def test_a_profile_is_written_field_by_field(world: World) -> None:
    person = world.person()
    first = world.patch("/v1/me/profile", {"country": "ken", "goals": "Learn echocardiography"}, by=person)
    assert first.status == 200, first.text
    assert first.json["country"] == "KE"
    second = world.patch("/v1/me/profile", {"goals": ""}, by=person)
    assert second.json["country"] == "KE"
    assert second.json["goals"] == ""
    assert "languages" in second.json["missing_for_matching"]


def test_a_whole_profile_round_trips(world: World) -> None:
    person = world.person()
    answer = world.patch("/v1/me/profile", MENTEE_PROFILE, by=person)
    assert answer.status == 200, answer.text
    read = world.get("/v1/me/profile", by=person).json
    for name, value in MENTEE_PROFILE.items():
        assert read[name] == value
    assert read["missing_for_matching"] == []


def test_each_negative_wish_is_a_rule_or_a_wish(world: World) -> None:
    person = world.person()
    wishes = {
        "countries": ["FR"], "employers": [], "own_employer": True,
        "if_possible": {"countries": ["KE"], "employers": ["lakeside clinic"], "own_employer": False},
    }  # fmt: skip
    answer = world.patch(
        "/v1/me/profile", {"employer": "North Hospital", "negative_wishes": wishes}, by=person
    )
    assert answer.status == 200, answer.text
    assert world.get("/v1/me/profile", by=person).json["negative_wishes"] == wishes


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"country": "XX"}, "/country"),
        ({"languages": [{"language": "qqq", "level": "B2"}]}, "/languages/0/language"),
        ({"languages": [{"language": "en", "level": "D9"}]}, "/languages/0/level"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"profession": "9999"}, "/profession"),
        ({"specialties": ["cardiology", "astrology"]}, "/specialties/1"),
        ({"capacity": -1}, "/capacity"),
        ({"capacity": "3"}, "/capacity"),
        ({"capacity": True}, "/capacity"),
        ({"sensitive_consent": 1}, "/sensitive_consent"),
        ({"gender": "woman"}, "/sensitive_consent"),
        ({"study_year": 3}, "/study_year"),
        ({"favourite_colour": "red"}, "/favourite_colour"),
        ({"goals": "a\u0000b"}, "/goals"),
        ({"availability": [{"weekday": "mon", "start": "10:00", "end": "09:00"}]}, "/time_zone"),
        ({"availability": [{"weekday": "mon", "start": "10:07", "end": "11:00"}]}, "/availability/0/start"),
        ({"preferences": {"genders_required": True}}, "/preferences/genders_required"),
        ({"negative_wishes": {"own_employer": True}}, "/negative_wishes/own_employer"),
        (
            {"negative_wishes": {"if_possible": {"own_employer": True}}},
            "/negative_wishes/if_possible/own_employer",
        ),
        ({"negative_wishes": {"if_possible": True}}, "/negative_wishes/if_possible"),
        (
            {"negative_wishes": {"if_possible": {"countries": ["KE", "XX"]}}},
            "/negative_wishes/if_possible/countries/1",
        ),
    ],
)
def test_bad_fields_are_named(world: World, body: dict, pointer: str) -> None:
    person = world.person()
    answer = world.patch("/v1/me/profile", body, by=person)
    assert answer.status == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert world.get("/v1/me/profile", by=person).etag == '"1"'


def test_a_window_that_ends_before_it_starts_is_explained(world: World) -> None:
    person = world.person()
    window = {"weekday": "mon", "start": "22:00", "end": "06:00"}
    answer = world.patch(
        "/v1/me/profile", {"time_zone": "Africa/Nairobi", "availability": [window]}, by=person
    )
    assert answer.status == 422
    assert "write two" in answer.json["errors"][0]["detail"]


def test_an_old_etag_is_refused(world: World) -> None:
    person = world.person()
    world.patch("/v1/me/profile", {"goals": "one"}, by=person)
    answer = world.patch("/v1/me/profile", {"goals": "two"}, by=person, headers={"If-Match": '"1"'})
    assert answer.status == 412
    assert world.get("/v1/me/profile", by=person).json["goals"] == "one"


def test_reads_cost_one_round_trip_and_changes_one_read_and_one_transaction(world: World) -> None:
    person = world.person()
    with world.counted() as calls:
        world.get("/v1/me/profile", by=person)
    assert calls == ["GetItem"]
    with world.counted() as calls:
        world.patch("/v1/me/profile", {"goals": "x"}, by=person)
    assert calls == ["GetItem", "TransactWriteItems"]


def test_blocking_oneself_or_a_stranger_is_refused(world: World) -> None:
    person, other = world.person(), world.person()
    assert world.put(f"/v1/me/blocks/{person}", by=person).status == 422
    assert world.put("/v1/me/blocks/01ARZ3NDEKTSV4RRFFQ69G5FAV", by=person).status == 404
    assert world.put("/v1/me/blocks/nonsense", by=person).status == 404
    assert world.put(f"/v1/me/blocks/{other}", by=person).status == 204
    assert world.delete(f"/v1/me/blocks/{other}", by=person).status == 204


@pytest.mark.parametrize("name", ["countries", "languages", "professions", "specialties", "zones"])
def test_code_lists_are_public(world: World, name: str) -> None:
    items = world.get(f"/v1/codes/{name}").json["items"]
    assert len(items) > 30
    assert all(item["code"] and item["name"] for item in items)
    assert world.get("/v1/codes/planets").status == 404


@pytest.mark.parametrize(
    ("raw", "content_type", "status"),
    [
        (b"{", "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b'{"goals": NaN}', "application/json", 422),
        (b'{"goals": "\xff"}', "application/json", 422),
        (b"[]", "application/json", 422),
        (b"goals=x", "application/x-www-form-urlencoded", 415),
        (b'{"goals": "' + b"x" * 300_000 + b'"}', "application/json", 413),
    ],
)
def test_what_is_not_json_is_refused(world: World, raw: bytes, content_type: str, status: int) -> None:
    person = world.person()
    answer = world.request(
        "PATCH", "/v1/me/profile", raw=raw, by=person, headers={"Content-Type": content_type}
    )
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
