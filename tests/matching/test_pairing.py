"""The rules for one pair, held against the arrays that the match works with."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from chalicelib.matching import engine
from chalicelib.matching.model import MatchSettings, Reason
from chalicelib.matching.pairing import has_private_obstacle, languages_at, public_obstacle
from tests.matching.pools import mentee, mentor, pools, profile, skills

NOBODY: frozenset[str] = frozenset()


@settings(max_examples=150, deadline=None)
@given(pools(8))
def test_one_pair_at_a_time_says_what_the_arrays_say(pool):
    # Blocks and declines are the asker's to read from rows; here the profiles alone speak.
    pool = replace(
        pool,
        mentees=tuple(replace(one, blocked=NOBODY, declined=NOBODY) for one in pool.mentees),
        mentors=tuple(replace(one, blocked=NOBODY, declined=NOBODY) for one in pool.mentors),
    )
    plan = engine.plan(pool)
    rows = np.arange(len(plan.mentees))
    if not len(rows) or not plan.mentors:
        return
    language, channel, private = plan.rules.language(rows), plan.rules.channel(rows), plan.rules.private(rows)
    for i, one in enumerate(plan.mentees):
        for j, other in enumerate(plan.mentors):
            found = public_obstacle(one.profile, other.profile, pool.settings)
            expected = None if channel[i, j] else Reason.NO_SHARED_CHANNEL
            assert found == (expected if language[i, j] else Reason.NO_SHARED_LANGUAGE)
            if one.person_id != other.person_id:
                assert has_private_obstacle(one.profile, other.profile, pool.settings) is not bool(
                    private[i, j]
                )


def test_two_who_suit_each_other_have_nothing_between_them():
    one, other = mentee().profile, mentor().profile
    assert public_obstacle(one, other, MatchSettings()) is None
    assert not has_private_obstacle(one, other, MatchSettings())


def test_what_is_spoken_counts_by_its_base_and_level():
    someone = profile("a", languages=skills(("pt-BR", "C1"), ("en", "B1"), ("zh-Hant", "B2")))
    assert languages_at(someone, "B2").keys() == {"pt", "zh"}
    assert languages_at(someone, "A1").keys() == {"pt", "zh", "en"}
    assert languages_at(someone, "C2").keys() == frozenset()
