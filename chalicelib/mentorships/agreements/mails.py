"""The messages that agreements write into the outbox beside their changes."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.mentorships.running import Mentorship
from chalicelib.platform import outbox
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

UNSIGNED = "agreement-unsigned"
"""The mail to who has not signed for some days: `recipient`, `mentorship_id`, `number` of the version."""
CHANGED = "agreement-changed"
"""The mail to who had signed what the other has changed; of the same payload, with the `number` of the new version."""
SIGNED = "agreement-signed"
"""The mail to both that both have signed; of the same payload."""


def to_sides(
    kind: str, mentorship: Mentorship, sides: Iterable[Side], number: int, reason: str, now: datetime
) -> list[Write]:
    """Return the writes of a mail to some of the two; `reason` tells it from others, so that there is never a
    second."""
    writes = []
    for side in sides:
        recipient = mentorship.card(side).person_id
        payload = {"recipient": recipient, "mentorship_id": mentorship.id, "number": number}
        message_id = f"{kind}:{mentorship.id}:{reason}:{recipient}"
        writes.append(outbox.message(message_id, outbox.Topic.MAIL, kind, payload, now=now))
    return writes
