"""The people of the demo cohort who are not drawn: the demo sign-ins, and some who cannot be matched."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from infra.local.cohort_shapes import DemoCredential, DemoEnrolment, DemoPerson

_SHARED = {
    "profession": "2212",
    "specialties": ["neonatology", "paediatrics"],
    "research_interests": ["kangaroo mother care", "neonatal sepsis"],
    "channels": ["voice", "chat", "email"],
    "values": ["equity", "curiosity", "kindness"],
}


def demo_mentor(today: date) -> DemoPerson:
    """Return the mentor who signs in: a neonatologist in Sydney, raised in French."""
    profile = {
        **_SHARED,
        "career_stage": "senior",
        "employer": "Sydney Children's Hospital",
        "country": "AU",
        "countries_of_interest": ["BF"],
        "country_experience": ["BF", "FR"],
        "languages": [{"language": "fr", "level": "C2"}, {"language": "en", "level": "C2"}],
        "time_zone": "Australia/Sydney",
        # Sunday afternoon in Sydney is early Sunday in Ouagadougou, on both sides of Sydney's clock changes.
        "availability": [
            {"weekday": "wed", "start": "12:00", "end": "13:30"},
            {"weekday": "sun", "start": "15:30", "end": "18:00"},
        ],
        "connection": "good",
        "channels": ["video", *_SHARED["channels"]],
        "topics_offered": ["research methods", "scientific writing", "working with few resources"],
        "strengths": ["listening", "clinical teaching"],
        "wants_to_grow": ["delegation"],
        "goals": (
            "J’exerce et j’enseigne la néonatologie depuis 22 ans, dont trois à Ouagadougou. Je peux aider à "
            "transformer un audit en premier article et à mieux soigner les prématurés avec peu de moyens."
        ),
        "preferences": {"cross_border": "preferred", "same_profession": True},
        "capacity": 2,
    }
    credential = DemoCredential(
        kind="board_certification",
        issuer="Board of Specialists, Australia",
        country="AU",
        number="AU-204417",
        issued_on=today - timedelta(days=365 * 20),
        expires_on=today + timedelta(days=700),
        state="verified",
    )
    return DemoPerson(
        email="mentor@example.org",
        given_name="Hélène",
        family_name="Marchand",
        locale="en",
        roles=("participant",),
        profile=profile,
        enrolment=DemoEnrolment("mentor", 2, ("main",)),
        credentials=(credential,),
        signs_in_as="mentor",
    )


def demo_mentee() -> DemoPerson:
    """Return the mentee who signs in: a young paediatrician in Ouagadougou on a fair line.

    She is free when few others are, and works in French alone: the demo mentor is the one mentor she can
    meet, so the first match run gives the two a proposal with each other whatever else is in the pool.
    """
    profile = {
        **_SHARED,
        "career_stage": "early",
        "employer": "Ouagadougou Regional Hospital",
        "country": "BF",
        "countries_of_interest": ["AU", "FR"],
        "languages": [
            {"language": "mos", "level": "C2"},
            {"language": "fr", "level": "C1"},
            {"language": "en", "level": "B1"},
        ],
        "time_zone": "Africa/Ouagadougou",
        "availability": [{"weekday": "sun", "start": "05:00", "end": "06:45"}],
        "connection": "fair",
        "topics_sought": ["research methods", "scientific writing", "working with few resources"],
        "strengths": ["patience", "bedside skills"],
        "wants_to_grow": ["academic writing", "english"],
        "goals": (
            "Je suis seule formée en néonatologie dans un hôpital qui dessert toute une région. J’ai besoin "
            "d’aide pour transformer notre audit des prématurés en premier article, avec peu de moyens."
        ),
        "preferences": {"cross_border": "preferred", "same_profession": True},
    }
    return DemoPerson(
        email="mentee@example.org",
        given_name="Aminata",
        family_name="Sawadogo",
        locale="fr",
        roles=("participant",),
        profile=profile,
        enrolment=DemoEnrolment("mentee", 1, ("main",)),
        signs_in_as="mentee",
    )


def unmatchable() -> tuple[DemoPerson, ...]:
    """Return mentees whom no mentor can meet, each for one reason; the crowd adds those without a place."""
    return (
        # No language in common: no mentor of the cohort works in Lao, and her English is a beginner's.
        _mentee(
            "bounmy.sayavong@example.org", "Bounmy", "Sayavong", "LA", "Asia/Vientiane",
            languages=[{"language": "lo", "level": "C2"}, {"language": "en", "level": "A2"}],
        ),
        # Not sixty minutes in a week.
        _mentee(
            "tumaini.makori@example.org", "Tumaini", "Makori", "TZ", "Africa/Dar_es_Salaam",
            availability=[{"weekday": "mon", "start": "05:30", "end": "06:15"}],
        ),
        # A line too poor for the only channel that he would use.
        _mentee(
            "henok.worku@example.org", "Henok", "Worku", "ET", "Africa/Addis_Ababa",
            connection="poor", channels=["video"],
        ),
        # A profile that is not finished.
        _mentee(
            "rutendo.banda@example.org", "Rutendo", "Banda", "MW", "Africa/Blantyre",
            availability=[], channels=[],
        ),
    )  # fmt: skip


def _mentee(email: str, given: str, family: str, country: str, zone: str, **changes: Any) -> DemoPerson:
    profile = {
        "profession": "2211",
        "career_stage": "early",
        "specialties": ["family-medicine"],
        "employer": "District Hospital",
        "country": country,
        "languages": [{"language": "en", "level": "C1"}],
        "time_zone": zone,
        "availability": [{"weekday": day, "start": "17:30", "end": "20:00"} for day in ("tue", "thu")],
        "channels": ["voice", "chat", "email"],
        "connection": "fair",
        "topics_sought": ["clinical reasoning", "career planning"],
        "goals": "I work in a busy public hospital and often decide alone at night.",
    }
    return DemoPerson(
        email=email,
        given_name=given,
        family_name=family,
        locale="en",
        roles=("participant",),
        profile=profile | changes,
        enrolment=DemoEnrolment("mentee", 1, ("main",)),
    )


def staff() -> tuple[DemoPerson, ...]:
    """Return the demo installation's coordinator, reviewer and admin."""
    return (
        _staff("coordinator", "Marta", "Figueiredo"),
        _staff("reviewer", "Declan", "Byrne"),
        _staff("admin", "Naoko", "Hayashi"),
    )


def _staff(role: str, given: str, family: str) -> DemoPerson:
    return DemoPerson(
        email=f"{role}@example.org",
        given_name=given,
        family_name=family,
        locale="en",
        roles=(role,),
        profile={},
        signs_in_as=role,
    )
