"""Reflections on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.mentorships.reflections.model import MAX_GOALS, Parts, Reflection, Wanted, Whose
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Query, Text, instant
from chalicelib.programmes.model import Side

Part = Annotated[Text, Field(max_length=2000)]


class ReflectionChange(Body):
    """The whole of a reflection as it is to be; write what there is to write, one part is enough."""

    happened: Annotated[Part, Field(description="What happened")] = ""
    learned: Annotated[Part, Field(description="What you learned from it")] = ""
    will_change: Annotated[Part, Field(description="What you will change where you work")] = ""
    adapted: Annotated[Part, Field(description="How you adapted it to that place")] = ""
    goal_ids: Annotated[
        tuple[Identifier, ...], Field(max_length=MAX_GOALS, description="Goals that it is about")
    ] = ()
    session_id: Annotated[Identifier | None, Field(description="The session that it is about")] = None
    shared: Annotated[
        bool, Field(description="Whether the other of you may read it; you can take that back")
    ] = False

    def to_model(self) -> Wanted:
        parts = Parts(self.happened, self.learned, self.will_change, self.adapted)
        return Wanted(parts, tuple(dict.fromkeys(self.goal_ids)), self.session_id, self.shared)


class ReflectionBody(ReflectionChange):
    final: Annotated[
        bool,
        Field(
            description="It looks back on the whole mentorship, once that is closing or closed: `learned` and "
            "`will_change` are needed"
        ),
    ] = False


class ReflectionsQuery(Query):
    whose: Annotated[Whose, Field(description="Your own, or those that the other shares with you")] = (
        Whose.MINE
    )


class ReflectionView(Answer):
    id: str
    mentorship_id: str
    by: Annotated[Side, Field(description="On which side its writer stands")]
    happened: str
    learned: str
    will_change: str
    adapted: str
    goal_ids: tuple[str, ...]
    session_id: str | None
    shared: bool
    final: bool
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, reflection: Reflection) -> Self:
        return cls(
            id=reflection.id, mentorship_id=reflection.mentorship_id, by=reflection.side,
            **vars(reflection.parts), goal_ids=reflection.goal_ids, session_id=reflection.session_id,
            shared=reflection.is_shared, final=reflection.is_final, created_at=instant(reflection.created_at),
            updated_at=instant(reflection.updated_at),
        )  # fmt: skip
