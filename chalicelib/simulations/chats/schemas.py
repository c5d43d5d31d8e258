"""Chats on the wire: short, since a turn is to pass a slow line."""

import re
from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import AfterValidator, Field

from chalicelib.kernel.texts import readable
from chalicelib.platform.web.shapes import Answer as AnswerShape
from chalicelib.platform.web.shapes import Body, Instant, Query, instant
from chalicelib.simulations.cases import CaseOutcome, Voice
from chalicelib.simulations.chats.model import MAX_TURN_BYTES, Message, MessageSource
from chalicelib.simulations.chats.service import Answer, SeenChat, Turn
from chalicelib.simulations.schemas import Name, Told

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]+")


def _client_key(text: str) -> str:
    if not _CLIENT_ID.fullmatch(text):
        raise ValueError("use letters, digits, - and _, for example a UUID")
    return text


ClientKey = Annotated[
    str,
    AfterValidator(_client_key),
    Field(
        min_length=8,
        max_length=36,
        description="Yours, another for each message. Sent again with the same, a message is taken once",
    ),
]
After = Annotated[
    int, Field(ge=0, le=99_999, description="The number of the last message you have, 0 at first")
]


class TurnQuery(Query):
    after: After = 0


class SayBody(Body):
    client_key: ClientKey
    text: Annotated[
        str,
        AfterValidator(readable),
        Field(min_length=1, max_length=390, description="At most 400 bytes as JSON"),
    ]
    after: After = 0


class ChatAnswerBody(Body):
    """One or more at once, done in this order: `topic`, `text`, `scene`, `engine_answers`."""

    client_key: ClientKey
    topic: Annotated[Name | None, Field(description="Answer with what the case has prepared for this")] = None
    text: Annotated[Told | None, Field(description="In your own words, as `by`")] = None
    by: Voice = Voice.PATIENT
    replaces: Annotated[
        int | None, Field(ge=1, le=99_999, description="The number of a message that `text` takes back")
    ] = None
    scene: Annotated[Name | None, Field(description="Take the case to this scene")] = None
    engine_answers: Annotated[
        bool | None,
        Field(description="Whether routine requests are answered from the transcript from now on"),
    ] = None
    after: After = 0

    def to_model(self) -> Answer:
        return Answer(self.topic, self.text, self.by, self.replaces, self.scene, self.engine_answers)


class ChatMessageView(AnswerShape):
    number: int
    at: Instant
    by: Annotated[str, Field(description="`participant`, or the voice that speaks")]
    text: str
    picture: Annotated[str | None, Field(description="Its address; `text` says the same in words")]
    replaces: Annotated[int | None, Field(description="The message that this one takes back")]


class ConsoleView(AnswerShape):
    """What a moderator sees beside a turn."""

    scene: str | None
    path: tuple[str, ...]
    asked: tuple[str, ...]
    suggested: Annotated[tuple[str, ...], Field(description="Topics close to what waits, the closest first")]
    engine_answers: bool
    sources: Annotated[
        tuple[MessageSource, ...],
        Field(description="Of each message: the participant, the transcript or a moderator"),
    ]


class TurnView(AnswerShape):
    """What came after the last message you had. With what was sent, a participant's turn is below 2 KB; `more` says
    that there is more, which the next poll brings."""

    messages: tuple[ChatMessageView, ...]
    last: Annotated[int, Field(description="The number of the chat's last message")]
    more: bool
    ends_at: Annotated[Instant | None, Field(description="When the time is over; null before it begins")]
    is_over: bool
    waiting: Annotated[bool, Field(description="Whether a message waits for the moderator")]
    outcome: CaseOutcome | None
    console: ConsoleView | None

    @classmethod
    def of(cls, turn: Turn) -> Self:
        chat = turn.chat
        shown = tuple(turn.messages) if turn.is_moderator else tuple(_fitting(turn.messages))
        console = None
        if turn.is_moderator:
            console = ConsoleView(
                scene=chat.scene, path=tuple(one.name for one in chat.path),
                asked=tuple(one.name for one in chat.asked), suggested=chat.suggested,
                engine_answers=chat.engine_answers, sources=tuple(one.source for one in shown),
            )  # fmt: skip
        return cls(
            messages=tuple(_view(one) for one in shown), last=chat.last, more=len(shown) < len(turn.messages),
            ends_at=instant(turn.round.ends_at),
            is_over=turn.round.is_over(turn.now) or chat.outcome is not None,
            waiting=chat.waiting_since is not None, outcome=chat.outcome, console=console,
        )  # fmt: skip


def _fitting(messages: Iterable[Message]) -> Iterable[Message]:
    """Yield as many messages as fit into a turn, the first at least."""
    left = MAX_TURN_BYTES
    for n, one in enumerate(messages):
        left -= len(_view(one).model_dump_json().encode()) + 1
        if left < 0 and n:
            return
        yield one


def _view(one: Message) -> ChatMessageView:
    return ChatMessageView(
        number=one.number, at=instant(one.at), by=one.voice.value if one.voice else "participant", text=one.text,
        picture=one.picture, replaces=one.replaces,
    )  # fmt: skip


class ConsoleChatView(AnswerShape):
    """Where a chat stands."""

    chat: str
    participant_id: str
    moderator_id: str | None
    scene: str | None
    last: int
    waiting_since: Instant | None
    suggested: tuple[str, ...]
    engine_answers: bool
    outcome: CaseOutcome | None


class ConsoleListView(AnswerShape):
    """All chats of a case, those that wait the longest first."""

    items: tuple[ConsoleChatView, ...]

    @classmethod
    def of(cls, seen: tuple[SeenChat, ...]) -> Self:
        return cls(
            items=tuple(
                ConsoleChatView(
                    chat=one.chat.id, participant_id=one.chat.participant_id,
                    moderator_id=one.place.moderator_id if one.place else None, scene=one.chat.scene,
                    last=one.chat.last, waiting_since=instant(one.chat.waiting_since),
                    suggested=one.chat.suggested, engine_answers=one.chat.engine_answers,
                    outcome=one.chat.outcome,
                )
                for one in seen
            )
        )  # fmt: skip
