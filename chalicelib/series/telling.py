"""What is told of series elsewhere: what somebody attended, for their portfolio, and when, for their calendar."""

from collections.abc import Iterator

from chalicelib.calendars.model import Gathering, Span
from chalicelib.certificates.portfolios.content import Activity, Held
from chalicelib.kernel.pages import PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.series import store
from chalicelib.series.certificate_words import SERIES
from chalicelib.series.model import SeriesPlace
from chalicelib.series.sessions import store as session_store
from chalicelib.series.sessions.model import SessionState

MOST_IN_CALENDARS = 20
"""Series in a calendar, the latest: each is a query whenever a calendar looks."""
_LOOKED_AT = 100
"""Places that these are looked for among: invitations, and what somebody has left, take none of the twenty."""


def activities_of(person_id: str, most: int) -> Iterator[Activity]:
    """Yield the series in which somebody has a place and was at a closed session, the latest first: for each a query of
    what came of sessions and one of the sessions."""
    places = store.places_of(person_id, PageRequest(most)).items
    known = store.get_many_series([one.series_id for one in places])
    for place in places:
        series = known.get(place.series_id)
        mine = {
            one.session_id: one for one in session_store.results_of(place.series_id, person_id) if one.seconds
        }
        if series is None or not mine:
            continue
        organisation = organisations.get_organisation(series.organisation_id)
        held = tuple(
            Held(day, mine[one.id].seconds // 60)
            for one in session_store.every_session(series.id)
            if one.id in mine and (day := one.day(series.time_zone)) is not None
        )
        yield Activity(
            SERIES, series.id, series.title, organisation.name if organisation else "", place.role.value,
            tuple(sorted(held, key=lambda one: one.on)),
        )  # fmt: skip


def gatherings_of(person_id: str, span: Span) -> Iterator[Gathering]:
    """Yield the sessions of series in which somebody takes part, within a stretch of time: a query a series."""
    found = store.places_of(person_id, PageRequest(_LOOKED_AT)).items
    places = [one for one in found if one.place is SeriesPlace.ACTIVE][:MOST_IN_CALENDARS]
    known = store.get_many_series([one.series_id for one in places]) if places else {}
    for series in (known[one.series_id] for one in places if one.series_id in known):
        for session, changed_at in session_store.sessions_within(series.id, span.starts_at, span.ends_at):
            yield Gathering(
                session.id, Span.of(session.starts_at, session.minutes), f"{series.title}: {session.title}",
                f"/series/{series.id}/sessions/{session.id}", session.version or 0, changed_at,
                session.status is SessionState.CANCELLED,
            )  # fmt: skip
