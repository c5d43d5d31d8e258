"""What somebody attended in series, for their portfolio."""

from collections.abc import Iterator
from datetime import UTC

from chalicelib.certificates.portfolios.content import Activity, Held
from chalicelib.kernel.pages import PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.series import store
from chalicelib.series.certificate_words import SERIES
from chalicelib.series.sessions import store as session_store


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
            Held(one.ended_at.astimezone(UTC).date(), mine[one.id].seconds // 60)
            for one in session_store.every_session(series.id)
            if one.id in mine and one.ended_at is not None
        )
        yield Activity(
            SERIES, series.id, series.title, organisation.name if organisation else "", place.role.value,
            tuple(sorted(held, key=lambda one: one.on)),
        )  # fmt: skip
