"""The API's description, made from the declared endpoints: `python -m chalicelib.platform.web.openapi`."""

import importlib
import json
import sys
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from chalicelib.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT, cursor_of
from chalicelib.platform.commit import KEEP_ANSWERS
from chalicelib.platform.version import VERSION
from chalicelib.platform.web import refusals
from chalicelib.platform.web.endpoint import ENDPOINTS, Endpoint, Who

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# As a newcomer meets them; a tag that is not here comes last.
_TAGS = (
    "Accounts",
    "People",
    "Organisations",
    "Credentials",
    "Programmes",
    "Rosters",
    "Matching",
    "Proposals and mentorships",
    "Agreements",
    "Sessions",
    "Series",
    "Certificates",
    "Simulations",
    "Credit",
    "Safety",
    "Mails",
    "Service",
)
# A place in some list, as clients see it: opaque.
_CURSOR = cursor_of(sk="01M4Y7F3YR0BPP06Q1E3AB19V8")
_KNOWN = 'W/"5d41402abc4b2a76b9719d911017c592"'
_ETAG = '"3"'
_KEY = "7f3a3a52-1f0e-4c59-9c3b-0d2f1a6c8e44"


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of all endpoints declared so far."""
    endpoints = [
        ENDPOINTS[key] for key in sorted(ENDPOINTS, key=lambda key: (key[1], _METHODS.index(key[0])))
    ]
    references, schemas = _schemas(endpoints)
    schemas["Problem"] = refusals.PROBLEM_SCHEMA
    paths: dict[str, Any] = {}
    for one in endpoints:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Crossward",
            "version": VERSION,
            "summary": "Cross-border mentorship for health workers",
            "description": (
                "Sign in with `POST /v1/auth/sign-in` and send the access token as `Authorization: Bearer …`. "
                "Lists are pages: send `next` back as `cursor`. A POST that creates takes an `Idempotency-Key`; "
                f"the same key within {KEEP_ANSWERS.total_seconds() / 3600:.0f} hours gets the first answer again. "
                "Refusals are RFC 9457 problem documents; a method that a path does not have is refused with 405 and "
                "`Allow`, a path that does not exist with 404."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": tag} for tag in sorted({one.tag for one in endpoints}, key=_tag_order)],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            **refusals.components(endpoints),
            "securitySchemes": {
                "accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    }


def text() -> str:
    """Return the document as it is committed."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def _tag_order(tag: str) -> tuple[int, str]:
    return (_TAGS.index(tag) if tag in _TAGS else len(_TAGS)), tag


def _schemas(endpoints: list[Endpoint]) -> tuple[dict[Any, str], dict[str, Any]]:
    wanted: dict[Any, None] = {}
    for one in endpoints:
        for shape, mode in (
            (one.body, "validation"),
            (one.query, "validation"),
            (one.answer, "serialization"),
        ):
            if shape is not None:
                wanted[shape, mode] = None
    references, definitions = models_json_schema(
        list(wanted), ref_template="#/components/schemas/{model}", schema_generator=GenerateJsonSchema
    )
    found = {key: value["$ref"] for key, value in references.items()}
    return found, dict(definitions.get("$defs", {}))


def _operation(one: Endpoint, references: dict[Any, str]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.summary,
        "tags": [one.tag],
        "description": "\n\n".join(part for part in (one.description, f"**Who:** {one.who}.") if part),
        "parameters": _parameters(one),
        "responses": _responses(one, references),
    }
    if not operation["parameters"]:
        del operation["parameters"]
    if one.body is not None:
        content: dict[str, Any] = {"schema": {"$ref": references[one.body, "validation"]}}
        if (example := _examples(one).BODIES.get(one.name)) is not None:
            content["example"] = example
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    if one.signed:
        # What it means to its sender stands with the sender.
        operation["requestBody"] = {
            "required": True, "content": {"application/json": {"schema": {"type": "object"}}},
        }  # fmt: skip
    if one.who is not Who.ANYONE:
        operation["security"] = [{"accessToken": []}]
    return operation


