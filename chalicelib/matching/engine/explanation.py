"""Why a pair was chosen, and why somebody has none.

The reasons for people left out are worked out from public rules and scores alone, never from a block, a decline or
a wish: those decide only whether the person has a pair. `docs/matching.md`, "Who is told what", says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from chalicelib.matching.engine.criteria import BLOCK
from chalicelib.matching.engine.overlap import common_windows
from chalicelib.matching.engine.rules import PUBLIC_RULES, PublicRules, Rules, languages_at
from chalicelib.matching.engine.scoring import Scores
from chalicelib.matching.model import (
    CRITERIA,
    Contribution,
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
from chalicelib.people.model import SLOT_MINUTES, Profile

Rows = NDArray[np.intp]


def shared_languages(mentee: Profile, mentor: Profile, floor: str) -> tuple[SharedLanguage, ...]:
    """Return the languages that both speak at `floor` or better, by tag."""
    theirs = languages_at(mentor, floor)
    return tuple(
        SharedLanguage(base, level, theirs[base])
        for base, level in sorted(languages_at(mentee, floor).items())
        if base in theirs
    )


@dataclass(frozen=True)
class Explainer:
    """What both kinds of explanation look at: a plan's open people, its rules and its scores."""

    mentees: Sequence[MenteeEntry]
    mentors: Sequence[MentorEntry]
    settings: MatchSettings
    first_week: datetime
    rules: Rules
    scores: Scores

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
        return ProposedPair(
            mentee_id=mentee.person_id,
            mentor_id=mentor.person_id,
            score=sum(points),
            contributions=tuple(map(Contribution, CRITERIA, points)),
            shared_languages=shared_languages(mentee.profile, mentor.profile, self.settings.language_floor),
            overlap=Overlap(minutes, common_windows(mentee.profile, mentor.profile, self.first_week)),
        )

    def left_out(self, mentees: Rows) -> tuple[LeftOut, ...]:
        """Give the reasons of open mentees without a pair, given as indices."""
        if not self.mentors:
            nobody = (LeftOutReason(Reason.NO_OPEN_MENTOR, considered=0),)
            return tuple(LeftOut(self.mentees[i].person_id, nobody) for i in mentees.tolist())
        found: list[LeftOut] = []
        for first in range(0, len(mentees), BLOCK):
            found += self._left_out_of(mentees[first : first + BLOCK])
        return tuple(found)

    def _left_out_of(self, rows: Rows) -> list[LeftOut]:
        public = self.rules.public(rows)
        others = ~self.rules.oneself(rows)
        language, time, channel = (mask & others for mask in public.by_rule)
        fits = language & time & channel
        alone = (time & channel & ~language, language & channel & ~time, language & time & ~channel)
        alone_counts = [np.count_nonzero(mask & others, axis=1).tolist() for mask in alone]
        passing = [np.count_nonzero(mask, axis=1).tolist() for mask in (language, time, channel)]
        considered = np.count_nonzero(others, axis=1).tolist()
        fitting = np.count_nonzero(fits, axis=1).tolist()
        best = np.max(public.least, axis=1, initial=0, where=language & channel).astype(np.int64)
        best_minutes = (best * SLOT_MINUTES).tolist()
        below = self._all_below(rows, public, fits).tolist()
        found = []
        for n, i in enumerate(rows.tolist()):
            reasons: tuple[LeftOutReason, ...]
            if not considered[n]:
                reasons = (LeftOutReason(Reason.NO_OPEN_MENTOR, considered=0),)
            elif fitting[n]:
                code = Reason.BELOW_MIN_SCORE if below[n] else Reason.NO_MENTOR_LEFT
                reasons = (LeftOutReason(code, considered=considered[n], passing=fitting[n]),)
            else:
                by_rule = [
                    self._rule(code, considered[n], passing[r][n], alone_counts[r][n], best_minutes[n])
                    for r, code in enumerate(PUBLIC_RULES)
                ]
                reasons = binding(by_rule)
            found.append(LeftOut(self.mentees[i].person_id, reasons))
        return found

    def _all_below(self, rows: Rows, public: PublicRules, fits: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell whose fitting mentors all stay below the least score."""
        if self.settings.min_score <= 1:
            return np.zeros(len(rows), dtype=np.bool_)
        row, column = np.nonzero(fits)
        score = self.scores.of_block(rows, row, column, public.least[row, column])
        reached = np.bincount(row[score >= self.settings.min_score], minlength=len(rows)) > 0
        below: NDArray[np.bool_] = ~reached
        return below

    def _rule(self, code: Reason, considered: int, passing: int, alone: int, best: int) -> LeftOutReason:
        of_time = code is Reason.NOT_ENOUGH_COMMON_TIME
        return LeftOutReason(
            code,
            considered=considered,
            passing=passing,
            would_open=alone,
            best_minutes=best if of_time else None,
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
    )
