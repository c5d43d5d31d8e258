"""What may identify somebody in a simulated case is told of a draft, and refused when it is published."""

import copy
from typing import Any

import pytest

from chalicelib.simulations.schemas import CaseDocumentShape
from chalicelib.simulations.traces import certain, traces_in
from tests.simulations.documents import raw
from tests.support.world import World


def with_text(place: list[str | int], text: str) -> dict[str, Any]:
    """Return a sound case with something else at a place."""
    whole: dict[str, Any] = copy.deepcopy(raw())
    inner: Any = whole
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = text
    return whole


@pytest.mark.parametrize(
    "place",
    [
        ["title"],
        ["model_answer"],
        ["learning_points", 0],
        ["scenes", 0, "text"],
        ["topics", 0, "phrases", 0],
        ["topics", 0, "replies", 0, "text"],
    ],
)
def test_it_is_found_wherever_people_read_it(place: list[str | int]) -> None:
    document = CaseDocumentShape.model_validate(
        with_text(place, "Admitted on 12/03/2021, call +254 712 345 678")
    )
    (found,) = [certain(traces_in(document.to_model()))]
    assert {one.pointer for one in found} == {"/" + "/".join(str(step) for step in place)}
    assert len(found) == 2


def test_a_sound_case_has_none() -> None:
    assert traces_in(CaseDocumentShape.model_validate(raw()).to_model()) == {}


def test_a_draft_tells_them_and_publishing_refuses_what_is_certain(world: World) -> None:
    organisation = world.organisation()
    by = world.coordinator(organisation)
    text = "Platelets 250000. Mrs Wanjiku says she is dizzy."
    path = f"/v1/organisations/{organisation}/simulated-cases"
    made = world.post(path, with_text(["scenes", 0, "text"], text), by=by)
    assert made.status == 201, made.text
    told = {(one["field"], one["trace"], one["is_certain"]) for one in made.json["traces"]}
    assert told == {("/scenes/0/text", "number", False), ("/scenes/0/text", "name", True)}
    one = f"/v1/simulated-cases/{made.json['id']}"
    refused = world.post(f"{one}/versions", {"is_anonymised": True}, by=by)
    assert (refused.status, refused.json["type"].rpartition("/")[2]) == (422, "simulated-case-identifies")
    (error,) = refused.json["errors"]
    assert error["pointer"] == "/scenes/0/text"
    assert "Wanjiku" not in refused.text
    body = with_text(["scenes", 0, "text"], "Platelets 250000. She says she is dizzy.")
    changed = world.put(one, body, by=by, headers={"If-Match": made.etag})
    assert changed.status == 200, changed.text
    done = world.post(f"{one}/versions", {"is_anonymised": True}, by=by)
    assert (done.status, [trace["trace"] for trace in done.json["traces"]]) == (201, ["number"])
