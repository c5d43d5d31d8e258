"""A what-if on the wire: whose people it looked at, and what the tried settings change."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Self

from pydantic import Field

from chalicelib.matching.comparisons import MOST_NAMED, Basis, Comparison, Instead, PeopleOf
from chalicelib.matching.model import Protected
from chalicelib.matching.name_views import PersonName, name_view
from chalicelib.matching.report_schemas import GroupView
from chalicelib.people.model import Person
from chalicelib.platform.web.shapes import Answer


class BasisView(Answer):
    """The people that the run looks at; until its snapshot is taken, those that were asked for. A dry run reckons with
    the `mentee_places` that the programme gives now."""

    people: Annotated[
        PeopleOf,
        Field(
            description="all: everybody in the programme, as if nobody had been matched yet; last_run, run: as a run "
            "found them, before its pairs took their places; now: as they are, with the places that are left"
        ),
    ]
    run_id: Annotated[str | None, Field(description="Whose people these are, for last_run and run")]
    mentees_gone: Annotated[
        int,
        Field(description="Mentees of that run who have left since; they are left out under both settings"),
    ]
    mentors_gone: int
    instead: Annotated[
        Instead | None,
        Field(
            description="Why it is the whole programme, though the people of a run were asked for: no_run: none has "
            "made pairs that stand; not_kept: its snapshot is not kept any more"
        ),
    ]

    @classmethod
    def of(cls, basis: Basis) -> Self:
        return cls.model_validate({name: getattr(basis, name) for name in cls.model_fields})


class OutcomeView(Answer):
    """What one match came to."""

    pairs: int
    total: Annotated[int, Field(description="Millionths; by the settings before, so that it can be compared")]
    mean_score: int
    matched: GroupView
    income_groups: list[GroupView]


class ComparedOutcomeView(OutcomeView):
    groups: Annotated[list[GroupView], Field(description="The protected groups")]


class LastRunView(OutcomeView):
    run_id: str
    total: Annotated[int, Field(description="Millionths, by the settings of its own")]


class ComparisonView(Answer):
    """The same people under the settings that were tried and under those before: those of the run whose people are
    looked at (`basis`), else the programme's present ones. Both are matched anew, so nothing but the settings differs.
    """

    tried: ComparedOutcomeView
    before: ComparedOutcomeView
    last_run: Annotated[
        LastRunView | None,
        Field(
            description="The run whose people are looked at, else the newest that made pairs which stand, as its "
            "report had it, with all people of its day"
        ),
    ]
    protected: Annotated[
        Protected, Field(description="By what the groups are told apart: the tried settings'")
    ]
    same_mentor: Annotated[
        int,
        Field(
            description="Mentees who have the same mentor under both, and maybe a further one under either"
        ),
    ]
    other_mentor: int
    gained: Annotated[int, Field(description="Mentees who have a mentor under the tried settings alone")]
    lost: Annotated[int, Field(description="Mentees whom the tried settings alone leave out")]
    newly_left_out: Annotated[list[PersonName], Field(description=f"The first {MOST_NAMED} of these, by id")]
    further: Annotated[int, Field(description="Mentees with a further mentor under the tried settings")]
    further_gained: Annotated[
        int,
        Field(description="Of those with a mentor under both: who has more of them under the tried settings"),
    ]
    further_lost: int
    changed: Annotated[
        list[str] | None,
        Field(
            description="JSON pointers of the settings that differ; a setting that was left out is tried at its "
            "default. Null of a comparison from before this was kept",
            examples=[["/rounds"]],
        ),
    ]
    pairs_kept: Annotated[int, Field(description="Pairs under both")]
    pairs_gained: int
    pairs_lost: int

    @classmethod
    def of(cls, comparison: Comparison, persons: Mapping[str, Person]) -> Self:
        fields = asdict(comparison)
        del fields["basis"], fields["rounds"]  # the run's own basis and warnings say it
        for name in ("tried", "before"):
            del fields[name]["run_id"]
        if comparison.last_run is not None:
            del fields["last_run"]["groups"]
        names = [name_view(one, persons.get(one)) for one in comparison.newly_left_out]
        return cls.model_validate(fields | {"newly_left_out": names})
