"""Who asks, when, and under which request key: handed to every service function."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar

from chalicelib.kernel.errors import StaleVersion, Unauthenticated
from chalicelib.kernel.ids import new_id


@dataclass(frozen=True)
class Actor:
    """The one who acts: a person who signed in, or a job of the service (`job:<name>`)."""

    id: str

    @property
    def is_job(self) -> bool:
        return self.id.startswith("job:")


@dataclass(frozen=True)
class RequestKey:
    """The client's `Idempotency-Key` for one route, with a digest of the body it came with."""

    route: str
    key: str
    body_digest: str


@dataclass(frozen=True)
class StoredAnswer:
    """What was answered under a request key: HTTP status, JSON text of the body, and headers."""

    status: int
    body: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Call:
    """One intent under way.

    Attributes
    ----------
    actor
        Who asks; None on the few routes that need no sign-in.
    now
        The instant at which the intent counts.
    request_key, render
        On an idempotent request: its key, and how the edge would answer a result, so that the answer can be
        written in the same transaction as the change.
    """

    now: datetime
    actor: Actor | None = None
    request_key: RequestKey | None = None
    render: Callable[[Any], StoredAnswer] | None = field(default=None, compare=False)
    if_match: int | None = None

    @property
    def actor_id(self) -> str:
        """The actor's id; raises `Unauthenticated` without one."""
        if self.actor is None:
            raise Unauthenticated("Send an access token in the Authorization header.")
        return self.actor.id

    def new_id(self) -> str:
        """Return a fresh identifier that sorts by this call's instant."""
        return new_id(self.now)


def job_call(name: str, now: datetime) -> Call:
    """Return the call of a job of ours, as audit rows will show it."""
    return Call(now=now, actor=Actor(f"job:{name}"))


class _Versioned(Protocol):
    """A frozen dataclass that is kept as a row."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def version(self) -> int | None: ...


_V = TypeVar("_V", bound=_Versioned)


def written(changed: _V) -> _V:
    """Return what is kept as a row as it stands once it is written: its version is one more, the first is 1."""
    return replace(changed, version=(changed.version or 0) + 1)


def require_version(call: Call, version: int | None) -> None:
    """Refuse a change that was made to another version than the present one.

    Raises
    ------
    StaleVersion
        If the call came with `If-Match` and it names another version.
    """
    if call.if_match is not None and call.if_match != version:
        raise StaleVersion
