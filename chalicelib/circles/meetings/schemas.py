"""Meetings of a circle, their agendas, turns and attendance on the wire."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from chalicelib.attendance.model import MarkKind
from chalicelib.attendance.schemas import CorrectionShape, MarkShape, PresenceShape, presence_fields
from chalicelib.circles.meetings.model import (
    MOST_MEETINGS,
    Duty,
    Item,
    MeetingMove,
    MeetingScope,
    MeetingState,
)
from chalicelib.circles.meetings.service import (
    MeetingChange,
    MeetingStep,
    MeetingWish,
    OwnMark,
    SeenMeeting,
    SeenPresence,
)
from chalicelib.kernel.texts import readable
from chalicelib.people.model import checked_start, minutes_of
from chalicelib.platform.web.shapes import (
    Answer,
    Body,
    Identifier,
    Instant,
    InstantGiven,
    Line,
    Link,
    given_instant,
    instant,
)

Time = Annotated[str, AfterValidator(checked_start), Field(min_length=5, max_length=5, examples=["15:00"])]
Minutes = Annotated[int, Field(ge=15, le=240)]


class CircleMeetingsBody(Body):
    on: Annotated[
        date, Field(description="The first day, on the clock of `time_zone`", examples=["2026-12-02"])
    ]
    at: Annotated[Time, Field(description="The time on that clock, which stays when clocks change")]
    time_zone: Annotated[str, Field(min_length=1, max_length=60, examples=["Africa/Nairobi"])]
    meetings: Annotated[
        int | None, Field(ge=1, le=MOST_MEETINGS, description="As many as the circle has, unless you say")
    ] = None
    every_weeks: Annotated[int | None, Field(ge=1, le=8)] = None
    minutes: Minutes | None = None
    link: Annotated[Link | None, Field(description="Where it is held")] = None

    def to_model(self) -> MeetingWish:
        return MeetingWish(
            self.on,
            minutes_of(self.at),
            self.time_zone,
            self.meetings,
            self.every_weeks,
            self.minutes,
            self.link,
        )


class CircleMeetingChange(Body):
    scope: Annotated[
        MeetingScope, Field(description="`following`: this one and those after it, by as much on the clock")
    ] = MeetingScope.ONE
    on: Annotated[date | None, Field(description="With `at`, on the meeting's clock")] = None
    at: Time | None = None
    minutes: Minutes | None = None
    link: Link | None = None

    @model_validator(mode="after")
    def _day_and_time(self) -> Self:
        if (self.on is None) is not (self.at is None):
            raise ValueError("give `on` and `at` together")
        return self

    def to_model(self) -> MeetingChange:
        return MeetingChange(
            self.scope, self.on, minutes_of(self.at) if self.at else None, self.minutes, self.link
        )


class CircleMeetingMoveBody(Body):
    move: Annotated[
        MeetingMove,
        Field(
            description="`begin`: attendance counts; `end`: of one that nobody began it was held as planned; `close`: "
            "its minutes are final; `cancel`; `assign`: `person_id` presents or hosts it in the place of whose turn it "
            "is; `add_item`, `drop_item`: of its agenda"
        ),
    ]
    ended_at: Annotated[
        InstantGiven | None,
        Field(
            description="With `end`: when it did, if it is said later; two hours after its plan it has to be"
        ),
    ] = None
    duty: Annotated[Duty | None, Field(description="With `assign`")] = None
    person_id: Annotated[Identifier | None, Field(description="With `assign`")] = None
    title: Annotated[
        Line | None, Field(description="With `add_item`. Write nothing that identifies a patient")
    ] = None
    minutes: Annotated[int | None, Field(ge=1, le=240, description="With `add_item`")] = None
    note: Annotated[
        str,
        AfterValidator(readable),
        Field(
            max_length=2000, description="With `add_item`: for the circle alone, coordinators do not read it"
        ),
    ] = ""
    item_id: Annotated[Identifier | None, Field(description="With `drop_item`")] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.move is MeetingMove.ASSIGN and (self.duty is None or self.person_id is None):
            raise ValueError("give `duty` and `person_id` with `assign`")
        if self.move is MeetingMove.ADD_ITEM and self.title is None:
            raise ValueError("give `title` with `add_item`")
        if self.move is MeetingMove.DROP_ITEM and self.item_id is None:
            raise ValueError("give `item_id` with `drop_item`")
        return self

    def to_model(self) -> MeetingStep:
        ended_at = given_instant(self.ended_at) if self.ended_at else None
        return MeetingStep(
            self.move, ended_at, self.duty, self.person_id, self.title, self.minutes, self.note, self.item_id
        )


class AgendaItemView(Answer):
    id: str
    title: str
    minutes: int | None
    note: Annotated[str, Field(description="Empty to who does not take part")]
    by: Annotated[str, Field(description="Who put it there; empty to who does not take part")]

    @classmethod
    def of(cls, item: Item) -> Self:
        return cls(id=item.id, title=item.title, minutes=item.minutes, note=item.note, by=item.by)


class CircleMeetingView(Answer):
    id: str
    circle_id: str
    starts_at: Instant
    local: Annotated[
        str, Field(description="When it is on the clock of `time_zone`", examples=["2026-12-02T15:00"])
    ]
    time_zone: str
    minutes: int
    link: str | None
    status: MeetingState
    presenter_id: Annotated[str | None, Field(description="Whose turn it is, or was, to present")]
    host_id: Annotated[
        str | None, Field(description="Whose turn it is, or was, to host; among peers, to chair")
    ]
    begun_at: Instant | None
    ended_at: Instant | None
    agenda: Annotated[
        tuple[AgendaItemView, ...] | None, Field(description="Where one meeting is read; null in lists")
    ]

    @classmethod
    def of(cls, seen: SeenMeeting) -> Self:
        meeting = seen.meeting
        agenda = tuple(AgendaItemView.of(one) for one in seen.items) if seen.items is not None else None
        return cls(
            id=meeting.id, circle_id=meeting.circle_id, starts_at=instant(meeting.starts_at),
            local=meeting.wall.isoformat(timespec="minutes"), time_zone=meeting.time_zone, minutes=meeting.minutes,
            link=meeting.link, status=meeting.status, presenter_id=seen.turns.presenter_id, host_id=seen.turns.host_id,
            begun_at=instant(meeting.begun_at), ended_at=instant(meeting.ended_at), agenda=agenda,
        )  # fmt: skip


class CircleMeetingsView(Answer):
    items: tuple[CircleMeetingView, ...]

    @classmethod
    def of(cls, found: tuple[SeenMeeting, ...]) -> Self:
        return cls(items=tuple(CircleMeetingView.of(one) for one in found))


class CircleMarkBody(MarkShape):
    pass


class CircleMarkedView(Answer):
    kind: MarkKind
    at: Instant
    link: Annotated[str | None, Field(description="Where the meeting is held")]

    @classmethod
    def of(cls, own: OwnMark) -> Self:
        return cls(kind=own.kind, at=instant(own.at), link=own.link)


class CirclePresenceView(PresenceShape):
    @classmethod
    def of(cls, seen: SeenPresence) -> Self:
        return cls(**presence_fields(seen.presence, seen.person.name if seen.person else ""))


class CircleCorrectionBody(CorrectionShape):
    person_id: Identifier
