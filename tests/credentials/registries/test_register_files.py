"""Registers that come as files: which rows are taken, which are not and why."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.credentials.numbers import normalised
from chalicelib.credentials.registries.model import State
from chalicelib.credentials.registries.register_files import (
    KEEP,
    MAX_BYTES,
    MAX_PROBLEMS,
    Columns,
    DayOrder,
    RegisterUnreadable,
    RowProblem,
    checked_columns,
    is_too_old,
    parse,
)
from chalicelib.kernel.errors import Invalid

AS_OF = date(2026, 11, 1)
COLUMNS = Columns(
    number="Reg No",
    names=("Given names", "Surname"),
    status="Status",
    valid_until="Valid to",
    current=("Active", "In good standing"),
    not_current=("Suspended", "Lapsed", "Deceased"),
)
HEADINGS = ("Reg No", "Surname", "Given names", "Status", "Valid to", "Town")


def file_of(
    *rows: Sequence[str],
    headings: Sequence[str] = HEADINGS,
    separator: str = ",",
    encoding: str = "utf-8",
) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([headings, *rows])
    return text.getvalue().encode(encoding)


def person(number: str, **changes: str) -> list[str]:
    row = {"surname": "Otieno", "given": "Amina", "status": "Active", "until": "2027-06-30"} | changes
    return [number, row["surname"], row["given"], row["status"], row["until"], "Kisumu"]


def many(count: int) -> list[list[str]]:
    return [person(f"A{n:05}", surname=f"Name{n}") for n in range(count)]


def test_a_row_becomes_an_entry_under_its_number() -> None:
    parsed = parse(file_of(person("a-01 234")), COLUMNS, AS_OF)
    assert list(parsed.entries) == ["A01234"]
    entry = parsed.entries["A01234"]
    assert entry.names == ("Amina Otieno",)
    assert (entry.status, entry.state) == ("Active", State.CURRENT)
    assert (entry.valid_until, entry.as_of) == (date(2027, 6, 30), AS_OF)
    assert entry.is_person


def test_of_five_hundred_rows_three_bad_ones_are_named_with_their_reasons() -> None:
    rows = many(500)
    rows[17][0] = ""
    rows[230][4] = "soon"
    rows[499][0] = rows[3][0]
    parsed = parse(file_of(*rows), COLUMNS, AS_OF)
    assert len(parsed.entries) == 497
    assert parsed.bad_rows == 3
    assert parsed.problems == (
        RowProblem(19, "Reg No", "there is no number"),
        RowProblem(232, "Valid to", "this is no day written as 2027-06-30"),
        RowProblem(501, "Reg No", "this number stands in row 5 for another entry"),
    )


def test_the_same_row_twice_is_one_entry() -> None:
    parsed = parse(file_of(person("1"), person("1")), COLUMNS, AS_OF)
    assert (len(parsed.entries), parsed.bad_rows) == (1, 0)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("ACTIVE", State.CURRENT), ("in  good standing", State.CURRENT), ("lapsed", State.NOT_CURRENT),
        ("Under review", State.UNKNOWN), ("", State.UNKNOWN), ("not active", State.UNKNOWN),
    ],
)  # fmt: skip
def test_a_status_means_what_it_was_said_to_mean(said: str, state: State) -> None:
    (entry,) = parse(file_of(person("1", status=said)), COLUMNS, AS_OF).entries.values()
    assert (entry.state, entry.status) == (state, " ".join(said.split()) or None)


def test_being_listed_means_being_current_only_where_that_was_said() -> None:
    plain = replace(COLUMNS, status=None, current=(), not_current=())
    for listed, state in ((False, State.UNKNOWN), (True, State.CURRENT)):
        columns = checked_columns(replace(plain, listed_is_current=listed))
        (entry,) = parse(file_of(person("1")), columns, AS_OF).entries.values()
        assert entry.state is state


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_separators_and_encodings_are_found_out(separator: str, encoding: str) -> None:
    content = file_of(person("1", surname="Müller", given="Zoë"), separator=separator, encoding=encoding)
    (entry,) = parse(content, COLUMNS, AS_OF).entries.values()
    assert entry.names == ("Zoë Müller",)


def test_a_guessed_encoding_is_told() -> None:
    assert (
        "Windows-1252" in parse(file_of(person("1", given="Zoë"), encoding="cp1252"), COLUMNS, AS_OF).notes[0]
    )
    assert parse(file_of(person("1", given="Zoë")), COLUMNS, AS_OF).notes == ()


def test_headings_may_stand_below_a_title_and_in_any_case() -> None:
    title = b"Medical register of Nowhere\nAs of November\n\n"
    headings = ["REG  NO", "surname", "GIVEN NAMES", "status", "valid to"]
    parsed = parse(title + file_of(person("1"), headings=headings), COLUMNS, AS_OF)
    assert list(parsed.entries) == ["1"]


def test_noughts_that_a_spreadsheet_took_away_are_put_back() -> None:
    seven = replace(COLUMNS, digits=7)
    assert list(parse(file_of(person("12345"), person("A12345")), seven, AS_OF).entries) == [
        "0012345",
        "A12345",
    ]
    assert list(parse(file_of(person("12345")), COLUMNS, AS_OF).entries) == ["12345"]


@pytest.mark.parametrize("written", ["1.23457E+11", "1,2E+9", "4E+12"])
def test_a_rounded_number_is_no_number(written: str) -> None:
    parsed = parse(file_of(person(written), *many(20)), COLUMNS, AS_OF)
    assert [one.reason for one in parsed.problems] == [
        "a spreadsheet program has rounded this number; export the column as text"
    ]


@pytest.mark.parametrize(
    ("order", "written"),
    [(DayOrder.YMD, "2027-04-03"), (DayOrder.YMD, "2027-04-03 00:00:00"), (DayOrder.DMY, "3/4/2027"),
     (DayOrder.DMY, "03.04.2027"), (DayOrder.MDY, "04/03/2027")],
)  # fmt: skip
def test_days_are_read_in_the_order_that_was_said(order: DayOrder, written: str) -> None:
    (entry,) = parse(
        file_of(person("1", until=written)), replace(COLUMNS, day_order=order), AS_OF
    ).entries.values()
    assert entry.valid_until == date(2027, 4, 3)


def test_a_day_left_empty_is_none() -> None:
    (entry,) = parse(file_of(person("1", until="")), COLUMNS, AS_OF).entries.values()
    assert entry.valid_until is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"x" * (MAX_BYTES + 1), "32 MB"),
        (b"\xff\xfe\x00", "damaged"),
        (b"a\x00b", "not a CSV"),
        (b"PK\x03\x04" + b"\x81" * 50, "neither a CSV"),
        (b"Surname,Town\nA,B\n", "no column called “Reg No”, “Given names”, “Status”, “Valid to”"),
        (file_of(), "no rows"),
        (
            file_of(
                person("1"), headings=("Reg No", "Surname", "Given names", "Status", "Valid to", "Status")
            ),
            "Two",
        ),
        (file_of(person("")), "1 of 1 rows cannot be read"),
        (b'Reg No,Surname,Given names,Status,Valid to\n1,"A,B', "never closed"),
    ],
    ids=lambda part: part[:12],
)
def test_a_file_that_cannot_be_read_is_refused_whole(content: bytes, told: str) -> None:
    with pytest.raises(RegisterUnreadable) as caught:
        parse(content, COLUMNS, AS_OF)
    assert told in caught.value.detail


def test_over_a_tenth_of_bad_rows_is_a_wrong_map() -> None:
    bad = [person("", surname=f"N{n}") for n in range(10)]
    assert parse(file_of(*many(90), *bad), COLUMNS, AS_OF).bad_rows == 10
    with pytest.raises(RegisterUnreadable, match=r"11 of 100 rows.*row 91, Reg No: there is no number"):
        parse(file_of(*many(89), *bad, person("")), COLUMNS, AS_OF)


def test_all_bad_rows_are_counted_and_the_first_are_kept() -> None:
    bad = [person("", surname=f"N{n}") for n in range(MAX_PROBLEMS + 1)]
    parsed = parse(file_of(*many(2_000), *bad), COLUMNS, AS_OF)
    assert parsed.bad_rows == MAX_PROBLEMS + 1
    assert len(parsed.problems) == MAX_PROBLEMS


@pytest.mark.parametrize(
    ("columns", "pointer"),
    [
        (replace(COLUMNS, names=()), "/columns/names"),
        (replace(COLUMNS, names=("Surname", "surname ")), "/columns"),
        (replace(COLUMNS, not_current=("ACTIVE",)), "/columns/not_current"),
        (replace(COLUMNS, status=None), "/columns/status"),
        (replace(COLUMNS, listed_is_current=True), "/columns/listed_is_current"),
    ],
)
def test_a_map_that_contradicts_itself_is_refused(columns: Columns, pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        checked_columns(columns)
    assert pointer in [one.pointer for one in caught.value.errors]
    assert checked_columns(COLUMNS) == COLUMNS


def test_a_file_stops_to_answer_after_thirteen_months() -> None:
    assert not is_too_old(AS_OF, AS_OF + KEEP)
    assert is_too_old(AS_OF, AS_OF + KEEP + timedelta(days=1))


@given(st.lists(st.lists(st.text(max_size=12), min_size=5, max_size=5), max_size=8))
def test_any_file_is_read_or_refused(rows: list[list[str]]) -> None:
    try:
        content = file_of(*rows, headings=HEADINGS[:5])
        parsed = parse(content, COLUMNS, AS_OF)
    except (RegisterUnreadable, UnicodeEncodeError):
        return
    assert all(normalised(number) == number for number in parsed.entries)
