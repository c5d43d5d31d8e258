"""A match run in parts of 1,000,000 mentees and 300,000 mentors, simulated from the measured cost of each kind of step.

    python -m benchmarks.million                      # the million: half an hour or more, 8 GB of memory, 3 GB of disk
    python -m benchmarks.million --small              # a hundredth of it
    python -m benchmarks.million --slower 1.5         # as if a function's processor were so much slower than this one
    python -m benchmarks.million --folder F           # keep the files and what was measured in F, and go on from there

**Real**: 1,300,000 people are drawn (`benchmarks.million_world`), and the steps' own functions run on them: the plan
of all, so that chunks and blocks are no guess; the assignment of all, with candidates of
`benchmarks.instances.realistic` between the open people of the plan, and with their places; the report. Of segments,
chunks, blocks, merges and explanations some are done, at their full size, each in a process of its own; what all of
them take follows by least squares from what is known of each beforehand, and how well it tells the ones that were
done is printed. Where one needs what others leave (a merge: the edges of all its blocks; the report: what all lots
add), it has copies of those that were done. The pairs that are explained are those of the assignment of generated
edges: of people who need not suit each other.

**By arithmetic**: the processor's time of reading a person and of proposing a pair is that of `benchmarks.night` (its
README: 10,000 x 4,000). Read and write units, and the processor's time of telling those left out, are counted over a
night of one cohort on moto, by step (`benchmarks.million_units`; moto's own time is in it).

**Assumed** of AWS, with sources: a function has one virtual processor for each 1,769 MB
(https://docs.aws.amazon.com/lambda/latest/dg/resource-model.html, read 2026-11-23), and our code uses one thread: so
each of the machine's functions, of 1,769 MB or more, is taken to be as fast as one core here, whatever its memory
(`--slower` says otherwise), and all that its further memory brings is memory. A file takes 0.2 s to answer
(https://docs.amazonaws.cn/en_us/AmazonS3/latest/userguide/optimizing-performance.html: 100 to 200 ms, read
2026-11-23) and then 12.7 MB/s: what somebody measured of 64 connections at once from one machine, 6.5 Gbit/s
(https://github.com/widdix/s3-getobject-accelerator, read the same day); both are on the slow side. Requests to
DynamoDB take 10 ms and queries of a megabyte 100 ms (ours). Every invocation starts in a cold environment. No step
fails. A child of a map counts three transitions (ours: its start, its state, its end). A partition of DynamoDB takes
1,000 write units a second
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html, read the same day):
the rows of a programme are one partition until DynamoDB splits it, which it may or may not do within minutes, so the
time of publishing is taken with one.

Prices are in `benchmarks.prices`. Mails are told on a line of their own, and are not in the sum. Exits with status 1
if a bar is broken.
"""

from __future__ import annotations

import argparse
import heapq
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import bars, prices

ROOT = Path(__file__).parents[1]
MOST_DOLLARS, MOST_MINUTES, CONCURRENCY = 50.0, 60.0, 500
LATENCY, A_SECOND = 0.2, 12.7e6
TABLE, TABLE_PAGE = 0.010, 0.100
COLD = 0.35  # what a function imports beside the steps themselves: benchmarks/README.md, "Cold import"
NIGHT_PERSON, NIGHT_PROPOSAL = 9 / 14_000, 28 / 6_234  # benchmarks/README.md, "Whole night", 10,000 x 4,000
PARTITION = 1_000
A_CHILD, OF_MACHINE = 3, 20
LOG_BYTES = 2_000  # an invocation's lines and Lambda's own. Ours
FUNCTION = {
    "enrol": "match_read", "segment": "match_read", "plan": "match_whole", "chunk": "match_part",
    "block": "match_part", "merge": "match_part", "assign": "match_whole", "late": "match_part",
    "explain pairs": "match_explain", "explain left out": "match_explain", "report": "match_whole",
    "publish": "match_publish", "tell": "match_publish",
}  # fmt: skip
STATE = {"segment": "Segments", "chunk": "Chunks", "block": "Blocks", "merge": "Merge", "late": "Late",
         "explain": "Explain", "publish": "Publish", "tell": "Tell"}  # fmt: skip
