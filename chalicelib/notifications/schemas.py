"""Mails on the wire."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, field_validator

from chalicelib.notifications import catalogue_words as words
from chalicelib.notifications import stop_words
from chalicelib.notifications.choosing import SeenPreferences
from chalicelib.notifications.model import DoubtfulMail, Kind
from chalicelib.notifications.preferences import Frequency, QuietHours, choices
from chalicelib.people.model import minutes_of, minutes_text
from chalicelib.people.schemas import MailStoppedView
from chalicelib.platform.web.shapes import Answer, Body, Instant, instant


def _known(text: str) -> str:
    if text not in set(Kind):
        raise ValueError("give a kind that GET /v1/me/mail-preferences lists, for example goal-due")
    return text


MailKind = Annotated[
    str, AfterValidator(_known), Field(json_schema_extra={"enum": [kind.value for kind in Kind]})
]
_Time = Annotated[str, Field(examples=["22:00"], min_length=5, max_length=5)]


class QuietHoursShape(Body):
    """From `start` up to `end` of each day, on the person's own clock; over midnight where it ends before it starts."""

    start: _Time
    end: _Time

    @field_validator("start", "end")
    @classmethod
    def _time(cls, value: str) -> str:
        if minutes_of(value) >= minutes_of("24:00"):
            raise ValueError("the last minute of a day is 23:59")
        return value

    @field_validator("end")
    @classmethod
    def _length(cls, value: str, info: object) -> str:
        if getattr(info, "data", {}).get("start") == value:
            raise ValueError("quiet hours end at another time than they start")
        return value

    def to_model(self) -> QuietHours:
        return QuietHours(minutes_of(self.start), minutes_of(self.end))


class MailChoiceShape(Body):
    """How often mails of a kind are sent."""

    kind: MailKind
    frequency: Frequency


class MailPreferencesBody(Body):
    """All choices at once: a kind that is left out is sent at once, and without quiet hours there are none."""

    kinds: Annotated[tuple[MailChoiceShape, ...], Field(max_length=100)] = ()
    quiet_hours: QuietHoursShape | None = None

    @field_validator("kinds")
    @classmethod
    def _once(cls, value: tuple[MailChoiceShape, ...]) -> tuple[MailChoiceShape, ...]:
        if len({one.kind for one in value}) < len(value):
            raise ValueError("name each kind once")
        return value

    def frequencies(self) -> dict[Kind, Frequency]:
        return {Kind(one.kind): one.frequency for one in self.kinds}

    def quiet(self) -> QuietHours | None:
        return self.quiet_hours.to_model() if self.quiet_hours else None


class MailKindView(Answer):
    """A kind of mail in the reader's language, what they chose for it, and between what they may choose."""

    kind: MailKind
    what: str
    to_whom: str
    when: str
    why: str
    frequency: Frequency
    choices: tuple[Frequency, ...]


class ResumeMailBody(Body):
    """That mail is to be sent to your address again."""

    wanted: Annotated[
        bool, Field(description="That you want our mails; needed where they were reported as unwanted")
    ] = False


class OwnMailStoppedView(MailStoppedView):
    """That nothing is mailed to you, with what that comes from and what you can do, in your language."""

    why: str
    advice: str
    may_resume_at: Annotated[Instant, Field(description="From when on you can have us try again")]


class MailPreferencesView(Answer):
    """All kinds of mail, and in which hours none is sent but those that cannot wait.

    Quiet hours count in `time_zone`, that of the profile; in UTC as long as the profile has none.
    """

    kinds: tuple[MailKindView, ...]
    quiet_hours: QuietHoursShape | None
    time_zone: str | None
    mail_stopped: Annotated[
        OwnMailStoppedView | None, Field(description="Null where mail goes out to your address")
    ]

    @classmethod
    def of(cls, seen: SeenPreferences) -> Self:
        chosen, locale = seen.preferences, seen.locale
        quiet = chosen.quiet
        return cls(
            kinds=tuple(
                MailKindView(
                    kind=kind.value,
                    what=words.what_sentence(kind, locale),
                    to_whom=words.whom_sentence(kind, locale),
                    when=words.when_sentence(kind, locale),
                    why=words.why_sentence(kind, locale),
                    frequency=chosen.frequency(kind),
                    choices=choices(kind),
                )
                for kind in Kind
            ),
            quiet_hours=QuietHoursShape(start=minutes_text(quiet.start), end=minutes_text(quiet.end))
            if quiet
            else None,
            time_zone=seen.time_zone,
            mail_stopped=_stopped(seen),
        )


def _stopped(seen: SeenPreferences) -> OwnMailStoppedView | None:
    stop = seen.stop
    if stop is None or seen.may_try_at is None:
        return None
    return OwnMailStoppedView(
        since=instant(stop.since), reason=stop.reason, why=stop_words.why_sentence(stop.reason, seen.locale),
        advice=stop_words.advice_sentence(stop.reason, seen.locale), may_resume_at=instant(seen.may_try_at),
    )  # fmt: skip


class DoubtfulMailView(Answer):
    """A mail of which nobody knows whether it left. `message` names its reason, `recipient` is a person's id."""

    mail: str
    message: str
    kind: str
    recipient: str | None
    claimed_at: Instant

    @classmethod
    def of(cls, doubt: DoubtfulMail) -> Self:
        return cls(
            mail=doubt.tag,
            message=doubt.message_id,
            kind=doubt.kind,
            recipient=doubt.recipient,
            claimed_at=instant(doubt.claimed_at),
        )
