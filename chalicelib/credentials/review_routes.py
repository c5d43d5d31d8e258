"""The review of credentials over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.credentials.errors import (
    AdminSettles,
    AlreadyDecided,
    CaseMoved,
    ClaimedByAnother,
    ClaimLapsed,
    ClaimNeeded,
    CredentialWithdrawn,
    HasExpired,
    NothingToClaim,
    OwnCredential,
    RevisionNotSeen,
    SecondPersonNeeded,
    SharesMentorship,
    WrongState,
)
from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.credentials import claiming, policy, queue, rereview, review
    from chalicelib.credentials.batches import Batch
    from chalicelib.credentials.model import Seen
    from chalicelib.credentials.policies import ReviewPolicy
    from chalicelib.credentials.queue_model import Counts
    from chalicelib.credentials.rewording import Wording
    from chalicelib.credentials.schemas import (
        NextBody,
        NoteBody,
        PolicyBody,
        QueueQuery,
        ReassignBody,
        RejectBody,
        ReviewAgainBody,
        ReviewedQuery,
        RevokeBody,
        VerifyBody,
        WantBody,
    )
    from chalicelib.credentials.showing import CaseSeen
    from chalicelib.credentials.trail import Entry, Record
else:
    claiming = later("chalicelib.credentials.claiming")
    policy = later("chalicelib.credentials.policy")
    queue = later("chalicelib.credentials.queue")
    rereview = later("chalicelib.credentials.rereview")
    review = later("chalicelib.credentials.review")

routes = Routes(__name__, "Review")

_MOVED = (AlreadyDecided, CaseMoved, CredentialWithdrawn, WrongState)
_HELD = (*_MOVED, ClaimLapsed, ClaimNeeded, ClaimedByAnother, OwnCredential)
_APART = (AdminSettles, SecondPersonNeeded, SharesMentorship)
_READS = (OwnCredential, SharesMentorship)
_DECIDES = (*_HELD, *_APART, RevisionNotSeen)


@routes.endpoint(
    "GET", "/v1/admin/credentials", who=Who.REVIEWER, summary="List the review queue", query="QueueQuery",
    answer="QueueView", paged=True,
)  # fmt: skip
def list_review_queue(call: Call, query: QueueQuery, page: PageRequest) -> Page[Seen]:
    """Longest submitted first, by any of the filters or all of them. Who reviews for several organisations, and admins,
    name one. What is in review is listed with what is submitted, and what has expired with what is verified: time alone
    leads from one to the other."""
    return queue.page(call, query.organisation_id, query.listed, query.to_model(), page)


@routes.endpoint(
    "GET", "/v1/admin/credentials/counts", who=Who.REVIEWER, summary="Count the review queue", query="ReviewedQuery",
    answer="CountsView",
)  # fmt: skip
def count_review_queue(call: Call, query: ReviewedQuery) -> Counts:
    """How many cases each list has, and how long those wait that wait for reviewers."""
    return queue.counts(call, query.organisation_id)


@routes.endpoint(
    "GET", "/v1/admin/credentials/claims", who=Who.REVIEWER, summary="List the cases that you hold",
    query="ReviewedQuery", answer="QueueView", paged=True,
)  # fmt: skip
def list_claims(call: Call, query: ReviewedQuery, page: PageRequest) -> Page[Seen]:
    """Those alone on which your claim is live."""
    return queue.held(call, query.organisation_id, page)


@routes.endpoint(
    "POST", "/v1/admin/credentials/claims", who=Who.REVIEWER, summary="Claim the case that has waited longest",
    body="NextBody", answer="credentials.evidence.CaseView", status=201, idempotent=True, etag=True,
    errors=(NothingToClaim,),
)  # fmt: skip
def claim_next(call: Call, body: NextBody) -> CaseSeen:
    """Of those that are free, fit the filters, and are yours to decide. It is yours for thirty minutes, and the
    answer is the whole case."""
    return claiming.claim_next(call, body.organisation_id, body.to_model())


@routes.endpoint(
    "GET", "/v1/admin/credentials/{credential_id}", who=Who.REVIEWER, summary="Read a credential for review",
    answer="credentials.evidence.CaseView", etag=True, errors=(CaseMoved, *_READS),
)  # fmt: skip
def read_credential(call: Call, credential_id: str) -> CaseSeen:
    """With its evidence and the latest checks at its source. The credential's trail keeps that you have seen it."""
    return review.look(call, credential_id)


