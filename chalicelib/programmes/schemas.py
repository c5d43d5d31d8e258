"""Programmes on the wire."""

from datetime import date
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field

from chalicelib.credentials.badge_views import BadgeView
from chalicelib.kernel.clock import text_of
from chalicelib.people.model import PersonStatus
from chalicelib.people.schemas import LanguageShape, MailStoppedView
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Line, Link, Query, Tag, Text
from chalicelib.programmes.counting_schemas import WhatCountsBody as WhatCountsBody
from chalicelib.programmes.counting_schemas import WhatCountsView as WhatCountsView
from chalicelib.programmes.directory import MentorCard, MentorSearch
from chalicelib.programmes.model import (
    DEFAULT_GOAL_REVIEW_SESSIONS,
    DEFAULT_GRACE_DAYS,
    DEFAULT_MAX_CAPACITY,
    DEFAULT_MENTEE_PLACES,
    DEFAULT_MENTORSHIP_MONTHS,
    DEFAULT_PROPOSAL_DAYS,
    MAX_MENTEE_PLACES,
    Cadence,
    CertificateRule,
    Enrolment,
    EnrolmentStatus,
    Format,
    HealthRule,
    Joining,
    PairKind,
    Programme,
    ProgrammeStatus,
    Publish,
    Role,
    VideoProvider,
    VideoRooms,
)
from chalicelib.programmes.service import Enrolled

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31), examples=["2027-06-30"])]


class CertificateRuleBody(Body):
    """What a mentorship must have come to for a certificate of either of its two."""

    sessions: Annotated[int, Field(ge=0, le=200, description="At least so many held")] = 6
    minutes: Annotated[int, Field(ge=0, le=60_000, description="At least so long in sessions")] = 0
    goals_reached: Annotated[int, Field(ge=0, le=40, description="At least so many reached")] = 0
    final_reflection: Annotated[
        bool, Field(description="Whether the person must have written a final reflection")
    ] = True

    def to_model(self) -> CertificateRule:
        return CertificateRule(**self.model_dump())


class CertificateRuleView(Answer):
    sessions: int
    minutes: int
    goals_reached: int
    final_reflection: bool


class HealthRuleBody(Body):
    """When a mentorship is held to need help."""

    quiet_days: Annotated[
        int, Field(ge=7, le=180, description="No session held for so long, and none booked")
    ] = HealthRule.quiet_days
    no_shows: Annotated[
        int,
        Field(ge=1, le=10, description="So many to which one of the two did not come, and none held since"),
    ] = HealthRule.no_shows
    overdue_days: Annotated[
        int, Field(ge=1, le=180, description="A goal is open for so long after its day")
    ] = HealthRule.overdue_days
    no_goals_days: Annotated[int, Field(ge=1, le=180, description="No goal so long after the beginning")] = (
        HealthRule.no_goals_days
    )
    task_days: Annotated[
        int, Field(ge=3, le=90, description="For how long the two are left to mend it before there is a task")
    ] = HealthRule.task_days

    def to_model(self) -> HealthRule:
        return HealthRule(**self.model_dump())


class HealthRuleView(Answer):
    quiet_days: int
    no_shows: int
    overdue_days: int
    no_goals_days: int
    task_days: int


class VideoBody(Body):
    """Where people meet by video whose sessions are booked from now on."""

    provider: Annotated[
        VideoProvider,
        Field(
            description="mentors_link: at the link of the mentor's own (`PUT /v1/me/meeting-ways`). fixed_room: all at "
            "one address. generated_room: each session or series in a room whose name nobody can guess, on a server "
            "where whoever knows a name can enter"
        ),
    ] = VideoProvider.MENTORS_LINK
    address: Annotated[
        Link | None,
        Field(
            examples=["https://meet.example.org"],
            description="The fixed room, or what stands before a generated room's name: https, a public host; null "
            "for the mentor's link",
        ),
    ] = None  # fmt: skip

    def to_model(self) -> VideoRooms:
        return VideoRooms(self.provider, self.address)


