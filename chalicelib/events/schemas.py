"""Speed events on the wire; rounds are counted from 1."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from chalicelib.events import model
from chalicelib.events.meeting import Obstacle, SeenMeeting, SeenQuestions
from chalicelib.events.model import (
    Break,
    Clock,
    ClockState,
    EventStatus,
    LeftOutReason,
    PlaceStatus,
    Plan,
    Presence,
    SittingState,
)
from chalicelib.events.placing import MOST_ADDED, PlaceMove, SeenPlace, SeenPlaces
from chalicelib.events.service import EventMove, SeenEvent, SeenTimetable
from chalicelib.kernel.texts import readable
from chalicelib.matching.timetable import MAX_ROUNDS, Shortfall
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
from chalicelib.programmes.model import Side

_Link = Annotated[Link, Field(description="Where people meet")]
_Zone = Annotated[
    str, Field(min_length=1, max_length=64, examples=["Africa/Nairobi"], description="Where it is at home")
]
_Rounds = Annotated[int, Field(ge=1, le=MAX_ROUNDS)]
_Minutes = Annotated[int, Field(ge=3, le=60, description="Of a round")]
_Pause = Annotated[int, Field(ge=0, le=30, description="Minutes between two rounds")]
_MentorSeats = Annotated[int, Field(ge=1, le=model.MOST_SEATS[Side.MENTOR])]
_MenteeSeats = Annotated[int, Field(ge=1, le=model.MOST_SEATS[Side.MENTEE])]
_ClosesAt = Annotated[
    InstantGiven, Field(description="Until when places are taken; left out, until it begins")
]


class EventBreakBody(Body):
    """A longer pause, in place of the usual one."""

    after: Annotated[int, Field(ge=1, le=MAX_ROUNDS, description="After which round")]
    minutes: Annotated[int, Field(ge=1, le=120)]


_Breaks = Annotated[tuple[EventBreakBody, ...], Field(max_length=MAX_ROUNDS)]


class EventPlanBody(Body):
    """The published form, which is what is planned unless you say otherwise, is five mentors for ten minutes each
    within an hour."""

    title: Line
    starts_at: InstantGiven
    time_zone: _Zone
    mentor_seats: _MentorSeats
    mentee_seats: _MenteeSeats
    rounds: _Rounds = model.DEFAULT_ROUNDS
    minutes: _Minutes = model.DEFAULT_MINUTES
    pause: _Pause = model.DEFAULT_PAUSE
    breaks: _Breaks = ()
    closes_at: _ClosesAt | None = None
    link: _Link | None = None

    def to_model(self) -> Plan:
        return Plan(**_read(self.model_dump()))


class EventChangeBody(Body):
    """What is given; the rest stays."""

    title: Line | None = None
    starts_at: InstantGiven | None = None
    time_zone: _Zone | None = None
    mentor_seats: _MentorSeats | None = None
    mentee_seats: _MenteeSeats | None = None
    rounds: _Rounds | None = None
    minutes: _Minutes | None = None
    pause: _Pause | None = None
    breaks: _Breaks | None = None
    closes_at: Annotated[_ClosesAt | None, Field(description="null: until it begins")] = None
    link: Annotated[_Link | None, Field(description="null: there is none")] = None

    @model_validator(mode="after")
    def _has_no_null(self) -> Self:
        wrong = [
            name for name in self.model_fields_set - {"closes_at", "link"} if getattr(self, name) is None
        ]
        if wrong:
            raise ValueError(f"{', '.join(sorted(wrong))} cannot be null; leave out what stays")
        return self

    def changes(self) -> dict[str, Any]:
        return _read(self.model_dump(exclude_unset=True))


def _read(given: dict[str, Any]) -> dict[str, Any]:
    found = dict(given)
    for name in ("starts_at", "closes_at"):
        if found.get(name) is not None:
            found[name] = given_instant(found[name])
    if "breaks" in found:
        found["breaks"] = tuple(Break(one["after"], one["minutes"]) for one in found["breaks"])
    return found


class EventMoveBody(Body):
    move: Annotated[
        EventMove,
        Field(
            description="`publish`: make the timetable and tell it to all; `delay`: put off the rounds that have not "
            "begun by `minutes`; `cancel`: before it begins, with a `reason`; `close`: a day after its end or later"
        ),
    ]
    minutes: Annotated[int, Field(ge=1, le=model.MOST_DELAY)] | None = None
    reason: Annotated[str, AfterValidator(readable), Field(max_length=500)] = ""

    @model_validator(mode="after")
    def _says_what_it_must(self) -> Self:
        if (self.move is EventMove.DELAY) != (self.minutes is not None):
            raise ValueError("`minutes` go with `delay`, and with nothing else")
        if (self.move is EventMove.CANCEL) != bool(self.reason):
            raise ValueError("a `reason` goes with `cancel`, and with nothing else")
        return self


class EventPersonBody(Body):
    person_id: Identifier
    side: Side


class EventPlacesBody(Body):
    """Either your own `side`, or as a coordinator `people`."""

    side: Side | None = None
    people: Annotated[tuple[EventPersonBody, ...], Field(max_length=MOST_ADDED)] = ()
    waits: Annotated[bool, Field(description="Whether to go on the list where all seats are taken")] = True

    @model_validator(mode="after")
    def _names_somebody_once(self) -> Self:
        if (self.side is None) == (not self.people):
            raise ValueError("give `side` for a place of your own, or `people`")
        if len({one.person_id for one in self.people}) < len(self.people):
            raise ValueError("name each person once")
        return self

    def wanted(self, me: str) -> dict[str, Side]:
        return {me: self.side} if self.side else {one.person_id: one.side for one in self.people}


class EventPlaceView(Answer):
    person_id: str
    name: str | None
    side: Side
    status: PlaceStatus
    position: Annotated[int | None, Field(description="On the list, from 1; null where it was not looked at")]
    presence: Presence
    absent: Annotated[tuple[int, ...], Field(description="The rounds in which they are not there")]

    @classmethod
    def of(cls, seen: SeenPlace) -> Self:
        place = seen.place
        return cls(
            person_id=place.person_id, name=seen.person.name if seen.person else None, side=place.side,
            status=place.status, position=seen.position, presence=place.presence,
            absent=tuple(one + 1 for one in sorted(place.absent)),
        )  # fmt: skip


class EventPlacesView(Answer):
    items: tuple[EventPlaceView, ...]

    @classmethod
    def of(cls, seen: SeenPlaces) -> Self:
        return cls(items=tuple(EventPlaceView.of(one) for one in seen.items))


class EventPlaceMoveBody(Body):
    move: Annotated[
        PlaceMove,
        Field(
            description="`give_back`: before the event; while it has its timetable: `present`, `late` (and "
            "`from_round`, where it is known), `gone` for good, `missing`: who waits for them at their table says so"
        ),
    ]
    from_round: Annotated[int, Field(ge=1, le=MAX_ROUNDS)] | None = None


class EventSeatsView(Answer):
    seats: int
    taken: int
    waiting: int


class EventBreakView(Answer):
    after: int
    minutes: int


class EventRoundView(Answer):
    number: int
    starts_at: Instant
    ends_at: Instant


class EventSumsView(Answer):
    """What a closed event came to. Of fewer than five people no sum of wishes is told."""

    meetings: int
    mentors: Annotated[int, Field(description="Who met somebody")]
    mentees: Annotated[int, Field(description="Who met somebody")]
    wishing: Annotated[int | None, Field(description="People who would like to go on with somebody")]
    mutual: Annotated[int | None, Field(description="Pairs of whom both would")]


class EventOwnPlaceView(Answer):
    side: Side
    status: PlaceStatus
    position: Annotated[int | None, Field(description="On the list, from 1; null where it was not looked at")]
    presence: Presence
    clashes_with: Annotated[
        tuple[str, ...] | None,
        Field(
            description="Other events at which you have a place, or wait for one, at the same time, since hours were "
            "changed; null where it was not looked at"
        ),
    ]


class EventView(Answer):
    """A speed event. `your_place` is the reader's own."""

    id: str
    programme_id: str
    title: str
    status: EventStatus
    starts_at: Instant
    time_zone: str
    ends_at: Instant
    minutes: int
    pause: int
    breaks: tuple[EventBreakView, ...]
    rounds: tuple[EventRoundView, ...]
    closes_at: Annotated[Instant, Field(description="Until when places are taken")]
    link: Annotated[str | None, Field(description="To who has a seat, and coordinators")]
    reason: Annotated[str | None, Field(description="Why it was cancelled")]
    mentors: EventSeatsView
    mentees: EventSeatsView
    timetable: Annotated[int, Field(description="Its version; 0 before it is published")]
    your_place: EventOwnPlaceView | None
    sums: Annotated[EventSumsView | None, Field(description="To coordinators, once it is closed")]

    @classmethod
    def of(cls, seen: SeenEvent) -> Self:
        event, plan, seats, place = seen.event, seen.event.plan, seen.seats, seen.place
        sides = {
            side: EventSeatsView(
                seats=seats.seats[side], taken=seats.taken[side], waiting=seats.waiting[side]
            )
            for side in Side
        }
        return cls(
            id=event.id, programme_id=event.programme_id, title=plan.title, status=event.status,
            starts_at=instant(event.held.starts_at), time_zone=plan.time_zone, ends_at=instant(event.held.ends_at),
            minutes=plan.minutes, pause=plan.pause,
            breaks=tuple(EventBreakView(after=one.after, minutes=one.minutes) for one in plan.breaks),
            rounds=tuple(
                EventRoundView(number=n, starts_at=instant(one.starts_at), ends_at=instant(one.ends_at))
                for n, one in enumerate(event.hours, 1)
            ),
            closes_at=instant(event.places_until), link=plan.link if seen.shows_link else None,
            reason=event.reason or None, mentors=sides[Side.MENTOR], mentees=sides[Side.MENTEE],
            timetable=event.timetable,
            your_place=EventOwnPlaceView(
                side=place.side, status=place.status, position=seen.position, presence=place.presence,
                clashes_with=tuple(one.id for one in seen.clashes) if seen.clashes is not None else None,
            )
            if place
            else None,
            sums=EventSumsView.model_validate(seen.sums) if seen.sums else None,
        )  # fmt: skip


