"""The messages that proposals and mentorships write into the outbox beside their moves."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.kernel.clock import to_text
from chalicelib.mentorships.model import EXPIRING_BEFORE, Proposal
from chalicelib.mentorships.running import Mentorship
from chalicelib.platform import outbox
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

BOTH = (Side.MENTEE, Side.MENTOR)

MENTORSHIP_ENDS_SOON = "mentorship-ends-soon"
"""The mail to both sides, weeks before it, that the last day comes; the moves' mails are in `moves.py`."""
MENTORS_UNVERIFIED = "mentors-unverified"
"""The mail to a programme's coordinator: `recipient`, `programme_id`, `mentors` (persons whom nothing verifies any
more), `paused` and `ready` (how many mentorships have paused, or may be resumed by a coordinator)."""


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
    return [*(mail("proposal-made", proposal, side, now) for side in waiting), *reminders(proposal, now)]


def reminders(proposal: Proposal, now: datetime) -> list[Write]:
    """Return the writes that remind who has yet to answer before the time is over."""
    if proposal.expires_at - now <= EXPIRING_BEFORE:
        return []
    due = proposal.expires_at - EXPIRING_BEFORE
    waiting = [side for side in BOTH if proposal.accepted_at(side) is None]
    return [mail("proposal-expiring", proposal, side, now, due) for side in waiting]


def of_mentorship(
    kind: str,
    mentorship: Mentorship,
    since: datetime,
    now: datetime,
    *,
    sides: Sequence[Side] = BOTH,
    due_at: datetime | None = None,
    was_held: bool = False,
) -> list[Write]:
    """Return the writes of a mail about a mentorship: `recipient`, `mentorship_id`, `since`, `was_held`.

    Parameters
    ----------
    since
        The instant of what it tells of, which names the reason, so that there is never a second.
    was_held
        Whether it was a coordinator who had paused what goes on.
    """
    writes = []
    for side in sides:
        recipient = mentorship.card(side).person_id
        payload = {
            "recipient": recipient, "mentorship_id": mentorship.id, "since": to_text(since), "was_held": was_held,
        }  # fmt: skip
        message_id = f"{kind}:{mentorship.id}:{to_text(since)}:{recipient}"
        writes.append(outbox.message(message_id, outbox.Topic.MAIL, kind, payload, now=now, due_at=due_at))
    return writes


def to_coordinators(
    recipients: Sequence[str],
    programme_id: str,
    reason: str,
    now: datetime,
    *,
    mentors: Sequence[str],
    paused: int = 0,
    ready: int = 0,
) -> list[Write]:
    """Return the writes of a mail to each of a programme's coordinators; `reason` names what it tells of."""
    what = {"programme_id": programme_id, "mentors": list(mentors), "paused": paused, "ready": ready}
    return [
        outbox.message(
            f"{MENTORS_UNVERIFIED}:{programme_id}:{reason}:{one}", outbox.Topic.MAIL, MENTORS_UNVERIFIED,
            {"recipient": one, **what}, now=now,
        )
        for one in recipients
    ]  # fmt: skip
