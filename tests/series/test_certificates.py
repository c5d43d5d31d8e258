"""Certificates of a series, from the award to the file that anybody verifies."""

import json
from datetime import timedelta

from chalicelib.certificates.checking import Verdict, verify
from chalicelib.certificates.issuer import read as read_issuer
from chalicelib.certificates.portfolios import store as portfolios
from chalicelib.follow_ups import service as follow_ups
from chalicelib.kernel.call import job_call
from chalicelib.kernel.zones import wall_at
from chalicelib.platform import documents, outbox
from chalicelib.series import awarding, telling
from chalicelib.series.awarding import SERIES_AWARDED
from chalicelib.series.model import SeriesPlace, SeriesRole
from tests.series.hub import BEGINS, Hub, code
from tests.support.signing import sign_all
from tests.support.world import Reply


def held(hub: Hub, week: int, *there: tuple[str, int], later: timedelta = timedelta()) -> str:
    """Hold an hour's session to its end, with people who leave after so many minutes; returns its path."""
    begins = BEGINS + timedelta(weeks=week) + later
    wall = wall_at(begins, "Africa/Nairobi")
    session = hub.plan(on=str(wall.date()), at=wall.strftime("%H:%M"))
    hub.world.at = begins
    assert hub.move(session, "begin").status == 200
    for person, _ in there:
        assert hub.mark(session, person, "join").status < 300
    for person, minutes in sorted(there, key=lambda one: one[1]):
        hub.world.at = begins + timedelta(minutes=minutes)
        if minutes < 60:
            assert hub.mark(session, person, "leave").status < 300
    hub.world.at = begins + timedelta(hours=1)
    assert hub.move(session, "end").status == 200
    return session


def close(hub: Hub, session: str) -> None:
    assert hub.move(session, "close").status == 200
    hub.world.follow_up()


def award(hub: Hub, by: str | None = None) -> Reply:
    reply = hub.world.post(f"{hub.path}/certificates", by=by or hub.owner)
    hub.world.follow_up()
    return reply


def status_of(hub: Hub) -> str:
    year = hub.world.at.year
    return str(hub.world.get(f"/v1/certificate-issuer/status-lists/{year}").text)


