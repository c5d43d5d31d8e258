"""The mails with which the user pool sends its codes: written here, sent by the pool.

They name nobody and quote nothing: whoever enters an address somewhere chooses who gets one, and must not choose what
it says beyond the language.
"""

import unicodedata

from chalicelib.notifications import rendering
from chalicelib.notifications.letters import CodeFacts, Letter, Recipient
from chalicelib.notifications.model import CodeKind, Written

# https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html, read 2026-11-22.
_KINDS = {
    "CustomMessage_SignUp": CodeKind.ADDRESS,
    "CustomMessage_ResendCode": CodeKind.ADDRESS,
    "CustomMessage_ForgotPassword": CodeKind.PASSWORD,
}

_NOT_TAKEN = ("Zs", "Cf")


def write(trigger: str, placeholder: str, locale: str, origin: str) -> Written | None:
    """Write the mail that the pool asks for; None for one that is not ours to write.

    Parameters
    ----------
    trigger
        Why the pool mails, in its words.
    placeholder
        What it puts the code in the place of.
    locale
        Of the reader; one without a catalogue gets the templates' language.
    origin
        As for `rendering.write`.
    """
    kind = _KINDS.get(trigger)
    if kind is None:
        return None
    nobody = Recipient("", "", "", locale)
    return rendering.write(Letter(kind, nobody, CodeFacts(placeholder)), origin)


def for_the_pool(html: str) -> str:
    """Return a page with the signs that the pool's own messages may have: of blanks, the plain ones alone, and none
    that only steers how others are shown.

    The pattern is that of `EmailMessage` in
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerificationMessageTemplateType.html,
    read 2026-11-22.
    """
    return "".join(
        f"&#{ord(char)};" if unicodedata.category(char) in _NOT_TAKEN and char != " " else char
        for char in html
    )
