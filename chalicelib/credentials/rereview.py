"""Many cases at once: a coordinator orders it, and a queue's worker does it piece by piece.

Any piece may be begun again: a case that was moved before is not moved twice, and each is counted with its move.
"""

from dataclasses import replace
from typing import Any

from chalicelib.credentials import batch_store, policy_store, queue_store, store
from chalicelib.credentials.batches import PIECE, Batch, BatchKind, BatchStatus, Order
from chalicelib.credentials.cases import require_may_decide
from chalicelib.credentials.errors import SharesMentorship
from chalicelib.credentials.model import LEASE, Lease, Move, Status, moved
from chalicelib.credentials.moving import REVIEW_BATCH, Case, case_of, keys_of_case, move_writes, repeated
from chalicelib.credentials.policies import ReviewPolicy
from chalicelib.credentials.queue import checked
from chalicelib.credentials.queue_model import Filter, Listed
from chalicelib.kernel.call import Actor, Call
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import Forbidden, Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.people import service as people
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic
from chalicelib.platform.tables import Write

_BY = "coordinator"


def order_batch(call: Call, organisation_id: str, order: Order) -> Batch:
    """Have many cases reviewed again, or a reviewer's claims handed on (coordinators of the organisation).

    Raises
    ------
    Invalid
        If the country is none, or whoever is to get the claims is no reviewer of the organisation.
    """
    to_person = order.to_person or call.actor_id
    mine, theirs = tables.get_many(
        [organisations.rights_key(call), organisations.rights_key(Call(call.now, Actor(to_person)))]
    )
    organisations.rights_of(call, mine).require(organisation_id, StaffRole.COORDINATOR)
    if order.to_person is not None:
        rights = organisations.rights_of(Call(call.now, Actor(order.to_person)), theirs)
        if not rights.has(organisation_id, StaffRole.REVIEWER):
            raise Invalid.field("/to_person", "Name a reviewer of the organisation.")
    wanted = checked(Filter(order.country, order.profession, order.authority))
    order = replace(order, country=wanted.country, authority=wanted.authority)
    batch = Batch(call.new_id(), organisation_id, order, call.actor_id, call.now)
    writes = [
        batch_store.put_batch(batch, call.now),
        _next_piece(batch, call),
        tables.audit(
            "credentials", batch_store.batch_key(organisation_id, batch.id)[1] + "#AUDIT", row_id=call.new_id(),
            at=call.now, actor=call.actor_id, action=f"order_{order.kind}", after=batch.id,
        ),
    ]  # fmt: skip
    return commit(call, writes, replace(batch, version=1))


def read_batch(call: Call, organisation_id: str, batch_id: str) -> Batch:
    """Return a batch with its progress (coordinators of the organisation)."""
    rights_row, row, moved_row = tables.get_many(
        [
            organisations.rights_key(call), batch_store.batch_key(organisation_id, batch_id),
            batch_store.moved_key(organisation_id, batch_id),
        ]
    )  # fmt: skip
    organisations.rights_of(call, rights_row).require(organisation_id, StaffRole.COORDINATOR)
    if row is None:
        raise NotFound
    return batch_store.batch_of(row, moved_row)


def carry_on(call: Call, organisation_id: str, batch_id: str) -> None:
    """Do the next piece of a batch, and have another message bring the one after it. Again, it does nothing.

    A batch stops before its next piece once its coordinator is none any more, or who is to get the claims no reviewer.
    """
    batch = batch_store.get_batch(organisation_id, batch_id)
    if batch is None or batch.status is not BatchStatus.RUNNING:
        return
    if not _still_holds(call, batch):
        stopped = replace(batch, status=BatchStatus.STOPPED, finished_at=call.now)
        commit(call, [batch_store.put_batch(stopped, call.now)], None)
        return
    page = _page(batch)
    policy = policy_store.get_policy(organisation_id)
    left = [
        repeated(lambda one=credential_id: _is_left(call, batch, policy, one))  # type: ignore[misc]
        for credential_id in page.items
    ]
    is_last = page.next is None
    after = replace(
        batch,
        left_alone=batch.left_alone + sum(left),
        pieces=batch.pieces + 1,
        cursor=page.next,
        status=BatchStatus.DONE if is_last else BatchStatus.RUNNING,
        finished_at=call.now if is_last else None,
    )
    writes = [batch_store.put_batch(after, call.now)]
    commit(call, writes if is_last else [*writes, _next_piece(after, call)], None)


