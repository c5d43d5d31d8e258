"""A run in parts, as the state machine takes it: one step of it an invocation, many of some steps at the same moment.

Every step may be done again, or by two at once, and comes to the same. Those of the match leave files, whose bytes
follow from what the step before left. Those that publish write each pair and each reason under a key of its own. What
moves the run writes its row at the version that was read: of two, one is refused, and finds it moved when it is tried
again. The match itself is `matching/parts/`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.kernel.call import Call, job_call
from chalicelib.kernel.clock import Clock
from chalicelib.matching import service as matching
from chalicelib.matching.service import EngineChanged, Failure, MatchRun, RunStatus
from chalicelib.mentorships import publishing
from chalicelib.platform import machines
from chalicelib.platform.observability import Over, count, logger, measured
from chalicelib.platform.settings import settings
from chalicelib.programmes.model import Programme


class RunOver(Over):
    """There is nothing to do at this run any more: it is gone, over, or past this step. The state machine knows this
    error by its name, and ends quietly."""


def start(run: MatchRun) -> None:
    """Begin the present execution of a run, unless it is there."""
    begin = "publish" if run.status is RunStatus.PUBLISHING else "match"
    what = {
        "programme_id": run.programme_id,
        "run_id": run.id,
        "execution": run.execution,
        "bucket": settings().documents_bucket,
        "prefix": matching.parts_prefix(run),
        "begin": begin,
        "at_once": settings().match_at_once,
    }
    machines.start(run.execution, what)
    logger.info("execution started", extra={"execution": run.execution, "begin": begin})


def stop(run: MatchRun) -> None:
    """End the present execution of a run. One that begins after all finds the run over at its first step."""
    machines.stop(run.execution, f"The run was {run.status}.")
    logger.info("execution stopped", extra={"execution": run.execution})


def take(event: Mapping[str, Any], clock: Clock, workers: int) -> dict[str, Any]:
    """Do a step of a run in parts; return what the machine has to know for its next one.

    Parameters
    ----------
    event
        `step`, `programme_id` and `run_id`; `item` of a step that is mapped; `execution`, where it is given, is the
        name of the execution that asks.
    workers
        Threads that write proposals at a time.

    Raises
    ------
    RunOver
        If nothing is left to do; never of the step `fail`.
    ValueError
        If there is no such step.
    """
    step, item = str(event["step"]), event.get("item") or {}
    call = job_call(f"match_{step}", clock())
    if step == "fail":
        fail(call, event["programme_id"], event["run_id"], event.get("execution"))
        return {}
    run = _run_of(event, step)
    if matching.is_nothing(item):
        return {}
    with measured("step taken", run_id=run.id, step=step, number=item.get("number")):
        try:
            return _taken(call, run, step, item, workers)
        except EngineChanged as changed:
            # Neither a further try nor a further execution would help.
            matching.fail(call, run, Failure.ENGINE_CHANGED)
            raise RunOver from changed


def _taken(call: Call, run: MatchRun, step: str, item: Mapping[str, Any], workers: int) -> dict[str, Any]:
    if step in matching.MATCH_STEPS:
        return matching.match_part(call, run, step, item, publishing.kept_apart(run.programme_id, call.now))
    match step:
        case "report":
            return _report(call, run)
        case "line_up":
            _line_up(call, run)
        case "publish":
            _publish(call, run, item, workers)
        case "tell":
            matching.tell_lot(call, run, item)
        case "finish":
            _finish(call, run)
    return {}


_PUBLISHING = ("line_up", "publish", "tell", "finish")
_FITS: Mapping[str, tuple[RunStatus, ...]] = {
    **dict.fromkeys(matching.MATCH_STEPS, (RunStatus.RUNNING,)),
    # Its answer may have been lost after it had moved the run.
    "report": (RunStatus.RUNNING, RunStatus.HELD, RunStatus.PUBLISHING),
    **dict.fromkeys(_PUBLISHING, (RunStatus.PUBLISHING,)),
}
"""In which states a run takes a step. One that comes late from an earlier execution finds another, and changes
nothing."""


def _run_of(event: Mapping[str, Any], step: str) -> MatchRun:
    if step not in _FITS:
        raise ValueError(f"there is no step {step!r}")
    run = matching.get_run(event["programme_id"], event["run_id"])
    if run is None or not run.in_parts or run.status not in _FITS[step]:
        raise RunOver
    if event.get("execution", run.execution) != run.execution:
        raise RunOver
    return run


def _report(call: Call, run: MatchRun) -> dict[str, str]:
    """Report on the match, and say what becomes of its pairs."""
    if run.status is RunStatus.RUNNING:
        run = matching.report_on_parts(call, run)
        if run.dry_run:
            run = matching.finish(call, run)
        elif run.is_reviewed:
            run = matching.hold(call, run)
        else:
            run = matching.publish(call, run)
    return {"next": "publish" if run.status is RunStatus.PUBLISHING else "end"}


def _line_up(call: Call, run: MatchRun) -> None:
    _programme(call, run)
    matching.line_up(run)


def _publish(call: Call, run: MatchRun, lot: Mapping[str, int], workers: int) -> None:
    """Propose the pairs of a lot, and let their mentees know."""
    if matching.is_published(run, lot):
        return
    programme = _programme(call, run)
    made = publishing.publish(call, programme, run, matching.pairs_of_lot(run, lot), workers=workers)
    matching.lot_published(call, run, lot, made)


def _finish(call: Call, run: MatchRun) -> None:
    ended = matching.finish(call, run)
    count("PairsPublished", ended.published)
    count("PairsSkipped", ended.skipped)


def _programme(call: Call, run: MatchRun) -> Programme:
    """Return the programme of a run that publishes; where it does not run any more, the run fails."""
    programme = publishing.running_programme(call, run.programme_id)
    if programme is None:
        matching.fail(call, run, Failure.PROGRAMME_NOT_RUNNING)
        raise RunOver
    return programme


def fail(call: Call, programme_id: str, run_id: str, execution: str | None = None) -> None:
    """Fail a run that its execution could not bring to an end, unless it is over, held, or at work by another one; what
    is published stays.

    Raises
    ------
    RunMoved
        If it moved at the same moment: whoever tries again finds it as it is then.
    """
    run = matching.get_run(programme_id, run_id)
    if run is None or not run.in_parts or not run.is_at_work or execution not in (None, run.execution):
        return
    matching.fail(call, run, Failure.GAVE_UP)
    logger.error("run given up", extra={"run_id": run.id, "attempt": run.attempt})
    count("RunGivenUp")


def ended(event: Mapping[str, Any], clock: Clock) -> None:
    """Fail the run of an execution that was aborted, ran out of time or failed, if it has not said so itself.

    Parameters
    ----------
    event
        EventBridge's "Step Functions Execution Status Change".
    """
    detail = event["detail"]
    logger.info("execution ended", extra={"execution": detail["name"], "status": detail["status"]})
    what = json.loads(detail["input"])
    call = job_call("match_ended", clock())
    fail(call, what["programme_id"], what["run_id"], detail["name"])