@routes.endpoint(
    "GET", "/v1/admin/credentials/{credential_id}/trail", who=Who.REVIEWER, summary="Read a credential's trail",
    answer="FullTrailView", paged=True, errors=_READS,
)  # fmt: skip
def read_trail(call: Call, credential_id: str, page: PageRequest) -> Page[Entry]:
    """Everything that a row's hash is made of, oldest first."""
    return review.trail(call, credential_id, page)


@routes.endpoint(
    "POST", "/v1/admin/credentials/{credential_id}/claim", who=Who.REVIEWER,
    summary="Claim a case, or renew your claim",
    answer="credentials.evidence.CaseView", idempotent=True, if_match="optional",
    errors=(*_MOVED, *_APART, ClaimedByAnother, OwnCredential),
)  # fmt: skip
def claim_case(call: Call, credential_id: str) -> CaseSeen:
    """It is yours for thirty minutes from now; then anybody may claim it. The answer is the whole case, with its
    evidence, its checks and all remarks: what you decide on is what it has shown you."""
    return claiming.claim(call, credential_id)


@routes.endpoint(
    "DELETE", "/v1/admin/credentials/{credential_id}/claim", who=Who.REVIEWER, summary="Give a claimed case back",
    status=204, errors=(*_HELD, SharesMentorship),
)  # fmt: skip
def release_case(call: Call, credential_id: str) -> Seen:
    """It keeps its place in the queue."""
    return claiming.release(call, credential_id)


@routes.endpoint(
    "POST", "/v1/admin/credentials/{credential_id}/verify", who=Who.REVIEWER, summary="Verify a credential",
    body="VerifyBody", answer="ReviewView", idempotent=True, if_match="optional", errors=(*_DECIDES, HasExpired),
)  # fmt: skip
def verify_credential(call: Call, credential_id: str, body: VerifyBody) -> Seen:
    """It counts up to the day that you name, else to the document's own last day, else for one year. The person
    may be matched as a mentor from this moment to that day's end in the authority's country, and gets a mail. Where the
    organisation wants two persons to decide, the first verdict changes nothing yet: the case goes back to the queue for
    another person, and to an admin if the two differ."""
    return review.verify(call, credential_id, body.valid_until, body.checklist, body.revision)


@routes.endpoint(
    "POST", "/v1/admin/credentials/{credential_id}/reject", who=Who.REVIEWER, summary="Reject a credential",
    body="RejectBody", answer="ReviewView", idempotent=True, if_match="optional", errors=_DECIDES,
)  # fmt: skip
def reject_credential(call: Call, credential_id: str, body: RejectBody) -> Seen:
    """The person gets a mail and reads the reason and your text. What was verified and is reviewed again counts no more
    from this moment on: if something is merely missing, ask for more."""
    return review.reject(call, credential_id, body.reason, body.text, body.revision)


@routes.endpoint(
    "POST", "/v1/admin/credentials/{credential_id}/want-more", who=Who.REVIEWER, summary="Ask for what is missing",
    body="WantBody", answer="ReviewView", idempotent=True, if_match="optional", errors=_DECIDES,
)  # fmt: skip
def want_more(call: Call, credential_id: str, body: WantBody) -> Seen:
    """The person gets a mail, and may give the credential another wording before they submit it again."""
    return review.want_more(call, credential_id, body.missing, body.text, body.revision)


@routes.endpoint(
    "POST", "/v1/admin/credentials/{credential_id}/revoke", who=Who.REVIEWER, summary="Revoke a verified credential",
    body="RevokeBody", answer="ReviewView", idempotent=True, if_match="optional",
    errors=(*_MOVED, *_READS),
)  # fmt: skip
def revoke_credential(call: Call, credential_id: str, body: RevokeBody) -> Seen:
    """At once: if no other credential verifies the person, nobody can match, ask or accept them as a mentor from this
    moment on. They get a mail and read the reason and your text. Also while it is reviewed again, whoever holds it."""
    return review.revoke(call, credential_id, body.reason, body.text)


