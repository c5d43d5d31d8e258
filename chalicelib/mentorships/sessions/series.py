"""Sessions of a series: which of them a change means, when they are after it, and what the clocks do to them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from chalicelib.calendars.model import Span
from chalicelib.kernel.zones import instant_at, wall_at
from chalicelib.mentorships.sessions.errors import NoSeries
from chalicelib.mentorships.sessions.model import Session, is_ahead


class Scope(StrEnum):
    """Of a series: this session, this and those after it, or all that lie ahead."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


def of_scope(
    session: Session, sessions: Iterable[Session], scope: Scope, now: datetime
) -> tuple[Session, ...]:
    """Return the sessions ahead that a change of one means, in time's order; raises `NoSeries`."""
    if scope is Scope.ONE:
        return (session,)
    if session.occurrence is None:
        raise NoSeries
    series = [
        (one.occurrence.original, one)
        for one in sessions
        if one.occurrence is not None
        and one.occurrence.series_id == session.occurrence.series_id
        and is_ahead(one, now)
        and (scope is Scope.ALL or one.occurrence.original >= session.occurrence.original)
    ]
    return tuple(one for _, one in sorted(series, key=lambda found: found[0]))


def series_of(session: Session, sessions: Iterable[Session]) -> tuple[Session, ...]:
    """Return all sessions of a session's series, in the order of its rule; none for one of its own."""
    if session.occurrence is None:
        return ()
    found = [
        (one.occurrence.original, one)
        for one in sessions
        if one.occurrence is not None and one.occurrence.series_id == session.occurrence.series_id
    ]
    return tuple(one for _, one in sorted(found, key=lambda each: each[0]))


def spans_after(
    session: Session, targets: Iterable[Session], moved_to: datetime, minutes: int | None
) -> dict[str, tuple[Span, datetime | None]]:
    """Return when sessions are to be after one of them moves to an instant: the others of its series by as much on the
    anchor's clock, whatever the clocks do in between. With each its wall clock time, where it is of a series.

    Parameters
    ----------
    minutes
        How long each is to be; None for as long as it is.
    """
    found: dict[str, tuple[Span, datetime | None]] = {}
    for one in targets:
        if session.occurrence is None or one.occurrence is None:
            found[one.id] = Span.of(moved_to, minutes or one.span.minutes), None
            continue
        zone = session.occurrence.zone
        wall = one.occurrence.wall + (wall_at(moved_to, zone) - session.occurrence.wall)
        starts_at = moved_to if one.id == session.id else instant_at(wall, zone)
        found[one.id] = Span.of(starts_at, minutes or one.span.minutes), wall
    return found


def shifts(session: Session, before: Session | None, zone: str) -> int:
    """Return by how many minutes a session of a series comes later on a zone's clock than the one before it, for no
    other reason than that clocks were changed in between: of this zone, or of the anchor, which may have to begin
    where an hour that is left out ends."""
    if session.occurrence is None or before is None or before.occurrence is None:
        return 0
    agreed = session.occurrence.wall - before.occurrence.wall
    shown = wall_at(session.span.starts_at, zone) - wall_at(before.span.starts_at, zone)
    return round((shown - agreed).total_seconds() / 60)


def clock_changes(sessions: Sequence[Session], zone: str) -> tuple[datetime, ...]:
    """Return the starts of those sessions of a series, of some in its order, from which on it is at another time on a
    zone's clock, for no other reason than `shifts` has."""
    return tuple(one.span.starts_at for before, one in pairwise(sessions) if shifts(one, before, zone))


def rules_changed(session: Session) -> bool:
    """Tell whether the rules of the anchor zone have changed since a session of a series was booked, so that it is not
    any more at the time that was agreed on its clock."""
    place, starts_at = session.occurrence, session.span.starts_at
    if place is None:
        return False
    # Either of the two in an autumn's repeated hour shows it; one that spring leaves out is never shown.
    return wall_at(starts_at, place.zone) != place.wall and instant_at(place.wall, place.zone) != starts_at
