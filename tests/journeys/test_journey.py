"""The whole story over real HTTP: from sign-up to a mentorship, with mail, by the schedule's own target."""

from datetime import datetime
from typing import Any

import httpx
import pytest
from icalendar import Calendar, Event

from tests.journeys.people import (
    MENTEE,
    PASSWORD,
    Cast,
    Participant,
    anonymous,
    answered,
    code_in,
    enrol,
    fresh_address,
    problem_of,
    sign_in,
    sign_up,
    windows,
)

MENTOR = {
    "profession": "2212", "specialties": ["cardiology"], "career_stage": "senior", "country": "CA",
    "languages": [{"language": "fr", "level": "C2"}, {"language": "en", "level": "C1"}],
    "time_zone": "America/Toronto", "availability": windows("mon", "wed", "sat", start="07:00", end="12:00"),
    "channels": ["video", "chat"], "connection": "good", "topics_offered": ["heart failure"],
    "goals": "I want to share what I know of heart failure clinics.",
}  # fmt: skip


def verified_mentor(cast: Cast, name: str, locale: str, **profile: Any) -> Participant:
    mentor = sign_up(cast.deployed, name, locale=locale)
    mentor.patch("/v1/me/profile", {**MENTOR, **profile})
    claim = {
        "kind": "licence", "authority": "Collège des médecins du Québec", "number": "04-1234",
        "name_on_document": name, "country": "CA", "issued_on": "2015-06-01", "expires_on": "2031-05-31",
        "organisation_id": cast.organisation,
    }  # fmt: skip
    credential = mentor.post("/v1/me/credentials", claim)["id"]
    queue = cast.reviewer.all("/v1/admin/credentials", organisation_id=cast.organisation)
    assert credential in [one["id"] for one in queue]
    case = cast.reviewer.post(f"/v1/admin/credentials/{credential}/claim")
    checklist = {item["code"]: "yes" for item in case["checklist"]}
    cast.reviewer.post(f"/v1/admin/credentials/{credential}/verify", {"checklist": checklist})
    return mentor


def test_from_sign_up_to_mentorship(cast: Cast) -> None:
    deployed, programme = cast.deployed, cast.programme
    mentor = verified_mentor(cast, "Claire Tremblay", "fr")
    decided = deployed.wait_for_mail(mentor.email, lambda mail: "Heart Alliance" in mail["text"])
    assert decided["headers"].get("Content-Language", "fr").startswith("fr")
    assert 'lang="fr"' in decided["html"]
    assert mentor.get("/v1/me")["standing"]["verified_until"].startswith("2031")

    mentee = sign_up(deployed, "Amina Otieno")
    mentee.patch("/v1/me/profile", MENTEE)
    assert enrol(mentor, programme, "mentor", capacity=1)["free"] == 1
    assert enrol(mentee, programme, "mentee")["free"] == 1

    imported = fresh_address("baraka")
    import_roster(cast, imported)

    deployed.tick("nightly-match")
    runs = cast.coordinator.all(f"/v1/programmes/{programme}/match-runs")
    assert [run["status"] for run in runs] == ["done"]
    run = cast.coordinator.get(f"/v1/programmes/{programme}/match-runs/{runs[0]['id']}")
    assert run["report"]["pairs"] == 1

    (proposal,) = mentee.all("/v1/me/proposals")
    assert proposal["id"] == mentor.all("/v1/me/proposals")[0]["id"]
    assert proposal["mentor"]["name"] == "Claire Tremblay"
    assert "@" not in str(proposal)
    assert sum(one["points"] for one in proposal["contributions"]) == proposal["score"] > 0
    assert proposal["overlap"]["minutes_per_week"] >= 60
    assert [one["language"] for one in proposal["shared_languages"]] == ["en"]

    in_french = deployed.wait_for_mail(mentor.email, lambda mail: "Amina" in mail["text"])
    in_english = deployed.wait_for_mail(mentee.email, lambda mail: "Claire" in mail["text"])
    assert 'lang="fr"' in in_french["html"]
    assert 'lang="en"' in in_english["html"]

    first = mentee.post(f"/v1/proposals/{proposal['id']}/accept", key="yes-from-amina")
    again = mentee.post(f"/v1/proposals/{proposal['id']}/accept", key="yes-from-amina")
    assert first == again
    mentor.post(f"/v1/proposals/{proposal['id']}/accept")
    assert mentee.all("/v1/me/proposals")[0]["status"] == "agreed"
    (mentorship,) = mentee.all("/v1/me/mentorships")
    assert mentorship["id"] == mentor.all("/v1/me/mentorships")[0]["id"]
    deployed.settle()
    deployed.wait_for_mail(
        mentee.email, lambda mail: mail["id"] != in_english["id"] and "Claire" in mail["text"]
    )

    meet_and_call_off(mentor, mentee, f"/v1/mentorships/{mentorship['id']}")

    (place,) = mentor.all("/v1/me/enrolments")
    assert (place["capacity"], place["free"]) == (1, 0)
    stranger = sign_up(deployed, "Eve Stranger")
    for path in (f"/v1/mentorships/{mentorship['id']}", f"/v1/programmes/{programme}/enrolments"):
        assert stranger.http.get(path).status_code == 404

    late = sign_up(deployed, "Late Comer")
    late.patch("/v1/me/profile", MENTEE)
    enrol(late, programme, "mentee")
    asked = late.http.post("/v1/proposals", json={"programme_id": programme, "mentor_id": mentor.id})
    assert problem_of(asked) == (409, "mentor-not-available")


