"""Suggestions and shortages on the wire; `schemas.py` has what they are part of."""

from dataclasses import asdict
from typing import Annotated, Self

from pydantic import Field

from chalicelib.matching.changes import Change, ChangeKind, Stretch, Suggestion
from chalicelib.matching.model import Shortage, WantedMentor
from chalicelib.matching.shortage_wording import shortage_text
from chalicelib.people.model import Channel, Weekday, minutes_text
from chalicelib.people.schemas import WindowShape
from chalicelib.platform.web.shapes import Answer
from chalicelib.words.formats import Formats


class ChangeView(Answer):
    """One change; what its kind does not have is null or empty."""

    kind: Annotated[
        ChangeKind,
        Field(
            description="channel: offer one more; time: be free for one more stretch a week; accept_language: let a "
            "language count although one of the two speaks it a level too low; improve_language: speak one better"
        ),
    ]
    channel: Channel | None
    language: Annotated[str | None, Field(examples=["fr"])]
    level: Annotated[
        str | None, Field(description="CEFR level that is accepted, or to be reached", examples=["B2"])
    ]
    steps: Annotated[int | None, Field(description="By how many levels the language is to be improved")]
    stretch: Annotated[Stretch | None, Field(description="On the mentee's own clock")]
    days: Annotated[list[Weekday], Field(description="On each of which they would be free")]
    start: Annotated[str | None, Field(examples=["18:30"])]
    end: Annotated[str | None, Field(examples=["19:30"])]
    minutes: Annotated[int | None, Field(description="How much of that is new to the mentee's week")]

    @classmethod
    def of(cls, change: Change) -> Self:
        times = {
            name: None if value is None else minutes_text(value)
            for name, value in (("start", change.start), ("end", change.end))
        }
        return cls.model_validate(asdict(change) | times)


class SuggestionView(Answer):
    changes: Annotated[
        list[ChangeView],
        Field(description="One, or two that only together open any, the smallest that there are"),
    ]
    opens: Annotated[
        int,
        Field(
            description="Mentors who would then fit by language, time, channel and least score, and do not now"
        ),
    ]

    @classmethod
    def of(cls, suggestion: Suggestion) -> Self:
        return cls(changes=[ChangeView.of(one) for one in suggestion.changes], opens=suggestion.opens)


class OneMoreView(Answer):
    """What one more place would add to the greatest sum of scores."""

    pairs: int
    total: Annotated[int, Field(description="Millionths")]


class WantedMentorView(Answer):
    """Who one more mentor was taken to be; in all else like an open mentor who suits these mentees."""

    specialty: Annotated[str | None, Field(description="null for any", examples=["cardiology"])]
    language: Annotated[str, Field(description="At C2, and no other", examples=["fr"])]
    channels: list[Channel]
    time_zone: Annotated[str, Field(description="That of most of these mentees", examples=["Africa/Abidjan"])]
    hours: Annotated[
        list[WindowShape],
        Field(description="Free each week, on that zone's clock, when most of these mentees are"),
    ]

    @classmethod
    def of(cls, wanted: WantedMentor) -> Self:
        return cls(
            specialty=wanted.specialty, language=wanted.language, channels=list(wanted.channels),
            time_zone=wanted.time_zone, hours=[WindowShape.of(one) for one in wanted.hours],
        )  # fmt: skip


class ShortageView(Answer):
    """Open mentees without a pair who share a language, a band of time zones and a specialty."""

    specialty: Annotated[str | None, Field(description="null for any", examples=["cardiology"])]
    language: Annotated[str, Field(examples=["fr"])]
    utc_from: Annotated[int, Field(description="Hours from UTC at which the band of zones begins")]
    utc_before: Annotated[int, Field(description="And before which it ends")]
    left_out: int
    places: Annotated[
        int,
        Field(description="Places of open mentors of that language and field who fit one of these mentees"),
    ]
    places_left: Annotated[int, Field(description="Those of them that the run left free")]
    one_more: Annotated[
        OneMoreView | None, Field(description="What one place with one more such mentor would add")
    ]
    would_fit: Annotated[int | None, Field(description="How many of these mentees that mentor would fit")]
    wanted: Annotated[
        WantedMentorView | None, Field(description="That mentor; null in reports from before it was kept")
    ]
    looked_at: Annotated[
        int | None,
        Field(
            description="Of a large group, how many mentees were looked at: all but `left_out` and `wanted` are then "
            "the least that it can be; null if all were"
        ),
    ]
    text: Annotated[str, Field(description="The row in words, in the language of `summary`")]

    @classmethod
    def of(cls, shortage: Shortage, formats: Formats) -> Self:
        wanted = WantedMentorView.of(shortage.wanted) if shortage.wanted else None
        return cls.model_validate(
            asdict(shortage) | {"wanted": wanted, "text": shortage_text(shortage, formats)}
        )


def suggestion_views(suggestions: tuple[Suggestion, ...]) -> list[SuggestionView]:
    return [SuggestionView.of(one) for one in suggestions]
