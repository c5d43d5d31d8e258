"""Whatever does not fit a shape is told in plain words, at the field, with what to do."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

import app  # noqa: F401 - declares the endpoints
from chalicelib.kernel.errors import Invalid
from chalicelib.people.schemas import ProfileChange
from chalicelib.platform.web import openapi, sentences
from chalicelib.platform.web.endpoint import ENDPOINTS, _parsed
from tests.support.world import World

BODIES = {one.body for one in ENDPOINTS.values() if one.body}
QUERIES = {one.query for one in ENDPOINTS.values() if one.query}

# What each kind of core schema may refuse with, beyond what its limits add. A body is parsed strictly from JSON.
KINDS: dict[str, set[str]] = {
    "model": {"model_type"},
    "model-fields": {"model_type", "extra_forbidden"},
    "model-field": {"missing"},
    "definitions": set(),
    "definition-ref": set(),
    "default": set(),
    "nullable": set(),
    "any": set(),
    "function-after": set(),
    "function-before": set(),
    "str": {"string_type", "string_unicode"},
    "bool": {"bool_type"},
    "int": {"int_type", "int_from_float", "int_parsing_size"},
    "float": {"float_type", "finite_number"},
    "date": {"date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"},
    "enum": {"enum"},
    "literal": {"literal_error"},
    "tuple": {"tuple_type"},
    "frozenset": {"frozen_set_type"},
    "dict": {"dict_type"},
}
LIMITS = {"ge": "greater_than_equal", "le": "less_than_equal", "multiple_of": "multiple_of"}
LENGTHS = {"min_length": "too_short", "max_length": "too_long"}
# The library's own checks where they come after one of ours; ours raise ValueError.
CHECKS = {"min_length_validator": "too_short", "max_length_validator": "too_long"}
# Members of core schemas in which no further schema stands.
SKIPPED = frozenset(
    {"metadata", "serialization", "ref", "schema_ref", "cls", "config", "expected", "members", "function"}
)


def built(shape: type[BaseModel]) -> Any:
    shape.model_rebuild()
    return shape.__pydantic_core_schema__


def error_types(node: Any) -> Iterator[str]:
    """Yield every error that a core schema can refuse with."""
    if isinstance(node, list):
        for item in node:
            yield from error_types(item)
    if not isinstance(node, dict):
        return
    kind = node.get("type")
    if isinstance(kind, str):
        assert kind in KINDS, f"say in KINDS what a {kind} schema refuses with, and give that a sentence"
        yield from KINDS[kind]
        for name, error in LIMITS.items():
            if name in node:
                yield error
        for name, error in LENGTHS.items():
            if name in node:
                yield f"string_{error}" if kind == "str" else error
        if "function" in node:
            check = node["function"]["function"]
            check = getattr(check, "func", check)
            own = check.__module__.startswith("chalicelib.")
            yield "value_error" if own else CHECKS[check.__name__]
        assert not {"gt", "lt", "pattern"} & set(node), "use limits whose error has a sentence"
    for name, member in node.items():
        if name not in SKIPPED:
            # Fields are a mapping by name, and a field may be called "type".
            if name == "fields":
                for field in member.values():
                    yield from error_types(field)
            else:
                yield from error_types(member)


@pytest.mark.parametrize("shape", sorted(BODIES | QUERIES, key=repr), ids=lambda shape: shape.__name__)
def test_every_error_of_every_shape_has_its_sentence(shape: type[BaseModel]) -> None:
    possible = set(error_types(built(shape)))
    assert {"model_type", "extra_forbidden"} <= possible
    assert possible <= set(sentences.SENTENCES)


def test_no_sentence_is_left_over() -> None:
    possible = {error for shape in BODIES | QUERIES for error in error_types(built(shape))}
    assert possible == set(sentences.SENTENCES)


JUNK: tuple[Any, ...] = (
    None, True, 7, -1, 10**30, 2.5, "", "x", "x" * 5000, "a\u202eb", [], ["x"] * 300, {}, {"x": 1}, [[]], [{}], [None],
    {"": ""}, {"x" * 300: "email"}, "2027-02-30", "2027-06-30T10:00", "1850-01-01",
)  # fmt: skip


def spoiled(value: Any) -> Iterator[Any]:
    """Yield the value with each of its parts in turn replaced by junk, left out, or joined by a stranger."""
    yield from JUNK
    if isinstance(value, dict):
        yield {**value, "stranger": 1}
        for name, member in value.items():
            yield {key: kept for key, kept in value.items() if key != name}
            for worse in spoiled(member):
                yield {**value, name: worse}
    if isinstance(value, list):
        for n, member in enumerate(value):
            for worse in spoiled(member):
                yield [*value[:n], worse, *value[n + 1 :]]


def refusal(shape: type[BaseModel], value: Any) -> Invalid | None:
    try:
        _parsed(lambda: shape.model_validate_json(json.dumps(value), strict=True))
    except Invalid as error:
        return error
    return None


@pytest.mark.parametrize(
    "one", [one for one in ENDPOINTS.values() if one.body_name], ids=lambda one: one.name
)
def test_no_wording_of_the_library_reaches_a_client(one: Any) -> None:
    assert one.body is not None
    refused = 0
    for value in spoiled(openapi._examples(one).BODIES[one.name]):
        error = refusal(one.body, value)
        if error is None:
            continue
        refused += 1
        assert error.errors
        for found in error.errors:
            assert found.detail != sentences.FALLBACK, value
            assert found.detail[0].isupper()
            assert found.detail.endswith(".")
            for word in ("Input", "should be", "instance", "tuple", "dictionary", "validation", "[key]"):
                assert word not in found.pointer + found.detail, value
    assert refused > 20


@pytest.mark.parametrize(("change", "pointer", "detail"), [
    ({"availability": "mon"}, "/availability", "Give a list: […]."),
    ({"preferences": []}, "/preferences", "Give an object: {…}."),
    ({"languages": [{"language": "fr"}]}, "/languages/0/level", "This is needed; add it."),
    ({"capacity": "2"}, "/capacity", "Give a whole number."),
    ({"capacity": 21}, "/capacity", "Give 20 or less."),
    ({"visible": 1}, "/visible", "Give true or false."),
    ({"connection": "great"}, "/connection", "Give one of: good, fair, poor."),
    ({"channels": ["video"] * 6}, "/channels", "Give at most 5 entries."),
    ({"values": ["e"]}, "/values/0", "Write at least 2 characters."),
    ({"values": ["e\u202eq"]}, "/values/0", "Take out character 2, U+202E (right-to-left override): it is not seen."),
    ({"goals": "x" * 4001}, "/goals", "Write at most 4000 characters."),
    ({"employer": "\u200d\u200e"}, "/employer", "Write something that can be seen."),
    ({"nickname": "Ami"}, "/nickname", "This is not known here; leave it out."),
])  # fmt: skip
def test_it_says_what_to_do(change: dict[str, Any], pointer: str, detail: str) -> None:
    error = refusal(ProfileChange, change)
    assert error is not None
    assert [(one.pointer, one.detail) for one in error.errors] == [(pointer, detail)]


def test_the_name_of_a_member_is_told_from_its_value(world: World) -> None:
    organisation = world.organisation()
    coordinator = world.coordinator(organisation)
    body = {"filename": "a.csv", "column_map": {"x" * 300: "email"}}
    reply = world.post(f"/v1/programmes/{organisation}/roster", body, by=coordinator)
    (error,) = reply.json["errors"]
    assert error["pointer"] == "/column_map/" + "x" * 100
    assert error["detail"] == "The name of this member: Write at most 200 characters."


@pytest.mark.parametrize("email", ["amina@example", "a b@example.org", "ami\u202ena@example.org", "x@y.z"])
def test_an_address_is_one(world: World, email: str) -> None:
    reply = world.post("/v1/auth/forgot-password", {"email": email})
    assert reply.status == 422
    (error,) = reply.json["errors"]
    assert error["pointer"] == "/email"


BROKEN = {
    "not closed": b'{"given_name": "Amina"',
    "more after it": b'{"given_name": "Amina"} {}',
    "nothing": b"",
    "a byte order mark": b'\xef\xbb\xbf{"given_name": "Amina"}',
    "no UTF-8": b'{"given_name": "Am\xe9lie"}',
    "a surrogate in UTF-8": b'{"given_name": "Am\xed\xa0\x80lie"}',
    "half a pair": b'{"given_name": "Am\\ud800lie"}',
    "a bare control character": b'{"given_name": "Am\x00lie"}',
    "too deep": b"[" * 100_000,
    "too deep in a stranger": b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_json_in_utf_8_is_refused_whole(world: World, raw: bytes) -> None:
    reply = world.patch("/v1/me", raw=raw, by=world.person())
    assert reply.status == 422
    assert reply.json["detail"] == "The body is not valid JSON in UTF-8."
    assert "errors" not in reply.json


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_a_number_that_is_none_is_refused(world: World, number: bytes) -> None:
    coordinator = world.coordinator(world.organisation())
    path = f"/v1/programmes/{world.organisation()}/match-settings"
    reply = world.put(
        path, raw=b'{"weights": {"topics": %s}}' % number, by=coordinator, headers={"If-Match": '"0"'}
    )
    assert reply.status == 422
    assert reply.json["errors"] == [{"pointer": "/weights/topics", "detail": "Give a number."}]


@pytest.mark.parametrize("raw", [
    # As a gateway hands on bytes that were no UTF-8, and as a client may write the same character.
    '{"given_name": "Am\ufffdlie"}'.encode(), b'{"given_name": "Am\\ufffdlie"}',
])  # fmt: skip
def test_characters_that_were_lost_on_the_way_are_refused(world: World, raw: bytes) -> None:
    amina = world.person()
    reply = world.patch("/v1/me", raw=raw, by=amina)
    assert reply.status == 422
    assert "UTF-8" in reply.text
    assert world.get("/v1/me", by=amina).json["given_name"] == "Amina"
