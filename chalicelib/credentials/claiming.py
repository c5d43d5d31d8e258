"""A reviewer's claim on a case: by its id, or on the one that has waited longest."""

import random
from collections.abc import Sequence
from typing import Any

from chalicelib.credentials import queue_store
from chalicelib.credentials.cases import (
    apart_if_refused,
    case_for,
    case_with,
    check_apart,
    require_may_decide,
)
from chalicelib.credentials.errors import CaseMoved, NothingToClaim, SharesMentorship
from chalicelib.credentials.model import Move, Seen, Status, moved
from chalicelib.credentials.moving import Case, case_of, keys_of_case, move_writes, repeated, seen_after
from chalicelib.credentials.queue import checked, reviewed
from chalicelib.credentials.queue_model import Filter, Listed
from chalicelib.credentials.showing import CaseSeen, keys_of_shown, shown
from chalicelib.credentials.turns import claimed, require_claim
from chalicelib.kernel.call import Call, require_version
from chalicelib.kernel.errors import Forbidden
from chalicelib.kernel.pages import PageRequest
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import Rights
from chalicelib.platform import tables
from chalicelib.platform.commit import commit

_LOOK = 48  # cases looked at by one read: credential and head of each
_BY = "reviewer"


def claim(call: Call, credential_id: str) -> CaseSeen:
    """Take a case for thirty minutes, so that nobody else works on it; again, it is thirty minutes from now.

    It is shown whole, since who has claimed a wording may decide on it.

    Raises
    ------
    ClaimedByAnother
        While somebody else has it.
    OwnCredential, SharesMentorship
        If it is the actor's own, or of somebody they have or had a mentorship with.
    SecondPersonNeeded, AdminSettles
        If the actor has had their word on it, or two have differed.
    """

    def attempt() -> CaseSeen:
        case, rights, rows = case_with(call, credential_id, *keys_of_shown(call, credential_id))
        with apart_if_refused(call, case.credential):
            require_may_decide(call, case.credential, rights)
            require_version(call, case.credential.version)
            return _take(call, case, rights, rows)

    return repeated(attempt)


def claim_next(call: Call, organisation_id: str | None, wanted: Filter) -> CaseSeen:
    """Take the case that has waited longest of those that are free, fit a filter, and the actor may decide; it is shown
    whole, as by `claim`.

    Whoever finds that another reviewer was quicker takes one of the next, and not all of them the same.

    Raises
    ------
    NothingToClaim
        If there is none.
    """
    rights = organisations.rights(call)
    chosen = reviewed(rights, organisation_id)
    asked, cursor = checked(wanted), None
    while True:
        found = queue_store.page(chosen, Listed.SUBMITTED, asked, PageRequest(_LOOK, cursor), call.now)
        free = [one for one in _read(found.items) if _is_free(call, one, rights)]
        width = 1
        while free:
            case = free.pop(random.randrange(min(width, len(free))))  # noqa: S311 - a choice, not a secret
            try:
                return _take(call, case, rights)
            except CaseMoved:
                width += 8
            except SharesMentorship:
                continue
        if found.next is None:
            raise NothingToClaim
        cursor = found.next


def release(call: Call, credential_id: str) -> Seen:
    """Give a case back to the queue, where it keeps its place.

    Raises
    ------
    ClaimNeeded, ClaimLapsed, ClaimedByAnother
        Unless the actor holds it.
    SharesMentorship
        Instead of any of these, if they have or had a mentorship with its person.
    """

    def attempt() -> Seen:
        case, _ = case_for(call, credential_id)
        with apart_if_refused(call, case.credential):
            require_claim(case.credential, call.actor_id, call.now)
            after = moved(case.credential, Move.RELEASE, call.now)
        return commit(call, move_writes(call, case, after, Move.RELEASE, _BY), seen_after(call, after))

    return repeated(attempt)


def _take(call: Call, case: Case, rights: Rights, rows: Sequence[Any] | None = None) -> CaseSeen:
    after = claimed(case.credential, call.actor_id, call.now)
    renews = case.credential.live_lease(call.now) is not None
    beside = rows if rows is not None else tables.get_many(keys_of_shown(call, after.id))
    found = shown(call, case.credential, rights, beside, seen_after(call, after))
    writes = move_writes(call, case, after, Move.RENEW if renews else Move.CLAIM, _BY)
    return commit(call, [*writes, check_apart(call, after)], found)


def _read(ids: Sequence[str]) -> list[Case]:
    rows = tables.get_many([key for one in ids for key in keys_of_case(one)]) if ids else []
    cases = (case_of(*rows[n : n + 2]) for n in range(0, len(rows), 2))
    return [case for case in cases if case is not None]


def _is_free(call: Call, case: Case, rights: Rights) -> bool:
    if case.credential.status_at(call.now) is not Status.SUBMITTED:
        return False
    try:
        require_may_decide(call, case.credential, rights)
    except Forbidden:
        return False
    return True
