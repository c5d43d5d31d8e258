"""A SIMBA session on the deployed package: four participants play at once by script, a moderator answers what waits,
two raters rate, and the statistics page has SciPy's figures."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from scipy import stats

from chalicelib.kernel.clock import system_clock, to_text
from tests.journeys.deployed import Deployed
from tests.journeys.people import Cast, Participant, enrol, sign_up
from tests.simulations.documents import raw

SCRIPTS = (
    ("Blood sugar please", "ketones", "iv fluids", "start insulin infusion"),
    ("vital signs", "Has she eaten anything odd?", "iv fluids", "start insulin infusion"),
    ("ABG", "Does it run in the family?", "U&E please", "iv fluids"),
    ("Is she on any medication?", "discharge home"),
)
OUTCOMES = ("good", "good", None, "harm")
CONFIDENCE = {"before": [(2, 2), (1, 3), (3, 2), (2, 4)], "after": [(4, 2), (3, 3), (3, 3), (5, 4)]}
DOMAINS = ("history", "examination", "investigations", "interpretation", "judgement", "management")
RATINGS = ((4, 4), (3, 4), (2, 3), (1, 1))


def play(participant: Participant, path: str, script: tuple[str, ...]) -> Any:
    """Say one thing after another, the second of them twice as after a lost answer; return the last turn's outcome and
    the numbers that came."""
    numbers: list[int] = []
    turn: Any = None
    for n, text in enumerate(script):
        body = {"client_key": f"script-{n:03}", "text": text, "after": numbers[-1] if numbers else 0}
        for _ in range(2 if n == 1 else 1):
            body["after"] = numbers[-1] if numbers else 0
            turn = participant.post(path, body)
            numbers += [one["number"] for one in turn["messages"]]
    return turn["outcome"], numbers


def test_a_simulation_from_a_case_to_its_statistics(deployed: Deployed, cast: Cast) -> None:
    coordinator = cast.coordinator
    cases = f"/v1/organisations/{cast.organisation}/simulated-cases"
    case = coordinator.post(cases, raw())["id"]
    coordinator.post(f"/v1/simulated-cases/{case}/versions", {"is_anonymised": True})
    plan = {
        "title": "Emergencies at night", "starts_at": to_text(system_clock() + timedelta(hours=2)),
        "controls": ["thyroid storm"],
        "cases": [{"case_id": case, "version": 1, "setting": "district"}],
    }  # fmt: skip
    simulation = coordinator.post(f"/v1/organisations/{cast.organisation}/simulations", plan)["id"]
    path = f"/v1/simulations/{simulation}"
    participants = [sign_up(deployed, f"Player {name}") for name in ("One", "Two", "Three", "Four")]
    moderator, *raters = [sign_up(deployed, f"Staff {name}") for name in ("Mo", "Ray", "Rita")]
    programme = coordinator.post(
        "/v1/programmes", {"organisation_id": cast.organisation, "name": "Emergencies"}
    )["id"]
    for one in (*participants, moderator, *raters):
        enrol(one, programme, "mentee")
    coordinator.post(
        f"{path}/people",
        {"participants": [one.id for one in participants], "moderators": [moderator.id],
         "raters": [one.id for one in raters]},
    )  # fmt: skip

    def all_answer(moment: str, **more: Any) -> None:
        for one, given in zip(participants, CONFIDENCE[moment], strict=True):
            one.post(f"{path}/answers", {"moment": moment, "confidence": given, **more})

    all_answer("before")
    moderator.post(f"{path}/moves", {"move": "begin_case"})
    chats = [one.get(path)["chats"][0] for one in participants]
    with ThreadPoolExecutor(4) as pool:
        played = list(
            pool.map(
                lambda n: play(participants[n], f"{path}/chats/{chats[n]}", SCRIPTS[n]), range(len(SCRIPTS))
            )
        )
    assert tuple(outcome for outcome, _ in played) == OUTCOMES

    # Two asked what the transcript does not know; one of them has come to an end meanwhile.
    console = moderator.get(f"{path}/chats", case=1)["items"]
    waiting = [one for one in console if one["waiting_since"]]
    assert [one["chat"] for one in waiting] == [chats[2]]
    reply = {
        "client_key": "moderator-1",
        "text": "Only an aunt.",
        "by": "patient",
        "after": waiting[0]["last"],
    }
    assert moderator.post(f"{path}/chats/{chats[2]}/replies", reply)["waiting"] is False
    for (_, numbers), one, chat in zip(played, participants, chats, strict=True):
        rest = one.get(f"{path}/chats/{chat}", after=numbers[-1])
        whole = [*numbers, *(message["number"] for message in rest["messages"])]
        assert whole == list(range(1, rest["last"] + 1))

    moderator.post(f"{path}/moves", {"move": "end_case"})
    moderator.post(f"{path}/moves", {"move": "debrief"})
    for chat, given in zip(chats, RATINGS, strict=True):
        for rater, score in zip(raters, given, strict=True):
            rater.post(f"{path}/chats/{chat}/ratings", dict.fromkeys(DOMAINS, score))
    all_answer("after", intent=4)

    page = moderator.get(f"{path}/statistics")
    rises = [
        late[0] - early[0] for early, late in zip(CONFIDENCE["before"], CONFIDENCE["after"], strict=True)
    ]
    moved = [one for one in rises if one]
    exact = stats.permutation_test(
        (moved,), lambda one: stats.rankdata(abs(one))[one > 0].sum(), permutation_type="samples",
        n_resamples=10_000,
    )  # fmt: skip
    assert page["simulated"]["test"]["p"] == pytest.approx(exact.pvalue)
    assert (page["simulated"]["before"], page["simulated"]["after"]) == (2.0, 3.75)
    assert (page["control"]["test"]["rose"], page["control"]["test"]["p"]) == (1, 1.0)
    assert page["intent"]["yes"] == 4
    assert [one["kappa"] for one in page["agreements"]] == [pytest.approx(_kappa(RATINGS))] * 6
    debrief = participants[0].get(f"{path}/cases", case=1)
    assert {one["outcome"]: one["count"] for one in debrief["played"]["outcomes"]} == {"good": 2, "harm": 1}
    final = participants[0].get(f"{path}/chats/{chats[0]}/ratings")["final"]
    assert {one["score"] for one in final} == {4.0}

    moderator.post(f"{path}/moves", {"move": "close"})
    # Certificates and activities are two followers' work; of the latter the scripts are too quick to see much.
    awarded = deployed.wait_for(
        lambda: found if len(found := coordinator.get(f"{path}/certificates")["items"]) == 5 else None
    )
    assert Counter(one["role"] for one in awarded) == {"participant": 4, "moderator": 1}
    for one in participants:
        for activity in one.get("/v1/me/activities")["items"]:
            assert activity["source"] == {"kind": "simulation", "id": simulation}
            assert (activity["part"], activity["has_feedback"]) == ("learner", True)


def _kappa(pairs: tuple[tuple[int, int], ...]) -> float:
    """Cohen's kappa with quadratic weights from its definition: 1 less the squared distance over that by chance."""
    observed = sum((one - other) ** 2 for one, other in pairs) / len(pairs)
    by_chance = sum((one - other) ** 2 for one, _ in pairs for _, other in pairs) / len(pairs) ** 2
    return 1 - observed / by_chance
