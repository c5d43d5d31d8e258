"""Sending what the outbox holds for people: at most once each, and none missing.

A worker claims a message, writes the mail from the present state, hands it to the provider once, and marks the
message done. Where it dies in between, nobody knows whether the mail left, and sending again on doubt would double
it: the message stays claimed until the provider's events have told, or been silent long enough to be believed.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.ids import new_id
from chalicelib.notifications import facts, rendering, store
from chalicelib.notifications.model import (
    Outcome,
    ProviderEvent,
    is_settleable,
    is_worth_queueing,
    tag_of,
)
from chalicelib.platform import mail, outbox, tables
from chalicelib.platform.observability import count
from chalicelib.platform.outbox import CLAIM_LEASE, Message, Status, Topic
from chalicelib.platform.settings import settings


def deliver(message_id: str, now: datetime) -> Outcome | None:
    """Bring one message to its end, if it is for this worker to do so.

    Returns
    -------
    Outcome or None
        How it ended; None if there was nothing to do here and now: it has ended before, is not due, another
        worker has it, or whether its mail left is still in doubt.

    Raises
    ------
    NotTaken
        If the provider does not take mail now. The message waits again.
    """
    message = outbox.read(message_id)
    if message is None or message.topic is not Topic.MAIL or message.due_at > now:
        return None
    if message.status is Status.CLAIMED and is_settleable(message.claimed_at, CLAIM_LEASE, now):
        return _settle(message, now)
    if message.status is not Status.WAITING:
        return None
    return _claim_and_send(message, now)


def _settle(message: Message, now: datetime) -> Outcome | None:
    """End a claim whose worker died: the mail left, or it did not and is sent now."""
    try:
        if store.was_taken(message.id):
            return _end(message, Outcome.SEEN, now)
        _commit([outbox.release(message, now=now)], now)
    except outbox.AlreadyClaimed:
        return None
    waiting = replace(message, status=Status.WAITING, claimed_at=None, version=message.version + 1)
    return _claim_and_send(waiting, now)


def _claim_and_send(message: Message, now: datetime) -> Outcome | None:
    try:
        claimed = outbox.claim(message, now=now)
    except outbox.AlreadyClaimed:
        return None
    # Nothing leaves in here, whatever goes wrong.
    with outbox.given_back(claimed, lambda: now):
        mail_ = _write(claimed, now)
        taken, suppressed = store.taken_and_suppressed(claimed.id, mail_.to) if mail_ else (False, False)
    if mail_ is None:
        return _end(claimed, Outcome.MOOT, now)
    if taken:
        # The provider's word on an earlier try came after that try was given up.
        return _end(claimed, Outcome.SEEN, now)
    if suppressed:
        return _end(claimed, Outcome.SUPPRESSED, now)
    return _send(claimed, mail_, now)


def _write(message: Message, now: datetime) -> mail.Mail | None:
    """Return the mail of a message, or None if its reason has gone."""
    letter = facts.letter_for(message, now)
    if letter is None:
        return None
    written = rendering.write(letter, settings().web_origin)
    return mail.Mail(
        letter.recipient.email,
        written.subject,
        written.text,
        written.html,
        written.language,
        tag_of(message.id),
    )


def _send(claimed: Message, mail_: mail.Mail, now: datetime) -> Outcome | None:
    try:
        provider_id = mail.send(mail_)
    except mail.Refused as refusal:
        return _end(claimed, Outcome.REFUSED, now, code=refusal.code)
    except mail.NotTaken:
        _commit([outbox.release(claimed, now=now)], now)
        raise
    except mail.InDoubt:
        # Stays claimed; settled from the provider's events.
        count("MailInDoubt")
        return None
    return _end(claimed, Outcome.SENT, now, provider_id=provider_id)


def _end(
    claimed: Message,
    outcome: Outcome,
    now: datetime,
    *,
    provider_id: str | None = None,
    code: str | None = None,
) -> Outcome:
    result = store.put_result(claimed, outcome, now, provider_id=provider_id, code=code)
    _commit([outbox.done(claimed, now=now), result], now)
    return outcome


def record(event: ProviderEvent, now: datetime) -> None:
    """Keep what the provider told: that it took a mail, and which addresses get no more. Twice changes nothing."""
    writes = store.put_suppressions(event.suppress, now)
    if event.tag is not None:
        writes.append(store.put_taken(event.tag, event.name, now))
    _commit(writes, now)


def ready(now: datetime) -> dict[Topic, list[str]]:
    """Return the messages, by topic, that a worker should look at: due and never tried, due for another try, or
    claimed by a worker that must be dead."""
    found: dict[Topic, list[str]] = {}
    for message in outbox.due(now):
        waiting = message.status is Status.WAITING
        if is_worth_queueing(message.due_at, message.tries, now) if waiting else _is_abandoned(message, now):
            found.setdefault(message.topic, []).append(message.id)
    return found


def _is_abandoned(message: Message, now: datetime) -> bool:
    """Tell whether the worker of a claimed message must be dead, so that its topic's next worker may settle it.

    The steps of other topics may be repeated: they wait for the lease alone.
    """
    if message.status is not Status.CLAIMED:
        return False
    if message.topic is Topic.MAIL:
        return is_settleable(message.claimed_at, CLAIM_LEASE, now)
    return message.claimed_at is None or now >= message.claimed_at + CLAIM_LEASE


def _commit(writes: list[tables.Write], now: datetime) -> None:
    tables.transact(writes, new_id(now))
