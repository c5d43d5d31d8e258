"""A programme's match settings: read and changed by its coordinators, and every version that they have had."""

from dataclasses import dataclass, replace

from chalicelib.kernel.call import Call, require_version
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.matching import settings_store
from chalicelib.matching.access import audit
from chalicelib.matching.settings import MatchSettings, ProgrammeSettings, SettingsVersion, differences
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes

_PAGE = 20  # with a thousand named pairs each, an answer of two megabytes


@dataclass(frozen=True)
class ToldVersion:
    """A version with the person who set it; None where they are gone."""

    version: SettingsVersion
    person: Person | None


def read_settings(call: Call, programme_id: str) -> ProgrammeSettings:
    """Return the settings of a programme's match (its coordinators); the defaults have version 0."""
    _, (row,) = programmes.coordinated(call, programme_id, settings_store.settings_key(programme_id))
    return settings_store.settings_of(programme_id, row)


def change_settings(call: Call, programme_id: str, settings: MatchSettings) -> ProgrammeSettings:
    """Put other settings in the place of a programme's (its coordinators); the next run follows them."""
    before = read_settings(call, programme_id)
    require_version(call, before.version)
    changed = tuple(sorted(differences(before.settings, settings)))
    writes = [
        *settings_writes(call, before, settings),
        audit(call, programme_id, "change_match_settings", after=",".join(changed)),
    ]
    return commit(call, writes, replace(before, settings=settings, version=before.version + 1))


def list_versions(call: Call, programme_id: str, page: PageRequest) -> Page[ToldVersion]:
    """Return every version of a programme's settings, the newest first (its coordinators)."""
    programmes.require_coordinator(call, programme_id)
    some = PageRequest(min(page.limit, _PAGE), page.cursor)
    found = settings_store.versions_of(programme_id, some)
    persons = people.get_people([one.changed_by for one in found.items])
    return Page(tuple(ToldVersion(one, persons.get(one.changed_by)) for one in found.items), found.next)


def settings_writes(
    call: Call, before: ProgrammeSettings, settings: MatchSettings, *, weight_proposal_id: str | None = None
) -> list[Write]:
    """Return the writes that put settings in force over the version that was read, and keep them as a version."""
    version = SettingsVersion(
        before.programme_id, before.version + 1, settings, differences(before.settings, settings), call.actor_id,
        call.now, weight_proposal_id,
    )  # fmt: skip
    return [
        settings_store.put_settings(replace(before, settings=settings), call.now),
        settings_store.put_version(version),
    ]
