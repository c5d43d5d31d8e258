"""Briefings: what a programme tells its people of a country's health system and customs, in its own words."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Text:
    """A briefing in one language (BCP-47)."""

    language: str
    health_system: str
    customs: str


@dataclass(frozen=True)
class Briefing:
    """What a programme tells of one country (ISO 3166-1 alpha-2); the service itself says nothing of any.

    Attributes
    ----------
    sources
        Where the programme has it from.
    """

    programme_id: str
    country: str
    texts: tuple[Text, ...]
    sources: tuple[str, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int | None = None
