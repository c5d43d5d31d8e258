"""Both of many pairs look, sign and change at the same moment, on the emulator's DynamoDB: a signature is never lost,
nor under a version that its writer has not seen."""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.pages import PageRequest
from chalicelib.mentorships import answering, asking, running_store
from chalicelib.mentorships.agreements import mails, service, store
from chalicelib.mentorships.agreements.model import Terms, Wording
from chalicelib.people.model import Channel
from chalicelib.platform import outbox, tables
from chalicelib.programmes.model import Programme, Side
from tests.journeys.crowd import Gauge, all_at_once, call, once_all_are_here
from tests.journeys.rows import a_programme, enrolled, person
from tests.support.world import MENTEE_PROFILE, MENTOR_PROFILE

PAIRS = 12
OTHERS = Terms(channels=(Channel.CHAT,), fallback=Channel.CHAT, languages=("en",), meeting_minutes=20)

Pair = tuple[str, dict[Side, str]]


def paired(programme: Programme) -> Pair:
    """Return a mentorship's id and its two people."""
    mentor = enrolled(programme, person(MENTOR_PROFILE, verified=True), Side.MENTOR, 1)
    mentee = enrolled(programme, person(MENTEE_PROFILE), Side.MENTEE, 1)
    asked = asking.ask(call(mentee), programme.id, mentor, "")
    agreed = answering.accept(call(mentor), asked.proposal.id)
    assert agreed.proposal.mentorship_id is not None
    return agreed.proposal.mentorship_id, {Side.MENTOR: mentor, Side.MENTEE: mentee}


def signing(pair: Pair, side: Side, number: int) -> Any:
    return service.sign(call(pair[1][side]), pair[0], number)


def changing(pair: Pair, side: Side) -> Any:
    return service.change(replace(call(pair[1][side]), if_match=1), pair[0], OTHERS)


def versions_of(pair: Pair) -> list[Wording]:
    present = store.get_agreement(pair[0])
    assert present is not None
    return [present.wording, *store.older_versions(pair[0], PageRequest(100)).items]


def is_told(pair: Pair, number: int) -> list[bool]:
    ids = [f"{mails.SIGNED}:{pair[0]}:{number}:{one}" for one in pair[1].values()]
    return [outbox.read(one) is not None for one in ids]


@pytest.mark.usefixtures("emulator")
@pytest.mark.parametrize("seed", range(3))
def test_of_all_that_pairs_do_at_once_each_answer_is_what_is_kept(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a seed to repeat a failure by
    programme = a_programme()
    pairs = [paired(programme) for _ in range(PAIRS)]
    looks = [partial(service.read, call(one), pair[0]) for pair in pairs for one in pair[1].values()]
    drafts = all_at_once(Gauge(), looks)
    assert not any(isinstance(one, DomainError) for one in drafts)
    assert all(store.get_agreement(pair[0]).version == 1 for pair in pairs)  # type: ignore[union-attr]

    tasks: list[tuple[Pair, Side, Callable[[], Any] | None]] = []
    for pair in pairs:
        # Each signs, some twice as after a lost answer; in one of three pairs somebody changes it meanwhile.
        sides = [*Side, chance.choice(list(Side))]
        tasks += [(pair, side, None) for side in sides]
        if chance.random() < 1 / 3:
            side = chance.choice(list(Side))
            tasks.append((pair, side, partial(changing, pair, side)))
    chance.shuffle(tasks)
    gauge = Gauge()
    answers = all_at_once(gauge, [do or partial(signing, pair, side, 1) for pair, side, do in tasks])
    assert gauge.widest >= len(tasks) // 2, "the clients were not at once"

    whole = 0
    for pair in pairs:
        theirs = [
            (side, do, answer) for (of, side, do), answer in zip(tasks, answers, strict=True) if of is pair
        ]
        refused = {answer.code for _, _, answer in theirs if isinstance(answer, DomainError)}
        # Of a row that all are at, one may be asked to send its request again.
        assert refused <= {"agreement-rewritten", "stale-version", "unavailable"}, refused
        signed = {side for side, do, answer in theirs if do is None and not isinstance(answer, DomainError)}
        changed = [answer for _, do, answer in theirs if do and not isinstance(answer, DomainError)]
        present, *older = versions_of(pair)
        assert present.number == 1 + len(changed)
        first = older[-1] if older else present
        assert set(first.signed_at) == signed
        assert first.number == 1 or not signed
        if changed:
            assert present.signed_at == {}
        agreement = store.get_agreement(pair[0])
        assert agreement is not None
        assert agreement.in_force == (1 if signed == set(Side) else None)
        assert is_told(pair, 1) == [signed == set(Side)] * 2
        whole += signed == set(Side)
    assert whole > PAIRS // 3


@pytest.mark.usefixtures("emulator")
def test_a_signature_is_lost_without_the_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: with the condition taken out, the second of two signatures overwrites the first."""
    programme = a_programme()
    pairs = [paired(programme) for _ in range(PAIRS)]
    for pair in pairs:
        service.read(call(pair[1][Side.MENTOR]), pair[0])
    put = once_all_are_here(lambda row, **_: tables.put_entry(row), 2 * len(pairs))
    monkeypatch.setattr(store.tables, "put", put)
    monkeypatch.setattr(
        running_store, "check_under_way", lambda id_: tables.delete_entry(store.AgreementRow, id_, "none")
    )
    all_at_once(Gauge(), [partial(signing, pair, side, 1) for pair in pairs for side in Side])
    assert any(len(versions_of(pair)[0].signed_at) < 2 for pair in pairs)
