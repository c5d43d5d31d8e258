"""A programme's mentorships that are closed, for its coordinators: in figures, with what was sent to them."""

from dataclasses import dataclass

from chalicelib.kernel import delimited
from chalicelib.kernel.call import Call
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.closing import listing_store, store
from chalicelib.mentorships.closing.model import Held, held_of
from chalicelib.mentorships.closing.record import Sums
from chalicelib.mentorships.closing.service import SentWord
from chalicelib.platform import tables
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Side

_PAGE = 25  # with four rows each, one batch


@dataclass(frozen=True)
class ListedRecord:
    """A closed mentorship in figures, with whether its conversation was held, and what the two would tell the
    programme."""

    sums: Sums
    held: Held | None
    sent: tuple[SentWord, ...]


def list_records(call: Call, programme_id: str, page: PageRequest) -> Page[ListedRecord]:
    """Return a programme's closed mentorships, the last closed first (its coordinators)."""
    programmes.require_coordinator(call, programme_id)
    found = listing_store.sums_in(programme_id, PageRequest(min(page.limit, _PAGE), page.cursor))
    keys = [
        key(one.mentorship_id, side)
        for one in found.items
        for key in (store.mark_key, store.word_key)
        for side in Side
    ]
    rows = tables.get_many(keys)
    items = []
    for place, sums in enumerate(found.items):
        of_one = rows[4 * place : 4 * place + 4]
        marks = [store.mark_of(row) for row in of_one[:2] if row is not None]
        sent = zip(Side, of_one[2:], strict=True)
        words = tuple(SentWord(side, store.word_of(row)) for side, row in sent if row is not None)
        items.append(ListedRecord(sums, held_of(marks), words))
    return Page(tuple(items), found.next)


def records_table(call: Call, programme_id: str, year: int) -> str:
    """Return those that were closed in a year (UTC) as CSV, a row each, the first closed first (its coordinators)."""
    programmes.require_coordinator(call, programme_id)
    rows = (_cells(one) for one in listing_store.sums_of_year(programme_id, year))
    return delimited.written(_COLUMNS, rows)


_COLUMNS = (
    "mentorship_id", "kind", "started_on", "ended_on", "sessions_held", "minutes", "missed_by_mentee",
    "missed_by_mentor", "contested", "unsaid", "cancelled", "goals_reached", "goals_dropped", "goals_open",
    "agreements_signed",
)  # fmt: skip


def _cells(one: Sums) -> tuple[str | int, ...]:
    went = one.attendance
    return (
        one.mentorship_id, one.kind.value, one.started_on.isoformat(), one.closed_at.date().isoformat(),
        went.held.sessions, went.held.minutes, went.missed[Side.MENTEE], went.missed[Side.MENTOR],
        went.contested, went.unsaid, went.cancelled, one.reached, one.dropped, one.left_open, one.signed,
    )  # fmt: skip
