"""What mentors say and see of their time, what coordinators see of it, and who is thanked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import NotFound, StaleVersion
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.kernel.tries import again
from chalicelib.mentorships.giving import model, store
from chalicelib.mentorships.giving.model import THANKED_FROM, GivenIn, Giving, Pledge, ShownAs
from chalicelib.mentorships.sessions.model import Held
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import NotEnrolled
from chalicelib.programmes.model import ProgrammeStatus, Side

_MOST_A_PAGE = 50  # mentors whose time and pledge are read at once


@dataclass(frozen=True)
class Month:
    """A mentor's time in one programme in one month, against their pledge."""

    month: str
    programme_id: str
    given: Held
    pledged_minutes: int | None
    mentorships: tuple[GivenIn, ...]

    @property
    def share(self) -> float | None:
        return model.share(self.given.minutes, self.pledged_minutes)


@dataclass(frozen=True)
class MentorTime:
    """A mentor's time in a month as a programme's coordinators see it; `person` is None for who is no longer here."""

    person_id: str
    person: Person | None
    given: Held
    pledged_minutes: int | None

    @property
    def share(self) -> float | None:
        return model.share(self.given.minutes, self.pledged_minutes)


def my_time(call: Call, first: str | None, last: str | None) -> tuple[Month, ...]:
    """Return the actor's time as a mentor by month and programme, the latest month first; by default that of the last
    twelve months."""
    last = last or model.month_of(call.now)
    first = first or f"{int(last[:4]) - 1}{last[4:]}"
    found = sorted(
        store.own_time(call.actor_id, first, last),
        key=lambda one: (one.month, one.programme_id),
        reverse=True,
    )
    pledges = _pledges([(call.actor_id, one) for one in {given.programme_id for given in found}])
    return tuple(
        _month(month, programme_id, tuple(each), pledges[call.actor_id, programme_id], call)
        for (month, programme_id), each in groupby(found, key=lambda one: (one.month, one.programme_id))
    )


def programme_time(call: Call, programme_id: str, month: str | None, page: PageRequest) -> Page[MentorTime]:
    """Return the time that each mentor of a programme gave in a month, by default this one, in the order of their ids
    (its coordinators)."""
    programmes.require_coordinator(call, programme_id)
    wanted = month or model.month_of(call.now)
    found = store.time_in(programme_id, wanted, replace(page, limit=min(page.limit, _MOST_A_PAGE)))
    ids = [mentor_id for mentor_id, _ in found.items]
    persons = people.get_people(ids)
    pledges = _pledges([(one, programme_id) for one in ids])
    items = (
        MentorTime(
            one, persons.get(one), given, model.pledged_in(pledges[one, programme_id], wanted, call.now)
        )
        for one, given in found.items
    )
    return Page(tuple(items), found.next)


def read_giving(call: Call, programme_id: str) -> Giving:
    """Return what the actor says of their time as a mentor in a programme; nothing, where they have said nothing."""
    found, _ = _own(call, programme_id)
    return found


def set_giving(call: Call, programme_id: str, minutes_a_week: int | None, shown_as: ShownAs | None) -> Giving:
    """Set the actor's pledge, and whether and under which name they are thanked. Who has left may take both back.

    Raises
    ------
    NotEnrolled
        If somebody pledges or wishes to be thanked who is no mentor in the programme.
    """
    busy = "This is being changed at this moment."
    return again(lambda: _set(call, programme_id, minutes_a_week, shown_as), StaleVersion, busy=busy)


def thanked(call: Call, programme_id: str, month: str | None, page: PageRequest) -> Page[str]:
    """Return the names of the mentors who wish to be thanked and gave an hour in a month, by default the last, in the
    order of the names; to the programme's people and its staff.

    Raises
    ------
    NotFound
        To everybody else.
    """
    rights_row, programme_row, *places = tables.get_many(
        [
            organisations.rights_key(call), programmes.programme_key(programme_id),
            *(programmes.enrolment_key(programme_id, side, call.actor_id) for side in Side),
        ]
    )  # fmt: skip
    if programme_row is None:
        raise NotFound
    organisation_id = programmes.programme_of(programme_row).organisation_id
    is_in = any(row is not None and programmes.enrolment_of(row).takes_part for row in places)
    staff = (StaffRole.COORDINATOR, StaffRole.REVIEWER)
    if not (is_in or organisations.rights_of(call, rights_row).has(organisation_id, *staff)):
        raise NotFound
    found = store.board(programme_id, page)
    given = store.given_in(
        programme_id, month or model.month_before(call.now), [one for one, _ in found.items]
    )
    names = (name for one, name in found.items if given[one].minutes >= THANKED_FROM)
    return Page(tuple(names), found.next)


def _set(call: Call, programme_id: str, minutes_a_week: int | None, shown_as: ShownAs | None) -> Giving:
    before, (person, is_mentor) = _own(call, programme_id)
    if (minutes_a_week or shown_as) and not is_mentor:
        raise NotEnrolled("Enrol in the programme as a mentor first.")
    after = model.pledged(before, minutes_a_week, call.now.date())
    after = replace(
        after,
        shown_as=shown_as,
        thanked_as=model.name_shown(person, shown_as) if shown_as else None,
        place=(before.place or call.new_id()) if shown_as else None,
    )
    if after == before:
        return before
    writes = [
        *store.put_giving(before, after, call.now),
        store.audit(
            after, row_id=call.new_id(), at=call.now, actor=call.actor_id, action="set_giving",
            before=_told(before), after=_told(after), why=programme_id,
        ),
    ]  # fmt: skip
    return commit(call, writes, written(after))


def _own(call: Call, programme_id: str) -> tuple[Giving, tuple[Person, bool]]:
    programme_row, enrolment_row, giving_row, person_row = tables.get_many(
        [
            programmes.programme_key(programme_id),
            programmes.enrolment_key(programme_id, Side.MENTOR, call.actor_id),
            store.giving_key(call.actor_id, programme_id),
            people.person_key(call.actor_id),
        ]
    )
    if programme_row is None or person_row is None:
        raise NotFound
    enrolment = programmes.enrolment_of(enrolment_row) if enrolment_row is not None else None
    if enrolment is None and programmes.programme_of(programme_row).status is ProgrammeStatus.DRAFT:
        raise NotFound
    is_mentor = enrolment is not None and enrolment.takes_part
    giving = store.giving_of(call.actor_id, programme_id, giving_row)
    return giving, (people.person_of(person_row), is_mentor)


def _pledges(whose: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], tuple[Pledge, ...]]:
    """Return what some mentors pledge, each in a programme: a hundred a round trip."""
    rows = tables.get_many([store.giving_key(*one) for one in whose])
    return {one: store.giving_of(*one, row).pledges for one, row in zip(whose, rows, strict=True)}


def _month(
    month: str, programme_id: str, each: tuple[GivenIn, ...], pledges: tuple[Pledge, ...], call: Call
) -> Month:
    total = Held(sum(one.given.sessions for one in each), sum(one.given.minutes for one in each))
    return Month(month, programme_id, total, model.pledged_in(pledges, month, call.now), each)


def _told(giving: Giving) -> str:
    return f"{giving.minutes_a_week or 0} minutes, {giving.shown_as or 'not thanked'}"
