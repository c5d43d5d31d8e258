"""Ratings: two raters blind to each other, a third where they are far apart, and how far they agree."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.simulations.errors import RatedBefore, RatedEnough
from chalicelib.simulations.ratings import model
from chalicelib.simulations.ratings.model import Rated, Rating, RatingDomain
from tests.simulations.sessions import Session, running
from tests.support.world import START, Reply, World

EMPTY = Rated("s", 1, "p")


def scores(value: int = 3, **other: int) -> dict[str, int]:
    return {**{domain.value: value for domain in RatingDomain}, **other}


def rated(*given: dict[str, int]) -> Rated:
    found = EMPTY
    for n, one in enumerate(given):
        rating = Rating(f"rater-{n}", START, {RatingDomain(name): value for name, value in one.items()})
        found = model.rated(found, rating)
    return found


def test_two_who_are_close_settle_it_by_their_mean() -> None:
    one = rated(scores(3), scores(3, history=4))
    assert one.is_settled
    final = one.final()
    assert final is not None
    assert (final[RatingDomain.HISTORY], final[RatingDomain.JUDGEMENT]) == (3.5, 3.0)
    with pytest.raises(RatedEnough):
        rated(scores(3), scores(3, history=4), scores(3))


def test_two_points_apart_call_for_a_third_and_the_median_counts_there_alone() -> None:
    two = rated(scores(3, history=1), scores(4, history=3))
    assert (two.disputed, two.is_settled, two.final()) == ((RatingDomain.HISTORY,), False, None)
    three = rated(scores(3, history=1), scores(4, history=3), scores(1, history=5))
    final = three.final()
    assert final is not None
    assert (final[RatingDomain.HISTORY], final[RatingDomain.JUDGEMENT]) == (3.0, 3.5)
    with pytest.raises(RatedEnough):
        model.rated(three, Rating("rater-9", START, {}))


def test_nobody_rates_twice() -> None:
    one = rated(scores(3))
    with pytest.raises(RatedBefore):
        model.rated(one, replace(one.ratings[0]))


def test_agreement_is_of_the_first_two(world: World) -> None:
    found = model.agreements([rated(scores(3), scores(3)), rated(scores(5), scores(5)), rated(scores(1))])
    assert (found[RatingDomain.HISTORY].n, found[RatingDomain.HISTORY].kappa) == (2, 1.0)
    assert model.agreements([rated(scores(1))]) == {}


@pytest.fixture
def session(world: World) -> Session:
    session = running(world)
    session.add(raters=1)
    return session


def rate(session: Session, rater: int, **given: int) -> Reply:
    path = f"{session.chat(session.participants[0])}/ratings"
    return session.world.post(path, scores(**given), by=session.raters[rater])


def read(session: Session, by: str) -> Any:
    return session.world.get(f"{session.chat(session.participants[0])}/ratings", by=by)


def test_raters_are_blind_and_the_participant_reads_what_came_of_it(session: Session) -> None:
    world, (participant,) = session.world, session.participants
    early = rate(session, 0)
    assert (early.status, early.json["type"].rpartition("/")[2]) == (409, "case-not-over")
    world.pass_time(minutes=25)
    assert rate(session, 0, history=1).json["is_wanted"] is False, "they have rated"
    assert rate(session, 0).status == 409
    second = rate(session, 1, history=3).json
    assert (second["is_wanted"], second["final"]) == (False, None), "nor that the first is two points away"
    assert {one["domain"]: one["score"] for one in second["scores"]}["history"] == 3
    seen = read(session, session.raters[2]).json
    assert (seen["scores"], seen["final"], seen["is_wanted"]) == ([], None, True)
    assert read(session, participant).status == 404, "not before the debrief"
    assert rate(session, 2, history=2).json["is_wanted"] is False
    session.moved("debrief")
    final = read(session, participant).json
    assert {one["domain"]: one["score"] for one in final["final"]}["history"] == 2.0
    assert "rater" not in str(final).lower()
    assert final["scores"] == []


def test_a_moderator_who_rates_reads_of_no_dispute_before_they_have_rated(session: Session) -> None:
    world, moderator = session.world, session.moderators[0]
    world.post(f"{session.path}/people", {"raters": [moderator]}, by=session.coordinator)
    world.pass_time(minutes=25)
    rate(session, 0, history=1)
    rate(session, 1, history=3)
    path = f"{session.path}/statistics"
    blind = world.get(path, by=moderator).json
    assert (blind["rated"], blind["disputed"], blind["agreements"]) == (1, None, [])
    assert world.get(path, by=session.coordinator).json["disputed"] == 1
    world.post(f"{session.chat(session.participants[0])}/ratings", scores(history=2), by=moderator)
    seen = world.get(path, by=moderator).json
    assert (seen["disputed"], len(seen["agreements"])) == (1, 6), "there is nothing left for them to rate"


def test_only_raters_rate(session: Session) -> None:
    session.world.pass_time(minutes=25)
    path = f"{session.chat(session.participants[0])}/ratings"
    for by in (session.participants[0], session.moderators[0], session.coordinator):
        assert session.world.post(path, scores(), by=by).status == 404
    nobody = f"{session.path}/chats/1-{session.raters[0]}/ratings"
    assert session.world.post(nobody, scores(), by=session.raters[0]).status == 404
    assert session.world.post(path, scores(6), by=session.raters[0]).status == 422
