"""The same number claimed by two persons: what the reviewer of one is told of the other."""

from chalicelib.credentials import number_store, revision_store, store
from chalicelib.credentials.model import Credential
from chalicelib.credentials.number_store import Claimant
from chalicelib.credentials.remarks import OtherClaim, Remark, RemarkCode
from chalicelib.kernel.call import Call
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.people import service as people
from chalicelib.platform import tables

MOST = 25
"""Others that are looked at, the latest first: whoever reads of so many needs no more."""


def remarks_on_number(call: Call, credential: Credential, rights: Rights) -> tuple[Remark, ...]:
    """Return what a reviewer is told of other persons who claim a credential's number.

    A case that they may open as a reviewer is named. Of any other (another organisation's, their own, or one of
    somebody they have or had a mentorship with) they are told that there is one: whose it is, where, and how many there
    are is not theirs to know.
    """
    key = number_store.key_of(credential)
    if key is None:
        return ()
    others = [one for one in number_store.claimants(key) if one.person_id != credential.person_id]
    # Those that can be named come first, so that a crowd elsewhere hides none of them.
    others.sort(key=lambda one: (_is_reviewers(one, rights), one.credential_id), reverse=True)
    looked_at = others[:MOST]
    rows = tables.get_many([key for one in looked_at for key in _keys_of(one)]) if others else []
    tied = people.tied_to(call.actor_id, {one.person_id for one in looked_at}) if others else frozenset()
    closed = {call.actor_id, *tied}
    named, elsewhere = [], False
    for one, row, earlier in zip(looked_at, rows[::2], rows[1::2], strict=True):
        other = store.credential_of(row).as_handed_in if row is not None else None
        # The row of the number is believed as far as a wording that reviewers had, and the list of now, bear it out.
        if other is None or other.submitted_at is None:
            continue
        is_current = number_store.key_of(other) == key
        claim = other.claim if is_current else revision_store.shown_in(earlier)
        if claim is None or claim.number_key != key:
            continue
        if _is_reviewers(one, rights) and one.person_id not in closed:
            named.append(
                OtherClaim(
                    other.id,
                    other.person_id,
                    other.person_name,
                    other.organisation_id,
                    other.status_at(call.now),
                    other.revision if is_current or one.revision is None else one.revision,
                    is_current,
                )
            )
        else:
            elsewhere = True
    found = [Remark(RemarkCode.NUMBER_CLAIMED, claims=tuple(named))] if named else []
    return (*found, *([Remark(RemarkCode.NUMBER_CLAIMED_ELSEWHERE)] if elsewhere else []))


def _keys_of(one: Claimant) -> tuple[tuple[type[tables.Row], str, str], ...]:
    """Return the keys of a claimant's case, and of the wording that claims the number if it is an earlier one."""
    earlier = revision_store.revision_key(one.credential_id, one.revision or 0)
    return store.credential_key(one.credential_id), earlier


def _is_reviewers(other: Claimant, rights: Rights) -> bool:
    return rights.has(other.organisation_id, StaffRole.REVIEWER)
