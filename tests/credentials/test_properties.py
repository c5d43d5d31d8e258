"""Random actors make random moves at random times: no state that the table does not lead to, no row of a trail lost,
nobody decides for themselves, for whom they are near to, or on a wording that they have not seen; another wording takes
no standing; and what is counted and listed is what there is."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.credentials import audit, claiming, queue, review, service, store
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.decisions import Missing, RejectReason, RevokeReason
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.model import LEASE, MOVES, Credential, Move, Mover, Status
from chalicelib.credentials.queue_model import Filter, Listed, list_of
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.pages import PageRequest
from chalicelib.people import service as people
from chalicelib.people import store as people_store
from tests.credentials.answers import all_yes
from tests.credentials.support import LICENCE
from tests.credentials.test_deciding import ruled
from tests.support.world import World

DECISIONS = {"verify", "reject", "want_more", "opine", "revoke"}
WORDS = [
    "draft", "submit", "submit_again", "edit", "reword", "reword", "tie", "withdraw", "claim", "next", "release",
    "look", "note", "wait", "verify", "reject", "want_more", "revoke", "claim verify", "claim verify", "claim reject",
    "claim want_more", "claim verify reword", "claim verify reword", "claim wait reword claim", "both reword",
    "claim verify reword revoke", "claim verify reword drop revoke",
]  # fmt: skip
PAUSES = [timedelta(minutes=1), timedelta(minutes=29), LEASE, timedelta(days=400)]
STEPS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.integers(0, 4), st.integers(0, 5), st.sampled_from(PAUSES)),
    min_size=12,
    max_size=30,
)


@dataclass
class Life:
    """A small office: an owner, three reviewers of whom the first is an owner as well, and an admin."""

    world: World
    organisation: str
    people: list[str]
    two: bool
    cases: list[str] = field(default_factory=list)
    near: dict[tuple[str, str], datetime] = field(default_factory=dict)
    made: int = 0
    tried: int = 0
    revoked_from: set[str | None] = field(default_factory=set)

    def act(self, words: str, actor: int, which: int, pause: timedelta) -> None:
        """Let somebody try one thing after the other; count what was done and not refused."""
        for what in words.split():
            if what == "wait":
                self.world.at += pause
            elif what == "reword":
                self._reword(which)
            elif what == "both":
                for one in (2, 3):
                    self._try("claim", one, which)
                    self._try("verify", one, which)
            elif what == "drop":
                self._own("withdraw", which)
            elif what == "tie":
                self._tie(actor, which)
            else:
                self._try(what, actor, which)

    def _try(self, what: str, actor: int, which: int) -> None:
        self.world.at += timedelta(seconds=1)
        call, case = self.world.call(self.people[actor]), self.case(which)
        try:
            if what in ("draft", "submit"):
                seen = service.submit(call, self.claim(which), self.organisation, draft=what == "draft")
                self.cases.append(seen.credential.id)
            elif what == "next":
                claiming.claim_next(call, self.organisation, Filter())
            elif case is None:
                return
            elif what == "edit":
                self.tried += 1
                service.edit(call, case, self.claim(10 + self.tried))
            else:
                ACTS[what](call, case)
            self.made += 1
        except DomainError:
            return

    def _own(self, what: str, which: int) -> None:
        """Let a case's owner do something with it."""
        credential = store.get_credential(self.cases[which % len(self.cases)]) if self.cases else None
        if credential is not None:
            self._try(what, self.people.index(credential.person_id), which)

    def _reword(self, which: int) -> None:
        """Let a case's owner give it another wording, which takes nothing of what they count for."""
        case = self.case(which)
        if case is None:
            return
        before = store.get_credential(case)
        assert before is not None
        self._try("edit", self.people.index(before.person_id), which)
        after = store.get_credential(case)
        assert after is not None
        assert after.verified_until == before.verified_until
        if after.revision != before.revision:
            assert (after.opinions, after.lease) == ((), None), "whoever looked at it looks anew"

    def _tie(self, actor: int, which: int) -> None:
        """Let two of the office have a mentorship together, of whom one owns a case."""
        case = self.case(which)
        credential = store.get_credential(case) if case is not None else None
        # The admin stays apart: somebody is to be left who may decide.
        if credential is not None and actor in (2, 3) and self.people[actor] != credential.person_id:
            self.world.write(people_store.put_tie(self.people[actor], credential.person_id, self.world.at))
            self.near.setdefault((self.people[actor], credential.person_id), self.world.at)

    def case(self, which: int) -> str | None:
        return self.cases[which % len(self.cases)] if self.cases else None

    def claim(self, number: int) -> Claim:
        until = self.world.at.date() + timedelta(days=300)
        return Claim(
            Kind.LICENCE, LICENCE["authority"], f"N {number}", "A", "KE", until - timedelta(days=900), until
        )


