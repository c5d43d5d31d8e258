"""Credentials on the wire."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from chalicelib.credentials.authority_views import AssessmentView, AuthorityHint
from chalicelib.credentials.authority_views import AuthoritiesQuery as AuthoritiesQuery
from chalicelib.credentials.authority_views import AuthorityListView as AuthorityListView
from chalicelib.credentials.checklists import Answer as ChecklistAnswer
from chalicelib.credentials.checklists import items_for
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.decisions import Missing, RejectReason, RevokeReason
from chalicelib.credentials.export_schemas import ExportBody as ExportBody
from chalicelib.credentials.export_schemas import ExportFileView as ExportFileView
from chalicelib.credentials.export_schemas import ExportView as ExportView
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.model import Counting, Lease, Seen, Stage, Status
from chalicelib.credentials.order_schemas import BatchView as BatchView
from chalicelib.credentials.order_schemas import Day as Day
from chalicelib.credentials.order_schemas import PolicyBody as PolicyBody
from chalicelib.credentials.order_schemas import PolicyView as PolicyView
from chalicelib.credentials.order_schemas import ReassignBody as ReassignBody
from chalicelib.credentials.order_schemas import ReviewAgainBody as ReviewAgainBody
from chalicelib.credentials.queue_model import Counts, Filter, Listed
from chalicelib.credentials.remarks import Remark
from chalicelib.credentials.revision_schemas import RevisionsView as RevisionsView
from chalicelib.credentials.rewording import MAX_REVISIONS
from chalicelib.credentials.trail import Entry, Record
from chalicelib.people.schemas import CountryCode
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Line, Query, Tag, Text, instant


def _whole(value: Any) -> Any:
    """Take the digits of a query parameter."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:
        return int(value)
    return value


MAX_WAITING_HOURS = 24 * 366 * 10
Number = Annotated[Line, Field(max_length=60, examples=["KMPDC-104233"])]


AuthorityId = Annotated[str, Field(min_length=2, max_length=40, examples=["gb-gmc"])]


Looked = Annotated[
    Annotated[int, Field(ge=1, le=MAX_REVISIONS)] | None,
    Field(
        description="The case's `revision` that you have looked at: if it has another by now, nothing is decided. Left "
        "out, it is the one that your claim has shown you"
    ),
]


class ClaimBody(Body):
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

    def to_model(self) -> Claim:
        return Claim(
            self.kind, self.authority or "", self.number or "", self.name_on_document, self.country or "",
            self.issued_on, self.expires_on, self.authority_id,
        )  # fmt: skip


class CredentialBody(ClaimBody):
    organisation_id: Annotated[
        Identifier | None,
        Field(description="Whose reviewers decide; may be left out where there is one organisation only"),
    ] = None
    draft: Annotated[bool, Field(description="Keep it for you alone, to be submitted later")] = False


class VerifyBody(Body):
    valid_until: Annotated[
        Day | None,
        Field(
            description="The last day that counts; by default the document's own, or one year from the decision, or "
            "`recheck_months` of the case if they end earlier"
        ),
    ] = None

    checklist: Annotated[
        dict[str, ChecklistAnswer],
        Field(max_length=40, description="An answer to each question that the case shows, by its code"),
    ] = Field(default_factory=dict)
    revision: Looked = None


class NoteBody(Body):
    text: Annotated[Text, Field(min_length=1, max_length=4000, description="For reviewers alone")]


class RecordView(Answer):
    """What a reviewer wrote on a case, with the row of the trail that tells of it."""

    seq: int
    kind: Literal["decision", "opinion", "wanted", "note", "order"]
    by: str
    at: Instant
    revision: Annotated[
        int | None,
        Field(description="The wording that a decision, opinion or request is about; null of the others"),
    ]
    verdict: str | None
    text: str | None
    reason: RejectReason | RevokeReason | None
    missing: list[Missing]
    valid_until: Annotated[str | None, Field(json_schema_extra={"format": "date"})]
    checklist: dict[str, ChecklistAnswer]

    @classmethod
    def of(cls, record: Record) -> Self:
        said = record.said
        return cls.model_validate(
            {
                "seq": record.seq, "kind": said["kind"], "by": said["by"], "at": said["at"],
                "revision": said.get("revision"), "verdict": said.get("verdict"),
                "text": said.get("text") or said.get("reason_text"),
                "reason": said.get("reason"), "missing": said.get("missing", []),
                "valid_until": said.get("valid_until"), "checklist": said.get("checklist", {}),
            }
        )  # fmt: skip


class RejectBody(Body):
    reason: RejectReason
    text: Annotated[Text, Field(min_length=1, max_length=1000, description="What the person reads")]
    revision: Looked = None


