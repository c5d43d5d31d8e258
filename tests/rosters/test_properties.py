"""Whatever goes in: what is written is read back, order does not matter, and garbage is refused, never raised."""

import csv
import io
import unicodedata
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from chalicelib.kernel.errors import DomainError
from chalicelib.people import codes
from chalicelib.people.checks import checked_profile
from chalicelib.people.model import (
    STUDENT,
    CareerStage,
    Channel,
    Connection,
    CrossBorder,
    LanguageSkill,
    NegativeWishes,
    Person,
    PersonStatus,
    Preferences,
    Profile,
    Unwanted,
    Weekday,
    Window,
)
from chalicelib.people.schemas import PersonView, ProfileView
from chalicelib.rosters import cells
from chalicelib.rosters.columns import COLUMNS
from chalicelib.rosters.model import Role, RosterParse, RosterRow, parse_roster
from chalicelib.rosters.templates import template_xlsx, write_rows

# The Greek question mark is a semicolon once it is normalised.
letters = st.characters(categories=("L", "M", "N", "P", "S", "Zs"), exclude_characters=";\u037e|\ufffd")
words = st.text(letters, min_size=1, max_size=30).map(lambda text: unicodedata.normalize("NFC", text).strip())
lines = words.filter(lambda text: text and not text.startswith("#") and cells.fold(text) != "example")
tags = words.filter(lambda text: _is_tag(text)).map(cells.tag)
countries = st.sampled_from([one.alpha2 for one in codes.countries()])
professions = st.sampled_from([one.code for one in codes.professions()])


def _is_tag(text: str) -> bool:
    try:
        # A tag as it is kept is read back as itself: some letters fold to others that fold on.
        return cells.tag(cells.tag(text)) == cells.tag(text) == unicodedata.normalize("NFC", cells.tag(text))
    except ValueError:
        return False


def lists(of, most):
    return st.lists(of, max_size=most, unique=True).map(tuple)


unwanted = st.tuples(lists(countries, 2), lists(tags, 2), st.booleans())


@st.composite
def windows(draw):
    start = draw(st.integers(0, 95))
    end = draw(st.integers(start + 1, 96))
    return Window(draw(st.sampled_from(Weekday)), start * 15, end * 15)


@st.composite
def profiles(draw):
    student = draw(st.booleans())
    consent = draw(st.booleans())
    employer = draw(st.none() | lines)
    rules, wishes = (
        Unwanted(countries_, employers, own and employer is not None)
        for countries_, employers, own in (draw(unwanted), draw(unwanted))
    )
    zone = draw(st.sampled_from(sorted(codes.zones())))
    maybe = st.none()
    return checked_profile(Profile(
        person_id="",
        profession=STUDENT if student else draw(maybe | professions),
        intended_profession=draw(maybe | professions) if student else None,
        study_year=draw(maybe | st.integers(1, 10)) if student else None,
        specialties=draw(lists(st.sampled_from([one.slug for one in codes.specialties()]), 4)),
        research_interests=draw(lists(tags, 3)),
        career_stage=draw(maybe | st.sampled_from(CareerStage)),
        employer=employer,
        country=draw(maybe | countries),
        countries_of_interest=draw(lists(countries, 3)),
        country_experience=draw(lists(countries, 3)),
        languages=tuple(
            LanguageSkill(tag, draw(st.sampled_from(codes.CEFR)))
            for tag in draw(lists(st.sampled_from([one.tag for one in codes.languages()]), 3))
        ),
        time_zone=zone,
        availability=draw(lists(windows(), 4)),
        channels=draw(lists(st.sampled_from(Channel), 5)),
        connection=draw(maybe | st.sampled_from(Connection)),
        access_needs=draw(lists(tags, 2)),
        topics_sought=draw(lists(tags, 3)),
        topics_offered=draw(lists(tags, 3)),
        strengths=draw(lists(tags, 2)),
        wants_to_grow=draw(lists(tags, 2)),
        goals=draw(st.just("") | st.lists(lines, min_size=1, max_size=3).map("\n".join)),
        values=draw(lists(tags, 2)),
        preferences=Preferences(
            draw(st.sampled_from(CrossBorder)), draw(st.booleans()), draw(lists(st.sampled_from(CareerStage), 3)),
            draw(lists(countries, 2)), genders := draw(lists(tags, 2)), bool(genders) and draw(st.booleans()),
        ),
        negative_wishes=NegativeWishes(rules.countries, rules.employers, rules.own_employer, wishes),
        sensitive_consent=consent,
        gender=draw(maybe | tags) if consent else None,
        background=draw(maybe | lines) if consent else None,
        visible=draw(st.booleans()),
    ))  # fmt: skip


