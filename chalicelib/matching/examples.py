"""Whole examples of requests and answers, for the API's description; `platform/web/openapi.py` says how they are read.

The pair of Amina and Claire is what the engine makes of their profiles in `people/examples.py`; a test runs it.
"""

from typing import Any

from chalicelib.matching.report_examples import REPORT, SUMMARY, points
from chalicelib.people.examples import AMINA, CLAIRE, SAMUEL
from chalicelib.programmes.examples import PROGRAMME

RUN = "01M7VAXA50VQNDXP5DHS296FSS"
MARIE = "01M52KM8C036VH1P3H7JZKJF6W"
"""Of four mentees in the run, one whose hours fit nobody."""

_WEIGHTS: dict[str, Any] = {
    "topics": 25.0, "research": 10.0, "goals": 15.0, "career": 12.0, "languages": 6.0, "overlap": 10.0, "values": 5.0,
    "wishes": 7.0, "cross_border": 5.0, "waiting": 5.0,
}  # fmt: skip
_SETTINGS: dict[str, Any] = {
    "weights": _WEIGHTS,
    "mentor_say": 300_000,
    "objective": "total",
    "protected": "income_group",
    "max_loss": 20_000,
    "rounds": 1,
    "rules_off": [],
    "locked": [],
    "forbidden": [],
    "min_score": 1,
    "min_overlap_minutes": 60,
    "min_stretch_minutes": 30,
    "weeks": 12,
    "language_floor": "B2",
    "waiting_days": 90,
    "candidates_per_mentee": 50,
    "candidates_per_mentor": 100,
}

EXPLANATION: dict[str, Any] = {
    "score": 694_442,
    "contributions": points(
        topics=150_000, research=85_000, goals=95_974, career=72_000, languages=18_000, overlap=100_000,
        values=42_500, wishes=63_700, cross_border=50_000, waiting=17_268,
    ),
    "shared_languages": [
        {"language": "en", "mentee_level": "C1", "mentor_level": "C2", "mentee_by": None, "mentor_by": None}
    ],
    "overlap": {
        "minutes_per_week": 330,
        "windows": [
            {
                "starts_at": "2026-11-23T14:00:00.000000Z",
                "minutes": 180,
                "mentee": {"weekday": "mon", "start": "17:00", "end_weekday": "mon", "end": "20:00"},
                "mentor": {"weekday": "mon", "start": "09:00", "end_weekday": "mon", "end": "12:00"},
            },
            {
                "starts_at": "2026-11-28T13:00:00.000000Z",
                "minutes": 150,
                "mentee": {"weekday": "sat", "start": "16:00", "end_weekday": "sat", "end": "18:30"},
                "mentor": {"weekday": "sat", "start": "08:00", "end_weekday": "sat", "end": "10:30"},
            },
        ],
    },
}  # fmt: skip


def _evidence(*told: tuple[str, str]) -> dict[str, Any]:
    return {
        "language": "en",
        "sentences": [{"criterion": criterion, "text": text} for criterion, text in told],
    }


