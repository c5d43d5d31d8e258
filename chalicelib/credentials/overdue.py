"""Telling coordinators of cases that wait past their target: the day after they do, and once a week while they do."""

from datetime import datetime, timedelta

from chalicelib.credentials import policy_store, store
from chalicelib.kernel.call import job_call
from chalicelib.kernel.errors import StaleVersion
from chalicelib.kernel.pages import every
from chalicelib.organisations import service as organisations
from chalicelib.platform import outbox
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic

REVIEWS_OVERDUE = "reviews-overdue"
"""The mail to a coordinator: `recipient`, `organisation_id`, `fresh`, `waiting`."""

REMIND_AFTER = timedelta(days=7)
"""How long after a mail they are told again of what still waits, where nothing has come to it."""


def tell_overdue(now: datetime) -> int:
    """Tell each organisation's coordinators how many cases wait past their target, and how many of them newly.

    There is a mail when some have come since the last one, and a week after it when some still wait. Up to when they
    were told is written in the transaction that writes the mails, so again, it tells nothing; a missed turn is caught
    up by the next.

    Returns
    -------
    int
        How many organisations there was a mail for.
    """
    return sum(_tell(one.id, now) for one in every(organisations.list_organisations))


def _tell(organisation_id: str, now: datetime) -> bool:
    before = policy_store.get_told(organisation_id)
    fresh = store.count_due(organisation_id, before.until, now)
    if not fresh and before.until is not None and now < before.until + REMIND_AFTER:
        return False
    waiting = store.count_due(organisation_id, None, now)
    if not waiting:
        return False
    # By its instant, so that a turn that comes twice writes the same mails.
    message_id = (
        f"{REVIEWS_OVERDUE}:{organisation_id}:{before.until.isoformat() if before.until else 'first'}"
    )
    payload = {"organisation_id": organisation_id, "fresh": fresh, "waiting": waiting}
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
