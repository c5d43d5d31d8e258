"""Proposals that are closed without an answer: their time is over, or one of the two cannot take part any more."""

from dataclasses import replace

from chalicelib.kernel.call import Call
from chalicelib.mentorships import mails, model, store
from chalicelib.mentorships.model import Pair, PairStanding, Proposal, ProposalStatus, verified_sides
from chalicelib.mentorships.proposing import audit, freed, mentor_in, releases
from chalicelib.mentorships.renewing import measured_anew
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import RecountMoved
from chalicelib.programmes.model import EnrolmentStatus, Side


def expire(call: Call, proposal: Proposal) -> None:
    """Close a proposal whose time is over: both places are free, both sides are told, and runs leave the two alone
    for a while.

    Raises
    ------
    ProposalMoved
        If somebody answered it after it was read.
    """
    after = model.expire(proposal, call.now)
    apart_until = proposal.expires_at + model.APART_AFTER_EXPIRY
    writes = [
        *store.put_proposal(after, call.now),
        store.settle_pair(replace(Pair.of(after, PairStanding.EXPIRED), apart_until=apart_until), call.now),
        *releases(after, call.now),
        *mails.mails("proposal-expired", after, call.now),
        audit(call, after, "expire_proposal", proposal.status),
    ]
    commit(call, writes, None)


def close_proposals(call: Call, programme_id: str, side: Side, person_id: str) -> None:
    """Close the open proposals of somebody who has left a programme: both places are free, the other side is told.

    Somebody who has come back meanwhile keeps theirs. Again, it does nothing.
    """
    row = tables.get(*programmes.enrolment_key(programme_id, side, person_id))
    if row is None or programmes.enrolment_of(row).status is not EnrolmentStatus.WITHDRAWN:
        return
    for proposal in store.all_proposals_of(person_id):
        stands_on = proposal.side_of(person_id)
        if (
            proposal.programme_id == programme_id
            and stands_on is not None
            and proposal.kind.place_of(stands_on) is side
        ):
            close(call, proposal, stands_on, "enrolment withdrawn")


def close_proposals_of_unverified(call: Call, person_id: str, programme_id: str | None = None) -> None:
    """Close the open proposals of a mentor in programmes whose rules nothing meets any more, as if they had left them.

    Somebody who is verified again meanwhile keeps theirs. Again, it does nothing.

    Parameters
    ----------
    programme_id
        The one programme to look at; by default all.
    """
    theirs = [
        one
        for one in store.all_proposals_of(person_id)
        if one.status is ProposalStatus.OPEN
        and one.side_of(person_id) in verified_sides(one.kind)
        and programme_id in (None, one.programme_id)
    ]
    of_programme = {one: mentor_in(one, person_id) for one in {one.programme_id for one in theirs}}
    for proposal in theirs:
        mentor = of_programme[proposal.programme_id]
        if mentor is not None and not mentor.is_taken(call.now):
            close(call, proposal, proposal.side_of(person_id) or Side.MENTOR, "standing lost")


def recount(call: Call, programme_id: str, programme_version: int) -> None:
    """Look at the next mentors of a programme in which other credentials count now, and close the open proposals of
    those whom nothing verifies any more; their mentorships have a grace. Again, it does nothing."""
    piece = programmes.piece_to_recount(call, programme_id, programme_version)
    if piece is None:
        return
    for person_id in piece.unverified:
        close_proposals_of_unverified(call, person_id, programme_id)
    for person_id in (*piece.verified, *piece.unverified):
        measured_anew(call, person_id, piece.recount.changed_at, programme_id)
    try:
        programmes.piece_recounted(call, piece)
    except RecountMoved:
        return  # another worker has said so, or later rules have made this moot


def close(call: Call, proposal: Proposal, side: Side, why: str) -> None:
    """Close a proposal if it is open, for the one at `side`, who cannot take part any more."""
    if proposal.status is not ProposalStatus.OPEN:
        return
    after = model.leave(proposal, call.now)
    writes = [
        *store.put_proposal(after, call.now),
        freed(after),
        *releases(after, call.now),
        mails.mail("proposal-declined", after, side.other, call.now),
        audit(call, after, "close_proposal", proposal.status, why=why),
    ]
    commit(call, writes, None)
