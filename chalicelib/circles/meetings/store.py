"""Meetings in the circles table, beside their circle, with their agendas and what came of those that are closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.circles import store as circle_store
from chalicelib.circles.errors import AgendaFull, MeetingMoved
from chalicelib.circles.meetings.model import MOST_ITEMS, Item, Meeting, MeetingState, Result
from chalicelib.circles.model import Place
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Write


class MeetingRow(tables.Row):
    class Meta:
        capability = "circles"

    wall = UnicodeAttribute()
    time_zone = UnicodeAttribute()
    starts_at = UnicodeAttribute()
    minutes = NumberAttribute()
    opening = NumberAttribute()
    closing = NumberAttribute()
    link = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    presenter_id = UnicodeAttribute(null=True)
    host_id = UnicodeAttribute(null=True)
    begun_at = UnicodeAttribute(null=True)
    ended_at = UnicodeAttribute(null=True)


class HoursRow(tables.Row):
    """Changed with the hours of any meeting of a circle, and as one begins: who looked at them before looks anew."""

    class Meta:
        capability = "circles"


class ItemRow(tables.Row):
    """Something on an agenda."""

    class Meta:
        capability = "circles"

    title = UnicodeAttribute()
    minutes = NumberAttribute(null=True)
    note = UnicodeAttribute()
    by = UnicodeAttribute()


class ItemsRow(tables.Row):
    """How many things are on an agenda."""

    class Meta:
        capability = "circles"

    items_count = NumberAttribute()


class ResultRow(tables.Row):
    """For how long somebody was at a closed meeting, in seconds."""

    class Meta:
        capability = "circles"

    seconds = NumberAttribute()
    educational = NumberAttribute()
    held = NumberAttribute()


def meeting_key(circle_id: str, meeting_id: str) -> tuple[type[MeetingRow], str, str]:
    """Return the key of a meeting for `tables.get_many`."""
    return MeetingRow, _pk(circle_id), f"MEETING#{meeting_id}"


def put_meeting(meeting: Meeting, now: datetime) -> Write:
    row_class, pk, sk = meeting_key(meeting.circle_id, meeting.id)
    row = row_class(
        pk, sk, wall=meeting.wall.isoformat(), time_zone=meeting.time_zone, starts_at=to_text(meeting.starts_at),
        minutes=meeting.minutes, opening=meeting.opening, closing=meeting.closing, link=meeting.link,
        status=meeting.status.value, presenter_id=meeting.presenter_id, host_id=meeting.host_id,
        begun_at=text_of(meeting.begun_at), ended_at=text_of(meeting.ended_at),
        **tables.stamps(to_text(now), version=meeting.version),
    )  # fmt: skip
    return tables.put(row, conflict=MeetingMoved())


def meeting_of(row: MeetingRow) -> Meeting:
    return Meeting(
        row.sk.removeprefix("MEETING#"), row.pk.removeprefix("CIRCLE#"), datetime.fromisoformat(row.wall),
        row.time_zone, from_text(row.starts_at), int(row.minutes), int(row.opening), int(row.closing), row.link,
        MeetingState(row.status), row.presenter_id, row.host_id, instant_of(row.begun_at), instant_of(row.ended_at),
        int(row.version),
    )  # fmt: skip


def meetings_of(circle_id: str) -> tuple[Meeting, ...]:
    """Return all meetings of a circle by when they begin: one query."""
    return tuple(one for one, _ in meetings_with_changes(circle_id))


def meetings_with_changes(circle_id: str) -> list[tuple[Meeting, datetime]]:
    """Return the same, each with when it was changed last."""
    raws = tables.query_all(MeetingRow, _pk(circle_id), begins_with="MEETING#")
    rows = [MeetingRow.parse(raw) for raw in raws]
    found = [(meeting_of(row), from_text(row.updated_at)) for row in rows]
    return sorted(found, key=lambda one: (one[0].starts_at, one[0].id))


@dataclass(frozen=True)
class Book:
    """All of a circle that says who meets when: its meetings by when they begin, its places, and what came of meetings
    for whom; with the version of the meetings' hours, None before any was planned."""

    meetings: tuple[Meeting, ...]
    places: tuple[Place, ...]
    results: tuple[Result, ...]
    hours_version: int | None = None

    @property
    def there(self) -> dict[str, frozenset[str]]:
        """Return who was at each closed meeting."""
        found: dict[str, set[str]] = {}
        for one in self.results:
            if one.seconds:
                found.setdefault(one.meeting_id, set()).add(one.person_id)
        return {meeting_id: frozenset(some) for meeting_id, some in found.items()}


