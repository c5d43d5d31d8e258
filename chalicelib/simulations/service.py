"""Simulated cases, as the coordinators of an organisation write them."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import FieldError, Invalid, NotFound
from chalicelib.kernel.identifying import Traces
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Row
from chalicelib.simulations import awarding, reminding, sheets, store, telling
from chalicelib.simulations.awarding import SIMULATION_EARNED as SIMULATION_EARNED
from chalicelib.simulations.cases import CaseDocument, SimulatedCase
from chalicelib.simulations.errors import CaseUnsound, SimulatedCaseIdentifies
from chalicelib.simulations.reminding import ANSWERS_WANTED as ANSWERS_WANTED
from chalicelib.simulations.reminding import SIMULATION_NEAR as SIMULATION_NEAR
from chalicelib.simulations.sessions import settling
from chalicelib.simulations.sessions import store as sessions_store
from chalicelib.simulations.sessions.model import Place, Simulation
from chalicelib.simulations.sessions.settling import SIMULATION_CLOSED as SIMULATION_CLOSED
from chalicelib.simulations.sheets import ReadSheet
from chalicelib.simulations.soundness import problems_of
from chalicelib.simulations.traces import certain, traces_in

MAX_DOCUMENT_BYTES = 150_000
"""Of a document as it is kept: beside it, an item takes the answer of a repeat."""


@dataclass(frozen=True)
class SeenCase:
    """A case with the draft or a published version of it; what keeps a draft from being played, and what in it may
    identify somebody."""

    case: SimulatedCase
    document: CaseDocument
    problems: tuple[FieldError, ...] = ()
    number: int | None = None
    traces: Traces = field(default_factory=dict)

    @property
    def version(self) -> int | None:
        return self.case.version


def create_case(call: Call, organisation_id: str, document: CaseDocument) -> SeenCase:
    """Keep a draft, sound or not (the organisation's coordinators).

    Raises
    ------
    Invalid
        If it is larger than a case may be.
    """
    organisations.coordinated(call, organisation_id)
    case = SimulatedCase(call.new_id(), organisation_id, "", "", "").drafted(_small_enough(document))
    return commit(call, _kept(call, case, document, "create_case"), _seen(written(case), document))


def list_cases(call: Call, organisation_id: str, page: PageRequest) -> Page[SimulatedCase]:
    """Return an organisation's cases, the newest first (its coordinators)."""
    organisations.rights(call).require(organisation_id, StaffRole.COORDINATOR)
    return store.list_cases(organisation_id, page)


def read_case(call: Call, case_id: str, number: int | None) -> SeenCase:
    """Return a case with its draft, or with a version that was published (its organisation's coordinators)."""
    case, document = _require(call, case_id, number)
    return _seen(case, document) if number is None else SeenCase(case, document, (), number)


def change_case(call: Call, case_id: str, document: CaseDocument) -> SeenCase:
    """Put another draft in the place of one; what was published stays (its organisation's coordinators)."""
    before, _ = _require(call, case_id)
    case = before.drafted(_small_enough(document))
    return commit(call, _kept(call, case, document, "change_case"), _seen(written(case), document))


def publish_case(call: Call, case_id: str) -> SeenCase:
    """Make the draft the case's next version, which never changes (its organisation's coordinators).

    Raises
    ------
    CaseUnsound
        With all that keeps it from being played, each at its place in the document.
    SimulatedCaseIdentifies
        With all that surely identifies somebody, each at its place.
    """
    before, document = _require(call, case_id)
    problems = problems_of(document)
    if problems:
        raise CaseUnsound("The draft cannot be played yet.", problems)
    traces = traces_in(document)
    identifying = certain(traces)
    if identifying:
        raise SimulatedCaseIdentifies("Take out what is pointed at, then publish it.", identifying)
    case = replace(before, published=before.published + 1)
    writes = [
        store.put_case(case, call.now),
        store.put_version(case.id, case.published, document, call.now),
        _audit(call, case, "publish_case", after=str(case.published), why="declared free of patients' data"),
    ]
    return commit(call, writes, SeenCase(written(case), document, (), case.published, traces))


def read_sheet(_call: Call, content: bytes) -> ReadSheet:
    """Return the document that a spreadsheet holds, and what is wrong with which cell; nothing is kept."""
    return sheets.read_sheet(content)


def _require(call: Call, case_id: str, number: int | None = None) -> tuple[SimulatedCase, CaseDocument]:
    """Return a case to a coordinator, with its draft or a version."""
    rights_row, row, document_row = tables.get_many(
        [organisations.rights_key(call), store.case_key(case_id), store.document_key(case_id, number)]
    )
    if row is None:
        raise NotFound
    case = store.case_of(row)
    organisations.rights_of(call, rights_row).require(case.organisation_id, StaffRole.COORDINATOR)
    if document_row is None:
        raise NotFound
    require_version(call, case.version)
    return case, store.document_in(document_row)


def _kept(call: Call, case: SimulatedCase, document: CaseDocument, action: str) -> list[tables.Write]:
    return [
        store.put_case(case, call.now), store.put_draft(case.id, document, call.now), _audit(call, case, action),
    ]  # fmt: skip


def _seen(case: SimulatedCase, document: CaseDocument) -> SeenCase:
    return SeenCase(case, document, problems_of(document), traces=traces_in(document))


def _small_enough(document: CaseDocument) -> CaseDocument:
    size = len(store.text_of(document).encode())
    if size > MAX_DOCUMENT_BYTES:
        raise Invalid(
            f"A case takes {MAX_DOCUMENT_BYTES // 1000} kB at most; this has {size // 1000}. Shorten texts or phrases."
        )
    return document


def _audit(
    call: Call, case: SimulatedCase, action: str, *, after: str | None = None, why: str | None = None
) -> tables.Write:
    return store.case_audit(
        case.id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action, after=after, why=why
    )


# What others ask. None of these checks who asks: the service that calls has done so.


def place_in(simulation_id: str, person_id: str) -> tuple[Simulation | None, Place | None]:
    """Return a simulation, and what somebody is in it; for mails."""
    row, place_row = tables.get_many(
        [sessions_store.simulation_key(simulation_id), sessions_store.place_key(simulation_id, person_id)]
    )
    return (
        sessions_store.simulation_of(row) if row else None,
        sessions_store.place_of(place_row) if place_row else None,
    )


award = awarding.award
is_near = reminding.is_near
ask = reminding.ask
asked_of = reminding.asked_of
activities_of = telling.activities_of
gatherings_of = telling.gatherings_of


def version_keys(case_id: str, number: int) -> tuple[tuple[type[Row], str, str], tuple[type[Row], str, str]]:
    """Return the keys of a case and of a published version of it, for a read of several rows in one round trip."""
    return store.case_key(case_id), store.document_key(case_id, number)


def published(case_row: Any, document_row: Any) -> tuple[SimulatedCase, CaseDocument] | None:
    """Read a case and its version from the rows at `version_keys`; None where there is none."""
    if case_row is None or document_row is None:
        return None
    return store.case_of(case_row), store.document_in(document_row)


@lru_cache(maxsize=16)
def document(case_id: str, number: int) -> CaseDocument:
    """Return a published version; a process reads each once, since none ever changes."""
    row = tables.get(*store.document_key(case_id, number))
    if row is None:
        raise NotFound
    return store.document_in(row)


settle = settling.settle
