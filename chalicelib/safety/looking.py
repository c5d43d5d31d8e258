"""What the clock does with concerns: admins are reminded of one that waits, and who runs the installation is
alarmed."""

from datetime import datetime

from chalicelib.kernel.call import Call, job_call
from chalicelib.kernel.clock import to_text
from chalicelib.platform.commit import commit
from chalicelib.platform.observability import count, logger
from chalicelib.safety import mails, model, store
from chalicelib.safety.errors import ConcernMoved
from chalicelib.safety.service import able_admins


def look_at_due(now: datetime) -> int:
    """Remind of the concerns whose time has come, each with its next look in one transaction. Again, or by another
    worker at once, it reminds nobody twice.

    Returns
    -------
    int
        How many could not be seen to and wait for another try.
    """
    call, failed = job_call("reminders", now), 0
    for look in store.due_looks(now):
        try:
            _look_at(call, look)
        except ConcernMoved:
            continue  # by an admin, who has set its next look, or another worker has seen to it
        except Exception as error:  # noqa: BLE001 - one must not keep the others
            failed += 1
            logger.error("look failed", extra={"error": type(error).__name__})
    return failed


def _look_at(call: Call, look: store.Look) -> None:
    concern = store.get_concern(look.concern_id)
    look_at = model.next_look(concern, call.now) if concern is not None else None
    if concern is None or look_at is None:
        commit(call, [store.put_look(look.concern_id, None, call.now)], None)
        return
    able = able_admins(concern)
    if model.is_alarming(concern, call.now, is_seen=bool(able)):
        # The overlay has the alarm; it names nobody and nothing.
        count("ConcernUnattended")
    writes = [
        store.next_look(look, look_at if able else call.now, call.now),
        store.check_unmoved(concern),
        *(mails.mail(mails.CONCERN_WAITING, concern.id, one, to_text(call.now), call.now) for one in able),
    ]
    commit(call, writes, None)
