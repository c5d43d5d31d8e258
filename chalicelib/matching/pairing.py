"""The hard rules for one pair, without numpy: for a mentee who asks a mentor over HTTP.

They say of a pair what `rules.py` says of blocks of pairs (a test holds the two against each other), but for
common time: that takes calendars of many weeks, and two people who want each other may find an hour that their
profiles do not show.
"""

from dataclasses import dataclass
from typing import Final

from chalicelib.matching.model import MatchSettings, PairOfIds, Reason, Rule
from chalicelib.people import codes
from chalicelib.people.model import CrossBorder, Profile, employer_of, unwanted_employers, usable_gender

CLOSE: Final = ((4, 0), (10, 1), (24, 2))
"""CLDR's distance between two languages up to which a speaker of one talks in the other, and how many CEFR levels
lower. The distances are CLDR's, the levels our judgement."""

_RANK: dict[str, int] = {level: rank for rank, level in enumerate(codes.CEFR)}


def public_obstacle(mentee: Profile, mentor: Profile, settings: MatchSettings) -> Reason | None:
    """Return which rule that both open profiles decide stands against a pair, or None."""
    floor, off = settings.language_floor, settings.rules_off
    if Rule.LANGUAGE not in off and understood_at(mentee, floor).keys().isdisjoint(
        understood_at(mentor, floor)
    ):
        return Reason.NO_SHARED_LANGUAGE
    if Rule.CHANNEL not in off and not mentee.usable_channels() & mentor.usable_channels():
        return Reason.NO_SHARED_CHANNEL
    return None


def has_private_obstacle(mentee: Profile, mentor: Profile, settings: MatchSettings) -> bool:
    """Tell whether something that nobody is told of stands against a pair: a wish of one side, or a coordinator's."""
    if PairOfIds(mentee.person_id, mentor.person_id) in settings.forbidden:
        return True
    wishes = mentee.preferences.cross_border, mentor.preferences.cross_border
    if (
        Rule.ABROAD not in settings.rules_off
        and CrossBorder.REQUIRED in wishes
        and mentee.country == mentor.country
    ):
        return True
    if Rule.BINDING_WISHES in settings.rules_off:
        return False
    return any(_unwanted(*pair) or _of_other_gender(*pair) for pair in ((mentee, mentor), (mentor, mentee)))


def language_levels(profile: Profile) -> dict[str, str]:
    """Return the best CEFR level by base language, in the order of the profile.

    What two people can talk in is the base: pt-BR and pt-PT are one, and so are zh-Hans and zh-Hant, which are
    two scripts of one spoken language (Cantonese has a base of its own, `yue`).
    """
    levels: dict[str, str] = {}
    for skill in profile.languages:
        known = codes.language(skill.language)
        base = known.base if known else skill.language.partition("-")[0].lower()
        if base not in levels or _RANK[skill.level] > _RANK[levels[base]]:
            levels[base] = skill.level
    return levels


def languages_at(profile: Profile, floor: str) -> dict[str, str]:
    """Return the base languages that the person speaks at `floor` or better, with their level."""
    least = _RANK[floor]
    return {base: level for base, level in language_levels(profile).items() if _RANK[level] >= least}


@dataclass(frozen=True)
class Understood:
    """A language that somebody can talk in: how well, and by which language of theirs where it is another."""

    level: str
    by: str | None = None


def understood(profile: Profile) -> dict[str, Understood]:
    """Return the languages that somebody can talk in, by base: their own, and others that are close to one of these.

    A close one counts as many CEFR levels lower as `CLOSE` says of the distance.
    """
    own = language_levels(profile)
    found = {base: Understood(level) for base, level in own.items()}
    for base, level in own.items():
        for other, distance in codes.close_languages(base).items():
            lost = next((lost for most, lost in CLOSE if distance <= most), None)
            if lost is None or _RANK[level] < lost:
                continue
            lower = codes.CEFR[_RANK[level] - lost]
            if other not in found or _RANK[lower] > _RANK[found[other].level]:
                found[other] = Understood(lower, by=base)
    return found


def understood_at(profile: Profile, floor: str) -> dict[str, Understood]:
    """Return the languages that somebody can talk in at `floor` or better."""
    least = _RANK[floor]
    return {base: one for base, one in understood(profile).items() if _RANK[one.level] >= least}


def _unwanted(whose: Profile, other: Profile) -> bool:
    wishes = whose.negative_wishes
    return other.country in wishes.countries or employer_of(other) in unwanted_employers(whose, wishes)


def _of_other_gender(whose: Profile, other: Profile) -> bool:
    wishes = whose.preferences
    return wishes.genders_required and bool(wishes.genders) and usable_gender(other) not in wishes.genders
