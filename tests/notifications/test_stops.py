"""Addresses that bounced or complained: who hears of it, and how mail goes out again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from chalicelib.follow_ups import service as follow_ups
from chalicelib.notifications import jobs, stops, store
from chalicelib.notifications.stopping import FIRST_WAIT, FORGET_AFTER, LONGEST_WAIT, Stop, lifted, stopped
from chalicelib.people import service as people
from chalicelib.people.model import MailStop, MailStopReason, PersonStatus
from chalicelib.platform.web.shapes import instant
from chalicelib.programmes.model import Enrolment, EnrolmentStatus, Side
from chalicelib.programmes.service import may_know
from tests.mentorships.goals.pair import Pair, code, make_pair
from tests.notifications.post import Killed, PostOffice, eventbridge
from tests.support.world import Reply, World

PREFERENCES = "/v1/me/mail-preferences"
BOUNCE, COMPLAINT = MailStopReason.BOUNCE, MailStopReason.COMPLAINT
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def tell(world: World, person: str, name: str = "Bounce", kind: str = "Permanent") -> None:
    """Have the provider tell of a person's address, and what follows from it."""
    found = people.get_person(person)
    assert found is not None
    who = [{"emailAddress": found.email}]
    told: dict[str, Any] = (
        {"bounce": {"bounceType": kind, "bouncedRecipients": who}}
        if name == "Bounce"
        else {"complaint": {"complainedRecipients": who}}
    )
    jobs.mail_events(eventbridge("aws.ses", name, {"eventType": name, "mail": {}, **told}), None)
    world.follow_up()


def stopped_mail(world: World, person: str) -> Any:
    reply = world.get(PREFERENCES, by=person)
    assert reply.status == 200, reply.text
    return reply.json["mail_stopped"]


def resume(world: World, person: str, **said: Any) -> Reply:
    return world.post(f"{PREFERENCES}/resume", said, by=person)


def tasks(pair: Pair, status: str = "open") -> list[Any]:
    query = {"status": status}
    reply = pair.world.get(f"/v1/programmes/{pair.programme}/tasks", by=pair.coordinator, query=query)
    assert reply.status == 200, reply.text
    return [one for one in reply.json["items"] if one["reason"] in ("mail_bounced", "mail_unwanted")]


# The rules.


def test_the_first_try_is_free_and_each_failure_doubles_the_wait() -> None:
    stop, waits = stopped(None, BOUNCE, NOW), []
    at = NOW
    for _ in range(8):
        waits.append(stop.may_try_at - stop.since)
        at = stop.may_try_at + timedelta(hours=1)
        stop = stopped(lifted(stop, at), BOUNCE, at + timedelta(minutes=1))
    days = [one / timedelta(days=1) for one in waits]
    assert days == [0, 1, 2, 4, 8, 16, 30, 30]
    assert (timedelta(days=1), timedelta(days=30)) == (FIRST_WAIT, LONGEST_WAIT)


def test_an_address_that_took_mail_for_half_a_year_is_like_any_other() -> None:
    once = lifted(stopped(None, BOUNCE, NOW), NOW)
    assert stopped(once, BOUNCE, NOW + FORGET_AFTER - timedelta(days=1)).tries == 1
    assert stopped(once, BOUNCE, NOW + FORGET_AFTER).tries == 0


@given(st.lists(st.tuples(st.sampled_from(MailStopReason), st.booleans()), max_size=8))
@hypothesis_settings(max_examples=60)
def test_what_stops_mail_stays_as_it_began_until_it_is_lifted(
    told: list[tuple[MailStopReason, bool]],
) -> None:
    stop: Stop | None = None
    for n, (reason, is_lifted) in enumerate(told):
        at = NOW + timedelta(hours=n)
        before, stop = stop, stopped(stop, reason, at)
        assert stop.is_in_force
        if before is not None and before.is_in_force:
            assert stop.since == before.since
            # A complaint is never made less of by a bounce that comes after it.
            assert (stop.reason is COMPLAINT) is (COMPLAINT in (before.reason, reason))
        else:
            assert (stop.since, stop.reason) == (at, reason)
        stop = lifted(stop, at) if is_lifted else stop


