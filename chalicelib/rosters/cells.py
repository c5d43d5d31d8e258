"""What one cell of a roster may hold, as coordinators write it in English or French.

Each reader takes the text of a cell that is not empty and returns its value, or raises `ValueError` with a sentence
that says what to write instead. Nothing is guessed: a name that means two things is refused.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from typing import TypeVar

from chalicelib.people import codes
from chalicelib.people.model import (
    STUDENT,
    CareerStage,
    Channel,
    Connection,
    CrossBorder,
    LanguageSkill,
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

MAIL_LANGUAGES = ("en", "fr")

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

_WORDS = re.compile(r"[\W_]+")
_LABEL = r"[^\s@<>\"',;:\\()\[\]._-](?:[^\s@<>\"',;:\\()\[\]._]{0,62})"
_EMAIL = re.compile(
    rf"[^\s@<>\"',;:\\()\[\]]{{1,64}}@(?:{_LABEL}\.)+[A-Za-z0-9][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]"
)


def fold(text: str) -> str:
    """Return the spelling by which headings, names and words are compared: no case, accents or punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _WORDS.sub(" ", plain.casefold()).strip()


def line(text: str) -> str:
    """Read one line of at most 200 characters."""
    if "\n" in text or "\t" in text:
        raise ValueError("write this on one line")
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
    if len(address) > 254 or not _EMAIL.fullmatch(address):
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


# --- codes of outside lists, or their names --------------------------------------------------------

# Common names that CLDR does not give as a country's name in either language; compiled for this project.
_COUNTRY_WORDS: Mapping[str, str] = {
    "AE": "UAE,Émirats,EAU",
    "BF": "Burkina",
    "BO": "Plurinational State of Bolivia",
    "CD": "DRC,RDC,DR Congo,RD Congo,Democratic Republic of the Congo,République démocratique du Congo",
    "CG": "Republic of the Congo,République du Congo",
    "CI": "Ivory Coast",
    "CV": "Cabo Verde",
    "CZ": "Czech Republic,République tchèque",
    "FM": "Federated States of Micronesia",
    "GB": "UK,U.K.,Great Britain,Grande-Bretagne,United Kingdom of Great Britain and Northern Ireland",
    "GM": "The Gambia",
    "KR": "Republic of Korea,République de Corée",
    "LA": "Lao PDR",
    "MD": "Republic of Moldova,Moldova",
    "MM": "Myanmar,Burma",
    "NL": "The Netherlands",
    "PS": "Palestine,State of Palestine",
    "RU": "Russian Federation,Fédération de Russie",
    "SY": "Syrian Arab Republic",
    "SZ": "Swaziland",
    "TL": "East Timor",
    "TR": "Turkey",
    "TZ": "United Republic of Tanzania",
    "US": "U.S.A.,U.S.,United States of America,États-Unis d'Amérique",
    "VN": "Viet Nam",
}

# Everyday titles that mean one ISCO-08 unit group (ILO, ISCO-08, 2008: the unit groups' own example occupations);
# "doctor" alone is left out: it may be 2211 or 2212.
_PROFESSION_WORDS: Mapping[str, str] = {
    "1342": "health services manager,hospital manager,directeur d'hôpital,directrice d'hôpital",
    "2211": "general practitioner,GP,family doctor,médecin généraliste,médecin de famille",
    "2212": "specialist doctor,specialist physician,medical specialist,médecin spécialiste",
    "2221": "nurse,registered nurse,professional nurse,infirmier,infirmière",
    "2222": "midwife,professional midwife,sage-femme",
    "2240": "clinical officer",
    "2261": "dentist,dentiste,chirurgien-dentiste,chirurgienne-dentiste",
    "2262": "pharmacist,pharmacien,pharmacienne",
    "2264": "physiotherapist,physiothérapeute,kinésithérapeute",
    "2265": "dietician,dietitian,nutritionist,diététicien,diététicienne,nutritionniste",
    "2266": "audiologist,speech therapist,audiologiste,orthophoniste",
    "2267": "optometrist,optométriste",
    "2634": "psychologist,psychologue",
    "2635": "social worker,travailleur social,travailleuse sociale",
    "3253": "community health worker,agent de santé communautaire,agente de santé communautaire",
}
_STUDENT_WORDS = frozenset({"student", "etudiant", "etudiante", "medical student"})


