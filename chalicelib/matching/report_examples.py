"""A whole example of a run's report, in numbers and in words; `examples.py` has what it is part of."""

from typing import Any

_SHORT = (
    "French, clocks between UTC and UTC+3: 1 mentee without a mentor. No open mentor of that kind "
    "fits. One more mentor who speaks French would bring one more pair in all, if free each week at "
    "these times (Ouagadougou time): Wednesday, 6:00\u202fam to 7:00\u202fam. Ways to meet that were counted on: "
    "video call, chat and e-mail."
)


def points(**earned: int) -> list[dict[str, Any]]:
    """Return what each criterion earned or weighs, as answers write it."""
    return [{"criterion": criterion, "points": given} for criterion, given in earned.items()]


_INCOME_GROUPS: list[dict[str, Any]] = [
    {"group": "low", "mentees": 2, "matched": 1},
    {"group": "lower_middle", "mentees": 1, "matched": 1},
]
REPORT: dict[str, Any] = {
    "engine_version": "10",
    "time_zone_data": "2026f",
    "taken_at": "2026-11-20T02:00:06.000000Z",
    "objective": "total",
    "weights": points(
        topics=250_000, research=100_000, goals=150_000, career=120_000, languages=60_000, overlap=100_000,
        values=50_000, wishes=70_000, cross_border=50_000, waiting=50_000,
    ),
    "pool": {"mentees": 4, "mentors": 3, "open_mentees": 3, "open_mentors": 2, "places": 4},
    "excluded_mentees": [{"code": "profile_incomplete", "people": 1}],
    "excluded_mentors": [{"code": "not_verified", "people": 1}],
    "admissible_pairs": 2,
    "candidate_pairs": 2,
    "candidates_cut": False,
    "pairs": 2,
    "mean_score": 650_434,
    "score_deciles": [606_427] * 6 + [694_442] * 5,
    "total": 1_300_869,
    "upper_bound": 1_300_870,
    "gap": 1,
    "matched": {"group": "all", "mentees": 3, "matched": 2},
    "further": {"group": "further", "mentees": 0, "matched": 0},
    "income_groups": _INCOME_GROUPS,
    "languages": [
        {"group": "fr", "mentees": 1, "matched": 0},
        {"group": "en", "mentees": 2, "matched": 2},
        {"group": "sw", "mentees": 1, "matched": 1},
    ],
    "loads": [{"mentees": 1, "mentors": 2}],
    "left_out": [{"code": "not_enough_common_time", "people": 1}],
    "would_help": [
        {"kind": "time", "channel": None, "language": None, "level": None, "stretch": "saturday_afternoon",
         "people": 1},
    ],
    "protected": "income_group",
    "objectives": [
        {"objective": objective, "pairs": 2, "total": 1_300_869, "loss": 0, "groups": _INCOME_GROUPS}
        for objective in ("total", "stable", "fair")
    ],
    "rules_off": [],
    "rounds": [
        {"mentees": 3, "places": 4, "pairs": 2, "total": 1_300_869, "upper_bound": 1_300_870, "up_to": 1}
    ],
    "locked_pairs": 0,
    "locked_made": 0,
    "locked_missed": [],
    "shortage_by_language": [
        {
            "specialty": None, "language": "fr", "utc_from": 0, "utc_before": 3, "left_out": 1, "places": 0,
            "places_left": 0, "one_more": {"pairs": 1, "total": 555051}, "would_fit": 1,
            "wanted": {
                "specialty": None, "language": "fr", "channels": ["video", "chat", "email"],
                "time_zone": "Africa/Ouagadougou", "hours": [{"weekday": "wed", "start": "06:00", "end": "07:00"}],
            },
            "looked_at": None, "text": _SHORT,
        },
    ],
    "shortage_by_specialty": [],
}  # fmt: skip


def _section(about: str, title: str, *sentences: str) -> dict[str, Any]:
    return {"about": about, "title": title, "sentences": list(sentences)}


SUMMARY: dict[str, Any] = {
    "language": "en",
    "sections": [
        _section(
            "result",
            "The match in short",
            "The match found a mentor for 2 of 3 mentees (67%); without one: 1.",
            "Mentors open for matching: 2; their places: 4, of which still free: 2.",
            "Mentees who could not take part: 1. Why: profile incomplete (1).",
            "Mentors who could not take part: 1. Why: no verified credential (1).",
            "The mean score of the pairs is 65 of 100; the lowest is 61, the highest 69.",
            "The total score is at most 0.0001% below the best that any choice among these pairs could reach.",
        ),
        _section(
            "left_out",
            "Why mentees have no mentor",
            "1 mentee: not enough time in common.",
            "The smallest change that would open a mentor to those whom none fits, and for how many: "
            "more free time on Saturday afternoon (1).",
        ),
        _section(
            "shortages",
            "Where mentors are short, by language",
            _SHORT,
            "A further pair may serve somebody of another group, since others may move to the new mentor.",
        ),
        _section(
            "groups",
            "Who is served, by group",
            "Mentees with a mentor, the smallest share first: low-income countries 50% (1 of 2); "
            "lower-middle-income countries 100% (1 of 1).",
        ),
        _section(
            "languages",
            "Who is left without a mentor, by language",
            "Mentees without a mentor, where there are most first: French 1 of 1.",
        ),
        _section(
            "mentors",
            "How the mentees are spread over the mentors",
            "Mentors by how many mentees this match gives them: 2 with 1.",
        ),
        _section(
            "objectives",
            "Other ways of choosing the pairs",
            "Highest total score (as your programme chooses): 2 pairs; smallest share of a group 50% "
            "(low-income countries).",
            "Stable, with no two who would both rather have each other: 2 pairs; smallest share of a "
            "group 50% (low-income countries).",
            "Fair, raising the smallest share of any group: 2 pairs; smallest share of a group 50% "
            "(low-income countries).",
        ),
    ],
}
