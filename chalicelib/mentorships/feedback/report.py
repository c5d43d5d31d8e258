"""What a programme's coordinators are shown of feedback: sums over whole groups, and nothing of anybody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chalicelib.kernel.call import Call
from chalicelib.mentorships.feedback import anonymity, group_store
from chalicelib.mentorships.feedback.figures import Figures, figures
from chalicelib.mentorships.feedback.group_store import Count, MonthSums
from chalicelib.mentorships.feedback.model import HIGHEST, LOWEST, About, Item
from chalicelib.people import service as people
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Side

_RANGE = HIGHEST - LOWEST


@dataclass(frozen=True)
class AnswersLine:
    """What was answered to one question, in all or in the groups that were closed in one month.

    Attributes
    ----------
    month
        `2027-03` (UTC), None for all.
    counts
        How often each value from 1 to 5 was given.
    withheld
        How many answers are in groups that show nothing here, since nearly all said the same.
    """

    side: Side
    about: About
    item: Item
    month: str | None
    figures: Figures
    counts: tuple[int, ...]
    withheld: int


@dataclass(frozen=True)
class ChangeLine:
    """How confidence in one thing has changed from the start to the end, of people who said both."""

    side: Side
    item: Item
    before: Figures
    after: Figures
    change: Figures
    withheld: int


@dataclass(frozen=True)
class FeedbackReport:
    """A programme's feedback, in the language of the reader's `locale`."""

    programme_id: str
    locale: str
    counts: tuple[Count, ...]
    answers: tuple[AnswersLine, ...]
    changes: tuple[ChangeLine, ...]


def read_report(call: Call, programme_id: str) -> FeedbackReport:
    """Return what a programme's feedback comes to (its coordinators). There is nothing to filter by: each number is
    over whole groups, as they were closed."""
    _, (person_row,) = programmes.coordinated(call, programme_id, people.person_key(call.actor_id))
    sums, counts = group_store.shown_of(programme_id, call.now)
    single = [one for one in sums if one.pool.about is not About.CHANGE]
    return FeedbackReport(
        programme_id,
        people.locale_of(person_row),
        tuple(counts),
        tuple(_answers(single)),
        tuple(_changes(one for one in sums if one.pool.about is About.CHANGE)),
    )


def _answers(sums: list[MonthSums]) -> Iterator[AnswersLine]:
    items = {item.id: item for one in sums for item in one.pool.items}
    found: dict[tuple[Side, About, str, str], dict[str, int]] = {}
    for one in sums:
        for item, counts in one.sums.items():
            for month in ("", one.month):
                so_far = found.setdefault((one.pool.side, one.pool.about, item, month), {})
                for value, n in counts.items():
                    so_far[value] = so_far.get(value, 0) + n
    for side, about, item, month in sorted(found):
        withheld = found[side, about, item, month].pop(anonymity.WITHHELD, 0)
        counted = {int(value): n for value, n in found[side, about, item, month].items()}
        if not counted:
            continue
        yield AnswersLine(
            side, about, items[item], month or None, figures(counted, LOWEST, HIGHEST),
            tuple(counted.get(value, 0) for value in range(LOWEST, HIGHEST + 1)), withheld,
        )  # fmt: skip


def _changes(sums: Iterable[MonthSums]) -> Iterator[ChangeLine]:
    items: dict[str, Item] = {}
    found: dict[tuple[Side, str], anonymity.Sums] = {}
    for one in sums:
        items |= {item.id: item for item in one.pool.items}
        for item, counts in one.sums.items():
            so_far = found.setdefault((one.pool.side, item), {item: {}})[item]
            for value, n in counts.items():
                so_far[value] = so_far.get(value, 0) + n
    for side, item in sorted(found):
        withheld = found[side, item][item].pop(anonymity.WITHHELD, 0)
        if not found[side, item][item]:
            continue
        before: dict[int, int] = {}
        after: dict[int, int] = {}
        change: dict[int, int] = {}
        for value, n in found[side, item][item].items():
            first, last = (int(digit) for digit in value)
            before[first] = before.get(first, 0) + n
            after[last] = after.get(last, 0) + n
            change[last - first] = change.get(last - first, 0) + n
        yield ChangeLine(
            side, items[item], figures(before, LOWEST, HIGHEST), figures(after, LOWEST, HIGHEST),
            figures(change, -_RANGE, _RANGE), withheld,
        )  # fmt: skip
