"""A credential's whole life over HTTP, as its owner, its reviewers and an auditor live it, on the deployed package: one
story from a draft with real files to the file that an auditor takes home."""

import hashlib
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from botocore import auth

from chalicelib.platform import vault
from infra.package import ROOT
from tests.credentials.evidence.files import jpeg, pdf, png, stream
from tests.journeys.deployed import Deployed
from tests.journeys.people import (
    MENTEE,
    Participant,
    enrol,
    fresh_address,
    mentee_of,
    problem_of,
    run_once,
    sign_in,
    sign_up,
)

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


def verify(reviewer: Participant, case: dict[str, Any], **body: str) -> dict[str, Any]:
    answers = {item["code"]: "yes" for item in case["checklist"]}
    done: dict[str, Any] = reviewer.post(f"{QUEUE}/{case['id']}/verify", {"checklist": answers, **body})
    return done


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

    return deployed.wait_for(look)


@dataclass
class Story:
    """Who lives it, and with which credential."""

    office: Office
    person: Participant
    credential: str

    @property
    def mine(self) -> str:
        return f"/v1/me/credentials/{self.credential}"

    @property
    def case(self) -> str:
        return f"{QUEUE}/{self.credential}"

    @property
    def files(self) -> str:
        return f"{self.mine}/evidence"


