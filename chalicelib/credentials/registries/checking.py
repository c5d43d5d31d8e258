"""Checks of a credential at its source: asked by reviewers, answered by a worker, so that a slow register delays
nobody; or looked up and recorded by the reviewer."""

from dataclasses import replace
from datetime import datetime

from chalicelib.credentials import authorities, revision_store
from chalicelib.credentials import store as credentials
from chalicelib.credentials.cases import apart_if_refused, case_for, case_with, check_apart
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.evidence import store as evidence_store
from chalicelib.credentials.model import Credential
from chalicelib.credentials.moving import Case, case_of, keys_of_case, record_writes, repeated
from chalicelib.credentials.registries import check_store as store
from chalicelib.credentials.registries import lookups, manual
from chalicelib.credentials.registries.checks import Check, CheckSeen
from chalicelib.credentials.registries.errors import AnsweredBefore, NoNumber
from chalicelib.credentials.registries.manual import ManualCheck
from chalicelib.credentials.registries.model import Asked, Means
from chalicelib.credentials.trail import digest_of
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic
from chalicelib.platform.outgoing.client import Client
from chalicelib.platform.tables import Write

_REVIEWER, _JOB = "reviewer", "job"
KIND = "check-register"
"""Of the outbox message by which a worker asks a register."""


def ask(call: Call, credential_id: str, authority_id: str | None) -> CheckSeen:
    """Have an authority's register asked about a credential (its organisation's reviewers).

    Parameters
    ----------
    authority_id
        Of the list; None means the one that the claim names.

    Raises
    ------
    Invalid
        If neither names one, or the two differ: a number is one of its own register.
    NoNumber
        If the claim carries none.
    """
    return repeated(lambda: _ask(call, credential_id, authority_id))


def _ask(call: Call, credential_id: str, authority_id: str | None) -> CheckSeen:
    case, _ = case_for(call, credential_id)
    credential = case.credential.as_handed_in
    with apart_if_refused(call, credential):
        if not credential.claim.number:
            raise NoNumber
        chosen = _authority(credential, authority_id)
    means, _ = lookups.registry(credential.organisation_id, chosen, call.now.date())
    check = _check(call, credential, means, authority_id=chosen)
    payload = {"credential_id": credential.id, "check_id": check.id}
    message = outbox.message(f"{KIND}:{check.id}", Topic.REGISTER_CHECK, KIND, payload, now=call.now)
    trail = _trail(call, case, check, "ask_register", _REVIEWER)
    writes = [store.put_asked(check), message, *trail, check_apart(call, credential)]
    return commit(call, writes, CheckSeen(check, credential.revision))


def record(call: Call, credential_id: str, seen: ManualCheck, revision: int | None = None) -> CheckSeen:
    """Record what a reviewer saw of a register (the credential's organisation's reviewers).

    Parameters
    ----------
    revision
        The wording that they had before them; by default the one that stood when they looked.

    Raises
    ------
    Invalid
        If what they say does not make sense, the evidence that they name is no accepted file of the credential, or
        no such wording has come to reviewers.
    """
    checked = manual.checked(seen, call.now)

    def attempt() -> CheckSeen:
        case, _, (row,) = case_with(call, credential_id, evidence_store.evidence_key(credential_id))
        credential = case.credential.as_handed_in
        evidence = evidence_store.evidence_of(credential, row)
        with apart_if_refused(call, credential):
            if checked.evidence_id is not None and not evidence.is_accepted(checked.evidence_id):
                raise Invalid.field("/evidence_id", "Name an accepted file of this credential's evidence.")
            looked_at, claim = _wording(credential, revision, checked.seen_at)
        asked = _check(call, credential, Means.MANUAL, seen=checked)
        answer = manual.answer(checked, _asked(claim))
        check = replace(asked, revision=looked_at, answered_at=call.now, answer=answer)
        trail = _trail(call, case, check, "record_register", _REVIEWER)
        apart = check_apart(call, case.credential)
        result = CheckSeen(check, credential.revision)
        return commit(call, [store.put_answered(check), *trail, apart], result)

    return repeated(attempt)


def list_checks(call: Call, credential_id: str) -> tuple[CheckSeen, ...]:
    """Return a credential's latest checks, latest first (its organisation's reviewers); the trail keeps this look,
    since registers say names and numbers."""

    def attempt() -> tuple[CheckSeen, ...]:
        case, _ = case_for(call, credential_id)
        found = store.list_checks(case.credential)
        writes = record_writes(call, case, case.credential, "view", _REVIEWER, detail={"form": "checks"})
        return commit(call, [*writes, check_apart(call, case.credential)], found)

    return repeated(attempt)


