"""Who an import meets: new people, guests, people with an account, and whom others invited."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.people import service as people
from chalicelib.people.model import NegativeWishes, PersonStatus, Unwanted
from chalicelib.people.service import SignUp
from chalicelib.programmes import service as programmes
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import EnrolmentStatus, Role, Side
from chalicelib.rosters import imports, worker
from chalicelib.rosters.imports import Counts
from chalicelib.rosters.model import parse_roster
from tests.rosters.conftest import Rosters, found, make_rosters, person, sheet


def found_by(rosters: Rosters, facet: str) -> list[str]:
    """Return who is listed under a facet in the programme's directory."""
    return programmes_store.open_mentors(rosters.programme, [facet], None, 100)[0]


def test_an_import_verifies_nobody(rosters: Rosters):
    rosters.run(person(1, verified="yes", verified_until="2030-01-01"))
    someone, _ = found("p1@hospital.example")
    assert someone.standing.verified_until is None


def test_each_person_invited_gets_one_invitation(rosters: Rosters):
    rows = [person(1), person(2)]
    rosters.run(*rows)
    rosters.run(*rows)
    rosters.run(*rows, role=Side.MENTEE)
    mails = rosters.world.messages("roster-invitation")
    ids = {found(f"p{n}@hospital.example")[0].id for n in (1, 2)}
    assert [set(one.payload) for one in mails] == [{"recipient", "programme_id"}] * 2
    assert {one.payload["recipient"] for one in mails} == ids
    assert {
        one.person_id
        for one in programmes_store.all_enrolments_in(rosters.programme)
        if one.side is Side.MENTEE
    } == ids


def test_a_guest_is_known_by_the_external_id_and_newer_rows_count(rosters: Rosters):
    rosters.run(person(1, goals="Old", capacity="2"))
    roster = rosters.run({**person(1, goals="New", capacity="5", country=""), "topics_offered": "surgery"})
    assert roster.counts == Counts(changed=1)
    someone, profile = found("p1@hospital.example")
    assert (profile.goals, profile.topics_offered, profile.capacity) == ("New", ("surgery",), 5)
    assert profile.country == "KE"  # an empty cell leaves what is there
    assert rosters.enrolments()[someone.id].capacity == 5
    rosters.world.follow_up()
    assert found_by(rosters, "topic:surgery") == [someone.id]
    assert found_by(rosters, "topic:ethics") == []


def test_a_guests_name_and_locale_are_corrected_by_a_later_row(rosters: Rosters):
    rosters.run(person(1, given_name="Amnia", family_name="Otieno", locale="fr", goals="Old"))
    before, _ = found("p1@hospital.example")
    mended = person(1, given_name="Amina", family_name="Otieno Were", locale="en", goals="New")
    assert rosters.run(mended, validate_only=True).counts == Counts(changed=1)
    assert rosters.run(mended).counts == Counts(changed=1)
    someone, profile = found("p1@hospital.example")
    assert (someone.name, someone.locale, profile.goals) == ("Amina Otieno Were", "en", "New")
    assert (someone.id, someone.status, someone.created_at) == (
        before.id,
        PersonStatus.INVITED,
        before.created_at,
    )
    assert rosters.run(mended).counts == Counts(unchanged=1)
    # An empty cell leaves what is there, and the name alone may be what is new.
    assert rosters.run(person(1, given_name="Amina M.", family_name="")).counts == Counts(changed=1)
    someone, profile = found("p1@hospital.example")
    assert (someone.name, someone.locale, profile.goals) == ("Amina M. Otieno Were", "en", "New")
    assert len(rosters.world.messages("roster-invitation")) == 1


def test_what_a_person_wrote_for_themselves_stays(rosters: Rosters):
    world = rosters.world
    mentor = world.person(
        {"goals": "Mine", "country": "CA", "capacity": 1}, email="p1@hospital.example", name="Own Name"
    )
    roster = rosters.run(person(1, goals="Theirs", capacity="5"))
    assert roster.counts == Counts(invited=1)
    someone, profile = found("p1@hospital.example")
    assert (someone.id, someone.name, profile.goals, profile.country) == (mentor, "Own Name", "Mine", "CA")
    assert world.messages("roster-invitation") == []
    assert [one.payload["recipient"] for one in world.messages("enrolment-invitation")] == [mentor]
    assert rosters.enrolments()[mentor].capacity == 5  # a new place, as the coordinator offers it
    programmes.enrol(world.call(mentor), rosters.programme, mentor, Role.MENTOR, 1)
    assert rosters.run(person(1, capacity="5")).counts == Counts(unchanged=1)
    assert rosters.enrolments()[mentor].capacity == 1


