import hashlib
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chalicelib.matching.engine import run_match
from chalicelib.matching.model import MenteeEntry, MentorEntry, Reason, Snapshot
from chalicelib.people import codes
from chalicelib.people.model import Profile
from chalicelib.people.schemas import ProfileChange
from infra.local.cohort import generate, profile_of, verified_until

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def cohort():
    return generate(TODAY)


def written(person):
    return replace(Profile(person.email), **ProfileChange.model_validate(person.profile).changes())


def strong(person):
    return {one.language.partition("-")[0] for one in profile_of(person).languages if one.level >= "B2"}


def common_quarters(one, other, week):
    """Count the quarters of an hour that both are free in the seven days from `week`, instant by instant."""

    def free(profile, instant):
        local = instant.astimezone(ZoneInfo(profile.time_zone))
        day, minute = local.strftime("%a").lower(), local.hour * 60 + local.minute
        return any(w.weekday == day and w.start <= minute < w.end for w in profile.availability)

    a, b = profile_of(one), profile_of(other)
    instants = (week + timedelta(minutes=15 * n) for n in range(7 * 96))
    return sum(free(a, instant) and free(b, instant) for instant in instants)


def test_the_same_seed_and_day_give_the_same_bytes_in_another_process(cohort):
    program = (
        "import hashlib, sys; from datetime import date; from infra.local.cohort import generate;"
        "sys.stdout.write(hashlib.sha256(repr(generate(date(2026, 11, 22))).encode()).hexdigest())"
    )
    other = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        cwd=ROOT, env={"PYTHONHASHSEED": "77"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert other.stdout == hashlib.sha256(repr(cohort).encode()).hexdigest()
    assert generate(TODAY, seed=1) != cohort


def test_there_are_as_many_as_promised_from_all_over_the_world(cohort):
    assert (len(cohort.mentees), len(cohort.mentors)) == (400, 160)
    assert len({one.profile["country"] for one in (*cohort.mentees, *cohort.mentors)}) >= 40
    groups = Counter(codes.income_group(one.profile["country"]) for one in cohort.mentees)
    assert abs(groups["low"] - 400 / 3) < 1
    mentors = Counter(codes.income_group(one.profile["country"]) for one in cohort.mentors)
    assert mentors["high"] / 160 > 0.75
    assert set(mentors) == set(codes.INCOME_GROUPS)


def test_every_profile_is_one_that_the_service_takes_unchanged(cohort):
    for person in (*cohort.mentors, *cohort.mentees):
        assert profile_of(person) == written(person), person.email  # raises with the fields that are wrong


def test_addresses_are_unique_and_reserved(cohort):
    addresses = [one.email for one in cohort]
    assert len(set(addresses)) == len(addresses) == 563
    assert all(address.isascii() and address.endswith("@example.org") for address in addresses)
    assert all(one.given_name and one.family_name for one in cohort)


def test_gender_and_background_are_there_only_by_consent_and_only_for_some(cohort):
    told = [one for one in cohort if one.profile.get("gender") or one.profile.get("background")]
    assert all(one.profile["sensitive_consent"] for one in told)
    assert 0.2 < len(told) / 560 < 0.5


def test_people_speak_what_their_country_speaks(cohort):
    for person in cohort.mentees:
        country = codes.country(person.profile["country"])
        spoken = {one.tag.partition("-")[0] for one in country.languages}
        assert spoken & {one["language"] for one in person.profile["languages"]}, person.email
    tongues = Counter(one["language"] for person in cohort for one in person.profile.get("languages", ()))
    assert len(tongues) > 60
    assert {"en", "fr", "es", "ar", "pt", "sw"} <= {tag for tag, _ in tongues.most_common(8)}


def test_goals_are_written_in_many_languages_and_rarely_twice_the_same(cohort):
    texts = [person.profile["goals"] for person in cohort.mentees if person.profile["goals"]]
    assert len(texts) > 320
    assert len(set(texts)) > 0.85 * len(texts)
    for sign in ("I ", "J’", "Trabajo", "Trabalho", "أ", "Ni"):
        assert any(sign in text for text in texts), sign
    assert not any("{" in text or "None" in text for text in texts)


def test_specialties_are_skewed(cohort):
    counts = Counter(one.profile["specialties"][0] for one in (*cohort.mentors, *cohort.mentees))
    head = sum(count for _, count in counts.most_common(10))
    assert head / 560 > 0.4
    assert sum(1 for count in counts.values() if count <= 2) >= 8


def test_hours_and_lines_differ_as_in_life(cohort):
    windows = [window for one in cohort for window in one.profile.get("availability", ())]
    starts = Counter(window["start"][:2] for window in windows)
    assert {"05", "12", "14", "18", "23", "00"} <= set(starts)
    lines = {
        group: Counter(
            one.profile["connection"] for one in cohort.mentees
            if codes.income_group(one.profile["country"]) == group
        )
        for group in ("low", "high")
    }  # fmt: skip
    assert lines["low"]["poor"] > 0.2 * sum(lines["low"].values())
    assert lines["high"]["poor"] < 0.1 * sum(lines["high"].values())
    assert sum(one.profile.get("profession") == "student" for one in cohort.mentees) > 30


def test_some_have_waited_for_months_and_some_have_just_come(cohort):
    waited = sorted(one.days_here for one in cohort.mentees)
    assert waited[20] <= 5
    assert waited[-20] > 90


def test_credentials_are_in_every_state_and_dates_fit_them(cohort):
    claims = [claim for one in cohort.mentors for claim in one.credentials]
    states = Counter(claim.state for claim in claims)
    assert states["verified"] > 100
    assert min(states[state] for state in ("pending", "expired", "rejected")) >= 3
    for claim in claims:
        assert claim.issued_on < TODAY
        assert (claim.expires_on < TODAY) == (claim.state == "expired")
    for person in cohort.mentors:
        for claim in person.credentials:
            assert claim.expires_on > TODAY - timedelta(days=claim.days_ago)
            assert claim.days_ago <= (12 if claim.state == "pending" else person.days_here)
            assert claim.days_ago <= person.days_here
        assert (claim.reason is not None) == (claim.state == "rejected")


def test_declines_are_between_people_who_take_part_and_could_talk(cohort):
    mentees = {one.email: one for one in cohort.mentees}
    mentors = {one.email: one for one in cohort.mentors}
    assert len(cohort.declines) >= 8
    for decline in cohort.declines:
        mentee, mentor = mentees[decline.mentee], mentors[decline.mentor]
        assert strong(mentee) & strong(mentor)
        assert profile_of(mentee).usable_channels() & profile_of(mentor).usable_channels()
        assert not {mentee.signs_in_as, mentor.signs_in_as} & {"mentee", "mentor"}


def test_each_demo_sign_in_is_one_person(cohort):
    signs_in = cohort.sign_ins()
    assert set(signs_in) == {"mentor", "mentee", "coordinator", "reviewer", "admin"}
    assert [one.signs_in_as for one in cohort].count("mentor") == 1


@pytest.mark.parametrize(
    "today", [date(2026, 11, 22), date(2027, 2, 20), date(2027, 6, 15), date(2027, 9, 1)]
)
def test_the_demo_mentor_is_the_one_mentor_whom_the_demo_mentee_can_meet(today):
    cohort = generate(today)
    signs_in = cohort.sign_ins()
    mentee = signs_in["mentee"]
    monday = datetime(today.year, today.month, today.day, tzinfo=UTC) + timedelta(days=7 - today.weekday())
    weeks = [monday + timedelta(weeks=n) for n in range(12)]
    can_meet = [
        mentor
        for mentor in cohort.mentors
        if strong(mentor) & strong(mentee)
        and profile_of(mentor).usable_channels() & profile_of(mentee).usable_channels()
        and all(common_quarters(mentor, mentee, week) >= 4 for week in weeks)
    ]
    assert can_meet == [signs_in["mentor"]]
    assert signs_in["mentor"].profile["country"] != mentee.profile["country"]


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2027, 3, 20), date(2027, 10, 20)])
def test_a_run_over_the_whole_cohort_proposes_the_demo_pair_and_leaves_some_out_for_each_reason(today):
    cohort = generate(today)
    now = datetime(today.year, today.month, today.day, 2, tzinfo=UTC)
    mentees = tuple(
        MenteeEntry(one.email, profile_of(one), now - timedelta(days=one.days_here)) for one in cohort.mentees
    )
    mentors = tuple(
        MentorEntry(one.email, profile_of(one), one.enrolment.capacity, verified_until(one))
        for one in cohort.mentors
    )
    result = run_match(Snapshot("programme", "run", now, mentees, mentors))
    assert ("mentee@example.org", "mentor@example.org") in {
        (pair.mentee_id, pair.mentor_id) for pair in result.pairs
    }
    assert 200 < len(result.pairs) < 320
    assert {count.code for count in result.report.left_out} == {
        Reason.NO_SHARED_LANGUAGE, Reason.NOT_ENOUGH_COMMON_TIME, Reason.NO_SHARED_CHANNEL,
        Reason.NO_MENTOR_LEFT,
    }  # fmt: skip
    assert {count.code for count in result.report.excluded_mentees} == {Reason.PROFILE_INCOMPLETE}
    assert {count.code for count in result.report.excluded_mentors} == {Reason.NOT_VERIFIED}


def test_some_mentees_cannot_be_matched_with_anybody(cohort):
    by_email = {one.email: one for one in cohort.mentees}
    lao = by_email["bounmy.sayavong@example.org"]
    assert not any(strong(lao) & strong(mentor) for mentor in cohort.mentors)
    short = profile_of(by_email["tumaini.makori@example.org"])
    assert sum(window.end - window.start for window in short.availability) < 60
    assert not profile_of(by_email["henok.worku@example.org"]).usable_channels()
    assert profile_of(by_email["rutendo.banda@example.org"]).missing_for_matching()
    places = sum(one.enrolment.capacity for one in cohort.mentors)
    assert places < len(cohort.mentees)
