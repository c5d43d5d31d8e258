"""The first version of an agreement: the programme's template, filled with what both profiles already say."""

from chalicelib.mentorships.agreements.model import LIGHT, Rules, Terms
from chalicelib.people import codes
from chalicelib.people.model import Channel, Connection, LanguageSkill, Profile

SPOKEN_FROM: codes.Cefr = "B2"
"""From this level on a language counts as shared, as in a match; below it, only where there is no other."""


def first_terms(rules: Rules, mentee: Profile, mentor: Profile) -> Terms:
    """Return the terms that a pair starts from. What the profiles leave open is empty, and for the two to fill in."""
    channels = _channels(mentee, mentor)
    return Terms(
        **vars(rules),
        channels=channels,
        fallback=_fallback(mentee, mentor, channels),
        languages=_languages(mentee, mentor),
    )


def _channels(mentee: Profile, mentor: Profile) -> tuple[Channel, ...]:
    """Return the ways to meet that both offer and both lines carry, best first.

    Each person's list is in the order of their liking: the smallest sum of both places comes first, of equals the
    mentee's.
    """
    usable = mentee.usable_channels() & mentor.usable_channels()
    return tuple(sorted(usable, key=lambda one: _places(one, mentee, mentor)))


def _places(channel: Channel, mentee: Profile, mentor: Profile) -> tuple[int, int]:
    theirs = mentee.channels.index(channel)
    return theirs + mentor.channels.index(channel), theirs


def _fallback(mentee: Profile, mentor: Profile, channels: tuple[Channel, ...]) -> Channel | None:
    """Return a way to meet that a poor line carries: another than the first choice, if there is one.

    Where one of the lines is poor already it is the lightest, else the one that the two like best.
    """
    light = [one for one in channels if one in LIGHT]
    light = [one for one in light if one is not channels[0]] or light
    if not light:
        return None
    if Connection.POOR in (mentee.connection, mentor.connection):
        return max(light, key=LIGHT.index)
    return light[0]


def _languages(mentee: Profile, mentor: Profile) -> tuple[str, ...]:
    """Return the languages that both speak, by the level of the one who speaks it less well, best first."""
    theirs, ours = _levels(mentee.languages), _levels(mentor.languages)
    shared = {base: min(theirs[base], ours[base]) for base in theirs if base in ours}
    well = [base for base, level in shared.items() if level >= codes.CEFR.index(SPOKEN_FROM)]
    # Sorting keeps the mentee's order among equals.
    return tuple(sorted(well or shared, key=lambda base: -shared[base]))


def _levels(skills: tuple[LanguageSkill, ...]) -> dict[str, int]:
    """Return the level of each language by its base: speakers of pt-BR and pt-PT understand each other."""
    found: dict[str, int] = {}
    for one in skills:
        base = one.language.partition("-")[0]
        level = next(n for n, name in enumerate(codes.CEFR) if name == one.level)
        found[base] = max(level, found.get(base, level))
    return found
