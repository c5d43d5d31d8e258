"""What can become of a proposal: every state by every move."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from chalicelib.kernel.errors import DomainError
from chalicelib.mentorships import errors, model
from chalicelib.mentorships.errors import ProposalClosed, ProposalExpired
from chalicelib.mentorships.model import (
    MOVES,
    Card,
    DeclineReason,
    Move,
    Proposal,
    ProposalStatus,
    Refusal,
    Source,
)
from chalicelib.programmes.model import Side
from tests.support.world import START

NO = Refusal(Side.MENTOR, DeclineReason.NO_TIME, "on leave")
LATER = START + timedelta(hours=1)


def proposal(**changes) -> Proposal:
    made = Proposal(
        "P", "PROGRAMME", "ORGANISATION", Card("MENTEE", "Amina"), Card("MENTOR", "Claire"), Source.RUN,
        expires_at=START + timedelta(days=7), created_at=START, version=1,
    )  # fmt: skip
    return replace(made, **changes)


def do(move: Move, given: Proposal) -> Proposal:
    if move is Move.ACCEPT:
        return model.accept(given, Side.MENTEE, LATER, "M")
    if move is Move.AGREE:
        return model.accept(replace(given, mentee_accepted_at=START), Side.MENTOR, LATER, "M")
    if move is Move.DECLINE:
        return model.decline(given, NO, LATER)
    if move is Move.WITHDRAW:
        return model.withdraw(given, LATER)
    if move is Move.LEAVE:
        return model.leave(given, LATER)
    return model.expire(given, given.expires_at)


@pytest.mark.parametrize(("status", "move"), list(product(ProposalStatus, Move)))
def test_the_table_of_moves_is_what_the_functions_do(status: ProposalStatus, move: Move) -> None:
    given = proposal(status=status)
    if (status, move) in MOVES:
        after = do(move, given)
        assert after.status is MOVES[status, move]
        assert (after.closed_at is None) is (after.status is ProposalStatus.OPEN)
    else:
        with pytest.raises(ProposalExpired if status is ProposalStatus.EXPIRED else ProposalClosed):
            do(move, given)


def test_every_state_but_open_is_final() -> None:
    assert {status for status, _ in MOVES} == {ProposalStatus.OPEN}


def test_both_have_to_accept_in_either_order() -> None:
    for first, second in ((Side.MENTEE, Side.MENTOR), (Side.MENTOR, Side.MENTEE)):
        once = model.accept(proposal(), first, LATER, "M")
        assert (once.status, once.accepted_at(first), once.accepted_at(second)) == (
            ProposalStatus.OPEN,
            LATER,
            None,
        )
        assert once.mentorship_id is None
        both = model.accept(once, second, LATER, "M")
        assert (both.status, both.mentorship_id) == (ProposalStatus.AGREED, "M")
        assert both.closed_at == LATER


def test_one_side_alone_never_agrees() -> None:
    once = model.accept(proposal(), Side.MENTEE, START, "M")
    again = model.accept(once, Side.MENTEE, LATER, "M")
    assert (again.status, again.mentee_accepted_at) == (ProposalStatus.OPEN, START)


@pytest.mark.parametrize("move", [Move.ACCEPT, Move.AGREE, Move.DECLINE, Move.WITHDRAW])
def test_at_its_instant_the_time_for_answers_is_over_whether_the_job_ran_or_not(move: Move) -> None:
    due = proposal(expires_at=LATER)
    with pytest.raises(ProposalExpired):
        do(move, due)
    just_in_time = proposal(expires_at=LATER + timedelta(microseconds=1))
    do(move, just_in_time)


def test_nothing_expires_before_its_time() -> None:
    with pytest.raises(ValueError, match="not before"):
        model.expire(proposal(), proposal().expires_at - timedelta(microseconds=1))


def test_a_person_may_say_no_after_their_own_yes() -> None:
    once = model.accept(proposal(), Side.MENTOR, LATER, "M")
    assert model.decline(once, NO, LATER).refusal == NO


def test_strangers_stand_on_no_side() -> None:
    one = proposal()
    assert (one.side_of("MENTEE"), one.side_of("MENTOR"), one.side_of("X")) == (
        Side.MENTEE,
        Side.MENTOR,
        None,
    )


def test_each_refusal_has_a_code_of_its_own() -> None:
    found = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, DomainError)]
    own = [one for one in found if one.__module__ == errors.__name__]
    assert len({one.code for one in own}) == len(own) > 10
