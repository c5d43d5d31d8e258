import json
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching import documents
from chalicelib.matching.engine import run_match
from chalicelib.matching.model import MatchResult, MatchSettings, Objective, Weights
from chalicelib.matching.snapshot import minimal, snapshot_bytes, snapshot_digest, snapshot_from_bytes
from chalicelib.people.model import NegativeWishes, Unwanted
from tests.matching.pools import mentee, mentor, pools, random_pool, snapshot


@settings(max_examples=60, deadline=None)
@given(pools(6, weights=Weights(topics=1.5, waiting=0), objective=Objective.STABLE, weeks=2))
def test_a_snapshot_comes_back_and_gives_the_same_run(pool):
    document = snapshot_bytes(pool)
    again = snapshot_from_bytes(document)
    assert snapshot_bytes(again) == document
    assert again.settings == pool.settings
    assert documents.to_bytes(run_match(again)) == documents.to_bytes(run_match(pool))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_no_byte(seed, rng):
    pool = random_pool(seed, 8)
    shuffled = replace(
        pool,
        mentees=tuple(rng.sample(pool.mentees, len(pool.mentees))),
        mentors=tuple(rng.sample(pool.mentors, len(pool.mentors))),
    )
    assert snapshot_bytes(shuffled) == snapshot_bytes(pool)
    assert snapshot_digest(snapshot_bytes(shuffled)) == snapshot_digest(snapshot_bytes(pool))


@settings(max_examples=40, deadline=None)
@given(pools(6, weeks=2))
def test_a_result_comes_back(pool):
    result = run_match(pool)
    assert documents.from_bytes(MatchResult, documents.to_bytes(result)) == result


def test_what_matching_does_not_use_is_not_kept():
    person = mentee(
        background="canary one", gender="canary two", access_needs=("canary three",), study_year=3, visible=False,
        version=7,
    )  # fmt: skip
    document = snapshot_bytes(snapshot([person], []))
    assert b"canary" not in document
    consenting = mentee(gender="woman", background="canary", sensitive_consent=True)
    kept = snapshot_from_bytes(snapshot_bytes(snapshot([consenting], []))).mentees[0].profile
    assert (kept.gender, kept.background) == ("woman", None)
    assert minimal(kept) == kept


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.update(extra=1), "Snapshot: unknown field extra"),
        (lambda d: d.pop("run_id"), "Snapshot: "),
        (
            lambda d: d["mentors"][0].update(capacity_left="2"),
            "Snapshot.mentors.capacity_left: int is expected",
        ),
        (
            lambda d: d["mentors"][0].update(capacity_left=True),
            "Snapshot.mentors.capacity_left: int is expected",
        ),
        (lambda d: d.update(taken_at=3), "Snapshot.taken_at: a text is expected"),
        (lambda d: d.update(mentees={}), "Snapshot.mentees: a list is expected"),
        (lambda d: d["mentors"][0].update(profile=[]), "Snapshot.mentors.profile: an object is expected"),
        (lambda d: d["mentors"][0]["profile"].update(channels=["fax"]), "'fax' is not a valid Channel"),
    ],
)
def test_other_documents_are_refused_with_the_place(change, says):
    document = json.loads(snapshot_bytes(snapshot([mentee()], [mentor()])))
    change(document)
    with pytest.raises(ValueError, match=says):
        snapshot_from_bytes(json.dumps(document).encode())


@pytest.mark.parametrize(
    "document", [b"", b"{", b"[]", b"\xff", b"null", b'{"programme_id": NaN}', b"[" * 10**6]
)
def test_bytes_that_are_no_snapshot_are_refused(document):
    with pytest.raises(ValueError, match="Snapshot"):
        snapshot_from_bytes(document)


def test_a_snapshot_has_every_setting_whatever_the_defaults_will_be():
    document = json.loads(snapshot_bytes(snapshot([mentee()], [mentor()])))
    assert set(document["settings"]) == {one.name for one in fields(MatchSettings)}
    assert document["settings"]["weights"] == Weights().as_dict()
    assert (
        "country_experience" not in document["mentees"][0]["profile"]
    )  # of all else, what is usual is left out


@pytest.mark.parametrize("flag", [True, False])
def test_a_snapshot_with_one_flag_for_all_wishes_is_read(flag):
    document = json.loads(snapshot_bytes(snapshot([mentee()], [mentor()])))
    wishes = {"countries": ["FR"], "own_employer": True}
    document["mentees"][0]["profile"]["negative_wishes"] = wishes | ({"if_possible": True} if flag else {})
    found = snapshot_from_bytes(json.dumps(document).encode()).mentees[0].profile.negative_wishes
    meant = Unwanted(("FR",), (), True)
    assert found == (NegativeWishes(if_possible=meant) if flag else NegativeWishes(("FR",), (), True))
