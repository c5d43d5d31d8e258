"""People and what they say of themselves for matching."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, Self

from chalicelib.kernel.texts import without_accents

STUDENT = "student"
SLOT_MINUTES = 15  # weekly availability is given in quarters of an hour
DAY_MINUTES = 24 * 60
MAX_WINDOWS = 42
MAX_BLOCKS = 200


class PersonStatus(StrEnum):
    """INVITED by a roster until they confirm their address."""

    INVITED = "invited"
    ACTIVE = "active"


class Parting(StrEnum):
    """What becomes of the mentorships that somebody has with one whom they block: they stand still until a coordinator
    has them go on, or they are over."""

    PAUSE = "pause"
    END = "end"


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
    """What a person wishes of a partner; an empty value is no wish.

    Attributes
    ----------
    genders_required
        Whether somebody of another gender, or whose gender nobody may use, is out of the question.
    """

    cross_border: CrossBorder = CrossBorder.NO_PREFERENCE
    same_profession: bool = False
    career_stages: tuple[CareerStage, ...] = ()
    countries: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    genders_required: bool = False


@dataclass(frozen=True)
class Unwanted:
    """Whom a person does not want to be matched with.

    Attributes
    ----------
    own_employer
        Nobody of the person's own employer.
    """

    countries: tuple[str, ...] = ()
    employers: tuple[str, ...] = ()
    own_employer: bool = False

    def less(self, others: "Unwanted") -> Self:
        """Return these without what is among the others."""
        named = {normalised_name(one) for one in others.employers}
        return replace(
            self,
            countries=tuple(one for one in self.countries if one not in others.countries),
            employers=tuple(one for one in self.employers if normalised_name(one) not in named),
            own_employer=self.own_employer and not others.own_employer,
        )


@dataclass(frozen=True)
class NegativeWishes(Unwanted):
    """Whom a person does not want, as rules, and whom they would rather not have; private, never told to anybody.

    Attributes
    ----------
    if_possible
        Wishes that count in the score and are no rules. What is a rule is not said again here.
    """

    if_possible: Unwanted = field(default_factory=Unwanted)

    @staticmethod
    def upgraded(plain: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what was written of negative wishes in the shape of today: once, one flag stood for all of them."""
        flag = plain.get("if_possible", {})
        if not isinstance(flag, bool):
            return plain
        wishes = {name: value for name, value in plain.items() if name != "if_possible"}
        return {"if_possible": wishes} if flag else wishes


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
class Badge:
    """What others may know of one verified credential: never its number, the name on it, or the document.

    Attributes
    ----------
    kind
        A code of credentials' own.
    authority, country
        Who issued it; ISO 3166-1 alpha-2.
    organisation_id, organisation
        Whose reviewers verified it, under the name that the organisation had then.
    until
        The instant up to which it counts.
    profession
        ISCO-08, as which its person was verified; None if they had named none.
    licenses
        Whether what the authority issues can be the right to practise.
    part
        ISO 3166-2, where the authority is of a part of its country only.
    """

    kind: str
    authority: str
    country: str
    organisation_id: str
    organisation: str
    verified_at: datetime
    until: datetime
    profession: str | None = None
    licenses: bool = True
    part: str | None = None


@dataclass(frozen=True)
class Standing:
    """Whether a mentor may be matched at an instant, and by what; compared with now, so that no job order matters.

    Attributes
    ----------
    revision
        How often it was changed: what was concluded from it holds while this stands.
    """

    verified_until: datetime | None = None
    badges: tuple[Badge, ...] = ()
    revision: int = 0

    def badges_at(self, now: datetime) -> tuple[Badge, ...]:
        """Return the badges that count at an instant, longest first."""
        live = (one for one in self.badges if now < one.until)
        return tuple(sorted(live, key=lambda one: one.until, reverse=True))

    def is_verified(self, now: datetime) -> bool:
        return self.verified_until is not None and now < self.verified_until


