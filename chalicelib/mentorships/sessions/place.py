"""How the two of a session meet: on a link, by phone or in a chat, and what that needs."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.mentorships.agreements.model import Agreement
from chalicelib.people.model import Channel
from chalicelib.programmes.model import PairKind, Side, VideoProvider, VideoRooms

ROOM_BYTES = 16
"""128 bits: of a million rooms in use at once, a million guesses a second find one in 10^19 years."""
MEET_BY = (Channel.VIDEO, Channel.VOICE, Channel.PHONE, Channel.CHAT)
"""The ways in which two meet at a time; an e-mail is read when it is."""
ON_LINK = (Channel.VIDEO, Channel.VOICE)


@dataclass(frozen=True)
class Ways:
    """Where a person can be met, for those alone with whom they have a session that needs it.

    Attributes
    ----------
    link
        Their own room for calls over the internet.
    phone
        As E.164 has it, "+254712345678".
    chat
        Which service, and who they are there, in their words.
    """

    person_id: str
    link: str | None = None
    phone: str | None = None
    chat: str | None = None
    created_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Place:
    """Where a session is.

    Attributes
    ----------
    link
        Of a call over the internet; None until who gives the room has given theirs.
    caller
        Who calls whom by phone, or writes first in a chat.
    contact
        Where the other is to be called or written to; None until they have said.
    """

    channel: Channel
    link: str | None = None
    caller: Side | None = None
    contact: str | None = None


@dataclass(frozen=True)
class Ground:
    """All that the place of a session follows from.

    Attributes
    ----------
    kind, by
        What the two are to each other, and who of them arranges it: between peers, who alike give a room, bear the
        cost of a call and are called, it is who arranges.
    usual
        How the two meet if nobody says otherwise.
    fresh
        Makes the name of a room that nobody can guess.
    """

    kind: PairKind
    by: Side
    usual: Channel
    rooms: VideoRooms
    ways: Mapping[Side, Ways]
    fresh: Callable[[], str]

    def place(
        self, channel: Channel | None, caller: Side | None = None, before: Place | None = None
    ) -> Place:
        """Return where a session is.

        Parameters
        ----------
        caller
            The mentor if left out, of peers who arranges it: a call is not to cost the mentee. Our judgement.
        before
            Where it was: a room that was made stays.
        """
        channel = channel or self.usual
        if channel in ON_LINK:
            return Place(channel, self._link(before))
        caller = caller or (before.caller if before and before.channel is channel else None) or self._host
        called = self.ways[caller.other]
        return Place(channel, None, caller, called.phone if channel is Channel.PHONE else called.chat)

    @property
    def _host(self) -> Side:
        return self.by if self.kind is PairKind.PEER else Side.MENTOR

    def _link(self, before: Place | None) -> str | None:
        if self.rooms.provider is VideoProvider.MENTORS_LINK:
            of_host = self.ways[self._host].link
            if of_host is None and self.kind is PairKind.PEER:
                return self.ways[self._host.other].link
            return of_host
        if self.rooms.provider is VideoProvider.FIXED_ROOM or self.rooms.address is None:
            return self.rooms.address
        base = self.rooms.address.rstrip("/") + "/"
        if before is not None and before.link is not None and before.link.startswith(base):
            return before.link
        return base + self.fresh()


def usual_channel(agreement: Agreement | None) -> Channel:
    """Return how two meet by their agreement: the first way that both found to work, else the first that they agreed
    on, else by video."""
    if agreement is None:
        return Channel.VIDEO
    working = agreement.first_working()
    ways = (*((working,) if working else ()), *agreement.wording.terms.ways())
    return next((one for one in ways if one in MEET_BY), Channel.VIDEO)


def room_name(random: bytes) -> str:
    """Return a room's name: small letters and digits alone, since such servers do not tell large from small."""
    return "crossward-" + base64.b32encode(random).decode().rstrip("=").lower()
