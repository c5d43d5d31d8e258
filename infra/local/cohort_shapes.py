"""The demo cohort's own shapes: plain values, from which both the seeder and the roster files are made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Side = Literal["mentor", "mentee"]
CredentialState = Literal["pending", "verified", "rejected", "expired"]


@dataclass(frozen=True, slots=True)
class DemoCredential:
    """A claim of qualification and how far its review is; an expired one was verified once."""

    kind: Literal["licence", "degree", "registration", "board_certification"]
    issuer: str
    country: str
    number: str
    issued_on: date
    expires_on: date
    state: CredentialState
    reason: tuple[str, str] | None = None
    """Why it was rejected: the code, and the words."""
    days_ago: int = 30
    """For how many days it has been submitted."""


@dataclass(frozen=True, slots=True)
class DemoEnrolment:
    """A place in the demo programmes, by their short names (see `Programmes`)."""

    side: Side
    capacity: int
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One person. ``profile`` has the shape that ``PATCH /v1/me/profile`` takes."""

    email: str
    given_name: str
    family_name: str
    locale: Literal["en", "fr"]
    roles: tuple[str, ...]
    profile: dict[str, Any]
    enrolment: DemoEnrolment | None = None
    credentials: tuple[DemoCredential, ...] = ()
    signs_in_as: str | None = None
    days_here: int = 30
    """For how many days the person has been enrolled: who has waited longer comes first."""


@dataclass(frozen=True, slots=True)
class DemoDecline:
    """A request of a mentee to a mentor that was answered with no, by their addresses."""

    mentee: str
    mentor: str
    reason: tuple[str, str]
    """The code, and the words."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Everybody, and what has happened between them. Demo sign-ins come first on each side."""

    mentees: tuple[DemoPerson, ...]
    mentors: tuple[DemoPerson, ...]
    staff: tuple[DemoPerson, ...]
    declines: tuple[DemoDecline, ...] = field(default=())

    def __iter__(self) -> Iterator[DemoPerson]:
        yield from (*self.staff, *self.mentors, *self.mentees)

    def sign_ins(self) -> dict[str, DemoPerson]:
        """Return the persons of the demo sign-ins by what they sign in as."""
        return {one.signs_in_as: one for one in self if one.signs_in_as}