@st.composite
def rows(draw, n):
    external = draw(st.none() | st.just(f"X-{n}"))
    email = f"person{n}@hospital.example"
    capacity = draw(st.none() | st.integers(1, 20))
    seconds = st.integers(946_684_800, 4_102_444_800)  # of the years 2000 to 2100
    until = seconds.map(lambda value: datetime.fromtimestamp(value, UTC))
    role = draw(st.sampled_from(Role))
    return RosterRow(
        row_number=n + 2, external_id=external, email=email, given_name=draw(lines),
        family_name=draw(st.just("") | lines),
        locale=draw(st.sampled_from(["en", "fr"])), role=role, capacity=capacity,
        verified_until=draw(st.none() | st.just(cells.NO_EXPIRY) | until),
        profile=replace(draw(profiles()), person_id=external or email, capacity=capacity or 2),
    )  # fmt: skip


@st.composite
def rosters(draw):
    return tuple(draw(rows(n)) for n in range(draw(st.integers(1, 4))))


slow = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@slow
@given(rosters())
def test_what_is_written_is_read_back(roster):
    found = parse_roster(write_rows(roster), filename="r.csv")
    assert found == RosterParse(roster, encoding="utf-8", separator=",")


@slow
@given(
    rosters(),
    st.randoms(use_true_random=False),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_neither_the_order_of_columns_nor_separator_nor_encoding_matters(roster, random, separator, encoding):
    table = list(csv.reader(io.StringIO(write_rows(roster).decode("utf-8-sig"), newline="")))
    order = random.sample(range(len(COLUMNS)), len(COLUMNS))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([[row[n] for n in order] for row in table])
    assert parse_roster(text.getvalue().encode(encoding), filename="r.csv").rows == roster


@slow
@given(rosters())
def test_a_workbook_reads_as_the_csv_of_the_same_cells(roster):
    book = Workbook()
    for row in csv.reader(io.StringIO(write_rows(roster).decode("utf-8-sig"), newline="")):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    assert parse_roster(content.getvalue(), filename="r.xlsx").rows == roster


@slow
@given(rosters())
def test_whatever_is_read_can_be_shown_over_the_api(roster):
    for row in parse_roster(write_rows(roster), filename="r.csv").rows:
        ProfileView.of(row.profile)
        PersonView.of(
            Person("1", row.email, row.given_name, row.family_name, row.locale, PersonStatus.INVITED)
        )


def is_clear(content: bytes) -> bool:
    """Whether the content is either read, with whatever problems, or refused as a whole in a sentence."""
    try:
        parse_roster(content, filename="r", role=Role.MENTOR)
    except DomainError as refusal:
        return refusal.code == "roster-unreadable" and len(refusal.detail) > 10
    return True


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@example(b'"')
@example(b"\xff\xfe")
@example(b"PK\x03\x04")
def test_garbage_is_refused_and_never_raises_anything_else(content):
    assert is_clear(content)


cell_texts = st.text(max_size=40) | st.sampled_from(
    ["mon 17", "mon-", "en:", "::C1", "01/01/0000", "9" * 400, "¹", "①", "٣", "2212 ", "\u202e", "ǅ", "𝟙𝟚"]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(cell_texts, min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_any_text_in_any_cell_is_read_or_refused_by_row_and_column(texts):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[column.name for column in COLUMNS], texts])
    assert is_clear(text.getvalue().encode("utf-8", "replace"))


WORKBOOK = template_xlsx(Role.MENTOR)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_damaged_workbook_is_refused_and_never_raises_anything_else(data):
    content = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.none() | st.integers(5, len(content)))
    assert is_clear(bytes(content[:cut]))


PARTS = {
    name: zipfile.ZipFile(io.BytesIO(WORKBOOK)).read(name)
    for name in zipfile.ZipFile(io.BytesIO(WORKBOOK)).namelist()
}


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_workbook_with_forged_parts_is_refused_and_never_raises_anything_else(data):
    """The zip is sound, so that what is wrong reaches the XML parser and openpyxl."""
    forged = dict(PARTS)
    name = data.draw(st.sampled_from(sorted(forged)))
    part = bytearray(forged[name])
    action = data.draw(st.sampled_from(["drop", "byte", "swap"]))
    if action == "drop":
        del forged[name]
    elif action == "byte":
        for _ in range(data.draw(st.integers(1, 5))):
            part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(32, 126))
        forged[name] = bytes(part)
    else:
        forged[name] = forged[data.draw(st.sampled_from(sorted(forged)))]
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for part_name, body in forged.items():
            new.writestr(part_name, body)
    assert is_clear(content.getvalue())
