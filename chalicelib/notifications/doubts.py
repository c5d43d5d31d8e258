"""Mails of which nobody knows whether they left: listed for an admin, and never sent again blindly."""

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.notifications import store
from chalicelib.notifications.catalogue import is_confidential
from chalicelib.notifications.errors import MailSettled
from chalicelib.notifications.model import DoubtfulMail, Outcome, is_settleable
from chalicelib.organisations import service as organisations
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import CLAIM_LEASE, Message, Status
from chalicelib.safety import service as safety


def in_doubt(message: Message, now: datetime) -> list[tables.Write] | None:
    """Return the writes that list a claimed message whose hour is over; None before."""
    if message.status is not Status.CLAIMED or not is_settleable(message.claimed_at, CLAIM_LEASE, now):
        return None
    return [outbox.set_aside(message, now=now), *store.put_doubt(message, now)]


def list_doubts(call: Call, page: PageRequest) -> Page[DoubtfulMail]:
    """Return the mails in doubt (admins), but for those that tell of what the actor may not know."""
    organisations.rights(call).require_admin()
    found = store.list_doubts(page)
    seen = (_seen_by(call.actor_id, one) for one in found.items)
    return Page(tuple(one for one in seen if one is not None), found.next)


def _seen_by(admin_id: str, doubt: DoubtfulMail) -> DoubtfulMail | None:
    """Return a mail in doubt as an admin sees it: a confidential one without its reader, and not at all where they may
    not know what it is about."""
    if not is_confidential(doubt.kind):
        return doubt
    message = outbox.read(doubt.message_id)
    if message is None or safety.concern_for_admin(admin_id, message.payload["concern_id"]) is None:
        return None
    return replace(doubt, recipient=None)


def send_again(call: Call, tag: str) -> None:
    """Have a mail in doubt sent, at the risk that it comes twice (admins).

    It is written from the present state like any other, and ends without a mail if its reason has gone or the provider
    has told of it in the meantime.
    """
    doubt, message = _require(call, tag)
    _settle(call, doubt, "send_again", [outbox.bring_back(message, now=call.now)])


def give_up(call: Call, tag: str) -> None:
    """Let a mail in doubt be, at the risk that it never comes (admins)."""
    doubt, message = _require(call, tag)
    _settle(
        call, doubt, "give_up",
        [outbox.done(message, now=call.now), store.put_result(message, Outcome.GIVEN_UP, call.now)],
    )  # fmt: skip


def told(tag: str, now: datetime) -> list[tables.Write]:
    """Return the writes that end a mail in doubt of which the provider has told after all; none for any other."""
    doubt = store.get_doubt(tag)
    message = outbox.read(doubt.message_id) if doubt else None
    if doubt is None or message is None:
        return []
    return [
        outbox.done(message, now=now), store.put_result(message, Outcome.SEEN, now), store.settle_doubt(doubt)
    ]  # fmt: skip


def _require(call: Call, tag: str) -> tuple[DoubtfulMail, Message]:
    organisations.rights(call).require_admin()
    doubt = store.get_doubt(tag)
    message = outbox.read(doubt.message_id) if doubt else None
    if doubt is None or message is None or _seen_by(call.actor_id, doubt) is None:
        raise NotFound
    return doubt, message


def _settle(call: Call, doubt: DoubtfulMail, action: str, writes: list[tables.Write]) -> None:
    audit = store.audit_doubt(doubt.tag, call.actor_id, action, call.now)
    try:
        commit(call, [store.settle_doubt(doubt), *writes, audit], None)
    except outbox.AlreadyClaimed as error:
        raise MailSettled from error
