"""Checks the trails of credentials: what was taken out, changed or put in is named.

python -m chalicelib.credentials.audit verify [--stage STAGE] [--organisation ID ...]

It runs with the operator's own credentials and region of AWS, and the right to read the tables of credentials and
organisations. Without a stage, where to look is read from the environment, as for the deployed functions. It ends with
1 if anything is wrong. The anchor that it prints is a digest over the ends of all trails: kept elsewhere, it shows
later that nobody who can write every row has written the past anew, since the trails up to then must still lead to it
(`--heads` prints what it is made of).
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalicelib.credentials import queue_store, store
from chalicelib.credentials.evidence import store as evidence_store
from chalicelib.credentials.evidence.model import State
from chalicelib.credentials.model import MOVES, Credential, Move
from chalicelib.credentials.registries import check_store
from chalicelib.credentials.trail import Entry, broken, digest_of
from chalicelib.kernel.pages import every
from chalicelib.organisations import service as organisations
from chalicelib.platform.settings import work_on

_NO_MOVES = frozenset({
    "view", "note", "set_down", "ask_register", "answer_register", "record_register", "add_evidence",
    "accept_evidence", "reject_evidence", "remove_evidence", "delete_evidence", "open_evidence",
})  # fmt: skip
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
    """Check all trails of an organisation, those of drafts among them, in the order of the credentials' ids."""
    for credential_id in queue_store.all_cases(organisation_id):
        yield check_one(credential_id)


def check_one(credential_id: str) -> Checked:
    """Check one credential's trail against what stands beside it."""
    entries, head = store.whole_trail(credential_id), store.get_head(credential_id)
    credential = store.get_credential(credential_id)
    faults = []
    if credential is None:
        faults.append("the credential itself is missing")
    if head is None:
        faults.append("the head is missing")
    else:
        faults += broken(entries, head)
    faults += _illegal(entries)
    if credential is not None:
        faults += _differs(credential, entries)
    return Checked(credential_id, len(entries), head.hash if head else "", tuple(faults))


def faults_of(credential_id: str) -> list[str]:
    """Return what is wrong with one credential's trail; nothing if it is whole."""
    return list(check_one(credential_id).faults)


def _illegal(entries: list[Entry]) -> list[str]:
    found = []
    for entry in entries:
        if entry.action in _NO_MOVES:
            continue
        legal = entry.action in set(Move) and entry.before in {
            source.value if source else None for source in MOVES[Move(entry.action)].sources
        }
        if not legal:
            found.append(f"row {entry.seq} is no move of the table: {entry.action} from {entry.before}")
    return found


def _differs(credential: Credential, entries: list[Entry]) -> list[str]:
    """Return where wordings, decisions and records are not those that the trail tells of."""
    found = []
    told = [entry for entry in entries if "wording" in entry.detail]
    last = told[-1] if told else None
    if last is None:
        return ["no row tells of its wording"]
    if last.after != credential.status.value:
        found.append(f"it stands as {credential.status.value}, its trail ends as {last.after}")
    now = store.digests_of(credential)
    kept = {name: value for name, value in last.detail.items() if name in ("revision", "wording", "decision")}
    found += [f"its {name} is not the one of row {last.seq}" for name in sorted(_unlike(now, kept))]
    wordings = {entry.detail["revision"]: entry.detail["wording"] for entry in told}
    earlier = {str(n): digest_of(claim) for n, claim in store.revisions_of(credential.id)}
    expected = {n: digest for n, digest in wordings.items() if n != str(credential.revision)}
    found += [f"wording {n} is missing or was changed" for n in sorted(_unlike(earlier, expected), key=int)]
    records = {str(seq): digest_of(said) for seq, said in store.records_of(credential.id).items()}
    meant = {str(entry.seq): entry.detail["record"] for entry in entries if "record" in entry.detail}
    found += [
        f"what was written at row {n} is missing, was changed or put in"
        for n in sorted(_unlike(records, meant), key=int)
    ]
    answers = {entry.detail["check"]: entry.detail["answer"] for entry in entries if "answer" in entry.detail}
    found += [
        f"what a register said to check {one} is missing, was changed or put in"
        for one in sorted(_unlike(check_store.answers_of(credential.id), answers))
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
        for one in sorted(_unlike(evidence_store.settled_of(credential.id), files))
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
    options = parser.parse_args(argv)
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


if __name__ == "__main__":
    sys.exit(main())
