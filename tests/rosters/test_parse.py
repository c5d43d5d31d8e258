import csv
import doctest
import io
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.kernel.errors import Invalid
from chalicelib.people.model import Channel, LanguageSkill, NegativeWishes, Preferences, Unwanted
from chalicelib.rosters import model
from chalicelib.rosters.columns import COLUMNS, column_of
from chalicelib.rosters.model import IGNORE, Role, RosterUnreadable, RowProblem, parse_roster
from chalicelib.rosters.templates import columns_table, template_csv, template_xlsx, write_rows

ROOT = Path(__file__).resolve().parents[2]

GOOD = {
    "external_id": "H-1", "email": "amina@hospital.example", "given_name": "Amina", "family_name": "Otieno",
    "profession": "2212", "country": "KE", "languages": "en:C1; sw:C2", "time_zone": "Africa/Nairobi",
    "availability": "mon 17:00-19:00", "channels": "video", "capacity": "3", "verified": "yes",
}  # fmt: skip


def sheet(*rows, headings=tuple(GOOD), separator=","):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(headings)
    writer.writerows([[row.get(name, "") for name in headings] for row in rows])
    return text.getvalue()


def person(n, **changes):
    return {**GOOD, "external_id": f"H-{n}", "email": f"p{n}@hospital.example", **changes}


def parse(text, role=Role.MENTOR, **options):
    content = text if isinstance(text, bytes) else text.encode()
    return parse_roster(content, filename="roster.csv", role=role, **options)


def test_examples_in_the_docstrings_hold():
    assert doctest.testmod(model).failed == 0


def test_a_row_becomes_a_person_with_a_checked_profile():
    (row,) = parse(sheet(GOOD)).rows
    assert (row.row_number, row.external_id, row.email, row.given_name, row.family_name, row.locale) == (
        2, "H-1", "amina@hospital.example", "Amina", "Otieno", "en",
    )  # fmt: skip
    assert (row.role, row.capacity, row.verified_until) == (Role.MENTOR, 3, model.NO_EXPIRY)
    assert row.profile.person_id == "H-1"
    assert row.profile.languages == (LanguageSkill("en", "C1"), LanguageSkill("sw", "C2"))
    assert row.profile.channels == (Channel.VIDEO,)
    assert row.profile.capacity == 3
    assert row.profile.missing_for_matching() == ()


def test_of_500_rows_with_3_bad_ones_497_come_through_and_it_is_said_which_and_why():
    people = [person(n) for n in range(500)]
    people[99]["country"] = "Atlantis"
    people[249]["availability"] = "mon 19:00-17:00"
    people[499]["email"] = "nobody"
    found = parse(sheet(*people))
    assert len(found.rows) == 497
    assert found.bad_rows == (101, 251, 501)
    assert [(p.row, p.column, p.value_excerpt) for p in found.problems] == [
        (101, "country", "Atlantis"),
        (251, "availability", "mon 19:00-17:00"),
        (501, "email", None),  # what names a person is not quoted
    ]
    assert all(p.reason[0].isupper() and p.reason.endswith((".", "?")) for p in found.problems)


def test_all_that_is_wrong_with_a_row_is_said_at_once():
    bad = person(1, given_name="", capacity="-1", languages="en", time_zone="Nowhere", channels="pigeon")
    found = parse(sheet(bad))
    assert found.rows == ()
    assert {p.column for p in found.problems} == {
        "given_name", "capacity", "languages", "time_zone", "channels",
    }  # fmt: skip


def test_what_the_profile_itself_refuses_points_at_the_column():
    headings = (*GOOD, "gender", "study_year")
    found = parse(sheet(person(1, gender="woman", study_year="3"), headings=headings))
    assert {(p.row, p.column) for p in found.problems} == {(2, "sensitive_consent"), (2, "study_year")}
    (consent,) = (one.reason for one in found.problems if one.column == "sensitive_consent")
    assert consent == "Gender and background are kept only with consent: write yes here, or leave both out."


