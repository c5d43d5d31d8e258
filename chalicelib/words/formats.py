"""How things are written for one reader: dates on their clock, names of codes in their language.

Babel brings the forms of all languages; few requests need it, so it is imported when something is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from chalicelib.people import codes
from chalicelib.people.model import CareerStage
from chalicelib.words.catalogues import catalogue
from chalicelib.words.lines import inset

if TYPE_CHECKING:
    from babel import Locale

SHOWN_SLOTS = 8
UTC = "Etc/UTC"
# CLDR's English for the world: day before month, where the reader's own country is not known.
_WITHOUT_COUNTRY = {"en": "001"}


@dataclass(frozen=True)
class WeeklySlot:
    """A stretch of each week on the reader's own clock, in minutes of the day; `weekday` 0 is Monday."""

    weekday: int
    start: int
    end: int


class Formats:
    """The forms of one reader.

    Parameters
    ----------
    language
        BCP-47 tag of a catalogue; names of professions and specialties are in it.
    country, time_zone
        The reader's, where they are known: dates are written as in that country, times on that clock.
    """

    def __init__(self, language: str, country: str | None = None, time_zone: str | None = None) -> None:
        self.language = language
        self.locale = _locale(language, country)
        self.zone_name = time_zone or UTC
        self.zone = ZoneInfo(self.zone_name)
        translations = catalogue(language)
        self.gettext = translations.gettext
        self.pgettext = translations.pgettext

    @property
    def direction(self) -> str:
        """The direction of the text, `ltr` or `rtl`."""
        return str(self.locale.text_direction)

    def day(self, value: date) -> str:
        """Write a day in full."""
        from babel.dates import format_date

        return str(format_date(value, "full", locale=self.locale))

    def instant_day(self, instant: datetime) -> str:
        """Write the day of an instant on the reader's calendar."""
        return self.day(instant.astimezone(self.zone).date())

    def instant_time(self, instant: datetime) -> str:
        """Write the time of day of an instant on the reader's clock."""
        return self.clock(instant.astimezone(self.zone).time())

    def clock(self, value: time) -> str:
        from babel.dates import format_time

        return str(format_time(value, "short", locale=self.locale))

    def time_zone(self) -> str:
        """Name the reader's clock by the city that their zone is named after."""
        from babel.dates import get_timezone_location

        if self.zone_name == UTC:
            return "UTC"
        city = get_timezone_location(self.zone, locale=self.locale, return_city=True)
        return self.gettext("%(city)s time") % {"city": city}

    def slots(self, slots: tuple[WeeklySlot, ...]) -> list[str]:
        """Write stretches of each week, the first `SHOWN_SLOTS` of them."""
        return [self._slot(one) for one in slots[:SHOWN_SLOTS]]

    def _slot(self, slot: WeeklySlot) -> str:
        parts = {
            "day": self.locale.days["stand-alone"]["wide"][slot.weekday],
            "start": self.clock(_time(slot.start)),
            "end": self.clock(_time(slot.end)),
        }
        return self.gettext("%(day)s, %(start)s to %(end)s") % parts

    def specialties(self, slugs: tuple[str, ...]) -> str:
        """Name specialties in one phrase."""
        return self._phrase([name for slug in slugs if (name := self.specialty(slug))])

    def specialty(self, slug: str) -> str:
        """Name a specialty; empty for one that is not known any more."""
        found = codes.specialty(slug)
        return self.pgettext("specialty", found.name) if found else ""

    def language_names(self, tags: tuple[str, ...]) -> str:
        """Name languages in one phrase."""
        return self._phrase([self.language_name(tag) for tag in tags])

    def countries(self, codes_: Iterable[str]) -> str:
        """Name countries in one phrase."""
        return self._phrase([self.country(code) for code in codes_])

    def listed(self, items: Iterable[str]) -> str:
        """List what may hold commas or an "and" of its own."""
        return self.pgettext("between the items of a list", "; ").join(items)

    def quoted(self, text: str) -> str:
        """Put what somebody wrote into a sentence."""
        return inset(text, self.direction)

    def duration(self, minutes: int) -> str:
        """Write a stretch of time in hours and minutes."""
        from babel.lists import format_list
        from babel.units import format_unit

        hours, rest = divmod(minutes, 60)
        parts = [(hours, "duration-hour"), (rest, "duration-minute")]
        written = [format_unit(amount, unit, locale=self.locale) for amount, unit in parts if amount]
        return str(format_list(written, style="unit", locale=self.locale))

    def date(self, value: date) -> str:
        """Write a day without its weekday."""
        from babel.dates import format_date

        return str(format_date(value, "long", locale=self.locale))

    def career_stage(self, stage: CareerStage) -> str:
        """Name a career stage, in the middle of a sentence."""
        names = {
            CareerStage.STUDENT: self.pgettext("career stage", "in studies"),
            CareerStage.EARLY: self.pgettext("career stage", "early career"),
            CareerStage.MID: self.pgettext("career stage", "mid-career"),
            CareerStage.SENIOR: self.pgettext("career stage", "senior"),
            CareerStage.RETIRED: self.pgettext("career stage", "retired"),
        }
        return names[stage]

    def _phrase(self, items: Sequence[str]) -> str:
        from babel.lists import format_list

        return str(format_list(items, locale=self.locale))

    def language_name(self, tag: str) -> str:
        from babel import Locale
        from babel.core import UnknownLocaleError

        try:
            name = Locale.parse(tag, sep="-").get_display_name(self.locale)
        except (UnknownLocaleError, ValueError):
            # Of the languages that CLDR names, not all have a locale of their own in it.
            name = self.locale.languages.get(tag.partition("-")[0])
        return str(name or tag)

    def country(self, code: str) -> str:
        return str(self.locale.territories.get(code, code))

    def profession(self, code: str) -> str:
        """Name an ISCO-08 code, or a student."""
        found = codes.profession(code)
        return self.pgettext("profession", found.title if found else "Student")

    def words(self) -> dict[str, Any]:
        """Return what templates may write with, by name."""
        names = (
            "day",
            "instant_day",
            "instant_time",
            "slots",
            "language_names",
            "country",
            "profession",
            "specialties",
        )
        return {name: getattr(self, name) for name in names}


@cache
def _locale(language: str, country: str | None) -> "Locale":
    """Return CLDR's locale of a language as it is written in a country, or the language's plain one."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    for territory in (country, _WITHOUT_COUNTRY.get(language)):
        if territory is None:
            continue
        try:
            return Locale(language, territory)
        except UnknownLocaleError:
            continue
    return Locale(language)


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
