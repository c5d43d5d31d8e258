"""Snapshots of any size for whole match runs: the demo cohort, drawn again and again from other seeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from chalicelib.matching.model import MatchSettings, MenteeEntry, MentorEntry, Snapshot
from chalicelib.people.model import WEEKDAYS, LanguageSkill, Profile, Window
from infra.local.cohort import generate, profile_of, verified_until

DAY = date(2026, 11, 22)


def cohort_pool(cohorts: int, settings: MatchSettings | None = None, *, seed: int = 1) -> Snapshot:
    """Return a snapshot of `cohorts` times 400 mentees and 160 mentors, each cohort from a seed of its own."""
    now = datetime.combine(DAY, time(2), UTC)
    mentees: list[MenteeEntry] = []
    mentors: list[MentorEntry] = []
    for n in range(cohorts):
        cohort = generate(DAY, seed=seed + n)
        declined: dict[str, set[str]] = {}
        for decline in cohort.declines:
            declined.setdefault(f"{n}/{decline.mentee}", set()).add(f"{n}/{decline.mentor}")
        for person in (*cohort.mentees, *cohort.mentors):
            name = f"{n}/{person.email}"
            profile = replace(profile_of(person), person_id=name)
            enrolment = person.enrolment
            if person in cohort.mentees:
                mentees.append(
                    MenteeEntry(
                        name,
                        profile,
                        waiting_since=now - timedelta(days=person.days_here),
                        enrolled=enrolment is not None,
                        declined=frozenset(declined.get(name, ())),
                    )
                )
            else:
                mentors.append(
                    MentorEntry(
                        name,
                        profile,
                        capacity_left=enrolment.capacity if enrolment else 0,
                        verified_until=verified_until(person),
                        enrolled=enrolment is not None,
                    )
                )
    return Snapshot(
        "benchmark", f"seed-{seed}", now, tuple(mentees), tuple(mentors), settings or MatchSettings()
    )


def dense_pool(cohorts: int, settings: MatchSettings | None = None, *, seed: int = 1) -> Snapshot:
    """Return the same people, nearly all pairs of whom are admissible: all are open, speak English at C1, and are free
    from six in the morning to eleven at night."""
    pool = cohort_pool(cohorts, settings, seed=seed)
    free = tuple(Window(day, 6 * 60, 23 * 60) for day in WEEKDAYS)

    def at_hand(profile: Profile) -> Profile:
        others = (one for one in profile.languages if not one.language.startswith("en"))
        return replace(profile, languages=(*others, LanguageSkill("en", "C1")), availability=free)

    return replace(
        pool,
        mentees=tuple(replace(one, profile=at_hand(one.profile), enrolled=True) for one in pool.mentees),
        mentors=tuple(
            replace(
                one,
                profile=at_hand(one.profile),
                capacity_left=max(1, one.capacity_left),
                verified_until=pool.taken_at + timedelta(days=365),
                enrolled=True,
            )
            for one in pool.mentors
        ),
    )
