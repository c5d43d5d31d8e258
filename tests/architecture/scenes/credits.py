"""Scenes of credit: what people took part in, claims, statements and schemes."""

from typing import Any

from tests.architecture.scenes import Others, scene, secret, somebody
from tests.architecture.scenes.organisations import staffed
from tests.architecture.scenes.series import SESSION, attended
from tests.support.world import World

RULES = "/v1/organisations/{organisation_id}/credit-rules"
STATEMENTS = "/v1/me/credit-statements"


def credited(world: World) -> dict[str, Any]:
    """Close a session at which somebody was."""
    given = attended(world)
    moved = world.post(f"{SESSION.format(**given['ids'])}/moves", {"move": "close"}, by=given["by"])
    assert moved.status == 200, moved.text
    world.follow_up()
    return given


def claim(given: dict[str, Any], scheme: str = "ama_pra") -> dict[str, Any]:
    return {"source": "series-session", "source_id": given["ids"]["session_id"], "scheme": scheme}


def claimed(world: World) -> dict[str, Any]:
    """Claim it under the organisation's own scheme."""
    given = credited(world)
    made = world.post(RULES.format(**given["ids"]), _rule(), by=given["by"])
    assert made.status == 201, made.text
    answer = world.post("/v1/me/credits", claim(given, made.json["scheme"]), by=given["member"])
    assert answer.status == 201, answer.text
    return {"by": given["member"]}


def _rule() -> dict[str, Any]:
    return {"name": secret("scheme"), "valid_from": "2026-11-01"}


@scene("GET", "/v1/me/activities")
def my_activities(world: World) -> dict[str, Any]:
    return {"by": credited(world)["member"]}


@scene("POST", "/v1/me/credits")
def claim_credit(world: World) -> dict[str, Any]:
    given = credited(world)
    return {"by": given["member"], "body": claim(given), "others": Others.HIDDEN}


@scene("GET", STATEMENTS)
def my_credit_statements(world: World) -> dict[str, Any]:
    return claimed(world)


@scene("GET", STATEMENTS + "/{year}")
def my_credit_statement(world: World) -> dict[str, Any]:
    return {**claimed(world), "ids": {"year": "2026"}}


@scene("GET", "/v1/credit-rules")
def known_credit_schemes(world: World) -> dict[str, Any]:
    return {"by": somebody(world), "others": Others.OPEN}


@scene("GET", RULES)
def list_credit_schemes(world: World) -> dict[str, Any]:
    given = staffed(world)
    ids = {"organisation_id": given["organisation"]}
    assert world.post(RULES.format(**ids), _rule(), by=given["by"]).status == 201
    return {"by": somebody(world), "ids": ids, "others": Others.OPEN}


@scene("POST", RULES)
def add_credit_rule(world: World) -> dict[str, Any]:
    given = staffed(world)
    return {**given, "ids": {"organisation_id": given["organisation"]}, "body": _rule()}
