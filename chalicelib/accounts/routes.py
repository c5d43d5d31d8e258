"""Sign-up to sign-out over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.accounts.errors import CodeRefused, PasswordNotKept, RefreshRefused, SignInRefused
from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.accounts import service
    from chalicelib.accounts.schemas import (
        ConfirmBody,
        EmailBody,
        RefreshBody,
        ResetPasswordBody,
        SignInBody,
        SignUpBody,
    )
    from chalicelib.platform.identity import Tokens
else:
    service = later("chalicelib.accounts.service")

routes = Routes(__name__, "Accounts")


@routes.endpoint(
    "POST", "/v1/auth/sign-up", who=Who.ANYONE, summary="Create an account", body="SignUpBody", answer="NoticeView",
    status=202,
)  # fmt: skip
def sign_up(call: Call, body: SignUpBody) -> str:
    """The answer is the same whether or not the address has an account. The code comes by mail, in the language of
    `locale`. An address that waits to be confirmed can be signed up with again: a code is mailed once more, and a
    password is then asked for when it is confirmed."""
    service.sign_up(call, body.to_model(), body.password)
    return "We have sent a mail to this address. Confirm with the code in it."


@routes.endpoint(
    "POST", "/v1/auth/confirm", who=Who.ANYONE, summary="Confirm your address", body="ConfirmBody",
    answer="NoticeView", errors=(CodeRefused, PasswordNotKept),
)  # fmt: skip
def confirm(call: Call, body: ConfirmBody) -> str:
    """The `password` sent here, if any, becomes the password. Without one, that of the sign-up stays, provided that
    there was one sign-up alone. After several, by whomever, none of their passwords is kept: send one here, or the
    address is confirmed and the answer 409 `password-not-kept`; then choose one with
    `POST /v1/auth/forgot-password`."""
    service.confirm(call, body.email, body.code, body.password)
    return "Your address is confirmed. Sign in."


@routes.endpoint(
    "POST", "/v1/auth/sign-in", who=Who.ANYONE, summary="Sign in", body="SignInBody", answer="TokensView",
    errors=(SignInRefused,),
)  # fmt: skip
def sign_in(call: Call, body: SignInBody) -> Tokens:
    """Send the access token as `Authorization: Bearer …`."""
    return service.sign_in(call, body.email, body.password)


@routes.endpoint(
    "POST", "/v1/auth/refresh", who=Who.ANYONE, summary="Get a new access token", body="RefreshBody",
    answer="TokensView", errors=(RefreshRefused,),
)  # fmt: skip
def refresh(_call: Call, body: RefreshBody) -> Tokens:
    return service.refresh(body.refresh_token)


@routes.endpoint(
    "POST", "/v1/auth/sign-out", who=Who.PERSON, summary="Sign out on all devices", status=204,
    errors=(RefreshRefused,),
)  # fmt: skip
def sign_out(call: Call) -> None:
    """No refresh token works any more; an access token that is out holds until it expires, an hour at most."""
    service.sign_out(call)


@routes.endpoint(
    "POST", "/v1/auth/forgot-password", who=Who.ANYONE, summary="Ask for a code for a new password",
    body="EmailBody", answer="NoticeView", status=202,
)  # fmt: skip
def forgot_password(_call: Call, body: EmailBody) -> str:
    service.forgot_password(body.email)
    return "If this address has an account, a code is on its way."


@routes.endpoint(
    "POST", "/v1/auth/reset-password", who=Who.ANYONE, summary="Set a new password", body="ResetPasswordBody",
    answer="NoticeView", errors=(CodeRefused,),
)  # fmt: skip
def reset_password(call: Call, body: ResetPasswordBody) -> str:
    """All sessions end: refresh tokens from before are worthless."""
    service.reset_password(call, body.email, body.code, body.new_password)
    return "The new password is set. Sign in."
