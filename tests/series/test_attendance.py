"""Being at a session: by our page and by a provider's events, exact to the second, corrected with a reason."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.attendance import zoom
from chalicelib.notifications import service as notifications
from chalicelib.series import service as series
from chalicelib.series.model import SeriesPlace, SeriesRole
from chalicelib.series.sessions import service as sessions
from chalicelib.series.sessions import settling
from chalicelib.series.sessions.store import results_of
from tests.series.hub import BEGINS, Hub, code
from tests.support.world import Reply

SECRET = "a-secret-of-the-calls"


@pytest.fixture
def session(hub: Hub) -> str:
    """A session of an hour that begins now."""
    path = hub.plan()
    hub.world.at = BEGINS
    return path


def at(hub: Hub, minutes: float) -> None:
    hub.world.at = BEGINS + timedelta(minutes=minutes)


def held(hub: Hub, session: str, minutes: int = 60) -> None:
    """End it after so many minutes."""
    at(hub, minutes)
    assert hub.move(session, "end").status == 200


def of(hub: Hub, session: str, person: str) -> Any:
    reply = hub.world.get(f"{session}/attendance/{person}", by=hub.owner)
    assert reply.status == 200, reply.text
    return reply.json


# On our page.


def test_minutes_are_exact_over_two_devices_and_a_rejoin(hub: Hub, session: str) -> None:
    amina = hub.has()
    at(hub, -10)
    hub.mark(session, amina, "join")
    at(hub, 0)
    hub.move(session, "begin")
    for minutes, kind, device in (
        (10, "join", "phone"), (20, "leave", "page"), (25.5, "leave", "phone"), (40, "join", "page"),
    ):  # fmt: skip
        at(hub, minutes)
        assert hub.mark(session, amina, kind, device).status == 201
    held(hub, session)
    told = of(hub, session, amina)
    assert (told["seconds"], told["minutes"], told["oddities"]) == (45 * 60 + 30, 45, ["never_left"])
    assert len(told["intervals"]) == 2
    mine = hub.world.get(f"{session}/attendance/{amina}", by=amina)
    assert mine.json == told, "everybody reads their own"


def test_a_window_that_does_not_say_which_it_is_is_told_to(hub: Hub, session: str) -> None:
    """Two that share a name would end each other's stay."""
    amina = hub.has()
    at(hub, 0)
    nameless = hub.world.post(f"{session}/attendance", {"kind": "join"}, by=amina)
    assert (nameless.status, nameless.json["errors"][0]["pointer"]) == (422, "/device")
    for device in ("window-1", "window-2"):
        hub.mark(session, amina, "join", device)
    hub.move(session, "begin")
    at(hub, 10)
    hub.mark(session, amina, "leave", "window-1")
    at(hub, 60)
    hub.mark(session, amina, "leave", "window-2")
    assert (of(hub, session, amina)["minutes"], of(hub, session, amina)["oddities"]) == (60, [])


def test_a_session_is_joined_from_half_an_hour_before_until_it_ends(hub: Hub, session: str) -> None:
    amina = hub.has()
    at(hub, -31)
    assert code(hub.mark(session, amina, "join")) == "not-open-for-joining"
    at(hub, -30)
    assert hub.mark(session, amina, "join").status == 201
    at(hub, 0)
    hub.move(session, "begin")
    held(hub, session)
    assert code(hub.mark(session, amina, "join")) == "not-open-for-joining"


def test_who_says_goodbye_after_the_end_was_there_to_the_end_and_nothing_is_odd(
    hub: Hub, session: str
) -> None:
    amina = hub.has()
    hub.move(session, "begin")
    hub.mark(session, amina, "join")
    held(hub, session)
    at(hub, 62)
    assert hub.mark(session, amina, "leave").status == 201
    told = of(hub, session, amina)
    assert (told["minutes"], told["oddities"]) == (60, [])
    hub.move(session, "close")
    assert code(hub.mark(session, amina, "leave")) == "not-open-for-joining"


