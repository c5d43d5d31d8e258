"""Scenes of simulated cases and simulations."""

import base64
import copy
from typing import Any

from chalicelib.kernel.ids import new_id
from chalicelib.programmes import store as programmes
from chalicelib.programmes.model import Programme
from chalicelib.simulations import service
from chalicelib.simulations.examples import BODIES
from tests.architecture.scenes import Others, kept, scene, secret, somebody
from tests.architecture.scenes.organisations import FIRST, staffed
from tests.simulations.sessions import enrol
from tests.support.world import World

CASES = "/v1/organisations/{organisation_id}/simulated-cases"
CASE = "/v1/simulated-cases/{case_id}"


def document() -> dict[str, Any]:
    """A sound case in which every text is a canary."""
    whole = copy.deepcopy(BODIES["create_case"])
    whole |= {"title": secret("title"), "condition": secret("condition"), "model_answer": secret("answer")}
    for one in whole["scenes"]:
        one["text"] = secret(f"scene {one['key']}")
    for topic in whole["topics"]:
        topic["replies"][0]["text"] = secret(f"reply {topic['key']}")
    whole["learning_points"] = [secret("point")]
    return whole


def drafted(world: World) -> dict[str, Any]:
    given = staffed(world)
    path = CASES.format(organisation_id=given["organisation"])
    answer = world.post(path, document(), by=given["by"])
    assert answer.status == 201, answer.text
    return {**given, "ids": {"organisation_id": given["organisation"], "case_id": answer.json["id"]}}


def published(world: World) -> dict[str, Any]:
    given = drafted(world)
    answer = world.post(CASE.format(**given["ids"]) + "/versions", {"is_anonymised": True}, by=given["by"])
    assert answer.status == 201, answer.text
    return given


@scene("POST", CASES)
def create_case(world: World) -> dict[str, Any]:
    given = staffed(world)
    return {**given, "ids": {"organisation_id": given["organisation"]}, "body": document()}


@scene("GET", CASES)
def list_cases(world: World) -> dict[str, Any]:
    return drafted(world)


@scene("POST", "/v1/simulated-case-sheets")
def read_sheet(world: World) -> dict[str, Any]:
    content = f"what,key,text\ncase,title,{secret('title')}\n"
    return {
        "by": somebody(world),
        "body": {"file": base64.b64encode(content.encode()).decode()},
        "others": Others.OPEN,
    }


@scene("GET", CASE)
def read_case(world: World) -> dict[str, Any]:
    return {**published(world), "query": {"version": 1}}


@scene("PUT", CASE)
def change_case(world: World) -> dict[str, Any]:
    return {**drafted(world), "body": document(), "headers": FIRST}


@scene("POST", CASE + "/versions")
def publish_case(world: World) -> dict[str, Any]:
    return {**drafted(world), "body": {"is_anonymised": True}}


# Simulations and their chats.

SIMULATIONS = "/v1/organisations/{organisation_id}/simulations"
SIMULATION = "/v1/simulations/{simulation_id}"
CHAT = SIMULATION + "/chats/{chat_id}"


def _plan(given: dict[str, Any]) -> dict[str, Any]:
    case = {"case_id": given["ids"]["case_id"], "version": 1, "setting": "district"}
    return {
        "title": secret("session"),
        "starts_at": "2026-11-22T11:00:00Z",
        "cases": [case],
        "controls": [secret("control")],
        "questions": [{"text": secret("question"), "options": ["canary one", "canary two"], "correct": 1}],
    }


@kept
def planned(world: World) -> dict[str, Any]:
    given = published(world)
    answer = world.post(SIMULATIONS.format(**given["ids"]), _plan(given), by=given["by"])
    assert answer.status == 201, answer.text
    programme = Programme(new_id(world.at), given["organisation"], secret("programme"), created_at=world.at)
    world.write(programmes.put_programme(programme, world.at))
    ids = {**given["ids"], "simulation_id": answer.json["id"], "programme_id": programme.id}
    return {**given, "ids": ids}


def enrolled(world: World, given: dict[str, Any]) -> str:
    person = somebody(world)
    enrol(world, given["ids"]["programme_id"], person)
    return person


@kept
def peopled(world: World) -> dict[str, Any]:
    """A simulation with a participant, a moderator and a rater."""
    given = planned(world)
    people = {role: enrolled(world, given) for role in ("participant", "moderator", "rater")}
    body = {f"{role}s": [name] for role, name in people.items()}
    answer = world.post(SIMULATION.format(**given["ids"]) + "/people", body, by=given["by"])
    assert answer.status == 200, answer.text
    return {**given, **people, "ids": {**given["ids"], "chat_id": f"1-{people['participant']}"}}


