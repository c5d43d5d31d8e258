"""What must hold of a profile: every code known, every list without repeats, and all that is wrong said at once."""

from dataclasses import replace
from typing import TypeVar

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.people import codes
from chalicelib.people.model import (
    STUDENT,
    WEEKDAYS,
    LanguageSkill,
    NegativeWishes,
    Profile,
    Unwanted,
    Window,
    normalised_tag,
)

U = TypeVar("U", bound=Unwanted)

_WHICH_ZONE = "Give an IANA time zone, for example Africa/Nairobi."


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
        if p.preferences.genders_required and not preferences.genders:
            self._say("/preferences/genders_required", "Say which genders, or leave this out.")
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
            negative_wishes=self._negative_wishes(),
        )

    def _say(self, pointer: str, detail: str) -> None:
        self.errors.append(FieldError(pointer, detail))

    def _negative_wishes(self) -> NegativeWishes:
        given = self.profile.negative_wishes
        if given == NegativeWishes():
            return given  # as most are
        rules = self._unwanted("/negative_wishes", given)
        wishes = self._unwanted("/negative_wishes/if_possible", given.if_possible)
        return replace(rules, if_possible=wishes.less(rules))

    def _unwanted(self, pointer: str, wishes: U) -> U:
        countries = self._countries(f"{pointer}/countries", wishes.countries)
        if wishes.own_employer and not self.profile.employer:
            self._say(f"{pointer}/own_employer", "Say what your own employer is, or leave this out.")
        return replace(wishes, countries=countries, employers=_tags(wishes.employers))

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
            self._say("/time_zone", _WHICH_ZONE)
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


def checked_zone(name: str, pointer: str = "/time_zone") -> str:
    """Return the canonical name of a time zone that a request gives; raises `Invalid` where there is no such."""
    found = codes.canonical_zone(name)
    if found is None:
        raise Invalid.field(pointer, _WHICH_ZONE)
    return found
