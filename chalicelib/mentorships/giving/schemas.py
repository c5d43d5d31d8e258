"""Time given on the wire."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from chalicelib.mentorships.giving.model import Giving, ShownAs
from chalicelib.mentorships.giving.service import MentorTime, Month
from chalicelib.mentorships.sessions.model import Held
from chalicelib.platform.web.shapes import Answer, Body, Query

_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


def _month_name(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise ValueError("write a month as YYYY-MM, for example 2027-03")
    return text


MonthName = Annotated[
    str, AfterValidator(_month_name), Field(description="A month in UTC, as YYYY-MM", examples=["2027-03"])
]
Share = Annotated[
    float | None, Field(description="Of what was pledged; over 1 for more, null without a pledge")
]
Pledged = Annotated[
    int | None,
    Field(description="Minutes, day by day, of the present month up to today; null without a pledge"),
]


class TimeGivenQuery(Query):
    first: Annotated[MonthName | None, Field(alias="from")] = None
    last: Annotated[MonthName | None, Field(alias="to")] = None


class MonthQuery(Query):
    month: MonthName | None = None


class GivingBody(Body):
    """Replaces what was there before."""

    pledge_hours_a_week: Annotated[
        Annotated[float, Field(ge=0.25, le=20, multiple_of=0.25)] | None,
        Field(description="In quarters of an hour; null for no pledge"),
    ] = None
    thank_me_as: Annotated[
        ShownAs | None,
        Field(description="Under which name you wish to be thanked; null, as at first: not at all"),
    ] = None

    @property
    def minutes_a_week(self) -> int | None:
        return None if self.pledge_hours_a_week is None else int(self.pledge_hours_a_week * 60)


class GivingView(Answer):
    programme_id: str
    pledge_hours_a_week: float | None
    thank_me_as: ShownAs | None
    thanked_as: Annotated[str | None, Field(description="The very name, as it was when you chose it")]

    @classmethod
    def of(cls, giving: Giving) -> Self:
        minutes = giving.minutes_a_week
        return cls(
            programme_id=giving.programme_id, pledge_hours_a_week=minutes / 60 if minutes else None,
            thank_me_as=giving.shown_as, thanked_as=giving.thanked_as,
        )  # fmt: skip


class GivenInView(Answer):
    mentorship_id: str
    sessions: int
    minutes: int


class MonthView(Answer):
    """Your time in one programme in one month."""

    month: str
    programme_id: str
    sessions: int
    minutes: Annotated[int, Field(description="Of sessions that were held, as far as both agree")]
    pledged_minutes: Pledged
    share: Share
    mentorships: tuple[GivenInView, ...]


class TimeGivenView(Answer):
    items: tuple[MonthView, ...]

    @classmethod
    def of(cls, months: tuple[Month, ...]) -> Self:
        return cls(items=tuple(_month(one) for one in months))


class MentorTimeView(Answer):
    """A mentor's time in a month."""

    person_id: str
    name: Annotated[str | None, Field(description="Null for somebody who is no longer here")]
    sessions: int
    minutes: int
    pledged_minutes: Pledged
    share: Share

    @classmethod
    def of(cls, one: MentorTime) -> Self:
        return cls(
            person_id=one.person_id, name=one.person.name if one.person else None, **_figures(one.given),
            pledged_minutes=one.pledged_minutes, share=one.share,
        )  # fmt: skip


class ThankedView(Answer):
    """A mentor who is thanked; nothing else of them is shown."""

    name: str

    @classmethod
    def of(cls, name: str) -> Self:
        return cls(name=name)


def _month(one: Month) -> MonthView:
    each = tuple(
        GivenInView(mentorship_id=given.mentorship_id, **_figures(given.given)) for given in one.mentorships
    )
    return MonthView(
        month=one.month, programme_id=one.programme_id, **_figures(one.given), pledged_minutes=one.pledged_minutes,
        share=one.share, mentorships=each,
    )  # fmt: skip


def _figures(given: Held) -> dict[str, int]:
    return {"sessions": given.sessions, "minutes": given.minutes}
