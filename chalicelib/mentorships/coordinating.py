"""What coordinators decide on a mentorship of others: pause it, let it last longer, close it, find another mentor."""

from dataclasses import replace
from datetime import date, timedelta

from chalicelib.kernel.call import Call, written
from chalicelib.matching import service as matching
from chalicelib.mentorships import access, asking, endings, mails, moving, store
from chalicelib.mentorships.asking import BothSides
from chalicelib.mentorships.errors import AlreadyMentored, AlreadyProposed, NoCommonGround
from chalicelib.mentorships.model import Pair, PairStanding, Proposal, Source, card_of, not_available
from chalicelib.mentorships.moves import MentorshipMove, Moved
from chalicelib.mentorships.proposing import audit
from chalicelib.mentorships.renewing import require_up_to_date
from chalicelib.mentorships.running import (
    By,
    CloseReason,
    EndReason,
    HoldReason,
    SeenMentorship,
    Words,
)
from chalicelib.mentorships.service import ProgrammeProposal
from chalicelib.people import service as people
from chalicelib.people.errors import ProfileIncomplete
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import NotEnrolled, ProgrammeNotRunning
from chalicelib.programmes.model import EnrolmentStatus, PairKind, Side


def pause(call: Call, mentorship_id: str, reason: HoldReason, words: str = "") -> SeenMentorship:
    """Pause a mentorship until a coordinator resumes it; reason and words are for coordinators.

    Raises
    ------
    MentorshipOver, AlreadyPaused, OwnMentorship
    """

    def attempt() -> SeenMentorship:
        seen = _read(call, mentorship_id)
        return _commit(call, seen, endings.held(seen.mentorship, reason, call.now), words)

    return moving.repeated(attempt)


def close(call: Call, mentorship_id: str, reason: CloseReason, words: str = "") -> SeenMentorship:
    """Close a mentorship at once, which gives both places back; reason and words are for coordinators.

    Raises
    ------
    MentorshipOver, OwnMentorship
    """

    def attempt() -> SeenMentorship:
        seen = _read(call, mentorship_id)
        why = EndReason(reason.value)
        found = endings.closed(seen.mentorship, By.COORDINATOR, call.now, why)
        return _commit(call, seen, found, words)

    return moving.repeated(attempt)


def extend(call: Call, mentorship_id: str, ends_on: date) -> SeenMentorship:
    """Have a mentorship last up to a later day.

    Raises
    ------
    MentorshipOver, NoEnd, OwnMentorship
    """

    def attempt() -> SeenMentorship:
        seen = _read(call, mentorship_id)
        found = endings.longer(seen.mentorship, None, ends_on, call.now)
        if found is None:
            raise ValueError("who says so does not ask")
        return _commit(call, seen, found)

    return moving.repeated(attempt)


def reassign(call: Call, mentorship_id: str, mentor_id: str, words: str = "") -> ProgrammeProposal:
    """Close a mentorship and propose another mentor of the programme to its mentee, in one transaction. The mentee
    keeps their place for that; both are asked, since nobody is mentored, or mentors, without their own yes.

    Raises
    ------
    NotFound
        Also if the person is no mentor in the programme.
    MentorshipOver, OwnMentorship
    ProgrammeNotRunning, NotEnrolled, ProfileIncomplete, AlreadyProposed, AlreadyMentored, NoCommonGround
    MentorNotAvailable
        For anything private that stands against the new pair, or a mentor who is full, unverified or away.
    """
    return moving.repeated(lambda: _reassign(call, mentorship_id, mentor_id, words))


def _reassign(call: Call, mentorship_id: str, mentor_id: str, words: str) -> ProgrammeProposal:
    before = _read(call, mentorship_id).mentorship
    found = endings.closed(
        before, By.COORDINATOR, call.now, EndReason.REASSIGNED, move=MentorshipMove.REASSIGN
    )
    mentee_id = before.mentee.person_id
    if mentor_id == mentee_id:
        raise not_available()
    pair = asking.read_both(before.programme_id, mentee_id, mentor_id)
    require_possible(call, pair)
    proposal = Proposal(
        call.new_id(), before.programme_id, before.organisation_id, card_of(*pair.mentee, Side.MENTEE, before.kind),
        card_of(*pair.mentor, Side.MENTOR, before.kind), Source.COORDINATOR,
        expires_at=call.now + timedelta(days=pair.programme.proposal_days), kind=pair.programme.kind,
        created_at=call.now,
    )  # fmt: skip
    gone = NotEnrolled("The mentee takes no part in the programme at present.")
    writes = [
        *moving.writes_of(call, before, found, words=words),
        *store.put_proposal(proposal, call.now),
        store.open_pair(Pair.of(proposal, PairStanding.OPEN), call.now),
        programmes.check_active(before.programme_id, before.kind.place_of(Side.MENTEE), mentee_id, gone),
        *asking.writes_of_both(call, proposal, pair),
        *mails.made(proposal, call.now),
        audit(call, proposal, "reassign", None, why=before.id),
    ]
    locale = people.locale_of(tables.get(*people.person_key(call.actor_id)))
    badges = pair.mentor[0].standing.badges_at(call.now)
    others = pair.mentee[0].standing.badges_at(call.now) if proposal.kind is PairKind.PEER else ()
    return commit(call, writes, ProgrammeProposal(replace(proposal, version=1), locale, badges, others))


def require_possible(call: Call, pair: BothSides) -> None:
    """See that a coordinator may propose a pair: what stands against it privately shows as one answer."""
    if not pair.programme.is_running(call.now):
        raise ProgrammeNotRunning("Mentors are proposed only while the programme runs.")
    if pair.enrolment is None or pair.enrolment.status is not EnrolmentStatus.ACTIVE:
        raise NotEnrolled("The mentee takes no part in the programme at present.")
    missing = pair.mentee[1].missing_for_matching()
    if missing:
        raise ProfileIncomplete(f"The mentee's profile lacks: {', '.join(missing)}.")
    standing = pair.pair.standing if pair.pair else None
    if standing is PairStanding.OPEN:
        raise AlreadyProposed("The two have a proposal to answer.")
    if standing in (PairStanding.MENTORED, PairStanding.ENDED):
        raise AlreadyMentored("The two have, or had, a mentorship.")
    obstacle = matching.public_obstacle(pair.mentee[1], pair.mentor[1], pair.settings)
    if obstacle is not None:
        raise NoCommonGround(f"Between the two there is {obstacle.value.replace('_', ' ')}.")
    if not pair.takes_mentee(call.now) or standing is PairStanding.DECLINED:
        raise not_available()


def _read(call: Call, mentorship_id: str) -> SeenMentorship:
    seen = access.coordinated(call, mentorship_id)
    require_up_to_date(call, seen.mentorship)
    return seen


def _commit(call: Call, seen: SeenMentorship, found: Moved, words: str = "") -> SeenMentorship:
    move, after = found
    told = replace(seen, mentorship=written(after), status=after.status_at(call.now))
    if words and move is MentorshipMove.HOLD:
        told = replace(told, on_pause=Words(words, call.actor_id, call.now))
    elif words:
        told = replace(told, on_end=(*told.on_end, Words(words, call.actor_id, call.now)))
    return commit(call, moving.writes_of(call, seen.mentorship, found, words=words), told)
