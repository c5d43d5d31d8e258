"""A case in hand, and the writes that a move of it makes: the same for whoever moves it."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from chalicelib.credentials import notice_store, number_store, queue_store, store
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.errors import CaseMoved
from chalicelib.credentials.evidence import store as evidence_store
from chalicelib.credentials.kinds import Kind, Loss
from chalicelib.credentials.model import MOVES, Credential, Move, Seen
from chalicelib.credentials.person_file import CredentialFile
from chalicelib.credentials.trail import Head, digest_of
from chalicelib.kernel.call import Call, written
from chalicelib.kernel.clock import to_text
from chalicelib.people import service as people
from chalicelib.platform import outbox, tables
from chalicelib.platform.outbox import Topic
from chalicelib.platform.tables import Write

T = TypeVar("T")
_TRIES = 16

STANDING_LOST = "standing-lost"
"""The news of a person whom nothing verifies any more: `person_id`, `by` (a `Loss`), `at`, and `kind`, as what the
credential counted that this is about, if that is known."""
STANDING_REGAINED = "standing-regained"
"""The news of a person who is verified, and was not the moment before: `person_id`."""
STANDING_NARROWED = "standing-narrowed"
"""The news of a person of whom something still counts, and something was lost or refused; as of a lost standing."""
STANDING_WIDENED = "standing-widened"
"""The news of a person who was verified, and is by something more: `person_id`."""
REVIEW_BATCH = "review-batch"
"""The news of a piece of a batch that is to be done: `organisation_id`, `batch_id`."""
TRAIL_EXPORT = "trail-export"
"""The news of a piece of an export that is to be written: `export_id`, `piece`."""


@dataclass(frozen=True)
class Case:
    """A credential as it was read, with the end of its trail."""

    credential: Credential
    head: Head


def keys_of_case(credential_id: str) -> list[tuple[type[tables.Row], str, str]]:
    """Return the keys of a case for `tables.get_many`; `case_of` reads their rows."""
    return [store.credential_key(credential_id), store.head_key(credential_id)]


def case_of(row: Any, head_row: Any) -> Case | None:
    return Case(store.credential_of(row), store.head_of(head_row)) if row else None


def repeated(attempt: Callable[[], T], *, sleep: Callable[[float], None] = time.sleep) -> T:
    """Return what an intent comes to, read and tried anew where somebody else's change came in between.

    So a refusal always tells how things stand, and not merely that they moved. Each try waits a little longer at
    random: of a crowd on one case, all get their turn.

    Raises
    ------
    CaseMoved
        If they keep moving.
    """
    for n in range(_TRIES - 1):
        try:
            return attempt()
        except CaseMoved:
            sleep(random.uniform(0, min(0.01 * 2**n, 0.3)))  # noqa: S311 - jitter, not a secret
    return attempt()


def record_writes(
    call: Call,
    case: Case,
    after: Credential,
    action: str,
    by: str,
    *,
    detail: Mapping[str, str] | None = None,
    record: Mapping[str, Any] | None = None,
    moves: bool = False,
) -> list[Write]:
    """Return the writes of one row of the trail, and of what somebody wrote on the occasion.

    Parameters
    ----------
    record
        Kept beside the row and never changed: a decision, a request, a note. The trail holds its digest.
    """
    now, held = call.now, dict(detail or {})
    writes = []
    if record is not None:
        held["record"] = digest_of(record)
        writes.append(store.put_record(after.id, case.head.seq + 1, record, now))
    before = case.credential.status_at(now) if case.credential.version is not None else None
    entry = store.entry_after(
        case.head, after, at=now, actor=call.actor_id, by=by, action=action, before=before,
        after=after.status if moves or before is None else before, detail=held,
    )  # fmt: skip
    return [*writes, *store.put_entry(entry, case.head, now)]


def move_writes(
    call: Call,
    case: Case,
    after: Credential,
    move: Move,
    by: str,
    *,
    files: tuple[CredentialFile, CredentialFile] | None = None,
    detail: Mapping[str, str] | None = None,
    record: Mapping[str, Any] | None = None,
    counted: Claim | None = None,
) -> list[Write]:
    """Return the writes of a move: the credential, its row of the trail, and the mail of the table.

    Parameters
    ----------
    files
        The person's file as it was read and as it is to be, where the move changes what it holds.
    counted
        What was verified, where the file as it was read does not say any more as what it counted.
    """
    held = {**store.digests_of(after), **(detail or {})}
    before = case.credential if case.credential.version is not None else None
    writes = [
        store.put_credential(after, call.now),
        *queue_store.listing(before, after, call.now),
        *number_store.follow(before, after, call.now),
        *notice_store.follow(before, after, call.now),
        *evidence_store.follow(before, after, call.now),
        *record_writes(call, case, after, move.value, by, detail=held, record=record, moves=True),
    ]
    if files is not None:
        writes += [store.put_file(files[1], call.now), *_standing_writes(call, case, move, *files, counted)]
    mail = MOVES[move].mail
    if mail is not None:
        # By the row of the trail: what is asked for twice is mailed twice.
        message_id = f"{mail}:{after.id}:{case.head.seq + 1}:{after.person_id}"
        payload = {"recipient": after.person_id, "credential_id": after.id}
        writes.append(outbox.message(message_id, Topic.MAIL, mail, payload, now=call.now))
    return writes


def _standing_writes(
    call: Call,
    case: Case,
    move: Move,
    before: CredentialFile,
    after: CredentialFile,
    counted_as: Claim | None,
) -> list[Write]:
    """Return the writes by which a person's standing follows their file, and the news of what it loses or gains.

    A programme may ask for the very thing that is gone, or new, so this is news where other things count, too. And it
    is news that a reviewer has refused what once was verified and counted no longer: what follows may wait for a
    renewal, and not for this.
    """
    counted, counts = before.counting(call.now), after.counting(call.now)
    refused = move in (Move.REVOKE, Move.REJECT) and case.credential.decision is not None
    reason = f"{case.credential.id}:{case.head.seq + 1}"
    writes = []
    if (before.verified, before.badges) != (after.verified, after.badges):
        writes.append(people.set_standing(after.person_id, after.standing(call.now), call.now))
    if refused or counted - counts:
        loss = Loss.REFUSED if refused else Loss.SUSPENDED
        kind = counted_as.kind if counted_as is not None else None
        writes.append(lost(before, after, case.credential.id, loss, reason, call.now, kind=kind))
    if counts - counted:
        gain = STANDING_WIDENED if counted else STANDING_REGAINED
        news = {"person_id": after.person_id}
        writes.append(outbox.message(f"{gain}:{reason}", Topic.FOLLOW_UP, gain, news, now=call.now))
    return writes


def lost(
    before: CredentialFile,
    after: CredentialFile,
    credential_id: str,
    loss: Loss,
    reason: str,
    now: datetime,
    *,
    at: datetime | None = None,
    kind: Kind | None = None,
) -> Write:
    """Return the news that a credential verifies its person no more: by itself, or that nothing does.

    Parameters
    ----------
    before
        The file that says as what the credential counted.
    after
        The file that says what counts still.
    reason
        Names what took it, so that it is news once.
    at
        When it was lost; by default now.
    kind
        As what it counted, where the file before says nothing of it.
    """
    news = STANDING_NARROWED if after.is_verified(now) else STANDING_LOST
    payload = {"person_id": after.person_id, "by": loss.value, "at": to_text(at or now)}
    badge = before.badges.get(credential_id)
    if badge is not None:
        payload["kind"] = badge.kind
    elif kind is not None:
        payload["kind"] = kind.value
    return outbox.message(f"{news}:{reason}", Topic.FOLLOW_UP, news, payload, now=now)


def seen_after(call: Call, after: Credential) -> Seen:
    """Return a credential as it stands once it is written."""
    return Seen.at(written(after), call.now)