def meet_and_call_off(mentor: Participant, mentee: Participant, path: str) -> None:
    """Book the best time that the two have, look by as the clock does, and call it off."""
    deployed = mentee.deployed
    best, *_ = mentee.get(f"{path}/times", weeks=2)["items"]
    session = mentee.post(f"{path}/sessions", {"starts_at": best["starts_at"]}, key="we-meet")
    assert session == mentee.post(f"{path}/sessions", {"starts_at": best["starts_at"]}, key="we-meet")
    assert (session["status"], session["mentor"]["starts"]) == ("booked", best["mentor"]["starts"])
    booked = deployed.wait_for_mail(mentor.email, lambda mail: "votre séance est réservée" in mail["subject"])
    assert "Amina Otieno" in booked["text"]
    assert booked["calendar"]["method"] == "REQUEST"
    assert booked["headers"]["Content-Language"] == "fr"
    entry = in_calendar(booked["calendar"]["text"], session)
    assert (entry["STATUS"], entry["SUMMARY"]) == ("CONFIRMED", "Séance de mentorat avec Amina Otieno")
    own = deployed.wait_for_mail(mentee.email, lambda mail: "for your calendar" in mail["subject"])
    in_calendar(own["calendar"]["text"], session)
    feed = mentee.http.put("/v1/me/calendar-feed").json()["path"]
    subscribed = httpx.get(f"{deployed.url}{feed}")
    assert subscribed.headers["Content-Type"] == "text/calendar; charset=utf-8"
    in_calendar(subscribed.text, session)
    known = {"If-None-Match": subscribed.headers["ETag"]}
    assert httpx.get(f"{deployed.url}{feed}", headers=known).status_code == 304
    left = mentor.get(f"{path}/times", weeks=2)["items"]
    assert not any(
        one["starts_at"] < session["ends_at"] and session["starts_at"] < one["ends_at"] for one in left
    )
    deployed.tick("reminders")

    one = f"{path}/sessions/{session['id']}"
    etag = mentor.http.get(one).headers["ETag"]
    gone = answered(mentor.http.post(f"{one}/cancel", json={}, headers={"If-Match": etag}))
    assert gone["cancelled"]["by"] == "mentor"
    told = deployed.wait_for_mail(mentee.email, lambda mail: "your session is cancelled" in mail["subject"])
    assert told["calendar"]["method"] == "CANCEL"
    assert in_calendar(told["calendar"]["text"], session)["STATUS"] == "CANCELLED"
    assert "VEVENT" not in httpx.get(f"{deployed.url}{feed}").text


