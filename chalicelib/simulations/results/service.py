"""Questionnaires of a simulation, its statistics, and the debrief of its cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.credits import service as credits
from chalicelib.credits.model import Source
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.measures.agreement import Agreement
from chalicelib.people.codes import IncomeGroup
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.simulations import awarding
from chalicelib.simulations import service as cases
from chalicelib.simulations.cases import CaseDocument
from chalicelib.simulations.certificate_words import SIMULATION
from chalicelib.simulations.chats import store as chats_store
from chalicelib.simulations.errors import BeforeMissing
from chalicelib.simulations.ratings import model as ratings
from chalicelib.simulations.ratings import store as ratings_store
from chalicelib.simulations.ratings.model import Rated, RatingDomain
from chalicelib.simulations.results import model, store
from chalicelib.simulations.results.model import Answers, Played, SimulationMoment, Statistics
from chalicelib.simulations.sessions import service as sessions
from chalicelib.simulations.sessions import store as sessions_store
from chalicelib.simulations.sessions.model import Place, Round, Simulation, SimulationRole


@dataclass(frozen=True)
class Given:
    """What a participant sends: confidence in the order of the simulation's conditions."""

    moment: SimulationMoment
    confidence: tuple[int, ...]
    choices: tuple[int, ...] = ()
    intent: int | None = None
    has_changed: bool | None = None


@dataclass(frozen=True)
class Questionnaire:
    """What a participant is asked, and at which moments they have answered."""

    simulation: Simulation
    answered: tuple[SimulationMoment, ...]


@dataclass(frozen=True)
class SeenStatistics:
    """The figures of a simulation, with how far its raters agree; nothing of that to who still rates."""

    simulation: Simulation
    statistics: Statistics
    agreements: Mapping[RatingDomain, Agreement]
    rated: int
    disputed: int | None


@dataclass(frozen=True)
class SeenDebrief:
    """A case as it is shown, and how it was played; `played` is None while it goes on."""

    round: Round
    document: CaseDocument
    played: Played | None
    groups: Mapping[IncomeGroup, Played]


def questionnaire(call: Call, simulation_id: str) -> Questionnaire:
    """Return what the actor, a participant, is asked."""
    simulation, rows = _participant(call, simulation_id)
    return Questionnaire(
        simulation,
        tuple(moment for moment, row in zip(SimulationMoment, rows, strict=True) if row is not None),
    )


def answer(call: Call, simulation_id: str, given: Given) -> Questionnaire:
    """Keep a participant's answers at a moment, once.

    Raises
    ------
    NotAsked, AnsweredOnce
    BeforeMissing
        Of answers after or at follow-up, where there are none from before.
    Invalid
        If they do not fit what is asked.
    """
    simulation, rows = _participant(call, simulation_id)
    known = dict(zip(SimulationMoment, rows, strict=True))
    if known[given.moment] is not None:
        raise store.answered_once()
    model.require_asked(simulation, given.moment, call.now)
    if given.moment is not SimulationMoment.BEFORE and known[SimulationMoment.BEFORE] is None:
        raise BeforeMissing("After can be compared with before alone; there is nothing to compare it with.")
    _require_fitting(simulation, given)
    answers = Answers(
        call.actor_id, given.moment, dict(zip(simulation.conditions, given.confidence, strict=True)), given.choices,
        given.intent, given.has_changed,
    )  # fmt: skip
    done = tuple(one for one in SimulationMoment if known[one] is not None or one is given.moment)
    writes = [store.put_answers(simulation_id, answers, call.now)]
    if given.moment is SimulationMoment.AFTER:
        writes.append(credits.feedback_given(call, call.actor_id, Source(SIMULATION, simulation_id)))
        writes.append(awarding.news(call, simulation_id, call.actor_id))
    return commit(call, writes, Questionnaire(simulation, done))