def work(call: Call, message_id: str, outgoing: Client | None = None) -> Check | None:
    """Ask the register that a message names, and keep what it says, once.

    Parameters
    ----------
    outgoing
        Who asks online; production's by default.

    Returns
    -------
    Check or None
        The check with its answer; None if there was nothing to do.
    """
    claimed = outbox.take(message_id, Topic.REGISTER_CHECK, now=call.now)
    if claimed is None:
        return None
    with outbox.given_back(claimed, lambda: call.now):
        check = _answered(call, claimed.payload["credential_id"], claimed.payload["check_id"], outgoing)
    done = outbox.done(claimed, now=call.now)
    if check is None:
        return commit(call, [done], None)
    try:
        # The register is asked once, however often the trail moves on meanwhile.
        return repeated(lambda: _keep(call, check, done))
    except AnsweredBefore:
        return commit(call, [done], None)


def _keep(call: Call, check: Check, done: Write) -> Check | None:
    case = case_of(*tables.get_many(keys_of_case(check.credential_id)))
    if case is None:
        return commit(call, [done], None)
    writes = [store.put_answered(check), done, *_trail(call, case, check, "answer_register", _JOB)]
    return commit(call, writes, check)


def _answered(call: Call, credential_id: str, check_id: str, outgoing: Client | None) -> Check | None:
    asked_row, answered_row, row = tables.get_many(
        [
            store.asked_key(credential_id, check_id), store.answered_key(credential_id, check_id),
            credentials.credential_key(credential_id),
        ]
    )  # fmt: skip
    if asked_row is None or answered_row is not None or row is None:
        return None
    check, credential = store.check_of(asked_row), credentials.credential_of(row)
    if check.authority_id is None:
        return None
    # The wording that the reviewer asked about, and its authority: there may be another by now.
    claim = revision_store.wording(credential, check.revision)
    if claim is None:
        return None
    _, registry = lookups.registry(credential.organisation_id, check.authority_id, call.now.date(), outgoing)
    return replace(check, answered_at=call.now, answer=registry.lookup(_asked(claim)))


def _wording(credential: Credential, revision: int | None, seen_at: datetime) -> tuple[int, Claim]:
    """Return the wording that a reviewer had before them when they looked at a register, with its number."""
    if revision is None:
        stood = revision_store.wording_at(credential, seen_at)
        return stood.revision, stood.claim
    claim = revision_store.wording(credential, revision)
    if claim is None:
        raise Invalid.field("/revision", f"There is no such wording: the latest is {credential.revision}.")
    return revision, claim


def _authority(credential: Credential, authority_id: str | None) -> str:
    listed = credential.claim.listed
    if authority_id is None:
        if listed is None:
            raise Invalid.field(
                "/authority_id",
                "The claim names no authority of the list: say whose register is to be asked.",
            )
        return listed.id
    if authorities.authority(authority_id) is None:
        raise Invalid.field("/authority_id", "Give an id from GET /v1/codes/authorities.")
    if listed is not None and listed.id != authority_id:
        raise Invalid.field("/authority_id", f"The claim's number is one of {listed.name}: leave this out.")
    return authority_id


def _asked(claim: Claim) -> Asked:
    return Asked(claim.number, claim.name_on_document, claim.country)


def _check(
    call: Call,
    credential: Credential,
    means: Means,
    *,
    authority_id: str | None = None,
    seen: ManualCheck | None = None,
) -> Check:
    return Check(
        call.new_id(), credential.id, credential.revision, means, call.actor_id, call.now, authority_id, seen
    )


def _trail(call: Call, case: Case, check: Check, action: str, by: str) -> list[Write]:
    """Return the writes of a row of the trail: codes, and the digest of what a register said, which stands beside."""
    detail = {"check": check.id, "means": check.means.value, "revision": str(check.revision)}
    if check.authority_id is not None:
        detail["authority"] = check.authority_id
    if check.answer is not None:
        detail |= {
            "outcome": check.answer.outcome.value,
            "answer": digest_of(store.answer_data(check.answer)),
        }
    return record_writes(call, case, case.credential, action, by, detail=detail)
