"""Why a pair was chosen, and why somebody has none.

The reasons for people left out are worked out from public rules and scores alone, never from a block, a decline or
a wish: those decide only whether the person has a pair. `docs/matching.md`, "Who is told what", says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine.advice import Adviser, Position
from chalicelib.matching.engine.coverage import BLOCK
from chalicelib.matching.engine.evidence import evidence
from chalicelib.matching.engine.overlap import common_windows
from chalicelib.matching.engine.rules import PUBLIC_RULES, Mask, PublicRules, Rules
from chalicelib.matching.engine.scoring import Scores
from chalicelib.matching.model import (
    CRITERIA,
    Contribution,
    Criterion,
    LeftOut,
    LeftOutReason,
    MatchSettings,
    MenteeEntry,
    MentorEntry,
    Overlap,
    ProposedPair,
    Reason,
    SharedLanguage,
)
from chalicelib.matching.pairing import Understood, languages_at, understood_at
from chalicelib.people import codes
from chalicelib.people.model import SLOT_MINUTES, Profile
from chalicelib.programmes.model import PairKind

Rows = NDArray[np.intp]


def shared_languages(mentee: Profile, mentor: Profile, floor: str) -> tuple[SharedLanguage, ...]:
    """Return the languages that both speak at `floor` or better, by tag; if there are none, the one that they can talk
    in best because it is close to one of theirs."""
    theirs = languages_at(mentor, floor)
    shared = tuple(
        SharedLanguage(base, level, theirs[base])
        for base, level in sorted(languages_at(mentee, floor).items())
        if base in theirs
    )
    return shared or _close_language(understood_at(mentee, floor), understood_at(mentor, floor))


def _close_language(
    mentee: Mapping[str, Understood], mentor: Mapping[str, Understood]
) -> tuple[SharedLanguage, ...]:
    both = sorted(mentee.keys() & mentor.keys())
    if not both:
        return ()

    def worth(base: str) -> tuple[int, int]:
        # Of equals one that somebody speaks: a Serb and a Croat do not meet in Bosnian.
        sides = mentee[base], mentor[base]
        return min(codes.CEFR.index(one.level) for one in sides), sum(one.by is None for one in sides)

    best = max(both, key=worth)
    one, other = mentee[best], mentor[best]
    return (SharedLanguage(best, one.level, other.level, one.by, other.by),)


@dataclass(frozen=True)
class Explainer:
    """What both kinds of explanation look at: a plan's open people, its rules and its scores."""

    mentees: Sequence[MenteeEntry]
    mentors: Sequence[MentorEntry]
    settings: MatchSettings
    first_week: datetime
    rules: Rules
    scores: Scores
    kind: PairKind = PairKind.ONE_TO_ONE

    @cached_property
    def _weights(self) -> dict[Criterion, int]:
        return self.settings.weights.millionths()

    def pairs(self, mentee: Rows, mentor: Rows) -> tuple[ProposedPair, ...]:
        """Explain chosen pairs, given as indices; sorted by the mentee's id."""
        least = self.rules.time.least_of_pairs(mentee, mentor)
        points = self.scores.points(mentee, mentor, least)
        explained = (
            self._pair(self.mentees[i], self.mentors[j], row, minutes)
            for i, j, row, minutes in zip(
                mentee.tolist(),
                mentor.tolist(),
                points.tolist(),
                (least.astype(np.int64) * SLOT_MINUTES).tolist(),
                strict=True,
            )
        )
        return tuple(sorted(explained, key=lambda pair: pair.mentee_id))

    def _pair(
        self, mentee: MenteeEntry, mentor: MentorEntry, points: Sequence[int], minutes: int
    ) -> ProposedPair:
        earned = dict(zip(CRITERIA, points, strict=True))
        return ProposedPair(
            mentee_id=mentee.person_id,
            mentor_id=mentor.person_id,
            score=sum(points),
            contributions=tuple(Contribution(criterion, earned[criterion]) for criterion in CRITERIA),
            shared_languages=shared_languages(mentee.profile, mentor.profile, self.settings.language_floor),
            overlap=Overlap(minutes, common_windows(mentee.profile, mentor.profile, self.first_week)),
            evidence=evidence(mentee, mentor.profile, earned, self._weights, self.kind),
        )

    def left_out(self, mentees: Rows, with_place: Mask) -> tuple[LeftOut, ...]:
        """Give the reasons of open mentees without a pair, given as indices, and what would open mentors to them.

        Who has a mentor or an open proposal already has one answer for all reasons, and no advice.

        Parameters
        ----------
        with_place
            bool[M]: mentors who have a place left after the match. It decides nothing but what would have brought a
            match tonight.
        """
        has_one = np.asarray([self.mentees[i].has_one for i in mentees.tolist()], dtype=np.bool_)
        no_further = (LeftOutReason(Reason.NO_FURTHER_MENTOR),)
        served = (
            LeftOut(self.mentees[i].person_id, no_further, has_one=True) for i in mentees[has_one].tolist()
        )
        return (*self._without(mentees[~has_one], with_place), *served)

    def _without(self, mentees: Rows, with_place: Mask) -> tuple[LeftOut, ...]:
        if not self.mentors:
            nobody = (LeftOutReason(Reason.NO_OPEN_MENTOR, considered=0),)
            return tuple(LeftOut(self.mentees[i].person_id, nobody) for i in mentees.tolist())
        adviser = Adviser(self.mentees, self.mentors, self.settings, self.rules, self.scores)
        found: list[LeftOut] = []
        for first in range(0, len(mentees), BLOCK):
            rows = mentees[first : first + BLOCK]
            positions = self._positions(rows)
            for i, reasons, position in zip(rows.tolist(), self._reasons(positions), positions, strict=True):
                found.append(
                    LeftOut(
                        self.mentees[i].person_id,
                        reasons,
                        () if position.open.any() else adviser.suggestions(i, position),
                        adviser.smallest(i, position, with_place),
                    )
                )
        return tuple(found)

    def _positions(self, rows: Rows) -> list[Position]:
        public = self.rules.public(rows)
        others = ~self.rules.oneself(rows)
        fits = public.all & others
        reached = self._reached(rows, public, fits)
        return list(
            map(Position, public.language, public.time, public.channel, others, reached, public.least)
        )

    def _reached(self, rows: Rows, public: PublicRules, fits: Mask) -> Mask:
        """Tell which of the mentors who fit reach the least score."""
        if self.settings.min_score <= 1:
            return fits
        reached: Mask = fits & (self.scores.of_block(rows, public.least) >= self.settings.min_score)
        return reached

    def _reasons(self, positions: Sequence[Position]) -> Iterator[tuple[LeftOutReason, ...]]:
        for now in positions:
            considered = int(np.count_nonzero(now.others))
            fitting = int(np.count_nonzero(now.fits))
            if not considered:
                yield (LeftOutReason(Reason.NO_OPEN_MENTOR, considered=0),)
            elif fitting:
                code = Reason.NO_MENTOR_LEFT if now.open.any() else Reason.BELOW_MIN_SCORE
                yield (LeftOutReason(code, considered=considered, passing=fitting),)
            else:
                yield binding([self._rule(code, now, considered) for code in PUBLIC_RULES])

    def _rule(self, code: Reason, now: Position, considered: int) -> LeftOutReason:
        rules = dict(zip(PUBLIC_RULES, (now.language, now.time, now.channel), strict=True))
        passes = rules.pop(code)
        but_for_it = np.logical_and(*rules.values()) & now.others
        of_time = code is Reason.NOT_ENOUGH_COMMON_TIME
        best = int(np.max(now.least, initial=0, where=now.language & now.channel))
        return LeftOutReason(
            code,
            considered=considered,
            passing=int(np.count_nonzero(passes & now.others)),
            would_open=int(np.count_nonzero(but_for_it & ~passes)),
            best_minutes=best * SLOT_MINUTES if of_time else None,
            needed_minutes=self.settings.min_overlap_minutes if of_time else None,
        )


def binding(rules: Sequence[LeftOutReason]) -> tuple[LeftOutReason, ...]:
    """Pick the rules that bind somebody whom no mentor fits.

    Those that no mentor at all passes; else those that alone keep some mentor away; else (each mentor fails two
    or more) every rule that some mentor fails. The fewest who pass come first.
    """
    nobody = [rule for rule in rules if rule.passing == 0]
    alone = [rule for rule in rules if rule.would_open]
    some = [rule for rule in rules if (rule.passing or 0) < (rule.considered or 0)]
    return tuple(sorted(nobody or alone or some, key=lambda rule: rule.passing or 0))


def closed(entry: MenteeEntry | MentorEntry, reasons: Sequence[Reason]) -> LeftOut:
    """Say why somebody had no part in the run."""
    return LeftOut(
        entry.person_id,
        tuple(
            LeftOutReason(
                code,
                fields=entry.profile.missing_for_matching() if code is Reason.PROFILE_INCOMPLETE else (),
            )
            for code in reasons
        ),
        has_one=isinstance(entry, MenteeEntry) and entry.has_one,
    )
