"""Who holds an address: sign-ups, invitations, and both at once."""

from dataclasses import replace

import pytest

from chalicelib.kernel.errors import StaleVersion
from chalicelib.people import service as people
from chalicelib.people import store
from chalicelib.people.errors import EmailTaken
from chalicelib.people.model import Claim, ClaimState, PersonStatus, Profile
from chalicelib.people.service import SignUp
from tests.support.world import World

EMAIL = "Amina@Hospital.example"
SIGN_UP = SignUp(EMAIL, "Amina", "Own", "fr")


def claim() -> Claim:
    found = store.get_claim(EMAIL)
    assert found is not None
    return found


def signing_up(world: World) -> Claim:
    return sign_up(world, None)


def sign_up(world: World, before: Claim | None) -> Claim:
    after, write = people.claim_email(world.call("x").new_id(), SIGN_UP, before, world.at)
    world.write(write)
    assert claim() == after
    return after


def invite(world: World, person_id: str, held: Claim | None) -> None:
    profile = Profile(person_id, goals="As invited")
    world.write(*people.invite(person_id, EMAIL, "A.", "Otieno", "en", profile, held, world.at))


def test_an_invitation_leaves_the_sign_up_under_way(world: World) -> None:
    began, before = world.at, signing_up(world)
    world.pass_time(minutes=1)
    invite(world, before.person_id, before)
    invited = claim()
    assert (invited.person_id, invited.state) == (before.person_id, ClaimState.INVITED)
    assert invited.pending == {"given_name": "Amina", "family_name": "Own", "locale": "fr"}
    assert invited.created_at == began
    world.write(*people.activate(EMAIL, claim(), world.at))
    person, profile = people.get_person_and_profile(before.person_id)
    assert (person.name, person.locale, person.status) == ("Amina Own", "fr", PersonStatus.ACTIVE)
    assert profile.goals == "As invited"
    assert (claim().state, claim().pending, claim().created_at) == (ClaimState.CONFIRMED, None, began)


def test_an_address_without_a_claim_is_invited_and_stays_so_while_its_holder_signs_up(world: World) -> None:
    person_id = world.call("x").new_id()
    invite(world, person_id, None)
    assert (claim().state, claim().pending) == (ClaimState.INVITED, None)
    sign_up(world, claim())
    assert (claim().state, claim().person_id) == (ClaimState.INVITED, person_id)
    assert people.get_person(person_id).given_name == "A."


def test_only_a_sign_up_under_way_is_invited_over(world: World) -> None:
    before = signing_up(world)
    with pytest.raises(EmailTaken):
        invite(world, world.call("x").new_id(), before)
    invite(world, before.person_id, before)
    for state in (ClaimState.INVITED, ClaimState.CONFIRMED):
        assert claim().state is state
        with pytest.raises(EmailTaken):
            invite(world, before.person_id, claim())
        world.write(*people.activate(EMAIL, claim(), world.at))


@pytest.mark.parametrize("has_seen_it", [True, False])
def test_an_invitation_gives_way_to_a_claim_that_has_moved_on(world: World, has_seen_it: bool) -> None:
    before = signing_up(world)
    world.write(*people.activate(EMAIL, claim(), world.at))
    with pytest.raises(EmailTaken):
        invite(world, before.person_id, before if has_seen_it else None)
    person, profile = people.get_person_and_profile(before.person_id)
    assert (person.status, profile.goals) == (PersonStatus.ACTIVE, "")


def test_a_sign_up_does_not_take_an_address_from_who_came_to_hold_it_meanwhile(world: World) -> None:
    person_id = world.call("x").new_id()
    invite(world, person_id, None)
    with pytest.raises(EmailTaken):
        sign_up(world, None)
    assert claim().person_id == person_id


def test_sign_ups_are_counted_through_an_invitation_until_the_address_is_confirmed(world: World) -> None:
    assert not signing_up(world).is_contested
    invite(world, claim().person_id, claim())
    assert (claim().sign_ups, claim().is_contested) == (1, False)
    assert sign_up(world, claim()).is_contested
    world.write(*people.activate(EMAIL, claim(), world.at))
    assert (claim().sign_ups, claim().is_contested) == (0, False)


def test_of_two_sign_ups_on_the_same_claim_one_has_to_look_again(world: World) -> None:
    before = signing_up(world)
    sign_up(world, before)
    with pytest.raises(EmailTaken):
        sign_up(world, before)
    assert claim().sign_ups == 2


def test_an_invited_person_is_changed_with_their_profile_or_not_at_all(world: World) -> None:
    person_id = world.person({"goals": "Old"}, name="A. Otieno", status=PersonStatus.INVITED)
    before = people.get_person_and_profile(person_id)
    named = replace(before[0], given_name="Amina", locale="fr", email="other@example.org")
    newer = replace(before[1], goals="New", is_mentor=True)
    world.write(*people.change_invited(named, newer, before, world.at))
    person, profile = people.get_person_and_profile(person_id)
    assert (person.name, person.locale, person.email) == ("Amina Otieno", "fr", before[0].email)
    assert (profile.goals, profile.is_mentor) == ("New", False)
    # On what was read before that, nothing is written any more.
    with pytest.raises(StaleVersion):
        world.write(*people.change_invited(before[0], replace(newer, goals="Newer"), before, world.at))
    assert people.get_person_and_profile(person_id) == (person, profile)


def test_who_has_become_themselves_is_no_longer_changed(world: World) -> None:
    invited = world.person({"goals": "Own"}, email=EMAIL, status=PersonStatus.INVITED)
    before = people.get_person_and_profile(invited)
    world.write(*people.activate(EMAIL, claim(), world.at))
    after = people.get_person_and_profile(invited)
    newer = replace(before[1], goals="Theirs")
    named = replace(before[0], given_name="Theirs")
    for person, profile in ((before[0], newer), (named, before[1]), (named, newer), before):
        with pytest.raises(StaleVersion):
            world.write(*people.change_invited(person, profile, before, world.at))
    with pytest.raises(StaleVersion):
        world.write(people.still_invited(before[0]))
    with pytest.raises(StaleVersion):
        people.change_invited(named, newer, after, world.at)
    assert people.get_person_and_profile(invited) == after
