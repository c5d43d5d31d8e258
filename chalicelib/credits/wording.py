"""The words of credit statements, in their reader's language."""

from collections.abc import Mapping

from chalicelib.credits.assessing import CreditReason
from chalicelib.words.catalogues import catalogue, language_of


def notice(locale: str) -> str:
    """Say what a statement is, and what it is not."""
    return catalogue(language_of(locale)).gettext(
        "This statement is a record of what you took part in. Credit is awarded by an accredited provider, and not by "
        "Crossward."
    )


def reason(code: CreditReason, locale: str) -> str:
    """Say why something counts for less than the time spent, or for nothing."""
    _ = catalogue(language_of(locale)).gettext
    told: Mapping[CreditReason, str] = {
        CreditReason.UNCLAIMED: _("You have not claimed it under a scheme."),
        CreditReason.CLAIMED_ELSEWHERE: _("You have claimed it under another scheme, where it counts."),
        CreditReason.NO_RULE: _("The scheme has no rule for that day."),
        CreditReason.FEEDBACK_MISSING: _("Your feedback is missing; it counts once you have given it."),
        CreditReason.OVERLAPPING: _("Some of its minutes count already, in something that began earlier."),
        CreditReason.TAUGHT: _("You taught in it: what you attended of it does not count beside that."),
        CreditReason.REPEATED: _("You have taught the same before: it counts once."),
        CreditReason.TEACHING_NOT_COUNTED: _("The scheme does not count teaching."),
        CreditReason.NOT_EDUCATIONAL: _("Welcomes, breaks, forms and goodbyes do not count."),
        CreditReason.ROUNDED: _("It is rounded to the steps of the scheme."),
        CreditReason.CAPPED: _("It is cut at the most that the scheme counts in a day."),
    }
    return told[code]
