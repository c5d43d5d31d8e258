"""The hard rules for one pair, without numpy: for a mentee who asks a mentor over HTTP.

They say of a pair what `rules.py` says of blocks of pairs (a test holds the two against each other), but for
common time: that takes calendars of many weeks, and two people who want each other may find an hour that their
profiles do not show.
"""

from chalicelib.matching.model import MatchSettings, PairOfIds, Reason, Rule
from chalicelib.people import codes
from chalicelib.people.model import CrossBorder, Profile, normalised_tag, unwanted_employers, usable_gender


def public_obstacle(mentee: Profile, mentor: Profile, settings: MatchSettings) -> Reason | None:
    """Return which rule that both open profiles decide stands against a pair, or None."""
    floor, off = settings.language_floor, settings.rules_off
    if Rule.LANGUAGE not in off and not spoken_at(mentee, floor) & spoken_at(mentor, floor):
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


def spoken_at(profile: Profile, floor: str) -> frozenset[str]:
    """Return the base languages that a person speaks at `floor` or better."""
    enough = codes.CEFR[[str(level) for level in codes.CEFR].index(floor) :]
    return frozenset(
        known.base if (known := codes.language(one.language)) else one.language.partition("-")[0].lower()
        for one in profile.languages
        if one.level in enough
    )


def _unwanted(whose: Profile, other: Profile) -> bool:
    wishes = whose.negative_wishes
    if wishes.if_possible:
        return False
    employer = normalised_tag(other.employer) if other.employer else None
    return other.country in wishes.countries or employer in unwanted_employers(whose)


def _of_other_gender(whose: Profile, other: Profile) -> bool:
    wishes = whose.preferences
    return wishes.genders_required and bool(wishes.genders) and usable_gender(other) not in wishes.genders
