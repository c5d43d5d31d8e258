"""Weekly mails: gathered as it comes, sent once a week where the reader is, and nothing lost or told twice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from chalicelib.mentorships import service as mentorships
from chalicelib.notifications import (
    digest_store,
    digests,
    programme_digests,
    rendering,
    service,
    stops,
    store,
)
from chalicelib.notifications.catalogue import CATALOGUE
from chalicelib.notifications.letters import DigestFacts, ProgrammeDigestFacts, Sender
from chalicelib.notifications.model import Kind, Outcome, tag_of
from chalicelib.notifications.preferences import Frequency, Preferences, choices
from chalicelib.notifications.weekly import Drop, Item, due_after, sort_out
from chalicelib.people.model import MailStopReason
from chalicelib.platform import outbox
from chalicelib.platform.settings import settings
from tests.mentorships.goals.pair import Pair, make_pair
from tests.notifications.letters import AMINA, ORIGIN, SENDER, letter
from tests.notifications.post import PostOffice, opened
from tests.notifications.test_choosing import choose
from tests.support.world import World

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)  # a Sunday
WEEKLY = [kind for kind in Kind if Frequency.WEEKLY in choices(kind)]
GOALS = (("goal-due", "weekly"),)
HOUR = timedelta(hours=1)


def mentee(
    office: PostOffice, *chosen: tuple[str, str], zone: str = "Africa/Nairobi", quiet: Any = None
) -> Pair:
    pair = make_pair(office.world)
    assert office.world.patch("/v1/me/profile", {"time_zone": zone}, by=pair.mentee).status == 200
    assert choose(office.world, pair.mentee, *(chosen or GOALS), quiet=quiet).status == 200
    return pair


def goal_mail(office: PostOffice, pair: Pair, name: str, days: int = 5) -> str:
    """Have a goal's day come near, and its mail be due now; return the mail's message."""
    day = (office.world.at + timedelta(days=days)).date().isoformat()
    goal = pair.written(title=f"Goal {name}", due_on=day)
    payload = {"recipient": pair.mentee, "mentorship_id": pair.id, "goal_id": goal, "due_on": day}
    return office.put(f"goal-due:{name}", "goal-due", payload)


def week_of(pair: Pair, day: str = "2026-11-23") -> str:
    return digests.digest_id(pair.mentee, day)


def outcome(message_id: str) -> str | None:
    result = store.get_result(message_id)
    return result.outcome if result else None


def to(office: PostOffice, person: str) -> list[Any]:
    """Return the mails that a person got, opened."""
    address = f"{person.lower()}@example.org"
    return [opened(one) for one in office.sent if one["Destination"]["ToAddresses"] == [address]]


# When it is due.


@pytest.mark.parametrize(
    ("now", "zone", "day", "due"),
    [
        ("2026-11-22T09:00", "Africa/Nairobi", "2026-11-23", "2026-11-23T05:00"),
        ("2026-11-23T04:59", "Africa/Nairobi", "2026-11-23", "2026-11-23T05:00"),
        ("2026-11-23T05:00", "Africa/Nairobi", "2026-11-30", "2026-11-30T05:00"),
        # It is Monday already there, and eight has gone by; still Sunday here.
        ("2026-11-22T20:00", "Pacific/Apia", "2026-11-30", "2026-11-29T19:00"),
        ("2026-11-22T09:00", "Asia/Kathmandu", "2026-11-23", "2026-11-23T02:15"),
        ("2026-11-22T09:00", None, "2026-11-23", "2026-11-23T08:00"),
        # The clocks of Toronto are set forward on the Sunday between.
        ("2026-03-06T12:00", "America/Toronto", "2026-03-09", "2026-03-09T12:00"),
        ("2026-02-27T12:00", "America/Toronto", "2026-03-02", "2026-03-02T13:00"),
    ],
)
def test_it_is_due_on_monday_at_eight_where_its_reader_is(
    now: str, zone: str | None, day: str, due: str
) -> None:
    found = due_after(datetime.fromisoformat(now).replace(tzinfo=UTC), zone)
    assert (found[0].isoformat(), found[1]) == (day, datetime.fromisoformat(due).replace(tzinfo=UTC))


@given(
    st.datetimes(NOW.replace(tzinfo=None), NOW.replace(tzinfo=None, year=2040)),
    st.sampled_from(
        ["Africa/Nairobi", "America/Toronto", "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca"]
    ),
)
@hypothesis_settings(max_examples=80)
def test_there_is_one_within_the_week_always_ahead(at: datetime, zone: str) -> None:
    now = at.replace(tzinfo=UTC)
    day, due = due_after(now, zone)
    local = due.astimezone(ZoneInfo(zone))
    assert now < due <= now + timedelta(days=7, hours=2)
    assert (local.weekday(), local.hour, local.minute, local.date()) == (0, 8, 0, day)


# What may be put off.


def test_only_what_may_be_switched_off_and_can_wait_may_be_put_off() -> None:
    assert Kind.GOAL_DUE in WEEKLY
    for kind in Kind:
        entry = CATALOGUE[kind]
        if entry.weekly:
            assert entry.switchable, kind
            assert not entry.urgent, kind
    never = {
        Kind.SESSION_REMINDER,
        Kind.SESSION_BOOKED,
        Kind.PROPOSAL_EXPIRING,
        Kind.WEEKLY_DIGEST,
        Kind.PROPOSAL_MADE,
    }
    assert not never & set(WEEKLY)


def test_what_may_not_be_put_off_is_refused(world: World) -> None:
    person = world.person()
    reply = choose(world, person, ("session-reminder", "weekly"))
    assert (reply.status, reply.json["errors"][0]["pointer"]) == (422, "/kinds/0/frequency")
    assert "at_once or off" in reply.json["errors"][0]["detail"]


items_of = st.lists(
    st.tuples(st.sampled_from([*WEEKLY, "gone-kind"]), st.booleans(), st.sampled_from([None, *Frequency])),
    max_size=12,
)


@given(items_of)
@hypothesis_settings(max_examples=80)
def test_each_item_is_told_or_dropped_for_a_reason(told: list[tuple[str, bool, Frequency | None]]) -> None:
    items = [Item(f"m{n}", str(kind), {}, NOW) for n, (kind, _, _) in enumerate(told)]
    chosen = Preferences(
        "01A", {Kind(kind): word for kind, _, word in told if kind != "gone-kind" and word is not None}
    )
    holds = {one.message_id: is_so for one, (_, is_so, _) in zip(items, told, strict=True)}
    found = sort_out(items, chosen, lambda one: letter(Kind.GOAL_DUE) if holds[one.message_id] else None)
    shown, dropped = [one for one, _ in found.letters], {one.message_id: why for one, why in found.dropped}
    assert sorted([*(one.message_id for one in shown), *dropped]) == sorted(one.message_id for one in items)
    assert shown == [one for one in items if one in shown]  # in the order in which it came
    for one in items:
        if one.kind == "gone-kind":
            why: Drop | None = Drop.UNKNOWN
        elif chosen.frequency(Kind(one.kind)) is Frequency.OFF:
            why = Drop.SWITCHED_OFF
        else:
            why = None if holds[one.message_id] else Drop.MOOT
        assert dropped.get(one.message_id) is why


# A week.


def test_what_is_put_off_comes_as_one_mail_on_monday(office: PostOffice) -> None:
    pair = mentee(office)
    first, second = goal_mail(office, pair, "one"), goal_mail(office, pair, "two", days=6)
    office.live(hours=1)
    assert (outcome(first), outcome(second)) == ("gathered", "gathered")
    assert to(office, pair.mentee) == []
    assert office.state(week_of(pair)).due_at == datetime(2026, 11, 23, 5, tzinfo=UTC)
    office.live(HOUR, hours=24)
    (mail,) = to(office, pair.mentee)
    assert mail.subject == "Your week in Crossward"
    assert "2 things have come up" in mail.text
    assert "Friday, 27 November 2026" in mail.text
    assert mail.text.count(f"/mentorships/{pair.id}") == 2
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert outcome(week_of(pair)) == "sent"
    office.live(timedelta(hours=12), days=8)
    assert len(to(office, pair.mentee)) == 1


def test_what_is_moot_by_then_is_left_out_and_nothing_is_sent_of_nothing(office: PostOffice) -> None:
    pair = mentee(office)
    message = goal_mail(office, pair, "one")
    office.live(minutes=5)
    goal = office.state(message).payload["goal_id"]
    assert pair.move(goal, "drop", why="Not any more.").status == 200
    office.live(HOUR, hours=24)
    assert to(office, pair.mentee) == []
    assert outcome(week_of(pair)) == "moot"


def test_what_was_switched_off_meanwhile_is_left_out(office: PostOffice) -> None:
    pair = mentee(office)
    goal_mail(office, pair, "one")
    office.live(minutes=5)
    assert choose(office.world, pair.mentee, ("goal-due", "off")).status == 200
    office.live(HOUR, hours=24)
    assert to(office, pair.mentee) == []


def test_who_wants_no_weekly_mail_any_more_gets_none_and_nothing_is_kept(office: PostOffice) -> None:
    pair = mentee(office)
    goal_mail(office, pair, "one")
    office.live(HOUR, hours=24)
    (mail,) = to(office, pair.mentee)
    link = mail.headers["List-Unsubscribe"].strip("<>").removeprefix(settings().api_origin)
    assert office.world.post(link).status == 200
    message = goal_mail(office, pair, "two")
    office.live(minutes=5)
    assert outcome(message) == "switched-off"
    assert outbox.read(week_of(pair, "2026-11-30")) is None


def test_quiet_hours_hold_for_the_weekly_mail_too(office: PostOffice) -> None:
    pair = mentee(office, quiet={"start": "21:00", "end": "09:30"})
    goal_mail(office, pair, "one")
    office.live(timedelta(minutes=15), hours=20)
    assert to(office, pair.mentee) == []
    # What comes while it waits, after eight, is for the week after.
    later = goal_mail(office, pair, "two")
    office.live(timedelta(minutes=15), hours=2)
    (mail,) = to(office, pair.mentee)
    assert "1 thing has come up" in mail.text
    assert outcome(later) == "gathered"
    assert [one.message_id for one in digest_store.items(week_of(pair, "2026-11-30"))] == [later]


def test_it_comes_in_its_readers_language_and_direction(office: PostOffice) -> None:
    pair = mentee(office)
    assert office.world.patch("/v1/me", {"locale": "ar"}, by=pair.mentee).status == 200
    for n in range(3):
        goal_mail(office, pair, str(n))
    office.live(HOUR, hours=24)
    (mail,) = to(office, pair.mentee)
    assert mail.subject == "أسبوعك في Crossward"
    assert "استجدت 3 أمور" in mail.text
    assert 'dir="rtl"' in mail.html


def test_an_item_that_comes_while_the_mail_is_written_is_in_it(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its reading and its claim, by a worker whose clock is a minute behind: whoever read the week's message
    before reads it again."""
    pair = mentee(office)
    goal_mail(office, pair, "one")
    office.live(minutes=5)
    late = goal_mail(office, pair, "late")
    office.world.at = datetime(2026, 11, 23, 5, tzinfo=UTC)
    plain, came = rendering.write, []

    def write(letter_: Any, *more: Any) -> Any:
        written = plain(letter_, *more)
        if letter_.kind is Kind.WEEKLY_DIGEST and not came:
            behind = office.world.at - timedelta(minutes=1)
            came.append(
                digests.gather(office.state(late), Preferences(pair.mentee), "Africa/Nairobi", behind)
            )
        return written

    monkeypatch.setattr(rendering, "write", write)
    assert service.deliver(week_of(pair), office.world.at) is None
    assert (came, to(office, pair.mentee)) == ([Outcome.GATHERED], [])
    office.live(minutes=10)
    (mail,) = to(office, pair.mentee)
    assert mail.text.count("a goal of yours") == 2


