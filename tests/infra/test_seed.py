import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.circles import service as circles
from chalicelib.circles.meetings import service as meetings
from chalicelib.credentials import claiming, queue, review
from chalicelib.credentials.claims import checked_claim
from chalicelib.credentials.model import Status
from chalicelib.credentials.queue_model import Filter, Listed
from chalicelib.credits import service as credits
from chalicelib.events import meeting as event_questions
from chalicelib.events import service as events
from chalicelib.kernel.call import Actor, Call
from chalicelib.kernel.pages import PageRequest
from chalicelib.mentorships import store as mentorships
from chalicelib.mentorships.model import PairStanding, ProposalStatus
from chalicelib.organisations import service as organisations
from chalicelib.people import service as people
from chalicelib.people.service import ClaimState
from chalicelib.platform import identity, outbox
from chalicelib.platform.commit import commit
from chalicelib.platform.settings import settings
from chalicelib.programmes import service as programmes
from chalicelib.programmes.directory import MentorSearch, find_mentors
from chalicelib.programmes.model import Publish, Side
from chalicelib.series import service as series
from chalicelib.series.cases import service as cases
from chalicelib.series.evaluation import service as evaluation
from chalicelib.series.sessions import service as series_sessions
from chalicelib.simulations.chats import service as chats
from chalicelib.simulations.results import service as results
from chalicelib.simulations.sessions import service as simulations
from chalicelib.simulations.sessions.model import SimulationMove
from infra.local import seed
from infra.local.cohort import generate, profile_of, verified_until
from infra.local.seed_groups import cast
from tests.credentials.answers import all_yes
from tests.support.aws import installation
from tests.support.world import START


@pytest.fixture(scope="module")
def cohort():
    """A slice of the demo cohort: moto copies every table at each transaction."""
    whole = generate(START.date())
    declines = whole.declines[:2]
    named = {one for decline in declines for one in (decline.mentee, decline.mentor)}
    named |= cast(whole).everybody()

    def part(people_):
        return (*people_[:12], *(one for one in people_[12:] if one.email in named))

    return replace(whole, mentees=part(whole.mentees), mentors=part(whole.mentors), declines=declines)


@pytest.fixture(scope="module")
def followed():
    """Have the follower of what is closed write what came of it while the seeding is about to, as on the emulator."""
    recorded, crossed = credits.recorded, set()

    def late(call, activities):
        writes = recorded(call, activities)
        source = activities[0].source
        if source not in crossed:
            crossed.add(source)
            commit(call, recorded(call, activities), None)
        return writes

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credits, "recorded", late)
        yield crossed


@pytest.fixture(scope="module")
def seeded(cohort, followed):
    """One seeded installation for all tests here: seeding takes seconds in moto."""
    with installation():
        # moto's transactions are wrong under threads
        yield seed.seed(cohort, START, lambda line: None, workers=1)


@pytest.fixture(scope="module")
def sign_ins(seeded):
    return seeded[0]


@pytest.fixture(scope="module")
def places(seeded):
    """The id of each thing that the cohort takes part in, by what it is called."""
    return {name: path.rpartition("/")[2] for name, path in seeded[1].items()}


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
    assert set(found) == {*names.values(), "Circles on research"}
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


def test_a_series_has_been_running_with_its_attendance_a_case_and_answers(sign_ins, places, followed):
    assert followed, "somebody else settled sessions at the same moment"
    series_id = places["ECHO series"]
    mentor, mentee, coordinator = (
        Call(START, Actor(people.find_by_email(sign_ins[role]["email"])[0]))
        for role in ("mentor", "mentee", "coordinator")
    )
    assert {one.series.id for one in series.my_series(mentee, PageRequest(10)).items} == {series_id}
    found = series_sessions.list_sessions(mentee, series_id, PageRequest(10)).items
    assert [one.status.value for one in found] == ["closed"] * 3 + ["planned"]
    assert all(one.ended_at < START for one in found[:3])
    assert found[3].starts_at > START
    mine = series.my_place(mentee, series_id).share
    assert (mine.sessions, mine.percent, mine.is_enough) == (3, 100, True)
    shares = {}
    for one in series.members(coordinator, series_id, PageRequest(50)).items:
        call = Call(START, Actor(one.member.person_id))
        shares[one.member.role.value, one.person.email] = series.my_place(call, series_id).share
    members = [share for (role, _), share in shares.items() if role == "member"]
    assert len(members) == 7
    assert 0 < sum(one.is_enough for one in members) < 7
    answered, coming = sorted(
        cases.list_cases(mentor, series_id, PageRequest(10), None, None, "").items,
        key=lambda one: one.case.id,
    )
    assert (answered.case.state.value, coming.case.state.value) == ("answered", "scheduled")
    assert (answered.case.presenter_id, answered.case.signed_by) == (mentee.actor_id, mentor.actor_id)
    assert [one.step.value for one in cases.read_case(mentee, series_id, answered.case.id).said] == [
        "clarify", "members", "experts",
    ]  # fmt: skip
    assert coming.case.session_id == found[3].id
    told = evaluation.read(coordinator, series_id).results.whole
    assert (told.people, told.improved) == (5, 100), "of six, whole fives"


def test_nobody_is_mailed_what_happened_before_and_what_is_to_come_waits(sign_ins, places):
    due = outbox.due(START + timedelta(days=60))
    left = [one for one in due if one.kind.startswith(("series", "simulation", "circle", "event"))]
    kinds = Counter(one.kind for one in left if one.due_at > START)
    assert kinds[series.SESSION_NEAR] == kinds[cases.CASE_NEWS] == 1
    assert kinds[meetings.MEETING_NEAR] == 5, "two of the circle with a mentor, three of peers"
    assert kinds[events.EVENT_NEAR] == kinds[events.EVENT_OVER] == 1
    assert Counter(one.kind for one in left if one.due_at <= START) == {series.MINUTES_FINAL: 3}


