"""What is asked about an activity, in its reader's language."""

from collections.abc import Mapping

from chalicelib.credits.feedback.model import FeedbackTopic
from chalicelib.words.catalogues import catalogue, language_of


def questions(locale: str) -> Mapping[FeedbackTopic, str]:
    _ = catalogue(language_of(locale)).gettext
    return {
        FeedbackTopic.SATISFACTION: _("It was worth my time."),
        FeedbackTopic.LEARNING: _("I learnt something that I can use."),
        FeedbackTopic.PRACTICE: _("Because of it I know better what to keep or to change in my practice."),
        FeedbackTopic.BALANCE: _("What was said was balanced and served no commercial interest."),
    }


def ends(locale: str) -> tuple[str, str]:
    """Return what the lowest and the highest step mean."""
    _ = catalogue(language_of(locale)).gettext
    return _("not at all"), _("completely")


def who_reads(locale: str) -> str:
    """Say who reads what is answered."""
    return catalogue(language_of(locale)).gettext(
        "Coordinators read sums of five people or more, and comments without a name among those of five. They do not "
        "see who answered."
    )
