"""What kind of pairs a programme runs, and mentors for whom its coordinators vouch."""

from typing import Any

import pytest

from chalicelib.credentials.counting import VOUCHED_UNTIL, WhatCounts
from chalicelib.platform import tables
from chalicelib.programmes import counting_store, store
from chalicelib.programmes.model import PairKind
from tests.programmes.conftest import Scene
from tests.support.world import MENTOR_PROFILE, Reply


def made(scene: Scene, **fields: Any) -> Scene:
    body = {"organisation_id": scene.organisation, "name": "The other way round", **fields}
    answer = scene.world.post("/v1/programmes", body, by=scene.coordinator)
    assert answer.status == 201, answer.text
    return Scene(scene.world, scene.organisation, scene.coordinator, answer.json["id"])


def change(scene: Scene, path: str = "", method: str = "PATCH", **body: Any) -> Reply:
    whole = f"/v1/programmes/{scene.programme}{path}"
    tag = scene.world.get(whole, by=scene.coordinator).etag
    return scene.world.request(method, whole, body, by=scene.coordinator, headers={"If-Match": tag})


def vouch(scene: Scene, *, vouched: bool = True, rules: list[Any] | None = None) -> Reply:
    return change(scene, "/what-counts", "PUT", vouched=vouched, rules=rules or [])


def pointers(refused: Reply) -> list[str]:
    assert refused.status == 422, refused.text
    return [one["pointer"] for one in refused.json["errors"]]


def test_a_programme_says_its_kind_for_good(scene: Scene) -> None:
    reverse = made(scene, kind="reverse")
    path = f"/v1/programmes/{reverse.programme}"
    assert scene.world.get(path, by=scene.coordinator).json["kind"] == "reverse"
    assert pointers(change(reverse, kind="peer")) == ["/kind"]
    assert change(reverse, name="Renamed").status == 200
    assert reverse.rules().kind is PairKind.REVERSE


def test_a_programme_of_before_is_one_to_one(scene: Scene) -> None:
    row = tables.get(*store.programme_key(scene.programme))
    row.kind = None
    assert store.programme_of(row).kind is PairKind.ONE_TO_ONE


def test_nobody_vouches_for_mentors_who_lead_their_juniors_or_enrol_themselves(scene: Scene) -> None:
    usual = made(scene, joining="invitation")
    assert pointers(vouch(usual)) == ["/vouched"]
    reverse = made(scene, kind="reverse")
    assert pointers(vouch(reverse)) == ["/vouched"], "people enrol themselves"
    assert change(reverse, joining="invitation").status == 200
    rules = [{"requirements": [{"kinds": ["licence"]}]}]
    assert pointers(vouch(reverse, rules=rules)) == ["/rules"]
    assert vouch(reverse).json["vouched"] is True
    assert pointers(change(reverse, joining="open")) == ["/joining"], "as long as they vouch"
    assert vouch(reverse, vouched=False).json["vouched"] is False
    assert change(reverse, joining="open").status == 200


def test_whom_coordinators_vouch_for_is_listed_and_verified_without_a_credential(scene: Scene) -> None:
    world, reverse = scene.world, made(scene, kind="reverse", joining="invitation")
    mentor = world.person({**MENTOR_PROFILE, "career_stage": "early"}, name="Juma Said")
    assert reverse.enrol(mentor, "mentor", by=reverse.coordinator).status == 200
    find = f"/v1/programmes/{reverse.programme}/mentors"
    assert world.get(find, by=reverse.coordinator).json["items"] == []
    assert vouch(reverse).status == 200
    assert [one["name"] for one in world.get(find, by=reverse.coordinator).json["items"]] == ["Juma Said"]
    mine = world.get(f"/v1/programmes/{reverse.programme}/what-counts", by=mentor).json["mine"]
    assert mine == {"verified_until": "9999-12-31T00:00:00.000000Z", "missing": []}


def test_a_vouched_programme_asks_for_no_kind_of_credential(scene: Scene) -> None:
    rules = WhatCounts((), vouched=True)
    assert rules.verdict("2211", "KE", [], scene.world.at).until == VOUCHED_UNTIL
    assert counting_store.what_counts_of(counting_store.what_counts_text(rules) or "") == rules


@pytest.mark.parametrize("kind", PairKind)
def test_every_kind_can_be_run(scene: Scene, kind: PairKind) -> None:
    assert made(scene, kind=kind.value).rules().kind is kind
