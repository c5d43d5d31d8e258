"""What of people's answers may be shown: sums over groups that were closed once and never change.

Each answer is counted in one group and never again. A month's groups are made when it is over, of all whose answers can
no longer be corrected, five people at least: by when they answered, and never by what they say. Of each question a
group shows how often each value was given, or nothing: where all said the same, or all but one, what one person said
would be known, to somebody or to everybody. So whatever is asked, however often and when, each number is a sum over
whole groups, and two numbers differ by whole groups. Had two people of a group said what the other said, nobody could
tell; and as at least two answers differ from the most common one, this holds for every answer even to somebody who
knows one of the others, their own. Of a group that shows nothing, all might have said something else.

Groups that wait until they are mixed enough would tell more: who came last would be known to be the one who differs.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

K = 5
"""The fewest people in a group. With five, four others stand beside each writer, and still four unknown ones where
one of the group is among the readers; and a programme of twenty pairs comes to such a group although not half of one
side answers. Our judgement: El Emam and Dankar (JAMIA 15(5), 2008, 627-637) discuss how k is chosen."""

MOST = 90
"""The most people in a group: its answers leave their waiting place in one transaction of at most 100 writes."""


@dataclass(frozen=True)
class Record:
    """What is counted of one person at once.

    Attributes
    ----------
    key
        Names it among those that wait; they are taken in the order of their keys, which begin with an instant.
    person
        Whose it is.
    values
        By item a digit from 1 to 5, or two: before and after.
    """

    key: str
    person: str
    values: Mapping[str, str]


def group(waiting: Iterable[Record]) -> tuple[Record, ...]:
    """Return the records of which the next group is made; none of fewer than `K` people.

    A person has one record in a group; further ones wait for the next.
    """
    firsts: dict[str, Record] = {}
    for one in sorted(waiting, key=lambda record: record.key):
        firsts.setdefault(one.person, one)
    return tuple(firsts.values())[:MOST] if len(firsts) >= K else ()


Sums = dict[str, dict[str, int]]
"""By item, how often each value was given; under `WITHHELD`, how many answers are not shown."""

WITHHELD = "-"


def added(sums: Mapping[str, Mapping[str, int]], records: Sequence[Record]) -> Sums:
    """Return sums with a group more."""
    found: Sums = {item: dict(counts) for item, counts in sums.items()}
    for item in records[0].values:
        values = [one.values[item] for one in records]
        counts = found.setdefault(item, {})
        for value in values if _are_unlike(values) else [WITHHELD] * len(values):
            counts[value] = counts.get(value, 0) + 1
    return {item: dict(sorted(counts.items())) for item, counts in sorted(found.items())}


def _are_unlike(values: Sequence[str]) -> bool:
    """Tell whether at least two answers differ from the most common one; before and after, each by itself."""
    return all(
        Counter(column).most_common(1)[0][1] <= len(values) - 2 for column in zip(*values, strict=True)
    )
