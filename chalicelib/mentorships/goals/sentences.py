"""What a goal lacks, for the one who writes it, in their language."""

from chalicelib.mentorships.goals.check import Lack
from chalicelib.words.catalogues import catalogue, language_of


def sentence(lack: Lack, locale: str) -> str:
    """Return what a person reads of it: what is missing, and what to write.

    Parameters
    ----------
    locale
        The reader's, BCP-47; one without a catalogue gets the language of the texts.
    """
    _ = catalogue(language_of(locale)).gettext
    told = {
        Lack.TITLE_TOO_SHORT: _("Say in the title what you want to be able to do; a single word leaves that open."),
        Lack.NOTHING_TO_OBSERVE: _(
            "Write what will be different once the goal is reached: what will somebody else see or hear?"
        ),
        Lack.NO_MEASURE: _("Say by what you will notice progress: one thing that can be counted or rated."),
        Lack.NO_UNIT: _("Name the unit of the numbers, for example minutes, patients a week, or points out of 10."),
        Lack.NO_BASELINE: _("Write the value of today, so that progress can be seen."),
        Lack.NO_TARGET: _("Write the value that you want to reach."),
        Lack.TARGET_IS_BASELINE: _("The target is the value of today: by this measure nothing would change."),
        Lack.NO_DUE_DATE: _("Choose the day by which you want to reach it."),
        Lack.DUE_IN_THE_PAST: _("The day is over. Choose another one, or say what has become of the goal."),
    }  # fmt: skip
    return told[lack]
