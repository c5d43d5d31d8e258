"""How a programme stands, in sums."""

from datetime import timedelta

from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships import task_store
from chalicelib.mentorships.health import store as health_store
from chalicelib.mentorships.sums import Sums
from chalicelib.mentorships.tasks import unreached_task
from chalicelib.people.model import MailStop, MailStopReason
from chalicelib.platform import tables
from chalicelib.programmes.model import Side
from tests.mentorships.scene import Scene
from tests.support.world import World


def test_open_proposals_count_until_their_time_is_over(proposed: Scene) -> None:
    at = proposed.world.at
    assert mentorships.sums_of(proposed.programme, "01READER", at).unanswered == 1
    assert mentorships.sums_of(proposed.programme, "01READER", at + timedelta(days=60)).unanswered == 0
    assert mentorships.sums_of("01OTHER", "01READER", at) == Sums()


def test_tasks_and_health_are_added_up(world: World) -> None:
    stop = MailStop(world.at, MailStopReason.COMPLAINT)
    open_tasks = [unreached_task("01P", f"01A{n}", {Side.MENTEE}, stop) for n in range(3)]
    counts = {"red": 2, "amber": 1, "green": 7}
    world.write(
        *(task_store.put_task(one, world.at) for one in open_tasks),
        tables.add(*health_store.counts_key("01P"), counts, "2026-11-22T09:00:00.000000Z"),
    )
    assert mentorships.sums_of("01P", "01READER", world.at) == Sums(2, 1, 3, 0, 3, 0)


def test_it_costs_a_get_and_three_queries(proposed: Scene) -> None:
    with proposed.world.counted() as calls:
        mentorships.sums_of(proposed.programme, "01READER", proposed.world.at)
    assert calls == ["GetItem", "Query", "Query", "Query"]