def test_what_comes_once_the_mail_is_claimed_goes_to_the_week_after(office: PostOffice) -> None:
    pair = mentee(office)
    goal_mail(office, pair, "one")
    office.live(minutes=5)
    late, week = goal_mail(office, pair, "late"), office.state(week_of(pair))
    outbox.claim(week, now=office.world.at)
    assert service.deliver(late, office.world.at) is Outcome.GATHERED
    assert [one.message_id for one in digest_store.items(week_of(pair, "2026-11-30"))] == [late]


def test_a_death_at_any_step_loses_no_item_and_tells_none_twice(office: PostOffice) -> None:
    """Killed before or after each write, send and hand-over, from the gathering to the end of the mail. Where it died
    between claim and sending nobody knows whether it left: that is listed, and nothing is sent again blindly."""
    world = office.world

    def run(kill_at: int) -> tuple[list[str], list[Any]]:
        world.at = NOW
        pair = mentee(office)
        office.sent.clear()
        office.told.clear()
        messages = [goal_mail(office, pair, f"{kill_at}-{n}") for n in range(2)]
        office.knife.at, office.knife.steps, office.knife.drawn = {kill_at}, [], True
        office.live(minutes=5)
        office.live(timedelta(minutes=40), minutes=80)  # what is not done is swept once its turn comes
        world.at = datetime(2026, 11, 23, 5, tzinfo=UTC)
        office.live(minutes=5)
        office.live(timedelta(minutes=61), minutes=122)
        office.knife.drawn = False
        told = [mail.text.count("a goal of yours") for mail in to(office, pair.mentee)]
        week = store.get_doubt(tag_of(week_of(pair)))
        return office.knife.steps, [[outcome(one) for one in messages], told, week is not None]

    steps, usual = run(-1)
    assert usual == [["gathered", "gathered"], [2], False]
    in_doubt = [usual[0], [], True]
    doubted = []
    for at in range(len(steps)):
        died, found = run(at)
        assert found in (usual, in_doubt), died[at]
        doubted += [died[at]] if found == in_doubt else []
    assert set(doubted) == {"after write", "before mail"}


