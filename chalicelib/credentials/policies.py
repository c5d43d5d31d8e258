"""How an organisation wants its reviews done: by how many persons, within how many days, and how often anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.credentials.evidence.model import KEEP_DAYS
from chalicelib.credentials.kinds import Kind
from chalicelib.kernel.errors import Invalid
from chalicelib.people import codes

TARGET_DAYS = 14
MAX_DAYS = 365
MAX_MONTHS = 120
MAX_EVIDENCE_DAYS = 3650


class TwoPersons(StrEnum):
    """When a second person has to come to the same decision."""

    NEVER = "never"
    BY_COUNTRY = "by_country"
    ALWAYS = "always"


@dataclass(frozen=True)
class ReviewPolicy:
    """An organisation's rules; these are the ones that hold until it sets its own.

    Attributes
    ----------
    countries
        The countries of authorities whose credentials two persons decide, where it is by country.
    target_days
        Within how many days a case is to be decided, from when it came to the reviewers.
    target_days_by_country
        The same by country of the authority, where it differs.
    recheck_months
        How many months a verification of a kind counts at most, whatever its document says; then it is looked at again.
    needs_evidence
        The kinds that are submitted with an accepted file at least.
    evidence_days
        For how many days after the decision files are kept.
    """

    organisation_id: str
    two_persons: TwoPersons = TwoPersons.NEVER
    countries: frozenset[str] = frozenset()
    target_days: int = TARGET_DAYS
    target_days_by_country: Mapping[str, int] = field(default_factory=dict)
    recheck_months: Mapping[Kind, int] = field(default_factory=dict)
    needs_evidence: frozenset[Kind] = frozenset()
    evidence_days: int = KEEP_DAYS
    created_at: datetime | None = None
    version: int = 0

    def asks_two(self, country: str) -> bool:
        """Tell whether two persons decide a credential of a country's authority."""
        if self.two_persons is TwoPersons.BY_COUNTRY:
            return country in self.countries
        return self.two_persons is TwoPersons.ALWAYS

    def due_at(self, country: str, submitted_at: datetime) -> datetime:
        """Return by when a case that came at an instant is to be decided."""
        return submitted_at + timedelta(days=self.target_days_by_country.get(country, self.target_days))


def canonical(country: str, pointer: str) -> str:
    """Return a country's alpha-2 code; raises `Invalid` at `pointer` for one that is none."""
    found = codes.country(country)
    if found is None:
        raise Invalid.field(pointer, "Give ISO 3166-1 codes from GET /v1/codes/countries, for example KE.")
    return found.alpha2
