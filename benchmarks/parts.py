"""A match in parts on the deployed package: what each step of the state machine takes, and how that grows.

    python -m benchmarks.parts                                       # 10,000 x 3,000 to 100,000 x 30,000: an hour
    python -m benchmarks.parts --sizes 3000x900 10000x3000 --dry     # smaller, up to the pairs alone

Starts an environment of its own as `make run` does, writes a programme of each size (demo cohorts drawn from other
seeds), and has its run made by the state machine, which takes as many items at a time as the machine has processors.
The last one's pairs become proposals; the others are dry runs. Seconds and memory are those that each function tells of
itself (`step taken` in its log). Mails are left in their queue: those of a hundred thousand people are not what is
measured.

The exponent is the slope of a straight line through the logarithms of the processor's time of all steps up to the
report and of admissible pairs (least squares). Exits with status 1 if a limit is broken.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import bars
from benchmarks.growth import slope

MOST_EXPONENT = 1.15
FUNCTION_SECONDS = 900
SIZES = ("10000x3000", "30000x9000", "100000x30000")
PUBLISHING = ("line_up", "publish", "tell", "finish")


@dataclass(frozen=True)
class Taken:
    """One step of a run, or one item of it, by its function's own log line."""

    step: str
    began: float
    seconds: float
    processor: float
    megabytes: float


@dataclass(frozen=True)
class Step:
    """All items of a step.

    Attributes
    ----------
    wall
        Seconds from the first's beginning to the last's end.
    longest
        Seconds of the item that took longest.
    megabytes
        The most memory of any function that took it, which may have taken others before.
    """

    name: str
    items: int
    wall: float
    longest: float
    seconds: float
    processor: float
    megabytes: float

    @classmethod
    def of(cls, name: str, taken: Sequence[Taken]) -> Step:
        ended = max(one.began + one.seconds for one in taken)
        return cls(
            name, len(taken), ended - min(one.began for one in taken), max(one.seconds for one in taken),
            sum(one.seconds for one in taken), sum(one.processor for one in taken),
            max(one.megabytes for one in taken),
        )  # fmt: skip


@dataclass(frozen=True)
class Found:
    """What became of a run."""

    run: Any
    admissible: int
    steps: list[Step]

    def processor(self) -> float:
        """Return the processor's seconds of the match, without its publication."""
        return sum(one.processor for one in self.steps if one.name not in PUBLISHING)


class Machine:
    """A running environment whose programmes are all matched in parts."""

    def __init__(self, place: Any) -> None:
        self.place = place
        self._functions = place.target.client("lambda")

    def switch_mappings(self, name: str, *, on: bool) -> None:
        """Have a function hear of its stream or queue, or not."""
        mapped = self._functions.list_event_source_mappings(FunctionName=self.place.functions[name])
        for one in mapped["EventSourceMappings"]:
            self._functions.update_event_source_mapping(UUID=one["UUID"], Enabled=on)

    def switch_schedules_off(self) -> None:
        """Leave out what comes due by the clock: it would sweep up the mails that wait."""
        events = self.place.target.client("events")
        for rule in events.list_rules()["Rules"]:
            if rule.get("ScheduleExpression"):
                events.disable_rule(Name=rule["Name"])

    def match(self, mentees: int, mentors: int, *, dry_run: bool) -> Found:
        """Fill a programme, and have it matched."""
        from botocore.exceptions import BotoCoreError

        from chalicelib.kernel.call import Actor, Call
        from chalicelib.kernel.errors import Unavailable
        from chalicelib.matching import service as matching
        from chalicelib.matching import store
        from chalicelib.platform import clock
        from infra.local import crowd

        programme_id, coordinator_id = self._founded()
        begun = time.perf_counter()
        crowd.fill(programme_id, mentees, mentors, clock.now())
        print(f"written in {time.perf_counter() - begun:.0f} s", flush=True)
        call = Call(now=clock.now(), actor=Actor(coordinator_id))
        run_id = matching.start_run(call, programme_id, dry_run=dry_run).id

        def look(ready: Callable[[Any], bool]) -> Any:
            run = None
            while run is None or not ready(run):
                time.sleep(1)
                # The emulator may be too busy with the run to answer.
                with suppress(Unavailable, BotoCoreError):
                    run = matching.get_run(programme_id, run_id)
            return run

        look(lambda run: run.in_parts or run.is_over)
        # It is at work: what its proposals would have mailed waits.
        self.switch_mappings("OutboxRelay", on=False)
        self.switch_mappings("SendMail", on=False)
        begun = time.perf_counter()
        run = look(lambda run: run.is_over)
        print(f"matched in {time.perf_counter() - begun:.0f} s: {run.status}", flush=True)
        self.switch_mappings("OutboxRelay", on=dry_run)
        report = store.get_report(programme_id, run_id)
        return Found(run, report.admissible_pairs if report else 0, self._steps(run_id))

    def _founded(self) -> tuple[str, str]:
        from chalicelib.kernel.ids import new_id
        from chalicelib.organisations import store as organisations
        from chalicelib.organisations.model import Rights, StaffRole
        from chalicelib.platform import clock
        from chalicelib.platform.tables import transact
        from chalicelib.programmes import store as programmes
        from chalicelib.programmes.model import Programme

        now = clock.now()
        organisation_id, coordinator_id, programme_id = new_id(now), new_id(now), new_id(now)
        rights = Rights(coordinator_id, roles={organisation_id: frozenset({StaffRole.COORDINATOR})})
        programme = Programme(programme_id, organisation_id, "Benchmark", created_at=now)
        transact(
            [organisations.put_rights(rights, now), programmes.put_programme(programme, now)], new_id(now)
        )
        return programme_id, coordinator_id

    def _steps(self, run_id: str) -> list[Step]:
        """Return the steps of a run in the order in which they began."""
        by_name: dict[str, list[Taken]] = {}
        for one in self._taken(run_id):
            by_name.setdefault(one.step, []).append(one)
        found = [Step.of(name, taken) for name, taken in by_name.items()]
        began = {name: min(one.began for one in taken) for name, taken in by_name.items()}
        return sorted(found, key=lambda step: began[step.name])

    def _taken(self, run_id: str) -> Iterable[Taken]:
        logs = self.place.target.client("logs").get_paginator("filter_log_events")
        for page in logs.paginate(logGroupName="/crossward/local"):
            for event in page["events"]:
                if run_id not in event["message"] or '"step taken"' not in event["message"]:
                    continue
                told = json.loads(event["message"])
                at = datetime.strptime(told["timestamp"], "%Y-%m-%d %H:%M:%S,%f%z").astimezone(UTC)
                yield Taken(
                    told["step"], at.timestamp() - told["seconds"], told["seconds"], told["processor_seconds"],
                    told["megabytes"],
                )  # fmt: skip


