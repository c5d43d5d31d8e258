"""Every operation of the API's description shows whole examples, which the service itself would take and give."""

import json
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import jsonschema_rs
import pytest

import app  # noqa: F401 - declares the endpoints
from chalicelib.credentials.authorities import authority
from chalicelib.kernel.clock import from_text
from chalicelib.kernel.ids import is_id, moment_of
from chalicelib.matching import examples as matching
from chalicelib.matching.advice_views import SuggestionView, suggestion_views
from chalicelib.matching.engine import run_match
from chalicelib.matching.model import MatchSettings
from chalicelib.matching.pair_schemas import (
    EvidenceInWordsView,
    OverlapView,
    contribution_views,
    language_views,
)
from chalicelib.matching.reason_wording import left_out_told, reasons_told
from chalicelib.matching.schemas import InWordsView, ReasonView, ReportView, SettingsBody, SummaryView
from chalicelib.matching.wording import Audience, Reader
from chalicelib.people import examples as people
from chalicelib.platform.web import endpoint, openapi
from chalicelib.platform.web.endpoint import ENDPOINTS, Endpoint
from chalicelib.words.formats import formats_of
from tests.platform import example_pool
from tests.support.world import World

DOCUMENT = openapi.document()
COMPONENTS = DOCUMENT["components"]
OPERATIONS = [ENDPOINTS[key] for key in sorted(ENDPOINTS, key=lambda key: (key[1], key[0]))]


def name(one: Any) -> str:
    return one.name if isinstance(one, Endpoint) else str(one)


def described(one: Endpoint) -> dict[str, Any]:
    return DOCUMENT["paths"][one.path][one.method.lower()]


def fits(schema: dict[str, Any], value: Any) -> list[str]:
    """Return what a JSON Schema validator finds wrong with a value; empty if it fits."""
    found = _validator(json.dumps(schema)).iter_errors(value)
    return [f"{error.instance_path}: {error.message}" for error in found]


@cache
def _validator(schema: str) -> Any:
    # It reads all components: refusals have the same few schemas everywhere.
    whole = {**json.loads(schema), "components": COMPONENTS}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    _, _, kind, called = node["$ref"].split("/")
    return COMPONENTS[kind][called]


def sent(one: Endpoint, example: Any) -> Any:
    """Parse an example of a body as the route does."""
    request = SimpleNamespace(headers={}, raw_body=json.dumps(example).encode())
    assert one.body is not None
    return endpoint._body(one.body, request)


def body_example(one: Endpoint) -> Any:
    return described(one)["requestBody"]["content"]["application/json"].get("example")


def answer_example(one: Endpoint) -> Any:
    return described(one)["responses"][str(one.status)]["content"]["application/json"].get("example")


def every_example() -> Iterator[tuple[str, Any]]:
    for one in OPERATIONS:
        if one.body_name:
            yield f"{one.name} takes", body_example(one)
        if one.answer_name:
            yield f"{one.name} answers", answer_example(one)


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)


@pytest.mark.parametrize("one", [one for one in OPERATIONS if one.body_name], ids=name)
def test_a_body_example_is_one_that_the_route_takes(one: Endpoint) -> None:
    example = body_example(one)
    assert example is not None, f"give {one.name} an example in BODIES of its capability's examples.py"
    assert fits(described(one)["requestBody"]["content"]["application/json"]["schema"], example) == []
    assert sent(one, example).model_fields_set, "it shows something"


@pytest.mark.parametrize("one", [one for one in OPERATIONS if one.answer_name], ids=name)
def test_an_answer_example_is_one_that_the_route_gives(one: Endpoint) -> None:
    example = answer_example(one)
    assert example is not None, f"give {one.name} an example in ANSWERS of its capability's examples.py"
    schema = described(one)["responses"][str(one.status)]["content"]["application/json"]["schema"]
    assert fits(schema, example) == []
    assert one.answer is not None
    items = [example]
    if one.paged:
        assert set(example) == {"items", "next"}
        items = example["items"]
        assert items
        assert isinstance(example["next"], str)
    for item in items:
        written = one.answer.model_validate_json(json.dumps(item), strict=True).model_dump_json()
        assert json.loads(written) == item, "whole, and nothing that the answer would not have"


@pytest.mark.parametrize("one", OPERATIONS, ids=name)
def test_every_parameter_has_an_example_that_fits(one: Endpoint) -> None:
    for parameter in described(one).get("parameters", ()):
        examples = (
            [parameter["example"]] if "example" in parameter else parameter["schema"].get("examples", [])
        )
        assert examples, f"give {parameter['name']} an example in PARAMETERS of the capability's examples.py"
        for example in examples:
            assert fits(parameter["schema"], example) == [], parameter["name"]
        if parameter["in"] == "path" and parameter["name"] not in one.plain_path:
            assert is_id(parameter["example"])


