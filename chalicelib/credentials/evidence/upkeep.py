"""What the night does with evidence: deletes what is not needed any more, and looks again at what waits too long."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.credentials.errors import CaseMoved
from chalicelib.credentials.evidence import intake, store
from chalicelib.credentials.evidence.intake import Inspect
from chalicelib.credentials.evidence.model import GONE, File, State, deleted, is_over
from chalicelib.credentials.evidence.service import delete_objects, file_writes
from chalicelib.credentials.moving import case_of, keys_of_case, repeated
from chalicelib.kernel.call import Call, job_call
from chalicelib.platform import tables
from chalicelib.platform.commit import commit

_JOB = "job"


@dataclass
class Tidied:
    """What a night came to: files deleted, files settled, and credentials that it failed at."""

    deleted: int = 0
    settled: int = 0
    failed: int = 0


def tidy(now: datetime, inspect: Inspect, failed: Callable[[Exception], None]) -> Tidied:
    """Delete the files whose time is over, and look again at those whose scanner is overdue.

    Each file is marked as deleted before it is, and its credential leaves the list after all are: a night that comes
    twice, or is cut off, loses nothing, and the next one carries it on.

    Parameters
    ----------
    failed
        Is told why one credential's turn came to nothing; the others' go on.
    """
    done = Tidied()
    call = job_call("tidy_evidence", now)

    def each(ids: Iterator[str], act: Callable[[str], int]) -> int:
        total = 0
        for credential_id in ids:
            try:
                total += act(credential_id)
            except Exception as error:  # noqa: BLE001 - one credential's failure must not keep the others' files
                done.failed += 1
                failed(error)
        return total

    done.deleted = each(store.deletions_due(now), lambda one: _delete(call, one))
    done.settled = each(store.overdue(now), lambda one: intake.look_again(call, one, inspect))
    return done


def _delete(call: Call, credential_id: str) -> int:
    """Delete the files of a credential, those alone that were taken back where it is undecided."""
    count = 0
    while repeated(lambda: _mark_next(call, credential_id)):
        count += 1
    _delete_marked(call, credential_id)
    return count


def _mark_next(call: Call, credential_id: str) -> File | None:
    """Mark one more file of a decided credential as deleted, while its deletion is due; None when none is left."""
    row, head_row, evidence_row, deletion = _read(credential_id)
    case = case_of(row, head_row)
    if case is None or evidence_row is None or deletion is None or not _is_due(deletion, call):
        return None
    if not is_over(case.credential):
        return None
    evidence = store.evidence_of(case.credential, evidence_row)
    left = next((one for one in evidence.files if one.state not in (State.REMOVED, State.DELETED)), None)
    if left is None:
        return None
    gone = deleted(left, call.now)
    # The trail's end is what was read, so that no move has come in between: nobody reviews it again.
    return commit(call, file_writes(call, case, evidence, gone, "delete_evidence", _JOB), gone)


def _delete_marked(call: Call, credential_id: str) -> None:
    row, _, evidence_row, deletion = _read(credential_id)
    if row is None or deletion is None or not _is_due(deletion, call):
        return
    case = case_of(row, None)
    if case is not None and evidence_row is not None:
        evidence = store.evidence_of(case.credential, evidence_row)
        for file in evidence.files:
            if file.state in GONE:
                delete_objects(evidence, file)
    try:
        commit(call, [store.delete_deletion(deletion)], None)
    except CaseMoved:
        return  # another deletion was planned meanwhile; it stands on the list


def _read(credential_id: str) -> list[Any]:
    return tables.get_many(
        [*keys_of_case(credential_id), store.evidence_key(credential_id), store.deletion_key(credential_id)]
    )


def _is_due(deletion: store.DeletionRow, call: Call) -> bool:
    return store.due_of(deletion) <= call.now
