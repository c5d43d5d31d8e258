"""The answers of a proposal's two people: yes, no, and taking back what was asked."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import NotFound
from chalicelib.mentorships import mails, model, moving, store
from chalicelib.mentorships.errors import ProposalMoved
from chalicelib.mentorships.model import Pair, PairStanding, Proposal, ProposalStatus, Refusal, Source
from chalicelib.mentorships.proposing import ProposedMentor, audit, freed, mentor_in, mentor_of, releases
from chalicelib.mentorships.running import Mentorship, MentorshipStatus, last_day
from chalicelib.mentorships.service import OwnProposal
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import NotEnrolled, ProgrammeNotRunning
from chalicelib.programmes.model import PairKind, Side

_TRIES = 3  # two answers may cross each other; a third try means that something else is wrong

_Answer = Callable[[Call, OwnProposal, ProposedMentor | None], tuple[Proposal, list[Write]]]


def accept(call: Call, proposal_id: str) -> OwnProposal:
    """Say yes; when the other side has, the pair becomes a mentorship in the same transaction. Again, it does
    nothing.

    Raises
    ------
    ProposalExpired, ProposalClosed, ProgrammeNotRunning, NotEnrolled, PartnerNotAvailable
    """
    return _answer(call, proposal_id, _accepted)


def _accepted(call: Call, own: OwnProposal, mentor: ProposedMentor | None) -> tuple[Proposal, list[Write]]:
    proposal, side = own.proposal, own.side
    if proposal.accepted_at(side) and proposal.status in (ProposalStatus.OPEN, ProposalStatus.AGREED):
        return proposal, []
    after = model.accept(proposal, side, call.now, call.new_id())
    gone = NotEnrolled("Enrol in the programme again before you accept.")
    writes = [
        *store.put_proposal(after, call.now),
        programmes.check_active(proposal.programme_id, proposal.kind.place_of(side), call.actor_id, gone),
        audit(call, after, "accept_proposal", proposal.status),
    ]
    if after.status is ProposalStatus.AGREED:
        return after, writes + _agreement(call, after, side, mentor)
    running = programmes.check_running(proposal.programme_id, call.now)
    apart = people.check_not_blocked(proposal.mentee.person_id, proposal.mentor.person_id, model.no_longer())
    return after, [*writes, running, *apart, mails.mail("proposal-accepted", after, own.other, call.now)]


def _agreement(call: Call, proposal: Proposal, side: Side, mentor: ProposedMentor | None) -> list[Write]:
    """Return the writes that turn both holds into a mentorship, if both still may.

    That the mentor is verified was worked out from rows that were read: the writes hold while those are the same, and
    if they have changed all is read again.
    """
    if mentor is None:
        raise model.no_longer()
    if not mentor.programme.is_running(call.now):
        raise ProgrammeNotRunning("Proposals are made and answered only while the programme runs.")
    peer = _peer_of(proposal)
    verified = [mentor, *([peer] if peer is not None else [])]
    everybody = len(verified) == len(model.verified_sides(proposal.kind))
    if not everybody or not all(one.is_taken(call.now) for one in verified):
        raise model.no_longer()
    mentee_id, mentor_id = proposal.mentee.person_id, proposal.mentor.person_id
    mentorship = Mentorship(
        str(proposal.mentorship_id), proposal.programme_id, proposal.organisation_id, proposal.id,
        proposal.mentee, proposal.mentor, started_at=call.now, status=MentorshipStatus.FORMING,
        is_formed=False, ends_on=last_day(call.now, mentor.programme.mentorship_months), kind=proposal.kind,
        created_at=call.now,
    )  # fmt: skip
    other = side.other
    moved = ProposalMoved("What it rests on has changed just now. Read it again.")
    return [
        *moving.begun(mentorship, call.now),
        store.settle_pair(Pair.of(proposal, PairStanding.MENTORED), call.now),
        programmes.check_active(
            proposal.programme_id, proposal.kind.place_of(other), proposal.card(other).person_id,
            model.no_longer(),
        ),
        programmes.check_what_counts(mentor.programme, call.now, moved),
        *(
            write
            for one in verified
            for write in programmes.check_mentor(mentor.programme, one.person, one.profile, call, moved)
        ),
        people.put_tie(mentee_id, mentor_id, call.now),
        *people.check_not_blocked(mentee_id, mentor_id, model.no_longer()),
        *mails.mails("proposal-agreed", proposal, call.now),
    ]  # fmt: skip


def decline(call: Call, proposal_id: str, reason: model.DeclineReason, text: str) -> OwnProposal:
    """Say no; both places are free at once, and the pair is not proposed again. Again, it does nothing.

    The other side is told that it was declined, and only coordinators see why.

    Raises
    ------
    ProposalExpired, ProposalClosed
    """

    def declined(
        call: Call, own: OwnProposal, _mentor: ProposedMentor | None
    ) -> tuple[Proposal, list[Write]]:
        proposal, side = own.proposal, own.side
        if proposal.refusal is not None and proposal.refusal.side is side:
            return proposal, []
        after = model.decline(proposal, Refusal(side, reason, text), call.now)
        return after, [
            *store.put_proposal(after, call.now),
            store.settle_pair(Pair.of(after, PairStanding.DECLINED), call.now),
            *releases(after, call.now),
            mails.mail("proposal-declined", after, own.other, call.now),
            audit(call, after, "decline_proposal", proposal.status, why=reason),
        ]

    return _answer(call, proposal_id, declined)


def withdraw(call: Call, proposal_id: str) -> OwnProposal:
    """Take back what the actor asked a mentor; the pair may be proposed again. Again, it does nothing.

    Raises
    ------
    NotFound
        For anybody but the mentee who asked.
    ProposalExpired, ProposalClosed
    """

    def withdrawn(
        call: Call, own: OwnProposal, _mentor: ProposedMentor | None
    ) -> tuple[Proposal, list[Write]]:
        proposal = own.proposal
        if proposal.source is not Source.MENTEE or own.side is not Side.MENTEE:
            raise NotFound("Only who asked can take it back. You can decline it.")
        if proposal.status is ProposalStatus.WITHDRAWN:
            return proposal, []
        after = model.withdraw(proposal, call.now)
        return after, [
            *store.put_proposal(after, call.now),
            freed(after),
            *releases(after, call.now),
            mails.mail("proposal-declined", after, Side.MENTOR, call.now),
            audit(call, after, "withdraw_proposal", proposal.status),
        ]

    return _answer(call, proposal_id, withdrawn)


def _answer(call: Call, proposal_id: str, answer: _Answer) -> OwnProposal:
    """Read the actor's copy, make the move, commit it: again from the start if the other side moved it meanwhile."""
    for _ in range(_TRIES - 1):
        try:
            return _answer_once(call, proposal_id, answer)
        except ProposalMoved:
            continue
    return _answer_once(call, proposal_id, answer)


def _answer_once(call: Call, proposal_id: str, answer: _Answer) -> OwnProposal:
    row, reader_row = tables.get_many(
        [store.proposal_key(call.actor_id, proposal_id), people.person_key(call.actor_id)]
    )
    proposal = store.proposal_of(row) if row else None
    side = proposal.side_of(call.actor_id) if proposal else None
    if proposal is None or side is None:
        raise NotFound
    mentor = mentor_of(proposal)
    badges = mentor.person.standing.badges_at(call.now) if mentor else ()
    peer = _peer_of(proposal)
    others = peer.person.standing.badges_at(call.now) if peer else ()
    own = OwnProposal(proposal, side, people.locale_of(reader_row), badges, others)
    after, writes = answer(call, own, mentor)
    if writes:
        after = written(after)
    return commit(call, writes, replace(own, proposal=after))


def _peer_of(proposal: Proposal) -> ProposedMentor | None:
    """Return the other of two peers, who is to be verified as the mentor is; None in any other pair."""
    if proposal.kind is not PairKind.PEER:
        return None
    return mentor_in(proposal.programme_id, proposal.mentee.person_id)
