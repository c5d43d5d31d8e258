"""What one cell of a roster may hold, as coordinators write it in English or French.

Each reader takes the text of a cell that is not empty and returns its value, or raises `ValueError` with a sentence
that says what to write instead. Nothing is guessed: a name that means two things is refused.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from chalicelib.kernel.texts import readable_line, without_accents
from chalicelib.people.model import (
    CareerStage,
    Channel,
    Connection,
    CrossBorder,
    is_email,
    normalised_tag,
)
from chalicelib.programmes.model import Side

NO_EXPIRY = datetime(9999, 12, 31, tzinfo=UTC)
"""How far `verified: yes` reaches where no date says otherwise."""

# What a profile takes, as `people/schemas.py` has it; a test puts what is read here through those shapes.
MAX_TAGS = 15
MAX_COUNTRIES = 60
MAX_SPECIALTIES = 10
MAX_LANGUAGES = 10
MAX_TAG_CHARS = 60
MAX_TEXT_CHARS = 4000
MAX_LINE_CHARS = 200
MAX_CAPACITY = 20
MAX_STUDY_YEAR = 10


Role = Side
"""A roster calls a person's side in a programme their role, as the API does."""

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

_WORDS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Return the spelling by which headings, names and words are compared: no case, accents or punctuation."""
    plain = without_accents(text.replace("œ", "oe").replace("Œ", "oe"))
    return _WORDS.sub(" ", plain.casefold()).strip()


def line(text: str) -> str:
    """Read one line of at most 200 characters."""
    readable_line(text)
    if len(text) > MAX_LINE_CHARS:
        raise ValueError(f"at most {MAX_LINE_CHARS} characters")
    return text


def long_text(text: str) -> str:
    """Read a text of at most 4,000 characters; it may have several lines."""
    if len(text) > MAX_TEXT_CHARS:
        raise ValueError(f"at most {MAX_TEXT_CHARS} characters; this has {len(text)}")
    return text


def email(text: str) -> str:
    """Read an address in its own spelling."""
    address = text.removeprefix("mailto:")
    if not is_email(address):
        raise ValueError("give one e-mail address, for example amina.otieno@example.org")
    return address


def split(text: str, *, commas_too: bool = False) -> tuple[str, ...]:
    """Take a list cell apart: at `;`, `|` and line ends where there are any, else at commas.

    Parameters
    ----------
    commas_too
        For lists of codes, whose entries hold no comma: commas separate even beside the others.
    """
    marks = r"[;|\n,]" if commas_too or not re.search(r"[;|\n]", text) else r"[;|\n]"
    return tuple(part for part in (piece.strip() for piece in re.split(marks, text)) if part)


def tag_list(most: int) -> Callable[[str], tuple[str, ...]]:
    """Return the reader of a list of free words with at most so many entries."""

    def read(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(tag(part) for part in split(text)))
        if len(found) > most:
            raise ValueError(f"at most {most} entries; this has {len(found)}")
        return found

    return read


def tag(text: str) -> str:
    """Read a free word or short phrase, in the spelling by which such words are compared."""
    plain = normalised_tag(line(text))
    if not 2 <= len(plain) <= MAX_TAG_CHARS:
        raise ValueError(f"each entry has 2 to {MAX_TAG_CHARS} characters; separate entries by semicolons")
    return plain


def list_of(read: Callable[[str], T], most: int) -> Callable[[str], tuple[T, ...]]:
    """Return the reader of a list of at most so many of what `read` takes."""

    def read_list(text: str) -> tuple[T, ...]:
        found = tuple(dict.fromkeys(read(part) for part in split(text, commas_too=True)))
        if len(found) > most:
            raise ValueError(f"at most {most} entries; this has {len(found)}")
        return found

    return read_list


def whole_number(lowest: int, highest: int) -> Callable[[str], int]:
    """Return the reader of a whole number within bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and lowest <= int(text) <= highest):
            raise ValueError(f"give a whole number from {lowest} to {highest}")
        return int(text)

    return read


_YES = frozenset({"yes", "y", "true", "1", "x", "oui", "o", "vrai"})
_NO = frozenset({"no", "n", "false", "0", "non", "faux"})


def yes_no(text: str) -> bool:
    """Read yes or no, in English or French, as spreadsheets hold it."""
    word = "x" if text in ("✓", "✔") else fold(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError("write yes or no (oui or non)")


def one_of(kind: type[E], words: Mapping[E, str]) -> Callable[[str], E]:
    """Return the reader of one of an enum's values; `words` gives other words for each, separated by commas."""
    by_word = {fold(value): value for value in kind}
    for value, others in words.items():
        by_word |= {fold(other): value for other in others.split(",")}
    allowed = ", ".join(kind)

    def read(text: str) -> E:
        found = by_word.get(fold(text))
        if found is None:
            raise ValueError(f"write one of: {allowed}")
        return found

    return read


role = one_of(Role, {
    Role.MENTOR: "mentors,mentore",
    Role.MENTEE: "mentees,mentoré,mentorée,mentorés",
})  # fmt: skip
career_stage = one_of(CareerStage, {
    CareerStage.STUDENT: "étudiant,étudiante,en formation",
    CareerStage.EARLY: "early career,junior,début de carrière",
    CareerStage.MID: "mid career,milieu de carrière,mi-carrière",
    CareerStage.SENIOR: "senior career,expérimenté,expérimentée,confirmé,confirmée,sénior",
    CareerStage.RETIRED: "retraité,retraitée,à la retraite",
})  # fmt: skip
channel = one_of(Channel, {
    Channel.VIDEO: "vidéo,visio,visioconférence,video call",
    Channel.VOICE: "voix,audio,voice call,appel vocal",
    Channel.PHONE: "téléphone,telephone,tél",
    Channel.CHAT: "messagerie,text messages,messages",
    Channel.EMAIL: "e-mail,mail,courriel",
})  # fmt: skip
connection = one_of(Connection, {
    Connection.GOOD: "bonne,bon",
    Connection.FAIR: "moyenne,moyen,correcte,correct,average",
    Connection.POOR: "mauvaise,mauvais,faible,bad",
})  # fmt: skip
cross_border = one_of(CrossBorder, {
    CrossBorder.REQUIRED: "obligatoire,requis",
    CrossBorder.PREFERRED: "préféré,préférée,de préférence",
    CrossBorder.NO_PREFERENCE: "sans préférence,indifférent,indifférente,none",
})  # fmt: skip


def verified(text: str) -> datetime | bool:
    """Read yes, no, or the last day on which the verification holds."""
    try:
        return yes_no(text)
    except ValueError:
        return end_of_day(text)


_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")


def end_of_day(text: str) -> datetime:
    """Read a day as the instant at which it ends in UTC; or an instant with its offset as it is.

    `03/04/2027` is refused, as it is March to some and April to others; `30/06/2027` is one day to all.
    """
    refusal = "give the day as YYYY-MM-DD, for example 2027-06-30"
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
        iso, other = _ISO_DAY.fullmatch(text), _DAY_FIRST.fullmatch(text)
        if iso:
            year, month, day = (int(part) for part in iso.groups())
        elif other:
            day, month, year = (int(part) for part in other.groups())
            if day <= 12 and day != month:
                raise ValueError(refusal)
        else:
            raise ValueError(refusal)
        if not 1990 <= year <= 2200:
            raise ValueError(refusal)
        return datetime.combine(datetime(year, month, day, tzinfo=UTC), time(), UTC) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise ValueError(refusal) from error
