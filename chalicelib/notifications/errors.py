"""Why the notifications' intents are refused."""

from chalicelib.kernel.errors import Conflict


class MailSettled(Conflict):
    """Another admin has decided on it, or the provider has told of it."""

    code = "mail-settled"
    title = "This mail is not in doubt any more"

    def __init__(
        self, detail: str = "Read the list again: somebody else, or the provider, has settled it."
    ) -> None:
        super().__init__(detail)