def in_calendar(text: str, session: dict[str, Any]) -> Event:
    """Return the one entry of a calendar file, seen to be that of a session."""
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert isinstance(event, Event)
    assert event["UID"] == f"{session['id']}@crossward"
    begins = event.decoded("DTSTART")
    assert isinstance(begins, datetime)
    assert begins == datetime.fromisoformat(session["starts_at"])
    return event


def test_a_mentee_finds_a_mentor_asks_and_is_told_when_the_mentor_leaves(cast: Cast) -> None:
    deployed, programme = cast.deployed, cast.programme
    mentor = verified_mentor(cast, "Lucie Lavoie", "fr", visible=False)
    enrol(mentor, programme, "mentor")
    mentee = sign_up(deployed, "Wanjiru Kamau")
    mentee.patch("/v1/me/profile", MENTEE)
    enrol(mentee, programme, "mentee")
    mentor.patch("/v1/me/profile", {"visible": True, "topics_offered": ["rheumatic fever"]})

    def found() -> list[str] | None:
        listed = mentee.all(f"/v1/programmes/{programme}/mentors", topic="rheumatic fever")
        return [one["person_id"] for one in listed] or None

    assert deployed.wait_for(found) == [mentor.id]
    asked = mentee.post(
        "/v1/proposals", {"programme_id": programme, "mentor_id": mentor.id, "message": "May I?"}
    )
    explained = deployed.wait_for(
        lambda: next((one for one in mentor.all("/v1/me/proposals") if one["score"] is not None), None), 60
    )
    assert explained["id"] == asked["id"]
    assert sum(one["points"] for one in explained["contributions"]) == explained["score"]
    assert explained["overlap"]["windows"]
    answered(
        mentor.http.delete(f"/v1/programmes/{programme}/enrolments/{mentor.id}", params={"role": "mentor"})
    )
    deployed.wait_for(lambda: mentee.all("/v1/me/proposals")[0]["status"] == "withdrawn" or None)
    (place,) = mentee.all("/v1/me/enrolments")
    assert place["free"] == 1
    deployed.wait_for_mail(mentee.email, lambda mail: "does not go ahead" in mail["text"])


def import_roster(cast: Cast, address: str) -> None:
    """Upload a roster with one good row and one bad one, and become the person whom it invites."""
    deployed, coordinator, programme = cast.deployed, cast.coordinator, cast.programme
    rows = [
        "external_id;email;given_name;family_name;role;profession;country;languages;time_zone;availability;channels",
        f"H-1;{address};Baraka;Mwangi;mentee;2211;KE;sw:C2;Africa/Nairobi;mon 17:00-19:00;chat",
        "H-2;not-an-address;Bad;Row;mentee;2211;KE;sw:C2;Africa/Nairobi;mon 17:00-19:00;chat",
    ]
    job = coordinator.post(f"/v1/programmes/{programme}/roster", {"filename": "roster.csv"})
    upload = job["upload"]
    content = ("\ufeff" + "\r\n".join(rows)).encode()
    sent = httpx.post(
        upload["url"], data=upload["fields"], files={"file": ("roster.csv", content)}, timeout=60
    )
    assert sent.is_success, sent.text
    path = f"/v1/programmes/{programme}/rosters/{job['id']}"

    def finished() -> dict[str, Any] | None:
        state: dict[str, Any] = coordinator.get(path)
        return state if state["finished_at"] else None

    done = deployed.wait_for(finished)
    assert (done["counts"]["invited"], done["counts"]["refused"]) == (1, 1)
    (problem,) = coordinator.all(f"{path}/problems")
    assert (problem["row"], problem["column"]) == (3, "email")
    deployed.wait_for_mail(address)
    baraka = sign_up(deployed, "Baraka Mwangi", email=address)
    (enrolment,) = baraka.all("/v1/me/enrolments")
    assert enrolment["programme_id"] == programme


def test_tokens_for_something_else_are_refused(cast: Cast) -> None:
    with anonymous(cast.deployed) as http:
        body = {"email": cast.coordinator.email, "password": PASSWORD}
        tokens = http.post("/v1/auth/sign-in", json=body).json()
        for token in (tokens["id_token"], tokens["access_token"][:-6] + "AAAAAA", "e30.e30.e30"):
            refused = http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
            assert refused.status_code in (401, 403)
            assert refused.headers["content-type"] == "application/problem+json"


