"""Telling coordinators of cases that have come to wait past their target: each case in one mail."""

from datetime import datetime

from chalicelib.credentials import policy_store, store
from chalicelib.kernel.call import job_call
from chalicelib.kernel.errors import StaleVersion
from chalicelib.kernel.pages import MAX_LIMIT, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.platform import outbox
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic

REVIEWS_OVERDUE = "reviews-overdue"
"""The mail to a coordinator: `recipient`, `organisation_id`, `fresh`, `since`."""


def tell_overdue(now: datetime) -> int:
    """Tell each organisation's coordinators how many cases have passed their target since they were last told.

    Again, it tells of nothing twice: up to when they were told is written in the transaction that writes the mails. A
    missed turn is caught up by the next.

    Returns
    -------
    int
        How many organisations had such cases.
    """
    told, cursor = 0, None
    while True:
        page = organisations.list_organisations(PageRequest(MAX_LIMIT, cursor))
        told += sum(_tell(one.id, now) for one in page.items)
        if page.next is None:
            return told
        cursor = page.next


def _tell(organisation_id: str, now: datetime) -> bool:
    before = policy_store.get_told(organisation_id)
    fresh = store.count_due(organisation_id, before.until, now)
    if not fresh:
        return False
    # By its instant, so that a turn that comes twice writes the same mails.
    message_id = (
        f"{REVIEWS_OVERDUE}:{organisation_id}:{before.until.isoformat() if before.until else 'first'}"
    )
    payload = {"organisation_id": organisation_id, "fresh": fresh}
    mails = [
        outbox.message(
            f"{message_id}:{person_id}",
            Topic.MAIL,
            REVIEWS_OVERDUE,
            {"recipient": person_id, **payload},
            now=now,
        )
        for person_id in organisations.coordinators_of(organisation_id)[:90]
    ]
    try:
        commit(job_call("tell_overdue", now), [policy_store.put_told(before, now), *mails], None)
    except (StaleVersion, outbox.WrittenBefore):
        return False  # the same turn came twice, and the other one has told them
    return True
