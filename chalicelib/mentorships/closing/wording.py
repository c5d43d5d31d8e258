"""The questions of a closing conversation in a reader's language, and beginnings of answers from what is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.mentorships.closing.model import MAX_TEXT, Question, Standard
from chalicelib.mentorships.goals.model import Goal, Status
from chalicelib.mentorships.sessions.model import Held
from chalicelib.mentorships.sessions.record import Action
from chalicelib.mentorships.wordings import told_in
from chalicelib.words.formats import Formats
from chalicelib.words.lines import one_line


@dataclass(frozen=True)
class Task:
    """Something that somebody has yet to do, by their name."""

    action: Action
    owner: str


@dataclass(frozen=True)
class Known:
    """What is known of a mentorship without anybody's typing.

    Attributes
    ----------
    learned
        What the reader wrote that they learned, in reflections that they share.
    introductions
        How many were made.
    """

    held: Held
    goals: tuple[Goal, ...] = ()
    tasks: tuple[Task, ...] = ()
    learned: tuple[str, ...] = ()
    introductions: int = 0


def question(asked: Question, formats: Formats) -> str:
    """Return a question's words for a reader: a programme's own in their language where it has them, else in English,
    else in the first language that it has."""
    if asked.texts:
        return told_in(asked.texts, formats.language)
    _ = formats.gettext
    return {
        Standard.GOALS: _("What did we set out to do, and what became of it?"),
        Standard.LEARNED: _("What have I learned, for my work and about myself?"),
        Standard.HELPED: _("What helped us?"),
        Standard.HARDER: _("What made it harder? Say what it was, not who."),
        Standard.THANKS: _("What would I like to thank you for?"),
        Standard.OPEN: _("What stays open, and who takes it up?"),
        Standard.NEXT: _("How do we stay in touch from now on, or is this good-bye?"),
    }[Standard(asked.id)]


def to_programme(formats: Formats) -> str:
    """Return what is asked for the programme."""
    return formats.gettext("What would I tell the people who run this programme?")


def suggestion(asked: Question, known: Known, formats: Formats) -> str | None:
    """Return the beginning of an answer to one of the service's own questions; None where nothing is known for it."""
    if asked.id == Standard.GOALS:
        return _fitting(_became(known, formats))
    if asked.id == Standard.LEARNED:
        return _fitting(known.learned)
    if asked.id == Standard.OPEN:
        return _fitting(_open(known))
    return None


def _became(known: Known, formats: Formats) -> list[str]:
    told = []
    if known.held.sessions:
        parts = {
            "sessions": formats.number(known.held.sessions),
            "time": formats.duration(known.held.minutes),
        }
        told.append(formats.gettext("Sessions: %(sessions)s, together %(time)s.") % parts)
    for status, sentence in (
        (Status.REACHED, formats.gettext("Reached: %(goals)s.")),
        (Status.DROPPED, formats.gettext("Let go: %(goals)s.")),
        (Status.OPEN, formats.gettext("Still open: %(goals)s.")),
    ):
        titles = _titles(known.goals, status)
        if titles:
            told.append(sentence % {"goals": formats.listed(titles)})
    if known.introductions:
        number = formats.number(known.introductions)
        told.append(formats.gettext("Introductions made: %(number)s.") % {"number": number})
    return told


def _open(known: Known) -> list[str]:
    tasks = [f"{one_line(one.action.text)} ({one_line(one.owner)})" for one in known.tasks]
    return [*_titles(known.goals, Status.OPEN), *tasks]


def _titles(goals: Iterable[Goal], status: Status) -> list[str]:
    # Without the signs that isolate what runs the other way: a suggestion comes back as somebody's answer.
    return [one_line(one.title) for one in goals if one.status is status]


def _fitting(lines: Sequence[str]) -> str | None:
    """Return as many lines as one answer holds, in one text; None for none."""
    text = ""
    for one in lines:
        longer = f"{text}\n{one}" if text else one
        if len(longer) > MAX_TEXT:
            continue
        text = longer
    return text or None
