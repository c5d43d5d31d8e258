"""Refuses the methods that a path does not have, with 405 and `Allow`.

API Gateway answers a method that nobody declared just as it answers an unknown path, so they are declared: without a
sign-in, since what a path has is no secret, and without CORS, so that a preflight goes on naming the real ones.
"""

from collections.abc import Iterable
from typing import Any

from chalice import Chalice, Response

from chalicelib.kernel.errors import MethodNotAllowed
from chalicelib.platform.observability import count, flush, logger
from chalicelib.platform.web import problems

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def refuse_other_methods(app: Chalice) -> None:
    """Declare what is missing of each path; to be called once all blueprints are registered."""
    for path, by_method in list(app.routes.items()):
        missing = [method for method in METHODS if method not in by_method]
        # A preflight is answered by API Gateway itself, which Chalice tells to.
        allowed = ", ".join([*(method for method in METHODS if method in by_method), "OPTIONS"])
        _refuse(app, path, missing, allowed)


def _refuse(app: Chalice, path: str, methods: Iterable[str], allowed: str) -> None:
    def method_not_allowed(**_path_values: str) -> Response:
        request = app.current_request
        request_id = str(((request and request.context) or {}).get("requestId", "local"))
        error = MethodNotAllowed(f"This path takes {allowed}.")
        status, text = problems.problem(error, request_id)
        logger.info("refused", extra={"request_id": request_id, "status": status, "code": error.code})
        count("Status4xx")
        flush()
        return Response(
            body=text,
            status_code=status,
            headers={"Content-Type": problems.MEDIA_TYPE, "Allow": allowed, "Cache-Control": "no-store"},
        )

    declare: Any = app.route(path, methods=list(methods), content_types=["*/*"], cors=False)
    declare(method_not_allowed)
