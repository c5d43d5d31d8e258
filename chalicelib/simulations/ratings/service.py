"""Rating what a participant did in a case."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.tries import again
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.simulations.chats import service as chats
from chalicelib.simulations.errors import NotOver, RatingCrossed
from chalicelib.simulations.ratings import model, store
from chalicelib.simulations.ratings.model import Rated, Rating, RatingDomain
from chalicelib.simulations.sessions import store as sessions_store
from chalicelib.simulations.sessions.model import Place, Round, Simulation, SimulationRole


@dataclass(frozen=True)
class SeenRating:
    """What its reader sees: of a rater their own alone, of the participant what came of it, once cases are shown."""

    rated: Rated
    own: Rating | None
    shows_final: bool


def rate(call: Call, simulation_id: str, chat_id: str, scores: Mapping[RatingDomain, int]) -> SeenRating:
    """Rate a chat, once (raters).

    Raises
    ------
    NotOver
        While the case is played.
    RatedBefore, RatedEnough
    """

    def attempt() -> SeenRating:
        simulation, round_, place, rated = _read(call, simulation_id, chat_id)
        if place is None or SimulationRole.RATER not in place.roles:
            raise NotFound
        if not simulation.is_final(round_, call.now):
            raise NotOver("Rate once its time is over, or the next case or the debrief has begun.")
        rating = Rating(call.actor_id, call.now, scores)
        after = model.rated(rated, rating)
        return commit(call, [store.put_rated(after, call.now)], SeenRating(after, rating, shows_final=False))

    return again(attempt, RatingCrossed, busy="Others are rating the same. Send it again.")


def read_rating(call: Call, simulation_id: str, chat_id: str) -> SeenRating:
    """Return a rater's own rating, or to a participant, from the debrief on, what came of theirs."""
    simulation, _, place, rated = _read(call, simulation_id, chat_id)
    if place is not None and SimulationRole.RATER in place.roles:
        return SeenRating(rated, rated.by(call.actor_id), shows_final=False)
    if rated.participant_id == call.actor_id and simulation.is_shown:
        return SeenRating(rated, None, shows_final=True)
    raise NotFound


def _read(call: Call, simulation_id: str, chat_id: str) -> tuple[Simulation, Round, Place | None, Rated]:
    number, participant_id = chats.parts_of_id(chat_id)
    row, place_row, theirs, rated_row = tables.get_many(
        [
            sessions_store.simulation_key(simulation_id), sessions_store.place_key(simulation_id, call.actor_id),
            sessions_store.place_key(simulation_id, participant_id),
            store.rated_key(simulation_id, number, participant_id),
        ]
    )  # fmt: skip
    if row is None or theirs is None or not sessions_store.place_of(theirs).is_participant:
        raise NotFound
    simulation = sessions_store.simulation_of(row)
    round_ = simulation.round(number)
    if round_ is None:
        raise NotFound
    place = sessions_store.place_of(place_row) if place_row else None
    rated = store.rated_of(rated_row) if rated_row else Rated(simulation_id, number, participant_id)
    return simulation, round_, place, rated
