"""A proposal that nobody answered: for a while runs leave the two alone, and nothing tells it from another cause."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.mentorships import jobs, publishing, store
from chalicelib.mentorships.model import APART_AFTER_EXPIRY, Pair, PairStanding
from chalicelib.platform import tables
from tests.mentorships.scene import Scene, fire
from tests.support.world import START

DAYS = APART_AFTER_EXPIRY.days
PROPOSAL_DAYS = 7


@pytest.fixture
def lapsed(proposed: Scene) -> Scene:
    """The one pair's proposal has just expired."""
    proposed.world.pass_time(days=PROPOSAL_DAYS)
    fire(jobs.expire_proposals)
    return proposed


def pairs_tonight(scene: Scene) -> int:
    pairs: int = scene.run(scene.match())["pairs_published"]
    return pairs


def standing(scene: Scene) -> Pair | None:
    row = tables.get(*store.pair_key(scene.programme, scene.mentees[0], scene.mentors[0]))
    return store.pair_of(row) if row else None


def ask(scene: Scene) -> Any:
    body = {"programme_id": scene.programme, "mentor_id": scene.mentors[0]}
    return scene.world.post("/v1/proposals", body, by=scene.mentees[0])


def test_the_pair_is_not_proposed_night_after_night(lapsed: Scene) -> None:
    for days in (1, 1, DAYS - 3, 1):
        assert pairs_tonight(lapsed) == 0
        lapsed.world.pass_time(days=days)
    assert pairs_tonight(lapsed) == 1
    assert [one["status"] for one in lapsed.proposals(lapsed.mentees[0])] == ["open", "expired"]
    pair = standing(lapsed)
    assert pair is not None
    assert (pair.standing, pair.apart_until) == (PairStanding.OPEN, None)


def test_the_time_counts_from_the_proposal_s_end_and_not_from_a_late_job(proposed: Scene) -> None:
    end = proposed.world.at + timedelta(days=PROPOSAL_DAYS)
    proposed.world.pass_time(days=PROPOSAL_DAYS + 3)
    fire(jobs.expire_proposals)
    pair = standing(proposed)
    assert pair is not None
    assert pair.apart_until == end + APART_AFTER_EXPIRY


def test_others_are_proposed_to_both_meanwhile(lapsed: Scene) -> None:
    mentee, mentor = lapsed.mentee(), lapsed.mentor()
    assert pairs_tonight(lapsed) == 2
    assert lapsed.proposals(lapsed.mentees[0])[0]["mentor"]["person_id"] == mentor
    assert lapsed.proposals(mentee)[0]["status"] == "open"


def test_the_mentee_may_ask_the_mentor_at_once_and_the_no_of_one_asked_stays(lapsed: Scene) -> None:
    asked = ask(lapsed)
    assert asked.status == 201, asked.text
    declined = lapsed.world.post(
        f"/v1/proposals/{asked.json['id']}/decline", {"reason": "no_time"}, by=lapsed.mentors[0]
    )
    assert declined.status == 200
    lapsed.world.pass_time(days=DAYS)
    assert pairs_tonight(lapsed) == 0
    assert ask(lapsed).json["type"].rpartition("/")[2] == "mentor-not-available"


def test_what_was_asked_and_accepted_is_a_mentorship_for_good(lapsed: Scene) -> None:
    asked = ask(lapsed)
    accepted = lapsed.world.post(f"/v1/proposals/{asked.json['id']}/accept", by=lapsed.mentors[0])
    assert accepted.json["status"] == "agreed"
    pair = standing(lapsed)
    assert pair is not None
    assert (pair.standing, pair.apart_until) == (PairStanding.MENTORED, None)


def test_a_pair_asked_for_and_expired_since_the_match_is_not_proposed_by_its_release(scene: Scene) -> None:
    """A held run's pairs are those of a snapshot from before."""
    scene.change_programme(publish="review")
    scene.mentor()
    mentee = scene.mentee()
    run_id = scene.match()
    assert ask(scene).status == 201
    scene.world.pass_time(days=PROPOSAL_DAYS)
    fire(jobs.expire_proposals)
    assert scene.world.post(scene.path(f"match-runs/{run_id}/release"), by=scene.coordinator).status == 200
    scene.deliver(f"match-run:{run_id}:release")
    assert (scene.run(run_id)["pairs_published"], scene.run(run_id)["pairs_skipped"]) == (0, 1)
    assert [one["status"] for one in scene.proposals(mentee)] == ["expired"]


def test_an_open_pair_is_not_opened_over(proposed: Scene) -> None:
    assert ask(proposed).json["type"].rpartition("/")[2] == "already-proposed"
    assert pairs_tonight(proposed) == 0


def test_who_waits_after_an_expiry_reads_what_one_reads_whose_mentor_went_to_another(lapsed: Scene) -> None:
    """And the coordinators' list has the same words and numbers for both."""
    world = lapsed.world

    def told(person: str) -> tuple[Any, Any]:
        run_id = lapsed.match()
        own = world.get("/v1/me/match-reasons", by=person, query={"programme_id": lapsed.programme}).json
        listed = world.get(lapsed.path(f"match-runs/{run_id}/left-out"), by=lapsed.coordinator).json["items"]
        [theirs] = [one["reasons"] for one in listed if one["person"]["person_id"] == person]
        return own["reasons"], theirs

    waits = lapsed.mentees[0]
    after_expiry = told(waits)
    assert [one["code"] for one in after_expiry[0]] == ["no_mentor_left"]
    # The time of keeping apart is over, and the mentor's only place goes to somebody who fits better.
    world.pass_time(days=DAYS)
    path = lapsed.path(f"enrolments/{lapsed.mentors[0]}")
    assert world.put(path, {"role": "mentor", "capacity": 1}, by=lapsed.mentors[0]).status == 200
    rival = lapsed.mentee(languages=[{"language": "en", "level": "C2"}, {"language": "fr", "level": "C2"}])
    assert told(waits) == after_expiry
    assert lapsed.proposals(rival)[0]["status"] == "open"


def test_old_rows_leave_by_themselves_and_count_for_nothing_before(lapsed: Scene) -> None:
    row = tables.get(*store.pair_key(lapsed.programme, lapsed.mentees[0], lapsed.mentors[0]))
    assert row is not None
    until = START + timedelta(days=PROPOSAL_DAYS) + APART_AFTER_EXPIRY
    assert int(row.expires_at_epoch) == int(until.timestamp())
    at = lapsed.programme
    pair = (lapsed.mentees[0], lapsed.mentors[0])
    assert list(publishing.kept_apart(at, until - timedelta(microseconds=1))) == [(*pair, False)]
    assert list(publishing.kept_apart(at, until)) == []
