"""A match in parts by the very state machine that AWS would run, with faults in its steps: on 3,000 mentees by 1,000
mentors up to the pairs, and on a few people up to their proposals."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.kernel.call import Actor, Call, job_call
from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.pages import PageRequest
from chalicelib.matching import engine, files, settings_store, store
from chalicelib.matching import service as matching
from chalicelib.matching.entries import entries_of
from chalicelib.matching.model import MatchResult
from chalicelib.matching.parts.reading import read_header
from chalicelib.matching.service import MatchRun, RunStatus
from chalicelib.matching.settings import MatchSettings, ProgrammeSettings
from chalicelib.mentorships import publishing
from chalicelib.mentorships import store as mentorships_store
from chalicelib.mentorships.model import PairStanding
from chalicelib.organisations import store as organisations
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.people import service as people
from chalicelib.platform import documents
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Side
from infra.local import crowd
from tests.journeys.deployed import Deployed
from tests.journeys.faulty_machine import FaultyMachine, counted, faulty_machine
from tests.journeys.people import Cast
from tests.journeys.rows import a_programme, enrolled, person, write
from tests.support.world import MENTEE_PROFILE, MENTOR_PROFILE

MENTEES, MENTORS = 3_000, 1_000
PAIRS = 3
TRIES = 4
"""How often the machine takes a step that fails."""


@pytest.fixture
def faults(deployed: Deployed, emulator: None) -> Iterator[FaultyMachine]:
    """Have every programme of four matched in parts, by a machine whose steps can be made to go wrong."""
    with faulty_machine(deployed, parts_from=4) as machine:
        yield machine


@dataclass(frozen=True)
class Coordinated:
    """A programme, as its coordinator has it over HTTP."""

    cast: Cast
    programme: str

    @property
    def runs(self) -> str:
        return f"/v1/programmes/{self.programme}/match-runs"

    def start(self, **body: Any) -> str:
        run_id: str = self.cast.coordinator.post(self.runs, body)["id"]
        return run_id

    def read(self, run_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.cast.coordinator.get(f"{self.runs}/{run_id}")
        return found

    def wait_for(self, run_id: str, *statuses: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            found = self.read(run_id)
            return found if found["status"] in statuses else None

        return self.cast.deployed.wait_for(look)

    def post(self, run_id: str, what: str) -> Any:
        return self.cast.coordinator.post(f"{self.runs}/{run_id}/{what}")


def test_three_thousand_by_a_thousand(cast: Cast, faults: FaultyMachine) -> None:
    house = {"organisation_id": cast.organisation, "name": "Hearts of a country"}
    large = Coordinated(cast, cast.coordinator.post("/v1/programmes", house)["id"])
    crowd.fill(large.programme, MENTEES, MENTORS, system_clock())
    # Lists are cut, as are those of every pool that needs this machine.
    cut = ProgrammeSettings(large.programme, MatchSettings(all_pairs_up_to=0))
    write(settings_store.put_settings(cut, system_clock()))
    taken_twice_and_failed_twice(large, faults)
    given_up_taken_up_again_and_stopped(large, faults)


def taken_twice_and_failed_twice(large: Coordinated, faults: FaultyMachine) -> None:
    """Every step is done twice, and one block fails twice besides: it comes to what one process comes to."""
    faults.is_told(fails={2: 2}, twice=True)
    run_id = large.start(dry_run=True)
    shown = large.wait_for(run_id, "done", "failed")
    run = row(large.programme, run_id)
    faults.wait_for(run.execution, "SUCCEEDED")
    assert (run.status, run.in_parts, run.attempt) == (RunStatus.DONE, True, 1)
    taken = faults.taken()
    assert faults.still_fails() == {}
    assert counted(taken, "failed") == {"block": 2}
    assert faults.letters() == []
    assert run.blocks > 20
    assert counted(taken) == counted_items(run) + Counter(enrol=1, plan=1, report=1)
    # The run is over when its last step is done again; all others answer what they answered.
    assert {one.step for one in taken if one.again not in (None, (one.first, False))} == {"report"}

    expected = in_one_process(run)
    assert len(expected.pairs) > MENTORS / 2
    assert (run.pairs, run.left_out) == (len(expected.pairs), len(expected.left_out))
    assert files_of(run) == files_of(written(run, expected))
    assert store.get_report(run.programme_id, run.id) == expected.report
    assert shown["progress"] == {
        "blocks": run.blocks, "blocks_done": run.blocks,
        "mentees_matched": len({one.mentee_id for one in expected.pairs}),
        "pairs_published": 0, "pairs_skipped": 0,
    }  # fmt: skip


def given_up_taken_up_again_and_stopped(large: Coordinated, faults: FaultyMachine) -> None:
    """A block that always fails fails the run, which has proposed nothing; taken up again it goes on from what is
    done, and its coordinator sees so and stops it while it is at work."""
    faults.is_told(fails={3: 100})
    run_id = large.start()
    given_up = large.wait_for(run_id, "failed", "held", "done")
    assert (given_up["status"], given_up["failure"], given_up["pairs"]) == ("failed", "gave_up", 0)
    faults.wait_for(row(large.programme, run_id).execution, "FAILED")
    before = faults.taken()
    assert "3" not in {one.number for one in before if one.ended == "done" and one.step == "block"}
    assert counted(before, "failed") == {"block": TRIES}
    item, execution = faults.letters()
    assert (item["step"], item["item"]["number"], item["error"]["Error"]) == ("block", 3, "MemoryError")
    assert (execution["run_id"], execution["error"]["Error"]) == (
        run_id,
        "States.ExceedToleratedFailureThreshold",
    )

    faults.is_told(waits=3)
    large.post(run_id, "retry")
    left = given_up["progress"]["blocks"] - 1

    def all_but_one() -> dict[str, Any] | None:
        found = large.read(run_id)
        return found if found["progress"]["blocks_done"] == left else None

    watched = large.cast.deployed.wait_for(all_but_one)
    assert (watched["status"], watched["progress"]["mentees_matched"]) == ("running", 0)
    large.post(run_id, "stop")
    run = row(large.programme, run_id)
    assert run.attempt == 2
    faults.wait_for(run.execution, "ABORTED")
    faults.is_told()
    stopped = large.read(run_id)
    assert (stopped["status"], stopped["pairs"], stopped["pairs_published"]) == ("stopped", 0, 0)
    assert not mentorships_store.proposals_in(large.programme, PageRequest(1)).items
    assert faults.letters() == []
    # The programme is free: another run begins, and is stopped by its coordinator too.
    large.post(large.start(), "stop")


def row(programme_id: str, run_id: str) -> MatchRun:
    found = matching.get_run(programme_id, run_id)
    assert found is not None
    return found


def counted_items(run: MatchRun) -> Counter[str]:
    """Return how often each mapped step and the assignment are to be taken, by the lists that they leave."""
    prefix = files.items_key(run, "")[: -len(".json")]
    items = {
        key.removeprefix(prefix).removesuffix(".json"): json.loads(content) for key, content in stored(prefix)
    }
    numbered = {name: sum("number" in one for one in some) for name, some in items.items()}
    late = [count for name, count in numbered.items() if name.startswith("late-") and count]
    each = {step: numbered[f"{step}s"] for step in ("segment", "chunk", "merge")}
    return Counter(
        each, block=numbered["blocks"] + sum(late), assign=1 + len(late), explain=numbered["explain"]
    )


def in_one_process(run: MatchRun) -> MatchResult:
    """Match the people of a run anew, as a small one reads and matches them."""
    programme = programmes.get_programme(run.programme_id)
    assert programme is not None
    header = read_header(run).snapshot
    apart: dict[str, set[str]] = {}
    for mentee_id, mentor_id, _ in publishing.kept_apart(programme.id, header.taken_at):
        apart.setdefault(mentee_id, set()).add(mentor_id)
    enrolments = [one for one in programmes.all_enrolments(programme) if one.takes_part]
    known = people.snapshot_of([one.person_id for one in enrolments])
    mentees, mentors = entries_of(programme, enrolments, known, apart, header.taken_at)
    assert (len(mentees), len(mentors)) == (MENTEES, MENTORS)
    return engine.run_match(replace(header, mentees=tuple(mentees), mentors=tuple(mentors)))


def written(run: MatchRun, result: MatchResult) -> MatchRun:
    """Write a result as that of a small run; return the run."""
    small = replace(run, id=f"{run.id}-small")
    files.write_result(small, result)
    return small


def files_of(run: MatchRun) -> dict[str, bytes]:
    """Return the files of a run's pairs and of its people without one, by name."""
    prefix = f"{files.prefix(run)}/"
    return {
        name: content
        for key, content in stored(prefix)
        if (name := key.removeprefix(prefix)).startswith(("pairs/", "left-out/"))
    }


