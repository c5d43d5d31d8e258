"""What a series asks before and after, and what comes of it: sums by session, by spoke and by countries' income."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from chalicelib.credits import service as credits
from chalicelib.credits.model import Source
from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import NotFound
from chalicelib.platform.commit import commit
from chalicelib.series import access
from chalicelib.series import store as series_store
from chalicelib.series.certificate_words import SERIES
from chalicelib.series.errors import EvaluationBegun, EvaluationNotSo
from chalicelib.series.evaluation import model, store
from chalicelib.series.evaluation.model import WHOLE, Evaluation, Phase, Scores, Sums
from chalicelib.series.model import Deed, Site
from chalicelib.series.sessions import store as session_store
from chalicelib.series.sessions.model import SessionState
from chalicelib.series.sessions.settling import OF_SESSION

_OPEN: Mapping[Phase, frozenset[SessionState]] = {
    Phase.PRE: frozenset({SessionState.PLANNED, SessionState.RUNNING}),
    Phase.POST: frozenset({SessionState.RUNNING, SessionState.ENDED, SessionState.CLOSED}),
}


@dataclass(frozen=True)
class Results:
    """What the answers come to; by session, what was answered about each."""

    whole: Sums | None
    by_session: Mapping[str, Sums] = field(default_factory=dict)
    by_site: Mapping[str, Sums] = field(default_factory=dict)
    by_income: Mapping[str, Sums] = field(default_factory=dict)


@dataclass(frozen=True)
class SeenEvaluation:
    """What is asked, what the reader has answered, and the results, for who runs the series."""

    evaluation: Evaluation
    mine: tuple[Scores, ...] = ()
    results: Results | None = None


def set_items(call: Call, series_id: str, items: tuple[str, ...]) -> SeenEvaluation:
    """Say what is asked (the owner), until somebody has answered; raises `EvaluationBegun`."""
    _, (row,) = access.reader_of(call, series_id, Deed.OWN, store.evaluation_key(series_id))
    before = store.evaluation_of(row) if row else Evaluation(series_id, ())
    if row is not None and store.answers(series_id):
        raise EvaluationBegun
    changed = replace(before, items=items)
    writes = [
        store.put_evaluation(changed, call.now),
        access.step(call, series_id, "set_evaluation", after=f"{len(items)} items"),
    ]
    return commit(call, writes, SeenEvaluation(written(changed)))


def answer(
    call: Call, series_id: str, session_id: str | None, phase: Phase, scores: tuple[int, ...]
) -> SeenEvaluation:
    """Answer for oneself, once before and once after, about the series or one session (all but guests).

    Raises
    ------
    NotFound, AnsweredAlready, PreMissing, EvaluationNotSo
    """
    keys: list[access.Key] = [store.evaluation_key(series_id)]
    keys += [session_store.session_key(series_id, session_id)] if session_id else []
    reader, (row, *session_rows) = access.reader_of(call, series_id, Deed.BANK, *keys)
    if row is None or None in session_rows:
        raise NotFound
    if not reader.takes_part:
        raise EvaluationNotSo("Join the series to answer.")
    for one in session_rows:
        if session_store.session_of(one).status not in _OPEN[phase]:
            raise EvaluationNotSo("Answer before a session until it ends, and after it once it has begun.")
    evaluation = store.evaluation_of(row)
    model.require_fit(evaluation, scores)
    mine = store.answers(series_id, call.actor_id)
    site_id = reader.membership.site_id if reader.membership else None
    given = Scores(call.actor_id, session_id or WHOLE, phase, scores, site_id, call.now)
    model.require_next(mine, given.scope, phase, call.now)
    writes = [
        store.put_answer(series_id, given, call.now),
        store.check_same(evaluation, EvaluationNotSo("What is asked was changed just now. Read it again.")),
    ]
    if phase is Phase.POST:
        about = Source(OF_SESSION, session_id) if session_id else Source(SERIES, series_id)
        writes.append(credits.feedback_given(call, call.actor_id, about))
    return commit(call, writes, SeenEvaluation(evaluation, (*mine, given)))


def read(call: Call, series_id: str) -> SeenEvaluation:
    """Return what is asked and the reader's answers; to who runs the series the sums, of five people or more."""
    reader, (row,) = access.reader_of(call, series_id, Deed.BANK, store.evaluation_key(series_id))
    if row is None:
        raise NotFound
    evaluation = store.evaluation_of(row)
    if not reader.may(Deed.RUN):
        return SeenEvaluation(evaluation, store.answers(series_id, call.actor_id))
    found = store.answers(series_id)
    mine = tuple(one for one in found if one.person_id == call.actor_id)
    return SeenEvaluation(evaluation, mine, _results(found, series_store.every_site(series_id)))


def _results(found: tuple[Scores, ...], sites: Mapping[str, Site]) -> Results:
    steps = model.steps(model.pairs(found, WHOLE))
    whole = [one for step in steps for one in step]
    site_of = {one.person_id: one.site_id for one in whole if one.site_id is not None}
    income_of = {person: sites[site].income for person, site in site_of.items() if site in sites}
    groups = {person: group for person, group in income_of.items() if group}
    by_income = [model.cells(step, groups) for step in steps]
    by_session = {
        one: model.sums(model.pairs(found, one)) for one in sorted({each.scope for each in found} - {WHOLE})
    }
    return Results(
        model.sums(whole),
        {one: told for one, told in by_session.items() if told is not None},
        model.told_of(model.joined(model.within(one, site_of) for one in by_income)),
        model.told_of(model.joined(by_income)),
    )