ACTS: dict[str, Any] = {
    "submit_again": service.submit_again,
    "withdraw": service.withdraw,
    "claim": claiming.claim,
    "release": claiming.release,
    "look": review.look,
    "note": lambda call, case: review.note(call, case, "Noted."),
    "verify": lambda call, case: review.verify(call, case, None, all_yes(case)),
    "reject": lambda call, case: review.reject(call, case, RejectReason.OTHER, "No."),
    "want_more": lambda call, case: review.want_more(call, case, (Missing.DATES,), "Which?"),
    "revoke": lambda call, case: review.revoke(call, case, RevokeReason.SUSPENDED, "No."),
}


@pytest.mark.parametrize("two", [False, True])
def test_no_sequence_of_moves_breaks_what_must_hold(world: World, two: bool) -> None:
    ended: Counter[str] = Counter()
    reworded: Counter[str] = Counter()
    revoked_from: set[str | None] = set()

    @settings(
        max_examples=8, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(steps=STEPS)
    def live(steps: list[tuple[str, int, int, timedelta]]) -> None:
        organisation = world.organisation()
        ruled(world, organisation, two_persons="always" if two else "never")
        reviewers = [world.reviewer(organisation) for _ in range(3)]
        life = Life(world, organisation, [world.person(), *reviewers, world.admin()], two)
        for n, actor in enumerate((0, 0, 1)):
            life.act("submit", actor, n, LEASE)
        for step in steps:
            life.act(*step)
        for case in life.cases:
            ended[holds(life, case).status_at(world.at).value] += 1
            trail = store.whole_trail(case)
            revoked_from.update(life.revoked_from)
            reworded.update(f"{one.action} {one.before}" for one in trail if one.action in ("edit", "amend"))
        rows = sum(len(store.whole_trail(case)) for case in life.cases)
        assert rows == life.made, "each thing done has its row, and nothing else has one"
        counted_as_it_is(life)

    live()
    assert len(ended) >= (5 if two else 6), f"too little was reached to show anything: {ended}"
    assert reworded.keys() >= {"edit submitted", "amend verified"}
    assert two or "withdrawn" in revoked_from, revoked_from


def holds(life: Life, case: str) -> Credential:
    credential = store.get_credential(case)
    assert credential is not None
    assert audit.faults_of(case) == [], "legal moves alone, in an unbroken chain"
    shown: dict[str, str] = {}
    said: dict[str, set[str]] = {}
    verified: set[str] = set()
    for entry in store.whole_trail(case):
        revision = entry.detail.get("revision", "")
        if entry.action in ("claim", "renew"):
            shown[entry.actor] = revision
        if entry.action in DECISIONS:
            assert entry.actor != credential.person_id, "nobody decides for themselves"
        if entry.action in DECISIONS - {"revoke"}:
            assert shown[entry.actor] == revision, "nobody decides on a wording that they have not seen"
        if entry.action == "opine":
            said.setdefault(revision, set()).add(entry.actor)
        if entry.action == "verify":
            verified.add(case)
        if entry.action == "revoke":
            assert case in verified, "nothing is revoked that nobody verified"
            life.revoked_from.add(entry.before)
        if entry.action in ("verify", "reject") and life.two:
            assert said.get(revision, set()) - {entry.actor}, "an opinion counts for its own wording alone"
        tied = life.near.get((entry.actor, credential.person_id))
        if tied is not None and entry.action != "release":
            assert entry.at <= tied, "who shares a mentorship neither reads nor decides"
        if entry.action in set(Move) and MOVES[Move(entry.action)].by is Mover.OWNER:
            assert entry.actor == credential.person_id
        assert entry.after != Status.EXPIRED, "time writes nothing"
    if credential.status is Status.IN_REVIEW:
        assert credential.lease is not None
    else:
        assert credential.lease is None, "a claim ends with every other state"
    counts = store.get_file(credential.person_id).verified.get(case)
    assert counts == credential.verified_until
    person = people.get_person(credential.person_id)
    assert person is not None
    assert person.standing.verified_until == store.get_file(credential.person_id).verified_until
    file = store.get_file(credential.person_id)
    assert set(file.badges) == set(file.verified), "what counts is worn, and nothing else is"
    assert all(badge.until == file.verified[one] for one, badge in file.badges.items())
    assert set(person.standing.badges_at(life.world.at)) == {
        badge for badge in file.badges.values() if badge.until > life.world.at
    }
    return credential


def counted_as_it_is(life: Life) -> None:
    call = life.world.call(
        life.world.admin()
    )  # one who has no case of their own, which they would not see here
    cases = [one for one in map(store.get_credential, life.cases) if one is not None]
    there = Counter(listed for one in cases if (listed := list_of(one)) is not None)
    counts = queue.counts(call, life.organisation)
    assert {one: number for one, number in counts.by_list.items() if number} == dict(there)

    for listed in Listed:
        page = queue.page(call, life.organisation, listed, Filter(), PageRequest(100))
        assert {one.credential.id for one in page.items} == {
            one.id for one in cases if list_of(one) is listed
        }  # fmt: skip
