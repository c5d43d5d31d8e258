"""Agreements: their terms, who has signed which version, and when somebody is to be reminded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self, TypeVar

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.mentorships.agreements.errors import AgreementIncomplete, AgreementRewritten
from chalicelib.people import codes
from chalicelib.people.model import CARRIED, Channel, Connection
from chalicelib.programmes.model import Side

E = TypeVar("E", bound=StrEnum)

REMIND_AFTER = timedelta(days=3)
"""How long an agreement may be unsigned before who has not signed it is reminded."""
TASK_AFTER = timedelta(days=14)
"""How long it may be before a coordinator is to see to it."""

LIGHT = tuple(one for one in Channel if one in CARRIED[Connection.POOR])
"""The ways to meet that a poor line carries, lightest last."""


class Rhythm(StrEnum):
    """How often the two meet."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    EVERY_THREE_WEEKS = "every_three_weeks"
    MONTHLY = "monthly"


class Boundary(StrEnum):
    """What the two keep to."""

    AGREED_TIMES = "agreed_times"
    MAY_SAY_NO = "may_say_no"
    NO_MONEY = "no_money"
    NO_FAVOURS = "no_favours"
    LOCAL_PRACTICE = "local_practice"


class Confidence(StrEnum):
    """What becomes of what the two tell each other."""

    BETWEEN_US = "between_us"
    ASK_FIRST = "ask_first"
    NO_RECORDING = "no_recording"
    SAFETY_FIRST = "safety_first"


class DocumentPlace(StrEnum):
    """Where the two share documents."""

    NOWHERE = "nowhere"
    EMAIL = "email"
    CHAT = "chat"
    SHARED_FOLDER = "shared_folder"
    EMPLOYER_SYSTEM = "employer_system"


class OutOfScope(StrEnum):
    """What the mentorship is not for. PATIENT_DATA, from which a patient can be told, is in every agreement."""

    PATIENT_DATA = "patient_data"
    CARE_DECISIONS = "care_decisions"
    ASSESSMENT = "assessment"
    CRISIS = "crisis"


@dataclass(frozen=True)
class Rules:
    """What a programme's template says, and each pair may put otherwise.

    The codes stand in the order of their lists. Notes are the writers' own words beside the codes.

    Attributes
    ----------
    response_days
        Within how many days each answers the other.
    documents_note
        Which folder, for example.
    out_of_scope
        With `PATIENT_DATA`, whatever else; without it the rules cannot be made.
    """

    rhythm: Rhythm = Rhythm.FORTNIGHTLY
    meeting_minutes: int = 45
    response_days: int = 3
    boundaries: tuple[Boundary, ...] = tuple(Boundary)
    boundaries_note: str = ""
    confidentiality: tuple[Confidence, ...] = tuple(Confidence)
    confidentiality_note: str = ""
    documents: DocumentPlace = DocumentPlace.NOWHERE
    documents_note: str = ""
    out_of_scope: tuple[OutOfScope, ...] = (OutOfScope.PATIENT_DATA, OutOfScope.CARE_DECISIONS)
    out_of_scope_note: str = ""

    def __post_init__(self) -> None:
        if OutOfScope.PATIENT_DATA not in self.out_of_scope:
            raise ValueError("data of patients is out of scope in every agreement")


@dataclass(frozen=True)
class Terms(Rules):
    """What two people agree on.

    Attributes
    ----------
    channels
        Their ways to meet, the best first.
    fallback
        What they use where the line is poor; one of `LIGHT`. None in a draft for whose two there is none.
    languages
        BCP-47, the one that they speak best together first.
    """

    channels: tuple[Channel, ...] = ()
    fallback: Channel | None = None
    languages: tuple[str, ...] = ()

    def missing(self) -> tuple[str, ...]:
        """Name the fields without which nobody can sign."""
        return tuple(name for name in ("channels", "fallback", "languages") if not getattr(self, name))

    def ways(self) -> tuple[Channel, ...]:
        """Return all ways to meet, the fallback last unless it is among the others."""
        ways = self.channels if self.fallback is None else (*self.channels, self.fallback)
        return tuple(dict.fromkeys(ways))