def mine(hub: Hub, person: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = hub.world.get("/v1/me/certificates", by=person).json["items"]
    return found


def test_whoever_was_there_for_the_share_has_a_certificate_that_verifies(hub: Hub) -> None:
    world = hub.world
    steady, rare, gone = hub.has(), hub.has(), hub.has()
    for week in range(2):
        close(hub, held(hub, week, (steady, 48), (rare, 47), (gone, 60)))
    assert world.delete(f"/v1/me/series/{hub.id}", by=gone).status == 204
    reply = award(hub)
    assert (reply.status, reply.json) == (202, {"sessions": 2, "share": 80})
    sign_all(world)

    # 48 of 60 minutes are 80 %; 47 are not, and who left has none.
    (one,) = mine(hub, steady)
    assert (mine(hub, rare), mine(hub, gone)) == ([], [])
    assert (one["activity"], one["role"], one["mentorship_id"]) == (
        {"kind": "series", "id": hub.id},
        "member",
        None,
    )
    assert (one["title"], one["programme"]) == ("Tele-mentoring series attended", "Heart failure ECHO")
    record = one["record"]
    assert isinstance(record, dict)
    assert (record["sessions"], record["minutes"], record["started_on"]) == (2, 96, "2026-12-02")

    file = world.get(f"/v1/me/certificates/{one['id']}/file", by=steady).text
    issuer = read_issuer(world.get("/v1/certificate-issuer").text)
    assert verify(file, issuer, world.at, status_of(hub)).verdict is Verdict.GOOD
    page = world.get(f"/v1/certificates/{one['id']}/page").text
    assert "Tele-mentoring series attended" in page
    assert "Heart failure ECHO" not in page
    shown = world.put(f"/v1/me/certificates/{one['id']}/shown", {"programme": True, "hours": True}, by=steady)
    assert shown.status == 200, shown.text
    page = world.get(f"/v1/certificates/{one['id']}/page").text
    assert "Activity" in page
    assert "Heart failure ECHO" in page

    told = [one.payload["recipient"] for one in world.messages("certificate-awarded")]
    assert told == [steady]
    (listed,) = world.get(f"{hub.path}/certificates", by=hub.owner).json["items"]
    assert (listed["holder_id"], listed["status"]) == (steady, "issued")
    revoked = world.post(
        f"/v1/certificates/{one['id']}/revoke", {"reason": "issued_in_error", "text": ""}, by=hub.owner
    )
    assert (revoked.status, revoked.json["status"]) == (200, "revoked")
    sign_all(world)
    assert verify(file, issuer, world.at, status_of(hub)).verdict is Verdict.BAD
    # One that was taken back is not awarded anew.
    assert award(hub).status == 202
    assert [one["status"] for one in mine(hub, steady)] == ["revoked"]


def test_it_is_awarded_once_a_person_however_often_and_to_who_reaches_the_share_later(hub: Hub) -> None:
    first, second, never = hub.has(), hub.has(SeriesRole.EXPERT), hub.has()
    close(hub, held(hub, 0, (first, 60), (second, 10)))
    award(hub)
    # Cut off after its work and begun again.
    news = {"series_id": hub.id}
    hub.world.write(outbox.message("again", outbox.Topic.FOLLOW_UP, SERIES_AWARDED, news, now=hub.world.at))
    follow_ups.follow_up("again", lambda: hub.world.at)
    assert (len(mine(hub, first)), len(mine(hub, second))) == (1, 0)
    hub.change(share=50)
    close(hub, held(hub, 1, (first, 60), (second, 60)))
    award(hub)
    assert (len(mine(hub, first)), [one["role"] for one in mine(hub, second)]) == (1, ["expert"])
    hub.change(share=0)
    award(hub)
    assert mine(hub, never) == [], "who was never there"


def test_it_counts_a_session_whose_minutes_nobody_has_kept_yet(hub: Hub) -> None:
    person = hub.has()
    session = held(hub, 0, (person, 60))
    assert hub.move(session, "close").status == 200
    # The news of the award is acted on before that of the minutes.
    awarding.award(job_call("follow_up", hub.world.at), hub.id)
    assert [one["status"] for one in mine(hub, person)] == ["ordered"]
    hub.world.follow_up()
    assert len(mine(hub, person)) == 1


def test_a_portfolio_holds_what_was_attended_and_the_certificate_also_of_a_series_that_was_left(
    hub: Hub,
) -> None:
    world, person = hub.world, hub.has()
    close(hub, held(hub, 0, (person, 60)))
    award(hub)
    sign_all(world)

    def portfolio(form: str, **choice: bool) -> str:
        reply = world.post("/v1/me/portfolios", choice, by=person)
        assert reply.status == 201, reply.text
        world.follow_up()
        sign_all(world)
        world.follow_up()
        found = portfolios.get_portfolio(person, reply.json["id"])
        assert found is not None
        return documents.read(portfolios.file_key(found, form)).decode()

    whole = portfolio("json")
    (one,) = json.loads(whole)["portfolio"]["activities"]
    (certificate,) = one.pop("certificates")
    assert one == {
        "kind": "series", "title": "Heart failure ECHO", "organisation": one["organisation"], "role": "member",
        "sessions": [{"on": "2026-12-02", "minutes": 60}],
    }  # fmt: skip
    assert certificate["title"] == "Tele-mentoring series attended"
    checked = world.post("/v1/portfolio-checks", {"file": whole, "issuer": None}, by=person)
    assert checked.json["genuine"], checked.text
    page = portfolio("html")
    assert "member of the series" in page
    assert "There is no mentorship in it." not in page
    assert "activities" not in json.loads(portfolio("json", activities=False))["portfolio"]

    assert world.delete(f"/v1/me/series/{hub.id}", by=person).status == 204
    (left,) = json.loads(portfolio("json"))["portfolio"]["activities"]
    assert (left["title"], left["sessions"], len(left["certificates"])) == ("Heart failure ECHO", [], 1)


def test_a_certificate_a_portfolio_and_a_statement_tell_of_the_same_day(hub: Hub) -> None:
    """Half past midnight in Nairobi is the day before in UTC."""
    world, person = hub.world, hub.has()
    close(hub, held(hub, 0, (person, 60), later=timedelta(hours=9, minutes=30)))
    award(hub)
    sign_all(world)
    (activity,) = world.get("/v1/me/activities", by=person).json["items"]
    (certificate,) = mine(hub, person)
    (told,) = telling.activities_of(person, 50)
    record = certificate["record"]
    assert isinstance(record, dict)
    assert activity["day"] == "2026-12-03"
    assert (record["started_on"], record["last_on"]) == (activity["day"], activity["day"])
    assert [str(one.on) for one in told.sessions] == [activity["day"]]


def test_it_waits_for_all_sessions_and_for_the_owner(hub: Hub) -> None:
    assert (award(hub).status, code(award(hub))) == (409, "series-not-over")
    person = hub.has()
    session = held(hub, 0, (person, 60))
    assert "1 of its sessions" in award(hub).json["detail"]
    close(hub, session)
    for role in (SeriesRole.FACILITATOR, SeriesRole.MEMBER):
        assert award(hub, hub.has(role)).status == 403
    invited = hub.has(place=SeriesPlace.INVITED)
    assert award(hub, invited).status == 404
    owner = hub.has(SeriesRole.OWNER)
    assert award(hub, owner).status == 202
    # An owner who is no coordinator of the hub does not read why one was revoked.
    assert hub.world.get(f"{hub.path}/certificates", by=owner).status == 403
