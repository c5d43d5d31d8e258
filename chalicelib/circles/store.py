"""The circles table: plans and formings by programme, circles with their places; all of a circle is one item
collection."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.circles.errors import (
    CircleFull,
    CircleMoved,
    CircleNotSo,
    FormedBefore,
    FormingMoved,
    PlaceMoved,
    SeatedElsewhere,
)
from chalicelib.circles.model import (
    LISTED,
    MOST_WAITING,
    Circle,
    CircleHold,
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
)
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.matching.formation import Countries, Help, Helps, Missing, Weekly
from chalicelib.people.model import Weekday
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import PairKind


class PlanRow(tables.Row):
    """How the circles of a programme are."""

    class Meta:
        capability = "circles"

    plan = JSONAttribute()


class FormingRow(tables.Row):
    """A programme's forming: the one that there is, or was last."""

    class Meta:
        capability = "circles"

    forming_id = UnicodeAttribute()
    status = UnicodeAttribute()
    asked_by = UnicodeAttribute()
    plan = JSONAttribute()
    draft = UnicodeAttribute()
    report = JSONAttribute()
    published = NumberAttribute()
    skipped = NumberAttribute()
    failure = UnicodeAttribute(null=True)


class FormedRow(tables.Row):
    """A circle as a forming has it, or somebody who is left out; they leave by TTL."""

    class Meta:
        capability = "circles"

    told = JSONAttribute()
    expires_at_epoch = NumberAttribute()


class CircleRow(tables.IndexedRow):
    """A circle; gsi1: those of a programme."""

    class Meta:
        capability = "circles"

    programme_id = UnicodeAttribute()
    organisation_id = UnicodeAttribute()
    topic = UnicodeAttribute()
    kind = UnicodeAttribute()
    seats = NumberAttribute()
    taken = NumberAttribute()
    lead_seats = NumberAttribute()
    led = NumberAttribute()
    waiting = NumberAttribute()
    status = UnicodeAttribute()
    hold = UnicodeAttribute(null=True)
    held_since = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    meets = JSONAttribute(null=True)
    rules = JSONAttribute()
    closed_at = UnicodeAttribute(null=True)


class PlaceRow(tables.IndexedRow):
    """A person's place; gsi1: a person's own, which they have, are offered, wait for, or had in a circle's meetings."""

    class Meta:
        capability = "circles"

    role = UnicodeAttribute()
    state = UnicodeAttribute()
    since = UnicodeAttribute()
    offer_ends_at = UnicodeAttribute(null=True)
    joined_at = UnicodeAttribute(null=True)


class SeatedRow(tables.Row):
    """In how many circles of a programme somebody has a seat as a member, counted with each seat."""

    class Meta:
        capability = "circles"

    seats = NumberAttribute()


# Plans and formings.


def plan_key(programme_id: str) -> tuple[type[PlanRow], str, str]:
    return PlanRow, _programme(programme_id), "PLAN"


def put_plan(plan: CirclePlan, now: datetime) -> Write:
    row_class, pk, sk = plan_key(plan.programme_id)
    return tables.put(
        row_class(pk, sk, plan=_raw_plan(plan), **tables.stamps(to_text(now), version=plan.version))
    )


def plan_of(row: PlanRow) -> CirclePlan:
    return replace(_plan(row.pk.removeprefix("PROGRAMME#"), row.plan), version=int(row.version))


def _raw_plan(plan: CirclePlan) -> dict[str, Any]:
    return {
        name: value for name, value in asdict(plan).items() if name not in ("programme_id", "version")
    } | {"topics": list(plan.topics), "countries": plan.countries.value}


def _plan(programme_id: str, raw: dict[str, Any]) -> CirclePlan:
    whole = {**raw, "topics": tuple(raw["topics"]), "countries": Countries(raw["countries"])}
    return CirclePlan(programme_id, **whole)


def forming_key(programme_id: str) -> tuple[type[FormingRow], str, str]:
    return FormingRow, _programme(programme_id), "FORMING"


