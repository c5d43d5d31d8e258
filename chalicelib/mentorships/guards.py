"""What must hold of others' rows at the instant of a change: checks that go into its transaction.

Each is a condition on a row of a lower capability, at the key that its service gives out.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import DomainError
from chalicelib.mentorships.model import MentorNotAvailable, PartnerNotAvailable
from chalicelib.people import service as people
from chalicelib.people.model import PersonStatus
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import EnrolmentStatus, ProgrammeNotRunning, ProgrammeStatus, Side


def programme_running(programme_id: str, now: datetime) -> Write:
    """Check that people may answer proposals, as `Programme.is_running` has it; else `ProgrammeNotRunning`."""
    row_class, pk, sk = programmes.programme_key(programme_id)
    row: Any = row_class
    today = now.date().isoformat()
    condition = (
        (row.status == ProgrammeStatus.ACTIVE.value)
        & (row.starts_on.does_not_exist() | (row.starts_on <= today))
        & (row.ends_on.does_not_exist() | (row.ends_on >= today))
    )
    refused = ProgrammeNotRunning("Proposals are made and answered only while the programme runs.")
    return tables.check(row_class, pk, sk, condition=condition, conflict=refused)


def enrolled(programme_id: str, side: Side, person_id: str, conflict: DomainError) -> Write:
    """Check that a person is active in a programme."""
    row_class, pk, sk = programmes.enrolment_key(programme_id, side, person_id)
    row: Any = row_class
    return tables.check(
        row_class, pk, sk, condition=row.status == EnrolmentStatus.ACTIVE.value, conflict=conflict
    )


def can_mentor(person_id: str, now: datetime, conflict: DomainError) -> Write:
    """Check that a mentor may be matched at `now`, as `Person.can_mentor` has it."""
    row_class, pk, sk = people.person_key(person_id)
    row: Any = row_class
    condition = (row.status == PersonStatus.ACTIVE.value) & (row.verified_until > to_text(now))
    return tables.check(row_class, pk, sk, condition=condition, conflict=conflict)


def not_blocked(one: str, other: str, conflict: DomainError) -> list[Write]:
    """Check that neither of two people has blocked the other; the refusal must not say which rule it was."""
    writes = []
    for whose, whom in ((one, other), (other, one)):
        row_class, pk, sk = people.blocks_key(whose)
        row: Any = row_class
        condition = row.others.does_not_exist() | ~row.others.contains(whom)
        writes.append(tables.check(row_class, pk, sk, condition=condition, conflict=conflict))
    return writes


def hold_mentor(programme_id: str, mentor_id: str, now: datetime) -> Write:
    """Take a place of a mentor who was asked; a full one is told like any other obstacle."""
    write = programmes.hold_place(programme_id, Side.MENTOR, mentor_id, now)
    return replace(write, conflict=not_available())


def not_available() -> MentorNotAvailable:
    return MentorNotAvailable("Look for another one in the programme's directory.")


def no_longer() -> PartnerNotAvailable:
    return PartnerNotAvailable(
        "The other side cannot be paired any more. The proposal will expire by itself."
    )