def test_a_roster_does_not_tell_who_has_an_account(rosters: Rosters):
    world = rosters.world
    world.person(email="p1@hospital.example", name="Own Name")
    elsewhere = make_rosters(world)
    elsewhere.run(person(2, given_name="Other"))
    rows = [person(n, given_name="Listed", family_name=f"Person {n}") for n in (1, 2, 3)]
    assert rosters.run(*rows, validate_only=True).counts == Counts(invited=3)
    assert rosters.run(*rows).counts == Counts(invited=3)
    path = f"/v1/programmes/{rosters.programme}/enrolments"
    shown = world.get(path, by=rosters.coordinator).json["items"]
    assert {one["name"] for one in shown} == {f"Listed Person {n}" for n in (1, 2, 3)}
    told = {(one["status"], one["person_status"], one["capacity"]) for one in shown}
    assert told == {("invited", "invited", 2)}


def test_who_is_ours_already_is_enrolled_at_once(rosters: Rosters):
    world = rosters.world
    mentor = world.person(email="p1@hospital.example")
    world.put(f"/v1/programmes/{rosters.programme}/enrolments/{mentor}", {"role": "mentee"}, by=mentor)
    assert rosters.run(person(1)).counts == Counts(enrolled=1)
    assert rosters.enrolments()[mentor].status is EnrolmentStatus.ACTIVE


def test_a_guest_who_became_themselves_is_left_alone(rosters: Rosters):
    rosters.run(person(1, goals="As invited"))
    world = rosters.world
    someone, _ = found("p1@hospital.example")
    sign_up = SignUp("p1@hospital.example", "Amina", "Own", "fr")
    claim, write = people.claim_email(someone.id, sign_up, people.find_claim(sign_up.email), world.at)
    world.write(write)
    world.write(*people.activate("p1@hospital.example", claim, world.at))
    assert rosters.run(person(1, goals="Again")).counts == Counts(unchanged=1)
    someone, profile = found("p1@hospital.example")
    assert (someone.family_name, someone.locale, profile.goals) == ("Own", "fr", "As invited")


def test_another_organisations_guest_is_enrolled_and_not_changed(rosters: Rosters):
    rosters.run(person(1, goals="From the first"))
    other = make_rosters(rosters.world)
    roster = other.run(person(1, external_id="Z-9", goals="From the second", given_name="Zed"))
    assert roster.counts == Counts(invited=1)
    someone, profile = found("p1@hospital.example")
    assert (someone.given_name, profile.goals) == ("P1", "From the first")
    assert set(other.enrolments()) == {someone.id}
    assert len(rosters.world.messages("roster-invitation")) == 2  # each programme invites once


def test_the_same_external_id_of_another_programme_is_another_person(rosters: Rosters):
    rosters.run(person(1))
    other = make_rosters(rosters.world)
    assert other.run(person(1, email="other@hospital.example")).counts == Counts(invited=1)


def test_who_left_the_programme_is_not_fetched_back(rosters: Rosters):
    rosters.run(person(1))
    someone, _ = found("p1@hospital.example")
    programmes.withdraw(rosters.world.call(rosters.coordinator), rosters.programme, someone.id, Role.MENTOR)
    roster = rosters.run(person(1))
    assert roster.counts == Counts(refused=1)
    assert [(one.row, one.column) for one in rosters.problems(roster)] == [(2, None)]


def test_a_guests_address_stays_and_it_is_said(rosters: Rosters):
    rosters.run(person(1))
    roster = rosters.run(person(1, email="typo-mended@hospital.example"))
    assert roster.counts == Counts(refused=1)
    assert [one.column for one in rosters.problems(roster)] == ["email"]
    assert people.find_by_email("typo-mended@hospital.example") is None


def test_nobody_keeps_an_address_from_being_invited_by_signing_up_with_it(rosters: Rosters):
    world = rosters.world
    sign_up = {
        "email": "p1@hospital.example",
        "password": "a long sentence",
        "given_name": "Amina",
        "family_name": "Own",
    }
    assert world.post("/v1/auth/sign-up", sign_up).status == 202
    held = people.find_by_email("p1@hospital.example")
    assert held is not None
    assert rosters.run(person(1, goals="As invited"), validate_only=True).counts == Counts(invited=1)
    assert people.get_person(held[0]) is None

    assert rosters.run(person(1, goals="As invited"), person(2)).counts == Counts(invited=2)
    someone, _ = found("p1@hospital.example")
    assert (someone.id, someone.status, someone.given_name) == (held[0], PersonStatus.INVITED, "P1")
    assert someone.id in {one.payload["recipient"] for one in world.messages("roster-invitation")}

    # The sign-up that was under way is confirmed, and becomes the invited person.
    code = {"email": "p1@hospital.example", "code": "123456"}
    assert world.post("/v1/auth/confirm", code).status == 200
    someone, profile = found("p1@hospital.example")
    assert (someone.id, someone.status, someone.name) == (held[0], PersonStatus.ACTIVE, "Amina Own")
    assert profile.goals == "As invited"
    assert held[0] in rosters.enrolments()
    signed_in = {"email": "p1@hospital.example", "password": "a long sentence"}
    assert world.post("/v1/auth/sign-in", signed_in).status == 200


