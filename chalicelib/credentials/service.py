"""What owners do with credentials, and what other capabilities ask about them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.credentials import policy_store, revision_store, store
from chalicelib.credentials.claims import Claim, checked_claim
from chalicelib.credentials.evidence import store as evidence_store
from chalicelib.credentials.evidence.errors import EvidenceNeeded
from chalicelib.credentials.evidence.model import File, State, require_accepted
from chalicelib.credentials.model import Credential, Move, Seen, Status, moved
from chalicelib.credentials.moving import REVIEW_BATCH as REVIEW_BATCH  # read here, beside what others ask
from chalicelib.credentials.moving import STANDING_LOST as STANDING_LOST
from chalicelib.credentials.moving import STANDING_NARROWED as STANDING_NARROWED
from chalicelib.credentials.moving import STANDING_REGAINED as STANDING_REGAINED
from chalicelib.credentials.moving import STANDING_WIDENED as STANDING_WIDENED
from chalicelib.credentials.moving import TRAIL_EXPORT as TRAIL_EXPORT
from chalicelib.credentials.moving import Case, case_of, keys_of_case, move_writes, repeated, seen_after
from chalicelib.credentials.person_file import CredentialFile
from chalicelib.credentials.rewording import reworded
from chalicelib.credentials.trail import Entry, Head
from chalicelib.kernel.call import Call, require_version
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write


def submit(call: Call, claim: Claim, organisation_id: str | None, *, draft: bool = False) -> Seen:
    """Submit a credential to an organisation's reviewers, or keep it as a draft for its owner.

    Parameters
    ----------
    organisation_id
        May be None where the installation has one organisation only.

    Raises
    ------
    Invalid
        If fields need mending, or the organisation is not known or not named.
    AlreadySubmitted, TooManyOpen
        If the same claim, or too many, are undecided.
    EvidenceNeeded
        If the organisation wants a file of this kind: it is submitted from a draft that has one.
    """
    checked = checked_claim(claim, call.now)
    chosen = _organisation(organisation_id)
    credential_id, move = call.new_id(), Move.SAVE if draft else Move.SUBMIT

    def attempt() -> Seen:
        person_row, profile_row, file_row, policy_row = tables.get_many(
            [*_own_keys(call), store.file_key(call.actor_id), policy_store.policy_key(chosen)]
        )
        policy = policy_store.policy_of(chosen, policy_row)
        name, profession = _as_they_stand(person_row, profile_row)
        credential = Credential(
            credential_id, call.actor_id, name, profession, chosen, checked,
            submitted_at=None if draft else call.now, created_at=call.now,
            due_at=None if draft else policy.due_at(checked.country, call.now),
            recheck_months=None if draft else policy.recheck_months.get(checked.kind),
            evidence_days=None if draft else policy.evidence_days,
        )  # fmt: skip
        if not draft and checked.kind in policy.needs_evidence:
            raise EvidenceNeeded(is_new=True)
        after = credential if not draft else replace(credential, status=Status.DRAFT)
        file = store.file_of(call.actor_id, file_row)
        return _own(call, Case(credential, Head()), after, move, file)

    return repeated(attempt)


def my_credentials(call: Call, page: PageRequest) -> Page[Seen]:
    """Return the actor's own credentials, latest first."""
    found = store.list_of_person(call.actor_id, page)
    return Page(tuple(Seen.at(one, call.now) for one in found.items), found.next)


def my_credential(call: Call, credential_id: str) -> Seen:
    """Return one of the actor's own credentials."""
    credential = store.get_credential(credential_id)
    if credential is None or credential.person_id != call.actor_id:
        raise NotFound
    return Seen.at(credential, call.now)


def edit(call: Call, credential_id: str, claim: Claim) -> Seen:
    """Give one of the actor's own credentials another wording; the one before is kept. The same one changes nothing.

    What waits in the queue keeps its place. What is verified comes to the queue's end, and counts until it is decided.

    Raises
    ------
    Invalid
        If fields need mending.
    AlreadySubmitted, TooManyOpen
        If another of theirs says the same, or too many are undecided.
    UnderReview
        While a reviewer holds the case.
    EvidenceNeeded
        If the organisation wants a file of this kind, and none of a submitted or verified one is accepted.
    TooManyRevisions
        If it has had as many wordings as it may.
    AlreadyDecided, CredentialWithdrawn
        If it is rejected, expired, revoked or withdrawn.
    """
    checked = checked_claim(claim, call.now)

    def attempt() -> Seen:
        evidence_key = evidence_store.evidence_key(credential_id)
        case, file, (evidence_row, *rows) = _mine(call, credential_id, evidence_key, *_own_keys(call))
        before = case.credential
        move, after = reworded(before, checked, call.now)
        if before.claim == checked:
            return Seen.at(before, call.now)
        if after.status is Status.SUBMITTED:
            since = before.submitted_at if move is Move.EDIT else None
            after = _handed_in(call, after, since or call.now, evidence_row, rows, may_send=False)
        return _own(call, case, after, move, file, [revision_store.put_revision(before, call.now)])

    return repeated(attempt)


