"""What the mail provider tells of a mail that it was given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.people.model import MailStopReason


@dataclass(frozen=True)
class ProviderEvent:
    """What the provider told of one mail.

    Attributes
    ----------
    tag
        The mail's own, by `tag_of`; None for a mail that carries none.
    suppress
        Addresses that get no more mail, and why.
    """

    name: str
    tag: str | None
    suppress: tuple[tuple[str, MailStopReason], ...] = ()


# Events that show that the provider took the mail; what becomes of it later changes nothing in that.
_TAKEN = {"Send", "Delivery", "Bounce", "Complaint", "Reject", "DeliveryDelay", "Open", "Click"}


def read_event(detail: Mapping[str, Any], tag_name: str) -> ProviderEvent | None:
    """Read the `detail` of an EventBridge event from SES; None if it says nothing that counts here.

    Only a permanent bounce suppresses, whatever its subtype (General, NoEmail, Suppressed, OnAccountSuppressionList):
    SES asks to take such an address off one's lists. A transient one (MailboxFull, MessageTooLarge, ContentRejected,
    AttachmentRejected) is of the moment or of that mail, an undetermined one says nothing certain, and a delayed
    delivery is still tried. A complaint suppresses (abuse, fraud, virus, other) unless its feedback says "not-spam",
    which is praise (RFC 6430). Shapes and meanings:
    https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html, read 2026-11-22.
    """
    name = detail.get("eventType")
    if name not in _TAKEN:
        return None
    tags = _mapping(_mapping(detail.get("mail")).get("tags")).get(tag_name)
    tag = tags[0] if isinstance(tags, list) and tags and isinstance(tags[0], str) else None
    suppress: list[tuple[str, MailStopReason]] = []
    bounce, complaint = _mapping(detail.get("bounce")), _mapping(detail.get("complaint"))
    if name == "Bounce" and bounce.get("bounceType") == "Permanent":
        suppress = [(one, MailStopReason.BOUNCE) for one in _addresses(bounce.get("bouncedRecipients"))]
    if name == "Complaint" and complaint.get("complaintFeedbackType") != "not-spam":
        suppress = [
            (one, MailStopReason.COMPLAINT) for one in _addresses(complaint.get("complainedRecipients"))
        ]
    return ProviderEvent(name, tag, tuple(suppress))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _addresses(recipients: Any) -> list[str]:
    """Read the addresses of a list of recipients, leaving out what has none."""
    entries = recipients if isinstance(recipients, list) else []
    found = (_mapping(one).get("emailAddress") for one in entries)
    return [one for one in found if isinstance(one, str) and "@" in one]
