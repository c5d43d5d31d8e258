"""What people of a simulation are reminded of, once each, and no more when it is done."""

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.notifications import facts
from chalicelib.notifications import service as notifications
from chalicelib.notifications.letters import SimulationFacts
from chalicelib.simulations import reminding
from tests.simulations.sessions import planned
from tests.support.world import World

STARTS = datetime(2027, 1, 18, 15, 30, tzinfo=UTC)


def test_a_day_before_after_the_debrief_and_six_weeks_after_it_was_closed(world: World) -> None:
    session = planned(world)
    session.add(3, moderators=1)
    first, second, unprepared = session.participants

    def answer(person: str, **what: Any) -> None:
        reply = world.post(f"{session.path}/answers", what, by=person)
        assert reply.status < 300, reply.text

    def asked(kind: str, moment: str | None = None) -> dict[str, Any]:
        found = [one for one in world.messages(kind) if one.payload.get("moment") == moment]
        return {one.payload["recipient"]: one for one in found}

    answer(first, moment="before", confidence=[2], choices=[])
    world.at = STARTS - timedelta(days=1, minutes=1)
    world.follow_up()
    assert asked(reminding.SIMULATION_REMINDER) == {}
    world.at = STARTS - timedelta(days=1)
    world.follow_up()
    reminders = asked(reminding.SIMULATION_REMINDER)
    assert set(reminders) == {*session.participants, *session.moderators}
    asks = {}
    for person, mail in reminders.items():
        letter = facts.letter_for(mail, world.at)
        assert letter is not None
        assert isinstance(letter.facts, SimulationFacts)
        asks[person] = letter.facts.asks
    assert asks == {first: "", second: "before", unprepared: "before", session.moderators[0]: ""}
    assert facts.letter_for(reminders[first], STARTS) is None, "it is here"
    answer(second, moment="before", confidence=[1], choices=[])

    world.at = STARTS
    session.moved("begin_case")
    world.pass_time(minutes=26)
    session.moved("debrief")
    world.pass_time(days=1)
    world.follow_up()
    due = asked(reminding.ANSWERS_DUE, "after")
    # Whoever did not answer before cannot answer after.
    assert set(due) == {first, second}
    answer(first, moment="after", confidence=[4], choices=[], intent=4)
    assert notifications.deliver(due[first].id, world.at) == "moot", "it is said"
    assert facts.letter_for(due[second], world.at) is not None

    session.moved("close")
    world.pass_time(days=41)
    world.follow_up()
    assert asked(reminding.ANSWERS_DUE, "follow_up") == {}
    assert facts.letter_for(due[second], world.at) is not None
    world.pass_time(days=1)
    world.follow_up()
    later = asked(reminding.ANSWERS_DUE, "follow_up")
    assert set(later) == {first, second}
    assert facts.letter_for(due[second], world.at) is None, "it is not asked any more"
    assert facts.letter_for(later[first], world.at + timedelta(weeks=6)) is None, "twelve weeks are over"


def test_nobody_is_reminded_of_one_that_is_cancelled(world: World) -> None:
    session = planned(world)
    session.add(1)
    session.moved("cancel")
    world.at = STARTS - timedelta(days=1)
    world.follow_up()
    assert world.messages(reminding.SIMULATION_REMINDER) == []
