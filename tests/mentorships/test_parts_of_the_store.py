"""A match in parts over the people of the tables: what it reads, and what it comes to."""

import json
from typing import Any

import pytest

from chalicelib.kernel.call import job_call
from chalicelib.matching import engine, files, steps, store
from chalicelib.matching import service as matching
from chalicelib.matching.parts import files as parts_files
from chalicelib.matching.parts import reading
from chalicelib.matching.parts import steps as parts
from chalicelib.matching.snapshot import snapshot_bytes, snapshot_from_bytes
from chalicelib.mentorships import publishing
from chalicelib.platform import documents
from chalicelib.programmes import service as programmes
from tests.mentorships.in_parts import grown
from tests.mentorships.scene import Scene


def test_a_large_programme_is_matched_as_one_process_would(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        scene.mentor(capacity=1)
        scene.mentee()
    scene.mentee(languages=[{"language": "sw", "level": "C2"}])
    declined = scene.mentee()
    scene.match()
    for one in scene.proposals(declined):
        scene.world.post(f"/v1/me/proposals/{one['id']}/decline", {}, by=declined)
    scene.mentor(capacity=2)
    large = grown(scene, monkeypatch)
    monkeypatch.setattr(matching, "parts", parts)
    monkeypatch.setattr(reading, "SEGMENT", 3)
    run_id = large.start()
    row = large.row(run_id)
    call = job_call("match", scene.world.at)
    programme = programmes.get_programme(scene.programme)
    assert programme is not None
    whole = engine.run_match(
        snapshot_from_bytes(
            snapshot_bytes(
                steps._as_now(
                    call,
                    row,
                    programme,
                    publishing.kept_apart(scene.programme, call.now),
                    matching.settings_of(scene.programme, None),
                    whole=False,
                )
            )
        )
    )
    prefix = large.started[row.execution]["prefix"]

    def each(step: str, name: str) -> None:
        for item in json.loads(documents.read(f"{prefix}/items/{name}.json")):
            large.take(run_id, step, item)

    large.take(run_id, "enrol")
    each("segment", "segments")
    large.take(run_id, "plan")
    assert large.row(run_id).blocks == 1
    for step, name in (("chunk", "chunks"), ("block", "blocks"), ("merge", "merges")):
        each(step, name)
    assert large.take(run_id, "assign") == {"late": None}
    progress: Any = scene.run(run_id)["progress"]
    assert (progress["blocks"], progress["blocks_done"]) == (1, 1)
    assert progress["mentees_matched"] == len(whole.pairs)
    each("explain", "explain")
    assert large.take(run_id, "report") == {"next": "publish"}
    found = large.row(run_id)
    pairs = [one for n in range(found.files) for one in files.read_pairs(found, n)]
    assert tuple(pairs) == whole.pairs
    assert pairs
    assert [
        one for n in range(files.file_count(found.left_out)) for one in files.read_left_out(found, n)
    ] == list(whole.left_out)
    assert store.get_report(scene.programme, run_id) == whole.report
    for step, item in large.lined_up(run_id):
        large.take(run_id, step, item)
    assert large.row(run_id).published == len(pairs)


def test_of_two_who_look_at_once_who_takes_part_the_lots_of_one_are_read(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is about to leave what it found as somebody enrols, and another has looked, and left it, since."""
    for _ in range(2):
        scene.mentor()
        scene.mentee()
    large = grown(scene, monkeypatch)
    monkeypatch.setattr(reading, "SEGMENT", 2)
    run = large.row(large.start())
    call = job_call("match", scene.world.at)
    left = reading.begin_with

    def late(*given: Any) -> None:
        monkeypatch.setattr(reading, "begin_with", left)
        scene.mentee()
        reading.enrol(call, run, ())
        left(*given)

    monkeypatch.setattr(reading, "begin_with", late)
    reading.enrol(call, run, ())
    header = reading.read_header(run)
    items = parts_files.read_items(run, "segments")
    assert items == [{"number": n} for n in range(3)]
    lots = [
        parts_files.read_value(run, parts_files.lot_name(header.lots, n), reading.Segment).enrolled
        for n in range(header.segments)
    ]
    assert {one.person_id for lot in lots for one in lot} == {*scene.mentors, *scene.mentees}
    assert sum(map(len, lots)) == 5
