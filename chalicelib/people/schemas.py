"""People on the wire."""

from dataclasses import asdict
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, field_validator

from chalicelib.kernel.texts import readable_line
from chalicelib.people.model import (
    EMAIL,
    MAX_WINDOWS,
    CareerStage,
    Channel,
    Connection,
    CrossBorder,
    LanguageSkill,
    MailStop,
    MailStopReason,
    NegativeWishes,
    Parting,
    Person,
    Preferences,
    Profile,
    Unwanted,
    Weekday,
    Window,
    is_email,
    minutes_of,
    minutes_text,
)
from chalicelib.platform.web.shapes import Answer, Body, Instant, Line, Query, Tag, Text, instant

Locale = Literal["ar", "en", "es", "fr", "pt", "sw"]


def _address(text: str) -> str:
    if not is_email(readable_line(text)):
        raise ValueError("give one e-mail address, for example amina@example.org")
    return text


Email = Annotated[
    str,
    AfterValidator(_address),
    Field(min_length=6, max_length=254, examples=["amina@example.org"], json_schema_extra={"pattern": EMAIL}),
]
CountryCode = Annotated[str, Field(min_length=2, max_length=3, examples=["KE"])]
Tags = Annotated[tuple[Tag, ...], Field(max_length=15)]
Countries = Annotated[tuple[CountryCode, ...], Field(max_length=60)]


class MailStoppedView(Answer):
    """That nothing is mailed to somebody: what came back for good is a `bounce`, what they reported as unwanted a
    `complaint`. What the mails were, and their address, is not told."""

    since: Instant
    reason: MailStopReason

    @classmethod
    def of(cls, stop: MailStop) -> Self:
        return cls(since=instant(stop.since), reason=stop.reason)


class WindowShape(Body):
    weekday: Weekday
    start: Annotated[str, Field(examples=["17:00"], min_length=5, max_length=5)]
    end: Annotated[str, Field(examples=["19:30"], min_length=5, max_length=5)]

    @field_validator("start", "end")
    @classmethod
    def _time(cls, value: str) -> str:
        minutes_of(value)
        return value

    def to_model(self) -> Window:
        return Window(self.weekday, minutes_of(self.start), minutes_of(self.end))

    @classmethod
    def of(cls, window: Window) -> Self:
        return cls(weekday=window.weekday, start=minutes_text(window.start), end=minutes_text(window.end))


class LanguageShape(Body):
    language: Annotated[str, Field(min_length=2, max_length=35, examples=["fr"])]
    level: Literal["A1", "A2", "B1", "B2", "C1", "C2"]


class PreferencesShape(Body):
    cross_border: CrossBorder = CrossBorder.NO_PREFERENCE
    same_profession: bool = False
    career_stages: Annotated[tuple[CareerStage, ...], Field(max_length=5)] = ()
    countries: Countries = ()
    genders: Annotated[tuple[Tag, ...], Field(max_length=5)] = ()
    genders_required: Annotated[
        bool,
        Field(
            description="Nobody but of these genders; people who keep theirs to themselves are left out too"
        ),
    ] = False


class UnwantedShape(Body):
    countries: Countries = ()
    employers: Annotated[tuple[Tag, ...], Field(max_length=20)] = ()
    own_employer: Annotated[bool, Field(description="Nobody from where you work yourself")] = False

    def to_model(self) -> Unwanted:
        return Unwanted(self.countries, self.employers, self.own_employer)


class NegativeWishesShape(UnwantedShape):
    """Rules, but for those under `if_possible`."""

    if_possible: Annotated[
        UnwantedShape,
        Field(description="Wishes that count for the score; what is a rule too is left out of them"),
    ] = UnwantedShape()

    def to_model(self) -> NegativeWishes:
        return NegativeWishes(self.countries, self.employers, self.own_employer, self.if_possible.to_model())


