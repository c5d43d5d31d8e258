"""What the two bring to a session and what they keep of it: agenda, notes, action items."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.kernel.errors import Invalid
from chalicelib.programmes.model import Side

MOST_ITEMS = 20
"""On an agenda, and of the action items of a session; our judgement of what two people still look through."""


@dataclass(frozen=True)
class AgendaItem:
    """Something that one of the two wants to speak of.

    Attributes
    ----------
    by
        Who put its words there: of words that the other changed, the other.
    carried
        How many sessions there were since in which it was not reached.
    """

    id: str
    text: str
    by: Side
    added_at: datetime
    carried: int = 0


@dataclass(frozen=True)
class Agenda:
    """What the two have yet to speak of, in their order. It belongs to the mentorship and not to one session: what is
    not reached in one stays for the next, whichever that comes to be."""

    mentorship_id: str
    items: tuple[AgendaItem, ...] = ()
    created_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Action:
    """Something that one of the two is to do after a session."""

    id: str
    text: str
    owner: Side
    due_on: date | None
    done_at: datetime | None
    by: Side


@dataclass(frozen=True)
class Wanted:
    """An entry of a list as somebody sends it: without an id it is new."""

    id: str | None
    text: str
    owner: Side | None = None
    due_on: date | None = None
    is_done: bool = False


@dataclass(frozen=True)
class Note:
    """What one of the two keeps of a session for themselves, or for both."""

    text: str
    is_shared: bool


def agenda_after(
    agenda: Agenda, wanted: Sequence[Wanted], ids: Sequence[str], by: Side, now: datetime
) -> Agenda:
    """Return an agenda as somebody wants it: since when an item is there stays with it, and whose words they are,
    until the other changes them.

    Parameters
    ----------
    ids
        Fresh ids, one an entry.

    Raises
    ------
    Invalid
    """
    known = {one.id: one for one in agenda.items}
    _require_known(wanted, known)
    items = tuple(
        _reworded(known[one.id], one.text, by) if one.id else AgendaItem(fresh, one.text, by, now)
        for one, fresh in zip(wanted, ids, strict=True)
    )
    return replace(agenda, items=items)


def without_items_of(agenda: Agenda, side: Side | None) -> Agenda:
    """Return an agenda without the items of one of the two; None leaves it as it is."""
    return replace(agenda, items=tuple(one for one in agenda.items if one.by is not side))


def _reworded(item: AgendaItem, text: str, by: Side) -> AgendaItem:
    return item if item.text == text else replace(item, text=text, by=by)


def after_meeting(
    agenda: Agenda, reached: Sequence[str], covered: Sequence[AgendaItem], *, is_carried: bool
) -> tuple[Agenda, tuple[AgendaItem, ...]]:
    """Return what is left of an agenda after a session, and what was covered in it.

    Parameters
    ----------
    covered
        What is known to have been covered in it already.
    is_carried
        Whether the session has carried over already what was left of it; else it is carried over once more.

    Raises
    ------
    Invalid
        If something that was reached is neither on the agenda nor covered.
    """
    known, before = {one.id: one for one in agenda.items}, {one.id for one in covered}
    for place, one in enumerate(reached):
        if one not in known and one not in before:
            raise Invalid.field(f"/reached/{place}", "This is not on the agenda; read the agenda again.")
    done = tuple(one for one in agenda.items if one.id in set(reached))
    left = tuple(
        replace(one, carried=one.carried + (not is_carried))
        for one in agenda.items
        if one.id not in set(reached)
    )
    return replace(agenda, items=left), (*covered, *done)


def actions_after(
    actions: Sequence[Action], wanted: Sequence[Wanted], ids: Sequence[str], by: Side, now: datetime
) -> tuple[Action, ...]:
    """Return the action items of a session as somebody wants them; raises `Invalid` for one that is not known."""
    known = {one.id: one for one in actions}
    _require_known(wanted, known)
    found = []
    for one, fresh in zip(wanted, ids, strict=True):
        before = known.get(one.id) if one.id else None
        done_at = (before.done_at if before else None) or now
        found.append(
            Action(
                before.id if before else fresh, one.text, one.owner or by, one.due_on, done_at if one.is_done else None,
                before.by if before else by,
            )
        )  # fmt: skip
    return tuple(found)


def _require_known(wanted: Sequence[Wanted], known: Container[str]) -> None:
    seen: set[str] = set()
    for place, one in enumerate(wanted):
        if one.id is None:
            continue
        if one.id not in known:
            raise Invalid.field(
                f"/items/{place}/id", "There is no such entry; leave the id out for a new one."
            )
        if one.id in seen:
            raise Invalid.field(f"/items/{place}/id", "This entry is there twice.")
        seen.add(one.id)
