"""Match settings on the wire, and the versions that they have had."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from chalicelib.kernel.errors import FieldError
from chalicelib.matching import documents
from chalicelib.matching.configuring import ToldSettings, ToldVersion
from chalicelib.matching.model import (
    MAX_NAMED_PAIRS,
    MAX_ROUNDS,
    MAX_WEEKS,
    MAX_WEIGHT,
    MILLION,
    MIN_WEIGHT,
    MatchSettings,
    Objective,
    PairOfIds,
    Protected,
    Rule,
    Weights,
)
from chalicelib.matching.name_views import PersonName, name_view
from chalicelib.matching.settings import warnings
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, instant

Weight = Annotated[
    float,
    Field(ge=0, le=MAX_WEIGHT, allow_inf_nan=False, description=f"0, or from {MIN_WEIGHT:.6f} on"),
]
_USUAL = Weights()


class WeightsShape(Body):
    """How much each criterion counts, as shares of their sum; what is left out keeps its usual weight."""

    topics: Weight = _USUAL.topics
    research: Weight = _USUAL.research
    goals: Weight = _USUAL.goals
    career: Weight = _USUAL.career
    languages: Weight = _USUAL.languages
    overlap: Weight = _USUAL.overlap
    values: Weight = _USUAL.values
    wishes: Weight = _USUAL.wishes
    cross_border: Weight = _USUAL.cross_border
    waiting: Weight = _USUAL.waiting


class PairShape(Body):
    mentee_id: Identifier
    mentor_id: Identifier


NamedPairs = Annotated[tuple[PairShape, ...], Field(max_length=MAX_NAMED_PAIRS)]


class SettingsShape(Body):
    """A programme's choices for its match; what is left out takes its usual value."""

    weights: WeightsShape = WeightsShape()
    mentor_say: Annotated[
        int,
        Field(
            ge=0, le=MILLION, description="How much the mentor's view counts beside the mentee's, millionths"
        ),
    ] = 300_000
    objective: Annotated[
        Objective,
        Field(
            description="total: the greatest sum of scores; stable: no two would both rather have each other; fair: a "
            "little of that sum given up to level the protected groups"
        ),
    ] = Objective.TOTAL
    protected: Annotated[Protected, Field(description="By what the protected groups are told apart")] = (
        Protected.INCOME_GROUP
    )
    max_loss: Annotated[
        int,
        Field(ge=0, le=MILLION, description="What fair may give up of the greatest sum, millionths of it"),
    ] = 20_000
    rounds: Annotated[
        int,
        Field(
            ge=1,
            le=MAX_ROUNDS,
            description="Up to how many pairs a run makes of one mentee, as far as the programme's `mentee_places` go; "
            "who has fewest mentors, open proposals and pairs goes first",
        ),
    ] = 1
    rules_off: Annotated[
        tuple[Rule, ...],
        Field(max_length=len(Rule), description="Hard rules that the programme does without"),
    ] = ()
    locked: Annotated[
        NamedPairs,
        Field(
            description="Pairs that get their places first, if both are open and neither refuses the other"
        ),
    ] = ()
    forbidden: Annotated[NamedPairs, Field(description="Pairs that are never made")] = ()
    min_score: Annotated[int, Field(ge=1, le=MILLION, description="Millionths; no pair below it")] = 1
    min_overlap_minutes: Annotated[
        int, Field(ge=15, le=7 * 24 * 60, multiple_of=15, description="Common time in every week")
    ] = 60
    min_stretch_minutes: Annotated[
        int, Field(ge=15, le=24 * 60, multiple_of=15, description="An unbroken stretch of it")
    ] = 30
    weeks: Annotated[int, Field(ge=1, le=MAX_WEEKS, description="For how many weeks ahead that holds")] = 12
    language_floor: Annotated[
        Literal["A1", "A2", "B1", "B2", "C1", "C2"],
        Field(description="CEFR level of a shared language, both sides"),
    ] = "B2"
    waiting_days: Annotated[
        int, Field(ge=1, le=3650, description="Waiting time that earns the whole points")
    ] = 90

    candidates_per_mentee: Annotated[
        int,
        Field(ge=1, le=1_000, description="How many of a mentee's best pairs are weighed in a large pool"),
    ] = 50
    candidates_per_mentor: Annotated[
        int,
        Field(ge=1, le=1_000, description="How many of a mentor's best pairs are weighed in a large pool"),
    ] = 100

    def to_model(self) -> MatchSettings:
        given = {name: getattr(self, name) for name in SettingsShape.model_fields} | {
            "weights": Weights(**dict(self.weights)),
            "rules_off": frozenset(self.rules_off),
            "locked": tuple(PairOfIds(one.mentee_id, one.mentor_id) for one in self.locked),
            "forbidden": tuple(PairOfIds(one.mentee_id, one.mentor_id) for one in self.forbidden),
        }
        return MatchSettings(**given)


class WarningView(Answer):
    """A setting that does not do what it says, and what to do about it."""

    pointer: Annotated[str, Field(examples=["/rounds"])]
    detail: str

    @classmethod
    def all_of(cls, found: Iterable[FieldError], *, under: str = "") -> tuple[Self, ...]:
        return tuple(cls(pointer=under + one.pointer, detail=one.detail) for one in found)


class SettingsBody(SettingsShape):
    """Settings as they are sent: those that were read may be sent back, with what was said of them."""

    warnings: Annotated[
        Any, Field(description="As they were read; not looked at", json_schema_extra={"readOnly": True})
    ] = None


class SettingsView(SettingsShape):
    warnings: Annotated[
        tuple[WarningView, ...],
        Field(
            description="Settings that have no effect by the programme's rules",
            json_schema_extra={"readOnly": True},
        ),
    ]

    @classmethod
    def of(cls, told: ToldSettings) -> Self:
        settings = told.own.settings
        found = warnings(settings, told.programme.mentee_places, told.programme.kind)
        return cls.model_validate(_plain(settings) | {"warnings": WarningView.all_of(found)})


class SettingsVersionView(Answer):
    """One version of the settings, as it was put in force."""

    version: Annotated[int, Field(description="As in the ETag; a run's `settings_version` names it")]
    changed_at: Instant
    changed_by: PersonName
    changed: Annotated[
        list[str],
        Field(description="JSON pointers of what differs from the version before", examples=[["/rounds"]]),
    ]
    weight_proposal_id: Annotated[
        str | None, Field(description="What was accepted, where the weights were learnt from outcomes")
    ]
    settings: SettingsShape

    @classmethod
    def of(cls, told: ToldVersion) -> Self:
        version = told.version
        return cls(
            version=version.version,
            changed_at=instant(version.changed_at),
            changed_by=name_view(version.changed_by, told.person),
            changed=list(version.changed),
            weight_proposal_id=version.weight_proposal_id,
            settings=SettingsShape.model_validate(_plain(version.settings)),
        )


def _plain(settings: MatchSettings) -> dict[str, object]:
    plain = documents.to_plain(settings, whole=True)
    return {name: plain[name] for name in SettingsShape.model_fields}