@pytest.mark.parametrize("column", ["not_own_employer", "not_own_employer_if_possible"])
def test_an_employer_of_ones_own_that_is_not_named_is_no_wish(column):
    headings = (*GOOD, "employer", column)
    rows = (person(1, **{column: "yes"}), person(2, employer="North Hospital", **{column: "yes"}), person(3))
    found = parse(sheet(*rows, headings=headings))
    assert [row.row_number for row in found.rows] == [3, 4]
    reason = "This needs the column employer: fill it in, or leave this empty."
    assert [(p.row, p.column, p.reason) for p in found.problems] == [(2, column, reason)]


def test_a_repeat_names_the_first_row_by_external_id_and_by_address_in_any_case():
    found = parse(sheet(person(1), person(2, external_id="H-1"), person(3, email="P1@Hospital.Example")))
    assert [row.row_number for row in found.rows] == [2]
    assert [(p.row, p.column) for p in found.problems] == [(3, "external_id"), (4, "email")]
    assert all("Row 2" in p.reason for p in found.problems)


def test_a_row_without_an_external_id_is_known_by_its_address():
    (row,) = parse(sheet(person(1, external_id=""))).rows
    assert (row.external_id, row.profile.person_id) == (None, "p1@hospital.example")


def test_the_role_comes_from_the_file_or_from_its_rows():
    headings = (*GOOD, "role")
    mixed = sheet(person(1, role="Mentor"), person(2, role="mentoré"), person(3), headings=headings)
    found = parse(mixed, role=None)
    assert [row.role for row in found.rows] == [Role.MENTOR, Role.MENTEE]
    assert [(p.row, p.column) for p in found.problems] == [(4, "role")]
    found = parse(mixed, role=Role.MENTOR)
    assert [row.row_number for row in found.rows] == [2, 4]
    assert [(p.row, p.column) for p in found.problems] == [(3, "role")]
    assert [(h.heading, h.fatal) for h in parse(sheet(GOOD), role=None).headings] == [("role", True)]


def test_headings_in_any_order_case_accent_and_language():
    text = "PRÉNOM;Courriel ;Nom de famille;Langues (CECR);Fuseau-horaire;DISPONIBILITÉS;Pays;Métier;canaux\n"
    text += "Awa;awa@hopital.example;Diop;français C2;Africa/Dakar;lundi 18h-20h;Sénégal;infirmière;vidéo\n"
    found = parse(text)
    assert found.headings == ()
    assert found.separator == ";"
    (row,) = found.rows
    assert (row.given_name, row.family_name, row.profile.country, row.profile.profession) == (
        "Awa",
        "Diop",
        "SN",
        "2221",
    )
    assert row.profile.missing_for_matching() == ()


def test_wishes_are_rules_or_not_by_their_heading():
    headings = (
        "Courriel;Prénom;Genres souhaités;Genre exigé;Pays exclus;Pays non souhaités (si possible);"
        "Unwanted employers;Unwanted hospitals (if possible);Not my own hospital;Pas mon hôpital (si possible)"
        ";Employeur"
    )
    (row,) = parse(
        f"{headings}\na@b.example;Awa;femme;oui;France;SN, Mali;CHU X;Clinique Y;non;oui;CHU Z"
    ).rows
    assert row.profile.preferences == Preferences(genders=("femme",), genders_required=True)
    assert row.profile.negative_wishes == NegativeWishes(
        ("FR",), ("chu x",), False, Unwanted(("SN", "ML"), ("clinique y",), True)
    )


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("unwanted_countries_if_possible", "FR; Atlantis", "ISO 3166-1"),
        ("unwanted_employers_if_possible", "x", "2 to 60 characters"),
        ("unwanted_employers", "; ".join(f"clinic {n}" for n in range(21)), "At most 20"),
        ("not_own_employer", "if possible", "yes or no"),
        ("not_own_employer_if_possible", "maybe", "yes or no"),
        ("genders_required", "women", "yes or no"),
        ("genders_required", "yes", "Say which genders"),
    ],
)
def test_a_wish_that_cannot_be_read_is_refused_by_its_column_and_not_quoted(column, cell, told):
    (problem,) = parse(sheet(person(1, **{column: cell}), headings=(*GOOD, column))).problems
    assert (problem.row, problem.column, problem.value_excerpt) == (2, column, None)
    assert told in problem.reason


