"""Proposals and mentorships: what people see of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships import running_store, store
from chalicelib.mentorships.clearing import close_proposals as close_proposals
from chalicelib.mentorships.clearing import close_proposals_of_unverified as close_proposals_of_unverified
from chalicelib.mentorships.clearing import recount as recount
from chalicelib.mentorships.explaining import MENTOR_ASKED as MENTOR_ASKED
from chalicelib.mentorships.explaining import explain as explain
from chalicelib.mentorships.model import Pair, PairStanding, Proposal, ProposalStatus, verified_sides
from chalicelib.mentorships.moving import MENTORSHIP_CLOSED as MENTORSHIP_CLOSED
from chalicelib.mentorships.moving import MENTORSHIP_HELD as MENTORSHIP_HELD
from chalicelib.mentorships.moving import MENTORSHIP_WENT_ON as MENTORSHIP_WENT_ON
from chalicelib.mentorships.moving import agreed as agreed
from chalicelib.mentorships.moving import repeated as repeated
from chalicelib.mentorships.reaching import reach_changed as reach_changed
from chalicelib.mentorships.renewing import Why as Why
from chalicelib.mentorships.renewing import measured_anew as measured_anew
from chalicelib.mentorships.renewing import verification_ended as verification_ended
from chalicelib.mentorships.renewing import verification_renewed as verification_renewed
from chalicelib.mentorships.running import Mentorship, SeenMentorship
from chalicelib.mentorships.sums import sums_of as sums_of
from chalicelib.mentorships.tasking import end_circle_task as end_circle_task
from chalicelib.mentorships.tasking import raise_circle_task as raise_circle_task
from chalicelib.people import service as people
from chalicelib.people.model import Badge, Parting, Person
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Side

if TYPE_CHECKING:
    from chalicelib.mentorships import parting
    from chalicelib.mentorships.agreements import service as agreements
    from chalicelib.mentorships.agreements.model import Agreement
    from chalicelib.mentorships.closing.recording import ReadRecord
    from chalicelib.mentorships.feedback import service as feedback
    from chalicelib.mentorships.feedback.service import Asked
    from chalicelib.mentorships.feeds.service import GatheringsOf
    from chalicelib.mentorships.goals import service as goals
    from chalicelib.mentorships.goals.service import OwnGoal
    from chalicelib.mentorships.health import looking as health_looking
    from chalicelib.mentorships.health import service as health
    from chalicelib.mentorships.health.service import OwnHealth
    from chalicelib.mentorships.introductions import service as introductions
    from chalicelib.mentorships.introductions.service import SeenIntroduction
    from chalicelib.mentorships.record import Record
    from chalicelib.mentorships.sessions import booking
    from chalicelib.mentorships.sessions import reminding as session_reminding
    from chalicelib.mentorships.sessions import service as sessions
    from chalicelib.mentorships.sessions.model import OwnSession
    from chalicelib.mentorships.story import Story
else:
    parting = later("chalicelib.mentorships.parting")
    agreements = later("chalicelib.mentorships.agreements.service")
    feedback = later("chalicelib.mentorships.feedback.service")
    goals = later("chalicelib.mentorships.goals.service")
    booking = later("chalicelib.mentorships.sessions.booking")
    introductions = later("chalicelib.mentorships.introductions.service")
    health = later("chalicelib.mentorships.health.service")
    health_looking = later("chalicelib.mentorships.health.looking")
    session_reminding = later("chalicelib.mentorships.sessions.reminding")
    sessions = later("chalicelib.mentorships.sessions.service")


@dataclass(frozen=True)
class OwnProposal:
    """A proposal as one of its two people sees it, in the language of their `locale`.

    `badges` are those of the mentor that count at this instant; `mentee_badges`, of peers, the other's.
    """

    proposal: Proposal
    side: Side
    locale: str
    badges: tuple[Badge, ...] = ()
    mentee_badges: tuple[Badge, ...] = ()

    @property
    def other(self) -> Side:
        return self.side.other


@dataclass(frozen=True)
class ProgrammeProposal:
    """A proposal as a coordinator sees it, in the language of their `locale`, with the mentor's badges; of peers with
    both's."""

    proposal: Proposal
    locale: str
    badges: tuple[Badge, ...] = ()
    mentee_badges: tuple[Badge, ...] = ()


