"""What becomes of a file that has arrived in quarantine: looked at once, and settled with its scanner's verdict.

Both are needed before a file is accepted, and either may come first: whatever happens to a file in quarantine wakes
this up, and it looks at the file itself. It may be woken as often as anybody likes.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.credentials.evidence import store
from chalicelib.credentials.evidence.findings import MAX_BYTES, EvidenceType, Finding
from chalicelib.credentials.evidence.model import (
    UNSETTLED,
    VERDICT_TAG,
    By,
    Checked,
    Evidence,
    File,
    Refusal,
    State,
    examined,
    is_over,
    judged,
    refused,
    verdict_of,
)
from chalicelib.credentials.evidence.service import delete_objects, file_writes
from chalicelib.credentials.moving import Case, case_of, keys_of_case, repeated
from chalicelib.kernel.call import Call
from chalicelib.kernel.ids import is_id
from chalicelib.platform import outbox, tables, vault
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic
from chalicelib.platform.tables import Write

EVIDENCE_REJECTED = "evidence-rejected"
"""The mail to whose file was refused: `recipient`, `credential_id`, `evidence_id`."""
_JOB = "job"

Inspect = Callable[[bytes, EvidenceType], Finding]


def arrived(call: Call, key: str, version: str | None, inspect: Inspect) -> State | None:
    """Look at a file in quarantine of which something was told, and settle it if it can be.

    Parameters
    ----------
    version
        The one that was told of; None for the latest.

    Returns
    -------
    State or None
        The state in which the file is now; None if nobody waits for such a file.
    """
    parts = key.split("/")
    if len(parts) != 3 or not all(is_id(one) for one in parts[:2]):
        return None
    look = _Look(inspect)
    return repeated(lambda: _settle(call, parts[0], parts[1], key, version, look))


def look_again(call: Call, credential_id: str, inspect: Inspect) -> int:
    """Look again at the files of a credential that wait for a verdict; return how many are settled by it."""
    found = _read(credential_id)
    if found is None:
        return 0
    _, evidence = found
    waiting = [one for one in evidence.files if one.state is State.CHECKING]
    states = [arrived(call, evidence.key(one), None, inspect) for one in waiting]
    return sum(one not in UNSETTLED for one in states)


@dataclass
class _Look:
    """What was seen of a file, kept while its settling is repeated."""

    inspect: Inspect
    seen: tuple[Checked, Finding] | None = None

    def at(self, key: str, version: str | None, declared: EvidenceType) -> tuple[Checked, Finding] | None:
        if self.seen is None:
            found = vault.fetch(key, version, MAX_BYTES)
            if found is None:
                return None
            finding = self.inspect(found.content, declared)
            # Of one that is too large, the rest was not read.
            whole = len(found.content) == found.size
            digest = hashlib.sha256(found.content).hexdigest() if whole else None
            facts = finding.facts
            checked = Checked(found.version, found.size, digest, facts.pages, facts.width, facts.height)
            self.seen = checked, finding
        return self.seen


def _settle(
    call: Call, credential_id: str, file_id: str, key: str, version: str | None, look: _Look
) -> State | None:
    found = _read(credential_id)
    if found is None:
        return None
    case, evidence = found
    file = next((one for one in evidence.files if one.id == file_id), None)
    if file is None or evidence.key(file) != key:
        return None
    known = file.checked.object_version if file.checked is not None else None
    if version is not None and known is not None and version != known:
        vault.drop(key, version)  # a second file under the same key: the first one counts
        return file.state
    if file.state not in UNSETTLED:
        _clear(evidence, file, version)
        return file.state
    after = _after(call, case, file, key, version, look)
    return _kept(call, case, evidence, file, after)


def _read(credential_id: str) -> tuple[Case, Evidence] | None:
    """Read a credential's case with its files; None where either is missing."""
    row, head_row, evidence_row = tables.get_many(
        [*keys_of_case(credential_id), store.evidence_key(credential_id)]
    )
    case = case_of(row, head_row)
    if case is None or evidence_row is None:
        return None
    return case, store.evidence_of(case.credential, evidence_row)


def _after(call: Call, case: Case, file: File, key: str, version: str | None, look: _Look) -> File:
    """Return the file as what is seen of it now leaves it."""
    if file.checked is not None:
        verdict = verdict_of(vault.tag_of(key, file.checked.object_version, VERDICT_TAG))
        after = judged(file, verdict, call.now)
    else:
        seen = look.at(key, version, file.type)
        if seen is None:
            return file
        checked, finding = seen
        verdict = verdict_of(vault.tag_of(key, checked.object_version, VERDICT_TAG))
        after = examined(file, checked, finding, verdict, call.now)
    if after.state is not State.REJECTED and is_over(case.credential):
        return refused(after, Refusal.TOO_LATE, call.now)
    return after


def _kept(call: Call, case: Case, evidence: Evidence, before: File, after: File) -> State:
    if after == before:
        return after.state
    if after.state is State.CHECKING:
        commit(call, [store.put_evidence(evidence.with_file(after), call.now)], None)
        return after.state
    if after.checked is None:
        raise ValueError("only what has arrived is settled")
    key = evidence.key(after)
    if after.state is State.ACCEPTED:
        vault.take_over(key, after.checked.object_version, after.type.media_type)
        action, more = "accept_evidence", []
    else:
        action, more = "reject_evidence", _mail(call, case, after)
    writes = [*file_writes(call, case, evidence, after, action, _JOB), *more]
    commit(call, writes, None)
    vault.drop(key, after.checked.object_version)
    return after.state


def _clear(evidence: Evidence, file: File, version: str | None) -> None:
    """Delete what an earlier turn that was cut off, or one that came too late, has left of a file."""
    key = evidence.key(file)
    if version is not None:
        vault.drop(key, version)
    if file.state is not State.ACCEPTED:
        delete_objects(evidence, file)


def _mail(call: Call, case: Case, file: File) -> list[Write]:
    if file.by is not By.OWNER:
        return []
    credential = case.credential
    payload = {"recipient": credential.person_id, "credential_id": credential.id, "evidence_id": file.id}
    message_id = f"{EVIDENCE_REJECTED}:{file.id}"
    return [outbox.message(message_id, Topic.MAIL, EVIDENCE_REJECTED, payload, now=call.now)]
