"""In the mentorships table: what became of each programme's proposed pairs, and how far that is known."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.matching.model import Criterion
from chalicelib.mentorships.model import DeclineReason, Proposal, Source
from chalicelib.mentorships.outcomes import Ending, Outcome, Rating
from chalicelib.mentorships.store import ProposalRow, proposal_of
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

_LAST = "~"  # sorts after every identifier


class OutcomeRow(tables.Row):
    """What became of one proposal; it names nobody."""

    class Meta:
        capability = "mentorships"

    pair = UnicodeAttribute()
    source = UnicodeAttribute()
    ending = UnicodeAttribute()
    proposed_at = UnicodeAttribute()
    labelled_at = UnicodeAttribute()
    closed_at = UnicodeAttribute(null=True)
    run_id = UnicodeAttribute(null=True)
    values = JSONAttribute()
    mentee_accepted = BooleanAttribute()
    mentor_accepted = BooleanAttribute()
    declined_by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)


class RatingRow(tables.Row):
    """What one side says of how the two suit each other, under the digest of their proposal; it names nobody."""

    class Meta:
        capability = "mentorships"

    value = NumberAttribute()


class LabelledRow(tables.Row):
    """Up to which proposal a programme's outcomes are known for good."""

    class Meta:
        capability = "mentorships"

    proposal_id = UnicodeAttribute()


@dataclass(frozen=True)
class Labelled:
    """Up to which proposal a programme's outcomes are rows; None if there is none yet."""

    programme_id: str
    proposal_id: str | None = None
    created_at: datetime | None = None
    version: int | None = None


def get_labelled(programme_id: str) -> Labelled:
    row = tables.get(LabelledRow, _programme(programme_id), "LABELLED")
    if row is None:
        return Labelled(programme_id)
    return Labelled(programme_id, row.proposal_id, from_text(row.created_at), int(row.version))


def put_labelled(labelled: Labelled, now: datetime) -> Write:
    """Write how far it went, over the version that was read."""
    created_at = text_of(labelled.created_at)
    row = LabelledRow(
        _programme(labelled.programme_id), "LABELLED", proposal_id=labelled.proposal_id,
        **tables.stamps(to_text(now), created_at, labelled.version),
    )  # fmt: skip
    return tables.put(row)


def proposals_after(programme_id: str, proposal_id: str | None) -> Iterator[Proposal]:
    """Yield a programme's proposals made after one of them, oldest first: a query of the programme's index by key.

    The index may lag by moments behind; what is asked for here is months old.
    """
    after = f"{proposal_id}!" if proposal_id else "0"
    for raw in tables.query_all(ProposalRow, _programme(programme_id), index="gsi1", between=(after, _LAST)):
        yield proposal_of(ProposalRow.parse(raw))


def put_outcome(programme_id: str, outcome: Outcome, now: datetime) -> Write:
    """Write an outcome; how far it went is the condition, in the same transaction."""
    row = OutcomeRow(
        _programme(programme_id), f"OUTCOME#{outcome.key}", pair=outcome.pair, source=outcome.source.value,
        ending=outcome.ending.value, proposed_at=to_text(outcome.proposed_at),
        labelled_at=to_text(outcome.labelled_at),
        closed_at=text_of(outcome.closed_at), run_id=outcome.run_id,
        values={one.value: value for one, value in outcome.values.items()},
        mentee_accepted=outcome.mentee_accepted, mentor_accepted=outcome.mentor_accepted,
        declined_by=outcome.declined_by.value if outcome.declined_by else None,
        reason=outcome.reason.value if outcome.reason else None, **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put_entry(row)


def put_rating(programme_id: str, key: str, rating: Rating, now: datetime) -> Write:
    """Write what one side says of a pair, over what it said before of the same time; whatever else is in the
    transaction has the condition."""
    sk = f"RATING#{key}#{rating.side}#{'end' if rating.at_end else 'middle'}"
    row = RatingRow(_programme(programme_id), sk, value=rating.value, **tables.stamps(to_text(now)))
    return tables.put_entry(row)


def outcomes_of(programme_id: str) -> Iterator[Outcome]:
    """Yield every outcome of a programme with what was said of the pair by now, in no telling order."""
    said = _ratings_of(programme_id)
    for raw in tables.query_all(OutcomeRow, _programme(programme_id), begins_with="OUTCOME#"):
        outcome = _outcome_of(OutcomeRow.parse(raw))
        yield replace(outcome, ratings=tuple(said.get(outcome.key, ())))


def _ratings_of(programme_id: str) -> dict[str, list[Rating]]:
    """Return all ratings of a programme's pairs by the digest of their proposal."""
    found: dict[str, list[Rating]] = {}
    for raw in tables.query_all(RatingRow, _programme(programme_id), begins_with="RATING#"):
        row = RatingRow.parse(raw)
        _, key, side, when = row.sk.split("#")
        found.setdefault(key, []).append(Rating(Side(side), int(row.value), at_end=when == "end"))
    return found


def _outcome_of(row: OutcomeRow) -> Outcome:
    return Outcome(
        key=row.sk.removeprefix("OUTCOME#"),
        pair=row.pair,
        source=Source(row.source),
        ending=Ending(row.ending),
        proposed_at=from_text(row.proposed_at),
        labelled_at=from_text(row.labelled_at),
        closed_at=instant_of(row.closed_at),
        run_id=row.run_id,
        values={Criterion(name): value for name, value in row.values.items()},
        mentee_accepted=bool(row.mentee_accepted),
        mentor_accepted=bool(row.mentor_accepted),
        declined_by=Side(row.declined_by) if row.declined_by else None,
        reason=DeclineReason(row.reason) if row.reason else None,
    )


def _programme(programme_id: str) -> str:
    return f"PROGRAMME#{programme_id}"