def my_proposals(call: Call, page: PageRequest) -> Page[OwnProposal]:
    """Return the actor's proposals, newest first."""
    found = store.proposals_of(call.actor_id, page)
    known = people.get_people([call.actor_id, *_verified(found.items)])
    me = known.get(call.actor_id)
    items = (
        OwnProposal(one, side, me.locale if me else "", *_badges(known, one, call.now))
        for one in found.items
        if (side := one.side_of(call.actor_id))
    )
    return Page(tuple(items), found.next)


def programme_proposals(call: Call, programme_id: str, page: PageRequest) -> Page[ProgrammeProposal]:
    """Return a programme's proposals, newest first, with why some were declined (its coordinators)."""
    _, (reader_row,) = programmes.coordinated(call, programme_id, people.person_key(call.actor_id))
    locale = people.locale_of(reader_row)
    found = store.proposals_in(programme_id, page)
    known = people.get_people(_verified(found.items))
    items = (ProgrammeProposal(one, locale, *_badges(known, one, call.now)) for one in found.items)
    return Page(tuple(items), found.next)


def _verified(proposals: Sequence[Proposal]) -> list[str]:
    """Return whose badges some proposals show, each once."""
    sides = ((one, side) for one in proposals for side in verified_sides(one.kind))
    return list(dict.fromkeys(one.card(side).person_id for one, side in sides))


def _badges(
    known: Mapping[str, Person], proposal: Proposal, now: datetime
) -> tuple[tuple[Badge, ...], tuple[Badge, ...]]:
    """Return the mentor's, and of peers the other's."""
    persons = {side: known.get(proposal.card(side).person_id) for side in verified_sides(proposal.kind)}
    shown = {side: person.standing.badges_at(now) for side, person in persons.items() if person}
    return shown.get(Side.MENTOR, ()), shown.get(Side.MENTEE, ())


def my_mentorships(call: Call, page: PageRequest) -> Page[SeenMentorship]:
    """Return the actor's mentorships, newest first."""
    found = running_store.mentorships_of(call.actor_id, page)
    return Page(tuple(SeenMentorship.at(one, call.now) for one in found.items), found.next)


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


def goal_for(person_id: str, mentorship_id: str, goal_id: str, now: datetime) -> "OwnGoal | None":
    """Return a goal as it is now, if it is the person's own and open, in a mentorship that is under way."""
    return goals.own_goal(person_id, mentorship_id, goal_id, now)


def introduction_for(person_id: str, introduction_id: str, now: datetime) -> "SeenIntroduction | None":
    """Return an introduction as it is now, if the person knows of it; without anybody's address."""
    return introductions.introduction_for(person_id, introduction_id, now)


def feedback_asked_of(person_id: str, mentorship_id: str, name: str, now: datetime) -> "Asked | None":
    """Return a pulse or a survey by its name, if it is open and waits for the person's answer."""
    return feedback.asked_of(person_id, mentorship_id, name, now)


def record_of(mentorship: Mentorship, side: Side) -> "Record":
    """Return what a mentorship has come to so far, for the person on a side."""
    from chalicelib.mentorships import recording

    return recording.record_of(mentorship, side)


def read_feed(call: Call, name: str, gatherings_of: "GatheringsOf") -> str:
    """Return the calendar that a token opens; see `feeds.service.read_feed`."""
    from chalicelib.mentorships.feeds import service as feeds

    return feeds.read_feed(call, name, gatherings_of)


