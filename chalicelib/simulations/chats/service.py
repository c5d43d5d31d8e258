"""Chats: what a participant says and reads, and what a moderator's console does.

A turn is one request: it sends a message, or none, and brings whatever came after the last one that the client has. A
message carries the client's own id, so that one that is sent again after a lost answer is taken once. The chat is read
with its version and written with it; two who write at once are decided one after the other.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.tries import again
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.simulations import service as cases
from chalicelib.simulations.cases import Voice
from chalicelib.simulations.chats import model, store
from chalicelib.simulations.chats.model import (
    MAX_SAID_BYTES,
    Chat,
    Message,
    MessageSource,
    Play,
    Told,
    size_of,
)
from chalicelib.simulations.errors import (
    CaseEnded,
    ChatMoved,
    ClientKeyUsed,
    NotBegun,
    RepliedMeanwhile,
    TimeOver,
)
from chalicelib.simulations.sessions import service as sessions
from chalicelib.simulations.sessions import store as sessions_store
from chalicelib.simulations.sessions.model import Place, Round, Simulation, SimulationRole

_TRIES = 6
"""Of a turn that another's crosses: participant, moderator and the clock of a poll may all write to one chat."""
_BUSY = "Others are writing in this chat. Send it again with the same client_key."


@dataclass(frozen=True)
class Turn:
    """What a turn brings.

    Attributes
    ----------
    messages
        Those after the last that the client had, in order.
    is_moderator
        Whether the reader sees who is behind a message, and the console.
    """

    chat: Chat
    round: Round
    now: datetime
    messages: tuple[Message, ...]
    is_moderator: bool = False


@dataclass(frozen=True)
class Answer:
    """What a moderator does in a chat, one or more at once: answer with a prepared topic, say something as a voice,
    take the case to a scene, and let the transcript answer or not from now on."""

    topic: str | None = None
    text: str | None = None
    voice: Voice = Voice.PATIENT
    replaces: int | None = None
    scene: str | None = None
    engine_answers: bool | None = None


@dataclass(frozen=True)
class SeenChat:
    """A chat on the console, with whose participant it is."""

    chat: Chat
    place: Place | None


@dataclass(frozen=True)
class _Open:
    """What a turn works on."""

    simulation: Simulation
    round: Round
    chat: Chat
    place: Place | None
    sent: str | None = None

    def play(self) -> Play:
        return Play(cases.document(self.round.case_id, self.round.case_version), self.round)


def poll(call: Call, simulation_id: str, chat_id: str, after: int) -> Turn:
    """Return what came after a message, and tell what has come due meanwhile (the participant, moderators, and raters
    once the case is over)."""

    def attempt() -> Turn:
        found = _open(call, simulation_id, chat_id)
        is_moderator = _require_reader(call, found)
        told = Told(found.chat)
        if found.chat.is_due(_until(found.round, call.now), found.round.begun_at):
            told = model.passed(found.play(), found.chat, call.now)
        before = store.messages_after(found.chat, after) if found.chat.last > after else ()
        turn = _turn(call, found, told, before, after, is_moderator=is_moderator)
        return commit(call, _writes(told, call.now), turn) if told.messages else turn

    return again(attempt, ChatMoved, busy=_BUSY, tries=_TRIES)


def say(call: Call, simulation_id: str, chat_id: str, client_key: str, text: str, after: int) -> Turn:
    """Say something as the participant.

    Raises
    ------
    NotBegun, TimeOver, CaseEnded
        Outside of the case's time.
    ClientKeyUsed
        If the client's id was that of another message.
    Invalid
        If it is longer than a turn takes.
    """
    if size_of(text) > MAX_SAID_BYTES:
        raise Invalid.field("/text", f"A message takes {MAX_SAID_BYTES} bytes; send this in two.")

    def doing(found: _Open, play: Play, chat: Chat, _before: Sequence[Message]) -> Told:
        if found.chat.participant_id != call.actor_id:
            raise NotFound
        return model.said(play, chat, text, call.now)

    return _write(call, simulation_id, chat_id, client_key, text, after, doing)


