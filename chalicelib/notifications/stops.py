"""Addresses to which nothing is mailed: what stops mail, who hears of it, and how its holder has it sent again.

An address is stopped by what the provider tells. The person who has it reads so beside their choices of mails, and by
the news of it coordinators get a task (`mentorships/reaching.py`): notifications know addresses and no mentorships.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from chalicelib.kernel.call import Call
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import Invalid, StaleVersion
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.tries import again
from chalicelib.notifications import choosing, preference_store, stop_store
from chalicelib.notifications.choosing import SeenPreferences
from chalicelib.notifications.errors import MailNotStopped, MailTriedTooSoon
from chalicelib.notifications.stopping import Stop, lifted, stopped
from chalicelib.people import service as people
from chalicelib.people.model import MailStopReason, Person
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit

_BUSY = "This address is being changed at this very moment. Send the request again."


def stop_all(addresses: Iterable[tuple[str, MailStopReason]], now: datetime) -> None:
    """Stop mail to addresses, one transaction each, with the news of it. Again, it changes nothing."""
    # A complaint counts for more than a bounce, in whatever order one event names them.
    for email, reason in sorted(addresses, key=lambda one: one[1] is MailStopReason.COMPLAINT):
        again(lambda email=email, reason=reason: _stop(email, reason, now), StaleVersion, busy=_BUSY)  # type: ignore[misc]


def _stop(email: str, reason: MailStopReason, now: datetime) -> None:
    before, person = _read(email)
    after = stopped(before, reason, now)
    writes = [stop_store.put(email, after, now)] if after != before else []
    if person is not None and person.mail_stop != after.told:
        writes += people.mail_stops(person, after.told, new_id(now), now)
    tables.transact(writes, new_id(now))


def _read(email: str) -> tuple[Stop | None, Person | None]:
    """Return what holds for an address, and the person whose present one it is: two round trips."""
    spellings = stop_store.spellings(email)
    row, *claims = tables.get_many([stop_store.key(email), *(people.claim_key(one) for one in spellings)])
    claim = next((people.claim_of(one) for one in claims if one is not None), None)
    person = people.get_person(claim.person_id) if claim is not None else None
    is_theirs = person is not None and stop_store.is_same(person.email, email)
    return stop_store.stop_of(row), person if is_theirs else None


def kept_back(person_id: str, email: str, now: datetime) -> None:
    """Note that a mail was kept back, at most once a day: who came to have a stopped address, or has joined a programme
    since, shows from now on, too."""
    person, stop = people.get_person(person_id), stop_store.get(email)
    if person is None or stop is None or not stop_store.is_same(person.email, email):
        return
    with suppress(outbox.WrittenBefore, StaleVersion):
        tables.transact(people.mail_stops(person, stop.told, f"{now:%Y-%m-%d}", now), new_id(now))


def resume(call: Call, *, wanted: bool) -> SeenPreferences:
    """Have mail to the actor's own address sent again.

    Parameters
    ----------
    wanted
        Whether they say that they want our mails, which is asked for after a complaint.

    Raises
    ------
    MailNotStopped, MailTriedTooSoon
    Invalid
        If the address complained and `wanted` is not said.
    """
    return again(lambda: _resume(call, wanted), StaleVersion, busy=_BUSY)


def _resume(call: Call, wanted: bool) -> SeenPreferences:
    person, seen = choosing.own_preferences(call)
    stop = stop_store.get(person.email)
    if stop is None or not stop.is_in_force:
        if person.mail_stop is None:
            raise MailNotStopped
        stop = None  # lifted by hand, or of an address that they had: the mark alone is left
    elif stop.reason is MailStopReason.COMPLAINT and not wanted:
        raise Invalid.field("/wanted", "These mails were reported as unwanted. Say true if you want them.")
    elif call.now < stop.may_try_at:
        raise MailTriedTooSoon(f"The last try failed. Have us try again from {to_text(stop.may_try_at)} on.")
    writes = [
        *([stop_store.put(person.email, lifted(stop, call.now), call.now)] if stop else []),
        *people.mail_stops(person, None, call.new_id(), call.now),
        preference_store.audit(
            call.actor_id, call.actor_id, "resume_mail", stop.reason.value if stop else "", call.now
        ),
    ]  # fmt: skip
    return commit(call, writes, seen)
