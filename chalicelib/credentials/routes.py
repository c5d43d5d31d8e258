"""A person's own credentials over HTTP."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chalicelib.credentials.errors import (
    AlreadyDecided,
    AlreadySubmitted,
    CaseMoved,
    CredentialWithdrawn,
    SharesMentorship,
    TooManyOpen,
    TooManyRevisions,
    UnderReview,
    WrongState,
)
from chalicelib.credentials.evidence.errors import EvidenceNeeded
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.credentials import authorities, practitioners, service
    from chalicelib.credentials.authorities import Authority
    from chalicelib.credentials.model import Seen
    from chalicelib.credentials.schemas import AuthoritiesQuery, ClaimBody, CredentialBody
    from chalicelib.credentials.trail import Entry
    from chalicelib.people import codes
else:
    authorities = later("chalicelib.credentials.authorities")
    practitioners = later("chalicelib.credentials.practitioners")
    service = later("chalicelib.credentials.service")
    codes = later("chalicelib.people.codes")

routes = Routes(__name__, "Credentials")


@routes.endpoint(
    "GET", "/v1/codes/authorities", who=Who.ANYONE, summary="List who issues credentials", query="AuthoritiesQuery",
    answer="AuthorityListView",
)  # fmt: skip
def list_authorities(_call: Call, query: AuthoritiesQuery) -> tuple[Authority, ...]:
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
    errors=(AlreadySubmitted, TooManyOpen, CaseMoved, EvidenceNeeded),
)  # fmt: skip
def submit_credential(call: Call, body: CredentialBody) -> Seen:
    """Reviewers of the organisation see it with your name and profession as they stand now, not your address. With
    `draft` it is kept for you alone, until you submit it; so it has to be where the organisation wants evidence."""
    return service.submit(call, body.to_model(), body.organisation_id, draft=body.draft)


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
    "PUT", "/v1/me/credentials/{credential_id}", who=Who.PERSON, summary="Give one of your credentials another wording",
    body="ClaimBody", answer="CredentialView", if_match="optional",
    errors=(
        AlreadyDecided, AlreadySubmitted, CaseMoved, CredentialWithdrawn, EvidenceNeeded, TooManyOpen, TooManyRevisions,
        UnderReview, WrongState,
    ),
)  # fmt: skip
def edit_credential(call: Call, credential_id: str, body: ClaimBody) -> Seen:
    """The earlier wording is kept. A draft, or what a reviewer wants more of, goes to the reviewers when you submit it.
    What waits for them keeps its place, with your name and profession as they stand now; while one of them looks at it,
    it is refused. What is verified comes to the end of the queue, and counts as it was until it is decided anew;
    rejected, or withdrawn by you, it counts no more. A document that renews it is a credential of its own."""
    return service.edit(call, credential_id, body.to_model())


@routes.endpoint(
    "POST", "/v1/me/credentials/{credential_id}/submit", who=Who.PERSON,
    summary="Submit a draft, or submit again what more was wanted of", answer="CredentialView", idempotent=True,
    if_match="optional",
    errors=(
        AlreadyDecided, AlreadySubmitted, CaseMoved, CredentialWithdrawn, EvidenceNeeded, TooManyOpen, WrongState,
    ),
)  # fmt: skip
def submit_again(call: Call, credential_id: str) -> Seen:
    """It takes its place at the end of the queue, with your name and profession as they stand now."""
    return service.submit_again(call, credential_id)


@routes.endpoint(
    "DELETE", "/v1/me/credentials/{credential_id}", who=Who.PERSON, summary="Withdraw one of your credentials",
    status=204, if_match="optional", errors=(AlreadyDecided, CaseMoved, CredentialWithdrawn, WrongState),
)  # fmt: skip
def withdraw_credential(call: Call, credential_id: str) -> Seen:
    """Only while it is undecided, also while a reviewer works on it; it stays in your list as withdrawn, and what it
    had verified counts no more. Files that came to the reviewers are kept for as long as after a decision, and only an
    admin opens them."""
    return service.withdraw(call, credential_id)


@routes.endpoint(
    "GET", "/v1/me/credentials/{credential_id}/trail", who=Who.PERSON,
    summary="Read what was done with one of your credentials", answer="TrailView", paged=True,
)  # fmt: skip
def read_my_trail(call: Call, credential_id: str, page: PageRequest) -> Page[Entry]:
    """Every move, every look and every note, oldest first: when, and in which part somebody acted; what reviewers note
    for each other is theirs. Each row carries its hash and that of the row before."""
    return service.my_trail(call, credential_id, page)


@routes.endpoint(
    "GET", "/v1/people/{person_id}/fhir/Practitioner", who=Who.PERSON,
    summary="Read a person's verified qualifications in FHIR R4", text_media_type="application/fhir+json",
    errors=(CaseMoved, SharesMentorship),
)  # fmt: skip
def read_practitioner(call: Call, person_id: str) -> str:
    """Your own, or, for reviewers, those that were submitted to their organisation; anybody else gets 404. A
    Practitioner with what was verified, and with what of that has expired or was revoked since: docs/fhir.md says what
    each element means. A reviewer's look is kept in the trail of each credential that it shows."""
    return json.dumps(practitioners.practitioner(call, person_id), ensure_ascii=False)
