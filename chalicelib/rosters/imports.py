"""Imports of rosters: their states, and what becomes of one row."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.errors import Conflict, Invalid
from chalicelib.people.checks import checked_profile
from chalicelib.people.model import (
    STUDENT,
    Claim,
    Person,
    PersonStatus,
    Profile,
    normalised_email,
)
from chalicelib.programmes.model import Enrolment, EnrolmentStatus, Programme, Side, capacity_for
from chalicelib.rosters.columns import COLUMNS, placed, refused
from chalicelib.rosters.model import HeadingProblem, RosterRow

MAX_PROBLEMS_KEPT = 2_000
"""Of a report's problems, so many are kept; all are counted."""

MAX_COLUMN_MAP = 200


class ImportStatus(StrEnum):
    """WAITING for its file; QUEUED once that has arrived; FAILED as a whole, with nothing of it left to do."""

    WAITING = "waiting"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Outcome(StrEnum):
    """What an import did for a row."""

    INVITED = "invited"
    ENROLLED = "enrolled"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Step(StrEnum):
    """The next thing to do for a row, each one transaction."""

    INVITE = "invite"
    CHANGE_GUEST = "change_guest"
    ENROL = "enrol"
    CHANGE_PLACES = "change_places"
    REMEMBER = "remember"
    NOTHING = "nothing"


OUTCOMES: Mapping[Step, Outcome] = {
    Step.INVITE: Outcome.INVITED,
    Step.CHANGE_GUEST: Outcome.CHANGED,
    Step.ENROL: Outcome.ENROLLED,
    Step.CHANGE_PLACES: Outcome.CHANGED,
    Step.REMEMBER: Outcome.UNCHANGED,
    Step.NOTHING: Outcome.UNCHANGED,
}


@dataclass(frozen=True)
class Order:
    """What a coordinator asks for."""

    filename: str
    role: Side | None
    column_map: Mapping[str, str] = field(default_factory=dict)
    validate_only: bool = False


@dataclass(frozen=True)
class Counts:
    """How many rows came out how; with `validate_only`, how they would."""

    invited: int = 0
    enrolled: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0

    def plus(self, outcome: Outcome) -> "Counts":
        return replace(self, **{outcome.value: getattr(self, outcome.value) + 1})

    @property
    def done(self) -> int:
        return sum(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True)
class RosterImport:
    """One import.

    Attributes
    ----------
    rows
        How many the file has, good and bad; None until it has been read.
    next_row
        How many of the good rows are behind us.
    content_digest
        Of the file that was read first: another one under the same key is not carried on with.
    problems, problems_kept
        How many there are, and how many of them can be read.
    """

    id: str
    programme_id: str
    order: Order
    created_by: str
    created_at: datetime
    status: ImportStatus = ImportStatus.WAITING
    rows: int | None = None
    next_row: int = 0
    counts: Counts = field(default_factory=Counts)
    problems: int = 0
    problems_kept: int = 0
    headings: tuple[HeadingProblem, ...] = ()
    notes: tuple[str, ...] = ()
    failure: str | None = None
    content_digest: str | None = None
    finished_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Entry:
    """That a programme's roster knows a person, and what which import last did for them."""

    person_id: str
    import_id: str
    outcome: Outcome
    version: int | None = None


@dataclass(frozen=True)
class Known:
    """What is there before a row is imported.

    Attributes
    ----------
    is_guest
        Whether the person is invited, not yet themselves, and invited by this very organisation: then its roster may
        still say what they are called and what their profile says.
    sign_up
        The claim of somebody who is signing up with the address and has not confirmed it.
    """

    person: Person | None = None
    profile: Profile | None = None
    enrolment: Enrolment | None = None
    entry: Entry | None = None
    is_guest: bool = False
    sign_up: Claim | None = None


