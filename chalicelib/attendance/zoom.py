"""Webhooks as Zoom signs and words them: what is taken is verified, fresh and understood, or refused.

The scheme: `x-zm-signature` is `v0=` and the HMAC-SHA256, in hexadecimal, of `v0:<x-zm-request-timestamp>:<body>` under
the secret token of the app. A URL is validated by `endpoint.url_validation` with a `plainToken`, which is answered
with its HMAC under the same secret (https://developers.zoom.us/docs/api/webhooks/, read 2026-11-22).
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.attendance.errors import NotSigned
from chalicelib.attendance.model import MarkKind
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.ids import is_id

SIGNATURE, TIMESTAMP = "x-zm-signature", "x-zm-request-timestamp"
WINDOW = timedelta(minutes=5)
"""How far the instant of signing may lie from ours, either way: what was recorded is of no use to whoever replays it
later."""

_YEARS = (2000, 2200)
_KINDS = {
    "meeting.participant_joined": (MarkKind.JOIN, "join_time"),
    "meeting.participant_left": (MarkKind.LEAVE, "leave_time"),
}


@dataclass(frozen=True)
class Challenge:
    """The validation of our address."""

    plain_token: str


@dataclass(frozen=True)
class Seen:
    """Somebody has joined a meeting, or left it.

    Attributes
    ----------
    meeting
        Its number.
    person_id, email
        Who, by the `customer_key` that a page of ours gave along, or by the address that they signed in with; None
        where the provider says neither.
    device
        The connection: each has an id of its own within a meeting.
    """

    kind: MarkKind
    meeting: str
    at: datetime
    device: str
    person_id: str | None
    email: str | None


@dataclass(frozen=True)
class Other:
    """An event that tells nothing about attendance."""


Event = Challenge | Seen | Other


def verify(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> None:
    """Let pass what was signed with a secret within the window; raises `NotSigned`."""
    stamp, given = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11 and given.isascii()):
        raise NotSigned
    expected = sign(secret, stamp, body)
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise NotSigned
    if abs(now - datetime.fromtimestamp(int(stamp), UTC)) > WINDOW:
        raise NotSigned("The signature is older, or newer, than five minutes. Send the event anew.")


def sign(secret: str, stamp: str, body: bytes) -> str:
    """Return the signature of a body sent at an instant, in seconds since 1970."""
    return "v0=" + _digest(secret, b"v0:" + stamp.encode() + b":" + body)


def answer_to(challenge: Challenge, secret: str) -> dict[str, str]:
    """Return what proves that we have the secret.

    Raises
    ------
    Invalid
        For a token that reads like a body to be signed: the answer would be the signature of a forged event.
    """
    token = challenge.plain_token
    if not token or len(token) > 200 or ":" in token:
        raise Invalid.field("/payload/plainToken", "This is no token of a validation.")
    return {"plainToken": token, "encryptedToken": _digest(secret, token.encode())}


def read(body: bytes) -> Event:
    """Read an event whose signature holds.

    Raises
    ------
    Invalid
        Where what it needs is missing or malformed.
    """
    try:
        told = json.loads(body)
        json.dumps(told, ensure_ascii=False).encode()  # half a character is none that can be kept
        payload = told["payload"]
        if told["event"] == "endpoint.url_validation":
            return Challenge(str(payload["plainToken"]))
        known = _KINDS.get(told["event"])
        if known is None:
            return Other()
        kind, field = known
        meeting, participant = payload["object"], payload["object"]["participant"]
        at = _instant(participant[field])
        device = str(participant.get("participant_uuid") or participant["user_id"])[:100]
        return Seen(kind, str(meeting["id"])[:50], at, device, *_who(participant))
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, RecursionError):
        raise Invalid(
            "This event cannot be read: it lacks what its kind has, or an instant is none."
        ) from None


def _who(participant: Mapping[str, Any]) -> tuple[str | None, str | None]:
    key, email = participant.get("customer_key"), participant.get("email")
    person_id = key if isinstance(key, str) and is_id(key) else None
    return person_id, email.strip() if isinstance(email, str) and "@" in email[:254] else None


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant without its offset")
    if not _YEARS[0] <= at.year < _YEARS[1]:
        raise ValueError("no call was made then")
    return at.astimezone(UTC)


def _digest(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