def put_forming(forming: Forming, now: datetime) -> Write:
    row_class, pk, sk = forming_key(forming.programme_id)
    row = row_class(
        pk, sk, forming_id=forming.id, status=forming.status.value, asked_by=forming.asked_by,
        plan=_raw_plan(forming.plan), draft=forming.draft, report=asdict(forming.report), published=forming.published,
        skipped=forming.skipped, failure=forming.failure,
        **tables.stamps(to_text(now), to_text(forming.created_at or now), forming.version),
    )  # fmt: skip
    return tables.put(row, conflict=FormingMoved())


def forming_of(row: FormingRow) -> Forming:
    programme_id = row.pk.removeprefix("PROGRAMME#")
    shortages = tuple((topic, people, leads) for topic, people, leads in row.report["shortages"])
    return Forming(
        row.forming_id, programme_id, FormingStatus(row.status), row.asked_by, _plan(programme_id, row.plan), row.draft,
        Report(**{**row.report, "shortages": shortages}), int(row.published), int(row.skipped), row.failure,
        from_text(row.created_at), int(row.version),
    )  # fmt: skip


def get_forming(programme_id: str) -> Forming | None:
    row = tables.get(*forming_key(programme_id))
    return forming_of(row) if row else None


def put_formed(draft: str, formed: Formed, until: datetime, now: datetime) -> Write:
    """Return the write of a circle as a draft has it."""
    told = {**asdict(formed), "meets": _raw_weekly(formed.meets)}
    return _put_told(draft, f"CIRCLE#{formed.number:04d}", told, until, now)


def put_left_out(draft: str, one: LeftOut, until: datetime, now: datetime) -> Write:
    helps = [
        [each.kind.value, each.seats, each.topics, each.languages, [_raw_weekly(hour) for hour in each.hours]]
        for each in one.helps
    ]
    told = {"reason": one.reason.value, "helps": helps}
    return _put_told(draft, f"LEFT#{one.role}#{one.person_id}", told, until, now)


def _put_told(draft: str, sk: str, told: dict[str, Any], until: datetime, now: datetime) -> Write:
    row = FormedRow(
        _draft(draft), sk, told=told, expires_at_epoch=int(until.timestamp()), **tables.stamps(to_text(now))
    )
    return tables.put_entry(row)


def every_formed(draft: str) -> Iterator[Formed]:
    """Yield the circles of a draft in their order."""
    for raw in tables.query_all(FormedRow, _draft(draft), begins_with="CIRCLE#"):
        yield _formed(FormedRow.parse(raw))


def page_of_formed(draft: str, page: PageRequest) -> Page[Formed | LeftOut]:
    """Return the circles of a draft, then who is left out."""
    return tables.page_of(FormedRow, _draft(draft), page, _either)


def _either(row: FormedRow) -> Formed | LeftOut:
    if row.sk.startswith("CIRCLE#"):
        return _formed(row)
    _, role, person_id = row.sk.split("#")
    helps = tuple(
        Help(Helps(kind), seats, tuple(topics), tuple(languages), tuple(_weekly(each) for each in hours))
        for kind, seats, topics, languages, hours in row.told["helps"]
    )
    return LeftOut(person_id, CircleRole(role), Missing(row.told["reason"]), helps)


def _formed(row: FormedRow) -> Formed:
    told = row.told
    return Formed(
        told["number"], told["circle_id"], told["topic"], told["language"], tuple(told["members"]),
        tuple(told["leads"]), tuple(told["joining"]), _weekly(told["meets"]), told["points"],
    )  # fmt: skip


def _raw_weekly(one: Weekly) -> list[Any]:
    return [one.zone, one.weekday.value, one.start, one.minutes]


def _weekly(raw: list[Any]) -> Weekly:
    zone, weekday, start, minutes = raw
    return Weekly(zone, Weekday(weekday), start, minutes)


# Circles.


def circle_pk(circle_id: str) -> str:
    return f"CIRCLE#{circle_id}"


def circle_key(circle_id: str) -> tuple[type[CircleRow], str, str]:
    """Return the key of a circle for `tables.get_many`."""
    return CircleRow, circle_pk(circle_id), "CIRCLE"


_RULES = ("minutes", "every_weeks", "meetings", "opening", "closing", "share")


