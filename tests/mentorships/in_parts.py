"""A programme that is matched in parts, with stand-ins for the match itself and for the state machine."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from chalicelib.kernel.call import Call
from chalicelib.matching import engine, files, progress, runs, steps, store
from chalicelib.matching import service as matching
from chalicelib.matching.runs import MatchRun, RunStep
from chalicelib.matching.snapshot import snapshot_from_bytes
from chalicelib.mentorships import machine, worker
from chalicelib.platform import documents, machines
from chalicelib.platform.settings import settings
from tests.mentorships.scene import Scene, deliver

MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:match"
BLOCKS = 2


class Parts:
    """The match of a run in parts, made in one process: what its steps leave in the run's row and files is the same.

    Attributes
    ----------
    calls
        The steps that were asked for, with the number of their item.
    broken, error
        A step that fails, and how.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, int | None]] = []
        self.broken: str | None = None
        self.error: Exception = RuntimeError("no memory left")

    def _called(self, step: str, item: Mapping[str, Any] | None = None) -> None:
        if step == self.broken:
            raise self.error
        self.calls.append((step, item["number"] if item else None))

    def enrol(self, call: Call, run: MatchRun, kept_apart: Iterable[tuple[str, str, bool]]) -> None:
        self._called("enrol")
        self.apart = list(kept_apart)

    def plan(self, call: Call, run: MatchRun) -> MatchRun:
        self._called("plan")
        if run.step is not RunStep.NONE:
            return run
        taken = steps.take_snapshot(call, run, self.apart)
        return steps.keep(call, taken, replace(taken, blocks=BLOCKS))

    def segment(self, call: Call, run: MatchRun, item: Mapping[str, Any]) -> None:
        self._called("segment", item)

    def chunk(self, call: Call, run: MatchRun, item: Mapping[str, Any]) -> None:
        self._called("chunk", item)

    def block(self, call: Call, run: MatchRun, item: Mapping[str, Any]) -> None:
        self._called("block", item)
        progress.done(call, run, progress.BLOCK, item["number"])

    def merge(self, call: Call, run: MatchRun, item: Mapping[str, Any]) -> None:
        self._called("merge", item)

    def assign(self, call: Call, run: MatchRun) -> dict[str, str | None]:
        self._called("assign")
        progress.done(call, run, progress.ASSIGN, 0, pairs=len(self._result(run).pairs))
        return {"late": None}

    def explain(self, call: Call, run: MatchRun, item: Mapping[str, Any]) -> None:
        self._called("explain", item)

    def report(self, call: Call, run: MatchRun) -> MatchRun:
        self._called("report")
        if run.step is not RunStep.SNAPSHOT:
            return run
        result, snapshot = self._result(run), snapshot_from_bytes(files.read_snapshot(run))
        files.write_result(run, result)
        files.write_with_one(run, (one.person_id for one in snapshot.mentees if one.has_one))
        found = runs.matched(
            run, len(result.pairs), len(result.left_out), files.file_count(len(result.pairs))
        )
        return steps.keep(call, run, found, store.put_report(result.report, None, call.now))

    def _result(self, run: MatchRun) -> Any:
        return engine.run_match(snapshot_from_bytes(files.read_snapshot(run)))


MATCH: list[tuple[str, int | None]] = [
    ("enrol", None), ("segment", 0), ("plan", None), ("chunk", 0), *(("block", n) for n in range(BLOCKS)), ("merge", 0),
    ("assign", None), ("explain", 0), ("report", None),
]  # fmt: skip


@dataclass
class Large:
    """A scene above the threshold.

    Attributes
    ----------
    started, stopped
        Executions of the machine: names with their input, and names.
    """

    scene: Scene
    parts: Parts
    started: dict[str, dict[str, Any]] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)

    def start(self, **body: Any) -> str:
        """Ask for a run and have the worker begin it."""
        run_id = self.scene.start(**body)
        assert deliver(f"match-run:{run_id}:start") == {"batchItemFailures": []}
        return run_id

    def row(self, run_id: str) -> MatchRun:
        found = store.get_run(self.scene.programme, run_id)
        assert found is not None
        return found

    def take(self, run_id: str, step: str, item: Any = None, **more: Any) -> dict[str, Any]:
        event = {"step": step, "programme_id": self.scene.programme, "run_id": run_id, **more}
        return machine.take({**event, "item": item} if item else event, lambda: self.scene.world.at, 1)

    def taken(self, run_id: str, steps_: Iterable[tuple[str, int | None]], times: int = 1) -> dict[str, Any]:
        """Take some steps, each so often; return the last one's answer."""
        answer: dict[str, Any] = {}
        for step, number in steps_:
            for _ in range(times):
                answer = self.take(run_id, step, None if number is None else {"number": number})
        return answer

    def items(self, run_id: str, step: str) -> Iterator[dict[str, int]]:
        key = f"{self.started[self.row(run_id).execution]['prefix']}/items/{step}.json"
        yield from json.loads(documents.read(key))

    def lined_up(self, run_id: str, times: int = 1) -> Iterator[tuple[str, dict[str, int] | None]]:
        """Yield the steps of the publication, as what the one before left has it."""
        yield "line_up", None
        for step in ("publish", "tell"):
            yield from ((step, item) for item in self.items(run_id, step))
        yield "finish", None

    def play(self, run_id: str, times: int = 1) -> None:
        """Do what the state machine does with the present execution, each step so often."""
        begin = self.started[self.row(run_id).execution]["begin"]
        if begin == "match" and self.taken(run_id, MATCH, times)["next"] == "end":
            return
        for step, item in self.lined_up(run_id):
            for n in range(times):
                if n and step == "finish":
                    with pytest.raises(machine.RunOver):
                        self.take(run_id, step, item)
                else:
                    self.take(run_id, step, item)

    def post(self, run_id: str, what: str, by: str | None = None) -> Any:
        path = self.scene.path(f"match-runs/{run_id}/{what}")
        return self.scene.world.post(path, by=by or self.scene.coordinator)


def grown(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, threshold: int = 2, machine_arn: str = MACHINE
) -> Large:
    """Put a scene's programme above the threshold."""
    large = Large(scene, Parts())
    known = replace(settings(), match_machine_arn=machine_arn, match_parts_from=threshold)
    monkeypatch.setattr(worker, "settings", lambda: known)
    monkeypatch.setattr(matching, "parts", large.parts)
    monkeypatch.setattr(machines, "start", lambda name, what: large.started.setdefault(name, what))
    monkeypatch.setattr(machines, "stop", lambda name, cause: large.stopped.append(name))
    return large