def submit_again(call: Call, credential_id: str) -> Seen:
    """Hand a draft, or what a reviewer wanted more of, to the reviewers; it takes its place at the queue's end.

    Raises
    ------
    Invalid
        If the document has expired meanwhile.
    EvidenceNeeded
        If the organisation wants a file of this kind, and none is accepted.
    WrongState, AlreadyDecided, CredentialWithdrawn
        Unless it is a draft, or a reviewer wants more.
    """

    def attempt() -> Seen:
        evidence_key = evidence_store.evidence_key(credential_id)
        case, file, (evidence_row, *rows) = _mine(call, credential_id, evidence_key, *_own_keys(call))
        moved_on = moved(case.credential, Move.SUBMIT, call.now, opinions=())
        checked_claim(moved_on.claim, call.now)
        after = _handed_in(call, moved_on, call.now, evidence_row, rows, may_send=True)
        return _own(call, case, after, Move.SUBMIT, file)

    return repeated(attempt)


def withdraw(call: Call, credential_id: str) -> Seen:
    """Take back one of the actor's own credentials before it is decided, whoever works on it.

    What it had verified, if it is reviewed again, ends with it. What came to the reviewers stays for its time.

    Raises
    ------
    AlreadyDecided, CredentialWithdrawn
    """

    def attempt() -> Seen:
        case, file, _ = _mine(call, credential_id)
        return _own(call, case, moved(case.credential, Move.WITHDRAW, call.now), Move.WITHDRAW, file)

    return repeated(attempt)


def my_trail(call: Call, credential_id: str, page: PageRequest) -> Page[Entry]:
    """Return what was done with one of the actor's own credentials, oldest first."""
    my_credential(call, credential_id)
    return store.trail_page(credential_id, page)


# What other capabilities ask. None of these checks who asks: the capability that calls has done so.


def get_credential(credential_id: str) -> Credential | None:
    return store.get_credential(credential_id)


def rejected_file(credential: Credential, file_id: str) -> File | None:
    """Return a file of a credential's evidence if it was refused."""
    files = evidence_store.get_evidence(credential).files
    return next((one for one in files if one.id == file_id and one.state is State.REJECTED), None)


def carry_on_batch(call: Call, organisation_id: str, batch_id: str) -> None:
    """Do the next piece of a batch; again, it does nothing."""
    from chalicelib.credentials import rereview  # a worker's, which no request needs

    rereview.carry_on(call, organisation_id, batch_id)


def carry_on_export(call: Call, export_id: str, piece: int) -> None:
    """Write a piece of an export of trails; again, it does nothing."""
    from chalicelib.credentials import exporting

    exporting.carry_on(call, export_id, piece)


def pending_for(person_id: str) -> tuple[str, ...]:
    """Return the ids of a person's undecided credentials, drafts among them, in one round trip."""
    return tuple(sorted(store.get_file(person_id).open))


def _own_keys(call: Call) -> list[tuple[type[tables.Row], str, str]]:
    return [people.person_key(call.actor_id), people.profile_key(call.actor_id)]


def _as_they_stand(person_row: Any, profile_row: Any) -> tuple[str, str | None]:
    if person_row is None or profile_row is None:
        raise NotFound
    return people.person_of(person_row).name, people.profile_of(profile_row).profession


def _handed_in(
    call: Call,
    credential: Credential,
    since: datetime,
    evidence_row: Any,
    own_rows: list[Any],
    *,
    may_send: bool,
) -> Credential:
    """Return a credential as it comes to the reviewers: its person as they stand, by the organisation's policy of now.

    Parameters
    ----------
    since
        From when it waits.
    may_send
        Whether a file that is wanted could be sent, as the credential stands.

    Raises
    ------
    EvidenceNeeded
        If the organisation wants a file of this kind, and none is accepted.
    """
    name, profession = _as_they_stand(*own_rows)
    policy = policy_store.get_policy(credential.organisation_id)
    if credential.claim.kind in policy.needs_evidence:
        files = evidence_store.evidence_of(credential, evidence_row)
        require_accepted(files, call.now, may_send=may_send)
    return replace(
        credential, submitted_at=since, person_name=name, profession=profession, handed_in=None,
        due_at=policy.due_at(credential.claim.country, since), evidence_days=policy.evidence_days,
        recheck_months=policy.recheck_months.get(credential.claim.kind),
    )  # fmt: skip


def _mine(
    call: Call, credential_id: str, *more: tuple[type[tables.Row], str, str]
) -> tuple[Case, CredentialFile, list[Any]]:
    """Read a case of the actor's own with their file, and further rows, in one round trip."""
    row, head_row, file_row, *rows = tables.get_many(
        [*keys_of_case(credential_id), store.file_key(call.actor_id), *more]
    )
    case = case_of(row, head_row)
    if case is None or case.credential.person_id != call.actor_id:
        raise NotFound
    require_version(call, case.credential.version)
    return case, store.file_of(call.actor_id, file_row), rows


def _own(
    call: Call,
    case: Case,
    after: Credential,
    move: Move,
    file: CredentialFile,
    more: list[Write] | None = None,
) -> Seen:
    """Commit a move of the owner's."""
    writes = move_writes(call, case, after, move, "owner", files=(file, file.after(after)))
    return commit(call, [*writes, *(more or [])], seen_after(call, after))


def _organisation(organisation_id: str | None) -> str:
    """Return the organisation to submit to: the one named, or the only one there is."""
    if organisation_id is not None:
        if organisations.get_organisation(organisation_id) is not None:
            return organisation_id
    else:
        first_two = organisations.list_organisations(PageRequest(2)).items
        if len(first_two) == 1:
            return first_two[0].id
    raise Invalid.field(
        "/organisation_id", "Name the organisation whose reviewers are to decide, from GET /v1/organisations."
    )