class RevokeBody(Body):
    reason: RevokeReason
    text: Annotated[Text, Field(min_length=1, max_length=1000, description="What the person reads")]


class WantBody(Body):
    missing: Annotated[tuple[Missing, ...], Field(min_length=1, max_length=len(Missing))]
    text: Annotated[Text, Field(min_length=1, max_length=1000, description="What the person reads")]
    revision: Looked = None


class ReviewedQuery(Query):
    organisation_id: Annotated[
        Identifier | None, Field(description="May be left out by who reviews for one organisation only")
    ] = None


class QueueQuery(ReviewedQuery):
    status: Annotated[
        Literal["submitted", "more_wanted", "verified", "rejected", "revoked", "withdrawn"],
        Field(description="`submitted` has what is in review, too, and `verified` what has expired"),
    ] = "submitted"
    country: CountryCode | None = None
    profession: Annotated[Tag | None, Field(description="As it stood when they submitted it")] = None
    authority: Annotated[
        Line | None,
        Field(
            description="Its id from GET /v1/codes/authorities, or its name, whatever the capitals and spaces"
        ),
    ] = None
    waiting_over: Annotated[
        Annotated[int, Field(ge=0, le=MAX_WAITING_HOURS), BeforeValidator(_whole)] | None,
        Field(description="Submitted more than so many hours ago"),
    ] = None

    @property
    def listed(self) -> Listed:
        return Listed(self.status)

    def to_model(self) -> Filter:
        over = timedelta(hours=self.waiting_over) if self.waiting_over is not None else None
        return Filter(self.country, self.profession, self.authority, over)


class NextBody(Body):
    organisation_id: Annotated[
        Identifier | None, Field(description="May be left out by who reviews for one organisation only")
    ] = None
    country: CountryCode | None = None
    profession: Tag | None = None
    authority: Line | None = None

    def to_model(self) -> Filter:
        return Filter(self.country, self.profession, self.authority)


class CountsView(Answer):
    """How many cases each list has, and how long those wait that wait for reviewers."""

    submitted: int
    more_wanted: int
    verified: int
    rejected: int
    revoked: int
    withdrawn: int
    longest_waiting_seconds: Annotated[int | None, Field(description="Null where nothing waits")]
    median_waiting_days: Annotated[int | None, Field(description="Whole days, UTC; null where nothing waits")]

    @classmethod
    def of(cls, counts: Counts) -> Self:
        longest = counts.longest
        return cls(
            **{one.value: number for one, number in counts.by_list.items()},
            longest_waiting_seconds=int(longest.total_seconds()) if longest is not None else None,
            median_waiting_days=counts.median_days,
        )


class CountingView(Answer):
    """What of a credential is verified and counts."""

    revision: Annotated[
        int | None,
        Field(
            description="The wording that was verified; null where nobody kept its number, and another has come since"
        ),
    ]
    until: Annotated[Instant, Field(description="It counts up to this instant, which is no part of it")]

    @classmethod
    def of(cls, counting: Counting) -> Self:
        return cls(revision=counting.revision, until=instant(counting.until))


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
    submitted_at: Instant | None
    decided_at: Instant | None
    valid_until: Annotated[
        str | None,
        Field(
            json_schema_extra={"format": "date"},
            description="The last day that counts, as it was decided last: `counts` says whether it does",
        ),
    ]
    counts: Annotated[
        CountingView | None,
        Field(
            description="Which wording is verified and counts, while another one waits, too; null where nothing does"
        ),
    ]
    reason: RejectReason | RevokeReason | None
    reason_text: str | None
    missing: Annotated[list[Missing], Field(description="What a reviewer asked for last")]
    missing_text: str | None

    @classmethod
    def of(cls, seen: Seen) -> Self:
        return cls.model_validate(_fields(seen))


class LeaseView(Answer):
    """A reviewer's claim on a case."""

    by: str
    until: Instant

    @classmethod
    def of(cls, lease: Lease) -> Self:
        return cls(by=lease.by, until=instant(lease.until))


class ItemView(Answer):
    """A question of the checklist."""

    code: str
    asks: str
    may_not_apply: bool
    source: str


_STAGE = Field(
    description="Whose word it waits for: where two persons decide, a second one's; null once decided or withdrawn"
)


