"""People and what they say of themselves for matching."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.kernel.errors import Conflict, FieldError, Invalid
from chalicelib.people import codes

STUDENT = "student"
SLOT_MINUTES = 15  # weekly availability is given in quarters of an hour
DAY_MINUTES = 24 * 60
MAX_WINDOWS = 42
MAX_BLOCKS = 200


class PersonStatus(StrEnum):
    """INVITED by a roster until they confirm their address."""

    INVITED = "invited"
    ACTIVE = "active"


class ClaimState(StrEnum):
    """How far a claim on an address is: a sign-up under way, an invitation, or confirmed by a code."""

    PENDING = "pending"
    INVITED = "invited"
    CONFIRMED = "confirmed"


class CareerStage(StrEnum):
    STUDENT = "student"
    EARLY = "early"
    MID = "mid"
    SENIOR = "senior"
    RETIRED = "retired"


class Channel(StrEnum):
    """A way to meet, from the heaviest on a line to the lightest."""

    VIDEO = "video"
    VOICE = "voice"
    PHONE = "phone"
    CHAT = "chat"
    EMAIL = "email"


class Connection(StrEnum):
    """How good a person's line usually is."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


# What each line carries, as a rule of ours: video wants a good or fair line, a voice call over the internet no
# more than a poor one would break, the rest works on any.
CARRIED: dict[Connection, frozenset[Channel]] = {
    Connection.GOOD: frozenset(Channel),
    Connection.FAIR: frozenset(Channel),
    Connection.POOR: frozenset({Channel.PHONE, Channel.CHAT, Channel.EMAIL}),
}


class CrossBorder(StrEnum):
    """Whether a partner in another country is wished for."""

    REQUIRED = "required"
    PREFERRED = "preferred"
    NO_PREFERENCE = "no_preference"


class Weekday(StrEnum):
    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


WEEKDAYS = tuple(Weekday)


@dataclass(frozen=True, order=True)
class Window:
    """A stretch of each week in the person's own local time.

    `start` and `end` are minutes of the day in steps of 15; `end` is at most 1440 (midnight), so a night shift is
    two windows.
    """

    weekday: Weekday
    start: int
    end: int


@dataclass(frozen=True, order=True)
class LanguageSkill:
    """A BCP-47 language and the CEFR level in it (A1 to C2; a first language is C2)."""

    language: str
    level: str


@dataclass(frozen=True)
class Preferences:
    """What a person wishes of a partner; an empty value is no wish."""

    cross_border: CrossBorder = CrossBorder.NO_PREFERENCE
    same_profession: bool = False
    career_stages: tuple[CareerStage, ...] = ()
    countries: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()


@dataclass(frozen=True)
class NegativeWishes:
    """Whom a person does not want to be matched with; private, never told to anybody."""

    countries: tuple[str, ...] = ()
    employers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """What a person says of themselves for matching. All fields may be empty while it is being written.

    Attributes
    ----------
    research_interests, access_needs, topics_sought, topics_offered, strengths, wants_to_grow, values
        Free tags in the spelling of `normalised_tag`.
    capacity
        How many mentorships at a time the person wants; the default of their enrolments.
    visible
        Whether mentees may find this person in the directory.
    is_mentor
        Set by the first enrolment as mentor; not the person's own to write.
    """

    person_id: str
    profession: str | None = None
    intended_profession: str | None = None
    study_year: int | None = None
    specialties: tuple[str, ...] = ()
    research_interests: tuple[str, ...] = ()
    career_stage: CareerStage | None = None
    employer: str | None = None
    country: str | None = None
    countries_of_interest: tuple[str, ...] = ()
    country_experience: tuple[str, ...] = ()
    languages: tuple[LanguageSkill, ...] = ()
    time_zone: str | None = None
    availability: tuple[Window, ...] = ()
    channels: tuple[Channel, ...] = ()
    connection: Connection | None = None
    access_needs: tuple[str, ...] = ()
    topics_sought: tuple[str, ...] = ()
    topics_offered: tuple[str, ...] = ()
    strengths: tuple[str, ...] = ()
    wants_to_grow: tuple[str, ...] = ()
    goals: str = ""
    values: tuple[str, ...] = ()
    preferences: Preferences = field(default_factory=Preferences)
    negative_wishes: NegativeWishes = field(default_factory=NegativeWishes)
    sensitive_consent: bool = False
    gender: str | None = None
    background: str | None = None
    capacity: int = 2
    visible: bool = True
    is_mentor: bool = False
    created_at: datetime | None = None
    version: int | None = None

    def usable_channels(self) -> frozenset[Channel]:
        """Return the channels that this person offers and whose traffic their line carries."""
        carried = CARRIED[self.connection] if self.connection else frozenset(Channel)
        return frozenset(self.channels) & carried

    def missing_for_matching(self) -> tuple[str, ...]:
        """Name the fields without which nobody can be matched."""
        needed = ("profession", "country", "languages", "time_zone", "availability", "channels")
        return tuple(name for name in needed if not getattr(self, name))


