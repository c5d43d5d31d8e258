"""A person's mails over HTTP, the link that ends mails of a kind, and mails in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.notifications.errors import MailNotStopped, MailSettled, MailTriedTooSoon
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.notifications import catalogue_words, choosing, doubts, stops
    from chalicelib.notifications.choosing import SeenPreferences
    from chalicelib.notifications.model import DoubtfulMail
    from chalicelib.notifications.schemas import MailPreferencesBody, ResumeMailBody
else:
    catalogue_words = later("chalicelib.notifications.catalogue_words")
    choosing = later("chalicelib.notifications.choosing")
    doubts = later("chalicelib.notifications.doubts")
    stops = later("chalicelib.notifications.stops")

routes = Routes(__name__, "Mails")

_LINK = "/v1/unsubscribe/{token}"
_DOUBTS = "/v1/admin/mails-in-doubt"


@routes.endpoint(
    "GET", "/v1/me/mail-preferences", who=Who.PERSON, summary="Read which mails you get",
    answer="MailPreferencesView", etag=True,
)  # fmt: skip
def read_mail_preferences(call: Call) -> SeenPreferences:
    """Every kind of mail of the service: what it tells, to whom, when and why, in your language, and between what you
    may choose. `mail_stopped` says where nothing is sent to your address, why, and what you can do."""
    return choosing.my_preferences(call)


@routes.endpoint(
    "PUT", "/v1/me/mail-preferences", who=Who.PERSON, summary="Choose which mails you get",
    body="MailPreferencesBody", answer="MailPreferencesView", if_match="required", errors=(Invalid,),
)  # fmt: skip
def choose_mails(call: Call, body: MailPreferencesBody) -> SeenPreferences:
    """Replaces all that you chose before. A mail that falls into your quiet hours is sent when they are over, unless
    its reason would be gone by then; one that cannot wait is sent at once. Links in mails change the same choices,
    hence `If-Match`."""
    return choosing.choose(call, body.frequencies(), body.quiet())


@routes.endpoint(
    "POST", "/v1/me/mail-preferences/resume", who=Who.PERSON, summary="Have mail sent to you again",
    body="ResumeMailBody", answer="MailPreferencesView", idempotent=True,
    errors=(Invalid, MailNotStopped, MailTriedTooSoon),
)  # fmt: skip
def resume_mail(call: Call, body: ResumeMailBody) -> SeenPreferences:
    """Where `mail_stopped` says that none is. After a bounce it is tried once more at once, and if that comes back,
    too, after a day, two days and so on up to 30. Where mails were reported as unwanted, `wanted` says that you want
    them. What was kept back meanwhile is not sent later; your coordinators' task about it is done by this."""
    return stops.resume(call, wanted=body.wanted)


@routes.endpoint(
    "GET", _LINK, who=Who.ANYONE, summary="See what a link in a mail would switch off",
    text_media_type="text/html", plain_path=frozenset({"token"}),
)  # fmt: skip
def see_unsubscribe(call: Call, token: str) -> str:
    """A page with a button, in the language of the one the mail went to. It changes nothing, so that programs which
    look at every link in a mail switch nothing off."""
    kind, locale = choosing.linked(call, token)
    return catalogue_words.unsubscribe_page(kind, locale, is_off=False)


@routes.endpoint(
    "POST", _LINK, who=Who.ANYONE, summary="Get no more mails of a kind", text_media_type="text/html",
    plain_path=frozenset({"token"}),
)  # fmt: skip
def unsubscribe(call: Call, token: str) -> str:
    """RFC 8058: mailbox providers send it for their users, by the address in `List-Unsubscribe`. It switches off one
    kind of mail for one person, needs no sign-in and reads no body. Undone by `PUT /v1/me/mail-preferences`."""
    kind, locale = choosing.unsubscribe(call, token)
    return catalogue_words.unsubscribe_page(kind, locale, is_off=True)


@routes.endpoint(
    "GET", _DOUBTS, who=Who.ADMIN, summary="List mails in doubt", answer="DoubtfulMailView", paged=True
)
def list_mails_in_doubt(call: Call, page: PageRequest) -> Page[DoubtfulMail]:
    """Mails whose worker died around the moment of sending and of which the provider has told nothing for an hour: they
    left or not. None is sent again unless you say so. One that the provider tells of later leaves the list by
    itself."""
    return doubts.list_doubts(call, page)


@routes.endpoint(
    "POST", _DOUBTS + "/{mail}/send-again", who=Who.ADMIN, summary="Send a mail in doubt", status=204,
    errors=(MailSettled,), plain_path=frozenset({"mail"}),
)  # fmt: skip
def send_mail_again(call: Call, mail: str) -> None:
    """It may come twice. It is written from what holds now, and not sent if its reason has gone."""
    doubts.send_again(call, mail)


@routes.endpoint(
    "POST", _DOUBTS + "/{mail}/give-up", who=Who.ADMIN, summary="Let a mail in doubt be", status=204,
    errors=(MailSettled,), plain_path=frozenset({"mail"}),
)  # fmt: skip
def give_mail_up(call: Call, mail: str) -> None:
    """It may never come."""
    doubts.give_up(call, mail)
