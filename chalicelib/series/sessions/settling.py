"""What comes of a closed session for each person who was there: for how long, as whom, and as what it is credit."""

from collections.abc import Iterator, Mapping

from chalicelib.attendance import service as attendance
from chalicelib.attendance.model import Presence
from chalicelib.credits import service as credits
from chalicelib.credits.model import Activity, Part, Presented, Source
from chalicelib.kernel.call import Call
from chalicelib.kernel.intervals import Interval, within, without
from chalicelib.kernel.zones import wall_at
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.series import store as series_store
from chalicelib.series.certificate_words import SERIES
from chalicelib.series.model import Series, SeriesRole
from chalicelib.series.sessions import store
from chalicelib.series.sessions.model import EDUCATIONAL, Session, SessionState
from chalicelib.series.sessions.store import Result

OF_SESSION = "series-session"
"""What feedback is given on, and what an activity is: one session, or `SERIES` as a whole."""

_A_BATCH = 45
"""People in one transaction of the follower: two rows each."""
_PARTS: Mapping[SeriesRole, Part] = {
    SeriesRole.OWNER: Part.FACILITATOR,
    SeriesRole.FACILITATOR: Part.FACILITATOR,
    SeriesRole.EXPERT: Part.EXPERT,
    SeriesRole.SUPPORT: Part.SUPPORT,
    SeriesRole.MEMBER: Part.LEARNER,
    SeriesRole.GUEST: Part.LEARNER,
}


def settle(call: Call, series_id: str, session_id: str) -> None:
    """Keep what came of a closed session for each person, and write it among what they took part in; begun again, it
    comes to the same."""
    found = list(_settled(series_id, session_id))
    for start in range(0, len(found), _A_BATCH):
        batch = found[start : start + _A_BATCH]
        writes = [store.put_result(one, call.now) for one, _ in batch]
        commit(call, [*writes, *credits.recorded(call, [activity for _, activity in batch])], None)


def results(series_id: str, session_id: str) -> tuple[Result, ...]:
    """Return for how long each person was at a closed session, and as whom."""
    return tuple(one for one, _ in _settled(series_id, session_id))


def _settled(series_id: str, session_id: str) -> Iterator[tuple[Result, Activity]]:
    series_row, row = tables.get_many(
        [series_store.series_key(series_id), store.session_key(series_id, session_id)]
    )
    session = store.session_of(row) if row else None
    if series_row is None or session is None or session.status is not SessionState.CLOSED:
        return
    held = session.held(session.ended_at) if session.ended_at else None
    if held is None:
        return
    series = series_store.series_of(series_row)
    places = {one.person_id: one for one in series_store.every_member(series_id)}
    parts = session.educational(held.ends_at)
    for one in attendance.every_presence(session.gathering, held):
        place = places.get(one.person_id)
        if place is not None:
            result = Result(
                series_id, session_id, one.person_id, place.role, one.seconds, one.seconds_within(parts), held.seconds
            )  # fmt: skip
            yield result, activity_of(series, session, held, one, place.role)


def activity_of(
    series: Series, session: Session, held: Interval, found: Presence, role: SeriesRole
) -> Activity:
    """Return a presence as what somebody took part in, or taught where the plan names them."""
    there = found.within(session.educational(held.ends_at))
    taught = tuple(_taught(session, held, found.person_id, there))
    return Activity(
        found.person_id, Source(OF_SESSION, session.id), series.organisation_id,
        f"{series.title}: {session.title}", Part.FACULTY if taught else _PARTS[role], held.starts_at,
        wall_at(held.starts_at, series.time_zone).date(), series.time_zone, found.seconds,
        without(there, [one.when for one in taught]), taught,
        (Source(OF_SESSION, session.id), Source(SERIES, series.id)),
    )  # fmt: skip


def _taught(
    session: Session, held: Interval, person_id: str, there: tuple[Interval, ...]
) -> Iterator[Presented]:
    for place, stretch in session.spent(held.ends_at):
        block = session.blocks[place]
        if block.presenter_id != person_id or block.kind not in EDUCATIONAL:
            continue
        title = " ".join(block.title.casefold().split())
        # A talk is the same by its title; one without is the same nowhere else.
        repeats = f"{SERIES}#{session.series_id}#{title}" if title else f"{OF_SESSION}#{session.id}#{place}"
        yield from (Presented(one, repeats) for one in within(there, [stretch]))
