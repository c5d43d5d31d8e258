"""A credential's whole life over HTTP, as its owner and its reviewers live it, on the deployed package."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.journeys.deployed import Deployed
from tests.journeys.people import Participant, fresh_address, problem_of, sign_in, sign_up

LICENCE = {
    "kind": "licence", "authority_id": "ca-qc-cmq", "number": "04-1234", "name_on_document": "Claire Tremblay",
    "issued_on": "2015-06-01", "expires_on": "2031-05-31",
}  # fmt: skip
QUEUE = "/v1/admin/credentials"


@dataclass
class Office:
    deployed: Deployed
    organisation: str
    admin: Participant
    coordinator: Participant
    reviewers: list[Participant]

    def path(self, rest: str) -> str:
        return f"/v1/organisations/{self.organisation}/{rest}"


@pytest.fixture(scope="module")
def office(deployed: Deployed, demo: dict[str, dict[str, str]]) -> Office:
    admin = sign_in(deployed, demo["admin"]["email"], demo["admin"]["password"])
    organisation = admin.post("/v1/organisations", {"name": "Careful Hands", "country": "CA"})["id"]
    staff = [sign_up(deployed, f"{name} Staff") for name in ("Cora", "Rae", "Rita", "Rob")]
    for person, role in zip(staff, ["coordinator", *["reviewer"] * 3], strict=True):
        admin.put(f"/v1/organisations/{organisation}/members/{person.id}", {"roles": [role]})
    return Office(deployed, organisation, admin, staff[0], staff[1:])


def claimed(reviewer: Participant, organisation: str, credential: str) -> dict[str, Any]:
    """Take the case that has waited longest, which is to be this one."""
    case: dict[str, Any] = reviewer.post(
        f"{QUEUE}/claims", {"organisation_id": organisation, "country": "CA"}
    )
    assert case["id"] == credential
    return case


def verify(reviewer: Participant, case: dict[str, Any]) -> dict[str, Any]:
    answers = {item["code"]: "yes" for item in case["checklist"]}
    done: dict[str, Any] = reviewer.post(f"{QUEUE}/{case['id']}/verify", {"checklist": answers})
    return done


def test_from_draft_to_revocation(office: Office) -> None:
    deployed, organisation = office.deployed, office.organisation
    first, second, third = office.reviewers
    etag = office.coordinator.http.get(office.path("review-policy")).headers["ETag"]
    rules = {"two_persons": "by_country", "countries": ["CA"], "target_days": 5}
    assert office.coordinator.put(office.path("review-policy"), rules, etag)["countries"] == ["CA"]

    person = sign_up(deployed, "Claire Tremblay", email=fresh_address("claire"), locale="fr")
    person.patch("/v1/me/profile", {"profession": "2212"})
    draft = person.post("/v1/me/credentials", {**LICENCE, "organisation_id": organisation, "draft": True})
    credential, mine = draft["id"], f"/v1/me/credentials/{draft['id']}"
    assert first.all(QUEUE, organisation_id=organisation) == []
    person.post(f"{mine}/submit")

    claimed(first, organisation, credential)
    assert problem_of(second.http.post(f"{QUEUE}/{credential}/claim", json={})) == (409, "claimed-by-another")
    wish = {"missing": ["number"], "text": "The register shows another number."}
    assert first.post(f"{QUEUE}/{credential}/want-more", wish)["status"] == "more_wanted"
    asked = deployed.wait_for_mail(
        person.email, lambda mail: "The register shows another number." in mail["text"]
    )
    assert 'lang="fr"' in asked["html"]
    person.put(mine, {**LICENCE, "number": "04-4321"})
    assert person.post(f"{mine}/submit")["revision"] == 2

    assert verify(first, claimed(first, organisation, credential))["stage"] == "second"
    assert problem_of(first.http.post(f"{QUEUE}/{credential}/claim", json={})) == (
        403,
        "second-person-needed",
    )
    assert verify(second, claimed(second, organisation, credential))["status"] == "verified"
    assert person.get("/v1/me")["standing"]["verified_until"].startswith("2031")

    office.coordinator.post(office.path("review-batches"), {"reason": "A breach.", "authority": "ca-qc-cmq"})
    deployed.settle()
    assert person.get(mine)["status"] == "submitted"
    assert person.get("/v1/me")["standing"]["verified_until"].startswith("2031"), "it counts meanwhile"
    for reviewer in (third, first):
        verify(reviewer, claimed(reviewer, organisation, credential))

    said = {"reason": "withdrawn_by_authority", "text": "The licence was taken back."}
    assert third.post(f"{QUEUE}/{credential}/revoke", said)["status"] == "revoked"
    assert person.get("/v1/me")["standing"]["verified_until"] is None
    deployed.wait_for_mail(person.email, lambda mail: "The licence was taken back." in mail["text"])
    deployed.settle()

    trail = person.all(f"{mine}/trail")
    assert [row["action"] for row in trail] == [
        "save", "submit", "claim", "want_more", "edit", "submit", "claim", "opine", "claim", "verify",
        "review_again", "claim", "opine", "claim", "verify", "revoke",
    ]  # fmt: skip
    checked = deployed.run("chalicelib.credentials.audit", "verify", "--organisation", organisation)
    assert checked.startswith("1 credentials, 16 rows, 0 with faults")
    counts = first.get(f"{QUEUE}/counts", organisation_id=organisation)
    assert (counts["submitted"], counts["revoked"]) == (0, 1)


def test_the_day_s_look_at_what_waits_runs_as_deployed(office: Office) -> None:
    office.deployed.tick("overdue-reviews")