def stored(prefix: str) -> Iterator[tuple[str, bytes]]:
    pages = client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=settings().documents_bucket, Prefix=prefix):
        for one in page.get("Contents", ()):
            yield one["Key"], documents.read(one["Key"])


@pytest.mark.usefixtures("emulator")
def test_given_up_taken_up_again_and_every_step_twice_up_to_the_proposals(
    deployed: Deployed, faults: FaultyMachine
) -> None:
    programme = a_programme()
    for _ in range(PAIRS):
        enrolled(programme, person(MENTOR_PROFILE, verified=True), Side.MENTOR, 1)
        enrolled(programme, person(MENTEE_PROFILE), Side.MENTEE, 1)
    enrolled(programme, person(MENTEE_PROFILE), Side.MENTEE, 1)
    coordinator = person(MENTEE_PROFILE)
    rights = Rights(coordinator, roles={programme.organisation_id: frozenset({StaffRole.COORDINATOR})})
    write(organisations.put_rights(rights, system_clock()))
    faults.is_told(fails={0: 100})
    now = system_clock()
    run_id = new_id(now)
    assert matching.start_scheduled(job_call("nightly_match", now), programme, run_id)

    def over() -> MatchRun | None:
        found = row(programme.id, run_id)
        return found if found.is_over else None

    run = deployed.wait_for(over)
    assert (run.status, run.failure, run.pairs) == (RunStatus.FAILED, matching.Failure.GAVE_UP, 0)
    assert list(mentorships_store.pairs_in(programme.id)) == []
    faults.wait_for(run.execution, "FAILED")
    faults.taken()
    assert [one["run_id"] for one in faults.letters()] == [run_id, run_id]

    faults.is_told(fails={0: 2}, twice=True)
    matching.retry_run(Call(now=system_clock(), actor=Actor(coordinator)), programme.id, run_id)
    run = deployed.wait_for(over)
    faults.wait_for(run.execution, "SUCCEEDED")
    assert (run.status, run.in_parts, run.attempt) == (RunStatus.DONE, True, 2)
    assert faults.still_fails() == {}
    taken = faults.taken()
    publishing_steps = {"line_up": 1, "publish": 1, "tell": 1, "finish": 1}
    assert counted(taken) == counted_items(run) + Counter(enrol=1, plan=1, report=1, **publishing_steps)
    assert {one.step for one in taken if one.again not in (None, (one.first, False))} == {"finish"}
    assert (run.pairs, run.published, run.skipped, run.left_out) == (PAIRS, PAIRS, 0, 1)
    assert (run.blocks, run.blocks_done, run.mentees_matched) == (1, 1, PAIRS)
    pairs = list(mentorships_store.pairs_in(programme.id))
    assert len(pairs) == PAIRS
    assert all(pair.standing is PairStanding.OPEN for pair in pairs)
    report = store.get_report(run.programme_id, run.id)
    assert report is not None
    assert report.pairs == PAIRS
