"""What owners and reviewers do with evidence: announce a file, list, take back, open."""

import secrets
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from chalicelib.credentials import cases
from chalicelib.credentials.errors import WrongState
from chalicelib.credentials.evidence import store
from chalicelib.credentials.evidence.errors import EvidenceNotAccepted, EvidenceSealed
from chalicelib.credentials.evidence.findings import EvidenceType
from chalicelib.credentials.evidence.model import (
    LINK_SECONDS,
    UPLOAD_SECONDS,
    By,
    Evidence,
    File,
    State,
    added,
    checked_name,
    checked_size,
    removed,
)
from chalicelib.credentials.evidence.reasons import sentence_of
from chalicelib.credentials.model import Move, Status, moved, said
from chalicelib.credentials.moving import Case, case_of, keys_of_case, record_writes, repeated
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import service as people
from chalicelib.platform import tables, vault
from chalicelib.platform.commit import commit
from chalicelib.platform.documents import Upload
from chalicelib.platform.tables import Write
from chalicelib.words.catalogues import SOURCE_LANGUAGE


@dataclass(frozen=True)
class Wish:
    """A file that somebody wants to send; `size` in bytes, if they tell it."""

    name: str
    type: EvidenceType
    size: int | None = None


@dataclass(frozen=True)
class FileSeen:
    """A file as it stands at an instant; `why` it was refused, in the reader's words."""

    file: File
    state: State
    why: str | None = None


@dataclass(frozen=True)
class Opened:
    """A file that was announced, and where it is to be sent."""

    seen: FileSeen
    upload: Upload


@dataclass(frozen=True)
class Link:
    """A link that opens a file, for `expires_in` seconds."""

    file: File
    url: str
    file_name: str
    expires_in: int = LINK_SECONDS


@dataclass(frozen=True)
class Overdue:
    """Files of a credential that wait for their scanner past its time."""

    evidence: Evidence
    files: tuple[File, ...]


def announce(call: Call, credential_id: str, wish: Wish) -> Opened:
    """Announce a file for one of the actor's own credentials, and say where it is to be sent.

    Raises
    ------
    Invalid
        If its name has a path in it, or it is too large.
    TooMuchEvidence
        If there are as many files as there may be.
    WrongState, AlreadyDecided, CredentialWithdrawn
        Unless the credential is a draft, or a reviewer wants more.
    """
    return _announced(call, wish, By.OWNER, lambda: _my_open_case(call, credential_id))


def announce_copy(call: Call, credential_id: str, wish: Wish) -> Opened:
    """Announce a reviewer's own copy of what they saw, a register's page say; its owner does not see it.

    Raises as `announce`, but lets reviewers of the organisation add to what is undecided.

    Raises
    ------
    OwnCredential, SharesMentorship
        If it is the actor's own, or of somebody they have or had a mentorship with.
    """

    def read() -> tuple[Case, Evidence]:
        case, _, (row,) = cases.case_with(call, credential_id, store.evidence_key(credential_id))
        with cases.apart_if_refused(call, case.credential):
            moved(case.credential, Move.WITHDRAW, call.now)  # it starts from all that is undecided
        return case, store.evidence_of(case.credential, row)

    return _announced(call, wish, By.REVIEWER, read)


def my_evidence(call: Call, credential_id: str) -> tuple[FileSeen, ...]:
    """Return the files that the actor sent for one of their own credentials, in their order."""
    _, evidence, (person_row,) = _mine(call, credential_id, people.person_key(call.actor_id))
    return tuple(one for one in seen(call, evidence, person_row) if one.file.by is By.OWNER)


def take_back(call: Call, credential_id: str, file_id: str) -> File:
    """Delete one of the actor's own files, before it comes to the reviewers.

    Raises
    ------
    EvidenceHandedIn
        If the reviewers have it.
    WrongState, AlreadyDecided, CredentialWithdrawn
        Unless the credential is a draft, or a reviewer wants more.
    """

    def attempt() -> tuple[Evidence, File]:
        case, evidence = _my_open_case(call, credential_id)
        gone = removed(evidence.file(file_id), case.credential, call.now)
        writes = [
            *file_writes(call, case, evidence, gone, "remove_evidence", By.OWNER),
            # Should we be cut off before the file is deleted, the night does it.
            store.put_deletion(credential_id, call.now, call.now),
        ]
        return commit(call, writes, (evidence, gone))

    evidence, gone = repeated(attempt)
    delete_objects(evidence, gone)
    return gone