def pair_record(call: Call, mentorship_id: str) -> "ReadRecord":
    """Return what the whole of a mentorship came to, to whom may read it; see `closing.recording.read`."""
    from chalicelib.mentorships.closing import recording

    return recording.read(call, mentorship_id)


def stories_of(person_id: str, most: int) -> "Iterator[Story]":
    """Yield what a person takes from each of their mentorships, the latest first, up to `most`."""
    from chalicelib.mentorships import stories

    return stories.stories_of(person_id, most)


def session_for(
    person_id: str, mentorship_id: str, session_id: str, now: datetime, *, with_series: bool = False
) -> "OwnSession | None":
    """Return a session as it is now with its mentorship, if it is one of the person's; if wanted with its series."""
    return sessions.session_for(person_id, mentorship_id, session_id, now, with_series=with_series)


def cancel_sessions(call: Call, mentorship_id: str) -> None:
    """Call off the sessions that lie ahead of a mentorship that is over, or that somebody has paused. Again, it does
    nothing."""
    row = tables.get(*running_store.mentorship_key(mentorship_id))
    mentorship = running_store.mentorship_of(row) if row is not None else None
    if mentorship is not None and (mentorship.is_closed or mentorship.hold is not None):
        booking.cancel_all(call, mentorship)


def list_record(call: Call, mentorship_id: str) -> None:
    """List a mentorship that is over among its programme's records; see `closing.recording.keep_sums`."""
    from chalicelib.mentorships.closing import recording

    recording.keep_sums(call, mentorship_id)


def remind_of_sessions(now: datetime) -> int:
    """Write the mails that are due about sessions; return how many sessions wait for another try."""
    return session_reminding.remind_due(now)


def health_for(person_id: str, mentorship_id: str, now: datetime) -> "OwnHealth | None":
    """Return what is amiss with a mentorship that is under way, as one of its two may know it."""
    return health.health_for(person_id, mentorship_id, now)


def look_at_health(now: datetime) -> int:
    """Look at the health of each mentorship whose time it is; return how many wait for another try."""
    return health_looking.look_at_due(now)


def part(call: Call, blocker: str, blocked: str, then: Parting) -> None:
    """Part two people of whom one has blocked the other; see `parting.part`."""
    parting.part(call, blocker, blocked, then)


def renamed(call: Call, person_id: str) -> None:
    """Have somebody's present name on what is open or under way; see `renaming.renamed`."""
    from chalicelib.mentorships import renaming

    renaming.renamed(call, person_id)


def proposed_by_both(
    call: Call, programme_id: str, mentee_id: str, mentor_id: str, why: str
) -> tuple[Proposal, list[Write]]:
    """Return the proposal of two who would both like to go on, with its writes; see `mutual.proposed`."""
    from chalicelib.mentorships import mutual

    return mutual.proposed(call, programme_id, mentee_id, mentor_id, why)


def pausing(call: Call, mentorship_id: str) -> list[Write]:
    """Return the writes by which an admin pauses a mentorship; see `parting.pausing`."""
    return parting.pausing(call, mentorship_id)


def closing(call: Call, mentorship_id: str) -> list[Write]:
    """Return the writes by which an admin closes a mentorship; see `parting.closing`."""
    return parting.closing(call, mentorship_id)


def mentorships_with(person_id: str) -> tuple[Mentorship, ...]:
    """Return somebody's mentorships that are not over, newest first."""
    return parting.with_person(person_id)


def past_proposal(proposal: Proposal, now: datetime) -> list[Write]:
    """Return the writes of a proposal that came to its end before this installation knew it: it holds no place
    and sends no mail, but a no counts for the matches to come."""
    if proposal.status is ProposalStatus.OPEN or proposal.status is ProposalStatus.AGREED:
        raise ValueError("a proposal of the past holds no place")
    writes = store.put_proposal(proposal, now)
    if proposal.status is ProposalStatus.DECLINED:
        writes.append(store.open_pair(Pair.of(proposal, PairStanding.DECLINED), now))
    return writes