def answer(call: Call, simulation_id: str, chat_id: str, client_key: str, wanted: Answer, after: int) -> Turn:
    """Answer as a moderator.

    Raises
    ------
    NotBegun, TimeOver, CaseEnded, ClientKeyUsed, RepliedMeanwhile
    Invalid
        If the case has no such topic or scene, or nothing prepared for the topic here.
    """

    def doing(found: _Open, play: Play, chat: Chat, before: Sequence[Message]) -> Told:
        if found.place is None or not found.place.is_moderator:
            raise NotFound
        _require_unsaid(call, wanted, before)
        return _answered(call, play, chat, wanted)

    # Who takes the case elsewhere takes an end back, too.
    reopens = wanted.scene is not None
    return _write(call, simulation_id, chat_id, client_key, repr(wanted), after, doing, may_reopen=reopens)


def console(call: Call, simulation_id: str, round_: int) -> tuple[SeenChat, ...]:
    """Return where all chats of a case stand (moderators), those that wait the longest first."""
    simulation, place, _ = sessions.seen_by(call, simulation_id)
    if place is None or not place.is_moderator or simulation.round(round_) is None:
        raise NotFound
    places = {one.person_id: one for one in sessions_store.places_of(simulation_id)}
    found = (SeenChat(one, places.get(one.participant_id)) for one in store.chats_of(simulation_id, round_))
    return tuple(
        sorted(found, key=lambda one: (one.chat.waiting_since is None, one.chat.waiting_since or call.now))
    )


def parts_of_id(chat_id: str) -> tuple[int, str]:
    """Return the case's place and the participant that a chat's id names; raises `NotFound`."""
    number, _, participant_id = chat_id.partition("-")
    if not (len(number) == 1 and number.isascii() and number.isdigit() and is_id(participant_id)):
        raise NotFound
    return int(number), participant_id


def _answered(call: Call, play: Play, chat: Chat, wanted: Answer) -> Told:
    told = Told(chat)
    if wanted.topic is not None:
        topic = play.document.topic(wanted.topic)
        if topic is None or topic.reply_in(chat.scene or "", play.round.setting) is None:
            raise Invalid.field("/topic", "The case has nothing prepared for this here; write it freely.")
        told = model.answered_topic(play, told.chat, topic, call.now, call.actor_id)
    if wanted.text is not None:
        if wanted.replaces is not None:
            _require_answer(chat, wanted.replaces)
        more = model.answered_freely(
            told.chat, wanted.voice, wanted.text, call.now, call.actor_id, wanted.replaces
        )
        told = Told(more.chat, told.messages + more.messages)
    if wanted.scene is not None:
        if wanted.scene not in {one.key for one in play.document.scenes}:
            raise Invalid.field("/scene", "The case has no such scene.")
        more = model.moved_to(play, told.chat, wanted.scene, call.now)
        told = Told(more.chat, told.messages + more.messages)
    if wanted.engine_answers is not None:
        told = model.with_engine(told, answers=wanted.engine_answers)
    return told


def _require_unsaid(call: Call, wanted: Answer, before: Sequence[Message]) -> None:
    """Refuse what is prepared where another moderator has sent it since the message that this one had seen; raises
    `RepliedMeanwhile`."""
    if wanted.topic is not None and any(
        one.topic == wanted.topic and one.source is MessageSource.MODERATOR and one.author_id != call.actor_id
        for one in before
    ):
        raise RepliedMeanwhile("Read it; send it again with `after` if the participant shall have it twice.")


def _require_answer(chat: Chat, number: int) -> None:
    """Let pass the number of a message that is not the participant's own."""
    found = store.message(chat, number) if 1 <= number <= chat.last else None
    if found is None:
        raise Invalid.field("/replaces", "The chat has no message of this number.")
    if found.source is MessageSource.PARTICIPANT:
        raise Invalid.field("/replaces", "This is the participant's own; take an answer back.")


