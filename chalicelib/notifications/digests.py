"""Weekly mails: what a person has had put off, gathered as it comes and sent as one.

A mail's message ends, its item is kept and the week's message is there, all in one transaction. The week's message is
touched by each item: who has read it to send it, and has not claimed it yet, reads it again. So an item is in a mail
that has not been written, or the transaction fails and it goes to the week after.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.tries import again
from chalicelib.notifications import digest_store, preference_store, store
from chalicelib.notifications.letters import DigestFacts, Letter
from chalicelib.notifications.model import Kind, Outcome
from chalicelib.notifications.preferences import Frequency, Preferences
from chalicelib.notifications.weekly import Item, due_after, due_on, sort_out
from chalicelib.platform import outbox, tables
from chalicelib.platform.outbox import Message, Status, Topic

MOST_LINES = 15
"""So many are told of in one mail, of a few hundred bytes each; the rest are counted."""

_WEEK = timedelta(days=7)

Reader = Callable[[Message, datetime], Letter | None]


class DigestLeft(Conflict):
    """The week's mail is being sent at this very moment."""

    code = "digest-left"


def gather(message: Message, chosen: Preferences, zone: str | None, now: datetime) -> Outcome:
    """Put a waiting message off to its reader's next weekly mail; end it where they want no such mail.

    Parameters
    ----------
    zone
        The reader's; None counts in UTC.

    Raises
    ------
    AlreadyClaimed
        If another worker has the message.
    Unavailable
        If others keep putting off to the same mail.
    """
    if chosen.frequency(Kind.WEEKLY_DIGEST) is Frequency.OFF:
        _end(message, Outcome.SWITCHED_OFF, [], now)
        return Outcome.SWITCHED_OFF
    again(
        lambda: _gather(message, chosen.person_id, zone, now), DigestLeft, outbox.WrittenBefore,
        busy="This weekly mail is being changed at this very moment.", tries=5,
    )  # fmt: skip
    return Outcome.GATHERED


def _gather(message: Message, person_id: str, zone: str | None, now: datetime) -> None:
    day, due_at = due_after(now, zone)
    digest = outbox.read(digest_id(person_id, day.isoformat()))
    while digest is not None and digest.status is not Status.WAITING:
        day += _WEEK
        due_at = due_on(day, zone)
        digest = outbox.read(digest_id(person_id, day.isoformat()))
    id_ = digest_id(person_id, day.isoformat())
    if digest is None:
        kind = Kind.WEEKLY_DIGEST.value
        week = outbox.message(id_, Topic.MAIL, kind, {"recipient": person_id}, now=now, due_at=due_at)
    else:
        week = outbox.touch(id_, now=now, conflict=DigestLeft("It goes to the next."))
    _end(message, Outcome.GATHERED, [digest_store.put(id_, message, now), week], now)


def _end(message: Message, outcome: Outcome, more: list[tables.Write], now: datetime) -> None:
    writes = [outbox.close(message, now=now), store.put_result(message, outcome, now), *more]
    tables.transact(writes, new_id(now))


def digest_id(person_id: str, day: str) -> str:
    """Return the id of the message of a person's weekly mail of a day."""
    return f"{Kind.WEEKLY_DIGEST}:{person_id}:{day}"


def reader(letter_for: Reader) -> Reader:
    """Return the reader of a weekly mail: what is still so of what was put off to it, read now; None where nothing is.

    Parameters
    ----------
    letter_for
        Reads what a single mail is written from.
    """

    def read(message: Message, now: datetime) -> Letter | None:
        def letter_of(item: Item) -> Letter | None:
            return letter_for(_message_of(item), now)

        chosen = preference_store.get(message.payload["recipient"])
        letters = [one for _, one in sort_out(digest_store.items(message.id), chosen, letter_of).letters]
        if not letters:
            return None
        facts = DigestFacts(tuple(letters[:MOST_LINES]), max(len(letters) - MOST_LINES, 0))
        return Letter(Kind.WEEKLY_DIGEST, letters[0].recipient, facts)

    return read


def _message_of(item: Item) -> Message:
    """Return an item as the message that it was, for the reader of its kind."""
    return Message(
        item.message_id, Topic.MAIL, item.kind, dict(item.payload), item.gathered_at, Status.WAITING, 0
    )