TO_AMINA = _evidence(
    ("topics", "Topics that you seek and Claire Tremblay offers: infection prevention; antibiotic stewardship."),
    ("topics", "What you want to grow in and is a strength of Claire Tremblay: research methods."),
    ("research", "Research interests that you share: neonatal sepsis."),
    ("career", "Career stages: early career (you) and senior (Claire Tremblay)."),
    ("languages", "Languages that you share, your level first: English (C1, C2)."),
    ("overlap", "Time that suits you both: at least 5 hours, 30 minutes each week."),
    ("overlap", "On your clock (Nairobi time), in the week of 23 November 2026: Monday, 17:00 to 20:00; Saturday, "
                "16:00 to 18:30."),
    ("wishes", "Claire Tremblay has worked in your country: Kenya."),
    ("wishes", "Countries that interest you and that Claire Tremblay knows from practice: Canada."),
    ("wishes", "As you wished, this is the career stage of Claire Tremblay: senior."),
    ("cross_border", "You practise in different countries: Kenya and Canada."),
    ("cross_border", "As you wished, Claire Tremblay practises in another country than you."),
)  # fmt: skip
TO_A_COORDINATOR = _evidence(
    (
        "topics",
        "Topics that the mentee seeks and the mentor offers: infection prevention; antibiotic stewardship.",
    ),
    ("research", "Research interests that both have: neonatal sepsis."),
    ("career", "Career stages: early career (mentee) and senior (mentor)."),
    ("languages", "Languages that they share, the mentee’s level first: English (C1, C2)."),
    ("overlap", "Time that suits both: at least 5 hours, 30 minutes each week."),
    ("wishes", "The mentor has worked in the mentee’s country: Kenya."),
    ("cross_border", "They practise in different countries: Kenya and Canada."),
)
_PAIR: dict[str, Any] = {
    "mentee": {"person_id": AMINA, "name": "Amina Otieno"},
    "mentor": {"person_id": CLAIRE, "name": "Claire Tremblay"},
    **EXPLANATION,
    "evidence": TO_A_COORDINATOR,
    "round": 1,
    "changed": False,
}
_QUEUED: dict[str, Any] = {
    "id": RUN,
    "programme_id": PROGRAMME,
    "status": "queued",
    "step": "none",
    "trigger": "coordinator",
    "dry_run": False,
    "basis": {"people": "now", "run_id": None, "mentees_gone": 0, "mentors_gone": 0, "instead": None},
    "warnings": [],
    "mentees": 0,
    "pairs": 0,
    "left_out": 0,
    "pairs_published": 0,
    "pairs_skipped": 0,
    "progress": None,
    "failure": None,
    "settings_version": None,
    "created_at": "2026-11-20T02:00:04.000000Z",
    "started_at": None,
    "finished_at": None,
}
_HELD: dict[str, Any] = {
    **_QUEUED,
    "status": "held",
    "step": "matched",
    "settings_version": 0,
    "mentees": 4,
    "pairs": 2,
    "left_out": 2,
    "started_at": "2026-11-20T02:00:06.000000Z",
}
_LARGE: dict[str, Any] = {
    **_QUEUED,
    "status": "running",
    "step": "snapshot",
    "settings_version": 4,
    "mentees": 96_204,
    "progress": {
        "blocks": 214, "blocks_done": 151, "mentees_matched": 0, "pairs_published": 0, "pairs_skipped": 0,
    },
    "started_at": "2026-11-20T02:00:06.000000Z",
}  # fmt: skip
"""A programme that is matched in parts, two minutes after a coordinator had it go on."""
_DONE: dict[str, Any] = {
    **_HELD,
    "status": "done",
    "step": "published",
    "pairs_published": 2,
    "finished_at": "2026-11-20T02:00:10.000000Z",
}
_NO_TIME: dict[str, Any] = {
    "code": "not_enough_common_time",
    "fields": [],
    "considered": 2,
    "passing": 0,
    "would_open": 1,
    "best_minutes": 0,
    "needed_minutes": 60,
}
_AN_HOUR: dict[str, Any] = {
    "changes": [
        {
            "kind": "time", "channel": None, "language": None, "level": None, "steps": None,
            "stretch": "saturday_afternoon", "days": ["sat"], "start": "13:00", "end": "14:00", "minutes": 60,
        },
    ],
    "opens": 1,
}  # fmt: skip


def _told(*sentences: tuple[str, str]) -> dict[str, Any]:
    return {"language": "en", "sentences": [{"about": about, "text": text} for about, text in sentences]}


_MARIE_TOLD = _told(
    (
        "reason",
        "Open mentors who have 1 hour in common with the mentee each week: none of 2. But for this, 1 more would fit.",
    ),
    (
        "tonight",
        "With 1 hour more each week on Saturday afternoon (1:00\u202fpm to 2:00\u202fpm on the mentee’s clock), 1 "
        "mentor who still had a place would have fitted.",
    ),
)
_TOLD_MARIE = _told(
    (
        "reason",
        "Open mentors who have 1 hour in common with you each week: none of 2. But for this, 1 more would fit.",
    ),
    (
        "suggestion",
        "With 1 hour more each week on Saturday afternoon (1:00\u202fpm to 2:00\u202fpm), 1 mentor would fit.",
    ),
)
_REVIEW: dict[str, Any] = {"mentee_id": AMINA, "round": 1, "mentor_id": CLAIRE, "options": [_PAIR]}

_LEARNT: dict[str, Any] = {
    "id": "01M6A6FT00SZW8KMAXDEY2NNXB",
    "programme_id": PROGRAMME,
    "status": "open",
    "evidence": {
        "good": 412, "others": 377, "needed": 90, "missing_good": 0, "missing_others": 0, "unusable": 31, "young": 164,
        "rated": 236,
    },
    "criteria": [
        {"criterion": "topics", "finding": "learnt", "present": 25.0, "proposed": 21.6, "low": 14.9, "high": 29.5,
         "effect": 1.84, "if_silent_low": 20.8},
        {"criterion": "research", "finding": "learnt", "present": 10.0, "proposed": 9.3, "low": 3.4, "high": 15.6,
         "effect": 0.79, "if_silent_low": 9.9},
        {"criterion": "goals", "finding": "learnt", "present": 15.0, "proposed": 19.8, "low": 13.1, "high": 27.2,
         "effect": 1.69, "if_silent_low": 20.4},
        {"criterion": "career", "finding": "learnt", "present": 12.0, "proposed": 9.5, "low": 3.3, "high": 15.8,
         "effect": 0.81, "if_silent_low": 9.1},
        {"criterion": "languages", "finding": "learnt", "present": 6.0, "proposed": 8.7, "low": 3.9, "high": 14.1,
         "effect": 0.74, "if_silent_low": 8.2},
        {"criterion": "overlap", "finding": "learnt", "present": 10.0, "proposed": 14.2, "low": 8.8, "high": 20.4,
         "effect": 1.21, "if_silent_low": 15.0},
        {"criterion": "values", "finding": "learnt", "present": 5.0, "proposed": 0.0, "low": 0.0, "high": 5.2,
         "effect": -0.12, "if_silent_low": 0.0},
        {"criterion": "wishes", "finding": "learnt", "present": 7.0, "proposed": 6.9, "low": 1.2, "high": 12.7,
         "effect": 0.59, "if_silent_low": 6.6},
        {"criterion": "cross_border", "finding": "constant", "present": 5.0, "proposed": None, "low": None,
         "high": None, "effect": None, "if_silent_low": None},
        {"criterion": "waiting", "finding": "fixed", "present": 5.0, "proposed": None, "low": None, "high": None,
         "effect": -0.31, "if_silent_low": None},
    ],
    "penalty": 30.0,
    "present_quality": {"auc": 0.681, "log_loss": 0.6402, "calibration_slope": 0.99},
    "proposed_quality": {"auc": 0.703, "log_loss": 0.6268, "calibration_slope": 0.97},
    "learnt_at": "2026-11-01T04:00:07.000000Z",
    "decided_at": None,
}  # fmt: skip
_DECIDED = "2026-11-03T08:12:00.000000Z"

