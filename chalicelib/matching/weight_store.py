"""In the matching table: what each month's outcomes taught a programme about its weights."""

from collections.abc import Iterator
from datetime import datetime

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.matching import documents
from chalicelib.matching.lessons import Lesson, WeightProposal, WeightProposalStatus
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_PREFIX = "WEIGHTS#"


class WeightProposalRow(tables.Row):
    """A month's lesson. Its id sorts by the first of the month."""

    class Meta:
        capability = "matching"

    status = UnicodeAttribute()
    data = UnicodeAttribute()
    decided_at = UnicodeAttribute(null=True)


def proposal_key(programme_id: str, proposal_id: str) -> tuple[type[WeightProposalRow], str, str]:
    return WeightProposalRow, f"PROGRAMME#{programme_id}", f"{_PREFIX}{proposal_id}"


def proposal_of(row: WeightProposalRow) -> WeightProposal:
    return WeightProposal(
        row.sk.removeprefix(_PREFIX),
        row.pk.removeprefix("PROGRAMME#"),
        documents.from_bytes(Lesson, row.data.encode()),
        WeightProposalStatus(row.status),
        decided_at=instant_of(row.decided_at),
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def get_proposal(programme_id: str, proposal_id: str) -> WeightProposal | None:
    row = tables.get(*proposal_key(programme_id, proposal_id))
    return proposal_of(row) if row else None


def proposals_of(programme_id: str, page: PageRequest) -> Page[WeightProposal]:
    """Return a programme's, newest first."""
    pk = f"PROGRAMME#{programme_id}"
    return tables.page_of(WeightProposalRow, pk, page, proposal_of, begins_with=_PREFIX, descending=True)


def open_proposals(programme_id: str) -> Iterator[WeightProposal]:
    """Yield those that wait for a decision: one at most, of the newest few."""
    for one in proposals_of(programme_id, PageRequest(limit=3)).items:
        if one.status is WeightProposalStatus.OPEN:
            yield one


def put_proposal(proposal: WeightProposal, now: datetime) -> Write:
    """Write a new one, or one over the version that was read."""
    row_class, pk, sk = proposal_key(proposal.programme_id, proposal.id)
    row = row_class(
        pk, sk, status=proposal.status.value, data=documents.to_bytes(proposal.lesson).decode(),
        decided_at=text_of(proposal.decided_at),
        **tables.stamps(
            to_text(now), text_of(proposal.created_at), proposal.version
        ),
    )  # fmt: skip
    return tables.put(row)
