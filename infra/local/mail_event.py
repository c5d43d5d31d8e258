"""Plays what SES tells of a mail, onto the running environment: a bounce or a complaint of an address that gets mail.

Addresses of the SES mailbox simulator do this by themselves; this is for those of the cohort, or one's own.

python -m infra.local.mail_event bounce amina@example.org
python -m infra.local.mail_event transient amina@example.org
python -m infra.local.mail_event complaint amina@example.org
"""

import json
import sys
import time
import uuid
from collections.abc import Mapping
from typing import Any

from infra.local.front import read_mails
from infra.local.place import REGION, NotRunning, Place
from infra.local.tick import TickFailed, settle

# What each word plays: shapes as in
# https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html, read 2026-11-22.
PLAYED: Mapping[str, tuple[str, str, str, dict[str, Any]]] = {
    "bounce": ("Email Bounced", "Bounce", "bounce", {"bounceType": "Permanent", "bounceSubType": "General"}),
    "transient": (
        "Email Bounced", "Bounce", "bounce", {"bounceType": "Transient", "bounceSubType": "MailboxFull"},
    ),
    "complaint": (
        "Email Complaint Received", "Complaint", "complaint", {"complaintFeedbackType": "abuse"},
    ),
    "not-spam": (
        "Email Complaint Received", "Complaint", "complaint", {"complaintFeedbackType": "not-spam"},
    ),
}  # fmt: skip


def event_of(word: str, address: str, mails: list[dict[str, Any]], configuration_set: str) -> dict[str, Any]:
    """Return the EventBridge event of a word of `PLAYED`, about the last mail to an address, or about none where there
    was none.

    Parameters
    ----------
    mails
        As `front.read_mails` returns them.
    """
    name, event_type, about, told = PLAYED[word]
    last = next((one for one in mails if address.lower() in (to.lower() for to in one["to"])), None)
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    recipients = "bouncedRecipients" if about == "bounce" else "complainedRecipients"
    tags = {"ses:configuration-set": [configuration_set]}
    tags |= {tag: [value] for tag, value in last["tags"].items()} if last else {}
    detail = {
        "eventType": event_type,
        "mail": {"timestamp": now, "messageId": last["id"] if last else str(uuid.uuid4()),
                 "destination": [address], "tags": tags},
        about: {**told, "timestamp": now, "feedbackId": str(uuid.uuid4()), recipients: [{"emailAddress": address}]},
    }  # fmt: skip
    return {
        "version": "0", "id": str(uuid.uuid4()), "detail-type": name, "source": "aws.ses", "account": "000000000000",
        "time": now, "region": REGION, "resources": [], "detail": detail,
    }  # fmt: skip


def play(place: Place, word: str, address: str) -> None:
    """Hand an event to the function that takes SES's, as EventBridge would, and wait for what follows.

    Raises
    ------
    TickFailed
        If the function fails, or what follows stands still.
    """
    event = event_of(word, address, read_mails(place), place.data["MailConfigurationSetName"])
    answer = place.target.client("lambda").invoke(
        FunctionName=place.functions["MailEvents"], Payload=json.dumps(event)
    )
    if answer.get("FunctionError"):
        raise TickFailed(f"mail-events failed: {answer['Payload'].read().decode()}")
    settle(place, topic="follow-up")


def main() -> int:
    """Run the command line."""
    if len(sys.argv) != 3 or sys.argv[1] not in PLAYED or "@" not in sys.argv[2]:
        print(f"usage: make mail-event EVENT={'|'.join(PLAYED)} TO=amina@example.org", file=sys.stderr)
        return 2
    try:
        play(Place.load(), *sys.argv[1:])
    except (NotRunning, TickFailed) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{sys.argv[1]} of {sys.argv[2]}: told")
    return 0


if __name__ == "__main__":
    sys.exit(main())
