"""The messages about concerns: a mail that says nothing of its reason, under an id that says nothing either.

Logs name messages by their ids, so an id here is a digest: nobody reads in a log that somebody raised a concern.
"""

import hashlib
from datetime import datetime

from chalicelib.platform import outbox
from chalicelib.platform.tables import Write

CONCERN_RAISED = "concern-raised"
"""The mail to each admin who may handle a concern: `recipient`, `concern_id`."""
CONCERN_WAITING = "concern-waiting"
"""The mail to the same that it waits still; of the same payload."""
CONCERN_UNDONE = "concern-undone"
"""The mail to the admin who has seen to a concern that a mentorship which they had paused goes on again, or to all who
may handle it; of the same payload."""
CONCERN_CLOSED = "concern-closed"
"""The mail to the reporter that there is an answer; of the same payload."""


def mail(kind: str, concern_id: str, recipient: str, reason: str, now: datetime) -> Write:
    """Return the write of one mail; `reason`, which tells it from others of its kind, keeps it from being written
    twice."""
    seed = f"{kind}|{concern_id}|{recipient}|{reason}"
    message_id = f"notice:{hashlib.sha256(seed.encode()).hexdigest()}"
    payload = {"recipient": recipient, "concern_id": concern_id}
    return outbox.message(message_id, outbox.Topic.MAIL, kind, payload, now=now)
