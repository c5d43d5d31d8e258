"""Which credentials verify a mentor in a programme: set by coordinators, followed wherever mentors are taken."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.credentials import expiring
from chalicelib.credentials.counting import WhatCounts
from chalicelib.kernel.call import job_call
from chalicelib.mentorships import answering
from chalicelib.mentorships import store as proposals_store
from chalicelib.mentorships.errors import ProposalMoved
from chalicelib.mentorships.model import ProposalStatus
from chalicelib.people import service as people
from chalicelib.people import store as people_store
from chalicelib.people.model import Standing
from chalicelib.programmes import counting as rules_of
from chalicelib.programmes import counting_store
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.errors import RecountMoved
from tests.credentials.support import LICENCE, revoke, submitted, verify
from tests.mentorships.scene import deliver
from tests.support.world import MENTOR_PROFILE, World

HERE = {
    "kinds": ["licence", "registration"],
    "place": "country_of_practice",
    "right_to_practise": True,
}
LICENSED_WHERE_THEY_PRACTISE = [{"professions": [], "requirements": [HERE]}]


class Two:
    """Two programmes of one organisation with a mentor and a mentee in both; the first asks for a licence where the
    mentor practises, Kenya, and the second takes anything that was verified."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.organisation = world.organisation("Heart Alliance")
        self.coordinator = world.coordinator(self.organisation)
        self.reviewer = world.reviewer(self.organisation)
        self.mentor = world.person({**MENTOR_PROFILE, "country": "KE"}, name="Claire Tremblay")
        self.mentee = world.mentee(country="DE")
        self.strict, self.lenient = self.programme("Strict"), self.programme("Lenient")
        self.set(self.strict, LICENSED_WHERE_THEY_PRACTISE)

    def programme(self, name: str) -> str:
        body = {"organisation_id": self.organisation, "name": name, "mentee_places": 2}
        made = self.world.post("/v1/programmes", body, by=self.coordinator)
        assert made.status == 201, made.text
        for person, role in ((self.mentor, "mentor"), (self.mentee, "mentee")):
            path = f"/v1/programmes/{made.json['id']}/enrolments/{person}"
            assert self.world.put(path, {"role": role}, by=person).status == 200
        return str(made.json["id"])

    def set(self, programme: str, rules: list[dict[str, Any]], status: int = 200) -> Any:
        path = f"/v1/programmes/{programme}/what-counts"
        tag = self.world.get(path, by=self.coordinator).headers["ETag"]
        answer = self.world.put(path, {"rules": rules}, by=self.coordinator, headers={"If-Match": tag})
        assert answer.status == status, answer.text
        return answer.json

    def holds(self, **fields: Any) -> str:
        """Have something of the mentor's verified."""
        credential = submitted(self.world, self.mentor, organisation_id=self.organisation, **fields)
        assert verify(self.world, credential, self.reviewer).status == 200
        return credential

    def listed(self) -> list[str]:
        """Return the names of the programmes in whose directory the mentee finds the mentor."""
        return [name for name, found in self.cards().items() if found]

    def cards(self) -> dict[str, list[Any]]:
        read = {
            name: self.world.get(f"/v1/programmes/{programme}/mentors", by=self.mentee)
            for name, programme in (("strict", self.strict), ("lenient", self.lenient))
        }
        return {name: answer.json["items"] for name, answer in read.items()}

    def ask(self, programme: str) -> Any:
        body = {"programme_id": programme, "mentor_id": self.mentor}
        return self.world.post("/v1/proposals", body, by=self.mentee)

    def accept(self, proposal: str) -> Any:
        return self.world.post(f"/v1/proposals/{proposal}/accept", by=self.mentor)

    def standing(self, programme: str) -> Any:
        return self.world.get(f"/v1/programmes/{programme}/what-counts", by=self.mentor).json["mine"]


@pytest.fixture
def two(world: World) -> Two:
    return Two(world)


