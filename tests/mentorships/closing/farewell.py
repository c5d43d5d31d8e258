"""What the two of a mentorship do as it ends."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.mentorships import running_store
from chalicelib.mentorships.running import By, Ending, EndReason, MentorshipStatus
from tests.mentorships.goals.pair import Pair
from tests.support.world import Reply

THANKS: dict[str, str] = {"question": "thanks", "text": "You asked before you told."}
WHOLE: dict[str, Any] = {
    "answers": [THANKS],
    "to_programme": "Ask for a fixed hour at once.",
    "shared": False,
    "sent": False,
    "held": None,
}


def end(pair: Pair, *, closed: bool = False, since: datetime | None = None) -> None:
    """Bring the mentorship to its closing, or to its end, at this instant or at another."""
    at = since or pair.world.at
    until = at if closed else at + timedelta(days=14)
    ending = Ending(EndReason.TERM_OVER, By.SERVICE, at, until, closed_at=at if closed else None)
    status = MentorshipStatus.CLOSED if closed else MentorshipStatus.CLOSING
    moved = replace(pair.mentorship(), status=status, ending=ending)
    pair.world.write(*running_store.put_mentorship(moved, None, pair.world.at))


def path(pair: Pair) -> str:
    return f"/v1/mentorships/{pair.id}/closing-conversation"


def read(pair: Pair, by: str | None = None) -> Any:
    reply = pair.world.get(path(pair), by=by or pair.mentee)
    assert reply.status == 200, reply.text
    return reply.json


def write(pair: Pair, by: str | None = None, etag: str | None = None, **fields: Any) -> Reply:
    headers = {"If-Match": etag} if etag else {}
    return pair.world.put(path(pair), {**WHOLE, **fields}, by=by or pair.mentee, headers=headers)


def wrote(pair: Pair, by: str | None = None, **fields: Any) -> Any:
    reply = write(pair, by, **fields)
    assert reply.status == 200, reply.text
    return reply.json


def suggestions(pair: Pair, by: str | None = None) -> dict[str, str | None]:
    return {one["question"]: one["suggestion"] for one in read(pair, by)["questions"]}
