"""A speed event on the deployed package: the last seats, a timetable, a drop-out in round 2, and two wishes."""

from datetime import timedelta
from typing import Any

from chalicelib.kernel.clock import system_clock
from tests.journeys.deployed import Deployed
from tests.journeys.people import MENTEE, Cast, Participant, sign_up

MENTOR = {
    **MENTEE, "profession": "2212", "career_stage": "senior", "country": "CA", "topics_sought": [],
    "topics_offered": ["heart failure"],
}  # fmt: skip
HOUR = timedelta(hours=1)


def vouched_programme(cast: Cast) -> str:
    """Create a programme of reverse mentoring, whose coordinators know its mentors: no review is waited for."""
    body = {
        "organisation_id": cast.organisation, "name": "Speed", "joining": "invitation", "kind": "reverse",
    }  # fmt: skip
    programme: str = cast.coordinator.post("/v1/programmes", body)["id"]
    path = f"/v1/programmes/{programme}/what-counts"
    cast.coordinator.change("PUT", path, {"rules": [], "vouched": True})
    return programme


def joined(cast: Cast, programme: str, role: str, name: str) -> Participant:
    person = sign_up(cast.deployed, name)
    person.patch("/v1/me/profile", MENTOR if role == "mentor" else MENTEE)
    cast.coordinator.put(f"/v1/programmes/{programme}/enrolments/{person.id}", {"role": role})
    return person


def test_a_speed_event_with_a_drop_out_in_round_two(clock: Deployed, cast: Cast) -> None:
    deployed, coordinator = clock, cast.coordinator
    programme = vouched_programme(cast)
    mentors = [joined(cast, programme, "mentor", f"Mentor {name}") for name in ("One", "Two", "Three")]
    mentees = [joined(cast, programme, "mentee", f"Mentee {name}") for name in ("Ada", "Bea", "Cleo")]
    begins = (system_clock() + HOUR).replace(second=0, microsecond=0)
    plan = {
        "title": "Mentors in an hour", "starts_at": begins.isoformat(), "time_zone": "Africa/Nairobi",
        "mentor_seats": 3, "mentee_seats": 2, "rounds": 3, "link": "https://meet.example.org/speed",
    }  # fmt: skip
    event = coordinator.post(f"/v1/programmes/{programme}/events", plan)["id"]
    path = f"/v1/events/{event}"
    for one in mentors:
        one.post(f"{path}/places", {"side": "mentor"})
    taken = [one.post(f"{path}/places", {"side": "mentee"})["items"][0]["status"] for one in mentees]
    assert taken == ["taken", "taken", "waiting"]
    mentees[1].post(f"{path}/places/{mentees[1].id}", {"move": "give_back"})
    assert mentees[2].get(path)["your_place"]["status"] == "taken"
    present = [mentees[0], mentees[2]]
    present[0].put(f"{path}/questions", {"questions": ["How do I begin with research?"]})
    coordinator.post(f"{path}/moves", {"move": "publish"})
    deployed.wait_for_mail(present[1].email, lambda mail: "Mentors in an hour" in mail["text"])

    def meetings(person: Participant, *states: str) -> dict[int, Any]:
        found = person.get(f"{path}/timetable")["sittings"]
        return {one["round"]: one for one in found if not states or one["state"] in states}

    assert [sorted(meetings(one)) for one in present] == [[1, 2, 3]] * 2
    first = meetings(present[0])
    read = next(one for one in mentors if one.id == first[1]["mentor_id"])
    assert [one["questions"] for one in read.get(f"{path}/questions")["items"]] == [
        ["How do I begin with research?"]
    ]

    # Round 2 runs, and somebody who was to meet Ada in round 3 leaves.
    deployed.move_clock(HOUR + timedelta(minutes=14))
    # The look that was due a minute after the publication; else it would wait in a later test's way.
    deployed.fire("reminders")
    before = present[0].get(f"{path}/clock")
    assert (before["state"], before["running"], before["following"]) == ("round", 2, 3)
    gone = next(one for one in mentors if one.id == first[3]["mentor_id"])
    gone.post(f"{path}/places/{gone.id}", {"move": "gone"})
    deployed.wait_for(
        lambda: True if present[0].get(f"{path}/clock")["timetable"] > before["timetable"] else None
    )
    after = [meetings(one, "held", "running", "planned") for one in present]
    assert all(after[0][n]["mentor_id"] == first[n]["mentor_id"] for n in (1, 2)), "what was held stays"
    met = [{one["mentor_id"] for one in mine.values()} for mine in after]
    assert all(len(mentors_met) == len(mine) for mentors_met, mine in zip(met, after, strict=True))
    assert all(gone.id != mine[3]["mentor_id"] for mine in after if 3 in mine)

    # It is over: two would like to go on, of whom one says so first.
    deployed.move_clock(2 * HOUR)
    mentor = next(one for one in mentors if one.id == first[1]["mentor_id"])
    quiet = mentor.put(f"{path}/meetings/{present[0].id}", {"go_on": True, "note": "Keen"})
    assert quiet["mutual"] is None
    both = present[0].put(f"{path}/meetings/{mentor.id}", {"go_on": True})
    proposal = both["mutual"]["proposal_id"]
    assert [one["id"] for one in mentor.get("/v1/me/proposals")["items"]] == [proposal]
    deployed.wait_for_mail(mentor.email, lambda mail: "Mentee Ada" in mail["text"])
    for one in (mentor, present[0]):
        one.post(f"/v1/proposals/{proposal}/accept")
    assert len(mentor.get("/v1/me/mentorships")["items"]) == 1

    best = {"satisfaction": 5, "learning": 4, "practice": 4, "balance": 5}
    assert present[0].post(f"{path}/feedback", best)["yours"]["learning"] == 4

    deployed.move_clock(timedelta(days=1) + 2 * HOUR)
    assert coordinator.post(f"{path}/moves", {"move": "close"})["status"] == "closed"
    activity = deployed.wait_for(lambda: next(iter(present[0].get("/v1/me/activities")["items"]), None))
    assert (activity["part"], activity["educational_seconds"]) == ("learner", 600 * len(after[0]))
    assert activity["has_feedback"] is True
    deployed.wait_for_mail(present[1].email, lambda mail: f"/events/{event}/feedback" in mail["text"])
