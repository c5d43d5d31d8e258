"""A case as reviewers are shown it whole: with its files, the latest checks at its source, and all remarks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.credentials.evidence import service as evidence
from chalicelib.credentials.evidence import store as evidence_store
from chalicelib.credentials.evidence.service import FileSeen
from chalicelib.credentials.model import Credential, Seen
from chalicelib.credentials.registries import check_store
from chalicelib.credentials.registries.checks import CheckSeen, are_outdated
from chalicelib.credentials.remarks import Remark, RemarkCode
from chalicelib.credentials.same_numbers import remarks_on_number
from chalicelib.kernel.call import Call
from chalicelib.organisations.model import Rights
from chalicelib.people import service as people
from chalicelib.platform import tables


@dataclass(frozen=True)
class CaseSeen:
    """A case with its files, the latest checks at its source, and the remarks beyond those on the claim by itself."""

    seen: Seen
    files: tuple[FileSeen, ...]
    checks: tuple[CheckSeen, ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def version(self) -> int | None:
        return self.seen.version


def keys_of_shown(call: Call, credential_id: str) -> list[tuple[type[tables.Row], str, str]]:
    """Return the keys of what `shown` asks for beside the case, for `tables.get_many`."""
    return [evidence_store.evidence_key(credential_id), people.person_key(call.actor_id)]


def shown(
    call: Call, credential: Credential, rights: Rights, rows: Sequence[Any], seen: Seen | None = None
) -> CaseSeen:
    """Return a case as its reviewer is shown it: two queries, and two batches where others claim its number.

    Parameters
    ----------
    rows
        Of `keys_of_shown`.
    seen
        How it stands after what is done on the occasion; by default as it was read.
    """
    evidence_row, reader_row = rows
    files = evidence.seen(call, evidence_store.evidence_of(credential, evidence_row), reader_row)
    checks = check_store.list_checks(credential)
    remarks = remarks_on_number(call, credential, rights)
    if are_outdated(checks):
        remarks = (*remarks, Remark(RemarkCode.CHECKS_OUTDATED))
    return CaseSeen(seen or Seen.at(credential, call.now), files, checks, remarks)
