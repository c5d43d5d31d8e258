"""Who was at a gathering, and for how long. A gathering is named by who holds it ("series-session#<id>"); none of these
checks who asks: the capability that calls has done so."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.attendance import store, zoom
from chalicelib.attendance.model import Correction, Mark, MarkKind, Presence, presence
from chalicelib.attendance.store import Kept
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.intervals import Interval
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.tables import Write

PAGE = "page"
"""The source of a mark made on a page of ours."""
ZOOM = "zoom"


def mark(call: Call, gathering: str, person_id: str, kind: MarkKind, device: str) -> Write:
    """Return the write of a join or leave on a page of ours, at this instant by our clock."""
    made = Mark(person_id, kind, call.now, device, PAGE)
    return store.put_mark(gathering, made, call.now, call.now)


def mark_seen(call: Call, gathering: str, person_id: str | None, seen: zoom.Seen) -> Write:
    """Return the write of a join or leave that a provider saw.

    An instant later than when it reached us cannot be: it counts at that, and what was said is kept beside it. The same
    event again fails with `MarkedBefore`.
    """
    if person_id is None:
        return store.put_unknown(gathering, seen.kind, seen.device, seen.at, call.now)
    ahead = seen.at > call.now
    made = Mark(person_id, seen.kind, min(seen.at, call.now), seen.device, ZOOM, seen.at if ahead else None)
    return store.put_mark(gathering, made, seen.at, call.now)


def presence_of(gathering: str, person_id: str, held: Interval | None) -> Presence:
    """Return for how long somebody was there."""
    return _presence(store.kept_of(gathering, person_id), held)


def page_of_presences(gathering: str, held: Interval | None, page: PageRequest) -> Page[Presence]:
    """Return for how long people were there, by their ids."""
    kept, following = store.page_of_kept(gathering, page)
    return Page(tuple(_presence(one, held) for one in kept), following)


def every_presence(gathering: str, held: Interval | None) -> Iterator[Presence]:
    """Yield the same of everybody."""
    return (_presence(one, held) for one in store.every_kept(gathering))


def unknown_at(gathering: str) -> int:
    """Return how many joins a provider told of that are nobody's whom we know."""
    return store.unknown_at(gathering)


def correct(
    call: Call, gathering: str, found: Presence, held: Interval, minutes: int, reason: str
) -> tuple[Presence, Write]:
    """Return a presence with other minutes in the place of what counted, and the write of who did it, and why.

    Raises
    ------
    Invalid
        For more minutes than the gathering had.
    """
    longest = -(-held.seconds // 60)
    if minutes > longest:
        raise Invalid.field("/minutes", f"It was held for {longest} minutes. Give as many or fewer.")
    after = min(minutes * 60, held.seconds)
    made = Correction(call.new_id(), found.person_id, found.seconds, after, reason, call.actor_id, call.now)
    whole = (*found.corrections, made)
    write = store.put_correction(gathering, made, len(found.corrections), call.now)
    corrected = Presence(found.person_id, found.intervals, found.measured, after, found.oddities, whole)
    return corrected, write


def _presence(kept: Kept, held: Interval | None) -> Presence:
    return presence(kept.person_id, kept.marks, held, kept.corrections)


def held_between(starts_at: datetime, ends_at: datetime) -> Interval:
    """Return when a gathering was held; one that ended before it began was held at no time."""
    return Interval(starts_at, max(starts_at, ends_at))
