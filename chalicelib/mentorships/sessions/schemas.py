"""Sessions on the wire."""

import re
from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from chalicelib.calendars.finding import Slot
from chalicelib.calendars.model import Span
from chalicelib.kernel.zones import time_zone
from chalicelib.mentorships.model import MAX_MESSAGE
from chalicelib.mentorships.sessions.booking import Move, SeriesWish, Wish
from chalicelib.mentorships.sessions.model import Account, Offer, Said, Session, SessionOutcome, SessionStatus
from chalicelib.mentorships.sessions.place_schemas import MeetBy, PlaceView
from chalicelib.mentorships.sessions.place_schemas import MeetingWaysBody as MeetingWaysBody
from chalicelib.mentorships.sessions.place_schemas import MeetingWaysView as MeetingWaysView
from chalicelib.mentorships.sessions.place_schemas import PlaceBody as PlaceBody
from chalicelib.mentorships.sessions.record import MOST_ITEMS
from chalicelib.mentorships.sessions.record_schemas import ActionsBody as ActionsBody
from chalicelib.mentorships.sessions.record_schemas import AgendaBody as AgendaBody
from chalicelib.mentorships.sessions.record_schemas import AgendaView as AgendaView
from chalicelib.mentorships.sessions.record_schemas import SessionNoteBody as SessionNoteBody
from chalicelib.mentorships.sessions.record_schemas import SessionRecordView
from chalicelib.mentorships.sessions.series import Scope, rules_changed
from chalicelib.mentorships.sessions.service import SeenSession, SeenSessions, Times
from chalicelib.platform.web.shapes import (
    Answer,
    Body,
    Identifier,
    Instant,
    InstantGiven,
    Query,
    Text,
    given_instant,
    instant,
)
from chalicelib.programmes.model import Side

_WALL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


def _wall(text: str) -> str:
    try:
        if not _WALL.fullmatch(text):
            raise ValueError
        datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            "write a day that there is and a time on the clock of `time_zone`, for example 2027-03-14T17:30"
        ) from None
    return text


Minutes = Annotated[int, Field(ge=15, le=240, multiple_of=5)]
Wall = Annotated[
    str, Field(description="On this clock, with its offset", examples=["2027-03-15T16:00:00+03:00"])
]


_HOW = Field(
    description="How you meet; if left out the first way that both of you found to work, by your agreement"
)


class TimesQuery(Query):
    weeks: Annotated[int, Field(ge=1, le=12)] = 6
    minutes: Annotated[int, Field(ge=15, le=240, multiple_of=5, description="How long you want to meet")] = 60


class ClockView(Answer):
    """A time as one of the two reads it."""

    time_zone: str
    starts: Wall
    ends: Wall

    @classmethod
    def at(cls, span: Span, zone: str) -> Self:
        starts, ends = (one.astimezone(time_zone(zone)).isoformat() for one in (span.starts_at, span.ends_at))
        return cls(time_zone=zone, starts=starts, ends=ends)


class SlotClockView(ClockView):
    comfort: Annotated[int, Field(description="0 (night) to 100 (working hours) on this clock")]


class SlotView(Answer):
    """A time that both have free."""

    starts_at: Instant
    ends_at: Instant
    week: Annotated[int, Field(description="The how manieth of the weeks, from 1")]
    comfort: Annotated[
        int, Field(description="The lesser of both; docs/adr/0027-calendars.md has the points")
    ]
    mentee: SlotClockView
    mentor: SlotClockView

    @classmethod
    def of_slot(cls, slot: Slot, found: Times) -> Self:
        clocks = {
            side.value: SlotClockView(
                **ClockView.at(slot.span, found.zones[side]).model_dump(), comfort=comfort
            )
            for side, comfort in zip((Side.MENTEE, Side.MENTOR), slot.comfort, strict=True)
        }
        return cls(
            starts_at=instant(slot.span.starts_at), ends_at=instant(slot.span.ends_at), week=slot.week,
            comfort=slot.least, mentee=clocks["mentee"], mentor=clocks["mentor"],
        )  # fmt: skip