def test_however_much_has_come_it_weighs_little_and_says_how_much_more(office: PostOffice) -> None:
    name = "<" + "Ünïversité & " * 14
    one = letter(Kind.GOAL_DUE, sender=Sender(name, name))
    facts_ = DigestFacts((one,) * digests.MOST_LINES, 4985)
    for language in ("en", "ar"):
        written = rendering.write(
            replace(letter(Kind.WEEKLY_DIGEST, language), facts=facts_), ORIGIN, f"{ORIGIN}/v1/unsubscribe/x"
        )
        assert len(written.html.encode()) < 30_000
        assert "5000" in written.text or "5,000" in written.text


def test_five_hundred_items_are_counted_and_cut(world: World) -> None:
    person = world.person(name="Amina Otieno")
    week = f"weekly-digest:{person}:2026-11-23"
    world.write(outbox.message(week, outbox.Topic.MAIL, "weekly-digest", {"recipient": person}, now=world.at))
    message = outbox.read(week)
    assert message is not None
    told = [replace(message, id=f"goal-due:{n}", kind="goal-due") for n in range(200)]
    for start in range(0, 200, 50):
        world.write(*(digest_store.put(week, one, world.at) for one in told[start : start + 50]))
    read = digests.reader(lambda _message, _now: letter(Kind.GOAL_DUE))
    found = read(message, world.at)
    assert found is not None
    assert isinstance(found.facts, DigestFacts)
    assert (len(found.facts.letters), found.facts.more) == (digests.MOST_LINES, 200 - digests.MOST_LINES)


