"""Circles, their plans, formings and places on the wire."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.circles.forming import SeenForming
from chalicelib.circles.meetings.model import Share
from chalicelib.circles.model import (
    DEFAULT_SHARE,
    FEWEST,
    MOST,
    MOST_LEADS,
    CircleHold,
    CircleMove,
    CirclePlan,
    CircleRole,
    CircleStatus,
    Formed,
    FormingMove,
    FormingStatus,
    LeftOut,
    PlaceState,
)
from chalicelib.circles.service import GivenPlace, SeenCircle, SeenPlace
from chalicelib.kernel.pages import DEFAULT_LIMIT, MAX_LIMIT, PageRequest
from chalicelib.matching.formation import MOST_TOPICS, Countries, Help, Helps, Missing, Weekly
from chalicelib.people.model import Person, Weekday, minutes_text
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Line, Query, Tag, instant
from chalicelib.programmes.model import PairKind


class CirclePlanBody(Body):
    least: Annotated[
        int, Field(ge=FEWEST, le=MOST, description="Members of a circle, beside who leads it")
    ] = 4
    most: Annotated[int, Field(ge=FEWEST, le=MOST)] = 6
    leads: Annotated[
        int,
        Field(
            ge=0, le=MOST_LEADS,
            description="Mentors of each (in a reverse programme, juniors); 0: peers, who chair in turn",
        ),
    ] = 1  # fmt: skip
    topics: Annotated[
        tuple[Tag, ...], Field(max_length=MOST_TOPICS, description="On what; none: on what people seek")
    ] = ()
    minutes: Annotated[int, Field(ge=15, le=240, description="Of a meeting, in quarters of an hour")] = 60
    every_weeks: Annotated[int, Field(ge=1, le=8, description="In how many weeks there is one meeting")] = 2
    meetings: Annotated[int, Field(ge=1, le=40)] = 6
    countries: Annotated[
        Countries,
        Field(description="`mixed`: of as many countries as can be; `alike`: of as few; `any`: no matter"),
    ] = Countries.ANY
    opening: Annotated[
        int, Field(ge=0, le=30, description="First minutes of a meeting, which are no education")
    ] = 5
    closing: Annotated[
        int, Field(ge=0, le=30, description="Last minutes of a meeting, which are no education")
    ] = 5
    share: Annotated[
        int, Field(ge=0, le=100, description="Of the time held, in percent, as much as a certificate takes")
    ] = DEFAULT_SHARE

    def to_model(self, programme_id: str) -> CirclePlan:
        return CirclePlan(programme_id, **self.model_dump())


class CirclePlanView(Answer):
    programme_id: str
    least: int
    most: int
    leads: int
    topics: tuple[str, ...]
    minutes: int
    every_weeks: int
    meetings: int
    countries: Countries
    opening: int
    closing: int
    share: int

    @classmethod
    def of(cls, plan: CirclePlan) -> Self:
        return cls.model_validate(plan)


class CircleFormingBody(Body):
    move: Annotated[
        FormingMove,
        Field(
            description="`form`: work out who of those without a circle would be with whom, to be looked at; "
            "`publish`: make it so, and ask the people"
        ),
    ]


class CircleFormingQuery(Query):
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[str | None, Field(max_length=2000)] = None

    def page(self) -> PageRequest:
        return PageRequest(self.limit, self.cursor)


class CircleHourView(Answer):
    """An hour of every week on a clock."""

    time_zone: str
    weekday: Weekday
    start: str
    minutes: int

    @classmethod
    def of(cls, one: Weekly) -> Self:
        return cls(
            time_zone=one.zone, weekday=one.weekday, start=minutes_text(one.start), minutes=one.minutes
        )


class CirclePersonView(Answer):
    person_id: str
    name: str

    @classmethod
    def of_person(cls, person_id: str, known: dict[str, Person]) -> Self:
        person = known.get(person_id)
        return cls(person_id=person_id, name=person.name if person else "")


class FormedCircleView(Answer):
    """A circle as it would be, and why: all wish the topic, talk in the language, and have the hour."""

    circle_id: Annotated[
        str | None, Field(description="Of one that there is, whose free seats would be filled")
    ]
    topic: str
    language: str
    meets: CircleHourView
    leads: tuple[CirclePersonView, ...]
    members: tuple[CirclePersonView, ...]
    joining: Annotated[
        tuple[str, ...], Field(description="Of the members those who would be given a seat now")
    ]
    points: Annotated[
        int, Field(description="How well they suit it: up to a million each, and what countries add")
    ]

    @classmethod
    def of_one(cls, one: Formed, known: dict[str, Person]) -> Self:
        return cls(
            circle_id=one.circle_id, topic=one.topic, language=one.language, meets=CircleHourView.of(one.meets),
            leads=tuple(CirclePersonView.of_person(each, known) for each in one.leads),
            members=tuple(CirclePersonView.of_person(each, known) for each in one.members),
            joining=one.joining, points=one.points,
        )  # fmt: skip


class CircleHelpView(Answer):
    """One change that alone would have given somebody a seat: any one of its topics, languages or hours."""

    kind: Annotated[Helps, Field(description="`seat`: one seat more would have been theirs")]
    seats: Annotated[int, Field(description="How many are free where it leads")]
    topics: Annotated[tuple[str, ...], Field(description="That they did not name; five at most, as below")]
    languages: Annotated[tuple[str, ...], Field(description="That they do not have at the floor")]
    hours: Annotated[tuple[CircleHourView, ...], Field(description="At which they are not free")]

    @classmethod
    def of(cls, one: Help) -> Self:
        return cls(
            kind=one.kind, seats=one.seats, topics=one.topics, languages=one.languages,
            hours=tuple(CircleHourView.of(each) for each in one.hours),
        )  # fmt: skip


class CircleLeftOutView(Answer):
    person: CirclePersonView
    role: CircleRole
    reason: Annotated[
        Missing,
        Field(
            description="`profile`: says nothing of languages, time zone, hours or topics; `topic`: too few, or nobody "
            "who leads, on their topics; `language`; `time`: no common hour; `too_few`: somebody fits, but too few; "
            "`full`: seats or leads are taken by others"
        ),
    ]
    helps: Annotated[
        tuple[CircleHelpView, ...], Field(description="What alone would have given them a seat that is free")
    ]

    @classmethod
    def of_one(cls, one: LeftOut, known: dict[str, Person]) -> Self:
        person = CirclePersonView.of_person(one.person_id, known)
        return cls(
            person=person,
            role=one.role,
            reason=one.reason,
            helps=tuple(CircleHelpView.of(each) for each in one.helps),
        )


class CircleShortageView(Answer):
    topic: str
    people: Annotated[int, Field(description="Without a circle, who wish it")]
    leads: Annotated[int, Field(description="Who offer to lead one on it")]


class CircleFormingView(Answer):
    """What was worked out: its sums, and page by page the circles, then who is left out."""

    id: str
    status: Annotated[
        FormingStatus,
        Field(
            description="`asked`: being worked out; `ready`: look at it, then publish it; `publishing`; `published`; "
            "`failed`"
        ),
    ]
    failure: str | None
    circles: int
    placed: int
    placed_bound: Annotated[
        int, Field(description="How many could have a seat at most, whatever was formed: proven")
    ]
    left_out: int
    points: int
    points_bound: Annotated[
        int, Field(description="No circles that place as many have more points than this: proven")
    ]
    shortages: Annotated[tuple[CircleShortageView, ...], Field(description="The most wished first")]
    published: Annotated[int, Field(description="Circles that were made or filled")]
    skipped: Annotated[int, Field(description="Circles of which too few people still could")]
    formed: tuple[FormedCircleView, ...]
    people_left_out: tuple[CircleLeftOutView, ...]
    next: Annotated[str | None, Field(description="The cursor of the next page of the two above")]

    @classmethod
    def of(cls, seen: SeenForming) -> Self:
        forming, report, known = seen.forming, seen.forming.report, seen.known or {}
        return cls(
            id=forming.id, status=forming.status, failure=forming.failure, circles=report.circles, placed=report.placed,
            placed_bound=report.placed_bound, left_out=report.left_out, points=report.value, points_bound=report.bound,
            shortages=tuple(
                CircleShortageView(topic=topic, people=people, leads=leads)
                for topic, people, leads in report.shortages
            ),
            published=forming.published, skipped=forming.skipped,
            formed=tuple(FormedCircleView.of_one(one, known) for one in seen.items if isinstance(one, Formed)),
            people_left_out=tuple(
                CircleLeftOutView.of_one(one, known) for one in seen.items if isinstance(one, LeftOut)
            ),
            next=seen.next,
        )  # fmt: skip


class CircleShareView(Answer):
    meetings: Annotated[int, Field(description="Closed ones at which they were")]
    minutes: int
    percent: Annotated[int | None, Field(description="Of the time held; null where nothing was")]
    is_enough: Annotated[bool, Field(description="Whether it is as much as a certificate takes")]

    @classmethod
    def of(cls, share: Share) -> Self:
        return cls(
            meetings=share.meetings,
            minutes=share.attended // 60,
            percent=share.percent,
            is_enough=share.is_enough,
        )


class CirclePlaceView(Answer):
    circle_id: str
    person_id: str
    name: Annotated[str, Field(description="Empty of yourself")]
    role: Annotated[CircleRole, Field(description="`lead`: a mentor; in a reverse programme, a junior")]
    state: PlaceState
    since: Instant
    offer_ends_at: Annotated[Instant | None, Field(description="Up to when an offer can be taken")]
    position: Annotated[int | None, Field(description="Of who waits: how manieth, from 1")]
    attended: Annotated[CircleShareView | None, Field(description="To coordinators, and to each their own")]

    @classmethod
    def of(cls, seen: SeenPlace) -> Self:
        place = seen.place
        return cls(
            circle_id=place.circle_id, person_id=place.person_id, name=seen.person.name if seen.person else "",
            role=place.role, state=place.state, since=instant(place.since), offer_ends_at=instant(place.offer_ends_at),
            position=seen.position, attended=CircleShareView.of(seen.share) if seen.share else None,
        )  # fmt: skip


class CircleView(Answer):
    id: str
    programme_id: str
    topic: str
    kind: Annotated[PairKind, Field(description="Of the programme: in a `reverse` one the juniors lead")]
    status: CircleStatus
    hold: Annotated[
        CircleHold | None,
        Field(description="Why it is held: `no_lead`: nobody leads it; or a coordinator does"),
    ]
    is_of_peers: Annotated[bool, Field(description="Nobody leads it: they chair in turn")]
    seats: int
    free: Annotated[int, Field(description="Seats that nobody has, is asked to take, or waits for")]
    waiting: int
    language: Annotated[str | None, Field(description="That all could talk in when it was formed")]
    meets: Annotated[CircleHourView | None, Field(description="An hour that all had when it was formed")]
    minutes: int
    every_weeks: int
    meetings: int
    closed_at: Instant | None
    place: Annotated[CirclePlaceView | None, Field(description="Yours")]
    people: Annotated[
        tuple[CirclePlaceView, ...],
        Field(description="Who takes part, to who does or is asked to; to coordinators all places"),
    ]

    @classmethod
    def of(cls, seen: SeenCircle) -> Self:
        circle = seen.circle
        return cls(
            id=circle.id, programme_id=circle.programme_id, topic=circle.topic, kind=circle.kind, status=circle.status,
            hold=circle.hold, is_of_peers=circle.is_of_peers, seats=circle.seats, free=circle.told_free,
            waiting=circle.waiting, language=circle.language,
            meets=CircleHourView.of(circle.meets) if circle.meets else None, minutes=circle.minutes,
            every_weeks=circle.every_weeks, meetings=circle.meetings, closed_at=instant(circle.closed_at),
            place=CirclePlaceView.of(seen.own) if seen.own else None,
            people=tuple(CirclePlaceView.of(one) for one in seen.people),
        )  # fmt: skip


class CircleMoveBody(Body):
    move: Annotated[
        CircleMove,
        Field(
            description="`hold`, `resume`: no meeting begins in between; `as_peers`: it goes on without anybody who "
            "leads, and chairs in turn; `close`: it is over, once all its meetings are closed or cancelled, and "
            "certificates follow"
        ),
    ]
    reason: Annotated[Line, Field(description="Kept for good, and read by nobody of the circle")]


class CirclePlaceBody(Body):
    move: Annotated[
        Literal["add", "move", "remove"],
        Field(description="`add`: offer a place; `move`: to another circle of the programme; `remove`"),
    ]
    person_id: Identifier
    role: Annotated[CircleRole, Field(description="With `add`")] = CircleRole.MEMBER
    to: Annotated[Identifier | None, Field(description="With `move`: the other circle")] = None
    reason: Annotated[Line, Field(description="Kept for good, and read by nobody of the circle")]

    @model_validator(mode="after")
    def _with_target(self) -> Self:
        if (self.move == "move") is (self.to is None):
            raise ValueError("give `to` with `move`, and only then")
        return self

    def to_model(self) -> GivenPlace:
        return GivenPlace(self.move, self.person_id, self.reason, self.role, self.to)
