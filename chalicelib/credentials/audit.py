"""Checks the trails of credentials: what was taken out, changed or put in is named.

python -m chalicelib.credentials.audit verify [--stage STAGE] [--organisation ID ...]
python -m chalicelib.credentials.audit verify --file export.jsonl

It runs with the operator's own credentials and region of AWS, and the right to read the tables of credentials and
organisations. Without a stage, where to look is read from the environment, as for the deployed functions. It ends with
1 if anything is wrong. The anchor that it prints is a digest over the ends of all trails: kept elsewhere, it shows
later that nobody who can write every row has written the past anew, since the trails up to then must still lead to it
(`--heads` prints what it is made of).

With a file it checks an export of trails, and needs neither AWS nor a right: docs/credentials.md.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from chalicelib.credentials import kept_store, queue_store, store
from chalicelib.credentials.evidence import store as evidence_store
from chalicelib.credentials.evidence.model import State
from chalicelib.credentials.kept_store import RawRow
from chalicelib.credentials.model import Credential
from chalicelib.credentials.registries import check_store
from chalicelib.credentials.trail import Entry, broken, digest_of
from chalicelib.credentials.trail_files import illegal, read_file
from chalicelib.kernel.pages import every
from chalicelib.organisations import service as organisations
from chalicelib.platform.settings import work_on

_WORKERS = 8
_TOGETHER = 500
_LOOKS = 5
_SETTLED = {
    "accept_evidence": State.ACCEPTED, "reject_evidence": State.REJECTED, "remove_evidence": State.REMOVED,
    "delete_evidence": State.DELETED,
}  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """One credential's trail: how long it is, where it ends, and what is wrong with it."""

    credential_id: str
    rows: int
    head: str
    faults: tuple[str, ...]


def check(organisation_id: str) -> Iterator[Checked]:
    """Check all trails of an organisation, those of drafts among them, in the order of the credentials' ids.

    Several at once: each waits for one read.
    """
    ids = queue_store.all_cases(organisation_id)
    with ThreadPoolExecutor(_WORKERS) as pool:
        while together := list(islice(ids, _TOGETHER)):
            yield from pool.map(check_one, together)


def check_one(credential_id: str) -> Checked:
    """Check one credential's trail against what stands beside it.

    Where something is wrong it is read again until it stays the same: somebody may have moved it while it was read.
    """
    checked = _check(credential_id)
    for _ in range(_LOOKS):
        if not checked.faults or checked == (checked := _check(credential_id)):
            break
    return checked


def faults_of(credential_id: str) -> list[str]:
    """Return what is wrong with one credential's trail; nothing if it is whole."""
    return list(check_one(credential_id).faults)


def _check(credential_id: str) -> Checked:
    kept = kept_store.kept_of(credential_id)
    entries, head = kept_store.trail_in(kept)
    credential = kept_store.credential_in(kept)
    faults = []
    if credential is None:
        faults.append("the credential itself is missing")
    if head is None:
        faults.append("the head is missing")
    else:
        faults += broken(entries, head)
    faults += illegal(entries)
    if credential is not None:
        faults += _differs(credential, entries, kept)
    return Checked(credential_id, len(entries), head.hash if head else "", tuple(faults))


