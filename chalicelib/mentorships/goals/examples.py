"""Whole examples of requests and answers about goals; `mentorships/examples.py` takes them up."""

from typing import Any

from chalicelib.people.examples import AMINA, CLAIRE

_MENTORSHIP = "01M7ZHH1T0VB6G8N9PD6CJBHXE"
_GOAL = "01M874W78G00S4S6ENZEVJ3833"
_WRITTEN: dict[str, Any] = {
    "title": "Raise hand hygiene on my ward",
    "horizon": "short",
    "domain": "contextual",
    "change": "Colleagues clean their hands at the bedside without a word from me, and I can show it in numbers.",
    "measure": {
        "what": "Moments of hand hygiene that were kept",
        "unit": "of 100 observed",
        "baseline": 42.0,
        "target": 75.0,
    },
    "due_on": None,
    "steps": [
        {"text": "Watch 100 moments in two shifts", "is_done": True, "number": None},
        {"text": "Show the numbers at the handover", "is_done": False, "number": None},
    ],
}
_STEPS: list[dict[str, Any]] = [
    {"number": 1, "text": "Watch 100 moments in two shifts", "done_at": "2026-11-24T16:05:30.000000Z"},
    {"number": 2, "text": "Show the numbers at the handover", "done_at": None},
]
_WORDS: dict[str, Any] = {
    "change": _WRITTEN["change"],
    "measure": _WRITTEN["measure"],
    "steps": _STEPS,
    "progress": {"entries": 0, "last": None, "percent": None},
    "ending": None,
    "findings": [
        {
            "code": "no_due_date",
            "pointer": "/due_on",
            "text": "Choose the day by which you want to reach it.",
        }
    ],
}
_OPEN: dict[str, Any] = {
    "id": _GOAL,
    "mentorship_id": _MENTORSHIP,
    "owner": "mentee",
    "written_by": AMINA,
    "title": _WRITTEN["title"],
    "horizon": "short",
    "domain": "contextual",
    "due_on": None,
    "is_overdue": False,
    "status": "open",
    "review": {"every": 3, "sessions_since": 0, "is_due": False, "last": None},
    "words": _WORDS,
    "created_at": "2026-11-24T16:05:30.000000Z",
    "updated_at": "2026-11-24T16:05:30.000000Z",
    "version": 1,
}
_DATED: dict[str, Any] = {
    **_OPEN,
    "due_on": "2027-03-31",
    "words": {**_WORDS, "findings": []},
    "updated_at": "2026-11-24T16:08:02.000000Z",
    "version": 2,
}
_PROGRESS: dict[str, Any] = {
    "value": 58.0,
    "note": "Second count, on nights: soap was missing at three beds.",
}
_NOTED: dict[str, Any] = {
    **_DATED,
    "words": {
        **_DATED["words"],
        "progress": {
            "entries": 1,
            "last": {"value": 58.0, "by": AMINA, "at": "2027-01-12T19:30:00.000000Z"},
            "percent": 48,
        },
    },
    "updated_at": "2027-01-12T19:30:00.000000Z",
    "version": 3,
}
_ADJUST: dict[str, Any] = {
    "decision": "adjust",
    "why": "Soap was missing for six weeks; the target stays, the day does not.",
    "changes": {"due_on": "2027-04-30"},
}
_REVIEWED: dict[str, Any] = {
    **_NOTED,
    "due_on": "2027-04-30",
    "review": {
        "every": 3,
        "sessions_since": 0,
        "is_due": False,
        "last": {"decision": "adjust", "by": CLAIRE, "at": "2027-02-20T15:00:00.000000Z"},
    },
    "words": {**_NOTED["words"], "progress": {**_NOTED["words"]["progress"], "entries": 2}},
    "updated_at": "2027-02-20T15:00:00.000000Z",
    "version": 4,
}
_SUCCESS = "78 of 100 in April. The night shift counts by itself now, and shows me the sheet."
_REACHED: dict[str, Any] = {
    **_REVIEWED,
    "status": "reached",
    "words": {
        **_REVIEWED["words"],
        "progress": {**_REVIEWED["words"]["progress"], "entries": 3},
        "ending": {"note": _SUCCESS, "by": AMINA, "at": "2027-04-24T18:10:00.000000Z"},
    },
    "updated_at": "2027-04-24T18:10:00.000000Z",
    "version": 5,
}
_WHY_DROPPED = "I move to another ward in March; its team has a goal of its own."
_DROPPED: dict[str, Any] = {
    **_REACHED,
    "status": "dropped",
    "words": {**_REACHED["words"], "ending": {**_REACHED["words"]["ending"], "note": _WHY_DROPPED}},
}
_REOPENED: dict[str, Any] = {
    **_REACHED,
    "status": "open",
    "words": {
        **_REACHED["words"],
        "progress": {**_REACHED["words"]["progress"], "entries": 4},
        "ending": None,
    },
    "updated_at": "2027-04-28T07:00:00.000000Z",
    "version": 6,
}
_ENTRIES: list[dict[str, Any]] = [
    {
        "number": 2,
        "kind": "review",
        "by": CLAIRE,
        "at": "2027-02-20T15:00:00.000000Z",
        "note": _ADJUST["why"],
        "value": None,
        "decision": "adjust",
    },
    {
        "number": 1,
        "kind": "progress",
        "by": AMINA,
        "at": "2027-01-12T19:30:00.000000Z",
        **_PROGRESS,
        "decision": None,
    },
]

PARAMETERS: dict[str, Any] = {"goal_id": _GOAL}
BODIES: dict[str, Any] = {
    "write_goal": _WRITTEN,
    "change_goal": {"due_on": "2027-03-31"},
    "note_progress": _PROGRESS,
    "review_goal": _ADJUST,
    "reach_goal": {"note": _SUCCESS},
    "drop_goal": {"why": _WHY_DROPPED},
    "reopen_goal": {"why": "The count fell back to 60 after the holidays."},
}
ANSWERS: dict[str, Any] = {
    "write_goal": _OPEN,
    "list_goals": {"items": [_NOTED]},
    "read_goal": _NOTED,
    "change_goal": _DATED,
    "note_progress": _NOTED,
    "list_goal_entries": _ENTRIES,
    "review_goal": _REVIEWED,
    "reach_goal": _REACHED,
    "drop_goal": _DROPPED,
    "reopen_goal": _REOPENED,
}
REFUSALS: dict[str, str] = {
    "mentorship-not-under-way": "It is paused. Its goals can be read, and changed again when it goes on.",
    "goal-not-open": "It is reached, and stays as it is. Whose goal it is can reopen it.",
    "goal-open": "There is nothing to reopen: change it, or note progress.",
    "too-many-goals": (
        "10 goals are open, more than a pair can follow. Reach or drop one, or make this a step of another."
    ),
    "too-many-entries": (
        "300 entries tell of this goal. Reach or drop it, and write what is next as a goal of its own."
    ),
    "not-your-goal": (
        "Whose goal it is says that it is reached, dropped or open again. You can change its text, note progress and "
        "review it: keep or adjust."
    ),
}
