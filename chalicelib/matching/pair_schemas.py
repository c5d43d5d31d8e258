"""The explanation of a pair on the wire, in numbers and in words."""

from dataclasses import asdict, replace
from typing import Annotated, Self

from pydantic import Field

from chalicelib.matching.model import MILLION, Contribution, Criterion, LocalSpan, Overlap, ProposedPair
from chalicelib.matching.wording import Audience, Reader, sentences
from chalicelib.people.model import Weekday, minutes_text
from chalicelib.platform.web.shapes import Answer, Instant, instant

Millionths = Annotated[int, Field(ge=0, le=MILLION, description="Millionths", examples=[731250])]


class ContributionView(Answer):
    criterion: Criterion
    points: Millionths


class SharedLanguageView(Answer):
    """A language that both can talk in. `…_by` is there where somebody does not speak it, but one that it is close to;
    the level is then what that is taken for."""

    language: Annotated[str, Field(examples=["fr"])]
    mentee_level: str
    mentor_level: str
    mentee_by: Annotated[str | None, Field(examples=["da"])] = None
    mentor_by: Annotated[str | None, Field(examples=["nb"])] = None


class LocalSpanView(Answer):
    """A stretch of the week on one person's own clock."""

    weekday: Weekday
    start: Annotated[str, Field(examples=["17:30"])]
    end_weekday: Weekday
    end: Annotated[str, Field(examples=["19:00"])]

    @classmethod
    def of(cls, span: LocalSpan) -> Self:
        return cls(
            weekday=span.weekday, start=minutes_text(span.start), end_weekday=span.end_weekday,
            end=minutes_text(span.end),
        )  # fmt: skip


class WindowView(Answer):
    starts_at: Instant
    minutes: int
    mentee: LocalSpanView
    mentor: LocalSpanView


class OverlapView(Answer):
    minutes_per_week: Annotated[int, Field(description="Common time of the poorest week looked at")]
    windows: Annotated[list[WindowView], Field(description="Of the first week looked at")]

    @classmethod
    def of(cls, overlap: Overlap) -> Self:
        windows = [
            WindowView(
                starts_at=instant(one.starts_at), minutes=one.minutes, mentee=LocalSpanView.of(one.mentee),
                mentor=LocalSpanView.of(one.mentor),
            )
            for one in overlap.windows
        ]  # fmt: skip
        return cls(minutes_per_week=overlap.minutes_per_week, windows=windows)


class SentenceView(Answer):
    criterion: Annotated[Criterion, Field(description="The criterion that it is about")]
    text: str


class EvidenceInWordsView(Answer):
    """What speaks for a pair, in sentences for the one who reads it.

    In the language of the reader's own account (`locale` of `PATCH /v1/me`), as their mails are, whatever
    `Accept-Language` says; a locale without a catalogue gets English. A name or a tag that runs against the direction
    of the sentence stands between U+2068 and U+2069.
    """

    language: Annotated[
        str, Field(description="BCP-47 tag, for the `lang` of what shows them", examples=["en"])
    ]
    sentences: Annotated[list[SentenceView], Field(description="In the order of the criteria")]

    @classmethod
    def of(cls, pair: ProposedPair, reader: Reader) -> Self:
        formats = reader.formats()
        told = sentences(pair, reader, formats)
        return cls(
            language=formats.language,
            sentences=[SentenceView(criterion=one.criterion, text=one.text) for one in told],
        )


def contribution_views(contributions: tuple[Contribution, ...]) -> list[ContributionView]:
    return [ContributionView(criterion=one.criterion, points=one.points) for one in contributions]


def told_to(audience: Audience, pair: ProposedPair) -> ProposedPair:
    """Return a pair with the points that a reader may see. A mentor's are without those for waiting, and so is their
    sum: how long somebody was left without a mentor is not theirs to learn. Nor is it a peer's."""
    if audience is not Audience.MENTOR and not (pair.evidence.of_peers and audience is Audience.MENTEE):
        return pair
    told = tuple(one for one in pair.contributions if one.criterion is not Criterion.WAITING)
    return replace(pair, contributions=told, score=sum(one.points for one in told))


def language_views(pair: ProposedPair) -> list[SharedLanguageView]:
    return [SharedLanguageView.model_validate(asdict(one)) for one in pair.shared_languages]
