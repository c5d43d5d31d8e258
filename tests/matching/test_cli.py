import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.kernel.delimited import safe_cell
from chalicelib.matching.__main__ import NOTHING_USABLE, OK, USAGE, main
from chalicelib.matching.model import CRITERIA
from chalicelib.matching.sheets import COLUMNS

ROOT = Path(__file__).parents[2]
HEADINGS = ["external_id", "email", "given_name", "capacity", "verified", "profession", "country", "languages",
            "time_zone", "availability", "channels", "topics_sought", "topics_offered", "employer", "preferred_genders",
            "genders_required", "unwanted_countries", "unwanted_countries_if_possible", "unwanted_employers",
            "unwanted_employers_if_possible", "not_own_employer", "not_own_employer_if_possible"]  # fmt: skip
FREE = "tue 17:00-20:00"


def row(name, **cells):
    given = {
        "external_id": name, "email": f"{name}@x.example", "given_name": "Ada", "verified": "yes",
        "profession": "2221", "country": "KE", "languages": "en:C1", "time_zone": "Africa/Nairobi",
        "availability": FREE, "channels": "video",
    } | cells  # fmt: skip
    return {heading: given.get(heading, "") for heading in HEADINGS}


def sheet(rows):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADINGS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.fixture
def run(tmp_path, capsys):
    """Match two lists of rows; returns the exit code, the rows of pairs.csv or None, and what was said."""

    def command(mentors, mentees, *options):
        (tmp_path / "mentors.csv").write_bytes(mentors if isinstance(mentors, bytes) else sheet(mentors))
        (tmp_path / "mentees.csv").write_bytes(mentees if isinstance(mentees, bytes) else sheet(mentees))
        out = tmp_path / "pairs.csv"
        code = main(
            ["--mentors", str(tmp_path / "mentors.csv"), "--mentees", str(tmp_path / "mentees.csv"),
             "--out", str(out), "--date", "2026-11-22", *map(str, options)]
        )  # fmt: skip
        found = (
            list(csv.DictReader(io.StringIO(out.read_text("utf-8"), newline=""))) if out.is_file() else None
        )
        return code, found, capsys.readouterr().err

    return command


def test_two_files_become_pairs(run, tmp_path):
    code, pairs, said = run(
        [row("m1", time_zone="Europe/Paris", country="FR", topics_offered="triage", languages="en:C2; fr:C2",
             capacity="1")],
        [row("e1", topics_sought="triage", languages="fr:B2; en:C1"), row("e2")],
        "--report", tmp_path / "report.json",
    )  # fmt: skip
    assert code == OK
    (pair,) = pairs
    assert tuple(pair) == COLUMNS
    assert (pair["mentee"], pair["mentee_email"]) == ("e1", "e1@x.example")
    assert (pair["mentor"], pair["mentor_email"]) == ("m1", "m1@x.example")
    assert sum(int(pair[f"points_{criterion}"]) for criterion in CRITERIA) == int(pair["score"])
    assert pair["shared_languages"] == "en C1/C2; fr B2/C2"
    assert pair["common_minutes_per_week"] == "60"
    assert (pair["mentee_time_zone"], pair["mentee_windows"]) == ("Africa/Nairobi", "tue 19:00-20:00")
    assert (pair["mentor_time_zone"], pair["mentor_windows"]) == ("Europe/Paris", "tue 17:00-18:00")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["report"]["pairs"] == 1
    assert report["report"]["taken_at"] == "2026-11-22T00:00:00.000000Z"
    assert report["left_out"] == [
        {"name": "e2", "email": "e2@x.example",
         "reasons": [{"code": "no_mentor_left", "considered": 1, "passing": 1}],
         "summary": [
             "1 mentor fits by language, time and way to meet, but none was left for this mentee.",
             "No change that was tried would have brought in a mentor who still had a place.",
         ]}
    ]  # fmt: skip
    told = [sentence for section in report["summary"] for sentence in section["sentences"]]
    assert told[0] == "The match found a mentor for 1 of 2 mentees (50%); without one: 1."
    assert "1 pairs written to" in said
    assert [f"- {one}" for one in told] == [one for one in said.splitlines() if one.startswith("- ")]


