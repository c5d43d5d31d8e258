"""Why an intent was refused.

One class a business reason, in the capability that has the reason, derived from a category here. Only the edge
(`platform/web`) knows which status a category has.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field: an RFC 6901 `pointer` into the body, and what to do about it."""

    pointer: str
    detail: str


class DomainError(Exception):
    """A refusal with a stable `code` and a sentence that says what to do."""

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "The request was refused"

    def __init__(self, detail: str, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors


class Unauthenticated(DomainError):
    code = "unauthenticated"
    title = "Sign in first"


class Forbidden(DomainError):
    code = "forbidden"
    title = "Your role does not allow this"


class RoleRefused(Forbidden):
    """To staff of the organisation in another role."""

    code = "role-refused"
    title = "Your role in this organisation does not allow this"


class NotFound(DomainError):
    """The row does not exist, or it is not the actor's to know of."""

    code = "not-found"
    title = "Not found"

    def __init__(self, detail: str = "There is nothing here that you may see.") -> None:
        super().__init__(detail)


class MethodNotAllowed(DomainError):
    code = "method-not-allowed"
    title = "This path does not take that method"


class Conflict(DomainError):
    code = "conflict"
    title = "The present state does not allow this"


class StaleVersion(DomainError):
    code = "stale-version"
    title = "Somebody changed this in the meantime"

    def __init__(self, detail: str = "Read it again, then send your change with the new ETag.") -> None:
        super().__init__(detail)


class VersionRequired(DomainError):
    code = "version-required"
    title = "If-Match is missing"

    def __init__(self, detail: str = "Send the ETag that you were served in the If-Match header.") -> None:
        super().__init__(detail)


class Invalid(DomainError):
    code = "invalid"
    title = "The request has invalid fields"

    @classmethod
    def field(cls, pointer: str, detail: str) -> "Invalid":
        """Refuse one field."""
        return cls("One field is invalid.", (FieldError(pointer, detail),))

    def under(self, pointer: str) -> "Invalid":
        """Return the same of a part of a body, which stands at `pointer` in the whole."""
        moved = tuple(FieldError(pointer + one.pointer, one.detail) for one in self.errors)
        return Invalid(self.detail, moved)


class TooLarge(DomainError):
    code = "too-large"
    title = "The request is too large"


class UnsupportedMedia(DomainError):
    code = "unsupported-media-type"
    title = "The content type is not supported"


class TooMany(DomainError):
    code = "too-many-requests"
    title = "Too many requests"


class Unavailable(DomainError):
    """Something that we depend on did not answer in time; trying again may help."""

    code = "unavailable"
    title = "Try again in a moment"