def test_what_somebody_attended_stays_theirs_once_they_left(hub: Hub, session: str) -> None:
    amina, claire = hub.has(), hub.has()
    hub.move(session, "begin")
    hub.mark(session, amina, "join")
    held(hub, session)
    hub.move(session, "close")
    hub.world.follow_up()
    for one in (amina, claire):
        assert hub.world.delete(f"/v1/me/series/{hub.id}", by=one).status == 204
    mine = hub.world.get(f"/v1/me/series/{hub.id}", by=amina).json
    assert (mine["place"], mine["share"]["percent"]) == ("left", 100)
    assert hub.world.get(f"{session}/attendance/{amina}", by=amina).json["minutes"] == 60
    assert hub.world.get(session, by=amina).status == 404, "the session itself is not"
    assert hub.world.get(f"/v1/me/series/{hub.id}", by=claire).status == 404


def test_a_join_costs_one_read_and_one_write_of_its_own(hub: Hub, session: str) -> None:
    amina = hub.has()
    with hub.world.counted() as calls:
        hub.mark(session, amina, "join")
    assert calls == ["BatchGetItem", "TransactWriteItems"]


def test_a_guest_visits_as_often_as_the_series_lets(hub: Hub) -> None:
    hub.change(visits=2)
    guest = hub.has(SeriesRole.GUEST)
    for week in range(3):
        session = hub.plan(on=f"2026-12-{2 + 7 * week:02d}")
        hub.world.at = BEGINS + timedelta(weeks=week)
        first = hub.mark(session, guest, "join")
        again = hub.mark(session, guest, "join", "phone")
        assert first.status == again.status == (201 if week < 2 else 409)
        hub.world.at = BEGINS
    assert code(first) == "visits-used"
    assert hub.world.get(f"/v1/me/series/{hub.id}", by=guest).json["visits"] == 2


@pytest.mark.parametrize("limit", [0, 2])
def test_no_more_guests_than_a_session_has_places_for(hub: Hub, session: str, limit: int) -> None:
    hub.change(guests=limit)
    replies = [hub.mark(session, hub.has(SeriesRole.GUEST), "join") for _ in range(3)]
    assert [one.status for one in replies] == [201] * limit + [409] * (3 - limit)
    assert code(replies[-1]) == "guests-full"
    assert hub.mark(session, hub.has(), "join").status == 201, "a member has their place"


def test_a_coordinator_who_has_not_joined_looks_on(hub: Hub, session: str) -> None:
    other = hub.world.coordinator(hub.organisation)
    assert hub.world.get(f"{session}/clock", by=other).status == 200
    assert code(hub.mark(session, other, "join")) == "not-open-for-joining"


# The report.


def test_the_report_of_many_is_one_query_a_page_and_leaves_nobody_out(hub: Hub, session: str) -> None:
    people = sorted(hub.has() for _ in range(7))
    hub.move(session, "begin")
    for person in people:
        for device in ("a", "b", "c"):
            hub.mark(session, person, "join", device)
    held(hub, session)
    found: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        with hub.world.counted() as calls:
            page = hub.world.get(f"{session}/attendance", by=hub.owner, query={"limit": 3, **cursor}).json
        assert calls == ["BatchGetItem", "Query", "BatchGetItem"]
        found += [one["person_id"] for one in page["items"]]
        assert {one["minutes"] for one in page["items"]} == {60}
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert found == people


