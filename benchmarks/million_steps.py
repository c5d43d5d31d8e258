"""One step of the million, in a process of its own: `benchmarks.million` starts these and reads what they print.

Seconds are the processor's, on one thread, without those of the store of files; peak memory is the process's. What is
imported first is a number of its own (`import`): a function has it once for each of its environments.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

BEGUN = time.process_time()


def measured(store: Any, call: Callable[[], Any]) -> dict[str, Any]:
    from benchmarks.million_world import peak_megabytes

    store.forget()
    begun = time.process_time()
    call()
    seconds = time.process_time() - begun - store.seconds
    return {"seconds": seconds, "megabytes": peak_megabytes(), **store.told()}


def step(store: Any, name: str, item: dict[str, Any]) -> dict[str, Any]:
    from benchmarks.million_world import run_of
    from chalicelib.matching.parts import assigning, explaining, planning, scoring, steps  # noqa: F401

    run = run_of("million")
    imported = time.process_time() - BEGUN
    calls: dict[str, Callable[[], Any]] = {
        "plan": lambda: planning.plan(run),
        "chunk": lambda: planning.chunk(run, item),
        "block": lambda: scoring.block(run, item),
        "merge": lambda: scoring.merge(run, item),
        "explain": lambda: explaining.explain(run, item),
        "report": lambda: explaining.report(run),
    }
    found: dict[str, Any] = {}
    if name == "segment":
        found = segment(store, run, item)
    elif name == "assign":
        found = assign(store, run)
    else:
        found = measured(store, calls[name])
    return {"import": imported, **found}


def segment(store: Any, run: Any, item: dict[str, Any]) -> dict[str, Any]:
    """Store a segment's people by the step's own function, and see that what was drawn is the same."""
    from benchmarks.million_world import KINDS, run_of
    from chalicelib.matching.parts import files, reading

    number, side = item["number"], item["side"]
    header = reading.read_header(run).snapshot
    light = reading.read_known(run, number).lights[side]
    entries: list[Any] = [None] * len(light)
    for file in sorted(set(light.in_file.tolist())):
        people = files.read_people(run, files.segment_name(number, side, file), KINDS[side]).entries()
        for at, entry in zip((light.in_file == file).nonzero()[0].tolist(), people, strict=True):
            entries[at] = entry
    again = run_of("again")
    sides = (entries, []) if side == files.MENTEES else ([], entries)
    found = measured(store, lambda: reading.store_segment(again, header, number, *sides))
    # Each doing numbers its files from another number on.
    stored, drawn = (
        replace(one, in_file=one.in_file - one.in_file.min()).arrays()
        for one in (reading.read_known(again, number).lights[side], light)
    )
    for name, value in stored.items():
        assert (value == drawn[name]).all(), name
    return found


def assign(store: Any, run: Any) -> dict[str, Any]:
    """Assign, and again as long as it asks for late pairs. Of these each mentee has three, drawn, with mentors who
    have a place left: more than a pool has whose lists reach far, so that each look is made anew."""
    import numpy as np

    from chalicelib.matching.parts import assigning, files
    from chalicelib.matching.parts.planning import read_layout

    late: list[str | None] = []
    asked: list[int] = []
    total: dict[str, Any] = {}
    while True:
        found = measured(store, lambda: late.append(assigning.assign(run)))
        for key, value in found.items():
            total[key] = max(total.get(key, 0), value) if key == "megabytes" else total.get(key, 0) + value
        total["longest"] = max(total.get("longest", 0), found["seconds"])
        if late[-1] is None:
            break
        look = late[-1].rpartition("/")[2].removesuffix(".json").removeprefix("late-")
        items = files.read_items(run, f"late-{look}") or []
        asked.append(len(items))
        pairs = files.read_arrays(run, f"late/{look}")
        rng = np.random.default_rng(len(late))
        mentee = np.repeat(pairs["mentees"], 3).astype(np.int32)
        mentor = rng.choice(pairs["mentors"], len(mentee)).astype(np.int32)
        _, kept = np.unique(
            mentee.astype(np.int64) * read_layout(run).pool.open_mentors + mentor, return_index=True
        )
        score = rng.integers(50_000, 300_000, len(kept)).astype(np.int32)
        nothing = np.empty(0, dtype=np.int32)
        for n, one in enumerate(items):
            edges = (mentee[kept], mentor[kept], score) if n == 0 else (nothing, nothing, nothing)
            found = dict(zip(("mentee", "mentor", "score"), edges, strict=True))
            if read_layout(run).with_views:
                found |= {"wants": edges[2], "wanted": edges[2]}
            files.write_arrays(
                run, f"late/{look}-{one['number']}", admissible=np.zeros(1, dtype=np.int64),
                **files.named(files.MENTEES, found), **files.named(files.MENTORS, found),
            )  # fmt: skip
    outcome = assigning.read_outcome(run)
    return total | {
        "times": len(late), "late": asked, "candidates": outcome.candidates, "pairs": outcome.pairs,
        "left_out": outcome.left_out, "matched": outcome.matched,
    }  # fmt: skip


# What stands in for steps that are not done whole.


def world(run: Any, given: dict[str, Any]) -> dict[str, Any]:
    from benchmarks.million_world import write_segments

    write_segments(run, given["mentees"], given["mentors"], given["cohorts"], given["seed"], given["size"])
    return {}


def edges(run: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Write edges of a chunk's blocks that were not done: those of a block that was, of its people's like in the other
    chunks, with its scores in another order."""
    import numpy as np

    from chalicelib.matching.parts import files
    from chalicelib.matching.parts.files import MENTEES, MENTORS
    from chalicelib.matching.parts.scoring import edges_name

    side, number, done = given["side"], given["number"], given["done"]
    items = {int(one["number"]): one for one in files.read_items(run, "blocks") or []}
    rng = np.random.default_rng(number)

    def people(of: str, chunk: int) -> Any:
        return files.read_arrays(run, f"chunks/{of}-{chunk}")["people"]

    donors = [(items[one], files.read_arrays(run, edges_name(one))) for one in done]
    written = 0
    for one in items.values():
        if int(one[side]) != number or files.is_done(run, edges_name(int(one["number"]))):
            continue
        donor, found = donors[written % len(donors)]
        arrays = {"admissible": found["admissible"]}
        moved = {of: (people(of, int(donor[of])), people(of, int(one[of]))) for of in (MENTEES, MENTORS)}
        for list_ in (MENTEES, MENTORS):
            here = files.under(list_, found)
            for of, name in ((MENTEES, "mentee"), (MENTORS, "mentor")):
                old, new = moved[of]
                place = np.searchsorted(old, here[name])
                here[name] = new[place * len(new) // len(old)].astype(np.int32)
            here["score"] = rng.permutation(here["score"])
            arrays |= files.named(list_, here)
        files.write_arrays(run, edges_name(int(one["number"])), **arrays)
        written += 1
    return {"written": written}


def merged(run: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Write what all merges leave, of generated edges: a third more than a mentee's list holds, the best of which are
    each one's lists."""
    import numpy as np

    from benchmarks.instances import realistic
    from chalicelib.matching.engine.candidates import Edges, best_of_each
    from chalicelib.matching.engine.figures import candidates_of_each
    from chalicelib.matching.parts import files
    from chalicelib.matching.parts.files import MENTEES, MENTORS
    from chalicelib.matching.parts.planning import read_layout
    from chalicelib.matching.parts.reading import read_header
    from chalicelib.matching.parts.scoring import merged_name

    layout, settings = read_layout(run), read_header(run).snapshot.settings
    pool = layout.pool
    per = candidates_of_each(settings, pool.open_mentees, pool.open_mentors)
    assert per[0] is not None
    assert per[1] is not None
    made = realistic(pool.open_mentees, pool.open_mentors, per[0] * 4 // 3, seed=given["seed"])
    mentee, mentor = made.mentee, made.mentor
    score = (made.score * 1_000_000).astype(np.int32)
    views = (
        {"wants": score, "wanted": (made.mentor_score * 1_000_000).astype(np.int32)}
        if layout.with_views
        else {}
    )
    del made
    key = Edges.of_pairs(mentee, mentor, score).key
    chunk_of = files.read_arrays(run, "figures")
    listed = np.zeros(len(score), dtype=bool)
    for side, owner, count, chunks in (
        (MENTEES, mentee, per[0], layout.mentee_chunks), (MENTORS, mentor, per[1], layout.mentor_chunks),
    ):  # fmt: skip
        kept = best_of_each(owner, key, count)
        listed[kept] = True
        chunk = chunk_of["mentee_chunk" if side == MENTEES else "mentor_chunk"][owner[kept]]
        kept = kept[np.argsort(chunk, kind="stable")]
        ends = np.cumsum(np.bincount(chunk, minlength=chunks))
        for number, some in enumerate(np.split(kept, ends[:-1])):
            files.write_arrays(
                run, merged_name(side, number), admissible=np.asarray([10 * len(some)], dtype=np.int64),
                mentee=mentee[some], mentor=mentor[some], score=score[some],
                **{name: array[some] for name, array in views.items()},
            )  # fmt: skip
    return {"edges": int(listed.sum())}


def told(store: Any, run: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Write what each lot adds to the report: what one that was explained adds."""
    from chalicelib.matching.parts import files

    of: dict[str, bytes] = {}
    prefix = "match-parts/benchmark/million/told/"
    for one in given["done"]:
        of[one["kind"]] = store.read(f"{prefix}{one['number']}")
    for one in files.read_items(run, "explain") or []:
        store.write(f"{prefix}{one['number']}", of[one["kind"]], "")
    return {}


# Rows of tables.


def enrol(given: dict[str, Any], store: Any) -> dict[str, Any]:
    """Find who takes part among so many enrolments, from pages as DynamoDB gives them: of a megabyte."""
    import pytest
    from botocore.parsers import JSONParser
    from botocore.session import get_session

    from benchmarks.million_world import run_of
    from benchmarks.reminder_reads import size_of
    from chalicelib.kernel.call import job_call
    from chalicelib.matching.parts import reading, steps  # noqa: F401
    from chalicelib.platform import tables
    from chalicelib.programmes import store as programmes
    from chalicelib.programmes.model import Enrolment, EnrolmentStatus, Programme, Side
    from tests.support.aws import installation

    imported = time.process_time() - BEGUN
    now = datetime(2026, 11, 22, 2, tzinfo=UTC)
    with installation(), pytest.MonkeyPatch.context() as patch:
        programme = Programme("01" + "P" * 24, "01" + "R" * 24, "Benchmark", created_at=now)
        one = Enrolment(programme.id, "0" * 26, Side.MENTEE, 2, 2, EnrolmentStatus.ACTIVE, enrolled_at=now)
        tables.transact(
            [programmes.put_programme(programme, now), programmes.put_enrolment(one, now)], "benchmark"
        )
        plain = tables._dispatch
        pages: list[Any] = []

        def kept(operation: str, asked: dict[str, Any]) -> Any:
            answer = plain(operation, asked)
            if operation == "Query":
                pages.append(answer)
            return answer

        patch.setattr(tables, "_dispatch", kept)
        run = replace(run_of("enrol"), programme_id=programme.id)
        list(programmes.all_enrolments_in(programme.id))
        (row,) = pages[0]["Items"]
        size = size_of(row)
        a_page = 1_000_000 // size
        parser = JSONParser()
        shape = get_session().get_service_model("dynamodb").operation_model("Query").output_shape
        count, units, left, seconds = given["people"], 0.0, given["people"], 0.0

        def page(operation: str, asked: dict[str, Any]) -> Any:
            nonlocal left, units, seconds
            if operation != "Query" or not left:
                return plain(operation, asked)
            begun = time.process_time()
            some = min(a_page, left)
            first = count - left
            items = [
                {name: dict(value) for name, value in row.items()}
                | {"sk": {"S": f"ENROLMENT#mentee#{first + n:026d}"}, "person_id": {"S": f"{first + n:026d}"}}
                for n in range(some)
            ]
            if "person_id" not in row:
                for item in items:
                    del item["person_id"]
            left -= some
            units += -(-some * size // 4096) / (1 if asked.get("ConsistentRead") else 2)
            answer = {"Items": items, "Count": some}
            if left:
                answer["LastEvaluatedKey"] = {"pk": items[-1]["pk"], "sk": items[-1]["sk"]}
            body = json.dumps(answer).encode()
            seconds += time.process_time() - begun
            # As the client reads it.
            return parser.parse({"status_code": 200, "headers": {}, "body": body}, shape)

        patch.setattr(tables, "_dispatch", page)
        found = measured(store, lambda: reading.enrol(job_call("enrol", now), run, ()))
    found["seconds"] -= seconds
    return {"import": imported, **found, "units": units, "queries": -(-count // a_page), "row": size}


def writes(given: dict[str, Any], _store: Any) -> dict[str, Any]:
    """Count what a night of one demo cohort reads and writes, step by step, by DynamoDB's rules, over moto."""
    from tests.support.aws import installation

    with installation():
        return _counted_night(given["seed"])


def _counted_night(seed: int) -> dict[str, Any]:
    import pytest

    from benchmarks import night
    from benchmarks.million_units import Units
    from chalicelib.matching import service as matching
    from chalicelib.mentorships import publishing, worker
    from chalicelib.platform import tables

    programme_id, _, run_id = night.fill(1, seed, review=False)
    units = Units(tables._dispatch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "_dispatch", units)
        for module, name in (
            (matching, "take_snapshot"), (publishing, "publish"), (matching, "file_published"),
            (matching, "tell_left_out"),
        ):  # fmt: skip
            patch.setattr(module, name, units.step(getattr(module, name), name))
        worker.carry_out(
            f"match-run:{run_id}:start", lambda: night.NIGHT, workers=1, time_left=lambda: timedelta(hours=1)
        )
    run = matching.get_run(programme_id, run_id)
    assert run is not None
    assert run.is_over, run
    return {
        "mentees": run.mentees, "published": run.published, "left_out": run.left_out, "steps": units.told(),
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("step")
    parser.add_argument("folder", type=Path)
    parser.add_argument("given", type=json.loads)
    given = parser.parse_args()
    from benchmarks.million_world import Store, run_of, say

    store = Store(given.folder)
    store.install()
    own: dict[str, Callable[[], dict[str, Any]]] = {
        "world": lambda: world(run_of("million"), given.given),
        "edges": lambda: edges(run_of("million"), given.given),
        "merged": lambda: merged(run_of("million"), given.given),
        "told": lambda: told(store, run_of("million"), given.given),
        "enrol": lambda: enrol(given.given, store),
        "writes": lambda: writes(given.given, store),
    }
    name = given.step
    say(own[name]() if name in own else step(store, name, given.given))
    return 0


if __name__ == "__main__":
    sys.exit(main())
