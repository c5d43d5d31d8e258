"""Whoever moves a mentorship, in whatever order: no state that is none, and every place is given back exactly once."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chalicelib.credentials.kinds import Loss
from chalicelib.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from chalicelib.kernel.pages import PageRequest
from chalicelib.mentorships import (
    answering,
    coordinating,
    ending,
    moving,
    renewing,
    running_store,
    service,
    store,
)
from chalicelib.mentorships.endings import after_time
from chalicelib.mentorships.jobs import expire_proposals, look_at_mentorships
from chalicelib.mentorships.model import DeclineReason, PairStanding, ProposalStatus
from chalicelib.mentorships.running import (
    CloseReason,
    HoldReason,
    Mentorship,
    MentorshipStatus,
    PairReason,
)
from chalicelib.people import store as people_store
from chalicelib.people.model import Standing
from chalicelib.platform import tables
from chalicelib.programmes import store as programmes_store
from tests.mentorships.pairs import agree
from tests.mentorships.scene import Scene, fire, make_scene
from tests.mentorships.state import State
from tests.support.world import World

MENTORS, MENTEES = 3, 2
WHICH, WHO = st.integers(0, 2), st.sampled_from(["mentee", "mentor", "coordinator", "stranger"])
STEP = st.one_of(
    st.tuples(st.sampled_from(["sign", "more time", "less time"]), WHICH, WHO),
    st.tuples(st.sampled_from(["end", "end at once", "hold", "resume", "close", "extend"]), WHICH, WHO),
    st.tuples(st.just("reassign"), WHICH, WHO, st.integers(0, MENTORS - 1)),
    st.tuples(st.just("rematch"), WHICH, WHO, st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from([1, 15, 40, 120])),
    st.tuples(st.sampled_from(["look", "match", "expire"])),
    st.tuples(st.just("stands"), st.integers(0, MENTORS - 1), st.sampled_from(["revoked", "verified"])),
    st.tuples(st.just("answers"), st.integers(0, MENTORS + MENTEES - 1), st.booleans()),
)


# fmt: off
REFUSED_AND_REASSIGNED = [
    ("sign", 0, "mentee"), ("sign", 1, "mentee"), ("sign", 2, "mentee"), ("end", 0, "mentor"), ("stands", 1, "revoked"),
    ("wait", 15), ("reassign", 2, "coordinator", 2), ("look",), ("resume", 1, "coordinator"),
    ("close", 1, "coordinator"), ("end at once", 0, "mentee"), ("match",),
]
LONGER_AND_OVER = [
    ("sign", 0, "mentor"), ("more time", 0, "mentee"), ("more time", 0, "mentor"), ("hold", 1, "coordinator"),
    ("rematch", 1, "mentee", False), ("wait", 120), ("end", 1, "mentor"), ("look",), ("wait", 40),
    ("close", 0, "coordinator"), ("look",), ("rematch", 1, "mentee", False), ("match",), ("rematch", 1, "mentee", True),
]
REASSIGNED_AND_AT_ONCE = [
    ("reassign", 1, "coordinator", 2), ("answers", 2, True), ("answers", 3, True), ("sign", 2, "mentee"),
    ("end", 2, "mentee"), ("end at once", 2, "mentor"), ("close", 2, "mentor"), ("wait", 15),
    ("extend", 0, "coordinator"), ("less time", 0, "mentor"), ("expire",),
]
# fmt: on


def crowd(world: World) -> Scene:
    """Three mentors of two places, two mentees of two, and three mentorships of three months."""
    scene = make_scene(world, mentee_places=2, mentorship_months=3)
    for _ in range(MENTORS):
        scene.mentor(capacity=2)
    for _ in range(MENTEES):
        scene.mentee()
    for mentee, mentor in ((0, 0), (0, 1), (1, 1)):
        world.pass_time(seconds=1)  # by which they are sorted
        agree(scene, scene.mentees[mentee], scene.mentors[mentor])
    return scene


def all_of(scene: Scene) -> list[Mentorship]:
    """Return every mentorship, oldest first, each from its three rows."""
    found: dict[str, list[Mentorship]] = {}
    for person in (*scene.mentees, *scene.mentors):
        for one in running_store.all_mentorships_of(person):
            found.setdefault(one.id, []).append(one)
    for id_, copies in found.items():
        row = tables.get(*running_store.mentorship_key(id_))
        assert row is not None
        assert [running_store.mentorship_of(row)] * 2 == copies, "its copies say the same"
    return [copies[0] for _, copies in sorted(found.items())]


def take(scene: Scene, step: tuple[Any, ...]) -> None:
    world = scene.world
    world.pass_time(seconds=1)
    match step:
        case ("wait", days):
            world.pass_time(days=days)
        case ("look",):
            fire(look_at_mentorships)
        case ("match",):
            scene.match()
        case ("expire",):
            fire(expire_proposals)
        case ("stands", n, "verified"):
            until = world.at + timedelta(days=200)
            world.write(people_store.set_standing(scene.mentors[n], Standing(until), world.at))
            renewing.verification_renewed(world.call("job:follow_up"), scene.mentors[n])
        case ("stands", n, _):
            world.write(people_store.set_standing(scene.mentors[n], Standing(), world.at))
            why = renewing.Why(Loss.REFUSED, world.at)
            service.close_proposals_of_unverified(world.call("job:follow_up"), scene.mentors[n])
            renewing.verification_ended(world.call("job:follow_up"), scene.mentors[n], why, None)
        case ("answers", n, yes):
            person = [*scene.mentors, *scene.mentees][n]
            found = [one for one in store.all_proposals_of(person) if one.status is ProposalStatus.OPEN]
            if found and yes:
                answering.accept(world.call(person), found[0].id)
            elif found:
                answering.decline(world.call(person), found[0].id, DeclineReason.NO_TIME, "")
        case (what, which, who, *more):
            move(scene, what, all_of(scene)[which], who, *more)


def move(scene: Scene, what: str, one: Mentorship, who: str, *more: Any) -> None:
    persons = {
        "mentee": one.mentee.person_id,
        "mentor": one.mentor.person_id,
        "coordinator": scene.coordinator,
    }
    # A stranger is one of another pair, whoever that is.
    others = [person for person in scene.mentees if person != one.mentee.person_id]
    call = scene.world.call(persons.get(who) or others[0])
    later = (one.ends_on or date(2027, 1, 1)) + timedelta(days=60)
    match what:
        case "sign":
            scene.world.write(*(moving.agreed(call, one) or [running_store.check_unmoved(one)]))
        case "more time":
            ending.ask_longer(call, one.id, later)
        case "less time":
            ending.decline_longer(call, one.id)
        case "end":
            ending.end(call, one.id, PairReason.NO_TIME)
        case "end at once":
            ending.end(call, one.id, PairReason.NOT_THE_RIGHT_FIT, "A word.", conversation=False)
        case "hold":
            coordinating.pause(call, one.id, HoldReason.CONCERN)
        case "resume":
            renewing.resume(call, one.id)
        case "close":
            coordinating.close(call, one.id, CloseReason.OTHER)
        case "extend":
            coordinating.extend(call, one.id, later)
        case "reassign":
            coordinating.reassign(call, one.id, scene.mentors[more[0]])
        case _:
            ending.want_rematch(call, one.id, wanted=more[0])


def is_late(mentorships: Iterable[Mentorship], now: datetime) -> bool:
    """Tell whether the clock has brought about what nobody has written down yet."""
    return any(
        after_time(one, now) is not None or one.status_at(now) is not one.status for one in mentorships
    )


def check(scene: Scene, before: dict[str, Mentorship]) -> dict[str, Mentorship]:
    now, mentorships = scene.world.at, all_of(scene)
    taken: Counter[str] = Counter()
    open_pairs = set()
    for person in (*scene.mentees, *scene.mentors):
        for own in service.my_proposals(scene.world.call(person), PageRequest(100)).items:
            if own.proposal.status is ProposalStatus.OPEN:
                taken[person] += 1
                open_pairs.add((own.proposal.mentee.person_id, own.proposal.mentor.person_id))
    for one in mentorships:
        if not one.is_closed:
            taken.update((one.mentee.person_id, one.mentor.person_id))
        earlier = before.get(one.id)
        if earlier is not None and earlier.is_closed:
            assert one == earlier, "what is over stays as it is"
        due = tables.get(*running_store.look_key(one.id))
        assert (due is None) <= (one.is_closed or one.ends_on is None), "the look finds it at last"
        assert one.status_at(now) in MentorshipStatus
    for enrolment in programmes_store.all_enrolments_in(scene.programme):
        assert 0 <= enrolment.free <= enrolment.capacity
        assert enrolment.capacity - enrolment.free == taken[enrolment.person_id], "each place counts once"
    standing: dict[PairStanding, set[tuple[str, str]]] = {one: set() for one in PairStanding}
    for pair in store.pairs_in(scene.programme):
        standing[pair.standing].add((pair.mentee_id, pair.mentor_id))
    for status, expected in ((PairStanding.MENTORED, False), (PairStanding.ENDED, True)):
        theirs = {(m.mentee.person_id, m.mentor.person_id) for m in mentorships if m.is_closed is expected}
        assert standing[status] == theirs
    assert standing[PairStanding.OPEN] == open_pairs
    return {one.id: one for one in mentorships}


def test_places_are_given_back_exactly_once_whoever_moves_what(world: World) -> None:
    scene = crowd(world)
    start, at = State(), world.at
    reached: Counter[str] = Counter()

    @settings(
        max_examples=4,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEP, min_size=5, max_size=8))
    @example(REFUSED_AND_REASSIGNED)
    @example(LONGER_AND_OVER)
    @example(REASSIGNED_AND_AT_ONCE)
    def holds(steps: list[tuple[Any, ...]]) -> None:
        start.put_back()
        world.at = at
        known = check(scene, {})
        for step in steps:
            before = State()
            late = is_late(known.values(), world.at + timedelta(seconds=1))
            code = refusal(scene, step)
            if code is not None and not late:
                assert State().told() == before.told(), "a refusal writes nothing"
            reached[code or str(step[0])] += 1
            known = check(scene, known)
            reached.update(one.status.value for one in known.values())

    holds()
    # What the examples must have been through for the property to say anything.
    wanted = {one.value for one in MentorshipStatus} | {"mentorship-over", "not-found", "still-under-way"}
    wanted |= {"end", "end at once", "hold", "close", "reassign", "extend", "more time", "rematch", "look"}
    assert wanted <= set(reached), reached


def refusal(scene: Scene, step: tuple[Any, ...]) -> str | None:
    """Take a step; return why it was refused, if it was."""
    try:
        take(scene, step)
    except (Conflict, Forbidden, Invalid, NotFound) as refused:
        found: DomainError = refused
        return found.code
    return None