def link(call: Call, credential_id: str, file_id: str) -> Link:
    """Return a link that opens a file, to a reviewer of its credential's organisation; the trail keeps each.

    Raises
    ------
    EvidenceNotAccepted
        Unless the file is accepted, and not deleted yet.
    EvidenceSealed
        If its person has withdrawn the credential, to anybody but an admin.
    OwnCredential, SharesMentorship
        If it is the actor's own, or of somebody they have or had a mentorship with.
    """

    def attempt() -> Link:
        case, rights, (row,) = cases.case_with(call, credential_id, store.evidence_key(credential_id))
        is_sealed = case.credential.status is Status.WITHDRAWN
        evidence = store.evidence_of(case.credential, row)
        with cases.apart_if_refused(call, case.credential):
            if is_sealed and not rights.admin:
                raise EvidenceSealed
            file = evidence.file(file_id)
            if file.state is not State.ACCEPTED:
                state = said(file.state_at(call.now))
                raise EvidenceNotAccepted(f"Only an accepted file can be opened; this one is {state}.")
        # A name of ours: what the person called it is shown, and never handed to a browser as a name.
        name = f"evidence-{file.id}.{file.type.value}"
        url = vault.presigned_link(
            evidence.key(file), content_type=file.type.media_type, file_name=name, expires_in=LINK_SECONDS
        )
        # What is sealed is no reviewer's to open: the trail says in which part it was.
        by = "admin" if is_sealed else "reviewer"
        writes = record_writes(call, case, case.credential, "open_evidence", by, detail=detail_of(file))
        return commit(call, [*writes, cases.check_apart(call, case.credential)], Link(file, url, name))

    return repeated(attempt)


def overdue(call: Call, organisation_id: str, page: PageRequest) -> Page[Overdue]:
    """Return what waits for a scanner past its time, longest first (the organisation's coordinators)."""
    organisations.rights(call).require(organisation_id, StaffRole.COORDINATOR)
    found = store.overdue_of(organisation_id, call.now, page)
    return Page(tuple(_overdue(call, one) for one in found.items), found.next)


def seen(call: Call, evidence: Evidence, reader_row: Any) -> tuple[FileSeen, ...]:
    """Return the files of a credential as they stand, to a reader by their person's row, if there is one."""
    locale = people.person_of(reader_row).locale if reader_row is not None else SOURCE_LANGUAGE
    return tuple(
        FileSeen(one, one.state_at(call.now), sentence_of(one, locale) or None) for one in evidence.files
    )


def file_writes(call: Call, case: Case, evidence: Evidence, file: File, action: str, by: str) -> list[Write]:
    """Return the writes by which a file changes, with the row of the trail that tells of it."""
    trail = record_writes(call, case, case.credential, action, by, detail=detail_of(file))
    return [store.put_evidence(evidence.with_file(file), call.now), *trail]


def detail_of(file: File) -> dict[str, str]:
    """Return what the trail tells of a file: nothing that its sender wrote."""
    told = {"evidence": file.id, "type": file.type.value, "sent_by": file.by.value}
    if file.checked is not None:
        told["size"] = str(file.checked.size)
    if file.checked is not None and file.checked.sha256 is not None:
        told["sha256"] = file.checked.sha256
    if file.reason is not None:
        told["reason"] = file.reason
    return told


def delete_objects(evidence: Evidence, file: File) -> None:
    """Delete what is stored of a file, wherever it is."""
    if file.checked is not None:
        vault.drop(evidence.key(file), file.checked.object_version)
    vault.discard(evidence.key(file))


def _announced(call: Call, wish: Wish, by: By, read: Callable[[], tuple[Case, Evidence]]) -> Opened:
    name, sizes = checked_name(wish.name), checked_size(wish.size)
    file_id, token = call.new_id(), secrets.token_urlsafe(24)

    def attempt() -> Opened:
        case, evidence = read()
        file = File(file_id, name, wish.type, by, call.actor_id, call.now, _about(case, by), token)
        with cases.apart_if_refused(call, case.credential) if by is By.REVIEWER else nullcontext():
            after = added(evidence, file, call.now)
        upload = vault.presigned_post(
            after.key(file), content_type=wish.type.media_type, sizes=sizes, expires_in=UPLOAD_SECONDS
        )
        writes = file_writes(call, case, after, file, "add_evidence", by)
        if by is By.REVIEWER:
            writes.append(cases.check_apart(call, case.credential))
        return commit(call, writes, Opened(FileSeen(file, file.state), upload))

    return repeated(attempt)


def _about(case: Case, by: By) -> int:
    """Return the wording beside which somebody sends a file: a reviewer knows of none that did not come to them."""
    return (case.credential.as_handed_in if by is By.REVIEWER else case.credential).revision


def _my_open_case(call: Call, credential_id: str) -> tuple[Case, Evidence]:
    """Read a case of the actor's own that they may add to: a draft, or one of which more is wanted."""
    case, evidence, _ = _mine(call, credential_id)
    try:
        moved(case.credential, Move.SUBMIT, call.now)  # it starts from where it is the person's turn
    except WrongState:
        detail = "Files are sent and deleted while it is a draft, or when a reviewer wants more."
        raise WrongState(detail) from None
    return case, evidence


def _mine(
    call: Call, credential_id: str, *more: tuple[type[tables.Row], str, str]
) -> tuple[Case, Evidence, list[Any]]:
    """Read a case of the actor's own with its evidence and further rows, in one round trip."""
    row, head_row, evidence_row, *rows = tables.get_many(
        [*keys_of_case(credential_id), store.evidence_key(credential_id), *more]
    )
    case = case_of(row, head_row)
    if case is None or case.credential.person_id != call.actor_id:
        raise NotFound
    return case, store.evidence_of(case.credential, evidence_row), rows


def _overdue(call: Call, evidence: Evidence) -> Overdue:
    files = tuple(one for one in evidence.files if one.state_at(call.now) is State.OVERDUE)
    return Overdue(evidence, files)
