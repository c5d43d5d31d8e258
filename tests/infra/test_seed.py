import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.credentials import claiming, queue, review
from chalicelib.credentials.claims import checked_claim
from chalicelib.credentials.model import Status
from chalicelib.credentials.queue_model import Filter, Listed
from chalicelib.kernel.call import Actor, Call
from chalicelib.kernel.pages import PageRequest
from chalicelib.mentorships import store as mentorships
from chalicelib.mentorships.model import PairStanding, ProposalStatus
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.people.service import ClaimState
from chalicelib.platform import identity
from chalicelib.platform.settings import settings
from chalicelib.programmes import service as programmes
from chalicelib.programmes.directory import MentorSearch, find_mentors
from chalicelib.programmes.model import Publish, Side
from infra.local import seed
from infra.local.cohort import generate, profile_of, verified_until
from tests.credentials.answers import all_yes
from tests.support.aws import installation
from tests.support.world import START


@pytest.fixture(scope="module")
def cohort():
    """A slice of the demo cohort: moto copies every table at each transaction."""
    whole = generate(START.date())
    declines = whole.declines[:2]
    named = {one for decline in declines for one in (decline.mentee, decline.mentor)}

    def part(people_):
        return (*people_[:12], *(one for one in people_[12:] if one.email in named))

    return replace(whole, mentees=part(whole.mentees), mentors=part(whole.mentors), declines=declines)


@pytest.fixture(scope="module")
def sign_ins(cohort):
    """One seeded installation for all tests here: seeding takes a second in moto."""
    with installation():
        # moto's transactions are wrong under threads
        yield seed.seed(cohort, START, lambda line: None, workers=1)


def test_everybody_is_there_as_they_would_have_signed_up(sign_ins, cohort):
    for person in cohort:
        person_id, state = people.find_by_email(person.email)
        assert state is ClaimState.CONFIRMED
        found, profile = people.get_person_and_profile(person_id)
        assert (found.given_name, found.family_name, found.locale) == (
            person.given_name, person.family_name, person.locale,
        )  # fmt: skip
        if person.enrolment is None:
            continue
        states = {claim.state for claim in person.credentials}
        assert found.can_mentor(START) == ("verified" in states)
        assert found.standing.verified_until == verified_until(person)
        assert profile.created_at == START - timedelta(days=person.days_here)
        unstored = {"person_id": "", "version": None, "is_mentor": False, "created_at": None}
        assert replace(profile, **unstored) == replace(profile_of(person), person_id="")


def test_people_are_enrolled_where_they_take_part_with_all_their_places_free(sign_ins, cohort):
    found = {one.name: one for one in programmes.active_programmes()}
    names = {"main": "Mentoring across borders", "newborn": "Mothers and newborns", "open": "Open mentoring"}
    assert set(found) == set(names.values())
    assert all(one.is_running(START) for one in found.values())
    for short, name in names.items():
        enrolled = {
            (one.person_id, one.side.value, one.capacity, one.free, (START - one.enrolled_at).days)
            for one in programmes.all_enrolments(found[name])
        }
        expected = set()
        for person in cohort:
            if person.enrolment and short in person.enrolment.programmes:
                person_id, _ = people.find_by_email(person.email)
                places = person.enrolment.capacity if person.enrolment.side == "mentor" else 1
                expected.add((person_id, person.enrolment.side, places, places, person.days_here))
        assert enrolled == expected
    assert found["Mothers and newborns"].publish is Publish.REVIEW


def test_credentials_stand_where_their_review_left_them(sign_ins, cohort):
    reviewer_id, _ = people.find_by_email(sign_ins["reviewer"]["email"])
    call = Call(START, Actor(reviewer_id))
    queues = {
        listed: queue.page(call, None, listed, Filter(), PageRequest(50)).items
        for listed in (Listed.SUBMITTED, Listed.VERIFIED, Listed.REJECTED)
    }
    claims = Counter(claim.state for person in cohort for claim in person.credentials)
    assert len(queues[Listed.SUBMITTED]) == claims["pending"] > 0
    assert len(queues[Listed.REJECTED]) == claims["rejected"]
    shown = Counter(seen.status for seen in queues[Listed.VERIFIED])
    assert (shown[Status.VERIFIED], shown[Status.EXPIRED]) == (claims["verified"], claims["expired"])
    for seen in (one for listed in queues.values() for one in listed):
        checked = replace(seen.credential.claim, expires_on=START.date() + timedelta(days=9))
        assert checked_claim(checked, START) == checked
        standing = people.get_person(seen.credential.person_id).standing.verified_until
        assert standing == seen.credential.verified_until
    # A pending one can be decided as if its owner had submitted it.
    pending = queues[Listed.SUBMITTED][0].credential
    claiming.claim(call, pending.id)
    review.verify(call, pending.id, None, all_yes(pending.id))
    assert people.get_person(pending.person_id).can_mentor(START)