class TimesView(Answer):
    """When the two can meet, the most comfortable first: of each week five times at most."""

    items: tuple[SlotView, ...]
    unknown: Annotated[
        tuple[Side, ...],
        Field(description="Who has not said when they can be met, and so is never free here"),
    ]

    @classmethod
    def of(cls, found: Times) -> Self:
        return cls(items=tuple(SlotView.of_slot(one, found) for one in found.slots), unknown=found.unknown)


class TimeBody(Body):
    starts_at: InstantGiven
    outside_availability: Annotated[
        bool, Field(description="Propose it to the other where a week has no room for it")
    ] = False

    def starts(self) -> datetime:
        return given_instant(self.starts_at)


class SessionBody(TimeBody):
    minutes: Minutes = 60
    channel: Annotated[MeetBy | None, _HOW] = None

    def to_model(self) -> Wish:
        return Wish(self.starts(), self.minutes, self.outside_availability, self.channel)


class RescheduleBody(TimeBody):
    minutes: Annotated[
        Minutes | None, Field(description="As long as it is, of a series each as its own, if left out")
    ] = None
    scope: Annotated[
        Scope, Field(description="Of a series: the others move by as much on the clock of its own zone")
    ] = Scope.ONE

    def to_model(self) -> Move:
        return Move(self.starts(), self.minutes, self.outside_availability)


class SeriesBody(Body):
    starts: Annotated[
        str,
        AfterValidator(_wall),
        Field(description="The first time, on the clock of `time_zone`", examples=["2027-03-15T16:00"]),
    ]
    time_zone: Annotated[
        str,
        Field(
            max_length=64, description="On whose clock the series keeps its time", examples=["Africa/Nairobi"]
        ),
    ]
    rule: Annotated[
        str,
        Field(
            min_length=1, max_length=200, examples=["FREQ=WEEKLY;INTERVAL=2;COUNT=12"],
            description="An RRULE of RFC 5545 with an end: FREQ DAILY, WEEKLY or MONTHLY, INTERVAL, COUNT or UNTIL, "
            "BYDAY, BYMONTHDAY, BYSETPOS, WKST; 52 sessions and 366 days at most",
        ),
    ]  # fmt: skip
    minutes: Minutes = 60
    channel: Annotated[MeetBy | None, _HOW] = None
    outside_availability: Annotated[
        bool, Field(description="Propose it to the other where a week has no room for it")
    ] = False

    def to_model(self) -> SeriesWish:
        return SeriesWish(
            datetime.fromisoformat(self.starts), self.time_zone, self.rule, self.minutes,
            self.outside_availability, self.channel,
        )  # fmt: skip


class ScopeBody(Body):
    scope: Scope = Scope.ONE


class EndBody(ScopeBody):
    text: Annotated[Text, Field(max_length=MAX_MESSAGE, description="Your words to the other")] = ""


class AttendanceBody(Body):
    said: Said
    minutes: Annotated[
        int | None, Field(ge=1, le=600, description="For how long you met; as planned if left out")
    ] = None
    reached: Annotated[
        tuple[Identifier, ...],
        Field(max_length=MOST_ITEMS, description="What of the agenda was reached; the rest stays on it"),
    ] = ()


class OfferView(Answer):
    """A time that one of the two proposes, and the other is to accept."""

    by: Side
    starts_at: Instant
    ends_at: Instant
    mentee: ClockView
    mentor: ClockView

    @classmethod
    def of_offer(cls, offer: Offer | None, seen: SeenSession) -> Self | None:
        if offer is None:
            return None
        return cls(
            by=offer.by, starts_at=instant(offer.span.starts_at), ends_at=instant(offer.span.ends_at),
            mentee=ClockView.at(offer.span, seen.zones[Side.MENTEE]),
            mentor=ClockView.at(offer.span, seen.zones[Side.MENTOR]),
        )  # fmt: skip


class ShiftsView(Answer):
    """By how many minutes it comes later on each clock than the one before it, since clocks were changed in between.
    0 where nothing changes, and where a session is read alone."""

    mentee: int
    mentor: int