METRICS = ("seconds", "PUT", "GET", "LIST", "bytes", "pooled")


@dataclass
class Fit:
    """What a step takes, as a sum over what is known of it: least squares, nothing below zero."""

    known: list[Sequence[float]] = field(default_factory=list)
    found: list[Mapping[str, float]] = field(default_factory=list)

    def add(self, known: Sequence[float], found: Mapping[str, float]) -> None:
        self.known.append((1.0, *known))
        self.found.append(found)

    def tell(self, known: Sequence[Sequence[float]]) -> dict[str, NDArray[np.float64]]:
        """Return each metric of each."""
        from scipy.optimize import nnls

        rows = np.asarray([(1.0, *one) for one in known])
        there = np.asarray(self.known)
        scale = np.maximum(there.max(axis=0), 1e-9)
        told = {}
        for name in METRICS:
            values = np.asarray([one.get(name, 0) for one in self.found], dtype=float)
            told[name] = rows / scale @ nnls(there / scale, values)[0]
        return told

    def off(self) -> str:
        told = self.tell([one[1:] for one in self.known])["seconds"]
        found = np.asarray([one["seconds"] for one in self.found])
        # Of what takes less than a tenth of the longest, how far off it is says nothing.
        off = (np.abs(told - found) / found)[found > found.max() / 10]
        return (
            f"{len(found)} done, {found.min():.1f} to {found.max():.1f} s; told to within "
            f"{off.mean():.0%} on average, {off.max():.0%} at most; their sum to within "
            f"{abs(told.sum() / found.sum() - 1):.1%}"
        )


@dataclass
class Step:
    """All items of a kind of step.

    Attributes
    ----------
    seconds
        The processor's, of each.
    wait
        Of each, for requests.
    """

    name: str
    seconds: NDArray[np.float64]
    wait: NDArray[np.float64]
    megabytes: float | None
    requests: Counter[str]

    @classmethod
    def of(
        cls,
        name: str,
        told: Mapping[str, Any],
        megabytes: float | None,
        more: float = 0.0,
        slower: float = 1.0,
    ) -> Step:
        """`more` is what each waits for beside its files."""
        from chalicelib.matching.parts import files

        values = {one: np.atleast_1d(np.asarray(told.get(one, 0), dtype=float)) for one in METRICS}
        requests = values["PUT"] + values["GET"] + values["LIST"]
        requests = requests - values["pooled"] * (1 - 1 / files._AT_A_TIME)
        wait = requests * LATENCY + values["bytes"] / A_SECOND + more + 2 * TABLE
        sums = Counter({one: round(float(values[one].sum())) for one in ("PUT", "GET", "LIST")})
        sums["bytes"] = int(values["bytes"].sum())
        own = (values["seconds"] + COLD + float(told.get("import", 0.5))) * slower
        return cls(name, own, wait, megabytes, sums)

    @property
    def each(self) -> NDArray[np.float64]:
        return self.seconds + self.wait

    def minutes(self, at_once: int) -> float:
        """As many at a time as may be, each begun in the list's order as soon as there is room."""
        busy = [0.0] * min(at_once, len(self.each))
        for one in self.each.tolist():
            heapq.heapreplace(busy, busy[0] + one)
        return max(busy, default=0.0) / 60


