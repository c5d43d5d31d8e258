"""A proposal of two who have met and would both like to go on."""

from datetime import timedelta

from chalicelib.kernel.call import Call
from chalicelib.mentorships import asking, coordinating, mails, store
from chalicelib.mentorships.model import Pair, PairStanding, Proposal, Source, card_of
from chalicelib.mentorships.proposing import audit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Side


def proposed(
    call: Call, programme_id: str, mentee_id: str, mentor_id: str, why: str
) -> tuple[Proposal, list[Write]]:
    """Return a proposal that both are to answer, with its writes, which hold a place on each side. Whoever asks tells
    the two of it; they are reminded of it as of any other.

    Parameters
    ----------
    why
        Where the two said so, for the trail.

    Raises
    ------
    NotFound
        If the mentor is none in the programme any more.
    ProgrammeNotRunning, NotEnrolled, ProfileIncomplete, AlreadyProposed, AlreadyMentored, NoCommonGround
    MentorNotAvailable
        For anything private that stands against the pair, or a mentor who is full, unverified or away. The writes may
        fail with these, and with `NoPlaceLeft` for the mentee.
    """
    pair = asking.read_both(programme_id, mentee_id, mentor_id)
    coordinating.require_possible(call, pair)
    proposal = Proposal(
        call.new_id(), programme_id, pair.programme.organisation_id,
        card_of(*pair.mentee, Side.MENTEE, pair.programme.kind),
        card_of(*pair.mentor, Side.MENTOR, pair.programme.kind), Source.EVENT,
        expires_at=call.now + timedelta(days=pair.programme.proposal_days), kind=pair.programme.kind,
        created_at=call.now,
    )  # fmt: skip
    writes = [
        *store.put_proposal(proposal, call.now),
        store.open_pair(Pair.of(proposal, PairStanding.OPEN), call.now),
        programmes.hold_place(pair.programme, Side.MENTEE, mentee_id, call.now),
        *asking.writes_of_both(call, proposal, pair),
        *mails.reminders(proposal, call.now),
        audit(call, proposal, "propose_after_event", None, why=why),
    ]
    return proposal, writes
