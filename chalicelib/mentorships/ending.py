"""What the two do about the end of their mentorship: end it, ask for more time, and say whether they want another."""

from datetime import date

from chalicelib.kernel.call import Call, written
from chalicelib.mentorships import access, endings, moving, task_store
from chalicelib.mentorships.errors import StillUnderWay
from chalicelib.mentorships.moves import Moved
from chalicelib.mentorships.renewing import require_up_to_date
from chalicelib.mentorships.running import NOT_ENDED, EndReason, Mentorship, PairReason, SeenMentorship
from chalicelib.mentorships.tasks import task_of_rematch
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import NotEnrolled
from chalicelib.programmes.model import Cadence, Side


def end(
    call: Call, mentorship_id: str, reason: PairReason, words: str = "", *, conversation: bool = True
) -> SeenMentorship:
    """End a mentorship of the actor's. Reason and words are for coordinators alone.

    An active one is closing for a while, unless they want no closing conversation; any other is closed, which gives
    both places back. Again, it is refused.

    Raises
    ------
    MentorshipOver
    """

    def attempt() -> SeenMentorship:
        before, side = _read(call, mentorship_id)
        why = EndReason(reason.value)
        found = endings.ended(before, why, call.now, side=side, conversation=conversation)
        return _commit(call, before, found, words)

    return moving.repeated(attempt)


def ask_longer(call: Call, mentorship_id: str, ends_on: date) -> SeenMentorship:
    """Ask the other that a mentorship last up to a later day; where they have asked for the same day, it does. Again,
    it does nothing.

    Raises
    ------
    MentorshipOver, NoEnd, MentorshipNotUnderWay
    """

    def attempt() -> SeenMentorship:
        before, side = _read(call, mentorship_id)
        asked = before.extension
        if before.ends_on == ends_on and asked is None:
            return commit(call, [], SeenMentorship.at(before, call.now))  # agreed before
        found = endings.longer(before, side, ends_on, call.now)
        if found is None:
            return commit(call, [], SeenMentorship.at(before, call.now))
        return _commit(call, before, found)

    return moving.repeated(attempt)


def decline_longer(call: Call, mentorship_id: str) -> SeenMentorship:
    """Say no to more time, or take back that one has asked for it; the last day stays.

    Raises
    ------
    NoExtensionAsked, MentorshipOver
    """

    def attempt() -> SeenMentorship:
        before, _ = _read(call, mentorship_id)
        return _commit(call, before, endings.not_longer(before, call.now))

    return moving.repeated(attempt)


def want_rematch(call: Call, mentorship_id: str, *, wanted: bool) -> SeenMentorship:
    """Say whether one wants to be matched anew, after a mentorship that is closing or over; unless somebody says no,
    they are.

    No is a pause of their place in the programme: proposals to them are not made. Yes ends such a pause; and where the
    programme is matched only when a coordinator says so, they have a task to. Again, it does nothing.

    Raises
    ------
    StillUnderWay
    NotEnrolled
        If they have left the programme.
    """
    mentorship, side = access.own(call, mentorship_id)
    if mentorship.status in NOT_ENDED:
        raise StillUnderWay("It goes on. End it first, if that is what you want.")
    gone = NotEnrolled("You have left the programme. Enrol in it again to be matched.")
    writes = [
        programmes.set_taking(
            mentorship.programme_id,
            mentorship.kind.place_of(side),
            call.actor_id,
            call.now,
            takes=wanted,
            conflict=gone,
        )
    ]
    if wanted and _waits_for_coordinator(mentorship):
        writes.append(task_store.put_task(task_of_rematch(mentorship, side, call.now), call.now))
    return commit(call, writes, SeenMentorship.at(mentorship, call.now))


def _waits_for_coordinator(mentorship: Mentorship) -> bool:
    row = tables.get(*programmes.programme_key(mentorship.programme_id))
    return row is not None and programmes.programme_of(row).cadence is Cadence.MANUAL


def _read(call: Call, mentorship_id: str) -> tuple[Mentorship, Side]:
    mentorship, side = access.own(call, mentorship_id)
    require_up_to_date(call, mentorship)
    return mentorship, side


def _commit(call: Call, before: Mentorship, found: Moved, words: str = "") -> SeenMentorship:
    writes = moving.writes_of(call, before, found, words=words)
    return commit(call, writes, SeenMentorship.at(written(found[1]), call.now))