class VideoView(Answer):
    provider: VideoProvider
    host: Annotated[
        str | None,
        Field(description="Of the address, which is shown in their sessions alone: who has it can enter"),
    ]

    @classmethod
    def of(cls, video: VideoRooms) -> Self:
        return cls(provider=video.provider, host=urlsplit(video.address).hostname if video.address else None)


class ProgrammeRules(Body):
    """What coordinators set."""

    description: Text = ""
    format: Format = Format.ONE_TO_ONE
    status: ProgrammeStatus = ProgrammeStatus.ACTIVE
    starts_on: Day | None = None
    ends_on: Day | None = None
    publish: Publish = Publish.AUTO
    joining: Joining = Joining.OPEN
    cadence: Cadence = Cadence.NIGHTLY
    mentee_led: bool = True
    proposal_days: Annotated[int, Field(ge=1, le=30)] = DEFAULT_PROPOSAL_DAYS
    mentee_places: Annotated[
        int,
        Field(
            ge=1,
            le=MAX_MENTEE_PLACES,
            description="Mentorships and open proposals that a mentee may have at a time: all mentees, as soon as it "
            "is set; who has more keeps them",
        ),
    ] = DEFAULT_MENTEE_PLACES
    max_capacity: Annotated[
        int,
        Field(
            ge=1,
            le=20,
            description="The most that a mentor may offer; who has more places keeps them until they change them",
        ),
    ] = DEFAULT_MAX_CAPACITY
    grace_days: Annotated[
        int,
        Field(
            ge=0,
            le=90,
            description="For how many days a mentorship goes on after its mentor's credential has expired; it counts "
            "for what expires from now on. What is revoked pauses it at once",
        ),
    ] = DEFAULT_GRACE_DAYS
    goal_review_sessions: Annotated[
        int,
        Field(
            ge=1,
            le=20,
            description="After how many sessions the two are asked to review each goal; it counts for goals that are "
            "written or reviewed from now on",
        ),
    ] = DEFAULT_GOAL_REVIEW_SESSIONS
    mentorship_months: Annotated[
        int,
        Field(
            ge=1,
            le=60,
            description="For how many months a mentorship lasts that begins from now on, unless the two agree on more",
        ),
    ] = DEFAULT_MENTORSHIP_MONTHS
    certificate: Annotated[
        CertificateRuleBody | None,
        Field(
            default_factory=CertificateRuleBody,
            description="When a certificate is due; null for a programme that issues none",
        ),
    ]
    health: Annotated[
        HealthRuleBody,
        Field(default_factory=HealthRuleBody, description="When a mentorship is held to need help"),
    ]

    video: Annotated[VideoBody, Field(default_factory=VideoBody)]

    def _value(self, name: str) -> Any:
        value = getattr(self, name)
        return (
            value.to_model() if isinstance(value, CertificateRuleBody | HealthRuleBody | VideoBody) else value
        )


class ProgrammeBody(ProgrammeRules):
    organisation_id: Identifier
    name: Line
    kind: Annotated[
        PairKind,
        Field(
            description="What the two of a pair are to each other: the mentor is further in their career, or the "
            "junior (reverse), or each is mentor and mentee of the other (peer). It cannot be changed later"
        ),
    ] = PairKind.ONE_TO_ONE

    def fields(self) -> dict[str, Any]:
        """Return all fields but the organisation, as the model has them."""
        return {name: self._value(name) for name in type(self).model_fields if name != "organisation_id"}


class ProgrammeChange(ProgrammeRules):
    name: Line = "unchanged"

    def changes(self) -> dict[str, Any]:
        """Return the fields that were sent."""
        return {name: self._value(name) for name in self.model_fields_set}


class ProgrammeView(Answer):
    id: str
    organisation_id: str
    name: str
    description: str
    format: Format
    kind: PairKind
    status: ProgrammeStatus
    starts_on: date | None
    ends_on: date | None
    publish: Publish
    joining: Joining
    cadence: Cadence
    mentee_led: bool
    proposal_days: int
    mentee_places: int
    max_capacity: int
    grace_days: int
    goal_review_sessions: int
    mentorship_months: int
    certificate: CertificateRuleView | None
    health: HealthRuleView
    video: VideoView

    @classmethod
    def of(cls, programme: Programme) -> Self:
        shown = {name: getattr(programme, name) for name in cls.model_fields}
        return cls.model_validate(shown | {"video": VideoView.of(programme.video)})


