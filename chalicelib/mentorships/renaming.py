"""Somebody's present name on what is open or under way: proposals, and mentorships that are not over.

What is over keeps the name that it had, as its agreement and certificates do.
"""

from dataclasses import replace

from chalicelib.kernel.call import Call
from chalicelib.kernel.tries import again
from chalicelib.mentorships import moving, running_store, store
from chalicelib.mentorships.errors import ProposalMoved
from chalicelib.mentorships.model import Card, ProposalStatus
from chalicelib.people import service as people
from chalicelib.platform.commit import commit


def renamed(call: Call, person_id: str) -> None:
    """Write somebody's present name into their open proposals, then their mentorships: so one that is agreed in between
    is found, too. Again, it does nothing."""
    person = people.get_person(person_id)
    if person is None:
        return
    for proposal in list(store.all_proposals_of(person_id)):
        if proposal.status is ProposalStatus.OPEN:
            _proposal(call, person_id, proposal.id, person.name)
    for mentorship in list(running_store.all_mentorships_of(person_id)):
        if not mentorship.is_closed:
            _mentorship(call, person_id, mentorship.id, person.name)


def _proposal(call: Call, person_id: str, proposal_id: str, name: str) -> None:
    def attempt() -> None:
        found = store.get_proposal(person_id, proposal_id)
        if found is None or found.status is not ProposalStatus.OPEN:
            return
        mentee, mentor = (_named(one, person_id, name) for one in (found.mentee, found.mentor))
        if (mentee, mentor) != (found.mentee, found.mentor):
            commit(call, store.put_proposal(replace(found, mentee=mentee, mentor=mentor), call.now), None)

    again(attempt, ProposalMoved, busy="The proposal is being answered at this moment.")


def _mentorship(call: Call, person_id: str, mentorship_id: str, name: str) -> None:
    def attempt() -> None:
        found = running_store.get_mentorship(person_id, mentorship_id)
        if found is None or found.is_closed:
            return
        mentee, mentor = (_named(one, person_id, name) for one in (found.mentee, found.mentor))
        if (mentee, mentor) != (found.mentee, found.mentor):
            after = replace(found, mentee=mentee, mentor=mentor)
            commit(call, running_store.put_copies(after, call.now), None)

    moving.repeated(attempt)


def _named(card: Card, person_id: str, name: str) -> Card:
    return replace(card, name=name) if card.person_id == person_id else card
