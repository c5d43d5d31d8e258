"""A programme of any size, filled straight into the tables: demo cohorts drawn again and again from other seeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.ids import new_id
from chalicelib.mentorships import store as mentorships
from chalicelib.mentorships.model import Pair, PairStanding
from chalicelib.people import store as people
from chalicelib.people.model import Person, PersonStatus, Standing
from chalicelib.platform.tables import Write
from chalicelib.programmes import store as programmes
from chalicelib.programmes.model import Enrolment, Side
from infra.local.cohort import generate, profile_of, verified_until
from infra.local.cohort_shapes import Cohort, DemoPerson
from infra.local.seed import Bulk


def fill(
    programme_id: str, mentees: int, mentors: int, now: datetime, *, seed: int = 1, workers: int = 2
) -> None:
    """Write so many people into a programme, with what their mentees have declined.

    As in the cohort, some have no enrolment, so a few less take part.
    """
    with Bulk(now, workers) as bulk:
        while mentees or mentors:
            cohort = generate(now.date(), seed=seed)
            some = [*cohort.mentees[:mentees], *cohort.mentors[:mentors]]
            for group in rows(programme_id, cohort, some, now):
                bulk.add(group)
            mentees -= min(mentees, len(cohort.mentees))
            mentors -= min(mentors, len(cohort.mentors))
            seed += 1


def rows(programme_id: str, cohort: Cohort, some: list[DemoPerson], now: datetime) -> Iterator[list[Write]]:
    """Yield the writes of each of some mentees and mentors of a cohort, and of each no between two of them."""
    ids = {}
    those = {one.email for one in cohort.mentees}
    for demo in some:
        side = Side.MENTEE if demo.email in those else Side.MENTOR
        joined = now - timedelta(days=demo.days_here)
        # Addresses repeat from cohort to cohort; nobody signs in.
        ids[demo.email] = person_id = new_id(joined)
        person = Person(
            person_id, f"{person_id.lower()}@example.org", demo.given_name, demo.family_name, demo.locale,
            PersonStatus.ACTIVE, Standing(verified_until(demo)), joined, joined,
        )  # fmt: skip
        profile = replace(profile_of(demo), person_id=person_id, is_mentor=side is Side.MENTOR)
        writes = [people.put_person(person, joined), people.put_profile(profile, joined)]
        if demo.enrolment is not None:
            capacity = 1 if side is Side.MENTEE else demo.enrolment.capacity
            enrolment = Enrolment(programme_id, person_id, side, capacity, capacity, enrolled_at=joined)
            writes.append(programmes.put_enrolment(enrolment, joined))
        yield writes
    for one in cohort.declines:
        if {one.mentee, one.mentor} <= ids.keys():
            pair = Pair(programme_id, ids[one.mentee], ids[one.mentor], PairStanding.DECLINED, new_id(now))
            yield [mentorships.settle_pair(pair, now)]
