"""Writes portfolios: what is in one, then, once its statement is signed, its files. Any step may be begun again."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC

from chalicelib.certificates import service as certificates
from chalicelib.certificates import store as certificate_store
from chalicelib.certificates import wording
from chalicelib.certificates.model import Certificate, OfActivity, OfMentorship, require_signed
from chalicelib.certificates.model import Status as CertificateStatus
from chalicelib.certificates.portfolios import page, store
from chalicelib.certificates.portfolios.content import Activity, Earned, Place, content_of
from chalicelib.certificates.portfolios.model import (
    FORMAT,
    MAX_BYTES,
    MAX_MENTORSHIPS,
    Portfolio,
    Status,
    canonical,
    digest_of,
)
from chalicelib.certificates.portfolios.service import SIGN, news
from chalicelib.certificates.portfolios.statement import name_of
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.pages import every
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.story import Story
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.platform import documents, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic
from chalicelib.programmes import service as programmes
from chalicelib.words.formats import formats_of

ActivitiesOf = Callable[[str], Iterable[Activity]]
_JSON, _HTML = "application/json", "text/html; charset=utf-8"


def compose(call: Call, holder_id: str, portfolio_id: str, activities_of: ActivitiesOf) -> None:
    """Write down what is in a portfolio, and have its statement signed.

    Parameters
    ----------
    activities_of
        Tells what somebody took part in that capabilities above know.
    """
    before = store.get_portfolio(holder_id, portfolio_id)
    person = people.get_person(holder_id)
    if before is None or person is None or before.status is not Status.ORDERED:
        return
    where, formats = certificates.addresses(), formats_of(person.locale)
    stories = list(mentorships.stories_of(holder_id, MAX_MENTORSHIPS))
    head = {
        "id": name_of(portfolio_id, where),
        "issuer": where.issuer,
        "language": formats.language,
        "holder": person.name,
    }
    held = _held(holder_id) if before.choice.certificates else []
    earned = [_one(one, person.locale) for one in held]
    activities = _with_certified(activities_of(holder_id), held) if before.choice.activities else []
    content = content_of(head, before.choice, stories, _places(stories), earned, activities)
    spelled = canonical(content)
    if len(spelled) > MAX_BYTES:
        refused = replace(before, status=Status.TOO_LARGE, size=len(spelled))
        commit(call, [store.put_portfolio(refused, call.now), _audit(call, refused, before.status)], None)
        return
    after = replace(
        before, status=Status.COMPOSED, holder_name=person.name, locale=person.locale, digest=digest_of(content),
        size=len(spelled),
    )  # fmt: skip
    documents.write(store.content_key(after), spelled, _JSON)
    commit(call, [store.put_portfolio(after, call.now), news(after, SIGN, Topic.CERTIFICATE, call.now)], None)


def assemble(call: Call, holder_id: str, portfolio_id: str) -> None:
    """Write the files of a portfolio whose statement is signed: the one that is verified, and the page to read."""
    before = store.get_portfolio(holder_id, portfolio_id)
    if before is None or before.status is not Status.SIGNED or before.signed_at is None:
        return
    spelled = documents.read(store.content_key(before))
    content = json.loads(spelled)
    proof = json.dumps(before.proof).encode()
    file = b'{"format":"%s","proof":%s,"portfolio":%s}' % (FORMAT.encode(), proof, spelled)
    issued_on = before.signed_at.astimezone(UTC).date()
    html = page.written(content, issued_on, formats_of(before.locale))
    documents.write(store.file_key(before, "json"), file, _JSON)
    documents.write(store.file_key(before, "html"), html.encode(), _HTML)
    after = replace(before, status=Status.READY, ready_at=call.now)
    commit(call, [store.put_portfolio(after, call.now), _audit(call, after, before.status)], None)


def _audit(call: Call, after: Portfolio, before: Status) -> tables.Write:
    return store.audit(
        after, row_id=call.new_id(), at=call.now, actor=call.actor_id, action="write", before=before,
        after=after.status,
    )  # fmt: skip


def _places(stories: Sequence[Story]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for programme_id in dict.fromkeys(one.mentorship.programme_id for one in stories):
        programme = programmes.get_programme(programme_id)
        if programme is not None:
            organisation = organisations.get_organisation(programme.organisation_id)
            found[programme_id] = Place(programme.name, organisation.name if organisation else "")
    return found


def _held(holder_id: str) -> list[Certificate]:
    """Return the holder's certificates that were not revoked."""
    held = every(lambda asked: certificate_store.certificates_of(holder_id, asked))
    return [one for one in held if one.status is CertificateStatus.ISSUED]


def _with_certified(told: Iterable[Activity], held: Sequence[Certificate]) -> list[Activity]:
    """Return activities with those that a certificate alone tells of, as of a series that its holder has left."""
    found = list(told)
    known = {(one.kind, one.id) for one in found}
    for one in held:
        if isinstance(one.of, OfActivity) and (one.of.kind, one.of.id) not in known:
            found.append(
                Activity(one.of.kind, one.of.id, one.programme_name, one.organisation_name, one.of.role)
            )
    return found


def _one(certificate: Certificate, locale: str) -> Earned:
    of, row = certificate.of, tables.get(*certificate_store.file_key(certificate.id))
    if row is None:
        raise NotFound
    return Earned(
        of.mentorship_id if isinstance(of, OfMentorship) else (of.kind, of.id),
        wording.title_of(certificate, formats_of(locale)),
        require_signed(certificate).at.astimezone(UTC).date().isoformat(),
        certificates.addresses().page(certificate.id),
        str(row.text),
    )
