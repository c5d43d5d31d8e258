"""Messages that set a worker to a run."""

from chalicelib.kernel.call import Call
from chalicelib.matching.runs import MatchRun
from chalicelib.platform import outbox
from chalicelib.platform.tables import Write

_KIND = "match-run"


def work_message(call: Call, run: MatchRun, name: str) -> Write:
    """Return the write of a message that sets a worker to a run, as the run's row will be; each name is sent once."""
    payload = {"programme_id": run.programme_id, "run_id": run.id}
    return outbox.message(f"{_KIND}:{run.id}:{name}", outbox.Topic.MATCH_RUN, _KIND, payload, now=call.now)
