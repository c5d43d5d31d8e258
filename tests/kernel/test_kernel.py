"""Identifiers, instants, cursors and calls."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.call import Actor, Call, require_version
from chalicelib.kernel.clock import from_text, to_text
from chalicelib.kernel.errors import Invalid, StaleVersion, Unauthenticated
from chalicelib.kernel.ids import derived_id, is_id, new_id
from chalicelib.kernel.pages import PageRequest, cursor_of

instants = st.integers(946_684_800_000_000, 7_258_118_400_000_000).map(
    lambda microseconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
)


@given(instants, instants)
def test_identifiers_sort_by_time(one: datetime, other: datetime) -> None:
    first, second = new_id(one), new_id(other)
    assert is_id(first)
    milliseconds = [int(instant.timestamp() * 1000) for instant in (one, other)]
    if milliseconds[0] != milliseconds[1]:
        assert (first < second) == (milliseconds[0] < milliseconds[1])


def test_identifiers_differ_and_derived_ones_do_not() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert len({new_id(now) for _ in range(1000)}) == 1000
    assert derived_id(now, b"0123456789") == derived_id(now, b"0123456789") != derived_id(now, b"0123456780")
    with pytest.raises(ValueError, match="10 bytes"):
        derived_id(now, b"short")


@pytest.mark.parametrize(
    "text", ["", "01", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01JCZ0M3V5R8W1T2Y4X6Z8B0I2", "a" * 26]
)
def test_what_is_no_identifier(text: str) -> None:
    assert not is_id(text)


@given(instants, instants)
def test_instants_as_text_sort_and_round_trip(one: datetime, other: datetime) -> None:
    assert from_text(to_text(one)) == one
    assert (to_text(one) < to_text(other)) == (one < other)


def test_an_instant_is_written_in_utc_and_never_naive() -> None:
    nairobi = timezone(timedelta(hours=3))
    assert to_text(datetime(2026, 1, 1, 2, tzinfo=nairobi)) == "2025-12-31T23:00:00.000000Z"
    with pytest.raises(ValueError, match="zone"):
        to_text(datetime(2026, 1, 1))  # noqa: DTZ001 - what is to be refused


@given(st.text(min_size=1, max_size=50), st.text(min_size=1, max_size=50))
def test_a_cursor_round_trips(pk: str, sk: str) -> None:
    assert PageRequest(cursor=cursor_of(pk=pk, sk=sk)).position("pk", "sk") == {"pk": pk, "sk": sk}


@given(st.text(max_size=80))
def test_a_cursor_of_elsewhere_is_refused_and_never_breaks(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        PageRequest(cursor=text).position("a name of no list")
    assert refusal.value.errors[0].pointer == "/cursor"


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(Invalid):
        PageRequest(cursor=cursor_of(pk="a")).position("sk")


def test_a_call_knows_its_actor_and_version() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert Call(now, Actor("job:nightly_match")).actor_id == "job:nightly_match"
    with pytest.raises(Unauthenticated):
        _ = Call(now).actor_id
    require_version(Call(now), 3)
    require_version(Call(now, if_match=3), 3)
    with pytest.raises(StaleVersion):
        require_version(Call(now, if_match=2), 3)
