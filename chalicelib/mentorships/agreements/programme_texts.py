"""What a programme's coordinators write for its agreements: the template, and briefings on countries."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import FieldError, Invalid, NotFound, VersionRequired
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.agreements import programme_store
from chalicelib.mentorships.agreements.briefings import Briefing, Text
from chalicelib.mentorships.agreements.model import Rules, Template
from chalicelib.people import codes
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes

_PAGE = 20  # with texts in every language, an answer of a quarter of a megabyte


def read_template(call: Call, programme_id: str) -> Template:
    """Return the template of a programme's agreements (its coordinators); one that was never set has version 0."""
    _, (row,) = programmes.coordinated(call, programme_id, programme_store.template_key(programme_id))
    return programme_store.template_of(programme_id, row)


def change_template(call: Call, programme_id: str, rules: Rules) -> Template:
    """Set from what agreements of a programme start from now on (its coordinators). The same again make no version;
    agreements that there are stay as they are."""
    before = read_template(call, programme_id)
    require_version(call, before.version)
    if rules == before.rules and before.version:
        return commit(call, [], before)
    changed = replace(before, rules=rules, created_at=before.created_at or call.now)
    after = replace(changed, version=before.version + 1)
    writes = [
        programme_store.put_template(changed, call.now),
        _audit(call, programme_id, "change_agreement_template", str(before.version), str(after.version)),
    ]
    return commit(call, writes, after)


def list_briefings(call: Call, programme_id: str, page: PageRequest) -> Page[Briefing]:
    """Return a programme's briefings by country, to whom its description is shown."""
    programmes.read_programme(call, programme_id)
    return programme_store.briefings_in(programme_id, PageRequest(min(page.limit, _PAGE), page.cursor))


def read_briefing(call: Call, programme_id: str, country: str) -> Briefing:
    """Return what a programme tells of a country, to whom its description is shown."""
    alpha2 = _country(country)
    _, (row,) = programmes.shown(call, programme_id, programme_store.briefing_key(programme_id, alpha2))
    if row is None:
        raise NotFound
    return programme_store.briefing_of(row)


def put_briefing(
    call: Call, programme_id: str, country: str, texts: Sequence[Text], sources: Sequence[str]
) -> Briefing:
    """Write what a programme tells of a country (its coordinators): a new one, or over the version that `If-Match`
    names.

    Raises
    ------
    VersionRequired
        If there is one, and no version is named.
    """
    _one_each(texts)
    alpha2, before = _coordinated(call, programme_id, country)
    if before is None:
        require_version(call, None)
    else:
        _require_named(call, before)
    told = Briefing(
        programme_id, alpha2, tuple(texts), tuple(dict.fromkeys(sources)),
        created_at=before.created_at if before else call.now, updated_at=call.now,
        version=before.version if before else None,
    )  # fmt: skip
    writes = [
        programme_store.put_briefing(told, call.now),
        _audit(
            call,
            programme_id,
            "put_briefing",
            f"{alpha2}:{before.version}" if before else None,
            f"{alpha2}:{(told.version or 0) + 1}",
        ),
    ]
    return commit(call, writes, written(told))


def delete_briefing(call: Call, programme_id: str, country: str) -> Briefing:
    """Take back what a programme tells of a country, at the version that `If-Match` names (its coordinators); return
    what it was."""
    alpha2, before = _coordinated(call, programme_id, country)
    if before is None:
        raise NotFound
    _require_named(call, before)
    writes = [
        programme_store.delete_briefing(before, call.now),
        _audit(call, programme_id, "delete_briefing", f"{alpha2}:{before.version}", None),
    ]
    return commit(call, writes, before)


def _coordinated(call: Call, programme_id: str, country: str) -> tuple[str, Briefing | None]:
    alpha2 = _country(country)
    _, (row,) = programmes.coordinated(call, programme_id, programme_store.briefing_key(programme_id, alpha2))
    return alpha2, programme_store.briefing_of(row) if row is not None else None


def _require_named(call: Call, briefing: Briefing) -> None:
    if call.if_match is None:
        raise VersionRequired
    require_version(call, briefing.version)


def _country(code: str) -> str:
    found = codes.country(code)
    if found is None:
        raise NotFound("Give an ISO 3166-1 code from GET /v1/codes/countries, for example KE.")
    return found.alpha2


def _one_each(texts: Sequence[Text]) -> None:
    seen: set[str] = set()
    errors = []
    for n, one in enumerate(texts):
        if one.language in seen:
            errors.append(FieldError(f"/texts/{n}/language", "One text a language; leave one out."))
        seen.add(one.language)
    if errors:
        raise Invalid("Some languages are there twice.", tuple(errors))


def _audit(call: Call, programme_id: str, action: str, before: str | None, after: str | None) -> Write:
    return tables.audit(
        "mentorships", f"PROGRAMME#{programme_id}", row_id=call.new_id(), at=call.now, actor=call.actor_id,
        action=action, before=before, after=after,
    )  # fmt: skip