def test_the_report_is_in_the_language_that_is_asked_for(run, tmp_path):
    _, _, said = run(
        [row("m1")], [row("e1")], "--language", "fr", "--report", tmp_path / "report.json"
    )  # fmt: skip
    assert (
        "- L’appariement a trouvé un mentor pour 1 personne sur 1 (100\u00a0%)\u00a0; sans mentor\u00a0: 0."
        in said
    )
    document = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert document["summary"][0]["title"] == "L’appariement en bref"


def test_capacity_of_the_file_counts_and_is_two_where_it_is_empty(run):
    mentees = [row(f"e{n}") for n in range(5)]
    assert len(run([row("m1")], mentees)[1]) == 2
    assert len(run([row("m1", capacity="4")], mentees)[1]) == 4


def test_the_same_files_give_the_same_bytes_in_any_order(run, tmp_path):
    mentors = [row(f"m{n}", topics_offered=f"topic {n}") for n in range(4)]
    mentees = [row(f"e{n}", topics_sought=f"topic {n % 3}") for n in range(9)]
    files = ["pairs.csv", "report.json"]
    run(mentors, mentees, "--report", tmp_path / "report.json")
    before = [(tmp_path / name).read_bytes() for name in files]
    run(mentors[::-1], mentees[::-1], "--report", tmp_path / "report.json")
    assert [(tmp_path / name).read_bytes() for name in files] == before


def test_only_verified_mentors_count_on_the_day_of_the_run(run):
    assert run([row("m1", verified="2026-11-22")], [row("e1")])[1]
    code, pairs, said = run([row("m1", verified="2026-11-21")], [row("e1")])
    assert (code, pairs) == (OK, [])
    assert "- Mentors who could not take part: 1. Why: no verified credential (1)." in said.splitlines()
    code, pairs, said = run([row("m1", verified="no")], [row("e1")])
    assert (code, pairs) == (OK, [])
    assert "no mentor is verified" in said


def test_bad_rows_are_told_with_row_column_and_reason_and_the_rest_goes_on(run):
    code, pairs, said = run([row("m1"), row("m2", languages="en:Z9")], [row("e1"), row("e2", email="nobody")])
    assert code == OK
    assert len(pairs) == 1
    assert "mentors.csv: row 3, column languages: " in said
    assert "mentees.csv: row 3, column email: " in said
    assert "rows left out because they are bad: 2" in said
    assert "nobody" not in said.replace("nobody can", "")


def test_strict_writes_nothing_if_a_row_is_bad(run):
    code, pairs, said = run([row("m1"), row("m2", languages="en:Z9")], [row("e1")], "--strict")
    assert (code, pairs) == (NOTHING_USABLE, None)
    assert "1 bad rows, nothing written" in said


def test_profiles_that_lack_something_are_left_out_by_name(run, tmp_path):
    code, pairs, _ = run([row("m1")], [row("e1", availability="")], "--report", tmp_path / "r.json")
    assert (code, pairs) == (OK, [])
    (left,) = json.loads((tmp_path / "r.json").read_text())["left_out"]
    assert left["reasons"] == [{"code": "profile_incomplete", "fields": ["availability"]}]


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"email;email\na@b.example;c@d.example\n", b"a,b\n1,2\n"]
)
def test_a_file_that_is_no_roster(run, content):
    code, pairs, said = run([row("m1")], content)
    assert (code, pairs) == (NOTHING_USABLE, None)
    assert "mentees.csv" in said


def test_a_side_without_a_usable_row(run):
    code, pairs, said = run([row("m1", email="x")], [row("e1")])
    assert (code, pairs) == (NOTHING_USABLE, None)
    assert "mentors.csv: no usable row, nothing written" in said


