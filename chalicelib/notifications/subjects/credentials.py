"""Mails about credentials and their review."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.credentials import service as credentials
from chalicelib.credentials.evidence.reasons import sentence_of
from chalicelib.credentials.model import Credential
from chalicelib.credentials.model import Status as CredentialStatus
from chalicelib.credentials.notices import days_left
from chalicelib.kernel.clock import from_text
from chalicelib.notifications.letters import (
    CredentialFacts,
    Letter,
    OverdueFacts,
    Sender,
)
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import Reader, letter, organisation_name, recipient_of
from chalicelib.organisations import service as organisations
from chalicelib.platform.outbox import Message


def _credential(status: CredentialStatus) -> Reader:
    """Return the reader of a mail about a credential, sent while it is in a state."""

    def read(message: Message, now: datetime) -> Letter | None:
        credential = credentials.get_credential(message.payload["credential_id"])
        if credential is None or credential.status_at(now) is not status:
            return None
        found = recipient_of(message, [])
        if found is None or credential.person_id != found[0].person_id:
            return None
        sender = Sender(organisation_name(credential.organisation_id))
        return letter(message, found[0], _credential_facts(credential, sender))

    return read


def _credential_facts(credential: Credential, sender: Sender) -> CredentialFacts:
    facts = CredentialFacts(sender, credential.claim.kind.value, credential.claim.authority)
    decision, wanted = credential.decision, credential.wanted
    if credential.status is CredentialStatus.MORE_WANTED and wanted is not None:
        return replace(
            facts, reason_text=wanted.text, missing=tuple(one.value for one in wanted.missing)
        )  # fmt: skip
    if decision is None:
        return facts
    return replace(
        facts,
        valid_until=decision.valid_until,
        reason=decision.reason.value if decision.reason else "",
        reason_text=decision.reason_text or "",
    )


def _ends(*, has_ended: bool) -> Reader:
    """Return the reader of a mail that a credential is about to expire, or that it has: while it counts up to the
    instant that the mail is about."""

    def read(message: Message, now: datetime) -> Letter | None:
        credential = credentials.get_credential(message.payload["credential_id"])
        if credential is None:
            return None
        ends_at = from_text(message.payload["ends_at"])
        if credential.verified_until != ends_at or (ends_at <= now) is not has_ended:
            return None
        found = recipient_of(message, [])
        if found is None or credential.person_id != found[0].person_id:
            return None
        facts = _credential_facts(credential, Sender(organisation_name(credential.organisation_id)))
        return letter(message, found[0], replace(facts, days_left=days_left(ends_at, now)))

    return read


def _file(message: Message, _: datetime) -> Letter | None:
    """Read the mail that a file was refused, sent while it is there and nobody has taken it back."""
    credential = credentials.get_credential(message.payload["credential_id"])
    file = credentials.rejected_file(credential, message.payload["evidence_id"]) if credential else None
    found = recipient_of(message, [])
    if credential is None or file is None or found is None or credential.person_id != found[0].person_id:
        return None
    sender = Sender(organisation_name(credential.organisation_id))
    facts = CredentialFacts(sender, credential.claim.kind.value, credential.claim.authority)
    told = sentence_of(file, found[0].locale)
    return letter(message, found[0], replace(facts, reason_text=told, file_name=file.name))


def _overdue(message: Message, _: datetime) -> Letter | None:
    person_id, organisation_id = message.payload["recipient"], message.payload["organisation_id"]
    if person_id not in organisations.coordinators_of(organisation_id):
        return None
    found = recipient_of(message, [])
    if found is None:
        return None
    fresh, waiting = int(message.payload["fresh"]), int(message.payload["waiting"])
    facts = OverdueFacts(Sender(organisation_name(organisation_id)), fresh, waiting)
    return letter(message, found[0], facts)


READERS: Mapping[Kind, Reader] = {
    Kind.CREDENTIAL_VERIFIED: _credential(CredentialStatus.VERIFIED),
    Kind.CREDENTIAL_REJECTED: _credential(CredentialStatus.REJECTED),
    Kind.CREDENTIAL_MORE_WANTED: _credential(CredentialStatus.MORE_WANTED),
    Kind.CREDENTIAL_REVOKED: _credential(CredentialStatus.REVOKED),
    Kind.CREDENTIAL_EXPIRING: _ends(has_ended=False),
    Kind.CREDENTIAL_EXPIRED: _ends(has_ended=True),
    Kind.EVIDENCE_REJECTED: _file,
    Kind.REVIEWS_OVERDUE: _overdue,
}
