"""HTTP in, one service call, HTTP out: the decorator that every route is declared with."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import unquote

from chalice import Blueprint, Response

from chalicelib.kernel.call import Actor, Call, RequestKey, StoredAnswer
from chalicelib.kernel.errors import (
    DomainError,
    Invalid,
    NotFound,
    TooLarge,
    Unauthenticated,
    UnsupportedMedia,
    VersionRequired,
)
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.later import load
from chalicelib.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT, Page, PageRequest
from chalicelib.platform import clock
from chalicelib.platform.commit import stored_answer
from chalicelib.platform.observability import count, flush, logger, metrics, traced
from chalicelib.platform.web import problems
from chalicelib.platform.web.auth import authorizer

if TYPE_CHECKING:
    from pydantic import BaseModel

MAX_BODY_BYTES = 256 * 1024
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_ETAG = re.compile(r'(?:W/)?"(\d{1,12})"')
_PATH_NAME = re.compile(r"{(\w+)}")
_LOST = "\ufffd".encode()


class Who(StrEnum):
    """Who may call a route; the service behind it checks what the token alone cannot tell."""

    ANYONE = "anyone"
    PERSON = "a person, for themselves"
    COORDINATOR = "a coordinator of the organisation"
    REVIEWER = "a reviewer of the organisation"
    STAFF = "a coordinator or reviewer of the organisation"
    ADMIN = "an admin of the installation"


STAFF = frozenset({Who.COORDINATOR, Who.REVIEWER, Who.STAFF, Who.ADMIN})
"""To whom their role in an organisation, or in the installation, opens the route."""


@dataclass(frozen=True)
class SignedRequest:
    """What somebody signed who has no account here: the very bytes of the body, and the headers by their names in small
    letters."""

    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Endpoint:
    """All that is to be said of a route; OpenAPI, the access table and its tests are made from it."""

    method: str
    path: str
    who: Who
    summary: str
    name: str
    tag: str
    schemas: str
    body_name: str | None
    query_name: str | None
    answer_name: str | None
    status: int
    paged: bool
    idempotent: bool
    if_match: Literal["required", "optional"] | None
    etag: bool
    errors: tuple[type[DomainError], ...]
    text_media_type: str | None
    file_name: str | None
    max_age: int | None
    description: str
    plain_path: frozenset[str]
    signed: bool = False

    @property
    def body(self) -> type[BaseModel] | None:
        return _shape(self.schemas, self.body_name)

    @property
    def query(self) -> type[BaseModel] | None:
        return _shape(self.schemas, self.query_name)

    @property
    def answer(self) -> type[BaseModel] | None:
        return _shape(self.schemas, self.answer_name)

    @property
    def path_names(self) -> tuple[str, ...]:
        return tuple(_PATH_NAME.findall(self.path))


ENDPOINTS: dict[tuple[str, str], Endpoint] = {}


@cache
def _shape(schemas: str, name: str | None) -> type[BaseModel] | None:
    if name is None:
        return None
    capability, _, own = name.rpartition(".")
    module = load(f"chalicelib.{capability}.schemas" if capability else schemas)
    shape: type[BaseModel] = getattr(module, own)
    return shape


class Routes(Blueprint):
    """A capability's blueprint."""

    def __init__(self, import_name: str, tag: str) -> None:
        super().__init__(import_name)
        self._tag = tag
        self._schemas = import_name.rpartition(".")[0] + ".schemas"

    def endpoint(
        self,
        method: str,
        path: str,
        *,
        who: Who,
        summary: str,
        body: str | None = None,
        query: str | None = None,
        answer: str | None = None,
        status: int = 200,
        paged: bool = False,
        idempotent: bool = False,
        if_match: Literal["required", "optional"] | None = None,
        etag: bool = False,
        errors: tuple[type[DomainError], ...] = (),
        text_media_type: str | None = None,
        file_name: str | None = None,
        max_age: int | None = None,
        plain_path: frozenset[str] = frozenset(),
        signed: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a route.

        The function takes `call`, its path parameters by name, and `body`, `query` and `page` where declared; what
        it returns is put into `answer` by its `of` class method. Path parameters are identifiers of ours unless
        named in `plain_path`.

        Parameters
        ----------
        body, query, answer
            Names of shapes in the capability's `schemas`, or "people.PersonView" for another's: shapes are half the
            weight of the code, and a cold start should load none but those of the request at hand.
        idempotent
            Takes an `Idempotency-Key`: a repeat gets the stored answer of the first.
        if_match
            Takes `If-Match`, handed on as `call.if_match`: required where others may change the row as well,
            optional where it is the person's own.
        etag
            Serves the result's `version` as `ETag`.
        errors
            Business reasons, beyond the categories that follow from the declaration, for the API description.
        file_name
            The answer is a file of this name, in which path parameters may stand: a browser keeps it, and shows it not.
        max_age
            For how many seconds who asked may keep a text, and nobody in between; its `ETag` is then a digest of it,
            and who names that in `If-None-Match` gets 304 without a body.
        """

        def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
            spec = Endpoint(
                method, path, who, summary, function.__name__, self._tag, self._schemas, body, query, answer,
                status, paged,
                idempotent, if_match, etag or if_match is not None, errors, text_media_type, file_name,
                max_age, (function.__doc__ or "").strip(),
                plain_path, signed,
            )  # fmt: skip
            if (method, path) in ENDPOINTS and ENDPOINTS[method, path].name != function.__name__:
                raise ValueError(f"{method} {path} is declared twice")
            ENDPOINTS[method, path] = spec

            @functools.wraps(function)
            def view(**path_values: str) -> Response:
                return _handle(spec, function, self.current_request, path_values)

            self.route(
                path,
                methods=[method],
                # Checked below, so that the refusal is a problem document.
                content_types=["*/*"],
                authorizer=None if who is Who.ANYONE else authorizer,
            )(view)
            return function

        return decorate


def _handle(
    spec: Endpoint, function: Callable[..., Any], request: Any, path_values: dict[str, str]
) -> Response:
    request_id = str((request.context or {}).get("requestId", "local"))
    try:
        logger.append_keys(request_id=request_id, route=f"{spec.method} {spec.path}")
        metrics.add_dimension(name="route", value=f"{spec.method} {spec.path}")
        with traced(spec.name):
            answer = _answer_or_replay(spec, function, request, path_values)
    except DomainError as error:
        status, text = problems.problem(error, request_id)
        answer = StoredAnswer(status, text, {"Content-Type": problems.MEDIA_TYPE})
        logger.info("refused", extra={"status": status, "code": error.code})
    except Exception as error:  # noqa: BLE001
        # The last line of defence of the edge: the client gets a number, the log the class and the place, and
        # neither gets the message, which may hold a person's words.
        logger.error("unhandled", extra={"error": type(error).__name__, "at": _place(error)})
        count("Unhandled")
        answer = StoredAnswer(500, problems.internal(request_id), {"Content-Type": problems.MEDIA_TYPE})
    count(f"Status{answer.status // 100}xx")
    flush()
    return Response(
        body=answer.body, status_code=answer.status, headers={"Cache-Control": "no-store", **answer.headers}
    )


def _answer_or_replay(
    spec: Endpoint, function: Callable[..., Any], request: Any, path_values: dict[str, str]
) -> StoredAnswer:
    call = _call(spec, request)
    try:
        return _answer_of(spec, function, request, path_values, call)
    except DomainError:
        # The refusal may be an echo of this very request's first run, whose answer the client never got.
        stored = stored_answer(call)
        if stored is None:
            raise
        return replace(stored, headers={**stored.headers, "Idempotency-Replayed": "true"})


def _call(spec: Endpoint, request: Any) -> Call:
    actor = None
    if spec.who is not Who.ANYONE:
        person_id = (request.context or {}).get("authorizer", {}).get("person_id")
        if not person_id:
            raise Unauthenticated("Send an access token in the Authorization header.")
        actor = Actor(str(person_id))
    return Call(
        now=clock.now(),
        actor=actor,
        request_key=_request_key(spec, request) if spec.idempotent else None,
        render=functools.partial(_render, spec),
        if_match=_if_match(request, spec.if_match) if spec.if_match else None,
    )


def _answer_of(
    spec: Endpoint, function: Callable[..., Any], request: Any, path_values: dict[str, str], call: Call
) -> StoredAnswer:
    arguments: dict[str, Any] = {}
    for name, value in path_values.items():
        text = unquote(value)
        # A foreign or malformed id and one that is not yours to know of look the same.
        if name not in spec.plain_path and not is_id(text):
            raise NotFound
        arguments[name] = text
    if spec.paged or spec.query_name is not None:
        arguments.update(_query_arguments(spec, request))
    if (body := spec.body) is not None:
        arguments["body"] = _body(body, request)
    if spec.signed:
        headers = {str(name).lower(): str(value) for name, value in request.headers.items()}
        arguments["request"] = SignedRequest(headers, _sized(request))
    answer = _render(spec, function(call, **arguments))
    if spec.max_age is not None:
        answer = _kept(answer, spec.max_age, request.headers.get("if-none-match", ""))
    if spec.file_name is not None:
        name = spec.file_name.format(**arguments)
        return replace(
            answer, headers={**answer.headers, "Content-Disposition": f'attachment; filename="{name}"'}
        )
    return answer


def _kept(answer: StoredAnswer, max_age: int, known: str) -> StoredAnswer:
    """Return an answer that may be kept for a while; without its body where the one who asks has it."""
    # Weak, as a gateway may pack it: what it says is the same.
    etag = f'W/"{hashlib.sha256(answer.body.encode()).hexdigest()[:32]}"'
    headers = {**answer.headers, "ETag": etag, "Cache-Control": f"private, max-age={max_age}"}
    if etag.removeprefix("W/") in (one.strip().removeprefix("W/") for one in known.split(",")):
        return StoredAnswer(304, "", headers)
    return replace(answer, headers=headers)


def _render(spec: Endpoint, result: Any) -> StoredAnswer:
    headers: dict[str, str] = {}
    if spec.etag:
        headers["ETag"] = f'"{result.version}"'
    if spec.text_media_type is not None:
        headers["Content-Type"] = spec.text_media_type
        return StoredAnswer(spec.status, result, headers)
    if (answer := spec.answer) is None:
        return StoredAnswer(spec.status, "", headers)
    headers["Content-Type"] = "application/json"
    of: Callable[[Any], BaseModel] = cast(Any, answer).of
    if isinstance(result, Page):
        items = ",".join(of(item).model_dump_json() for item in result.items)
        return StoredAnswer(spec.status, f'{{"items":[{items}],"next":{json.dumps(result.next)}}}', headers)
    return StoredAnswer(spec.status, of(result).model_dump_json(), headers)


def _request_key(spec: Endpoint, request: Any) -> RequestKey | None:
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Invalid("Idempotency-Key takes 1 to 200 visible ASCII characters, for example a UUID.")
    # The path belongs to the digest: the same key on another row is another request.
    path = request.context.get("path") or request.path
    digest = hashlib.sha256(path.encode() + b"\0" + _raw_body(request)).hexdigest()
    return RequestKey(f"{spec.method} {spec.path}", key, digest)


def _if_match(request: Any, need: Literal["required", "optional"]) -> int | None:
    header = request.headers.get("if-match")
    if header is None:
        if need == "optional":
            return None
        raise VersionRequired
    match = _ETAG.fullmatch(header.strip())
    if match is None:
        raise Invalid('If-Match takes the ETag as it was served, for example "3".')
    return int(match.group(1))


def _raw_body(request: Any) -> bytes:
    raw = request.raw_body
    return raw if isinstance(raw, bytes) else str(raw or "").encode()


def _sized(request: Any) -> bytes:
    raw = _raw_body(request)
    if len(raw) > MAX_BODY_BYTES:
        raise TooLarge(f"Send at most {MAX_BODY_BYTES // 1024} KiB; this was {len(raw) // 1024} KiB.")
    return raw


def _body(shape: type[BaseModel], request: Any) -> BaseModel:
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMedia("Send the body as application/json.")
    raw = _sized(request)
    if _LOST in raw:
        # A gateway puts U+FFFD where the client's bytes were no UTF-8: what was meant is not known any more.
        raise Invalid("Some characters were lost on their way (U+FFFD). Send the body in UTF-8.")
    # Strict, as the description has it: "3" is no number and 1 is no consent.
    return _parsed(lambda: shape.model_validate_json(raw, strict=True))


def _query_arguments(spec: Endpoint, request: Any) -> dict[str, Any]:
    params = request.query_params
    values: dict[str, Any] = {}
    for name in params or {}:
        several = params.getlist(name)
        values[name] = several[0] if len(several) == 1 else several
    arguments: dict[str, Any] = {}
    if spec.paged:
        arguments["page"] = _page(values.pop("limit", str(DEFAULT_LIMIT)), values.pop("cursor", None))
    if (query := spec.query) is not None:
        arguments["query"] = _parsed(lambda: query.model_validate(values))
    elif values:
        from chalicelib.platform.web.sentences import escaped

        raise Invalid.field(f"/{escaped(min(values))}", "This parameter is not known here; leave it out.")
    return arguments


def _page(limit: Any, cursor: Any) -> PageRequest:
    if not (
        isinstance(limit, str) and limit.isascii() and limit.isdigit() and 1 <= int(limit[:9]) <= MAX_LIMIT
    ):
        raise Invalid.field("/limit", f"Give one whole number from 1 to {MAX_LIMIT}.")
    if cursor is not None and not (isinstance(cursor, str) and cursor.isascii()):
        raise Invalid.field("/cursor", "Send the `next` value of the page before, unchanged.")
    return PageRequest(int(limit), cursor)


def _parsed(parse: Callable[[], BaseModel]) -> BaseModel:
    from pydantic import ValidationError

    from chalicelib.platform.web.sentences import field_error

    try:
        return parse()
    except ValidationError as error:
        errors = error.errors(include_url=False)
        if errors[0]["type"] == "json_invalid":
            raise Invalid("The body is not valid JSON in UTF-8.") from None
        found = tuple(field_error(one) for one in errors)
        many = len(found) > 1
        # Its message holds what was sent, so it goes no further.
        raise Invalid(f"{len(found)} field{'s need' if many else ' needs'} mending.", found) from None


def _place(error: BaseException) -> str:
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(frames[-4:])
