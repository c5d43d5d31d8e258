"""Chats and their messages, in the simulations table.

Where a chat stands is a row beside its simulation, so that a console is one query. Its messages are a collection of
their own: a message is a row at its number, and the client's id of one is a row as well, so that neither can be there
twice. Both are written with the chat at the version that was read, which makes the numbers one sequence without gaps.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.simulations import store
from chalicelib.simulations.cases import CaseOutcome, Voice
from chalicelib.simulations.chats.model import Chat, Message, MessageSource, Step
from chalicelib.simulations.errors import ChatMoved

_CHATS = "CHAT#"
_MESSAGES = "MESSAGE#"


class ChatRow(tables.Row):
    """Where a chat stands."""

    class Meta:
        capability = store.CAPABILITY

    engine_answers = BooleanAttribute()
    scene = UnicodeAttribute(null=True)
    scene_at = UnicodeAttribute(null=True)
    hints = NumberAttribute()
    due_at = UnicodeAttribute(null=True)
    path = JSONAttribute()
    asked = JSONAttribute()
    last = NumberAttribute()
    waiting_since = UnicodeAttribute(null=True)
    suggested = JSONAttribute()
    outcome = UnicodeAttribute(null=True)
    ended_at = UnicodeAttribute(null=True)


class MessageRow(tables.Row):
    """A message."""

    class Meta:
        capability = store.CAPABILITY

    at = UnicodeAttribute()
    source = UnicodeAttribute()
    text = UnicodeAttribute()
    voice = UnicodeAttribute(null=True)
    author_id = UnicodeAttribute(null=True)
    picture = UnicodeAttribute(null=True)
    topic = UnicodeAttribute(null=True)
    replaces = NumberAttribute(null=True)


class SentRow(tables.Row):
    """That a client's message was taken, with a digest of what it said."""

    class Meta:
        capability = store.CAPABILITY

    digest = UnicodeAttribute()


def chat_key(simulation_id: str, round_: int, participant_id: str) -> tuple[type[ChatRow], str, str]:
    """Return the key of where a chat stands, for `tables.get_many`."""
    return ChatRow, f"SIMULATION#{simulation_id}", f"{_CHATS}{round_}#{participant_id}"


def sent_key(
    simulation_id: str, round_: int, participant_id: str, sender_id: str, client_key: str
) -> tuple[type[SentRow], str, str]:
    """Return the key of a client's message, for `tables.get_many`."""
    return SentRow, _messages_pk(simulation_id, round_, participant_id), f"SENT#{sender_id}#{client_key}"


def put_chat(chat: Chat, now: datetime) -> Write:
    """Return the write of where a chat stands, new or over the version that was read."""
    row_class, pk, sk = chat_key(chat.simulation_id, chat.round, chat.participant_id)
    row = row_class(
        pk, sk, engine_answers=chat.engine_answers, scene=chat.scene, scene_at=text_of(chat.scene_at),
        hints=chat.hints, due_at=text_of(chat.due_at), path=[[one.name, one.seconds] for one in chat.path],
        asked=[[one.name, one.seconds] for one in chat.asked], last=chat.last,
        waiting_since=text_of(chat.waiting_since), suggested=list(chat.suggested),
        outcome=chat.outcome.value if chat.outcome else None, ended_at=text_of(chat.ended_at),
        **tables.stamps(to_text(now), version=chat.version),
    )  # fmt: skip
    return tables.put(row, conflict=ChatMoved())


def put_message(chat: Chat, message: Message, now: datetime) -> Write:
    """Return the write of a message at its number, of which there is none yet."""
    row = MessageRow(
        _messages_pk(chat.simulation_id, chat.round, chat.participant_id), _number(message.number),
        at=to_text(message.at), source=message.source.value, text=message.text,
        voice=message.voice.value if message.voice else None, author_id=message.author_id, picture=message.picture,
        topic=message.topic, replaces=message.replaces, **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row, conflict=ChatMoved())


def put_sent(key: tuple[type[SentRow], str, str], digest: str, now: datetime) -> Write:
    """Return the write of a client's message at its `sent_key`, of which there is none yet."""
    row_class, pk, sk = key
    row = row_class(pk, sk, digest=digest, **tables.stamps(to_text(now)))
    return tables.put(row, conflict=ChatMoved())


def messages_after(chat: Chat, after: int) -> tuple[Message, ...]:
    """Return a chat's messages after a number, in order: as many as a page holds."""
    found = tables.query(
        MessageRow, _messages_pk(chat.simulation_id, chat.round, chat.participant_id),
        between=(_number(after + 1), _number(99_999)),
    )  # fmt: skip
    return tuple(_message(MessageRow.parse(raw)) for raw in found.items)


def message(chat: Chat, number: int) -> Message | None:
    """Return one of a chat's messages."""
    pk = _messages_pk(chat.simulation_id, chat.round, chat.participant_id)
    row = tables.get(MessageRow, pk, _number(number))
    return _message(row) if row is not None else None


def delete_chat(simulation_id: str, round_: int, participant_id: str) -> Write:
    """Return the write that takes away a chat in which nothing has been said: its case has not begun."""
    return tables.delete_entry(*chat_key(simulation_id, round_, participant_id))


def chats_of(simulation_id: str, round_: int | None = None) -> tuple[Chat, ...]:
    """Return where the chats of a case stand, or of all cases."""
    begins = _CHATS if round_ is None else f"{_CHATS}{round_}#"
    raws: Iterable[dict[str, Any]] = tables.query_all(
        ChatRow, f"SIMULATION#{simulation_id}", begins_with=begins
    )
    return tuple(chat_of(ChatRow.parse(raw)) for raw in raws)


def chat_of(row: ChatRow) -> Chat:
    round_, participant_id = row.sk.removeprefix(_CHATS).split("#")
    return Chat(
        row.pk.removeprefix("SIMULATION#"), int(round_), participant_id, bool(row.engine_answers), row.scene,
        instant_of(row.scene_at), int(row.hints), instant_of(row.due_at), _steps(row.path), _steps(row.asked),
        int(row.last), instant_of(row.waiting_since), tuple(row.suggested),
        CaseOutcome(row.outcome) if row.outcome else None, instant_of(row.ended_at), int(row.version),
    )  # fmt: skip


def _message(row: MessageRow) -> Message:
    return Message(
        int(row.sk.removeprefix(_MESSAGES)), from_text(row.at), MessageSource(row.source), row.text,
        Voice(row.voice) if row.voice else None, row.author_id, row.picture, row.topic,
        int(row.replaces) if row.replaces is not None else None,
    )  # fmt: skip


def _steps(raw: list[Any]) -> tuple[Step, ...]:
    return tuple(Step(name, int(seconds)) for name, seconds in raw)


def _messages_pk(simulation_id: str, round_: int, participant_id: str) -> str:
    return f"SIMULATION#{simulation_id}#{_CHATS}{round_}#{participant_id}"


def _number(number: int) -> str:
    return f"{_MESSAGES}{number:05}"
