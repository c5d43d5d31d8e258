"""Why an intent about registers and checks was refused."""

from chalicelib.kernel.errors import Conflict


class NoNumber(Conflict):
    code = "credential-without-number"
    title = "There is no number to look up"

    def __init__(self) -> None:
        super().__init__(
            "The claim carries no number. Look at the register yourself and record what you saw."
        )


class AnsweredBefore(Conflict):
    """Another worker has written the answer."""

    code = "check-answered"
