"""Raising a safety concern, and what admins do with it.

An admin who is one of the two, or has or had a mentorship with one of them, is kept out: to them a concern looks like a
missing one, in lists too. That is judged when it is read and again in the transaction of each move.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest, cursor_of
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.running import Mentorship
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.safety import mails, model, store
from chalicelib.safety.errors import ConcernMoved, TooManyConcerns
from chalicelib.safety.model import Concern, ConcernKind, ConcernOutcome, ConcernStatus, Deed, Move, Wish
from chalicelib.safety.store import Step

MOST_MAILS = 40  # a transaction takes the mails with the rest
_A_READ = 40  # concerns; their people share one read of a hundred ties
_REPORTER = "reporter"


@dataclass(frozen=True)
class Report:
    """What a reporter says."""

    person_id: str
    kind: ConcernKind
    words: str
    wish: Wish
    may_contact: bool


@dataclass(frozen=True)
class OwnConcern:
    """A concern as its reporter sees it, in their language. `is_seen`, when it is raised: whether there is an admin who
    may handle it."""

    concern: Concern
    locale: str
    is_seen: bool | None = None


@dataclass(frozen=True)
class SeenConcern:
    """A concern as an admin sees it before they open it, and after each move: without a name or a word."""

    concern: Concern
    reader_id: str

    @property
    def version(self) -> int | None:
        return self.concern.version


@dataclass(frozen=True)
class OpenedConcern:
    """All of a concern, with those of the person's mentorships that are not over, and who opened and moved it."""

    concern: Concern
    reader_id: str
    reporter: Person | None
    person: Person | None
    mentorships: tuple[Mentorship, ...]
    trail: tuple[Step, ...]

    @property
    def version(self) -> int | None:
        return self.concern.version


def raise_concern(call: Call, report: Report) -> OwnConcern:
    """Tell the admins, and nobody else, of somebody.

    Of anybody who has an account: whoever somebody meets in a mentorship, a proposal, a programme or as its staff.
    Nothing that others can read is touched.

    Raises
    ------
    Invalid, TooManyConcerns
    """
    if report.person_id == call.actor_id:
        raise Invalid.field("/person_id", "This is you. Say whom it is about.")
    known = people.get_people([call.actor_id, report.person_id])
    if report.person_id not in known or call.actor_id not in known:
        raise Invalid.field("/person_id", "Nobody here has this identifier.")
    own = store.concerns_by(call.actor_id, PageRequest(100))
    if sum(one.status is not ConcernStatus.CLOSED for one in own.items) >= model.MOST_OPEN:
        raise TooManyConcerns(
            "Wait until one of yours is closed. Whoever handles one can ask you for more, where you allowed it."
        )
    concern = Concern(
        call.new_id(), call.actor_id, report.person_id, report.kind, call.now, call.now, report.words,
        report.wish, report.may_contact,
    )  # fmt: skip
    able = able_admins(concern)
    writes = [
        # Where no admin may handle it, the next sweep alarms those who run the installation.
        *store.put_concern(concern, model.next_look(concern, call.now) if able else call.now, call.now),
        _step(call, concern, "raise", by=_REPORTER),
        *(mails.mail(mails.CONCERN_RAISED, concern.id, one, "raised", call.now) for one in able),
    ]
    own_concern = OwnConcern(written(concern), known[call.actor_id].locale, bool(able))
    return commit(call, writes, own_concern)


def my_concerns(call: Call, page: PageRequest) -> Page[OwnConcern]:
    """Return how far the actor's concerns are, the latest first."""
    found = store.concerns_by(call.actor_id, page)
    me = people.get_person(call.actor_id)
    locale = me.locale if me else ""
    return Page(tuple(OwnConcern(one, locale) for one in found.items), found.next)


