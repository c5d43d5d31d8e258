"""The messages that proposals write into the outbox beside their moves."""

from datetime import datetime

from chalicelib.mentorships.model import EXPIRING_BEFORE, Proposal
from chalicelib.platform import outbox
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

BOTH = (Side.MENTEE, Side.MENTOR)


def mail(kind: str, proposal: Proposal, side: Side, now: datetime, due_at: datetime | None = None) -> Write:
    """Return the write of one mail to one side; its id names the reason, so that there is never a second."""
    recipient = proposal.card(side).person_id
    payload = {
        "recipient": recipient, "proposal_id": proposal.id, "programme_id": proposal.programme_id,
        "mentorship_id": proposal.mentorship_id,
    }  # fmt: skip
    message_id = f"{kind}:{proposal.id}:{recipient}"
    return outbox.message(message_id, outbox.Topic.MAIL, kind, payload, now=now, due_at=due_at)


def mails(kind: str, proposal: Proposal, now: datetime) -> list[Write]:
    """Return the writes of a mail to both sides."""
    return [mail(kind, proposal, side, now) for side in BOTH]


def made(proposal: Proposal, now: datetime) -> list[Write]:
    """Return the writes that tell who has yet to answer, now and again before the time is over.

    A reminder finds the proposal as it is then: answered meanwhile, nothing is sent.
    """
    waiting = [side for side in BOTH if proposal.accepted_at(side) is None]
    writes = [mail("proposal-made", proposal, side, now) for side in waiting]
    if proposal.expires_at - now > EXPIRING_BEFORE:
        due = proposal.expires_at - EXPIRING_BEFORE
        writes += [mail("proposal-expiring", proposal, side, now, due) for side in waiting]
    return writes