def memory_of_steps(place: Any) -> dict[str, int]:
    """Return the memory (MB) of the function that takes each step, by the deployed definition."""
    from infra.template import functions_of_steps

    states, functions = place.target.client("stepfunctions"), place.target.client("lambda")
    (machine,) = states.list_state_machines()["stateMachines"]
    definition = states.describe_state_machine(stateMachineArn=machine["stateMachineArn"])["definition"]
    return {
        step: functions.get_function_configuration(FunctionName=function)["MemorySize"]
        for step, function in functions_of_steps(json.loads(definition)).items()
    }


def show(found: Found, memory: dict[str, int]) -> None:
    """Print what each step took."""
    run = found.run
    print(
        f"\n{run.mentees:,} mentees, {found.admissible:,} admissible pairs, {run.blocks:,} blocks, {run.pairs:,} "
        f"pairs, {run.published:,} proposals, {run.skipped:,} skipped, {run.left_out:,} left out\n"
    )
    print(
        f"{'step':<9} {'items':>6} {'wall s':>8} {'longest s':>10} {'seconds':>9} {'processor s':>12} {'peak MB':>8} "
        f"{'of MB':>7} {'GB-seconds':>11}"
    )
    for one in found.steps:
        billed = one.seconds * memory[one.name] / 1024
        print(
            f"{one.name:<9} {one.items:>6,} {one.wall:>8.1f} {one.longest:>10.2f} {one.seconds:>9.1f} "
            f"{one.processor:>12.1f} {one.megabytes:>8,.0f} {memory[one.name]:>7,} {billed:>11,.0f}"
        )
    whole = sum(one.seconds * memory[one.name] / 1024 for one in found.steps)
    print(
        f"{'all':<9} {sum(one.items for one in found.steps):>6,} {sum(one.wall for one in found.steps):>8.1f} {'':>10} "
        f"{sum(one.seconds for one in found.steps):>9.1f} {sum(one.processor for one in found.steps):>12.1f} {'':>8} "
        f"{'':>7} {whole:>11,.0f}",
        flush=True,
    )


def held(found: list[Found], memory: dict[str, int]) -> list[bool]:
    """Print the bars, and tell of each whether it holds."""
    from benchmarks.night import stored

    print()
    largest = found[-1]
    nearest = max(largest.steps, key=lambda one: one.megabytes / memory[one.name])
    longest = max(largest.steps, key=lambda one: one.longest)
    answers = [
        bars.told("every run came to its end", holds=all(one.run.status == "done" for one in found)),
        bars.most(f"memory, of {nearest.name}", nearest.megabytes, memory[nearest.name], ",.0f", " MB"),
        bars.most(f"longest item, of {longest.name}", longest.longest, FUNCTION_SECONDS, ",.1f", " s"),
    ]
    if len(found) > 1:
        exponent = slope([(one.admissible, one.processor()) for one in found])
        answers.append(bars.most("exponent of time in admissible pairs", exponent, MOST_EXPONENT))
    run = largest.run
    if not run.dry_run:
        kept = stored(run.programme_id)
        right = (kept["open pairs"], kept["proposals"], kept["places held"], kept["places exceeded"])
        answers.append(
            bars.told(
                "as many open pairs and proposals as were published, two places held for each, nobody beyond theirs",
                holds=right == (run.published, run.published, 2 * run.published, 0)
                and run.published + run.skipped == run.pairs,
            )
        )
    return answers


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", nargs="+", default=SIZES, help=f"mentees x mentors ({' '.join(SIZES)})")
    parser.add_argument("--dry", action="store_true", help="no proposals")
    given = parser.parse_args()
    os.environ["MATCH_PARTS_FROM"] = "2"

    from infra.local.up import Environment

    found = []
    with (
        tempfile.TemporaryDirectory(prefix="crossward-parts-") as folder,
        Environment(Path(folder)) as environment,
    ):
        environment.warm()
        place = environment.place
        os.environ.update(place.environment())
        memory = memory_of_steps(place)
        machine = Machine(place)
        machine.switch_schedules_off()
        for n, size in enumerate(given.sizes, 1):
            mentees, mentors = (int(one) for one in size.split("x"))
            print(f"\n== {mentees:,} x {mentors:,}", flush=True)
            found.append(machine.match(mentees, mentors, dry_run=given.dry or n < len(given.sizes)))
            show(found[-1], memory)
        answers = held(found, memory)
    return 0 if all(answers) else 1


if __name__ == "__main__":
    sys.exit(main())
