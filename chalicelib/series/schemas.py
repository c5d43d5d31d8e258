"""Series, their people and their sites on the wire."""

from typing import Annotated, Any, Self

from pydantic import Field

from chalicelib.people.schemas import CountryCode, Locale
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Line, Text, instant
from chalicelib.series.awarding import Awarding
from chalicelib.series.inviting import Invitation, InvitationOutcome, Invited
from chalicelib.series.model import MOST_INVITED, Entry, Limits, SeriesPlace, SeriesRole, Site
from chalicelib.series.service import Draft, OwnPlace, SeenMember, SeenSeries

_ROLES = (
    "`owner`: runs the series and says who has which role; `facilitator`: leads its sessions; `expert`: a subject "
    "expert of the hub; `support`: programme support, who invites and keeps the attendance; `member`: takes part from "
    "a spoke; `guest`: looks in a few times"
)
RoleField = Annotated[SeriesRole, Field(description=_ROLES)]


GuestsField = Annotated[int, Field(ge=0, le=500, description="Guests in one session, at most")]
VisitsField = Annotated[int, Field(ge=0, le=100, description="Sessions that one guest may join")]
ShareField = Annotated[
    int, Field(ge=0, le=100, description="Percentage of the time held that a certificate takes")
]
DueField = Annotated[int, Field(ge=1, le=30, description="Days within which written recommendations are due")]


class LimitsBody(Body):
    guests: GuestsField = 25
    visits: VisitsField = 3
    share: ShareField = 80
    recommendation_days: DueField = 3

    def to_model(self) -> Limits:
        return Limits(**self.model_dump())


class EchoSeriesBody(Body):
    title: Line
    description: Text = ""
    time_zone: Annotated[
        str, Field(min_length=1, max_length=60, examples=["Africa/Nairobi"], description="On whose clock it is held")
    ]  # fmt: skip
    entry: Annotated[
        Entry, Field(description="`public`: anybody may join; `invitation`: who was invited")
    ] = Entry.INVITATION
    limits: LimitsBody = LimitsBody()

    def to_model(self) -> Draft:
        return Draft(self.title, self.description, self.time_zone, self.entry, self.limits.to_model())


class LimitsChange(Body):
    """Those that are given; the others stay."""

    guests: GuestsField | None = None
    visits: VisitsField | None = None
    share: ShareField | None = None
    recommendation_days: DueField | None = None


class SeriesChange(Body):
    title: Line | None = None
    description: Text | None = None
    time_zone: Annotated[str, Field(min_length=1, max_length=60, examples=["Africa/Nairobi"])] | None = None
    entry: Entry | None = None
    limits: LimitsChange | None = None

    def changes(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in self.model_fields_set}
        if self.limits is not None:
            given["limits"] = self.limits.model_dump(exclude_none=True)
        return {name: value for name, value in given.items() if value is not None}


class LimitsView(Answer):
    guests: int
    visits: int
    share: int
    recommendation_days: int


class SeriesView(Answer):
    id: str
    organisation_id: Annotated[str, Field(description="The hub")]
    title: str
    description: str
    time_zone: str
    entry: Entry
    limits: LimitsView
    your_role: Annotated[
        SeriesRole | None, Field(description="Null for who only looks, or has not joined yet")
    ]
    your_place: SeriesPlace | None

    @classmethod
    def of(cls, seen: SeenSeries) -> Self:
        series = seen.series
        return cls(
            id=series.id, organisation_id=series.organisation_id, title=series.title,
            description=series.description, time_zone=series.time_zone, entry=series.entry,
            limits=LimitsView.model_validate(series.limits), your_role=seen.role, your_place=seen.place,
        )  # fmt: skip


class AwardingView(Answer):
    """For what certificates are being awarded."""

    sessions: Annotated[int, Field(description="How many were held")]
    share: Annotated[int, Field(description="Of their time, in percent, as much as a certificate takes")]

    @classmethod
    def of(cls, awarding: Awarding) -> Self:
        return cls(sessions=awarding.sessions, share=awarding.share)


