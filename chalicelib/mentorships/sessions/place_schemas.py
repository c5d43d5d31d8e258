"""On the wire: how a session is held, and where a person can be met."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from chalicelib.mentorships.sessions.place import MEET_BY, Place
from chalicelib.mentorships.sessions.placing import SeenWays
from chalicelib.mentorships.sessions.series import Scope
from chalicelib.people.model import Channel
from chalicelib.platform.web.shapes import Answer, Body, Line, Link
from chalicelib.programmes.model import Side

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


def _meets(channel: Channel) -> Channel:
    if channel not in MEET_BY:
        raise ValueError(f"two meet by {', '.join(MEET_BY)}; an e-mail is read when it is")
    return channel


def _phone(text: str) -> str:
    number = re.sub(r"[ ().\-]", "", text)
    if not _NUMBER.fullmatch(number):
        raise ValueError("write the number with its country, for example +254 712 345678")
    return number


MeetBy = Annotated[Channel, AfterValidator(_meets)]
Phone = Annotated[str, Field(max_length=30), AfterValidator(_phone)]


class PlaceBody(Body):
    """How you meet. Links and numbers come from the programme's setting and from what each of you has said."""

    channel: Annotated[
        MeetBy,
        Field(description="video and voice: at a link. phone, chat: one of you calls, or writes first"),
    ]
    caller: Annotated[
        Side | None,
        Field(
            description="Of phone and chat: who calls, or writes first. If left out it stays, or is the mentor"
        ),
    ] = None
    scope: Scope = Scope.ONE


class PlaceView(Answer):
    """How a session is held; for the two alone."""

    channel: Channel
    link: Annotated[
        str | None, Field(description="Null until the mentor has given theirs, where it is theirs")
    ]
    caller: Annotated[Side | None, Field(description="Of phone and chat: who calls, or writes first")]
    contact: Annotated[
        str | None, Field(description="Where the other is called or written to; null until they have said")
    ]

    @classmethod
    def of_place(cls, place: Place | None) -> Self | None:
        if place is None:
            return None
        return cls(channel=place.channel, link=place.link, caller=place.caller, contact=place.contact)


class MeetingWaysBody(Body):
    link: Annotated[
        Link | None,
        Field(
            examples=["https://meet.example.org/claire-tremblay"],
            description="Your own room for calls; it counts where you are the mentor and the programme leaves it to "
            "you",
        ),
    ] = None
    phone: Annotated[
        Phone | None, Field(examples=["+254 712 345678"], description="With the country's code")
    ] = None
    chat: Annotated[
        Annotated[Line, Field(max_length=100)] | None,
        Field(examples=["Signal, amina.42"], description="Which service, and who you are there"),
    ] = None


class MeetingWaysView(Answer):
    """Where you can be met. The other reads of it what a session with you needs."""

    link: str | None
    phone: str | None
    chat: str | None

    @classmethod
    def of(cls, seen: SeenWays) -> Self:
        return cls(link=seen.ways.link, phone=seen.ways.phone, chat=seen.ways.chat)
