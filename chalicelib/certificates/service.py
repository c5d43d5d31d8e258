"""Certificates: who has one, what everybody sees of it, and taking one back. `signing.py` signs them, in the one
function that may read the key."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.certificates import model, store
from chalicelib.certificates.addresses import Addresses
from chalicelib.certificates.errors import CertificateNotDue, NoCertificates, OrderedBefore, OwnCertificate
from chalicelib.certificates.model import (
    Certificate,
    OfActivity,
    OfMentorship,
    Revocation,
    RevocationReason,
    Shown,
    Status,
)
from chalicelib.certificates.portfolios.content import Activity
from chalicelib.certificates.portfolios.service import ORDERED as PORTFOLIO_ORDERED
from chalicelib.certificates.portfolios.service import SIGNED as PORTFOLIO_SIGNED
from chalicelib.certificates.rules import Gap, gaps
from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import unguessable_id
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.record import Record
from chalicelib.mentorships.running import Mentorship, is_ending
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic
from chalicelib.platform.settings import settings
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import CertificateRule, Role, Side

SIGN = "sign-certificate"
"""The message of a certificate that is to be signed: `certificate_id`."""
REVOKED = "certificate-revoked"
"""The mail that tells a holder that theirs was taken back: `certificate_id`."""
AWARDED = "certificate-awarded"
"""The mail that tells somebody that an activity has earned them one: `certificate_id`."""
PUBLISH = "publish-status-list"
"""The message of a status list that is to be signed anew: `list_name`."""


@dataclass(frozen=True)
class Standing:
    """How far a mentorship is from a certificate for one of its two, in the language of their `locale`.

    Attributes
    ----------
    rule
        None where the programme issues none.
    certificate
        The one that there is.
    """

    role: Role
    rule: CertificateRule | None
    record: Record
    missing: tuple[Gap, ...]
    certificate: Certificate | None
    locale: str


@dataclass(frozen=True)
class _Desk:
    """A mentorship as one of its two finds it, with what a certificate of it would say."""

    mentorship: Mentorship
    side: Side
    programme_name: str
    organisation_name: str
    rule: CertificateRule | None
    locale: str
    holder_name: str
    certificate_id: str | None


def addresses() -> Addresses:
    """Return where this installation's public documents are."""
    return Addresses(settings().web_origin)


def standing(call: Call, mentorship_id: str) -> Standing:
    """Return what the actor's mentorship has come to, and what is missing for a certificate of theirs."""
    desk = _desk(call, mentorship_id)
    certificate = store.get_certificate(desk.certificate_id) if desk.certificate_id else None
    record = mentorships.record_of(desk.mentorship, desk.side)
    missing = _missing(call, desk, desk.rule, record) if desk.rule is not None else ()
    return Standing(
        desk.mentorship.kind.role_of(desk.side), desk.rule, record, missing, certificate, desk.locale
    )


def order(call: Call, mentorship_id: str) -> Certificate:
    """Have a certificate of the actor's mentorship signed, once it is due; again, it is the same one.

    Raises
    ------
    NoCertificates, CertificateNotDue
    """
    try:
        return _order(call, mentorship_id)
    except OrderedBefore:
        # Somebody's other click was faster: what it made is what was asked for.
        return _order(call, mentorship_id)


def _order(call: Call, mentorship_id: str) -> Certificate:
    desk = _desk(call, mentorship_id)
    if desk.certificate_id is not None:
        before = store.get_certificate(desk.certificate_id)
        if before is None:
            raise NotFound
        return before
    record = mentorships.record_of(desk.mentorship, desk.side)
    rule = _require_due(call, desk, record)
    mentorship = desk.mentorship
    certificate = Certificate(
        id=unguessable_id(),
        of=OfMentorship(mentorship_id, mentorship.programme_id, desk.side, rule, mentorship.kind),
        organisation_id=mentorship.organisation_id,
        holder_id=call.actor_id,
        holder_name=desk.holder_name,
        programme_name=desk.programme_name,
        organisation_name=desk.organisation_name,
        locale=desk.locale,
        record=record,
        ordered_at=call.now,
    )
    return commit(call, _ordering(call, certificate), written(certificate))


def _ordering(call: Call, certificate: Certificate) -> list[Write]:
    payload = {"certificate_id": certificate.id}
    # The address is a secret of the holder's: the message is named by what it is of.
    message_id = f"{SIGN}:{certificate.occasion}"
    return [
        store.put_held(certificate, call.now),
        store.put_certificate(certificate, call.now),
        outbox.message(message_id, Topic.CERTIFICATE, SIGN, payload, now=call.now),
        _audit(call, certificate, "order", after=Status.ORDERED),
    ]


def _missing(call: Call, desk: _Desk, rule: CertificateRule, record: Record) -> tuple[Gap, ...]:
    return gaps(rule, record, is_ending=is_ending(desk.mentorship, call.now))


