from chalicelib.people.model import (
    NegativeWishes,
    Profile,
    employer_of,
    normalised_name,
    unwanted_employers,
)


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
    assert (employer_of(nobody), unwanted_employers(nobody)) == (None, frozenset())
