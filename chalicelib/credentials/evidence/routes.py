"""Evidence over HTTP. Files themselves never come through the API: S3 takes and serves them by signed addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.credentials.errors import (
    AlreadyDecided,
    CaseMoved,
    CredentialWithdrawn,
    OwnCredential,
    SharesMentorship,
    WrongState,
)
from chalicelib.credentials.evidence.errors import (
    EvidenceHandedIn,
    EvidenceNotAccepted,
    EvidenceSealed,
    TooMuchEvidence,
)
from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.credentials.evidence import service
    from chalicelib.credentials.evidence.model import File
    from chalicelib.credentials.evidence.schemas import EvidenceBody
    from chalicelib.credentials.evidence.service import FileSeen, Link, Opened, Overdue
else:
    service = later("chalicelib.credentials.evidence.service")

routes = Routes(__name__, "Evidence")

_STATES = (AlreadyDecided, CaseMoved, CredentialWithdrawn, WrongState)


@routes.endpoint(
    "POST", "/v1/me/credentials/{credential_id}/evidence", who=Who.PERSON, summary="Send a file as evidence",
    body="EvidenceBody", answer="OpenedView", status=201, idempotent=True, errors=(*_STATES, TooMuchEvidence),
)  # fmt: skip
def announce_evidence(call: Call, credential_id: str, body: EvidenceBody) -> Opened:
    """To a draft, or when a reviewer wants more. Send the file itself as `upload` says, within a quarter of an hour: a
    PDF, JPEG or PNG of 10 MB at most. It is in quarantine until its content and a scan for malware were looked at; then
    it is accepted or rejected, and its state says so. Another wording of the claim keeps the files that there are."""
    return service.announce(call, credential_id, body.to_model())


@routes.endpoint(
    "GET", "/v1/me/credentials/{credential_id}/evidence", who=Who.PERSON,
    summary="List the files of one of your credentials", answer="FilesView",
)  # fmt: skip
def list_my_evidence(call: Call, credential_id: str) -> tuple[FileSeen, ...]:
    """Oldest first, with what became of each. Of files that are gone, type, size and hash stay."""
    return service.my_evidence(call, credential_id)


@routes.endpoint(
    "DELETE", "/v1/me/credentials/{credential_id}/evidence/{evidence_id}", who=Who.PERSON,
    summary="Delete one of your files", status=204, errors=(*_STATES, EvidenceHandedIn),
)  # fmt: skip
def remove_evidence(call: Call, credential_id: str, evidence_id: str) -> File:
    """As long as the reviewers do not have it: what came to them with the credential stays with it."""
    return service.take_back(call, credential_id, evidence_id)


@routes.endpoint(
    "POST", "/v1/admin/credentials/{credential_id}/evidence", who=Who.REVIEWER,
    summary="Send a copy of what you saw", body="EvidenceBody", answer="OpenedView", status=201, idempotent=True,
    errors=(*_STATES, OwnCredential, SharesMentorship, TooMuchEvidence),
)  # fmt: skip
def announce_copy(call: Call, credential_id: str, body: EvidenceBody) -> Opened:
    """A register's page, say, to be named by a check that you record. It is looked at as any other file; the
    credential's owner does not see it."""
    return service.announce_copy(call, credential_id, body.to_model())


@routes.endpoint(
    "GET", "/v1/admin/credentials/{credential_id}/evidence/{evidence_id}", who=Who.REVIEWER,
    summary="Open a file of evidence", answer="LinkView",
    errors=(CaseMoved, EvidenceNotAccepted, EvidenceSealed, OwnCredential, SharesMentorship),
)  # fmt: skip
def open_evidence(call: Call, credential_id: str, evidence_id: str) -> Link:
    """A link that holds for two minutes and serves the file as an attachment. The credential's trail keeps that you
    asked for it. Files of a withdrawn credential are kept for their time, and only an admin opens them."""
    return service.link(call, credential_id, evidence_id)


@routes.endpoint(
    "GET", "/v1/organisations/{organisation_id}/overdue-evidence", who=Who.COORDINATOR,
    summary="List files that wait for their malware scan", answer="OverdueView", paged=True,
)  # fmt: skip
def list_overdue_evidence(call: Call, organisation_id: str, page: PageRequest) -> Page[Overdue]:
    """Those whose scanner has been silent for an hour, longest first: it may be switched off, or lack a permission.
    They are accepted only with its verdict, and rejected after three days without one."""
    return service.overdue(call, organisation_id, page)
