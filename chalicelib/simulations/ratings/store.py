"""Ratings, in the simulations table: all of one chat in a row, so that the second rater and the third are decided on
what is there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute

from chalicelib.kernel.clock import from_text, to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.simulations import store
from chalicelib.simulations.errors import RatingCrossed
from chalicelib.simulations.ratings.model import Rated, Rating, RatingDomain

_RATED = "RATED#"


class RatedRow(tables.Row):
    class Meta:
        capability = store.CAPABILITY

    ratings = JSONAttribute()


def rated_key(simulation_id: str, round_: int, participant_id: str) -> tuple[type[RatedRow], str, str]:
    """Return the key of a chat's ratings for `tables.get_many`."""
    return RatedRow, f"SIMULATION#{simulation_id}", f"{_RATED}{round_}#{participant_id}"


def put_rated(rated: Rated, now: datetime) -> Write:
    """Return the write of a chat's ratings, new or over the version that was read."""
    row_class, pk, sk = rated_key(rated.simulation_id, rated.round, rated.participant_id)
    ratings = [
        [one.rater_id, to_text(one.at), {name.value: score for name, score in one.scores.items()}]
        for one in rated.ratings
    ]
    row = row_class(pk, sk, ratings=ratings, **tables.stamps(to_text(now), version=rated.version))
    return tables.put(row, conflict=RatingCrossed())


def rated_of(row: RatedRow) -> Rated:
    round_, participant_id = row.sk.removeprefix(_RATED).split("#")
    ratings = tuple(
        Rating(rater, from_text(at), {RatingDomain(name): int(score) for name, score in scores.items()})
        for rater, at, scores in row.ratings
    )
    return Rated(row.pk.removeprefix("SIMULATION#"), int(round_), participant_id, ratings, int(row.version))


def all_rated(simulation_id: str) -> tuple[Rated, ...]:
    """Return the ratings of all chats of a simulation."""
    raws: Iterable[dict[str, Any]] = tables.query_all(
        RatedRow, f"SIMULATION#{simulation_id}", begins_with=_RATED
    )
    return tuple(rated_of(RatedRow.parse(raw)) for raw in raws)
