import io
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from chalicelib.rosters import table_files
from chalicelib.rosters.model import Role, RosterUnreadable, parse_roster

TEXT = "email,given_name,family_name\nzoe@hopital.example,Zoë,Lefèvre\n"


def parse(content, role=Role.MENTOR, filename="roster.csv"):
    return parse_roster(content, filename=filename, role=role)


def names(found):
    return [(row.given_name, row.family_name) for row in found.rows]


@pytest.mark.parametrize(
    ("encoding", "mark", "told"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "utf-16-le"),
        ("utf-16-be", b"\xfe\xff", "utf-16-be"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_encodings(encoding, mark, told):
    found = parse(mark + TEXT.encode(encoding))
    assert names(found) == [("Zoë", "Lefèvre")]
    assert found.encoding == told
    assert found.headings == ()  # the mark is no part of the first heading
    assert any("Windows-1252" in note for note in found.notes) == (told == "cp1252")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator, end):
    found = parse(TEXT.replace(",", separator).replace("\n", end).encode())
    assert found.separator == separator
    assert names(found) == [("Zoë", "Lefèvre")]


def test_the_separator_is_told_by_the_headings_and_not_by_what_cells_hold():
    text = 'email;given_name;goals\na@b.example;Ann;"one, two, three"\nc@d.example;Bob;a, b, c, d, e, f, g\n'
    assert len(parse(text.encode()).rows) == 2
    text = 'Mentors; 2026; autumn; north\nemail,given_name,goals\na@b.example,Ann,"a; b; c; d; e; f"\n'
    assert parse(text.encode()).separator == ","


@pytest.mark.parametrize(
    ("line", "separator"), [("sep=;", ";"), ("SEP=,", ","), ("sep=\t", "\t"), ("sep=\\t", "\t")]
)
def test_the_line_that_tells_excel_the_separator_is_no_row(line, separator):
    found = parse(f"{line}\r\n{TEXT.replace(',', separator)}".encode())
    assert [row.row_number for row in found.rows] == [2]


def test_a_quotation_mark_that_is_never_closed_refuses_the_file_and_names_the_row():
    text = TEXT + 'a@b.example,"Ann,B\n' + "".join(f"p{n}@b.example,P,Q\n" for n in range(50))
    with pytest.raises(RosterUnreadable, match="row 3"):
        parse(text.encode())
    with pytest.raises(RosterUnreadable, match=r"Row 3.*quotation mark"):
        parse((TEXT + 'a@b.example,"Ann,B\n' + "x" * 140_000).encode())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"\xef\xbb\xbf", "no rows"),
        (b"sep=;\r\n", "no rows"),
        (b",,,\n,,\n", "no rows"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old or password-protected"),
        (b"PK\x03\x04 and no zip", "not an .xlsx"),
        (b"email,given_name\n\0\0\0", "not a CSV text"),
        (b"\xff\xfe\x00", "UTF-16-LE"),
        (b"\x81\x8d\x8f\x90\x9d", "neither"),
        (b"x" * (table_files.MAX_BYTES + 1), "10 MB"),
        (b"email" + b"," * 250 + b"x\n", "200 columns"),
    ],
)
def test_what_is_no_roster_is_refused_with_what_to_do(content, told):
    with pytest.raises(RosterUnreadable, match=told):
        parse(content)


# --- XLSX -----------------------------------------------------------------------------------------