class EventSittingView(Answer):
    round: int
    starts_at: Instant
    ends_at: Instant
    mentee_id: str
    mentor_id: str
    state: SittingState


class EventPersonView(Answer):
    person_id: str
    name: str | None
    side: Side


class EventRestView(Answer):
    """A mentee who rests in a round in which they are there, or has no meeting."""

    mentee_id: str
    meetings: int
    reason: Shortfall


class EventLeftOutView(Answer):
    """Somebody with a seat who cannot be in the timetable."""

    person_id: str
    reason: LeftOutReason


class EventTimetableView(Answer):
    """Coordinators read the whole timetable, others their own meetings."""

    version: Annotated[int, Field(description="0: as it would be, published now")]
    made_at: Instant
    is_whole: bool
    sittings: tuple[EventSittingView, ...]
    people: tuple[EventPersonView, ...]
    rests: tuple[EventRestView, ...]
    left_out: tuple[EventLeftOutView, ...]
    points: Annotated[int | None, Field(description="How well people suit, in all; to coordinators")]
    bound: Annotated[int | None, Field(description="No timetable as fair has more points; to coordinators")]

    @classmethod
    def of(cls, seen: SeenTimetable) -> Self:
        table, hours = seen.timetable, seen.event.hours
        return cls(
            version=seen.number, made_at=instant(table.made_at), is_whole=seen.is_whole,
            sittings=tuple(
                EventSittingView(
                    round=one.round + 1, starts_at=instant(hours[one.round].starts_at),
                    ends_at=instant(hours[one.round].ends_at), mentee_id=one.mentee_id, mentor_id=one.mentor_id,
                    state=state,
                )
                for one, state in zip(table.sittings, seen.states, strict=True)
            ),
            people=tuple(
                EventPersonView(person_id=name, name=seen.people[name].name if name in seen.people else None, side=side)
                for name, side in sorted(seen.sides.items())
            ),
            rests=tuple(
                EventRestView(mentee_id=one.mentee_id, meetings=one.meetings, reason=one.reason)
                for one in table.rests
            ),
            left_out=tuple(EventLeftOutView(person_id=name, reason=why) for name, why in table.left_out),
            points=table.value if seen.is_whole else None, bound=table.bound if seen.is_whole else None,
        )  # fmt: skip


