"""Safety concerns: what one is about, its states, and the one table of its moves."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.safety.errors import ConcernNotOpen, ConcernNotYours

REMIND_AFTER = timedelta(hours=4)
"""How long a concern that nobody has claimed waits before all admins who may handle it are reminded, and again after as
long. Half a working day, our judgement: long enough for one of a few people to look into their mailbox, short enough
that a night is the most that is lost."""

ALARM_AFTER = timedelta(hours=12)
"""When who runs the installation is alarmed of a concern that no admin has claimed; at once, if there is no admin who
may."""

HANDLE_WITHIN = timedelta(days=7)
"""After how long admins are reminded of one that is being handled, and again after as long."""

KEEP_CLOSED = timedelta(days=3 * 365)
"""How long a concern is kept after it was closed: questions of a licensing body, an employer or a court come late; our
judgement."""

MOST_OPEN = 20
"""Concerns of one person that are not closed: a bound on a flood of mails, and far above what anybody needs."""


class ConcernKind(StrEnum):
    """What a concern is about. HARASSMENT: unwanted, hurtful or sexual words, pictures or advances, or threats.
    DISCRIMINATION: being treated worse for who one is. EXPLOITATION: being asked for money, gifts, unpaid work or
    favours, or power that is abused. BOUNDARIES: contact after a no or outside of what was agreed, or confidences
    that were passed on. PATIENT_SAFETY: advice or conduct that endangers patients, or patients' data that are shared.
    FALSE_IDENTITY: somebody is not who, or what, they say. DANGER: somebody may come to harm, by others or by
    themselves. OTHER: anything else that does not feel safe."""

    HARASSMENT = "harassment"
    DISCRIMINATION = "discrimination"
    EXPLOITATION = "exploitation"
    BOUNDARIES = "boundaries"
    PATIENT_SAFETY = "patient_safety"
    FALSE_IDENTITY = "false_identity"
    DANGER = "danger"
    OTHER = "other"


class Wish(StrEnum):
    """What the reporter wishes. BE_KNOWN: only that it is known. ADVICE: to be advised. PAUSE: that contact is paused
    now. END: that the mentorship is ended. It binds nobody; nothing is done before an admin does it."""

    BE_KNOWN = "be_known"
    ADVICE = "advice"
    PAUSE = "pause"
    END = "end"


class ConcernStatus(StrEnum):
    """OPEN: no admin has claimed it. HANDLED: one is seeing to it. CLOSED: with an outcome."""

    OPEN = "open"
    HANDLED = "being_handled"
    CLOSED = "closed"


class ConcernOutcome(StrEnum):
    """What came of a concern; for admins. PASSED_ON: to an employer, a licensing body or the police."""

    NO_ACTION = "no_action"
    ADVICE_GIVEN = "advice_given"
    MENTORSHIP_PAUSED = "mentorship_paused"
    MENTORSHIP_ENDED = "mentorship_ended"
    PERSON_SUSPENDED = "person_suspended"
    PASSED_ON = "passed_on"


class Move(StrEnum):
    """CLAIM: an admin sees to it. RELEASE: it waits for another admin. ACT: a mentorship of the person is paused or
    ended. CLOSE: it has an outcome, and the reporter is told."""

    CLAIM = "claim"
    RELEASE = "release"
    ACT = "act"
    CLOSE = "close"


class Deed(StrEnum):
    """What an admin does to a mentorship of the person whom a concern is about."""

    PAUSE = "pause"
    END = "end"


MOVES: Mapping[tuple[ConcernStatus, Move], ConcernStatus] = {
    (ConcernStatus.OPEN, Move.CLAIM): ConcernStatus.HANDLED,
    (ConcernStatus.HANDLED, Move.RELEASE): ConcernStatus.OPEN,
    (ConcernStatus.HANDLED, Move.ACT): ConcernStatus.HANDLED,
    (ConcernStatus.HANDLED, Move.CLOSE): ConcernStatus.CLOSED,
}
"""All moves there are; whatever is not here is refused."""

BY_HANDLER = frozenset({Move.ACT, Move.CLOSE})
"""What only the admin does who has claimed it; any who may handle it can release it, so that none stays with somebody
who has gone away."""


@dataclass(frozen=True)
class Concern:
    """What somebody has raised about a person whom they meet through Crossward.

    Attributes
    ----------
    may_contact
        Whether admins may write to the reporter.
    handler_id, since
        The admin who sees to it; since when it has been in its state.
    note
        What the admin keeps of it for admins.
    answer
        What the admin tells the reporter.
    """

    id: str
    reporter_id: str
    person_id: str
    kind: ConcernKind
    raised_at: datetime
    since: datetime
    words: str = field(default="", repr=False)
    wish: Wish = Wish.BE_KNOWN
    may_contact: bool = False
    status: ConcernStatus = ConcernStatus.OPEN
    handler_id: str | None = None
    outcome: ConcernOutcome | None = None
    note: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)
    version: int | None = None

    def keeps_out(self, admin_id: str, tied: frozenset[str]) -> bool:
        """Tell whether an admin may not know of it: it is theirs or about them, or they have or had a mentorship with
        one of the two, who are among `tied`."""
        return admin_id in (self.reporter_id, self.person_id) or bool(
            tied & {self.reporter_id, self.person_id}
        )

    @property
    def closed_at(self) -> datetime | None:
        return self.since if self.status is ConcernStatus.CLOSED else None


def claimed(concern: Concern, by: str, now: datetime) -> Concern:
    """Have an admin see to it; raises `ConcernNotOpen`."""
    return replace(_moved(concern, Move.CLAIM, by, now), handler_id=by)


def released(concern: Concern, by: str, now: datetime) -> Concern:
    """Have it wait for another admin; raises `ConcernNotOpen`."""
    return replace(_moved(concern, Move.RELEASE, by, now), handler_id=None)


def acted(concern: Concern, by: str, now: datetime) -> Concern:
    """Let its handler act on a mentorship; raises `ConcernNotOpen`, `ConcernNotYours`."""
    return _moved(concern, Move.ACT, by, now)


def closed(
    concern: Concern, by: str, outcome: ConcernOutcome, note: str, answer: str, now: datetime
) -> Concern:
    """Close it; raises `ConcernNotOpen`, `ConcernNotYours`."""
    return replace(_moved(concern, Move.CLOSE, by, now), outcome=outcome, note=note, answer=answer)


def next_look(concern: Concern, now: datetime) -> datetime | None:
    """Return when the clock is to look at a concern next; None at one that is closed."""
    if concern.status is ConcernStatus.CLOSED:
        return None
    return now + (REMIND_AFTER if concern.status is ConcernStatus.OPEN else HANDLE_WITHIN)


def is_alarming(concern: Concern, now: datetime, *, is_seen: bool) -> bool:
    """Tell whether who runs the installation is to know that a concern waits."""
    return concern.status is not ConcernStatus.CLOSED and (
        not is_seen or (concern.status is ConcernStatus.OPEN and now >= concern.raised_at + ALARM_AFTER)
    )


def _moved(concern: Concern, move: Move, by: str, now: datetime) -> Concern:
    after = MOVES.get((concern.status, move))
    if after is None:
        raise ConcernNotOpen(f"It is {concern.status.replace('_', ' ')}.")
    if move in BY_HANDLER and concern.handler_id != by:
        raise ConcernNotYours(
            "Another admin is seeing to it. They release it, or you do, before you claim it."
        )
    return replace(concern, status=after, since=now if after is not concern.status else concern.since)
