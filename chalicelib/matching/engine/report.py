"""The report of a run: counts and shares for the coordinator, from what the run decided.

What the people say adds up: of any lots that a run's pairs and left-out people come in, each has its `Tally`, and the
report is made of their sum and of what is known of the run as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from chalicelib.matching.model import (
    CRITERIA,
    ENGINE_VERSION,
    MILLION,
    NOT_CLASSIFIED,
    Contribution,
    GroupShare,
    HelpCount,
    LeftOut,
    Load,
    LockedMissCount,
    MatchReport,
    MatchSettings,
    MenteeEntry,
    ObjectiveOutcome,
    PoolSize,
    ProposedPair,
    Reason,
    ReasonCount,
    RoundOutcome,
    Rule,
    Shortage,
)
from chalicelib.matching.pairing import languages_at
from chalicelib.people import codes
from chalicelib.programmes.model import PairKind


@dataclass(frozen=True)
class Known:
    """What is known of a run as a whole.

    Attributes
    ----------
    pool, closed_mentees, closed_mentors, loads
        As in the report: who was there, who of them was not open and why (`reason_counts`), and how many of the open
        mentors (of peers, people) got how many pairs (`loads`).
    objectives
        Of the first round.
    shortages
        By language, and by specialty.
    """

    programme_id: str
    run_id: str
    taken_at: datetime
    settings: MatchSettings
    kind: PairKind
    pool: PoolSize
    closed_mentees: tuple[ReasonCount, ...]
    closed_mentors: tuple[ReasonCount, ...]
    loads: tuple[Load, ...]
    admissible_pairs: int
    candidate_pairs: int
    candidates_cut: bool
    objectives: tuple[ObjectiveOutcome, ...]
    rounds: tuple[RoundOutcome, ...]
    locked_made: int
    locked_missed: tuple[LockedMissCount, ...]
    shortages: tuple[tuple[Shortage, ...], tuple[Shortage, ...]]
    time_zone_data: str


@dataclass(frozen=True)
class Tally:
    """What a lot of open mentees adds to the report. Of equal lots all is equal, so their bytes are as well.

    Attributes
    ----------
    matched, further
        As in the report.
    income_groups, languages
        Shares of `matched`, by name.
    left_out
        Reasons of those of `matched` without a pair, as in the report.
    would_help
        As in the report.
    scores
        Of the pairs, millionths, ascending.
    """

    matched: GroupShare
    further: GroupShare
    income_groups: tuple[GroupShare, ...] = ()
    languages: tuple[GroupShare, ...] = ()
    left_out: tuple[ReasonCount, ...] = ()
    would_help: tuple[HelpCount, ...] = ()
    scores: tuple[int, ...] = ()

    @classmethod
    def none(cls) -> Tally:
        """Return the tally of nobody."""
        return cls.together(())

    @classmethod
    def of(
        cls,
        pairs: Iterable[ProposedPair],
        left_out: Iterable[LeftOut],
        entries: Mapping[str, MenteeEntry],
        settings: MatchSettings,
        kind: PairKind = PairKind.ONE_TO_ONE,
    ) -> Tally:
        """Count a lot of a run's pairs, and of its open mentees without one.

        A mentee counts with their pair of round 1, which everybody with a pair has once, so that the others may be in
        other lots. Of peers either of two may stand first, so all of a run's pairs have to be in one lot.

        Parameters
        ----------
        entries
            At least those of whom these pairs and left-out people are, by id.
        """
        pairs = tuple(pairs)
        if kind is PairKind.PEER:
            matched = {pair.mentee_id for pair in pairs} | {pair.mentor_id for pair in pairs}
        else:
            matched = {pair.mentee_id for pair in pairs if pair.round == 1}
        left_out = tuple(left_out)
        there = [(entries[name], 1) for name in matched] + [(entries[one.person_id], 0) for one in left_out]
        without = [(entry, pair) for entry, pair in there if not entry.has_one]
        first = [one for one in left_out if not one.has_one]
        return cls(
            matched=GroupShare("all", len(without), sum(pair for _, pair in without)),
            further=GroupShare(
                "further",
                len(there) - len(without),
                sum(pair for entry, pair in there if entry.has_one),
            ),
            income_groups=_shares(
                GroupShare(codes.income_group(entry.profile.country or "") or NOT_CLASSIFIED, 1, pair)
                for entry, pair in without
            ),
            languages=_shares(
                GroupShare(language, 1, pair)
                for entry, pair in without
                for language in languages_at(entry.profile, settings.language_floor)
            ),
            left_out=reason_counts(first),
            would_help=_help_counts(_smallest(first)),
            scores=tuple(sorted(pair.score for pair in pairs)),
        )

    @classmethod
    def together(cls, tallies: Iterable[Tally]) -> Tally:
        """Add up tallies of lots that share nobody; of many at once this is far quicker than one by one."""
        tallies = tuple(tallies)
        return cls(
            matched=_share("all", (one.matched for one in tallies)),
            further=_share("further", (one.further for one in tallies)),
            income_groups=_shares(share for one in tallies for share in one.income_groups),
            languages=_shares(share for one in tallies for share in one.languages),
            left_out=reasons_together(one.left_out for one in tallies),
            would_help=_help_counts(count for one in tallies for count in one.would_help),
            scores=tuple(sorted(score for one in tallies for score in one.scores)),
        )

    def __add__(self, other: Tally) -> Tally:
        return self.together((self, other))


def build_report(known: Known, tally: Tally) -> MatchReport:
    """Say what a run did, from what is known of it as a whole and the tally of all its open mentees."""
    settings = known.settings
    scores = tally.scores
    total = sum(scores)
    upper_bound = sum(one.upper_bound for one in known.rounds)
    weights = settings.weights.millionths()
    by_group = {share.group: share for share in tally.income_groups}
    return MatchReport(
        engine_version=ENGINE_VERSION,
        time_zone_data=known.time_zone_data,
        programme_id=known.programme_id,
        run_id=known.run_id,
        taken_at=known.taken_at,
        objective=settings.objective,
        weights=tuple(Contribution(criterion, weights[criterion]) for criterion in CRITERIA),
        pool=known.pool,
        excluded_mentees=known.closed_mentees,
        excluded_mentors=known.closed_mentors,
        admissible_pairs=known.admissible_pairs,
        candidate_pairs=known.candidate_pairs,
        candidates_cut=known.candidates_cut,
        pairs=len(scores),
        mean_score=total // len(scores) if scores else 0,
        score_deciles=deciles(scores),
        total=total,
        upper_bound=upper_bound,
        gap=-((total - upper_bound) * MILLION // upper_bound) if upper_bound else 0,
        matched=tally.matched,
        income_groups=tuple(
            by_group[name] for name in (*codes.INCOME_GROUPS, NOT_CLASSIFIED) if name in by_group
        ),
        languages=tuple(
            sorted(tally.languages, key=lambda one: (one.matched - one.mentees, -one.mentees, one.group))
        ),
        loads=known.loads,
        left_out=tally.left_out,
        rules_off=tuple(rule for rule in Rule if rule in settings.rules_off),
        locked_pairs=len(settings.locked),
        locked_made=known.locked_made,
        locked_missed=known.locked_missed,
        protected=settings.protected,
        objectives=known.objectives,
        rounds=known.rounds,
        shortage_by_language=known.shortages[0],
        shortage_by_specialty=known.shortages[1],
        kind=known.kind,
        would_help=tally.would_help,
        further=tally.further,
    )


def deciles(ordered: Sequence[int]) -> tuple[int, ...]:
    """Return the least, the nine deciles by nearest rank, and the greatest of an ordered list; empty for none.

    Examples
    --------
    >>> deciles(range(1, 101))
    (1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100)
    """
    if not ordered:
        return ()
    return tuple(ordered[max(0, ceil(n * len(ordered) / 10) - 1)] for n in range(11))


def reason_counts(people: Iterable[LeftOut]) -> tuple[ReasonCount, ...]:
    """Count people by their reasons, in the order of reasons; somebody with two counts in both."""
    return _by_reason(Counter(reason.code for person in people for reason in person.reasons))


def reasons_together(counts: Iterable[Iterable[ReasonCount]]) -> tuple[ReasonCount, ...]:
    """Add up counts of people of whom nobody is in two."""
    total: Counter[Reason] = Counter()
    for lot in counts:
        for one in lot:
            total[one.code] += one.people
    return _by_reason(total)


def _by_reason(counts: Mapping[Reason, int]) -> tuple[ReasonCount, ...]:
    return tuple(ReasonCount(code, counts[code]) for code in Reason if counts.get(code))


def loads(taken: Iterable[int]) -> tuple[Load, ...]:
    """Count the open mentors (of peers, people) by the number of pairs that each has of a run."""
    counts = Counter(taken)
    return tuple(Load(pairs, counts[pairs]) for pairs in sorted(counts))


def _smallest(people: Iterable[LeftOut]) -> Iterable[HelpCount]:
    """Yield the smallest change that would open a mentor to each, where one change does."""
    for one in people:
        if one.suggestions and len(one.suggestions[0].changes) == 1:
            (change,) = one.suggestions[0].changes
            yield HelpCount(change.kind, 1, change.channel, change.language, change.level, change.stretch)


def _help_counts(counts: Iterable[HelpCount]) -> tuple[HelpCount, ...]:
    people: Counter[HelpCount] = Counter()
    for one in counts:
        people[replace(one, people=0)] += one.people
    return tuple(
        sorted(
            (replace(one, people=many) for one, many in people.items()),
            key=lambda one: (
                -one.people,
                one.kind,
                one.channel or one.stretch or one.language or "",
                one.level or "",
            ),
        )
    )


def _share(name: str, shares: Iterable[GroupShare]) -> GroupShare:
    shares = tuple(shares)
    return GroupShare(name, sum(one.mentees for one in shares), sum(one.matched for one in shares))


def _shares(shares: Iterable[GroupShare]) -> tuple[GroupShare, ...]:
    """Add up shares by group; the groups by name."""
    there: Counter[str] = Counter()
    served: Counter[str] = Counter()
    for one in shares:
        there[one.group] += one.mentees
        served[one.group] += one.matched
    return tuple(GroupShare(group, there[group], served[group]) for group in sorted(there))
