"""What befalls mentorships when their mentor is not verified any more as the programme asks, and when they are again.

News tells of both at once; a daily look finds the end of a grace, and whatever news has not brought. Every write holds
only while the mentorship is as it was read, and what the verdict on the mentor was worked out from: the programme's
rules, standing, profile. So a repeat finds nothing left to do, and none crosses a decision that is made at the same
moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from chalicelib.credentials.kinds import Kind, Loss
from chalicelib.kernel.call import Call, job_call, written
from chalicelib.kernel.errors import NotFound
from chalicelib.mentorships import running_store, telling
from chalicelib.mentorships.access import coordinated
from chalicelib.mentorships.endings import after_time
from chalicelib.mentorships.errors import (
    MentorNotVerified,
    MentorshipMoved,
    PartnerNotAvailable,
    StandingMoved,
)
from chalicelib.mentorships.model import verified_sides
from chalicelib.mentorships.moves import MentorshipMove, Moved
from chalicelib.mentorships.moving import next_look, repeated, writes_of
from chalicelib.mentorships.renewals import after_grace, after_loss, after_return, resumed
from chalicelib.mentorships.running import NOT_ENDED, Mentorship, SeenMentorship
from chalicelib.mentorships.running_store import Look
from chalicelib.people import service as people
from chalicelib.people.model import Person, Profile
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.observability import act_on_each, count
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import PairKind, Programme

_READ_AT_ONCE = 90  # programmes of one read, beside the mentor


@dataclass(frozen=True)
class _Mentor:
    """A mentor as a programme sees them; without their rows they are verified by nothing.

    `beside` is the other of two peers, who is verified for as long at least, or is not either.
    """

    programme: Programme
    id: str
    person: Person | None
    profile: Profile | None
    beside: "_Mentor | None" = None

    def until(self, now: datetime) -> datetime | None:
        """Return until when the programme takes them, or None."""
        if self.person is None or self.profile is None:
            return None
        if not self.programme.takes_as_mentor(self.person, self.profile, now):
            return None
        return self.programme.verdict(self.person, self.profile, now).until

    def verified_to(self, now: datetime) -> datetime | None:
        """Return the end of what verified them here, as far as their row still says."""
        if self.person is None or self.profile is None:
            return None
        return self.programme.verified_to(self.person, self.profile, now)

    def place_in_time(self, now: datetime) -> tuple[bool, datetime]:
        """Return by what two are put in order: who is not verified first, and who is not for longest; then who will
        not be soonest."""
        until = self.until(now)
        if until is not None:
            return True, until
        return False, self.verified_to(now) or datetime.min.replace(tzinfo=UTC)

    def check(self, call: Call) -> list[Write]:
        """Return the writes that fail with `StandingMoved` unless what `until` was worked out from still holds."""
        moved = StandingMoved("Read it again.")
        if self.person is not None and self.profile is not None and self.until(call.now) is not None:
            writes = programmes.check_verified(self.programme, self.person, self.profile, call, moved)
            other = self.beside
            if other is not None and other.person is not None and other.profile is not None:
                writes += programmes.check_mentor(self.programme, other.person, other.profile, call, moved)
            return writes
        return programmes.check_not_verified(self.programme, self.id, self.person, self.profile, call, moved)


@dataclass(frozen=True)
class Why:
    """How a mentor came to be no longer verified, and when, where news has told."""

    loss: Loss
    at: datetime


def verification_ended(call: Call, person_id: str, why: Why, kind: Kind | None) -> None:
    """Begin the grace of a mentor's mentorships, or pause them, and see that coordinators hear of it: in the programmes
    that ask for what is gone and do not take the mentor without it. Again, it does nothing.

    Parameters
    ----------
    kind
        As what the credential counted that was lost; None if nothing says so, and then any programme may have asked
        for it.
    """
    theirs = [one for one in running_store.all_mentorships_of(person_id) if _is_mentor(one, person_id)]
    places = {one.programme_id for one in programmes.places_of_mentor(person_id) if one.takes_part}
    concerned = {
        one.programme.id
        for one in _seen_in(person_id, places | {one.programme_id for one in theirs})
        if one.programme.asks_for(kind) and one.until(call.now) is None
    }
    theirs = [one for one in theirs if one.programme_id in concerned]
    for one in theirs:
        look(call, _look_of(one, call.now), why)
    paused = [one for one in theirs if one.status in NOT_ENDED]
    telling.verification_ended(call, person_id, concerned, paused, why.loss, why.at)


def verification_renewed(call: Call, person_id: str) -> None:
    """Have a mentor's mentorships go on, or coordinators say whether they do. Again, it does nothing."""
    for one in running_store.all_mentorships_of(person_id):
        if one.renewal is not None and _is_mentor(one, person_id):
            look(call, _look_of(one, call.now))


