"""A stored run once more: the same snapshot must give the same bytes.

python -m chalicelib.matching replay FOLDER                      # a run's folder, downloaded
python -m chalicelib.matching replay RUN --programme PROGRAMME   # from the bucket that DOCUMENTS_BUCKET names
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chalicelib.matching import documents
from chalicelib.matching.engine import run_match
from chalicelib.matching.model import ENGINE_VERSION, MatchResult
from chalicelib.matching.snapshot import snapshot_from_bytes

SAME, OTHER, USAGE, NOTHING_STORED = 0, 1, 2, 3


@dataclass(frozen=True)
class StoredRun:
    """What a run keeps: the bytes of its snapshot and of its result, or None where it came to none."""

    snapshot: bytes
    result: bytes | None


class Unreadable(Exception):
    """There is no such run, or its files are not what a run keeps."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; return 0 for the same bytes, 1 for others, 2 where it cannot be carried out, and 3 where the run
    has no result to compare with."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.matching replay",
        description="Match a stored run's snapshot again and compare the result with the stored one, byte by byte.",
    )
    parser.add_argument("run", help="the run's id, or a folder with its snapshot.json and result.json")
    parser.add_argument("--programme", help="the programme's id, to read the run from the documents bucket")
    parser.add_argument("--out", type=Path, help="where the result of the replay goes, JSON")
    options = parser.parse_args(arguments)
    try:
        stored = (
            _from_bucket(options.programme, options.run) if options.programme else _from_folder(options.run)
        )
        snapshot = snapshot_from_bytes(stored.snapshot)
    except (Unreadable, ValueError) as problem:
        _say(str(problem))
        return USAGE
    result = documents.to_bytes(run_match(snapshot))
    if options.out:
        options.out.write_bytes(result)
    return _tell(stored, result)


def _from_folder(name: str) -> StoredRun:
    folder = Path(name)
    if not (folder / "snapshot.json").is_file():
        raise Unreadable(
            f"{name}: no folder with a snapshot.json; name the programme to read the run from its bucket"
        )
    result = folder / "result.json"
    return StoredRun(
        (folder / "snapshot.json").read_bytes(), result.read_bytes() if result.is_file() else None
    )


def _from_bucket(programme_id: str, run_id: str) -> StoredRun:
    # Only now: a folder is replayed without any account.
    from chalicelib.matching import service

    found = service.stored_run(programme_id, run_id)
    if found is None:
        raise Unreadable(f"The programme {programme_id} keeps no run {run_id}.")
    return StoredRun(*found)


def _tell(stored: StoredRun, result: bytes) -> int:
    _say(f"snapshot {_digest(stored.snapshot)}, result {_digest(result)}, engine {ENGINE_VERSION}")
    if stored.result is None:
        _say(
            "Nothing is compared: the run keeps a snapshot, and no result. It was not matched, or its result is gone."
        )
        return NOTHING_STORED
    if stored.result == result:
        _say("The same bytes.")
        return SAME
    before = documents.from_bytes(MatchResult, stored.result).report
    _say(f"Other bytes than the stored {_digest(stored.result)}, which is engine {before.engine_version}'s.")
    return OTHER


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _say(text: str) -> None:
    print(text, file=sys.stderr)
