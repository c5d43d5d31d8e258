"""Who may see and do what with a programme's matching: its coordinators, in the read of the rows themselves."""

from typing import Any

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.matching import store
from chalicelib.matching.runs import MatchRun
from chalicelib.platform.tables import Row, Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Programme

Key = tuple[type[Row], str, str]


def coordinated_run(
    call: Call, programme_id: str, run_id: str, *keys: Key
) -> tuple[Programme, MatchRun, list[Any]]:
    """Return a run to its programme's coordinators with the rows at `keys`; raises as `programmes.coordinated`."""
    programme, (run_row, *rows) = programmes.coordinated(
        call, programme_id, store.run_key(programme_id, run_id), *keys
    )
    if run_row is None:
        raise NotFound
    return programme, store.run_of(run_row), rows


def audit(
    call: Call, programme_id: str, action: str, *, before: str | None = None, after: str | None = None
) -> Write:
    """Return the write of an audit row of this call."""
    return store.audit(
        programme_id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action, before=before,
        after=after,
    )  # fmt: skip
