"""Programmes and the enrolments in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.credentials.counting import Held, Verdict, WhatCounts
from chalicelib.credentials.kinds import Kind
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.links import checked_link
from chalicelib.people import codes
from chalicelib.people.model import Person, PersonStatus, Profile

DEFAULT_MAX_CAPACITY = 5
DEFAULT_PROPOSAL_DAYS = 7
DEFAULT_MENTEE_PLACES = 1
MAX_MENTEE_PLACES = 5
DEFAULT_GRACE_DAYS = 28
"""For how long mentorships go on whose mentor's credential has expired. Two reviews of 14 days, the target that an
organisation has unless it sets another: one that asks for more, and the one that decides."""
DEFAULT_GOAL_REVIEW_SESSIONS = 3
"""After how many sessions a mentorship's goals are to be reviewed: with a session every other week, every six weeks."""
DEFAULT_MENTORSHIP_MONTHS = 12
"""For how many months a mentorship lasts. A year holds every rotation and term of an employer or a school once; two who
have reached their goals end it sooner, and two who want more time agree on it. Our judgement."""
USUAL_CAPACITY = 2
"""Places of a mentor who has not said how many."""


class Format(StrEnum):
    """How people meet; what is here is what the service runs."""

    ONE_TO_ONE = "one_to_one"


class PairKind(StrEnum):
    """What the two of a pair are to each other. ONE_TO_ONE: the mentor is further in their career. REVERSE: the mentor
    is the junior, and knows what the mentee wants to learn. PEER: each is mentor and mentee of the other."""

    ONE_TO_ONE = "one_to_one"
    REVERSE = "reverse"
    PEER = "peer"

    def place_of(self, side: Side) -> Side:
        """Return where somebody on a side of a pair has their place in the programme: a peer has one, where mentors
        have theirs, whichever side of a pair they stand on."""
        return Side.MENTOR if self is PairKind.PEER else side

    def role_of(self, side: Side) -> Role:
        """Return what somebody on a side is called."""
        return Role.PEER if self is PairKind.PEER else Role(side.value)


class ProgrammeStatus(StrEnum):
    """DRAFT is seen by its staff only; ENDED takes nobody in and matches nobody."""

    DRAFT = "draft"
    ACTIVE = "active"
    ENDED = "ended"


class Publish(StrEnum):
    """AUTO proposes what a run finds; REVIEW holds the pairs until a coordinator releases them."""

    AUTO = "auto"
    REVIEW = "review"


class Joining(StrEnum):
    """OPEN lets people enrol themselves; INVITATION leaves it to coordinators and rosters."""

    OPEN = "open"
    INVITATION = "invitation"


class Cadence(StrEnum):
    """When the schedule runs the match: each night, in the night to Monday (UTC), or only when asked."""

    NIGHTLY = "nightly"
    WEEKLY = "weekly"
    MANUAL = "manual"


class Side(StrEnum):
    """A person's place in a programme."""

    MENTOR = "mentor"
    MENTEE = "mentee"

    @property
    def other(self) -> Side:
        return Side.MENTOR if self is Side.MENTEE else Side.MENTEE