@dataclass(frozen=True)
class Template:
    """From what each agreement of a programme starts; version 0 was never set and is the service's own."""

    programme_id: str
    rules: Rules = field(default_factory=Rules)
    version: int = 0
    created_at: datetime | None = None


@dataclass(frozen=True)
class Wording:
    """One version of an agreement's terms.

    Attributes
    ----------
    number
        1 for the first; signatures are of one number alone.
    written_by
        The side that wrote it; None for the draft.
    signed_at
        When each side signed it.
    """

    number: int
    terms: Terms
    written_by: Side | None
    written_at: datetime
    signed_at: Mapping[Side, datetime] = field(default_factory=dict)

    @property
    def is_signed(self) -> bool:
        """Tell whether both have signed this very version."""
        return all(side in self.signed_at for side in Side)

    def unsigned(self) -> tuple[Side, ...]:
        """Return the sides that have not signed it."""
        return tuple(side for side in Side if side not in self.signed_at)


@dataclass(frozen=True)
class AboutSelf:
    """What one of the two would have the other know: how they like to be addressed, and customs of theirs."""

    addressed_as: str = ""
    customs: str = ""


@dataclass(frozen=True)
class Trial:
    """Whether a way to meet works for one side, as they found it."""

    side: Side
    channel: Channel
    works: bool
    at: datetime


@dataclass(frozen=True)
class Agreement:
    """The agreement of one mentorship: its present version, and what stands beside it unsigned.

    Attributes
    ----------
    in_force
        The number of the last version that both signed; the one before holds until the next is signed.
    unsigned_since
        From when on the clock runs that reminds: the mentorship's start, or later the instant at which terms that both
        had signed were changed. None while both have signed.
    reminded_at, raised_at
        When who had not signed was reminded, and when it became a coordinator's task, in this run of the clock.
    about
        What each side says of themselves. Their own to change, and no part of what is signed.
    version
        Of the row; `wording.number` is the agreement's.
    """

    mentorship_id: str
    wording: Wording
    in_force: int | None = None
    unsigned_since: datetime | None = None
    reminded_at: datetime | None = None
    raised_at: datetime | None = None
    about: Mapping[Side, AboutSelf] = field(default_factory=dict)
    trials: tuple[Trial, ...] = ()
    created_at: datetime | None = None
    version: int | None = None

    def next_due(self) -> datetime | None:
        """Return when the daily look has something to do about it; None if never, as it stands."""
        if self.unsigned_since is None or self.raised_at is not None:
            return None
        return self.unsigned_since + (REMIND_AFTER if self.reminded_at is None else TASK_AFTER)

    def found(self, side: Side, channel: Channel) -> bool | None:
        """Return whether a way to meet works for a side; None if they have not tried it."""
        return next((one.works for one in self.trials if (one.side, one.channel) == (side, channel)), None)

    def first_working(self) -> Channel | None:
        """Return the first way to meet that both found to work; None if there is none, or none was tried by both."""
        ways = self.wording.terms.ways()
        return next((one for one in ways if all(self.found(side, one) for side in Side)), None)

    def is_tried_out(self) -> bool:
        """Tell whether both have tried each way to meet."""
        ways = self.wording.terms.ways()
        return all(self.found(side, one) is not None for side in Side for one in ways)

    def rewritten(self, side: Side, terms: Terms, now: datetime) -> Self:
        """Return the agreement with a new version that nobody has signed; itself if the terms are the same.

        The clock goes on where it runs, and begins where both had signed.
        """
        if terms == self.wording.terms:
            return self
        wording = Wording(self.wording.number + 1, terms, side, now)
        if self.unsigned_since is not None:
            return replace(self, wording=wording)
        return replace(self, wording=wording, unsigned_since=now, reminded_at=None, raised_at=None)

    def signed(self, side: Side, number: int, now: datetime) -> Self:
        """Return the agreement with a side's signature under the version that they saw; itself if it is there.

        Raises
        ------
        AgreementRewritten
            If another version is the present one.
        AgreementIncomplete
            Naming the fields that are missing.
        """
        if number != self.wording.number:
            raise AgreementRewritten("Read the present version, then sign that.")
        if side in self.wording.signed_at:
            return self
        if missing := self.wording.terms.missing():
            raise AgreementIncomplete(f"Agree on these first: {', '.join(missing)}.")
        wording = replace(self.wording, signed_at={**self.wording.signed_at, side: now})
        if not wording.is_signed:
            return replace(self, wording=wording)
        return replace(self, wording=wording, in_force=number, unsigned_since=None)

    def tried(self, side: Side, results: Mapping[Channel, bool], now: datetime) -> Self:
        """Return the agreement with what a side found of some ways to meet; what they said of others stays.

        Raises
        ------
        Invalid
            For a way to meet that is not in the terms.
        """
        ways = self.wording.terms.ways()
        errors = [
            FieldError(f"/results/{n}/channel", "Only of ways to meet that the agreement names.")
            for n, channel in enumerate(results)
            if channel not in ways
        ]
        if errors:
            raise Invalid("Some of these are not in the agreement.", tuple(errors))
        # The same again is no change: an answer that was lost and sent anew.
        fresh = {
            channel: works for channel, works in results.items() if self.found(side, channel) is not works
        }
        if not fresh:
            return self
        kept = tuple(one for one in self.trials if one.side is not side or one.channel not in fresh)
        return replace(self, trials=(*kept, *(Trial(side, one, works, now) for one, works in fresh.items())))

    def told_of(self, side: Side, about: AboutSelf) -> Self:
        """Return the agreement with what a side says of themselves; itself if they said so before."""
        if self.about.get(side, AboutSelf()) == about:
            return self
        return replace(self, about={**self.about, side: about})


