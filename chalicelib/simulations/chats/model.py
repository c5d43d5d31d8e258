"""A chat: one participant in one case, as a machine that is told what was said and when.

Nothing here waits for a clock. Whoever reads or writes a chat first lets the time pass (`passed`), which tells hints
and takes time-outs that have come due since, each at its own instant; so a chat is the same whether it was looked
at every second or once.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.simulations.asking import heard
from chalicelib.simulations.cases import CaseDocument, CaseOutcome, Picture, Scene, Topic, Voice
from chalicelib.simulations.sessions.model import Round

MAX_PART_BYTES = 560
"""Of a message as JSON; longer texts are told in parts, so that one always fits into a turn."""
MAX_SAID_BYTES = 400
"""Of what a participant writes at once, as JSON in UTF-8."""
MAX_TURN_BYTES = 1300
"""Of the messages in a turn: with what is around them and the participant's own, a turn stays below 2 KB."""


class MessageSource(StrEnum):
    """Who is behind a message: the transcript, a moderator, or the participant."""

    PARTICIPANT = "participant"
    TRANSCRIPT = "transcript"
    MODERATOR = "moderator"


@dataclass(frozen=True)
class Message:
    """One message.

    Attributes
    ----------
    number
        Its place in the chat, from 1, without gaps.
    voice
        Who speaks in the play; None for the participant.
    author_id
        The moderator behind it, whom participants do not see.
    picture
        The address of a picture, which `text` has in words.
    replaces
        The number of a message of the transcript that this one takes back.
    """

    number: int
    at: datetime
    source: MessageSource
    text: str
    voice: Voice | None = None
    author_id: str | None = None
    picture: str | None = None
    topic: str | None = None
    replaces: int | None = None


@dataclass(frozen=True)
class Step:
    """A scene entered, or a topic answered for the first time, so many seconds after the case began."""

    name: str
    seconds: int


@dataclass(frozen=True)
class Chat:
    """Where a chat stands.

    Attributes
    ----------
    scene, scene_at, hints
        The present scene, None before it opened; since when; how many of its hints were told.
    due_at
        When something happens of itself next.
    path, asked
        The scenes entered and the topics answered, in order.
    last
        The number of the last message.
    waiting_since, suggested
        Since when a message waits for the moderator, and which topics come close to it.
    """

    simulation_id: str
    round: int
    participant_id: str
    engine_answers: bool = True
    scene: str | None = None
    scene_at: datetime | None = None
    hints: int = 0
    due_at: datetime | None = None
    path: tuple[Step, ...] = ()
    asked: tuple[Step, ...] = ()
    last: int = 0
    waiting_since: datetime | None = None
    suggested: tuple[str, ...] = ()
    outcome: CaseOutcome | None = None
    ended_at: datetime | None = None
    version: int | None = None

    @property
    def id(self) -> str:
        return f"{self.round}-{self.participant_id}"

    def is_due(self, now: datetime, begun_at: datetime | None) -> bool:
        """Tell whether something has come due since it was last looked at."""
        if begun_at is None or self.outcome is not None:
            return False
        return self.scene is None or (self.due_at is not None and self.due_at <= now)


@dataclass(frozen=True)
class Play:
    """What a chat is played by: the transcript, and the round of the simulation."""

    document: CaseDocument
    round: Round

    @property
    def begun_at(self) -> datetime:
        if self.round.begun_at is None:
            raise ValueError("the case has not begun")
        return self.round.begun_at


@dataclass(frozen=True)
class Told:
    """A chat after something happened, and the messages of it."""

    chat: Chat
    messages: tuple[Message, ...] = ()


def passed(play: Play, chat: Chat, now: datetime) -> Told:
    """Let the time pass until now, or until the case is over: open the case, tell hints, take time-outs."""
    end = play.round.ends_at
    until = min(now, end) if end else now
    told = Told(chat)
    if chat.scene is None:
        told = _enter(play, told, play.document.opening, play.begun_at)
    while told.chat.due_at is not None and told.chat.due_at <= until:
        told = _happen(play, told, told.chat.due_at)
    return told


def said(play: Play, chat: Chat, text: str, now: datetime) -> Told:
    """Take what the participant says, and answer what the transcript can.

    What it cannot waits for the moderator, with the topics that come close.
    """
    told = _add(Told(chat), Message(0, now, MessageSource.PARTICIPANT, text))
    found = heard(play.document, text)
    scene = play.document.scene(chat.scene or play.document.opening)
    topics = [one for name in found.topics if (one := play.document.topic(name)) is not None]
    all_answered = all(one.reply_in(scene.key, play.round.setting) for one in topics)
    if not (chat.engine_answers and topics and all_answered):
        waiting = replace(
            told.chat, waiting_since=chat.waiting_since or now, suggested=found.topics or found.suggested
        )
        return replace(told, chat=waiting)
    return _answer(play, told, topics, now, MessageSource.TRANSCRIPT, None)


def answered_topic(play: Play, chat: Chat, topic: Topic, now: datetime, by: str) -> Told:
    """Have a moderator answer with what the transcript has prepared, and go where it leads."""
    return _settled(_answer(play, Told(chat), [topic], now, MessageSource.MODERATOR, by))


