"""Credentials and their review over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.credentials import authorities, service
from chalicelib.credentials.model import (
    AlreadyDecided,
    AlreadySubmitted,
    FileChanged,
    HasExpired,
    OwnCredential,
    Seen,
    Status,
    TooManyOpen,
)
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.people import codes
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.credentials.schemas import (
        AuthoritiesQuery,
        CredentialBody,
        QueueQuery,
        RejectBody,
        VerifyBody,
    )

routes = Routes(__name__, "Credentials")


@routes.endpoint(
    "GET", "/v1/codes/authorities", who=Who.ANYONE, summary="List who issues credentials", query="AuthoritiesQuery",
    answer="AuthorityListView",
)  # fmt: skip
def list_authorities(_call: Call, query: AuthoritiesQuery) -> tuple[authorities.Authority, ...]:
    """The whole list, or those of a country, a profession and a kind. Each row says where it was read and when; an
    authority that is not here can be named in a credential by its name and country."""
    country = codes.country(query.country) if query.country is not None else None
    if query.country is not None and country is None:
        raise Invalid.field(
            "/country", "Give an ISO 3166-1 code from GET /v1/codes/countries, for example KE."
        )
    if query.profession is not None and codes.profession(query.profession) is None:
        raise Invalid.field("/profession", "Give an ISCO-08 code from GET /v1/codes/professions.")
    return authorities.authorities(country.alpha2 if country else None, query.profession, query.kind)


@routes.endpoint(
    "POST", "/v1/me/credentials", who=Who.PERSON, summary="Submit a credential for review", body="CredentialBody",
    answer="CredentialView", status=201, idempotent=True, etag=True,
    errors=(AlreadySubmitted, TooManyOpen, FileChanged),
)  # fmt: skip
def submit_credential(call: Call, body: CredentialBody) -> Seen:
    """Reviewers of the organisation see it with your name and profession as they stand now, not your address."""
    return service.submit(call, body.to_model(), body.organisation_id)


@routes.endpoint(
    "GET", "/v1/me/credentials", who=Who.PERSON, summary="List your credentials", answer="CredentialView",
    paged=True,
)  # fmt: skip
def list_my_credentials(call: Call, page: PageRequest) -> Page[Seen]:
    """Latest first."""
    return service.my_credentials(call, page)


@routes.endpoint(
    "GET", "/v1/me/credentials/{credential_id}", who=Who.PERSON, summary="Read one of your credentials",
    answer="CredentialView", etag=True,
)  # fmt: skip
def read_my_credential(call: Call, credential_id: str) -> Seen:
    return service.my_credential(call, credential_id)


@routes.endpoint(
    "DELETE", "/v1/me/credentials/{credential_id}", who=Who.PERSON, summary="Withdraw one of your credentials",
    status=204, if_match="optional", errors=(AlreadyDecided, FileChanged),
)  # fmt: skip
def withdraw_credential(call: Call, credential_id: str) -> Seen:
    """Only while it is undecided; it stays in your list as withdrawn."""
    return service.withdraw(call, credential_id)


@routes.endpoint(
    "GET", "/v1/admin/credentials", who=Who.REVIEWER, summary="List the review queue", query="QueueQuery",
    answer="ReviewView", paged=True,
)  # fmt: skip
def list_review_queue(call: Call, query: QueueQuery, page: PageRequest) -> Page[Seen]:
    """Longest submitted first. Who reviews for several organisations, and admins, name one."""
    return service.queue(call, query.organisation_id, Status(query.status), page)


@routes.endpoint(
    "GET", "/v1/admin/credentials/{credential_id}", who=Who.REVIEWER, summary="Read a credential for review",
    answer="ReviewView", etag=True,
)  # fmt: skip
def read_credential(call: Call, credential_id: str) -> Seen:
    return service.review(call, credential_id)


@routes.endpoint(
    "POST", "/v1/admin/credentials/{credential_id}/verify", who=Who.REVIEWER, summary="Verify a credential",
    body="VerifyBody", answer="ReviewView", idempotent=True, if_match="optional",
    errors=(AlreadyDecided, FileChanged, HasExpired, OwnCredential),
)  # fmt: skip
def verify_credential(call: Call, credential_id: str, body: VerifyBody) -> Seen:
    """It counts up to the day that you name, else to the document's own last day, else for one year. The person
    may be matched as a mentor from this moment to that day's end (UTC), and gets a mail."""
    return service.verify(call, credential_id, body.valid_until)


@routes.endpoint(
    "POST", "/v1/admin/credentials/{credential_id}/reject", who=Who.REVIEWER, summary="Reject a credential",
    body="RejectBody", answer="ReviewView", idempotent=True, if_match="optional",
    errors=(AlreadyDecided, FileChanged, OwnCredential),
)  # fmt: skip
def reject_credential(call: Call, credential_id: str, body: RejectBody) -> Seen:
    """The person gets a mail and reads the reason and your text."""
    return service.reject(call, credential_id, body.reason, body.text)