def test_declined_requests_are_in_both_lists_hold_no_place_and_keep_the_pair_apart(sign_ins, cohort):
    main = next(one for one in programmes.active_programmes() if one.name == "Mentoring across borders")
    pairs = {(one.mentee_id, one.mentor_id): one for one in mentorships.pairs_in(main.id)}
    assert len(pairs) == len(cohort.declines) == 2
    for decline in cohort.declines:
        mentee_id, _ = people.find_by_email(decline.mentee)
        mentor_id, _ = people.find_by_email(decline.mentor)
        assert pairs[mentee_id, mentor_id].standing is PairStanding.DECLINED
        for person_id in (mentee_id, mentor_id):
            (proposal,) = mentorships.proposals_of(person_id, PageRequest(10)).items
            assert proposal.status is ProposalStatus.DECLINED
            assert (proposal.refusal.side, proposal.refusal.text) == (Side.MENTOR, decline.reason[1])
            joined = [people.get_person(one).created_at for one in (mentee_id, mentor_id)]
            assert max(joined) <= proposal.created_at <= proposal.closed_at <= START
    assert not list(mentorships.due_proposals(START + timedelta(days=99)))


def test_mentors_are_in_the_directory_and_can_be_found_by_mentees(sign_ins):
    mentee_id, _ = people.find_by_email(sign_ins["mentee"]["email"])
    main = next(one for one in programmes.active_programmes() if one.name == "Mentoring across borders")
    call = Call(START, Actor(mentee_id))
    page = find_mentors(call, main.id, MentorSearch(specialty="neonatology"), PageRequest(20))
    assert "Hélène Marchand" in {card.person.name for card in page.items}


def test_the_demo_sign_ins_work_and_staff_have_their_rights_alone(sign_ins):
    assert set(sign_ins) == {"mentor", "mentee", "coordinator", "reviewer", "admin"}
    rights = {}
    for role, one in sign_ins.items():
        person_id, _ = people.find_by_email(one["email"])
        assert identity.sign_in(person_id, one["password"]).access_token
        rights[role] = organisations.rights(Call(START, Actor(person_id)))
    assert [role for role, one in rights.items() if one.admin] == ["admin"]
    staff = {role: [set(r) for r in one.roles.values()] for role, one in rights.items()}
    assert staff == {
        "mentor": [], "mentee": [], "admin": [], "coordinator": [{"coordinator"}], "reviewer": [{"reviewer"}],
    }  # fmt: skip


def test_passwords_are_new_each_time(sign_ins):
    assert len({one["password"] for one in sign_ins.values()}) == 5
    assert all(len(one["password"]) >= 12 for one in sign_ins.values())


@pytest.mark.parametrize(("stage", "endpoint"), [("local", None), ("prod", "http://127.0.0.1:1")])
def test_anywhere_but_on_a_local_emulator_it_refuses(stage, endpoint, monkeypatch, capsys, tmp_path):
    here = replace(settings(), stage=stage)
    monkeypatch.setattr(seed, "settings", lambda: here)
    if endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    else:
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    assert seed.main(["--out", str(tmp_path / "demo.json")]) == 2
    assert "emulator only" in capsys.readouterr().err


def test_a_second_time_it_refuses_and_leaves_the_sign_ins(sign_ins, monkeypatch, capsys, tmp_path):
    here = replace(settings(), stage="local")
    monkeypatch.setattr(seed, "settings", lambda: here)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    out = tmp_path / "demo.json"
    out.write_text(json.dumps(sign_ins))
    assert seed.main(["--out", str(out)]) == 1
    assert "there already" in capsys.readouterr().err
    assert json.loads(out.read_text()) == sign_ins
