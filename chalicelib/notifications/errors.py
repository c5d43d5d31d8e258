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


class MailNotStopped(Conflict):
    """There is nothing to resume."""

    code = "mail-not-stopped"
    title = "Mail to your address is not stopped"

    def __init__(self, detail: str = "Mail goes out to your address.") -> None:
        super().__init__(detail)


class MailTriedTooSoon(Conflict):
    """The last try failed a short time ago."""

    code = "mail-tried-too-soon"
    title = "It is too soon to try this address again"
