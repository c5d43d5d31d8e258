"""A run in parts that has come so far, and the step that a function is asked for next."""

import json
from typing import Any

from chalicelib.kernel.call import job_call
from chalicelib.matching import service as matching
from chalicelib.mentorships import machine
from chalicelib.platform import documents
from tests.architecture.scenes.matching import started
from tests.architecture.scenes.programmes import enrolled
from tests.support.world import World

STEPS = (
    "enrol", "segment", "plan", "chunk", "block", "merge", "assign", "explain", "report", "line_up", "publish",
)  # fmt: skip
_ITEMS = {
    "segment": "segments", "chunk": "chunks", "block": "blocks", "merge": "merges", "explain": "explain",
    "publish": "publish",
}  # fmt: skip


def before(world: World, step: str) -> dict[str, Any]:
    """Take the steps of a run up to one, and return the event of that one, with its first item."""
    ids = started(world, enrolled(world))["ids"]
    run = matching.get_run(ids["programme_id"], ids["run_id"])
    assert run is not None
    run = matching.begin(job_call("match", world.at), run, in_parts=True)
    base = {"programme_id": run.programme_id, "run_id": run.id, "execution": run.execution}

    def events(one: str) -> list[dict[str, Any]]:
        event = {**base, "step": one}
        if one not in _ITEMS:
            return [event]
        content = documents.read(f"{matching.parts_prefix(run)}/items/{_ITEMS[one]}.json")
        return [{**event, "item": item} for item in json.loads(content)]

    for earlier in STEPS[: STEPS.index(step)]:
        for event in events(earlier):
            machine.take(event, lambda: world.at, 1)
    return events(step)[0]


def lost(world: World) -> dict[str, Any]:
    """Return what EventBridge tells of an execution that was aborted."""
    event = before(world, "plan")
    return {
        "status": "ABORTED", "name": event["execution"],
        "input": json.dumps({name: event[name] for name in ("programme_id", "run_id", "execution")}),
    }  # fmt: skip
