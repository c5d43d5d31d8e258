"""Registers' files: opened by coordinators, read when they have arrived, and taken over as a whole."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from chalicelib.credentials import authorities
from chalicelib.credentials.registries import load_store as store
from chalicelib.credentials.registries.loads import (
    LEASE,
    Head,
    Load,
    LoadMovedOn,
    LoadNotWaiting,
    LoadStatus,
    Order,
    checked_order,
    refusal,
)
from chalicelib.credentials.registries.model import Entry
from chalicelib.credentials.registries.register_files import (
    MAX_BYTES,
    RegisterParse,
    RegisterUnreadable,
    checked_columns,
    parse,
)
from chalicelib.credentials.registries.uploads import UPLOADS
from chalicelib.kernel.call import Actor, Call, written
from chalicelib.kernel.errors import Forbidden, Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.platform import documents, outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.documents import Upload
from chalicelib.platform.outbox import Message, Topic

UPLOAD_SECONDS = 900
KIND = "load-register"
"""Of the outbox message by which a worker takes up a file."""
CHUNK = 98
"""Entries a transaction; it has room for the check of the head and the upload's own row."""
MAX_TRIES = 5


@dataclass(frozen=True)
class LoadSeen:
    """An upload, and where its file may be sent as long as it waits for one."""

    load: Load
    upload: Upload | None


def open_load(call: Call, organisation_id: str, order: Order) -> LoadSeen:
    """Open the upload of a register's file (the organisation's coordinators).

    Raises
    ------
    Invalid
        If the authority is not of the list, or the columns or the day do not make sense.
    """
    organisations.rights(call).require(organisation_id, StaffRole.COORDINATOR)
    if authorities.authority(order.authority_id) is None:
        raise Invalid.field("/authority_id", "Give an id from GET /v1/codes/authorities.")
    checked_columns(order.columns)
    checked_order(order, call.now.date())
    load = Load(call.new_id(), organisation_id, order, call.actor_id, call.now)
    writes = [store.put_load(load, call.now), _audit(call, load, "open_register")]
    return commit(call, writes, _seen(load))


def read_load(call: Call, organisation_id: str, load_id: str) -> LoadSeen:
    """Return an upload (the organisation's coordinators), in one round trip."""
    rights_row, row = tables.get_many(
        [organisations.rights_key(call), store.load_key(organisation_id, load_id)]
    )
    organisations.rights_of(call, rights_row).require(organisation_id, StaffRole.COORDINATOR)
    if row is None:
        raise NotFound
    return _seen(store.load_of(row))


def list_loads(call: Call, organisation_id: str, page: PageRequest) -> Page[Load]:
    """Return an organisation's uploads, newest first (its coordinators)."""
    organisations.rights(call).require(organisation_id, StaffRole.COORDINATOR)
    return store.list_loads(organisation_id, page)


def file_arrived(call: Call, key: str) -> bool:
    """Queue the upload whose file was stored under `key`; tell whether there was one that waited for it."""
    named = documents.owner_and_id(key, UPLOADS)
    if named is None:
        return False
    organisation_id, load_id = named
    writes = [
        store.queue(organisation_id, load_id, call.now),
        _work_message(organisation_id, load_id, 0, call),
    ]
    try:
        commit(call, writes, None)
    except LoadNotWaiting:
        return False
    return True


def work(call: Call, message_id: str, has_time: Callable[[], bool]) -> Load | None:
    """Carry an upload on until it is done or there is no time left; then another message hands it on.

    Returns
    -------
    Load or None
        The upload as this worker left it, or None if there was nothing for it to do.
    """
    claimed = outbox.take(message_id, Topic.REGISTER_LOAD, now=call.now)
    if claimed is None:
        return None
    try:
        with outbox.given_back(claimed, lambda: call.now):
            return _carry_on(call, claimed, has_time)
    except LoadMovedOn:
        # Another worker took the message over when our claim had lapsed, or another file came at the same moment.
        return None


def upload_key(load: Load) -> str:
    """Return where an upload's file lies."""
    return f"{UPLOADS}{load.organisation_id}/{load.id}"


