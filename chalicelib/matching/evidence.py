"""What speaks for a pair, as facts that a run's explanation keeps; `wording.py` makes sentences of them.

None is of a block, a decline, a negative wish, a gender, a background or a value: what the two do not show each other
anyhow is here only where it meets something of the other's own. `docs/matching.md`, "Who is told what", says who reads
which. Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.people.model import CareerStage


@dataclass(frozen=True)
class Meeting:
    """Two things that meet without being one: the mentee's, and what the mentor has beside it."""

    mentee: str
    mentor: str


@dataclass(frozen=True)
class Professions:
    """Practised professions by ISCO-08 code, one or of one group; a student's is the one that they study for."""

    mentee: str
    mentor: str
    mentee_studies: bool = False
    mentor_studies: bool = False


@dataclass(frozen=True)
class CareerStages:
    """The two stages, where they are what a pair of its kind is for: the mentor ahead of the mentee, in a reverse pair
    behind, of peers the same."""

    mentee: CareerStage
    mentor: CareerStage


@dataclass(frozen=True)
class MetWishes:
    """One side's wishes that the other meets, for the one who has them alone.

    Attributes
    ----------
    interest
        Countries of interest where the other practises or has worked.
    country, career_stage
        The other's, where it was among those wished for.
    """

    interest: tuple[str, ...] = ()
    country: str | None = None
    career_stage: CareerStage | None = None
    own_profession: bool = False
    abroad: bool = False


@dataclass(frozen=True)
class OtherWay:
    """Of two peers, what the one who stands as mentor seeks, and the other has: as `Evidence` has it of the mentee."""

    topics: tuple[str, ...] = ()
    near_topics: tuple[Meeting, ...] = ()
    growth: tuple[str, ...] = ()
    known_country: str | None = None


@dataclass(frozen=True)
class Evidence:
    """What speaks for a pair.

    Attributes
    ----------
    topics, near_topics
        Topics that the mentee seeks and the mentor offers, as the mentee spells them; and those that a topic of the
        mentor's comes close to in its words.
    specialties, near_specialties
        By slug: of both, and of related fields.
    growth
        What the mentee wants to grow in and the mentor is strong in.
    research
        Research interests of both.
    goals_alike
        Whether the goals texts earned at least three quarters of their points.
    countries
        Where the two practise.
    known_country
        The mentee's, if the mentor has worked there and practises elsewhere.
    waiting_since
        Of a mentee whose waiting earned at least half of its points; of peers of none, as both have waited.
    other_way
        Of peers alone.
    """

    topics: tuple[str, ...] = ()
    near_topics: tuple[Meeting, ...] = ()
    specialties: tuple[str, ...] = ()
    near_specialties: tuple[Meeting, ...] = ()
    growth: tuple[str, ...] = ()
    research: tuple[str, ...] = ()
    goals_alike: bool = False
    professions: Professions | None = None
    career_stages: CareerStages | None = None
    countries: Meeting | None = None
    known_country: str | None = None
    waiting_since: datetime | None = None
    mentee_wishes: MetWishes = field(default_factory=MetWishes)
    mentor_wishes: MetWishes = field(default_factory=MetWishes)
    other_way: OtherWay | None = None

    @property
    def of_peers(self) -> bool:
        return self.other_way is not None
