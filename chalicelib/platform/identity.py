"""The user pool. A person's user name there is their id here; their address is only an attribute."""

import secrets
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.errors import TooMany, Unavailable
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings


@dataclass(frozen=True)
class Tokens:
    """What a sign-in yields; `expires_in` in seconds. A refresh yields no new refresh token."""

    access_token: str
    id_token: str
    expires_in: int
    refresh_token: str | None = None


class IdentityRefused(Exception):
    """The pool did not accept the credentials, code or token."""


class TriesSpent(IdentityRefused):
    """The pool hears nothing more of this user for a while. Whoever is told learns that there is one."""


class UserExists(Exception):
    """The pool has a user of this name."""


def sign_up(person_id: str, email: str, password: str, locale: str) -> None:
    """Create an unconfirmed user; the pool mails a code to the address, in the language of `locale`.

    Raises
    ------
    UserExists
        If there is one of this name already.
    """
    _ask("sign_up", ClientId=settings().user_pool_client_id, Username=person_id, Password=password,
         UserAttributes=[{"Name": "email", "Value": email}], ClientMetadata={"locale": locale})  # fmt: skip


def resend_code(person_id: str, locale: str) -> None:
    """Have the pool mail a code to an unconfirmed user's address once more.

    Raises
    ------
    IdentityRefused
        If the user is confirmed.
    """
    _ask("resend_confirmation_code", ClientId=settings().user_pool_client_id, Username=person_id,
         ClientMetadata={"locale": locale})  # fmt: skip


def confirm(person_id: str, code: str) -> None:
    """Confirm the address with the code that was mailed to it; raises `IdentityRefused`."""
    _ask(
        "confirm_sign_up", ClientId=settings().user_pool_client_id, Username=person_id, ConfirmationCode=code
    )


def is_confirmed(person_id: str) -> bool | None:
    """Tell whether a user has confirmed their address; None where there is no such user."""
    pool = client("cognito-idp")
    try:
        user = pool.admin_get_user(UserPoolId=settings().user_pool_id, Username=person_id)
    except pool.exceptions.UserNotFoundException:
        return None
    return bool(user["UserStatus"] == "CONFIRMED")


def set_password(person_id: str, password: str) -> None:
    """Set the password of a confirmed user. An unconfirmed one would become confirmed."""
    _ask("admin_set_user_password", UserPoolId=settings().user_pool_id, Username=person_id, Password=password,
         Permanent=True)  # fmt: skip


def unknown_password() -> str:
    """Return a password that nobody knows."""
    return secrets.token_urlsafe(48)


def sign_in(person_id: str, password: str) -> Tokens:
    """Exchange a password for tokens; raises `IdentityRefused`."""
    return _tokens("USER_PASSWORD_AUTH", USERNAME=person_id, PASSWORD=password)


def refresh(refresh_token: str) -> Tokens:
    """Exchange a refresh token for new tokens; raises `IdentityRefused`."""
    return _tokens("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=refresh_token)


def sign_out_everywhere(person_id: str) -> None:
    """Make all of a user's refresh tokens worthless. An access token holds until it expires."""
    _ask("admin_user_global_sign_out", UserPoolId=settings().user_pool_id, Username=person_id)


def forgot_password(person_id: str, locale: str) -> None:
    """Have the pool mail a code for a new password, in the language of `locale`."""
    _ask("forgot_password", ClientId=settings().user_pool_client_id, Username=person_id,
         ClientMetadata={"locale": locale})  # fmt: skip


def reset_password(person_id: str, code: str, password: str) -> None:
    """Set a new password with a mailed code; raises `IdentityRefused`."""
    _ask("confirm_forgot_password", ClientId=settings().user_pool_client_id, Username=person_id,
         ConfirmationCode=code, Password=password)  # fmt: skip


def _tokens(flow: str, **parameters: str) -> Tokens:
    answer = _ask(
        "initiate_auth", ClientId=settings().user_pool_client_id, AuthFlow=flow, AuthParameters=parameters
    )
    result = answer.get("AuthenticationResult")
    if not result:
        raise IdentityRefused(answer.get("ChallengeName", "no tokens"))
    return Tokens(
        result["AccessToken"], result.get("IdToken", ""), int(result["ExpiresIn"]), result.get("RefreshToken")
    )


_REFUSED = {
    "NotAuthorizedException", "CodeMismatchException", "ExpiredCodeException", "UserNotFoundException",
    "UserNotConfirmedException", "InvalidParameterException", "InvalidPasswordException",
    "PasswordResetRequiredException", "AliasExistsException",
}  # fmt: skip
# Counted for each user, or for one operation on them.
_SPENT = {"TooManyFailedAttemptsException", "LimitExceededException"}
# A trigger of the pool failed, or its mail did.
_FAILED = {
    "CodeDeliveryFailureException", "InvalidLambdaResponseException", "UnexpectedLambdaException",
    "UserLambdaValidationException",
}  # fmt: skip


def _ask(operation: str, **kwargs: Any) -> Any:
    from botocore.exceptions import ClientError

    try:
        return getattr(client("cognito-idp"), operation)(**kwargs)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "UsernameExistsException":
            raise UserExists from error
        if code == "TooManyRequestsException":
            raise TooMany("Too many tries. Wait a quarter of an hour.") from error
        if code in _SPENT:
            raise TriesSpent(code) from error
        if code in _FAILED:
            raise Unavailable("No code could be mailed. Try again in a moment.") from error
        if code in _REFUSED:
            raise IdentityRefused(code) from error
        raise