@dataclass(frozen=True)
class Standing:
    """Whether a mentor may be matched at an instant; compared with now, so that no job order matters."""

    verified_until: datetime | None = None

    def is_verified(self, now: datetime) -> bool:
        return self.verified_until is not None and now < self.verified_until


@dataclass(frozen=True)
class Person:
    """Anyone with an account."""

    id: str
    email: str
    given_name: str
    family_name: str
    locale: str
    status: PersonStatus
    standing: Standing = field(default_factory=Standing)
    confirmed_at: datetime | None = None
    created_at: datetime | None = None
    version: int | None = None

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def can_mentor(self, now: datetime) -> bool:
        """Tell whether this person may be matched and listed as a mentor at `now`."""
        return self.status is PersonStatus.ACTIVE and self.standing.is_verified(now)


@dataclass(frozen=True)
class Claim:
    """Who holds an address, and how far that is.

    Attributes
    ----------
    pending
        The name and locale given at a sign-up that has not been confirmed.
    """

    person_id: str
    state: ClaimState
    pending: dict[str, Any] | None
    created_at: datetime
    version: int


class ProfileIncomplete(Conflict):
    code = "profile-incomplete"
    title = "The profile lacks what matching needs"


class EmailTaken(Conflict):
    code = "email-taken"
    title = "This address belongs to another account"


class TooManyBlocks(Conflict):
    code = "too-many-blocks"
    title = "The list of blocks is full"


def facets(profile: Profile) -> frozenset[tuple[str, str]]:
    """Return the (kind, value) pairs under which the directory lists a mentor; none if they are not to be found.

    A language counts by its base, and only from B2, the level that a match needs.
    """
    if not (profile.is_mentor and profile.visible):
        return frozenset()
    found = {("all", "")}
    found |= {("specialty", slug) for slug in profile.specialties}
    found |= {("topic", topic) for topic in profile.topics_offered}
    found |= {
        ("language", skill.language.partition("-")[0])
        for skill in profile.languages
        if skill.level in ("B2", "C1", "C2")
    }
    if profile.country:
        found.add(("country", profile.country))
    return frozenset(found)


def normalised_email(email: str) -> str:
    """Return the spelling by which addresses are compared: trimmed, lower case."""
    return email.strip().casefold()


def normalised_tag(tag: str) -> str:
    """Return the spelling by which free tags (topics, interests, values) are compared."""
    return " ".join(tag.casefold().split())