@pytest.mark.parametrize("one", OPERATIONS, ids=name)
def test_every_refusal_names_its_types_and_shows_each(one: Endpoint) -> None:
    refusals = {status: one for status, one in described(one)["responses"].items() if status >= "400"}
    assert {"429", "500", "503"} <= set(refusals)
    for status, response in refusals.items():
        problem = resolved(response)["content"]["application/problem+json"]
        shown = [resolved(example)["value"] for example in problem["examples"].values()]
        types = problem["schema"]["allOf"][1]["properties"]["type"]["enum"]
        assert [example["type"] for example in shown] == types
        for example in shown:
            assert example["status"] == int(status)
            assert fits(problem["schema"], example) == []


def test_no_example_is_left_over() -> None:
    shown = {one.name for one in OPERATIONS}
    for one in OPERATIONS:
        module = openapi._examples(one)
        assert set(module.BODIES) | set(module.ANSWERS) <= shown, module.__name__


def test_identifiers_are_real_and_made_when_their_row_was() -> None:
    seen = 0
    for where, example in every_example():
        for value in objects(example):
            for field, told in value.items():
                if told is not None and (field == "id" or field.endswith("_id")):
                    assert is_id(told) or authority(told), f"{where}: {field}"  # the list's ids are words
            made = value.get("created_at") or value.get("submitted_at")
            if made and "id" in value:
                seen += 1
                assert moment_of(value["id"]) == from_text(made), where
    assert seen > 10


@pytest.mark.parametrize(("first", "second"), [
    ("created_at", "started_at"), ("started_at", "finished_at"), ("created_at", "finished_at"),
    ("created_at", "closed_at"), ("closed_at", "expires_at"), ("submitted_at", "decided_at"),
    ("starts_on", "ends_on"), ("issued_on", "expires_on"),
])  # fmt: skip
def test_times_follow_each_other(first: str, second: str) -> None:
    pairs = [
        (where, value[first], value[second])
        for where, example in every_example()
        for value in objects(example)
        if value.get(first) and value.get(second)
    ]
    assert pairs
    for where, earlier, later in pairs:
        assert earlier <= later, where


def test_points_add_up_to_the_score() -> None:
    scores = [
        (where, value["score"], sum(one["points"] for one in value["contributions"]))
        for where, example in every_example()
        for value in objects(example)
        if value.get("score") is not None and "contributions" in value  # not the score of two names
    ]
    assert len(scores) > 4
    for where, score, points in scores:
        assert score == points, where


def test_the_run_is_what_the_engine_makes_of_the_pool() -> None:
    result = run_match(example_pool.snapshot())
    pair = next(one for one in result.pairs if one.mentee_id == people.AMINA)
    assert pair.mentor_id == people.CLAIRE
    assert {
        "score": pair.score,
        "contributions": [one.model_dump(mode="json") for one in contribution_views(pair.contributions)],
        "shared_languages": [one.model_dump(mode="json") for one in language_views(pair)],
        "overlap": OverlapView.of(pair.overlap).model_dump(mode="json"),
    } == matching.EXPLANATION
    amina = Reader(Audience.MENTEE, "en", "Claire Tremblay", "KE", "Africa/Nairobi")
    for reader, told in (
        (amina, matching.TO_AMINA),
        (Reader(Audience.COORDINATOR, "en"), matching.TO_A_COORDINATOR),
    ):
        assert EvidenceInWordsView.of(pair, reader).model_dump(mode="json") == told
    run = matching.ANSWERS["read_match_run"]
    # The release of the time zone data is the runtime's, not the example's.
    shown = {"time_zone_data": run["report"]["time_zone_data"]}
    english = formats_of("en")
    assert {**ReportView.of(result.report, english).model_dump(mode="json"), **shown} == run["report"]
    assert SummaryView.of(result.report, None, english).model_dump(mode="json") == run["summary"]
    assert (run["mentees"], run["pairs"], run["left_out"]) == (4, len(result.pairs), len(result.left_out))
    marie = next(one for one in result.left_out if one.person_id == matching.MARIE)
    (left_out,), mine = matching.ANSWERS["list_left_out"], matching.ANSWERS["my_match_reasons"]
    assert [ReasonView.of(one).model_dump(mode="json") for one in marie.reasons] == left_out["reasons"]
    suggestions = [one.model_dump(mode="json") for one in suggestion_views(marie.suggestions)]
    assert suggestions == left_out["suggestions"] == mine["suggestions"]
    for told, summary in (
        (left_out_told(marie, english), left_out["summary"]),
        (reasons_told(False, marie.reasons, marie.suggestions, english), mine["summary"]),
    ):
        assert InWordsView.of(told, english).model_dump(mode="json") == summary
    assert marie.tonight is not None
    assert SuggestionView.of(marie.tonight).model_dump(mode="json") == left_out["tonight"]


def test_the_settings_are_the_usual_ones() -> None:
    assert SettingsBody.model_validate(matching.ANSWERS["read_match_settings"]).to_model() == MatchSettings()


def test_a_profile_written_from_the_example_reads_like_the_example(world: World) -> None:
    amina = world.person(name="Amina Otieno", email=people.AMINA_PERSON["email"])
    reply = world.patch("/v1/me/profile", people.BODIES["change_profile"], by=amina)
    assert reply.json == people.ANSWERS["change_profile"]
    me = world.get("/v1/me", by=amina)
    assert me.json == {**people.ANSWERS["read_me"], "id": amina}
