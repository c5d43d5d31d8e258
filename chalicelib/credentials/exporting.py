"""Exports of trails: one at once, many by a queue's worker, piece by piece, into one file.

Any piece may be begun again: what it wrote is written over, and counts with the transaction that says how far the
export is.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice

from chalicelib.credentials import export_store, queue_store, store
from chalicelib.credentials.cases import check_apart
from chalicelib.credentials.errors import ExportOfAnother, OwnCredential
from chalicelib.credentials.exports import LINK_SECONDS, Export, ExportStatus, checked_scope
from chalicelib.credentials.moving import TRAIL_EXPORT, case_of, keys_of_case, record_writes, repeated
from chalicelib.credentials.trail import Head
from chalicelib.credentials.trail_files import JSON_LINES, Lines, Scope, Trail, as_csv, json_lines
from chalicelib.kernel.call import Actor, Call
from chalicelib.kernel.errors import Invalid, NotFound, TooLarge
from chalicelib.kernel.pages import Page, PageRequest, every
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.platform import documents, outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic
from chalicelib.platform.tables import Write

PART_BYTES = 5 * 1024 * 1024
"""S3 takes no smaller part of a file, but for the last."""
PIECE = 1000
"""Trails that one message reads at most: of some days' export few of them have a row."""
MAX_ANSWER_BYTES = 5_000_000
"""Lambda hands out 6 MB at most; a trail of ten thousand rows is as long."""
_WORKERS = 8
_LOOKS = 3


@dataclass(frozen=True)
class FileLink:
    """A link that serves an export's file, for `expires_in` seconds."""

    url: str
    file_name: str
    digest: str
    expires_in: int = LINK_SECONDS


def one_trail(call: Call, credential_id: str, *, as_table: bool = False) -> str:
    """Return the file of one trail (admins), up to this moment; the trail keeps that it was exported.

    Raises
    ------
    OwnCredential, SharesMentorship
        If it is the actor's own, or of somebody they have or had a mentorship with: who reviewed it is not for them.
    TooLarge
        If it is too long for one answer.
    """

    def attempt() -> str:
        rights_row, row, head_row = tables.get_many(
            [organisations.rights_key(call), *keys_of_case(credential_id)]
        )
        organisations.rights_of(call, rights_row).require_admin()
        case = case_of(row, head_row)
        if case is None or case.credential.submitted_at is None:
            raise NotFound
        if case.credential.person_id == call.actor_id:
            raise OwnCredential
        # The transaction holds only while the trail ends as it was read, so no row is missing between the two reads.
        entries = store.whole_trail(credential_id)
        trail = Trail(credential_id, case.credential.organisation_id, entries, case.head)
        text = as_csv(trail) if as_table else json_lines(trail, call.now)
        if len(text.encode()) > MAX_ANSWER_BYTES:
            raise TooLarge("This trail is too long for one answer: order an export of its organisation.")
        writes = record_writes(call, case, case.credential, "export_trail", "admin")
        return commit(call, [*writes, check_apart(call, case.credential)], text)

    return repeated(attempt)


def order_export(call: Call, scope: Scope) -> Export:
    """Have all trails written into one file (admins); a worker does it.

    Raises
    ------
    Invalid
        If there is no such organisation, or the days make no sense.
    """
    named = [organisations.organisation_key(scope.organisation_id)] if scope.organisation_id else []
    rights_row, *organisation_rows = tables.get_many([organisations.rights_key(call), *named])
    organisations.rights_of(call, rights_row).require_admin()
    if None in organisation_rows:
        raise Invalid.field("/organisation_id", "Give an id from GET /v1/organisations.")
    export = Export(call.new_id(), checked_scope(scope, call.now.date()), call.actor_id, call.now)
    writes = [
        export_store.put_export(export, call.now),
        _next_piece(export, call),
        _audit(call, export, "order_export"),
    ]
    return commit(call, writes, export)


def list_exports(call: Call, page: PageRequest) -> Page[Export]:
    """Return the exports that were ordered, latest first (admins)."""
    organisations.rights(call).require_admin()
    return export_store.list_exports(page)


def read_export(call: Call, export_id: str) -> Export:
    """Return an export with its progress (admins), in one round trip."""
    rights_row, row = tables.get_many([organisations.rights_key(call), export_store.export_key(export_id)])
    organisations.rights_of(call, rights_row).require_admin()
    if row is None:
        raise NotFound
    return export_store.export_of(row)


def link(call: Call, export_id: str) -> FileLink:
    """Return a link to an export's file (admins); each is kept in the audit.

    Raises
    ------
    ExportOfAnother
        If another admin ordered it: it leaves out what they may not read, and has what the actor may not.
    ExportNotThere
        If it is not written yet, or no longer kept.
    """
    export = read_export(call, export_id)
    export.require_file(call.now)
    if export.created_by != call.actor_id:
        raise ExportOfAnother
    name = f"trails-{export.id}.jsonl"
    url = documents.presigned_download(export_store.file_key(export), file_name=name, expires_in=LINK_SECONDS)
    return commit(call, [_audit(call, export, "open_export")], FileLink(url, name, export.digest))


def carry_on(call: Call, export_id: str, piece: int) -> None:
    """Write the next piece of an export's file, and have another message bring the one after it; close it at its end.

    It stops before its next piece once whoever ordered it is no admin any more.
    """
    export = export_store.get_export(export_id)
    if export is None or export.status is not ExportStatus.RUNNING or export.pieces != piece:
        return
    if not organisations.rights(Call(call.now, Actor(export.created_by))).admin:
        _finish(call, export, ExportStatus.STOPPED)
    elif export.is_read:
        _close(call, export)
    else:
        _write_piece(call, export)


