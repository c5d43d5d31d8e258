"""Chats: what the transcript answers, what waits for a moderator, times, and that nothing is lost or doubled."""

import json
import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.platform import tables
from chalicelib.platform.aws import client
from chalicelib.simulations.cases import Voice
from chalicelib.simulations.chats import model
from chalicelib.simulations.chats.schemas import TurnView
from chalicelib.simulations.chats.service import Turn
from chalicelib.simulations.sessions.model import Round
from tests.simulations.documents import document
from tests.simulations.sessions import Session, running
from tests.support.world import START, World


@pytest.fixture
def session(world: World) -> Session:
    return running(world)


@pytest.fixture
def one(session: Session) -> str:
    return session.participants[0]


def told(turn: Any) -> list[tuple[int, str]]:
    return [(message["number"], message["by"]) for message in turn["messages"]]


def test_a_case_is_played_to_a_good_end(session: Session, one: str) -> None:
    world = session.world
    assert told(session.poll(one)) == [(1, "nurse")]
    turn = session.say(one, "Blood pressure and blood sugar please", after=1).json
    assert told(turn) == [(2, "participant"), (3, "nurse"), (4, "nurse")]
    assert "BP 92/58" in turn["messages"][1]["text"]
    world.pass_time(minutes=2)
    session.say(one, "ketones")
    turn = session.say(one, "ABG", after=6).json
    assert "no blood gas machine" in turn["messages"][-1]["text"], "as it is in the district"
    turn = session.say(one, "start insulin infusion", after=turn["last"]).json
    assert "before insulin" in turn["messages"][-1]["text"], "no way is taken by what is not available"
    turn = session.say(one, "IV fluids", after=turn["last"]).json
    assert "litre of saline is running" in turn["messages"][-1]["text"]
    turn = session.say(one, "fixed rate insulin infusion", after=turn["last"]).json
    assert (turn["outcome"], turn["is_over"]) == ("good", True)
    late = session.say(one, "and potassium replacement")
    assert (late.status, late.json["type"].rpartition("/")[2]) == (409, "case-ended")


def test_hints_and_time_outs_come_at_their_time_whoever_looks(session: Session, one: str) -> None:
    world = session.world
    session.poll(one)
    world.pass_time(minutes=23)
    turn = session.poll(one)
    texts = [message["text"] for message in turn["messages"]]
    assert [text[:20] for text in texts] == [
        "A 22-year-old woman ", "Doctor, she is breat", "Doctor, she can hard", "Her heart stops befo"
    ]  # fmt: skip
    at = [message["at"][14:19] for message in turn["messages"]]
    assert at == ["00:00", "06:00", "15:00", "21:00"]
    assert turn["outcome"] == "harm"
    assert session.poll(one) == turn, "a second look tells nothing twice"


def test_what_is_said_after_the_time_is_refused(session: Session, one: str) -> None:
    world = session.world
    session.say(one, "iv fluids")
    world.pass_time(minutes=11)
    session.say(one, "glucose")
    session.reply(one, scene="filling")
    world.pass_time(minutes=13, seconds=59)
    session.reply(one, scene="filling_late")
    assert session.say(one, "vital signs").status == 200
    world.pass_time(seconds=1)
    late = session.say(one, "vital signs")
    assert (late.status, late.json["type"].rpartition("/")[2]) == (409, "case-time-over")
    assert session.reply(one, text="Too late").status == 409
    assert session.poll(one)["is_over"] is True


def test_nothing_is_said_before_a_case_begins(world: World) -> None:
    session = running(world, cases=2)
    (one,) = session.participants
    answer = session.say(one, "glucose", case=2)
    assert (answer.status, answer.json["type"].rpartition("/")[2]) == (409, "case-not-begun")
    assert session.poll(one, case=2)["messages"] == []


def test_a_message_sent_again_is_taken_once(session: Session, one: str) -> None:
    first = session.say(one, "glucose", client_key="the-same-1")
    again = session.say(one, "glucose", client_key="the-same-1")
    assert again.json == first.json
    assert session.poll(one)["last"] == 3
    other = session.say(one, "ketones", client_key="the-same-1")
    assert (other.status, other.json["type"].rpartition("/")[2]) == (409, "client-key-used")
    late = session.world
    late.pass_time(minutes=30)
    assert session.say(one, "glucose", client_key="the-same-1").json["last"] == 3, "also after the time"


def test_a_client_that_was_cut_off_goes_on_where_it_was(session: Session, one: str) -> None:
    whole = []
    after = 0
    for text in ("glucose", "vital signs", "ketones"):
        session.say(one, text, after=after)
    while True:
        turn = session.poll(one, after)
        whole += [message["number"] for message in turn["messages"]]
        after = whole[-1]
        if not turn["more"]:
            break
    assert whole == list(range(1, turn["last"] + 1))


