"""Matching: what goes into a run, and what comes out of it.

Its settings are in `settings.py`, what it says of people in `explanations.py`, of itself in `reports.py`, and of other
settings in `comparisons.py`; all of them are named here as well.

Standard library only: the HTTP function imports this room. What needs numpy lives in `engine/`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.matching.changes import Suggestion as Suggestion
from chalicelib.matching.comparisons import Basis as Basis
from chalicelib.matching.comparisons import Comparison as Comparison
from chalicelib.matching.comparisons import Outcome as Outcome
from chalicelib.matching.comparisons import PeopleOf as PeopleOf
from chalicelib.matching.evidence import Evidence as Evidence
from chalicelib.matching.explanations import CommonWindow as CommonWindow
from chalicelib.matching.explanations import Contribution as Contribution
from chalicelib.matching.explanations import LeftOut as LeftOut
from chalicelib.matching.explanations import LeftOutReason as LeftOutReason
from chalicelib.matching.explanations import LocalSpan as LocalSpan
from chalicelib.matching.explanations import Overlap as Overlap
from chalicelib.matching.explanations import ProposedPair as ProposedPair
from chalicelib.matching.explanations import Reason as Reason
from chalicelib.matching.explanations import SharedLanguage as SharedLanguage
from chalicelib.matching.reports import NOT_CLASSIFIED as NOT_CLASSIFIED
from chalicelib.matching.reports import GroupShare as GroupShare
from chalicelib.matching.reports import HelpCount as HelpCount
from chalicelib.matching.reports import Load as Load
from chalicelib.matching.reports import LockedMiss as LockedMiss
from chalicelib.matching.reports import LockedMissCount as LockedMissCount
from chalicelib.matching.reports import MatchReport as MatchReport
from chalicelib.matching.reports import ObjectiveOutcome as ObjectiveOutcome
from chalicelib.matching.reports import OneMore as OneMore
from chalicelib.matching.reports import PoolSize as PoolSize
from chalicelib.matching.reports import ReasonCount as ReasonCount
from chalicelib.matching.reports import RoundOutcome as RoundOutcome
from chalicelib.matching.reports import Shortage as Shortage
from chalicelib.matching.reports import WantedMentor as WantedMentor
from chalicelib.matching.settings import CRITERIA as CRITERIA
from chalicelib.matching.settings import MAX_NAMED_PAIRS as MAX_NAMED_PAIRS
from chalicelib.matching.settings import MAX_ROUNDS as MAX_ROUNDS
from chalicelib.matching.settings import MAX_WEEKS as MAX_WEEKS
from chalicelib.matching.settings import MAX_WEIGHT as MAX_WEIGHT
from chalicelib.matching.settings import MILLION as MILLION
from chalicelib.matching.settings import MIN_WEIGHT as MIN_WEIGHT
from chalicelib.matching.settings import Criterion as Criterion
from chalicelib.matching.settings import MatchSettings as MatchSettings
from chalicelib.matching.settings import Objective as Objective
from chalicelib.matching.settings import PairOfIds as PairOfIds
from chalicelib.matching.settings import Protected as Protected
from chalicelib.matching.settings import Rule as Rule
from chalicelib.matching.settings import Weights as Weights
from chalicelib.matching.settings import share_out as share_out
from chalicelib.people.model import Profile, Standing
from chalicelib.programmes.model import PairKind

ENGINE_VERSION = "10"
"""Changes whenever the same snapshot could give other bytes; written into each report."""


@dataclass(frozen=True)
class MenteeEntry:
    """A mentee at the instant of the snapshot.

    `places_left` is 0 for a mentee who has the mentors, or open proposals, that the programme allows; `places_held`
    counts those that they have. It is 0 in snapshots from before it was kept, too.
    `blocked` are people whom they do not want, or who do not want them; `declined` are mentors with whom
    either side has said no before. Both are read one way: it is enough that one of the two entries names the
    other.
    """

    person_id: str
    profile: Profile
    waiting_since: datetime
    enrolled: bool = True
    active: bool = True
    places_left: int = 1
    blocked: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    places_held: int = 0

    @property
    def has_one(self) -> bool:
        """Whether they have a mentor or an open proposal already."""
        return self.places_held > 0 or self.places_left < 1

    def closed_for(self) -> tuple[Reason, ...]:
        """Return why this mentee cannot be in a run; empty for one who can."""
        reasons = (
            (Reason.NOT_ENROLLED, not self.enrolled),
            (Reason.NOT_ACTIVE, not self.active),
            (Reason.NO_PLACE_LEFT, self.places_left < 1),
            (Reason.PROFILE_INCOMPLETE, bool(self.profile.missing_for_matching())),
        )
        return tuple(reason for reason, holds in reasons if holds)


@dataclass(frozen=True)
class MentorEntry:
    """A mentor at the instant of the snapshot; `capacity_left` counts places not held by a proposal or
    mentee.
    """

    person_id: str
    profile: Profile
    capacity_left: int
    verified_until: datetime | None
    enrolled: bool = True
    active: bool = True
    blocked: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()

    def closed_for(self, now: datetime) -> tuple[Reason, ...]:
        """Return why this mentor cannot be in a run at `now`; empty for one who can."""
        reasons = (
            (Reason.NOT_ENROLLED, not self.enrolled),
            (Reason.NOT_ACTIVE, not self.active),
            (Reason.NOT_VERIFIED, not Standing(self.verified_until).is_verified(now)),
            (Reason.NO_PLACE_LEFT, self.capacity_left < 1),
            (Reason.PROFILE_INCOMPLETE, bool(self.profile.missing_for_matching())),
        )
        return tuple(reason for reason, holds in reasons if holds)


@dataclass(frozen=True)
class Snapshot:
    """All that a run looks at. The same snapshot gives the same bytes, in whatever order people stand in it.

    `ties` is the run whose ties these are settled like, where it is another: the people of a run that are looked at
    again then get the same pairs again. `mentee_places` is what the programme gave each mentee, and `kind` what its
    pairs are to each other.

    Raises
    ------
    ValueError
        If a person stands twice on one side, or `taken_at` has no zone.
    """

    programme_id: str
    run_id: str
    taken_at: datetime
    mentees: tuple[MenteeEntry, ...]
    mentors: tuple[MentorEntry, ...]
    settings: MatchSettings = field(default_factory=MatchSettings)
    ties: str | None = None
    mentee_places: int | None = None
    kind: PairKind = PairKind.ONE_TO_ONE

    def __post_init__(self) -> None:
        if self.taken_at.tzinfo is None:
            raise ValueError("a snapshot's instant needs a time zone")
        for side, entries in (("mentees", self.mentees), ("mentors", self.mentors)):
            if len({entry.person_id for entry in entries}) != len(entries):
                raise ValueError(f"somebody stands twice among the {side} of a snapshot")


@dataclass(frozen=True)
class MatchResult:
    """Pairs by mentee id, mentees without one, mentors that had no part, and the report.

    `left_out` has every mentee without a pair, `closed_mentors` the mentors who were not open for matching.
    Open mentors without a mentee are those in no pair; the report counts them.
    """

    pairs: tuple[ProposedPair, ...]
    left_out: tuple[LeftOut, ...]
    closed_mentors: tuple[LeftOut, ...]
    report: MatchReport
