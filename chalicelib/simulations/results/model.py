"""What a simulation came to: answers before, after and at follow-up, and how its cases were played.

The same people answer before and after, on a scale of 1 to 5, so that what changed is tested in pairs (`measures`). The
confidence in conditions that were not simulated is the control: what rose there as well did not rise by the simulation.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from chalicelib.measures.paired import Discordance, SignedRank, discordance, signed_rank
from chalicelib.measures.proportions import wilson
from chalicelib.people.codes import IncomeGroup
from chalicelib.simulations.cases import CaseDocument, CaseOutcome
from chalicelib.simulations.chats.model import Chat
from chalicelib.simulations.errors import NotAsked
from chalicelib.simulations.sessions.model import Question, Simulation, SimulationStatus
from chalicelib.simulations.soundness import is_expectable

FOLLOW_UP_FROM, FOLLOW_UP_UNTIL = timedelta(weeks=6), timedelta(weeks=12)
"""After it was closed, as the SIMBA studies follow up."""
LEAST_GROUP = 3
"""Of fewer people no sum is shown: not of an income group in a debrief, nor of answers; our judgement."""
INTENDS = 4
"""From this step of 5 on, somebody intends to change what they do."""


class SimulationMoment(StrEnum):
    """BEFORE the first case; AFTER the last; FOLLOW_UP six to twelve weeks after the simulation was closed."""

    BEFORE = "before"
    AFTER = "after"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True)
class Answers:
    """What somebody answered at a moment.

    Attributes
    ----------
    confidence
        From 1 to 5, by condition.
    choices
        The option chosen of each question, before and after.
    intent, has_changed
        After: how sure they are, from 1 to 5, that they will change what they do; at follow-up: whether they have.
    """

    person_id: str
    moment: SimulationMoment
    confidence: Mapping[str, int]
    choices: tuple[int, ...] = ()
    intent: int | None = None
    has_changed: bool | None = None


def require_asked(simulation: Simulation, moment: SimulationMoment, now: datetime) -> None:
    """Refuse answers outside of their time; raises `NotAsked`."""
    status, since = simulation.status, simulation.since
    if moment is SimulationMoment.BEFORE and status is not SimulationStatus.PLANNED:
        raise NotAsked("This is asked before the first case begins.")
    if moment is SimulationMoment.AFTER and not (
        status in (SimulationStatus.RUNNING, SimulationStatus.DEBRIEF, SimulationStatus.CLOSED)
        and all(simulation.is_final(one, now) for one in simulation.rounds)
        and (status is not SimulationStatus.CLOSED or now < (since or now) + FOLLOW_UP_FROM)
    ):
        raise NotAsked(
            "This is asked from the debrief on, or once the time of the last case is over, until the follow-up."
        )
    if moment is SimulationMoment.FOLLOW_UP and not (
        status is SimulationStatus.CLOSED
        and since is not None
        and since + FOLLOW_UP_FROM <= now < since + FOLLOW_UP_UNTIL
    ):
        raise NotAsked("This is asked six to twelve weeks after the simulation was closed.")


# Statistics.


@dataclass(frozen=True)
class Compared:
    """Confidence at two moments: the means, who rose with the interval of that share, and the test of the pairs."""

    n: int
    before: float
    after: float
    rose_share: float
    rose_low: float
    rose_high: float
    test: SignedRank


@dataclass(frozen=True)
class Share:
    """A count of people with its share and 95 % interval by Wilson's score."""

    n: int
    yes: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Published:
    """A figure of others, to compare with."""

    what: str
    n: int
    improved: float
    source: str


_SIMBA = "Melson et al., Journal of the Royal College of Physicians of Edinburgh 2021; 51:168"
PUBLISHED = (
    Published("patient management knowledge", 204, 0.848, _SIMBA),
    Published("practice-based learning", 204, 0.696, _SIMBA),
    Published("patient care", 204, 0.520, _SIMBA),
)


@dataclass(frozen=True)
class Statistics:
    """All figures of a simulation; None where fewer than `LEAST_GROUP` gave both answers."""

    answered: Mapping[SimulationMoment, int]
    simulated: Compared | None
    control: Compared | None
    beyond_control: SignedRank | None
    conditions: Mapping[str, Compared]
    follow_up: Compared | None
    score: Compared | None
    questions: tuple[Discordance | None, ...]
    intent: Share | None
    has_changed: Share | None


def statistics_of(simulation: Simulation, answers: Sequence[Answers]) -> Statistics:
    """Return the figures of all answers; of each comparison those who gave both alone count."""
    at = {
        moment: {one.person_id: one for one in answers if one.moment is moment} for moment in SimulationMoment
    }
    before, after, later = (
        at[SimulationMoment.BEFORE],
        at[SimulationMoment.AFTER],
        at[SimulationMoment.FOLLOW_UP],
    )
    pairs = [(before[name], after[name]) for name in sorted(before) if name in after]
    far = [(before[name], later[name]) for name in sorted(before) if name in later]
    simulated, controls = simulation.simulated, simulation.controls
    questions = simulation.questions
    intents = [one.intent for one in after.values() if one.intent is not None]
    changes = [one.has_changed for one in later.values() if one.has_changed is not None]
    return Statistics(
        {moment: len(at[moment]) for moment in SimulationMoment},
        _compared(pairs, _sum_of(simulated), len(simulated)),
        _compared(pairs, _sum_of(controls), len(controls)) if controls else None,
        _beyond(pairs, simulated, controls) if controls and len(pairs) >= LEAST_GROUP else None,
        {name: found for name in simulation.conditions if (found := _compared(pairs, _sum_of((name,)), 1))},
        _compared(far, _sum_of(simulated), len(simulated)),
        _compared(pairs, lambda one: _right(one, questions), 1) if questions else None,
        tuple(_discordance(pairs, n, one) for n, one in enumerate(questions)),
        _share([one >= INTENDS for one in intents]),
        _share(changes),
    )


