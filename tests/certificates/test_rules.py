"""When a certificate is due."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.certificates.badge import hours_text
from chalicelib.certificates.rules import Gap, Need, gaps
from chalicelib.certificates.wording import criteria, lacking
from chalicelib.programmes.model import CertificateRule
from chalicelib.words.formats import formats_of
from tests.certificates.paper import RECORD

COUNTS = {Need.SESSIONS: "sessions", Need.MINUTES: "minutes", Need.GOALS_REACHED: "goals_reached"}


def test_the_usual_rule_is_six_sessions_and_a_final_reflection() -> None:
    assert (
        gaps(CertificateRule(), replace(RECORD, sessions=6, minutes=0, goals_reached=0), is_ending=True) == ()
    )
    nothing = replace(RECORD, sessions=5, final_reflection=False)
    assert gaps(CertificateRule(), nothing, is_ending=False) == (
        Gap(Need.SESSIONS, 5, 6),
        Gap(Need.FINAL_REFLECTION, 0, 1),
        Gap(Need.ENDING, 0, 1),
    )


@pytest.mark.parametrize(("need", "field"), COUNTS.items())
def test_each_count_is_asked_for_by_itself(need: Need, field: str) -> None:
    rule = replace(CertificateRule(0, 0, 0, False), **{field: 4})
    assert gaps(rule, replace(RECORD, **{field: 4}), is_ending=True) == ()
    assert gaps(rule, replace(RECORD, **{field: 3}), is_ending=True) == (Gap(need, 3, 4),)


@given(*(st.integers(0, 9) for _ in range(6)), st.booleans(), st.booleans())
def test_more_never_makes_it_less_due(
    a: int, b: int, c: int, x: int, y: int, z: int, asks: bool, has: bool
) -> None:
    rule = CertificateRule(a, b, c, asks)
    record = replace(RECORD, sessions=x, minutes=y, goals_reached=z, final_reflection=has)
    found = gaps(rule, record, is_ending=True)
    assert (found == ()) == (x >= a and y >= b and z >= c and (has or not asks))
    more = replace(record, sessions=x + 1, minutes=y + 1, goals_reached=z + 1, final_reflection=True)
    assert {one.need for one in gaps(rule, more, is_ending=True)} <= {one.need for one in found}
    assert all(one.has < one.needs for one in found)


@pytest.mark.parametrize(("minutes", "text"), [
    (0, "0"), (2, "0"), (3, "0"), (6, "0.1"), (30, "0.5"), (60, "1"), (450, "7.5"), (599, "10"), (6000, "100"),
])  # fmt: skip
def test_hours_have_one_digit_at_most(minutes: int, text: str) -> None:
    assert hours_text(minutes) == text


@pytest.mark.parametrize(("language", "rule", "text"), [
    ("en", CertificateRule(), "The programme asks for: 6 sessions held; a final reflection."),
    ("en", CertificateRule(1, 90, 1, False),
     "The programme asks for: 1 session held; 1 hour, 30 minutes in sessions; 1 goal reached."),
    ("fr", CertificateRule(), "Le programme demande\u00a0: 6 séances tenues; une réflexion finale."),
    ("en", CertificateRule(0, 0, 0, False), "The programme asks for nothing beyond the mentorship itself."),
])  # fmt: skip
def test_a_rule_is_told_in_the_holders_language(language: str, rule: CertificateRule, text: str) -> None:
    assert criteria(rule, formats_of(language)).replace("\u202f;", ";").replace("\u00a0;", ";") == text


def test_what_is_missing_is_told_as_what_is_still_to_do() -> None:
    missing = gaps(CertificateRule(), replace(RECORD, sessions=4, final_reflection=False), is_ending=False)
    assert (
        lacking(missing, formats_of("en"))
        == "Still missing: 2 sessions held; a final reflection; the end of the mentorship."
    )
