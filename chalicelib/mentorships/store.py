"""The mentorships table: proposals in both persons' partitions, and the standing of pairs."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.matching import documents
from chalicelib.matching.model import ProposedPair
from chalicelib.mentorships.errors import AlreadyProposed, ProposalMoved, PublishedBefore
from chalicelib.mentorships.model import (
    Card,
    DeclineReason,
    Pair,
    PairStanding,
    Proposal,
    ProposalStatus,
    Refusal,
    Source,
)
from chalicelib.people.model import CareerStage, LanguageSkill
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import PairKind, Side

_OPEN = "OPEN"


_LONGEST_OPEN = timedelta(days=31)  # `proposal_days` of a programme is 30 at most


class ProposalRow(tables.IndexedRow):
    """A proposal, whole, in each person's partition: one read finds it and shows whose it is.

    gsi1: a programme's proposals; gsi2: open ones by their end. Only the mentee's copy stands in them.
    """

    class Meta:
        capability = "mentorships"

    programme_id = UnicodeAttribute()
    organisation_id = UnicodeAttribute()
    mentee = JSONAttribute()
    mentor = JSONAttribute()
    source = UnicodeAttribute()
    status = UnicodeAttribute()
    expires_at = UnicodeAttribute()
    mentee_accepted_at = UnicodeAttribute(null=True)
    mentor_accepted_at = UnicodeAttribute(null=True)
    explanation = JSONAttribute(null=True)
    message = UnicodeAttribute(null=True)
    run_id = UnicodeAttribute(null=True)
    refusal = JSONAttribute(null=True)
    mentorship_id = UnicodeAttribute(null=True)
    closed_at = UnicodeAttribute(null=True)
    kind = UnicodeAttribute(null=True)


class PairRow(tables.Row):
    """How a mentee and a mentor stand in a programme; none where nothing is between them."""

    class Meta:
        capability = "mentorships"

    standing = UnicodeAttribute()
    proposal_id = UnicodeAttribute(null=True)
    apart_until = UnicodeAttribute(null=True)
    expires_at_epoch = NumberAttribute(null=True)


def proposal_key(person_id: str, proposal_id: str) -> tuple[type[ProposalRow], str, str]:
    """Return the key of a person's copy of a proposal for `tables.get_many`."""
    return ProposalRow, _person(person_id), f"PROPOSAL#{proposal_id}"


def pair_key(programme_id: str, mentee_id: str, mentor_id: str) -> tuple[type[PairRow], str, str]:
    """Return the key of a pair's standing for `tables.get_many`."""
    return PairRow, _programme(programme_id), f"PAIR#{mentee_id}#{mentor_id}"


def get_proposal(person_id: str, proposal_id: str) -> Proposal | None:
    row = tables.get(*proposal_key(person_id, proposal_id))
    return proposal_of(row) if row else None


def proposals_of(person_id: str, page: PageRequest) -> Page[Proposal]:
    """Return a person's proposals, newest first."""
    pk = _person(person_id)
    return tables.page_of(ProposalRow, pk, page, proposal_of, begins_with="PROPOSAL#", descending=True)


def all_proposals_of(person_id: str) -> Iterator[Proposal]:
    """Yield every proposal of a person, newest first."""
    for raw in tables.query_all(ProposalRow, _person(person_id), begins_with="PROPOSAL#", descending=True):
        yield proposal_of(ProposalRow.parse(raw))


def proposals_in(programme_id: str, page: PageRequest) -> Page[Proposal]:
    """Return a programme's proposals, newest first."""
    pk = _programme(programme_id)
    return tables.page_of(ProposalRow, pk, page, proposal_of, index="gsi1", descending=True)


def count_open(programme_id: str, now: datetime) -> int:
    """Count a programme's proposals that wait for an answer: one query of those that are young enough."""
    oldest = derived_id(now - _LONGEST_OPEN, bytes(10))
    status: Any = ProposalRow.status
    young = tables.query_all(
        ProposalRow, _programme(programme_id), index="gsi1", between=(oldest, "~"),
        where=(status == ProposalStatus.OPEN.value) & (ProposalRow.expires_at > to_text(now)),
    )  # fmt: skip
    return sum(1 for _ in young)


def due_proposals(now: datetime) -> Iterator[Proposal]:
    """Yield open proposals whose time is over, the oldest of each shard first: by key, whatever programme.

    The index may lag behind; the write that expires one decides.
    """
    for raw in tables.query_due(now, ProposalRow, _OPEN, index="gsi2"):
        proposal = proposal_of(ProposalRow.parse(raw))
        if proposal.is_due(now):
            yield proposal


def put_proposal(proposal: Proposal, now: datetime) -> list[Write]:
    """Return the writes of both copies: new ones, or over the version that was read."""
    conflict = (
        PublishedBefore("Read it under its id.")
        if proposal.version is None
        else ProposalMoved("Read it again, then decide.")
    )
    return [
        tables.put(_proposal_row(proposal, side, now), conflict=conflict)
        for side in (Side.MENTEE, Side.MENTOR)
    ]