Pairs = Sequence[tuple[Answers, Answers]]


def _sum_of(conditions: Sequence[str]) -> Callable[[Answers], int]:
    return lambda one: sum(one.confidence[name] for name in conditions)


def _compared(pairs: Pairs, value: Callable[[Answers], int], parts: int) -> Compared | None:
    """Compare sums, which are whole numbers, so that what is tied is tied; told in steps of the scale."""
    if len(pairs) < LEAST_GROUP:
        return None
    befores, afters = [value(one) for one, _ in pairs], [value(other) for _, other in pairs]
    test = signed_rank([late - early for early, late in zip(befores, afters, strict=True)])
    n = len(pairs)
    low, high = wilson(test.rose, n)
    return Compared(
        n, sum(befores) / n / parts, sum(afters) / n / parts, test.rose / n, low, high, _scaled(test, parts)
    )


def _beyond(pairs: Pairs, simulated: Sequence[str], controls: Sequence[str]) -> SignedRank:
    """Test whether confidence rose more where it was simulated than where it was not, in each person."""
    of_simulated, of_controls = _sum_of(simulated), _sum_of(controls)
    differences = [
        (of_simulated(late) - of_simulated(early)) * len(controls)
        - (of_controls(late) - of_controls(early)) * len(simulated)
        for early, late in pairs
    ]
    return _scaled(signed_rank(differences), len(simulated) * len(controls))


def _scaled(test: SignedRank, parts: int) -> SignedRank:
    low = test.low / parts if test.low is not None else None
    high = test.high / parts if test.high is not None else None
    return SignedRank(
        test.n, test.rose, test.fell, test.same, test.rank_sum_up, test.rank_sum_down, test.p, test.is_exact,
        test.rank_biserial, test.shift / parts, low, high,
    )  # fmt: skip


def _right(one: Answers, questions: Sequence[Question]) -> int:
    return sum(choice == question.correct for choice, question in zip(one.choices, questions, strict=True))


def _discordance(pairs: Pairs, n: int, question: Question) -> Discordance | None:
    if len(pairs) < LEAST_GROUP:
        return None
    right = Counter(
        (one.choices[n] == question.correct, other.choices[n] == question.correct) for one, other in pairs
    )
    return discordance(right[True, True], right[True, False], right[False, True], right[False, False])


def _share(yes: Sequence[bool]) -> Share | None:
    if len(yes) < LEAST_GROUP:
        return None
    low, high = wilson(sum(yes), len(yes))
    return Share(len(yes), sum(yes), sum(yes) / len(yes), low, high)


# The debrief of a case.


@dataclass(frozen=True)
class PathCount:
    """How many went through these scenes, in this order."""

    scenes: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Explored:
    """How many answered an expected topic, and after how many seconds half of these had."""

    topic: str
    name: str
    explored: int
    missed_share: float
    median_seconds: float | None


@dataclass(frozen=True)
class Played:
    """How a case was played by some.

    Attributes
    ----------
    outcomes
        How many came to each kind of end; who came to none is in no entry.
    explored
        What was to be explored in this setting, the most missed first.
    median_seconds
        Until an end, of those who came to one.
    """

    n: int
    outcomes: Mapping[CaseOutcome, int]
    paths: tuple[PathCount, ...]
    explored: tuple[Explored, ...]
    median_seconds: float | None


def played(document: CaseDocument, setting: str, chats: Sequence[Chat]) -> Played:
    """Return how a case was played by all whose chats are given and opened."""
    opened = [one for one in chats if one.path]
    outcomes = Counter(one.outcome for one in opened if one.outcome)
    paths = Counter(tuple(step.name for step in one.path) for one in opened)
    ends = [one.path[-1].seconds for one in opened if one.outcome]
    explored = []
    for topic in document.topics:
        if is_expectable(topic, document, setting):
            times = [step.seconds for one in opened for step in one.asked if step.name == topic.key]
            share = 1 - len(times) / len(opened) if opened else 0.0
            explored.append(
                Explored(topic.key, topic.name, len(times), share, float(median(times)) if times else None)
            )
    return Played(
        len(opened), outcomes,
        tuple(PathCount(scenes, count) for scenes, count in sorted(paths.items(), key=lambda one: (-one[1], one[0]))),
        tuple(sorted(explored, key=lambda one: (-one.missed_share, one.topic))),
        float(median(ends)) if ends else None,
    )  # fmt: skip


def by_income_group(
    document: CaseDocument, setting: str, chats: Sequence[Chat], groups: Mapping[str, IncomeGroup | None]
) -> dict[IncomeGroup, Played]:
    """Return the same by the income group of the participants' countries, where enough are of one.

    Those who are in no group that is shown are what all together come to, less those that are: where they are too few,
    the smallest of the shown groups goes to them.
    """
    found: dict[IncomeGroup, list[Chat]] = {}
    opened = [one for one in chats if one.path]
    for one in opened:
        group = groups.get(one.participant_id)
        if group is not None:
            found.setdefault(group, []).append(one)
    shown = {group: those for group, those in found.items() if len(those) >= LEAST_GROUP}
    rest = len(opened) - sum(len(those) for those in shown.values())
    while shown and 0 < rest < LEAST_GROUP:
        rest += len(shown.pop(min(shown, key=lambda group: (len(shown[group]), group))))
    return {group: played(document, setting, those) for group, those in shown.items()}