def _require_due(call: Call, desk: _Desk, record: Record) -> CertificateRule:
    if desk.rule is None:
        raise NoCertificates
    missing = _missing(call, desk, desk.rule, record)
    if missing:
        from chalicelib.certificates import wording
        from chalicelib.words.formats import formats_of

        raise CertificateNotDue(wording.lacking(missing, formats_of(desk.locale)))
    return desk.rule


def _desk(call: Call, mentorship_id: str) -> _Desk:
    mentorship = mentorships.mentorship_for(call.actor_id, mentorship_id)
    side = mentorship.side_of(call.actor_id) if mentorship is not None else None
    if mentorship is None or side is None:
        raise NotFound
    programme_row, organisation_row, person_row, side_row = tables.get_many(
        [
            programmes.programme_key(mentorship.programme_id),
            organisations.organisation_key(mentorship.organisation_id),
            people.person_key(call.actor_id),
            store.side_key(mentorship_id, side),
        ]
    )
    if programme_row is None or organisation_row is None:
        raise NotFound
    programme = programmes.programme_of(programme_row)
    return _Desk(
        mentorship,
        side,
        programme.name,
        organisations.organisation_of(organisation_row).name,
        programme.certificate,
        people.locale_of(person_row),
        # As they are called now: a certificate is signed once, and the card may be years old.
        people.person_of(person_row).name if person_row is not None else mentorship.card(side).name,
        side_row.certificate_id if side_row is not None else None,
    )


def my_certificates(call: Call, page: PageRequest) -> Page[Certificate]:
    """Return the actor's certificates, the latest first."""
    return store.certificates_of(call.actor_id, page)


def show(call: Call, certificate_id: str, shown: Shown) -> Certificate:
    """Let everybody who has the address see what the holder chooses; it holds at once."""
    before = store.get_certificate(certificate_id)
    if before is None or before.holder_id != call.actor_id:
        raise NotFound
    require_version(call, before.version)
    after = replace(before, shown=shown)
    told = ",".join(name for name, value in vars(shown).items() if value)
    writes = [store.put_certificate(after, call.now), _audit(call, after, "show", after=told or "nothing")]
    return commit(call, writes, written(after))


def signed_file(call: Call, certificate_id: str) -> str:
    """Return the signed certificate to its holder, who hands it on as they see fit.

    Raises
    ------
    CertificateUnsigned
    """
    row, text_row = tables.get_many([store.certificate_key(certificate_id), store.file_key(certificate_id)])
    if row is None or row.holder_id != call.actor_id:
        raise NotFound
    model.require_signed(store.certificate_of(row))
    return str(text_row.text)


def programme_certificates(call: Call, programme_id: str, page: PageRequest) -> Page[Certificate]:
    """Return a programme's certificates, the latest first (its coordinators)."""
    programmes.require_coordinator(call, programme_id)
    return store.certificates_in(programme_id, page)


def revoke(call: Call, certificate_id: str, reason: RevocationReason, text: str) -> Certificate:
    """Take a certificate back for good (coordinators of its organisation, of nobody's own mentorship).

    The page says so at once, the status list within seconds.

    Raises
    ------
    OwnCertificate, CertificateUnsigned, CertificateRevoked
    """
    rights_row, row = tables.get_many([organisations.rights_key(call), store.certificate_key(certificate_id)])
    if row is None:
        raise NotFound
    before = store.certificate_of(row)
    organisations.rights_of(call, rights_row).require(before.organisation_id, StaffRole.COORDINATOR)
    if _is_own(call.actor_id, before):
        raise OwnCertificate
    after = model.revoked(before, Revocation(reason, text, call.actor_id, call.now))
    signature = model.require_signed(before)
    message_id = f"{PUBLISH}:{before.occasion}"
    writes = [
        store.put_certificate(after, call.now),
        store.put_revoked(after, signature, call.now),
        outbox.message(
            message_id, Topic.CERTIFICATE, PUBLISH, {"list_name": signature.list_name}, now=call.now
        ),
        _mail(REVOKED, after, call.now),
        _audit(call, after, "revoke", before=before.status, after=after.status, why=reason.value),
    ]
    return commit(call, writes, written(after))


def _is_own(person_id: str, certificate: Certificate) -> bool:
    """Whether somebody has a part in what a certificate is of, of which they do not decide."""
    of = certificate.of
    if isinstance(of, OfMentorship):
        return mentorships.mentorship_for(person_id, of.mentorship_id) is not None
    return certificate.holder_id == person_id


def revoked_for(person_id: str, certificate_id: str) -> Certificate | None:
    """Return a certificate to its holder if it was taken back (for the mail)."""
    found = _of_holder(person_id, certificate_id)
    return found if found is not None and found.status is Status.REVOKED else None


def awarded_to(person_id: str, certificate_id: str) -> Certificate | None:
    """Return a certificate to its holder while it is good, signed or about to be (for the mail)."""
    found = _of_holder(person_id, certificate_id)
    return found if found is not None and found.status is not Status.REVOKED else None


