"""What owners and reviewers do with credentials, and what other capabilities ask about them."""

from dataclasses import replace
from datetime import date

from chalicelib.credentials import store
from chalicelib.credentials.claims import Claim, checked_claim
from chalicelib.credentials.model import (
    MOVES,
    Credential,
    Decision,
    Move,
    OwnCredential,
    RejectReason,
    Seen,
    Status,
    moved,
    validity,
)
from chalicelib.kernel.call import Call, require_version
from chalicelib.kernel.errors import Invalid, NotFound, RoleRefused
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.people import service as people
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic

# What its owner does.


def submit(call: Call, claim: Claim, organisation_id: str | None) -> Seen:
    """Submit a credential to an organisation's reviewers.

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
    """
    checked = checked_claim(claim, call.now)
    chosen = _organisation(organisation_id)
    person_row, profile_row, file_row = tables.get_many(
        [people.person_key(call.actor_id), people.profile_key(call.actor_id), store.file_key(call.actor_id)]
    )
    if person_row is None or profile_row is None:
        raise NotFound
    credential = Credential(
        id=call.new_id(),
        person_id=call.actor_id,
        person_name=people.person_of(person_row).name,
        profession=people.profile_of(profile_row).profession,
        organisation_id=chosen,
        claim=checked,
        submitted_at=call.now,
    )
    file = store.file_of(call.actor_id, file_row).with_open(credential)
    writes = [
        store.put_credential(credential, call.now),
        store.put_file(file, call.now),
        _audit(call, credential, "submit", None),
    ]
    return commit(call, writes, _seen(call, replace(credential, version=1)))


def my_credentials(call: Call, page: PageRequest) -> Page[Seen]:
    """Return the actor's own credentials, latest first."""
    found = store.list_of_person(call.actor_id, page)
    return Page(tuple(_seen(call, one) for one in found.items), found.next)


def my_credential(call: Call, credential_id: str) -> Seen:
    """Return one of the actor's own credentials."""
    credential = store.get_credential(credential_id)
    if credential is None or credential.person_id != call.actor_id:
        raise NotFound
    return _seen(call, credential)


def withdraw(call: Call, credential_id: str) -> Seen:
    """Take back one of the actor's own credentials before it is decided; raises `AlreadyDecided` after that."""
    row, file_row = tables.get_many([store.credential_key(credential_id), store.file_key(call.actor_id)])
    credential = store.credential_of(row) if row else None
    if credential is None or credential.person_id != call.actor_id:
        raise NotFound
    require_version(call, credential.version)
    withdrawn = moved(credential, Move.WITHDRAW)
    file = store.file_of(call.actor_id, file_row).with_decided(withdrawn)
    writes = [
        store.put_credential(withdrawn, call.now),
        store.put_file(file, call.now),
        _audit(call, withdrawn, Move.WITHDRAW, credential.status),
    ]
    return commit(call, writes, _seen(call, _next(withdrawn)))


# What reviewers do.


def queue(call: Call, organisation_id: str | None, status: Status, page: PageRequest) -> Page[Seen]:
    """Return an organisation's credentials in one state, longest submitted first (its reviewers).

    Parameters
    ----------
    organisation_id
        May be None for who reviews for one organisation only.

    Raises
    ------
    Invalid
        If it has to be named; the refusal lists those that the actor reviews for.
    """
    chosen = _reviewed(organisations.rights(call), organisation_id)
    found = store.list_queue(chosen, status, page)
    return Page(tuple(_seen(call, one) for one in found.items), found.next)


def review(call: Call, credential_id: str) -> Seen:
    """Return a credential to a reviewer of its organisation."""
    return _seen(call, _reviewable(call, credential_id))


def verify(call: Call, credential_id: str, valid_until: date | None) -> Seen:
    """Verify a credential (reviewers of its organisation); the person's standing follows in the same transaction.

    Parameters
    ----------
    valid_until
        The last day that counts; by default the document's own, or one year after the decision (`validity`).

    Raises
    ------
    OwnCredential
        If it is the actor's own.
    AlreadyDecided
        If it was decided or withdrawn, even at the same moment.
    HasExpired
        If the document has expired while it waited.
    """
    credential = _decidable(call, credential_id, Move.VERIFY)
    until = validity(credential.claim, valid_until, call.now)
    return _decide(call, credential, Move.VERIFY, Decision(call.actor_id, call.now, valid_until=until))


def reject(call: Call, credential_id: str, reason: RejectReason, text: str) -> Seen:
    """Reject a credential with a reason that its owner reads (reviewers of its organisation); raises as `verify`."""
    credential = _decidable(call, credential_id, Move.REJECT)
    decision = Decision(call.actor_id, call.now, reason=reason, reason_text=text)
    return _decide(call, credential, Move.REJECT, decision)


# What other capabilities ask. None of these checks who asks: the capability that calls has done so.


def get_credential(credential_id: str) -> Credential | None:
    return store.get_credential(credential_id)


def pending_for(person_id: str) -> tuple[str, ...]:
    """Return the ids of a person's undecided credentials, in one round trip."""
    return tuple(sorted(store.get_file(person_id).open))


def _reviewable(call: Call, credential_id: str) -> Credential:
    rights_row, row = tables.get_many([organisations.rights_key(call), store.credential_key(credential_id)])
    if row is None:
        raise NotFound
    credential = store.credential_of(row)
    organisations.rights_of(call, rights_row).require(credential.organisation_id, StaffRole.REVIEWER)
    return credential


def _decidable(call: Call, credential_id: str, move: Move) -> Credential:
    credential = _reviewable(call, credential_id)
    if credential.person_id == call.actor_id:
        raise OwnCredential
    require_version(call, credential.version)
    moved(credential, move)
    return credential


def _decide(call: Call, credential: Credential, move: Move, decision: Decision) -> Seen:
    decided = moved(credential, move, decision)
    before = store.get_file(decided.person_id)
    file = before.with_decided(decided)
    writes = [
        store.put_credential(decided, call.now),
        store.put_file(file, call.now),
        _audit(call, decided, move, credential.status),
    ]
    if file.verified != before.verified:
        writes.append(people.set_standing(decided.person_id, file.verified_until, call.now))
    mail = MOVES[move].mail
    if mail is not None:
        message_id = f"{mail}:{decided.id}:{decided.person_id}"
        payload = {"recipient": decided.person_id, "credential_id": decided.id}
        writes.append(outbox.message(message_id, Topic.MAIL, mail, payload, now=call.now))
    return commit(call, writes, _seen(call, _next(decided)))


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


def _reviewed(rights: Rights, organisation_id: str | None) -> str:
    """Return the organisation whose queue is meant: the one named, or the only one the actor reviews for."""
    if organisation_id is not None:
        rights.require(organisation_id, StaffRole.REVIEWER)
        return organisation_id
    reviewed = sorted(one for one, roles in rights.roles.items() if StaffRole.REVIEWER in roles)
    if rights.admin:
        raise Invalid.field(
            "/organisation_id", "An admin names the organisation, from GET /v1/organisations."
        )
    if not reviewed:
        raise RoleRefused("This takes the role reviewer in an organisation.")
    if len(reviewed) > 1:
        raise Invalid.field("/organisation_id", f"You review for several: name one of {', '.join(reviewed)}.")
    return reviewed[0]


def _seen(call: Call, credential: Credential) -> Seen:
    return Seen.at(credential, call.now)


def _next(credential: Credential) -> Credential:
    return replace(credential, version=(credential.version or 0) + 1)


def _audit(call: Call, credential: Credential, action: str, before: Status | None) -> tables.Write:
    return store.audit(
        credential, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action, before=before
    )
