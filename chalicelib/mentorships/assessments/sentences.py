"""The words in which a gap becomes the draft of a goal, in the language of the one whose it is."""

from chalicelib.mentorships.assessments.model import MOST, Topic
from chalicelib.words.catalogues import catalogue, language_of


def title(topic: Topic, locale: str) -> str:
    _ = catalogue(language_of(locale)).gettext
    return _("Become surer in this: %(topic)s") % {"topic": topic.name}


def measured(topic: Topic, locale: str) -> tuple[str, str]:
    """Return what is measured, and in which unit."""
    _ = catalogue(language_of(locale)).gettext
    what = _("How sure I am of this: %(topic)s") % {"topic": topic.name}
    return what, _("of %(most)s") % {"most": MOST}
