"""What a claim is worth in a country, and who says so."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.credentials.authorities import authorities
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.recognition import (
    Scheme,
    Worth,
    recognised,
    schemes,
    standing_in,
)
from chalicelib.credentials.recognition_words import effect_of, standing_sentence
from chalicelib.people import codes

DOCTOR, SPECIALIST, NURSE, MIDWIFE, DENTIST, PHYSIO = "2211", "2212", "2221", "2222", "2261", "2264"
KENYAN = Claim(
    Kind.LICENCE, "Kenya Medical Practitioners and Dentists Council", "A 1", "Amina Otieno", "KE",
    date(2020, 3, 1), authority_id="ke-kmpdc",
)  # fmt: skip
COUNTRIES = sorted(one.alpha2 for one in codes.countries())
PROFESSIONS = [None, "student", *(one.code for one in codes.professions())]
ALL = schemes()


def of(country: str, kind: Kind = Kind.LICENCE) -> Claim:
    return replace(KENYAN, kind=kind, country=country, authority="Council", authority_id=None)


def worth(claim: Claim, profession: str | None, country: str) -> Worth:
    return standing_in(claim, profession, country).worth


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id if isinstance(one, Scheme) else str(one))
def test_a_scheme_is_whole_and_sourced(one: Scheme) -> None:
    assert one.name
    assert one.name_fr
    assert one.professions <= {profession.code for profession in codes.professions()}
    assert one.professions
    assert one.kinds <= set(Kind)
    assert one.kinds
    for country in (*one.homes, *one.hosts):
        found = codes.country(country)
        assert found is not None
        assert found.alpha2 == country
    assert list(one.homes) == sorted(set(one.homes))
    assert list(one.hosts) == sorted(set(one.hosts))
    assert any(one.hosts_for(home) for home in one.homes)
    assert all(urlsplit(url).hostname for url in one.sources)
    assert date.fromisoformat(one.read_on) <= date(2026, 11, 22)


def test_no_two_schemes_speak_of_the_same_document_in_the_same_country() -> None:
    for one in ALL:
        for other in ALL:
            if one.id < other.id:
                shared = (one.professions & other.professions, set(one.homes) & set(other.homes))
                assert not (all(shared) and set(one.hosts) & set(other.hosts)), (one.id, other.id)


def test_the_directive_has_its_sectoral_professions_and_its_countries() -> None:
    directive = next(one for one in ALL if one.id == "eu-2005-36")
    assert directive.professions == {DOCTOR, SPECIALIST, NURSE, MIDWIFE, DENTIST, "2262"}
    assert len(directive.homes) == len(directive.hosts) == 27 + 3 + 1
    assert {"IS", "LI", "NO", "CH"} <= set(directive.hosts)
    assert "GB" not in directive.hosts


def test_a_kenyan_licence_is_one_in_kenya_and_none_in_germany() -> None:
    at_home = standing_in(KENYAN, DOCTOR, "KE")
    assert at_home.worth is Worth.LICENSED
    assert standing_sentence(at_home, "en") == (
        "Licence to practise, issued by Kenya Medical Practitioners and Dentists Council (Kenya)."
    )
    abroad = standing_in(KENYAN, DOCTOR, "DE")
    assert abroad.worth is Worth.NO_LICENCE
    assert standing_sentence(abroad, "en") == "Germany: not a licence to practise."
    assert standing_sentence(abroad, "fr") == "Allemagne\u00a0: ne vaut pas autorisation d’exercer."


def test_recognition_is_never_called_a_licence() -> None:
    french = standing_in(of("FR"), NURSE, "DE")
    assert french.worth is Worth.AUTOMATIC
    assert "not yet a licence to practise" in standing_sentence(french, "en")
    assert "ne vaut pas encore autorisation d’exercer" in standing_sentence(french, "fr")
    for one in ALL:
        assert "not a licence" in effect_of(one, "en") or "not yet a licence" in effect_of(one, "en")
        assert "pas" in effect_of(one, "fr")
        assert one.name in effect_of(one, "en")
        assert one.name_fr in effect_of(one, "fr")


@pytest.mark.parametrize(
    ("claim", "profession", "country", "expected"),
    [
        (of("FR"), DOCTOR, "CH", Worth.AUTOMATIC),
        (of("NO", Kind.REGISTRATION), MIDWIFE, "PT", Worth.AUTOMATIC),
        (of("FR", Kind.DEGREE), DOCTOR, "NO", Worth.AUTOMATIC),
        (of("FR", Kind.GOOD_STANDING), DOCTOR, "DE", Worth.NO_LICENCE),
        (of("FR"), PHYSIO, "DE", Worth.NO_LICENCE),
        (of("GB"), DOCTOR, "FR", Worth.NO_LICENCE),
        (of("FR"), DOCTOR, "GB", Worth.NO_LICENCE),
        (of("FR"), None, "DE", Worth.NO_LICENCE),
        (of("FR"), "student", "DE", Worth.NO_LICENCE),
        (of("AU"), NURSE, "NZ", Worth.ENTITLED_TO_REGISTER),
        (of("NZ"), NURSE, "AU", Worth.ENTITLED_TO_REGISTER),
        (of("AU"), DENTIST, "NZ", Worth.ENTITLED_TO_REGISTER),
        (of("NZ"), DENTIST, "AU", Worth.NO_LICENCE),
        (of("AU"), DOCTOR, "NZ", Worth.NO_LICENCE),
        (of("NZ"), DOCTOR, "AU", Worth.NO_LICENCE),
        (of("UG"), DOCTOR, "KE", Worth.EXAMINATION_WAIVED),
        (KENYAN, DOCTOR, "UG", Worth.NO_LICENCE),
        (of("UG"), NURSE, "KE", Worth.NO_LICENCE),
        (of("PH"), NURSE, "SG", Worth.ARRANGEMENT),
        (of("PH"), MIDWIFE, "SG", Worth.NO_LICENCE),
        (of("KE", Kind.REGISTRATION), DOCTOR, "KE", Worth.REGISTERED),
        (of("KE", Kind.DEGREE), DOCTOR, "KE", Worth.NO_LICENCE),
        (of("KE", Kind.FELLOWSHIP), DOCTOR, "KE", Worth.NO_LICENCE),
    ],
)  # fmt: skip
def test_what_a_document_is_worth_abroad(
    claim: Claim, profession: str | None, country: str, expected: Worth
) -> None:
    assert worth(claim, profession, country) is expected


def test_a_provider_number_is_no_licence_even_at_home() -> None:
    number = replace(of("US", Kind.REGISTRATION), authority="NPPES", authority_id="us-nppes")
    assert worth(number, DOCTOR, "US") is Worth.NO_LICENCE
    assert recognised(number, DOCTOR) == ()


def test_an_authority_of_a_province_speaks_of_that_province_only() -> None:
    quebec = replace(of("CA"), authority="Collège des médecins du Québec", authority_id="ca-qc-cmq")
    said = standing_in(quebec, DOCTOR, "CA")
    assert said.worth is Worth.LICENSED
    assert standing_sentence(said, "en") == (
        "Licence to practise, issued by Collège des médecins du Québec (Canada, of CA-QC only)."
    )
    assert "Canada, pour CA-QC seulement" in standing_sentence(said, "fr")
    assert (
        standing_sentence(standing_in(quebec, DOCTOR, "US"), "en")
        == "United States: not a licence to practise."
    )


claims = st.builds(
    lambda country, kind, listed: (
        replace(of(country, kind), authority_id=listed.id, authority=listed.name, country=listed.country)
        if listed
        else of(country, kind)
    ),
    st.sampled_from(COUNTRIES), st.sampled_from(list(Kind)), st.none() | st.sampled_from(authorities()),
)  # fmt: skip


@given(claims, st.sampled_from(PROFESSIONS), st.sampled_from(COUNTRIES))
def test_only_a_countrys_own_document_is_ever_a_licence_there(
    claim: Claim, profession: str | None, country: str
) -> None:
    standing = standing_in(claim, profession, country)
    if standing.worth in (Worth.LICENSED, Worth.REGISTERED):
        assert claim.country == country
        assert standing.scheme is None
    else:
        for locale in ("en", "fr"):
            said = standing_sentence(standing, locale)
            assert "{" not in said
            assert said.endswith(".")
        assert "licence to practise" in standing_sentence(standing, "en")
    if standing.scheme is not None:
        assert standing.worth is standing.scheme.effect
        assert country in standing.scheme.hosts
        assert claim.country in standing.scheme.homes
        assert profession in standing.scheme.professions