def test_an_invited_person_signs_up_over_somebody_elses_sign_up(rosters: Rosters):
    world = rosters.world
    sign_up = {"email": "p1@hospital.example", "given_name": "Not", "family_name": "Them"}
    world.post("/v1/auth/sign-up", {**sign_up, "password": "the squatter's own"})
    rosters.run(person(1))
    own = {**sign_up, "password": "a long sentence", "given_name": "Amina"}
    assert world.post("/v1/auth/sign-up", own).status == 202
    confirmation = {"email": sign_up["email"], "code": "123456", "password": own["password"]}
    assert world.post("/v1/auth/confirm", confirmation).status == 200
    for password, status in (("the squatter's own", 401), (own["password"], 200)):
        body = {"email": sign_up["email"], "password": password}
        assert world.post("/v1/auth/sign-in", body).status == status
    someone, _ = found("p1@hospital.example")
    assert (someone.given_name, set(rosters.enrolments())) == ("Amina", {someone.id})


def test_a_sign_up_at_the_same_moment_as_the_import_is_invited_too(
    rosters: Rosters, monkeypatch: pytest.MonkeyPatch
):
    world, known, ids = rosters.world, worker._known, []

    def racing(*args: Any) -> Any:
        seen = known(*args)
        if not ids:
            ids.append(world.call("x").new_id())
            sign_up = SignUp("p1@hospital.example", "Amina", "Own", "fr")
            world.write(people.claim_email(ids[0], sign_up, None, world.at)[1])
        return seen

    monkeypatch.setattr(worker, "_known", racing)
    assert rosters.run(person(1)).counts == Counts(invited=1)
    assert found("p1@hospital.example")[0].id == ids[0]


def only_row(**cells: str):
    return parse_roster(sheet(person(1, **cells)), filename="r.csv", role=Side.MENTEE).rows[0]


def test_what_a_student_said_leaves_with_the_profession():
    before = only_row(profession="student", study_year="3").profile
    after = imports.merged_profile(only_row(profession="2211"), before)
    assert (after.profession, after.study_year) == ("2211", None)
    kept = imports.merged_profile(only_row(profession=""), before)
    assert (kept.profession, kept.study_year) == ("student", 3)


def test_what_consent_covered_leaves_with_the_consent():
    before = only_row(sensitive_consent="yes", gender="woman", background="rural").profile
    after = imports.merged_profile(only_row(sensitive_consent="no"), before)
    assert (after.sensitive_consent, after.gender, after.background) == (False, None, None)
    assert imports.merged_profile(only_row(), before).gender == "woman"


def test_a_row_that_makes_no_profile_with_what_is_there_is_refused():
    before = only_row().profile
    unsaid = replace(
        only_row(profession=""), profile=replace(before, study_year=3), given=frozenset({"study_year"})
    )
    with pytest.raises(imports.RowRefusedError) as refused:
        imports.merged_profile(unsaid, before)
    assert refused.value.column == "study_year"


def test_what_a_later_row_only_wishes_for_is_no_rule_any_longer():
    before = only_row(
        employer="South Clinic",
        unwanted_countries="FR; US",
        unwanted_employers="north hospital",
        not_own_employer="yes",
    ).profile
    assert imports.merged_profile(only_row(), before).negative_wishes == before.negative_wishes
    after = imports.merged_profile(
        only_row(
            employer="South Clinic", unwanted_countries_if_possible="FR", not_own_employer_if_possible="yes"
        ),
        before,
    )
    assert after.negative_wishes == NegativeWishes(
        ("US",), ("north hospital",), False, Unwanted(("FR",), (), True)
    )
    back = imports.merged_profile(
        only_row(employer="South Clinic", unwanted_countries="FR", not_own_employer="yes"), after
    )
    assert back.negative_wishes == NegativeWishes(("FR",), ("north hospital",), True)
