"""Cases in the series table, beside their series; what is said of one stands under the case."""

from datetime import date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.kernel.clock import instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.series.cases.model import (
    IN_BANK,
    MOST_SAID,
    AgeBand,
    Case,
    CaseOutcome,
    CaseSection,
    CaseState,
    CaseStep,
    Form,
    Said,
)
from chalicelib.series.errors import CaseMoved
from chalicelib.series.model import SeriesRole


class CaseRow(tables.Row):
    class Meta:
        capability = "series"

    presenter_id = UnicodeAttribute()
    specialty = UnicodeAttribute()
    title = UnicodeAttribute()
    age_band = UnicodeAttribute(null=True)
    sections = JSONAttribute()
    words = UnicodeAttribute()
    state = UnicodeAttribute()
    reasons = UnicodeAttribute(null=True)
    session_id = UnicodeAttribute(null=True)
    step = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    signed_by = UnicodeAttribute(null=True)
    recommendations = UnicodeAttribute(null=True)
    follow_up_on = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute(null=True)
    outcome_text = UnicodeAttribute(null=True)


class SaidRow(tables.Row):
    class Meta:
        capability = "series"

    by = UnicodeAttribute()
    role = UnicodeAttribute()
    step = UnicodeAttribute()
    text = UnicodeAttribute()


def case_key(series_id: str, case_id: str) -> tuple[type[CaseRow], str, str]:
    """Return the key of a case for `tables.get_many`."""
    return CaseRow, _pk(series_id), f"CASE#{case_id}"


def put_case(case: Case, now: datetime) -> Write:
    row_class, pk, sk = case_key(case.series_id, case.id)
    form = case.form
    row = row_class(
        pk, sk, presenter_id=case.presenter_id, specialty=case.specialty, title=form.title,
        age_band=form.age_band.value if form.age_band else None,
        sections={name.value: text for name, text in form.sections.items()}, words=form.words(),
        state=case.state.value, reasons=case.reasons or None, session_id=case.session_id,
        step=case.step.value if case.step else None, due_at=text_of(case.due_at), signed_by=case.signed_by,
        recommendations=case.recommendations or None,
        follow_up_on=case.follow_up_on.isoformat() if case.follow_up_on else None,
        outcome=case.outcome.value if case.outcome else None, outcome_text=case.outcome_text or None,
        **tables.stamps(to_text(now), version=case.version),
    )  # fmt: skip
    return tables.put(row, conflict=CaseMoved())


def case_of(row: CaseRow) -> Case:
    form = Form(
        row.title,
        AgeBand(row.age_band) if row.age_band else None,
        {CaseSection(name): text for name, text in row.sections.items()},
    )
    return Case(
        row.sk.removeprefix("CASE#"), row.pk.removeprefix("SERIES#"), row.presenter_id, row.specialty, form,
        CaseState(row.state), row.reasons or "", row.session_id, CaseStep(row.step) if row.step else None,
        instant_of(row.due_at), row.signed_by, row.recommendations or "",
        date.fromisoformat(row.follow_up_on) if row.follow_up_on else None,
        CaseOutcome(row.outcome) if row.outcome else None, row.outcome_text or "", int(row.version),
    )  # fmt: skip


def cases(
    series_id: str,
    page: PageRequest,
    *,
    state: CaseState | None = None,
    specialty: str | None = None,
    words: str = "",
    reader_id: str | None = None,
) -> Page[Case]:
    """Return the cases of a series, the latest first; thinned out after they are read, so that a page may be short.

    Parameters
    ----------
    words
        As `Form.words` writes them; all of them are to be found.
    reader_id
        Who sees those of the bank, and their own; None for who sees all.
    """
    row: Any = CaseRow
    where: Any = row.state == state.value if state else row.state.exists()
    if specialty:
        where &= row.specialty == specialty
    for word in words.split():
        where &= row.words.contains(word)
    if reader_id is not None:
        where &= row.state.is_in(*(one.value for one in sorted(IN_BANK))) | (row.presenter_id == reader_id)
    return tables.page_of(
        CaseRow, _pk(series_id), page, case_of, begins_with="CASE#", descending=True, where=where
    )


def check_unmoved(case: Case) -> Write:
    """Let a transaction through only while a case is as it was read."""
    same: Any = CaseRow.version == case.version
    return tables.check(*case_key(case.series_id, case.id), condition=same, conflict=CaseMoved())


def put_said(case: Case, said: Said, now: datetime) -> Write:
    row = SaidRow(
        _said(case.series_id, case.id), f"SAID#{said.id}", by=said.by, role=said.role.value, step=said.step.value,
        text=said.text, **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row)


def said_of(series_id: str, case_id: str) -> tuple[Said, ...]:
    """Return what was said of a case, in its order."""
    found = tables.query(SaidRow, _said(series_id, case_id), begins_with="SAID#", limit=MOST_SAID)
    rows = (SaidRow.parse(raw) for raw in found.items)
    return tuple(
        Said(row.sk.removeprefix("SAID#"), row.by, SeriesRole(row.role), CaseStep(row.step), row.text)
        for row in rows
    )


def _pk(series_id: str) -> str:
    return f"SERIES#{series_id}"


def _said(series_id: str, case_id: str) -> str:
    return f"SERIES#{series_id}#CASE#{case_id}"