def test_gathering_costs_a_read_and_one_transaction(office: PostOffice) -> None:
    pair = mentee(office)
    first, second = goal_mail(office, pair, "one"), goal_mail(office, pair, "two")
    assert service.deliver(first, office.world.at) is Outcome.GATHERED
    with office.world.counted() as calls:
        assert service.deliver(second, office.world.at) is Outcome.GATHERED
    assert calls[-2:] == ["GetItem", "TransactWriteItems"]
    assert calls.count("TransactWriteItems") == 1
    # Nothing of what a mail says is kept, only what it is about.
    for item in digest_store.items(week_of(pair)):
        assert set(item.payload) == {"recipient", "mentorship_id", "goal_id", "due_on"}


# Coordinators.


def programme_mail(office: PostOffice, pair: Pair) -> str:
    return f"programme-digest:{pair.programme}:{pair.coordinator}:2026-11-23"


def unreached_pair(office: PostOffice) -> Pair:
    """A pair of whom coordinators have a task."""
    pair = make_pair(office.world)
    stops.stop_all([(f"{pair.mentee.lower()}@example.org", MailStopReason.BOUNCE)], office.world.at)
    office.world.follow_up()
    return pair


def test_coordinators_hear_once_a_week_how_their_programme_stands(office: PostOffice) -> None:
    pair = unreached_pair(office)
    office.live(timedelta(hours=3), hours=26)
    (mail,) = [one for one in to(office, pair.coordinator) if "how it stands" in one.subject]
    assert "Open tasks: 1" in mail.text
    assert "whom no mail reaches: 1" in mail.text
    assert "Amina" not in mail.text
    assert f"/programmes/{pair.programme}/health" in mail.text
    assert "List-Unsubscribe" in mail.headers
    office.live(timedelta(hours=12), days=5)
    assert len([one for one in to(office, pair.coordinator) if "how it stands" in one.subject]) == 1