class InvitationShape(Body):
    email: Annotated[Line, Field(max_length=254, examples=["amina@example.org"])]
    given_name: Annotated[Line, Field(description="Of who has no account yet")]
    family_name: Annotated[str, Field(max_length=200)] = ""
    role: RoleField = SeriesRole.MEMBER
    site_id: Identifier | None = None
    locale: Locale = "en"

    def to_model(self) -> Invitation:
        return Invitation(self.email, self.given_name, self.family_name, self.role, self.locale, self.site_id)


class InvitationsBody(Body):
    invitations: Annotated[tuple[InvitationShape, ...], Field(min_length=1, max_length=MOST_INVITED)]

    def to_model(self) -> tuple[Invitation, ...]:
        return tuple(one.to_model() for one in self.invitations)


class InvitedView(Answer):
    email: str
    outcome: Annotated[
        InvitationOutcome,
        Field(
            description="`invited`; or why not: `already_in`: takes part, or was invited before; `repeated` in this "
            "list; `address_malformed`: no address of mail; `site_unknown`; `place_taken`: was "
            "removed, and the owner alone invites them again; "
            "`changed_meanwhile`: their account or place was changed just now, send it again"
        ),
    ]


class InvitationsView(Answer):
    """What became of each invitation, in the order sent."""

    invited: Annotated[int, Field(description="How many were")]
    failed: int
    items: tuple[InvitedView, ...]

    @classmethod
    def of(cls, told: tuple[Invited, ...]) -> Self:
        count = sum(one.outcome is InvitationOutcome.INVITED for one in told)
        items = tuple(InvitedView(email=one.email, outcome=one.outcome) for one in told)
        return cls(invited=count, failed=len(told) - count, items=items)


class SeriesMemberView(Answer):
    person_id: str
    name: str
    role: SeriesRole
    place: SeriesPlace
    site_id: str | None
    visits: Annotated[int, Field(description="Sessions that a guest has joined")]
    since: Instant

    @classmethod
    def of(cls, seen: SeenMember) -> Self:
        member = seen.member
        # Who has only been invited has not agreed to show their name.
        name = seen.person.name if seen.person and member.place is not SeriesPlace.INVITED else ""
        return cls(
            person_id=member.person_id, name=name, role=member.role, place=member.place, site_id=member.site_id,
            visits=member.visits, since=instant(member.since),
        )  # fmt: skip


class SeriesMemberChange(Body):
    role: RoleField | None = None
    site_id: Identifier | None = None


class JoinBody(Body):
    role: Annotated[
        SeriesRole,
        Field(description="`member` or `guest`, where nobody has invited you; an invitation has its own"),
    ] = SeriesRole.MEMBER
    site_id: Annotated[Identifier | None, Field(description="The site from which you take part")] = None


class ShareView(Answer):
    """How much of the time held you were there, in the sessions that are closed."""

    attended_seconds: int
    held_seconds: int
    sessions: int
    percent: Annotated[int | None, Field(description="Null where nothing has been held")]
    is_enough: Annotated[bool, Field(description="Whether it is as much as the certificate takes")]


class OwnSeriesView(Answer):
    series_id: str
    title: str
    role: SeriesRole
    place: SeriesPlace
    site_id: str | None
    visits: int
    share: Annotated[ShareView | None, Field(description="Null in lists, and after a change")]

    @classmethod
    def of(cls, own: OwnPlace) -> Self:
        member, share = own.member, own.share
        return cls(
            series_id=own.series.id, title=own.series.title, role=member.role, place=member.place,
            site_id=member.site_id, visits=member.visits,
            share=ShareView(
                attended_seconds=share.attended, held_seconds=share.held, sessions=share.sessions,
                percent=share.percent, is_enough=share.is_enough,
            ) if share else None,
        )  # fmt: skip


class SiteBody(Body):
    name: Line
    country: CountryCode


class SiteChange(Body):
    """What is left out stays."""

    name: Line | None = None
    country: CountryCode | None = None


class SiteView(Answer):
    id: str
    name: str
    country: str
    income_group: Annotated[
        str | None, Field(description="The World Bank's group of the country; null where it has none")
    ]

    @classmethod
    def of(cls, site: Site) -> Self:
        return cls(id=site.id, name=site.name, country=site.country, income_group=site.income_group)
