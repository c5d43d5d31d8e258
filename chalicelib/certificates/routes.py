"""Certificates over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.certificates.errors import (
    CertificateMoved,
    CertificateNotDue,
    CertificateRevoked,
    CertificateUnsigned,
    NoCertificates,
    OwnCertificate,
)
from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.certificates import service
    from chalicelib.certificates.model import Certificate
    from chalicelib.certificates.schemas import RevocationBody, ShownBody
    from chalicelib.certificates.service import Standing
else:
    service = later("chalicelib.certificates.service")

routes = Routes(__name__, "Certificates")


@routes.endpoint(
    "GET", "/v1/mentorships/{mentorship_id}/certificate", who=Who.PERSON,
    summary="Read what is missing for a certificate", answer="CertificateStandingView",
)  # fmt: skip
def certificate_standing(call: Call, mentorship_id: str) -> Standing:
    """For either of the two, of themselves: what the programme asks for, what there is, and the certificate if there is
    one."""
    return service.standing(call, mentorship_id)


@routes.endpoint(
    "POST", "/v1/mentorships/{mentorship_id}/certificate", who=Who.PERSON, summary="Have a certificate issued",
    answer="CertificateView", status=201, idempotent=True, errors=(CertificateNotDue, NoCertificates),
)  # fmt: skip
def order_certificate(call: Call, mentorship_id: str) -> Certificate:
    """One a mentorship and side, once it is due; again, it is the same. It is signed within seconds."""
    return service.order(call, mentorship_id)


@routes.endpoint(
    "GET", "/v1/me/certificates", who=Who.PERSON, summary="List your certificates", answer="CertificateView",
    paged=True,
)  # fmt: skip
def my_certificates(call: Call, page: PageRequest) -> Page[Certificate]:
    """The latest first."""
    return service.my_certificates(call, page)


@routes.endpoint(
    "PUT", "/v1/me/certificates/{certificate_id}/shown", who=Who.PERSON,
    summary="Choose what everybody sees of a certificate", body="ShownBody", answer="CertificateView",
    if_match="optional", errors=(CertificateMoved,),
)  # fmt: skip
def show_certificate(call: Call, certificate_id: str, body: ShownBody) -> Certificate:
    """On its public page, at once. What is not chosen is not shown; what you hand on yourself, the signed file, says
    all."""
    return service.show(call, certificate_id, body.to_model())


@routes.endpoint(
    "GET", "/v1/me/certificates/{certificate_id}/file", who=Who.PERSON, summary="Download a signed certificate",
    text_media_type="application/vc+jwt", errors=(CertificateUnsigned,),
)  # fmt: skip
def certificate_file(call: Call, certificate_id: str) -> str:
    """An Open Badges 3.0 credential as a compact JWS, signed with EdDSA. Whoever has it can verify it without asking
    anybody: `python -m chalicelib.certificates verify FILE --issuer issuer.json`."""
    return service.signed_file(call, certificate_id)


@routes.endpoint(
    "GET", "/v1/programmes/{programme_id}/certificates", who=Who.COORDINATOR,
    summary="List a programme's certificates", answer="ProgrammeCertificateView", paged=True,
)  # fmt: skip
def list_certificates(call: Call, programme_id: str, page: PageRequest) -> Page[Certificate]:
    """The latest first."""
    return service.programme_certificates(call, programme_id, page)


@routes.endpoint(
    "POST", "/v1/certificates/{certificate_id}/revoke", who=Who.COORDINATOR, summary="Revoke a certificate",
    body="RevocationBody", answer="ProgrammeCertificateView", idempotent=True,
    errors=(CertificateRevoked, CertificateUnsigned, CertificateMoved, OwnCertificate),
)  # fmt: skip
def revoke_certificate(call: Call, certificate_id: str, body: RevocationBody) -> Certificate:
    """For good. Its page says so at once, the issuer's status list within seconds; neither says why."""
    return service.revoke(call, certificate_id, body.reason, body.text)


@routes.endpoint(
    "GET", "/v1/certificates/{certificate_id}", who=Who.ANYONE, summary="See whether a certificate is genuine",
    answer="PublicCertificateView",
)  # fmt: skip
def public_certificate(call: Call, certificate_id: str) -> Certificate:
    """What its holder shows, and whether it is revoked. The address is random and known to whom the holder gave it."""
    return service.public(call, certificate_id)


@routes.endpoint(
    "GET", "/v1/certificates/{certificate_id}/page", who=Who.ANYONE, summary="See a certificate as a page",
    text_media_type="text/html; charset=utf-8",
)  # fmt: skip
def certificate_page(call: Call, certificate_id: str) -> str:
    """The same in the holder's language, to read, to hear and to print, with a QR code of its address."""
    return service.page(call, certificate_id)


@routes.endpoint(
    "GET", "/v1/certificate-issuer", who=Who.ANYONE, summary="Read who issues certificates",
    text_media_type="application/json",
)  # fmt: skip
def certificate_issuer(_call: Call) -> str:
    """An Open Badges profile with the public keys of a controlled identifier: all that a verifier needs to keep. Keys
    are added, and never taken away."""
    return service.issuer_document()


@routes.endpoint(
    "GET", "/v1/certificate-issuer/keys/{key_id}", who=Who.ANYONE, summary="Read a public key",
    text_media_type="application/jwk+json", plain_path=frozenset({"key_id"}),
)  # fmt: skip
def certificate_key(_call: Call, key_id: str) -> str:
    """The JWK that a signature's `kid` names."""
    return service.public_key(key_id)


@routes.endpoint(
    "GET", "/v1/certificate-issuer/status-lists/{list_name}", who=Who.ANYONE,
    summary="Read which certificates are revoked", text_media_type="application/vc+jwt",
    plain_path=frozenset({"list_name"}),
)  # fmt: skip
def certificate_status_list(_call: Call, list_name: str) -> str:
    """A signed Bitstring Status List of 131,072 places: asking for it tells nobody of which certificate you ask."""
    return service.status_list(list_name)