class MailStopReason(StrEnum):
    """Why somebody gets no mail: it came back for good, or they reported it as unwanted."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"


@dataclass(frozen=True)
class MailStop:
    """That nothing is mailed to somebody's present address: since when, and why."""

    since: datetime
    reason: MailStopReason


@dataclass(frozen=True)
class Person:
    """Anyone with an account.

    Attributes
    ----------
    mail_stop
        None where mail is sent. Notifications decide on it, by address; here it stands for those who only show it.
    """

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
    mail_stop: MailStop | None = None

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
    sign_ups
        How often the address was signed up with, by whomever, since nobody has confirmed it.
    """

    person_id: str
    state: ClaimState
    pending: dict[str, Any] | None
    created_at: datetime
    version: int
    sign_ups: int = 0

    @property
    def is_confirmed(self) -> bool:
        return self.state is ClaimState.CONFIRMED

    @property
    def is_contested(self) -> bool:
        """Whether a code from the mailbox does not tell whose sign-up it confirms."""
        return self.sign_ups > 1


def usable_gender(profile: Profile) -> str | None:
    """Return a person's gender as it is compared, where they consented to its use."""
    return normalised_tag(profile.gender) if profile.gender and profile.sensitive_consent else None


def employer_of(profile: Profile) -> str | None:
    """Return a person's employer as it is compared."""
    return (normalised_name(profile.employer) or None) if profile.employer else None


def unwanted_employers(profile: Profile, wishes: Unwanted) -> frozenset[str]:
    """Return the employers, as they are compared, from which a person wants nobody by some of their wishes."""
    found = {normalised_name(one) for one in wishes.employers} - {""}
    own = employer_of(profile)
    if wishes.own_employer and own:
        found.add(own)
    return frozenset(found)


_ATOM = r"[^\s@<>\"',;:\\()\[\].]+"
_LABEL = r"[^\s@<>\"',;:\\()\[\]._-](?:[^\s@<>\"',;:\\()\[\]._]{0,62})"
EMAIL = rf"^{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z0-9][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]$"
"""What an address of mail looks like: a dot-string and a domain of RFC 5321, 4.1.2, also in other scripts; no quoted
string, and no address literal."""
_LONGEST = (64, 254)
"""Octets before the @ and in all: RFC 5321, 4.5.3.1, less the two brackets of a path."""


def is_email(text: str) -> bool:
    """Tell whether a text looks like one address of mail that mail can be sent to."""
    if len(text) < 6 or re.fullmatch(EMAIL, text) is None:
        return False
    local, _, _ = text.partition("@")
    return len(local.encode()) <= _LONGEST[0] and len(text.encode()) <= _LONGEST[1]


def normalised_email(email: str) -> str:
    """Return the spelling by which addresses are compared: trimmed, lower case."""
    return email.strip().casefold()


_DROPPED: Final = frozenset("'’‘ʼ`´.")


def normalised_tag(tag: str) -> str:
    """Return the spelling by which free tags (topics, interests, values) are compared."""
    return " ".join(tag.casefold().split())


@lru_cache(maxsize=16_384)  # matching compares each name several times
def normalised_name(name: str) -> str:
    """Return the spelling by which names of employers are compared: without capitals, accents, apostrophes, other
    signs, and an article before it. A wish against one's own hospital must not fail on a curly apostrophe.

    Examples
    --------
    >>> normalised_name("The Sydney Children’s Hospital.")
    'sydney childrens hospital'
    >>> normalised_name("Hôpital Général / Yaoundé") == normalised_name("hopital general yaounde")
    True
    """
    plain = without_accents(name.casefold())
    kept = (char if char.isalnum() else " " for char in plain if char not in _DROPPED)
    return " ".join("".join(kept).split()).removeprefix("the ")


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


def checked_start(text: str) -> str:
    """Return a time of the day at which something begins, as it was written; raises `ValueError` as `minutes_of`, and
    for the end of a day."""
    if minutes_of(text) == DAY_MINUTES:
        raise ValueError("write midnight as 00:00 of the next day")
    return text
