"""Of the matching table: a programme's settings, and each version that they have had."""

from datetime import datetime

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.matching import documents
from chalicelib.matching.settings import MatchSettings, ProgrammeSettings, SettingsVersion
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_PREFIX = "SETTINGS#"


class SettingsRow(tables.Row):
    class Meta:
        capability = "matching"

    data = UnicodeAttribute()


class SettingsVersionRow(tables.Row):
    """What the settings were from one change to the next; it is written once."""

    class Meta:
        capability = "matching"

    data = UnicodeAttribute()
    changed = JSONAttribute()
    changed_by = UnicodeAttribute()
    weight_proposal_id = UnicodeAttribute(null=True)


def settings_key(programme_id: str) -> tuple[type[SettingsRow], str, str]:
    """Return the key of a programme's settings for `tables.get_many`."""
    return SettingsRow, _programme(programme_id), "SETTINGS"


def settings_of(programme_id: str, row: SettingsRow | None) -> ProgrammeSettings:
    """Read a programme's settings from its row; without one they are the defaults."""
    if row is None:
        return ProgrammeSettings(programme_id)
    settings = documents.from_bytes(MatchSettings, row.data.encode())
    return ProgrammeSettings(programme_id, settings, from_text(row.created_at), int(row.version))


def get_settings(programme_id: str) -> ProgrammeSettings:
    return settings_of(programme_id, tables.get(*settings_key(programme_id)))


def put_settings(changed: ProgrammeSettings, now: datetime) -> Write:
    """Write settings over the version that was read."""
    row_class, pk, sk = settings_key(changed.programme_id)
    created_at = text_of(changed.created_at)
    stamps = tables.stamps(to_text(now), created_at, changed.version or None)
    return tables.put(row_class(pk, sk, data=_data(changed.settings), **stamps))


def put_version(version: SettingsVersion) -> Write:
    """Write a version of the settings, in the transaction that puts it in force."""
    row = SettingsVersionRow(
        _programme(version.programme_id), f"{_PREFIX}{version.version:010d}", data=_data(version.settings),
        changed=list(version.changed), changed_by=version.changed_by,
        weight_proposal_id=version.weight_proposal_id, **tables.stamps(to_text(version.changed_at)),
    )  # fmt: skip
    return tables.put(row)


def versions_of(programme_id: str, page: PageRequest) -> Page[SettingsVersion]:
    """Return the versions of a programme's settings, the newest first."""
    return tables.page_of(
        SettingsVersionRow, _programme(programme_id), page, _version_of, begins_with=_PREFIX, descending=True
    )


def _version_of(row: SettingsVersionRow) -> SettingsVersion:
    return SettingsVersion(
        programme_id=row.pk.removeprefix("PROGRAMME#"),
        version=int(row.sk.removeprefix(_PREFIX)),
        settings=documents.from_bytes(MatchSettings, row.data.encode()),
        changed=tuple(row.changed),
        changed_by=row.changed_by,
        changed_at=from_text(row.created_at),
        weight_proposal_id=row.weight_proposal_id,
    )


def _data(settings: MatchSettings) -> str:
    # Every field is written, also one at its default: what a coordinator chose stays when a default changes.
    return documents.to_bytes(settings, whole=True).decode()


def _programme(programme_id: str) -> str:
    return f"PROGRAMME#{programme_id}"
