"""Authorities, and what a claim is worth, on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.credentials.authorities import Authority
from chalicelib.credentials.claims import Claim, hint_of
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.model import Status
from chalicelib.credentials.recognition import (
    Scheme,
    Standing,
    Worth,
    recognised,
    standing_in,
)
from chalicelib.credentials.recognition_words import effect_of, elsewhere, standing_sentence
from chalicelib.credentials.registries.name_views import NameComparisonView
from chalicelib.credentials.remark_words import sentence
from chalicelib.credentials.remarks import Remark, RemarkCode, remarks_on
from chalicelib.people.schemas import CountryCode
from chalicelib.platform.web.shapes import Answer, Query


class AuthoritiesQuery(Query):
    country: Annotated[CountryCode | None, Field(description="ISO 3166-1")] = None
    profession: Annotated[str | None, Field(max_length=4, description="ISCO-08", examples=["2212"])] = None
    kind: Kind | None = None


class NumberFormatView(Answer):
    label: Annotated[str, Field(examples=["A GMC number"])]
    description: Annotated[str, Field(description="What follows “has”", examples=["7 digits"])]
    example: Annotated[str, Field(description="Made up, without spaces and dashes")]
    check_digit: bool
    confirmed: Annotated[
        bool,
        Field(
            description="Confirmed formats are required; where one is not, a reviewer is told of a difference"
        ),
    ]


class AuthorityView(Answer):
    """Who issues credentials. What it names comes from its sources, as read on that day; it may do more."""

    id: str
    name: str
    short_name: str | None
    country: str
    subdivision: Annotated[str | None, Field(description="ISO 3166-2, of a state's or province's authority")]
    professions: Annotated[list[str], Field(description="ISCO-08; empty where the sources set no limit")]
    kinds: list[Kind]
    licenses: Annotated[bool, Field(description="Whether what it issues can be the right to practise")]
    register_url: str | None
    number: NumberFormatView | None
    sources: list[str]
    read_on: Annotated[str, Field(json_schema_extra={"format": "date"})]


class AuthorityListView(Answer):
    items: list[AuthorityView]

    @classmethod
    def of(cls, found: tuple[Authority, ...]) -> Self:
        return cls(items=[_authority(one) for one in found])


class AuthorityHint(Answer):
    """An authority of the list that the free text seems to mean; nothing was changed."""

    id: str
    name: str

    @classmethod
    def of(cls, claim: Claim) -> Self | None:
        hint = hint_of(claim)
        return cls(id=hint.id, name=hint.name) if hint else None


class OtherClaimView(Answer):
    """Another person's claim to the same number, in a case that you may open."""

    credential_id: str
    person_id: str
    person_name: Annotated[str, Field(description="As it stood when they submitted it")]
    organisation_id: str
    status: Status
    revision: Annotated[int, Field(description="The wording that claims it")]
    is_current: Annotated[
        bool,
        Field(description="False where that wording is an earlier one, and the case has another number now"),
    ]


class RemarkView(Answer):
    """What is worth a look; none of it is wrong by itself."""

    code: RemarkCode
    text: str
    text_fr: str
    comparison: Annotated[
        NameComparisonView | None,
        Field(description="With `name_differs`: the name on the document, and the account's as `theirs`"),
    ]
    claims: Annotated[
        tuple[OtherClaimView, ...],
        Field(
            description="With `number_claimed`: the latest 25, those withdrawn, rejected or revoked among them, and "
            "those that had the number in an earlier wording"
        ),
    ]

    @classmethod
    def of(cls, remark: Remark) -> Self:
        return cls.model_validate(
            {
                "code": remark.code, "text": sentence(remark, "en"), "text_fr": sentence(remark, "fr"),
                "comparison": remark.comparison, "claims": remark.claims,
            }
        )  # fmt: skip


class WorthView(Answer):
    """What the document is worth in its own country, if it is what it claims to be."""

    country: str
    worth: Worth
    text: str
    text_fr: str

    @classmethod
    def of(cls, standing: Standing) -> Self:
        return cls(
            country=standing.country, worth=standing.worth, text=standing_sentence(standing, "en"),
            text_fr=standing_sentence(standing, "fr"),
        )  # fmt: skip


class RecognitionView(Answer):
    """Where else such documents are recognised, by what, and how far. In all other countries they are no licence."""

    scheme: str
    name: str
    name_fr: str
    worth: Worth
    countries: list[str]
    text: str
    text_fr: str
    sources: list[str]
    read_on: Annotated[str, Field(json_schema_extra={"format": "date"})]

    @classmethod
    def of(cls, scheme: Scheme, home: str) -> Self:
        return cls(
            scheme=scheme.id, name=scheme.name, name_fr=scheme.name_fr, worth=scheme.effect,
            countries=list(scheme.hosts_for(home)), text=effect_of(scheme, "en"), text_fr=effect_of(scheme, "fr"),
            sources=list(scheme.sources), read_on=scheme.read_on,
        )  # fmt: skip


class AssessmentView(Answer):
    """What is known of a claim before anybody looks at the document."""

    register_number: Annotated[str | None, Field(description="The number as registers are asked for it")]
    register_url: Annotated[str | None, Field(description="Where the authority's register can be looked at")]
    remarks: Annotated[
        list[RemarkView],
        Field(
            description="Of the claim by itself. Where the case is read whole, what others claim (`number_claimed`, "
            "`number_claimed_elsewhere`) and what its checks are worth (`checks_outdated`) come after"
        ),
    ]
    standing: WorthView
    recognised: list[RecognitionView]
    elsewhere: Annotated[str, Field(description="What holds in all countries that are named in neither")]
    elsewhere_fr: str

    @classmethod
    def of(
        cls, claim: Claim, profession: str | None, person_name: str, more: tuple[Remark, ...] = ()
    ) -> Self:
        return cls(
            register_number=claim.register_number or None,
            register_url=claim.listed.register_url if claim.listed else None,
            remarks=[RemarkView.of(one) for one in (*remarks_on(claim, profession, person_name), *more)],
            standing=WorthView.of(standing_in(claim, profession, claim.country)),
            recognised=[
                RecognitionView.of(scheme, claim.country)
                for scheme in recognised(claim, profession)
                if scheme.hosts_for(claim.country)
            ],
            elsewhere=elsewhere("en"),
            elsewhere_fr=elsewhere("fr"),
        )


def _authority(one: Authority) -> AuthorityView:
    form = one.number
    return AuthorityView.model_validate(
        {
            "id": one.id, "name": one.name, "short_name": one.short_name, "country": one.country,
            "subdivision": one.subdivision, "professions": one.professions, "kinds": one.kinds,
            "licenses": one.licenses, "register_url": one.register_url, "sources": one.sources,
            "read_on": one.read_on,
            "number": form and {
                "label": form.label, "description": form.description, "example": form.example,
                "check_digit": form.check_prefix is not None, "confirmed": form.confirmed,
            },
        }
    )  # fmt: skip
