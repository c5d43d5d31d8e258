"""No answer tells somebody without the right code whether an address has an account, or waits to be confirmed."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.people.model import PersonStatus
from chalicelib.platform import identity
from chalicelib.platform.aws import client
from tests.accounts.stories import CHOSEN, OWN, THEIRS, Story
from tests.support.world import Reply, World

Ask = Callable[[Story], Reply]
ASKED: dict[str, Ask] = {
    "sign-up": lambda story: story.sign_up(THEIRS),
    "confirm": lambda story: story.confirm(code="000000"),
    "confirm with a password": lambda story: story.confirm(THEIRS, code="000000"),
    "sign-in": lambda story: story.sign_in(THEIRS),
    "forgot-password": lambda story: story.forget(),
    "reset-password": lambda story: story.reset(THEIRS, code="000000"),
}


def stories(world: World) -> dict[str, Story]:
    """Return an address at each stage of its life."""
    names = ("nobody", "invited", "waiting", "contested", "cut short", "holder")
    told = {name: Story(world, f"{name.replace(' ', '-')}@example.org") for name in names}
    world.person(email=told["invited"].email, status=PersonStatus.INVITED)
    for name in ("waiting", "contested", "cut short", "holder"):
        told[name].sign_up(OWN)
    told["contested"].sign_up(CHOSEN)
    identity.confirm(told["cut short"].claim.person_id, "123456")
    assert told["holder"].confirm().status == 200
    return told


@pytest.mark.parametrize("asked", ASKED)
def test_an_address_is_answered_alike_at_every_stage(world: World, asked: str) -> None:
    answers = {name: ASKED[asked](story) for name, story in stories(world).items()}
    assert len({(one.status, one.text) for one in answers.values()}) == 1, answers
    expected = {"sign-up": 202, "forgot-password": 202, "sign-in": 401}
    assert answers["nobody"].status == expected.get(asked, 422)


SPENT = ["LimitExceededException", "TooManyFailedAttemptsException"]
OPERATIONS = {
    "sign-up": "ResendConfirmationCode",
    "confirm": "ConfirmSignUp",
    "forgot-password": "ForgotPassword",
    "reset-password": "ConfirmForgotPassword",
}


@pytest.mark.parametrize("code", SPENT)
@pytest.mark.parametrize("asked", OPERATIONS)
def test_tries_that_are_spent_look_like_an_address_that_nobody_has(
    world: World, monkeypatch: pytest.MonkeyPatch, asked: str, code: str
) -> None:
    """The pool counts the tries of the users that it has."""
    told = stories(world)
    plain = client("cognito-idp")._make_api_call

    def refuse(operation: str, arguments: dict[str, Any]) -> Any:
        if operation == OPERATIONS[asked]:
            raise ClientError({"Error": {"Code": code, "Message": "Attempt limit exceeded"}}, operation)
        return plain(operation, arguments)

    nobody = ASKED[asked](told["nobody"])
    monkeypatch.setattr(client("cognito-idp"), "_make_api_call", refuse)
    for name in ("waiting", "contested", "holder"):
        answer = ASKED[asked](told[name])
        assert (answer.status, answer.text) == (nobody.status, nobody.text), name


def test_nobody_is_mailed_a_code_for_a_password_before_the_address_is_confirmed(world: World) -> None:
    for name, story in stories(world).items():
        before = len(story.mails)
        story.forget()
        assert story.mails[before:] == (["ForgotPassword"] if name in ("cut short", "holder") else []), name
