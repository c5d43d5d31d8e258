"""What is amiss with a mentorship, in a sentence for whoever reads it, in their language. Nobody is blamed."""

from collections.abc import Mapping

from chalicelib.mentorships.health.model import Finding, HealthReason
from chalicelib.words.catalogues import catalogue, language_of


def to_the_two(finding: Finding, locale: str) -> str:
    """Return what one of the two reads: what is so, and what may help."""
    words = catalogue(language_of(locale))
    _, ngettext, figure = words.gettext, words.ngettext, finding.figure or 0
    told: Mapping[HealthReason, str] = {
        HealthReason.NO_SESSION: ngettext(
            "You have not met for %(n)s day, and no session is booked. Propose a time, even for a short talk.",
            "You have not met for %(n)s days, and no session is booked. Propose a time, even for a short talk.",
            figure,
        ),
        HealthReason.NO_SHOWS: ngettext(
            "%(n)s session did not take place as planned. Another day, a shorter time or another channel may suit "
            "both of you better.",
            "%(n)s sessions did not take place as planned. Another day, a shorter time or another channel may suit "
            "both of you better.",
            figure,
        ),
        HealthReason.UNSIGNED: ngettext(
            "Your agreement has waited for a signature for %(n)s day. Change what does not suit you, and sign it.",
            "Your agreement has waited for a signature for %(n)s days. Change what does not suit you, and sign it.",
            figure,
        ),
        HealthReason.GOALS_OVERDUE: ngettext(
            "%(n)s goal is open though its day is over. Give it another day, or say what has become of it.",
            "%(n)s goals are open though their day is over. Give them another day, or say what has become of them.",
            figure,
        ),
        HealthReason.NO_GOALS: ngettext(
            "You have had no goal for %(n)s day. One small goal is enough to begin with.",
            "You have had no goal for %(n)s days. One small goal is enough to begin with.",
            figure,
        ),
        HealthReason.PULSE_FALLING: _(
            "Your last answers on how it goes were lower than those before. Of the two of you, only you are told. "
            "If you wish, say what would help you, or write to a coordinator."
        ),
    }
    return told[finding.reason] % {"n": figure}


def to_coordinators(finding: Finding, locale: str) -> str:
    """Return what a coordinator reads."""
    words = catalogue(language_of(locale))
    _, ngettext, figure = words.gettext, words.ngettext, finding.figure or 0
    told: Mapping[HealthReason, str] = {
        HealthReason.NO_SESSION: ngettext(
            "No session was held for %(n)s day, and none is booked.",
            "No session was held for %(n)s days, and none is booked.",
            figure,
        ),
        HealthReason.NO_SHOWS: ngettext(
            "%(n)s session was missed, and none has been held since.",
            "%(n)s sessions were missed, and none has been held since.",
            figure,
        ),
        HealthReason.UNSIGNED: ngettext(
            "The agreement has waited for a signature for %(n)s day.",
            "The agreement has waited for a signature for %(n)s days.",
            figure,
        ),
        HealthReason.GOALS_OVERDUE: ngettext(
            "%(n)s goal is open long after its day.",
            "%(n)s goals are open long after their day.",
            figure,
        ),
        HealthReason.NO_GOALS: ngettext(
            "There has been no goal for %(n)s day.",
            "There has been no goal for %(n)s days.",
            figure,
        ),
        HealthReason.PULSE_FALLING: _(
            "Answers on how it goes are lower than before. Whose they are is not told; ask both what would help."
        ),
    }
    return told[finding.reason] % {"n": figure}