def test_a_person_s_marks_may_go_on_beyond_what_one_query_reads(
    hub: Hub, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.attendance import store

    monkeypatch.setattr(store, "_A_READ", 2)
    people = sorted(hub.has() for _ in range(3))
    hub.move(session, "begin")
    for person in people:
        for device in ("a", "b", "c", "d", "e"):
            hub.mark(session, person, "join", device)
    found: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = hub.world.get(f"{session}/attendance", by=hub.owner, query=cursor).json
        found += [one["person_id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert found == people


def test_the_file_has_everybody_and_no_cell_of_it_is_a_formula(hub: Hub, session: str) -> None:
    world, amina = hub.world, hub.has()
    site = world.post(f"{hub.path}/sites", {"name": "=HYPERLINK(1)", "country": "KE"}, by=hub.owner).json[
        "id"
    ]
    world.put(f"/v1/me/series/{hub.id}", {"site_id": site}, by=amina)
    hub.move(session, "begin")
    hub.mark(session, amina, "join")
    held(hub, session, 30)
    reply = world.get(f"{session}/attendance.csv", by=hub.owner)
    assert reply.headers["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(reply.text))
    assert (row["person_id"], row["minutes"], row["income_group"]) == (amina, "30", "lower_middle")
    assert row["site"] == "'=HYPERLINK(1)"


# Corrections.


def correct(hub: Hub, session: str, person: str, minutes: int, *, by: str | None = None) -> Reply:
    body = {"minutes": minutes, "reason": "Shared a screen"}
    return hub.world.post(f"{session}/attendance/{person}", body, by=by or hub.owner)


def test_a_correction_keeps_who_when_why_before_and_after(hub: Hub, session: str) -> None:
    amina, sam = hub.has(), hub.has(SeriesRole.SUPPORT)
    hub.move(session, "begin")
    hub.mark(session, amina, "join")
    at(hub, 20)
    hub.mark(session, amina, "leave")
    assert code(correct(hub, session, amina, 30)) == "session-state", "while it runs"
    held(hub, session)
    assert correct(hub, session, amina, 30, by=sam).json["minutes"] == 30
    hub.world.pass_time(minutes=1)
    told = correct(hub, session, amina, 45).json
    assert (told["seconds"], told["measured_seconds"], told["is_corrected"]) == (2700, 1200, True)
    kept = [
        (one["by"], one["before_seconds"], one["after_seconds"], one["reason"]) for one in told["corrections"]
    ]
    assert kept == [(sam, 1200, 1800, "Shared a screen"), (hub.owner, 1800, 2700, "Shared a screen")]
    assert of(hub, session, amina) == told
    assert correct(hub, session, amina, 61).status == 422, "longer than it was held"
    hub.move(session, "close")
    assert code(correct(hub, session, amina, 10)) == "session-state", "its minutes are final"


def test_somebody_who_was_never_seen_is_corrected_too_and_nobody_themselves(hub: Hub, session: str) -> None:
    amina, sam = hub.has(), hub.has(SeriesRole.SUPPORT)
    hub.move(session, "begin")
    held(hub, session)
    assert correct(hub, session, amina, 60).json["minutes"] == 60
    assert code(correct(hub, session, sam, 60, by=sam)) == "session-state"
    for stranger in (hub.world.person(), hub.has(place=SeriesPlace.INVITED)):
        assert correct(hub, session, stranger, 60).status == 404, "who has not joined the series"
        assert hub.world.get(f"{session}/attendance/{stranger}", by=hub.owner).status == 404


# A provider's events.


def event(hub: Hub, name: str, minutes: float, secret: str = SECRET, **who: Any) -> Reply:
    moment = (BEGINS + timedelta(minutes=minutes)).isoformat()
    field = "join_time" if name.endswith("joined") else "leave_time"
    participant = {"user_id": "1677", "user_name": "A", "email": "", field: moment, **who}
    body = {"event": f"meeting.{name}", "payload": {"object": {"id": "932", "participant": participant}}}
    stamp = str(int(hub.world.at.timestamp()))
    signature = zoom.sign(secret, stamp, json.dumps(body).encode())
    headers = {"x-zm-request-timestamp": stamp, "x-zm-signature": signature}
    return hub.world.post(f"{hub.path}/meeting-events", body, headers=headers)


@pytest.fixture
def called(hub: Hub, session: str) -> str:
    """The same session, whose calls are told of."""
    assert hub.world.put(f"{hub.path}/meeting-events", {"secret": SECRET}, by=hub.owner).status == 204
    hub.move(session, "begin")
    return session


def test_joins_and_leaves_are_heard_and_a_replay_changes_nothing(hub: Hub, called: str) -> None:
    amina = hub.has()
    at(hub, 5)
    for _ in range(2):
        assert event(hub, "participant_joined", 5, customer_key=amina).status == 200
    at(hub, 35)
    for _ in range(2):
        assert event(hub, "participant_left", 35, customer_key=amina).status == 200
    held(hub, called)
    told = of(hub, called, amina)
    assert (told["minutes"], told["oddities"]) == (30, [])


def test_the_same_person_on_our_page_and_in_the_call_counts_once(hub: Hub, called: str) -> None:
    amina = hub.world.person(email="amina@example.org")
    hub.world.put(f"/v1/me/series/{hub.id}", {}, by=amina)
    hub.mark(called, amina, "join")
    at(hub, 5)
    event(hub, "participant_joined", 5, email="Amina@Example.org")
    at(hub, 50)
    hub.mark(called, amina, "leave")
    event(hub, "participant_left", 50, email="amina@example.org")
    held(hub, called)
    assert of(hub, called, amina)["minutes"] == 50


@pytest.mark.parametrize("how", ["forged", "unsigned", "old", "no secret"])
def test_what_is_not_signed_now_by_who_has_the_secret_is_refused(hub: Hub, called: str, how: str) -> None:
    amina = hub.has()
    if how == "forged":
        reply = event(hub, "participant_joined", 0, secret="another", customer_key=amina)
    elif how == "unsigned":
        reply = hub.world.post(f"{hub.path}/meeting-events", {"event": "meeting.participant_joined"})
    elif how == "old":
        stamp = str(int((hub.world.at - timedelta(minutes=6)).timestamp()))
        signature = zoom.sign(SECRET, stamp, b"{}")
        headers = {"x-zm-request-timestamp": stamp, "x-zm-signature": signature}
        reply = hub.world.post(f"{hub.path}/meeting-events", {}, headers=headers)
    else:
        missing = hub.path.replace(hub.id, amina)
        reply = hub.world.post(f"{missing}/meeting-events", {"event": "meeting.participant_joined"})
    assert (reply.status, code(reply)) == (401, "webhook-not-signed")
    assert of(hub, called, amina)["seconds"] == 0


def test_a_provider_whose_clock_is_ahead_is_believed_up_to_now(hub: Hub, called: str) -> None:
    amina = hub.has()
    at(hub, 5)
    event(hub, "participant_joined", 15, customer_key=amina)
    held(hub, called)
    told = of(hub, called, amina)
    assert (told["minutes"], told["oddities"]) == (55, ["never_left", "ahead_of_us"])


def test_a_provider_s_clock_that_is_a_day_ahead_leads_to_no_other_day(hub: Hub, called: str) -> None:
    amina = hub.has()
    hub.mark(called, amina, "join", "1677")
    at(hub, 30)
    assert event(hub, "participant_left", 30 + 28 * 60, customer_key=amina).status == 200
    assert "ahead_of_us" in of(hub, called, amina)["oddities"]


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_an_instant_at_which_no_call_was_made_is_refused(hub: Hub, called: str, moment: str) -> None:
    assert event(hub, "participant_joined", 0, join_time=moment).status == 422
    assert event(hub, "participant_joined", 0, participant_uuid="\ud800").status == 422


def test_what_a_provider_tells_of_a_closed_session_changes_no_minutes(hub: Hub, called: str) -> None:
    amina = hub.has()
    held(hub, called)
    hub.move(called, "close")
    hub.world.follow_up()
    assert event(hub, "participant_joined", 5, customer_key=amina).status == 200
    assert of(hub, called, amina)["seconds"] == 0


def test_a_leave_without_a_join_counts_for_nothing_and_is_told(hub: Hub, called: str) -> None:
    amina = hub.has()
    at(hub, 30)
    event(hub, "participant_left", 30, customer_key=amina)
    held(hub, called)
    told = of(hub, called, amina)
    assert (told["minutes"], told["oddities"]) == (0, ["left_unjoined"])


def test_somebody_who_is_not_in_the_series_is_counted_and_not_named(hub: Hub, called: str) -> None:
    at(hub, 5)
    event(hub, "participant_joined", 5, email="stranger@example.org", user_name="Stranger")
    event(hub, "participant_joined", 5, customer_key=hub.world.person(), user_id="2")
    held(hub, called)
    told = hub.world.get(f"{called}/attendance.csv", by=hub.owner).text
    assert "2 joins of people who are not in the series" in told
    assert "tranger" not in told
    assert hub.world.get(f"{called}/attendance", by=hub.owner).json["items"] == []


def test_an_event_of_another_call_is_let_pass(hub: Hub, session: str) -> None:
    hub.world.put(f"{hub.path}/meeting-events", {"secret": SECRET}, by=hub.owner)
    hub.world.at = BEGINS + timedelta(days=3)
    amina = hub.has()
    reply = event(hub, "participant_joined", 3 * 24 * 60, customer_key=amina)
    assert (reply.status, reply.json) == (200, {"plainToken": None, "encryptedToken": None})
    assert of(hub, session, amina)["seconds"] == 0


def test_the_address_is_validated(hub: Hub, called: str) -> None:
    body = {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}}
    stamp = str(int(hub.world.at.timestamp()))
    signature = zoom.sign(SECRET, stamp, json.dumps(body).encode())
    headers = {"x-zm-request-timestamp": stamp, "x-zm-signature": signature}
    told = hub.world.post(f"{hub.path}/meeting-events", body, headers=headers).json
    assert told == zoom.answer_to(zoom.Challenge("qgg8vlvZRS6UYooatFL8Aw"), SECRET)


# What follows.


def test_a_closed_session_yields_minutes_and_role_and_the_share_of_the_certificate(
    hub: Hub, session: str
) -> None:
    amina, claire = hub.has(), hub.has(SeriesRole.EXPERT)
    hub.move(session, "begin")
    hub.mark(session, amina, "join")
    hub.mark(session, claire, "join")
    for minutes in (5, 15, 35, 55):
        at(hub, minutes)
        hub.move(session, "next")
        if minutes == 35:
            hub.mark(session, claire, "leave")
    held(hub, session)
    hub.move(session, "close")
    assert hub.world.follow_up() == [sessions.SESSION_NEAR, series.MINUTES_FINAL]
    found = {one.person_id: one for one in settling.results(hub.id, session.rpartition("/")[2])}
    # 5 of welcome and 5 of evaluation are no education.
    assert (found[amina].role, found[amina].seconds, found[amina].educational) == (
        SeriesRole.MEMBER,
        3600,
        3000,
    )
    assert (found[claire].role, found[claire].seconds, found[claire].educational) == (
        SeriesRole.EXPERT,
        2100,
        1800,
    )
    assert results_of(hub.id, amina) == (found[amina],)
    shares = {one: hub.world.get(f"/v1/me/series/{hub.id}", by=one).json["share"] for one in (amina, claire)}
    assert [(one["percent"], one["is_enough"]) for one in shares.values()] == [(100, True), (58, False)]


def test_settling_twice_comes_to_the_same(hub: Hub, session: str) -> None:
    amina = hub.has()
    hub.move(session, "begin")
    hub.mark(session, amina, "join")
    held(hub, session)
    hub.move(session, "close")
    for _ in range(2):
        series.settle(hub.world.call(hub.owner), hub.id, session.rpartition("/")[2])
    assert [one.seconds for one in results_of(hub.id, amina)] == [3600]


def test_all_who_take_part_are_written_to_a_day_before_and_none_twice(hub: Hub) -> None:
    world = hub.world
    session = hub.plan()
    amina = hub.has()
    hub.has(place=SeriesPlace.INVITED)
    (news,) = world.messages(sessions.SESSION_NEAR)
    assert news.due_at == BEGINS - timedelta(days=1)
    world.at = news.due_at
    one = hub.world.call(hub.owner)
    for _ in range(2):
        series.remind(one, hub.id, session.rpartition("/")[2], BEGINS)
    mails = world.messages(sessions.SERIES_SESSION)
    assert {mail.payload["recipient"] for mail in mails} == {hub.owner, amina}
    assert len(mails) == 2
    assert {notifications.deliver(mail.id, world.at) for mail in mails} == {"sent"}


def test_a_session_that_was_moved_is_told_of_at_its_new_time_alone(hub: Hub) -> None:
    world = hub.world
    session = hub.plan()
    etag = {"If-Match": world.get(session, by=hub.owner).etag}
    moved = world.patch(session, {"on": "2026-12-09", "at": "15:00"}, by=hub.owner, headers=etag)
    assert moved.status == 200, moved.text
    assert len(world.messages(sessions.SESSION_NEAR)) == 2
    world.at = BEGINS
    world.follow_up()
    assert world.messages(sessions.SERIES_SESSION) == []
    world.at = BEGINS + timedelta(days=6)
    world.follow_up()
    assert len(world.messages(sessions.SERIES_SESSION)) == 1


def test_a_cancelled_session_is_told_of_as_cancelled_and_never_as_near(hub: Hub) -> None:
    world, session = hub.world, hub.plan()
    amina = hub.has()
    hub.move(session, "cancel")
    world.follow_up()
    series.call_off(world.call(hub.owner), hub.id, session.rpartition("/")[2])
    mails = world.messages(sessions.SERIES_SESSION_CANCELLED)
    assert {one.payload["recipient"] for one in mails} == {hub.owner, amina}
    assert [notifications.deliver(one.id, world.at) for one in mails] == ["sent", "sent"]
    world.at = BEGINS - timedelta(hours=1)
    world.follow_up()
    assert world.messages(sessions.SERIES_SESSION) == []
