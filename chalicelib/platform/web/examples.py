"""Examples of the service's own answers, and of the refusals that any capability may give."""

from typing import Any

from chalicelib.platform.version import VERSION

PARAMETERS: dict[str, Any] = {}
BODIES: dict[str, Any] = {}
ANSWERS: dict[str, Any] = {"health": {"status": "ok", "version": VERSION}}
REFUSALS: dict[str, str] = {
    "unauthenticated": "Send an access token in the Authorization header.",
    "role-refused": "This takes the role coordinator in the organisation.",
    "conflict": "This was already recorded.",
    "invalid": "1 field needs mending.",
    "too-large": "Send at most 256 KiB; this was 1024 KiB.",
    "unsupported-media-type": "Send the body as application/json.",
    "too-many-requests": "Try again in a second.",
    "unavailable": "Others are changing the same thing. Send the request again.",
}