class EventClockView(Answer):
    """How an event runs. Read the timetable again when its version has changed."""

    event_id: str
    status: EventStatus
    now: Instant
    state: ClockState
    running: Annotated[int | None, Field(description="The round that runs")]
    following: Annotated[int | None, Field(description="The next round")]
    following_at: Instant | None
    left_seconds: Annotated[
        int, Field(description="Until the round ends, or the next begins; 0 when it is over")
    ]
    ends_at: Instant
    timetable: Annotated[int, Field(description="The version of the timetable; 0 before it is published")]
    presence: Annotated[Presence | None, Field(description="What was told last of the reader")]
    clashes_with: Annotated[
        tuple[str, ...],
        Field(
            description="Other events at which you have a place at the same time, since rounds were put off"
        ),
    ]

    @classmethod
    def of(cls, clock: Clock) -> Self:
        event, following = clock.event, clock.following
        return cls(
            event_id=event.id, status=event.status, now=instant(clock.now), state=clock.state,
            running=clock.running + 1 if clock.running is not None else None,
            following=following + 1 if following is not None else None,
            following_at=instant(event.hours[following].starts_at) if following is not None else None,
            left_seconds=clock.left, ends_at=instant(event.held.ends_at), timetable=event.timetable,
            presence=clock.place.presence if clock.place else None, clashes_with=clock.clashes,
        )  # fmt: skip