class RowRefusedError(Exception):
    """A good row that cannot go in as things stand; goes into the report."""

    def __init__(self, column: str | None, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


class ImportNotWaiting(Conflict):
    """A file arrived for an import that has one already."""

    code = "import-not-waiting"
    title = "This import has its file"


class ImportMovedOn(Conflict):
    """Another worker has carried the import on in the meantime."""

    code = "import-moved-on"
    title = "The import has moved on"


def next_step(row: RosterRow, known: Known, programme: Programme) -> Step:
    """Tell what is to be done next for a row; `NOTHING` once all is as the row has it.

    A person who is themselves is enrolled and never changed; one who has left the programme is not fetched back.

    Raises
    ------
    RowRefusedError
    """
    if known.person is None:
        if known.entry is not None:
            raise RowRefusedError(
                "external_id" if row.external_id else "email",
                "This person has left Crossward. Give another external id to invite them anew.",
            )
        places_of(row, programme, None)
        return Step.INVITE
    if known.person.status is PersonStatus.INVITED and known.person.email != normalised_email(row.email):
        raise RowRefusedError(
            "email",
            "The person of this external id was invited at another address, which stays. Give another external id "
            "to invite this address.",
        )
    if known.enrolment is not None and known.enrolment.status is EnrolmentStatus.WITHDRAWN:
        raise RowRefusedError(
            None, "This person has left the programme. Enrol them by hand if they wish to return."
        )
    if (
        known.is_guest
        and known.profile is not None
        and merged_guest(row, known.person, known.profile)
        != (
            known.person,
            known.profile,
        )
    ):
        return Step.CHANGE_GUEST
    if known.enrolment is None:
        places_of(row, programme, None)
        return Step.ENROL
    # A mentee's places are the programme's: there is nothing of a row's to change.
    may_change = known.is_guest and row.capacity is not None and row.role is Side.MENTOR
    if may_change and places_of(row, programme, known.enrolment) != known.enrolment.capacity:
        return Step.CHANGE_PLACES
    return Step.REMEMBER if known.entry is None else Step.NOTHING


def places_of(row: RosterRow, programme: Programme, before: Enrolment | None) -> int:
    """Return the places that a row asks for; raises `RowRefusedError` where the programme has not so many."""
    usual = before.capacity if before else row.profile.capacity
    try:
        return capacity_for(programme, row.role, row.capacity, usual)
    except Invalid as refusal:
        raise RowRefusedError("capacity", refusal.errors[0].detail) from refusal


def merged_guest(row: RosterRow, person: Person, profile: Profile) -> tuple[Person, Profile]:
    """Return a guest after a row, name, locale and profile: an empty cell leaves what is there.

    Raises
    ------
    RowRefusedError
        If the row and what is there together make no profile.
    """
    named = replace(
        person,
        given_name=row.given_name,  # every row has one
        family_name=row.family_name if "family_name" in row.given else person.family_name,
        locale=row.locale if "locale" in row.given else person.locale,
    )
    return named, merged_profile(row, profile)


def merged_profile(row: RosterRow, before: Profile) -> Profile:
    """Return a guest's profile after a row: an empty cell leaves what is there.

    Raises
    ------
    RowRefusedError
        If both together make no profile.
    """
    given = set(row.given)
    if "profession" in given and row.profile.profession != STUDENT:
        given |= {"intended_profession", "study_year"}  # what a student said no longer holds
    if "sensitive_consent" in given and not row.profile.sensitive_consent:
        given |= {"gender", "background"}
    columns = (column for column in COLUMNS if column.name in given and column.path)
    # What the row says is only wished for is no rule any longer.
    softened = before.negative_wishes.less(row.profile.negative_wishes.if_possible)
    merged = placed(
        replace(before, negative_wishes=softened),
        {column.name: column.value_of(row.profile) for column in columns},
    )
    if "capacity" in given:
        merged = replace(merged, capacity=row.profile.capacity)
    try:
        return checked_profile(merged)
    except Invalid as refusal:
        raise RowRefusedError(*refused(refusal.errors[0])) from refusal
