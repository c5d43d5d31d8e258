"""What the two people of a mentorship write for themselves, and what of it each shares with the other.

Nobody else reads a reflection: no coordinator, no admin, and no job of the service but the writer's own portfolio.
"""

from dataclasses import replace

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships import access, running_store
from chalicelib.mentorships.goals import store as goals
from chalicelib.mentorships.reflections import model, store
from chalicelib.mentorships.reflections.model import Reflection, Wanted, Whose
from chalicelib.mentorships.sessions import store as sessions
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Row, Write
from chalicelib.programmes.model import Side


def write(call: Call, mentorship_id: str, wanted: Wanted, *, is_final: bool) -> Reflection:
    """Write a reflection of the actor's mentorship.

    Raises
    ------
    Invalid, NotTimeToReflect, FinalReflectionWritten, TooManyReflections
    """
    row, *tied = tables.get_many([running_store.mentorship_key(mentorship_id), *_tied(mentorship_id, wanted)])
    mentorship, side = access.own_of(call, row)
    model.require_whole(wanted.parts, is_final=is_final)
    _require_tied(wanted, tied)
    states = model.require_time(mentorship, call.now, is_final=is_final)
    reflection = Reflection(
        call.new_id(), mentorship_id, call.actor_id, side, wanted.parts, wanted.goal_ids, wanted.session_id,
        wanted.is_shared, is_final, created_at=call.now, updated_at=call.now,
    )  # fmt: skip
    writes = [
        sessions.check_status(mentorship_id, states),
        *store.put_reflection(reflection, call.now),
        store.count_new(reflection, call.now),
        _audit(call, reflection, "write_reflection"),
    ]
    if is_final:
        writes.append(store.put_final(reflection, call.now))
    return commit(call, writes, written(reflection))


def change(call: Call, mentorship_id: str, reflection_id: str, wanted: Wanted) -> Reflection:
    """Put a reflection of the actor's own as they want it. What they keep for themselves they change whenever they
    like, and take back what they shared as well; the other is shown nothing new once the time for it is over.

    Raises
    ------
    StaleVersion, Invalid, NotTimeToReflect
    """
    row, own_row, *tied = tables.get_many(
        [
            running_store.mentorship_key(mentorship_id),
            store.own_key(call.actor_id, mentorship_id, reflection_id),
            *_tied(mentorship_id, wanted),
        ]
    )
    mentorship, _ = access.own_of(call, row)
    before = _found(own_row)
    require_version(call, before.version)
    model.require_whole(wanted.parts, is_final=before.is_final)
    _require_tied(wanted, tied)
    after = replace(
        before, parts=wanted.parts, goal_ids=wanted.goal_ids, session_id=wanted.session_id,
        is_shared=wanted.is_shared, updated_at=call.now,
    )  # fmt: skip
    writes = store.put_reflection(after, call.now)
    if after.is_shared:
        states = model.require_time(mentorship, call.now, is_final=after.is_final)
        writes.append(sessions.check_status(mentorship_id, states))
    writes.append(_audit(call, after, "change_reflection", before))
    return commit(call, writes, written(after))


def delete(call: Call, mentorship_id: str, reflection_id: str) -> None:
    """Delete a reflection of the actor's own, at any time."""
    row, own_row = tables.get_many(
        [
            running_store.mentorship_key(mentorship_id),
            store.own_key(call.actor_id, mentorship_id, reflection_id),
        ]
    )
    access.own_of(call, row)
    before = _found(own_row)
    trail = _audit(call, before, "delete_reflection")
    commit(call, [*store.delete_reflection(before, call.now), trail], None)


def read(call: Call, mentorship_id: str, reflection_id: str) -> Reflection:
    """Return a reflection to its writer, and to the other where it is shared."""
    row, blocks_row, own_row, *shared = tables.get_many(
        [
            running_store.mentorship_key(mentorship_id),
            people.blocks_key(call.actor_id),
            store.own_key(call.actor_id, mentorship_id, reflection_id),
            *(store.shared_key(mentorship_id, side, reflection_id) for side in Side),
        ]
    )
    mentorship, _ = access.own_of(call, row)
    if access.silenced(call, mentorship, blocks_row) is not None:
        shared = []
    return _found(own_row or next((one for one in shared if one is not None), None))


def list_reflections(call: Call, mentorship_id: str, whose: Whose, page: PageRequest) -> Page[Reflection]:
    """Return the actor's own reflections of a mentorship, or those that the other shares, the latest first."""
    row, blocks_row = tables.get_many(
        [running_store.mentorship_key(mentorship_id), people.blocks_key(call.actor_id)]
    )
    mentorship, side = access.own_of(call, row)
    if whose is Whose.MINE:
        return store.own_reflections(call.actor_id, mentorship_id, page)
    if access.silenced(call, mentorship, blocks_row) is not None:
        return Page((), None)
    return store.shared_reflections(mentorship_id, side.other, page)


def _found(row: store.ReflectionRow | None) -> Reflection:
    if row is None:
        raise NotFound
    return store.reflection_of(row)


def _tied(mentorship_id: str, wanted: Wanted) -> list[tuple[type[Row], str, str]]:
    keys: list[tuple[type[Row], str, str]] = [goals.goal_key(mentorship_id, one) for one in wanted.goal_ids]
    if wanted.session_id is not None:
        keys.append(sessions.session_key(mentorship_id, wanted.session_id))
    return keys


def _require_tied(wanted: Wanted, rows: list[Row | None]) -> None:
    for place, row in enumerate(rows):
        if row is None:
            is_goal = place < len(wanted.goal_ids)
            pointer = f"/goal_ids/{place}" if is_goal else "/session_id"
            what = "goal" if is_goal else "session"
            raise Invalid.field(pointer, f"This mentorship has no such {what}.")


def _audit(call: Call, after: Reflection, action: str, before: Reflection | None = None) -> Write:
    return running_store.audit(
        after.mentorship_id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action,
        before=_word(before) if before is not None else None, after=_word(after),
    )  # fmt: skip


def _word(reflection: Reflection) -> str:
    kind = "final" if reflection.is_final else "reflection"
    return f"{kind}, {'shared' if reflection.is_shared else 'private'}"
