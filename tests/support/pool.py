"""moto's user pool made as strict as Cognito: it checks codes, tells unknown users from nobody, resends codes, and
keeps what it would mail. As on the local emulator, codes are always the same two."""

from dataclasses import dataclass
from typing import Any

import pytest
from moto.cognitoidp.exceptions import (
    ExpiredCodeException,
    InvalidParameterException,
    JsonRESTError,
    NotAuthorizedError,
)
from moto.cognitoidp.models import CognitoIdpBackend, CognitoIdpUser, UserStatus
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult

SIGN_UP_CODE = "123456"
RESET_CODE = "654321"


@dataclass(frozen=True)
class CodeMail:
    """A mail that the pool would send: why, to whom, and the metadata that came with the call."""

    trigger: str
    person_id: str
    metadata: dict[str, str]


class CodeMismatch(JsonRESTError):
    def __init__(self) -> None:
        super().__init__(error_type="CodeMismatchException", message="Invalid verification code provided.")


def make_strict(monkeypatch: pytest.MonkeyPatch) -> list[CodeMail]:
    """Mend the pool for as long as `monkeypatch` holds; return the mails, to be filled."""
    mails: list[CodeMail] = []
    plain: dict[str, Any] = {
        name: getattr(CognitoIdpResponse, name)
        for name in ("sign_up", "confirm_sign_up", "forgot_password", "confirm_forgot_password")
    }

    def user_of(response: CognitoIdpResponse) -> CognitoIdpUser | None:
        backend: CognitoIdpBackend = response.backend
        client, name = response._get_param("ClientId"), response._get_param("Username")
        return next(
            (one.users.get(name) for one in backend.user_pools.values() if client in one.clients), None
        )

    def mail(response: CognitoIdpResponse, trigger: str) -> None:
        metadata = response._get_param("ClientMetadata") or {}
        mails.append(CodeMail(f"CustomMessage_{trigger}", response._get_param("Username"), metadata))

    def sign_up(self: CognitoIdpResponse) -> Any:
        answer = plain["sign_up"](self)
        mail(self, "SignUp")
        return answer

    def resend_confirmation_code(self: CognitoIdpResponse) -> Any:
        user = user_of(self)
        if user is not None and user.status != UserStatus.UNCONFIRMED:
            raise InvalidParameterException("User is already confirmed.")
        if user is not None:
            mail(self, "ResendCode")
        return ActionResult({"CodeDeliveryDetails": {"DeliveryMedium": "EMAIL"}})

    def confirm_sign_up(self: CognitoIdpResponse) -> Any:
        user = user_of(self)
        if user is not None and user.status != UserStatus.UNCONFIRMED:
            raise NotAuthorizedError("User cannot be confirmed. Current status is CONFIRMED")
        if user is None or self._get_param("ConfirmationCode") != SIGN_UP_CODE:
            raise CodeMismatch
        return plain["confirm_sign_up"](self)

    def forgot_password(self: CognitoIdpResponse) -> Any:
        user = user_of(self)
        if user is not None and user.status == UserStatus.UNCONFIRMED:
            raise InvalidParameterException(
                "Cannot reset password for the user as there is no verified email"
            )
        answer = plain["forgot_password"](self)
        if user is not None:
            user.confirmation_code = RESET_CODE
            mail(self, "ForgotPassword")
        return answer

    def confirm_forgot_password(self: CognitoIdpResponse) -> Any:
        user = user_of(self)
        if user is not None and user.confirmation_code is None:
            raise ExpiredCodeException("Invalid code provided, please request a code again.")
        if user is None or self._get_param("ConfirmationCode") != user.confirmation_code:
            raise CodeMismatch
        return plain["confirm_forgot_password"](self)

    for method in (
        sign_up,
        resend_confirmation_code,
        confirm_sign_up,
        forgot_password,
        confirm_forgot_password,
    ):
        monkeypatch.setattr(CognitoIdpResponse, method.__name__, method, raising=False)
    return mails
