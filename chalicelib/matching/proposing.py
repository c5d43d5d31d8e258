"""Weights learnt from outcomes: proposed once a month, and put in force by a coordinator or not at all."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.matching import configuring, lessons, settings_store, store, weight_store
from chalicelib.matching.access import audit
from chalicelib.matching.errors import WeightsChanged
from chalicelib.matching.lessons import (
    Example,
    WeightMove,
    WeightProposal,
    WeightProposalStatus,
)
from chalicelib.matching.model import Criterion
from chalicelib.matching.settings import ProgrammeSettings
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.programmes import service as programmes

_BATCH = 100


def list_weight_proposals(call: Call, programme_id: str, page: PageRequest) -> Page[WeightProposal]:
    """Return what each month taught about a programme's weights, newest first (its coordinators)."""
    programmes.coordinated(call, programme_id)
    return weight_store.proposals_of(programme_id, page)


def accept_weights(call: Call, programme_id: str, proposal_id: str) -> WeightProposal:
    """Put proposed weights in the programme's match settings (its coordinators); the next run follows them. Again, it
    does nothing.

    Raises
    ------
    WeightsNotOpen
        If they were decided upon, superseded, or nothing was proposed.
    WeightsChanged
        If the programme has other weights by now than those that the proposal was compared with.
    StaleVersion
        If the settings, or the proposal, were changed at the same moment.
    """
    proposal, settings = _read(call, programme_id, proposal_id)
    if proposal.status is WeightProposalStatus.ACCEPTED:
        return commit(call, [], proposal)
    accepted = lessons.decided(proposal, WeightMove.ACCEPT, call.now)
    if not proposal.lesson.learnt_beside(settings.settings.weights):
        raise WeightsChanged("Dismiss these, or wait for next month's, which are compared with the new ones.")
    weights = proposal.lesson.weights()
    writes = [
        weight_store.put_proposal(accepted, call.now),
        *configuring.settings_writes(
            call, settings, replace(settings.settings, weights=weights), weight_proposal_id=proposal_id
        ),
        audit(call, programme_id, "accept_weights", before=proposal_id, after="weights"),
    ]
    return commit(call, writes, written(accepted))


def dismiss_weights(call: Call, programme_id: str, proposal_id: str) -> WeightProposal:
    """Leave the weights as they are (the programme's coordinators). Again, it does nothing.

    Raises
    ------
    WeightsNotOpen, StaleVersion
        As `accept_weights`.
    """
    proposal, _ = _read(call, programme_id, proposal_id)
    if proposal.status is WeightProposalStatus.DISMISSED:
        return commit(call, [], proposal)
    dismissed = lessons.decided(proposal, WeightMove.DISMISS, call.now)
    writes = [
        weight_store.put_proposal(dismissed, call.now),
        audit(call, programme_id, "dismiss_weights", before=proposal_id),
    ]
    return commit(call, writes, written(dismissed))


def _read(call: Call, programme_id: str, proposal_id: str) -> tuple[WeightProposal, ProgrammeSettings]:
    keys = weight_store.proposal_key(programme_id, proposal_id), settings_store.settings_key(programme_id)
    _, (row, settings_row) = programmes.coordinated(call, programme_id, *keys)
    if row is None:
        raise NotFound
    return weight_store.proposal_of(row), settings_store.settings_of(programme_id, settings_row)


# What the monthly job does.


def month_id(programme_id: str, now: datetime) -> str:
    """Return the id of a programme's proposal of the month of `now` (in UTC), which sorts by its first day."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return derived_id(first, hashlib.sha256(f"weights|{programme_id}|{first:%Y-%m}".encode()).digest())


def was_learnt(programme_id: str, now: datetime) -> bool:
    """Tell whether a programme has its proposal of this month."""
    return weight_store.get_proposal(programme_id, month_id(programme_id, now)) is not None


def propose_weights(
    call: Call, programme_id: str, examples: Sequence[Example], *, young: int, unusable: int
) -> WeightProposal:
    """Learn from examples and write what they teach, as this month's; the one before that is still open gives way.

    The settings stay as they are, whatever is found. Loads numpy, which the HTTP function must not.

    Parameters
    ----------
    young, unusable
        Pairs whose outcome, or whose values, are not known; they are reported.

    Raises
    ------
    StaleVersion
        If this month's was written at the same moment, or the open one decided upon.
    """
    from chalicelib.matching import learning

    weights = settings_store.get_settings(programme_id).settings.weights
    lesson = learning.learn(examples, weights, young=young, unusable=unusable)
    proposal = WeightProposal(
        month_id(programme_id, call.now), programme_id, lesson, lesson.verdict, created_at=call.now
    )
    before = [
        lessons.decided(one, WeightMove.SUPERSEDE, call.now)
        for one in weight_store.open_proposals(programme_id)
    ]
    writes = [
        weight_store.put_proposal(proposal, call.now),
        *(weight_store.put_proposal(one, call.now) for one in before),
        audit(call, programme_id, "propose_weights", after=f"{proposal.id}:{proposal.status}"),
    ]
    return commit(call, writes, replace(proposal, version=1))


def weights_of_runs(programme_id: str, run_ids: Collection[str]) -> Mapping[str, Mapping[Criterion, int]]:
    """Return the weights, in millionths, that each of some runs followed; a run without a report is missing."""
    wanted = sorted(run_ids)
    found: dict[str, Mapping[Criterion, int]] = {}
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        for run_id, row in zip(
            part, tables.get_many([store.report_key(programme_id, one) for one in part]), strict=True
        ):
            report = store.report_of(row)
            if report is not None:
                found[run_id] = {one.criterion: one.points for one in report.weights}
    return found
