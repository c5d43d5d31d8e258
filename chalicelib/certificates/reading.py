"""What everybody reads of a certificate: what a verifier needs, and what its holder chose."""

from datetime import UTC

from chalicelib.certificates import wording
from chalicelib.certificates.addresses import Addresses
from chalicelib.certificates.badge import hours_of
from chalicelib.certificates.model import Certificate, OfActivity, require_signed
from chalicelib.certificates.page import Shown
from chalicelib.words.formats import Formats, formats_of


def page_of(certificate: Certificate, addresses: Addresses) -> Shown:
    """Return what the public page of a signed certificate says."""
    formats = formats_of(certificate.locale)
    labels = wording.page_labels(formats)
    return Shown(
        language=formats.language,
        direction=formats.direction,
        title=wording.title_of(certificate, formats),
        state=wording.state(certificate.status, formats),
        facts=tuple((labels[name], value) for name, value in _facts(certificate, formats, addresses))
        + tuple(_counts(certificate, formats)),
        address_label=labels["address"],
        address=addresses.page(certificate.id),
        code_label=wording.code_label(formats),
        note=wording.privacy(formats),
    )


def _facts(certificate: Certificate, formats: Formats, addresses: Addresses) -> list[tuple[str, str]]:
    shown, record = certificate.shown, certificate.record
    found = []
    if shown.name:
        found.append(("holder", certificate.holder_name))
    if shown.programme:
        label = "activity" if isinstance(certificate.of, OfActivity) else "programme"
        found.append((label, certificate.programme_name))
    if shown.dates:
        issued_on = require_signed(certificate).at.astimezone(UTC).date()
        found.append(("dates", wording.span(record.started_on, record.last_on, formats)))
        found.append(("issued", formats.date(issued_on)))
    found.append(("organisation", certificate.organisation_name))
    found.append(("issuer", addresses.issuer))
    return found


def _counts(certificate: Certificate, formats: Formats) -> list[tuple[str, str]]:
    shown, record, labels = certificate.shown, certificate.record, wording.labels(formats)
    found = []
    if shown.hours:
        found.append((labels["sessions"], formats.number(record.sessions)))
        found.append((labels["hours"], formats.number(hours_of(record.minutes))))
    if shown.goals:
        found.append((labels["goals"], formats.number(record.goals_reached)))
    return found
