"""Sessions of a series, their clock and their attendance on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from chalicelib.attendance.model import MarkKind
from chalicelib.attendance.schemas import CorrectionShape, MarkShape, PresenceShape, presence_fields
from chalicelib.kernel.texts import readable_line
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
from chalicelib.series.sessions.model import (
    MOST_WEEKS,
    Block,
    BlockKind,
    BlockState,
    Clock,
    Move,
    Session,
    SessionState,
    Template,
)
from chalicelib.series.sessions.service import Change, Own, Seen, Wish

_TEMPLATES = (
    "`echo_ontario`: 90 minutes: 7 welcome, 23 didactic, two cases of 25, 5 wrap, 5 evaluation (ECHO Ontario, weekly "
    "of a 24-week cycle); `cardi_oh`: 60 minutes: 5 welcome, 10 didactic with questions, two cases of 20, 5 evaluation "
    "(Cardi-OH); `low_resource`: 60 to 90 minutes: 5 welcome, 15 didactic, a case of 15, 5 wrap, the "
    "rest discussion (ECHO Sudan)"
)
_KINDS = "What it is for; `welcome`, `break`, `evaluation` and `wrap` do not count as education"

_TITLE = (
    "Of a talk: the same title in the same series is the same talk, for which who gives it has credit once"
)
_PRESENTER = "Who gives it, of those who take part: for them it is teaching, and not attending"


Time = Annotated[str, AfterValidator(checked_start), Field(min_length=5, max_length=5, examples=["15:00"])]
Meeting = Annotated[
    str,
    AfterValidator(readable_line),
    Field(
        min_length=1, max_length=50, examples=["93283599276"],
        description="The number of the room at the provider of the calls, by which its events are known",
    ),
]  # fmt: skip


class BlockShape(Body):
    kind: Annotated[BlockKind, Field(description=_KINDS)]
    minutes: Annotated[int, Field(ge=1, le=180)]
    title: Annotated[str, Field(max_length=200, description=_TITLE)] = ""
    presenter_id: Annotated[Identifier | None, Field(description=_PRESENTER)] = None

    def to_model(self) -> Block:
        return Block(self.kind, self.minutes, self.title, self.presenter_id)


Blocks = Annotated[tuple[BlockShape, ...], Field(min_length=1, max_length=20)]


class SeriesSessionsBody(Body):
    title: Line
    on: Annotated[date, Field(description="The day, on the series' clock", examples=["2026-12-02"])]
    at: Annotated[Time, Field(description="The time, on the series' clock")]
    template: Annotated[Template | None, Field(description=_TEMPLATES)] = None
    blocks: Annotated[Blocks | None, Field(description="A plan of your own, in the place of a template")] = (
        None
    )
    minutes: Annotated[
        int | None,
        Field(
            ge=1,
            le=1440,
            description="How long, of a template that leaves it open: `low_resource`, 60 to 90; 60",
        ),
    ] = None
    weeks: Annotated[
        int, Field(ge=1, le=MOST_WEEKS, description="How many sessions, one a week at the same time")
    ] = 1
    link: Link | None = None
    meeting: Meeting | None = None

    @model_validator(mode="after")
    def _one_plan(self) -> Self:
        if (self.template is None) is (self.blocks is None):
            raise ValueError("give a template, or blocks of your own")
        if self.minutes is not None and self.template is None:
            raise ValueError("give minutes with a template; blocks have their own")
        return self

    def to_model(self) -> Wish:
        blocks = tuple(one.to_model() for one in self.blocks or ())
        return Wish(
            self.title,
            self.on,
            minutes_of(self.at),
            self.template,
            blocks,
            self.link,
            self.meeting,
            self.weeks,
            self.minutes,
        )


class SeriesSessionChange(Body):
    title: Line | None = None
    on: Annotated[date | None, Field(description="With `at`")] = None
    at: Time | None = None
    blocks: Blocks | None = None
    link: Link | None = None
    meeting: Meeting | None = None

    @model_validator(mode="after")
    def _day_and_time(self) -> Self:
        if (self.on is None) is not (self.at is None):
            raise ValueError("give `on` and `at` together")
        return self

    def to_model(self) -> Change:
        fields: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("title", "link", "meeting")
            if getattr(self, name) is not None
        }
        blocks = tuple(one.to_model() for one in self.blocks or ())
        return Change(fields, self.on, minutes_of(self.at) if self.at else None, blocks)


class BlockView(Answer):
    kind: BlockKind
    minutes: int
    title: str
    presenter_id: Annotated[str | None, Field(description=_PRESENTER)]


class SeriesSessionView(Answer):
    id: str
    series_id: str
    title: str
    starts_at: Instant
    minutes: int
    status: SessionState
    blocks: tuple[BlockView, ...]
    source: Annotated[str, Field(description="Where the plan was published; empty for one of your own")]
    link: str | None

    @classmethod
    def of(cls, session: Session) -> Self:
        return cls(
            id=session.id, series_id=session.series_id, title=session.title, starts_at=instant(session.starts_at),
            minutes=session.minutes, status=session.status,
            blocks=tuple(BlockView.model_validate(one) for one in session.blocks), source=session.source,
            link=session.link,
        )  # fmt: skip


class SessionsMadeView(Answer):
    items: tuple[SeriesSessionView, ...]

    @classmethod
    def of(cls, made: tuple[Session, ...]) -> Self:
        return cls(items=tuple(SeriesSessionView.of(one) for one in made))


class BlockOnClockView(BlockView):
    state: BlockState
    spent_seconds: int
    over_seconds: Annotated[int, Field(description="How much longer than planned it has run")]


class SeriesClockView(Answer):
    """How the session runs at this instant."""

    session_id: str
    status: SessionState
    now: Instant
    running: Annotated[int | None, Field(description="The place in `blocks`, from 0, of the one that runs")]
    left_seconds: Annotated[int, Field(description="Of the running block; 0 where it is over its time")]
    behind_seconds: Annotated[
        int, Field(description="How much later than planned it would end; below 0 where it is ahead")
    ]
    ends_at: Annotated[Instant, Field(description="When it would end, all to come in their time")]
    blocks: tuple[BlockOnClockView, ...]

    @classmethod
    def of(cls, clock: Clock) -> Self:
        return cls(
            session_id=clock.session.id, status=clock.session.status, now=instant(clock.now), running=clock.running,
            left_seconds=clock.left, behind_seconds=clock.behind, ends_at=instant(clock.ends_at),
            blocks=tuple(
                BlockOnClockView(
                    kind=one.block.kind, minutes=one.block.minutes, title=one.block.title,
                    presenter_id=one.block.presenter_id, state=one.state, spent_seconds=one.spent,
                    over_seconds=one.over,
                )
                for one in clock.blocks
            ),
        )  # fmt: skip


class SeriesMoveBody(Body):
    move: Annotated[
        Move,
        Field(
            description="`begin`: the first block runs, and attendance counts; `next`, `back`: another block runs; "
            "`end`: nothing runs any more, of one that nobody began it was held as planned; `close`: its minutes are "
            "final; `cancel`: it is not held"
        ),
    ]
    ended_at: Annotated[
        InstantGiven | None,
        Field(
            description="With `end`: when it did, if it is said later; two hours after its plan it has to be"
        ),
    ] = None

    def ended(self) -> datetime | None:
        return given_instant(self.ended_at) if self.ended_at else None


class MarkBody(MarkShape):
    pass


class MarkedView(Answer):
    kind: MarkKind
    at: Instant
    link: Annotated[str | None, Field(description="Where the session is held")]

    @classmethod
    def of(cls, own: Own) -> Self:
        return cls(kind=own.kind, at=instant(own.at), link=own.link)


class AttendedView(PresenceShape):
    @classmethod
    def of(cls, seen: Seen) -> Self:
        return cls(**_presence(seen))


class IntervalView(Answer):
    starts_at: Instant
    ends_at: Instant


class CorrectionView(Answer):
    by: Annotated[str, Field(description="The person who corrected it")]
    at: Instant
    before_seconds: int
    after_seconds: int
    reason: str


class AttendedInFullView(AttendedView):
    """With the stretches of time that were measured, and each correction, oldest first."""

    intervals: tuple[IntervalView, ...]
    corrections: tuple[CorrectionView, ...]

    @classmethod
    def of(cls, seen: Seen) -> Self:
        found = seen.presence
        return cls(
            **_presence(seen),
            intervals=tuple(
                IntervalView(starts_at=instant(one.starts_at), ends_at=instant(one.ends_at))
                for one in found.intervals
            ),
            corrections=tuple(
                CorrectionView(
                    by=one.by, at=instant(one.at), before_seconds=one.before, after_seconds=one.after,
                    reason=one.reason,
                )
                for one in found.corrections
            ),
        )  # fmt: skip


def _presence(seen: Seen) -> dict[str, Any]:
    return presence_fields(seen.presence, seen.person.name if seen.person else "")


class CorrectionBody(CorrectionShape):
    pass


def _plain(text: str) -> str:
    if not all("!" <= char <= "~" for char in text):
        raise ValueError("give the secret token as it stands in the app, of letters, digits and signs")
    return text


class HookBody(Body):
    secret: Annotated[
        str,
        AfterValidator(_plain),
        Field(
            min_length=16, max_length=200, examples=["mZ3VbFqk1x0T5WJ2uHd8Rg"],
            description="The secret token of your Zoom app. It is shown to nobody again",
        ),
    ]  # fmt: skip


class HookAnswer(Answer):
    """Empty, but to the validation of this address."""

    plainToken: Annotated[str | None, Field(description="The token that was sent")] = None  # noqa: N815
    encryptedToken: Annotated[  # noqa: N815
        str | None, Field(description="Its HMAC-SHA256 under the secret, in hexadecimal")
    ] = None

    @classmethod
    def of(cls, told: dict[str, str]) -> Self:
        return cls(**told)