def measured_anew(call: Call, person_id: str, at: datetime, programme_id: str | None = None) -> None:
    """Look at a mentor's mentorships after a programme's rules were changed, or the mentor's profile, at an instant.

    What was agreed before has a grace from then on where it does not fit any more, and goes on where it fits again.

    Parameters
    ----------
    programme_id
        The one programme to look at; by default all.
    """
    for one in running_store.all_mentorships_of(person_id):
        if _is_mentor(one, person_id) and programme_id in (None, one.programme_id):
            look(call, _look_of(one, call.now), Why(Loss.UNMET, at))


def look_at_due(now: datetime) -> int:
    """Look at each mentorship whose last day, time for closing or grace may be over, or of which the mentor's standing
    may have something to say.

    Returns
    -------
    int
        How many could not be looked at and wait for another try; the others are done.
    """
    call = job_call("look_at_mentorships", now)
    moved, failed = act_on_each(
        running_store.due_looks(now),
        lambda one: look(call, one),
        "mentorship not looked at",
        lambda one: {"mentorship_id": one.mentorship_id},
    )
    count("MentorshipsMoved", moved)
    return failed


def look(call: Call, due: Look, why: Why | None = None) -> MentorshipMove | None:
    """Bring a mentorship to where its programme's verdict on the mentor wants it; return the move that it made, if any.

    Parameters
    ----------
    why
        How the mentor came not to be verified, where news has told. By itself a date that is over is an expiry, rules
        that what they hold does not meet are unmet, and where nothing verifies them it is something to be seen to
        before anybody goes on.

    Raises
    ------
    Unavailable
        If others keep changing the same.
    """
    return repeated(lambda: _look(call, due, why))


def _look(call: Call, due: Look, why: Why | None) -> MentorshipMove | None:
    now = call.now
    row, *mentor_rows = tables.get_many(
        [
            running_store.mentorship_key(due.mentorship_id),
            *programmes.mentor_keys(due.programme_id, due.mentor_id),
        ]
    )
    if row is None or mentor_rows[0] is None:
        raise NotFound
    before = running_store.mentorship_of(row)
    if before.is_closed:
        return None
    over = after_time(before, now)
    if over is not None:
        commit(call, writes_of(call, before, over), None)
        return over[0]
    mentor = _deciding(before, _mentor_of(due.mentor_id, *mentor_rows), now)
    until = mentor.until(now)
    found = after_return(before, now) if until is not None else _without_verdict(before, mentor, why, now)
    if found is None:
        at = next_look(before, until)
        looked = [running_store.put_look(before, at, now), running_store.check_unmoved(before)]
        commit(call, [*looked, *mentor.check(call)], None)
        return None
    commit(call, [*writes_of(call, before, found, verified_until=until), *mentor.check(call)], None)
    return found[0]


def _deciding(mentorship: Mentorship, mentor: _Mentor, now: datetime) -> _Mentor:
    """Return the mentor; of peers, both of whom are to be verified, the one who is not, or not for as long, with the
    other beside them."""
    if mentorship.kind is not PairKind.PEER:
        return mentor
    both = mentorship.mentee.person_id, mentorship.mentor.person_id
    other_id = both[both[0] == mentor.id]
    person, profile = tables.get_many([people.person_key(other_id), people.profile_key(other_id)])
    other = replace(
        mentor, id=other_id, person=people.person_of(person) if person is not None else None,
        profile=people.profile_of(profile) if profile is not None else None,
    )  # fmt: skip
    first, second = sorted((mentor, other), key=lambda one: one.place_in_time(now))
    return replace(first, beside=second)


def _without_verdict(before: Mentorship, mentor: _Mentor, why: Why | None, now: datetime) -> Moved | None:
    ended = mentor.verified_to(now)
    loss: Loss = (
        before.renewal.loss if before.renewal is not None else _by_itself(before, mentor, ended, why, now)
    )
    if why is not None and why.loss is not Loss.UNMET:
        loss = why.loss
    since = now
    if loss in (Loss.EXPIRED, Loss.UNMET):
        told = why.at if why is not None else now
        since = min(ended if loss is Loss.EXPIRED and ended is not None else told, now)
    grace = timedelta(days=mentor.programme.grace_days)
    return after_loss(before, loss, since, grace, now) or after_grace(before, now)