def test_unknown_headings_are_told_once_each_with_the_nearest_name():
    found = parse(sheet(GOOD, headings=(*GOOD, "Availabilty", "Shoe size", "")))
    assert len(found.rows) == 1
    assert [(h.heading, h.nearest, h.fatal) for h in found.headings] == [
        ("Availabilty", "availability", False),
        ("Shoe size", None, False),
    ]
    assert '"availability"' in found.headings[0].reason


def test_missing_required_headings_leave_nothing_to_read():
    found = parse("email,country\na@b.example,KE\n")
    assert found.rows == found.problems == ()
    assert [(h.heading, h.fatal) for h in found.headings] == [("given_name", True)]


def test_two_headings_of_one_meaning_are_not_guessed_between():
    text = "email,courriel,given_name\na@b.example,c@d.example,A\n"
    found = parse(text)
    assert found.rows == ()
    assert [(h.heading, h.nearest, h.fatal) for h in found.headings] == [("courriel", "email", True)]
    assert parse(text, column_map={"courriel": IGNORE}).rows[0].email == "a@b.example"


def test_the_column_map_comes_before_our_own_reading():
    text = "Dienst-Mail,Vorname,Nom,Bemerkung\na@b.example,A,B,x\n"
    found = parse(
        text,
        column_map={"dienst mail": "email", "Vorname": "given_name", "Bemerkung": IGNORE, "Ort": "country"},
    )
    assert [(row.email, row.given_name, row.family_name) for row in found.rows] == [("a@b.example", "A", "B")]
    assert [h.heading for h in found.headings] == ["ort"]


def test_a_column_map_to_nowhere_is_refused_with_a_pointer():
    with pytest.raises(Invalid) as refused:
        parse(sheet(GOOD), column_map={"a/b~c": "e-mial"})
    assert [error.pointer for error in refused.value.errors] == ["/column_map/a~1b~0c"]


def test_titles_above_blank_rows_between_and_empty_columns_after():
    text = f"Roster of mentors 2026,,\n\n{sheet(GOOD)}\n,,,\n{sheet(person(2)).split(chr(10))[1]},,,,\n"
    found = parse(text)
    assert found.problems == found.headings == ()
    assert [row.row_number for row in found.rows] == [4, 7]


def test_quoted_separators_and_line_ends_stay_in_their_cell_and_a_row_counts_as_one():
    headings = (*GOOD, "goals")
    found = parse(sheet(person(1, goals='A "plan",\nin two lines'), person(2, goals=""), headings=headings))
    assert found.rows[0].profile.goals == 'A "plan",\nin two lines'
    assert [row.row_number for row in found.rows] == [2, 3]


def test_a_row_with_more_cells_than_headings_is_refused():
    found = parse("email,given_name\na@b.example,A,B\nc@d.example,C,,\n")
    assert [row.email for row in found.rows] == ["c@d.example"]
    assert found.problems == (RowProblem(2, None, model._TOO_MANY_CELLS),)


def test_the_zone_of_a_country_with_one_zone_need_not_be_said():
    found = parse(sheet(person(1, time_zone=""), person(2, country="US", time_zone="")))
    assert [row.profile.time_zone for row in found.rows] == ["Africa/Nairobi"]
    assert [(p.row, p.column) for p in found.problems] == [(3, "time_zone")]