def list_concerns(call: Call, status: ConcernStatus, page: PageRequest) -> Page[SeenConcern]:
    """Return the concerns of a state that the actor, an admin, may handle. Those from which they are kept out leave no
    gap, neither in a page nor in where the next begins."""
    organisations.rights(call).require_admin()
    after = page.position(*store.PLACE)
    shown: list[Concern] = []
    while True:
        found, after = store.listed(status, after, _A_READ)
        shown += _visible(call.actor_id, found)
        if after is None or len(shown) > page.limit:
            break
    on_page = shown[: page.limit]
    following = cursor_of(**store.place_of(on_page[-1])) if len(shown) > page.limit else None
    return Page(tuple(SeenConcern(one, call.actor_id) for one in on_page), following)


def open_concern(call: Call, concern_id: str) -> OpenedConcern:
    """Return all of a concern to an admin who may handle it; that they opened it is kept in its trail."""
    concern = _require(call, concern_id)
    known = people.get_people([concern.reporter_id, concern.person_id])
    theirs = mentorships.mentorships_with(concern.person_id)
    opened = OpenedConcern(
        concern, call.actor_id, known.get(concern.reporter_id), known.get(concern.person_id), theirs,
        store.trail_of(concern_id),
    )  # fmt: skip
    writes = [_step(call, concern, "open"), *_not_kept_out(call, concern)]
    return commit(call, writes, opened)


def claim(call: Call, concern_id: str) -> SeenConcern:
    """See to a concern; raises `ConcernNotOpen`."""
    before = _require(call, concern_id)
    return _move(call, before, model.claimed(before, call.actor_id, call.now), Move.CLAIM)


def release(call: Call, concern_id: str) -> SeenConcern:
    """Have a concern wait for another admin, who are all told; raises `ConcernNotOpen`."""
    before = _require(call, concern_id)
    after = model.released(before, call.actor_id, call.now)
    told = [
        mails.mail(mails.CONCERN_RAISED, after.id, one, f"released {before.version}", call.now)
        for one in able_admins(after)
        if one != call.actor_id
    ]
    return _move(call, before, after, Move.RELEASE, told)


def act(call: Call, concern_id: str, mentorship_id: str, deed: Deed) -> SeenConcern:
    """Pause or end a mentorship of the person whom the actor's concern is about, for a reason that does not tell.

    Raises
    ------
    ConcernNotOpen, ConcernNotYours, NotFound
    MentorshipOver, AlreadyPaused, OwnMentorship
    """

    def attempt() -> SeenConcern:
        before = _require(call, concern_id)
        after = model.acted(before, call.actor_id, call.now)
        if mentorships.mentorship_for(before.person_id, mentorship_id) is None:
            raise NotFound
        stops = mentorships.pausing if deed is Deed.PAUSE else mentorships.closing
        writes = stops(call, mentorship_id)
        if deed is Deed.PAUSE:
            writes.append(store.put_stopped(mentorship_id, before.id, call.now))
        return _move(call, before, after, Move.ACT, writes, f"{deed} {mentorship_id}")

    return mentorships.repeated(attempt)


def close(call: Call, concern_id: str, outcome: ConcernOutcome, note: str, answer: str) -> SeenConcern:
    """Close the actor's concern, and tell the reporter that there is an answer.

    Raises
    ------
    ConcernNotOpen, ConcernNotYours
    """
    before = _require(call, concern_id)
    after = model.closed(before, call.actor_id, outcome, note, answer, call.now)
    told = mails.mail(mails.CONCERN_CLOSED, after.id, after.reporter_id, "closed", call.now)
    return _move(call, before, after, Move.CLOSE, [told], outcome)


# What other capabilities ask. None of these checks who asks: the capability that calls has done so.


def concern_for_admin(person_id: str, concern_id: str) -> Concern | None:
    """Return a concern as it is now, if somebody is an admin at this moment and may handle it."""
    row, rights_row = tables.get_many(
        [store.concern_key(concern_id), organisations.admin_rights_key(person_id)]
    )
    if row is None or not organisations.is_admin(person_id, rights_row):
        return None
    concern = store.concern_of(row)
    return None if concern.keeps_out(person_id, _tied(person_id, [concern])) else concern