# What the person reads and does.


def test_the_person_reads_that_nothing_is_mailed_and_has_it_tried_again(office: PostOffice) -> None:
    world = office.world
    person = world.person(locale="fr")
    assert stopped_mail(world, person) is None
    tell(world, person)
    shown, since = stopped_mail(world, person), instant(world.at)
    assert (shown["since"], shown["reason"], shown["may_resume_at"]) == (since, "bounce", since)
    assert "fournisseur de messagerie" in shown["why"]
    assert "réessayer" in shown["advice"]
    kept = office.account_mail(person)
    office.live(minutes=5)
    assert office.times_sent(kept) == 0
    reply = resume(world, person)
    assert (reply.status, reply.json["mail_stopped"]) == (200, None)
    assert stopped_mail(world, person) is None
    again = office.put("account-exists:again", "account-exists", {"recipient": person})
    office.live(minutes=5)
    assert (office.times_sent(kept), office.times_sent(again)) == (0, 1)
    assert code(resume(world, person)) == "mail-not-stopped"


def test_a_try_that_fails_has_to_wait_for_the_next(office: PostOffice) -> None:
    world, person = office.world, office.world.person()
    tell(world, person)
    assert resume(world, person).status == 200
    world.pass_time(minutes=10)
    tell(world, person)
    refused = resume(world, person)
    assert (refused.status, code(refused)) == (409, "mail-tried-too-soon")
    assert stopped_mail(world, person)["may_resume_at"] in refused.json["detail"]
    world.pass_time(days=1)
    assert resume(world, person).status == 200


def test_after_a_complaint_a_clear_word_is_asked_for(world: World) -> None:
    person = world.person()
    tell(world, person, "Complaint")
    assert stopped_mail(world, person)["reason"] == "complaint"
    refused = resume(world, person)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/wanted")
    assert resume(world, person, wanted=True).status == 200


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_what_is_of_the_moment_stops_nothing(world: World, kind: str) -> None:
    pair = make_pair(world)
    tell(world, pair.mentee, kind=kind)
    assert stopped_mail(world, pair.mentee) is None
    assert tasks(pair) == []


def test_a_lost_answer_is_given_again_and_lifts_once(world: World) -> None:
    person = world.person()
    tell(world, person)
    headers = {"Idempotency-Key": "the-same-key-0001"}
    first = world.post(f"{PREFERENCES}/resume", {}, by=person, headers=headers)
    second = world.post(f"{PREFERENCES}/resume", {}, by=person, headers=headers)
    assert (first.status, first.text) == (second.status, second.text)
    assert second.status == 200


# What coordinators read.


def test_coordinators_have_a_task_until_mail_goes_out_again(world: World) -> None:
    pair = make_pair(world)
    tell(world, pair.mentee)
    (task,) = tasks(pair)
    assert (task["reason"], task["mentorship_id"], task["mentor"]) == ("mail_bounced", None, None)
    assert task["mentee"] == {"person_id": pair.mentee, "name": "Amina Otieno"}
    page = world.get(f"/v1/mentorships/{pair.id}", by=pair.coordinator)
    assert page.json["mail_stopped"]["mentee"]["reason"] == "bounce"
    # The other of the two is not to know.
    assert world.get(f"/v1/mentorships/{pair.id}", by=pair.mentor).json["mail_stopped"] == {}
    assert resume(world, pair.mentee).status == 200
    world.follow_up()
    assert tasks(pair) == []
    assert [one["ended"] for one in tasks(pair, "done")] == ["mended"]


def test_a_complaint_to_a_bounce_is_another_task(world: World) -> None:
    pair = make_pair(world)
    tell(world, pair.mentor)
    tell(world, pair.mentor, "Complaint")
    assert [one["reason"] for one in tasks(pair)] == ["mail_unwanted"]
    assert [(one["reason"], one["ended"]) for one in tasks(pair, "done")] == [("mail_bounced", "mended")]


