"""What a mentorship goes through with its mentor's verification, on the deployed package with the domain's clock moved:
it expires at night, the mentorship goes on for a grace and pauses, it is renewed, and at last revoked."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.journeys.deployed import Deployed
from tests.journeys.people import (
    MENTEE,
    Cast,
    Participant,
    answered,
    enrol,
    mentee_of,
    problem_of,
    run_once,
    sign_up,
)

LICENCE = {
    "kind": "licence", "authority": "Medical Council", "name_on_document": "Claire Tremblay", "country": "KE",
    "issued_on": "2015-06-01", "expires_on": "2035-05-31",
}  # fmt: skip


def verified(cast: Cast, mentor: Participant, number: str, until: str) -> str:
    """Have a reviewer verify another licence of a mentor's."""
    claim = {**LICENCE, "number": number, "organisation_id": cast.organisation}
    credential = str(mentor.post("/v1/me/credentials", claim)["id"])
    case = cast.reviewer.post(f"/v1/admin/credentials/{credential}/claim")
    checklist = {item["code"]: "yes" for item in case["checklist"]}
    body = {"checklist": checklist, "valid_until": until}
    cast.reviewer.post(f"/v1/admin/credentials/{credential}/verify", body)
    return credential


def test_from_a_mentorship_over_expiry_grace_and_pause_to_revocation(cast: Cast, clock: Deployed) -> None:
    deployed, coordinator = clock, cast.coordinator
    body = {"organisation_id": cast.organisation, "name": "Short grace", "grace_days": 1, "cadence": "manual"}
    programme = coordinator.post("/v1/programmes", body)["id"]
    mentor = sign_up(deployed, "Claire Tremblay", locale="fr")
    profile = {**MENTEE, "topics_offered": ["heart failure"], "profession": "2212", "career_stage": "senior"}
    mentor.patch("/v1/me/profile", profile)
    # A licence counts up to midnight of its own country: at most two days from now, at any hour of ours.
    tomorrow = (datetime.now(ZoneInfo("Africa/Nairobi")) + timedelta(days=1)).date()
    first = verified(cast, mentor, "A 1", str(tomorrow))
    enrol(mentor, programme, "mentor", capacity=2)
    mentee = mentee_of(deployed, programme, "Amina Otieno")
    asked = mentee.post("/v1/proposals", {"programme_id": programme, "mentor_id": mentor.id, "message": ""})
    mentor.post(f"/v1/proposals/{asked['id']}/accept")

    def shown(person: Participant = mentee) -> tuple[str, Any]:
        (one,) = person.all("/v1/me/mentorships")
        return one["status"], one["verification"]

    def tasks(status: str = "open") -> list[Any]:
        return coordinator.all(f"/v1/programmes/{programme}/tasks", status=status)

    # The night after the last day: a banner and a task.
    deployed.move_clock(timedelta(days=2))
    deployed.tick("expiry-notices")
    status, banner = shown()
    assert (status, banner["loss"]) == ("forming", None)
    assert [one["reason"] for one in tasks()] == ["verification_expired"]
    deployed.wait_for_mail(mentee.email, lambda mail: "is being renewed" in mail["text"])
    deployed.wait_for_mail(mentor.email, lambda mail: "se poursuit entre-temps" in mail["text"])
    deployed.fire("look-at-mentorships")
    told = deployed.wait_for_mail(coordinator.email, lambda mail: "Short grace" in mail["subject"])
    assert "Claire Tremblay" in told["text"]

    # After the grace: paused, until a reviewer has verified the new licence.
    deployed.move_clock(timedelta(days=3))
    assert shown()[0] == "paused"
    deployed.fire("look-at-mentorships")
    deployed.wait_for_mail(mentee.email, lambda mail: "is paused" in mail["text"])
    again = verified(cast, mentor, "A 2", "2034-01-31")
    deployed.settle()
    assert shown() == shown(mentor) == ("forming", None)
    assert [one["ended"] for one in tasks("done")] == ["renewed"]
    deployed.wait_for_mail(mentee.email, lambda mail: "your mentorship goes on" in mail["text"])

    # Revoked: paused at once, and a coordinator has the word once the mentor is verified anew.
    said = {"reason": "false_document", "text": "The stamp is forged."}
    cast.reviewer.post(f"/v1/admin/credentials/{again}/revoke", said)
    deployed.settle()
    (mentorship,) = mentee.all("/v1/me/mentorships")
    assert mentorship["status"] == "paused"
    resume = f"/v1/mentorships/{mentorship['id']}/resume"
    assert problem_of(coordinator.http.post(resume)) == (409, "mentor-not-verified")
    verified(cast, mentor, "A 3", "2034-01-31")
    deployed.settle()
    assert shown()[0] == "paused"
    assert [one["reason"] for one in tasks()] == ["verified_again"]
    assert answered(coordinator.http.post(resume))["status"] == "forming", (
        "their agreement is still to be signed"
    )
    assert shown() == ("forming", None)

    # Ended by one of the two: over at once, since it was not signed, and the next night looks for another mentor.
    ended = mentee.post(f"/v1/mentorships/{mentorship['id']}/end", {"reason": "not_the_right_fit"})
    assert (ended["status"], ended["ending"]["reason"]) == ("closed", None)
    deployed.wait_for_mail(mentee.email, lambda mail: "looks for another mentor" in mail["text"])
    deployed.wait_for_mail(mentor.email, lambda mail: "est arrivé à son terme" in mail["text"])
    run_once(deployed, coordinator, programme)
    assert [one["status"] for one in mentee.all("/v1/me/proposals")] == ["agreed"], (
        "not with the same one again"
    )
    deployed.settle()
    for mail in deployed.mails(mentee.email):
        for word in ("forged", "A 1", "A 2", "revoked", first, again):
            assert word not in mail["text"]
