"""Sending what the outbox holds for people: at most once each, and none missing unseen.

A worker writes the mail from the present state and decides whether it is to go; then it claims the message, hands the
mail to the provider once, and marks the message done. Before the claim nothing can have left, so whoever comes next
begins again. Where the worker dies after it, nobody knows whether the mail left: the provider's events tell, and where
they have not for an hour, an admin decides (`doubts.py`).
"""

from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import new_id
from chalicelib.notifications import choosing, digests, doubts, facts, rendering, stops, store
from chalicelib.notifications.calendar_files import calendar_file
from chalicelib.notifications.catalogue import CATALOGUE
from chalicelib.notifications.model import (
    Kind,
    Letter,
    Outcome,
    ProviderEvent,
    is_settleable,
    is_worth_queueing,
    tag_of,
)
from chalicelib.notifications.preferences import Frequency
from chalicelib.platform import mail, outbox, pace, tables
from chalicelib.platform.observability import count
from chalicelib.platform.outbox import CLAIM_LEASE, Message, Status, Topic
from chalicelib.platform.settings import settings

PACE_PAUSE = timedelta(minutes=5)


def deliver(message_id: str, now: datetime) -> Outcome | None:
    """Bring one message to its end, if it is for this worker to do so.

    Returns
    -------
    Outcome or None
        How it ended; None if there was nothing to do here and now: it has ended before, is not due or has been put
        off, another worker has it, or whether its mail left is in doubt.

    Raises
    ------
    NotTaken
        If the provider does not take mail now. The message waits again.
    """
    message = outbox.read(message_id)
    if message is None or message.topic is not Topic.MAIL or message.due_at > now:
        return None
    try:
        if message.status is Status.WAITING:
            return _decide(message, now)
        return _settle(message, now)
    except outbox.AlreadyClaimed:
        return None


def _settle(message: Message, now: datetime) -> Outcome | None:
    """End a claim whose worker died: the provider has told that the mail left, or a person has to decide."""
    writes = doubts.in_doubt(message, now)
    if writes is None:
        return None
    if store.was_taken(message.id):
        return _end(message, Outcome.SEEN, now)
    # Told of at this very moment, it stays claimed, and the next who comes sees the mark.
    with suppress(Conflict):
        _commit(writes, now)
        count("MailInDoubtListed")
    return None


def _decide(message: Message, now: datetime) -> Outcome | None:
    """Send what waits, put it off, or end it without a mail."""
    try:
        letter = facts.letter_for(message, now)
        if letter is None:
            return _close(message, Outcome.MOOT, now)
        to = letter.recipient
        found = store.before_sending(message.id, to.email, to.person_id)
        if found.is_taken:
            # Sent again by an admin's word, and the provider's came after it.
            return _close(message, Outcome.SEEN, now)
        if found.is_suppressed:
            stops.kept_back(to.person_id, to.email, now)
            return _close(message, Outcome.SUPPRESSED, now)
        kind = Kind(message.kind)
        if found.preferences.frequency(kind) is Frequency.OFF:
            return _close(message, Outcome.SWITCHED_OFF, now)
        if found.preferences.frequency(kind) is Frequency.WEEKLY:
            return digests.gather(message, found.preferences, to.time_zone, now)
        quiet_until = found.preferences.quiet_until(kind, now, to.time_zone)
        # Better in the night than not at all: what would have no reason by then goes now.
        if quiet_until is not None and facts.letter_for(message, quiet_until) is not None:
            _commit([outbox.put_off(message, quiet_until, now=now)], now)
            return None
        mail_ = _written(message, letter, now)
    except outbox.AlreadyClaimed:
        raise
    except Exception:
        # Nothing has left; the sweep waits the longer for it the more often it was tried.
        with suppress(outbox.AlreadyClaimed):
            _commit([outbox.tried(message, now=now)], now)
        raise
    rate = settings().mail_rate
    if rate and not pace.take_turn("mail", rate):
        # More workers than the rate has turns for: it comes back with the sweep.
        _commit([outbox.put_off(message, now + PACE_PAUSE, now=now)], now)
        count("MailPaced")
        return None
    return _send(outbox.claim(message, now=now), mail_, now)


def _written(message: Message, letter: Letter, now: datetime) -> mail.Mail:
    """Write the mail of a message, with the link that switches its kind off and its calendar file, where there
    are such."""
    to = letter.recipient
    link = choosing.unsubscribe_link(to.person_id, Kind(message.kind), now)
    written = rendering.write(letter, settings().web_origin, link)
    file = calendar_file(letter, settings().mail_from, settings().web_origin, now)
    return mail.Mail(
        to.email, written.subject, written.text, written.html, written.language, tag_of(message.id), link,
        CATALOGUE[Kind(message.kind)].important, mail.CalendarPart(*file) if file is not None else None,
    )  # fmt: skip


def _send(claimed: Message, mail_: mail.Mail, now: datetime) -> Outcome | None:
    try:
        provider_id = mail.send(mail_)
    except mail.Refused as refusal:
        return _end(claimed, Outcome.REFUSED, now, code=refusal.code)
    except mail.NotTaken:
        _commit([outbox.release(claimed, now=now)], now)
        raise
    except mail.InDoubt:
        # Stays claimed; settled from the provider's events, or by a person.
        count("MailInDoubt")
        return None
    return _end(claimed, Outcome.SENT, now, provider_id=provider_id)


def _close(message: Message, outcome: Outcome, now: datetime) -> Outcome:
    """End a message that nobody has claimed."""
    _commit([outbox.close(message, now=now), store.put_result(message, outcome, now)], now)
    return outcome


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
    """Keep what the provider told: that it took a mail, which ends it if it was in doubt, and which addresses get no
    more. Twice changes nothing."""
    stops.stop_all(event.suppress, now)
    if event.tag is None:
        return
    _commit([store.put_taken(event.tag, event.name, now)], now)
    # After the mark, which keeps a mail off the list: whatever is listed by now stands there.
    with suppress(Conflict):
        _commit(doubts.told(event.tag, now), now)


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
