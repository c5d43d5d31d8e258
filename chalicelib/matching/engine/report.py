"""The report of a run: counts and shares for the coordinator, from what the run decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    MenteeEntry,
    MentorEntry,
    ObjectiveOutcome,
    PoolSize,
    ProposedPair,
    Reason,
    ReasonCount,
    RoundOutcome,
    Rule,
    Shortage,
    Snapshot,
)
from chalicelib.matching.pairing import languages_at
from chalicelib.people import codes
from chalicelib.programmes.model import PairKind


def build_report(
    snapshot: Snapshot,
    *,
    open_mentees: Sequence[MenteeEntry],
    open_mentors: Sequence[MentorEntry],
    closed_mentees: Sequence[LeftOut],
    closed_mentors: Sequence[LeftOut],
    pairs: Sequence[ProposedPair],
    left_out: Sequence[LeftOut],
    admissible_pairs: int,
    candidate_pairs: int,
    candidates_cut: bool,
    objectives: tuple[ObjectiveOutcome, ...],
    rounds: tuple[RoundOutcome, ...],
    locked_made: int,
    locked_missed: tuple[LockedMissCount, ...],
    shortages: tuple[tuple[Shortage, ...], tuple[Shortage, ...]],
    time_zone_data: str,
) -> MatchReport:
    """Count what a run did.

    Parameters
    ----------
    left_out
        Open mentees who had no mentor, and got no pair.
    objectives
        Of the first round.
    shortages
        By language, and by specialty.
    """
    settings = snapshot.settings
    matched = {pair.mentee_id for pair in pairs}
    if snapshot.kind is PairKind.PEER:
        matched |= {pair.mentor_id for pair in pairs}
    without = [entry for entry in open_mentees if not entry.has_one]
    further = [entry for entry in open_mentees if entry.has_one]
    scores = sorted(pair.score for pair in pairs)
    total = sum(scores)
    upper_bound = sum(one.upper_bound for one in rounds)
    weights = settings.weights.millionths()
    return MatchReport(
        engine_version=ENGINE_VERSION,
        time_zone_data=time_zone_data,
        programme_id=snapshot.programme_id,
        run_id=snapshot.run_id,
        taken_at=snapshot.taken_at,
        objective=settings.objective,
        weights=tuple(Contribution(criterion, weights[criterion]) for criterion in CRITERIA),
        pool=PoolSize(
            mentees=len(snapshot.mentees),
            mentors=len(snapshot.mentors),
            open_mentees=len(open_mentees),
            open_mentors=len(open_mentors),
            places=sum(entry.capacity_left for entry in open_mentors),
        ),
        excluded_mentees=_reason_counts(closed_mentees),
        excluded_mentors=_reason_counts(closed_mentors),
        admissible_pairs=admissible_pairs,
        candidate_pairs=candidate_pairs,
        candidates_cut=candidates_cut,
        pairs=len(pairs),
        mean_score=total // len(pairs) if pairs else 0,
        score_deciles=deciles(scores),
        total=total,
        upper_bound=upper_bound,
        gap=-((total - upper_bound) * MILLION // upper_bound) if upper_bound else 0,
        matched=_share("all", without, matched),
        income_groups=_by_income_group(without, matched),
        languages=_by_language(without, matched, settings.language_floor),
        loads=_loads(open_mentors, pairs, of_peers=snapshot.kind is PairKind.PEER),
        left_out=_reason_counts(left_out),
        rules_off=tuple(rule for rule in Rule if rule in settings.rules_off),
        locked_pairs=len(settings.locked),
        locked_made=locked_made,
        locked_missed=locked_missed,
        protected=settings.protected,
        objectives=objectives,
        rounds=rounds,
        shortage_by_language=shortages[0],
        shortage_by_specialty=shortages[1],
        kind=snapshot.kind,
        would_help=_help_counts(left_out),
        further=_share("further", further, matched),
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


def _reason_counts(people: Iterable[LeftOut]) -> tuple[ReasonCount, ...]:
    counts = Counter(reason.code for person in people for reason in person.reasons)
    return tuple(ReasonCount(code, counts[code]) for code in Reason if counts[code])


def _help_counts(people: Iterable[LeftOut]) -> tuple[HelpCount, ...]:
    """Count people by the smallest change that would open a mentor to them, where one change does."""
    smallest = [one.suggestions[0].changes for one in people if one.suggestions]
    counts = Counter(
        (change.kind, change.channel, change.language, change.level, change.stretch)
        for change, *further in smallest
        if not further
    )
    found = (
        HelpCount(kind, people_, channel, language, level, stretch)
        for (kind, channel, language, level, stretch), people_ in counts.items()
    )
    return tuple(
        sorted(
            found,
            key=lambda one: (
                -one.people,
                one.kind,
                one.channel or one.stretch or one.language or "",
                one.level or "",
            ),
        )
    )


def _share(name: str, mentees: Sequence[MenteeEntry], matched: set[str]) -> GroupShare:
    return GroupShare(name, len(mentees), sum(entry.person_id in matched for entry in mentees))


def _by_income_group(mentees: Sequence[MenteeEntry], matched: set[str]) -> tuple[GroupShare, ...]:
    def groups(entry: MenteeEntry) -> Iterable[str]:
        return [codes.income_group(entry.profile.country or "") or NOT_CLASSIFIED]

    shares = _shares(mentees, matched, groups)
    return tuple(shares[name] for name in (*codes.INCOME_GROUPS, NOT_CLASSIFIED) if name in shares)


def _by_language(mentees: Sequence[MenteeEntry], matched: set[str], floor: str) -> tuple[GroupShare, ...]:
    shares = _shares(mentees, matched, lambda entry: languages_at(entry.profile, floor))
    return tuple(
        sorted(shares.values(), key=lambda one: (one.matched - one.mentees, -one.mentees, one.group))
    )


def _shares(
    mentees: Sequence[MenteeEntry],
    matched: set[str],
    groups: Callable[[MenteeEntry], Iterable[str]],
) -> Mapping[str, GroupShare]:
    there: Counter[str] = Counter()
    served: Counter[str] = Counter()
    for entry in mentees:
        for group in groups(entry):
            there[group] += 1
            served[group] += entry.person_id in matched
    return {group: GroupShare(group, there[group], served[group]) for group in there}


def _loads(
    mentors: Sequence[MentorEntry], pairs: Sequence[ProposedPair], *, of_peers: bool
) -> tuple[Load, ...]:
    taken = Counter(pair.mentor_id for pair in pairs)
    if of_peers:
        taken.update(pair.mentee_id for pair in pairs)
    loads = Counter(taken[entry.person_id] for entry in mentors)
    return tuple(Load(mentees, loads[mentees]) for mentees in sorted(loads))
