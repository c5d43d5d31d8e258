"""What counts in a programme, on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.credentials.counting import Place, Requirement, Rule, Verdict, WhatCounts
from chalicelib.credentials.kinds import Kind
from chalicelib.platform.web.shapes import Answer, Body, Instant, instant
from chalicelib.programmes.counting import CountingInForce
from chalicelib.programmes.model import Recount

_PROFESSIONS = "ISCO-08; empty for all that no other rule names"
_PLACE = "`country_of_practice`: of an authority in the country that the mentor's profile names"
_VOUCHED = (
    "Whether no credential is asked for: the coordinators know who each mentor is, and enrol them. For reverse and "
    "peer programmes that people join by invitation, without rules"
)
_RIGHT = "Whether what licenses nobody, as a provider number, is left out"


class RequirementShape(Body):
    """One of these kinds, from that place."""

    kinds: Annotated[tuple[Kind, ...], Field(min_length=1, max_length=len(Kind))]
    place: Annotated[Place, Field(description=_PLACE)] = Place.ANYWHERE
    right_to_practise: Annotated[bool, Field(description=_RIGHT)] = False

    @classmethod
    def of(cls, need: Requirement) -> Self:
        return cls(
            kinds=tuple(sorted(need.kinds)), place=need.place, right_to_practise=need.right_to_practise
        )

    def to_model(self) -> Requirement:
        return Requirement(frozenset(self.kinds), self.place, self.right_to_practise)


class RuleShape(Body):
    """What verifies people of some professions: every requirement. Rules for the same professions are alternatives."""

    professions: Annotated[
        tuple[Annotated[str, Field(min_length=4, max_length=4)], ...],
        Field(max_length=40, description=_PROFESSIONS, examples=[["2211", "2212"]]),
    ] = ()
    requirements: Annotated[tuple[RequirementShape, ...], Field(min_length=1, max_length=6)]

    @classmethod
    def of(cls, rule: Rule) -> Self:
        needs = tuple(RequirementShape.of(one) for one in rule.requirements)
        return cls(professions=tuple(sorted(rule.professions)), requirements=needs)

    def to_model(self) -> Rule:
        return Rule(tuple(one.to_model() for one in self.requirements), frozenset(self.professions))


class WhatCountsBody(Body):
    rules: Annotated[
        tuple[RuleShape, ...],
        Field(
            max_length=20,
            description="Empty: anything that a reviewer has verified counts. Otherwise a mentor of a profession that "
            "no rule speaks of is verified by nothing",
        ),
    ]
    vouched: Annotated[bool, Field(description=_VOUCHED)] = False

    def to_model(self) -> WhatCounts | None:
        rules = tuple(one.to_model() for one in self.rules)
        return WhatCounts(rules, self.vouched) if rules or self.vouched else None


class VerdictView(Answer):
    """Whether you are verified in this programme, and if not what is missing by the rule that is nearest to be met."""

    verified_until: Instant | None
    missing: list[RequirementShape]

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        missing = [RequirementShape.of(one) for one in verdict.missing]
        return cls(verified_until=instant(verdict.until), missing=missing)


class RecountView(Answer):
    """How far the programme's mentors were looked at since the rules were changed."""

    changed_at: Instant
    changed_by: str
    mentors: Annotated[int, Field(description="Looked at so far")]
    verified: Annotated[int, Field(description="Of these, verified under the rules")]
    finished_at: Instant | None

    @classmethod
    def of(cls, recount: Recount) -> Self:
        return cls(
            changed_at=instant(recount.changed_at), changed_by=recount.changed_by, mentors=recount.mentors,
            verified=recount.counting, finished_at=instant(recount.finished_at),
        )  # fmt: skip


class WhatCountsView(Answer):
    rules: Annotated[
        list[RuleShape], Field(description="Empty: anything that a reviewer has verified counts")
    ]
    vouched: bool
    mine: Annotated[VerdictView | None, Field(description="Of you, where you are in the programme as mentor")]
    recount: Annotated[
        RecountView | None, Field(description="For the programme's staff; null while the rules are the first")
    ]

    @classmethod
    def of(cls, found: CountingInForce) -> Self:
        rules = found.programme.what_counts
        return cls(
            rules=[RuleShape.of(one) for one in rules.rules] if rules else [],
            vouched=rules is not None and rules.vouched,
            mine=VerdictView.of(found.mine) if found.mine else None,
            recount=RecountView.of(found.recount) if found.recount else None,
        )
