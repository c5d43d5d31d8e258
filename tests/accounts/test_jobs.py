"""Whom the user pool takes in: the handler as Cognito calls it."""

from typing import Any

import pytest

from chalicelib.accounts.jobs import pre_sign_up
from chalicelib.people.model import PersonStatus
from chalicelib.platform.observability import JobFailed
from tests.accounts.stories import OWN, Story
from tests.support.world import World


def event(person_id: str, email: str | None, trigger: str = "PreSignUp_SignUp") -> dict[str, Any]:
    """Return what Cognito sends."""
    return {
        "version": "1",
        "region": "eu-west-1",
        "userPoolId": "eu-west-1_aaaaaaaaa",
        "userName": person_id,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": "client"},
        "triggerSource": trigger,
        "request": {"userAttributes": {"email": email} if email else {}, "validationData": None},
        "response": {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False},
    }


def test_a_sign_up_by_the_api_is_taken_as_it_is(world: World) -> None:
    story = Story(world)
    story.sign_up(OWN)
    given = event(story.claim.person_id, story.email)
    assert pre_sign_up(event(story.claim.person_id, story.email), None) == given
    assert pre_sign_up(event(story.claim.person_id, story.email.upper()), None)


def test_an_invited_persons_id_is_not_to_be_had_with_another_address(world: World) -> None:
    invited = world.person(email=Story.email, status=PersonStatus.INVITED)
    stranger = Story(world, "stranger@example.org")
    stranger.sign_up(OWN)
    for email in (stranger.email, "nobody@example.org", None):
        with pytest.raises(JobFailed, match="NotClaimed"):
            pre_sign_up(event(invited, email), None)


def test_an_invitation_waits_for_a_sign_up_by_the_api(world: World) -> None:
    story = Story(world)
    invited = world.person(email=story.email, status=PersonStatus.INVITED)
    with pytest.raises(JobFailed, match="NotClaimed"):
        pre_sign_up(event(invited, story.email), None)
    story.sign_up(OWN)
    assert pre_sign_up(event(invited, story.email), None)


def test_nobody_signs_up_past_the_api(world: World) -> None:
    with pytest.raises(JobFailed, match="NotClaimed"):
        pre_sign_up(event("01M80FPM80E95VRKZKGW7J41EH", "me@example.org"), None)


def test_an_address_that_is_confirmed_is_not_taken_again(world: World) -> None:
    story = Story(world)
    story.sign_up(OWN)
    story.confirm()
    with pytest.raises(JobFailed, match="NotClaimed"):
        pre_sign_up(event(story.claim.person_id, story.email), None)


def test_what_an_operator_makes_is_theirs(world: World) -> None:
    given = event("01M80FPM80E95VRKZKGW7J41EH", "me@example.org", "PreSignUp_AdminCreateUser")
    assert pre_sign_up(given, None) == given


def test_the_handler_is_registered_where_the_overlay_looks_for_it() -> None:
    import app

    assert "pre_sign_up" in {one.name for one in app.app.pure_lambda_functions}
