"""What a series asks before and after, and each person's answers, in the series table."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.series.errors import AnsweredAlready
from chalicelib.series.evaluation.model import Evaluation, Phase, Scores

_ANSWER = "ANSWER#"


class EvaluationRow(tables.Row):
    class Meta:
        capability = "series"

    items = JSONAttribute()


class AnswerRow(tables.Row):
    """Somebody's answers at one time."""

    class Meta:
        capability = "series"

    scores = JSONAttribute()
    site_id = UnicodeAttribute(null=True)


def evaluation_key(series_id: str) -> tuple[type[EvaluationRow], str, str]:
    """Return the key of what a series asks for `tables.get_many`."""
    return EvaluationRow, f"SERIES#{series_id}", "EVALUATION"


def put_evaluation(evaluation: Evaluation, now: datetime) -> Write:
    row_class, pk, sk = evaluation_key(evaluation.series_id)
    row = row_class(
        pk, sk, items=list(evaluation.items), **tables.stamps(to_text(now), version=evaluation.version)
    )
    return tables.put(row)


def evaluation_of(row: EvaluationRow) -> Evaluation:
    return Evaluation(row.pk.removeprefix("SERIES#"), tuple(row.items), int(row.version))


def check_same(evaluation: Evaluation, conflict: Any) -> Write:
    """Let a transaction through only while a series asks what was read."""
    same: Any = EvaluationRow.version == evaluation.version
    return tables.check(*evaluation_key(evaluation.series_id), condition=same, conflict=conflict)


def put_answer(series_id: str, scores: Scores, now: datetime) -> Write:
    """Return the write of answers; a second time it fails with `AnsweredAlready`."""
    row = AnswerRow(
        _pk(series_id), f"{_ANSWER}{scores.person_id}#{scores.scope}#{scores.phase}", scores=list(scores.scores),
        site_id=scores.site_id, **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row, conflict=AnsweredAlready())


def answers(series_id: str, person_id: str | None = None) -> tuple[Scores, ...]:
    """Return all answers of a series, or those of one person."""
    prefix = f"{_ANSWER}{person_id}#" if person_id else _ANSWER
    raws = tables.query_all(AnswerRow, _pk(series_id), begins_with=prefix)
    return tuple(_scores(AnswerRow.parse(raw)) for raw in raws)


def _scores(row: AnswerRow) -> Scores:
    person_id, scope, phase = row.sk.removeprefix(_ANSWER).split("#")
    given_at = from_text(row.created_at)
    return Scores(person_id, scope, Phase(phase), tuple(row.scores), row.site_id, given_at)


def _pk(series_id: str) -> str:
    # Beside the series, so that its own rows stay few.
    return f"SERIES#{series_id}#EVALUATION"
