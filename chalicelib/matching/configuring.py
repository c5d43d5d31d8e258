"""A programme's match settings: read and changed by its coordinators, and every version that they have had."""

from dataclasses import dataclass, replace

from chalicelib.kernel.call import Call, require_version
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.matching import settings_store
from chalicelib.matching.access import audit
from chalicelib.matching.settings import (
    MatchSettings,
    ProgrammeSettings,
    SettingsVersion,
    differences,
    pair_errors,
)
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Programme

_PAGE = 20  # with a thousand named pairs each, an answer of two megabytes


@dataclass(frozen=True)
class ToldVersion:
    """A version with the person who set it; None where they are gone."""

    version: SettingsVersion
    person: Person | None


@dataclass(frozen=True)
class ToldSettings:
    """A programme's settings beside the rules of the programme that bear on them."""

    own: ProgrammeSettings
    programme: Programme

    @property
    def version(self) -> int:
        return self.own.version


def read_settings(call: Call, programme_id: str) -> ToldSettings:
    """Return the settings of a programme's match (its coordinators); the defaults have version 0."""
    programme, (row,) = programmes.coordinated(call, programme_id, settings_store.settings_key(programme_id))
    return ToldSettings(settings_store.settings_of(programme_id, row), programme)


def change_settings(call: Call, programme_id: str, settings: MatchSettings) -> ToldSettings:
    """Put other settings in the place of a programme's (its coordinators); the next run follows them. The same again
    change nothing, and make no version.

    Raises
    ------
    Invalid
        If a pair that is locked or forbidden from now on is not one of a mentee and a mentor of the programme.
    """
    told = read_settings(call, programme_id)
    before = told.own
    require_version(call, before.version)
    require_pairs_of(programme_id, settings, before.settings)
    changed = tuple(sorted(differences(before.settings, settings)))
    if not changed:
        return commit(call, [], told)
    writes = [
        *settings_writes(call, before, settings),
        audit(call, programme_id, "change_match_settings", after=",".join(changed)),
    ]
    after = replace(before, settings=settings, version=before.version + 1)
    return commit(call, writes, replace(told, own=after))


def require_pairs_of(programme_id: str, settings: MatchSettings, before: MatchSettings) -> None:
    """See that the pairs that are locked or forbidden, and were not before, are of people who are in a programme.

    Those that were there before stay, whoever has left since: a run's report tells of them.

    Raises
    ------
    Invalid
        With one `FieldError` for each person who is not, all at once. Of somebody who is not in the programme it says
        no more than that, whether or not there is such a person.
    """
    named = {
        f"/{name}/{number}": pair
        for name, pairs, old in (
            ("locked", settings.locked, frozenset(before.locked)),
            ("forbidden", settings.forbidden, frozenset(before.forbidden)),
        )
        for number, pair in enumerate(pairs)
        if pair not in old
    }
    wanted = {one for pair in named.values() for one in (pair.mentee_id, pair.mentor_id)}
    sides = programmes.sides_of(programme_id, sorted(wanted))
    errors = [error for at, pair in named.items() for error in pair_errors(at, pair, sides)]
    if errors:
        raise Invalid("Some of the pairs cannot be named.", tuple(errors))


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