def minutes_text(minutes: int) -> str:
    """Write minutes of the day as HH:MM; the day's end is 24:00."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def minutes_of(text: str) -> int:
    """Read HH:MM, 00:00 to 24:00, in quarters of an hour.

    Raises
    ------
    ValueError
        With a sentence that says what to write.
    """
    hours, colon, minutes = text.partition(":")
    if not (colon and len(hours) == 2 and len(minutes) == 2 and (hours + minutes).isascii()
            and (hours + minutes).isdigit() and int(minutes) < 60):  # fmt: skip
        raise ValueError("write a time as HH:MM, for example 17:30")
    total = int(hours) * 60 + int(minutes)
    if total > DAY_MINUTES:
        raise ValueError("a time lies between 00:00 and 24:00")
    if total % SLOT_MINUTES:
        raise ValueError("use quarters of an hour: :00, :15, :30 or :45")
    return total


def checked_profile(profile: Profile) -> Profile:
    """Return the profile with every code in its canonical spelling and every list without repeats.

    Raises
    ------
    Invalid
        With one `FieldError` for each thing wrong, all of them at once.
    """
    check = _ProfileCheck(profile)
    checked = check.run()
    if check.errors:
        raise Invalid("The profile has fields that need mending.", tuple(check.errors))
    return checked


class _ProfileCheck:
    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.errors: list[FieldError] = []

    def run(self) -> Profile:
        p = self.profile
        self._profession()
        preferences = replace(
            p.preferences,
            countries=self._countries("/preferences/countries", p.preferences.countries),
            career_stages=tuple(dict.fromkeys(p.preferences.career_stages)),
            genders=_tags(p.preferences.genders),
        )
        wishes = replace(
            p.negative_wishes,
            countries=self._countries("/negative_wishes/countries", p.negative_wishes.countries),
            employers=_tags(p.negative_wishes.employers),
        )
        if (p.gender or p.background) and not p.sensitive_consent:
            self._say(
                "/sensitive_consent",
                "Gender and background are kept only with consent: set this to true, or leave both out.",
            )
        return replace(
            p,
            specialties=self._specialties(),
            research_interests=_tags(p.research_interests),
            country=self._country("/country", p.country) if p.country else None,
            countries_of_interest=self._countries("/countries_of_interest", p.countries_of_interest),
            country_experience=self._countries("/country_experience", p.country_experience),
            languages=self._languages(),
            time_zone=self._zone(),
            availability=self._availability(),
            channels=tuple(dict.fromkeys(p.channels)),
            access_needs=_tags(p.access_needs),
            topics_sought=_tags(p.topics_sought),
            topics_offered=_tags(p.topics_offered),
            strengths=_tags(p.strengths),
            wants_to_grow=_tags(p.wants_to_grow),
            values=_tags(p.values),
            preferences=preferences,
            negative_wishes=wishes,
        )

    def _say(self, pointer: str, detail: str) -> None:
        self.errors.append(FieldError(pointer, detail))

    def _profession(self) -> None:
        p = self.profile
        if p.profession == STUDENT:
            if p.intended_profession is not None and codes.profession(p.intended_profession) is None:
                self._say("/intended_profession", "Give an ISCO-08 code from GET /v1/codes/professions.")
            return
        if p.profession is not None and codes.profession(p.profession) is None:
            self._say("/profession", 'Give an ISCO-08 code from GET /v1/codes/professions, or "student".')
        for name in ("intended_profession", "study_year"):
            if getattr(p, name) is not None:
                self._say(f"/{name}", 'Only for students: set profession to "student" or leave this out.')

    def _specialties(self) -> tuple[str, ...]:
        for n, slug in enumerate(self.profile.specialties):
            if codes.specialty(slug) is None:
                self._say(f"/specialties/{n}", "Give a slug from GET /v1/codes/specialties.")
        return tuple(dict.fromkeys(self.profile.specialties))

    def _country(self, pointer: str, code: str) -> str | None:
        found = codes.country(code)
        if found is None:
            self._say(pointer, "Give an ISO 3166-1 code from GET /v1/codes/countries, for example KE.")
            return None
        return found.alpha2

    def _countries(self, pointer: str, given: tuple[str, ...]) -> tuple[str, ...]:
        found = (self._country(f"{pointer}/{n}", code) for n, code in enumerate(given))
        return tuple(dict.fromkeys(code for code in found if code))

    def _languages(self) -> tuple[LanguageSkill, ...]:
        skills: dict[str, LanguageSkill] = {}
        for n, skill in enumerate(self.profile.languages):
            tag = codes.canonical_language(skill.language)
            if tag is None:
                self._say(f"/languages/{n}/language", "Give a BCP-47 language tag, for example fr or pt-BR.")
            elif skill.level not in codes.CEFR:
                self._say(f"/languages/{n}/level", "Give a CEFR level: A1, A2, B1, B2, C1 or C2.")
            elif tag in skills:
                self._say(f"/languages/{n}/language", "This language is listed twice; keep one level.")
            else:
                skills[tag] = LanguageSkill(tag, skill.level)
        return tuple(skills.values())

    def _zone(self) -> str | None:
        name = self.profile.time_zone
        if name is None:
            return None
        zone = codes.canonical_zone(name)
        if zone is None:
            self._say("/time_zone", "Give an IANA time zone, for example Africa/Nairobi.")
        return zone

    def _availability(self) -> tuple[Window, ...]:
        windows = self.profile.availability
        if windows and self.profile.time_zone is None:
            self._say("/time_zone", "Availability is local time: give your time zone with it.")
        for n, window in enumerate(windows):
            if window.end <= window.start:
                self._say(
                    f"/availability/{n}/end",
                    "A window ends after it starts. For a night, write two: up to 24:00, and from 00:00 next day.",
                )
        order = {day: n for n, day in enumerate(WEEKDAYS)}
        return tuple(sorted(set(windows), key=lambda w: (order[w.weekday], w.start, w.end)))


def _tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tag in map(normalised_tag, tags) if tag))
