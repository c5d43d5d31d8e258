"""The rules of credentials, without any storage."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.credentials.claims import Claim, checked_claim
from chalicelib.credentials.days import end_of
from chalicelib.credentials.decisions import (
    DEFAULT_VALIDITY,
    LONGEST_VALIDITY,
    Decision,
    RejectReason,
    validity,
)
from chalicelib.credentials.errors import (
    AlreadyDecided,
    AlreadySubmitted,
    ClaimedByAnother,
    ClaimLapsed,
    ClaimNeeded,
    CredentialWithdrawn,
    HasExpired,
    RevisionNotSeen,
    TooManyOpen,
    WrongState,
)
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.model import LEASE, MOVES, Credential, Lease, Move, Mover, Status, moved
from chalicelib.credentials.person_file import MAX_OPEN, CredentialFile
from chalicelib.credentials.store import decision_data
from chalicelib.credentials.turns import claimed, require_claim, require_seen
from chalicelib.kernel.errors import Invalid

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CLAIM = Claim(
    Kind.LICENCE, "Council", "A 1", "Amina Otieno", "KE", date(2020, 3, 1), expires_on=date(2028, 2, 29)
)


def credential(number: int = 1, **fields: object) -> Credential:
    whole = Credential(f"C{number}", "P", "Amina Otieno", "2212", "O", CLAIM, submitted_at=NOW)
    return replace(whole, **fields)  # type: ignore[arg-type]


def verified(number: int, until: date) -> Credential:
    return credential(number, status=Status.VERIFIED, decision=Decision("R", NOW, until, end_of(until, "KE")))


def held(by: str = "R", **fields: object) -> Credential:
    return credential(status=Status.IN_REVIEW, lease=Lease(by, NOW, NOW + LEASE, 1), **fields)


def pointers(claim: Claim, now: datetime = NOW) -> set[str]:
    try:
        checked_claim(claim, now)
    except Invalid as error:
        return {one.pointer for one in error.errors}
    return set()


def standing_in(status: Status) -> Credential:
    """Return a credential that is in a state at NOW; one that waits was verified before."""
    if status is Status.IN_REVIEW:
        return held(keeps_until=NOW + LEASE)
    if status in (Status.SUBMITTED, Status.MORE_WANTED):
        return credential(status=status, keeps_until=NOW + LEASE)
    if status in (Status.VERIFIED, Status.EXPIRED):
        return verified(1, date(2027, 1, 1) if status is Status.VERIFIED else date(2026, 11, 1))
    if status is Status.WITHDRAWN:
        return replace(verified(1, date(2027, 1, 1)), status=status)
    return credential(status=status)


@pytest.mark.parametrize("move", list(Move))
@pytest.mark.parametrize("status", list(Status))
def test_a_move_starts_only_from_the_states_of_the_table(move: Move, status: Status) -> None:
    before = standing_in(status)
    assert before.status_at(NOW) is status
    if status in MOVES[move].sources:
        after = moved(before, move, NOW)
        assert after.status is (MOVES[move].target or status)
        assert after.lease is None or after.status is Status.IN_REVIEW
    else:
        with pytest.raises((AlreadyDecided, CredentialWithdrawn, WrongState)):
            moved(before, move, NOW)


def test_what_was_withdrawn_is_revoked_only_if_it_was_verified() -> None:
    withdrawn = replace(standing_in(Status.WITHDRAWN), decision=None)
    rejected = replace(withdrawn, decision=Decision("R", NOW, reason=RejectReason.OTHER))
    for one in (withdrawn, rejected):
        with pytest.raises(CredentialWithdrawn):
            moved(one, Move.REVOKE, NOW)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW, Status.MORE_WANTED])
def test_only_what_was_verified_is_revoked(status: Status) -> None:
    with pytest.raises(WrongState, match="nothing of it counts"):
        moved(replace(standing_in(status), keeps_until=None), Move.REVOKE, NOW)


def test_a_reviewer_decides_on_the_wording_that_their_claim_has_shown() -> None:
    one = claimed(credential(revision=3), "R", NOW)
    require_seen(one, None)
    require_seen(one, 3)
    for case, said in ((one, 2), (replace(one, revision=4), None), (replace(one, revision=4), 4)):
        with pytest.raises(RevisionNotSeen):
            require_seen(case, said)
    handed = replace(one, lease=Lease("S", NOW, NOW + LEASE))
    with pytest.raises(RevisionNotSeen):
        require_seen(handed, 3)
    require_seen(claimed(handed, "S", NOW), None)


def test_every_state_is_reached_and_only_the_end_ones_are_never_left() -> None:
    reached = {rule.target for rule in MOVES.values()}
    assert set(Status) <= reached
    left = {source for rule in MOVES.values() for source in rule.sources}
    assert set(Status) - left == {Status.REJECTED, Status.REVOKED}


def test_the_calendar_makes_of_a_stored_state_what_is_never_stored() -> None:
    assert {move for move, rule in MOVES.items() if rule.by is Mover.CALENDAR} == {Move.EXPIRE, Move.LAPSE}
    assert [move for move, rule in MOVES.items() if rule.target is Status.EXPIRED] == [Move.EXPIRE]


def test_a_claim_holds_for_its_time_and_no_longer() -> None:
    one = held()
    last = NOW + LEASE - timedelta(microseconds=1)
    assert (one.status_at(last), one.status_at(NOW + LEASE)) == (Status.IN_REVIEW, Status.SUBMITTED)
    require_claim(one, "R", last)
    with pytest.raises(ClaimLapsed):
        require_claim(one, "R", NOW + LEASE)
    with pytest.raises(ClaimedByAnother):
        require_claim(one, "S", last)
    with pytest.raises(ClaimNeeded):
        require_claim(one, "S", NOW + LEASE)
    with pytest.raises(ClaimNeeded):
        require_claim(credential(), "R", NOW)


def test_a_claim_is_renewed_by_its_holder_and_taken_by_others_once_it_has_lapsed() -> None:
    later = NOW + timedelta(minutes=20)
    renewed = claimed(held(), "R", later)
    assert renewed.lease == Lease("R", NOW, later + LEASE, 1)
    with pytest.raises(ClaimedByAnother):
        claimed(held(), "S", later)
    assert claimed(held(), "S", NOW + LEASE).lease == Lease("S", NOW + LEASE, NOW + 2 * LEASE, 1)


def test_a_verified_credential_counts_to_the_end_of_its_last_day() -> None:
    one = verified(1, date(2027, 6, 30))
    over = datetime(2027, 6, 30, 21, 0, tzinfo=UTC)  # midnight in Kenya
    assert one.verified_until == over
    assert one.status_at(over - timedelta(microseconds=1)) is Status.VERIFIED
    assert one.status_at(over) is Status.EXPIRED


def test_a_decision_from_before_there_were_instants_counts_as_it_did() -> None:
    old = Decision("R", NOW, valid_until=date(2027, 6, 30))
    assert credential(status=Status.VERIFIED, decision=old).verified_until == datetime(2027, 7, 1, tzinfo=UTC)
    assert "counts_until" not in decision_data(old), "or its digest in the trail would no longer fit"


def test_what_was_never_verified_does_not_expire() -> None:
    assert credential().status_at(NOW + timedelta(days=5000)) is Status.SUBMITTED


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"country": "XX"}, "/country"),
        ({"number": ""}, "/number"),
        ({"issued_on": date(2026, 11, 24)}, "/issued_on"),
        ({"issued_on": date(1889, 1, 1)}, "/issued_on"),
        ({"expires_on": date(2020, 3, 1)}, "/expires_on"),
        ({"expires_on": date(2026, 11, 21)}, "/expires_on"),
        ({"expires_on": date(9999, 12, 31)}, "/expires_on"),
    ],
)
def test_what_cannot_be_is_named(changes: dict, pointer: str) -> None:
    assert pointers(CLAIM) == set()
    assert pointers(replace(CLAIM, **changes)) == {pointer}


def test_everything_wrong_is_named_at_once() -> None:
    wrong = replace(CLAIM, country="XX", number="", issued_on=date(2027, 1, 1), expires_on=date(2026, 1, 1))
    assert pointers(wrong) == {"/country", "/number", "/issued_on", "/expires_on"}


def test_a_document_of_today_is_taken_wherever_it_is_today() -> None:
    evening = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)  # the 23rd has begun on Kiritimati
    assert pointers(replace(CLAIM, issued_on=date(2026, 11, 23)), evening) == set()
    assert pointers(replace(CLAIM, issued_on=date(2026, 11, 23)), evening - timedelta(seconds=1)) == {
        "/issued_on"
    }


def test_a_degree_needs_no_number_and_no_end() -> None:
    assert pointers(replace(CLAIM, kind=Kind.DEGREE, number="", expires_on=None)) == set()


def test_countries_are_kept_in_one_spelling() -> None:
    assert checked_claim(replace(CLAIM, country="ken"), NOW).country == "KE"


def test_by_default_it_counts_as_long_as_the_document() -> None:
    assert validity(CLAIM, None, NOW) == date(2028, 2, 29)


def test_a_document_without_an_end_counts_a_year_from_the_decision() -> None:
    assert validity(replace(CLAIM, expires_on=None), None, NOW) == NOW.date() + DEFAULT_VALIDITY


@pytest.mark.parametrize("wanted", [date(2026, 11, 21), date(2028, 3, 1), date(9999, 12, 31)])
def test_a_reviewer_names_a_day_between_now_and_the_documents_own(wanted: date) -> None:
    with pytest.raises(Invalid) as refused:
        validity(CLAIM, wanted, NOW)
    assert refused.value.errors[0].pointer == "/valid_until"


def test_an_organisation_looks_at_a_kind_again_after_its_months() -> None:
    assert validity(CLAIM, None, NOW, 6) == date(2027, 5, 22)
    assert validity(CLAIM, date(2027, 5, 22), NOW, 6) == date(2027, 5, 22)
    assert validity(CLAIM, None, NOW, 120) == date(2028, 2, 29), "the document's own comes first"
    assert validity(replace(CLAIM, expires_on=None), None, NOW, 6) == date(2027, 5, 22)
    assert validity(replace(CLAIM, expires_on=None), None, NOW, 24) == NOW.date() + DEFAULT_VALIDITY
    with pytest.raises(Invalid) as refused:
        validity(CLAIM, date(2027, 5, 23), NOW, 6)
    assert refused.value.errors[0].pointer == "/valid_until"
    evening = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)  # the 23rd has begun in Kenya
    assert validity(CLAIM, None, evening, 6) == date(2027, 5, 23)


def test_no_document_is_verified_for_more_than_ten_years() -> None:
    endless = replace(CLAIM, expires_on=None)
    assert validity(endless, NOW.date() + LONGEST_VALIDITY, NOW)
    with pytest.raises(Invalid):
        validity(endless, NOW.date() + LONGEST_VALIDITY + timedelta(days=1), NOW)


def test_what_expired_while_it_waited_is_not_verified() -> None:
    validity(CLAIM, None, end_of(date(2028, 2, 29), "KE") - timedelta(seconds=1))
    with pytest.raises(HasExpired):
        validity(CLAIM, None, end_of(date(2028, 2, 29), "KE"))


def test_the_same_claim_in_other_letters_is_the_same() -> None:
    other = replace(CLAIM, authority=" council", number="a1", name_on_document="A. Otieno")
    assert other.fingerprint == CLAIM.fingerprint
    assert replace(CLAIM, number="A 2").fingerprint != CLAIM.fingerprint
    file = CredentialFile("P").after(credential(1))
    with pytest.raises(AlreadySubmitted):
        file.after(credential(2, claim=other))


def test_a_decided_claim_may_be_submitted_again() -> None:
    file = CredentialFile("P").after(credential(1))
    file = file.after(credential(1, status=Status.REJECTED))
    assert set(file.after(credential(2)).open) == {"C2"}


def test_so_many_may_wait_and_no_more() -> None:
    file = CredentialFile("P")
    for n in range(MAX_OPEN):
        file = file.after(credential(n, claim=replace(CLAIM, number=str(n))))
    with pytest.raises(TooManyOpen):
        file.after(credential(99, claim=replace(CLAIM, number="99")))


@given(st.lists(st.dates(date(2027, 1, 1), date(2040, 1, 1)), max_size=6))
def test_standing_is_the_latest_of_all_verified(days: list[date]) -> None:
    file = CredentialFile("P")
    for n, day in enumerate(days):
        file = file.after(verified(n, day))
    assert file.verified_until == (end_of(max(days), "KE") if days else None)


def test_waiting_is_counted_until_the_decision() -> None:
    assert credential().waiting(NOW + timedelta(hours=30)) == timedelta(hours=30)
    assert verified(1, date(2027, 1, 1)).waiting(NOW + timedelta(hours=30)) is None