class World:
    """The files of the run, and what was measured so far."""

    def __init__(self, folder: Path, given: argparse.Namespace) -> None:
        self.folder, self.given = folder, given
        self._kept = folder / "measured.json"

    def do(self, step: str, item: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Do a step in a process of its own, or tell what it took when it was done before."""
        name = step + " " + json.dumps(item or {}, sort_keys=True)
        known: dict[str, Any] = json.loads(self._kept.read_text()) if self._kept.exists() else {}
        if name not in known:
            environment = os.environ | {
                "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "LOG_LEVEL": "ERROR", "PYTHONHASHSEED": "0",
            }  # fmt: skip
            ended = subprocess.run(  # noqa: S603
                [sys.executable, "-m", "benchmarks.million_steps", step, str(self.folder), json.dumps(item or {})],
                env=environment, stdout=subprocess.PIPE, check=True, cwd=ROOT,
            )  # fmt: skip
            known = json.loads(self._kept.read_text()) if self._kept.exists() else {}
            known[name] = json.loads(ended.stdout.splitlines()[-1])
            self._kept.write_text(json.dumps(known, indent=1))
            took = known[name].get("seconds")
            if took is not None:
                peak = known[name].get("megabytes", 0)
                print(f"  {name[:70]:<70} {took:8.1f} s {peak:7,.0f} MB", flush=True)
        found: dict[str, Any] = known[name]
        return found

    def items(self, name: str) -> list[dict[str, Any]]:
        found = json.loads((self._parts / "items" / f"{name}.json").read_text())
        return [one for one in found if "nothing" not in one]

    def value(self, name: str) -> Any:
        return json.loads((self._parts / name).read_text())

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        with np.load(self._parts / name) as found:
            return {one: found[one] for one in found.files}

    def size(self, side: str, segment: int, file: int) -> int:
        """Return the bytes of a file of a segment's people."""
        return (self._parts / "segments" / str(segment) / f"{side}-{file}").stat().st_size

    @property
    def _parts(self) -> Path:
        return self.folder / "match-parts" / "benchmark" / "million"


def spread(order: Sequence[int], count: int) -> list[int]:
    """Return so many of these, at even distances, the first and the last among them."""
    return [order[n] for n in sorted({round(x) for x in np.linspace(0, len(order) - 1, count)})]


def talking(world: World) -> dict[str, list[Counter[tuple[tuple[str, ...], int]]]]:
    """Return how many of each chunk's people have which languages and channels."""
    from benchmarks.million_world import Store, run_of
    from chalicelib.matching.parts import reading

    store = Store(world.folder)
    store.install()
    run = run_of("million")
    talk: dict[tuple[str, int, int], list[Any]] = {}
    for one in world.items("segments"):
        for side, light in reading.read_known(run, one["number"]).lights.items():
            names = [(cell.languages, cell.channels) for cell in light.cells] or [((), 0)]
            for file in np.unique(light.in_file).tolist():
                talk[side, one["number"], file] = [
                    names[n] for n in light.cell[light.in_file == file].tolist()
                ]
    found: dict[str, list[Counter[tuple[tuple[str, ...], int]]]] = {"mentees": [], "mentors": []}
    for one in world.items("chunks"):
        side, where = one["side"], world.arrays(f"chunks/{one['side']}-{one['number']}")
        places = zip(*(where[name].tolist() for name in ("segment", "in_file", "row")), strict=True)
        found[side].append(Counter(talk[side, segment, file][row] for segment, file, row in places))
    return found


def suiting(some: Counter[Any], others: Counter[Any]) -> int:
    """Count the pairs of two chunks that share a language and a channel."""
    tags = sorted({tag for names, _ in (*some, *others) for tag in names})
    place = {tag: n for n, tag in enumerate(tags)}

    def of(people: Counter[Any]) -> tuple[Any, Any, Any]:
        speaks = np.zeros((len(people), len(tags)), dtype=np.float32)
        for n, (names, _) in enumerate(people):
            speaks[n, [place[tag] for tag in names]] = 1
        return (
            speaks,
            np.asarray([bits for _, bits in people]),
            np.asarray(list(people.values()), dtype=float),
        )

    (a, bits, n), (b, other, m) = of(some), of(others)
    both = (a @ b.T > 0) & ((bits[:, None] & other[None, :]) > 0)
    return int(n @ both @ m)


FOR_A_MILLION = {"match_whole": 10_240, "match_explain": 6_144}
"""What docs/deploy.md has whoever brings a million deploy with (MATCH_WHOLE_MEMORY, MATCH_EXPLAIN_MEMORY)."""


def memory() -> dict[str, int]:
    """Return the megabytes of each of the machine's functions, deployed for a million."""
    config = json.loads((ROOT / ".chalice/config.json").read_text())
    found: dict[str, int] = {}

    def look(node: Any) -> None:
        if isinstance(node, dict):
            for name, value in node.items():
                if isinstance(value, dict) and "lambda_memory_size" in value and name.startswith("match_"):
                    found[name] = int(value["lambda_memory_size"])
                look(value)

    look(config)
    return found | FOR_A_MILLION


def at_once() -> dict[str, int]:
    """Return how many of each step the machine does at a time, deployed for a million (MATCH_AT_ONCE=500)."""
    import yaml

    states = yaml.safe_load((ROOT / "infra/matching.yaml").read_text())["States"]
    return {step: int(states[state].get("MaxConcurrency", CONCURRENCY)) for step, state in STATE.items()}


def simulate(world: World) -> bool:
    given = world.given
    slower = given.slower
    print("Done here, each in a process of its own:")
    world.do("world", {"mentees": given.mentees, "mentors": given.mentors, "cohorts": given.cohorts,
                       "seed": given.seed, "size": given.segment})  # fmt: skip
    steps: dict[str, Step] = {}
    segments = world.items("segments")
    of_mentees = -(-given.mentees // given.segment)

    # Who is there.
    found = world.do("enrol", {"people": given.mentees + given.mentors})
    units = found["units"]
    steps["enrol"] = Step.of("enrol", found, found["megabytes"], found["queries"] * TABLE_PAGE, slower)
    stored = [world.do("segment", {"number": 0, "side": "mentees"}),
              world.do("segment", {"number": of_mentees, "side": "mentors"})]  # fmt: skip
    each = [stored[one["number"] >= of_mentees] for one in segments]
    told = {name: np.asarray([one.get(name, 0) for one in each], dtype=float) for name in METRICS}
    told["seconds"] += given.segment * NIGHT_PERSON
    told["GET"] += 2  # the header and who is enrolled
    reads = -(-given.segment // 30) * TABLE
    steps["segment"] = Step.of("segment", told, max(one["megabytes"] for one in stored), reads, slower)
    found = world.do("plan")
    steps["plan"] = Step.of("plan", found, found["megabytes"], 0, slower)

    # Chunks.
    layout, items = world.value("layout"), world.items("chunks")
    blocks = world.items("blocks")
    where = {}
    people: dict[str, list[int]] = {"mentees": [], "mentors": []}
    for one in items:
        arrays = world.arrays(f"chunks/{one['side']}-{one['number']}")
        read_from = np.unique(np.stack([arrays["segment"], arrays["in_file"]]), axis=1).T.tolist()
        where[one["side"], one["number"]] = (
            len(read_from),
            sum(world.size(one["side"], *each) for each in read_from),
        )
        people[one["side"]].append(len(arrays["people"]))
    suits_of = world.folder / "suits.json"
    if suits_of.exists():
        suits = json.loads(suits_of.read_text())
    else:
        talk = talking(world)
        suits = [suiting(talk["mentees"][one["mentees"]], talk["mentors"][one["mentors"]]) for one in blocks]
        suits_of.write_text(json.dumps(suits))
    sampled = spread(np.argsort(suits, kind="stable").tolist(), given.blocks)
    chunks = Fit()
    mentee_chunks = sorted({blocks[n]["mentees"] for n in sampled})
    wanted = [("mentors", n) for n in range(layout["mentor_chunks"])] + [
        ("mentees", n) for n in mentee_chunks
    ]
    peak = 0.0
    for side, number in wanted:
        found = world.do("chunk", {"side": side, "number": number})
        chunks.add((people[side][number], *where[side, number]), found)
        peak = max(peak, found["megabytes"])
    known = [(people[one["side"]][one["number"]], *where[one["side"], one["number"]]) for one in items]
    steps["chunk"] = Step.of("chunk", chunks.tell(known), peak, 0, slower)

    # Blocks.
    pairs = [people["mentees"][one["mentees"]] * people["mentors"][one["mentors"]] for one in blocks]
    both = [people["mentees"][one["mentees"]] + people["mentors"][one["mentors"]] for one in blocks]
    known = list(zip(both, pairs, suits, strict=True))
    fit, peak = Fit(), 0.0
    for n in sampled:
        found = world.do("block", blocks[n])
        fit.add(known[n], found)
        peak = max(peak, found["megabytes"])
    block_fit = fit
    steps["block"] = Step.of("block", fit.tell(known), peak, TABLE, slower)

    # Merges.
    lists = Counter((side, one[side]) for one in blocks for side in ("mentees", "mentors"))
    busy = [n for n in sampled if world.do("block", blocks[n])["bytes"]]
    fit, peak = Fit(), 0.0
    for side in ("mentees", "mentors"):
        count = layout["mentee_chunks" if side == "mentees" else "mentor_chunks"]
        order = sorted(range(count), key=lambda n: lists[side, n] * people[side][n])
        # A mentor's merge has the edges of a hundred blocks, which take minutes to write: its least and its largest.
        for number in spread(order, 3 if side == "mentees" else 2):
            world.do(
                "edges", {"side": side, "number": number, "done": [blocks[n]["number"] for n in busy[-4:]]}
            )
            found = world.do("merge", {"side": side, "number": number})
            fit.add(_merge(side, number, lists, people), found)
            peak = max(peak, found["megabytes"])
    known = [_merge(one["side"], one["number"], lists, people) for one in world.items("merges")]
    merge_fit = fit
    steps["merge"] = Step.of("merge", fit.tell(known), peak, 0, slower)

    # The assignment, and what it asks for.
    generated = world.do("merged", {"seed": given.seed})
    assigned = world.do("assign")
    times = assigned["times"]
    told = {name: np.full(times, assigned.get(name, 0) / times) for name in METRICS}
    rest = (assigned["seconds"] - assigned["longest"]) / max(times - 1, 1)
    told["seconds"] = np.asarray([assigned["longest"], *[rest] * (times - 1)])
    steps["assign"] = Step.of("assign", told, assigned["megabytes"], 0, slower)
    late = sum(assigned["late"])
    if late:
        mean = {
            name: np.full(late, block_fit.tell([(max(both), max(pairs), max(suits))])[name][0])
            for name in METRICS
        }
        steps["late"] = Step.of("late", mean, steps["block"].megabytes, 0, slower)

    # Explanations and the report.
    lots = world.items("explain")
    done = []
    for kind, name in (("pairs", "explain pairs"), ("left-out", "explain left out")):
        those = [one for one in lots if one["kind"] == kind]
        if not those:
            continue
        # The last one is not full.
        some = [those[n] for n in spread(range(max(1, len(those) - 1)), given.lots)]
        measured = [world.do("explain", one) for one in some]
        done.append(some[0])
        mean = {one: np.full(len(those), np.mean([each.get(one, 0) for each in measured])) for one in METRICS}
        steps[name] = Step.of(name, mean, max(one["megabytes"] for one in measured), 0, slower)
    world.do("told", {"done": done})
    found = world.do("report")
    steps["report"] = Step.of("report", found, found["megabytes"], 0, slower)

    # Publishing and telling.
    night = world.do("writes", {"seed": given.seed})
    of_night = night["steps"]
    proposals, left_out = assigned["pairs"], assigned["left_out"]
    from chalicelib.matching.lots import PUBLISH_FILES, TELL_FILES

    a_lot, n_lots = PUBLISH_FILES * 100, -(-proposals // (PUBLISH_FILES * 100))
    told_each = of_night["file_published"]["seconds"] / night["published"]
    steps["publish"] = Step.of("publish", {
        "seconds": np.full(n_lots, a_lot * (NIGHT_PROPOSAL + told_each)), "PUT": np.zeros(n_lots),
        "GET": np.full(n_lots, PUBLISH_FILES + 3), "LIST": np.ones(n_lots), "bytes": np.full(n_lots, a_lot * 3_000),
    }, None, 0, slower)  # fmt: skip
    n_lots = max(1, -(-left_out // (TELL_FILES * 100)))
    a_lot = TELL_FILES * 100
    steps["tell"] = Step.of("tell", {
        "seconds": np.full(n_lots, a_lot * of_night["tell_left_out"]["seconds"] / max(night["left_out"], 1)),
        "PUT": np.zeros(n_lots), "GET": np.full(n_lots, TELL_FILES), "LIST": np.zeros(n_lots),
        "bytes": np.full(n_lots, a_lot * 1_000),
    }, None, TELL_FILES * TABLE, slower)  # fmt: skip

    written = Counter[str]()
    written["publish"] = round(proposals * of_night["publish"]["written"] / night["published"])
    written["told"] = round(proposals * of_night["file_published"]["written"] / night["published"])
    written["left out"] = round(left_out * of_night["tell_left_out"]["written"] / max(night["left_out"], 1))
    written["progress"] = 2 * (len(blocks) + len(steps["publish"].each) + len(steps["tell"].each) + 1)
    read = Counter[str]()
    read["enrolments"] = round(units)
    read["people"] = round((given.mentees + given.mentors) * of_night["take_snapshot"]["read"] / 560)
    read["publish"] = round(proposals * of_night["publish"]["read"] / night["published"])
    hottest = Counter[str]()
    for table, pk, count in of_night["publish"]["hottest"]:
        if pk.startswith("PROGRAMME"):
            hottest[table.rpartition("-")[2]] = round(proposals * count / night["published"])
    # Told in the order of the machine.
    print(f"\n{given.mentees:,} x {given.mentors:,}; open {layout['pool']['open_mentees']:,} x "
          f"{layout['pool']['open_mentors']:,}, {layout['pool']['places']:,} places; {len(segments)} segments of "
          f"{given.segment:,}, {layout['mentee_chunks']} x {layout['mentor_chunks']} chunks, {len(blocks):,} blocks of "
          f"{layout['mentee_chunks'] * layout['mentor_chunks']:,}, {generated['edges']:,} candidates; "
          f"{proposals:,} pairs, {left_out:,} left out, {late:,} late blocks in {times - 1} "
          f"looks")  # fmt: skip
    print(f"chunks: {chunks.off()}\nblocks: {block_fit.off()}\nmerges: {merge_fit.off()}")
    return _summary(steps, written, read, hottest, proposals)


def _merge(
    side: str, number: int, lists: Counter[tuple[str, int]], people: Mapping[str, list[int]]
) -> tuple[float, float]:
    """What is known of a merge: the lists that it reads, by whose they are, and how many blocks they are in."""
    return lists[side, number], lists[side, number] * people[side][number] * (2 if side == "mentors" else 1)


def _summary(
    steps: Mapping[str, Step], written: Counter[str], read: Counter[str], hottest: Counter[str], proposals: int,
) -> bool:  # fmt: skip
    sizes, limits = memory(), at_once()
    print(f"\n{'step':<17} {'times':>7} {'s each':>8} {'longest':>8} {'peak MB':>8} {'GB-s':>10} {'PUT':>8} {'GET':>9} "
          f"{'LIST':>7} {'GB moved':>8} {'at once':>7} {'minutes':>8}")  # fmt: skip
    gigabyte_seconds, minutes, requests, invocations, transitions = 0.0, 0.0, Counter[str](), 0, OF_MACHINE
    held = []
    for name, one in steps.items():
        size = sizes[FUNCTION[name]]
        n = len(one.each)
        calls = n
        used = float(one.each.sum()) * size / 1024
        most = limits.get(name.split()[0], 1)
        took = one.minutes(most)
        limit = ""
        if name == "publish" and hottest:
            least = max(hottest.values()) / PARTITION / 60
            if least > took:
                limit = f"  (one partition of {hottest.most_common(1)[0][0]}; by the functions {took:.1f})"
                # Whoever waits for the table is paid for as well.
                used, took = least * 60 * most * size / 1024, least
        peak = f"{one.megabytes:8,.0f}" if one.megabytes else f"{'-':>8}"
        print(f"{name:<17} {n:7,} {one.each.mean():8.1f} {one.each.max():8.1f} {peak} {used:10,.0f} "
              f"{one.requests['PUT']:8,} {one.requests['GET']:9,} {one.requests['LIST']:7,} "
              f"{one.requests['bytes'] / 1e9:8.1f} {most:7} {took:8.2f}{limit}")  # fmt: skip
        gigabyte_seconds += used
        minutes += took
        requests += one.requests
        invocations += calls
        transitions += A_CHILD * n if name.split()[0] in limits else 1
        held.append((name, one, size))
    dollars = {
        "Lambda, GB-seconds": gigabyte_seconds * prices.GB_SECOND,
        "Lambda, invocations": invocations * prices.INVOCATION,
        "Step Functions": transitions * prices.TRANSITION,
        "S3, PUT and LIST": (requests["PUT"] + requests["LIST"]) * prices.S3_WRITE,
        "S3, GET": requests["GET"] * prices.S3_READ,
        "DynamoDB, written": written.total() * prices.WRITE_UNIT,
        "DynamoDB, read": read.total() * prices.READ_UNIT,
        "logs": invocations * LOG_BYTES / 1e9 * prices.LOG_GIGABYTE,
    }
    counts = {
        "Lambda, GB-seconds": gigabyte_seconds, "Lambda, invocations": invocations, "Step Functions": transitions,
        "S3, PUT and LIST": requests["PUT"] + requests["LIST"], "S3, GET": requests["GET"],
        "DynamoDB, written": written.total(), "DynamoDB, read": read.total(), "logs": invocations * LOG_BYTES,
    }  # fmt: skip
    print(f"\n{'what':<22} {'how many':>14} {'dollars':>9}")
    for what, value in dollars.items():
        print(f"{what:<22} {counts[what]:14,.0f} {value:9.2f}")
    total = sum(dollars.values())
    print(f"{'in all':<22} {'':14} {total:9.2f}")
    print("write units: " + ", ".join(f"{n:,} {what}" for what, n in written.items()))
    print("read units: " + ", ".join(f"{n:,} {what}" for what, n in read.items()))
    print(
        "write units in the programme's partition: "
        + ", ".join(f"{n:,} {table}" for table, n in hottest.items())
    )
    # Both of a pair are told by mail once their proposal stands.
    mails = 2 * proposals
    print(
        f"not in the sum: mails, {mails:,} for {mails * prices.MAIL:,.2f} dollars, sent for hours afterwards\n"
    )
    good = []
    for name, one, size in held:
        good.append(bars.most(f"{name}, seconds of the longest", float(one.each.max()), 900, ",.0f"))
        if one.megabytes:
            good.append(bars.most(f"{name}, peak MB", one.megabytes, size, ",.0f"))
    good.append(bars.most("most at once", max(limits.values()), CONCURRENCY, ","))
    good.append(bars.most("minutes", minutes, MOST_MINUTES, ",.1f"))
    good.append(bars.most("dollars", total, MOST_DOLLARS, ",.2f"))
    return all(good)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--small", action="store_true", help="a hundredth of the people")
    parser.add_argument(
        "--slower", type=float, default=1.0, help="times a function is slower than this machine (1)"
    )
    parser.add_argument("--folder", type=Path, help="keep files and measurements here, and go on from them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--blocks", type=int, default=10, help="blocks that are done (10)")
    parser.add_argument("--lots", type=int, default=2, help="lots of each kind that are explained (2)")
    given = parser.parse_args()
    size = (10_000, 3_000, 4, 1_000) if given.small else (1_000_000, 300_000, 100, 10_000)
    given.mentees, given.mentors, given.cohorts, given.segment = size
    with tempfile.TemporaryDirectory(prefix="crossward-million-") as folder:
        where = given.folder or Path(folder)
        where.mkdir(parents=True, exist_ok=True)
        return 0 if simulate(World(where, given)) else 1


if __name__ == "__main__":
    sys.exit(main())