def test_what_a_coordinator_has_seen_to_stays_so(world: World) -> None:
    pair = make_pair(world)
    tell(world, pair.mentee)
    (task,) = tasks(pair)
    path = f"/v1/programmes/{pair.programme}/tasks/{task['id']}/done"
    assert world.post(path, by=pair.coordinator).status == 200
    tell(world, pair.mentee)
    assert tasks(pair) == []
    assert resume(world, pair.mentee).status == 200
    world.follow_up()
    assert [one["ended"] for one in tasks(pair, "done")] == ["seen_to"]


def test_who_joins_later_shows_with_their_place_and_raises_the_task_with_the_next_mail(
    office: PostOffice,
) -> None:
    world = office.world
    pair = make_pair(world)
    person = world.mentee()
    tell(world, person)
    world.pass_time(hours=1)
    places = f"/v1/programmes/{pair.programme}/enrolments"

    assert world.put(f"{places}/{person}", {"role": "mentee"}, by=person).status == 200
    world.follow_up()
    items = world.get(places, by=pair.coordinator).json["items"]
    assert [one["mail_stopped"]["reason"] for one in items if one["person_id"] == person] == ["bounce"]
    assert tasks(pair) == []
    office.account_mail(person)
    office.live(minutes=5)
    world.follow_up()
    assert [one["mentee"]["person_id"] for one in tasks(pair)] == [person]


def test_of_who_is_only_invited_coordinators_learn_what_came_after_the_invitation() -> None:
    """What bounced before would tell that the address had an account."""
    place = Enrolment("01P", "01A", Side.MENTEE, 1, 1, EnrolmentStatus.INVITED, enrolled_at=NOW)
    before, after = MailStop(NOW - timedelta(days=1), BOUNCE), MailStop(NOW + timedelta(hours=1), BOUNCE)
    assert may_know(before, place, is_invited=True) is None
    assert may_know(after, place, is_invited=True) == after
    assert may_know(before, place, is_invited=False) == before


def test_somebody_invited_after_their_address_was_stopped_is_marked_with_the_first_mail(
    office: PostOffice,
) -> None:
    stops.stop_all([("late@example.org", BOUNCE)], office.world.at)
    person = office.world.person(email="late@example.org", status=PersonStatus.ACTIVE)
    assert stopped_mail(office.world, person) is None
    message = office.account_mail(person)
    office.live(minutes=5)
    result = store.get_result(message)
    assert result is not None
    assert result.outcome == "suppressed"
    assert stopped_mail(office.world, person)["reason"] == "bounce"


def test_a_crash_at_any_write_ends_in_the_same_tasks(office: PostOffice) -> None:
    """Killed before or after each write of what follows from a stop and from its end, and begun again."""
    world = office.world

    def survive(act: Callable[[], Any]) -> None:
        office.knife.drawn = True
        try:
            act()
        except Killed:
            office.knife.drawn = False
            world.pass_time(minutes=20)  # the claim lapses
            act()
        office.knife.drawn = False

    def run(kill_at: int) -> tuple[int, list[Any]]:
        pair = make_pair(world)
        office.knife.at, office.knife.steps = {kill_at}, []
        survive(lambda: tell(world, pair.mentee))
        raised = [one["reason"] for one in tasks(pair)]
        survive(lambda: (resume(world, pair.mentee), world.follow_up()))
        done = [(one["reason"], one["ended"]) for one in tasks(pair, "done")]
        return len(office.knife.steps), [raised, tasks(pair), done]

    steps, usual = run(-1)
    assert usual == [["mail_bounced"], [], [("mail_bounced", "mended")]]
    assert steps >= 14
    for at in range(steps):
        assert run(at)[1] == usual, office.knife.steps[at]


def test_the_news_has_who_follows_it_and_names_no_address(world: World) -> None:
    pair = make_pair(world)
    found = people.get_person(pair.mentee)
    assert found is not None
    stops.stop_all([(found.email, BOUNCE)], world.at)
    (news,) = world.messages(people.MAIL_REACH_CHANGED)
    assert news.kind in follow_ups.FOLLOWERS
    assert news.payload == {"person_id": pair.mentee}
