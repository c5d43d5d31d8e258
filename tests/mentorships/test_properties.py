"""Whatever people do in whatever order, every place is counted once and none twice."""

from collections import Counter
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.kernel.pages import PageRequest
from chalicelib.mentorships import answering, asking, jobs, service, store
from chalicelib.mentorships.model import (
    APART_AFTER_EXPIRY,
    DeclineReason,
    PairStanding,
    Proposal,
    ProposalStatus,
    Source,
)
from chalicelib.mentorships.running import MentorshipStatus
from chalicelib.programmes import store as programmes_store
from tests.mentorships.scene import Scene, fire, make_scene
from tests.mentorships.state import State
from tests.support.world import World

PEOPLE = 3
WHO, WHICH = st.integers(0, 2 * PEOPLE - 1), st.integers(0, 3)
STEP = st.one_of(
    st.tuples(st.just("match")),
    st.tuples(st.just("accept"), WHO, WHICH),
    st.tuples(st.just("accept"), WHO, WHICH),
    st.tuples(st.just("decline"), WHO, WHICH),
    st.tuples(st.just("withdraw"), WHO, WHICH),
    st.tuples(st.just("ask"), st.integers(0, PEOPLE - 1), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("wait"), st.sampled_from([1, 3, 7, 28])),
    st.tuples(st.just("expire")),
    st.tuples(st.just("capacity"), st.integers(0, PEOPLE - 1), st.integers(0, 3)),
)


def crowd(world: World) -> Scene:
    scene = make_scene(world, mentee_places=2)
    for n in range(PEOPLE):
        scene.mentor(capacity=1 + n % 2)
        scene.mentee()
    return scene


def everybody(scene: Scene) -> list[str]:
    return [*scene.mentees, *scene.mentors]


def take(scene: Scene, step: tuple[Any, ...]) -> None:
    world = scene.world
    world.pass_time(seconds=1)
    match step:
        case ("match",):
            scene.match()
        case ("accept" | "decline" | "withdraw" as what, who, which):
            person = everybody(scene)[who]
            found = service.my_proposals(world.call(person), PageRequest()).items
            if which >= len(found):
                return
            id_ = found[which].proposal.id
            if what == "accept":
                answering.accept(world.call(person), id_)
            elif what == "decline":
                answering.decline(world.call(person), id_, DeclineReason.NO_TIME, "")
            else:
                answering.withdraw(world.call(person), id_)
        case ("ask", mentee, mentor):
            asking.ask(world.call(scene.mentees[mentee]), scene.programme, scene.mentors[mentor], "")
        case ("wait", days):
            world.pass_time(days=days)
        case ("expire",):
            fire(jobs.expire_proposals)
        case ("capacity", mentor, capacity):
            path = f"/v1/programmes/{scene.programme}/enrolments/{scene.mentors[mentor]}"
            answer = world.put(path, {"role": "mentor", "capacity": capacity}, by=scene.mentors[mentor])
            assert answer.status in (200, 409)


def refusal(scene: Scene, step: tuple[Any, ...]) -> str | None:
    """Take a step; return why it was refused, if it was."""
    try:
        take(scene, step)
    except (Conflict, NotFound) as refused:
        return refused.code
    return None


def check(scene: Scene) -> None:
    taken: Counter[str] = Counter()
    open_pairs, mentored = set(), set()
    copies: dict[str, list[Proposal]] = {}
    for person in everybody(scene):
        for own in service.my_proposals(scene.world.call(person), PageRequest(100)).items:
            proposal = own.proposal
            pair = proposal.mentee.person_id, proposal.mentor.person_id
            copies.setdefault(proposal.id, []).append(proposal)
            if proposal.status is ProposalStatus.OPEN:
                taken[person] += 1
                open_pairs.add(pair)
            assert (proposal.status is ProposalStatus.AGREED) == (proposal.mentorship_id is not None)
        for seen in service.my_mentorships(scene.world.call(person), PageRequest(100)).items:
            assert seen.status is MentorshipStatus.FORMING
            taken[person] += 1
            mentored.add((seen.mentorship.mentee.person_id, seen.mentorship.mentor.person_id))
    assert all(len(both) == 2 and both[0] == both[1] for both in copies.values())
    for enrolment in programmes_store.all_enrolments_in(scene.programme):
        assert 0 <= enrolment.free <= enrolment.capacity
        assert enrolment.capacity - enrolment.free == taken[enrolment.person_id]
    check_apart(copies)
    standing: dict[PairStanding, set[tuple[str, str]]] = {one: set() for one in PairStanding}
    for one in store.pairs_in(scene.programme):
        standing[one.standing].add((one.mentee_id, one.mentor_id))
    assert standing[PairStanding.OPEN] == open_pairs
    assert standing[PairStanding.MENTORED] == mentored
    assert not open_pairs & mentored


def check_apart(copies: dict[str, list[Proposal]]) -> None:
    """A run leaves a pair alone whose last proposal expired a short while ago."""
    of_pair: dict[tuple[str, str], list[Proposal]] = {}
    for one, _ in sorted(copies.values(), key=lambda both: both[0].id):
        of_pair.setdefault((one.mentee.person_id, one.mentor.person_id), []).append(one)
    for proposals in of_pair.values():
        for before, after in pairwise(proposals):
            if before.status is ProposalStatus.EXPIRED and after.source is Source.RUN:
                assert after.created_at is not None
                assert after.created_at >= before.expires_at + APART_AFTER_EXPIRY


def test_places_are_what_proposals_and_mentorships_take(world: World) -> None:
    scene = crowd(world)
    start, at = State(), world.at
    reached: Counter[str] = Counter()

    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEP, min_size=4, max_size=8))
    @example([("accept", n, 0) for n in range(2 * PEOPLE)] + [("ask", 0, 2), ("match",), ("accept", 5, 0)])
    @example([("wait", 7), ("expire",), ("match",), ("wait", 28), ("expire",), ("match",)])
    @example([("decline", 0, 0), ("accept", 1, 0), ("wait", 7), ("accept", 2, 0), ("expire",), ("match",)])
    @example(
        [("ask", 0, 0), ("ask", 1, 0), ("ask", 2, 0), ("withdraw", 0, 0), ("ask", 1, 0), ("capacity", 0, 0)]
    )
    def holds(steps: list[tuple[Any, ...]]) -> None:
        start.put_back()
        world.at = at
        if ("ask", 1, 0) not in steps:
            steps = [("match",), *steps]
        for step in steps:
            before = State()
            code = refusal(scene, step)
            if code is not None:
                assert State().told() == before.told(), "a refusal writes nothing"
            reached[code or step[0]] += 1
            check(scene)
        mine = [service.my_proposals(world.call(one), PageRequest(100)).items for one in scene.mentees]
        reached.update(f"{own.proposal.source}:{own.proposal.status}" for items in mine for own in items)

    holds()
    # What the examples must have been through for the property to say anything.
    wanted = {"run:agreed", "run:declined", "run:expired", "mentee:open", "mentee:withdrawn"}
    wanted |= {"proposal-expired", "mentor-not-available", "capacity", "match", "expire"}
    assert wanted <= set(reached), reached
