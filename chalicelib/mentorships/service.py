"""Proposals and mentorships: what people see of them, and their answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import NotFound, Unavailable
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.matching.model import ProposedPair
from chalicelib.mentorships import mails, model, running_store, store
from chalicelib.mentorships.errors import ProposalMoved
from chalicelib.mentorships.model import Pair, PairStanding, Proposal, ProposalStatus, Refusal, Source
from chalicelib.mentorships.renewing import Why as Why
from chalicelib.mentorships.renewing import measured_anew as measured_anew
from chalicelib.mentorships.renewing import verification_ended as verification_ended
from chalicelib.mentorships.renewing import verification_renewed as verification_renewed
from chalicelib.mentorships.running import Mentorship, SeenMentorship
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import service as people
from chalicelib.people.model import Badge, Person, Profile
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import NotEnrolled, ProgrammeNotRunning, RecountMoved
from chalicelib.programmes.model import EnrolmentStatus, Programme, Side

if TYPE_CHECKING:
    from chalicelib.matching import service as matching
    from chalicelib.mentorships.agreements import service as agreements
    from chalicelib.mentorships.agreements.model import Agreement
    from chalicelib.mentorships.goals import service as goals
    from chalicelib.mentorships.goals.service import OwnGoal
else:
    matching = later("chalicelib.matching.service")
    agreements = later("chalicelib.mentorships.agreements.service")
    goals = later("chalicelib.mentorships.goals.service")

MENTOR_ASKED = "mentor-asked"
"""The news of a mentee's request, whose score is to be worked out: `proposal_id`, `mentee_id`."""

_TRIES = 3  # two answers may cross each other; a third try means that something else is wrong


@dataclass(frozen=True)
class OwnProposal:
    """A proposal as one of its two people sees it, in the language of their `locale`.

    `badges` are those of the mentor that count at this instant.
    """

    proposal: Proposal
    side: Side
    locale: str
    badges: tuple[Badge, ...] = ()

    @property
    def other(self) -> Side:
        return Side.MENTOR if self.side is Side.MENTEE else Side.MENTEE


@dataclass(frozen=True)
class ProgrammeProposal:
    """A proposal as a coordinator sees it, in the language of their `locale`, with the mentor's badges."""

    proposal: Proposal
    locale: str
    badges: tuple[Badge, ...] = ()


@dataclass(frozen=True)
class _Mentor:
    """What tells whether a proposal's mentor is verified in its programme."""

    programme: Programme
    person: Person
    profile: Profile

    def is_taken(self, now: datetime) -> bool:
        return self.programme.takes_as_mentor(self.person, self.profile, now)


_Answer = Callable[[Call, OwnProposal, _Mentor | None], tuple[Proposal, list[Write]]]


def my_proposals(call: Call, page: PageRequest) -> Page[OwnProposal]:
    """Return the actor's proposals, newest first."""
    found = store.proposals_of(call.actor_id, page)
    known = people.get_people([call.actor_id, *(one.mentor.person_id for one in found.items)])
    me = known.get(call.actor_id)
    items = (
        OwnProposal(one, side, me.locale if me else "", _badges(known, one, call.now))
        for one in found.items
        if (side := one.side_of(call.actor_id))
    )
    return Page(tuple(items), found.next)


def programme_proposals(call: Call, programme_id: str, page: PageRequest) -> Page[ProgrammeProposal]:
    """Return a programme's proposals, newest first, with why some were declined (its coordinators)."""
    _, (reader_row,) = programmes.coordinated(call, programme_id, people.person_key(call.actor_id))
    locale = people.locale_of(reader_row)
    found = store.proposals_in(programme_id, page)
    known = people.get_people([one.mentor.person_id for one in found.items])
    items = (ProgrammeProposal(one, locale, _badges(known, one, call.now)) for one in found.items)
    return Page(tuple(items), found.next)


def _badges(known: Mapping[str, Person], proposal: Proposal, now: datetime) -> tuple[Badge, ...]:
    mentor = known.get(proposal.mentor.person_id)
    return mentor.standing.badges_at(now) if mentor else ()


def accept(call: Call, proposal_id: str) -> OwnProposal:
    """Say yes; when the other side has, the pair becomes a mentorship in the same transaction. Again, it does
    nothing.

    Raises
    ------
    ProposalExpired, ProposalClosed, ProgrammeNotRunning, NotEnrolled, PartnerNotAvailable
    """
    return _answer(call, proposal_id, _accepted)


def _accepted(call: Call, own: OwnProposal, mentor: _Mentor | None) -> tuple[Proposal, list[Write]]:
    proposal, side = own.proposal, own.side
    if proposal.accepted_at(side) and proposal.status in (ProposalStatus.OPEN, ProposalStatus.AGREED):
        return proposal, []
    after = model.accept(proposal, side, call.now, call.new_id())
    gone = NotEnrolled("Enrol in the programme again before you accept.")
    writes = [
        *store.put_proposal(after, call.now),
        programmes.check_active(proposal.programme_id, side, call.actor_id, gone),
        audit(call, after, "accept_proposal", proposal.status),
    ]
    if after.status is ProposalStatus.AGREED:
        return after, writes + _agreement(call, after, side, mentor)
    running = programmes.check_running(proposal.programme_id, call.now)
    return after, [*writes, running, mails.mail("proposal-accepted", after, own.other, call.now)]


