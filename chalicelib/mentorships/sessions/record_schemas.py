"""Agenda, notes and action items on the wire; `schemas.py` takes them up."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field

from chalicelib.mentorships.sessions import model
from chalicelib.mentorships.sessions.record import MOST_ITEMS, Action, AgendaItem, Note, Wanted
from chalicelib.mentorships.sessions.recording import SeenAgenda
from chalicelib.mentorships.sessions.service import SeenSession
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Line, Text, instant
from chalicelib.programmes.model import Side


class AgendaItemBody(Body):
    id: Annotated[Identifier | None, Field(description="Of one that is there; without it, it is new")] = None
    text: Line


class AgendaBody(Body):
    items: Annotated[
        tuple[AgendaItemBody, ...],
        Field(
            max_length=MOST_ITEMS,
            description="The whole agenda in its order; what is left out is taken off it",
        ),
    ]

    def to_model(self) -> tuple[Wanted, ...]:
        return tuple(Wanted(one.id, one.text) for one in self.items)


class SessionNoteBody(Body):
    text: Annotated[Text, Field(description="Your own note on the session; empty, it is taken away")]
    shared: Annotated[bool, Field(description="For both to read, or for you alone")]

    def to_model(self) -> Note:
        return Note(self.text, self.shared)


class ActionBody(Body):
    id: Annotated[Identifier | None, Field(description="Of one that is there; without it, it is new")] = None
    text: Line
    owner: Annotated[Side, Field(description="Who is to do it")]
    due_on: date | None = None
    done: bool = False


class ActionsBody(Body):
    items: Annotated[
        tuple[ActionBody, ...],
        Field(max_length=MOST_ITEMS, description="All of the session's; what is left out is taken away"),
    ]

    def to_model(self) -> tuple[Wanted, ...]:
        return tuple(Wanted(one.id, one.text, one.owner, one.due_on, one.done) for one in self.items)


class AgendaItemView(Answer):
    id: str
    text: str
    by: Side
    added_at: Instant
    carried: Annotated[
        int, Field(description="How many sessions there were since in which it was not reached")
    ]

    @classmethod
    def of_item(cls, item: AgendaItem) -> Self:
        return cls(
            id=item.id, text=item.text, by=item.by, added_at=instant(item.added_at), carried=item.carried
        )


class AgendaView(Answer):
    """What the two have yet to speak of: what is not reached in a session stays for the next."""

    items: tuple[AgendaItemView, ...]

    @classmethod
    def of(cls, seen: SeenAgenda) -> Self:
        return cls(items=tuple(AgendaItemView.of_item(one) for one in seen.agenda.items))


class ActionView(Answer):
    id: str
    text: str
    owner: Side
    due_on: str | None
    done_at: Instant | None
    by: Side

    @classmethod
    def of_action(cls, action: Action) -> Self:
        due_on = action.due_on.isoformat() if action.due_on else None
        return cls(
            id=action.id, text=action.text, owner=action.owner, due_on=due_on, done_at=instant(action.done_at),
            by=action.by,
        )  # fmt: skip


class NotesView(Answer):
    mine: Annotated[str | None, Field(description="Your own, where you share it")]
    theirs: Annotated[str | None, Field(description="The other's, where they share it")]
    private: Annotated[
        str | None, Field(description="Your own, for you alone; told where this one session is read or noted")
    ]


class SessionRecordView(Answer):
    """What the two keep of a session."""

    covered: Annotated[tuple[AgendaItemView, ...], Field(description="What of the agenda was reached")]
    notes: NotesView
    actions: tuple[ActionView, ...]

    @classmethod
    def of_session(cls, seen: SeenSession) -> Self | None:
        if seen.side is None:
            return None
        session, notes = seen.session, seen.session.shared_notes
        return cls(
            covered=tuple(AgendaItemView.of_item(one) for one in session.covered),
            notes=NotesView(
                mine=notes.get(seen.side), theirs=notes.get(model.other(seen.side)), private=seen.private_note
            ),
            actions=tuple(ActionView.of_action(one) for one in session.actions),
        )  # fmt: skip
