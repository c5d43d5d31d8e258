"""Signs certificates, status lists and the statements of portfolios.

It runs in one function, the only one that may read the private key.
"""

import secrets
from dataclasses import replace
from datetime import UTC

from chalicelib.certificates import badge, bitstring, jws, model, store, wording
from chalicelib.certificates.errors import PlaceTaken
from chalicelib.certificates.jws import SigningKey
from chalicelib.certificates.model import Certificate, Signature, Status
from chalicelib.certificates.portfolios import store as portfolios
from chalicelib.certificates.portfolios.model import Status as PortfolioStatus
from chalicelib.certificates.portfolios.service import SIGN as SIGN_PORTFOLIO
from chalicelib.certificates.portfolios.service import SIGNED as PORTFOLIO_SIGNED
from chalicelib.certificates.portfolios.service import news as portfolio_news
from chalicelib.certificates.portfolios.statement import statement
from chalicelib.certificates.service import PUBLISH, SIGN, addresses
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import StaleVersion
from chalicelib.kernel.tries import again
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic
from chalicelib.platform.secrets import SIGNING_KEY, secret
from chalicelib.platform.tables import Write

_TRIES = 8
"""A list that is half full takes a second try every other time; eight in a row mean that it is nearly full."""


class ListFull(Exception):
    """No free place was found in a year's status list: 131,072 certificates a year were not thought of."""


def work(call: Call, message_id: str) -> str | None:
    """Do what a message asks for, once.

    Returns
    -------
    str or None
        The kind of what was done; None if there was nothing to do.
    """
    claimed = outbox.take(message_id, Topic.CERTIFICATE, now=call.now)
    if claimed is None:
        return None
    done = outbox.done(claimed, now=call.now)
    with outbox.given_back(claimed, lambda: call.now):
        if claimed.kind == SIGN:
            _sign(call, claimed.payload["certificate_id"], done)
        elif claimed.kind == SIGN_PORTFOLIO:
            _sign_portfolio(call, claimed.payload["holder_id"], claimed.payload["portfolio_id"], done)
        elif claimed.kind == PUBLISH:
            _publish(call, claimed.payload["list_name"], done)
        else:
            raise ValueError(f"no message of certificates: {claimed.kind}")
    return claimed.kind


def _sign(call: Call, certificate_id: str, done: Write) -> None:
    key = jws.key_of(secret(SIGNING_KEY))
    for _ in range(_TRIES):
        certificate = store.get_certificate(certificate_id)
        if certificate is None or certificate.status is not Status.ORDERED:
            commit(call, [done], None)
            return
        try:
            commit(call, [*_signing(call, certificate, key), done], None)
        except (PlaceTaken, StaleVersion):
            continue  # a place at random, or a list that somebody else began
        return
    raise ListFull


def _sign_portfolio(call: Call, holder_id: str, portfolio_id: str, done: Write) -> None:
    """Sign whose a portfolio is and the digest of what is in it, which this function does not read."""
    before = portfolios.get_portfolio(holder_id, portfolio_id)
    if before is None or before.status is not PortfolioStatus.COMPOSED:
        commit(call, [done], None)
        return
    key, where = jws.key_of(secret(SIGNING_KEY)), addresses()
    at = call.now.astimezone(UTC).replace(microsecond=0)
    signed = replace(before, status=PortfolioStatus.SIGNED, signed_at=at)
    signed = replace(signed, proof=jws.sign(statement(signed, where), key, where.key(key.id)))
    news = portfolio_news(signed, PORTFOLIO_SIGNED, Topic.FOLLOW_UP, call.now)
    writes = [portfolios.put_portfolio(signed, call.now), news, done]
    (key_row,) = tables.get_many([store.public_key_key(key.id)])
    if key_row is None:
        writes.append(store.put_public_key(key.id, key.public_jwk, call.now))
    commit(call, writes, None)


def _signing(call: Call, certificate: Certificate, key: SigningKey) -> list[Write]:
    # A second is what the signature can tell: no verifier shall find it to be from the future.
    at = call.now.astimezone(UTC).replace(microsecond=0)
    signature = Signature(key.id, at, f"{at:%Y}", secrets.randbelow(bitstring.LENGTH))
    after, where = model.signed(certificate, signature), addresses()
    payload = badge.credential(after, signature, wording.words_of(after), where)
    writes = [
        store.put_certificate(after, call.now),
        store.put_file(after, jws.sign(payload, key, where.key(key.id)), call.now),
        store.take_place(after, signature, call.now),
        store.audit(
            after.id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action="sign",
            before=certificate.status, after=after.status,
        ),
    ]  # fmt: skip
    list_row, key_row = tables.get_many([store.list_key(signature.list_name), store.public_key_key(key.id)])
    if key_row is None:
        # With the first signature, so that no signature is without its key.
        writes.append(store.put_public_key(key.id, key.public_jwk, call.now))
    if list_row is None:
        writes.append(_list(call, signature.list_name, key, None))
    return writes


def _publish(call: Call, list_name: str, done: Write) -> None:
    """Sign a status list with all that is revoked in it.

    The list is read before what is revoked: who is overtaken begins again, and so no revocation is lost.
    """
    key = jws.key_of(secret(SIGNING_KEY))

    def publish() -> None:
        list_row, key_row = tables.get_many([store.list_key(list_name), store.public_key_key(key.id)])
        writes = [_list(call, list_name, key, list_row), done]
        if key_row is None:
            writes.append(store.put_public_key(key.id, key.public_jwk, call.now))
        commit(call, writes, None)

    again(publish, StaleVersion, busy="Others sign the same list.", tries=_TRIES)


def _list(call: Call, name: str, key: SigningKey, before: store.TextRow | None) -> Write:
    where = addresses()
    payload = badge.status_list(name, store.revoked_in(name), call.now, where)
    return store.put_list(name, jws.sign(payload, key, where.key(key.id)), before, call.now)
