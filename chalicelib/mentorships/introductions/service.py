"""A mentor introduces their mentee to somebody else: the mentee is asked first, then the third, and neither has the
other's address before both have said yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.kernel.tries import again
from chalicelib.mentorships import access
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.mentorships.introductions import mails, model, store
from chalicelib.mentorships.introductions.errors import (
    CannotIntroduce,
    IntroductionMoved,
    IntroductionOver,
    NotTheMentor,
)
from chalicelib.mentorships.introductions.model import Face, Introduction, Part, Reply, Status
from chalicelib.mentorships.model import Card
from chalicelib.mentorships.running import Mentorship, may_meet
from chalicelib.mentorships.sessions import store as sessions
from chalicelib.people import service as people
from chalicelib.people.model import Person, PersonStatus
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Role, Side

_STATES = ("forming", "active", "closing")


@dataclass(frozen=True)
class Whom:
    """Whom a mentor wants to introduce: somebody of the directory by their id, or somebody they know by an address."""

    person_id: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class SeenIntroduction:
    """An introduction as one of the three sees it at an instant.

    Attributes
    ----------
    contact
        The other of the two who are introduced, once that is made; the mentor is told no address.
    """

    introduction: Introduction
    role: Part
    status: Status
    waits_for: Part | None
    contact: Person | None = None

    @property
    def version(self) -> int | None:
        return self.introduction.version


def introduce(call: Call, mentorship_id: str, whom: Whom, text: str) -> SeenIntroduction:
    """Offer the actor's mentee, or peer, to meet somebody of the same programme.

    With an address the answer is the same whether or not it is somebody's of the programme, and whether or not one of
    the three has blocked another: the mentee is asked, and so is the third if there is one.

    Raises
    ------
    NotTheMentor, MentorshipNotUnderWay, CannotIntroduce, TooManyIntroductions, Invalid
    """
    mentorship, side = access.own(call, mentorship_id)
    if mentorship.kind.role_of(side) is Role.MENTEE:
        raise NotTheMentor
    if not may_meet(mentorship, call.now):
        raise MentorshipNotUnderWay("Introduce people while you two can meet.")
    third = _listed(mentorship, whom.person_id) if whom.person_id else _known_by(mentorship, whom.email or "")
    if whom.person_id and third is None:
        raise CannotIntroduce
    introduction = Introduction(
        call.new_id(), mentorship_id, mentorship.programme_id, _face(mentorship.card(side)),
        _face(mentorship.card(side.other)), third, whom.person_id is not None, text,
        asked_until=call.now + model.TIME_TO_ANSWER, created_at=call.now,
    )  # fmt: skip
    two = [introduction.mentor.person_id, introduction.mentee.person_id]
    writes = [
        sessions.check_status(mentorship_id, _STATES),
        store.count_new(mentorship_id, call.now),
        store.put_introduction(introduction, call.now),
        *store.list_for(introduction, two, call.now),
        mails.mail(mails.OFFERED, introduction, introduction.mentee.person_id, call.now),
        _audit(call, introduction, "introduce", None),
    ]
    return commit(call, writes, _seen(call, written(introduction), Part.MENTOR))


def answer(call: Call, introduction_id: str, reply: Reply) -> SeenIntroduction:
    """Say yes or no to an introduction, as one of the two who are to meet, or take it back as its mentor.

    Raises
    ------
    IntroductionOver, Invalid
    """
    return again(
        lambda: _answer(call, introduction_id, reply), IntroductionMoved,
        busy="Others are answering this introduction at this moment.",
    )  # fmt: skip


def _answer(call: Call, introduction_id: str, reply: Reply) -> SeenIntroduction:
    before, role = _own(call, introduction_id)
    after = model.answered(before, role, reply, call.now)
    if before == after:
        return _seen(call, before, role)
    writes = [store.put_introduction(after, call.now), _audit(call, after, f"answer_{role.value}", before)]
    third = after.third
    if (
        third is not None
        and role is Part.MENTEE
        and before.mentee_reply is not after.mentee_reply is Reply.YES
    ):
        writes += store.list_for(after, [third.person_id], call.now)
        writes.append(mails.mail(mails.ASKED, after, third.person_id, call.now))
    contact = None
    if third is not None and after.made_at is not None:
        two = [after.mentee.person_id, third.person_id]
        over = IntroductionOver("It cannot be made any more.")
        writes += people.check_not_blocked(after.mentee.person_id, third.person_id, over)
        writes += [mails.mail(mails.MADE, after, one, call.now) for one in two]
        writes.append(store.put_success(after, call.now))
        contact = people.get_person(after.mentee.person_id)
    return commit(call, writes, _seen(call, written(after), role, contact))


def read(call: Call, introduction_id: str) -> SeenIntroduction:
    """Return an introduction to those of the three who know of it."""
    shown = _with_contacts(call, [_own(call, introduction_id)])
    if not shown:
        raise NotFound
    return shown[0]


def my_introductions(call: Call, page: PageRequest) -> Page[SeenIntroduction]:
    """Return the introductions that the actor knows of, in whatever role, the latest first. Those that whom they have
    blocked would be led to them by are none of theirs any more, so a page may be short."""
    found = store.introductions_of(call.actor_id, page)
    mine = [(one, role) for one in found.items if (role := one.role_of(call.actor_id)) is not None]
    return Page(tuple(_with_contacts(call, mine)), found.next)


def _own(call: Call, introduction_id: str) -> tuple[Introduction, Part]:
    found = store.get_introduction(introduction_id)
    role = found.role_of(call.actor_id) if found is not None else None
    if found is None or role is None:
        raise NotFound
    return found, role


def _is_of_blocked(one: Introduction, role: Part, blocked: frozenset[str]) -> bool:
    """Tell whether somebody in a role has blocked one of the others whom they would have to do with by it."""
    three = {Part.MENTOR: one.mentor, Part.MENTEE: one.mentee, Part.THIRD: one.third}
    return any(
        face is not None and face.person_id in blocked for part, face in three.items() if part is not role
    )


def _with_contacts(call: Call, mine: Sequence[tuple[Introduction, Part]]) -> list[SeenIntroduction]:
    """Return introductions of the actor's, with the address of the other where it is made, and without those by which
    they would have to do with somebody whom they have blocked."""
    others = [_other(one, role) for one, role in mine]
    ids = list(dict.fromkeys(one.person_id for one in others if one is not None))
    blocks_row, *rows = tables.get_many(
        [people.blocks_key(call.actor_id), *(people.person_key(one) for one in ids)]
    )
    blocked = people.blocks_of(blocks_row)
    known = {one: people.person_of(row) for one, row in zip(ids, rows, strict=True) if row is not None}
    return [
        _seen(call, one, role, known.get(other.person_id) if other is not None else None)
        for (one, role), other in zip(mine, others, strict=True)
        if not _is_of_blocked(one, role, blocked)
    ]


def _other(introduction: Introduction, role: Part) -> Face | None:
    """Return whose address somebody in a role has: nobody's before it is made, and nobody's for the mentor."""
    if introduction.made_at is None or role is Part.MENTOR:
        return None
    return introduction.third if role is Part.MENTEE else introduction.mentee


def _seen(call: Call, one: Introduction, role: Part, contact: Person | None = None) -> SeenIntroduction:
    return SeenIntroduction(one, role, one.status_at(call.now), one.waits_for(call.now), contact)


def _listed(mentorship: Mentorship, person_id: str) -> Face | None:
    """Return somebody whom the programme's directory shows, if none of the three has blocked another."""
    if mentorship.side_of(person_id) is not None:
        raise Invalid.field("/person_id", "Introduce your mentee to somebody else than one of you two.")
    rows = tables.get_many(
        [
            programmes.enrolment_key(mentorship.programme_id, Side.MENTOR, person_id),
            *_rows_of_three(mentorship, person_id),
        ]
    )
    enrolment_row, *rest = rows
    if enrolment_row is None or not programmes.enrolment_of(enrolment_row).takes_part:
        return None
    return _face_of(mentorship, person_id, rest, is_listed=True)