def _carry_on(call: Call, message: Message, has_time: Callable[[], bool]) -> Load | None:
    load = store.get_load(message.payload["organisation_id"], message.payload["load_id"])
    if load is None or load.status not in (LoadStatus.QUEUED, LoadStatus.LOADING):
        commit(call, [outbox.done(message, now=call.now)], None)
        return None
    head = store.get_head(load.organisation_id, load.order.authority_id)
    if message.tries > MAX_TRIES:
        return _fail(call, message, load, head, "The file could not be taken over. Upload it again.")
    try:
        who = Call(call.now, Actor(load.created_by))
        organisations.rights(who).require(load.organisation_id, StaffRole.COORDINATOR)
    except (Forbidden, NotFound):
        return _fail(call, message, load, head, "Whoever opened this upload is no longer a coordinator here.")
    content = documents.read(upload_key(load))
    digest = hashlib.sha256(content).hexdigest()
    if load.content_digest not in (None, digest):
        return _fail(
            call, message, load, head, "Another file was uploaded meanwhile. Open a new upload for it."
        )
    try:
        parsed = parse(content, load.order.columns, load.order.as_of)
    except RegisterUnreadable as unreadable:
        return _fail(call, message, load, head, unreadable.detail)
    if load.status is LoadStatus.QUEUED:
        refused = (
            "Another file of this register is being taken over. Upload this one when that is done."
            if head.is_taken(load.id, call.now)
            else refusal(load.order, parsed.entries, head)
        )
        if refused:
            return _fail(call, message, load, head, refused)
    elif head.loading != load.id:
        return _fail(call, message, load, head, "It took too long, and another file has taken its place.")
    load, head = _begin(call, load, head, parsed, digest)
    return _write(call, message, load, head, parsed.entries, has_time)


def _begin(call: Call, load: Load, head: Head, parsed: RegisterParse, digest: str) -> tuple[Load, Head]:
    """Take the register for this upload, or keep it for longer."""
    taken = replace(head, loading=load.id, loading_until=call.now + LEASE)
    begun = replace(
        load, status=LoadStatus.LOADING, entries=len(parsed.entries), bad_rows=parsed.bad_rows,
        problems=parsed.problems, notes=parsed.notes, content_digest=digest,
    )  # fmt: skip
    commit(call, [store.put_head(taken, call.now), store.put_load(begun, call.now)], None)
    return written(begun), written(taken)


def _write(
    call: Call,
    message: Message,
    load: Load,
    head: Head,
    entries: Mapping[str, Entry],
    has_time: Callable[[], bool],
) -> Load:
    rows = list(entries.items())
    while load.next_entry < len(rows):
        part = rows[load.next_entry : load.next_entry + CHUNK]
        after = replace(load, next_entry=load.next_entry + len(part))
        writes = [
            store.still_loading(load),
            store.put_load(after, call.now),
            *store.put_entries(load, head.free_slot, part, call.now),
        ]
        commit(call, writes, None)
        load = written(after)
        if load.next_entry < len(rows) and not has_time():
            handed_on = _work_message(load.organisation_id, load.id, load.next_entry, call)
            return commit(call, [outbox.done(message, now=call.now), handed_on], load)
    return _turn_round(call, message, load, head)


def _turn_round(call: Call, message: Message, load: Load, head: Head) -> Load:
    """Let the new file answer, from one moment to the next."""
    turned = replace(
        head, slot=head.free_slot, load_id=load.id, as_of=load.order.as_of, entries=load.entries or 0, loading=None,
        loading_until=None,
    )  # fmt: skip
    done = replace(load, status=LoadStatus.DONE, finished_at=call.now)
    writes = [
        store.put_head(turned, call.now),
        store.put_load(done, call.now),
        outbox.done(message, now=call.now),
        _audit(call, done, "load_register", why=f"{load.entries} entries, {load.bad_rows} bad rows"),
    ]
    return commit(call, writes, done)


def _fail(call: Call, message: Message, load: Load, head: Head, failure: str) -> Load:
    failed = replace(load, status=LoadStatus.FAILED, failure=failure, finished_at=call.now)
    writes = [store.put_load(failed, call.now), outbox.done(message, now=call.now)]
    if head.loading == load.id:
        writes.append(store.put_head(replace(head, loading=None, loading_until=None), call.now))
    return commit(call, writes, failed)


def _work_message(organisation_id: str, load_id: str, next_entry: int, call: Call) -> tables.Write:
    payload = {"organisation_id": organisation_id, "load_id": load_id}
    message_id = f"{KIND}:{load_id}:{next_entry}"
    return outbox.message(message_id, Topic.REGISTER_LOAD, KIND, payload, now=call.now)


def _seen(load: Load) -> LoadSeen:
    if load.status is not LoadStatus.WAITING:
        return LoadSeen(load, None)
    upload = documents.presigned_upload(
        upload_key(load), content_types=(), max_bytes=MAX_BYTES, expires_in=UPLOAD_SECONDS
    )
    return LoadSeen(load, upload)


def _audit(call: Call, load: Load, action: str, why: str | None = None) -> tables.Write:
    return tables.audit(
        "registers", store.loads_pk(load.organisation_id), row_id=call.new_id(), at=call.now, actor=call.actor_id,
        action=action, after=f"{load.order.authority_id}:{load.id}", why=why,
    )  # fmt: skip