def _by_itself(
    before: Mentorship, mentor: _Mentor, ended: datetime | None, why: Why | None, now: datetime
) -> Loss:
    """Return how a mentor came not to be verified, by what their row says.

    Measured anew, whom something verifies met what was asked before: an expiry of long ago is not why. So did whom
    nothing has verified yet, where coordinators may have vouched for them.
    """
    if why is not None and ended is None and before.kind is not PairKind.ONE_TO_ONE:
        return Loss.UNMET
    is_verified = mentor.person is not None and mentor.person.can_mentor(now)
    if is_verified and (why is not None or ended is None):
        return Loss.UNMET
    return Loss.EXPIRED if ended is not None else Loss.SUSPENDED


def require_up_to_date(call: Call, mentorship: Mentorship) -> None:
    """See that what the clock has brought about is done, before somebody moves a mentorship.

    Raises
    ------
    MentorshipMoved
        If there was something to do, which is done now.
    """
    now = call.now
    if mentorship.status_at(now) is mentorship.status and after_time(mentorship, now) is None:
        return
    _bring_up_to_date(mentorship, now)


def _bring_up_to_date(mentorship: Mentorship, now: datetime) -> NoReturn:
    look(job_call("look_at_mentorships", now), _look_of(mentorship, now))
    raise MentorshipMoved("Read it again.")


def resume(call: Call, mentorship_id: str) -> SeenMentorship:
    """Have a paused mentorship go on, if its programme takes the mentor at this moment, or they have their grace (its
    coordinators).

    Raises
    ------
    NotPaused, MentorNotVerified, OwnMentorship
    PartnerNotAvailable
        If one of the two has blocked the other; nobody is told which.
    """
    return repeated(lambda: _resume(call, mentorship_id))


def _resume(call: Call, mentorship_id: str) -> SeenMentorship:
    seen = coordinated(call, mentorship_id)
    before = seen.mentorship
    resumed(before, call.now)
    mentor_id = before.mentor.person_id
    rows = tables.get_many(programmes.mentor_keys(before.programme_id, mentor_id))
    if rows[0] is None:
        raise NotFound
    mentor = _deciding(before, _mentor_of(mentor_id, *rows), call.now)
    until = mentor.until(call.now)
    if until is None and before.renewal is None:
        # No news has come by while it was paused: what it is to say is done first.
        _bring_up_to_date(before, call.now)
    in_grace = before.renewal is not None and before.renewal.until > call.now
    if until is None and not in_grace:
        raise MentorNotVerified(
            "It can go on once a reviewer has verified what the programme asks of its mentors."
        )
    found = resumed(before, call.now, is_verified=until is not None)
    apart = PartnerNotAvailable("As things stand the two are not to meet. Ask each of them how to go on.")
    writes = [
        *writes_of(call, before, found, verified_until=until),
        *mentor.check(call),
        *people.check_not_blocked(before.mentee.person_id, mentor_id, apart),
    ]
    after = written(found[1])
    return commit(call, writes, replace(seen, mentorship=after, status=after.status_at(call.now)))


def _mentor_of(mentor_id: str, programme_row: Any, person_row: Any, profile_row: Any) -> _Mentor:
    return _Mentor(
        programmes.programme_of(programme_row),
        mentor_id,
        people.person_of(person_row) if person_row is not None else None,
        people.profile_of(profile_row) if profile_row is not None else None,
    )


def _seen_in(mentor_id: str, programme_ids: Iterable[str]) -> list[_Mentor]:
    """Return a mentor as each of some programmes sees them."""
    found, left = [], sorted(programme_ids)
    own = [people.person_key(mentor_id), people.profile_key(mentor_id)]
    while left:
        part, left = left[:_READ_AT_ONCE], left[_READ_AT_ONCE:]
        person, profile, *rows = tables.get_many([*own, *(programmes.programme_key(one) for one in part)])
        found += [_mentor_of(mentor_id, row, person, profile) for row in rows if row is not None]
    return found


def _is_mentor(mentorship: Mentorship, person_id: str) -> bool:
    """Tell whether somebody is the mentor, or one of two peers, of a mentorship that is not over."""
    return not mentorship.is_closed and mentorship.side_of(person_id) in verified_sides(mentorship.kind)


def _look_of(mentorship: Mentorship, now: datetime) -> Look:
    return Look(mentorship.id, mentorship.mentor.person_id, mentorship.programme_id, now)
