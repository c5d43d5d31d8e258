"""What a reviewer saw of a register: what is taken, and what it comes to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.credentials.registries.manual import AHEAD, OLDEST, SEEN_DOWN, ManualCheck, answer, checked
from chalicelib.credentials.registries.model import Asked, Outcome, State
from chalicelib.kernel.errors import Invalid

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SEEN = ManualCheck(
    "https://register.example.org/entry?no=104233", NOW - timedelta(minutes=3), Outcome.FOUND, "OTIENO AMINA",
    "Retained", State.CURRENT, "01M4ZTNJM01QX40DC05VFRS2A1",
)  # fmt: skip
NOWHERE = replace(SEEN, outcome=Outcome.NOT_FOUND, name=None, status=None, state=State.UNKNOWN)
ASKED = Asked("104233", "Amina Otieno", "KE")


def refused(**changes: Any) -> list[str]:
    with pytest.raises(Invalid) as caught:
        checked(replace(SEEN, **changes), NOW)
    return [one.pointer for one in caught.value.errors]


def test_what_was_seen_is_compared_as_other_sources_are() -> None:
    seen = answer(checked(SEEN, NOW), ASKED)
    assert seen.outcome is Outcome.FOUND
    assert seen.entry is not None
    assert (seen.entry.status, seen.entry.state, seen.as_of) == ("Retained", State.CURRENT, NOW.date())
    assert seen.comparison is not None
    assert seen.comparison.score == 100


def test_an_entry_that_is_not_there_and_a_register_that_is_down() -> None:
    assert answer(checked(NOWHERE, NOW), ASKED).outcome is Outcome.NOT_FOUND
    down = answer(checked(replace(NOWHERE, outcome=Outcome.UNAVAILABLE), NOW), ASKED)
    assert (down.outcome, down.reason) == (Outcome.UNAVAILABLE, SEEN_DOWN)


@pytest.mark.parametrize(
    "address",
    [
        "http://register.example.org/", "https://", "register.example.org", "https://a@b.example/", "javascript:x",
        "https://a b.example/", "https://a.example/\n", "https://[", "https://a.example:x/", "https://a.example\\b",
        "https://a.example/" + "x" * 2_000, "", "https://a.example/\u202e",
    ],
)  # fmt: skip
def test_an_address_is_one_of_a_page_over_https(address: str) -> None:
    assert refused(address=address) == ["/address"]


def test_the_moment_is_neither_to_come_nor_long_past() -> None:
    assert refused(seen_at=NOW + AHEAD + timedelta(seconds=1)) == ["/seen_at"]
    assert refused(seen_at=NOW - OLDEST - timedelta(seconds=1)) == ["/seen_at"]
    for edge in (NOW + AHEAD, NOW - OLDEST):
        assert checked(replace(SEEN, seen_at=edge), NOW).seen_at == edge


def test_a_found_entry_has_a_name_and_another_has_none() -> None:
    assert refused(name=None) == ["/name"]
    assert refused(outcome=Outcome.NOT_FOUND) == ["/outcome"]
    assert refused(outcome=Outcome.UNAVAILABLE, name=None, status=None) == ["/outcome"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert refused(address="x", seen_at=NOW + timedelta(days=1), name="") == ["/address", "/seen_at", "/name"]
