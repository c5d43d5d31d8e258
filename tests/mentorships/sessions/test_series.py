"""Series keep their time on the clock of their anchor zone, and say where the other's moves."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from chalicelib.kernel import zones
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.zones import instant_at, wall_at
from chalicelib.mentorships.sessions import model
from chalicelib.mentorships.sessions.recurrence import MOST_OCCURRENCES, occurrences, parsed
from chalicelib.people import store as people_store
from chalicelib.platform import tables
from tests.mentorships.sessions.meeting import START, Meeting, code, pointers

WEEKLY = "FREQ=WEEKLY;COUNT=4"
FIRST = "2027-03-08T09:00"


def starts(items: list[Any], side: str) -> list[str]:
    return [one[side]["starts"] for one in items]


def shifts(items: list[Any]) -> list[tuple[int, int]]:
    return [(one["series"]["shifts"]["mentee"], one["series"]["shifts"]["mentor"]) for one in items]


def test_a_series_keeps_its_clock_and_warns_where_the_other_s_moves(meeting: Meeting) -> None:
    reply = meeting.series(FIRST, WEEKLY)
    assert reply.status == 201, reply.text
    items = reply.json["items"]
    assert [one[:16] for one in starts(items, "mentor")] == [
        f"2027-03-{day:02d}T09:00" for day in (8, 15, 22, 29)
    ]
    assert [one[11:16] for one in starts(items, "mentee")] == ["17:00", "16:00", "16:00", "16:00"]
    assert shifts(items) == [(0, 0), (-60, 0), (0, 0), (0, 0)]
    assert meeting.all() == items
    assert meeting.mails() == [("booked", "mentee")], "one mail for all of it"
    # On the other's clock it is the mentor whose hour moves.
    other = meeting.series("2027-03-10T18:00", WEEKLY, zone="africa/nairobi", by=meeting.mentee).json["items"]
    assert other[0]["series"]["time_zone"] == "Africa/Nairobi"
    assert shifts(other) == [(0, 0), (0, 60), (0, 0), (0, 0)]


@pytest.mark.parametrize(
    ("first", "zone", "of_mentee"),
    [
        # 02:30 of the 14th is left out in Toronto: it begins as the 13th did for others, and the 15th an hour earlier.
        ("2027-03-12T02:30", "America/Toronto", [0, 0, 0, -60]),
        ("2027-10-02T02:15", "Australia/Lord_Howe", [0, 0, -30, 0]),
    ],
)
def test_where_spring_leaves_out_the_hour_the_shift_is_what_each_clock_shows(
    meeting: Meeting, first: str, zone: str, of_mentee: list[int]
) -> None:
    reply = meeting.series(first, "FREQ=DAILY;COUNT=4", zone=zone, outside_availability=True)
    assert reply.status == 201, reply.text
    assert [mentee for mentee, _ in shifts(reply.json["items"])] == of_mentee


def test_all_of_a_series_or_nothing_is_booked(meeting: Meeting) -> None:
    meeting.booked("2027-03-22T13:30:00Z")
    refused = meeting.series(FIRST, WEEKLY)
    assert (refused.status, code(refused)) == (409, "time-taken")
    assert len(meeting.all()) == 1
    assert meeting.book("2027-03-08T14:00:00Z").status == 201


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("FREQ=WEEKLY", "has an end"),
        ("FREQ=WEEKLY;COUNT=53", "COUNT takes 1 to 52"),
        ("FREQ=WEEKLY;COUNT=0", "COUNT takes"),
        ("FREQ=WEEKLY;COUNT=٣", "COUNT takes"),
        ("FREQ=DAILY;UNTIL=20271231T000000Z", "over 52 sessions"),
        ("FREQ=MONTHLY;COUNT=30", "366 days"),
        ("FREQ=WEEKLY;UNTIL=20290101T000000Z;INTERVAL=20", "366 days"),
        ("FREQ=MONTHLY;BYMONTHDAY=8;COUNT=14", "366 days"),
        ("FREQ=WEEKLY;UNTIL=20270501", "UNTIL in UTC"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270501T000000Z", "not both"),
        ("FREQ=SECONDLY;COUNT=3", "FREQ as one of"),
        ("FREQ=YEARLY;COUNT=3", "FREQ as one of"),
        ("FREQ=WEEKLY;COUNT=3;BYHOUR=9", "BYHOUR is not known"),
        ("FREQ=WEEKLY;COUNT=3;COUNT=4", "there twice"),
        ("FREQ=WEEKLY;COUNT=3;BYDAY=2TU", "FREQ=MONTHLY alone"),
        ("FREQ=WEEKLY;COUNT=3;BYDAY=XX", "Give BYDAY"),
        ("FREQ=WEEKLY;COUNT=3;INTERVAL=100", "INTERVAL takes"),
        ("FREQ=WEEKLY;COUNT=3;WKST=XX", "Give WKST"),
        ("FREQ=WEEKLY;COUNT=3;BYMONTHDAY=3", "goes with"),
        ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=32", "BYMONTHDAY takes"),
        ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=+-3", "BYMONTHDAY takes"),
        ("FREQ=MONTHLY;COUNT=3;BYSETPOS=1", "chooses among"),
        ("every week", "NAME=VALUE"),
        ("FREQ=WEEKLY;COUNT=", "NAME=VALUE"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_what_to_do(meeting: Meeting, rule: str, says: str) -> None:
    reply = meeting.series(FIRST, rule)
    assert reply.status == 422
    assert says in pointers(reply)["/rule"]


@pytest.mark.parametrize(
    ("body", "pointer", "says"),
    [
        (
            {"starts": "2027-03-09T09:00", "rule": "FREQ=WEEKLY;BYDAY=MO;COUNT=2"},
            "/starts",
            "The rule has no session",
        ),
        ({"starts": "2027-03-14T02:30"}, "/starts", "jumps over this time"),
        ({"starts": "2027-02-29T09:00"}, "/starts", "a day that there is"),
        ({"starts": "2027-03-08T09:00Z"}, "/starts", "on the clock of"),
        ({"starts": "2027-02-22T09:00"}, "/starts", "past"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone", "IANA"),
        ({"rule": "FREQ=DAILY;COUNT=3", "minutes": 245}, "/minutes", "240"),
        # A rule that makes nothing ends all the same.
        ({"rule": "FREQ=MONTHLY;BYMONTHDAY=3;BYDAY=5MO;COUNT=3"}, "/starts", "The rule has no session"),
    ],
)
def test_a_series_that_cannot_begin_is_refused(
    meeting: Meeting, body: dict[str, Any], pointer: str, says: str
) -> None:
    whole = {"starts": FIRST, "rule": WEEKLY, **body}
    reply = meeting.series(
        whole.pop("starts"), whole.pop("rule"), zone=whole.pop("time_zone", "America/Toronto"), **whole
    )
    assert reply.status == 422
    assert says in pointers(reply)[pointer]


def walls(rule: str, first: str, zone: str = "UTC") -> list[str]:
    return [
        one.isoformat()[:10] for one in occurrences(parsed(rule), datetime.fromisoformat(first), zone, START)
    ]


def test_days_that_a_month_has_not_are_left_out() -> None:
    assert walls("FREQ=MONTHLY;COUNT=5", "2027-03-31T09:00") == [
        "2027-03-31", "2027-05-31", "2027-07-31", "2027-08-31", "2027-10-31",
    ]  # fmt: skip
    assert walls("FREQ=MONTHLY;BYMONTHDAY=29;UNTIL=20280301T000000Z", "2027-11-29T09:00")[-1] == "2028-02-29"
    assert walls("FREQ=MONTHLY;BYDAY=2TU;COUNT=3", "2027-03-09T09:00") == [
        "2027-03-09",
        "2027-04-13",
        "2027-05-11",
    ]
    assert walls("RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3", "2027-03-09T09:00")[-1] == "2027-03-16"
    assert (
        walls("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2", "2027-03-31T09:00")[-1] == "2027-04-30"
    )


def test_an_hour_that_spring_leaves_out_is_later_that_day_alone(meeting: Meeting) -> None:
    """Paris has no 02:30 on 28 March 2027."""
    items = meeting.series(
        "2027-03-21T02:30", "FREQ=WEEKLY;COUNT=3", zone="Europe/Paris", outside_availability=True
    ).json["items"]
    assert [one["series"]["is_skipped"] for one in items] == [False, True, False]
    assert [one["starts_at"][:16] for one in items] == [
        "2027-03-21T01:30",
        "2027-03-28T01:30",
        "2027-04-04T00:30",
    ]
    assert [one["series"]["rules_changed"] for one in items] == [False] * 3


def test_who_moves_reads_their_new_clock_and_the_series_stays(meeting: Meeting) -> None:
    meeting.series(FIRST, WEEKLY)
    before = [one["starts_at"] for one in meeting.all()]
    profile = people_store.get_profile(meeting.mentee)
    assert profile is not None
    meeting.world.write(
        people_store.put_profile(replace(profile, time_zone="Asia/Kathmandu"), meeting.world.at)
    )
    items = meeting.all()
    assert [one["starts_at"] for one in items] == before
    assert items[1]["mentee"] == {
        "time_zone": "Asia/Kathmandu", "starts": "2027-03-15T18:45:00+05:45", "ends": "2027-03-15T19:45:00+05:45",
    }  # fmt: skip
    assert shifts(items)[1] == (-60, 0)


def test_a_zone_whose_rules_have_changed_is_told(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Morocco's did: the agreed time on the anchor's clock is another instant than was booked."""
    meeting.series("2027-03-08T14:00", WEEKLY, zone="Africa/Casablanca")
    assert not any(one["series"]["rules_changed"] for one in meeting.all())
    known = zones.time_zone
    monkeypatch.setattr(
        zones, "time_zone", lambda name: known("Europe/Paris" if name == "Africa/Casablanca" else name)
    )
    assert all(one["series"]["rules_changed"] for one in meeting.all())


