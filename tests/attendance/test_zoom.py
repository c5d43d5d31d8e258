"""Webhooks of Zoom: signed, fresh and understood, or refused."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.attendance import zoom
from chalicelib.attendance.errors import NotSigned
from chalicelib.attendance.model import MarkKind
from chalicelib.kernel.errors import Invalid

NOW = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
SECRET = "a-secret-of-the-calls"
BODY = b'{"event":"meeting.participant_joined"}'


def headers(body: bytes = BODY, stamp: str = STAMP, secret: str = SECRET) -> dict[str, str]:
    # By hand, as Zoom's own page on webhooks has it.
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body.decode()}".encode(), hashlib.sha256).hexdigest()
    return {"x-zm-request-timestamp": stamp, "x-zm-signature": f"v0={digest}"}


def test_what_is_signed_with_the_secret_passes() -> None:
    zoom.verify(headers(), BODY, SECRET, NOW)


@pytest.mark.parametrize(
    ("given", "body"),
    [
        (headers(secret="another"), BODY),
        (headers(), BODY + b" "),
        (headers() | {"x-zm-request-timestamp": str(int(STAMP) + 1)}, BODY),
        (headers() | {"x-zm-signature": "v0="}, BODY),
        (headers() | {"x-zm-signature": headers()["x-zm-signature"].upper()}, BODY),
        (headers() | {"x-zm-signature": "é"}, BODY),
        (headers(stamp="soon"), BODY),
        (headers(stamp="-1"), BODY),
        (headers(stamp="9" * 30), BODY),
        ({}, BODY),
    ],
)  # fmt: skip
def test_what_is_forged_is_refused(given: dict[str, str], body: bytes) -> None:
    with pytest.raises(NotSigned):
        zoom.verify(given, body, SECRET, NOW)


@pytest.mark.parametrize("late", [timedelta(minutes=5, seconds=1), timedelta(minutes=-5, seconds=-1)])
def test_what_was_recorded_is_of_no_use_later(late: timedelta) -> None:
    zoom.verify(headers(), BODY, SECRET, NOW + timedelta(minutes=5))
    with pytest.raises(NotSigned):
        zoom.verify(headers(), BODY, SECRET, NOW + late)


def test_the_address_is_validated_by_the_token_s_hmac() -> None:
    body = json.dumps(
        {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}}
    )
    event = zoom.read(body.encode())
    assert isinstance(event, zoom.Challenge)
    told = zoom.answer_to(event, SECRET)
    expected = hmac.new(SECRET.encode(), b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
    assert told == {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": expected}


def test_the_validation_signs_no_events() -> None:
    forged = f"v0:{STAMP}:{BODY.decode()}"
    with pytest.raises(Invalid):
        zoom.answer_to(zoom.Challenge(forged), SECRET)


def participant(**more: Any) -> dict[str, Any]:
    return {"user_id": "16778240", "user_name": "Amina", "email": "amina@example.org", **more}


def event(name: str, **who: Any) -> bytes:
    told = {"event": name, "payload": {"object": {"id": 932, "participant": participant(**who)}}}
    return json.dumps(told).encode()


def test_a_join_and_a_leave_are_read() -> None:
    joined = zoom.read(event("meeting.participant_joined", join_time="2026-12-02T12:07:00Z"))
    assert joined == zoom.Seen(
        MarkKind.JOIN, "932", NOW + timedelta(minutes=7), "16778240", None, "amina@example.org"
    )
    key = "01M5V0QZB0N5WQ1R7D3H2K9XTA"
    left = zoom.read(
        event("meeting.participant_left", leave_time="2026-12-02T15:30:00+03:00", customer_key=key, email="")
    )
    assert left == zoom.Seen(MarkKind.LEAVE, "932", NOW + timedelta(minutes=30), "16778240", key, None)
    assert isinstance(zoom.read(event("meeting.started")), zoom.Other)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"1", b"null", b'{"event": "x"}', b'{"event": "meeting.participant_joined", "payload": []}',
        event("meeting.participant_joined"),
        event("meeting.participant_joined", join_time="2026-12-02T12:07:00"),
        event("meeting.participant_joined", join_time="noon"),
        event("meeting.participant_joined", join_time=7),
        b"\xff\xfe", b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_way(body: bytes) -> None:
    with pytest.raises(Invalid):
        zoom.read(body)
