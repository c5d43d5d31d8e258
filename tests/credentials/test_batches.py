"""Many cases at once: reviewed again or handed on, in pieces of which any may be begun again."""

import pytest

from chalicelib.credentials import audit, rereview
from chalicelib.credentials.errors import CaseMoved
from chalicelib.platform import outbox
from tests.credentials.support import (
    claim,
    reject,
    submitted,
    trail_of,
    verified_until,
    verify,
)
from tests.support.world import Reply, World

QUEUE = "/v1/admin/credentials"
UNTIL = "2028-02-29T21:00:00.000000Z"


def order(world: World, organisation: str, by: str, **body: object) -> Reply:
    path = f"/v1/organisations/{organisation}/review-batches"
    return world.post(path, {"reason": "The register was breached.", **body}, by=by)


def progress(world: World, organisation: str, by: str, batch: Reply) -> dict:
    return world.get(f"/v1/organisations/{organisation}/review-batches/{batch.json['id']}", by=by).json


def work(world: World) -> None:
    """Do all pieces of all batches."""
    while "review-batch" in world.follow_up():
        pass


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[World, str, str, str]:
    """A world with an organisation, its coordinator and a reviewer; pieces are of two cases."""
    monkeypatch.setattr(rereview, "PIECE", 2)
    organisation = world.organisation()
    return world, organisation, world.coordinator(organisation), world.reviewer(organisation)


def verified(world: World, reviewer: str, count: int, **fields: object) -> dict[str, str]:
    """Have cases verified, each of another person; return their ids with their persons."""
    found = {}
    for _ in range(count):
        person = world.mentee()
        found[submitted(world, person, **fields)] = person
        assert verify(world, list(found)[-1], reviewer).status == 200
        world.pass_time(minutes=1)
    return found


def test_what_fits_goes_back_to_the_queue_and_counts_on(office) -> None:
    world, organisation, coordinator, reviewer = office
    kenya, canada = verified(world, reviewer, 5), verified(world, reviewer, 1, country="CA")
    batch = order(world, organisation, coordinator, country="ke")
    assert (batch.status, batch.json["status"], batch.json["moved"]) == (201, "running", 0)
    world.pass_time(minutes=1)
    work(world)
    done = progress(world, organisation, coordinator, batch)
    assert (done["status"], done["moved"], done["left_alone"]) == ("done", 5, 0)
    waiting = [one["id"] for one in world.get(QUEUE, by=reviewer).json["items"]]
    assert sorted(waiting) == sorted(kenya)
    assert [
        one["id"] for one in world.get(QUEUE, by=reviewer, query={"status": "verified"}).json["items"]
    ] == [*canada]
    for case, person in kenya.items():
        assert verified_until(world, person) == UNTIL, "it counts while it is looked at"
        assert trail_of(world, case, person)[-1] == ("review_again", "verified", "submitted")
        assert audit.faults_of(case) == []
    first, second, *_ = kenya.items()
    assert verify(world, first[0], reviewer).status == 200
    assert verified_until(world, first[1]) == UNTIL
    assert reject(world, second[0], reviewer).status == 200
    assert verified_until(world, second[1]) is None
    (news,) = world.messages("standing-lost")
    assert (news.payload["person_id"], news.payload["by"]) == (second[1], "refused")


def test_what_is_suspended_stops_counting_at_once(office) -> None:
    world, organisation, coordinator, reviewer = office
    ((case, person),) = verified(world, reviewer, 1).items()
    order(world, organisation, coordinator, suspends=True)
    work(world)
    assert verified_until(world, person) is None
    assert verify(world, case, reviewer).status == 200
    assert verified_until(world, person) == UNTIL


def test_what_is_withdrawn_while_it_is_looked_at_counts_no_longer(office) -> None:
    world, organisation, coordinator, reviewer = office
    ((case, person),) = verified(world, reviewer, 1).items()
    order(world, organisation, coordinator)
    work(world)
    assert world.delete(f"/v1/me/credentials/{case}", by=person).status == 204
    assert verified_until(world, person) is None


def test_one_person_alone_is_looked_at_again(office) -> None:
    world, organisation, coordinator, reviewer = office
    cases = verified(world, reviewer, 3)
    case, person = next(iter(cases.items()))
    batch = order(world, organisation, coordinator, person_id=person)
    work(world)
    done = progress(world, organisation, coordinator, batch)
    assert (done["moved"], done["left_alone"]) == (1, 0)
    assert [one["id"] for one in world.get(QUEUE, by=reviewer).json["items"]] == [case]


def test_how_many_cases_a_person_has_elsewhere_is_not_told(office) -> None:
    world, organisation, coordinator, _ = office
    elsewhere = world.organisation("Elsewhere")
    person = world.mentee()
    case = submitted(world, person, organisation_id=elsewhere)
    assert verify(world, case, world.reviewer(elsewhere)).status == 200
    batch = order(world, organisation, coordinator, person_id=person)
    work(world)
    done = progress(world, organisation, coordinator, batch)
    assert (done["status"], done["moved"], done["left_alone"]) == ("done", 0, 0)
    assert trail_of(world, case, person)[-1][0] == "verify"


