"""Whatever the two and the daily look do in whatever order: both have signed only what both have signed."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chalicelib.kernel.errors import Conflict, StaleVersion
from chalicelib.kernel.pages import PageRequest
from chalicelib.mentorships.agreements import due_store, looking, service, store
from chalicelib.mentorships.agreements.model import Terms
from chalicelib.mentorships.task_store import tasks_in
from chalicelib.mentorships.tasks import TaskStatus
from chalicelib.people.model import Channel
from chalicelib.platform import tables
from chalicelib.platform.outbox import Message
from chalicelib.programmes.model import Side
from tests.mentorships.agreements.two import Two, two_of
from tests.mentorships.scene import make_scene
from tests.mentorships.state import State
from tests.support.world import World

SIDES, SEEN = st.sampled_from(list(Side)), st.integers(1, 4)
STEP = st.one_of(
    st.tuples(st.just("change"), SIDES, SEEN, st.integers(0, 2)),
    st.tuples(st.just("sign"), SIDES, SEEN),
    # Under the present version, or the walk would mostly be refused.
    st.tuples(st.just("sign"), SIDES, st.none()),
    st.tuples(st.just("change"), SIDES, st.none(), st.integers(0, 2)),
    st.tuples(st.just("try"), SIDES, st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from([1, 3, 14])),
)
WAYS = (Channel.CHAT, Channel.VIDEO)


class Walk:
    """One walk through the steps, and what a reader who noted everything would know.

    Attributes
    ----------
    signed
        Who has signed which version, by the answers alone.
    """

    def __init__(self, two: Two) -> None:
        self.two = two
        self.world = two.world
        self.signed: dict[int, set[Side]] = {}
        self.terms: dict[int, Terms] = {1: two.stored().wording.terms}
        self.mails: dict[str, Message] = {}

    def take(self, step: tuple[Any, ...]) -> str:
        """Take a step; return what came of it."""
        self.world.pass_time(seconds=1)
        present = self.two.stored().wording.number
        try:
            match step:
                case ("change", side, seen, minutes):
                    return self._change(side, seen or present, present, minutes)
                case ("sign", side, seen):
                    number = seen or present
                    service.sign(self._call(side), self.two.id, number)
                    assert number == present
                    self.signed.setdefault(number, set()).add(side)
                case ("try", side, works):
                    service.try_out(self._call(side), self.two.id, {WAYS[0]: works})
                case ("wait", days):
                    self.world.pass_time(days=days)
                    assert looking.look_at_unsigned(self.world.at) == 0
        except (Conflict, StaleVersion) as refused:
            return refused.code
        return str(step[0])

    def rows(self) -> list[Any]:
        """Return all that is kept of the mentorship."""
        return list(tables.query_all(store.AgreementRow, f"MENTORSHIP#{self.two.id}"))

    def _call(self, side: Side, **how: Any) -> Any:
        person = self.two.mentor if side is Side.MENTOR else self.two.mentee
        return self.world.call(person, **how)

    def _change(self, side: Side, seen: int, present: int, minutes: int) -> str:
        terms = Terms(channels=WAYS, fallback=WAYS[0], languages=("en",), meeting_minutes=30 + 5 * minutes)
        after = service.change(self._call(side, if_match=seen), self.two.id, terms)
        assert seen == present
        if after.version == present:
            assert self.terms[present] == terms
            return "same"
        assert after.version == present + 1
        self.terms[after.version] = terms
        return "change"

    def check(self) -> None:
        two, now = self.two, self.two.stored()
        wording = now.wording
        # What stands there is what the answers said, of this version alone.
        assert set(wording.signed_at) == self.signed.get(wording.number, set())
        assert wording.is_signed == (self.signed.get(wording.number) == set(Side))
        whole = [number for number, by in self.signed.items() if by == set(Side)]
        assert now.in_force == max(whole, default=None)
        assert wording.terms == self.terms[wording.number]
        # Every version before is there, as it was.
        older = store.older_versions(two.id, PageRequest(100)).items
        assert [one.number for one in older] == list(range(wording.number - 1, 0, -1))
        for one in older:
            assert one.terms == self.terms[one.number]
            assert set(one.signed_at) == self.signed.get(one.number, set())
        # The clock runs while, and only while, the present version is not signed by both.
        assert (now.unsigned_since is None) == wording.is_signed
        listed = self.world.at + timedelta(days=365)
        assert (two.id in set(due_store.due(listed))) == (now.next_due() is not None)
        self._check_told(len(whole))

    def _check_told(self, times_signed: int) -> None:
        self.mails |= {one.id: one for one in self.world.messages()}
        kinds = Counter(one.kind for one in self.mails.values())
        assert kinds["agreement-signed"] == 2 * times_signed
        programme = self.two.scene.programme
        open_ = len(tasks_in(programme, TaskStatus.OPEN, PageRequest(100), "").items)
        done = len(tasks_in(programme, TaskStatus.DONE, PageRequest(100), "").items)
        now = self.two.stored()
        # One task a run of the clock at most, open only while the clock runs.
        assert open_ == (now.unsigned_since is not None and now.raised_at is not None)
        assert done <= times_signed


def test_both_have_signed_only_what_both_have_signed(world: World) -> None:
    two = two_of(make_scene(world))
    two.read()
    start, at = State(), world.at
    reached: Counter[str] = Counter()
    mentor, mentee = Side.MENTOR, Side.MENTEE

    @settings(
        max_examples=12, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.lists(STEP, min_size=4, max_size=8))
    @example([("sign", mentor, 1), ("change", mentee, 1, 0), ("sign", mentee, 1), ("sign", mentee, 2)])
    @example([("sign", mentor, 1), ("sign", mentee, 1), ("change", mentor, 1, 1), ("sign", mentor, 2)])
    @example(
        [
            ("wait", 14),
            ("sign", mentor, 1),
            ("sign", mentee, 1),
            ("change", mentor, 1, 1),
            ("wait", 14),
            ("sign", mentee, 2),
            ("sign", mentor, 2),
        ]
    )
    @example([("change", mentor, 1, 1), ("change", mentor, 2, 1), ("change", mentee, 1, 2)])
    def holds(steps: list[tuple[Any, ...]]) -> None:
        start.put_back()
        world.at = at
        walk = Walk(two)
        for step in steps:
            before = walk.rows()
            came = walk.take(step)
            if came in ("agreement-rewritten", "stale-version", "same"):
                assert walk.rows() == before, "it writes nothing"
            reached[came] += 1
            walk.check()

    holds()
    # What the walks must have been through for the property to say anything.
    wanted = {"change", "same", "sign", "try", "wait", "agreement-rewritten", "stale-version"}
    assert wanted <= set(reached), reached