class ProgrammesQuery(Query):
    organisation_id: Annotated[
        Identifier | None, Field(description="All of one organisation's, for its staff")
    ] = None


class EnrolmentBody(Body):
    role: Annotated[Role, Field(description="`peer` in a programme of peers, and nowhere else")]
    capacity: Annotated[
        int | None,
        Field(ge=0, le=20, description="A mentor's or peer's places; by default as the profile says"),
    ] = None


class EnrolmentView(Answer):
    programme_id: str
    person_id: str
    role: Role
    status: EnrolmentStatus
    capacity: Annotated[
        int, Field(description="A mentor's or peer's offer; a mentee's are the programme's `mentee_places`")
    ]
    free: Annotated[int, Field(description="Capacity less open proposals and mentorships")]
    enrolled_at: Instant

    @classmethod
    def of(cls, enrolment: Enrolment) -> Self:
        return cls(
            programme_id=enrolment.programme_id, person_id=enrolment.person_id, role=enrolment.role,
            status=enrolment.status, capacity=enrolment.capacity, free=enrolment.free,
            enrolled_at=text_of(enrolment.enrolled_at),
        )  # fmt: skip


class EnrolledView(EnrolmentView):
    """Of people who are invited, what they were called then; whether they have an account is not told."""

    name: Annotated[str | None, Field(description="Null for somebody invited by id who has not joined")]
    person_status: str
    mail_stopped: Annotated[
        MailStoppedView | None, Field(description="Null where mail is sent to them as to anybody")
    ]

    @classmethod
    def of(cls, enrolled: Enrolled) -> Self:  # type: ignore[override]
        view = EnrolmentView.of(enrolled.enrolment)
        stop = enrolled.mail_stop
        shown = view.model_dump() | {
            "name": enrolled.name, "person_status": enrolled.person.status.value,
            "mail_stopped": MailStoppedView.of(stop) if stop else None,
        }  # fmt: skip
        if enrolled.is_invited:
            shown |= {"status": EnrolmentStatus.INVITED, "person_status": PersonStatus.INVITED.value}
        return cls(**shown)


class SideQuery(Query):
    role: Role | None = None


class RequiredSideQuery(Query):
    role: Role


class MentorsQuery(Query):
    specialty: Annotated[str | None, Field(max_length=60, examples=["cardiology"])] = None
    language: Annotated[str | None, Field(max_length=35, examples=["fr"])] = None
    country: Annotated[str | None, Field(max_length=3, examples=["CA"])] = None
    topic: Tag | None = None

    def to_model(self) -> MentorSearch:
        return MentorSearch(**dict(self))


class MentorCardView(Answer):
    """A mentor as mentees see them; there is no address in it."""

    person_id: str
    name: str
    profession: str | None
    specialties: list[str]
    career_stage: str | None
    country: str | None
    employer: str | None
    languages: list[LanguageShape]
    time_zone: str | None
    channels: list[str]
    topics_offered: list[str]
    research_interests: list[str]
    strengths: list[str]
    about: str
    badges: Annotated[
        list[BadgeView], Field(description="What verifies the mentor at this moment, the longest first")
    ]
    places_free: int

    @classmethod
    def of(cls, card: MentorCard) -> Self:
        profile = card.profile
        return cls.model_validate(
            {
                "person_id": card.person.id, "name": card.person.name, "profession": profile.profession,
                "specialties": profile.specialties, "career_stage": profile.career_stage,
                "country": profile.country, "employer": profile.employer,
                "languages": [LanguageShape(language=one.language, level=one.level) for one in profile.languages],
                "time_zone": profile.time_zone, "channels": profile.channels,
                "topics_offered": profile.topics_offered, "research_interests": profile.research_interests,
                "strengths": profile.strengths, "about": profile.goals,
                "badges": [BadgeView.of(badge, card.locale, card.country) for badge in card.badges],
                "places_free": card.enrolment.free,
            }
        )  # fmt: skip