def test_a_piece_begun_again_counts_nothing_twice(office, monkeypatch: pytest.MonkeyPatch) -> None:
    world, organisation, coordinator, reviewer = office
    verified(world, reviewer, 4)
    batch = order(world, organisation, coordinator)
    plain, made = rereview.commit, []

    def dies_third(*how, **more):
        made.append(1)
        if len(made) == 3:
            raise RuntimeError("the worker dies before the piece is marked")
        return plain(*how, **more)

    with monkeypatch.context() as broken:
        broken.setattr(rereview, "commit", dies_third)
        with pytest.raises(RuntimeError):
            work(world)
    work(world)
    done = progress(world, organisation, coordinator, batch)
    assert (done["status"], done["moved"]) == ("done", 4)
    assert len(world.get(QUEUE, by=reviewer).json["items"]) == 4
    found = [one for one in outbox.due(world.at) if one.kind == "review-batch"]
    assert found == [], "nothing is left to do"


def test_an_order_counts_no_longer_than_its_coordinator(office) -> None:
    world, organisation, coordinator, reviewer = office
    cases = verified(world, reviewer, 4)
    batch = order(world, organisation, coordinator)
    world.follow_up()
    admin, path = world.admin(), f"/v1/organisations/{organisation}/members/{coordinator}"
    assert world.put(path, {"roles": ["reviewer"]}, by=admin).status == 200
    work(world)
    done = progress(world, organisation, admin, batch)
    assert (done["status"], done["moved"]) == ("stopped", 2)
    assert done["finished_at"] is not None
    assert len(world.get(QUEUE, by=reviewer).json["items"]) == len(cases) - 2
    assert world.messages("review-batch") == [], "nothing is left to do"


def test_nobody_is_handed_claims_who_is_no_reviewer_any_more(office) -> None:
    world, organisation, coordinator, reviewer = office
    other, case = world.reviewer(organisation), submitted(world, world.person())
    assert claim(world, case, reviewer).status == 200
    path = f"/v1/organisations/{organisation}/review-reassignments"
    body = {"reason": "On leave.", "from_person": reviewer, "to_person": other}
    batch = world.post(path, body, by=coordinator)
    members = f"/v1/organisations/{organisation}/members/{other}"
    assert world.delete(members, by=coordinator).status == 204
    work(world)
    assert progress(world, organisation, coordinator, batch)["status"] == "stopped"
    assert [one["id"] for one in world.get(f"{QUEUE}/claims", by=reviewer).json["items"]] == [case]


def test_a_case_decided_after_the_order_is_left_alone(office) -> None:
    world, organisation, coordinator, reviewer = office
    waiting = submitted(world, world.mentee())
    world.pass_time(minutes=1)
    batch = order(world, organisation, coordinator)
    world.pass_time(minutes=1)
    assert verify(world, waiting, reviewer).status == 200
    work(world)
    done = progress(world, organisation, coordinator, batch)
    assert (done["moved"], done["left_alone"]) == (0, 1)


def test_a_reviewer_s_claims_are_handed_on(office) -> None:
    world, organisation, coordinator, reviewer = office
    other = world.reviewer(organisation)
    cases = [submitted(world, world.person()) for _ in range(3)] + [submitted(world, other)]
    for case in cases:
        assert claim(world, case, reviewer).status == 200
    path = f"/v1/organisations/{organisation}/review-reassignments"
    body = {"reason": "On leave.", "from_person": reviewer, "to_person": other}
    assert world.post(path, {**body, "to_person": world.person()}, by=coordinator).status == 422
    batch = world.post(path, body, by=coordinator)
    assert batch.status == 201, batch.text
    work(world)
    done = progress(world, organisation, coordinator, batch)
    assert (done["moved"], done["left_alone"]) == (3, 1)
    mine = [one["id"] for one in world.get(f"{QUEUE}/claims", by=other).json["items"]]
    assert sorted(mine) == sorted(cases[:3])
    left = [one["id"] for one in world.get(f"{QUEUE}/claims", by=reviewer).json["items"]]
    assert left == cases[3:], "nobody is handed their own"
    unseen = world.post(f"{QUEUE}/{cases[0]}/reject", {"reason": "other", "text": "No."}, by=other)
    assert unseen.json["type"].endswith("/revision-not-seen"), "they were handed it, and have not looked"
    assert verify(world, cases[0], other).status == 200


def test_a_reviewer_s_claims_go_back_to_the_queue(office) -> None:
    world, organisation, coordinator, reviewer = office
    case = submitted(world, world.person())
    claim(world, case, reviewer)
    path = f"/v1/organisations/{organisation}/review-reassignments"
    world.post(path, {"reason": "On leave.", "from_person": reviewer}, by=coordinator)
    work(world)
    (listed,) = world.get(QUEUE, by=reviewer).json["items"]
    assert (listed["status"], listed["claim"]) == ("submitted", None)
    assert audit.faults_of(case) == []


def test_a_person_and_an_authority_are_not_named_together(office) -> None:
    world, organisation, coordinator, _ = office
    refused = order(world, organisation, coordinator, person_id=coordinator, authority="Council")
    assert refused.status == 422
    assert order(world, organisation, coordinator, country="XX").status == 422


def test_others_moves_are_waited_for(office, monkeypatch: pytest.MonkeyPatch) -> None:
    world, organisation, coordinator, reviewer = office
    verified(world, reviewer, 1)
    batch = order(world, organisation, coordinator)
    plain, failed = rereview.commit, []

    def moved_first(*how, **more):
        if not failed:
            failed.append(1)
            raise CaseMoved
        return plain(*how, **more)

    monkeypatch.setattr(rereview, "commit", moved_first)
    work(world)
    assert progress(world, organisation, coordinator, batch)["moved"] == 1
