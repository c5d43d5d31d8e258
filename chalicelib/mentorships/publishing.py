"""Pairs of a run become proposals: one transaction a pair, under an id that a repeat gives again."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound, Unavailable
from chalicelib.kernel.ids import derived_id
from chalicelib.matching.model import ProposedPair
from chalicelib.matching.service import MatchRun
from chalicelib.mentorships import mails, store
from chalicelib.mentorships.clearing import close_proposals_of_unverified
from chalicelib.mentorships.errors import AlreadyProposed, PartnerNotAvailable, PublishedBefore
from chalicelib.mentorships.model import (
    Pair,
    PairStanding,
    Proposal,
    Source,
    card_of,
    no_longer,
    verified_sides,
)
from chalicelib.mentorships.proposing import audit
from chalicelib.people import service as people
from chalicelib.people.model import Person, PersonStatus, Profile
from chalicelib.platform.commit import commit
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import NoPlaceLeft
from chalicelib.programmes.model import PairKind, Programme, Side

Known = tuple[Person, Profile, frozenset[str]]

_PASSES = 3
"""How often a pair is tried that others keep from being written, each time after all others of its round."""


def kept_apart(programme_id: str, now: datetime) -> Iterable[tuple[str, str, bool]]:
    """Yield mentee and mentor of every pair that may not be proposed: open, mentored, declined or expired of late; and
    whether it is a declined one."""
    return (
        (pair.mentee_id, pair.mentor_id, pair.standing is PairStanding.DECLINED)
        for pair in store.pairs_in(programme_id)
        if pair.is_apart(now)
    )


def publish(
    call: Call, programme: Programme, run: MatchRun, pairs: Sequence[ProposedPair], *, workers: int = 1
) -> dict[tuple[str, str], bool]:
    """Make proposals of pairs; return by mentee and mentor whether there is one now.

    A pair is skipped where a place was taken, or the two became impossible, since the match looked at them.
    Pairs that were made before count as made.

    Parameters
    ----------
    workers
        Threads that write at a time. A mentor's pairs go one after another, and so do the rounds, in which a mentee
        may stand again: each two change one counter. Peers go one by one, since any two pairs may.

    Raises
    ------
    Unavailable
        If the store, or another publication at the same moment, kept refusing some of them: the others are made.
    """
    known = people.snapshot_of([one for pair in pairs for one in (pair.mentee_id, pair.mentor_id)])

    made: dict[tuple[str, str], bool] = {}

    def one_mentor(group: list[ProposedPair]) -> list[ProposedPair]:
        """Publish the pairs of a mentor; return those that others kept from it."""
        busy = []
        for pair in group:
            try:
                made[pair.mentee_id, pair.mentor_id] = _publish(call, programme, run, pair, known)
            except Unavailable:
                busy.append(pair)
        return busy

    for of_mentor in _by_round_and_mentor(pairs):
        waiting = of_mentor
        for _ in range(_PASSES):
            if workers == 1 or programme.kind is PairKind.PEER:
                left = [one_mentor(group) for group in waiting]
            else:
                with ThreadPoolExecutor(workers) as pool:
                    left = list(pool.map(one_mentor, waiting))
            waiting = [group for group in left if group]
        if waiting:
            raise Unavailable("Others keep changing the same places, or the store is busy.")
    _close_under_other_rules(call, programme, made)
    return made


def _close_under_other_rules(call: Call, programme: Programme, made: Mapping[tuple[str, str], bool]) -> None:
    """Close what was proposed by rules that are no longer in force: who looks at the mentors under those that are may
    have passed them before their proposals were there."""
    present = programmes.get_programme(programme.id)
    if present is None or present.what_counts == programme.what_counts:
        return
    sides = verified_sides(programme.kind)
    verified = {pair[one is Side.MENTOR] for pair, yes in made.items() if yes for one in sides}
    for person_id in sorted(verified):
        close_proposals_of_unverified(call, person_id, programme.id)


def _by_round_and_mentor(pairs: Sequence[ProposedPair]) -> Iterator[list[list[ProposedPair]]]:
    """Yield the pairs of each round, mentor by mentor."""
    for round_ in sorted({pair.round for pair in pairs}):
        of_mentor: dict[str, list[ProposedPair]] = {}
        for pair in pairs:
            if pair.round == round_:
                of_mentor.setdefault(pair.mentor_id, []).append(pair)
        yield list(of_mentor.values())


def proposal_id(run: MatchRun, mentee_id: str, mentor_id: str) -> str:
    """Return the id of the proposal that a run makes of a pair."""
    if run.created_at is None:
        raise ValueError("a run that was read has an instant")
    return derived_id(run.created_at, hashlib.sha256(f"{run.id}|{mentee_id}|{mentor_id}".encode()).digest())


def _publish(
    call: Call, programme: Programme, run: MatchRun, pair: ProposedPair, known: dict[str, Known]
) -> bool:
    id_ = proposal_id(run, pair.mentee_id, pair.mentor_id)
    mentee, mentor = known.get(pair.mentee_id), known.get(pair.mentor_id)
    if mentee is None or mentor is None or not _still_possible(call, programme, mentee, mentor):
        # Made before a crash, and become impossible since: it stays made.
        return store.get_proposal(pair.mentee_id, id_) is not None
    proposal = Proposal(
        id_, programme.id, programme.organisation_id, card_of(mentee[0], mentee[1], Side.MENTEE, programme.kind),
        card_of(mentor[0], mentor[1], Side.MENTOR, programme.kind), Source.RUN,
        expires_at=call.now + timedelta(days=programme.proposal_days), kind=programme.kind, explanation=pair,
        run_id=run.id,
        created_at=call.now,
    )  # fmt: skip
    writes = [
        *store.put_proposal(proposal, call.now),
        store.open_pair(Pair.of(proposal, PairStanding.OPEN), call.now, by_run=True),
        programmes.hold_place(programme, Side.MENTEE, pair.mentee_id, call.now),
        programmes.hold_place(programme, Side.MENTOR, pair.mentor_id, call.now),
        # A standing that goes now must not leave a proposal that nobody can accept: who closes those may have been.
        *people.check_not_blocked(pair.mentee_id, pair.mentor_id, no_longer()),
        *(
            write
            for one in _verified(programme, mentee, mentor)
            for write in programmes.check_mentor(programme, one[0], one[1], call, no_longer())
        ),
        *mails.made(proposal, call.now),
        audit(call, proposal, "propose_pair", None),
    ]
    try:
        commit(call, writes, replace(proposal, version=1))
    except PublishedBefore:
        return True
    except (AlreadyProposed, NoPlaceLeft, PartnerNotAvailable):
        return False
    return True


def _still_possible(call: Call, programme: Programme, mentee: Known, mentor: Known) -> bool:
    """Tell whether nothing came between since the snapshot; places and enrolments are for the writes to decide."""
    return (
        mentee[0].status is PersonStatus.ACTIVE
        and all(
            programme.takes_as_mentor(one[0], one[1], call.now)
            for one in _verified(programme, mentee, mentor)
        )
        and mentor[0].id not in mentee[2]
        and mentee[0].id not in mentor[2]
    )


def _verified(programme: Programme, mentee: Known, mentor: Known) -> list[Known]:
    """Return who of two is to be verified."""
    of_side = {Side.MENTEE: mentee, Side.MENTOR: mentor}
    return [of_side[side] for side in verified_sides(programme.kind)]


def running_programme(call: Call, programme_id: str) -> Programme | None:
    """Return the programme if pairs may be proposed in it now."""
    programme = programmes.get_programme(programme_id)
    if programme is None:
        raise NotFound
    return programme if programme.is_running(call.now) else None