@kept
def running(world: World) -> dict[str, Any]:
    """One whose case is played, with its opening told."""
    given = peopled(world)
    path = SIMULATION.format(**given["ids"])
    assert world.post(path + "/moves", {"move": "begin_case"}, by=given["moderator"]).status == 200
    opened = world.get(CHAT.format(**given["ids"]), by=given["participant"])
    assert opened.json["last"] == 1, opened.text
    return given


def by_one(given: dict[str, Any], role: str, **more: Any) -> dict[str, Any]:
    return {"by": given[role], "ids": given["ids"], "others": Others.HIDDEN, **more}


@scene("POST", SIMULATIONS)
def plan_simulation(world: World) -> dict[str, Any]:
    given = published(world)
    return {**given, "body": _plan(given)}


@scene("GET", SIMULATIONS)
def list_simulations(world: World) -> dict[str, Any]:
    return planned(world)


@scene("GET", "/v1/simulations")
def my_simulations(world: World) -> dict[str, Any]:
    return {"by": peopled(world)["participant"]}


@scene("GET", SIMULATION)
def read_simulation(world: World) -> dict[str, Any]:
    return by_one(running(world), "participant")


@scene("POST", SIMULATION + "/people")
def add_people(world: World) -> dict[str, Any]:
    given = planned(world)
    return {
        **given,
        "body": {"participants": [enrolled(world, given)], "moderators": [enrolled(world, given)]},
    }


@scene("GET", SIMULATION + "/people")
def list_people(world: World) -> dict[str, Any]:
    return by_one(peopled(world), "moderator")


@scene("POST", SIMULATION + "/moves")
def move_simulation(world: World) -> dict[str, Any]:
    return by_one(peopled(world), "moderator", body={"move": "begin_case"})


@scene("GET", SIMULATION + "/chats")
def chat_console(world: World) -> dict[str, Any]:
    return by_one(running(world), "moderator", query={"case": 1})


@scene("GET", CHAT)
def poll_chat(world: World) -> dict[str, Any]:
    return by_one(running(world), "participant")


@scene("POST", CHAT)
def say_in_chat(world: World) -> dict[str, Any]:
    body = {"client_key": "client-0001", "text": secret("question")}
    return by_one(running(world), "participant", body=body)


@scene("POST", CHAT + "/replies")
def reply_in_chat(world: World) -> dict[str, Any]:
    body = {"client_key": "client-0001", "text": secret("answer"), "by": "nurse"}
    return by_one(running(world), "moderator", body=body)


def played(world: World) -> dict[str, Any]:
    """One whose case is over."""
    given = running(world)
    world.pass_time(minutes=25)
    return given


SCORES = dict.fromkeys(
    ("history", "examination", "investigations", "interpretation", "judgement", "management"), 3
)


@scene("POST", CHAT + "/ratings")
def rate_chat(world: World) -> dict[str, Any]:
    return by_one(played(world), "rater", body=SCORES)


@scene("GET", CHAT + "/ratings")
def read_rating(world: World) -> dict[str, Any]:
    given = played(world)
    done = world.post((CHAT + "/ratings").format(**given["ids"]), SCORES, by=given["rater"])
    assert done.status == 201, done.text
    return by_one(given, "rater")


@scene("GET", SIMULATION + "/answers")
def read_questionnaire(world: World) -> dict[str, Any]:
    return by_one(peopled(world), "participant")


@scene("POST", SIMULATION + "/answers")
def answer_questionnaire(world: World) -> dict[str, Any]:
    body = {"moment": "before", "confidence": [2, 3], "choices": [1]}
    return by_one(peopled(world), "participant", body=body)


@scene("GET", SIMULATION + "/statistics")
def simulation_statistics(world: World) -> dict[str, Any]:
    return by_one(played(world), "moderator")


@scene("GET", SIMULATION + "/cases")
def debrief_case(world: World) -> dict[str, Any]:
    given = by_one(played(world), "moderator", query={"case": 1})
    service.document.cache_clear()  # as in a fresh process, which is what it costs at most
    return given


@scene("GET", SIMULATION + "/certificates")
def list_simulation_certificates(world: World) -> dict[str, Any]:
    return by_one(planned(world), "by")