def concern_by(person_id: str, concern_id: str) -> Concern | None:
    """Return a concern as it is now, if somebody has raised it."""
    concern = store.get_concern(concern_id)
    return concern if concern is not None and concern.reporter_id == person_id else None


def went_on(call: Call, mentorship_id: str, by: str, at: datetime) -> None:
    """Tell of a mentorship that somebody had go on at an instant, if it was paused for a concern: in the concern's
    trail, and the admin who has seen to the concern, or all who may where there is none any more. Again, it does
    nothing.

    Who had it go on is told nothing, as they were not told of the concern.
    """
    for concern_id in list(store.stopped_for(mentorship_id)):
        writes = [store.take_stopped(mentorship_id, concern_id)]
        concern = store.get_concern(concern_id)
        if concern is not None:
            able = able_admins(concern)
            to = [concern.handler_id] if concern.handler_id in able else able
            why = f"resume {mentorship_id}"
            writes += [
                _step(call, concern, "undone", by=by, why=why),
                *(
                    mails.mail(mails.CONCERN_UNDONE, concern.id, one, f"{why} {to_text(at)}", call.now)
                    for one in to
                    if one is not None and one != by
                ),
            ]
        with suppress(ConcernMoved):  # another worker has told it
            commit(call, writes, None)


def look_at_due(now: datetime) -> int:
    """Remind of the concerns whose time has come; return how many wait for another try. See `looking.look_at_due`."""
    from chalicelib.safety import looking

    return looking.look_at_due(now)


def able_admins(concern: Concern) -> list[str]:
    """Return the admins who may handle a concern, as many as are written to."""
    found = organisations.admins()
    tied = people.tied_to(concern.reporter_id, found) | people.tied_to(concern.person_id, found)
    two = (concern.reporter_id, concern.person_id)
    return [one for one in found if one not in two and one not in tied][:MOST_MAILS]


def _require(call: Call, concern_id: str) -> Concern:
    """Return a concern to an admin who may handle it, at the version that they saw; raises `NotFound`."""
    rights_row, row = tables.get_many([organisations.rights_key(call), store.concern_key(concern_id)])
    organisations.rights_of(call, rights_row).require_admin()
    if row is None:
        raise NotFound
    concern = store.concern_of(row)
    if concern.keeps_out(call.actor_id, _tied(call.actor_id, [concern])):
        raise NotFound
    require_version(call, concern.version)
    return concern


def _visible(admin_id: str, concerns: Sequence[Concern]) -> list[Concern]:
    tied = _tied(admin_id, concerns)
    return [one for one in concerns if not one.keeps_out(admin_id, tied)]


def _tied(admin_id: str, concerns: Collection[Concern]) -> frozenset[str]:
    return people.tied_to(admin_id, {one for two in concerns for one in (two.reporter_id, two.person_id)})


def _move(
    call: Call,
    before: Concern,
    after: Concern,
    move: Move,
    beside: Sequence[Write] = (),
    why: str | None = None,
) -> SeenConcern:
    """Commit a move with its trail, on condition that the admin has come to no mentorship with one of the two."""
    is_same = after == before
    kept = (
        [store.check_unmoved(before)]
        if is_same
        else store.put_concern(after, model.next_look(after, call.now), call.now)
    )
    writes = [*kept, _step(call, after, move, why=why), *_not_kept_out(call, after), *beside]
    return commit(call, writes, SeenConcern(after if is_same else written(after), call.actor_id))


def _not_kept_out(call: Call, concern: Concern) -> list[Write]:
    return [
        people.check_no_tie(call.actor_id, one, NotFound())
        for one in (concern.reporter_id, concern.person_id)
    ]


def _step(call: Call, concern: Concern, what: str, *, by: str | None = None, why: str | None = None) -> Write:
    return store.audit(
        concern.id, row_id=call.new_id(), at=call.now, actor=by or call.actor_id, action=what, why=why
    )
