"""Whole examples of requests and answers, for the API's description; `platform/web/openapi.py` says how they are read.

One story goes through the examples of all capabilities: Amina, a children's nurse in Kenya, and Claire, who treats
infectious diseases in Canada, in the autumn of 2026.
"""

from typing import Any

AMINA = "01M4RFRMM8HFPTW3VC64NZ5A6K"
CLAIRE = "01M4Y7F3YR0BPP06Q1E3AB19V8"
SAMUEL = "01M1E38QHRJAV8D7RFVE7EQ0EV"
"""A coordinator."""
NADIA = "01M1GT5A284MT4WPHYM5G8H0MW"
"""A reviewer."""

AMINA_PERSON: dict[str, Any] = {
    "id": AMINA,
    "email": "amina.otieno@example.org",
    "given_name": "Amina",
    "family_name": "Otieno",
    "locale": "en",
    "status": "active",
    "standing": {"verified_until": None},
}
AMINA_WRITES: dict[str, Any] = {
    "profession": "2221",
    "specialties": ["childrens-nursing"],
    "research_interests": ["neonatal sepsis"],
    "career_stage": "early",
    "employer": "Kisumu County Referral Hospital",
    "country": "KE",
    "countries_of_interest": ["CA", "GB"],
    "languages": [{"language": "en", "level": "C1"}, {"language": "sw", "level": "C2"}],
    "time_zone": "Africa/Nairobi",
    "availability": [
        {"weekday": "mon", "start": "17:00", "end": "20:00"},
        {"weekday": "sat", "start": "14:00", "end": "18:30"},
    ],
    "channels": ["video", "chat"],
    "connection": "fair",
    "access_needs": ["captions"],
    "topics_sought": ["infection prevention", "antibiotic stewardship"],
    "strengths": ["family teaching"],
    "wants_to_grow": ["research methods"],
    "goals": "Bring down bloodstream infections on our children's ward, and write up what works.",
    "values": ["equity"],
    "preferences": {"cross_border": "preferred", "career_stages": ["senior"]},
    "negative_wishes": {"own_employer": True, "if_possible": {"employers": ["lakeside clinic"]}},
}
CLAIRE_WRITES: dict[str, Any] = {
    "profession": "2212",
    "specialties": ["infectious-diseases", "paediatrics"],
    "research_interests": ["neonatal sepsis", "antimicrobial resistance"],
    "career_stage": "senior",
    "employer": "Hôpital Sainte-Justine",
    "country": "CA",
    "country_experience": ["KE", "RW"],
    "languages": [{"language": "fr", "level": "C2"}, {"language": "en", "level": "C2"}],
    "time_zone": "America/Toronto",
    "availability": [
        {"weekday": "mon", "start": "09:00", "end": "12:00"},
        {"weekday": "sat", "start": "08:00", "end": "11:00"},
    ],
    "channels": ["video", "chat", "email"],
    "connection": "good",
    "topics_offered": ["infection prevention", "antibiotic stewardship", "research methods"],
    "strengths": ["research methods"],
    "goals": "I set up an infection control programme for children's hospitals and like to pass it on.",
    "values": ["equity", "curiosity"],
    "capacity": 3,
}
_AMINA_PROFILE: dict[str, Any] = {
    **AMINA_WRITES,
    "intended_profession": None,
    "study_year": None,
    "country_experience": [],
    "topics_offered": [],
    "preferences": {
        "cross_border": "preferred",
        "same_profession": False,
        "career_stages": ["senior"],
        "countries": [],
        "genders": [],
        "genders_required": False,
    },
    "negative_wishes": {
        "countries": [],
        "employers": [],
        "own_employer": True,
        "if_possible": {"countries": [], "employers": ["lakeside clinic"], "own_employer": False},
    },
    "sensitive_consent": False,
    "gender": None,
    "background": None,
    "capacity": 2,
    "visible": True,
    "missing_for_matching": [],
}

PARAMETERS: dict[str, Any] = {"person_id": CLAIRE, "name": "countries", "mentorships": "end"}
BODIES: dict[str, Any] = {
    "change_me": {"given_name": "Amina", "family_name": "Otieno", "locale": "en"},
    "change_profile": AMINA_WRITES,
}
ANSWERS: dict[str, Any] = {
    "read_me": AMINA_PERSON,
    "change_me": AMINA_PERSON,
    "read_profile": _AMINA_PROFILE,
    "change_profile": _AMINA_PROFILE,
    "list_blocks": {"items": [{"person_id": CLAIRE, "name": "Claire Tremblay"}]},
    "read_codes": {
        "items": [
            {"code": "CA", "name": "Canada", "name_fr": "Canada", "group": "high"},
            {"code": "KE", "name": "Kenya", "name_fr": "Kenya", "group": "lower_middle"},
        ]
    },
}
REFUSALS: dict[str, str] = {
    "profile-incomplete": "Add to your profile: languages, time_zone.",
    "too-many-blocks": "You can block at most 200 people; ask a coordinator for help.",
}