class SeriesPlaceView(Answer):
    """A session's place in its series."""

    id: str
    rule: str
    time_zone: Annotated[str, Field(description="On whose clock it keeps its time")]
    original: Annotated[str, Field(description="When the rule has it, on that clock")]
    starts: Annotated[str, Field(description="When it is to be, on that clock")]
    is_skipped: Annotated[
        bool, Field(description="That clock leaves the time out in spring, so it begins as much later")
    ]
    rules_changed: Annotated[
        bool,
        Field(
            description="The zone's rules have changed since: on its clock it is at another time than agreed"
        ),
    ]
    shifts: ShiftsView

    @classmethod
    def of_session(cls, seen: SeenSession) -> Self | None:
        place = seen.session.occurrence
        if place is None:
            return None
        return cls(
            id=place.series_id, rule=place.rule, time_zone=place.zone, original=place.original.isoformat(),
            starts=place.wall.isoformat(), is_skipped=place.is_skipped,
            rules_changed=rules_changed(seen.session),
            shifts=ShiftsView(mentee=seen.shifts[Side.MENTEE], mentor=seen.shifts[Side.MENTOR]),
        )  # fmt: skip


class CancellationView(Answer):
    by: Annotated[Side | None, Field(description="Null where the mentorship ended")]
    at: Instant
    late: Annotated[bool, Field(description="Less than 24 hours before")]
    text: Annotated[str | None, Field(description="For the other alone; null to coordinators")]


class AccountView(Answer):
    said: Said
    minutes: int | None
    at: Instant

    @classmethod
    def of_account(cls, account: Account | None) -> Self | None:
        if account is None:
            return None
        return cls(said=account.said, minutes=account.minutes, at=instant(account.at))


class AttendanceView(Answer):
    """How it went, from what each of the two says."""

    outcome: Annotated[
        SessionOutcome | None,
        Field(
            description="`contested` where who is said to have been missing says they were there; null until said"
        ),
    ]
    absent: Annotated[Side | None, Field(description="Who was missing, where nobody contests it")]
    minutes: Annotated[int, Field(description="That both agree to have met: the lesser of what they say")]
    mentee: AccountView | None
    mentor: AccountView | None

    @classmethod
    def of_session(cls, session: Session) -> Self:
        return cls(
            outcome=session.outcome, absent=session.absent, minutes=session.minutes_met,
            mentee=AccountView.of_account(session.accounts.get(Side.MENTEE)),
            mentor=AccountView.of_account(session.accounts.get(Side.MENTOR)),
        )  # fmt: skip


class SessionView(Answer):
    id: str
    status: SessionStatus
    starts_at: Instant
    ends_at: Instant
    minutes: int
    mentee: ClockView
    mentor: ClockView
    booked_by: Side
    place: Annotated[PlaceView | None, Field(description="For the two alone, until it is cancelled")]
    proposed: Annotated[
        OfferView | None,
        Field(description="Another time that waits for a yes; what is booked stands until then"),
    ]
    series: SeriesPlaceView | None
    cancelled: CancellationView | None
    attendance: AttendanceView
    record: Annotated[SessionRecordView | None, Field(description="For the two alone; null to coordinators")]

    @classmethod
    def of(cls, seen: SeenSession) -> Self:
        session, gone = seen.session, seen.session.cancellation
        return cls(
            id=session.id, status=session.status, starts_at=instant(session.span.starts_at),
            ends_at=instant(session.span.ends_at), minutes=session.span.minutes,
            mentee=ClockView.at(session.span, seen.zones[Side.MENTEE]),
            mentor=ClockView.at(session.span, seen.zones[Side.MENTOR]), booked_by=session.booked_by,
            # Where nobody is to be met any more, nobody's number is told.
            place=PlaceView.of_place(session.place) if seen.side and gone is None else None,
            proposed=OfferView.of_offer(session.offer, seen), series=SeriesPlaceView.of_session(seen),
            cancelled=CancellationView(
                by=gone.by, at=instant(gone.at), late=gone.is_late, text=gone.text if seen.side else None
            )
            if gone
            else None,
            attendance=AttendanceView.of_session(session), record=SessionRecordView.of_session(seen),
        )  # fmt: skip


class SessionsView(Answer):
    """Sessions in time's order."""

    items: tuple[SessionView, ...]

    @classmethod
    def of(cls, seen: SeenSessions) -> Self:
        return cls(items=tuple(SessionView.of(one) for one in seen.items))