def test_sums_leave_out_the_readers_own_mentorships(office: PostOffice) -> None:
    pair, now = unreached_pair(office), office.world.at
    whole = mentorships.sums_of(pair.programme, pair.coordinator, now)
    own = mentorships.sums_of(pair.programme, pair.mentee, now)
    assert (whole.tasks, own.tasks, own.unreached) == (1, 0, 0)


def test_where_there_is_nothing_to_say_nothing_is_sent(office: PostOffice) -> None:
    world = office.world
    organisation = world.organisation()
    coordinator = world.coordinator(organisation)
    body = {"organisation_id": organisation, "name": "Quiet"}
    programme = world.post("/v1/programmes", body, by=coordinator).json["id"]
    office.live(timedelta(hours=3), hours=26)
    assert outcome(f"programme-digest:{programme}:{coordinator}:2026-11-23") == "moot"
    assert to(office, coordinator) == []


def test_who_coordinates_no_more_or_wants_none_gets_none(office: PostOffice) -> None:
    pair = unreached_pair(office)
    other = office.world.coordinator(pair.organisation)
    assert choose(office.world, other, ("programme-digest", "off")).status == 200
    office.put(
        "programme-digest:x", "programme-digest", {"recipient": pair.mentor, "programme_id": pair.programme}
    )
    office.live(timedelta(hours=3), hours=26)
    assert outcome("programme-digest:x") == "moot"
    assert outcome(f"programme-digest:{pair.programme}:{other}:2026-11-23") == "switched-off"


def test_the_weeks_messages_are_written_once_and_at_the_end_of_the_week_alone(office: PostOffice) -> None:
    pair = make_pair(office.world)
    for days in range(3, 7):
        programme_digests.write_due(NOW + timedelta(days=days))
    assert outbox.read(programme_mail(office, pair)) is None
    programme_digests.write_due(NOW)
    message = office.state(programme_mail(office, pair))
    assert message.due_at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    with office.world.counted() as calls:
        programme_digests.write_due(NOW + timedelta(minutes=5))
    assert calls == ["GetItem"]


def test_a_run_that_was_cut_off_writes_what_is_missing(office: PostOffice) -> None:
    pairs = [make_pair(office.world) for _ in range(3)]
    office.put(programme_mail(office, pairs[1]), "programme-digest", {"recipient": pairs[1].coordinator})
    programme_digests.write_due(NOW)
    assert all(outbox.read(programme_mail(office, one)) for one in pairs)
    assert digest_store.written_up_to() == "2026-11-23"


def test_sums_name_nobody() -> None:
    shown = ProgrammeDigestFacts(SENDER, "01P", 1, 2, 3, 1, 1, 4)
    text = rendering.write(replace(letter(Kind.PROGRAMME_DIGEST), facts=shown), ORIGIN).text
    assert AMINA.name in text.splitlines()[0]
    assert "Claire" not in text
    assert tag_of("x") not in text
