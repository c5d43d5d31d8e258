"""Why something cannot be done with attendance: one class a reason."""

from chalicelib.kernel.errors import Conflict, Unauthenticated


class MarkedBefore(Conflict):
    """This very join or leave is kept already."""

    code = "marked-before"
    title = "This was marked before"

    def __init__(self) -> None:
        super().__init__("Nothing is left to do.")


class CorrectionCrossed(Conflict):
    """Somebody else corrected the same at the same moment."""

    code = "correction-crossed"
    title = "These minutes were corrected just now"

    def __init__(self) -> None:
        super().__init__("Read them again, then correct them if it is still wrong.")


class NotSigned(Unauthenticated):
    """A webhook's signature is missing, not ours, or too old."""

    code = "webhook-not-signed"
    title = "The signature does not hold"

    def __init__(
        self, detail: str = "Sign with the secret that was set here, within five minutes of sending."
    ) -> None:
        super().__init__(detail)
