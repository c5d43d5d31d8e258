"""Accounts on the wire."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field

from chalicelib.people.schemas import Email, Locale
from chalicelib.people.service import SignUp
from chalicelib.platform.identity import Tokens
from chalicelib.platform.web.shapes import Answer, Body, Line


def _acceptable(password: str) -> str:
    if any(not char.isprintable() for char in password):
        raise ValueError("use printable characters only")
    return password


def _digits(code: str) -> str:
    if not (code.isascii() and code.isdigit()):
        raise ValueError("give the digits of the code in the mail")
    return code


# The same rule for every address, known or not; the pool itself asks for the length alone.
Password = Annotated[
    str,
    AfterValidator(_acceptable),
    Field(min_length=10, max_length=99, examples=["a long sentence is best"]),
]
Code = Annotated[
    str,
    AfterValidator(_digits),
    Field(min_length=4, max_length=12, examples=["123456"], json_schema_extra={"pattern": "^[0-9]+$"}),
]


class SignUpBody(Body):
    email: Email
    password: Password
    given_name: Line
    family_name: Line
    locale: Locale = "en"

    def to_model(self) -> SignUp:
        return SignUp(self.email, self.given_name, self.family_name, self.locale)


class ConfirmBody(Body):
    email: Email
    code: Code
    password: Annotated[
        Password | None,
        Field(
            description="Becomes the password, whatever was given at sign-up. Best sent always: it is needed where "
            "the address was signed up with more than once."
        ),
    ] = None


class SignInBody(Body):
    email: Email
    password: Annotated[str, Field(min_length=1, max_length=256)]


class RefreshBody(Body):
    refresh_token: Annotated[str, Field(min_length=1, max_length=8000)]


class EmailBody(Body):
    email: Email


class ResetPasswordBody(Body):
    email: Email
    code: Code
    new_password: Password


class NoticeView(Answer):
    message: str

    @classmethod
    def of(cls, message: str) -> Self:
        return cls(message=message)


class TokensView(Answer):
    access_token: str
    id_token: str
    expires_in: Annotated[int, Field(description="Seconds until the access token expires")]
    refresh_token: str | None = None
    token_type: str = "Bearer"  # noqa: S105 - the scheme, not a secret

    @classmethod
    def of(cls, tokens: Tokens) -> Self:
        return cls.model_validate(tokens)
