"""How things are written for one reader: dates on their clock, names of codes in their language.

Babel brings the forms of all languages; few requests need it, so it is imported when something is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from chalicelib.kernel import zones
from chalicelib.people import codes
from chalicelib.people.model import CareerStage, Channel
from chalicelib.words.catalogues import catalogue, language_of
from chalicelib.words.lines import inset

if TYPE_CHECKING:
    from babel import Locale

SHOWN_SLOTS = 8
UTC = "Etc/UTC"
_MOST_DIGITS = 5
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
        self.zone = zones.time_zone(self.zone_name)
        translations = catalogue(language)
        self.gettext = translations.gettext
        self.ngettext = translations.ngettext
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

    def at(self, instant: datetime, zone: str | None = None) -> str:
        """Write day and time of an instant with the name of the clock, the reader's or another's; in an hour that
        autumn repeats, with which of the two it is."""
        name = zone or self.zone_name
        shown = instant.astimezone(zones.time_zone(name))
        zone = self.clock_of(name)
        if _is_repeated(shown):
            offset = self.utc(Decimal((shown.utcoffset() or timedelta()) / timedelta(hours=1)))
            zone = self.gettext("%(zone)s, %(offset)s") % {"zone": zone, "offset": offset}
        parts = {"day": self.day(shown.date()), "time": self.clock(shown.time()), "zone": zone}
        return self.gettext("%(day)s, %(time)s (%(zone)s)") % parts

    def clock(self, value: time) -> str:
        from babel.dates import format_time

        return str(format_time(value, "short", locale=self.locale))

    def time_zone(self) -> str:
        """Name the reader's clock by the city that their zone is named after."""
        return self.clock_of(self.zone_name)

    def clock_of(self, zone: str) -> str:
        """Name the clock of a zone by the city that it is named after."""
        if zone in (UTC, "UTC"):
            return "UTC"
        return self.gettext("%(city)s time") % {"city": _city(zone, self.locale)}

    def utc(self, hours: int | Decimal) -> str:
        """Write an offset from UTC: whole hours, or hours and minutes."""
        if not hours:
            return "UTC"
        sign, minutes = "+" if hours > 0 else "\u2212", round(abs(Decimal(hours)) * 60)
        past = f":{minutes % 60:02d}" if minutes % 60 else ""
        return f"UTC{sign}{minutes // 60}{past}"

    def number(self, value: int | Decimal) -> str:
        from babel.numbers import format_decimal

        return str(format_decimal(value, locale=self.locale))

    def percent(self, parts: int, whole: int, digits: int = 0) -> str:
        """Write a share in hundredths; one too small for the digits with as many more as it takes, five at most."""
        from babel.numbers import format_percent

        share = Decimal(parts) / Decimal(whole)
        while digits < _MOST_DIGITS and share and round(abs(share), digits + 2) == 0:
            digits += 1
        pattern = str(self.locale.percent_formats[None].pattern)
        if digits:
            pattern = pattern.replace("0", f"0.{'0' * digits}", 1)
        return str(format_percent(share, pattern, locale=self.locale))

    def slots(self, slots: tuple[WeeklySlot, ...]) -> list[str]:
        """Write stretches of each week, the first `SHOWN_SLOTS` of them."""
        return [self._slot(one) for one in slots[:SHOWN_SLOTS]]

    def _slot(self, slot: WeeklySlot) -> str:
        parts = {
            # Not "stand-alone": Babel leaves Swahili's names there to languages that it loads later.
            "day": self.locale.days["format"]["wide"][slot.weekday],
            "start": self.clock(_time(slot.start)),
            "end": self.clock(_time(slot.end)),
        }
        return self.gettext("%(day)s, %(start)s to %(end)s") % parts

    def span(self, start: int, end: int) -> str:
        """Write from when to when, given as minutes of a day."""
        parts = {"start": self.clock(_time(start)), "end": self.clock(_time(end))}
        return self.gettext("%(start)s to %(end)s") % parts

    def specialties(self, slugs: tuple[str, ...]) -> str:
        """Name specialties in one phrase."""
        return self.phrase([name for slug in slugs if (name := self.specialty(slug))])

    def specialty(self, slug: str) -> str:
        """Name a specialty; empty for one that is not known any more."""
        found = codes.specialty(slug)
        return self.pgettext("specialty", found.name) if found else ""

    def language_names(self, tags: tuple[str, ...]) -> str:
        """Name languages in one phrase."""
        return self.phrase([self.language_name(tag) for tag in tags])

    def countries(self, codes_: Iterable[str]) -> str:
        """Name countries in one phrase."""
        return self.phrase([self.country(code) for code in codes_])

    def listed(self, items: Iterable[str]) -> str:
        """List what may hold commas or an "and" of its own."""
        return self.pgettext("between the items of a list", "; ").join(items)

    def quoted(self, text: str) -> str:
        """Put what somebody wrote into a sentence."""
        return inset(text, self.direction)

    def sentence(self, text: str) -> str:
        """Begin a text as sentences do."""
        return text[:1].upper() + text[1:]

    def duration(self, minutes: int) -> str:
        """Write a stretch of time in hours and minutes."""
        from babel.lists import format_list
        from babel.units import format_unit

        hours, rest = divmod(minutes, 60)
        parts = [(hours, "duration-hour"), (rest, "duration-minute")]
        written = []
        for amount, unit in parts:
            if amount:
                told = format_unit(amount, unit, locale=self.locale)
                # CLDR's long form is left out where the short one says the same, as in Swahili: Babel names the code.
                written.append(
                    format_unit(amount, unit, "short", locale=self.locale) if unit in told else told
                )
        # Babel fails on a style that says of two things only what CLDR's root lacks, as that of Spanish.
        has_own = "2" in self.locale.list_patterns.get("unit", {})
        return str(format_list(written, style="unit" if has_own else "standard", locale=self.locale))

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

    def channel(self, channel: Channel) -> str:
        """Name a way to meet, in the middle of a sentence."""
        names = {
            Channel.VIDEO: self.pgettext("way to meet", "video call"),
            Channel.VOICE: self.pgettext("way to meet", "voice call over the internet"),
            Channel.PHONE: self.pgettext("way to meet", "telephone"),
            Channel.CHAT: self.pgettext("way to meet", "chat"),
            Channel.EMAIL: self.pgettext("way to meet", "e-mail"),
        }
        return names[channel]

    def phrase(self, items: Sequence[str]) -> str:
        """List what has no comma or "and" of its own, as a sentence does."""
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
        return country_name(code, self.language)

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


def formats_of(locale: str, country: str | None = None, time_zone: str | None = None) -> Formats:
    """Return the forms of a reader by their locale.

    One without a catalogue gets the language of the texts; one with a region is written as there where the reader's
    country is not known.
    """
    region = next((part for part in locale.split("-")[1:] if len(part) == 2), None)
    return Formats(language_of(locale), country or region, time_zone)


def country_name(code: str, language: str) -> str:
    """Name a country (ISO 3166-1 alpha-2) in a catalogue's language, as the code lists do where they have it.

    They took their names from CLDR; what they lack is asked of it, with Babel.
    """
    found = codes.country(code)
    listed = {"en": found.name, "fr": found.name_fr} if found else {}
    return listed.get(language) or str(_locale(language, None).territories.get(code, code))


@cache
def _city(zone: str, locale: "Locale") -> str:
    """Return the city that a zone is named after, as a locale calls it."""
    from babel.dates import get_timezone_location

    return str(get_timezone_location(ZoneInfo(zone), locale=locale, return_city=True))


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


def _is_repeated(shown: datetime) -> bool:
    """Tell whether a zone's wall clock shows the time of an instant twice."""
    return shown.replace(fold=0).utcoffset() != shown.replace(fold=1).utcoffset()


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
