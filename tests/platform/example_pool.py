"""The small pool of the API's examples: the pair that is shown, and those whom the examples only count."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.matching import examples
from chalicelib.matching.model import MenteeEntry, MentorEntry, Snapshot
from chalicelib.people.checks import checked_profile
from chalicelib.people.examples import AMINA, AMINA_WRITES, CLAIRE, CLAIRE_WRITES
from chalicelib.people.model import Profile
from chalicelib.people.schemas import ProfileChange
from chalicelib.programmes.examples import PROGRAMME

_JOSEPH, _FATOU = "01M57BAQ4R2S21ZSP5ZR5YWWZA", "01M59MG9T0P6VPY4TEDXKJ5662"
_GRACE, _PAUL = "01M5HHDJ60K7J5FYQXKMV6479M", "01M5M3TQ40ZV2K7Q0M3W8D5T9R"
_MIDWIFE: dict[str, Any] = {
    **AMINA_WRITES, "profession": "2222", "specialties": ["midwifery"], "country": "UG", "employer": "Mulago Hospital",
    "time_zone": "Africa/Kampala", "topics_sought": ["newborn care"], "research_interests": [],
    "goals": "Lead a newborn unit.", "languages": [{"language": "en", "level": "C2"}],
    "availability": [{"weekday": "tue", "start": "18:00", "end": "20:00"}],
}  # fmt: skip
_STUDENT: dict[str, Any] = {
    **AMINA_WRITES, "profession": "student", "intended_profession": "2211", "study_year": 5, "specialties": [],
    "country": "BF", "time_zone": "Africa/Ouagadougou", "languages": [{"language": "fr", "level": "C2"}],
    "availability": [{"weekday": "wed", "start": "06:00", "end": "07:00"}], "goals": "",
}  # fmt: skip
_LEADER: dict[str, Any] = {
    **CLAIRE_WRITES, "profession": "2222", "specialties": ["midwifery", "neonatal-nursing"], "country": "GB",
    "employer": "Guy's Hospital", "time_zone": "Europe/London", "languages": [{"language": "en", "level": "C2"}],
    "availability": [{"weekday": "tue", "start": "14:00", "end": "17:30"}],
    "topics_offered": ["newborn care", "leadership"], "research_interests": [],
    "goals": "Leadership for midwives.",
}  # fmt: skip


def snapshot() -> Snapshot:
    """Return the snapshot of the run in the examples."""
    verified = datetime(2027, 7, 1, tzinfo=UTC)
    return Snapshot(
        PROGRAMME,
        examples.RUN,
        datetime(2026, 11, 20, 2, 0, 6, tzinfo=UTC),
        (
            _mentee(AMINA, AMINA_WRITES, 10, 20),
            _mentee(_JOSEPH, _MIDWIFE, 10, 25),
            _mentee(examples.MARIE, _STUDENT, 11, 1),
            _mentee(_FATOU, {"profession": "2221", "country": "SN"}, 11, 5),
        ),
        (
            MentorEntry(CLAIRE, _profile(CLAIRE, CLAIRE_WRITES), 3, verified),
            MentorEntry(_GRACE, _profile(_GRACE, _LEADER), 1, verified),
            MentorEntry(_PAUL, _profile(_PAUL, CLAIRE_WRITES), 2, datetime(2026, 11, 1, tzinfo=UTC)),
        ),
    )


def _mentee(person_id: str, written: dict[str, Any], month: int, day: int) -> MenteeEntry:
    return MenteeEntry(person_id, _profile(person_id, written), datetime(2026, month, day, tzinfo=UTC))


def _profile(person_id: str, written: dict[str, Any]) -> Profile:
    return checked_profile(replace(Profile(person_id), **ProfileChange.model_validate(written).changes()))
