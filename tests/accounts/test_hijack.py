"""Somebody else signs up with an address before, after and while its owner does: their password never opens it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib.people import service as people
from chalicelib.people.model import PersonStatus
from chalicelib.platform import identity, tables
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from tests.accounts.stories import CHOSEN, OWN, THEIRS, Story, reason
from tests.support.pool import SIGN_UP_CODE
from tests.support.world import World

NOT_KEPT = (409, "password-not-kept")
ORDERS = pytest.mark.parametrize("order", [(THEIRS, OWN), (OWN, THEIRS), (THEIRS, OWN, THEIRS)])


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


def test_who_signed_up_alone_needs_the_code_alone(story: Story) -> None:
    story.sign_up(OWN)
    assert story.confirm().status == 200
    story.only(OWN)


def test_a_password_sent_with_the_code_takes_the_place_of_the_one_before(story: Story) -> None:
    story.sign_up(THEIRS)
    assert story.confirm(CHOSEN).status == 200
    story.only(CHOSEN)


@ORDERS
def test_of_several_sign_ups_none_decides_the_password(story: Story, order: tuple[str, ...]) -> None:
    for password in order:
        assert story.sign_up(password).status == 202
    story.is_nobodys()
    assert story.confirm(CHOSEN).status == 200
    story.only(CHOSEN)


@ORDERS
def test_without_a_password_the_address_is_confirmed_and_nobody_gets_in(
    story: Story, order: tuple[str, ...]
) -> None:
    for password in order:
        story.sign_up(password)
    refused = story.confirm()
    assert reason(refused) == NOT_KEPT
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert "/v1/auth/forgot-password" in refused.json["detail"]
    assert story.claim.is_confirmed
    story.is_nobodys()
    assert story.forget().status == 202
    assert story.reset(CHOSEN).status == 200
    story.only(CHOSEN)


def test_the_owner_may_choose_the_password_that_they_signed_up_with(story: Story) -> None:
    story.sign_up(OWN)
    story.sign_up(THEIRS)
    assert story.confirm(OWN).status == 200
    story.only(OWN)


def test_a_wrong_code_changes_no_password(story: Story) -> None:
    story.sign_up(OWN)
    assert reason(story.confirm(THEIRS, code="000000")) == (422, "code-refused")
    assert story.confirm().status == 200
    story.only(OWN)


def test_each_sign_up_mails_a_code(story: Story) -> None:
    story.sign_up(OWN)
    story.sign_up(THEIRS)
    assert story.mails == ["SignUp", "ResendCode"]


@ORDERS
def test_an_invited_person_is_defended_alike(world: World, order: tuple[str, ...]) -> None:
    story = Story(world)
    invited = world.person(email=story.email, status=PersonStatus.INVITED)
    for password in order:
        story.sign_up(password)
    assert reason(story.confirm()) == NOT_KEPT
    story.is_nobodys()
    person = people.get_person(invited)
    assert person is not None
    assert person.status is PersonStatus.ACTIVE


def test_an_invitation_alone_is_no_sign_up(world: World) -> None:
    story = Story(world)
    world.person(email=story.email, status=PersonStatus.INVITED)
    assert reason(story.confirm(THEIRS)) == (422, "code-refused")
    story.sign_up(OWN)
    assert story.confirm().status == 200
    story.only(OWN)


def test_a_user_of_the_pool_that_did_not_come_by_the_api_counts(world: World) -> None:
    """Whoever knows the id of a person invited may speak to the pool itself."""
    story = Story(world)
    invited = world.person(email=story.email, status=PersonStatus.INVITED)
    client("cognito-idp").sign_up(
        ClientId=settings().user_pool_client_id, Username=invited, Password=THEIRS,
        UserAttributes=[{"Name": "email", "Value": story.email}],
    )  # fmt: skip
    assert story.sign_up(OWN).status == 202
    assert reason(story.confirm()) == NOT_KEPT
    story.is_nobodys()


def test_such_a_user_opens_nothing_by_signing_in_or_by_a_new_password(world: World) -> None:
    story = Story(world)
    invited = world.person(email=story.email, status=PersonStatus.INVITED)
    client("cognito-idp").sign_up(
        ClientId=settings().user_pool_client_id, Username=invited, Password=THEIRS,
        UserAttributes=[{"Name": "email", "Value": "stranger@example.org"}],
    )  # fmt: skip
    identity.confirm(invited, SIGN_UP_CODE)
    story.is_nobodys()
    before = len(story.mails)
    assert story.forget().status == 202
    assert len(story.mails) == before
    assert not story.claim.is_confirmed


# At the same moment.

Play = Callable[..., Any]


def once(
    patch: pytest.MonkeyPatch, where: Any, name: str, meanwhile: Callable[[], Any], *, first: bool
) -> None:
    """Have `meanwhile` happen once, right before or right after the next call of a function."""
    plain: Play = getattr(where, name)
    happened: list[bool] = []

    def played(*args: Any, **how: Any) -> Any:
        if happened:
            return plain(*args, **how)
        happened.append(True)
        if first:
            meanwhile()
            return plain(*args, **how)
        answer = plain(*args, **how)
        meanwhile()
        return answer

    patch.setattr(where, name, played)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("password", [None, CHOSEN])
def test_a_sign_up_between_the_look_and_the_confirmation_counts(
    story: Story, monkeypatch: pytest.MonkeyPatch, first: bool, password: str | None
) -> None:
    story.sign_up(OWN)
    once(monkeypatch, identity, "confirm", lambda: story.sign_up_elsewhere(THEIRS), first=first)
    answer = story.confirm(password)
    assert answer.status == 200 if password else reason(answer) == NOT_KEPT
    story.only(password or "")


def test_two_sign_ups_that_saw_no_other_are_both_counted(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    once(monkeypatch, people, "find_claim", lambda: story.sign_up_elsewhere(THEIRS), first=False)
    assert story.sign_up(OWN).status == 202
    assert story.claim.sign_ups == 2
    assert reason(story.confirm()) == NOT_KEPT
    story.is_nobodys()


def test_a_sign_up_that_reaches_the_pool_late_is_one_of_several(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    once(monkeypatch, identity, "sign_up", lambda: story.sign_up_elsewhere(OWN), first=True)
    assert story.sign_up(THEIRS).status == 202
    assert reason(story.confirm()) == NOT_KEPT
    story.is_nobodys()


def test_a_sign_up_that_never_ends_trying_is_told_to_try_again(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.sign_up(OWN)
    before = story.claim
    monkeypatch.setattr(people, "find_claim", lambda _: before)
    story.world.write(people.claim_email(before.person_id, signing_up(), before, story.world.at)[1])
    assert reason(story.sign_up(THEIRS)) == (503, "unavailable")


def signing_up() -> people.SignUp:
    return people.SignUp(Story.email, "Amina", "Otieno", "en")


# Cut short.


class Killed(BaseException):
    """The process ends here: no handler of ours runs."""


STEPS = ("confirm", "set_password", "sign_out_everywhere", "TransactWriteItems")


@contextmanager
def killed_at(step: str, *, after: bool) -> Iterator[None]:
    """End the process right before or after a step, the first time that it is made inside the block."""

    def die() -> None:
        raise Killed

    plain = tables._dispatch

    def dispatch(operation: str, kwargs: dict[str, Any]) -> dict[str, Any]:
        if operation != step:
            return plain(operation, kwargs)
        if after:
            plain(operation, kwargs)
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        if step == "TransactWriteItems":
            patch.setattr(tables, "_dispatch", dispatch)
        else:
            once(patch, identity, step, die, first=not after)
        with pytest.raises(Killed):
            yield


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("password", [None, CHOSEN])
def test_a_confirmation_cut_short_lets_nobody_in_but_the_reader_of_the_mailbox(
    story: Story, step: str, after: bool, password: str | None
) -> None:
    story.sign_up(THEIRS)
    story.sign_up(OWN)
    with killed_at(step, after=after):
        story.confirm_elsewhere(password)
    assert story.sign_in(THEIRS).status == story.sign_in(OWN).status == 401
    if step == "confirm" and not after:
        assert story.confirm(CHOSEN).status == 200
    else:
        assert story.confirm(THEIRS).status == 422, "the code is used up"
        story.forget()
        assert story.reset(CHOSEN).status == 200
    story.only(CHOSEN)
    assert story.claim.is_confirmed


@pytest.mark.parametrize("step", ["sign_up", "resend_code"])
def test_a_sign_up_that_got_no_further_than_to_be_counted_counts(story: Story, step: str) -> None:
    story.sign_up(THEIRS)
    with killed_at(step, after=False):
        story.sign_up_elsewhere(OWN)
    assert reason(story.confirm()) == NOT_KEPT
    story.is_nobodys()


def test_the_first_sign_up_cut_short_leaves_no_password(story: Story) -> None:
    with killed_at("sign_up", after=False):
        story.sign_up_elsewhere(OWN)
    assert story.sign_up(THEIRS).status == 202
    assert story.mails == ["SignUp"]
    assert reason(story.confirm()) == NOT_KEPT
    story.is_nobodys()


def test_the_pool_never_learns_the_password_of_a_later_sign_up(story: Story) -> None:
    with killed_at("sign_up", after=False):
        story.sign_up_elsewhere(OWN)
    story.sign_up(THEIRS)
    identity.confirm(story.claim.person_id, SIGN_UP_CODE)
    with pytest.raises(identity.IdentityRefused):
        identity.sign_in(story.claim.person_id, THEIRS)


def test_sessions_opened_while_the_password_was_not_settled_end_with_it(story: Story) -> None:
    story.sign_up(THEIRS)
    story.sign_up(OWN)
    tokens: list[identity.Tokens] = []
    with pytest.MonkeyPatch.context() as patch:
        # By speaking to the pool itself, right after it took the code.
        person_id = story.claim.person_id
        once(
            patch,
            identity,
            "confirm",
            lambda: tokens.append(identity.sign_in(person_id, THEIRS)),
            first=False,
        )
        assert story.confirm(CHOSEN).status == 200
    refreshed = story.world.post("/v1/auth/refresh", {"refresh_token": tokens[0].refresh_token})
    assert reason(refreshed) == (401, "refresh-refused")


def test_after_a_confirmation_cut_short_a_new_sign_up_mails_the_way_on(story: Story) -> None:
    story.sign_up(OWN)
    identity.confirm(story.claim.person_id, SIGN_UP_CODE)
    assert story.sign_up(OWN).status == 202
    assert story.mails == ["SignUp", "ForgotPassword"]
    assert story.reset(CHOSEN).status == 200
    story.only(CHOSEN)
