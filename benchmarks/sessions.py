"""Pairs of the demo cohort with a session each, as their services leave them, for what is measured of reminders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.calendars.model import Span
from chalicelib.kernel.ids import new_id
from chalicelib.mentorships import running_store
from chalicelib.mentorships.model import card_of
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions import store as sessions_store
from chalicelib.mentorships.sessions.model import Session, SessionStatus
from chalicelib.mentorships.sessions.place import Place
from chalicelib.organisations import store as organisations
from chalicelib.organisations.model import Organisation
from chalicelib.people import store as people
from chalicelib.people.model import Channel, Person, PersonStatus, Profile, Standing
from chalicelib.platform.tables import Write
from chalicelib.programmes import store as programmes
from chalicelib.programmes.model import Programme, Side
from infra.local.cohort import generate, profile_of
from infra.local.cohort_shapes import DemoPerson

NOW = datetime(2027, 3, 8, 8, 0, tzinfo=UTC)
"""A quarter of an hour after the last reminder of the sessions has come due."""
BOOKED = NOW - timedelta(days=3)
STARTS_AT = NOW + timedelta(minutes=45)


class Pairs:
    """So many pairs, in one programme.

    Attributes
    ----------
    sessions
        The session of each pair whose rows have been taken.
    """

    def __init__(self, count: int, *, starts_at: datetime = STARTS_AT) -> None:
        self._count, self._starts_at = count, starts_at
        self.sessions: list[Session] = []

    def groups(self) -> Iterator[list[Write]]:
        """Yield writes that belong together."""
        alliance = Organisation(new_id(BOOKED), "Heart Alliance", "KE")
        programme = Programme(new_id(BOOKED), alliance.id, "Hearts across borders", created_at=BOOKED)
        yield [organisations.put_organisation(alliance, BOOKED), programmes.put_programme(programme, BOOKED)]
        seed = 0
        while len(self.sessions) < self._count:
            cohort, seed = generate(NOW.date(), seed=seed), seed + 1
            mentors = [_made(one) for one in cohort.mentors]
            yield from (_writes(*one) for one in mentors)
            for number, demo in enumerate(cohort.mentees[: self._count - len(self.sessions)]):
                mentee = _made(demo)
                yield _writes(*mentee)
                yield self._pair(programme, mentee, mentors[number % len(mentors)])

    def _pair(
        self, programme: Programme, mentee: tuple[Person, Profile], mentor: tuple[Person, Profile]
    ) -> list[Write]:
        mentorship = Mentorship(
            new_id(BOOKED), programme.id, programme.organisation_id, new_id(BOOKED), card_of(*mentee, Side.MENTEE),
            card_of(*mentor, Side.MENTOR), BOOKED, created_at=BOOKED,
        )  # fmt: skip
        session = Session(
            new_id(BOOKED), mentorship.id, mentee[0].id, mentor[0].id, SessionStatus.BOOKED,
            Span.of(self._starts_at, 45), Side.MENTEE,
            place=Place(Channel.VIDEO, "https://meet.example.org/crossward-x4mzq2h7rtkw"), created_at=BOOKED,
        )  # fmt: skip
        self.sessions.append(session)
        return [
            *running_store.put_mentorship(mentorship, None, BOOKED),
            sessions_store.put_session(session, BOOKED),
        ]


def _made(demo: DemoPerson) -> tuple[Person, Profile]:
    id_ = new_id(BOOKED)
    person = Person(
        id_, f"{id_.lower()}@example.org", demo.given_name, demo.family_name, demo.locale, PersonStatus.ACTIVE,
        Standing(None), BOOKED, BOOKED,
    )  # fmt: skip
    return person, replace(profile_of(demo), person_id=id_)


def _writes(person: Person, profile: Profile) -> list[Write]:
    return [people.put_person(person, BOOKED), people.put_profile(profile, BOOKED)]
