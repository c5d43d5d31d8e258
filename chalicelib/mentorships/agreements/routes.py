"""Agreements, their template, and briefings over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import RoleRefused, VersionRequired
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.agreements.errors import AgreementIncomplete, AgreementRewritten
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.mentorships.agreements import programme_texts, service
    from chalicelib.mentorships.agreements.briefings import Briefing
    from chalicelib.mentorships.agreements.model import Template
    from chalicelib.mentorships.agreements.schemas import (
        AboutShape,
        BriefingBody,
        RulesShape,
        SignBody,
        TermsBody,
        TrialsBody,
    )
    from chalicelib.mentorships.agreements.service import SeenAgreement, SeenWording
else:
    programme_texts = later("chalicelib.mentorships.agreements.programme_texts")
    service = later("chalicelib.mentorships.agreements.service")

routes = Routes(__name__, "Agreements")

_AGREEMENT = "/v1/mentorships/{mentorship_id}/agreement"
_TEMPLATE = "/v1/programmes/{programme_id}/agreement-template"
_BRIEFINGS = "/v1/programmes/{programme_id}/briefings"
_BRIEFING = _BRIEFINGS + "/{country}"
_PLAIN = frozenset({"country"})


@routes.endpoint(
    "GET", _AGREEMENT, who=Who.PERSON, summary="Read a mentorship's agreement", answer="AgreementView", etag=True,
    errors=(RoleRefused,),
)  # fmt: skip
def read_agreement(call: Call, mentorship_id: str) -> SeenAgreement:
    """For its two people, and the programme's coordinators, who do not see what the two say of themselves. It begins as
    a draft from the programme's template and both profiles. The ETag is the number of the version."""
    return service.read(call, mentorship_id)


@routes.endpoint(
    "GET", "/v1/codes/agreement-terms", who=Who.PERSON, summary="List what an agreement can say",
    answer="ChoicesView",
)  # fmt: skip
def list_agreement_terms(call: Call) -> str:
    """Each code of the terms with its words, in the language of your account, for choosing instead of typing."""
    return service.language_of(call)


@routes.endpoint(
    "PUT", _AGREEMENT, who=Who.PERSON, summary="Change a mentorship's agreement", body="TermsBody",
    answer="AgreementView", if_match="required", errors=(MentorshipNotUnderWay,),
)  # fmt: skip
def change_agreement(call: Call, mentorship_id: str, body: TermsBody) -> SeenAgreement:
    """By either of the two. It makes a new version that both have yet to sign; until then the last one holds that both
    signed. Where nothing differs, version and signatures stay."""
    return service.change(call, mentorship_id, body.to_model())


@routes.endpoint(
    "POST", _AGREEMENT + "/sign", who=Who.PERSON, summary="Sign a mentorship's agreement", body="SignBody",
    answer="AgreementView", idempotent=True, etag=True,
    errors=(MentorshipNotUnderWay, AgreementRewritten, AgreementIncomplete),
)  # fmt: skip
def sign_agreement(call: Call, mentorship_id: str, body: SignBody) -> SeenAgreement:
    """By each of the two, under the version that they have read. If the other has changed it meanwhile it is refused:
    read it again. Again, it changes nothing."""
    return service.sign(call, mentorship_id, body.version)


@routes.endpoint(
    "GET", _AGREEMENT + "/versions", who=Who.PERSON, summary="List earlier versions of an agreement",
    answer="EarlierAgreementView", paged=True, errors=(RoleRefused,),
)  # fmt: skip
def list_agreement_versions(call: Call, mentorship_id: str, page: PageRequest) -> Page[SeenWording]:
    """Those before the present one, the newest first, with who had signed them. For whom the agreement is."""
    return service.earlier_versions(call, mentorship_id, page)


@routes.endpoint(
    "PUT", _AGREEMENT + "/try-out", who=Who.PERSON, summary="Say which ways to meet work for you",
    body="TrialsBody", answer="AgreementView", etag=True, errors=(MentorshipNotUnderWay,),
)  # fmt: skip
def try_out_channels(call: Call, mentorship_id: str, body: TrialsBody) -> SeenAgreement:
    """Before the first session, each of the two tries each way to meet that the agreement names. You speak for yourself
    alone; what you leave out stays as you said before. It makes no version."""
    return service.try_out(call, mentorship_id, body.to_model())


@routes.endpoint(
    "PUT", _AGREEMENT + "/about-me", who=Who.PERSON, summary="Say how you like to be addressed",
    body="AboutShape", answer="AgreementView", etag=True, errors=(MentorshipNotUnderWay,),
)  # fmt: skip
def tell_of_self(call: Call, mentorship_id: str, body: AboutShape) -> SeenAgreement:
    """And what the other should know of your customs. The other of the two reads it, and nobody else. It is no part of
    what is signed and makes no version."""
    return service.tell_of_self(call, mentorship_id, body.to_model())


@routes.endpoint(
    "GET", _TEMPLATE, who=Who.COORDINATOR, summary="Read the template of a programme's agreements",
    answer="AgreementTemplateView", etag=True,
)  # fmt: skip
def read_agreement_template(call: Call, programme_id: str) -> Template:
    """What was never set has its usual value, under the ETag "0"."""
    return programme_texts.read_template(call, programme_id)


@routes.endpoint(
    "PUT", _TEMPLATE, who=Who.COORDINATOR, summary="Set the template of a programme's agreements",
    body="RulesShape", answer="AgreementTemplateView", if_match="required",
)  # fmt: skip
def change_agreement_template(call: Call, programme_id: str, body: RulesShape) -> Template:
    """Agreements that begin from now on start from it; those that there are stay as they are."""
    return programme_texts.change_template(call, programme_id, body.to_model())


@routes.endpoint(
    "GET", _BRIEFINGS, who=Who.PERSON, summary="List a programme's briefings on countries",
    answer="BriefingSummaryView", paged=True,
)  # fmt: skip
def list_briefings(call: Call, programme_id: str, page: PageRequest) -> Page[Briefing]:
    """By country."""
    return programme_texts.list_briefings(call, programme_id, page)


@routes.endpoint(
    "GET", _BRIEFING, who=Who.PERSON, summary="Read a programme's briefing on a country", answer="BriefingView",
    etag=True, plain_path=_PLAIN,
)  # fmt: skip
def read_briefing(call: Call, programme_id: str, country: str) -> Briefing:
    """On its health system and customs, in the programme's own words: read the one on the other's country before you
    first meet."""
    return programme_texts.read_briefing(call, programme_id, country)


@routes.endpoint(
    "PUT", _BRIEFING, who=Who.COORDINATOR, summary="Write a programme's briefing on a country",
    body="BriefingBody", answer="BriefingView", if_match="optional", plain_path=_PLAIN,
    errors=(VersionRequired,),
)  # fmt: skip
def put_briefing(call: Call, programme_id: str, country: str, body: BriefingBody) -> Briefing:
    """A new one, or with `If-Match` over the one that there is."""
    texts = [one.to_model() for one in body.texts]
    return programme_texts.put_briefing(call, programme_id, country, texts, body.sources)


@routes.endpoint(
    "DELETE", _BRIEFING, who=Who.COORDINATOR, summary="Delete a programme's briefing on a country", status=204,
    if_match="required", plain_path=_PLAIN,
)  # fmt: skip
def delete_briefing(call: Call, programme_id: str, country: str) -> Briefing:
    return programme_texts.delete_briefing(call, programme_id, country)
