"""A run that needs more time than its function has, on the deployed package."""

from collections.abc import Iterator

import pytest

from chalicelib.kernel.call import job_call
from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.ids import new_id
from chalicelib.matching import service as matching
from chalicelib.mentorships import store as mentorships_store
from chalicelib.mentorships.model import PairStanding
from chalicelib.mentorships.worker import STEP_TIME
from chalicelib.platform import outbox, tables
from chalicelib.programmes.model import Side
from tests.journeys.deployed import Deployed
from tests.journeys.rows import a_programme, enrolled, person
from tests.support.world import MENTEE_PROFILE, MENTOR_PROFILE

PAIRS = 3


@pytest.fixture
def short_lived(deployed: Deployed) -> Iterator[None]:
    """Give the deployed worker less time than any step wants to be begun with, as one has at its end."""
    functions, name = deployed.client("lambda"), deployed.place.functions["RunMatch"]
    before = functions.get_function_configuration(FunctionName=name)["Timeout"]
    functions.update_function_configuration(FunctionName=name, Timeout=int(STEP_TIME.total_seconds()) // 2)
    functions.get_waiter("function_updated_v2").wait(FunctionName=name)
    yield
    functions.update_function_configuration(FunctionName=name, Timeout=before)
    functions.get_waiter("function_updated_v2").wait(FunctionName=name)


@pytest.mark.usefixtures("emulator", "short_lived")
def test_a_run_too_long_for_one_worker_is_carried_on_at_once_by_others(deployed: Deployed) -> None:
    programme = a_programme()
    for _ in range(PAIRS):
        enrolled(programme, person(MENTOR_PROFILE, verified=True), Side.MENTOR, 1)
        enrolled(programme, person(MENTEE_PROFILE), Side.MENTEE, 1)
    now = system_clock()
    run_id = new_id(now)
    assert matching.start_scheduled(job_call("nightly_match", now), programme, run_id)
    # Far less than the claim's lease, after which a message of a worker that died would be taken up again.
    deployed.settle()

    run = matching.get_run(programme.id, run_id)
    assert run is not None
    assert (run.status, run.published, run.skipped) == (matching.RunStatus.DONE, PAIRS, 0)
    pairs = list(mentorships_store.pairs_in(programme.id))
    assert len(pairs) == PAIRS
    assert {one.standing for one in pairs} == {PairStanding.OPEN}
    # A worker each for: begin, snapshot, match, going on, one file, the end.
    keys = [(outbox.OutboxRow, f"match-run:{run_id}:from-{version}", "MESSAGE") for version in range(2, 7)]
    handed_on = tables.get_many(keys)
    assert [row and row.status for row in handed_on] == ["done"] * 5
    assert {int(row.tries) for row in handed_on} == {1}