class Role(StrEnum):
    """What somebody is in a programme. A peer stands on both sides at once."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    PEER = "peer"

    @property
    def place(self) -> Side:
        """Where an enrolment in this role stands."""
        return Side.MENTEE if self is Role.MENTEE else Side.MENTOR


class EnrolmentStatus(StrEnum):
    """INVITED by an organisation that is not the person's, until they enrol themselves: it learns no more of them than
    it knew. PAUSED keeps what a person has and takes nothing new; WITHDRAWN has left."""

    INVITED = "invited"
    ACTIVE = "active"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


class VideoProvider(StrEnum):
    """Where two meet by video. MENTORS_LINK: at the link that the mentor gives. FIXED_ROOM: all of the programme at one
    address, for example a waiting room that somebody lets people in from. GENERATED_ROOM: each session or series in a
    room of its own on a server where whoever knows a room's name can enter it, as on Jitsi's."""

    MENTORS_LINK = "mentors_link"
    FIXED_ROOM = "fixed_room"
    GENERATED_ROOM = "generated_room"


@dataclass(frozen=True)
class VideoRooms:
    """Where a programme's people meet by video.

    Attributes
    ----------
    address
        The fixed room, or what stands before the name of a generated one; None for the mentor's link.
    """

    provider: VideoProvider = VideoProvider.MENTORS_LINK
    address: str | None = None


@dataclass(frozen=True)
class CertificateRule:
    """What a mentorship must have come to for either of its two to have a certificate.

    Attributes
    ----------
    sessions, goals_reached
        At least so many.
    minutes
        At least so much time in sessions.
    final_reflection
        Whether the person must have written a final reflection.
    """

    sessions: int = 6
    minutes: int = 0
    goals_reached: int = 0
    final_reflection: bool = True


@dataclass(frozen=True)
class HealthRule:
    """When a mentorship is held to need help. docs/adr/0037-health.md says where each number comes from.

    Attributes
    ----------
    quiet_days
        No session was held for so long, and none is booked.
    no_shows
        So many sessions to which one of the two did not come, and none held since.
    overdue_days
        A goal is open for so long after its day.
    no_goals_days
        There is no goal so long after the beginning.
    task_days
        For how long the two are left to mend it before a coordinator has a task.
    """

    quiet_days: int = 30
    no_shows: int = 2
    overdue_days: int = 14
    no_goals_days: int = 30
    task_days: int = 14


@dataclass(frozen=True)
class Programme:
    """A mentoring scheme that belongs to one organisation.

    Attributes
    ----------
    kind
        What its pairs are to each other; it stays what it was when the programme was created.
    mentee_places
        How many mentorships and open proposals a mentee may have here at a time: everybody who is in, as soon as it is
        changed. Whoever has more keeps them.
    max_capacity
        The most that a mentor may offer here, asked of whoever enrols or changes their capacity from now on: people
        who are in keep the places that they have.
    proposal_days
        How long a proposal waits for its answers.
    mentee_led
        Whether mentees may look mentors up and ask them.
    grace_days
        For how many days a mentorship goes on after the mentor's credential has expired, or the programme has come to
        ask for another; then it pauses.
    goal_review_sessions
        After how many sessions the two are asked to review each goal; it counts for goals that are
        written or reviewed from now on.
    mentorship_months
        For how many months a mentorship lasts that begins from now on, whether or not the programme has ended by then.
    certificate
        When certificates are due; None for a programme that issues none.
    health
        When its mentorships are held to need help, as soon as each is looked at anew.
    video
        Where people meet by video whose sessions are booked from now on.
    starts_on, ends_on
        First and last day in UTC, or None for no bound.
    what_counts
        What verifies a mentor here; None for any credential that a reviewer has verified.
    """

    id: str
    organisation_id: str
    name: str
    description: str = ""
    format: Format = Format.ONE_TO_ONE
    kind: PairKind = PairKind.ONE_TO_ONE
    status: ProgrammeStatus = ProgrammeStatus.ACTIVE
    starts_on: date | None = None
    ends_on: date | None = None
    publish: Publish = Publish.AUTO
    joining: Joining = Joining.OPEN
    cadence: Cadence = Cadence.NIGHTLY
    mentee_led: bool = True
    proposal_days: int = DEFAULT_PROPOSAL_DAYS
    mentee_places: int = DEFAULT_MENTEE_PLACES
    max_capacity: int = DEFAULT_MAX_CAPACITY
    grace_days: int = DEFAULT_GRACE_DAYS
    goal_review_sessions: int = DEFAULT_GOAL_REVIEW_SESSIONS
    mentorship_months: int = DEFAULT_MENTORSHIP_MONTHS
    certificate: CertificateRule | None = CertificateRule()
    health: HealthRule = HealthRule()
    video: VideoRooms = VideoRooms()
    what_counts: WhatCounts | None = None
    created_at: datetime | None = None
    version: int | None = None

    def verdict(self, person: Person, profile: Profile, now: datetime) -> Verdict:
        """Return until when a mentor is verified by this programme's rules, and if they are not what is missing."""
        standing = person.standing
        if self.what_counts is None:
            return Verdict(standing.verified_until if standing.is_verified(now) else None)
        held = [Held.of(one) for one in standing.badges_at(now)]
        return self.what_counts.verdict(profile.profession, profile.country, held, now)

    def verified_to(self, person: Person, profile: Profile, now: datetime) -> datetime | None:
        """Return until when a mentor is verified here, or was: the last end by what their row still says; None if it
        says of none."""
        if self.what_counts is None:
            return person.standing.verified_until
        over = sorted((one.until for one in person.standing.badges if one.until <= now), reverse=True)
        for at in (now, *(end - timedelta.resolution for end in over)):
            until = self.verdict(person, profile, at).until
            if until is not None:
                return until
        return None

    def asks_for(self, kind: Kind | None) -> bool:
        """Tell whether what counted as of a kind may have verified mentors here; None is of an unknown one."""
        return kind is None or self.what_counts is None or self.what_counts.asks_for(kind)

    def takes_as_mentor(self, person: Person, profile: Profile, now: datetime) -> bool:
        """Tell whether a person may be matched, asked and listed as a mentor here at `now`."""
        return person.status is PersonStatus.ACTIVE and self.verdict(person, profile, now).until is not None

    def is_running(self, now: datetime) -> bool:
        """Tell whether people may enrol, be matched and answer proposals at `now`."""
        today = now.date()
        return (
            self.status is ProgrammeStatus.ACTIVE
            and (self.starts_on is None or self.starts_on <= today)
            and (self.ends_on is None or today <= self.ends_on)
        )

    def is_over(self, now: datetime) -> bool:
        """Tell whether the programme has ended by its status or its last day."""
        past = self.ends_on is not None and self.ends_on < now.date()
        return self.status is ProgrammeStatus.ENDED or past

    def matches_on(self, now: datetime) -> bool:
        """Tell whether the nightly schedule runs this programme at `now`."""
        if not self.is_running(now) or self.cadence is Cadence.MANUAL:
            return False
        return self.cadence is Cadence.NIGHTLY or now.weekday() == 0