def test_a_crash_before_the_transaction_leaves_nothing(
    session: Session, one: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.poll(one)
    plain = tables.transact

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the line broke")

    monkeypatch.setattr(tables, "transact", fails)
    assert session.say(one, "glucose", client_key="after-a-crash").status == 500
    monkeypatch.setattr(tables, "transact", plain)
    assert session.poll(one)["last"] == 1
    assert session.say(one, "glucose", client_key="after-a-crash").json["last"] == 3


def test_what_the_transcript_does_not_know_waits_for_the_moderator(session: Session, one: str) -> None:
    turn = session.say(one, "12 lead ECG please").json
    assert (turn["waiting"], turn["last"]) == (True, 2)
    (chat,) = session.world.get(f"{session.path}/chats", by=session.moderators[0], query={"case": 1}).json[
        "items"
    ]
    assert chat["suggested"] == ["ecg"]
    assert chat["moderator_id"] == session.moderators[0]
    turn = session.reply(one, topic="ecg", after=2).json
    assert [message["by"] for message in turn["messages"]] == ["nurse", "nurse"]
    assert turn["messages"][1]["picture"].endswith("ecg.png")
    assert (turn["waiting"], turn["console"]["asked"]) == (False, ["ecg"])
    assert turn["console"]["sources"] == ["moderator", "moderator"]


def test_a_moderator_writes_freely_takes_back_and_moves_the_case(session: Session, one: str) -> None:
    session.say(one, "glucose")
    assert session.reply(one, text="Who speaks?", by="ghost").status == 422
    done = session.reply(
        one, text="Sorry, that was the other bed.", replaces=3, scene="worse", engine_answers=False, after=3
    ).json
    assert [(message["by"], message["replaces"]) for message in done["messages"]] == [
        ("patient", 3), ("nurse", None)
    ]  # fmt: skip
    silent = session.say(one, "vital signs", after=done["last"]).json
    assert (told(silent), silent["waiting"]) == ([(6, "participant")], True)
    assert silent["console"] is None
    on = session.reply(one, engine_answers=True, topic="vitals").json
    assert "BP 78/40" in on["messages"][-1]["text"]
    own = {"text": "No", "replaces": 2}
    for wrong in ({"topic": "dance"}, {"scene": "nowhere"}, {"text": "No", "replaces": 99}, own):
        assert session.reply(one, **wrong).status == 422


def test_a_moderator_takes_an_end_back_while_there_is_time(session: Session, one: str) -> None:
    session.poll(one)
    ended = session.reply(one, scene="better").json
    assert ended["outcome"] == "good"
    assert session.reply(one, text="Are you there?").json["type"].endswith("case-ended"), "no words alone"
    back = session.reply(one, scene="arrival")
    assert (back.status, back.json["outcome"], back.json["is_over"]) == (200, None, False)
    assert session.say(one, "ketones").status == 200
    session.reply(one, scene="better")
    session.world.pass_time(minutes=25)
    late = session.reply(one, scene="arrival")
    assert late.json["type"].endswith("case-time-over")


def test_what_another_moderator_has_just_sent_is_not_sent_twice(world: World) -> None:
    session = running(world, participants=6)
    (one, *_), (first, second) = session.participants, session.moderators
    seen = session.poll(one, by=second)["last"]
    assert session.reply(one, actor=first, topic="ketones", after=seen).status == 200
    crossed = session.reply(one, actor=second, topic="ketones", after=seen)
    assert (crossed.status, crossed.json["type"].rpartition("/")[2]) == (409, "replied-meanwhile")
    assert session.reply(one, actor=first, topic="ketones", after=seen).status == 200, "their own, meant"
    meant = session.reply(one, actor=second, topic="ketones", after=session.poll(one, by=second)["last"])
    assert meant.status == 200


def test_an_empty_reply_says_nothing(session: Session, one: str) -> None:
    session.poll(one)
    assert session.reply(one).json["last"] == 1


def test_a_chat_is_private(world: World) -> None:
    session = running(world, participants=2)
    one, other = session.participants
    rater, stranger = session.raters[0], world.person()
    for reader in (other, rater, stranger, session.coordinator):
        assert world.get(session.chat(one), by=reader).status == 404
    assert (
        world.post(session.chat(one), {"client_key": "client-xx", "text": "glucose"}, by=other).status == 404
    )
    world.pass_time(minutes=25)
    assert world.get(session.chat(one), by=rater).status == 200
    for odd in ("1", "9-" + one, f"x-{one}", f"1-{one}-2", "1-nobody"):
        assert world.get(f"{session.path}/chats/{odd}", by=one).status == 404


def test_a_turn_is_below_2_kb_whatever_it_brings() -> None:
    """The longest of everything, in an alphabet of two bytes, with a picture."""
    chat = model.Chat(
        "01M5W8T2N7GQ4Y0ZB6D1H3K5MP", 1, "01M5W8T2N7GQ4Y0ZB6D1H3K5MP", scene="x", waiting_since=START
    )
    text = 'م"' * 600
    play = model.Play(replace(document(), topics=()), _round())
    full = model.answered_freely(chat, model.Voice.LABORATORY, text, START, "x").messages
    assert "".join(one.text for one in full) == text
    pictured = tuple(
        replace(one, picture="https://" + "x" * 292, replaces=99_999, number=99_999) for one in full
    )
    turn = Turn(chat, play.round, START, pictured)
    answer = TurnView.of(turn).model_dump_json().encode()
    said = {"client_key": "x" * 36, "text": "م" * 199, "after": 99_999}
    assert model.size_of(said["text"]) <= model.MAX_SAID_BYTES
    assert len(answer) + len(json.dumps(said, ensure_ascii=False).encode()) < 2048
    assert json.loads(answer)["more"] is True


def _round() -> Round:
    return Round(1, "x", 1, "district", "Title", "Condition", 25, START)


@pytest.mark.parametrize("text", ["م" * 300, "x" * 391, "\x00", ""])
def test_a_message_that_is_too_long_or_cannot_be_seen_is_refused(
    session: Session, one: str, text: str
) -> None:
    assert session.say(one, text).status == 422


def test_what_somebody_said_is_in_their_chat_and_nowhere_else(session: Session, one: str) -> None:
    session.say(one, "canary canary")
    db = client("dynamodb")
    holding = {
        (name, row["sk"]["S"].partition("#")[0])
        for name in db.list_tables()["TableNames"]
        for row in db.scan(TableName=name)["Items"]
        if "canary" in json.dumps(row)
    }
    assert [kind for _, kind in holding] == ["MESSAGE"]


def test_a_chat_is_the_same_however_often_it_was_looked_at() -> None:
    """Time passes in steps of seconds, or at once."""
    play = model.Play(document(), _round())
    start = model.Chat("s", 1, "p")
    stepwise, messages = start, []
    for minute in range(26):
        now = START.replace(minute=minute)
        done = model.passed(play, stepwise, now)
        stepwise, messages = done.chat, messages + list(done.messages)
    once = model.passed(play, start, START.replace(minute=25))
    assert (stepwise, tuple(messages)) == (once.chat, once.messages)


SAID = (
    "glucose",
    "iv fluids",
    "start insulin infusion",
    "12 lead ECG",
    "hello",
    "vitals and ketones",
    "discharge home",
)


def _something(play: model.Play, chat: model.Chat, chance: random.Random, now: datetime) -> model.Told:
    """Do one of the things that participant or moderator may, or nothing."""
    match chance.choice(("say", "say", "freely", "topic", "scene", "wait")):
        case "say":
            return model.said(play, chat, chance.choice(SAID), now)
        case "freely":
            return model.answered_freely(chat, Voice.NURSE, "Yes, doctor. " * 80, now, "m")
        case "topic":
            topic = play.document.topic("glucose")
            assert topic is not None
            return model.answered_topic(play, chat, topic, now, "m")
        case "scene":
            return model.moved_to(play, chat, "worse", now)
        case _:
            return model.Told(chat)


@pytest.mark.parametrize("seed", range(20))
def test_numbers_are_whole_and_times_in_order_whatever_is_done(seed: int) -> None:
    """Participant, moderator and clock take turns as they like; each scene entered is one of the case, at its time."""
    chance = random.Random(seed)  # noqa: S311 - a seed to repeat a failure by
    play = model.Play(document(), _round())
    chat, now = model.Chat("s", 1, "p"), START
    messages: list[model.Message] = []
    while chat.outcome is None and now < START + timedelta(minutes=25):
        told = model.passed(play, chat, now)
        if told.chat.outcome is None:
            more = _something(play, told.chat, chance, now)
            told = model.Told(more.chat, told.messages + more.messages)
        chat, messages = told.chat, messages + list(told.messages)
        now += timedelta(seconds=chance.randrange(1, 240))
    assert [one.number for one in messages] == list(range(1, chat.last + 1))
    assert [one.at for one in messages] == sorted(one.at for one in messages)
    assert [one.seconds for one in chat.path] == sorted(one.seconds for one in chat.path)
    assert len({one.name for one in chat.asked}) == len(chat.asked)
    assert all(model.size_of(one.text) <= model.MAX_PART_BYTES for one in messages if one.voice)
    assert (chat.outcome is None) == (play.document.scene(chat.scene or "").outcome is None)