def ordered(kind: type[E], chosen: Iterable[E]) -> tuple[E, ...]:
    """Return some codes once each, in the order of their list, so that the same choice is the same text."""
    picked = set(chosen)
    return tuple(one for one in kind if one in picked)


def scope(chosen: Iterable[OutOfScope]) -> tuple[OutOfScope, ...]:
    """Return what is out of scope: what was chosen, and data of patients in any case."""
    return ordered(OutOfScope, {*chosen, OutOfScope.PATIENT_DATA})


def checked_terms(terms: Terms) -> Terms:
    """Return terms with known languages in their usual spelling, each way and language once.

    Raises
    ------
    Invalid
        With one `FieldError` for each thing wrong.
    """
    errors = []
    if terms.fallback is not None and terms.fallback not in LIGHT:
        errors.append(FieldError("/fallback", f"Give one that a poor line carries: {', '.join(LIGHT)}."))
    tags: dict[str, None] = {}
    for n, one in enumerate(terms.languages):
        tag = codes.canonical_language(one)
        if tag is None:
            errors.append(
                FieldError(f"/languages/{n}", "Give a BCP-47 language tag, for example fr or pt-BR.")
            )
        else:
            tags[tag] = None
    if errors:
        raise Invalid("The terms have fields that need mending.", tuple(errors))
    return replace(terms, channels=tuple(dict.fromkeys(terms.channels)), languages=tuple(tags))


def differing(before: Terms, after: Terms) -> tuple[str, ...]:
    """Name the fields in which two versions differ, in the order of the terms; a note counts as what it stands by."""
    names: dict[str, None] = {}
    for name in _FIELDS:
        if getattr(before, name) != getattr(after, name):
            names[name.removesuffix("_note")] = None
    return tuple(names)


_FIELDS: tuple[str, ...] = (
    "channels", "fallback", "rhythm", "meeting_minutes", "response_days", "languages", "boundaries",
    "boundaries_note", "confidentiality", "confidentiality_note", "documents", "documents_note", "out_of_scope",
    "out_of_scope_note",
)  # fmt: skip
