"""What reviewers do with a case: look at it, decide it, take a decision back."""

from collections.abc import Callable, Mapping
from datetime import date

from chalicelib.credentials import policy_store, revision_store, store
from chalicelib.credentials.cases import (
    apart_if_refused,
    case_apart,
    case_for,
    case_with,
    check_apart,
    require_may_decide,
)
from chalicelib.credentials.checklists import Answer, checked_answers
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.days import end_of
from chalicelib.credentials.decisions import (
    Decision,
    Missing,
    RejectReason,
    RevokeReason,
    Verdict,
    Wanted,
    validity,
)
from chalicelib.credentials.model import UNDECIDED, Credential, Move, Seen, moved
from chalicelib.credentials.moving import Case, move_writes, record_writes, repeated, seen_after
from chalicelib.credentials.person_file import CredentialFile
from chalicelib.credentials.rewording import Wording
from chalicelib.credentials.showing import CaseSeen, keys_of_shown, shown
from chalicelib.credentials.trail import Entry, Record
from chalicelib.credentials.turns import decided, require_claim, require_seen
from chalicelib.kernel.call import Call, require_version
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import Rights
from chalicelib.platform import tables
from chalicelib.platform.commit import commit

_BY = "reviewer"


def look(call: Call, credential_id: str) -> CaseSeen:
    """Return a case to a reviewer of its organisation; the trail keeps that they have seen it.

    Raises
    ------
    OwnCredential, SharesMentorship
        If it is the actor's own, or of somebody they have or had a mentorship with.
    """

    def attempt() -> CaseSeen:
        case, rights, rows = case_with(call, credential_id, *keys_of_shown(call, credential_id))
        found = shown(call, case.credential, rights, rows)
        writes = record_writes(call, case, case.credential, "view", _BY)
        return commit(call, [*writes, check_apart(call, case.credential)], found)

    return repeated(attempt)


def verify(
    call: Call,
    credential_id: str,
    valid_until: date | None,
    checklist: Mapping[str, Answer],
    revision: int | None = None,
) -> Seen:
    """Verify a credential; the person's standing follows in the same transaction.

    Where two persons decide, the first word is kept as an opinion, and the case waits for another person.

    Parameters
    ----------
    valid_until
        The last day that counts; by default the document's own, or one year after the decision (`validity`).
    checklist
        An answer to each of `checklists.items_for` the claim, by its code.
    revision
        The wording that the actor has looked at; None for the one that their claim has shown them.

    Raises
    ------
    ClaimNeeded, ClaimLapsed, ClaimedByAnother
        Unless the actor holds the case.
    RevisionNotSeen
        If their claim has not shown them the present wording, or it is not the one that they name.
    OwnCredential, SharesMentorship
        If it is the actor's own, or of somebody they have or had a mentorship with.
    SecondPersonNeeded, AdminSettles
        If the actor has had their word on it, or two have differed.
    AlreadyDecided, CredentialWithdrawn, WrongState
        If it was decided or withdrawn, even at the same moment.
    HasExpired
        If the document has expired while it waited.
    Invalid
        If the checklist or the day does not allow it.
    """

    def decision(credential: Credential) -> Decision:
        until = validity(credential.claim, valid_until, call.now, credential.recheck_months)
        answers = checked_answers(credential.claim, checklist)
        counts = end_of(until, credential.claim.country)
        return Decision(
            call.actor_id, call.now, until, counts, checklist=answers, revision=credential.revision
        )

    return _decided(call, credential_id, Verdict.VERIFY, decision, revision)


def reject(
    call: Call, credential_id: str, reason: RejectReason, text: str, revision: int | None = None
) -> Seen:
    """Reject a credential with a reason that its owner reads; raises as `verify`.

    What it had verified, if it is reviewed again, ends with it.
    """

    def decision(credential: Credential) -> Decision:
        return Decision(
            call.actor_id, call.now, reason=reason, reason_text=text, revision=credential.revision
        )

    return _decided(call, credential_id, Verdict.REJECT, decision, revision)


def want_more(
    call: Call, credential_id: str, missing: tuple[Missing, ...], text: str, revision: int | None = None
) -> Seen:
    """Ask a person for what is missing; they edit and submit again. Raises as `verify`."""

    def attempt() -> Seen:
        case, rights = case_for(call, credential_id)
        wanted = Wanted(call.actor_id, call.now, missing, text, case.credential.revision)
        with apart_if_refused(call, case.credential):
            _require_hold(call, case, rights, revision)
            after = moved(case.credential, Move.WANT_MORE, call.now, wanted=wanted, opinions=())
        record = {"kind": "wanted", **store.wanted_data(wanted)}
        writes = move_writes(call, case, after, Move.WANT_MORE, _BY, record=record)
        return commit(call, [*writes, check_apart(call, after)], seen_after(call, after))

    return repeated(attempt)