def test_who_meets_one_programmes_rules_and_not_anothers_is_found_in_the_one(two: Two) -> None:
    assert two.listed() == []
    two.holds(kind="degree", number="D 1")
    assert two.listed() == ["lenient"]
    two.holds(country="UG")
    assert two.listed() == ["lenient"], "a licence, but not of where the mentor practises"
    two.holds(number="A 2")
    assert two.listed() == ["strict", "lenient"]


def test_a_run_leaves_out_whom_the_programmes_rules_do_not_verify(two: Two) -> None:
    two.holds(kind="degree", number="D 1")
    for programme, pairs in ((two.strict, 0), (two.lenient, 1)):
        path = f"/v1/programmes/{programme}/match-runs"
        begun = two.world.post(path, {}, by=two.coordinator)
        assert begun.status == 201, begun.text
        assert deliver(f"match-run:{begun.json['id']}:start") == {"batchItemFailures": []}
        run = two.world.get(f"{path}/{begun.json['id']}", by=two.coordinator).json
        assert (run["pairs_published"], run["pairs_skipped"]) == (pairs, 0), "not even matched"
    made = two.world.get("/v1/me/proposals", by=two.mentee).json["items"]
    assert [one["programme_id"] for one in made] == [two.lenient]


def test_asking_and_accepting_follow_the_programmes_rules(two: Two) -> None:
    two.holds(kind="degree", number="D 1")
    assert two.ask(two.strict).json["type"].endswith("mentor-not-available")
    asked = two.ask(two.lenient)
    assert asked.status == 201
    two.set(two.lenient, LICENSED_WHERE_THEY_PRACTISE)
    assert two.accept(asked.json["id"]).json["type"].endswith("partner-not-available"), "before any news"
    two.holds(number="A 2")
    assert two.accept(asked.json["id"]).status == 200


