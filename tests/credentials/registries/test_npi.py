"""The NPI registry's answers as they are published, and everything that is not of that form."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.credentials.registries import npi
from chalicelib.credentials.registries.model import (
    NOT_UNDERSTOOD,
    NUMBER_MALFORMED,
    QUESTION_REFUSED,
    Answer,
    Asked,
    Licence,
    Outcome,
    RegisterUnavailable,
    State,
)

NUMBER = "1234567893"  # the example of CMS's own document on the check digit
ASKED = Asked(NUMBER, "Amina Otieno", "US")
PERSON: dict[str, Any] = {
    "created_epoch": "1117152000000",
    "enumeration_type": "NPI-1",
    "last_updated_epoch": "1700000000000",
    "number": NUMBER,
    "addresses": [{"country_code": "US", "address_purpose": "LOCATION", "city": "SPRINGFIELD"}],
    "practiceLocations": [],
    "basic": {
        "first_name": "AMINA", "middle_name": "W.", "last_name": "OTIENO", "credential": "M.D.",
        "sole_proprietor": "NO", "enumeration_date": "2009-05-27", "last_updated": "2024-02-11", "status": "A",
        "name_prefix": "Dr.", "name_suffix": "--",
    },
    "taxonomies": [
        {"code": "207RC0000X", "taxonomy_group": "", "desc": "Internal Medicine, Cardiovascular Disease",
         "state": "NY", "license": "99-1234", "primary": True},
        {"code": "207R00000X", "desc": "Internal Medicine", "state": None, "license": None, "primary": False},
    ],
    "identifiers": [],
    "endpoints": [],
    "other_names": [
        {"type": "Former Name", "code": "1", "first_name": "AMINA", "last_name": "WERE", "middle_name": "--"}
    ],
}  # fmt: skip
ORGANISATION: dict[str, Any] = {
    **PERSON,
    "enumeration_type": "NPI-2",
    "basic": {"organization_name": "OTIENO HEART CLINIC LLC", "status": "A", "last_updated": "2020-01-01",
              "authorized_official_first_name": "AMINA", "authorized_official_last_name": "OTIENO"},
    "other_names": [{"type": "Doing Business As", "organization_name": "HEART HOUSE"}],
}  # fmt: skip


def answered(document: Any, asked: Asked = ASKED) -> Answer:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return npi.NpiRegistry(lambda address: content).lookup(asked)


def results(*found: Any) -> dict[str, Any]:
    return {"result_count": len(found), "results": list(found)}


def with_basic(**changes: Any) -> dict[str, Any]:
    return {**PERSON, "basic": {**PERSON["basic"], **changes}}


def test_a_person_who_is_there() -> None:
    answer = answered(results(PERSON))
    assert answer.outcome is Outcome.FOUND
    entry = answer.entry
    assert entry is not None
    assert entry.names == ("AMINA W. OTIENO", "AMINA WERE")
    assert entry.is_person
    assert (entry.status, entry.state, entry.as_of) == ("A", State.CURRENT, date(2024, 2, 11))
    assert entry.licences == (
        Licence("Internal Medicine, Cardiovascular Disease", "99-1234", "NY", True),
        Licence("Internal Medicine"),
    )
    assert answer.comparison is not None
    assert answer.comparison.score >= 90
    assert answer.comparison.theirs == "AMINA W. OTIENO"


def test_a_former_name_is_compared_too() -> None:
    answer = answered(results(PERSON), Asked(NUMBER, "Amina Were", "US"))
    assert answer.comparison is not None
    assert (answer.comparison.score, answer.comparison.theirs) == (100, "AMINA WERE")


def test_an_organisation_is_no_person() -> None:
    """Its official's name is not the entry's."""
    entry = answered(results(ORGANISATION)).entry
    assert entry is not None
    assert not entry.is_person
    assert entry.names == ("OTIENO HEART CLINIC LLC", "HEART HOUSE")


def test_a_number_that_nobody_has() -> None:
    answer = answered(results())
    assert (answer.outcome, answer.reason) == (Outcome.NOT_FOUND, None)


@pytest.mark.parametrize(
    ("said", "state"),
    [("A", State.CURRENT), ("D", State.NOT_CURRENT), ("X", State.UNKNOWN), (None, State.UNKNOWN), (7, State.UNKNOWN)],
)  # fmt: skip
def test_the_status_as_it_is_said_and_what_it_comes_to(said: Any, state: State) -> None:
    entry = answered(results(with_basic(status=said))).entry
    assert entry is not None
    assert entry.state is state
    assert entry.status == (said if isinstance(said, str) else None)


def deactivated(number: str) -> dict[str, Any]:
    said = (
        f"CMS deactivated NPI {number}. The provider can no longer use this NPI. Our public registry does not display "
        "provider information about NPIs that are not in service."
    )
    return {"Errors": [{"description": said, "field": "number", "number": "15"}]}


def test_a_number_out_of_service_is_there_and_not_current() -> None:
    answer = answered(deactivated(NUMBER))
    assert answer.outcome is Outcome.FOUND
    assert answer.entry is not None
    assert (answer.entry.state, answer.entry.names, answer.entry.status) == (
        State.NOT_CURRENT,
        (),
        "deactivated",
    )
    assert answer.comparison is None


def test_another_number_out_of_service_says_nothing_of_this_one() -> None:
    assert answered(deactivated("1992776843")).outcome is Outcome.UNAVAILABLE


def test_an_error_is_no_answer() -> None:
    refusal = {"Errors": [{"description": "Field number: invalid", "field": "number", "number": "06"}]}
    answer = answered(refusal)
    assert (answer.outcome, answer.reason) == (Outcome.UNAVAILABLE, QUESTION_REFUSED)


@pytest.mark.parametrize(
    "document",
    [
        b"", b"{", b"<html>busy</html>", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b"7", {}, {"results": []},
        {"result_count": 0}, {"result_count": "1", "results": [PERSON]}, {"result_count": 1, "results": []},
        {"result_count": 1, "results": {}}, results(7), results({**PERSON, "number": "1992776843"}),
        results(PERSON, PERSON), results({**PERSON, "enumeration_type": "NPI-9"}), results({**PERSON, "basic": None}),
        results({"number": NUMBER}), json.dumps(results(PERSON)).encode()[:-40],
    ],
)  # fmt: skip
def test_what_is_not_of_the_published_form_is_no_answer(document: Any) -> None:
    answer = answered(document)
    assert (answer.outcome, answer.reason) == (Outcome.UNAVAILABLE, NOT_UNDERSTOOD)


def test_a_number_that_came_as_a_number_is_the_same() -> None:
    assert answered(results({**PERSON, "number": int(NUMBER)})).outcome is Outcome.FOUND


def test_odd_parts_are_left_out() -> None:
    odd = {**PERSON, "other_names": [7, {"first_name": ["a"]}, None], "taxonomies": "none"}
    odd["basic"] = {
        **PERSON["basic"],
        "middle_name": {"a": 1},
        "last_updated": "02/11/2024",
        "first_name": "AMI\x00NA\u202e",
    }
    entry = answered(results(odd)).entry
    assert entry is not None
    assert (entry.names, entry.licences, entry.as_of) == (("AMI NA OTIENO",), (), None)


def test_no_entry_is_endless() -> None:
    long = {
        **PERSON,
        "other_names": [{"first_name": f"A{n}" + "x" * 999, "last_name": "B"} for n in range(99)],
    }
    entry = answered(results({**long, "taxonomies": PERSON["taxonomies"] * 50})).entry
    assert entry is not None
    assert (len(entry.names), len(entry.licences)) == (20, 20)
    assert max(map(len, entry.names)) < 410


def test_a_failed_request_is_told_with_its_reason() -> None:
    def fail(address: str) -> bytes:
        raise RegisterUnavailable("certificate-expired")

    answer = npi.NpiRegistry(fail).lookup(ASKED)
    assert (answer.outcome, answer.reason) == (Outcome.UNAVAILABLE, "certificate-expired")


@pytest.mark.parametrize(
    "number", ["1234567890", "123456789", "3234567893", "", "12345678933", "abcdefghij", "１２３"]
)
def test_what_cannot_be_an_npi_is_not_asked_for(number: str) -> None:
    def never(address: str) -> bytes:
        raise AssertionError(address)

    answer = npi.NpiRegistry(never).lookup(Asked(number, "A", "US"))
    assert (answer.outcome, answer.reason) == (Outcome.NOT_FOUND, NUMBER_MALFORMED)


def test_only_the_number_leaves_and_nothing_of_the_person() -> None:
    asked: list[str] = []
    npi.NpiRegistry(lambda address: asked.append(address) or b"{}").lookup(
        Asked(" 1234-567 893", "Amina", "US")
    )  # type: ignore[func-returns-value]
    assert asked == [f"https://npiregistry.cms.hhs.gov/api/?version=2.1&number={NUMBER}"]


@given(st.integers(0, 999_999_999), st.sampled_from("12"))
def test_of_ten_numbers_one_has_the_right_check_digit(middle: int, first: str) -> None:
    stem = f"{first}{middle:09}"[:9]
    assert sum(npi.is_npi(f"{stem}{digit}") for digit in range(10)) == 1


KEYS = (
    "results", "result_count", "Errors", "number", "basic", "status", "taxonomies", "other_names", "enumeration_type",
    "description",
)  # fmt: skip
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=len(KEYS))
    ),
    max_leaves=30,
)


@given(DOCUMENTS)
def test_no_document_breaks_it(document: Any) -> None:
    assert answered(document).outcome in Outcome
