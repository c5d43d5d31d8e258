"""A mentee asks a mentor: what must hold for it, and who is told what where it does not."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid, NotFound, Unavailable
from chalicelib.matching import service as matching
from chalicelib.matching.model import MatchSettings
from chalicelib.mentorships import mails, store
from chalicelib.mentorships.errors import (
    AlreadyMentored,
    AlreadyProposed,
    MentorNotVerified,
    NoCommonGround,
    NotMenteeLed,
)
from chalicelib.mentorships.explaining import MENTOR_ASKED
from chalicelib.mentorships.model import (
    Pair,
    PairStanding,
    Proposal,
    Source,
    card_of,
    in_order,
    not_available,
    verified_sides,
)
from chalicelib.mentorships.proposing import audit
from chalicelib.mentorships.service import OwnProposal
from chalicelib.people import service as people
from chalicelib.people.errors import ProfileIncomplete
from chalicelib.people.model import Person, Profile
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import NoPlaceLeft, NotEnrolled, ProgrammeNotRunning
from chalicelib.programmes.model import Enrolment, EnrolmentStatus, PairKind, Programme, ProgrammeStatus, Side


def ask(call: Call, programme_id: str, mentor_id: str, message: str) -> OwnProposal:
    """Ask a mentor of a mentee-led programme, or a peer of one of peers; who asks has accepted.

    Raises
    ------
    NotFound
        If there is no such programme, or the person is no mentor in it.
    ProgrammeNotRunning, NotMenteeLed, NotEnrolled, ProfileIncomplete, MentorNotVerified, NoPlaceLeft
        For what the mentee can see of themselves and the programme.
    AlreadyProposed, AlreadyMentored, NoCommonGround
        For what both can see of the pair.
    MentorNotAvailable
        For anything else that stands against it, blocks among it: one answer for all.
    """
    if mentor_id == call.actor_id:
        raise Invalid.field("/mentor_id", "Nobody is a pair with themselves: name somebody else.")
    found = read_both(programme_id, call.actor_id, mentor_id)
    _require_askable(call, found)
    proposal = Proposal(
        call.new_id(), programme_id, found.programme.organisation_id,
        card_of(*found.mentee, Side.MENTEE, found.programme.kind),
        card_of(*found.mentor, Side.MENTOR, found.programme.kind), Source.MENTEE,
        expires_at=call.now + timedelta(days=found.programme.proposal_days), mentee_accepted_at=call.now,
        kind=found.programme.kind, message=message, created_at=call.now,
    )  # fmt: skip
    writes = [
        *store.put_proposal(proposal, call.now),
        store.open_pair(Pair.of(proposal, PairStanding.OPEN), call.now),
        programmes.hold_place(found.programme, Side.MENTEE, call.actor_id, call.now),
        *writes_of_both(call, proposal, found),
        *mails.made(proposal, call.now),
        audit(call, proposal, "ask_mentor", None),
    ]
    badges = found.mentor[0].standing.badges_at(call.now)
    mine = found.mentee[0].standing.badges_at(call.now) if proposal.kind is PairKind.PEER else ()
    own = OwnProposal(replace(proposal, version=1), Side.MENTEE, found.mentee[0].locale, badges, mine)
    return commit(call, writes, own)


def writes_of_both(call: Call, proposal: Proposal, found: "BothSides") -> list[Write]:
    """Return the writes that hold the mentor's place for a proposal that no run has made, if what was read still
    stands, and have it explained."""
    mentee_id, mentor_id = proposal.mentee.person_id, proposal.mentor.person_id
    return [
        # A full one is told like any other obstacle.
        replace(
            programmes.hold_place(found.programme, Side.MENTOR, mentor_id, call.now),
            conflict=not_available(),
        ),
        # What was read may change before the commit.
        programmes.check_what_counts(
            found.programme, call.now, Unavailable("The programme's rules changed just now. Ask again.")
        ),
        *(
            write
            for side in verified_sides(found.programme.kind)
            for write in programmes.check_mentor(
                found.programme,
                *(found.mentor if side is Side.MENTOR else found.mentee),
                call,
                not_available(),
            )
        ),
        *people.check_not_blocked(mentee_id, mentor_id, not_available()),
        _asked(proposal, call.now),
    ]


def _asked(proposal: Proposal, now: datetime) -> Write:
    news = {"proposal_id": proposal.id, "mentee_id": proposal.mentee.person_id}
    return outbox.message(
        f"{MENTOR_ASKED}:{proposal.id}", outbox.Topic.FOLLOW_UP, MENTOR_ASKED, news, now=now
    )


@dataclass(frozen=True)
class BothSides:
    """All that is read of a pair before it is proposed without a run."""

    programme: Programme
    enrolment: Enrolment | None
    mentor_enrolment: Enrolment
    mentee: tuple[Person, Profile]
    mentor: tuple[Person, Profile]
    blocked: bool
    pair: Pair | None
    settings: MatchSettings

    def takes_mentee(self, now: datetime) -> bool:
        """Tell whether the mentor may be asked now, and nothing private of either stands against it."""
        profile = self.mentor[1]
        of_side = {Side.MENTEE: self.mentee, Side.MENTOR: self.mentor}
        available = (
            all(
                self.programme.takes_as_mentor(*of_side[side], now)
                for side in verified_sides(self.programme.kind)
            )
            and not profile.missing_for_matching()
            and self.mentor_enrolment.is_open
        )
        private = matching.has_private_obstacle(self.mentee[1], profile, self.settings)
        return available and not (self.blocked or private)


def read_both(programme_id: str, me: str, mentor_id: str) -> BothSides:
    """Read a mentee `me` and a mentor, in one round trip; raises `NotFound` unless that is a mentor there."""
    rows: list[Any] = tables.get_many(
        [
            programmes.programme_key(programme_id),
            programmes.enrolment_key(programme_id, Side.MENTEE, me),
            programmes.enrolment_key(programme_id, Side.MENTOR, me),
            programmes.enrolment_key(programme_id, Side.MENTOR, mentor_id),
            *(people.person_key(one) for one in (me, mentor_id)),
            *(people.profile_key(one) for one in (me, mentor_id)),
            *(people.blocks_key(one) for one in (me, mentor_id)),
            store.pair_key(programme_id, me, mentor_id),
            store.pair_key(programme_id, mentor_id, me),
            matching.settings_key(programme_id),
        ]
    )
    (
        programme,
        as_mentee,
        as_mentor,
        theirs,
        person,
        mentor,
        profile,
        mentor_profile,
        blocks,
        mentor_blocks,
        pair,
        other_way,
        settings,
    ) = rows
    if any(row is None for row in (programme, theirs, person, mentor, profile, mentor_profile)):
        raise NotFound
    rules = programmes.programme_of(programme)
    mine = as_mentor if rules.kind is PairKind.PEER else as_mentee
    if in_order(rules.kind, me, mentor_id)[0] != me:
        pair = other_way
    return BothSides(
        programme=rules,
        enrolment=programmes.enrolment_of(mine).under(rules) if mine else None,
        mentor_enrolment=programmes.enrolment_of(theirs),
        mentee=(people.person_of(person), people.profile_of(profile)),
        mentor=(people.person_of(mentor), people.profile_of(mentor_profile)),
        blocked=mentor_id in people.blocks_of(blocks) or me in people.blocks_of(mentor_blocks),
        pair=store.pair_of(pair) if pair else None,
        settings=matching.settings_of(programme_id, settings),
    )


def _require_askable(call: Call, found: BothSides) -> None:
    if found.programme.status is ProgrammeStatus.DRAFT:
        raise NotFound
    if not found.programme.is_running(call.now):
        raise ProgrammeNotRunning("Mentors can be asked only while the programme runs.")
    if not found.programme.mentee_led:
        raise NotMenteeLed("Its matches are proposed to you; you need not ask.")
    is_of_peers = found.programme.kind is PairKind.PEER
    if found.enrolment is None or found.enrolment.status is not EnrolmentStatus.ACTIVE:
        raise NotEnrolled(
            "Enrol in the programme before you ask a peer."
            if is_of_peers
            else "Enrol in the programme as a mentee before you ask a mentor."
        )
    profile = found.mentee[1]
    mentor_profile = found.mentor[1]
    missing = profile.missing_for_matching()
    if missing:
        raise ProfileIncomplete(f"Add to your profile: {', '.join(missing)}.")
    if is_of_peers and not found.programme.takes_as_mentor(*found.mentee, call.now):
        raise MentorNotVerified(
            "A peer is a mentor, too: have what the programme asks of them verified first."
        )
    standing = found.pair.standing if found.pair else None
    if standing is PairStanding.OPEN:
        raise AlreadyProposed("Answer or await the one that is open.")
    if standing is PairStanding.MENTORED:
        raise AlreadyMentored(f"You have this {'peer' if is_of_peers else 'mentor'} already.")
    if standing is PairStanding.ENDED:
        raise AlreadyMentored(f"You have had this {'peer' if is_of_peers else 'mentor'}. Ask another one.")
    if found.enrolment.free < 1:
        raise NoPlaceLeft(
            "All places that you offer here are taken by mentorships and open proposals."
            if is_of_peers
            else "You have the mentors or open proposals that this programme allows at a time."
        )
    # Public rules come first: their answer must not depend on anything private.
    obstacle = matching.public_obstacle(profile, mentor_profile, found.settings)
    if obstacle is not None:
        raise NoCommonGround(f"Between you and this mentor there is {obstacle.value.replace('_', ' ')}.")
    available = mentor_profile.visible and found.takes_mentee(call.now)
    if not available or standing is PairStanding.DECLINED:
        raise not_available()