@routes.endpoint(
    "POST", "/v1/admin/credentials/{credential_id}/notes", who=Who.REVIEWER, summary="Note something on a case",
    body="NoteBody", answer="ReviewView", status=201, idempotent=True, errors=(CaseMoved, *_READS),
)  # fmt: skip
def note_on_case(call: Call, credential_id: str, body: NoteBody) -> Seen:
    """For the organisation's reviewers alone. The trail keeps that there is a note, and not what it says."""
    return review.note(call, credential_id, body.text)


@routes.endpoint(
    "GET", "/v1/admin/credentials/{credential_id}/records", who=Who.REVIEWER,
    summary="List what reviewers wrote on a case", answer="RecordView", paged=True, errors=_READS,
)  # fmt: skip
def list_records(call: Call, credential_id: str, page: PageRequest) -> Page[Record]:
    """Decisions, requests and notes, oldest first. The opinion of the first of two persons is shown once the case is
    decided, or to the admin who settles it."""
    return review.records(call, credential_id, page)


@routes.endpoint(
    "GET", "/v1/admin/credentials/{credential_id}/revisions", who=Who.REVIEWER,
    summary="List the wordings of a credential", answer="RevisionsView", errors=_READS,
)  # fmt: skip
def list_revisions(call: Call, credential_id: str) -> tuple[Wording, ...]:
    """Those that came to reviewers, oldest first, the present one last, each with what differs from the one before. The
    trail says when each was looked at."""
    from chalicelib.credentials import review

    return review.wordings(call, credential_id)


@routes.endpoint(
    "GET", "/v1/organisations/{organisation_id}/review-policy", who=Who.STAFF,
    summary="Read an organisation's rules of review", answer="PolicyView", etag=True,
)  # fmt: skip
def read_policy(call: Call, organisation_id: str) -> ReviewPolicy:
    return policy.read_policy(call, organisation_id)


@routes.endpoint(
    "PUT", "/v1/organisations/{organisation_id}/review-policy", who=Who.COORDINATOR,
    summary="Set an organisation's rules of review", body="PolicyBody", answer="PolicyView", if_match="required",
)  # fmt: skip
def change_policy(call: Call, organisation_id: str, body: PolicyBody) -> ReviewPolicy:
    """By how many persons, and within how many days. They count for what is decided and submitted from now on."""
    return policy.change_policy(call, body.to_model(organisation_id))


@routes.endpoint(
    "GET", "/v1/organisations/{organisation_id}/overdue-reviews", who=Who.STAFF,
    summary="List the cases that wait past their target", answer="QueueView", paged=True,
)  # fmt: skip
def list_overdue(call: Call, organisation_id: str, page: PageRequest) -> Page[Seen]:
    """Longest overdue first."""
    return policy.overdue(call, organisation_id, page)


@routes.endpoint(
    "POST", "/v1/organisations/{organisation_id}/review-batches", who=Who.COORDINATOR,
    summary="Have many credentials reviewed again", body="ReviewAgainBody", answer="BatchView", status=201,
    idempotent=True,
)  # fmt: skip
def review_again(call: Call, organisation_id: str, body: ReviewAgainBody) -> Batch:
    """A register was breached, a licence class changed: all that the organisation verified up to now and that fits goes
    back to the queue, piece by piece. It goes on counting meanwhile, unless you suspend it."""
    return rereview.order_batch(call, organisation_id, body.to_model())


@routes.endpoint(
    "POST", "/v1/organisations/{organisation_id}/review-reassignments", who=Who.COORDINATOR,
    summary="Hand a reviewer's claims on", body="ReassignBody", answer="BatchView", status=201, idempotent=True,
)  # fmt: skip
def reassign(call: Call, organisation_id: str, body: ReassignBody) -> Batch:
    """To another reviewer, or back to the queue. A case that the other may not decide stays where it is."""
    return rereview.order_batch(call, organisation_id, body.to_model())


@routes.endpoint(
    "GET", "/v1/organisations/{organisation_id}/review-batches/{batch_id}", who=Who.COORDINATOR,
    summary="Read how far a batch is", answer="BatchView",
)  # fmt: skip
def read_batch(call: Call, organisation_id: str, batch_id: str) -> Batch:
    return rereview.read_batch(call, organisation_id, batch_id)