class ProfileFields(Body):
    """The fields that a person writes; on a change, what is left out stays and null clears."""

    profession: Annotated[str, Field(max_length=7, examples=["2212"])] | None = None
    intended_profession: Annotated[str, Field(max_length=4, examples=["2211"])] | None = None
    study_year: Annotated[int, Field(ge=1, le=10)] | None = None
    specialties: Annotated[tuple[Annotated[str, Field(max_length=60)], ...], Field(max_length=10)] = ()
    research_interests: Tags = ()
    career_stage: CareerStage | None = None
    employer: Line | None = None
    country: CountryCode | None = None
    countries_of_interest: Countries = ()
    country_experience: Countries = ()
    languages: Annotated[tuple[LanguageShape, ...], Field(max_length=10)] = ()
    time_zone: Annotated[str, Field(max_length=64, examples=["Africa/Nairobi"])] | None = None
    availability: Annotated[tuple[WindowShape, ...], Field(max_length=MAX_WINDOWS)] = ()
    channels: Annotated[tuple[Channel, ...], Field(max_length=5)] = ()
    connection: Connection | None = None
    access_needs: Tags = ()
    topics_sought: Tags = ()
    topics_offered: Tags = ()
    strengths: Tags = ()
    wants_to_grow: Tags = ()
    goals: Text = ""
    values: Tags = ()
    preferences: PreferencesShape = PreferencesShape()
    negative_wishes: NegativeWishesShape = NegativeWishesShape()
    sensitive_consent: bool = False
    gender: Tag | None = None
    background: Line | None = None
    capacity: Annotated[int, Field(ge=0, le=20)] = 2
    visible: bool = True


class ProfileChange(ProfileFields):
    def changes(self) -> dict[str, Any]:
        """Return the fields that were sent, as the model has them."""
        return {name: _to_model(name, getattr(self, name)) for name in self.model_fields_set}


class ProfileView(ProfileFields):
    missing_for_matching: tuple[str, ...] = ()

    @classmethod
    def of(cls, profile: Profile) -> Self:
        fields = asdict(profile)
        for name in ("person_id", "version", "created_at", "is_mentor"):
            del fields[name]
        fields["availability"] = [WindowShape.of(window) for window in profile.availability]
        return cls.model_validate({**fields, "missing_for_matching": profile.missing_for_matching()})


class StandingView(Answer):
    verified_until: Instant | None


class PersonView(Answer):
    id: str
    email: str
    given_name: str
    family_name: str
    locale: Locale
    status: Literal["invited", "active"]
    standing: StandingView

    @classmethod
    def of(cls, person: Person) -> Self:
        return cls.model_validate(
            {
                "id": person.id, "email": person.email, "given_name": person.given_name,
                "family_name": person.family_name, "locale": person.locale, "status": person.status.value,
                "standing": {"verified_until": instant(person.standing.verified_until)},
            }
        )  # fmt: skip


class PersonChange(Body):
    given_name: Line | None = None
    family_name: Line | None = None
    locale: Locale | None = None

    def changes(self) -> dict[str, Any]:
        """Return the fields that were sent; null is no name."""
        return {name: value for name in self.model_fields_set if (value := getattr(self, name)) is not None}


class BlockQuery(Query):
    mentorships: Annotated[
        Parting,
        Field(
            description="What becomes of mentorships between you: `pause` until a coordinator has them go on, or `end`"
        ),
    ] = Parting.PAUSE


class BlockedPersonView(Answer):
    person_id: str
    name: str


class BlocksView(Answer):
    items: tuple[BlockedPersonView, ...]

    @classmethod
    def of(cls, blocked: tuple[Person, ...]) -> Self:
        return cls(items=tuple(BlockedPersonView(person_id=one.id, name=one.name) for one in blocked))


class CodeView(Answer):
    code: str
    name: str
    name_fr: str | None = None
    group: Annotated[str | None, Field(description="Income group of a country, or kind of profession")] = None


class CodeListView(Answer):
    items: list[CodeView]

    @classmethod
    def of(cls, items: list[dict[str, Any]]) -> Self:
        return cls(items=[CodeView.model_validate(item) for item in items])


def _to_model(name: str, value: Any) -> Any:
    if name == "languages":
        return tuple(LanguageSkill(one.language, one.level) for one in value)
    if name == "availability":
        return tuple(one.to_model() for one in value)
    if name == "preferences":
        return Preferences(**dict(value))
    if name == "negative_wishes":
        return value.to_model()
    return value