def _parameters(one: Endpoint) -> list[dict[str, Any]]:
    examples = _examples(one).PARAMETERS
    found: list[dict[str, Any]] = []
    for name in one.path_names:
        schema: dict[str, Any] = {"type": "string"}
        if name not in one.plain_path:
            schema |= {"minLength": 26, "maxLength": 26, "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"}
        found.append(_parameter(name, "path", schema, examples.get(name), required=True))
    if one.query is not None:
        whole = one.query.model_json_schema(ref_template="#/components/schemas/{model}")
        for name, schema in whole["properties"].items():
            required = name in whole.get("required", ())
            found.append(_parameter(name, "query", schema, examples.get(name), required=required))
    if one.paged:
        limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
        found.append(_parameter("limit", "query", limit, DEFAULT_LIMIT))
        cursor = {"type": "string", "description": "`next` of the page before"}
        found.append(_parameter("cursor", "query", cursor, _CURSOR))
    if one.idempotent:
        key = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
        found.append(_parameter("Idempotency-Key", "header", key, _KEY))
    if one.max_age is not None:
        found.append(_parameter("If-None-Match", "header", {"type": "string"}, _KNOWN))
    if one.if_match is not None:
        etag = {
            "type": "string",
            "pattern": '^(W/)?"[0-9]{1,12}"$',
            "description": "The ETag that you were served",
        }
        found.append(_parameter("If-Match", "header", etag, _ETAG, required=one.if_match == "required"))
    return found


def _parameter(
    name: str, place: str, schema: dict[str, Any], example: Any, *, required: bool = False
) -> dict[str, Any]:
    parameter: dict[str, Any] = {"name": name, "in": place}
    if required:
        parameter["required"] = True
    if "description" in schema:
        parameter["description"] = schema.pop("description")
    if example is None:
        return {**parameter, "schema": schema}
    if required:
        return {**parameter, "schema": schema, "example": example}
    # The page would send an example of the parameter itself unless it was emptied; one of its schema it only shows.
    return {**parameter, "schema": {**schema, "examples": [example]}}


def _responses(one: Endpoint, references: dict[Any, str]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done"}
    if one.text_media_type is not None:
        is_json = one.text_media_type.endswith("json")
        written: dict[str, Any] = {"schema": {"type": "object" if is_json else "string"}}
        if (example := _examples(one).ANSWERS.get(one.name)) is not None:
            written["example"] = example
        good["content"] = {one.text_media_type: written}
    elif one.answer is not None:
        schema: dict[str, Any] = {"$ref": references[one.answer, "serialization"]}
        if one.paged:
            schema = {
                "type": "object",
                "required": ["items", "next"],
                "properties": {
                    "items": {"type": "array", "items": schema},
                    "next": {"type": ["string", "null"], "description": "The cursor of the next page"},
                },
            }
        content: dict[str, Any] = {"schema": schema}
        if (example := _examples(one).ANSWERS.get(one.name)) is not None:
            content["example"] = {"items": example, "next": _CURSOR} if one.paged else example
        good["content"] = {"application/json": content}
    if one.etag:
        good["headers"] = {"ETag": {"schema": {"type": "string"}, "example": _ETAG}}
    if one.file_name is not None:
        good["headers"] = {"Content-Disposition": {"schema": {"type": "string"}}}
    found = {str(one.status): good}
    if one.max_age is not None:
        good["headers"] = {
            "ETag": {"schema": {"type": "string"}},
            "Cache-Control": {"schema": {"type": "string"}},
        }
        found["304"] = {"description": "As the ETag in `If-None-Match` has it"}
    return {**found, **refusals.responses(one)}


def _examples(one: Endpoint) -> Any:
    """Return the module with the examples of a route: `BODIES` and `ANSWERS` by the route's name (of a list, the items
    of a page), `PARAMETERS` by theirs. It is loaded by nothing else, so no request pays for it."""
    return importlib.import_module(refusals.examples_of(one.schemas))


def main() -> int:
    """Print the document."""
    importlib.import_module("app")
    sys.stdout.write(text())
    return 0


if __name__ == "__main__":
    # Imported under its own name, so that there is one registry of endpoints.
    sys.exit(importlib.import_module("chalicelib.platform.web.openapi").main())