def workbook(*sheets, hidden=()):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title in hidden:
            sheet.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def repacked(content, change):
    """Return the zip with its parts changed by `change(name, bytes) -> bytes`."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return result.getvalue()


MIDNIGHT = datetime(2027, 6, 30)  # noqa: DTZ001  a workbook's cells know no zone
HEAD = ["email", "given_name", "family_name"]


def test_cells_of_a_workbook_come_as_texts_whatever_their_type():
    head = [*HEAD, "external_id", "capacity", "verified_until", "verified", "visible"]
    row = ["a@b.example", "Ann", "B", 10442, 3.0, MIDNIGHT, True, False]
    (found,) = parse(workbook(("Sheet1", [head, row])), filename="r.xlsx").rows
    assert (found.external_id, found.capacity, found.profile.visible) == ("10442", 3, False)
    assert found.verified_until == datetime(2027, 7, 1, tzinfo=found.verified_until.tzinfo)


def test_values_of_each_kind_are_written_as_a_reader_takes_them():
    written = [
        table_files._text(value) for value in (None, True, 2.0, 2.5, 7, date(2027, 6, 30), time(17, 30), "x")
    ]
    assert written == ["", "yes", "2", "2.5", "7", "2027-06-30", "17:30", "x"]
    assert table_files._text(MIDNIGHT.replace(hour=17, minute=30)) == "2027-06-30 17:30"


def test_the_sheet_named_by_the_role_is_read_else_the_first_visible():
    def rows(name):
        return [HEAD, [f"{name}@b.example", name, ""]]

    book = workbook(
        ("Notes", rows("notes")),
        ("Mentors", rows("mentors")),
        ("Mentorés", rows("mentores")),
        hidden=("Notes",),
    )
    assert [row.given_name for row in parse(book, Role.MENTEE).rows] == ["mentores"]
    assert [row.given_name for row in parse(book, Role.MENTOR).rows] == ["mentors"]
    book = workbook(("Notes", rows("notes")), ("List", rows("list")), hidden=("Notes",))
    assert [row.given_name for row in parse(book).rows] == ["list"]
    book = workbook(("A", rows("a")), ("B", rows("b")))
    found = parse(book)
    assert [row.given_name for row in found.rows] == ["a"]
    assert any("“A” was read" in note for note in found.notes)


def test_blank_rows_count_and_a_wrong_dimension_does_not_cut_the_sheet():
    book = workbook(("S", [["Roster"], [], HEAD, ["a@b.example", "A"], [], ["c@d.example", "C"]]))

    def lie(name, content):
        return content.replace(b'ref="A1:C6"', b'ref="A1:B2"') if "sheet1" in name else content

    assert b'ref="A1:C6"' in zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")
    found = parse(repacked(book, lie))
    assert [row.row_number for row in found.rows] == [4, 6]


def test_a_formula_counts_by_its_saved_value():
    book = workbook(("S", [HEAD, ["a@b.example", "A", "=1+1"]]))

    def saved(name, content):
        return (
            content.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>")
            if "sheet1" in name
            else content
        )

    assert names(parse(repacked(book, saved))) == [("A", "2")]


def test_a_part_that_unpacks_beyond_all_measure_is_not_unpacked():
    def blown_up(name, content):
        return b" " * 70_000_000 if "sheet1" in name else content

    with pytest.raises(RosterUnreadable, match="64 MB"):
        parse(repacked(workbook(("S", [HEAD])), blown_up))

    def packed(name, content):
        return content + b" " * 5_000_000 if "sheet1" in name else content

    with pytest.raises(RosterUnreadable, match="packed like no spreadsheet"):
        parse(repacked(workbook(("S", [HEAD])), packed))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_entities_are_refused_before_anything_is_read(encoding):
    bomb = '<?xml version="1.0"?><!-- x --><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'

    def forged(name, content):
        return bomb.encode(encoding) if name == "xl/workbook.xml" else content

    with pytest.raises(RosterUnreadable, match="entities"):
        parse(repacked(workbook(("S", [HEAD])), forged))


def test_a_row_number_beyond_every_sheet_is_not_counted_up_to():
    def far(name, content):
        return content.replace(b'<row r="2"', b'<row r="99999999999"') if "sheet1" in name else content

    found = parse(repacked(workbook(("S", [HEAD, ["a@b.example", "A"]])), far))
    assert found.rows == ()


def test_more_columns_than_a_roster_has():
    with pytest.raises(RosterUnreadable, match="200 columns"):
        parse(workbook(("S", [[*HEAD, *[f"c{n}" for n in range(250)]]])))


def test_a_text_that_is_named_as_a_workbook_is_read_and_it_is_said():
    found = parse(TEXT.encode(), filename="Roster.XLSX")
    assert len(found.rows) == 1
    assert any("CSV text" in note for note in found.notes)
