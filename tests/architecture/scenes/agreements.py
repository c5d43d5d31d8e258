"""Scenes of agreements, their template, and briefings."""

from typing import Any

from tests.architecture.scenes import Others, scene, secret, somebody
from tests.architecture.scenes.mentorships import paired
from tests.architecture.scenes.programmes import enrolled, staff_of
from tests.support.world import World

AGREEMENT = "/v1/mentorships/{mentorship_id}/agreement"
TEMPLATE = "/v1/programmes/{programme_id}/agreement-template"
BRIEFINGS = "/v1/programmes/{programme_id}/briefings"
BRIEFING = BRIEFINGS + "/{country}"

RULES: dict[str, Any] = {
    "rhythm": "weekly",
    "meeting_minutes": 60,
    "response_days": 2,
    "boundaries": ["no_money"],
    "boundaries_note": secret("boundary"),
    "confidentiality": ["between_us"],
    "confidentiality_note": secret("confidence"),
    "documents": "shared_folder",
    "documents_note": secret("folder"),
    "out_of_scope": ["crisis"],
    "out_of_scope_note": secret("scope"),
}
TERMS: dict[str, Any] = {**RULES, "channels": ["chat", "video"], "fallback": "chat", "languages": ["en"]}
TOLD: dict[str, Any] = {
    "texts": [{"language": "en", "health_system": secret("system"), "customs": secret("custom")}],
    "sources": [secret("source")],
}


def drafted(world: World) -> dict[str, Any]:
    """Have a pair look at the draft of their agreement for the first time."""
    given = paired(world)
    path = AGREEMENT.format(**given["ids"])
    answer = world.get(path, by=given["mentee"])
    assert answer.status == 200, answer.text
    return {**given, "etag": answer.etag, "path": path}


def changed(world: World) -> dict[str, Any]:
    """Have the mentee change the draft, so that there is an earlier version."""
    given = drafted(world)
    answer = world.put(given["path"], TERMS, by=given["mentee"], headers={"If-Match": given["etag"]})
    assert answer.status == 200, answer.text
    return {**given, "etag": answer.etag}


def of_pair(given: dict[str, Any], **how: Any) -> dict[str, Any]:
    return {"by": given["mentor"], "ids": given["ids"], "others": Others.HIDDEN, **how}


def briefed(world: World) -> dict[str, Any]:
    """Have a coordinator tell of a country."""
    given = enrolled(world)
    given["ids"] = {**given["ids"], "country": "KE"}
    staff = staff_of(given)
    answer = world.put(BRIEFING.format(**given["ids"]), TOLD, by=staff["by"])
    assert answer.status == 200, answer.text
    return given


@scene("GET", AGREEMENT)
def read_agreement(world: World) -> dict[str, Any]:
    return of_pair(changed(world))


@scene("GET", "/v1/codes/agreement-terms")
def list_terms(world: World) -> dict[str, Any]:
    return {"by": somebody(world), "others": Others.OPEN}


@scene("PUT", AGREEMENT)
def change_agreement(world: World) -> dict[str, Any]:
    given = drafted(world)
    return of_pair(given, body=TERMS, headers={"If-Match": given["etag"]})


@scene("POST", AGREEMENT + "/sign")
def sign_agreement(world: World) -> dict[str, Any]:
    """The second signature."""
    given = changed(world)
    first = world.post(f"{given['path']}/sign", {"version": 2}, by=given["mentee"])
    assert first.status == 200, first.text
    return of_pair(given, body={"version": 2})


@scene("GET", AGREEMENT + "/versions")
def list_versions(world: World) -> dict[str, Any]:
    return of_pair(changed(world))


@scene("PUT", AGREEMENT + "/try-out")
def try_out(world: World) -> dict[str, Any]:
    return of_pair(changed(world), body={"results": [{"channel": "chat", "works": True}]})


@scene("PUT", AGREEMENT + "/about-me")
def tell_of_self(world: World) -> dict[str, Any]:
    return of_pair(drafted(world), body={"addressed_as": secret("name"), "customs": secret("custom")})


@scene("GET", TEMPLATE)
def read_template(world: World) -> dict[str, Any]:
    return staff_of(enrolled(world))


@scene("PUT", TEMPLATE)
def change_template(world: World) -> dict[str, Any]:
    return {**staff_of(enrolled(world)), "body": RULES, "headers": {"If-Match": '"0"'}}


@scene("GET", BRIEFINGS)
def list_briefings(world: World) -> dict[str, Any]:
    given = briefed(world)
    return {"by": given["mentee"], "ids": given["ids"], "others": Others.OPEN}


@scene("GET", BRIEFING)
def read_briefing(world: World) -> dict[str, Any]:
    given = briefed(world)
    return {"by": given["mentee"], "ids": given["ids"], "others": Others.OPEN}


@scene("PUT", BRIEFING)
def put_briefing(world: World) -> dict[str, Any]:
    given = enrolled(world)
    given["ids"] = {**given["ids"], "country": "KE"}
    return {**staff_of(given), "body": TOLD}


@scene("DELETE", BRIEFING)
def delete_briefing(world: World) -> dict[str, Any]:
    return {**staff_of(briefed(world)), "headers": {"If-Match": '"1"'}}
