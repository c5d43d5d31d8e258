"""Agreements, their template, and briefings on the wire."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field

from chalicelib.mentorships.agreements.briefings import Briefing, Text
from chalicelib.mentorships.agreements.model import (
    AboutSelf,
    Agreement,
    Boundary,
    Confidence,
    DocumentPlace,
    OutOfScope,
    Rhythm,
    Rules,
    Template,
    Terms,
    Wording,
    ordered,
    scope,
)
from chalicelib.mentorships.agreements.service import SeenAgreement, SeenWording
from chalicelib.mentorships.agreements.wording import Section, choices, headings, sections
from chalicelib.people.model import Channel
from chalicelib.people.schemas import Locale
from chalicelib.platform.web import shapes
from chalicelib.platform.web.shapes import Answer, Body, Instant, Line, instant
from chalicelib.programmes.model import PairKind, Side
from chalicelib.words.formats import formats_of

Note = Annotated[shapes.Text, Field(max_length=1000)]
LanguageTag = Annotated[str, Field(min_length=2, max_length=35, examples=["fr"])]


class RulesShape(Body):
    """What a template says, and each pair may put otherwise. The notes are your own words beside the codes."""

    rhythm: Rhythm
    meeting_minutes: Annotated[int, Field(ge=10, le=180, multiple_of=5)]
    response_days: Annotated[
        int, Field(ge=1, le=14, description="Within how many days each answers the other")
    ]
    boundaries: Annotated[tuple[Boundary, ...], Field(max_length=len(Boundary))]
    boundaries_note: Note = ""
    confidentiality: Annotated[tuple[Confidence, ...], Field(max_length=len(Confidence))]
    confidentiality_note: Note = ""
    documents: DocumentPlace
    documents_note: Annotated[Note, Field(description="Which folder, for example")] = ""
    out_of_scope: Annotated[
        tuple[OutOfScope, ...],
        Field(
            max_length=len(OutOfScope), description="`patient_data` is always in, whether you send it or not"
        ),
    ]
    out_of_scope_note: Note = ""

    def to_model(self) -> Rules:
        return Rules(**_rules(self))


class TermsBody(RulesShape):
    """What two people agree on, whole."""

    channels: Annotated[
        tuple[Channel, ...],
        Field(min_length=1, max_length=len(Channel), description="Your ways to meet, the best first"),
    ]
    fallback: Annotated[Channel, Field(description="Where the line is poor: one of phone, chat and email")]
    languages: Annotated[tuple[LanguageTag, ...], Field(min_length=1, max_length=5)]

    def to_model(self) -> Terms:
        return Terms(**_rules(self), channels=self.channels, fallback=self.fallback, languages=self.languages)


def _rules(shape: RulesShape) -> dict[str, Any]:
    """Return the fields of rules, the codes in the order of their lists."""
    return {
        **{name: getattr(shape, name) for name in RulesShape.model_fields},
        "boundaries": ordered(Boundary, shape.boundaries),
        "confidentiality": ordered(Confidence, shape.confidentiality),
        "out_of_scope": scope(shape.out_of_scope),
    }


class RulesView(Answer):
    rhythm: Rhythm
    meeting_minutes: int
    response_days: int
    boundaries: list[Boundary]
    boundaries_note: str
    confidentiality: list[Confidence]
    confidentiality_note: str
    documents: DocumentPlace
    documents_note: str
    out_of_scope: list[OutOfScope]
    out_of_scope_note: str

    @classmethod
    def of(cls, rules: Rules) -> Self:
        return cls.model_validate(dict(vars(rules)))


class TermsView(RulesView):
    channels: list[Channel]
    fallback: Annotated[Channel | None, Field(description="Null where the profiles have none in common yet")]
    languages: list[str]


class SectionView(Answer):
    about: Annotated[str, Field(description="The field of the terms")]
    heading: str
    sentences: list[str]

    @classmethod
    def of(cls, section: Section) -> Self:
        return cls(about=section.about, heading=section.heading, sentences=list(section.sentences))


class WordingFields(Answer):
    version: int
    written_by: Annotated[
        Side | None, Field(description="Null for the first, made from template and profiles")
    ]
    written_at: Instant
    terms: TermsView
    in_words: Annotated[
        list[SectionView], Field(description="The terms in sentences, in the language of your account")
    ]
    mentor_signed_at: Instant | None
    mentee_signed_at: Instant | None


class TrialView(Answer):
    """Whether a way to meet works for each, as they found it; null as long as they have not tried it."""

    channel: Channel
    mentor_works: bool | None
    mentee_works: bool | None


class AboutShape(Body):
    """What one of the two would have the other know."""

    addressed_as: Annotated[Note, Field(max_length=200, description="How you like to be addressed")] = ""
    customs: Annotated[
        Note, Field(description="Customs of yours that the other should know: holidays, greetings, silences")
    ] = ""

    def to_model(self) -> AboutSelf:
        return AboutSelf(self.addressed_as, self.customs)

    @classmethod
    def of(cls, about: AboutSelf) -> Self:
        return cls(addressed_as=about.addressed_as, customs=about.customs)


class AgreementView(WordingFields):
    mentorship_id: str
    my_role: Annotated[Side | None, Field(description="Null to a coordinator")]
    missing: Annotated[list[str], Field(description="Fields of the terms without which nobody can sign")]
    in_force: Annotated[
        int | None, Field(description="The last version that both signed; it holds until the next is signed")
    ]
    trials: Annotated[list[TrialView], Field(description="Of each way to meet, in the order of the terms")]
    tried_out: Annotated[bool, Field(description="Whether both have tried each")]
    first_working: Annotated[
        Channel | None, Field(description="The first way to meet that both found to work")
    ]
    about_mentor: Annotated[
        AboutShape | None, Field(description="What the mentor says of themselves; null to coordinators")
    ]
    about_mentee: Annotated[
        AboutShape | None, Field(description="What the mentee says of themselves; null to coordinators")
    ]

    @classmethod
    def of(cls, seen: SeenAgreement) -> Self:
        agreement = seen.agreement
        terms = agreement.wording.terms
        return cls(
            **_wording(agreement.wording, seen.locale, seen.mentorship.kind),
            mentorship_id=agreement.mentorship_id, my_role=seen.side,
            missing=list(terms.missing()), in_force=agreement.in_force,
            trials=[
                TrialView(
                    channel=one, mentor_works=agreement.found(Side.MENTOR, one),
                    mentee_works=agreement.found(Side.MENTEE, one),
                )
                for one in terms.ways()
            ],
            tried_out=agreement.is_tried_out(), first_working=agreement.first_working(),
            about_mentor=_about(seen, Side.MENTOR), about_mentee=_about(seen, Side.MENTEE),
        )  # fmt: skip


class EarlierAgreementView(WordingFields):
    @classmethod
    def of(cls, seen: SeenWording) -> Self:
        return cls(**_wording(seen.wording, seen.locale, seen.kind))


class SignBody(Body):
    version: Annotated[int, Field(ge=1, le=999_999, description="The version that you have read")]


class TrialShape(Body):
    channel: Channel
    works: bool


class TrialsBody(Body):
    results: Annotated[
        tuple[TrialShape, ...],
        Field(min_length=1, max_length=len(Channel), description="Of a way named twice, the last counts"),
    ]

    def to_model(self) -> Mapping[Channel, bool]:
        return {one.channel: one.works for one in self.results}


class AgreementTemplateView(RulesView):
    @classmethod
    def of(cls, template: Template) -> Self:  # type: ignore[override]
        return cls.model_validate(dict(vars(template.rules)))


class BriefingText(Body):
    language: Locale
    health_system: Annotated[shapes.Text, Field(min_length=1, description="How health care works there")]
    customs: Annotated[shapes.Text, Field(description="How people there meet, speak and work")] = ""

    def to_model(self) -> Text:
        return Text(self.language, self.health_system, self.customs)


class BriefingBody(Body):
    texts: Annotated[
        tuple[BriefingText, ...], Field(min_length=1, max_length=10, description="One a language")
    ]
    sources: Annotated[
        tuple[Annotated[Line, Field(max_length=500)], ...],
        Field(max_length=20, description="Where you have it from"),
    ] = ()


class BriefingView(Answer):
    """What the programme, and not the service, tells of a country."""

    programme_id: str
    country: str
    texts: list[BriefingText]
    sources: list[str]
    updated_at: Instant

    @classmethod
    def of(cls, briefing: Briefing) -> Self:
        texts = [BriefingText.model_validate(vars(one)) for one in briefing.texts]
        return cls(
            programme_id=briefing.programme_id, country=briefing.country, texts=texts,
            sources=list(briefing.sources), updated_at=instant(briefing.updated_at),
        )  # fmt: skip


class BriefingSummaryView(Answer):
    country: str
    languages: list[str]
    updated_at: Instant

    @classmethod
    def of(cls, briefing: Briefing) -> Self:
        return cls(
            country=briefing.country, languages=[one.language for one in briefing.texts],
            updated_at=instant(briefing.updated_at),
        )  # fmt: skip


class ChoiceView(Answer):
    code: str
    words: str


class FieldChoicesView(Answer):
    field: Annotated[str, Field(description="Of the terms; `fallback` takes codes of `channels`")]
    heading: str
    choices: list[ChoiceView]


class ChoicesView(Answer):
    """What can be agreed on, in the language of your account."""

    fields: list[FieldChoicesView]

    @classmethod
    def of(cls, locale: str) -> Self:
        formats = formats_of(locale)
        called = headings(formats)
        return cls(
            fields=[
                FieldChoicesView(
                    field=name, heading=called[name],
                    choices=[ChoiceView(code=code, words=words) for code, words in said.items()],
                )
                for name, said in choices(formats).items()
            ]
        )  # fmt: skip


def _wording(wording: Wording, locale: str, kind: PairKind) -> dict[str, Any]:
    told = sections(wording.terms, formats_of(locale), kind)
    return {
        "version": wording.number,
        "written_by": wording.written_by,
        "written_at": instant(wording.written_at),
        "terms": TermsView.of(wording.terms),
        "in_words": [SectionView.of(one) for one in told],
        "mentor_signed_at": instant(wording.signed_at.get(Side.MENTOR)),
        "mentee_signed_at": instant(wording.signed_at.get(Side.MENTEE)),
    }


def _about(seen: SeenAgreement, side: Side) -> AboutShape | None:
    """Return what a side says of themselves, to the two alone."""
    if seen.side is None:
        return None
    return AboutShape.of(_said(seen.agreement, side))


def _said(agreement: Agreement, side: Side) -> AboutSelf:
    return agreement.about.get(side, AboutSelf())
