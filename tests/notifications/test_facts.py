"""Each kind of mail from the change that causes it: to whom it goes, what it says then, and when it is not sent."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.credentials.evidence import contained
from chalicelib.credentials.evidence.inspection import inspect
from chalicelib.credentials.expiring import tell_expiring
from chalicelib.kernel.clock import to_text
from chalicelib.kernel.ids import new_id
from chalicelib.mentorships.health import due_store
from chalicelib.mentorships.jobs import expire_proposals, look_at_mentorships
from chalicelib.notifications import facts, service, store
from chalicelib.notifications.letters import CredentialFacts
from chalicelib.notifications.model import Kind, Outcome
from chalicelib.people import service as people
from chalicelib.people.model import PersonStatus, Profile
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import Enrolment, Side
from tests.credentials.evidence.desk import desk
from tests.credentials.support import reject, revoke, submitted, verify
from tests.mentorships.feedback.pairs import make_hall
from tests.mentorships.goals.pair import make_pair
from tests.mentorships.pairs import GRACE, paired
from tests.mentorships.scene import Scene, fire, make_scene
from tests.mentorships.test_expiry import OVER
from tests.notifications.post import PostOffice, opened


@pytest.fixture
def scene(office: PostOffice) -> Scene:
    """A programme with one pair that a run has proposed; no mail has gone yet."""
    made = make_scene(office.world)
    made.mentor()
    made.mentee()
    made.match()
    return made


def read(office: PostOffice, person: str) -> list[tuple[str, str]]:
    """Return subject and text of each mail that a person got, in the order of sending."""
    found = people.get_person(person)
    assert found is not None
    got = [opened(one) for one in office.sent if one["Destination"]["ToAddresses"] == [found.email]]
    return [(one.subject, one.text) for one in got]


def outcomes(office: PostOffice, kind: Kind, *people_: str) -> list[str | None]:
    """Return how the one mail of a kind to each person ended."""
    ends = []
    for person in people_:
        [message] = [
            one for one in office.seen.values() if one.kind == kind and one.payload["recipient"] == person
        ]
        result = store.get_result(message.id)
        ends.append(result.outcome if result else None)
    return ends


def live(office: PostOffice, **how: float) -> None:
    """Let time pass, having noted what waits."""
    office.seen.update({one.id: one for one in office.world.messages()})
    office.live(timedelta(hours=12 if how.get("days") else 1), **how)


def answer(office: PostOffice, scene: Scene, person: str, word: str) -> None:
    [proposal] = [one for one in scene.proposals(person) if one["status"] == "open"]
    body = {"reason": "no_time", "text": "Too many shifts."} if word == "decline" else {}
    reply = office.world.post(f"/v1/proposals/{proposal['id']}/{word}", body, by=person)
    assert reply.status == 200, reply.text


def test_every_kind_has_a_reader() -> None:
    assert set(facts.READERS) == set(Kind)


def test_both_sides_read_of_a_proposal_each_on_their_own_clock(office: PostOffice, scene: Scene) -> None:
    mentor, mentee = scene.mentors[0], scene.mentees[0]
    live(office, minutes=5)
    [(subject, to_mentee)] = read(office, mentee)
    assert subject == "Hearts across borders: a mentor for you"
    for words in ("Claire Tremblay", "Specialist medical practitioners", "Cardiology", "Canada", "English",
                  "Nairobi time", "Heart Alliance", "http://127.0.0.1:8000/proposals/"):  # fmt: skip
        assert words in to_mentee
    assert "Sunday, 29 November 2026 at 12:00 (Nairobi time)" in to_mentee
    # What both gave: Toronto 07:00 to 12:00 is Nairobi 15:00 to 20:00 in winter.
    assert "- Monday, 15:00 to 20:00" in to_mentee
    [(subject, to_mentor)] = read(office, mentor)
    assert subject == "Hearts across borders: a mentee for you"
    assert "Amina Otieno" in to_mentor
    assert "Toronto time" in to_mentor
    assert "- Monday, 7:00\u202fa.m. to 12:00\u202fp.m." in to_mentor
    assert "Too many" not in to_mentor


def test_a_reader_of_french_reads_the_same_change_in_french(office: PostOffice) -> None:
    made = make_scene(office.world)
    made.mentor()
    mentee = made.mentee()
    assert office.world.patch("/v1/me", {"locale": "fr"}, by=mentee).status == 200
    made.match()
    live(office, minutes=5)
    [(subject, text)] = read(office, mentee)
    assert subject == "Hearts across borders\u00a0: nous avons un mentor à vous proposer"
    assert "Médecins spécialistes" in text
    assert "dimanche 29 novembre 2026" in text
    [sent] = [one for one in office.sent if one["Content"]["Simple"]["Subject"]["Data"] == subject]
    assert {"Name": "Content-Language", "Value": "fr"} in sent["Content"]["Simple"]["Headers"]


def test_one_yes_tells_the_other_side_and_two_tell_both(office: PostOffice, scene: Scene) -> None:
    mentor, mentee = scene.mentors[0], scene.mentees[0]
    live(office, minutes=5)
    answer(office, scene, mentor, "accept")
    live(office, minutes=5)
    assert [subject for subject, _ in read(office, mentor)] == ["Hearts across borders: a mentee for you"]
    assert "Claire Tremblay has agreed to be your mentor" in read(office, mentee)[-1][1]
    answer(office, scene, mentee, "accept")
    live(office, minutes=5)
    for person in (mentor, mentee):
        subject, text = read(office, person)[-1]
        assert subject == "Hearts across borders: your mentorship begins"
        assert "/mentorships" in text
    # The reminders come due, and there is nothing left to remind of.
    live(office, days=6)
    assert outcomes(office, Kind.PROPOSAL_EXPIRING, mentor, mentee) == ["moot", "moot"]
    assert not any(
        "please answer" in subject for person in (mentor, mentee) for subject, _ in read(office, person)
    )


def test_an_answer_before_the_mail_makes_it_moot(office: PostOffice, scene: Scene) -> None:
    mentor, mentee = scene.mentors[0], scene.mentees[0]
    answer(office, scene, mentor, "accept")
    live(office, minutes=5)
    assert outcomes(office, Kind.PROPOSAL_MADE, mentor, mentee) == ["moot", "sent"]
    assert read(office, mentor) == []


def test_a_no_tells_the_other_side_and_gives_no_reason(office: PostOffice, scene: Scene) -> None:
    mentor, mentee = scene.mentors[0], scene.mentees[0]
    live(office, minutes=5)
    answer(office, scene, mentor, "decline")
    live(office, minutes=5)
    subject, text = read(office, mentee)[-1]
    assert subject == "Hearts across borders: a proposal does not go ahead"
    assert "shifts" not in text
    assert "no_time" not in text
    assert len(read(office, mentor)) == 1
    live(office, days=6)
    assert outcomes(office, Kind.PROPOSAL_EXPIRING, mentor, mentee) == ["moot", "moot"]


def test_who_has_not_answered_is_reminded_and_both_read_of_the_end(office: PostOffice, scene: Scene) -> None:
    mentor, mentee = scene.mentors[0], scene.mentees[0]
    answer(office, scene, mentee, "accept")
    live(office, minutes=5)
    live(office, days=5.5)
    assert outcomes(office, Kind.PROPOSAL_EXPIRING, mentor, mentee) == ["sent", "moot"]
    subject, text = read(office, mentor)[-1]
    assert subject == "Hearts across borders: please answer by Sunday, November 29, 2026"
    assert "that you mentor Amina Otieno still waits" in text
    live(office, days=2)
    fire(expire_proposals)
    live(office, minutes=5)
    for person in (mentor, mentee):
        assert read(office, person)[-1][0] == "Hearts across borders: a proposal has lapsed"


def test_a_mentor_who_is_asked_and_then_no_longer(office: PostOffice) -> None:
    made = make_scene(office.world)
    mentor, mentee = made.mentor(), made.mentee()
    body = {"programme_id": made.programme, "mentor_id": mentor, "message": "Will you?"}
    asked = office.world.post("/v1/proposals", body, by=mentee)
    assert asked.status == 201, asked.text
    live(office, minutes=5)
    [(subject, text)] = read(office, mentor)
    assert subject == "Hearts across borders: a mentee asks for you"
    assert "Amina Otieno asks you to be their mentor" in text
    assert "Languages that you share: English" in text
    assert read(office, mentee) == []
    taken = office.world.post(f"/v1/proposals/{asked.json['id']}/withdraw", {}, by=mentee)
    assert taken.status == 200, taken.text
    live(office, minutes=5)
    assert "does not go ahead" in read(office, mentor)[-1][0]


def test_a_credential_s_owner_reads_of_the_decision(office: PostOffice) -> None:
    world = office.world
    organisation = world.organisation()
    reviewer, person = world.reviewer(organisation), world.person()
    assert verify(world, submitted(world, person), reviewer, valid_until="2027-01-01").status == 200
    assert reject(world, submitted(world, person, number="B 2"), reviewer).status == 200
    live(office, minutes=5)
    texts = dict(read(office, person))
    verified = texts["Your credential has been verified"]
    assert "Friday, 1 January 2027" in verified
    assert "Kenya Medical Practitioners and Dentists Council" in verified
    assert "Heart Alliance" in verified
    rejected = texts["Your credential could not be verified"]
    assert "The authority’s register does not have it." in rejected
    assert "The register does not know this number." in rejected
    # The number and the name on the document stay where they are.
    assert "10423" not in verified + rejected
    assert "Amina W." not in verified + rejected


def test_a_verification_that_has_run_out_before_the_mail_is_moot(office: PostOffice) -> None:
    world = office.world
    reviewer, person = world.reviewer(world.organisation()), world.person()
    assert verify(world, submitted(world, person), reviewer, valid_until="2026-11-23").status == 200
    office.world.at += timedelta(days=3)
    live(office, minutes=5)
    assert outcomes(office, Kind.CREDENTIAL_VERIFIED, person) == ["moot"]


def test_who_has_a_credential_that_ends_reads_how_long_it_counts(office: PostOffice) -> None:
    world = office.world
    organisation = world.organisation()
    reviewer, person = world.reviewer(organisation), world.person()
    assert verify(world, submitted(world, person), reviewer, valid_until="2027-01-31").status == 200
    world.at = datetime(2027, 1, 2, 1, tzinfo=UTC)
    assert tell_expiring(world.at) == 1
    live(office, minutes=5)
    text = dict(read(office, person))["Your credential expires on Sunday, 31 January 2027"]
    assert "Days left: 29" in text
    assert "Kenya Medical Practitioners and Dentists Council" in text
    assert "10423" not in text
    world.at = datetime(2027, 2, 1, 1, tzinfo=UTC)
    assert tell_expiring(world.at) == 1
    live(office, minutes=5)
    assert read(office, person)[-1][0] == "Your credential has expired"


def test_a_notice_that_is_late_or_of_what_was_revoked_is_moot(office: PostOffice) -> None:
    world = office.world
    reviewer, late, gone = world.reviewer(world.organisation()), world.person(), world.person()
    for person in (late, gone):
        assert verify(world, submitted(world, person), reviewer, valid_until="2027-01-31").status == 200
    world.at = datetime(2027, 1, 25, 1, tzinfo=UTC)
    assert tell_expiring(world.at) == 2
    [credential] = world.get("/v1/me/credentials", by=gone).json["items"]
    assert revoke(world, credential["id"], reviewer).status == 200
    world.at += timedelta(days=7)
    live(office, minutes=5)
    assert outcomes(office, Kind.CREDENTIAL_EXPIRING, late, gone) == ["moot", "moot"]


@pytest.mark.parametrize("side", list(Side))
def test_an_invited_person_reads_the_programme_s_name_and_how_to_begin(
    office: PostOffice, side: Side
) -> None:
    world, made = office.world, make_scene(office.world)
    person = world.person(email="new@hospital.example", status=PersonStatus.INVITED)
    enrolment = Enrolment(made.programme, person, side, 1, 1, enrolled_at=world.at)
    world.write(programmes_store.put_enrolment(enrolment, world.at))
    payload = {"recipient": person, "programme_id": made.programme}
    office.put(f"roster-invitation:{made.programme}:{person}", "roster-invitation", payload)
    live(office, minutes=5)
    [(subject, text)] = read(office, person)
    assert subject == "Your invitation to the mentoring programme Hearts across borders"
    assert f"take part as a {side.value}" in text
    assert "with this address, new@hospital.example" in text
    assert "/sign-up" in text


@pytest.mark.parametrize("side", list(Side))
def test_another_organisations_person_reads_who_invites_them_until_they_decide(
    office: PostOffice, side: Side
) -> None:
    world, made, earlier = office.world, make_scene(office.world), make_scene(office.world)
    person = world.person(email="known@hospital.example")
    earlier.enrol(person, "mentee")
    path = f"/v1/programmes/{made.programme}/enrolments/{person}"
    assert world.put(path, {"role": side.value}, by=made.coordinator).json["status"] == "invited"
    live(office, minutes=5)
    [(subject, text)] = read(office, person)
    assert subject == "Your invitation to the mentoring programme Hearts across borders"
    assert f"take part as a {side.value}" in text
    assert f"/programmes/{made.programme}" in text
    assert "/sign-up" not in text


@pytest.mark.parametrize("decision", ["joins", "declines"])
def test_who_has_decided_before_the_mail_is_not_invited(office: PostOffice, decision: str) -> None:
    world, made, earlier = office.world, make_scene(office.world), make_scene(office.world)
    person = world.person()
    earlier.enrol(person, "mentee")
    path = f"/v1/programmes/{made.programme}/enrolments/{person}"
    world.put(path, {"role": "mentee"}, by=made.coordinator)
    if decision == "joins":
        assert world.put(path, {"role": "mentee"}, by=person).json["status"] == "active"
    else:
        assert world.delete(path, by=person, query={"role": "mentee"}).status == 204
    live(office, minutes=5)
    assert outcomes(office, Kind.ENROLMENT_INVITATION, person) == ["moot"]
    assert office.sent == []


def test_who_has_become_themselves_or_left_is_not_invited_again(office: PostOffice) -> None:
    world, made = office.world, make_scene(office.world)
    active = world.person()
    elsewhere = world.person(status=PersonStatus.INVITED)
    enrolment = Enrolment(made.programme, active, Side.MENTEE, 1, 1, enrolled_at=world.at)
    world.write(programmes_store.put_enrolment(enrolment, world.at))
    for person in (active, elsewhere):
        payload = {"recipient": person, "programme_id": made.programme}
        office.put(f"roster-invitation:{made.programme}:{person}", "roster-invitation", payload)
    live(office, minutes=5)
    assert outcomes(office, Kind.ROSTER_INVITATION, active, elsewhere) == ["moot", "moot"]
    assert office.sent == []


def test_a_second_sign_up_tells_the_holder_alone(office: PostOffice) -> None:
    person = office.world.person(email="amina@example.org")
    body = {
        "email": "amina@example.org",
        "password": "long enough, surely",
        "given_name": "X",
        "family_name": "Y",
    }
    assert office.world.post("/v1/auth/sign-up", body).status in (200, 202)
    live(office, minutes=5)
    [(subject, text)] = read(office, person)
    assert subject == "You already have a Crossward account"
    assert "Hello Amina Otieno" in text


def test_what_is_gone_is_moot_for_every_kind(office: PostOffice) -> None:
    """Persons, proposals and credentials can be erased between the change and the mail."""
    gone = new_id(office.world.at)
    ids = (
        "recipient", "proposal_id", "credential_id", "programme_id", "organisation_id", "mentorship_id", "goal_id",
        "session_id", "concern_id", "introduction_id", "person_id", "by", "series_id", "case_id", "simulation_id",
        "circle_id", "meeting_id",
        "event_id", "other",
    )  # fmt: skip
    counts = {"fresh": 1, "waiting": 1, "paused": 1, "ready": 0}
    payload = {**dict.fromkeys(ids, gone), **counts, "mentors": [gone], "since": to_text(office.world.at)}
    payload |= {
        "due_on": "2027-03-15",
        "round": "pulse-1",
        "starts_at": to_text(office.world.at),
        "state": "returned",
        "phase": "pre",
    }
    for kind in Kind:
        office.put(f"{kind}:{gone}:{gone}", kind, payload)
    live(office, minutes=5)
    assert {kind: outcomes(office, kind, gone) for kind in Kind} == {kind: ["moot"] for kind in Kind}
    assert office.sent == []


def test_a_stranger_s_proposal_is_no_reason_for_a_mail(office: PostOffice, scene: Scene) -> None:
    stranger = office.world.person()
    [proposal] = scene.proposals(scene.mentees[0])
    payload = {"recipient": stranger, "proposal_id": proposal["id"]}
    message = office.put("proposal-made:x:stranger", "proposal-made", payload)
    live(office, minutes=5)
    result = store.get_result(message)
    assert result is not None
    assert result.outcome == "moot"
    assert read(office, stranger) == []


def test_a_proposal_s_facts_cost_two_round_trips_more(office: PostOffice, scene: Scene) -> None:
    [message] = [
        one for one in office.world.messages("proposal-made") if one.payload["recipient"] in scene.mentees
    ]
    with office.world.counted() as calls:
        assert service.deliver(message.id, office.world.at) is Outcome.SENT
    assert calls == [
        "BatchGetItem",  # the message
        "GetItem", "BatchGetItem", "GetItem",  # the proposal; both persons' rows; the organisation's name
        "BatchGetItem",  # mark, suppression and choices
        "TransactWriteItems", "TransactWriteItems",  # the claim, and the end
    ]  # fmt: skip


def test_a_person_with_an_empty_profile_reads_dates_in_utc(office: PostOffice, scene: Scene) -> None:
    mentee = scene.mentees[0]
    profile = people.get_person_and_profile(mentee)[1]
    from chalicelib.people import store as people_store

    bare = Profile(mentee, version=profile.version, created_at=profile.created_at)
    office.world.write(people_store.put_profile(bare, office.world.at))
    live(office, minutes=5)
    [(_, text)] = read(office, mentee)
    assert "(UTC)" in text


def latest(office: PostOffice, person: str, mails: int) -> str:
    """Return the latest mails to a person, subjects and all, in whichever order they came."""
    return "\n\n".join(f"{subject}\n{text}" for subject, text in read(office, person)[-mails:])


@pytest.mark.usefixtures("no_programme_digests")
def test_both_sides_and_coordinators_read_of_a_lapse_a_pause_and_its_end(office: PostOffice) -> None:
    """As to the words; who is told when is shown where the moves are (tests/mentorships/test_renewing.py)."""
    pair = paired(make_scene(office.world))
    coordinator = pair.scene.coordinator
    live(office, minutes=5)
    pair.expire()
    fire(look_at_mentorships)
    live(office, minutes=5)
    subject, text = read(office, pair.mentee)[-1]
    assert subject == "Hearts across borders: the mentor’s verification is being renewed"
    assert "The verification of your mentor Claire Tremblay is being renewed." in text
    assert "until Wednesday, 23 December 2026 at 00:00 (Nairobi time)" in text
    # The mentor hears of the credential itself too, by another mail of the same instant.
    assert "No credential of yours counts at present" in latest(office, pair.mentor, 2)
    subject, text = read(office, coordinator)[-1]
    assert subject == "Hearts across borders: verifications of mentors"
    assert "Mentors: Claire Tremblay" in text

    office.world.at = OVER + GRACE
    fire(look_at_mentorships)
    live(office, minutes=5)
    assert "is paused: the mentor’s verification is being renewed." in read(office, pair.mentee)[-1][1]
    assert "Please do not meet" in latest(office, pair.mentor, 2)
    assert "Paused until their mentor is verified again: 1" in read(office, coordinator)[-1][1]

    pair.verify_again()
    office.world.follow_up()
    live(office, minutes=5)
    for person in (pair.mentee, pair.mentor):
        assert "Hearts across borders: your mentorship goes on" in latest(office, person, 2)


def test_both_read_the_same_of_an_end_whoever_ended_it_and_why(office: PostOffice) -> None:
    pair = paired(make_scene(office.world))
    live(office, minutes=5)
    office.sent.clear()
    body = {"reason": "not_the_right_fit", "words": "We do not get on."}
    ended = office.world.post(f"/v1/mentorships/{pair.id}/end", body, by=pair.mentor)
    assert ended.status == 200
    live(office, minutes=5)
    [(subject, to_mentee)], [(_, to_mentor)] = read(office, pair.mentee), read(office, pair.mentor)
    assert subject == "Hearts across borders: time for a closing conversation"
    assert "Until Sunday, 6 December 2026 there is time for a closing conversation" in to_mentee
    first, second = (
        text.split("You get this mail")[0].split("\n\n", 1)[1] for text in (to_mentee, to_mentor)
    )
    # Each in their country's way of writing a day.
    second = second.replace("December 6, 2026", "6 December 2026").replace("Amina Otieno", "Claire Tremblay")
    assert first == second, "but for the names"
    office.world.at = OVER + GRACE
    fire(look_at_mentorships)
    live(office, minutes=5)
    closed = read(office, pair.mentee)[-1][1]
    assert "Your mentorship with Claire Tremblay has come to its end. Thank you" in closed
    assert "the next match looks for another mentor for you. If you would rather wait, say so" in closed
    for person in (pair.mentee, pair.mentor):
        assert not any("get on" in text or "fit" in text for _, text in read(office, person))


def test_who_is_verified_before_the_mail_leaves_is_no_news(office: PostOffice) -> None:
    pair = paired(make_scene(office.world))
    live(office, minutes=5)
    office.world.at = OVER + GRACE
    fire(look_at_mentorships)
    pair.verify_again()
    office.world.follow_up()
    fire(look_at_mentorships)
    office.sent.clear()
    live(office, minutes=5)
    assert outcomes(office, Kind.MENTORSHIP_PAUSED, pair.mentee, pair.mentor) == ["moot", "moot"]


def test_whose_goal_it_is_reads_that_its_day_is_near_and_that_it_is_over(office: PostOffice) -> None:
    pair = make_pair(office.world)
    office.world.write(due_store.put_due(pair.id, None, office.world.at))  # no mail of its health
    pair.written(by=pair.mentor)
    office.world.at = datetime(2027, 3, 9, 5, tzinfo=UTC)
    fire(look_at_mentorships)
    live(office, minutes=5)
    [(subject, text)] = read(office, pair.mentee)
    assert subject == "Hearts across borders: a goal of yours is due on Monday, 15 March 2027"
    assert "in your mentorship with Claire Tremblay is due within a week" in text
    assert "Goal: Lead the morning round alone" in text

    assert office.world.patch("/v1/me", {"locale": "fr"}, by=pair.mentee).status == 200
    office.world.at = datetime(2027, 3, 16, 5, tzinfo=UTC)
    fire(look_at_mentorships)
    live(office, minutes=5)
    subject, text = read(office, pair.mentee)[-1]
    assert subject == "Hearts across borders\u00a0: l’échéance d’un de vos objectifs est passée"
    assert "Échéance passée\u00a0: lundi 15 mars 2027" in text
    assert read(office, pair.mentor) == []


def test_what_became_of_a_goal_before_the_mail_leaves_is_no_news(office: PostOffice) -> None:
    pair = make_pair(office.world)
    office.world.write(due_store.put_due(pair.id, None, office.world.at))  # no mail of its health
    goals = [pair.written() for _ in range(3)]
    office.world.at = datetime(2027, 3, 9, 5, tzinfo=UTC)
    fire(look_at_mentorships)
    assert pair.move(goals[0], "reach", note="There").status == 200
    assert pair.change(goals[1], due_on="2027-04-15").status == 200
    office.world.at = datetime(2027, 3, 15, 21, tzinfo=UTC)  # so late that it is over
    office.seen.update({one.id: one for one in office.world.messages()})
    live(office, minutes=5)
    assert read(office, pair.mentee) == []
    ends = [store.get_result(one) for one in office.seen if one.startswith("goal-due:")]
    assert [end.outcome if end else None for end in ends] == ["moot"] * 3


def test_who_has_not_answered_is_asked_with_a_link_and_who_has_is_not(office: PostOffice) -> None:
    couple = make_hall(office.world).couple()
    assert office.world.patch("/v1/me", {"locale": "fr"}, by=couple.mentor).status == 200
    office.world.pass_time(days=1)
    fire(look_at_mentorships)
    live(office, minutes=5)
    [(subject, text)] = read(office, couple.mentee)
    assert subject == "Hearts across borders: a survey on your mentorship"
    assert "Your mentorship with Claire Tremblay begins." in text
    [(subject, text)] = read(office, couple.mentor)
    assert subject == "Hearts across borders\u00a0: une enquête sur votre mentorat"
    assert "Votre mentorat avec Amina Otieno commence." in text
    assert f"/mentorships/{couple.id}/feedback/start" in text

    office.world.pass_time(days=29)
    fire(look_at_mentorships)
    assert couple.answer("pulse-1", 4).status == 200
    live(office, minutes=5)
    assert len(read(office, couple.mentee)) == 1
    subject, text = read(office, couple.mentor)[-1]
    assert subject == "Hearts across borders\u00a0: comment se passe votre mentorat\u00a0?"
    assert "qu’au moins cinq personnes ensemble ont répondu" in text


def test_a_refused_file_is_told_with_its_name_and_why(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contained, "inspect_contained", inspect)
    sender = desk(office.world, by=office.world.person(locale="fr", email="refused@example.org"))
    sender.sent(b"PK\x03\x04", name="permis.docx")
    (message,) = office.world.messages(Kind.EVIDENCE_REJECTED)
    letter = facts.letter_for(message, office.world.at)
    assert letter is not None
    assert letter.recipient.email == "refused@example.org"
    assert isinstance(letter.facts, CredentialFacts)
    assert letter.facts.file_name == "permis.docx"
    assert "une archive ZIP" in letter.facts.reason_text
    (file,) = sender.files()
    path = f"{sender.mine}/evidence/{file['id']}"
    assert office.world.delete(path, by=sender.person).status == 204
    assert facts.letter_for(message, office.world.at) is None, "it was taken back"
