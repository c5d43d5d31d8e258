"""A credential's whole life over HTTP, as its owner and its reviewers live it, on the deployed package."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from botocore import auth

from chalicelib.platform import vault
from tests.credentials.evidence.files import jpeg, pdf, png, stream
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


EVIDENCE_KEPT = timedelta(days=90)
# Each half is harmless to a scanner that reads this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def send(
    person: Participant,
    path: str,
    name: str,
    content: bytes,
    *,
    kind: str = "pdf",
    announced: int | None = None,
) -> httpx.Response:
    """Announce a file, and post it as a browser would."""
    opened = person.post(path, {"name": name, "type": kind, **({"size": announced} if announced else {})})
    return post(opened["upload"], name, content)


def post(upload: dict[str, Any], name: str, content: bytes) -> httpx.Response:
    return httpx.post(upload["url"], data=upload["fields"], files={"file": (name, content)}, timeout=60)


def settled(deployed: Deployed, person: Participant, path: str, count: int) -> list[dict[str, Any]]:
    """Return the files of a credential once so many are accepted or rejected."""

    def look() -> list[dict[str, Any]] | None:
        files: list[dict[str, Any]] = person.get(path)["items"]
        done = [one for one in files if one["state"] in ("accepted", "rejected")]
        return files if len(done) == count else None

    return deployed.wait_for(look, 60)


def test_evidence_from_quarantine_to_its_deletion(
    office: Office, emulator: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed, organisation = office.deployed, office.organisation
    reviewer = office.reviewers[0]
    etag = office.coordinator.http.get(office.path("review-policy")).headers["ETag"]
    rules = {"two_persons": "never", "needs_evidence": ["licence"]}
    office.coordinator.put(office.path("review-policy"), rules, etag)

    person = sign_up(deployed, "Claire Tremblay", email=fresh_address("claire"), locale="fr")
    claim = {**LICENCE, "number": "04-9999", "organisation_id": organisation}
    direct = person.http.post("/v1/me/credentials", json=claim)
    assert problem_of(direct) == (409, "evidence-needed")
    credential = person.post("/v1/me/credentials", {**claim, "draft": True})["id"]
    mine, case = f"/v1/me/credentials/{credential}", f"{QUEUE}/{credential}"
    files = f"{mine}/evidence"

    infected = pdf(extra={5: stream(EICAR)})
    assert problem_of(person.http.post(f"{mine}/submit", json={})) == (409, "evidence-needed")
    big = person.http.post(files, json={"name": "scan.pdf", "type": "pdf", "size": 10_100_000})
    assert (big.status_code, big.json()["errors"][0]["pointer"]) == (422, "/size")
    path_in_name = person.http.post(files, json={"name": "../licence.pdf", "type": "pdf"})
    assert (path_in_name.status_code, path_in_name.json()["errors"][0]["pointer"]) == (422, "/name")
    too_large = send(person, files, "scan.pdf", pdf() + bytes(10_100_000))
    assert (too_large.status_code, "EntityTooLarge" in too_large.text) == (400, True)
    assert send(person, files, "licence.pdf", pdf(2)).is_success
    assert send(person, files, "card.jpg", jpeg(), kind="jpeg").is_success
    assert send(person, files, "card.png", png(), kind="png").is_success
    assert send(person, files, "licence.docx.pdf", b"PK\x03\x04 a zip").is_success
    assert send(person, files, "infected.pdf", infected).is_success
    assert send(person, files, "eicar.pdf", EICAR).is_success
    found = {one["name"]: one for one in settled(deployed, person, files, 6)}
    assert {name: (one["state"], one["reason"]) for name, one in found.items()} == {
        "scan.pdf": ("awaited", None), "licence.pdf": ("accepted", None), "card.jpg": ("accepted", None),
        "card.png": ("accepted", None), "licence.docx.pdf": ("rejected", "other_type"),
        "infected.pdf": ("rejected", "malware"), "eicar.pdf": ("rejected", found["eicar.pdf"]["reason"]),
    }  # fmt: skip
    told = deployed.wait_for_mail(person.email, lambda mail: "infected.pdf" in mail["text"])
    assert "Un logiciel malveillant" in told["text"]

    # A form whose time is over, one with a field of its own, and a key of somebody's choosing.
    monkeypatch.setattr(vault, "client", deployed.client)
    late = vault.presigned_post("x/y/z", content_type="application/pdf", sizes=(1, 100), expires_in=-60)
    refused = post(asdict(late), "a.pdf", b"%PDF")
    assert (refused.status_code, "expired" in refused.text) == (403, True)
    opened = person.post(files, {"name": "b.pdf", "type": "pdf"})["upload"]
    for more in (
        {"x-amz-tagging": "GuardDutyMalwareScanStatus=NO_THREATS_FOUND"},
        {"key": "mine"},
        {"Content-Type": "text/html"},
    ):
        changed = {**opened, "fields": {**opened["fields"], **more}}
        assert post(changed, "b.pdf", pdf()).status_code == 403, more

    person.post(f"{mine}/submit")
    assert claimed(reviewer, organisation, credential)["status"] == "in_review"
    shown = reviewer.get(case)["evidence"]
    assert [one["state"] for one in shown].count("accepted") == 3
    licence = found["licence.pdf"]
    link = reviewer.get(f"{case}/evidence/{licence['id']}")
    opened_file = httpx.get(link["url"], timeout=60)
    assert opened_file.content == pdf(2)
    assert hashlib.sha256(opened_file.content).hexdigest() == licence["sha256"] == link["sha256"]
    assert opened_file.headers["content-disposition"].startswith("attachment")
    assert opened_file.headers["content-type"] == "application/pdf"
    assert problem_of(reviewer.http.get(f"{case}/evidence/{found['infected.pdf']['id']}")) == (
        409, "evidence-not-accepted",
    )  # fmt: skip
    (row,) = [one for one in reviewer.all(f"{case}/trail") if one["action"] == "open_evidence"]
    assert (row["actor"], row["detail"]["evidence"]) == (reviewer.id, licence["id"])
    with monkeypatch.context() as patch:
        patch.setattr(auth, "get_current_datetime", lambda: datetime.now(UTC) - timedelta(minutes=3))
        key = link["url"].partition("?")[0].split("/", 4)[4]
        old = vault.presigned_link(key, content_type="application/pdf", file_name="a.pdf", expires_in=120)
    expired = httpx.get(old, timeout=60)
    assert (expired.status_code, "expired" in expired.text) == (403, True)

    verify(reviewer, reviewer.get(case))
    deployed.move_clock(EVIDENCE_KEPT + timedelta(hours=1))
    try:
        deployed.fire(
            "tidy-evidence"
        )  # after so long, reminders of other tests are due: they are not for here
        gone = {one["id"]: one for one in person.get(files)["items"]}
        assert {one["state"] for one in gone.values()} == {"deleted"}
        assert gone[licence["id"]]["sha256"] == licence["sha256"]
        assert problem_of(reviewer.http.get(f"{case}/evidence/{licence['id']}")) == (
            409,
            "evidence-not-accepted",
        )
    finally:
        deployed.move_clock(timedelta())
    assert httpx.get(link["url"], timeout=60).status_code == 404
    checked = deployed.run("chalicelib.credentials.audit", "verify", "--organisation", organisation)
    assert " 0 with faults" in checked


def test_the_day_s_look_at_what_waits_runs_as_deployed(office: Office) -> None:
    office.deployed.tick("overdue-reviews")