@pytest.mark.parametrize(
    ("scope", "moved"),
    [("one", [False, True, False, False]), ("following", [False, True, True, True]), ("all", [True] * 4)],
)
def test_one_following_or_all_move_by_as_much_on_the_series_clock(
    meeting: Meeting, scope: str, moved: list[bool]
) -> None:
    """From 09:00 to 10:30, across the change of clocks: the others by an hour and a half of the wall clock."""
    meeting.series(FIRST, WEEKLY)
    second = meeting.all()[1]["id"]
    body = {"starts_at": "2027-03-15T14:30:00Z", "minutes": 45, "scope": scope}
    reply = meeting.do("reschedule", second, body)
    assert reply.status == 200, reply.text
    items = meeting.all()
    assert [one["series"]["starts"][11:16] == "10:30" for one in items] == moved
    assert [one["mentor"]["starts"][11:16] == "10:30" for one in items] == moved
    assert [one["minutes"] for one in items] == [45 if each else 60 for each in moved]
    assert {one["series"]["original"][11:16] for one in items} == {"09:00"}
    assert meeting.mails() == [("booked", "mentee"), ("moved", "mentor")]
    free = meeting.book("2027-03-22T13:00:00Z")
    assert (free.status == 201) is moved[2]


def test_what_moves_stays_as_long_as_it_is_unless_somebody_says_how_long(meeting: Meeting) -> None:
    items = meeting.series(FIRST, WEEKLY, minutes=45).json["items"]
    meeting.do("reschedule", items[2]["id"], {"starts_at": "2027-03-22T13:00:00Z", "minutes": 30})
    moved = meeting.do("reschedule", items[1]["id"], {"starts_at": "2027-03-15T14:30:00Z", "scope": "all"})
    assert moved.status == 200, moved.text
    assert [one["minutes"] for one in meeting.all()] == [45, 45, 30, 45]


