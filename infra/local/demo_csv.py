"""Writes the demo cohort as roster files: the same people whom `make run` seeds.

python -m infra.local.demo_csv --out build/demo-csv
"""

from __future__ import annotations

from pathlib import Path

from chalicelib.rosters.cells import Role
from chalicelib.rosters.model import RosterRow
from chalicelib.rosters.templates import write_rows
from infra.local.cohort import profile_of, verified_until
from infra.local.cohort_shapes import Cohort, DemoPerson


def write_roster_csv(cohort: Cohort, directory: Path) -> tuple[Path, Path]:
    """Write `mentors.csv` and `mentees.csv` in the columns of a roster, and return their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    files = []
    for role, people_ in ((Role.MENTOR, cohort.mentors), (Role.MENTEE, cohort.mentees)):
        file = directory / f"{role}s.csv"
        file.write_bytes(write_rows(_roster_row(n, role, one) for n, one in enumerate(people_, start=2)))
        files.append(file)
    return files[0], files[1]


def _roster_row(number: int, role: Role, person: DemoPerson) -> RosterRow:
    return RosterRow(
        row_number=number,
        external_id=f"{role.name}-{number - 1:03d}",
        email=person.email,
        given_name=person.given_name,
        family_name=person.family_name,
        locale=person.locale,
        role=role,
        capacity=person.enrolment.capacity if person.enrolment else None,
        verified_until=verified_until(person) if role is Role.MENTOR else None,
        profile=profile_of(person),
    )
