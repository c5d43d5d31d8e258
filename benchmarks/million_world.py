"""The files of a run in parts of up to 1,000,000 mentees and 300,000 mentors, for `benchmarks.million`.

**Who is drawn.** Demo cohorts (`benchmarks.pools`), each from a seed of its own, give the distribution of languages,
zones, channels, free hours, places and groups. People of the million are drawn from those of `cohorts` cohorts with
replacement, and get ids of their own; so a profile stands in the pool some 25 times over (100 cohorts: 40,000 mentees
and 16,000 mentors), in no order. Nothing of a step asks whether two people have the same profile, but: a segment has
fewer different values to write (its file is a little smaller), and goals are as rare as those of the cohorts are.
Whom somebody has declined is nobody here. Files of segments are written as `reading.store_segment` does, from columns
rather than person by person; one segment of each side is done by that very function, measured, and compared.

**Segments** hold 10,000 people in the order of their ids, as the query of the enrolments gives them: mentees, then
mentors. What words stand in their goals is counted for `COUNTED` segments a side; the others have the words of one of
these.
"""

from __future__ import annotations

import hashlib
import json
import resource
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.model import MatchSettings, MenteeEntry, MentorEntry, Snapshot
from chalicelib.matching.parts import files
from chalicelib.matching.parts.columns import Columns
from chalicelib.matching.parts.files import MENTEES, MENTORS
from chalicelib.matching.parts.light import Light, light_of
from chalicelib.matching.runs import MatchRun, Trigger
from chalicelib.platform import documents
from chalicelib.programmes.model import Publish

Rows = NDArray[np.intp]
COUNTED = 3
KINDS: dict[str, type[Any]] = {MENTEES: MenteeEntry, MENTORS: MentorEntry}