def answered_freely(
    chat: Chat, voice: Voice, text: str, now: datetime, by: str, replaces: int | None = None
) -> Told:
    """Have a moderator answer in their own words, as one of the play."""
    told = _parts(Told(chat), text, now, MessageSource.MODERATOR, voice, by, replaces=replaces)
    return _settled(told)


def moved_to(play: Play, chat: Chat, scene_id: str, now: datetime) -> Told:
    """Have a moderator take the case to another scene."""
    return _settled(_enter(play, Told(chat), scene_id, now))


def with_engine(told: Told, *, answers: bool) -> Told:
    """Let the transcript answer routine requests from now on, or not."""
    return replace(told, chat=replace(told.chat, engine_answers=answers))


def _answer(
    play: Play, told: Told, topics: Sequence[Topic], now: datetime, source: MessageSource, by: str | None
) -> Told:
    """Tell the replies to topics in the present scene, and then take the first way that one of them leads."""
    scene = play.document.scene(told.chat.scene or play.document.opening)
    leads_to = None
    for topic in topics:
        reply = topic.reply_in(scene.key, play.round.setting)
        if reply is None:
            continue
        told = _parts(told, reply.text, now, source, reply.by, by, topic=topic.key)
        if reply.picture:
            told = _picture(told, reply.picture, now, source, reply.by, topic.key)
        if topic.key not in {one.name for one in told.chat.asked}:
            asked = (*told.chat.asked, Step(topic.key, _seconds(play, now)))
            told = replace(told, chat=replace(told.chat, asked=asked))
        leads_to = leads_to or play.document.follows(scene, topic, play.round.setting)
    return _enter(play, told, leads_to, now) if leads_to else told


def _enter(play: Play, told: Told, scene_id: str, at: datetime) -> Told:
    scene = play.document.scene(scene_id)
    path = (*told.chat.path, Step(scene_id, _seconds(play, at)))
    chat = replace(
        told.chat, scene=scene_id, scene_at=at, hints=0, path=path, outcome=scene.outcome,
        ended_at=at if scene.outcome else None,
    )  # fmt: skip
    if scene.outcome:
        chat = replace(chat, waiting_since=None, suggested=())
    chat = replace(chat, due_at=_due(scene, at, 0))
    return _parts(replace(told, chat=chat), scene.text, at, MessageSource.TRANSCRIPT, scene.by, None)


def _happen(play: Play, told: Told, at: datetime) -> Told:
    """Do what is due at an instant: the next hint, or the time-out."""
    chat = told.chat
    scene = play.document.scene(chat.scene or play.document.opening)
    hints = sorted(scene.hints, key=lambda one: one.after_minutes)
    if chat.hints < len(hints):
        hint = hints[chat.hints]
        told = _parts(told, hint.text, at, MessageSource.TRANSCRIPT, scene.by, None)
        due = _due(scene, chat.scene_at or at, chat.hints + 1)
        return replace(told, chat=replace(told.chat, hints=chat.hints + 1, due_at=due))
    if scene.time_out is None:
        return replace(told, chat=replace(chat, due_at=None))
    return _enter(play, told, scene.time_out.leads_to, at)


def _due(scene: Scene, since: datetime, hints_told: int) -> datetime | None:
    """Return when something happens of itself next in a scene."""
    minutes = sorted(one.after_minutes for one in scene.hints)[hints_told:]
    if scene.time_out:
        minutes.append(scene.time_out.after_minutes)
    return since + timedelta(minutes=minutes[0]) if minutes else None


def _seconds(play: Play, at: datetime) -> int:
    return round((at - play.begun_at).total_seconds())


def _settled(told: Told) -> Told:
    return replace(told, chat=replace(told.chat, waiting_since=None, suggested=()))


def _parts(
    told: Told,
    text: str,
    at: datetime,
    source: MessageSource,
    voice: Voice | None,
    by: str | None,
    *,
    topic: str | None = None,
    replaces: int | None = None,
) -> Told:
    for part in parts_of(text):
        message = Message(0, at, source, part, voice, author_id=by, topic=topic, replaces=replaces)
        told = _add(told, message)
    return told


def _picture(
    told: Told, picture: Picture, at: datetime, source: MessageSource, voice: Voice, topic: str
) -> Told:
    parts = parts_of(picture.text)
    for n, part in enumerate(parts):
        address = picture.url if n == 0 else None
        told = _add(told, Message(0, at, source, part, voice, picture=address, topic=topic))
    return told


def _add(told: Told, message: Message) -> Told:
    number = told.chat.last + 1
    return Told(replace(told.chat, last=number), (*told.messages, replace(message, number=number)))


def parts_of(text: str) -> tuple[str, ...]:
    """Return a text in parts that each fit into a message, broken between words where it can be."""
    return tuple(_cut(text))


def _cut(text: str) -> Iterator[str]:
    while size_of(text) > MAX_PART_BYTES:
        low, high = 1, len(text)
        while low < high:  # the longest beginning that fits
            middle = (low + high + 1) // 2
            low, high = (middle, high) if size_of(text[:middle]) <= MAX_PART_BYTES else (low, middle - 1)
        at = max(text.rfind(" ", 0, low + 1), text.rfind("\n", 0, low + 1))
        at = at if at > low // 2 else low
        yield text[:at].rstrip()
        text = text[at:].lstrip()
    if text:
        yield text


def size_of(text: str) -> int:
    """Return how many bytes a text takes in JSON."""
    return len(json.dumps(text, ensure_ascii=False).encode())