def test_who_stands_in_both_files_is_not_matched_with_themselves(run):
    both = row("m1") | {"email": "Same@x.example"}
    code, pairs, _ = run([both], [row("e1", email="same@X.example")])
    assert (code, pairs) == (OK, [])


def test_weights_of_a_file_count(run, tmp_path):
    weights = tmp_path / "weights.json"
    weights.write_text(json.dumps({criterion: int(criterion == "topics") for criterion in CRITERIA}))
    people = [row("m1", topics_offered="triage")], [row("e1", topics_sought="triage; burns")]
    _, (pair,), _ = run(*people, "--weights", weights)
    assert (pair["score"], pair["points_topics"], pair["points_career"]) == ("650000", "650000", "0")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "is no JSON"),
        ("[1]", "holds no JSON object"),
        ('{"topic": 1}', "/weights/topic: Use one of: topics,"),
        ('{"topics": -1}', "/weights/topics: Give 0, or a number from"),
        ("[" * 10**5, "is no JSON"),
    ],
)
def test_weights_that_cannot_be_used(run, tmp_path, content, says):
    (tmp_path / "weights.json").write_text(content)
    code, pairs, said = run([row("m1")], [row("e1")], "--weights", tmp_path / "weights.json")
    assert (code, pairs) == (USAGE, None)
    assert says in said


def test_other_headings_by_a_column_map(run, tmp_path):
    (tmp_path / "map.json").write_text('{"Speaks": "languages"}')
    mentees = sheet([row("e1")]).replace(b"languages", b"Speaks")
    assert len(run([row("m1")], mentees)[1]) == 0
    code, pairs, _ = run([row("m1")], mentees, "--column-map", tmp_path / "map.json")
    assert (code, len(pairs)) == (OK, 1)
    (tmp_path / "map.json").write_text('{"Speaks": 4}')
    assert run([row("m1")], mentees, "--column-map", tmp_path / "map.json")[0] == USAGE
    (tmp_path / "map.json").write_text('{"Speaks": "tongues"}')
    code, _, said = run([row("m1")], mentees, "--column-map", tmp_path / "map.json")
    assert code == NOTHING_USABLE
    assert '"tongues" is no column' in said


def test_binding_wishes_of_a_file_are_rules_and_the_others_are_not(run):
    def wishing(name, **cells):
        return row(name, employer="North Hospital", **cells)

    mentors = [wishing("m1")]
    for cells, pairs in (
        ({"not_own_employer": "yes"}, 0),
        ({"not_own_employer_if_possible": "yes"}, 1),
        ({"unwanted_employers": "the north hospital"}, 0),
        ({"unwanted_employers_if_possible": "north hospital"}, 1),
        ({"unwanted_countries": "Kenya"}, 0),
        ({"unwanted_countries_if_possible": "Kenya"}, 1),
        ({"preferred_genders": "woman", "genders_required": "yes"}, 0),
        ({"preferred_genders": "woman", "genders_required": "no"}, 1),
    ):
        code, found, said = run(mentors, [wishing("e1", **cells)])
        assert (code, len(found)) == (OK, pairs), (cells, said)


def test_a_serb_and_a_croat_read_of_their_own_languages(run):
    (pair,) = run([row("m1", languages="hr:C2")], [row("e1", languages="Serbian C2")])[1]
    assert pair["shared_languages"] == "hr C1 by sr/C2"


def test_the_stable_objective(run, tmp_path):
    code, pairs, _ = run(
        [row("m1")], [row("e1")], "--objective", "stable", "--report", tmp_path / "report.json"
    )
    assert (code, len(pairs)) == (OK, 1)
    assert json.loads((tmp_path / "report.json").read_text())["report"]["objective"] == "stable"


@pytest.mark.parametrize(
    "options", [["--objective", "best"], ["--date", "22/11/2026"], ["--date", "2026-02-30"]]
)
def test_options_that_mean_nothing(run, options):
    with pytest.raises(SystemExit) as ended:
        run([row("m1")], [row("e1")], *options)
    assert ended.value.code == USAGE


