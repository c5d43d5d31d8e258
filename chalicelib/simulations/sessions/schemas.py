"""Simulations on the wire."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from chalicelib.kernel.texts import readable
from chalicelib.platform.web.shapes import (
    Answer,
    Body,
    Identifier,
    Instant,
    InstantGiven,
    Query,
    given_instant,
    instant,
)
from chalicelib.simulations.schemas import Line, Name
from chalicelib.simulations.sessions.model import (
    DEFAULT_PER_MODERATOR,
    Question,
    Round,
    SimulationMove,
    SimulationRole,
    SimulationStatus,
)
from chalicelib.simulations.sessions.service import (
    MOST_ADDED,
    MOST_ROUNDS,
    Plan,
    SeenPeople,
    SeenSimulation,
    Wanted,
)


class SimulationRoundBody(Body):
    case_id: Identifier
    version: Annotated[int, Field(ge=1, le=99_999, description="A published version")]
    setting: Annotated[Name, Field(description="One of the case's")]


class ChoiceQuestionBody(Body):
    """A multiple-choice question, asked before and after."""

    text: Annotated[str, AfterValidator(readable), Field(min_length=1, max_length=600)]
    options: Annotated[tuple[Line, ...], Field(min_length=2, max_length=6)]
    correct: Annotated[int, Field(ge=0, le=5, description="The place of the right option, from 0")]

    @model_validator(mode="after")
    def _has_the_correct_one(self) -> Self:
        if self.correct >= len(self.options):
            raise ValueError("the right option is one of `options`, counted from 0")
        return self


class SimulationPlanBody(Body):
    title: Line
    starts_at: Annotated[
        InstantGiven, Field(description="When it is planned; its cases begin when a moderator begins them")
    ]
    cases: Annotated[
        tuple[SimulationRoundBody, ...],
        Field(min_length=1, max_length=MOST_ROUNDS, description="In the order of play"),
    ]
    per_moderator: Annotated[
        int, Field(ge=1, le=20, description="How many participants a moderator takes at most")
    ] = DEFAULT_PER_MODERATOR
    engine_answers: Annotated[
        bool, Field(description="Whether routine requests are answered from the transcript")
    ] = True
    controls: Annotated[
        tuple[Line, ...],
        Field(max_length=6, description="Conditions not simulated, on which confidence is asked for as well"),
    ] = ()
    questions: Annotated[tuple[ChoiceQuestionBody, ...], Field(max_length=20)] = ()

    def to_model(self) -> Plan:
        rounds = tuple(Wanted(one.case_id, one.version, one.setting) for one in self.cases)
        starts_at = given_instant(self.starts_at)
        questions = tuple(Question(one.text, one.options, one.correct) for one in self.questions)
        return Plan(
            self.title, starts_at, rounds, self.per_moderator, self.engine_answers, self.controls, questions
        )


class SimulationRoundView(Answer):
    number: int
    case_id: str
    version: int
    setting: str
    title: str
    condition: Annotated[
        str | None, Field(description="What it is about; null to participants before the debrief")
    ]
    minutes: int
    begun_at: Instant | None
    ends_at: Annotated[
        Instant | None, Field(description="When its time is over, or was; null before it begins")
    ]
    is_over: bool


def _round(one: Round, seen: SeenSimulation) -> SimulationRoundView:
    return SimulationRoundView(
        number=one.number, case_id=one.case_id, version=one.case_version, setting=one.setting, title=one.title,
        condition=one.condition if seen.shows_conditions else None, minutes=one.minutes,
        begun_at=instant(one.begun_at), ends_at=instant(one.ends_at), is_over=one.is_over(seen.now),
    )  # fmt: skip


class SimulationView(Answer):
    """A session of simulated cases. `roles` and `chats` are the reader's own."""

    id: str
    organisation_id: str
    title: str
    starts_at: Instant
    status: SimulationStatus
    per_moderator: int
    engine_answers: bool
    cases: tuple[SimulationRoundView, ...]
    roles: tuple[SimulationRole, ...]
    chats: Annotated[tuple[str, ...], Field(description="Of a participant: the chat of each case, in order")]

    @classmethod
    def of(cls, seen: SeenSimulation) -> Self:
        simulation, place = seen.simulation, seen.place
        return cls(
            id=simulation.id, organisation_id=simulation.organisation_id, title=simulation.title,
            starts_at=instant(simulation.starts_at), status=simulation.status,
            per_moderator=simulation.per_moderator, engine_answers=simulation.engine_answers,
            cases=tuple(_round(one, seen) for one in simulation.rounds),
            roles=tuple(sorted(place.roles)) if place else (),
            chats=tuple(f"{one.number}-{place.person_id}" for one in simulation.rounds)
            if place and place.is_participant
            else (),
        )  # fmt: skip


class SimulationPeopleBody(Body):
    """Whom to add; together at most twelve, send more in another request. A moderator may rate as well."""

    participants: Annotated[tuple[Identifier, ...], Field(max_length=MOST_ADDED)] = ()
    moderators: Annotated[tuple[Identifier, ...], Field(max_length=MOST_ADDED)] = ()
    raters: Annotated[tuple[Identifier, ...], Field(max_length=MOST_ADDED)] = ()

    @model_validator(mode="after")
    def _not_too_many(self) -> Self:
        if len(self.participants) + len(self.moderators) + len(self.raters) > MOST_ADDED:
            raise ValueError(f"add at most {MOST_ADDED} at once, and the others in another request")
        return self

    def to_model(self) -> dict[str, frozenset[SimulationRole]]:
        found: dict[str, frozenset[SimulationRole]] = {}
        for role, names in (
            (SimulationRole.PARTICIPANT, self.participants),
            (SimulationRole.MODERATOR, self.moderators),
            (SimulationRole.RATER, self.raters),
        ):
            for name in names:
                found[name] = found.get(name, frozenset()) | {role}
        return found


class SimulationPlaceView(Answer):
    person_id: str
    name: str
    roles: tuple[SimulationRole, ...]
    moderator_id: Annotated[str | None, Field(description="Of a participant: who plays the others for them")]


class SimulationPeopleView(Answer):
    items: tuple[SimulationPlaceView, ...]

    @classmethod
    def of(cls, seen: SeenPeople) -> Self:
        return cls(
            items=tuple(
                SimulationPlaceView(
                    person_id=one.place.person_id,
                    name=one.person.name if one.person else "",
                    roles=tuple(sorted(one.place.roles)),
                    moderator_id=one.place.moderator_id,
                )
                for one in seen.items
            )
        )


class SimulationMoveBody(Body):
    move: Annotated[
        SimulationMove,
        Field(
            description="`begin_case`: the next one, for all, the first from three hours before its time on; "
            "`end_case`: before its time; `reopen_case`: that was a mistake, it goes on while its time lasts, until "
            "the next case or the debrief; `debrief`: after the last, shows the cases to all; "
            "`close`: after that; `cancel`: before the first; `hand_over`: the participant to "
            "the moderator named; before the first case `leave`: give your place back, and `take_out`: a "
            "coordinator takes out the person named"
        ),
    ]
    participant_id: Identifier | None = None
    moderator_id: Identifier | None = None
    person_id: Annotated[Identifier | None, Field(description="Who is taken out")] = None


class SimulationRoundQuery(Query):
    case: Annotated[int, Field(ge=1, le=MOST_ROUNDS, description="Its place in the session")]
