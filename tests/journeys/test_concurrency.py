"""Places are never exceeded and nobody is in two, whatever runs at once: many clients on the emulator's DynamoDB."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.pages import PageRequest
from chalicelib.mentorships import answering, asking, coordinating, ending, moving
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.model import DeclineReason, ProposalStatus
from chalicelib.mentorships.running import CloseReason, HoldReason, Mentorship, PairReason, SeenMentorship
from chalicelib.organisations import service as organisations
from chalicelib.organisations import store as organisations_store
from chalicelib.organisations.model import Membership, Organisation, Rights, StaffRole
from chalicelib.platform import tables
from chalicelib.programmes import service as programmes
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import Enrolment, Programme, Side
from tests.journeys.crowd import Gauge, all_at_once, call
from tests.journeys.rows import a_programme, enrolled, person, write
from tests.support.world import MENTEE_PROFILE, MENTOR_PROFILE

WIDTH = 64
SEEDS = range(6)
TAKEN = (ProposalStatus.OPEN, ProposalStatus.AGREED)


def asking_task(programme: Programme, mentee: str, mentor: str) -> Callable[[], Any]:
    return lambda: asking.ask(call(mentee), programme.id, mentor, "")


def accepting(who: str, proposal_id: str) -> Any:
    return answering.accept(call(who), proposal_id)


def declining(who: str, proposal_id: str) -> Any:
    return answering.decline(call(who), proposal_id, DeclineReason.NO_TIME, "")


def withdrawing(who: str, proposal_id: str) -> Any:
    return answering.withdraw(call(who), proposal_id)


def proposals_of(person_id: str) -> list[Any]:
    return [own.proposal for own in mentorships.my_proposals(call(person_id), PageRequest(100)).items]


def free_places(programme: Programme, side: Side, person_id: str) -> Enrolment:
    row = tables.get(*programmes.enrolment_key(programme.id, side, person_id))
    return programmes.enrolment_of(row)


@pytest.mark.usefixtures("emulator")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_crowd_asks_answers_and_no_place_is_given_twice(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed to repeat a failure by
    programme = a_programme()
    capacities = [chance.randint(1, 4) for _ in range(3)]
    mentors = [
        enrolled(programme, person(MENTOR_PROFILE, verified=True), Side.MENTOR, capacity)
        for capacity in capacities
    ]
    with ThreadPoolExecutor(16) as pool:
        mentees = list(
            pool.map(lambda _: enrolled(programme, person(MENTEE_PROFILE), Side.MENTEE, 1), range(WIDTH // 2))
        )
    gauge = Gauge()
    # Each mentee asks twice at the same time: another mentor, or the same.
    asked = all_at_once(gauge, [asking_task(programme, one, chance.choice(mentors)) for one in mentees * 2])
    assert gauge.widest >= WIDTH // 2, "the clients were not at once"
    made = [own.proposal for own in asked if not isinstance(own, DomainError)]
    given = Counter(proposal.mentor.person_id for proposal in made)
    assert all(given[mentor] <= capacity for mentor, capacity in zip(mentors, capacities, strict=True))
    assert max(Counter(proposal.mentee.person_id for proposal in made).values()) == 1

    answers: list[Callable[[], Any]] = []
    for proposal in made:
        mentee, mentor = proposal.mentee.person_id, proposal.mentor.person_id
        ways = [
            partial(accepting, mentor, proposal.id),
            partial(declining, mentor, proposal.id),
            partial(withdrawing, mentee, proposal.id),
        ]
        answers += [chance.choice(ways) for _ in range(4)]
    others = [mentee for mentee in mentees if mentee not in {p.mentee.person_id for p in made}]
    answers += [asking_task(programme, mentee, chance.choice(mentors)) for mentee in others]
    all_at_once(Gauge(), answers[:WIDTH])

    for side, people in ((Side.MENTOR, mentors), (Side.MENTEE, mentees)):
        for one in people:
            place = free_places(programme, side, one)
            taken = [proposal for proposal in proposals_of(one) if proposal.status in TAKEN]
            assert place.capacity - place.free == len(taken) <= place.capacity


@pytest.mark.usefixtures("emulator")
def test_one_place_more_is_given_without_the_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: with the condition taken out of the write, a crowd gets more than there is."""
    programme = a_programme()
    mentor = enrolled(programme, person(MENTOR_PROFILE, verified=True), Side.MENTOR, 2)
    row: Any = programmes_store.EnrolmentRow

    def unconditional(programme: Programme, side: Side, person_id: str, now: Any) -> tables.Write:
        return tables.update(
            *programmes_store.enrolment_key(programme.id, side, person_id), [row.free.add(-1)],
            condition=row.pk.exists(), now="2026-11-22T00:00:00.000000Z", conflict=DomainError("never"),
        )  # fmt: skip

    def take() -> None:
        write(programmes.hold_place(programme, Side.MENTOR, mentor, system_clock()))

    all_at_once(Gauge(), [take] * WIDTH)
    assert free_places(programme, Side.MENTOR, mentor).free == 0
    monkeypatch.setattr(programmes_store, "hold_place", unconditional)
    all_at_once(Gauge(), [take] * WIDTH)
    assert free_places(programme, Side.MENTOR, mentor).free < 0


