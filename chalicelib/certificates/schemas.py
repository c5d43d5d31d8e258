"""Certificates on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.certificates import service, wording
from chalicelib.certificates.badge import hours_text
from chalicelib.certificates.model import (
    Certificate,
    OfActivity,
    OfMentorship,
    RevocationReason,
    Shown,
    Status,
)
from chalicelib.certificates.rules import Need
from chalicelib.certificates.service import Standing
from chalicelib.mentorships.record import Record
from chalicelib.platform.web.shapes import Answer, Body, Instant, Text, instant
from chalicelib.programmes.model import Role
from chalicelib.programmes.schemas import CertificateRuleView
from chalicelib.words.formats import formats_of

_DATE = Field(json_schema_extra={"format": "date"})
_HOURS = Field(description="With one digit at most: `7` or `7.5`")


class ShownBody(Body):
    """What whoever has the certificate's address sees, beside that it is genuine and who issued it."""

    name: Annotated[bool, Field(description="Your name")] = False
    programme: Annotated[bool, Field(description="The programme's or the activity's name")] = False
    dates: Annotated[bool, Field(description="From when to when, and when it was issued")] = False
    hours: Annotated[bool, Field(description="How many sessions and hours")] = False
    goals: Annotated[bool, Field(description="How many goals were reached")] = False

    def to_model(self) -> Shown:
        return Shown(**self.model_dump())


class ShownView(Answer):
    name: bool
    programme: bool
    dates: bool
    hours: bool
    goals: bool


class RevocationBody(Body):
    reason: RevocationReason
    text: Annotated[Text, Field(description="For the organisation's coordinators alone")] = ""


_ROLE = Field(description="In a mentorship `mentee`, `mentor` or `peer`; else its holder's in the activity")


class ActivityView(Answer):
    """What a certificate is of that is no mentorship."""

    kind: Annotated[str, Field(description="`series`, `simulation` or `circle`")]
    id: str


class RecordView(Answer):
    """What a mentorship or an activity has come to."""

    started_on: Annotated[str, _DATE]
    last_on: Annotated[str, _DATE]
    sessions: int
    minutes: int
    goals_reached: int
    final_reflection: bool


class GapView(Answer):
    need: Need
    has: int
    needs: int


class CertificateView(Answer):
    """A certificate as its holder has it."""

    id: str
    mentorship_id: Annotated[str | None, Field(description="null of an activity")]
    programme_id: Annotated[str | None, Field(description="null of an activity")]
    activity: Annotated[ActivityView | None, Field(description="null of a mentorship")]
    role: Annotated[str, _ROLE]
    title: Annotated[str, Field(description="What it is of, in the holder's language")]
    name: Annotated[str, Field(description="Its holder's, as it was when it was ordered")]
    programme: Annotated[str, Field(description="The programme's or the activity's name")]
    organisation: str
    status: Annotated[Status, Field(description="`ordered`: it is being signed, which takes some seconds")]
    record: RecordView
    shown: ShownView
    page_url: Annotated[str, Field(description="Where everybody who has the address sees what is shown")]
    ordered_at: Instant
    issued_at: Instant | None
    revoked_at: Instant | None

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        return cls(**_fields(certificate))


class ProgrammeCertificateView(CertificateView):
    """A certificate as coordinators have it."""

    holder_id: str
    reason: RevocationReason | None
    text: str | None

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        taken_back = certificate.revocation
        return cls(
            **_fields(certificate),
            holder_id=certificate.holder_id,
            reason=taken_back.reason if taken_back else None,
            text=taken_back.text if taken_back else None,
        )


def _fields(certificate: Certificate) -> dict[str, object]:
    of, signature, taken_back = certificate.of, certificate.signature, certificate.revocation
    pair = of if isinstance(of, OfMentorship) else None
    return {
        "id": certificate.id,
        "mentorship_id": pair.mentorship_id if pair else None,
        "programme_id": pair.programme_id if pair else None,
        "activity": ActivityView(kind=of.kind, id=of.id) if isinstance(of, OfActivity) else None,
        "role": of.role,
        "title": wording.title_of(certificate, formats_of(certificate.locale)),
        "name": certificate.holder_name,
        "programme": certificate.programme_name,
        "organisation": certificate.organisation_name,
        "status": certificate.status,
        "record": _record(certificate.record),
        "shown": ShownView.model_validate(certificate.shown),
        "page_url": service.addresses().page(certificate.id),
        "ordered_at": instant(certificate.ordered_at),
        "issued_at": instant(signature.at if signature else None),
        "revoked_at": instant(taken_back.at if taken_back else None),
    }


def _record(record: Record) -> RecordView:
    return RecordView(
        started_on=record.started_on.isoformat(),
        last_on=record.last_on.isoformat(),
        sessions=record.sessions,
        minutes=record.minutes,
        goals_reached=record.goals_reached,
        final_reflection=record.final_reflection,
    )


class CertificateStandingView(Answer):
    """How far a mentorship is from a certificate of yours."""

    role: Role
    rule: Annotated[CertificateRuleView | None, Field(description="null where the programme issues none")]
    record: RecordView
    missing: tuple[GapView, ...]
    text: Annotated[str | None, Field(description="What is missing, in your language")]
    is_due: bool
    certificate: Annotated[CertificateView | None, Field(description="The one that you have")]

    @classmethod
    def of(cls, found: Standing) -> Self:
        formats = formats_of(found.locale)
        return cls(
            role=found.role,
            rule=CertificateRuleView.model_validate(found.rule) if found.rule else None,
            record=_record(found.record),
            missing=tuple(GapView.model_validate(one) for one in found.missing),
            text=wording.lacking(found.missing, formats) if found.missing else None,
            is_due=found.rule is not None and not found.missing,
            certificate=CertificateView.of(found.certificate) if found.certificate else None,
        )


class PublicCertificateView(Answer):
    """What everybody sees who has a certificate's address: null where its holder does not show it."""

    id: str
    status: Status
    role: Annotated[str, _ROLE]
    title: Annotated[str, Field(description="What it is of, in the holder's language")]
    organisation: str
    issuer: Annotated[str, Field(description="Where the issuer's public document is")]
    name: str | None
    programme: str | None
    started_on: Annotated[str | None, _DATE]
    last_on: Annotated[str | None, _DATE]
    issued_at: Instant | None
    sessions: int | None
    hours: Annotated[str | None, _HOURS]
    goals_reached: int | None

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        shown, record, signature = certificate.shown, certificate.record, certificate.signature
        return cls(
            id=certificate.id,
            status=certificate.status,
            role=certificate.of.role,
            title=wording.title_of(certificate, formats_of(certificate.locale)),
            organisation=certificate.organisation_name,
            issuer=service.addresses().issuer,
            name=certificate.holder_name if shown.name else None,
            programme=certificate.programme_name if shown.programme else None,
            started_on=record.started_on.isoformat() if shown.dates else None,
            last_on=record.last_on.isoformat() if shown.dates else None,
            issued_at=instant(signature.at) if shown.dates and signature else None,
            sessions=record.sessions if shown.hours else None,
            hours=hours_text(record.minutes) if shown.hours else None,
            goals_reached=record.goals_reached if shown.goals else None,
        )