@pytest.mark.parametrize(
    ("verified", "until", "counts"),
    [
        ("yes", "", model.NO_EXPIRY),
        ("yes", "2027-06-30", datetime(2027, 7, 1, tzinfo=UTC)),
        ("", "2027-06-30", datetime(2027, 7, 1, tzinfo=UTC)),
        ("2027-06-30", "", datetime(2027, 7, 1, tzinfo=UTC)),
        ("2027-06-30", "2026-12-31", datetime(2027, 1, 1, tzinfo=UTC)),
        ("no", "2027-06-30", None),
        ("", "", None),
    ],
)
def test_what_the_file_says_of_verification(verified, until, counts):
    headings = (*GOOD, "verified_until")
    (row,) = parse(sheet(person(1, verified=verified, verified_until=until), headings=headings)).rows
    assert row.verified_until == counts


@pytest.mark.parametrize(("cell", "told"), [
    ("A\x07b", "control"), ("A\u202eb", "right-to-left override"), ("\u200e", "seen"), ("A\ufffdb", "lost"),
    ("x" * 5_001, "5000"), ("#N/A", "error"),
])  # fmt: skip
def test_cells_that_hold_what_no_cell_should(cell, told):
    found = parse(sheet(person(1, family_name=cell), person(2)))
    assert [row.row_number for row in found.rows] == [3]
    assert [(p.row, p.column) for p in found.problems] == [(2, "family_name")]
    assert told in found.problems[0].reason


def test_a_report_quotes_what_is_not_seen_written_out():
    (problem,) = parse(sheet(person(1, country="K\u202eE"))).problems
    assert problem.value_excerpt == "K\\u202eE"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("template", [template_csv, template_xlsx])
def test_the_template_reads_as_it_stands_and_its_example_is_taken_by_nobody(role, template):
    found = parse_roster(template(role), filename="template", role=role)
    assert found.rows == found.problems == found.headings == ()
    assert any("example" in note for note in found.notes)


def test_the_templates_example_row_is_a_good_row():
    content = template_csv(Role.MENTEE).replace(b"\r\nEXAMPLE,", b"\r\nH-7,")
    found = parse_roster(content, filename="t.csv", role=Role.MENTEE)
    assert found.problems == ()
    assert found.rows[0].profile.missing_for_matching() == ()


def test_no_word_is_an_alias_of_two_columns():
    words = [model.fold(word) for column in COLUMNS for word in (column.name, *column.aliases)]
    assert len(words) == len(set(words))
    assert all(column_of(word) for word in words)


def test_the_document_shows_the_columns_as_they_are():
    text = (ROOT / "docs" / "rosters.md").read_text(encoding="utf-8")
    shown = text.partition("columns_table -->\n")[2].partition("<!-- end of columns -->")[0]
    assert shown == columns_table(), "put columns_table() between the marks of docs/rosters.md"


def test_what_we_write_starts_no_formula_where_it_is_opened():
    (row,) = parse(sheet(person(1, given_name="'=HYPERLINK(1)", external_id="'-1"))).rows
    assert (row.given_name, row.external_id) == ("=HYPERLINK(1)", "-1")
    written = write_rows([row]).decode("utf-8-sig")
    cells = next(csv.reader(io.StringIO(written.split("\r\n")[1])))
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert parse(written).rows == (row,)


def test_a_list_entry_that_cannot_be_written_is_not_written_wrongly():
    (row,) = parse(sheet(GOOD)).rows
    profile = model.dataclasses.replace(row.profile, values=("a;b",))
    with pytest.raises(ValueError, match="separator"):
        write_rows([model.dataclasses.replace(row, profile=profile)])


def test_20000_rows_are_read_in_a_time_that_an_import_has():
    content = sheet(*(person(n) for n in range(20_000)))
    started = time.process_time()
    assert len(parse(content).rows) == 20_000
    assert time.process_time() - started < 60
    with pytest.raises(RosterUnreadable, match="20,000"):
        parse(content + sheet(person(-1)).split("\r\n")[1])