def test_signing_out_ends_the_refresh_token(cast: Cast) -> None:
    person = sign_up(cast.deployed, "Sana Signout")
    with anonymous(cast.deployed) as http:
        body = {"email": person.email, "password": PASSWORD}
        tokens = http.post("/v1/auth/sign-in", json=body).json()
        refreshed = http.post("/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
        assert refreshed.status_code == 200
        person.post("/v1/auth/sign-out")


def test_a_stranger_who_signs_up_last_gets_nothing_by_it(cast: Cast) -> None:
    email = fresh_address("amina")
    own = {"email": email, "password": PASSWORD, "given_name": "Amina", "family_name": "Own", "locale": "fr"}
    with anonymous(cast.deployed) as http:
        assert http.post("/v1/auth/sign-up", json=own).status_code == 202
        theirs = {**own, "password": "the stranger's sentence"}
        assert http.post("/v1/auth/sign-up", json=theirs).status_code == 202
        mails = cast.deployed.mails(email)
        assert [one["subject"] for one in mails] == ["Confirmez votre adresse pour Crossward"] * 2
        confirmation = {"email": email, "code": code_in(mails[0])}
        refused = http.post("/v1/auth/confirm", json={**confirmation, "code": "000000"})
        assert problem_of(refused) == (422, "code-refused")
        assert problem_of(http.post("/v1/auth/confirm", json=confirmation)) == (409, "password-not-kept")
        for one in (own, theirs):
            body = {"email": email, "password": one["password"]}
            assert problem_of(http.post("/v1/auth/sign-in", json=body)) == (401, "sign-in-refused")
        assert http.post("/v1/auth/forgot-password", json={"email": email}).status_code == 202
        mail = cast.deployed.mails(email)[0]
        assert mail["subject"] == "Votre code pour un nouveau mot de passe Crossward"
        assert '<html lang="fr"' in mail["html"]
        reset = {"email": email, "code": code_in(mail), "new_password": "chosen by the mailbox"}
        assert http.post("/v1/auth/reset-password", json=reset).status_code == 200
    assert sign_in(cast.deployed, email, "chosen by the mailbox").email == email


def test_the_user_pool_takes_no_sign_up_past_the_api(cast: Cast) -> None:
    pool = cast.deployed.client("cognito-idp")
    email = fresh_address("stranger")
    with pytest.raises(pool.exceptions.UserLambdaValidationException):
        pool.sign_up(
            ClientId=cast.deployed.place.data["UserPoolClientId"], Username="01M80FPM80E95VRKZKGW7J41EH",
            Password=PASSWORD, UserAttributes=[{"Name": "email", "Value": email}],
        )  # fmt: skip
    assert cast.deployed.mails(email) == []


def test_a_forgotten_password_is_set_anew_by_mail(cast: Cast) -> None:
    person = sign_up(cast.deployed, "Fola Forgetful")
    known = {mail["id"] for mail in cast.deployed.mails(person.email)}
    with anonymous(cast.deployed) as http:
        assert http.post("/v1/auth/forgot-password", json={"email": person.email}).status_code == 202
        mail = cast.deployed.wait_for_mail(
            person.email, lambda one: one["id"] not in known and code_in(one) is not None
        )
        new = "another sentence of mine"
        body = {"email": person.email, "code": code_in(mail), "new_password": new}
        assert http.post("/v1/auth/reset-password", json=body).status_code == 200
    assert sign_in(cast.deployed, person.email, new).id == person.id


def test_no_address_or_name_is_in_the_logs(cast: Cast) -> None:
    person = sign_up(cast.deployed, "Zuzana Kanarienvogel")
    person.patch(
        "/v1/me/profile", {**MENTEE, "goals": "kanarienvogel goals", "employer": "Kanarienvogel Clinic"}
    )
    cast.deployed.settle()
    lines = cast.deployed.log_lines()
    assert any("PATCH /v1/me/profile" in line for line in lines)
    for canary in ("anarienvogel", person.email, "kanarienvogel goals"):
        assert not [line for line in lines if canary in line]
