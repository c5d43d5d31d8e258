"""Who takes part in a series: by invitation, by joining, from which site, in which role."""

from typing import Any

import pytest

from chalicelib.kernel.errors import StaleVersion
from chalicelib.notifications import service as notifications
from chalicelib.people import service as people
from chalicelib.people.model import PersonStatus
from chalicelib.platform import tables
from chalicelib.series import inviting
from chalicelib.series.model import SeriesPlace, SeriesRole
from tests.series.hub import Hub, code, make_hub
from tests.support.world import Reply, World


def invite(hub: Hub, *emails: str, by: str | None = None, **more: Any) -> Any:
    body = {"invitations": [{"email": one, "given_name": "Amina", **more} for one in emails]}
    reply = hub.world.post(f"{hub.path}/members", body, by=by or hub.owner)
    assert reply.status == 200, reply.text
    return reply.json


def outcomes(told: Any) -> list[str]:
    return [one["outcome"] for one in told["items"]]


def test_many_are_invited_at_once_and_each_gets_a_mail(hub: Hub) -> None:
    emails = [f"member{n}@spokes.example.org" for n in range(40)]
    told = invite(hub, *emails)
    assert (told["invited"], told["failed"]) == (40, 0)
    sent = hub.world.messages("series-invitation")
    assert len(sent) == 40
    assert {notifications.deliver(one.id, hub.world.at) for one in sent} == {"sent"}
    found = people.find_by_email(emails[0])
    assert found is not None
    person = people.get_person(found[0])
    assert person is not None
    assert person.status is PersonStatus.INVITED


def test_the_report_says_what_failed_and_why_in_the_order_sent(hub: Hub) -> None:
    world = hub.world
    known = world.person(email="known@example.org")
    assert world.put(f"/v1/me/series/{hub.id}", {}, by=known).status == 200
    body = {
        "invitations": [
            {"email": "new@example.org", "given_name": "New"},
            {"email": "known@example.org", "given_name": "Known"},
            {"email": "New@Example.org", "given_name": "New"},
            {"email": "far@example.org", "given_name": "Far", "site_id": hub.id},
            {"email": "no address", "given_name": "None"},
        ]
    }
    told = world.post(f"{hub.path}/members", body, by=hub.owner).json
    assert outcomes(told) == ["invited", "already_in", "repeated", "site_unknown", "address_malformed"]
    assert (told["invited"], told["failed"]) == (1, 4)


def test_the_same_list_again_invites_nobody_twice(hub: Hub) -> None:
    emails = [f"member{n}@spokes.example.org" for n in range(20)]
    invite(hub, *emails)
    assert set(outcomes(invite(hub, *emails))) == {"already_in"}
    assert len(hub.world.messages("series-invitation")) == 20


