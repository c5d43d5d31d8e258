"""Mails about certificates."""

from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.certificates import service as certificates
from chalicelib.certificates.model import Certificate
from chalicelib.certificates.wording import title_of as certificate_title
from chalicelib.notifications.letters import (
    CertificateFacts,
    Letter,
    Sender,
)
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import (
    Reader,
    letter,
    recipient_of,
)
from chalicelib.platform.outbox import Message
from chalicelib.words.formats import formats_of


def _certificate(held: Callable[[str, str], Certificate | None]) -> Reader:
    """Return the reader of a mail about a certificate, sent while `held(holder, certificate)` finds it."""

    def read(message: Message, _: datetime) -> Letter | None:
        found = recipient_of(message, [])
        if found is None:
            return None
        recipient = found[0]
        certificate = held(recipient.person_id, message.payload["certificate_id"])
        if certificate is None:
            return None
        title = certificate_title(certificate, formats_of(recipient.locale))
        sender = Sender(certificate.organisation_name, certificate.programme_name)
        return letter(message, recipient, CertificateFacts(sender, title))

    return read


READERS: Mapping[Kind, Reader] = {
    Kind.CERTIFICATE_REVOKED: _certificate(certificates.revoked_for),
    Kind.CERTIFICATE_AWARDED: _certificate(certificates.awarded_to),
}
