"""Letters: what each mail is written from, by subject. Codes, instants and the few names that a mail may tell."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.matching.model import ProposedPair
from chalicelib.mentorships.health.model import Finding
from chalicelib.mentorships.sessions.invitations import Invitation, Method
from chalicelib.mentorships.sessions.place import Place
from chalicelib.notifications.model import CodeKind, Kind
from chalicelib.programmes.model import PairKind
from chalicelib.words.formats import WeeklySlot


@dataclass(frozen=True)
class Recipient:
    """To whom a mail goes, and how it is written: language, country and zone, where they are known.

    Without a `name` the mail greets nobody in particular.
    """

    person_id: str
    email: str
    name: str
    locale: str
    country: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True)
class Sender:
    """The programme, or only the organisation, in whose name a mail is sent; `kind` is that of the programme's
    pairs."""

    organisation: str
    programme: str | None = None
    kind: str = PairKind.ONE_TO_ONE.value


@dataclass(frozen=True)
class AccountFacts:
    """Somebody tried to sign up with the address of an account."""


@dataclass(frozen=True)
class AdminFacts:
    """Somebody has become an admin; `by` is who made them one. None for a name that is no more."""

    name: str | None
    by: str | None


@dataclass(frozen=True)
class ConcernFacts:
    """Something waits for the recipient alone, of which a mail tells nothing."""


@dataclass(frozen=True)
class CodeFacts:
    """A code to be entered."""

    code: str


@dataclass(frozen=True)
class InvitationFacts:
    """Coordinators invite the recipient into a programme as `side` (mentor or mentee)."""

    sender: Sender
    side: str
    programme_id: str


@dataclass(frozen=True)
class CredentialFacts:
    """A credential was decided or revoked, is about to expire or has, more is wanted for it, or a file of its evidence
    was refused, by its codes.

    Attributes
    ----------
    valid_until
        The last day that counts, of a verified one.
    reason, reason_text
        Of a rejected or revoked one: the reason's code, and what the reviewer wrote. Of a refused file: what is wrong.
    missing
        The codes of what is wanted.
    days_left
        How many days there are to the last one that counts.
    file_name
        Of a refused file, as its sender called it.
    """

    sender: Sender
    kind: str
    authority: str
    valid_until: date | None = None
    reason: str = ""
    reason_text: str = ""
    missing: tuple[str, ...] = ()
    days_left: int = 0
    file_name: str = ""


@dataclass(frozen=True)
class OverdueFacts:
    """Cases of an organisation wait past their target: `waiting` in all, `fresh` of them since the last mail."""

    sender: Sender
    fresh: int
    waiting: int


@dataclass(frozen=True)
class Partner:
    """The other side of a proposal, by codes; the name is all that identifies."""

    name: str
    profession: str | None = None
    specialties: tuple[str, ...] = ()
    country: str | None = None


@dataclass(frozen=True)
class ProposalFacts:
    """A proposal as its recipient may see it. `side` is the recipient's (mentor or mentee).

    `pair` is the match's explanation of it, for its sentences (`matching/wording.py`) and nothing else; None where
    the mentee has just asked.
    """

    sender: Sender
    side: str
    proposal_id: str
    partner: Partner
    languages: tuple[str, ...] = ()
    slots: tuple[WeeklySlot, ...] = ()
    expires_at: datetime | None = None
    asked_by_mentee: bool = False
    pair: ProposedPair | None = None


@dataclass(frozen=True)
class CertificateFacts:
    """A certificate that was awarded or taken back; `title` is what it is of, in the recipient's language."""

    sender: Sender
    title: str


@dataclass(frozen=True)
class MentorshipFacts:
    """A mentorship, and what has become of it. `side` is the recipient's; of how a verification ended, and of why a
    mentorship does, nothing is known here, since it is not the other's to know.

    Attributes
    ----------
    mentorship_id
        For the link to its page.
    until
        Up to when it goes on, in its grace, or is closing.
    ends_on
        Its last day, in UTC.
    asked_for
        The last day that the other asks for.
    was_held
        Whether it was a coordinator who had paused what goes on.
    is_matched_anew
        Whether the recipient is in the programme's next match.
    has_proposal
        Whether a coordinator has proposed another mentor to the recipient in its place.
    """

    sender: Sender
    side: str
    partner: Partner
    mentorship_id: str
    until: datetime | None = None
    ends_on: date | None = None
    asked_for: date | None = None
    was_held: bool = False
    is_matched_anew: bool = False
    has_proposal: bool = False


