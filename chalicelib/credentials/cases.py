"""A case as it is read for staff of its organisation, and who may not decide it."""

from chalicelib.credentials.errors import OwnCredential
from chalicelib.credentials.model import Credential
from chalicelib.credentials.moving import Case, case_of, keys_of_case
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.platform import tables


def case_for(call: Call, credential_id: str) -> Case:
    """Return a case to a reviewer of its organisation, in one round trip."""
    rights_row, row, head_row = tables.get_many(
        [organisations.rights_key(call), *keys_of_case(credential_id)]
    )
    case = case_of(row, head_row)
    # What was never submitted is its owner's alone.
    if case is None or case.credential.submitted_at is None:
        raise NotFound
    rights = organisations.rights_of(call, rights_row)
    rights.require(case.credential.organisation_id, StaffRole.REVIEWER)
    return case


def require_another(call: Call, credential: Credential) -> None:
    """Refuse who would decide on their own credential."""
    if credential.person_id == call.actor_id:
        raise OwnCredential