def _write(
    call: Call,
    simulation_id: str,
    chat_id: str,
    client_key: str,
    content: str,
    after: int,
    doing: Callable[[_Open, Play, Chat, Sequence[Message]], Told],
    *,
    may_reopen: bool = False,
) -> Turn:
    digest = hashlib.sha256(content.encode()).hexdigest()

    def attempt() -> Turn:
        found = _open(call, simulation_id, chat_id, client_key)
        is_moderator = _require_reader(call, found)
        before = store.messages_after(found.chat, after) if found.chat.last > after else ()
        if found.sent is not None:
            if found.sent != digest:
                raise ClientKeyUsed("Give each message a client_key of its own.")
            return _turn(call, found, Told(found.chat), before, after, is_moderator=is_moderator)
        _require_time(found, call.now, may_have_ended=may_reopen and is_moderator)
        play = found.play()
        passed = model.passed(play, found.chat, call.now)
        if passed.chat.outcome is not None and found.chat.outcome is None:
            # It ended of itself before this was said; whoever polls is told.
            raise CaseEnded("The case came to its end before this; poll to read how.")
        done = doing(found, play, passed.chat, before)
        told = Told(done.chat, passed.messages + done.messages)
        key = _sent_key(call, found.chat, client_key)
        writes = [*_writes(told, call.now), store.put_sent(key, digest, call.now)]
        turn = _turn(call, found, told, before, after, is_moderator=is_moderator)
        return commit(call, writes, turn)

    return again(attempt, ChatMoved, busy=_BUSY, tries=_TRIES)


def _open(call: Call, simulation_id: str, chat_id: str, client_key: str | None = None) -> _Open:
    """Read what a turn works on in one round trip; raises `NotFound`."""
    round_number, participant_id = parts_of_id(chat_id)
    keys = [
        sessions_store.simulation_key(simulation_id), sessions_store.place_key(simulation_id, call.actor_id),
        store.chat_key(simulation_id, round_number, participant_id),
    ]  # fmt: skip
    sent_keys = (
        [store.sent_key(simulation_id, round_number, participant_id, call.actor_id, client_key)]
        if client_key
        else []
    )
    row, place_row, chat_row, *sent = tables.get_many([*keys, *sent_keys])
    if row is None or chat_row is None:
        raise NotFound
    simulation = sessions_store.simulation_of(row)
    round_ = simulation.round(round_number)
    if round_ is None:
        raise NotFound
    place = sessions_store.place_of(place_row) if place_row else None
    digest = sent[0].digest if sent and sent[0] is not None else None
    return _Open(simulation, round_, store.chat_of(chat_row), place, digest)


def _require_reader(call: Call, found: _Open) -> bool:
    """Let pass who may read a chat; tell whether they moderate. Raises `NotFound`."""
    place = found.place
    if place is None:
        raise NotFound
    if place.is_moderator:
        return True
    if call.actor_id == found.chat.participant_id:
        return False
    if SimulationRole.RATER in place.roles and found.round.is_over(call.now):
        return False
    raise NotFound


def _require_time(found: _Open, now: datetime, *, may_have_ended: bool) -> None:
    if found.round.begun_at is None:
        raise NotBegun("Wait until it begins; poll to see when.")
    if found.chat.outcome is not None and not may_have_ended:
        raise CaseEnded("Read how it ended; nothing more can be said.")
    if found.round.is_over(now):
        raise TimeOver("What comes after the time is not taken.")


def _until(round_: Round, now: datetime) -> datetime:
    return min(now, round_.ends_at) if round_.ends_at else now


def _writes(told: Told, now: datetime) -> list[Write]:
    return [
        store.put_chat(told.chat, now), *(store.put_message(told.chat, one, now) for one in told.messages),
    ]  # fmt: skip


def _sent_key(call: Call, chat: Chat, client_key: str) -> tuple[type[store.SentRow], str, str]:
    return store.sent_key(chat.simulation_id, chat.round, chat.participant_id, call.actor_id, client_key)


def _turn(
    call: Call, found: _Open, told: Told, before: tuple[Message, ...], after: int, *, is_moderator: bool
) -> Turn:
    messages = tuple(one for one in (*before, *told.messages) if one.number > after)
    return Turn(told.chat, found.round, call.now, messages, is_moderator)
