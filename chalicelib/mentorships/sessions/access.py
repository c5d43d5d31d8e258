"""Who reads and changes a mentorship's sessions, and in which of its states."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.kernel.call import Call
from chalicelib.mentorships import running_store
from chalicelib.mentorships.access import own_of, read_mentorship, silenced
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.mentorships.running import Mentorship, MentorshipStatus
from chalicelib.mentorships.sessions import store
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.tables import Row, Write
from chalicelib.programmes.model import Side

MEET = (MentorshipStatus.FORMING, MentorshipStatus.ACTIVE, MentorshipStatus.CLOSING)
"""The states in which the two meet: a mentorship that is closing has time for the closing conversation."""
REMEMBER = (*MEET, MentorshipStatus.PAUSED)
"""The states in which they may still call off what was booked, and write of it without end."""
TELL = tuple(MentorshipStatus)
"""The states in which they say how a session went, for as long after it as that may be said: nobody's ending takes from
the other what they did together, or leaves a no-show uncontested."""

Key = tuple[type[Row], str, str]


@dataclass(frozen=True)
class Own:
    """A mentorship of the actor's, and on which side they stand; `silenced` as `mentorships.access` has it."""

    mentorship: Mentorship
    side: Side
    silenced: Side | None = None

    @property
    def people(self) -> tuple[str, str]:
        return self.mentorship.mentee.person_id, self.mentorship.mentor.person_id


def own_with(call: Call, mentorship_id: str, *more: Key) -> tuple[Own, list[Any]]:
    """Read one of the actor's mentorships with further rows in one round trip; raises `NotFound` for a stranger."""
    row, blocks_row, *rows = tables.get_many(
        [running_store.mentorship_key(mentorship_id), people.blocks_key(call.actor_id), *more]
    )
    mentorship, side = own_of(call, row)
    return Own(mentorship, side, silenced(call, mentorship, blocks_row)), rows


def require(mentorship: Mentorship, states: Sequence[MentorshipStatus], now: datetime) -> Write:
    """Refuse a change where the mentorship is in no such state, and return the check that holds it to that.

    Raises
    ------
    MentorshipNotUnderWay
    """
    status = mentorship.status_at(now)
    if status not in states:
        is_paused = status is MentorshipStatus.PAUSED
        raise MentorshipNotUnderWay(
            "It is paused; sessions are booked again when it goes on." if is_paused else "It is over."
        )
    return store.check_status(mentorship.id, tuple(one.value for one in states))


def seen(call: Call, mentorship_id: str) -> tuple[Mentorship, Side | None]:
    """Read a mentorship for one of its two people, or a coordinator of its programme, whose side is None.

    Raises
    ------
    NotFound, RoleRefused
    """
    found = read_mentorship(call, mentorship_id)
    return found.mentorship, None if found.for_coordinator else found.mentorship.side_of(call.actor_id)


def zones_of(rows: Sequence[Any]) -> dict[Side, str]:
    """Return each side's zone of today, from the rows of both profiles in the order of `profile_keys`."""
    return {
        side: (people.profile_of(row).time_zone if row else None) or "UTC"
        for side, row in zip((Side.MENTEE, Side.MENTOR), rows, strict=True)
    }


def profile_keys(mentorship: Mentorship) -> list[Key]:
    return [people.profile_key(one.person_id) for one in (mentorship.mentee, mentorship.mentor)]
