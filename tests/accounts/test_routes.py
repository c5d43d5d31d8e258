"""Sign-up to sign-out over HTTP. The pool in memory takes any code."""

from tests.support.world import World

AMINA = {
    "email": "Amina@Example.org",
    "password": "a long sentence",
    "given_name": "Amina",
    "family_name": "Otieno",
}


def signed_up(world: World) -> None:
    assert world.post("/v1/auth/sign-up", AMINA).status == 202
    answer = world.post("/v1/auth/confirm", {"email": "amina@example.org", "code": "123456"})
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
    world.post("/v1/auth/confirm", {"email": "amina@example.org", "code": "123456"})
    person = people.get_person(person_id)
    assert (person.name, person.email, person.locale) == ("Amina Otieno", "amina@example.org", "en")


def test_answers_do_not_tell_whether_an_address_has_an_account(world: World) -> None:
    signed_up(world)
    known = world.post("/v1/auth/sign-up", AMINA)
    unknown = world.post("/v1/auth/sign-up", AMINA | {"email": "nobody@example.org"})
    assert (known.status, known.json) == (unknown.status, unknown.json)
    wrong = world.post("/v1/auth/sign-in", {"email": "amina@example.org", "password": "not this sentence"})
    nobody = world.post("/v1/auth/sign-in", {"email": "none@example.org", "password": "not this sentence"})
    assert wrong.status == nobody.status == 401
    assert wrong.json["detail"] == nobody.json["detail"]
    forgot = [
        world.post("/v1/auth/forgot-password", {"email": e}) for e in ("amina@example.org", "no@example.org")
    ]
    assert forgot[0].status == forgot[1].status == 202
    assert forgot[0].json == forgot[1].json
    resets = [
        world.post("/v1/auth/reset-password", {"email": e, "code": "000000", "new_password": "x" * 12})
        for e in ("no@example.org", "neither@example.org")
    ]
    assert {reset.status for reset in resets} == {422}


def test_the_holder_of_an_address_is_told_once_a_day_of_a_second_sign_up(world: World) -> None:
    signed_up(world)
    for _ in range(3):
        assert world.post("/v1/auth/sign-up", AMINA).status == 202
    assert len(world.messages("account-exists")) == 1


def test_a_later_sign_up_takes_the_place_of_one_never_confirmed(world: World) -> None:
    world.post("/v1/auth/sign-up", AMINA | {"password": "the squatter's own"})
    signed_up(world)
    squatter = world.post("/v1/auth/sign-in", {"email": AMINA["email"], "password": "the squatter's own"})
    assert squatter.status == 401
    assert (
        world.post("/v1/auth/sign-in", {"email": AMINA["email"], "password": AMINA["password"]}).status == 200
    )


def test_a_sign_in_finishes_what_a_crash_after_confirming_left_open(world: World, monkeypatch) -> None:
    from chalicelib.accounts import service
    from chalicelib.people import service as people
    from chalicelib.platform import identity

    world.post("/v1/auth/sign-up", AMINA)
    person_id, _ = people.find_by_email("amina@example.org")
    identity.confirm(person_id, "123456")
    tokens = world.post("/v1/auth/sign-in", {"email": AMINA["email"], "password": AMINA["password"]})
    assert tokens.status == 200
    assert people.get_person(person_id).name == "Amina Otieno"
    assert service is not None


def test_bad_sign_ups_are_explained(world: World) -> None:
    answer = world.post("/v1/auth/sign-up", AMINA | {"email": "no-at-sign", "password": "short"})
    assert answer.status == 422
    assert {error["pointer"] for error in answer.json["errors"]} == {"/email", "/password"}
