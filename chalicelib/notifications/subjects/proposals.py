"""Mails about proposals."""

from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.model import Card, Proposal, ProposalStatus, Source
from chalicelib.notifications.letters import (
    Letter,
    Partner,
    ProposalFacts,
    Sender,
)
from chalicelib.notifications.model import Kind
from chalicelib.notifications.subjects.common import (
    Reader,
    letter,
    of_pair,
    sender_of,
)
from chalicelib.people import codes
from chalicelib.people.model import WEEKDAYS
from chalicelib.platform.outbox import Message
from chalicelib.programmes.model import Side
from chalicelib.words.formats import WeeklySlot

SPOKEN_FROM: codes.Cefr = "B2"  # the level at which a match counts a language as shared


def _waits_for(proposal: Proposal, side: Side, now: datetime) -> bool:
    return (
        proposal.status is ProposalStatus.OPEN
        and not proposal.is_due(now)
        and proposal.accepted_at(side) is None
    )


def _other_agrees(proposal: Proposal, side: Side, now: datetime) -> bool:
    return _waits_for(proposal, side, now) and proposal.accepted_at(side.other) is not None


def _is(*statuses: ProposalStatus) -> Callable[[Proposal, Side, datetime], bool]:
    return lambda proposal, _side, _now: proposal.status in statuses


def _proposal(holds: Callable[[Proposal, Side, datetime], bool]) -> Reader:
    """Return the reader of a mail about a proposal, sent while `holds(proposal, recipient's side, now)`."""

    def read(message: Message, now: datetime) -> Letter | None:
        person_id = message.payload["recipient"]
        proposal = mentorships.proposal_for(person_id, message.payload["proposal_id"])
        side = proposal.side_of(person_id) if proposal else None
        if proposal is None or side is None or not holds(proposal, side, now):
            return None
        found = of_pair(message, proposal.programme_id, proposal.card(side.other))
        if found is None:
            return None
        recipient, programme, _ = found
        return letter(message, recipient, _proposal_facts(proposal, side, sender_of(programme)))

    return read


def _proposal_facts(proposal: Proposal, side: Side, sender: Sender) -> ProposalFacts:
    partner = proposal.card(side.other)
    pair = proposal.explanation
    return ProposalFacts(
        sender=sender,
        side=side.value,
        proposal_id=proposal.id,
        partner=Partner(partner.name, partner.profession, partner.specialties, partner.country),
        languages=pair.spoken_by_both if pair else _shared(proposal),
        slots=_slots(proposal, side),
        expires_at=proposal.expires_at,
        asked_by_mentee=proposal.source is Source.MENTEE,
        pair=pair,
    )


def _slots(proposal: Proposal, side: Side) -> tuple[WeeklySlot, ...]:
    windows = proposal.explanation.overlap.windows if proposal.explanation else ()
    spans = [window.mentee if side is Side.MENTEE else window.mentor for window in windows]
    return tuple(WeeklySlot(WEEKDAYS.index(span.weekday), span.start, span.end) for span in spans)


def _shared(proposal: Proposal) -> tuple[str, ...]:
    """Return the languages that both sides speak well enough, in the order of the mentee's."""
    mentors = _spoken(proposal.mentor)
    return tuple(one for one in _spoken(proposal.mentee) if one in mentors)


def _spoken(card: Card) -> list[str]:
    levels = codes.CEFR[codes.CEFR.index(SPOKEN_FROM) :]
    return [one.language.partition("-")[0] for one in card.languages if one.level in levels]


READERS: Mapping[Kind, Reader] = {
    Kind.PROPOSAL_MADE: _proposal(_waits_for),
    Kind.PROPOSAL_ACCEPTED: _proposal(_other_agrees),
    Kind.PROPOSAL_AGREED: _proposal(_is(ProposalStatus.AGREED)),
    # The mentor who was asked reads the same when the mentee takes it back.
    Kind.PROPOSAL_DECLINED: _proposal(_is(ProposalStatus.DECLINED, ProposalStatus.WITHDRAWN)),
    Kind.PROPOSAL_EXPIRING: _proposal(_waits_for),
    Kind.PROPOSAL_EXPIRED: _proposal(_is(ProposalStatus.EXPIRED)),
}
