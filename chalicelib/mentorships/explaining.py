"""The explanation of what a mentee has asked for, worked out after it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.tries import again
from chalicelib.matching.model import ProposedPair
from chalicelib.mentorships import store
from chalicelib.mentorships.errors import ProposalMoved
from chalicelib.mentorships.model import Proposal
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Side

if TYPE_CHECKING:
    from chalicelib.matching import service as matching
else:
    matching = later("chalicelib.matching.service")

MENTOR_ASKED = "mentor-asked"
"""The news of a pair that no run has looked at, whose score is to be worked out: `proposal_id`, `mentee_id`."""


def explain(call: Call, proposal_id: str, mentee_id: str) -> None:
    """Put score, points, languages and common time on what a mentee asked, as a run would have them for the two.

    The function that takes the request has no matrix library at hand, so this follows it. Again, it does nothing.
    """

    def attempt() -> None:
        proposal = store.get_proposal(mentee_id, proposal_id)
        if proposal is None or proposal.explanation is not None:
            return
        explanation = _explanation(call, proposal)
        if explanation is not None:
            commit(call, store.put_proposal(replace(proposal, explanation=explanation), call.now), None)

    again(attempt, ProposalMoved, busy="The proposal is being answered at this moment.")


def _explanation(call: Call, proposal: Proposal) -> ProposedPair | None:
    ids, kind = (proposal.mentee.person_id, proposal.mentor.person_id), proposal.kind
    rows = tables.get_many(
        [
            *(people.profile_key(one) for one in ids),
            *(
                programmes.enrolment_key(proposal.programme_id, kind.place_of(side), one)
                for side, one in zip((Side.MENTEE, Side.MENTOR), ids, strict=True)
            ),
            matching.settings_key(proposal.programme_id),
        ]
    )
    mentee, mentor, enrolment, other, settings = rows
    if mentee is None or mentor is None or enrolment is None:
        return None
    return matching.explain_pair(
        people.profile_of(mentee),
        people.profile_of(mentor),
        matching.settings_of(proposal.programme_id, settings),
        waiting_since=programmes.enrolment_of(enrolment).enrolled_at or call.now,
        now=call.now,
        kind=kind,
        mentor_since=programmes.enrolment_of(other).enrolled_at if other is not None else None,
    )