@dataclass(frozen=True)
class Enrolment:
    """A person's place in a programme. A peer's stands where a mentor's does; `kind` is the programme's, once it is
    looked at `under` that.

    `free` is capacity less open proposals less mentorships; it changes only in the transaction of the row that
    it counts. `listed_as` is what coordinators called somebody whom they invited. `capacity` is a mentor's offer; a
    mentee's is what the programme gave when they enrolled, which is no more than what `free` is counted from: how many
    places they have is the programme's `mentee_places`, and `under` reckons with it.
    """

    programme_id: str
    person_id: str
    side: Side
    capacity: int
    free: int
    status: EnrolmentStatus = EnrolmentStatus.ACTIVE
    listed_as: str | None = None
    enrolled_at: datetime | None = None
    version: int | None = None
    kind: PairKind = PairKind.ONE_TO_ONE

    @property
    def role(self) -> Role:
        return self.kind.role_of(self.side)

    @property
    def takes_part(self) -> bool:
        """Tell whether the person is in the programme: neither merely invited nor gone; they may be having a pause."""
        return self.status in (EnrolmentStatus.ACTIVE, EnrolmentStatus.PAUSED)

    @property
    def is_open(self) -> bool:
        """Tell whether a mentor takes a further proposal; of a mentee, ask what `under` returns."""
        return self.status is EnrolmentStatus.ACTIVE and self.free > 0

    def under(self, programme: Programme) -> Enrolment:
        """Return the enrolment with the places that its programme gives now; who has more than these has none free."""
        if self.side is Side.MENTOR:
            return replace(self, kind=programme.kind)
        taken = self.capacity - self.free
        free = max(0, programme.mentee_places - taken)
        return replace(self, capacity=programme.mentee_places, free=free, kind=programme.kind)


@dataclass(frozen=True)
class Listing:
    """Under what the directory finds a mentor, as of a version of their profile.

    Attributes
    ----------
    facets
        `all`, and `<kind>:<value>` of each specialty, topic, language and country; empty for who is not to be found.
    """

    facets: frozenset[str]
    profile_version: int


def listing_of(profile: Profile) -> Listing:
    """Return how a mentor is listed. A language counts by its base, and from the level that a match needs."""
    facets: set[str] = set()
    if profile.visible:
        facets.add("all")
        facets |= {f"specialty:{slug}" for slug in profile.specialties}
        facets |= {f"topic:{topic}" for topic in profile.topics_offered}
        facets |= {
            f"language:{skill.language.partition('-')[0]}"
            for skill in profile.languages
            if skill.level in ("B2", "C1", "C2")
        }
        if profile.country:
            facets.add(f"country:{profile.country}")
    return Listing(frozenset(facets), profile.version or 1)


@dataclass(frozen=True)
class Recount:
    """How far a programme has got with looking at its mentors under what counts now.

    Attributes
    ----------
    changed_by, changed_at
        Who set the rules, and when.
    programme_version
        The programme's, as which the rules were set: a later one makes this one moot.
    position
        The last mentor who was looked at, or None.
    mentors, counting
        How many were looked at, and how many of them are verified under the rules.
    """

    programme_id: str
    programme_version: int
    changed_by: str
    changed_at: datetime
    position: str | None = None
    mentors: int = 0
    counting: int = 0
    finished_at: datetime | None = None
    version: int | None = None

    def after(self, looked_at: int, counting: int, position: str | None, now: datetime) -> Recount:
        """Return it once some more have been looked at; without a position those were the last."""
        return replace(
            self,
            mentors=self.mentors + looked_at,
            counting=self.counting + counting,
            position=position,
            finished_at=None if position else now,
        )


