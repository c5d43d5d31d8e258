"""What the moves of a proposal have in common: who of it is to be verified, as the programme sees them, and writes."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.call import Call
from chalicelib.mentorships import mails, store
from chalicelib.mentorships.model import Proposal, ProposalStatus, in_order
from chalicelib.people.model import Person, Profile
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Programme


@dataclass(frozen=True)
class ProposedMentor:
    """What tells whether a proposal's mentor is verified in its programme."""

    programme: Programme
    person: Person
    profile: Profile

    def is_taken(self, now: datetime) -> bool:
        return self.programme.takes_as_mentor(self.person, self.profile, now)


def mentor_of(proposal: Proposal) -> ProposedMentor | None:
    """Return a proposal's mentor; None if one of the rows is gone."""
    return mentor_in(proposal.programme_id, proposal.mentor.person_id)


def mentor_in(programme_id: str, person_id: str) -> ProposedMentor | None:
    """Return a mentor, or peer, of a programme; None if one of the rows is gone."""
    rows = tables.get_many(programmes.mentor_keys(programme_id, person_id))
    return None if None in rows else ProposedMentor(*programmes.mentor_of(*rows))


def releases(proposal: Proposal, now: datetime) -> list[Write]:
    """Return the writes that give both places back."""
    return [
        programmes.release_place(
            proposal.programme_id, proposal.kind.place_of(side), proposal.card(side).person_id, now
        )
        for side in mails.BOTH
    ]


def freed(proposal: Proposal) -> Write:
    """Return the write after which the two may be proposed again."""
    both = in_order(proposal.kind, proposal.mentee.person_id, proposal.mentor.person_id)
    return store.free_pair(proposal.programme_id, *both)


def audit(
    call: Call, proposal: Proposal, action: str, before: ProposalStatus | None, *, why: str | None = None
) -> Write:
    """Return the audit row of a proposal's move."""
    return store.audit(
        proposal.id, row_id=call.new_id(), at=call.now, actor=call.actor_id, action=action, before=before,
        after=proposal.status, why=why,
    )  # fmt: skip