def test_a_series_may_move_into_its_own_time(meeting: Meeting) -> None:
    meeting.series(FIRST, WEEKLY)
    first = meeting.all()[0]["id"]
    moved = meeting.do("reschedule", first, {"starts_at": "2027-03-15T13:00:00Z", "scope": "all"})
    assert moved.status == 200, moved.text
    assert [one["starts_at"][:10] for one in meeting.all()] == [
        "2027-03-15",
        "2027-03-22",
        "2027-03-29",
        "2027-04-05",
    ]


@pytest.mark.parametrize(("scope", "left"), [("one", 3), ("following", 1), ("all", 0)])
def test_one_following_or_all_are_called_off(meeting: Meeting, scope: str, left: int) -> None:
    meeting.series(FIRST, WEEKLY)
    second = meeting.all()[1]["id"]
    assert meeting.do("cancel", second, {"scope": scope}).status == 200
    assert [one["status"] for one in meeting.all()].count("booked") == left
    assert meeting.mails() == [("booked", "mentee"), ("cancelled", "mentor")]
    assert (meeting.series(FIRST, WEEKLY).status == 201) is (left == 0)


def test_what_is_past_of_a_series_stays_as_it_was(meeting: Meeting) -> None:
    meeting.series(FIRST, WEEKLY)
    third = meeting.all()[2]["id"]
    meeting.until("2027-03-16T09:00:00+00:00")
    assert meeting.do("cancel", third, {"scope": "all"}).status == 200
    assert [one["status"] for one in meeting.all()] == ["booked", "booked", "cancelled", "cancelled"]


