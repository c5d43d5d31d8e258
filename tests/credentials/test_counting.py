"""What counts in a programme."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.credentials.claims import Claim
from chalicelib.credentials.counting import (
    Held,
    Place,
    Requirement,
    Rule,
    Verdict,
    WhatCounts,
)
from chalicelib.credentials.decisions import Decision
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.model import Credential, Status
from chalicelib.credentials.person_file import badge_of
from chalicelib.people.model import Badge

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
LICENCE = Held(Kind.LICENCE, "KE", NOW + YEAR, "2212")
DEGREE = Held(Kind.DEGREE, "UG", NOW + 2 * YEAR)
HERE = Requirement(frozenset({Kind.LICENCE}), Place.COUNTRY_OF_PRACTICE)
LICENCE_WHERE_THEY_PRACTISE = WhatCounts(
    (
        Rule(
            (
                Requirement(
                    frozenset({Kind.LICENCE, Kind.REGISTRATION}),
                    Place.COUNTRY_OF_PRACTICE,
                    right_to_practise=True,
                ),
            )
        ),
    )
)
STUDIED = Requirement(frozenset({Kind.DEGREE}))


def verdict(
    rules: WhatCounts, *held: Held, profession: str | None = "2212", country: str | None = "KE"
) -> Verdict:
    return rules.verdict(profession, country, held, NOW)


def test_a_current_licence_in_the_country_of_practice_counts_to_its_end() -> None:
    assert verdict(LICENCE_WHERE_THEY_PRACTISE, LICENCE).until == LICENCE.until
    registered = replace(LICENCE, kind=Kind.REGISTRATION, until=NOW + 3 * YEAR)
    assert verdict(LICENCE_WHERE_THEY_PRACTISE, LICENCE, registered).until == registered.until


@pytest.mark.parametrize(
    "held",
    [
        replace(LICENCE, country="UG"),
        replace(LICENCE, until=NOW),
        replace(LICENCE, kind=Kind.FELLOWSHIP),
        replace(LICENCE, profession="2221"),
        replace(LICENCE, kind=Kind.REGISTRATION, licenses=False),
    ],
    ids=["elsewhere", "over", "another kind", "another profession", "a provider number"],
)
def test_what_does_not_count_is_missing(held: Held) -> None:
    assert verdict(LICENCE_WHERE_THEY_PRACTISE, held) == Verdict(
        None, LICENCE_WHERE_THEY_PRACTISE.rules[0].requirements
    )


def worn(claim: Claim) -> Badge:
    decision = Decision("R", NOW, (NOW + YEAR).date(), NOW + YEAR)
    credential = Credential("C", "P", "A", "2212", "O", claim, NOW, Status.VERIFIED, decision=decision)
    return badge_of(credential, "Heart Alliance")


def test_a_claim_counts_as_its_authority_says() -> None:
    doctor = Claim(Kind.REGISTRATION, "GMC", "1", "A", "GB", date(2020, 1, 1), authority_id="gb-gmc")
    number = replace(doctor, country="US", authority_id="us-nppes")
    other = replace(doctor, authority_id=None)
    for claim, counts in ((doctor, True), (number, False), (other, True)):
        held = Held.of(worn(claim))
        said = verdict(LICENCE_WHERE_THEY_PRACTISE, held, country=claim.country)
        assert (said.until == NOW + YEAR) is counts, claim.authority_id


def test_without_a_country_nothing_is_from_the_country_of_practice() -> None:
    assert verdict(LICENCE_WHERE_THEY_PRACTISE, LICENCE, country=None).until is None
    anywhere = WhatCounts((Rule((Requirement(frozenset({Kind.LICENCE})),)),))
    assert verdict(anywhere, LICENCE, country=None).until == LICENCE.until


def test_of_two_things_wanted_the_first_to_end_decides_and_what_is_missing_is_named() -> None:
    both = WhatCounts((Rule((HERE, STUDIED)),))
    assert verdict(both, LICENCE, DEGREE).until == LICENCE.until
    assert verdict(both, LICENCE) == Verdict(None, (STUDIED,))
    assert verdict(both) == Verdict(None, (HERE, STUDIED))


def test_of_two_ways_the_longer_decides_and_the_nearer_is_named() -> None:
    ways = WhatCounts((Rule((HERE, STUDIED)), Rule((Requirement(frozenset({Kind.FELLOWSHIP})),))))
    fellow = replace(LICENCE, kind=Kind.FELLOWSHIP, until=NOW + 4 * YEAR)
    assert verdict(ways, LICENCE, DEGREE, fellow).until == fellow.until
    assert verdict(ways, LICENCE, DEGREE).until == LICENCE.until
    assert len(verdict(ways).missing) == 1


def test_a_rule_for_a_profession_replaces_the_one_for_everybody_else() -> None:
    rules = WhatCounts((Rule((HERE,)), Rule((STUDIED,), frozenset({"2634"}))))
    assert verdict(rules, DEGREE, profession="2634").until == DEGREE.until
    assert verdict(rules, replace(LICENCE, profession="2634"), profession="2634").until is None
    assert verdict(rules, DEGREE).until is None
    assert verdict(rules, LICENCE).until == LICENCE.until


def test_a_profession_that_no_rule_names_is_verified_by_nothing() -> None:
    rules = WhatCounts((Rule((HERE,), frozenset({"2211"})),))
    assert verdict(rules, LICENCE) == Verdict(None)


def test_a_rule_that_wants_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="would verify everybody"):
        Rule(())
    with pytest.raises(ValueError, match="would verify everybody"):
        Rule((Requirement(frozenset()),))


PROFESSIONS = ["2211", "2212", None]
instants = st.integers(-3, 6).map(lambda n: NOW + n * YEAR)
helds = st.lists(
    st.builds(
        Held, st.sampled_from(list(Kind)), st.sampled_from(["KE", "UG"]), instants,
        st.sampled_from(PROFESSIONS), st.booleans(),
    ),
    max_size=6,
)  # fmt: skip
needs = st.builds(
    Requirement,
    st.frozensets(st.sampled_from(list(Kind)), min_size=1),
    st.sampled_from(list(Place)),
    st.booleans(),
)
ruled = st.lists(
    st.builds(
        Rule,
        st.lists(needs, min_size=1, max_size=3).map(tuple),
        st.frozensets(st.sampled_from(["2211", "2212"])),
    ),
    max_size=4,
).map(lambda rules: WhatCounts(tuple(rules)))


@given(ruled, helds, st.sampled_from(PROFESSIONS), st.sampled_from(["KE", None]))
def test_a_verdict_lies_ahead_ends_with_something_held_and_no_order_matters(
    rules: WhatCounts, held: list[Held], profession: str | None, country: str | None
) -> None:
    one = rules.verdict(profession, country, held, NOW)
    assert one == rules.verdict(profession, country, held[::-1], NOW)
    if one.until is not None:
        assert one.until > NOW
        assert one.until in {each.until for each in held}
        assert one.missing == ()
        assert one.until != rules.verdict(profession, country, held, one.until).until, "it is over then"


@given(ruled, helds, helds, st.sampled_from(PROFESSIONS))
def test_one_more_credential_never_shortens(
    rules: WhatCounts, held: list[Held], more: list[Held], profession: str | None
) -> None:
    before = rules.verdict(profession, "KE", held, NOW).until
    after = rules.verdict(profession, "KE", [*held, *more], NOW).until
    if before is not None:
        assert after is not None
        assert after >= before