def coordinator_of(programme: Programme) -> str:
    staff = person({})
    rights = Rights(staff, False, {programme.organisation_id: frozenset({StaffRole.COORDINATOR})})
    write(organisations_store.put_rights(rights, system_clock()))
    return staff


def paired(programme: Programme, mentor: str) -> Mentorship:
    """Have a mentee and a mentor agree."""
    mentee = enrolled(programme, person(MENTEE_PROFILE), Side.MENTEE, 1)
    asked = asking.ask(call(mentee), programme.id, mentor, "")
    agreed = answering.accept(call(mentor), asked.proposal.id).proposal
    found = mentorships.mentorship_for(mentee, str(agreed.mentorship_id))
    assert found is not None
    return found


@pytest.mark.usefixtures("emulator")
def test_a_crowd_ends_mentorships_and_each_gives_its_places_back_once() -> None:
    """Both of each pair, two coordinators and a signature at the same moment: one ends it, once."""
    programme = a_programme()
    coordinators = [coordinator_of(programme) for _ in range(2)]
    mentors = [enrolled(programme, person(MENTOR_PROFILE, verified=True), Side.MENTOR, 4) for _ in range(2)]
    pairs = [paired(programme, mentors[n % 2]) for n in range(8)]
    tasks: list[Callable[[], Any]] = []
    for one in pairs:
        for who in (one.mentee.person_id, one.mentor.person_id):
            for reason in (PairReason.NO_TIME, PairReason.NOT_THE_RIGHT_FIT):
                tasks.append(partial(ending.end, call(who), one.id, reason, conversation=False))
        tasks += [partial(coordinating.close, call(who), one.id, CloseReason.OTHER) for who in coordinators]
        tasks.append(lambda one=one: write(*moving.agreed(call(one.mentee.person_id), one)))
        tasks.append(partial(coordinating.pause, call(coordinators[0]), one.id, HoldReason.OTHER))
    gauge = Gauge()
    assert len(tasks) == WIDTH
    random.Random(0).shuffle(tasks)  # noqa: S311 - so that no pair's come together
    answers = all_at_once(gauge, tasks)
    assert gauge.widest == WIDTH
    closed = Counter(
        one.mentorship.id for one in answers if isinstance(one, SeenMentorship) and one.mentorship.is_closed
    )
    left = [one for one in pairs if one.id not in closed]
    for one in left:  # all who tried gave way to others three times
        coordinating.close(call(coordinators[1]), one.id, CloseReason.OTHER)
    assert all(times == 1 for times in closed.values())
    assert len(left) < len(pairs)
    for one in pairs:
        seen = mentorships.mentorship_for(one.mentor.person_id, one.id)
        assert seen is not None
        assert seen.is_closed
        assert free_places(programme, Side.MENTEE, one.mentee.person_id).free == 1
    assert [free_places(programme, Side.MENTOR, one).free for one in mentors] == [4, 4]


@pytest.mark.usefixtures("emulator")
def test_a_mentee_who_enrolled_before_has_exactly_the_places_of_now() -> None:
    """Enrolled with one place, in a programme that gives three by now: a crowd takes three, and two given back."""
    programme = replace(a_programme(), mentee_places=3)
    mentee = enrolled(programme, person(MENTEE_PROFILE), Side.MENTEE, 1)

    def take() -> bool:
        write(programmes.hold_place(programme, Side.MENTEE, mentee, system_clock()))
        return True

    gauge = Gauge()
    assert all_at_once(gauge, [take] * WIDTH).count(True) == 3
    assert gauge.widest > 1
    assert free_places(programme, Side.MENTEE, mentee).under(programme).free == 0
    for _ in range(2):
        write(programmes.release_place(programme.id, Side.MENTEE, mentee, system_clock()))
    assert all_at_once(gauge, [take] * WIDTH).count(True) == 2


@pytest.mark.usefixtures("emulator")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_crowd_of_coordinators_leaves_and_the_organisation_keeps_one(seed: int) -> None:
    organisation = new_id(system_clock())
    staff = [person({}) for _ in range(12)]
    roles = frozenset({StaffRole.COORDINATOR})
    now = system_clock()
    write(
        organisations_store.put_organisation(Organisation(organisation, "Crowded", "KE"), now),
        *(organisations_store.put_rights(Rights(one, False, {organisation: roles}), now) for one in staff),
        *(organisations_store.put_member(Membership(organisation, one, roles), now) for one in staff),
    )
    chance = random.Random(seed)  # noqa: S311 - a seed to repeat a failure by
    # Each goes, or takes somebody else's role first.
    who = [(one, one if chance.random() < 0.7 else chance.choice(staff)) for one in staff]
    gauge = Gauge()
    all_at_once(
        gauge,
        [partial(organisations.set_member, call(by), organisation, gone, frozenset()) for by, gone in who],
    )
    assert gauge.widest > len(staff) // 2
    stays = organisations_store.list_members(organisation, PageRequest(100)).items
    assert 1 <= len(stays) < len(staff)
    for one in stays:
        assert organisations_store.get_rights(one.person_id).has(organisation, StaffRole.COORDINATOR)
