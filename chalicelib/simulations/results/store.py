"""Answers to the questionnaires of simulations, in the simulations table: a row a moment and person, written once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute

from chalicelib.kernel.clock import to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.simulations import store
from chalicelib.simulations.errors import AnsweredOnce
from chalicelib.simulations.results.model import Answers, SimulationMoment

_ANSWERS = "ANSWERS#"


class AnswersRow(tables.Row):
    class Meta:
        capability = store.CAPABILITY

    confidence = JSONAttribute()
    choices = JSONAttribute()
    intent = NumberAttribute(null=True)
    has_changed = BooleanAttribute(null=True)


def answers_key(
    simulation_id: str, moment: SimulationMoment, person_id: str
) -> tuple[type[AnswersRow], str, str]:
    """Return the key of somebody's answers for `tables.get_many`."""
    return AnswersRow, f"SIMULATION#{simulation_id}", f"{_ANSWERS}{moment.value}#{person_id}"


def put_answers(simulation_id: str, answers: Answers, now: datetime) -> Write:
    """Return the write of answers, of which there are none yet."""
    row_class, pk, sk = answers_key(simulation_id, answers.moment, answers.person_id)
    row = row_class(
        pk, sk, confidence=dict(answers.confidence), choices=list(answers.choices), intent=answers.intent,
        has_changed=answers.has_changed, **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row, conflict=answered_once())


def answered_once() -> AnsweredOnce:
    return AnsweredOnce("What was answered stays, so that before and after can be compared.")


def all_answers(simulation_id: str) -> tuple[Answers, ...]:
    """Return what all have answered in a simulation."""
    raws: Iterable[dict[str, Any]] = tables.query_all(
        AnswersRow, f"SIMULATION#{simulation_id}", begins_with=_ANSWERS
    )
    return tuple(answers_of(AnswersRow.parse(raw)) for raw in raws)


def answers_of(row: AnswersRow) -> Answers:
    moment, person_id = row.sk.removeprefix(_ANSWERS).split("#")
    return Answers(
        person_id, SimulationMoment(moment), {name: int(value) for name, value in row.confidence.items()},
        tuple(int(one) for one in row.choices), int(row.intent) if row.intent is not None else None, row.has_changed,
    )  # fmt: skip
