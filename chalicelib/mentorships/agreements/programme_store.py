"""In the mentorships table: what a programme gives its agreements, template and briefings on countries."""

from datetime import datetime

from pynamodb.attributes import JSONAttribute

from chalicelib.kernel.clock import from_text, text_of, to_text
from chalicelib.kernel.errors import StaleVersion
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.agreements import store
from chalicelib.mentorships.agreements.briefings import Briefing, Text
from chalicelib.mentorships.agreements.model import Template
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_BRIEFING = "BRIEFING#"


class TemplateRow(tables.Row):
    class Meta:
        capability = "mentorships"

    rules = JSONAttribute()


class BriefingRow(tables.Row):
    class Meta:
        capability = "mentorships"

    texts = JSONAttribute()
    sources = JSONAttribute()


def template_key(programme_id: str) -> tuple[type[TemplateRow], str, str]:
    """Return the key of a programme's template for `tables.get_many`."""
    return TemplateRow, _programme(programme_id), "AGREEMENT-TEMPLATE"


def template_of(programme_id: str, row: TemplateRow | None) -> Template:
    """Read a programme's template from its row; without one it is the service's own."""
    if row is None:
        return Template(programme_id)
    return Template(programme_id, store.rules_of(row.rules), int(row.version), from_text(row.created_at))


def put_template(template: Template, now: datetime) -> Write:
    """Write a template over the version that was read."""
    row_class, pk, sk = template_key(template.programme_id)
    stamps = tables.stamps(to_text(now), text_of(template.created_at), template.version or None)
    return tables.put(row_class(pk, sk, rules=store.rules_data(template.rules), **stamps))


def briefing_key(programme_id: str, country: str) -> tuple[type[BriefingRow], str, str]:
    """Return the key of a programme's briefing on a country for `tables.get_many`."""
    return BriefingRow, _programme(programme_id), f"{_BRIEFING}{country}"


def briefing_of(row: BriefingRow) -> Briefing:
    return Briefing(
        programme_id=row.pk.removeprefix("PROGRAMME#"),
        country=row.sk.removeprefix(_BRIEFING),
        texts=tuple(Text(**one) for one in row.texts),
        sources=tuple(row.sources),
        created_at=from_text(row.created_at),
        updated_at=from_text(row.updated_at),
        version=int(row.version),
    )


def briefings_in(programme_id: str, page: PageRequest) -> Page[Briefing]:
    """Return a programme's briefings by country."""
    return tables.page_of(BriefingRow, _programme(programme_id), page, briefing_of, begins_with=_BRIEFING)


def put_briefing(briefing: Briefing, now: datetime) -> Write:
    """Write a briefing: new, or over the version that was read."""
    return tables.put(_row(briefing, now), conflict=StaleVersion())


def delete_briefing(briefing: Briefing, now: datetime) -> Write:
    """Delete a briefing at the version that was read."""
    return tables.delete(_row(briefing, now), conflict=StaleVersion())


def _row(briefing: Briefing, now: datetime) -> BriefingRow:
    row_class, pk, sk = briefing_key(briefing.programme_id, briefing.country)
    return row_class(
        pk, sk, texts=[vars(one) for one in briefing.texts], sources=list(briefing.sources),
        **tables.stamps(to_text(now), text_of(briefing.created_at), briefing.version),
    )  # fmt: skip


def _programme(programme_id: str) -> str:
    return f"PROGRAMME#{programme_id}"
