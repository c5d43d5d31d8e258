from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching.engine import candidates
from chalicelib.matching.engine.candidates import CandidateLists, Candidates, best_of_each, candidates_of


def feed(lists, scores, block):
    """Give int[n, m] scores to candidate lists in blocks; 0 is a pair that is not admissible."""
    for first in range(0, len(scores), block):
        part = scores[first : first + block]
        # What stands where nobody is admissible counts for nothing.
        score = np.where(part, part, 10**6).astype(np.float32)
        lists.add(np.arange(first, first + len(part)), part > 0, score)
    return lists.result()


pools = st.tuples(st.integers(0, 2**31), st.integers(1, 30), st.integers(1, 60), st.sampled_from((3, 10**6)))


@settings(max_examples=300, deadline=None)
@given(pools, st.integers(1, 4), st.integers(1, 6), st.integers(1, 8))
def test_the_best_of_each_side_are_kept_and_nothing_else(pool, per_mentee, per_mentor, block):
    seed, n, m, top = pool
    rng = np.random.default_rng(seed)
    # Some mentors suit nearly everybody, others few.
    scores = rng.integers(0, top + 1, (n, m)) * (rng.random((n, m)) < rng.random(m) ** 2)
    found = feed(CandidateLists(per_mentee, per_mentor, m), scores, block)
    kept = set(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True))
    assert len(kept) == len(found.score)
    assert (scores[found.mentee, found.mentor] == found.score).all()
    assert found.admissible == np.count_nonzero(scores)
    assert found.cut == (len(kept) < found.admissible)
    on_a_list = set()
    for axis, limit in ((0, per_mentee), (1, per_mentor)):
        for owner in range(scores.shape[axis]):
            line = scores[owner] if axis == 0 else scores[:, owner]
            pairs = [(owner, int(j)) if axis == 0 else (int(j), owner) for j in np.flatnonzero(line)]
            best = sorted((int(scores[pair]) for pair in pairs), reverse=True)[:limit]
            have = sorted((int(scores[pair]) for pair in pairs if pair in kept), reverse=True)[: len(best)]
            assert have == best
            bar = best[-1] if best else 0
            on_a_list |= {pair for pair in pairs if scores[pair] >= bar}
    assert kept <= on_a_list


@pytest.mark.parametrize("block", [1, 7, 64])
def test_blocks_do_not_change_what_is_kept(block):
    scores = np.random.default_rng(4).integers(0, 5, (64, 20))
    whole = feed(CandidateLists(3, 5, 20), scores, 64)
    split = feed(CandidateLists(3, 5, 20), scores, block)
    assert [whole.mentee.tolist(), whole.mentor.tolist()] == [split.mentee.tolist(), split.mentor.tolist()]


@settings(max_examples=200, deadline=None)
@given(pools, st.integers(1, 4), st.integers(1, 6), st.booleans(), st.data())
def test_a_pool_in_parts_keeps_what_it_keeps_as_one(pool, per_mentee, per_mentor, told_apart, data):
    """Whatever mentees go together, in whatever order parts of the mentors come: also where keys are equal."""
    seed, n, m, top = pool
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, top + 1, (n, m)) * (rng.random((n, m)) < rng.random(m) ** 2)
    with pytest.MonkeyPatch.context() as patch:
        if not told_apart:
            patch.setattr(candidates, "_keys", lambda mentee, mentor, score: score.astype(np.int64) << 22)
        whole = feed(CandidateLists(per_mentee, per_mentor, m), scores, n)
        order = rng.permutation(n)
        cuts = sorted(data.draw(st.lists(st.integers(1, n), max_size=3)))
        lists = [
            in_tiles(rows, rng.integers(0, 3, m), scores, per_mentee, per_mentor)
            for rows in np.split(order, cuts)
            if len(rows)
        ]
        rng.shuffle(lists)
        found = candidates_of(lists, per_mentor)
    assert found.admissible == whole.admissible
    for name in ("mentee", "mentor", "score"):
        assert (getattr(found, name) == getattr(whole, name)).all()


def in_tiles(rows, tile_of, scores, per_mentee, per_mentor):
    lists = CandidateLists(per_mentee, per_mentor, scores.shape[1])
    for tile in np.unique(tile_of):
        columns = np.flatnonzero(tile_of == tile)
        for first in range(0, len(rows), 3):
            some = rows[first : first + 3]
            part = scores[np.ix_(some, columns)]
            lists.add(some, part > 0, np.where(part, part, 10**6).astype(np.float32), columns)
    return lists.lists()


def test_in_a_pool_of_equals_everybody_is_on_some_list():
    found = feed(CandidateLists(5, 10, 400), np.full((1000, 400), 7), 128)
    of_mentor = defaultdict(int)
    for mentor in found.mentor.tolist():
        of_mentor[mentor] += 1
    assert len(of_mentor) == 400
    assert max(of_mentor.values()) < 50  # not the same few for all


def test_without_limits_every_pair_is_kept():
    scores = np.random.default_rng(2).integers(0, 3, (20, 9))
    found = feed(CandidateLists(None, None, 9), scores, 6)
    assert len(found.score) == found.admissible == np.count_nonzero(scores)
    assert not found.cut


def test_pairs_given_back_count():
    scores = np.ones((6, 6), dtype=int)
    found = feed(CandidateLists(1, 1, 6), scores, 6)
    missing = [(i, j) for i in range(6) for j in range(6)]
    have = set(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True))
    rest = np.array([pair for pair in missing if pair not in have], dtype=np.int32)
    ones = np.ones(len(rest), dtype=np.int32)
    more = found.with_pairs(Candidates(rest[:, 0], rest[:, 1], ones, len(rest), cut=False))
    assert found.cut
    assert not more.cut
    assert len(more.score) == 36


def test_an_empty_pool_has_no_candidates():
    assert len(CandidateLists(2, 2, 0).result().score) == 0


def test_too_many_mentors_are_refused():
    with pytest.raises(ValueError, match="mentors"):
        CandidateLists(1, 1, 2**21)


def test_of_equal_keys_the_earlier_is_kept():
    owner, key = np.array([0, 0, 0, 1]), np.array([5, 5, 5, 5])
    assert best_of_each(owner, key, 2).tolist() == [0, 1, 3]