def _still_holds(call: Call, batch: Batch) -> bool:
    """Tell whether those whom the order names have the roles that it was given by."""
    named = [(Call(call.now, Actor(batch.created_by)), StaffRole.COORDINATOR)]
    if batch.order.to_person is not None:
        named.append((Call(call.now, Actor(batch.order.to_person)), StaffRole.REVIEWER))
    rows = tables.get_many([organisations.rights_key(one) for one, _ in named])
    return all(
        organisations.rights_of(one, row).has(batch.organisation_id, role)
        for (one, role), row in zip(named, rows, strict=True)
    )


def _next_piece(batch: Batch, call: Call) -> Write:
    payload = {"organisation_id": batch.organisation_id, "batch_id": batch.id}
    message_id = f"{REVIEW_BATCH}:{batch.id}:{batch.pieces}"
    return outbox.message(message_id, Topic.FOLLOW_UP, REVIEW_BATCH, payload, now=call.now)


def _page(batch: Batch) -> Page[str]:
    """Return the cases of the next piece. What the batch has moved stands there no longer, or is left alone."""
    order, request = batch.order, PageRequest(PIECE, batch.cursor)
    if order.kind is BatchKind.REASSIGN:
        return queue_store.held_by(batch.organisation_id, order.person_id or "", request)
    if order.person_id is not None:
        own = store.list_of_person(order.person_id, request)
        return Page(tuple(one.id for one in own.items), own.next)
    wanted = Filter(order.country, order.profession, order.authority)
    return queue_store.page(batch.organisation_id, Listed.VERIFIED, wanted, request, batch.created_at)


def _is_left(call: Call, batch: Batch, policy: ReviewPolicy, credential_id: str) -> bool:
    """Move a case as ordered; tell whether it fits the order and stays as it is."""
    case = case_of(*tables.get_many(keys_of_case(credential_id)))
    # Of a person's cases those of other organisations are not even counted.
    if (
        case is None
        or case.credential.organisation_id != batch.organisation_id
        or not _fits(case, batch.order)
    ):
        return False
    again = batch.order.kind is BatchKind.REVIEW_AGAIN
    made = _reviewed_again(call, batch, policy, case) if again else _handed_on(call, batch, case)
    if made is None:
        return True
    try:
        commit(call, [*made, batch_store.count_moved(batch, call.now)], None)
    except SharesMentorship:
        return True
    return False


def _reviewed_again(call: Call, batch: Batch, policy: ReviewPolicy, case: Case) -> list[Write] | None:
    before, order = case.credential, batch.order
    if before.decision is None or before.decision.at > batch.created_at:
        return None  # it was decided since the order, so it has been looked at
    keeps = before.status_at(call.now) is Status.VERIFIED and not order.suspends
    after = moved(
        before, Move.REVIEW_AGAIN, call.now, submitted_at=call.now, opinions=(),
        due_at=policy.due_at(before.claim.country, call.now),
        recheck_months=policy.recheck_months.get(before.claim.kind),
        keeps_until=before.verified_until if keeps else None,
    )  # fmt: skip
    file = store.get_file(before.person_id)
    return move_writes(
        call, case, after, Move.REVIEW_AGAIN, _BY, files=(file, file.after(after, forced=True)),
        detail={"batch": batch.id}, record=_record(batch, order.reason),
    )  # fmt: skip


def _handed_on(call: Call, batch: Batch, case: Case) -> list[Write] | None:
    before, order = case.credential, batch.order
    live = before.live_lease(call.now)
    if live is None or live.by != order.person_id or live.since > batch.created_at:
        return None
    record, detail = _record(batch, order.reason), {"batch": batch.id}
    if order.to_person is None:
        after = moved(before, Move.FREE, call.now)
        return move_writes(call, case, after, Move.FREE, _BY, detail=detail, record=record)
    to = Call(call.now, Actor(order.to_person))
    try:
        require_may_decide(to, before, Rights(order.to_person))
    except Forbidden:
        return None
    lease = Lease(order.to_person, call.now, call.now + LEASE)  # they have seen nothing of it yet
    after = moved(before, Move.ASSIGN, call.now, lease=lease)
    apart = people.check_no_tie(order.to_person, before.person_id, SharesMentorship())
    writes = move_writes(call, case, after, Move.ASSIGN, _BY, detail=detail, record=record)
    return [*writes, apart]


def _fits(case: Case, order: Order) -> bool:
    """Tell whether a case is one that is meant: of one person's, and of claims, the lists do not say it whole."""
    one = case.credential
    if order.kind is BatchKind.REASSIGN:
        return one.lease is not None and one.lease.by == order.person_id
    wanted = (order.country in (None, one.claim.country), order.profession in (None, one.profession))
    return one.status is Status.VERIFIED and all(wanted)


def _record(batch: Batch, reason: str) -> dict[str, Any]:
    return {
        "kind": "order", "verdict": batch.order.kind.value, "by": batch.created_by, "at": to_text(batch.created_at),
        "text": reason,
    }  # fmt: skip