def _agreement(call: Call, proposal: Proposal, side: Side, mentor: _Mentor | None) -> list[Write]:
    """Return the writes that turn both holds into a mentorship, if both still may.

    That the mentor is verified was worked out from rows that were read: the writes hold while those are the same, and
    if they have changed all is read again.
    """
    if mentor is None:
        raise model.no_longer()
    if not mentor.programme.is_running(call.now):
        raise ProgrammeNotRunning("Proposals are made and answered only while the programme runs.")
    if not mentor.is_taken(call.now):
        raise model.no_longer()
    mentee_id, mentor_id = proposal.mentee.person_id, proposal.mentor.person_id
    mentorship = Mentorship(
        str(proposal.mentorship_id), proposal.programme_id, proposal.organisation_id, proposal.id,
        proposal.mentee, proposal.mentor, started_at=call.now, created_at=call.now,
    )  # fmt: skip
    other = _other(side)
    moved = ProposalMoved("What it rests on has changed just now. Read it again.")
    return [
        # The next night finds out up to when the mentor is verified.
        *running_store.put_mentorship(mentorship, call.now, call.now),
        store.settle_pair(pair_of(proposal, PairStanding.MENTORED), call.now),
        programmes.check_active(
            proposal.programme_id, other, proposal.card(other).person_id, model.no_longer()
        ),
        programmes.check_what_counts(mentor.programme, call.now, moved),
        *programmes.check_mentor(mentor.programme, mentor.person, mentor.profile, call, moved),
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

    def declined(call: Call, own: OwnProposal, _mentor: _Mentor | None) -> tuple[Proposal, list[Write]]:
        proposal, side = own.proposal, own.side
        if proposal.refusal is not None and proposal.refusal.side is side:
            return proposal, []
        after = model.decline(proposal, Refusal(side, reason, text), call.now)
        return after, [
            *store.put_proposal(after, call.now),
            store.settle_pair(pair_of(after, PairStanding.DECLINED), call.now),
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

    def withdrawn(call: Call, own: OwnProposal, _mentor: _Mentor | None) -> tuple[Proposal, list[Write]]:
        proposal = own.proposal
        if proposal.source is not Source.MENTEE or own.side is not Side.MENTEE:
            raise NotFound("Only who asked can take it back. You can decline it.")
        if proposal.status is ProposalStatus.WITHDRAWN:
            return proposal, []
        after = model.withdraw(proposal, call.now)
        return after, [
            *store.put_proposal(after, call.now),
            _freed(after),
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
    mentor = _mentor_of(proposal)
    badges = mentor.person.standing.badges_at(call.now) if mentor else ()
    own = OwnProposal(proposal, side, people.locale_of(reader_row), badges)
    after, writes = answer(call, own, mentor)
    if writes:
        after = written(after)
    return commit(call, writes, replace(own, proposal=after))


def _mentor_of(proposal: Proposal) -> _Mentor | None:
    rows = tables.get_many(programmes.mentor_keys(proposal.programme_id, proposal.mentor.person_id))
    return None if None in rows else _Mentor(*programmes.mentor_of(*rows))


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
        store.settle_pair(replace(pair_of(after, PairStanding.EXPIRED), apart_until=apart_until), call.now),
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
        if proposal.programme_id == programme_id and proposal.side_of(person_id) is side:
            _close(call, proposal, side, "enrolment withdrawn")


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
        and one.side_of(person_id) is Side.MENTOR
        and programme_id in (None, one.programme_id)
    ]
    of_programme = {one.programme_id: _mentor_of(one) for one in theirs}
    for proposal in theirs:
        mentor = of_programme[proposal.programme_id]
        if mentor is not None and not mentor.is_taken(call.now):
            _close(call, proposal, Side.MENTOR, "standing lost")


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


def _close(call: Call, proposal: Proposal, side: Side, why: str) -> None:
    """Close a proposal if it is open, for the one at `side`, who cannot take part any more."""
    if proposal.status is not ProposalStatus.OPEN:
        return
    after = model.leave(proposal, call.now)
    writes = [
        *store.put_proposal(after, call.now),
        _freed(after),
        *releases(after, call.now),
        mails.mail("proposal-declined", after, _other(side), call.now),
        audit(call, after, "close_proposal", proposal.status, why=why),
    ]
    commit(call, writes, None)


def explain(call: Call, proposal_id: str, mentee_id: str) -> None:
    """Put score, points, languages and common time on what a mentee asked, as a run would have them for the two.

    The function that takes the request has no matrix library at hand, so this follows it. Again, it does nothing.
    """
    for _ in range(_TRIES):
        proposal = store.get_proposal(mentee_id, proposal_id)
        if proposal is None or proposal.explanation is not None:
            return
        explanation = _explanation(call, proposal)
        if explanation is None:
            return
        try:
            commit(call, store.put_proposal(replace(proposal, explanation=explanation), call.now), None)
        except ProposalMoved:
            continue
        return
    raise Unavailable("The proposal is being answered at this moment.")


def _explanation(call: Call, proposal: Proposal) -> ProposedPair | None:
    ids = proposal.mentee.person_id, proposal.mentor.person_id
    rows = tables.get_many(
        [
            *(people.profile_key(one) for one in ids),
            programmes.enrolment_key(proposal.programme_id, Side.MENTEE, ids[0]),
            matching.settings_key(proposal.programme_id),
        ]
    )
    mentee, mentor, enrolment, settings = rows
    if mentee is None or mentor is None or enrolment is None:
        return None
    return matching.explain_pair(
        people.profile_of(mentee),
        people.profile_of(mentor),
        matching.settings_of(proposal.programme_id, settings),
        waiting_since=programmes.enrolment_of(enrolment).enrolled_at or call.now,
        now=call.now,
    )


def my_mentorships(call: Call, page: PageRequest) -> Page[SeenMentorship]:
    """Return the actor's mentorships, newest first."""
    found = running_store.mentorships_of(call.actor_id, page)
    return Page(tuple(SeenMentorship.at(one, call.now) for one in found.items), found.next)


def read_mentorship(call: Call, mentorship_id: str) -> SeenMentorship:
    """Return a mentorship to its two people and its programme's coordinators."""
    rights_row, row = tables.get_many(
        [organisations.rights_key(call), running_store.mentorship_key(mentorship_id)]
    )
    if row is None:
        raise NotFound
    mentorship = running_store.mentorship_of(row)
    is_stranger = mentorship.side_of(call.actor_id) is None
    if is_stranger:
        rights = organisations.rights_of(call, rights_row)
        rights.require(mentorship.organisation_id, StaffRole.COORDINATOR)
    return SeenMentorship.at(mentorship, call.now, for_coordinator=is_stranger)


# What other capabilities ask. None of these checks who asks: the capability that calls has done so.


def proposal_for(person_id: str, proposal_id: str) -> Proposal | None:
    """Return a proposal as it is now, if it is one of the person's."""
    return store.get_proposal(person_id, proposal_id)


def mentorship_for(person_id: str, mentorship_id: str) -> Mentorship | None:
    """Return a mentorship as it is now, if it is one of the person's."""
    return running_store.get_mentorship(person_id, mentorship_id)


def agreement_for(mentorship_id: str) -> "Agreement | None":
    """Return the agreement of a mentorship as it is now, if it has one."""
    return agreements.agreement_for(mentorship_id)


def changed_since_signed(agreement: "Agreement", side: Side) -> tuple[str, ...]:
    """Return the fields of an agreement's terms that are others than in the last version that a side had signed."""
    return agreements.changed_since_signed(agreement, side)


def may_change(mentorship: Mentorship, now: datetime) -> bool:
    """Tell whether the two may do something about a mentorship at an instant, its agreement for one."""
    return agreements.may_change(mentorship, now)


def goal_for(person_id: str, mentorship_id: str, goal_id: str, now: datetime) -> "OwnGoal | None":
    """Return a goal as it is now, if it is the person's own and open, in a mentorship that is under way."""
    return goals.own_goal(person_id, mentorship_id, goal_id, now)


def past_proposal(proposal: Proposal, now: datetime) -> list[Write]:
    """Return the writes of a proposal that came to its end before this installation knew it: it holds no place
    and sends no mail, but a no counts for the matches to come."""
    if proposal.status is ProposalStatus.OPEN or proposal.status is ProposalStatus.AGREED:
        raise ValueError("a proposal of the past holds no place")
    writes = store.put_proposal(proposal, now)
    if proposal.status is ProposalStatus.DECLINED:
        writes.append(store.open_pair(pair_of(proposal, PairStanding.DECLINED), now))
    return writes


def pair_of(proposal: Proposal, standing: PairStanding) -> Pair:
    """Return the standing of a proposal's pair."""
    return Pair(
        proposal.programme_id, proposal.mentee.person_id, proposal.mentor.person_id, standing, proposal.id
    )


def releases(proposal: Proposal, now: datetime) -> list[Write]:
    """Return the writes that give both places back."""
    return [
        programmes.release_place(proposal.programme_id, side, proposal.card(side).person_id, now)
        for side in mails.BOTH
    ]


def _freed(proposal: Proposal) -> Write:
    return store.free_pair(proposal.programme_id, proposal.mentee.person_id, proposal.mentor.person_id)


def _other(side: Side) -> Side:
    return Side.MENTOR if side is Side.MENTEE else Side.MENTEE


def audit(
    call: Call, proposal: Proposal, action: str, before: ProposalStatus | None, *, why: str | None = None
) -> Write:
    return store.audit(
        proposal.id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action, before=before,
        after=proposal.status, why=why,
    )  # fmt: skip
