"""Scenes of programmes, enrolments and the directory."""

from typing import Any

from tests.architecture.scenes import Others, mentee, mentor, scene, secret, somebody
from tests.architecture.scenes.organisations import FIRST, staffed
from tests.support.world import World


def programme(world: World, **rules: Any) -> dict[str, Any]:
    """Add an active programme, with a coordinator who acts for it."""
    given = staffed(world)
    texts = {"name": secret("programme"), "description": secret("text")}
    body = {"organisation_id": given["organisation"], **texts, **rules}
    answer = world.post("/v1/programmes", body, by=given["by"])
    assert answer.status == 201, answer.text
    return {**given, "ids": {"programme_id": answer.json["id"]}}


def enrol(world: World, given: dict[str, Any], person: str, role: str) -> None:
    """Enrol a person by the programme's coordinator."""
    path = f"/v1/programmes/{given['ids']['programme_id']}/enrolments/{person}"
    answer = world.put(path, {"role": role}, by=given["by"])
    assert answer.status == 200, answer.text


def enrolled(world: World, **rules: Any) -> dict[str, Any]:
    """Add a programme with a mentee and a mentor in it."""
    given = programme(world, **rules)
    people = {"mentee": mentee(world), "mentor": mentor(world)}
    for role, person in people.items():
        enrol(world, given, person, role)
    return {**given, **people}


def staff_of(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("organisation", "by", "ids")}


@scene("GET", "/v1/programmes")
def list_programmes(world: World) -> dict[str, Any]:
    programme(world)
    return {"by": somebody(world), "others": Others.OPEN}


@scene("POST", "/v1/programmes")
def create_programme(world: World) -> dict[str, Any]:
    given = staffed(world)
    body = {"organisation_id": given["organisation"], "name": secret("programme")}
    return {**given, "body": body}


@scene("GET", "/v1/programmes/{programme_id}")
def read_programme(world: World) -> dict[str, Any]:
    given = programme(world)
    return {"by": somebody(world), "ids": given["ids"], "others": Others.OPEN}


@scene("PATCH", "/v1/programmes/{programme_id}")
def change_programme(world: World) -> dict[str, Any]:
    return {**programme(world), "body": {"description": secret("text")}, "headers": FIRST}


@scene("GET", "/v1/programmes/{programme_id}/what-counts")
def read_what_counts(world: World) -> dict[str, Any]:
    given = programme(world)
    return {"by": somebody(world), "ids": given["ids"], "others": Others.OPEN}


@scene("PUT", "/v1/programmes/{programme_id}/what-counts")
def change_what_counts(world: World) -> dict[str, Any]:
    needs = [{"kinds": ["licence"], "place": "country_of_practice"}]
    return {**programme(world), "body": {"rules": [{"requirements": needs}]}, "headers": FIRST}


@scene("GET", "/v1/programmes/{programme_id}/enrolments")
def list_enrolments(world: World) -> dict[str, Any]:
    return staff_of(enrolled(world))


@scene("PUT", "/v1/programmes/{programme_id}/enrolments/{person_id}")
def enrol_oneself(world: World) -> dict[str, Any]:
    given, person = programme(world), mentor(world)
    ids = {**given["ids"], "person_id": person}
    return {"by": person, "ids": ids, "body": {"role": "mentor"}, "others": Others.HIDDEN}


@scene("DELETE", "/v1/programmes/{programme_id}/enrolments/{person_id}")
def withdraw(world: World) -> dict[str, Any]:
    given = enrolled(world)
    ids = {**given["ids"], "person_id": given["mentee"]}
    return {"by": given["mentee"], "ids": ids, "query": {"role": "mentee"}, "others": Others.HIDDEN}


@scene("GET", "/v1/me/enrolments")
def my_enrolments(world: World) -> dict[str, Any]:
    return {"by": enrolled(world)["mentee"]}


@scene("GET", "/v1/programmes/{programme_id}/mentors")
def find_mentors(world: World) -> dict[str, Any]:
    given = enrolled(world)
    second = mentee(world)
    enrol(world, given, second, "mentee")
    ids, query = given["ids"], {"specialty": "cardiology"}
    return {"by": given["mentee"], "another": second, "ids": ids, "query": query, "others": Others.OPEN}
