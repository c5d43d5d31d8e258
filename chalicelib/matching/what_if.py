"""The people of an earlier run once more, for a dry run that tries other settings on them.

They are as they were, but for what nobody may look past: who has left since is out, whom somebody has blocked since
they are not paired with, and a gender counts no longer than its owner consents. That holds for the tried settings and
for those that they are compared with, so the comparison stays one of settings alone. How many are gone is told; of
blocks nothing is. Mentees have the places that the programme gives now, less those that they had taken then: so
settings can be tried that need more of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TypeVar

from chalicelib.matching import files, store
from chalicelib.matching.comparisons import Basis, Instead, PeopleOf
from chalicelib.matching.model import MenteeEntry, MentorEntry, Snapshot
from chalicelib.matching.snapshot import snapshot_from_bytes
from chalicelib.people import service as people
from chalicelib.people.model import Person, PersonStatus, Profile, usable_gender
from chalicelib.platform.observability import logger
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import PairKind, Programme, Side

Known = tuple[Person, Profile, frozenset[str]]
Entry = TypeVar("Entry", MenteeEntry, MentorEntry)


def earlier_snapshot(asked: Basis, programme: Programme) -> tuple[Basis, Snapshot | None]:
    """Return the snapshot of the run whose people are asked for, without those who are gone; None where it is people
    of today, and the basis says why where it is not what was asked."""
    if not asked.is_earlier:
        return asked, None
    named = asked.run_id
    earlier = store.get_run(programme.id, named) if named else store.last_run(programme.id)
    if earlier is None:
        return Basis(PeopleOf.ALL, instead=Instead.NO_RUN), None
    content = files.find_snapshot(earlier)
    if content is None:
        return Basis(PeopleOf.ALL, instead=Instead.NOT_KEPT), None
    try:
        kept = snapshot_from_bytes(content)
    except ValueError:
        # Written by a version whose fields are not ours any more: as good as gone.
        logger.warning("snapshot not readable", extra={"run_id": earlier.id})
        return Basis(PeopleOf.ALL, instead=Instead.NOT_KEPT), None
    left = with_places(_of_today(kept, programme), programme.mentee_places)
    basis = Basis(
        asked.people,
        earlier.id,
        mentees_gone=len(kept.mentees) - len(left.mentees),
        mentors_gone=len(kept.mentors) - len(left.mentors),
    )
    return basis, left


def with_places(kept: Snapshot, places: int) -> Snapshot:
    """Return a snapshot as it would be if the programme had given each mentee so many places. Peers choose theirs."""
    if kept.kind is PairKind.PEER:
        return kept
    # Snapshots of before say no number; where anybody had all their places free, it is theirs.
    then = kept.mentee_places or max((one.places_left for one in kept.mentees), default=places)
    mentees = tuple(replace(one, places_left=max(0, one.places_left + places - then)) for one in kept.mentees)
    return replace(kept, mentees=mentees, mentee_places=places)


def _of_today(kept: Snapshot, programme: Programme) -> Snapshot:
    enrolled = {(one.side, one.person_id) for one in programmes.all_enrolments(programme) if one.takes_part}
    known = people.snapshot_of(sorted({person_id for _, person_id in enrolled}))

    def on(wanted: Side) -> dict[str, Known]:
        return {one: known[one] for side, one in enrolled if side is wanted and one in known}

    return still_there(kept, on(programme.kind.place_of(Side.MENTEE)), on(Side.MENTOR))


def still_there(kept: Snapshot, mentees: Mapping[str, Known], mentors: Mapping[str, Known]) -> Snapshot:
    """Return a snapshot with those of its people who are in the programme now.

    Parameters
    ----------
    mentees, mentors
        By id who is in it now, with their profile and whom they have blocked.
    """
    left_mentees = [one for one in kept.mentees if _is_there(one, mentees)]
    left_mentors = [one for one in kept.mentors if _is_there(one, mentors)]
    ids = {one.person_id for one in left_mentees} | {one.person_id for one in left_mentors}
    return replace(
        kept,
        mentees=tuple(_of_now(one, mentees[one.person_id], ids) for one in left_mentees),
        mentors=tuple(_of_now(one, mentors[one.person_id], ids) for one in left_mentors),
    )


def _is_there(entry: MenteeEntry | MentorEntry, known: Mapping[str, Known]) -> bool:
    now = known.get(entry.person_id)
    return now is not None and not (entry.active and now[0].status is not PersonStatus.ACTIVE)


def _of_now(entry: Entry, known: Known, ids: Collection[str]) -> Entry:
    """Return an entry with the blocks of today as well, and without a gender that its owner has taken back."""
    _, profile, blocked = known
    kept = entry.profile
    if usable_gender(kept) != usable_gender(profile):
        kept = replace(kept, gender=None)
    return replace(
        entry,
        profile=kept,
        blocked=(entry.blocked | blocked).intersection(ids),
        declined=entry.declined.intersection(ids),
    )
