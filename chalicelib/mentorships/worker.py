"""What the queue and the schedules do with runs and proposals, step by step.

Every step may be cut off anywhere and done again: each ends with one conditional write that says it is done.
"""

import hashlib
from datetime import UTC, datetime

from chalicelib.kernel.call import Call, job_call
from chalicelib.kernel.clock import Clock
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.ids import derived_id
from chalicelib.matching import service as matching
from chalicelib.matching.service import Failure, MatchRun, RunMoved, RunStatus, RunStep, RunUnderWay
from chalicelib.mentorships import publishing, service, store
from chalicelib.mentorships.model import ProposalMoved
from chalicelib.platform import outbox
from chalicelib.platform.commit import commit
from chalicelib.platform.observability import count, logger
from chalicelib.programmes import service as programmes

MAX_TRIES = 3
"""How often a run's work is begun before the run fails; its queue gives up after as many deliveries."""


class SomeFailed(Exception):
    """Some of many items could not be done; they are tried again with the next event."""


def start_nightly(now: datetime, fired_at: datetime) -> int:
    """Start the run of each programme that is matched tonight; return how many were started.

    Parameters
    ----------
    fired_at
        The schedule's own instant. It names the runs, so that an event delivered twice starts none twice.
    """
    call = job_call("nightly_match", now)
    started = failed = 0
    for programme in programmes.active_programmes():
        if not programme.matches_on(now):
            continue
        try:
            started += matching.start_scheduled(call, programme, nightly_run_id(programme.id, now, fired_at))
        except RunUnderWay:
            logger.info("a run is under way", extra={"programme_id": programme.id})
            count("RunUnderWay")
        except DomainError as error:
            failed += 1
            logger.error("run not started", extra={"programme_id": programme.id, "code": error.code})
    count("RunsStarted", started)
    if failed:
        raise SomeFailed(f"{failed} runs were not started")
    return started


def nightly_run_id(programme_id: str, now: datetime, fired_at: datetime) -> str:
    """Return the id of a programme's run of one schedule event.

    The date is the domain clock's, which can be moved on the local environment; the time of day is the event's.
    """
    at = datetime.combine(now.date(), fired_at.astimezone(UTC).time(), UTC)
    return derived_id(at, hashlib.sha256(f"nightly|{programme_id}|{at.isoformat()}".encode()).digest())


def carry_out(message_id: str, now: Clock, *, workers: int = 1) -> None:
    """Do all that a run's message asks for, from where an earlier try left off.

    Raises
    ------
    Exception
        Whatever kept the work from being done; the message waits for another try, or the run has failed.
    """
    claimed = _claim(message_id, now())
    if claimed is None:
        return
    try:
        _advance(claimed, now, workers)
    except Exception:
        _give_back(claimed, now())
        raise


def _claim(message_id: str, now: datetime) -> outbox.Message | None:
    """Take the message for this worker, also from one who has died; None where nothing is to be done."""
    message = outbox.read(message_id)
    if message is None or message.status in (outbox.Status.DONE, outbox.Status.CANCELLED):
        return None
    try:
        if message.status is outbox.Status.CLAIMED:
            if message.claimed_at is None or message.claimed_at + outbox.CLAIM_LEASE > now:
                return None
            # Claimed for longer than a worker can live.
            commit(job_call("run_match", now), [outbox.release(message, now=now)], None)
            message = outbox.read(message_id)
            if message is None:
                return None
        return outbox.claim(message, now=now)
    except outbox.AlreadyClaimed:
        return None


def _give_back(claimed: outbox.Message, now: datetime) -> None:
    call = job_call("run_match", now)
    run = matching.get_run(claimed.payload["programme_id"], claimed.payload["run_id"])
    if claimed.tries < MAX_TRIES or run is None or run.is_over or run.status is RunStatus.HELD:
        commit(call, [outbox.release(claimed, now=now)], None)
        return
    matching.fail(call, run, Failure.GAVE_UP, claimed)
    logger.error("run given up", extra={"run_id": run.id, "tries": claimed.tries})
    count("RunGivenUp")


def _advance(claimed: outbox.Message, now: Clock, workers: int) -> None:
    run = matching.get_run(claimed.payload["programme_id"], claimed.payload["run_id"])
    try:
        while run is not None:
            logger.info("run", extra={"run_id": run.id, "status": run.status, "step": run.step})
            call = job_call("run_match", now())
            match run.status:
                case RunStatus.QUEUED:
                    run = matching.begin(call, run)
                case RunStatus.RUNNING:
                    run = _work(call, run, claimed)
                case RunStatus.PUBLISHING:
                    run = _publish(call, run, claimed, now, workers)
                case _:
                    break
            if run.is_over or run.status is RunStatus.HELD:
                return  # the last step has marked the message as done
    except RunMoved:
        logger.info("run moved by another", extra={"run_id": claimed.payload["run_id"]})
    commit(job_call("run_match", now()), [outbox.done(claimed, now=now())], None)


def _work(call: Call, run: MatchRun, claimed: outbox.Message) -> MatchRun:
    if run.step is RunStep.NONE:
        return matching.take_snapshot(call, run, publishing.kept_apart(run.programme_id))
    if run.step is RunStep.SNAPSHOT:
        return matching.match(call, run)
    if run.dry_run:
        return matching.finish(call, run, claimed)
    if run.is_reviewed:
        return matching.hold(call, run, claimed)
    return matching.publish(call, run)


def _publish(call: Call, run: MatchRun, claimed: outbox.Message, now: Clock, workers: int) -> MatchRun:
    programme = publishing.running_programme(call, run.programme_id)
    if programme is None:
        return matching.fail(call, run, Failure.PROGRAMME_NOT_RUNNING, claimed)
    while run.files_published < run.files:
        call = job_call("run_match", now())
        pairs = matching.pairs_of_file(run, run.files_published)
        made = publishing.publish(call, programme, run, pairs, workers=workers)
        run = matching.file_published(call, run, made)
    call = job_call("run_match", now())
    matching.tell_left_out(call, run)
    count("PairsPublished", run.published)
    count("PairsSkipped", run.skipped)
    return matching.finish(call, run, claimed)


def expire_proposals(now: datetime) -> int:
    """Close every open proposal whose time is over; return how many there were.

    Raises
    ------
    SomeFailed
        If some could not be closed; the others are.
    """
    call = job_call("expire_proposals", now)
    expired = failed = 0
    for proposal in store.due_proposals(now):
        try:
            service.expire(call, proposal)
            expired += 1
        except ProposalMoved:
            pass  # answered before its time, or closed by an earlier try: the index had not heard of it
        except DomainError as error:
            failed += 1
            logger.error("proposal not expired", extra={"proposal_id": proposal.id, "code": error.code})
    count("ProposalsExpired", expired)
    if failed:
        raise SomeFailed(f"{failed} proposals were not expired")
    return expired