def _unique(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Index codes by folded name, leaving out names that several codes share."""
    found: dict[str, set[str]] = {}
    for name, code in named:
        found.setdefault(fold(name), set()).add(code)
    return {name: next(iter(known)) for name, known in found.items() if len(known) == 1 and name}


@cache
def _country_names() -> Mapping[str, str]:
    named = [(name, one.alpha2) for one in codes.countries() for name in (one.name, one.name_fr)]
    named += [(word, code) for code, words in _COUNTRY_WORDS.items() for word in words.split(",")]
    return _unique(named)


def country(text: str) -> str:
    """Read a country: ISO 3166-1 alpha-2 or alpha-3 code, or its English or French name."""
    known = codes.country(text)
    code = known.alpha2 if known else _country_names().get(fold(text))
    if code is None:
        raise ValueError(
            "give a country by its ISO 3166-1 code, for example KE, or its English or French name"
        )
    return code


@cache
def _language_names() -> Mapping[str, str]:
    return _unique(
        (name, one.tag)
        for one in codes.languages()
        for name in {one.name, one.name_fr, one.endonym or one.name}
    )


def language(text: str) -> str:
    """Read a language: BCP-47 tag, or its name in English, in French or in itself."""
    known = codes.canonical_language(text) or _language_names().get(fold(text))
    if known is None:
        raise ValueError(
            "give a language by its BCP-47 tag, for example fr or pt-BR, or its English or French name"
        )
    return known


def locale(text: str) -> str:
    """Read the language of a person's mails: one that the catalogues have."""
    base = language(text).partition("-")[0]
    if base not in MAIL_LANGUAGES:
        raise ValueError(f"mails are written in: {', '.join(MAIL_LANGUAGES)}")
    return base


# The framework has no level above C2; a first language counts as one (see `codes.CEFR`).
_FIRST_LANGUAGE = "native speaker|native|mother tongue|first language|langue maternelle|maternelle|natif"
_SKILL = re.compile(
    rf"(.+?)[\s:=(\[/–-]+(A1|A2|B1|B2|C1|C2|{_FIRST_LANGUAGE})[\s)\]]*", re.IGNORECASE | re.DOTALL
)


def language_skills(text: str) -> tuple[LanguageSkill, ...]:
    """Read languages with their CEFR levels: `en:C1; fr:B2`, `English C1, French native`."""
    skills: dict[str, LanguageSkill] = {}
    for part in split(text, commas_too=True):
        match = _SKILL.fullmatch(part) if len(part) <= MAX_LINE_CHARS else None
        if match is None:
            raise ValueError("give each language with its CEFR level, A1 to C2: en:C1; fr:B2")
        spoken = language(match[1].strip())
        level = match[2].upper() if len(match[2]) == 2 else "C2"
        if spoken in skills:
            raise ValueError("a language is listed twice; keep one level")
        skills[spoken] = LanguageSkill(spoken, level)
    if len(skills) > MAX_LANGUAGES:
        raise ValueError(f"at most {MAX_LANGUAGES} languages")
    return tuple(skills.values())


@cache
def _profession_names() -> Mapping[str, str]:
    named = [(one.title, one.code) for one in codes.professions()]
    named += [(word, code) for code, words in _PROFESSION_WORDS.items() for word in words.split(",")]
    return _unique(named)


def profession(text: str) -> str:
    """Read a profession: ISCO-08 code (words may follow it), its title, an everyday title, or student."""
    if fold(text) in _STUDENT_WORDS:
        return STUDENT
    return occupation(text)


def occupation(text: str) -> str:
    """Read a profession that is not student."""
    match = re.fullmatch(r"(\d{4})(?:[\s:–-].*)?", text, re.DOTALL)
    code = match[1] if match else _profession_names().get(fold(text))
    if code is None or codes.profession(code) is None:
        raise ValueError("give an ISCO-08 code of a health occupation, for example 2221, or its title")
    return code


def _one_spelling(text: str) -> str:
    # British and American spellings of the Greek and Latin diphthongs: paediatrics and pediatrics.
    return fold(text).replace("ae", "e").replace("oe", "e")


@cache
def _specialty_names() -> Mapping[str, str]:
    return {_one_spelling(name): one.slug for one in codes.specialties() for name in (one.slug, one.name)}


def specialty(text: str) -> str:
    """Read a specialty: our slug, or its English name in British or American spelling."""
    slug = _specialty_names().get(_one_spelling(text))
    if slug is None:
        raise ValueError("give a specialty of the list, for example internal-medicine")
    return slug


def time_zone(text: str) -> str:
    """Read an IANA time zone."""
    name = codes.canonical_zone(text)
    if name is None:
        raise ValueError("give an IANA time zone, for example Africa/Nairobi")
    return name


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
