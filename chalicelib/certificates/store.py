"""The certificates table: certificates, their signed files, the issuer's public keys, and status lists.

A table of its own, so that the function that holds the private key can be given this and the outbox, and nothing that
tells of people.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.certificates.errors import CertificateMoved, OrderedBefore, PlaceTaken
from chalicelib.certificates.model import (
    Certificate,
    OfActivity,
    OfMentorship,
    Revocation,
    RevocationReason,
    Shown,
    Signature,
    Status,
)
from chalicelib.kernel.clock import from_text, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.record import Record
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import CertificateRule, PairKind, Side

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_LIST_NAME = re.compile(r"[0-9]{4}")


class CertificateRow(tables.IndexedRow):
    """gsi1: a holder's certificates; gsi2: a programme's, or an activity's. One of an activity has that in the place of
    what tells of a mentorship."""

    class Meta:
        capability = "certificates"

    mentorship_id = UnicodeAttribute(null=True)
    programme_id = UnicodeAttribute(null=True)
    organisation_id = UnicodeAttribute()
    holder_id = UnicodeAttribute()
    side = UnicodeAttribute(null=True)
    holder_name = UnicodeAttribute()
    programme_name = UnicodeAttribute()
    organisation_name = UnicodeAttribute()
    locale = UnicodeAttribute()
    rule = JSONAttribute(null=True)
    record = JSONAttribute()
    ordered_at = UnicodeAttribute()
    status = UnicodeAttribute()
    shown = JSONAttribute()
    signature = JSONAttribute(null=True)
    revocation = JSONAttribute(null=True)
    kind = UnicodeAttribute(null=True)
    activity = JSONAttribute(null=True)


class HeldRow(tables.Row):
    """Which certificate a side of a mentorship has, or somebody of an activity: there is one."""

    class Meta:
        capability = "certificates"

    certificate_id = UnicodeAttribute()


class TextRow(tables.Row):
    """A signed text: a certificate's, or a status list's."""

    class Meta:
        capability = "certificates"

    text = UnicodeAttribute()


class PlaceRow(tables.Row):
    """A place of a status list that a certificate has, or at which one was revoked."""

    class Meta:
        capability = "certificates"

    certificate_id = UnicodeAttribute()


class KeyRow(tables.Row):
    """A public key that certificates are signed with; it is never taken away."""

    class Meta:
        capability = "certificates"

    jwk = JSONAttribute()


def certificate_key(certificate_id: str) -> tuple[type[CertificateRow], str, str]:
    """Return the key of a certificate for `tables.get_many`."""
    return CertificateRow, _pk(certificate_id), "CERTIFICATE"


def side_key(mentorship_id: str, side: Side) -> tuple[type[HeldRow], str, str]:
    """Return the key of which certificate a side has."""
    return HeldRow, f"MENTORSHIP#{mentorship_id}", f"SIDE#{side.value}"


def taken_key(kind: str, activity_id: str, person_id: str) -> tuple[type[HeldRow], str, str]:
    """Return the key of which certificate somebody has of an activity."""
    return HeldRow, _activity(kind, activity_id), f"PERSON#{person_id}"


def file_key(certificate_id: str) -> tuple[type[TextRow], str, str]:
    """Return the key of a certificate's signed file."""
    return TextRow, _pk(certificate_id), "FILE"


def list_key(name: str) -> tuple[type[TextRow], str, str]:
    """Return the key of a signed status list."""
    return TextRow, f"STATUS#{name}", "LIST"


def public_key_key(key_id: str) -> tuple[type[KeyRow], str, str]:
    """Return the key of a public key of the issuer."""
    return KeyRow, "ISSUER", f"KEY#{key_id}"


def get_certificate(certificate_id: str) -> Certificate | None:
    row = tables.get(*certificate_key(certificate_id))
    return certificate_of(row) if row else None


