"""People of a programme as a run looks at them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from chalicelib.matching.model import MenteeEntry, MentorEntry
from chalicelib.people.model import Person, PersonStatus, Profile
from chalicelib.programmes.model import Enrolment, EnrolmentStatus, PairKind, Programme, Side

Known = Mapping[str, tuple[Person, Profile, frozenset[str]]]


def entries_of(
    programme: Programme,
    enrolments: Iterable[Enrolment],
    known: Known,
    apart: Mapping[str, Collection[str]],
    now: datetime,
) -> tuple[list[MenteeEntry], list[MentorEntry]]:
    """Return mentees and mentors of enrolments, those who are known; a peer is among both.

    Parameters
    ----------
    enrolments
        Of who takes part, under the programme.
    apart
        By mentee, the mentors who may not be proposed to them.
    """
    mentees, mentors = [], []
    for one in enrolments:
        if one.person_id not in known:
            continue
        person, profile, blocked = known[one.person_id]
        active = one.status is EnrolmentStatus.ACTIVE and person.status is PersonStatus.ACTIVE
        if one.side is Side.MENTEE or programme.kind is PairKind.PEER:
            mentees.append(
                MenteeEntry(
                    one.person_id, profile, waiting_since=one.enrolled_at or now, active=active,
                    places_left=one.free, blocked=blocked, declined=frozenset(apart.get(one.person_id, ())),
                    places_held=one.capacity - one.free,
                )
            )  # fmt: skip
        if one.side is Side.MENTOR:
            mentors.append(
                MentorEntry(
                    one.person_id, profile, one.free, programme.verdict(person, profile, now).until,
                    active=active, blocked=blocked,
                )
            )  # fmt: skip
    return mentees, mentors