def _known_by(mentorship: Mentorship, email: str) -> Face | None:
    """Return the person of the programme who has an address, if none of the three has blocked another. As many reads
    are made for an address that nobody has."""
    claim = people.find_claim(email)
    person_id = claim.person_id if claim is not None else mentorship.id
    *enrolment_rows, person_row, profile_row, theirs, mentors, mentees = tables.get_many(
        [
            *(programmes.enrolment_key(mentorship.programme_id, side, person_id) for side in Side),
            *_rows_of_three(mentorship, person_id),
        ]
    )
    places = [programmes.enrolment_of(row) for row in enrolment_rows if row is not None]
    # That an address is the mentee's own is not told either.
    if mentorship.side_of(person_id) is not None or not any(one.takes_part for one in places):
        return None
    rest = [person_row, profile_row, theirs, mentors, mentees]
    return _face_of(mentorship, person_id, rest, is_listed=False)


def _rows_of_three(mentorship: Mentorship, person_id: str) -> list[tuple[Any, str, str]]:
    two = (mentorship.mentor.person_id, mentorship.mentee.person_id)
    return [
        people.person_key(person_id),
        people.profile_key(person_id),
        *(people.blocks_key(one) for one in (person_id, *two)),
    ]


def _face_of(mentorship: Mentorship, person_id: str, rows: Sequence[Any], *, is_listed: bool) -> Face | None:
    person_row, profile_row, *block_rows = rows
    if person_row is None or profile_row is None:
        return None
    person, profile = people.person_of(person_row), people.profile_of(profile_row)
    if person.status is not PersonStatus.ACTIVE or (is_listed and not profile.visible):
        return None
    theirs, *ours = (people.blocks_of(row) for row in block_rows)
    two = {mentorship.mentor.person_id, mentorship.mentee.person_id}
    if two & theirs or any(person_id in one for one in ours):
        return None
    return Face(person.id, person.name, profile.profession, profile.country)


def _face(card: Card) -> Face:
    return Face(card.person_id, card.name, card.profession, card.country)


def _audit(call: Call, after: Introduction, action: str, before: Introduction | None) -> Write:
    return store.audit(
        after.id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action,
        before=before.status_at(call.now) if before is not None else None, after=after.status_at(call.now),
    )  # fmt: skip


# What the mails ask.


def introduction_for(person_id: str, introduction_id: str, now: datetime) -> SeenIntroduction | None:
    """Return an introduction as it is now to one of those who know of it, without an address."""
    found = store.get_introduction(introduction_id)
    role = found.role_of(person_id) if found is not None else None
    if found is None or role is None:
        return None
    return SeenIntroduction(found, role, found.status_at(now), found.waits_for(now))