def put_certificate(certificate: Certificate, now: datetime) -> Write:
    """Write a certificate over the version that was read, or as new; its conflict is `CertificateMoved`."""
    row_class, pk, sk = certificate_key(certificate.id)
    # Its id tells nothing of time, by which lists go.
    place = f"{to_text(certificate.ordered_at)}#{certificate.id}"
    row = row_class(
        pk, sk, organisation_id=certificate.organisation_id, holder_id=certificate.holder_id,
        holder_name=certificate.holder_name, programme_name=certificate.programme_name,
        organisation_name=certificate.organisation_name, locale=certificate.locale,
        record=_record_data(certificate.record), ordered_at=to_text(certificate.ordered_at),
        status=certificate.status.value, shown=asdict(certificate.shown),
        signature=_signature_data(certificate.signature), revocation=_revocation_data(certificate.revocation),
        gsi1pk=f"PERSON#{certificate.holder_id}", gsi1sk=place, gsi2sk=place, **_of_data(certificate.of),
        **tables.stamps(to_text(now), to_text(certificate.ordered_at), certificate.version),
    )  # fmt: skip
    return tables.put(row, conflict=CertificateMoved("Read it again, then send your change."))


def put_held(certificate: Certificate, now: datetime) -> Write:
    """Give a side of a mentorship, or somebody of an activity, their certificate; its conflict is `OrderedBefore`."""
    of = certificate.of
    row_class, pk, sk = (
        side_key(of.mentorship_id, of.side)
        if isinstance(of, OfMentorship)
        else taken_key(of.kind, of.id, certificate.holder_id)
    )
    row = row_class(pk, sk, certificate_id=certificate.id, **tables.stamps(to_text(now)))
    return tables.put(row, conflict=OrderedBefore("There is one."))


def put_file(certificate: Certificate, text: str, now: datetime) -> Write:
    row_class, pk, sk = file_key(certificate.id)
    row = row_class(pk, sk, text=text, **tables.stamps(to_text(now)))
    return tables.put(row, conflict=CertificateMoved("It was signed meanwhile."))


def take_place(certificate: Certificate, signature: Signature, now: datetime) -> Write:
    """Give a certificate a place of a status list; its conflict is `PlaceTaken`."""
    row = PlaceRow(
        f"STATUS#{signature.list_name}", f"PLACE#{signature.index:06d}", certificate_id=certificate.id,
        **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row, conflict=PlaceTaken("Another certificate has it."))


