"""What people choose of their mails: read and set over HTTP, kept by the worker, changed by the link in a mail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from chalicelib.notifications import catalogue_words, choosing, facts, store
from chalicelib.notifications.catalogue import CATALOGUE
from chalicelib.notifications.model import Kind, tag_of
from chalicelib.notifications.preferences import Frequency, QuietHours, choices
from chalicelib.platform import sealing, tables
from chalicelib.platform.settings import settings
from tests.mentorships.goals.pair import make_pair
from tests.notifications import mails_table
from tests.notifications.post import PostOffice
from tests.support.world import World

PREFERENCES = "/v1/me/mail-preferences"
SWITCHABLE = [kind for kind in Kind if Frequency.OFF in choices(kind)]
INVITED = "enrolment-invitation"


def choose(world: World, person: str, *kinds: tuple[str, str], quiet: Any = None) -> Any:
    etag = world.get(PREFERENCES, by=person).etag
    body = {"kinds": [{"kind": kind, "frequency": word} for kind, word in kinds], "quiet_hours": quiet}
    return world.put(PREFERENCES, body, by=person, headers={"If-Match": etag})


def goal_mail(office: PostOffice, zone: str = "Africa/Nairobi") -> tuple[str, str, datetime]:
    """Have a mentee whose goal's day comes near; return the mentee, the mail's id, and the instant it is due at."""
    pair = make_pair(office.world)
    reply = office.world.patch("/v1/me/profile", {"time_zone": zone}, by=pair.mentee)
    assert reply.status == 200, reply.text
    day = (office.world.at + timedelta(days=5)).date()
    goal = pair.written(due_on=day.isoformat())
    message = office.put(
        "goal-due:x", "goal-due",
        {"recipient": pair.mentee, "mentorship_id": pair.id, "goal_id": goal, "due_on": day.isoformat()},
    )  # fmt: skip
    return pair.mentee, message, office.world.at


def test_every_kind_has_an_entry_and_sentences_in_each_language() -> None:
    assert set(CATALOGUE) == set(Kind) == set(facts.READERS)
    for kind in Kind:
        for tell in (
            catalogue_words.what_sentence,
            catalogue_words.whom_sentence,
            catalogue_words.when_sentence,
            catalogue_words.why_sentence,
        ):
            english, french = tell(kind, "en"), tell(kind, "fr-CM")
            assert english.endswith(".")
            assert english != french


def test_the_page_of_mails_says_what_the_catalogue_has() -> None:
    page = mails_table.PAGE.read_text(encoding="utf-8")
    assert mails_table.written(page) == page, "python -m tests.notifications.mails_table"


def test_a_person_reads_the_catalogue_in_their_language(world: World) -> None:
    person = world.person(locale="fr")
    reply = world.get(PREFERENCES, by=person)
    assert reply.etag == '"0"'
    kinds = {one["kind"]: one for one in reply.json["kinds"]}
    assert set(kinds) == set(Kind)
    assert kinds["goal-due"]["what"] == "L’échéance de l’un de vos objectifs approche."
    assert kinds["goal-due"]["choices"] == ["at_once", "weekly", "off"]
    assert kinds["session-reminder"]["choices"] == ["at_once", "off"]
    assert kinds["credential-revoked"]["choices"] == ["at_once"]
    assert {one["frequency"] for one in kinds.values()} == {"at_once"}


def test_choices_are_kept_and_replaced_as_a_whole(world: World) -> None:
    person = world.person()
    first = choose(world, person, ("goal-due", "off"), quiet={"start": "22:00", "end": "06:30"})
    assert (first.status, first.etag) == (200, '"1"')
    read = world.get(PREFERENCES, by=person)
    assert read.json == first.json
    assert read.json["quiet_hours"] == {"start": "22:00", "end": "06:30"}
    second = choose(world, person, ("goal-overdue", "off"))
    chosen = {one["kind"]: one["frequency"] for one in second.json["kinds"] if one["frequency"] != "at_once"}
    assert chosen == {"goal-overdue": "off"}
    assert second.json["quiet_hours"] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kinds": [{"kind": "credential-revoked", "frequency": "off"}]}, "/kinds/0/frequency"),
        ({"kinds": [{"kind": "no-such", "frequency": "off"}]}, "/kinds/0/kind"),
        ({"kinds": [{"kind": "goal-due", "frequency": "off"}] * 2}, "/kinds"),
        ({"quiet_hours": {"start": "22:00", "end": "22:00"}}, "/quiet_hours/end"),
        ({"quiet_hours": {"start": "22:00", "end": "24:00"}}, "/quiet_hours/end"),
        ({"quiet_hours": {"start": "9", "end": "10:00"}}, "/quiet_hours/start"),
    ],
)
def test_what_cannot_be_chosen_is_told_by_its_field(world: World, body: dict[str, Any], pointer: str) -> None:
    person = world.person()
    reply = world.put(PREFERENCES, body, by=person, headers={"If-Match": '"0"'})
    assert reply.status == 422
    assert [one["pointer"] for one in reply.json["errors"]] == [pointer]
    assert world.get(PREFERENCES, by=person).etag == '"0"'


def test_a_stale_choice_is_refused(world: World) -> None:
    person = world.person()
    assert choose(world, person, ("goal-due", "off")).status == 200
    stale = world.put(PREFERENCES, {}, by=person, headers={"If-Match": '"0"'})
    assert stale.status == 412
    assert world.put(PREFERENCES, {}, by=person).status == 428


def test_a_kind_that_is_off_is_not_sent_and_others_are(office: PostOffice) -> None:
    mentee, message, _ = goal_mail(office)
    assert choose(office.world, mentee, ("goal-due", "off")).status == 200
    account = office.account_mail(mentee)
    office.live(minutes=5)
    result = store.get_result(message)
    assert result is not None
    assert result.outcome == "switched-off"
    assert office.is_done(message)
    assert office.times_sent(message) == 0
    assert office.times_sent(account) == 1


def test_a_mail_in_quiet_hours_waits_for_their_end(office: PostOffice) -> None:
    mentee, message, due = goal_mail(office)  # 12:00 in Nairobi
    assert choose(office.world, mentee, quiet={"start": "11:00", "end": "14:15"}).status == 200
    urgent = office.account_mail(mentee)
    office.live(hours=2)
    assert office.times_sent(urgent) == 1
    assert office.times_sent(message) == 0
    assert office.state(message).due_at == due + timedelta(hours=2, minutes=15)
    office.live(minutes=20)
    assert office.times_sent(message) == 1
    assert office.state(message).tries == 1


def test_a_mail_whose_reason_would_be_gone_by_then_goes_at_night(office: PostOffice) -> None:
    mentee, message, _ = goal_mail(office)
    office.world.at += timedelta(days=5)  # its last day
    assert choose(office.world, mentee, quiet={"start": "11:00", "end": "10:45"}).status == 200
    office.live(minutes=5)
    assert office.times_sent(message) == 1


def test_switched_on_again_it_comes_again(office: PostOffice) -> None:
    mentee, _, _ = goal_mail(office)
    link = choosing.unsubscribe_link(mentee, Kind.GOAL_DUE, office.world.at)
    assert link is not None
    assert office.world.post(link.removeprefix(settings().api_origin)).status == 200
    assert choose(office.world, mentee).status == 200
    office.live(minutes=5)
    assert len(office.sent) >= 1
    assert office.times_sent("goal-due:x") == 1


# The link and its headers.


def headers_of(request: dict[str, Any]) -> dict[str, str]:
    return {one["Name"]: one["Value"] for one in request["Content"]["Simple"]["Headers"]}


def test_what_may_be_switched_off_carries_the_headers_of_rfc_8058(office: PostOffice) -> None:
    mentee, message, _ = goal_mail(office)
    account = office.account_mail(mentee)
    office.live(minutes=5)
    by_kind = {one["EmailTags"][0]["Value"]: one for one in office.sent}
    switchable, fixed = by_kind[tag_of(message)], by_kind[tag_of(account)]
    found = headers_of(switchable)
    link = found["List-Unsubscribe"]
    # One HTTPS address in angle brackets, and the one value that RFC 8058 section 3.1 names.
    assert link.startswith("<https://api.crossward.example/v1/unsubscribe/")
    assert link.endswith(">")
    assert link.count("<") == 1
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(f"List-Unsubscribe: {link}") < 200
    assert not {"List-Unsubscribe", "List-Unsubscribe-Post"} & set(headers_of(fixed))
    body = switchable["Content"]["Simple"]["Body"]
    assert link.strip("<>") in body["Text"]["Data"]
    assert f'href="{link.strip("<>")}"' in body["Html"]["Data"]
    assert "unsubscribe" not in fixed["Content"]["Simple"]["Body"]["Text"]["Data"]


def path_of(world: World, person: str, kind: Kind = Kind.GOAL_DUE) -> str:
    link = choosing.unsubscribe_link(person, kind, world.at)
    assert link is not None
    return link.removeprefix(settings().api_origin)


def test_looking_at_the_link_changes_nothing_and_one_post_switches_off(world: World) -> None:
    person = world.person(locale="fr")
    path = path_of(world, person)
    page = world.get(path)
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html")
    assert '<form method="post">' in page.text
    assert '<html lang="fr" dir="ltr">' in page.text
    assert world.request("HEAD", path).status == 405
    assert world.get(PREFERENCES, by=person).etag == '"0"'
    # As mailbox providers send it: a form, no cookie, no token, no origin.
    done = world.request(
        "POST", path, raw=b"List-Unsubscribe=One-Click",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    assert done.status == 200
    assert "<form" not in done.text
    off = [
        one["kind"] for one in world.get(PREFERENCES, by=person).json["kinds"] if one["frequency"] == "off"
    ]
    assert off == ["goal-due"]
    assert world.post(path).status == 200
    assert world.get(PREFERENCES, by=person).etag == '"1"'


def test_a_link_says_nothing_and_opens_for_nobody_else(world: World) -> None:
    person, other = world.person(), world.person()
    token = path_of(world, person).rpartition("/")[2]
    assert person not in token
    assert "goal" not in token
    links = {path_of(world, one, kind) for one in (person, other) for kind in SWITCHABLE}
    assert len(links) == 2 * len(SWITCHABLE)
    assert path_of(world, person) in links


@given(st.data())
@hypothesis_settings(max_examples=60)
def test_a_changed_token_opens_to_nothing(data: st.DataObject) -> None:
    key = b"k" * sealing.KEY_BYTES
    token = sealing.seal(key, "unsubscribe", "01ARZ3NDEKTSV4RRFFQ69G5FAV:goal-due")
    at = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.characters())
    changed = token[:at] + sign + token[at + 1 :]
    opened = sealing.unseal(key, "unsubscribe", changed)
    assert (opened is None) == (changed != token)
    assert sealing.unseal(key, "other", token) is None
    assert sealing.unseal(b"l" * sealing.KEY_BYTES, "unsubscribe", token) is None


def test_a_token_of_nobody_or_for_what_must_come_is_not_found(world: World) -> None:
    key = choosing._link_key(world.at)
    person = world.person()
    for text in (
        "01ARZ3NDEKTSV4RRFFQ69G5FAV:goal-due",
        f"{person}:credential-revoked",
        f"{person}:none",
        "x",
    ):
        token = sealing.seal(key, "unsubscribe", text)
        assert world.get(f"/v1/unsubscribe/{token}").status == 404
        assert world.post(f"/v1/unsubscribe/{token}").status == 404
    assert world.post("/v1/unsubscribe/x").status == 404
    assert choosing.unsubscribe_link(person, Kind.CREDENTIAL_REVOKED, world.at) is None


def test_two_processes_make_one_key(world: World) -> None:
    choosing._KEYS.clear()
    first = choosing._link_key(world.at)
    choosing._KEYS.clear()
    assert choosing._link_key(world.at) == first
    assert len(first) == sealing.KEY_BYTES
    assert store.link_key(lambda: b"other" * 13, world.at) == first


def test_a_link_and_a_choice_at_once_are_both_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = world.person()
    path = path_of(world, person)
    plain = tables.transact
    meanwhile = [{Kind.GOAL_OVERDUE: Frequency.OFF}]

    def transact(*args: Any, **kwargs: Any) -> None:
        if meanwhile:
            choosing.choose(world.call(person), meanwhile.pop(), None)
        plain(*args, **kwargs)

    monkeypatch.setattr(tables, "transact", transact)
    assert world.post(path).status == 200
    kinds = world.get(PREFERENCES, by=person).json["kinds"]
    assert {one["kind"] for one in kinds if one["frequency"] == "off"} == {"goal-due", "goal-overdue"}


# Quiet hours, by the clock of the one who sleeps.


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - the zone is set below
    st.sampled_from(["Africa/Nairobi", "America/Toronto", "Asia/Kathmandu", "Australia/Lord_Howe", None]),
    st.integers(0, 95),
    st.integers(0, 95),
)
@hypothesis_settings(max_examples=200)
def test_quiet_hours_end_later_within_a_day_and_are_over_then(
    at: datetime, zone: str | None, start: int, end: int
) -> None:
    if start == end:
        return
    now = at.replace(tzinfo=UTC)
    quiet = QuietHours(start * 15, end * 15)
    over = quiet.over_at(now, zone)
    if over is None:
        return
    assert now < over <= now + timedelta(hours=25)
    # But where clocks go back over the end: there the stretch may come round once more.
    again = quiet.over_at(over, zone)
    assert again is None or again - over <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "zone", "start", "end", "over"),
    [
        # 22:30 in Toronto, over midnight.
        ("2026-11-23T03:30", "America/Toronto", 1320, 420, "2026-11-23T12:00"),
        # The gap of 14 March 2027: 02:30 is not there, half an hour after 02:00 is 03:30.
        ("2027-03-08T05:00", "America/Toronto", 0, 150, "2027-03-08T07:30"),
        ("2027-03-14T05:30", "America/Toronto", 0, 150, "2027-03-14T07:30"),
        # The fold of 1 November 2026: 01:15 comes twice; at the first 01:20 it has gone, at the second it is to come.
        ("2026-11-01T05:05", "America/Toronto", 0, 75, "2026-11-01T05:15"),
        ("2026-11-01T06:05", "America/Toronto", 0, 75, "2026-11-01T06:15"),
        ("2026-11-22T09:00", "Africa/Nairobi", 1320, 420, None),
    ],
)  # fmt: skip
def test_quiet_hours_end_on_the_clock_of_their_day(
    now: str, zone: str, start: int, end: int, over: str | None
) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    wanted = datetime.fromisoformat(over).replace(tzinfo=UTC) if over else None
    assert QuietHours(start, end).over_at(at, zone) == wanted
