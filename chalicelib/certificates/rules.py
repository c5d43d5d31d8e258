"""When a certificate is due: at the end of a mentorship, whose record meets its programme's rule."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.mentorships.record import Record
from chalicelib.programmes.model import CertificateRule


class Need(StrEnum):
    """What a rule may ask for; and that the mentorship is closing or over, which each does: a certificate tells of it
    as a whole, and is signed once."""

    SESSIONS = "sessions"
    MINUTES = "minutes"
    GOALS_REACHED = "goals_reached"
    FINAL_REFLECTION = "final_reflection"
    ENDING = "ending"


@dataclass(frozen=True)
class Gap:
    """What a record lacks: it has `has` of the `needs` that the rule asks for."""

    need: Need
    has: int
    needs: int


def gaps(rule: CertificateRule, record: Record, *, is_ending: bool) -> tuple[Gap, ...]:
    """Return what a record lacks of a rule, in the order of `Need`; nothing where a certificate is due.

    Parameters
    ----------
    is_ending
        Whether the mentorship is closing or over.
    """
    wanted = {
        Need.SESSIONS: (record.sessions, rule.sessions),
        Need.MINUTES: (record.minutes, rule.minutes),
        Need.GOALS_REACHED: (record.goals_reached, rule.goals_reached),
        Need.FINAL_REFLECTION: (int(record.final_reflection), int(rule.final_reflection)),
        Need.ENDING: (int(is_ending), 1),
    }
    return tuple(Gap(need, has, needs) for need, (has, needs) in wanted.items() if has < needs)
