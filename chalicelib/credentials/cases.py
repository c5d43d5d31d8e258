"""A case as it is read for staff of its organisation, and who may not decide it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.credentials.errors import CaseMoved, OwnCredential, SharesMentorship
from chalicelib.credentials.model import Credential
from chalicelib.credentials.moving import Case, case_of, keys_of_case
from chalicelib.credentials.turns import require_turn
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import DomainError, NotFound
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import AnsweredBefore
from chalicelib.platform.tables import Write


def case_for(call: Call, credential_id: str) -> tuple[Case, Rights]:
    """Return a case to a reviewer of its organisation, with their rights, in one round trip.

    Raises
    ------
    OwnCredential
        If it is the reader's own: what reviewers write, and who they are, is not for its owner.
    """
    case, rights, _ = case_with(call, credential_id)
    return case, rights


def case_with(
    call: Call, credential_id: str, *more: tuple[type[tables.Row], str, str]
) -> tuple[Case, Rights, list[Any]]:
    """Return a case as `case_for` does, with further rows of the same round trip; raises what that does."""
    rights_row, row, head_row, *rows = tables.get_many(
        [organisations.rights_key(call), *keys_of_case(credential_id), *more]
    )
    case = case_of(row, head_row)
    # What was never submitted is its owner's alone.
    if case is None or case.credential.submitted_at is None:
        raise NotFound
    rights = organisations.rights_of(call, rights_row)
    rights.require(case.credential.organisation_id, StaffRole.REVIEWER)
    if case.credential.person_id == call.actor_id:
        raise OwnCredential
    return case, rights, rows


def case_apart(call: Call, credential_id: str) -> tuple[Case, Rights]:
    """Return a case as `case_for` does, to who is not too near to its person to read it.

    Who writes something on the occasion needs no further read: `check_apart` holds in the transaction.

    Raises
    ------
    OwnCredential, SharesMentorship
    """
    case, rights = case_for(call, credential_id)
    if people.tied_to(call.actor_id, (case.credential.person_id,)):
        raise SharesMentorship
    return case, rights


@contextmanager
def apart_if_refused(call: Call, credential: Credential) -> Iterator[None]:
    """Refuse who is too near to a case's person before anything else is refused them: why else it is may tell how the
    case stands. What is not refused reads no tie: `check_apart` holds in the transaction.

    Raises
    ------
    SharesMentorship
    """
    try:
        yield
    except (AnsweredBefore, CaseMoved, SharesMentorship):
        raise
    except DomainError:
        if people.tied_to(call.actor_id, (credential.person_id,)):
            raise SharesMentorship from None
        raise


def require_may_decide(call: Call, credential: Credential, rights: Rights) -> None:
    """Refuse who would decide on their own credential, or has had their word on it.

    Raises
    ------
    OwnCredential, SecondPersonNeeded, AdminSettles
    """
    if credential.person_id == call.actor_id:
        raise OwnCredential
    require_turn(credential, call.actor_id, is_admin=rights.admin)


def check_apart(call: Call, credential: Credential) -> Write:
    """Return the write that fails with `SharesMentorship` if the actor has or had a mentorship with the person."""
    return people.check_no_tie(call.actor_id, credential.person_id, SharesMentorship())
