"""Numbers of registers: normal form, characters, formats and check digits."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.credentials import numbers
from chalicelib.credentials.authorities import NumberFormat, authority
from chalicelib.credentials.numbers import luhn, misfit, normalised, unreadable

DIGITS = "0123456789"
NPI_PREFIX = "80840"


def form(authority_id: str) -> NumberFormat:
    found = authority(authority_id)
    assert found is not None
    assert found.number is not None
    return found.number


def with_check_digit(payload: str) -> str:
    return next(payload + digit for digit in DIGITS if luhn(payload + digit))


npis = st.tuples(st.sampled_from("12"), st.text(DIGITS, min_size=8, max_size=8)).map(
    lambda parts: with_check_digit(NPI_PREFIX + "".join(parts)).removeprefix(NPI_PREFIX)
)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("A 10423", "A10423"), ("a-10-423", "A10423"), ("12 345\u00a067", "1234567"), ("１２３４５６７", "1234567"),
        ("٧٠١٢٣٤٥", "7012345"), ("MDB/12/3", "MDB/12/3"), ("12–34—56", "123456"), ("99z9999z", "99Z9999Z"), ("", ""),
    ],
)  # fmt: skip
def test_one_number_has_one_form(written: str, plain: str) -> None:
    assert normalised(written) == plain


@given(st.text(max_size=60))
def test_the_normal_form_is_its_own(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once


# --- check digits


@given(npis)
def test_a_right_check_digit_passes(npi: str) -> None:
    assert misfit(npi, form("us-nppes")) is None
    assert misfit(f"{npi[:4]}-{npi[4:7]} {npi[7:]}", form("us-nppes")) is None


@given(npis, st.integers(0, 9), st.sampled_from(DIGITS))
def test_each_single_wrong_digit_is_found(npi: str, place: int, digit: str) -> None:
    assume(digit != npi[place])
    wrong = npi[:place] + digit + npi[place + 1 :]
    assert misfit(wrong, form("us-nppes")) is not None


@given(npis, st.integers(0, 8))
def test_each_swap_of_neighbours_is_found_but_that_of_0_and_9(npi: str, place: int) -> None:
    one, other = npi[place], npi[place + 1]
    assume(one != other)
    swapped = npi[:place] + other + one + npi[place + 2 :]
    assume(swapped[0] in "12")
    found = misfit(swapped, form("us-nppes")) is not None
    assert found is ({one, other} != {"0", "9"}), "Luhn's rule is blind to 09 and 90 alone"


def test_the_example_of_the_standard_passes_and_the_prefix_matters() -> None:
    assert luhn("808401234567893")
    assert misfit("1234567893", form("us-nppes")) is None
    assert not luhn("1234567893")
    assert "check digit" in str(misfit("1234567894", form("us-nppes")))


# --- formats


@pytest.mark.parametrize(
    ("authority_id", "number", "says"),
    [
        ("gb-gmc", "123456", "A GMC number has 7 digits; this has 6."),
        ("gb-gmc", "123 456 78", "A GMC number has 7 digits; this has 8."),
        ("gb-gmc", "C1234567", "A GMC number has 7 digits; this has 1 letter and 7 digits."),
        (
            "gb-nmc", "99Z9999",
            "An NMC PIN has 2 digits, a letter, 4 digits and a letter; this has 1 letter and 6 digits.",
        ),
        (
            "gb-nmc", "9Z99999Z",
            "An NMC PIN has 2 digits, a letter, 4 digits and a letter; this is written otherwise. "
            "It looks like 99Z9999Z.",
        ),
        (
            "gb-gphc", "3123456",
            "A GPhC number has 7 digits, of which the first is 2 for pharmacists and 5 for technicians; "
            "this is written otherwise. It looks like 2999999.",
        ),
        ("gb-hcpc", "P1", "An HCPC number has the 2 or 3 letters of the profession and up to 6 digits; "
                          "this has 1 letter and 1 digit."),
        (
            "au-ahpra", "MED123/4",
            "An Ahpra number has 3 letters and 10 digits; this has 3 letters, 4 digits and 1 sign.",
        ),
        ("us-nppes", "3234567893", "An NPI has 10 digits, of which the first is 1 or 2; this is written otherwise. "
                                   "It looks like 1234567893."),
        ("us-nppes", "123456789", "An NPI has 10 digits, of which the first is 1 or 2; this has 9."),
        ("nl-big", "9911009701", "A BIG number has 11 digits; this has 10."),
    ],
)  # fmt: skip
def test_what_differs_is_said_precisely(authority_id: str, number: str, says: str) -> None:
    assert misfit(number, form(authority_id)) == says


@pytest.mark.parametrize(
    ("authority_id", "number"),
    [
        ("gb-gmc", "12 34 567"), ("gb-nmc", "99z 9999z"), ("gb-gphc", "5123456"), ("gb-gphc", "2123456"),
        ("gb-hcpc", "PYL123456"), ("gb-hcpc", "ph-1"), ("au-ahpra", "med0000932846"), ("nl-big", "09911009701"),
        ("br-cfm", "123456/sp"), ("br-cfm", "123456SP"),
    ],
)  # fmt: skip
def test_spaces_dashes_and_capitals_do_not_matter(authority_id: str, number: str) -> None:
    assert misfit(number, form(authority_id)) is None


@given(st.text(max_size=60))
def test_every_text_gets_an_answer(text: str) -> None:
    for authority_id in ("gb-gmc", "us-nppes", "gb-nmc", "br-cfm"):
        said = misfit(text, form(authority_id))
        assert said is None or said.endswith(".")
    said = unreadable(text, "KE")
    assert said is None or said.endswith(".")


# --- characters


@pytest.mark.parametrize(
    ("number", "country", "says"),
    [
        ("А 10423", "KE", "Character 1 is a letter of the Cyrillic script, U+0410"),
        ("МВ123", "DE", "Character 1 is a letter of the Cyrillic script"),
        ("AB С123", "BG", "Character 4 is a letter of the Cyrillic script"),
        ("Α123", "GB", "Character 1 is a letter of the Greek script, U+0391"),
        ("\U0001d6a8123", "GB", "Character 1 is a letter of the Greek script"),
        ("12\u202e34", "KE", "Take out character 3, U+202E (right-to-left override)"),
        ("12\u200f34", "EG", "Take out character 3, U+200F (right-to-left mark)"),
        ("1\u200b2", "KE", "Take out character 2, U+200B (zero width space)"),
        ("1\u00002", "KE", "Take out character 2, U+0000 (a control character)"),
        ("12\u066334", "EG", "digits of two scripts"),
        ("12🙂", "KE", "Take out character 3, U+1F642"),
        ("12;DROP", "KE", "Take out character 3, U+003B (semicolon)"),
        ("-/-", "KE", "no letter and no digit"),
    ],
)  # fmt: skip
def test_characters_that_mislead_are_named(number: str, country: str, says: str) -> None:
    assert says in str(unreadable(number, country))


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("A 10423", "KE"), ("АБ 123456", "UA"), ("ΑΒ 123", "GR"), ("٧٠١٢٣٤٥", "EG"), ("第12345号", "JP"),
        ("न. 123", "NP"), ("CMQ-19284", "CA"), ("MDB/12.3 (b)", "KE"), ("１２３", "JP"), ("№ 12", "UA"),
        ("АБ 123456", None),
    ],
)  # fmt: skip
def test_numbers_of_every_script_are_taken(number: str, country: str | None) -> None:
    assert unreadable(number, country) is None


def test_every_script_that_looks_latin_is_known_by_its_letters() -> None:
    samples = {"CYRILLIC": "А", "GREEK": "Α", "ARMENIAN": "Օ", "COPTIC": "Ⲁ", "CHEROKEE": "Ꭺ", "LISU": "ꓐ"}
    assert set(samples) == set(numbers._LOOKALIKES)
    for script, letter in samples.items():
        assert script.title() in str(unreadable(f"A{letter}1", "KE")), script
