"""The closing conversation over HTTP: who writes, who reads, from when to when, and that nothing depends on it."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.clock import to_text
from chalicelib.mentorships.closing import store
from chalicelib.mentorships.reflections.model import FINAL_TIME
from chalicelib.notifications import facts, rendering
from chalicelib.notifications.model import Kind
from chalicelib.people import service as people
from chalicelib.platform import tables
from tests.mentorships.closing.farewell import THANKS, WHOLE, end, path, read, suggestions, write, wrote
from tests.mentorships.goals.pair import BARE, Pair, code

ASKED = ["goals", "learned", "helped", "harder", "thanks", "open", "next"]


def test_a_draft_is_its_writers_alone(pair: Pair) -> None:
    end(pair)
    assert wrote(pair)["version"] == 1
    assert [one["text"] for one in read(pair)["mine"]["answers"]] == [THANKS["text"]]
    for by in (pair.mentor, pair.coordinator, pair.world.admin()):
        whole = read(pair, by)
        assert (whole["mine"], whole["theirs"], whole["sent"], whole["held"]) == (None, None, [], None)
    assert pair.world.get(path(pair), by=pair.world.mentee()).status == 404
    assert write(pair, pair.coordinator).status == 404
    beside = "".join(map(str, tables.query_all(store.SharedRow, f"MENTORSHIP#{pair.id}")))
    assert THANKS["text"] not in beside, "nothing of it stands where others read"
    assert WHOLE["to_programme"] not in beside


def test_what_is_shared_the_other_reads_until_it_is_taken_back(pair: Pair) -> None:
    end(pair)
    wrote(pair, shared=True)
    theirs = read(pair, pair.mentor)["theirs"]
    assert theirs["by"] == "mentee"
    assert theirs["answers"] == [{**THANKS, "asked": "What would I like to thank you for?"}]
    assert WHOLE["to_programme"] not in str(read(pair, pair.mentor))
    assert THANKS["text"] not in str(read(pair, pair.coordinator))
    wrote(pair, shared=False)
    assert read(pair, pair.mentor)["theirs"] is None
    assert read(pair)["mine"]["answers"], "it stays the writer's"


def test_coordinators_read_what_is_sent_to_them_and_whether_it_was_held(pair: Pair) -> None:
    end(pair)
    day = pair.world.at.date().isoformat()
    wrote(pair, sent=True, held={"on": day})
    wrote(pair, pair.mentor, to_programme="", sent=True)
    whole = read(pair, pair.coordinator)
    assert [(one["by"], one["text"]) for one in whole["sent"]] == [("mentee", WHOLE["to_programme"])]
    assert whole["held"] == {"on": day, "session_id": None}
    assert whole["questions"] == []
    assert read(pair, pair.mentor)["sent"] == [], "the other does not read it"
    wrote(pair, sent=False, held={"on": day})
    assert read(pair, pair.coordinator)["sent"] == []


def test_either_says_that_it_was_held_and_takes_only_their_own_word_back(pair: Pair) -> None:
    end(pair)
    today = pair.world.at.date()
    before = (today - timedelta(days=1)).isoformat()
    assert read(pair)["offered"] is True
    wrote(pair, held={"on": today.isoformat()})
    wrote(pair, pair.mentor, held={"on": before})
    assert (read(pair)["held"]["on"], read(pair)["offered"]) == (before, False)
    wrote(pair, pair.mentor, held=None)
    assert read(pair)["held"]["on"] == today.isoformat()
    page = pair.world.get(f"/v1/mentorships/{pair.id}", by=pair.mentor).json["closing"]
    assert page == {
        "offered": False,
        "held": {"on": today.isoformat(), "session_id": None},
        "shared_by": [],
    }


def test_the_page_offers_it_while_closing_and_tells_who_shares_to_the_two_alone(pair: Pair) -> None:
    def page(by: str) -> Any:
        return pair.world.get(f"/v1/mentorships/{pair.id}", by=by).json["closing"]

    assert page(pair.mentee) == {"offered": False, "held": None, "shared_by": []}
    end(pair)
    wrote(pair, shared=True)
    assert page(pair.mentor) == {"offered": True, "held": None, "shared_by": ["mentee"]}
    assert page(pair.coordinator)["shared_by"] == []
    pair.world.at += timedelta(days=14)
    assert page(pair.mentor)["offered"] is False, "its time is over"


@pytest.mark.parametrize(
    ("held", "pointer"),
    [
        ({"on": "2031-01-01"}, "/held/on"),
        ({"on": "2020-01-01"}, "/held/on"),
        ({"on": "2026-11-22", "session_id": "01M8AAZ5G0K3H7QZ0N8W2X4Y6C"}, "/held/session_id"),
    ],
)
def test_it_was_not_held_on_days_or_in_sessions_that_cannot_be(
    pair: Pair, held: dict[str, Any], pointer: str
) -> None:
    end(pair)
    refused = write(pair, held=held)
    assert [one["pointer"] for one in refused.json["errors"]] == [pointer]


def test_it_is_open_from_the_end_or_near_the_last_day_until_two_months_after(pair: Pair) -> None:
    assert code(write(pair)) == "not-time-to-close"
    assert (read(pair)["open"], read(pair)["open_until"]) == (False, None)
    end(pair, closed=True)
    assert read(pair)["open"] is True
    assert read(pair)["open_until"] == to_text(pair.world.at + FINAL_TIME)
    wrote(pair, shared=True)
    pair.world.at += FINAL_TIME
    assert code(write(pair, pair.mentor)) == "not-time-to-close"
    assert code(write(pair, shared=True)) == "not-time-to-close"
    assert write(pair, shared=False).status == 200, "what others read is taken back at any time"
    assert read(pair, pair.mentor)["theirs"] is None


def test_who_has_blocked_the_other_reads_none_of_their_part(pair: Pair) -> None:
    end(pair)
    people.block(pair.world.call(pair.mentor), pair.mentee)
    assert write(pair, shared=True, sent=True).status == 200, (
        "the other is not told, and the programme can be"
    )
    assert read(pair, pair.mentor)["theirs"] is None
    people.unblock(pair.world.call(pair.mentor), pair.mentee)
    assert read(pair, pair.mentor)["theirs"] is not None


def test_only_what_is_asked_is_answered_once_and_what_was_asked_stays(pair: Pair) -> None:
    end(pair)
    twice = write(pair, answers=[THANKS, THANKS, {"question": "why", "text": "So."}])
    assert [one["pointer"] for one in twice.json["errors"]] == ["/answers/1/question", "/answers/2/question"]
    wrote(pair)
    template = f"/v1/programmes/{pair.programme}/closing-template"
    own = {"language": "en", "text": "What will your ward do otherwise?"}
    asked = {"questions": [{"texts": [own]}, {"code": "next"}]}
    refused = pair.world.put(template, asked, by=pair.coordinator, headers={"If-Match": '"1"'})
    assert refused.status == 412
    put = pair.world.put(template, asked, by=pair.coordinator, headers={"If-Match": '"0"'})
    assert put.status == 200, put.text
    first = put.json["questions"][0]["question"]
    assert [one["question"] for one in read(pair)["questions"]] == [first, "next"]
    kept = wrote(
        pair, answers=[THANKS, {"question": first, "text": "Count."}, {"question": "next", "text": ""}]
    )
    assert [(one["question"], one["text"]) for one in kept["answers"]] == [
        (first, "Count."),
        ("thanks", THANKS["text"]),
    ]
    assert kept["answers"][0]["asked"] == own["text"]
    assert write(pair, pair.mentor).status == 422, "nobody asks the mentor for thanks any more"


def test_of_two_changes_at_a_time_the_second_has_to_read_again(pair: Pair) -> None:
    end(pair)
    assert write(pair, etag='"0"').status == 200
    assert write(pair, etag='"0"').status == 412
    assert write(pair, etag='"1"').json["version"] == 2


def test_it_begins_with_what_is_known(pair: Pair) -> None:
    reached, dropped = pair.written(), pair.written(**{**BARE, "title": "Write a paper"})
    pair.written(**BARE)
    assert pair.move(reached, "reach", note="Four rounds.").status == 200
    assert pair.move(dropped, "drop", why="No time.").status == 200
    reflections = f"/v1/mentorships/{pair.id}/reflections"
    for by, learned, shared in (
        (pair.mentee, "It was supply.", True),
        (pair.mentee, "My secret.", False),
        (pair.mentor, "To wait.", True),
    ):
        body = {"learned": learned, "shared": shared}
        assert pair.world.post(reflections, body, by=by).status == 201
    end(pair)
    known = suggestions(pair)
    assert list(known) == ASKED
    goals = "Reached: Lead the morning round alone.\nLet go: Write a paper.\nStill open: Ultrasound."
    assert known["goals"] == goals
    assert (known["learned"], known["open"], known["thanks"]) == ("It was supply.", "Ultrasound", None)
    assert suggestions(pair, pair.mentor)["learned"] == "To wait."
    sent = [{"question": one, "text": text} for one, text in known.items() if text]
    assert [one["text"] for one in wrote(pair, answers=sent)["answers"]] == [one["text"] for one in sent]


def test_reading_is_two_queries_and_a_batch_and_writing_one_transaction(pair: Pair) -> None:
    end(pair)
    with pair.world.counted() as calls:
        wrote(pair, shared=True, sent=True)
    assert sorted(calls) == ["BatchGetItem", "GetItem", "TransactWriteItems"]
    with pair.world.counted() as calls:
        read(pair, pair.mentor)
    assert sorted(calls) == ["BatchGetItem", "Query", "Query"]


def test_after_an_end_without_time_for_it_it_is_open_and_not_offered(pair: Pair) -> None:
    end(pair, closed=True)
    assert read(pair)["offered"] is False, "they wanted none; either may still write something"
    assert write(pair, shared=True).status == 200
    assert read(pair, pair.mentor)["theirs"]["by"] == "mentee"


def test_both_are_asked_for_it_once_by_the_mail_that_says_that_it_ends(pair: Pair) -> None:
    ended = pair.world.post(f"/v1/mentorships/{pair.id}/end", {"reason": "no_time"}, by=pair.mentor)
    assert (ended.status, ended.json["status"]) == (200, "closing")
    wrote(pair, shared=True, sent=True)
    messages = pair.world.messages(Kind.MENTORSHIP_ENDING.value)
    assert {one.payload["recipient"] for one in messages} == {pair.mentee, pair.mentor}
    for message in messages:
        letter = facts.READERS[Kind.MENTORSHIP_ENDING](message, pair.world.at)
        assert letter is not None
        text = " ".join(rendering.write(letter, "https://mentoring.example").text.split())
        assert "Questions for it are ready" in text
        assert "nothing depends on it" in text
        assert THANKS["text"] not in text
    assert len(messages) == 2
