"""How things are written for one reader: dates on their clock, names of codes in their language.

Babel brings the forms of all languages; only the mail worker needs it, so it is imported when a mail is written.
"""

from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from chalicelib.notifications.model import Recipient, WeeklySlot
from chalicelib.people import codes

if TYPE_CHECKING:
    from gettext import NullTranslations

    from babel import Locale

SHOWN_SLOTS = 8
UTC = "Etc/UTC"
# CLDR's English for the world: day before month, where the reader's own country is not known.
_WITHOUT_COUNTRY = {"en": "001"}


class Formats:
    """The forms of one reader.

    Parameters
    ----------
    language
        BCP-47 tag of a catalogue.
    translations
        That catalogue; names of professions and specialties are in it.
    """

    def __init__(self, recipient: Recipient, language: str, translations: "NullTranslations") -> None:
        self.locale = _locale(language, recipient.country)
        self.zone_name = recipient.time_zone or UTC
        self.zone = ZoneInfo(self.zone_name)
        self._translations = translations

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
        return self._translations.gettext("%(city)s time") % {"city": city}

    def slots(self, slots: tuple[WeeklySlot, ...]) -> list[str]:
        """Write stretches of each week, the first `SHOWN_SLOTS` of them."""
        return [self._slot(one) for one in slots[:SHOWN_SLOTS]]

    def _slot(self, slot: WeeklySlot) -> str:
        parts = {
            "day": self.locale.days["stand-alone"]["wide"][slot.weekday],
            "start": self.clock(_time(slot.start)),
            "end": self.clock(_time(slot.end)),
        }
        return self._translations.gettext("%(day)s, %(start)s to %(end)s") % parts

    def specialties(self, slugs: tuple[str, ...]) -> str:
        """Name specialties in one phrase."""
        found = (codes.specialty(slug) for slug in slugs)
        names = [self._translations.pgettext("specialty", one.name) for one in found if one]
        return self._phrase(names)

    def language_names(self, tags: tuple[str, ...]) -> str:
        """Name languages in one phrase."""
        return self._phrase([self._language(tag) for tag in tags])

    def _phrase(self, items: list[str]) -> str:
        from babel.lists import format_list

        return str(format_list(items, locale=self.locale))

    def _language(self, tag: str) -> str:
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
        return self._translations.pgettext("profession", found.title if found else "Student")

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
