"""What goals take of the room beside their mentorship."""

from dataclasses import replace
from datetime import date

from chalicelib.mentorships.goals import store
from chalicelib.mentorships.goals.model import MAX_EVER, MAX_STEPS, Ending, Measure, Reading, Step
from chalicelib.mentorships.goals.schemas import GoalBody, GoalReachedBody
from tests.mentorships.goals.test_check import NOW, WHOLE
from tests.support.world import World

QUERY = 1024 * 1024  # what one Query returns
ALEF = "\u0627"  # in JSON six bytes; no letter of our six languages takes more


def test_forty_goals_filled_to_the_last_letter_are_read_by_one_query(world: World) -> None:
    steps = [{"text": ALEF * 120}] * MAX_STEPS
    longest = GoalBody.model_validate(
        {
            "title": ALEF * 200, "horizon": "long", "domain": "contextual", "change": ALEF * 1000,
            "measure": {"what": ALEF * 200, "unit": ALEF * 40, "baseline": -0.123456789012345, "target": 1e9},
            "steps": steps,
        }
    )  # fmt: skip
    note = GoalReachedBody.model_validate({"note": ALEF * 1000}).note
    person = "01M4RFRMM8HFPTW3VC64NZ5A6K"
    measure = longest.measure
    assert measure is not None
    goal = replace(
        WHOLE, id=person, mentorship_id=person, owner_id=person, written_by=person, title=longest.title,
        change=longest.change, measure=Measure(measure.what, measure.unit, measure.baseline, measure.target),
        steps=tuple(Step(n, one.text, NOW) for n, one in enumerate(longest.steps)), due_on=date(2027, 3, 15),
        reading=Reading(-0.123456789012345, person, NOW), ending=Ending(note, person, NOW), last_entry_at=NOW,
    )  # fmt: skip
    item = store.put_goal(goal, NOW).request()["Item"]
    size = sum(len(name) + len(str(next(iter(value.values()))).encode()) for name, value in item.items())
    assert 15_000 < size < 20_000, "so that this is about whole goals"
    assert size * MAX_EVER < 0.8 * QUERY, "and leaves room for what else the page of a pair shows"
