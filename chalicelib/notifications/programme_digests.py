"""The weekly mail to coordinators: a message for each and programme, due when the week begins where they are.

Whether there is something to say is found out when it is due. The messages are written once a week, on the day before,
and found by key from then on. A run that was cut off begins again: what is written stays as it is.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from chalicelib.kernel.ids import new_id
from chalicelib.notifications import digest_store
from chalicelib.notifications.model import Kind
from chalicelib.notifications.weekly import due_on
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.platform import outbox, tables
from chalicelib.platform.outbox import Topic
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes

_EVE, _LATEST = 6, 1
"""From Sunday on, in UTC, so that it is in time wherever Monday begins; up to Tuesday where that was missed. Later in
the week none is wanted any more."""


def write_due(now: datetime) -> None:
    """Write the weekly mails of all active programmes, once a week; at any other time a get."""
    monday = _monday(now)
    if monday is None or digest_store.written_up_to() >= monday.isoformat():
        return
    outbox.put_missing(_messages(monday, now), now)
    tables.transact([digest_store.put_written(monday.isoformat(), now)], new_id(now))


def _monday(now: datetime) -> date | None:
    """Return the Monday whose mails are to be written; None in the rest of the week."""
    today = now.date()
    if today.weekday() == _EVE:
        return today + timedelta(days=1)
    return today - timedelta(days=today.weekday()) if today.weekday() <= _LATEST else None


def _messages(monday: date, now: datetime) -> Iterator[Write]:
    kind, zones = Kind.PROGRAMME_DIGEST.value, _Zones()
    for programme in programmes.active_programmes():
        for person_id, zone in zones.of(programme.organisation_id).items():
            yield outbox.message(
                f"{kind}:{programme.id}:{person_id}:{monday}", Topic.MAIL, kind,
                {"recipient": person_id, "programme_id": programme.id}, now=now, due_at=due_on(monday, zone),
            )  # fmt: skip


class _Zones:
    """The coordinators of organisations with the zone of each, read once an organisation."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str | None]] = {}

    def of(self, organisation_id: str) -> dict[str, str | None]:
        if organisation_id not in self._known:
            ids = organisations.coordinators_of(organisation_id)
            profiles = people.get_people_and_profiles(ids)
            self._known[organisation_id] = {
                one: profiles[one][1].time_zone if one in profiles else None for one in ids
            }
        return self._known[organisation_id]