@pytest.mark.parametrize("change", ["rules", "standing", "profile"])
def test_nothing_that_an_acceptance_rests_on_changes_unseen(
    two: Two, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read before the transaction is what the transaction asks for."""
    two.holds()
    proposal = two.ask(two.strict).json["id"]
    programme = programmes_store.get_programme(two.strict)
    _, profile = people.get_person_and_profile(two.mentor)
    assert programme is not None
    at = two.world.at
    nurses = WhatCounts((replace(programme.what_counts.rules[0], professions=frozenset({"2221"})),))  # type: ignore[union-attr]
    write = {
        "rules": programmes_store.put_programme(replace(programme, what_counts=nurses), at),
        "standing": people.set_standing(two.mentor, Standing(at + timedelta(days=9)), at),
        "profile": people_store.put_profile(replace(profile, country="DE"), at),
    }[change]
    reads: list[str] = []
    plain = answering.mentor_of

    def then_changed(proposal: Any) -> Any:
        found = plain(proposal)
        reads.append("read")
        if len(reads) == 1:
            two.world.write(write)
        return found

    monkeypatch.setattr(answering, "mentor_of", then_changed)
    answer = two.accept(proposal)
    assert answer.json["type"].endswith("partner-not-available"), answer.text
    assert reads == ["read", "read"], "the first attempt was refused by its conditions, and read anew"


def test_a_mentor_is_told_what_is_missing(two: Two) -> None:
    assert two.standing(two.strict) == {"verified_until": None, "missing": [HERE]}
    two.holds()
    assert two.standing(two.strict) == {"verified_until": "2028-02-29T21:00:00.000000Z", "missing": []}
    two.world.pass_time(days=900)
    assert two.standing(two.strict)["verified_until"] is None, "no job has run"
    other = two.world.get(f"/v1/programmes/{two.strict}/what-counts", by=two.mentee).json
    assert (other["mine"], other["recount"]) == (None, None)


def test_what_is_lost_closes_what_was_open_where_it_was_asked_for(two: Two) -> None:
    two.holds(kind="degree", number="D 1")
    licence = two.holds()
    strict, lenient = two.ask(two.strict).json["id"], two.ask(two.lenient).json["id"]
    two.world.follow_up()
    assert revoke(two.world, licence, two.reviewer).status == 200
    assert two.listed() == ["lenient"], "in the decision's own transaction"
    assert "standing-narrowed" in two.world.follow_up()
    status = {one: proposals_store.get_proposal(two.mentee, one).status for one in (strict, lenient)}  # type: ignore[union-attr]
    assert status == {strict: ProposalStatus.WITHDRAWN, lenient: ProposalStatus.OPEN}


def test_what_expires_closes_what_was_open_where_it_was_asked_for(two: Two) -> None:
    two.holds(kind="degree", number="D 1")
    two.holds(expires_on=(two.world.at.date().replace(year=two.world.at.year + 1)).isoformat())
    two.world.pass_time(days=366)
    two.world.follow_up()
    expiring.tell_expiring(two.world.at)
    assert "standing-narrowed" in two.world.follow_up()
    expiring.tell_expiring(two.world.at)
    assert two.world.follow_up() == [], "once"


def test_other_rules_close_proposals_in_pieces_and_say_how_far_they_are(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules_of, "PIECE", 2)
    two.holds(kind="degree", number="D 1")
    proposal = two.ask(two.lenient).json["id"]
    for _ in range(4):
        other = two.world.mentor()
        path = f"/v1/programmes/{two.lenient}/enrolments/{other}"
        assert two.world.put(path, {"role": "mentor"}, by=other).status == 200
    two.world.follow_up()
    begun = two.set(two.lenient, LICENSED_WHERE_THEY_PRACTISE)["recount"]
    assert (begun["mentors"], begun["verified"], begun["finished_at"]) == (0, 0, None)
    assert begun["changed_by"] == two.coordinator
    kinds: list[str] = []
    while found := two.world.follow_up():
        kinds += found
    assert kinds.count("what-counts-changed") == 3, "five mentors in pieces of two"
    path = f"/v1/programmes/{two.lenient}/what-counts"
    done = two.world.get(path, by=two.coordinator).json["recount"]
    assert (done["mentors"], done["verified"]) == (5, 0)
    assert done["finished_at"]
    assert proposals_store.get_proposal(two.mentee, proposal).status is ProposalStatus.WITHDRAWN  # type: ignore[union-attr]
    two.set(two.lenient, [])
    while two.world.follow_up():
        pass
    assert two.world.get(path, by=two.coordinator).json["recount"]["verified"] == 5


def test_later_rules_make_the_count_of_earlier_ones_moot(two: Two) -> None:
    two.set(two.lenient, LICENSED_WHERE_THEY_PRACTISE)
    stale = rules_of.piece_to_recount(job_call("test", two.world.at), two.lenient, 2)
    assert stale is not None
    two.set(two.lenient, [])
    assert rules_of.piece_to_recount(job_call("test", two.world.at), two.lenient, 2) is None
    with pytest.raises(RecountMoved):
        rules_of.piece_recounted(job_call("test", two.world.at), stale)


def test_rules_are_set_over_the_version_that_was_read_and_are_audited(two: Two) -> None:
    path = f"/v1/programmes/{two.lenient}/what-counts"
    body = {"rules": LICENSED_WHERE_THEY_PRACTISE}
    assert two.world.put(path, body, by=two.coordinator).status == 428
    assert two.world.put(path, body, by=two.coordinator, headers={"If-Match": '"7"'}).status == 412
    assert two.world.put(path, body, by=two.reviewer, headers={"If-Match": '"1"'}).status == 403
    assert two.set(two.lenient, LICENSED_WHERE_THEY_PRACTISE)["rules"] == LICENSED_WHERE_THEY_PRACTISE
    again = two.set(two.lenient, LICENSED_WHERE_THEY_PRACTISE)
    assert again["recount"]["changed_by"] == two.coordinator
    assert len([one for one in two.world.messages("what-counts-changed") if two.lenient in one.id]) == 1
    programme = f"/v1/programmes/{two.lenient}"
    tag = two.world.get(programme, by=two.coordinator).headers["ETag"]
    kept = two.world.patch(programme, {"name": "Other"}, by=two.coordinator, headers={"If-Match": tag})
    assert kept.status == 200
    assert two.world.get(path, by=two.mentee).json["rules"] == LICENSED_WHERE_THEY_PRACTISE, (
        "a change of name"
    )


@pytest.mark.parametrize(
    ("rules", "pointer"),
    [
        ([{"professions": ["9999"], "requirements": [HERE]}], "/rules/0/professions"),
        ([{"requirements": []}], "/rules/0/requirements"),
        ([{"requirements": [{"kinds": []}]}], "/rules/0/requirements/0/kinds"),
        ([{"requirements": [{"kinds": ["diploma"]}]}], "/rules/0/requirements/0/kinds/0"),
        ([{"requirements": [HERE]}] * 21, "/rules"),
    ],
)
def test_rules_that_cannot_be_are_refused(two: Two, rules: list[dict[str, Any]], pointer: str) -> None:
    refused = two.set(two.lenient, rules, status=422)
    assert pointer in [one["pointer"] for one in refused["errors"]]


def test_rules_are_kept_in_one_way_for_each(two: Two) -> None:
    """Two texts that differ are two rules: acceptances are conditional on the text."""
    two.set(
        two.lenient, [{"professions": ["2212", "2211"], "requirements": [{"kinds": ["licence", "degree"]}]}]
    )
    programme = programmes_store.get_programme(two.lenient)
    assert programme is not None
    text = counting_store.what_counts_text(programme.what_counts)
    assert text is not None
    assert counting_store.what_counts_of(text) == programme.what_counts
    assert text.index("2211") < text.index("2212")
    assert text.index("degree") < text.index("licence")


def test_badges_say_in_the_readers_language_what_they_are_worth_where(two: Two) -> None:
    two.holds(country="KE")
    (card,) = two.cards()["strict"]
    assert card["badges"][0]["meaning"] == (
        "Licence to practise: Kenya (Specialist medical practitioners). Not a licence to practise: Germany."
    )
    made = two.ask(two.strict).json
    assert made["mentor_badges"] == card["badges"]
    mine = two.world.get("/v1/me/proposals", by=two.mentee).json["items"]
    assert mine[0]["mentor_badges"] == card["badges"]
    theirs = two.world.get("/v1/me/proposals", by=two.mentor).json["items"][0]["mentor_badges"]
    assert theirs[0]["meaning"] == "Licence to practise: Kenya (Specialist medical practitioners)."
    path = f"/v1/programmes/{two.strict}/proposals"
    seen = two.world.get(path, by=two.coordinator).json["items"][0]["mentor_badges"]
    assert seen[0]["authority"] == LICENCE["authority"]
    answer = two.world.post(f"/v1/proposals/{made['id']}/withdraw", by=two.mentee)
    assert answer.json["mentor_badges"] == card["badges"]
    for text in (str(mine), str(seen), answer.text):
        for hidden in (LICENCE["number"], LICENCE["name_on_document"]):
            assert hidden not in text


def test_a_proposal_shows_only_what_counts_at_that_moment(two: Two) -> None:
    two.holds(kind="degree", number="D 1")
    licence = two.holds()
    two.ask(two.strict)
    assert revoke(two.world, licence, two.reviewer).status == 200
    (mine,) = two.world.get("/v1/me/proposals", by=two.mentee).json["items"]
    assert [one["kind"] for one in mine["mentor_badges"]] == ["degree"]


def test_a_standing_that_moves_is_not_the_one_that_was_read(two: Two) -> None:
    before = people.get_person(two.mentor)
    two.holds()
    after = people.get_person(two.mentor)
    assert before is not None
    assert after is not None
    assert (before.standing.revision, after.standing.revision) == (0, 1)
    two.world.write(people.check_standing(after, ProposalMoved("moved")))
    with pytest.raises(ProposalMoved):
        two.world.write(people.check_standing(before, ProposalMoved("moved")))
