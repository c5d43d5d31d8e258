"""Whose turn a case is: a reviewer's claim on it, what it has shown them, and what their word comes to."""

from dataclasses import replace
from datetime import datetime

from chalicelib.credentials.decisions import Decision, Opinion, Verdict
from chalicelib.credentials.errors import (
    AdminSettles,
    ClaimedByAnother,
    ClaimLapsed,
    ClaimNeeded,
    RevisionNotSeen,
    SecondPersonNeeded,
)
from chalicelib.credentials.model import LEASE, Credential, Lease, Move, Stage, Status, moved


def require_claim(credential: Credential, actor: str, now: datetime) -> None:
    """Let pass who holds a live claim on the case.

    Raises
    ------
    ClaimLapsed, ClaimedByAnother, ClaimNeeded
        If theirs is over, if somebody else has one, or if nobody has: in a state in which a case may be claimed.
    """
    if credential.status not in (Status.SUBMITTED, Status.IN_REVIEW):
        return  # `moved` says better what is wrong
    live = credential.live_lease(now)
    if live is not None and live.by == actor:
        return
    if live is not None:
        raise ClaimedByAnother(live.until)
    if credential.lease is not None and credential.lease.by == actor:
        raise ClaimLapsed
    raise ClaimNeeded


def claimed(credential: Credential, actor: str, now: datetime) -> Credential:
    """Return the case with the actor's claim on it, new or renewed.

    Raises
    ------
    ClaimedByAnother
        While somebody else has it.
    """
    live = credential.live_lease(now)
    if live is not None and live.by != actor:
        raise ClaimedByAnother(live.until)
    if live is not None:
        renewed = replace(live, until=now + LEASE, revision=credential.revision)
        return moved(credential, Move.RENEW, now, lease=renewed)
    return moved(credential, Move.CLAIM, now, lease=Lease(actor, now, now + LEASE, credential.revision))


def require_seen(credential: Credential, revision: int | None) -> None:
    """Let pass who decides on the present wording, which their claim has shown them.

    Parameters
    ----------
    revision
        The wording that they say they have looked at, if they say so.

    Raises
    ------
    RevisionNotSeen
    """
    if credential.status is not Status.IN_REVIEW:
        return  # `moved` says better what is wrong
    shown = credential.lease.revision if credential.lease is not None else None
    if shown != credential.revision or revision not in (None, credential.revision):
        raise RevisionNotSeen(credential.revision)


def require_turn(credential: Credential, actor: str, *, is_admin: bool) -> None:
    """Let pass who may have the next word on a case.

    Raises
    ------
    SecondPersonNeeded
        To who has had one.
    AdminSettles
        Where two differ, to anybody but an admin.
    """
    if any(one.decision.by == actor for one in credential.opinions):
        raise SecondPersonNeeded
    if credential.stage is Stage.SETTLE and not is_admin:
        raise AdminSettles


def decided(
    credential: Credential, verdict: Verdict, decision: Decision, now: datetime, *, by_two: bool
) -> tuple[Move, Credential]:
    """Return the move that a decision comes to, and the credential after it.

    Of two persons the first gives an opinion, and so does a second who differs; a second of the same mind decides, and
    so does whoever settles what two have differed on.
    """
    opinion = Opinion(verdict, decision)
    is_last = {
        Stage.FIRST: not by_two,
        Stage.SECOND: all(one.verdict is verdict for one in credential.opinions),
        Stage.SETTLE: True,
    }[credential.stage]
    if not is_last:
        return Move.OPINE, moved(credential, Move.OPINE, now, opinions=(*credential.opinions, opinion))
    move = Move.VERIFY if verdict is Verdict.VERIFY else Move.REJECT
    return move, moved(credential, move, now, decision=decision, opinions=())