@dataclass(frozen=True)
class SessionFacts:
    """A session, or the first of some that were changed together. `side` is the recipient's.

    Attributes
    ----------
    partner_zone
        On whose clock the other reads it.
    sessions
        How many were changed.
    clock_changes
        The starts of those of a series from which on it is at another time on the recipient's clock, since clocks are
        changed.
    stands_at
        When it is booked, where another time is or was proposed.
    due
        Of a reminder: "24h" or "1h".
    place
        How the two meet; None where that is not known, or not to be said.
    invitation
        What the mail tells a calendar; None for a mail that changes none.
    """

    sender: Sender
    side: str
    partner: Partner
    partner_zone: str | None
    mentorship_id: str
    session_id: str
    starts_at: datetime
    minutes: int
    sessions: int = 1
    stands_at: datetime | None = None
    due: str | None = None
    place: Place | None = None
    invitation: Invitation | None = None
    clock_changes: tuple[datetime, ...] = ()

    @property
    def is_off(self) -> bool:
        """Whether nothing of what the mail is about is left in a calendar."""
        return self.invitation is not None and self.invitation.method is Method.CANCEL


@dataclass(frozen=True)
class UnverifiedFacts:
    """Mentors of a programme whom nothing verifies any more, and what has become of mentorships since the last mail.

    Attributes
    ----------
    names
        Of those mentors, as many as a mail shows; `more` are not named.
    paused, ready
        How many mentorships have paused, and how many a coordinator may have go on.
    """

    sender: Sender
    names: tuple[str, ...] = ()
    more: int = 0
    paused: int = 0
    ready: int = 0


@dataclass(frozen=True)
class GoalFacts:
    """A goal of the recipient's own whose day is near or over. `side` is the recipient's; `title` is what one of the
    two has written.

    Attributes
    ----------
    due_on
        Its day, on the recipient's calendar.
    """

    sender: Sender
    side: str
    partner: Partner
    mentorship_id: str
    title: str
    due_on: date


@dataclass(frozen=True)
class FeedbackFacts:
    """A pulse or a survey that waits for the recipient's answer. `side` is theirs.

    Attributes
    ----------
    round
        Its name in addresses.
    kind
        `start`, `pulse`, `middle` or `end`.
    until
        Until when it can be answered.
    """

    sender: Sender
    side: str
    partner: Partner
    mentorship_id: str
    round: str
    kind: str
    until: datetime


@dataclass(frozen=True)
class AgreementFacts:
    """The agreement of a mentorship, and what of it differs from what the recipient had signed. `side` is theirs.

    Attributes
    ----------
    other_signed
        Whether the other one has signed this version.
    changed
        The fields of the terms that are others than in the version before.
    """

    sender: Sender
    side: str
    partner: Partner
    mentorship_id: str
    other_signed: bool = False
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class IntroductionFacts:
    """A mentor introduces their mentee to somebody. `role` is the recipient's: mentee or third.

    Attributes
    ----------
    mentor
        Who introduces them.
    partner
        Whom the recipient is to meet; None where they are not named yet.
    until
        Up to when the recipient may answer.
    email
        The partner's, once both have said yes.
    """

    sender: Sender
    role: str
    introduction_id: str
    mentor: Partner
    partner: Partner | None
    until: datetime
    email: str | None = None


@dataclass(frozen=True)
class HealthFacts:
    """What of a mentorship wants mending, as the recipient may know it, or how many of its goals are to be reviewed.
    `side` is the recipient's."""

    sender: Sender
    side: str
    partner: Partner
    mentorship_id: str
    findings: tuple[Finding, ...] = ()
    goals: int = 0


@dataclass(frozen=True)
class DigestFacts:
    """What a person has had put off to their weekly mail and is still so, as the letters that they would have got.

    Attributes
    ----------
    more
        How many further ones there are.
    """

    letters: tuple["Letter", ...]
    more: int = 0


@dataclass(frozen=True)
class ProgrammeDigestFacts:
    """How a programme stands, in sums.

    Attributes
    ----------
    red, amber
        Mentorships in which something is amiss, or has long been.
    tasks
        What waits for coordinators; `unsigned` and `unreached` are among them: agreements that are unsigned for two
        weeks, and people to whom nothing is mailed.
    unanswered
        Proposals that wait for an answer.
    """

    sender: Sender
    programme_id: str
    red: int = 0
    amber: int = 0
    tasks: int = 0
    unsigned: int = 0
    unreached: int = 0
    unanswered: int = 0


