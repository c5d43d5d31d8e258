"""The questions of pulses and surveys, and what the ends of their scales mean, in a reader's language."""

from collections.abc import Mapping

from chalicelib.mentorships.feedback.model import Item, Scale, Standard
from chalicelib.mentorships.wordings import told_in
from chalicelib.words.catalogues import catalogue, language_of


def question(item: Item, locale: str) -> str:
    """Return a question's words for a reader: a programme's own in their language where it has them, else in English,
    else in the first language that it has.

    Parameters
    ----------
    locale
        The reader's, BCP-47; one without a catalogue gets the language of the texts.
    """
    if item.texts:
        return told_in(item.texts, locale)
    return _standards(locale)[Standard(item.id)]


def ends(scale: Scale, locale: str) -> tuple[str, str]:
    """Return what 1 and 5 mean."""
    _ = catalogue(language_of(locale)).gettext
    return {
        Scale.WELL: (_("badly"), _("very well")),
        Scale.AGREE: (_("not at all"), _("completely")),
        Scale.CONFIDENT: (_("not confident"), _("very confident")),
    }[scale]


def _standards(locale: str) -> Mapping[Standard, str]:
    _ = catalogue(language_of(locale)).gettext
    return {
        Standard.GOING: _("How is your mentorship going?"),
        Standard.USEFUL: _("What we talk about is useful for my work."),
        Standard.HEARD: _("I am listened to."),
        Standard.RHYTHM: _("The rhythm of our meetings suits me."),
        Standard.MATCH: _("How well do the two of you suit each other?"),
        Standard.SET_GOALS: _("I can set goals for my work and follow them up."),
        Standard.DECIDE: _("I can decide what to do in a difficult situation at work."),
        Standard.USE_FEEDBACK: _("I can ask for feedback and use it."),
        Standard.ADAPT: _("I can adapt what I learn to the place where I work."),
        Standard.FIND_HELP: _("I can find people beyond my workplace who help me further."),
        Standard.LET_FIND: _("I can listen and ask so that a mentee finds their own way."),
        Standard.GIVE_FEEDBACK: _("I can give feedback that a mentee can use."),
        Standard.AGREE_EXPECTATIONS: _("I can agree with a mentee on what each expects."),
        Standard.AT_A_DISTANCE: _("I can mentor somebody whom I do not meet in person."),
        Standard.ACROSS_CULTURES: _("I can mentor somebody from another culture and health system."),
    }
