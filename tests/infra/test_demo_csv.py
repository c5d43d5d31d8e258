from dataclasses import replace
from datetime import date

from chalicelib.rosters.model import Role, parse_roster
from infra.local.cohort import generate, profile_of, verified_until
from infra.local.demo_csv import write_roster_csv


def test_roster_files_read_back_to_the_same_people(tmp_path):
    cohort = generate(date(2026, 11, 22))
    for file, people, role in zip(
        write_roster_csv(cohort, tmp_path), (cohort.mentors, cohort.mentees), (Role.MENTOR, Role.MENTEE),
        strict=True,
    ):  # fmt: skip
        parse = parse_roster(file.read_bytes(), filename=file.name, role=role)
        assert (parse.problems, parse.headings, parse.notes) == ((), (), ())
        assert len(parse.rows) == len(people)
        for row, person in zip(parse.rows, people, strict=True):
            assert row.email == person.email
            assert (row.given_name, row.family_name, row.locale) == (
                person.given_name, person.family_name, person.locale,
            )  # fmt: skip
            assert row.capacity == person.enrolment.capacity
            assert row.verified_until == (verified_until(person) if role is Role.MENTOR else None)
            assert replace(row.profile, person_id="", capacity=0) == replace(
                profile_of(person), person_id="", capacity=0
            )