def put_circle(circle: Circle, now: datetime) -> Write:
    """Write a circle; one that was there before fails with `FormedBefore`, one that was changed with `CircleMoved`."""
    row_class, pk, sk = circle_key(circle.id)
    row = row_class(
        pk, sk, programme_id=circle.programme_id, organisation_id=circle.organisation_id, topic=circle.topic,
        kind=circle.kind.value, seats=circle.seats, taken=circle.taken, lead_seats=circle.lead_seats, led=circle.led,
        waiting=circle.waiting, status=circle.status.value, hold=circle.hold.value if circle.hold else None,
        held_since=text_of(circle.held_since), language=circle.language,
        meets=_raw_weekly(circle.meets) if circle.meets else None,
        rules={name: getattr(circle, name) for name in _RULES}, closed_at=text_of(circle.closed_at),
        gsi1pk=_programme(circle.programme_id), gsi1sk=circle.id,
        **tables.stamps(to_text(now), to_text(circle.created_at or now), circle.version),
    )  # fmt: skip
    conflict: DomainError = FormedBefore() if circle.version is None else CircleMoved()
    return tables.put(row, conflict=conflict)


def circle_of(row: CircleRow) -> Circle:
    return Circle(
        row.pk.removeprefix("CIRCLE#"), row.programme_id, row.organisation_id, row.topic, PairKind(row.kind),
        int(row.seats), int(row.lead_seats), int(row.taken), int(row.led), int(row.waiting), CircleStatus(row.status),
        CircleHold(row.hold) if row.hold else None, instant_of(row.held_since), row.language,
        _weekly(row.meets) if row.meets else None,
        **{name: int(row.rules[name]) for name in _RULES}, closed_at=instant_of(row.closed_at),
        created_at=from_text(row.created_at), version=int(row.version),
    )  # fmt: skip


def get_circle(circle_id: str) -> Circle | None:
    row = tables.get(*circle_key(circle_id))
    return circle_of(row) if row else None


def get_circles(circle_ids: Iterable[str]) -> dict[str, Circle]:
    """Return the circles that exist, a hundred a round trip."""
    rows = tables.get_many([circle_key(one) for one in circle_ids])
    return {one.id: one for one in (circle_of(row) for row in rows if row is not None)}


def circles_in(programme_id: str, page: PageRequest, *, open_only: bool = False) -> Page[Circle]:
    """Return the circles of a programme, or those that are not closed, the latest first."""
    shows = _is_open if open_only else None
    return tables.page_of(
        CircleRow, _programme(programme_id), page, circle_of, index="gsi1", descending=True, shows=shows
    )


def _is_open(row: CircleRow) -> bool:
    return row.status != CircleStatus.CLOSED.value


def every_circle(programme_id: str) -> Iterator[Circle]:
    """Yield the circles of a programme, from the index."""
    for raw in tables.query_all(CircleRow, _programme(programme_id), index="gsi1"):
        yield circle_of(CircleRow.parse(raw))


def take_seat(circle: Circle, role: CircleRole, now: datetime, *, waited: bool = False) -> Write:
    """Return the write that takes a seat, if there is one: seats are never exceeded, however many ask at once. Who
    `waited` is counted no more among those who do."""
    row: Any = CircleRow
    seats, taken = (row.lead_seats, row.led) if role is CircleRole.LEAD else (row.seats, row.taken)
    free = (row.status != CircleStatus.CLOSED.value) & (taken < seats)
    actions = [taken.add(1), *([row.waiting.add(-1)] if waited else [])]
    return tables.update(
        *circle_key(circle.id), actions, condition=free, now=to_text(now), conflict=CircleFull()
    )  # fmt: skip


def free_seat(circle: Circle, role: CircleRole, now: datetime) -> Write:
    """Return the write that frees a seat of a circle that is not closed."""
    row: Any = CircleRow
    taken = row.led if role is CircleRole.LEAD else row.taken
    is_taken = (taken > 0) & (row.status != CircleStatus.CLOSED.value)
    return tables.update(
        *circle_key(circle.id), [taken.add(-1)], condition=is_taken, now=to_text(now), conflict=CircleMoved()
    )  # fmt: skip


def count_member(programme_id: str, person_id: str, by: int, now: datetime) -> Write:
    """Return the write that counts somebody's seats as a member in a programme up or down."""
    return tables.add(*_seated_key(programme_id, person_id), {"seats": by}, to_text(now))