@dataclass(frozen=True)
class SeriesFacts:
    """A tele-mentoring series to which the recipient is invited, a session of it that is near, or a case of theirs, of
    whose patient a mail tells nothing. The sender's programme is the series.

    Attributes
    ----------
    role
        The recipient's in it.
    is_new
        Whether the recipient has no account yet.
    title, starts_at, minutes
        Of the session. Its link is not told: who joins by our page is known to be there.
    case_id, state
        Of the case.
    asks_outcome
        Whether the day has come on which its presenter says what came of it.
    due_at
        By when its recommendations are due.
    phase
        `pre` or `post`, of what the series asks.
    """

    sender: Sender
    series_id: str
    role: str
    is_new: bool = False
    session_id: str = ""
    title: str = ""
    starts_at: datetime | None = None
    minutes: int = 0
    case_id: str = ""
    state: str = ""
    due_at: datetime | None = None
    asks_outcome: bool = False
    phase: str = ""


@dataclass(frozen=True)
class SimulationFacts:
    """The recipient has a place in a simulation, in a `role`; its cases take so many `minutes` together. `title` is
    what a coordinator has written; `asks` is at which moment (`before`, `after`, `follow_up`) it asks them something
    that they have not answered."""

    sender: Sender
    role: str
    simulation_id: str
    title: str
    starts_at: datetime
    cases: int
    minutes: int
    asks: str = ""


@dataclass(frozen=True)
class CircleFacts:
    """A circle of a programme, on a `topic`, in which the recipient has a place or is offered one, or which they
    coordinate. It tells nobody's name, and nothing of an agenda.

    Attributes
    ----------
    until
        Up to when an offer can be taken.
    what
        What became of the circle: `formed`, `held`, `resumed`, `as_peers` or `closed`.
    starts_at, minutes, is_cancelled
        Of a meeting.
    presents, hosts
        Whether it is the recipient's turn.
    """

    sender: Sender
    circle_id: str
    topic: str
    until: datetime | None = None
    what: str = ""
    starts_at: datetime | None = None
    minutes: int = 0
    is_cancelled: bool = False
    presents: bool = False
    hosts: bool = False


@dataclass(frozen=True)
class EventMeeting:
    """Whom the recipient meets at a speed event, and when."""

    starts_at: datetime
    name: str


@dataclass(frozen=True)
class EventFacts:
    """The recipient has a place at a speed event, or waits for one; it takes so many `minutes` from the first round to
    the end of the last. `what` tells of a place (`taken`, `waiting`, `moved_up`) or a change (`changed`, `cancelled`);
    `meetings` are the recipient's own, and `clashes` says that they have a place elsewhere at the same time. `other` is
    with whom both would like to go on; there is a proposal, or the code
    of what stands against one. `title` is what a coordinator has written."""

    sender: Sender
    event_id: str
    title: str
    starts_at: datetime
    rounds: int
    minutes: int
    what: str = ""
    meetings: tuple[EventMeeting, ...] = ()
    other: str = ""
    proposal_id: str | None = None
    obstacle: str | None = None
    clashes: bool = False


@dataclass(frozen=True)
class HowItWasFacts:
    """The recipient was at a speed event or a meeting of a circle and has not said how it was.

    Attributes
    ----------
    what
        `event` or `circle`.
    title, starts_at
        What a coordinator has called it, or what the circle is about; when it was.
    until
        Until when it can be answered.
    page
        Where it is answered, below our origin.
    """

    sender: Sender
    what: str
    title: str
    starts_at: datetime
    until: datetime
    page: str


Facts = (
    AccountFacts
    | AdminFacts
    | ConcernFacts
    | CodeFacts
    | InvitationFacts
    | CredentialFacts
    | OverdueFacts
    | ProposalFacts
    | MentorshipFacts
    | CertificateFacts
    | SessionFacts
    | UnverifiedFacts
    | GoalFacts
    | FeedbackFacts
    | AgreementFacts
    | IntroductionFacts
    | HealthFacts
    | DigestFacts
    | ProgrammeDigestFacts
    | SeriesFacts
    | SimulationFacts
    | CircleFacts
    | EventFacts
    | HowItWasFacts
)


@dataclass(frozen=True)
class Letter:
    """All that a mail of a kind is written from."""

    kind: Kind | CodeKind
    recipient: Recipient
    facts: Facts

    @property
    def begins_at(self) -> datetime | None:
        """When the first that it is about begins; None unless that is a session."""
        if not isinstance(self.facts, SessionFacts):
            return None
        stands_at = self.facts.stands_at
        return min(self.facts.starts_at, stands_at) if stands_at is not None else self.facts.starts_at
