"""What coordinators set and order, on the wire."""

import re
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from chalicelib.credentials.batches import Batch, BatchKind, BatchStatus, Order
from chalicelib.credentials.evidence.model import KEEP_DAYS
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.policies import (
    MAX_DAYS,
    MAX_EVIDENCE_DAYS,
    MAX_MONTHS,
    TARGET_DAYS,
    ReviewPolicy,
    TwoPersons,
)
from chalicelib.people.schemas import CountryCode
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Line, Tag, Text, instant

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _day(value: Any) -> Any:
    """Take a calendar day and nothing that could be made into one: no number, no time."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("write a day as YYYY-MM-DD, for example 2027-06-30")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError("there is no such day in the calendar") from error


Day = Annotated[date, BeforeValidator(_day), Field(examples=["2027-06-30"])]


class PolicyBody(Body):
    two_persons: Annotated[TwoPersons, Field(description="When a second person has to decide as the first")]
    countries: Annotated[
        frozenset[CountryCode],
        Field(max_length=250, description="Of authorities whose credentials two persons decide, by country"),
    ] = frozenset()
    target_days: Annotated[int, Field(ge=1, le=MAX_DAYS)] = TARGET_DAYS
    target_days_by_country: Annotated[
        dict[CountryCode, Annotated[int, Field(ge=1, le=MAX_DAYS)]],
        Field(max_length=250, description="Where it differs"),
    ] = Field(default_factory=dict)
    recheck_months: Annotated[
        dict[Kind, Annotated[int, Field(ge=1, le=MAX_MONTHS)]],
        Field(
            max_length=len(Kind),
            description="How many months a verification of a kind counts at most, from its decision",
        ),
    ] = Field(default_factory=dict)

    needs_evidence: Annotated[
        frozenset[Kind],
        Field(max_length=len(Kind), description="Kinds that are submitted with an accepted file at least"),
    ] = frozenset()
    evidence_days: Annotated[
        int,
        Field(ge=0, le=MAX_EVIDENCE_DAYS, description="For how many days after the decision files are kept"),
    ] = KEEP_DAYS

    def to_model(self, organisation_id: str) -> ReviewPolicy:
        return ReviewPolicy(
            organisation_id, self.two_persons, self.countries, self.target_days, self.target_days_by_country,
            self.recheck_months, self.needs_evidence, self.evidence_days,
        )  # fmt: skip


class PolicyView(Answer):
    two_persons: TwoPersons
    countries: list[str]
    target_days: int
    target_days_by_country: dict[str, int]
    recheck_months: dict[Kind, int]
    needs_evidence: list[Kind]
    evidence_days: int

    @classmethod
    def of(cls, policy: ReviewPolicy) -> Self:
        return cls(
            two_persons=policy.two_persons, countries=sorted(policy.countries), target_days=policy.target_days,
            target_days_by_country=dict(policy.target_days_by_country),
            recheck_months=dict(policy.recheck_months), needs_evidence=sorted(policy.needs_evidence),
            evidence_days=policy.evidence_days,
        )  # fmt: skip


class ReviewAgainBody(Body):
    reason: Annotated[Text, Field(min_length=1, max_length=1000, description="For reviewers, with each case")]
    person_id: Annotated[Identifier | None, Field(description="This person's alone")] = None
    country: CountryCode | None = None
    profession: Tag | None = None
    authority: Line | None = None
    suspends: Annotated[
        bool, Field(description="Whether it stops counting at once, and not only if it is rejected")
    ] = False

    @model_validator(mode="after")
    def _person_alone(self) -> Self:
        if self.person_id is not None and self.authority is not None:
            raise ValueError("name a person or an authority, not both")
        return self

    def to_model(self) -> Order:
        return Order(
            BatchKind.REVIEW_AGAIN, self.reason, self.person_id, self.country, self.profession, self.authority,
            suspends=self.suspends,
        )  # fmt: skip


class ReassignBody(Body):
    reason: Annotated[Text, Field(min_length=1, max_length=1000, description="For reviewers, with each case")]
    from_person: Annotated[Identifier, Field(description="Whose live claims are handed on")]
    to_person: Annotated[
        Identifier | None, Field(description="Who gets them; without, the cases go back to the queue")
    ] = None

    def to_model(self) -> Order:
        return Order(BatchKind.REASSIGN, self.reason, self.from_person, to_person=self.to_person)


class BatchView(Answer):
    """A batch with its progress."""

    id: str
    kind: BatchKind
    status: BatchStatus
    created_at: Instant
    created_by: str
    finished_at: Instant | None
    moved: Annotated[int, Field(description="Cases that were put back or handed on")]
    left_alone: Annotated[
        int, Field(description="Cases that fitted and stay: decided since, or not the other's to decide")
    ]

    @classmethod
    def of(cls, batch: Batch) -> Self:
        return cls(
            id=batch.id, kind=batch.order.kind, status=batch.status, created_at=instant(batch.created_at),
            created_by=batch.created_by, finished_at=instant(batch.finished_at), left_alone=batch.left_alone,
            moved=batch.moved,
        )  # fmt: skip
