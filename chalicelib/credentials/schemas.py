"""Credentials on the wire."""

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from chalicelib.credentials.authority_views import AssessmentView, AuthorityHint
from chalicelib.credentials.authority_views import AuthoritiesQuery as AuthoritiesQuery
from chalicelib.credentials.authority_views import AuthorityListView as AuthorityListView
from chalicelib.credentials.claims import Claim, Kind
from chalicelib.credentials.model import RejectReason, Seen, Status
from chalicelib.people.schemas import CountryCode
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Line, Query, Text, instant

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
Number = Annotated[Line, Field(max_length=60, examples=["KMPDC-104233"])]


AuthorityId = Annotated[str, Field(min_length=2, max_length=40, examples=["gb-gmc"])]


class CredentialBody(Body):
    kind: Kind
    authority_id: Annotated[
        AuthorityId | None,
        Field(description="From GET /v1/codes/authorities; it brings the name and the country with it"),
    ] = None
    authority: Annotated[
        Line | None,
        Field(description="Another authority, which is not on the list; a reviewer makes sure of it"),
    ] = None
    number: Annotated[
        Number | None, Field(description="Needed for a licence, registration or certification")
    ] = None
    name_on_document: Line
    country: Annotated[
        CountryCode | None, Field(description="Of the authority; may be left out with authority_id")
    ] = None
    issued_on: Day
    expires_on: Annotated[Day | None, Field(description="Leave it out if the document has no end")] = None
    organisation_id: Annotated[
        Identifier | None,
        Field(description="Whose reviewers decide; may be left out where there is one organisation only"),
    ] = None

    def to_model(self) -> Claim:
        return Claim(
            self.kind, self.authority or "", self.number or "", self.name_on_document, self.country or "",
            self.issued_on, self.expires_on, self.authority_id,
        )  # fmt: skip


class VerifyBody(Body):
    valid_until: Annotated[
        Day | None,
        Field(
            description="The last day that counts; by default the document's own, or one year from the decision"
        ),
    ] = None


class RejectBody(Body):
    reason: RejectReason
    text: Annotated[Text, Field(min_length=1, max_length=1000, description="What the person reads")]


class QueueQuery(Query):
    status: Literal["submitted", "verified", "rejected", "withdrawn"] = "submitted"
    organisation_id: Annotated[
        Identifier | None, Field(description="May be left out by who reviews for one organisation only")
    ] = None


class CredentialView(Answer):
    """A credential as its owner sees it."""

    id: str
    kind: Kind
    authority_id: Annotated[str | None, Field(description="Null for an authority that is not on the list")]
    authority: str
    authority_hint: AuthorityHint | None
    number: str | None
    name_on_document: str
    country: str
    issued_on: Annotated[str, Field(json_schema_extra={"format": "date"})]
    expires_on: Annotated[str | None, Field(json_schema_extra={"format": "date"})]
    organisation_id: str
    status: Status
    revision: int
    submitted_at: Instant
    decided_at: Instant | None
    valid_until: Annotated[
        str | None, Field(json_schema_extra={"format": "date"}, description="The last day that counts")
    ]
    reason: RejectReason | None
    reason_text: str | None

    @classmethod
    def of(cls, seen: Seen) -> Self:
        return cls.model_validate(_fields(seen))


class ReviewView(CredentialView):
    """A credential as reviewers see it: with its person, as they stood when they submitted it, and no address."""

    person_id: str
    person_name: str
    profession: str | None
    assessment: AssessmentView
    decided_by: str | None
    waiting_seconds: Annotated[int | None, Field(description="For how long it has waited; null once decided")]

    @classmethod
    def of(cls, seen: Seen) -> Self:
        one, claim = seen.credential, seen.credential.claim
        return cls.model_validate(
            {
                **_fields(seen), "person_id": one.person_id, "person_name": one.person_name,
                "profession": one.profession, "assessment": AssessmentView.of(claim, one.profession),
                "decided_by": one.decision.by if one.decision else None,
                "waiting_seconds": int(seen.waiting.total_seconds()) if seen.waiting is not None else None,
            }
        )  # fmt: skip


def _fields(seen: Seen) -> dict[str, Any]:
    one, claim, decision = seen.credential, seen.credential.claim, seen.credential.decision
    return {
        "id": one.id, "kind": claim.kind, "authority_id": claim.authority_id, "authority": claim.authority,
        "authority_hint": AuthorityHint.of(claim), "number": claim.number or None,
        "name_on_document": claim.name_on_document, "country": claim.country,
        "issued_on": claim.issued_on.isoformat(),
        "expires_on": claim.expires_on.isoformat() if claim.expires_on else None,
        "organisation_id": one.organisation_id, "status": seen.status, "revision": one.revision,
        "submitted_at": instant(one.submitted_at), "decided_at": instant(decision.at) if decision else None,
        "valid_until": decision.valid_until.isoformat() if decision and decision.valid_until else None,
        "reason": decision.reason if decision else None,
        "reason_text": decision.reason_text if decision else None,
    }  # fmt: skip