def book_of(circle_id: str) -> Book:
    """Return the same: one query, since they stand side by side."""
    found: dict[str, list[dict[str, Any]]] = {"MEETING": [], "MEETINGS": [], "PLACE": [], "RESULT": []}
    for raw in tables.query_all(MeetingRow, _pk(circle_id), between=("MEETING#", "RESULT#\uffff")):
        found[raw["sk"]["S"].partition("#")[0]].append(raw)
    meetings = (meeting_of(MeetingRow.parse(raw)) for raw in found["MEETING"])
    return Book(
        tuple(sorted(meetings, key=lambda one: (one.starts_at, one.id))),
        tuple(circle_store.place_of(circle_store.PlaceRow.parse(raw)) for raw in found["PLACE"]),
        tuple(_results(circle_id, found["RESULT"])),
        next((int(HoursRow.parse(raw).version) for raw in found["MEETINGS"]), None),
    )


def put_hours(circle_id: str, version: int | None, now: datetime) -> Write:
    """Let a transaction through only while the hours of a circle's meetings are as they were read, and change them."""
    row = HoursRow(_pk(circle_id), "MEETINGS", **tables.stamps(to_text(now), version=version))
    return tables.put(row, conflict=MeetingMoved())


def check_unmoved(meeting: Meeting) -> Write:
    """Let a transaction through only while a meeting is as it was read."""
    same: Any = MeetingRow.version == meeting.version
    return tables.check(*meeting_key(meeting.circle_id, meeting.id), condition=same, conflict=MeetingMoved())


def add_item(circle_id: str, item: Item, now: datetime) -> list[Write]:
    """Return the writes of something that is put on an agenda; it is never longer than it may be, however many add at
    once."""
    row = ItemRow(
        _pk(circle_id), _item(item.meeting_id, item.id), title=item.title, minutes=item.minutes, note=item.note,
        by=item.by, **tables.stamps(to_text(now)),
    )  # fmt: skip
    count: Any = ItemsRow.items_count
    room = ItemsRow.pk.does_not_exist() | (count < MOST_ITEMS)
    full = AgendaFull(f"It has {MOST_ITEMS} points. Take one off first.")
    return [
        tables.put(row, conflict=MeetingMoved()),
        tables.update(
            ItemsRow, _pk(circle_id), f"ITEMS#{item.meeting_id}",
            [count.add(1), ItemsRow.created_at.set(to_text(now))], condition=room, now=to_text(now), conflict=full,
        ),
    ]  # fmt: skip


def item_key(circle_id: str, meeting_id: str, item_id: str) -> tuple[type[ItemRow], str, str]:
    return ItemRow, _pk(circle_id), _item(meeting_id, item_id)


def drop_item(circle_id: str, row: ItemRow, meeting_id: str, now: datetime) -> list[Write]:
    """Return the writes that take something off an agenda."""
    count: Any = ItemsRow.items_count
    return [
        tables.delete(row),
        tables.update(
            ItemsRow, _pk(circle_id), f"ITEMS#{meeting_id}", [count.add(-1)], condition=count > 0, now=to_text(now),
            conflict=MeetingMoved(),
        ),
    ]  # fmt: skip


def item_of(row: ItemRow) -> Item:
    _, meeting_id, item_id = row.sk.split("#")
    minutes = int(row.minutes) if row.minutes is not None else None
    return Item(item_id, meeting_id, row.title, minutes, row.note, row.by, from_text(row.created_at))


def items_of(circle_id: str, meeting_id: str) -> tuple[Item, ...]:
    """Return the agenda of a meeting, in the order in which it was written."""
    raws = tables.query_all(ItemRow, _pk(circle_id), begins_with=f"ITEM#{meeting_id}#")
    return tuple(item_of(ItemRow.parse(raw)) for raw in raws)


def result_key(circle_id: str, meeting_id: str, person_id: str) -> tuple[type[ResultRow], str, str]:
    """Return the key of what came of a closed meeting for somebody, for `tables.get_many`."""
    return ResultRow, _pk(circle_id), f"RESULT#{meeting_id}#{person_id}"


def put_result(result: Result, now: datetime) -> Write:
    """Return the write of what came of a meeting for one person; again, it changes nothing."""
    row_class, pk, sk = result_key(result.circle_id, result.meeting_id, result.person_id)
    row = row_class(
        pk, sk, seconds=result.seconds, educational=result.educational, held=result.held,
        **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put_entry(row)


def results_of(circle_id: str) -> tuple[Result, ...]:
    """Return what came of a circle's closed meetings for each person: a query a megabyte, and it has less."""
    raws = tables.query_all(ResultRow, _pk(circle_id), begins_with="RESULT#")
    return tuple(_results(circle_id, raws))


def _results(circle_id: str, raws: Any) -> Iterator[Result]:
    for raw in raws:
        row = ResultRow.parse(raw)
        _, meeting_id, person_id = row.sk.split("#")
        yield Result(circle_id, meeting_id, person_id, int(row.seconds), int(row.educational), int(row.held))


def _item(meeting_id: str, item_id: str) -> str:
    return f"ITEM#{meeting_id}#{item_id}"


def _pk(circle_id: str) -> str:
    return f"CIRCLE#{circle_id}"
