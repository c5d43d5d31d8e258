"""The demo cohort: 400 mentees and 160 mentors who look like life, and the staff of the demo installation.

Nobody in it exists; every address ends in `example.org`, which is reserved (RFC 2606). The same seed and day
give the same cohort to the byte, so that a run on it can be compared with yesterday's.

    python -m infra.local.cohort --csv build/demo        # the same people as roster files
"""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal

from chalicelib.people import codes
from chalicelib.people.checks import checked_profile
from chalicelib.people.model import Profile
from chalicelib.people.schemas import ProfileChange
from infra.local import cohort_people as people
from infra.local.cohort_cast import demo_mentee, demo_mentor, staff, unmatchable
from infra.local.cohort_people import Origin
from infra.local.cohort_shapes import Cohort, DemoCredential, DemoDecline, DemoEnrolment, DemoPerson, Side

SEED = 20261122
# How many of each side live in each income group: a third of the mentees in low-income countries, most
# mentors in high-income ones.
MENTEES_BY_GROUP = {"low": 134, "lower_middle": 150, "upper_middle": 78, "high": 38}
MENTORS_BY_GROUP = {"low": 3, "lower_middle": 15, "upper_middle": 14, "high": 128}


def generate(today: date, seed: int = SEED) -> Cohort:
    """Return the demo cohort as of ``today``, by which credentials expire."""
    rng = Random(seed)
    addresses: set[str] = set()
    mentors = [demo_mentor(today)]
    mentees = [demo_mentee(), *unmatchable()]
    addresses.update(one.email for one in (*mentors, *mentees))
    for side, group in _places_left(mentors, mentees):
        made = _person(rng, side, group, today, addresses)
        (mentors if side == "mentor" else mentees).append(made)
    return Cohort(tuple(mentees), tuple(mentors), staff(), _declines(rng, mentees, mentors))


def profile_of(person: DemoPerson) -> Profile:
    """Return a person's profile as the service would keep it; raises `Invalid` if it would not."""
    written = ProfileChange.model_validate(person.profile).changes()
    return checked_profile(replace(Profile(person.email), **written))


def verified_until(person: DemoPerson) -> datetime | None:
    """Return the end of the last day on which a verified credential holds or held, None without one."""
    ends = [one.expires_on for one in person.credentials if one.state in ("verified", "expired")]
    return datetime.combine(max(ends) + timedelta(days=1), time(), UTC) if ends else None


def _places_left(mentors: list[DemoPerson], mentees: list[DemoPerson]) -> Iterator[tuple[Side, str]]:
    sides: tuple[tuple[Side, dict[str, int], list[DemoPerson]], ...] = (
        ("mentor", MENTORS_BY_GROUP, list(mentors)),
        ("mentee", MENTEES_BY_GROUP, list(mentees)),
    )
    for side, wanted, there in sides:
        groups: list[str | None] = [codes.income_group(one.profile["country"]) for one in there]
        for group, count in wanted.items():
            for _ in range(count - groups.count(group)):
                yield side, group


def _person(rng: Random, side: Side, group: str, today: date, addresses: set[str]) -> DemoPerson:
    where = people.origin(rng, side, group)
    given, family, gender = people.name(rng, where.home)
    tongues = people.languages(rng, where, side)
    zone = people.zone(rng, where.country)
    work = people.practice_of(rng, side)
    connection, channels = people.line(rng, where, side)
    years = {"student": 1, "early": rng.randint(2, 6), "mid": rng.randint(7, 14)}.get(
        work["career_stage"], rng.randint(15, 34)
    )
    profile = {
        **work,
        "employer": people.employer(rng, zone, given, family),
        "country": where.country,
        "languages": tongues,
        "time_zone": zone,
        "availability": people.availability(
            rng, side, where.country, student=work["profession"] == "student"
        ),
        "channels": channels,
        "connection": connection,
        "goals": people.goals(rng, side, where, work["specialties"][0], tongues, max(years, 2)),
        **people.wishes(rng, side, where, gender),
    }
    if side == "mentor":
        capacity = int(people.pick(rng, {"1": 26, "2": 44, "3": 20, "4": 6, "5": 4}))
        profile["capacity"] = capacity
        claims = _credentials(rng, where, work, years, today)
    else:
        capacity = 1
        claims = ()
    days_here = _days_here(rng, claims, today)
    claims = tuple(replace(one, days_ago=_submitted(rng, one, days_here)) for one in claims)
    return DemoPerson(
        email=_address(given, family, addresses),
        given_name=given,
        family_name=family,
        locale=_locale(tongues),
        roles=("participant",),
        profile=profile,
        enrolment=DemoEnrolment(side, capacity, _programmes(rng, work["specialties"])),
        credentials=claims,
        days_here=days_here,
    )


def _submitted(rng: Random, claim: DemoCredential, days_here: int) -> int:
    """Draw for how many days a claim has been submitted: reviewers let nobody wait for more than twelve."""
    return min(days_here, rng.randint(0, 12)) if claim.state == "pending" else days_here


