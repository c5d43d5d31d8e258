"""Where the people of the demo cohort live, and how they come by their languages and names.

Languages, their shares, zones and income groups come from the code lists. Only what those do not tell is
here: how often a place turns up, which name pools it draws from, and how likely a health professional there
also has a foreign language for work. The numbers are chosen to look like life; they are no statistics.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """``mentees`` and ``mentors`` are weights among the places of one income group."""

    mentees: int
    mentors: int
    names: tuple[str, ...]
    foreign: dict[str, float] = field(default_factory=dict)
    """Chance that a health professional works in a language, where the code lists would give a wrong one."""


def _place(mentees: int, mentors: int, names: str, **foreign: float) -> Place:
    return Place(mentees, mentors, tuple(names.split()), foreign)


PLACES: dict[str, Place] = {
    # low income
    "AF": _place(6, 0, "afghan persian", en=0.6),
    "BF": _place(9, 0, "west_african_fr", en=0.3),
    "BI": _place(4, 0, "rwandan", sw=0.4, en=0.3),
    "CD": _place(12, 0, "central_african", en=0.3),
    "ET": _place(14, 1, "ethiopian", en=0.95),
    "GM": _place(2, 0, "salone"),
    "GW": _place(2, 0, "luso_african", fr=0.3, en=0.2),
    "LR": _place(4, 0, "salone"),
    "MG": _place(6, 0, "malagasy", en=0.2),
    "ML": _place(7, 0, "west_african_fr", en=0.25),
    "MW": _place(9, 0, "shona"),
    "MZ": _place(10, 0, "luso_african", en=0.45),
    "NE": _place(5, 0, "hausa west_african_fr", en=0.25),
    "RW": _place(9, 1, "rwandan", en=0.75, fr=0.35, sw=0.3),
    "SD": _place(7, 0, "arab", en=0.5),
    "SL": _place(6, 0, "salone"),
    "SO": _place(5, 0, "horn", en=0.6),
    "SS": _place(3, 0, "east_african", ar=0.5),
    "SY": _place(6, 0, "arab", en=0.5),
    "TD": _place(3, 0, "west_african_fr arab", en=0.15),
    "UG": _place(13, 1, "east_african"),
    "YE": _place(6, 0, "arab", en=0.5),
    # lower-middle income
    "AO": _place(3, 0, "luso luso_african", en=0.35),
    "BD": _place(9, 2, "bangla", en=0.85),
    "BJ": _place(3, 0, "guinea_coast", en=0.3),
    "BO": _place(4, 0, "hispanic", en=0.3),
    "BT": _place(1, 0, "nepali"),
    "CI": _place(5, 1, "guinea_coast west_african_fr", en=0.3),
    "CM": _place(6, 1, "central_african", fr=0.9, en=0.55),
    "EG": _place(8, 3, "arab", en=0.85),
    "GH": _place(8, 2, "akan"),
    "GN": _place(2, 0, "west_african_fr", en=0.25),
    "HN": _place(3, 0, "hispanic", en=0.4),
    "HT": _place(4, 0, "haitian", en=0.4, es=0.2),
    "IN": _place(14, 6, "indian"),
    "KE": _place(10, 3, "east_african"),
    "KG": _place(2, 0, "central_asian", en=0.35),
    "KH": _place(3, 0, "khmer", en=0.5, fr=0.2),
    "LA": _place(2, 0, "lao", en=0.25),
    "LB": _place(2, 2, "arab", en=0.8, fr=0.6),
    "LS": _place(1, 0, "southern_african"),
    "MA": _place(5, 1, "arab", fr=0.95, en=0.4),
    "MM": _place(4, 0, "burmese", en=0.5),
    "NG": _place(12, 4, "igbo_yoruba hausa"),
    "NI": _place(3, 0, "hispanic", en=0.3),
    "NP": _place(7, 1, "nepali", en=0.9),
    "PK": _place(8, 3, "pakistani"),
    "PS": _place(4, 0, "arab", en=0.75),
    "SN": _place(5, 1, "west_african_fr", en=0.35),
    "TN": _place(4, 1, "arab", fr=0.95, en=0.4),
    "TZ": _place(9, 1, "east_african"),
    "UZ": _place(3, 0, "central_asian", en=0.35, ru=0.5),
    "ZM": _place(6, 0, "shona"),
    "ZW": _place(4, 1, "shona"),
    # upper-middle income
    "AM": _place(2, 0, "armenian", ru=0.6, en=0.5),
    "BR": _place(10, 4, "luso", en=0.5, es=0.3),
    "BW": _place(2, 0, "southern_african"),
    "CO": _place(6, 2, "hispanic", en=0.45),
    "DZ": _place(3, 0, "arab", fr=0.9, en=0.35),
    "EC": _place(3, 0, "hispanic", en=0.4),
    "GE": _place(2, 0, "georgian", ru=0.4, en=0.6),
    "GT": _place(3, 0, "hispanic", en=0.4),
    "ID": _place(6, 1, "indonesian", en=0.55),
    "IQ": _place(4, 0, "arab", en=0.65),
    "JO": _place(3, 1, "arab", en=0.8),
    "LK": _place(3, 1, "sinhala_tamil", en=0.9),
    "MN": _place(2, 0, "mongolian", en=0.45, ru=0.3),
    "MX": _place(7, 3, "hispanic", en=0.5),
    "PE": _place(5, 1, "hispanic", en=0.4),
    "PH": _place(7, 2, "filipino"),
    "TH": _place(3, 1, "thai", en=0.6),
    "TR": _place(4, 2, "turkish", en=0.6),
    "UA": _place(6, 0, "slavic", en=0.55),
    "VN": _place(5, 1, "vietnamese", en=0.55, fr=0.1),
    "ZA": _place(6, 4, "southern_african"),
    # high income
    "AE": _place(1, 4, "arab indian", en=0.95),
    "AT": _place(0, 3, "german", en=0.9),
    "AU": _place(1, 8, "anglo chinese indian"),
    "BE": _place(1, 6, "dutch french", en=0.85, fr=0.7, de=0.15),
    "CA": _place(2, 12, "anglo french indian chinese", en=0.92, fr=0.35),
    "CH": _place(1, 7, "german french italian", en=0.9, fr=0.6, it=0.2, gsw=0.4),
    "CL": _place(3, 2, "hispanic", en=0.5),
    "DE": _place(2, 12, "german turkish", en=0.9, fr=0.25),
    "DK": _place(0, 3, "nordic", en=0.95),
    "ES": _place(3, 7, "hispanic", en=0.75, fr=0.25),
    "FI": _place(0, 2, "nordic", en=0.95),
    "FR": _place(3, 14, "french west_african_fr arab", en=0.75, es=0.2),
    "GB": _place(4, 20, "anglo indian pakistani igbo_yoruba", fr=0.2),
    "GR": _place(2, 1, "greek", en=0.8),
    "IE": _place(1, 4, "irish", fr=0.15),
    "IL": _place(1, 2, "hebrew arab", en=0.85),
    "IT": _place(3, 5, "italian", en=0.7, fr=0.2),
    "JP": _place(1, 3, "japanese", en=0.6),
    "KR": _place(1, 1, "korean", en=0.6),
    "NL": _place(1, 6, "dutch", en=0.95, fr=0.2),
    "NO": _place(0, 3, "nordic", en=0.95),
    "NZ": _place(1, 3, "anglo"),
    "PL": _place(3, 2, "polish", en=0.7),
    "PT": _place(2, 6, "luso", en=0.85, fr=0.35, es=0.4),
    "RO": _place(3, 1, "romanian", en=0.75, fr=0.3),
    "SA": _place(2, 2, "arab", en=0.9),
    "SE": _place(0, 5, "nordic", en=0.95),
    "SG": _place(1, 3, "chinese malay indian"),
    "US": _place(3, 22, "anglo hispanic indian igbo_yoruba filipino", es=0.25),
    "UY": _place(2, 1, "hispanic", en=0.5),
}

# Zones that people of a country with several mostly live by, weighted; elsewhere it is the first.
ZONES: dict[str, dict[str, int]] = {
    "AU": {"Australia/Sydney": 5, "Australia/Melbourne": 5, "Australia/Brisbane": 3, "Australia/Perth": 2},
    "BR": {"America/Sao_Paulo": 6, "America/Fortaleza": 2, "America/Bahia": 2, "America/Manaus": 1},
    "CA": {"America/Toronto": 6, "America/Vancouver": 3, "America/Edmonton": 2, "America/Halifax": 1},
    "CD": {"Africa/Kinshasa": 3, "Africa/Lubumbashi": 2},
    "CL": {"America/Santiago": 1},
    "DE": {"Europe/Berlin": 1},
    "EC": {"America/Guayaquil": 1},
    "ES": {"Europe/Madrid": 9, "Atlantic/Canary": 1},
    "ID": {"Asia/Jakarta": 5, "Asia/Makassar": 2},
    "MN": {"Asia/Ulaanbaatar": 1},
    "MX": {"America/Mexico_City": 5, "America/Monterrey": 2, "America/Tijuana": 1},
    "NZ": {"Pacific/Auckland": 1},
    "PS": {"Asia/Gaza": 1, "Asia/Hebron": 1},
    "PT": {"Europe/Lisbon": 9, "Atlantic/Azores": 1},
    "UA": {"Europe/Kyiv": 1},
    "US": {"America/New_York": 8, "America/Chicago": 5, "America/Denver": 2, "America/Los_Angeles": 5},
    "UZ": {"Asia/Tashkent": 3, "Asia/Samarkand": 1},
}

# Where the days off are Friday and Saturday.
FRIDAY_REST = frozenset({"AF", "BD", "DZ", "EG", "IQ", "JO", "PS", "SA", "SD", "SO", "SY", "YE"})
