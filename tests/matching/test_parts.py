"""A run in parts comes to what a run of one piece does."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.pools import cohort_pool
from chalicelib.kernel.call import job_call
from chalicelib.matching.engine import plan, run_match
from chalicelib.matching.engine.planning import score
from chalicelib.matching.errors import EngineChanged
from chalicelib.matching.model import (
    ENGINE_VERSION,
    MatchSettings,
    MenteeEntry,
    MentorEntry,
    Objective,
    PairOfIds,
    Rule,
    Snapshot,
)
from chalicelib.matching.parts import explaining, files, planning, reading, scoring
from chalicelib.matching.parts.columns import Columns, joined
from chalicelib.matching.parts.layout import Sizes, blocks_of, chunks_of
from chalicelib.matching.parts.light import light_of, lights_joined
from chalicelib.matching.snapshot import snapshot_bytes, snapshot_from_bytes
from chalicelib.platform import documents as bucket
from tests.matching.in_parts import NOW, play, result_of, run_of, store

COHORT = cohort_pool(1)
CALL = job_call("match", NOW)
CUT = replace(MatchSettings(), all_pairs_up_to=0, candidates_per_mentee=2, candidates_per_mentor=2, rounds=2)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(Sizes, "of", classmethod(lambda cls, *_: cls(50, 25)))


@pytest.fixture
def kept(monkeypatch):
    """A bucket of bytes."""
    there: dict[str, bytes] = {}
    monkeypatch.setattr(bucket, "write", lambda key, content, _: there.__setitem__(key, content))
    monkeypatch.setattr(bucket, "write_once", lambda key, content, _: there.setdefault(key, content))
    monkeypatch.setattr(bucket, "read", there.__getitem__)
    monkeypatch.setattr(bucket, "find", there.get)
    monkeypatch.setattr(bucket, "is_there", there.__contains__)
    return there


def pool(wanted: MatchSettings) -> Snapshot:
    """Return a pool as its stored snapshot has it."""
    whole = replace(COHORT, settings=wanted)
    return snapshot_from_bytes(
        snapshot_bytes(replace(whole, mentees=whole.mentees[:160], mentors=whole.mentors[:90]))
    )


def locked(snapshot: Snapshot) -> Snapshot:
    """Lock some pairs: admissible, not admissible, of somebody closed, and of nobody."""
    planned = plan(snapshot)
    found = score(planned)
    pairs = [
        PairOfIds(planned.mentees[a].person_id, planned.mentors[b].person_id)
        for a, b in list(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True))[:60:20]
    ]
    pairs += [PairOfIds(planned.mentees[5].person_id, planned.mentors[7].person_id)]
    shut = [one for one in snapshot.mentors if one.closed_for(snapshot.taken_at)]
    pairs += [
        PairOfIds(planned.mentees[6].person_id, shut[0].person_id),
        PairOfIds("nobody", shut[0].person_id),
    ]
    return replace(snapshot, settings=replace(snapshot.settings, locked=tuple(dict.fromkeys(pairs))))


CASES = {
    "every pair": MatchSettings(),
    "cut lists, two rounds": CUT,
    "stable, with a least score": replace(
        MatchSettings(), objective=Objective.STABLE, min_score=300_000, all_pairs_up_to=0
    ),
    "fair, few rules": replace(
        CUT, objective=Objective.FAIR, rules_off=frozenset({Rule.LANGUAGE, Rule.CHANNEL}), rounds=1
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_parts_come_to_the_bytes_of_the_whole(kept, case):
    snapshot = pool(CASES[case])
    if case == "cut lists, two rounds":
        snapshot = locked(snapshot)
    whole = run_match(snapshot)
    run = run_of(snapshot)
    store(run, snapshot, size=97)
    asked = play(run, CALL, twice=case == "every pair")
    pairs, left_out = result_of(run)
    assert pairs == whole.pairs
    assert left_out == whole.left_out
    report, _ = explaining.report(run)
    assert report == whole.report
    layout = planning.read_layout(run)
    assert layout.blocks > 1
    assert layout.mentee_chunks > 1
    if case == "cut lists, two rounds":
        assert asked
        assert report.locked_made
        assert report.locked_missed


def test_steps_that_are_done_write_nothing_again(kept, monkeypatch):
    snapshot = pool(replace(CUT, rounds=1))
    run = run_of(snapshot)
    store(run, snapshot, size=200)
    play(run, CALL)
    written: list[str] = []
    monkeypatch.setattr(bucket, "write", lambda key, *_: written.append(key))
    monkeypatch.setattr(bucket, "write_once", lambda key, *_: written.append(key))
    play(run, CALL)
    assert not written


def test_an_assignment_goes_on_from_what_it_found_before(kept, monkeypatch):
    from chalicelib.matching.engine import assigning as engine_assigning
    from chalicelib.matching.parts import assigning

    snapshot = pool(replace(CUT, rounds=1))
    run = run_of(snapshot)
    store(run, snapshot, size=200)
    planning.plan(run)
    for step, name in ((planning.chunk, "chunks"), (scoring.block, "blocks"), (scoring.merge, "merges")):
        for item in files.read_items(run, name):
            step(run, item)
    made: list[str] = []
    whole = engine_assigning.assign
    monkeypatch.setattr(
        engine_assigning, "assign", lambda *a, **how: made.append(how["objective"]) or whole(*a, **how)
    )
    assert assigning.assign(run) is not None
    assert made == ["total"]
    assert assigning.assign(run) is not None  # its blocks are not there yet
    assert made == ["total"]


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_segment_that_two_read_otherwise_at_once_is_one_s_alone(kept, data):
    """Some change while they are read: whichever file of whom is written when, a plan reads what one of them read."""
    kept.clear()
    snapshot = replace(pool(MatchSettings()), mentors=())
    run, here = run_of(snapshot), snapshot.mentees[:30]
    gone = data.draw(st.sets(st.integers(0, len(here) - 1), max_size=len(here) // 2))
    doings = [here, [one for n, one in enumerate(here) if n not in gone]]
    bare = replace(snapshot, mentees=())
    calls: list[list[tuple[bool, str, bytes]]] = []
    for some in doings:
        made: list[tuple[bool, str, bytes]] = []
        calls.append(made)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                bucket, "write", lambda key, content, _, made=made: made.append((False, key, content))
            )
            patch.setattr(
                bucket, "write_once", lambda key, content, _, made=made: made.append((True, key, content))
            )
            reading.store_segment(run, bare, 0, some, [])
    while any(calls):
        once, key, content = data.draw(st.sampled_from([made for made in calls if made])).pop(0)
        if not once or key not in kept:
            kept[key] = content
    known = reading.read_known(run, 0).lights[files.MENTEES]
    where = {"segment": np.zeros(len(known), dtype=np.int32), "in_file": known.in_file, "row": known.row}
    people = planning.people_at(run, files.MENTEES, where).entries()
    assert [one.person_id.encode() for one in people] == known.ids.tolist()
    assert sorted(one.person_id for one in people) in [
        sorted(one.person_id for one in some) for some in doings
    ]


@pytest.mark.parametrize("version", ["ENGINE_VERSION", "FORMAT"])
def test_what_another_version_began_is_not_gone_on_with(kept, monkeypatch, version):
    snapshot = pool(replace(CUT, rounds=1))
    run = run_of(snapshot)
    begun = {
        "ENGINE_VERSION": f"engine 1, files {files.FORMAT}",
        "FORMAT": f"engine {ENGINE_VERSION}, files 0",
    }
    with monkeypatch.context() as before:
        before.setattr(reading, "MADE_BY", begun[version])
        store(run, snapshot, size=200)
        planning.plan(run)
        (block, *_) = files.read_items(run, "blocks")
        for item in files.read_items(run, "chunks"):
            planning.chunk(run, item)
    with pytest.raises(EngineChanged, match="begun by"):
        scoring.block(run, block)
    with monkeypatch.context() as before:
        before.setattr(reading, "MADE_BY", begun[version])
        scoring.block(run, block)


def test_nobody_to_match_is_a_run(kept):
    snapshot = replace(pool(MatchSettings()), mentors=())
    run = run_of(snapshot)
    store(run, snapshot, size=300)
    play(run, CALL)
    whole = run_match(snapshot)
    assert result_of(run) == (whole.pairs, whole.left_out)
    assert explaining.report(run)[0] == whole.report


@pytest.mark.parametrize("off", [frozenset(), frozenset({Rule.LANGUAGE}), frozenset(Rule)])
def test_no_admissible_pair_is_outside_of_the_blocks(off):
    snapshot = pool(replace(MatchSettings(), rules_off=off))
    planned = plan(snapshot)
    sides = [light_of(snapshot, entries) for entries in (planned.mentees, planned.mentors)]
    mentees, mentors = chunks_of(sides[0], 40), chunks_of(sides[1], 20)
    for chunks, people in ((mentees, planned.mentees), (mentors, planned.mentors)):
        whole = np.sort(np.concatenate([one.people for one in chunks]))
        assert whole.tolist() == list(range(len(people)))
    blocks = blocks_of(mentees, mentors, snapshot.settings)
    inside = {
        pair for i, j in blocks for pair in product(mentees[i].people.tolist(), mentors[j].people.tolist())
    }
    found = score(planned)
    assert {*zip(found.mentee.tolist(), found.mentor.tolist(), strict=True)} <= inside
    if not off:
        assert len(blocks) < len(mentees) * len(mentors)


def test_chunks_are_small_enough_for_a_function_and_many_enough_for_a_map(monkeypatch):
    monkeypatch.undo()
    for mentees, mentors in ((3_000, 1_000), (100_000, 30_000), (1_000_000, 300_000)):
        sizes = Sizes.of(mentees, mentors)
        assert sizes.mentees <= 8_000
        assert sizes.mentors <= 16_000
        assert mentees / sizes.mentees >= 12
        assert mentors / sizes.mentors >= 4


PEOPLE = pool(MatchSettings())


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 159), max_size=30), st.integers(0, 30))
def test_columns_give_back_who_was_put_in(rows, cut):
    entries = tuple(PEOPLE.mentees[n] for n in rows)
    parts = [Columns.of(MenteeEntry, some) for some in (entries[:cut], entries[cut:])]
    stored = [Columns.from_bytes(MenteeEntry, one.to_bytes()) for one in parts]
    whole = joined(stored)
    assert whole.entries() == entries
    assert Columns.from_bytes(MenteeEntry, whole.to_bytes()).entries() == entries
    picked = np.asarray(range(0, len(rows), 2), dtype=np.intp)
    assert whole.take(picked).entries() == entries[::2]
    assert whole.entries(picked) == entries[::2]


def test_columns_are_of_mentors_too():
    assert Columns.of(MentorEntry, PEOPLE.mentors).entries() == PEOPLE.mentors


def test_lights_of_parts_are_those_of_the_whole():
    entries = PEOPLE.mentees[:90]
    parts = [light_of(PEOPLE, entries[first : first + 40]) for first in range(0, 90, 40)]
    whole, together = light_of(PEOPLE, entries), lights_joined(parts)
    assert [whole.cells[n] for n in whole.cell[whole.is_open]] == [
        together.cells[n] for n in together.cell[together.is_open]
    ]
    for name in ("ids", "order", "reasons", "places", "held", "free"):
        assert getattr(whole, name).tolist() == getattr(together, name).tolist()
