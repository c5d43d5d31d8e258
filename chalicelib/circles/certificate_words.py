"""What a certificate of a circle says, in its holder's language."""

from chalicelib.certificates.model import OfActivity
from chalicelib.circles.model import Circle, CircleRole
from chalicelib.words.formats import Formats

CIRCLE = "circle"
"""The kind by which certificates and credits know a circle."""


def of_circle(circle: Circle, role: CircleRole, meetings: int, formats: Formats) -> OfActivity:
    """Return what a certificate is of, for a member or somebody who led; `meetings` is how many were held."""
    _ = formats.gettext
    title = _("Mentoring circle led") if role is CircleRole.LEAD else _("Mentoring circle completed")
    return OfActivity(
        CIRCLE, circle.id, role.value, title,
        _(
            "Meetings of a small group of health professionals who learn from each other's cases and questions, in "
            "turn, on the topic %(topic)s. Meetings held: %(count)s."
        )
        % {"count": formats.number(meetings), "topic": formats.quoted(circle.topic)},
        _("The circle asks for %(share)s of the time of its meetings, counted to the second.")
        % {"share": formats.percent(circle.share, 100)},
    )  # fmt: skip
