"""Telling people that their credentials are about to expire, and that they have."""

from datetime import datetime

from chalicelib.credentials import notice_store, store
from chalicelib.credentials.errors import CaseMoved
from chalicelib.credentials.kinds import Loss
from chalicelib.credentials.model import Credential
from chalicelib.credentials.moving import lost
from chalicelib.credentials.notices import Notice, last_due
from chalicelib.credentials.person_file import CredentialFile
from chalicelib.kernel.call import job_call
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import StaleVersion
from chalicelib.people import service as people
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic
from chalicelib.platform.tables import Write

CREDENTIAL_EXPIRING = "credential-expiring"
"""The mail to whom a credential has some days left: `recipient`, `credential_id`, `ends_at`."""
CREDENTIAL_EXPIRED = "credential-expired"
"""The mail to whose credential has expired; of the same payload."""

_MOST = 90  # rows of one read; nobody has as many credentials that last longer


def tell_expiring(now: datetime) -> int:
    """Tell each person whose credential came to a notice's day since the last night, and who has expired.

    Each credential has its own transaction, in which its notice makes way for the next one: a night that comes twice,
    or is cut off, tells nobody twice. After missed nights the notice that came due last is sent, and no earlier one.

    Returns
    -------
    int
        How many notices were due.
    """
    return sum(_tell(one, now) for one in notice_store.due(now))


def _tell(listed: Notice, now: datetime) -> bool:
    notice_row, row, file_row, person_row = tables.get_many([
        notice_store.notice_key(listed.credential_id), store.credential_key(listed.credential_id),
        store.file_key(listed.person_id), people.person_key(listed.person_id),
    ])  # fmt: skip
    # The list is an index and may be late; the rows themselves are not.
    notice = notice_store.notice_of(notice_row) if notice_row else None
    credential = store.credential_of(row) if row else None
    if notice is None or credential is None or notice.due_at > now:
        return False
    days = last_due(notice.ends_at, now)
    file = store.file_of(listed.person_id, file_row)
    told: list[Write] = []
    if credential.verified_until == notice.ends_at and person_row is not None and days is not None:
        told = [] if _is_outlasted(credential, file) else [_mail(credential, notice, days, now)]
        told += _news(credential, file, now) if days == 0 else []
    still = tables.check(
        store.CredentialRow, *store.credential_key(credential.id)[1:],
        condition=store.CredentialRow.version == credential.version, conflict=CaseMoved(),
    )  # fmt: skip
    try:
        commit(job_call("tell_expiring", now), [still, notice_store.moved_on(notice, now), *told], None)
    except (CaseMoved, StaleVersion):
        return False  # it was decided anew, or another turn has told them; what is due still is found again
    return True


def _mail(credential: Credential, notice: Notice, days: int, now: datetime) -> Write:
    kind = CREDENTIAL_EXPIRING if days else CREDENTIAL_EXPIRED
    ends_at = to_text(notice.ends_at)
    # By the end that it tells of: verified anew up to another day, a credential has notices of its own.
    return outbox.message(
        f"{kind}:{credential.id}:{ends_at}:{days}", Topic.MAIL, kind,
        {"recipient": credential.person_id, "credential_id": credential.id, "ends_at": ends_at}, now=now,
    )  # fmt: skip


def _news(credential: Credential, file: CredentialFile, now: datetime) -> list[Write]:
    """Return the news that a credential has expired, with which others may count or none: what is open as a mentor's is
    closed where it was asked for."""
    ended = file.verified.get(credential.id)
    if ended is None or ended > now:
        return []
    reason = f"{credential.id}:{to_text(ended)}"
    return [lost(file, file, credential.id, Loss.EXPIRED, reason, now, at=ended)]


def _is_outlasted(credential: Credential, file: CredentialFile) -> bool:
    """Tell whether the person has a verified one of the same kind and authority that lasts longer."""
    ends_at = credential.verified_until
    longer = [one for one, until in file.verified.items() if ends_at is not None and until > ends_at]
    rows = tables.get_many([store.credential_key(one) for one in longer[:_MOST]]) if longer else []
    others = [store.credential_of(row) for row in rows if row is not None]
    return any(one.claim.series == credential.claim.series for one in others)
