"""The columns of a roster: one table, from which the parser, the templates and docs/rosters.md are made."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, reduce
from typing import Any

from chalicelib.kernel.errors import FieldError
from chalicelib.people.model import CareerStage, Channel, Connection, CrossBorder, Profile
from chalicelib.rosters import cells, names
from chalicelib.rosters.availability import availability
from chalicelib.rosters.cells import fold, list_of, tag_list


class Need(StrEnum):
    """How much a roster needs a column."""

    REQUIRED = "required"  # a row without it is refused
    MATCHING = "for matching"  # who lacks it is left out of a match until they fill it in
    OPTIONAL = "optional"
    UNUSED = "–"


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes
    ----------
    name
        The heading, and the key of a column map.
    read
        From the text of a cell that is not empty to its value; raises `ValueError` with what to write instead.
    pointer
        Where the value belongs in a profile, as its refusals point at it; None for what belongs to the row.
    aliases
        Other headings, English and French, compared without case, accents, spaces and punctuation.
    quotable
        Whether a refusal may quote the cell: codes and the like, never what names or describes a person.
    refusal
        What a profile's refusal of the value is in a roster's words, where its own speak of the API's.
    """

    name: str
    meaning: str
    example: str
    read: Callable[[str], Any]
    pointer: str | None = None
    mentor: Need = Need.OPTIONAL
    mentee: Need = Need.OPTIONAL
    aliases: tuple[str, ...] = ()
    quotable: bool = True
    refusal: str | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """Names of the attributes that lead to the value in a profile; empty where it is not there."""
        return tuple(self.pointer[1:].split("/")) if self.pointer else ()

    def value_of(self, profile: Profile) -> Any:
        """Return what a profile has for this column."""
        return reduce(getattr, self.path, profile)


def _values(kind: type[StrEnum]) -> str:
    return ", ".join(f"`{value}`" for value in kind)


_LIST = "separated by `;`"
_TAGS = tag_list(cells.MAX_TAGS)
_COUNTRIES = list_of(names.country, cells.MAX_COUNTRIES)
_EMPLOYERS = tag_list(20)
_STAGES = list_of(cells.career_stage, len(CareerStage))
_CHANNELS = list_of(cells.channel, len(Channel))

_NO_EMPLOYER = "This needs the column employer: fill it in, or leave this empty."

