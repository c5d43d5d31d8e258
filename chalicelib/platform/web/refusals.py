"""Which refusals a route may give, and how the API's description shows them."""

import importlib
import inspect
from typing import Any

from chalicelib.kernel import errors
from chalicelib.kernel.errors import DomainError
from chalicelib.platform.web import problems
from chalicelib.platform.web.endpoint import STAFF, Endpoint, Who

Shown = dict[str, Any]

_INSTANCE = "urn:crossward:request:9a0c3c1e-5f0b-4b7e-9d55-3f1f6f1f2a10"
_INTERNAL = "internal"
PROBLEM_SCHEMA: Shown = {
    "type": "object",
    "description": "RFC 9457 problem details. `type` is stable; `detail` says what to do.",
    "required": ["type", "title", "status", "detail", "instance"],
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


def reasons(one: Endpoint) -> list[type[DomainError]]:
    """Return all that a route may refuse for: what it declares, and what follows from its declaration."""
    found: list[type[DomainError]] = [*one.errors]
    signed_in = one.who is not Who.ANYONE
    if signed_in:
        found.append(errors.Unauthenticated)
    if one.who in STAFF:
        found.append(errors.RoleRefused)
    if one.path_names or signed_in:
        found.append(errors.NotFound)
    if one.body_name is not None:
        found += [errors.Invalid, errors.TooLarge, errors.UnsupportedMedia]
    if one.signed:
        found.append(errors.TooLarge)
    if one.query_name is not None or one.paged or one.idempotent:
        found.append(errors.Invalid)
    if one.if_match is not None:
        found += [errors.StaleVersion, errors.Invalid]
    if one.if_match == "required":
        found.append(errors.VersionRequired)
    if one.method != "GET" and signed_in:
        # Another change came in between, or this one was recorded already.
        found += [errors.Conflict, errors.StaleVersion]
    found += [errors.TooMany, errors.Unavailable]
    return list(dict.fromkeys(found))


def responses(one: Endpoint) -> Shown:
    """Return the refusals among an operation's responses, by status."""
    by_status: dict[int, list[type[DomainError]]] = {}
    for reason in reasons(one):
        by_status.setdefault(problems.status_of_class(reason), []).append(reason)
    found: Shown = {}
    for status, group in sorted(by_status.items()):
        shared = len(group) == 1 and group[0] in _SHARED
        found[str(status)] = {"$ref": _ref("responses", group[0].code)} if shared else _response(group)
    return {**found, "500": {"$ref": _ref("responses", _INTERNAL)}}


def components(declared: list[Endpoint]) -> Shown:
    """Return the responses and examples that `responses` refers to."""
    every = dict.fromkeys(reason for one in declared for reason in reasons(one))
    examples = {reason.code: _example(reason) for reason in every}
    examples[_INTERNAL] = {
        "summary": "Something went wrong on our side",
        "value": {**problems.internal_body(""), "instance": _INSTANCE},
    }
    shared = {reason.code: _response([reason]) for reason in every if reason in _SHARED}
    shared[_INTERNAL] = _shown("Something went wrong on our side (`internal`)", [_INTERNAL])
    return {"responses": dict(sorted(shared.items())), "examples": dict(sorted(examples.items()))}


_SHARED = frozenset(
    {
        errors.Unauthenticated, errors.RoleRefused, errors.NotFound, errors.Conflict, errors.StaleVersion,
        errors.VersionRequired, errors.Invalid, errors.TooLarge, errors.UnsupportedMedia, errors.TooMany,
        errors.Unavailable,
    }
)  # fmt: skip


def _response(group: list[type[DomainError]]) -> Shown:
    said = "; ".join(f"{reason.title} (`{reason.code}`)" for reason in group)
    return _shown(said, [reason.code for reason in group])


def _shown(description: str, codes: list[str]) -> Shown:
    types = {"properties": {"type": {"enum": [problems.TYPE_PREFIX + code for code in codes]}}}
    return {
        "description": description,
        "content": {
            problems.MEDIA_TYPE: {
                "schema": {"allOf": [{"$ref": _ref("schemas", "Problem")}, types]},
                "examples": {code: {"$ref": _ref("examples", code)} for code in codes},
            }
        },
    }


def _example(reason: type[DomainError]) -> Shown:
    field = (
        errors.FieldError(
            "/country", "Give an ISO 3166-1 code from GET /v1/codes/countries, for example KE."
        ),
    )
    error = _instance(reason, field if reason is errors.Invalid else ())
    return {"summary": reason.title, "value": {**problems.body(error, ""), "instance": _INSTANCE}}


def _instance(reason: type[DomainError], fields: tuple[errors.FieldError, ...]) -> DomainError:
    needed = inspect.signature(reason).parameters.get("detail")
    if needed is None or needed.default is not needed.empty:
        make: Any = reason
        made: DomainError = make()
        return made
    details = importlib.import_module(examples_of(reason.__module__)).REFUSALS
    return reason(details[reason.code], fields)


def examples_of(module: str) -> str:
    """Return the name of the module with a capability's examples, from that of any of its modules."""
    if module.startswith(("chalicelib.kernel.", "chalicelib.platform.")):
        return "chalicelib.platform.web.examples"
    return ".".join([*module.split(".")[:2], "examples"])


def _ref(kind: str, name: str) -> str:
    return f"#/components/{kind}/{name}"
