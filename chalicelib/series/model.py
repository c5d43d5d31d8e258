"""Tele-mentoring series: the hub's series, who has which role in them, the sites of their members, and who may what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chalicelib.people import codes
from chalicelib.series.errors import SeriesRoleRefused

LOW_AND_MIDDLE = frozenset({"low", "lower_middle", "upper_middle"})
"""The World Bank's groups that are told apart from high-income countries."""
MOST_INVITED = 100
"""Invitations in one request: seven transactions at most, well within the time of a request."""


class SeriesRole(StrEnum):
    """A person's role in one series. OWNER: runs it and says who has which role. FACILITATOR: leads its sessions.
    EXPERT: a subject expert of the hub. SUPPORT: programme support, who invites and keeps the attendance. MEMBER: takes
    part from a spoke. GUEST: looks in, a few times."""

    OWNER = "owner"
    FACILITATOR = "facilitator"
    EXPERT = "expert"
    SUPPORT = "support"
    MEMBER = "member"
    GUEST = "guest"


class Deed(StrEnum):
    """READ: what all who take part may. BANK: bring cases and read those that were approved. REVIEW: read a case before
    others do, and approve it or send it back. RUN: plan sessions, lead them and keep their attendance. PEOPLE: invite
    and see who takes part. OWN: change the series and its roles."""

    READ = "read"
    RUN = "run"
    PEOPLE = "people"
    BANK = "bank"
    REVIEW = "review"
    OWN = "own"


MAY: Mapping[Deed, frozenset[SeriesRole]] = {
    Deed.READ: frozenset(SeriesRole),
    Deed.RUN: frozenset({SeriesRole.OWNER, SeriesRole.FACILITATOR, SeriesRole.SUPPORT}),
    Deed.PEOPLE: frozenset({SeriesRole.OWNER, SeriesRole.FACILITATOR, SeriesRole.SUPPORT}),
    Deed.BANK: frozenset(SeriesRole) - {SeriesRole.GUEST},
    Deed.REVIEW: frozenset({SeriesRole.OWNER, SeriesRole.FACILITATOR, SeriesRole.EXPERT}),
    Deed.OWN: frozenset({SeriesRole.OWNER}),
}
"""Which role may what; coordinators of the hub, and admins, may what its owner may."""

JOINABLE = frozenset({SeriesRole.MEMBER, SeriesRole.GUEST})
"""What somebody can be who joins a public series by themselves."""


class Entry(StrEnum):
    """Who may join: anybody, or who was invited."""

    PUBLIC = "public"
    INVITATION = "invitation"


class SeriesPlace(StrEnum):
    """How far somebody's place in a series is. REMOVED: taken by who runs it; only an invitation gives it back."""

    INVITED = "invited"
    ACTIVE = "active"
    LEFT = "left"
    REMOVED = "removed"


GONE = frozenset({SeriesPlace.LEFT, SeriesPlace.REMOVED})


@dataclass(frozen=True)
class Limits:
    """What a series leaves to its hub. The defaults are those of the issue's series: ECHO programmes commonly let in 25
    guests a session, three visits each.

    Attributes
    ----------
    share
        The percentage of the time held that a certificate takes.
    recommendation_days
        Within how many days written recommendations are due after a case.
    """

    guests: int = 25
    visits: int = 3
    share: int = 80
    recommendation_days: int = 3


@dataclass(frozen=True)
class Series:
    """A series of sessions by a hub, for the spokes that have joined it."""

    id: str
    organisation_id: str
    title: str
    description: str
    time_zone: str
    entry: Entry = Entry.INVITATION
    limits: Limits = field(default_factory=Limits)
    created_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Membership:
    """Somebody's place in a series.

    Attributes
    ----------
    site_id
        The spoke from which they take part.
    visits
        How many sessions a guest has joined.
    """

    series_id: str
    person_id: str
    role: SeriesRole
    place: SeriesPlace
    site_id: str | None = None
    visits: int = 0
    since: datetime | None = None
    version: int | None = None

    @property
    def is_gone(self) -> bool:
        """Whether they left, or their place was taken."""
        return self.place in GONE


@dataclass(frozen=True)
class Site:
    """A spoke: where members work. One that was taken away (`is_closed`) stays for what is known of the past, and
    nobody is placed there."""

    id: str
    series_id: str
    name: str
    country: str
    is_closed: bool = False
    version: int | None = None

    @property
    def income_group(self) -> str | None:
        """The World Bank's group of its country; None where that is not classified."""
        return codes.income_group(self.country)

    @property
    def income(self) -> str | None:
        """How results tell countries apart: `low_and_middle`, or `high`; None where the country is not classified."""
        group = self.income_group
        return ("low_and_middle" if group in LOW_AND_MIDDLE else "high") if group else None


@dataclass(frozen=True)
class Reader:
    """Who asks, as they stand to a series: by their place in it, or as its hub's coordinator."""

    person_id: str
    series: Series
    membership: Membership | None
    is_hub: bool

    @property
    def role(self) -> SeriesRole | None:
        """Their role; a coordinator of the hub has the owner's."""
        if self.is_hub:
            return SeriesRole.OWNER
        return self.membership.role if self.takes_part and self.membership else None

    @property
    def takes_part(self) -> bool:
        return self.membership is not None and self.membership.place is SeriesPlace.ACTIVE

    def may(self, deed: Deed) -> bool:
        return self.role in MAY[deed]

    def require(self, deed: Deed) -> None:
        """Let pass who may do something; raises `SeriesRoleRefused`."""
        if not self.may(deed):
            named = ", ".join(one.value for one in SeriesRole if one in MAY[deed])
            raise SeriesRoleRefused(f"In this series it takes one of these roles: {named}.")