class QueueView(Answer):
    """A case as the queue lists it; reading it whole is kept in its trail."""

    id: str
    kind: Kind
    authority: str
    country: str
    organisation_id: str
    person_id: str
    person_name: str
    profession: str | None
    status: Status
    submitted_at: Instant | None
    waiting_seconds: Annotated[int | None, Field(description="For how long it has waited; null once decided")]
    due_at: Annotated[Instant | None, Field(description="By when the organisation wants it decided")]
    stage: Annotated[Stage | None, _STAGE]
    claim: Annotated[LeaseView | None, Field(description="Who works on it; null once their claim has lapsed")]

    @classmethod
    def of(cls, seen: Seen) -> Self:
        return cls.model_validate(_case_fields(seen.as_handed_in))


class ReviewView(CredentialView):
    """A credential as reviewers see it: with its person, as they stood when they submitted it, and no address."""

    person_id: str
    person_name: str
    profession: str | None
    assessment: AssessmentView
    decided_by: str | None
    waiting_seconds: Annotated[int | None, Field(description="For how long it has waited; null once decided")]
    due_at: Annotated[Instant | None, Field(description="By when the organisation wants it decided")]
    stage: Annotated[Stage | None, _STAGE]
    recheck_months: Annotated[
        int | None,
        Field(
            description="For how many months from the decision it counts at most; null without such a limit"
        ),
    ]
    checklist: Annotated[list[ItemView], Field(description="What to answer before verifying")]
    claim: Annotated[LeaseView | None, Field(description="Who works on it; null once their claim has lapsed")]

    @classmethod
    def of(cls, seen: Seen, more: tuple[Remark, ...] = ()) -> Self:
        """Return the view, with remarks beside those that the claim gives by itself."""
        seen = seen.as_handed_in
        one = seen.credential
        decision = one.decision
        items = [asdict(item) for item in items_for(one.claim)]
        decided_by = decision.by if decision else None
        return cls.model_validate(
            {
                **_fields(seen),
                **_case_fields(seen),
                "recheck_months": one.recheck_months,
                "decided_by": decided_by,
                "checklist": items,
                "assessment": AssessmentView.of(one.claim, one.profession, one.person_name, more),
            }
        )


class TrailView(Answer):
    """A row of a credential's trail as its owner reads it."""

    seq: int
    at: Instant
    by: Annotated[str, Field(description="In which part somebody acted")]
    action: str
    before: Status | None
    after: Status | None
    previous: Annotated[str, Field(description="The hash of the row before")]
    hash: str

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls.model_validate(_entry_fields(entry))


class FullTrailView(TrailView):
    """A row of a credential's trail with all that its hash is made of."""

    actor: str
    detail: dict[str, str]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        return cls.model_validate(
            {**_entry_fields(entry), "actor": entry.actor, "detail": dict(entry.detail)}
        )


def _entry_fields(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq, "at": instant(entry.at), "by": entry.by, "action": entry.action, "before": entry.before,
        "after": entry.after, "previous": entry.previous, "hash": entry.hash,
    }  # fmt: skip


def _case_fields(seen: Seen) -> dict[str, Any]:
    one = seen.credential
    return {
        "id": one.id, "kind": one.claim.kind, "authority": one.claim.authority, "country": one.claim.country,
        "organisation_id": one.organisation_id, "person_id": one.person_id, "person_name": one.person_name,
        "profession": one.profession, "status": seen.status, "submitted_at": instant(one.submitted_at),
        "waiting_seconds": int(seen.waiting.total_seconds()) if seen.waiting is not None else None,
        "due_at": instant(one.due_at), "stage": seen.stage,
        "claim": LeaseView.of(seen.lease) if seen.lease else None,
    }  # fmt: skip


def _fields(seen: Seen) -> dict[str, Any]:
    one, claim, decision, wanted = (
        seen.credential, seen.credential.claim, seen.credential.decision, seen.credential.wanted,
    )  # fmt: skip
    return {
        "id": one.id, "kind": claim.kind, "authority_id": claim.authority_id, "authority": claim.authority,
        "authority_hint": AuthorityHint.of(claim), "number": claim.number or None,
        "name_on_document": claim.name_on_document, "country": claim.country,
        "issued_on": claim.issued_on.isoformat(),
        "expires_on": claim.expires_on.isoformat() if claim.expires_on else None,
        "organisation_id": one.organisation_id, "status": seen.status, "revision": one.revision,
        "submitted_at": instant(one.submitted_at), "decided_at": instant(decision.at) if decision else None,
        "valid_until": decision.valid_until.isoformat() if decision and decision.valid_until else None,
        "counts": CountingView.of(seen.counts) if seen.counts else None,
        "reason": decision.reason if decision else None,
        "reason_text": decision.reason_text if decision else None,
        "missing": list(wanted.missing) if wanted else [], "missing_text": wanted.text if wanted else None,
    }  # fmt: skip