def _of_holder(person_id: str, certificate_id: str) -> Certificate | None:
    found = store.get_certificate(certificate_id)
    return found if found is not None and found.holder_id == person_id else None


def _mail(kind: str, certificate: Certificate, now: datetime) -> Write:
    payload = {"recipient": certificate.holder_id, "certificate_id": certificate.id}
    return outbox.message(f"{kind}:{certificate.occasion}", Topic.MAIL, kind, payload, now=now)


# Of activities that capabilities above know. None of these checks who asks: the capability that calls has done so.


@dataclass(frozen=True)
class Award:
    """A certificate of an activity that somebody has earned, with the names as they are now.

    Attributes
    ----------
    name
        The activity's own.
    locale
        The holder's, in whose language `of` is written.
    """

    of: OfActivity
    organisation_id: str
    organisation_name: str
    name: str
    holder_id: str
    holder_name: str
    locale: str
    record: Record


def award(call: Call, earned: Award) -> bool:
    """Have a certificate of an activity signed and its holder told, once an activity and person.

    Returns
    -------
    bool
        False where they have one, revoked or not: nothing changes then.
    """
    certificate = Certificate(
        unguessable_id(), earned.of, earned.organisation_id, earned.holder_id, earned.holder_name, earned.name,
        earned.organisation_name, earned.locale, earned.record, call.now,
    )  # fmt: skip
    try:
        commit(call, [*_ordering(call, certificate), _mail(AWARDED, certificate, call.now)], None)
    except OrderedBefore:
        return False
    return True


def award_each(
    call: Call,
    kind: str,
    activity_id: str,
    person_ids: Sequence[str],
    earned: Callable[[Person], Award | None],
) -> None:
    """Award certificates of an activity to those of some people who have none and have earned one, each by itself;
    begun again, it goes on.

    Parameters
    ----------
    earned
        Tells what somebody has earned; asked of those alone who have none.
    """
    rows = tables.get_many([store.taken_key(kind, activity_id, one) for one in person_ids])
    waiting = [one for one, row in zip(person_ids, rows, strict=True) if row is None]
    known = people.get_people(waiting)
    for one in waiting:
        due = earned(known[one]) if one in known else None
        if due is not None:
            award(call, due)


def activity_certificates(kind: str, activity_id: str, page: PageRequest) -> Page[Certificate]:
    """Return an activity's certificates, the latest first."""
    return store.certificates_of_activity(kind, activity_id, page)


# What anybody reads. It tells of a person to those alone who have their certificate's address.


def public(_call: Call, certificate_id: str) -> Certificate:
    """Return a signed certificate to whoever has its address; the shape of the answer leaves out what its holder does
    not show."""
    certificate = store.get_certificate(certificate_id)
    if certificate is None or certificate.signature is None:
        raise NotFound
    return certificate


def page(call: Call, certificate_id: str) -> str:
    """Return the page of a certificate, with what its holder shows, in their language."""
    from chalicelib.certificates import page as pages
    from chalicelib.certificates.reading import page_of

    return pages.written(page_of(public(call, certificate_id), addresses()))


def issuer_document() -> str:
    """Return who issues certificates here, with all keys there ever were."""
    from chalicelib.certificates import issuer

    return json.dumps(issuer.document(addresses(), store.public_keys()), ensure_ascii=False)


def public_key(key_id: str) -> str:
    """Return a public key as a JWK: what Open Badges 3.0 has at a signature's `kid`."""
    jwk = store.get_public_key(key_id)
    if jwk is None:
        raise NotFound
    return json.dumps(jwk)


def status_list(name: str) -> str:
    """Return a signed status list."""
    text = store.get_list(name)
    if text is None:
        raise NotFound
    return text


# What news of a portfolio asks for.

PORTFOLIO_NEWS = (PORTFOLIO_ORDERED, PORTFOLIO_SIGNED)
"""A portfolio is to be written, or its files are: `holder_id`, `portfolio_id`."""


def go_on_with_portfolio(
    call: Call,
    news: str,
    holder_id: str,
    portfolio_id: str,
    activities_of: Callable[[str], Iterable[Activity]],
) -> None:
    """Do the next step of a portfolio; done again, it changes nothing.

    Parameters
    ----------
    activities_of
        Tells what somebody took part in beyond mentorships, the latest first: capabilities above know of it.
    """
    from chalicelib.certificates.portfolios import composing

    if news == PORTFOLIO_ORDERED:
        composing.compose(call, holder_id, portfolio_id, activities_of)
    else:
        composing.assemble(call, holder_id, portfolio_id)


def _audit(
    call: Call,
    certificate: Certificate,
    action: str,
    *,
    before: str | None = None,
    after: str | None = None,
    why: str | None = None,
) -> Write:
    return store.audit(
        certificate.id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action,
        before=before, after=after, why=why,
    )  # fmt: skip
