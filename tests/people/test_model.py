import pytest

from chalicelib.people.checks import checked_profile
from chalicelib.people.model import (
    NegativeWishes,
    Profile,
    Unwanted,
    employer_of,
    is_email,
    normalised_name,
    unwanted_employers,
)
from chalicelib.people.store import profile_data, profile_from_data


def test_names_of_employers_are_compared_without_signs_accents_and_article():
    names = [
        "Sydney Children's Hospital", "Sydney Children’s Hospital", "sydney  childrens hospital ",
        "The Sydney Children's Hospital", "Sydney Children's Hospital.",
    ]  # fmt: skip
    assert {normalised_name(name) for name in names} == {"sydney childrens hospital"}
    assert normalised_name("CHU de Québec – Université") == normalised_name("chu de quebec, universite")
    assert normalised_name("…") == ""
    assert normalised_name("北京协和医院") == "北京协和医院"
    nobody = Profile("p", employer="–", negative_wishes=NegativeWishes(employers=("!",), own_employer=True))
    assert (employer_of(nobody), unwanted_employers(nobody, nobody.negative_wishes)) == (None, frozenset())


WISHES = {"countries": ["FR"], "employers": ["north hospital"], "own_employer": True}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({**WISHES, "if_possible": False}, NegativeWishes(("FR",), ("north hospital",), True)),
        (
            {**WISHES, "if_possible": True},
            NegativeWishes(if_possible=Unwanted(("FR",), ("north hospital",), True)),
        ),
        (WISHES, NegativeWishes(("FR",), ("north hospital",), True)),
        (None, NegativeWishes()),
    ],
)
def test_wishes_that_were_written_with_one_flag_for_all_are_read_as_they_were_meant(written, read):
    found = profile_from_data("p", {} if written is None else {"negative_wishes": written})
    assert found.negative_wishes == read
    assert profile_from_data("p", profile_data(found)) == found


def test_what_is_a_rule_is_not_a_wish_as_well():
    given = NegativeWishes(
        ("fra",),
        ("North Hospital",),
        True,
        Unwanted(("FR", "ken"), ("The North  hospital", "x clinic"), True),
    )
    assert checked_profile(
        Profile("p", employer="North Hospital", negative_wishes=given)
    ).negative_wishes == NegativeWishes(("FR",), ("north hospital",), True, Unwanted(("KE",), ("x clinic",)))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("amina@example.org", True),
        ("amina.otieno+x@mail.example.co.ke", True),
        ("amina@münchen.example", True),
        ("a" * 64 + "@example.org", True),
        ("a" * 65 + "@example.org", False),
        ("é" * 33 + "@example.org", False),
        ("a@b..org", False),
        ("a@.org", False),
        ("a@-b.org", False),
        (".a@b.org", False),
        ("a..b@c.org", False),
        ("a.@b.org", False),
        ("a@b", False),
        ("a@b.c", False),
        ("a b@c.org", False),
        ("a@b@c.org", False),
        ("a@" + "b" * 64 + ".org", False),
        ("a@" + "b." * 130 + "org", False),
    ],
)
def test_an_address_is_one_that_mail_can_be_sent_to(text: str, is_one: bool) -> None:
    assert is_email(text) is is_one