def _write_piece(call: Call, export: Export) -> None:
    lines = Lines(export.digest)
    if export.pieces == 0:
        lines.begin(export.scope, export.created_at, export.id)
    rest = documents.read(export_store.rest_key(export)) if export.has_rest else b""
    trails, rows, left_out, is_read = export.trails, export.rows, export.left_out, True
    organisation_at, credential_at = export.organisation_at, export.credential_at
    with ThreadPoolExecutor(_WORKERS) as pool:
        for n, (trail, is_near) in enumerate(_trails(export, pool), 1):
            organisation_at, credential_at = trail.organisation_id, trail.credential_id
            part = replace(trail, entries=export.scope.of(trail.entries))
            if is_near:
                left_out += bool(part.entries)
            elif part.entries or trail.head is None:
                lines.add_trail(part)
                trails, rows = trails + 1, rows + len(part.entries)
            if n == PIECE or len(rest) + lines.size >= PART_BYTES:
                is_read = False
                break
    digest = lines.end(trails, rows, left_out) if is_read else lines.digest
    after = replace(
        export, trails=trails, rows=rows, left_out=left_out, digest=digest, organisation_at=organisation_at,
        credential_at=credential_at, is_read=is_read, has_rest=False, pieces=export.pieces + 1,
    )  # fmt: skip
    kept = _kept(after, rest + lines.content)
    if kept is None:
        _finish(call, export, ExportStatus.FAILED)
        return
    commit(call, [export_store.put_export(kept, call.now), _next_piece(kept, call)], None)


def _kept(export: Export, content: bytes) -> Export | None:
    """Write lines into the file, or lay them aside for the next piece where they are too few for a part.

    Returns
    -------
    Export or None
        As it is to be kept; None where the file's other parts are gone.
    """
    if not export.is_read and len(content) < PART_BYTES:
        documents.write(export_store.rest_key(export), content, JSON_LINES)
        return replace(export, has_rest=True)
    key = export_store.file_key(export)
    upload_id = export.upload_id or documents.begin_parts(key, JSON_LINES)
    tag = documents.put_part(key, upload_id, len(export.parts) + 1, content)
    return replace(export, upload_id=upload_id, parts=(*export.parts, tag)) if tag is not None else None


def _close(call: Call, export: Export) -> None:
    """Make one file of the parts. One that is closed already was cut off before it was said to be done."""
    done = documents.join_parts(export_store.file_key(export), export.upload_id or "", export.parts)
    _finish(call, export, ExportStatus.DONE if done else ExportStatus.FAILED)


def _finish(call: Call, export: Export, status: ExportStatus) -> None:
    after = replace(export, status=status, finished_at=call.now)
    why = f"{export.trails} trails, {export.rows} rows, {export.left_out} left out, digest {export.digest}"
    writes = [export_store.put_export(after, call.now), _audit(call, export, f"export_{status}", why=why)]
    commit(call, writes, None)


def _trails(export: Export, pool: ThreadPoolExecutor) -> Iterator[tuple[Trail, bool]]:
    """Yield the trails that are still to be written, in the order of organisations and credentials, each with whether
    whoever ordered the export is too near to its person to read it."""
    named = export.scope.organisation_id
    ids = [named] if named else [one.id for one in every(organisations.list_organisations)]
    begin = export.organisation_at or ""
    for organisation_id in ids:
        if organisation_id < begin:
            continue
        after = export.credential_at if organisation_id == begin else None
        cases = queue_store.all_cases(organisation_id, after or "")
        while together := list(islice(cases, tables.MAX_READS)):
            heads, near = store.heads_of(together), _near(export.created_by, together)
            found = pool.map(_trail, together, [organisation_id] * len(together), heads)
            yield from zip(found, near, strict=True)


def _near(admin_id: str, credential_ids: list[str]) -> list[bool]:
    """Tell of up to 100 credentials which are an admin's own, or of somebody they have or had a mentorship with."""
    person_ids = store.persons_of(credential_ids)
    tied = people.tied_to(admin_id, (one for one in person_ids if one is not None))
    return [one is not None and (one == admin_id or one in tied) for one in person_ids]


def _trail(credential_id: str, organisation_id: str, head: Head | None) -> Trail:
    """Read a trail. One that has grown since its head was read is read again with its head; one that does not fit it
    otherwise is given as it stands: the file's own check will name it."""
    entries = store.whole_trail(credential_id)
    for _ in range(_LOOKS):
        if head is not None and entries and entries[-1].hash == head.hash:
            break
        (head,), entries = store.heads_of([credential_id]), store.whole_trail(credential_id)
    return Trail(credential_id, organisation_id, entries, head)


def _next_piece(export: Export, call: Call) -> Write:
    payload = {"export_id": export.id, "piece": export.pieces}
    message_id = f"{TRAIL_EXPORT}:{export.id}:{export.pieces}"
    return outbox.message(message_id, Topic.FOLLOW_UP, TRAIL_EXPORT, payload, now=call.now)


def _audit(call: Call, export: Export, action: str, why: str | None = None) -> Write:
    return tables.audit(
        "credentials", export_store.AUDIT_PK, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action,
        after=export.id, why=why,
    )  # fmt: skip