def test_a_simulation_waits_to_be_played_by_who_signs_in(sign_ins, places):
    simulation_id = places["SIMBA session"]
    by = {role: Call(START, Actor(people.find_by_email(one["email"])[0])) for role, one in sign_ins.items()}
    seen = simulations.read_simulation(by["mentee"], simulation_id)
    assert seen.place.is_participant
    assert seen.simulation.starts_at > START
    assert results.questionnaire(by["mentee"], simulation_id).answered == ()
    roles = {
        one.place.person_id: {role.value for role in one.place.roles}
        for one in simulations.list_people(by["mentor"], simulation_id).items
    }
    assert roles[by["mentor"].actor_id] == {"moderator", "rater"}
    assert roles[by["reviewer"].actor_id] == {"rater"}
    assert len(roles) == 6
    # Whoever signs in as the mentor begins it, and the transcript answers the mentee.
    running = simulations.move(by["mentor"], simulation_id, SimulationMove.BEGIN_CASE, None, None).simulation
    chat = f"1-{by['mentee'].actor_id}"
    turn = chats.say(by["mentee"], simulation_id, chat, "demo-0001", "Blood sugar please", 0)
    assert running.status.value == "running"
    assert any("33 mmol/L" in one.text for one in turn.messages)


def test_a_circle_that_the_engine_formed_goes_on_with_the_mentor_who_signs_in(sign_ins, places, cohort):
    circle_id = places["circle with a mentor"]
    by = {role: Call(START, Actor(people.find_by_email(one["email"])[0])) for role, one in sign_ins.items()}
    seen = circles.read_circle(by["coordinator"], circle_id)
    active = [one for one in seen.people if one.place.is_active]
    assert [one.person.email for one in active if one.place.role.value == "lead"] == ["mentor@example.org"]
    assert (seen.circle.status.value, seen.circle.topic, seen.circle.language) == (
        "running", "scientific writing", "fr",
    )  # fmt: skip
    assert len(active) == 1 + 4 + 1, "four whom the engine found, and the mentee who signs in"
    given_up = {one.person.email: one.place.state.value for one in seen.people if not one.place.is_active}
    assert given_up == {cast(cohort).lead.email: "declined"}
    assert circles.without_lead(circle_id) is None
    held, following, last = meetings.meetings_of(by["mentee"], circle_id)
    assert [one.meeting.status.value for one in (held, following, last)] == ["closed", "planned", "planned"]
    assert held.meeting.ended_at < START < following.meeting.starts_at
    agenda = meetings.read(by["mentee"], circle_id, following.meeting.id).items
    assert {one.by for one in agenda} == {by["mentee"].actor_id, by["mentor"].actor_id}
    assert held.turns.presenter_id != following.turns.presenter_id, "turns have gone on"
    assert held.turns.host_id != following.turns.host_id
    shares = {one.person.email: one.share for one in active}
    assert shares["mentee@example.org"].percent == 100
    assert sorted(one.percent for one in shares.values())[:2] == [0, 80]
    assert sum(one.is_enough for one in shares.values()) == 5


def test_a_circle_of_peers_offers_its_last_seat_to_the_mentee_who_signs_in(sign_ins, places):
    circle_id = places["circle of peers"]
    by = {role: Call(START, Actor(people.find_by_email(one["email"])[0])) for role, one in sign_ins.items()}
    seen = circles.read_circle(by["mentee"], circle_id)
    assert (seen.circle.is_of_peers, seen.circle.seats, seen.circle.taken) == (True, 6, 6)
    assert seen.own.place.state.value == "offered"
    assert sum(one.place.is_active for one in seen.people) == 5
    assert seen.own.place.offer_ends_at > START
    assert {one.circle.id for one in circles.my_circles(by["mentee"], PageRequest(10)).items} == {
        circle_id, places["circle with a mentor"],
    }  # fmt: skip
    assert circles.take_place(by["mentee"], circle_id).place.is_active
    planned = meetings.meetings_of(by["mentee"], circle_id)
    assert len(planned) == 3
    assert all(one.meeting.starts_at > START and one.turns.host_id for one in planned)


def test_an_event_of_next_week_has_its_timetable_all_seats_taken_and_one_who_waits(sign_ins, places):
    event_id = places["speed event"]
    by = {role: Call(START, Actor(people.find_by_email(one["email"])[0])) for role, one in sign_ins.items()}
    seen = events.read_event(by["coordinator"], event_id)
    assert (seen.event.status.value, seen.event.timetable) == ("published", 1)
    assert START < seen.event.plan.starts_at < START + timedelta(days=7)
    assert seen.seats.taken == {Side.MENTOR: 5, Side.MENTEE: 8}
    assert seen.seats.waiting == {Side.MENTOR: 0, Side.MENTEE: 1}
    whole = events.read_timetable(by["coordinator"], event_id).timetable
    assert len(whole.sittings) == 25, "each mentor in each round"
    assert whole.left_out == ()
    assert whole.value == whole.bound
    mine = events.read_timetable(by["mentee"], event_id).timetable.sittings
    assert 3 <= len(mine) <= 5
    assert by["mentor"].actor_id in {one.mentor_id for one in mine}
    asked = event_questions.questions(by["mentor"], event_id).items
    assert by["mentee"].actor_id in {one.person_id for one in asked}


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