def _differs(credential: Credential, entries: list[Entry], kept: list[RawRow]) -> list[str]:
    """Return where wordings, decisions and records are not those that the trail tells of."""
    found = []
    told = [entry for entry in entries if "wording" in entry.detail]
    last = told[-1] if told else None
    if last is None:
        return ["no row tells of its wording"]
    if last.after != credential.status.value:
        found.append(f"it stands as {credential.status.value}, its trail ends as {last.after}")
    now = store.digests_of(credential)
    held = {name: value for name, value in last.detail.items() if name in ("revision", "wording", "decision")}
    found += [f"its {name} is not the one of row {last.seq}" for name in sorted(_unlike(now, held))]
    wordings = {entry.detail["revision"]: entry.detail["wording"] for entry in told}
    earlier = {str(n): digest_of(claim) for n, claim in kept_store.revisions_in(kept).items()}
    expected = {n: digest for n, digest in wordings.items() if n != str(credential.revision)}
    found += [f"wording {n} is missing or was changed" for n in sorted(_unlike(earlier, expected), key=int)]
    handed_in = credential.handed_in
    if handed_in is not None and digest_of(store.claim_data(handed_in.claim)) != wordings.get(
        str(handed_in.revision)
    ):
        found.append(f"what reviewers have is not wording {handed_in.revision}")
    records = {str(seq): digest_of(said) for seq, said in kept_store.records_in(kept).items()}
    meant = {str(entry.seq): entry.detail["record"] for entry in entries if "record" in entry.detail}
    found += [
        f"what was written at row {n} is missing, was changed or put in"
        for n in sorted(_unlike(records, meant), key=int)
    ]
    answers = {entry.detail["check"]: entry.detail["answer"] for entry in entries if "answer" in entry.detail}
    found += [
        f"what a register said to check {one} is missing, was changed or put in"
        for one in sorted(_unlike(check_store.answers_in(kept), answers))
    ]
    asked = {
        entry.detail["check"]: entry.detail["revision"]
        for entry in entries
        if {"check", "revision"} <= entry.detail.keys()
    }
    of_wordings = check_store.revisions_in(kept)
    # An answer that is missing altogether is told of above.
    found += [
        f"check {one} is of another wording than its row of the trail says"
        for one in sorted(asked)
        if of_wordings.get(one, asked[one]) != asked[one]
    ]
    files = {
        entry.detail["evidence"]: evidence_store.told(
            _SETTLED[entry.action].value, entry.detail.get("sha256")
        )
        for entry in entries
        if entry.action in _SETTLED
    }
    found += [
        f"file {one} is missing, was changed or put in"
        for one in sorted(_unlike(evidence_store.settled_in(kept), files))
    ]
    return found


def _unlike(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def _all_organisations() -> Iterator[str]:
    return (one.id for one in every(organisations.list_organisations))


def main(argv: Sequence[str] | None = None) -> int:
    """Check what is asked for, print what is wrong, and return 1 if anything is."""
    parser = argparse.ArgumentParser(prog="python -m chalicelib.credentials.audit")
    parser.add_argument("command", choices=["verify"])
    parser.add_argument("--stage", help="the stage on AWS; without it, what the environment names")
    parser.add_argument("--organisation", action="append", help="only this one; may be given several times")
    parser.add_argument("--heads", action="store_true", help="print where each trail ends")
    parser.add_argument("--file", type=Path, help="an export (.jsonl or .csv) to check instead")
    options = parser.parse_args(argv)
    if options.file is not None:
        return _check_file(options.file, heads=options.heads)
    work_on(options.stage)
    heads, rows, wrong = [], 0, 0
    for organisation_id in options.organisation or _all_organisations():
        for one in check(organisation_id):
            heads.append(f"{one.credential_id} {one.head}")
            rows += one.rows
            wrong += bool(one.faults)
            lines = [f"{one.credential_id}: {fault}" for fault in one.faults]
            sys.stdout.writelines(f"{line}\n" for line in lines)
            if options.heads:
                sys.stdout.write(f"{one.credential_id} {one.rows} {one.head}\n")
    sys.stdout.write(
        f"{len(heads)} credentials, {rows} rows, {wrong} with faults; anchor {digest_of(sorted(heads))}\n"
    )
    return 1 if wrong else 0


def _check_file(path: Path, *, heads: bool) -> int:
    """Check an export, print what is wrong, and return 1 if anything is."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found = read_file(file)
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{path}: {error}\n")
        return 1
    sys.stdout.writelines(f"{fault}\n" for fault in found.faults)
    if heads:
        sys.stdout.writelines(f"{head}\n" for head in found.heads)
    # With trails left out, the ends are not those of `verify` beside the tables.
    is_all = found.is_whole and not found.left_out
    anchor = f"anchor {digest_of(sorted(found.heads))}; " if is_all else ""
    but_for = f"without {found.left_out} trails that its admin may not read; " if found.left_out else ""
    digest = f"digest {found.digest}" if found.digest else "no digest"
    sys.stdout.write(
        f"{len(found.heads)} credentials, {found.rows} rows, {len(found.faults)} faults; {but_for}{anchor}{digest}\n"
    )
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
