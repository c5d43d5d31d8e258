"""What is said to somebody to whom nothing is mailed."""

from chalicelib.people.model import MailStopReason
from chalicelib.words.catalogues import catalogue, language_of


def why_sentence(reason: MailStopReason, locale: str) -> str:
    """Return why nothing is mailed, in the reader's language."""
    _ = catalogue(language_of(locale)).gettext
    if reason is MailStopReason.COMPLAINT:
        return _("Mail from us was reported as unwanted at your mailbox provider, so we send none.")
    return _("Your mailbox provider told us that mail to your address cannot be delivered, so we send none.")


def advice_sentence(reason: MailStopReason, locale: str) -> str:
    """Return what its reader can do about it."""
    _ = catalogue(language_of(locale)).gettext
    if reason is MailStopReason.COMPLAINT:
        return _(
            "If you want our mails, say so here, and move them out of the folder for unwanted mail. Kinds of mail that "
            "you do not want can be switched off one by one."
        )
    return _(
        "See that your mailbox takes mail, then have us try again. If you do not use this address any more, tell a "
        "coordinator."
    )
