"""Rules of mails that need no storage: what the provider's events mean, when to look again, what texts may hold."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.notifications.model import (
    EVENT_MARGIN,
    TRY_SPACING,
    is_settleable,
    is_worth_queueing,
    tag_of,
)
from chalicelib.notifications.provider_events import read_event
from chalicelib.people.model import MailStopReason

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LEASE = timedelta(minutes=15)
TAGS = {"tags": {"message_id": ["T"]}}


def bounce(kind: str) -> dict:
    recipients = [{"emailAddress": "a@example.org"}, {"emailAddress": None}, "b@example.org", {}]
    return {
        "eventType": "Bounce",
        "mail": TAGS,
        "bounce": {"bounceType": kind, "bouncedRecipients": recipients},
    }


def complaint(kind: str | None) -> dict:
    told = {"complaintFeedbackType": kind, "complainedRecipients": [{"emailAddress": "a@example.org"}]}
    return {"eventType": "Complaint", "mail": TAGS, "complaint": told}


@pytest.mark.parametrize(
    ("detail", "suppress"),
    [
        (bounce("Permanent"), (("a@example.org", MailStopReason.BOUNCE),)),
        (bounce("Transient"), ()),
        (bounce("Undetermined"), ()),
        (complaint("abuse"), (("a@example.org", MailStopReason.COMPLAINT),)),
        (complaint(None), (("a@example.org", MailStopReason.COMPLAINT),)),
        (complaint("not-spam"), ()),
        ({"eventType": "Send", "mail": TAGS}, ()),
        ({"eventType": "Reject", "mail": TAGS}, ()),
    ],
)
def test_each_event_shows_that_the_mail_was_taken_and_some_suppress(detail: dict, suppress: tuple) -> None:
    event = read_event(detail, "message_id")
    assert event is not None
    assert event.tag == "T"
    assert event.suppress == suppress


@pytest.mark.parametrize(
    "mail", [None, [], {}, {"tags": None}, {"tags": {"message_id": []}}, {"tags": {"message_id": [7]}},
             {"tags": {"message_id": "T"}}, {"tags": {"other": ["T"]}}]
)  # fmt: skip
def test_a_mail_without_our_tag_has_none(mail: object) -> None:
    event = read_event({"eventType": "Send", "mail": mail}, "message_id")
    assert event is not None
    assert event.tag is None


@pytest.mark.parametrize("detail", [{}, {"eventType": "Rendering Failure"}, {"eventType": "Subscription"}])
def test_other_events_say_nothing(detail: dict) -> None:
    assert read_event(detail, "message_id") is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["Send", "Bounce", "Complaint"]), json_values, json_values, json_values)
def test_no_event_however_malformed_breaks_the_reader(
    name: str, mail: object, bounce_: object, told: object
) -> None:
    read_event({"eventType": name, "mail": mail, "bounce": bounce_, "complaint": told}, "message_id")


def test_a_claim_is_settled_only_after_its_lease_and_the_margin() -> None:
    claimed = NOW
    assert not is_settleable(claimed, LEASE, NOW + LEASE)
    assert not is_settleable(claimed, LEASE, NOW + LEASE + EVENT_MARGIN - timedelta(seconds=1))
    assert is_settleable(claimed, LEASE, NOW + LEASE + EVENT_MARGIN)


def test_what_was_tried_is_queued_again_more_slowly_than_the_queue_itself_repeats() -> None:
    assert is_worth_queueing(NOW, 0, NOW)
    assert not is_worth_queueing(NOW, 5, NOW + 5 * TRY_SPACING - timedelta(seconds=1))
    assert is_worth_queueing(NOW, 5, NOW + 5 * TRY_SPACING)
    # The queue makes five tries, six minutes apart: the next five start after they are over.
    assert 5 * timedelta(minutes=6) < 5 * TRY_SPACING


def test_tags_are_what_the_provider_takes_whatever_the_id() -> None:
    tags = {tag_of(one) for one in ("a:b", "a.b", "a b", "é:1")}
    assert len(tags) == 4
    assert all(len(one) == 64 and one.isalnum() and one.isascii() for one in tags)
