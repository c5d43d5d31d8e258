"""A mentorship and its mentor's standing: whatever comes in whatever order, the state makes sense."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.credentials.kinds import Loss
from chalicelib.mentorships.errors import NotPaused
from chalicelib.mentorships.model import Card
from chalicelib.mentorships.moves import MentorshipMove
from chalicelib.mentorships.renewals import after_grace, after_loss, after_return, resumed
from chalicelib.mentorships.running import Mentorship, MentorshipStatus, Renewal
from tests.support.world import START

DAY = timedelta(days=1)
GRACE = 10 * DAY
MENTORSHIP = Mentorship("M", "P", "O", "R", Card("A", "Amina"), Card("C", "Claire"), START)
PAUSED, ACTIVE = MentorshipStatus.PAUSED, MentorshipStatus.ACTIVE

EVENTS = st.lists(
    st.tuples(
        st.sampled_from([*(f"lost {one.value}" for one in Loss), "verified", "looked at", "resumed"]),
        st.integers(0, 15),
    ),
    max_size=14,
)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(EVENTS)
def test_any_order_of_events_leaves_a_state_that_makes_sense(events: list[tuple[str, int]]) -> None:
    now, one, stands, refused = START, MENTORSHIP, True, False
    for event, days in events:
        now += days * DAY
        found = None
        if event.startswith("lost"):
            stands, loss = False, Loss(event.split()[1])
            found = after_loss(one, loss, now - days * DAY, GRACE, now)
            refused |= loss is Loss.REFUSED
        elif event == "verified":
            stands, found = True, after_return(one, now)
        elif event == "looked at":
            found = after_return(one, now) if stands else after_grace(one, now)
        elif one.status_at(now) is PAUSED and stands:
            found, refused = resumed(one, now), False
        if found is not None:
            move, after = found
            assert after != one, "a move changes something"
            if after.status is ACTIVE and one.status is PAUSED:
                assert stands
                assert not refused, "after a refusal only a coordinator has it go on"
            one = after
            assert move is not MentorshipMove.LAPSE or (one.renewal and one.renewal.until > now)
        if one.renewal is None:
            assert one.status is ACTIVE
            refused = False
        else:
            assert one.status is PAUSED or one.renewal.loss in (Loss.EXPIRED, Loss.UNMET)
            assert one.renewal.ready_at is None or (one.renewal.loss is Loss.REFUSED and stands)
        if event in ("verified", "looked at") and stands:
            assert one.renewal is None or one.renewal.ready_at is not None
        if event == "looked at" and not stands:
            assert one.status_at(now) is one.status


def test_the_grace_ends_at_its_instant() -> None:
    found = after_loss(MENTORSHIP, Loss.EXPIRED, START, GRACE, START + DAY)
    assert found is not None
    lapsed = found[1]
    assert lapsed.renewal == Renewal(Loss.EXPIRED, START, START + GRACE)
    assert lapsed.status_at(START + GRACE - timedelta(seconds=1)) is ACTIVE
    assert after_grace(lapsed, START + GRACE - timedelta(seconds=1)) is None
    assert lapsed.status_at(START + GRACE) is PAUSED
    assert after_grace(lapsed, START + GRACE) == (MentorshipMove.PAUSE, replace(lapsed, status=PAUSED))


def test_what_runs_is_not_resumed() -> None:
    with pytest.raises(NotPaused):
        resumed(MENTORSHIP, START)
