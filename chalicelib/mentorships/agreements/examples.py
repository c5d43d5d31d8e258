"""Whole examples of agreements, for the API's description."""

from typing import Any

from chalicelib.programmes.examples import PROGRAMME

MENTORSHIP = "01M7ZHH1T0VB6G8N9PD6CJBHXE"

_RULES: dict[str, Any] = {
    "rhythm": "fortnightly",
    "meeting_minutes": 45,
    "response_days": 3,
    "boundaries": ["agreed_times", "may_say_no", "no_money", "no_favours", "local_practice"],
    "boundaries_note": "",
    "confidentiality": ["between_us", "ask_first", "no_recording", "safety_first"],
    "confidentiality_note": "",
    "documents": "shared_folder",
    "documents_note": "The programme’s folder “Bridges”.",
    "out_of_scope": ["patient_data", "care_decisions"],
    "out_of_scope_note": "",
}
_TERMS: dict[str, Any] = {
    **_RULES,
    "boundaries_note": "Not during Amina’s night shifts.",
    "channels": ["video", "chat"],
    "fallback": "chat",
    "languages": ["en", "fr"],
}
_IN_WORDS: list[dict[str, Any]] = [
    {
        "about": "channels",
        "heading": "How we meet",
        "sentences": ["In this order: video call; chat.", "Where the line is poor: chat."],
    },
    {
        "about": "rhythm",
        "heading": "How often we meet",
        "sentences": ["We meet every two weeks for 45 minutes."],
    },
    {
        "about": "response_days",
        "heading": "How soon we answer",
        "sentences": ["We answer each other within 3 days."],
    },
    {"about": "languages", "heading": "Languages", "sentences": ["In this order: English; French."]},
    {
        "about": "boundaries",
        "heading": "What we keep to",
        "sentences": [
            "We contact each other in the ways and at the times that we agreed on.",
            "Either of us may say no to a question or to a task, and need not say why.",
            "We ask each other for no money, gifts or loans.",
            "We ask each other for no posts and no favours.",
            "What is usual in one country need not be right in the other: we ask how it is done there.",
            "Not during Amina’s night shifts.",
        ],
    },
    {
        "about": "confidentiality",
        "heading": "Confidentiality",
        "sentences": [
            "What we tell each other stays between us.",
            "Before one of us tells others of it, we ask each other.",
            "We do not record our conversations.",
            "Where somebody is in danger, each of us may speak to the coordinators of the programme.",
        ],
    },
    {
        "about": "documents",
        "heading": "Where we share documents",
        "sentences": ["We share documents in a folder of ours.", "The programme’s folder “Bridges”."],
    },
    {
        "about": "out_of_scope",
        "heading": "What this mentorship is not for",
        "sentences": [
            "We share nothing by which a patient can be told: no name, number, picture, record or file.",
            "Decisions on a patient’s care stay with those who care for the patient.",
        ],
    },
]
_CHANGED: dict[str, Any] = {
    "version": 2,
    "written_by": "mentee",
    "written_at": "2026-11-22T18:05:10.000000Z",
    "terms": _TERMS,
    "in_words": _IN_WORDS,
    "mentor_signed_at": None,
    "mentee_signed_at": None,
    "mentorship_id": MENTORSHIP,
    "my_role": "mentee",
    "missing": [],
    "in_force": None,
    "trials": [
        {"channel": "video", "mentor_works": None, "mentee_works": None},
        {"channel": "chat", "mentor_works": None, "mentee_works": None},
    ],
    "tried_out": False,
    "first_working": None,
    "about_mentor": {"addressed_as": "Claire, please", "customs": ""},
    "about_mentee": {"addressed_as": "", "customs": ""},
}
_ABOUT: dict[str, Any] = {
    "addressed_as": "Dr Otieno at first, Amina once we know each other",
    "customs": "We greet each other at some length before we come to the matter.",
}
_SIGNED: dict[str, Any] = {
    **_CHANGED,
    "mentor_signed_at": "2026-11-23T12:30:00.000000Z",
    "mentee_signed_at": "2026-11-22T18:06:00.000000Z",
    "in_force": 2,
    "about_mentee": _ABOUT,
}
_TRIED: dict[str, Any] = {
    **_SIGNED,
    "trials": [
        {"channel": "video", "mentor_works": True, "mentee_works": False},
        {"channel": "chat", "mentor_works": True, "mentee_works": True},
    ],
    "tried_out": True,
    "first_working": "chat",
}
_EARLIER: dict[str, Any] = {
    "version": 1,
    "written_by": None,
    "written_at": "2026-11-22T05:00:00.000000Z",
    "terms": {**_TERMS, "boundaries_note": ""},
    "in_words": [
        {**one, "sentences": one["sentences"][:-1]} if one["about"] == "boundaries" else one
        for one in _IN_WORDS
    ],
    "mentor_signed_at": "2026-11-22T13:00:00.000000Z",
    "mentee_signed_at": None,
}
_BRIEFING: dict[str, Any] = {
    "texts": [
        {
            "language": "en",
            "health_system": "Here stands what your programme tells of the country’s health care.",
            "customs": "And here, how people there meet, speak and work.",
        }
    ],
    "sources": ["The ministry of health, annual report"],
}
_TOLD: dict[str, Any] = {
    "programme_id": PROGRAMME,
    "country": "KE",
    **_BRIEFING,
    "updated_at": "2026-11-20T09:00:00.000000Z",
}

PARAMETERS: dict[str, Any] = {"country": "KE"}
BODIES: dict[str, Any] = {
    "change_agreement": _TERMS,
    "sign_agreement": {"version": 2},
    "try_out_channels": {
        "results": [{"channel": "video", "works": False}, {"channel": "chat", "works": True}]
    },
    "tell_of_self": _ABOUT,
    "change_agreement_template": _RULES,
    "put_briefing": _BRIEFING,
}
ANSWERS: dict[str, Any] = {
    "list_agreement_terms": {
        "fields": [
            {
                "field": "rhythm",
                "heading": "How often we meet",
                "choices": [
                    {"code": "weekly", "words": "Every week"},
                    {"code": "fortnightly", "words": "Every two weeks"},
                    {"code": "every_three_weeks", "words": "Every three weeks"},
                    {"code": "monthly", "words": "Every month"},
                ],
            },
            {
                "field": "documents",
                "heading": "Where we share documents",
                "choices": [
                    {"code": "nowhere", "words": "We share no documents."},
                    {"code": "email", "words": "We share documents by e-mail."},
                    {"code": "chat", "words": "We share documents in our chat."},
                    {"code": "shared_folder", "words": "We share documents in a folder of ours."},
                    {
                        "code": "employer_system",
                        "words": "We share documents in a system of an employer of ours.",
                    },
                ],
            },
        ]
    },
    "read_agreement": _TRIED,
    "change_agreement": _CHANGED,
    "sign_agreement": _SIGNED,
    "list_agreement_versions": [_EARLIER],
    "try_out_channels": _TRIED,
    "tell_of_self": {**_CHANGED, "about_mentee": _ABOUT},
    "read_agreement_template": _RULES,
    "change_agreement_template": _RULES,
    "list_briefings": [{"country": "KE", "languages": ["en"], "updated_at": _TOLD["updated_at"]}],
    "read_briefing": _TOLD,
    "put_briefing": _TOLD,
}
REFUSALS: dict[str, str] = {
    "mentorship-not-under-way": "It can be done once the mentorship goes on.",
    "agreement-rewritten": "Read the present version, then sign that.",
    "agreement-incomplete": "Agree on these first: fallback.",
}
