"""The end of an intent: its writes and its stored answer, in one transaction."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.call import Call, RequestKey, StoredAnswer
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import Conflict, Invalid
from chalicelib.platform import tables

T = TypeVar("T")
KEEP_ANSWERS = timedelta(hours=24)


class AnsweredBefore(Conflict):
    """This key has an answer already; the edge replays it."""

    code = "answered-before"


class AnswerRow(tables.Row):
    class Meta:
        capability = "platform"

    body_digest = UnicodeAttribute()
    status = NumberAttribute()
    body = UnicodeAttribute()
    headers = JSONAttribute()
    expires_at_epoch = NumberAttribute()


def commit(call: Call, writes: Sequence[tables.Write], result: T, *, token: str | None = None) -> T:
    """Commit the writes of one intent, and the answer of an idempotent request with them; return `result`.

    Parameters
    ----------
    result
        What the intent yields; the edge turns it into the answer that is stored under the request's key.
    token
        Names the intent where the caller may repeat it (a job's step); by default each commit is its own.

    Raises
    ------
    DomainError
        The conflict of the first write whose condition does not hold; then nothing was written.
    """
    all_writes = list(writes)
    if call.request_key is not None and call.render is not None:
        all_writes.append(_answer(call, call.request_key, call.render(result)))
    tables.transact(all_writes, _digest(token) if token else call.new_id())
    return result


def stored_answer(call: Call) -> StoredAnswer | None:
    """Return what was answered under the call's request key, if anything was.

    Raises
    ------
    Invalid
        If the key came with another body then.
    """
    key = call.request_key
    if key is None:
        return None
    row = tables.get(AnswerRow, _answer_pk(call, key), "ANSWER")
    # DynamoDB deletes what expired up to two days late.
    if row is None or row.expires_at_epoch <= call.now.timestamp():
        return None
    if row.body_digest != key.body_digest:
        raise Invalid("This Idempotency-Key was used with another body. Use a new key for a new request.")
    return StoredAnswer(int(row.status), row.body, row.headers)


def _answer(call: Call, key: RequestKey, answer: StoredAnswer) -> tables.Write:
    row = AnswerRow(
        _answer_pk(call, key), "ANSWER", body_digest=key.body_digest, status=answer.status, body=answer.body,
        headers=answer.headers, expires_at_epoch=int((call.now + KEEP_ANSWERS).timestamp()),
        **tables.stamps(to_text(call.now)),
    )  # fmt: skip
    # An answer past its time may still lie there: it is not in the way.
    free = AnswerRow.pk.does_not_exist() | (AnswerRow.expires_at_epoch <= int(call.now.timestamp()))
    return tables.put_where(row, condition=free, conflict=AnsweredBefore("This was answered before."))


def _answer_pk(call: Call, key: RequestKey) -> str:
    # Actor and route are part of the key, so that nobody can read another's answer.
    return "ANSWER#" + _digest(f"{call.actor_id}|{key.route}|{key.key}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
