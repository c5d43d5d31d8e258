"""Handing a person's qualifications out as a FHIR resource, to themselves and to their reviewers."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from chalicelib.credentials import fhir, revision_store, store
from chalicelib.credentials.cases import check_apart
from chalicelib.credentials.model import Credential, Status
from chalicelib.credentials.moving import Case, case_of, keys_of_case, record_writes, repeated
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.settings import settings

_PIECE = 25
"""Cases a read and a transaction: two rows each are read, and two written."""


def practitioner(call: Call, person_id: str) -> dict[str, Any]:
    """Return a person's verified, expired and revoked qualifications as a FHIR R4 Practitioner.

    The person gets all of theirs; a reviewer those that were submitted to organisations that they review for, and the
    trail of each keeps that they have seen it.

    Raises
    ------
    NotFound
        To everybody else, and where there is nobody.
    SharesMentorship
        To a reviewer who has or had a mentorship with the person.
    """
    rights_row, person_row = tables.get_many([organisations.rights_key(call), people.person_key(person_id)])
    own = person_id == call.actor_id
    rights = organisations.rights_of(call, rights_row)
    if person_row is None or not (own or rights.admin or rights.roles):
        raise NotFound
    ids = store.ids_of_person(person_id)
    found: list[Credential] = []
    for start in range(0, len(ids), _PIECE):
        found += repeated(partial(_seen, call, ids[start : start + _PIECE], None if own else rights))
    if not own and not found:
        raise NotFound
    return fhir.practitioner(people.person_of(person_row), found, call.now, settings().token_issuer)


def _seen(call: Call, ids: Sequence[str], rights: Rights | None) -> list[Credential]:
    """Return those of some cases that the actor may see, from the table itself: an index may lag behind a revocation.
    Staff see them once the trails have it.

    Parameters
    ----------
    rights
        The actor's as staff; None for the person themselves.
    """
    rows = tables.get_many([key for one in ids for key in keys_of_case(one)])
    cases = [case_of(rows[2 * n], rows[2 * n + 1]) for n in range(len(ids))]
    found = [
        Case(_as_verified(case.credential), case.head)
        for case in cases
        if case is not None and _may_see(case, rights)
    ]
    shown = [case for case in found if fhir.is_shown(case.credential, call.now)]
    if rights is not None and found:
        looks = [
            record_writes(call, case, case.credential, "view", "reviewer", detail={"form": "fhir"})
            for case in shown
        ]
        apart = check_apart(call, found[0].credential)  # all are of one person
        commit(call, [*(write for look in looks for write in look), apart], None)
    return [case.credential for case in found]


def _as_verified(credential: Credential) -> Credential:
    """Return what was revoked in the wording that had been verified: its person may have given it another since."""
    about = credential.decision.revision if credential.decision is not None else None
    if credential.status is not Status.REVOKED or about is None or about == credential.revision:
        return credential
    claim = revision_store.wording(credential, about)
    return replace(credential, claim=claim, revision=about) if claim is not None else credential


def _may_see(case: Case, rights: Rights | None) -> bool:
    credential = case.credential
    if rights is None:
        return True
    # What was never submitted is its owner's alone.
    return credential.submitted_at is not None and rights.has(credential.organisation_id, StaffRole.REVIEWER)
