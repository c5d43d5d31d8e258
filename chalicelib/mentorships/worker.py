"""What the queue and the schedules do with runs and proposals, step by step.

Every step may be cut off anywhere and done again: each ends with one conditional write that says it is done.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from chalicelib.kernel.call import Call, job_call
from chalicelib.kernel.clock import Clock
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.ids import derived_id
from chalicelib.matching import service as matching
from chalicelib.matching.errors import RunMoved, RunUnderWay
from chalicelib.matching.service import Failure, MatchRun, RunStatus, RunStep
from chalicelib.mentorships import clearing, machine, publishing, store
from chalicelib.mentorships.errors import ProposalMoved
from chalicelib.platform import outbox
from chalicelib.platform.commit import commit
from chalicelib.platform.jobs import SomeFailed
from chalicelib.platform.observability import count, logger
from chalicelib.platform.settings import settings
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import PairKind

TimeLeft = Callable[[], timedelta]

MAX_TRIES = 3
"""How often the work of a message may fail, or its worker die, before the run fails; its queue gives up after as
many deliveries. A worker that stops in order leaves a message of its own, so that a long run fails no sooner."""

STEP_TIME = timedelta(minutes=2)
"""With less time left no step is begun. A hundred pairs take a second or two; in a slow store, written again and
again, they may take a hundred times that."""

MATCH_TIME = timedelta(minutes=10)
"""The same for the match itself, which is one piece: 10,000 by 4,000 people take half a minute."""


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


def carry_out(message_id: str, now: Clock, *, workers: int, time_left: TimeLeft) -> None:
    """Do what a run's message asks for, from where an earlier try left off, as far as the time allows.

    One step is always done. What is left then goes to another worker at once, by a message of its own.

    Parameters
    ----------
    workers
        Threads that write proposals at a time.
    time_left
        How long this worker has to live.

    Raises
    ------
    Exception
        Whatever kept the work from being done; the message waits for another try, or the run has failed.
    """
    claimed = outbox.take(message_id, outbox.Topic.MATCH_RUN, now=now())
    if claimed is None:
        return
    if claimed.tries > MAX_TRIES:
        # Those before died at it (out of time within one step, or of memory) and could not say so.
        _give_up(claimed, now())
        return
    try:
        _advance(claimed, now, workers, time_left)
    except Exception:
        _give_back(claimed, now())
        raise


def _give_back(claimed: outbox.Message, now: datetime) -> None:
    """Leave the message for another try, unless there were enough."""
    if claimed.tries < MAX_TRIES:
        commit(job_call("run_match", now), [outbox.release(claimed, now=now)], None)
    else:
        _give_up(claimed, now)


def _give_up(claimed: outbox.Message, now: datetime) -> None:
    """Fail the run, if it is still to be worked on, and be done with the message."""
    call = job_call("run_match", now)
    run = matching.get_run(claimed.payload["programme_id"], claimed.payload["run_id"])
    if run is None or run.is_over or run.status is RunStatus.HELD:
        commit(call, [outbox.done(claimed, now=now)], None)
        return
    matching.fail(call, run, Failure.GAVE_UP, claimed)
    logger.error("run given up", extra={"run_id": run.id, "tries": claimed.tries})
    count("RunGivenUp")


def _advance(claimed: outbox.Message, now: Clock, workers: int, time_left: TimeLeft) -> None:
    run = matching.get_run(claimed.payload["programme_id"], claimed.payload["run_id"])
    found = run
    try:
        while run is not None:
            logger.info("run", extra={"run_id": run.id, "status": run.status, "step": run.step})
            call = job_call("run_match", now())
            if run is not found and time_left() < _time_for(run):
                matching.hand_on(call, run, claimed)
                count("RunHandedOn")
                return
            match run.status:
                case RunStatus.QUEUED:
                    run = _begin(call, run, claimed)
                case RunStatus.RUNNING | RunStatus.PUBLISHING if run.in_parts:
                    machine.start(run)
                    matching.handed_over(call, run, claimed)
                    return
                case RunStatus.STOPPED if run.in_parts:
                    machine.stop(run)
                    break
                case RunStatus.RUNNING:
                    run = _work(call, run, claimed)
                case RunStatus.PUBLISHING:
                    run = _publish(call, run, claimed, workers)
                case _:
                    break
            if run.is_over or run.status is RunStatus.HELD:
                return  # the last step has marked the message as done
    except RunMoved:
        logger.info("run moved by another", extra={"run_id": claimed.payload["run_id"]})
    commit(job_call("run_match", now()), [outbox.done(claimed, now=now())], None)


def _begin(call: Call, run: MatchRun, claimed: outbox.Message) -> MatchRun:
    """Start the work on a run, in parts where its programme is large."""
    if not _is_large(run.programme_id):
        return matching.begin(call, run)
    if run.is_what_if:
        return matching.fail(call, run, Failure.TOO_LARGE_TO_COMPARE, claimed)
    count("RunsInParts")
    return matching.begin(call, run, in_parts=True)


def _is_large(programme_id: str) -> bool:
    """Tell whether a programme outgrows one process. Peers stay in one: who is paired with whom is one question of the
    whole pool."""
    if not settings().match_machine_arn:
        return False
    programme = programmes.get_programme(programme_id)
    return (
        programme is not None
        and programme.kind is not PairKind.PEER
        and programmes.has_enrolled(programme_id, settings().match_parts_from)
    )


def _time_for(run: MatchRun) -> timedelta:
    """Return how much time the next step needs."""
    is_match = run.status is RunStatus.RUNNING and run.step is RunStep.SNAPSHOT and not run.in_parts
    return MATCH_TIME if is_match else STEP_TIME


def _work(call: Call, run: MatchRun, claimed: outbox.Message) -> MatchRun:
    if run.step is RunStep.NONE:
        return matching.take_snapshot(call, run, publishing.kept_apart(run.programme_id, call.now))
    if run.step is RunStep.SNAPSHOT:
        return matching.match(call, run)
    if run.dry_run:
        return matching.finish(call, run, claimed)
    if run.is_reviewed:
        return matching.hold(call, run, claimed)
    return matching.publish(call, run)


def _publish(call: Call, run: MatchRun, claimed: outbox.Message, workers: int) -> MatchRun:
    """Propose the pairs of the next file; after the last, tell whom the run left out, and end it."""
    if run.files_published < run.files:
        programme = publishing.running_programme(call, run.programme_id)
        if programme is None:
            return matching.fail(call, run, Failure.PROGRAMME_NOT_RUNNING, claimed)
        pairs = matching.pairs_of_file(run, run.files_published)
        made = publishing.publish(call, programme, run, pairs, workers=workers)
        return matching.file_published(call, run, made, is_of_peers=programme.kind is PairKind.PEER)
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
            clearing.expire(call, proposal)
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