_Question = Annotated[str, AfterValidator(readable), Field(min_length=1, max_length=500)]


class EventQuestionsBody(Body):
    questions: Annotated[
        tuple[_Question, ...],
        Field(max_length=3, description="To each mentor whom you will meet; none: you ask nothing"),
    ]


class EventAskedView(Answer):
    person_id: str
    name: Annotated[str | None, Field(description="Of who asks; null in your own")]
    questions: tuple[str, ...]


class EventQuestionsView(Answer):
    items: tuple[EventAskedView, ...]

    @classmethod
    def of(cls, seen: SeenQuestions) -> Self:
        return cls(
            items=tuple(
                EventAskedView(
                    person_id=one.person_id,
                    name=one.person.name if one.person else None,
                    questions=one.questions,
                )
                for one in seen.items
            )
        )


class EventMeetingBody(Body):
    """What is given; the rest stays."""

    note: (
        Annotated[
            str,
            AfterValidator(readable),
            Field(max_length=2000, description="For yourself alone; empty takes it away"),
        ]
        | None
    ) = None
    go_on: (
        Annotated[
            bool,
            Field(
                description="Whether you would like to go on with them. They learn of it only if they would, too"
            ),
        ]
        | None
    ) = None


class EventMutualView(Answer):
    """Both would like to go on: `proposal_id` is what the two answer, or `obstacle` why there is none."""

    proposal_id: str | None
    obstacle: Obstacle | None


class EventMeetingView(Answer):
    """What you keep of a meeting; nobody else reads it."""

    person_id: str
    name: str | None
    note: str
    go_on: bool
    mutual: EventMutualView | None

    @classmethod
    def of(cls, seen: SeenMeeting) -> Self:
        mutual = seen.mutual
        return cls(
            person_id=seen.kept.other_id, name=seen.other.name if seen.other else None, note=seen.kept.note,
            go_on=seen.kept.go_on,
            mutual=EventMutualView(
                proposal_id=mutual.proposal_id, obstacle=Obstacle(mutual.obstacle) if mutual.obstacle else None
            )
            if mutual
            else None,
        )  # fmt: skip
