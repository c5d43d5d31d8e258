"""What reviewers do with a case: look at it, decide it, take a decision back."""

from collections.abc import Callable
from datetime import date

from chalicelib.credentials import store
from chalicelib.credentials.cases import case_for, require_another
from chalicelib.credentials.decisions import (
    Decision,
    Missing,
    RejectReason,
    RevokeReason,
    Wanted,
    validity,
)
from chalicelib.credentials.model import Credential, Move, Seen, moved, require_claim
from chalicelib.credentials.moving import Case, move_writes, record_writes, repeated, seen_after
from chalicelib.credentials.trail import Entry
from chalicelib.kernel.call import Call, require_version
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.commit import commit

_BY = "reviewer"


def look(call: Call, credential_id: str) -> Seen:
    """Return a case to a reviewer of its organisation; the trail keeps that they have seen it."""

    def attempt() -> Seen:
        case = case_for(call, credential_id)
        return commit(
            call, record_writes(call, case, case.credential, "view", _BY), Seen.at(case.credential, call.now)
        )

    return repeated(attempt)


def verify(call: Call, credential_id: str, valid_until: date | None) -> Seen:
    """Verify a credential; the person's standing follows in the same transaction.

    Parameters
    ----------
    valid_until
        The last day that counts; by default the document's own, or one year after the decision (`validity`).

    Raises
    ------
    ClaimNeeded, ClaimLapsed, ClaimedByAnother
        Unless the actor holds the case.
    OwnCredential
        If it is the actor's own.
    AlreadyDecided, CredentialWithdrawn, WrongState
        If it was decided or withdrawn, even at the same moment.
    HasExpired
        If the document has expired while it waited.
    """

    def decision(credential: Credential) -> Decision:
        return Decision(
            call.actor_id, call.now, valid_until=validity(credential.claim, valid_until, call.now)
        )

    return _decided(call, credential_id, Move.VERIFY, decision)


def reject(call: Call, credential_id: str, reason: RejectReason, text: str) -> Seen:
    """Reject a credential with a reason that its owner reads; raises as `verify`."""
    decision = Decision(call.actor_id, call.now, reason=reason, reason_text=text)
    return _decided(call, credential_id, Move.REJECT, lambda _: decision)


def want_more(call: Call, credential_id: str, missing: tuple[Missing, ...], text: str) -> Seen:
    """Ask a person for what is missing; they edit and submit again. Raises as `verify`."""

    def attempt() -> Seen:
        case = _decidable(call, credential_id)
        wanted = Wanted(call.actor_id, call.now, missing, text)
        after = moved(case.credential, Move.WANT_MORE, call.now, wanted=wanted)
        writes = move_writes(
            call, case, after, Move.WANT_MORE, _BY, record=store.wanted_data(wanted)
        )  # fmt: skip
        return commit(call, writes, seen_after(call, after))

    return repeated(attempt)


def revoke(call: Call, credential_id: str, reason: RevokeReason, text: str) -> Seen:
    """Take back a verification, with a reason that its owner reads; what was open with the person is closed by news.

    Raises
    ------
    OwnCredential
    AlreadyDecided, CredentialWithdrawn, WrongState
        If it is not verified, or no longer.
    """
    decision = Decision(call.actor_id, call.now, reason=reason, reason_text=text)
    return _decided(call, credential_id, Move.REVOKE, lambda _: decision, needs_claim=False)


def trail(call: Call, credential_id: str, page: PageRequest) -> Page[Entry]:
    """Return a case's trail with all that it holds, oldest first, to a reviewer of its organisation."""
    case_for(call, credential_id)
    return store.trail_page(credential_id, page)


def _decidable(call: Call, credential_id: str, *, needs_claim: bool = True) -> Case:
    case = case_for(call, credential_id)
    require_another(call, case.credential)
    require_version(call, case.credential.version)
    if needs_claim:
        require_claim(case.credential, call.actor_id, call.now)
    return case


def _decided(
    call: Call,
    credential_id: str,
    move: Move,
    decide: Callable[[Credential], Decision],
    *,
    needs_claim: bool = True,
) -> Seen:
    def attempt() -> Seen:
        case = _decidable(call, credential_id, needs_claim=needs_claim)
        moved(case.credential, move, call.now)  # before any rule of the decision: an old case has the word
        decision = decide(case.credential)
        after = moved(case.credential, move, call.now, decision=decision)
        file = store.get_file(after.person_id)
        writes = move_writes(
            call, case, after, move, _BY, files=(file, file.after(after)), record=store.decision_data(decision),
            detail={"reason": decision.reason.value} if decision.reason else None,
        )  # fmt: skip
        return commit(call, writes, seen_after(call, after))

    return repeated(attempt)