def test_from_a_draft_with_files_to_revocation_and_the_auditor_s_file(
    office: Office, clock: Deployed, emulator: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deployed = clock
    story = begun(office)
    found = files_sent_to_quarantine(story)
    no_form_or_link_but_ours_holds(story, monkeypatch)
    story.person.post(f"{story.mine}/submit")
    link = claimed_looked_at_and_asked_for_more(story, found, monkeypatch)
    handed_in_again(story)
    verified_by_two(story)
    programme, waiting = in_a_programme(story)
    verified_anew_until_tomorrow(story)

    deployed.move_clock(timedelta(days=3))
    unmatchable_in_the_night_of_expiry(story, programme, waiting)
    revoked(story)
    taken_home_by_an_auditor(story, tmp_path)

    deployed.move_clock(EVIDENCE_KEPT + timedelta(days=3, hours=1))
    deployed.fire("tidy-evidence")  # after so long, reminders of other tests are due: they are not for here
    gone = {one["id"]: one for one in story.person.get(story.files)["items"]}
    assert {one["state"] for one in gone.values()} == {"deleted"}
    licence = found["licence.pdf"]
    assert gone[licence["id"]]["sha256"] == licence["sha256"], "its hash stays"
    opened = office.reviewers[0].http.get(f"{story.case}/evidence/{licence['id']}")
    assert problem_of(opened) == (409, "evidence-not-accepted")
    assert httpx.get(link, timeout=60).status_code == 404
    checked = deployed.run("chalicelib.credentials.audit", "verify", "--organisation", office.organisation)
    assert checked.startswith("1 credentials, ")
    assert " 0 with faults" in checked


def begun(office: Office) -> Story:
    """Rules that want evidence and two persons, and a draft that only its owner sees."""
    first = office.reviewers[0]
    etag = office.coordinator.http.get(office.path("review-policy")).headers["ETag"]
    rules = {
        "two_persons": "by_country", "countries": ["CA"], "target_days": 5, "needs_evidence": ["licence"]
    }  # fmt: skip
    assert office.coordinator.put(office.path("review-policy"), rules, etag)["countries"] == ["CA"]
    person = sign_up(office.deployed, "Claire Tremblay", email=fresh_address("claire"), locale="fr")
    profile = {"profession": "2212", "career_stage": "senior", "topics_offered": ["heart failure"]}
    person.patch("/v1/me/profile", {**MENTEE, **profile})
    claim = {**LICENCE, "organisation_id": office.organisation}
    assert problem_of(person.http.post("/v1/me/credentials", json=claim)) == (409, "evidence-needed")
    story = Story(office, person, person.post("/v1/me/credentials", {**claim, "draft": True})["id"])
    assert problem_of(person.http.post(f"{story.mine}/submit", json={})) == (409, "evidence-needed")
    assert first.all(QUEUE, organisation_id=office.organisation) == []
    return story


def files_sent_to_quarantine(story: Story) -> dict[str, dict[str, Any]]:
    """A real PDF and images are accepted, and whatever is not what it says is refused with a reason."""
    person, files, deployed = story.person, story.files, story.office.deployed
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
    assert send(person, files, "infected.pdf", pdf(extra={5: stream(EICAR)})).is_success
    assert send(person, files, "eicar.pdf", EICAR).is_success
    found = {one["name"]: one for one in settled(deployed, person, files, 6)}
    assert {name: (one["state"], one["reason"]) for name, one in found.items()} == {
        "scan.pdf": ("awaited", None), "licence.pdf": ("accepted", None), "card.jpg": ("accepted", None),
        "card.png": ("accepted", None), "licence.docx.pdf": ("rejected", "other_type"),
        "infected.pdf": ("rejected", "malware"), "eicar.pdf": ("rejected", found["eicar.pdf"]["reason"]),
    }  # fmt: skip
    told = deployed.wait_for_mail(person.email, lambda mail: "infected.pdf" in mail["text"])
    assert "Un logiciel malveillant" in told["text"]
    return found


def no_form_or_link_but_ours_holds(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a form whose time is over, nor one with a field of its own or a key of somebody's choosing."""
    monkeypatch.setattr(vault, "client", story.office.deployed.client)
    late = vault.presigned_post("x/y/z", content_type="application/pdf", sizes=(1, 100), expires_in=-60)
    refused = post(asdict(late), "a.pdf", b"%PDF")
    assert (refused.status_code, "expired" in refused.text) == (403, True)
    opened = story.person.post(story.files, {"name": "b.pdf", "type": "pdf"})["upload"]
    for more in (
        {"x-amz-tagging": "GuardDutyMalwareScanStatus=NO_THREATS_FOUND"},
        {"key": "mine"},
        {"Content-Type": "text/html"},
    ):
        changed = {**opened, "fields": {**opened["fields"], **more}}
        assert post(changed, "b.pdf", pdf()).status_code == 403, more


def claimed_looked_at_and_asked_for_more(
    story: Story, found: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> str:
    """One reviewer has the case, opens a file by a link of two minutes, which is returned, and wants more."""
    office, case = story.office, story.case
    first, second, _ = office.reviewers
    assert claimed(first, office.organisation, story.credential)["status"] == "in_review"
    assert problem_of(second.http.post(f"{case}/claim", json={})) == (409, "claimed-by-another")
    assert [one["state"] for one in first.get(case)["evidence"]].count("accepted") == 3
    licence = found["licence.pdf"]
    link = first.get(f"{case}/evidence/{licence['id']}")
    opened = httpx.get(link["url"], timeout=60)
    assert opened.content == pdf(2)
    assert hashlib.sha256(opened.content).hexdigest() == licence["sha256"] == link["sha256"]
    assert opened.headers["content-disposition"].startswith("attachment")
    assert opened.headers["content-type"] == "application/pdf"
    assert problem_of(first.http.get(f"{case}/evidence/{found['infected.pdf']['id']}")) == (
        409, "evidence-not-accepted",
    )  # fmt: skip
    (row,) = [one for one in first.all(f"{case}/trail") if one["action"] == "open_evidence"]
    assert (row["actor"], row["detail"]["evidence"]) == (first.id, licence["id"])
    with monkeypatch.context() as patch:
        patch.setattr(auth, "get_current_datetime", lambda: datetime.now(UTC) - timedelta(minutes=3))
        key = link["url"].partition("?")[0].split("/", 4)[4]
        old = vault.presigned_link(key, content_type="application/pdf", file_name="a.pdf", expires_in=120)
    expired = httpx.get(old, timeout=60)
    assert (expired.status_code, "expired" in expired.text) == (403, True)

    wish = {"missing": ["number", "evidence"], "text": "The register shows another number."}
    assert first.post(f"{case}/want-more", wish)["status"] == "more_wanted"
    asked = office.deployed.wait_for_mail(story.person.email, lambda mail: wish["text"] in mail["text"])
    assert 'lang="fr"' in asked["html"]
    return str(link["url"])


def handed_in_again(story: Story) -> None:
    """Another wording, which overwrites nothing, and one file more."""
    assert send(story.person, story.files, "register.png", png(), kind="png").is_success
    settled(story.office.deployed, story.person, story.files, 7)
    story.person.put(story.mine, {**LICENCE, "number": "04-4321"})
    assert story.person.post(f"{story.mine}/submit")["revision"] == 2


def verified_by_two(story: Story) -> None:
    first, second, _ = story.office.reviewers
    organisation, credential = story.office.organisation, story.credential
    assert verify(first, claimed(first, organisation, credential))["stage"] == "second"
    assert problem_of(first.http.post(f"{story.case}/claim", json={})) == (403, "second-person-needed")
    assert story.person.get("/v1/me")["standing"]["verified_until"] is None, "one word of two is none"
    assert verify(second, claimed(second, organisation, credential))["status"] == "verified"
    assert story.person.get("/v1/me")["standing"]["verified_until"].startswith("2031")


def in_a_programme(story: Story) -> tuple[str, Participant]:
    """The mentor is found and asked; return the programme, and who waits for an answer."""
    office = story.office
    body = {"organisation_id": office.organisation, "name": "Careful Hearts", "cadence": "manual"}
    programme = str(office.coordinator.post("/v1/programmes", body)["id"])
    enrol(story.person, programme, "mentor", capacity=2)
    mentee = mentee_of(office.deployed, programme, "Baraka Mwangi")
    (shown,) = mentee.all(f"/v1/programmes/{programme}/mentors")
    assert (shown["person_id"], len(shown["badges"])) == (story.person.id, 1)
    mentee.post("/v1/proposals", {"programme_id": programme, "mentor_id": story.person.id, "message": ""})
    return programme, mentee


def verified_anew_until_tomorrow(story: Story) -> None:
    """The register was breached: it is reviewed again by two, and counts meanwhile."""
    office, person = story.office, story.person
    first, _, third = office.reviewers
    office.coordinator.post(office.path("review-batches"), {"reason": "A breach.", "authority": "ca-qc-cmq"})
    office.deployed.settle()
    assert person.get(story.mine)["status"] == "submitted"
    assert person.get("/v1/me")["standing"]["verified_until"].startswith("2031"), "it counts meanwhile"
    tomorrow = str((datetime.now(UTC) + timedelta(days=1)).date())
    for reviewer in (third, first):
        verify(reviewer, claimed(reviewer, office.organisation, story.credential), valid_until=tomorrow)
    assert person.get(story.mine)["valid_until"] == tomorrow


def unmatchable_in_the_night_of_expiry(story: Story, programme: str, waiting: Participant) -> None:
    """The night after the last day: expired, told so, no match, no open proposal, not found any more."""
    office, person = story.office, story.person
    newcomer = mentee_of(office.deployed, programme, "Wanjiru Njeri")
    office.deployed.fire("expiry-notices")
    assert person.get(story.mine)["status"] == "expired"
    assert run_once(office.deployed, office.coordinator, programme)["report"]["pairs"] == 0
    office.deployed.wait_for_mail(person.email, lambda mail: "expiré" in mail["subject"])
    assert newcomer.all("/v1/me/proposals") == []
    assert [one["status"] for one in waiting.all("/v1/me/proposals")] == ["withdrawn"]
    assert newcomer.all(f"/v1/programmes/{programme}/mentors") == []


def revoked(story: Story) -> None:
    third, person = story.office.reviewers[2], story.person
    said = {"reason": "withdrawn_by_authority", "text": "The licence was taken back."}
    assert third.post(f"{story.case}/revoke", said)["status"] == "revoked"
    assert person.get("/v1/me")["standing"]["verified_until"] is None
    story.office.deployed.wait_for_mail(person.email, lambda mail: said["text"] in mail["text"])
    moves = [row["action"] for row in person.all(f"{story.mine}/trail") if "evidence" not in row["action"]]
    assert moves == [
        "save", "submit", "claim", "view", "want_more", "edit", "submit", "claim", "opine", "claim", "verify",
        "review_again", "claim", "opine", "claim", "verify", "revoke",
    ]  # fmt: skip
    counts = third.get(f"{QUEUE}/counts", organisation_id=story.office.organisation)
    assert (counts["submitted"], counts["revoked"]) == (0, 1)


def taken_home_by_an_auditor(story: Story, home: Path) -> None:
    """An admin takes the trail out alone and with all others; both files are checked without any access."""
    office, admin = story.office, story.office.admin
    trail = admin.http.get(f"{story.case}/trail.csv")
    assert problem_of(story.office.reviewers[0].http.get(f"{story.case}/trail.csv")) == (403, "role-refused")
    ordered = admin.post("/v1/admin/trail-exports", {"organisation_id": office.organisation})["id"]
    office.deployed.settle()
    export = admin.get(f"/v1/admin/trail-exports/{ordered}")
    assert (export["status"], export["trails"]) == ("done", 1)
    whole = httpx.get(admin.get(f"/v1/admin/trail-exports/{ordered}/file")["url"], timeout=60)
    assert whole.headers["content-disposition"].startswith("attachment")
    alone = {name: value for name, value in os.environ.items() if not name.startswith("AWS")}
    for name, answer, said in (
        ("trail.csv", trail, f"1 credentials, {export['rows'] - 1} rows, 0 faults"),
        ("all.jsonl", whole, f"1 credentials, {export['rows']} rows, 0 faults"),
    ):
        (home / name).write_bytes(answer.content)
        command = [sys.executable, "-m", "chalicelib.credentials.audit", "verify", "--file", str(home / name)]
        checked = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        assert (checked.returncode, checked.stdout.startswith(said)) == (0, True), checked
    assert export["digest"] in checked.stdout


def test_the_day_s_look_at_what_waits_runs_as_deployed(office: Office) -> None:
    office.deployed.fire("overdue-reviews")
