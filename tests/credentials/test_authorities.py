"""The list of issuing authorities: every row whole, sourced and true to itself."""

import csv
import doctest
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chalicelib.credentials import authorities, numbers
from chalicelib.credentials.authorities import Authority, authority, named
from chalicelib.credentials.kinds import Kind
from chalicelib.people import codes

ROOT = Path(__file__).resolve().parents[2]
ALL = authorities.authorities()
FORMATS = [one for one in ALL if one.number is not None]


def by_id(one: object) -> str:
    return one.id if isinstance(one, Authority) else str(one)


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(authorities).failed == 0
    assert doctest.testmod(numbers).failed == 0


def test_the_list_is_as_wide_as_promised() -> None:
    assert len(ALL) >= 40
    assert len({one.country for one in ALL}) >= 30
    poorer = [one for one in ALL if codes.income_group(one.country) in ("low", "lower_middle")]
    assert len(poorer) >= 20
    assert {"gb-gmc", "gb-nmc", "gb-gphc", "gb-hcpc", "us-nppes"} <= {one.id for one in ALL}


def test_each_id_and_each_name_stands_once() -> None:
    with (authorities.DATA / "authorities.csv").open(encoding="utf-8") as source:
        ids = [row["id"] for row in csv.DictReader(source)]
    assert ids == sorted(set(ids))
    assert len({(one.country, one.subdivision, one.name.casefold()) for one in ALL}) == len(ALL)


@pytest.mark.parametrize("one", ALL, ids=by_id)
def test_a_row_is_whole(one: Authority) -> None:
    country = codes.country(one.country)
    assert country is not None
    assert country.alpha2 == one.country
    part = one.subdivision.removeprefix(f"{one.country}-").lower() + "-" if one.subdivision else ""
    assert re.fullmatch(rf"{one.country.lower()}-{part}[a-z0-9]+", one.id)
    assert all(codes.profession(profession) for profession in one.professions)
    assert one.kinds
    assert all(Kind(kind) for kind in one.kinds)
    assert one.sources
    for url in one.sources:
        assert urlsplit(url).scheme in ("http", "https")
        assert urlsplit(url).hostname
    assert date.fromisoformat(one.read_on) <= date(2026, 11, 22)
    if one.register_url is not None:
        assert urlsplit(one.register_url).scheme == "https"


@pytest.mark.parametrize("one", FORMATS, ids=by_id)
def test_an_example_passes_and_a_changed_one_does_not(one: Authority) -> None:
    form = one.number
    assert form is not None
    assert form.label.startswith(("A ", "An "))
    assert numbers.misfit(form.example, form) is None
    assert numbers.normalised(form.example) == form.example
    assert numbers.misfit(form.example + "0000000", form) is not None
    assert numbers.misfit("?", form) is not None


def test_what_licenses_nobody_issues_no_licence() -> None:
    assert {one.id for one in ALL if not one.licenses} == {"in-inc", "tz-cosecsa", "us-abms", "us-nppes"}
    assert not any("licence" in one.kinds for one in ALL if not one.licenses)


@pytest.mark.parametrize(
    "text",
    [
        "gmc", "General Medical Council", " the GENERAL  medical council ", "G.M.C", "General Medical Council (UK)",
        "General Medical Council (GMC)", "The General Medical Council (GMC), U.K.", "GMC, UK", "GMC (United Kingdom)",
        "GENERAL MEDICAL COUNCIL (Royaume-Uni).",
    ],
)  # fmt: skip
def test_a_free_text_is_known_by_name_or_abbreviation_in_its_country(text: str) -> None:
    found = named(text, "GB")
    expected = None if text == "G.M.C" else authority("gb-gmc")
    assert found == expected


@pytest.mark.parametrize(
    ("text", "country"),
    [("GMC", "KE"), ("Medical Council", "GB"), ("", "GB"), ("...", "GB"), ("General Medical Councils", "GB"),
     ("General Medical Council (Kenya)", "GB"), ("General Medical Council (UK)", "KE"), ("(UK)", "GB"),
     ("General Medical Council (NMC)", "GB"), ("General Medical Council (London)", "GB"), (", UK", "GB"),
     ("General Medical Council UK)", "GB")],
)  # fmt: skip
def test_nothing_is_guessed(text: str, country: str) -> None:
    assert named(text, country) is None


def test_one_abbreviation_of_two_authorities_is_told_apart_by_country() -> None:
    assert named("NMC", "GB") == authority("gb-nmc")
    assert named("NMC", "NP") == authority("np-nmc")
    assert named("College des medecins du Quebec", "CA") == authority("ca-qc-cmq")


def test_the_list_is_narrowed_by_country_profession_and_kind() -> None:
    assert [one.id for one in authorities.authorities("KE")] == ["ke-kmpdc", "ke-nck", "ke-ppb"]
    assert [one.id for one in authorities.authorities("KE", "2262")] == ["ke-ppb"]
    assert [one.id for one in authorities.authorities("US", kind="board_certification")] == ["us-abms"]
    everybody = [one.id for one in authorities.authorities("US", "5322")]
    assert everybody == ["us-nppes"], "one without named professions is for all"
    assert authorities.authorities("AQ") == ()


def test_importing_reads_no_file_and_the_list_is_read_once() -> None:
    program = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: event == 'open' and opened.append(str(args[0])))\n"
        "from chalicelib.credentials import authorities, claims\n"
        "assert not [path for path in opened if 'credentials/data' in path]\n"
        "assert authorities.authority('gb-gmc') and authorities.authority('xx') is None\n"
        "assert authorities.named('GMC', 'GB')\n"
        "read = [path for path in opened if 'credentials/data' in path]\n"
        "assert len(read) == 1, read\n"
        "assert not {'pydantic', 'boto3'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)  # noqa: S603
