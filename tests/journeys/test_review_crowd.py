"""Reviewers who claim and decide at once, on the emulator's DynamoDB: no case is two people's."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.credentials import claiming, queue, queue_store, review, service
from chalicelib.credentials.audit import faults_of
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.errors import NothingToClaim
from chalicelib.credentials.evidence import service as evidence
from chalicelib.credentials.evidence.errors import TooMuchEvidence
from chalicelib.credentials.evidence.findings import EvidenceType
from chalicelib.credentials.evidence.model import MAX_FILES
from chalicelib.credentials.evidence.service import Wish
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.model import Seen
from chalicelib.credentials.queue_model import Filter, Listed, partition
from chalicelib.kernel.clock import system_clock, to_text
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.pages import PageRequest
from chalicelib.organisations import store as organisations_store
from chalicelib.organisations.model import Membership, Organisation, Rights, StaffRole
from chalicelib.platform import aws, tables
from tests.credentials.answers import all_yes
from tests.journeys.crowd import Gauge, all_at_once, call
from tests.journeys.rows import person, write
from tests.support.world import MENTOR_PROFILE

REVIEWERS = 32
MANY = 10_000
"""Places of some 250 bytes: more than twice what one query reads, a megabyte."""


def office(reviewers: int = REVIEWERS) -> tuple[str, list[str]]:
    """Return an organisation with its reviewers."""
    now, organisation = system_clock(), new_id(system_clock())
    write(organisations_store.put_organisation(Organisation(organisation, "Crowded", "KE"), now))
    staff, roles = [person({}) for _ in range(reviewers)], frozenset({StaffRole.REVIEWER})
    for one in staff:
        write(
            organisations_store.put_rights(Rights(one, False, {organisation: roles}), now),
            organisations_store.put_member(Membership(organisation, one, roles), now),
        )
    return organisation, staff


def waiting(organisation: str, count: int) -> list[str]:
    """Have cases wait, each of another person; return their ids, oldest first."""
    found = []
    for n in range(count):
        claim = Claim(
            Kind.LICENCE, "Council", f"A {n}", "Person Crowd", "KE", date(2020, 3, 1), date(2031, 3, 1)
        )
        found.append(service.submit(call(person(MENTOR_PROFILE)), claim, organisation).credential.id)
    return found


def taken(answers: list[Any]) -> list[Seen]:
    return [one for one in answers if not isinstance(one, DomainError)]


@pytest.mark.usefixtures("emulator")
def test_no_case_is_claimed_by_two_of_thirty_two() -> None:
    organisation, staff = office()
    cases = waiting(organisation, REVIEWERS + 8)
    gauge = Gauge()
    answers = all_at_once(
        gauge, [partial(claiming.claim_next, call(one), organisation, Filter()) for one in staff]
    )
    assert gauge.widest == REVIEWERS, "the reviewers were not at once"
    claimed = [one.seen.credential.id for one in taken(answers)]
    assert len(claimed) == REVIEWERS, [one for one in answers if isinstance(one, DomainError)]
    assert max(Counter(claimed).values()) == 1
    assert set(claimed) <= set(cases)
    for answer, reviewer in zip(answers, staff, strict=True):
        case = service.get_credential(answer.seen.credential.id)
        assert case is not None
        assert case.lease is not None
        assert case.lease.by == reviewer


@pytest.mark.usefixtures("emulator")
def test_more_reviewers_than_cases_share_none() -> None:
    organisation, staff = office()
    cases = waiting(organisation, 5)
    gauge = Gauge()
    answers = all_at_once(
        gauge, [partial(claiming.claim_next, call(one), organisation, Filter()) for one in staff]
    )
    assert gauge.widest == REVIEWERS
    assert sorted(one.seen.credential.id for one in taken(answers)) == sorted(cases)
    refused = [one for one in answers if isinstance(one, DomainError)]
    assert {type(one) for one in refused} == {NothingToClaim}


@pytest.mark.usefixtures("emulator")
def test_thirty_two_decisions_at_once_are_all_counted_and_every_trail_is_whole() -> None:
    organisation, staff = office()
    cases = waiting(organisation, REVIEWERS)
    for case, reviewer in zip(cases, staff, strict=True):
        claiming.claim(call(reviewer), case)
    gauge = Gauge()
    answers = all_at_once(
        gauge,
        [
            partial(review.verify, call(reviewer), case, None, all_yes(case))
            for case, reviewer in zip(cases, staff, strict=True)
        ],
    )
    assert gauge.widest == REVIEWERS
    assert len(taken(answers)) == REVIEWERS, [one for one in answers if isinstance(one, DomainError)]
    counts = queue.counts(call(staff[0]), organisation)
    assert counts.by_list[Listed.VERIFIED] == REVIEWERS
    assert counts.by_list[Listed.SUBMITTED] == 0
    assert counts.longest is None
    assert [faults_of(case) for case in cases] == [[]] * REVIEWERS


@pytest.mark.usefixtures("emulator")
def test_one_case_is_decided_once_while_everybody_tries_everything() -> None:
    organisation, staff = office()
    (case,) = waiting(organisation, 1)
    owner = service.get_credential(case)
    assert owner is not None
    tasks = [partial(claiming.claim, call(one), case) for one in staff[:16]]
    tasks += [partial(review.look, call(one), case) for one in staff[16:24]]
    gauge = Gauge()
    answers = all_at_once(gauge, [*tasks, partial(service.withdraw, call(owner.person_id), case)])
    assert gauge.widest == len(tasks) + 1
    assert not isinstance(answers[-1], DomainError), "a crowd keeps nobody from withdrawing"
    assert not [one for one in answers[16:] if isinstance(one, DomainError)], "nor from looking"
    assert faults_of(case) == []
    left = service.get_credential(case)
    assert left is not None
    assert left.status.value == "withdrawn"
    assert left.lease is None


@pytest.mark.usefixtures("emulator")
def test_thirty_two_files_at_once_are_as_many_as_there_may_be() -> None:
    organisation, _ = office(1)
    owner = person(MENTOR_PROFILE)
    claim = Claim(Kind.LICENCE, "Council", "A 1", "Person Crowd", "KE", date(2020, 3, 1), date(2031, 3, 1))
    case = service.submit(call(owner), claim, organisation, draft=True).credential.id
    wish, gauge = Wish("licence.pdf", EvidenceType.PDF), Gauge()
    answers = all_at_once(gauge, [partial(evidence.announce, call(owner), case, wish)] * REVIEWERS)
    assert gauge.widest == REVIEWERS
    refused = [one for one in answers if isinstance(one, DomainError)]
    assert {type(one) for one in refused} == {TooMuchEvidence}
    assert len(refused) == REVIEWERS - MAX_FILES
    assert len(evidence.my_evidence(call(owner), case)) == MAX_FILES
    assert faults_of(case) == []


@pytest.mark.usefixtures("emulator")
def test_a_page_of_ten_thousand_is_one_query(monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, staff = office(1)
    (first,) = waiting(organisation, 1)
    made: list[str] = []
    plain = tables._dispatch

    def counting(operation: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        made.append(operation)
        return plain(operation, kwargs)

    costs = []
    for more in (9, MANY):
        fill(organisation, more)
        made.clear()
        with monkeypatch.context() as counted:
            counted.setattr(tables, "_dispatch", counting)
            page = queue.page(call(staff[0]), organisation, Listed.SUBMITTED, Filter(), PageRequest(25))
        assert page.items[0].credential.id == first
        assert page.next is not None or more < 25
        costs.append(list(made))
    assert costs[0] == costs[1] == ["GetItem", "Query", "BatchGetItem", "BatchGetItem"]


def fill(organisation: str, count: int) -> None:
    """Put places into the queue's unfiltered list: rows as the moves write them, of cases that are not there."""
    at, table = system_clock(), queue_store.EntryRow.table_name()
    pk = partition(organisation, Listed.SUBMITTED, Filter())
    places = [f"{to_text(at + timedelta(milliseconds=n))}#{new_id(at)}" for n in range(count)]

    def put(start: int) -> None:
        rows = (
            queue_store.EntryRow(pk, sk, **tables.stamps(to_text(at))) for sk in places[start : start + 25]
        )
        puts = [{"PutRequest": {"Item": tables.put_entry(row).request()["Item"]}} for row in rows]
        aws.client("dynamodb").batch_write_item(RequestItems={table: puts})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(0, count, 25)))