PARAMETERS: dict[str, Any] = {
    "programme_id": PROGRAMME,
    "run_id": RUN,
    "mentee_id": AMINA,
    "round": 1,
    "weight_proposal_id": _LEARNT["id"],
}
BODIES: dict[str, Any] = {
    "change_match_settings": {
        **_SETTINGS,
        "min_overlap_minutes": 90,
        "locked": [{"mentee_id": AMINA, "mentor_id": CLAIRE}],
    },
    "start_match_run": {"dry_run": False},
    "change_pair": {"mentor_id": CLAIRE},
}
ANSWERS: dict[str, Any] = {
    "read_match_settings": {**_SETTINGS, "warnings": []},
    "change_match_settings": {**BODIES["change_match_settings"], "warnings": []},
    "list_match_settings": [
        {
            "version": 1,
            "changed_at": "2026-11-16T09:40:12.000000Z",
            "changed_by": {"person_id": SAMUEL, "name": "Samuel Mensah"},
            "changed": ["/locked", "/min_overlap_minutes"],
            "weight_proposal_id": None,
            "settings": BODIES["change_match_settings"],
        }
    ],
    "start_match_run": _QUEUED,
    "list_match_runs": [_DONE],
    "read_match_run": {**_HELD, "summary": SUMMARY, "report": REPORT, "comparison": None},
    "list_left_out": [
        {
            "person": {"person_id": MARIE, "name": "Marie Ouédraogo"},
            "has_one": False,
            "summary": _MARIE_TOLD,
            "reasons": [_NO_TIME],
            "suggestions": [_AN_HOUR],
            "tonight": _AN_HOUR,
        }
    ],
    "list_pairs": [_PAIR],
    "read_pair": _REVIEW,
    "change_pair": {**_REVIEW, "options": [{**_PAIR, "changed": True}]},
    "release_match_run": {**_HELD, "status": "publishing"},
    "stop_match_run": {**_HELD, "status": "stopped", "finished_at": "2026-11-20T07:41:00.000000Z"},
    "retry_match_run": _LARGE,
    "list_weight_proposals": [_LEARNT],
    "accept_weights": {**_LEARNT, "status": "accepted", "decided_at": _DECIDED},
    "dismiss_weights": {**_LEARNT, "status": "dismissed", "decided_at": _DECIDED},
    "my_match_reasons": {
        "programme_id": PROGRAMME,
        "run_id": RUN,
        "at": "2026-11-20T02:00:06.000000Z",
        "proposed": False,
        "has_one": False,
        "summary": _TOLD_MARIE,
        "reasons": [_NO_TIME],
        "suggestions": [_AN_HOUR],
    },
}
REFUSALS: dict[str, str] = {
    "run-under-way": "Wait until it is done; release or stop one that is held.",
    "run-not-held": "It is done.",
    "run-moved": "Read the run again, then decide.",
    "not-stoppable": "It is publishing; a run can be stopped until its pairs become proposals.",
    "not-retriable": "It failed, or began, more than 24 hours ago. Start another run.",
    "run-too-large": (
        "Lock or forbid the pair in the programme's match settings and run again, or release this run as it stands."
    ),
    "not-admissible": "Choose one of the mentors that this pair's page lists.",
    "mentor-full": "Give one of their mentees another mentor first, or none.",
    "weights-not-open": "It is dismissed. The next one comes with the first of the month.",
    "weights-changed": "Dismiss these, or wait for next month's, which are compared with the new ones.",
    "too-many-choices": "At most 2000. Stop the run, mend the settings, and run again.",
}
