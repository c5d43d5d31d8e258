"""Nobody's time is booked twice: by the rules alone, and by the rows' conditions."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from chalicelib.calendars import service, store
from chalicelib.calendars.errors import CalendarMoved as Moved
from chalicelib.calendars.errors import TimeTaken
from chalicelib.calendars.model import Calendars, Month, Span, keys_of, months_of
from chalicelib.platform import tables
from tests.support.world import World

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
PEOPLE = ("amina", "claire", "nadia")


def at(hours: float, minutes: int = 60) -> Span:
    return Span.of(NOON + timedelta(hours=hours), minutes)


def test_a_stretch_stands_in_each_month_that_it_touches() -> None:
    assert months_of(at(0)) == ("2026-11",)
    assert months_of(at(11.5)) == ("2026-11", "2026-12")
    assert months_of(at(11)) == ("2026-11",), "its end is not part of it"
    assert months_of(at(12)) == ("2026-12",)
    assert months_of(Span.of(datetime(2026, 12, 31, 23, 45, tzinfo=UTC), 30)) == ("2026-12", "2027-01")


spans = st.builds(
    lambda start, steps: Span.of(NOON + timedelta(minutes=15 * start), 15 * steps),
    st.integers(-200, 200),
    st.integers(1, 12),
)
moves = st.tuples(
    st.sampled_from(["book", "free", "move"]),
    st.sets(st.sampled_from(PEOPLE), min_size=1),
    spans,
    st.integers(0, 50),
)


@examples(max_examples=200, deadline=None)
@given(st.lists(moves, max_size=40))
def test_no_two_stretches_of_a_person_ever_overlap(done: list[tuple[str, set[str], Span, int]]) -> None:
    """Whatever is booked, freed and moved: compared with a list of what should stand, instant by instant."""
    everything = [Span.of(NOON - timedelta(days=4), 8 * 24 * 60)]
    calendars = Calendars.of(Month(*key) for key in keys_of(PEOPLE, everything))
    stands: dict[str, tuple[tuple[str, ...], Span]] = {}

    def is_free(people: set[str], span: Span, but: str = "") -> bool:
        return not any(
            people & set(theirs) and span.overlaps(taken)
            for name, (theirs, taken) in stands.items()
            if name != but
        )

    for number, (what, who, span, pick) in enumerate(done):
        people = tuple(sorted(who))
        name = sorted(stands)[pick % len(stands)] if stands else ""
        try:
            if what == "book":
                free = is_free(who, span)
                calendars = calendars.booked(people, span, str(number))
                assert free
                stands[str(number)] = (people, span)
            elif stands and what == "free":
                theirs, taken = stands.pop(name)
                calendars = calendars.freed(theirs, taken, name)
            elif stands:
                theirs, taken = stands[name]
                free = is_free(set(theirs), span, name)
                calendars = calendars.moved(theirs, taken, span, name)
                assert free
                stands[name] = (theirs, span)
        except TimeTaken:
            assert not free
    for person in PEOPLE:
        busy = calendars.busy(person)
        assert busy == tuple(sorted(span for theirs, span in stands.values() if person in theirs))
        assert all(not one.overlaps(other) for one, other in pairwise(busy))


def test_another_stretch_or_reference_is_not_freed() -> None:
    calendars = Calendars.of([Month("amina", "2026-11")]).booked(["amina"], at(0), "one")
    assert calendars.freed(["amina"], at(0), "two").busy("amina") == (at(0),)
    assert calendars.freed(["amina"], at(1), "one").busy("amina") == (at(0),)


def booked(people: tuple[str, ...], span: Span, reference: str) -> list[tables.Write]:
    calendars = service.read(people, [span]).booked(people, span, reference)
    return service.writes(calendars, NOON)


def busy(person: str) -> tuple[Span, ...]:
    return service.read([person], [at(-100), at(100)]).busy(person)


def test_what_is_booked_is_read_back_across_the_ends_of_months(world: World) -> None:
    world.write(*booked(("amina", "claire"), at(11.5), "one"))
    assert busy("amina") == busy("claire") == (at(11.5),)
    for taken in (at(11), at(12.25)):
        with pytest.raises(TimeTaken):
            booked(("claire",), taken, "two")
    calendars = service.read(("amina", "claire"), [at(11.5), at(30)])
    world.write(*service.writes(calendars.moved(("amina", "claire"), at(11.5), at(30), "one"), NOON))
    assert busy("amina") == busy("claire") == (at(30),)


@pytest.mark.parametrize("first", [True, False], ids=["the first ever", "a later one"])
def test_of_two_who_read_the_same_one_wins(world: World, first: bool) -> None:
    """Also where there was no row yet: it must still be absent."""
    if not first:
        world.write(*booked(("amina",), at(-20), "before"))
    one, other = booked(("amina", "claire"), at(0), "one"), booked(("amina", "nadia"), at(0.5), "other")
    world.write(*one)
    with pytest.raises(Moved):
        world.write(*other)
    assert at(0) in busy("amina")
    assert busy("nadia") == (), "all of it or nothing"
    with pytest.raises(TimeTaken):
        booked(("amina", "nadia"), at(0.5), "other")


def test_a_month_that_was_emptied_is_not_taken_for_the_one_before(world: World) -> None:
    """A stale reader of version 1 must lose also after all was freed and something else booked."""
    world.write(*booked(("amina",), at(0), "one"))
    stale = booked(("amina",), at(2), "stale")
    calendars = service.read(["amina"], [at(0)])
    world.write(*service.writes(calendars.freed(["amina"], at(0), "one"), NOON))
    world.write(*booked(("amina",), at(2), "new"))
    with pytest.raises(Moved):
        world.write(*stale)


def test_a_full_month_fits_a_row(world: World) -> None:
    """Each quarter of an hour of a month of 31 days booked: well under DynamoDB's 400 KB."""
    start = datetime(2026, 12, 1, tzinfo=UTC)
    calendars = Calendars.of([Month("amina", "2026-12")])
    month = calendars.months["amina", "2026-12"]
    quarters = [Span.of(start + timedelta(minutes=15 * n), 15) for n in range(31 * 96)]
    for span in quarters[:3]:
        calendars = calendars.booked(["amina"], span, "SESSION#" + "0" * 53)
    row = store.put_month(next(calendars.writes()), NOON).request()["Item"]
    size = len(row["busy"]["S"]) / 3 * len(quarters)
    assert month.busy == ()
    assert size < 250_000