COLUMNS: tuple[Column, ...] = (
    Column(
        "external_id", "Your own number of the person: a repeated import knows them by it though their address changes",
        "HR-10442", cells.line,
        aliases=("id", "external", "person id", "staff number", "employee id", "identifiant", "matricule", "numéro"),
        quotable=False,
    ),
    Column(
        "email", "Where the invitation goes; one person, one address", "amina.otieno@hospital.example", cells.email,
        mentor=Need.REQUIRED, mentee=Need.REQUIRED, quotable=False,
        aliases=("e-mail", "mail", "email address", "e-mail address", "courriel", "adresse e-mail", "adresse mail",
                 "adresse courriel", "adresse électronique"),
    ),
    Column(
        "given_name", "First name, or the only name", "Amina", cells.line, mentor=Need.REQUIRED, mentee=Need.REQUIRED,
        aliases=("first name", "forename", "prénom", "prénoms"), quotable=False,
    ),
    Column(
        "family_name", "Last name", "Otieno", cells.line, aliases=("last name", "surname", "nom", "nom de famille"),
        quotable=False,
    ),
    Column(
        "locale", "Language of mails, for example `fr`. Empty: `en`", "en", names.locale,
        aliases=("mail language", "language of mails", "langue des courriels", "langue des messages"),
    ),
    Column(
        "role", "`mentor` or `mentee`. May be left out where the whole file is of one role", "mentor", cells.role,
        aliases=("participation",),
    ),
    Column(
        "capacity", "How many at a time. Empty: the programme's default", "2",
        cells.whole_number(1, cells.MAX_CAPACITY),
        aliases=("max mentees", "number of mentees", "places", "capacité", "nombre de mentorés"),
    ),
    Column(
        "verified", "`yes`, `no`, or the last day on which the verification holds. Read by the command line alone: an "
        "import never verifies anybody", "2027-06-30", cells.verified, mentee=Need.UNUSED,
        mentor=Need.MATCHING, aliases=("credential verified", "licence verified", "vérifié", "vérifiée"),
    ),
    Column(
        "verified_until", "The last day, where `verified` only says yes. Read by the command line alone",
        "", cells.end_of_day, mentee=Need.UNUSED,
        aliases=("verification expires", "licence expires", "licence valid until", "vérifié jusqu'au"),
    ),
    Column(
        "profession", "ISCO-08 code of a health occupation or its title (`2221`, `nurse`), or `student`", "2212",
        names.profession, "/profession", Need.MATCHING, Need.MATCHING,
        aliases=("occupation", "job", "isco", "isco 08", "métier"),
    ),
    Column(
        "intended_profession", "Students: ISCO-08 code or title of the profession studied for", "",
        names.occupation, "/intended_profession", aliases=("future profession", "profession visée"),
    ),
    Column(
        "study_year", "Students: year of study", "", cells.whole_number(1, cells.MAX_STUDY_YEAR), "/study_year",
        aliases=("year of study", "année d'études", "année d'étude"),
    ),
    Column(
        "specialties", f"Specialties by slug, or English or French name, {_LIST}",
        "internal-medicine; infectious-diseases", list_of(names.specialty, cells.MAX_SPECIALTIES), "/specialties",
        aliases=("specialty", "speciality", "specialities", "spécialité", "spécialités"),
    ),
    Column(
        "research_interests", f"Free words, {_LIST}", "tuberculosis; implementation science", _TAGS,
        "/research_interests", aliases=("research", "interests", "recherche", "intérêts de recherche"),
    ),
    Column(
        "career_stage", _values(CareerStage), "senior", cells.career_stage, "/career_stage",
        aliases=("career", "seniority", "étape de carrière", "ancienneté"),
    ),
    Column(
        "employer", "Where the person works", "County Hospital", cells.line, "/employer",
        aliases=("institution", "hospital", "organisation", "organization", "employeur", "établissement", "hôpital"),
        quotable=False,
    ),
    Column(
        "country", "Country of practice: ISO 3166-1 code, or its English or French name", "KE", names.country,
        "/country", Need.MATCHING, Need.MATCHING,
        aliases=("country of practice", "pays", "pays d'exercice"),
    ),
    Column(
        "countries_of_interest", f"Countries, {_LIST}", "FR; SN", _COUNTRIES, "/countries_of_interest",
        aliases=("pays d'intérêt",),
    ),
    Column(
        "country_experience", f"Countries where the person has worked, {_LIST}", "UG; TZ", _COUNTRIES,
        "/country_experience", aliases=("worked in", "expérience pays", "pays d'expérience"),
    ),
    Column(
        "languages", "Languages with their CEFR level, A1 to C2: BCP-47 tags or names; a first language is C2",
        "en:C1; fr:B2", names.language_skills, "/languages", Need.MATCHING, Need.MATCHING,
        aliases=("language", "languages spoken", "langue", "langues", "langues parlées"),
    ),
    Column(
        "time_zone", "IANA time zone. May be empty where the country has only one", "Africa/Nairobi",
        names.time_zone, "/time_zone", Need.MATCHING, Need.MATCHING,
        aliases=("timezone", "zone", "tz", "fuseau", "fuseau horaire"),
    ),
    Column(
        "availability", "Every week, in the person's local time and quarters of an hour; English or French days, "
        "`mon-fri 18:00-20:00`, `lundi 18h-20h`", "mon 17:00-19:00; sat 09:00-12:00", availability, "/availability",
        Need.MATCHING, Need.MATCHING,
        aliases=("weekly availability", "available", "hours", "disponibilité", "disponibilités"),
    ),
    Column(
        "channels", f"Ways to meet, {_LIST}: {_values(Channel)}", "video; chat", _CHANNELS, "/channels",
        Need.MATCHING, Need.MATCHING, aliases=("channel", "canal", "canaux", "moyens de communication"),
    ),
    Column(
        "connection", f"How good the line usually is: {_values(Connection)}", "good", cells.connection, "/connection",
        aliases=("internet", "connection quality", "connexion", "qualité de connexion"),
    ),
    Column(
        "access_needs", f"Free words, {_LIST}", "captions", _TAGS, "/access_needs",
        aliases=("accessibility", "besoins d'accès", "accessibilité"), quotable=False,
    ),
    Column(
        "topics_sought", f"What the person wants to learn about; free words, {_LIST}", "research writing", _TAGS,
        "/topics_sought", aliases=("topics wanted", "sujets recherchés", "thèmes recherchés"),
    ),
    Column(
        "topics_offered", f"What the person can help with; free words, {_LIST}", "leadership; ethics", _TAGS,
        "/topics_offered", aliases=("topics", "expertise", "sujets proposés", "thèmes proposés"),
    ),
    Column("strengths", f"Free words, {_LIST}", "teaching", _TAGS, "/strengths", aliases=("forces", "atouts")),
    Column(
        "wants_to_grow", f"Free words, {_LIST}", "grant writing", _TAGS, "/wants_to_grow",
        aliases=("growth areas", "axes de progrès", "souhaite progresser"),
    ),
    Column(
        "goals", "In the person's own words, at most 4,000 characters", "Build a sepsis registry with peers.",
        cells.long_text, "/goals", aliases=("goal", "objectives", "motivation", "objectifs", "objectif"),
        quotable=False,
    ),
    Column("values", f"Free words, {_LIST}", "equity; curiosity", _TAGS, "/values", aliases=("valeurs",)),
    Column(
        "cross_border", f"Whether the partner should be in another country: {_values(CrossBorder)}", "preferred",
        cells.cross_border, "/preferences/cross_border", aliases=("abroad", "transfrontalier", "à l'étranger"),
    ),
    Column(
        "same_profession", "`yes` where the partner should have the same profession", "no", cells.yes_no,
        "/preferences/same_profession", aliases=("même profession",),
    ),
    Column(
        "preferred_career_stages", f"Career stages wished for in a partner, {_LIST}", "early; mid",
        _STAGES, "/preferences/career_stages", aliases=("étapes de carrière souhaitées",),
    ),
    Column(
        "preferred_countries", f"Countries wished for in a partner, {_LIST}", "FR; CA", _COUNTRIES,
        "/preferences/countries", aliases=("pays souhaités",),
    ),
    Column(
        "preferred_genders", f"Genders wished for in a partner; free words, {_LIST}", "woman", tag_list(5),
        "/preferences/genders", aliases=("genres souhaités",), quotable=False,
    ),
    Column(
        "genders_required", "`yes` where nobody else will do: who keeps their gender to themselves is left out too. "
        "Else `preferred_genders` are a wish", "no", cells.yes_no, "/preferences/genders_required",
        aliases=("gender required", "required genders", "genre exigé", "genres exigés", "genres obligatoires"),
        quotable=False,
    ),
    Column(
        "unwanted_countries", f"Countries from which the person wants nobody, as a rule; told to nobody, {_LIST}", "",
        _COUNTRIES, "/negative_wishes/countries", quotable=False,
        aliases=("countries not wanted", "not from these countries", "pays non souhaités", "pays exclus"),
    ),
    Column(
        "unwanted_countries_if_possible",
        f"Countries from which the person would rather have nobody, as a wish; told to nobody, {_LIST}", "", _COUNTRIES,
        "/negative_wishes/if_possible/countries", quotable=False,
        aliases=("countries not wanted if possible", "pays non souhaités si possible", "pays à éviter",
                 "pays à éviter si possible"),
    ),
    Column(
        "unwanted_employers", f"Employers from which the person wants nobody, as a rule; told to nobody, {_LIST}",
        "Lakeside Clinic", _EMPLOYERS, "/negative_wishes/employers", quotable=False,
        aliases=("employers not wanted", "unwanted hospitals", "employeurs non souhaités", "employeurs exclus"),
    ),
    Column(
        "unwanted_employers_if_possible",
        f"Employers from which the person would rather have nobody, as a wish; told to nobody, {_LIST}", "", _EMPLOYERS,
        "/negative_wishes/if_possible/employers", quotable=False,
        aliases=("employers not wanted if possible", "unwanted hospitals if possible",
                 "employeurs non souhaités si possible", "employeurs à éviter", "employeurs à éviter si possible"),
    ),
    Column(
        "not_own_employer",
        "`yes` where the person wants nobody of their own `employer`, which the row then names, as a rule; told to "
        "nobody", "yes", cells.yes_no,
        "/negative_wishes/own_employer", quotable=False, refusal=_NO_EMPLOYER,
        aliases=("not my own employer", "not my employer", "not own hospital", "not my own hospital", "not my hospital",
                 "pas mon employeur", "pas son employeur", "pas mon hôpital", "pas mon établissement"),
    ),
    Column(
        "not_own_employer_if_possible",
        "`yes` where they would rather have nobody of their own `employer`, which the row then names, as a wish; told "
        "to nobody", "",
        cells.yes_no, "/negative_wishes/if_possible/own_employer", quotable=False, refusal=_NO_EMPLOYER,
        aliases=("not my own employer if possible", "not my employer if possible", "not own hospital if possible",
                 "not my own hospital if possible", "not my hospital if possible", "pas mon employeur si possible",
                 "pas son employeur si possible", "pas mon hôpital si possible", "pas mon établissement si possible"),
    ),
    Column(
        "sensitive_consent", "`yes` where the person agreed that the two columns after this are kept", "",
        cells.yes_no, "/sensitive_consent", aliases=("consent", "consentement"),
        refusal="Gender and background are kept only with consent: write yes here, or leave both out.",
    ),
    Column("gender", "Only with consent", "", cells.tag, "/gender", aliases=("genre",), quotable=False),
    Column(
        "background", "Only with consent", "", cells.line, "/background", aliases=("origine",),
        quotable=False,
    ),
    Column(
        "visible", "`no` keeps a mentor out of the directory. Empty: `yes`", "yes", cells.yes_no, "/visible",
        aliases=("listed", "in directory", "visible dans l'annuaire"),
    ),
)  # fmt: skip

