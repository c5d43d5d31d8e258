"""How confident people are before and after a series or a session: their answers, and what comes of them in sums."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.clock import to_text
from chalicelib.measures.disclosure import FEWEST, whole_groups
from chalicelib.measures.paired import SignedRank, signed_rank
from chalicelib.series.errors import AnsweredAlready, EvaluationNotSo, PreMissing

SCALE = (1, 7)
"""From 1, not at all confident, to 7, so confident that one could teach it; seven steps are our choice."""
TARGET = 0.7
"""The gain that ECHO-Chicago aims at, in steps of the mean of all items."""
PUBLISHED = {"people": 951, "improved_percent": 88, "met_target_percent": 65}
"""What ECHO-Chicago reached: of 951 people 88 % improved and 65 % met the target."""
APART = timedelta(seconds=1)
"""How much later than before after is, at least: two answers in one second are one answer. Ours."""
WHOLE = "SERIES"
"""The scope of what is answered about the series, and not about one session."""


class Phase(StrEnum):
    PRE = "pre"
    POST = "post"


@dataclass(frozen=True)
class Evaluation:
    """What is asked, in the order in which it is answered."""

    series_id: str
    items: tuple[str, ...]
    version: int | None = None


@dataclass(frozen=True)
class Scores:
    """Somebody's answers at one time: a step of the scale for each item.

    Attributes
    ----------
    scope
        A session's id, or `WHOLE`.
    site_id
        Where they were as they answered: who moves somebody later moves none of their answers.
    """

    person_id: str
    scope: str
    phase: Phase
    scores: tuple[int, ...]
    site_id: str | None = None
    given_at: datetime | None = None

    @property
    def mean(self) -> float:
        return sum(self.scores) / len(self.scores)


@dataclass(frozen=True)
class Pair:
    """The means of somebody's answers before and after, and the site from which they gave the latter."""

    person_id: str
    before: float
    after: float
    site_id: str | None = None

    @property
    def gain(self) -> float:
        # To nine digits: 4.7 - 4.0 is to be 0.7 of a step, and not a bit less.
        return round(self.after - self.before, 9)


@dataclass(frozen=True)
class Sums:
    """What the pairs of a group come to; percentages are whole."""

    people: int
    before: float
    after: float
    gain: float
    improved: int
    met_target: int
    test: SignedRank


def require_next(mine: Sequence[Scores], scope: str, phase: Phase, now: datetime) -> None:
    """Let pass what is answered for the first time, and in its order.

    Raises
    ------
    AnsweredAlready, PreMissing
    EvaluationNotSo
        Of what comes after in the same second (`APART`) as what came before, or by our clock ahead of it.
    """
    given = {one.phase: one for one in mine if one.scope == scope}
    if phase in given or Phase.POST in given:
        raise AnsweredAlready
    if phase is Phase.POST and Phase.PRE not in given:
        raise PreMissing
    before = given.get(Phase.PRE)
    if before is not None and before.given_at is not None and now < before.given_at + APART:
        raise EvaluationNotSo(
            f"You answered before at {to_text(before.given_at)}. Answer after once something was held since."
        )


def require_fit(evaluation: Evaluation, scores: Sequence[int]) -> None:
    """Let pass as many answers as there are questions; raises `EvaluationNotSo`."""
    if len(scores) != len(evaluation.items):
        raise EvaluationNotSo(f"It asks {len(evaluation.items)} questions. Answer each.")


def pairs(answers: Iterable[Scores], scope: str) -> tuple[Pair, ...]:
    """Return who answered both before and after, in the order in which they did, and of these whole fives: whoever
    reads again after one more answer learns nothing."""
    given: dict[str, dict[Phase, Scores]] = {}
    for one in answers:
        if one.scope == scope:
            given.setdefault(one.person_id, {})[one.phase] = one
    both = [each for each in given.values() if len(each) == 2]
    both.sort(key=lambda each: (str(each[Phase.POST].given_at or ""), each[Phase.POST].person_id))
    counted = whole_groups(both)
    return tuple(
        Pair(
            each[Phase.POST].person_id,
            each[Phase.PRE].mean,
            each[Phase.POST].mean,
            each[Phase.POST].site_id,
        )
        for each in counted
    )


def sums(found: Sequence[Pair]) -> Sums | None:
    """Return what some pairs come to; None of fewer than five."""
    count = len(found)
    if count < FEWEST:
        return None
    before, after = (sum(one.before for one in found) / count, sum(one.after for one in found) / count)
    gains = [one.gain for one in found]
    improved, met = sum(one > 0 for one in gains), sum(one >= TARGET for one in gains)
    return Sums(
        count, before, after, sum(gains) / count, round(improved * 100 / count), round(met * 100 / count),
        signed_rank(gains),
    )  # fmt: skip


Cells = dict[str, list[Pair]]


def cells(found: Sequence[Pair], group_of: Mapping[str, str]) -> Cells:
    """Part pairs by their group.

    A group of fewer than five goes into `other`; so does the smallest of the larger ones while `other` has fewer than
    five, so that nobody works it out from the whole. Whoever has no group is in `other`.
    """
    groups: Cells = {}
    for one in found:
        groups.setdefault(group_of.get(one.person_id, _OTHER), []).append(one)
    rest = groups.pop(_OTHER, [])
    for name in sorted(groups, key=lambda each: (len(groups[each]), each)):
        if len(groups[name]) < FEWEST or 0 < len(rest) < FEWEST:
            rest += groups.pop(name)
    return {**groups, _OTHER: rest}


def within(outer: Cells, group_of: Mapping[str, str]) -> Cells:
    """Part each cell by a further group.

    The cells of both partings are made of the same parts of five and more, so that no sum of one less sums of the other
    is of fewer.
    """
    found: Cells = {}
    for cell in outer.values():
        for name, some in cells(cell, group_of).items():
            found.setdefault(name, []).extend(some)
    return found


def steps(found: Sequence[Pair]) -> tuple[tuple[Pair, ...], ...]:
    """Return the pairs in the steps in which figures that are parted grow: 5, 10, 15, 20, 30, 45, 65, … people, each
    step half of what there was, in whole fives (ours). Those of a step that is not full wait.

    Each step is parted by itself, and its parts are never parted anew. So whatever is told at any time is made of the
    same parts of five and more, and no reading less another is of fewer: a site does not grow by one.
    """
    made: list[tuple[Pair, ...]] = []
    count = 0
    while (size := max(FEWEST, count // 2 // FEWEST * FEWEST)) <= len(found) - count:
        made.append(tuple(found[count : count + size]))
        count += size
    return tuple(made)


def joined(parted: Iterable[Cells]) -> Cells:
    """Return the cells of several steps together."""
    whole: Cells = {}
    for one in parted:
        for name, some in one.items():
            whole.setdefault(name, []).extend(some)
    return whole


def told_of(parted: Cells) -> dict[str, Sums]:
    """Return what each cell comes to, of five people or more."""
    told = {name: sums(some) for name, some in sorted(parted.items())}
    return {name: one for name, one in told.items() if one is not None}


_OTHER = "other"
