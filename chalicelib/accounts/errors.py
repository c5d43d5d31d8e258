"""Why a sign-in is refused. No answer tells whether an address has an account."""

from chalicelib.kernel.errors import Conflict, Forbidden, Invalid, Unauthenticated


class SignInRefused(Unauthenticated):
    code = "sign-in-refused"
    title = "Sign-in refused"

    def __init__(self) -> None:
        super().__init__("Address or password is wrong, or the address has not been confirmed with its code.")


class RefreshRefused(Unauthenticated):
    code = "refresh-refused"
    title = "Sign in again"

    def __init__(self) -> None:
        super().__init__("The refresh token has expired or was signed out.")


class CodeRefused(Invalid):
    code = "code-refused"
    title = "The code does not fit"

    def __init__(self) -> None:
        super().__init__(
            "The code is wrong or has expired. Sign up again, or ask again for a new password, to be sent another; "
            "after many tries, wait a quarter of an hour first."
        )


class PasswordNotKept(Conflict):
    """The code was right, and the address is confirmed."""

    code = "password-not-kept"
    title = "Your address is confirmed; now choose a password"

    def __init__(self) -> None:
        super().__init__(
            "This address was signed up with more than once, perhaps by somebody else, so that no password given "
            "then is kept. Your address is confirmed: choose a password with POST /v1/auth/forgot-password."
        )


class NotClaimed(Forbidden):
    """A sign-up that came to the user pool by another way than the API."""

    code = "not-claimed"
    title = "This sign-up did not come by the API"

    def __init__(self) -> None:
        super().__init__("Sign up with POST /v1/auth/sign-up.")
