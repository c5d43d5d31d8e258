"""The timetable: published once, read by each for themselves, and made anew while people come and go."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chalicelib.credentials import service as credentials
from chalicelib.credentials.kinds import Loss
from chalicelib.events import making
from chalicelib.kernel.clock import to_text
from chalicelib.people import store as people_store
from chalicelib.people.model import Standing
from chalicelib.platform import outbox
from tests.events.scene import BEGINS, Event, code, planned, published, seated
from tests.support.world import World


def test_a_coordinator_sees_what_would_be_before_it_is_published_and_others_nothing(world: World) -> None:
    event = seated(world, 2, 3, rounds=2)
    preview = event.table()
    assert (preview["version"], len(preview["sittings"])) == (0, 4)
    assert preview["points"] == preview["bound"] > 0
    assert {one["reason"] for one in preview["rests"]} == {"mentors_taken"}
    refused = world.get(f"{event.path}/timetable", by=event.mentees[0])
    assert (refused.status, code(refused)) == (409, "event-not-so")
    assert event.moved("publish")["timetable"] == 1
    assert event.table()["sittings"] == preview["sittings"], "what was shown is what is published"
    assert event.move("publish").status == 409, "once"
    world.follow_up()
    told = world.messages("event-timetable")
    assert sorted(one.payload["recipient"] for one in told) == sorted(event.people)


def test_an_event_at_which_nobody_would_meet_is_not_published(world: World) -> None:
    event = planned(world)
    event.taken(event.enrolled("mentor"), "mentor")
    answer = event.move("publish")
    assert (answer.status, code(answer)) == (409, "event-nobody-meets")


def test_each_reads_their_own_meetings_and_nothing_where_nothing_has_changed(world: World) -> None:
    event = published(world)
    me = event.mentees[0]
    mine = event.table(me)
    assert {one["mentee_id"] for one in mine["sittings"]} == {me}
    assert len(mine["sittings"]) == 3
    assert {one["person_id"] for one in mine["people"]} == {
        me,
        *(one["mentor_id"] for one in mine["sittings"]),
    }
    assert (mine["points"], mine["rests"]) == (None, [])
    assert world.get(f"{event.path}/timetable", by=event.enrolled("mentee")).status == 404
    etag = world.get(f"{event.path}/timetable", by=me).etag
    again = world.get(f"{event.path}/timetable", by=me, headers={"If-None-Match": etag})
    assert (again.status, again.text) == (304, "")


def test_the_clock_tells_what_runs_what_is_next_and_which_timetable_holds(world: World) -> None:
    event = published(world, 1, 1, rounds=2)
    me = event.mentees[0]

    def at(minutes: float) -> tuple[Any, ...]:
        world.at = BEGINS + timedelta(minutes=minutes)
        seen = world.get(f"{event.path}/clock", by=me).json
        return seen["state"], seen["running"], seen["following"], seen["left_seconds"], seen["timetable"]

    assert at(-1) == ("before", None, 1, 60, 1)
    assert at(4) == ("round", 1, 2, 360, 1)
    assert at(10) == ("pause", None, 2, 120, 1)
    assert at(12) == ("round", 2, None, 600, 1)
    assert at(22) == ("over", None, None, 0, 1)


def test_a_drop_out_in_round_two_leaves_what_was_held_and_shares_out_the_rest_anew(world: World) -> None:
    event = published(world, 3, 3)
    before = event.sittings()
    event.into_round(2)
    gone = event.mentors[0]
    event.told(gone, "gone")
    after = event.sittings()
    assert [one for one in after if one[0] <= 2] == [one for one in before if one[0] <= 2]
    assert [one for one in after if one[0] == 3 and gone in one] == []
    assert len([one for one in after if one[0] == 3]) == 2, "the two who are left meet two"
    assert world.get(f"{event.path}/clock", by=event.mentees[0]).json["timetable"] == 2
    event.told(gone, "present")
    assert len(event.sittings()) == 9, "who comes back is in again"


def test_who_comes_late_is_in_from_their_round_on(world: World) -> None:
    event = published(world, 3, 3)
    late = event.mentees[0]
    event.told(late, "late", from_round=2)
    mine = [one[0] for one in event.sittings() if late in one]
    assert mine == [2, 3]
    assert event.tell(late, "late", from_round=4).status == 422
    event.into_round(1)
    event.told(late, "present")
    assert [one[0] for one in event.sittings() if late in one] == [2, 3], "the round that runs stays"


def test_a_table_tells_who_is_missing_and_the_two_may_meet_later(world: World) -> None:
    event = published(world, 2, 2, rounds=3)
    event.into_round(1)
    mentor = event.mentors[0]
    mentee = event.other_of(mentor, 1)
    (other,) = set(event.mentees) - {mentee}
    assert event.tell(mentee, "missing", other).status == 404, "who does not wait for them does not say so"
    event.told(mentee, "missing", mentor)
    assert event.sittings("missed") == [(1, mentee, mentor)]
    assert [one for one in event.sittings() if mentee in one] == []
    event.into_round(1, minutes=10.5)
    event.told(mentee, "present")
    later = [one for one in event.sittings() if mentee in one]
    assert {one[2] for one in later} == set(event.mentors), "the missed meeting is made up for"


def test_who_was_missing_and_comes_within_the_round_has_it(world: World) -> None:
    event = published(world, 2, 2, rounds=2)
    event.into_round(1)
    mentee = event.other_of(event.mentors[0], 1)
    event.told(mentee, "missing", event.mentors[0])
    event.told(mentee, "present")
    assert len(event.sittings()) == 4
    assert event.sittings("missed") == []


def test_a_round_that_begins_within_half_a_minute_stays(world: World) -> None:
    event = published(world, 2, 2, rounds=2)
    event.into_round(2, minutes=-0.4)
    mentor = event.mentors[0]
    event.told(mentor, "gone")
    assert [one[0] for one in event.sittings("missed")] == [2]
    assert len(event.sittings("planned")) == 1


def test_only_oneself_or_a_coordinator_tells_and_only_while_it_runs(world: World) -> None:
    event = published(world, 2, 2, rounds=2)
    assert event.tell(event.mentees[0], "gone", event.mentees[1]).status == 404
    assert event.tell(event.mentees[0], "gone", event.coordinator).status == 200
    world.at = BEGINS
    assert code(event.tell(event.mentees[1], "give_back")) == "event-not-so"
    event.over()
    assert code(event.tell(event.mentees[1], "present")) == "event-not-so"


def test_a_seat_that_is_given_back_after_publication_is_in_the_timetable_of_who_moves_up(
    world: World,
) -> None:
    event = published(world, 2, 2, rounds=2, mentee_seats=2)
    waiting = event.enrolled("mentee")
    assert event.taken(waiting, "mentee") == "waiting"
    assert event.table(waiting)["sittings"] == []
    event.told(event.mentees[0], "give_back")
    assert len(event.table(waiting)["sittings"]) == 2


def test_a_mentor_who_is_verified_no_more_is_planned_out_and_again_in(world: World) -> None:
    event = published(world, 2, 2, rounds=2)
    mentor = event.mentors[0]

    def news(kind: str, number: int) -> None:
        told = {"person_id": mentor, "by": Loss.REFUSED.value, "at": to_text(world.at)}
        world.write(outbox.message(f"{kind}:{number}", outbox.Topic.FOLLOW_UP, kind, told, now=world.at))
        world.follow_up()

    world.write(people_store.set_standing(mentor, Standing(), world.at))
    news(credentials.STANDING_LOST, 1)
    assert [one for one in event.sittings() if mentor in one] == []
    assert event.table(mentor)["left_out"] == [{"person_id": mentor, "reason": "not_verified"}]
    world.write(people_store.set_standing(mentor, Standing(world.at + timedelta(days=90)), world.at))
    news(credentials.STANDING_REGAINED, 2)
    assert len([one for one in event.sittings() if mentor in one]) == 2


def test_a_mentor_whose_standing_ends_by_itself_is_not_in_it_when_people_are_reminded(world: World) -> None:
    event = published(world, 2, 2, rounds=2)
    mentor = event.mentors[0]
    world.write(people_store.set_standing(mentor, Standing(BEGINS - timedelta(days=2)), world.at))
    world.at = BEGINS - timedelta(days=1)
    world.follow_up()
    assert [one for one in event.sittings() if mentor in one] == []
    assert sorted(one.payload["recipient"] for one in world.messages("event-reminder")) == sorted(
        event.people
    )


def test_an_unverified_mentor_is_not_published(world: World) -> None:
    event = seated(world, 2, 2, rounds=2)
    world.write(people_store.set_standing(event.mentors[0], Standing(), world.at))
    event.moved("publish")
    assert [one for one in event.sittings() if event.mentors[0] in one] == []


def test_two_of_whom_one_blocks_the_other_do_not_meet(world: World) -> None:
    event = published(world, 2, 2, rounds=2)
    mentee, mentor = event.mentees[0], event.mentors[0]
    assert world.put(f"/v1/me/blocks/{mentor}", {}, by=mentee).status == 204
    world.follow_up()
    assert [one for one in event.sittings() if mentee in one and mentor in one] == []
    assert len(event.sittings()) == 3


def test_who_leaves_the_programme_during_the_event_is_planned_out(world: World) -> None:
    event = published(world, 2, 2, rounds=2)
    event.into_round(1)
    held = event.sittings("running")
    path = f"/v1/programmes/{event.programme}/enrolments/{event.mentees[0]}"
    assert world.delete(path, by=event.mentees[0], query={"role": "mentee"}).status == 204
    world.follow_up()
    assert event.sittings("running") == held
    assert [one for one in event.sittings("planned") if event.mentees[0] in one] == []


def test_making_it_anew_changes_nothing_where_nothing_has_changed(world: World) -> None:
    event = published(world, 2, 2, rounds=2)
    world.pass_time(minutes=2)
    world.follow_up()
    assert event.read()["timetable"] == 1
    event.told(event.mentees[0], "present")
    assert event.read()["timetable"] == 1


ROUNDS = 4
REPORTS = st.lists(
    st.tuples(
        st.sampled_from(("gone", "missing", "late", "present")), st.integers(0, 5), st.integers(1, ROUNDS),
        st.sampled_from((0.5, 5, 9.8)),
    ),
    min_size=1, max_size=3,
)  # fmt: skip
"""What is told in a round: of whom, from which round on they come, and how many minutes of it are over by then; the
last is within half a minute of the next round."""
NOTHING = [("present", 0, 1, 0.5)]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(evening=st.lists(REPORTS, min_size=ROUNDS, max_size=ROUNDS))
# Who comes after all, as the round begins for which the two were planned again; and with all met, somebody comes.
@example(evening=[NOTHING, NOTHING, [("late", 3, 4, 0.5), ("present", 3, 1, 9.8)], NOTHING])
@example(evening=[NOTHING, [("missing", 3, 1, 0.5)], [("present", 3, 1, 0.5), ("gone", 0, 1, 5)], NOTHING])
def test_whatever_is_told_nobody_is_in_two_places_nobody_meets_twice_and_what_was_held_stays(
    world: World, evening: list[list[tuple[str, int, int, float]]]
) -> None:
    world.begin_anew()
    event = published(world, 3, 3, rounds=ROUNDS, pause=0)
    for number, reports in enumerate(evening, 1):
        world.at = BEGINS + timedelta(minutes=10 * (number - 1))
        over, runs = rounds_of(event, *range(1, number)), rounds_of(event, number)
        for what, who, first, minute in sorted(reports, key=lambda one: one[3]):
            world.at = BEGINS + timedelta(minutes=10 * (number - 1) + minute)
            if what == "missing":
                _missing(event, event.people[who])
            else:
                event.tell(event.people[who], what, **({"from_round": first} if what == "late" else {}))
            world.follow_up()
            sound(event, range(number + 1 + (minute > 9.5), ROUNDS + 1))
            assert rounds_of(event, *range(1, number)) == over, "what was held stays, and what was missed"
            assert set(rounds_of(event, number)) <= set(runs), "nobody is sent elsewhere in a round that runs"


def rounds_of(event: Event, *numbers: int) -> dict[tuple[int, str, str], str]:
    """Return who sits with whom in some rounds, and whether they did."""
    found = event.table()["sittings"]
    return {
        (one["round"], one["mentee_id"], one["mentor_id"]): one["state"]
        for one in found
        if one["round"] in numbers
    }


def _missing(event: Event, person: str) -> None:
    running = [one for one in event.sittings("running") if person in one]
    for _, mentee, mentor in running:
        event.tell(person, "missing", mentor if person == mentee else mentee)


def sound(event: Event, ahead: Collection[int]) -> None:
    """See that nobody is twice in a round and no two meet twice, of all that was or is to be held, and that in rounds
    that may still change nobody waits for somebody who is not there."""
    found = event.sittings()
    assert len({(one[0], one[1]) for one in found}) == len(found)
    assert len({(one[0], one[2]) for one in found}) == len(found)
    assert len({one[1:] for one in found}) == len(found)
    assert "missed" not in rounds_of(event, *ahead).values()


def test_who_gives_a_seat_back_as_the_first_round_begins_is_not_in_it(world: World) -> None:
    event = published(world, 2, 2, rounds=2)
    mentee = event.mentees[0]
    mentor = event.other_of(mentee, 1)
    world.at = BEGINS - timedelta(seconds=20)
    event.told(mentee, "give_back")
    assert [one for one in event.sittings() if mentee in one] == []
    assert event.sittings("missed") == [(1, mentee, mentor)]
    assert event.taken(mentee, "mentee") == "taken"
    world.follow_up()
    assert len(event.sittings()) == 4, "who takes it again has their first round"


def test_a_table_that_misses_who_said_when_they_come_does_not_plan_them_out(world: World) -> None:
    event = published(world, 2, 2, rounds=3)
    late = event.mentees[0]
    mentor = event.other_of(late, 1)
    world.at = BEGINS - timedelta(seconds=20)
    event.told(late, "late", from_round=2)
    event.into_round(1)
    assert event.told(late, "missing", mentor)["absent"] == [1]
    assert [one[0] for one in event.sittings() if late in one] == [2, 3]


def test_nothing_of_a_cancelled_event_is_held(world: World) -> None:
    event = published(world, 1, 1, rounds=2)
    mentee, mentor = event.mentees[0], event.mentors[0]
    event.moved("cancel", reason="The speaker is ill")
    event.into_round(1)
    assert world.get(f"{event.path}/clock", by=mentee).json["state"] == "over"
    event.over()
    assert {one["state"] for one in event.table(mentee)["sittings"]} == {"missed"}
    assert event.keep(mentee, mentor, note="x").status == 404


def test_an_event_that_was_never_published_has_no_timetable_once_it_is_too_late(world: World) -> None:
    event = seated(world, 1, 1)
    world.at = BEGINS
    answer = world.get(f"{event.path}/timetable", by=event.coordinator)
    assert (answer.status, code(answer)) == (409, "event-not-so")


def test_of_many_who_tell_something_at_once_the_first_has_the_timetable_made_for_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = published(world, 4, 4)
    event.into_round(1)
    world.follow_up()
    made: list[int] = []
    plain = making.made

    def counted(*given: Any) -> Any:
        made.append(1)
        return plain(*given)

    monkeypatch.setattr(making, "made", counted)
    for one in event.mentees[:3]:
        assert event.tell(one, "gone").status == 200
    world.follow_up()
    assert len(made) == 1
    assert not [one for one in event.sittings("planned") if set(event.mentees[:3]) & set(one)]
    for one in event.mentees[:3]:
        event.tell(one, "present")
    world.follow_up()
    assert (len(made), len(event.sittings())) == (2, 12)