def first_seat(programme_id: str, person_id: str, now: datetime) -> Write:
    """Return the write that counts somebody's seat as a member, if they have none in the programme: what is formed of
    those without a circle gives nobody a second one, whoever gives them a seat meanwhile."""
    row_class, pk, sk = _seated_key(programme_id, person_id)
    none: Any = row_class.seats.does_not_exist() | (row_class.seats == 0)
    row = row_class(pk, sk, seats=1, **tables.stamps(to_text(now)))
    return tables.put_where(row, condition=none, conflict=SeatedElsewhere())


def _seated_key(programme_id: str, person_id: str) -> tuple[type[SeatedRow], str, str]:
    return SeatedRow, _programme(programme_id), f"SEATED#{person_id}"


def check_status(circle_id: str, *may_be: CircleStatus) -> Write:
    """Let a transaction through only while a circle is as it has to be."""
    is_so: Any = CircleRow.status.is_in(*(one.value for one in may_be))
    return tables.check(
        *circle_key(circle_id), condition=is_so, conflict=CircleNotSo("It was changed just now.")
    )


def count_waiting(circle: Circle, by: int, now: datetime) -> Write:
    """Return the write that counts who waits up or down, up to as many as may."""
    row: Any = CircleRow
    fits = row.status != CircleStatus.CLOSED.value
    fits &= row.waiting < MOST_WAITING if by > 0 else row.waiting > 0
    full = CircleFull(f"{MOST_WAITING} people wait already. Look for another circle.")
    return tables.update(
        *circle_key(circle.id), [row.waiting.add(by)], condition=fits, now=to_text(now),
        conflict=full if by > 0 else CircleMoved(),
    )  # fmt: skip


def place_key(circle_id: str, person_id: str) -> tuple[type[PlaceRow], str, str]:
    """Return the key of a place for `tables.get_many`."""
    return PlaceRow, circle_pk(circle_id), f"PLACE#{person_id}"


def put_place(place: Place, now: datetime) -> Write:
    row_class, pk, sk = place_key(place.circle_id, place.person_id)
    # What somebody took part in stays theirs to read.
    is_listed = place.state in LISTED or place.joined_at is not None
    row = row_class(
        pk, sk, role=place.role.value, state=place.state.value, since=to_text(place.since),
        offer_ends_at=text_of(place.offer_ends_at), joined_at=text_of(place.joined_at),
        gsi1pk=_person(place.person_id) if is_listed else None, gsi1sk=place.circle_id if is_listed else None,
        **tables.stamps(to_text(now), version=place.version),
    )  # fmt: skip
    return tables.put(row, conflict=PlaceMoved())


def place_of(row: PlaceRow) -> Place:
    return Place(
        row.pk.removeprefix("CIRCLE#"), row.sk.removeprefix("PLACE#"), CircleRole(row.role), PlaceState(row.state),
        from_text(row.since), instant_of(row.offer_ends_at), instant_of(row.joined_at), int(row.version),
    )  # fmt: skip


def places_in(circle_id: str) -> tuple[Place, ...]:
    """Return all places of a circle, those that are over too: one query."""
    raws = tables.query_all(PlaceRow, circle_pk(circle_id), begins_with="PLACE#")
    return tuple(place_of(PlaceRow.parse(raw)) for raw in raws)


def places_of(person_id: str, page: PageRequest) -> Page[Place]:
    """Return the places of somebody, the latest circle first."""
    return tables.page_of(PlaceRow, _person(person_id), page, place_of, index="gsi1", descending=True)


def every_place_of(person_id: str) -> Iterator[Place]:
    """Yield the places of somebody, from the index."""
    for raw in tables.query_all(PlaceRow, _person(person_id), index="gsi1"):
        yield place_of(PlaceRow.parse(raw))


def audit(circle_id: str, **what: Any) -> Write:
    """Return the write of a row of a circle's trail; see `tables.audit`."""
    return tables.audit("circles", circle_pk(circle_id), **what)


def audit_programme(programme_id: str, **what: Any) -> Write:
    """Return the write of a row of the trail of a programme's circles."""
    return tables.audit("circles", _programme(programme_id), **what)


def _programme(programme_id: str) -> str:
    return f"PROGRAMME#{programme_id}"


def _draft(draft: str) -> str:
    return f"DRAFT#{draft}"


def _person(person_id: str) -> str:
    return f"PERSON#{person_id}"
