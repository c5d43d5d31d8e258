"""What people of a series are reminded of, once each, and no more when it is done."""

from datetime import timedelta

from chalicelib.notifications import facts
from chalicelib.notifications import service as notifications
from chalicelib.notifications.rendering import write
from chalicelib.series import reminding
from chalicelib.series.cases import service as cases
from chalicelib.series.model import SeriesRole
from tests.series.hub import BEGINS, Hub
from tests.series.test_cases import WHOLE
from tests.series.test_certificates import close, held


def asked(hub: Hub, phase: str) -> set[str]:
    found = hub.world.messages(reminding.EVALUATION_DUE)
    return {one.payload["recipient"] for one in found if one.payload["phase"] == phase}


def answer(hub: Hub, person: str, phase: str) -> None:
    reply = hub.world.post(f"{hub.path}/evaluation", {"phase": phase, "scores": [3]}, by=person)
    assert reply.status < 300, reply.text


def test_confidence_is_asked_before_the_first_session_and_after_the_last_until_it_is_said(hub: Hub) -> None:
    world = hub.world
    early, late, silent = hub.has(), hub.has(), hub.has()
    hub.has(SeriesRole.GUEST)
    assert world.put(f"{hub.path}/evaluation", {"items": ["Heart failure"]}, by=hub.owner).status == 200
    answer(hub, early, "pre")
    session, second = hub.plan(), hub.plan(on="2026-12-09")
    world.at = BEGINS - timedelta(days=1)
    world.follow_up()
    assert asked(hub, "pre") == {late, silent, hub.owner}
    mail = next(one for one in world.messages(reminding.EVALUATION_DUE) if one.payload["recipient"] == late)
    letter = facts.letter_for(mail, world.at)
    assert letter is not None
    assert "confident" in write(letter, "https://mentors.example.org").text
    answer(hub, late, "pre")
    assert notifications.deliver(mail.id, world.at) == "moot", "it is said"
    world.at = BEGINS + timedelta(days=6)
    world.follow_up()
    assert asked(hub, "pre") == {silent, hub.owner}, "nobody is asked twice"

    hub.world.at = BEGINS
    for path, weeks in ((session, 0), (second, 1)):
        world.at = BEGINS + timedelta(weeks=weeks)
        for move in ("begin", "end", "close"):
            assert hub.move(path, move).status == 200
        world.follow_up()
        if path == session:
            assert asked(hub, "post") == set(), "another is planned"
    # Whoever did not answer before cannot answer after.
    assert asked(hub, "post") == {early, late}
    close(hub, held(hub, 2))
    assert asked(hub, "post") == {early, late}


def test_a_presenter_is_reminded_of_a_case_that_is_not_handed_in(hub: Hub) -> None:
    world, presenter = hub.world, hub.has()
    body = {"title": "Breathless", "specialty": "cardiology", "presenter_id": presenter}
    made = world.post(f"{hub.path}/cases", body, by=hub.owner)
    assert made.status == 201, made.text
    path = f"{hub.path}/cases/{made.json['id']}"
    (mail,) = world.messages(cases.CASE_DUE)
    assert mail.due_at == world.at + timedelta(days=3)
    assert facts.letter_for(mail, mail.due_at) is not None
    etag = {"If-Match": world.get(path, by=presenter).etag}
    assert world.put(path, WHOLE, by=presenter, headers=etag).status == 200
    assert world.post(f"{path}/moves", {"move": "submit"}, by=presenter).status == 200
    world.pass_time(days=3)
    assert notifications.deliver(mail.id, world.at) == "moot", "it is handed in"
    assert world.post(f"{path}/moves", {"move": "return", "reasons": "Age."}, by=hub.owner).status == 200
    again = [one for one in world.messages(cases.CASE_DUE) if one.id != mail.id]
    assert [(one.payload["state"], one.due_at) for one in again] == [
        ("returned", world.at + timedelta(days=3))
    ]