def _proposal_row(proposal: Proposal, side: Side, now: datetime) -> ProposalRow:
    row_class, pk, sk = proposal_key(proposal.card(side).person_id, proposal.id)
    row = row_class(
        pk, sk, programme_id=proposal.programme_id, organisation_id=proposal.organisation_id,
        mentee=asdict(proposal.mentee), mentor=asdict(proposal.mentor), source=proposal.source.value,
        status=proposal.status.value, expires_at=to_text(proposal.expires_at),
        mentee_accepted_at=text_of(proposal.mentee_accepted_at),
        mentor_accepted_at=text_of(proposal.mentor_accepted_at),
        explanation=documents.to_plain(proposal.explanation) if proposal.explanation else None,
        message=proposal.message or None,
        run_id=proposal.run_id, refusal=asdict(proposal.refusal) if proposal.refusal else None,
        mentorship_id=proposal.mentorship_id, closed_at=text_of(proposal.closed_at), kind=proposal.kind.value,
        **tables.stamps(to_text(now), text_of(proposal.created_at), proposal.version),
    )  # fmt: skip
    if side is Side.MENTEE:
        row.gsi1pk, row.gsi1sk = _programme(proposal.programme_id), proposal.id
        if proposal.status is ProposalStatus.OPEN:
            row.gsi2pk = tables.due_shard(_OPEN, proposal.id)
            row.gsi2sk = tables.due_place(proposal.expires_at, proposal.id)
    return row


def proposal_of(row: ProposalRow) -> Proposal:
    return Proposal(
        id=row.sk.removeprefix("PROPOSAL#"),
        programme_id=row.programme_id,
        organisation_id=row.organisation_id,
        mentee=card_of(row.mentee),
        mentor=card_of(row.mentor),
        source=Source(row.source),
        expires_at=from_text(row.expires_at),
        kind=PairKind(row.kind or PairKind.ONE_TO_ONE),
        status=ProposalStatus(row.status),
        mentee_accepted_at=instant_of(row.mentee_accepted_at),
        mentor_accepted_at=instant_of(row.mentor_accepted_at),
        explanation=documents.from_plain(ProposedPair, row.explanation) if row.explanation else None,
        message=row.message or "",
        run_id=row.run_id,
        refusal=_refusal_of(row.refusal),
        mentorship_id=row.mentorship_id,
        closed_at=instant_of(row.closed_at),
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def open_pair(pair: Pair, now: datetime, *, by_run: bool = False) -> Write:
    """Return the write of a pair that nothing stands between; its conflict is `AlreadyProposed`.

    An expired proposal stands between them for runs alone, until its time is over.
    """
    row = PairRow
    over = row.standing == PairStanding.EXPIRED.value
    if by_run:
        over &= row.apart_until <= to_text(now)
    return tables.put_where(
        _pair_row(pair, now),
        condition=row.pk.does_not_exist() | over,
        conflict=AlreadyProposed("Answer or await the one that is open."),
    )


def settle_pair(pair: Pair, now: datetime) -> Write:
    """Return the write of what a pair's proposal came to; the proposal's own write has the condition."""
    return tables.put_entry(_pair_row(pair, now))


def free_pair(programme_id: str, mentee_id: str, mentor_id: str) -> Write:
    """Return the write after which a pair may be proposed again; the proposal's own write has the condition."""
    return tables.delete_entry(*pair_key(programme_id, mentee_id, mentor_id))


def pairs_in(programme_id: str) -> Iterator[Pair]:
    """Yield every pair that has a standing, expired ones among them whose time is over."""
    for raw in tables.query_all(PairRow, _programme(programme_id), begins_with="PAIR#"):
        yield pair_of(PairRow.parse(raw))


def pair_of(row: PairRow) -> Pair:
    _, mentee_id, mentor_id = row.sk.split("#")
    return Pair(
        row.pk.removeprefix("PROGRAMME#"), mentee_id, mentor_id, PairStanding(row.standing), row.proposal_id,
        instant_of(row.apart_until),
    )  # fmt: skip


def _pair_row(pair: Pair, now: datetime) -> PairRow:
    row_class, pk, sk = pair_key(pair.programme_id, pair.mentee_id, pair.mentor_id)
    return row_class(
        pk, sk, standing=pair.standing.value, proposal_id=pair.proposal_id, apart_until=text_of(pair.apart_until),
        # The instant decides; that old rows leave keeps the snapshot's query short.
        expires_at_epoch=int(pair.apart_until.timestamp()) if pair.apart_until else None,
        **tables.stamps(to_text(now)),
    )  # fmt: skip


def audit(proposal_id: str, **what: Any) -> Write:
    """Return the write of an audit row of a proposal; see `tables.audit`."""
    return tables.audit("mentorships", f"PROPOSAL#{proposal_id}", **what)


def card_of(data: dict[str, Any]) -> Card:
    simple = dict(data)
    for name in ("specialties", "topics"):
        simple[name] = tuple(data[name])
    simple["career_stage"] = CareerStage(data["career_stage"]) if data["career_stage"] else None
    simple["languages"] = tuple(LanguageSkill(**one) for one in data["languages"])
    return Card(**simple)


def _refusal_of(data: dict[str, Any] | None) -> Refusal | None:
    if data is None:
        return None
    return Refusal(Side(data["side"]), DeclineReason(data["reason"]), data["text"])


def _person(person_id: str) -> str:
    return f"PERSON#{person_id}"


def _programme(programme_id: str) -> str:
    return f"PROGRAMME#{programme_id}"
