"""What people chose of their mails, in the notifications table."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute

from chalicelib.kernel.clock import from_text, text_of, to_text
from chalicelib.kernel.ids import new_id
from chalicelib.notifications.model import Kind
from chalicelib.notifications.preferences import Frequency, Preferences, QuietHours
from chalicelib.platform import tables
from chalicelib.platform.tables import Row, Write


class PreferencesRow(tables.Row):
    class Meta:
        capability = "notifications"

    frequencies = JSONAttribute()
    quiet_from = NumberAttribute(null=True)
    quiet_to = NumberAttribute(null=True)


def key(person_id: str) -> tuple[type[Row], str, str]:
    """Return the key of a person's choices, for a read of several rows in one round trip."""
    return PreferencesRow, _person_pk(person_id), "MAIL-PREFERENCES"


def preferences_of(person_id: str, row: Any) -> Preferences:
    """Read a person's choices from the row at `key`; None is somebody who has chosen nothing.

    A kind that there is no more is left out.
    """
    if row is None:
        return Preferences(person_id)
    known = {one.value for one in Kind}
    chosen = {Kind(kind): Frequency(word) for kind, word in row.frequencies.items() if kind in known}
    quiet = None if row.quiet_from is None else QuietHours(int(row.quiet_from), int(row.quiet_to))
    return Preferences(person_id, chosen, quiet, from_text(row.created_at), int(row.version))


def get(person_id: str) -> Preferences:
    return preferences_of(person_id, tables.get(PreferencesRow, _person_pk(person_id), "MAIL-PREFERENCES"))


def put(preferences: Preferences, now: datetime) -> Write:
    """Return the write of a person's choices at the version that was read."""
    quiet = preferences.quiet
    row = PreferencesRow(
        _person_pk(preferences.person_id), "MAIL-PREFERENCES",
        frequencies={kind.value: word.value for kind, word in sorted(preferences.frequencies.items())},
        quiet_from=quiet.start if quiet else None, quiet_to=quiet.end if quiet else None,
        **tables.stamps(to_text(now), text_of(preferences.created_at), preferences.version),
    )  # fmt: skip
    return tables.put(row)


def audit(person_id: str, actor: str, action: str, after: str, now: datetime) -> Write:
    return tables.audit(
        "notifications", _person_pk(person_id), row_id=new_id(now), at=now, actor=actor, action=action, after=after
    )  # fmt: skip


def _person_pk(person_id: str) -> str:
    return f"PERSON#{person_id}"