class Store:
    """Files on disk in place of the bucket: requests and bytes are counted, and their time is nobody's.

    Attributes
    ----------
    requests
        As S3 charges them: PUT, GET and LIST (`documents.is_there` lists, `find` lists and gets); and
        `pooled`, those of them that were made several at a time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self.requests: Counter[str] = Counter()
        self.bytes = 0
        self.seconds = 0.0

    def install(self) -> None:
        """Stand in for the bucket from now on, in this process."""
        documents.read = self._timed(self.read)
        documents.write = self._timed(self.write)
        documents.write_once = self._timed(self.write_once)
        documents.is_there = self._timed(self.is_there)

    def _timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any) -> Any:
            begun = time.thread_time()
            is_pooled = threading.current_thread() is not threading.main_thread()
            try:
                return call(*args)
            finally:
                with self._lock:
                    self.seconds += time.thread_time() - begun
                    self.requests["pooled"] += is_pooled

        return timed

    def read(self, key: str) -> bytes:
        content = (self._folder / key).read_bytes()
        self.requests["GET"] += 1
        self.bytes += len(content)
        return content

    def write(self, key: str, content: bytes, _content_type: str) -> None:
        path = self._folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.requests["PUT"] += 1
        self.bytes += len(content)

    def write_once(self, key: str, content: bytes, content_type: str) -> None:
        if not (self._folder / key).exists():
            self.write(key, content, content_type)

    def is_there(self, key: str) -> bool:
        self.requests["LIST"] += 1
        return (self._folder / key).exists()

    def forget(self) -> None:
        """Count from nothing again."""
        self.requests.clear()
        self.bytes, self.seconds = 0, 0.0

    def told(self) -> dict[str, Any]:
        return {
            **{name: self.requests[name] for name in ("PUT", "GET", "LIST", "pooled")},
            "bytes": self.bytes,
        }


def run_of(name: str) -> MatchRun:
    from benchmarks.night import NIGHT

    return MatchRun(name, "benchmark", Trigger.SCHEDULE, "job", Publish.AUTO, created_at=NIGHT)


@dataclass(frozen=True)
class Side:
    """People to draw from."""

    light: Light
    columns: Columns[Any]

    @classmethod
    def of(cls, snapshot: Snapshot, side: str) -> Side:
        entries = snapshot.mentees if side == MENTEES else snapshot.mentors
        return cls(light_of(snapshot, entries), Columns.of(KINDS[side], entries))

    def drawn(self, snapshot: Snapshot, rows: Rows, ids: list[str]) -> Iterator[tuple[int | None, Any]]:
        """Yield the file of each zone band and its people, then None and what a plan knows of all."""
        from chalicelib.matching.engine.planning import standing
        from chalicelib.matching.parts.light import _rows_in

        whole = self.columns.take(rows)
        at = list(_names(whole.kind)).index("person_id")
        codes = whole.codes.copy()
        codes[at] = np.arange(len(rows))
        whole = replace(
            whole, values=tuple(ids if n == at else one for n, one in enumerate(whole.values)), codes=codes
        )
        lists, arrays = {}, {}
        some = {
            name: value[rows] for name, value in vars(self.light).items() if isinstance(value, np.ndarray)
        }
        is_open = some["reasons"] == 0
        for name, of in (("cells", "cell"), ("groups", "group"), ("zones", "zone")):
            lists[name], arrays[of] = _in_order_of_use(getattr(self.light, name), some[of], is_open)
        light = replace(
            self.light,
            **some | arrays | lists | {
                "ids": np.asarray([one.encode() for one in ids], dtype=np.bytes_),
                "order": np.asarray([standing(snapshot, one) for one in ids], dtype=np.uint64),
                "row": _rows_in(some["in_file"]),
            },
        )  # fmt: skip
        for file in np.unique(light.in_file).tolist():
            yield file, whole.take(np.flatnonzero(light.in_file == file))
        yield None, light


def _names(kind: type[Any]) -> Iterator[str]:
    from chalicelib.matching.parts.columns import _columns

    return (name for name, _ in _columns(kind))


def _in_order_of_use(
    names: tuple[Any, ...], codes: NDArray[np.int32], is_open: NDArray[np.bool_]
) -> tuple[tuple[Any, ...], NDArray[np.int32]]:
    """Return the names that open people have, as they come, and their numbers; who is closed has 0."""
    used, first = np.unique(codes[is_open], return_index=True)
    order = used[np.argsort(first)]
    number = np.zeros(len(names) or 1, dtype=np.int32)
    number[order] = np.arange(len(order))
    return tuple(names[n] for n in order.tolist()), np.where(is_open, number[codes], 0).astype(np.int32)


def bare_snapshot(snapshot: Snapshot, run: MatchRun, settings: MatchSettings) -> Snapshot:
    return replace(
        snapshot, programme_id=run.programme_id, run_id=run.id, mentees=(), mentors=(), settings=settings
    )


def write_segments(run: MatchRun, mentees: int, mentors: int, cohorts: int, seed: int, size: int) -> None:
    """Leave what `enrol` and all segments leave."""
    from benchmarks.pools import cohort_pool
    from chalicelib.matching.engine import text
    from chalicelib.matching.parts import reading

    pool = cohort_pool(cohorts, seed=seed)
    bare = bare_snapshot(pool, run, pool.settings)
    rng = np.random.default_rng(seed)
    encoder = text.packaged()
    number = first = 0
    for side, count in ((MENTEES, mentees), (MENTORS, mentors)):
        there = Side.of(pool, side)
        entries = pool.mentees if side == MENTEES else pool.mentors
        empty = light_of(bare, ())
        counted: list[dict[str, Any]] = []
        for begin in range(0, count, size):
            some = min(size, count - begin)
            rows = rng.integers(0, len(there.columns), some)
            ids = [f"{first + n:026d}" for n in range(some)]
            digest = hashlib.sha256()
            lights = {}
            for file, found in there.drawn(bare, rows, ids):
                if file is None:
                    lights = files.named(side, found.arrays())
                    other = MENTORS if side == MENTEES else MENTEES
                    lights |= files.named(other, empty.arrays())
                    is_open = found.is_open
                else:
                    content = found.to_bytes()
                    digest.update(content)
                    files.write_bytes(run, files.segment_name(number, side, file), content)
            if len(counted) < COUNTED:
                goals = [entries[n].profile.goals for n in rows[is_open].tolist()]
                counted.append(files.frequency_arrays(encoder.frequencies(goals)))
            words = counted[number % len(counted)]
            reading.write_known(run, number, lights, digest.digest(), words)
            number += 1
            first += some
    reading.begin_with(run, reading.Header(bare, 1, segments=number))


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(found: dict[str, Any]) -> None:
    """Tell the process that asked."""
    print(json.dumps(found), flush=True)
