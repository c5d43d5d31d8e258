"""Who may see a mentorship, and who may decide on it."""

from collections.abc import Sequence
from typing import Any

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.mentorships import running_store
from chalicelib.mentorships.errors import OwnMentorship
from chalicelib.mentorships.running import Mentorship, SeenMentorship
from chalicelib.mentorships.running_store import About, MentorshipRow, WordsRow
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.programmes.model import Side


def read_mentorship(call: Call, mentorship_id: str) -> SeenMentorship:
    """Return a mentorship to its two people and its programme's coordinators, to these with what was written to
    them."""
    rights_row, mentorship, words = _read(call, mentorship_id)
    if mentorship.side_of(call.actor_id) is not None:
        return SeenMentorship.at(mentorship, call.now)
    return to_coordinator(call, mentorship, rights_row, words)


def own(call: Call, mentorship_id: str) -> tuple[Mentorship, Side]:
    """Return a mentorship of the actor's, and on which side of it they stand; raises `NotFound`."""
    return _of_actor(call, running_store.get_mentorship(call.actor_id, mentorship_id))


def silenced(call: Call, mentorship: Mentorship, blocks_row: Any) -> Side | None:
    """Return whose words the actor is shown none of: the other's if the actor has blocked them, by the row of
    `people.blocks_key`; else None.

    The other is not refused to write, which would tell them. What they were shown before the block stays with them.
    """
    side = mentorship.side_of(call.actor_id)
    if side is None or mentorship.card(side.other).person_id not in people.blocks_of(blocks_row):
        return None
    return side.other


def own_of(call: Call, row: MentorshipRow | None) -> tuple[Mentorship, Side]:
    """Return the same as `own`, of a row that was read with others."""
    return _of_actor(call, running_store.mentorship_of(row) if row is not None else None)


def readable_of(call: Call, row: MentorshipRow | None, rights_row: Any) -> tuple[Mentorship, Side | None]:
    """Return a mentorship of a row to its two people and its programme's coordinators, with the side that the actor
    stands on: None for a coordinator who is neither.

    Raises
    ------
    NotFound
        Also to people of other organisations.
    RoleRefused
        To other staff of the organisation.
    """
    if row is None:
        raise NotFound
    mentorship = running_store.mentorship_of(row)
    side = mentorship.side_of(call.actor_id)
    if side is None:
        organisations.rights_of(call, rights_row).require(mentorship.organisation_id, StaffRole.COORDINATOR)
    return mentorship, side


def _of_actor(call: Call, found: Mentorship | None) -> tuple[Mentorship, Side]:
    side = found.side_of(call.actor_id) if found is not None else None
    if found is None or side is None:
        raise NotFound
    return found, side


def coordinated(call: Call, mentorship_id: str) -> SeenMentorship:
    """Return a mentorship to a coordinator who is to decide on it, as `read_mentorship` has it.

    Raises
    ------
    NotFound
        Also to people of other organisations.
    RoleRefused
        To other staff of the organisation.
    OwnMentorship
        To one of the two.
    """
    rights_row, mentorship, words = _read(call, mentorship_id)
    seen = to_coordinator(call, mentorship, rights_row, words)
    if mentorship.side_of(call.actor_id) is not None:
        raise OwnMentorship("Ask another coordinator of the organisation.")
    return seen


def words_keys(mentorship_id: str) -> list[tuple[type[WordsRow], str, str]]:
    """Return the keys of what was written to coordinators, for `tables.get_many` and `to_coordinator`."""
    return [running_store.words_key(mentorship_id, one) for one in About]


def to_coordinator(
    call: Call, mentorship: Mentorship, rights_row: Any, words: Sequence[Any]
) -> SeenMentorship:
    """Return a mentorship to a coordinator of its programme, with the rows of `words_keys`.

    Raises
    ------
    NotFound
        To people of other organisations.
    RoleRefused
        To other staff of the organisation.
    """
    organisations.rights_of(call, rights_row).require(mentorship.organisation_id, StaffRole.COORDINATOR)
    on_pause, *on_end = (running_store.words_of(one) if one is not None else None for one in words)
    told = tuple(sorted((one for one in on_end if one is not None), key=lambda one: one.at))
    return SeenMentorship(mentorship, mentorship.status_at(call.now), True, on_pause, told)


def _read(call: Call, mentorship_id: str) -> tuple[Any, Mentorship, list[Any]]:
    """Return the row of the actor's rights, a mentorship, and the rows of what was written to coordinators."""
    rights_row, row, *words = tables.get_many(
        [
            organisations.rights_key(call),
            running_store.mentorship_key(mentorship_id),
            *words_keys(mentorship_id),
        ]
    )
    if row is None:
        raise NotFound
    return rights_row, running_store.mentorship_of(row), words
