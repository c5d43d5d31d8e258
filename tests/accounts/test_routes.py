"""Sign-up to sign-out over HTTP."""

from tests.support.pool import RESET_CODE, SIGN_UP_CODE
from tests.support.world import World

AMINA = {
    "email": "Amina@Example.org",
    "password": "a long sentence",
    "given_name": "Amina",
    "family_name": "Otieno",
}


def signed_up(world: World) -> None:
    assert world.post("/v1/auth/sign-up", AMINA).status == 202
    answer = world.post("/v1/auth/confirm", {"email": "amina@example.org", "code": SIGN_UP_CODE})
    assert answer.status == 200, answer.text


def test_sign_up_confirm_sign_in_refresh_sign_out(world: World) -> None:
    signed_up(world)
    tokens = world.post("/v1/auth/sign-in", {"email": "amina@example.org", "password": "a long sentence"})
    assert tokens.status == 200, tokens.text
    assert set(tokens.json) >= {"access_token", "id_token", "refresh_token", "expires_in"}
    again = world.post("/v1/auth/refresh", {"refresh_token": tokens.json["refresh_token"]})
    assert again.status == 200, again.text


def test_the_person_exists_after_confirming_and_not_before(world: World) -> None:
    world.post("/v1/auth/sign-up", AMINA)
    from chalicelib.people import service as people

    person_id, _ = people.find_by_email("amina@example.org")
    assert people.get_person(person_id) is None
    world.post("/v1/auth/confirm", {"email": "amina@example.org", "code": SIGN_UP_CODE})
    person = people.get_person(person_id)
    assert (person.name, person.email, person.locale) == ("Amina Otieno", "amina@example.org", "en")


def test_the_holder_of_an_address_is_told_once_a_day_of_a_second_sign_up(world: World) -> None:
    signed_up(world)
    for _ in range(3):
        assert world.post("/v1/auth/sign-up", AMINA).status == 202
    assert len(world.messages("account-exists")) == 1


def test_a_sign_in_finishes_what_a_crash_after_confirming_left_open(world: World) -> None:
    from chalicelib.people import service as people
    from chalicelib.platform import identity

    world.post("/v1/auth/sign-up", AMINA)
    person_id, _ = people.find_by_email("amina@example.org")
    identity.confirm(person_id, SIGN_UP_CODE)
    tokens = world.post("/v1/auth/sign-in", {"email": AMINA["email"], "password": AMINA["password"]})
    assert tokens.status == 200
    assert people.get_person(person_id).name == "Amina Otieno"


def test_bad_sign_ups_are_explained(world: World) -> None:
    answer = world.post("/v1/auth/sign-up", AMINA | {"email": "no-at-sign", "password": "short"})
    assert answer.status == 422
    assert {error["pointer"] for error in answer.json["errors"]} == {"/email", "/password"}


def test_a_new_password_ends_the_sessions_of_the_old_one(world: World) -> None:
    signed_up(world)
    email = {"email": AMINA["email"]}
    tokens = world.post("/v1/auth/sign-in", email | {"password": AMINA["password"]}).json
    world.post("/v1/auth/forgot-password", email)
    reset = email | {"code": RESET_CODE, "new_password": "another long sentence"}
    assert world.post("/v1/auth/reset-password", reset).status == 200
    again = world.post("/v1/auth/refresh", {"refresh_token": tokens["refresh_token"]})
    assert again.status == 401


def test_codes_are_mailed_in_the_language_of_the_sign_up_then_in_the_persons_own(world: World) -> None:
    email = {"email": AMINA["email"]}
    world.post("/v1/auth/sign-up", AMINA | {"locale": "fr"})
    world.post("/v1/auth/sign-up", AMINA | {"locale": "en"})
    world.post("/v1/auth/confirm", email | {"code": SIGN_UP_CODE, "password": AMINA["password"]})
    world.post("/v1/auth/forgot-password", email)
    from chalicelib.people import service as people

    person_id, _ = people.find_by_email(AMINA["email"])
    assert world.patch("/v1/me", {"locale": "fr"}, by=person_id).status == 200
    world.post("/v1/auth/forgot-password", email)
    assert [one.metadata for one in world.code_mails] == [{"locale": one} for one in ("fr", "en", "en", "fr")]
