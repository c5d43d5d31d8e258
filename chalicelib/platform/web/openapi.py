"""The API's description, made from the declared endpoints: `python -m chalicelib.platform.web.openapi`."""

import importlib
import json
import sys
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from chalicelib.kernel import errors
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT
from chalicelib.platform.commit import KEEP_ANSWERS
from chalicelib.platform.version import VERSION
from chalicelib.platform.web import problems
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
    "Service",
)
_PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details. `type` is stable; `detail` says what to do.",
    "required": ["type", "title", "status", "detail", "instance"],
    "examples": [
        {
            "type": problems.TYPE_PREFIX + "invalid",
            "title": "The request has invalid fields",
            "status": 422,
            "detail": "1 field needs mending.",
            "instance": "urn:crossward:request:9a0c3c1e-5f0b-4b7e-9d55-3f1f6f1f2a10",
            "errors": [
                {
                    "pointer": "/country",
                    "detail": "Give an ISO 3166-1 code from GET /v1/codes/countries, for example KE.",
                }
            ],
        }
    ],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The number to quote to an administrator"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901 pointer to the field"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of all endpoints declared so far."""
    endpoints = [
        ENDPOINTS[key] for key in sorted(ENDPOINTS, key=lambda key: (key[1], _METHODS.index(key[0])))
    ]
    references, schemas = _schemas(endpoints)
    schemas["Problem"] = _PROBLEM_SCHEMA
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
                "Refusals are RFC 9457 problem documents."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": tag} for tag in sorted({one.tag for one in endpoints}, key=_tag_order)],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
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
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": references[one.body, "validation"]}}},
        }
    if one.who is not Who.ANYONE:
        operation["security"] = [{"accessToken": []}]
    return operation


def _parameters(one: Endpoint) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in one.path_names:
        schema: dict[str, Any] = {"type": "string"}
        if name not in one.plain_path:
            schema |= {"minLength": 26, "maxLength": 26, "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"}
        found.append({"name": name, "in": "path", "required": True, "schema": schema})
    if one.query is not None:
        whole = one.query.model_json_schema(ref_template="#/components/schemas/{model}")
        for name, schema in whole["properties"].items():
            found.append(
                {"name": name, "in": "query", "required": name in whole.get("required", ()), "schema": schema}
            )
    if one.paged:
        limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
        found.append({"name": "limit", "in": "query", "schema": limit})
        found.append(
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string"},
                "description": "`next` of the page before",
            }
        )
    if one.idempotent:
        found.append(
            {
                "name": "Idempotency-Key", "in": "header",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
            }
        )  # fmt: skip
    if one.if_match is not None:
        found.append(
            {
                "name": "If-Match", "in": "header", "required": one.if_match == "required",
                "schema": {"type": "string", "pattern": '^(W/)?"[0-9]{1,12}"$'},
                "description": "The ETag that you were served",
            }
        )  # fmt: skip
    return found


def _responses(one: Endpoint, references: dict[Any, str]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done"}
    if one.text_media_type is not None:
        good["content"] = {one.text_media_type: {"schema": {"type": "string"}}}
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
        good["content"] = {"application/json": {"schema": schema}}
    if one.etag:
        good["headers"] = {"ETag": {"schema": {"type": "string"}}}
    responses = {str(one.status): good}
    for status, reasons in sorted(_refusals(one).items()):
        responses[str(status)] = {
            "description": "; ".join(dict.fromkeys(reasons)),
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return responses


def _refusals(one: Endpoint) -> dict[int, list[str]]:
    reasons: list[type[DomainError]] = [*one.errors]
    if one.who is not Who.ANYONE:
        reasons += [errors.Unauthenticated, errors.Forbidden]
    if one.path_names or one.who is not Who.ANYONE:
        reasons.append(errors.NotFound)
    if one.body is not None:
        reasons += [errors.Invalid, errors.TooLarge, errors.UnsupportedMedia]
    if one.query is not None or one.paged or one.idempotent:
        reasons.append(errors.Invalid)
    if one.if_match is not None:
        reasons += [errors.StaleVersion, errors.VersionRequired, errors.Invalid]
    if one.method != "GET" and one.who is not Who.ANYONE:
        reasons += [errors.Conflict]
    if one.who is Who.ANYONE and one.body is not None:
        reasons.append(errors.TooMany)
    reasons.append(errors.Unavailable)
    found: dict[int, list[str]] = {}
    for reason in reasons:
        found.setdefault(problems.status_of_class(reason), []).append(f"{reason.title} (`{reason.code}`)")
    return found


def main() -> int:
    """Print the document."""
    importlib.import_module("app")
    sys.stdout.write(text())
    return 0


if __name__ == "__main__":
    # Imported under its own name, so that there is one registry of endpoints.
    sys.exit(importlib.import_module("chalicelib.platform.web.openapi").main())