def _days_here(rng: Random, claims: tuple[DemoCredential, ...], today: date) -> int:
    """Draw since when somebody has been here; what has expired was verified in that time."""
    since_expiry = max((today - one.expires_on).days for one in claims) if claims else 0
    return min(max(int(rng.expovariate(1 / 35)), since_expiry + 20 if since_expiry > 0 else 0), 200)


def _programmes(rng: Random, specialties: list[str]) -> tuple[str, ...]:
    """Everybody is in the main programme; some are in that for mothers and newborns, or in the open one, too."""
    newborn = {"neonatology", "neonatal-nursing", "midwifery", "gynaecology-and-obstetrics", "paediatrics"}
    drawn = ["main"]
    if newborn & set(specialties) and rng.random() < 0.4:
        drawn.append("newborn")
    if rng.random() < 0.1:
        drawn.append("open")
    return tuple(drawn)


def _credentials(
    rng: Random, where: Origin, work: dict[str, Any], years: int, today: date
) -> tuple[DemoCredential, ...]:
    found = people.country(where.country)
    state: Any = people.pick(rng, {"verified": 73, "pending": 11, "expired": 9, "rejected": 7})
    issued = today - timedelta(days=365 * years + rng.randint(0, 300))
    left = -rng.randint(5, 150) if state == "expired" else rng.randint(60, 1400)
    board = work["profession"] == "2212" and rng.random() < 0.5
    return (
        DemoCredential(
            kind="board_certification" if board else _council_kind(rng),
            issuer=f"{'Board of Specialists' if board else 'Professional Council'}, {found.name}",
            country=where.country,
            number=f"{where.country}-{rng.randrange(10**6):06d}",
            issued_on=issued,
            expires_on=today + timedelta(days=left),
            state=state,
            reason=rng.choice(REJECTIONS) if state == "rejected" else None,
        ),
    )


def _council_kind(rng: Random) -> Literal["licence", "registration"]:
    """Draw what a professional council hands out."""
    return "registration" if rng.random() < 0.6 else "licence"


REJECTIONS = (
    ("not_in_register", "The number is not in the public register."),
    ("name_differs", "The name on the document is not the name of the account."),
    ("incomplete", "The year of the licence is missing."),
)
DECLINES = (
    ("no_time", "My next months are full."),
    ("other_field", "Your field is too far from mine for me to be of use."),
    ("other_goals", "I would rather work with somebody earlier in training."),
    ("times_do_not_fit", "Our hours hardly meet."),
)


def _declines(rng: Random, mentees: list[DemoPerson], mentors: list[DemoPerson]) -> tuple[DemoDecline, ...]:
    """Draw earlier requests that were declined. The demo sign-ins stand apart, so that they keep each other."""
    askers = rng.sample([one for one in mentees if one.signs_in_as is None], 40)
    asked = rng.sample([one for one in mentors if one.signs_in_as is None and _can_be_asked(one)], 40)
    could_talk = [
        (mentee, mentor)
        for mentee, mentor in zip(askers, asked, strict=True)
        if _bases(mentee) & _bases(mentor)
        and profile_of(mentee).usable_channels() & profile_of(mentor).usable_channels()
    ]
    return tuple(
        DemoDecline(mentee.email, mentor.email, rng.choice(DECLINES)) for mentee, mentor in could_talk[:12]
    )


def _can_be_asked(one: DemoPerson) -> bool:
    return one.profile["visible"] and any(claim.state == "verified" for claim in one.credentials)


def _bases(one: DemoPerson) -> set[str]:
    return {known["language"] for known in one.profile["languages"] if known["level"] in ("B2", "C1", "C2")}


def _locale(tongues: list[dict[str, str]]) -> Literal["en", "fr"]:
    """Mail comes in English or French: in French to whom French is closer."""
    rank = {one["language"]: codes.CEFR.index(one["level"]) for one in tongues}
    return "fr" if rank.get("fr", -1) >= 3 and rank.get("fr", -1) > rank.get("en", -1) else "en"


def _address(given: str, family: str, taken: set[str]) -> str:
    # These letters do not come apart into a letter and a mark.
    plain = f"{given}.{family}".lower().translate(str.maketrans("đøłı ", "doli-"))
    plain = unicodedata.normalize("NFKD", plain)
    local = "".join(sign for sign in plain if sign.isascii() and (sign.isalnum() or sign in ".-"))
    address, number = f"{local}@example.org", 2
    while address in taken:
        address, number = f"{local}{number}@example.org", number + 1
    taken.add(address)
    return address


def main() -> None:
    """Write the cohort's roster files."""
    from infra.local.demo_csv import write_roster_csv

    parser = argparse.ArgumentParser(description="Write the demo cohort as roster files.")
    parser.add_argument("--csv", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--today", type=date.fromisoformat, default=datetime.now(UTC).date(), metavar="YYYY-MM-DD"
    )
    options = parser.parse_args()
    cohort = generate(options.today, options.seed)
    files = write_roster_csv(cohort, options.csv)
    for file, people_ in zip(files, (cohort.mentors, cohort.mentees), strict=True):
        print(f"{file}: {len(people_)} people")


if __name__ == "__main__":
    main()
