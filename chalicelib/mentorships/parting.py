"""Two people who are to be kept apart: what a block ends between them, and what an admin stops for safety's sake.

Nothing here tells why. What is written is what a pause, or an end, by anybody else leaves behind.
"""

from chalicelib.kernel.call import Call
from chalicelib.mentorships import access, clearing, endings, moving, running_store, store
from chalicelib.mentorships.moves import Moved
from chalicelib.mentorships.renewing import require_up_to_date
from chalicelib.mentorships.running import (
    By,
    CloseReason,
    EndReason,
    HoldReason,
    Mentorship,
    MentorshipStatus,
)
from chalicelib.mentorships.sessions import booking
from chalicelib.people import service as people
from chalicelib.people.model import Parting
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write


def part(call: Call, blocker: str, blocked: str, then: Parting) -> None:
    """Part two people of whom one has blocked the other: open proposals between them are closed, mentorships paused or
    ended, sessions ahead called off. Again, or once the block is taken back, it does nothing.

    It comes after the block, whose check stands in every transaction that would make something new between the two: so
    what is not found here cannot come to be.
    """
    if not people.has_blocked(blocker, blocked):
        return
    for proposal in store.all_proposals_of(blocker):
        side = proposal.side_of(blocker)
        if side is not None and proposal.side_of(blocked) is not None:
            clearing.close(call, proposal, side, "cannot go ahead")
    for mentorship in running_store.all_mentorships_of(blocker):
        if mentorship.side_of(blocked) is not None:
            _stop(call, mentorship, blocker, then)
            # Also of one that is over: whoever was cut off in between begins here again.
            booking.cancel_all(call, mentorship)


def _stop(call: Call, mentorship: Mentorship, blocker: str, then: Parting) -> None:
    def attempt() -> None:
        before = running_store.get_mentorship(blocker, mentorship.id)
        if before is None or before.is_closed:
            return
        require_up_to_date(call, before)
        found = _stopped(call, before, blocker, then)
        if found is not None:
            commit(call, moving.writes_of(call, before, found), None)

    moving.repeated(attempt)


def _stopped(call: Call, before: Mentorship, blocker: str, then: Parting) -> Moved | None:
    """Return a mentorship that a block stops; None where it stands still already."""
    if before.status is MentorshipStatus.CLOSING:
        # For the reason for which it is closing: there is no closing conversation any more.
        return endings.closed(before, By.SERVICE, call.now)
    if then is Parting.END:
        side = before.side_of(blocker)
        # As any end without a conversation. Coordinators read the same of it as of those.
        return endings.closed(before, By.PAIR, call.now, EndReason.OTHER, side=side)
    if before.hold is not None:
        return None
    return endings.held(before, HoldReason.OTHER, call.now, by=By.SERVICE)


def pausing(call: Call, mentorship_id: str) -> list[Write]:
    """Return the writes of a pause for a reason that does not tell (admins, and never of their own).

    Raises
    ------
    NotFound, MentorshipOver, AlreadyPaused, OwnMentorship
    MentorshipMoved
        If the clock's own move came first: read again.
    """
    before = _stoppable(call, mentorship_id)
    return moving.writes_of(call, before, endings.held(before, HoldReason.OTHER, call.now))


def closing(call: Call, mentorship_id: str) -> list[Write]:
    """Return the writes that close a mentorship for a reason that does not tell; raises as `pausing`."""
    before = _stoppable(call, mentorship_id)
    reason = EndReason(CloseReason.OTHER.value)
    return moving.writes_of(call, before, endings.closed(before, By.COORDINATOR, call.now, reason))


def _stoppable(call: Call, mentorship_id: str) -> Mentorship:
    mentorship = access.coordinated(call, mentorship_id).mentorship
    require_up_to_date(call, mentorship)
    return mentorship


def with_person(person_id: str) -> tuple[Mentorship, ...]:
    """Return somebody's mentorships that are not over, newest first."""
    return tuple(one for one in running_store.all_mentorships_of(person_id) if not one.is_closed)
