import pytest

from chalicelib.people.checks import checked_profile
from chalicelib.people.model import (
    NegativeWishes,
    Profile,
    Unwanted,
    employer_of,
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