BY_NAME = {column.name: column for column in COLUMNS}


@cache
def _by_heading() -> dict[str, str]:
    return {fold(word): column.name for column in COLUMNS for word in (column.name, *column.aliases)}


def column_of(heading: str) -> str | None:
    """Return the name of the column that a heading means, or None. What stands in brackets at its end may be left
    out: `Languages (CEFR)`."""
    known = _by_heading()
    return known.get(fold(heading)) or known.get(fold(heading.partition("(")[0]))


def nearest_column(heading: str) -> str | None:
    """Return the name of the column whose heading is most like an unknown one, or None where none is."""
    known = _by_heading()
    close = difflib.get_close_matches(fold(heading)[:60], known, n=1, cutoff=0.7)
    return known[close[0]] if close else None


def _column_at(pointer: str) -> Column | None:
    """Return the column that a profile's refusal points at, or None."""
    inside = (
        c for c in COLUMNS if c.pointer and (pointer == c.pointer or pointer.startswith(f"{c.pointer}/"))
    )
    return next(inside, None)


def refused(error: FieldError) -> tuple[str | None, str]:
    """Return the name of the column that a profile's refusal points at, if any, and the reason in a roster's words."""
    column = _column_at(error.pointer)
    if column is None:
        return None, error.detail
    return column.name, column.refusal or error.detail


def placed(profile: Profile, values: Mapping[str, Any]) -> Profile:
    """Return a profile with the values of columns, by their names; those of the row's other columns are left out."""
    tree: dict[str, Any] = {}
    for name, value in values.items():
        branch, path = tree, BY_NAME[name].path
        for group in path[:-1]:
            branch = branch.setdefault(group, {})
        branch |= dict.fromkeys(path[-1:], value)
    found: Profile = _with(profile, tree)
    return found


def _with(whole: Any, tree: Mapping[str, Any]) -> Any:
    changes = {
        name: _with(getattr(whole, name), value) if isinstance(value, dict) else value
        for name, value in tree.items()
    }
    return replace(whole, **changes)
