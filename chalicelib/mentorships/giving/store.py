"""In the mentorships table: time given by month, counted in the transactions that it comes from, pledges, and the board
of thanks."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.kernel.texts import without_accents
from chalicelib.mentorships.giving.model import GivenIn, Giving, Pledge, ShownAs
from chalicelib.mentorships.sessions.model import Held
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

_GIVEN = "GIVEN#"
_GIVING = "GIVING#"


class GivenRow(tables.Row):
    """Time given in a month: a mentor's in one mentorship, or in a programme."""

    class Meta:
        capability = "mentorships"

    sessions = NumberAttribute(default=0)
    minutes = NumberAttribute(default=0)


class GivingRow(tables.Row):
    """What a mentor says of their time in a programme."""

    class Meta:
        capability = "mentorships"

    pledges = JSONAttribute()
    shown_as = UnicodeAttribute(null=True)
    thanked_as = UnicodeAttribute(null=True)
    place = UnicodeAttribute(null=True)


class ThanksRow(tables.Row):
    """A mentor on a programme's board, by name; who has taken their word back has none."""

    class Meta:
        capability = "mentorships"

    person_id = UnicodeAttribute()
    name = UnicodeAttribute()


def giving_key(person_id: str, programme_id: str) -> tuple[type[GivingRow], str, str]:
    """Return the key of what a mentor says of their time in a programme."""
    return GivingRow, _person(person_id), _GIVING + programme_id


def given_key(programme_id: str, month: str, mentor_id: str) -> tuple[type[GivenRow], str, str]:
    """Return the key of a mentor's time in a programme in a month."""
    return GivenRow, _month(programme_id, month), mentor_id


def giving_of(person_id: str, programme_id: str, row: GivingRow | None) -> Giving:
    """Read what a mentor says; without a row nothing."""
    if row is None:
        return Giving(person_id, programme_id)
    return Giving(
        person_id,
        programme_id,
        tuple(Pledge(date.fromisoformat(one["on"]), int(one["minutes"])) for one in row.pledges),
        ShownAs(row.shown_as) if row.shown_as else None,
        row.thanked_as,
        row.place,
        from_text(row.created_at),
        int(row.version),
    )


def given_of(row: GivenRow | None) -> Held:
    return Held(int(row.sessions), int(row.minutes)) if row is not None else Held()


def count(
    programme_id: str, mentorship_id: str, mentor_id: str, month: str, change: Held, now: datetime
) -> list[Write]:
    """Return the writes that count a change in the mentor's month and in the programme's; the session that it comes
    from has the condition."""
    counts = {"sessions": change.sessions, "minutes": change.minutes}
    own = f"{_GIVEN}{month}#{programme_id}#{mentorship_id}"
    return [
        tables.add(GivenRow, _person(mentor_id), own, counts, to_text(now)),
        tables.add(*given_key(programme_id, month, mentor_id), counts, to_text(now)),
    ]


def own_time(person_id: str, first: str, last: str) -> Iterator[GivenIn]:
    """Yield a mentor's time by month and mentorship, from one month to another, both with it."""
    between = (f"{_GIVEN}{first}", f"{_GIVEN}{last}#\uffff")
    for raw in tables.query_all(GivenRow, _person(person_id), between=between):
        row = GivenRow.parse(raw)
        month, programme_id, mentorship_id = row.sk.removeprefix(_GIVEN).split("#")
        yield GivenIn(month, programme_id, mentorship_id, given_of(row))


def time_in(programme_id: str, month: str, page: PageRequest) -> Page[tuple[str, Held]]:
    """Return the mentors who gave time in a programme in a month, by their ids."""
    return tables.page_of(GivenRow, _month(programme_id, month), page, lambda row: (row.sk, given_of(row)))


def put_giving(before: Giving, after: Giving, now: datetime) -> list[Write]:
    """Return the writes of what a mentor says, over the version read, and of their place on the board."""
    row_class, pk, sk = giving_key(after.person_id, after.programme_id)
    row = row_class(
        pk, sk, pledges=[{"on": one.on.isoformat(), "minutes": one.minutes} for one in after.pledges],
        shown_as=after.shown_as.value if after.shown_as else None, thanked_as=after.thanked_as, place=after.place,
        **tables.stamps(to_text(now), text_of(after.created_at), after.version),
    )  # fmt: skip
    writes = [tables.put(row)]
    board = _board(after.programme_id)
    if before.place is not None and _board_place(before) != _board_place(after):
        writes.append(tables.delete_entry(ThanksRow, board, _board_place(before)))
    if after.place is not None:
        shown = ThanksRow(
            board, _board_place(after), person_id=after.person_id, name=after.thanked_as or "",
            **tables.stamps(to_text(now)),
        )  # fmt: skip
        writes.append(tables.put_entry(shown))
    return writes


def board(programme_id: str, page: PageRequest) -> Page[tuple[str, str]]:
    """Return who may be thanked in a programme, as person and name, by name."""
    return tables.page_of(ThanksRow, _board(programme_id), page, lambda row: (row.person_id, row.name))


def given_in(programme_id: str, month: str, mentor_ids: Sequence[str]) -> dict[str, Held]:
    """Return the time of up to a hundred mentors in a month."""
    rows = tables.get_many([given_key(programme_id, month, one) for one in mentor_ids]) if mentor_ids else []
    return {one: given_of(row) for one, row in zip(mentor_ids, rows, strict=True)}


def audit(giving: Giving, **what: Any) -> Write:
    """Return the write of an audit row of what a mentor says; see `tables.audit`."""
    return tables.audit("mentorships", _person(giving.person_id), **what)


def _board_place(giving: Giving) -> str:
    return f"{without_accents(giving.thanked_as or '').casefold()}#{giving.place}"


def _person(person_id: str) -> str:
    return f"PERSON#{person_id}"


def _month(programme_id: str, month: str) -> str:
    return f"GIVEN#{programme_id}#{month}"


def _board(programme_id: str) -> str:
    return f"THANKS#{programme_id}"