def revoke(call: Call, credential_id: str, reason: RevokeReason, text: str) -> Seen:
    """Take back a verification, with a reason that its owner reads; what was open with the person is closed by news.

    One that has expired may turn out to be false, too: what goes on for a grace since then is paused by the news. So
    may one that is reviewed again: this waits neither for a claim, nor for a second person, nor for its owner. What its
    owner has withdrawn since it was verified counts no more; revoked, it is on record that it was refused, and what was
    suspended until somebody verifies them again waits for a coordinator.

    Raises
    ------
    OwnCredential, SharesMentorship
    AlreadyDecided, CredentialWithdrawn, WrongState
        If it was never verified, or was revoked before.
    """

    def attempt() -> Seen:
        case, _ = case_for(call, credential_id)
        before = case.credential.decision
        decision = Decision(
            call.actor_id, call.now, reason=reason, reason_text=text,
            revision=before.revision if before is not None else None,
        )  # fmt: skip
        with apart_if_refused(call, case.credential):
            require_version(call, case.credential.version)
            after = moved(case.credential, Move.REVOKE, call.now, decision=decision, opinions=())
        file = store.get_file(after.person_id)
        # The file says as what it counted, as long as it does.
        counted = revision_store.verified_claim(after) if after.id not in file.badges else None
        return _settled(call, case, Move.REVOKE, after, decision, file, counted=counted)

    return repeated(attempt)


def note(call: Call, credential_id: str, text: str) -> Seen:
    """Note something on a case for its reviewers alone; its trail keeps that there is a note, and not what it says."""

    def attempt() -> Seen:
        case, _ = case_for(call, credential_id)
        record = {"kind": "note", "by": call.actor_id, "at": to_text(call.now), "text": text}
        writes = record_writes(call, case, case.credential, "note", _BY, record=record)
        seen = Seen.at(case.credential, call.now)
        return commit(call, [*writes, check_apart(call, case.credential)], seen)

    return repeated(attempt)


def records(call: Call, credential_id: str, page: PageRequest) -> Page[Record]:
    """Return what reviewers have written on a case, oldest first: decisions, requests, notes.

    An opinion is shown once the case is decided, or to the admin who settles it: the second of two persons is to come
    to their own.
    """
    case, rights = case_apart(call, credential_id)
    found = store.records_page(credential_id, page)
    # One on an earlier wording counts no more, and is as good a reason not to come to one's own.
    hidden = case.credential.status in UNDECIDED and not rights.admin
    items = tuple(one for one in found.items if not (hidden and one.said["kind"] == "opinion"))
    return Page(items, found.next)


def trail(call: Call, credential_id: str, page: PageRequest) -> Page[Entry]:
    """Return a case's trail with all that it holds, oldest first, to a reviewer of its organisation."""
    case_apart(call, credential_id)
    return store.trail_page(credential_id, page)


def wordings(call: Call, credential_id: str) -> tuple[Wording, ...]:
    """Return the wordings of a case that came to reviewers, in their order with the present one as the last.

    They show numbers and names as the case does: the trail keeps this look, too.

    Raises
    ------
    OwnCredential, SharesMentorship
        If it is the actor's own, or of somebody they have or had a mentorship with.
    """

    def attempt() -> tuple[Wording, ...]:
        case, _ = case_for(call, credential_id)
        found = revision_store.wordings_of(case.credential)
        writes = record_writes(call, case, case.credential, "view", _BY, detail={"form": "revisions"})
        return commit(call, [*writes, check_apart(call, case.credential)], found)

    return repeated(attempt)


def _require_hold(call: Call, case: Case, rights: Rights, revision: int | None) -> None:
    """Let pass who may decide the case, and has a live claim on it that has shown them its present wording."""
    require_may_decide(call, case.credential, rights)
    require_version(call, case.credential.version)
    require_claim(case.credential, call.actor_id, call.now)
    require_seen(case.credential, revision)


def _decided(
    call: Call,
    credential_id: str,
    verdict: Verdict,
    decide: Callable[[Credential], Decision],
    revision: int | None,
) -> Seen:
    def attempt() -> Seen:
        case, rights = case_for(call, credential_id)
        credential = case.credential
        with apart_if_refused(call, credential):
            _require_hold(call, case, rights, revision)
            # An old case has the first word, before any rule of the decision.
            moved(credential, Move.OPINE, call.now)
            decision = decide(credential)
        file_row, policy_row, organisation_row = tables.get_many(
            [
                store.file_key(credential.person_id),
                policy_store.policy_key(credential.organisation_id),
                organisations.organisation_key(credential.organisation_id),
            ]
        )
        policy = policy_store.policy_of(credential.organisation_id, policy_row)
        by_two = policy.asks_two(credential.claim.country)
        move, after = decided(credential, verdict, decision, call.now, by_two=by_two)
        file = store.file_of(credential.person_id, file_row)
        by = organisations.organisation_of(organisation_row).name if move is Move.VERIFY else None
        return _settled(call, case, move, after, decision, file, verdict, organisation=by)

    return repeated(attempt)


def _settled(
    call: Call,
    case: Case,
    move: Move,
    after: Credential,
    decision: Decision,
    file: CredentialFile,
    verdict: Verdict | None = None,
    *,
    organisation: str | None = None,
    counted: Claim | None = None,
) -> Seen:
    """Commit a decision, with what it does to the person's file and standing; an opinion does nothing to them."""
    kind = "opinion" if move is Move.OPINE else "decision"
    record = {
        "kind": kind,
        "verdict": verdict.value if verdict else move.value,
        **store.decision_data(decision),
    }
    shows = decision.reason is not None and move is not Move.OPINE
    files = None if move is Move.OPINE else (file, file.after(after, organisation=organisation))
    writes = move_writes(
        call, case, after, move, _BY, files=files, record=record, counted=counted,
        detail={"reason": decision.reason.value} if shows and decision.reason else None,
    )  # fmt: skip
    return commit(call, [*writes, check_apart(call, after)], seen_after(call, after))
