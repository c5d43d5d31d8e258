"""Refusals as RFC 9457 problem details."""

import json
from typing import Any

from chalicelib.kernel import errors
from chalicelib.kernel.errors import DomainError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "https://crossward.org/problems/"

_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (errors.Unauthenticated, 401),
    (errors.Forbidden, 403),
    (errors.NotFound, 404),
    (errors.MethodNotAllowed, 405),
    (errors.StaleVersion, 412),
    (errors.VersionRequired, 428),
    (errors.Conflict, 409),
    (errors.TooLarge, 413),
    (errors.UnsupportedMedia, 415),
    (errors.Invalid, 422),
    (errors.TooMany, 429),
    (errors.Unavailable, 503),
)


def status_of(error: DomainError) -> int:
    """Return the HTTP status of a refusal's category."""
    return status_of_class(type(error))


def status_of_class(reason: type[DomainError]) -> int:
    """Return the HTTP status of a business reason."""
    for category, status in _STATUS:
        if issubclass(reason, category):
            return status
    return 400


def problem(error: DomainError, request_id: str) -> tuple[int, str]:
    """Return status and JSON text of a refusal."""
    return status_of(error), json.dumps(body(error, request_id), ensure_ascii=False)


def body(error: DomainError, request_id: str) -> dict[str, Any]:
    """Return the problem document of a refusal."""
    whole: dict[str, Any] = {
        "type": TYPE_PREFIX + error.code,
        "title": error.title,
        "status": status_of(error),
        "detail": error.detail,
        "instance": f"urn:crossward:request:{request_id}",
    }
    if error.errors:
        whole["errors"] = [{"pointer": e.pointer, "detail": e.detail} for e in error.errors]
    return whole


def internal(request_id: str) -> str:
    """Return the JSON text that says no more than that we failed, with the number to quote."""
    return json.dumps(internal_body(request_id))


def internal_body(request_id: str) -> dict[str, Any]:
    """Return the problem document of `internal`."""
    return {
        "type": TYPE_PREFIX + "internal",
        "title": "Something went wrong on our side",
        "status": 500,
        "detail": "Nothing was changed. Try again; if it stays, quote the instance number to your administrator.",
        "instance": f"urn:crossward:request:{request_id}",
    }
