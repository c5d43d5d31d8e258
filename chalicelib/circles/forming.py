"""Forming circles: worked out for all who are without one as one problem, looked at by a coordinator, and published by
one change of the forming; what follows is done circle by circle, each in one transaction, under ids that a repeat gives
again."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from chalicelib.circles import mails, model, placing, store
from chalicelib.circles.errors import (
    CircleFull,
    FormedBefore,
    NoCirclePlan,
    NotEligible,
    SeatedElsewhere,
)
from chalicelib.circles.model import (
    Circle,
    CirclePlan,
    CircleRole,
    CircleStatus,
    Formed,
    Forming,
    FormingStatus,
    LeftOut,
    Place,
    PlaceState,
    Report,
    checked_plan,
    place_side,
    seated,
)
from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import StaleVersion, VersionRequired
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.matching import formation
from chalicelib.matching import service as matching
from chalicelib.matching.formation import (
    CircleSettings,
    Formation,
    Leading,
    Seeking,
    StandingCircle,
)
from chalicelib.people import service as people
from chalicelib.people.model import Person, PersonStatus
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Topic
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import NoPlaceLeft, ProgrammeNotRunning
from chalicelib.programmes.model import EnrolmentStatus, PairKind, Programme, Side

_A_BATCH = 90
_MOST_SHORTAGES = 20


@dataclass(frozen=True)
class SeenForming:
    """A forming, with a page of who would be with whom, and then of who is left out; their names for coordinators."""

    forming: Forming
    items: tuple[Formed | LeftOut, ...] = ()
    next: str | None = None
    known: dict[str, Person] | None = None

    @property
    def version(self) -> int | None:
        return self.forming.version


# The plan.


def read_plan(call: Call, programme_id: str) -> CirclePlan:
    """Return how the circles of a programme are (its coordinators); as they are usually, where nobody has said."""
    programme, (row,) = programmes.coordinated(call, programme_id, store.plan_key(programme_id))
    return store.plan_of(row) if row is not None else _usual(programme)


def set_plan(call: Call, programme_id: str, plan: CirclePlan) -> CirclePlan:
    """Say how the circles of a programme are that are formed from now on (its coordinators); raises `Invalid`."""
    programme, (row,) = programmes.coordinated(call, programme_id, store.plan_key(programme_id))
    version = int(row.version) if row is not None else None
    require_version(call, version)
    kept = replace(checked_plan(plan, programme), version=version)
    writes = [
        store.put_plan(kept, call.now),
        _step(call, programme_id, "plan", after=str(written(kept).version)),
    ]
    return commit(call, writes, written(kept))


def _usual(programme: Programme) -> CirclePlan:
    return CirclePlan(programme.id, leads=0 if programme.kind is PairKind.PEER else 1)


# Asking for it.


def ask(call: Call, programme_id: str) -> SeenForming:
    """Have circles worked out for all of a programme who are without one (its coordinators): nobody is told yet.

    Raises
    ------
    NoCirclePlan, ProgrammeNotRunning, FormingNotSo, FormingMoved
    """
    programme, (plan_row, row) = programmes.coordinated(
        call, programme_id, store.plan_key(programme_id), store.forming_key(programme_id)
    )
    if plan_row is None:
        raise NoCirclePlan
    if not programme.is_running(call.now):
        raise ProgrammeNotRunning("Circles are formed only while the programme runs.")
    before = store.forming_of(row) if row is not None else None
    model.asked_again(before, call.now)
    if before is not None:
        require_version(call, before.version)
    forming = Forming(
        call.new_id(), programme_id, FormingStatus.ASKED, call.actor_id, store.plan_of(plan_row),
        created_at=call.now, version=before.version if before else None,
    )  # fmt: skip
    writes = [
        store.put_forming(forming, call.now),
        _news(call, mails.FORMING_ASKED, forming),
        _step(call, programme_id, "form", after=forming.id),
    ]
    return commit(call, writes, SeenForming(written(forming)))


def publish(call: Call, programme_id: str) -> SeenForming:
    """Have what was worked out come to be (the programme's coordinators): the people are asked whether they come.
    While it does, this has it begin again: it goes on where it stopped.

    Raises
    ------
    NotFound, FormingNotSo, FormingMoved, VersionRequired, StaleVersion
        The last for who has looked at another forming than the present one.
    """
    programme, (row,) = programmes.coordinated(call, programme_id, store.forming_key(programme_id))
    if row is None:
        raise NoCirclePlan
    before = store.forming_of(row)
    if call.if_match is None:
        raise VersionRequired
    require_version(call, before.version)
    if not programme.is_running(call.now):
        raise ProgrammeNotRunning("Circles are published only while the programme runs.")
    changed = model.publishing(before, call.now)
    writes = [
        store.put_forming(changed, call.now),
        _news(call, mails.FORMING_PUBLISHED, changed),
        _step(call, programme_id, "publish", after=changed.id),
    ]
    return commit(call, writes, SeenForming(written(changed)))


def read(call: Call, programme_id: str, page: PageRequest) -> SeenForming:
    """Return the present forming, page by page (the programme's coordinators); raises `NoCirclePlan` where there was
    none."""
    _, (row,) = programmes.coordinated(call, programme_id, store.forming_key(programme_id))
    if row is None:
        raise NoCirclePlan
    forming = store.forming_of(row)
    found: Page[Formed | LeftOut] = store.page_of_formed(forming.draft, page) if forming.draft else Page(())
    named = {
        one
        for each in found.items
        for one in (each.people if isinstance(each, Formed) else (each.person_id,))
    }
    return SeenForming(forming, found.items, found.next, people.get_people(sorted(named)))


def _news(call: Call, kind: str, forming: Forming) -> Write:
    told = {"programme_id": forming.programme_id, "forming_id": forming.id}
    message_id = f"{kind}:{forming.id}:{forming.version or 0}"
    return outbox.message(message_id, Topic.FOLLOW_UP, kind, told, now=call.now)


# Working it out.


def work_out(call: Call, programme_id: str, forming_id: str) -> None:
    """Work out who would be with whom, and keep it to be looked at; begun again, it writes beside what it wrote."""
    forming = store.get_forming(programme_id)
    programme = programmes.get_programme(programme_id)
    if programme is None or forming is None or forming.id != forming_id:
        return
    if forming.status is not FormingStatus.ASKED:
        return
    try:
        found = _formed(call, programme, forming.plan)
    except ValueError as error:
        # More people than one forming takes: the engine says how many.
        failed = replace(forming, status=FormingStatus.FAILED, failure=str(error))
        commit(call, [store.put_forming(failed, call.now)], None)
        return
    draft = call.new_id()
    left = _written(draft, found, call)
    while some := list(islice(left, _A_BATCH)):
        commit(call, some, None)
    ready = replace(forming, status=FormingStatus.READY, draft=draft, report=_report(found))
    commit(call, [store.put_forming(ready, call.now)], None)


def _written(draft: str, found: Formation, call: Call) -> Iterator[Write]:
    until = call.now + model.KEPT
    for number, one in enumerate(found.circles):
        formed = Formed(
            number,
            one.circle_id,
            one.topic,
            one.language,
            one.members,
            one.mentors,
            one.joining,
            one.meets,
            one.points,
        )
        yield store.put_formed(draft, formed, until, call.now)
    for left in found.left_over:
        told = LeftOut(left.person_id, CircleRole.MEMBER, left.reason, left.helps)
        yield store.put_left_out(draft, told, until, call.now)
    for idle in found.idle:
        yield store.put_left_out(
            draft, LeftOut(idle.person_id, CircleRole.LEAD, idle.reason), until, call.now
        )


def _report(found: Formation) -> Report:
    shortages = tuple((one.topic, one.people, one.mentors) for one in found.shortages[:_MOST_SHORTAGES])
    return Report(
        len(found.circles), found.placed, found.filled, len(found.left_over), found.placed_bound, found.value,
        found.bound, shortages,
    )  # fmt: skip


def _formed(call: Call, programme: Programme, plan: CirclePlan) -> Formation:
    """Return circles of all who are without one, and of the free seats of those that there are."""
    enrolments = [one for one in programmes.all_enrolments(programme) if one.takes_part]
    known = people.snapshot_of(sorted({one.person_id for one in enrolments}))
    standing = _Standing(programme, plan)
    leads: list[Leading] = []
    seeks: list[Seeking] = []
    led_by = set()
    for one in sorted(enrolments, key=lambda each: each.side is not Side.MENTOR):
        if one.person_id not in known:
            continue
        person, profile, apart = known[one.person_id]
        is_open = one.is_open and person.status is PersonStatus.ACTIVE
        busy = standing.busy.get(one.person_id, ())
        if plan.leads and one.side is Side.MENTOR:
            if is_open and programme.takes_as_mentor(person, profile, call.now):
                topics = _topics(profile.topics_offered, plan)
                leads.append(Leading(one.person_id, profile, topics, one.free, apart, busy))
                led_by.add(one.person_id)
            continue
        if one.side is not place_side(programme.kind, CircleRole.MEMBER) or one.person_id in led_by:
            continue
        if not is_open or one.person_id in standing.members:
            continue
        if programme.kind is PairKind.PEER and not programme.takes_as_mentor(person, profile, call.now):
            continue
        seeks.append(Seeking(one.person_id, profile, _topics(profile.topics_sought, plan), apart, busy))
    row = tables.get(*matching.settings_key(programme.id))
    settings = CircleSettings(
        plan.least, plan.most, plan.leads, frozenset(plan.topics) or None, plan.minutes, plan.countries,
        matching.settings_of(programme.id, row),
    )  # fmt: skip
    return formation.form(seeks, leads, settings, call.now, standing=standing.circles(known))


def _open_circles(programme_id: str) -> Iterator[tuple[Circle, tuple[Place, ...]]]:
    """Yield the circles of a programme that are not closed, with who has a seat: a query each."""
    for circle in store.every_circle(programme_id):
        if not circle.is_closed:
            yield circle, seated(store.places_in(circle.id))


def _topics(topics: Sequence[str], plan: CirclePlan) -> tuple[str, ...]:
    wanted = [one for one in topics if not plan.topics or one in plan.topics]
    return tuple(wanted[: formation.MOST_TOPICS])


class _Standing:
    """The circles that there are in a programme, with their people."""

    def __init__(self, programme: Programme, plan: CirclePlan) -> None:
        self._plan = plan
        self.members: set[str] = set()
        self.busy: dict[str, tuple[formation.Weekly, ...]] = {}
        self._open: list[tuple[Circle, tuple[Place, ...]]] = []
        for circle, here in _open_circles(programme.id):
            # Who waits for a seat gets the one that is free before anybody else.
            is_open = circle.status is CircleStatus.RUNNING and circle.free and not circle.waiting
            is_alike = circle.is_of_peers is (plan.leads == 0) and circle.seats >= plan.most
            if is_open and is_alike and circle.meets is not None and circle.language is not None:
                self._open.append((circle, here))
            for place in here:
                if place.role is CircleRole.MEMBER:
                    self.members.add(place.person_id)
                if circle.meets is not None:
                    self.busy[place.person_id] = (*self.busy.get(place.person_id, ()), circle.meets)

    def circles(self, known: dict[str, placing.Known]) -> list[StandingCircle]:
        """Return those with a free seat, if all their people are known."""
        found = []
        for circle, here in self._open:
            if circle.meets is None or circle.language is None:
                continue
            if any(one.person_id not in known for one in here):
                continue
            leads = tuple(
                Leading(one.person_id, known[one.person_id][1], (circle.topic,), 0, known[one.person_id][2])
                for one in here
                if one.role is CircleRole.LEAD
            )
            members = tuple(
                Seeking(one.person_id, known[one.person_id][1], (circle.topic,), known[one.person_id][2])
                for one in here
                if one.role is CircleRole.MEMBER
            )
            found.append(
                StandingCircle(circle.id, circle.topic, circle.language, circle.meets, leads, members)
            )
        return found


# Publishing it.


def make(call: Call, programme_id: str, forming_id: str) -> None:
    """Make the circles of a published forming, one transaction each; begun again, it goes on and makes none twice."""
    forming = store.get_forming(programme_id)
    programme = programmes.get_programme(programme_id)
    if programme is None or forming is None or forming.id != forming_id:
        return
    if forming.status is not FormingStatus.PUBLISHING:
        return
    made = skipped = 0
    seats = _seats_in(programme.id)
    for formed in store.every_formed(forming.draft):
        is_made = (
            _fill(call, forming, formed, seats)
            if formed.circle_id
            else _make(call, programme, forming, formed, seats)
        )
        made, skipped = made + is_made, skipped + (not is_made)
    done = replace(forming, status=FormingStatus.PUBLISHED, published=made, skipped=skipped)
    commit(call, [store.put_forming(done, call.now)], None)


def _seats_in(programme_id: str) -> dict[str, str]:
    """Return in which circle of a programme each of its members has a seat: since a draft was worked out somebody may
    have got one by waiting, or from a coordinator."""
    return {
        place.person_id: circle.id
        for circle, here in _open_circles(programme_id)
        for place in here
        if place.role is CircleRole.MEMBER
    }


def circle_id_of(forming: Forming, number: int) -> str:
    """Return the id of the circle that a forming makes of the how manieth that it has."""
    seed = hashlib.sha256(f"{forming.draft}|{number}".encode()).digest()
    return derived_id(_asked_at(forming), seed)


def _asked_at(forming: Forming) -> datetime:
    if forming.created_at is None:
        raise ValueError("a forming that was read has an instant")
    return forming.created_at


def _make(call: Call, programme: Programme, forming: Forming, formed: Formed, seats: dict[str, str]) -> bool:
    """Make one circle of those of its people who still can; False if they are too few, or one of them could not just
    now."""
    circle_id = circle_id_of(forming, formed.number)
    if store.get_circle(circle_id) is not None:
        return True
    plan = forming.plan
    for _ in range(3):
        leads, members, known = _still_possible(call, programme, formed, seats)
        if len(members) < plan.least or (plan.leads and not leads):
            return False
        try:
            commit(call, _writes(call, programme, forming, formed, circle_id, leads, members, known), None)
        except FormedBefore:
            return True
        except SeatedElsewhere:
            seats |= _seats_in(programme.id)
        except (NotEligible, NoPlaceLeft, StaleVersion):
            continue  # somebody cannot any more: looked at anew
        else:
            return True
    return False


def _still_possible(
    call: Call, programme: Programme, formed: Formed, seats: dict[str, str]
) -> tuple[list[str], list[str], dict[str, placing.Known]]:
    """Return who of a circle still can be in it, as they are now: nobody whom a block keeps from one before,
    and no member who has a seat in another circle by now."""
    known = people.snapshot_of(list(formed.people))
    roles = [
        *((one, CircleRole.LEAD) for one in formed.leads),
        *((one, CircleRole.MEMBER) for one in formed.members),
    ]
    keys = [
        programmes.enrolment_key(programme.id, place_side(programme.kind, role), one) for one, role in roles
    ]
    kept: dict[str, placing.Known] = {}
    leads: list[str] = []
    members: list[str] = []
    for (one, role), row in zip(roles, tables.get_many(keys), strict=True):
        enrolment = programmes.enrolment_of(row).under(programme) if row is not None else None
        if one not in known or enrolment is None or not enrolment.is_open:
            continue
        if enrolment.status is not EnrolmentStatus.ACTIVE:
            continue
        if role is CircleRole.MEMBER and one in seats:
            continue
        if placing.is_eligible(programme, role, one, {**kept, one: known[one]}, call.now):
            kept[one] = known[one]
            (leads if role is CircleRole.LEAD else members).append(one)
    return leads, members, kept


def _writes(
    call: Call,
    programme: Programme,
    forming: Forming,
    formed: Formed,
    circle_id: str,
    leads: list[str],
    members: list[str],
    known: dict[str, placing.Known],
) -> list[Write]:
    plan = forming.plan
    circle = Circle(
        circle_id, programme.id, programme.organisation_id, formed.topic, programme.kind, plan.most, plan.leads,
        len(members), len(leads), language=formed.language, meets=formed.meets, minutes=plan.minutes,
        every_weeks=plan.every_weeks, meetings=plan.meetings, opening=plan.opening, closing=plan.closing,
        share=plan.share, created_at=call.now,
    )  # fmt: skip
    writes: list[Write] = [
        store.put_circle(circle, call.now),
        programmes.check_what_counts(programme, call.now, NotEligible("The programme does not run now.")),
        *people.check_no_blocks([*leads, *members], NotEligible()),
        store.audit(
            circle_id,
            row_id=call.new_id(),
            at=call.now,
            actor=forming.asked_by,
            action="form",
            after=forming.id,
        ),
    ]
    until = call.now + timedelta(days=programme.proposal_days)
    for role, some in ((CircleRole.LEAD, leads), (CircleRole.MEMBER, members)):
        for one in some:
            place = Place(circle_id, one, role, PlaceState.OFFERED, call.now, until)
            writes += [
                store.put_place(place, call.now),
                programmes.hold_place(programme, role.side, one, call.now),
                *mails.offered(call, place),
            ]
            writes += placing.check_verified(call, programme, role, known[one])
    writes += [store.first_seat(programme.id, one, call.now) for one in members]
    return writes


def _fill(call: Call, forming: Forming, formed: Formed, seats: dict[str, str]) -> bool:
    """Offer seats of a circle that there is to those who would join it; False if none of them can any more."""
    filled = False
    for person_id in formed.joining:
        if seats.get(person_id, formed.circle_id) != formed.circle_id:
            continue
        filled |= _offered(call, str(formed.circle_id), person_id, _asked_at(forming))
    return filled


def _offered(call: Call, circle_id: str, person_id: str, since: datetime) -> bool:
    try:
        return placing.offer(call, circle_id, person_id, since)
    except (NotEligible, NoPlaceLeft, CircleFull):
        return False


def _step(call: Call, programme_id: str, what: str, **more: Any) -> Write:
    return store.audit_programme(
        programme_id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=what, **more
    )
