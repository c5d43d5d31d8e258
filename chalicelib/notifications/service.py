"""Sending what the outbox holds for people: at most once each, and none missing unseen.

A worker writes the mail from the present state and decides whether it is to go; then it claims the message, hands the
mail to the provider once, and marks the message done. Before the claim nothing can have left, so whoever comes next
begins again. Where the worker dies after it, nobody knows whether the mail left: the provider's events tell, and where
they have not for an hour, an admin decides (`doubts.py`).

A worker has many messages at a time and sees to them in lots. Those of a lot are decided on at once, so that their
reads travel together; those that are to go take their turns of the rate in one write; and while they are being sent,
each claimed right before, the next lot is decided on. So a worker that dies leaves a claim in doubt for each of its
senders at most, and up to a lot of mails that have left without being marked, of which the provider's events tell.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import new_id
from chalicelib.notifications import choosing, digests, doubts, facts, rendering, stops, store
from chalicelib.notifications.calendar_files import calendar_file
from chalicelib.notifications.catalogue import CATALOGUE
from chalicelib.notifications.letters import Letter
from chalicelib.notifications.model import Kind, Outcome, is_settleable, is_worth_queueing, tag_of
from chalicelib.notifications.preferences import Frequency
from chalicelib.notifications.provider_events import ProviderEvent
from chalicelib.platform import mail, outbox, pace, tables
from chalicelib.platform.observability import count
from chalicelib.platform.outbox import CLAIM_LEASE, Message, Status, Topic
from chalicelib.platform.settings import settings
from chalicelib.platform.together import Together

PACE_PAUSE = timedelta(minutes=5)

LOT = 32
"""So many messages are decided on at once."""

SENDERS = 8
"""So many mails are on their way to the provider at once, at most: what a dead worker leaves in doubt. A hundred a
second need five where the provider answers within 50 ms, and eight still do it where it takes 80."""

LAST_CLAIM = 45.0
"""Seconds after which a worker claims nothing more: its function has 60, and a provider that does not answer keeps a
sender for eleven (`platform/mail.py`)."""

ENDS = 16
"""The ends of so many are marked in one transaction."""

MOST_A_RUN = 10_000
"""So many messages of a topic are queued by a run: 120,000 an hour. What workers have not come to is queued again by
the next run, and does no harm; more of it would only fill the queue."""

Found = Outcome | Exception | None


@dataclass(frozen=True)
class Ready:
    """A message that nobody has claimed, and its mail, which is to go."""

    message: Message
    mail: mail.Mail


@dataclass(frozen=True)
class End:
    """How the sending of a claimed message ended."""

    claimed: Message
    outcome: Outcome
    provider_id: str | None = None
    code: str | None = None


Sending = Together[tuple[Ready, float], End | None]


def deliver(message_id: str, now: datetime) -> Outcome | None:
    """Bring one message to its end, as `deliver_all` does.

    Raises
    ------
    NotTaken
        If the provider does not take mail now. The message waits again.
    """
    found = deliver_all([message_id], now)[message_id]
    if isinstance(found, Exception):
        raise found
    return found


def deliver_all(
    message_ids: Sequence[str], now: datetime, *, seconds: Callable[[], float] = time.monotonic
) -> dict[str, Found]:
    """Bring messages, 100 at most, to their end, those that it is for this worker to end.

    Parameters
    ----------
    seconds
        A clock that only goes forward, for the worker's own time.

    Returns
    -------
    dict
        By id how each ended: with an outcome; or with what it failed by, to be tried again (`NotTaken` where the
        provider takes no mail now); or None where there was nothing to do here and now: it has ended before, is not due
        or has been put off, another worker has it, or whether its mail left is in doubt.
    """
    last_claim = seconds() + LAST_CLAIM
    found: dict[str, Found] = dict.fromkeys(message_ids)
    due = [one for one in outbox.read_many(list(found)) if one.topic is Topic.MAIL and one.due_at <= now]
    sending: Sending | None = None
    try:
        for begin in range(0, len(due), LOT):
            ready = _decide_all(due[begin : begin + LOT], now, found)
            _collect(sending, now, found)
            sending = None  # what has been marked is not marked again
            sending = Together(
                _with_turns(ready, now),
                lambda one: _send(*one, now, is_late=lambda: seconds() > last_claim),
                threads=SENDERS,
            )
    finally:
        # Also where the next lot has failed: what has left is marked.
        _collect(sending, now, found)
    return found


def _decide_all(lot: Sequence[Message], now: datetime, found: dict[str, Found]) -> list[Ready]:
    """Decide on messages; return the mails that are to go, and note how the others ended."""
    ready: list[Ready] = []
    for message, decided in Together(lot, lambda one: _look_at(one, now), threads=LOT):
        try:
            result = decided.result()
        except Exception as error:  # noqa: BLE001 - one message's failure keeps no other from its end
            found[message.id] = error
        else:
            if isinstance(result, Ready):
                ready.append(result)
            else:
                found[message.id] = result
    return ready


def _look_at(message: Message, now: datetime) -> Ready | Outcome | None:
    with suppress(outbox.AlreadyClaimed):
        return _decide(message, now) if message.status is Status.WAITING else _settle(message, now)
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


def _decide(message: Message, now: datetime) -> Ready | Outcome | None:
    """Write the mail of what waits, put it off, or end it without a mail."""
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
        quiet_until = found.preferences.quiet_until(kind, now, to.time_zone, letter.begins_at)
        # Better in the night than not at all: what would have no reason by then goes now.
        if quiet_until is not None and facts.letter_for(message, quiet_until) is not None:
            _commit([outbox.put_off(message, quiet_until, now=now)], now)
            return None
        return Ready(message, _written(message, letter, now))
    except outbox.AlreadyClaimed:
        raise
    except Exception:
        # Nothing has left; the sweep waits the longer for it the more often it was tried.
        with suppress(outbox.AlreadyClaimed):
            _commit([outbox.tried(message, now=now)], now)
        raise


def _with_turns(ready: Sequence[Ready], now: datetime) -> list[tuple[Ready, float]]:
    """Take the turns of the shared rate, and put off what gets none: it comes back with the sweep."""
    rate = settings().mail_rate
    if not rate or not ready:
        return [(one, 0.0) for one in ready]
    turns = pace.take_turns("mail", rate, len(ready))
    for one in ready[len(turns) :]:
        with suppress(outbox.AlreadyClaimed):
            _commit([outbox.put_off(one.message, now + PACE_PAUSE, now=now)], now)
            count("MailPaced")
    return list(zip(ready, turns, strict=False))


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


def _send(one: Ready, turn: float, now: datetime, *, is_late: Callable[[], bool]) -> End | None:
    """Wait for the turn, claim, and hand the mail to the provider once. What is in doubt stays claimed; what it is too
    late for comes back with the sweep."""
    pace.wait_for(turn)
    if is_late():
        return None
    claimed = outbox.claim(one.message, now=now)
    try:
        provider_id = mail.send(one.mail)
    except mail.Refused as refusal:
        return End(claimed, Outcome.REFUSED, code=refusal.code)
    except mail.NotTaken:
        _commit([outbox.release(claimed, now=now)], now)
        raise
    return End(claimed, Outcome.SENT, provider_id)


def _collect(sending: Sending | None, now: datetime, found: dict[str, Found]) -> None:
    """Wait for mails that are being sent, and mark what has ended, some at a time."""
    if sending is None:
        return
    ends: list[End] = []
    for (one, _), sent in sending:
        try:
            end = sent.result()
        except outbox.AlreadyClaimed:
            continue  # another worker has it
        except mail.InDoubt:
            # Stays claimed; settled from the provider's events, or by a person.
            count("MailInDoubt")
            continue
        except Exception as error:  # noqa: BLE001 - as above
            found[one.message.id] = error
            continue
        if end is None:
            count("MailTooLate")
            continue
        ends.append(end)
        if len(ends) == ENDS:
            found |= _end_all(ends, now)
            ends = []
    found |= _end_all(ends, now)


def _close(message: Message, outcome: Outcome, now: datetime) -> Outcome:
    """End a message that nobody has claimed."""
    _commit([outbox.close(message, now=now), store.put_result(message, outcome, now)], now)
    return outcome


def _end(claimed: Message, outcome: Outcome, now: datetime) -> Outcome:
    _commit(_ending(End(claimed, outcome), now), now)
    return outcome


def _end_all(ends: Sequence[End], now: datetime) -> dict[str, Found]:
    """Mark claimed messages as ended, in one transaction; where that fails, as if a claim among them has lapsed, each
    by itself."""
    found: dict[str, Found] = {one.claimed.id: one.outcome for one in ends}
    try:
        _commit([write for one in ends for write in _ending(one, now)], now)
    except Exception as error:  # noqa: BLE001 - all have left, whatever becomes of one
        if len(ends) > 1:
            return {id_: how for one in ends for id_, how in _end_all([one], now).items()}
        found = dict.fromkeys(found, None if isinstance(error, outbox.AlreadyClaimed) else error)
    return found


def _ending(end: End, now: datetime) -> list[tables.Write]:
    result = store.put_result(end.claimed, end.outcome, now, provider_id=end.provider_id, code=end.code)
    return [outbox.done(end.claimed, now=now), result]


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
    claimed by a worker that must be dead. Longest due first, and of a topic as many as a run queues."""
    found: dict[Topic, list[str]] = {}
    full: set[Topic] = set()
    for message in outbox.due(now, but=full):
        waiting = message.status is Status.WAITING
        if is_worth_queueing(message.due_at, message.tries, now) if waiting else _is_abandoned(message, now):
            queued = found.setdefault(message.topic, [])
            queued.append(message.id)
            if len(queued) == MOST_A_RUN:
                full.add(message.topic)
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