_VOUCHED = "The coordinators vouch for this programme's mentors"


def checked_programme(programme: Programme) -> Programme:
    """Return the programme if its rules fit together; a new one is still to have a day.

    Raises
    ------
    Invalid
        With one `FieldError` for each thing wrong.
    """
    errors = []
    if programme.starts_on and programme.ends_on and programme.ends_on < programme.starts_on:
        errors.append(FieldError("/ends_on", "The last day lies before the first."))
    if (wrong := _wrong_with(programme.video)) is not None:
        errors.append(FieldError("/video/address", wrong))
    if programme.version is None and programme.created_at and programme.is_over(programme.created_at):
        said = "A new programme is not over yet"
        if programme.status is ProgrammeStatus.ENDED:
            errors.append(FieldError("/status", f"{said}: create it as draft or active."))
        else:
            errors.append(FieldError("/ends_on", f"{said}: give a last day from today (UTC) on, or none."))
    vouched = programme.what_counts is not None and programme.what_counts.vouched
    if vouched and programme.joining is not Joining.INVITATION:
        errors.append(FieldError("/joining", f"{_VOUCHED}, so they come by invitation alone."))
    if errors:
        raise Invalid("The programme has fields that need mending.", tuple(errors))
    return programme


def _wrong_with(video: VideoRooms) -> str | None:
    if video.provider is VideoProvider.MENTORS_LINK:
        return None if video.address is None else "The mentors give the links; leave it out."
    if video.address is None:
        return "Give the https address of the rooms."
    try:
        checked_link(video.address, is_base=video.provider is VideoProvider.GENERATED_ROOM)
    except ValueError as error:
        said = str(error)
        return f"{said[0].upper()}{said[1:]}."
    return None


def place_in(programme: Programme, role: Role) -> Side:
    """Return where an enrolment in a role stands in a programme.

    Raises
    ------
    Invalid
        If the programme has nobody in this role.
    """
    if (role is Role.PEER) is not (programme.kind is PairKind.PEER):
        wanted = "peer" if programme.kind is PairKind.PEER else "mentor or mentee"
        raise Invalid.field("/role", f"In this programme people are {wanted}.")
    return role.place


def checked_what_counts(programme: Programme, rules: WhatCounts | None) -> WhatCounts | None:
    """Return what counts if all of its professions are known, and the programme may go by it.

    That coordinators vouch for mentors is no licence. It may stand in for one where no mentor leads somebody who is
    earlier in their career, and only where they enrol each mentor themselves.

    Raises
    ------
    Invalid
        With one `FieldError` for each thing wrong.
    """
    errors = []
    if rules is not None and rules.vouched:
        if programme.kind is PairKind.ONE_TO_ONE:
            errors.append(
                FieldError("/vouched", "A mentor of this kind of programme is verified by credentials.")
            )
        if programme.joining is not Joining.INVITATION:
            errors.append(FieldError("/vouched", "Set the programme's `joining` to invitation first."))
        if rules.rules:
            errors.append(FieldError("/rules", f"{_VOUCHED}; leave the rules out."))
    errors += [
        FieldError(
            f"/rules/{n}/professions", "Give ISCO-08 codes from GET /v1/codes/professions, for example 2211."
        )
        for n, rule in enumerate(rules.rules if rules else ())
        if any(codes.profession(one) is None for one in rule.professions)
    ]
    if errors:
        raise Invalid("The rules have fields that need mending.", tuple(errors))
    return rules


def capacity_for(programme: Programme, side: Side, wanted: int | None, usual: int) -> int:
    """Return the capacity of an enrolment: what was asked for, or the person's usual one within the rules.

    Raises
    ------
    Invalid
        If more is asked for than the programme allows, or a mentee asks at all.
    """
    if side is Side.MENTEE:
        if wanted is not None and wanted != programme.mentee_places:
            raise Invalid.field("/capacity", "A mentee's places are set by the programme; leave this out.")
        return programme.mentee_places
    if wanted is None:
        return min(max(usual, 1), programme.max_capacity)
    if wanted > programme.max_capacity:
        raise Invalid.field("/capacity", f"This programme allows at most {programme.max_capacity}.")
    return wanted