def test_what_somebody_else_crosses_fails_alone(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a list in one transaction one account is made at the same moment: the others are invited all the same."""
    plain = tables.transact

    def crossed(writes: Any, token: str, **how: Any) -> None:
        told = [one.request() for one in writes]
        if "second@example.org" in str(told):
            raise StaleVersion
        plain(writes, token, **how)

    monkeypatch.setattr(tables, "transact", crossed)
    told = invite(hub, "first@example.org", "second@example.org", "third@example.org")
    assert outcomes(told) == ["invited", "changed_meanwhile", "invited"]
    assert people.find_by_email("second@example.org") is None


def test_a_lost_answer_is_given_again(hub: Hub) -> None:
    body = {"invitations": [{"email": "one@example.org", "given_name": "One"}]}
    how: dict[str, Any] = {"by": hub.owner, "headers": {"Idempotency-Key": "k"}}
    first, second = (hub.world.post(f"{hub.path}/members", body, **how) for _ in range(2))
    assert first.json == second.json
    assert first.json["invited"] == 1
    assert len(hub.world.messages("series-invitation")) == 1


def test_who_is_invited_has_a_place_once_they_accept(world: World) -> None:
    hub = make_hub(world, "invitation")
    amina = world.person(email="amina@example.org")
    invite(hub, "amina@example.org", role="expert")
    session = hub.plan()
    assert world.get(session, by=amina).status == 404, "an invitation opens the series, not its sessions"
    assert world.get(hub.path, by=amina).json["your_place"] == "invited"
    (listed,) = [
        one
        for one in world.get(f"{hub.path}/members", by=hub.owner).json["items"]
        if one["person_id"] == amina
    ]
    assert listed["name"] == "", "a name is shown by who has it"
    joined = world.put(f"/v1/me/series/{hub.id}", {"role": "member"}, by=amina)
    assert (joined.json["role"], joined.json["place"]) == ("expert", "active"), "as invited, not as wished"
    assert world.get(session, by=amina).status == 200
    (mail,) = world.messages("series-invitation")
    assert notifications.deliver(mail.id, world.at) == "moot"


def test_nobody_joins_a_series_by_invitation_uninvited(world: World) -> None:
    hub = make_hub(world, "invitation")
    stranger = world.person()
    assert world.put(f"/v1/me/series/{hub.id}", {}, by=stranger).status == 404
    assert world.get("/v1/series", by=stranger).json["items"] == []


def test_a_public_series_is_joined_as_member_or_guest_and_as_nothing_else(hub: Hub) -> None:
    world, amina = hub.world, hub.world.person()
    mine = f"/v1/me/series/{hub.id}"
    assert code(world.put(mine, {"role": "facilitator"}, by=amina)) == "series-not-joinable"
    assert world.put(mine, {"role": "guest"}, by=amina).json["role"] == "guest"
    assert world.put(mine, {"role": "member"}, by=amina).json["role"] == "member"
    assert world.put(mine, {"role": "guest"}, by=amina).json["role"] == "member"
    assert world.delete(mine, by=amina).status == 204
    assert world.get(mine, by=amina).status == 404
    assert world.get("/v1/me/series", by=amina).json["items"] == []


def test_whose_place_was_taken_comes_back_by_invitation_alone(hub: Hub) -> None:
    world, amina = hub.world, hub.world.person(email="amina@example.org")
    mine = f"/v1/me/series/{hub.id}"
    world.put(mine, {}, by=amina)
    assert world.delete(f"{hub.path}/members/{amina}", by=hub.owner).status == 204
    for role in ("member", "guest"):
        assert code(world.put(mine, {"role": role}, by=amina)) == "series-not-joinable"
    assert world.delete(mine, by=amina).status == 404, "leaving what was taken does not open the way back"
    assert world.get("/v1/me/series", by=amina).json["items"] == []
    assert outcomes(invite(hub, "amina@example.org")) == ["invited"]
    assert world.put(mine, {}, by=amina).json["place"] == "active"


@pytest.mark.parametrize("role", [SeriesRole.FACILITATOR, SeriesRole.SUPPORT])
def test_who_was_removed_is_invited_again_by_the_owner_alone(hub: Hub, role: SeriesRole) -> None:
    world, who = hub.world, hub.has(role)
    amina, claire = world.person(email="amina@example.org"), world.person(email="claire@example.org")
    for one in (amina, claire):
        world.put(f"/v1/me/series/{hub.id}", {}, by=one)
    world.delete(f"{hub.path}/members/{amina}", by=hub.owner)
    world.delete(f"/v1/me/series/{hub.id}", by=claire)
    told = invite(hub, "amina@example.org", "claire@example.org", by=who)
    assert outcomes(told) == ["place_taken", "invited"], "who left by themselves is invited by any"
    assert code(world.put(f"/v1/me/series/{hub.id}", {}, by=amina)) == "series-not-joinable"
    assert outcomes(invite(hub, "amina@example.org")) == ["invited"]


def test_leaving_does_not_give_a_guest_new_visits(hub: Hub) -> None:
    guest = hub.has(SeriesRole.GUEST, visits=3)
    mine = f"/v1/me/series/{hub.id}"
    hub.world.delete(mine, by=guest)
    assert hub.world.put(mine, {"role": "guest"}, by=guest).json["visits"] == 3


def test_a_site_has_its_country_s_income_group(hub: Hub) -> None:
    world, amina = hub.world, hub.has()
    made = world.post(f"{hub.path}/sites", {"name": "Kilifi", "country": "ken"}, by=hub.owner)
    assert (made.json["country"], made.json["income_group"]) == ("KE", "lower_middle")
    assert world.post(f"{hub.path}/sites", {"name": "x", "country": "XX"}, by=hub.owner).status == 422
    joined = world.put(f"/v1/me/series/{hub.id}", {"site_id": made.json["id"]}, by=amina)
    assert joined.json["site_id"] == made.json["id"]
    assert code(world.put(f"/v1/me/series/{hub.id}", {"site_id": hub.id}, by=amina)) == "site-unknown"


def test_a_site_is_mended_and_its_members_stay(hub: Hub) -> None:
    world, amina = hub.world, hub.has()
    site = world.post(f"{hub.path}/sites", {"name": "Kilfi", "country": "TZ"}, by=hub.owner).json["id"]
    one, mine = f"{hub.path}/sites/{site}", f"/v1/me/series/{hub.id}"
    world.put(mine, {"site_id": site}, by=amina)
    assert world.patch(one, {"name": "Mine"}, by=amina).status == 403
    assert world.patch(one, {"country": "XX"}, by=hub.owner).json["errors"][0]["pointer"] == "/country"
    mended = world.patch(one, {"name": "Kilifi", "country": "KE"}, by=hub.owner)
    assert (mended.json["name"], mended.json["country"]) == ("Kilifi", "KE")
    assert world.patch(one, {"name": "x"}, by=hub.owner, headers={"If-Match": '"7"'}).status == 412
    (listed,) = world.get(f"{hub.path}/sites", by=hub.owner).json["items"]
    assert listed == mended.json
    assert world.get(mine, by=amina).json["site_id"] == site
    assert world.patch(f"{hub.path}/sites/{hub.id}", {"name": "x"}, by=hub.owner).status == 404


def test_a_site_is_taken_away_while_nobody_is_there_and_nobody_answered(hub: Hub) -> None:
    world, amina = hub.world, hub.has()
    empty, full, told = (
        world.post(f"{hub.path}/sites", {"name": name, "country": "KE"}, by=hub.owner).json["id"]
        for name in ("Kilfi", "Kilifi", "Lamu")
    )
    mine = f"/v1/me/series/{hub.id}"
    world.put(mine, {"site_id": full}, by=amina)
    world.put(f"{hub.path}/evaluation", {"items": ["x"]}, by=hub.owner)
    claire = hub.has(site_id=told)
    assert world.post(f"{hub.path}/evaluation", {"phase": "pre", "scores": [3]}, by=claire).status == 201
    assert world.delete(mine, by=claire).status == 204

    def removed(site: str, **how: Any) -> Reply:
        return world.delete(f"{hub.path}/sites/{site}", **{"by": hub.owner, **how})

    assert removed(empty, by=amina).status == 403
    assert [code(removed(one)) for one in (full, told)] == ["site-in-use"] * 2
    assert removed(empty).status == 204
    assert removed(empty).status == 404
    listed = world.get(f"{hub.path}/sites", by=hub.owner).json["items"]
    assert {one["id"] for one in listed} == {full, told}
    # Nobody comes to it any more, on any way.
    assert code(world.put(mine, {"site_id": empty}, by=amina)) == "site-unknown"
    assert outcomes(invite(hub, "new@example.org", site_id=empty)) == ["site_unknown"]
    moved = world.patch(f"{hub.path}/members/{amina}", {"site_id": empty}, by=hub.owner)
    assert code(moved) == "site-unknown"
    assert world.patch(f"{hub.path}/sites/{empty}", {"name": "x"}, by=hub.owner).status == 404


@pytest.mark.parametrize("role", [SeriesRole.EXPERT, SeriesRole.MEMBER, SeriesRole.GUEST])
def test_who_only_takes_part_runs_nothing(hub: Hub, role: SeriesRole) -> None:
    world, who = hub.world, hub.has(role)
    session = hub.plan()
    etag = {"If-Match": world.get(session, by=who).etag}
    refused = [
        world.patch(hub.path, {"title": "Mine"}, by=who, headers={"If-Match": '"1"'}),
        world.get(f"{hub.path}/members", by=who),
        world.post(f"{hub.path}/members", {"invitations": [{"email": "a@b.org", "given_name": "A"}]}, by=who),
        world.patch(f"{hub.path}/members/{who}", {"role": "owner"}, by=who),
        world.delete(f"{hub.path}/members/{hub.owner}", by=who),
        world.patch(session, {"title": "Mine"}, by=who, headers=etag),
        world.get(f"{session}/clock", by=who),
        hub.move(session, "begin", by=who),
        world.get(f"{session}/attendance", by=who),
        world.get(f"{session}/attendance.csv", by=who),
        world.get(f"{session}/attendance/{hub.owner}", by=who),
        world.post(f"{session}/attendance/{hub.owner}", {"minutes": 1, "reason": "because"}, by=who),
        world.put(f"{hub.path}/meeting-events", {"secret": "x" * 20}, by=who),
    ]
    assert {(one.status, code(one)) for one in refused} == {(403, "series-role-refused")}


@pytest.mark.parametrize("role", [SeriesRole.FACILITATOR, SeriesRole.SUPPORT])
def test_who_runs_it_gives_no_roles_of_the_hub(hub: Hub, role: SeriesRole) -> None:
    world, who, member = hub.world, hub.has(role), hub.has()
    body = {"invitations": [{"email": "a@b.org", "given_name": "A", "role": "owner"}]}
    refused = [
        world.post(f"{hub.path}/members", body, by=who),
        world.patch(f"{hub.path}/members/{who}", {"role": "owner"}, by=who),
        world.delete(f"{hub.path}/members/{hub.owner}", by=who),
        world.put(f"{hub.path}/meeting-events", {"secret": "x" * 20}, by=who),
    ]
    assert {one.status for one in refused} == {403}
    assert outcomes(invite(hub, "member@example.org", by=who)) == ["invited"]
    assert world.delete(f"{hub.path}/members/{member}", by=who).status == 204


def test_who_has_left_sees_nothing_any_more(hub: Hub) -> None:
    gone = hub.has(place=SeriesPlace.LEFT)
    assert hub.world.get(hub.plan(), by=gone).status == 404


def test_a_coordinator_of_another_organisation_sees_nothing(world: World) -> None:
    hub = make_hub(world, "invitation")
    other = world.coordinator(world.organisation("Another"))
    assert world.get(hub.path, by=other).status == 404
    assert world.get(f"/v1/organisations/{hub.organisation}/series", by=other).status == 404


def test_no_transaction_of_invitations_is_larger_than_it_may_be() -> None:
    # Six writes each, the trail and the stored answer.
    assert inviting._A_TRANSACTION * 6 + 2 <= tables.MAX_WRITES


def test_of_the_limits_what_is_not_given_stays(hub: Hub) -> None:
    hub.change(share=70, visits=2)
    etag = hub.world.get(hub.path, by=hub.owner).etag
    how: dict[str, Any] = {"by": hub.owner, "headers": {"If-Match": etag}}
    told = hub.world.patch(hub.path, {"limits": {"guests": 2}}, **how).json["limits"]
    assert told == {"guests": 2, "visits": 2, "share": 70, "recommendation_days": 3}


@pytest.mark.parametrize(("on", "weeks"), [("9999-12-31", 1), ("9999-12-31", 40), ("2029-12-31", 1)])
def test_no_session_is_planned_for_a_year_that_was_mistyped(hub: Hub, on: str, weeks: int) -> None:
    body = {"title": "Far", "on": on, "at": "15:00", "template": "cardi_oh", "weeks": weeks}
    reply = hub.world.post(f"{hub.path}/sessions", body, by=hub.owner)
    assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, "/on")
