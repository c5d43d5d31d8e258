"""A whole case, small enough to read."""

from typing import Any

DOCUMENT: dict[str, Any] = {
    "title": "A young woman who cannot stop vomiting",
    "condition": "diabetic ketoacidosis",
    "language": "en",
    "minutes": 25,
    "settings": [{"key": "district", "name": "A district hospital"}],
    "opening": "arrival",
    "scenes": [
        {
            "key": "arrival",
            "text": "A 22-year-old woman has vomited since yesterday and is drowsy.",
            "by": "nurse",
            "hints": [{"after_minutes": 6, "text": "Doctor, she is breathing very deeply."}],
            "time_out": {"after_minutes": 15, "leads_to": "arrest"},
            "ways": [{"topic": "fluids", "leads_to": "better"}],
            "outcome": None,
        },
        {
            "key": "better", "text": "She sits up and drinks.", "by": "narrator", "hints": [], "time_out": None,
            "ways": [], "outcome": "good",
        },
        {
            "key": "arrest", "text": "Her heart stops.", "by": "narrator", "hints": [], "time_out": None, "ways": [],
            "outcome": "harm",
        },
    ],
    "topics": [
        {
            "key": "gas", "kind": "investigation", "name": "Blood gas", "phrases": ["blood gas", "abg"],
            "replies": [
                {
                    "text": "We have no blood gas machine here.", "by": "laboratory", "scenes": [], "settings": [],
                    "is_available": False, "picture": None,
                }
            ],
            "is_expected": False,
        },
        {
            "key": "fluids", "kind": "management", "name": "Intravenous fluids", "phrases": ["iv fluids", "saline"],
            "replies": [
                {
                    "text": "Cannula in, the first litre is up.", "by": "nurse", "scenes": [], "settings": [],
                    "is_available": True, "picture": None,
                }
            ],
            "is_expected": True,
        },
    ],
    "model_answer": "Recognise ketoacidosis at the bedside; fluids first, then insulin and potassium.",
    "learning_points": ["Fluids come before insulin."],
}  # fmt: skip