def statistics(call: Call, simulation_id: str) -> SeenStatistics:
    """Return the figures of a simulation (its organisation's coordinators, its moderators)."""
    simulation, place, is_coordinator = sessions.seen_by(call, simulation_id)
    if not is_coordinator and not (place and place.is_moderator):
        raise NotFound
    rated = ratings_store.all_rated(simulation_id)
    is_blind = _still_rates(simulation, place, rated)
    return SeenStatistics(
        simulation, model.statistics_of(simulation, store.all_answers(simulation_id)),
        {} if is_blind else ratings.agreements(rated), len(rated),
        None if is_blind else sum(bool(one.disputed) for one in rated),
    )  # fmt: skip


def _still_rates(simulation: Simulation, place: Place | None, rated: Sequence[Rated]) -> bool:
    """Tell whether somebody may rate a chat that they have not rated: raters are blind to each other until then."""
    if place is None or SimulationRole.RATER not in place.roles:
        return False
    players = sum(one.is_participant for one in sessions_store.places_of(simulation.id))
    return sum(one.by(place.person_id) is not None for one in rated) < players * len(simulation.rounds)


def debrief(call: Call, simulation_id: str, number: int) -> SeenDebrief:
    """Return a case with how it was played: at any time to moderators and coordinators, to raters once it is over, to
    participants from the debrief on."""
    simulation, place, is_coordinator = sessions.seen_by(call, simulation_id)
    round_ = simulation.round(number)
    if round_ is None or not (is_coordinator or _may_see(simulation, round_, place, call)):
        raise NotFound
    document = cases.document(round_.case_id, round_.case_version)
    if not round_.is_over(call.now):
        return SeenDebrief(round_, document, None, {})
    all_chats = chats_store.chats_of(simulation_id, number)
    groups = {one.person_id: one.income_group for one in sessions_store.places_of(simulation_id)}
    return SeenDebrief(
        round_, document, model.played(document, round_.setting, all_chats),
        model.by_income_group(document, round_.setting, all_chats, groups),
    )  # fmt: skip


def _may_see(simulation: Simulation, round_: Round, place: Place | None, call: Call) -> bool:
    if place is None:
        return False
    is_rater = SimulationRole.RATER in place.roles
    return place.is_moderator or simulation.is_shown or (is_rater and round_.is_over(call.now))


def _participant(call: Call, simulation_id: str) -> tuple[Simulation, list[Any]]:
    """Return a simulation to who plays in it, with the rows of their answers at each moment; raises `NotFound`."""
    row, place_row, *rows = tables.get_many(
        [
            sessions_store.simulation_key(simulation_id), sessions_store.place_key(simulation_id, call.actor_id),
            *(store.answers_key(simulation_id, moment, call.actor_id) for moment in SimulationMoment),
        ]
    )  # fmt: skip
    if row is None or place_row is None or not sessions_store.place_of(place_row).is_participant:
        raise NotFound
    return sessions_store.simulation_of(row), rows


def _require_fitting(simulation: Simulation, given: Given) -> None:
    if len(given.confidence) != len(simulation.conditions):
        raise Invalid.field(
            "/confidence", f"Give {len(simulation.conditions)}, in the order of `conditions`."
        )
    questions = () if given.moment is SimulationMoment.FOLLOW_UP else simulation.questions
    if len(given.choices) != len(questions):
        raise Invalid.field("/choices", f"Give {len(questions)}, in the order of `questions`.")
    for n, (choice, question) in enumerate(zip(given.choices, questions, strict=True)):
        if choice >= len(question.options):
            raise Invalid.field(f"/choices/{n}", "The question has no such option; they are counted from 0.")
    if (given.intent is not None) != (given.moment is SimulationMoment.AFTER):
        raise Invalid.field("/intent", "This is asked after the last case, and then it is needed.")
    if (given.has_changed is not None) != (given.moment is SimulationMoment.FOLLOW_UP):
        raise Invalid.field("/has_changed", "This is asked at follow-up, and then it is needed.")
