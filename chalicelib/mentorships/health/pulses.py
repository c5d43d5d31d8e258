"""How the two feel about their mentorship, as health takes it."""

from chalicelib.mentorships.feedback import service as feedback
from chalicelib.mentorships.health.model import PulsePoint
from chalicelib.mentorships.running import Mentorship
from chalicelib.programmes.model import Side


def pulses_of(mentorship: Mentorship) -> tuple[PulsePoint, ...]:
    """Return the pulses of both sides, in order of time; who was asked and has said nothing has none."""
    return tuple(
        PulsePoint(side, pulse.at, value)
        for pulse in feedback.pulses_of(mentorship.id)
        for side, value in ((Side.MENTEE, pulse.mentee), (Side.MENTOR, pulse.mentor))
        if value is not None
    )
