"""Once a month: what became of each programme's pairs, kept as rows, and the weights that they speak for, proposed.

A programme at a time, and each can be cut off anywhere and begun again: outcomes are written with how far they go in
one transaction, and a month's proposal has an id of its month.
"""

import heapq
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.call import Call, job_call
from chalicelib.kernel.errors import DomainError
from chalicelib.matching import service as matching
from chalicelib.mentorships import outcome_store, running_store
from chalicelib.mentorships.model import Proposal, ProposalStatus
from chalicelib.mentorships.outcome_store import Labelled
from chalicelib.mentorships.outcomes import known_at, outcome_of
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.jobs import SomeFailed
from chalicelib.platform.observability import count, logger
from chalicelib.programmes import service as programmes

PROGRAMME_TIME = timedelta(minutes=3)
"""With less time left no programme is begun. The model of `MAX_OUTCOMES` takes seconds; what the time is for are a
first month's years of proposals, read and labelled 99 at a time, which the next try goes on with if it must."""

MAX_OUTCOMES = 20_000
"""The newest so many of a programme's outcomes are learnt from: of more, the intervals would say no more."""

_PART = tables.MAX_WRITES - 1  # beside them goes how far they go


def learn_weights(now: datetime, *, time_left: Callable[[], timedelta]) -> int:
    """Propose this month's weights for each active programme that has none yet; return for how many.

    Raises
    ------
    SomeFailed
        If some could not be done, or the time was over before; the event's next try goes on with those.
    """
    call = job_call("learn_weights", now)
    learnt = failed = 0
    for programme in programmes.active_programmes():
        if matching.was_learnt(programme.id, now):
            continue
        if time_left() < PROGRAMME_TIME:
            failed += 1
            continue
        try:
            learn_programme(call, programme.id)
            learnt += 1
        except DomainError as error:
            failed += 1
            logger.error("weights not learnt", extra={"programme_id": programme.id, "code": error.code})
    count("WeightsLearnt", learnt)
    if failed:
        raise SomeFailed(f"{failed} programmes wait for another try")
    return learnt


def learn_programme(call: Call, programme_id: str) -> None:
    """Keep what became known since the last time, and propose the month's weights from all that is known.

    Raises
    ------
    StaleVersion
        If somebody else does the same at this moment.
    """
    young = _label(call, programme_id)
    newest = heapq.nlargest(
        MAX_OUTCOMES, outcome_store.outcomes_of(programme_id), key=lambda one: (one.proposed_at, one.key)
    )
    examples = [example for one in newest if (example := one.example()) is not None]
    proposal = matching.propose_weights(
        call, programme_id, examples, young=young, unusable=len(newest) - len(examples)
    )
    logger.info("weights learnt", extra={"programme_id": programme_id, "status": proposal.status})


def _label(call: Call, programme_id: str) -> int:
    """Write the outcomes that are known by now, the oldest proposal first; return how many pairs are too young.

    It stops at the first that is not known, so that one mark says how far it went.
    """
    labelled = outcome_store.get_labelled(programme_id)
    part: list[Proposal] = []
    young = 0
    for proposal in outcome_store.proposals_after(programme_id, labelled.proposal_id):
        is_known = proposal.status is not ProposalStatus.OPEN and known_at(proposal) <= call.now
        if young or not is_known:
            young += 1
            continue
        part.append(proposal)
        if len(part) == _PART:
            labelled, part = _keep(call, labelled, part), []
    if part:
        _keep(call, labelled, part)
    return young


def _keep(call: Call, labelled: Labelled, part: list[Proposal]) -> Labelled:
    agreed = [one.mentorship_id for one in part if one.mentorship_id is not None]
    rows = tables.get_many([running_store.mentorship_key(one) for one in agreed])
    mentorships = {
        one: running_store.mentorship_of(row)
        for one, row in zip(agreed, rows, strict=True)
        if row is not None
    }
    weights = matching.weights_of_runs(
        labelled.programme_id, {one.run_id for one in part if one.run_id is not None}
    )
    outcomes = [
        outcome_of(one, mentorships.get(one.mentorship_id or ""), weights.get(one.run_id or ""))
        for one in part
    ]
    moved = replace(labelled, proposal_id=part[-1].id)
    writes = [
        outcome_store.put_labelled(moved, call.now),
        *(outcome_store.put_outcome(labelled.programme_id, one, call.now) for one in outcomes),
    ]
    after = replace(moved, created_at=labelled.created_at or call.now, version=(labelled.version or 0) + 1)
    return commit(call, writes, after)
