"""What somebody says of themselves at the start, in the middle and at the end of a mentorship, and how they grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import NotFound
from chalicelib.mentorships import access, running_store
from chalicelib.mentorships.assessments import model, store
from chalicelib.mentorships.assessments.errors import NotAssessed
from chalicelib.mentorships.assessments.model import MOMENTS, Assessment, Growth, Moment, Topic, Wanted
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.sessions import store as sessions
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side


@dataclass(frozen=True)
class Picture:
    """All that one person has said of themselves, in time's order, and how each topic has grown."""

    moments: tuple[Assessment, ...]
    growth: tuple[Growth, ...]


@dataclass(frozen=True)
class SeenAssessments:
    """The self-assessments of a mentorship for one of the two, in the language of their `locale`.

    Attributes
    ----------
    theirs
        What the other shares.
    gaps
        The actor's own topics of which the draft of a goal can be made.
    """

    mine: Picture
    theirs: Picture
    gaps: tuple[Topic, ...]
    locale: str


def read(call: Call, mentorship_id: str) -> SeenAssessments:
    """Return the actor's own self-assessments and those that the other shares."""
    keys = [store.own_key(call.actor_id, mentorship_id, one) for one in MOMENTS]
    shared = [store.shared_key(mentorship_id, side, one) for side in Side for one in MOMENTS]
    row, person_row, blocks_row, *rows = tables.get_many(
        [
            running_store.mentorship_key(mentorship_id), people.person_key(call.actor_id),
            people.blocks_key(call.actor_id), *keys, *shared,
        ]
    )  # fmt: skip
    mentorship, _ = access.own_of(call, row)
    mine = _by_moment(rows[: len(keys)])
    is_silenced = access.silenced(call, mentorship, blocks_row) is not None
    others = [] if is_silenced else rows[len(keys) :]
    theirs = _by_moment([one for one in others if one and one.writer_id != call.actor_id])
    return SeenAssessments(
        _picture(mine), _picture(theirs), model.gaps_of(mine), people.locale_of(person_row)
    )


def write(call: Call, mentorship_id: str, moment: str, wanted: Wanted) -> Assessment:
    """Put the actor's own self-assessment of a moment as they want it. Once its time is over it can but be taken back
    from the other's eyes, or deleted.

    Raises
    ------
    StaleVersion, Invalid, NotAssessed, AssessmentSettled
    """
    when = _moment(moment)
    mentorship, side, found = _own(call, mentorship_id)
    model.checked(wanted)
    before = found.get(when)
    require_version(call, before.version if before is not None else 0)
    after = replace(
        before or Assessment(mentorship_id, call.actor_id, side, when, (), created_at=call.now),
        topics=wanted.topics, note=wanted.note, is_shared=wanted.is_shared, updated_at=call.now,
    )  # fmt: skip
    is_hidden_only = (
        before is not None
        and not after.is_shared
        and (after.topics, after.note) == (before.topics, before.note)
    )
    writes = store.put_assessment(after, call.now)
    if not is_hidden_only:
        states = model.require_time(mentorship, when, found, call.now)
        writes.append(sessions.check_status(mentorship_id, states))
    writes.append(_audit(call, after, "assess_themselves"))
    return commit(call, writes, written(after))


def delete(call: Call, mentorship_id: str, moment: str) -> None:
    """Delete the actor's own self-assessment of a moment, at any time."""
    when = _moment(moment)
    _, _, found = _own(call, mentorship_id)
    before = found.get(when)
    if before is None:
        raise NotFound
    trail = _audit(call, before, "delete_assessment")
    commit(call, [*store.delete_assessment(before, call.now), trail], None)


def _own(call: Call, mentorship_id: str) -> tuple[Mentorship, Side, Mapping[Moment, Assessment]]:
    keys = [store.own_key(call.actor_id, mentorship_id, one) for one in MOMENTS]
    row, *rows = tables.get_many([running_store.mentorship_key(mentorship_id), *keys])
    mentorship, side = access.own_of(call, row)
    if not model.is_assessed(mentorship, side):
        raise NotAssessed
    return mentorship, side, _by_moment(rows)


def _by_moment(rows: Sequence[Any]) -> dict[Moment, Assessment]:
    found = (store.assessment_of(row) for row in rows if row is not None)
    return {one.moment: one for one in found}


def _picture(found: Mapping[Moment, Assessment]) -> Picture:
    return Picture(tuple(found[one] for one in MOMENTS if one in found), model.growth_of(found))


def _moment(text: str) -> Moment:
    if text not in MOMENTS:
        raise NotFound
    return Moment(text)


def _audit(call: Call, after: Assessment, action: str) -> Write:
    return running_store.audit(
        after.mentorship_id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action,
        after=f"{after.moment.value}, {'shared' if after.is_shared else 'private'}",
    )  # fmt: skip
