"""The messages that introductions write into the outbox beside their moves."""

from datetime import datetime

from chalicelib.mentorships.introductions.model import Introduction
from chalicelib.platform import outbox
from chalicelib.platform.tables import Write

OFFERED = "introduction-offered"
"""The mail to the mentee, who is asked first: `recipient`, `introduction_id`."""
ASKED = "introduction-asked"
"""The mail to the third, once the mentee has said yes; of the same payload."""
MADE = "introduction-made"
"""The mail to both with the other's address; of the same payload."""


def mail(kind: str, introduction: Introduction, recipient: str, now: datetime) -> Write:
    """Return the write of one mail about an introduction; its id names reason and recipient, so that there is never a
    second."""
    payload = {"recipient": recipient, "introduction_id": introduction.id}
    message_id = f"{kind}:{introduction.id}:{recipient}"
    return outbox.message(message_id, outbox.Topic.MAIL, kind, payload, now=now)