def test_a_series_outside_a_week_waits_for_the_other_s_yes(meeting: Meeting) -> None:
    refused = meeting.series("2027-03-09T21:00", WEEKLY)
    assert code(refused) == "outside-availability"
    items = meeting.series("2027-03-09T21:00", WEEKLY, outside_availability=True).json["items"]
    assert {one["status"] for one in items} == {"proposed"}
    accepted = meeting.do("accept", items[0]["id"], {"scope": "all"})
    assert accepted.status == 200, accepted.text
    assert {one["status"] for one in meeting.all()} == {"booked"}


def test_scope_is_for_series_alone(meeting: Meeting) -> None:
    session = meeting.booked()
    assert code(meeting.do("cancel", session, {"scope": "all"})) == "no-series"


def test_the_longest_series_fits_one_transaction_and_moves_in_one(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """52 sessions, 14 months of both calendars at most, the check, the mail, the trail and the stored answer."""
    sizes = []
    plain = tables.transact
    monkeypatch.setattr(
        "chalicelib.platform.commit.tables.transact",
        lambda writes, token, **how: (sizes.append(len(writes)), plain(writes, token, **how))[1],
    )
    reply = meeting.series(FIRST, f"FREQ=WEEKLY;COUNT={MOST_OCCURRENCES}")
    assert reply.status == 201, reply.text
    first = meeting.all()[1]["id"]
    body = {"starts_at": "2027-03-15T14:00:00Z", "scope": "all"}
    assert meeting.do("reschedule", first, body).status == 200
    assert max(sizes) <= 90
    assert meeting.series("2027-03-08T11:00", "FREQ=WEEKLY;COUNT=52").status == 201
    full = meeting.book("2027-03-13T13:00:00Z")
    assert (full.status, code(full)) == (409, "too-many-sessions")


anchors = st.sampled_from(
    ["Europe/Paris", "America/Toronto", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca"]
)
rules = st.builds(
    lambda frequency, interval, count, until: f"FREQ={frequency};INTERVAL={interval};"
    + (f"COUNT={count}" if until is None else f"UNTIL=2027{until:02d}15T000000Z"),
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]), st.integers(1, 5), st.integers(1, 52),
    st.none() | st.integers(4, 12),
)  # fmt: skip


@examples(max_examples=60, deadline=None)
@given(anchors, rules, st.integers(0, 27), st.integers(0, 95))
def test_a_series_keeps_its_wall_clock_whatever_the_clocks_do(
    zone: str, rule: str, day: int, quarter: int
) -> None:
    first = START.replace(tzinfo=None, hour=0) + timedelta(days=1 + day, minutes=15 * quarter)
    try:
        found = occurrences(parsed(rule), first, zone, START)
    except Invalid:
        return
    assert found[0] == first
    assert len(found) <= MOST_OCCURRENCES
    assert {one.time() for one in found} == {first.time()}
    instants = [instant_at(one, zone) for one in found]
    assert instants == sorted(set(instants))
    for wall, instant in zip(found, instants, strict=True):
        shown = wall_at(instant, zone)
        assert shown == wall or (shown > wall and model.is_skipped(wall, zone))
