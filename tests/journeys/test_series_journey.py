"""An ECHO session on the deployed package: from the invitation to the credit statement, with exact minutes."""

import json
from datetime import datetime, timedelta
from typing import Any

from chalicelib.attendance import zoom
from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.zones import wall_at
from tests.journeys.deployed import Deployed
from tests.journeys.people import Cast, Participant, anonymous, answered, problem_of, sign_up

SECRET = "the-secret-of-these-calls"
MEETING = "93283599276"
LATER = timedelta(hours=2)
"""After the session, by the clock of the service."""


def tell(deployed: Deployed, path: str, event: str, person: Participant, at: datetime) -> None:
    """Tell of a join or leave, as the provider of the calls does."""
    field = "join_time" if event == "joined" else "leave_time"
    seen = {"user_id": person.id[-8:], "customer_key": person.id, "email": "", field: at.isoformat()}
    body = {
        "event": f"meeting.participant_{event}",
        "payload": {"object": {"id": MEETING, "participant": seen}},
    }
    content = json.dumps(body).encode()
    stamp = str(int((system_clock() + LATER).timestamp()))
    headers = {
        "Content-Type": "application/json",
        zoom.TIMESTAMP: stamp,
        zoom.SIGNATURE: zoom.sign(SECRET, stamp, content),
    }
    with anonymous(deployed) as http:
        answered(http.post(f"{path}/meeting-events", content=content, headers=headers))


def joined(coordinator: Participant, path: str, person: Participant, role: str) -> None:
    """Invite somebody, and have them accept."""
    told = coordinator.post(
        f"{path}/members", {"invitations": [{"email": person.email, "given_name": "Guest", "role": role}]}
    )
    assert [one["outcome"] for one in told["items"]] == ["invited"]
    person.put(f"/v1/me/series/{path.rpartition('/')[2]}", {"role": role})


def claimed(person: Participant, session_id: str, scheme: str) -> Any:
    body = {"source": "series-session", "source_id": session_id, "scheme": scheme}
    return person.http.post("/v1/me/credits", json=body)


def test_a_session_from_its_invitation_to_the_statement(clock: Deployed, cast: Cast) -> None:
    deployed, coordinator = clock, cast.coordinator
    series = coordinator.post(
        f"/v1/organisations/{cast.organisation}/series",
        {"title": "Heart failure ECHO", "time_zone": "Africa/Nairobi"},
    )
    path = f"/v1/series/{series['id']}"
    amina, claire = sign_up(deployed, "Amina Otieno", locale="sw"), sign_up(deployed, "Claire Tremblay")
    joined(coordinator, path, amina, "member")
    joined(coordinator, path, claire, "expert")
    coordinator.put(f"{path}/meeting-events", {"secret": SECRET})
    coordinator.put(f"{path}/evaluation", {"items": ["I can begin treatment of heart failure."]})

    soon = (system_clock() + timedelta(minutes=30)).replace(second=0, microsecond=0)
    begins = soon - timedelta(minutes=soon.minute % 15)
    wall = wall_at(begins, "Africa/Nairobi")
    blocks = [
        {"kind": "welcome", "minutes": 5},
        {"kind": "didactic", "minutes": 20, "title": "Diuretics at night", "presenter_id": claire.id},
        {"kind": "break", "minutes": 5},
        {"kind": "case", "minutes": 30},
    ]
    plan = {
        "title": "Breathless",
        "on": str(wall.date()),
        "at": wall.strftime("%H:%M"),
        "blocks": blocks,
        "meeting": MEETING,
    }
    session_id = coordinator.post(f"{path}/sessions", plan)["items"][0]["id"]
    session = f"{path}/sessions/{session_id}"
    amina.post(f"{path}/evaluation", {"phase": "pre", "session_id": session_id, "scores": [3]})

    # Nobody pressed a button: it was held as planned, and the calls' provider tells who was in.
    deployed.move_clock(LATER)
    at = [begins + timedelta(minutes=n) for n in range(61)]
    tell(deployed, path, "joined", amina, at[10] + timedelta(seconds=15))
    tell(deployed, path, "left", amina, at[27])
    tell(deployed, path, "joined", amina, at[29])
    tell(deployed, path, "left", amina, at[57] + timedelta(seconds=40))
    tell(deployed, path, "joined", claire, at[0])
    tell(deployed, path, "left", claire, at[60])
    for move in ("end", "close"):
        coordinator.post(f"{session}/moves", {"move": move})

    def written(person: Participant) -> Any:
        return deployed.wait_for(lambda: next(iter(person.get("/v1/me/activities")["items"]), None))

    learner, teacher = written(amina), written(claire)
    seconds = ("educational_seconds", "presented_seconds", "non_educational_seconds")
    # 14:45 of the talk and 27:40 of the case; 2:00 and 1:00 of the break.
    assert [learner[one] for one in seconds] == [14 * 60 + 45 + 27 * 60 + 40, 0, 180]
    assert [teacher[one] for one in seconds] == [30 * 60, 20 * 60, 10 * 60]
    assert (learner["day"], learner["part"], teacher["part"]) == (str(wall.date()), "learner", "faculty")

    assert claimed(amina, session_id, "eaccme").status_code == 201
    assert problem_of(claimed(amina, session_id, "ama_pra")) == (409, "credit-claimed")
    assert claimed(claire, session_id, "ama_pra").status_code == 201
    year = f"/v1/me/credit-statements/{wall.year}"
    before = amina.get(year)
    assert (before["sums"][0]["credits"], [one["code"] for one in before["lines"][0]["reasons"]]) == (
        0,
        ["feedback_missing"],
    )
    amina.post(f"{path}/evaluation", {"phase": "post", "session_id": session_id, "scores": [5]})
    after = amina.get(year)
    assert after["sums"] == [{"scheme": "eaccme", "name": "EACCME (ECMEC)", "credits": 0.5}]
    assert [one["code"] for one in after["lines"][0]["reasons"]] == ["not_educational", "rounded"]
    assert "Crossward" in after["notice"]
    # 20 minutes of a talk at two credits an hour, to the nearest quarter; none for the case beside.
    assert claire.get(year)["sums"][0]["credits"] == 0.75
