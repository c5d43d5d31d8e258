"""A circle on the deployed package: formed, published, run and closed, with exact minutes, credit and certificates."""

from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.zones import wall_at
from tests.journeys.deployed import Deployed
from tests.journeys.people import Cast, Participant, enrol, mentee_of, problem_of, sign_up, windows

ALWAYS = windows("mon", "tue", "wed", "thu", "fri", "sat", "sun", start="00:00", end="24:00")
MENTOR = {
    "profession": "2212", "specialties": ["cardiology"], "career_stage": "senior", "country": "CA",
    "languages": [{"language": "en", "level": "C2"}], "time_zone": "America/Toronto", "availability": ALWAYS,
    "channels": ["chat", "video"], "connection": "good", "topics_offered": ["heart failure"],
}  # fmt: skip
LATER = timedelta(hours=2)
"""After the meeting, by the clock of the service."""


def verified_mentor(cast: Cast, programme: str) -> Participant:
    """Have a mentor sign up, be verified and enrol."""
    mentor = sign_up(cast.deployed, "Claire Tremblay")
    mentor.patch("/v1/me/profile", MENTOR)
    claim = {
        "kind": "licence", "authority": "College of Physicians and Surgeons of Ontario", "number": "04-7755",
        "country": "CA", "name_on_document": "Claire Tremblay", "issued_on": "2015-06-01",
        "expires_on": str((system_clock() + timedelta(days=900)).date()), "organisation_id": cast.organisation,
    }  # fmt: skip
    credential = mentor.post("/v1/me/credentials", claim)["id"]
    case = cast.reviewer.post(f"/v1/admin/credentials/{credential}/claim")
    checklist = {item["code"]: "yes" for item in case["checklist"]}
    cast.reviewer.post(f"/v1/admin/credentials/{credential}/verify", {"checklist": checklist})
    enrol(mentor, programme, "mentor", capacity=1)
    return mentor


def test_a_circle_is_formed_run_and_closed(clock: Deployed, cast: Cast) -> None:
    deployed, coordinator = clock, cast.coordinator
    programme = coordinator.post(
        "/v1/programmes",
        {"organisation_id": cast.organisation, "name": "Circles of Hearts", "cadence": "manual"},
    )["id"]
    mentor = verified_mentor(cast, programme)
    members = [mentee_of(deployed, programme, f"Amina{n} Otieno") for n in range(3)]
    late = mentee_of(deployed, programme, "Rosa Lima")
    plan = {"least": 3, "most": 3, "topics": ["heart failure"], "minutes": 60, "meetings": 1}
    coordinator.put(f"/v1/programmes/{programme}/circle-plan", plan)

    # Worked out, looked at, and published as it was looked at.
    forming = f"/v1/programmes/{programme}/circle-forming"
    coordinator.post(forming, {"move": "form"}, key="form-hearts")

    def of_state(state: str) -> Any:
        def look() -> Any:
            seen = coordinator.get(forming)
            return seen if seen["status"] == state else None

        return deployed.wait_for(look)

    shown = of_state("ready")
    assert (shown["circles"], shown["placed"], shown["placed_bound"], shown["left_out"]) == (1, 3, 3, 1)
    (formed,) = shown["formed"]
    assert [one["person_id"] for one in formed["leads"]] == [mentor.id]
    placed = {one["person_id"] for one in formed["members"]}
    everybody = {one.id: one for one in (*members, late)}
    inside = [everybody[one] for one in sorted(placed)]
    (outside,) = [one for one in everybody.values() if one.id not in placed]
    coordinator.change("POST", forming, {"move": "publish"}, of=forming)
    assert of_state("published")["published"] == 1

    circle = deployed.wait_for(lambda: next(iter(mentor.get("/v1/circles")["items"]), None))["id"]
    path = f"/v1/circles/{circle}"
    for one in (mentor, *inside):
        assert one.put(f"{path}/places", {})["state"] == "active"
    assert problem_of(outside.http.get(f"{path}/meetings")) == (404, "not-found")

    # One leaves; who waited moves up.
    assert outside.put(f"{path}/places", {})["position"] == 1
    leaver, *stay = inside
    assert leaver.http.delete(f"{path}/places").status_code == 204
    deployed.wait_for(lambda: outside.get(path)["place"]["state"] == "offered" or None)
    assert outside.put(f"{path}/places", {})["state"] == "active"
    stay.append(outside)
    people = {one["person_id"] for one in stay[0].get(path)["people"]}
    assert people == {mentor.id, *(one.id for one in stay)}

    # A meeting, with an agenda and turns, joined on our page.
    soon = (system_clock() + timedelta(minutes=30)).replace(second=0, microsecond=0)
    begins = soon - timedelta(minutes=soon.minute % 15)
    wall = wall_at(begins, "Africa/Nairobi")
    body = {"on": str(wall.date()), "at": wall.strftime("%H:%M"), "time_zone": "Africa/Nairobi"}
    (meeting,) = mentor.post(f"{path}/meetings", body)["items"]
    at = f"{path}/meetings/{meeting['id']}"
    assert {meeting["presenter_id"], meeting["host_id"]} <= {one.id for one in stay}
    stay[0].post(f"{at}/moves", {"move": "add_item", "title": "Diuretics", "note": "I am unsure"})
    assert [one["note"] for one in coordinator.get(at)["agenda"]] == [""]
    mentor.post(f"{at}/moves", {"move": "begin"})
    for one in (mentor, *stay[:2]):
        one.post(f"{at}/attendance", {"kind": "join", "device": "page"})
    deployed.move_clock(LATER)
    begun = datetime.fromisoformat(mentor.get(at)["begun_at"])
    ended = (begun + timedelta(minutes=60)).isoformat()
    mentor.post(f"{at}/moves", {"move": "end", "ended_at": ended})
    mentor.http.put(
        f"{at}/attendance", json={"person_id": stay[0].id, "minutes": 60, "reason": "Joined in time"}
    ).raise_for_status()
    mentor.post(f"{at}/moves", {"move": "close"})

    def recorded(person: Participant) -> Any:
        return deployed.wait_for(lambda: next(iter(person.get("/v1/me/activities")["items"]), None))

    # Of an hour, five minutes open it and five close it.
    learner = recorded(stay[0])
    assert (learner["part"], learner["educational_seconds"], learner["presented_seconds"]) == (
        "learner",
        3000,
        0,
    )
    assert recorded(mentor)["part"] == "facilitator"

    # Closed: the record, certificates of who was there, and free places again.
    coordinator.post(f"{path}/moves", {"move": "close", "reason": "All meetings were held"})
    deployed.wait_for(lambda: len(coordinator.get(f"{path}/certificates")["items"]) == 3 or None)
    attended = {
        one["person_id"]: one["attended"] for one in coordinator.get(path)["people"] if one["attended"]
    }
    assert (attended[stay[0].id]["percent"], attended[stay[2].id]["percent"]) == (100, 0)
    assert mentor.get("/v1/circles")["items"][0]["status"] == "closed"