def test_files_that_are_not_there(run, tmp_path, capsys):
    assert main(["--mentors", "/nowhere.csv", "--mentees", "/n.csv", "--out", str(tmp_path / "o")]) == USAGE
    assert "/nowhere.csv: cannot be read: No such file or directory" in capsys.readouterr().err
    code, pairs, said = run([row("m1")], [row("e1")], "--report", tmp_path / "none" / "r.json")
    assert (code, pairs) == (USAGE, None)
    assert "there is no folder" in said


def test_an_output_that_cannot_be_written_leaves_no_litter(run, tmp_path):
    (tmp_path / "pairs.csv").mkdir()
    code, _, said = run([row("m1")], [row("e1")])
    assert code == USAGE
    assert "pairs.csv: cannot be written" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mentees.csv", "mentors.csv", "pairs.csv"]


def test_cells_that_a_spreadsheet_would_run_are_made_safe(run):
    mentors = [row("m1", external_id="=1+1")]
    mentees = [row("e1", external_id="@SUM(A1)")]
    _, (pair,), _ = run(mentors, mentees)
    assert (pair["mentor"], pair["mentee"]) == ("'=1+1", "'@SUM(A1)")
    for start in "=+-@\t\r":
        assert safe_cell(f"{start}cmd") == f"'{start}cmd"
    assert [safe_cell(cell) for cell in ("a=b", 7, "")] == ["a=b", 7, ""]


def test_a_window_over_midnight_names_the_next_day(run):
    zone = {"time_zone": "Etc/UTC", "availability": "mon 22:00-24:00; tue 00:00-01:00"}
    _, (pair,), _ = run([row("m1", **zone)], [row("e1", **zone)])
    assert pair["mentee_windows"] == "mon 22:00-tue 01:00"
    _, (pair,), _ = run([row("m1", **zone)], [row("e1", **zone | {"availability": "mon 22:00-24:00"})])
    assert pair["mentee_windows"] == "mon 22:00-24:00"


def test_the_command_needs_no_server_account_or_environment(tmp_path):
    """In a fresh process that has no environment and may open no socket."""
    (tmp_path / "mentors.csv").write_bytes(sheet([row("m1")]))
    (tmp_path / "mentees.csv").write_bytes(sheet([row("e1")]))
    program = (
        "import sys\n"
        "def refuse(event, args):\n"
        "    if event.startswith('socket.'):\n"
        "        raise RuntimeError(event)\n"
        "sys.addaudithook(refuse)\n"
        "from chalicelib.matching.__main__ import main\n"
        "code = main(['--mentors', 'mentors.csv', '--mentees', 'mentees.csv', '--out', 'pairs.csv'])\n"
        "heavy = {'chalice', 'boto3', 'botocore', 'pynamodb', 'pydantic', 'aws_lambda_powertools'}\n"
        "assert not heavy & {name.partition('.')[0] for name in sys.modules}\n"
        "sys.exit(code)\n"
    )
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.returncode == OK, ended.stderr
    assert "1 pairs written to" in ended.stderr
    assert (tmp_path / "pairs.csv").stat().st_mode & 0o077 == 0  # addresses are the owner's alone


def test_the_module_runs_by_its_name():
    ended = subprocess.run(
        [sys.executable, "-m", "chalicelib.matching", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert ended.returncode == OK
    assert "--strict" in ended.stdout


def test_no_file_is_written_over_another(run, tmp_path):
    before = sheet([row("m1", topics_offered="triage")])
    for options in (
        ("--out", tmp_path / "mentors.csv"),
        ("--report", tmp_path / "mentees.csv"),
        ("--report", tmp_path / "." / "pairs.csv"),
    ):
        code, pairs, said = run(before, [row("a", verified="")], *options)
        assert (code, pairs) == (USAGE, None)
        assert "is named twice" in said
        assert (tmp_path / "mentors.csv").read_bytes() == before


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_nobody_means(run, day):
    with pytest.raises(SystemExit) as ended:
        run([row("m1")], [row("a")], "--date", day)
    assert ended.value.code == USAGE