def put_revoked(certificate: Certificate, signature: Signature, now: datetime) -> Write:
    """Note that a place of a status list is revoked; the certificate's own write has the condition."""
    row = PlaceRow(
        f"STATUS#{signature.list_name}", f"REVOKED#{signature.index:06d}", certificate_id=certificate.id,
        **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put_entry(row)


def revoked_in(name: str) -> Iterator[int]:
    """Yield the revoked places of a status list."""
    for raw in tables.query_all(PlaceRow, f"STATUS#{name}", begins_with="REVOKED#"):
        yield int(raw["sk"]["S"].removeprefix("REVOKED#"))


def put_list(name: str, text: str, before: TextRow | None, now: datetime) -> Write:
    """Write a signed status list over the one that was read; its conflict is `StaleVersion`."""
    row_class, pk, sk = list_key(name)
    stamps = tables.stamps(
        to_text(now), before.created_at if before else None, int(before.version) if before else None
    )
    return tables.put(row_class(pk, sk, text=text, **stamps))


def put_public_key(key_id: str, jwk: dict[str, str], now: datetime) -> Write:
    """Write a public key; again, it is the same."""
    row_class, pk, sk = public_key_key(key_id)
    return tables.put_entry(row_class(pk, sk, jwk=jwk, **tables.stamps(to_text(now))))


def public_keys() -> list[dict[str, str]]:
    """Return the issuer's public keys, the earliest first."""
    raws = tables.query_all(KeyRow, "ISSUER", begins_with="KEY#")
    rows = sorted((KeyRow.parse(raw) for raw in raws), key=lambda row: str(row.created_at))
    return [dict(row.jwk) for row in rows]


def get_public_key(key_id: str) -> dict[str, str] | None:
    row = tables.get(*public_key_key(key_id)) if _KEY_ID.fullmatch(key_id) else None
    return dict(row.jwk) if row else None


def get_list(name: str) -> str | None:
    row = tables.get(*list_key(name)) if _LIST_NAME.fullmatch(name) else None
    return str(row.text) if row else None


def certificates_of(person_id: str, page: PageRequest) -> Page[Certificate]:
    """Return a person's certificates, the latest first."""
    pk = f"PERSON#{person_id}"
    return tables.page_of(CertificateRow, pk, page, certificate_of, index="gsi1", descending=True)


def certificates_in(programme_id: str, page: PageRequest) -> Page[Certificate]:
    """Return a programme's certificates, the latest first."""
    pk = f"PROGRAMME#{programme_id}"
    return tables.page_of(CertificateRow, pk, page, certificate_of, index="gsi2", descending=True)


def certificates_of_activity(kind: str, activity_id: str, page: PageRequest) -> Page[Certificate]:
    """Return an activity's certificates, the latest first."""
    pk = _activity(kind, activity_id)
    return tables.page_of(CertificateRow, pk, page, certificate_of, index="gsi2", descending=True)


def certificate_of(row: CertificateRow) -> Certificate:
    return Certificate(
        id=row.pk.removeprefix("CERTIFICATE#"),
        of=_of(row),
        organisation_id=row.organisation_id,
        holder_id=row.holder_id,
        holder_name=row.holder_name,
        programme_name=row.programme_name,
        organisation_name=row.organisation_name,
        locale=row.locale,
        record=_record_of(row.record),
        ordered_at=from_text(row.ordered_at),
        status=Status(row.status),
        shown=Shown(**row.shown),
        signature=_signature_of(row.signature),
        revocation=_revocation_of(row.revocation),
        version=int(row.version),
    )


def audit(certificate_id: str, **what: Any) -> Write:
    """Return the write of an audit row of a certificate; see `tables.audit`."""
    return tables.audit("certificates", _pk(certificate_id), **what)


def _pk(certificate_id: str) -> str:
    return f"CERTIFICATE#{certificate_id}"


def _activity(kind: str, activity_id: str) -> str:
    return f"ACTIVITY#{kind}#{activity_id}"


def _of_data(of: OfMentorship | OfActivity) -> dict[str, Any]:
    if isinstance(of, OfActivity):
        return {"activity": asdict(of), "gsi2pk": _activity(of.kind, of.id)}
    return {
        "mentorship_id": of.mentorship_id, "programme_id": of.programme_id, "side": of.side.value,
        "rule": asdict(of.rule), "kind": of.kind.value, "gsi2pk": f"PROGRAMME#{of.programme_id}",
    }  # fmt: skip


def _of(row: CertificateRow) -> OfMentorship | OfActivity:
    if row.activity is not None:
        return OfActivity(**row.activity)
    return OfMentorship(
        row.mentorship_id, row.programme_id, Side(row.side), CertificateRule(**row.rule),
        PairKind(row.kind or PairKind.ONE_TO_ONE),
    )  # fmt: skip


def _record_data(record: Record) -> dict[str, Any]:
    return {
        **asdict(record),
        "started_on": record.started_on.isoformat(),
        "last_on": record.last_on.isoformat(),
    }


def _record_of(data: dict[str, Any]) -> Record:
    days = {name: date.fromisoformat(data[name]) for name in ("started_on", "last_on")}
    return Record(**{**data, **days})


def _signature_data(signature: Signature | None) -> dict[str, Any] | None:
    return {**asdict(signature), "at": to_text(signature.at)} if signature is not None else None


def _signature_of(data: dict[str, Any] | None) -> Signature | None:
    return Signature(**{**data, "at": from_text(data["at"])}) if data is not None else None


def _revocation_data(revocation: Revocation | None) -> dict[str, Any] | None:
    if revocation is None:
        return None
    return {**asdict(revocation), "reason": revocation.reason.value, "at": to_text(revocation.at)}


def _revocation_of(data: dict[str, Any] | None) -> Revocation | None:
    if data is None:
        return None
    return Revocation(RevocationReason(data["reason"]), data["text"], data["by"], from_text(data["at"]))
